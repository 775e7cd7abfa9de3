//! A page of HTML into the builder: the tree is walked in reading order, its main content is written, the rest is left out.
//!
//! ```text
//! bytes → lexer → tree ─┬─ content: what is shown, where the article is ─┬→ walk → Builder
//!                       ├─ notes: footnotes and their marks ─────────────┘
//!                       └─ head: title, meta, JSON-LD → roles
//! ```
//!
//! Nothing here recurses, and every step looks at a node a fixed number of times.

use super::super::build::Builder;
use super::super::unjudged::{class_names_language, words_outside_tags};
use super::super::{Issue, LinkKind, MarkKind, ReferenceEntry, Zone};
use super::content::{self, Content, Look, PageOptions};
use super::head::{self, Head};
use super::names::{Style, is_heading};
use super::notes::{self, Notes};
use super::tree::{Kind, NONE, Tree};
use super::{BLOCKS, Fragment, Tag, entities, lines};
use crate::span::{Span, offset};

/// A page, parsed.
pub struct Page {
    fragment: Fragment,
    tree: Tree,
    looks: Vec<Look>,
    content: Content,
    notes: Notes,
    /// What it says of itself.
    pub head: Head,
}

/// Classes of boxes that stand beside the argument (`> [!NOTE]` in Markdown).
const CALLOUTS: &[&str] = &["admonition", "callout", "markdown-alert", "alert", "notice", "infobox", "wp-block-notice", "theme-admonition"];
/// Elements whose end tag may be left out: nothing was forgotten where one of these ends with the file.
const MAY_STAY_OPEN: &[&str] = &["html", "head", "body", "p", "li", "dd", "dt", "td", "th", "tr", "tbody", "thead", "tfoot", "option", "optgroup", "rp", "rt"];
/// Columns of a table whose cells may reach down over rows; beyond, a cell counts where it stands.
const MOST_COLUMNS: usize = 1000;

impl Page {
    /// Parses `text`, which begins at byte `base` of its file.
    pub fn parse(text: &str, base: usize, options: &PageOptions) -> Self {
        let mut fragment = Fragment::default();
        fragment.push(text, offset(base));
        let tree = Tree::read(text);
        let looks = content::looks(&tree, text, options);
        let content = content::find(&tree, &looks, text, options);
        let notes = notes::find(&tree, &fragment);
        let head = head::read(&tree, &looks, &fragment);
        Self { fragment, tree, looks, content, notes, head }
    }

    /// Writes what readers read. Returns the notes.
    pub fn write(&self, builder: &mut Builder) -> Vec<ReferenceEntry> {
        let mut writer = Writer {
            page: self,
            builder,
            open: Vec::new(),
            marks: Vec::new(),
            marked: vec![false; self.tree.nodes.len()],
            away: 0,
            tables: Vec::new(),
            entries: Vec::new(),
        };
        for root in &self.content.roots {
            writer.root(*root);
        }
        let entries = writer.entries;
        builder.comments.extend(self.tree.comments.iter().map(|range| self.fragment.span(range.start as usize, range.end as usize)));
        self.report(builder);
        entries
    }

    fn report(&self, builder: &mut Builder) {
        let never = "is opened here and never closed: everything after it is hidden";
        if let Some((what, at)) = self.tree.cut {
            let span = self.fragment.span(at as usize, at as usize + 1);
            builder.issues.push(Issue::new("source/unread-body", span, format!("{what} {never}")));
        }
        let unclosed = (0..offset(self.tree.nodes.len())).find_map(|at| {
            let tag = self.tree.tag(at).filter(|_| !self.tree.node(at).closed && !self.looks[at as usize].inert)?;
            let veiled = tag.get("style").is_some_and(|style| Style::read(style).veil() == Some(true));
            let hides = tag.is_hidden_on_a_page() || veiled;
            (hides && !MAY_STAY_OPEN.contains(&tag.name.as_str())).then_some(tag)
        });
        if let Some(tag) = unclosed {
            let span = self.fragment.span(tag.start, tag.start + 1);
            builder.issues.push(Issue::new("source/unread-body", span, format!("`<{}>` {never}", tag.name)));
        }
        if let Some((at, words)) = self.content.outside
            && let Kind::Text { range, .. } = &self.tree.node(at).kind
        {
            let written = self.fragment.slice(range.start as usize, range.end as usize).unwrap_or_default();
            let start = range.start as usize + (written.len() - written.trim_start().len());
            let span = self.fragment.span(start, start + written.trim().len());
            builder.issues.push(Issue::new("source/outside-content", span, words.to_string()));
        }
    }
}

/// What the end of an element does.
#[derive(Clone, Copy)]
enum Close {
    Nothing,
    Block,
    Zone,
    Cell,
    Row,
    Table,
    Mark(MarkKind),
    /// What stands beside the line.
    Beside,
    /// Where the text of `<time>` begins.
    Time(u32),
}

