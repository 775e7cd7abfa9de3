//! The whole story as one function: paths in, packets out. Bytes, snapshots and policies are handed in; nothing here touches
//! the disk, the clock or the terminal. Threads live here, and their order reaches nothing.

mod chrome;
pub mod compare;
mod excuse;
mod genre;
mod header;
mod reading;

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use excuse::Excuses;
pub use excuse::{BASELINE, IN_CONFIG, is_compared, weight};
use jiff::civil::Date;
use rayon::prelude::*;
use reading::{Reading, read, read_with};

use crate::checks::{Article, CHECKS};
use crate::classify::{self, Language};
use crate::corpus::paragraphs::Paragraphs;
use crate::document::own_zones::OwnZones;
use crate::document::section::SectionRole;
use crate::document::{Document, Format, Issue, Zone};
use crate::finding::{Anchor, Cause, Finding, Fix, Severity};
use crate::fingerprint::Fingerprint;
use crate::outcome::Outcome;
use crate::packet::evidence::{self, Material};
use crate::packet::record::{self, Recorder};
use crate::packet::{CheckRecord, Cluster, FindingRecord, GateRecord, Packet, RatioRecord, SectionRecord, SnapshotRecord};
use crate::policy::Policy;
use crate::rulebook::{RuleHit, Rulebook};
use crate::sign_off::{Accepted, Held, Now};
use crate::snapshot::Snapshot;
use crate::source::{Fault, FaultKind, LineTable, SourceText};
use crate::span::Span;

/// What could not be done with a snapshot file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SnapshotFault {
    /// The path leaves the project.
    OutsideProject,
    /// It could not be read; says why.
    Unreadable(String),
}

/// What an article is judged by.
#[derive(Clone, Debug)]
pub struct Desk {
    /// Its policy.
    pub policy: Arc<Policy>,
    /// Its rules.
    pub rulebook: Arc<Rulebook>,
}

/// The bytes of a snapshot file that an article names.
pub type LoadSnapshot<'r> = dyn Fn(&str, &str) -> Result<Vec<u8>, SnapshotFault> + Sync + 'r;

/// Everything a run needs besides the paths.
pub struct Run<'r> {
    /// The day to judge against.
    pub as_of: Date,
    /// What an article is judged by, by path.
    pub desk: &'r (dyn Fn(&str) -> Desk + Sync),
    /// The bytes of an article, or why they cannot be had.
    pub load: &'r (dyn Fn(&str) -> Result<Vec<u8>, String> + Sync),
    /// The bytes of a snapshot file named by an article.
    pub load_snapshot: &'r LoadSnapshot<'r>,
    /// A snapshot given for the whole run; articles with a block of their own keep theirs.
    pub snapshot: Option<&'r Snapshot>,
    /// Called after each article, for a progress bar.
    pub progress: &'r (dyn Fn() + Sync),
    /// The sign-off of an article, where there is one.
    pub sign_offs: &'r (dyn Fn(&str) -> Option<Held> + Sync),
}

/// What the judged articles stand among.
pub struct Among<'r> {
    /// Articles that are compared and not judged, sorted; none of them is judged.
    pub beside: &'r [String],
    /// What the comparison as a whole is made by.
    pub desk: &'r Desk,
    /// The series that a path belongs to, by its reason: articles of one series may follow one template.
    pub series: &'r (dyn Fn(&str) -> Option<String> + Sync),
}

/// Shared paragraphs that are pointed at in one article; their number stands in the evidence.
const MOST_SHARED: usize = 5;

/// The check that the comparison of articles adds to.
const COMPARED: &str = "scaled-content";

/// What is known of an article before the corpus and the gate have spoken.
struct Draft {
    packet: Packet,
    outcomes: Vec<Outcome>,
    fingerprint: Fingerprint,
    signed_off_needed: bool,
    withheld_by: Option<String>,
    excuses: Excuses,
    desk: Desk,
}

/// Judges articles; `paths` are sorted and each stands once. One packet a path, in their order.
#[must_use]
pub fn run(run: &Run, paths: &[String]) -> Vec<Packet> {
    let desk = (run.desk)(paths.first().map_or("", String::as_str));
    run_among(run, paths, &Among { beside: &[], desk: &desk, series: &|_| None }).0
}

