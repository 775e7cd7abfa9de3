//! HTML. As it stands inside Markdown: tags open and close blocks, hidden elements and scripts are not read, entities are decoded.
//! As a page of its own: see [`page`].

pub(super) mod content;
pub(super) mod head;
mod lexer;
mod names;
mod notes;
pub(super) mod page;
mod tree;

use std::borrow::Cow;

use html5gum::emitters::callback::{CallbackEmitter, CallbackEvent};
use html5gum::{Error, Span as GumSpan, Tokenizer};

use names::Style;

use super::unjudged::{class_names_language, words_outside_tags};

use super::build::Builder;
use super::{Issue, LinkKind, MarkKind, Zone};
use crate::span::{Span, offset};

/// A piece of HTML whose lines may stand apart in the file (inside a block quotation, say).
#[derive(Default)]
pub(super) struct Fragment {
    text: String,
    /// Where each piece begins in `text` and in the file.
    pieces: Vec<(usize, u32)>,
}

impl Fragment {
    /// Appends the bytes of the file that begin at `source_start`.
    pub fn push(&mut self, piece: &str, source_start: u32) {
        self.pieces.push((self.text.len(), source_start));
        self.text.push_str(piece);
    }

    /// Whether nothing was pushed.
    pub const fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// A piece of the text.
    fn slice(&self, from: usize, to: usize) -> Option<&str> {
        self.text.get(from..to)
    }

    fn source(&self, at: usize) -> u32 {
        let index = self.pieces.partition_point(|(start, _)| *start <= at).saturating_sub(1);
        let (start, source) = self.pieces[index];
        source + offset(at - start)
    }

    /// The span in the file of `text[start..end]`; the end is taken from the last byte, so that a gap between pieces is not covered.
    fn span(&self, start: usize, end: usize) -> Span {
        if end <= start {
            let at = self.source(start);
            return Span::new(at, at);
        }
        Span::new(self.source(start), self.source(end - 1) + 1)
    }
}

/// A start tag; its attributes have the places of their values.
#[derive(Clone, Debug, Default)]
struct Tag {
    name: String,
    attributes: Vec<(String, String, Span)>,
    start: usize,
    end: usize,
    self_closing: bool,
}

impl Tag {
    fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, ..)| key == name).map(|(_, value, _)| value.as_str())
    }

    /// A tag that nobody wrote.
    fn named(name: &str) -> Self {
        Self { name: name.to_owned(), ..Self::default() }
    }

    /// Whether one of the words of an attribute is one of these.
    fn has_word(&self, attribute: &str, words: &[&str]) -> bool {
        self.get(attribute).is_some_and(|value| value.split_ascii_whitespace().any(|word| words.iter().any(|known| word.eq_ignore_ascii_case(known))))
    }

    fn is_hidden(&self) -> bool {
        is_hidden(&self.name, self.get("hidden").is_some(), self.get("style")) && !self.is_shown_template()
    }

    /// A template that is shown: browsers hang it into the element around it as they read the page (HTML, section 4.12.3).
    fn is_shown_template(&self) -> bool {
        let shadow = self.get("shadowrootmode").is_some_and(|mode| ["open", "closed"].iter().any(|known| mode.eq_ignore_ascii_case(known)));
        self.name == "template" && shadow && !is_hidden("", self.get("hidden").is_some(), self.get("style"))
    }

    /// Whether the element and all in it take no place on a page. `visibility` is not asked here: what is inside may be visible again.
    ///
    /// `aria-hidden` hides from screen readers only, so that everybody else reads it: it is read. The same for text that is moved,
    /// shrunk or coloured away: that is a matter of the style sheet, and to judge it does no harm.
    fn is_hidden_on_a_page(&self) -> bool {
        let name = self.name.as_str();
        let style = self.get("style").map(Style::read).unwrap_or_default();
        // `until-found` comes forth when somebody looks for its words
        let hidden = self.get("hidden").is_some_and(|value| !value.eq_ignore_ascii_case("until-found"));
        (UNREAD.contains(&name) && !self.is_shown_template())
            || UNREAD_ON_PAGES.contains(&name)
            || hidden
            || style.is_gone()
            || self.get("popover").is_some()
            || (name == "dialog" && self.get("open").is_none())
    }
}

