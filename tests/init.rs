//! `notegate init` on a small tree of each kind of site: what it writes is taken without a complaint, and the dates and authors of the
//! articles are found with it. `notegate due` on the same trees.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on has failed")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

const BODY: &str =
    "\n## Reading the ledger\n\nThe ledger lists each withdrawal with its day. Write the figure in the second column and compare it with the receipt.\n";

/// Name, files that mark the kind, the article's path, its header, and what is generated and must be left out.
const KINDS: &[(&str, &[&str], &str, &str, &str)] = &[
    ("Hugo", &["hugo.toml"], "content/posts/ledger.md", "+++\ntitle = \"Ledger\"\ndate = 2026-05-11\nauthor = \"Assay Lane Desk\"\n+++\n", "public/x.html"),
    (
        "Jekyll",
        &["_config.yml"],
        "_posts/2026-05-11-ledger.md",
        "---\ntitle: Ledger\ndate: 2026-05-11 10:00:00 +0000\nauthor: Assay Lane Desk\n---\n",
        "_site/x.html",
    ),
    ("Astro", &["astro.config.mjs"], "src/content/blog/ledger.mdx", "---\ntitle: Ledger\npubDate: 2026-05-11\nauthor: Assay Lane Desk\n---\n", "dist/x.html"),
    (
        "Docusaurus",
        &["docusaurus.config.ts"],
        "docs/ledger.md",
        "---\ntitle: Ledger\nlast_update:\n  date: 2026-05-11\n  author: Assay Lane Desk\n---\n",
        "build/x.html",
    ),
    ("Eleventy", &[".eleventy.js"], "posts/ledger.md", "---\ntitle: Ledger\nwritten_on: 2026-05-11\npenned_by: Assay Lane Desk\n---\n", "_site/x.html"),
    ("Next", &["next.config.js"], "content/ledger.mdx", "---\ntitle: Ledger\npublishedAt: 2026-05-11\nauthors: [Assay Lane Desk]\n---\n", "out/x.html"),
    ("plain", &[], "ledger.md", "---\ntitle: Ledger\nmeta:\n  went_out_day: 2026-05-11\n  writer_of_it: Assay Lane Desk\n---\n", ""),
];

fn notegate(folder: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_notegate")).current_dir(folder).args(args).env_remove("NOTEGATE_AS_OF").output().unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn write(folder: &Path, file: &str, text: &str) {
    let path = folder.join(file);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn tree(index: usize) -> TempDir {
    let (_, marks, article, header, generated) = KINDS[index];
    let folder = TempDir::new().unwrap();
    for mark in marks {
        write(folder.path(), mark, "");
    }
    write(folder.path(), article, &format!("{header}{BODY}"));
    if !generated.is_empty() {
        write(folder.path(), generated, "<p>generated</p>");
    }
    folder
}

fn facts<'r>(report: &'r Value, check: &str) -> &'r Value {
    report["articles"][0]["checks"].as_array().unwrap().iter().find(|one| one["id"] == check).unwrap()
}

#[test]
fn each_kind_gets_a_configuration_that_finds_dates_and_authors() {
    for (index, (kind, _, article, ..)) in KINDS.iter().enumerate() {
        let folder = tree(index);
        let made = notegate(folder.path(), &["init"]);
        assert_eq!(made.status.code(), Some(0), "{kind}: {}", String::from_utf8_lossy(&made.stderr));
        assert!(stdout(&made).starts_with(&format!("{kind} site, 1 articles")), "{kind}: {}", stdout(&made));
        let lint = fs::read_to_string(folder.path().join("lint.toml")).unwrap();
        assert!(lint.starts_with("#:schema ./.notegate/lint.schema.json\n"), "{kind}: {lint}");
        let schema: Value = serde_json::from_str(&fs::read_to_string(folder.path().join(".notegate/lint.schema.json")).unwrap()).unwrap();
        let table: Value = serde_json::to_value(toml::from_str::<toml::Table>(&lint).unwrap()).unwrap();
        assert!(jsonschema::is_valid(&schema, &table), "{kind}: {lint}");
        let checked = notegate(folder.path(), &["check", "--format", "json", "--as-of", "2026-05-17"]);
        assert_ne!(checked.status.code(), Some(2), "{kind}: {}", String::from_utf8_lossy(&checked.stderr));
        let report: Value = serde_json::from_str(&stdout(&checked)).unwrap();
        let paths: Vec<&str> = report["articles"].as_array().unwrap().iter().map(|one| one["path"].as_str().unwrap()).collect();
        assert_eq!(paths, [*article], "{kind}");
        assert_eq!(facts(&report, "freshness")["facts"]["age_days"], 6, "{kind}: {}", facts(&report, "freshness"));
        let who = facts(&report, "who-how-review")["evidence"].as_str().unwrap();
        assert!(who.contains("author Assay Lane Desk"), "{kind}: {who}");
    }
}

