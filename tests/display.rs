//! No way of showing a run changes its verdict: gates, statuses, counts and exit code are the same under every display flag and in
//! every format.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on has failed")]

use std::fs;
use std::path::Path;
use std::process::Command;

use notegate::report::Format;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use proptest::test_runner::{Config, RngSeed};
use serde_json::{Value, json};

/// Rules and checks to show or hide; some that found something, some that did not.
const NAMES: &[&str] =
    &["live-price", "live-price/unsupported", "ymyl-boundary", "front-matter", "source", "freshness", "section-depth/too-few-words", "affiliate-disclosure"];
const ARTICLES: &[&str] = &["fixtures/gate/fail", "fixtures/gate/limited", "fixtures/gate/pass", "fixtures/gate"];
const FAIL_ON: &[&str] = &["fail", "limited", "never"];

/// How a run is shown.
#[derive(Clone, Debug)]
struct Shown {
    select: Vec<&'static str>,
    ignore: Vec<&'static str>,
    loud: Option<&'static str>,
    color: &'static str,
    columns: &'static str,
    format: &'static str,
    to_file: bool,
}

fn shown() -> impl Strategy<Value = Shown> {
    let names = || prop_oneof![2 => Just(Vec::new()), 3 => subsequence(NAMES, 1..4)];
    let formats: Vec<&'static str> = Format::ALL.iter().map(|(_, name)| *name).collect();
    let rest = (
        select(vec![None, Some("--quiet"), Some("--verbose")]),
        select(vec!["auto", "always", "never"]),
        select(vec!["40", "100"]),
        select(formats),
        any::<bool>(),
    );
    (names(), names(), rest).prop_map(|(select, ignore, (loud, color, columns, format, to_file))| Shown {
        select,
        ignore,
        loud,
        color,
        columns,
        format,
        to_file,
    })
}

/// The verdict of a report: everything but its findings.
fn verdict(report: &Value) -> Value {
    let of = |article: &Value| {
        let checks: Vec<Value> =
            article["checks"].as_array().unwrap().iter().map(|check| json!([check["id"], check["status"], check["evidence"], check["facts"]])).collect();
        json!([article["path"], article["gate"], article["evidence"], checks])
    };
    json!([report["summary"], report["articles"].as_array().unwrap().iter().map(of).collect::<Vec<_>>()])
}

fn run(articles: &str, fail_on: &str, shown: Option<&Shown>) -> (Value, Option<i32>) {
    let folder = tempfile::tempdir().unwrap();
    let report = folder.path().join("report.json");
    let mut command = Command::new(env!("CARGO_BIN_EXE_notegate"));
    command.current_dir(Path::new(env!("CARGO_MANIFEST_DIR"))).env_remove("GITHUB_STEP_SUMMARY");
    command.args(["check", "--as-of", "2026-05-17", "--fail-on", fail_on, "--format"]).arg(format!("json={}", report.display()));
    if let Some(shown) = shown {
        let place = folder.path().join("other");
        let format = if shown.to_file { format!("{}={}", shown.format, place.display()) } else { shown.format.to_owned() };
        command.env("COLUMNS", shown.columns).args(["--format", &format, "--color", shown.color]).args(shown.loud);
        for (flag, names) in [("--select", &shown.select), ("--ignore", &shown.ignore)] {
            if !names.is_empty() {
                command.args([flag, &names.join(",")]);
            }
        }
    }
    let output = command.arg(articles).output().unwrap();
    let text = fs::read(&report).unwrap_or_else(|_| panic!("no report: {}", String::from_utf8_lossy(&output.stderr)));
    (serde_json::from_slice(&text).unwrap(), output.status.code())
}

fn config() -> Config {
    let mut config = Config { cases: 24, max_shrink_iters: 20, failure_persistence: None, ..Config::default() };
    if let Ok(cases) = std::env::var("PROPTEST_CASES") {
        config.cases = cases.parse().unwrap();
    }
    if std::env::var_os("PROPTEST_RNG_SEED").is_none() {
        config.rng_seed = RngSeed::Fixed(20_260_517);
    }
    config
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn nothing_that_is_shown_or_hidden_changes_a_verdict(articles in select(ARTICLES), fail_on in select(FAIL_ON), all in vec(shown(), 2)) {
        let (report, code) = run(articles, fail_on, None);
        let gates: Vec<&str> = report["articles"].as_array().unwrap().iter().map(|article| article["gate"]["status"].as_str().unwrap()).collect();
        let bad = |gate: &&&str| fail_on == "fail" && **gate == "fail" || fail_on == "limited" && **gate != "pass";
        prop_assert_eq!(code, Some(i32::from(gates.iter().any(|gate| bad(&gate)))));
        for shown in &all {
            let (other, other_code) = run(articles, fail_on, Some(shown));
            prop_assert_eq!(verdict(&other), verdict(&report), "{:?}", shown);
            prop_assert_eq!(other_code, code, "{:?}", shown);
        }
    }
}

#[test]
fn every_format_is_written_beside_the_others_and_keeps_the_exit_code() {
    for (_, name) in Format::ALL {
        for (articles, code) in [("fixtures/gate/pass", 0), ("fixtures/gate/fail", 1)] {
            let shown = Shown {
                select: vec!["affiliate-disclosure"],
                ignore: Vec::new(),
                loud: Some("--quiet"),
                color: "never",
                columns: "100",
                format: name,
                to_file: false,
            };
            assert_eq!(run(articles, "fail", Some(&shown)).1, Some(code), "{name}");
        }
    }
}
