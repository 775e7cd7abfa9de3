//! MDX → Markdown: every expression, tag and import is taken out and leaves a mark that Markdown reads as HTML, so that paragraphs,
//! lists and tables end where MDX ends them. Each piece of the result knows its bytes.
//!
//! What cannot be parsed stays in the text, is read as text, and is an issue: one open brace must not swallow what follows it.

mod inline;

use std::collections::BTreeMap;
use std::ops::Range;

use super::super::Issue;
use super::super::html;
use super::lines;
use super::scan::{self, Action, Broken, Found, Ground, Kind, NEVER_CLOSED};
use super::tag::is_component;
use crate::span::Span;

/// Stands for a line of tags: an HTML comment interrupts a paragraph, and ends lists that do not hold it, as JSX does.
const FLOW_MARK: &str = "<!-- -->";
/// Stands for a tag inside a line; beside emphasis it is punctuation, as the tag is.
const TEXT_MARK: &str = "<x>";
/// Issues that are told one by one; the last one says how many more there are.
const MOST_ISSUES: usize = 20;
/// How much may be looked at in vain, in lengths of the body: beyond it nothing more is parsed.
const MOST_WASTED: usize = 4;
/// A block of mathematics longer than this is none.
const LONGEST_MATH: usize = 4096;

/// The Markdown with its marks.
#[derive(Default)]
pub(super) struct Masked {
    pub text: String,
    pieces: Vec<Piece>,
    /// What the marks stand for, in order.
    pub items: Vec<Item>,
    pub issues: Vec<Issue>,
    /// `{/* … */}`, braces included.
    pub comments: Vec<Span>,
}

/// What one mark stands for.
pub(super) struct Item {
    /// Where the mark begins in the Markdown.
    pub at: usize,
    /// Where it stands in the file.
    pub span: Span,
    pub actions: Vec<Action>,
    /// It stands on a line of its own.
    pub flow: bool,
    /// It is a component or block, too: what stands before and behind it are blocks of their own.
    pub breaks: bool,
}

/// A run of the Markdown and the bytes of the file it stands for.
struct Piece {
    at: usize,
    source: Range<usize>,
    exact: bool,
}

impl Masked {
    /// The bytes of the file that a range of the Markdown stands for.
    pub fn place(&self, range: &Range<usize>) -> Span {
        let start = self.source(range.start, |piece, within| if piece.exact { piece.source.start + within } else { piece.source.start });
        if range.end <= range.start {
            return Span::of(start..start);
        }
        let end = self.source(range.end - 1, |piece, within| if piece.exact { piece.source.start + within + 1 } else { piece.source.end });
        Span::of(start..end.max(start))
    }

    fn source(&self, at: usize, pick: impl Fn(&Piece, usize) -> usize) -> usize {
        let index = self.pieces.partition_point(|piece| piece.at <= at).saturating_sub(1);
        self.pieces.get(index).map_or(0, |piece| pick(piece, at - piece.at.min(at)))
    }
}

/// A block quotation or list item around the line.
struct Container {
    quote: bool,
    /// Columns that a line of a list item must be indented by, here and in the Markdown.
    needed: usize,
    width: usize,
    id: u32,
}

/// An element that is open at the level of Markdown.
struct Open {
    name: String,
    span: Span,
    item: usize,
    action: usize,
    /// The paragraph it stands in; a tag on a line of its own stands in none.
    leaf: Option<u32>,
    container: u32,
}

