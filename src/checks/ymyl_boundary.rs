//! No buy or sell command, guarantee or promise; the financial, health and legal boundary holds (policy 1: all other families).

use super::Article;
use crate::outcome::Outcome;

const ID: &str = "ymyl-boundary";
const SIBLING: &str = "personalized-advice";

/// Judges commands, recommendations, predictions, guarantees, pressure, and promises of health or law.
pub fn judge(article: &Article) -> Outcome {
    let mut outcome = article.outcome(ID);
    outcome.findings = article.shared_findings(ID, SIBLING, ID);
    outcome.fact("sentences", article.document.tokens.sentences.len());
    outcome.fact("statements_found", outcome.findings.len());
    outcome.evidence = article.clean_evidence(ID);
    outcome
}
