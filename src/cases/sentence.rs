//! The notation of single sentences in rule files and case files: what each prefix makes of it, as Markdown.

use crate::document::{Document, Format};
use crate::rulebook::Rulebook;

/// A sentence as an article: `H: ` a heading, `Q: ` a quotation, `T: ` a table row, `C: ` code, `FM: key: ` a value of the header;
/// ` ¶ ` parts paragraphs.
#[must_use]
pub fn article_of(case: &str) -> String {
    let mut header = String::new();
    let mut body = String::new();
    for part in case.split(" ¶ ") {
        if let Some(rest) = part.strip_prefix("FM: ") {
            let (key, value) = rest.split_once(": ").unwrap_or(("description", rest));
            header.push_str(&format!("{key}: {}\n", serde_json::to_string(value).unwrap_or_default()));
        } else {
            body.push_str(&paragraph(part));
            body.push_str("\n\n");
        }
    }
    let mut article = if header.is_empty() { String::new() } else { format!("---\n{header}---\n\n") };
    article.push_str(body.trim_end_matches('\n'));
    article.push('\n');
    article
}

fn paragraph(part: &str) -> String {
    if let Some(rest) = part.strip_prefix("H: ") {
        format!("## {rest}")
    } else if let Some(rest) = part.strip_prefix("Q: ") {
        format!("> {rest}")
    } else if let Some(rest) = part.strip_prefix("T: ") {
        let row = if rest.starts_with('|') { rest.to_owned() } else { format!("| {rest} |") };
        let columns = row.matches('|').count().saturating_sub(1).max(1);
        format!("|{}\n|{}\n{row}", " |".repeat(columns), " --- |".repeat(columns))
    } else if let Some(rest) = part.strip_prefix("C: ") {
        format!("```\n{rest}\n```")
    } else {
        part.to_owned()
    }
}

/// Whether a rule (or facet) matches anywhere in a document, excuses considered.
#[must_use]
pub fn raises(rulebook: &Rulebook, document: &Document, rule: &str, facet: bool) -> bool {
    let currency = |word| rulebook.is_currency(word);
    let view = rulebook.view(document, &currency);
    let scan = rulebook.scan(&view);
    if facet {
        let asked = rulebook.ask(&view, rule.split('/').next().unwrap_or_default());
        return scan.facets.iter().chain(&asked.facets).any(|hit| rulebook.facets[hit.facet].name == rule);
    }
    scan.rules.iter().any(|hit| rulebook.rules[hit.rule].id == rule && !hit.cited)
}

/// The format that cases are written in.
pub const FORMAT: Format = Format::Markdown;