struct Masker<'t> {
    text: &'t str,
    base: usize,
    prose: &'t [String],
    masked: Masked,
    containers: Vec<Container>,
    /// How many of them are quotations.
    quotes: usize,
    made: u32,
    fence: Option<(u8, usize)>,
    /// Whether the line before left a paragraph open.
    paragraph: bool,
    leaf: u32,
    /// Square brackets open in the paragraph: whether each begins an image.
    brackets: Vec<bool>,
    /// How many of them stand around a link: links do not nest.
    around_link: usize,
    /// Up to here the text is code or an address.
    verbatim: usize,
    /// Where the paragraph around here ends: at a blank line; and at anything that interrupts it.
    blank_end: usize,
    leaf_end: usize,
    /// Runs of backticks in the paragraph, by length.
    ticks: BTreeMap<usize, Vec<usize>>,
    ticks_end: usize,
    open: Vec<Open>,
    open_names: BTreeMap<String, u32>,
    /// A place that was just found to be broken, so that it is not looked at again.
    refused: Option<(usize, Broken)>,
    wasted: usize,
    unclosed_raw: BTreeMap<&'static str, usize>,
    issues: usize,
}

/// Takes the JSX out of `body`, which begins at byte `base` of its file. `prose` names the attributes that readers read.
pub(super) fn mask(body: &str, base: usize, prose: &[String]) -> Masked {
    let mut masker = Masker {
        text: body,
        base,
        prose,
        masked: Masked { text: String::with_capacity(body.len() + body.len() / 8), ..Masked::default() },
        containers: Vec::new(),
        quotes: 0,
        made: 0,
        fence: None,
        paragraph: false,
        leaf: 0,
        brackets: Vec::new(),
        around_link: 0,
        verbatim: 0,
        blank_end: 0,
        leaf_end: 0,
        ticks: BTreeMap::new(),
        ticks_end: 0,
        open: Vec::new(),
        open_names: BTreeMap::new(),
        refused: None,
        wasted: 0,
        unclosed_raw: BTreeMap::new(),
        issues: 0,
    };
    let mut at = 0;
    while at < body.len() {
        at = masker.line(at);
    }
    masker.finish()
}

impl<'t> Masker<'t> {
    fn finish(mut self) -> Masked {
        while let Some(open) = self.open.pop() {
            self.never_closed(&open);
        }
        self.masked.issues.sort_by_key(|issue| issue.span);
        if self.issues > MOST_ISSUES
            && let Some(last) = self.masked.issues.last_mut()
        {
            last.detail = format!("{}; and {} more places like it", last.detail, self.issues - MOST_ISSUES);
        }
        self.masked
    }

    fn line_end(&self, at: usize) -> usize {
        memchr::memchr(b'\n', &self.text.as_bytes()[at..]).map_or(self.text.len(), |i| at + i + 1)
    }

    fn byte(&self, at: usize) -> Option<u8> {
        self.text.as_bytes().get(at).copied()
    }

    fn span(&self, range: Range<usize>) -> Span {
        Span::of(self.base + range.start..self.base + range.end)
    }

    fn issue(&mut self, span: Span, detail: String) {
        self.issues += 1;
        if self.masked.issues.len() < MOST_ISSUES {
            self.masked.issues.push(Issue::new("source/broken-mdx", span, detail));
        }
    }

    // ── What is written ──────────────────────────────────────────────────────────────────────────────────────────────

    fn copy(&mut self, range: Range<usize>) {
        if range.is_empty() {
            return;
        }
        let at = self.masked.text.len();
        self.masked.text.push_str(&self.text[range.clone()]);
        let source = self.base + range.start..self.base + range.end;
        match self.masked.pieces.last_mut() {
            Some(last) if last.exact && last.source.end == source.start => last.source.end = source.end,
            _ => self.masked.pieces.push(Piece { at, source, exact: true }),
        }
    }

    fn fill(&mut self, filling: &str, range: Range<usize>) {
        let source = self.base + range.start..self.base + range.end;
        self.masked.pieces.push(Piece { at: self.masked.text.len(), source, exact: false });
        self.masked.text.push_str(filling);
    }

    fn mark(&mut self, mark: &str, range: Range<usize>, actions: Vec<Action>, breaks: bool) {
        let span = self.span(range.clone());
        self.masked.items.push(Item { at: self.masked.text.len(), span, actions, flow: mark == FLOW_MARK, breaks });
        self.fill(mark, range);
    }

