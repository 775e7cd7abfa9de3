//! Candidates: pairs of articles that share rare keys. No pair is looked at that shares none, no threshold of likeness is asked, and
//! a key of a million articles costs no square: its members meet two of them.

use rayon::prelude::*;

/// Rarest shared keys that an article keeps, by the sample of its keys.
const fn kept(sample: u64) -> u16 {
    match sample {
        1 => 64,
        4 => 48,
        _ => 32,
    }
}
/// Members up to which a key proposes all of its pairs; of larger groups every member meets the first two.
const SMALL: usize = 8;
const HUBS: usize = 2;
/// Keys that a pair must share.
const FEWEST: u32 = 2;
/// Steps of rarity: powers of two.
const STEPS: usize = 24;

/// A pair of articles, the lower number first, with the number of rare keys they share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// One article.
    pub a: u32,
    /// The other.
    pub b: u32,
    /// Shared rare keys.
    pub keys: u32,
}

/// How rare a key is: the power of two at or below the number of its articles.
const fn step(articles: usize) -> usize {
    let step = articles.ilog2() as usize;
    if step < STEPS { step } else { STEPS - 1 }
}

/// The candidates among `articles` articles. `keys_of` gives the keys of an article, ascending; it is asked once for each.
///
/// Articles are numbered in an order that does not depend on where they lie: the first of a group are its hubs.
#[must_use]
pub fn candidates(articles: usize, sample: u64, keys_of: &(dyn Fn(usize, &mut Vec<u64>) + Sync)) -> Vec<Candidate> {
    if articles < 2 {
        return Vec::new();
    }
    // one word holds a piece of the key and the article: half the memory of a pair
    let bits = usize::BITS - (articles - 1).leading_zeros();
    let mask = (1u64 << bits) - 1;
    let chunk = articles.div_ceil(64).max(64);
    let parts: Vec<Vec<u64>> = (0..articles.div_ceil(chunk))
        .into_par_iter()
        .map(|part| {
            let mut records = Vec::new();
            let mut keys = Vec::new();
            for article in part * chunk..((part + 1) * chunk).min(articles) {
                keys_of(article, &mut keys);
                // sampling took the small keys: the upper bits of what is left say little, so the key is spread again
                records.extend(keys.iter().map(|key| (key.wrapping_mul(0x9e37_79b9_7f4a_7c15) & !mask) | article as u64));
            }
            records
        })
        .collect();
    let mut records = Vec::with_capacity(parts.iter().map(Vec::len).sum());
    for part in parts {
        records.extend(part);
    }
    records.par_sort_unstable();
    records.dedup();
    // only keys of several articles say anything
    let mut to = 0;
    let mut at = 0;
    while at < records.len() {
        let key = records[at] & !mask;
        let mut end = at + 1;
        while end < records.len() && records[end] & !mask == key {
            end += 1;
        }
        if end - at > 1 {
            records.copy_within(at..end, to);
            to += end - at;
        }
        at = end;
    }
    records.truncate(to);
    let same_key = |a: &u64, b: &u64| a & !mask == b & !mask;
    let article_of = |record: u64| (record & mask) as usize;

    // how many keys of each step of rarity an article has decides which of them it keeps
    let mut steps = vec![[0u16; STEPS]; articles];
    for group in records.chunk_by(same_key) {
        let step = step(group.len());
        for record in group {
            let count = &mut steps[article_of(*record)][step];
            *count = count.saturating_add(1);
        }
    }
    let quota = kept(sample);
    // the last step that an article keeps keys of, and how many of that step
    let mut limits: Vec<(u8, u16)> = steps
        .iter()
        .map(|counts| {
            let mut left = quota;
            for (step, count) in counts.iter().enumerate() {
                if *count >= left {
                    return (step as u8, left);
                }
                left -= count;
            }
            (STEPS as u8, 0)
        })
        .collect();
    drop(steps);
    let mut pairs: Vec<u64> = Vec::new();
    let mut members: Vec<u32> = Vec::new();
    for group in records.chunk_by(same_key) {
        let rarity = step(group.len()) as u8;
        members.clear();
        for record in group {
            let article = article_of(*record);
            let (last, left) = &mut limits[article];
            if rarity < *last {
                members.push(article as u32);
            } else if rarity == *last && *left > 0 {
                *left -= 1;
                members.push(article as u32);
            }
        }
        let all = members.len() <= SMALL;
        for (i, a) in members.iter().enumerate() {
            if i >= HUBS && !all {
                break;
            }
            pairs.extend(members[i + 1..].iter().map(|b| u64::from(*a) << 32 | u64::from(*b)));
        }
    }
    drop(records);
    pairs.par_sort_unstable();
    let counted = pairs.chunk_by(|a, b| a == b).filter(|group| group.len() as u32 >= FEWEST);
    let mut found: Vec<Candidate> = counted.map(|group| Candidate { a: (group[0] >> 32) as u32, b: group[0] as u32, keys: group.len() as u32 }).collect();
    found.par_sort_unstable_by_key(|pair| (std::cmp::Reverse(pair.keys), pair.a, pair.b));
    found
}
