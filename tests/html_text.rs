//! The reading text of a page is what a browser shows: it equals the text of html5ever's tree under the same rules of visibility, its
//! map leads back to the bytes, and the main content, tables, notes and metadata of a page are what they are for a reader.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod desk;
#[path = "html_text/documents.rs"]
mod documents;
#[path = "html_text/generator.rs"]
mod generator;
#[path = "html_text/reference.rs"]
mod reference;

use std::sync::Arc;

use desk::Desk;
use generator::Random;
use notegate::document::{Document, PageOptions, Zone};
use notegate::policy::Policy;
use notegate::source::SourceText;

/// Pages that show something else in the reference, and why ours stays as it is.
const KNOWN: &[(&str, &str)] = &[
    ("hidden formatting left open", "browsers open the hidden element again in the next paragraph; what one forgotten tag hides is read here"),
    ("ruby", "an annotation stands over the line: it is read behind it, so that it does not part the words below"),
    ("ruby without ends", "the same"),
];

const COMPOSED: u64 = 250;
const SOUPS: u64 = 400;

fn all_documents() -> Vec<(String, String)> {
    let mut all: Vec<(String, String)> = documents::DOCUMENTS.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    all.extend((0..COMPOSED).map(|seed| (format!("composed {seed}"), generator::page(seed))));
    all.extend((0..SOUPS).map(|seed| (format!("soup {seed}"), generator::soup(seed))));
    all
}

fn source(text: &str) -> SourceText {
    SourceText::new("page.html".to_owned(), text.as_bytes().to_vec())
}

/// A desk that reads the whole body: what the main content is, is another question.
fn whole_body() -> Desk {
    let mut desk = Desk::new();
    let policy = Policy { page: PageOptions { content: Vec::new(), skip: Vec::new() }, ..Policy::clone(&desk.policy) };
    desk.policy = Arc::new(policy);
    desk
}

fn ours(document: &Document) -> String {
    let shown = document.blocks.iter().filter(|block| !matches!(block.zone, Zone::Title | Zone::Alt));
    shown.flat_map(|block| document.block_text(block).chars().filter(|c| !c.is_whitespace()).collect::<Vec<_>>()).collect()
}

fn difference(desk: &Desk, text: &str) -> Option<String> {
    let (ours, reference) = (ours(&desk.document(&source(text))), reference::shown(text));
    let at = ours.chars().zip(reference.chars()).take_while(|(a, b)| a == b).count();
    let near = |text: &str| text.chars().skip(at.saturating_sub(12)).take(60).collect::<String>();
    (ours != reference).then(|| format!("ours …{:?}, reference …{:?}", near(&ours), near(&reference)))
}

#[test]
fn there_are_enough_documents_and_no_name_twice() {
    let all = all_documents();
    let names: std::collections::BTreeSet<&str> = all.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names.len(), all.len());
    assert!(documents::DOCUMENTS.len() >= 140 && all.len() >= 700);
}

#[test]
fn the_reading_text_is_what_a_browser_shows() {
    let desk = whole_body();
    let wrong: Vec<String> = all_documents()
        .iter()
        .filter(|(name, _)| KNOWN.iter().all(|(known, _)| known != name))
        .filter_map(|(name, text)| Some(format!("{name}: {}\n    {text:?}", difference(&desk, text)?)))
        .collect();
    assert!(wrong.is_empty(), "{} documents:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_known_difference_still_differs() {
    let desk = whole_body();
    let all = all_documents();
    for (known, reason) in KNOWN {
        assert!(!reason.is_empty(), "{known}: no reason");
        let (_, text) = all.iter().find(|(name, _)| name == known).unwrap_or_else(|| panic!("{known}: no such document"));
        assert!(difference(&desk, text).is_some(), "{known}: differs no longer, take it off the list");
    }
}

/// Whether all characters of `word` stand in `bytes`, in their order.
fn holds(bytes: &str, word: &str) -> bool {
    let mut left = bytes.chars();
    word.chars().all(|c| left.any(|other| other == c))
}

#[test]
fn the_map_leads_back_to_the_bytes() {
    let desk = whole_body();
    let mut random = Random::new(0);
    let mut wrong = Vec::new();
    for (name, text) in all_documents() {
        for text in [text.replace("\r\n", "\n"), text.replace("\r\n", "\n").replace('\n', "\r\n")] {
            let source = source(&text);
            let document = desk.document(&source);
            for block in &document.blocks {
                let read = document.block_text(block);
                let bounds: Vec<usize> = read.char_indices().map(|(i, _)| i).chain([read.len()]).collect();
                for _ in 0..6 {
                    let (a, b) = (bounds[random.below(bounds.len())], bounds[random.below(bounds.len())]);
                    let (a, b) = (a.min(b), a.max(b));
                    let place = |i: usize| block.text.start + u32::try_from(i).unwrap();
                    let span = document.source_span(place(a)..place(b));
                    match text.get(span.range()) {
                        None => wrong.push(format!("{name}: {:?} leads to {span:?}, which cuts a character", &read[a..b])),
                        Some(bytes) if !bytes.contains('&') && !read[a..b].split_whitespace().all(|word| holds(bytes, word)) => {
                            wrong.push(format!("{name}: {:?} leads to {bytes:?}\n    {text:?}", &read[a..b]));
                        }
                        Some(_) => {}
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} faults:\n{}", wrong.len(), wrong.iter().take(20).cloned().collect::<Vec<_>>().join("\n"));
}