    /// What stands before the text of a line inside its containers.
    fn prefix(&mut self, count: usize, at: usize) {
        let mut prefix = String::new();
        for container in &self.containers[..count] {
            prefix.push_str(if container.quote { "> " } else { "" });
            prefix.extend(std::iter::repeat_n(' ', container.width));
        }
        if !prefix.is_empty() {
            self.fill(&prefix, at..at);
        }
    }

    // ── Lines ────────────────────────────────────────────────────────────────────────────────────────────────────────

    /// Reads the line at `start`, and those that belong to what it opens. Returns where the next one begins.
    fn line(&mut self, start: usize) -> usize {
        let end = self.line_end(start);
        if lines::is_blank(&self.text[start..end]) {
            if self.quotes > 0 {
                let quote = self.containers.iter().position(|container| container.quote).unwrap_or(0);
                self.leave(quote);
                self.fence = None;
            }
            self.paragraph = false;
            self.copy(start..end);
            return end;
        }
        let (mut at, mut columns) = lines::indent(&self.text[start..end], 0);
        at += start;
        let mut matched = 0;
        for container in &self.containers {
            if container.quote {
                if self.byte(at) != Some(b'>') {
                    break;
                }
                (at, columns) = self.behind_quote(at, end);
            } else if columns >= container.needed {
                columns -= container.needed;
            } else if !matches!(self.byte(at), None | Some(b'\n' | b'\r')) {
                break;
            }
            matched += 1;
        }
        if let Some(fence) = self.fence {
            if matched == self.containers.len() {
                self.prefix(matched, start);
                self.copy(at..end);
                self.fence = self.fence.filter(|_| !lines::closes_fence(&self.text[at..end], fence));
                return end;
            }
            self.fence = None;
        }
        let continues = self.verbatim > at && self.paragraph;
        let fresh = if continues { false } else { self.begin_containers(start, &mut at, &mut matched, &mut columns, end) };
        if !fresh && matched < self.containers.len() && !self.paragraph {
            self.leave(matched);
        }
        self.leaf(start, at, end, matched, fresh, continues)
    }

    /// Behind the mark of a quotation: the first byte that is no white space, and the columns before it that count.
    fn behind_quote(&self, at: usize, end: usize) -> (usize, usize) {
        let (len, columns) = lines::indent(&self.text[at + 1..end], 0);
        (at + 1 + len, columns.saturating_sub(1))
    }

    /// Leaves all containers but the first `count`.
    fn leave(&mut self, count: usize) {
        while self.containers.len() > count {
            self.quotes -= self.containers.pop().map_or(0, |container| usize::from(container.quote));
        }
    }

    /// Quotations, list items and footnotes that begin on this line. They are written at once.
    fn begin_containers(&mut self, start: usize, at: &mut usize, matched: &mut usize, columns: &mut usize, end: usize) -> bool {
        let mut fresh = false;
        // a line of a thousand markers must not be looked through from each of them
        let mut no_rule = 0;
        loop {
            let rest = &self.text[*at..end];
            let rule = *at >= no_rule
                && match lines::rule_breaks(rest) {
                    Some(broken) => {
                        no_rule = *at + broken;
                        false
                    }
                    None => true,
                };
            let inside = self.paragraph && !fresh && *matched == self.containers.len();
            let quote = rest.starts_with('>');
            let marker = lines::marker(rest)
                .filter(|_| !(rule || inside && lines::is_underline(rest)))
                .filter(|marker| !inside || (marker.filled && marker.number.is_none_or(|number| number == 1)));
            let footnote = lines::footnote(rest).filter(|_| !inside);
            if !quote && marker.is_none() && footnote.is_none() {
                return fresh;
            }
            if !fresh {
                self.leave(*matched);
                self.prefix(*matched, start);
                (fresh, self.paragraph) = (true, false);
            }
            self.made += 1;
            *matched += 1;
            let id = self.made;
            if quote {
                self.copy(*at..*at + 1);
                self.fill(" ", *at + 1..*at + 1);
                self.containers.push(Container { quote: true, needed: 0, width: 0, id });
                self.quotes += 1;
                (*at, *columns) = self.behind_quote(*at, end);
                continue;
            }
            let len = marker.as_ref().map_or_else(|| footnote.unwrap_or(0), |marker| marker.len);
            let (space, behind) = lines::indent(&rest[len..], 0);
            let (needed, width) = match &marker {
                Some(marker) if marker.filled => (*columns + len + behind, len + 1),
                Some(_) => (*columns + len + 1, len + 1),
                None => (*columns + 4, 4),
            };
            self.copy(*at..*at + len);
            self.fill(" ", *at + len..*at + len);
            self.containers.push(Container { quote: false, needed, width, id });
            *at += len + space;
            *columns = 0;
        }
    }

