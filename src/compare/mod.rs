//! Two judgements compared by their results, never by lines: which findings are new, worse, fixed, better, moved or the same, and why.
//!
//! A judgement has five inputs: what authors wrote, the day, the rules, the data and the configuration. What caused a change is found by judging
//! states in between, in which some inputs are the old ones and some the new: the smallest sets of new inputs that bring the change about are its
//! causes. Whoever calls this judges; here results are only compared.

mod cause;
pub mod digests;
mod items;
pub mod pairs;
pub mod splice;

use std::collections::{BTreeMap, BTreeSet};

use crate::packet::comparison::{ArticleChange, Change, ChangeCounts, CheckChange, Comparison, FindingChange, GateSide, LeftOut, PlaceSide, SideRecord};
use crate::packet::{FindingRecord, Packet};

pub use cause::{Cause, Input, Mix};
use items::{Items, Matched};
pub use pairs::Pair;

/// What the verdict is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// What is new or worse, except what the clock alone did to an article that nobody touched.
    Changed,
    /// The gates of all articles.
    All,
}

impl Scope {
    /// The word used in reports.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Changed => "changed",
            Self::All => "all",
        }
    }
}

/// Judges pairs in a state between the two: of each wanted pair the packet, `None` where the article is not there.
pub type Judge<'j> = dyn FnMut(Mix, &[usize]) -> Vec<Option<Packet>> + 'j;

/// How causes are found.
pub enum Causes<'j> {
    /// States in between are judged, of the inputs that differ.
    Judged(&'j [Input], &'j mut Judge<'j>),
    /// Only two reports are there, and what they state.
    Stated(&'j dyn Fn(&Pair) -> Cause, &'j [Input]),
}

/// What is compared.
pub struct Results<'r> {
    /// The older judgement, in path order.
    pub before: &'r [Packet],
    /// The newer one.
    pub after: &'r [Packet],
    /// Which articles belong together; each stands in one pair at most.
    pub pairs: &'r [Pair],
    /// What the two are called and were judged by.
    pub sides: (SideRecord, SideRecord),
    /// What the verdict is made of.
    pub scope: Scope,
    /// Whether drafts count.
    pub drafts: bool,
    /// What is to be known besides.
    pub left_out: Vec<LeftOut>,
}

/// Compares two judgements. The second value says of every finding of `after`, article by article and in the order of the packet, how it changed;
/// articles of no pair have none.
#[must_use]
pub fn compare(results: Results, mut causes: Causes) -> (Comparison, BTreeMap<usize, Vec<Change>>) {
    let Results { before, after, pairs, sides, scope, drafts, left_out } = results;
    let is_stated = matches!(causes, Causes::Stated(..));
    let of = |pair: &Pair| {
        let (before, after) = (pair.before.and_then(|number| before.get(number)), pair.after.and_then(|number| after.get(number)));
        Matched::new(before, after, pair.is_renamed, is_stated)
    };
    let mut matched: Vec<Matched> = pairs.iter().map(of).collect();
    match &mut causes {
        Causes::Judged(differs, judge) => cause::judged(&mut matched, pairs, differs, *judge),
        Causes::Stated(of, _) => cause::stated(&mut matched, pairs, *of),
    }
    let (differs, causes_by) = match &causes {
        Causes::Judged(differs, _) => (*differs, "judged"),
        Causes::Stated(_, differs) => (*differs, "digests"),
    };
    let mut articles = Vec::with_capacity(matched.len());
    let mut changes = BTreeMap::new();
    let mut summary = ChangeCounts::default();
    let mut worst = Level::Pass;
    for (pair, mut one) in pairs.iter().zip(matched) {
        let is_quiet = drafts_are_quiet(&one, drafts);
        worst = worst.max(one.items.count(scope, !pair.is_touched, is_quiet));
        let (article, of_findings) = record(pair, &one, &mut summary);
        articles.push(article);
        if let Some(number) = pair.after {
            changes.insert(number, of_findings);
        }
    }
    // what cannot be compared is judged as it stands
    let paired: BTreeSet<usize> = pairs.iter().filter_map(|pair| pair.after).collect();
    let uncompared = after.iter().enumerate().filter(|(number, packet)| !paired.contains(number) && (drafts || !packet.draft));
    worst = uncompared.fold(worst, |worst, (_, packet)| worst.max(Level::of_gate(&packet.gate.status)));
    if scope == Scope::All {
        worst = after.iter().filter(|packet| drafts || !packet.draft).map(|packet| Level::of_gate(&packet.gate.status)).max().unwrap_or(Level::Pass);
    }
    articles.sort_by(|a, b| a.path.cmp(&b.path));
    let comparison = Comparison {
        before: sides.0,
        after: sides.1,
        differs: differs.iter().map(|input| input.as_str().to_owned()).collect(),
        causes_by: causes_by.to_owned(),
        scope: scope.as_str().to_owned(),
        verdict: worst.as_str().to_owned(),
        summary,
        articles,
        left_out,
    };
    (comparison, changes)
}

