//! The builder every format writes to: it opens and closes blocks, keeps the map, and leaves out what nobody sees.

use std::collections::BTreeMap;

use super::fold::is_ignorable;
use super::reading_text::ReadingText;
use super::template::is_fill;
use super::unjudged::Unjudged;
use super::{Block, Cell, Citation, Issue, Link, LinkKind, Mark, MarkKind, Time, Zone};
use crate::span::{Span, offset};

/// Longest sign of a note, in bytes, and how far back the word before it is looked at, in characters.
const LONGEST_SIGN: usize = 12;
const LONGEST_WORD: usize = 32;

/// Bytes of a file for each of its blocks, roughly: only room is reserved by it.
const BYTES_PER_BLOCK: usize = 160;

/// Elements whose text is shown only by browsers that cannot show the element.
pub(super) const FALLBACK: &[&str] = &["noscript", "object", "audio", "video", "canvas"];

/// A link whose end has not been seen yet.
struct OpenLink {
    kind: LinkKind,
    destination: String,
    rel: Option<String>,
    source: Span,
    text_start: u32,
}

/// An open HTML element.
struct Element {
    name: String,
    hidden: bool,
    at: u32,
}

/// The block being written.
struct OpenBlock {
    zone: Zone,
    level: u8,
    start: u32,
    cell: Option<Cell>,
}

/// A container that text may come in.
#[derive(Clone, Copy)]
struct Container {
    zone: Zone,
    level: u8,
    /// The quotation, callout or footnote that it stands in, or is.
    around: Option<Zone>,
}

/// Text outside the flow (alternative text of an image), written as a block of its own after the current one.
struct Aside {
    zone: Zone,
    pieces: Vec<(String, Span)>,
}

/// Collects what the readers of the formats find.
pub(super) struct Builder<'s> {
    source: &'s str,
    masked: bool,
    reading: ReadingText,
    blocks: Vec<Block>,
    marks: Vec<Mark>,
    links: Vec<Link>,
    citations: Vec<Citation>,
    times: Vec<Time>,
    open: Option<OpenBlock>,
    /// Zone and level for text that comes with no block open, innermost last.
    zones: Vec<Container>,
    /// How many HTML elements were open when each Markdown container began: what was opened inside ends with it.
    depths: Vec<usize>,
    cell: Option<Cell>,
    /// Places in the tables around the innermost one.
    outer_cells: Vec<Option<Cell>>,
    tables: u32,
    asides: Vec<Aside>,
    /// Depth of what stands beside the line: text inside goes to the last aside.
    beside: u32,
    open_marks: Vec<(MarkKind, u32)>,
    open_links: Vec<OpenLink>,
    elements: Vec<Element>,
    /// How many elements of each name are open: an end tag without a start is not looked for.
    open_names: BTreeMap<String, u32>,
    hidden: u32,
    collapsed: u32,
    /// The code block that is open names its language.
    named_code: bool,
    unjudged: Unjudged,
    /// Parse problems.
    pub issues: Vec<Issue>,
    /// Comments, signs around them included.
    pub comments: Vec<Span>,
}

/// What the builder has collected.
pub(super) struct Built {
    pub reading: ReadingText,
    pub blocks: Vec<Block>,
    pub marks: Vec<Mark>,
    pub links: Vec<Link>,
    pub citations: Vec<Citation>,
    pub times: Vec<Time>,
    pub issues: Vec<Issue>,
    pub comments: Vec<Span>,
}

