//! CommonMark and GFM into the builder.

use std::ops::Range;

use pulldown_cmark::{BlockQuoteKind, CodeBlockKind, Event, HeadingLevel, LinkType, Options, Parser, Tag, TagEnd};

use super::build::Builder;
use super::html::{self, Fragment};
use super::unjudged::names_no_language;
use super::{Issue, LinkKind, MarkKind, ReferenceEntry, Zone};
use crate::span::Span;

/// The dialect: GFM tables, footnotes, strikethrough, task lists, alerts, and heading attributes. Math and smart punctuation
/// stay off: they rewrite text (`$28-$30` becomes a formula).
pub(super) const OPTIONS: Options = Options::ENABLE_TABLES
    .union(Options::ENABLE_FOOTNOTES)
    .union(Options::ENABLE_STRIKETHROUGH)
    .union(Options::ENABLE_TASKLISTS)
    .union(Options::ENABLE_HEADING_ATTRIBUTES)
    .union(Options::ENABLE_GFM);

/// Longest name of a callout, in bytes.
const LONGEST_NAME: usize = 40;

/// Reads `body` (template tags overwritten), which begins at byte `base` of the file. Returns the reference definitions.
pub(super) fn read(builder: &mut Builder, body: &str, base: usize) -> Vec<ReferenceEntry> {
    let parser = Parser::new_ext(body, OPTIONS);
    let place = |range: &Range<usize>| Span::of(base + range.start..base + range.end);
    let mut entries = definitions(&parser, &place);
    let mut reader = Reader::new(builder, body, &place);
    for (event, range) in parser.into_offset_iter() {
        reader.event(event, range);
    }
    reader.flush_html();
    entries.append(&mut reader.entries);
    entries.sort_by_key(|entry| entry.source);
    entries
}

/// The bytes of the file that a range of the Markdown stands for.
pub(super) type Place<'p> = dyn Fn(&Range<usize>) -> Span + 'p;

/// The link definitions of a document.
pub(super) fn definitions(parser: &Parser, place: &Place) -> Vec<ReferenceEntry> {
    parser
        .reference_definitions()
        .iter()
        .map(|(label, definition)| ReferenceEntry {
            label: label.to_owned(),
            destination: definition.dest.to_string(),
            source: place(&definition.span),
            footnote: false,
        })
        .collect()
}

/// Hands the events of Markdown to the builder.
pub(super) struct Reader<'b, 's, 't> {
    pub builder: &'b mut Builder<'s>,
    place: &'b Place<'b>,
    body: &'t str,
    fragment: Fragment,
    html_block: bool,
    /// Where the mark of a callout ends that began a quotation (`[!tip]- `); it is not read.
    mark_end: usize,
    /// Footnotes.
    pub entries: Vec<ReferenceEntry>,
}

impl<'b, 's, 't> Reader<'b, 's, 't> {
    /// A reader of `body`, whose ranges `place` turns into spans of the file.
    pub fn new(builder: &'b mut Builder<'s>, body: &'t str, place: &'b Place<'b>) -> Self {
        Self { builder, place, body, fragment: Fragment::default(), html_block: false, mark_end: 0, entries: Vec::new() }
    }

    /// Takes the next event.
    pub fn event(&mut self, event: Event, range: Range<usize>) {
        let span = (self.place)(&range);
        match event {
            Event::Text(text) => {
                if range.start < self.mark_end {
                    let Some(rest) = text.get(self.mark_end - range.start..).filter(|rest| !rest.is_empty()) else { return };
                    let behind = self.mark_end..range.end;
                    self.builder.text(rest, (self.place)(&behind));
                } else if self.html_block {
                    self.fragment.push(&text, span.start);
                } else {
                    self.builder.text(&text, span);
                }
            }
            Event::Html(_) => {
                let piece = &self.body[range];
                self.fragment.push(piece, span.start);
            }
            Event::InlineHtml(text) => {
                let fragment = self.inline(&text, range);
                html::read(self.builder, &fragment);
            }
            Event::Code(text) => self.builder.code(&text, span),
            Event::SoftBreak => self.builder.line_break(span, " "),
            Event::HardBreak => self.builder.line_break(span, "\n"),
            Event::FootnoteReference(label) => self.builder.citation(label.to_string(), span),
            Event::Start(tag) => self.start(tag, &range, span),
            Event::End(tag) => self.end(tag, span),
            Event::Rule => self.builder.close_block(),
            Event::TaskListMarker(_) | Event::InlineMath(_) | Event::DisplayMath(_) => {}
        }
    }

