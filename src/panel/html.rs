//! Panels as a fragment of HTML: sections, headings and tables with captions and scopes. No script and no colour of its own, so
//! that a page's light and dark colours hold; status is a word. No blank line stands inside, so that Markdown takes it as one block.

use std::fmt::Write;

use super::{LAYOUT, Panels, Row, TITLE};

/// Borders take the colour of the text around them; a name too long for the page is broken.
const TABLE_STYLE: &str = "border-collapse: collapse; overflow-wrap: break-word";
const CELL_STYLE: &str = "border: 1px solid currentColor; padding: 0.25em 0.5em; text-align: start; vertical-align: top";

/// Writes the panels, without the marks around them. Ends with a blank line: in Markdown it ends the block, so that the mark
/// behind it is a block of its own.
#[must_use]
pub fn write(panels: &Panels) -> String {
    let id = format!("notegate-{}", panels.key);
    let mut out = format!("<section class=\"notegate-panels\">\n<h2 id=\"{id}\">{TITLE}</h2>\n");
    for (rows, layout) in panels.tables.iter().zip(&LAYOUT) {
        let heads: String = layout.columns.iter().map(|column| format!("<th scope=\"col\" style=\"{CELL_STYLE}\">{column}</th>")).collect();
        let _ = write!(
            out,
            "<section class=\"notegate-panel\">\n<h3 id=\"{id}-{}\">{}</h3>\n<table style=\"{TABLE_STYLE}\">\n<caption>{}</caption>\n\
             <thead>\n<tr>{heads}</tr>\n</thead>\n<tbody>\n",
            layout.id, layout.title, layout.caption
        );
        for row in rows {
            out.push_str("<tr>");
            for (i, cell) in row.cells().enumerate() {
                let cell_type = if i == 0 { "th scope=\"row\"" } else { "td" };
                let _ = write!(out, "<{cell_type} style=\"{CELL_STYLE}\">");
                inline(cell, &mut out);
                out.push_str(if i == 0 { "</th>" } else { "</td>" });
            }
            out.push_str("</tr>\n");
        }
        out.push_str("</tbody>\n</table>\n</section>\n");
    }
    out.push_str("</section>\n\n");
    out
}

/// Reads panels back. Line ends, blank lines and indentation do not count; anything else must be as it is written.
#[must_use]
pub fn read(region: &str) -> Option<Panels> {
    let found = lines(region);
    let mut panels = Panels::default();
    let mut table = 0_usize;
    for line in &found {
        if let Some(rest) = line.strip_prefix("<h2 id=\"notegate-") {
            panels.key = rest.chars().take_while(char::is_ascii_hexdigit).collect();
        } else if line.starts_with("<h3 ") {
            table += 1;
        } else if line.starts_with("<tr>") && line.contains("<td ") {
            panels.tables.get_mut(table.checked_sub(1)?)?.push(Row::of_cells(cells(line))?);
        }
    }
    (panels.key.len() <= 64 && lines(&write(&panels)) == found).then_some(panels)
}

/// Lines as far as they count.
fn lines(text: &str) -> Vec<&str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).collect()
}

/// The text escaped, every date in it as `<time>`.
fn inline(text: &str, out: &mut String) {
    let mut at = 0;
    while at < text.len() {
        match day(text, at) {
            Some(day) => {
                let _ = write!(out, "<time datetime=\"{day}\">{day}</time>");
                at += day.len();
            }
            None => {
                let Some(c) = text[at..].chars().next() else { break };
                escape(c, out);
                at += c.len_utf8();
            }
        }
    }
}

/// The calendar day written as `YYYY-MM-DD` at a place, parted from digits and hyphens around it.
fn day(text: &str, at: usize) -> Option<&str> {
    let found = text.get(at..at + 10).filter(|found| found.is_ascii())?;
    let joins = |c: char| c.is_ascii_digit() || c == '-';
    if text[..at].ends_with(joins) || text[at + 10..].starts_with(joins) || !found.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let plain = found.bytes().enumerate().all(|(i, byte)| if i == 4 || i == 7 { byte == b'-' } else { byte.is_ascii_digit() });
    (plain && found.parse::<jiff::civil::Date>().is_ok_and(|date| date.year() > 0)).then_some(found)
}

/// Braces are escaped too: template languages would obey them.
const ESCAPES: [(char, &str); 7] = [('&', "&amp;"), ('<', "&lt;"), ('>', "&gt;"), ('"', "&quot;"), ('\'', "&#39;"), ('{', "&#123;"), ('}', "&#125;")];

fn escape(c: char, out: &mut String) {
    match ESCAPES.iter().find(|(plain, _)| *plain == c) {
        Some((_, escaped)) => out.push_str(escaped),
        None => out.push(c),
    }
}

/// The cells of a row: what stands between tags of cells, other tags left out, unescaped.
fn cells(line: &str) -> Vec<String> {
    let mut cells = Vec::new();
    let mut rest = line;
    let mut cell = String::new();
    while let Some(c) = rest.chars().next() {
        let mut len = c.len_utf8();
        match c {
            '<' => {
                len = rest.find('>').map_or(rest.len(), |i| i + 1);
                let tag = &rest[..len];
                if tag.starts_with("<t") && !tag.starts_with("<time") {
                    cell.clear();
                } else if tag == "</th>" || tag == "</td>" {
                    cells.push(std::mem::take(&mut cell));
                }
            }
            '&' => match ESCAPES.iter().find(|(_, escaped)| rest.starts_with(escaped)) {
                Some((plain, escaped)) => {
                    cell.push(*plain);
                    len = escaped.len();
                }
                None => cell.push(c),
            },
            _ => cell.push(c),
        }
        rest = &rest[len..];
    }
    cells
}
