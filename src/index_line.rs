//! The line that `index --write` puts into an article's header, and how it is known again.
//!
//! It is always the first line of the header, where neither YAML nor TOML can take it for a part of something else. Being notegate's own, it
//! is no part of the content that is judged: writing it voids no sign-off, and it cannot approve its own article.

use std::borrow::Cow;
use std::ops::Range;

/// The key.
pub const KEY: &str = "notegate_index";
/// What may be written there, those that let a page be indexed first.
const DECISIONS: [&str; 6] = ["approved", "approved-with-limits", "held", "blocked", "withheld", "unverified"];
/// How many of them do.
const APPROVING: usize = 2;

/// The line as it stands in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndexLine<'t> {
    /// Its bytes, line end included.
    pub range: Range<usize>,
    /// The decision it states.
    pub decision: &'t str,
}

impl IndexLine<'_> {
    /// Whether it lets the page be indexed.
    #[must_use]
    pub fn is_approving(&self) -> bool {
        DECISIONS[..APPROVING].contains(&self.decision)
    }
}

/// The fence that opens a header of YAML or TOML, and the byte behind its line.
fn opening(text: &str) -> Option<(&'static str, usize)> {
    let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let line = text[start..].split_inclusive('\n').next()?;
    let fence = ["---", "+++"].into_iter().find(|fence| line.trim_end() == *fence && line.ends_with('\n'))?;
    Some((fence, start + line.len()))
}

fn line_of(fence: &str, decision: &str) -> String {
    if fence == "+++" { format!("{KEY} = \"{decision}\"") } else { format!("{KEY}: {decision}") }
}

/// Finds the line in the text of a file.
#[must_use]
pub fn find(text: &str) -> Option<IndexLine<'_>> {
    let (fence, start) = opening(text)?;
    let line = text[start..].split_inclusive('\n').next()?;
    let written = line.strip_suffix('\n').map(|line| line.strip_suffix('\r').unwrap_or(line)).filter(|line| line.starts_with(KEY))?;
    let decision = DECISIONS.into_iter().find(|decision| line_of(fence, decision) == written)?;
    Some(IndexLine { range: start..start + line.len(), decision })
}

/// The text without the line.
#[must_use]
pub fn without(text: &str) -> Cow<'_, str> {
    find(text).map_or(Cow::Borrowed(text), |line| Cow::Owned(format!("{}{}", &text[..line.range.start], &text[line.range.end..])))
}

/// The text with the line as it should be; `None` where there is no header of YAML or TOML, or nothing of the kind can be decided.
#[must_use]
pub fn with(text: &str, decision: &str) -> Option<String> {
    let decision = DECISIONS.into_iter().find(|known| *known == decision)?;
    let (fence, start) = opening(text)?;
    let behind = find(text).map_or(start, |line| line.range.end);
    let end = if text[..start].ends_with("\r\n") { "\r\n" } else { "\n" };
    Some(format!("{}{}{end}{}", &text[..start], line_of(fence, decision), &text[behind..]))
}

/// The same text with every other state of the line: without it, and with each decision.
pub fn others(text: &str) -> impl Iterator<Item = String> {
    let plain = find(text).map(|_| without(text).into_owned());
    plain.into_iter().chain(DECISIONS.into_iter().filter_map(|decision| with(text, decision)).filter(move |other| other != text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writing_is_undone_by_leaving_out() {
        for text in ["---\ntitle: A # kept\n---\nBody.\n", "\u{feff}---\r\ntitle: A\r\n---\r\nBody.\r\n", "+++\ntitle = \"A\"\n+++\nBody.\n", "---\n---\n"] {
            for decision in DECISIONS {
                let written = with(text, decision).unwrap();
                assert_eq!(find(&written).unwrap().decision, decision);
                assert_eq!(without(&written), text);
                assert_eq!(with(&written, decision).as_ref(), Some(&written), "twice is once");
                assert_eq!(with(&written, "held"), with(text, "held"));
                assert!(others(&written).any(|other| other == text) && others(text).any(|other| other == written));
            }
        }
    }

    #[test]
    fn nothing_else_is_taken_for_it() {
        for text in [
            "Body.\n",
            "--- \ntitle: A\nnotegate_index: held\n---\n",
            "---\nnotegate_index: hold\n---\n",
            "---\n notegate_index: held\n---\n",
            "---\nnotegate_index: held # by us\n---\n",
            "---",
            "",
        ] {
            assert_eq!(find(text), None, "{text:?}");
            assert_eq!(without(text), text);
        }
        assert_eq!(with("Body.\n", "held"), None);
        assert_eq!(with("---\n---\n", "fine"), None);
    }
}
