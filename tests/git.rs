//! Articles in git: what is staged, each case in a repository of its own. Nothing of the developer's own git reaches it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on has failed")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

/// A repository in a folder of its own.
struct Repository {
    folder: TempDir,
}

fn clean() -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/gate/pass/copper-ledger-workflow.md")).unwrap()
}

/// The same article with a sentence that no desk prints.
fn with_command() -> String {
    format!("{}\n\nBuy copper now before the price runs away.\n", clean().trim_end())
}

fn isolated(command: &mut Command) -> &mut Command {
    for name in ["GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE", "NOTEGATE_AS_OF", "SOURCE_DATE_EPOCH"] {
        command.env_remove(name);
    }
    for (name, value) in [("GIT_CONFIG_GLOBAL", "/dev/null"), ("GIT_CONFIG_NOSYSTEM", "1"), ("GIT_AUTHOR_NAME", "Desk"), ("GIT_COMMITTER_NAME", "Desk")] {
        command.env(name, value);
    }
    command.env("GIT_AUTHOR_EMAIL", "desk@example.org").env("GIT_COMMITTER_EMAIL", "desk@example.org").env("NO_COLOR", "1")
}

impl Repository {
    fn new() -> Self {
        let repository = Self { folder: tempfile::tempdir().unwrap() };
        repository.git(&["init", "-q", "-b", "main"]);
        repository
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        fs::create_dir_all(self.path(name).parent().unwrap()).unwrap();
        fs::write(self.path(name), text).unwrap();
    }

    fn git(&self, arguments: &[&str]) -> String {
        let output = isolated(Command::new("git").current_dir(self.folder.path()).args(arguments)).output().unwrap();
        assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    fn commit(&self) {
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "-m", "articles"]);
    }

    fn notegate(&self, folder: &str, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_notegate"));
        isolated(command.current_dir(self.path(folder)).args(["check", "--as-of", "2026-05-17"]).args(arguments)).output().unwrap()
    }

    /// Exit code and paths of the judged articles, each with its gate.
    fn staged(&self, folder: &str, arguments: &[&str]) -> (i32, Vec<(String, String)>) {
        let output = self.notegate(folder, &[&["--staged", "--format", "json"], arguments].concat());
        let text = String::from_utf8(output.stdout).unwrap();
        let report: Value = serde_json::from_str(&text).unwrap_or_else(|_| panic!("{text}{}", String::from_utf8_lossy(&output.stderr)));
        let of = |article: &Value| (article["path"].as_str().unwrap().to_owned(), article["gate"]["status"].as_str().unwrap().to_owned());
        (output.status.code().unwrap(), report["articles"].as_array().unwrap().iter().map(of).collect())
    }
}

fn refused(output: &Output, words: &[&str]) {
    let said = String::from_utf8_lossy(&output.stderr).split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(output.status.code(), Some(2), "{said}");
    for word in words {
        assert!(said.contains(word), "`{word}` is not in: {said}");
    }
}

fn article(path: &str, gate: &str) -> (String, String) {
    (path.to_owned(), gate.to_owned())
}

#[test]
fn only_staged_articles_are_judged() {
    let repository = Repository::new();
    repository.write("old.md", &with_command());
    repository.commit();
    assert_eq!(repository.staged("", &[]), (0, vec![]));
    repository.write("new.md", &clean());
    assert_eq!(repository.staged("", &[]), (0, vec![]), "a file that is not staged is not judged");
    repository.git(&["add", "new.md"]);
    assert_eq!(repository.staged("", &[]), (0, vec![article("new.md", "pass")]));
    assert_eq!(repository.staged("", &["old.md"]), (0, vec![]), "a named file that is not staged is no error");
    refused(&repository.notegate("", &["--staged", "nowhere.md"]), &["nowhere.md", "does not exist"]);
}