/// Whether no reader sees what is in an element: by its name, its `hidden` attribute, or its style.
pub(super) fn is_hidden(name: &str, attribute: bool, style: Option<&str>) -> bool {
    let style = style.map(Style::read).unwrap_or_default();
    UNREAD.contains(&name) || UNDRAWN.contains(&name) || attribute || style.is_gone() || style.veil() == Some(true)
}

/// Elements of pages that browsers show nothing of, beside those of `UNREAD`.
const UNREAD_ON_PAGES: &[&str] = &["datalist", "progress", "meter", "noembed", "noframes"];

/// Elements whose content no reader reads as prose.
const UNREAD: &[&str] = &["script", "style", "template", "head", "title", "noscript", "iframe", "object", "audio", "video", "canvas", "rp"];
/// Parts of drawings that are not drawn, and the signs of formulas.
const UNDRAWN: &[&str] =
    &["defs", "symbol", "metadata", "clippath", "mask", "pattern", "marker", "filter", "mi", "mn", "mo", "ms", "annotation", "annotation-xml"];
/// Parts of drawings and formulas whose text is shown.
const DRAWN: &[&str] = &["text", "tspan", "textpath", "title", "desc", "mtext", "foreignobject"];
/// Whether a part of a drawing or formula is not shown.
fn is_undrawn(tag: &Tag) -> bool {
    let name = tag.name.as_str();
    let style = tag.get("style").map(Style::read).unwrap_or_default();
    UNDRAWN.contains(&name) || matches!(name, "script" | "style") || style.is_gone()
}

/// Elements that have no content.
pub(super) const VOID: &[&str] = &["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"];
/// Elements that begin a block of their own.
pub(super) const BLOCKS: &[&str] = &[
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "caption",
    "center",
    "dd",
    "details",
    "dialog",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hgroup",
    "html",
    "legend",
    "li",
    "main",
    "nav",
    "ol",
    "p",
    "pre",
    "search",
    "section",
    "summary",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "ul",
];

enum Token {
    Start(Tag),
    End(String),
    Text(String, usize, usize),
    /// A comment, signs around it included.
    Comment(usize, usize),
    /// A comment or tag that runs to the end of the fragment.
    Unclosed(&'static str, usize),
}

/// Reads a fragment into the builder. Elements left open stay open: Markdown may stand between a tag and its end.
pub(super) fn read(builder: &mut Builder, fragment: &Fragment) {
    for token in tokens(fragment) {
        match token {
            Token::Start(tag) => start(builder, &tag, fragment),
            Token::End(name) => end(builder, &name),
            Token::Text(decoded, from, to) => text(builder, fragment, &decoded, from, to),
            Token::Comment(from, to) => builder.comments.push(fragment.span(from, to)),
            Token::Unclosed(what, at) => {
                let detail = format!("{what} is opened here and never closed: what follows is no text to a browser");
                builder.issues.push(Issue::new("source/unread-body", fragment.span(at, at + 1), detail));
            }
        }
    }
}

fn tokens(fragment: &Fragment) -> Vec<Token> {
    let mut found = Vec::new();
    let mut tag = Tag::default();
    let mut attribute = String::new();
    let mut unclosed: Option<(&str, Option<usize>)> = None;
    let mut emitter = CallbackEmitter::new(|event: CallbackEvent<'_>, span: GumSpan<usize>| -> Option<()> {
        match event {
            CallbackEvent::OpenStartTag { name } => {
                tag = Tag { name: lossy(name), start: span.start, ..Tag::default() };
            }
            CallbackEvent::AttributeName { name } => {
                attribute = lossy(name);
                tag.attributes.push((attribute.clone(), String::new(), Span::default()));
            }
            CallbackEvent::AttributeValue { value } => {
                if let Some(last) = tag.attributes.last_mut().filter(|last| last.0 == attribute) {
                    last.1 = lossy(value);
                    last.2 = Span::of(span.start..span.end);
                }
            }
            CallbackEvent::CloseStartTag { .. } => found.push(Token::Start(std::mem::take(&mut tag))),
            CallbackEvent::EndTag { name } => found.push(Token::End(lossy(name))),
            CallbackEvent::String { value } => found.push(Token::Text(lossy(value), span.start, span.end)),
            CallbackEvent::Error(Error::EofInComment) => unclosed = Some(("a comment", fragment.text.rfind("<!--"))),
            CallbackEvent::Error(Error::EofInTag) => unclosed = Some(("a tag", fragment.text.rfind('<'))),
            // bogus ones (`<!x>`, `<?x>`) are nobody's words
            CallbackEvent::Comment { .. } => {
                let (from, to) = (span.start.min(fragment.text.len()), span.end.min(fragment.text.len()));
                found.extend(fragment.text.get(from..to).filter(|text| text.starts_with("<!--")).map(|_| Token::Comment(from, to)));
            }
            CallbackEvent::Doctype { .. } | CallbackEvent::Error(_) => {}
        }
        None
    });
    emitter.naively_switch_states(true);
    let text = unwound(&fragment.text);
    for _ in Tokenizer::new_with_emitter(text.as_ref(), emitter) {}
    if let Some((what, Some(at))) = unclosed {
        found.push(Token::Unclosed(what, at));
    }
    found
}

