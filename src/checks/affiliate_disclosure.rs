//! Affiliate and dealer references are disclosed, marked and add reader value (policy 4).

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use aho_corasick::AhoCorasick;

use super::Article;
use super::article::reported;
use crate::document::{Block, Link, LinkKind, Zone};
use crate::finding::{Finding, Severity};
use crate::outcome::Outcome;
use crate::rulebook::{Scan, Subject};
use crate::span::Span;

const ID: &str = "affiliate-disclosure";
/// More characters of a link's text than promotion has, which is a few words.
const LONGEST_PROMO: usize = 200;

/// Words about a link that say that it pays: the one of HTML, and the one that stands for an attribute of a component (`affiliateUrl`).
const PAYING_RELS: [&str; 2] = ["sponsored", "affiliate"];

/// From here on a paragraph without the facets of a disclosure is one by its words …
const READS_ALONE: i32 = 200;
/// … here one with some of them …
const READS_BESIDE: i32 = 100;
/// … and from here down one with all of them speaks of something else.
const READS_OTHERWISE: i32 = -150;

/// How surely an address pays the site (policy 4.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Weight {
    None,
    Weak,
    Shortener,
    Medium(u32),
    High,
}

/// How a paragraph discloses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Strength {
    Weak,
    Counts,
}

/// A paragraph that discloses.
struct Disclosure {
    block: usize,
    strength: Strength,
    span: Span,
    text: String,
    /// Where a reader would not see it in time.
    hidden: Option<&'static str>,
    /// A label counts on the link, in the title, or as a paragraph of its own.
    label_only: bool,
}

/// A link that pays.
struct Paid<'a> {
    link: &'a Link,
    block: usize,
}

/// Judges paid links, promotion and disclosure.
pub fn judge(article: &Article) -> Outcome {
    let mut outcome = article.outcome(ID);
    let promotions: Vec<_> = article.hits(ID).filter_map(|hit| article.finding(hit).map(|finding| (hit.sentence, finding))).collect();
    let promoted_blocks: BTreeSet<usize> = promotions.iter().map(|(sentence, _)| article.sentence(*sentence).block as usize).collect();
    let paid = paid_links(article, &mut outcome, &promoted_blocks);
    outcome.fact("paid_links", paid.len());
    outcome.fact("promotions", promotions.len());
    if paid.is_empty() && promotions.is_empty() {
        outcome.evidence = "no affiliate link and no dealer promotion in the article body".to_owned();
        return outcome;
    }
    let asked = article.ask(ID);
    let disclosures = disclosures(article, &asked, !paid.is_empty());
    let denials = denials(article, &asked);
    outcome.fact("disclosures", disclosures.len());
    denied(article, &mut outcome, &paid, &denials);
    let first = first_promotion(article, &paid, &promotions);
    place(article, &mut outcome, &first, &paid, &disclosures, !denials.is_empty());
    if !paid.is_empty() {
        marks(article, &mut outcome, &paid);
        own_value(article, &mut outcome, &paid);
    }
    let taken: BTreeSet<Span> = outcome.findings.iter().map(|finding| finding.span).collect();
    outcome.findings.extend(promotions.into_iter().map(|(_, finding)| finding).filter(|finding| !taken.contains(&finding.span)));
    outcome.evidence = format!("{} paying links, {} promotions, {} disclosures", paid.len(), outcome.facts["promotions"], disclosures.len());
    outcome
}

/// Where a reader first meets promotion.
struct First {
    block: usize,
    at: u32,
    span: Span,
    shown: String,
    link: bool,
}

