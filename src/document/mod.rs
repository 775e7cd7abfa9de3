//! Bytes → [`Document`]: front matter, blocks, sections, links, and the reading text with its map. Knows no rule.
//!
//! Parsing never fails. What could not be read is an [`Issue`] beside whatever could.

mod build;
mod citation;
pub mod fold;
pub mod front_matter;
mod html;
mod limits;
mod lookalike;
pub mod lookup;
mod markdown;
mod mdx;
mod order;
pub mod own_zones;
mod plain;
mod plain_words;
pub mod reading_text;
pub mod roles;
pub mod section;
mod sentence;
mod shown;
mod template;
pub mod token;
mod unjudged;
pub mod words;

use std::ops::Range;
use std::sync::LazyLock;

use front_matter::{FrontMatter, Node};
pub use html::content::{PageOptions, Selector};
use html::page::Page;
use linkify::{LinkFinder, LinkKind as BareKind};
use lookup::Lookup;
use memchr::memmem::Finder;
use own_zones::{OwnZone, OwnZones};
use reading_text::ReadingText;
use roles::{Metadata, RoleTable};
use section::{Section, SectionRole};
pub use shown::ShownKeys;
use token::{BlockWords, Tokenizer, Tokens, count_words};

use crate::index_line;
use crate::source::SourceText;
use crate::span::{Span, offset};

/// A problem of reading, before it becomes a finding of the article.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issue {
    /// Its id, under a reserved prefix: `source/…`, `front-matter/…`, `snapshot/…`.
    pub id: &'static str,
    /// Where it is.
    pub span: Span,
    /// What the reader met, in words.
    pub detail: String,
}

impl Issue {
    /// An issue.
    #[must_use]
    pub fn new(id: &'static str, span: Span, detail: impl Into<String>) -> Self {
        Self { id, span, detail: detail.into() }
    }
}

/// Where in an article a text stands (policy 0.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Zone {
    /// Title, description and other front-matter text that the site shows.
    Title,
    /// A heading of the body.
    Heading,
    /// A paragraph.
    Paragraph,
    /// A list item.
    ListItem,
    /// A table cell.
    Cell,
    /// A block quotation.
    Quote,
    /// A callout (`> [!NOTE]`).
    Callout,
    /// A caption.
    Caption,
    /// The alternative text of an image.
    Alt,
    /// A footnote.
    Footnote,
    /// Code.
    Code,
}

/// A place in a table. The first row is the header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    /// Which table of the document, from 0.
    pub table: u32,
    /// Row, from 0.
    pub row: u32,
    /// Column, from 0.
    pub column: u32,
}

/// A run of text that a reader takes in at once: a paragraph, a heading, a cell.
#[derive(Clone, Debug)]
pub struct Block {
    /// Where it stands.
    pub zone: Zone,
    /// Level of a heading, 0 for anything else.
    pub level: u8,
    /// Its range in the reading text, without the line feed behind it.
    pub text: Range<u32>,
    /// Its place in a table.
    pub cell: Option<Cell>,
    /// Inside `<details>`: a reader must open it first.
    pub collapsed: bool,
    /// The section it stands in, as an index.
    pub section: Option<u32>,
    /// Its words as the article's length counts them.
    pub words: u32,
    /// It is an entry of a list of sources: what it says is a title, no claim of the article.
    pub entry: bool,
}

/// What is marked up inside a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MarkKind {
    /// Emphasis.
    Emphasis,
    /// Strong emphasis.
    Strong,
    /// Struck through.
    Struck,
    /// Code inside a line.
    Code,
}

/// A marked-up range of the reading text.
#[derive(Clone, Debug)]
pub struct Mark {
    /// What it is.
    pub kind: MarkKind,
    /// Its range in the reading text.
    pub text: Range<u32>,
}

/// How a link is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkKind {
    /// `[text](destination)`.
    Inline,
    /// `[text][label]` and its short forms.
    Reference,
    /// `<https://…>`.
    Auto,
    /// An address that stands in the text.
    Bare,
    /// An image.
    Image,
    /// `<a href>`.
    Html,
}

