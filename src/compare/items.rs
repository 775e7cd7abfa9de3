//! What one article says before and after, matched: findings as multisets of fingerprints, checks by id, and the gate.

use std::collections::{BTreeMap, BTreeSet};

use super::cause::{Cause, Input};
use super::{Level, Scope};
use crate::engine::weight;
use crate::finding::Severity;
use crate::packet::comparison::Change;
use crate::packet::{FindingRecord, Packet};

/// An article on both sides, and what changed.
pub(super) struct Matched<'r> {
    pub before: Option<&'r Packet>,
    pub after: Option<&'r Packet>,
    pub items: Items,
}

/// Everything that may have changed.
pub(super) struct Items {
    pub findings: Vec<FindingItem>,
    /// Checks whose status is another one.
    pub checks: Vec<CheckItem>,
    pub gate: Verdict,
}

/// How something changed.
#[derive(Clone, Debug)]
pub(super) struct Verdict {
    pub state: &'static str,
    pub cause: Option<Cause>,
    /// What it adds to a verdict if it counts.
    pub level: Level,
    pub counts: bool,
    pub is_clock_only: bool,
}

/// A finding on one side or both.
pub(super) struct FindingItem {
    /// Its number among all findings of the packet.
    pub before: Option<usize>,
    pub after: Option<usize>,
    keys: (Option<Key>, Option<Key>),
    /// How it weighs now.
    rank: Option<u8>,
    pub verdict: Verdict,
}

/// A check whose status changed.
pub(super) struct CheckItem {
    pub id: String,
    pub before: String,
    pub after: String,
    pub verdict: Verdict,
}

/// Rule, fingerprint, and which of those that have both.
type Key = (String, String, usize);

/// A finding as it is matched.
struct One<'f> {
    number: usize,
    key: Key,
    rank: u8,
    level: Level,
    finding: &'f FindingRecord,
}

/// What an article says, to be asked for single things.
pub(super) struct Seen<'p> {
    ranks: BTreeMap<(&'p str, &'p str), Vec<u8>>,
    statuses: BTreeMap<&'p str, &'p str>,
    gate: (&'p str, &'p str),
}

impl Verdict {
    const fn new(state: &'static str, level: Level) -> Self {
        Self { state, cause: None, level, counts: false, is_clock_only: false }
    }

    pub(super) fn is_open(&self) -> bool {
        self.state != "unchanged" && self.cause.is_none()
    }

    pub(super) fn record(&self) -> Change {
        let cause = self.cause.as_ref();
        Change {
            state: self.state.to_owned(),
            causes: cause.map(|cause| cause.inputs.iter().map(|input| input.as_str().to_owned()).collect()).unwrap_or_default(),
            together: cause.is_some_and(|cause| cause.together),
            certain: cause.is_none_or(|cause| cause.certain),
            counts: self.counts,
        }
    }

    /// Counts it, if it does count; says what it adds to the verdict.
    fn count(&mut self, scope: Scope, is_untouched: bool, is_quiet: bool) -> Level {
        self.is_clock_only = self.cause.as_ref().is_some_and(|cause| cause.certain && cause.inputs == [Input::Clock]);
        let is_news = matches!(self.state, "new" | "worse");
        self.counts = is_news && !is_quiet && self.level > Level::Pass && (scope == Scope::All || !(self.is_clock_only && is_untouched));
        if self.counts { self.level } else { Level::Pass }
    }
}

impl Items {
    /// Counts what counts in the scope; the worst of it.
    pub(super) fn count(&mut self, scope: Scope, is_untouched: bool, is_quiet: bool) -> Level {
        self.verdicts().map(|verdict| verdict.count(scope, is_untouched, is_quiet)).max().unwrap_or(Level::Pass)
    }

    pub(super) fn verdicts(&mut self) -> impl Iterator<Item = &mut Verdict> {
        let findings = self.findings.iter_mut().map(|item| &mut item.verdict);
        findings.chain(self.checks.iter_mut().map(|item| &mut item.verdict)).chain(std::iter::once(&mut self.gate))
    }

    /// Whether anything of it still needs a cause.
    pub(super) fn is_open(&mut self) -> bool {
        self.verdicts().any(|verdict| verdict.is_open())
    }