fn first_promotion(article: &Article, paid: &[Paid], promotions: &[(usize, Finding)]) -> First {
    let links =
        paid.iter().map(|paid| First { block: paid.block, at: paid.link.text.start, span: paid.link.source, shown: paid.link.destination.clone(), link: true });
    let texts = promotions.iter().map(|(sentence, finding)| {
        let sentence = article.sentence(*sentence);
        First { block: sentence.block as usize, at: sentence.text.start, span: finding.span, shown: article.source.slice(finding.span).to_owned(), link: false }
    });
    let first_link = links.min_by_key(|first| first.at);
    first_link.or_else(|| texts.min_by_key(|first| first.at)).unwrap_or(First { block: 0, at: 0, span: article.head_span(), shown: String::new(), link: false })
}

/// A counting disclosure before the first paid link, or in its block (policy 4.3).
fn place(article: &Article, outcome: &mut Outcome, first: &First, paid: &[Paid], disclosures: &[Disclosure], denied: bool) {
    let usable = |disclosure: &&Disclosure| {
        let near = disclosure.block == first.block || article.document.blocks[disclosure.block].zone == Zone::Title;
        !disclosure.label_only || near || disclosure.block + 1 == first.block
    };
    let before = |disclosure: &&Disclosure| disclosure.block <= first.block && usable(disclosure);
    let flag = article.document.metadata.truth("affiliate");
    if flag == Some(false) && !paid.is_empty() {
        let fill = [("match", "the front-matter flag"), ("url", first.shown.as_str())];
        article.report(outcome, "denied-disclosure", article.role_span("affiliate"), &fill);
        return;
    }
    if denied && !paid.is_empty() {
        return;
    }
    if disclosures.iter().filter(|disclosure| disclosure.hidden.is_none() && disclosure.strength == Strength::Counts).any(|disclosure| before(&disclosure)) {
        return;
    }
    let counting = disclosures.iter().filter(|disclosure| disclosure.strength == Strength::Counts && !disclosure.label_only);
    if let Some(hidden) = counting.clone().find(|disclosure| disclosure.hidden.is_some()) {
        article.report_there(outcome, "hidden-disclosure", hidden.span, &[("place", hidden.hidden.unwrap_or_default())]);
    } else if let Some(late) = counting.clone().find(|disclosure| disclosure.block > first.block) {
        let distance = article.document.blocks[late.block].text.start.saturating_sub(first.at).to_string();
        article.report_there(outcome, "late-disclosure", late.span, &[("distance", distance.as_str())]);
    } else if let Some(weak) = disclosures.iter().find(|disclosure| disclosure.strength == Strength::Weak && disclosure.hidden.is_none()) {
        article.report_there(outcome, "weak-disclosure", weak.span, &[("match", weak.text.as_str())]);
    } else if first.link {
        article.report_there(outcome, "undisclosed", first.span, &[("url", first.shown.as_str())]);
    } else {
        article.report_there(outcome, "undisclosed-promotion", first.span, &[("match", first.shown.as_str())]);
    }
}

/// Paragraphs that say that nothing is paid.
fn denials(article: &Article, asked: &Scan) -> Vec<(Span, String)> {
    article
        .facets_of(asked, "affiliate-disclosure/denial")
        .map(|hit| {
            let tokens = reported(&hit.hit);
            (article.span_of(tokens.clone()), article.text_of(tokens).to_owned())
        })
        .collect()
}

fn denied(article: &Article, outcome: &mut Outcome, paid: &[Paid], denials: &[(Span, String)]) {
    if let (Some(paid), Some((span, text))) = (paid.first(), denials.first()) {
        article.report(outcome, "denied-disclosure", *span, &[("match", text.as_str()), ("url", paid.link.destination.as_str())]);
    }
}

