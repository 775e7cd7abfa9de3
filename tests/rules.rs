//! Every rule proves itself: its `hit` sentences raise it, its `miss` sentences do not.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod desk;

use desk::Desk;

#[test]
fn every_sentence_of_every_rule_does_what_it_says() {
    let desk = Desk::new();
    let wrong: Vec<String> = desk
        .rulebook
        .cases()
        .filter(|case| desk.raises(case.rule, case.text, case.facet) != case.hit)
        .map(|case| format!("{}  {}  {}", if case.hit { "+ silent" } else { "- raised" }, case.rule, case.text))
        .collect();
    assert!(wrong.is_empty(), "{} sentences:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_rule_says_what_is_wrong_and_what_to_do() {
    let desk = Desk::new();
    for (id, texts) in desk
        .rulebook
        .rules
        .iter()
        .map(|rule| (&rule.id, [&rule.message, &rule.why, &rule.help]))
        .chain(desk.rulebook.messages().map(|message| (&message.id, [&message.message, &message.why, &message.help])))
    {
        for text in texts {
            assert!(!text.trim().is_empty(), "{id} has an empty text");
            assert!(!text.ends_with('.'), "{id}: `{text}` ends with a full stop");
            let first = text.trim_start_matches('`').chars().next().unwrap();
            assert!(!first.is_uppercase() || text.starts_with('`'), "{id}: `{text}` begins with a capital");
        }
    }
}
