//! Pairs of what is exchanged: "EUR/USD", "BTC-USD", "XAUUSD", and what says of two currencies that one is had for the other.

use super::number::parse_number;
use super::{Figure, Finder};
use crate::document::token::{Sentence, TokenKind, flag, gap};

/// Letters in a code of a currency or a metal.
const CODE: usize = 3;

impl Finder<'_> {
    /// "XAU/USD 2,412.55": a pair, and the number right behind it.
    pub(super) fn behind_pair(&self, sentence: &Sentence, at: u32) -> bool {
        let tokens = self.view.tokens();
        at > sentence.tokens.start
            && !tokens[at as usize].after(gap::SQUARE | gap::CLOSE)
            && !self.view.text(at).contains(['-', '/', ':'])
            && self.has_pair(at.saturating_sub(2).max(sentence.tokens.start)..at)
            && parse_number(&self.word(at)).is_some()
    }

    /// Whether a pair stands in a range of tokens.
    pub(super) fn has_pair(&self, range: std::ops::Range<u32>) -> bool {
        range.clone().any(|at| {
            let token = &self.view.tokens()[at as usize];
            if token.kind != TokenKind::Word || !token.has(flag::UPPER) {
                return false;
            }
            let text = self.view.text(at);
            let halves = text.split_once('-').or_else(|| text.is_char_boundary(CODE).then(|| text.split_at(CODE)));
            let slashed = at > range.start && token.after(gap::SLASH) && self.view.tokens()[at as usize - 1].has(flag::UPPER);
            slashed && self.is_code(text)
                || halves.is_some_and(|(left, right)| (left.len() >= 2 && text.contains('-') || self.is_code(left)) && self.is_code(right))
        })
    }

    /// A code of what pairs are made of.
    fn is_code(&self, text: &str) -> bool {
        text.len() == CODE && self.tables.codes.iter().any(|code| code == text)
    }

    /// A bare number alone in a cell whose row begins with a pair.
    pub(super) fn in_row_of_pair(&self, sentence: &Sentence, at: u32) -> bool {
        let Some(cell) = self.document.block(sentence.block).and_then(|block| block.cell) else { return false };
        let alone = sentence.tokens.len() == 1 && self.view.text(at).contains('.') && parse_number(&self.word(at)).is_some();
        alone
            && cell.column > 0
            && self.places.sentences(cell).first().is_some_and(|first| {
                let sentences = &self.document.tokens.sentences;
                let head = &sentences[*first].tokens;
                // "| Brent | 83.12 | +0.42 |": a change beside it makes a row a quotation
                let changed =
                    || self.places.sentences(cell).iter().any(|other| self.view.tokens()[sentences[*other].tokens.start as usize].kind == TokenKind::Sign);
                head.len() <= 3 && (self.has_pair(head.clone()) || head.clone().any(|at| self.entry(self.ids.price_quoted, at) > 0) && changed())
            })
    }

    /// "a pound buys $1.27", "1.17 euros for a pound": one unit of another currency stands beside a word of exchange.
    pub(super) fn is_exchange(&self, number: usize, figure: &Figure, clause: &std::ops::Range<u32>) -> bool {
        let Some(code) = figure.currency.as_deref() else { return false };
        if !self.any(self.ids.price_exchange, number, clause.clone()) {
            return false;
        }
        clause.clone().filter(|at| !figure.tokens.contains(at)).any(|at| {
            let one = at > clause.start && matches!(self.word(at - 1).as_ref(), "a" | "an" | "one" | "1" | "the" | "per");
            one && self.rulebook.is_currency(self.view.words[at as usize]) && self.tables.currency(self.view.text(at)).is_some_and(|(other, _)| other != code)
        })
    }
}
