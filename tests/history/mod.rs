//! A git repository in a folder of its own, with days that a test chooses. Nothing of the developer's own git reaches it.

#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "each test uses some of it; one that cannot go on has failed")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

/// A repository.
pub struct Repository {
    pub folder: TempDir,
}

/// An article that passes.
pub fn clean() -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/gate/pass/copper-ledger-workflow.md")).unwrap()
}

/// The same with one more paragraph at its end.
pub fn with(paragraph: &str) -> String {
    format!("{}\n\n{paragraph}\n", clean().trim_end())
}

/// A sentence that no desk prints.
pub const COMMAND: &str = "Buy copper.";

pub fn isolated(command: &mut Command) -> &mut Command {
    for name in ["GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE", "NOTEGATE_AS_OF", "SOURCE_DATE_EPOCH", "GITHUB_STEP_SUMMARY"] {
        command.env_remove(name);
    }
    for (name, value) in [("GIT_CONFIG_GLOBAL", "/dev/null"), ("GIT_CONFIG_NOSYSTEM", "1"), ("GIT_AUTHOR_NAME", "Desk"), ("GIT_COMMITTER_NAME", "Desk")] {
        command.env(name, value);
    }
    command.env("GIT_AUTHOR_EMAIL", "desk@example.org").env("GIT_COMMITTER_EMAIL", "desk@example.org").env("NO_COLOR", "1")
}

impl Repository {
    pub fn new() -> Self {
        let repository = Self { folder: tempfile::tempdir().unwrap() };
        repository.git(&["init", "-q", "-b", "main"]);
        repository
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn write(&self, name: &str, text: &str) {
        fs::create_dir_all(self.path(name).parent().unwrap()).unwrap();
        fs::write(self.path(name), text).unwrap();
    }

    pub fn git(&self, arguments: &[&str]) -> String {
        self.git_on("2026-05-17", arguments)
    }

    /// git on a day.
    pub fn git_on(&self, day: &str, arguments: &[&str]) -> String {
        let moment = format!("{day}T12:00:00+00:00");
        let mut command = Command::new("git");
        isolated(command.current_dir(self.folder.path()).args(arguments)).env("GIT_AUTHOR_DATE", &moment).env("GIT_COMMITTER_DATE", &moment);
        let output = command.output().unwrap();
        assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// Commits everything on a day.
    pub fn commit_on(&self, day: &str) {
        self.git(&["add", "-A"]);
        self.git_on(day, &["commit", "-q", "--allow-empty", "-m", "articles"]);
    }

    pub fn commit(&self) {
        self.commit_on("2026-05-17");
    }

    /// notegate in a folder of it.
    pub fn run(&self, folder: &str, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_notegate"));
        isolated(command.current_dir(self.path(folder)).args(arguments)).output().unwrap()
    }

    /// Exit code and JSON of a command of notegate.
    pub fn json(&self, folder: &str, arguments: &[&str]) -> (i32, Value) {
        let output = self.run(folder, &[arguments, &["--format", "json"]].concat());
        let text = String::from_utf8(output.stdout).unwrap();
        let report = serde_json::from_str(&text).unwrap_or_else(|_| panic!("{arguments:?}: {text}{}", String::from_utf8_lossy(&output.stderr)));
        (output.status.code().unwrap(), report)
    }

    /// Exit code and comparison of `check --since`.
    pub fn since(&self, folder: &str, revision: &str, arguments: &[&str]) -> (i32, Value) {
        let (code, report) = self.json(folder, &[&["check", "--since", revision, "--as-of", "2026-05-17"], arguments].concat());
        (code, report["comparison"].clone())
    }

    /// Exit code and comparison of `diff`.
    pub fn diff(&self, arguments: &[&str]) -> (i32, Value) {
        self.json("", &[&["diff"], arguments].concat())
    }
}

/// The findings of a comparison: state, rule and causes, `+` where it took them together.
pub fn findings(comparison: &Value) -> Vec<String> {
    let articles = comparison["articles"].as_array().unwrap();
    let of = |article: &Value| {
        let path = article["path"].as_str().unwrap().to_owned();
        article["findings"].as_array().unwrap().iter().map(move |finding| told(&path, finding)).collect::<Vec<_>>()
    };
    articles.iter().flat_map(of).collect()
}

fn told(path: &str, finding: &Value) -> String {
    format!("{path} {} {} {}", finding["change"]["state"].as_str().unwrap(), finding["rule"].as_str().unwrap(), causes(&finding["change"]))
}

/// The causes of a change.
pub fn causes(change: &Value) -> String {
    let causes: Vec<&str> = change["causes"].as_array().unwrap().iter().map(|cause| cause.as_str().unwrap()).collect();
    let between = match (change["certain"] == true, change["together"] == true) {
        (false, _) => "?",
        (true, true) => "+",
        (true, false) => "|",
    };
    causes.join(between)
}

/// The article of a path.
pub fn article<'c>(comparison: &'c Value, path: &str) -> &'c Value {
    let found = comparison["articles"].as_array().unwrap().iter().find(|article| article["path"] == path);
    found.unwrap_or_else(|| panic!("{path} is not in {comparison:#}"))
}

/// A run that failed, and what it said.
pub fn refused(output: &Output, words: &[&str]) {
    let said = String::from_utf8_lossy(&output.stderr).split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(output.status.code(), Some(2), "{said}");
    for word in words {
        assert!(said.contains(word), "`{word}` is not in: {said}");
    }
}
