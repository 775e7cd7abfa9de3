//! Source scope, freshness and citations are transparent (policy 6).

use std::cell::LazyCell;
use std::collections::{BTreeMap, BTreeSet};

use super::Article;
use crate::document::section::SectionRole;
use crate::document::token::{Sentence, gap};
use crate::document::{Block, Link, LinkKind, Zone};
use crate::finding::Severity;
use crate::outcome::Outcome;
use crate::price::Mode;
use crate::rulebook::RuleHit;
use crate::rulebook::context::is_cited;

const ID: &str = "source-transparency";

/// Judges the snapshot's visibility, the sourcing of claims, and the links and references.
pub fn judge(article: &Article) -> Outcome {
    let mut outcome = article.outcome(ID);
    let snapshot = snapshot(article, &mut outcome);
    let coverage = claims(article, &mut outcome);
    let links = links(article, &mut outcome);
    references(article, &mut outcome);
    outcome.evidence = format!("{snapshot}; {coverage}; {links}");
    outcome
}

/// The snapshot behind the article: one that is declared must be dated and visible.
fn snapshot(article: &Article, outcome: &mut Outcome) -> String {
    let Some(snapshot) = article.snapshot else {
        let figures = article.prices.iter().filter(|claim| matches!(claim.mode, Mode::Live)).count();
        let statements = figures + article.hits("live-price").filter(|hit| hit.severity == Severity::Error).count();
        if statements > 0 {
            let claims = statements.to_string();
            article.report(outcome, "no-snapshot", article.head_span(), &[("claims", claims.as_str())]);
        }
        outcome.fact("snapshot", false);
        return "no source snapshot, none claimed".to_owned();
    };
    outcome.fact("snapshot", true);
    let captured = snapshot.captured.map(|day| day.to_string());
    let shown = article.policy.renders.iter().any(|role| role == "source");
    let in_body = captured.as_deref().is_some_and(|captured| memchr::memmem::find(article.document.reading.as_str().as_bytes(), captured.as_bytes()).is_some());
    if !shown && !in_body {
        let day = captured.clone().unwrap_or_else(|| "an unknown day".to_owned());
        let span = if snapshot.span.is_empty() { article.head_span() } else { snapshot.span };
        article.report(outcome, "snapshot-not-visible", span, &[("captured", day.as_str())]);
    }
    format!("snapshot {}, {}", captured.as_deref().unwrap_or("undated"), snapshot.origin())
}

/// Statements that need a source, and how many have one.
fn claims(article: &Article, outcome: &mut Outcome) -> String {
    let hits: Vec<&RuleHit> = article.hits(ID).collect();
    let strict = article.policy.list(ID, "strict-rules");
    let is_strict = |hit: &RuleHit| {
        let id = &article.rulebook.rules[hit.rule].id;
        strict.iter().any(|rule| id.strip_suffix(rule.as_str()).is_some_and(|rest| rest.ends_with('/')))
    };
    // most pages have none of them, and they are looked for only where a statement asks
    let spoken = LazyCell::new(|| spoken(article));
    let examples = LazyCell::new(|| worked_examples(article));
    let results = LazyCell::new(|| results(article));
    let mut per_sentence: BTreeMap<usize, Vec<&RuleHit>> = BTreeMap::new();
    for hit in hits {
        let block = article.sentence(hit.sentence).block as usize;
        // what somebody says in a transcript has its speaker, the figures of an example are made for it, and those that the page works
        // out can be worked out again; what the law or a body would have to bear out is asked for all the same
        let own = !is_strict(hit) && (spoken.contains(&block) || examples.contains(&block) || is_worked_out(article, hit, &results));
        if !own && !names_its_own_source(article, hit.sentence) {
            per_sentence.entry(hit.sentence).or_default().push(hit);
        }
    }
    let needed = per_sentence.len();
    let behind = LazyCell::new(|| behind_tables(article));
    let figures = LazyCell::new(|| sourced_figures(article, &behind));
    let unsourced: Vec<&RuleHit> =
        per_sentence.iter().filter(|(sentence, hits)| !is_sourced(article, **sentence, hits, &behind, &figures)).map(|(_, hits)| hits[0]).collect();
    let sourced = needed - unsourced.len();
    let coverage = if needed == 0 { 1.0 } else { sourced as f64 / needed as f64 };
    outcome.fact("claims_needing_source", needed);
    outcome.fact("claims_sourced", sourced);
    let pass = article.policy.number(ID, "coverage-pass", 0.9);
    let limited = article.policy.number(ID, "coverage-limited", 0.6);
    for hit in &unsourced {
        let Some(mut finding) = article.finding(hit) else { continue };
        if coverage >= pass && !is_strict(hit) {
            finding.severity = finding.severity.min(Severity::Note);
        }
        outcome.findings.push(finding);
    }
    let texts = (sourced.to_string(), needed.to_string());
    if needed >= article.policy.count(ID, "claims-min", 2) as usize && coverage < limited {
        article.report(outcome, "low-coverage", article.head_span(), &[("sourced", texts.0.as_str()), ("needed", texts.1.as_str())]);
    }
    if needed == 0 { "no statement needs a source".to_owned() } else { format!("{sourced} of {needed} statements that need a source have one") }
}

