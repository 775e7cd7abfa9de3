//! Words as the length of a text counts them.

use unicode_segmentation::UnicodeSegmentation;

use crate::span::offset;

/// Number of words of a piece of text: white-space-separated pieces that hold at least one letter or digit; scripts
/// written without spaces count by UAX #29 words (design, "The article").
#[must_use]
pub fn count_words(text: &str) -> u32 {
    let bytes = text.as_bytes();
    let mut words = 0;
    let mut at = 0;
    let mut counted = false;
    while at < bytes.len() {
        let byte = bytes[at];
        at += 1;
        if byte.is_ascii_alphanumeric() {
            words += u32::from(!counted);
            counted = true;
        } else if byte.is_ascii_whitespace() || byte == 0x0b {
            counted = false;
        } else if byte >= 0x80 {
            let start = at - 1;
            let Some(c) = text[start..].chars().next() else { break };
            at = start + c.len_utf8();
            if is_unspaced(c) {
                // the piece this stands in counts by the words of its script
                let from = text[..start].rfind(char::is_whitespace).map_or(0, |i| i + text[i..].chars().next().map_or(1, char::len_utf8));
                let to = text[start..].find(char::is_whitespace).map_or(text.len(), |i| start + i);
                words = words - u32::from(counted) + offset(text[from..to].unicode_words().count());
                counted = false;
                at = to;
            } else if c.is_whitespace() {
                counted = false;
            } else if !counted && c.is_alphanumeric() {
                words += 1;
                counted = true;
            }
        }
    }
    words
}

/// Scripts that are written without spaces between words.
#[must_use]
pub const fn is_unspaced(c: char) -> bool {
    matches!(c,
        '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{3005}'..='\u{3007}' | '\u{3040}'..='\u{30ff}'
        | '\u{31f0}'..='\u{31ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}')
}
