//! How much a sentence reads as advice, by the weights of its words: for what no row could foresee (policy 1.1 calls it a score).
//!
//! `likeness.txt` was learnt from labelled sentences by `benches/advice_weights.py`. Its lines are: `! N`, what every sentence begins
//! with; `= WORD`, a word that names an asset; `WORD N`, `WORD WORD N`, a word or two in a row; `^ WORD N`, the first word; `$ WORD N` and
//! `@ WORD N`, a word in a sentence that also names an asset, or the reader. Numbers, signs and names are `#number`, `#money`,
//! `#percent`, `#name`; assets are `#asset`. Weights are whole numbers, so that every machine comes to the same sum.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use super::matcher::View;
use crate::document::fold::Hashed;
use crate::document::token::{Sentence, Token, TokenKind, flag, fold_hash};

/// What was learnt.
const LEARNT: &str = include_str!("likeness.txt");
/// Shorter sentences say too little, and longer ones too much at once.
const LENGTH: Range<u32> = 3..60;
/// Words that name the reader.
const READER: &[&str] = &["you", "your", "you're", "you'll", "yours", "yourself", "you'd", "you've"];

/// A sentence that reads as advice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Likeness {
    /// How much: above zero it is likelier advice than not; a hundred more is 2.7 times the odds.
    pub score: i32,
    /// The tokens that weigh most.
    pub part: Range<u32>,
}

/// How much a sentence reads as advice; `None` where that is less than `least`, or it is too short, too long or too strange to say.
#[must_use]
pub fn likeness(view: &View, sentence: &Sentence, least: i32) -> Option<Likeness> {
    static WEIGHTS: LazyLock<Weights> = LazyLock::new(|| Weights::read(LEARNT));
    let tokens = &view.tokens()[sentence.tokens.start as usize..sentence.tokens.end as usize];
    if !LENGTH.contains(&u32::try_from(tokens.len()).unwrap_or(u32::MAX)) {
        return None;
    }
    let (score, part) = WEIGHTS.score(tokens, least)?;
    let at = sentence.tokens.start;
    Some(Likeness { score, part: at + part.start..at + part.end })
}

/// Number of a word of the weights.
type Number = u16;

// the words that stand for kinds of tokens
const NUMBER: Number = 0;
const MONEY: Number = 1;
const PERCENT: Number = 2;
const NAME: Number = 3;
const ASSET: Number = 4;
const OTHER: Number = 5;
const KINDS: [&str; 6] = ["#number", "#money", "#percent", "#name", "#asset", "#other"];

/// What a word weighs.
#[derive(Clone, Copy, Debug, Default)]
struct Word {
    own: i32,
    /// As the first word of its sentence.
    first: i32,
    beside_asset: i32,
    beside_reader: i32,
    /// The most that two words in a row weigh of which it is the first, or the second; never less than nothing.
    most_before: i32,
    most_behind: i32,
    names_reader: bool,
}

#[derive(Default)]
struct Weights {
    start: i32,
    /// Of each word that weighs something by itself, its number: by the hash that tokens carry.
    numbers: HashMap<u64, Number, Hashed>,
    /// A bit for some bits of every hash among the numbers: it tells most other words without a look at them.
    heads: Vec<u64>,
    words: Vec<Word>,
    /// Of two words in a row.
    pairs: HashMap<u64, i32, Hashed>,
}

/// Bits of a hash that [`Weights::heads`] looks at.
const HEAD_BITS: u32 = 16;

/// What stands before a byte, and behind it.
fn parted(text: &str, byte: u8) -> (&str, &str) {
    memchr::memchr(byte, text.as_bytes()).map_or((text, ""), |at| (&text[..at], &text[at + 1..]))
}

/// Where the bit of a hash stands in [`Weights::heads`].
const fn head(hash: u64) -> (usize, u64) {
    let head = hash >> (u64::BITS - HEAD_BITS);
    (head as usize >> 6, 1 << (head & 63))
}

