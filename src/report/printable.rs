//! Text of articles made safe to print: control, escape and bidirectional characters are shown, not obeyed.

pub use crate::panel::text::is_unsafe;

/// The text with each such character as `\u{…}`.
#[must_use]
pub fn printable(text: &str) -> String {
    if !text.contains(is_unsafe) {
        return text.to_owned();
    }
    text.chars().fold(String::with_capacity(text.len()), |mut out, c| {
        if is_unsafe(c) {
            out.push_str(&format!("\\u{{{:x}}}", u32::from(c)))
        } else {
            out.push(c)
        }
        out
    })
}

/// The same on one line.
#[must_use]
pub fn one_line(text: &str) -> String {
    printable(text).replace(['\n', '\t'], " ")
}
