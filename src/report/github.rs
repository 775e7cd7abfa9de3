//! GitHub Actions: workflow commands that annotate a change, and the page of Markdown that a job shows as its summary.

use std::fmt::Write;

use super::printable::{is_unsafe, one_line};
use super::{diff, machine};
use crate::packet::{FindingRecord, Packet, Report, Summary};
use crate::panel::{markdown, text::cell};

/// Annotations of a kind that GitHub shows of one step.
const SHOWN: usize = 10;
/// Articles and findings that the summary lists; GitHub refuses one beyond a megabyte.
const LISTED: usize = 1000;

/// One annotation before it is written.
struct Annotation<'r> {
    path: &'r str,
    /// The finding; `None` for a check that could not judge all of the article.
    finding: Option<&'r FindingRecord>,
    title: &'r str,
    message: String,
}

/// Writes the workflow commands.
pub(super) fn render(report: &Report) -> String {
    let mut kinds: [(&str, &str, Vec<Annotation>, usize); 3] =
        [("error", "errors", Vec::new(), 0), ("warning", "warnings", Vec::new(), 0), ("notice", "notes", Vec::new(), 0)];
    for packet in &report.articles {
        let path = packet.path.as_str();
        for finding in packet.all_findings() {
            let message = format!("{}\nto clear it: {}", machine::message(finding), one_line(&finding.help));
            add(&mut kinds, machine::weight(finding), Annotation { path, finding: Some(finding), title: &finding.rule, message });
        }
        for unread in machine::unread(packet) {
            add(&mut kinds, unread.severity, Annotation { path, finding: None, title: unread.check, message: unread.message });
        }
    }
    let mut out = String::new();
    for (command, _, annotations, _) in &kinds {
        for annotation in annotations {
            let _ = writeln!(out, "{}", annotation.written(command));
        }
    }
    let left: Vec<String> = kinds.iter().filter(|(.., more)| *more > 0).map(|(_, plural, _, more)| format!("{more} more {plural}")).collect();
    if !left.is_empty() {
        let _ = writeln!(out, "notegate: left out {}, for GitHub shows {SHOWN} of a kind; the job summary lists them", left.join(", "));
    }
    if let Some(comparison) = &report.comparison {
        let _ = writeln!(out, "notegate: {}", one_line(&diff::summary(comparison)));
    }
    let _ = writeln!(out, "notegate: {}", counts(&report.summary, &report.as_of));
    out
}

fn add<'r>(kinds: &mut [(&str, &str, Vec<Annotation<'r>>, usize); 3], weight: &str, annotation: Annotation<'r>) {
    let at = match weight {
        "error" => 0,
        "warning" => 1,
        _ => 2,
    };
    let (.., annotations, more) = &mut kinds[at];
    if annotations.len() < SHOWN {
        annotations.push(annotation);
    } else {
        *more += 1;
    }
}

impl Annotation<'_> {
    fn written(&self, command: &str) -> String {
        let mut out = format!("::{command} file={}", property(self.path));
        match self.finding {
            Some(finding) => {
                let _ = write!(out, ",line={},endLine={}", finding.line.max(1), finding.end_line.max(finding.line).max(1));
                // columns of several lines mean nothing to GitHub
                if finding.line == finding.end_line {
                    let _ = write!(out, ",col={},endColumn={}", finding.column, finding.end_column);
                }
            }
            None => out.push_str(",line=1"),
        }
        let _ = write!(out, ",title={}::{}", property(self.title), data(&self.message));
        out
    }
}

/// A text as the value of a command: the runner undoes this.
fn data(text: &str) -> String {
    // a line feed is kept, everything else that moves a terminal is shown
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '%' => out.push_str("%25"),
            '\r' => out.push_str("%0D"),
            '\n' => out.push_str("%0A"),
            '\t' => out.push(' '),
            c if is_unsafe(c) => out.extend(c.escape_unicode()),
            c => out.push(c),
        }
    }
    out
}

