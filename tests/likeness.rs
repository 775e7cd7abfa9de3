//! Sentences that no row matches are weighed: what reads as advice is warned of, and what is asked or about something else is not.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod desk;

use desk::Desk;

const RULE: &str = "ymyl-boundary/reads-as-advice";

/// Findings of the rule in an article of this one paragraph: severity and excerpt.
fn found(desk: &Desk, text: &str) -> Vec<(String, String)> {
    let packet = desk.judge("page.md", format!("# A page\n\n{text}\n"));
    let findings = packet.checks.iter().flat_map(|check| &check.findings);
    findings.filter(|finding| finding.rule == RULE).map(|finding| (finding.severity.clone(), finding.excerpt.clone())).collect()
}

const ADVICE: &str = "Gold is the only money you will ever want.";

#[test]
fn advice_that_no_row_foresaw_is_a_warning() {
    let found = found(&Desk::new(), ADVICE);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].0, "warning");
    assert!(!found[0].1.is_empty());
}

#[test]
fn what_is_asked_is_left_alone() {
    let desk = Desk::new();
    let asked = format!("{}?", ADVICE.trim_end_matches('.'));
    assert!(found(&desk, &asked).is_empty(), "{asked}");
}

#[test]
fn plain_telling_is_left_alone() {
    let desk = Desk::new();
    for text in ["The mint struck the coin in three years.", "The registrar sends the statement in April.", "You can print the page for later."] {
        assert!(found(&desk, text).is_empty(), "{text}");
    }
}

#[test]
fn the_same_words_weigh_the_same_in_any_dress() {
    let desk = Desk::new();
    let plain = found(&desk, ADVICE).len();
    for dressed in [ADVICE.to_uppercase(), ADVICE.replace(' ', "\n"), ADVICE.replace(' ', "\u{a0}"), format!("*{ADVICE}*"), format!("- {ADVICE}")] {
        assert_eq!(found(&desk, &dressed).len(), plain, "{dressed}");
    }
}

#[test]
fn a_long_page_asks_for_more_of_each_sentence() {
    let desk = Desk::new();
    // by itself it reads as advice; among many it is one that came near by chance
    let near = "Whoever saves for a house keeps the money in gilts.";
    let around = "The refinery closed for repairs in March. Gold was quoted twice a day. ";
    let long = format!("{}{near}", around.repeat(60));
    let found = |text: &str| found(&desk, text).len();
    assert_eq!((found(near), found(&long)), (1, 0));
    assert_eq!(found(&around.repeat(60)), 0);
    assert_eq!(found(&format!("{}{ADVICE}", around.repeat(2))), 1);
}
