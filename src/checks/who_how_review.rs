//! Who wrote it, how it was made and its review status are visible (policy 6.5).

use super::Article;
use crate::document::front_matter::Value;
use crate::outcome::Outcome;
use crate::span::Span;

const ID: &str = "who-how-review";

/// Judges author, method and review metadata.
pub fn judge(article: &Article) -> Outcome {
    let mut outcome = article.outcome(ID);
    let who = author(article, &mut outcome);
    let how = method(article);
    let review = review(article, &mut outcome);
    outcome.fact("author", who.clone());
    outcome.fact("method", how);
    outcome.fact("review", review);
    outcome.fact("author_page", article.document.metadata.get("author-page").is_some());
    let head = article.head_span();
    if who.is_none() && outcome.findings.iter().all(|finding| finding.rule != "who-how-review/generic-author") {
        article.report(&mut outcome, "no-author", head, &[]);
    }
    if !how {
        article.report(&mut outcome, "no-method", head, &[]);
    }
    if !review {
        article.report(&mut outcome, "no-review", head, &[]);
    }
    let said = |yes: bool, what: &str| if yes { format!("{what} stated") } else { format!("no {what}") };
    outcome.evidence = format!(
        "{}, {}, {}",
        who.map_or_else(|| "no author".to_owned(), |name| format!("author {name}")),
        said(how, "production or source method"),
        said(review, "review metadata")
    );
    outcome
}

/// The author of the header or of a visible byline. A name that stands for nobody is a finding.
fn author(article: &Article, outcome: &mut Outcome) -> Option<String> {
    let metadata = &article.document.metadata;
    let names = metadata.texts("author");
    let (real, generic): (Vec<String>, Vec<String>) = names.into_iter().partition(|name| !is_nobody(article, name));
    if let Some(name) = real.into_iter().next() {
        return Some(name);
    }
    let byline = article
        .facets_of(&article.ask(ID), "who-how-review/byline")
        .map(|hit| article.text_of(super::article::reported(&hit.hit)).trim().trim_start_matches("By ").trim_start_matches("by ").to_owned())
        .find(|name| !is_nobody(article, name));
    if byline.is_some() {
        return byline;
    }
    if let Some(name) = generic.first() {
        article.report(outcome, "generic-author", article.role_span("author"), &[("value", name.as_str())]);
    }
    metadata.text("author-page")
}

fn is_nobody(article: &Article, name: &str) -> bool {
    let plain = name.trim().to_lowercase();
    let is_called = |nobody: &String| if nobody.is_ascii() { nobody.eq_ignore_ascii_case(&plain) } else { nobody.to_lowercase() == plain };
    plain.is_empty() || !plain.chars().any(char::is_alphabetic) || article.policy.list(ID, "not-who").iter().any(is_called)
}

/// A field or a visible sentence that names how the article was made.
fn method(article: &Article) -> bool {
    article.document.metadata.get("method").is_some_and(|found| !matches!(found.node.value, Value::Bool(false)))
        || article.snapshot.is_some_and(|snapshot| snapshot.method.is_some())
        || article.facets_of(&article.ask(ID), "who-how-review/how").next().is_some()
}

/// Any review metadata. Contradictions and reviewers nobody can name are findings.
fn review(article: &Article, outcome: &mut Outcome) -> bool {
    let metadata = &article.document.metadata;
    let status = metadata.text("review-status");
    let reviewer = metadata.text("reviewer");
    let reviewed = metadata.get("reviewed").is_some();
    let visible = article.facets("who-how-review/review-line").next();
    let plain = status.as_deref().map(|status| known_status(article, status));
    if let Some(status) = plain.as_deref() {
        let span = article.role_span("review-status");
        let listed = |name: &str| article.policy.list(ID, name).iter().any(|known| known == status);
        if !listed("review-statuses") {
            article.report(outcome, "unknown-review-status", span, &[("value", status)]);
        }
        let unreviewed = status == "unreviewed";
        let other = reviewer.clone().or_else(|| metadata.text("reviewed"));
        if let Some(other) = other.filter(|_| unreviewed) {
            article.report(outcome, "contradicting-review", span, &[("first", status), ("second", other.as_str())]);
        }
        if listed("human-statuses") && !names_a_person(article, reviewer.as_deref()) {
            match &reviewer {
                Some(name) if is_machine(article, name) => article.report(outcome, "machine-as-person", span, &[("value", name.as_str()), ("status", status)]),
                _ => article.report(outcome, "unnamed-reviewer", span, &[("match", status)]),
            }
        } else if status == "machine-reviewed" && names_a_person(article, reviewer.as_deref()) {
            let name = reviewer.clone().unwrap_or_default();
            article.report(outcome, "contradicting-review", span, &[("first", status), ("second", name.as_str())]);
        }
    }
    let claims: Vec<(Span, String)> = article
        .facets("who-how-review/human-review-claim")
        .map(|hit| {
            let tokens = super::article::reported(&hit.hit);
            (article.span_of(tokens.clone()), article.text_of(tokens).to_owned())
        })
        .collect();
    let claimed = !claims.is_empty();
    if !names_a_person(article, reviewer.as_deref())
        && let Some((span, claim)) = claims.into_iter().next()
    {
        article.report(outcome, "unnamed-reviewer", span, &[("match", claim.as_str())]);
    }
    status.is_some() || reviewer.is_some() || reviewed || visible.is_some() || claimed
}

/// A review status as policy 7 spells it; other systems' spellings are read through the list of synonyms.
fn known_status(article: &Article, status: &str) -> String {
    let plain = status.trim().to_lowercase().replace([' ', '_'], "-");
    let synonym = article.policy.list(ID, "status-synonyms").iter().filter_map(|pair| pair.split_once('=')).find(|(from, _)| from.trim() == plain);
    synonym.map_or(plain, |(_, to)| to.trim().to_owned())
}

fn has_word_of(article: &Article, list: &str, name: &str) -> bool {
    let lower = name.to_lowercase();
    article
        .policy
        .list(ID, list)
        .iter()
        .any(|word| lower.split(|c: char| !c.is_alphanumeric()).any(|part| part == word) || (word.contains(' ') && lower.contains(word.as_str())))
}

fn is_machine(article: &Article, name: &str) -> bool {
    has_word_of(article, "machine-words", name)
}

/// Whether the header names a person as reviewer: two capitalised words, and no desk, team or machine.
fn names_a_person(article: &Article, reviewer: Option<&str>) -> bool {
    let Some(name) = reviewer else { return false };
    if is_nobody(article, name) || is_machine(article, name) || has_word_of(article, "desk-words", name) {
        return false;
    }
    name.split_whitespace().filter(|word| word.chars().next().is_some_and(char::is_uppercase)).count() >= 2
}
