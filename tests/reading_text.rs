//! The reading text is what a reader reads: it equals a reference renderer's text, its map leads back to the bytes, template
//! syntax stays out of it, and its sentences end where a reader ends them.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on has failed")]

#[path = "reading_text/cases.rs"]
mod cases;
mod desk;
#[path = "reading_text/documents.rs"]
mod documents;
#[path = "reading_text/generator.rs"]
mod generator;
#[path = "reading_text/reference.rs"]
mod reference;

use desk::Desk;
use generator::Random;
use notegate::document::{Block, Document, Zone};
use notegate::source::SourceText;
use reference::{Shown, squeeze};

/// Documents that show something else in the reference, and why ours stays as it is.
const KNOWN: &[(&str, &str)] = &[
    ("callout unknown", "GitHub knows five names; other dialects show any as the kind of a box, and no reader reads it as a word"),
    ("html inline", "a raised digit behind a word is the sign of a note, not part of the word"),
    ("nul", "CommonMark reads it as U+FFFD; our text keeps the byte, which the source reports as a fault"),
    ("strikethrough of one tilde in a word", "pulldown-cmark lets a single tilde strike only whole words; GFM names no such limit"),
    ("strikethrough before punctuation", "pulldown-cmark lets two tildes open inside a word also before punctuation"),
    ("strikethrough beside emphasis", "the reference looks past tildes for what stands beside a star; CommonMark does not"),
    ("code span behind two ticks that never close", "the reference forgets a closing tick that it has passed; CommonMark has both code spans"),
    ("link inside a link beside brackets", "the reference lets a link hold a link once brackets stand between; CommonMark forbids it"),
    ("bare address with markup", "GFM reads everything up to a space as the address; pulldown-cmark has no bare addresses, so that stars in one are markup"),
    ("heading with closing hashes behind a tab", "pulldown-cmark wants a space before them"),
    ("heading with attributes", "an extension of ours: Hugo and kramdown take them, CommonMark shows them"),
    ("task mark in a setext heading", "GFM wants a paragraph behind it; a mark is not prose either way"),
    ("callout with a title", "an extension of the reference: on GitHub this is a plain quotation"),
    ("callout that begins with a list from six", "pulldown-cmark takes the mark for a line of a paragraph, which only a list from one may interrupt"),
    ("table whose rule looks like a list item", "the reference tries the list first, pulldown-cmark the table; GFM does not say"),
    ("table of one column without pipes", "pulldown-cmark wants a pipe in the rule"),
    ("html alone on a lazy line", "the reference lets it interrupt the paragraph; CommonMark does not"),
    ("footnote never cited", "a renderer drops it; the author's text is judged all the same"),
    ("footnote in a link", "pulldown-cmark takes the mark for a link, and links do not nest"),
    ("footnote right behind a shortcut link", "the reference reads the mark as the link's label; pulldown-cmark as a note"),
];

/// How many documents a seed makes: composed ones, and noise.
const COMPOSED: u64 = 300;
const NOISY: u64 = 200;

fn all_documents() -> Vec<(String, String)> {
    let mut all: Vec<(String, String)> = documents::DOCUMENTS.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    all.extend(documents::long());
    all.extend((0..COMPOSED).map(|seed| (format!("composed {seed}"), generator::document(seed))));
    all.extend((0..NOISY).map(|seed| (format!("noise {seed}"), generator::noise(seed))));
    all
}

fn source(path: &str, text: &str) -> SourceText {
    SourceText::new(path.to_owned(), text.as_bytes().to_vec())
}

/// What our reading text shows, cut as the reference cuts it. Titles of the front matter and alternative texts are read by readers,
/// but no renderer writes them as text.
fn ours(document: &Document) -> Shown {
    let notes: Vec<_> = document.entries.iter().filter(|entry| entry.footnote).map(|entry| entry.source).collect();
    let mut flow = String::new();
    let mut texts = vec![String::new(); notes.len()];
    for block in document.blocks.iter().filter(|block| !matches!(block.zone, Zone::Title | Zone::Alt)) {
        let span = document.source_span(block.text.clone());
        let text = squeeze(document.block_text(block));
        match notes.iter().position(|note| note.contains(span)) {
            Some(i) => texts[i].push_str(&text),
            None => flow.push_str(&text),
        }
    }
    Shown::new(flow, texts)
}