/// Judges articles among others that are compared with them and not judged. Besides the packets, the groups that the judged ones stand in.
#[must_use]
pub fn run_among(run: &Run, paths: &[String], among: &Among) -> (Vec<Packet>, Vec<Cluster>) {
    run_held(run, paths, among, &mut |_| {})
}

/// The same, and `hold` may excuse findings before the gates are decided: it is given all packets with everything that was found, and marks as
/// `waived` what it holds, as far as it is `excusable`.
#[must_use]
pub fn run_held(run: &Run, paths: &[String], among: &Among, hold: &mut dyn FnMut(&mut [&mut Packet])) -> (Vec<Packet>, Vec<Cluster>) {
    // an article alone is compared with nothing, and leaves nothing to compare
    let compared = paths.len() + among.beside.len() > 1;
    let mut drafts: Vec<Draft> = paths
        .par_iter()
        .map(|path| {
            let draft = draft(run, path, compared);
            (run.progress)();
            draft
        })
        .collect();
    let mut fingerprints: Vec<Fingerprint> = drafts.iter_mut().map(|draft| std::mem::take(&mut draft.fingerprint)).collect();
    let others: Vec<Fingerprint> = among.beside.par_iter().map(|path| compare::load(run, path)).collect();
    fingerprints.extend(others);
    fingerprints.sort_by(|a, b| a.path.cmp(&b.path));
    let paragraphs = Paragraphs::new(&fingerprints);
    let mut found = if compared {
        compare::Found::new(run, among, fingerprints, compare::VALUED_BESIDE, compare::For::Findings)
    } else {
        compare::Found::alone(fingerprints)
    };
    let judged: BTreeSet<&str> = paths.iter().map(String::as_str).collect();
    let clusters = found.records(&|path| judged.contains(path));
    let mut drafts: Vec<Draft> = drafts
        .into_par_iter()
        .map(|draft| {
            let index = found.fingerprints.binary_search_by(|other| other.path.as_str().cmp(&draft.packet.path)).unwrap_or(0);
            complete(run, draft, &paragraphs, &found, index)
        })
        .collect();
    hold(&mut drafts.iter_mut().map(|draft| &mut draft.packet).collect::<Vec<_>>());
    (drafts.into_par_iter().map(|draft| excuse::decide(run, draft)).collect(), clusters)
}

/// Judges articles as `run` does, each as if it were the only one: nothing is compared between them.
#[must_use]
pub fn run_each(run: &Run, paths: &[String]) -> Vec<Packet> {
    paths.par_iter().flat_map(|path| self::run(run, std::slice::from_ref(path))).collect()
}

/// Reads a text as articles are read, with nothing in it left out of judgement.
#[must_use]
pub fn bare(source: &SourceText, format: Format, policy: &Policy) -> Document {
    read_with(source, format, policy, OwnZones::Judged("it is read as it stands"))
}

/// Reads and judges one article. A panic anywhere inside is contained to it.
fn draft(run: &Run, path: &str, compared: bool) -> Draft {
    let desk = (run.desk)(path);
    let bytes = match (run.load)(path) {
        Ok(bytes) => bytes,
        Err(why) => return unread(&SourceText::new(path.to_owned(), Vec::new()), &desk, &Issue::new("source/unreadable", Span::default(), why)),
    };
    let source = SourceText::new(path.to_owned(), bytes);
    let judged = catch_unwind(AssertUnwindSafe(|| judge(run, &source, &desk, compared)));
    judged.unwrap_or_else(|cause| {
        let what = cause.downcast_ref::<String>().cloned().or_else(|| cause.downcast_ref::<&str>().map(|text| (*text).to_owned()));
        let detail = format!("notegate broke down on it ({})", what.unwrap_or_else(|| "no reason given".to_owned()));
        unread(&source, &desk, &Issue::new("source/unreadable", Span::default(), detail))
    })
}

