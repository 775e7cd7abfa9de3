//! Front matter: the delimited header of an article, read with byte spans. Meaning (which key is which role) is in `roles`.

mod lines;
mod simple;

use std::borrow::Cow;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::Spanned;
use toml::de::{DeTable, DeValue};

use super::Issue;
use crate::span::{Span, offset};

/// A value with the bytes it was written in (quotation marks included).
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// The value.
    pub value: Value,
    /// Where it stands in the file.
    pub span: Span,
}

/// The values front matter can hold.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `null`, `~` or nothing.
    Null,
    /// A truth value.
    Bool(bool),
    /// A number, also as it was written (`1.10` stays `1.10`).
    Number(f64, String),
    /// Text. Dates are text here: `date` reads them.
    Text(String),
    /// A list.
    List(Vec<Node>),
    /// A table.
    Table(Vec<Entry>),
}

/// A key of a table with its value.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The key as written, without quotation marks.
    pub key: String,
    /// Where the key stands.
    pub key_span: Span,
    /// Its value.
    pub node: Node,
}

impl Node {
    /// The value of a scalar as text; `None` for nothing, lists and tables.
    #[must_use]
    pub fn text(&self) -> Option<String> {
        match &self.value {
            Value::Text(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
            Value::Number(_, written) => Some(written.clone()),
            Value::Bool(yes) => Some(yes.to_string()),
            Value::Null | Value::List(_) | Value::Table(_) => None,
        }
    }

    /// The entries of a table; empty for anything else.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        if let Value::Table(entries) = &self.value { entries } else { &[] }
    }

    /// The items of a list; empty for anything else.
    #[must_use]
    pub fn items(&self) -> &[Node] {
        if let Value::List(items) = &self.value { items } else { &[] }
    }

    /// The value under a key, compared without case, hyphens and underscores.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Node> {
        let wanted = plain_key(key);
        self.entries().iter().find(|entry| is_plain(&entry.key, &wanted)).map(|entry| &entry.node)
    }

    /// The value under a path of keys parted by points.
    #[must_use]
    pub fn path(&self, path: &str) -> Option<&Node> {
        path.split('.').try_fold(self, |node, key| node.get(key))
    }

    /// Whether there is nothing in it: null, empty text, an empty list or table.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        match &self.value {
            Value::Null => true,
            Value::Text(text) => text.trim().is_empty(),
            Value::List(items) => items.is_empty(),
            Value::Table(entries) => entries.is_empty(),
            Value::Bool(_) | Value::Number(..) => false,
        }
    }
}

/// A key without case, hyphens and underscores: `lastReviewed` = `last_reviewed` = `last-reviewed`.
#[must_use]
pub fn plain_key(key: &str) -> Cow<'_, str> {
    if key.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()) {
        return Cow::Borrowed(key);
    }
    let mut plain = String::with_capacity(key.len());
    plain.extend(key.chars().filter(|c| !matches!(c, '-' | '_')).flat_map(char::to_lowercase));
    Cow::Owned(plain)
}

/// Whether a key as it is written is a plain one. It is not made plain first: that, of all keys that are asked for, would cost more than most
/// headers.
#[inline(always)]
pub(super) fn is_plain(key: &str, plain: &str) -> bool {
    // nearly all keys are told apart by their first letter
    let (first, wanted) = (key.as_bytes().first().copied().unwrap_or_default(), plain.as_bytes().first().copied().unwrap_or_default());
    if first.is_ascii_alphanumeric() && first.to_ascii_lowercase() != wanted {
        return false;
    }
    same_letters(key, plain)
}

fn same_letters(key: &str, plain: &str) -> bool {
    if !key.is_ascii() {
        return plain_key(key) == plain;
    }
    let mut left = plain.bytes();
    key.bytes().filter(|byte| !matches!(byte, b'-' | b'_')).all(|byte| left.next() == Some(byte.to_ascii_lowercase())) && left.next().is_none()
}

/// The header of an article.
#[derive(Debug, Default)]
pub struct FrontMatter {
    /// Its table; `None` where there is no header, or one that could not be read.
    pub root: Option<Node>,
    /// The header with its fences; empty where there is none.
    pub span: Span,
}

