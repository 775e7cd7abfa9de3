//! What reporters tell of a rule, apart from any finding.

/// A rule or message that findings of a report name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleRecord {
    /// Full id.
    pub id: String,
    /// `error`, `warning` or `note`: its severity where no policy says otherwise.
    pub severity: String,
    /// What it says; `{names}` stand for what it met.
    pub says: String,
    /// Why the desk cares.
    pub why: String,
    /// What clears it.
    pub help: String,
    /// The claim of its check; empty for rules of no check.
    pub claim: String,
}
