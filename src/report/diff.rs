//! A comparison: for a terminal, as JSON, and as a comment of Markdown for a pull request.

use std::fmt::Write;

use super::github::{said, unlinked};
use super::printable::one_line;
use super::{Style, json};
use crate::packet::comparison::{ArticleChange, Change, Comparison, DiffReport, FindingChange, GateSide, PlaceSide, SideRecord};

/// Findings of a kind that a comment lists; hosts refuse comments beyond some 65,000 characters.
const LISTED: usize = 40;
/// Articles that the table of a comment lists.
const ARTICLES: usize = 100;
/// Characters of a commit's name that are shown.
const SHORT: usize = 10;
/// Stands first in a comment, so that the next run finds it and writes it anew.
const MARK: &str = "<!-- notegate diff -->";

/// The formats.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// For a person at a terminal.
    Terminal,
    /// `notegate.diff/1`.
    Json,
    /// A comment for a pull request.
    Markdown,
}

impl Format {
    /// All formats with their names.
    pub const ALL: &[(Self, &'static str)] = &[(Self::Terminal, "terminal"), (Self::Json, "json"), (Self::Markdown, "markdown")];
}

/// A comparison in a format.
#[must_use]
pub fn render(report: &DiffReport, format: Format, style: Style) -> String {
    match format {
        Format::Terminal => terminal(&report.comparison, style),
        Format::Json => json::pretty(report),
        Format::Markdown => format!("{MARK}\n{}", markdown(&report.comparison, 2)),
    }
}

/// One line: how many are new, fixed and so on, and the verdict of what counts.
pub(super) fn summary(comparison: &Comparison) -> String {
    let counts = &comparison.summary;
    let causes: Vec<String> = counts.causes.iter().map(|(cause, count)| format!("{count} {cause}")).collect();
    let causes = if causes.is_empty() { String::new() } else { format!(" ({})", causes.join(", ")) };
    format!(
        "since {}: {} new and {} worse{causes}, {} fixed, {} better, {} moved, {} unchanged; {}: {}",
        comparison.before.name,
        counts.new,
        counts.worse,
        counts.fixed,
        counts.better,
        counts.moved,
        counts.unchanged,
        if comparison.scope == "all" { "gate of all articles" } else { "gate of what changed" },
        comparison.verdict
    )
}

/// What the clock did and nobody has to answer for now.
fn clock_only(comparison: &Comparison) -> Option<String> {
    let count = comparison.summary.clock_only;
    (count > 0 && comparison.scope != "all").then(|| {
        let (findings, them) = if count == 1 { ("finding does", "it") } else { ("findings do", "them") };
        format!("{count} {findings} not count: time alone brought {them} about, in articles that nobody touched (`--gate-scope all` counts everything)")
    })
}

/// Causes in words.
fn why(change: &Change) -> String {
    match change.causes.as_slice() {
        [] => "cause unknown".to_owned(),
        [one] => format!("{one}{}", if change.certain { "" } else { "?" }),
        several if !change.certain => several.join(" or "),
        several if change.together => format!("{} together", several.join(" and ")),
        several => format!("{}, each by itself", several.join(" and ")),
    }
}

fn side(side: &SideRecord) -> String {
    let commit =
        side.commit.as_ref().filter(|commit| !commit.starts_with(&side.name)).map(|commit| format!("{}, ", commit.chars().take(SHORT).collect::<String>()));
    format!("{} ({}as of {})", side.name, commit.unwrap_or_default(), side.as_of)
}

fn gates(before: Option<&GateSide>, after: Option<&GateSide>) -> (String, String) {
    let word = |gate: Option<&GateSide>, none: &str| gate.map_or_else(|| none.to_owned(), |gate| gate.status.clone());
    (word(before, "not there"), word(after, "deleted"))
}

/// A line an article and a line a finding, then the counts.
pub(super) fn terminal(comparison: &Comparison, style: Style) -> String {
    let mut out = String::new();
    let differs = if comparison.differs.is_empty() { "nothing".to_owned() } else { comparison.differs.join(", ") };
    let _ = writeln!(out, "{} \u{2192} {}; what differs: {differs}", one_line(&side(&comparison.before)), one_line(&side(&comparison.after)));
    if comparison.causes_by == "digests" {
        out.push_str("two reports state what differs and cannot be judged again: where several inputs differ, `or` stands between them\n");
    }
    if !style.quiet {
        for article in comparison.articles.iter().filter(|article| article.is_changed()) {
            out.push('\n');
            tell(&mut out, article);
        }
    }
    if !comparison.left_out.is_empty() {
        out.push_str("\nto be known:\n");
        for left in &comparison.left_out {
            let _ = writeln!(out, "  {}: {}", one_line(&left.path), one_line(&left.why));
        }
    }
    let _ = writeln!(out, "\n{}", one_line(&summary(comparison)));
    if let Some(told) = clock_only(comparison) {
        let _ = writeln!(out, "{told}");
    }
    out
}

fn tell(out: &mut String, article: &ArticleChange) {
    let draft = if article.draft { " (draft)" } else { "" };
    let from = article.before_path.as_ref().map(|path| format!(", was {}", one_line(path))).unwrap_or_default();
    let _ = writeln!(out, "{}{draft}  {}{from}", one_line(&article.path), article.state);
    let (before, after) = gates(article.before.as_ref(), article.after.as_ref());
    let gate = if before == after { after } else { format!("{before} \u{2192} {after}") };
    let cause = if article.gate.state == "unchanged" { String::new() } else { format!("  ({})", why(&article.gate)) };
    let _ = writeln!(out, "  {:<10}{gate}{cause}", "gate");
    for check in &article.checks {
        let status = |status: &Option<String>| status.clone().unwrap_or_else(|| "not there".to_owned());
        let _ = writeln!(out, "  {:<10}{}: {} \u{2192} {}  ({})", "check", check.id, status(&check.before), status(&check.after), why(&check.change));
    }
    for finding in &article.findings {
        let uncounted = if finding.change.is_news() && !finding.change.counts { ", does not count" } else { "" };
        let _ = writeln!(
            out,
            "  {:<10}{}[{}] {}  ({}{uncounted})",
            finding.change.state,
            place(finding),
            finding.rule,
            one_line(&finding.message),
            why(&finding.change)
        );
    }
    if article.unchanged > 0 {
        let _ = writeln!(out, "  {:<10}{}", "unchanged", article.unchanged);
    }
}

/// Where a finding stands, and how heavy it is: on both sides where that changed.
fn place(finding: &FindingChange) -> String {
    let weight =
        |place: &PlaceSide| format!("{}{}", place.severity, place.excused.as_ref().map(|by| format!(" excused by {}", one_line(by))).unwrap_or_default());
    match (&finding.before, &finding.after) {
        (Some(before), Some(after)) if weight(before) != weight(after) => format!("line {}: {} \u{2192} {}", after.line, weight(before), weight(after)),
        (Some(before), Some(after)) if before.line != after.line => format!("line {} \u{2192} {}: {}", before.line, after.line, weight(after)),
        (_, Some(after)) => format!("line {}: {}", after.line, weight(after)),
        (Some(before), None) => format!("was line {}: {}", before.line, weight(before)),
        (None, None) => String::new(),
    }
}

/// A comment; `level`: of its first heading.
pub(super) fn markdown(comparison: &Comparison, level: usize) -> String {
    let mut out = String::new();
    let (heading, below) = ("#".repeat(level), "#".repeat(level + 1));
    let _ = writeln!(out, "{heading} What changed since {}: {}\n", said(&comparison.before.name), comparison.verdict);
    let _ = writeln!(out, "{}\n", said_whole(&summary(comparison)));
    let _ = writeln!(
        out,
        "{} \u{2192} {}; what differs: {}",
        said(&side(&comparison.before)),
        said(&side(&comparison.after)),
        if comparison.differs.is_empty() { "nothing".to_owned() } else { comparison.differs.join(", ") }
    );
    if let Some(told) = clock_only(comparison) {
        let _ = writeln!(out, "\n{told}");
    }
    let changed: Vec<&ArticleChange> = comparison.articles.iter().filter(|article| article.is_changed()).collect();
    if !changed.is_empty() {
        out.push_str("\n| article | | gate | cause | new | worse | fixed | moved | unchanged |\n| --- | --- | --- | --- | --- | --- | --- | --- | --- |\n");
    }
    for article in changed.iter().take(ARTICLES) {
        let (before, after) = gates(article.before.as_ref(), article.after.as_ref());
        let gate = if before == after { after } else { format!("{before} \u{2192} **{after}**") };
        let cause = if article.gate.state == "unchanged" { String::new() } else { why(&article.gate) };
        let count = |state: &str| article.findings.iter().filter(|finding| finding.change.state == state).count();
        let _ = writeln!(
            out,
            "| {} | {} | {gate} | {cause} | {} | {} | {} | {} | {} |",
            said(&article.path),
            article.state,
            count("new"),
            count("worse"),
            count("fixed"),
            count("moved"),
            article.unchanged
        );
    }
    if changed.len() > ARTICLES {
        let _ = writeln!(out, "\nand {} more articles", changed.len() - ARTICLES);
    }
    for (title, states, is_open) in
        [("New and worse", ["new", "worse"], true), ("Fixed and better", ["fixed", "better"], false), ("Moved", ["moved", ""], false)]
    {
        list(&mut out, &below, (title, is_open), &changed, &states);
    }
    if !comparison.left_out.is_empty() {
        let _ = writeln!(out, "\n{below} To be known\n");
        for left in comparison.left_out.iter().take(LISTED) {
            let _ = writeln!(out, "- {}: {}", said(&left.path), said_whole(&left.why));
        }
        if comparison.left_out.len() > LISTED {
            let _ = writeln!(out, "\nand {} more", comparison.left_out.len() - LISTED);
        }
    }
    out
}

/// Findings in some states; those that ask for nothing are folded away.
fn list(out: &mut String, heading: &str, (title, is_open): (&str, bool), articles: &[&ArticleChange], states: &[&str]) {
    let of = |article: &'_ ArticleChange| {
        let path = article.path.clone();
        let found = article.findings.iter().filter(|finding| states.contains(&finding.change.state.as_str()));
        found
            .map(|finding| {
                let uncounted = if finding.change.is_news() && !finding.change.counts { "; does not count" } else { "" };
                let (at, what) = (said(&path), said(&finding.message));
                format!("- {at}, {} **{}** {what} ({}{uncounted})", said(&place(finding)), said(&finding.rule), why(&finding.change))
            })
            .collect::<Vec<_>>()
    };
    let lines: Vec<String> = articles.iter().flat_map(|article| of(article)).collect();
    if lines.is_empty() {
        return;
    }
    let shown = lines.len().min(LISTED);
    let more = if lines.len() > shown { format!("\n\nand {} more", lines.len() - shown) } else { String::new() };
    let text = format!("{}{more}", lines[..shown].join("\n"));
    let _ = if is_open {
        writeln!(out, "\n{heading} {title} ({})\n\n{text}", lines.len())
    } else {
        writeln!(out, "\n<details><summary>{title} ({})</summary>\n\n{text}\n\n</details>", lines.len())
    };
}

/// Words of notegate's own, around names that are not: nothing in them is obeyed, and nothing is cut off.
fn said_whole(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    crate::panel::markdown::escape(&crate::panel::text::cell(text), &mut out);
    unlinked(&out)
}
