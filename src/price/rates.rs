//! Rates that a market quotes, and other figures that are known by what is beside them: yields of a term, benchmarks, what an account
//! pays, premiums over another price, multiples of earnings, moves of a company.

use super::{Figure, Finder};
use crate::document::token::{Sentence, TokenKind, flag, gap};

/// Tokens between a rate's predicate and its figure.
const REACH: u32 = 5;
/// Tokens between a verb of dealing ("trades at") and its figure.
const DEALT: u32 = 6;

type Clause = std::ops::Range<u32>;

impl Finder<'_> {
    /// Whether somebody deals at the figure: "changes hands at", "trades around", "quoted at".
    pub(super) fn is_traded(&self, number: usize, figure: &Figure, clause: &Clause) -> bool {
        let start = figure.tokens.start;
        self.any(self.ids.price_trade, number, start.saturating_sub(DEALT).max(clause.start)..start)
    }

    /// A yield of a term or a benchmark by name, and a predicate right before its figure.
    pub(super) fn is_market_rate(&self, number: usize, figure: &Figure, clause: &Clause) -> bool {
        let start = figure.tokens.start;
        let before = start.saturating_sub(REACH).max(clause.start)..start;
        self.any(self.ids.price_predicate, number, before)
            && !self.any(self.ids.price_usually, number, clause.clone())
            && self.has_benchmark(number, clause.start..start)
    }

    fn has_benchmark(&self, number: usize, range: Clause) -> bool {
        if self.any(self.ids.price_benchmark, number, range.clone()) {
            return true;
        }
        // "the 10-year gilt", "two-year Treasury yields"; "a ten-year bond" is any bond
        range.clone().any(|at| {
            let text = self.word(at);
            let term = text.ends_with("-year") || text.ends_with("-month") || text.ends_with("-years");
            let any_one = at > range.start && matches!(self.word(at - 1).as_ref(), "a" | "an" | "any" | "every" | "each");
            term && !any_one && (text.ends_with('s') || self.any(self.ids.price_term_paper, number, at + 1..(at + 4).min(range.end)))
        })
    }

    /// What an account, a loan or a deposit pays or costs at present.
    pub(super) fn is_product_rate(&self, number: usize, figure: &Figure, clause: &Clause) -> bool {
        let start = figure.tokens.start;
        let before = start.saturating_sub(REACH).max(clause.start)..start;
        let verbs = [self.ids.price_predicate, self.ids.price_rate_verb].into_iter();
        self.says_now(number, clause.clone())
            && clause.clone().any(|at| {
                // "ten shares account for 29%"
                let length = self.entry(self.ids.price_rate_product, at);
                length > 0 && (at + length >= clause.end || self.word(at + length) != "for")
            })
            && verbs.into_iter().any(|id| self.any(id, number, before.clone()))
    }

    /// "8% over melt", "3% under spot": a premium over another price.
    pub(super) fn is_over_another(&self, figure: &Figure, clause: &Clause) -> bool {
        let after = figure.tokens.end;
        let over = after + 1 < clause.end && matches!(self.word(after).as_ref(), "over" | "above" | "under" | "below" | "beneath" | "off");
        over && (after + 1..(after + 3).min(clause.end)).any(|at| self.entry(self.ids.price_other_price, at) > 0)
    }

    /// "can fall by a third", "typically adds 2%": what may happen to a price, or mostly does, is no move.
    pub(super) fn is_possible(&self, number: usize, figure: &Figure, clause: &Clause) -> bool {
        let start = figure.tokens.start;
        self.any(self.ids.modal, number, start.saturating_sub(REACH).max(clause.start)..start)
            || self.any(self.ids.price_usually, number, clause.clone()) && !self.says_now(number, clause.clone())
    }

    /// "a ratio (above 30%)": a comparison in brackets is where something begins.
    pub(super) fn is_threshold(&self, figure: &Figure, clause: &Clause) -> bool {
        let start = figure.tokens.start;
        let compares = |at: u32| [self.ids.price_above, self.ids.price_below].into_iter().any(|id| self.entry(id, at) > 0);
        let opens = |at: &u32| self.view.tokens()[*at as usize].after(gap::OPEN);
        (start.saturating_sub(3).max(clause.start)..start).rev().find(opens).is_some_and(compares)
    }

    /// "your rate", "your premium": what the reader's own contract says.
    pub(super) fn is_own(&self, figure: &Figure, clause: &Clause) -> bool {
        (clause.start..figure.tokens.start).any(|at| matches!(self.word(at).as_ref(), "your" | "my" | "our"))
    }

    /// What is often, or of any one thing, so: "a ratio above 80 is called high", "a share that trades at ten times earnings".
    pub(super) fn is_of_any(&self, number: usize, figure: &Figure, clause: &Clause) -> bool {
        let start = figure.tokens.start;
        if clause.start >= start || self.says_now(number, clause.clone()) {
            return false;
        }
        let any_one = matches!(self.word(clause.start).as_ref(), "a" | "an" | "any" | "every" | "each");
        let beside = start - clause.start <= 4 && matches!(self.word(start - 1).as_ref(), "of" | "above" | "below" | "over" | "under");
        let which = (clause.start + 2..start.min(clause.start + REACH)).any(|at| matches!(self.word(at).as_ref(), "that" | "which" | "whose"));
        let kind = |at: u32| self.view.tokens()[at as usize].kind;
        let measured = (clause.start + 2..(clause.start + 4).min(start))
            .any(|at| self.word(at) == "of" && at + 1 < clause.end && matches!(kind(at + 1), TokenKind::Number | TokenKind::Currency));
        any_one && (beside || which || measured)
    }

    /// "14 times earnings".
    pub(super) fn is_multiple(&self, figure: &Figure) -> bool {
        (figure.tokens.start + 1..figure.tokens.end).any(|at| at + self.entry(self.ids.price_multiple, at) == figure.tokens.end)
    }

    /// Whether nothing in the clause is a name.
    pub(super) fn is_common(&self, clause: &Clause) -> bool {
        let named = |at: u32| {
            let token = &self.view.tokens()[at as usize];
            token.kind == TokenKind::Word && token.has(flag::CAPITAL) && (at > clause.start || self.view.words[at as usize] == 0)
        };
        !clause.clone().any(named)
    }

    /// "XYZW: 183.60 in a currency": a ticker, a colon, and an amount to the cent that is all of the line.
    pub(super) fn is_ticker_label(&self, figure: &Figure, sentence: &Sentence) -> bool {
        let start = figure.tokens.start;
        let tokens = self.view.tokens();
        let whole = sentence.tokens.len() <= 4 && tokens[start as usize].after(gap::COLON);
        whole && figure.step < 1.0 && start == sentence.tokens.start + 1 && {
            let label = &tokens[start as usize - 1];
            label.kind == TokenKind::Word && label.has(flag::UPPER) && (3..=5).contains(&(label.end - label.start)) && self.view.words[start as usize - 1] == 0
        }
    }

    /// "Boeing has shed 9%", "butter is up a tenth": a company or what shops sell, and right behind its name a verb that moves it.
    pub(super) fn moves_company(&self, number: usize, figure: &Figure, clause: &Clause) -> bool {
        let start = figure.tokens.start;
        let behind = |at: u32| {
            let length = self.entry(self.ids.price_company, at).max(self.entry(self.ids.price_goods, at));
            let next = at + length;
            let own = self.view.tokens()[next as usize - usize::from(length > 0)].has(flag::POSSESSIVE);
            length > 0 && !own && next < start && start - next <= REACH && {
                let verbs = [self.ids.price_move_verb, self.ids.price_move_word, self.ids.price_be];
                matches!(self.word(next).as_ref(), "has" | "have" | "was" | "were" | "just") || verbs.into_iter().any(|id| self.entry(id, next) > 0)
            }
        };
        let timed = [self.ids.time_now, self.ids.price_relative].into_iter().any(|id| self.any(id, number, clause.clone()));
        timed && clause.clone().take_while(|at| *at < start).any(behind)
    }
}
