//! No buy or sell command, guarantee or promise; the financial, health and legal boundary holds (policy 1: all other families).

use std::collections::BTreeSet;
use std::ops::Range;

use super::Article;
use super::article::likeness_of_length;
use crate::document::Zone;
use crate::document::token::{Ending, Sentence};
use crate::outcome::Outcome;
use crate::rulebook::context::{Operator, Surroundings};
use crate::rulebook::matcher::Match;
use crate::rulebook::{Likeness, Subject};

const ID: &str = "ymyl-boundary";
const SIBLING: &str = "personalized-advice";
/// From here on a sentence that no row matches is reported …
const LEAST: i32 = 65;
/// … and from here on where the words around it cast doubt, or nothing in it says what it is about …
const DOUBTED: i32 = 120;
/// … or where it is a title or a heading, which says little and is read without what follows …
const HEADED: i32 = 200;
/// … or where it states a price, of which the reader is told already.
const PRICED: i32 = 260;
/// What a page that seldom speaks of an asset, price, medicine or law is asked for beyond: how-tos command as advice does.
const ELSEWHERE: i32 = 120;
/// So many words in quotation marks are somebody's speech: rows judge what the page makes its own of it.
const SPEECH: usize = 4;
/// What is mentioned or somebody else's is not the page's own advice.
const EXCUSES: &[Operator] =
    &[Operator::Mention, Operator::AttributionNamed, Operator::Quotation, Operator::Disclaimer, Operator::Definition, Operator::Process];
/// What may turn a sentence round: the weights have seen such words too, but not how far they reach.
const DOUBTS: &[Operator] = &[
    Operator::Negation,
    Operator::Hypothetical,
    Operator::History,
    Operator::TwoSided,
    Operator::Cited,
    Operator::Subordinate,
    Operator::AttributionUnsourced,
    Operator::Generic,
];

/// Judges commands, recommendations, predictions, guarantees, pressure, and promises of health or law.
pub fn judge(article: &Article) -> Outcome {
    let mut outcome = article.outcome(ID);
    outcome.findings = article.shared_findings(ID, SIBLING, ID);
    reads_as_advice(article, &mut outcome);
    outcome.fact("sentences", article.document.tokens.sentences.len());
    outcome.fact("statements_found", outcome.findings.len());
    outcome.evidence = article.clean_evidence(ID);
    outcome
}

/// Sentences that no row of either check matches and whose words weigh like those of advice.
fn reads_as_advice(article: &Article, outcome: &mut Outcome) {
    let Some(subject) = article.rulebook.lexicons().id("advice-subject") else { return };
    let sentences = &article.document.tokens.sentences;
    let speaks_of_it = |number: usize| article.view.holds(number, subject);
    let matched: BTreeSet<usize> = [ID, SIBLING].iter().flat_map(|check| article.hits(check)).map(|hit| hit.sentence).collect();
    let priced: BTreeSet<usize> = article.prices.iter().map(|claim| claim.sentence).collect();
    let crowd = article.likeness_beyond(ELSEWHERE, speaks_of_it);
    for (number, sentence) in sentences.iter().enumerate() {
        let Some(block) = article.document.block(sentence.block).filter(|block| !block.entry && !matches!(block.zone, Zone::Code | Zone::Cell)) else {
            continue;
        };
        if matched.contains(&number) {
            continue;
        }
        let least = match block.zone {
            _ if priced.contains(&number) => PRICED,
            Zone::Title | Zone::Heading => HEADED,
            _ => LEAST,
        };
        let beyond = crowd + likeness_of_length(sentence.tokens.len());
        let Some(Likeness { score, part }) = article.wordings().likeness(number, Subject::Advice, least.saturating_add(beyond)) else { continue };
        let score = score - beyond;
        // what it is about may stand in the sentence before
        let before = number.checked_sub(1).filter(|before| sentences[*before].block == sentence.block);
        if score < DOUBTED && !speaks_of_it(number) && !before.is_some_and(speaks_of_it) {
            continue;
        }
        let around = article.rulebook.surroundings(article.view, number);
        // what is quoted and talked about is not said: the rest of the sentence must read as advice by itself
        let quoted = mentioned_quotations(article, sentence, &around);
        let part = if quoted.is_empty() {
            part
        } else {
            let Some(rest) = article.wordings().likeness_without(number, Subject::Advice, least.saturating_add(beyond), &quoted) else { continue };
            rest.part
        };
        let hit = Match { start: part.start, end: part.end, from: part.start, to: part.end, content: u64::MAX };
        let seen = |operators: &[Operator]| operators.iter().any(|operator| around.ask(*operator, &hit));
        // "Why copper is the one to own" opens like a question and asks nothing
        let asks = sentence.ending == Ending::Question || score < DOUBTED;
        let asked = asks && around.ask(Operator::Question, &hit) && !proposes(article, sentence);
        if asked || around.rejects_statement() || seen(EXCUSES) || score < DOUBTED && seen(DOUBTS) {
            continue;
        }
        let matched = article.text_of(part.clone()).to_owned();
        article.report_there(outcome, "reads-as-advice", article.span_of(part), &[("match", matched.as_str())]);
    }
}

/// The runs of a sentence that stand in quotation marks and are talked about, not said.
fn mentioned_quotations(article: &Article, sentence: &Sentence, around: &Surroundings) -> Vec<Range<u32>> {
    let mut runs: Vec<Range<u32>> = Vec::new();
    for at in sentence.tokens.clone().filter(|at| article.document.lookup.is_quoted(*at)) {
        match runs.last_mut().filter(|run| run.end == at) {
            Some(run) => run.end = at + 1,
            None => runs.push(at..at + 1),
        }
    }
    let is_speech = |run: &Range<u32>| run.len() >= SPEECH;
    runs.retain(|run| {
        is_speech(run) || around.ask(Operator::Mention, &Match { start: run.start, end: run.end, from: run.start, to: run.end, content: u64::MAX })
    });
    runs
}

/// "Why not put a little into copper?": a question that proposes what it asks.
fn proposes(article: &Article, sentence: &Sentence) -> bool {
    let word = |at: u32| sentence.tokens.contains(&at).then(|| article.view.text(at).to_lowercase());
    let first = sentence.tokens.start;
    word(first).as_deref() == Some("why") && matches!(word(first + 1).as_deref(), Some("not" | "wait"))
}
