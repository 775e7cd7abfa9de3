//! For a person at a terminal: findings under their article, the gate, and one ordered list of what stands before approval.

use std::collections::BTreeSet;
use std::fmt::Write;

use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents, Severity as Weight, SourceCode, SourceSpan, SpanContents,
};

use super::printable::{is_unsafe, one_line, printable};
use super::{diff, excused};
use crate::packet::comparison::Change;
use crate::packet::{CheckRecord, FindingRecord, Packet, Report, Window};

/// How to write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// With colours.
    pub color: bool,
    /// Columns to fill.
    pub width: usize,
    /// Notes and the evidence of passed checks too.
    pub verbose: bool,
    /// Only the summary.
    pub quiet: bool,
}

/// The line of a finding, with its own number.
#[derive(Debug)]
pub struct Lines {
    name: String,
    text: String,
    first_line: usize,
    /// Characters left out before the text on its first line.
    left_out: usize,
}

impl Lines {
    /// A window of a file, safe to print and never wider than can be drawn, and what is marked in it as start and end.
    #[must_use]
    pub fn new(path: &str, window: &Window) -> (Self, (usize, usize)) {
        let (text, mark) = safe_window(window);
        (Self { name: one_line(path), text, first_line: window.first_line.max(1) as usize, left_out: window.left_out as usize }, mark)
    }
}

impl SourceCode for Lines {
    fn read_span<'a>(&'a self, span: &SourceSpan, before: usize, after: usize) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let inner = self.text.read_span(span, before, after)?;
        Ok(Box::new(MietteSpanContents::new_named(
            self.name.clone(),
            inner.data(),
            *inner.span(),
            self.first_line - 1 + inner.line(),
            inner.column() + if inner.line() == 0 { self.left_out } else { 0 },
            inner.line_count(),
        )))
    }
}

/// A finding as miette draws it.
#[derive(Debug)]
struct Drawn<'f> {
    finding: &'f FindingRecord,
    lines: Lines,
    mark: (usize, usize),
}

impl std::fmt::Display for Drawn<'_> {
    fn fmt(&self, out: &mut std::fmt::Formatter) -> std::fmt::Result {
        out.write_str(&one_line(&self.finding.message))
    }
}

impl std::error::Error for Drawn<'_> {}

impl Diagnostic for Drawn<'_> {
    fn code<'a>(&'a self) -> Option<Box<dyn std::fmt::Display + 'a>> {
        Some(Box::new(&self.finding.rule))
    }

    fn severity(&self) -> Option<Weight> {
        Some(match self.finding.severity.as_str() {
            "error" => Weight::Error,
            "warning" => Weight::Warning,
            _ => Weight::Advice,
        })
    }

    fn help<'a>(&'a self) -> Option<Box<dyn std::fmt::Display + 'a>> {
        let mut text = String::new();
        if !self.finding.why.is_empty() {
            let _ = writeln!(text, "why it matters: {}", one_line(&self.finding.why));
        }
        let _ = write!(text, "to clear it: {}", one_line(&self.finding.help));
        if let Some(waived) = &self.finding.waived {
            let _ = write!(text, "\n{}", one_line(&excused::reason(waived)));
        }
        if !self.finding.operators.is_empty() {
            let _ = write!(text, "\nseen around it, and no excuse here: {}", self.finding.operators.join(", "));
        }
        for related in &self.finding.related {
            let _ = write!(text, "\nsee {}:{}: {}", one_line(&related.path), related.line, one_line(&related.message));
        }
        Some(Box::new(text))
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.lines)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let (start, end) = self.mark;
        Some(Box::new(std::iter::once(LabeledSpan::new(None, start, end.saturating_sub(start).max(usize::from(start < self.lines.text.len()))))))
    }
}

/// The window with what must not be printed made visible, and its mark moved along.
fn safe_window(window: &Window) -> (String, (usize, usize)) {
    if !window.text.contains(is_unsafe) {
        return (window.text.clone(), window.mark);
    }
    let moved = |at: usize| printable(window.text.get(..at).unwrap_or_default()).len();
    (printable(&window.text), (moved(window.mark.0), moved(window.mark.1)))
}

/// Writes the report.
pub(super) fn render(report: &Report, style: Style) -> String {
    let mut out = String::new();
    let handler = GraphicalReportHandler::new_themed(if style.color { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() })
        .with_width(style.width.clamp(40, 400))
        .with_context_lines(1);
    if !style.quiet {
        let single = report.articles.len() == 1;
        for packet in &report.articles {
            // compared with another state, an article is told that has something new
            let clean = (packet.gate.status == "pass" || report.comparison.is_some()) && shown(packet, style).next().is_none();
            if !clean || single || style.verbose {
                article(&mut out, packet, &handler, style, single);
            }
        }
    }
    if report.articles.len() > 1 || style.quiet {
        table(&mut out, report);
    }
    if let Some(comparison) = &report.comparison {
        out.push_str(&diff::terminal(comparison, style));
        out.push('\n');
    }
    summary(&mut out, report);
    out
}

fn shown(packet: &Packet, style: Style) -> impl Iterator<Item = &FindingRecord> {
    let is_news = |finding: &FindingRecord| finding.change.as_ref().is_none_or(Change::is_news);
    packet.all_findings().filter(move |finding| style.verbose || (finding.severity != "note" && finding.waived.is_none() && is_news(finding)))
}

