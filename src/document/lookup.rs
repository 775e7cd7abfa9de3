//! What a sentence asks of the whole document (what is quoted, emphasised, cited here?), in order, so that no answer costs a walk
//! over all of it.

use std::ops::Range;

use super::token::{Tokens, gap};
use super::{Citation, Link, Mark, MarkKind};

/// Ordered answers about a document.
#[derive(Debug, Default)]
pub struct Lookup {
    /// Tokens at which quoted text begins (`true`) or ends.
    quotes: Vec<(u32, bool)>,
    /// Starts of emphasised ranges, each with the furthest end of all up to it.
    emphasis: Vec<(u32, u32)>,
    /// Places of footnote marks.
    citations: Vec<u32>,
    /// Ranges of links that cite, by start.
    links: Vec<(u32, u32)>,
}

impl Lookup {
    /// Orders what was read. `marks` come by start.
    #[must_use]
    pub fn new(tokens: &Tokens, marks: &[Mark], citations: &[Citation], links: &[Link]) -> Self {
        let mut furthest = 0;
        let emphasis = marks.iter().filter(|mark| mark.kind == MarkKind::Emphasis).map(|mark| {
            furthest = mark.text.end.max(furthest);
            (mark.text.start, furthest)
        });
        let mut lookup = Self {
            quotes: quotes(tokens),
            emphasis: emphasis.collect(),
            citations: citations.iter().map(|citation| citation.at).collect(),
            links: links.iter().filter(|link| link.visible && !link.destination.starts_with('#')).map(|link| (link.text.start, link.text.end)).collect(),
        };
        lookup.citations.sort_unstable();
        lookup.links.sort_unstable();
        lookup
    }

    /// Whether a token stands inside quotation marks of its block.
    #[must_use]
    pub fn is_quoted(&self, token: u32) -> bool {
        let next = self.quotes.partition_point(|(at, _)| *at <= token);
        next.checked_sub(1).is_some_and(|i| self.quotes[i].1)
    }

    /// Whether a range of the reading text is emphasised from end to end.
    #[must_use]
    pub fn is_emphasised(&self, range: Range<u32>) -> bool {
        let next = self.emphasis.partition_point(|(start, _)| *start <= range.start);
        next.checked_sub(1).is_some_and(|i| range.end <= self.emphasis[i].1)
    }

    /// Whether a footnote mark or a link stands in a range of the reading text; one right behind it counts.
    #[must_use]
    pub fn is_cited(&self, range: Range<u32>) -> bool {
        let last = range.end + 1;
        let mark = self.citations.partition_point(|at| *at < range.start);
        let link = self.links.partition_point(|(start, _)| *start < range.start);
        self.citations.get(mark).is_some_and(|at| *at <= last) || self.links[link..].iter().take_while(|(start, _)| *start <= last).any(|(_, end)| *end <= last)
    }
}

/// Quotation marks open and close; a block begins outside.
fn quotes(tokens: &Tokens) -> Vec<(u32, bool)> {
    let mut found = Vec::new();
    let mut inside = false;
    let mut block = None;
    for sentence in &tokens.sentences {
        let begins = block.replace(sentence.block) != Some(sentence.block);
        for at in sentence.tokens.clone() {
            let token = &tokens.tokens[at as usize];
            let before = inside;
            if begins && at == sentence.tokens.start {
                inside = false;
            }
            if token.after(gap::QUOTE_CLOSE) {
                inside = false;
            } else if token.after(gap::QUOTE) {
                inside = true;
            }
            if inside != before {
                found.push((at, inside));
            }
        }
    }
    found
}
