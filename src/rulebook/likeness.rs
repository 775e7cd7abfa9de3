//! How much a sentence reads as advice, as a live price, or as a disclosure, by the weights of its words: for what no row could foresee
//! (policy 1.1 calls it a score; policy 2.1 says what a live claim is, and 4.3 what discloses).
//!
//! `likeness.txt` was learnt from labelled sentences by `benches/likeness_weights.py`. Its lines end with three weights, for advice, a
//! live price and a disclosure: `! N N N`, what every sentence begins with; `= WORD`, a word that names an asset; `WORD N N N`,
//! `WORD WORD N N N`, a word or two in a row; `^ WORD N N N`, the first word; `$ WORD N N N`, `@ WORD N N N`, `% WORD N N N` and
//! `& WORD N N N`, a word in a sentence that also names an asset, the reader, a figure or a year. Numbers, years, months, signs and names are `#number`, `#year`,
//! `#month`, `#money`, `#percent`, `#name`; assets are `#asset`; the mark of a question or an exclamation is a last word, `#asks` or
//! `#exclaims`. Weights are whole numbers, so that every machine comes to the same sum.

use std::ops::Range;

use super::matcher::View;
use super::vocabulary::NO_NUMBER;
use super::weights::{
    ASKS, ASSET, BESIDE_ASSET, BESIDE_FIGURE, BESIDE_READER, BESIDE_YEAR, EXCLAIMS, Each, Lanes, MONEY, MONTH, NAME, NUMBER, Number, OTHER, PERCENT, Weights,
    YEAR, each, is, mixed, pair,
};
use crate::document::token::{Ending, Sentence, TokenKind, flag};

/// What was learnt, as the build script left it.
const LEARNT: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/likeness.bin"));
/// Shorter sentences say too little, and longer ones too much at once.
const LENGTH: Range<usize> = 3..60;

/// What a sentence may read as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// Advice, a promise, a prediction (policy 1).
    Advice,
    /// A price, rate or move of the present (policy 2).
    Price,
    /// That the publisher gains from the links of the page (policy 4.3).
    Disclosure,
}

/// A sentence that reads as advice, or as a live price.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Likeness {
    /// How much: above zero it is likelier so than not; a hundred more is 2.7 times the odds.
    pub score: i32,
    /// The tokens that weigh most.
    pub part: Range<u32>,
}

/// The words that the weights know, by their hashes, with their numbers.
pub(super) fn weighed() -> impl ExactSizeIterator<Item = (u64, Number)> {
    Weights::of(LEARNT).words()
}

/// What the sentences of a text are to the weights.
#[derive(Clone)]
pub struct Wordings<'d> {
    weights: Weights<'static>,
    sentences: &'d [Sentence],
    /// By token.
    numbers: Vec<Number>,
    /// By sentence: its sum for each subject.
    sums: Vec<Option<Each>>,
}

impl<'d> Wordings<'d> {
    /// Looks every word of a text up, once for all subjects.
    #[must_use]
    pub fn of(view: &View, sentences: &'d [Sentence]) -> Self {
        let weights = Weights::of(LEARNT);
        let mut numbers = vec![OTHER; view.tokens().len()];
        let sum = |sentence: &Sentence| {
            let said = numbers.get_mut(sentence.tokens.start as usize..sentence.tokens.end as usize).filter(|said| LENGTH.contains(&said.len()))?;
            for (number, at) in said.iter_mut().zip(sentence.tokens.clone()) {
                *number = weights.number_of(view, sentence, at);
            }
            weights.sum(said, sentence.ending).map(|(sum, _)| each(sum))
        };
        let sums = sentences.iter().map(sum).collect();
        Self { weights, sentences, numbers, sums }
    }

    /// How much a sentence of a number reads as something; `None` where that is less than `least`, or it is too short, too long or too strange
    /// to say.
    #[must_use]
    pub fn likeness(&self, number: usize, subject: Subject, least: i32) -> Option<Likeness> {
        let score = self.score(number, subject).filter(|score| *score >= least)?;
        let sentence = self.sentences.get(number)?;
        let words = self.numbers.get(sentence.tokens.start as usize..sentence.tokens.end as usize)?;
        let part = self.weights.part(words, sentence.ending, subject);
        let at = sentence.tokens.start;
        Some(Likeness { score, part: at + part.start..at + part.end })
    }

