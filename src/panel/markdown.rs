//! Panels as GFM: headings and tables.

use std::fmt::Write;

use super::{LAYOUT, Panels, Row, TITLE};

/// Writes the panels, without the marks around them; ends with a line feed.
#[must_use]
pub fn write(panels: &Panels) -> String {
    let mut out = format!("## {TITLE}\n");
    for (rows, layout) in panels.tables.iter().zip(&LAYOUT) {
        let _ = write!(out, "\n### {}\n\n{}\n\n| {} |\n|{}\n", layout.title, layout.caption, layout.columns.join(" | "), " --- |".repeat(layout.columns.len()));
        for row in rows {
            out.push('|');
            for cell in row.cells() {
                out.push(' ');
                escape(cell, &mut out);
                out.push_str(" |");
            }
            out.push('\n');
        }
    }
    out
}

/// Reads panels back. Line ends, blank lines and the padding of tables do not count; anything else must be as it is written.
#[must_use]
pub fn read(region: &str) -> Option<Panels> {
    let found = lines(region);
    let mut panels = Panels::default();
    let mut table = 0_usize;
    let mut cells_seen = 0;
    for line in &found {
        if line.starts_with("### ") {
            table += 1;
            cells_seen = 0;
        } else if line.starts_with('|') {
            cells_seen += 1;
            // the first two lines of a table are its head
            if cells_seen > 2 {
                panels.tables.get_mut(table.checked_sub(1)?)?.push(Row::of_cells(cells(line))?);
            }
        }
    }
    (lines(&write(&panels)) == found).then_some(panels)
}

/// Lines as far as they count.
fn lines(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut row = 0;
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        row = if line.starts_with('|') { row + 1 } else { 0 };
        // the line under the head of a table is as long as an editor makes it
        let is_rule = row == 2 && line.contains('-') && line.bytes().all(|byte| matches!(byte, b'|' | b'-' | b' '));
        lines.push(if is_rule {
            line.split('|').map(|cell| if cell.trim().is_empty() { "" } else { " --- " }).collect::<Vec<_>>().join("|")
        } else {
            line.split_whitespace().collect::<Vec<_>>().join(" ")
        });
    }
    lines
}

/// The text with everything escaped that Markdown, MDX or a template language would obey.
pub fn escape(text: &str, out: &mut String) {
    let mut before = ' ';
    for (i, c) in text.char_indices() {
        let rest = &text[i + c.len_utf8()..];
        let obeyed = match c {
            '\\' | '`' | '*' | '[' | ']' | '<' | '>' | '|' | '~' | '&' | '{' | '}' | '$' => true,
            // with a brace or bracket before it, the begin of a tag or comment of template languages
            '%' | '#' => matches!(before, '{' | '<'),
            // inside a word an underscore means nothing
            '_' => !(before.is_alphanumeric() && rest.starts_with(char::is_alphanumeric)),
            ':' => rest.starts_with("//"),
            '.' => i >= 3 && text.as_bytes()[i - 3..i].eq_ignore_ascii_case(b"www"),
            _ => false,
        };
        if obeyed {
            out.push('\\');
        }
        out.push(c);
        before = c;
    }
}

/// The cells of a table row, unescaped.
fn cells(line: &str) -> Vec<String> {
    let mut cells = Vec::new();
    let mut cell = String::new();
    let mut chars = line.chars().skip(1).peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' if chars.peek().is_some_and(char::is_ascii_punctuation) => cell.extend(chars.next()),
            '|' => cells.push(std::mem::take(&mut cell).trim().to_owned()),
            _ => cell.push(c),
        }
    }
    cells
}
