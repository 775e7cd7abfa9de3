//! What in a list of sources is an entry, and what is prose that merely stands there.
//!
//! Titles of what is cited may say "buy" or name a price and are nobody's claim (policy 0.3). A sentence of the article that stands under
//! the same heading is a claim like any other: the heading does not launder it.

use super::section::{Section, SectionRole};
use super::{Block, Link, ReadingText, Zone};

/// Words that a list item has at least before it can be a sentence of its own and no title.
const SENTENCE_WORDS: u32 = 4;
/// A link over this share of an item's letters (one in …) is what the item is about.
const LINK_SHARE: u32 = 3;

/// Marks the blocks of reference sections that are entries. `links` are sorted by nothing in particular.
pub(super) fn mark(blocks: &mut [Block], sections: &[Section], links: &[Link], reading: &ReadingText) {
    if sections.iter().all(|section| section.role != SectionRole::References) {
        return;
    }
    let mut linked = vec![0; blocks.len()];
    for link in links {
        if let Some(length) = linked.get_mut(link.block as usize) {
            *length += link.text.end - link.text.start;
        }
    }
    for section in sections.iter().filter(|section| section.role == SectionRole::References) {
        for i in section.blocks.start as usize..section.blocks.end as usize {
            let block = &mut blocks[i];
            block.entry = match block.zone {
                Zone::Heading | Zone::Title => false,
                Zone::Paragraph | Zone::ListItem | Zone::Quote | Zone::Callout => {
                    let text = reading.slice(block.text.clone()).trim();
                    let length = block.text.end - block.text.start;
                    linked[i] * LINK_SHARE >= length.max(1) || is_entry(text) || block.zone == Zone::ListItem && !is_sentence(text, block.words)
                }
                _ => true,
            };
        }
    }
}

/// An entry by its parts: a number in brackets before it, an address, an identifier, the year of a publication, the day of its reading.
fn is_entry(text: &str) -> bool {
    let lower = text.to_lowercase();
    let numbered = text
        .strip_prefix('[')
        .and_then(|rest| rest.split_once(']'))
        .is_some_and(|(label, _)| !label.is_empty() && label.len() <= 4 && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'^'));
    numbered
        || ["://", "www.", "doi.org", "doi:", "isbn", "accessed ", "retrieved ", "et al."].iter().any(|part| lower.contains(part))
        || has_year_of_publication(text)
}

/// "(2024)", "(2024a)", "(May 2024)", or a year between a comma and the end of a part: "Annual survey, 2024."
fn has_year_of_publication(text: &str) -> bool {
    let bytes = text.as_bytes();
    let year = |at: usize| {
        bytes.get(at..at + 4).is_some_and(|four| four.iter().all(u8::is_ascii_digit) && matches!(&four[..2], b"18" | b"19" | b"20"))
            && !bytes.get(at + 4).is_some_and(u8::is_ascii_digit)
    };
    (0..bytes.len()).any(|i| match bytes[i] {
        b'(' => {
            let inside = &text[i + 1..];
            inside.find(')').filter(|end| *end <= 20).is_some_and(|end| {
                let start = inside[..end].trim_end_matches(|c: char| c.is_ascii_lowercase()).len();
                start >= 4 && year(i + 1 + start - 4)
            })
        }
        b',' => bytes.get(i + 1) == Some(&b' ') && year(i + 2) && matches!(bytes.get(i + 6), None | Some(b'.' | b',' | b';' | b')')),
        _ => false,
    })
}

/// A full sentence of the article's own: it ends as one, and nothing in it stands in quotation marks as a title does.
fn is_sentence(text: &str, words: u32) -> bool {
    words >= SENTENCE_WORDS && text.ends_with(['.', '!']) && !text.contains(['“', '”', '"', '«', '»', '„', ':'])
}
