//! The rows of the evidence packet (policy 7.2). They describe what the article may claim and never reach the gate.

use super::EvidenceRow;
use crate::outcome::{Outcome, Status};
use crate::snapshot::Snapshot;

/// What the rows are made of.
pub struct Material<'m> {
    /// Content class.
    pub class: &'m str,
    /// The scope line of the header, if the author wrote one.
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
            format!("{} sections, {} section words", material.sections, material.section_words),
        ),
        price_scope(material, live, count("price_claims"), count("matched_claims")),
        ratio_scope(material, find("live-price")),
    ]
}

fn row(id: &str, label: &str, status: &str, value: impl Into<String>) -> EvidenceRow {
    EvidenceRow { id: id.to_owned(), label: label.to_owned(), status: status.to_owned(), value: value.into() }
}

/// Class and price stance. An author's own scope line is shown only as far as it is true.
fn scope(material: &Material, claims_live: bool) -> EvidenceRow {
    let stance = if claims_live { "Live price claims are made." } else { "No live price claim." };
    let class = match material.class {
        "ymyl-evergreen" => "Evergreen article in a field where errors cost money, health or rights.",
        "live-market" => "Live market page.",
        "market-commentary" => "Dated market commentary.",
        "regulated" => "Page about rules and thresholds of a stated year.",
        "medical" => "Medical page.",
        _ => "General article.",
    };
    let value = match &material.scope {
        Some(own) if !(claims_live && own.to_lowercase().contains("no live price")) => own.clone(),
        _ => format!("{class} {stance}"),
    };
    row("scope", "Scope", if claims_live { "limited" } else { "pass" }, value)
}

fn snapshot_day(material: &Material) -> EvidenceRow {
    match material.snapshot.and_then(|snapshot| snapshot.captured) {
        Some(day) => row("snapshot", "Snapshot", "pass", day.to_string()),
        None if material.snapshot.is_some() => row("snapshot", "Snapshot", "fail", "no capture date"),
        None => row("snapshot", "Snapshot", "not-applicable", "none supplied"),
    }
}

fn source(material: &Material, freshness: Status) -> EvidenceRow {
    let (id, label) = ("source-snapshot", "Source snapshot");
    if material.snapshot_broken {
        return row(id, label, "fail", "declared and unreadable");
    }
    let Some(snapshot) = material.snapshot else { return row(id, label, "not-applicable", "none supplied, none needed") };
    match snapshot.captured {
        Some(day) if snapshot.has_origin() => {
            let status = match freshness {
                Status::Pass | Status::NotApplicable => "pass",
                Status::Limited => "limited",
                Status::Fail | Status::Error => "fail",
            };
            row(id, label, status, format!("{}, captured {day}", snapshot.origin()))
        }
        Some(day) => row(id, label, "limited", format!("unnamed source, captured {day}")),
        None => row(id, label, "fail", format!("{}, no capture date", snapshot.origin())),
    }
}

fn price_scope(material: &Material, live: Status, claims: u64, matched: u64) -> EvidenceRow {
    let (id, label) = ("price-scope", "Price scope");
    let fields = material.snapshot.map_or(0, |snapshot| snapshot.prices.len());
    if live == Status::Fail || live == Status::Error {
        return row(id, label, "fail", "The text states live prices that the snapshot does not support.");
    }
    if fields == 0 {
        return row(id, label, "limited", "No live price fields supplied: the text may make no live price claim.");
    }
    if matched > 0 && matched == claims {
        return row(id, label, "pass", format!("{fields} price fields, {matched} prices in the text, all matched."));
    }
    row(id, label, "source_scoped", format!("{fields} price fields; prices may be quoted as recorded, with their date."))
}

fn ratio_scope(material: &Material, live: Option<&Outcome>) -> EvidenceRow {
    let (id, label) = ("ratio-scope", "Ratio scope");
    let unsupported = live.is_some_and(|outcome| outcome.findings.iter().any(|finding| finding.rule == "live-price/ratio-unsupported"));
    let ratios = material.snapshot.map(|snapshot| snapshot.ratios.as_slice()).unwrap_or_default();
    let keys = ratios.iter().map(|ratio| ratio.key.as_str()).collect::<Vec<_>>().join(", ");
    if unsupported {
        return row(id, label, "fail", "The text states a ratio that the snapshot does not hold.");
    }
    if ratios.is_empty() {
        return row(id, label, "limited", "No ratios recorded.");
    }
    let status = if ratios.iter().all(|ratio| ratio.value.is_some()) { "pass" } else { "source_scoped" };
    row(id, label, status, format!("Ratios recorded: {keys}"))
}
