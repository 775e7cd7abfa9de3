//! Figures in words: "two thousand four hundred", "half a million", "three quarters of a point", "a fifth", "a dime".

use std::borrow::Cow;

use super::number::Number;

/// A figure said in words.
pub(super) struct Spelled {
    /// What it comes to.
    pub number: Number,
    /// The token behind it.
    pub end: u32,
    /// How it is meant.
    pub sense: Sense,
}

/// How a figure in words is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sense {
    /// A number like one in digits: what it counts stands behind it.
    Cardinal,
    /// A share of the thing itself, in per cent: "has lost a fifth".
    Share,
    /// One coin or one unit of a currency, in hundredths of it where the word is a coin's: "slipped a dollar", "down a dime".
    Coin,
}

/// Coins by name, in hundredths of the currency.
const COINS: [(&str, f64); 3] = [("nickel", 5.0), ("dime", 10.0), ("penny", 1.0)];

/// Hundredths in a coin that has a name of its own.
pub(super) fn coin(word: &str) -> Option<f64> {
    COINS.iter().find(|(name, _)| *name == word).map(|(_, hundredths)| *hundredths)
}

/// What a word of scale multiplies by.
pub(super) fn scale(word: &str) -> Option<f64> {
    Some(match word {
        "thousand" | "grand" => 1e3,
        "lakh" | "lakhs" | "lac" => 1e5,
        "million" | "mn" | "mln" => 1e6,
        "crore" | "crores" => 1e7,
        "billion" | "bn" | "bln" => 1e9,
        "trillion" | "tn" => 1e12,
        _ => return None,
    })
}

const WORDS: [&str; 19] = [
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];
const TENS: [&str; 8] = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];

/// One to ninety-nine, as far as one token says it.
fn small(word: &str) -> Option<u32> {
    // "forty-odd"
    if let Some(about) = word.strip_suffix("-odd") {
        return small(about);
    }
    if let Some((tens, units)) = word.split_once('-') {
        let (tens, units) = (small(tens)?, small(units)?);
        return (tens >= 20 && tens % 10 == 0 && units < 10).then_some(tens + units);
    }
    let place = |words: &[&str]| words.iter().position(|known| *known == word).and_then(|at| u32::try_from(at).ok());
    place(&WORDS).map(|at| at + 1).or_else(|| place(&TENS).map(|at| at * 10 + 20))
}

/// Into how many parts a word divides.
fn parts(word: &str) -> Option<f64> {
    let parts = ["half", "third", "quarter", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"];
    let stem = word.strip_suffix('s').unwrap_or(word);
    let at = parts.iter().position(|known| *known == stem)?;
    u32::try_from(at).ok().map(|at| f64::from(at + 2))
}

/// "fifth", "two-thirds", "three quarters": the share and the token behind it.
fn fraction<'t>(word: &impl Fn(u32) -> Option<Cow<'t, str>>, at: u32) -> Option<(f64, u32)> {
    let first = word(at)?;
    if let Some((count, part)) = first.split_once('-') {
        return Some((f64::from(small(count)?) / parts(part)?, at + 1));
    }
    // "third" alone counts a row
    if first == "half" {
        return Some((0.5, at + 1));
    }
    let count = if matches!(first.as_ref(), "a" | "an") { 1 } else { small(&first)? };
    let part = parts(&word(at + 1)?)?;
    Some((f64::from(count) / part, at + 2))
}

/// The figure in words that begins at a token. `word` gives a token of the sentence, folded.
pub(super) fn spelled<'t>(word: &impl Fn(u32) -> Option<Cow<'t, str>>, at: u32) -> Option<Spelled> {
    if let Some((share, end)) = fraction(word, at) {
        return Some(of_fraction(word, share, end));
    }
    let first = word(at)?;
    if matches!(first.as_ref(), "a" | "an" | "one")
        && let Some(next) = word(at + 1)
        && (coin(&next).is_some() || is_unit_of_money(&next))
    {
        return Some(Spelled { number: plain(coin(&next).unwrap_or(1.0)), end: at + 1, sense: Sense::Coin });
    }
    let (value, end) = cardinal(word, at)?;
    let (value, end) = with_fraction(word, value, end);
    Some(Spelled { number: plain(value), end, sense: Sense::Cardinal })
}

fn is_unit_of_money(word: &str) -> bool {
    matches!(word, "dollar" | "cent" | "euro" | "pound" | "buck" | "quid" | "rupee" | "franc")
}

/// "half a million", "three quarters of a point"; alone it is a share of the thing.
fn of_fraction<'t>(word: &impl Fn(u32) -> Option<Cow<'t, str>>, share: f64, end: u32) -> Spelled {
    let is = |at: u32, words: &[&str]| word(at).is_some_and(|word| words.contains(&word.as_ref()));
    let behind = if is(end, &["of"]) && is(end + 1, &["a", "an", "one"]) {
        Some(end + 2)
    } else if is(end, &["a", "an"]) {
        Some(end + 1)
    } else {
        None
    };
    if let Some(of) = behind.and_then(|at| word(at).map(|word| (at, word))) {
        if let Some(factor) = scale(&of.1) {
            return Spelled { number: plain(share * factor), end: of.0 + 1, sense: Sense::Cardinal };
        }
        let counted = is_unit_of_money(&of.1) || matches!(of.1.as_ref(), "per" | "percent" | "percentage" | "point" | "basis" | "penny" | "tick");
        if counted {
            return Spelled { number: Number { value: share, upper: None, step: 0.01, coarse: 0.01 }, end: of.0, sense: Sense::Cardinal };
        }
    }
    Spelled { number: Number { value: share * 100.0, upper: None, step: 1.0, coarse: 5.0 }, end, sense: Sense::Share }
}

