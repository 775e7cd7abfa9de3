//! Every conclusion is market information, not personalised advice (policy 1: families B, D, J), and a page in a field where
//! advice can hurt says so.

use super::Article;
use crate::outcome::Outcome;

const ID: &str = "personalized-advice";
/// The check that shares the engine of policy section 1.
const SIBLING: &str = "ymyl-boundary";
/// Classes whose pages need a disclaimer.
const NEED_DISCLAIMER: &[&str] = &["live-market", "market-commentary", "ymyl-evergreen", "regulated", "medical"];

/// Judges reader-directed advice and the presence of a disclaimer.
pub fn judge(article: &Article) -> Outcome {
    let mut outcome = article.outcome(ID);
    outcome.findings = article.shared_findings(ID, ID, SIBLING);
    let disclaimers = article.facets("personalized-advice/disclaimer").count();
    outcome.fact("disclaimers", disclaimers);
    outcome.fact("statements_found", outcome.findings.len());
    if disclaimers == 0 && NEED_DISCLAIMER.contains(&article.class) {
        article.report(&mut outcome, "missing-disclaimer", article.head_span(), &[("class", article.class)]);
    }
    outcome.evidence = article.clean_evidence(ID);
    outcome
}