    /// How much a sentence reads as something, however little; `None` where it is too short, too long or too strange to say.
    #[must_use]
    pub fn score(&self, number: usize, subject: Subject) -> Option<i32> {
        self.sums.get(number)?.map(|sum| sum[subject as usize])
    }

    /// The same without some of the tokens: those that are quoted, and not said.
    #[must_use]
    pub fn likeness_without(&self, number: usize, subject: Subject, least: i32, left_out: &[Range<u32>]) -> Option<Likeness> {
        let sentence = self.sentences.get(number)?;
        let kept: Vec<u32> = sentence.tokens.clone().filter(|at| !left_out.iter().any(|range| range.contains(at))).collect();
        let words: Vec<Number> = kept.iter().map(|at| self.numbers[*at as usize]).collect();
        let (score, part) = self.weights.score(&words, sentence.ending, subject, least)?;
        let (first, last) = (kept.get(part.start as usize)?, kept.get((part.end as usize).checked_sub(1)?)?);
        Some(Likeness { score, part: *first..*last + 1 })
    }
}

/// "1990", "1990s", "2026-05-17".
fn is_year(text: &str) -> bool {
    let Some((year, rest)) = text.split_at_checked(4) else { return false };
    let century = year.starts_with("20") || matches!(year.as_bytes(), [b'1', b'5'..=b'9', ..]);
    let is_rest = match rest.as_bytes() {
        [] | [b's'] => true,
        [b'-', month @ .., b'-', _, _] => month.len() == 2 && rest.bytes().filter(u8::is_ascii_digit).count() == 4,
        _ => false,
    };
    century && is_rest && year.bytes().all(|byte| byte.is_ascii_digit())
}

/// What a sentence holds that other words weigh more or less beside, by [`BESIDE_ASSET`] and the others.
type Beside = [bool; 4];

/// Adds weights to a sum.
#[inline]
fn add(sum: &mut Lanes, weights: Lanes) {
    sum.iter_mut().zip(weights).for_each(|(sum, weight)| *sum += weight);
}

/// The word that stands for the mark of a sentence.
const fn mark_of(ending: Ending) -> Option<Number> {
    match ending {
        Ending::Plain => None,
        Ending::Question => Some(ASKS),
        Ending::Exclamation => Some(EXCLAIMS),
    }
}