/// The packet of an article of which nothing could be judged.
fn unread(source: &SourceText, desk: &Desk, issue: &Issue) -> Draft {
    let lines = LineTable::new(&source.text);
    let mut recorder = Recorder::new(source, &lines, None);
    let issues = vec![recorder.record(&issue_finding(&desk.rulebook, issue))];
    let outcomes = CHECKS
        .iter()
        .map(|check| Outcome {
            broken: Some(issue.detail.clone()),
            evidence: "the article could not be read".to_owned(),
            ..Outcome::new(check.id, &desk.rulebook.check(check.id).claim)
        })
        .collect();
    Draft {
        packet: empty_packet(source, issues),
        outcomes,
        fingerprint: Fingerprint { path: source.path.clone(), ..Fingerprint::default() },
        signed_off_needed: false,
        withheld_by: None,
        excuses: Excuses::default(),
        desk: desk.clone(),
    }
}

fn empty_packet(source: &SourceText, issues: Vec<FindingRecord>) -> Packet {
    Packet {
        path: source.path.clone(),
        sha256: source.sha256.clone(),
        content_sha256: source.content_sha256.clone(),
        title: None,
        language: classify::UNDETERMINED.to_owned(),
        class: String::new(),
        draft: false,
        words: 0,
        issues,
        sections: Vec::new(),
        snapshot: None,
        evidence: Vec::new(),
        checks: Vec::new(),
        gate: GateRecord {
            status: String::new(),
            row: 0,
            because: Vec::new(),
            review_status: String::new(),
            index: String::new(),
            reviewer: String::new(),
            reviewed_at: String::new(),
            waived: 0,
            held: 0,
        },
        address: None,
        expires: None,
        sign_off: None,
        kept: None,
    }
}

fn judge(run: &Run, source: &SourceText, desk: &Desk, compared: bool) -> Draft {
    let (policy, rulebook) = (desk.policy.as_ref(), desk.rulebook.as_ref());
    if let Some(fault) = source.faults.iter().find(|fault| fault.kind.is_fatal()) {
        return unread(source, desk, &fault_issue(fault));
    }
    let (document, reading) = read(run, source, desk);
    let Reading { own, snapshot_broken, scope, issues: mut of_snapshot } = reading;
    let mut issues = document.issues.clone();
    issues.extend(source.faults.iter().map(fault_issue));
    if document.blocks.iter().all(|block| block.zone == Zone::Title) && issues.iter().all(|issue| issue.id != "source/unread-format") {
        issues.push(Issue::new("source/empty", Span::default(), "no text"));
    }
    issues.append(&mut of_snapshot);
    let snapshot = own.as_ref().or(run.snapshot);
    let currency = |word| rulebook.is_currency(word);
    let view = rulebook.view(&document, &currency);
    let language = classify::language(&document, &view, rulebook, policy);
    let class = classify::class(&document, &view, rulebook, policy);
    issues.extend(class.unknown.map(|(span, detail)| Issue::new("front-matter/unknown-class", span, detail)));
    let class = class.name;
    let scan = rulebook.scan(&view);
    let prices = crate::price::find(&document, &view, rulebook, policy, run.as_of);
    let article = Article {
        source,
        document: &document,
        view: &view,
        scan: &scan,
        prices: &prices,
        rulebook,
        policy,
        as_of: run.as_of,
        snapshot,
        class: &class,
        wordings: OnceCell::new(),
    };
    let mut outcomes = outcomes(&article, &language, &issues);
    let mut waivers = crate::waiver::read(source, &document, rulebook, policy, run.as_of);
    issues.append(&mut waivers.issues);
    let lines = LineTable::new(&source.text);
    let mut recorder = Recorder::new(source, &lines, Some(&document));
    let mut packet = empty_packet(source, Vec::new());
    packet.issues = issues.iter().map(|issue| recorder.record(&issue_finding(rulebook, issue))).collect();
    packet.issues.extend(header::findings(&document, policy, rulebook, &class).iter().map(|finding| recorder.record(finding)));
    // what was not read as it was meant is not written to
    let is_certain = outcomes.iter().all(|outcome| !outcome.is_unread()) && packet.issues.iter().all(|issue| !is_doubt(issue));
    packet.checks = outcomes.iter_mut().map(|outcome| check_record(outcome, is_certain, &mut recorder)).collect();
    let span_of = |hit: &RuleHit| article.span_of(crate::checks::article::reported(&hit.hit));
    let excuses = Excuses::new(run, policy, source, &lines, waivers, &mut |issue, fix| {
        let fix = fix.filter(|_| is_certain).map(|fix| recorder.fix(fix));
        FindingRecord { fix, ..recorder.record(&issue_finding(rulebook, issue)) }
    })
    .with_hard(source, excuse::hard_places(rulebook, policy, &scan, &span_of));
    // the digest of a text of which nothing is left out is known
    if let std::borrow::Cow::Owned(judged) = document.judged_text(source) {
        packet.content_sha256 = SourceText::content_sha256_of(&judged);
    }
    packet.title = document.title();
    packet.address = document.metadata.text("slug");
    packet.expires = document.metadata.text("expiry").and_then(|text| crate::date::parse(&text).ok()).map(|day| day.latest().to_string());
    packet.language = language.tag;
    packet.words = document.words();
    packet.sections = document
        .sections
        .iter()
        .map(|section| {
            let start = document.block(section.blocks.start).map_or(0, |block| document.source_span(block.text.clone()).start);
            SectionRecord {
                heading: section.heading.clone(),
                words: section.words,
                line: lines.place(&source.text, start).line,
                judged: section.role == SectionRole::Body,
            }
        })
        .collect();
    packet.snapshot = snapshot.map(snapshot_record);
    packet.evidence = evidence::rows(&Material {
        class: &class,
        scope,
        snapshot,
        snapshot_broken,
        outcomes: &outcomes,
        sections: document.judged_sections().count(),
        section_words: document.section_words(),
    });
    // the records hold words and figures from here on; the outcomes are kept for their statuses, and one for what the corpus adds
    for (check, outcome) in packet.checks.iter_mut().zip(&mut outcomes) {
        check.facts = if outcome.check == COMPARED { outcome.facts.clone() } else { std::mem::take(&mut outcome.facts) };
    }
    for finding in outcomes.iter_mut().flat_map(|outcome| outcome.findings.iter_mut()) {
        (finding.message, finding.why, finding.help) = (String::new(), String::new(), String::new());
    }
    let state = crate::author_state::read(&document, run.as_of);
    packet.draft = state.draft;
    let signed_off_needed = policy.require_sign_off.contains(&class);
    packet.class = class;
    let min_words = policy.count("scaled-content", "identical-paragraph-min-words", 20);
    let fingerprint = Fingerprint::of(source, &document, &lines, min_words);
    let fingerprint = if compared { fingerprint.with_prose(&document, policy.language.as_deref()) } else { fingerprint };
    Draft { fingerprint, packet, outcomes, signed_off_needed, withheld_by: state.withheld_by, excuses, desk: desk.clone() }
}