/// A sentence that names the snapshot or the page itself carries its own source (policy 6.1).
fn names_its_own_source(article: &Article, sentence: usize) -> bool {
    let text = article.document.reading.slice(article.sentence(sentence).text.clone());
    article.policy.matcher(ID, "own-source-words").find_overlapping_iter(text).any(|found| {
        let before = text[..found.start()].chars().next_back().is_none_or(|c| !c.is_alphanumeric());
        before && text[found.end()..].chars().next().is_none_or(|c| !c.is_alphanumeric())
    })
}

/// Sourced by its own sentence, by the next one of the block, by the line under its table or figure, or under the figure that it or the
/// sentence before it points to (policy 6.1).
fn is_sourced(article: &Article, sentence: usize, hits: &[&RuleHit], behind: &[usize], figures: &Figures) -> bool {
    if hits.iter().any(|hit| hit.cited) || is_cited(article.view, article.sentence(sentence)) || is_of_snapshot_day(article, sentence) {
        return true;
    }
    let sentences = &article.document.tokens.sentences;
    let block = sentences[sentence].block;
    let beside = |at: Option<usize>| at.and_then(|at| sentences.get(at)).filter(|other| other.block == block);
    let next = beside(Some(sentence + 1));
    if next.is_some_and(|next| is_cited(article.view, next)) {
        return true;
    }
    let document = article.document;
    let points = |to: &Sentence| figures.pointed_at(document.reading.slice(to.text.clone()));
    if [Some(&sentences[sentence]), next, beside(sentence.checked_sub(1))].into_iter().flatten().any(points) || figures.captions.contains(&(block as usize)) {
        return true;
    }
    if document.block(block).is_none_or(|block| block.cell.is_none()) {
        return false;
    }
    behind.get(block as usize).is_some_and(|after| is_source_line(article, *after))
}

/// Whether a sentence gives a price of a day that the snapshot stands for: its source is the snapshot, and another check sets the two
/// against each other.
fn is_of_snapshot_day(article: &Article, sentence: usize) -> bool {
    let Some(snapshot) = article.snapshot.filter(|snapshot| !snapshot.prices.is_empty()) else { return false };
    let first = article.prices.partition_point(|claim| claim.sentence < sentence);
    let claims = article.prices[first..].iter().take_while(|claim| claim.sentence == sentence);
    claims
        .into_iter()
        .any(|claim| matches!(claim.mode, Mode::Dated(day) if snapshot.captured == Some(day) || snapshot.prices.iter().any(|price| price.as_of == Some(day))))
}

/// Whether a block is a line that names sources: "Source: Harbour Register".
fn is_source_line(article: &Article, block: usize) -> bool {
    let Some(block) = article.document.blocks.get(block) else { return false };
    let text = article.document.block_text(block).trim_start().to_lowercase();
    let named = |label: &String| text.strip_prefix(label.as_str()).and_then(|rest| rest.trim_start().strip_prefix(':'));
    article.policy.list(ID, "source-labels").iter().filter_map(named).any(|rest| rest.chars().any(char::is_alphabetic))
}

/// Figures under which a line names the source.
struct Figures<'a> {
    /// What a caption begins with: "figure", "table".
    labels: &'a [String],
    /// Label and number of each: "figure 3".
    names: BTreeSet<String>,
    /// The blocks of their captions.
    captions: BTreeSet<usize>,
}

impl Figures<'_> {
    /// Whether a text points to one of them: "(Figure 3)", "see Table 2".
    fn pointed_at(&self, text: &str) -> bool {
        !self.names.is_empty() && all_numbered(text, self.labels).any(|name| self.names.contains(&name))
    }
}

/// Blocks between a caption and the line that names its source: the picture, its caption told again, a note.
const CAPTION_REACH: usize = 4;

