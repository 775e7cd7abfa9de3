//! For programs that read text: a line a finding with what would clear it, a line an article with its gate, a line for the run.

use std::fmt::Write;

use super::machine;
use super::printable::one_line;
use crate::packet::{FindingRecord, Packet, Report};

/// Writes the report.
pub(super) fn render(report: &Report) -> String {
    let mut out = format!("notegate agent/1 as-of={}\n", report.as_of);
    for packet in &report.articles {
        let path = one_line(&packet.path);
        for finding in packet.all_findings() {
            let _ = writeln!(out, "{path}:{}:{} {}", finding.line, finding.column, told(finding));
        }
        for unread in machine::unread(packet) {
            let _ = writeln!(out, "{path}:1:1 {} {} {}", unread.severity, unread.check, unread.message);
        }
        let _ = writeln!(out, "{path} {}", gate(packet));
    }
    let summary = &report.summary;
    let _ = writeln!(
        out,
        "total articles={} pass={} limited={} fail={} errors={} warnings={} notes={} excused={}",
        summary.articles, summary.pass, summary.limited, summary.fail, summary.errors, summary.warnings, summary.notes, summary.waived
    );
    out
}

/// Severity, rule and message, then labelled fields.
fn told(finding: &FindingRecord) -> String {
    let mut line = format!("{} {} {} | clear: {}", finding.severity, finding.rule, one_line(&finding.message), one_line(&finding.help));
    if let Some(fix) = finding.fix.as_ref().filter(|_| finding.waived.is_none()) {
        let _ = write!(line, " | --fix: {}", one_line(&fix.description));
    }
    if let Some(excuse) = machine::excuse(finding) {
        let _ = write!(line, " | excused: {excuse}");
    }
    line
}

fn gate(packet: &Packet) -> String {
    let gate = &packet.gate;
    let because = if gate.because.is_empty() { String::new() } else { format!(" because={}", one_line(&gate.because.join(",")).replace(' ', "_")) };
    format!("gate={} row={} index={}{because}", gate.status, gate.row, gate.index)
}