/// Every check, each contained: one that breaks down is an error of that check and of nothing else.
fn outcomes(article: &Article, language: &Language, issues: &[Issue]) -> Vec<Outcome> {
    let unread = language.unread.clone().or_else(|| {
        let body = issues.iter().find(|issue| ["source/unread-body", "source/broken-mdx", "source/reordered-text"].contains(&issue.id))?;
        Some(match body.id {
            "source/broken-mdx" => format!("part of the MDX could not be parsed: {}", body.detail),
            "source/reordered-text" => format!("{} words are shown in another order than they are written in", body.detail),
            _ => format!("part of the body was not read: {}", body.detail),
        })
    });
    CHECKS
        .iter()
        .map(|check| {
            let judged = catch_unwind(AssertUnwindSafe(|| (check.judge)(article)));
            let mut outcome = judged.unwrap_or_else(|_| Outcome {
                broken: Some("the check broke down".to_owned()),
                evidence: "the check broke down on this article".to_owned(),
                ..Outcome::new(check.id, &article.rulebook.check(check.id).claim)
            });
            outcome.findings.sort_by(|a, b| (a.span, &a.rule).cmp(&(b.span, &b.rule)));
            if check.counts_findings && !outcome.findings.is_empty() {
                outcome.evidence = counted(&outcome);
            }
            outcome.at_most = article.policy.at_most.get(check.id).copied();
            if check.reads_text
                && let Some(why) = &unread
            {
                outcome.evidence = format!("{}; {why}", outcome.evidence);
                outcome.unread = Some(why.clone());
            }
            outcome
        })
        .collect()
}