/// The figures and tables of an article whose source is named below their caption.
fn sourced_figures<'a>(article: &Article<'a>, behind: &[usize]) -> Figures<'a> {
    let labels = article.policy.list(ID, "figure-labels");
    let mut figures = Figures { labels, names: BTreeSet::new(), captions: BTreeSet::new() };
    let blocks = &article.document.blocks;
    let name = |block: usize| numbered(article.document.block_text(&blocks[block]).trim_start(), labels);
    for (caption, block) in blocks.iter().enumerate() {
        if block.cell.is_some() {
            continue;
        }
        let Some(own) = name(caption) else { continue };
        let mut at = caption + 1;
        for _ in 0..CAPTION_REACH {
            if at >= blocks.len() || blocks[at].zone == Zone::Heading || name(at).is_some_and(|other| other != own) {
                break;
            }
            if is_source_line(article, at) {
                figures.captions.insert(caption);
                figures.names.insert(own);
                break;
            }
            at = if blocks[at].cell.is_some() { behind[at] } else { at + 1 };
        }
    }
    figures
}

/// The numbered figure that a text begins with: "figure 3", "table 2".
fn numbered(text: &str, labels: &[String]) -> Option<String> {
    let initial = text.as_bytes().first().map(u8::to_ascii_lowercase);
    // nearly every text is told by its first letter to begin with none of them
    let may_be = |label: &&String| label.is_empty() || label.as_bytes().first().map(u8::to_ascii_lowercase) == initial;
    labels.iter().filter(may_be).find_map(|label| {
        let found = text.get(..label.len()).filter(|found| found.eq_ignore_ascii_case(label))?;
        let rest = text[found.len()..].trim_start_matches(['.', ' ', '\u{a0}']);
        let number: String = rest.chars().take_while(char::is_ascii_digit).collect();
        (!number.is_empty()).then(|| format!("{label} {number}"))
    })
}

/// Numbered figures that a text names anywhere.
fn all_numbered<'t>(text: &'t str, labels: &'t [String]) -> impl Iterator<Item = String> + 't {
    let mut before = ' ';
    text.char_indices().filter_map(move |(at, here)| {
        let opens_word = !std::mem::replace(&mut before, here).is_alphanumeric();
        opens_word.then(|| numbered(&text[at..], labels)).flatten()
    })
}

/// Turns of a transcript from which it is one.
const TURNS: usize = 6;
/// Turns that each of its speakers has, on the average.
const TURNS_EACH: usize = 3;
/// Words before the colon that name a speaker.
const SPEAKER_WORDS: usize = 4;

/// The blocks of a transcript that somebody speaks: turns that open with their speaker, and what follows them up to a heading.
fn spoken(article: &Article) -> BTreeSet<usize> {
    let document = article.document;
    let prose = |block: &Block| block.zone == Zone::Paragraph;
    let mut speakers: BTreeSet<&str> = BTreeSet::new();
    let (mut turns, mut told, mut personal) = (0, 0, 0);
    let mut blocks = BTreeSet::new();
    let mut speaks = false;
    for (number, block) in document.blocks.iter().enumerate() {
        if block.zone == Zone::Heading {
            speaks = false;
        } else if prose(block)
            && let Some(speaker) = speaker_of(article, document.block_text(block))
        {
            speakers.insert(speaker);
            turns += 1;
            told += block.words;
            // labels of a review ("Best for: …") return as well; who talks says `I` now and then
            personal += usize::from(document.block_text(block).split(|c: char| !c.is_alphanumeric()).any(|word| word == "I"));
            speaks = true;
        }
        if speaks {
            blocks.insert(number);
        }
    }
    let enough = turns >= TURNS && speakers.len() >= 2 && turns >= speakers.len() * TURNS_EACH && personal * 3 >= turns;
    if enough && told * 3 >= document.body_words() { blocks } else { BTreeSet::new() }
}

/// The name that a turn opens with: one to four capitalised words and a colon; labels of other things are in `turn-labels`.
fn speaker_of<'t>(article: &Article, text: &'t str) -> Option<&'t str> {
    let text = text.trim_start();
    let (name, said) = memchr::memchr(b':', text.as_bytes()).map(|at| (&text[..at], &text[at + 1..]))?;
    let mut words = 0;
    for word in name.split_whitespace() {
        words += 1;
        if words > SPEAKER_WORDS || !word.starts_with(char::is_uppercase) {
            return None;
        }
    }
    let label = article.policy.list(ID, "turn-labels").iter().any(|label| label.eq_ignore_ascii_case(name));
    (words > 0 && !label && said.starts_with(char::is_whitespace)).then_some(name)
}

