//! An article as checks see it: the document, what the rules found in it, the policy, the day and the snapshot.

use std::cell::{LazyCell, OnceCell};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use jiff::civil::Date;

use crate::document::Document;
use crate::document::token::Sentence;
use crate::finding::{Anchor, Cause, Edit, Finding, Fix, Severity};
use crate::outcome::Outcome;
use crate::policy::Policy;
use crate::price::PriceClaim;
use crate::rulebook::matcher::{Match, View};
use crate::rulebook::{FacetHit, RuleHit, Rulebook, Scan, Wordings};
use crate::snapshot::Snapshot;
use crate::source::SourceText;
use crate::span::Span;

/// The more sentences a page has, the more of them read as something by chance: each doubling asks for this much more.
const DOUBLED: i32 = 40;
/// A page of this many sentences tells what it is about, and one that speaks of a subject in fewer than one of these is about something else.
const TELLING: usize = 8;
const SELDOM: usize = 4;
/// Sentences of a paragraph before and behind a command that may name what it is about.
const BESIDE: usize = 3;
/// Long sentences gather weight without saying more: each token beyond these asks for this much.
const SHORT: usize = 12;
const LONGER: i32 = 3;

/// What a sentence of so many tokens is asked for beyond the bar of a subject.
#[must_use]
pub fn likeness_of_length(tokens: usize) -> i32 {
    LONGER * i32::try_from(tokens.saturating_sub(SHORT)).unwrap_or(i32::MAX / LONGER)
}

/// Everything a check may look at.
pub struct Article<'a> {
    /// The bytes.
    pub source: &'a SourceText,
    /// The parsed article.
    pub document: &'a Document,
    /// Its tokens as rules see them.
    pub view: &'a View<'a>,
    /// What rules and facets matched.
    pub scan: &'a Scan,
    /// Price claims of the text.
    pub prices: &'a [PriceClaim],
    /// The rules.
    pub rulebook: &'a Rulebook,
    /// The policy for this article.
    pub policy: &'a Policy,
    /// The day the run judges against.
    pub as_of: Date,
    /// The source snapshot, if one was declared and could be read.
    pub snapshot: Option<&'a Snapshot>,
    /// Content class (policy 3.4).
    pub class: &'a str,
    /// What its words are to the weights, once somebody asks.
    pub wordings: OnceCell<Wordings<'a>>,
}

impl<'a> Article<'a> {
    /// An outcome that carries the check's claim.
    #[must_use]
    pub fn outcome(&self, check: &'static str) -> Outcome {
        Outcome::new(check, &self.rulebook.check(check).claim)
    }

