//! What may be waived, as data: `[waivers]` of a rule file (policy 7.3).

use super::Rulebook;

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
