//! Recorded figures: what a test run came to, kept in a file, so that a later run can be held against it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::tally::{FileFigures, Rate, RuleTally, Tally};

/// The figures that the binary shows beside its rules; `tests/measured.rs` keeps them true.
const MEASURED: &str = include_str!("measured.toml");

/// The head of a recorded file.
const HEAD: &str = "# Written by `notegate test --record`: what the rules came to on these cases. `notegate test --against` fails where a later run\n\
                    # judges fewer of them rightly, finds fewer of what it should, or more of what it should not.\n\n";

/// Figures of one case file as they are kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Measured {
    /// The case file.
    pub path: String,
    /// All its cases.
    pub all: Tally,
    /// By family.
    pub families: BTreeMap<String, Tally>,
    /// By rule.
    #[serde(default)]
    pub rules: BTreeMap<String, RuleTally>,
}

/// A file of recorded figures.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recorded {
    /// One a case file.
    pub file: Vec<Measured>,
}

/// A recorded file that cannot be read.
#[derive(Debug, Error)]
#[error("{0}")]
pub struct RecordError(String);

/// Something that came out worse than recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Regression {
    /// The case file.
    pub path: String,
    /// The family; `all` for all of them.
    pub family: String,
    /// `accuracy`, `precision` or `recall`.
    pub figure: &'static str,
    /// As recorded.
    pub before: Rate,
    /// As it is.
    pub now: Rate,
}

impl Recorded {
    /// The figures of a run.
    #[must_use]
    pub fn of(files: &[FileFigures]) -> Self {
        let kept = |file: &FileFigures| Measured { path: file.path.clone(), all: file.all, families: file.families.clone(), rules: file.rules.clone() };
        Self { file: files.iter().map(kept).collect() }
    }

    /// As the text of a file.
    #[must_use]
    pub fn to_text(&self) -> String {
        format!("{HEAD}{}", toml::to_string(self).unwrap_or_default())
    }

    /// Reads a recorded file.
    ///
    /// # Errors
    /// It is no TOML, or holds other keys.
    pub fn read(text: &str) -> Result<Self, RecordError> {
        toml::from_str(text).map_err(|error| RecordError(error.message().to_owned()))
    }
}

/// The figures that the binary carries.
#[must_use]
pub fn measured() -> Recorded {
    Recorded::read(MEASURED).unwrap_or_default()
}

/// What came out worse than recorded. A case file or family that is recorded and was not run is no regression: nothing is known of it.
#[must_use]
pub fn regressions(before: &Recorded, files: &[FileFigures]) -> Vec<Regression> {
    let mut worse = Vec::new();
    for (old, new) in files.iter().filter_map(|new| Some((before.file.iter().find(|old| old.path == new.path)?, new))) {
        let families = old.families.iter().filter_map(|(name, tally)| Some((name.as_str(), tally, new.families.get(name)?)));
        for (family, was, is) in std::iter::once(("all", &old.all, &new.all)).chain(families) {
            for (figure, before, now) in
                [("accuracy", was.accuracy(), is.accuracy()), ("precision", was.precision(), is.precision()), ("recall", was.recall(), is.recall())]
            {
                if now.below(before) {
                    worse.push(Regression { path: new.path.clone(), family: family.to_owned(), figure, before, now });
                }
            }
        }
    }
    worse
}
