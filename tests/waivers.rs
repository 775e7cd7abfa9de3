//! Waivers: what they excuse, for which part of the text, what nobody may excuse, and what is said about waivers that excuse nothing.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod desk;

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Arc, LazyLock};

use desk::Desk;
use notegate::config::Config;
use notegate::packet::{FindingRecord, Packet};
use notegate::rulebook::{Rulebook, Waivable};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::RngSeed;

static DESK: LazyLock<Desk> = LazyLock::new(Desk::new);

const TERMS: &str = "owner=Harbour Street Desk expires=2026-08-01";
const PRICE: &str = "live-price/unsupported";
const WINDOW: &str = "ymyl-boundary/closing-window";
const COMMAND: &str = "ymyl-boundary/trade-command";

/// A page of these paragraphs.
fn page(paragraphs: &str) -> String {
    format!("---\ntitle: Bars\nauthor: Harbour Street Desk\nlang: en\n---\n\n## Bars\n\n{paragraphs}\n")
}

fn waiver(rule: &str) -> String {
    format!("<!-- notegate-ignore {rule}: agreed with the desk {TERMS} -->")
}

/// Rules of the waived findings, with what excuses them, in the order of the report.
fn waived(packet: &Packet) -> Vec<(String, String)> {
    packet.all_findings().filter_map(|finding| Some((finding.rule.clone(), finding.waived.as_ref()?.by.clone()))).collect()
}

fn said(packet: &Packet) -> Vec<String> {
    let mut said: Vec<String> = packet.issues.iter().filter(|issue| issue.rule.starts_with("waiver/")).map(|issue| issue.rule.clone()).collect();
    said.sort();
    said
}

fn lines_of(packet: &Packet, rule: &str, waived: bool) -> Vec<u32> {
    packet.all_findings().filter(|finding| finding.rule == rule && finding.waived.is_some() == waived).map(|finding| finding.line).collect()
}

fn judge(name: &str, text: impl Into<Vec<u8>>) -> Packet {
    DESK.judge(name, text)
}

const SILVER: &str = "Silver is at $31.40 right now.";

#[test]
fn a_comment_speaks_for_the_block_behind_it() {
    let w = waiver(PRICE);
    let cases = [
        ("paragraph", format!("{w}\n\n{SILVER}\n\n{SILVER}"), vec![11], vec![13]),
        ("paragraph at once", format!("{w}\n{SILVER}\n\n{SILVER}"), vec![10], vec![12]),
        ("on the line", format!("{w} {SILVER}\n\n{SILVER}"), vec![9], vec![11]),
        ("inside the line", format!("Silver {w} is at $31.40 right now.\n\n{SILVER}"), vec![9], vec![11]),
        ("end of the line", format!("{SILVER} {w}\n\n{SILVER}"), vec![9], vec![11]),
        ("over lines", format!("{}\n\n{SILVER}\n\n{SILVER}", w.replace(": ", ":\n  ")), vec![12], vec![14]),
        ("list item", format!("- {SILVER}\n{w}\n- {SILVER}\n- {SILVER}"), vec![11], vec![9, 12]),
        ("quotation", format!("{w}\n\n> {SILVER}\n\n{SILVER}"), vec![11], vec![13]),
        ("heading", format!("{w}\n\n## Silver is at $31.40 right now\n\n{SILVER}"), vec![11], vec![13]),
        ("table", format!("{w}\n\n| Bar | Now |\n| --- | --- |\n| one | {SILVER} |\n| two | {SILVER} |\n\n{SILVER}"), vec![13, 14], vec![16]),
        ("cell", format!("| Bar | Now |\n| --- | --- |\n| one | {SILVER} {w} |\n| two | {SILVER} |"), vec![11], vec![12]),
        ("begin of a cell", format!("| Bar | Now |\n| --- | --- |\n| one | {w} {SILVER} |\n| two | {SILVER} |"), vec![11], vec![12]),
        (
            "range",
            format!("{}\n\n{SILVER}\n\n- {SILVER}\n\n<!-- notegate-ignore-end -->\n\n{SILVER}", w.replace("ignore", "ignore-start")),
            vec![11, 13],
            vec![17],
        ),
    ];
    for (what, text, excused, kept) in cases {
        let packet = judge("bars.md", page(&text));
        assert_eq!((lines_of(&packet, PRICE, true), lines_of(&packet, PRICE, false)), (excused, kept), "{what}");
        assert!(said(&packet).is_empty(), "{what}: {:?}", said(&packet));
    }
}