    /// The text of a line: a heading, a fence, tags, imports, or a piece of a paragraph.
    fn leaf(&mut self, start: usize, at: usize, end: usize, matched: usize, fresh: bool, continues: bool) -> usize {
        let rest = &self.text[at..end];
        let inside = self.paragraph && !fresh;
        let whole = matched == self.containers.len();
        if lines::is_blank(rest) {
            self.begin(start, matched, fresh);
            self.copy(at..end);
            return end;
        }
        if continues {
            return self.paragraph(start, at, matched, fresh, Vec::new());
        }
        if inside && whole && lines::is_underline(rest) {
            self.begin(start, matched, fresh);
            self.copy(at..end);
            return end;
        }
        if lines::is_heading(rest) {
            self.begin(start, matched, fresh);
            self.new_leaf();
            (self.blank_end, self.leaf_end) = (end, end);
            return self.inline(at);
        }
        let fence = lines::fence(rest);
        if fence.is_some() || lines::is_rule(rest) || (!inside && lines::is_definition(rest)) {
            self.begin(start, matched, fresh);
            self.fence = fence;
            self.copy(at..end);
            return end;
        }
        if !inside
            && at == start
            && matched == 0
            && is_import_word(rest)
            && let Some(stop) = self.imports(at, end)
        {
            self.begin(start, matched, fresh);
            self.mark(FLOW_MARK, at..stop, Vec::new(), false);
            self.fill("\n", stop..stop);
            return stop;
        }
        if let Some(len) = self.fenced_off(at, rest) {
            let behind = self.line_end(at + len);
            if lines::is_blank(&self.text[at + len..behind]) {
                self.begin(start, matched, fresh);
                self.mark(FLOW_MARK, at..at + len, Vec::new(), false);
                self.copy(at + len..behind);
                return behind;
            }
            let found = Found { kind: Kind::Expression, end: at + len, name: String::new(), actions: Vec::new() };
            return self.paragraph(start, at, matched, fresh, vec![(at, found)]);
        }
        if rest.starts_with(['<', '{']) {
            return self.tags(start, at, matched, fresh);
        }
        self.paragraph(start, at, matched, fresh, Vec::new())
    }

    /// Ends what the line is not part of, and writes what stands before its text.
    fn begin(&mut self, start: usize, matched: usize, fresh: bool) {
        self.paragraph = false;
        self.leave(matched);
        if !fresh {
            self.prefix(matched, start);
        }
    }

    fn new_leaf(&mut self) {
        self.leaf += 1;
        self.brackets.clear();
        self.around_link = 0;
        (self.blank_end, self.leaf_end, self.ticks_end) = (0, 0, 0);
    }

