//! The fields of the snapshot: which of them a claim speaks of, and in which unit and currency (policy 2.4, steps 1 to 3).

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::super::Article;
use super::{Fit, ID, fits};
use crate::document::token::fold;
use crate::price::{Comparator, Kind, Mode, PriceClaim, numbers_in};
use crate::snapshot::{Price, Snapshot};
use crate::span::offset;

/// Letters in a code of a currency or a metal: `XAUUSD` is two of them.
const CODE: usize = 3;
/// Numbers of an article that weights are looked for among.
const NUMBERS: usize = 400;
/// Fields of one name from here on are not told from each other: nobody writes so many into an article.
const MANY: usize = 64;
/// Digits of a figure by which it is known again among all fields of a snapshot, whatever the text calls it.
const TELLING: usize = 3;

/// The prices of a snapshot by the names of their instrument.
pub(super) struct Fields<'s> {
    pub snapshot: &'s Snapshot,
    /// Field numbers by every word that names what is priced, as `canonical` has it.
    by_name: BTreeMap<String, Vec<usize>>,
    /// By field: those words.
    names: Vec<BTreeSet<String>>,
    /// Whether all fields are of one instrument.
    is_one: bool,
    numbers: OnceCell<Vec<f64>>,
}

impl<'s> Fields<'s> {
    pub fn new(article: &Article, snapshot: &'s Snapshot) -> Self {
        let mut by_name: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        let mut instruments = BTreeSet::new();
        let all: Vec<BTreeSet<String>> = snapshot.prices.iter().map(|price| names(article, &price.instrument)).collect();
        for (i, (price, names)) in snapshot.prices.iter().zip(&all).enumerate() {
            instruments.insert(canonical(article, &price.instrument));
            for name in names {
                by_name.entry(name.clone()).or_default().push(i);
            }
        }
        Self { snapshot, by_name, names: all, is_one: instruments.len() == 1, numbers: OnceCell::new() }
    }

