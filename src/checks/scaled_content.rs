//! Filler, leaked placeholders and self-repetition inside one article (policy 5.3, 5.6). What articles share with each other is
//! found by `corpus`, which adds to this outcome.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::Article;
use crate::document::Zone;
use crate::document::fold::Hashed;
use crate::document::token::{Sentence, Token, TokenKind, fold};
use crate::finding::Severity;
use crate::outcome::Outcome;
use crate::span::Span;

const ID: &str = "scaled-content";
const LEAK: &str = "scaled-content/leaked-placeholder";
/// Longest text between brackets that is looked into, in bytes: a placeholder is a few words.
const LONGEST_PLACEHOLDER: usize = 1000;

/// Judges filler, placeholders and repetition.
pub fn judge(article: &Article) -> Outcome {
    let mut outcome = article.outcome(ID);
    let filler = filler(article, &mut outcome);
    let leaks = leaks(article, &mut outcome);
    let repeated = repetition(article, &mut outcome);
    let own: Vec<&str> = ["topic", "workflow", "subject"].into_iter().filter(|role| article.document.metadata.get(role).is_some()).collect();
    outcome.fact("own_keys", own.len());
    let key = if own.is_empty() { "no topic or workflow key".to_owned() } else { format!("own {} key", own.join(", ")) };
    outcome.evidence = format!("{key}; {filler} filler phrases; {leaks} leaked placeholders; {:.1} % of the words repeat inside the article", repeated * 100.0);
    outcome
}

/// Filler rules give notes; their density gives a warning.
fn filler(article: &Article, outcome: &mut Outcome) -> usize {
    let formula_min = article.policy.count(ID, "contrast-min", 2) as usize;
    let contrast = |rule: &str| rule == "scaled-content/filler-contrast";
    let hits: Vec<_> = article.hits(ID).collect();
    let contrasts = hits.iter().filter(|hit| contrast(&article.rulebook.rules[hit.rule].id)).count();
    let mut families = BTreeSet::new();
    let mut matches = 0usize;
    let mut first: Option<Span> = None;
    for hit in hits {
        let rule = &article.rulebook.rules[hit.rule];
        if contrast(&rule.id) && contrasts < formula_min {
            continue;
        }
        let Some(finding) = article.finding(hit) else { continue };
        if rule.severity != Severity::Error {
            families.insert(rule.id.clone());
            matches += 1;
            first.get_or_insert(finding.span);
        }
        outcome.findings.push(finding);
    }
    let words = article.document.body_words().max(1);
    let rate = matches as f64 * 1000.0 / f64::from(words);
    outcome.fact("filler_phrases", matches);
    outcome.fact("filler_families", families.len());
    let many = families.len() >= article.policy.count(ID, "filler-families", 3) as usize;
    let dense = rate >= article.policy.number(ID, "filler-per-1000", 4.0) && matches >= article.policy.count(ID, "filler-min-matches", 3) as usize;
    if many || dense {
        let texts = [matches.to_string(), families.len().to_string(), words.to_string(), format!("{rate:.1}")];
        let fill = [("matches", texts[0].as_str()), ("families", texts[1].as_str()), ("words", texts[2].as_str()), ("rate", texts[3].as_str())];
        article.report(outcome, "filler-density", first.unwrap_or_default(), &fill);
    }
    matches
}

