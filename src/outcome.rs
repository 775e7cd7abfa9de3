//! An outcome: what one check found in one article, and the status that follows from it.

use serde_json::{Map, Value};

use crate::finding::{Finding, Fix, Severity};

/// Status of an outcome, from best to worst: `pass` = `not-applicable` < `limited` < `fail` < `error` (policy 7.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// The claim holds.
    Pass,
    /// What the claim is about is absent; counts as pass.
    NotApplicable,
    /// The claim holds within a stated boundary.
    Limited,
    /// The claim is violated.
    Fail,
    /// The claim could not be judged; counts worse than fail.
    Error,
}

impl Status {
    /// The word used in reports.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::NotApplicable => "not-applicable",
            Self::Limited => "limited",
            Self::Fail => "fail",
            Self::Error => "error",
        }
    }
}

/// So many figures a check has, as a rule.
const MOST_FACTS: usize = 8;

/// What one check says about one article.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The check's id.
    pub check: &'static str,
    /// The claim it vouches for.
    pub claim: String,
    /// What it looked at, also on pass.
    pub evidence: String,
    /// Its figures.
    pub facts: Map<String, Value>,
    /// What it found.
    pub findings: Vec<Finding>,
    /// What would clear some of the findings.
    pub fixes: Vec<Fix>,
    /// The article has nothing that the claim is about.
    pub not_applicable: bool,
    /// Part of the text could not be read, or its language has no rules: at least limited, and the evidence says why.
    pub unread: Option<String>,
    /// The check itself broke down; says how.
    pub broken: Option<String>,
    /// The policy's ceiling: the worst status this check may give.
    pub at_most: Option<Status>,
}

impl Outcome {
    /// An outcome without findings.
    #[must_use]
    pub fn new(check: &'static str, claim: &str) -> Self {
        Self {
            check,
            claim: claim.to_owned(),
            evidence: String::new(),
            facts: Map::with_capacity(MOST_FACTS),
            findings: Vec::new(),
            fixes: Vec::new(),
            not_applicable: false,
            unread: None,
            broken: None,
            at_most: None,
        }
    }

    /// Adds a figure.
    pub fn fact(&mut self, name: &str, value: impl Into<Value>) {
        self.facts.insert(name.to_owned(), value.into());
    }

    /// Whether not all of the text was judged.
    #[must_use]
    pub fn is_unread(&self) -> bool {
        self.unread.is_some() || self.broken.is_some()
    }

    /// The status. It is computed from the findings and stored nowhere, so that the two cannot disagree.
    #[must_use]
    pub fn status(&self) -> Status {
        self.status_of(self.findings.iter().map(|finding| finding.severity).max())
    }

    /// The status where the worst that counts of the findings is this: what is excused counts for less than it weighs.
    #[must_use]
    pub fn status_of(&self, worst: Option<Severity>) -> Status {
        if self.broken.is_some() {
            return Status::Error;
        }
        let found = match worst {
            Some(Severity::Error) => Status::Fail,
            Some(Severity::Warning) => Status::Limited,
            Some(Severity::Note) | None => Status::Pass,
        };
        let found = if self.unread.is_some() { found.max(Status::Limited) } else { found };
        let found = self.at_most.map_or(found, |ceiling| found.min(ceiling));
        if found == Status::Pass && self.not_applicable { Status::NotApplicable } else { found }
    }
}
