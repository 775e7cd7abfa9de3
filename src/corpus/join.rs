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
/// Keys that a pair must share, and so many that are no chance whatever the articles.
const FEWEST: u32 = 2;
const ENOUGH: u32 = 4;
/// Pairs of an article that may share as many keys by chance.
const BY_CHANCE: f64 = 1.0;
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

/// Parts into which records fall by the upper bits of their keys: one of them fits the cache of a processor.
const BUCKETS: usize = 256;

/// Records that are put in order by comparing them, on the average.
const RECORDS_TO_SORT: usize = 8;

/// Records of some articles, bucket by bucket.
struct Part {
    records: Vec<u64>,
    /// Where each bucket begins, and where the last one ends.
    starts: Vec<u32>,
}

impl Part {
    fn new(unsorted: &[u64]) -> Self {
        let bucket = |record: u64| (record >> 56) as usize;
        let mut starts = vec![0u32; BUCKETS + 1];
        for record in unsorted {
            starts[bucket(*record) + 1] += 1;
        }
        for i in 0..BUCKETS {
            starts[i + 1] += starts[i];
        }
        let mut next = starts.clone();
        let mut records = vec![0; unsorted.len()];
        for record in unsorted {
            let at = &mut next[bucket(*record)];
            records[*at as usize] = *record;
            *at += 1;
        }
        Self { records, starts }
    }

    fn bucket(&self, bucket: usize) -> &[u64] {
        &self.records[self.starts[bucket] as usize..self.starts[bucket + 1] as usize]
    }
}

/// What articles share by chance, if every one met as many others as it did, whoever they were.
struct Chance {
    articles: f64,
    /// Others that each article met, key by key.
    met: Vec<u32>,
    all: f64,
}

impl Chance {
    fn new(articles: usize, pairs: &[u64]) -> Self {
        let mut met = vec![0u32; articles];
        for pair in pairs {
            for article in [pair >> 32, pair & 0xffff_ffff] {
                met[article as usize] = met[article as usize].saturating_add(1);
            }
        }
        Self { articles: articles as f64, met, all: pairs.len() as f64 * 2.0 }
    }

    /// Whether an article would share as many keys with more than a few others by chance: the first term of Poisson's tail tells.
    fn made(&self, pair: Candidate) -> bool {
        let expected = f64::from(self.met[pair.a as usize]) * f64::from(self.met[pair.b as usize]) / self.all;
        let tail = (1..=pair.keys).fold(1.0, |tail, term| tail * expected / f64::from(term));
        tail * self.articles > BY_CHANCE
    }
}

/// Records of one bucket, ascending. Their keys are spread evenly: laid out by the bits behind those of the bucket, only a few are left to be
/// put in order in each place.
fn sorted(unsorted: &[u64]) -> Vec<u64> {
    let bits = (unsorted.len() / RECORDS_TO_SORT).checked_ilog2().unwrap_or(0).min(16);
    let place = |record: u64| (record << 8 >> 40) as usize >> (24 - bits);
    let mut starts = vec![0u32; (1 << bits) + 1];
    for record in unsorted {
        starts[place(*record) + 1] += 1;
    }
    for i in 0..starts.len() - 1 {
        starts[i + 1] += starts[i];
    }
    let mut next = starts.clone();
    let mut records = vec![0; unsorted.len()];
    for record in unsorted {
        let at = &mut next[place(*record)];
        records[*at as usize] = *record;
        *at += 1;
    }
    for range in starts.windows(2) {
        records[range[0] as usize..range[1] as usize].sort_unstable();
    }
    records
}

