//! MDX into the builder: JSX and expressions are taken out, the rest is Markdown, and both are read in the order in which they stand.
//!
//! Children of elements are prose, with Markdown in it; so are strings that an expression shows, and the attributes that the policy
//! names. Imports, exports, comments and other code are not. There is no JavaScript engine here: what a component makes of its
//! children is not known, and neither is what a variable holds.

mod lines;
mod mask;
mod scan;
mod tag;

use std::ops::Range;

use mask::{Item, Masked};
use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag, TagEnd};
use scan::Action;
use tag::{Element, Piece, is_component};

use super::build::Builder;
use super::markdown::{self, Reader};
use super::{Issue, LinkKind, ReferenceEntry, Zone, html};
use crate::span::Span;

/// Reads `body`, which begins at byte `base` of the file; texts of the attributes in `prose` are read. Returns the reference definitions.
pub(super) fn read(builder: &mut Builder, body: &str, base: usize, prose: &[String]) -> Vec<ReferenceEntry> {
    let mut masked = mask::mask(body, base, prose);
    builder.issues.append(&mut masked.issues);
    builder.comments.append(&mut masked.comments);
    let items = std::mem::take(&mut masked.items);
    let place = |range: &Range<usize>| masked.place(range);
    let parser = Parser::new_ext(&masked.text, markdown::OPTIONS);
    let mut entries = markdown::definitions(&parser, &place);
    let mut weaver = Weaver {
        reader: Reader::new(builder, &masked.text, &place),
        masked: &masked,
        items: items.into_iter().peekable(),
        open: Vec::new(),
        spans: Vec::new(),
    };
    for (event, range) in parser.into_offset_iter() {
        weaver.event(event, range);
    }
    weaver.items_before(usize::MAX);
    entries.append(&mut weaver.reader.entries);
    entries.sort_by_key(|entry| entry.source);
    entries
}

/// Brings Markdown and JSX together again.
struct Weaver<'b, 's, 't> {
    reader: Reader<'b, 's, 't>,
    masked: &'t Masked,
    items: std::iter::Peekable<std::vec::IntoIter<Item>>,
    /// The open elements: the names under which the builder knows them, and their tags.
    open: Vec<(String, Span)>,
    /// How many elements were open when each emphasis or link began.
    spans: Vec<usize>,
}

impl Weaver<'_, '_, '_> {
    fn event(&mut self, event: Event, range: Range<usize>) {
        // a mark that Markdown swallowed is made up for: its element must begin, and its text is read
        if !matches!(event, Event::End(_)) {
            self.items_before(range.start);
        }
        match event {
            Event::Html(_) | Event::InlineHtml(_) => {
                let text = &self.masked.text[range.clone()];
                if self.items_before(range.end) == 0 && !text.trim().is_empty() {
                    self.reader.builder.text(text, self.masked.place(&range));
                }
            }
            Event::Start(Tag::HtmlBlock) | Event::End(TagEnd::HtmlBlock) => {}
            // no indentation makes code in MDX
            Event::Start(Tag::CodeBlock(CodeBlockKind::Indented)) => self.reader.builder.enter(Zone::Paragraph, 0),
            event => {
                match &event {
                    Event::Start(tag) if spans_text(&tag.to_end()) => self.spans.push(self.open.len()),
                    Event::End(tag) if spans_text(tag) => self.end_span(),
                    _ => {}
                }
                self.reader.event(event, range);
            }
        }
    }

    /// Ends an emphasis or link. An element that begins inside must end inside.
    fn end_span(&mut self) {
        let open = self.spans.pop().unwrap_or(0);
        if let Some((_, span)) = self.open.get(open..).and_then(<[_]>::first) {
            self.crosses(*span);
        }
    }

    fn crosses(&mut self, span: Span) {
        let detail = "this element and an emphasis or link begin inside each other and end outside";
        self.reader.builder.issues.push(Issue::new("source/broken-mdx", span, detail));
    }

    /// Reads the items that stand before a place in the Markdown. Returns how many there were.
    fn items_before(&mut self, end: usize) -> usize {
        let mut count = 0;
        while let Some(item) = self.items.next_if(|item| item.at < end) {
            self.item(item);
            count += 1;
        }
        count
    }

    fn item(&mut self, item: Item) {
        if item.breaks {
            self.reader.builder.close_block();
        } else if item.flow {
            self.reader.builder.line_break(Span::new(item.span.start, item.span.start), " ");
        }
        for action in item.actions {
            let builder = &mut *self.reader.builder;
            match action {
                Action::Open(element) => self.open(*element),
                Action::Close(name) => self.close(&name),
                Action::Text(Some(text), span) => builder.text(&text, span),
                Action::Text(None, span) => {
                    let text = builder.source().get(span.range()).unwrap_or_default();
                    builder.text(text, span);
                }
                Action::Break(span) => builder.line_break(span, " "),
                Action::Nothing => {}
            }
        }
        if item.breaks {
            self.reader.builder.close_block();
        }
    }

    fn open(&mut self, element: Element) {
        let builder = &mut *self.reader.builder;
        let name = element.name.as_str();
        let at = element.span.start;
        let void = html::VOID.contains(&name);
        let hides = element.hidden && !element.unclosed;
        let known = match name {
            // a link ends with its element, and a paragraph of JSX may hold paragraphs
            _ if element.link.is_some() => "a",
            "p" => "div",
            other => other,
        };
        match name {
            "br" => builder.line_break(element.span, "\n"),
            "hr" => builder.close_block(),
            _ if void => {}
            _ if is_component(name) => builder.element(known, hides, at),
            _ => html::open(builder, known, hides, at),
        }
        if !(void && hides) {
            for (zone, pieces) in element.asides {
                let source = builder.source();
                let told = pieces.into_iter().map(|piece| told(piece, source)).collect();
                builder.aside_pieces(zone, told);
            }
        }
        for (destination, rel, span) in element.links {
            builder.link(LinkKind::Html, destination, rel, span);
            builder.link_end(span.end);
        }
        if let Some((destination, rel, span)) = element.link {
            builder.link(LinkKind::Html, destination, rel, span);
        }
        if void {
            return;
        }
        if element.unclosed {
            html::end(builder, known);
        } else {
            self.open.push((known.to_owned(), element.span));
        }
    }

    fn close(&mut self, name: &str) {
        if html::VOID.contains(&name) {
            return;
        }
        if let Some((known, span)) = self.open.pop() {
            if let Some(last) = self.spans.last_mut().filter(|last| **last > self.open.len()) {
                *last = self.open.len();
                self.crosses(span);
            }
            html::end(self.reader.builder, &known);
        }
    }
}

/// Whether what ends is a stretch of text inside a paragraph.
const fn spans_text(end: &TagEnd) -> bool {
    matches!(end, TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Link | TagEnd::Image)
}

/// A piece of text as it is read.
fn told((decoded, span): Piece, source: &str) -> (String, Span) {
    (decoded.unwrap_or_else(|| source.get(span.range()).unwrap_or_default().to_owned()), span)
}