    /// What its words are to the weights.
    #[must_use]
    pub fn wordings(&self) -> &Wordings<'a> {
        self.wordings.get_or_init(|| Wordings::of(self.view, &self.document.tokens.sentences))
    }

    /// Whether a page that is long enough to tell speaks of a subject in fewer than one of so many sentences.
    pub fn is_about_else(&self, seldom: usize, speaks_of_it: impl Fn(usize) -> bool) -> bool {
        let sentences = self.document.tokens.sentences.len();
        sentences >= TELLING && (0..sentences).filter(|number| speaks_of_it(*number)).count() * seldom < sentences
    }

    /// What each sentence of this page is asked for beyond the bar of a subject: the more sentences, the more of them come near it by
    /// chance; and a page that seldom speaks of the subject means something else by its words, which asks for `elsewhere`.
    #[must_use]
    pub fn likeness_beyond(&self, elsewhere: i32, speaks_of_it: impl Fn(usize) -> bool) -> i32 {
        let sentences = self.document.tokens.sentences.len();
        let elsewhere = if self.is_about_else(SELDOM, speaks_of_it) { elsewhere } else { 0 };
        elsewhere + sentences.checked_ilog2().map_or(0, |doublings| DOUBLED * doublings.cast_signed())
    }

    /// What the check's file prints when nothing was found.
    #[must_use]
    pub fn clean_evidence(&self, check: &str) -> String {
        self.rulebook.check(check).evidence.clone()
    }

    /// Source bytes of a run of tokens.
    #[must_use]
    pub fn span_of(&self, tokens: Range<u32>) -> Span {
        self.document.source_span(self.text_range(tokens))
    }

    /// Range in the reading text of a run of tokens.
    #[must_use]
    pub fn text_range(&self, tokens: Range<u32>) -> Range<u32> {
        let all = self.view.tokens();
        match (all.get(tokens.start as usize), all.get((tokens.end.max(tokens.start + 1) - 1) as usize)) {
            (Some(first), Some(last)) => first.start..last.end,
            _ => 0..0,
        }
    }

    /// The reading text of a run of tokens.
    #[must_use]
    pub fn text_of(&self, tokens: Range<u32>) -> &str {
        self.document.reading.slice(self.text_range(tokens))
    }

    /// A sentence of the document.
    #[must_use]
    pub fn sentence(&self, index: usize) -> &Sentence {
        &self.document.tokens.sentences[index]
    }

    /// Where a finding about the article as a whole stands: its header, else its first heading or line.
    #[must_use]
    pub fn head_span(&self) -> Span {
        let header = self.document.front_matter.span;
        if !header.is_empty() {
            let text = self.source.slice(header);
            let line = text.lines().next().unwrap_or_default();
            return Span::new(header.start, header.start + crate::span::offset(line.len()));
        }
        let Some(block) = self.document.blocks.first() else { return Span::default() };
        let text = self.document.block_text(block);
        let blank = crate::span::offset(text.len() - text.trim_start().len());
        self.document.source_span(block.text.start + blank..block.text.end)
    }

    /// Where the value of a front-matter role stands.
    #[must_use]
    pub fn role_span(&self, role: &str) -> Span {
        self.document.metadata.get(role).map_or_else(|| self.head_span(), |found| found.node.span)
    }

    /// A finding made of one of the check's messages; `{names}` in it are filled in. `None` where the policy switches the rule off.
    #[must_use]
    pub fn message(&self, id: &str, span: Span, fill: &[(&str, &str)]) -> Option<Finding> {
        let Some(message) = self.rulebook.message(id) else {
            // a check that names a message its file lacks is a defect of ours; it must not pass in silence
            return Some(Finding {
                rule: id.to_owned(),
                severity: Severity::Error,
                message: format!("no message is written for `{id}`"),
                why: String::new(),
                help: "report this as a defect of notegate".to_owned(),
                span,
                anchor: Anchor::Words,
                related: Vec::new(),
                cause: Cause::Author,
                operators: Vec::new(),
            });
        };
        let severity = self.policy.severity(id, message.severity)?;
        Some(Finding {
            rule: id.to_owned(),
            severity,
            message: filled(&message.message, fill),
            why: filled(&message.why, fill),
            help: filled(&message.help, fill),
            span,
            anchor: Anchor::Words,
            related: Vec::new(),
            cause: Cause::Author,
            operators: Vec::new(),
        })
    }

    /// Adds what would clear a finding of a message to an outcome, where the message says what that does.
    pub fn offer(&self, outcome: &mut Outcome, rule: &str, span: Span, edit: Option<Edit>, fill: &[(&str, &str)]) {
        let id = format!("{}/{rule}", outcome.check);
        let description = self.rulebook.message(&id).and_then(|message| message.fix.as_ref());
        if let (Some(edit), Some(description)) = (edit, description) {
            outcome.fixes.push(Fix { rule: id, span, description: filled(description, fill), edits: vec![edit] });
        }
    }

    /// Adds a message of the check to an outcome. At [`Self::head_span`] it is about the article as a whole.
    pub fn report(&self, outcome: &mut Outcome, rule: &str, span: Span, fill: &[(&str, &str)]) {
        let id = format!("{}/{rule}", outcome.check);
        let anchor = if span == self.head_span() { Anchor::Article } else { Anchor::Words };
        outcome.findings.extend(self.message(&id, span, fill).map(|finding| Finding { anchor, ..finding }));
    }

    /// Adds a message about the words at a span, wherever that is.
    pub fn report_there(&self, outcome: &mut Outcome, rule: &str, span: Span, fill: &[(&str, &str)]) {
        let id = format!("{}/{rule}", outcome.check);
        outcome.findings.extend(self.message(&id, span, fill));
    }

    /// Adds a message that time alone brought about.
    pub fn report_clock(&self, outcome: &mut Outcome, rule: &str, span: Span, fill: &[(&str, &str)]) {
        let before = outcome.findings.len();
        self.report(outcome, rule, span, fill);
        for finding in &mut outcome.findings[before..] {
            finding.cause = Cause::Clock;
        }
    }

    /// The matches of a check's rules.
    pub fn hits<'s>(&'s self, check: &'s str) -> impl Iterator<Item = &'s RuleHit> {
        self.scan.rules.iter().filter(move |hit| self.rulebook.rules[hit.rule].check == check)
    }

    /// A finding made of a rule's match.
    #[must_use]
    pub fn finding(&self, hit: &RuleHit) -> Option<Finding> {
        let rule = &self.rulebook.rules[hit.rule];
        let default = hit.severity;
        let severity = self.policy.severity(&rule.id, default)?;
        let tokens = reported(&hit.hit);
        let matched = self.text_of(tokens.clone()).to_owned();
        let fill = [("match", matched.as_str())];
        Some(Finding {
            rule: rule.id.clone(),
            severity,
            message: filled(&rule.message, &fill),
            why: rule.why.clone(),
            help: filled(&rule.help, &fill),
            span: self.span_of(tokens),
            anchor: Anchor::Words,
            related: Vec::new(),
            cause: Cause::Author,
            operators: hit.operators.clone(),
        })
    }

    /// Matches of a facet.
    pub fn facets<'s>(&'s self, name: &str) -> impl Iterator<Item = &'s FacetHit> + use<'s> {
        self.facets_of(self.scan, name)
    }

    /// Matches of a facet in a pass that the check asked for.
    pub fn facets_of<'s>(&self, scan: &'s Scan, name: &str) -> impl Iterator<Item = &'s FacetHit> + use<'s> {
        let index = self.rulebook.facet(name);
        scan.facets.iter().filter(move |hit| Some(hit.facet) == index)
    }

    /// The facets on demand of a check.
    #[must_use]
    pub fn ask(&self, check: &str) -> Scan {
        self.rulebook.ask(self.view, check)
    }

    /// Findings of the rules of two checks that share one engine: overlapping matches are reported once, the more severe one,
    /// and of equals the one of `first` (policy 0.2).
    #[must_use]
    pub fn shared_findings(&self, check: &str, first: &str, second: &str) -> Vec<Finding> {
        let mut hits: Vec<&RuleHit> = self.scan.rules.iter().filter(|hit| [first, second].contains(&self.rulebook.rules[hit.rule].check.as_str())).collect();
        // "Hold your nerve" on a page about bread: a command that names nothing to trade, nor does what stands beside it
        let names_asset = |number: usize| self.rulebook.lexicons().id("tradeable").is_some_and(|asset| self.view.holds(number, asset));
        let speaks_of_it = |number: usize| self.rulebook.lexicons().id("advice-subject").is_some_and(|subject| self.view.holds(number, subject));
        let elsewhere = LazyCell::new(|| self.is_about_else(SELDOM, speaks_of_it));
        let open = self.policy.list("ymyl-boundary", "open-rules");
        let sentences = &self.document.tokens.sentences;
        let beside = |number: usize| {
            let near = number.saturating_sub(BESIDE)..(number + BESIDE + 1).min(sentences.len());
            near.into_iter().any(|near| sentences[near].block == sentences[number].block && names_asset(near))
        };
        hits.retain(|hit| !(open.contains(&self.rulebook.rules[hit.rule].id) && *elsewhere && !beside(hit.sentence)));
        let rank = |hit: &RuleHit| {
            let rule = &self.rulebook.rules[hit.rule];
            (std::cmp::Reverse(hit.severity), rule.check != first, hit.hit.from, std::cmp::Reverse(hit.hit.to), hit.rule)
        };
        let mut ordered = hits;
        ordered.sort_by_key(|hit| rank(hit));
        // what is taken in a sentence never overlaps: only the neighbours can
        let mut taken: BTreeMap<(usize, u32), u32> = BTreeMap::new();
        let mut findings = Vec::new();
        for hit in ordered {
            let (start, end) = (hit.hit.start, hit.hit.end);
            let before = taken.range(..(hit.sentence, end)).next_back();
            if before.is_some_and(|((sentence, _), to)| *sentence == hit.sentence && *to > start) {
                continue;
            }
            taken.insert((hit.sentence, start), end);
            if self.rulebook.rules[hit.rule].check == check {
                findings.extend(self.finding(hit));
            }
        }
        findings
    }

    /// Sections (as indices) in whose body, headings left out, a lexicon of the rulebook occurs.
    #[must_use]
    pub fn sections_with(&self, facet: &str) -> BTreeSet<u32> {
        self.facets(facet)
            .filter_map(|hit| {
                let block = self.document.block(self.sentence(hit.sentence).block)?;
                let section = block.section?;
                (block.level == 0).then_some(section)
            })
            .filter(|section| self.document.sections[*section as usize].role == crate::document::section::SectionRole::Body)
            .collect()
    }
}

/// The tokens a match reports.
#[must_use]
pub fn reported(hit: &Match) -> Range<u32> {
    if hit.to > hit.from { hit.from..hit.to } else { hit.start..hit.end.max(hit.start + 1) }
}

/// A text with its `{names}` filled in.
#[must_use]
pub fn filled(text: &str, fill: &[(&str, &str)]) -> String {
    let has_slot = |text: &str, name: &str| {
        memchr::memchr_iter(b'{', text.as_bytes()).any(|at| text[at + 1..].strip_prefix(name).is_some_and(|rest| rest.starts_with('}')))
    };
    fill.iter().fold(text.to_owned(), |text, (name, value)| {
        // a value may be text of the article that runs over lines; a message never does
        if has_slot(&text, name) { text.replace(&format!("{{{name}}}"), &crate::source::shortened(value)) } else { text }
    })
}