/// Paragraphs with the facets of a disclosure.
///
/// Promotion without a link that pays words itself as disclosures do ("use our code"): there words are not weighed.
fn disclosures(article: &Article, asked: &Scan, weighed: bool) -> Vec<Disclosure> {
    let document = article.document;
    let mut facets = vec![0u8; document.blocks.len()];
    let names = ["benefit", "who", "trigger", "label", "weak", "denial"];
    let mut at: Vec<Option<std::ops::Range<u32>>> = vec![None; document.blocks.len()];
    for (bit, name) in names.iter().enumerate() {
        for hit in article.facets_of(asked, &format!("{ID}/{name}")) {
            let block = article.sentence(hit.sentence).block as usize;
            facets[block] |= 1 << bit;
            if matches!(*name, "benefit" | "label" | "weak") {
                at[block].get_or_insert(reported(&hit.hit));
            }
        }
    }
    let has = |bits: u8, name: &str| names.iter().position(|known| *known == name).is_some_and(|bit| bits >> bit & 1 == 1);
    let mut found = Vec::new();
    for (i, bits) in facets.iter().enumerate() {
        if has(*bits, "denial") {
            continue;
        }
        let full = has(*bits, "benefit") && (has(*bits, "who") || has(*bits, "trigger"));
        let label = has(*bits, "label");
        let told = full || label || has(*bits, "weak");
        let reads = if weighed { reads_as_disclosure(article, i) } else { None };
        let (full, tokens) = match (at[i].clone().filter(|_| told), reads) {
            (Some(_), Some((score, _))) if full && !label && score <= READS_OTHERWISE => continue,
            (Some(tokens), Some((score, _))) => (full || score >= READS_BESIDE, tokens),
            (Some(tokens), None) => (full, tokens),
            (None, Some((score, part))) if score >= READS_ALONE => (true, part),
            (None, _) => continue,
        };
        found.push(Disclosure {
            block: i,
            strength: if full || label { Strength::Counts } else { Strength::Weak },
            span: article.span_of(tokens.clone()),
            text: article.text_of(tokens).to_owned(),
            hidden: hidden_place(&document.blocks[i]),
            label_only: label && !full,
        });
    }
    found
}

/// How much the sentence of a block that reads most as a disclosure does so, and its part that weighs most.
fn reads_as_disclosure(article: &Article, block: usize) -> Option<(i32, std::ops::Range<u32>)> {
    let sentences = &article.document.tokens.sentences;
    let first = sentences.partition_point(|sentence| (sentence.block as usize) < block);
    let own = sentences[first..].iter().take_while(|sentence| sentence.block as usize == block).count();
    let likeness = (first..first + own).filter_map(|number| article.wordings().likeness(number, Subject::Disclosure, i32::MIN));
    likeness.map(|likeness| (likeness.score, likeness.part)).max_by_key(|(score, _)| *score)
}

fn hidden_place(block: &Block) -> Option<&'static str> {
    match block.zone {
        Zone::Footnote => Some("footnote"),
        Zone::Alt => Some("image description"),
        _ if block.collapsed => Some("collapsed part of the page"),
        _ => None,
    }
}

/// Links that pay: one high mark, two medium ones, or one medium beside promotion.
fn paid_links<'a>(article: &'a Article, outcome: &mut Outcome, promoted: &BTreeSet<usize>) -> Vec<Paid<'a>> {
    let needed = article.policy.count(ID, "medium-needed", 2);
    let mut paid = Vec::new();
    if !article.document.links.iter().any(|link| link.visible) {
        return paid; // the automata are built by the first article that has links
    }
    let lists = Lists::of(article);
    for link in article.document.links.iter().filter(|link| link.visible) {
        let block = block_of(article, link);
        let marked = link.rel.as_deref().is_some_and(|rel| rel.split([' ', ',']).any(|value| PAYING_RELS.iter().any(|rel| value.eq_ignore_ascii_case(rel))));
        let weight = if marked { Weight::High } else { weigh(&lists, &link.destination) };
        let fill = [("url", link.destination.as_str())];
        match weight {
            Weight::High => paid.push(Paid { link, block }),
            Weight::Medium(count) if count >= needed || promoted.contains(&block) || is_promo_text(article, link) => paid.push(Paid { link, block }),
            Weight::Medium(_) => article.report(outcome, "possible-affiliate", link.source, &fill),
            Weight::Shortener => article.report(outcome, "shortener", link.source, &fill),
            Weight::Weak | Weight::None => {}
        }
    }
    paid
}

