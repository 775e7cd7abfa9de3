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
/// The same for attributes behind a link or word.
const LONGEST_ATTRIBUTES: usize = 160;
/// Longest text between two marks of a highlight.
const LONGEST_HIGHLIGHT: usize = 1024;

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

/// Overwrites the template tags of `body`, which begins at byte `base` of its file; in Markdown also what its dialects write around words.
pub(super) fn mask(body: &str, base: usize, markdown: bool) -> Masked<'_> {
    let found = find_tags(body, markdown);
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

fn find_tags(body: &str, markdown: bool) -> Vec<(usize, usize)> {
    let bytes = body.as_bytes();
    let mut found = Vec::new();
    let mut ends = Ends::default();
    let mut at = 0;
    while let Some(i) = memchr::memchr3(b'{', b':', b'$', &bytes[at..]) {
        let start = at + i;
        let line_start = start == 0 || bytes[start - 1] == b'\n';
        let end = match bytes[start] {
            b'{' => tag_end(body, start, &mut ends).or_else(|| attributes_end(body, start).filter(|_| markdown)),
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
    let marks = if markdown { highlights(body) } else { Vec::new() };
    if !marks.is_empty() {
        found.extend(marks);
        found.sort_unstable();
    }
    found
}

/// `==marked==` and `++added++`: the signs of Obsidian, Goldmark and markdown-it around words. Both signs stand in one paragraph, the
/// first with nothing but space or punctuation before it and the last with nothing but these behind it.
fn highlights(body: &str) -> Vec<(usize, usize)> {
    let bytes = body.as_bytes();
    let mut found = Vec::new();
    for sign in [b'=', b'+'] {
        let mut open: Option<usize> = None;
        let mut at = 0;
        while let Some(i) = memchr::memchr(sign, &bytes[at..]) {
            let start = at + i;
            let len = bytes[start..].iter().take_while(|byte| **byte == sign).count();
            at = start + len;
            if len != 2 {
                continue;
            }
            let before = start.checked_sub(1).map_or(b' ', |i| bytes[i]);
            let behind = bytes.get(at).copied().unwrap_or(b' ');
            let word = |byte: u8| byte.is_ascii_alphanumeric() || byte >= 0x80;
            if let Some(first) = open
                && !before.is_ascii_whitespace()
                && !word(behind)
                && start - first <= LONGEST_HIGHLIGHT
                && !has_blank_line(&body[first..start])
            {
                found.extend([(first, first + 2), (start, at)]);
                open = None;
            } else {
                open = (!behind.is_ascii_whitespace() && !word(before)).then_some(start);
            }
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

/// What is code or comment between two tags, and how the last one begins.
const COMMENT: (usize, &str) = (0, "endcomment");
const HIGHLIGHT: (usize, &str) = (1, "endhighlight");
const SHORTCODE: (usize, &str) = (2, "/highlight");

/// Where the next end tag of each kind stands: looked for once, however many begin before it.
#[derive(Default)]
struct Ends {
    next: [Option<usize>; 3],
    none: [bool; 3],
}

impl Ends {
    fn behind(&mut self, body: &str, from: usize, (kind, name): (usize, &str)) -> Option<usize> {
        if !self.none[kind] && self.next[kind].is_none_or(|next| next < from) {
            self.next[kind] = memchr::memmem::find(&body.as_bytes()[from..], name.as_bytes()).map(|i| from + i);
            self.none[kind] = self.next[kind].is_none();
        }
        self.next[kind]
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
fn tag_end(body: &str, start: usize, ends: &mut Ends) -> Option<usize> {
    let rest = &body[start..];
    if rest.starts_with("{{") {
        let end = close(body, start + 2, "}}", LONGEST_TAG)?;
        let shortcode = body[start + 2..end].strip_prefix(['<', '%']).unwrap_or_default().trim_start();
        if is_named(shortcode, "highlight")
            && let Some(last) = ends.behind(body, end, SHORTCODE)
        {
            return close(body, last, "}}", LONGEST_TAG);
        }
        return (!has_blank_line(&body[start..end])).then_some(end);
    }
    if rest.starts_with("{%") {
        let end = close(body, start + 2, "%}", LONGEST_TAG)?;
        let name = body[start + 2..end].trim_start_matches('-').trim_start();
        if is_named(name, "comment") {
            return close(body, ends.behind(body, end, COMMENT)?, "%}", LONGEST_TAG);
        }
        if is_named(name, "highlight")
            && let Some(last) = ends.behind(body, end, HIGHLIGHT)
        {
            return close(body, last, "%}", LONGEST_TAG);
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

/// Whether a tag begins with this name.
fn is_named(tag: &str, name: &str) -> bool {
    tag.strip_prefix(name).is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '-')))
}

/// The end of `{.class #id key=value}` behind a link, a span or code, as Pandoc, Goldmark and VitePress write it.
fn attributes_end(body: &str, start: usize) -> Option<usize> {
    let before = start.checked_sub(1).and_then(|i| body.as_bytes().get(i));
    before.filter(|byte| matches!(byte, b']' | b')' | b'*' | b'_' | b'`' | b'~'))?;
    let end = close(body, start + 1, "}", LONGEST_ATTRIBUTES)?;
    let mut rest = body[start + 1..end - 1].trim();
    let mut count = 0;
    while !rest.is_empty() {
        let sign = usize::from(rest.starts_with(['.', '#']));
        let name = rest[sign..].bytes().take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b':')).count();
        rest = &rest[sign + name..];
        if name == 0 {
            return None;
        }
        if sign == 0 {
            rest = rest.strip_prefix('=')?;
            let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''));
            rest = match quote {
                Some(quote) => rest[1..].split_once(quote)?.1,
                None => &rest[rest.find(' ').unwrap_or(rest.len())..],
            };
        }
        if !rest.is_empty() && !rest.starts_with(' ') {
            return None;
        }
        rest = rest.trim_start();
        count += 1;
    }
    (count > 0).then_some(end)
}