/// A link of the body.
#[derive(Clone, Debug)]
pub struct Link {
    /// How it is written.
    pub kind: LinkKind,
    /// Where it leads, entities decoded.
    pub destination: String,
    /// The `rel` attribute of an HTML link.
    pub rel: Option<String>,
    /// Where it stands in the file.
    pub source: Span,
    /// The range of its text in the reading text.
    pub text: Range<u32>,
    /// The block it stands in, as an index; may be one past the last for a link without text.
    pub block: u32,
    /// Whether a reader sees it.
    pub visible: bool,
}

/// A mark that refers to a footnote (`[^1]`).
#[derive(Clone, Debug)]
pub struct Citation {
    /// The label.
    pub label: String,
    /// Where it stands in the reading text.
    pub at: u32,
    /// Where it stands in the file.
    pub source: Span,
}

/// A moment that is written for machines beside its words (`<time datetime>`).
#[derive(Clone, Debug)]
pub struct Time {
    /// The range of its words in the reading text.
    pub text: Range<u32>,
    /// The moment as written.
    pub moment: String,
}

/// Something that can be referred to: a footnote, a link definition.
#[derive(Clone, Debug)]
pub struct ReferenceEntry {
    /// The label.
    pub label: String,
    /// Where a link definition leads; empty for a footnote.
    pub destination: String,
    /// Where it stands in the file.
    pub source: Span,
    /// Whether it is a footnote.
    pub footnote: bool,
}

/// The formats an article can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// `.md`, `.markdown`.
    Markdown,
    /// `.txt`.
    Plain,
    /// `.mdx`.
    Mdx,
    /// `.html`, `.htm`.
    Html,
}

impl Format {
    /// The format that a path's ending names.
    #[must_use]
    pub fn of(path: &str) -> Option<Self> {
        let (_, ending) = path.rsplit_once('.')?;
        match ending.to_ascii_lowercase().as_str() {
            "md" | "markdown" => Some(Self::Markdown),
            "txt" => Some(Self::Plain),
            "mdx" => Some(Self::Mdx),
            "html" | "htm" => Some(Self::Html),
            _ => None,
        }
    }
}

/// What the reader of documents must be told; all of it comes from the policy.
pub struct ReadOptions<'p> {
    /// Front-matter keys of each role.
    pub roles: &'p RoleTable,
    /// What a section with this heading is for.
    pub section_role: &'p dyn Fn(&str) -> SectionRole,
    /// Front-matter roles that the site's template shows: their text is read by readers.
    pub renders: &'p [String],
    /// Keys of the front matter whose text stands beside the description where that is shown.
    pub shown_keys: ShownKeys<'p>,
    /// What becomes of panels that notegate wrote into the page.
    pub own_zones: OwnZones<'p>,
    /// Where pages of HTML hold their article.
    pub page: &'p PageOptions,
    /// Attributes of JSX whose text readers read.
    pub jsx_prose_attributes: &'p [String],
}

/// One article, parsed.
#[derive(Debug)]
pub struct Document {
    /// The header.
    pub front_matter: FrontMatter,
    /// What the header says, by role.
    pub metadata: Metadata,
    /// What a reader reads.
    pub reading: ReadingText,
    /// Its blocks, in reading order; those of the front matter first.
    pub blocks: Vec<Block>,
    /// Emphasis and code inside blocks, by start.
    pub marks: Vec<Mark>,
    /// Sections of the body.
    pub sections: Vec<Section>,
    /// Links of the body.
    pub links: Vec<Link>,
    /// Footnote marks.
    pub citations: Vec<Citation>,
    /// Moments written for machines, by their place.
    pub times: Vec<Time>,
    /// Footnotes and link definitions.
    pub entries: Vec<ReferenceEntry>,
    /// Template tags: not prose.
    pub templates: Vec<Span>,
    /// Tokens and sentences of the reading text; code blocks have none.
    pub tokens: Tokens,
    /// Panels of notegate's own in the body, left out of everything above.
    pub own_zones: Vec<OwnZone>,
    /// What is quoted, emphasised and cited, in order.
    pub lookup: Lookup,
    /// Comments, signs around them included, in the order of the file. No reader reads them.
    pub comments: Vec<Span>,
    /// What could not be read.
    pub issues: Vec<Issue>,
}

