//! Sentences that no price claim and no row of `live-price` stands in, and whose words weigh like those of a live price (policy 2.1).

use std::collections::BTreeSet;

use super::super::Article;
use super::super::article::likeness_of_length;
use crate::document::Zone;
use crate::document::token::{Ending, Sentence, TokenKind, gap};
use crate::outcome::Outcome;
use crate::price::{History, PriceClaim, numbers_in};
use crate::rulebook::context::Operator;
use crate::rulebook::matcher::Match;
use crate::rulebook::{Likeness, Subject};

/// From here on a sentence that no row matches is reported …
const LEAST: i32 = 60;
/// … from here on where it is a title or a heading, which says little and is read without what follows …
const HEADED: i32 = 110;
/// … or where nothing in it or before it is known to have a price …
const UNNAMED: i32 = 150;
/// … and from here on where the words around it cast doubt.
const DOUBTED: i32 = 160;
/// What a page that seldom speaks of what has a price is asked for beyond: there "up", "record" and "cheap" mean other things.
const ELSEWHERE: i32 = 120;
/// From here down the words around a figure are those of a fee, a rule, an example …
const OTHERWISE: i32 = -250;
/// … where the sentence is no longer than this many tokens: longer ones speak of more than one thing.
const BRIEF: usize = 25;
/// So many tokens open a sentence.
const OPENING: u32 = 4;
/// So many slashes stand in addresses, and not in prose.
const ADDRESS: usize = 3;
/// Figures from here on are known again among the prices of a snapshot.
const TELLING: f64 = 100.0;
/// Lists of what has a price.
const SUBJECTS: &[&str] = &["price-instrument", "price-subject", "advice-subject"];
/// What is mentioned or defined is not said of today.
const EXCUSES: &[Operator] = &[Operator::Mention, Operator::Definition];
/// What may turn a sentence round: the weights have seen such words too, but not how far they reach.
const DOUBTS: &[Operator] = &[Operator::Hypothetical, Operator::AttributionNamed, Operator::Cited, Operator::Generic, Operator::Process];

/// A sum of money: a currency sign.
fn holds_sum(article: &Article, number: usize, sentence: &Sentence) -> bool {
    article.view.holds_figure(number)
        && article.view.tokens()[sentence.tokens.start as usize..sentence.tokens.end as usize].iter().any(|token| token.kind == TokenKind::Currency)
}

/// Whether a sentence is an address, or little else.
fn is_address(article: &Article, sentence: &Sentence) -> bool {
    let tokens = &article.view.tokens()[sentence.tokens.start as usize..sentence.tokens.end as usize];
    tokens.iter().filter(|token| token.after(gap::SLASH)).count() >= ADDRESS
}

/// Whether the figures of a sentence that tell one price from another are all in the snapshot: then it has what it needs behind it.
fn is_snapshots(article: &Article, sentence: &Sentence) -> bool {
    let Some(snapshot) = article.snapshot else { return false };
    let telling: Vec<f64> = numbers_in(article.document, sentence.tokens.clone()).into_iter().filter(|number| *number >= TELLING).collect();
    let has = |number: f64| snapshot.prices.iter().any(|price| (price.value - number).abs() <= 1e-9 * number);
    !telling.is_empty() && telling.iter().all(|number| has(*number))
}

/// Whether the words around a claim are those of something else than a market of today.
pub(super) fn reads_otherwise(article: &Article, claim: &PriceClaim) -> bool {
    let Some(sentence) = article.document.tokens.sentences.get(claim.sentence) else { return false };
    let prose = article.document.block(sentence.block).is_some_and(|block| !matches!(block.zone, Zone::Code | Zone::Cell | Zone::Title | Zone::Heading));
    let now = article.rulebook.lexicons().id("time-now").is_some_and(|now| article.view.holds(claim.sentence, now));
    prose && !now && sentence.tokens.len() <= BRIEF && article.wordings().score(claim.sentence, Subject::Price).is_some_and(|score| score <= OTHERWISE)
}

/// Reports them, as warnings.
pub(super) fn reads_as_price(article: &Article, outcome: &mut Outcome, history: &History) {
    let sentences = &article.document.tokens.sentences;
    let matched: BTreeSet<usize> = article.hits("live-price").map(|hit| hit.sentence).chain(article.prices.iter().map(|claim| claim.sentence)).collect();
    let subjects: Vec<_> = SUBJECTS.iter().filter_map(|name| article.rulebook.lexicons().id(name)).collect();
    let speaks_of_it = |number: usize| subjects.iter().any(|subject| article.view.holds(number, *subject)) || holds_sum(article, number, &sentences[number]);
    let usually = article.rulebook.lexicons().id("price-as-a-rule");
    let [supposed, now] = ["price-supposed", "time-now"].map(|name| article.rulebook.lexicons().id(name));
    let crowd = article.likeness_beyond(ELSEWHERE, speaks_of_it);
    for (number, sentence) in sentences.iter().enumerate() {
        let Some(block) = article.document.block(sentence.block).filter(|block| !block.entry && !matches!(block.zone, Zone::Code | Zone::Cell)) else {
            continue;
        };
        if matched.contains(&number) {
            continue;
        }
        let least = if matches!(block.zone, Zone::Title | Zone::Heading) { HEADED } else { LEAST };
        let beyond = crowd + likeness_of_length(sentence.tokens.len());
        let Some(Likeness { score, part }) = article.wordings().likeness(number, Subject::Price, least.saturating_add(beyond)) else { continue };
        let is_usual = usually.is_some_and(|usually| article.view.holds(number, usually));
        // "Were copper at $9,000, …": what follows is worked out; "If you last looked in May, …" supposes no price
        let opens = |list| article.view.entry_at(list, sentence.tokens.start) > 0;
        let names = |at| subjects.iter().any(|subject| article.view.entry_at(*subject, at) > 0);
        let opening = sentence.tokens.start..(sentence.tokens.start + OPENING).min(sentence.tokens.end);
        let is_now = now.is_some_and(|now| article.view.holds(number, now));
        let is_supposed = !is_now && supposed.is_some_and(opens) && opening.into_iter().any(names);
        if is_usual || is_supposed || is_address(article, sentence) || is_snapshots(article, sentence) || history.is_history(number) {
            continue;
        }
        let score = score - beyond;
        let before = number.checked_sub(1).filter(|before| sentences[*before].block == sentence.block);
        if score < UNNAMED && !speaks_of_it(number) && !before.is_some_and(speaks_of_it) {
            continue;
        }
        let around = article.rulebook.surroundings(article.view, number);
        let hit = Match { start: part.start, end: part.end, from: part.start, to: part.end, content: u64::MAX };
        let seen = |operators: &[Operator]| operators.iter().any(|operator| around.ask(*operator, &hit));
        let asks = sentence.ending == Ending::Question || score < DOUBTED;
        if asks && around.ask(Operator::Question, &hit) || seen(EXCUSES) || score < DOUBTED && seen(DOUBTS) {
            continue;
        }
        let matched = article.text_of(part.clone()).to_owned();
        article.report_there(outcome, "reads-as-price", article.span_of(part), &[("match", matched.as_str())]);
    }
}
