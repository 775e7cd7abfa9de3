//! The reading text of MDX is what the syntax tree of a reference shows, and its map leads back to the bytes. What the reference refuses, we
//! report; what it takes, we take.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod desk;
#[path = "reading_mdx/documents.rs"]
mod documents;
#[path = "reading_mdx/generator.rs"]
mod generator;
#[path = "reading_mdx/random.rs"]
mod random;
#[path = "reading_mdx/reference.rs"]
mod reference;

use desk::Desk;
use notegate::document::{Document, Zone};
use notegate::source::SourceText;
use reference::{Refusal, Shown, squeeze};

/// Documents that show something else in the reference, and why ours stays as it is.
const KNOWN: &[(&str, &str)] = &[
    ("tags in attribute expressions", "elements in attributes are read by readers; the tree keeps them as code"),
    ("choice of strings", "the tree keeps the code; we read the strings that it shows"),
    ("element behind a condition", "the tree keeps the code; we read the elements in it"),
    ("callout of GitHub", "the reference knows no callouts: their mark is no text on GitHub"),
    ("admonition", "the reference knows no admonitions: their marks are no text in Docusaurus"),
    ("mathematics", "the reference was not asked for mathematics; formulas are no prose"),
    ("tag that is open at the end", "the reference forgets a tag that is open where the text ends; MDX refuses it, and so do we"),
    ("noise 45", "the same"),
    ("list indented by a tab", "the reference counts the tab as one column, so that the end tag below belongs to the list item"),
    ("composed 17", "the same"),
];

/// How many documents a seed makes: composed ones, and noise.
const COMPOSED: u64 = 300;
const NOISY: u64 = 300;

fn source(text: &str) -> SourceText {
    SourceText::new("x.mdx".to_owned(), text.as_bytes().to_vec())
}

fn all_documents() -> Vec<(String, String)> {
    let mut all: Vec<(String, String)> = documents::DOCUMENTS.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    all.extend((0..COMPOSED).map(|seed| (format!("composed {seed}"), generator::document(seed))));
    all
}

fn noise() -> Vec<(String, String)> {
    (0..NOISY).map(|seed| (format!("noise {seed}"), generator::noise(seed))).collect()
}

/// What our reading text shows. Texts of attributes and of the header are read by readers, but are no text of the tree.
fn ours(document: &Document) -> Shown {
    let notes: Vec<_> = document.entries.iter().filter(|entry| entry.footnote).map(|entry| entry.source).collect();
    let mut shown = Shown { flow: String::new(), notes: vec![String::new(); notes.len()] };
    for block in document.blocks.iter().filter(|block| !matches!(block.zone, Zone::Title | Zone::Alt | Zone::Caption)) {
        let span = document.source_span(block.text.clone());
        let text = squeeze(document.block_text(block));
        match notes.iter().position(|note| note.contains(span)) {
            Some(i) => shown.notes[i].push_str(&text),
            None => shown.flow.push_str(&text),
        }
    }
    shown.notes.retain(|note| !note.is_empty());
    shown.notes.sort();
    shown
}

/// Both texts from shortly before the place where they part.
fn parting(ours: &str, reference: &str) -> String {
    let at = ours.chars().zip(reference.chars()).take_while(|(a, b)| a == b).count();
    let near = |text: &str| text.chars().skip(at.saturating_sub(12)).take(60).collect::<String>();
    format!("ours …{:?}, reference …{:?}", near(ours), near(reference))
}

/// The difference of a document, or nothing.
fn difference(desk: &Desk, text: &str) -> Option<String> {
    let document = desk.document(&source(text));
    let reference = match (reference::shown(text), document.issues.first()) {
        (Err(_), Some(_)) => return None,
        (Err(Refusal::BrokeDown), None) => return None,
        (Err(Refusal::Refused(why)), None) => return Some(format!("the reference refuses it: {why}")),
        (Ok(_), Some(issue)) => return Some(format!("we refuse it: {}", issue.detail)),
        (Ok(shown), None) => shown,
    };
    let ours = ours(&document);
    if ours.flow != reference.flow {
        return Some(parting(&ours.flow, &reference.flow));
    }
    (ours.notes != reference.notes).then(|| format!("notes: ours {:?}, reference {:?}", ours.notes, reference.notes))
}

#[test]
fn there_are_enough_documents_and_no_name_twice() {
    let all: Vec<(String, String)> = all_documents().into_iter().chain(noise()).collect();
    let names: std::collections::BTreeSet<&str> = all.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names.len(), all.len());
    assert!(documents::DOCUMENTS.len() >= 90 && documents::REFUSED.len() >= 30 && COMPOSED >= 200);
    let taken = all_documents().iter().filter(|(_, text)| reference::shown(text).is_ok()).count();
    assert!(taken >= 380, "the reference takes {taken} of them");
}

#[test]
fn the_reading_text_is_what_the_reference_shows() {
    let desk = Desk::new();
    let wrong: Vec<String> = all_documents()
        .iter()
        .chain(&noise())
        .filter(|(name, _)| KNOWN.iter().all(|(known, _)| known != name))
        .filter_map(|(name, text)| Some(format!("{name}: {}\n    {text:?}", difference(&desk, text)?)))
        .collect();
    assert!(wrong.is_empty(), "{} documents:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_known_difference_still_differs() {
    let desk = Desk::new();
    let all: Vec<(String, String)> = all_documents().into_iter().chain(noise()).collect();
    for (known, reason) in KNOWN {
        assert!(!reason.is_empty(), "{known}: no reason");
        let (_, text) = all.iter().find(|(name, _)| name == known).unwrap_or_else(|| panic!("{known}: no such document"));
        assert!(difference(&desk, text).is_some(), "{known}: differs no longer, take it off the list");
    }
}

#[test]
fn what_the_reference_refuses_is_an_issue() {
    let desk = Desk::new();
    let mut wrong = Vec::new();
    for (name, text) in documents::REFUSED {
        let issues = desk.document(&source(text)).issues;
        if issues.is_empty() || issues.iter().any(|issue| issue.id != "source/broken-mdx") {
            wrong.push(format!("{name}: {issues:?}"));
        }
        if reference::shown(text).is_ok() {
            wrong.push(format!("{name}: the reference takes it"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Whether all characters of `word` stand in `bytes`, in their order.
fn holds(bytes: &str, word: &str) -> bool {
    let mut left = bytes.chars();
    word.chars().all(|c| left.any(|other| other == c))
}

#[test]
fn the_map_leads_back_to_the_bytes() {
    let desk = Desk::new();
    let mut wrong = Vec::new();
    for (name, text) in all_documents().into_iter().chain(noise()) {
        let source = source(&text);
        let document = desk.document(&source);
        let base = document.reading.as_str();
        for block in &document.blocks {
            for word in document.block_text(block).split_whitespace() {
                let start = u32::try_from(word.as_ptr() as usize - base.as_ptr() as usize).unwrap();
                let span = document.source_span(start..start + u32::try_from(word.len()).unwrap());
                let bytes = source.text.get(span.range());
                if !bytes.is_some_and(|bytes| bytes.contains('&') || holds(bytes, word)) {
                    wrong.push(format!("{name}: the word {word:?} leads to {bytes:?}\n    {text:?}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
