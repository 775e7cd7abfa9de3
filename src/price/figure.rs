//! Figures as they are written: amounts with signs, codes and words of currency, ranges, ratios, per cent and points, and bare numbers
//! that a quoted instrument gives their meaning.

use super::number::{parse_number, ratio_of};
use super::{Finder, Kind};
use crate::date;
use crate::document::token::{Sentence, TokenKind, gap};

/// Tokens between the beginning of "ratio stands at" and its value.
const RATIO_REACH: u32 = 5;
/// Tokens between what is quoted in bare numbers and its number.
const QUOTED_REACH: u32 = 10;

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
        if self.kind(i, sentence) != Some(TokenKind::Number) {
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
        let mut parsed = parse_number(pence.unwrap_or(&written))?;
        if pence.is_some() {
            sign = self.tables.currency("p");
        }
        let mut end = i + 1;
        let mut large = written.ends_with("bn") || written.ends_with('m');
        // a stray space inside a number: "$2, 398.84"
        if parsed.upper.is_none()
            && let Some(scale) = self.scale(end, sentence)
        {
            parsed.scale(scale);
            large = scale > 1e3;
            end += 1;
        }
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
        if sign.is_none()
            && self.kind(end, sentence).is_some()
            && (self.rulebook.is_currency(self.view.words[end as usize]) || self.kind(end, sentence) == Some(TokenKind::Currency))
        {
            sign = self.tables.currency(self.view.text(end));
            end += u32::from(sign.is_some());
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
            Some("points" | "point") if parsed.value >= 1.0 => return Some(figure(Kind::MovePoints, None, 1.0, end + 1)),
            Some("basis") => return Some(figure(Kind::MovePoints, None, 1.0, end + 2)),
            _ => {}
        }
        if next.as_deref() == Some("to") && self.kind(end + 1, sentence).is_some() && matches!(self.word(end + 1).as_ref(), "1" | "one") {
            return Some(figure(Kind::Ratio, None, 1.0, end + 2));
        }
        let clause = self.view.clause(at, sentence);
        if self.any(self.ids.price_ratio, number, at.saturating_sub(RATIO_REACH).max(clause.start)..at)
            && !is_year(&self.word(i))
            && parsed.upper.is_none()
            && !self.in_date(sentence, at)
        {
            return Some(figure(Kind::Ratio, None, 1.0, end));
        }
        let pair = self.behind_pair(sentence, at);
        (pair || self.bare_level(number, sentence, at)).then(|| Figure { pair, ..figure(Kind::Level, None, 1.0, end) })
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
        match self.word(at).as_ref() {
            "thousand" => Some(1e3),
            "lakh" | "lakhs" | "lac" => Some(1e5),
            "crore" | "crores" => Some(1e7),
            "million" | "mn" | "mln" => Some(1e6),
            "billion" | "bn" | "bln" => Some(1e9),
            "trillion" | "tn" => Some(1e12),
            _ => None,
        }
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
        let numbered = self.view.tokens()[at as usize].after(gap::SQUARE) || self.text_before(at).ends_with('#');
        if numbered || self.in_date(sentence, at) {
            return false;
        }
        let clause = self.view.clause(at, sentence);
        // "Nikkei 225": the number of an index is part of its name
        let named = (1..=3).any(|back| at >= clause.start + back && self.entry(self.ids.price_index_name, at - back) > back);
        if named {
            return false;
        }
        // "Gold: 2,412.10": the label before the colon is quoted, and the number is all there is behind it
        if self.view.tokens()[at as usize].after(gap::COLON) && sentence.tokens.len() <= 4 && self.any(self.ids.price_quoted, number, sentence.tokens.start..at)
        {
            return true;
        }
        let quoted = self.any(self.ids.price_quoted, number, at.saturating_sub(QUOTED_REACH).max(clause.start)..at);
        let level = self.any(self.ids.price_level, number, at.saturating_sub(4).max(clause.start)..at);
        let counted = self.kind(at + 1, sentence).is_some_and(|kind| kind == TokenKind::Word)
            && self.entry(self.ids.unit, at + 1) == 0
            && self.entry(self.ids.price_after, at + 1) == 0
            && !self.any(self.ids.time_now, number, at + 1..(at + 3).min(sentence.tokens.end))
            && !self.view.tokens()[at as usize + 1].after(gap::COMMA | gap::CLAUSE);
        quoted && level && !counted
    }
}

/// Whether a text is a year as it is written in full.
pub(super) fn is_year(text: &str) -> bool {
    text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit()) && ("1000".."2200").contains(&text)
}
