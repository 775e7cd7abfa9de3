//! `notegate diff`: the cause of every change, in repositories of their own; and what holds of any comparison.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod desk;
mod history;

use std::collections::BTreeMap;
use std::fs;

use history::{COMMAND, Repository, article, causes, clean, findings, refused, with};
use notegate::compare::{Causes, Input, Results, Scope, compare, pairs};
use notegate::packet::comparison::{Comparison, SideRecord};
use notegate::packet::{Inputs, Packet};
use proptest::prelude::*;
use serde_json::Value;

/// Files by path.
type Files<'f> = &'f [(&'f str, String)];

/// A change, and what is to be said of it: `state rule causes` of every finding that changed.
struct Case<'c> {
    about: &'c str,
    before: Files<'c>,
    after: Files<'c>,
    /// The day of the newer state; the older one is of 2026-05-17.
    day: &'c str,
    differs: &'c [&'c str],
    expected: &'c [&'c str],
    gate: (&'c str, &'c str, &'c str),
}

fn text(text: &str) -> String {
    text.to_owned()
}

const PLAIN_RULES: &str = "[check]\nid = \"ymyl-boundary\"\n";
const HOUSE_RULES: &str = "[check]\nid = \"ymyl-boundary\"\n\n[[rule]]\nid = \"moonshot\"\nseverity = \"error\"\npatterns = [\"moonshot\"]\n\
     message = \"`{match}` is no word of this desk\"\nwhy = \"it promises what nobody can know\"\nhelp = \"take it out\"\n\
     hit = [\"Silver is a moonshot.\"]\nmiss = [\"The moon is full.\"]\n";
const CONFIG: &str = "[rules]\nfiles = [\"house.toml\"]\n";
const PRICED: &str = "The bid captured for copper at 2026-05-17 16:00 UTC was $4.10 per pound.";
const MOON: &str = "One reader of the desk called the ledger a moonshot.";

fn data(price: &str) -> String {
    format!(
        "{{\"name\": \"Harbour Street reference set\", \"provider\": \"harbour-street-local\", \"method\": \"ledger-generator\", \"captured\": \"2026-05-17\",\n\
         \"prices\": [{{\"id\": \"copper_usd_lb\", \"instrument\": \"copper\", \"field\": \"bid\", \"value\": {price}, \"currency\": \"USD\", \"unit\": \"lb\", \"as_of\": \"2026-05-17T16:00:00Z\"}}], \"ratios\": {{\"primary\": \"cancelled warrant ratio\"}}}}\n"
    )
}

/// The article with its data in a file.
fn with_file(paragraph: &str) -> String {
    let whole = with(paragraph);
    let (head, rest) = whole.split_once("source:\n").unwrap();
    let rest = rest.split_once("cancelled warrant ratio\n").unwrap().1;
    format!("{head}source: data/day.json\n{rest}")
}

/// The article with a price in its header.
fn with_block(paragraph: &str, price: &str) -> String {
    let row = format!(
        "  prices:\n    - {{ id: copper_usd_lb, instrument: copper, field: bid, value: {price}, currency: USD, unit: lb, as_of: 2026-05-17T16:00:00Z }}\n"
    );
    with(paragraph).replace("  prices: {}\n", &row)
}

fn check(case: &Case) {
    let repository = Repository::new();
    for (path, text) in case.before {
        repository.write(path, text);
    }
    repository.commit_on("2026-05-17");
    for (path, _) in case.before {
        fs::remove_file(repository.path(path)).unwrap();
    }
    for (path, text) in case.after {
        repository.write(path, text);
    }
    repository.commit_on(case.day);
    let (_, comparison) = repository.diff(&["HEAD~1..HEAD"]);
    let about = case.about;
    assert_eq!(comparison["differs"], Value::from(case.differs), "{about}");
    let expected: Vec<String> = case.expected.iter().map(|line| format!("note.md {line}")).collect();
    assert_eq!(findings(&comparison), expected, "{about}");
    let note = article(&comparison, "note.md");
    let gate = (note["before"]["status"].as_str().unwrap(), note["after"]["status"].as_str().unwrap());
    assert_eq!((gate.0, gate.1, causes(&note["gate"]).as_str()), case.gate, "{about}");
}

