//! The rows of the evidence packet (policy 7.2). They describe what the article may claim and never reach the gate.

use std::borrow::Cow;

use super::EvidenceRow;
use crate::outcome::{Outcome, Status};
use crate::panel::form::fill_in_order;
use crate::snapshot::Snapshot;

const LIVE: &str = "Live price claims are made.";
const NOT_LIVE: &str = "No live price claim.";
/// What a content class is called in the scope row; the last is for all others.
const CLASSES: [(&str, &str); 6] = [
    ("ymyl-evergreen", "Evergreen article in a field where errors cost money, health or rights."),
    ("live-market", "Live market page."),
    ("market-commentary", "Dated market commentary."),
    ("regulated", "Page about rules and thresholds of a stated year."),
    ("medical", "Medical page."),
    ("", "General article."),
];
const NO_DAY: &str = "no capture date";
const NO_SNAPSHOT: &str = "none supplied";
const DAY: &str = "{day}";
const BROKEN: &str = "declared and unreadable";
const NOT_NEEDED: &str = "none supplied, none needed";
const SOURCE: &str = "{name}, captured {day}";
const NAMELESS_SOURCE: &str = "unnamed source, captured {day}";
const UNDATED_SOURCE: &str = "{name}, no capture date";
const BODY: &str = "{sections} sections, {words} section words";
const PRICES_UNSUPPORTED: &str = "The text states live prices that the snapshot does not support.";
const NO_PRICES: &str = "No live price fields supplied: the text may make no live price claim.";
const PRICES_MATCHED: &str = "{fields} price fields, {matched} prices in the text, all matched.";
const PRICES_AS_RECORDED: &str = "{fields} price fields; prices may be quoted as recorded, with their date.";
const RATIO_UNSUPPORTED: &str = "The text states a ratio that the snapshot does not hold.";
const NO_RATIOS: &str = "No ratios recorded.";
const RATIOS: &str = "Ratios recorded: {name}";

/// Label of each row and the [forms](crate::panel::form) that its value can have.
#[must_use]
pub fn forms() -> Vec<(&'static str, Vec<String>)> {
    let listed = |forms: &[&str]| forms.iter().map(|form| (*form).to_owned()).collect::<Vec<_>>();
    let stances = [LIVE, NOT_LIVE];
    let mut scopes: Vec<String> = CLASSES.iter().flat_map(|(_, class)| stances.iter().map(move |stance| format!("{class} {stance}"))).collect();
    scopes.push("{name}".to_owned());
    vec![
        ("Scope", scopes),
        ("Snapshot", listed(&[DAY, NO_DAY, NO_SNAPSHOT])),
        ("Source snapshot", listed(&[BROKEN, NOT_NEEDED, NAMELESS_SOURCE, SOURCE, UNDATED_SOURCE])),
        ("Article body", listed(&[BODY])),
        ("Price scope", listed(&[PRICES_UNSUPPORTED, NO_PRICES, PRICES_MATCHED, PRICES_AS_RECORDED])),
        ("Ratio scope", listed(&[RATIO_UNSUPPORTED, NO_RATIOS, RATIOS])),
    ]
}

/// What the rows are made of.
pub struct Material<'m> {
    /// Content class.
    pub class: &'m str,
    /// The scope line of the header, if the author wrote one that says nothing a rule forbids.
    pub scope: Option<String>,
    /// The source snapshot.
    pub snapshot: Option<&'m Snapshot>,
    /// A snapshot was declared and could not be read.
    pub snapshot_broken: bool,
    /// The outcomes of all checks.
    pub outcomes: &'m [Outcome],
    /// Judged sections.
    pub sections: usize,
    /// Words of the judged sections.
    pub section_words: u32,
}

/// All six rows, in their order.
#[must_use]
pub fn rows(material: &Material) -> Vec<EvidenceRow> {
    let find = |id: &str| material.outcomes.iter().find(|outcome| outcome.check == id);
    let status_of = |id: &str| find(id).map_or(Status::Pass, Outcome::status);
    let count = |name: &str| find("live-price").and_then(|outcome| outcome.facts.get(name)).and_then(serde_json::Value::as_u64).unwrap_or(0);
    let live = status_of("live-price");
    let claims_live = live == Status::Fail || count("live_claims") > 0;
    vec![
        scope(material, claims_live),
        snapshot_day(material),
        source(material, status_of("freshness")),
        row(
            "article-body",
            "Article body",
            status_of("section-depth").as_str(),
            fill_in_order(BODY, &[&material.sections.to_string(), &material.section_words.to_string()]),
        ),
        price_scope(material, live, count("price_claims"), count("matched_claims")),
        ratio_scope(material, find("live-price")),
    ]
}

