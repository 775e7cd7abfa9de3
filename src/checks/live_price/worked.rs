//! Figures that the text works out from a field of the snapshot: a sum changed at its rate, a weight valued at its price (policy 2.4, step 3).

use std::ops::Range;

use super::super::Article;
use super::fields::{Fields, grams, in_unit};
use super::{Fit, fits};
use crate::document::token::fold;
use crate::price::{Comparator, PriceClaim, is_year, numbers_in};
use crate::snapshot::Price;

/// Fields that a figure is worked out from.
const FIELDS: usize = 16;
/// Tokens before and behind it where they are looked for.
const REACH: u32 = 150;
/// Numbers of a paragraph and of the one before it that it is worked out with.
const NUMBERS: usize = 24;
/// Beyond this share of a figure no allowance of "about" reaches: it is capped at 2 per cent (policy 2.4, step 4).
const FAR: f64 = 0.03;
/// Four digits beyond these are a year likelier than a number to reckon with.
const NEWER: &str = "1900";
/// Grams, the measure that weights of coins and things are given in.
const GRAM: &str = "g";

/// Whether a claim comes out of a field and the numbers beside it, or is what something else there is worked out with.
pub(super) fn is_worked_out(article: &Article, fields: &Fields, claim: &PriceClaim) -> bool {
    if claim.currency.is_none() || claim.upper.is_some() || !matches!(claim.comparator, Comparator::Equal | Comparator::About) {
        return false;
    }
    let named = fields.of(article, claim.instrument.as_deref());
    let all: Vec<&Price> = if named.is_empty() { fields.snapshot.prices.iter().collect() } else { named };
    let (near, beside) = numbers_near(article, claim);
    // most of what can be reckoned is far off: no allowance reaches so far
    let reach = claim.step.max(claim.coarse_step).max(claim.value.abs() * FAR);
    let is_near = |value: f64| (value - claim.value).abs() <= reach;
    let agrees = |value: f64| is_near(value) && matches!(fits(article, claim, value), Fit::Exact | Fit::Rough);
    let is_other = |value: f64, base: f64| (value / base - 1.0).abs() > 1e-9;
    all.into_iter().take(FIELDS).any(|price| {
        // a price for another measure than the claim's own is no number to reckon with
        let measured = claim.unit.as_deref().is_none_or(|unit| in_unit(article, price, Some(unit)).is_none() || grams(article, unit).is_none());
        let operand = near.iter().any(|sum| {
            let is_sum = |value: f64| (value - sum).abs() <= 0.005_f64.max(sum.abs() * 1e-5) && is_other(value, price.value);
            claim.value > 1.0 && (is_sum(price.value * claim.value) || is_sum(price.value + claim.value))
        });
        if operand {
            return true;
        }
        let inverse = price.unit.as_deref() == claim.currency.as_deref() && price.value != 0.0;
        if !fields.same_currency(article, claim, price) && !inverse {
            return false;
        }
        let base = if inverse && !fields.same_currency(article, claim, price) { 1.0 / price.value } else { price.value };
        if measured {
            let by_two = |a: f64| beside.iter().any(|b| *b != 0.0 && is_other(a / b, 1.0) && agrees(base * a / b));
            if near.iter().any(|a| (is_other(*a, 1.0) && (agrees(base * a) || *a != 0.0 && agrees(base / a))) || agrees(base + a))
                || beside.iter().any(|a| by_two(*a))
            {
                return true;
            }
        }
        let spread = fields.snapshot.prices.iter().take(FIELDS).any(|other| other.currency == price.currency && agrees((price.value - other.value).abs()));
        let by_weight = || {
            let gram = in_unit(article, price, Some(GRAM)).filter(|_| price.unit.is_some());
            // "per pound that comes out at $4.37"
            let measures = || units_in(article, claim.sentence).into_iter().filter_map(|unit| in_unit(article, price, Some(&unit)));
            let converted = claim.unit.is_none() && price.unit.is_some() && measures().any(agrees);
            converted || gram.is_some_and(|gram| claim.unit.is_none() && (agrees(gram) || fields.numbers(article).iter().any(|weight| agrees(gram * weight))))
        };
        spread || by_weight()
    })
}

/// The numbers of the claim's paragraph and of the one before it, but for the claim's own and those of dates; and those of its sentence
/// and of the one before: of two numbers and a price, something comes out near any figure, if there are enough of them.
fn numbers_near(article: &Article, claim: &PriceClaim) -> (Vec<f64>, Vec<f64>) {
    let sentences = &article.document.tokens.sentences;
    let block = article.sentence(claim.sentence).block;
    let from = sentences.partition_point(|sentence| sentence.block + 1 < block);
    let to = sentences.partition_point(|sentence| sentence.block <= block);
    let reach = claim.tokens.start.saturating_sub(REACH)..claim.tokens.end + REACH;
    let tokens = sentences[from].tokens.start.max(reach.start)..sentences[to - 1].tokens.end.min(reach.end);
    let beside =
        sentences[claim.sentence.saturating_sub(1).max(from)].tokens.start.max(tokens.start)..article.sentence(claim.sentence).tokens.end.min(tokens.end);
    let of = |tokens: Range<u32>| {
        let mut numbers = undated_numbers(article, tokens.start..claim.tokens.start);
        numbers.extend(undated_numbers(article, claim.tokens.end..tokens.end));
        let skip = numbers.len().saturating_sub(NUMBERS);
        numbers.split_off(skip)
    };
    (of(tokens), of(beside))
}

/// The numbers among some tokens that are no day and no year: "15 May 2026" is nothing to reckon with.
fn undated_numbers(article: &Article, tokens: Range<u32>) -> Vec<f64> {
    let Some(month) = article.rulebook.lexicons().id("month") else { return numbers_in(article.document, tokens) };
    let all = article.view.tokens().len();
    let is_month = |at: u32| (at as usize) < all && article.view.entry_at(month, at) > 0;
    let undated = tokens.filter(|at| {
        let beside = at.checked_sub(1).is_some_and(is_month) || is_month(at + 1) || at.checked_sub(2).is_some_and(is_month);
        !beside && (!is_year(article.view.text(*at)) || article.view.text(*at) <= NEWER)
    });
    undated.flat_map(|at| numbers_in(article.document, at..at + 1)).collect()
}

/// Measures of weight that a sentence names.
fn units_in(article: &Article, sentence: usize) -> Vec<String> {
    let tokens = article.sentence(sentence).tokens.clone();
    let words = tokens.map(|at| fold(article.view.text(at)).into_owned());
    words.filter(|word| grams(article, word).is_some()).collect()
}