/// Placeholders that tokens cannot show: brackets and template variables that nobody filled in.
fn leaks(article: &Article, outcome: &mut Outcome) -> usize {
    let rule = LEAK;
    let before = outcome.findings.iter().filter(|finding| finding.rule == rule).count();
    let document = article.document;
    let openers = article.policy.list(ID, "bracket-openers");
    let mut taken: BTreeMap<u32, u32> =
        outcome.findings.iter().filter(|finding| finding.rule == rule).map(|finding| (finding.span.start, finding.span.end)).collect();
    for block in document.blocks.iter().filter(|block| block.zone != Zone::Code) {
        let text = document.block_text(block);
        let mut at = 0;
        let mut close = 0;
        while let Some(open) = memchr::memchr(b'[', &text.as_bytes()[at..]).map(|i| at + i) {
            at = open + 1;
            if close < at {
                let Some(next) = memchr::memchr(b']', &text.as_bytes()[at..]).map(|i| at + i) else { break };
                close = next;
            }
            if close - at > LONGEST_PLACEHOLDER {
                continue;
            }
            let inner = fold(text[at..close].trim()).into_owned();
            let next = text[close + 1..].chars().next();
            let listed = openers.iter().any(|opener| inner.strip_prefix(opener.as_str()).is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric())));
            // "[the text][topic of a reference]": the second half of a link whose definition stands elsewhere
            let reference = text[..open].ends_with(']');
            if listed && !reference && !matches!(next, Some('(' | '[')) && inner.len() < 120 {
                let start = block.text.start + crate::span::offset(open);
                let span = document.source_span(start..block.text.start + crate::span::offset(close + 1));
                leak(article, outcome, &mut taken, span, &text[open..=close]);
            }
        }
    }
    let mut code: Vec<Span> = document.blocks.iter().filter(|block| block.zone == Zone::Code).map(|block| document.source_span(block.text.clone())).collect();
    code.sort_unstable();
    // they lie apart: only the last one that begins before a tag can hold it
    let in_code = |tag: &Span| code[..code.partition_point(|code| code.start <= tag.start)].last().is_some_and(|code| code.contains(*tag));
    for tag in document.templates.iter().filter(|tag| !in_code(tag)) {
        let written = article.source.slice(*tag);
        let Some(name) = written.strip_prefix("{{").and_then(|rest| rest.strip_suffix("}}")) else { continue };
        let name = name.trim().to_lowercase().replace(['_', '-'], " ");
        let expression = name.contains(['.', '<', '>', '%', '|', '(', '"', '\'', '$', '/', '=']) || name.is_empty();
        let several = name.contains(' ') && name.split(' ').all(|word| word.chars().all(char::is_alphabetic));
        let listed = article.policy.list(ID, "placeholder-names").iter().any(|known| name.split(' ').any(|word| word == known));
        if !expression && (listed || (several && written.trim_matches(['{', '}', ' ']).contains(' '))) {
            leak(article, outcome, &mut taken, *tag, written);
        }
    }
    outcome.findings.iter().filter(|finding| finding.rule == rule).count().max(before)
}

fn leak(article: &Article, outcome: &mut Outcome, taken: &mut BTreeMap<u32, u32>, span: Span, matched: &str) {
    let rule = LEAK;
    let Some(row) = article.rulebook.rules.iter().position(|row| row.id == rule) else { return };
    // what is taken does not overlap: only the one before can reach into this
    if taken.range(..span.end).next_back().is_some_and(|(_, end)| *end > span.start) {
        return;
    }
    taken.insert(span.start, span.end);
    let row = &article.rulebook.rules[row];
    let Some(severity) = article.policy.severity(rule, row.severity) else { return };
    outcome.findings.push(crate::finding::Finding {
        rule: rule.to_owned(),
        severity,
        message: super::article::filled(&row.message, &[("match", matched)]),
        why: row.why.clone(),
        help: row.help.clone(),
        span,
        anchor: crate::finding::Anchor::Words,
        related: Vec::new(),
        cause: crate::finding::Cause::Author,
        operators: Vec::new(),
    });
}

/// Counters for each word: with so many, phrases of a whole article seldom share one.
const COUNTERS_PER_WORD: usize = 8;

/// Keys of all runs of so many words: each is made of the one before.
struct Phrases {
    length: usize,
    /// What the first word of a run weighs in its key when the next one comes.
    out: u64,
}

impl Phrases {
    /// Odd, its bits in no order.
    const BASE: u64 = 0x9e37_79b9_7f4a_7c15;

    fn of(length: usize) -> Self {
        Self { length, out: (0..length).fold(1, |out: u64, _| out.wrapping_mul(Self::BASE)) }
    }

    /// The key of every run of words, given their hashes.
    #[inline]
    fn keys<'h>(&self, hashes: &'h [u64]) -> impl Iterator<Item = u64> + use<'h> {
        let Self { length, out } = *self;
        let grown = |key: u64, word: u64| key.wrapping_mul(Self::BASE).wrapping_add(word);
        let (first, rest) = hashes.split_at_checked(length).unwrap_or_default();
        let mut key = first.iter().fold(0, |key, word| grown(key, *word));
        let mixed = |key: u64| key ^ key >> 29;
        let one = (!first.is_empty()).then_some(mixed(key));
        one.into_iter().chain(rest.iter().zip(hashes).map(move |(word, gone)| {
            key = grown(key, *word).wrapping_sub(gone.wrapping_mul(out));
            mixed(key)
        }))
    }
}