#[test]
fn other_formats_have_comments_too() {
    let html = format!("<!doctype html><title>Bars</title><article><h2>Bars</h2>\n{}\n<p>{SILVER}</p>\n<p>{SILVER}</p></article>", waiver(PRICE));
    let packet = judge("bars.html", html);
    assert_eq!((lines_of(&packet, PRICE, true), lines_of(&packet, PRICE, false)), (vec![3], vec![4]));
    let mdx = format!("{{/* notegate-ignore {PRICE}: agreed {TERMS} */}}");
    for text in [
        format!("## Bars\n\n{mdx}\n\n{SILVER}\n\n{SILVER}\n"),
        format!("## Bars\n\n\n{mdx}\n{SILVER}\n\n{SILVER}\n"),
        format!("## Bars\n\n\n\n{SILVER} {mdx}\n\n{SILVER}\n"),
    ] {
        let packet = judge("bars.mdx", text.clone());
        assert_eq!((lines_of(&packet, PRICE, true).len(), lines_of(&packet, PRICE, false)), (1, vec![7]), "{text}");
        assert!(packet.issues.iter().all(|issue| issue.rule != "source/broken-mdx"), "{text}");
    }
    // a plain text has no comments: what looks like one is read
    let packet = judge("bars.txt", format!("Bars\n\n{}\n\n{SILVER}\n", waiver(PRICE)));
    assert!(waived(&packet).is_empty());
}

#[test]
fn front_matter_speaks_for_the_whole_article() {
    let header = |entry: &str| page(&format!("{SILVER}\n\n{SILVER}")).replacen("---\n\n", &format!("notegate:\n  ignore:\n    - {entry}\n---\n\n"), 1);
    let packet = judge("bars.md", header(&format!("{{rule: {PRICE}, reason: agreed, owner: Desk, expires: 2026-08-01}}")));
    assert_eq!(waived(&packet), vec![(PRICE.to_owned(), "front-matter".to_owned()); 2]);
    let packet = judge("bars.md", header("{rule: section-depth/too-few-words, reason: a notice}"));
    assert_eq!(waived(&packet), vec![("section-depth/too-few-words".to_owned(), "front-matter".to_owned())]);
    for (entry, issue) in [
        (format!("{{rule: {PRICE}, reason: agreed}}"), "waiver/incomplete"),
        (format!("{{rule: {PRICE}, owner: Desk, expires: 2026-08-01}}"), "waiver/malformed"),
        (format!("{{rule: {PRICE}, reason: agreed, owner: Desk, expires: soon}}"), "waiver/malformed"),
        (format!("{{rule: {PRICE}, reason: agreed, owner: Desk, expiry: 2026-08-01}}"), "waiver/malformed"),
        ("live-price".to_owned(), "waiver/malformed"),
        ("{rule: live-price, reason: agreed, owner: Desk, expires: 2026-08-01}".to_owned(), "waiver/whole-check"),
        ("{rule: live-price/unsuported, reason: agreed, owner: Desk, expires: 2026-08-01}".to_owned(), "waiver/unknown-rule"),
        (format!("{{rule: {PRICE}, reason: agreed, owner: Desk, expires: 2026-05-01}}"), "waiver/expired"),
    ] {
        let packet = judge("bars.md", header(&entry));
        assert_eq!((waived(&packet), said(&packet)), (vec![], vec![issue.to_owned()]), "{entry}");
        assert!(packet.issues.iter().any(|found| found.rule == issue && (5..=8).contains(&found.line)), "{entry}");
    }
    let toml = format!(
        "+++\ntitle = \"Bars\"\n[[notegate.ignore]]\nrule = \"{PRICE}\"\nreason = \"agreed\"\nowner = \"Desk\"\nexpires = 2026-08-01\n+++\n\n{SILVER}\n"
    );
    assert_eq!(waived(&judge("bars.md", toml)).len(), 1);
}