#[test]
fn the_index_is_judged_and_not_the_working_tree() {
    let repository = Repository::new();
    repository.write("note.md", &clean());
    repository.commit();
    repository.write("note.md", &with_command());
    repository.git(&["add", "note.md"]);
    repository.write("note.md", &clean());
    assert_eq!(repository.staged("", &[]), (1, vec![article("note.md", "fail")]));
    fs::remove_file(repository.path("note.md")).unwrap();
    assert_eq!(repository.staged("", &[]), (1, vec![article("note.md", "fail")]), "also where the file is gone");
    repository.write("note.md", &format!("{}\nOne more line.\n", clean()));
    repository.git(&["add", "note.md"]);
    repository.write("note.md", &with_command());
    assert_eq!(repository.staged("", &[]), (0, vec![article("note.md", "pass")]));
}

#[test]
fn configuration_and_snapshots_are_those_of_the_index() {
    let repository = Repository::new();
    repository.write("note.md", &with_command());
    repository.git(&["add", "note.md"]);
    repository.write(
        "lint.toml",
        "[severity]\n\"ymyl-boundary/trade-command\" = \"off\"\n\"ymyl-boundary/urgency\" = \"off\"\n[checks.ymyl-boundary]\nat-most = \"pass\"\n",
    );
    assert_eq!(repository.staged("", &[]).0, 1, "a lint.toml that is not staged does not count");
    repository.git(&["add", "lint.toml"]);
    repository.write("lint.toml", "broken =\n");
    let output = repository.notegate("", &["--staged", "--format", "json"]);
    let report: Value = serde_json::from_slice(&output.stdout).expect("the broken file of the working tree is not read");
    let checks = report["articles"][0]["checks"].as_array().unwrap();
    assert_eq!(checks.iter().find(|check| check["id"] == "ymyl-boundary").unwrap()["status"], "pass");

    let repository = Repository::new();
    let header = "---\ntitle: Copper\nsource: data/day.json\n---\n\n# Copper\n\nCopper trades at $4.10 a pound today.\n";
    repository.write("note.md", header);
    repository.write("data/day.json", r#"{"name": "Harbour set", "provider": "harbour", "captured": "2026-05-17", "prices": []}"#);
    repository.git(&["add", "note.md"]);
    let output = repository.notegate("", &["--staged", "--format", "json"]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("snapshot/unreadable") && text.contains("it is not in the index"), "{text}");
    repository.git(&["add", "data"]);
    fs::remove_dir_all(repository.path("data")).unwrap();
    let output = repository.notegate("", &["--staged", "--format", "json"]);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["articles"][0]["snapshot"]["provider"], "harbour");
}

#[test]
fn renamed_articles_with_spaces_and_other_letters_from_a_folder_below() {
    let repository = Repository::new();
    repository.write("notes/old name.md", &clean());
    repository.commit();
    repository.git(&["mv", "notes/old name.md", "notes/Kupfer größer \u{1f4c8}.md"]);
    repository.write("other/b.md", &clean());
    repository.git(&["add", "-A"]);
    assert_eq!(repository.staged("notes", &[]), (0, vec![article("Kupfer größer \u{1f4c8}.md", "pass")]));
    assert_eq!(repository.staged("notes", &["../other"]).1.into_iter().map(|(path, _)| path).collect::<Vec<_>>(), ["../other/b.md"]);
    let excluded = repository.staged("", &["--exclude", "notes/"]).1;
    assert_eq!(excluded.into_iter().map(|(path, _)| path).collect::<Vec<_>>(), ["other/b.md"]);
}

#[test]
fn a_copy_of_an_article_that_is_not_staged_is_found() {
    let repository = Repository::new();
    repository.write("lint.toml", "[corpus]\npaths = [\".\"]\n");
    repository.write("a.md", &clean());
    repository.commit();
    repository.write("b.md", &clean());
    repository.git(&["add", "b.md"]);
    fs::remove_file(repository.path("a.md")).unwrap();
    let (code, articles) = repository.staged("", &[]);
    assert_eq!((code, articles), (1, vec![article("b.md", "fail")]), "the copy stands in the index");
}