    /// The mark of an admonition (`:::note`), or a block of mathematics: its length.
    fn fenced_off(&self, at: usize, rest: &str) -> Option<usize> {
        if rest.starts_with(":::") {
            let colons = rest.bytes().take_while(|byte| *byte == b':').count();
            let name = rest[colons..].bytes().take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')).count();
            return Some(colons + name);
        }
        let inner = self.text[at..].strip_prefix("$$")?.as_bytes();
        let end = memchr::memmem::find(&inner[..inner.len().min(LONGEST_MATH)], b"$$")?;
        Some(end + 4)
    }

    /// Imports and exports at `at`, whose first line ends at `end`: where they end. `None`: it is prose that begins with such a word.
    fn imports(&mut self, at: usize, end: usize) -> Option<usize> {
        let word = &self.text[at..at + 6];
        let as_text = |word: &str| format!("the line begins with `{word}` and is no {word} of a module: it is read as text, where MDX would stop");
        if !is_import(&self.text[at..end]) {
            self.issue(self.span(at..at + 6), as_text(word));
            return None;
        }
        let blank = self.first_blank(at);
        if self.is_exhausted() {
            self.issue(self.span(at..at + 6), format!("`{word}` {TOO_MUCH}"));
            return Some(blank);
        }
        let broken = match scan::imports(self.ground(), at, self.text.len()) {
            Ok(stop) => return Some(stop),
            Err(broken) => broken,
        };
        self.wasted += broken.reached - at;
        if broken.safe > at {
            let line = self.trimmed(broken.safe, self.line_end(broken.safe));
            self.issue(self.span(broken.safe..line), format!("this line stands right below an `{word}` and {}: it is read as text", broken.why));
            return Some(broken.safe);
        }
        if broken.reached < end && !broken.unclosed {
            self.issue(self.span(at..at + 6), as_text(word));
            return None;
        }
        self.issue(self.span(at..at + 6), format!("the `{word}` that begins here {}: what stands behind the next blank line is read as text", broken.why));
        Some(blank)
    }

    fn first_blank(&self, at: usize) -> usize {
        let mut at = self.line_end(at);
        while at < self.text.len() && !lines::is_blank(&self.text[at..self.line_end(at)]) {
            at = self.line_end(at);
        }
        at
    }

    // ── Tags and expressions ─────────────────────────────────────────────────────────────────────────────────────────