#[test]
fn what_is_wrong_with_a_waiver_is_told_at_its_place_and_excuses_nothing() {
    let cases = [
        ("<!-- notegate-ignore live-price: agreed owner=Desk expires=2026-08-01 -->", "waiver/whole-check"),
        ("<!-- notegate-ignore live-price/*: agreed owner=Desk expires=2026-08-01 -->", "waiver/whole-check"),
        ("<!-- notegate-ignore all: agreed owner=Desk expires=2026-08-01 -->", "waiver/whole-check"),
        ("<!-- notegate-ignore live-price/unsuported: agreed owner=Desk expires=2026-08-01 -->", "waiver/unknown-rule"),
        ("<!-- notegate-ignore live-price/unsupported -->", "waiver/malformed"),
        ("<!-- notegate-ignore -->", "waiver/malformed"),
        ("<!-- notegate-disable live-price/unsupported: agreed -->", "waiver/malformed"),
        ("<!-- notegate-ignore live-price/unsupported: agreed -->", "waiver/incomplete"),
        ("<!-- notegate-ignore live-price/unsupported: agreed owner=Desk -->", "waiver/incomplete"),
        ("<!-- notegate-ignore live-price/unsupported: agreed expires=2026-08-01 -->", "waiver/incomplete"),
        ("<!-- notegate-ignore live-price/unsupported: agreed owner=Desk expires=1 August -->", "waiver/malformed"),
        ("<!-- notegate-ignore live-price/unsupported: agreed owner=Desk expires=2026-05-16 -->", "waiver/expired"),
        ("<!-- notegate-ignore-start live-price/unsupported: agreed owner=Desk expires=2026-08-01 -->", "waiver/unclosed"),
        ("<!-- notegate-ignore-end -->", "waiver/malformed"),
        ("<!-- notegate-ignore ymyl-boundary/closing-window: agreed owner=Desk expires=2026-08-01 -->", "waiver/unused"),
        ("<!-- notegate-ignore live-price/mismatch: agreed owner=Desk expires=2026-08-01 -->", "waiver/not-waivable"),
    ];
    let bare = judge("bars.md", page(&format!("\n\n{SILVER}")));
    for (comment, issue) in cases {
        let packet = judge("bars.md", page(&format!("{comment}\n\n{SILVER}")));
        assert_eq!((waived(&packet), said(&packet)), (vec![], vec![issue.to_owned()]), "{comment}");
        let found = packet.issues.iter().find(|found| found.rule == issue).unwrap();
        assert_eq!((found.line, found.column, found.severity.as_str()), (9, 1, "warning"), "{comment}");
        assert_eq!((&packet.gate.status, packet.gate.row), (&bare.gate.status, bare.gate.row), "{comment}");
    }
    let near = judge("bars.md", page(&format!("<!-- notegate-ignore live-price/unsuported: agreed {TERMS} -->\n\n{SILVER}")));
    assert!(near.issues[0].message.contains("did you mean `live-price/unsupported`?"), "{}", near.issues[0].message);
}

#[test]
fn a_waiver_holds_on_its_last_day_and_is_told_two_weeks_before() {
    for (expires, count, issues) in [
        ("2026-05-16", 0, vec!["waiver/expired"]),
        ("2026-05-17", 1, vec!["waiver/expires-soon"]),
        ("2026-05-31", 1, vec!["waiver/expires-soon"]),
        ("2026-06-01", 1, vec![]),
    ] {
        let packet = judge("bars.md", page(&format!("<!-- notegate-ignore {PRICE}: agreed owner=Desk expires={expires} -->\n\n{SILVER}")));
        assert_eq!((waived(&packet).len(), said(&packet)), (count, issues.iter().map(|issue| (*issue).to_owned()).collect()), "{expires}");
    }
}

#[test]
fn several_rules_are_parted_by_commas_and_each_is_judged_alone() {
    let text = format!(
        "<!-- notegate-ignore {PRICE}, {WINDOW}, section-depth/thin-section: agreed {TERMS} -->\n\n{SILVER} Ask while premiums are low, silver buyers."
    );
    let packet = judge("bars.md", page(&text));
    let rules: BTreeSet<String> = waived(&packet).into_iter().map(|(rule, _)| rule).collect();
    assert!(rules.contains(PRICE), "{rules:?}");
    let unused = said(&packet);
    assert_eq!(unused.len() + rules.len(), 3, "{unused:?} {rules:?}");
}

