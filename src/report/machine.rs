//! What the formats for other programs share: what excuses a finding, what was not judged, and rules apart from findings.

use std::collections::BTreeMap;

use super::printable::one_line;
use crate::packet::{FindingRecord, Packet, Report, RuleRecord, WaivedRecord};

/// What excuses a finding, in words; `None` where it counts.
pub(super) fn excuse(finding: &FindingRecord) -> Option<String> {
    finding.waived.as_ref().map(excused)
}

fn excused(waived: &WaivedRecord) -> String {
    let place = match waived.by.as_str() {
        "comment" => "excused by a comment".to_owned(),
        "front-matter" => "excused in the front matter".to_owned(),
        "baseline" => "held by the baseline".to_owned(),
        other => format!("excused in {}", one_line(other)),
    };
    let part = |word: &str, value: &Option<String>| value.as_ref().map(|value| format!(" {word} {}", one_line(value))).unwrap_or_default();
    let parts = [part("since", &waived.since), part("until", &waived.expires), part("for", &waived.owner)].concat();
    let reason = if waived.reason.is_empty() { String::new() } else { format!(": {}", one_line(&waived.reason)) };
    format!("{place}{parts}{reason}")
}

/// The message on one line, with what excuses it.
pub(super) fn message(finding: &FindingRecord) -> String {
    let message = one_line(&finding.message);
    match excuse(finding) {
        Some(excuse) => format!("{message} ({excuse})"),
        None => message,
    }
}

/// The weight a format shows: what is excused weighs as a note, for nothing of it stands in the way.
pub(super) fn weight(finding: &FindingRecord) -> &str {
    if finding.waived.is_some() { "note" } else { finding.severity.as_str() }
}

/// A check that could not judge all of the text, though no finding says so.
pub(super) struct Unread<'r> {
    /// Its id.
    pub check: &'r str,
    /// `error` or `warning`.
    pub severity: &'static str,
    /// What it says for itself.
    pub message: String,
}

/// The checks of an article that could not judge all of it. Where the article could not be read at all, an issue says so once.
pub(super) fn unread(packet: &Packet) -> impl Iterator<Item = Unread<'_>> {
    let told = packet.gate.row == 1 && packet.issues.iter().any(|issue| issue.severity == "error");
    packet.checks.iter().filter(move |check| !told && check.unread).map(|check| Unread {
        check: &check.id,
        severity: if check.status == "error" { "error" } else { "warning" },
        message: format!("not all of the article was judged: {}", one_line(&check.evidence)),
    })
}

/// The rules that the findings of a report name, by id.
pub(super) fn rules(report: &Report) -> BTreeMap<&str, RuleRecord> {
    let known: BTreeMap<&str, &RuleRecord> = report.rules.iter().map(|rule| (rule.id.as_str(), rule)).collect();
    let mut rules = BTreeMap::new();
    for finding in report.articles.iter().flat_map(Packet::all_findings) {
        rules.entry(finding.rule.as_str()).or_insert_with(|| match known.get(finding.rule.as_str()) {
            Some(rule) => (*rule).clone(),
            None => RuleRecord {
                id: finding.rule.clone(),
                severity: finding.severity.clone(),
                says: finding.message.clone(),
                why: finding.why.clone(),
                help: finding.help.clone(),
                claim: String::new(),
            },
        });
    }
    rules
}

/// A text of a rule with its `{names}` left open.
pub(super) fn open(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = one_line(text);
    while let Some(start) = rest.find('{') {
        let Some(length) = rest[start..].find('}') else { break };
        let name = &rest[start + 1..start + length];
        let is_slot = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
        out.push_str(&rest[..start]);
        out.push_str(if is_slot { "\u{2026}" } else { &rest[start..=start + length] });
        rest = rest[start + length + 1..].to_owned();
    }
    out + &rest
}
