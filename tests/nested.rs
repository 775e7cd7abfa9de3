//! Several `lint.toml` of one repository: which of them count for an article, what each value comes from, and what is told of those that are
//! wrong. `notegate config explain`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on has failed")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

const BODY: &str =
    "\n## Reading the ledger\n\nThe ledger lists each withdrawal with its day. Write the figure in the second column and compare it with the receipt.\n";
const HEADER: &str = "---\ntitle: Ledger\ndate: 2026-05-11\nauthor: Assay Lane Desk\n---\n";
const ROOT: &str = "[site]\nreviewer = \"root desk\"\nclass = \"general\"\n\n[discover]\nexclude = [\"old/\"]\n\n[severity]\n\"freshness/never-reviewed\" = \"note\"\n\n[checks.section-depth]\nmin-words = 500\nmin-sections = 3\n\n[[overrides]]\npaths = [\"/news/**\"]\nchecks.section-depth.min-words = 400\n";
const NEWS: &str =
    "extends = \"../lint.toml\"\n\n[site]\nclass = \"market-commentary\"\n\n[[overrides]]\npaths = [\"metals/**\"]\nchecks.section-depth.min-sections = 2\n";
const METALS: &str = "extends = \"../lint.toml\"\n\n[checks.section-depth]\nmin-words = 100\n";

struct Tree(TempDir);

impl Tree {
    fn new(files: &[(&str, &str)]) -> Self {
        let tree = Self(TempDir::new().unwrap());
        for (file, text) in files {
            tree.write(file, text);
        }
        tree
    }

    /// Three nested files, and an article below each.
    fn nested() -> Self {
        let article = format!("{HEADER}{BODY}");
        Self::new(&[
            ("lint.toml", ROOT),
            ("news/lint.toml", NEWS),
            ("news/metals/lint.toml", METALS),
            ("a.md", &article),
            ("news/b.md", &article),
            ("news/metals/c.md", &article),
            ("news/old/d.md", &article),
        ])
    }

