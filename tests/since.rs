//! `check --since`: the articles of a run against those of a revision, in every state that a repository can be in.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod history;

use std::fs;
use std::path::Path;
use std::process::Command;

use history::{COMMAND, Repository, article, clean, findings, isolated, refused, with};
use serde_json::Value;

fn states(comparison: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    comparison["articles"].as_array().unwrap().iter().map(|article| (text(&article["path"]), text(&article["state"]))).collect()
}

fn state(path: &str, state: &str) -> (String, String) {
    (path.to_owned(), state.to_owned())
}

#[test]
fn only_what_is_new_fails_a_legacy_repository() {
    let repository = Repository::new();
    repository.write("old.md", &with(COMMAND));
    repository.write("note.md", &clean());
    repository.commit();
    let (code, comparison) = repository.since("", "HEAD", &[]);
    assert_eq!((code, findings(&comparison)), (0, vec![]));
    assert_eq!(repository.since("", "HEAD", &["--gate-scope", "all"]).0, 1);
    // a warning in an article that fails already does not fail it anew
    repository.write("old.md", &with(&format!("{COMMAND}\n\nA trader says that the shed is full.")));
    assert_eq!(repository.since("", "HEAD", &[]).0, 0);
    repository.write("note.md", &with(COMMAND));
    let (code, comparison) = repository.since("", "HEAD", &[]);
    assert_eq!((code, &comparison["verdict"]), (1, &Value::from("fail")));
    assert_eq!(article(&comparison, "old.md")["state"], "edited");
    assert_eq!(findings(&comparison), ["note.md new ymyl-boundary/trade-command author", "old.md new source-transparency/quotation author"]);
    // what is shown changes no verdict
    for flags in [&["--select", "freshness"][..], &["--ignore", "ymyl-boundary"], &["--quiet"], &["--verbose"]] {
        assert_eq!(repository.since("", "HEAD", flags).0, 1, "{flags:?}");
    }
    assert_eq!(repository.since("", "HEAD", &["--fail-on", "never"]).0, 0);
}

#[test]
fn the_report_carries_how_each_finding_changed() {
    let repository = Repository::new();
    repository.write("note.md", &with("Sell copper."));
    repository.commit();
    repository.write("note.md", &with("Sell copper.\n\nBuy copper."));
    let (code, report) = repository.json("", &["check", "--since", "HEAD", "--as-of", "2026-05-17"]);
    assert_eq!(code, 1);
    let of = |check: &Value| check["findings"].as_array().unwrap().clone();
    let all: Vec<Value> = report["articles"][0]["checks"].as_array().unwrap().iter().flat_map(of).collect();
    let change = |words: &str| all.iter().find(|finding| finding["excerpt"].as_str().unwrap().contains(words)).unwrap()["change"].clone();
    assert_eq!((&change("Sell")["state"], &change("Buy")["state"]), (&Value::from("unchanged"), &Value::from("new")));
    assert_eq!(change("Buy")["causes"], Value::from(vec!["author"]));
    let (_, plain) = repository.json("", &["check", "--as-of", "2026-05-17"]);
    assert!(plain.get("comparison").is_none() && !plain.to_string().contains("\"change\""), "a run that is compared with nothing says nothing of changes");
    // what a person reads tells what is new, and the gate of the article stays what it is
    for format in ["terminal", "concise", "agent", "github", "github-summary", "rdjson", "checkstyle"] {
        let output = repository.run("", &["check", "--since", "HEAD", "--as-of", "2026-05-17", "--format", format]);
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(text.contains("Buy copper") && !text.contains("`Sell copper` commands"), "{format}: {text}");
    }
    let output = repository.run("", &["check", "--since", "HEAD", "--as-of", "2026-05-17", "--format", "sarif"]);
    let log: Value = serde_json::from_slice(&output.stdout).unwrap();
    let states: Vec<&str> = log["runs"][0]["results"].as_array().unwrap().iter().map(|result| result["baselineState"].as_str().unwrap()).collect();
    assert!(states.contains(&"new") && states.contains(&"unchanged"), "{states:?}");
    // GitLab compares two whole reports by itself
    let output = repository.run("", &["check", "--since", "HEAD", "--as-of", "2026-05-17", "--format", "gitlab"]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("Buy copper") && text.contains("`Sell copper` commands"), "{text}");
}

