//! JavaScript and JSX, as far as a reader of the page needs them: where an expression, a tag or an import ends, which strings in it
//! are shown, and what its elements say. No syntax tree: one pass with a stack of open brackets, and no recursion.
//!
//! A string is shown where it is a value that an element shows: alone, behind `&&`, `||` and `??`, in the branches of `? :`, joined by `+`,
//! in a list. It is not where code looks at it: an argument of a call, a key or value of an object, a side of a comparison, a condition.

mod jsx;

use std::ops::Range;

use super::tag::{Element, Tag};
use crate::span::Span;

/// What the reader does at a piece of JSX.
#[derive(Debug)]
pub(super) enum Action {
    /// An element begins.
    Open(Box<Element>),
    /// The innermost element of that name ends.
    Close(String),
    /// Text that is read; `None`: as it stands at the span.
    Text(Option<String>, Span),
    /// A line end, read as a space.
    Break(Span),
    /// A string that turned out not to be shown.
    Nothing,
}

/// What was found at the level of Markdown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// `{…}`.
    Expression,
    /// `<a>`.
    Open,
    /// `</a>`.
    Close,
    /// `<a />`.
    Whole,
}

/// An expression or a tag.
pub(super) struct Found {
    pub kind: Kind,
    /// Where it ends, in the text that was scanned.
    pub end: usize,
    /// The element's name; empty for expressions and fragments.
    pub name: String,
    pub actions: Vec<Action>,
}

/// Why something is no expression or tag.
#[derive(Debug)]
pub(super) struct Broken {
    /// How far was looked.
    pub reached: usize,
    /// Whether the end of what may be looked at was met.
    pub unclosed: bool,
    /// Imports: the last line end before which nothing was open.
    pub safe: usize,
    pub why: &'static str,
}

/// What holds an expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Holder {
    Child,
    Value,
    Spread,
    Hole,
}

#[derive(Debug)]
enum FrameKind {
    /// Imports and exports.
    Program,
    /// A block or an object.
    Braces,
    Expression(Holder),
    Round,
    Square,
    Template,
    Tag(Box<Tag>),
    /// The content of an element inside code.
    Children(String),
}

/// Something open.
#[derive(Debug)]
struct Frame {
    kind: FrameKind,
    start: usize,
    /// Actions before it.
    from: usize,
    /// Whether strings in it are shown.
    read: bool,
    /// Whether the last token was a value.
    operand: bool,
    /// Whether that value was a plain name.
    plain: bool,
    any: bool,
    /// Behind a dot: the next word is a property.
    member: bool,
    /// Behind a comparison: the next string is not shown.
    compared: bool,
    /// Actions before the last value, and before the current branch.
    last: usize,
    segment: usize,
    /// `?` whose `:` is to come.
    choices: u32,
    operands: u32,
}

/// How text is written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Written {
    /// HTML entities.
    Entities,
    /// JavaScript escapes.
    Escapes,
}

/// Words behind which no value stands.
const KEYWORDS: &[&str] = &[
    "break",
    "case",
    "catch",
    "class",
    "const",
    "continue",
    "default",
    "delete",
    "do",
    "else",
    "export",
    "extends",
    "finally",
    "for",
    "function",
    "if",
    "import",
    "in",
    "instanceof",
    "new",
    "return",
    "switch",
    "throw",
    "try",
    "typeof",
    "var",
    "void",
    "while",
];
/// Words that are keywords before another word, in an expression and outside.
const CONTEXTUAL: &[&str] = &["async", "await", "let", "of", "yield"];
const CONTEXTUAL_STATEMENTS: &[&str] = &[
    "abstract",
    "as",
    "declare",
    "enum",
    "from",
    "get",
    "implements",
    "infer",
    "interface",
    "is",
    "keyof",
    "namespace",
    "private",
    "protected",
    "public",
    "readonly",
    "satisfies",
    "set",
    "static",
    "type",
];
/// Longest first.
const OPERATORS: &[&str] = &[
    ">>>=", "===", "!==", "**=", "<<=", ">>=", ">>>", "&&=", "||=", "??=", "...", "=>", "==", "!=", "<=", ">=", "&&", "||", "??", "?.", "**", "++", "--", "+=",
    "-=", "*=", "/=", "%=", "&=", "|=", "^=", "<<", ">>", "+", "-", "*", "/", "%", "&", "|", "^", "!", "~", "<", ">", "=", "?", ":", ",", ";", ".",
];
const COMPARISONS: &[&str] = &["===", "!==", "==", "!=", "<=", ">=", "<", ">"];

