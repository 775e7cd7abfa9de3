//! Pieces that the evidence of a claim is put together of.

/// A piece of the evidence of a claim, as rule files state it (`[[panel]]`).
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Part {
    /// Its [`form`](super::form); slots are named after facts of the check.
    pub text: String,
    /// Shown only where this fact is there and not zero, false or empty.
    pub when: Option<String>,
    /// Shown only where it is not.
    pub unless: Option<String>,
}

/// Parts the pieces of a cell that is put together of several.
pub const PIECES: &str = "; ";
