//! Texts of the header that a site shows beside the title and description: a summary in a list of posts, the caption of the picture above, what is
//! shared. Which keys they stand under is data (`rules/document.toml`).

use std::borrow::Cow;

use super::front_matter::{Node, Value, is_plain, plain_key};
use crate::span::Span;

/// Keys whose text is shown, and keys below which none is.
#[derive(Clone, Copy, Debug)]
pub struct ShownKeys<'k> {
    /// Key paths parted by points; one that begins with `*.` stands anywhere.
    pub keys: &'k [String],
    /// Names of tables and lists whose texts are somebody else's words: titles of sources.
    pub not_below: &'k [String],
}

/// The texts, in the order of the file, each once.
pub(super) fn texts(root: &Node, shown: ShownKeys) -> Vec<(String, Span)> {
    let mut found: Vec<(String, Span)> = Vec::new();
    // what is left to look at: its path, and whether it stands below a key of somebody else's words
    let mut left = vec![(root, Cow::Borrowed(""), false)];
    while let Some((node, path, foreign)) = left.pop() {
        match &node.value {
            Value::Table(entries) => {
                for entry in entries.iter().filter(|entry| !matches!(entry.node.value, Value::Null | Value::Bool(_) | Value::Number(..))) {
                    let name = plain_key(&entry.key);
                    let foreign = foreign || shown.not_below.iter().any(|key| is_plain(key, &name));
                    left.push((&entry.node, if path.is_empty() { name } else { Cow::Owned(format!("{path}.{name}")) }, foreign));
                }
            }
            Value::List(items) => left.extend(items.iter().map(|item| (item, path.clone(), foreign))),
            Value::Text(_) => {
                let last = path.rsplit('.').next().unwrap_or_default();
                let is_shown = shown.keys.iter().any(|key| match key.strip_prefix("*.") {
                    Some(name) => !foreign && is_plain(name, last),
                    None => is_plain(key, &path),
                });
                if is_shown && let Some(text) = node.text() {
                    found.push((text, node.span));
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(..) => {}
        }
    }
    found.sort_by_key(|(_, span)| (span.start, span.end));
    let mut met = std::collections::HashSet::new();
    found.retain(|(text, _)| met.insert(text.clone()));
    found
}
