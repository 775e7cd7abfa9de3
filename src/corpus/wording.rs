//! A cluster in words: its template as text with named slots, and what stands in the slots of every article. Fingerprints hold no text, so
//! the texts are handed in again, one article at a time.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use super::Cluster;
use super::template::{Member, TemplateSentence};
use crate::document::token::is_unspaced;
use crate::fingerprint::Fingerprint;
use crate::fingerprint::prose::mark;
use crate::span::Span;

/// Articles by whose values a slot is named.
const NAMED_BY: usize = 12;
/// Values of one slot in one article that are shown.
const MOST_VALUES: usize = 3;
/// Months and days, by which a date is told.
const CALENDAR: &[&str] = &[
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
];

/// Whether a word in lower case names a month, whole or by its first letters.
#[must_use]
pub fn is_month(word: &str) -> bool {
    const MONTHS: usize = 12;
    CALENDAR[..MONTHS].iter().any(|month| *month == word || month.get(..3) == Some(word)) || word == "sept"
}

/// How much is told of what stands in slots.
#[derive(Clone, Copy, Debug)]
pub struct Valued {
    /// Articles of a cluster, the first ones, whose values are told.
    pub articles: usize,
    /// Values of a slot, the first ones.
    pub values: usize,
}

/// What stands in a slot of one article.
#[derive(Clone, Debug)]
pub struct Value {
    /// The article, by its place in the cluster.
    pub member: u32,
    /// The slot.
    pub slot: u32,
    /// What stands there.
    pub text: Box<str>,
}

/// A cluster in words.
#[derive(Clone, Debug, Default)]
pub struct Worded {
    /// The template with `{slot}` where the articles differ.
    pub template: String,
    /// Name of every slot.
    pub slots: Vec<String>,
    /// What stands in the slots, member by member.
    pub values: Vec<Value>,
}

/// An article that a cluster is put into words by.
#[derive(Clone, Copy, Debug)]
pub struct Shown<'t> {
    /// Its text.
    pub text: &'t str,
    /// Where the words of its prose stand in it.
    pub places: &'t [Span],
}

/// Hands over the text of an article by its number.
pub type ShowArticle<'t> = dyn Fn(u32, &mut dyn FnMut(Shown)) + Sync + 't;

/// The articles whose words a template is told in: [`word`] asks for them again and again, for any other once.
#[must_use]
pub fn told_in(cluster: &Cluster) -> BTreeSet<u32> {
    cluster.template.sentences.iter().flat_map(|sentence| &sentence.words).map(|word| word.article).collect()
}

/// Puts a cluster into words.
#[must_use]
pub fn word(cluster: &Cluster, fingerprints: &[Fingerprint], valued: Valued, show: &ShowArticle) -> Worded {
    use rayon::prelude::*;
    let told = told(cluster, valued);
    let values: Vec<BTreeMap<u32, String>> = told.par_iter().map(|place| values(&cluster.members[*place], show)).collect();
    let slots = names(cluster, fingerprints, &values);
    let mut left = vec![valued.values; slots.len()];
    let mut kept = Vec::new();
    for (place, values) in told.iter().zip(values) {
        for (slot, text) in values {
            if let Some(left) = left.get_mut(slot as usize).filter(|left| **left > 0) {
                *left -= 1;
                kept.push(Value { member: *place as u32, slot, text: text.into() });
            }
        }
    }
    Worded { template: template(cluster, &slots, show), slots, values: kept }
}

/// The places of the members whose values are looked at: the first ones, by which slots are named, and others as long as a slot of theirs has
/// fewer values than are told.
fn told(cluster: &Cluster, valued: Valued) -> Vec<usize> {
    let mut left = vec![valued.values; cluster.template.slots as usize];
    let mut met: Vec<u32> = Vec::new();
    let mut told = Vec::new();
    for (place, member) in cluster.members.iter().enumerate().take(valued.articles.max(NAMED_BY)) {
        met.clear();
        met.extend(member.fillings.iter().map(|filling| filling.slot));
        met.sort_unstable();
        met.dedup();
        let mut is_told = place < NAMED_BY;
        for slot in &met {
            if let Some(left) = left.get_mut(*slot as usize).filter(|left| **left > 0) {
                *left -= 1;
                is_told = true;
            }
        }
        if is_told {
            told.push(place);
        }
    }
    told
}

