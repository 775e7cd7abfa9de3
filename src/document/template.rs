//! Template syntax in Markdown (Hugo, Liquid, Jinja, kramdown, admonition fences, display math) is not prose; what stands
//! between is. Tags are overwritten, byte for byte, with characters that no author writes, so that every offset stays true.

use std::borrow::Cow;

use crate::span::Span;

/// Three and two bytes that stand for masked source. Private use and C1: neither space nor punctuation to CommonMark, so a
/// tag inside a link destination or beside emphasis changes nothing around it.
const FILL_3: char = '\u{e000}';
const FILL_2: char = '\u{81}';
/// One byte: stands for the markers of containers nested too deep.
pub(super) const FILL_1: char = '\u{1f}';
/// A tag longer than this is not one: an opening brace was left in prose.
const LONGEST_TAG: usize = 4096;

/// Whether a character stands for masked template syntax.
pub(super) const fn is_fill(c: char) -> bool {
    matches!(c, FILL_3 | FILL_2 | FILL_1)
}

/// A body with its template tags overwritten.
pub(super) struct Masked<'s> {
    /// Same length as the input; borrowed where there was no tag.
    pub text: Cow<'s, str>,
    /// The tags, as spans of the whole file.
    pub tags: Vec<Span>,
}

/// Overwrites the template tags of `body`, which begins at byte `base` of its file.
pub(super) fn mask(body: &str, base: usize) -> Masked<'_> {
    let found = find_tags(body);
    if found.is_empty() {
        return Masked { text: Cow::Borrowed(body), tags: Vec::new() };
    }
    let mut out = String::with_capacity(body.len());
    let mut at = 0;
    let alone = alone_on_lines(body, &found);
    for (i, &(start, end)) in found.iter().enumerate() {
        if start < at {
            continue;
        }
        out.push_str(&body[at..start]);
        if alone[i] {
            out.extend(body[start..end].bytes().map(|byte| if byte == b'\n' || byte == b'\r' { char::from(byte) } else { ' ' }));
        } else {
            fill(&mut out, end - start);
        }
        at = end;
    }
    out.push_str(&body[at..]);
    let tags = found.iter().map(|(start, end)| Span::of(base + start..base + end)).collect();
    Masked { text: Cow::Owned(out), tags }
}

fn fill(out: &mut String, len: usize) {
    let twos = match len % 3 {
        0 => 0,
        1 => 2,
        _ => 1,
    };
    for _ in 0..len.saturating_sub(twos * 2) / 3 {
        out.push(FILL_3);
    }
    for _ in 0..twos.min(len / 2) {
        out.push(FILL_2);
    }
}

/// For each tag, whether the lines it touches hold nothing but tags and white space: then it is a block of its own, and becomes a blank line.
fn alone_on_lines(body: &str, found: &[(usize, usize)]) -> Vec<bool> {
    let bytes = body.as_bytes();
    let blank = |from: usize, to: usize| body.get(from..to).unwrap_or_default().trim().is_empty();
    // up to the tag nothing but tags and white space stands on its first line
    let mut before = vec![false; found.len()];
    for (i, &(start, _)) in found.iter().enumerate() {
        let previous = i.checked_sub(1).map_or(0, |i| found[i].1);
        before[i] = match memchr::memrchr(b'\n', &bytes[previous.min(start)..start]) {
            Some(line) => blank(previous + line + 1, start),
            None => blank(previous, start) && (i == 0 || before[i - 1]),
        };
    }
    // and behind it on its last line
    let mut alone = vec![false; found.len()];
    let mut after = true;
    for (i, &(_, end)) in found.iter().enumerate().rev() {
        let next = found.get(i + 1).map_or(body.len(), |next| next.0);
        after = match memchr::memchr(b'\n', &bytes[end.min(next)..next]) {
            Some(line) => blank(end, end + line),
            None => blank(end, next) && after,
        };
        alone[i] = before[i] && after;
    }
    alone
}

fn find_tags(body: &str) -> Vec<(usize, usize)> {
    let bytes = body.as_bytes();
    let mut found = Vec::new();
    let mut comments = Comments::default();
    let mut at = 0;
    while let Some(i) = memchr::memchr3(b'{', b':', b'$', &bytes[at..]) {
        let start = at + i;
        let line_start = start == 0 || bytes[start - 1] == b'\n';
        let end = match bytes[start] {
            b'{' => tag_end(body, start, &mut comments),
            b':' if line_start && bytes[start..].starts_with(b":::") => Some(fence_end(body, start)),
            b'$' if line_start && bytes[start..].starts_with(b"$$") => close(body, start + 2, "$$", LONGEST_TAG),
            _ => None,
        };
        match end {
            Some(end) => {
                found.push((start, end));
                at = end;
            }
            None => at = start + 1,
        }
    }
    found
}

/// The end of `:::note`: a title behind it is read by readers.
fn fence_end(body: &str, start: usize) -> usize {
    let colons = body[start..].bytes().take_while(|byte| *byte == b':').count();
    let name = body[start + colons..].bytes().take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')).count();
    start + colons + name
}

/// A blank line inside is proof that the braces are no tag: no template language has one there, and prose must not hide in it.
fn has_blank_line(tag: &str) -> bool {
    let mut lines = tag.lines();
    lines.next();
    let inner: Vec<&str> = lines.collect();
    inner.iter().take(inner.len().saturating_sub(1)).any(|line| line.trim().is_empty())
}

/// Where the next comment ends: looked for once, however many begin before it.
#[derive(Default)]
struct Comments {
    next: Option<usize>,
    none: bool,
}

impl Comments {
    fn end_behind(&mut self, body: &str, from: usize) -> Option<usize> {
        if !self.none && self.next.is_none_or(|next| next < from) {
            self.next = memchr::memmem::find(&body.as_bytes()[from..], b"endcomment").map(|i| from + i);
            self.none = self.next.is_none();
        }
        self.next
    }
}

fn close(body: &str, from: usize, mark: &str, longest: usize) -> Option<usize> {
    let mut stop = (from + longest).min(body.len());
    while !body.is_char_boundary(stop) {
        stop -= 1;
    }
    let found = memchr::memmem::find(&body.as_bytes()[from..stop], mark.as_bytes())?;
    Some(from + found + mark.len())
}

/// The end of the template tag that opens at `start`, if one does.
fn tag_end(body: &str, start: usize, comments: &mut Comments) -> Option<usize> {
    let rest = &body[start..];
    if rest.starts_with("{{") {
        let end = close(body, start + 2, "}}", LONGEST_TAG)?;
        return (!has_blank_line(&body[start..end])).then_some(end);
    }
    if rest.starts_with("{%") {
        let end = close(body, start + 2, "%}", LONGEST_TAG)?;
        let name = body[start + 2..end].trim_start_matches('-').trim_start();
        if name.strip_prefix("comment").is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_')) {
            return close(body, comments.end_behind(body, end)?, "%}", LONGEST_TAG);
        }
        return (!has_blank_line(&body[start..end])).then_some(end);
    }
    if rest.starts_with("{#") {
        let end = close(body, start + 2, "#}", LONGEST_TAG)?;
        return (!body[start..end].contains('\n')).then_some(end);
    }
    if rest.starts_with("{:") {
        let end = close(body, start + 2, "}", LONGEST_TAG)?;
        return (!body[start..end].contains('\n')).then_some(end);
    }
    None
}