#[test]
fn the_index_of_a_hook_is_the_one_that_counts() {
    let repository = Repository::new();
    repository.write("a.md", &clean());
    repository.write("b.md", &clean());
    repository.commit();
    repository.write("a.md", &with_command());
    repository.write("b.md", &with_command());
    repository.git(&["add", "a.md"]);
    let hook = repository.path(".git/hooks/pre-commit");
    let script = format!("#!/bin/sh\nexec '{}' check --staged --as-of 2026-05-17 --format concise >seen.out\n", env!("CARGO_BIN_EXE_notegate"));
    fs::create_dir_all(hook.parent().unwrap()).unwrap();
    fs::write(&hook, script).unwrap();
    Command::new("chmod").arg("+x").arg(&hook).status().unwrap();
    // git makes an index for this commit alone, which holds `b.md` and not `a.md`
    let output = isolated(Command::new("git").current_dir(repository.folder.path()).args(["commit", "-m", "one", "b.md"])).output().unwrap();
    assert!(!output.status.success());
    let seen = fs::read_to_string(repository.path("seen.out")).unwrap();
    assert!(seen.contains("b.md: gate fail") && !seen.contains("a.md: gate"), "{seen}");
}

#[test]
fn a_merge_conflict_is_told() {
    let repository = Repository::new();
    repository.write("note.md", "# One\n\nText.\n");
    repository.commit();
    repository.git(&["checkout", "-q", "-b", "side"]);
    repository.write("note.md", "# Two\n\nText.\n");
    repository.commit();
    repository.git(&["checkout", "-q", "main"]);
    repository.write("note.md", "# Three\n\nText.\n");
    repository.commit();
    assert!(!isolated(Command::new("git").current_dir(repository.folder.path()).args(["merge", "side"])).output().unwrap().status.success());
    refused(&repository.notegate("", &["--staged"]), &["merge conflicts", "note.md", "git add"]);
}

#[test]
fn submodules_are_named_and_not_entered() {
    let (inner, repository) = (Repository::new(), Repository::new());
    inner.write("inside.md", &with_command());
    inner.commit();
    repository.write("note.md", &clean());
    repository.git(&["-c", "protocol.file.allow=always", "submodule", "add", "-q", inner.folder.path().to_str().unwrap(), "part"]);
    repository.git(&["add", "-A"]);
    assert_eq!(repository.staged("", &[]), (0, vec![article("note.md", "pass")]));
    refused(&repository.notegate("", &["--staged", "part/inside.md"]), &["submodule", "`part`"]);
}

#[test]
fn a_pointer_of_large_file_storage_is_not_the_article() {
    let repository = Repository::new();
    repository.write("note.md", "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n");
    repository.git(&["add", "note.md"]);
    let output = repository.notegate("", &["--staged", "--format", "concise"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stdout).contains("pointer of Git LFS"));
}

#[cfg(unix)]
#[test]
fn links_are_followed_inside_the_repository_alone() {
    let repository = Repository::new();
    repository.write("notes/note.md", &clean());
    std::os::unix::fs::symlink("notes/note.md", repository.path("link.md")).unwrap();
    std::os::unix::fs::symlink("../../../etc/hostname", repository.path("out.md")).unwrap();
    std::os::unix::fs::symlink("round.md", repository.path("round.md")).unwrap();
    repository.git(&["add", "-A"]);
    // one text under two names is one article
    assert_eq!(repository.staged("", &[]), (0, vec![article("link.md", "pass")]));
    refused(&repository.notegate("", &["--staged", "round.md"]), &["does not exist"]);
}

#[test]
fn a_sparse_checkout_judges_what_is_staged() {
    let repository = Repository::new();
    repository.write("in/a.md", &clean());
    repository.write("out/b.md", &clean());
    repository.commit();
    repository.git(&["sparse-checkout", "set", "in"]);
    assert!(!repository.path("out/b.md").exists());
    repository.write("in/a.md", &with_command());
    repository.git(&["add", "in/a.md"]);
    assert_eq!(repository.staged("", &[]), (1, vec![article("in/a.md", "fail")]));
}

#[test]
fn without_a_repository_or_git_the_next_step_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let run = |path: Option<&Path>| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_notegate"));
        isolated(command.current_dir(folder.path()).args(["check", "--staged"])).env("GIT_CEILING_DIRECTORIES", folder.path().parent().unwrap());
        if let Some(path) = path {
            command.env("PATH", path);
        }
        command.output().unwrap()
    };
    refused(&run(None), &["no git repository", "inside a repository"]);
    refused(&run(Some(folder.path())), &["git is not installed", "install git"]);
}

