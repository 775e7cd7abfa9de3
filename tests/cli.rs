//! The command line, by cases that are data: `tests/cmd/*.trycmd` and `*.toml`, and the commands of `README.md`.
//!
//! `TRYCMD=overwrite cargo test --test cli` writes their outputs anew, `SNAPSHOTS=overwrite` the schema and the rule reference; read both in the diff.
//! Cases without a folder `<case>.in` run in the root of the repository and may use `fixtures/`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on has failed")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use notegate::checks::CHECKS;
use notegate::config::{Config, Effective};
use notegate::rulebook::Rulebook;
use snapbox::{Data, assert_data_eq};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn cases() {
    let cases = trycmd::TestCases::new();
    // what a developer's shell says about width and colours reaches no case
    cases.env("COLUMNS", "100").env("FORCE_COLOR", "0");
    cases.case("tests/cmd/*.trycmd").case("tests/cmd/*.toml").case("README.md");
}

#[test]
fn the_schema_in_the_repository_is_the_one_the_tool_prints() {
    assert_data_eq!(notegate::report::json_schema(), Data::read_from(&root().join("docs/report.schema.json"), None).raw());
    let diff = notegate::report::schema_of::<notegate::packet::comparison::DiffReport>();
    assert_data_eq!(diff, Data::read_from(&root().join("docs/diff.schema.json"), None).raw());
    let packet = notegate::report::schema_of::<notegate::packet::file::PacketFile>();
    assert_data_eq!(packet, Data::read_from(&root().join("docs/packet.schema.json"), None).raw());
}

#[test]
fn the_rule_reference_in_the_repository_is_the_one_the_tool_prints() {
    let output = Command::new(env!("CARGO_BIN_EXE_notegate")).current_dir(root()).args(["rules", "--format", "markdown"]).output().unwrap();
    assert!(output.status.success());
    assert_data_eq!(String::from_utf8(output.stdout).unwrap(), Data::read_from(&root().join("docs/rules.md"), None).raw());
}

#[test]
fn the_readme_states_the_claims_as_the_rules_do() {
    let (readme, rulebook) = (fs::read_to_string(root().join("README.md")).unwrap(), Rulebook::embedded().unwrap());
    let table: String = CHECKS.iter().map(|check| format!("| `{}` | {} |\n", check.id, rulebook.check(check.id).claim)).collect();
    assert!(readme.contains(&table), "the table of README.md should be\n{table}");
}

#[test]
fn force_color_colours_a_pipe() {
    let article = "fixtures/gate/limited/ageing-lead-scrap-ledger.md";
    let mut command = Command::new(env!("CARGO_BIN_EXE_notegate"));
    command.current_dir(root()).env_remove("NO_COLOR").env("FORCE_COLOR", "1").args(["check", "--as-of", "2026-05-17", article]);
    let output = command.output().unwrap();
    assert!(String::from_utf8(output.stdout).unwrap().contains('\u{1b}'));
}

/// `lint.toml` of the repository as the reference of all keys.
mod reference {
    use super::*;

    fn text() -> String {
        fs::read_to_string(root().join("lint.toml")).unwrap()
    }

    fn effective(text: String) -> Vec<Effective> {
        let rulebook = Rulebook::embedded().unwrap();
        let config = Config::read(Path::new("lint.toml"), text).and_then(|config| config.check_params(&rulebook));
        let config = config.unwrap_or_else(|error| panic!("{:#?}", error.problems));
        config.effective("an/article.md", &rulebook)
    }

    /// The key of a line `# key = …` or `key = …`; `None` for headings and sentences.
    fn key(line: &str) -> Option<&str> {
        let (key, _) = line.strip_prefix("# ").unwrap_or(line).split_once(" = ")?;
        let key = key.trim_matches('"');
        (!key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '/'))).then_some(key)
    }

    /// The file with every key in force. Lists that are only hinted at (`[…]`) stay out.
    fn uncommented() -> String {
        let shown = |line: &str| key(line).is_some() || line.starts_with("# [");
        text()
            .lines()
            .map(|line| if shown(line) { line.trim_start_matches("# ") } else { line })
            .filter(|line| !line.contains("= […]"))
            .fold(String::new(), |all, line| all + line + "\n")
    }

    #[test]
    fn every_key_it_shows_is_accepted_with_its_default() {
        let defaults = effective(String::new());
        let no_default = [
            "corpus.paths",
            "discover.exclude",
            "site.class",
            "snapshot.file",
            "packet.dir",
            "index.base-url",
            "checks.freshness.pass-within",
            "checks.freshness.limited-within",
        ];
        for value in effective(uncommented()).iter().filter(|value| value.origin.starts_with("lint.toml")) {
            let own = no_default.contains(&value.key.as_str()) || value.key.ends_with(".at-most") || value.key.starts_with("severity.");
            let default = defaults.iter().find(|default| default.key == value.key).map(|default| &default.value);
            assert!(own || default == Some(&value.value), "{}: lint.toml shows {}, the default is {default:?}", value.key, value.value);
        }
    }

    #[test]
    fn it_shows_every_key() {
        let text = text();
        for value in effective(String::new()) {
            let (table, name) = value.key.rsplit_once('.').unwrap();
            let section = text.split_once(&format!("\n[{table}]\n")).unwrap_or_else(|| panic!("lint.toml has no [{table}]")).1;
            let mut lines = section.lines().take_while(|line| !line.starts_with('['));
            assert!(lines.any(|line| key(line) == Some(name)), "lint.toml does not show `{}`", value.key);
        }
    }

    #[test]
    fn it_changes_no_verdict() {
        let changed: Vec<String> = effective(text()).into_iter().filter(|value| value.origin.starts_with("lint.toml")).map(|value| value.key).collect();
        // what is left out, and that the fixtures are not compared with each other
        assert_eq!(changed, ["corpus.paths", "discover.exclude"]);
    }
}
