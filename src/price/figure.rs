//! Figures as they are written: amounts with signs, codes and words of currency, ranges, ratios, per cent and points, and bare numbers
//! that a quoted instrument gives their meaning.

use super::number::{parse_number, ratio_of};
use super::words::{self, Sense};
use super::{Finder, Kind};
use crate::date;
use crate::document::token::{Sentence, TokenKind, flag, gap};
use crate::rulebook::matcher::View;

/// Tokens between the beginning of "ratio stands at" and its value.
const RATIO_REACH: u32 = 5;
/// Tokens between what is quoted in bare numbers and its number.
const QUOTED_REACH: u32 = 10;
/// Tokens between a word of payment and pounds.
const PAID_REACH: u32 = 5;
/// Tokens of a line that may be nothing but a quotation.
const SHORT_LINE: usize = 8;
/// Tokens between "ratio" and its value, where it is said of what.
const RATIO_OF_REACH: u32 = 8;

/// A figure of the text before it is known what it is about.
pub(super) struct Figure {
    pub(super) kind: Kind,
    pub(super) value: f64,
    pub(super) upper: Option<f64>,
    pub(super) step: f64,
    pub(super) coarse_step: f64,
    pub(super) currency: Option<String>,
    pub(super) tokens: std::ops::Range<u32>,
    /// A pair stands right before it: "EUR/USD: 1.0855".
    pub(super) pair: bool,
    /// It is counted in millions and more: a sum, hardly a price.
    pub(super) large: bool,
}

