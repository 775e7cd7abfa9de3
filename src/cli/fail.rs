//! Why a run failed, and what to do next: exit code 2.

use std::io::Write;
use std::ops::Range;
use std::sync::Arc;

use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, NamedSource, SourceCode};
use thiserror::Error;

use crate::cases::CaseFileError;
use crate::config::{ConfigError, File};
use crate::discover::DiscoverError;
use crate::packet::record::window;
use crate::report::{Lines, printable};
use crate::rulebook::RuleFileError;
use crate::source::LineTable;
use crate::span::Span;
use crate::strict_toml::Problem;

/// Widest line that is drawn whole, in bytes.
const WIDEST: usize = 1000;

/// A failed run.
#[derive(Clone, Debug)]
pub struct Failure {
    reports: Vec<Shown>,
}

/// One thing that is wrong.
#[derive(Clone, Error)]
#[error("{message}")]
struct Shown {
    message: String,
    help: Option<String>,
    /// Path and place, by which two are told apart.
    place: Option<(String, usize)>,
    file: Option<Arc<dyn SourceCode>>,
    label: Option<(usize, usize)>,
}

impl std::fmt::Debug for Shown {
    fn fmt(&self, out: &mut std::fmt::Formatter) -> std::fmt::Result {
        out.write_str(&self.message)
    }
}

impl Diagnostic for Shown {
    fn help<'a>(&'a self) -> Option<Box<dyn std::fmt::Display + 'a>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn std::fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.file.as_deref()
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let (start, len) = self.label?;
        Some(Box::new(std::iter::once(LabeledSpan::new(None, start, len))))
    }
}

impl Failure {
    /// A failure without a place.
    pub fn new(message: impl Into<String>, help: impl Into<String>) -> Self {
        // names of files and values from the command line may hold what moves a terminal
        Self { reports: vec![Shown { message: printable(&message.into()), help: Some(printable(&help.into())), place: None, file: None, label: None }] }
    }

    /// A failure at a place of a file.
    pub fn at(path: &str, text: &str, problem: Problem) -> Self {
        Self::in_file(path, text, vec![problem])
    }

    /// What is wrong, without places and next steps.
    #[must_use]
    pub fn message(&self) -> String {
        self.reports.iter().map(|shown| shown.message.as_str()).collect::<Vec<_>>().join("; ")
    }

    /// Both: what is in each once.
    pub fn and(mut self, other: Self) -> Self {
        for shown in other.reports {
            if !self.reports.iter().any(|known| (&known.place, &known.message) == (&shown.place, &shown.message)) {
                self.reports.push(shown);
            }
        }
        self
    }

    /// Everything that is wrong with a file.
    pub fn in_file(path: &str, text: &str, problems: Vec<Problem>) -> Self {
        // lines that are too long to be drawn, or hold what must not be printed, are shown through a window
        let plain = printable(text) == text && text.lines().all(|line| line.len() <= WIDEST);
        let lines = LineTable::new(text);
        let whole = Arc::new(NamedSource::new(path, if plain { text.to_owned() } else { String::new() }));
        let reports = problems.into_iter().map(|problem| {
            let start = problem.span.start.min(text.len());
            let len = problem.span.end.saturating_sub(start).clamp(1, 200);
            let place = Some((path.to_owned(), start));
            let (file, label): (Arc<dyn SourceCode>, _) = if plain {
                (Arc::clone(&whole) as Arc<dyn SourceCode>, (start, len))
            } else {
                let (shown, (from, to)) = Lines::new(path, &window(text, Span::of(start..problem.span.end.max(start)), &lines));
                (Arc::new(shown), (from, to.saturating_sub(from)))
            };
            Shown { message: printable(&problem.message), help: problem.help.map(|help| printable(&help)), place, file: Some(file), label: Some(label) }
        });
        Self { reports: reports.collect() }
    }

    /// The same at the place of a configuration that brought it about: what has no place yet is shown there.
    #[must_use]
    pub fn standing_at(self, place: Option<(&File, Range<usize>)>) -> Self {
        let Some((file, span)) = place else { return self };
        let path = crate::discover::reported(&file.path);
        let reports = self.reports.into_iter().flat_map(|shown| {
            if shown.place.is_some() {
                return vec![shown];
            }
            Self::at(&path, &file.text, Problem { span: span.clone(), message: shown.message, help: shown.help }).reports
        });
        Self { reports: reports.collect() }
    }

    /// The first thing that is wrong, on one line.
    pub fn first(&self) -> String {
        self.reports.first().map(|report| report.message.lines().collect::<Vec<_>>().join(" ")).unwrap_or_default()
    }

    /// Writes everything that is wrong to standard error.
    pub fn show(&self) {
        let color = super::project::stderr_color();
        let handler = GraphicalReportHandler::new_themed(if color { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() })
            .with_width(super::project::width())
            .with_context_lines(1);
        let mut text = String::new();
        for report in &self.reports {
            let _ = handler.render_report(&mut text, report);
        }
        let _ = std::io::stderr().write_all(text.as_bytes());
    }
}

impl From<Vec<ConfigError>> for Failure {
    fn from(errors: Vec<ConfigError>) -> Self {
        let of_file = |error: ConfigError| {
            let mut problems = error.problems;
            if let Some(by) = &error.named_by {
                let with = |help: Option<String>| help.map_or_else(|| by.clone(), |help| format!("{help} ({by})"));
                problems.iter_mut().for_each(|problem| problem.help = Some(with(problem.help.take())));
            }
            Self::in_file(&error.path, &error.text, problems).reports
        };
        Self { reports: errors.into_iter().flat_map(of_file).collect() }
    }
}

impl From<CaseFileError> for Failure {
    fn from(error: CaseFileError) -> Self {
        Self::in_file(&error.path, &error.text, error.problems)
    }
}

impl From<Vec<RuleFileError>> for Failure {
    fn from(errors: Vec<RuleFileError>) -> Self {
        Self { reports: errors.into_iter().flat_map(|error| Self::in_file(&error.file.path, &error.file.text, error.problems).reports).collect() }
    }
}

impl From<DiscoverError> for Failure {
    fn from(error: DiscoverError) -> Self {
        let help = match &error {
            DiscoverError::Missing(_) => "check the spelling, or leave the path out to check the current folder",
            DiscoverError::NotAnArticle(_) => "name an article or a folder",
            DiscoverError::Pattern { .. } => "write patterns as in .gitignore: `drafts/`, `news/**`, `*.draft.md`",
        };
        Self::new(error.to_string(), help)
    }
}
