//! One line a finding: `path:line:column: severity[rule] message`, then one line an article with its gate.

use std::fmt::Write;

use super::printable::one_line;
use crate::packet::Report;

/// Writes the report.
pub(super) fn render(report: &Report) -> String {
    let mut out = String::new();
    for packet in &report.articles {
        let path = one_line(&packet.path);
        for finding in packet.all_findings() {
            let _ = writeln!(out, "{path}:{}:{}: {}[{}] {}", finding.line, finding.column, finding.severity, finding.rule, one_line(&finding.message));
        }
        let gate = &packet.gate;
        let because = if gate.because.is_empty() { String::new() } else { format!(" because {}", gate.because.join(", ")) };
        let _ = writeln!(out, "{path}: gate {}, index {}, row {}{}", gate.status, gate.index, gate.row, one_line(&because));
        if let Some(sign_off) = packet.sign_off.as_ref().filter(|sign_off| sign_off.state != "current") {
            let _ = writeln!(out, "{path}: sign-off {}: {}", sign_off.state, one_line(&sign_off.changed.join("; ")));
        }
    }
    out
}