pub(super) const NEVER_CLOSED: &str = "is never closed";
const NO_SCRIPT: &str = "is no JavaScript";
const NO_MATCH: &str = "holds brackets that do not match";
const NO_TAG: &str = "is no tag";

/// Where to look, and under which rules.
#[derive(Clone, Copy)]
pub(super) struct Ground<'t> {
    /// The body.
    pub text: &'t str,
    /// Where the body begins in the file.
    pub base: usize,
    /// Block quotations around: their marks at line starts are no code.
    pub quotes: usize,
    /// Attributes that readers read.
    pub prose: &'t [String],
}

impl<'t> Ground<'t> {
    /// The bytes at a span of the file.
    pub fn slice(&self, span: Span) -> &'t str {
        self.text.get((span.start as usize).saturating_sub(self.base)..(span.end as usize).saturating_sub(self.base)).unwrap_or_default()
    }
}

struct Scanner<'t> {
    ground: Ground<'t>,
    at: usize,
    limit: usize,
    frames: Vec<Frame>,
    out: Vec<Action>,
    /// A line end stands before the next token.
    fresh_line: bool,
    safe: usize,
    ended: bool,
    found: (Kind, String),
}

/// The expression that begins at `at`, at a brace.
pub(super) fn expression(ground: Ground, at: usize, limit: usize) -> Result<Found, Broken> {
    // a heading's name (`## Title {#name}`), which some sites take out before MDX sees it
    let rest = &ground.text.as_bytes()[at + 1..limit];
    if rest.first() == Some(&b'#') {
        let name = rest[1..].iter().take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b':')).count();
        if rest.get(1 + name) == Some(&b'}') {
            return Ok(Found { kind: Kind::Expression, end: at + name + 3, name: String::new(), actions: Vec::new() });
        }
    }
    let mut scanner = Scanner::new(ground, at + 1, limit);
    scanner.push(FrameKind::Expression(Holder::Child), at, true);
    scanner.run()
}

/// The tag that begins at `at`, at a `<`.
pub(super) fn tag(ground: Ground, at: usize, limit: usize) -> Result<Found, Broken> {
    let mut scanner = Scanner::new(ground, at, limit);
    scanner.begin_tag(false)?;
    scanner.run()
}

/// Imports and exports from `at` to a blank line with nothing open. The actions say nothing: none of it is shown where it stands.
pub(super) fn imports(ground: Ground, at: usize, limit: usize) -> Result<usize, Broken> {
    let mut scanner = Scanner::new(ground, at, limit);
    scanner.push(FrameKind::Program, at, false);
    scanner.run().map(|found| found.end)
}

/// Whether a name can begin with this character.
pub(super) fn begins_name(c: char) -> bool {
    c.is_alphabetic() || matches!(c, '_' | '$')
}

fn continues_name(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '$' | '\u{200c}' | '\u{200d}')
}

impl<'t> Scanner<'t> {
    fn new(ground: Ground<'t>, at: usize, limit: usize) -> Self {
        Self { ground, at, limit, frames: Vec::new(), out: Vec::new(), fresh_line: false, safe: at, ended: false, found: (Kind::Expression, String::new()) }
    }

    fn run(mut self) -> Result<Found, Broken> {
        while let Some(frame) = self.frames.last() {
            match frame.kind {
                FrameKind::Template => self.template()?,
                FrameKind::Tag(_) => self.attributes()?,
                FrameKind::Children(_) => self.children()?,
                _ => self.code()?,
            }
        }
        Ok(Found { kind: self.found.0, end: self.at, name: self.found.1, actions: self.out })
    }

    fn broken<T>(&self, why: &'static str) -> Result<T, Broken> {
        Err(Broken { reached: self.at, unclosed: why == NEVER_CLOSED, safe: self.safe, why })
    }

    fn push(&mut self, kind: FrameKind, start: usize, read: bool) {
        let from = self.out.len();
        self.frames.push(Frame {
            kind,
            start,
            from,
            read,
            operand: false,
            plain: false,
            any: false,
            member: false,
            compared: false,
            last: from,
            segment: from,
            choices: 0,
            operands: 0,
        });
    }

    fn byte(&self, at: usize) -> Option<u8> {
        if at < self.limit { self.ground.text.as_bytes().get(at).copied() } else { None }
    }

    fn char_at(&self, at: usize) -> Option<char> {
        self.ground.text.get(at..self.limit)?.chars().next()
    }

    fn span(&self, range: Range<usize>) -> Span {
        Span::of(self.ground.base + range.start..self.ground.base + range.end)
    }

    // ── White space ──────────────────────────────────────────────────────────────────────────────────────────────────