/// A body as the reader of its format gives it.
struct Parsed {
    built: build::Built,
    entries: Vec<ReferenceEntry>,
    tags: Vec<Span>,
    /// What a page says of itself, added to what its front matter says.
    metadata: Option<Metadata>,
}

impl Document {
    /// Reads an article. Never fails.
    #[must_use]
    pub fn read(source: &SourceText, format: Format, options: &ReadOptions) -> Self {
        let text = source.text.as_str();
        let mut issues = Vec::new();
        let (front_matter, body_start) = front_matter::read(text, source.bom_len(), &mut issues);
        if format == Format::Mdx && body_start == source.bom_len() && text[body_start..].starts_with('{') {
            // an expression at the top of the page, and no header in JSON
            issues.clear();
        }
        let header = Metadata::read(&front_matter, options.roles);
        let mut own = own_zones::find(text, body_start, options.own_zones);
        let input = Input {
            body_start,
            format,
            path: &source.path,
            has_header: !front_matter.span.is_empty(),
            root: front_matter.root.as_ref(),
            header: &header,
            options,
        };
        let mut parsed = input.parse(&own_zones::without(text, &own.zones));
        if !own.zones.is_empty() {
            parsed.relocate(&own_zones::Cuts::new(&own.zones));
            let with = input.parse(text);
            if !own_zones::read_alike(&with, &parsed, &own.zones) {
                own.judge_all();
                parsed = with;
            }
        }
        let Parsed { mut built, entries, tags, metadata } = parsed;
        let metadata = metadata.unwrap_or(header);
        issues.append(&mut built.issues);
        issues.append(&mut own.issues);
        let mut tokens = tokenize(&mut built.blocks, &built.reading, &built.marks);
        limits::cut_sentences(&mut tokens, &built.reading, &mut issues);
        order::report(&built.blocks, &built.reading, &mut issues);
        let sections = section::read(&mut built.blocks, &built.reading, options.section_role);
        find_bare_links(&mut built.links, &built.blocks, &built.reading);
        built.links.sort_by_key(|link| (link.source.start, link.source.end));
        citation::mark(&mut built.blocks, &sections, &built.links, &built.reading);
        built.comments.sort_unstable();
        built.comments.dedup();
        Self {
            lookup: Lookup::new(&tokens, &built.marks, &built.citations, &built.links),
            front_matter,
            metadata,
            reading: built.reading,
            blocks: built.blocks,
            marks: built.marks,
            sections,
            links: built.links,
            citations: built.citations,
            times: built.times,
            entries,
            templates: tags,
            comments: built.comments,
            tokens,
            own_zones: own.zones,
            issues,
        }
    }

    /// The text of the file that was judged: all but notegate's own panels and its line in the header.
    #[must_use]
    pub fn judged_text<'s>(&self, source: &'s SourceText) -> std::borrow::Cow<'s, str> {
        let judged = own_zones::without(&source.text, &self.own_zones);
        if self.front_matter.root.is_none() || index_line::find(&judged).is_none() {
            return judged;
        }
        index_line::without(&judged).into_owned().into()
    }

    /// The source bytes that a range of the reading text stands for.
    #[must_use]
    pub fn source_span(&self, range: Range<u32>) -> Span {
        self.reading.source_span(range)
    }

    /// The block at an index.
    #[must_use]
    pub fn block(&self, index: u32) -> Option<&Block> {
        self.blocks.get(index as usize)
    }

    /// The text of a block.
    #[must_use]
    pub fn block_text(&self, block: &Block) -> &str {
        self.reading.slice(block.text.clone())
    }

    /// Words of the sections that are judged; of the whole body where there are none.
    #[must_use]
    pub fn words(&self) -> u32 {
        if self.judged_sections().next().is_some() {
            return self.section_words();
        }
        self.body_words()
    }

    /// Words of the sections that are judged.
    #[must_use]
    pub fn section_words(&self) -> u32 {
        self.judged_sections().map(|section| section.words).sum()
    }

    /// Words of the whole body.
    #[must_use]
    pub fn body_words(&self) -> u32 {
        self.blocks.iter().map(|block| block.words).sum()
    }

    /// Sections that are part of the argument.
    pub fn judged_sections(&self) -> impl Iterator<Item = &Section> {
        self.sections.iter().filter(|section| section.role == SectionRole::Body)
    }

    /// What the section of a block is for; body where it stands in none.
    #[must_use]
    pub fn role_of(&self, block: &Block) -> SectionRole {
        block.section.and_then(|index| self.sections.get(index as usize)).map_or(SectionRole::Body, |section| section.role)
    }

    /// The title: front matter, else the first heading of level 1.
    #[must_use]
    pub fn title(&self) -> Option<String> {
        self.metadata.text("title").or_else(|| {
            let block = self.blocks.iter().find(|block| block.zone == Zone::Heading && block.level == 1)?;
            Some(self.block_text(block).trim().to_owned())
        })
    }
}

