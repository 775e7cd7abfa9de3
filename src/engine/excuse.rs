//! What excuses findings, and the decision after it: waivers of the article and of `lint.toml` first, then whatever the caller holds.
//!
//! A waived error counts as limited; a waived warning does not count. What a baseline holds nobody has looked at: held errors and
//! warnings both count as limited.

use std::collections::BTreeMap;

use super::{Draft, Run, issue_finding, now};
use crate::document::Issue;
use crate::finding::{Edit, Fix, Severity};
use crate::gate::{self, Facts};
use crate::outcome::{Outcome, Status};
use crate::packet::{FindingRecord, GateRecord, Packet, WaivedRecord, panels};
use crate::policy::{Policy, PolicyWaiver};
use crate::rulebook::{Rulebook, Scan, Waivable};
use crate::source::{LineTable, SourceText};
use crate::span::{Span, Spans};
use crate::waiver::{self, Found, Index, Waiver};

/// Where a waiver of `lint.toml` stands, as reports say it.
pub const IN_CONFIG: &str = "lint.toml";
/// What holds a finding that no waiver excuses, as reports say it.
pub const BASELINE: &str = crate::baseline::BY;
/// The two checks that share one engine: of overlapping matches one is reported.
const SHARED: [&str; 2] = ["personalized-advice", "ymyl-boundary"];
/// Rules that speak only where other articles are compared: a run may see some of the articles, so that their waivers are never called unused.
const COMPARED: &[&str] = &["identical-paragraph", "template-swap", "near-duplicate", "shared-boilerplate", "shared-outline", "stock-phrase"];

/// Whether a rule speaks only where articles are compared.
#[must_use]
pub fn is_compared(rule: &str) -> bool {
    rule.strip_prefix("scaled-content/").is_some_and(|name| COMPARED.contains(&name))
}

/// The waivers of an article, kept until everything was found.
#[derive(Default)]
pub(super) struct Excuses {
    waivers: Vec<Kept>,
    index: Index,
    /// Places of matches that nobody may excuse, reported or not.
    hard: Spans,
}

/// A waiver, and what would be said about it.
struct Kept {
    rule: String,
    record: WaivedRecord,
    unused: FindingRecord,
    refused: FindingRecord,
    soon: Option<FindingRecord>,
}

impl Excuses {
    /// Keeps waivers; `record` makes the record of an issue while the text is at hand.
    pub(super) fn new(
        run: &Run,
        policy: &Policy,
        source: &SourceText,
        lines: &LineTable,
        found: Found,
        record: &mut dyn FnMut(&Issue, Option<&Fix>) -> FindingRecord,
    ) -> Self {
        let in_file: Vec<Waiver> =
            found.waivers.into_iter().map(|waiver| Waiver { reach: waiver.reach.map(|reach| source.file_span(reach)), ..waiver }).collect();
        let index = Index::new(&in_file);
        let waivers = in_file.into_iter().map(|waiver| {
            let fix = waiver.removable.map(|span| Fix {
                rule: "waiver/unused".to_owned(),
                span: waiver.span,
                description: "delete the waiver".to_owned(),
                edits: vec![Edit { span, text: String::new() }],
            });
            let rule = format!("`{}`", waiver.rule);
            let soon = waiver.expires.filter(|last| waiver::ends_soon(*last, policy, run.as_of)).map(|last| {
                let days = crate::date::days_between(run.as_of, last);
                let left = match days {
                    0 => "today".to_owned(),
                    1 => "tomorrow".to_owned(),
                    days => format!("on {last}, in {days} days"),
                };
                record(&Issue::new("waiver/expires-soon", waiver.span, format!("{rule} ends {left}")), None)
            });
            Kept {
                unused: record(&Issue::new("waiver/unused", waiver.span, rule.clone()), fix.as_ref()),
                refused: record(&Issue::new("waiver/not-waivable", waiver.span, rule), None),
                soon,
                rule: waiver.rule,
                record: WaivedRecord {
                    by: waiver.by.as_str().to_owned(),
                    reason: waiver.reason,
                    owner: waiver.owner,
                    expires: waiver.expires.map(|day| day.to_string()),
                    since: None,
                    line: Some(lines.place(&source.text, waiver.span.start).line),
                    file: None,
                },
            }
        });
        Self { waivers: waivers.collect(), index, hard: Spans::default() }
    }

    /// Keeps the places of hard matches: where one of two overlapping rules is reported, an excuse for it must not hide the other.
    pub(super) fn with_hard(self, source: &SourceText, hard: impl Iterator<Item = Span>) -> Self {
        Self { hard: Spans::new(hard.map(|span| source.file_span(span))), ..self }
    }

