//! Text that is shown in another order than it is written in: characters that turn letters round make a reader read what nobody judged.

use super::reading_text::ReadingText;
use super::token::count_words;
use super::{Block, Issue, Zone};
use crate::span::offset;

/// RIGHT-TO-LEFT OVERRIDE: everything behind it is shown from right to left, Latin letters too.
const OVERRIDE: char = '\u{202e}';
/// What ends it.
const ENDS: [char; 2] = ['\u{202c}', '\u{202d}'];

/// Tells the first place of it in each block.
pub(super) fn report(blocks: &[Block], reading: &ReadingText, issues: &mut Vec<Issue>) {
    if !reading.as_str().contains(OVERRIDE) {
        return;
    }
    for block in blocks.iter().filter(|block| block.zone != Zone::Code) {
        let text = reading.slice(block.text.clone());
        let Some(at) = text.find(OVERRIDE) else { continue };
        let turned = &text[at..];
        let turned = &turned[..turned.find(ENDS).unwrap_or(turned.len())];
        if turned.chars().filter(|c| c.is_ascii_alphanumeric()).count() < 2 {
            continue;
        }
        let start = block.text.start + offset(at);
        let span = reading.source_span(start..start + offset(turned.trim_end().len()));
        issues.push(Issue::new("source/reordered-text", span, count_words(turned).to_string()));
    }
}
