//! Adds value beyond summarising its sources (policy 5.4): sections that help to act, sections that help to verify, or an
//! artefact of the article's own.

use std::collections::BTreeSet;

use super::Article;
use crate::document::Zone;
use crate::document::section::SectionRole;
use crate::outcome::Outcome;

const ID: &str = "added-value";

/// Counts sections with execution and verification language and sections with an artefact of their own.
pub fn judge(article: &Article) -> Outcome {
    let mut outcome = article.outcome(ID);
    let sections = article.document.judged_sections().count();
    let execution = article.sections_with("reader-task/task-execution");
    let verification = article.sections_with("added-value/verification");
    let artefacts = own_artefacts(article);
    outcome.fact("sections", sections);
    outcome.fact("execution_sections", execution.len());
    outcome.fact("verification_sections", verification.len());
    outcome.fact("artefact_sections", artefacts.len());
    let mut evidence = format!("{sections} sections, {} execution sections, {} verification sections", execution.len(), verification.len());
    if !artefacts.is_empty() {
        evidence.push_str(&format!(", {} with a table, checklist or worked example", artefacts.len()));
    }
    evidence.push_str("; no source text supplied to compare with");
    outcome.evidence = evidence;
    let share = article.policy.number(ID, "section-share", 0.6);
    let enough = |count: usize| sections > 0 && count as f64 >= share * sections as f64;
    let needed = (share * sections as f64).ceil() as usize;
    let texts = [sections.to_string(), execution.len().to_string(), verification.len().to_string(), needed.to_string()];
    let fill = |found: usize| [("sections", texts[0].as_str()), ("found", texts[found].as_str()), ("needed", texts[3].as_str())];
    let head = article.head_span();
    if (enough(execution.len()) && enough(verification.len())) || !artefacts.is_empty() {
        return outcome;
    }
    if execution.is_empty() && verification.is_empty() {
        article.report(&mut outcome, "no-own-work", head, &fill(1));
        return outcome;
    }
    if !enough(execution.len()) {
        article.report(&mut outcome, "few-execution-sections", head, &fill(1));
    }
    if !enough(verification.len()) {
        article.report(&mut outcome, "few-verification-sections", head, &fill(2));
    }
    outcome
}

/// Sections with a table of at least two rows, a task list or ordered list under a checklist's name, or a worked example.
fn own_artefacts(article: &Article) -> BTreeSet<u32> {
    let document = article.document;
    let judged = |section: u32| document.sections[section as usize].role == SectionRole::Body;
    let mut sections: BTreeSet<u32> = document
        .blocks
        .iter()
        .filter(|block| block.zone == Zone::Cell && block.cell.is_some_and(|cell| cell.row >= 2))
        .filter_map(|block| block.section)
        .filter(|section| judged(*section))
        .collect();
    let examples = article.facets("added-value/own-artefact").filter_map(|hit| document.block(article.sentence(hit.sentence).block)?.section);
    sections.extend(examples.filter(|section| judged(*section)));
    sections
}