/// "and a half", "and three quarters" behind a whole number; "point five".
fn with_fraction<'t>(word: &impl Fn(u32) -> Option<Cow<'t, str>>, value: f64, end: u32) -> (f64, u32) {
    let Some(next) = word(end) else { return (value, end) };
    if next == "and"
        && let Some((share, behind)) = fraction(word, end + 1)
        && share < 1.0
    {
        // "two and a half thousand"
        return match word(behind).and_then(|word| scale(&word)) {
            Some(factor) => ((value + share) * factor, behind + 1),
            None => (value + share, behind),
        };
    }
    if next == "point" {
        let digits: String =
            (end + 1..end + 5).map_while(|at| word(at).and_then(|word| small(&word)).filter(|digit| *digit < 10)).map(|digit| digit.to_string()).collect();
        if let Ok(decimals) = format!("0.{digits}").parse::<f64>()
            && !digits.is_empty()
        {
            return (value + decimals, end + 1 + crate::span::offset(digits.len()));
        }
    }
    (value, end)
}

/// An English cardinal: its value and the token behind it.
fn cardinal<'t>(word: &impl Fn(u32) -> Option<Cow<'t, str>>, at: u32) -> Option<(f64, u32)> {
    let multiplies = |word: &str| matches!(word, "hundred" | "dozen") || scale(word).is_some();
    let (mut total, mut group, mut any) = (0.0, 0.0, false);
    let mut end = at;
    if matches!(word(at)?.as_ref(), "a" | "an") {
        if !word(at + 1).is_some_and(|next| multiplies(&next)) {
            return None;
        }
        (group, end) = (1.0, at + 1);
    }
    while let Some(next) = word(end) {
        if let Some(number) = small(&next) {
            // "twenty twenty", "one two": a new number begins, or a year is said
            let number = f64::from(number);
            let fits = group % 100.0 == 0.0 || group % 10.0 == 0.0 && group % 100.0 >= 20.0 && number < 10.0;
            if !fits {
                break;
            }
            group += number;
        } else if next == "hundred" && (1.0..100.0).contains(&group) {
            group *= 100.0;
        } else if next == "dozen" && group > 0.0 {
            group *= 12.0;
        } else if let Some(factor) = scale(&next).filter(|_| any || group > 0.0) {
            total += if group > 0.0 { group * factor } else { 0.0 };
            group = 0.0;
        } else if next == "and"
            && (group >= 100.0 && group % 100.0 == 0.0 || group == 0.0 && total > 0.0)
            && word(end + 1).is_some_and(|word| small(&word).is_some())
        {
            end += 1;
            continue;
        } else {
            break;
        }
        any = true;
        end += 1;
    }
    any.then_some((total + group, end))
}

/// A value as its digits would show it: whole, trailing zeros rounding.
fn plain(value: f64) -> Number {
    super::number::parse_number(&format!("{value}")).unwrap_or(Number { value, upper: None, step: 1.0, coarse: 1.0 })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<(f64, u32, Sense)> {
        let words: Vec<&str> = text.split(' ').collect();
        let word = |at: u32| words.get(at as usize).map(|word| Cow::Borrowed(*word));
        spelled(&word, 0).map(|spelled| ((spelled.number.value * 1e6).round() / 1e6, spelled.end, spelled.sense))
    }

    #[test]
    fn reads_numbers_said_in_words() {
        for (text, value, end) in [
            ("two thousand four hundred dollars", 2400.0, 4),
            ("nine hundred and eighty-five euros", 985.0, 4),
            ("a hundred dollars", 100.0, 2),
            ("thirty one and a half dollars", 31.5, 5),
            ("seventy-seven dollars", 77.0, 1),
            ("half a million", 500_000.0, 3),
            ("a quarter of a per cent", 0.25, 4),
            ("three quarters of a cent", 0.75, 4),
            ("half a point", 0.5, 2),
            ("two point five per cent", 2.5, 3),
            ("two and a half thousand", 2500.0, 5),
            ("three lakh rupees", 300_000.0, 2),
            ("fifty grand", 50_000.0, 2),
            ("two dozen eggs", 24.0, 2),
            ("forty-odd thousand pounds", 40_000.0, 2),
            ("one hundred and five", 105.0, 4),
            ("one million two hundred thousand yen", 1_200_000.0, 5),
        ] {
            assert_eq!(read(text), Some((value, end, Sense::Cardinal)), "{text}");
        }
    }

    #[test]
    fn tells_shares_and_coins_from_numbers() {
        assert_eq!(read("a fifth of its value"), Some((20.0, 2, Sense::Share)));
        assert_eq!(read("two-thirds since"), Some((66.666_667, 1, Sense::Share)));
        assert_eq!(read("half of it"), Some((50.0, 1, Sense::Share)));
        assert_eq!(read("a dime"), Some((10.0, 1, Sense::Coin)));
        assert_eq!(read("a dollar"), Some((1.0, 1, Sense::Coin)));
        for text in ["a coin", "an ounce", "hundred", "thousands of", "and a half", "point five", "once"] {
            assert!(read(text).is_none(), "{text}");
        }
    }
}