    /// Fields whose instrument the claim names, in words that both use; all fields of one instrument where the claim names none.
    pub fn of(&self, article: &Article, instrument: Option<&str>) -> Vec<&'s Price> {
        let all = &self.snapshot.prices;
        self.numbers_of(article, instrument).into_iter().map(|i| &all[i]).collect()
    }

    /// Their numbers.
    fn numbers_of(&self, article: &Article, instrument: Option<&str>) -> Vec<usize> {
        let Some(wanted) = instrument else {
            return if self.is_one { (0..self.snapshot.prices.len()).collect() } else { Vec::new() };
        };
        let mut found: Vec<usize> = names(article, wanted).iter().filter_map(|name| self.by_name.get(name)).flatten().copied().collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Of those, the ones that the words before the claim's figure name best: "lithium hydroxide" is not the carbonate.
    pub fn meant(&self, article: &Article, claim: &PriceClaim) -> Vec<&'s Price> {
        let all = &self.snapshot.prices;
        let named = self.numbers_of(article, claim.instrument.as_deref());
        if !(2..MANY).contains(&named.len()) {
            return named.into_iter().map(|i| &all[i]).collect();
        }
        let said = names_before(article, claim);
        let shared = |i: &usize| self.names[*i].intersection(&said).count();
        let most = named.iter().map(shared).max();
        named.iter().filter(|i| Some(shared(i)) == most).map(|i| &all[*i]).collect()
    }

    /// The first numbers of the article: weights that something else in it may be reckoned with.
    pub fn numbers(&self, article: &Article) -> &[f64] {
        self.numbers.get_or_init(|| {
            let mut numbers = numbers_in(article.document, 0..offset(article.document.tokens.tokens.len()));
            numbers.truncate(NUMBERS);
            numbers
        })
    }

    /// Whether a claim is in a field's currency. A dollar sign, dollars or cents alone are those of any country that has them.
    pub fn same_currency(&self, article: &Article, claim: &PriceClaim, price: &Price) -> bool {
        let (Some(claimed), Some(has)) = (&claim.currency, &price.currency) else { return true };
        if claimed == has {
            return true;
        }
        let dollars = article.policy.list(ID, "dollars");
        let said = article.text_of(claim.tokens.clone());
        claimed == "USD" && dollars.contains(has) && !said.contains("US") && !said.contains("U.S")
    }

    /// Whether a field has a figure to the digit that the text calls by no name, or by one that is in the sentence beside the field's own:
    /// "the afternoon benchmark was set at $2,541.15".
    pub fn bear_out(&self, article: &Article, claim: &PriceClaim) -> bool {
        // a rate has no currency: its day tells it from any other per cent
        let is_priced = claim.currency.is_some() || claim.kind == Kind::Rate && matches!(claim.mode, Mode::Dated(_));
        if !matches!(claim.comparator, Comparator::Equal | Comparator::About) || !is_priced || digits(article, claim) < TELLING {
            return false;
        }
        let said = std::cell::LazyCell::new(|| said_names(article, claim.sentence));
        let has = |price: &Price| {
            let day = match claim.mode {
                Mode::Dated(day) => price.as_of == Some(day) || is_start(article, claim),
                _ => true,
            };
            let value = in_unit(article, price, claim.unit.as_deref());
            day && self.same_currency(article, claim, price) && value.is_some_and(|value| matches!(fits(article, claim, value), Fit::Exact))
        };
        let nameless = claim.instrument.as_deref().is_none_or(|named| names(article, named).is_empty());
        // "hydroxide was assessed at" what the carbonate was
        let before = std::cell::LazyCell::new(|| names_before(article, claim));
        let shared = |i: usize| self.names[i].intersection(&before).count();
        let most = std::cell::LazyCell::new(|| (0..self.names.len()).map(shared).max().unwrap_or_default());
        let named = |i: usize| (nameless || !self.names[i].is_disjoint(&said)) && shared(i) == *most;
        self.snapshot.prices.iter().enumerate().any(|(i, price)| has(price) && named(i))
    }

    /// "On the 11 May circular": the day of the snapshot that a sentence names without its year.
    pub fn day_without_year(&self, article: &Article, claim: &PriceClaim) -> Option<Date> {
        let text = article.document.reading.slice(article.sentence(claim.sentence).text.clone()).to_lowercase();
        let days: BTreeSet<Date> = self.snapshot.prices.iter().filter_map(|price| price.as_of).chain(self.snapshot.captured).collect();
        let mut said = days.into_iter().filter(|day| {
            let written = ["%-d %B", "%-d %b", "%B %-d", "%b %-d"].map(|form| day.strftime(form).to_string().to_lowercase());
            written.iter().any(|form| {
                text.match_indices(form.as_str()).any(|(at, _)| {
                    let before = text[..at].chars().next_back().is_none_or(|c| !c.is_alphanumeric());
                    before && text[at + form.len()..].chars().next().is_none_or(|c| !c.is_alphanumeric())
                })
            })
        });
        said.next().filter(|_| said.next().is_none())
    }
}

/// "up 5 points from 4.41% on 17 May": the day is not that of what it rose from.
pub(super) fn is_start(article: &Article, claim: &PriceClaim) -> bool {
    claim.tokens.start.checked_sub(1).is_some_and(|at| fold(article.view.text(at)) == "from")
}

/// Digits of a claim's figure.
fn digits(article: &Article, claim: &PriceClaim) -> usize {
    article.text_of(claim.tokens.clone()).bytes().filter(u8::is_ascii_digit).count()
}

/// The words between the figure before a claim's own and this one, in its sentence, as `canonical` has them.
fn names_before(article: &Article, claim: &PriceClaim) -> BTreeSet<String> {
    let start = article.sentence(claim.sentence).tokens.start;
    let first = article.prices.partition_point(|other| other.sentence < claim.sentence);
    let others = article.prices[first..].iter().take_while(|other| other.tokens.end <= claim.tokens.start);
    let from = others.map(|other| other.tokens.end).max().unwrap_or(start);
    names(article, article.text_of(from..claim.tokens.start.max(from)))
}

/// The words of a sentence, as `canonical` has them.
fn said_names(article: &Article, sentence: usize) -> BTreeSet<String> {
    names(article, article.document.reading.slice(article.sentence(sentence).text.clone()))
}