    /// Marks what the waivers excuse, and says what is wrong with those that excuse nothing.
    pub(super) fn apply(self, packet: &mut Packet, policy: &Policy, rulebook: &Rulebook, as_of: jiff::civil::Date) {
        let mut used = vec![false; self.waivers.len()];
        let mut refused = vec![false; self.waivers.len()];
        let mut of_config: BTreeMap<(&Option<String>, u32), FindingRecord> = BTreeMap::new();
        let Packet { issues, checks, .. } = packet;
        let of_checks = checks.iter_mut().flat_map(|check| {
            let shared = SHARED.contains(&check.id.as_str());
            check.findings.iter_mut().map(move |finding| (finding, false, shared))
        });
        for (finding, issue, shared) in issues.iter_mut().map(|issue| (issue, true, false)).chain(of_checks) {
            let error = finding.severity == "error";
            let span = Span::new(finding.span.start, finding.span.end);
            finding.excusable = waiver::is_excusable(rulebook, policy, &finding.rule, error) && !(issue && error) && !(shared && self.hard.overlap(span));
            let own = self.index.covering(&finding.rule, finding.span.start);
            let configured = policy.waivers.iter().find(|waiver| waiver.rule == finding.rule && waiver.expires.is_none_or(|last| as_of <= last));
            match (own, configured, finding.excusable) {
                (Some(number), _, true) => {
                    used[number] = true;
                    finding.waived = Some(self.waivers[number].record.clone());
                }
                (Some(number), _, false) => refused[number] = true,
                (None, Some(waiver), true) => finding.waived = Some(configured_record(waiver)),
                (None, Some(waiver), false) => drop(of_config.entry((&waiver.file, waiver.line)).or_insert_with(|| refusal(rulebook, waiver, finding))),
                (None, None, _) => {}
            }
        }
        for ((kept, used), refused) in self.waivers.into_iter().zip(used).zip(refused) {
            if refused {
                issues.push(kept.refused);
            } else if !used {
                issues.extend((!is_compared(&kept.rule)).then_some(kept.unused));
            } else {
                issues.extend(kept.soon);
            }
        }
        issues.extend(of_config.into_values());
        issues.retain_mut(|issue| is_kept(issue, policy, rulebook));
    }
}

/// Gives an issue the weight that the policy gives it; says whether it is one at all. What could not be read stays an error, and what the headers of
/// some articles must hold has its weight there.
fn is_kept(issue: &mut FindingRecord, policy: &Policy, rulebook: &Rulebook) -> bool {
    let Some(wanted) = policy.severities.get(&issue.rule).filter(|_| !issue.rule.starts_with("front-matter/") && !rulebook.is_fixed(&issue.rule)) else {
        return true;
    };
    if let Some(severity) = wanted {
        severity.as_str().clone_into(&mut issue.severity);
    }
    wanted.is_some()
}

fn configured_record(waiver: &PolicyWaiver) -> WaivedRecord {
    WaivedRecord {
        by: IN_CONFIG.to_owned(),
        reason: waiver.reason.clone(),
        owner: waiver.owner.clone(),
        expires: waiver.expires.map(|day| day.to_string()),
        since: None,
        line: Some(waiver.line),
        file: waiver.file.clone(),
    }
}

/// A waiver of `lint.toml` for what nobody may excuse, told at the place of the first such finding.
fn refusal(rulebook: &Rulebook, waiver: &PolicyWaiver, finding: &FindingRecord) -> FindingRecord {
    let issue = issue_finding(
        rulebook,
        &Issue::new("waiver/not-waivable", Span::default(), format!("`{}` ({}:{})", waiver.rule, waiver.file.as_deref().unwrap_or(IN_CONFIG), waiver.line)),
    );
    FindingRecord {
        rule: issue.rule,
        severity: issue.severity.as_str().to_owned(),
        message: issue.message,
        why: issue.why,
        help: issue.help,
        related: Vec::new(),
        operators: Vec::new(),
        fix: None,
        cause: issue.cause.as_str().to_owned(),
        fingerprint: crate::packet::record::of_words("waiver/not-waivable", &format!("{} {}", waiver.rule, finding.fingerprint)),
        ..finding.clone()
    }
}

/// Places of matches whose errors nobody may excuse, among the checks that report one of two overlapping matches.
pub(super) fn hard_places<'a>(
    rulebook: &'a Rulebook,
    policy: &'a Policy,
    scan: &'a Scan,
    span_of: &'a dyn Fn(&crate::rulebook::RuleHit) -> Span,
) -> impl Iterator<Item = Span> + 'a {
    let mut known: BTreeMap<usize, bool> = BTreeMap::new();
    scan.rules.iter().filter_map(move |hit| {
        let rule = &rulebook.rules[hit.rule];
        let hard = SHARED.contains(&rule.check.as_str())
            && hit.severity == Severity::Error
            && *known.entry(hit.rule).or_insert_with(|| rulebook.waivable(&rule.id) != Waivable::Always && policy.severity(&rule.id, rule.severity).is_some());
        hard.then(|| span_of(hit))
    })
}

