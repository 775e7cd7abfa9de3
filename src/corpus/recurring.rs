//! What returns in many articles without being a template: the plan of headings, the first or last words, and lines that stand
//! everywhere word for word.

use std::collections::BTreeMap;

use super::Comparison;
use super::align::{sentence, sentence_hash, starts};
use crate::fingerprint::Fingerprint;
use crate::fingerprint::prose::mark;
use crate::policy::Policy;

/// What stands for a word that names an article's subject.
const SUBJECT: u32 = 1;

/// From when on something counts as returning; every figure is policy.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Articles of one outline.
    pub outline_articles: usize,
    /// Headings that they share.
    pub outline_headings: usize,
    /// Articles with the same first or last words.
    pub phrase_articles: usize,
    /// And at least this share of all.
    pub phrase_share: f64,
    /// Words of such a phrase.
    pub phrase_words: usize,
    /// Articles with the same sentence.
    pub boilerplate_articles: usize,
    /// Words of an article that stand in such sentences.
    pub boilerplate_words: usize,
}

impl Limits {
    /// The limits of a policy.
    #[must_use]
    pub fn of(policy: &Policy) -> Self {
        let count = |name: &str, otherwise: u32| policy.count("scaled-content", name, otherwise) as usize;
        Self {
            outline_articles: count("outline-min-articles", 5),
            outline_headings: count("outline-min-headings", 3),
            phrase_articles: count("stock-phrase-min-articles", 5),
            phrase_share: policy.number("scaled-content", "stock-phrase-min-share", 0.1),
            phrase_words: count("stock-phrase-min-words", 5).max(1),
            boilerplate_articles: count("boilerplate-min-articles", 3),
            boilerplate_words: count("boilerplate-min-words", 20),
        }
    }
}

/// Words of an article: `from..to` of its prose, in so many articles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Returning {
    /// First word.
    pub from: u32,
    /// One past the last.
    pub to: u32,
    /// Articles that have it.
    pub articles: u32,
}

/// What returns of one article.
#[derive(Clone, Debug, Default)]
pub struct Recurring {
    /// Its headings that others have in the same order.
    pub outline: Vec<Returning>,
    /// Its first or last words, where many begin or end with them.
    pub phrases: Vec<Returning>,
    /// Sentences that stand in many articles.
    pub lines: Vec<Returning>,
}

/// One sentence as the counting sees it: what it says, who has it, where.
type Place = (u64, u32, u32, u32);

/// Finds what returns. Articles of a cluster are told about their template instead.
#[must_use]
pub fn find(fingerprints: &[Fingerprint], comparison: &Comparison, limits: Limits) -> Vec<Recurring> {
    let mut found = vec![Recurring::default(); fingerprints.len()];
    let (mut headings, mut edges, mut lines): (Vec<Place>, Vec<Place>, Vec<Place>) = Default::default();
    for (article, fingerprint) in fingerprints.iter().enumerate() {
        let prose = &fingerprint.prose;
        let starts = starts(prose.into());
        let in_cluster = comparison.cluster_of[article].is_some();
        let mut body: Vec<usize> = Vec::new();
        for (number, marks) in prose.marks().iter().enumerate() {
            let words = sentence(prose.into(), &starts, number);
            let place = |hash| (hash, article as u32, starts[number], starts[number + 1]);
            if marks & mark::HEADING != 0 {
                if !in_cluster {
                    let masked: Vec<u32> = words.iter().map(|word| if fingerprint.names.binary_search(word).is_ok() { SUBJECT } else { *word }).collect();
                    // a heading of nothing but the subject says nothing of the plan
                    if masked.iter().any(|word| *word != SUBJECT) {
                        headings.push(place(sentence_hash(&masked)));
                    }
                }
                continue;
            }
            if words.len() >= 8 {
                lines.push(place(sentence_hash(words)));
            }
            if marks & mark::ASIDE == 0 && words.len() >= limits.phrase_words {
                body.push(number);
            }
        }
        if in_cluster {
            continue;
        }
        if let Some(first) = body.first() {
            let words = &sentence(prose.into(), &starts, *first)[..limits.phrase_words];
            edges.push((sentence_hash(words), article as u32, starts[*first], starts[*first] + words.len() as u32));
        }
        if let Some(last) = body.last().filter(|_| body.len() > 1) {
            let words = sentence(prose.into(), &starts, *last);
            edges.push((!sentence_hash(words), article as u32, starts[*last], starts[*last + 1]));
        }
    }
    let family = |article: u32| comparison.cluster_of[article as usize].map_or(u64::from(article) << 32, |(cluster, _)| u64::from(cluster) + 1);
    let alone = |article: u32| u64::from(article);
    outlines(headings, limits, &mut found);
    let enough = limits.phrase_articles.max((limits.phrase_share * comparison.compared as f64).ceil() as usize);
    each_returning(edges, enough, &alone, &mut |article, place| found[article].phrases.push(place));
    each_returning(lines, limits.boilerplate_articles, &family, &mut |article, place| found[article].lines.push(place));
    for recurring in &mut found {
        recurring.lines.sort_unstable_by_key(|line| line.from);
        recurring.phrases.sort_unstable_by_key(|phrase| phrase.from);
        let words: u32 = recurring.lines.iter().map(|line| line.to - line.from).sum();
        if (words as usize) < limits.boilerplate_words {
            recurring.lines.clear();
        }
    }
    found
}