/// The table of the front matter that a text begins with; `None` where there is none that can be read.
#[must_use]
pub fn header(text: &str) -> Option<front_matter::Node> {
    let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    front_matter::read(text, start, &mut Vec::new()).0.root
}

/// What the reader of a body is given besides its text.
struct Input<'i> {
    /// Byte of the file at which the body begins.
    body_start: usize,
    format: Format,
    path: &'i str,
    /// There is front matter.
    has_header: bool,
    /// Its table.
    root: Option<&'i Node>,
    /// The roles that it fills.
    header: &'i Metadata,
    options: &'i ReadOptions<'i>,
}

impl Input<'_> {
    /// Reads the body of `text`.
    fn parse(&self, text: &str) -> Parsed {
        let Self { body_start, options, header, .. } = *self;
        let body = &text[body_start..];
        let mut masked = match self.format {
            Format::Markdown => template::mask(body, body_start, true),
            // with a header it is the source of a page, without one it is the page: there, braces are what readers see
            Format::Html if self.has_header => template::mask(body, body_start, false),
            _ => template::Masked { text: body.into(), tags: Vec::new() },
        };
        let mut flattened = Vec::new();
        if matches!(self.format, Format::Markdown | Format::Mdx) {
            masked.text = limits::flatten(masked.text, body_start, &mut flattened);
        }
        let mut builder = build::Builder::new(text, !masked.tags.is_empty() || !flattened.is_empty());
        builder.issues = flattened;
        for role in ["title", "description"] {
            if let Some(found) = header.get(role).filter(|_| options.renders.iter().any(|shown| shown == role))
                && let Some(value) = found.node.text()
            {
                front_matter_block(&mut builder, &value, found.node.span);
            }
        }
        self.more_of_header(&mut builder);
        let mut metadata = None;
        let mut entries = Vec::new();
        match self.format {
            Format::Markdown => entries = markdown::read(&mut builder, &masked.text, body_start),
            Format::Plain => plain::read(&mut builder, body, body_start, &|title| (options.section_role)(title) != SectionRole::Body),
            Format::Html => {
                let mut page = Page::parse(&masked.text, body_start, options.page);
                metadata = Some(self.head(&mut page, &mut builder));
                entries = page.write(&mut builder);
            }
            Format::Mdx => entries = mdx::read(&mut builder, &masked.text, body_start, options.jsx_prose_attributes),
        }
        Parsed { built: builder.finish_all(), entries, tags: masked.tags, metadata }
    }

    /// Texts that stand beside the description, as far as they are others than it and the title.
    fn more_of_header(&self, builder: &mut build::Builder) {
        let Some(root) = self.root.filter(|_| self.options.renders.iter().any(|shown| shown == "description")) else { return };
        let known: Vec<String> = ["title", "description"].iter().filter_map(|role| self.header.text(role)).collect();
        for (text, span) in shown::texts(root, self.options.shown_keys).iter().filter(|(text, _)| !known.contains(text)) {
            front_matter_block(builder, text, *span);
        }
    }

    /// What a page says of itself: roles that the front matter leaves open, and texts that are shown outside the page.
    fn head(&self, page: &mut Page, builder: &mut build::Builder) -> Metadata {
        let mut metadata = self.header.clone();
        page.head.fill(&mut metadata, self.options.roles, &mut builder.issues);
        metadata.add_address(self.path);
        let header: Vec<String> = ["title", "description"].iter().filter_map(|role| self.header.text(role)).collect();
        for (shown, span) in page.head.shown.iter().filter(|(shown, _)| !header.contains(shown)) {
            front_matter_block(builder, shown, *span);
        }
        metadata
    }
}

