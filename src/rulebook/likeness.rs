//! How much a sentence reads as advice, by the weights of its words: for what no row could foresee (policy 1.1 calls it a score).
//!
//! `likeness.txt` was learnt from labelled sentences by `benches/advice_weights.py`. Its lines are: `! N`, what every sentence begins
//! with; `= WORD`, a word that names an asset; `WORD N`, `WORD WORD N`, a word or two in a row; `^ WORD N`, the first word; `$ WORD N` and
//! `@ WORD N`, a word in a sentence that also names an asset, or the reader. Numbers, signs and names are `#number`, `#money`,
//! `#percent`, `#name`; assets are `#asset`; the mark of a question or an exclamation is a last word, `#asks` or `#exclaims`. Weights are whole numbers, so that every machine comes to the same sum.

use std::ops::Range;
use std::sync::LazyLock;

use super::matcher::View;
use super::weights::{ASKS, ASSET, EXCLAIMS, MONEY, NAME, NUMBER, Number, OTHER, PERCENT, Weights, Word, head, pair};
use crate::document::token::{Ending, Sentence, Token, TokenKind, flag};

/// What was learnt, as the build script left it.
const LEARNT: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/likeness.bin"));
/// Shorter sentences say too little, and longer ones too much at once.
const LENGTH: Range<u32> = 3..60;

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
    let tokens = &view.tokens()[sentence.tokens.start as usize..sentence.tokens.end as usize];
    let (score, part) = weigh(tokens, sentence.ending, least)?;
    let at = sentence.tokens.start;
    Some(Likeness { score, part: at + part.start..at + part.end })
}

/// The same without some of the tokens: those that are quoted, and not said.
#[must_use]
pub fn likeness_without(view: &View, sentence: &Sentence, least: i32, left_out: &[Range<u32>]) -> Option<Likeness> {
    let kept: Vec<u32> = sentence.tokens.clone().filter(|at| !left_out.iter().any(|range| range.contains(at))).collect();
    let tokens: Vec<Token> = kept.iter().map(|at| view.tokens()[*at as usize]).collect();
    let (score, part) = weigh(&tokens, sentence.ending, least)?;
    let (first, last) = (kept.get(part.start as usize)?, kept.get((part.end as usize).checked_sub(1)?)?);
    Some(Likeness { score, part: *first..*last + 1 })
}

fn weigh(tokens: &[Token], ending: Ending, least: i32) -> Option<(i32, Range<u32>)> {
    static WEIGHTS: LazyLock<Weights> = LazyLock::new(|| postcard::from_bytes(LEARNT).unwrap_or_else(|_| Weights::read("")));
    if !LENGTH.contains(&u32::try_from(tokens.len()).unwrap_or(u32::MAX)) {
        return None;
    }
    WEIGHTS.score(tokens, ending, least)
}

impl Weights {
    fn of_pair(&self, first: Number, second: Number) -> i32 {
        self.pairs.get(&pair(first, second)).copied().unwrap_or(0)
    }

    /// What a token is to the weights.
    fn word(&self, tokens: &[Token], i: usize) -> Number {
        let token = &tokens[i];
        let first = i == 0;
        let (at, bit) = head(token.stem_hash);
        let known = if self.heads[at] & bit == 0 { None } else { self.numbers.get(&token.stem_hash) };
        match (token.kind, known) {
            (TokenKind::Number, _) => NUMBER,
            // a sign without a figure beside it is no sum: `$x$` is a formula
            (TokenKind::Currency, _) if tokens[i.saturating_sub(1)..tokens.len().min(i + 2)].iter().any(|beside| beside.kind == TokenKind::Number) => MONEY,
            (TokenKind::Currency, _) => OTHER,
            (TokenKind::Percent, _) => PERCENT,
            (_, Some(number)) => *number,
            _ if !first && token.has(flag::CAPITAL) => NAME,
            _ => OTHER,
        }
    }

