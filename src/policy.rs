//! The policy as resolved: what checks and the gate are given. `config` produces it; nothing here knows where a value came from.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex};

use aho_corasick::{AhoCorasick, AhoCorasickKind};

use crate::date;
use crate::document::PageOptions;
use crate::document::fold::{Hashed, fold_hash};
use crate::document::roles::RoleTable;
use crate::finding::Severity;
use crate::header_schema::Demand;
use crate::outcome::Status;
use crate::strict_toml::Param;

/// Parameters of the checks: check id → name → value.
pub type Params = BTreeMap<String, BTreeMap<String, Param>>;

/// The same, laid out for looking up: every article asks for a hundred of them.
#[derive(Clone, Debug, Default)]
pub struct Parameters {
    /// By the hash of check and name; the few of one hash together.
    all: HashMap<u64, Vec<Named>, Hashed>,
}

/// A parameter with its names.
#[derive(Clone, Debug)]
struct Named {
    check: String,
    name: String,
    value: Param,
}

/// Hash of a check and a name.
fn hash_of(check: &str, name: &str) -> u64 {
    fold_hash(check).rotate_left(23) ^ fold_hash(name)
}

impl Parameters {
    /// These.
    #[must_use]
    pub fn of(params: &Params) -> Self {
        let mut all = Self::default();
        for (check, each) in params {
            each.iter().for_each(|(name, value)| all.set(check, name, value.clone()));
        }
        all
    }

    /// Sets one.
    pub fn set(&mut self, check: &str, name: &str, value: Param) {
        let same = self.all.entry(hash_of(check, name)).or_default();
        match same.iter_mut().find(|named| named.name == name && named.check == check) {
            Some(named) => named.value = value,
            None => same.push(Named { check: check.to_owned(), name: name.to_owned(), value }),
        }
    }

    /// One of a check, where it is set.
    #[must_use]
    pub fn get(&self, check: &str, name: &str) -> Option<&Param> {
        let same = self.all.get(&hash_of(check, name))?;
        same.iter().find(|named| named.name == name && named.check == check).map(|named| &named.value)
    }
}

/// The policy for one article.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    /// Language of articles that do not say theirs.
    pub language: Option<String>,
    /// Content class of articles that do not say theirs (policy 3.4).
    pub class: Option<String>,
    /// The machine reviewer's name in the gate.
    pub reviewer: String,
    /// Front-matter roles that the site shows to readers.
    pub renders: Vec<String>,
    /// Attributes of JSX whose text readers read.
    pub jsx_prose_attributes: Vec<String>,
    /// Front-matter keys of each role.
    pub roles: RoleTable,
    /// Where pages of HTML hold their article.
    pub page: PageOptions,
    /// Classes whose articles need a person's sign-off.
    pub require_sign_off: Vec<String>,
    /// Parameters of the checks.
    pub params: Parameters,
    /// The worst status a check may give.
    pub at_most: BTreeMap<String, Status>,
    /// What waivers must say.
    pub waiver_terms: WaiverTerms,
    /// The waivers of `lint.toml` for the article.
    pub waivers: Vec<PolicyWaiver>,
    /// What the header must hold.
    pub front_matter: Vec<Arc<Demand>>,
    /// Severity of single rules, by full id; `None` switches a rule off.
    pub severities: BTreeMap<String, Option<Severity>>,
    /// Automata over lists of parameters, built when first asked for.
    pub matchers: Matchers,
}

/// What waivers must say.
#[derive(Clone, Debug, Default)]
pub struct WaiverTerms {
    /// Checks whose waivers must name an owner and an expiry.
    pub owner_and_expiry: Vec<String>,
    /// How long before its end a waiver is told.
    pub notice: jiff::Span,
}

/// A waiver of `lint.toml`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyWaiver {
    /// Full id of the rule.
    pub rule: String,
    /// Why it may be.
    pub reason: String,
    /// Who answers for it.
    pub owner: Option<String>,
    /// The last day it holds.
    pub expires: Option<jiff::civil::Date>,
    /// The file that says it, where it is one that `lint.toml` extends: its path from there.
    pub file: Option<String>,
    /// Its line in the file, from 1.
    pub line: u32,
}

/// Automata by check and list.
type Built = BTreeMap<(&'static str, &'static str), Arc<AhoCorasick>>;

/// Automata over lists of parameters, each built once in a run and shared by all articles of the policy.
#[derive(Clone, Debug, Default)]
pub struct Matchers(Arc<Mutex<Built>>);

impl Policy {
    fn param(&self, check: &str, name: &str) -> Option<&Param> {
        self.params.get(check, name)
    }

    /// A number; `otherwise` where it is not set.
    #[must_use]
    pub fn number(&self, check: &str, name: &str, otherwise: f64) -> f64 {
        if let Some(Param::Number(number)) = self.param(check, name) { *number } else { otherwise }
    }

    /// A count; `otherwise` where it is not set or negative.
    #[must_use]
    pub fn count(&self, check: &str, name: &str, otherwise: u32) -> u32 {
        self.number(check, name, f64::from(otherwise)).clamp(0.0, f64::from(u32::MAX)) as u32
    }

    /// A truth value; false where it is not set.
    #[must_use]
    pub fn truth(&self, check: &str, name: &str) -> bool {
        matches!(self.param(check, name), Some(Param::Truth(true)))
    }

    /// A list of texts; empty where it is not set.
    #[must_use]
    pub fn list(&self, check: &str, name: &str) -> &[String] {
        if let Some(Param::List(list)) = self.param(check, name) { list } else { &[] }
    }

    /// An automaton over a list of texts, upper and lower case alike.
    #[must_use]
    pub fn matcher(&self, check: &'static str, name: &'static str) -> Arc<AhoCorasick> {
        let mut built = self.matchers.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let automaton = built.entry((check, name)).or_insert_with(|| {
            let list = self.list(check, name);
            // addresses and labels are short: a table of all states would take longer to build than it could spare
            let automaton = AhoCorasick::builder().ascii_case_insensitive(true).kind(Some(AhoCorasickKind::ContiguousNFA)).build(list);
            Arc::new(automaton.unwrap_or_else(|_| AhoCorasick::builder().build([""; 0]).unwrap_or_else(|_| unreachable!("an automaton of no texts"))))
        });
        Arc::clone(automaton)
    }

    /// A duration.
    #[must_use]
    pub fn duration(&self, check: &str, name: &str) -> Option<jiff::Span> {
        if let Some(Param::Text(text)) = self.param(check, name) { date::duration(text) } else { None }
    }

    /// The severity of a rule under this policy; `None` where it is switched off.
    #[must_use]
    pub fn severity(&self, rule: &str, default: Severity) -> Option<Severity> {
        self.severities.get(rule).copied().unwrap_or(Some(default))
    }
}
