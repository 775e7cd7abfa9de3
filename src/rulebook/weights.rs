//! The weights of `likeness.txt`, read when notegate is built.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::document::fold::Hashed;
use crate::document::token::fold_hash;

/// How many things a sentence can read as: advice, a live price, a disclosure.
pub(super) const SUBJECTS: usize = 3;
/// A weight for each of them.
pub(super) type Each = [i32; SUBJECTS];
/// What was learnt.
#[allow(dead_code, reason = "for the build script and the tests")]
pub const LEARNT: &str = include_str!("likeness.txt");
/// Words that name the reader.
const READER: &[&str] = &["you", "your", "you're", "you'll", "yours", "yourself", "you'd", "you've"];

/// Number of a word of the weights.
pub(super) type Number = u16;

// the words that stand for kinds of tokens
pub(super) const NUMBER: Number = 0;
pub(super) const MONEY: Number = 1;
pub(super) const PERCENT: Number = 2;
pub(super) const NAME: Number = 3;
pub(super) const ASSET: Number = 4;
pub(super) const OTHER: Number = 5;
pub(super) const ASKS: Number = 6;
pub(super) const EXCLAIMS: Number = 7;
pub(super) const YEAR: Number = 8;
pub(super) const MONTH: Number = 9;
const KINDS: [&str; 10] = ["#number", "#money", "#percent", "#name", "#asset", "#other", "#asks", "#exclaims", "#year", "#month"];

/// Names of months.
const MONTHS: [&str; 12] = ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"];
/// Those that are other words at the head of a sentence.
const MANIFOLD_MONTHS: [&str; 2] = ["march", "may"];

/// What a word may stand beside in its sentence, as indices of [`Word::beside`].
pub(super) const BESIDE_ASSET: usize = 0;
pub(super) const BESIDE_READER: usize = 1;
pub(super) const BESIDE_FIGURE: usize = 2;
pub(super) const BESIDE_YEAR: usize = 3;
/// How lines name them.
const BESIDE: [&str; 4] = ["$", "@", "%", "&"];

/// Which month a word is the name of, if any.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Month {
    /// It is none.
    #[default]
    No,
    /// It is one wherever it begins with a capital.
    Yes,
    /// It is one where no sentence begins with it.
    Within,
}

/// What a word weighs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Word {
    pub(super) own: Each,
    /// As the first word of its sentence.
    pub(super) first: Each,
    /// In a sentence with an asset, the reader, a figure, a year.
    pub(super) beside: [Each; BESIDE.len()],
    /// The most that two words in a row weigh of which it is the first, or the second; never less than nothing.
    pub(super) most_before: Each,
    pub(super) most_behind: Each,
    pub(super) names_reader: bool,
    pub(super) month: Month,
}

/// The weights of all words.
#[derive(Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Weights {
    pub(super) start: Each,
    /// Of each word that weighs something by itself, its number: by the hash that tokens carry.
    pub(super) numbers: HashMap<u64, Number, Hashed>,
    /// A bit for some bits of every hash among the numbers: it tells most other words without a look at them.
    pub(super) heads: Vec<u64>,
    pub(super) words: Vec<Word>,
    /// Of two words in a row.
    pub(super) pairs: HashMap<u64, Each, Hashed>,
}

/// Bits of a hash that [`Weights::heads`] looks at.
const HEAD_BITS: u32 = 16;

/// Where the bit of a hash stands in [`Weights::heads`].
pub(super) const fn head(hash: u64) -> (usize, u64) {
    let head = hash >> (u64::BITS - HEAD_BITS);
    (head as usize >> 6, 1 << (head & 63))
}

/// The key of two words in a row: no two pairs have the same.
pub(super) const fn pair(first: Number, second: Number) -> u64 {
    let mixed = ((first as u64) << 32 | second as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed ^ mixed >> 32
}

impl Weights {
    /// Reads the lines. What is no line of the notation weighs nothing; the tests hold that there is none.
    #[must_use]
    pub fn read(lines: &str) -> Self {
        let mut all = Self { words: vec![Word::default(); KINDS.len()], heads: vec![0; 1 << (HEAD_BITS - 6)], ..Self::default() };
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
            let mut each = Each::default();
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
            let next = Number::try_from(all.words.len()).unwrap_or(OTHER);
            let number = *all.numbers.entry(fold_hash(word)).or_insert(next);
            if number == next {
                all.words.push(Word::default());
            }
            // the weight of an asset's own name would be that of all of them
            if number != ASSET || word == KINDS[usize::from(ASSET)] {
                all.words[usize::from(number)].own = weight;
            }
        }
        for word in READER {
            if let Some(number) = all.numbers.get(&fold_hash(word)).filter(|number| **number != ASSET) {
                all.words[usize::from(*number)].names_reader = true;
            }
        }
        for (month, kind) in MONTHS.map(|month| (month, if MANIFOLD_MONTHS.contains(&month) { Month::Within } else { Month::Yes })) {
            let next = Number::try_from(all.words.len()).unwrap_or(OTHER);
            let number = *all.numbers.entry(fold_hash(month)).or_insert(next);
            if number == next {
                all.words.push(Word::default());
            }
            all.words[usize::from(number)].month = kind;
        }
        for (first, second, weight) in beside {
            all.weigh(first, second, weight);
        }
        all.numbers.keys().map(|hash| head(*hash)).for_each(|(at, bit)| all.heads[at] |= bit);
        all
    }

    /// Takes in what a word weighs behind another or beside something. One that weighs nothing by itself is one of the others.
    fn weigh(&mut self, first: &str, second: &str, weight: Each) {
        let number = |word: &str| self.numbers.get(&fold_hash(word)).copied().filter(|number| *number != ASSET || word == KINDS[usize::from(ASSET)]);
        let Some(second) = number(second) else { return };
        if first == "^" {
            self.words[usize::from(second)].first = weight;
        } else if let Some(beside) = BESIDE.iter().position(|sign| *sign == first) {
            self.words[usize::from(second)].beside[beside] = weight;
        } else if let Some(first) = number(first) {
            let most = |most: &mut Each| most.iter_mut().zip(weight).for_each(|(most, weight)| *most = weight.max(*most));
            most(&mut self.words[usize::from(second)].most_behind);
            most(&mut self.words[usize::from(first)].most_before);
            self.pairs.insert(pair(first, second), weight);
        }
    }
}