fn block_of(article: &Article, link: &Link) -> usize {
    let blocks = &article.document.blocks;
    let inside = blocks.partition_point(|block| block.text.end < link.text.start.max(1));
    inside.min(blocks.len().saturating_sub(1)).min(link.block as usize)
}

fn is_promo_text(article: &Article, link: &Link) -> bool {
    // links of HTML may stand inside each other: a text much longer than any of the words is not looked at to its end
    let text = article.document.reading.slice(link.text.clone()).trim_start();
    let text = text.chars().take(LONGEST_PROMO).collect::<String>().trim_end().to_lowercase();
    article.policy.list(ID, "promo-words").iter().any(|words| text == *words || text.starts_with(&format!("{words} ")))
}

/// Weighs an address by host, path and query. Brands inside an address weigh nothing.
fn weigh(lists: &Lists, url: &str) -> Weight {
    let lower = url.to_ascii_lowercase();
    let (address, query) = url.split_once('?').map_or((url, ""), |(address, query)| (address, query.split('#').next().unwrap_or_default()));
    let lower_address = address.to_ascii_lowercase();
    let rest = lower_address.split_once("://").map_or_else(|| lower_address.strip_prefix("//"), |(_, rest)| Some(rest));
    let (host, path) = match rest {
        Some(rest) => rest.find('/').map_or((rest, ""), |at| (&rest[..at], &rest[at..])),
        None => ("", lower_address.as_str()),
    };
    let host = host.strip_prefix("www.").unwrap_or(host).split(':').next().unwrap_or_default();
    let pairs: Vec<(&str, &str)> = query.split(['&', ';']).filter(|pair| !pair.is_empty()).map(|pair| pair.split_once('=').unwrap_or((pair, ""))).collect();
    let count = |marks: &[String]| u32::try_from(pairs.iter().filter(|pair| marks.iter().any(|mark| is_mark(mark, pair))).count()).unwrap_or(u32::MAX);
    let on_path = |patterns: &Paths| patterns.fit(path);
    if lists.hosts.high(host) || count(lists.params_high) > 0 && !host.is_empty() || !host.is_empty() && on_path(&lists.paths_high) {
        return Weight::High;
    }
    if lists.hosts.shops(host) {
        return if count(lists.shop_params_high) > 0 { Weight::High } else { Weight::None };
    }
    let mut medium = count(lists.params_medium) + u32::from(lists.hosts.medium(host)) + u32::from(!host.is_empty() && on_path(&lists.paths_medium));
    let own = host.is_empty() && !lower.starts_with("mailto:") && !lower.starts_with('#');
    if own && lists.path_cloaks.iter().any(|cloak| path.contains(cloak.as_str()) && !path.ends_with(cloak.as_str())) {
        medium += 1;
    }
    if medium > 0 {
        Weight::Medium(medium)
    } else if lists.hosts.shorteners(host) {
        Weight::Shortener
    } else if count(lists.params_weak) > 0 {
        Weight::Weak
    } else {
        Weight::None
    }
}

/// What addresses are weighed by, looked up once for all links of an article.
struct Lists<'p> {
    hosts: Hosts,
    params_high: &'p [String],
    paths_high: Paths<'p>,
    shop_params_high: &'p [String],
    params_medium: &'p [String],
    paths_medium: Paths<'p>,
    path_cloaks: &'p [String],
    params_weak: &'p [String],
}

impl<'p> Lists<'p> {
    fn of(article: &Article<'p>) -> Self {
        let list = |name| article.policy.list(ID, name);
        Self {
            hosts: Hosts::of(article),
            params_high: list("params-high"),
            paths_high: Paths::of(list("paths-high")),
            shop_params_high: list("shop-params-high"),
            params_medium: list("params-medium"),
            paths_medium: Paths::of(list("paths-medium")),
            path_cloaks: list("path-cloaks"),
            params_weak: list("params-weak"),
        }
    }
}

