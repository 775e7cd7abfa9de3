//! What was learnt: the lines of `likeness.txt`, read and laid out as `weights` looks them up. For the build script, and for tests.

use std::collections::HashMap;

use super::weights::{ASSET, NO_PAIR, Number, OTHER, PAIR, PAIR_BITS, SELDOM, SUBJECTS, head, is, mixed, pair, place};
use crate::document::fold::Hashed;
use crate::document::token::fold_hash;

/// A weight for each subject, as it is laid out.
type Laid = [i16; SUBJECTS];
/// What was learnt.
pub const LEARNT: &str = include_str!("likeness.txt");
/// Words that name the reader.
const READER: &[&str] = &["you", "your", "you're", "you'll", "yours", "yourself", "you'd", "you've"];

/// The words that stand for kinds of tokens, by their numbers.
const KINDS: [&str; 10] = ["#number", "#money", "#percent", "#name", "#asset", "#other", "#asks", "#exclaims", "#year", "#month"];

/// Names of months.
const MONTHS: [&str; 12] = ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"];
/// Those that are other words at the head of a sentence.
const MANIFOLD_MONTHS: [&str; 2] = ["march", "may"];

/// How lines name what a word may stand beside, by `BESIDE_ASSET` and the others.
const BESIDE: [&str; 4] = ["$", "@", "%", "&"];

/// What stands for no word among the numbers of words.
const NO_WORD: Number = Number::MAX;
/// Places of a table for each of its rows, at least.
const PLACES: usize = 2;

/// What a word weighs.
#[derive(Clone, Copy, Debug, Default)]
struct Word {
    own: Laid,
    is: u8,
    /// As the first word of its sentence.
    first: Laid,
    /// In a sentence with an asset, the reader, a figure, a year.
    beside: [Laid; BESIDE.len()],
}

/// What the lines say.
#[derive(Default)]
pub struct Learnt {
    start: Laid,
    /// Of each word that weighs something by itself, its number: by the hash that tokens carry.
    numbers: HashMap<u64, Number, Hashed>,
    words: Vec<Word>,
    /// Of two words in a row.
    pairs: HashMap<u32, Laid, Hashed>,
}

impl Learnt {
    /// Reads the lines. What is no line of the notation weighs nothing; the tests hold that there is none.
    #[must_use]
    pub fn read(lines: &str) -> Self {
        let mut all = Self { words: vec![Word::default(); KINDS.len()], ..Self::default() };
        let (mut own, mut beside) = (Vec::new(), Vec::new());
        // an asset is known as one, whatever it weighs by itself
        let kinds = KINDS.iter().zip(0..).map(|(kind, number)| (fold_hash(kind), number));
        all.numbers.extend(kinds);
        for line in lines.lines().filter(|line| !line.starts_with("//")) {
            let parts: Vec<&str> = line.split(' ').collect();
            let Some((names, weights)) = parts.len().checked_sub(SUBJECTS).filter(|names| *names > 0).map(|names| parts.split_at(names)) else {
                if let ["=", asset] = *parts.as_slice() {
                    all.numbers.insert(fold_hash(asset), ASSET);
                }
                continue;
            };
            let mut each = Laid::default();
            each.iter_mut().zip(weights).for_each(|(each, weight)| *each = weight.parse().unwrap_or(0));
            match *names {
                ["!"] => all.start = each,
                [word] => own.push((word, each)),
                [first, second] => beside.push((first, second, each)),
                _ => {}
            }
        }
        all.numbers.reserve(own.len());
        all.pairs.reserve(beside.len());
        for (word, weight) in own {
            let number = all.number(word);
            // the weight of an asset's own name would be that of all of them
            if number != ASSET || word == KINDS[usize::from(ASSET)] {
                all.words[usize::from(number)].own = weight;
            }
        }
        for word in READER {
            if let Some(number) = all.numbers.get(&fold_hash(word)).filter(|number| **number != ASSET) {
                all.words[usize::from(*number)].is |= is::READER;
            }
        }
        for month in MONTHS {
            let number = all.number(month);
            all.words[usize::from(number)].is |= if MANIFOLD_MONTHS.contains(&month) { is::MONTH_WITHIN } else { is::MONTH };
        }
        for (first, second, weight) in beside {
            all.weigh(first, second, weight);
        }
        all
    }