/// What a check found, in numbers, for checks whose evidence would otherwise say that nothing was found.
fn counted(outcome: &Outcome) -> String {
    let of = |severity: Severity| outcome.findings.iter().filter(|finding| finding.severity == severity).count();
    format!("{} errors, {} warnings, {} notes", of(Severity::Error), of(Severity::Warning), of(Severity::Note))
}

fn snapshot_record(snapshot: &Snapshot) -> SnapshotRecord {
    SnapshotRecord {
        captured: snapshot.captured.map(|day| day.to_string()),
        name: snapshot.name.clone(),
        provider: snapshot.provider.clone(),
        method: snapshot.method.clone(),
        sha256: snapshot.sha256.clone(),
        prices: snapshot.prices.iter().map(|price| price.id.clone()).collect(),
        ratios: snapshot.ratios.iter().map(|ratio| ratio.key.clone()).collect(),
        ratio_fields: snapshot.ratios.iter().map(|ratio| RatioRecord { key: ratio.key.clone(), name: ratio.name.clone(), value: ratio.value }).collect(),
    }
}

fn fault_issue(fault: &Fault) -> Issue {
    let id = match fault.kind {
        FaultKind::InvalidUtf8 => "source/invalid-utf8",
        FaultKind::InvalidUtf16 => "source/invalid-utf16",
        FaultKind::Utf16 => "source/utf16",
        FaultKind::Nul => "source/nul",
        FaultKind::TooLong => "source/too-long",
    };
    let detail = if fault.count == 1 { "one place in the file".to_owned() } else { format!("{} places in the file, the first is here", fault.count) };
    Issue::new(id, fault.span, detail)
}

/// An issue in the words of `rules/issues.toml`.
fn issue_finding(rulebook: &Rulebook, issue: &Issue) -> Finding {
    let message = rulebook.message(issue.id);
    let fill = [("detail", issue.detail.as_str())];
    let text = |pick: fn(&crate::rulebook::Message) -> &String| message.map(|message| crate::checks::article::filled(pick(message), &fill)).unwrap_or_default();
    Finding {
        rule: issue.id.to_owned(),
        severity: message.map_or(Severity::Error, |message| message.severity),
        message: text(|message| &message.message),
        why: text(|message| &message.why),
        help: text(|message| &message.help),
        span: issue.span,
        anchor: Anchor::Words,
        related: Vec::new(),
        cause: Cause::Author,
        operators: Vec::new(),
    }
}

/// The record of what a check said; it takes over the words that nobody asks the outcome for again.
fn check_record(outcome: &mut Outcome, is_certain: bool, recorder: &mut Recorder) -> CheckRecord {
    CheckRecord {
        id: outcome.check.to_owned(),
        claim: std::mem::take(&mut outcome.claim),
        status: outcome.status().as_str().to_owned(),
        evidence: if outcome.check == COMPARED { outcome.evidence.clone() } else { std::mem::take(&mut outcome.evidence) },
        panel: String::new(),
        facts: serde_json::Map::new(),
        findings: records(outcome, is_certain, recorder),
        unread: outcome.is_unread(),
    }
}

/// Whether an issue says that a part of the file may mean something else than was read.
#[must_use]
pub fn is_doubt(issue: &FindingRecord) -> bool {
    let asked = crate::header_schema::IDS.contains(&issue.rule.as_str());
    issue.severity != "note" && !asked && ["source/", "front-matter/"].iter().any(|prefix| issue.rule.starts_with(prefix))
}

/// The records of what a check found, each with its fix.
fn records(outcome: &Outcome, is_certain: bool, recorder: &mut Recorder) -> Vec<FindingRecord> {
    let fixes: BTreeMap<(&str, Span), &Fix> = outcome.fixes.iter().filter(|_| is_certain).map(|fix| ((fix.rule.as_str(), fix.span), fix)).collect();
    let with_fix = |finding: &Finding| {
        let fix = fixes.get(&(finding.rule.as_str(), finding.span)).map(|fix| recorder.fix(fix));
        FindingRecord { fix, ..recorder.record(finding) }
    };
    outcome.findings.iter().map(with_fix).collect()
}