/// Patterns of paths: those that are fixed words behind a slash, which is nearly all of them, and all others.
struct Paths<'p> {
    fixed: Vec<&'p str>,
    others: Vec<&'p str>,
}

impl<'p> Paths<'p> {
    fn of(list: &'p [String]) -> Self {
        let (fixed, others) =
            list.iter().map(String::as_str).partition(|pattern| pattern.len() > 1 && pattern.starts_with('/') && !pattern.contains(['*', '#']));
        Self { fixed, others }
    }

    fn fit(&self, path: &str) -> bool {
        let slashes = || path.bytes().enumerate().filter(|(_, byte)| *byte == b'/').map(|(at, _)| &path[at..]);
        // of most paths no segment begins with the letter that one of a pattern does
        let begins = |rest: &str| self.fixed.iter().any(|pattern| pattern.as_bytes().get(1) == rest.as_bytes().get(1) && rest.starts_with(pattern));
        slashes().any(begins) || self.others.iter().any(|pattern| path_fits(pattern, path))
    }
}

/// The lists of hosts, and which of them hold the host that was asked for last: links of an article often lead to one place.
struct Hosts {
    lists: [Arc<AhoCorasick>; 4],
    last: RefCell<(String, [bool; 4])>,
}

impl Hosts {
    fn of(article: &Article) -> Self {
        let lists = ["hosts-high", "shop-hosts", "hosts-medium", "shorteners"].map(|list| article.policy.matcher(ID, list));
        Self { lists, last: RefCell::new((String::new(), [false; 4])) }
    }

    fn is_in(&self, list: usize, host: &str) -> bool {
        let (known, answers) = &mut *self.last.borrow_mut();
        if known != host {
            *answers = std::array::from_fn(|at| holds(&self.lists[at], host));
            host.clone_into(known);
        }
        answers[list]
    }

    fn high(&self, host: &str) -> bool {
        self.is_in(0, host)
    }

    fn shops(&self, host: &str) -> bool {
        self.is_in(1, host)
    }

    fn medium(&self, host: &str) -> bool {
        self.is_in(2, host)
    }

    fn shorteners(&self, host: &str) -> bool {
        self.is_in(3, host)
    }
}

/// Whether a host is one of a list or lies under one: one pass of the list's automaton over the host.
fn holds(list: &AhoCorasick, host: &str) -> bool {
    !host.is_empty()
        && list.find_overlapping_iter(host).any(|found| found.end() == host.len() && (found.start() == 0 || host.as_bytes()[found.start() - 1] == b'.'))
}

/// `name`, `name=value`, `name=*-20`.
fn is_mark(mark: &str, pair: &(&str, &str)) -> bool {
    let (name, value) = mark.split_once('=').map_or((mark, None), |(name, value)| (name, Some(value)));
    if !name.eq_ignore_ascii_case(pair.0) {
        return false;
    }
    match value {
        None => true,
        Some(value) => value.strip_prefix('*').map_or_else(|| value.eq_ignore_ascii_case(pair.1), |end| pair.1.ends_with(end)),
    }
}

/// `*` stands for one segment's part, `#` for digits.
fn path_fits(pattern: &str, path: &str) -> bool {
    if !pattern.contains(['*', '#']) {
        return path.contains(pattern);
    }
    path.match_indices('/').any(|(at, _)| {
        let mut rest = &path[at..];
        let mut pieces = pattern.chars().peekable();
        while let Some(piece) = pieces.next() {
            match piece {
                '#' => {
                    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
                    if digits == 0 {
                        return false;
                    }
                    rest = &rest[digits..];
                }
                '*' => {
                    let stop = pieces.peek().copied().unwrap_or('/');
                    let len = rest.find([stop, '/']).unwrap_or(rest.len());
                    if len == 0 {
                        return false;
                    }
                    rest = &rest[len..];
                }
                other => match rest.strip_prefix(other) {
                    Some(after) => rest = after,
                    None => return false,
                },
            }
        }
        true
    })
}

