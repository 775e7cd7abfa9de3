//! Waivers: an allowance of one rule, with a reason, for a place in an article. This room reads them and says which finding each of them
//! covers; what that means for the gate is decided later. Policy 7.3 says what no waiver may excuse.
//!
//! A waiver stands in a comment (`<!-- notegate-ignore live-price/quoted-now: … -->`, in MDX `{/* … */}`), in the front matter under
//! `notegate.ignore`, or in `lint.toml` under `[[waivers]]`. What is wrong with one is an issue of the article under `waiver/…`, and one
//! that is wrong excuses nothing.

mod comment;
mod header;
mod place;

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::document::{Document, Issue};
use crate::policy::Policy;
use crate::rulebook::{Rulebook, Waivable};
use crate::source::SourceText;
use crate::span::Span;
use crate::strict_toml::nearest_help;

/// How a waiver is written, for messages.
pub const FORM: &str = "notegate-ignore check/rule: the reason owner=who answers for it expires=YYYY-MM-DD";

/// Where a waiver stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// In a comment of the text.
    Comment,
    /// In the front matter.
    FrontMatter,
}

impl By {
    /// The word used in reports.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Comment => "comment",
            Self::FrontMatter => "front-matter",
        }
    }
}

/// An allowance of one rule in one article.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiver {
    /// Full id of the rule.
    pub rule: String,
    /// Why it may be.
    pub reason: String,
    /// Who answers for it.
    pub owner: Option<String>,
    /// The last day it holds.
    pub expires: Option<Date>,
    /// Where it stands.
    pub by: By,
    /// Its place in the text: the whole comment, or the entry of the front matter.
    pub span: Span,
    /// The bytes of the text that it speaks for; `None` for the whole article.
    pub reach: Option<Span>,
    /// What is taken out of the text with it, where it stands alone in its comment and nothing else would read otherwise.
    pub removable: Option<Span>,
}

/// The waivers of an article, and what is wrong with some of them.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// Those that hold today.
    pub waivers: Vec<Waiver>,
    /// What is wrong with others.
    pub issues: Vec<Issue>,
}

/// A waiver as written, before anybody asked whether it may be.
struct Written {
    rules: Vec<String>,
    reason: String,
    owner: Option<String>,
    expires: Option<Date>,
}

/// Reads the waivers of an article: those of its comments, then those of its front matter.
#[must_use]
pub fn read(source: &SourceText, document: &Document, rulebook: &Rulebook, policy: &Policy, as_of: Date) -> Found {
    let mut found = Found::default();
    let desk = Judge { rulebook, policy, as_of };
    comment::read(source, document, &desk, &mut found);
    header::read(document, &desk, &mut found);
    found.issues.sort_by_key(|issue| issue.span);
    found
}

/// What waivers are held against.
struct Judge<'j> {
    rulebook: &'j Rulebook,
    policy: &'j Policy,
    as_of: Date,
}

impl Judge<'_> {
    /// Adds a waiver for each rule that it may be one for; what it may not be is an issue at its place.
    fn admit(&self, written: &Written, by: By, span: Span, reach: Option<Span>, found: &mut Found) {
        for rule in &written.rules {
            if let Err((id, detail)) = permitted(self.rulebook, self.policy, rule, written.owner.is_some(), written.expires.is_some()) {
                found.issues.push(Issue::new(id, span, detail));
            } else if let Some(last) = written.expires.filter(|last| *last < self.as_of) {
                found.issues.push(Issue::new("waiver/expired", span, format!("`{rule}` ended on {last}")));
            } else {
                found.waivers.push(Waiver {
                    rule: rule.clone(),
                    reason: written.reason.clone(),
                    owner: written.owner.clone(),
                    expires: written.expires,
                    by,
                    span,
                    reach,
                    removable: None,
                });
            }
        }
    }
}

