//! What is excused, in the words of the terminal and the concise report.

use std::fmt::Write;

use super::printable::one_line;
use crate::packet::{Packet, Report, WaivedRecord};

/// Why a finding is excused, by whom and until when.
pub(super) fn reason(waived: &WaivedRecord) -> String {
    if let Some(since) = &waived.since {
        return format!("held by the baseline since {since}: nobody has looked at it");
    }
    let owner = waived.owner.as_ref().map(|owner| format!(", {owner}")).unwrap_or_default();
    let until = waived.expires.as_ref().map(|day| format!(", until {day}")).unwrap_or_default();
    let line = waived.line.map(|line| format!(" line {line}")).unwrap_or_default();
    format!("waived: {} ({}{line}{owner}{until})", waived.reason, waived.by)
}

/// What stands between an article whose findings are excused and approval.
pub(super) fn step(packet: &Packet) -> Option<String> {
    let gate = &packet.gate;
    let counts = packet.all_findings().any(|finding| finding.waived.is_some() && finding.severity == "error") || gate.held > 0;
    let what = match (gate.waived, gate.held) {
        (0, 1) => "the finding that the baseline holds".to_owned(),
        (0, held) => format!("the {held} findings that the baseline holds"),
        (waived, 0) => format!("what is waived ({waived})"),
        (waived, held) => format!("what is waived ({waived}) and held by the baseline ({held})"),
    };
    counts.then(|| format!("a person looks at {what}, and clears it or signs the article off"))
}

/// Behind the counts of articles: the excused findings, and what is to be done about waivers and the baseline.
pub(super) fn summary(out: &mut String, report: &Report) {
    let (waived, held) = (report.summary.waived, report.summary.held);
    let told = [(waived, "waived"), (held, "held by the baseline")];
    let told: Vec<String> = told.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")).collect();
    if !told.is_empty() {
        let _ = writeln!(out, "findings that are excused: {}", told.join(", "));
    }
    for notice in &report.notices {
        let place = notice.line.map(|line| format!(":{line}")).unwrap_or_default();
        let _ = writeln!(out, "{}{place}: {}[{}] {}", one_line(&notice.path), notice.severity, notice.rule, one_line(&notice.message));
        let _ = writeln!(out, "  to clear it: {}", one_line(&notice.help));
    }
}
