//! A packet as the panels of its page, and what such panels can hold at all.

use std::collections::BTreeSet;
use std::fmt::Write;

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::{CheckRecord, Packet, SnapshotRecord, evidence};
use crate::gate::{GateStatus, Index};
use crate::panel::form::{fill, fill_in_order};
use crate::panel::text::cell;
use crate::panel::{Forms, PIECES, Panels, Part, Row, RowForm};

const NONE_SUPPLIED: &str = "none supplied";
const NONE_RECORDED: &str = "none recorded";
const NO_DAY: &str = "no capture date";
const SNAPSHOT_DATE: &str = "Snapshot date";
const DATA_SOURCE: &str = "Data source";
const PRICE_FIELDS: &str = "Price fields";
const RATIO: &str = "Ratio";
const GATE: &str = "Gate";
const REVIEW_STATUS: &str = "Review status";
const INDEX_APPROVAL: &str = "Index approval";
const REVIEWER: &str = "Reviewer";
const REVIEWED_AT: &str = "Reviewed at";
const SIGN_OFF: &str = "Sign-off";
const NO_SIGN_OFF: &str = "none";
const SIGN_OFF_STATES: [&str; 5] = ["current", "void", "expired", "unsigned", "broken"];
const VERIFICATION: &str = "Verification";
const KEPT: [(&str, &str); 2] = [("kept", "packet kept, not signed with a key"), ("kept and signed", "packet kept and signed with a key")];
/// Pieces of evidence that every claim can have.
const NOT_EVALUATED: &str = "not evaluated";
const UNREAD: &str = "part of the text could not be judged";
const FOUND: &str = "{errors} errors, {warnings} warnings";
/// Review statuses of the decision table.
const REVIEW_STATUSES: [&str; 4] = ["review-incomplete", "changes-required", "machine-reviewed", "human-reviewed"];
const GATES: [GateStatus; 3] = [GateStatus::Pass, GateStatus::Limited, GateStatus::Fail];
const INDEXES: [Index; 5] = [Index::Approved, Index::ApprovedWithLimits, Index::Held, Index::Blocked, Index::Withheld];
/// Bytes of the path's digest that make ids unique.
const KEY_BYTES: usize = 6;

/// The panels of an article.
#[must_use]
pub fn of(packet: &Packet) -> Panels {
    let snapshot = packet.snapshot.as_ref();
    let mut ledger = vec![
        Row::new(SNAPSHOT_DATE, snapshot.map_or(NONE_SUPPLIED, |snapshot| snapshot.captured.as_deref().unwrap_or(NO_DAY))),
        Row::new(DATA_SOURCE, &snapshot.and_then(data_source).unwrap_or_else(|| NONE_SUPPLIED.to_owned())),
        Row::new(PRICE_FIELDS, &snapshot.and_then(price_fields).unwrap_or_else(|| NONE_SUPPLIED.to_owned())),
    ];
    let ratios = snapshot.map(ratios).unwrap_or_default();
    ledger.extend(ratios.iter().map(|ratio| Row::new(RATIO, ratio)));
    if ratios.is_empty() {
        ledger.push(Row::new(RATIO, NONE_RECORDED));
    }
    let gate = &packet.gate;
    let index = INDEXES.iter().find(|index| index.as_str() == gate.index).map_or(gate.index.as_str(), |index| index.in_words());
    let mut decided = vec![
        Row::new(GATE, &gate.status),
        Row::new(REVIEW_STATUS, &gate.review_status),
        Row::new(INDEX_APPROVAL, index),
        Row::new(REVIEWER, &gate.reviewer),
        Row::new(REVIEWED_AT, &gate.reviewed_at),
    ];
    // where no packets are kept, nothing can be said about either
    if packet.sign_off.is_some() || packet.kept.is_some() {
        decided.push(Row::new(SIGN_OFF, packet.sign_off.as_ref().map_or(NO_SIGN_OFF, |sign_off| &sign_off.state)));
    }
    decided.extend(KEPT.iter().filter(|(kept, _)| packet.kept.as_deref() == Some(kept)).map(|(_, words)| Row::new(VERIFICATION, words)));
    Panels {
        key: crate::source::hex(&Sha256::digest(packet.path.as_bytes())[..KEY_BYTES]),
        tables: [
            ledger,
            packet.evidence.iter().map(|row| Row::judged(&row.label, &row.status, &row.value)).collect(),
            packet.checks.iter().map(|check| Row::judged(&check.claim, &check.status, &check.panel)).collect(),
            decided,
        ],
    }
}

/// What the panels of any article can hold. `claims`: each claim with the parts of its evidence.
#[must_use]
pub fn forms<'c>(claims: impl Iterator<Item = (&'c str, &'c [Part])>) -> Forms {
    let row = |label: &str, values: &[&str]| RowForm { label: cell(label), values: values.iter().map(|value| (*value).to_owned()).collect(), pieces: false };
    let claim = |(claim, parts): (&str, &[Part])| RowForm {
        label: cell(claim),
        values: parts.iter().map(|part| part.text.clone()).chain([FOUND, UNREAD, NOT_EVALUATED].map(str::to_owned)).collect(),
        pieces: true,
    };
    Forms {
        tables: [
            vec![
                row(SNAPSHOT_DATE, &["{day}", NONE_SUPPLIED, NO_DAY]),
                row(DATA_SOURCE, &[NONE_SUPPLIED, "{name}"]),
                row(PRICE_FIELDS, &[NONE_SUPPLIED, "{name}"]),
                row(RATIO, &[NONE_RECORDED, "{name}"]),
            ],
            evidence::forms().into_iter().map(|(label, values)| RowForm { label: label.to_owned(), values, pieces: false }).collect(),
            claims.map(claim).collect(),
            vec![
                row(GATE, &GATES.map(GateStatus::as_str)),
                row(REVIEW_STATUS, &REVIEW_STATUSES),
                row(INDEX_APPROVAL, &INDEXES.map(Index::in_words)),
                row(REVIEWER, &["{name}"]),
                row(REVIEWED_AT, &["{day}"]),
                row(SIGN_OFF, &[&[NO_SIGN_OFF][..], &SIGN_OFF_STATES].concat()),
                row(VERIFICATION, &KEPT.map(|(_, words)| words)),
            ],
        ],
    }
}

