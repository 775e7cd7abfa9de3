//! One line a finding: `path:line:column: severity[rule] message`, then one line an article with its gate.

use std::fmt::Write;

use super::printable::one_line;
use super::{Style, diff, excused};
use crate::packet::Report;

/// Writes the report.
pub(super) fn render(report: &Report, style: Style) -> String {
    let mut out = String::new();
    for packet in &report.articles {
        let path = one_line(&packet.path);
        for finding in packet.all_findings().filter(|finding| style.verbose || finding.waived.is_none()) {
            let excused = finding.waived.as_ref().map(|waived| format!(" ({})", one_line(&excused::reason(waived)))).unwrap_or_default();
            let message = one_line(&finding.message);
            let _ = writeln!(out, "{path}:{}:{}: {}[{}] {message}{excused}", finding.line, finding.column, finding.severity, finding.rule);
        }
        let gate = &packet.gate;
        let because = if gate.because.is_empty() { String::new() } else { format!(" because {}", gate.because.join(", ")) };
        let counted = [(gate.waived, "waived"), (gate.held, "held")];
        let counted = counted.iter().filter(|(count, _)| *count > 0).fold(String::new(), |all, (count, what)| format!("{all}, {count} {what}"));
        let _ = writeln!(out, "{path}: gate {}, index {}, row {}{counted}{}", gate.status, gate.index, gate.row, one_line(&because));
        if let Some(sign_off) = packet.sign_off.as_ref().filter(|sign_off| sign_off.state != "current") {
            let _ = writeln!(out, "{path}: sign-off {}: {}", sign_off.state, one_line(&sign_off.changed.join("; ")));
        }
    }
    if let Some(comparison) = &report.comparison {
        let _ = writeln!(out, "{}", one_line(&diff::summary(comparison)));
    }
    for notice in &report.notices {
        let place = notice.line.map(|line| format!(":{line}")).unwrap_or_default();
        let _ = writeln!(out, "{}{place}: {}[{}] {}", one_line(&notice.path), notice.severity, notice.rule, one_line(&notice.message));
    }
    out
}