/// An element that is being written.
struct Open {
    close: Close,
    /// `Some(true)`: `<details>` that is closed; `Some(false)`: the part of it that is always shown.
    details: Option<bool>,
}

/// Where the next cell of a table stands.
#[derive(Default)]
struct Grid {
    row: u32,
    column: u32,
    /// For each column the first row that no cell from above reaches into.
    free: Vec<u32>,
}

struct Writer<'p, 'b, 's> {
    page: &'p Page,
    builder: &'b mut Builder<'s>,
    open: Vec<Open>,
    /// Marks that were begun inside the root.
    marks: Vec<u32>,
    marked: Vec<bool>,
    /// How many open marks hide their text.
    away: u32,
    tables: Vec<Grid>,
    entries: Vec<ReferenceEntry>,
}

impl Writer<'_, '_, '_> {
    fn root(&mut self, root: u32) {
        let tree = &self.page.tree;
        self.builder.close_block();
        let mut at = root;
        'walk: loop {
            self.begin(at);
            if tree.node(at).first != NONE {
                at = tree.node(at).first;
                continue;
            }
            self.finish(at);
            while at != root {
                let node = tree.node(at);
                if node.next != NONE {
                    at = node.next;
                    continue 'walk;
                }
                at = node.parent;
                self.finish(at);
            }
            break;
        }
        for mark in std::mem::take(&mut self.marks) {
            self.end_mark(mark);
        }
        self.builder.close_block();
    }

    fn show(&mut self, at: u32) {
        let look = self.page.looks[at as usize];
        self.builder.hide(!look.is_seen() || look.skipped || self.away > 0);
    }

    fn span(&self, tag: &Tag) -> Span {
        self.page.fragment.span(tag.start, tag.end)
    }

    fn begin(&mut self, at: u32) {
        self.show(at);
        match self.page.tree.node(at).kind.clone() {
            Kind::Text { range, raw } => {
                let (from, to) = (range.start as usize, range.end as usize);
                let raised = self.stands_in(at, &["sup"]) && self.page.fragment.slice(from, to).is_some_and(|text| self.builder.is_note_sign(text));
                let fragment = &self.page.fragment;
                if self.page.looks[at as usize].is_fallback()
                    && let Some(text) = fragment.slice(from, to)
                {
                    self.builder.fallback(text, fragment.span(from, to));
                }
                if !raised {
                    self.text(from, to, raw);
                }
            }
            Kind::Mark(_) => self.begin_mark(at),
            Kind::MarkEnd(mark) => self.end_mark(mark),
            Kind::Element(_) => self.element(at),
        }
    }

    fn finish(&mut self, at: u32) {
        if !matches!(self.page.tree.node(at).kind, Kind::Element(_)) {
            return;
        }
        let Some(open) = self.open.pop() else { return };
        self.show(at);
        match open.close {
            Close::Nothing => {}
            Close::Block => self.builder.close_block(),
            Close::Zone => self.builder.leave(),
            Close::Cell => {
                self.builder.leave();
                let tag = self.page.tree.tag(at);
                let number = |name: &str, most: u32| tag.and_then(|tag| tag.get(name)?.trim().parse::<u32>().ok()).unwrap_or(1).clamp(1, most);
                self.cell_end(number("colspan", 1000), number("rowspan", 65534));
            }
            Close::Row => {
                self.builder.row_end();
                if let Some(grid) = self.tables.last_mut() {
                    grid.row += 1;
                    grid.column = 0;
                }
            }
            Close::Table => {
                self.builder.table_end();
                self.tables.pop();
            }
            Close::Mark(kind) => self.builder.mark_end(kind),
            Close::Beside => self.builder.beside_end(),
            Close::Time(start) => {
                if let Some(moment) = self.page.tree.tag(at).and_then(|tag| tag.get("datetime")) {
                    self.builder.time(start, moment);
                }
            }
        }
        if let Some(closed) = open.details {
            self.builder.close_block();
            self.builder.collapse(!closed);
        }
    }

    /// Bytes of text; NUL is no character of a page.
    fn text(&mut self, from: usize, to: usize, raw: bool) {
        let fragment = &self.page.fragment;
        let Some(written) = fragment.slice(from, to) else { return };
        let mut at = from;
        for piece in written.split('\0') {
            if raw {
                lines(self.builder, fragment, piece, at);
            } else {
                entities(self.builder, fragment, piece, at);
            }
            at += piece.len() + 1;
        }
    }

    fn begin_mark(&mut self, at: u32) {
        let page = self.page;
        let Some(tag) = page.tree.tag(at) else { return };
        self.marked[at as usize] = true;
        self.marks.push(at);
        let style = tag.get("style").map(Style::read).unwrap_or_default();
        if let Some(label) = page.notes.marks.get(&at) {
            if !self.builder.is_hidden() {
                let end = page.tree.node(at).end as usize;
                self.builder.citation(label.clone(), page.fragment.span(tag.start, end.max(tag.end)));
            }
            self.away += 1;
        } else if page.notes.signs.contains(&at) || tag.is_hidden_on_a_page() || style.veil() == Some(true) {
            self.away += 1;
        }
        self.show(at);
        if tag.name == "code" && tag.get("class").is_some_and(class_names_language) {
            self.builder.name_code();
        }
        if let Some(kind) = mark_kind(&tag.name) {
            self.builder.mark(kind);
        } else if let Some(destination) = tag.get("href").filter(|_| tag.name == "a") {
            let span = self.span(tag);
            self.builder.link(LinkKind::Html, destination.trim().to_owned(), tag.get("rel").map(str::to_owned), span);
        }
        if style.is_block() == Some(true) {
            self.builder.close_block();
        }
    }

    fn end_mark(&mut self, at: u32) {
        let page = self.page;
        if !std::mem::take(&mut self.marked[at as usize]) {
            return;
        }
        let Some(tag) = page.tree.tag(at) else { return };
        self.show(at);
        if let Some(kind) = mark_kind(&tag.name) {
            self.builder.mark_end(kind);
        } else if tag.name == "a" && tag.get("href").is_some() {
            let end = page.tree.node(at).end as usize;
            self.builder.link_end(page.fragment.span(tag.start, end.max(tag.end)).end);
        }
        let style = tag.get("style").map(Style::read).unwrap_or_default();
        let hides = page.notes.marks.contains_key(&at) || page.notes.signs.contains(&at) || tag.is_hidden_on_a_page() || style.veil() == Some(true);
        self.away -= u32::from(hides);
        if style.is_block() == Some(true) {
            self.builder.close_block();
        }
    }

    fn element(&mut self, at: u32) {
        let page = self.page;
        let mut open = Open { close: Close::Nothing, details: None };
        let Some(tag) = page.tree.element(at) else {
            open.close = self.drawn(at);
            return self.open.push(open);
        };
        let above = page.looks.get(page.tree.node(at).parent as usize).is_none_or(|look| look.is_seen() && !look.skipped);
        if let Some(shown) = tag.get("srcdoc").filter(|shown| tag.name == "iframe" && above && words_outside_tags(shown) > 0) {
            let start = self.span(tag).start;
            self.builder.issues.push(Issue::new("source/unread-body", Span::new(start, start + 1), super::unread_frame(shown)));
        }
        // what takes no place breaks no line
        if page.looks[at as usize].gone {
            return self.open.push(open);
        }
        let style = tag.get("style").map(Style::read).unwrap_or_default();
        let name = tag.name.as_str();
        let is_block = style.is_block().unwrap_or_else(|| BLOCKS.contains(&name) || MORE_BLOCKS.contains(&name));
        if is_block {
            self.builder.close_block();
        }
        let parent_is_closed = || {
            let above = page.tree.node(at).parent;
            above != NONE && page.tree.element(above).is_some_and(|tag| tag.name == "details" && tag.get("open").is_none())
        };
        let closed = match name {
            "details" if tag.get("open").is_none() => Some(true),
            _ if tag.get("hidden").is_some() => Some(true),
            "summary" if parent_is_closed() => Some(false),
            _ => None,
        };
        if let Some(closed) = closed {
            self.builder.close_block();
            self.builder.collapse(closed);
            open.details = Some(closed);
        }
        open.close = self.effect(at, tag, is_block);
        self.open.push(open);
    }

    /// What a part of a drawing or formula does where it begins: its texts stand beside the line. Returns what its end does.
    fn drawn(&mut self, at: u32) -> Close {
        let Some(tag) = self.page.tree.tag(at).filter(|_| !self.page.looks[at as usize].gone) else { return Close::Nothing };
        match tag.name.as_str() {
            "text" | "title" | "desc" => {
                self.builder.beside(Zone::Alt);
                Close::Beside
            }
            // a line of its own
            "tspan" if ["x", "y", "dy"].iter().any(|name| tag.get(name).is_some()) => {
                let span = self.span(tag);
                self.builder.line_break(span, " ");
                Close::Nothing
            }
            "foreignobject" => {
                self.builder.close_block();
                Close::Block
            }
            _ => Close::Nothing,
        }
    }

    /// What an element does where it begins. Returns what its end does.
    fn effect(&mut self, at: u32, tag: &Tag, is_block: bool) -> Close {
        let name = tag.name.as_str();
        let zone = |writer: &mut Self, zone: Zone, level: u8| {
            writer.builder.enter(zone, level);
            Close::Zone
        };
        if let Some(label) = self.page.notes.definitions.get(&at) {
            let span = self.page.fragment.span(tag.start, self.page.tree.node(at).end as usize);
            if !self.builder.is_hidden() {
                self.entries.push(ReferenceEntry { label: label.clone(), destination: String::new(), source: span, footnote: true });
            }
            return zone(self, Zone::Footnote, 0);
        }
        if let Some((attribute, zone)) = super::shown_attribute(tag) {
            self.attribute(tag, attribute, zone);
        }
        match name {
            "br" => {
                let span = self.span(tag);
                self.builder.line_break(span, "\n");
                Close::Nothing
            }
            "hr" => {
                self.builder.close_block();
                Close::Nothing
            }
            "img" => {
                let span = self.span(tag);
                if let Some(address) = tag.get("src") {
                    self.builder.link(LinkKind::Image, address.trim().to_owned(), None, span);
                    self.builder.link_end(span.end);
                }
                Close::Nothing
            }
            "rt" if self.stands_in(at, &["ruby", "rtc"]) => {
                self.builder.beside(Zone::Caption);
                Close::Beside
            }
            _ if is_heading(name) => zone(self, Zone::Heading, name.as_bytes()[1] - b'0'),
            _ if tag.has_word("role", &["heading"]) => {
                let level = tag.get("aria-level").and_then(|level| level.trim().parse().ok()).unwrap_or(2);
                zone(self, Zone::Heading, level.clamp(1, 6))
            }
            _ if is_block && (tag.has_word("role", &["note"]) || tag.has_word("class", CALLOUTS)) => zone(self, Zone::Callout, 0),
            "blockquote" => zone(self, Zone::Quote, 0),
            "li" | "dd" | "dt" => zone(self, Zone::ListItem, 0),
            "figcaption" | "caption" => zone(self, Zone::Caption, 0),
            "pre" | "listing" | "xmp" => {
                self.builder.enter_code(tag.get("class").is_some_and(class_names_language));
                Close::Zone
            }
            "option" | "textarea" => {
                self.builder.beside(Zone::Alt);
                Close::Beside
            }
            "table" => {
                self.builder.table();
                self.tables.push(Grid::default());
                Close::Table
            }
            "tr" => {
                self.builder.close_block();
                Close::Row
            }
            "td" | "th" => {
                self.cell();
                Close::Cell
            }
            "time" => Close::Time(self.builder.reading_len()),
            _ => match mark_kind(name) {
                Some(kind) => {
                    self.builder.mark(kind);
                    Close::Mark(kind)
                }
                None if is_block => Close::Block,
                None => Close::Nothing,
            },
        }
    }

    /// Whether the element around a node has one of these names.
    fn stands_in(&self, at: u32, names: &[&str]) -> bool {
        let parent = self.page.tree.node(at).parent;
        parent != NONE && self.page.tree.element(parent).is_some_and(|tag| names.contains(&tag.name.as_str()))
    }

    fn attribute(&mut self, tag: &Tag, name: &str, zone: Zone) {
        if let Some((_, value, span)) = tag.attributes.iter().find(|(key, ..)| key == name) {
            let span = self.page.fragment.span(span.start as usize, span.end as usize);
            self.builder.aside(zone, value.clone(), span);
        }
    }

    /// Begins a cell behind those that reach down from the rows above.
    fn cell(&mut self) {
        if let Some(grid) = self.tables.last_mut() {
            while grid.free.get(grid.column as usize).is_some_and(|free| *free > grid.row) {
                grid.column += 1;
                self.builder.skip_columns(1);
            }
        }
        self.builder.enter(Zone::Cell, 0);
    }

    fn cell_end(&mut self, columns: u32, rows: u32) {
        self.builder.cell_end();
        self.builder.skip_columns(columns - 1);
        let Some(grid) = self.tables.last_mut() else { return };
        let from = grid.column as usize;
        grid.column = grid.column.saturating_add(columns);
        let to = (grid.column as usize).min(MOST_COLUMNS);
        if rows > 1 && from < to {
            if grid.free.len() < to {
                grid.free.resize(to, 0);
            }
            grid.free[from..to].fill(grid.row.saturating_add(rows));
        }
    }
}

/// Blocks of pages that do not come in Markdown.
const MORE_BLOCKS: &[&str] = &["menu", "dir", "listing", "xmp", "plaintext", "option", "optgroup", "frameset", "noframes", "marquee"];

/// What an element marks inside a line. Keys, variables and typewriter letters are words of the sentence.
fn mark_kind(name: &str) -> Option<MarkKind> {
    match name {
        "code" | "samp" => Some(MarkKind::Code),
        "em" | "i" | "q" | "cite" | "dfn" => Some(MarkKind::Emphasis),
        "b" | "strong" => Some(MarkKind::Strong),
        "s" | "strike" | "del" => Some(MarkKind::Struck),
        _ => None,
    }
}