/// Double-quoted attributes in a row after which the tokenizer is made to return.
const ROW: usize = 32;

/// The text as the tokenizer is given it. It calls itself for each double-quoted attribute of a tag and would run out of stack on some ten
/// thousands; a solidus between two attributes means nothing and makes it return, so one is written over the white space before every 32nd.
pub(super) fn unwound(text: &str) -> Cow<'_, str> {
    let bytes = text.as_bytes();
    // what stands between two attributes is every second piece between quotation marks: each of the two kinds has its own row
    let mut rows = [0, 0];
    let mut solidi = Vec::new();
    let mut from = 0;
    for (i, at) in memchr::memchr_iter(b'"', bytes).enumerate() {
        let piece = &bytes[from..at];
        let row = &mut rows[i % 2];
        let between = piece.first().is_some_and(u8::is_ascii_whitespace) && piece.trim_ascii_end().ends_with(b"=") && memchr::memchr(b'>', piece).is_none();
        *row = if between { *row + 1 } else { 0 };
        if *row == ROW {
            solidi.push(from);
            *row = 0;
        }
        from = at + 1;
    }
    if solidi.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for solidus in solidi {
        out.push_str(&text[at..solidus]);
        out.push('/');
        at = solidus + 1;
    }
    out.push_str(&text[at..]);
    Cow::Owned(out)
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn start(builder: &mut Builder, tag: &Tag, fragment: &Fragment) {
    let name = tag.name.as_str();
    let at = fragment.source(tag.start.min(fragment.text.len().saturating_sub(1)));
    if BLOCKS.contains(&name) {
        while matches!(builder.innermost(), Some("p")) || (name == "li" && builder.innermost() == Some("li")) {
            let open = builder.innermost().unwrap_or_default().to_owned();
            end(builder, &open);
        }
    }
    match name {
        "br" => builder.line_break(Span::new(at, at + 1), "\n"),
        // an annotation ends where the next one begins
        "rt" | "rp" => {
            while let Some(open @ ("rt" | "rp")) = builder.innermost() {
                let open = open.to_owned();
                end(builder, &open);
            }
        }
        _ => {}
    }
    if let Some((attribute, zone)) = shown_attribute(tag)
        && let Some((_, value, span)) = tag.attributes.iter().find(|(key, ..)| key == attribute)
        && !tag.is_hidden()
    {
        builder.aside(zone, value.clone(), fragment.span(span.start as usize, span.end as usize));
    }
    if VOID.contains(&name) {
        return;
    }
    if let Some(shown) = tag.get("srcdoc").filter(|_| name == "iframe" && !builder.is_hidden())
        && words_outside_tags(shown) > 0
    {
        builder.issues.push(Issue::new("source/unread-body", Span::new(at, at + 1), unread_frame(shown)));
    }
    // the title of a drawing is shown, that of a page stands in its head
    let titles = name == "title" && builder.is_open("svg") && !is_hidden("", tag.get("hidden").is_some(), tag.get("style"));
    open(builder, name, tag.is_hidden() && !titles, at);
    if matches!(name, "pre" | "code") && tag.get("class").is_some_and(class_names_language) {
        builder.name_code();
    }
    if name == "a" {
        // `<a name="list">` marks a place to link to: it leads to itself, not nowhere
        let own_place = || tag.get("name").or_else(|| tag.get("id")).filter(|place| !place.is_empty()).map(|place| format!("#{place}"));
        let destination = tag.get("href").map(str::to_owned).or_else(own_place).unwrap_or_default();
        builder.link(LinkKind::Html, destination, tag.get("rel").map(str::to_owned), Span::new(at, at));
    }
}

