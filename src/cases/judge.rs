//! Judging cases: each as an article of its own, by the findings of its family.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::sync::Arc;

use jiff::civil::Date;

use super::file::{CaseFile, Labelled, Mark};
use super::sentence;
use crate::engine::{self, Desk, Run, SnapshotFault};
use crate::packet::Packet;
use crate::rulebook::Rulebook;
use crate::snapshot::Snapshot;

/// The two checks that divide one set of families between them: a case counts under either.
const ADVICE: [&str; 2] = ["personalized-advice", "ymyl-boundary"];
/// The family whose texts are disclosures: `+` says that one counts, so a finding speaks against it.
const DISCLOSURES: &str = "X";
/// The family whose single hits are notes by design: one hit is what a case asks for.
const FILLER: &str = "Z";
/// A link that pays, behind a text that may disclose it.
const PAID_LINK: &str = "[Compare the offers](https://www.awin1.com/cread.php?awinmid=1204&awinaffid=88411)";

/// The day and the data that cases are judged by where nothing else is stated.
const SAMPLE: &str = include_str!("sample.yaml");

/// What cases are judged by.
#[derive(Clone, Debug)]
pub struct Bench {
    /// Policy and rules.
    pub desk: Desk,
    /// The day, where it is given from outside.
    pub as_of: Option<Date>,
    /// The snapshot, where it is given from outside.
    pub snapshot: Option<Snapshot>,
}

/// Which rules speak for a family.
#[derive(Clone, Debug, Default)]
pub struct Families {
    rules: BTreeMap<String, BTreeSet<String>>,
    /// The same, where rules stand under the one family that their row names.
    own: BTreeMap<String, BTreeSet<String>>,
}

impl Families {
    /// The families that the rules and messages of a rulebook name.
    #[must_use]
    pub fn of(rulebook: &Rulebook) -> Self {
        let mut rules: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let mut advice: BTreeSet<String> = BTreeSet::new();
        for rule in &rulebook.rules {
            let Some(family) = &rule.family else { continue };
            rules.entry(family.clone()).or_default().insert(rule.id.clone());
            if ADVICE.contains(&rule.check.as_str()) {
                advice.insert(rule.id.clone());
            }
        }
        let mut own = rules.clone();
        for ids in rules.values_mut().filter(|ids| ids.iter().any(|id| advice.contains(id))) {
            ids.clone_from(&advice);
        }
        for message in rulebook.messages() {
            for family in &message.families {
                rules.entry(family.clone()).or_default().insert(message.id.clone());
                own.entry(family.clone()).or_default().insert(message.id.clone());
            }
        }
        // what fires in a case of disclosure speaks against it, and is not counted
        own.remove(DISCLOSURES);
        Self { rules, own }
    }

    /// Their names, in order.
    #[must_use]
    pub fn names(&self) -> Vec<&str> {
        self.rules.keys().map(String::as_str).collect()
    }

    /// Whether a rule's findings count for a family.
    #[must_use]
    pub fn counts(&self, family: &str, rule: &str) -> bool {
        self.rules.get(family).is_some_and(|rules| rules.contains(rule))
    }

    /// The rules whose rows name one of these families.
    #[must_use]
    pub fn rules_of(&self, families: &BTreeSet<&str>) -> BTreeSet<&str> {
        let named = self.own.iter().filter(|(family, _)| families.contains(family.as_str()));
        named.flat_map(|(_, rules)| rules).map(String::as_str).collect()
    }
}

/// A case with what came of it.
#[derive(Clone, Debug)]
pub struct Judged {
    /// The case.
    pub case: Labelled,
    /// What was found, in the words of the labels.
    pub got: Mark,
    /// Rules of its family that fired, above a note (of filler also notes).
    pub fired: BTreeSet<String>,
}

impl Judged {
    /// Whether the verdict is the label's: a limited one satisfies `+` too.
    #[must_use]
    pub fn right(&self) -> bool {
        match self.case.mark {
            Mark::Found if self.case.family == DISCLOSURES || self.case.article.is_some() => self.got == Mark::Found,
            Mark::Found => self.got != Mark::Silent,
            other => self.got == other,
        }
    }

    /// Whether the case is a disclosure, where findings speak against the text.
    #[must_use]
    pub fn is_of_disclosure(&self) -> bool {
        self.case.family == DISCLOSURES
    }

    /// Whether something was found.
    #[must_use]
    pub fn found(&self) -> bool {
        self.got != Mark::Silent
    }
}

