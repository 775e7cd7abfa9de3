//! Sentences that tell of days that lie behind: dated themselves, or going on from one that is (policy 2.1).

use jiff::civil::Date;

use super::is_year;
use crate::date;
use crate::document::Document;
use crate::document::token::TokenKind;
use crate::rulebook::Rulebook;
use crate::rulebook::lexicon::LexiconId;
use crate::rulebook::matcher::View;

/// So many sentences of a paragraph go on telling what one of them dated.
const REACH: usize = 3;
/// Tokens of a line that does nothing but date the text beside it.
const LABEL: usize = 8;
/// Days after which a date lies behind.
const BEHIND: i32 = 30;

/// Answers what of a text is history.
pub struct History<'h> {
    document: &'h Document,
    view: &'h View<'h>,
    as_of: Date,
    told: Option<LexiconId>,
    present: Option<LexiconId>,
    now: Option<LexiconId>,
}

impl<'h> History<'h> {
    /// Of an article, on the day it is judged by.
    #[must_use]
    pub fn new(document: &'h Document, view: &'h View<'h>, rulebook: &Rulebook, as_of: Date) -> Self {
        let id = |name| rulebook.lexicons().id(name);
        Self { document, view, as_of, told: id("price-told"), present: id("price-present"), now: id("time-now") }
    }

    fn holds(&self, number: usize, list: Option<LexiconId>) -> bool {
        list.is_some_and(|list| self.view.holds(number, list))
    }

    /// Whether a sentence tells of the past: a verb of telling, and nothing in the present.
    #[must_use]
    pub fn is_told(&self, number: usize) -> bool {
        self.holds(number, self.told) && !self.holds(number, self.present) && !self.holds(number, self.now)
    }

    /// Whether it tells of the past and carries a day or year that lies behind, or goes on from a sentence of its paragraph that does;
    /// or whether a label beside it dates it.
    #[must_use]
    pub fn is_history(&self, number: usize) -> bool {
        let sentences = &self.document.tokens.sentences;
        let Some(block) = sentences.get(number).map(|sentence| sentence.block) else { return false };
        let goes_on = |number: &usize| sentences[*number].block == block && !self.holds(*number, self.present) && !self.holds(*number, self.now);
        self.is_labelled(number, block)
            || self.is_told(number) && (number.saturating_sub(REACH)..=number).rev().take_while(goes_on).any(|number| self.is_dated(number))
    }

    /// Whether a line says of what day it is: "Sterling gains ground. Forecast as of 12.07.2021".
    fn is_labelled(&self, number: usize, block: u32) -> bool {
        let sentences = &self.document.tokens.sentences;
        let beside = [number.checked_sub(1), Some(number + 1)].into_iter().flatten();
        let label = |other: usize| {
            let sentence = sentences.get(other).filter(|other| other.block == block && other.tokens.len() <= LABEL)?;
            let folded = |at: u32| crate::document::token::fold(self.view.text(at));
            let says_as_of = sentence.tokens.clone().skip(1).any(|at| folded(at) == "of" && folded(at - 1) == "as");
            (says_as_of && self.is_dated(other)).then_some(())
        };
        !self.holds(number, self.now) && beside.into_iter().any(|other| label(other).is_some())
    }

    /// Whether a day or year that lies behind stands in a sentence.
    fn is_dated(&self, number: usize) -> bool {
        let sentence = &self.document.tokens.sentences[number];
        let tokens = &self.view.tokens()[sentence.tokens.start as usize..sentence.tokens.end as usize];
        let numbers = || tokens.iter().zip(sentence.tokens.clone()).filter(|(token, _)| token.kind == TokenKind::Number);
        let year = |at: u32| {
            let text = self.view.text(at);
            let text = text.get(..4).filter(|_| matches!(text.as_bytes().get(4..), Some([] | [b's' | b'-' | b'/', ..]))).unwrap_or("");
            is_year(text) && text.parse::<i16>().is_ok_and(|year| year < self.as_of.year())
        };
        let after_sign = |at: u32| at > sentence.tokens.start && self.view.tokens()[at as usize - 1].kind == TokenKind::Currency;
        if numbers().any(|(_, at)| year(at) && !after_sign(at)) {
            return true;
        }
        let behind = |day: date::Day| date::days_between(if day.month_only { day.date.last_of_month() } else { day.date }, self.as_of) >= BEHIND;
        numbers().next().is_some()
            && date::find_all(self.document.reading.slice(sentence.text.clone())).into_iter().filter_map(|written| written.day.ok()).any(behind)
    }
}