/// What is told of a frame whose page stands in its own tag.
fn unread_frame(page: &str) -> String {
    format!("`<iframe srcdoc>` begins here and shows {} words that were not read", words_outside_tags(page))
}

/// The attribute of an element whose text is shown, and as what: the words that stand for an image, the words on a button or in a field.
fn shown_attribute(tag: &Tag) -> Option<(&'static str, Zone)> {
    match tag.name.as_str() {
        "img" | "area" | "amp-img" => Some(("alt", Zone::Alt)),
        "input" => match tag.get("type").unwrap_or_default().to_ascii_lowercase().as_str() {
            "submit" | "button" | "reset" => Some(("value", Zone::Paragraph)),
            "image" => Some(("alt", Zone::Alt)),
            "" | "text" | "search" | "url" | "email" | "tel" | "number" => Some(("value", Zone::Alt)),
            _ => None,
        },
        "option" | "optgroup" => Some(("label", Zone::Alt)),
        _ => None,
    }
}

/// Begins an element that is not void. A link is the caller's to begin; it ends with the element `a`.
pub(super) fn open(builder: &mut Builder, name: &str, hidden: bool, at: u32) {
    builder.element(name, hidden, at);
    match name {
        "rt" => builder.beside(Zone::Caption),
        "option" | "textarea" => builder.beside(Zone::Alt),
        "text" | "title" | "desc" if builder.is_open("svg") => builder.beside(Zone::Alt),
        "tspan" => builder.line_break(Span::new(at, at + 1), " "),
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => builder.enter(Zone::Heading, name.as_bytes()[1] - b'0'),
        "blockquote" => builder.enter(Zone::Quote, 0),
        "li" | "dd" | "dt" => builder.enter(Zone::ListItem, 0),
        "figcaption" | "caption" => builder.enter(Zone::Caption, 0),
        "pre" => builder.enter_code(false),
        "table" => builder.table(),
        "td" | "th" => builder.enter(Zone::Cell, 0),
        "code" | "samp" => builder.mark(MarkKind::Code),
        "em" | "i" | "q" | "cite" | "dfn" => builder.mark(MarkKind::Emphasis),
        "b" | "strong" => builder.mark(MarkKind::Strong),
        _ if BLOCKS.contains(&name) => builder.close_block(),
        _ => {}
    }
}

/// Ends the innermost open element of that name and all within it.
pub(super) fn end(builder: &mut Builder, name: &str) {
    let closed = builder.element_end(name);
    close(builder, &closed);
}

/// Ends a Markdown block and every element that was opened inside it.
pub(super) fn end_markdown(builder: &mut Builder) {
    let closed = builder.end_markdown();
    close(builder, &closed);
}

