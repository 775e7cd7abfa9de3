//! Texts of the header that sites show beside title and description are judged as those are, and nothing else of it is.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod desk;

use desk::Desk;

const SENTENCE: &str = "Gold is trading at $2,412 right now, so you should buy before Friday.";

/// Rules of a severity other than note that find something in the header, with the words they point at.
fn found(desk: &Desk, header: &str) -> Vec<(String, String)> {
    let text = format!("---\ntitle: Ledger day\n{header}\n---\n\nThe ledger is read on Monday.\n");
    let packet = desk.judge("article.md", text.as_str());
    let end = text.find("The ledger is read").unwrap();
    let checks = packet.checks.iter().filter(|check| ["live-price", "personalized-advice"].contains(&check.id.as_str()));
    let findings = checks.flat_map(|check| &check.findings).filter(|finding| finding.severity != "note" && (finding.span.end as usize) < end);
    findings.map(|finding| (finding.rule.clone(), text[finding.span.start as usize..finding.span.end as usize].to_owned())).collect()
}

#[test]
fn what_stands_beside_the_description_is_judged() {
    let desk = Desk::new();
    for header in [
        "description: The ledger.\nsummary: \"{}\"",
        "description: The ledger.\nexcerpt: {}",
        "subtitle: {}\ndescription: The ledger.",
        "tagline: {}",
        "lead: |\n  {}",
        "seo:\n  title: {}",
        "seo:\n  description: {}",
        "og:description: {}",
        "ogDescription: {}",
        "twitter:\n  title: {}",
        "hero:\n  text: {}",
        "scope: {}",
        "source:\n  name: {}\n  captured: 2026-05-17",
        "cover:\n  caption: {}",
        "images:\n  - src: a.png\n    alt: {}",
        "image_alt: {}",
        "key_takeaways:\n  - The ledger.\n  - {}",
    ] {
        let found = found(&desk, &header.replace("{}", SENTENCE));
        let has = |words: &str| found.iter().any(|(_, text)| text.contains(words));
        assert!(has("$2,412") && has("buy"), "{header}: {found:?}");
    }
}

#[test]
fn what_a_site_does_not_show_is_not() {
    let desk = Desk::new();
    for header in ["notes: {}", "x-internal:\n  todo: {}", "references:\n  - title: {}\n    caption: {}", "sources:\n  - alt: {}", "redirect_from: [\"{}\"]"] {
        assert_eq!(found(&desk, &header.replace("{}", SENTENCE)), [], "{header}");
    }
}

#[test]
fn a_text_that_stands_in_two_fields_is_found_once() {
    let desk = Desk::new();
    let once = found(&desk, &format!("description: {SENTENCE}"));
    let twice = found(&desk, &format!("description: {SENTENCE}\nsummary: {SENTENCE}\nsocial_description: {SENTENCE}"));
    assert_eq!(once.len(), twice.len(), "{twice:?}");
}
