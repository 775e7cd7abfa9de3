//! Words as they are compared: lower case, NFKC, straight apostrophes and hyphens, invisible characters dropped.

use std::borrow::Cow;
use std::hash::{BuildHasherDefault, Hasher};

use unicode_normalization::UnicodeNormalization;

/// What a hash is multiplied by: odd, its bits in no order.
const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;

/// Hash of a folded word. Stable across platforms and versions: fingerprints are made of it.
///
/// It reads eight bytes at a time and takes upper-case ASCII letters for lower-case ones, so that a word of ASCII need not be folded.
#[must_use]
pub fn fold_hash(folded: &str) -> u64 {
    hash_at(folded.as_bytes(), 0, folded.len()).0
}

/// How many letters of ASCII eight bytes begin with.
#[must_use]
#[inline]
pub(super) const fn letters(bytes: u64) -> usize {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGHEST: u64 = ONES * 0x80;
    let low = (bytes | (ONES * 0x20)) & !HIGHEST;
    // the highest bit of each byte: it is at least `a`, it is behind `z`
    let (from_a, behind_z) = (low + ONES * 0x1f, low + ONES * 0x05);
    let others = !(from_a & !behind_z & !bytes) & HIGHEST;
    others.trailing_zeros() as usize / 8
}

/// The eight bytes at a place, as far as there are so many.
#[must_use]
#[inline]
pub(super) fn eight(text: &[u8], at: usize) -> Option<u64> {
    text.get(at..)?.first_chunk::<8>().map(|bytes| u64::from_le_bytes(*bytes))
}

/// What [`hash_at`] answers of a word whose last bytes are the only ones, at most eight.
#[must_use]
#[inline]
pub(super) const fn hash_of_eight(bytes: u64, length: usize) -> (u64, bool) {
    let bytes = bytes & u64::MAX >> (64 - 8 * length);
    let (letters, low) = (bytes & 0x4040_4040_4040_4040, (bytes & 0x2020_2020_2020_2020) << 1);
    let hash = mixed((length as u64).wrapping_mul(FACTOR), bytes);
    (hash ^ hash >> 29, letters & low != 0 && letters & !low == 0)
}

/// The same of a word of nothing but letters.
#[must_use]
#[inline]
pub(super) const fn hash_of_letters(bytes: u64, length: usize) -> (u64, bool) {
    let kept = u64::MAX >> (64 - 8 * length);
    let (word, small) = (bytes & kept, (bytes | 0x2020_2020_2020_2020) & kept);
    let next = ((length as u64).wrapping_mul(FACTOR) ^ small).wrapping_mul(FACTOR);
    let hash = next ^ next >> 32;
    (hash ^ hash >> 29, word == small)
}

/// The hash of `text[start..end]`, and whether letters in it are small and none is a capital (or `_`, which is as good as one here).
#[must_use]
#[inline]
pub(super) fn hash_at(text: &[u8], start: usize, end: usize) -> (u64, bool) {
    let mut hash = ((end - start) as u64).wrapping_mul(FACTOR);
    let (mut small, mut capital) = (0, 0);
    let mut at = start;
    while at < end {
        let left = (end - at).min(8);
        // nearly always eight bytes are there to be read at once, those behind the word masked out
        let bytes = match eight(text, at) {
            Some(bytes) => bytes & u64::MAX >> (64 - 8 * left),
            None => text[at..end].iter().rev().fold(0, |all, byte| all << 8 | u64::from(*byte)),
        };
        let (letters, low) = (bytes & 0x4040_4040_4040_4040, (bytes & 0x2020_2020_2020_2020) << 1);
        small |= letters & low;
        capital |= letters & !low;
        hash = mixed(hash, bytes);
        at += 8;
    }
    (hash ^ hash >> 29, small != 0 && capital == 0)
}

