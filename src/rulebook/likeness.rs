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
use std::sync::LazyLock;

use super::matcher::View;
use super::weights::{
    ASKS, ASSET, BESIDE_ASSET, BESIDE_FIGURE, BESIDE_READER, BESIDE_YEAR, EXCLAIMS, MONEY, MONTH, Month, NAME, NUMBER, Number, OTHER, PERCENT, Weights, Word,
    YEAR, head, pair,
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

/// What the words of a text are to the weights.
#[derive(Clone)]
pub struct Wordings {
    weights: &'static Weights,
    /// By token.
    numbers: Vec<Number>,
}

impl Wordings {
    /// Looks every word of a text up, once for all subjects.
    #[must_use]
    pub fn of(view: &View, sentences: &[Sentence]) -> Self {
        static WEIGHTS: LazyLock<Weights> = LazyLock::new(|| postcard::from_bytes(LEARNT).unwrap_or_else(|_| Weights::read("")));
        let mut wordings = Self { weights: &WEIGHTS, numbers: vec![OTHER; view.tokens().len()] };
        for sentence in sentences {
            if LENGTH.contains(&sentence.tokens.len()) {
                for at in sentence.tokens.clone() {
                    wordings.numbers[at as usize] = WEIGHTS.number(view, sentence, at);
                }
            }
        }
        wordings
    }

    /// How much a sentence reads as something; `None` where that is less than `least`, or it is too short, too long or too strange to say.
    #[must_use]
    pub fn likeness(&self, sentence: &Sentence, subject: Subject, least: i32) -> Option<Likeness> {
        let words = self.numbers.get(sentence.tokens.start as usize..sentence.tokens.end as usize)?;
        let (score, part) = self.weights.score(words, sentence.ending, subject, least)?;
        let at = sentence.tokens.start;
        Some(Likeness { score, part: at + part.start..at + part.end })
    }

    /// How much a sentence reads as something, however little; `None` where it is too short, too long or too strange to say.
    #[must_use]
    pub fn score(&self, sentence: &Sentence, subject: Subject) -> Option<i32> {
        self.likeness(sentence, subject, i32::MIN).map(|likeness| likeness.score)
    }

    /// The same without some of the tokens: those that are quoted, and not said.
    #[must_use]
    pub fn likeness_without(&self, sentence: &Sentence, subject: Subject, least: i32, left_out: &[Range<u32>]) -> Option<Likeness> {
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

impl Weights {
    fn of_pair(&self, first: Number, second: Number, subject: Subject) -> i32 {
        self.pairs.get(&pair(first, second)).map_or(0, |each| each[subject as usize])
    }

    /// What a token is to the weights.
    fn number(&self, view: &View, sentence: &Sentence, at: u32) -> Number {
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
        let (cell, bit) = head(token.stem_hash);
        let known = if self.heads[cell] & bit == 0 { None } else { self.numbers.get(&token.stem_hash) };
        let capital = token.has(flag::CAPITAL);
        match known {
            Some(number) => match self.words[usize::from(*number)].month {
                Month::Yes if capital => MONTH,
                Month::Within if capital && !first => MONTH,
                _ => *number,
            },
            None if !first && capital => NAME,
            None => OTHER,
        }
    }

    /// The sum, and the run of words that adds most to it; `None` where most words are unknown, as in another language, and where the sum is
    /// less than `least`.
    fn score(&self, said: &[Number], ending: Ending, subject: Subject, least: i32) -> Option<(i32, Range<u32>)> {
        if !LENGTH.contains(&said.len()) {
            return None;
        }
        let of = |number: Number| &self.words[usize::from(number)];
        let subject_at = subject as usize;
        let mut beside = [false; 4];
        let mut unknown = 0;
        for number in said {
            unknown += usize::from(matches!(*number, OTHER | NAME));
            beside[BESIDE_ASSET] |= *number == ASSET;
            beside[BESIDE_READER] |= of(*number).names_reader;
            beside[BESIDE_FIGURE] |= matches!(*number, NUMBER | PERCENT);
            beside[BESIDE_YEAR] |= *number == YEAR;
        }
        if unknown * 2 > said.len() {
            return None;
        }
        let mark = match ending {
            Ending::Plain => None,
            Ending::Question => Some(ASKS),
            Ending::Exclamation => Some(EXCLAIMS),
        };
        let mut room = [OTHER; LENGTH.end];
        room[..said.len()].copy_from_slice(said);
        if let Some(mark) = mark {
            room[said.len()] = mark;
        }
        let words = &room[..said.len() + usize::from(mark.is_some())];
        let alone = |word: &Word| {
            let added = word.beside.iter().zip(beside).filter(|(_, there)| *there).map(|(each, _)| each[subject_at]);
            word.own[subject_at] + added.sum::<i32>()
        };
        // few sentences come near what is asked for: of most it is seen without a look at what stands in a row
        let mut most = self.start[subject_at];
        let mut before: Option<&Word> = None;
        for word in words.iter().map(|number| of(*number)) {
            most += alone(word) + before.map_or(word.first[subject_at], |before| before.most_before[subject_at].min(word.most_behind[subject_at]));
            before = Some(word);
        }
        if most < least {
            return None;
        }
        let mut score = self.start[subject_at];
        let (mut best, mut part) = (0, 0..u32::try_from(said.len()).unwrap_or(u32::MAX));
        let (mut run, mut from) = (0, 0);
        for (at, (i, number)) in (0u32..).zip(words.iter().enumerate()) {
            let word = of(*number);
            let weight = alone(word) + if i == 0 { word.first[subject_at] } else { self.of_pair(words[i - 1], *number, subject) };
            score += weight;
            if run <= 0 {
                (run, from) = (0, at);
            }
            run += weight;
            // a mark is no token
            if run > best && i < said.len() {
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
                [_, ref weights @ ..] | [_, _, ref weights @ ..] if weights.len() == weights::SUBJECTS => {
                    weights.iter().all(|weight| weight.parse::<i32>().is_ok())
                }
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

    /// What words are to the weights, as if each were a token that begins with a small letter.
    fn numbers(weights: &Weights, words: &[&str]) -> Vec<Number> {
        words.iter().map(|word| weights.numbers.get(&fold_hash(word)).copied().unwrap_or(OTHER)).collect()
    }

    #[test]
    fn the_part_is_where_the_weight_is() {
        let weights = Weights::read("! -10 0 0\n= gold\nbuy 40 0 0\nthe 0 0 0\nbuy #asset 30 0 0\n$ the 5 0 0\nweather -50 0 0\n");
        let words = numbers(&weights, &["the", "weather", "buy", "gold"]);
        assert_eq!(weights.score(&words, Ending::Plain, Subject::Advice, 15), Some((15, 2..4)));
        assert_eq!(weights.score(&words, Ending::Plain, Subject::Advice, 16), None);
        let weights = Weights::read("! -10 0 0\n= gold\nbuy 40 0 0\nthe 0 0 0\nweather 0 0 0\n#asks -20 0 0\n$ #asks 5 0 0\n");
        let words = numbers(&weights, &["the", "weather", "buy", "gold"]);
        assert_eq!(weights.score(&words, Ending::Question, Subject::Advice, 15), Some((15, 2..3)));
        assert_eq!(weights.score(&words, Ending::Exclamation, Subject::Advice, 15), Some((30, 2..3)));
    }

    #[test]
    fn each_subject_has_its_weights() {
        let weights = Weights::read("! 0 5 1\nfetches 1 20 2\ntin 0 0 0\n#number 0 0 0\n% fetches 0 7 0\ntin fetches -4 2 0\n");
        let words = numbers(&weights, &["tin", "fetches", "#number"]);
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
        let weights = Weights::read(weights::LEARNT);
        let all: Vec<&str> = weights::LEARNT.lines().skip(1).filter_map(|line| line.split(' ').find(|word| word.len() > 1)).collect();
        for subject in [Subject::Advice, Subject::Price, Subject::Disclosure] {
            let mut told = 0;
            for seed in 0..2_000 {
                let sentence: Vec<&str> = (0..3 + seed % 20).map(|i| all[(seed * 977 + i * i * 7919) % all.len()]).collect();
                let words = numbers(&weights, &sentence);
                let Some((score, part)) = weights.score(&words, Ending::Plain, subject, i32::MIN) else { continue };
                assert_eq!(weights.score(&words, Ending::Plain, subject, score), Some((score, part)));
                assert_eq!(weights.score(&words, Ending::Plain, subject, score + 1), None);
                told += 1;
            }
            assert!(told > 1_000, "{told}");
        }
    }
}