/// What a finding still weighs: nothing excused is worse than a warning, and what a waiver excuses was looked at.
#[must_use]
pub fn weight(finding: &FindingRecord) -> Option<Severity> {
    let severity = Severity::parse(&finding.severity).unwrap_or(Severity::Error);
    match &finding.waived {
        None => Some(severity),
        Some(waived) if waived.by == BASELINE => (severity > Severity::Note).then_some(Severity::Warning),
        Some(_) => (severity == Severity::Error).then_some(Severity::Warning),
    }
}

/// Decides an article, after everything that could excuse a finding has spoken.
pub(super) fn decide(run: &Run, draft: Draft) -> Packet {
    let Draft { mut packet, outcomes, signed_off_needed, withheld_by, desk, .. } = draft;
    let mut statuses: Vec<(&str, Status)> = Vec::with_capacity(outcomes.len());
    for (check, outcome) in packet.checks.iter_mut().zip(&outcomes) {
        let status = status(outcome, &check.findings);
        statuses.push((outcome.check, status));
        status.as_str().clone_into(&mut check.status);
        let told = count_excused(check.findings.iter());
        if !told.is_empty() {
            check.evidence = format!("{}; {told}", check.evidence);
        }
        check.panel = panels::evidence_of(check, desk.rulebook.panel(outcome.check), packet.snapshot.as_ref(), outcome.unread.is_some());
    }
    for row in &mut packet.evidence {
        follow(row, &statuses);
    }
    let of_severity = |wanted: Severity| packet.issues.iter().filter(|issue| weight(issue) == Some(wanted)).map(|issue| issue.rule.clone()).collect::<Vec<_>>();
    let (broken, warned) = (of_severity(Severity::Error), of_severity(Severity::Warning));
    let (excused, waived, held) = excused(&packet);
    packet.sign_off = (run.sign_offs)(&packet.path).map(|held| held.record(&now(run, &packet)));
    let signed = packet.sign_off.as_ref().filter(|sign_off| sign_off.state == "current");
    let facts = Facts {
        checks: statuses,
        broken: broken.iter().map(String::as_str).collect(),
        warned: warned.iter().map(String::as_str).collect(),
        excused: excused.iter().map(String::as_str).collect(),
        signed_off: signed.is_some(),
        needs_sign_off: signed_off_needed,
        withheld_by: withheld_by.as_deref(),
    };
    let decision = gate::decide(&facts);
    packet.gate = GateRecord {
        status: decision.status.as_str().to_owned(),
        row: decision.row,
        because: decision.because,
        review_status: decision.review_status.to_owned(),
        index: decision.index.as_str().to_owned(),
        reviewer: desk.policy.reviewer.clone(),
        reviewed_at: run.as_of.to_string(),
        waived,
        held,
    };
    // a person stands in the gate only where the person's word decided
    if let Some(signed) = signed.filter(|_| decision.review_status == "human-reviewed") {
        (packet.gate.reviewer, packet.gate.reviewed_at) = (signed.by.clone(), signed.signed_at.clone());
    }
    packet
}

fn status(outcome: &Outcome, findings: &[FindingRecord]) -> Status {
    // of an article that was not read there are no records, and the outcome says what it says
    outcome.status_of(findings.iter().filter_map(weight).max())
}

/// Rows of the packet that say what a check says.
const FOLLOWING: [(&str, &str); 4] =
    [("source-snapshot", "freshness"), ("article-body", "section-depth"), ("price-scope", "live-price"), ("ratio-scope", "live-price")];

/// A row fails only where its check does: an excused finding limits it.
fn follow(row: &mut crate::packet::EvidenceRow, statuses: &[(&str, Status)]) {
    let Some((_, check)) = FOLLOWING.iter().find(|(id, _)| *id == row.id) else { return };
    let Some((_, status)) = statuses.iter().find(|(id, _)| id == check) else { return };
    if row.status == "fail" && *status == Status::Limited {
        row.status = "limited".into();
    }
}

/// `1 waived, 2 held by the baseline`; empty where nothing is.
fn count_excused<'f>(findings: impl Iterator<Item = &'f FindingRecord>) -> String {
    let (mut waived, mut held) = (0, 0);
    for record in findings.filter_map(|finding| finding.waived.as_ref()) {
        if record.by == BASELINE { held += 1 } else { waived += 1 }
    }
    let told = [(waived, "waived"), (held, "held by the baseline")];
    told.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")).collect::<Vec<_>>().join(", ")
}

/// What is excused and still counts, for the decision's reasons; and how many findings are waived, and held.
fn excused(packet: &Packet) -> (Vec<String>, usize, usize) {
    let mut rules: Vec<String> = Vec::new();
    let (mut waived, mut held) = (0, 0);
    for finding in packet.all_findings() {
        match &finding.waived {
            Some(record) if record.by == BASELINE => held += 1,
            Some(_) => {
                waived += 1;
                let name = format!("waiver of {}", finding.rule);
                if weight(finding).is_some() && !rules.contains(&name) {
                    rules.push(name);
                }
            }
            None => {}
        }
    }
    if held > 0 {
        rules.push(format!("baseline ({held} held)"));
    }
    (rules, waived, held)
}
