//! Plain text into the builder, also a page saved as text: numbered sections ("01" on a line, then the title), underlined
//! titles, lists and quoted lines.

use super::Zone;
use super::build::Builder;
use crate::span::Span;

/// Longest title in words: a longer line is a sentence.
const TITLE_WORDS: usize = 14;

/// One line with its place in the file, without its line end.
#[derive(Clone, Copy)]
struct Line<'t> {
    text: &'t str,
    start: usize,
}

impl Line<'_> {
    fn span(&self) -> Span {
        Span::of(self.start..self.start + self.text.len())
    }

    fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }

    /// "01", "02." … alone on the line.
    fn section_number(&self) -> Option<u32> {
        let digits = self.text.trim().trim_end_matches(['.', ')']);
        (digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_digit())).then(|| digits.parse().ok()).flatten()
    }

    fn underline(&self) -> Option<u8> {
        let mark = self.text.trim();
        if mark.len() < 3 {
            return None;
        }
        if mark.bytes().all(|byte| byte == b'=') {
            return Some(1);
        }
        mark.bytes().all(|byte| byte == b'-').then_some(2)
    }

    fn could_be_title(&self) -> bool {
        let text = self.text.trim();
        !text.is_empty() && text.split_whitespace().count() <= TITLE_WORDS && !text.ends_with(['.', ',', ';'])
    }

    /// Length of a list marker and the space behind it.
    fn bullet(&self) -> Option<usize> {
        let indent = self.text.len() - self.text.trim_start().len();
        let rest = self.text.trim_start();
        for mark in ["- ", "* ", "+ ", "\u{2022} ", "\u{b7} "] {
            if rest.starts_with(mark) {
                return Some(indent + mark.len());
            }
        }
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let marker = &rest[digits..];
        ((1..=2).contains(&digits) && (marker.starts_with(". ") || marker.starts_with(") "))).then_some(indent + digits + 2)
    }
}

/// Reads `body`, which begins at byte `base` of the file. A line that is one of `closing_titles` ends the last numbered section.
pub(super) fn read(builder: &mut Builder, body: &str, base: usize, closing_titles: &dyn Fn(&str) -> bool) {
    let lines = split(body, base);
    let numbered = numbered_sections(&lines);
    let mut reader = Reader { builder, open: false };
    let mut i = 0;
    while i < lines.len() {
        let line = lines[i];
        if line.is_blank() {
            reader.end();
        } else if let Some(title) = numbered.iter().find(|(number, _)| *number == i).map(|(_, title)| *title) {
            reader.heading(lines[title], 2);
            i = title;
        } else if let Some(level) = lines.get(i + 1).and_then(Line::underline).filter(|_| line.could_be_title() && !reader.open) {
            reader.heading(line, level);
            i += 1;
        } else if !numbered.is_empty() && !reader.open && line.could_be_title() && closing_titles(line.text.trim()) {
            reader.heading(line, 2);
        } else {
            reader.line(line);
        }
        i += 1;
    }
    reader.end();
}

fn split(body: &str, base: usize) -> Vec<Line<'_>> {
    let mut lines = Vec::new();
    let mut at = 0;
    for piece in body.split_inclusive('\n') {
        for part in piece.split_inclusive('\r') {
            let text = part.trim_end_matches(['\n', '\r']);
            if !(text.is_empty() && part == "\n" && piece.len() > 1) {
                lines.push(Line { text, start: base + at });
            }
            at += part.len();
        }
    }
    lines
}

/// Pairs of line indices: a number that continues the count from 01, and the title that follows it.
fn numbered_sections(lines: &[Line]) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut next = 1;
    for (i, line) in lines.iter().enumerate() {
        if line.section_number() != Some(next) {
            continue;
        }
        let title = lines.iter().enumerate().skip(i + 1).find(|(_, line)| !line.is_blank());
        if let Some((at, _)) = title.filter(|(_, line)| line.could_be_title()) {
            found.push((i, at));
            next += 1;
        }
    }
    if found.len() < 2 { Vec::new() } else { found }
}

struct Reader<'b, 's> {
    builder: &'b mut Builder<'s>,
    /// Whether a paragraph or list item is open.
    open: bool,
}

impl Reader<'_, '_> {
    fn end(&mut self) {
        if self.open {
            self.builder.leave();
            self.open = false;
        }
    }

    fn heading(&mut self, line: Line, level: u8) {
        self.end();
        self.builder.enter(Zone::Heading, level);
        self.trimmed(line, 0);
        self.builder.leave();
    }

    fn line(&mut self, line: Line) {
        let quoted = line.text.trim_start().starts_with("> ");
        let marker = line.bullet();
        if !self.open || marker.is_some() {
            self.end();
            let zone = if quoted {
                Zone::Quote
            } else if marker.is_some() {
                Zone::ListItem
            } else {
                Zone::Paragraph
            };
            self.builder.enter(zone, 0);
            self.open = true;
        } else {
            let start = line.span().start;
            self.builder.line_break(Span::new(start.saturating_sub(1), start), " ");
        }
        let skip = if quoted { line.text.find("> ").map_or(0, |i| i + 2) } else { marker.unwrap_or(0) };
        self.trimmed(line, skip);
    }

    fn trimmed(&mut self, line: Line, skip: usize) {
        let rest = &line.text[skip..];
        let text = rest.trim();
        let start = line.start + skip + (rest.len() - rest.trim_start().len());
        self.builder.text(text, Span::of(start..start + text.len()));
    }
}