/// `rel` on paid links: HTML links must carry it; Markdown links cannot, which is a note.
fn marks(article: &Article, outcome: &mut Outcome, paid: &[Paid]) {
    let accepted = article.policy.list(ID, "rel-accepted");
    for paid in paid {
        let has = paid.link.rel.as_deref().is_some_and(|rel| rel.split([' ', ',']).any(|value| accepted.iter().any(|known| known.eq_ignore_ascii_case(value))));
        if has {
            continue;
        }
        let id = format!("{ID}/missing-rel");
        if let Some(mut finding) = article.message(&id, paid.link.source, &[("url", paid.link.destination.as_str())]) {
            if paid.link.kind != LinkKind::Html {
                finding.severity = Severity::Note;
            }
            outcome.findings.push(finding);
            let edit = (paid.link.kind == LinkKind::Html).then(|| crate::fix::sponsored(&article.source.text, paid.link.source.start)).flatten();
            article.offer(outcome, "missing-rel", paid.link.source, edit, &[]);
        }
    }
}

/// Words of the links; what stands in several of them counts once.
fn linked_words(article: &Article, links: &[&Paid]) -> u32 {
    let mut ranges: Vec<_> = links.iter().map(|one| (one.link.text.start, one.link.text.end)).collect();
    ranges.sort_unstable();
    let mut behind = 0;
    let words = ranges.into_iter().map(|(start, end)| {
        let from = start.max(behind);
        behind = end.max(behind);
        if from < end { crate::document::token::count_words(article.document.reading.slice(from..end)) } else { 0 }
    });
    words.sum()
}

/// Sections with paid links must add something: a table or list, words of comparison; and be more than links.
fn own_value(article: &Article, outcome: &mut Outcome, paid: &[Paid]) {
    let document = article.document;
    let words = article.policy.list(ID, "own-value-words");
    let share = article.policy.number(ID, "linked-word-share", 0.2);
    let section_of = |one: &Paid| document.blocks.get(one.block).and_then(|block| block.section);
    let mut by_section: BTreeMap<Option<u32>, Vec<&Paid>> = BTreeMap::new();
    for one in paid {
        by_section.entry(section_of(one)).or_default().push(one);
    }
    for one in paid {
        let section = section_of(one);
        let Some(here) = by_section.remove(&section) else { continue };
        // blocks outside of every section are looked for once, those of a section where it is
        let blocks = match section.and_then(|index| document.sections.get(index as usize)) {
            Some(section) => &document.blocks[section.blocks.start as usize..section.blocks.end as usize],
            None => &document.blocks[..],
        };
        let in_section = |block: &&Block| block.section == section && block.zone != Zone::Title;
        let text: String = blocks.iter().filter(in_section).map(|block| document.block_text(block)).collect::<Vec<_>>().join(" ").to_lowercase();
        let table = blocks.iter().filter(in_section).any(|block| block.cell.is_some());
        let list = blocks.iter().filter(in_section).filter(|block| block.zone == Zone::ListItem).count() >= 3;
        let heading = section
            .and_then(|index| document.sections.get(index as usize))
            .map_or_else(|| "before the first heading".to_owned(), |section| section.heading.clone());
        let fill = [("section", heading.as_str())];
        if !table && !list && !words.iter().any(|word| text.contains(word.as_str())) {
            article.report(outcome, "no-own-value", one.link.source, &fill);
        }
        let linked = linked_words(article, &here);
        let all = crate::document::token::count_words(&text).max(1);
        let part = f64::from(linked) / f64::from(all);
        if part > share {
            let percent = format!("{:.0} %", part * 100.0);
            article.report(outcome, "link-heavy", one.link.source, &[("section", heading.as_str()), ("share", percent.as_str())]);
        }
    }
}