impl<'s> Builder<'s> {
    /// A builder over the text of the whole file. `masked`: template tags were overwritten in what the reader is given.
    pub fn new(source: &'s str, masked: bool) -> Self {
        Self {
            source,
            masked,
            reading: ReadingText::with_room_for(source.len()),
            blocks: Vec::with_capacity(source.len() / BYTES_PER_BLOCK),
            marks: Vec::new(),
            links: Vec::new(),
            citations: Vec::new(),
            times: Vec::new(),
            open: None,
            zones: Vec::new(),
            depths: Vec::new(),
            cell: None,
            outer_cells: Vec::new(),
            tables: 0,
            asides: Vec::new(),
            beside: 0,
            open_marks: Vec::new(),
            open_links: Vec::new(),
            elements: Vec::new(),
            open_names: BTreeMap::new(),
            hidden: 0,
            collapsed: 0,
            named_code: false,
            unjudged: Unjudged::default(),
            issues: Vec::new(),
            comments: Vec::new(),
        }
    }

    /// The text of the whole file.
    pub const fn source(&self) -> &'s str {
        self.source
    }

    /// Enters a container: text that comes with no block open belongs to this zone.
    pub fn enter(&mut self, zone: Zone, level: u8) {
        self.close_block();
        let around = if matches!(zone, Zone::Quote | Zone::Callout | Zone::Footnote) { Some(zone) } else { self.zones.last().and_then(|outer| outer.around) };
        self.zones.push(Container { zone, level, around });
    }

    /// Enters a block of code. `named`: its language is.
    pub fn enter_code(&mut self, named: bool) {
        self.enter(Zone::Code, 0);
        self.named_code = named;
    }

    /// The code block that is open names its language after all.
    pub const fn name_code(&mut self) {
        self.named_code = true;
    }

    /// Whether the text that comes is hidden as what stands in for an element.
    fn is_fallback(&self) -> bool {
        FALLBACK.iter().any(|name| self.is_open(name)) && !["script", "style", "template"].iter().any(|name| self.is_open(name))
    }

    /// Text at `span` that is shown only where an element cannot be.
    pub fn fallback(&mut self, text: &str, span: Span) {
        self.unjudged.fallback(text, || span);
    }

    /// Leaves the innermost container.
    pub fn leave(&mut self) {
        self.close_block();
        self.zones.pop();
    }

    /// The zone of text that would come now.
    fn zone(&self) -> (Zone, u8) {
        let Some(inner) = self.zones.last() else { return (Zone::Paragraph, 0) };
        match inner.around {
            // a list inside a quotation is quoted, a paragraph inside a callout is a callout
            Some(around) if matches!(inner.zone, Zone::Paragraph | Zone::ListItem) => (around, 0),
            _ => (inner.zone, inner.level),
        }
    }

    /// Text that a reader reads, standing at `span` of the file. Decoded text may differ from the bytes there.
    pub fn text(&mut self, piece: &str, span: Span) {
        if self.hidden > 0 || piece.is_empty() {
            if self.hidden > 0 && self.is_fallback() {
                self.fallback(piece, span);
            }
            return;
        }
        if self.masked && piece.contains(is_fill) {
            return self.text_around_fill(piece, span);
        }
        if self.beside > 0 {
            if let Some(aside) = self.asides.last_mut() {
                aside.pieces.push((piece.to_owned(), span));
            }
            return;
        }
        if self.is_raised() && self.is_note_sign(piece) {
            return;
        }
        if self.open.is_none() {
            if piece.trim().is_empty() {
                return;
            }
            let (zone, level) = self.zone();
            // a caption speaks of its table and is no cell of it
            let cell = self.cell.filter(|_| zone != Zone::Caption);
            self.open = Some(OpenBlock { zone, level, start: self.reading.len(), cell });
        }
        push(&mut self.reading, self.source, piece, span);
    }

    fn text_around_fill(&mut self, piece: &str, span: Span) {
        let exact = piece.len() == span.len() as usize;
        let mut at = 0;
        for (i, part) in piece.split(is_fill).enumerate() {
            if i > 0 {
                at += piece[at..].chars().next().map_or(0, char::len_utf8);
            }
            let start = if exact { span.start + offset(at) } else { span.start };
            let end = if exact { start + offset(part.len()) } else { span.end };
            self.text(part, Span::new(start, end));
            at += part.len();
        }
    }

    /// A line break inside a block.
    pub fn line_break(&mut self, span: Span, read_as: &str) {
        if self.hidden > 0 {
            return;
        }
        if self.beside > 0 {
            if let Some(aside) = self.asides.last_mut() {
                aside.pieces.push((" ".to_owned(), span));
            }
        } else if self.open.is_some() {
            self.reading.push_for(read_as, span);
        }
    }

    /// Ends the open block, if any, and writes the asides that waited for it.
    pub fn close_block(&mut self) {
        if let Some(open) = self.open.take() {
            self.finish(&open);
        }
        if self.beside == 0 {
            for aside in std::mem::take(&mut self.asides) {
                self.write_aside(&aside);
            }
        }
    }

    /// Writes a block that stands for itself: a value of the front matter, an alternative text.
    pub fn whole_block(&mut self, zone: Zone, piece: &str, span: Span) {
        self.close_block();
        if piece.trim().is_empty() || self.hidden > 0 {
            return;
        }
        let start = self.reading.len();
        push(&mut self.reading, self.source, piece, span);
        self.finish(&OpenBlock { zone, level: 0, start, cell: None });
    }

    fn write_aside(&mut self, aside: &Aside) {
        if aside.pieces.iter().all(|(piece, _)| piece.trim().is_empty()) {
            return;
        }
        let start = self.reading.len();
        for (piece, span) in &aside.pieces {
            push(&mut self.reading, self.source, piece, *span);
        }
        self.finish(&OpenBlock { zone: aside.zone, level: 0, start, cell: None });
    }

    fn finish(&mut self, open: &OpenBlock) {
        let range = open.start..self.reading.len();
        if self.reading.slice(range.clone()).trim().is_empty() {
            return;
        }
        if open.zone == Zone::Code && !self.named_code {
            self.unjudged_code(range.clone());
        }
        self.blocks.push(Block {
            zone: open.zone,
            level: open.level,
            text: range.clone(),
            cell: open.cell,
            collapsed: self.collapsed > 0,
            section: None,
            words: 0,
            entry: false,
        });
        let end = self.reading.source_span(range).end;
        self.reading.push_for("\n", Span::new(end, end));
    }

    /// Tells sentences in code that names no language, at their first and last words.
    fn unjudged_code(&mut self, range: std::ops::Range<u32>) {
        let text = self.reading.slice(range.clone());
        let start = range.start + offset(text.len() - text.trim_start().len());
        let end = start + offset(text.trim().len());
        self.unjudged.code(text, || self.reading.source_span(start..end));
    }

    /// Text aside from the flow at `span`, such as an `alt` attribute.
    pub fn aside(&mut self, zone: Zone, piece: String, span: Span) {
        if self.hidden > 0 {
            return;
        }
        // attribute values have their line ends normalised: each line is set against its own bytes
        let written: Vec<&str> = self.source.get(span.range()).unwrap_or_default().split('\n').collect();
        let lines: Vec<&str> = piece.split('\n').collect();
        if lines.len() < 2 || written.len() != lines.len() {
            self.asides.push(Aside { zone, pieces: vec![(piece, span)] });
            return;
        }
        let mut pieces = Vec::new();
        let mut at = span.start;
        for (i, (line, bytes)) in lines.iter().zip(&written).enumerate() {
            let body = bytes.trim_end_matches('\r');
            let end = at + offset(body.len());
            pieces.push(((*line).to_owned(), Span::new(at, end)));
            if i + 1 < lines.len() {
                pieces.push((" ".to_owned(), Span::new(end, at + offset(bytes.len()) + 1)));
            }
            at += offset(bytes.len()) + 1;
        }
        self.asides.push(Aside { zone, pieces });
    }

    /// The same in pieces that know their bytes.
    pub fn aside_pieces(&mut self, zone: Zone, pieces: Vec<(String, Span)>) {
        if self.hidden == 0 {
            self.asides.push(Aside { zone, pieces });
        }
    }

    /// Begins text that stands beside the line and not in it: the alternative text of an image, the annotation over a word. It becomes a
    /// block of its own behind the one that is open.
    pub fn beside(&mut self, zone: Zone) {
        if self.beside == 0 {
            self.asides.push(Aside { zone, pieces: Vec::new() });
        }
        self.beside += 1;
    }

    /// Ends it.
    pub fn beside_end(&mut self) {
        self.beside = self.beside.saturating_sub(1);
        if self.beside == 0 && self.open.is_none() {
            self.close_block();
        }
    }

    /// Whether text that comes now stands in `<sup>`, itself or as the text of a link.
    fn is_raised(&self) -> bool {
        self.elements.iter().rev().take(3).take_while(|element| matches!(element.name.as_str(), "sup" | "a" | "span")).any(|element| element.name == "sup")
    }

    /// Whether raised text is the sign of a note: digits or signs right behind a word, a price or the end of a clause. It would become part of the
    /// word otherwise, and a digit of the price. Behind a short word or a plain number it is an exponent (`m²`, `10⁶`) and is read.
    pub fn is_note_sign(&self, raised: &str) -> bool {
        let sign = raised.trim();
        let is_sign = |c: char| c.is_ascii_digit() || matches!(c, ',' | ' ' | '-' | '\u{2013}' | '*' | '\u{2020}' | '\u{2021}' | '\u{a7}' | '\u{b6}');
        let Some(open) = self.open.as_ref().filter(|_| self.beside == 0 && !sign.is_empty() && sign.len() <= LONGEST_SIGN && sign.chars().all(is_sign)) else {
            return false;
        };
        let before = self.reading.slice(open.start..self.reading.len());
        let mut word = before.chars().rev().take(LONGEST_WORD).take_while(|c| !c.is_whitespace()).filter(|c| !is_ignorable(*c)).peekable();
        match word.peek() {
            Some(c) if c.is_alphabetic() => word.take_while(|c| c.is_alphabetic()).nth(2).is_some(),
            Some(c) if c.is_ascii_digit() => word.any(|c| matches!(c, '$' | '\u{20ac}' | '\u{a3}' | '\u{a5}' | ',')),
            Some(c) => matches!(c, '.' | ',' | ';' | ':' | '!' | '?' | ')' | '%' | '"' | '\u{201d}' | '\u{2019}'),
            None => false,
        }
    }

    /// Begins emphasised, struck or code text.
    pub fn mark(&mut self, kind: MarkKind) {
        self.open_marks.push((kind, self.reading.len()));
    }

    /// Ends it.
    pub fn mark_end(&mut self, kind: MarkKind) {
        if let Some(i) = self.open_marks.iter().rposition(|(open, _)| *open == kind) {
            let (_, start) = self.open_marks.remove(i);
            self.push_mark(kind, start);
        }
    }

    fn push_mark(&mut self, kind: MarkKind, start: u32) {
        let end = self.reading.len();
        if end > start {
            if kind == MarkKind::Code && self.open.as_ref().is_some_and(|open| open.zone != Zone::Code) {
                self.unjudged_code(start..end);
            }
            self.marks.push(Mark { kind, text: start..end });
        }
    }

    /// Code inside a line.
    pub fn code(&mut self, piece: &str, span: Span) {
        let inner = self.source.get(span.range()).unwrap_or_default();
        let ticks = inner.bytes().take_while(|byte| *byte == b'`').count();
        let within = Span::of(span.start as usize + ticks..(span.end as usize - ticks).max(span.start as usize + ticks));
        let exact = inner.find(piece).map_or(within, |i| Span::of(span.start as usize + i..span.start as usize + i + piece.len()));
        if self.beside > 0 {
            return self.text(piece, exact);
        }
        let start = self.reading.len();
        if self.open.is_none() && piece.trim().is_empty() {
            return;
        }
        // code that runs over lines is read with a space for each line end: every line is set against its own bytes
        let mut left = piece;
        let mut at = exact.start;
        let written = self.source.get(exact.range()).unwrap_or_default();
        let over_lines = written.contains('\n');
        for line in written.split_inclusive('\n').take_while(|_| over_lines) {
            let body = line.trim_end_matches(['\n', '\r']);
            let shown = if left.starts_with(body) { body } else { body.trim() };
            let Some(rest) = left.strip_prefix(shown) else { break };
            let from = at + offset(body.find(shown).unwrap_or(0));
            self.text(shown, Span::new(from, from + offset(shown.len())));
            let end = at + offset(line.len());
            left = rest;
            if let Some(rest) = left.strip_prefix(' ').filter(|_| body.len() < line.len()) {
                self.text(" ", Span::new(at + offset(body.len()), end));
                // pulldown-cmark makes two spaces of the two bytes of CRLF
                left = rest.strip_prefix(' ').filter(|_| line.ends_with("\r\n")).unwrap_or(rest);
            }
            at = end;
        }
        self.text(left, Span::new(at.min(exact.end), exact.end));
        self.push_mark(MarkKind::Code, start);
    }

    /// Begins a link.
    pub fn link(&mut self, kind: LinkKind, destination: String, rel: Option<String>, source: Span) {
        let text_start = self.reading.len();
        self.open_links.push(OpenLink { kind, destination, rel, source, text_start });
    }

    /// Ends the innermost link; its source is extended to `end`.
    pub fn link_end(&mut self, end: u32) {
        if let Some(open) = self.open_links.pop() {
            let source = Span::new(open.source.start, open.source.end.max(end));
            self.links.push(Link {
                kind: open.kind,
                destination: open.destination,
                rel: open.rel,
                source,
                text: open.text_start..self.reading.len(),
                block: offset(self.blocks.len()),
                visible: self.hidden == 0,
            });
        }
    }

    /// A reference to a footnote or a source list entry.
    pub fn citation(&mut self, label: String, source: Span) {
        let at = self.reading.len();
        self.citations.push(Citation { label, at, source });
    }

    /// Begins a table.
    pub fn table(&mut self) {
        self.close_block();
        self.outer_cells.push(self.cell);
        self.cell = Some(Cell { table: self.tables, row: 0, column: 0 });
        self.tables += 1;
    }

    /// Moves to the next row of the table.
    pub fn row_end(&mut self) {
        self.close_block();
        if let Some(cell) = &mut self.cell {
            cell.row += 1;
            cell.column = 0;
        }
    }

    /// Ends a cell.
    pub fn cell_end(&mut self) {
        self.close_block();
        if let Some(cell) = &mut self.cell {
            cell.column += 1;
        }
    }

    /// Leaves columns out: a cell is wider than one, or another reaches down from above.
    pub fn skip_columns(&mut self, columns: u32) {
        if let Some(cell) = &mut self.cell {
            cell.column = cell.column.saturating_add(columns);
        }
    }

    /// Ends the table. What stands around it in a cell of another is of that cell again.
    pub fn table_end(&mut self) {
        self.close_block();
        self.cell = self.outer_cells.pop().flatten();
    }

    /// Hides what follows, or shows it; for readers that keep account of hidden elements themselves.
    pub fn hide(&mut self, hidden: bool) {
        self.hidden = u32::from(hidden);
    }

    /// Whether what would come now is seen by nobody.
    pub const fn is_hidden(&self) -> bool {
        self.hidden > 0
    }

    /// A reader must open what follows first, or (`false`) no more.
    pub fn collapse(&mut self, collapsed: bool) {
        self.collapsed = if collapsed { self.collapsed + 1 } else { self.collapsed.saturating_sub(1) };
    }

    /// Where the next text will stand in the reading text.
    pub fn reading_len(&self) -> u32 {
        self.reading.len()
    }

    /// The text since `start` names a moment that is also written for machines.
    pub fn time(&mut self, start: u32, moment: &str) {
        if self.hidden == 0 && self.open.is_some() && start < self.reading.len() {
            self.times.push(Time { text: start..self.reading.len(), moment: moment.trim().to_owned() });
        }
    }

    /// Opens an HTML element. `hidden`: no reader sees what is in it.
    pub fn element(&mut self, name: &str, hidden: bool, at: u32) {
        if hidden {
            self.hidden += 1;
        }
        if name == "details" {
            self.collapsed += 1;
        }
        *self.open_names.entry(name.to_owned()).or_insert(0) += 1;
        self.elements.push(Element { name: name.to_owned(), hidden, at });
    }

    /// Closes the innermost open element of that name and all within it. Returns the names closed, innermost first.
    pub fn element_end(&mut self, name: &str) -> Vec<String> {
        if self.open_names.get(name).is_none_or(|count| *count == 0) {
            return Vec::new();
        }
        let Some(i) = self.elements.iter().rposition(|element| element.name == name) else { return Vec::new() };
        let closed = self.elements.split_off(i);
        for element in &closed {
            self.hidden -= u32::from(element.hidden);
            if let Some(count) = self.open_names.get_mut(&element.name) {
                *count = count.saturating_sub(1);
            }
            if element.name == "details" {
                self.collapsed = self.collapsed.saturating_sub(1);
            }
        }
        closed.into_iter().rev().map(|element| element.name).collect()
    }

    /// Begins a Markdown block: a paragraph or a container. An open `<p>` ends before it, as in a browser.
    pub fn begin_markdown(&mut self) {
        if self.innermost() == Some("p") {
            self.element_end("p");
        }
        self.depths.push(self.elements.len());
    }

    /// Ends a Markdown block: elements that were opened inside and not closed end with it.
    pub fn end_markdown(&mut self) -> Vec<String> {
        let depth = self.depths.pop().unwrap_or(0);
        let mut closed = Vec::new();
        while self.elements.len() > depth {
            let Some(name) = self.elements.last().map(|element| element.name.clone()) else { break };
            closed.extend(self.element_end(&name));
        }
        closed
    }

    /// Whether an element of that name is open.
    pub fn is_open(&self, name: &str) -> bool {
        self.open_names.get(name).is_some_and(|count| *count > 0)
    }

    /// Whether text stands beside the line.
    pub const fn is_beside(&self) -> bool {
        self.beside > 0
    }

    /// The name of the innermost open element.
    pub fn innermost(&self) -> Option<&str> {
        self.elements.last().map(|element| element.name.as_str())
    }

    /// Ends everything. A hidden element that was never closed hid the rest of the file: that is an issue.
    pub fn finish_all(mut self) -> Built {
        self.beside = 0;
        let unclosed = self.elements.iter().find(|element| element.hidden).map(|element| (element.name.clone(), element.at));
        if let Some((name, at)) = unclosed {
            let detail = format!("`<{name}>` is opened here and never closed: everything after it is hidden");
            self.issues.push(Issue::new("source/unread-body", Span::new(at, at + 1), detail));
        }
        self.close_block();
        self.issues.extend(self.unjudged.issues());
        self.marks.sort_by_key(|mark| (mark.text.start, mark.text.end));
        Built {
            reading: self.reading,
            blocks: self.blocks,
            marks: self.marks,
            links: self.links,
            citations: self.citations,
            times: self.times,
            issues: self.issues,
            comments: self.comments,
        }
    }
}

fn push(reading: &mut ReadingText, source: &str, piece: &str, span: Span) {
    if source.get(span.range()) == Some(piece) {
        reading.push_exact(piece, span.start);
    } else {
        reading.push_for(piece, span);
    }
}
