//! Fixtures: the folder states the status of its check, the file beside the article states the findings.
//!
//! `SNAPSHOTS=overwrite cargo test --test fixtures` writes the findings anew; read them in the diff.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod desk;

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use desk::Desk;
use notegate::checks::CHECKS;
use notegate::packet::Packet;
use snapbox::{Data, assert_data_eq};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")
}

fn articles(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut files: Vec<PathBuf> =
        entries.map(|entry| entry.unwrap().path()).filter(|path| matches!(path.extension().and_then(|ending| ending.to_str()), Some("md" | "txt"))).collect();
    files.sort();
    files
}

/// Judges a fixture under its own file name; snapshot files lie beside it.
fn judge(desk: &Desk, path: &Path) -> Packet {
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    let folder = path.parent().unwrap().to_owned();
    let snapshot = |file: &str| fs::read(folder.join(file)).map_err(|error| error.to_string());
    desk.judge_with(&[(&name, fs::read(path).unwrap())], &snapshot).remove(0)
}

#[test]
fn the_folder_states_the_status() {
    let desk = Desk::new();
    let mut wrong = String::new();
    for check in CHECKS {
        for status in ["pass", "limited", "fail"] {
            for path in articles(&root().join(check.id).join(status)) {
                let packet = judge(&desk, &path);
                let record = packet.checks.iter().find(|record| record.id == check.id).unwrap();
                let got = if record.status == "not-applicable" { "pass" } else { &record.status };
                if got != status {
                    let _ = writeln!(wrong, "{}/{status}/{}: {} — {}", check.id, path.file_name().unwrap().to_string_lossy(), record.status, record.evidence);
                    for finding in &record.findings {
                        let _ = writeln!(wrong, "    {}:{} {} {} `{}`", finding.line, finding.column, finding.severity, finding.rule, finding.excerpt);
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn every_check_has_fixtures_for_every_status() {
    for check in CHECKS {
        for status in ["pass", "limited", "fail"] {
            let count = articles(&root().join(check.id).join(status)).len();
            assert!(count >= 3, "{}/{status} has {count} fixtures", check.id);
        }
    }
}

#[test]
fn the_file_beside_a_fixture_states_its_findings() {
    let desk = Desk::new();
    for check in CHECKS {
        for status in ["pass", "limited", "fail"] {
            for path in articles(&root().join(check.id).join(status)) {
                let packet = judge(&desk, &path);
                let record = packet.checks.iter().find(|record| record.id == check.id).unwrap();
                let mut told = String::new();
                for finding in &record.findings {
                    let _ = writeln!(told, "{}:{} {} {} | {}", finding.line, finding.column, finding.severity, finding.rule, finding.excerpt);
                }
                if told.is_empty() {
                    told.push_str("none\n");
                }
                assert_data_eq!(told, Data::read_from(&path.with_extension("findings"), None).raw());
            }
        }
    }
}

#[test]
fn whole_articles_pass_the_gate_their_folder_names() {
    let desk = Desk::new();
    let mut wrong = String::new();
    for status in ["pass", "limited", "fail"] {
        let paths = articles(&root().join("gate").join(status));
        assert!(!paths.is_empty());
        for path in paths {
            let packet = judge(&desk, &path);
            if packet.gate.status != status {
                let _ =
                    writeln!(wrong, "gate/{status}/{}: {} because {:?}", path.file_name().unwrap().to_string_lossy(), packet.gate.status, packet.gate.because);
                for finding in packet.all_findings().filter(|finding| finding.severity != "note") {
                    let _ = writeln!(wrong, "    {}:{} {} {} `{}`", finding.line, finding.column, finding.severity, finding.rule, finding.excerpt);
                }
            }
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

/// The figures of one article, counted by hand before the tool saw it.
#[test]
fn figures_counted_by_hand_hold() {
    let desk = Desk::new();
    let folder = root().join("gate/pass");
    let packet = judge(&desk, &folder.join("copper-ledger-workflow.md"));
    let counts: toml::Table = fs::read_to_string(folder.join("copper-ledger-workflow.counts.toml")).unwrap().parse().unwrap();
    let number = |name: &str| u64::try_from(counts[name].as_integer().unwrap()).unwrap();
    let fact = |check: &str, name: &str| packet.checks.iter().find(|record| record.id == check).unwrap().facts[name].as_u64().unwrap();
    assert_eq!(u64::from(packet.words), number("section_words"));
    assert_eq!(fact("section-depth", "sections"), number("sections"));
    for family in ["dashboard", "execution", "workflow"] {
        assert_eq!(fact("reader-task", &format!("{family}_sections")), number(&format!("{family}_sections")), "{family}");
    }
    assert_eq!(fact("reader-task", "task_signals"), number("task_signals"));
    assert_eq!(fact("added-value", "execution_sections"), number("execution_sections"));
    assert_eq!(fact("added-value", "verification_sections"), number("verification_sections"));
    let words: Vec<u64> = packet.sections.iter().filter(|section| section.judged).map(|section| u64::from(section.words)).collect();
    let by_hand: Vec<u64> = counts["words"].as_array().unwrap().iter().map(|count| u64::try_from(count.as_integer().unwrap()).unwrap()).collect();
    assert_eq!(words, by_hand);
    assert_eq!(packet.gate.index, "approved");
}