/// The records of one bucket whose keys several articles have, ascending, each once. `mask`: the bits of a record that are the article.
fn met(parts: &[Part], bucket: usize, mask: u64) -> Vec<u64> {
    let all: usize = parts.iter().map(|part| part.bucket(bucket).len()).sum();
    // most keys are met once: a table of what was met, and of what was met again, spares them the sorting
    let size = (all * 8).next_power_of_two().max(64);
    let (mut once, mut again) = (vec![0u64; size / 64], vec![0u64; size / 64]);
    let place = |record: u64| {
        let key = (record & !mask).wrapping_mul(0xd6e8_feb8_6659_fd93) >> 32;
        let at = key as usize & (size - 1);
        (at / 64, 1u64 << (at % 64))
    };
    for record in parts.iter().flat_map(|part| part.bucket(bucket)) {
        let (at, bit) = place(*record);
        again[at] |= once[at] & bit;
        once[at] |= bit;
    }
    let mut unsorted: Vec<u64> = Vec::with_capacity(all);
    unsorted.extend(parts.iter().flat_map(|part| part.bucket(bucket)).filter(|record| {
        let (at, bit) = place(**record);
        again[at] & bit != 0
    }));
    drop((once, again));
    let mut records = sorted(&unsorted);
    drop(unsorted);
    records.dedup();
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
    records
}

/// The candidates among `articles` articles. `keys_of` gives the keys of an article; it is asked once for each.
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
    let parts: Vec<Part> = (0..articles.div_ceil(chunk))
        .into_par_iter()
        .map(|part| {
            let mut records = Vec::new();
            let mut keys = Vec::new();
            let own = part * chunk..((part + 1) * chunk).min(articles);
            for article in own.clone() {
                keys_of(article, &mut keys);
                // articles are of about a length, or of less than is kept of long ones
                if records.is_empty() {
                    records.reserve(keys.len() * own.len());
                }
                // sampling took the small keys: the upper bits of what is left say little, so the key is spread again
                records.extend(keys.iter().map(|key| (key.wrapping_mul(0x9e37_79b9_7f4a_7c15) & !mask) | article as u64));
            }
            Part::new(&records)
        })
        .collect();
    let buckets: Vec<Vec<u64>> = (0..BUCKETS).into_par_iter().map(|bucket| met(&parts, bucket, mask)).collect();
    drop(parts);
    let same_key = |a: &u64, b: &u64| a & !mask == b & !mask;
    let article_of = |record: u64| (record & mask) as usize;

    // how many keys of each step of rarity an article has decides which of them it keeps
    let mut steps = vec![[0u16; STEPS]; articles];
    for group in buckets.iter().flat_map(|records| records.chunk_by(same_key)) {
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
    // how many of the keys that an article keeps stand in many articles
    let mut common = vec![(0u16, 0u16); articles];
    for group in buckets.iter().flat_map(|records| records.chunk_by(same_key)) {
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
        for article in &members {
            let (common, kept) = &mut common[*article as usize];
            (*common, *kept) = (*common + u16::from(!all), *kept + 1);
        }
        for (i, a) in members.iter().enumerate() {
            if i >= HUBS && !all {
                break;
            }
            pairs.extend(members[i + 1..].iter().map(|b| u64::from(*a) << 32 | u64::from(*b)));
        }
    }
    drop(buckets);
    pairs.par_sort_unstable();
    let chance = Chance::new(articles, &pairs);
    let counted = pairs.chunk_by(|a, b| a == b).filter(|group| group.len() as u32 >= FEWEST);
    let counted = counted.map(|group| Candidate { a: (group[0] >> 32) as u32, b: group[0] as u32, keys: group.len() as u32 });
    // what shares its rarest keys with many shares a template or a footer: that is no chance, however few of them two have in common
    let of_many = |article: u32| common[article as usize].0 * 2 > common[article as usize].1;
    let sure = |pair: &Candidate| pair.keys >= ENOUGH || of_many(pair.a) || of_many(pair.b);
    let mut found: Vec<Candidate> = counted.filter(|pair| sure(pair) || !chance.made(*pair)).collect();
    // few keys say little: where more pairs than articles have so few, they are left to chance
    for keys in (FEWEST..ENOUGH).rev() {
        if found.iter().filter(|pair| pair.keys == keys && !sure(pair)).count() > articles {
            found.retain(|pair| pair.keys > keys || sure(pair));
            break;
        }
    }
    found.par_sort_unstable_by_key(|pair| (std::cmp::Reverse(pair.keys), pair.a, pair.b));
    found
}
