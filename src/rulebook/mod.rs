//! The rulebook: `rules/*.toml`, and a repository's own rule files, compiled. Knows the document and nothing above it.

pub mod anchor;
pub mod context;
mod embedded;
mod file;
#[cfg(test)]
mod learnt;
pub mod lexicon;
mod likeness;
mod load;
mod machine;
pub mod matcher;
mod operator;
pub mod pattern;
mod rows;
pub mod view;
mod vocabulary;
mod waivable;
mod weights;
mod zones;

use std::collections::BTreeMap;

use context::{Cues, Operator, Surroundings};
pub use embedded::Embedded;
pub use file::{RuleFileError, SourceFile};
use lexicon::{Lexicons, Vocabulary, WordId};
pub use likeness::{Likeness, Subject, Wordings};
pub use load::Case;
use matcher::{Match, Patterns, REFERENCE_BIT, Search, View, zone_bit};
use rows::Owner;
pub use rows::{CheckText, Facet, Message, Rule, WaiverRules};
use view::Words;
pub use waivable::Waivable;

use crate::document::Document;
use crate::finding::Severity;
use crate::panel::Part;
use crate::policy::Params;

/// A rule that matched and was not excused.
#[derive(Clone, Debug)]
pub struct RuleHit {
    /// Index of the rule.
    pub rule: usize,
    /// Where, in tokens.
    pub hit: Match,
    /// Index of the sentence.
    pub sentence: usize,
    /// Its severity after softening.
    pub severity: Severity,
    /// Operators that were seen around it and did not excuse it.
    pub operators: Vec<&'static str>,
    /// The rule is excused by a citation, and one stands in the sentence: kept, so that coverage can be counted.
    pub cited: bool,
}

/// A facet that matched.
#[derive(Clone, Copy, Debug)]
pub struct FacetHit {
    /// Index of the facet.
    pub facet: usize,
    /// Where, in tokens.
    pub hit: Match,
    /// Index of the sentence.
    pub sentence: usize,
}

/// Everything one pass over a document found.
#[derive(Debug, Default)]
pub struct Scan {
    /// Rules, in reading order.
    pub rules: Vec<RuleHit>,
    /// Facets, in reading order.
    pub facets: Vec<FacetHit>,
    /// The number of the word of each token, for code that asks about lexicons.
    pub words: Vec<WordId>,
}

/// The check that counts what is cited: of its rules also the excused matches are kept.
const COUNTS_CITATIONS: &str = "source-transparency";

/// Checks whose triggers are verbs and nouns of trade: in a compound ("buy time", "hold a meeting") they mean something else.
const COMPOUND_CHECKS: &[&str] = &["live-price", "personalized-advice", "ymyl-boundary", "affiliate-disclosure"];

/// All rules, compiled.
#[derive(Debug, Default)]
pub struct Rulebook {
    vocabulary: Vocabulary,
    lexicons: Lexicons,
    cues: Cues,
    /// Rule rows.
    pub rules: Vec<Rule>,
    /// Facets.
    pub facets: Vec<Facet>,
    facet_numbers: BTreeMap<String, usize>,
    messages: BTreeMap<String, Message>,
    checks: BTreeMap<String, CheckText>,
    panels: BTreeMap<String, Vec<Part>>,
    /// Parameters as the rule files set them.
    pub params: Params,
    /// What may be waived, and on which terms.
    pub waivers: WaiverRules,
    patterns: Patterns<Owner>,
    /// Patterns of facets on demand, apart from the others.
    asked: Patterns<Owner>,
    contrast: Vec<bool>,
    percent: Vec<WordId>,
    currency_words: Vec<bool>,
    /// SHA-256 over the names and bytes of all rule files, in lower-case hexadecimal.
    pub digest: String,
}

impl Rulebook {
    /// What a check's file says about it.
    #[must_use]
    pub fn check(&self, id: &str) -> &CheckText {
        static NOTHING: CheckText = CheckText { claim: String::new(), why: String::new(), evidence: String::new() };
        self.checks.get(id).unwrap_or(&NOTHING)
    }

    /// What panels show as the evidence of a check.
    #[must_use]
    pub fn panel(&self, id: &str) -> &[Part] {
        self.panels.get(id).map_or(&[], Vec::as_slice)
    }

    /// A message by its full id.
    #[must_use]
    pub fn message(&self, id: &str) -> Option<&Message> {
        self.messages.get(id)
    }

    /// Whether an issue says that something could not be read: no policy makes less of that.
    #[must_use]
    pub fn is_fixed(&self, id: &str) -> bool {
        let of_reading = ["source/", "front-matter/", "snapshot/"].iter().any(|prefix| id.starts_with(prefix));
        of_reading && self.message(id).is_some_and(|message| message.severity == Severity::Error)
    }

    /// All messages, by id.
    pub fn messages(&self) -> impl Iterator<Item = &Message> {
        self.messages.values()
    }

    /// All lexicons.
    #[must_use]
    pub fn lexicons(&self) -> &Lexicons {
        &self.lexicons
    }

    /// Whether a word is an entry of a lexicon.
    #[must_use]
    pub fn is_in(&self, lexicon: &str, word: WordId) -> bool {
        word != 0 && self.lexicons.id(lexicon).is_some_and(|id| self.lexicons.is_entry(id, lexicon::form::ANY, word))
    }

