//! A finding: one problem at one span.

use crate::span::Span;

/// Weight of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub enum Severity {
    /// For the reader's information; moves no status.
    Note,
    /// Makes its check limited.
    Warning,
    /// Makes its check fail.
    Error,
}

impl Severity {
    /// The word used in files and reports.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }

    /// The severity that a word names.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "note" => Some(Self::Note),
            "warning" => Some(Self::Warning),
            "error" => Some(Self::Error),
            _ => None,
        }
    }

    /// One step lighter.
    #[must_use]
    pub const fn softened(self) -> Self {
        match self {
            Self::Error => Self::Warning,
            Self::Warning | Self::Note => Self::Note,
        }
    }
}

/// What brought a finding about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Cause {
    /// The text of the article.
    #[default]
    Author,
    /// Time passed: the same bytes were clean on an earlier day.
    Clock,
    /// The source snapshot.
    Snapshot,
}

impl Cause {
    /// The word used in reports.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Author => "author",
            Self::Clock => "clock",
            Self::Snapshot => "snapshot",
        }
    }
}

/// Another place that belongs to a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Related {
    /// The path of the other article; `None` for a place in the same one.
    pub path: Option<String>,
    /// Where it is.
    pub span: Span,
    /// Line of the place, where it lies in another article and cannot be looked up any more; 0 otherwise.
    pub line: u32,
    /// What is there.
    pub message: String,
}

/// What a finding is recognised by in another run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Anchor {
    /// The words at its span.
    #[default]
    Words,
    /// It is about the article as a whole: the place it is shown at says nothing.
    Article,
    /// These words, of a finding that is made where the text is not at hand.
    Given(String),
}

/// What would clear a finding without changing what the article says. A check writes one only where nothing is left to choose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// Full id of the rule whose finding it clears.
    pub rule: String,
    /// Where that finding is, in the text.
    pub span: Span,
    /// What it does, in words.
    pub description: String,
    /// What it writes, in the order of the text; no two overlap.
    pub edits: Vec<Edit>,
}

/// One change of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What is replaced; empty for an insertion.
    pub span: Span,
    /// What stands there instead; empty for a removal.
    pub text: String,
}

/// One problem at one span.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Full id, `check/rule`.
    pub rule: String,
    /// Its weight.
    pub severity: Severity,
    /// What is wrong here.
    pub message: String,
    /// Why the desk cares.
    pub why: String,
    /// What would clear it.
    pub help: String,
    /// Where it is, in the text.
    pub span: Span,
    /// What it is recognised by.
    pub anchor: Anchor,
    /// Other places.
    pub related: Vec<Related>,
    /// What brought it about.
    pub cause: Cause,
    /// Context operators that were seen and did not excuse it.
    pub operators: Vec<&'static str>,
}
