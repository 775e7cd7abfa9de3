//! `notegate.report/1`: the packets as they are.

use super::printable::is_unsafe;
use crate::packet::Report;

/// Writes the report, indented, with a line feed at the end.
pub(super) fn render(report: &Report) -> String {
    // the types hold no map with other keys than text, so writing them cannot fail
    let text = serde_json::to_string_pretty(report).unwrap_or_default();
    if !text.contains(|c: char| c != '\n' && is_unsafe(c)) {
        return text + "\n";
    }
    let mut out = String::with_capacity(text.len() + 1);
    for c in text.chars() {
        // such characters can only stand inside strings, where the escape means the same
        if c != '\n' && is_unsafe(c) {
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                out.push_str(&format!("\\u{unit:04x}"));
            }
        } else {
            out.push(c);
        }
    }
    out.push('\n');
    out
}

/// The JSON Schema of the report, made from the types.
#[must_use]
pub fn schema() -> String {
    let schema = schemars::schema_for!(Report);
    let mut text = serde_json::to_string_pretty(&schema).unwrap_or_default();
    text.push('\n');
    text
}