/// A phrase of at least `repeat-min-words` words that stands in several sentences (template-swap, "self-boilerplate").
///
/// Returns the share of prose words that such phrases cover.
fn repetition(article: &Article, outcome: &mut Outcome) -> f64 {
    let policy = article.policy;
    let length = policy.count(ID, "repeat-min-words", 5).max(2) as usize;
    let often = policy.count(ID, "repeat-min-sentences", 4).max(2) as usize;
    let document = article.document;
    let tokens = article.view.tokens();
    let is_prose =
        |sentence: &&Sentence| document.block(sentence.block).is_some_and(|block| matches!(block.zone, Zone::Paragraph | Zone::Quote | Zone::Callout));
    let is_word = |token: &Token| matches!(token.kind, TokenKind::Word | TokenKind::Number);
    // words of prose by their hashes, and where those of each sentence stand among them
    let (mut hashes, mut count) = (vec![0; tokens.len()], 0);
    let mut sentences: Vec<std::ops::Range<usize>> = Vec::with_capacity(document.tokens.sentences.len());
    for sentence in document.tokens.sentences.iter().filter(is_prose) {
        let from = count;
        for token in &tokens[sentence.tokens.start as usize..sentence.tokens.end as usize] {
            // written in any case: nearly all tokens are words
            hashes[count] = token.hash;
            count += usize::from(is_word(token));
        }
        sentences.push(from..count);
    }
    hashes.truncate(count);
    outcome.fact("repeated_share", 0.0);
    let total = hashes.len();
    if total == 0 || sentences.len() < often {
        return 0.0;
    }
    let phrases = Phrases::of(length);
    // a table of counters tells which phrases can be frequent at all: in most articles none is
    let mut counters = vec![0u8; (total * COUNTERS_PER_WORD).next_power_of_two()];
    let slots = counters.len() - 1;
    let slot = |key: u64| (key >> 24) as usize & slots;
    let mut most = 0;
    for sentence in &sentences {
        for key in phrases.keys(&hashes[sentence.clone()]) {
            let counter = &mut counters[slot(key)];
            *counter = counter.saturating_add(1);
            most = most.max(*counter);
        }
    }
    let enough = u8::try_from(often).unwrap_or(u8::MAX);
    if most < enough {
        return 0.0;
    }
    // per phrase that can be: how many sentences it stands in, and the last one counted
    let mut seen: HashMap<u64, (usize, usize), Hashed> = HashMap::default();
    let mut candidates: Vec<(usize, u64)> = Vec::new();
    for (number, sentence) in sentences.iter().enumerate() {
        for (i, key) in phrases.keys(&hashes[sentence.clone()]).enumerate() {
            if counters[slot(key)] < enough {
                continue;
            }
            candidates.push((sentence.start + i, key));
            let entry = seen.entry(key).or_insert((0, usize::MAX));
            if entry.1 != number {
                *entry = (entry.0 + 1, number);
            }
        }
    }
    let mut covered = 0usize;
    let mut until = 0;
    let mut repeated: BTreeMap<u64, (usize, usize)> = BTreeMap::new();
    for (at, key) in candidates {
        let count = seen.get(&key).map_or(0, |(count, _)| *count);
        if count >= often {
            covered += at + length - until.max(at);
            until = at + length;
            repeated.entry(key).or_insert((count, at));
        }
    }
    let share = covered as f64 / total as f64;
    outcome.fact("repeated_share", (share * 1000.0).round() / 1000.0);
    let example = repeated.values().max_by_key(|(count, at)| (*count, std::cmp::Reverse(*at)));
    if let Some((count, at)) = example {
        let words = document.tokens.sentences.iter().filter(is_prose).flat_map(|sentence| sentence.tokens.clone());
        let mut words = words.filter(|at| is_word(&tokens[*at as usize])).skip(*at);
        let first = words.next().unwrap_or_default();
        let tokens = first..words.nth(length - 2).unwrap_or(first) + 1;
        let phrase = article.text_of(tokens.clone()).to_owned();
        let texts = (format!("{:.0} %", share * 100.0), count.to_string());
        let fill = [("share", texts.0.as_str()), ("sentences", texts.1.as_str()), ("phrase", phrase.as_str())];
        let id = format!("{ID}/self-boilerplate");
        if let Some(mut finding) = article.message(&id, article.span_of(tokens), &fill) {
            let over = |name: &str| share > policy.number(ID, name, 1.0);
            if over("repeat-error-share") {
                finding.severity = Severity::Error;
            } else if over("repeat-warning-share") {
                finding.severity = Severity::Warning;
            }
            outcome.findings.push(finding);
        }
    }
    share
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phrase_has_one_key_wherever_it_stands() {
        let hashes = [7, 1, 2, 3, 9, 1, 2, 3, 4].map(|word: u64| word.wrapping_mul(Phrases::BASE));
        let keys: Vec<u64> = Phrases::of(3).keys(&hashes).collect();
        assert_eq!(keys.len(), hashes.len() - 2);
        assert_eq!(keys[1], keys[5]);
        let mut others = keys.clone();
        others.sort_unstable();
        others.dedup();
        assert_eq!(others.len(), keys.len() - 1);
        assert_eq!(Phrases::of(3).keys(&hashes[..2]).count(), 0);
    }
}