#[test]
fn a_test_of_junit_fails_for_what_is_new() {
    let repository = Repository::new();
    repository.write("old.md", &with(COMMAND));
    repository.write("note.md", &clean());
    repository.commit();
    let junit = |more: &[&str]| {
        let output = repository.run("", &[&["check", "--as-of", "2026-05-17", "--format", "junit"], more].concat());
        String::from_utf8(output.stdout).unwrap()
    };
    // the two articles are alike, which is another check's business
    let fails = |text: &str, path: &str| {
        let suite = text.split("<testsuite ").find(|suite| suite.contains(&format!("file=\"{path}\""))).unwrap();
        let case = suite.split("<testcase ").find(|case| case.contains("name=\"ymyl-boundary\"")).unwrap();
        case.contains("<failure")
    };
    let whole = junit(&[]);
    assert_eq!((fails(&whole, "old.md"), fails(&whole, "note.md")), (true, false), "{whole}");
    let since = junit(&["--since", "HEAD"]);
    assert_eq!((fails(&since, "old.md"), fails(&since, "note.md")), (false, false), "{since}");
    assert!(since.contains("failures=\"0\"") && since.contains("message=\"nothing new since HEAD; fail: "), "{since}");
    assert!(fails(&junit(&["--since", "HEAD", "--gate-scope", "all"]), "old.md"));
    repository.write("note.md", &with(COMMAND));
    let since = junit(&["--since", "HEAD"]);
    assert_eq!((fails(&since, "old.md"), fails(&since, "note.md")), (false, true), "{since}");
    // a second one of the same rule fails a check that failed before
    repository.write("old.md", &with(&format!("{COMMAND}\n\nBuy copper.")));
    assert!(fails(&junit(&["--since", "HEAD"]), "old.md"));
}

#[test]
fn the_summary_of_a_job_says_what_is_new() {
    let repository = Repository::new();
    repository.write("note.md", &clean());
    repository.commit();
    repository.write("note.md", &with(COMMAND));
    let summary = repository.path("summary.out");
    let mut command = Command::new(env!("CARGO_BIN_EXE_notegate"));
    isolated(command.current_dir(repository.folder.path()).args(["check", "--since", "HEAD", "--as-of", "2026-05-17", "--format", "github"]));
    assert_eq!(command.env("GITHUB_STEP_SUMMARY", &summary).output().unwrap().status.code(), Some(1));
    let text = fs::read_to_string(summary).unwrap();
    assert!(text.contains("What changed since HEAD: fail") && text.contains("pass \u{2192} **fail**") && text.contains("New and worse"), "{text}");
}

#[test]
fn time_alone_fails_no_pull_request_that_touches_another_article() {
    let repository = Repository::new();
    repository.write("old.md", &clean());
    repository.write("note.md", &format!("{}\n", clean().replace("copper", "lead").replace("Copper", "Lead")));
    repository.commit_on("2026-05-17");
    repository.write("note.md", &format!("{}\n\nOne more line of the ledger.\n", clean().replace("copper", "lead").replace("Copper", "Lead")));
    let late = ["--as-of", "2028-05-17", "--exclude", "note.md"];
    let run = |flags: &[&str]| repository.json("", &[&["check", "--since", "HEAD"], flags].concat());
    let (code, report) = run(&late);
    let comparison = &report["comparison"];
    assert_eq!((code, &comparison["differs"]), (0, &Value::from(vec!["author", "clock"])));
    let of_clock = findings(comparison);
    assert!(!of_clock.is_empty() && of_clock.iter().all(|line| line.starts_with("old.md new ") && line.ends_with(" clock")), "{of_clock:?}");
    assert_eq!(comparison["summary"]["clock_only"], of_clock.len());
    assert_eq!(article(comparison, "old.md")["after"]["status"], "fail", "its own gate is what it is");
    assert_eq!(run(&[&late[..], &["--gate-scope", "all"]].concat()).0, 1);
    assert_eq!(run(&["--as-of", "2028-05-17", "--exclude", "old.md"]).0, 1, "whoever touches an article answers for its age");
}