/// Whether a rule may be waived at all by somebody who names an owner or an expiry or neither. Otherwise the id of an issue, and its detail.
///
/// # Errors
/// The rule is not known, is a whole check, can never be waived, or asks for an owner and an expiry that are not there.
pub fn permitted(rulebook: &Rulebook, policy: &Policy, rule: &str, owner: bool, expires: bool) -> Result<(), (&'static str, String)> {
    if !rulebook.knows(rule) {
        let blanket = !rulebook.check(rule).claim.is_empty() || rule.contains('*') || matches!(rule, "all" | "any" | "everything" | "");
        if blanket {
            return Err(("waiver/whole-check", format!("`{rule}`")));
        }
        let known: Vec<&str> = rulebook.ids().collect();
        let nearest = nearest_help(rule, &known);
        let help = if nearest.starts_with("did you") { nearest } else { "`notegate rules` lists them".to_owned() };
        return Err(("waiver/unknown-rule", format!("`{rule}`; {help}")));
    }
    if rulebook.waivable(rule) == Waivable::Never {
        return Err(("waiver/not-waivable", format!("`{rule}`")));
    }
    let check = rule.split('/').next().unwrap_or_default();
    let missing = match (owner, expires) {
        _ if !policy.waiver_terms.owner_and_expiry.iter().any(|owned| owned == check) => return Ok(()),
        (true, true) => return Ok(()),
        (true, false) => "the day it ends",
        (false, true) => "its owner",
        (false, false) => "its owner and the day it ends",
    };
    Err(("waiver/incomplete", format!("`{rule}` does not name {missing}")))
}

/// Whether a finding may be excused by anything: a waiver, or a baseline (policy 7.3).
///
/// `error`: it is one. A rule whose severity the policy lowered is taken for what it was: to lower it opens no other door.
#[must_use]
pub fn is_excusable(rulebook: &Rulebook, policy: &Policy, rule: &str, error: bool) -> bool {
    match rulebook.waivable(rule) {
        Waivable::Always => true,
        Waivable::NotAsError => !error && !policy.severities.contains_key(rule),
        Waivable::Never => false,
    }
}

/// Days of notice: whether a waiver ends so soon that somebody should be told.
#[must_use]
pub fn ends_soon(expires: Date, policy: &Policy, as_of: Date) -> bool {
    as_of.checked_add(policy.waiver_terms.notice).is_ok_and(|soon| expires <= soon)
}

/// A day in the only form that means the same everywhere: `YYYY-MM-DD`.
#[must_use]
pub fn day(text: &str) -> Option<Date> {
    let shape = text.len() == 10 && text.bytes().enumerate().all(|(at, byte)| if matches!(at, 4 | 7) { byte == b'-' } else { byte.is_ascii_digit() });
    if shape { text.parse().ok() } else { None }
}

/// Where a waiver begins, and the furthest end of all up to it with its number.
type Reach = (u32, (u32, usize));

/// Waivers by rule and reach: which one covers a place.
#[derive(Debug, Default)]
pub struct Index {
    by_rule: BTreeMap<String, Vec<Reach>>,
    whole: BTreeMap<String, usize>,
}

impl Index {
    /// Orders waivers; they are named by their place in the list.
    #[must_use]
    pub fn new(waivers: &[Waiver]) -> Self {
        let mut index = Self::default();
        for (number, waiver) in waivers.iter().enumerate() {
            match waiver.reach {
                None => drop(index.whole.entry(waiver.rule.clone()).or_insert(number)),
                Some(reach) => index.by_rule.entry(waiver.rule.clone()).or_default().push((reach.start, (reach.end, number))),
            }
        }
        for reaches in index.by_rule.values_mut() {
            reaches.sort_by_key(|(start, (_, number))| (*start, *number));
            let mut furthest = (0, 0);
            for (_, end) in reaches {
                if end.0 > furthest.0 {
                    furthest = *end;
                }
                *end = furthest;
            }
        }
        index
    }

    /// The waiver that covers a finding of a rule which begins at a byte; one of a place before one of the whole article.
    #[must_use]
    pub fn covering(&self, rule: &str, at: u32) -> Option<usize> {
        let near = self.by_rule.get(rule).and_then(|reaches| {
            let before = reaches.partition_point(|(start, _)| *start <= at);
            let (end, number) = before.checked_sub(1).map(|last| reaches[last].1)?;
            (at < end).then_some(number)
        });
        near.or_else(|| self.whole.get(rule).copied())
    }
}
