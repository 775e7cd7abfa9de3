//! A report of a run that was compared with another state, cut down to what must be looked at now. Gates and counts stay as they are.

use std::collections::BTreeMap;

use super::{Format, Style};
use crate::packet::Report;
use crate::packet::comparison::{ArticleChange, Change};

/// Formats that a person reads on the way, and those whose readers write a comment under a change for every finding: what was there before would bury what
/// is new. GitLab compares the reports of two branches by itself and has to be given all of both.
const SHORT: &[Format] = &[Format::Concise, Format::Agent, Format::Github, Format::GithubSummary, Format::Checkstyle, Format::Rdjson];

/// The report with only what is new or worse; `None` where the format tells everything.
pub(super) fn of(report: &Report, format: Format, style: Style) -> Option<Report> {
    let comparison = report.comparison.as_ref().filter(|_| SHORT.contains(&format) && !style.verbose)?;
    let changes: BTreeMap<&str, &ArticleChange> = comparison.articles.iter().map(|article| (article.path.as_str(), article)).collect();
    let mut report = report.clone();
    report.articles.retain_mut(|packet| {
        let Some(article) = changes.get(packet.path.as_str()) else { return true };
        let is_news = |change: &Option<Change>| change.as_ref().is_none_or(Change::is_news);
        packet.issues.retain(|finding| is_news(&finding.change));
        for check in &mut packet.checks {
            check.findings.retain(|finding| is_news(&finding.change));
            check.unread &= article.state == "new" || article.checks.iter().any(|other| other.id == check.id && other.change.is_news());
        }
        article.is_changed()
    });
    Some(report)
}