#[test]
fn a_tracked_file_is_judged_though_gitignore_names_it() {
    let repository = Repository::new();
    repository.write("notes/kept.md", &with_command());
    repository.write("notes/.hidden/never.md", &with_command());
    repository.write("drafts/README.md", &with_command());
    repository.commit();
    repository.write(".gitignore", "notes/\ndrafts/\nbuild/\n");
    repository.write("build/made.md", &with_command());
    repository.write("notes/untracked.md", &with_command());
    let output = repository.notegate("", &["--format", "json", "."]);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let judged: Vec<&str> = report["articles"].as_array().unwrap().iter().map(|article| article["path"].as_str().unwrap()).collect();
    assert_eq!((output.status.code(), judged), (Some(1), vec!["notes/kept.md"]));
    let summary: Vec<u64> = ["articles", "skipped"].iter().map(|name| report["summary"][name].as_u64().unwrap()).collect();
    assert_eq!(summary, [1, 1], "the README is counted as skipped, what is hidden or untracked is not looked at");
    // what lint.toml leaves out stays out
    repository.write("lint.toml", "[discover]\nexclude = [\"notes/\"]\n");
    assert_eq!(repository.notegate("", &["."]).status.code(), Some(0));
}

#[test]
fn drafts_that_would_fail_are_told() {
    let repository = Repository::new();
    repository.write("a.md", &with_command().replacen("---\n", "---\ndraft: true\n", 1));
    let output = repository.notegate("", &["--format", "json", "."]);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let notice = &report["notices"][0];
    assert_eq!((output.status.code(), notice["rule"].as_str(), notice["path"].as_str()), (Some(0), Some("front-matter/draft-not-counted"), Some("a.md")));
    assert!(notice["message"].as_str().unwrap().starts_with("1 draft falls short"), "{notice}");
    let counted = repository.notegate("", &["--drafts", "--format", "json", "."]);
    let report: Value = serde_json::from_slice(&counted.stdout).unwrap();
    assert_eq!((counted.status.code(), report["notices"].as_array().unwrap().len()), (Some(1), 0));
}

#[test]
fn tables_for_no_article_are_told_where_the_whole_folder_is_judged() {
    let repository = Repository::new();
    repository.write("news/a.md", &clean());
    let tables = "[[overrides]]\npaths = [\"newz/**\"]\nclass = \"general\"\n\n[[overrides]]\npaths = [\"news/**\"]\n[overrides.severity]\n\"freshness/stale\" = \"note\"\n";
    repository.write("lint.toml", &tables.replace("freshness/stale", "scaled-content/identical-paragraph"));
    let told = |paths: &[&str]| {
        let output = repository.notegate("", &[&["--format", "json"], paths].concat());
        let report: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)));
        let notices = report["notices"].as_array().unwrap().clone();
        notices
            .iter()
            .map(|notice| (notice["rule"].as_str().unwrap().to_owned(), notice["line"].as_u64().unwrap(), notice["message"].as_str().unwrap().to_owned()))
            .collect::<Vec<_>>()
    };
    let wanted = ("config/no-article".to_owned(), 1, "`[[overrides]]` for `newz/**` is for no article of this run".to_owned());
    assert_eq!(told(&["."]), [wanted]);
    assert_eq!(told(&["news/a.md"]), []);
}

#[test]
fn files_that_the_configuration_names_and_that_are_not_there_are_told_at_its_line() {
    let repository = Repository::new();
    repository.write("a.md", &clean());
    for (table, what) in [
        ("[snapshot]\nfile = \"none.json\"\n", "none.json"),
        ("[corpus]\npaths = [\"nowhere\"]\n", "nowhere"),
        ("[packet]\ndir = \"packets\"\ntrusted-keys = [\"desk.pub\"]\n", "desk.pub"),
    ] {
        repository.write("lint.toml", table);
        refused(&repository.notegate("", &["."]), &[what, "lint.toml:"]);
    }
}