#[test]
fn renamed_articles_keep_their_past() {
    let repository = Repository::new();
    repository.write("notes/old name.md", &with("Buy copper."));
    repository.commit();
    repository.git(&["mv", "notes/old name.md", "notes/Kupfer größer \u{1f4c8}.md"]);
    for folder in ["", "notes"] {
        let (code, comparison) = repository.since(folder, "HEAD", &[]);
        let path = format!("{}Kupfer größer \u{1f4c8}.md", if folder.is_empty() { "notes/" } else { "" });
        assert_eq!((code, states(&comparison)), (0, vec![state(&path, "renamed")]), "{folder}");
        assert_eq!(findings(&comparison), [format!("{path} moved ymyl-boundary/trade-command author")]);
    }
    // named by its new name alone, and edited on the way
    let edited = format!("{}\nOne more line.\n", with("Buy copper."));
    repository.write("notes/Kupfer größer \u{1f4c8}.md", &edited);
    assert_eq!(states(&repository.since("notes", "HEAD", &["Kupfer größer \u{1f4c8}.md"]).1), [state("Kupfer größer \u{1f4c8}.md", "renamed")]);
    // a move that git was not told of
    repository.git(&["reset", "-q", "--hard"]);
    fs::rename(repository.path("notes/old name.md"), repository.path("notes/b.md")).unwrap();
    assert_eq!(states(&repository.since("", "HEAD", &[]).1), [state("notes/b.md", "renamed")]);
}

#[test]
fn reflow_and_line_ends_change_nothing() {
    let repository = Repository::new();
    let text = with("Buy copper before the end of the week, as the yard wrote in the ledger of the shed.");
    repository.write("note.md", &text);
    repository.commit();
    repository.write("note.md", &text.replace("before the end of the week, as", "before the end\nof the week,\nas").replace("## ", "\n## "));
    let (code, comparison) = repository.since("", "HEAD", &[]);
    assert_eq!((code, findings(&comparison)), (0, vec![]));
    repository.write("note.md", &text.replace('\n', "\r\n"));
    let (code, comparison) = repository.since("", "HEAD", &[]);
    assert_eq!((code, states(&comparison)), (0, vec![state("note.md", "untouched")]));
    // under another heading it has moved, in another sentence it is new
    repository.write(
        "note.md",
        &format!("{}\n\n## One more part\n\nBuy copper before the end of the week, as the yard wrote in the ledger of the shed.\n", clean().trim_end()),
    );
    let all = findings(&repository.since("", "HEAD", &[]).1);
    let commands: Vec<&String> = all.iter().filter(|line| line.contains("trade-command")).collect();
    assert_eq!(commands, ["note.md moved ymyl-boundary/trade-command author"]);
    repository.write("note.md", &with("Buy copper before the end of the week, as nobody wrote."));
    let (code, comparison) = repository.since("", "HEAD", &[]);
    assert_eq!(code, 1);
    assert_eq!(findings(&comparison), ["note.md new ymyl-boundary/trade-command author", "note.md fixed ymyl-boundary/trade-command author"]);
}

#[test]
fn a_branch_answers_for_its_own_commits_before_and_after_a_rebase() {
    let repository = Repository::new();
    repository.write("a.md", &with(COMMAND));
    repository.write("b.md", "---\ntitle: Lead\n---\n\n## Lead\n\nA ledger of lead.\n");
    repository.commit();
    repository.git(&["checkout", "-q", "-b", "side"]);
    repository.write("b.md", "---\ntitle: Lead\n---\n\n## Lead\n\nA ledger of lead in two columns.\n");
    repository.commit();
    repository.git(&["checkout", "-q", "main"]);
    repository.write("a.md", &clean());
    repository.commit();
    repository.git(&["checkout", "-q", "side"]);
    // against the tip of main the branch seems to bring back what main has fixed; against where it began it does not
    assert_eq!(repository.since("", "main", &["a.md"]).0, 1);
    assert_eq!(repository.since("", "main...", &["a.md"]).0, 0);
    repository.git(&["rebase", "-q", "main"]);
    for revision in ["main", "main..."] {
        let (code, comparison) = repository.since("", revision, &[]);
        assert_eq!((code, states(&comparison)), (0, vec![state("a.md", "untouched"), state("b.md", "edited")]), "{revision}");
    }
}

