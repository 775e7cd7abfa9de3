//! Safe fixes: what may be written into an article without changing what it says, and how it comes into the bytes of its file.
//!
//! Each of these answers with nothing as soon as there is a choice to make: a person makes it.

use std::ops::Range;

use jiff::civil::Date;

use crate::date;
use crate::finding::Edit;
use crate::span::{Span, offset};

/// What marks a link that somebody pays for.
const SPONSORED: &str = "sponsored";
/// Longest tag that is looked through, in bytes.
const LONGEST_TAG: usize = 10_000;

/// Marks the link whose tag begins at byte `at` as sponsored: adds to `rel` what it lacks, in the quotation marks that are there.
#[must_use]
pub fn sponsored(text: &str, at: u32) -> Option<Edit> {
    let tag = Tag::read(text, at as usize)?;
    let edit = |range: Range<usize>, text: String| Some(Edit { span: Span::of(range), text });
    let Some(rel) = tag.attributes.iter().find(|attribute| attribute.is(text, "rel")) else {
        // behind the address, for that is what it speaks of
        let href = tag.attributes.iter().find(|attribute| attribute.is(text, "href"))?;
        return edit(href.end..href.end, format!(" rel=\"{SPONSORED}\""));
    };
    match rel.value.clone()? {
        Written::None => edit(rel.end..rel.end, format!("=\"{SPONSORED}\"")),
        Written::Bare(range) => {
            let words = text.get(range.clone())?;
            is_plain(words).then(|| Edit { span: Span::of(range), text: format!("\"{words} {SPONSORED}\"") })
        }
        Written::Quoted(range) => {
            let words = text.get(range.clone())?;
            let kept = words.trim_end();
            if !is_plain(words) {
                return None;
            }
            let behind = range.start + kept.len();
            if kept.is_empty() { edit(range, SPONSORED.to_owned()) } else { edit(behind..behind, format!(" {SPONSORED}")) }
        }
    }
}

/// Whether a value is written as it is, and not by a template or an expression.
fn is_plain(value: &str) -> bool {
    !value.contains(['{', '}', '<', '>', '$', '%', '"', '\'', '`'])
}

/// How the value of an attribute is written.
#[derive(Clone)]
enum Written {
    None,
    Bare(Range<usize>),
    /// Without its quotation marks.
    Quoted(Range<usize>),
}

struct Attribute {
    name: Range<usize>,
    /// `None` for an expression of JSX.
    value: Option<Written>,
    /// The byte behind it.
    end: usize,
}

impl Attribute {
    fn is(&self, text: &str, name: &str) -> bool {
        text.get(self.name.clone()).is_some_and(|own| own.eq_ignore_ascii_case(name))
    }
}

/// The tag of a link.
struct Tag {
    attributes: Vec<Attribute>,
}

impl Tag {
    /// Reads the tag at a byte; `None` where it is no `<a …>`, or holds what may say anything (spread attributes, template tags).
    fn read(text: &str, start: usize) -> Option<Self> {
        let bytes = text.as_bytes();
        let limit = bytes.len().min(start + LONGEST_TAG);
        let at = |i: usize| (i < limit).then(|| bytes[i]);
        let skip = |mut i: usize, skipped: fn(u8) -> bool| {
            while at(i).is_some_and(skipped) {
                i += 1;
            }
            i
        };
        let is_link = at(start) == Some(b'<') && at(start + 1).is_some_and(|byte| byte.eq_ignore_ascii_case(&b'a')) && at(start + 2)?.is_ascii_whitespace();
        if !is_link {
            return None;
        }
        let mut attributes = Vec::new();
        let mut i = start + 2;
        loop {
            i = skip(i, |byte| byte.is_ascii_whitespace() || byte == b'/');
            if at(i)? == b'>' {
                return Some(Self { attributes });
            }
            let name = i..skip(i, |byte| !byte.is_ascii_whitespace() && !matches!(byte, b'=' | b'>' | b'/'));
            if name.is_empty() || bytes[name.clone()].iter().any(|byte| matches!(byte, b'{' | b'}' | b'<' | b'"' | b'\'' | b'%')) {
                return None;
            }
            let equals = skip(name.end, |byte| byte.is_ascii_whitespace());
            if at(equals) != Some(b'=') {
                i = name.end;
                attributes.push(Attribute { end: name.end, name, value: Some(Written::None) });
                continue;
            }
            let from = skip(equals + 1, |byte| byte.is_ascii_whitespace());
            let (value, end) = match at(from)? {
                quote @ (b'"' | b'\'') => {
                    let to = (from + 1..limit).find(|i| bytes[*i] == quote)?;
                    (Some(Written::Quoted(from + 1..to)), to + 1)
                }
                b'{' => (None, closing_brace(bytes, from, limit)?),
                b'>' => return None,
                _ => {
                    let to = skip(from, |byte| !byte.is_ascii_whitespace() && byte != b'>');
                    (Some(Written::Bare(from..to)), to)
                }
            };
            i = end;
            attributes.push(Attribute { name, value, end });
        }
    }
}

