//! Where reports go, and what a run adds to them: the rules they name, and the summary of a job on GitHub.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::fail::Failure;
use crate::discover;
use crate::packet::{Packet, Report, RuleRecord};
use crate::report::{self, Format, Style};
use crate::rulebook::Rulebook;

/// The file that GitHub shows as the summary of a job.
const STEP_SUMMARY: &str = "GITHUB_STEP_SUMMARY";

/// Formats as they are asked for (`FORMAT` or `FORMAT=PATH`) with the files they go to. `all`: those of a command by their names; `of`: what
/// it writes, behind "there is no format `x`"; `example`: one with a file.
pub fn formats<F: Copy>(written: &[String], all: &[(F, &str)], of: &str, example: &str) -> Result<Vec<(F, Option<PathBuf>)>, Failure> {
    let one = |text: &String| {
        let (name, path) = text.split_once('=').map_or((text.as_str(), None), |(name, path)| (name, Some(PathBuf::from(path))));
        let names: Vec<&str> = all.iter().map(|(_, name)| *name).collect();
        let format = all.iter().find(|(_, known)| *known == name).map(|(format, _)| *format);
        format
            .map(|format| (format, path))
            .ok_or_else(|| Failure::new(format!("there is no format `{name}`{of}"), format!("choose one of {}", names.join(", "))))
    };
    let outputs = written.iter().map(one).collect::<Result<Vec<_>, Failure>>()?;
    if outputs.iter().filter(|(_, path)| path.is_none()).count() > 1 {
        return Err(Failure::new("two formats would go to standard output", format!("give all but one of them a file: `--format {example}`")));
    }
    let mut files: Vec<PathBuf> = outputs.iter().filter_map(|(_, path)| path.as_deref()).map(discover::absolute).collect();
    files.sort();
    if let Some(twice) = files.windows(2).find(|two| two[0] == two[1]) {
        return Err(Failure::new(format!("two formats would go to `{}`", discover::reported(&twice[0])), "give each of them a file of its own"));
    }
    Ok(outputs)
}

/// The rules that findings name, by id, in the words of the first article that has one.
pub fn rules(packets: &[Packet], book: &dyn Fn(&str) -> Arc<Rulebook>) -> Vec<RuleRecord> {
    let mut rules: BTreeMap<&str, RuleRecord> = BTreeMap::new();
    for packet in packets {
        for finding in packet.all_findings() {
            if !rules.contains_key(finding.rule.as_str())
                && let Some(rule) = described(&book(&packet.path), &finding.rule)
            {
                rules.insert(&finding.rule, rule);
            }
        }
    }
    rules.into_values().collect()
}

fn described(book: &Rulebook, id: &str) -> Option<RuleRecord> {
    let (severity, [says, why, help]) = match book.message(id) {
        Some(message) => (message.severity, [&message.message, &message.why, &message.help]),
        None => {
            let rule = book.rules.iter().find(|rule| rule.id == id)?;
            (rule.severity, [&rule.message, &rule.why, &rule.help])
        }
    };
    Some(RuleRecord {
        id: id.to_owned(),
        severity: severity.as_str().to_owned(),
        says: says.clone(),
        why: why.clone(),
        help: help.clone(),
        claim: book.check(id.split('/').next().unwrap_or_default()).claim.clone(),
    })
}

/// Appends the summary to the file that GitHub names, where the format is asked for on a runner.
pub fn job_summary(report: &Report, formats: impl Iterator<Item = Format>, style: Style) -> Result<(), Failure> {
    let named = std::env::var_os(STEP_SUMMARY).filter(|path| !path.is_empty());
    let Some(path) = named.filter(|_| formats.into_iter().any(|format| format == Format::Github)) else { return Ok(()) };
    let text = report::render(report, Format::GithubSummary, style);
    let appended = std::fs::OpenOptions::new().create(true).append(true).open(&path).and_then(|mut file| file.write_all(text.as_bytes()));
    appended.map_err(|error| {
        let shown = discover::reported(Path::new(&path));
        Failure::new(format!("the job summary `{shown}` could not be written: {error}"), format!("check the variable {STEP_SUMMARY}, or unset it"))
    })
}