    fn ground(&self) -> Ground<'t> {
        Ground { text: self.text, base: self.base, quotes: self.quotes, prose: self.prose }
    }

    fn is_exhausted(&self) -> bool {
        self.wasted > MOST_WASTED * self.text.len() + 65_536
    }

    /// The tag or expression at `at`, at its first character.
    fn scan(&mut self, at: usize, limit: usize) -> Result<Found, Broken> {
        if let Some((_, broken)) = self.refused.take_if(|(refused, _)| *refused == at) {
            return Err(broken);
        }
        if self.is_exhausted() {
            return Err(Broken { reached: at, unclosed: false, safe: at, why: TOO_MUCH });
        }
        let ground = self.ground();
        let found = match self.byte(at) {
            Some(b'{') => scan::expression(ground, at, limit),
            _ if self.text[at..].starts_with("<!--") => self.comment(at),
            _ if self.begins_tag(at) => scan::tag(ground, at, limit).map(|found| self.with_raw_content(found)),
            _ => Err(Broken { reached: at, unclosed: false, safe: at, why: NO_TAG }),
        };
        found.inspect_err(|broken| self.wasted += broken.reached - at)
    }

    fn begins_tag(&self, at: usize) -> bool {
        self.text[at + 1..].chars().next().is_some_and(|c| matches!(c, '/' | '>') || scan::begins_name(c))
    }

    /// A comment of HTML. MDX has none, but what it says is not meant to be read.
    fn comment(&mut self, at: usize) -> Result<Found, Broken> {
        let rest = &self.text.as_bytes()[at + 4..];
        let Some(len) = memchr::memmem::find(rest, b"-->") else {
            return Err(Broken { reached: self.text.len(), unclosed: true, safe: at, why: NEVER_CLOSED });
        };
        self.issue(self.span(at..at + 4), "`<!--` begins a comment of HTML, which MDX does not know: it is not read. Write `{/* … */}`".to_owned());
        Ok(Found { kind: Kind::Expression, end: at + len + 7, name: String::new(), actions: Vec::new() })
    }

    /// A script or style sheet ends at its end tag, whatever stands in it.
    fn with_raw_content(&mut self, mut found: Found) -> Found {
        let Some(mark) = ["</script", "</style"].into_iter().find(|mark| found.kind == Kind::Open && mark[2..] == found.name) else { return found };
        if self.unclosed_raw.get(mark).is_some_and(|from| *from <= found.end) {
            return found;
        }
        let close = memchr::memmem::find(&self.text.as_bytes()[found.end..], mark.as_bytes()).map(|i| found.end + i);
        match close.and_then(|close| scan::tag(self.ground(), close, self.text.len()).ok()) {
            Some(end) => {
                found.kind = Kind::Whole;
                found.end = end.end;
                found.actions.clear();
            }
            None => drop(self.unclosed_raw.insert(mark, found.end)),
        }
        found
    }

    /// A line that begins with a tag or expression: a line of nothing else, or the start of a paragraph.
    fn tags(&mut self, start: usize, first: usize, matched: usize, fresh: bool) -> usize {
        let mut found: Vec<(usize, Found)> = Vec::new();
        let mut at = first;
        let alone = loop {
            match self.byte(at) {
                Some(b'<' | b'{') => match self.scan(at, self.text.len()) {
                    Ok(one) => {
                        let end = one.end;
                        found.push((at, one));
                        at = end;
                    }
                    Err(broken) => {
                        self.refused = Some((at, broken));
                        break false;
                    }
                },
                Some(b' ' | b'\t' | b'\r') => at += 1,
                None | Some(b'\n') => break true,
                Some(_) => break false,
            }
        };
        if !alone {
            return self.paragraph(start, first, matched, fresh, found);
        }
        let end = self.line_end(at);
        let next = self.line_end(end);
        let joins = self.paragraph && !fresh && matched == self.containers.len() && !lines::is_blank(lines::unquoted(&self.text[end..next]));
        if joins && found.iter().all(|(_, found)| is_inline(found)) {
            self.prefix(matched, start);
            for (from, found) in found {
                self.insert(from, found, None);
            }
            // a lone tag at the start of a line would be a block of HTML
            self.mark(TEXT_MARK, at..at, Vec::new(), false);
            self.copy(self.trimmed(at, end)..end);
            return end;
        }
        self.begin(start, matched, fresh);
        let breaks = found.iter().any(|(_, found)| !found.name.is_empty() && is_block(&found.name));
        let index = self.masked.items.len();
        let last = found.last().map_or(first, |(_, found)| found.end);
        self.mark(FLOW_MARK, first..last, Vec::new(), breaks);
        let mut before = first;
        for (from, mut one) in found {
            if from > before {
                let gap = self.span(before..from);
                self.masked.items[index].actions.push(Action::Break(gap));
            }
            before = one.end;
            let offset = self.masked.items[index].actions.len();
            let actions = std::mem::take(&mut one.actions);
            self.masked.items[index].actions.extend(actions);
            self.register(from, &one, None, index, offset);
        }
        self.copy(self.trimmed(last, end)..end);
        end
    }

    /// Where the white space that ends at `end` begins with its line end.
    fn trimmed(&self, from: usize, end: usize) -> usize {
        from + self.text[from..end].trim_end_matches(['\r', '\n']).len()
    }

    /// Writes the mark of a tag or expression that stands at `from`.
    fn insert(&mut self, from: usize, mut found: Found, leaf: Option<u32>) {
        let index = self.masked.items.len();
        let actions = std::mem::take(&mut found.actions);
        self.mark(TEXT_MARK, from..found.end, actions, false);
        self.register(from, &found, leaf, index, 0);
    }

    /// Keeps account of open elements. `item` and `action`: where the element is opened or closed.
    fn register(&mut self, from: usize, found: &Found, leaf: Option<u32>, item: usize, action: usize) {
        let span = self.span(from..found.end);
        if found.kind == Kind::Expression && inline::is_comment(&self.text[from..found.end]) {
            self.masked.comments.push(span);
        }
        let name = found.name.as_str();
        let container = self.containers.last().map_or(0, |container| container.id);
        match found.kind {
            Kind::Open if html::VOID.contains(&name) => {
                self.issue(span, format!("`<{name}>` must be written `<{name} />` in MDX"));
            }
            Kind::Open => {
                *self.open_names.entry(name.to_owned()).or_default() += 1;
                self.open.push(Open { name: name.to_owned(), span, item, action, leaf, container });
            }
            Kind::Close => {
                if self.open_names.get(name).is_none_or(|count| *count == 0) {
                    self.masked.items[item].actions[action] = Action::Nothing;
                    return self.issue(span, format!("`</{name}>` closes nothing that is open here"));
                }
                while let Some(open) = self.open.pop() {
                    *self.open_names.entry(open.name.clone()).or_default() -= 1;
                    if open.name != name {
                        self.never_closed(&open);
                        continue;
                    }
                    if (open.leaf, open.container) != (leaf, container) {
                        self.ends_nowhere(&open);
                        self.masked.items[item].actions[action] = Action::Nothing;
                        self.issue(open.span, format!("`<{name}>` is opened in one paragraph or list item and closed in another"));
                    }
                    break;
                }
            }
            Kind::Expression | Kind::Whole => {}
        }
    }

    fn never_closed(&mut self, open: &Open) {
        self.ends_nowhere(open);
        self.issue(open.span, format!("`<{}>` is opened here and never closed", open.name));
    }

    /// What follows an element without an end is not in it: it must not be hidden by it.
    fn ends_nowhere(&mut self, open: &Open) {
        if let Some(Action::Open(element)) = self.masked.items.get_mut(open.item).and_then(|item| item.actions.get_mut(open.action)) {
            element.unclosed = true;
        }
    }
}

