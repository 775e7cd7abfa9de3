//! `--fix` and `--diff`: what is written, what is left alone, and that nothing else changes.
//!
//! The seed is fixed; to look further: `PROPTEST_CASES=50 PROPTEST_RNG_SEED=7 cargo test --test fixes`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on has failed")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{Config, RngSeed};
use serde_json::Value;

/// A folder of articles.
struct Folder(tempfile::TempDir);

impl Folder {
    fn with(files: &[(String, Vec<u8>)]) -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        fs::write(folder.path("lint.toml"), "").unwrap();
        for (name, bytes) in files {
            fs::write(folder.path(name), bytes).unwrap();
        }
        folder
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn check(&self, args: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_notegate"));
        command.current_dir(self.0.path()).args(["check", "--as-of", "2026-05-17", "--format", "json=report.json"]).args(args).output().unwrap()
    }

    /// Runs, and reads the report.
    fn report(&self, args: &[&str]) -> (Value, Option<i32>) {
        let output = self.check(args);
        assert!(matches!(output.status.code(), Some(0 | 1)), "{}", String::from_utf8_lossy(&output.stderr));
        (serde_json::from_slice(&fs::read(self.path("report.json")).unwrap()).unwrap(), output.status.code())
    }

    /// The bytes of all articles.
    fn bytes(&self) -> BTreeMap<String, Vec<u8>> {
        let names = fs::read_dir(self.0.path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let articles = names.filter(|name| !["report.json", "lint.toml"].contains(&name.as_str()) && Path::new(name).extension().is_some());
        articles.map(|name| (name.clone(), fs::read(self.path(&name)).unwrap())).collect()
    }
}

fn articles(report: &Value) -> &Vec<Value> {
    report["articles"].as_array().unwrap()
}

fn findings(article: &Value) -> impl Iterator<Item = &Value> {
    let checks = article["checks"].as_array().unwrap().iter();
    article["issues"].as_array().unwrap().iter().chain(checks.flat_map(|check| check["findings"].as_array().unwrap()))
}

fn rules(article: &Value) -> BTreeMap<&str, usize> {
    findings(article).fold(BTreeMap::new(), |mut rules, finding| {
        *rules.entry(finding["rule"].as_str().unwrap()).or_default() += 1;
        rules
    })
}

const SOURCE: &str = "source:\n  name: Harbour set\n  provider: harbour-local\n  method: end-of-session-capture\n  captured: 2026-05-17\n  prices:\n    - { id: gold_last, instrument: gold, field: last, value: 2412.10, currency: USD, unit: troy_oz }\n    - { id: silver_last, instrument: silver, field: last, value: 31.40, currency: USD, unit: troy_oz, as_of: 2026-05-16 }\n";
const PAID: &str = "https://click.linksynergy.com/deeplink?id=Xq7hTzLwR2c&amp;mid=42113";

fn page(body: &str) -> String {
    format!(
        "---\ntitle: A page\ndate: 2026-05-17\n{SOURCE}---\n\nWe are paid a commission whenever you order through the shop links in this article.\n\n{body}\n"
    )
}

/// What `--fix` makes of one article.
fn fixed(name: &str, before: &str) -> String {
    let folder = Folder::with(&[(name.to_owned(), before.as_bytes().to_vec())]);
    folder.report(&["--fix"]);
    String::from_utf8(folder.bytes().remove(name).unwrap()).unwrap()
}

#[test]
fn what_is_certain_is_written() {
    let paid = PAID;
    let cases = [
        ("a.md", page(&format!("The <a href=\"{paid}\">bag</a> held.")), page(&format!("The <a href=\"{paid}\" rel=\"sponsored\">bag</a> held."))),
        (
            "a.md",
            page(&format!("The <a rel='noopener' href='{paid}'>bag</a> held.")),
            page(&format!("The <a rel='noopener sponsored' href='{paid}'>bag</a> held.")),
        ),
        (
            "a.mdx",
            page(&format!("The <a href=\"{paid}\" onClick={{() => go(1)}}>bag</a> held.")),
            page(&format!("The <a href=\"{paid}\" rel=\"sponsored\" onClick={{() => go(1)}}>bag</a> held.")),
        ),
        (
            "a.html",
            page(&format!("<p>The <a rel=noopener href={paid}>bag</a> held.</p>")),
            page(&format!("<p>The <a rel=\"noopener sponsored\" href={paid}>bag</a> held.</p>")),
        ),
        ("a.md", page("Gold is at $2,412.10 an ounce in the set."), page("Gold is at $2,412.10 an ounce (as of 2026-05-17) in the set.")),
        ("a.md", page("Gold is at **$2,412.10**."), page("Gold is at **$2,412.10 (as of 2026-05-17)**.")),
        ("a.md", page("- Silver trades at $31.40/oz"), page("- Silver trades at $31.40/oz (as of 2026-05-16)")),
        ("a.html", page("<p>Gold is at <b>$2,412.10</b> an ounce.</p>"), page("<p>Gold is at <b>$2,412.10</b> an ounce (as of 2026-05-17).</p>")),
        (
            "a.md",
            page("Text.").replace("date: 2026-05-17\n", "date: May 17, 2026 # of print\n"),
            page("Text.").replace("date: 2026-05-17\n", "date: 2026-05-17 # of print\n"),
        ),
        ("a.md", page("Text.").replace("date: 2026-05-17\n", "date:   '17/05/2026'\n"), page("Text.").replace("date: 2026-05-17\n", "date:   '2026-05-17'\n")),
        (
            "a.md",
            "+++\ntitle = \"A\"\ndate = \"17th May 2026\" # x\n+++\n\nText.\n".to_owned(),
            "+++\ntitle = \"A\"\ndate = \"2026-05-17\" # x\n+++\n\nText.\n".to_owned(),
        ),
        (
            "a.md",
            "{\n  \"title\": \"A\",\n  \"date\": \"17 May 2026\"\n}\n\nText.\n".to_owned(),
            "{\n  \"title\": \"A\",\n  \"date\": \"2026-05-17\"\n}\n\nText.\n".to_owned(),
        ),
    ];
    for (name, before, after) in cases {
        assert_eq!(fixed(name, &before), after, "{name}");
    }
}

#[test]
fn what_leaves_a_choice_is_left_alone() {
    let paid = PAID;
    let header = |line: &str| page("Text.").replace("date: 2026-05-17\n", line);
    let cases = [
        // the day is not certain, or not a day
        ("a.md", header("date: 05/06/2026\n")),
        ("a.md", header("date: May 2026\n")),
        ("a.md", header("date: 1779019200\n")),
        ("a.md", header("date: \"May\\x2017, 2026\"\n")),
        ("a.md", header("date: 2026-05-17 10:00:00 +0200\n")),
        // the number is not the snapshot's own, or two are dated by one day
        ("a.md", page("Gold is at $2,412 an ounce.")),
        ("a.md", page("Gold is at about $2,412.10 an ounce.")),
        ("a.md", page("Gold is above $2,412.10 an ounce.")),
        ("a.md", page("Gold is at $2,413.10 an ounce.")),
        ("a.md", page("Gold is at $2,412.10 an ounce and silver at $31.40 an ounce.")),
        // words of somebody else, headings with their anchors, tables
        ("a.md", page("\"Gold is at $2,412.10 an ounce,\" said the dealer.")),
        ("a.md", page("> Gold is at $2,412.10 an ounce.")),
        ("a.md", page("## Gold is at $2,412.10 an ounce")),
        ("a.md", page("| Gold | $2,412.10 |\n| --- | --- |\n| Silver | $31.40 |")),
        ("a.md", page("Gold is at $2,412.10 an ounce.\n\n| Metal | Price |\n| --- | --- |\n| Silver | $31.40 |")),
        // links that are no elements, or say more than they show
        ("a.md", page(&format!("The [bag]({paid}) held."))),
        ("a.md", page(&format!("The <a href=\"{paid}\" rel=\"{{{{ rel }}}}\">bag</a> held."))),
        ("a.mdx", page(&format!("The <a {{...props}} href=\"{paid}\">bag</a> held."))),
        ("a.mdx", page(&format!("The <Link href=\"{paid}\">bag</Link> held."))),
        ("a.md", page(&format!("`<a href=\"{paid}\">` and\n\n```html\n<a href=\"{paid}\">bag</a>\n```"))),
        // the file is not read as it was meant
        ("a.md", page(&format!("The <a href=\"{paid}\">bag</a> held.")).replace("title: A page", "title: \"A page")),
        ("a.md", page(&format!("The <a href=\"{paid}\">bag</a> held.\n\n```\nopen"))),
        ("a.mdx", page(&format!("The <a href=\"{paid}\">bag</a> held.\n\n<Note>\n\n{{open"))),
        ("a.md", page(&format!("The <a href=\"{paid}\">bag</a> held.\u{0}"))),
    ];
    for (name, text) in cases {
        assert_eq!(fixed(name, &text), text, "{name}");
    }
}

/// Headers, links, prices and other text that random articles are made of.
const DATES: &[&str] = &["2026-05-17", "May 17, 2026", "'16 May 2026'", "\"2026/05/15\" # c", "05/06/2026", "17.05.2026", "20260517", "May 2026", "soon"];
const PIECES: &[&str] = &[
    "The <a href=\"https://click.linksynergy.com/deeplink?id=Xq7\">bag</a> held.",
    "The <a rel=\"noopener\" href=\"https://www.awin1.com/cread.php?awinmid=5512&awinaffid=418822\">box</a> and <a href='https://www.awin1.com/cread.php?awinmid=5513'>another</a>.",
    "<a\nclass=big\nhref=https://click.linksynergy.com/deeplink?id=Xq8>Buy here</a>",
    "Gold is at $2,412.10 an ounce.",
    "Gold is now **$2,412.10 per troy ounce** in the set; the spread was noted.",
    "Silver trades at $31.40.",
    "Gold is at $2,412.10 and silver is at $31.40.",
    "Platinum is at $985 right now.",
    "## Gold is at $2,412.10",
    "- Gold is at $2,412.10",
    "| Gold | $2,412.10 |\n| --- | --- |\n| Silver | $31.40 |",
    "We are paid a commission whenever you order through the shop links in this article.",
    "\u{e9}\u{1d54f}\u{202e} caf\u{e9} \u{1f600}",
    "```\n<a href=\"https://click.linksynergy.com/deeplink?id=Xq7\">code</a>\n```",
    "<div hidden><a href=\"https://click.linksynergy.com/deeplink?id=Xq7\">x</a></div>",
    "You should buy gold now.",
    "<!-- <a href=\"https://click.linksynergy.com/deeplink?id=Xq7\">x</a> -->",
];

#[derive(Clone, Debug)]
struct Written {
    ending: &'static str,
    date: &'static str,
    reviewed: &'static str,
    pieces: Vec<&'static str>,
    /// Line ends, byte order mark, encoding.
    dress: u8,
}

impl Written {
    fn bytes(&self) -> Vec<u8> {
        let body = self.pieces.join("\n\n");
        let text = format!("---\ntitle: A page\ndate: {}\nlast_reviewed: {}\n{SOURCE}---\n\n{body}\n", self.date, self.reviewed);
        match self.dress {
            0 => text.replace('\n', "\r\n").into_bytes(),
            1 => format!("\u{feff}{text}").into_bytes(),
            2 => std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect(),
            3 => std::iter::once(0xfeff).chain(text.replace('\n', "\r\n").encode_utf16()).flat_map(u16::to_be_bytes).collect(),
            4 => text.trim_end().as_bytes().to_vec(),
            _ => text.into_bytes(),
        }
    }
}

fn written() -> impl Strategy<Value = Written> {
    let parts = (select(vec!["md", "md", "mdx", "html", "txt"]), select(DATES), select(DATES), vec(select(PIECES), 1..7), 0_u8..8);
    parts.prop_map(|(ending, date, reviewed, pieces, dress)| Written { ending, date, reviewed, pieces, dress })
}

fn config() -> Config {
    let mut config = Config { cases: 3, max_shrink_iters: 60, failure_persistence: None, ..Config::default() };
    if let Ok(cases) = std::env::var("PROPTEST_CASES") {
        config.cases = cases.parse().unwrap();
    }
    if std::env::var_os("PROPTEST_RNG_SEED").is_none() {
        config.rng_seed = RngSeed::Fixed(20_260_517);
    }
    config
}

/// The bytes with the edits of a report made by a plain hand: in order, what touches an earlier one left out.
fn by_hand(before: &[u8], article: &Value) -> Vec<u8> {
    let number = |value: &Value| usize::try_from(value.as_u64().unwrap()).unwrap();
    let edits = findings(article).flat_map(|finding| finding["fix"]["edits"].as_array().into_iter().flatten());
    let mut edits: Vec<(usize, usize, String)> =
        edits.map(|edit| (number(&edit["span"]["start"]), number(&edit["span"]["end"]), edit["text"].as_str().unwrap().to_owned())).collect();
    edits.sort();
    edits.dedup();
    let encoded = |text: &str| match before {
        [0xff, 0xfe, ..] => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        [0xfe, 0xff, ..] => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        _ => text.as_bytes().to_vec(),
    };
    let (mut out, mut at) = (Vec::new(), 0);
    for (start, end, text) in edits {
        out.extend_from_slice(&before[at..start]);
        out.extend(encoded(&text));
        at = end;
    }
    out.extend_from_slice(&before[at..]);
    out
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn fixing_twice_is_fixing_once_and_brings_nothing_about(all in vec(written(), 30..40)) {
        let files: Vec<(String, Vec<u8>)> = all.iter().enumerate().map(|(i, one)| (format!("{i:02}.{}", one.ending), one.bytes())).collect();
        let folder = Folder::with(&files);
        let before = folder.bytes();
        let (first, code) = folder.report(&[]);
        prop_assert!(articles(&first).iter().flat_map(findings).any(|finding| !finding["fix"].is_null()), "nothing to fix");

        let printed = folder.check(&["--diff"]);
        prop_assert_eq!(printed.status.code(), code);
        prop_assert_eq!(&folder.bytes(), &before, "--diff writes");

        let (remaining, fixed_code) = folder.report(&["--fix"]);
        let after = folder.bytes();
        let (second, second_code) = folder.report(&[]);
        prop_assert_eq!(&second, &remaining, "what --fix reports is not what a new check finds");
        prop_assert_eq!(second_code, fixed_code);
        for (old, new) in articles(&first).iter().zip(articles(&second)) {
            let (before, after) = (rules(old), rules(new));
            for (rule, count) in after {
                prop_assert!(count <= before.get(rule).copied().unwrap_or(0), "{}: {rule} came with the fix", new["path"]);
            }
            let path = old["path"].as_str().unwrap();
            let expected = by_hand(&files.iter().find(|(name, _)| name == path).unwrap().1, old);
            prop_assert!(folder.bytes()[path] == expected, "{path} has other bytes than those of its edits");
        }

        folder.report(&["--fix"]);
        prop_assert_eq!(&folder.bytes(), &after, "--fix twice is not --fix once");
        prop_assert!(folder.check(&["--diff"]).stdout.is_empty());

        // the diff is one that git takes
        for (name, bytes) in &before {
            fs::write(folder.path(name), bytes).unwrap();
        }
        let utf8: Vec<&String> = before.iter().filter(|(_, bytes)| std::str::from_utf8(bytes).is_ok()).map(|(name, _)| name).collect();
        let args: Vec<&str> = std::iter::once("--diff").chain(utf8.iter().map(|name| name.as_str())).collect();
        let diff = folder.check(&args).stdout;
        fs::write(folder.path("patch"), diff).unwrap();
        let git = Command::new("git").current_dir(folder.0.path()).args(["apply", "--whitespace=nowarn", "patch"]).output().unwrap();
        prop_assert!(git.status.success(), "{}", String::from_utf8_lossy(&git.stderr));
        for name in utf8 {
            prop_assert!(folder.bytes()[name] == after[name], "{name}: git apply makes something else of the diff");
        }
    }
}

#[cfg(unix)]
mod on_disk {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn one() -> Vec<(String, Vec<u8>)> {
        vec![("a.md".to_owned(), page("Gold is at $2,412.10 an ounce.").into_bytes())]
    }