#[test]
fn every_preset_is_taken_as_it_is_shipped() {
    for preset in ["market-research", "editorial", "documentation"] {
        let folder = tree(1);
        assert_eq!(notegate(folder.path(), &["init", "--preset", preset]).status.code(), Some(0));
        let config = notegate(folder.path(), &["config"]);
        assert_eq!(config.status.code(), Some(0), "{preset}: {}", String::from_utf8_lossy(&config.stderr));
        assert_eq!(stdout(&config).contains("section-depth.at-most"), preset != "market-research", "{preset}");
    }
}

#[test]
fn the_first_run_on_an_ordinary_blog_fails_nothing() {
    let folder = tree(1);
    assert_eq!(notegate(folder.path(), &["check", "--as-of", "2026-05-17"]).status.code(), Some(1), "the defaults ask for more");
    notegate(folder.path(), &["init"]);
    let checked = notegate(folder.path(), &["check", "--as-of", "2026-05-17"]);
    assert_eq!(checked.status.code(), Some(0), "{}", stdout(&checked));
    write(
        folder.path(),
        "_posts/2026-05-12-bars.md",
        "---\ntitle: Bars\ndate: 2026-05-12\n---\n\nBuy silver now. Silver trades at $31.40 an ounce right now.\n",
    );
    assert_eq!(notegate(folder.path(), &["check", "--as-of", "2026-05-17"]).status.code(), Some(1));
}

#[test]
fn nothing_is_overwritten_and_printing_writes_nothing() {
    let folder = tree(0);
    let printed = notegate(folder.path(), &["init", "--print"]);
    assert!(stdout(&printed).contains("==> lint.toml\n"));
    assert!(!folder.path().join("lint.toml").exists());
    write(folder.path(), "lint.toml", "langage = 3\n");
    write(folder.path(), ".pre-commit-config.yaml", "repos: []\n");
    let kept = notegate(folder.path(), &["init"]);
    assert_eq!(kept.status.code(), Some(0), "a broken lint.toml is no reason to stop: {}", String::from_utf8_lossy(&kept.stderr));
    let text = |file: &str| fs::read_to_string(folder.path().join(file)).unwrap();
    assert_eq!((text("lint.toml").as_str(), text(".pre-commit-config.yaml").as_str()), ("langage = 3\n", "repos: []\n"));
    assert!(folder.path().join(".github/workflows/notegate.yml").exists());
    notegate(folder.path(), &["init", "--force"]);
    assert!(text("lint.toml").contains("exclude = [\"public/\", \"resources/\"]"));
    assert_eq!(text(".pre-commit-config.yaml"), "repos: []\n", "the hooks of others are never thrown away");
    assert!(stdout(&notegate(folder.path(), &["init"])).contains("kept     lint.toml (it is the same)"));
}

