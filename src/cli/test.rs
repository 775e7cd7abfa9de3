//! `notegate test`: how well the rules judge sentences whose verdict is known.

use std::path::Path;

use super::args::{Test, TestFormat};
use super::fail::Failure;
use super::project::{self, Project};
use crate::cases::{self, Bench, CaseFile, FileFigures, Recorded, Regression, TestReport};
use crate::discover;
use crate::engine::Desk;
use crate::report;

/// Runs the sentences of the rules and the case files. Returns the exit code.
pub fn run(args: &Test) -> Result<u8, Failure> {
    let before = args.against.as_deref().map(recorded).transpose()?;
    let as_of = args.as_of.as_deref().map(|flag| project::as_of(Some(flag))).transpose()?;
    let snapshot = args.snapshot.as_deref().map(project::snapshot).transpose()?;
    let project = Project::open(args.config.as_deref())?;
    let loaded = project.of(Path::new("."))?;
    let policy = loaded.config.policy("case.md", &loaded.rulebook);
    let bench = Bench { desk: Desk { policy, rulebook: loaded.rulebook.clone() }, as_of, snapshot };
    let families = cases::Families::of(&loaded.rulebook);
    let mut files: Vec<FileFigures> = Vec::new();
    for path in &args.files {
        let shown = discover::reported(path);
        let text = project::text_file(path)
            .map_err(|why| Failure::new(format!("the case file `{shown}` could not be read: {why}"), "check its path and rights, and save it as UTF-8"))?;
        let mut file = CaseFile::read(&shown, &text, &families.names())?;
        file.cases.retain(|case| args.family.is_empty() || args.family.contains(&case.family));
        files.push(cases::figures(&shown, &cases::judge(&bench, &families, &file)));
    }
    let own = cases::own_sentences(&loaded.rulebook, &bench.desk.policy);
    let worse: Option<Vec<Regression>> = before.as_ref().map(|before| cases::regressions(before, &files));
    let report = TestReport::new(own, files, &families);
    if let Some(path) = &args.record {
        let recorded = Recorded::of(&report.files).to_text();
        super::check::write_file(path, |out| out.write_all(recorded.as_bytes()))?;
    }
    let text = match args.format {
        TestFormat::Terminal => report::test_report(&report, worse.as_deref()),
        TestFormat::Json => report::test_json(&report, worse.as_deref()),
    };
    super::print(&text)?;
    let good = match &worse {
        Some(worse) => worse.is_empty() && report.own_broken.is_empty(),
        None if args.record.is_some() => report.own_broken.is_empty(),
        None => report.all_right(),
    };
    Ok(u8::from(!good))
}

fn recorded(path: &Path) -> Result<Recorded, Failure> {
    let shown = discover::reported(path);
    let help = "write it with `notegate test --record FILE`";
    let text = project::text_file(path).map_err(|why| Failure::new(format!("the recorded figures `{shown}` could not be read: {why}"), help))?;
    Recorded::read(&text).map_err(|error| Failure::new(format!("`{shown}` does not hold recorded figures: {error}"), help))
}
