//! Labelled sentences, and how well the rules judge them: the rules' own hit and miss sentences, and the case files of a
//! repository (docs/case-files.md).
//!
//! A case is one short text with a label: must be found, must be found and no more than limited, must be left alone. Each is
//! judged as an article of its own, so that no case changes another.

mod file;
mod judge;
mod own;
mod record;
pub mod sentence;
mod tally;

pub use file::{CaseFile, CaseFileError, Labelled, Mark, Whole};
pub use judge::{Bench, Families, Judged, judge};
pub use own::{Broken, own_sentences};
pub use record::{Measured, RecordError, Recorded, Regression, measured, regressions};
pub use tally::{FileFigures, Missed, Rate, RuleTally, Tally, TestReport, figures};

/// Name of the JSON format of a test run.
pub const TEST_SCHEMA: &str = "notegate.test/1";