#[test]
fn a_baseline_holds_what_was_there_on_the_first_day() {
    let folder = tree(1);
    let old = "---\ntitle: Bars\ndate: 2026-05-12\n---\n\nSilver trades at $31.40 an ounce right now.\n";
    write(folder.path(), "_posts/2026-05-12-bars.md", old);
    let run = |args: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_notegate"));
        command.current_dir(folder.path()).args(args).env("NOTEGATE_AS_OF", "2026-05-17").output().unwrap()
    };
    let made = run(&["init", "--baseline"]);
    assert_eq!(made.status.code(), Some(0), "{}", String::from_utf8_lossy(&made.stderr));
    assert!(stdout(&made).contains("notegate-baseline.json: ") && stdout(&made).ends_with("next     notegate check\n"), "{}", stdout(&made));
    assert_eq!(run(&["check"]).status.code(), Some(0), "what was there is held");
    write(folder.path(), "_posts/2026-05-13-bars.md", &old.replace("31.40", "32.90"));
    assert_eq!(run(&["check"]).status.code(), Some(1), "what is new is not");
    let baseline = || fs::read_to_string(folder.path().join("notegate-baseline.json")).unwrap();
    let before = baseline();
    assert!(stdout(&run(&["init", "--baseline"])).contains("kept     notegate-baseline.json (it is there"));
    assert_eq!(baseline(), before, "nothing is overwritten");
    assert_eq!(run(&["init", "--baseline", "--force"]).status.code(), Some(0));
    assert_ne!(baseline(), before);
    assert_eq!(run(&["check"]).status.code(), Some(0));
}

#[test]
fn a_kind_may_be_named_and_nothing_is_asked_without_a_terminal() {
    let folder = tree(6);
    let made = notegate(folder.path(), &["init", "--kind", "hugo", "--config-only"]);
    assert!(stdout(&made).starts_with("Hugo site, 1 articles") && made.stderr.is_empty(), "{}", stdout(&made));
    assert!(!folder.path().join(".pre-commit-config.yaml").exists());
    let wrong = notegate(folder.path(), &["init", "--kind", "Jekil"]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&wrong.stderr).contains("did you mean `Jekyll`?"));
}

#[test]
fn a_market_desk_is_held_to_everything() {
    let folder = TempDir::new().unwrap();
    write(folder.path(), "a.md", &format!("---\ntitle: A\nsource:\n  provider: assay-lane-local\n  captured: 2026-05-14\n---\n{BODY}"));
    assert!(stdout(&notegate(folder.path(), &["init"])).contains("preset market-research"));
}

#[test]
fn due_lists_by_the_end_of_the_window() {
    let folder = TempDir::new().unwrap();
    for (file, key, day) in [("a.md", "last_reviewed", "2025-11-25"), ("b.md", "last_reviewed", "2025-11-20"), ("c.md", "last_reviewed", "2026-05-01")] {
        write(folder.path(), file, &format!("---\ntitle: {file}\nclass: ymyl-evergreen\n{key}: {day}\n---\n{BODY}"));
    }
    write(folder.path(), "d.md", &format!("---\ntitle: d\nclass: ymyl-evergreen\nlast_reviewed: 2026-05-01\nnext_review: 2026-05-10\n---\n{BODY}"));
    write(folder.path(), "e.md", BODY);
    let run = |args: &[&str]| notegate(folder.path(), &[&["due", "--as-of", "2026-05-17"], args].concat());
    let listing: Value = serde_json::from_str(&stdout(&run(&["--format", "json"]))).unwrap();
    let rows: Vec<(&str, &str, i64)> = listing["articles"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (row["path"].as_str().unwrap(), row["review_ends"].as_str().unwrap(), row["days"].as_i64().unwrap()))
        .collect();
    assert_eq!(rows, [("d.md", "2026-05-10", -7), ("b.md", "2026-05-19", 2), ("a.md", "2026-05-24", 7)]);
    assert_eq!(listing["undated"], serde_json::json!(["e.md"]));
    assert_eq!(run(&[]).status.code(), Some(0));
    assert_eq!(run(&["--fail"]).status.code(), Some(1));
    assert_eq!(run(&["--within", "2d", "--fail", "c.md"]).status.code(), Some(0));
    assert_eq!(run(&["--within", "soon"]).status.code(), Some(2));
}
