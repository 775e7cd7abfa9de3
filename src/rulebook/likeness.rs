//! How much a sentence reads as advice, by the weights of its words: for what no row could foresee (policy 1.1 calls it a score).
//!
//! `likeness.txt` was learnt from labelled sentences by `benches/advice_weights.py`. Its lines are: `! N`, what every sentence begins
//! with; `= WORD`, a word that names an asset; `WORD N`, `WORD WORD N`, a word or two in a row; `^ WORD N`, the first word; `$ WORD N` and
//! `@ WORD N`, a word in a sentence that also names an asset, or the reader. Numbers, signs and names are `#number`, `#money`,
//! `#percent`, `#name`; assets are `#asset`. Weights are whole numbers, so that every machine comes to the same sum.

use std::collections::{HashMap, HashSet};
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

/// How much a sentence reads as advice; `None` where it is too short, too long or too strange to say.
#[must_use]
pub fn likeness(view: &View, sentence: &Sentence) -> Option<Likeness> {
    static WEIGHTS: LazyLock<Weights> = LazyLock::new(|| Weights::read(LEARNT));
    let tokens = &view.tokens()[sentence.tokens.start as usize..sentence.tokens.end as usize];
    if !LENGTH.contains(&u32::try_from(tokens.len()).unwrap_or(u32::MAX)) {
        return None;
    }
    let (score, part) = WEIGHTS.score(tokens)?;
    let at = sentence.tokens.start;
    Some(Likeness { score, part: at + part.start..at + part.end })
}

/// The hash of two words in a row, or of a mark and a word.
const fn pair(first: u64, second: u64) -> u64 {
    let mixed = (first.rotate_left(31) ^ second).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed ^ mixed >> 29
}

/// Hashes of the words that stand for kinds of tokens.
struct Kinds {
    number: u64,
    money: u64,
    percent: u64,
    name: u64,
    asset: u64,
    other: u64,
    first: u64,
    beside_asset: u64,
    beside_reader: u64,
}

struct Weights {
    start: i32,
    weights: HashMap<u64, i32, Hashed>,
    assets: HashSet<u64, Hashed>,
    readers: Vec<u64>,
    kinds: Kinds,
}

impl Weights {
    /// Reads the lines. What is no line of the notation weighs nothing; the tests hold that there is none.
    fn read(lines: &str) -> Self {
        let kinds = Kinds {
            number: fold_hash("#number"),
            money: fold_hash("#money"),
            percent: fold_hash("#percent"),
            name: fold_hash("#name"),
            asset: fold_hash("#asset"),
            other: fold_hash("#other"),
            first: fold_hash("^"),
            beside_asset: fold_hash("$"),
            beside_reader: fold_hash("@"),
        };
        let mut all =
            Self { start: 0, weights: HashMap::default(), assets: HashSet::default(), readers: READER.iter().map(|word| fold_hash(word)).collect(), kinds };
        for line in lines.lines().filter(|line| !line.starts_with("//")) {
            let parts: Vec<&str> = line.split(' ').collect();
            match *parts.as_slice() {
                ["!", weight] => all.start = weight.parse().unwrap_or(0),
                ["=", word] => drop(all.assets.insert(fold_hash(word))),
                [word, weight] => drop(all.weights.insert(fold_hash(word), weight.parse().unwrap_or(0))),
                [first, second, weight] => drop(all.weights.insert(pair(fold_hash(first), fold_hash(second)), weight.parse().unwrap_or(0))),
                _ => {}
            }
        }
        all
    }

    fn of(&self, key: u64) -> i32 {
        self.weights.get(&key).copied().unwrap_or(0)
    }

    /// What a token is to the weights.
    fn word(&self, token: &Token, first: bool) -> u64 {
        let kinds = &self.kinds;
        match token.kind {
            TokenKind::Number => kinds.number,
            TokenKind::Currency => kinds.money,
            TokenKind::Percent => kinds.percent,
            _ if self.assets.contains(&token.stem_hash) => kinds.asset,
            _ if self.weights.contains_key(&token.stem_hash) => token.stem_hash,
            _ if !first && token.has(flag::CAPITAL) => kinds.name,
            _ => kinds.other,
        }
    }

    /// The sum, and the run of tokens that adds most to it; `None` where most words are unknown, as in another language.
    fn score(&self, tokens: &[Token]) -> Option<(i32, Range<u32>)> {
        let words: Vec<u64> = tokens.iter().enumerate().map(|(i, token)| self.word(token, i == 0)).collect();
        let kinds = &self.kinds;
        let unknown = words.iter().filter(|word| **word == kinds.other || **word == kinds.name).count();
        if unknown * 2 > words.len() {
            return None;
        }
        let asset = words.contains(&kinds.asset);
        let reader = words.iter().any(|word| self.readers.contains(word));
        let mut score = self.start;
        let (mut best, mut part) = (0, 0..u32::try_from(tokens.len()).unwrap_or(u32::MAX));
        let (mut run, mut from) = (0, 0);
        for (at, (i, word)) in (0u32..).zip(words.iter().enumerate()) {
            let mut weight = self.of(*word);
            weight += if i == 0 { self.of(pair(kinds.first, *word)) } else { self.of(pair(words[i - 1], *word)) };
            weight += if asset { self.of(pair(kinds.beside_asset, *word)) } else { 0 };
            weight += if reader { self.of(pair(kinds.beside_reader, *word)) } else { 0 };
            score += weight;
            if run <= 0 {
                (run, from) = (0, at);
            }
            run += weight;
            if run > best {
                (best, part) = (run, from..at + 1);
            }
        }
        Some((score, part))
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
        assert_eq!(weights.score(&tokens), Some((15, 2..4)));
    }
}
