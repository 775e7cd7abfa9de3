//! The lexicons by which figures are told from prices.

use crate::rulebook::lexicon::{LexiconId, Lexicons};

/// The lexicons that decide, looked up once an article.
pub(super) struct Ids {
    pub fall_verb: Option<LexiconId>,
    pub instrument: Option<LexiconId>,
    pub price_month: Option<LexiconId>,
    pub price_above: Option<LexiconId>,
    pub price_after: Option<LexiconId>,
    pub price_approx: Option<LexiconId>,
    pub price_below: Option<LexiconId>,
    pub price_change_verb: Option<LexiconId>,
    pub price_fall_word: Option<LexiconId>,
    pub price_hypothetical_noun: Option<LexiconId>,
    pub price_index_name: Option<LexiconId>,
    pub price_instrument: Option<LexiconId>,
    pub price_level: Option<LexiconId>,
    pub price_move_verb: Option<LexiconId>,
    pub price_move_word: Option<LexiconId>,
    pub price_non_market: Option<LexiconId>,
    pub price_noun: Option<LexiconId>,
    pub price_noun_strong: Option<LexiconId>,
    pub price_predicate: Option<LexiconId>,
    pub price_pronoun: Option<LexiconId>,
    pub price_quoted: Option<LexiconId>,
    pub price_rate_noun: Option<LexiconId>,
    pub price_rate_verb: Option<LexiconId>,
    pub price_ratio: Option<LexiconId>,
    pub price_state_verb: Option<LexiconId>,
    pub price_suppose: Option<LexiconId>,
    pub time_now: Option<LexiconId>,
    pub unit: Option<LexiconId>,
}

impl Ids {
    /// Looks them up.
    pub fn new(lexicons: &Lexicons) -> Self {
        Self {
            fall_verb: lexicons.id("fall-verb"),
            instrument: lexicons.id("instrument"),
            price_month: lexicons.id("price-month"),
            price_above: lexicons.id("price-above"),
            price_after: lexicons.id("price-after"),
            price_approx: lexicons.id("price-approx"),
            price_below: lexicons.id("price-below"),
            price_change_verb: lexicons.id("price-change-verb"),
            price_fall_word: lexicons.id("price-fall-word"),
            price_hypothetical_noun: lexicons.id("price-hypothetical-noun"),
            price_index_name: lexicons.id("price-index-name"),
            price_instrument: lexicons.id("price-instrument"),
            price_level: lexicons.id("price-level"),
            price_move_verb: lexicons.id("price-move-verb"),
            price_move_word: lexicons.id("price-move-word"),
            price_non_market: lexicons.id("price-non-market"),
            price_noun: lexicons.id("price-noun"),
            price_noun_strong: lexicons.id("price-noun-strong"),
            price_predicate: lexicons.id("price-predicate"),
            price_pronoun: lexicons.id("price-pronoun"),
            price_quoted: lexicons.id("price-quoted"),
            price_rate_noun: lexicons.id("price-rate-noun"),
            price_rate_verb: lexicons.id("price-rate-verb"),
            price_ratio: lexicons.id("price-ratio"),
            price_state_verb: lexicons.id("price-state-verb"),
            price_suppose: lexicons.id("price-suppose"),
            time_now: lexicons.id("time-now"),
            unit: lexicons.id("unit"),
        }
    }
}
