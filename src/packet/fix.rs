//! What would clear a finding without changing what the article says, and places counted as other programs count them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::SpanRecord;

/// What `notegate check --fix` writes to clear a finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FixRecord {
    /// What it does, in words.
    pub description: String,
    /// What it writes, in the order of the file; no two overlap.
    pub edits: Vec<EditRecord>,
}

/// One change of the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct EditRecord {
    /// Bytes of the file that are replaced; empty for an insertion.
    pub span: SpanRecord,
    /// Line, from 1.
    pub line: u32,
    /// Column in Unicode scalar values, from 1.
    pub column: u32,
    /// Line of the end.
    pub end_line: u32,
    /// Column of the end, exclusive.
    pub end_column: u32,
    /// What stands there instead; empty for a removal. In the file it is encoded as the file is.
    pub text: String,
    /// The same place as other programs count it.
    #[serde(skip)]
    #[schemars(skip)]
    pub reach: Option<Reach>,
}

/// A span as formats count that count neither bytes of the file nor characters of a line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    /// Characters of the file before its start and its end; a byte order mark is none.
    pub chars: (u32, u32),
    /// Columns of its start and its end in bytes of UTF-8, from 1; a byte order mark takes three.
    pub columns: (u32, u32),
}
