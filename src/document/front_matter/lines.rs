//! Headers of `key: value` lines, with tables by indentation: most are no more than that, and are read here in one go over their bytes. Anything
//! else is left to a parser of YAML.

use super::simple::{DEEPEST, LONGEST, MOST_KEYS, is_text};
use super::{Entry, Node, Value, spread};
use crate::span::{Span, offset};

/// Digits of a number that is read here: any such number is exact.
const MOST_DIGITS: usize = 15;

/// A table whose end was not met yet: the indentation of its keys, its entries, and the key that waits for its table.
struct Open<'t> {
    indent: usize,
    entries: Vec<Entry>,
    key: Option<(&'t str, Span)>,
}

/// Reads a table that begins at byte `base` of its file; `None` where it is more than lines of keys and texts.
pub(super) fn read(text: &str, base: u32) -> Option<Node> {
    if text.len() > LONGEST {
        return None;
    }
    let place = |from: usize, to: usize| Span::new(base + offset(from), base + offset(to));
    let mut open: Vec<Open> = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let end = memchr::memchr(b'\n', &text.as_bytes()[at..]).map_or(text.len(), |length| at + length);
        let line = &text[at..end];
        let indent = line.bytes().take_while(|byte| *byte == b' ').count();
        while open.len() > 1 && open.last().is_some_and(|table| table.indent > indent) {
            close(&mut open)?;
        }
        match open.last() {
            Some(table) if table.indent == indent && table.key.is_none() && table.entries.len() < MOST_KEYS => {}
            Some(table) if table.indent < indent && table.key.is_some() && open.len() < DEEPEST => {
                open.push(Open { indent, entries: Vec::new(), key: None });
            }
            None => open.push(Open { indent, entries: Vec::new(), key: None }),
            Some(_) => return None,
        }
        let start = at + indent;
        let key = key(&line[indent..])?;
        let key_span = place(start, start + key.len());
        let behind = start + key.len() + 1;
        let table = open.last_mut()?;
        if table.entries.iter().any(|entry| entry.key == key) {
            return None;
        }
        let rest = &text[behind..end];
        let written = rest.trim_matches(' ');
        if written.is_empty() {
            table.key = Some((key, key_span));
        } else {
            let from = behind + rest.len() - rest.trim_start_matches(' ').len();
            if from == behind {
                return None;
            }
            let node = value(written, base + offset(from))?;
            table.entries.push(Entry { key: key.to_owned(), key_span, node });
        }
        at = end + 1;
    }
    while open.len() > 1 {
        close(&mut open)?;
    }
    let table = open.pop().filter(|table| table.key.is_none())?;
    made(table.entries)
}

/// Gives the innermost table to the key that waits for it.
fn close(open: &mut Vec<Open>) -> Option<()> {
    let inner = open.pop().filter(|table| table.key.is_none())?;
    let outer = open.last_mut()?;
    let (key, key_span) = outer.key.take()?;
    outer.entries.push(Entry { key: key.to_owned(), key_span, node: made(inner.entries)? });
    Some(())
}

/// The table of some entries; it stands where they stand.
fn made(entries: Vec<Entry>) -> Option<Node> {
    let start = entries.first()?.key_span.start;
    let value = Value::Table(entries);
    Some(Node { span: spread(Span::new(start, start), &value), value })
}

/// The key that a line begins with, if it is a name and a colon stands behind it.
fn key(line: &str) -> Option<&str> {
    let length = line.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')).count();
    let key = &line[..length];
    (line.as_bytes().get(length) == Some(&b':') && key.starts_with(|c: char| c.is_ascii_alphabetic()) && is_text(key)).then_some(key)
}

/// A value on one line that begins at byte `start` of the file.
fn value(written: &str, start: u32) -> Option<Node> {
    let span = Span::new(start, start + offset(written.len()));
    let value = match written {
        "true" => Value::Bool(true),
        "false" => Value::Bool(false),
        "{}" => return Some(Node { value: Value::Table(Vec::new()), span: Span::new(start, start + 1) }),
        _ if is_count(written) => Value::Number(written.parse().ok()?, written.to_owned()),
        _ => match written.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            Some(items) => {
                let value = Value::List(self::items(items, start + 1)?);
                return Some(Node { span: spread(Span::new(start, start + 1), &value), value });
            }
            None => Value::Text(scalar(written)?.to_owned()),
        },
    };
    Some(Node { value, span })
}

/// Whether a scalar is a number of digits that every reader takes for the same number.
fn is_count(written: &str) -> bool {
    written.len() <= MOST_DIGITS && written.bytes().all(|byte| byte.is_ascii_digit()) && (written.len() == 1 || !written.starts_with('0'))
}

/// The words of a list between brackets.
fn items(list: &str, start: u32) -> Option<Vec<Node>> {
    let is_word = |word: &str| {
        let letters = word.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, ' ' | '-' | '_' | '\u{c0}'..='\u{24f}'));
        letters && word.starts_with(|c: char| c.is_ascii_alphanumeric()) && is_text(word)
    };
    let mut at = start;
    list.split(',')
        .map(|part| {
            let word = part.trim_matches(' ');
            let from = at + offset(part.len() - part.trim_start_matches(' ').len());
            at += offset(part.len()) + 1;
            is_word(word).then(|| Node { value: Value::Text(word.to_owned()), span: Span::new(from, from + offset(word.len())) })
        })
        .collect()
}

/// The text of a scalar on one line that needs no reader of YAML to be told.
fn scalar(written: &str) -> Option<&str> {
    let bytes = written.as_bytes();
    if !written.chars().all(is_plain) {
        return None;
    }
    if let quote @ (b'"' | b'\'') = bytes[0] {
        let inner = written.get(1..written.len().checked_sub(1)?)?;
        let is_whole = bytes.len() > 1 && bytes[bytes.len() - 1] == quote;
        return (is_whole && !inner.bytes().any(|byte| byte == quote || byte == b'\\')).then_some(inner);
    }
    let ends_early = bytes.windows(2).any(|two| two == b": " || two == b" #") || bytes.ends_with(b":");
    (bytes[0].is_ascii_alphanumeric() && !ends_early && is_text(written)).then_some(written)
}

/// Characters that mean themselves in YAML wherever they stand inside a scalar: printable ones of ASCII, letters, and the usual dashes and
/// quotation marks.
const fn is_plain(c: char) -> bool {
    matches!(c, ' '..='~' | '\u{a1}'..='\u{24f}' | '\u{2010}'..='\u{2027}' | '\u{20a0}'..='\u{20c0}')
}