/// Leaves most of what stands in one place alone out: a bit for what was met, and one for what was met again, spare it the sorting.
fn leave_single(places: &mut Vec<Place>) {
    let size = (places.len() * 8).next_power_of_two().max(64);
    let (mut once, mut again) = (vec![0u64; size / 64], vec![0u64; size / 64]);
    let bit_of = |place: &Place| {
        let at = (place.0.wrapping_mul(0xd6e8_feb8_6659_fd93) >> 32) as usize & (size - 1);
        (at / 64, 1u64 << (at % 64))
    };
    for (at, bit) in places.iter().map(bit_of) {
        again[at] |= once[at] & bit;
        once[at] |= bit;
    }
    places.retain(|place| {
        let (at, bit) = bit_of(place);
        again[at] & bit != 0
    });
}

/// Calls for every place of what at least `enough` families of articles have, once an article.
fn each_returning(mut places: Vec<Place>, enough: usize, family: &dyn Fn(u32) -> u64, call: &mut dyn FnMut(usize, Returning)) {
    leave_single(&mut places);
    places.sort_unstable();
    for group in places.chunk_by(|a, b| a.0 == b.0).filter(|group| group.len() >= enough.max(2)) {
        let mut families: Vec<u64> = group.iter().map(|place| family(place.1)).collect();
        families.sort_unstable();
        families.dedup();
        if families.len() < enough.max(2) {
            continue;
        }
        let articles = group.chunk_by(|a, b| a.1 == b.1).count() as u32;
        for own in group.chunk_by(|a, b| a.1 == b.1) {
            call(own[0].1 as usize, Returning { from: own[0].2, to: own[0].3, articles });
        }
    }
}

/// Headings that many have are the common plan; articles with the same sequence of them share it.
fn outlines(headings: Vec<Place>, limits: Limits, found: &mut [Recurring]) {
    let mut common: BTreeMap<u32, Vec<(u32, u32, u64)>> = BTreeMap::new();
    let mut sorted = headings;
    sorted.sort_unstable();
    for group in sorted.chunk_by(|a, b| a.0 == b.0) {
        if group.chunk_by(|a, b| a.1 == b.1).count() >= limits.outline_articles.max(2) {
            for own in group.chunk_by(|a, b| a.1 == b.1) {
                common.entry(own[0].1).or_default().push((own[0].2, own[0].3, own[0].0));
            }
        }
    }
    let mut plans: BTreeMap<Vec<u64>, Vec<u32>> = BTreeMap::new();
    for (article, headings) in &mut common {
        headings.sort_unstable();
        if headings.len() >= limits.outline_headings {
            plans.entry(headings.iter().map(|heading| heading.2).collect()).or_default().push(*article);
        }
    }
    for articles in plans.values().filter(|articles| articles.len() >= limits.outline_articles.max(2)) {
        for article in articles {
            let places = common[article].iter().map(|(from, to, _)| Returning { from: *from, to: *to, articles: articles.len() as u32 });
            found[*article as usize].outline.extend(places);
        }
    }
}