#[test]
fn new_and_deleted_articles() {
    let repository = Repository::new();
    repository.write("gone.md", &with(COMMAND));
    repository.write("kept.md", "---\ntitle: Lead\n---\n\n## Lead\n\nA ledger of lead.\n");
    repository.commit();
    fs::remove_file(repository.path("gone.md")).unwrap();
    repository.write("new.md", "---\ntitle: Zinc\n---\n\n## Zinc\n\nBuy zinc now.\n");
    let (code, comparison) = repository.since("", "HEAD", &[]);
    assert_eq!((code, states(&comparison)), (1, vec![state("gone.md", "deleted"), state("kept.md", "untouched"), state("new.md", "new")]));
    assert!(
        findings(&comparison).iter().filter(|line| line.starts_with("gone.md")).all(|line| line.starts_with("gone.md fixed ") && line.ends_with(" author"))
    );
    assert!(findings(&comparison).iter().filter(|line| line.starts_with("new.md")).all(|line| line.starts_with("new.md new ") && line.ends_with(" author")));
    assert_eq!(repository.since("", "HEAD", &["kept.md"]).0, 0);
}

#[test]
fn what_a_run_does_not_see_is_left_out_and_never_fixed() {
    let repository = Repository::new();
    repository.write("in/a.md", &clean());
    repository.write("out/b.md", &with(COMMAND));
    repository.write("old/c.md", &with("Sell copper."));
    repository.commit();
    repository.git(&["sparse-checkout", "set", "in", "old"]);
    repository.write("lint.toml", "[discover]\nexclude = [\"old/\"]\n");
    let (code, comparison) = repository.since("", "HEAD", &[]);
    assert_eq!((code, comparison["summary"]["fixed"].as_u64(), states(&comparison)), (0, Some(0), vec![state("in/a.md", "untouched")]));
    let left: Vec<&str> = comparison["left_out"].as_array().unwrap().iter().map(|left| left["path"].as_str().unwrap()).collect();
    assert_eq!(left, ["old/c.md", "out/b.md"]);
    // and what the configuration let in again was let in by the configuration
    repository.git(&["sparse-checkout", "disable"]);
    repository.commit();
    fs::write(repository.path("lint.toml"), "").unwrap();
    let (_, comparison) = repository.since("", "HEAD", &["old"]);
    let all = findings(&comparison);
    assert!(
        all.contains(&"old/c.md new ymyl-boundary/trade-command configuration".to_owned()) && all.iter().all(|line| line.ends_with(" configuration")),
        "{all:?}"
    );
}

#[test]
fn a_shallow_clone_says_what_to_fetch() {
    let origin = Repository::new();
    for line in ["One.", "Two.", "Three."] {
        origin.write("note.md", &with(line));
        origin.commit();
    }
    let first = origin.git(&["rev-list", "--max-parents=0", "HEAD"]).trim().to_owned();
    let folder = tempfile::tempdir().unwrap();
    let from = format!("file://{}", origin.folder.path().display());
    let clone = |depth: &str| {
        let _ = fs::remove_dir_all(folder.path().join("clone"));
        let mut command = Command::new("git");
        isolated(command.current_dir(folder.path()).args(["clone", "-q", "--depth", depth, &from, "clone"]));
        assert!(command.output().unwrap().status.success());
    };
    let check = |revision: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_notegate"));
        isolated(command.current_dir(folder.path().join("clone")).args(["check", "--as-of", "2026-05-17", "--since", revision])).output().unwrap()
    };
    clone("1");
    for revision in ["HEAD~1", "main~1", first.as_str(), &format!("{first}...")] {
        refused(&check(revision), &["shallow", "fetch-depth: 0", "git fetch --deepen"]);
    }
    clone("2");
    assert_eq!(check("HEAD~1").status.code(), Some(0));
}

#[test]
fn submodules_are_told_and_never_compared() {
    let (inner, repository) = (Repository::new(), Repository::new());
    inner.write("inside.md", &with(COMMAND));
    inner.commit();
    repository.write("note.md", &clean());
    repository.git(&["-c", "protocol.file.allow=always", "submodule", "add", "-q", inner.folder.path().to_str().unwrap(), "part"]);
    repository.commit();
    refused(&repository.run("", &["check", "--since", "HEAD", "part/inside.md"]), &["submodule", "`part`"]);
    let (code, comparison) = repository.since("", "HEAD", &[]);
    assert_eq!(comparison["left_out"][0]["path"], "part/inside.md");
    assert!(comparison["left_out"][0]["why"].as_str().unwrap().contains("submodule `part`"));
    assert_eq!(code, 1, "what cannot be compared counts as it stands");
    assert_eq!(repository.since("", "HEAD", &["--exclude", "part/"]).0, 0);
}

