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

/// Quotation marks open and close; a block begins outside. A single one that is closed nowhere in its block quotes its sentence at most: it may be
/// an apostrophe.
fn quotes(tokens: &Tokens) -> Vec<(u32, bool)> {
    let mut found = Vec::new();
    // which kind of mark the text stands in; 0 for none
    let mut inside = 0;
    let mut from = 0;
    while from < tokens.sentences.len() {
        let block = tokens.sentences[from].block;
        let to = from + tokens.sentences[from..].iter().take_while(|sentence| sentence.block == block).count();
        let range = tokens.sentences[from].tokens.start..tokens.sentences[to - 1].tokens.end;
        let gap_of = |at: u32| tokens.tokens[at as usize].gap;
        // most blocks hold no quotation mark at all
        let marks = tokens.tokens[range.start as usize..range.end as usize].iter().fold(0, |marks, token| marks | token.gap);
        if inside == 0 && marks & gap::QUOTATION == 0 {
            from = to;
            continue;
        }
        let last_single = range.clone().rev().find(|at| gap_of(*at) & gap::CLOSES_SINGLE != 0).unwrap_or(range.start);
        for sentence in &tokens.sentences[from..to] {
            for at in sentence.tokens.clone() {
                let (gaps, before) = (gap_of(at), inside != 0);
                let begins = at == sentence.tokens.start;
                let ends = at == range.start || begins && inside == gap::OPENS_SINGLE && at > last_single;
                let closes = gaps & gap::CLOSES != 0 || gaps & gap::CLOSES_SINGLE != 0 && inside == gap::OPENS_SINGLE;
                if ends || closes {
                    inside = 0;
                }
                if gaps & gap::OPENS != 0 {
                    inside = gap::OPENS;
                } else if inside == 0 && gaps & gap::OPENS_SINGLE != 0 {
                    inside = gap::OPENS_SINGLE;
                }
                if before != (inside != 0) {
                    found.push((at, inside != 0));
                }
            }
        }
        from = to;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::token::Tokenizer;

    /// The words of a text that stand in quotation marks.
    fn quoted(text: &str) -> String {
        let mut tokenizer = Tokenizer::default();
        tokenizer.block(text, 0..u32::try_from(text.len()).unwrap_or_default(), 0, &[]);
        let tokens = tokenizer.finish();
        let lookup = Lookup::new(&tokens, &[], &[], &[]);
        let words = (0..u32::try_from(tokens.tokens.len()).unwrap_or_default()).filter(|at| lookup.is_quoted(*at));
        words.map(|at| &text[tokens.tokens[at as usize].start as usize..tokens.tokens[at as usize].end as usize]).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_quotation_ends_where_it_is_closed() {
        for (text, inside) in [
            ("He said \"sound money\". The phrase is old.", "sound money"),
            ("He said \"sound money.\" The phrase is old.", "sound money"),
            ("He said \u{201c}sound money\u{201d}. The phrase is old.", "sound money"),
            ("He said \u{201c}the dealers\u{2019} price\u{201d}. It is old.", "the dealers price"),
            ("The word 'cheap' is vague. It is old.", "cheap"),
            ("Never write 'buy gold now'.", "buy gold now"),
            ("The dealers' word is good. It is old.", ""),
            ("In the '90s the dealers' word was good.", ""),
            ("\"One.\" \"Two.\" Three.", "One Two"),
            ("\"\" One \u{201c}\u{201d} two.", ""),
            ("\u{201e}Kauf\u{201c} is German.", "Kauf"),
            ("She said \"the word 'cheap' is vague\" and left.", "the word cheap is vague"),
            ("'Tis old. Nothing is quoted.", "Tis old"),
        ] {
            assert_eq!(quoted(text), inside, "{text}");
        }
    }
}