/// A value of the front matter as text that is read: exact where the bytes are the value, mapped as a whole where it is escaped.
fn front_matter_block(builder: &mut build::Builder, value: &str, span: Span) {
    let written = builder.source().get(span.range()).unwrap_or_default();
    let exact = written.find(value).map_or(span, |i| Span::new(span.start + offset(i), span.start + offset(i + value.len())));
    builder.whole_block(Zone::Title, value, exact);
}

/// Tokens and sentences; fills in the words of each block as the article's length counts them: no code, no alternative text, no
/// footnotes (they stand elsewhere on the page).
fn tokenize(blocks: &mut [Block], reading: &ReadingText, marks: &[Mark]) -> Tokens {
    let mut tokenizer = Tokenizer::with_room_for(reading.as_str().len());
    let code: Vec<Range<u32>> = marks.iter().filter(|mark| mark.kind == MarkKind::Code).map(|mark| mark.text.clone()).collect();
    let mut from = 0;
    for (i, block) in blocks.iter_mut().enumerate() {
        if block.zone == Zone::Code {
            continue;
        }
        while from < code.len() && code[from].end <= block.text.start {
            from += 1;
        }
        let to = from + code[from..].iter().take_while(|range| range.start < block.text.end).count();
        let words = tokenizer.block(reading.as_str(), block.text.clone(), offset(i), &code[from..to]);
        if !matches!(block.zone, Zone::Alt | Zone::Footnote | Zone::Title) {
            block.words = match words {
                BlockWords::Counted(words) => words,
                BlockWords::Unspaced => count_words(&without(reading, block.text.clone(), &code[from..to])),
            };
        }
    }
    tokenizer.finish()
}

/// A piece of the reading text with ranges of it left out.
fn without(reading: &ReadingText, range: Range<u32>, left_out: &[Range<u32>]) -> String {
    let mut kept = String::new();
    let mut at = range.start;
    for piece in left_out {
        kept.push_str(reading.slice(at..piece.start.max(at)));
        at = piece.end.max(at);
    }
    kept.push_str(reading.slice(at..range.end.max(at)));
    kept
}

/// Addresses that stand in the text without markup.
fn find_bare_links(links: &mut Vec<Link>, blocks: &[Block], reading: &ReadingText) {
    let text = reading.as_str();
    static SCHEME: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("://"));
    if SCHEME.find(text.as_bytes()).is_none() {
        return;
    }
    let mut finder = LinkFinder::new();
    finder.kinds(&[BareKind::Url]).url_must_have_scheme(true);
    // by start, each with the furthest end of all up to it
    let mut known: Vec<(u32, u32)> = links.iter().map(|link| (link.text.start, link.text.end)).collect();
    known.sort_unstable();
    let mut furthest = 0;
    for (_, end) in &mut known {
        furthest = furthest.max(*end);
        *end = furthest;
    }
    for (i, block) in blocks.iter().enumerate().filter(|(_, block)| block.zone != Zone::Code) {
        let piece = reading.slice(block.text.clone());
        if SCHEME.find(piece.as_bytes()).is_none() {
            continue;
        }
        for found in finder.links(piece) {
            let range = block.text.start + offset(found.start())..block.text.start + offset(found.end());
            let before = known.partition_point(|(start, _)| *start <= range.start);
            if before.checked_sub(1).is_some_and(|i| range.end <= known[i].1) {
                continue;
            }
            links.push(Link {
                kind: LinkKind::Bare,
                destination: found.as_str().to_owned(),
                rel: None,
                source: reading.source_span(range.clone()),
                text: range,
                block: offset(i),
                visible: true,
            });
        }
    }
}