#[test]
fn one_cause_is_named() {
    let stated = |rule: &str| rule.to_owned();
    check(&Case {
        about: "edit only",
        before: &[("note.md", clean())],
        after: &[("note.md", with(COMMAND))],
        day: "2026-05-17",
        differs: &["author"],
        expected: &["new ymyl-boundary/trade-command author"],
        gate: ("pass", "fail", "author"),
    });
    check(&Case {
        about: "clock only",
        before: &[("note.md", clean())],
        after: &[("note.md", clean())],
        day: "2026-12-30",
        differs: &["clock"],
        expected: &["new freshness/ageing clock", "new freshness/snapshot-ageing clock"],
        gate: ("pass", "limited", "clock"),
    });
    check(&Case {
        about: "rule pack only",
        before: &[("note.md", with(MOON)), ("lint.toml", stated(CONFIG)), ("house.toml", text(PLAIN_RULES))],
        after: &[("note.md", with(MOON)), ("lint.toml", stated(CONFIG)), ("house.toml", text(HOUSE_RULES))],
        day: "2026-05-17",
        differs: &["rules"],
        expected: &["new ymyl-boundary/moonshot rules"],
        gate: ("pass", "fail", "rules"),
    });
    check(&Case {
        about: "snapshot file only",
        before: &[("note.md", with_file(PRICED)), ("data/day.json", data("4.10"))],
        after: &[("note.md", with_file(PRICED)), ("data/day.json", data("4.70"))],
        day: "2026-05-17",
        differs: &["snapshot"],
        expected: &["new live-price/mismatch snapshot"],
        gate: ("pass", "fail", "snapshot"),
    });
    check(&Case {
        about: "snapshot in the header only",
        before: &[("note.md", with_block(PRICED, "4.10"))],
        after: &[("note.md", with_block(PRICED, "4.70"))],
        day: "2026-05-17",
        differs: &["author", "snapshot"],
        expected: &["new live-price/mismatch snapshot"],
        gate: ("pass", "fail", "snapshot"),
    });
    check(&Case {
        about: "configuration only: a severity",
        before: &[("note.md", with("Buy copper.")), ("lint.toml", text("[severity]\n\"ymyl-boundary/trade-command\" = \"note\"\n"))],
        after: &[("note.md", with("Buy copper.")), ("lint.toml", text("[severity]\n\"ymyl-boundary/trade-command\" = \"error\"\n"))],
        day: "2026-05-17",
        differs: &["configuration"],
        expected: &["worse ymyl-boundary/trade-command configuration"],
        gate: ("pass", "fail", "configuration"),
    });
    check(&Case {
        about: "configuration only: a rule switched off",
        before: &[("note.md", with("Buy copper."))],
        after: &[("note.md", with("Buy copper.")), ("lint.toml", text("[severity]\n\"ymyl-boundary/trade-command\" = \"off\"\n"))],
        day: "2026-05-17",
        differs: &["configuration"],
        expected: &["fixed ymyl-boundary/trade-command configuration"],
        gate: ("fail", "pass", "configuration"),
    });
    check(&Case {
        about: "configuration only: a ceiling, under which the findings are the same",
        before: &[("note.md", with("Buy copper.")), ("lint.toml", text("[checks.ymyl-boundary]\nat-most = \"limited\"\n"))],
        after: &[("note.md", with("Buy copper."))],
        day: "2026-05-17",
        differs: &["configuration"],
        expected: &[],
        gate: ("limited", "fail", "configuration"),
    });
}