/// The name that an instrument goes by, whatever the text or the snapshot calls it.
fn canonical(article: &Article, name: &str) -> String {
    let plain = name.to_lowercase().replace(['_', '-', '/'], " ");
    let alias = article.policy.list(ID, "instrument-aliases").iter().filter_map(|pair| pair.split_once('=')).find(|(from, _)| from.trim() == plain);
    alias.map_or(plain, |(_, to)| to.trim().to_owned())
}

/// Every word that says what is priced: "WTI crude front month" is `oil` and `crude`, "GBP/EUR" `gbp` and `eur`. Words that say where,
/// when and how it is quoted name nothing.
fn names(article: &Article, text: &str) -> BTreeSet<String> {
    let qualifiers = article.policy.list(ID, "instrument-qualifiers");
    let codes = article.policy.list(ID, "pair-codes");
    let mut found = BTreeSet::new();
    let mut add = |name: String| {
        for word in name.split(' ').filter(|word| word.len() > 1 && !word.starts_with(|c: char| c.is_ascii_digit())) {
            if !qualifiers.iter().any(|qualifier| qualifier == word || qualifier == singular(word)) {
                found.insert(word.to_owned());
            }
        }
    };
    let words: Vec<String> = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase).collect();
    add(canonical(article, text));
    for (i, word) in words.iter().enumerate() {
        add(canonical(article, singular(word)));
        if let Some(next) = words.get(i + 1) {
            let both = format!("{word} {next}");
            let alias = canonical(article, &both);
            if alias != both {
                add(alias);
            }
        }
        if word.len() == 2 * CODE && word.is_ascii() {
            let (left, right) = word.split_at(CODE);
            if [left, right].iter().all(|half| codes.iter().any(|code| code.eq_ignore_ascii_case(half))) {
                add(canonical(article, left));
                add(canonical(article, right));
            }
        }
    }
    found
}

/// "prices" is `price`; short words keep their `s`.
fn singular(word: &str) -> &str {
    word.strip_suffix('s').filter(|one| one.len() > CODE && !one.ends_with('s')).unwrap_or(word)
}

/// The snapshot's value in the claim's unit; `None` where the two cannot be set against each other.
pub(super) fn in_unit(article: &Article, price: &Price, unit: Option<&str>) -> Option<f64> {
    let (Some(claimed), Some(has)) = (unit, price.unit.as_deref()) else { return Some(price.value) };
    match (grams(article, claimed), grams(article, has)) {
        (Some(claimed), Some(has)) => Some(price.value / has * claimed),
        _ if same_unit(claimed, has) => Some(price.value),
        _ => None,
    }
}

/// Grams in a unit of weight, also in so many of it: "10 g".
pub(super) fn grams(article: &Article, unit: &str) -> Option<f64> {
    let plain = unit.trim().to_lowercase().replace('_', " ");
    let (count, of) = plain.split_at(plain.find(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | ',')).unwrap_or(0));
    let count = if count.is_empty() { 1.0 } else { count.replace(',', "").parse().ok()? };
    let units = article.policy.list(ID, "units");
    let one = units.iter().filter_map(|pair| pair.split_once('=')).find(|(name, _)| name.trim() == of.trim() || name.trim() == unit.trim());
    let weight = one.and_then(|(_, grams)| grams.trim().parse::<f64>().ok());
    // "kg clean", "tonne co2": the measure, and of what
    let of_what = || of.trim().split_once(' ').and_then(|(measure, _)| grams(article, measure));
    weight.or_else(of_what).map(|grams| count * grams)
}

/// "barrels" and "barrel"; "ton" and "short_ton".
fn same_unit(claimed: &str, has: &str) -> bool {
    let words = |unit: &str| unit.split([' ', '_']).map(|word| word.to_lowercase().trim_end_matches('s').to_owned()).collect::<Vec<_>>();
    let (claimed, has) = (words(claimed), words(has));
    let (few, many) = if claimed.len() < has.len() { (&claimed, &has) } else { (&has, &claimed) };
    few.iter().all(|word| many.contains(word))
}