fn row(id: &'static str, label: &'static str, status: &'static str, value: impl Into<Cow<'static, str>>) -> EvidenceRow {
    EvidenceRow { id: id.into(), label: label.into(), status: status.into(), value: value.into() }
}

/// Class and price stance. An author's own scope line is shown only as far as it is true.
fn scope(material: &Material, claims_live: bool) -> EvidenceRow {
    let stance = if claims_live { LIVE } else { NOT_LIVE };
    let class = CLASSES.iter().find(|(class, _)| [material.class, ""].contains(class)).map_or("", |(_, words)| words);
    let value = match &material.scope {
        Some(own) if !(claims_live && own.to_lowercase().contains("no live price")) => own.clone(),
        _ => format!("{class} {stance}"),
    };
    row("scope", "Scope", if claims_live { "limited" } else { "pass" }, value)
}

fn snapshot_day(material: &Material) -> EvidenceRow {
    match material.snapshot.and_then(|snapshot| snapshot.captured) {
        Some(day) => row("snapshot", "Snapshot", "pass", fill_in_order(DAY, &[&day.to_string()])),
        None if material.snapshot.is_some() => row("snapshot", "Snapshot", "fail", NO_DAY),
        None => row("snapshot", "Snapshot", "not-applicable", NO_SNAPSHOT),
    }
}

fn source(material: &Material, freshness: Status) -> EvidenceRow {
    let (id, label) = ("source-snapshot", "Source snapshot");
    if material.snapshot_broken {
        return row(id, label, "fail", BROKEN);
    }
    let Some(snapshot) = material.snapshot else { return row(id, label, "not-applicable", NOT_NEEDED) };
    match snapshot.captured {
        Some(day) if snapshot.has_origin() => {
            let status = match freshness {
                Status::Pass | Status::NotApplicable => "pass",
                Status::Limited => "limited",
                Status::Fail | Status::Error => "fail",
            };
            row(id, label, status, fill_in_order(SOURCE, &[&snapshot.origin(), &day.to_string()]))
        }
        Some(day) => row(id, label, "limited", fill_in_order(NAMELESS_SOURCE, &[&day.to_string()])),
        None => row(id, label, "fail", fill_in_order(UNDATED_SOURCE, &[&snapshot.origin()])),
    }
}

fn price_scope(material: &Material, live: Status, claims: u64, matched: u64) -> EvidenceRow {
    let (id, label) = ("price-scope", "Price scope");
    let fields = material.snapshot.map_or(0, |snapshot| snapshot.prices.len());
    if live == Status::Fail || live == Status::Error {
        return row(id, label, "fail", PRICES_UNSUPPORTED);
    }
    if fields == 0 {
        return row(id, label, "limited", NO_PRICES);
    }
    if matched > 0 && matched == claims {
        return row(id, label, "pass", fill_in_order(PRICES_MATCHED, &[&fields.to_string(), &matched.to_string()]));
    }
    row(id, label, "source_scoped", fill_in_order(PRICES_AS_RECORDED, &[&fields.to_string()]))
}

fn ratio_scope(material: &Material, live: Option<&Outcome>) -> EvidenceRow {
    let (id, label) = ("ratio-scope", "Ratio scope");
    let unsupported = live.is_some_and(|outcome| outcome.findings.iter().any(|finding| finding.rule == "live-price/ratio-unsupported"));
    let ratios = material.snapshot.map(|snapshot| snapshot.ratios.as_slice()).unwrap_or_default();
    let keys = ratios.iter().map(|ratio| ratio.key.as_str()).collect::<Vec<_>>().join(", ");
    if unsupported {
        return row(id, label, "fail", RATIO_UNSUPPORTED);
    }
    if ratios.is_empty() {
        return row(id, label, "limited", NO_RATIOS);
    }
    let status = if ratios.iter().all(|ratio| ratio.value.is_some()) { "pass" } else { "source_scoped" };
    row(id, label, status, fill_in_order(RATIOS, &[&keys]))
}
