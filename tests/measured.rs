//! The labelled cases of the repository come out no worse than recorded, and the figures that the binary shows are those of today.
//!
//! `NOTEGATE_RECORD=1 cargo test --test measured` writes the figures anew; read them in the diff.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod desk;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use desk::Desk;
use notegate::cases::{self, Bench, CaseFile, Families, FileFigures, Recorded};

/// Sets of cases, each with the figures of its first run, before any rule was changed for it.
const SETS: [(&str, &str); 13] = [
    ("tests/cases/generalisation.md", "tests/cases/generalisation-first-run.toml"),
    ("tests/cases/fresh.md", "tests/cases/fresh-first-run.toml"),
    ("tests/cases/fresh-second.md", "tests/cases/fresh-second-run.toml"),
    ("tests/cases/advice-first.md", "tests/cases/advice-first-run.toml"),
    ("tests/cases/advice-second.md", "tests/cases/advice-second-run.toml"),
    ("tests/cases/fresh-third.md", "tests/cases/fresh-third-run.toml"),
    ("tests/cases/fresh-fourth.md", "tests/cases/fresh-fourth-run.toml"),
    ("tests/cases/advice-third.md", "tests/cases/advice-third-run.toml"),
    ("tests/cases/prices-third.md", "tests/cases/prices-third-run.toml"),
    ("tests/cases/other-third.md", "tests/cases/other-third-run.toml"),
    ("tests/cases/advice-fourth.md", "tests/cases/advice-fourth-run.toml"),
    ("tests/cases/prices-fourth.md", "tests/cases/prices-fourth-run.toml"),
    ("tests/cases/other-fourth.md", "tests/cases/other-fourth-run.toml"),
];
/// One article for each thing that decides how fresh a page is.
const FRESHNESS: &str = "tests/cases/freshness.md";
const MEASURED: &str = "src/cases/measured.toml";

fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

fn run(set: &str) -> FileFigures {
    let desk = Desk::new();
    let families = Families::of(&desk.rulebook);
    let file = CaseFile::read(set, &fs::read_to_string(path(set)).unwrap(), &families.names()).unwrap();
    let bench = Bench { desk: notegate::engine::Desk { policy: Arc::clone(&desk.policy), rulebook: Arc::clone(&desk.rulebook) }, as_of: None, snapshot: None };
    cases::figures(set, &cases::judge(&bench, &families, &file))
}

fn runs() -> Vec<FileFigures> {
    SETS.iter().map(|(set, _)| run(set)).collect()
}

#[test]
fn every_article_about_dates_comes_to_its_status() {
    let figures = run(FRESHNESS);
    assert!(figures.all.cases > 60);
    assert!(figures.misses.is_empty(), "{:#?}", figures.misses);
}

#[test]
fn the_figures_the_binary_shows_are_those_of_today() {
    let runs = runs();
    let now = Recorded::of(&runs);
    if std::env::var_os("NOTEGATE_RECORD").is_some() {
        fs::write(path(MEASURED), now.to_text()).unwrap();
        return;
    }
    let worse = cases::regressions(&cases::measured(), &runs);
    assert!(worse.is_empty(), "worse than recorded: {worse:#?}");
    assert_eq!(cases::measured(), now, "`NOTEGATE_RECORD=1 cargo test --test measured` records them");
}

#[test]
fn the_first_run_was_of_the_same_cases_and_no_better() {
    for ((set, first), now) in SETS.iter().zip(&cases::measured().file) {
        let first = &Recorded::read(&fs::read_to_string(path(first)).unwrap()).unwrap().file[0];
        assert_eq!((first.path.as_str(), first.all.cases), (*set, now.all.cases));
        assert!(!now.all.precision().below(first.all.precision()) && !now.all.recall().below(first.all.recall()), "{set}");
    }
}

#[test]
fn a_whole_article_is_judged_by_the_status_of_its_check() {
    let desk = Desk::new();
    let families = Families::of(&desk.rulebook);
    let article = |status: &str, name: &str, key: &str| {
        format!(
            "````article freshness {status} {name}## a remark\n---\ntitle: The thaw register\nclass: general\n{key}: 2026-02-11\n---\n\n```\nopen\n```\n````\n"
        )
    };
    let text = [article("limited", "", "updated"), article("pass", "", "updated"), article("fail", "thaw.html ", "reviewed")].concat();
    let file = CaseFile::read("cases.md", &text, &families.names()).unwrap();
    let bench = Bench { desk: notegate::engine::Desk { policy: Arc::clone(&desk.policy), rulebook: Arc::clone(&desk.rulebook) }, as_of: None, snapshot: None };
    let judged = cases::judge(&bench, &families, &file);
    let got: Vec<&str> = judged.iter().map(|one| one.got.sign()).collect();
    assert_eq!(got, ["~", "~", "-"], "the first two were changed and never reviewed, the third is reviewed");
    let figures = cases::figures("cases.md", &judged);
    let family = &figures.families["freshness"];
    assert_eq!((family.cases, family.right, family.found, family.missed, family.false_alarms), (3, 1, 1, 1, 1));
    assert_eq!(figures.misses[0].text, "a remark");
    assert_eq!(file.cases[0].text.matches("```").count(), 2, "a shorter fence inside belongs to the article");
}

#[test]
fn a_block_for_an_article_names_a_check_and_a_status() {
    let error = CaseFile::read("cases.md", "```article freshnes limted\ntext\n```\n", &["A"]).unwrap_err();
    let told: Vec<&str> = error.problems.iter().map(|problem| problem.message.as_str()).collect();
    assert_eq!(told, ["`limted` is no status of an article", "there is no check `freshnes`"]);
}

#[test]
fn a_worse_run_is_told() {
    let now = run(SETS[0].0);
    let mut better = Recorded::of(std::slice::from_ref(&now));
    let family = better.file[0].families.get_mut("A").unwrap();
    family.false_alarms = 0;
    family.missed = 0;
    family.right = family.cases;
    family.found += 1;
    let worse = cases::regressions(&better, &[now]);
    assert!(worse.iter().all(|one| one.family == "A"));
    assert!(worse.iter().any(|one| one.figure == "accuracy" && one.now.below(one.before)), "{worse:?}");
}