#[test]
fn a_comment_in_code_is_text_about_waivers() {
    let w = waiver(PRICE);
    for (name, text) in [
        ("a.md", page(&format!("```html\n{w}\n```\n\n{SILVER}"))),
        ("a.md", page(&format!("    {w}\n\n{SILVER}"))),
        ("a.md", page(&format!("Write `{w}` before it.\n\n{SILVER}"))),
        ("a.md", page(&format!("\\{w}\n\n{SILVER}"))),
        ("a.md", page(&format!("<script>/* {w} */</script>\n\n{SILVER}"))),
        ("a.html", format!("<h2>A</h2><script>{w}</script><p>{SILVER}</p>")),
        ("a.html", format!("<h2>A</h2><pre>{}</pre><p>{SILVER}</p>", w.replace('<', "&lt;"))),
        ("a.mdx", format!("## A\n\n```jsx\n{{/* notegate-ignore {PRICE}: agreed {TERMS} */}}\n```\n\n{SILVER}\n")),
        ("a.mdx", format!("## A\n\nWrite `{{/* notegate-ignore {PRICE}: agreed {TERMS} */}}` before it.\n\n{SILVER}\n")),
        ("a.mdx", format!("## A\n\nexport const a = 1; /* notegate-ignore {PRICE}: agreed {TERMS} */\n\n{SILVER}\n")),
    ] {
        let packet = judge(name, text.clone());
        assert!(waived(&packet).is_empty() && said(&packet).is_empty(), "{text}: {:?}", said(&packet));
        assert!(!lines_of(&packet, PRICE, false).is_empty(), "{text}");
    }
}

/// A page on which nothing is wrong, with more text in a section of its own.
fn clean(more: &str) -> String {
    let page = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/gate/pass/copper-ledger-workflow.md")).unwrap();
    format!("{}\n\n{more}\n", page.trim_end())
}

#[test]
fn a_waived_error_limits_the_article_and_a_waived_warning_does_not() {
    let error = "Silver is at $31.40 right now.";
    let warning = "Experts agree that supply is tight.";
    let open = judge("a.md", clean(error));
    assert_eq!((open.gate.status.as_str(), open.gate.row), ("fail", 2));
    let rules: BTreeSet<String> = open.all_findings().filter(|finding| finding.severity == "error").map(|finding| finding.rule.clone()).collect();
    let all = rules.iter().cloned().collect::<Vec<_>>().join(", ");
    let packet = judge("a.md", clean(&format!("<!-- notegate-ignore {all}: agreed {TERMS} -->\n\n{error}")));
    let head: Vec<String> =
        packet.all_findings().filter(|finding| finding.waived.is_none() && finding.severity == "error").map(|finding| finding.rule.clone()).collect();
    // what is about the whole article is no matter of a block
    let in_header = head.iter().fold(String::new(), |all, rule| format!("{all}    - {{rule: {rule}, reason: agreed, owner: Desk, expires: 2026-08-01}}\n"));
    let text = clean(&format!(
        "<!-- notegate-ignore {}: agreed {TERMS} -->\n\n{error}",
        rules.iter().filter(|rule| !head.contains(rule)).cloned().collect::<Vec<_>>().join(", ")
    ));
    let text = text.replacen("---\n", &format!("---\nnotegate:\n  ignore:\n{in_header}"), 1);
    let packet = judge("a.md", if head.is_empty() { clean(&format!("<!-- notegate-ignore {all}: agreed {TERMS} -->\n\n{error}")) } else { text });
    assert_eq!((packet.gate.status.as_str(), packet.gate.row, packet.gate.index.as_str()), ("limited", 3, "held"), "{:?}", said(&packet));
    assert!(packet.gate.because.contains(&format!("waiver of {PRICE}")), "{:?}", packet.gate.because);
    assert_eq!(packet.gate.waived, waived(&packet).len());
    let check = packet.checks.iter().find(|check| check.id == "live-price").unwrap();
    assert!(check.status == "limited" && check.evidence.ends_with("1 waived"), "{} {}", check.status, check.evidence);
    assert!(packet.evidence.iter().all(|row| row.status != "fail"), "{:?}", packet.evidence);

    let open = judge("a.md", clean(warning));
    assert_eq!(open.gate.row, 3, "{:?}", open.gate.because);
    let all: BTreeSet<String> = open.all_findings().filter(|finding| finding.severity != "note").map(|finding| finding.rule.clone()).collect();
    let packet = judge("a.md", clean(&format!("<!-- notegate-ignore {}: agreed {TERMS} -->\n\n{warning}", all.into_iter().collect::<Vec<_>>().join(", "))));
    assert_eq!((packet.gate.status.as_str(), packet.gate.row, packet.gate.index.as_str()), ("pass", 6, "approved"), "{:?}", packet.gate.because);
    assert!(packet.gate.waived > 0 && packet.gate.because.is_empty());
}

