//! Letters of other alphabets that look like Latin ones: `вuу` is read as "buy", so it is matched as "buy".
//!
//! Only what a reader takes for Latin is folded: a word in which such letters stand beside Latin ones, or a word made of nothing else inside
//! of a Latin paragraph. Greek and Russian stay what they are. A word of ASCII never comes here.

use unicode_normalization::UnicodeNormalization;
use unicode_security::confusable_detection::skeleton;

use super::fold::{fold, is_ignorable};

/// A paragraph of nothing but letters that look Latin needs this many before it is taken for a disguise.
const LONG: usize = 12;

/// The folded form of what a word looks like; `None` where it is what it seems. `among_latin`: whether the paragraph around it is Latin.
#[must_use]
pub(super) fn plain(word: &str, among_latin: impl FnOnce() -> bool) -> Option<String> {
    let (mut latin, mut foreign, mut stacked) = (false, 0, false);
    let mut out = String::with_capacity(word.len());
    for c in word.chars().filter(|c| !is_ignorable(*c)).nfkc() {
        // marks that made no letter of their own strike a letter through or stand over it
        if is_stacked(c) && out.ends_with(|before: char| before.is_ascii_alphabetic()) {
            stacked = true;
        } else if is_latin(c) || !c.is_alphabetic() {
            latin |= c.is_ascii_alphabetic();
            out.push(c);
        } else {
            foreign += 1;
            out.push(look(c)?);
        }
    }
    let disguised = if foreign > 0 { latin || foreign > 1 && among_latin() } else { stacked };
    disguised.then(|| fold(&out).into_owned())
}

/// Whether a paragraph is Latin: most of its letters are, or all the others only look it.
#[must_use]
pub(super) fn is_mostly_latin(text: &str) -> bool {
    let ascii = text.bytes().filter(u8::is_ascii_alphabetic).count();
    let others = || text.chars().filter(|c| c.is_alphabetic() && !is_latin(*c));
    let count = others().count();
    ascii >= count || ascii + count >= LONG && others().all(|c| confusable(c).is_some_and(|look| look.is_ascii_alphabetic()))
}

/// The Latin letter that a letter of another alphabet, a small capital or a letter in a box is read as.
fn look(c: char) -> Option<char> {
    if let Some(letter) = shape(c) {
        return Some(letter);
    }
    let found = confusable(c)?;
    let letter = if found.is_ascii_alphabetic() { found } else { shape(found)? };
    // the table makes one of `I`, `l` and `|`
    Some(if letter == 'l' && c.is_uppercase() { 'I' } else { letter })
}

/// What Unicode's table of confusable characters makes of one, where that is a single character.
fn confusable(c: char) -> Option<char> {
    let mut bytes = [0; 4];
    let mut found = skeleton(c.encode_utf8(&mut bytes));
    let first = found.next()?;
    found.next().is_none().then_some(first)
}

/// Latin letters; those of phonetics and small capitals are looked up like other alphabets.
const fn is_latin(c: char) -> bool {
    matches!(c, '\0'..='\u{130}' | '\u{132}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}')
}

/// Marks that stand over, under or through the character before.
const fn is_stacked(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{1ab0}'..='\u{1aff}' | '\u{20d0}'..='\u{20ff}' | '\u{fe20}'..='\u{fe2f}')
}

/// Shapes the table does not know: small capitals, small letters that have their form, letters in boxes and discs.
fn shape(c: char) -> Option<char> {
    const SMALL_CAPITALS: &str = "ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘꞯʀꜱᴛᴜᴠᴡxʏᴢ";
    let boxed = |first: u32| char::from_u32(u32::from('a') + (u32::from(c) - first));
    match c {
        'в' => Some('b'),
        'к' | 'κ' | 'ĸ' => Some('k'),
        'м' | 'ʍ' => Some('m'),
        'н' => Some('h'),
        'т' | 'τ' => Some('t'),
        'η' => Some('n'),
        'ε' => Some('e'),
        'ω' => Some('w'),
        'μ' => Some('u'),
        'χ' => Some('x'),
        'ı' => Some('i'),
        'ɡ' => Some('g'),
        'ɑ' => Some('a'),
        '\u{1f150}'..='\u{1f169}' => boxed(0x1_f150),
        '\u{1f170}'..='\u{1f189}' => boxed(0x1_f170),
        _ if c.is_ascii() => None,
        _ => SMALL_CAPITALS.chars().position(|small| small == c).and_then(|at| char::from_u32(u32::from('a') + u32::try_from(at).ok()?)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(word: &str) -> Option<String> {
        plain(word, || true)
    }

    #[test]
    fn a_disguised_word_is_read_as_it_looks() {
        for (word, looks) in [
            ("b\u{443}\u{443}", "byy"),
            ("\u{455}h\u{43e}uld", "should"),
            ("\u{412}\u{443}y", "byy"),
            ("\u{392}UY", "buy"),
            ("\u{421}\u{41e}\u{420}\u{420}\u{415}R", "copper"),
            ("g\u{3bf}ld", "gold"),
            ("\u{1d0f}\u{1d21}\u{274}", "own"),
            ("\u{13a0}\u{13a1}old", "drold"),
            ("b\u{332}u\u{332}y\u{332}", "buy"),
            ("\u{1f171}\u{1f184}\u{1f188}", "buy"),
            ("\u{399}RA", "ira"),
        ] {
            assert_eq!(read(word).as_deref(), Some(looks), "{word}");
        }
    }

    #[test]
    fn words_that_are_what_they_seem_stay() {
        for word in
            ["caf\u{e9}", "Z\u{fc}rich", "\u{436}\u{438}\u{437}\u{43d}\u{44c}", "\u{3bb}\u{3cc}\u{3b3}\u{3bf}\u{3c2}", "\u{3b1}", "\u{5d0}\u{5d1}", "\u{91d1}"]
        {
            assert_eq!(read(word), None, "{word}");
        }
        assert_eq!(plain("\u{440}\u{43e}\u{441}\u{430}", || false), None);
    }

    #[test]
    fn a_paragraph_is_latin_where_its_letters_are_or_look_it() {
        assert!(is_mostly_latin("the Russian word \u{440}\u{43e}\u{441}\u{430}"));
        assert!(!is_mostly_latin("\u{436}\u{438}\u{437}\u{43d}\u{44c} \u{440}\u{43e}\u{441}\u{430} IT"));
        assert!(is_mostly_latin("\u{405}\u{415}\u{406}\u{406} \u{405}\u{422}\u{41e}\u{421}\u{41a}\u{405} \u{41d}\u{415}R\u{415}"));
    }
}
