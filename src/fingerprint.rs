//! A fingerprint: the only view of an article that the corpus gets. It holds hashes, places and a few words, never the text.

pub mod prose;

use crate::document::section::SectionRole;
use crate::document::token::{Token, TokenKind};
use crate::document::{Document, Zone};
use crate::source::{LineTable, Place, SourceText};
use crate::span::Span;
use prose::Prose;

/// One paragraph of an article.
#[derive(Clone, Debug)]
pub struct Paragraph {
    /// Hash over the folded words.
    pub hash: u64,
    /// Number of words.
    pub words: u32,
    /// Where it stands in the file.
    pub span: Span,
    /// The same for a person.
    pub start: Place,
    /// Where it ends.
    pub end: Place,
    /// Its first bytes as they stand in the file, for reports.
    head: Box<str>,
    /// Whether there is more.
    cut: bool,
}

impl Paragraph {
    /// Its first words, for reports.
    #[must_use]
    pub fn excerpt(&self) -> String {
        let mut excerpt = crate::source::shortened(&self.head);
        if self.cut && !excerpt.ends_with('\u{2026}') {
            excerpt.push('\u{2026}');
        }
        excerpt
    }
}

/// Bytes of a paragraph that are kept.
const HEAD: usize = 200;

/// What the corpus knows of an article.
#[derive(Clone, Debug, Default)]
pub struct Fingerprint {
    /// Its path.
    pub path: String,
    /// Words of its body.
    pub words: u32,
    /// Paragraphs long enough to be compared, in order.
    pub paragraphs: Vec<Paragraph>,
    /// Its prose, where it is compared with others.
    pub prose: Prose,
    /// Hashes of the words that name its subject: title, address, subject and topic of the header.
    pub names: Box<[u32]>,
    /// The language that it states, as a hash; 0 where it states none.
    pub language: u64,
}

/// Front-matter roles whose words name an article's subject.
const NAMING: &[&str] = &["title", "slug", "subject", "topic"];

impl Fingerprint {
    /// Adds what articles are compared by. `language`: of articles that do not say theirs.
    #[must_use]
    pub fn with_prose(self, document: &Document, language: Option<&str>) -> Self {
        let stated = document.metadata.text("language");
        let tag = stated.as_deref().or(language).map(|tag| tag.trim().to_lowercase());
        let primary = tag.as_deref().map(|tag| tag.split(['-', '_']).next().unwrap_or(tag));
        Self { prose: Prose::of(document), names: names(&self.path, document), language: primary.map_or(0, crate::document::token::fold_hash), ..self }
    }

    /// The fingerprint of an article: paragraphs of at least `min_words` words outside code, tables and the reference list.
    #[must_use]
    pub fn of(source: &SourceText, document: &Document, lines: &LineTable, min_words: u32) -> Self {
        let tokens = &document.tokens;
        let mut paragraphs: Vec<Paragraph> = Vec::new();
        let mut sentence = 0;
        for (number, block) in document.blocks.iter().enumerate() {
            let number = crate::span::offset(number);
            while sentence < tokens.sentences.len() && tokens.sentences[sentence].block < number {
                sentence += 1;
            }
            let first = sentence;
            while sentence < tokens.sentences.len() && tokens.sentences[sentence].block == number {
                sentence += 1;
            }
            let prose = matches!(block.zone, Zone::Paragraph | Zone::ListItem | Zone::Quote | Zone::Callout);
            if !prose || document.role_of(block) != SectionRole::Body || first == sentence {
                continue;
            }
            let range = tokens.sentences[first].tokens.start as usize..tokens.sentences[sentence - 1].tokens.end as usize;
            let (hash, words) = hash_words(&tokens.tokens[range]);
            if words < min_words {
                continue;
            }
            let span = document.source_span(block.text.clone());
            let (start, end) = (lines.place(&source.text, span.start), lines.place(&source.text, span.end));
            let text = source.slice(span);
            let mut kept = HEAD.min(text.len());
            while !text.is_char_boundary(kept) {
                kept -= 1;
            }
            let head = &text[..kept];
            let span = source.file_span(span);
            paragraphs.push(Paragraph { hash, words, span, start, end, head: head.into(), cut: head.len() < text.len() });
        }
        Self { path: source.path.clone(), words: document.body_words(), paragraphs, ..Self::default() }
    }
}

/// A text with spaces in place of the hyphens, underscores and other marks of ASCII that part its words.
fn parted(text: &str, other: u8) -> String {
    let bytes = text.bytes().map(|byte| if matches!(byte, b'-' | b'_') || byte == other { b' ' } else { byte }).collect();
    String::from_utf8(bytes).unwrap_or_default()
}

/// The words that name an article, sorted: those of its file name and of what its header says about its subject.
fn names(path: &str, document: &Document) -> Box<[u32]> {
    let mut text = parted(path.rsplit('/').next().unwrap_or_default(), b'.');
    for role in NAMING {
        if let Some(value) = document.metadata.text(role) {
            text.push('\n');
            text.push_str(&parted(&value, b'/'));
        }
    }
    if document.metadata.get("title").is_none()
        && let Some(title) = document.title()
    {
        text.push('\n');
        text.push_str(&title);
    }
    prose::words_of(&text).into()
}

fn hash_words(tokens: &[Token]) -> (u64, u32) {
    tokens
        .iter()
        .filter(|token| matches!(token.kind, TokenKind::Word | TokenKind::Number))
        .fold((0xcbf2_9ce4_8422_2325, 0), |(hash, words), token| ((hash ^ token.hash).wrapping_mul(0x0000_0100_0000_01b3).rotate_left(17), words + 1))
}
