//! What changed between two judgements: the records of a comparison, as `notegate.diff/1` and under `comparison` of a report.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Inputs, Tool};

/// Name of the format.
pub const DIFF_SCHEMA: &str = "notegate.diff/1";

/// A comparison by itself: `notegate.diff/1`.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct DiffReport {
    /// Always `notegate.diff/1`.
    pub schema: String,
    /// What made it.
    pub tool: Tool,
    /// The comparison.
    #[serde(flatten)]
    pub comparison: Comparison,
}

/// What changed between two judgements.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Comparison {
    /// The older state.
    pub before: SideRecord,
    /// The newer state.
    pub after: SideRecord,
    /// What the two were judged by that is not the same: of `author`, `clock`, `rules`, `snapshot` and `configuration`.
    pub differs: Vec<String>,
    /// How causes were found: `judged` (states in between were judged) or `digests` (of two reports only what they state is known).
    pub causes_by: String,
    /// What the verdict is made of: `changed` (what is new or worse, except what the clock alone did to an article that nobody touched) or `all`.
    pub scope: String,
    /// `pass`, `limited` or `fail`: the gate of what counts in the scope.
    pub verdict: String,
    /// Counts over all articles.
    pub summary: ChangeCounts,
    /// Every article of either state, in path order.
    pub articles: Vec<ArticleChange>,
    /// Articles of which the two states cannot be compared, and what else is to be known about the comparison.
    pub left_out: Vec<LeftOut>,
}

/// One of the two states.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SideRecord {
    /// What it was called: a revision, `the working tree`, `the index`, or a file.
    pub name: String,
    /// The full name of its commit; null where it is none.
    pub commit: Option<String>,
    /// The day it was judged by, `YYYY-MM-DD`.
    pub as_of: String,
    /// Digests of what it was judged by.
    pub inputs: Inputs,
}

/// Counts of a comparison.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ChangeCounts {
    /// Findings that were not there before.
    pub new: usize,
    /// Findings that weigh more than before, or are not excused any more.
    pub worse: usize,
    /// Findings that are gone.
    pub fixed: usize,
    /// Findings that weigh less than before, or are excused now.
    pub better: usize,
    /// Findings that stand elsewhere in their article, or whose article was renamed.
    pub moved: usize,
    /// Findings that are the same.
    pub unchanged: usize,
    /// New and worse findings that do not count, because the clock alone caused them in articles that nobody touched.
    pub clock_only: usize,
    /// New and worse findings by cause; one with two causes counts for both.
    pub causes: BTreeMap<String, usize>,
    /// Articles by their state.
    pub articles: BTreeMap<String, usize>,
}

/// What became of one article.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ArticleChange {
    /// Its path now; of a deleted article the one it had.
    pub path: String,
    /// Its path before, where that was another.
    pub before_path: Option<String>,
    /// `new`, `deleted`, `renamed`, `edited` or `untouched`.
    pub state: String,
    /// Whether it is a draft, which changes no verdict.
    pub draft: bool,
    /// Its gate before; null for a new article.
    pub before: Option<GateSide>,
    /// Its gate now; null for a deleted article.
    pub after: Option<GateSide>,
    /// How the gate changed.
    pub gate: Change,
    /// Checks whose status changed.
    pub checks: Vec<CheckChange>,
    /// Findings that are new, worse, fixed, better or moved.
    pub findings: Vec<FindingChange>,
    /// Findings that are the same.
    pub unchanged: usize,
}

/// A gate in short.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct GateSide {
    /// `pass`, `limited` or `fail`.
    pub status: String,
    /// Row of the decision table.
    pub row: u8,
    /// Index approval.
    pub index: String,
}

/// How something changed, and why.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Change {
    /// `new`, `worse`, `fixed`, `better`, `moved`, `changed` or `unchanged`.
    pub state: String,
    /// Of `author`, `clock`, `rules`, `snapshot` and `configuration`; empty where nothing changed.
    pub causes: Vec<String>,
    /// Where there are several causes: whether it took them together. Otherwise each of them was enough.
    pub together: bool,
    /// Whether the causes are known; otherwise one of them or several did it.
    pub certain: bool,
    /// Whether it counts in the verdict of the scope.
    pub counts: bool,
}

/// A check whose status changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CheckChange {
    /// Its id.
    pub id: String,
    /// The status before; null for a new article.
    pub before: Option<String>,
    /// The status now.
    pub after: Option<String>,
    /// How and why.
    pub change: Change,
}

/// A finding that changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FindingChange {
    /// Full id of the rule.
    pub rule: String,
    /// What is or was wrong.
    pub message: String,
    /// What is or was written there.
    pub excerpt: String,
    /// What it is recognised by.
    pub fingerprint: String,
    /// Where it stood before; null for a new one.
    pub before: Option<PlaceSide>,
    /// Where it stands now; null for one that is gone.
    pub after: Option<PlaceSide>,
    /// How and why.
    pub change: Change,
}

/// A finding on one side.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PlaceSide {
    /// Line, from 1.
    pub line: u32,
    /// Column, from 1.
    pub column: u32,
    /// `error`, `warning` or `note`.
    pub severity: String,
    /// What excuses it: `comment`, `front-matter`, `lint.toml` or `baseline`; null where nothing does.
    pub excused: Option<String>,
}

/// Something that was not compared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LeftOut {
    /// The article or file.
    pub path: String,
    /// Why, and what to do about it.
    pub why: String,
}

impl Change {
    /// Whether it is something that a person must look at now.
    #[must_use]
    pub fn is_news(&self) -> bool {
        matches!(self.state.as_str(), "new" | "worse")
    }
}

impl ArticleChange {
    /// Whether anything about it is not as it was.
    #[must_use]
    pub fn is_changed(&self) -> bool {
        self.state != "untouched" || self.gate.state != "unchanged" || !self.checks.is_empty() || !self.findings.is_empty()
    }
}