/// What the end of each element means, innermost first.
fn close(builder: &mut Builder, names: &[String]) {
    for closed in names {
        match closed.as_str() {
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "blockquote" | "li" | "dd" | "dt" | "figcaption" | "caption" | "pre" => builder.leave(),
            "rt" | "option" | "textarea" => builder.beside_end(),
            "text" | "title" | "desc" if builder.is_beside() => builder.beside_end(),
            "td" | "th" => {
                builder.leave();
                builder.cell_end();
            }
            "tr" => builder.row_end(),
            "table" => builder.table_end(),
            "code" | "samp" => builder.mark_end(MarkKind::Code),
            "em" | "i" | "q" | "cite" | "dfn" => builder.mark_end(MarkKind::Emphasis),
            "b" | "strong" => builder.mark_end(MarkKind::Strong),
            "a" => builder.link_end(0),
            other if BLOCKS.contains(&other) => builder.close_block(),
            _ => {}
        }
    }
}

/// Text between tags. The tokenizer gives it decoded and with one span: here each entity is found again, so that the map stays exact.
fn text(builder: &mut Builder, fragment: &Fragment, decoded: &str, from: usize, to: usize) {
    let Some(raw) = fragment.text.get(from..to) else { return };
    if raw == decoded {
        return lines(builder, fragment, raw, from);
    }
    entities(builder, fragment, raw, from);
}

/// Text that begins at `from` and may hold entities.
fn entities(builder: &mut Builder, fragment: &Fragment, raw: &str, from: usize) {
    let mut at = 0;
    while let Some(i) = memchr::memchr(b'&', &raw.as_bytes()[at..]) {
        lines(builder, fragment, &raw[at..at + i], from + at);
        let start = at + i;
        let len = entity_len(&raw[start..]);
        let piece = &raw[start..start + len];
        builder.text(&decode_entity(piece), fragment.span(from + start, from + start + len));
        at = start + len;
    }
    lines(builder, fragment, &raw[at..], from + at);
}

/// Text with its entities decoded.
fn decoded(raw: &str) -> String {
    let mut out = String::new();
    let mut at = 0;
    while let Some(i) = memchr::memchr(b'&', &raw.as_bytes()[at..]) {
        out.push_str(&raw[at..at + i]);
        let len = entity_len(&raw[at + i..]);
        out.push_str(&decode_entity(&raw[at + i..at + i + len]));
        at += i + len;
    }
    out.push_str(&raw[at..]);
    out
}

/// Text without entities, line by line: the lines may stand apart in the file.
fn lines(builder: &mut Builder, fragment: &Fragment, raw: &str, from: usize) {
    let mut at = from;
    for line in raw.split_inclusive('\n') {
        let body = line.trim_end_matches(['\n', '\r']);
        builder.text(body, fragment.span(at, at + body.len()));
        if body.len() < line.len() {
            builder.line_break(fragment.span(at + body.len(), at + line.len()), " ");
        }
        at += line.len();
    }
}

/// Byte length of what may be an entity at the start of `raw`, which begins with `&`.
pub(super) fn entity_len(raw: &str) -> usize {
    let name = raw[1..].bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'#').count();
    let semicolon = usize::from(raw.as_bytes().get(1 + name) == Some(&b';'));
    1 + name + semicolon
}

/// An entity decoded as browsers do; what is none stays as it is.
pub(super) fn decode_entity(piece: &str) -> String {
    // the common ones, and what is none at all, without a tokenizer of their own
    match piece {
        "&amp;" | "&" => return "&".to_owned(),
        "&lt;" => return "<".to_owned(),
        "&gt;" => return ">".to_owned(),
        "&quot;" => return "\"".to_owned(),
        "&nbsp;" => return "\u{a0}".to_owned(),
        _ => {}
    }
    let mut out = String::new();
    let emitter = CallbackEmitter::new(|event: CallbackEvent<'_>, _: GumSpan<()>| -> Option<()> {
        if let CallbackEvent::String { value } = event {
            out.push_str(&String::from_utf8_lossy(value));
        }
        None
    });
    for _ in Tokenizer::new_with_emitter(piece, emitter) {}
    out
}