/// Every name that the panels of an article may show in their free cells, as [`cell`]s.
#[must_use]
pub fn names(snapshot: Option<&SnapshotRecord>, scope: Option<&str>, reviewer: &str) -> BTreeSet<String> {
    let mut names = vec![reviewer.to_owned()];
    names.extend(scope.map(str::to_owned));
    if let Some(snapshot) = snapshot {
        names.extend(ratios(snapshot));
        names.extend([data_source(snapshot), price_fields(snapshot), origin(snapshot), Some(snapshot.ratios.join(", "))].into_iter().flatten());
    }
    names.iter().flat_map(|name| [cell(name), piece(name)]).collect()
}

fn data_source(snapshot: &SnapshotRecord) -> Option<String> {
    snapshot.name.clone().or_else(|| snapshot.provider.clone())
}

fn price_fields(snapshot: &SnapshotRecord) -> Option<String> {
    (!snapshot.prices.is_empty()).then(|| snapshot.prices.join(", "))
}

fn ratios(snapshot: &SnapshotRecord) -> Vec<String> {
    snapshot.ratio_fields.iter().map(|ratio| format!("{}: {}", ratio.key, ratio.name)).collect()
}

/// As [`Snapshot::origin`](crate::snapshot::Snapshot::origin) says it.
fn origin(snapshot: &SnapshotRecord) -> Option<String> {
    let who = snapshot.provider.as_deref().or(snapshot.name.as_deref());
    match (who, snapshot.method.as_deref()) {
        (Some(who), Some(method)) => Some(format!("{who} / {method}")),
        (one, other) => one.or(other).map(str::to_owned),
    }
}

/// A name inside a cell of several pieces must not look like two of them.
fn piece(name: &str) -> String {
    cell(name).replace(';', ",")
}

/// The evidence of a check in figures and fixed words. `unread`: part of the text could not be judged.
#[must_use]
pub fn evidence_of(check: &CheckRecord, parts: &[Part], snapshot: Option<&SnapshotRecord>, unread: bool) -> String {
    if check.status == "error" {
        return NOT_EVALUATED.to_owned();
    }
    // a check has few facts: to look through them is quicker than to make a hash of a name
    let fact = |name: &str| check.facts.iter().find(|(known, _)| *known == name).map(|(_, value)| value);
    let value = |slot: &str, out: &mut String| match slot {
        "name" => snapshot.and_then(origin).map(|name| out.push_str(&piece(&name))),
        "captured" => snapshot.and_then(|snapshot| snapshot.captured.as_deref()).map(|day| out.push_str(day)),
        _ => fact(slot).and_then(|value| figure(value, out)),
    };
    let holds = |name: &String| fact(name).is_some_and(is_something);
    let mut text = String::with_capacity(USUAL_EVIDENCE);
    let mut pieces = 0;
    let mut add = |form: &str, value: &mut dyn FnMut(&str, &mut String) -> Option<()>| {
        let before = text.len();
        if pieces > 0 {
            text.push_str(PIECES);
        }
        match fill(form, &mut text, value) {
            Some(()) => pieces += 1,
            None => text.truncate(before),
        }
    };
    for part in parts.iter().filter(|part| part.when.as_ref().is_none_or(holds) && !part.unless.as_ref().is_some_and(holds)) {
        add(&part.text, &mut |slot, out| value(slot, out));
    }
    let count = |severity: &str| check.findings.iter().filter(|finding| finding.severity == severity).count();
    let (errors, warnings) = (count("error"), count("warning"));
    if errors + warnings > 0 {
        add(&fill_in_order(FOUND, &[&errors.to_string(), &warnings.to_string()]), &mut |_, _| None);
    }
    if unread {
        add(UNREAD, &mut |_, _| None);
    }
    if pieces == 0 { NOT_EVALUATED.to_owned() } else { text }
}

/// Bytes that the evidence of a check has room for at once.
const USUAL_EVIDENCE: usize = 128;

/// Appends a fact as a figure: a number, or a text that begins with a digit (a day, a month).
fn figure(value: &Value, out: &mut String) -> Option<()> {
    match value {
        Value::Number(number) => write!(out, "{number}").ok(),
        Value::String(text) if text.starts_with(|c: char| c.is_ascii_digit()) => {
            out.push_str(&cell(text));
            Some(())
        }
        _ => None,
    }
}

fn is_something(value: &Value) -> bool {
    match value {
        Value::Bool(yes) => *yes,
        Value::Number(number) => number.as_f64().is_some_and(|number| number != 0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(entries) => !entries.is_empty(),
        Value::Null => false,
    }
}