#[test]
fn hard_findings_stay_whatever_is_written_beside_them() {
    // a rule that may be waived overlaps with one that may not, and one of them is reported
    for sentence in
        ["Buy silver while premiums are low.", "You should buy silver now.", "Silver cannot lose value.", "Buy gold, it is perfect for retirees like you."]
    {
        let open = judge("a.md", clean(sentence));
        let rules: BTreeSet<String> = open.all_findings().map(|finding| finding.rule.clone()).collect();
        assert_eq!(open.gate.status, "fail", "{sentence}");
        let list = rules.iter().cloned().collect::<Vec<_>>().join(", ");
        let header = rules.iter().fold(String::new(), |all, rule| format!("{all}    - {{rule: {rule}, reason: agreed, owner: Desk, expires: 2026-08-01}}\n"));
        let comment = format!("<!-- notegate-ignore {list}: agreed {TERMS} -->\n\n{sentence}");
        let ranged = format!("<!-- notegate-ignore-start {list}: agreed {TERMS} -->\n\n{sentence}\n\n<!-- notegate-ignore-end -->");
        for text in [clean(&comment), clean(&ranged), clean(sentence).replacen("---\n", &format!("---\nnotegate:\n  ignore:\n{header}"), 1)] {
            let packet = judge("a.md", text);
            assert_eq!((packet.gate.status.as_str(), packet.gate.row), ("fail", 2), "{sentence}: {:?}", waived(&packet));
            assert!(said(&packet).contains(&"waiver/not-waivable".to_owned()), "{sentence}");
        }
    }
}

#[test]
fn the_list_of_policy_is_the_list_of_the_rules() {
    let rulebook = Rulebook::embedded().unwrap();
    for rule in rulebook.waivers.never() {
        assert!(rulebook.knows(rule), "{rule}");
        assert_eq!(rulebook.waivable(rule), Waivable::Never);
    }
    let hard = |family: &str| ["A", "B", "D", "F", "G", "K", "L", "M"].contains(&family);
    for rule in &rulebook.rules {
        let expected = rule.family.as_deref().is_some_and(hard);
        assert_eq!(rulebook.waivable(&rule.id) == Waivable::NotAsError, expected, "{}", rule.id);
    }
    assert!(rulebook.messages().filter(|message| message.id.starts_with("waiver/")).all(|message| rulebook.waivable(&message.id) == Waivable::Never));
}

#[test]
fn a_rule_made_lighter_by_the_policy_stays_as_hard_as_it_was() {
    let rulebook = Arc::clone(&DESK.rulebook);
    let config = Config::read(Path::new("lint.toml"), format!("[severity]\n\"{COMMAND}\" = \"warning\"\n")).unwrap();
    let desk = Desk { policy: config.policy("a.md", &rulebook), rulebook };
    let packet = desk.judge("a.md", page(&format!("{}\n\nBuy silver bars.", waiver(COMMAND))));
    assert!(waived(&packet).is_empty(), "{:?}", waived(&packet));
    assert_eq!(said(&packet), ["waiver/not-waivable"]);
}

