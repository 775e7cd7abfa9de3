//! A cluster in words: its template as text with named slots, and what stands in the slots of every article. Fingerprints hold no text, so
//! the texts are handed in again, one article at a time.

use std::collections::BTreeMap;

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

/// A cluster in words.
#[derive(Clone, Debug, Default)]
pub struct Worded {
    /// The template with `{slot}` where the articles differ.
    pub template: String,
    /// Name of every slot.
    pub slots: Vec<String>,
    /// For the first members, what stands in their slots: by slot.
    pub values: Vec<BTreeMap<u32, String>>,
}

/// Puts a cluster into words. `text_of` gives the text of an article that spans of its prose lie in; `valued` is the number of members
/// whose values are told.
#[must_use]
pub fn word(cluster: &Cluster, fingerprints: &[Fingerprint], valued: usize, text_of: &(dyn Fn(usize) -> String + Sync)) -> Worded {
    use rayon::prelude::*;
    let told = &cluster.members[..cluster.members.len().min(valued.max(NAMED_BY))];
    let values: Vec<BTreeMap<u32, String>> = told.par_iter().map(|member| values(member, fingerprints, text_of)).collect();
    let slots = names(cluster, fingerprints, &values);
    Worded { template: template(cluster, fingerprints, &slots, text_of), slots, values }
}

/// What stands in the slots of an article. A slot that is met again holds the same, as a rule; where it does not, all of it is shown.
fn values(member: &Member, fingerprints: &[Fingerprint], text_of: &(dyn Fn(usize) -> String + Sync)) -> BTreeMap<u32, String> {
    let text = text_of(member.article as usize);
    let places = fingerprints[member.article as usize].prose.places();
    let mut found: BTreeMap<u32, Vec<String>> = BTreeMap::new();
    for filling in &member.fillings {
        let value = piece(&text, &places, filling.from, filling.to);
        let all = found.entry(filling.slot).or_default();
        let known = all.iter().any(|other| other.to_lowercase() == value.to_lowercase());
        if !known && all.len() < MOST_VALUES {
            all.push(value);
        }
    }
    found.into_iter().map(|(slot, all)| (slot, all.join(" / "))).collect()
}

/// The text of some words, as it stands in the file, on one line.
fn piece(text: &str, places: &[Span], from: u32, to: u32) -> String {
    let (Some(first), Some(last)) = (places.get(from as usize), places.get((to.max(from + 1) - 1) as usize)) else { return String::new() };
    let whole = text.get(first.start as usize..last.end as usize).unwrap_or_default();
    whole.split_whitespace().collect::<Vec<_>>().join(" ")
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
    let is_date = |value: &str| {
        let lower = value.to_lowercase();
        lower.split(|c: char| !c.is_alphanumeric()).any(|word| CALENDAR.contains(&word))
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

fn template(cluster: &Cluster, fingerprints: &[Fingerprint], slots: &[String], text_of: &(dyn Fn(usize) -> String + Sync)) -> String {
    let mut texts: BTreeMap<u32, (String, Vec<Span>)> = BTreeMap::new();
    for word in cluster.template.sentences.iter().flat_map(|sentence| &sentence.words) {
        texts.entry(word.article).or_insert_with(|| (text_of(word.article as usize), fingerprints[word.article as usize].prose.places()));
    }
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
        sentence_text(sentence, slots, &texts, &mut out);
    }
    out
}

fn sentence_text(sentence: &TemplateSentence, slots: &[String], texts: &BTreeMap<u32, (String, Vec<Span>)>, out: &mut String) {
    let mut first = true;
    let mut put = |piece: &str, out: &mut String| {
        // scripts that are written without spaces stay so
        let joined = out.ends_with(|c| is_unspaced(c) || "\u{3001}\u{3002}".contains(c)) || piece.starts_with(is_unspaced);
        if !std::mem::take(&mut first) && !joined {
            out.push(' ');
        }
        out.push_str(piece);
    };
    for at in 0..=sentence.words.len() {
        if let Some(slot) = sentence.gaps.get(at).copied().flatten() {
            let name = slots.get(slot as usize).map_or("slot", String::as_str);
            put(&format!("{{{name}}}"), out);
        }
        let Some(word) = sentence.words.get(at) else { break };
        let Some((text, places)) = texts.get(&word.article) else { continue };
        let mut shown = piece(text, places, word.at, word.at + 1);
        // a mark right behind the word belongs to the sentence
        let end = places.get(word.at as usize).map_or(0, |place| place.end as usize);
        if let Some(c) = text.get(end..).and_then(|rest| rest.chars().next()).filter(|c| ".,;:!?\u{3002}\u{3001}".contains(*c)) {
            shown.push(c);
        }
        put(&shown, out);
    }
}