/// A hash with eight more bytes.
#[inline]
const fn mixed(hash: u64, bytes: u64) -> u64 {
    // where a byte is ASCII and one of 0x40 to 0x5f, the bit that makes a letter small is set
    let ascii = !bytes & 0x8080_8080_8080_8080;
    let small = (bytes & 0x4040_4040_4040_4040) >> 1 & ascii >> 2;
    let next = (hash ^ (bytes | small)).wrapping_mul(FACTOR);
    next ^ next >> 32
}

/// The folded form of a word: lower case, NFKC, straight apostrophes and hyphens, invisible characters dropped.
#[must_use]
pub fn fold(word: &str) -> Cow<'_, str> {
    if word.is_ascii() {
        if word.bytes().any(|byte| byte.is_ascii_uppercase()) {
            return Cow::Owned(word.to_ascii_lowercase());
        }
        return Cow::Borrowed(word);
    }
    Cow::Owned(
        word.chars()
            // the box of a key around a digit is no part of it
            .filter(|c| !is_ignorable(*c) && *c != '\u{20e3}')
            .map(|c| match c {
                '\u{2018}' | '\u{2019}' | '\u{2bc}' | '\u{ff07}' => '\'',
                '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe63}' | '\u{ff0d}' => '-',
                '\u{a0}' | '\u{202f}' | '\u{2009}' | '\u{2007}' => ' ',
                other => other,
            })
            .nfkc()
            .flat_map(char::to_lowercase)
            .collect(),
    )
}

/// Characters a reader never sees: soft hyphen, zero-width spaces and joiners, direction marks, variation selectors.
#[must_use]
pub const fn is_ignorable(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fff8}' | '\u{e0000}'..='\u{e0fff}' | '\u{1}')
}

/// Curly quotes, dashes and other general punctuation, none of which is a letter or digit: they are told without a search in tables.
#[must_use]
pub(super) const fn is_plain_punctuation(c: char) -> bool {
    matches!(c, '\u{2000}'..='\u{206f}')
}

/// For maps whose keys are hashes of words already: such a key is its own hash.
pub type Hashed = BuildHasherDefault<Mixed>;

/// A key that is a hash.
#[derive(Clone, Debug, Default)]
pub struct Mixed(u64);

impl Hasher for Mixed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = bytes.iter().fold(self.0, |hash, byte| hash.rotate_left(8) ^ u64::from(*byte));
    }

    fn write_u64(&mut self, key: u64) {
        self.0 = key;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_counted_eight_at_a_time() {
        for length in 0..8 {
            for other in 0..=255u8 {
                let mut bytes = *b"aZbYmMzA";
                bytes[length] = other;
                let told = bytes.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
                assert_eq!(letters(u64::from_le_bytes(bytes)), told, "{bytes:?}");
            }
        }
    }

    #[test]
    fn short_words_hash_as_all_do() {
        let text = b"Gold prices, U.S. and EU: caf\xc3\xa9 r2_d2";
        for start in 0..text.len() - 8 {
            for length in 1..=8 {
                let eight = eight(text, start).unwrap();
                assert_eq!(hash_of_eight(eight, length), hash_at(text, start, start + length));
                if text[start..start + length].iter().all(u8::is_ascii_alphabetic) {
                    assert_eq!(hash_of_letters(eight, length), hash_at(text, start, start + length));
                }
            }
        }
    }

    #[test]
    fn a_word_hashes_as_its_folded_form() {
        for word in ["a", "Gold", "U.S.", "PALLADIUM-103", "Don't", "snake_Case", "internationalisation", "STRASSE", "\u{c9}tat", ""] {
            if word.is_ascii() {
                assert_eq!(fold_hash(word), fold_hash(&fold(word)), "{word}");
            }
        }
        let words = [
            "gold",
            "golds",
            "dlog",
            "sold",
            "gold\u{0}",
            "g",
            "",
            "\u{e9}",
            "\u{c9}",
            "goldgold",
            "goldgoldg",
            "1",
            "q",
            "internationalisation",
            "internationalisatioo",
        ];
        let mut hashes: Vec<u64> = words.iter().map(|word| fold_hash(word)).collect();
        hashes.sort_unstable();
        hashes.dedup();
        assert_eq!(hashes.len(), words.len());
    }
}