#[test]
fn lint_toml_waives_for_paths() {
    let rulebook = Arc::clone(&DESK.rulebook);
    let text = format!("[[waivers]]\npaths = [\"news/**\"]\nrule = \"{PRICE}\"\nreason = \"agreed\"\nowner = \"Desk\"\nexpires = \"2026-08-01\"\n");
    let config = Config::read_with(Path::new("lint.toml"), text.clone(), &rulebook).unwrap();
    let judged = |path: &str| Desk { policy: config.policy(path, &rulebook), rulebook: Arc::clone(&rulebook) }.judge(path, page(SILVER));
    let packet = judged("news/a.md");
    assert_eq!(waived(&packet), [(PRICE.to_owned(), "lint.toml".to_owned())]);
    assert_eq!(packet.all_findings().find_map(|finding| finding.waived.as_ref()?.line), Some(1));
    assert!(waived(&judged("a.md")).is_empty());
    let wrong = "[[waivers]]\nrule = \"live-price\"\nreason = \"x\"\n\n[[waivers]]\npaths = [\"a.md\"]\nrule = \"live-price/unsuported\"\nreason = \"x\"\nowner = \"y\"\nexpires = \"soon\"\n\n[[waivers]]\npaths = [\"a.md\"]\nrule = \"live-price/mismatch\"\nreson = \"x\"\n\n[[waivers]]\npaths = [\"a.md\"]\nrule = \"live-price/unsupported\"\nreason = \"agreed\"\n\n[waiver-terms]\n";
    let wrong =
        wrong.replace("\n[waiver-terms]\n", "") + "[waiver-terms]\nnotice = \"two weeks\"\nowner-and-expiry = [\"live-price\", \"live-prise\"]\nlongest = 3\n";
    let error = Config::read_with(Path::new("lint.toml"), wrong, &rulebook).unwrap_err();
    let told =
        error.problems.iter().map(|problem| format!("{} / {}", problem.message, problem.help.clone().unwrap_or_default())).collect::<Vec<_>>().join("\n");
    for part in [
        "without `paths`",
        "more than one rule",
        "did you mean `live-price/unsupported`?",
        "`soon` is no day",
        "`waivers.reason` is missing",
        "unknown key `waivers.reson`",
        "`live-price/mismatch` cannot be waived",
        "does not name its owner and the day it ends",
        "`two weeks` is no duration",
        "did you mean `live-price`?",
        "unknown key `waiver-terms.longest`",
    ] {
        assert!(told.contains(part), "{part} is not in\n{told}");
    }
}

#[test]
fn terms_of_lint_toml_count() {
    let rulebook = Arc::clone(&DESK.rulebook);
    let config = Config::read(Path::new("lint.toml"), "[waiver-terms]\nowner-and-expiry = [\"section-depth\"]\nnotice = \"1 year\"\n".to_owned()).unwrap();
    let desk = Desk { policy: config.policy("a.md", &rulebook), rulebook };
    let packet = desk.judge("a.md", page(&format!("<!-- notegate-ignore {PRICE}: agreed -->\n\n{SILVER}")));
    assert_eq!((waived(&packet).len(), said(&packet).len()), (1, 0));
    let packet = desk.judge("a.md", page(&format!("{}\n\n{SILVER}", waiver(PRICE))));
    assert_eq!(said(&packet), ["waiver/expires-soon"]);
}

#[test]
fn waivers_of_rules_that_compare_articles_work_and_are_never_called_unused() {
    let shared = "The desk weighs every bar twice, writes both weights into the ledger, and asks a second person to read the scale before the bar goes back.";
    let rule = "scaled-content/identical-paragraph";
    let text = format!("<!-- notegate-ignore {rule}: the same procedure everywhere -->\n\n{shared}");
    let files = [("a.md", page(&text).into_bytes()), ("b.md", page(shared).into_bytes())];
    let packets = DESK.judge_all(&files);
    assert!(waived(&packets[0]).iter().any(|(waived, _)| waived == rule), "{:?}", waived(&packets[0]));
    assert!(waived(&packets[1]).is_empty());
    assert!(said(&judge("a.md", page(&text))).is_empty());
}