    /// The sum, and the run of tokens that adds most to it; `None` where most words are unknown, as in another language, and where the sum is
    /// less than `least`.
    fn score(&self, tokens: &[Token], ending: Ending, least: i32) -> Option<(i32, Range<u32>)> {
        let mut room = [OTHER; LENGTH.end as usize + 1];
        let words = room.get_mut(..tokens.len())?;
        let (mut unknown, mut asset, mut reader) = (0, false, false);
        for (i, word) in words.iter_mut().enumerate() {
            *word = self.word(tokens, i);
            unknown += usize::from(matches!(*word, OTHER | NAME));
            if unknown * 2 > tokens.len() {
                return None;
            }
            asset |= *word == ASSET;
            reader |= self.words[usize::from(*word)].names_reader;
        }
        let mark = match ending {
            Ending::Plain => None,
            Ending::Question => Some(ASKS),
            Ending::Exclamation => Some(EXCLAIMS),
        };
        let length = tokens.len() + usize::from(mark.is_some());
        let words = room.get_mut(..length)?;
        if let (Some(mark), Some(last)) = (mark, words.last_mut()) {
            *last = mark;
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
            // a mark is no token
            if run > best && i < tokens.len() {
                (best, part) = (run, from..at + 1);
            }
        }
        (score >= least).then_some((score, part))
    }
}

#[cfg(test)]
mod tests {
    use super::super::weights;
    use super::*;
    use crate::document::token::fold_hash;

    #[test]
    fn every_line_is_of_the_notation() {
        for line in weights::LEARNT.lines().filter(|line| !line.starts_with("//")) {
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
    fn what_was_built_in_is_what_the_lines_say() {
        let (read, built): (Weights, Weights) = (Weights::read(weights::LEARNT), postcard::from_bytes(LEARNT).unwrap_or_default());
        assert!(!built.words.is_empty() && read == built);
    }

    #[test]
    fn the_part_is_where_the_weight_is() {
        let token = |word: &str| Token { start: 0, end: 0, hash: fold_hash(word), stem_hash: fold_hash(word), gap: 0, kind: TokenKind::Word, flags: 0 };
        let weights = Weights::read("! -10\n= gold\nbuy 40\nthe 0\nbuy #asset 30\n$ the 5\nweather -50\n");
        let tokens: Vec<Token> = ["the", "weather", "buy", "gold"].into_iter().map(token).collect();
        assert_eq!(weights.score(&tokens, Ending::Plain, 15), Some((15, 2..4)));
        assert_eq!(weights.score(&tokens, Ending::Plain, 16), None);
        let weights = Weights::read("! -10\n= gold\nbuy 40\nthe 0\nweather 0\n#asks -20\n$ #asks 5\n");
        assert_eq!(weights.score(&tokens, Ending::Question, 15), Some((15, 2..3)));
        assert_eq!(weights.score(&tokens, Ending::Exclamation, 15), Some((30, 2..3)));
    }

    #[test]
    fn what_is_asked_for_is_found_however_much_it_is() {
        let weights = Weights::read(weights::LEARNT);
        let words: Vec<&str> = weights::LEARNT.lines().skip(1).filter_map(|line| line.split(' ').find(|word| word.len() > 1)).collect();
        let mut told = 0;
        for seed in 0..2_000 {
            let sentence = (0..3 + seed % 20).map(|i| words[(seed * 977 + i * i * 7919) % words.len()]);
            let token = |word: &str| Token { start: 0, end: 0, hash: fold_hash(word), stem_hash: fold_hash(word), gap: 0, kind: TokenKind::Word, flags: 0 };
            let tokens: Vec<Token> = sentence.map(token).collect();
            let Some((score, part)) = weights.score(&tokens, Ending::Plain, i32::MIN) else { continue };
            assert_eq!(weights.score(&tokens, Ending::Plain, score), Some((score, part)));
            assert_eq!(weights.score(&tokens, Ending::Plain, score + 1), None);
            told += 1;
        }
        assert!(told > 1_000, "{told}");
    }
}
