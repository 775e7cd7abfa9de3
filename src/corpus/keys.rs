//! The keys of an article: hashes of short runs of words, and of longer runs of its skeleton. Articles of one template share some of
//! them however many words were exchanged, and articles that share none have no template in common.

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::fingerprint::Fingerprint;
use crate::fingerprint::prose::Prose;

/// Words of a run.
const RUN: usize = 5;
/// Items of a run of the skeleton: shorter ones are shared by chance.
const SKELETON_RUN: usize = 10;
/// Function words of a language that is counted from the corpus.
const FUNCTION_WORDS: usize = 150;
/// Keys of an article that are kept whatever the sample: short articles stay in.
const FLOOR: usize = 48;
/// Words from which a text keeps a smaller part of its keys.
const LONG: usize = 700;
/// Share of English function words from which a text that states no language is taken for English.
const ENGLISH_SHARE: f64 = 0.25;
/// Base of the rolling hash; any odd number without structure.
const BASE: u64 = 0x9e37_79b9_7f4a_7c15;
/// What stands for a run of words that are no function words.
const SLOT: u32 = 0x5851_f42d;

/// A set of word hashes that is asked for every word of a corpus.
#[derive(Clone, Debug, Default)]
pub struct WordSet {
    /// Open addressing; 0 is free.
    slots: Vec<u32>,
    /// One bit for each of the first sixteen bits that a word of it has: most other words are told by them.
    heads: Vec<u64>,
}

impl WordSet {
    /// The set of these words.
    #[must_use]
    pub fn new(words: impl ExactSizeIterator<Item = u32>) -> Self {
        let size = (words.len() * 4).next_power_of_two().max(16);
        let mut slots = vec![0; size];
        let mut heads = vec![0; 1 << 10];
        for word in words {
            heads[word as usize >> 22] |= 1 << (word >> 16 & 63);
            let mut at = word as usize & (size - 1);
            while slots[at] != 0 && slots[at] != word {
                at = (at + 1) & (size - 1);
            }
            slots[at] = word;
        }
        Self { slots, heads }
    }

    /// Whether a word is in it.
    #[must_use]
    #[inline]
    pub fn holds(&self, word: u32) -> bool {
        let mask = self.slots.len().wrapping_sub(1);
        let at = word as usize & mask;
        // asked without a branch: which words of a text are among them is nothing that a processor could guess
        let known = self.heads.get(word as usize >> 22).is_some_and(|bits| bits >> (word >> 16 & 63) & 1 == 1);
        let here = self.slots.get(at).is_some_and(|found| *found == word);
        if known & !here { self.holds_behind(word, at) } else { known & here & (word != 0) }
    }

    /// Whether a word stands behind the place where it would if no other did.
    #[cold]
    fn holds_behind(&self, word: u32, mut at: usize) -> bool {
        let mask = self.slots.len().wrapping_sub(1);
        while let Some(&found) = self.slots.get(at) {
            if found == 0 || found == word {
                return found == word && word != 0;
            }
            at = (at + 1) & mask;
        }
        false
    }
}

/// The function words of every language of a corpus.
#[derive(Debug)]
pub struct Skeletons {
    sets: Vec<WordSet>,
    /// Which set each article is read by.
    of: Vec<u16>,
}

impl Skeletons {
    /// English by the shipped list; of any other language the commonest words of its articles, as far as most of them have them.
    #[must_use]
    pub fn new(fingerprints: &[&Fingerprint], english: &[u32]) -> Self {
        let shipped = WordSet::new(english.iter().copied());
        let english_tag = crate::document::token::fold_hash("en");
        let language = |fingerprint: &&Fingerprint| -> u64 {
            if fingerprint.language != 0 {
                return fingerprint.language;
            }
            let words = fingerprint.prose.words();
            // no more words are looked at than it takes to tell
            let enough = (words.len() as f64 * ENGLISH_SHARE).ceil() as usize;
            let seems_english = words.iter().filter(|word| shipped.holds(**word)).take(enough).count() == enough;
            if seems_english { english_tag } else { 0 }
        };
        let languages: Vec<u64> = fingerprints.par_iter().map(language).collect();
        let mut numbers: BTreeMap<u64, usize> = BTreeMap::from([(english_tag, 0)]);
        let mut sets = vec![shipped];
        for tag in &languages {
            if !numbers.contains_key(tag) {
                let articles = fingerprints.iter().zip(&languages).filter(|(_, other)| *other == tag).map(|(fingerprint, _)| *fingerprint);
                numbers.insert(*tag, sets.len());
                sets.push(commonest(articles));
            }
        }
        let of = languages.iter().map(|tag| numbers.get(tag).copied().unwrap_or(0).min(usize::from(u16::MAX)) as u16).collect();
        Self { sets, of }
    }