/// A text as the value of a property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

fn counts(summary: &Summary, as_of: &str) -> String {
    let Summary { articles, pass, limited, fail, errors, warnings, notes, waived, .. } = summary;
    let noun = if *articles == 1 { "article" } else { "articles" };
    format!(
        "{articles} {noun} judged as of {as_of}: {pass} pass, {limited} limited, {fail} fail; {errors} errors, {warnings} warnings, {notes} notes, {waived} excused"
    )
}

/// The job summary: the gate of every article, what stands in the way of each, and what is excused.
pub(super) fn summary(report: &Report) -> String {
    let mut out = format!("## notegate\n\n{}\n", said(&counts(&report.summary, &report.as_of)));
    if let Some(comparison) = &report.comparison {
        let _ = write!(out, "\n{}", diff::markdown(comparison, 3));
    }
    if !report.articles.is_empty() {
        out.push_str("\n| article | gate | index approval | because |\n| --- | --- | --- | --- |\n");
    }
    let mut articles: Vec<&Packet> = report.articles.iter().collect();
    // what fails is what a person looks for
    articles.sort_by_key(|packet| rank(&packet.gate.status));
    for packet in articles.iter().take(LISTED) {
        let gate = &packet.gate;
        let _ = writeln!(out, "| {} | {} | {} | {} |", said(&packet.path), gate.status, gate.index, said(&gate.because.join(", ")));
    }
    if articles.len() > LISTED {
        let _ = writeln!(out, "\nand {} more articles", articles.len() - LISTED);
    }
    let all: Vec<(&Packet, &FindingRecord)> = articles.iter().flat_map(|packet| packet.all_findings().map(move |finding| (*packet, finding))).collect();
    for (heading, wanted) in [("Errors", "error"), ("Warnings", "warning"), ("Notes", "note")] {
        list(&mut out, heading, all.iter().filter(|(_, finding)| finding.waived.is_none() && finding.severity == wanted));
    }
    let unread = articles.iter().flat_map(|packet| machine::unread(packet).map(move |unread| (packet.path.as_str(), unread)));
    let unread: Vec<String> = unread.map(|(path, unread)| format!("- {} **{}**: {}", said(path), unread.check, said(&unread.message))).collect();
    if !unread.is_empty() {
        let _ = writeln!(out, "\n### Not judged\n\n{}", unread.join("\n"));
    }
    list(&mut out, "Excused", all.iter().filter(|(_, finding)| finding.waived.is_some()));
    out
}

fn list<'f>(out: &mut String, heading: &str, findings: impl Iterator<Item = &'f (&'f Packet, &'f FindingRecord)>) {
    let lines: Vec<String> = findings
        .map(|(packet, finding)| {
            let place = format!("{}:{}:{}", packet.path, finding.line, finding.column);
            let then = machine::excuse(finding).unwrap_or_else(|| format!("to clear it: {}", finding.help));
            format!("- {} **{}** {}; {}", said(&place), said(&finding.rule), said(&finding.message), said(&then))
        })
        .collect();
    if lines.is_empty() {
        return;
    }
    let shown = lines.len().min(LISTED / 2);
    let _ = writeln!(out, "\n### {heading}\n\n{}", lines[..shown].join("\n"));
    if lines.len() > shown {
        let _ = writeln!(out, "\nand {} more", lines.len() - shown);
    }
}

/// Text of an article in a line of Markdown: nothing in it is obeyed.
pub(super) fn said(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    markdown::escape(&crate::source::shortened(&cell(text)), &mut out);
    unlinked(&out)
}

/// Markdown in which a name or number is no mention and no reference.
pub(super) fn unlinked(markdown: &str) -> String {
    // entities are read before mentions are looked for: only something between helps, and it takes no room
    markdown.replace('@', "@\u{200b}").replace('#', "#\u{200b}")
}

fn rank(gate: &str) -> u8 {
    match gate {
        "fail" => 0,
        "limited" => 1,
        _ => 2,
    }
}
