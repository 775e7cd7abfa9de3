//! The eleven checks. This table is the one registry: order here is order everywhere.
//!
//! A check answers one claim about one article and always says what it looked at. Checks know the document, the rulebook's
//! scan and the policy; they never know each other, the configuration, the clock, the disk or the terminal.

mod added_value;
mod affiliate_disclosure;
pub mod article;
mod freshness;
mod live_price;
mod personalized_advice;
mod reader_task;
mod scaled_content;
mod section_depth;
mod source_transparency;
mod who_how_review;
mod ymyl_boundary;

pub use article::Article;

use crate::outcome::Outcome;

/// A check.
pub struct Check {
    /// Its id, in kebab case.
    pub id: &'static str,
    /// Whether it judges what the text says, so that unread text limits it.
    pub reads_text: bool,
    /// Its clean evidence says that nothing was found: with findings the engine counts them instead.
    pub counts_findings: bool,
    /// Judges an article.
    pub judge: fn(&Article) -> Outcome,
}

/// All checks, in the order of packets and reports.
pub const CHECKS: &[Check] = &[
    Check { id: "freshness", reads_text: true, counts_findings: false, judge: freshness::judge },
    Check { id: "live-price", reads_text: true, counts_findings: false, judge: live_price::judge },
    Check { id: "personalized-advice", reads_text: true, counts_findings: true, judge: personalized_advice::judge },
    Check { id: "section-depth", reads_text: true, counts_findings: false, judge: section_depth::judge },
    Check { id: "reader-task", reads_text: true, counts_findings: false, judge: reader_task::judge },
    Check { id: "added-value", reads_text: true, counts_findings: false, judge: added_value::judge },
    Check { id: "source-transparency", reads_text: true, counts_findings: false, judge: source_transparency::judge },
    Check { id: "who-how-review", reads_text: true, counts_findings: false, judge: who_how_review::judge },
    Check { id: "ymyl-boundary", reads_text: true, counts_findings: true, judge: ymyl_boundary::judge },
    Check { id: "scaled-content", reads_text: true, counts_findings: false, judge: scaled_content::judge },
    Check { id: "affiliate-disclosure", reads_text: true, counts_findings: false, judge: affiliate_disclosure::judge },
];

/// The check of an id.
#[must_use]
pub fn find(id: &str) -> Option<&'static Check> {
    CHECKS.iter().find(|check| check.id == id)
}