/// The percentages that the page works out before its reader: `= 20%`.
fn results(article: &Article) -> BTreeSet<String> {
    let text = article.document.reading.as_str();
    let number = |rest: &str| {
        let rest = rest.trim_start_matches([' ', '\u{a0}', '\u{2248}', '~']);
        let digits: String = rest.chars().take_while(|c| c.is_ascii_digit() || *c == '.').collect();
        (!digits.is_empty() && rest[digits.len()..].trim_start().starts_with('%')).then_some(digits)
    };
    memchr::memchr_iter(b'=', text.as_bytes()).filter_map(|at| number(&text[at + 1..])).collect()
}

/// Whether the percentages of a statement are results that the page shows.
fn is_worked_out(article: &Article, hit: &RuleHit, results: &BTreeSet<String>) -> bool {
    if results.is_empty() {
        return false;
    }
    let text = article.text_of(hit.hit.start..hit.hit.end);
    let ends = memchr::memchr_iter(b'%', text.as_bytes());
    let numbers = ends.map(|at| {
        let before = text[..at].trim_end();
        &before[before.rfind(|c: char| !(c.is_ascii_digit() || c == '.')).map_or(0, |at| at + before[at..].chars().next().map_or(1, char::len_utf8))..]
    });
    let mut any = false;
    for number in numbers {
        any = true;
        if !results.contains(number) {
            return false;
        }
    }
    any
}

/// The blocks below headings that announce a worked example.
fn worked_examples(article: &Article) -> BTreeSet<usize> {
    let document = article.document;
    let titles = article.policy.list(ID, "example-titles");
    let any_title = article.policy.matcher(ID, "example-titles");
    let announces = |text: &str| {
        let text = text.to_lowercase();
        any_title.find_overlapping_iter(&text).any(|found| {
            let edge = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
            let is_title = titles.get(found.pattern().as_usize()).is_some_and(|title| *title == text[found.range()]);
            is_title && edge(text[..found.start()].chars().next_back()) && edge(text[found.end()..].chars().next())
        })
    };
    let mut blocks = BTreeSet::new();
    let mut level = 0;
    for (number, block) in document.blocks.iter().enumerate() {
        if block.zone == Zone::Heading && (level == 0 || block.level <= level) {
            level = if announces(document.block_text(block)) { block.level } else { 0 };
        }
        if level > 0 {
            blocks.insert(number);
        }
    }
    blocks
}

/// For every block, the first one behind it that does not stand in the same table.
fn behind_tables(article: &Article) -> Vec<usize> {
    let blocks = &article.document.blocks;
    let table = |i: usize| blocks.get(i).and_then(|block| block.cell).map(|cell| cell.table);
    let mut behind = vec![0; blocks.len()];
    for i in (0..blocks.len()).rev() {
        behind[i] = if i + 1 < blocks.len() && table(i).is_some() && table(i) == table(i + 1) { behind[i + 1] } else { i + 1 };
    }
    behind
}

/// Links that lead nowhere or to nobody's source.
fn links(article: &Article, outcome: &mut Outcome) -> String {
    let list = |name: &str| article.policy.list(ID, name);
    let (no_addresses, placeholders, searches, chats) = (list("placeholder-hrefs"), list("placeholder-hosts"), list("search-hosts"), list("chat-hosts"));
    let (searches, chats) = (Listed::of(searches), Listed::of(chats));
    let bare_texts = list("bare-link-texts");
    let mut sources = 0;
    for link in article.document.links.iter().filter(|link| link.visible && link.kind != LinkKind::Image) {
        let destination = link.destination.trim();
        let text = article.document.reading.slice(link.text.clone()).trim();
        let plain = destination.to_ascii_lowercase();
        let fill = [("text", text), ("url", destination)];
        if destination.contains(crate_fill) {
            continue; // a template fills the address in
        }
        if no_addresses.contains(&plain) && plain != "/" {
            article.report(outcome, "empty-link", link.source, &fill);
            continue;
        }
        let Some(host) = host_of(&plain) else { continue };
        sources += 1;
        if placeholders.iter().any(|known| is_host(host, known)) {
            article.report(outcome, "placeholder-link", link.source, &fill);
        } else if searches.holds(&plain, host) || chats.holds(&plain, host) {
            article.report(outcome, "search-link", link.source, &fill);
        }
        if is_bare(link, text, bare_texts) {
            article.report(outcome, "bare-link-text", link.source, &fill);
        }
    }
    outcome.fact("links", sources);
    format!("{sources} links")
}

/// Characters that stand for masked template syntax are kept out of every address.
fn crate_fill(c: char) -> bool {
    matches!(c, '\u{e000}' | '\u{81}' | '{')
}