    /// The tokens of a document as rules see them.
    pub fn view<'d>(&'d self, document: &'d Document, currency: &'d dyn Fn(WordId) -> bool) -> View<'d> {
        let Self { vocabulary, lexicons, contrast, percent, cues, .. } = self;
        View::new(document, Words { vocabulary, lexicons, contrast, percent, cues }, currency)
    }

    /// Whether a word is a currency word or code.
    #[must_use]
    pub fn is_currency(&self, word: WordId) -> bool {
        self.currency_words.get(word as usize).copied().unwrap_or(false)
    }

    /// The surroundings of a sentence, for checks that judge claims of their own.
    #[must_use]
    pub fn surroundings<'v, 'd>(&'v self, view: &'v View<'d>, sentence: usize) -> Surroundings<'v, 'd> {
        Surroundings::new(view, &self.lexicons, &self.cues, sentence)
    }

    /// The index of a facet.
    #[must_use]
    pub fn facet(&self, name: &str) -> Option<usize> {
        self.facet_numbers.get(name).copied()
    }

    /// One pass over a document: every rule and facet that matches, excuses considered.
    #[must_use]
    pub fn scan(&self, view: &View) -> Scan {
        self.pass(view, &self.patterns, &|_| true)
    }

    /// The facets on demand of one check: a pass of its own, made when the check needs it.
    #[must_use]
    pub fn ask(&self, view: &View, check: &str) -> Scan {
        let prefix = format!("{check}/");
        self.pass(view, &self.asked, &|facet| self.facets[facet].name.starts_with(&prefix))
    }

    fn pass(&self, view: &View, patterns: &Patterns<Owner>, wanted: &dyn Fn(usize) -> bool) -> Scan {
        let document = view.document;
        let mut scan = Scan::default();
        let mut raw: Vec<(Owner, Match)> = Vec::new();
        let mut search = Search::new(patterns);
        for (number, sentence) in document.tokens.sentences.iter().enumerate() {
            let Some(block) = document.block(sentence.block) else { continue };
            let zone = if block.entry { REFERENCE_BIT } else { zone_bit(block.zone) };
            raw.clear();
            search.sentence(view, patterns, number, |_, owner, hit| {
                let asked = !matches!(owner, Owner::Facet(facet) if !wanted(facet));
                if asked && self.zones_of(owner) & zone != 0 {
                    raw.push((owner, hit));
                }
            });
            if !raw.is_empty() {
                self.judge(view, number, &mut raw, &mut scan);
            }
        }
        scan
    }

    fn zones_of(&self, owner: Owner) -> u16 {
        match owner {
            Owner::Rule(i) => self.rules[i].zones,
            Owner::Facet(i) => self.facets[i].zones,
        }
    }

    /// Lets the operators speak about the raw matches of one sentence; of overlapping ones of one rule the first and longest stays.
    fn judge(&self, view: &View, number: usize, raw: &mut [(Owner, Match)], scan: &mut Scan) {
        let key = |owner: &Owner| match owner {
            Owner::Rule(i) => (0, *i),
            Owner::Facet(i) => (1, *i),
        };
        raw.sort_by_key(|(owner, hit)| (key(owner), hit.from, std::cmp::Reverse(hit.to), hit.start, hit.end));
        let mut surroundings = None;
        let mut last: Option<(Owner, u32)> = None;
        for (owner, hit) in raw.iter() {
            if last.is_some_and(|(before, end)| before == *owner && hit.from < end) {
                continue;
            }
            let kept = match *owner {
                Owner::Facet(facet) => {
                    let excuse = &self.facets[facet].excuse;
                    let clear = !excuse.is_empty() && {
                        let around = surroundings.get_or_insert_with(|| self.surroundings(view, number));
                        excuse.iter().any(|operator| around.ask(*operator, hit))
                    };
                    if !clear {
                        scan.facets.push(FacetHit { facet, hit: *hit, sentence: number });
                    }
                    !clear
                }
                Owner::Rule(rule) => {
                    let around = surroundings.get_or_insert_with(|| self.surroundings(view, number));
                    let verdict = self.verdict(rule, hit, around);
                    let kept = verdict.is_some();
                    if let Some((severity, operators)) = verdict {
                        let cited = self.rules[rule].excuse.contains(&Operator::Cited) && around.is_cited();
                        scan.rules.push(RuleHit { rule, hit: *hit, sentence: number, severity, operators, cited });
                    }
                    kept
                }
            };
            if kept {
                last = Some((*owner, hit.to));
            }
        }
    }

    /// Severity and unavailing operators of a match; `None` where an operator excuses it.
    fn verdict(&self, rule: usize, hit: &Match, around: &Surroundings) -> Option<(Severity, Vec<&'static str>)> {
        let rule = &self.rules[rule];
        let may_be_compound = COMPOUND_CHECKS.contains(&rule.check.as_str());
        if (may_be_compound && around.in_compound(hit)) || rule.excuse.iter().any(|operator| *operator != Operator::Cited && around.ask(*operator, hit)) {
            return None;
        }
        // a citation excuses everywhere; only the check that counts them wants to know of what they stand by
        if rule.check != COUNTS_CITATIONS && rule.excuse.contains(&Operator::Cited) && around.is_cited() {
            return None;
        }
        let mut severity = rule.severity;
        let mut seen = Vec::new();
        for (operator, name) in Operator::ALL {
            if rule.soften.contains(operator) {
                if around.ask(*operator, hit) {
                    severity = severity.softened();
                    seen.push(*name);
                }
            } else if !rule.excuse.contains(operator) && *operator != Operator::Cited && around.ask(*operator, hit) {
                seen.push(*name);
            }
        }
        Some((severity, seen))
    }
}
