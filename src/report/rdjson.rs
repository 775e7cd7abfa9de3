//! Reviewdog's diagnostic format. Its columns are bytes of UTF-8; what `--fix` would write becomes a suggestion.

use std::io::{self, Write};

use serde::Serialize;

use super::printable::one_line;
use super::{json, machine};
use crate::packet::{EditRecord, FindingRecord, Packet, Reach, Report};

#[derive(Serialize)]
struct DiagnosticResult {
    source: Source,
    diagnostics: Vec<Diagnostic>,
}

#[derive(Serialize)]
struct Source {
    name: &'static str,
}

#[derive(Serialize)]
struct Diagnostic {
    message: String,
    location: Location,
    severity: &'static str,
    source: Source,
    code: Code,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    suggestions: Vec<Suggestion>,
}

#[derive(Serialize)]
struct Location {
    path: String,
    range: Range,
}

#[derive(Serialize)]
struct Code {
    value: String,
}

#[derive(Serialize)]
struct Range {
    start: Position,
    #[serde(skip_serializing_if = "Option::is_none")]
    end: Option<Position>,
}

/// A place; without a column it is the whole line.
#[derive(Serialize)]
struct Position {
    line: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<u32>,
}

#[derive(Serialize)]
struct Suggestion {
    range: Range,
    text: String,
}

const SOURCE: Source = Source { name: "notegate" };

/// Writes the report.
pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let diagnostics = report.articles.iter().flat_map(|packet| {
        let findings = packet.all_findings().map(|finding| diagnostic(packet, finding));
        findings.chain(machine::unread(packet).map(|unread| unjudged(packet, &unread)))
    });
    json::indented(&DiagnosticResult { source: SOURCE, diagnostics: diagnostics.collect() }, out)
}

fn diagnostic(packet: &Packet, finding: &FindingRecord) -> Diagnostic {
    // a change in several places is no single suggestion
    let fix = finding.fix.as_ref().filter(|fix| fix.edits.len() == 1 && finding.waived.is_none());
    let suggestions = fix.map(|fix| fix.edits.iter().filter_map(suggestion).collect()).unwrap_or_default();
    let lines = (finding.line.max(1), finding.end_line.max(1));
    let location = Location { path: one_line(&packet.path), range: range(lines, finding.reach) };
    Diagnostic {
        message: format!("{}; to clear it: {}", machine::message(finding), one_line(&finding.help)),
        location,
        severity: severity(machine::weight(finding)),
        source: SOURCE,
        code: Code { value: finding.rule.clone() },
        suggestions,
    }
}

fn unjudged(packet: &Packet, unread: &machine::Unread) -> Diagnostic {
    Diagnostic {
        message: unread.message.clone(),
        location: Location { path: one_line(&packet.path), range: Range { start: Position { line: 1, column: None }, end: None } },
        severity: severity(unread.severity),
        source: SOURCE,
        code: Code { value: unread.check.to_owned() },
        suggestions: Vec::new(),
    }
}

/// Only what is placed to the byte can be written.
fn suggestion(edit: &EditRecord) -> Option<Suggestion> {
    Some(Suggestion { range: range((edit.line, edit.end_line), Some(edit.reach?)), text: edit.text.clone() })
}

fn range(lines: (u32, u32), reach: Option<Reach>) -> Range {
    let (start, end) = (reach.map(|reach| reach.columns.0), reach.map(|reach| reach.columns.1));
    Range { start: Position { line: lines.0, column: start }, end: Some(Position { line: lines.1, column: end }) }
}

fn severity(weight: &str) -> &'static str {
    match weight {
        "error" => "ERROR",
        "warning" => "WARNING",
        _ => "INFO",
    }
}
