//! The rows of rule files as the rest of the crate reads them.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::operator::Operator;
use crate::finding::Severity;
use crate::strict_toml::Table;

/// What a rule row says, without its patterns.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Rule {
    /// Full id, `check/rule`.
    pub id: String,
    /// The check it belongs to.
    pub check: String,
    /// The policy's family, for measuring.
    pub family: Option<String>,
    /// Its severity where the policy says nothing else.
    pub severity: Severity,
    /// Zones it may fire in, as bits.
    pub zones: u16,
    /// Operators that clear a match.
    pub excuse: Vec<Operator>,
    /// Operators that soften it by one step.
    pub soften: Vec<Operator>,
    /// What is wrong; `{match}` stands for the text.
    pub message: String,
    /// Why the desk cares.
    pub why: String,
    /// What would clear it.
    pub help: String,
    /// Sentences that must raise it.
    pub hit: Vec<String>,
    /// Sentences that must not.
    pub miss: Vec<String>,
    /// The file it stands in, and the line, for reports about rules.
    pub file: String,
}

/// A message that a check emits by id; the check fills in the `{names}`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Message {
    /// Full id, `check/rule`.
    pub id: String,
    /// Its severity where the policy says nothing else.
    pub severity: Severity,
    /// What is wrong.
    pub message: String,
    /// Why the desk cares.
    pub why: String,
    /// What would clear it.
    pub help: String,
    /// What `--fix` does about it, where it can.
    pub fix: Option<String>,
    /// The policy's families, for measuring.
    pub families: Vec<String>,
}

/// What a check's file says about the check itself.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct CheckText {
    /// The claim printed in the packet.
    pub claim: String,
    /// Why the desk cares.
    pub why: String,
    /// What is printed when nothing was found.
    pub evidence: String,
}

/// What a compiled pattern belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Owner {
    Rule(usize),
    Facet(usize),
}

/// A named set of patterns that code asks about: it raises nothing by itself.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Facet {
    /// `check/name`.
    pub name: String,
    /// Looked for only when its check asks.
    pub on_demand: bool,
    /// Zones it is looked for in, as bits.
    pub zones: u16,
    /// Operators that clear a match.
    pub excuse: Vec<Operator>,
    /// Sentences that must show it.
    pub hit: Vec<String>,
    /// Sentences that must not.
    pub miss: Vec<String>,
}

/// The terms of waivers.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct WaiverRules {
    pub(super) hard_families: BTreeSet<String>,
    pub(super) never: BTreeSet<String>,
    /// Checks whose waivers must name an owner and an expiry.
    pub owner_and_expiry: Vec<String>,
    /// How long before its end a waiver is told, as a duration.
    pub notice: String,
}

impl WaiverRules {
    /// Adds the table of a rule file. What nobody may excuse stays so.
    pub(super) fn add(&mut self, table: &Table) {
        let texts = |key: &str| table.texts(key).unwrap_or_default().into_iter().map(|text| text.value).collect::<Vec<_>>();
        self.hard_families.extend(texts("hard-families"));
        self.never.extend(texts("never"));
        let owned = texts("owner-and-expiry");
        if !owned.is_empty() {
            self.owner_and_expiry = owned;
        }
        if let Some(notice) = table.text("notice") {
            if crate::date::duration(&notice.value).is_none() {
                table.problem(notice.span, format!("`{}` is no duration", notice.value), Some("write `14 days` or `1 month`".to_owned()));
            } else {
                self.notice = notice.value;
            }
        }
        table.finish();
    }

    /// Rules that nobody may excuse.
    pub fn never(&self) -> impl Iterator<Item = &str> {
        self.never.iter().map(String::as_str)
    }
}