/// The key of two words in a row: no two pairs have the same.
const fn pair(first: Number, second: Number) -> u64 {
    let mixed = ((first as u64) << 32 | second as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed ^ mixed >> 32
}

impl Weights {
    /// Reads the lines. What is no line of the notation weighs nothing; the tests hold that there is none.
    fn read(lines: &str) -> Self {
        let mut all = Self { words: vec![Word::default(); KINDS.len()], heads: vec![0; 1 << (HEAD_BITS - 6)], ..Self::default() };
        let (mut own, mut beside) = (Vec::new(), Vec::new());
        // an asset is known as one, whatever it weighs by itself
        let kinds = KINDS.iter().zip(0..).map(|(kind, number)| (fold_hash(kind), number));
        all.numbers.extend(kinds);
        let mut rest = lines;
        while !rest.is_empty() {
            let (line, after) = parted(rest, b'\n');
            let (first, behind) = parted(line, b' ');
            let (second, weight) = parted(behind, b' ');
            match (first, weight) {
                ("//", _) => {}
                ("!", _) => all.start = second.parse().unwrap_or(0),
                ("=", _) => drop(all.numbers.insert(fold_hash(second), ASSET)),
                (word, "") => own.push((word, second.parse().unwrap_or(0))),
                (first, weight) => beside.push((first, second, weight.parse().unwrap_or(0))),
            }
            rest = after;
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
        for (first, second, weight) in beside {
            all.weigh(first, second, weight);
        }
        all.numbers.keys().map(|hash| head(*hash)).for_each(|(at, bit)| all.heads[at] |= bit);
        all
    }

    /// Takes in what a word weighs behind another or beside something. One that weighs nothing by itself is one of the others.
    fn weigh(&mut self, first: &str, second: &str, weight: i32) {
        let number = |word: &str| self.numbers.get(&fold_hash(word)).copied().filter(|number| *number != ASSET || word == KINDS[usize::from(ASSET)]);
        let Some(second) = number(second) else { return };
        match first {
            "^" => self.words[usize::from(second)].first = weight,
            "$" => self.words[usize::from(second)].beside_asset = weight,
            "@" => self.words[usize::from(second)].beside_reader = weight,
            _ => {
                let Some(first) = number(first) else { return };
                let most_behind = &mut self.words[usize::from(second)].most_behind;
                *most_behind = weight.max(*most_behind);
                let most_before = &mut self.words[usize::from(first)].most_before;
                *most_before = weight.max(*most_before);
                self.pairs.insert(pair(first, second), weight);
            }
        }
    }

    fn of_pair(&self, first: Number, second: Number) -> i32 {
        self.pairs.get(&pair(first, second)).copied().unwrap_or(0)
    }

    /// What a token is to the weights.
    fn word(&self, token: &Token, first: bool) -> Number {
        let (at, bit) = head(token.stem_hash);
        let known = if self.heads[at] & bit == 0 { None } else { self.numbers.get(&token.stem_hash) };
        match (token.kind, known) {
            (TokenKind::Number, _) => NUMBER,
            (TokenKind::Currency, _) => MONEY,
            (TokenKind::Percent, _) => PERCENT,
            (_, Some(number)) => *number,
            _ if !first && token.has(flag::CAPITAL) => NAME,
            _ => OTHER,
        }
    }

    /// The sum, and the run of tokens that adds most to it; `None` where most words are unknown, as in another language, and where the sum is
    /// less than `least`.
    fn score(&self, tokens: &[Token], least: i32) -> Option<(i32, Range<u32>)> {
        let mut room = [OTHER; LENGTH.end as usize];
        let words = room.get_mut(..tokens.len())?;
        let (mut unknown, mut asset, mut reader) = (0, false, false);
        for (i, (word, token)) in words.iter_mut().zip(tokens).enumerate() {
            *word = self.word(token, i == 0);
            unknown += usize::from(matches!(*word, OTHER | NAME));
            asset |= *word == ASSET;
            reader |= self.words[usize::from(*word)].names_reader;
        }
        if unknown * 2 > words.len() {
            return None;
        }
        let alone = |word: &Word| word.own + if asset { word.beside_asset } else { 0 } + if reader { word.beside_reader } else { 0 };
        // few sentences come near what is asked for: of most it is seen without a look at what stands in a row
        let mut most = self.start;
        let mut before: Option<&Word> = None;
        for word in words.iter().map(|number| &self.words[usize::from(*number)]) {
            most += alone(word) + before.map_or(word.first, |before| before.most_before.min(word.most_behind));
            before = Some(word);
        }
        if most < least {
            return None;
        }
        let mut score = self.start;
        let (mut best, mut part) = (0, 0..u32::try_from(tokens.len()).unwrap_or(u32::MAX));
        let (mut run, mut from) = (0, 0);
        for (at, (i, number)) in (0u32..).zip(words.iter().enumerate()) {
            let word = &self.words[usize::from(*number)];
            let weight = alone(word) + if i == 0 { word.first } else { self.of_pair(words[i - 1], *number) };
            score += weight;
            if run <= 0 {
                (run, from) = (0, at);
            }
            run += weight;
            if run > best {
                (best, part) = (run, from..at + 1);
            }
        }
        (score >= least).then_some((score, part))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_of_the_notation() {
        for line in LEARNT.lines().filter(|line| !line.starts_with("//")) {
            let parts: Vec<&str> = line.split(' ').collect();
            let known = match *parts.as_slice() {
                ["=", _] => true,
                [_, weight] | [_, _, weight] => weight.parse::<i32>().is_ok(),
                _ => false,
            };
            assert!(known, "{line}");
        }
    }

    #[test]
    fn the_part_is_where_the_weight_is() {
        let token = |word: &str| Token { start: 0, end: 0, hash: fold_hash(word), stem_hash: fold_hash(word), gap: 0, kind: TokenKind::Word, flags: 0 };
        let weights = Weights::read("! -10\n= gold\nbuy 40\nthe 0\nbuy #asset 30\n$ the 5\nweather -50\n");
        let tokens: Vec<Token> = ["the", "weather", "buy", "gold"].into_iter().map(token).collect();
        assert_eq!(weights.score(&tokens, 15), Some((15, 2..4)));
        assert_eq!(weights.score(&tokens, 16), None);
    }
}