/// Adds what the corpus found, and what the article's own waivers and those of its policy excuse.
fn complete(run: &Run, mut draft: Draft, paragraphs: &Paragraphs, found: &compare::Found, index: usize) -> Draft {
    let Draft { packet, outcomes, desk, excuses, .. } = &mut draft;
    if packet.checks.is_empty() {
        packet.checks = outcomes
            .iter()
            .map(|outcome| CheckRecord {
                id: outcome.check.to_owned(),
                claim: outcome.claim.clone(),
                status: outcome.status().as_str().to_owned(),
                evidence: outcome.evidence.clone(),
                panel: String::new(),
                facts: outcome.facts.clone(),
                findings: Vec::new(),
                unread: outcome.is_unread(),
            })
            .collect();
    } else {
        add_shared(run, desk, packet, outcomes, paragraphs, found, index);
        chrome::leave_out(desk, packet, outcomes, paragraphs, &found.fingerprints, index);
    }
    std::mem::take(excuses).apply(packet, &desk.policy, &desk.rulebook, run.as_of);
    draft
}

/// What a sign-off is held against.
fn now<'p>(run: &Run, packet: &'p Packet) -> Now<'p> {
    Now {
        as_of: run.as_of,
        content_sha256: &packet.content_sha256,
        snapshot_sha256: packet.snapshot.as_ref().and_then(|snapshot| snapshot.sha256.as_deref()),
        findings: weighty(packet),
        limited: packet.checks.iter().filter(|check| check.status == "limited").map(|check| check.id.as_str()).collect(),
    }
}

/// The findings that a sign-off accepts: all that weigh on the gate.
#[must_use]
pub fn weighty(packet: &Packet) -> BTreeSet<Accepted> {
    let counts = packet.all_findings().filter(|finding| finding.severity != "note");
    counts.map(|finding| Accepted { fingerprint: finding.fingerprint.clone(), rule: finding.rule.clone() }).collect()
}

/// Paragraphs that stand elsewhere in the run, as findings of `scaled-content`.
fn add_shared(run: &Run, desk: &Desk, packet: &mut Packet, outcomes: &mut [Outcome], paragraphs: &Paragraphs, found: &compare::Found, index: usize) {
    let fingerprints = &found.fingerprints;
    let Some(outcome) = outcomes.iter_mut().find(|outcome| outcome.check == COMPARED) else { return };
    let Some(check) = packet.checks.iter_mut().find(|check| check.id == COMPARED) else { return };
    let others = fingerprints.len().saturating_sub(1);
    let id = "scaled-content/identical-paragraph";
    let shared = paragraphs.shared(fingerprints, index);
    outcome.fact("compared_with", others);
    outcome.fact("shared_paragraphs", shared.len());
    outcome.evidence = format!("{}; {} paragraphs shared with {others} other articles", outcome.evidence, shared.len());
    // a copied article shares everything: its first paragraphs and the number say so
    for one in shared.into_iter().take(MOST_SHARED) {
        let Some(message) = desk.rulebook.message(id) else { continue };
        let Some(severity) = desk.policy.severity(id, message.severity) else { continue };
        let elsewhere = one.related.first().map(|related| related.path.clone().unwrap_or_else(|| "this article".to_owned())).unwrap_or_default();
        let texts = (one.paragraph.words.to_string(), one.count.to_string());
        let fill = [("words", texts.0.as_str()), ("count", texts.1.as_str()), ("elsewhere", elsewhere.as_str())];
        let filled = |text: &str| crate::checks::article::filled(text, &fill);
        outcome.findings.push(Finding {
            rule: id.to_owned(),
            severity,
            message: filled(&message.message),
            why: filled(&message.why),
            help: filled(&message.help),
            span: one.paragraph.span,
            anchor: Anchor::Words,
            related: one.related.clone(),
            cause: Cause::Author,
            operators: Vec::new(),
        });
        if let Some(finding) = outcome.findings.last() {
            check.findings.push(record::of_paragraph(finding, one.paragraph, packet.path.as_str()));
        }
    }
    found.add(run, desk, outcome, check, index, &packet.class);
    check.findings.sort_by(|a, b| (a.span.start, a.span.end, &a.rule).cmp(&(b.span.start, b.span.end, &b.rule)));
    check.status = outcome.status().as_str().to_owned();
    check.evidence.clone_from(&outcome.evidence);
    check.facts.clone_from(&outcome.facts);
}