/// The byte behind the brace that closes the one at `from`; braces in strings do not count.
fn closing_brace(bytes: &[u8], from: usize, limit: usize) -> Option<usize> {
    let (mut depth, mut quote) = (0_u32, None);
    let mut i = from;
    while i < limit {
        match (quote, bytes[i]) {
            (Some(_), b'\\') => i += 1,
            (Some(open), byte) if byte == open => quote = None,
            (Some(_), _) => {}
            (None, byte @ (b'"' | b'\'' | b'`')) => quote = Some(byte),
            (None, b'{') => depth += 1,
            (None, b'}') if depth == 1 => return Some(i + 1),
            (None, b'}') => depth -= 1,
            (None, _) => {}
        }
        i += 1;
    }
    None
}

/// Writes a day of the header as `2026-05-17`, where it is written otherwise and means one day alone. `span`: the value with its
/// quotation marks; `quoted`: whether the header knows no value like that without them.
#[must_use]
pub fn iso_date(text: &str, span: Span, value: &str, quoted: bool) -> Option<Edit> {
    let day = date::parse(value).ok().filter(|day| !day.month_only)?.date;
    if value.contains(':') || is_iso(value) || is_epoch(value, day) {
        return None;
    }
    let written = text.get(span.range())?;
    let inner = ['"', '\''].iter().find_map(|quote| written.strip_prefix(*quote)?.strip_suffix(*quote));
    let (range, shown) = match inner {
        Some(inner) => (span.start + 1..span.end - 1, inner),
        None => (span.start..span.end, written),
    };
    // escapes and values over several lines are not what they look like
    (shown == value && (inner.is_some() || !quoted)).then(|| Edit { span: Span::new(range.start, range.end), text: day.to_string() })
}

fn is_iso(value: &str) -> bool {
    value.get(..10).is_some_and(|day| day.bytes().enumerate().all(|(i, byte)| if matches!(i, 4 | 7) { byte == b'-' } else { byte.is_ascii_digit() }))
}

/// Seconds since 1970 are digits that name another day.
fn is_epoch(value: &str, day: Date) -> bool {
    value.bytes().all(|byte| byte.is_ascii_digit()) && value != day.strftime("%Y%m%d").to_string()
}

/// Takes out what stands at a span: with its line where it stands alone on it, else with one of the spaces around it.
#[must_use]
pub fn removal(text: &str, span: Span) -> Edit {
    let (start, end) = (span.start as usize, span.end as usize);
    let before = text.get(..start).unwrap_or_default();
    let behind = text.get(end..).unwrap_or_default();
    let blank = |c: char| matches!(c, ' ' | '\t');
    let indent = before.len() - before.trim_end_matches(blank).len();
    let gap = behind.len() - behind.trim_start_matches(blank).len();
    let begins = before[..start - indent].is_empty() || before[..start - indent].ends_with('\n');
    let rest = &behind[gap..];
    let line_end = if rest.starts_with("\r\n") { 2 } else { usize::from(rest.starts_with('\n')) };
    let range = if begins && (rest.is_empty() || line_end > 0) {
        start - indent..end + gap + line_end
    } else if indent > 0 && (gap > 0 || rest.is_empty() || line_end > 0) {
        start - indent..end
    } else {
        start..end
    };
    Edit { span: Span::new(offset(range.start), offset(range.end)), text: String::new() }
}

