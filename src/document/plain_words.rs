//! Words of nothing but letters of ASCII, which most text is made of, read without a look at anything else that a word may hold.

use super::fold::{eight, hash_at, hash_of_letters, letters};
use super::token::{CLASS, Cursor, PUNCT, SPACE, TokenKind, Tokenizer, flag, gap};

impl Tokenizer {
    /// Reads words of nothing but letters of ASCII, single spaces between them, as far as they go: most text is such. Returns where it
    /// stopped, which is where it began if the word there may be more than that: [`Self::word`] reads it then.
    #[inline]
    pub(super) fn plain_words(&mut self, bytes: &[u8], cursor: &mut Cursor, start: usize, limit: usize) -> usize {
        if cursor.mark.is_some() {
            return start;
        }
        let mut at = start;
        while let Some(first) = eight(bytes, at) {
            let mut length = letters(first);
            if length == 8 {
                while let Some(more) = eight(bytes, at + length).map(letters) {
                    length += more;
                    if more < 8 {
                        break;
                    }
                }
            }
            let behind = at + length;
            if length == 0 || behind >= limit || bytes[behind] != b' ' && !matches!(CLASS[bytes[behind] as usize], SPACE | PUNCT) {
                break;
            }
            let (hash, small) = if length <= 8 { hash_of_letters(first, length) } else { hash_at(bytes, at, behind) };
            let flags = if small { flag::LOWER } else { flags_of(&bytes[at..behind]) };
            Self::count(cursor);
            self.push(at..behind, hash, hash, cursor.gap, TokenKind::Word, flags);
            at = behind;
            if bytes[at] != b' ' {
                cursor.gap = 0;
                break;
            }
            cursor.gap = gap::SPACE;
            cursor.spaced = true;
            at += 1;
        }
        at
    }
}

/// Bits of [`flag`] of a word of ASCII by its letters.
pub(super) fn flags_of(word: &[u8]) -> u8 {
    let (mut capitals, mut small) = (0u32, 0u32);
    for byte in word {
        capitals += u32::from(byte.is_ascii_uppercase());
        small += u32::from(byte.is_ascii_lowercase());
    }
    let first = if word.first().is_some_and(u8::is_ascii_uppercase) { flag::CAPITAL } else { 0 };
    first | if small > 0 { flag::LOWER } else { 0 } | if capitals >= 2 && small == 0 { flag::UPPER } else { 0 }
}