fn is_bare(link: &Link, text: &str, bare_texts: &[String]) -> bool {
    matches!(link.kind, LinkKind::Inline | LinkKind::Reference | LinkKind::Html) && bare_texts.iter().any(|bare| bare.eq_ignore_ascii_case(text))
}

/// The host of an absolute address in lower case, without port and `www.`.
fn host_of(url: &str) -> Option<&str> {
    let rest = url.split_once("://").map(|(_, rest)| rest).or_else(|| url.strip_prefix("//"))?;
    let host = rest.split(['/', '?', '#']).next()?;
    let host = host.rsplit('@').next()?.split(':').next()?;
    Some(host.strip_prefix("www.").unwrap_or(host))
}

fn is_host(host: &str, known: &str) -> bool {
    host == known || host.strip_suffix(known).is_some_and(|rest| rest.ends_with('.'))
}

/// A list of hosts. Entries may name a path behind the host: `google.com/search`.
struct Listed<'l>(Vec<(&'l str, &'l str)>);

impl<'l> Listed<'l> {
    fn of(list: &'l [String]) -> Self {
        Self(list.iter().map(|entry| (entry.split('/').next().unwrap_or_default(), entry.as_str())).collect())
    }

    fn holds(&self, url: &str, host: &str) -> bool {
        self.0.iter().any(|(known, entry)| is_host(host, known) && (known == entry || url.contains(entry)))
    }
}

/// Footnotes and numbered entries: marks without an entry, entries without a mark, two of one name.
fn references(article: &Article, outcome: &mut Outcome) {
    let document = article.document;
    let mut labels: BTreeSet<String> = BTreeSet::new();
    for entry in document.entries.iter().filter(|entry| entry.footnote) {
        if !labels.insert(entry.label.to_lowercase()) {
            article.report(outcome, "duplicate-reference", entry.source, &[("mark", entry.label.as_str())]);
        }
    }
    let used: BTreeSet<String> = document.citations.iter().map(|citation| citation.label.to_lowercase()).collect();
    for entry in document.entries.iter().filter(|entry| entry.footnote && !used.contains(&entry.label.to_lowercase())) {
        article.report(outcome, "unused-reference", entry.source, &[("mark", entry.label.as_str())]);
    }
    // a mark is closed by a bracket, and most pages show none
    if memchr::memchr(b']', document.reading.as_str().as_bytes()).is_none() {
        return;
    }
    let numbered = numbered_entries(article);
    for (at, token) in article.view.tokens().iter().enumerate() {
        if !token.after(gap::SQUARE | gap::OPEN) {
            continue;
        }
        let before = document.reading.slice(token.start.saturating_sub(2)..token.start);
        let caret = before == "[^";
        let text = document.reading.slice(token.range());
        let closes = document.reading.slice(token.end..token.end + 1) == "]";
        let number = text.bytes().all(|byte| byte.is_ascii_digit()) && text.len() <= 3;
        if !closes || !(caret || (number && before.ends_with('['))) {
            continue;
        }
        let sentences = &document.tokens.sentences;
        let in_list = sentences
            .get(sentences.partition_point(|sentence| sentence.tokens.end as usize <= at))
            .and_then(|sentence| document.block(sentence.block))
            .is_some_and(|block| document.role_of(block) == SectionRole::References);
        if in_list {
            continue;
        }
        let known = if caret { labels.contains(&text.to_lowercase()) } else { numbered.contains(text) || numbered.is_empty() };
        if !known {
            let index = crate::span::offset(at);
            let mark = if caret { format!("[^{text}]") } else { format!("[{text}]") };
            article.report(outcome, "undefined-reference", article.span_of(index..index + 1), &[("mark", mark.as_str())]);
        }
    }
}

/// The numbers of the entries of the reference list: "1. …" items, "[1] …" lines.
fn numbered_entries(article: &Article) -> BTreeSet<String> {
    let document = article.document;
    let mut numbers = BTreeSet::new();
    let mut items = 0;
    for block in document.blocks.iter().filter(|block| document.role_of(block) == SectionRole::References && block.zone != Zone::Heading) {
        let text = document.block_text(block).trim_start();
        if block.zone == Zone::ListItem {
            items += 1;
            numbers.insert(items.to_string());
        }
        for line in text.split('\n') {
            let number: String = line.trim_start_matches('[').chars().take_while(char::is_ascii_digit).collect();
            if !number.is_empty() {
                numbers.insert(number);
            }
        }
        for piece in text.split('[').skip(1) {
            let number: String = piece.chars().take_while(char::is_ascii_digit).collect();
            if !number.is_empty() {
                numbers.insert(number);
            }
        }
    }
    for entry in &document.entries {
        numbers.insert(entry.label.clone());
    }
    numbers
}
