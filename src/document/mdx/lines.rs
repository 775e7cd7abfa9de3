//! What a line of Markdown begins, as far as it decides where expressions and tags may stand. In MDX nothing is code for being
//! indented, so that indentation only says which list item a line belongs to.

/// Longest title of a link, in bytes.
const LONGEST_TITLE: usize = 1024;

/// White space at the start of a text: its bytes, and its columns from column `from`.
pub(super) fn indent(text: &str, from: usize) -> (usize, usize) {
    let mut column = from;
    let mut len = 0;
    for byte in text.bytes() {
        match byte {
            b' ' => column += 1,
            b'\t' => column += 4 - column % 4,
            _ => break,
        }
        len += 1;
    }
    (len, column - from)
}

/// Whether a line holds nothing, or nothing but marks of block quotations.
pub(super) fn is_blank(line: &str) -> bool {
    line.bytes().all(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n'))
}

/// A line without the marks of block quotations before it.
pub(super) fn unquoted(line: &str) -> &str {
    line.trim_start_matches([' ', '\t', '>'])
}

/// A list marker: its length, the number it begins with (0 for a bullet), and whether something stands behind it.
pub(super) struct Marker {
    pub len: usize,
    pub number: Option<u32>,
    pub filled: bool,
}

/// The list marker a line begins with.
pub(super) fn marker(line: &str) -> Option<Marker> {
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let (len, number) = match line.as_bytes().get(digits)? {
        b'-' | b'+' | b'*' if digits == 0 => (1, None),
        b'.' | b')' if (1..=9).contains(&digits) => (digits + 1, line[..digits].parse().ok()),
        _ => return None,
    };
    let rest = &line[len..];
    let filled = !is_blank(rest);
    (rest.is_empty() || rest.starts_with([' ', '\t', '\r', '\n'])).then_some(Marker { len, number, filled })
}

/// `---`, `* * *`, `___`.
pub(super) fn is_rule(line: &str) -> bool {
    rule_breaks(line).is_none()
}

/// The byte that keeps a line from being a rule; `None` for a rule. What begins with the same mark before that byte is none either.
pub(super) fn rule_breaks(line: &str) -> Option<usize> {
    let bytes = line.as_bytes();
    let Some(first) = bytes.first().filter(|byte| matches!(byte, b'-' | b'*' | b'_')) else { return Some(0) };
    let mut count = 0;
    for (i, byte) in bytes.iter().enumerate() {
        match byte {
            b' ' | b'\t' | b'\r' | b'\n' => {}
            byte if byte == first => count += 1,
            _ => return Some(i),
        }
    }
    (count < 3).then_some(0)
}

/// A line of `=` or `-` that makes a heading of the paragraph above it.
pub(super) fn is_underline(line: &str) -> bool {
    let line = line.trim_end();
    !line.is_empty() && (line.bytes().all(|byte| byte == b'=') || line.bytes().all(|byte| byte == b'-'))
}

pub(super) fn is_heading(line: &str) -> bool {
    let hashes = line.bytes().take_while(|byte| *byte == b'#').count();
    (1..=6).contains(&hashes) && (line.len() == hashes || line[hashes..].starts_with([' ', '\t', '\r', '\n']))
}

/// The fence that a line opens: its character and length.
pub(super) fn fence(line: &str) -> Option<(u8, usize)> {
    let mark = line.bytes().next().filter(|byte| matches!(byte, b'`' | b'~'))?;
    let len = line.bytes().take_while(|byte| *byte == mark).count();
    (len >= 3 && (mark == b'~' || !line[len..].contains('`'))).then_some((mark, len))
}

/// Whether a line closes a fence.
pub(super) fn closes_fence(line: &str, (mark, len): (u8, usize)) -> bool {
    let found = line.bytes().take_while(|byte| *byte == mark).count();
    found >= len && is_blank(&line[found..])
}

/// Length of `[^label]:`, which begins a footnote.
pub(super) fn footnote(line: &str) -> Option<usize> {
    let rest = line.strip_prefix("[^")?;
    let end = rest.find([']', '[', ' ', '\t', '\n', '\r'])?;
    (end > 0 && rest[end..].starts_with("]:")).then_some(end + 4)
}

/// Whether a line defines a link: `[label]: destination "title"`.
pub(super) fn is_definition(line: &str) -> bool {
    let Some(rest) = line.strip_prefix('[').filter(|rest| !rest.starts_with('^')) else { return false };
    let Some(end) = rest.find([']', '[']).filter(|end| *end > 0) else { return false };
    let Some(rest) = rest[end..].strip_prefix("]:") else { return false };
    let rest = rest.trim_start_matches([' ', '\t']);
    let len = if rest.starts_with('<') { rest.find('>').map_or(0, |i| i + 1) } else { rest.find([' ', '\t', '\r', '\n']).unwrap_or(rest.len()) };
    let title = rest[len..].trim();
    len > 0 && (title.is_empty() || (title.len() > 1 && title.starts_with(['"', '\'', '(']) && title.ends_with(['"', '\'', ')'])))
}

/// Whether a line ends a paragraph before it. The line stands without the marks of quotations.
pub(super) fn interrupts(line: &str) -> bool {
    let list = || marker(line).is_some_and(|marker| marker.filled);
    let flow = || line.starts_with(['<', '{']) && line.trim_end().ends_with(['>', '}']) && !line.contains('`');
    is_heading(line) || fence(line).is_some() || is_rule(line) || is_underline(line) || list() || flow()
}

/// The end of `(destination "title")`, which begins at the bracket; `None` where the text is none.
pub(super) fn resource(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let space = |at: usize| at + bytes[at..].iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    let mut at = space(1);
    if bytes.get(at) == Some(&b'<') {
        at += memchr::memchr2(b'>', b'\n', &bytes[at..]).filter(|i| bytes[at + i] == b'>')? + 1;
    } else {
        let mut depth = 0_u32;
        while let Some(byte) = bytes.get(at) {
            match byte {
                b'\\' if bytes.get(at + 1).is_some_and(u8::is_ascii_punctuation) => at += 1,
                b'(' if depth == 31 => return None,
                b'(' => depth += 1,
                b')' if depth == 0 => break,
                b')' => depth -= 1,
                b' ' | b'\t' | b'\r' | b'\n' => break,
                _ => {}
            }
            at += 1;
        }
        if depth > 0 {
            return None;
        }
    }
    let behind = space(at);
    let close = match bytes.get(behind).filter(|_| behind > at) {
        Some(b'"') => Some(b'"'),
        Some(b'\'') => Some(b'\''),
        Some(b'(') => Some(b')'),
        _ => None,
    };
    at = behind;
    if let Some(close) = close {
        // a title is short: a quotation mark that is none must not be looked for to the end of a long line again and again
        let rest = &bytes[at + 1..(at + 1 + LONGEST_TITLE).min(bytes.len())];
        at = space(at + 1 + memchr::memchr(close, rest)? + 1);
    }
    (bytes.get(at) == Some(&b')')).then_some(at + 1)
}
