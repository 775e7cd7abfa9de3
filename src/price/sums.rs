//! What only looks like a price: limits, comparisons, payments and sums, and the figures of worked examples.

use super::{Figure, Finder, Kind};
use crate::document::token::{Sentence, TokenKind, gap};
use crate::rulebook::lexicon::LexiconId;

impl Finder<'_> {
    /// "up to 5 %": a limit, unless something went up to it.
    pub(super) fn is_limit(&self, figure: &Figure, clause: &std::ops::Range<u32>) -> bool {
        let before = |back: u32| figure.tokens.start.checked_sub(back).filter(|at| *at >= clause.start);
        let is = |back: u32, word: &str| before(back).is_some_and(|at| self.word(at) == word);
        let moved = before(3).is_some_and(|at| {
            let verb = [self.ids.price_move_verb, self.ids.rise_verb].into_iter().any(|id| self.entry(id, at) > 0);
            verb || matches!(
                self.word(at).as_ref(),
                "went" | "goes" | "going" | "gone" | "go" | "is" | "are" | "was" | "were" | "back" | "all" | "came" | "moved" | "ran" | "shot" | "pushed"
            )
        });
        // "6% off all figures": taken from a sum
        let after = figure.tokens.end;
        let taken_off = after + 1 < clause.end
            && self.word(after) == "off"
            && matches!(self.word(after + 1).as_ref(), "all" | "every" | "any" | "each" | "your" | "my" | "our");
        taken_off || is(1, "to") && is(2, "up") && !moved
    }

    /// "0.25 % higher than for residents": two things beside each other, and no move in time.
    pub(super) fn is_comparison(&self, number: usize, figure: &Figure, sentence: &Sentence) -> bool {
        let plus = self.kind(figure.tokens.end, sentence) == Some(TokenKind::Sign);
        let after = figure.tokens.end + u32::from(plus);
        let than = |at: u32| self.kind(at, sentence).is_some() && self.word(at) == "than";
        let compared = self.kind(after, sentence).is_some() && self.entry(self.ids.price_move_word, after) == 1 && than(after + 1);
        compared && !self.any(self.ids.price_relative, number, after + 2..(after + 6).min(sentence.tokens.end))
    }

    /// A sum of money: counted in millions, paid by the month or the year, somebody's own ("your $500") or
    /// saved.
    pub(super) fn is_sum(&self, number: usize, figure: &Figure, clause: &std::ops::Range<u32>, sentence: &Sentence) -> bool {
        if figure.kind != Kind::Level || figure.pair {
            return false;
        }
        let after = figure.tokens.end;
        let slashed = self.kind(after, sentence).is_some() && self.view.tokens()[after as usize].after(gap::SLASH);
        let each = self.kind(after, sentence).is_some() && matches!(self.word(after).as_ref(), "a" | "an" | "per" | "each" | "every");
        let by = if slashed { after } else { after + 1 };
        let period = (slashed || each) && self.kind(by, sentence).is_some() && self.entry(self.ids.price_period, by) > 0;
        let start = figure.tokens.start;
        // "your $500 or $1,000", "can save $200 to $300"
        let joins = |at: &u32| {
            let kind = self.view.tokens()[*at as usize].kind;
            matches!(kind, TokenKind::Number | TokenKind::Currency)
                || matches!(self.word(*at).as_ref(), "or" | "and" | "to" | "of" | "about" | "up" | "rs" | "rs.")
        };
        let governor = (clause.start..start).rev().find(|at| !joins(at));
        let own = governor.is_some_and(|at| matches!(self.word(at).as_ref(), "your" | "my" | "our" | "his" | "her" | "save" | "saves" | "saved" | "saving"));
        // "a hundred grams went past seven lakh overnight": what is quoted may be quoted in lakhs
        let quoted = self.says_now(number, clause.clone()) && self.any(self.ids.price_quoted, number, clause.clone());
        let large = figure.large && !quoted && self.unit_after(figure, sentence).is_none() && !self.any(self.ids.price_noun_strong, number, clause.clone());
        period || own || large || self.any(self.ids.price_denomination, number, sentence.tokens.clone())
    }

    /// Whether an entry of a lexicon ends right before a figure.
    pub(super) fn ends_at(&self, lexicon: Option<LexiconId>, figure: &Figure, clause: &std::ops::Range<u32>) -> bool {
        self.ends_before(lexicon, figure.tokens.start, clause)
    }

    /// Whether an entry of a lexicon ends right before a token.
    pub(super) fn ends_before(&self, lexicon: Option<LexiconId>, start: u32, clause: &std::ops::Range<u32>) -> bool {
        (1..=4).any(|back| start >= clause.start + back && self.entry(lexicon, start - back) == back)
    }

    /// The text between a token and the one before.
    pub(super) fn text_before(&self, at: u32) -> &str {
        let tokens = self.view.tokens();
        let from = at.checked_sub(1).map_or(tokens[at as usize].start, |before| tokens[before as usize].end);
        self.document.reading.slice(from..tokens[at as usize].start)
    }

    /// Whether an example opened in the same paragraph, or a label or the heading above says that it is one.
    pub(super) fn in_example(&self, number: usize, sentence: &Sentence, clause_now: bool) -> bool {
        let (labelled, opened) = self.example.of(sentence.block, || self.example_from(sentence.block, number));
        labelled || !clause_now && opened.is_some_and(|first| number >= first)
    }

    /// Whether the paragraph is labelled an example, and the sentence that opens one in it. `number` is a sentence of the paragraph.
    fn example_from(&self, block: u32, number: usize) -> (bool, Option<usize>) {
        let sentences = &self.document.tokens.sentences;
        let first = (0..=number).rev().take_while(|i| sentences[*i].block == block).last().unwrap_or(number);
        let start = sentences[first].tokens.start;
        let label = self.entry(self.ids.price_example_label, start);
        let labelled = label > 0 && self.kind(start + label, &sentences[first]).is_some_and(|_| self.view.tokens()[(start + label) as usize].after(gap::COLON));
        let headed = || {
            let heading = self.places.heading_above(block)?;
            let at = sentences.partition_point(|sentence| sentence.block < heading);
            let title = sentences.get(at).filter(|sentence| sentence.block == heading)?;
            Some(self.any(self.ids.price_example_label, at, title.tokens.clone()))
        };
        let opens = |i: &usize| {
            let tokens = &sentences[*i].tokens;
            (tokens.start..(tokens.start + 2).min(tokens.end)).any(|at| self.entry(self.ids.price_example_opener, at) > 0)
        };
        let opened = (first..sentences.len()).take_while(|i| sentences[*i].block == block).find(opens);
        (labelled || headed().unwrap_or(false), opened)
    }
}