/// Splits a header off the text and reads it. Returns it with the byte offset at which the body begins.
pub(super) fn read(text: &str, start: usize, issues: &mut Vec<Issue>) -> (FrontMatter, usize) {
    let none = (FrontMatter::default(), start);
    if text[start..].starts_with('{') {
        return json(text, start, issues).unwrap_or(none);
    }
    let fence = if text[start..].starts_with("+++") { "+++" } else { "---" };
    let Some(open_end) = fence_line(text, start, fence) else { return none };
    let mut at = open_end;
    while at < text.len() {
        let line_end = memchr::memchr(b'\n', &text.as_bytes()[at..]).map_or(text.len(), |i| at + i + 1);
        let line = text[at..line_end].trim_end();
        if line == fence || (line == "..." && fence == "---") {
            let span = Span::of(start..line_end);
            let root = if fence == "+++" { toml(text, open_end..at, issues) } else { parse_yaml(text, open_end..at, issues) };
            return (FrontMatter { root, span }, line_end);
        }
        at = line_end;
    }
    // A thematic break at the top of a page looks the same; a header has a key on its first line.
    let first = text[open_end..].lines().next().unwrap_or_default();
    let looks_like_key = fence == "+++" || first.split_once(':').is_some_and(|(key, _)| !key.is_empty() && !key.contains(' '));
    if looks_like_key {
        let span = Span::of(start..open_end);
        issues.push(Issue::new("front-matter/unclosed", span, format!("the header opens with `{fence}` and is never closed")));
    }
    none
}

/// A header in JSON: the object the file begins with, if the line behind it is empty or the end.
fn json(text: &str, start: usize, issues: &mut Vec<Issue>) -> Option<(FrontMatter, usize)> {
    let mut values = serde_json::Deserializer::from_str(&text[start..]).into_iter::<serde::de::IgnoredAny>();
    let end = match values.next()? {
        Ok(_) => start + values.byte_offset(),
        Err(error) => {
            // a page that begins with a template brace is no header; one with a quoted key is
            let is_header = text[start + 1..].trim_start().starts_with('"');
            if is_header {
                let line_end = text[start..].find(['\n', '\r']).map_or(text.len(), |i| start + i);
                issues.push(Issue::new("front-matter/unreadable", Span::of(start..line_end), format!("{error}")));
            }
            return None;
        }
    };
    let line_end = memchr::memchr(b'\n', &text.as_bytes()[end..]).map_or(text.len(), |i| end + i + 1);
    if !text[end..line_end].trim().is_empty() {
        return None;
    }
    let root = parse_yaml(text, start..end, issues);
    Some((FrontMatter { root, span: Span::of(start..end) }, line_end))
}

/// Reads TOML in `text[range]`; every problem is an issue.
fn toml(text: &str, range: std::ops::Range<usize>, issues: &mut Vec<Issue>) -> Option<Node> {
    let base = range.start;
    let (table, errors) = DeTable::parse_recoverable(&text[range]);
    for error in &errors {
        let span = error.span().unwrap_or(0..0);
        let id = if error.message().contains("duplicate") { "front-matter/duplicate-key" } else { "front-matter/unreadable" };
        issues.push(Issue::new(id, Span::of(base + span.start..base + span.end), error.message().to_owned()));
    }
    let span = table.span();
    errors.is_empty().then(|| Node { value: toml_table(table.get_ref(), base), span: Span::of(base + span.start..base + span.end) })
}

fn toml_table(table: &DeTable, base: usize) -> Value {
    let mut entries: Vec<Entry> = table
        .iter()
        .map(|(key, value)| Entry {
            key: key.get_ref().to_string(),
            key_span: Span::of(base + key.span().start..base + key.span().end),
            node: toml_node(value, base),
        })
        .collect();
    entries.sort_by_key(|entry| entry.key_span);
    Value::Table(entries)
}

