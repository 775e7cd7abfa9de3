//! Headers of texts, lists and tables, straight from the events of the parser: nearly all are no more than that. What needs a reader of all
//! YAML to say what it means (numbers, truth values, tags, anchors, keys given twice, anything broken) is left to one.

use granit_parser::{Event, Options, Parser, ScalarStyle};

use super::{Entry, Node, Value, spread};
use crate::span::{Span, offset};

/// Longest header that is read here: far below all limits of a reader of all YAML.
pub(super) const LONGEST: usize = 1 << 14;
/// Deepest nesting that is read here.
pub(super) const DEEPEST: usize = 16;
/// Most keys of a table: each is compared with those before it.
pub(super) const MOST_KEYS: usize = 64;
/// Plain words that may mean a value, in any case, and behind a sign or point.
const VALUES: &[&str] = &["", "true", "false", "null", "yes", "no", "on", "off", "y", "n", "inf", "infinity", "nan"];

/// A list or table whose end was not met yet.
enum Open {
    List(Span, Vec<Node>),
    /// With the key that waits for its value.
    Table(Span, Vec<Entry>, Option<(String, Span)>),
}

/// Reads a table that begins at byte `base` of its file; `None` where it is more than keys and texts.
pub(super) fn read(text: &str, base: u32) -> Option<Node> {
    if text.len() > LONGEST {
        return None;
    }
    let mut options = Options::default();
    options.emit_comments = false;
    let mut open: Vec<Open> = Vec::new();
    let mut root = None;
    let mut documents = 0;
    for event in Parser::new_from_str_with_options(text, options) {
        let (event, place) = event.ok()?;
        let span = || span_of(place.start.byte_offset()?, place.end.byte_offset()?, text, base);
        let node = match event {
            Event::StreamStart | Event::DocumentEnd | Event::StreamEnd => continue,
            Event::DocumentStart(..) => {
                documents += 1;
                continue;
            }
            Event::Scalar(value, style, 0, None) => {
                // the parser writes what is not there as `~` too
                let is_null = style == ScalarStyle::Plain && (value.is_empty() || value == "~");
                if style == ScalarStyle::Plain && !is_null && !is_text(&value) {
                    return None;
                }
                if let Some(Open::Table(_, entries, key @ None)) = open.last_mut() {
                    if is_null || entries.len() >= MOST_KEYS || entries.iter().any(|entry| entry.key == value) {
                        return None;
                    }
                    *key = Some((value.into_owned(), span()?));
                    continue;
                }
                let value = if is_null { Value::Null } else { Value::Text(value.into_owned()) };
                Node { value, span: span()? }
            }
            Event::SequenceStart(_, 0, None) if open.len() < DEEPEST => {
                open.push(Open::List(span()?, Vec::new()));
                continue;
            }
            Event::MappingStart(_, 0, None) if open.len() < DEEPEST => {
                open.push(Open::Table(span()?, Vec::new(), None));
                continue;
            }
            Event::SequenceEnd | Event::MappingEnd => {
                let (span, value) = match open.pop()? {
                    Open::List(span, items) => (span, Value::List(items)),
                    Open::Table(span, entries, _) => (span, Value::Table(entries)),
                };
                Node { span: spread(span, &value), value }
            }
            _ => return None,
        };
        match open.last_mut() {
            Some(Open::List(_, items)) => items.push(node),
            // a list or table as a key is left to others
            Some(Open::Table(_, entries, key)) => {
                let (key, key_span) = key.take()?;
                entries.push(Entry { key, key_span, node });
            }
            None => root = Some(node),
        }
    }
    root.filter(|node| documents == 1 && matches!(node.value, Value::Table(_)))
}

/// Whether a plain scalar can only be text.
pub(super) fn is_text(plain: &str) -> bool {
    let bare = plain.trim_start_matches(['+', '-', '.']);
    if VALUES.iter().any(|value| bare.eq_ignore_ascii_case(value)) {
        return false;
    }
    let day = plain.as_bytes();
    plain.starts_with(|c: char| c.is_ascii_alphabetic())
        || plain.starts_with(|c: char| c.is_ascii_digit()) && plain.contains(' ') && plain.contains(|c: char| c.is_ascii_alphabetic())
        || day.len() == 10 && day.iter().enumerate().all(|(i, byte)| if matches!(i, 4 | 7) { *byte == b'-' } else { byte.is_ascii_digit() })
}

/// The bytes of an event, on character boundaries; `None` where it begins on none.
fn span_of(start: usize, end: usize, text: &str, base: u32) -> Option<Span> {
    let mut end = end.max(start).min(text.len());
    while !text.is_char_boundary(end) {
        end += 1;
    }
    text.is_char_boundary(start).then(|| Span::new(base + offset(start), base + offset(end)))
}
