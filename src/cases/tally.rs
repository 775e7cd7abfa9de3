//! Figures: precision, recall and accuracy by family and by rule, and every case that was judged wrongly.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::file::Mark;
use super::judge::{Families, Judged};
use super::own::Broken;

/// Counts over cases.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Cases.
    pub cases: usize,
    /// Cases whose verdict is the label's.
    pub right: usize,
    /// Cases that should be found and were.
    pub found: usize,
    /// Cases that should be found and were not.
    pub missed: usize,
    /// Cases that should be left alone and were found.
    #[serde(rename = "false-alarms")]
    pub false_alarms: usize,
}

/// A share as its two counts, so that shares compare exactly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// Of these …
    pub of: usize,
    /// … so many.
    pub count: usize,
}

impl Rate {
    /// The share; 1 of nothing.
    #[must_use]
    pub fn value(self) -> f64 {
        if self.of == 0 { 1.0 } else { self.count as f64 / self.of as f64 }
    }

    /// Whether this share is smaller than another.
    #[must_use]
    pub fn below(self, other: Self) -> bool {
        match (self.of, other.of) {
            (0, _) => false,
            (_, 0) => self.count < self.of,
            _ => self.count * other.of < other.count * self.of,
        }
    }
}

impl Tally {
    /// Of what was found, the share that should be.
    #[must_use]
    pub const fn precision(&self) -> Rate {
        Rate { of: self.found + self.false_alarms, count: self.found }
    }

    /// Of what should be found, the share that was.
    #[must_use]
    pub const fn recall(&self) -> Rate {
        Rate { of: self.found + self.missed, count: self.found }
    }

    /// The share of right verdicts.
    #[must_use]
    pub const fn accuracy(&self) -> Rate {
        Rate { of: self.cases, count: self.right }
    }

    fn add(&mut self, judged: &Judged) {
        self.cases += 1;
        self.right += usize::from(judged.right());
        match (judged.case.mark == Mark::Silent, judged.found()) {
            (false, true) => self.found += 1,
            (false, false) => self.missed += 1,
            (true, true) => self.false_alarms += 1,
            (true, false) => {}
        }
    }

    /// The sum of two.
    #[must_use]
    pub const fn plus(self, other: &Self) -> Self {
        Self {
            cases: self.cases + other.cases,
            right: self.right + other.right,
            found: self.found + other.found,
            missed: self.missed + other.missed,
            false_alarms: self.false_alarms + other.false_alarms,
        }
    }
}

/// How often a rule spoke in the cases of its family.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleTally {
    /// Cases it fired in.
    pub fired: usize,
    /// Of these, cases that should be found.
    pub right: usize,
}

/// A case with another verdict than its label's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Missed {
    /// Its family.
    pub family: String,
    /// Its line in the case file.
    pub line: usize,
    /// Its number in the case file, from 1.
    pub number: usize,
    /// `+`, `~` or `-`, as labelled.
    pub label: &'static str,
    /// `+`, `~` or `-`, as judged.
    pub got: &'static str,
    /// Rules that fired.
    pub fired: Vec<String>,
    /// The text.
    pub text: String,
}

/// Figures of one case file.
#[derive(Clone, Debug, Default, Serialize)]
pub struct FileFigures {
    /// The case file.
    pub path: String,
    /// All its cases.
    pub all: Tally,
    /// By family.
    pub families: BTreeMap<String, Tally>,
    /// By rule: rules that fired in a case of their family.
    pub rules: BTreeMap<String, RuleTally>,
    /// Cases judged wrongly, in order.
    pub misses: Vec<Missed>,
}

/// Everything that a test run says.
#[derive(Clone, Debug, Serialize)]
pub struct TestReport {
    /// Always `notegate.test/1`.
    pub schema: &'static str,
    /// Sentences of the rule files.
    pub own_sentences: usize,
    /// Of these, the ones that do not do what they say: rule, `+` or `-`, sentence.
    pub own_broken: Vec<(String, &'static str, String)>,
    /// One a case file, as named.
    pub files: Vec<FileFigures>,
    /// Rules of the families that were tried, which fired in no case.
    pub never_fired: Vec<String>,
}

impl TestReport {
    /// Puts the parts together.
    #[must_use]
    pub fn new(own: (usize, Vec<Broken>), files: Vec<FileFigures>, families: &Families) -> Self {
        let tried: BTreeSet<&str> = files.iter().flat_map(|file| file.families.keys()).map(String::as_str).collect();
        let fired: BTreeSet<&str> = files.iter().flat_map(|file| file.rules.keys()).map(String::as_str).collect();
        let never_fired = families.rules_of(&tried).into_iter().filter(|rule| !fired.contains(rule)).map(str::to_owned).collect();
        let own_broken = own.1.into_iter().map(|broken| (broken.rule, if broken.hit { "+" } else { "-" }, broken.text)).collect();
        Self { schema: super::TEST_SCHEMA, own_sentences: own.0, own_broken, files, never_fired }
    }

    /// Whether every sentence and every case came out as written.
    #[must_use]
    pub fn all_right(&self) -> bool {
        self.own_broken.is_empty() && self.files.iter().all(|file| file.misses.is_empty())
    }
}

/// The figures of a case file.
#[must_use]
pub fn figures(path: &str, judged: &[Judged]) -> FileFigures {
    let mut figures = FileFigures { path: path.to_owned(), ..FileFigures::default() };
    for (i, one) in judged.iter().enumerate() {
        figures.all.add(one);
        figures.families.entry(one.case.family.clone()).or_default().add(one);
        // a finding about a disclosure speaks for the label `-`: counting it beside the others would say the opposite
        for rule in one.fired.iter().filter(|_| !one.is_of_disclosure()) {
            let tally = figures.rules.entry(rule.clone()).or_default();
            tally.fired += 1;
            tally.right += usize::from(one.case.mark != Mark::Silent);
        }
        if !one.right() {
            figures.misses.push(Missed {
                family: one.case.family.clone(),
                line: one.case.line,
                number: i + 1,
                label: one.case.mark.sign(),
                got: one.got.sign(),
                fired: one.fired.iter().cloned().collect(),
                text: one.case.shown().to_owned(),
            });
        }
    }
    figures
}