/// Judges all cases of a file, in its order.
#[must_use]
pub fn judge(bench: &Bench, families: &Families, file: &CaseFile) -> Vec<Judged> {
    let (sample_day, sample) = sample();
    let as_of = bench.as_of.or(file.as_of).unwrap_or(sample_day);
    let snapshot = bench.snapshot.as_ref().or(file.snapshot.as_ref()).unwrap_or(&sample);
    let paths: Vec<String> = file.cases.iter().enumerate().map(|(i, case)| path(i, case)).collect();
    let texts: BTreeMap<&str, String> = paths.iter().map(String::as_str).zip(file.cases.iter().map(article)).collect();
    let load = |path: &str| texts.get(path).map(|text| text.clone().into_bytes()).ok_or_else(|| "no such case".to_owned());
    let none = |_: &str, _: &str| Err(SnapshotFault::OutsideProject);
    let desk = |_: &str| Desk { policy: Arc::clone(&bench.desk.policy), rulebook: Arc::clone(&bench.desk.rulebook) };
    let run = Run { as_of, desk: &desk, load: &load, load_snapshot: &none, snapshot: Some(snapshot), progress: &|| {}, sign_offs: &|_| None };
    // a whole article declares its snapshot itself, or has none
    let (sentences, articles): (Vec<usize>, Vec<usize>) = (0..paths.len()).partition(|i| file.cases[*i].article.is_none());
    let mut packets: Vec<(usize, Packet)> = Vec::with_capacity(paths.len());
    for (run, which) in [(&run, sentences), (&Run { snapshot: None, ..run }, articles)] {
        let named: Vec<String> = which.iter().map(|i| paths[*i].clone()).collect();
        packets.extend(which.into_iter().zip(engine::run_each(run, &named)));
    }
    packets.sort_by_key(|(i, _)| *i);
    packets.iter().zip(&file.cases).map(|((_, packet), case)| verdict(families, case, packet)).collect()
}

/// Where a case stands in its run.
fn path(number: usize, case: &Labelled) -> String {
    case.article.as_ref().map_or_else(|| format!("{number:06}.md"), |whole| format!("{number:06}/{}", whole.name))
}

/// The day that cases are judged by where nothing else is stated, and the snapshot.
fn sample() -> (Date, Snapshot) {
    let node = crate::document::front_matter::yaml(SAMPLE, 0).ok();
    let read = node.and_then(|node| super::file::of_node(&node).ok());
    let (as_of, snapshot) = read.unwrap_or_default();
    (as_of.or(snapshot.captured).unwrap_or_default(), snapshot)
}

/// A case as an article: with a paid link behind a disclosure, and with an entry for every number in square brackets.
fn article(case: &Labelled) -> String {
    if case.article.is_some() {
        return case.text.clone();
    }
    let mut text = sentence::article_of(&case.text);
    if case.family == DISCLOSURES {
        let _ = write!(text, "\n{PAID_LINK}\n");
    }
    let marks: BTreeSet<u32> = case.text.split('[').skip(1).filter_map(|rest| rest.split_once(']')?.0.parse().ok()).collect();
    if !marks.is_empty() {
        text.push_str("\n## References\n");
        for mark in marks {
            let _ = write!(text, "\n[{mark}] Bureau of Records, annual register, volume {mark}, 12 January 2026, https://www.iso.org/registers/{mark}\n");
        }
    }
    text
}

fn verdict(families: &Families, case: &Labelled, packet: &Packet) -> Judged {
    if case.article.is_some() {
        return status(case, packet);
    }
    let mut got = Mark::Silent;
    let mut fired = BTreeSet::new();
    for finding in packet.checks.iter().flat_map(|check| &check.findings).filter(|finding| families.counts(&case.family, &finding.rule)) {
        match finding.severity.as_str() {
            "error" => got = Mark::Found,
            "note" if case.family != FILLER => continue,
            _ if got == Mark::Silent => got = Mark::Limited,
            _ => {}
        }
        fired.insert(finding.rule.clone());
    }
    if case.family == DISCLOSURES {
        got = match got {
            Mark::Found => Mark::Silent,
            Mark::Limited => Mark::Limited,
            Mark::Silent => Mark::Found,
        };
    }
    Judged { case: case.clone(), got, fired }
}

/// What a whole article came to: the status of the check it is about.
fn status(case: &Labelled, packet: &Packet) -> Judged {
    let check = packet.checks.iter().find(|check| check.id == case.family);
    let got = match check.map(|check| check.status.as_str()) {
        Some("pass" | "not-applicable") => Mark::Silent,
        Some("limited") => Mark::Limited,
        _ => Mark::Found,
    };
    let findings = check.into_iter().flat_map(|check| &check.findings).filter(|finding| finding.severity.as_str() != "note");
    Judged { case: case.clone(), got, fired: findings.map(|finding| finding.rule.clone()).collect() }
}
