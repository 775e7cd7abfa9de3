//! Words as they are compared: lower case, NFKC, straight apostrophes and hyphens, invisible characters dropped.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

/// Where a hash begins.
pub(super) const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
const PRIME: u64 = 0x0000_0100_0000_01b3;

/// A hash with one more byte.
pub(super) const fn step(hash: u64, byte: u8) -> u64 {
    (hash ^ byte as u64).wrapping_mul(PRIME)
}

/// FNV-1a over the bytes of a folded word. Stable across platforms and versions: fingerprints are made of it.
#[must_use]
pub fn fold_hash(folded: &str) -> u64 {
    folded.bytes().fold(OFFSET, step)
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
            .filter(|c| !is_ignorable(*c))
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