/// The bytes of a file with its edits made; what is written is encoded as the file is. `edits`: bytes of the file, in order, none overlapping.
#[must_use]
pub fn apply(bytes: &[u8], edits: &[(Range<usize>, &str)]) -> Vec<u8> {
    let encoded = |text: &str| -> Vec<u8> {
        match bytes {
            [0xff, 0xfe, ..] => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            [0xfe, 0xff, ..] => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
            _ => text.as_bytes().to_vec(),
        }
    };
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    for (range, text) in edits {
        out.extend_from_slice(bytes.get(at..range.start).unwrap_or_default());
        out.extend(encoded(text));
        at = range.end.max(at);
    }
    out.extend_from_slice(bytes.get(at..).unwrap_or_default());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(text: &str, edit: Option<Edit>) -> Option<String> {
        edit.map(|edit| String::from_utf8(apply(text.as_bytes(), &[(edit.span.range(), &edit.text)])).unwrap_or_default())
    }

    #[test]
    fn rel_keeps_its_words_and_quotation_marks() {
        for (before, after) in [
            (r#"<a href="/x">"#, r#"<a href="/x" rel="sponsored">"#),
            (r"<a href=/x>", r#"<a href=/x rel="sponsored">"#),
            (r"<A class=b HREF='/x' >", r#"<A class=b HREF='/x' rel="sponsored" >"#),
            (r#"<a rel="noopener  noreferrer " href="/x">"#, r#"<a rel="noopener  noreferrer sponsored " href="/x">"#),
            (r"<a rel='noopener' href='/x'>", r"<a rel='noopener sponsored' href='/x'>"),
            (r"<a rel=noopener href=/x>", r#"<a rel="noopener sponsored" href=/x>"#),
            (r#"<a rel="" href="/x">"#, r#"<a rel="sponsored" href="/x">"#),
            (r#"<a rel href="/x">"#, r#"<a rel="sponsored" href="/x">"#),
            ("<a\n  href=\"/x\"\n  REL = \"noopener\"\n/>", "<a\n  href=\"/x\"\n  REL = \"noopener sponsored\"\n/>"),
            (r#"<a onClick={() => go("}>")} href="/x">"#, r#"<a onClick={() => go("}>")} href="/x" rel="sponsored">"#),
        ] {
            assert_eq!(made(before, sponsored(before, 0)).as_deref(), Some(after));
        }
    }

    #[test]
    fn a_tag_that_says_more_than_it_shows_is_left_alone() {
        for tag in [
            r#"<a {...props} href="/x">"#,
            r#"<a href="/x" rel={rel}>"#,
            r#"<a href="/x" rel="{{ rel }}">"#,
            r#"<a href="{{ "x" | url }}">"#,
            r#"<a href="/x" {% if a %}rel="b"{% endif %}>"#,
            r#"<a href="/x""#,
            r#"<area href="/x">"#,
            "[a](/x)",
            "",
        ] {
            assert_eq!(sponsored(tag, 0), None, "{tag}");
        }
    }

    #[test]
    fn only_a_day_that_is_certain_is_written_anew() {
        let iso = |written: &str, value: &str, quoted: bool| made(written, iso_date(written, Span::of(0..written.len()), value, quoted));
        for (written, value, after) in [
            ("May 17, 2026", "May 17, 2026", "2026-05-17"),
            ("'17 May 2026'", "17 May 2026", "'2026-05-17'"),
            ("\"17/05/2026\"", "17/05/2026", "\"2026-05-17\""),
            ("20260517", "20260517", "2026-05-17"),
            ("17.05.2026", "17.05.2026", "2026-05-17"),
            ("2026/05/17", "2026/05/17", "2026-05-17"),
        ] {
            assert_eq!(iso(written, value, false).as_deref(), Some(after));
        }
        for value in ["05/06/2026", "May 2026", "2026-05", "2026-05-17", "2026-05-17T10:00:00Z", "2026-05-17 10:00", "1779019200", "31 June 2026", "soon"] {
            assert_eq!(iso(value, value, false), None, "{value}");
        }
        assert_eq!(iso("\"May\\x2017, 2026\"", "May 17, 2026", false), None);
        assert_eq!(iso("20260517", "20260517", true), None);
    }

    #[test]
    fn what_is_taken_out_takes_its_line_with_it() {
        for (text, mark, after) in [
            ("a\n  <!-- x -->  \nb\n", "<!-- x -->", "a\nb\n"),
            ("<!-- x -->\r\nb\r\n", "<!-- x -->", "b\r\n"),
            ("a <!-- x --> b\n", "<!-- x -->", "a b\n"),
            ("a <!-- x -->\nb\n", "<!-- x -->", "a\nb\n"),
            ("a<!-- x -->b", "<!-- x -->", "ab"),
            ("a\n<!-- x -->", "<!-- x -->", "a\n"),
        ] {
            let at = text.find(mark).unwrap_or(0);
            assert_eq!(made(text, Some(removal(text, Span::of(at..at + mark.len())))).as_deref(), Some(after), "{text:?}");
        }
    }

    #[test]
    fn edits_are_written_in_the_encoding_of_the_file() {
        let wide: Vec<u8> = [0xfeff_u16].into_iter().chain("ab".encode_utf16()).flat_map(u16::to_be_bytes).collect();
        let expected: Vec<u8> = [0xfeff_u16].into_iter().chain("a\u{e9}b".encode_utf16()).flat_map(u16::to_be_bytes).collect();
        assert_eq!(apply(&wide, &[(4..4, "\u{e9}")]), expected);
        assert_eq!(apply(b"abcd", &[(1..2, "x"), (3..3, "yy")]), b"axcyyd");
    }
}
