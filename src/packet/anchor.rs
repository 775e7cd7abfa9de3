//! What a finding is recognised by in another run: the words a reader reads at its place, the sentence around them, and the headings
//! above. Markup, line breaks, line ends, paragraphs elsewhere and the path of the file say nothing about it.

use std::ops::Range;

use sha2::{Digest, Sha256};

use crate::document::Document;
use crate::document::reading_text::BySource;
use crate::document::token::fold;
use crate::source::hex;
use crate::span::Span;

/// Bytes of a text that are looked at: matches inside each other must not be read again and again as a whole.
const LONG: usize = 4096;
/// Longest heading that is kept as it is, in bytes.
const LONG_HEADING: usize = 1024;

/// A heading, and the one it stands under.
struct Heading {
    start: u32,
    level: u8,
    words: String,
    above: Option<usize>,
}

/// The words and headings of one article.
pub(super) struct Anchors<'d> {
    document: &'d Document,
    pieces: BySource<'d>,
    headings: Vec<Heading>,
}

/// What is found at a place.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    /// The folded words.
    pub words: String,
    /// Those of the sentence around them.
    pub sentence: String,
    /// Those of the headings above, outermost first.
    pub path: String,
}

impl<'d> Anchors<'d> {
    pub(super) fn new(document: &'d Document) -> Self {
        let mut headings: Vec<Heading> = document
            .blocks
            .iter()
            .filter(|block| block.level > 0)
            .map(|block| {
                let words = words(document.block_text(block));
                // a heading is part of every fingerprint below it: a very long one is stood for by its digest
                let words = if words.len() > LONG_HEADING { hex(&Sha256::digest(words.as_bytes())) } else { words };
                Heading { start: document.source_span(block.text.clone()).start, level: block.level, words, above: None }
            })
            .collect();
        headings.sort_by_key(|heading| heading.start);
        let mut open: Vec<usize> = Vec::new();
        for number in 0..headings.len() {
            while open.last().is_some_and(|other| headings[*other].level >= headings[number].level) {
                open.pop();
            }
            headings[number].above = open.last().copied();
            open.push(number);
        }
        Self { document, pieces: document.reading.by_source(), headings }
    }

    /// What stands at a span of the file whose bytes are `written`.
    pub(super) fn place(&self, span: Span, written: &str) -> Place {
        let path = self.path(span.start);
        let pieces = self.pieces.at(span, LONG);
        let read: String = pieces.iter().map(|piece| self.document.reading.slice(piece.clone())).collect();
        let read = words(&read);
        let (Some(first), false) = (pieces.first(), read.is_empty()) else {
            // what no reader reads: a value of the header, the address of an image
            return Place { words: written_words(written), sentence: String::new(), path };
        };
        let block_at = |at: u32| self.document.blocks.partition_point(|block| block.text.start <= at).checked_sub(1);
        let end = pieces.last().map_or(first.end, |last| last.end);
        let (from, to) = (block_at(first.start), block_at(end.saturating_sub(1)));
        if from != to {
            // what reaches over blocks is recognised by the first one, whatever changes in the others
            let words = from.map(|number| self.cut(self.document.blocks[number].text.clone())).unwrap_or_default();
            return Place { words, sentence: String::new(), path };
        }
        Place { words: read, sentence: self.sentence(first.start, end), path }
    }

    /// The sentence that holds a range of the reading text as a whole; empty where none does.
    fn sentence(&self, start: u32, end: u32) -> String {
        let sentences = &self.document.tokens.sentences;
        let found = sentences.partition_point(|sentence| sentence.text.start <= start).checked_sub(1).map(|number| &sentences[number]);
        found.filter(|sentence| end <= sentence.text.end).map(|sentence| self.cut(sentence.text.clone())).unwrap_or_default()
    }

    fn cut(&self, range: Range<u32>) -> String {
        words(shorter(self.document.reading.slice(range)))
    }

    fn path(&self, at: u32) -> String {
        let mut next = self.headings.partition_point(|heading| heading.start <= at).checked_sub(1);
        let mut path: Vec<&str> = Vec::new();
        while let Some(number) = next {
            path.push(&self.headings[number].words);
            next = self.headings[number].above;
        }
        path.reverse();
        path.join("\u{1e}")
    }
}

/// The first line of what no reader reads: a table of the header goes by how it begins, not by all that is in it.
pub(super) fn written_words(written: &str) -> String {
    words(shorter(written.lines().next().unwrap_or_default()))
}

fn shorter(text: &str) -> &str {
    let mut end = LONG.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// The words of a text, folded, a space between them. Punctuation around them is typography and may change.
fn words(text: &str) -> String {
    let mut all = String::with_capacity(text.len());
    for word in fold(text).split_whitespace() {
        let word = word.trim_end_matches(|c| !is_said(c));
        // a sign before a figure is part of what it says
        let start = word.char_indices().zip(word.chars().skip(1).map(Some).chain([None])).find_map(|((at, c), next)| {
            let signed = matches!(c, '+' | '-') && next.is_some_and(|next| next.is_numeric() || next == '$');
            (is_said(c) || signed).then_some(at)
        });
        if let Some(start) = start {
            if !all.is_empty() {
                all.push(' ');
            }
            all.push_str(&word[start..]);
        }
    }
    all
}

/// Letters, digits, and signs that are read aloud: currencies, percent, pictographs.
const fn is_said(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_alphanumeric() || matches!(c, '$' | '%');
    }
    !matches!(c, '\u{a0}' | '\u{a1}' | '\u{ab}' | '\u{b7}' | '\u{bb}' | '\u{bf}' | '\u{2000}'..='\u{206f}' | '\u{3000}'..='\u{303f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_lose_what_is_typography_and_keep_what_is_said() {
        let cases = [
            ("\u{201c}Buy\u{201d}  silver \u{2014} now!", "buy silver now"),
            ("\"buy\"\nSilver - now.", "buy silver now"),
            ("(-3.5%)", "-3.5%"),
            ("+3.5 %,", "+3.5 %"),
            ("at $31.40.", "at $31.40"),
            ("\u{20ac}31.40", "\u{20ac}31.40"),
            ("don\u{2019}t wait\u{2026} \u{1f680}", "don't wait \u{1f680}"),
            ("---", ""),
            ("+++", ""),
        ];
        for (text, folded) in cases {
            assert_eq!(words(text), folded, "{text}");
        }
    }
}