    /// The number of a word, a new one if need be.
    fn number(&mut self, word: &str) -> Number {
        let next = Number::try_from(self.words.len()).unwrap_or(OTHER);
        let number = *self.numbers.entry(fold_hash(word)).or_insert(next);
        if number == next {
            self.words.push(Word::default());
        }
        number
    }

    /// Takes in what a word weighs behind another or beside something. One that weighs nothing by itself is one of the others.
    fn weigh(&mut self, first: &str, second: &str, weight: Laid) {
        let number = |word: &str| self.numbers.get(&fold_hash(word)).copied().filter(|number| *number != ASSET || word == KINDS[usize::from(ASSET)]);
        let Some(second) = number(second) else { return };
        if first == "^" {
            self.words[usize::from(second)].first = weight;
        } else if let Some(beside) = BESIDE.iter().position(|sign| *sign == first) {
            self.words[usize::from(second)].beside[beside] = weight;
        } else if let Some(first) = number(first) {
            self.pairs.insert(pair(first, second), weight);
        }
    }

    /// All of it as [`Weights`] reads it; the same lines give the same bytes.
    #[must_use]
    pub fn laid_out(&self) -> Vec<u8> {
        let places = |rows: usize| (rows * PLACES).next_power_of_two();
        let (mut numbers, mut pairs): (Vec<_>, Vec<_>) = (self.numbers.iter().collect(), self.pairs.iter().collect());
        numbers.sort_unstable();
        pairs.sort_unstable();
        // by number: hash, weights and bits; names of assets stand behind all other words
        let mut own: Vec<(u64, Laid, u8)> = self.words.iter().map(|word| (0, word.own, word.is)).collect();
        for (hash, number) in numbers {
            let mut number = *number;
            if number == ASSET && *hash != fold_hash(KINDS[usize::from(ASSET)]) {
                number = Number::try_from(own.len()).unwrap_or(NO_WORD);
                own.push((*hash, Laid::default(), is::ASSET));
            }
            own[usize::from(number)].0 = *hash;
        }
        let mut pair_heads = vec![0u64; 1 << (PAIR_BITS - 6)];
        let mut by_pair = vec![(NO_PAIR, Laid::default()); places(pairs.len())];
        for (pair, weight) in pairs {
            let mixed = mixed(*pair);
            let (at, bit) = head(mixed, PAIR_BITS);
            pair_heads[at] |= bit;
            let mut at = place(mixed, by_pair.len());
            while by_pair[at].0 != NO_PAIR {
                at = (at + 1) & (by_pair.len() - 1);
            }
            by_pair[at] = (*pair, *weight);
        }
        let mut bytes = Vec::new();
        let laid = |bytes: &mut Vec<u8>, weights: &Laid| weights.iter().for_each(|weight| bytes.extend(weight.to_le_bytes()));
        let eight = |bytes: &mut Vec<u8>, rows: &[u64]| rows.iter().for_each(|row| bytes.extend(row.to_le_bytes()));
        eight(&mut bytes, &[own.len(), self.words.len(), by_pair.len()].map(|rows| rows as u64));
        laid(&mut bytes, &self.start);
        bytes.extend([0; 8 - 2 * SUBJECTS]);
        eight(&mut bytes, &pair_heads);
        for (hash, weights, is) in &own {
            bytes.extend(hash.to_le_bytes());
            laid(&mut bytes, weights);
            bytes.extend([*is, 0]);
        }
        for word in &self.words {
            std::iter::once(&word.first).chain(&word.beside).for_each(|weights| laid(&mut bytes, weights));
            bytes.extend([0; SELDOM - 2 * SUBJECTS * (1 + BESIDE.len())]);
        }
        for (pair, weight) in &by_pair {
            bytes.extend(pair.to_le_bytes());
            laid(&mut bytes, weight);
            bytes.extend([0; PAIR - 4 - 2 * SUBJECTS]);
        }
        bytes
    }
}
