//! GitLab's code quality report: a list of degradations, each with a fingerprint that no other one of its file has.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::printable::one_line;
use super::{json, machine};
use crate::packet::{Packet, Report};
use crate::source::hex;

#[derive(Serialize)]
struct Degradation {
    r#type: &'static str,
    description: String,
    check_name: String,
    fingerprint: String,
    severity: &'static str,
    location: Location,
}

#[derive(Serialize)]
struct Location {
    path: String,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: u32,
    end: u32,
}

/// Writes the report.
pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let degradations: Vec<Degradation> = report.articles.iter().flat_map(of_article).collect();
    json::indented(&degradations, out)
}

fn of_article(packet: &Packet) -> Vec<Degradation> {
    let mut seen: BTreeMap<String, u32> = BTreeMap::new();
    let mut degradation = |rule: &str, own: &str, weight: &str, description: String, (begin, end): (u32, u32)| {
        // GitLab takes two of one fingerprint for one
        let occurrence = seen.entry(format!("{rule}\u{1f}{own}")).or_insert(0);
        let digest = Sha256::digest(format!("{}\u{1f}{rule}\u{1f}{own}\u{1f}{occurrence}", packet.path));
        *occurrence += 1;
        Degradation {
            r#type: "issue",
            description,
            check_name: rule.to_owned(),
            fingerprint: hex(&digest),
            severity: severity(weight),
            location: Location { path: one_line(&packet.path), lines: Lines { begin, end } },
        }
    };
    let mut all = Vec::new();
    for finding in packet.all_findings() {
        let lines = (finding.line.max(1), finding.end_line.max(finding.line).max(1));
        all.push(degradation(&finding.rule, &finding.fingerprint, machine::weight(finding), machine::message(finding), lines));
    }
    for unread in machine::unread(packet) {
        all.push(degradation(unread.check, "", unread.severity, unread.message, (1, 1)));
    }
    all
}

/// An error blocks an article, a warning holds it, a note or an excused finding does neither.
fn severity(weight: &str) -> &'static str {
    match weight {
        "error" => "critical",
        "warning" => "minor",
        _ => "info",
    }
}
