//! Reporters: packets to one format each. They know no check and judge nothing; every verdict was made before.

mod agent;
mod cases;
mod checkstyle;
mod concise;
pub mod corpus;
pub mod diff;
mod excused;
mod github;
mod gitlab;
mod json;
mod junit;
mod lines;
mod machine;
mod news;
mod panels;
mod printable;
mod rdjson;
mod sarif;
mod terminal;
mod xml;

use std::io::{self, Write};

use crate::packet::Report;

pub use cases::test_report;
pub use json::{schema as json_schema, schema_of, test as test_json};
pub use lines::schema as lines_schema;
pub use printable::printable;
pub use terminal::{Lines, Style};

/// The formats.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// For a person at a terminal.
    Terminal,
    /// One line a finding.
    Concise,
    /// `notegate.report/1`.
    Json,
    /// Panels for the page, as Markdown.
    PanelsMarkdown,
    /// Panels for the page, as HTML.
    PanelsHtml,
    /// SARIF 2.1.0.
    Sarif,
    /// JUnit's XML.
    Junit,
    /// Checkstyle's XML.
    Checkstyle,
    /// Reviewdog's diagnostic format.
    Rdjson,
    /// GitLab's code quality report.
    Gitlab,
    /// Workflow commands of GitHub Actions.
    Github,
    /// The job summary of GitHub Actions.
    GithubSummary,
    /// `notegate.lines/1`: JSON Lines.
    Jsonl,
    /// One line a finding with what would clear it.
    Agent,
}

impl Format {
    /// All formats with their names.
    pub const ALL: &[(Self, &'static str)] = &[
        (Self::Terminal, "terminal"),
        (Self::Concise, "concise"),
        (Self::Json, "json"),
        (Self::PanelsMarkdown, "panels-markdown"),
        (Self::PanelsHtml, "panels-html"),
        (Self::Sarif, "sarif"),
        (Self::Junit, "junit"),
        (Self::Checkstyle, "checkstyle"),
        (Self::Rdjson, "rdjson"),
        (Self::Gitlab, "gitlab"),
        (Self::Github, "github"),
        (Self::GithubSummary, "github-summary"),
        (Self::Jsonl, "jsonl"),
        (Self::Agent, "agent"),
    ];

    /// The format of a name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == name).map(|(format, _)| *format)
    }
}

/// Which findings are shown. Shown or not, every finding has counted in the verdict.
#[derive(Clone, Debug, Default)]
pub struct Shown {
    /// Only rules that begin with one of these; empty means all.
    pub select: Vec<String>,
    /// No rules that begin with one of these.
    pub ignore: Vec<String>,
}

impl Shown {
    /// Whether a rule's findings are shown.
    #[must_use]
    pub fn shows(&self, rule: &str) -> bool {
        let fits = |prefix: &String| rule == prefix || rule.strip_prefix(prefix.as_str()).is_some_and(|rest| rest.starts_with('/'));
        (self.select.is_empty() || self.select.iter().any(fits)) && !self.ignore.iter().any(fits)
    }

    /// The report with only the findings that are shown. Gates, statuses and counts stay as they are.
    #[must_use]
    pub fn filtered(&self, mut report: Report) -> Report {
        if self.select.is_empty() && self.ignore.is_empty() {
            return report;
        }
        for packet in &mut report.articles {
            packet.issues.retain(|finding| self.shows(&finding.rule));
            for check in &mut packet.checks {
                check.findings.retain(|finding| self.shows(&finding.rule));
                check.unread &= self.shows(&check.id);
            }
        }
        for article in report.comparison.iter_mut().flat_map(|comparison| &mut comparison.articles) {
            article.findings.retain(|finding| self.shows(&finding.rule));
            article.checks.retain(|check| self.shows(&check.id));
        }
        report
    }
}

/// Writes a report in a format.
///
/// # Errors
/// What the writer says.
pub fn write(report: &Report, format: Format, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let only_news = news::of(report, format, style);
    let report = only_news.as_ref().unwrap_or(report);
    match format {
        Format::Terminal => out.write_all(terminal::render(report, style).as_bytes()),
        Format::Concise => out.write_all(concise::render(report, style).as_bytes()),
        Format::Json => json::write(report, out),
        Format::PanelsMarkdown => out.write_all(panels::render(report, panels::Markup::Markdown).as_bytes()),
        Format::PanelsHtml => out.write_all(panels::render(report, panels::Markup::Html).as_bytes()),
        Format::Sarif => sarif::write(report, out),
        Format::Junit => junit::write(report, out),
        Format::Checkstyle => checkstyle::write(report, out),
        Format::Rdjson => rdjson::write(report, out),
        Format::Gitlab => gitlab::write(report, out),
        Format::Github => out.write_all(github::render(report).as_bytes()),
        Format::GithubSummary => out.write_all(github::summary(report).as_bytes()),
        Format::Jsonl => lines::write(report, out),
        Format::Agent => out.write_all(agent::render(report).as_bytes()),
    }
}

/// A report in a format, as one text.
#[must_use]
pub fn render(report: &Report, format: Format, style: Style) -> String {
    let mut text = Vec::new();
    // a vector takes whatever is written to it
    let _ = write(report, format, style, &mut text);
    String::from_utf8(text).unwrap_or_default()
}