fn toml_node(value: &toml::Spanned<DeValue>, base: usize) -> Node {
    let span = Span::of(base + value.span().start..base + value.span().end);
    let value = match value.get_ref() {
        DeValue::String(text) => Value::Text(text.to_string()),
        DeValue::Integer(number) => {
            i64::from_str_radix(number.as_str(), number.radix()).map_or(Value::Null, |parsed| Value::Number(parsed as f64, number.as_str().to_owned()))
        }
        DeValue::Float(number) => Value::Number(number.as_str().parse().unwrap_or_default(), number.as_str().to_owned()),
        DeValue::Boolean(yes) => Value::Bool(*yes),
        DeValue::Datetime(moment) => Value::Text(moment.to_string()),
        DeValue::Array(items) => Value::List(items.iter().map(|item| toml_node(item, base)).collect()),
        DeValue::Table(table) => toml_table(table, base),
    };
    Node { value, span }
}

/// The end of the line at `start` if that line is just the fence.
fn fence_line(text: &str, start: usize, fence: &str) -> Option<usize> {
    let rest = text[start..].strip_prefix(fence)?;
    let line_end = memchr::memchr(b'\n', rest.as_bytes()).map_or(rest.len(), |i| i + 1);
    rest[..line_end].trim().is_empty().then_some(start + fence.len() + line_end)
}

/// Reads YAML (or JSON, its subset) in `text[range]` into a table.
fn parse_yaml(text: &str, range: std::ops::Range<usize>, issues: &mut Vec<Issue>) -> Option<Node> {
    match yaml(&text[range.clone()], offset(range.start)) {
        Ok(node) => match node.value {
            Value::Table(_) => Some(node),
            Value::Null => None,
            _ => {
                issues.push(Issue::new("front-matter/not-a-table", Span::of(range), "the header holds no `key: value` lines"));
                None
            }
        },
        Err(problem) => {
            issues.push(problem);
            None
        }
    }
}

/// Reads a YAML or JSON document that begins at byte `base` of its file.
///
/// # Errors
/// The first thing that is not YAML: a duplicate key, a tab, an unclosed bracket, an anchor that expands beyond the budget.
pub fn yaml(text: &str, base: u32) -> Result<Node, Issue> {
    lines::read(text, base).or_else(|| simple::read(text, base)).map_or_else(|| any_yaml(text, base), Ok)
}

fn any_yaml(text: &str, base: u32) -> Result<Node, Issue> {
    let raw: Spanned<Raw> = serde_saphyr::from_str(text).map_err(|error| {
        let place = error.location();
        let at = place.map_or(0, |place| byte_of(text, &place));
        let end = text[at..].find(['\n', '\r']).map_or(text.len(), |i| at + i).max(at);
        let described = error.to_string();
        let detail = plain_words(&described);
        let id = if detail.contains("duplicate") { "front-matter/duplicate-key" } else { "front-matter/unreadable" };
        Issue::new(id, Span::new(base + offset(at), base + offset(end)), detail)
    })?;
    Ok(convert(raw, text, base))
}

/// The first line of the reader's message, without its place: the finding has one of its own.
fn plain_words(described: &str) -> String {
    let first = described.lines().next().unwrap_or_default();
    let first = first.strip_prefix("error: ").unwrap_or(first);
    let first = match first.strip_prefix("line ").and_then(|rest| rest.split_once(": ")) {
        Some((_, message)) => message,
        None => first,
    };
    first.split(", set DuplicateKeyPolicy").next().unwrap_or(first).to_owned()
}

/// The byte offset of a location: bytes where the parser kept them, else counted from line and column.
fn byte_of(text: &str, place: &serde_saphyr::Location) -> usize {
    if let Some(at) = place.span().byte_offset() {
        let at = usize::try_from(at).unwrap_or(0);
        if text.is_char_boundary(at) {
            return at;
        }
    }
    let line = usize::try_from(place.line()).unwrap_or(1).saturating_sub(1);
    let column = usize::try_from(place.column()).unwrap_or(1).saturating_sub(1);
    let start = if line == 0 { 0 } else { text.match_indices('\n').nth(line - 1).map_or(text.len(), |(i, _)| i + 1) };
    text[start..].char_indices().nth(column).map_or(text.len(), |(i, _)| start + i)
}