impl Finder<'_> {
    /// The figure that begins at a token.
    pub(super) fn figure(&self, number: usize, sentence: &Sentence, at: u32) -> Option<Figure> {
        let tokens = self.view.tokens();
        let kind = tokens[at as usize].kind;
        // $2,412 · US$2,412 · 2,412 dollars · USD 2,412 · 2,412 USD
        let mut i = at;
        let mut sign = None;
        if kind == TokenKind::Word
            && self.kind(at + 1, sentence) == Some(TokenKind::Currency)
            && !tokens[at as usize + 1].after(gap::SPACE)
            && self.view.text(at).len() <= 2
        {
            sign = self.tables.currency(&format!("{}{}", self.view.text(at), self.view.text(at + 1)));
            i = at + 2;
        } else if kind == TokenKind::Currency || self.currency_before_number(sentence, at) {
            sign = self.tables.currency(self.view.text(at));
            i = at + 1;
        }
        let in_words = i == at && kind == TokenKind::Word;
        if self.kind(i, sentence) != Some(TokenKind::Number) && !in_words {
            return None;
        }
        if let Some(ratio) = ratio_of(&self.word(i)).filter(|_| sign.is_none()) {
            let decimals = self.word(i).split(':').next().and_then(|left| left.split_once('.')).map_or(0, |(_, fraction)| fraction.len());
            let step = 10f64.powi(-i32::try_from(decimals).unwrap_or(0));
            return Some(Figure {
                kind: Kind::Ratio,
                value: ratio,
                upper: None,
                step,
                coarse_step: step,
                currency: None,
                tokens: at..i + 1,
                pair: false,
                large: false,
            });
        }
        let written = self.word(i);
        // "412p": pence stand right behind their number
        let pence = written.strip_suffix('p').filter(|digits| sign.is_none() && digits.ends_with(|c: char| c.is_ascii_digit()));
        let mut large = written.ends_with("bn") || written.ends_with('m');
        let (mut parsed, mut end) = if in_words {
            let said = self.in_words(sentence, at)?;
            if said.sense != Sense::Cardinal {
                return self.moved_by(number, sentence, at, &said);
            }
            large = said.number.value >= 1e6;
            (said.number, said.end)
        } else {
            (parse_number(pence.unwrap_or(&written))?, i + 1)
        };
        if pence.is_some() {
            sign = self.tables.currency("p");
        }
        // a stray space inside a number: "$2, 398.84"
        if let Some(scale) = self.scale(end, sentence) {
            parsed.scale(scale);
            large = scale > 1e3;
            end += 1;
        }
        let grand = end > at && self.word(end - 1) == "grand";
        // a second amount makes a range: "$28-$30", "between $28 and $30"
        if sign.is_some()
            && parsed.upper.is_none()
            && self.kind(end, sentence) == Some(TokenKind::Currency)
            && self.kind(end + 1, sentence) == Some(TokenKind::Number)
            && !tokens[end as usize].after(gap::COMMA)
            && !tokens[end as usize].after(gap::SPACE)
        {
            parsed.upper = parse_number(&self.word(end + 1)).map(|upper| upper.value);
            end += 2;
        }
        // "changing hands for 200 pounds": money behind a word of payment, a weight elsewhere
        if sign.is_none()
            && self.kind(end, sentence).is_some()
            && self.word(end) == "pounds"
            && !(self.kind(end + 1, sentence).is_some() && self.word(end + 1) == "of")
            && self.any(self.ids.price_paid, number, at.saturating_sub(PAID_REACH).max(sentence.tokens.start)..at)
        {
            sign = self.tables.currency("sterling");
            end += u32::from(sign.is_some());
        }
        // "66 US cents", "120 Hong Kong dollars"
        if sign.is_none() {
            let capital = |at: u32| self.kind(at, sentence) == Some(TokenKind::Word) && tokens[at as usize].has(flag::CAPITAL);
            let currency = |at: u32| self.kind(at, sentence).is_some() && self.rulebook.is_currency(self.view.words[at as usize]);
            let named = (1..=2).find(|skip| (end..end + skip).all(capital) && currency(end + skip) && !currency(end));
            end += named.unwrap_or(0);
        }
        if sign.is_none()
            && self.kind(end, sentence).is_some()
            && (self.rulebook.is_currency(self.view.words[end as usize]) || self.kind(end, sentence) == Some(TokenKind::Currency))
        {
            sign = self.tables.currency(self.view.text(end));
            end += u32::from(sign.is_some());
            // "6 dollars 40"
            if let Some(cents) = sign.as_ref().and_then(|_| self.hundredths(sentence, end)).filter(|_| parsed.upper.is_none() && parsed.step >= 1.0) {
                parsed.value += cents;
                (parsed.step, parsed.coarse) = (0.01, 0.01);
                end += 1;
            }
        }
        let figure = |kind: Kind, currency: Option<String>, factor: f64, end: u32| Figure {
            kind,
            value: parsed.value * factor,
            upper: parsed.upper.map(|upper| upper * factor),
            step: parsed.step * factor,
            coarse_step: parsed.coarse * factor,
            currency,
            tokens: at..end,
            pair: false,
            large,
        };
        if let Some((code, factor)) = sign {
            // "EUR/CHF 0.9415" is a pair, and the figure has the second of the two for its currency
            let pair = i > at && at > sentence.tokens.start && tokens[at as usize].after(gap::SLASH) && self.tables.currency(self.view.text(at - 1)).is_some();
            return Some(Figure { pair, ..figure(Kind::Level, Some(code), factor, end) });
        }
        let next = self.kind(end, sentence).map(|_| self.word(end));
        match next.as_deref() {
            Some("%" | "percent" | "pct" | "pc") => return Some(figure(Kind::MovePercent, None, 1.0, end + 1)),
            Some("per") if self.kind(end + 1, sentence).is_some() && self.word(end + 1) == "cent" => {
                return Some(figure(Kind::MovePercent, None, 1.0, end + 2));
            }
            Some("bp" | "bps") => return Some(figure(Kind::MovePoints, None, 1.0, end + 1)),
            Some("points") if !in_words && self.stands_at(number, sentence, at) => return Some(figure(Kind::Level, None, 1.0, end + 1)),
            Some("points" | "point") if parsed.value >= 1.0 || in_words => return Some(figure(Kind::MovePoints, None, 1.0, end + 1)),
            Some("basis" | "percentage") => return Some(figure(Kind::MovePoints, None, 1.0, end + 2)),
            // "14 times earnings"
            Some("times") if self.kind(end + 1, sentence).is_some() && self.entry(self.ids.price_multiple, end + 1) > 0 => {
                return Some(figure(Kind::Ratio, None, 1.0, end + 1 + self.entry(self.ids.price_multiple, end + 1)));
            }
            _ if grand => return Some(figure(Kind::Level, None, 1.0, end)),
            _ => {}
        }
        if next.as_deref() == Some("to") && self.kind(end + 1, sentence).is_some() && matches!(self.word(end + 1).as_ref(), "1" | "one") {
            return Some(figure(Kind::Ratio, None, 1.0, end + 2));
        }
        let clause = self.view.clause(at, sentence);
        if !in_words
            && self.any(self.ids.price_ratio, number, at.saturating_sub(RATIO_REACH).max(clause.start)..at)
            && !is_year(&self.word(i))
            && parsed.upper.is_none()
            && !self.in_date(sentence, at)
        {
            return Some(figure(Kind::Ratio, None, 1.0, end));
        }
        if !in_words && self.is_ratio_of(number, at, &clause) && parsed.upper.is_none() && !is_year(&self.word(i)) && !self.in_date(sentence, at) {
            return Some(figure(Kind::Ratio, None, 1.0, end));
        }
        if in_words {
            return (parsed.value >= 100.0 && self.quoted_bare(number, sentence, at, end)).then(|| figure(Kind::Level, None, 1.0, end));
        }
        let beside = self.behind_pair(sentence, at);
        if !beside && !self.bare_level(number, sentence, at) && !self.in_row_of_pair(sentence, at) {
            return None;
        }
        let pair = beside || self.has_pair(clause.start.max(at.saturating_sub(QUOTED_REACH))..at) || self.in_row_of_pair(sentence, at);
        Some(Figure { pair, ..figure(Kind::Level, None, 1.0, end) })
    }

    /// "stands at 19,550 points": a level of an index, and no move of it.
    fn stands_at(&self, number: usize, sentence: &Sentence, at: u32) -> bool {
        let clause = self.view.clause(at, sentence);
        let index = self.any(self.ids.price_quoted, number, at.saturating_sub(QUOTED_REACH).max(clause.start)..at);
        index && at > clause.start && matches!(self.word(at - 1).as_ref(), "at" | "to" | "around" | "near" | "above" | "below")
    }

    /// "the ratio of gold to silver has widened to 85": the word, what it is a ratio of, and a level right before the figure.
    fn is_ratio_of(&self, number: usize, at: u32, clause: &std::ops::Range<u32>) -> bool {
        let reach = at.saturating_sub(RATIO_OF_REACH).max(clause.start)..at;
        let said = [self.ids.price_level, self.ids.price_predicate].into_iter().any(|id| self.ends_before(id, at, clause));
        said && reach.clone().any(|at| self.word(at) == "ratio") && self.any(self.ids.price_instrument, number, clause.clone())
    }

    /// "USD 2,412": a capitalised currency word before its number.
    fn currency_before_number(&self, sentence: &Sentence, at: u32) -> bool {
        self.view.tokens()[at as usize].kind == TokenKind::Word
            && self.rulebook.is_currency(self.view.words[at as usize])
            && self.kind(at + 1, sentence) == Some(TokenKind::Number)
            && self.view.text(at).bytes().next().is_some_and(|byte| byte.is_ascii_uppercase())
            && !self.view.tokens()[at as usize + 1].after(gap::SQUARE)
    }

    /// "million", "bn" … behind a number.
    fn scale(&self, at: u32, sentence: &Sentence) -> Option<f64> {
        self.kind(at, sentence)?;
        words::scale(&self.word(at))
    }

    /// Two digits behind the word of a currency.
    fn hundredths(&self, sentence: &Sentence, at: u32) -> Option<f64> {
        let digits = self.kind(at, sentence).filter(|kind| *kind == TokenKind::Number).map(|_| self.word(at))?;
        let whole = digits.len() == 2 && !self.view.tokens()[at as usize].after(gap::COMMA | gap::CLAUSE | gap::OPEN);
        digits.parse::<f64>().ok().filter(|_| whole).map(|cents| cents / 100.0)
    }

    /// A figure in words that begins at a token.
    fn in_words(&self, sentence: &Sentence, at: u32) -> Option<words::Spelled> {
        let article = matches!(self.word(at).as_ref(), "a" | "an");
        let word = |at: u32| self.kind(at, sentence).filter(|kind| *kind == TokenKind::Word).map(|_| self.word(at));
        // one look decides for most words; "thirty-one" is no word of the rules, and is known by its first part
        let begins = |at: u32| self.entry(self.ids.price_number_word, at) > 0 || self.view.text(at).contains('-');
        if !(if article { self.kind(at + 1, sentence).is_some() && begins(at + 1) } else { begins(at) }) {
            return None;
        }
        words::spelled(&word, at)
    }

    /// "has lost a fifth", "slipped a dollar": a share or a coin is a figure only beside a word that moves or compares.
    fn moved_by(&self, number: usize, sentence: &Sentence, at: u32, said: &words::Spelled) -> Option<Figure> {
        let clause = self.view.clause(at, sentence);
        let is_coin = said.sense == Sense::Coin;
        let end = said.end + u32::from(is_coin);
        let before = at.saturating_sub(4).max(clause.start)..at;
        let after = end..(end + 2).min(clause.end);
        let moves = [self.ids.price_move_verb, self.ids.price_move_word].into_iter().any(|id| self.any(id, number, before.clone()));
        let less = !is_coin && end < clause.end && matches!(self.word(end).as_ref(), "less" | "more");
        let compared = less || self.any(self.ids.price_move_word, number, after.clone()) || self.any(self.ids.price_beside, number, after);
        // "the first half of the year": a part that is counted, no share
        let counted = at > clause.start
            && matches!(self.word(at - 1).as_ref(), "first" | "second" | "other" | "latter" | "final" | "top" | "bottom" | "better" | "past" | "last" | "next");
        if counted {
            return None;
        }
        // "for a third day", "the first half": what a share is of is left out or said by "of"
        let whole = is_coin || end >= clause.end || self.view.tokens()[end as usize].after(gap::COMMA) || self.entry(self.ids.price_share_of, end) > 0;
        if !(moves || compared) || !whole {
            return None;
        }
        let (kind, currency, factor) = if is_coin {
            let word = self.word(said.end);
            let (code, factor) = match words::coin(&word) {
                Some(_) => ("USD".to_owned(), 0.01),
                None => self.tables.currency(&word)?,
            };
            (Kind::Move, Some(code), factor)
        } else {
            (Kind::MovePercent, None, 1.0)
        };
        let words::Spelled { number: value, .. } = said;
        Some(Figure {
            kind,
            value: value.value * factor,
            upper: None,
            step: value.step * factor,
            coarse_step: value.coarse * factor,
            currency,
            tokens: at..end,
            pair: false,
            large: false,
        })
    }

    /// Whether a number is part of a written date.
    fn in_date(&self, sentence: &Sentence, at: u32) -> bool {
        let token = &self.view.tokens()[at as usize];
        let place = |i: usize| sentence.text.start + crate::span::offset(i);
        let dates = self.dates.of(sentence.tokens.start, || {
            let text = self.document.reading.slice(sentence.text.clone());
            date::find_all(text).iter().map(|written| place(written.range.start)..place(written.range.end)).collect()
        });
        dates.iter().any(|written| token.start < written.end && written.start < token.end)
    }

    /// A number without a sign that a quoted instrument gives its meaning: "futures last traded at 2,405", "XAU/USD 2,412.55".
    fn bare_level(&self, number: usize, sentence: &Sentence, at: u32) -> bool {
        let text = self.word(at);
        if text.contains(['-', '/', ':']) || parse_number(&text).is_none_or(|parsed| parsed.value < 1.0) || is_year(text.trim_end_matches('s')) {
            return false;
        }
        // "#27358", "[3]": the number of an issue, of a note
        if self.view.tokens()[at as usize].after(gap::SQUARE) || self.text_before(at).ends_with('#') {
            return false;
        }
        let clause = self.view.clause(at, sentence);
        // "Nikkei 225": the number of an index is part of its name
        let named = (1..=3).any(|back| at >= clause.start + back && self.entry(self.ids.price_index_name, at - back) > back);
        if named {
            return false;
        }
        // "Gold: 2,412.10": the label before the colon is quoted, and the number is all there is behind it
        let labelled = self.view.tokens()[at as usize].after(gap::COLON)
            && (sentence.tokens.len() <= 4 || at + 1 < sentence.tokens.end && tokens_open(self.view, at + 1) && sentence.tokens.len() <= SHORT_LINE)
            && (self.any(self.ids.price_quoted, number, sentence.tokens.start..at) || self.has_pair(sentence.tokens.start..at));
        // dates are looked for last: that takes longest
        (labelled || self.quoted_bare(number, sentence, at, at + 1)) && !self.in_date(sentence, at)
    }

    /// Whether what stands before a bare number is quoted in such numbers, and the words right around it say that it is a level.
    fn quoted_bare(&self, number: usize, sentence: &Sentence, at: u32, end: u32) -> bool {
        let clause = self.view.clause(at, sentence);
        let reach = at.saturating_sub(QUOTED_REACH).max(clause.start)..at;
        // pairs are quoted to the fourth place, or in hundreds: "wave 5" of one is no level
        let fine = self.view.text(at).contains(['.', ',']) || parse_number(&self.word(at)).is_some_and(|parsed| parsed.value >= 100.0);
        if !(self.any(self.ids.price_quoted, number, reach.clone()) || fine && self.has_pair(reach)) {
            return false;
        }
        let follows = self.kind(end, sentence) == Some(TokenKind::Word);
        let level = self.any(self.ids.price_level, number, at.saturating_sub(4).max(clause.start)..at);
        let rounded = [self.ids.price_predicate, self.ids.price_approx, self.ids.price_above, self.ids.price_below];
        let counts = || at > clause.start && matches!(self.word(at - 1).as_ref(), "top" | "last" | "high" | "low" | "mid" | "total" | "some");
        let said = || rounded.into_iter().any(|id| self.ends_before(id, at, &clause)) && !(follows && self.entry(self.ids.unit, end) > 0) && !counts();
        // "Bund futures 132.40"
        let beside = || self.view.text(at).contains('.') && self.ends_before(self.ids.price_quoted, at, &clause) && sentence.tokens.len() <= SHORT_LINE;
        let joined = self.kind(end, sentence).is_some() && self.view.tokens()[end as usize].after(gap::SLASH);
        let counted = follows
            && !joined
            && self.entry(self.ids.price_after, end) == 0
            && !self.says_now(number, end..(end + 2).min(sentence.tokens.end))
            && !self.view.tokens()[end as usize].after(gap::COMMA | gap::CLAUSE);
        (level || said() || beside()) && !counted
    }
}

/// Whether a bracket opens right before a token: "8,214 (−0.4%)".
fn tokens_open(view: &View, at: u32) -> bool {
    view.tokens()[at as usize].after(gap::OPEN)
}

/// Whether a text is a year as it is written in full.
#[must_use]
pub fn is_year(text: &str) -> bool {
    text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit()) && ("1000".."2200").contains(&text)
}
