//! The zones of a document by the names that rules use, as bits.

/// The bit of the reference list, which is a place and not a zone of the document.
pub const REFERENCE_BIT: u16 = 1 << 5;

/// Zones by the names rules use.
#[must_use]
pub fn zone_named(name: &str) -> Option<u16> {
    Some(match name {
        "title" => 1,
        "heading" => 1 << 1,
        "body" => 1 << 2,
        "table" => 1 << 3,
        "quote" => 1 << 4,
        "reference" => REFERENCE_BIT,
        _ => return None,
    })
}

/// The zones of a rule that names none.
pub const DEFAULT_ZONES: u16 = 0b1_1111;