fn convert(raw: Spanned<Raw>, text: &str, base: u32) -> Node {
    let span = span_of(&raw.referenced, text, base);
    let value = match raw.value {
        Raw::Null => Value::Null,
        Raw::Bool(yes) => Value::Bool(yes),
        Raw::Number(number) => {
            let written = text.get((span.start - base) as usize..(span.end - base) as usize).unwrap_or_default().trim();
            let written = if written.starts_with('*') || written.is_empty() { number.to_string() } else { written.to_owned() };
            Value::Number(number, written)
        }
        Raw::Text(text) => Value::Text(text),
        Raw::List(items) => Value::List(items.into_iter().map(|item| convert(item, text, base)).collect()),
        Raw::Table(entries) => Value::Table(
            entries
                .into_iter()
                .map(|(key, value)| Entry { key_span: span_of(&key.referenced, text, base), key: key.value, node: convert(value, text, base) })
                .collect(),
        ),
    };
    Node { span: spread(span, &value), value }
}

/// The parser gives a list or a table only its beginning: its span is made to cover what is in it.
fn spread(span: Span, value: &Value) -> Span {
    let end = match value {
        Value::List(items) => items.last().map(|item| item.span.end),
        Value::Table(entries) => entries.last().map(|entry| entry.node.span.end.max(entry.key_span.end)),
        _ => None,
    };
    Span::new(span.start, end.unwrap_or(span.end).max(span.end))
}

fn span_of(place: &serde_saphyr::Location, text: &str, base: u32) -> Span {
    let start = byte_of(text, place);
    let len = place.span().byte_len().and_then(|len| usize::try_from(len).ok()).unwrap_or(0);
    let mut end = (start + len).min(text.len());
    while !text.is_char_boundary(end) {
        end += 1;
    }
    Span::new(base + offset(start), base + offset(end))
}

/// Any YAML value, as the deserialiser hands it over.
enum Raw {
    Null,
    Bool(bool),
    Number(f64),
    Text(String),
    List(Vec<Spanned<Raw>>),
    Table(Vec<(Spanned<String>, Spanned<Raw>)>),
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(RawVisitor)
    }
}

struct RawVisitor;

impl<'de> Visitor<'de> for RawVisitor {
    type Value = Raw;