    /// The byte behind the line end at `at`, and behind the marks of block quotations there.
    fn behind_line_end(&self, at: usize) -> usize {
        let mut at = at + if self.byte(at) == Some(b'\r') && self.byte(at + 1) == Some(b'\n') { 2 } else { 1 };
        for _ in 0..self.ground.quotes {
            let blank = (at..self.limit).take_while(|i| matches!(self.byte(*i), Some(b' ' | b'\t'))).count();
            if self.byte(at + blank) != Some(b'>') {
                break;
            }
            at += blank + 1;
        }
        at.min(self.limit)
    }

    /// Skips white space and comments.
    fn space(&mut self) -> Result<(), Broken> {
        let program = self.frames.len() == 1 && matches!(self.frames[0].kind, FrameKind::Program);
        while let Some(byte) = self.byte(self.at) {
            match byte {
                b'\n' | b'\r' => {
                    self.at = self.behind_line_end(self.at);
                    self.fresh_line = true;
                    if program {
                        self.safe = self.at;
                        let blank = (self.at..self.limit).take_while(|i| matches!(self.byte(*i), Some(b' ' | b'\t'))).count();
                        if matches!(self.byte(self.at + blank), None | Some(b'\n' | b'\r')) {
                            self.ended = true;
                            return Ok(());
                        }
                    }
                }
                b' ' | b'\t' | 0x0b | 0x0c => self.at += 1,
                b'/' if self.byte(self.at + 1) == Some(b'*') => {
                    let rest = &self.ground.text.as_bytes()[self.at + 2..self.limit];
                    let Some(end) = memchr::memmem::find(rest, b"*/") else {
                        self.at = self.limit;
                        return self.broken(NEVER_CLOSED);
                    };
                    self.at += end + 4;
                }
                b'/' if self.byte(self.at + 1) == Some(b'/') => {
                    let rest = &self.ground.text.as_bytes()[self.at..self.limit];
                    self.at += memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len());
                }
                0x80.. => match self.char_at(self.at).filter(|c| c.is_whitespace()) {
                    Some(c) => self.at += c.len_utf8(),
                    None => return Ok(()),
                },
                _ => return Ok(()),
            }
        }
        Ok(())
    }

    // ── Code ─────────────────────────────────────────────────────────────────────────────────────────────────────────

    /// The next token of an expression, a block or a program.
    fn code(&mut self) -> Result<(), Broken> {
        self.space()?;
        let program = self.frames.len() == 1 && matches!(self.frames[0].kind, FrameKind::Program);
        let Some(byte) = self.byte(self.at).filter(|_| !self.ended) else {
            if program {
                self.frames.pop();
                return Ok(());
            }
            return self.broken(NEVER_CLOSED);
        };
        let operand = self.frames.last().is_some_and(|frame| frame.operand);
        match byte {
            b'"' | b'\'' => self.string(byte)?,
            b'`' => self.open_template()?,
            b'0'..=b'9' => self.number()?,
            b'.' if !operand && self.byte(self.at + 1).is_some_and(|next| next.is_ascii_digit()) => self.number()?,
            b'(' | b'[' | b'{' => self.open(byte),
            b')' | b']' | b'}' => self.close(byte)?,
            b'<' if !operand && self.begins_element() => self.begin_tag(true)?,
            b'/' if !operand => self.regular_expression()?,
            b'#' | b'@' if !self.is_strict() => self.at += 1,
            _ if self.char_at(self.at).is_some_and(begins_name) => self.word()?,
            _ => self.operator()?,
        }
        self.fresh_line = false;
        Ok(())
    }

    /// Whether values must be parted by operators here. In blocks a line end parts statements, and objects have forms of their own.
    fn is_strict(&self) -> bool {
        self.frames.last().is_some_and(|frame| matches!(frame.kind, FrameKind::Expression(_) | FrameKind::Round | FrameKind::Square))
    }

    /// A value arrives. Two in a row are prose, not code.
    fn operand(&mut self, plain: bool) -> Result<(), Broken> {
        let strict = self.is_strict();
        let fresh_line = self.fresh_line;
        let before = self.out.len();
        if let Some(frame) = self.frames.last_mut() {
            if frame.operand && !frame.member && (strict || (plain && frame.plain && !fresh_line)) {
                return self.broken(NO_SCRIPT);
            }
            frame.operand = true;
            frame.plain = plain;
            frame.any = true;
            frame.last = before;
            frame.operands += u32::from(!frame.member);
            frame.member = false;
        }
        Ok(())
    }

    /// Whether a string that comes now is shown; the comparison before it is done with.
    fn is_read(&mut self) -> bool {
        self.frames.last_mut().is_some_and(|frame| frame.read && !std::mem::take(&mut frame.compared))
    }

    fn string(&mut self, quote: u8) -> Result<(), Broken> {
        let start = self.at + 1;
        let mut end = start;
        loop {
            match self.byte(end) {
                Some(b'\\') => end = if self.byte(end + 1) == Some(b'\r') && self.byte(end + 2) == Some(b'\n') { end + 3 } else { end + 2 },
                Some(byte) if byte == quote => break,
                None | Some(b'\n' | b'\r') => {
                    self.at = end.min(self.limit);
                    return self.broken("holds a string that is never closed");
                }
                Some(_) => end += 1,
            }
        }
        self.operand(false)?;
        if self.is_read() {
            self.emit(start..end, Written::Escapes);
        }
        self.at = end + 1;
        Ok(())
    }

    fn open_template(&mut self) -> Result<(), Broken> {
        // behind a name it is the argument of a function: css`…`
        let tagged = self.frames.last().is_some_and(|frame| frame.operand && (frame.plain || !matches!(frame.kind, FrameKind::Expression(_))));
        if !tagged {
            self.operand(false)?;
        }
        let read = self.is_read() && !tagged;
        self.push(FrameKind::Template, self.at, read);
        self.at += 1;
        Ok(())
    }

    /// The text of a template literal up to a `${` or its end.
    fn template(&mut self) -> Result<(), Broken> {
        let mut end = self.at;
        loop {
            match self.byte(end) {
                Some(b'\\') => end += 2,
                Some(b'`') => break,
                Some(b'$') if self.byte(end + 1) == Some(b'{') => break,
                None => {
                    self.at = end.min(self.limit);
                    return self.broken(NEVER_CLOSED);
                }
                Some(_) => end += 1,
            }
        }
        let read = self.frames.last().is_some_and(|frame| frame.read);
        if read {
            self.emit(self.at..end, Written::Escapes);
        }
        if self.byte(end) == Some(b'`') {
            self.at = end + 1;
            self.frames.pop();
        } else {
            self.push(FrameKind::Expression(Holder::Hole), end, read);
            self.at = end + 2;
        }
        Ok(())
    }

    fn number(&mut self) -> Result<(), Broken> {
        self.operand(false)?;
        while self.byte(self.at).is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_')) {
            self.at += 1;
        }
        self.is_read();
        Ok(())
    }

    fn word(&mut self) -> Result<(), Broken> {
        let rest = self.ground.text.get(self.at..self.limit).unwrap_or_default();
        let word = &rest[..rest.find(|c| !continues_name(c)).unwrap_or(rest.len())];
        let before_word = || rest[word.len()..].trim_start().starts_with(|c| begins_name(c) || matches!(c, '{' | '*' | '"' | '\''));
        let member = self.frames.last().is_some_and(|frame| frame.member);
        let contextual = CONTEXTUAL.contains(&word) || (!self.is_strict() && CONTEXTUAL_STATEMENTS.contains(&word));
        let keyword = !member && (KEYWORDS.contains(&word) || (contextual && before_word()));
        let end = self.at + word.len();
        if keyword {
            if matches!(word, "in" | "instanceof") {
                self.compare();
            }
            if let Some(frame) = self.frames.last_mut() {
                (frame.operand, frame.plain, frame.any) = (false, false, true);
            }
        } else {
            self.operand(true)?;
            self.is_read();
        }
        self.at = end;
        Ok(())
    }

    /// Strings of the last value are compared and not shown; so is the next one.
    fn compare(&mut self) {
        if let Some(frame) = self.frames.last_mut() {
            frame.compared = true;
            let last = frame.last;
            self.discard(last);
        }
    }

    /// Takes back the strings since an action; what elements say stays.
    fn discard(&mut self, from: usize) {
        let mut depth = 0_u32;
        for action in self.out.iter_mut().skip(from) {
            match action {
                Action::Open(_) => depth += 1,
                Action::Close(_) => depth = depth.saturating_sub(1),
                Action::Text(..) | Action::Break(_) if depth == 0 => *action = Action::Nothing,
                _ => {}
            }
        }
        let len = self.out.len();
        if let Some(frame) = self.frames.last_mut() {
            frame.last = len;
        }
    }

    fn open(&mut self, byte: u8) {
        let before = self.out.len();
        let mut read = false;
        if let Some(frame) = self.frames.last_mut() {
            let groups = !frame.operand;
            frame.any = true;
            frame.member = false;
            if groups {
                frame.last = before;
                frame.operands += 1;
            }
            read = byte != b'{' && frame.read && groups && !frame.compared;
            frame.compared = false;
        }
        let kind = match byte {
            b'(' => FrameKind::Round,
            b'[' => FrameKind::Square,
            _ => FrameKind::Braces,
        };
        self.push(kind, self.at, read);
        self.at += 1;
    }

    fn close(&mut self, byte: u8) -> Result<(), Broken> {
        let Some(frame) = self.frames.last() else { return self.broken(NO_MATCH) };
        match (byte, &frame.kind) {
            (b')', FrameKind::Round) | (b']', FrameKind::Square) | (b'}', FrameKind::Braces) => {
                if frame.choices > 0 && byte != b'}' {
                    return self.broken(NO_SCRIPT);
                }
                self.frames.pop();
                self.at += 1;
                self.value_ends();
                Ok(())
            }
            (b'}', FrameKind::Expression(holder)) => {
                if (frame.any && !frame.operand) || frame.choices > 0 {
                    return self.broken(NO_SCRIPT);
                }
                let holder = *holder;
                self.end_expression(holder);
                Ok(())
            }
            _ => self.broken(NO_MATCH),
        }
    }

    /// A bracket or an element was a value.
    fn value_ends(&mut self) {
        if let Some(frame) = self.frames.last_mut() {
            (frame.operand, frame.plain, frame.any, frame.compared) = (true, false, true, false);
        }
    }

    fn end_expression(&mut self, holder: Holder) {
        let Some(frame) = self.frames.pop() else { return };
        let inner = frame.start + 1..self.at;
        self.at += 1;
        match holder {
            Holder::Child | Holder::Hole => {}
            Holder::Spread => self.out.truncate(frame.from),
            Holder::Value => {
                let said: Vec<Action> = self.out.drain(frame.from..).collect();
                let ground = self.ground;
                if let Some(FrameKind::Tag(tag)) = self.frames.last_mut().map(|frame| &mut frame.kind)
                    && let Some(attribute) = tag.attributes.last_mut()
                {
                    attribute.take(said, ground, inner, frame.operands == 1);
                }
            }
        }
    }

    fn operator(&mut self) -> Result<(), Broken> {
        let rest = self.ground.text.get(self.at..self.limit).unwrap_or_default();
        let Some(operator) = OPERATORS.iter().find(|operator| rest.starts_with(**operator)) else {
            return self.broken(NO_SCRIPT);
        };
        let strict = self.is_strict();
        let before = self.out.len();
        let Some(frame) = self.frames.last_mut() else { return Ok(()) };
        let prefix = matches!(*operator, "..." | "++" | "--" | "!" | "~" | "+" | "-");
        let lone = matches!(*operator, "," | ";") && matches!(frame.kind, FrameKind::Round | FrameKind::Square);
        let amiss = (!prefix && !lone && !frame.operand)
            || (*operator == "!" && frame.operand)
            || (*operator == ":" && frame.choices == 0)
            || (*operator == ";" && matches!(frame.kind, FrameKind::Expression(_)));
        if strict && amiss {
            return self.broken(NO_SCRIPT);
        }
        (frame.any, frame.plain) = (true, false);
        match *operator {
            "." | "?." => frame.member = true,
            "++" | "--" => {}
            "&&" => {
                frame.operand = false;
                let last = frame.last;
                self.discard(last);
            }
            "?" => {
                frame.choices += 1;
                frame.operand = false;
                let segment = frame.segment;
                self.discard(segment);
                if let Some(frame) = self.frames.last_mut() {
                    frame.segment = before;
                }
            }
            ":" | "," | ";" => {
                frame.choices -= u32::from(*operator == ":" && frame.choices > 0);
                (frame.operand, frame.segment) = (false, before);
            }
            other => {
                frame.operand = false;
                if COMPARISONS.contains(&other) {
                    self.compare();
                }
            }
        }
        self.at += operator.len();
        Ok(())
    }

    fn regular_expression(&mut self) -> Result<(), Broken> {
        let mut end = self.at + 1;
        let mut class = false;
        loop {
            match self.byte(end) {
                Some(b'\\') => end += 1,
                Some(b'[') => class = true,
                Some(b']') => class = false,
                Some(b'/') if !class => break,
                None | Some(b'\n' | b'\r') => {
                    self.at = end.min(self.limit);
                    return self.broken(NO_SCRIPT);
                }
                Some(_) => {}
            }
            end += 1;
        }
        self.operand(false)?;
        self.at = end + 1;
        while self.byte(self.at).is_some_and(|byte| byte.is_ascii_alphabetic()) {
            self.at += 1;
        }
        Ok(())
    }
}