    #[test]
    fn links_stay_links_and_permissions_stay() {
        let folder = Folder::with(&[]);
        fs::create_dir(folder.path("real")).unwrap();
        fs::write(folder.path("real/a.txt.page"), &one()[0].1).unwrap();
        fs::set_permissions(folder.path("real/a.txt.page"), fs::Permissions::from_mode(0o640)).unwrap();
        std::os::unix::fs::symlink("real/a.txt.page", folder.path("a.md")).unwrap();
        folder.report(&["--fix"]);
        assert!(fs::symlink_metadata(folder.path("a.md")).unwrap().is_symlink());
        let text = fs::read_to_string(folder.path("real/a.txt.page")).unwrap();
        assert!(text.contains("(as of 2026-05-17)"), "{text}");
        assert_eq!(fs::metadata(folder.path("real/a.txt.page")).unwrap().permissions().mode() & 0o777, 0o640);
        assert_eq!(fs::read_dir(folder.path("real")).unwrap().count(), 1, "something was left lying about");
    }

    #[test]
    fn a_read_only_file_is_refused_in_words() {
        let folder = Folder::with(&one());
        fs::set_permissions(folder.path("a.md"), fs::Permissions::from_mode(0o444)).unwrap();
        let output = folder.check(&["--fix"]);
        assert_eq!(output.status.code(), Some(2));
        assert!(String::from_utf8_lossy(&output.stderr).contains("it is read-only"));
        assert_eq!(fs::read(folder.path("a.md")).unwrap(), one()[0].1);
    }
}

#[test]
fn what_cannot_be_fixed_in_place_is_refused() {
    let folder = Folder::with(&[("a.md".to_owned(), page("Text.").into_bytes())]);
    for (args, told) in [
        (["--fix", "-"].as_slice(), "standard input cannot be fixed in its place"),
        (&["--diff", "--format", "sarif"], "would both go to standard output"),
        (&["--fix", "--diff"], "cannot be used with"),
    ] {
        let output = folder.check(args);
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(String::from_utf8_lossy(&output.stderr).contains(told), "{args:?}");
    }
}