#[test]
fn of_two_causes_each_is_named_where_it_belongs() {
    check(&Case {
        about: "an edit and time, each with a finding of its own",
        before: &[("note.md", clean())],
        after: &[("note.md", with("Buy copper."))],
        day: "2026-12-30",
        differs: &["author", "clock"],
        expected: &["new freshness/ageing clock", "new freshness/snapshot-ageing clock", "new ymyl-boundary/trade-command author"],
        gate: ("pass", "fail", "author"),
    });
    check(&Case {
        about: "an edit and a rule, which take each other",
        before: &[("note.md", clean()), ("lint.toml", text(CONFIG)), ("house.toml", text(PLAIN_RULES))],
        after: &[("note.md", with(MOON)), ("lint.toml", text(CONFIG)), ("house.toml", text(HOUSE_RULES))],
        day: "2026-05-17",
        differs: &["author", "rules"],
        expected: &["new ymyl-boundary/moonshot author+rules"],
        gate: ("pass", "fail", "author+rules"),
    });
    check(&Case {
        about: "an edit and data in one header",
        before: &[("note.md", with_block(PRICED, "4.10"))],
        after: &[("note.md", with_block(&format!("{PRICED}\n\nBuy copper."), "4.70"))],
        day: "2026-05-17",
        differs: &["author", "snapshot"],
        expected: &["new live-price/mismatch snapshot", "new ymyl-boundary/trade-command author"],
        gate: ("pass", "fail", "author|snapshot"),
    });
    check(&Case {
        about: "a rule and the configuration that brings it",
        before: &[("note.md", with(MOON))],
        after: &[("note.md", with(MOON)), ("lint.toml", text(CONFIG)), ("house.toml", text(HOUSE_RULES))],
        day: "2026-05-17",
        differs: &["rules", "configuration"],
        expected: &["new ymyl-boundary/moonshot rules"],
        gate: ("pass", "fail", "rules"),
    });
    check(&Case {
        about: "time and a shorter window, each enough",
        before: &[("note.md", clean())],
        after: &[("note.md", clean()), ("lint.toml", text("[checks.freshness]\npass-within = \"1 day\"\nlimited-within = \"900 days\"\n"))],
        day: "2026-12-30",
        differs: &["clock", "configuration"],
        expected: &["new freshness/ageing clock", "new freshness/snapshot-ageing clock"],
        gate: ("pass", "limited", "clock"),
    });
    check(&Case {
        about: "a finding that an edit clears while time goes by",
        before: &[("note.md", with("Buy copper."))],
        after: &[("note.md", clean())],
        day: "2026-06-17",
        differs: &["author", "clock"],
        expected: &["fixed ymyl-boundary/trade-command author"],
        gate: ("fail", "pass", "author"),
    });
}

#[test]
fn two_reports_are_compared_by_what_they_state() {
    let repository = Repository::new();
    let report = |name: &str, day: &str| {
        let output = repository.run("", &["check", "--as-of", day, "--format", &format!("json={name}"), "--fail-on", "never"]);
        assert_eq!(output.status.code(), Some(0));
    };
    repository.write("note.md", &with("Buy copper."));
    repository.write("other.md", "# Ledger\n\nA ledger of lead.\n");
    report("a.json", "2026-05-17");
    repository.write("note.md", &with("Sell copper."));
    report("b.json", "2026-05-17");
    let (code, comparison) = repository.diff(&["a.json", "b.json"]);
    assert_eq!((code, &comparison["causes_by"]), (0, &Value::from("digests")));
    assert_eq!(findings(&comparison), ["note.md new ymyl-boundary/trade-command author", "note.md fixed ymyl-boundary/trade-command author"]);
    report("c.json", "2026-12-30");
    let (_, comparison) = repository.diff(&["b.json", "c.json"]);
    assert!(findings(&comparison).contains(&"note.md new freshness/ageing clock".to_owned()));
    let (_, comparison) = repository.diff(&["a.json", "c.json"]);
    assert!(findings(&comparison).contains(&"note.md new freshness/ageing author?clock".to_owned()), "{:?}", findings(&comparison));
    // an article that is gone is not fixed
    fs::remove_file(repository.path("note.md")).unwrap();
    report("d.json", "2026-05-17");
    let (_, comparison) = repository.diff(&["a.json", "d.json"]);
    assert_eq!((comparison["summary"]["fixed"].as_u64(), comparison["left_out"][0]["path"].as_str()), (Some(0), Some("note.md")));
}