    /// Of everything, in the order of `verdicts`, whether another judgement says of it what the newer one says.
    pub(super) fn said_by(&self, seen: Option<&Seen>, now: Option<&Packet>) -> Vec<bool> {
        let gate = now.map(|now| (now.gate.status.as_str(), now.gate.index.as_str()));
        let findings = self.findings.iter().map(|item| {
            let rank = |key: &Option<Key>| key.as_ref().and_then(|key| seen.and_then(|seen| seen.rank(key)));
            rank(&item.keys.1).or_else(|| rank(&item.keys.0)) == item.rank
        });
        let checks = self.checks.iter().map(|item| seen.and_then(|seen| seen.statuses.get(item.id.as_str())).is_some_and(|status| *status == item.after));
        findings.chain(checks).chain(std::iter::once(seen.map(|seen| seen.gate) == gate)).collect()
    }
}

impl<'p> Seen<'p> {
    pub(super) fn of(packet: &'p Packet) -> Self {
        let mut ranks: BTreeMap<(&str, &str), Vec<u8>> = BTreeMap::new();
        for finding in packet.all_findings() {
            ranks.entry((&finding.rule, &finding.fingerprint)).or_default().push(rank(finding));
        }
        let statuses = packet.checks.iter().map(|check| (check.id.as_str(), check.status.as_str())).collect();
        Self { ranks, statuses, gate: (&packet.gate.status, &packet.gate.index) }
    }

    fn rank(&self, (rule, fingerprint, number): &Key) -> Option<u8> {
        self.ranks.get(&(rule.as_str(), fingerprint.as_str()))?.get(*number).copied()
    }
}

/// How a finding weighs: what counts for more is higher, and what is excused is below what is not.
fn rank(finding: &FindingRecord) -> u8 {
    let weight = match weight(finding) {
        None => 0,
        Some(Severity::Note) => 1,
        Some(Severity::Warning) => 2,
        Some(Severity::Error) => 3,
    };
    2 * weight + u8::from(finding.waived.is_none())
}

/// What a finding adds to the gate: no more than its check's ceiling lets through.
fn level(finding: &FindingRecord, ceiling: Level) -> Level {
    let own = match weight(finding) {
        Some(Severity::Error) => Level::Fail,
        Some(Severity::Warning) => Level::Limited,
        Some(Severity::Note) | None => Level::Pass,
    };
    own.min(ceiling)
}

/// The findings of a packet, each known by a key of its own.
fn ones(packet: Option<&Packet>) -> Vec<One<'_>> {
    let Some(packet) = packet else { return Vec::new() };
    let issues = packet.issues.iter().map(|issue| (issue, Level::Fail));
    let of_checks = packet.checks.iter().flat_map(|check| check.findings.iter().map(|finding| (finding, Level::of_status(&check.status))));
    let mut seen: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    issues
        .chain(of_checks)
        .enumerate()
        .map(|(number, (finding, ceiling))| {
            let count = seen.entry((&finding.rule, &finding.fingerprint)).or_default();
            *count += 1;
            let key = (finding.rule.clone(), finding.fingerprint.clone(), *count - 1);
            One { number, key, rank: rank(finding), level: level(finding, ceiling), finding }
        })
        .collect()
}

/// What a finding keeps when it moves inside its article; `None` where nothing tells.
fn kept(finding: &FindingRecord, is_stated: bool) -> Option<(&str, &str)> {
    // a report that was written does not hold the words around a finding: what was found must do
    let words = if is_stated { &finding.excerpt } else { &finding.moves };
    (!words.is_empty()).then_some((finding.rule.as_str(), words.as_str()))
}