    /// The set that an article is read by.
    #[must_use]
    pub fn of(&self, article: usize) -> &WordSet {
        &self.sets[usize::from(self.of[article])]
    }
}

/// The commonest words that stand in more than half of the articles.
fn commonest<'f>(articles: impl Iterator<Item = &'f Fingerprint>) -> WordSet {
    let mut counts: BTreeMap<u32, (u32, u32)> = BTreeMap::new();
    let mut total = 0;
    for article in articles {
        total += 1;
        let mut words = article.prose.words().to_vec();
        words.sort_unstable();
        for group in words.chunk_by(|a, b| a == b) {
            let entry = counts.entry(group[0]).or_default();
            *entry = (entry.0 + group.len() as u32, entry.1 + 1);
        }
    }
    let mut common: Vec<(u32, u32)> = counts.into_iter().filter(|(_, (_, articles))| articles * 2 > total).map(|(word, (count, _))| (count, word)).collect();
    common.sort_unstable_by_key(|(count, word)| (std::cmp::Reverse(*count), *word));
    common.truncate(FUNCTION_WORDS);
    WordSet::new(common.into_iter().map(|(_, word)| word))
}

/// One in how many keys a corpus of so many articles needs: a sample is enough where there are many.
#[must_use]
pub const fn sample(articles: usize) -> u64 {
    match articles {
        0..=20_000 => 1,
        20_001..=500_000 => 4,
        _ => 8,
    }
}

/// Scrambles a hash so that any of its bits can be sampled by.
const fn finish(hash: u64) -> u64 {
    let hash = (hash ^ (hash >> 32)).wrapping_mul(0xd6e8_feb8_6659_fd93);
    hash ^ (hash >> 32)
}

/// The keys of a text, in no order and with repetitions: all below the limit of the sample, and never fewer than a floor.
///
/// Of long texts the limit is lower, so that no text costs more than one of [`LONG`] words and shares no more keys by chance: the smallest
/// keys of two texts meet whatever their lengths are, and what a long text has in common with another shows in a part of its keys.
pub fn of(prose: &Prose, function: &WordSet, sample: u64, keys: &mut Vec<u64>) {
    let words = prose.words();
    let limit = u64::MAX / sample;
    let limit = if words.len() > LONG { (limit as f64 * (LONG as f64 / words.len() as f64)) as u64 } else { limit };
    below(words, function, limit, keys);
    if keys.len() < FLOOR {
        below(words, function, u64::MAX, keys);
        keys.sort_unstable();
        keys.truncate(FLOOR);
    }
}

/// The keys up to a limit.
fn below(words: &[u32], function: &WordSet, limit: u64, keys: &mut Vec<u64>) {
    keys.clear();
    keys.reserve(words.len() * 2);
    rolling::<RUN>(words, 1, limit, keys);
    let mut after_slot = false;
    let mut skeleton: Vec<u32> = Vec::with_capacity(words.len());
    let mut room = [0; AT_ONCE];
    for words in words.chunks(AT_ONCE) {
        let mut count = 0;
        for word in words {
            let kept = function.holds(*word);
            // written in any case, as keys are
            room[count % AT_ONCE] = if kept { *word } else { SLOT };
            count += usize::from(kept | !after_slot);
            after_slot = !kept;
        }
        skeleton.extend_from_slice(&room[..count]);
    }
    rolling::<SKELETON_RUN>(&skeleton, 2, limit, keys);
}

/// Items that are read before what was made of them is put to the rest.
const AT_ONCE: usize = 64;

/// Appends the hashes of every run of `LENGTH` items, up to a limit.
fn rolling<const LENGTH: usize>(items: &[u32], kind: u64, limit: u64, keys: &mut Vec<u64>) {
    let out = (0..LENGTH).fold(1u64, |out, _| out.wrapping_mul(BASE));
    let value = |item: &u32| u64::from(*item).wrapping_add(kind);
    let grown = |hash: u64, item: &u32| hash.wrapping_mul(BASE).wrapping_add(value(item));
    let Some((first, rest)) = items.split_at_checked(LENGTH) else { return };
    let mut hash = first.iter().fold(0, grown);
    let key_of = |hash: u64| finish(hash ^ kind.wrapping_mul(0x2545_f491_4f6c_dd1d));
    keys.extend(Some(key_of(hash)).filter(|key| *key <= limit));
    let mut room = [0; AT_ONCE];
    for (items, gone) in rest.chunks(AT_ONCE).zip(items.chunks(AT_ONCE)) {
        let mut count = 0;
        for (item, gone) in items.iter().zip(gone) {
            hash = grown(hash, item).wrapping_sub(value(gone).wrapping_mul(out));
            let key = key_of(hash);
            // written in any case: a branch on a hash would be guessed wrongly half of the time
            room[count % AT_ONCE] = key;
            count += usize::from(key <= limit);
        }
        keys.extend_from_slice(&room[..count]);
    }
}