fn article(out: &mut String, packet: &Packet, handler: &GraphicalReportHandler, style: Style, single: bool) {
    let title = packet.title.as_deref().map(|title| format!("  {}", one_line(title))).unwrap_or_default();
    let _ = writeln!(out, "{}{title}\n", one_line(&packet.path));
    for finding in shown(packet, style) {
        let (lines, mark) = Lines::new(&packet.path, &finding.window);
        let drawn = Drawn { finding, lines, mark };
        let _ = handler.render_report(out, &drawn);
        out.push('\n');
    }
    if single || style.verbose {
        checks(out, packet);
    }
    gate(out, packet);
    steps(out, packet);
    out.push('\n');
}

fn checks(out: &mut String, packet: &Packet) {
    for check in &packet.checks {
        let _ = writeln!(out, "  {:<14} {:<20} {}", check.status, check.id, one_line(&check.evidence));
    }
    out.push('\n');
}

fn gate(out: &mut String, packet: &Packet) {
    let gate = &packet.gate;
    let _ = writeln!(out, "  gate            {}", gate.status);
    let _ = writeln!(out, "  review status   {}", gate.review_status);
    let _ = writeln!(out, "  index approval  {}", index_words(&gate.index));
    let because = if gate.because.is_empty() { "every claim holds".to_owned() } else { one_line(&gate.because.join(", ")) };
    let _ = writeln!(out, "  decided by      row {} of the decision table: {because}", gate.row);
    let _ = writeln!(out, "  reviewer        {}, {}", one_line(&gate.reviewer), gate.reviewed_at);
    if let Some(sign_off) = &packet.sign_off {
        let who = if sign_off.by.is_empty() { String::new() } else { format!(", by {}, {}", sign_off.by, sign_off.signed_at) };
        let changed = if sign_off.changed.is_empty() { String::new() } else { format!(": {}", sign_off.changed.join("; ")) };
        let _ = writeln!(out, "  sign-off        {}{}", sign_off.state, one_line(&format!("{who}{changed}")));
    }
    if gate.waived > 0 {
        let _ = writeln!(out, "  waived          {} (`--verbose` shows them with their reasons)", gate.waived);
    }
    if gate.held > 0 {
        let _ = writeln!(out, "  held            {} old findings held by the baseline (`--verbose` shows them)", gate.held);
    }
    let notes = packet.all_findings().filter(|finding| finding.severity == "note" && finding.waived.is_none()).count();
    if notes > 0 {
        let _ = writeln!(out, "  notes           {notes} (`--verbose` shows them)");
    }
}

fn index_words(index: &str) -> &str {
    use crate::gate::Index;
    let known = [Index::Approved, Index::ApprovedWithLimits, Index::Held, Index::Blocked, Index::Withheld].into_iter().find(|known| known.as_str() == index);
    match known {
        Some(known) => known.in_words(),
        None => index,
    }
}

/// One ordered list: what blocks first, then what limits, in the order of the text.
fn steps(out: &mut String, packet: &Packet) {
    if packet.gate.index == "approved" {
        return;
    }
    let mut steps: Vec<String> = Vec::new();
    for severity in ["error", "warning"] {
        let mut told: BTreeSet<(&str, u32)> = BTreeSet::new();
        let mut findings: Vec<&FindingRecord> = packet.all_findings().filter(|finding| finding.severity == severity && finding.waived.is_none()).collect();
        findings.sort_by_key(|finding| (finding.span.start, finding.rule.clone()));
        for finding in findings {
            if !told.insert((finding.rule.as_str(), finding.line)) {
                continue;
            }
            steps.push(format!("line {}: {} ({})", finding.line, one_line(&finding.help), finding.rule));
        }
    }
    for check in packet.checks.iter().filter(|check| is_stuck(check)) {
        steps.push(format!("{}: {}", check.id, one_line(&check.evidence)));
    }
    steps.extend(excused::step(packet));
    if packet.gate.index == "withheld" {
        steps.push(format!("the author lifts the setting that withholds it ({})", one_line(&packet.gate.because.join(", "))));
    }
    let _ = writeln!(out, "\n  What stands between this article and approval:");
    for (number, step) in steps.iter().enumerate() {
        let _ = writeln!(out, "  {:>3}. {step}", number + 1);
    }
}

/// Limited or in error without a finding: the evidence says why.
fn is_stuck(check: &CheckRecord) -> bool {
    matches!(check.status.as_str(), "limited" | "error") && check.findings.iter().all(|finding| finding.severity == "note" && finding.waived.is_none())
}

/// A line an article, worst first within equal paths' order.
fn table(out: &mut String, report: &Report) {
    let width = report.articles.iter().map(|packet| one_line(&packet.path).chars().count()).max().unwrap_or(0).clamp(7, 70);
    let _ = writeln!(out, "{:<width$}  {:<8}{:<24}{:>7}{:>10}", "article", "gate", "index", "errors", "warnings");
    for packet in &report.articles {
        let count = |severity: &str| packet.all_findings().filter(|finding| finding.severity == severity && finding.waived.is_none()).count();
        let draft = if packet.draft { " (draft)" } else { "" };
        let index = format!("{}{draft}", packet.gate.index);
        let _ = writeln!(out, "{:<width$}  {:<8}{:<24}{:>7}{:>10}", one_line(&packet.path), packet.gate.status, index, count("error"), count("warning"));
    }
    out.push('\n');
}

fn summary(out: &mut String, report: &Report) {
    let summary = &report.summary;
    let articles = if summary.articles == 1 { "1 article".to_owned() } else { format!("{} articles", summary.articles) };
    let skipped =
        if summary.skipped > 0 { format!(", {} {} skipped", summary.skipped, if summary.skipped == 1 { "file" } else { "files" }) } else { String::new() };
    let _ = writeln!(out, "{articles} judged as of {}: {} pass, {} limited, {} fail{skipped}", report.as_of, summary.pass, summary.limited, summary.fail);
    excused::summary(out, report);
}
