//! The words that rules know, and where each stands: what every word of a text is looked up in.

use super::lexicon::WordId;
use crate::document::token::{fold, fold_hash};

/// All words that rules know, by the hashes that the tokenizer gives them: two words of one hash are one word to a text as well. Words that the
/// weights of `likeness.txt` know are told in the same look.
#[derive(Debug, Default, serde::Serialize, serde::Deserialize)]
pub struct Vocabulary {
    /// The hash of the word of each number.
    #[serde(with = "whole")]
    hashes: Vec<u64>,
    /// How often the word of each number stands in ten thousand words of English prose, roughly.
    often: Vec<f64>,
    /// Open addressing.
    #[serde(skip)]
    table: Vec<Place>,
    #[serde(skip)]
    mask: usize,
    /// A bit for the first bits of every hash: it tells most words that no rule knows, and stays in the nearest cache where the table does not.
    #[serde(skip)]
    heads: Vec<u64>,
}

/// A place of the table: a word, or none.
#[derive(Clone, Copy, Debug)]
struct Place {
    /// Hash of the folded word.
    hash: u64,
    /// Its number; 0 where no rule knows it.
    id: WordId,
    /// What the weights number it by; [`NO_NUMBER`] where they do not know it.
    weighed: u16,
}

/// What stands for no number of the weights.
pub const NO_NUMBER: u16 = u16::MAX;

impl Place {
    const FREE: Self = Self { hash: 0, id: 0, weighed: NO_NUMBER };

    const fn is_free(self) -> bool {
        self.id == 0 && self.weighed == NO_NUMBER
    }
}

/// Numbers that are kept byte by byte: what has its bits in no order gains nothing by being written short, and is read at once.
mod whole {
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(numbers: &[u64], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(numbers.iter().flat_map(|number| number.to_le_bytes()).collect::<Vec<u8>>().as_slice())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u64>, D::Error> {
        let bytes = <&[u8]>::deserialize(deserializer)?;
        Ok(bytes.as_chunks().0.iter().map(|number| u64::from_le_bytes(*number)).collect())
    }
}

/// Bits of a hash that [`Vocabulary::heads`] looks at.
const HEAD_BITS: u32 = 17;
/// Places of the table that a vocabulary begins with.
const FEWEST_PLACES: usize = 1 << 12;

impl Vocabulary {
    /// The number of a word, given a new one if need be. Folds it.
    pub fn intern(&mut self, word: &str) -> WordId {
        // the hash takes capitals of ASCII for small letters
        let hash = if word.is_ascii() { fold_hash(word) } else { fold_hash(&fold(word)) };
        self.number(hash, || super::anchor::frequency(&fold(word)))
    }

    fn number(&mut self, hash: u64, often: impl Fn() -> f64) -> WordId {
        if self.hashes.is_empty() {
            self.hashes.push(0);
            self.often.push(0.0);
        }
        if self.hashes.len() * 2 > self.table.len() {
            self.make_room((self.table.len() * 4).max(FEWEST_PLACES));
        }
        let at = self.place_of(hash);
        let known = self.table[at].id;
        if known != 0 {
            return known;
        }
        let id = u32::try_from(self.hashes.len()).unwrap_or(u32::MAX);
        self.hashes.push(hash);
        self.often.push(often());
        self.table[at] = Place { hash, id, ..self.table[at] };
        id
    }

    /// Lays the table out anew with so many places, a power of two.
    fn make_room(&mut self, places: usize) {
        self.mask = places - 1;
        self.table = vec![Place::FREE; places];
        for id in 1..self.hashes.len() {
            let hash = self.hashes[id];
            let at = self.place_of(hash);
            self.table[at] = Place { hash, id: crate::span::offset(id), ..Place::FREE };
        }
    }

    /// Where a hash stands in the table, or would.
    #[inline]
    fn place_of(&self, hash: u64) -> usize {
        let mut at = place(hash) & self.mask;
        while !self.table[at].is_free() && self.table[at].hash != hash {
            at = (at + 1) & self.mask;
        }
        at
    }

    /// Takes in the words of another vocabulary. Returns its numbers as they are here, by number.
    pub fn absorb(&mut self, other: &Self) -> Vec<WordId> {
        let words = other.hashes.iter().zip(&other.often).skip(1);
        std::iter::once(0).chain(words.map(|(hash, often)| self.number(*hash, || *often))).collect()
    }

    /// How often the word of a number stands in ten thousand words, roughly.
    #[must_use]
    pub fn frequency(&self, id: WordId) -> f64 {
        self.often.get(id as usize).copied().unwrap_or_default()
    }

    /// How many words there are, word 0 included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.hashes.len().max(1)
    }

    /// Whether no rule knows any word.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 1
    }

    /// Lays the table out for looking words up; to be called once, after the last word. `weighed`: the words that the weights know, with their
    /// numbers there, so that one look tells both.
    pub fn freeze(&mut self, weighed: impl ExactSizeIterator<Item = (u64, u16)>) {
        self.make_room(((self.len() + weighed.len()) * 2).next_power_of_two().max(64));
        // no word has the hash 0
        for (hash, number) in weighed.filter(|(hash, _)| *hash != 0) {
            let at = self.place_of(hash);
            self.table[at] = Place { hash, weighed: number, ..self.table[at] };
        }
        self.heads = vec![0; 1 << (HEAD_BITS - 6)];
        for place in self.table.iter().filter(|place| !place.is_free()) {
            let (at, bit) = head(place.hash);
            self.heads[at] |= bit;
        }
    }

    /// The number of the word with this hash, 0 where no rule knows it, and what the weights number it by, if they do.
    #[must_use]
    #[inline]
    pub fn find(&self, hash: u64) -> (WordId, u16) {
        let (at, bit) = head(hash);
        if self.heads[at] & bit == 0 {
            return (0, NO_NUMBER);
        }
        let place = &self.table[self.place_of(hash)];
        (place.id, place.weighed)
    }

    /// The number of the word with this hash; 0 where no rule knows it.
    #[must_use]
    #[inline]
    pub fn id_of(&self, hash: u64) -> WordId {
        self.find(hash).0
    }
}

/// Where the bit of a hash stands in [`Vocabulary::heads`].
const fn head(hash: u64) -> (usize, u64) {
    let head = hash >> (u64::BITS - HEAD_BITS);
    (head as usize >> 6, 1 << (head & 63))
}

/// FNV's low bits are weak for short words: mix the high ones in.
const fn place(hash: u64) -> usize {
    (hash ^ (hash >> 29)) as usize
}