impl Weights<'_> {
    /// What a token is to the weights.
    #[inline]
    fn number_of(&self, view: &View, sentence: &Sentence, at: u32) -> Number {
        let token = &view.tokens()[at as usize];
        let first = at == sentence.tokens.start;
        let is_number = |at: u32| sentence.tokens.contains(&at) && view.tokens()[at as usize].kind == TokenKind::Number;
        match token.kind {
            TokenKind::Number if is_year(view.text(at)) => return YEAR,
            TokenKind::Number => return NUMBER,
            // a sign without a figure beside it is no sum: `$x$` is a formula
            TokenKind::Currency => return if is_number(at.wrapping_sub(1)) || is_number(at + 1) { MONEY } else { OTHER },
            TokenKind::Percent => return PERCENT,
            _ => {}
        }
        let capital = token.has(flag::CAPITAL);
        match view.weighed(at) {
            NO_NUMBER if !first && capital => NAME,
            NO_NUMBER => OTHER,
            number if !capital => number,
            number => {
                let is = self.own(number).1;
                if is & is::MONTH != 0 || is & is::MONTH_WITHIN != 0 && !first { MONTH } else { number }
            }
        }
    }

    /// The sum for each subject, and what words stand beside; `None` where most words are unknown, as in another language.
    fn sum(&self, said: &[Number], ending: Ending) -> Option<(Lanes, Beside)> {
        if !LENGTH.contains(&said.len()) {
            return None;
        }
        let mut sum = self.start;
        let mut beside = [false; 4];
        let mut unknown = 0;
        for number in said {
            let (own, is) = self.own(*number);
            add(&mut sum, own);
            unknown += usize::from(matches!(*number, OTHER | NAME));
            beside[BESIDE_ASSET] |= *number == ASSET;
            beside[BESIDE_READER] |= is & is::READER != 0;
            beside[BESIDE_FIGURE] |= matches!(*number, NUMBER | PERCENT);
            beside[BESIDE_YEAR] |= *number == YEAR;
        }
        if unknown * 2 > said.len() {
            return None;
        }
        add(&mut sum, self.first(said[0]));
        let mark = mark_of(ending);
        let behind = said[1..].iter().copied().chain(mark);
        // which words in a row are a pair is nothing that a processor could guess: those that may be one are gathered without a branch
        let (mut room, mut count) = ([0; LENGTH.end], 0);
        for (first, second) in said.iter().zip(behind) {
            let pair = pair(*first, second);
            room[count % LENGTH.end] = pair;
            count += usize::from(self.may_be(mixed(pair)));
        }
        for pair in &room[..count] {
            if let Some(weights) = self.known_pair(*pair, mixed(*pair)) {
                add(&mut sum, weights);
            }
        }
        if let Some(mark) = mark {
            add(&mut sum, self.own(mark).0);
        }
        if beside.contains(&true) {
            for number in said.iter().copied().chain(mark) {
                (0..beside.len()).filter(|what| beside[*what]).for_each(|what| add(&mut sum, self.beside(number, what)));
            }
        }
        Some((sum, beside))
    }

    /// The run of words that adds most to the sum of a subject.
    fn part(&self, said: &[Number], ending: Ending, subject: Subject) -> Range<u32> {
        let beside = self.sum(said, ending).map_or([false; 4], |(_, beside)| beside);
        let subject = subject as usize;
        let (mut best, mut part) = (0, 0..u32::try_from(said.len()).unwrap_or(u32::MAX));
        let (mut run, mut from) = (0, 0);
        let mut before = None;
        // a mark is no token
        for (at, number) in (0u32..).zip(said.iter().copied()) {
            let added = (0..beside.len()).filter(|what| beside[*what]).map(|what| self.beside(number, what)[subject]);
            let alone = self.own(number).0[subject] + added.sum::<i32>();
            let behind = before.map_or_else(|| Some(self.first(number)), |before| self.pair(before, number));
            before = Some(number);
            if run <= 0 {
                (run, from) = (0, at);
            }
            run += alone + behind.map_or(0, |behind| behind[subject]);
            if run > best {
                (best, part) = (run, from..at + 1);
            }
        }
        part
    }

    /// The sum of a subject and its part; `None` where the sum is less than `least`, or cannot be told.
    fn score(&self, said: &[Number], ending: Ending, subject: Subject, least: i32) -> Option<(i32, Range<u32>)> {
        let score = self.sum(said, ending)?.0[subject as usize];
        (score >= least).then(|| (score, self.part(said, ending, subject)))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::super::learnt::{self, Learnt};
    use super::super::weights;
    use super::*;
    use crate::document::token::fold_hash;

    #[test]
    fn every_line_is_of_the_notation() {
        for line in learnt::LEARNT.lines().filter(|line| !line.starts_with("//")) {
            let parts: Vec<&str> = line.split(' ').collect();
            let known = match *parts.as_slice() {
                ["=", _] => true,
                [_, ref weights @ ..] | [_, _, ref weights @ ..] if weights.len() == weights::SUBJECTS => {
                    weights.iter().all(|weight| weight.parse::<i16>().is_ok())
                }
                _ => false,
            };
            assert!(known, "{line}");
        }
    }

    #[test]
    fn what_was_built_in_is_what_the_lines_say() {
        assert!(Learnt::read(learnt::LEARNT).laid_out() == LEARNT);
    }

    #[test]
    fn every_line_is_found_where_it_was_laid() {
        let weights = Weights::of(LEARNT);
        let all = known(&weights);
        let known = |word: &str| all.get(&fold_hash(word)).copied();
        let number = |word: &str| known(word).filter(|number| *number != ASSET || word == "#asset");
        assert_eq!(known("gold"), Some(ASSET));
        let mut told = [0; 4];
        for line in learnt::LEARNT.lines().filter(|line| !line.starts_with(['/', '='])) {
            let parts: Vec<&str> = line.split(' ').collect();
            let (names, each) = parts.split_at(parts.len() - weights::SUBJECTS);
            let each: Each = std::array::from_fn(|subject| each[subject].parse().unwrap());
            let (found, kind) = match *names {
                ["!"] => (Some(weights.start), 0),
                [word] => (number(word).map(|number| weights.own(number).0), 1),
                ["^", word] => (number(word).map(|number| weights.first(number)), 2),
                [sign, word] if let Some(what) = ["$", "@", "%", "&"].iter().position(|known| *known == sign) => {
                    (number(word).map(|number| weights.beside(number, what)), 2)
                }
                [first, second] => (number(first).zip(number(second)).and_then(|(first, second)| weights.pair(first, second)), 3),
                _ => (None, 0),
            };
            // names of assets, and what stands beside them, weigh as assets do
            if let Some(found) = found {
                assert_eq!(super::each(found), each, "{line}");
                told[kind] += 1;
            }
        }
        assert!(told[0] == 1 && told[1..].iter().all(|told| *told > 1_000), "{told:?}");
        assert_eq!(weights.pair(ASKS, ASKS), None);
        assert_eq!(number("xylophonist's-aunt"), None);
    }

    /// The words that weights know, by their hashes.
    fn known(weights: &Weights) -> HashMap<u64, Number> {
        weights.words().collect()
    }

    /// What words are to the weights, as if each were a token that begins with a small letter.
    fn numbers(known: &HashMap<u64, Number>, words: &[&str]) -> Vec<Number> {
        words.iter().map(|word| known.get(&fold_hash(word)).copied().unwrap_or(OTHER)).collect()
    }

    #[test]
    fn the_part_is_where_the_weight_is() {
        let bytes = Learnt::read("! -10 0 0\n= gold\nbuy 40 0 0\nthe 0 0 0\nbuy #asset 30 0 0\n$ the 5 0 0\nweather -50 0 0\n").laid_out();
        let weights = Weights::of(&bytes);
        let words = numbers(&known(&weights), &["the", "weather", "buy", "gold"]);
        assert_eq!(weights.score(&words, Ending::Plain, Subject::Advice, 15), Some((15, 2..4)));
        assert_eq!(weights.score(&words, Ending::Plain, Subject::Advice, 16), None);
        let bytes = Learnt::read("! -10 0 0\n= gold\nbuy 40 0 0\nthe 0 0 0\nweather 0 0 0\n#asks -20 0 0\n$ #asks 5 0 0\n").laid_out();
        let weights = Weights::of(&bytes);
        let words = numbers(&known(&weights), &["the", "weather", "buy", "gold"]);
        assert_eq!(weights.score(&words, Ending::Question, Subject::Advice, 15), Some((15, 2..3)));
        assert_eq!(weights.score(&words, Ending::Exclamation, Subject::Advice, 15), Some((30, 2..3)));
    }

    #[test]
    fn each_subject_has_its_weights() {
        let bytes = Learnt::read("! 0 5 1\nfetches 1 20 2\ntin 0 0 0\n#number 0 0 0\n% fetches 0 7 0\ntin fetches -4 2 0\n").laid_out();
        let weights = Weights::of(&bytes);
        let words = numbers(&known(&weights), &["tin", "fetches", "#number"]);
        assert_eq!(weights.score(&words, Ending::Plain, Subject::Price, 0), Some((34, 1..2)));
        assert_eq!(weights.score(&words, Ending::Plain, Subject::Advice, -3), Some((-3, 0..3)));
        assert_eq!(weights.score(&words, Ending::Plain, Subject::Disclosure, 0), Some((3, 1..2)));
    }

    #[test]
    fn years_are_told_from_other_numbers() {
        for year in ["1990", "1990s", "2026", "2026-05-17", "1521"] {
            assert!(is_year(year), "{year}");
        }
        for other in ["1490", "2412", "19", "1990th", "2026-5-17", "20 26", "1,990", "19900", "1990-91", "2026-ab-cd"] {
            assert!(!is_year(other), "{other}");
        }
    }

    #[test]
    fn what_is_asked_for_is_found_however_much_it_is() {
        let bytes = Learnt::read(learnt::LEARNT).laid_out();
        let weights = Weights::of(&bytes);
        let known = known(&weights);
        let all: Vec<&str> = learnt::LEARNT.lines().skip(1).filter_map(|line| line.split(' ').find(|word| word.len() > 1)).collect();
        for subject in [Subject::Advice, Subject::Price, Subject::Disclosure] {
            let mut told = 0;
            for seed in 0..2_000 {
                let sentence: Vec<&str> = (0..3 + seed % 20).map(|i| all[(seed * 977 + i * i * 7919) % all.len()]).collect();
                let words = numbers(&known, &sentence);
                let Some((score, part)) = weights.score(&words, Ending::Plain, subject, i32::MIN) else { continue };
                assert_eq!(weights.score(&words, Ending::Plain, subject, score), Some((score, part)));
                assert_eq!(weights.score(&words, Ending::Plain, subject, score + 1), None);
                told += 1;
            }
            assert!(told > 1_000, "{told}");
        }
    }
}