    /// A tag inside a line. Where it runs over lines of a quotation or list, the markers before them are not part of it.
    fn inline(&self, text: &str, range: Range<usize>) -> Fragment {
        let mut fragment = Fragment::default();
        let raw = &self.body[range.clone()];
        let mut at = 0;
        for line in text.split_inclusive('\n') {
            let found = raw[at..].find(line.trim_end_matches(['\n', '\r'])).map_or(at, |i| at + i);
            let start = range.start + found;
            fragment.push(line, (self.place)(&(start..start)).start);
            at = (found + line.len()).min(raw.len());
            while !raw.is_char_boundary(at) {
                at -= 1;
            }
        }
        fragment
    }

    fn start(&mut self, tag: Tag, range: &Range<usize>, span: Span) {
        if opens_block(&tag) {
            self.builder.begin_markdown();
        }
        match tag {
            Tag::HtmlBlock => {
                self.builder.close_block();
                self.html_block = true;
            }
            Tag::Heading { level, .. } => self.builder.enter(Zone::Heading, level_number(level)),
            Tag::BlockQuote(kind) => {
                let mark = callout_mark(&self.body[range.clone()]).map(|len| range.start + len);
                self.mark_end = mark.unwrap_or(0).max(self.mark_end);
                self.builder.enter(if mark.is_some() { Zone::Callout } else { quote_zone(kind) }, 0);
            }
            Tag::CodeBlock(kind) => {
                let named = match &kind {
                    CodeBlockKind::Fenced(info) => {
                        self.report_unclosed(range, span);
                        !names_no_language(info)
                    }
                    CodeBlockKind::Indented => false,
                };
                self.builder.enter_code(named);
            }
            Tag::Item => self.builder.enter(Zone::ListItem, 0),
            Tag::FootnoteDefinition(label) => {
                // blank lines behind a note are not part of it
                let text = self.body[range.clone()].trim_end();
                let span = (self.place)(&(range.start..range.start + text.len()));
                self.entries.push(ReferenceEntry { label: label.to_string(), destination: String::new(), source: span, footnote: true });
                self.builder.enter(Zone::Footnote, 0);
            }
            Tag::Table(_) => self.builder.table(),
            Tag::TableCell => self.builder.enter(Zone::Cell, 0),
            Tag::Emphasis => self.builder.mark(MarkKind::Emphasis),
            Tag::Strong => self.builder.mark(MarkKind::Strong),
            Tag::Strikethrough => self.builder.mark(MarkKind::Struck),
            Tag::Link { link_type, dest_url, .. } => {
                let kind = match link_type {
                    LinkType::Autolink | LinkType::Email => LinkKind::Auto,
                    LinkType::Inline | LinkType::WikiLink { .. } => LinkKind::Inline,
                    _ => LinkKind::Reference,
                };
                self.builder.link(kind, dest_url.to_string(), None, span);
            }
            Tag::Image { dest_url, .. } => {
                self.builder.link(LinkKind::Image, dest_url.to_string(), None, span);
                self.builder.beside(Zone::Alt);
            }
            Tag::Paragraph => self.builder.close_block(),
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd, span: Span) {
        if matches!(tag, TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::BlockQuote(_) | TagEnd::Item | TagEnd::FootnoteDefinition | TagEnd::TableCell) {
            html::end_markdown(self.builder);
        }
        match tag {
            TagEnd::HtmlBlock => {
                self.flush_html();
                self.html_block = false;
                self.builder.close_block();
            }
            TagEnd::Heading(_) | TagEnd::BlockQuote(_) | TagEnd::CodeBlock | TagEnd::Item | TagEnd::FootnoteDefinition => self.builder.leave(),
            TagEnd::TableCell => {
                self.builder.leave();
                self.builder.cell_end();
            }
            TagEnd::TableHead | TagEnd::TableRow => self.builder.row_end(),
            TagEnd::Table => self.builder.table_end(),
            TagEnd::Emphasis => self.builder.mark_end(MarkKind::Emphasis),
            TagEnd::Strong => self.builder.mark_end(MarkKind::Strong),
            TagEnd::Strikethrough => self.builder.mark_end(MarkKind::Struck),
            TagEnd::Link => self.builder.link_end(span.end),
            TagEnd::Image => {
                self.builder.beside_end();
                self.builder.link_end(span.end);
            }
            TagEnd::Paragraph => self.builder.close_block(),
            _ => {}
        }
    }

    /// A fence that is never closed makes code of the rest of the page, and code is not judged.
    fn report_unclosed(&mut self, range: &Range<usize>, span: Span) {
        let (block, behind) = (&self.body[range.clone()], &self.body[range.end..]);
        let fence = block.trim_start_matches(['`', '~']);
        let (mark, length) = (block.chars().next().unwrap_or('`'), block.len() - fence.len());
        let last = fence.trim_end().rsplit('\n').next().filter(|_| fence.trim_end().contains('\n')).unwrap_or_default();
        // the last line may stand behind the marks of quotations
        let last = last.trim_start_matches([' ', '\t', '>']);
        let closed = last.len() >= length && last.chars().all(|c| c == mark);
        if !closed && behind.trim().is_empty() && !fence.trim().is_empty() {
            let detail = "a code block is opened here and never closed: everything after it is code and was not judged";
            self.builder.issues.push(Issue::new("source/unread-body", Span::new(span.start, span.start + crate::span::offset(length)), detail));
        }
    }

    fn flush_html(&mut self) {
        if !self.fragment.is_empty() {
            let fragment = std::mem::take(&mut self.fragment);
            html::read(self.builder, &fragment);
        }
    }
}

/// Blocks of Markdown in which an HTML element ends that was opened there.
const fn opens_block(tag: &Tag) -> bool {
    matches!(tag, Tag::Paragraph | Tag::Heading { .. } | Tag::BlockQuote(_) | Tag::Item | Tag::FootnoteDefinition(_) | Tag::TableCell)
}

const fn level_number(level: HeadingLevel) -> u8 {
    match level {
        HeadingLevel::H1 => 1,
        HeadingLevel::H2 => 2,
        HeadingLevel::H3 => 3,
        HeadingLevel::H4 => 4,
        HeadingLevel::H5 => 5,
        HeadingLevel::H6 => 6,
    }
}

/// The length of what begins a callout of any name, with its fold sign, up to its title or text: `> [!tip]- `.
fn callout_mark(quote: &str) -> Option<usize> {
    let inner = quote.trim_start_matches([' ', '\t']).strip_prefix('>')?.trim_start_matches([' ', '\t']);
    let rest = inner.strip_prefix("[!")?;
    let name = rest.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b' ')).count();
    let rest = rest[name..].strip_prefix(']').filter(|_| (1..=LONGEST_NAME).contains(&name))?;
    let rest = rest.strip_prefix(['-', '+']).unwrap_or(rest);
    Some(quote.len() - rest.len())
}

const fn quote_zone(kind: Option<BlockQuoteKind>) -> Zone {
    if kind.is_some() { Zone::Callout } else { Zone::Quote }
}