const NO_TAG: &str = "is no tag";
const TOO_MUCH: &str = "is not looked into, after so much that could not be parsed";

fn is_import_word(line: &str) -> bool {
    (line.starts_with("import") || line.starts_with("export")) && line[6..].starts_with([' ', '\t'])
}

/// Whether a line that begins with `import` or `export` goes on like code.
fn is_import(line: &str) -> bool {
    let rest = line[6..].trim_start();
    let name = rest.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '$'))).unwrap_or(rest.len());
    let (word, behind) = (&rest[..name], rest[name..].trim_start());
    if rest.starts_with(['{', '*']) {
        return true;
    }
    if line.starts_with("import") {
        let from = behind.strip_prefix("from").is_some_and(|rest| !rest.starts_with(char::is_alphanumeric) && rest.trim_start().starts_with(['"', '\'']));
        let types = word == "type" && behind.starts_with(|c: char| c == '{' || c == '*' || c.is_alphabetic());
        return rest.starts_with(['"', '\'']) || (!word.is_empty() && (behind.starts_with(',') || from || types));
    }
    ["default", "const", "let", "var", "function", "class", "async", "type", "interface", "enum", "declare", "abstract"].contains(&word)
}

/// Whether an element is a block of its own when it stands on a line of its own.
fn is_block(name: &str) -> bool {
    is_component(name) || name == "hr" || html::BLOCKS.contains(&name)
}

/// Whether a tag or expression is part of a sentence when it stands on a line of its own inside a paragraph.
fn is_inline(found: &Found) -> bool {
    let hidden = found.actions.iter().any(|action| matches!(action, Action::Open(element) if element.hidden));
    !hidden && (found.name.is_empty() || !is_block(&found.name))
}