    fn expecting(&self, out: &mut std::fmt::Formatter) -> std::fmt::Result {
        out.write_str("a value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Raw, E> {
        Ok(Raw::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Raw, E> {
        Ok(Raw::Number(value as f64))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Raw, E> {
        Ok(Raw::Number(value as f64))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Raw, E> {
        Ok(Raw::Number(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Raw, E> {
        Ok(Raw::Text(value.to_owned()))
    }

    fn visit_unit<E>(self) -> Result<Raw, E> {
        Ok(Raw::Null)
    }

    fn visit_none<E>(self) -> Result<Raw, E> {
        Ok(Raw::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Raw, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Raw, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = access.next_element()? {
            items.push(item);
        }
        Ok(Raw::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Raw, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = access.next_entry()? {
            entries.push(entry);
        }
        Ok(Raw::Table(entries))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What stands in headers, and what must not be mistaken for it.
    #[rustfmt::skip]
    const PIECES: &[&str] = &[
        "title: ", "a: ", "b: ", "\"q\": ", "'s': ", "- ", "  ", "    ", "\n", "\n", "\n", "\n  ", "\n- ", "\n  - ", "\n    ",
        "text", "Gold \u{2014} why", "2026-05-17", "12 May", "12", "1.5", "1e5", "0x1f", "0o7", "-3", "+4", ".5", ".inf", "-.Inf", ".nan", "nan",
        "inf", "Infinity", "1_000", "10:30", "2026-05-17T10:00:00Z", "true", "False", "yes", "Off", "n", "null", "Null", "~", "-text", ".text",
        "\"quoted: text\"", "'single ''quoted'''", "\"\"", "\"\\u00e9\\n\"", "[a, b]", "[1, true, x]", "{}", "{ x: y, z: [1] }", "[]", "{", "]",
        "|\n", ">\n", "|-\n  kept\n  lines\n", ">+\n  folded\n", "# comment", " # behind", "&anchor ", "*anchor", "!!str ", "!tag ", "<<: ",
        "? ", ": ", "---\n", "...\n", "%YAML 1.2\n", "\t", "\r\n", "@", "`", "\u{feff}", "\u{85}", "caf\u{e9}", "\u{4e2d}", ",", "!!int 3", "=",
    ];

    fn pieces() -> impl Strategy<Value = String> {
        prop::collection::vec(prop::sample::select(PIECES), 0..14).prop_map(|pieces| pieces.concat())
    }

    /// Keys and values, some below others.
    fn tables() -> impl Strategy<Value = String> {
        const VALUES: &[&str] = &[
            "",
            "",
            " ",
            "text",
            "Gold \u{2014} why",
            "2026-05-17",
            "12",
            "12 May",
            "true",
            "~",
            "a: b",
            "a:b",
            "a #b",
            "a#b",
            "a:",
            "\"q: # [ {\"",
            "\"a\" b",
            "'it''s'",
            "'s' ",
            "\"\"",
            "''",
            "\"",
            "\"a\\nb\"",
            "{}",
            "[a]",
            "it's",
            "a, b [c] {d}",
            "caf\u{e9}",
            "\u{4e2d}",
            "-x",
            "a\tb",
            "a\r",
            "|",
            "a\u{85}b",
            "a\u{a0}b",
            "a  ",
            "false",
            "True",
            "0",
            "007",
            "2026",
            "1234567890123456",
            "[]",
            "[a, b c]",
            "[ a ,b ]",
            "[a,]",
            "[12, a]",
            "[a b]  ",
            "[2026-05-17, \u{e9}t\u{e9}]",
            "[a, [b]]",
        ];
        let line = (
            prop::sample::select(&["", "", "", "  ", "  ", "    ", " "][..]),
            prop::sample::select(&["title", "b-c", "x_y", "no", "a b", "\"q\"", "k1", "-", "#"][..]),
            prop::sample::select(&[": ", ": ", ": ", ":", ":  ", " : "][..]),
            prop::sample::select(VALUES),
        );
        prop::collection::vec(line, 1..7).prop_map(|lines| lines.iter().map(|(indent, key, colon, value)| format!("{indent}{key}{colon}{value}\n")).collect())
    }

    /// Lines of keys with values, as headers are.
    fn lines() -> impl Strategy<Value = String> {
        let line = (prop::sample::select(&["title", "date", "tags", "source", "a b", "\"q\"", "x"][..]), prop::sample::select(&PIECES[15..]));
        prop::collection::vec(line, 1..6).prop_map(|lines| lines.iter().map(|(key, value)| format!("{key}: {value}\n")).collect())
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn what_is_read_simply_is_what_any_reader_reads(text in prop_oneof![pieces(), lines(), tables()]) {
            for node in [lines::read(&text, 3), simple::read(&text, 3)].into_iter().flatten() {
                let other = any_yaml(&text, 3);
                let same = other.as_ref().is_ok_and(|other| *other == node);
                prop_assert!(same, "{text:?}\nsimply {node:?}\nby all {:?}", other.map_err(|issue| issue.detail));
            }
        }
    }

    #[test]
    fn a_usual_header_is_read_simply() {
        let text = "title: \"How an archive confirms: a note\"\nauthor: Harbour Street Desk\ndate: 2026-04-26\ntags: [gold, copper]\nempty:\nsource:\n  \
                    name: Reference set\n  prices: {}\n  list:\n    - one\n    - two\n# a comment\nlong: |\n  kept\n  as it is\n";
        assert_eq!(simple::read(text, 4), any_yaml(text, 4).ok());
        assert!(simple::read(text, 4).is_some());
        let text = "title: \"How an archive confirms: a note\"\nsummary: Don't \u{2014} yet\ndate: 2026-04-26\nsource:\n  name: Reference set\n  inner:\n    \
                    key: 'value' \n  last: one\n  prices: {}\n\
                    tags: [gold, rare earth]\ndraft: false\nweight: 12\nend: here";
        assert_eq!(lines::read(text, 4), any_yaml(text, 4).ok());
        assert!(lines::read(text, 4).is_some());
    }
}