/// Both texts from shortly before the place where they part.
fn parting(ours: &str, reference: &str) -> String {
    let at = ours.chars().zip(reference.chars()).take_while(|(a, b)| a == b).count();
    let near = |text: &str| text.chars().skip(at.saturating_sub(12)).take(60).collect::<String>();
    format!("ours …{:?}, reference …{:?}", near(ours), near(reference))
}

/// The difference of a document, or nothing.
fn difference(desk: &Desk, text: &str) -> Option<String> {
    let ours = ours(&desk.document(&source("x.md", text)));
    let reference = reference::shown(text);
    if ours.flow != reference.flow {
        return Some(parting(&ours.flow, &reference.flow));
    }
    (ours.notes != reference.notes).then(|| format!("notes: ours {:?}, reference {:?}", ours.notes, reference.notes))
}

fn excerpt(text: &str) -> String {
    text.chars().take(1_500).collect()
}

#[test]
fn there_are_enough_documents_and_no_name_twice() {
    let all = all_documents();
    let names: std::collections::BTreeSet<&str> = all.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names.len(), all.len());
    assert!(documents::DOCUMENTS.len() >= 120 && COMPOSED + NOISY >= 250);
}

#[test]
fn the_reading_text_is_what_the_reference_shows() {
    let desk = Desk::new();
    let wrong: Vec<String> = all_documents()
        .iter()
        .filter(|(name, _)| KNOWN.iter().all(|(known, _)| known != name))
        .filter_map(|(name, text)| Some(format!("{name}: {}\n    {:?}", difference(&desk, text)?, excerpt(text))))
        .collect();
    assert!(wrong.is_empty(), "{} documents:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_known_difference_still_differs() {
    let desk = Desk::new();
    let all = all_documents();
    for (known, reason) in KNOWN {
        assert!(!reason.is_empty(), "{known}: no reason");
        let (_, text) = all.iter().find(|(name, _)| name == known).unwrap_or_else(|| panic!("{known}: no such document"));
        assert!(difference(&desk, text).is_some(), "{known}: differs no longer, take it off the list");
    }
}

/// Words of a block with their ranges in the reading text.
fn words<'d>(document: &'d Document, block: &Block) -> Vec<(&'d str, std::ops::Range<u32>)> {
    let base = document.reading.as_str();
    let text = document.reading.slice(block.text.clone());
    text.split_whitespace()
        .map(|word| {
            let start = u32::try_from(word.as_ptr() as usize - base.as_ptr() as usize).unwrap_or(u32::MAX);
            (word, start..start + u32::try_from(word.len()).unwrap_or(u32::MAX))
        })
        .collect()
}

/// White space of every kind as a space: a line end is read as one.
fn plain_spaces(text: &str) -> String {
    text.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).collect()
}

/// Whether all characters of `word` stand in `bytes`, in their order.
fn holds(bytes: &str, word: &str) -> bool {
    let mut left = bytes.chars();
    word.chars().all(|c| left.any(|other| other == c))
}

