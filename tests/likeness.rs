//! Sentences that no row matches are weighed: what reads as advice, or as a live price, is warned of, and what is asked or about something
//! else is not.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod desk;

use desk::Desk;

const ADVICE_RULE: &str = "ymyl-boundary/reads-as-advice";
const PRICE_RULE: &str = "live-price/reads-as-price";

/// Findings of the rule on advice in an article of this one paragraph: severity and excerpt.
fn found(desk: &Desk, text: &str) -> Vec<(String, String)> {
    found_by(desk, ADVICE_RULE, text)
}

/// Findings of a rule, or of all rules of a check where it ends in a slash.
fn found_by(desk: &Desk, rule: &str, text: &str) -> Vec<(String, String)> {
    let packet = desk.judge("page.md", format!("# A page\n\n{text}\n"));
    let findings = packet.checks.iter().flat_map(|check| &check.findings);
    findings
        .filter(|finding| finding.rule == rule || rule.ends_with('/') && finding.rule.starts_with(rule))
        .map(|finding| (finding.severity.clone(), finding.excerpt.clone()))
        .collect()
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
    let near = "Careful savers let gilts do the work.";
    let around = "The refinery closed for repairs in March. Gold was quoted twice a day. ";
    let long = format!("{}{near}", around.repeat(60));
    let found = |text: &str| found(&desk, text).len();
    assert_eq!((found(near), found(&long)), (1, 0));
    assert_eq!(found(&around.repeat(60)), 0);
    assert_eq!(found(&format!("{}{ADVICE}", around.repeat(2))), 1);
}

#[test]
fn a_live_price_that_no_row_foresaw_is_a_warning() {
    let desk = Desk::new();
    for text in ["Tin has seldom cost a smelter this much.", "Lumber is out of favour these days.", "Freight to Rotterdam is dearer than anybody can remember."]
    {
        let found = found_by(&desk, PRICE_RULE, text);
        assert_eq!(found.len(), 1, "{text}");
        assert_eq!(found[0].0, "warning", "{text}");
        assert!(text.contains(&found[0].1), "{text}");
    }
}

#[test]
fn words_of_markets_in_other_senses_are_left_alone() {
    let desk = Desk::new();
    for text in [
        "The choir's spirits are soaring before the concert.",
        "Tin seldom cost a smelter this much in 1897.",
        "Has cocoa ever been dearer?",
        "Freight to Rotterdam was dearer in the winter of 1973 than anybody could remember.",
        "Write `lumber is out of favour these days` nowhere without a date.",
    ] {
        assert_eq!(found_by(&desk, PRICE_RULE, text), [], "{text}");
    }
}

#[test]
fn what_a_dated_sentence_began_to_tell_is_history_to_its_end() {
    let desk = Desk::new();
    let began = "In the autumn of 2019 palladium ran short.";
    let went_on = "Palladium hit an all-time high. It climbed to $1,980 an ounce.";
    assert_eq!(found_by(&desk, "live-price/", &format!("{began} It rose week by week. {went_on}")), []);
    assert!(!found_by(&desk, "live-price/", went_on).is_empty());
    assert!(!found_by(&desk, "live-price/", &format!("{began}\n\n{went_on}")).is_empty(), "another paragraph begins anew");
    assert!(!found_by(&desk, "live-price/", &format!("{began} Palladium trades at $2,010 an ounce.")).is_empty(), "what is said in the present is none");
}

#[test]
fn a_fee_beside_words_of_a_market_is_a_note() {
    let desk = Desk::new();
    let found = found_by(&desk, "live-price/", FEE);
    let severities: Vec<&str> = found.iter().map(|(severity, _)| severity.as_str()).collect();
    assert_eq!(severities, ["note"], "{found:?}");
}

const FEE: &str = "The copper pan holds 2.5 litres and costs £84 with its lid.";

/// Whether an article that says this above a link that pays is told that nothing is disclosed.
fn disclosed(desk: &Desk, text: &str) -> Vec<(String, String)> {
    found_by(
        desk,
        "affiliate-disclosure/undisclosed",
        &format!("{text}\n\nThe kettle stands at [the shop](https://www.amazon.com/dp/B00KETTLE1?tag=deskpage-20)."),
    )
}

#[test]
fn a_disclosure_in_words_of_its_own_counts() {
    let desk = Desk::new();
    assert_eq!(disclosed(&desk, "We earn a commission if you buy through our links.").len(), 0, "the plain form");
    assert!(!disclosed(&desk, "The kettle boils a litre in three minutes.").is_empty(), "nothing is disclosed");
    for text in
        ["Each order that starts at a green button brings us a few cents from the shop.", "The maker gave us this kettle so that we would write about it."]
    {
        assert_eq!(disclosed(&desk, text), [], "{text}");
    }
}

#[test]
fn words_of_commission_that_disclose_nothing_do_not_count() {
    let desk = Desk::new();
    for text in [
        "Many bloggers earn a commission if you buy through their links.",
        "You earn points when you buy through our app.",
        "A broker earns a commission when you buy shares.",
    ] {
        assert!(!disclosed(&desk, text).is_empty(), "{text}");
    }
}