fn drafts_are_quiet(matched: &Matched, drafts: bool) -> bool {
    !drafts && matched.after.is_some_and(|packet| packet.draft)
}

/// What something adds to a verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Level {
    Pass,
    Limited,
    Fail,
}

impl Level {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Limited => "limited",
            Self::Fail => "fail",
        }
    }

    fn of_gate(status: &str) -> Self {
        match status {
            "pass" => Self::Pass,
            "limited" => Self::Limited,
            _ => Self::Fail,
        }
    }

    fn of_status(status: &str) -> Self {
        match status {
            "pass" | "not-applicable" => Self::Pass,
            "limited" => Self::Limited,
            _ => Self::Fail,
        }
    }
}

/// The record of one article, and how each of its findings of today changed.
fn record(pair: &Pair, matched: &Matched, summary: &mut ChangeCounts) -> (ArticleChange, Vec<Change>) {
    let (before, after) = (matched.before, matched.after);
    let gate_side = |packet: &Packet| GateSide { status: packet.gate.status.clone(), row: packet.gate.row, index: packet.gate.index.clone() };
    let state = match (before, after) {
        (None, _) => "new",
        (_, None) => "deleted",
        _ if pair.is_renamed => "renamed",
        _ if pair.is_touched => "edited",
        _ => "untouched",
    };
    *summary.articles.entry(state.to_owned()).or_default() += 1;
    let Items { findings, checks, gate } = &matched.items;
    let mut unchanged = 0;
    let mut changed = Vec::new();
    let mut of_findings = vec![Change::default(); after.map_or(0, |packet| packet.all_findings().count())];
    let old: Vec<&FindingRecord> = before.iter().flat_map(|packet| packet.all_findings()).collect();
    let new: Vec<&FindingRecord> = after.iter().flat_map(|packet| packet.all_findings()).collect();
    for item in findings {
        let change = item.verdict.record();
        if let Some(number) = item.after {
            of_findings[number] = change.clone();
        }
        let count = match change.state.as_str() {
            "new" => &mut summary.new,
            "worse" => &mut summary.worse,
            "fixed" => &mut summary.fixed,
            "better" => &mut summary.better,
            "moved" => &mut summary.moved,
            _ => &mut summary.unchanged,
        };
        *count += 1;
        if change.is_news() {
            for cause in &change.causes {
                *summary.causes.entry(cause.clone()).or_default() += 1;
            }
            summary.clock_only += usize::from(item.verdict.is_clock_only && !pair.is_touched);
        }
        let (old, new) = (item.before.map(|number| old[number]), item.after.map(|number| new[number]));
        let Some(shown) = new.or(old).filter(|_| change.state != "unchanged") else {
            unchanged += 1;
            continue;
        };
        changed.push(FindingChange {
            rule: shown.rule.clone(),
            message: shown.message.clone(),
            excerpt: shown.excerpt.clone(),
            fingerprint: shown.fingerprint.clone(),
            before: old.map(place),
            after: new.map(place),
            change,
        });
    }
    changed.sort_by_key(|finding| {
        let place = finding.after.as_ref().or(finding.before.as_ref()).map_or((0, 0), |place| (place.line, place.column));
        (order(&finding.change.state), place, finding.rule.clone(), finding.fingerprint.clone())
    });
    let checks = checks.iter().map(|item| CheckChange {
        id: item.id.clone(),
        before: before.map(|_| item.before.clone()),
        after: after.map(|_| item.after.clone()),
        change: item.verdict.record(),
    });
    let path = after.or(before).map(|packet| packet.path.clone()).unwrap_or_default();
    let before_path = before.map(|packet| packet.path.clone()).filter(|other| *other != path);
    let article = ArticleChange {
        path,
        before_path,
        state: state.to_owned(),
        draft: after.or(before).is_some_and(|packet| packet.draft),
        before: before.map(gate_side),
        after: after.map(gate_side),
        gate: gate.record(),
        checks: checks.collect(),
        findings: changed,
        unchanged,
    };
    (article, of_findings)
}

/// What a person looks at first.
fn order(state: &str) -> usize {
    ["new", "worse", "fixed", "better", "moved"].iter().position(|known| *known == state).unwrap_or(usize::MAX)
}

fn place(finding: &FindingRecord) -> PlaceSide {
    PlaceSide {
        line: finding.line,
        column: finding.column,
        severity: finding.severity.clone(),
        excused: finding.waived.as_ref().map(|waived| waived.by.clone()),
    }
}
