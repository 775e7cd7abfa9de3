//! Fingerprints: the same finding keeps its own whatever happens around it, and gets another when its own words change.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod desk;

use std::collections::BTreeMap;

use desk::Desk;
use notegate::packet::Packet;

const ARTICLE: &str = "\
---
title: Silver bars at the counter
author: Harbour Street Desk
date: 2024-01-09
---

The counter sells bars and the desk writes down what they cost over the day.

## What the counter asks

Silver is $31.40 an ounce right now. You should buy silver before the week ends, and experts agree that
supply is tight.

- Buy silver while premiums are low.
- Ask the counter what the bar weighs.

### By weight

| Bar of silver | Spot price today |
| --- | --- |
| one ounce | silver is at $33.10 now |
| ten ounces | $330.00 |

## What the desk does

Buy silver while premiums are low. A bar of silver cannot lose value, whatever the counter says about it, and the
note would say so [here](https://example.org/bars).
";

/// Rule and fingerprint of every finding and issue, sorted.
fn told(packet: &Packet) -> Vec<(String, String)> {
    let mut told: Vec<(String, String)> = packet.all_findings().map(|finding| (finding.rule.clone(), finding.fingerprint.clone())).collect();
    told.sort();
    told
}

/// Fingerprints of the findings whose excerpt holds a text.
fn of(packet: &Packet, excerpt: &str) -> Vec<String> {
    packet.all_findings().filter(|finding| finding.excerpt.contains(excerpt)).map(|finding| finding.fingerprint.clone()).collect()
}

fn replaced(from: &str, to: &str) -> String {
    assert!(ARTICLE.contains(from), "{from}");
    ARTICLE.replacen(from, to, 1)
}

#[test]
fn every_finding_of_an_article_has_its_own() {
    let packet = Desk::new().judge("bars.md", ARTICLE);
    let told = told(&packet);
    assert!(told.len() >= 10, "{told:?}");
    let mut seen: BTreeMap<&String, &String> = BTreeMap::new();
    for (rule, fingerprint) in &told {
        assert_eq!(fingerprint.len(), 24);
        assert_eq!(seen.insert(fingerprint, rule), None, "{rule}");
    }
}

#[test]
fn what_says_the_same_keeps_the_fingerprints() {
    let desk = Desk::new();
    let before = told(&desk.judge("bars.md", ARTICLE));
    let paragraph = "The weighing room opens at nine and closes at four.\n\n";
    let reflowed = ARTICLE
        .replace(
            "You should buy silver before the week ends, and experts agree that\nsupply is tight.",
            "You should\nbuy silver before the week\nends, and experts agree that supply is tight.",
        )
        .replace("whatever the counter says about it, and the\nnote", "whatever the counter\nsays about it, and the note");
    assert_ne!(reflowed, ARTICLE);
    let cases = [
        ("reflow", reflowed),
        ("CRLF", ARTICLE.replace('\n', "\r\n")),
        ("CR", ARTICLE.replace('\n', "\r")),
        ("byte order mark", format!("\u{feff}{ARTICLE}")),
        ("paragraph above all", replaced("The counter sells", &format!("{paragraph}The counter sells"))),
        ("paragraph above in the section", replaced("Silver is $31.40", &format!("{paragraph}Silver is $31.40"))),
        ("paragraph between", replaced("- Buy silver", &format!("{paragraph}- Buy silver"))),
        ("sentence before", replaced("Silver is $31.40", "The room is open. Silver is $31.40")),
        ("row above", replaced("| one ounce |", "| a coin | |\n| one ounce |")),
        ("section above", replaced("## What the counter asks", &format!("## Hours\n\n{paragraph}## What the counter asks"))),
        ("strong", replaced("You should buy silver", "You **should** *buy* silver")),
        ("other emphasis", replaced("cannot lose value", "__cannot__ lose _value_")),
        ("code", replaced("Silver is $31.40 an", "Silver is $31.40 `an`")),
        ("list markers", ARTICLE.replace("\n- ", "\n* ")),
        ("numbered list", replaced("- Buy silver while premiums are low.\n- Ask", "1. Buy silver while premiums are low.\n2. Ask")),
        ("heading with a tail", replaced("## What the desk does", "## What the desk does ##")),
        ("underlined heading", replaced("## What the desk does", "What the desk does\n------------------")),
        ("emphasis in a heading", replaced("## What the counter asks", "## What the *counter* asks")),
        ("entity", replaced("ends, and experts", "ends&#44; and experts")),
        ("typographic signs", replaced("ends, and experts", "ends \u{2013} and experts").replace("silver before", "silver\u{a0}before")),
        ("footnote", replaced("lose value, whatever", "lose value[^1], whatever") + "\n[^1]: Asked at the counter.\n"),
        ("address of a link", replaced("https://example.org/bars", "https://example.org/bars/all")),
        ("comment", replaced("Silver is $31.40", "<!-- ask again -->\n\nSilver is $31.40")),
        ("keys of the header", replaced("author: Harbour", "layout: wide\nauthor: Harbour")),
    ];
    for (what, text) in cases {
        let packet = desk.judge("bars.md", text);
        let after = told(&packet);
        let lost: Vec<_> = before.iter().filter(|finding| !after.contains(finding)).collect();
        let new: Vec<_> = after.iter().filter(|finding| !before.contains(finding)).map(|(rule, _)| rule).collect();
        assert!(lost.is_empty(), "{what}: {lost:?} are gone, {new:?} are new");
    }
}

#[test]
fn a_move_keeps_the_fingerprints() {
    let desk = Desk::new();
    assert_eq!(told(&desk.judge("a/bars.md", ARTICLE)), told(&desk.judge("b c/\u{e4}/silber.markdown", ARTICLE)));
}

#[test]
fn a_header_moved_under_another_name_changes_only_what_it_says() {
    let desk = Desk::new();
    let (yaml, toml) = (ARTICLE, ARTICLE.replacen("---\n", "+++\n", 2).replace("title: Silver bars at the counter", "title = \"Silver bars at the counter\""));
    let toml = toml.replace("author: Harbour Street Desk", "author = \"Harbour Street Desk\"").replace("date: 2024-01-09", "date = 2024-01-09");
    assert_eq!(told(&desk.judge("bars.md", yaml)), told(&desk.judge("bars.md", toml)));
}

#[test]
fn other_words_have_other_fingerprints() {
    let desk = Desk::new();
    let before = desk.judge("bars.md", ARTICLE);
    let cases = [
        ("$31.40", "Silver is $31.40", "Silver is $31.90", "$31.90"),
        ("$33.10", "| one ounce | silver is at $33.10 now |", "| one ounce | silver is at $33.20 now |", "$33.20"),
        ("should buy", "should buy silver", "should buy copper", "should buy"),
        ("should buy", "before the week ends", "before the year ends", "should buy"),
        ("lose value", "A bar of silver cannot lose", "A bar of gold cannot lose", "lose value"),
        ("2024-01-09", "date: 2024-01-09", "date: 2024-01-10", "2024-01-10"),
    ];
    for (old, from, to, new) in cases {
        let after = desk.judge("bars.md", replaced(from, to));
        let (old, new) = (of(&before, old), of(&after, new));
        assert!(!old.is_empty() && old.len() == new.len(), "{to}: {old:?} {new:?}");
        assert!(old.iter().all(|fingerprint| !told(&after).iter().any(|(_, other)| other == fingerprint)), "{to}");
        // and nothing else changes
        let (before, after) = (told(&before), told(&after));
        let kept = |all: &[(String, String)], own: &[String]| all.iter().filter(|(_, print)| !own.contains(print)).cloned().collect::<Vec<_>>();
        let same_sentence: Vec<String> = before.iter().filter(|one| !after.contains(one)).map(|(_, print)| print.clone()).collect();
        assert!(same_sentence.len() <= 4 && kept(&before, &same_sentence).iter().all(|one| after.contains(one)), "{to}: {same_sentence:?}");
    }
}

#[test]
fn the_same_words_under_another_heading_or_twice_are_told_apart() {
    let desk = Desk::new();
    let packet = desk.judge("bars.md", ARTICLE);
    let twice = of(&packet, "Buy silver");
    assert_eq!(twice.iter().collect::<std::collections::BTreeSet<_>>().len(), twice.len(), "{twice:?}");
    let moved = replaced("## What the desk does", "## What the desk would do");
    let moved = desk.judge("bars.md", moved);
    let (before, after) = (told(&packet), told(&moved));
    let changed: Vec<_> = before.iter().filter(|one| !after.contains(one)).collect();
    assert!(!changed.is_empty() && changed.len() < before.len() / 2, "{changed:?}");
    // a heading above the nearest one counts too
    let under = desk.judge("bars.md", replaced("## What the counter asks", "## What the counter wants"));
    assert!(of(&packet, "$33.10").iter().all(|print| !of(&under, "$33.10").contains(print)));
}

#[test]
fn a_finding_about_a_section_or_the_article_survives_what_is_written_in_it() {
    let desk = Desk::new();
    let plain = "# Bars\n\nA bar is weighed.\n\n## One\n\nWeigh it.\n\n## Two\n\nNote it.\n";
    let before = told(&desk.judge("bars.md", plain));
    assert!(before.iter().any(|(rule, _)| rule == "freshness/no-date"));
    for text in [
        plain.replace("Weigh it.", "Weigh it.\n\nNote the scale."),
        format!("Bars of all sizes.\n\n{plain}"),
        plain.replace("# Bars", "# Bars and coins"),
        plain.replace("A bar is weighed.", "A coin is counted."),
    ] {
        assert_eq!(told(&desk.judge("bars.md", text.clone())), before, "{text}");
    }
}

#[test]
fn issues_keep_theirs_too() {
    let desk = Desk::new();
    let broken = "---\ntitle: [open\n---\n\nA text.\n";
    let before = told(&desk.judge("a.md", broken));
    assert!(before.iter().any(|(rule, _)| rule.starts_with("front-matter/")), "{before:?}");
    assert_eq!(told(&desk.judge("b/a.md", format!("{broken}\nAnother paragraph.\n"))), before);
    let mdx = "A text.\n\n<Note>\n\nAnother text.\n";
    let open = told(&desk.judge("a.mdx", mdx));
    assert!(open.iter().any(|(rule, _)| rule == "source/broken-mdx"), "{open:?}");
    assert_eq!(told(&desk.judge("a.mdx", format!("A paragraph above.\n\n{mdx}"))), open);
}

#[test]
fn what_articles_share_is_recognised_in_each_of_them() {
    let desk = Desk::new();
    let shared = "The desk weighs every bar twice, writes both weights into the ledger, and asks a second person to read the scale before the bar goes back.";
    let page = |own: &str, shared: &str| format!("---\ntitle: {own}\n---\n\n## {own}\n\n{own} are weighed.\n\n{shared}\n").into_bytes();
    let run = |first: String, extra: bool| {
        let mut files = vec![("a.md", page("Bars", &first)), ("b.md", page("Coins", shared))];
        if extra {
            files.push(("c.md", page("Rounds", shared)));
        }
        let packets = desk.judge_all(&files);
        told(&packets[0]).into_iter().filter(|(rule, _)| rule == "scaled-content/identical-paragraph").collect::<Vec<_>>()
    };
    let before = run(shared.to_owned(), false);
    assert_eq!(before.len(), 1);
    assert_eq!(run(shared.replace(", writes", ",\nwrites").replace("weighs every", "weighs *every*"), false), before);
    assert_eq!(run(format!("Above it stands another paragraph.\n\n{shared}"), true), before);
}