#[test]
fn the_index_is_compared_with_a_revision() {
    let repository = Repository::new();
    repository.write("a.md", &clean());
    repository.write("b.md", &with(COMMAND));
    repository.commit();
    repository.write("a.md", &with("Buy copper."));
    repository.git(&["add", "a.md"]);
    repository.write("a.md", &clean());
    let (code, comparison) = repository.since("", "HEAD", &["--staged"]);
    assert_eq!((code, states(&comparison)), (1, vec![state("a.md", "edited")]));
    assert_eq!(findings(&comparison), ["a.md new ymyl-boundary/trade-command author"]);
}

#[test]
fn a_lost_waiver_is_worse_and_the_baseline_holds_in_both() {
    let repository = Repository::new();
    let rotting = "The shed of the port is closed right now.";
    repository
        .write("note.md", &with(&format!("<!-- notegate-ignore freshness/rotting-word: a line of the paper owner=desk expires=2026-12-31 -->\n\n{rotting}")));
    repository.commit();
    repository.write("note.md", &with(rotting));
    let (code, comparison) = repository.since("", "HEAD", &["--fail-on", "limited"]);
    assert_eq!((code, findings(&comparison)), (1, vec!["note.md worse freshness/rotting-word author".to_owned()]));
    assert_eq!(repository.run("", &["baseline", "create", "--as-of", "2026-05-17"]).status.code(), Some(0));
    repository.commit();
    assert_eq!(repository.since("", "HEAD", &["--fail-on", "limited"]).0, 0);
    fs::remove_file(repository.path("notegate-baseline.json")).unwrap();
    let (code, comparison) = repository.since("", "HEAD", &["--fail-on", "limited"]);
    assert_eq!((code, findings(&comparison)), (1, vec!["note.md worse freshness/rotting-word configuration".to_owned()]));
}

#[test]
fn a_configuration_of_the_past_that_cannot_be_used_stops_nothing() {
    let repository = Repository::new();
    repository.write("note.md", &with(COMMAND));
    repository.write("lint.toml", "brokn = 1\n");
    repository.commit();
    repository.write("lint.toml", "");
    let (code, comparison) = repository.since("", "HEAD", &[]);
    assert_eq!((code, findings(&comparison)), (0, vec![]));
    assert!(comparison["left_out"][0]["why"].as_str().unwrap().contains("configuration cannot be used"), "{comparison:#}");
    repository.write("ci/desk.toml", "");
    let (code, comparison) = repository.since("", "HEAD", &["--config", "ci/desk.toml"]);
    assert_eq!((code, comparison["left_out"][0]["path"].as_str()), (0, Some("ci/desk.toml")));
}

#[test]
fn the_next_step_is_told() {
    let repository = Repository::new();
    repository.write("note.md", &clean());
    repository.commit();
    refused(&repository.run("", &["check", "--since", "nowhere"]), &["nowhere", "git log --oneline"]);
    refused(&repository.run("", &["check", "--since", ""]), &["knows no revision"]);
    refused(&repository.run("", &["check", "--since", "HEAD", "-"]), &["standard input"]);
    refused(&repository.run("", &["check", "--since", "HEAD", ".."]), &["outside of the repository"]);
    let alone = repository.run("", &["check", "--gate-scope", "all"]);
    assert_eq!(alone.status.code(), Some(2));
    let folder = tempfile::tempdir().unwrap();
    let run = |path: Option<&Path>| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_notegate"));
        isolated(command.current_dir(folder.path()).args(["check", "--since", "main"])).env("GIT_CEILING_DIRECTORIES", folder.path().parent().unwrap());
        if let Some(path) = path {
            command.env("PATH", path);
        }
        command.output().unwrap()
    };
    refused(&run(None), &["no git repository", "inside a repository"]);
    refused(&run(Some(folder.path())), &["git is not installed", "install git"]);
}

#[test]
fn a_copy_of_another_article_is_new_where_it_was_made() {
    let repository = Repository::new();
    repository.write("a.md", &clean());
    repository.commit();
    repository.write("b.md", &clean());
    let (code, comparison) = repository.since("", "HEAD", &[]);
    assert_eq!((code, article(&comparison, "a.md")["state"].as_str(), article(&comparison, "b.md")["state"].as_str()), (1, Some("untouched"), Some("new")));
    assert!(findings(&comparison).iter().all(|line| line.ends_with(" author")), "{:?}", findings(&comparison));
}