    fn write(&self, file: &str, text: &str) {
        let path = self.0.path().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn run(&self, args: &[&str]) -> Output {
        self.run_in("", args)
    }

    fn run_in(&self, folder: &str, args: &[&str]) -> Output {
        let folder: &Path = &self.0.path().join(folder);
        Command::new(env!("CARGO_BIN_EXE_notegate"))
            .current_dir(folder)
            .args(args)
            .env("COLUMNS", "300")
            .env("NO_COLOR", "1")
            .env("NOTEGATE_AS_OF", "2026-05-17")
            .output()
            .unwrap()
    }

    fn told(&self, args: &[&str]) -> String {
        let output = self.run(args);
        assert_eq!(output.status.code(), Some(2), "{}", text(&output.stdout));
        text(&output.stderr)
    }

    fn value(&self, key: &str, path: &str) -> String {
        let output = self.run(&["config", "--only", key, path]);
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        text(&output.stdout)
    }

    fn explained(&self, path: &str) -> Value {
        let output = self.run(&["config", "explain", "--format", "json", path]);
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap()
    }

    fn checked(&self, args: &[&str]) -> Value {
        let output = self.run(&[&["check", "--format", "json"], args].concat());
        assert_ne!(output.status.code(), Some(2), "{}", text(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap()
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn values_come_from_the_file_that_says_them_last() {
    let tree = Tree::nested();
    let words = |path: &str| tree.value("checks.section-depth.min-words", path);
    assert_eq!(words("a.md"), "checks.section-depth.min-words = 500  # lint.toml:12\n");
    // the nearest file counts more than an override of the one it extends
    assert_eq!(words("news/b.md"), "checks.section-depth.min-words = 400  # ../lint.toml:17\n");
    assert_eq!(words("news/metals/c.md"), "checks.section-depth.min-words = 100  # lint.toml:4\n");
    let sections = |path: &str| tree.value("checks.section-depth.min-sections", path);
    assert_eq!(sections("news/b.md"), "checks.section-depth.min-sections = 3  # ../lint.toml:13\n");
    assert_eq!(sections("news/metals/c.md"), "checks.section-depth.min-sections = 2  # ../lint.toml:8\n");
    assert_eq!(tree.value("site.reviewer", "news/metals/c.md"), "site.reviewer = \"root desk\"  # ../../lint.toml:2\n");
    assert_eq!(tree.value("site.class", "news/metals/c.md"), "site.class = \"market-commentary\"  # ../lint.toml:4\n");
    // a file that extends nothing stands alone
    tree.write("news/metals/lint.toml", "[site]\n");
    assert_eq!(tree.value("site.reviewer", "news/metals/c.md"), "site.reviewer = \"notegate deterministic content QA\"  # default\n");
}

#[test]
fn a_list_takes_the_place_of_a_list_and_patterns_start_at_their_own_file() {
    let tree = Tree::nested();
    let paths = |report: &Value| -> Vec<String> { report["articles"].as_array().unwrap().iter().map(|one| one["path"].as_str().unwrap().to_owned()).collect() };
    assert_eq!(paths(&tree.checked(&["."])), ["a.md", "news/b.md", "news/metals/c.md"]);
    tree.write("news/lint.toml", &NEWS.replace("[site]", "[discover]\nexclude = [\"/b.md\"]\n[site]"));
    assert_eq!(paths(&tree.checked(&["."])), ["a.md", "news/metals/c.md", "news/old/d.md"]);
    assert_eq!(tree.value("discover.exclude", "news/metals/c.md"), "discover.exclude = [\"/b.md\"]  # ../lint.toml:4\n");
}

#[test]
fn rule_files_and_waivers_of_an_extended_file_hold_where_they_are_written() {
    let tree = Tree::nested();
    let rule = "[check]\nid = \"ymyl-boundary\"\n\n[[rule]]\nid = \"house-word\"\nseverity = \"error\"\npatterns = [\"withdrawal\"]\nmessage = \"`{match}` is no word of this house\"\nwhy = \"the house does not say it\"\nhelp = \"write another\"\nhit = [\"The withdrawal was noted.\"]\nmiss = [\"The delivery was noted.\"]\n";
    tree.write("desk/house.toml", rule);
    let waiver = |file: &str| {
        format!(
            "\n[[waivers]]\npaths = [\"{file}\"]\nrule = \"ymyl-boundary/house-word\"\nreason = \"the ledger says it\"\nowner = \"Harbour Street Desk\"\nexpires = 2026-05-20\n"
        )
    };
    tree.write("lint.toml", &format!("[rules]\nfiles = [\"desk/house.toml\"]\n{ROOT}{}{}", waiver("/news/b.md"), waiver("/a.md")));
    let report = tree.checked(&["."]);
    let waived = |path: &str| {
        let article = report["articles"].as_array().unwrap().iter().find(|one| one["path"] == path).unwrap();
        let check = article["checks"].as_array().unwrap().iter().find(|one| one["id"] == "ymyl-boundary").unwrap();
        check["findings"].as_array().unwrap().iter().find(|one| one["rule"] == "ymyl-boundary/house-word").unwrap()["waived"].clone()
    };
    assert_eq!(waived("news/b.md")["file"], "../lint.toml");
    assert_eq!(waived("a.md")["file"], Value::Null);
    assert_eq!(waived("news/metals/c.md"), Value::Null);
    // both are used, and both end soon: told once each, at the file that says them
    let notices: Vec<(&str, &str, u64)> = report["notices"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["rule"].as_str().unwrap(), one["path"].as_str().unwrap(), one["line"].as_u64().unwrap()))
        .collect();
    assert_eq!(notices, [("waiver/expires-soon", "lint.toml", 21), ("waiver/expires-soon", "lint.toml", 28)]);
    assert_eq!(tree.value("rules.files", "news/metals/c.md"), "rules.files = [\"desk/house.toml\"]  # ../../lint.toml:2\n");
}

#[test]
fn articles_of_one_project_are_compared_with_each_other() {
    let tree = Tree::nested();
    let prose: String = (1..40).map(|number| format!("The assay of lot {number} was read twice and its slip filed beside the ledger of the week. ")).collect();
    let article = format!("{HEADER}\n## Slips\n\n{prose}\n");
    tree.write("a.md", &article);
    tree.write("news/metals/c.md", &article);
    let clusters = |report: Value| report["clusters"].as_array().unwrap().len();
    assert_eq!(clusters(tree.checked(&["news/metals/c.md"])), 1, "the folder of the outermost file is the project");
    tree.write("news/metals/lint.toml", "[site]\n");
    assert_eq!(clusters(tree.checked(&["news/metals/c.md"])), 0, "a file that extends nothing is a project of its own");
}

#[test]
fn a_chain_that_leads_nowhere_is_told_at_its_place() {
    let article = format!("{HEADER}{BODY}");
    let tree = Tree::new(&[("lint.toml", "extends = \"b/lint.toml\"\n"), ("b/lint.toml", "# x\nextends = \"../lint.toml\"\n"), ("a.md", &article)]);
    let told = tree.told(&["check", "a.md"]);
    assert!(
        told.contains("`extends` goes round in a circle: `lint.toml` extends `b/lint.toml` extends `lint.toml`") && told.contains("b/lint.toml:2:11"),
        "{told}"
    );
    for (written, expected) in [
        ("lint.toml", "goes round in a circle: `lint.toml` extends `lint.toml`"),
        ("none.toml", "`none.toml`, which this file extends, is not there"),
        ("b", "`b` is a folder"),
        ("/etc/lint.toml", "`/etc/lint.toml` is no path from the folder of this file"),
        ("", "`extends` holds an empty text"),
    ] {
        tree.write("lint.toml", &format!("extends = \"{written}\"\nsiet = 1\n"));
        let told = tree.told(&["check", "a.md"]);
        assert!(told.contains(expected) && told.contains("lint.toml:1:11"), "{written}: {told}");
        assert!(told.contains("did you mean `site`?"), "what else is wrong is told too: {told}");
    }
    for number in 1..=9 {
        tree.write(&format!("c{number}.toml"), &format!("extends = \"c{}.toml\"\n", number + 1));
    }
    tree.write("c10.toml", "");
    tree.write("lint.toml", "extends = \"c3.toml\"\n");
    let told = tree.told(&["check", "a.md"]);
    assert!(told.contains("more than 8 files extend each other") && told.contains("c9.toml:1:11"), "{told}");
    tree.write("lint.toml", "extends = \"c4.toml\"\n");
    assert_eq!(tree.run(&["config", "a.md"]).status.code(), Some(0));
    tree.write("lint.toml", "extends = 3\n");
    assert!(tree.told(&["check", "a.md"]).contains("`extends` is a number, where a text belongs"));
    tree.write("c1.toml", "\u{feff}site.class = \"generl\"\r\n");
    tree.write("lint.toml", "\u{feff}extends = \"c1.toml\"\r\n");
    assert!(tree.told(&["check", "a.md"]).contains("it is extended by `lint.toml`, line 1"));
}

#[test]
fn everything_that_is_wrong_in_all_files_of_a_run_is_told_once() {
    let tree = Tree::nested();
    tree.write("lint.toml", &ROOT.replace("reviewer", "reviwer"));
    tree.write("news/lint.toml", &NEWS.replace("market-commentary", "market-comment"));
    tree.write("news/metals/lint.toml", &METALS.replace("min-words = 100", "min-words = \"many\""));
    let told = tree.told(&["check", "."]);
    for (message, place) in [
        ("unknown key `site.reviwer`", "lint.toml:2:1"),
        ("there is no content class `market-comment`", "news/lint.toml:4:9"),
        ("`checks.section-depth.min-words` is a text, where a number belongs", "metals/lint.toml:4:13"),
    ] {
        assert_eq!(told.matches(message).count(), 1, "{message}: {told}");
        assert!(told.contains(place), "{place}: {told}");
    }
    // told with who names the file, where a person would not look for it
    let told = tree.told(&["check", "news/metals/c.md"]);
    assert!(told.contains("did you mean `reviewer`? (it is extended by `../lint.toml`, line 1)"), "{told}");
    assert!(told.contains("did you mean `market-commentary`? (it is extended by `lint.toml`, line 1)"), "{told}");
    let told = tree.told(&["check", "--config", "lint.toml", "a.md"]);
    assert!(told.contains("(it is named by `--config`)"), "{told}");
}

#[test]
fn a_broken_rule_file_hides_no_other_fault() {
    let tree = Tree::new(&[
        ("lint.toml", "[site]\nlangage = 1\n[rules]\nfiles = [\"none.toml\", \"broken.toml\"]\n"),
        ("broken.toml", "[check]\nid = 3\n"),
        ("a.md", BODY),
    ]);
    let told = tree.told(&["check", "a.md"]);
    for part in ["unknown key `site.langage`", "did you mean `language`?", "the rule file `none.toml` could not be read", "lint.toml:4:10", "broken.toml:2:6"] {
        assert!(told.contains(part), "{part}: {told}");
    }
}

#[test]
fn names_on_the_command_line_are_looked_at_too() {
    let tree = Tree::nested();
    let told = tree.told(&["check", "--select", "live-prise,ymyl-boundary", "--ignore", "freshness/stail,source", "a.md"]);
    for part in
        ["`--select live-prise` names no rule and no check", "did you mean `live-price`?", "`--ignore freshness/stail`", "did you mean `freshness/stale`?"]
    {
        assert!(told.contains(part), "{part}: {told}");
    }
    assert_eq!(told.matches("names no rule").count(), 2, "{told}");
    assert_ne!(tree.run(&["check", "--select", "front-matter,live-price/unsupported", "a.md"]).status.code(), Some(2));
    let told = tree.told(&["config", "--only", "checks.freshnes.at-most"]);
    assert!(told.contains("no key begins with `checks.freshnes.at-most`") && told.contains("did you mean `checks.freshness.at-most`?"), "{told}");
    for only in ["severity", "waivers", "checks.", "overrides.site", "roles.auth", "front-matter.1", "severity.\"freshness/stale\""] {
        assert_eq!(tree.run(&["config", "--only", only]).status.code(), Some(0), "{only}");
    }
}

#[test]
fn the_place_of_a_repository_is_no_part_of_what_was_judged_by() {
    let rule = "[check]\nid = \"live-price\"\n[params]\nhouse-figures = 3\n";
    let digests = || {
        let tree = Tree::nested();
        tree.write("desk/house.toml", rule);
        tree.write("lint.toml", &format!("[rules]\nfiles = [\"desk/house.toml\"]\n{ROOT}"));
        tree.checked(&["news/metals/c.md"])["inputs"].clone()
    };
    assert_eq!(digests(), digests());
}

#[test]
fn what_is_staged_is_read_with_the_chain_of_the_index() {
    let tree = Tree::nested();
    let git = |args: &[&str]| assert!(Command::new("git").current_dir(tree.0.path()).args(args).output().unwrap().status.success(), "{args:?}");
    git(&["init", "--quiet"]);
    git(&["add", "."]);
    tree.write("lint.toml", "broken =\n");
    let staged = tree.run(&["check", "--staged", "--format", "json", "news/metals/c.md"]);
    assert_ne!(staged.status.code(), Some(2), "{}", text(&staged.stderr));
    assert_eq!(tree.run(&["check", "news/metals/c.md"]).status.code(), Some(2));
}

#[test]
fn a_packet_is_bound_to_every_file_of_the_chain() {
    let tree = Tree::nested();
    let keep = || tree.run(&["check", "--packet", "packets", "news/metals/c.md"]);
    assert_ne!(keep().status.code(), Some(2));
    let verify = || text(&tree.run(&["verify", "--packet", "packets", "--permit", "unsigned", "news/metals/c.md"]).stdout);
    assert!(!verify().contains("configuration"), "{}", verify());
    tree.write("lint.toml", &ROOT.replace("500", "501"));
    assert!(verify().contains("`lint.toml` is not the file that the article was judged by"), "{}", verify());
    tree.write("lint.toml", ROOT);
    assert!(!verify().contains("configuration"), "{}", verify());
    // a chain that is cut reads other files
    tree.write("news/lint.toml", &NEWS.replace("extends", "# extends"));
    assert!(verify().contains("counts today, the article was judged by `lint.toml`, `news/lint.toml`, `news/metals/lint.toml`"), "{}", verify());
    tree.write("news/lint.toml", NEWS);
    fs::remove_file(tree.0.path().join("lint.toml")).unwrap();
    assert!(verify().contains("`lint.toml` cannot be read"), "{}", verify());
}

#[test]
fn an_explanation_says_what_bears_on_an_article_and_why() {
    let tree = Tree::nested();
    let explained = tree.explained("news/metals/c.md");
    let files: Vec<(&str, &str)> =
        explained["files"].as_array().unwrap().iter().map(|one| (one["path"].as_str().unwrap(), one["why"].as_str().unwrap())).collect();
    assert_eq!(
        files,
        [
            ("lint.toml", "extended by news/lint.toml:1"),
            ("news/lint.toml", "extended by news/metals/lint.toml:1"),
            ("news/metals/lint.toml", "the nearest lint.toml")
        ]
    );
    assert_eq!(explained["class"], serde_json::json!({ "value": "market-commentary", "why": "news/lint.toml:4" }));
    let entries: Vec<(&str, u64, bool)> = explained["entries"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["file"].as_str().unwrap(), one["line"].as_u64().unwrap(), one["fits"].as_bool().unwrap()))
        .collect();
    assert_eq!(entries, [("lint.toml", 15, true), ("news/lint.toml", 6, true)]);
    let value = explained["values"].as_array().unwrap().iter().find(|one| one["key"] == "checks.section-depth.min-words").unwrap();
    assert_eq!(value["instead_of"], serde_json::json!(["lint.toml:12", "lint.toml:17"]));
    assert_eq!((&value["value"], &value["default"]), (&Value::from("100"), &Value::from("600")));
    let role = |name: &str| explained["header"].as_array().unwrap().iter().find(|one| one["role"] == name).unwrap().clone();
    assert_eq!((role("published")["key"].as_str(), role("published")["line"].as_u64()), (Some("date"), Some(3)));
    assert_eq!(role("author")["value"], "Assay Lane Desk");
    assert_eq!(role("reviewed")["key"], Value::Null);
    assert!(role("reviewed")["tried"].as_array().unwrap().iter().any(|key| key == "last_reviewed"));
    let shown = text(&tree.run(&["config", "explain", "news/b.md"]).stdout);
    for part in [
        "lint.toml  (extended by news/lint.toml:1)",
        "class     market-commentary  (news/lint.toml:4)",
        "yes lint.toml:15  `/news/**` fits",
        "no  news/lint.toml:6  no pattern of `metals/**` fits",
        "checks.section-depth.min-words = 400  (lint.toml:17, instead of lint.toml:12)",
        "published     2026-05-11  (`date`, line 3)",
        "reviewed      not found  (looked for `reviewed`, `last_reviewed`",
    ] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    assert!(text(&tree.run(&["config", "explain", "news/old/d.md"]).stdout).contains("(left out by `[discover] exclude`)"));
    // seen from elsewhere, files are named from there
    let shown = text(&tree.run_in("news", &["config", "explain", "b.md"]).stdout);
    assert!(shown.contains("lint.toml  (the nearest lint.toml)"), "{shown}");
    assert_eq!(tree.run(&["config", "explain", "news"]).status.code(), Some(2));
    assert_eq!(tree.run(&["config", "explain", "lint.toml"]).status.code(), Some(2));
}