/// What stands in the slots of an article. A slot that is met again holds the same, as a rule; where it does not, all of it is shown.
fn values(member: &Member, show: &ShowArticle) -> BTreeMap<u32, String> {
    let mut found: BTreeMap<u32, String> = BTreeMap::new();
    // what else stands in a slot
    let mut others: BTreeMap<u32, Vec<String>> = BTreeMap::new();
    show(member.article, &mut |shown| {
        for filling in &member.fillings {
            let mut value = String::new();
            piece(shown, filling.from, filling.to, &mut value);
            match found.entry(filling.slot) {
                Entry::Vacant(free) => drop(free.insert(value)),
                Entry::Occupied(first) => {
                    let more = others.get(&filling.slot).map_or(&[][..], Vec::as_slice);
                    let known = std::iter::once(first.get()).chain(more).any(|other| *other == value || is_same_but_for_case(other, &value));
                    if !known && more.len() + 1 < MOST_VALUES {
                        others.entry(filling.slot).or_default().push(value);
                    }
                }
            }
        }
    });
    for (slot, more) in others {
        if let Some(all) = found.get_mut(&slot) {
            for other in more {
                all.push_str(" / ");
                all.push_str(&other);
            }
        }
    }
    found
}

fn is_same_but_for_case(one: &str, other: &str) -> bool {
    if one.is_ascii() && other.is_ascii() { one.eq_ignore_ascii_case(other) } else { one.to_lowercase() == other.to_lowercase() }
}

/// Adds the text of some words, as it stands in the file, on one line.
fn piece(shown: Shown, from: u32, to: u32, out: &mut String) {
    let whole = written(shown, from, to);
    if !whole.contains(|c: char| c.is_whitespace()) {
        return out.push_str(whole);
    }
    out.reserve(whole.len());
    for (at, word) in whole.split_whitespace().enumerate() {
        if at > 0 {
            out.push(' ');
        }
        out.push_str(word);
    }
}

/// The text of some words, as it stands in the file.
fn written<'t>(Shown { text, places }: Shown<'t>, from: u32, to: u32) -> &'t str {
    let (Some(first), Some(last)) = (places.get(from as usize), places.get((to.max(from + 1) - 1) as usize)) else { return "" };
    text.get(first.start as usize..last.end as usize).unwrap_or_default()
}

/// Names the slots: by the subject of the articles, else by what kind of thing stands in them.
fn names(cluster: &Cluster, fingerprints: &[Fingerprint], values: &[BTreeMap<u32, String>]) -> Vec<String> {
    let mut subject = vec![(0usize, 0usize); cluster.template.slots as usize];
    for member in cluster.members.iter().take(NAMED_BY) {
        let fingerprint = &fingerprints[member.article as usize];
        for filling in &member.fillings {
            let words = fingerprint.prose.words().get(filling.from as usize..filling.to as usize).unwrap_or_default();
            let named = words.iter().any(|word| fingerprint.names.binary_search(word).is_ok());
            let (hits, all) = &mut subject[filling.slot as usize];
            (*hits, *all) = (*hits + usize::from(named), *all + 1);
        }
    }
    let mut taken: BTreeMap<&'static str, u32> = BTreeMap::new();
    (0..cluster.template.slots)
        .map(|slot| {
            let shown: Vec<&String> = values.iter().take(NAMED_BY).filter_map(|of| of.get(&slot)).collect();
            let (hits, all) = subject[slot as usize];
            let kind = if hits * 2 > all { "subject" } else { kind(&shown) };
            let number = taken.entry(kind).or_insert(0);
            *number += 1;
            if *number == 1 { kind.to_owned() } else { format!("{kind}-{number}") }
        })
        .collect()
}