/// What is wrong with the map of one block: any part of it must lead to whole characters, to the same bytes where nothing was
/// decoded, and to the bytes of its words.
fn map_faults(source: &SourceText, document: &Document, block: &Block, random: &mut Random) -> Vec<String> {
    let mut faults = Vec::new();
    let text = document.block_text(block);
    let bounds: Vec<u32> =
        text.char_indices().map(|(i, _)| i).chain([text.len()]).filter_map(|i| u32::try_from(i).ok()).map(|i| block.text.start + i).collect();
    for _ in 0..8 {
        let (a, b) = (bounds[random.below(bounds.len())], bounds[random.below(bounds.len())]);
        let range = a.min(b)..a.max(b);
        let span = document.source_span(range.clone());
        let read = document.reading.slice(range.clone());
        match source.text.get(span.range()) {
            None => faults.push(format!("{read:?} at {range:?} leads to {span:?}, which cuts a character")),
            // a `<br>` leads to no byte of its own: behind it, equal lengths mean nothing
            Some(bytes) if bytes.len() == read.len() && !read.ends_with(char::is_whitespace) && plain_spaces(bytes) != plain_spaces(read) => {
                faults.push(format!("{read:?} at {range:?} leads to {bytes:?}"));
            }
            Some(_) => {}
        }
    }
    for (word, range) in words(document, block) {
        let bytes = source.slice(document.source_span(range));
        if !bytes.contains('&') && !holds(bytes, word) {
            faults.push(format!("the word {word:?} leads to {bytes:?}"));
        }
    }
    faults
}

#[test]
fn the_map_leads_back_to_the_bytes() {
    let desk = Desk::new();
    let mut random = Random::new(0);
    let mut wrong = Vec::new();
    for (name, text) in all_documents() {
        let source = source("x.md", &text);
        let document = desk.document(&source);
        let faults: Vec<String> = document.blocks.iter().flat_map(|block| map_faults(&source, &document, block, &mut random)).take(3).collect();
        if !faults.is_empty() {
            wrong.push(format!("{name}: {}\n    {:?}", faults.join("; "), excerpt(&text)));
        }
    }
    assert!(wrong.is_empty(), "{} documents:\n{}", wrong.len(), wrong.join("\n"));
}

/// A text as its words, one space between: template tags leave more behind.
fn tidy(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn template_syntax_is_not_read_and_what_stands_between_is() {
    let desk = Desk::new();
    let mut random = Random::new(0);
    let mut wrong = Vec::new();
    for (text, expected) in cases::TEMPLATES {
        let source = source("x.md", text);
        let document = desk.document(&source);
        let read: Vec<String> = document.blocks.iter().map(|block| tidy(document.block_text(block))).collect();
        let faults: Vec<String> = document.blocks.iter().flat_map(|block| map_faults(&source, &document, block, &mut random)).collect();
        if read != *expected || !faults.is_empty() {
            wrong.push(format!("{text:?}: {read:?}, wanted {expected:?} {}", faults.join("; ")));
        }
    }
    assert!(wrong.is_empty(), "{} texts:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn sentences_end_where_a_reader_ends_them() {
    let desk = Desk::new();
    let mut wrong = Vec::new();
    for (text, expected) in cases::SENTENCES {
        let document = desk.document(&source("x.md", text));
        let read: Vec<String> = document.tokens.sentences.iter().map(|sentence| tidy(document.reading.slice(sentence.text.clone()))).collect();
        let expected: Vec<String> = expected.iter().map(|sentence| sentence.replace('`', "")).collect();
        if read != expected {
            wrong.push(format!("{text:?}: {read:?}, wanted {expected:?}"));
        }
    }
    assert!(wrong.is_empty(), "{} texts:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn plain_text_is_read_by_its_layout() {
    let desk = Desk::new();
    let mut random = Random::new(0);
    let mut wrong = Vec::new();
    for (text, expected) in cases::PLAIN {
        let source = source("x.txt", text);
        let document = desk.document(&source);
        let read: Vec<(Zone, u8, String)> = document.blocks.iter().map(|block| (block.zone, block.level, tidy(document.block_text(block)))).collect();
        let same = read.len() == expected.len() && read.iter().zip(*expected).all(|(read, wanted)| (read.0, read.1, read.2.as_str()) == *wanted);
        let faults: Vec<String> = document.blocks.iter().flat_map(|block| map_faults(&source, &document, block, &mut random)).collect();
        if !same || !faults.is_empty() {
            wrong.push(format!("{text:?}: {read:?}, wanted {expected:?} {}", faults.join("; ")));
        }
    }
    assert!(wrong.is_empty(), "{} texts:\n{}", wrong.len(), wrong.join("\n"));
}