#[test]
fn places_are_those_of_the_file_in_utf_16() {
    let text = page(&format!("Grüße.\n\n{}\n\n{SILVER}\n\n{SILVER}", waiver(PRICE)));
    let bytes: Vec<u8> = [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let packet = judge("bars.md", bytes);
    assert_eq!((lines_of(&packet, PRICE, true), lines_of(&packet, PRICE, false)), (vec![13], vec![15]));
}

/// A finding without its excuse and place.
fn key(finding: &FindingRecord) -> (String, String) {
    (finding.rule.clone(), finding.fingerprint.clone())
}

const BLOCKS: &[&str] = &[
    "Silver is at $31.40 right now.",
    "Gold is at $2,931.40 an ounce today.",
    "Ask the counter while premiums are low.",
    "Experts agree that supply is tight.",
    "Buy silver before Friday.",
    "A bar is weighed twice.",
    "- Silver is at $31.40 right now.\n- A bar is weighed twice.",
    "> Experts agree that supply is tight.",
    "## A heading of its own",
    "| Bar | Note |\n| --- | --- |\n| one | Silver is at $31.40 right now. |",
    "```\nSilver is at $31.40 right now.\n```",
];
const RULES: &[&str] = &[PRICE, WINDOW, COMMAND, "freshness/rotting-word", "source-transparency/vague-authority", "section-depth/too-few-words"];

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, rng_seed: RngSeed::Fixed(20_260_517), ..ProptestConfig::default() })]

    #[test]
    fn a_waiver_moves_only_the_rule_and_range_it_names(blocks in vec(select(BLOCKS), 2..8), rule in select(RULES), from in 0usize..8, len in 0usize..4) {
        let from = from % blocks.len();
        let to = (from + len).min(blocks.len());
        let plain = judge("a.md", page(&blocks.join("\n\n")));
        let mut with: Vec<String> = blocks.iter().map(|block| (*block).to_owned()).collect();
        if len > 0 {
            with.insert(to, "<!-- notegate-ignore-end -->".to_owned());
            with.insert(from, waiver(rule).replace("ignore ", "ignore-start "));
        } else {
            with.insert(from, waiver(rule));
        }
        let text = page(&with.join("\n\n"));
        let packet = judge("a.md", text.clone());
        // nothing that was found is lost or new, and neither words nor sections change
        let found = |packet: &Packet| packet.all_findings().filter(|finding| !finding.rule.starts_with("waiver/")).map(key).collect::<Vec<_>>();
        prop_assert_eq!(found(&plain), found(&packet));
        prop_assert_eq!(plain.words, packet.words);
        prop_assert_eq!(plain.sections.iter().map(|one| (&one.heading, one.words)).collect::<Vec<_>>(), packet.sections.iter().map(|one| (&one.heading, one.words)).collect::<Vec<_>>());
        // what is excused is of this rule, and inside
        let line = |needle: &str| text[..text.find(needle).unwrap()].matches('\n').count() as u32 + 1;
        let first = line("<!-- notegate-ignore");
        let last = if len > 0 { line("<!-- notegate-ignore-end") } else {
            let items = blocks[from].starts_with("- ");
            first + 2 + if items { 0 } else { blocks[from].matches('\n').count() as u32 }
        };
        for finding in packet.all_findings() {
            let inside = finding.rule == rule && (first..=last).contains(&finding.line);
            let expected = inside && rule != COMMAND;
            prop_assert_eq!(finding.waived.is_some(), expected, "{} in line {} of\n{}", finding.rule, finding.line, text);
        }
        // a verdict is never better than limited where an error was excused
        if packet.all_findings().any(|finding| finding.waived.is_some() && finding.severity == "error") {
            prop_assert!(packet.gate.status != "pass");
        }
    }
}

#[test]
fn an_unused_waiver_can_be_taken_out_without_changing_what_is_read() {
    let w = waiver(WINDOW);
    for (body, has_fix) in [
        (format!("{w}\n\n{SILVER}"), true),
        (format!("A bar.\n{w}\n{SILVER}"), true),
        (format!("- a bar\n{w}\n- {SILVER}"), true),
        (format!("{SILVER}  {w}\nA bar."), true),
        (format!("A bar {w} of silver."), true),
        (format!("{w} *A bar* of silver."), false),
    ] {
        let text = page(&body);
        let packet = judge("a.md", text.clone());
        let unused = packet.issues.iter().find(|issue| issue.rule == "waiver/unused").unwrap();
        assert_eq!(unused.fix.is_some(), has_fix, "{body}");
        let Some(fix) = &unused.fix else { continue };
        let mut fixed = text;
        for edit in fix.edits.iter().rev() {
            fixed.replace_range(edit.span.start as usize..edit.span.end as usize, &edit.text);
        }
        let after = judge("a.md", fixed.clone());
        let found = |packet: &Packet| packet.all_findings().filter(|finding| !finding.rule.starts_with("waiver/")).map(key).collect::<Vec<_>>();
        assert_eq!((found(&packet), packet.words), (found(&after), after.words), "{fixed}");
        assert!(said(&after).is_empty(), "{fixed}");
    }
}