impl<'r> Matched<'r> {
    /// Matches an article. `is_stated`: both were read from reports.
    pub(super) fn new(before: Option<&'r Packet>, after: Option<&'r Packet>, is_renamed: bool, is_stated: bool) -> Self {
        let (old, new) = (ones(before), ones(after));
        let by_key: BTreeMap<&Key, usize> = new.iter().enumerate().map(|(at, one)| (&one.key, at)).collect();
        let mut partner: Vec<Option<(usize, bool)>> = old.iter().map(|one| by_key.get(&one.key).map(|at| (*at, is_renamed))).collect();
        let taken: BTreeSet<usize> = partner.iter().flatten().map(|(at, _)| *at).collect();
        let mut free: BTreeMap<(&str, &str), Vec<usize>> = BTreeMap::new();
        for (at, one) in new.iter().enumerate().rev().filter(|(at, _)| !taken.contains(at)) {
            if let Some(kept) = kept(one.finding, is_stated) {
                free.entry(kept).or_default().push(at);
            }
        }
        for (one, partner) in old.iter().zip(&mut partner).filter(|(_, partner)| partner.is_none()) {
            *partner = kept(one.finding, is_stated).and_then(|kept| free.get_mut(&kept)?.pop()).map(|at| (at, true));
        }
        let mut findings = Vec::with_capacity(old.len().max(new.len()));
        let mut met = vec![false; new.len()];
        for (one, partner) in old.iter().zip(partner) {
            let other = partner.map(|(at, moved)| (&new[at], moved));
            if let Some((at, _)) = partner {
                met[at] = true;
            }
            let (state, level) = match other {
                None => ("fixed", Level::Pass),
                Some((other, moved)) => (state(one.rank, other.rank, moved), other.level),
            };
            findings.push(FindingItem {
                before: Some(one.number),
                after: other.map(|(other, _)| other.number),
                keys: (Some(one.key.clone()), other.map(|(other, _)| other.key.clone())),
                rank: other.map(|(other, _)| other.rank),
                verdict: Verdict::new(state, level),
            });
        }
        findings.extend(new.iter().zip(met).filter(|(_, met)| !met).map(|(one, _)| FindingItem {
            before: None,
            after: Some(one.number),
            keys: (None, Some(one.key.clone())),
            rank: Some(one.rank),
            verdict: Verdict::new("new", one.level),
        }));
        // what only moved was moved by whoever wrote it
        for item in findings.iter_mut().filter(|item| item.verdict.state == "moved") {
            item.verdict.cause = Some(Cause::sure(Input::Author));
        }
        let gate = gate(before, after);
        Self { before, after, items: Items { findings, checks: checks(before, after), gate } }
    }
}

fn state(before: u8, after: u8, moved: bool) -> &'static str {
    match after.cmp(&before) {
        std::cmp::Ordering::Greater => "worse",
        std::cmp::Ordering::Less => "better",
        std::cmp::Ordering::Equal if moved => "moved",
        std::cmp::Ordering::Equal => "unchanged",
    }
}

/// From best to worst, so that an error is worse than a failure.
fn badness(status: &str) -> usize {
    ["pass", "limited", "fail", "error"].iter().position(|known| *known == status).unwrap_or(0)
}

fn checks(before: Option<&Packet>, after: Option<&Packet>) -> Vec<CheckItem> {
    let Some(after) = after else { return Vec::new() };
    let old = |id: &str| before.and_then(|packet| packet.checks.iter().find(|check| check.id == id)).map_or("pass", |check| check.status.as_str());
    let changed = after.checks.iter().filter_map(|check| {
        let before = old(&check.id);
        let state = match badness(&check.status).cmp(&badness(before)) {
            std::cmp::Ordering::Greater => "worse",
            std::cmp::Ordering::Less => "better",
            std::cmp::Ordering::Equal => return None,
        };
        let verdict = Verdict::new(state, Level::of_status(&check.status));
        Some(CheckItem { id: check.id.clone(), before: before.to_owned(), after: check.status.clone(), verdict })
    });
    changed.collect()
}

fn gate(before: Option<&Packet>, after: Option<&Packet>) -> Verdict {
    let of = |packet: &Packet| Level::of_gate(&packet.gate.status);
    match (before, after) {
        (None, Some(after)) => Verdict::new("new", of(after)),
        (Some(_) | None, None) => Verdict::new("fixed", Level::Pass),
        (Some(before), Some(after)) => {
            let state = match of(after).cmp(&of(before)) {
                std::cmp::Ordering::Greater => "worse",
                std::cmp::Ordering::Less => "better",
                std::cmp::Ordering::Equal if after.gate.index != before.gate.index => "changed",
                std::cmp::Ordering::Equal => "unchanged",
            };
            Verdict::new(state, of(after))
        }
    }
}