/// What kind of thing most of the values are.
fn kind(values: &[&String]) -> &'static str {
    let most = |test: &dyn Fn(&str) -> bool| values.iter().filter(|value| test(value.as_str())).count() * 3 >= values.len() * 2 && !values.is_empty();
    let has_day = |value: &str| value.split(|c: char| !c.is_alphanumeric()).any(|word| CALENDAR.iter().any(|name| name.eq_ignore_ascii_case(word)));
    let is_date = |value: &str| {
        (if value.is_ascii() { has_day(value) } else { has_day(&value.to_lowercase()) })
            || value.len() == 10 && value.bytes().filter(|byte| *byte == b'-').count() == 2 && value.starts_with(|c: char| c.is_ascii_digit())
    };
    let is_number = |value: &str| value.chars().any(|c| c.is_ascii_digit()) && value.chars().filter(|c| c.is_alphabetic()).count() <= 2;
    let is_name = |value: &str| value.split_whitespace().all(|word| word.starts_with(char::is_uppercase));
    if most(&is_date) {
        "date"
    } else if most(&is_number) {
        "number"
    } else if most(&is_name) {
        "name"
    } else {
        "phrase"
    }
}

fn template(cluster: &Cluster, slots: &[String], show: &ShowArticle) -> String {
    let mut out = String::new();
    for sentence in &cluster.template.sentences {
        if sentence.marks & mark::BEGINS != 0 && !out.is_empty() {
            out.push_str("\n\n");
        } else if !out.is_empty() {
            out.push(' ');
        }
        if sentence.marks & mark::HEADING != 0 {
            out.push_str("## ");
        }
        sentence_text(sentence, slots, show, &mut out);
    }
    out
}

fn sentence_text(sentence: &TemplateSentence, slots: &[String], show: &ShowArticle, out: &mut String) {
    let mut first = true;
    // scripts that are written without spaces stay so
    let mut part = |piece: &str, out: &mut String| {
        let joined = out.ends_with(|c| is_unspaced(c) || "\u{3001}\u{3002}".contains(c)) || piece.trim_start().starts_with(is_unspaced);
        if !std::mem::take(&mut first) && !joined {
            out.push(' ');
        }
    };
    for at in 0..=sentence.words.len() {
        if let Some(slot) = sentence.gaps.get(at).copied().flatten() {
            let name = slots.get(slot as usize).map_or("slot", String::as_str);
            part("{", out);
            out.extend(["{", name, "}"]);
        }
        let Some(word) = sentence.words.get(at) else { break };
        show(word.article, &mut |article| {
            part(written(article, word.at, word.at + 1), out);
            piece(article, word.at, word.at + 1, out);
            // a mark right behind the word belongs to the sentence
            let end = article.places.get(word.at as usize).map_or(0, |place| place.end as usize);
            if let Some(c) = article.text.get(end..).and_then(|rest| rest.chars().next()).filter(|c| ".,;:!?\u{3002}\u{3001}".contains(*c)) {
                out.push(c);
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::super::groups::Relation;
    use super::super::template::{Filling, Template};
    use super::*;

    #[test]
    fn only_articles_with_values_that_are_told_are_looked_at() {
        let fills = |slots: &[u32]| slots.iter().map(|slot| Filling { slot: *slot, from: 0, to: 1 }).collect();
        let member = |place: u32| Member { article: place, fillings: fills(if place < 15 { &[0] } else { &[0, 1] }), ..Member::default() };
        let mut cluster = Cluster { id: 0, relation: Relation::Template, template: Template::default(), members: (0..20).map(member).collect(), shared: 1.0 };
        cluster.template.slots = 2;
        let first: Vec<usize> = (0..NAMED_BY).collect();
        assert_eq!(told(&cluster, Valued { articles: 1_000, values: 2 }), [first.as_slice(), &[15, 16]].concat());
        assert_eq!(told(&cluster, Valued { articles: 16, values: 2 }), [first.as_slice(), &[15]].concat());
        assert_eq!(told(&cluster, Valued { articles: 1_000, values: usize::MAX }), (0..20).collect::<Vec<_>>());
    }
}
