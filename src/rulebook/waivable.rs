//! What may be waived, as data: `[waivers]` of a rule file (policy 7.3).

use std::collections::BTreeSet;

use super::Rulebook;
use crate::strict_toml::Table;

/// Whether findings of a rule may be excused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waivable {
    /// They may.
    Always,
    /// Only those that are no errors.
    NotAsError,
    /// Never.
    Never,
}

/// The terms of waivers.
#[derive(Clone, Debug, Default)]
pub struct WaiverRules {
    hard_families: BTreeSet<String>,
    never: BTreeSet<String>,
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

/// Prefix of what is wrong with waivers themselves.
const OWN: &str = "waiver/";

impl Rulebook {
    /// Full ids of all rules and messages.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.rules.iter().map(|rule| rule.id.as_str()).chain(self.messages().map(|message| message.id.as_str()))
    }

    /// Whether there is a rule or message of this id.
    #[must_use]
    pub fn knows(&self, rule: &str) -> bool {
        self.message(rule).is_some() || self.rules.iter().any(|row| row.id == rule)
    }

    /// Whether findings of a rule may be excused.
    #[must_use]
    pub fn waivable(&self, rule: &str) -> Waivable {
        if rule.starts_with(OWN) || self.waivers.never.contains(rule) {
            return Waivable::Never;
        }
        let hard = |family: &String| self.waivers.hard_families.contains(family);
        let row = self.rules.iter().find(|row| row.id == rule).and_then(|row| row.family.as_ref());
        let of_message = self.message(rule).map(|message| message.families.as_slice()).unwrap_or_default();
        if row.into_iter().chain(of_message).any(hard) { Waivable::NotAsError } else { Waivable::Always }
    }
}