#[test]
fn what_cannot_be_compared_is_told() {
    let repository = Repository::new();
    repository.write("note.md", &clean());
    repository.write("x.json", "{\"schema\": \"notegate.lines/1\"}");
    repository.write("y.json", "[1, 2");
    repository.commit();
    refused(&repository.run("", &["diff", "x.json", "y.json"]), &["x.json", "notegate.lines/1", "notegate.report/1"]);
    refused(&repository.run("", &["diff", "y.json", "x.json"]), &["y.json", "no JSON"]);
    refused(&repository.run("", &["diff", "x.json"]), &["one report"]);
    refused(&repository.run("", &["diff", "x.json", "z.json"]), &["z.json", "does not exist"]);
    refused(&repository.run("", &["diff", "nowhere..HEAD"]), &["nowhere", "git log"]);
    refused(&repository.run("", &["diff", "HEAD..HEAD", "none.md"]), &["none.md", "neither"]);
    refused(&repository.run("", &["diff", "HEAD..HEAD", "--format", "xml"]), &["xml", "terminal, json, markdown"]);
    refused(&repository.run("", &["diff", "--", "-n..HEAD"]), &["-n"]);
}

#[test]
fn a_comment_obeys_nothing_that_an_article_says() {
    let repository = Repository::new();
    let path = "a @everyone [click](javascript:x) <img src=x> \u{202e}#12 | b.md";
    repository.write(path, &clean());
    repository.commit();
    repository.write(path, &with("Buy copper."));
    repository.commit();
    let output = repository.run("", &["diff", "HEAD~1..HEAD", "--format", "markdown"]);
    let comment = String::from_utf8(output.stdout).unwrap();
    assert!(comment.starts_with("<!-- notegate diff -->\n## What changed since HEAD\\~1: fail\n"), "{comment}");
    assert!(comment.contains("pass \u{2192} **fail**"), "{comment}");
    for obeyed in ["@everyone", "&&", " [click]", " <img", "\u{202e}", "12 | b"] {
        assert!(!comment.contains(obeyed), "`{obeyed}` is in: {comment}");
    }
}

const SENTENCES: [&str; 8] = [
    "Buy copper now.",
    "Silver is trading at $31.40 an ounce right now.",
    "You should sell your gold.",
    "This is guaranteed to double.",
    "Buy copper now.",
    "Write the date beside the figure.",
    "Prices are set to rise tomorrow.",
    "TODO: add the table.",
];

fn page(picked: &[usize]) -> String {
    let body = picked.iter().enumerate().fold(String::new(), |all, (number, at)| {
        let heading = if number % 3 == 0 { format!("## Part {number}\n\n") } else { String::new() };
        format!("{all}{heading}{}\n\n", SENTENCES[*at])
    });
    format!("---\ntitle: Ledger\n---\n\n{body}")
}

fn compared(before: &[Packet], after: &[Packet]) -> Comparison {
    let side = || SideRecord { name: String::new(), commit: None, as_of: String::new(), inputs: Inputs { config: String::new(), rules: String::new() } };
    let pairs = pairs::pairs(before, after, &BTreeMap::new());
    let results = Results { before, after, pairs: &pairs, sides: (side(), side()), scope: Scope::Changed, drafts: true, left_out: Vec::new() };
    compare(results, Causes::Judged(&[Input::Author], &mut |_, _| panic!("one input needs no state in between"))).0
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_comparison_turned_round_says_the_opposite(one in prop::collection::vec(0..SENTENCES.len(), 0..8), other in prop::collection::vec(0..SENTENCES.len(), 0..8)) {
        let desk = desk::Desk::new();
        let judged = |picked: &[usize]| desk.judge_all(&[("a.md", page(picked).into_bytes())]);
        let (one, other) = (judged(&one), judged(&other));
        let (there, back) = (compared(&one, &other), compared(&other, &one));
        let counts = |comparison: &Comparison| {
            let counts = comparison.summary.clone();
            (counts.new, counts.worse, counts.fixed, counts.better, counts.moved, counts.unchanged)
        };
        let (new, worse, fixed, better, moved, unchanged) = counts(&there);
        prop_assert_eq!((fixed, better, new, worse, moved, unchanged), counts(&back));
        let all = |packets: &[Packet]| packets[0].all_findings().count();
        prop_assert_eq!((all(&one), all(&other)), (fixed + better + worse + moved + unchanged, new + worse + better + moved + unchanged));
        let same = compared(&one, &one);
        prop_assert_eq!(counts(&same), (0, 0, 0, 0, 0, all(&one)));
        prop_assert_eq!(same.verdict, "pass");
    }
}
