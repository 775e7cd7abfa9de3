//! `notegate diff`: two revisions, a revision and the working tree, or two reports, compared by their results.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;

use super::args::{FailOn, When};
use super::check;
use super::corpus;
use super::fail::Failure;
use super::keep::Keeping;
use super::outputs;
use super::project::{self, Project};
use super::sides::{self, Asked, Known, Side, Sides};
use super::since::{GateScope, Past, Revision, exit_code, refuse_paths};
use crate::compare::{Input, Mix};
use crate::discover;
use crate::discover::tree::Tree;
use crate::packet::comparison::{Comparison, DIFF_SCHEMA, DiffReport};
use crate::packet::{REPORT_SCHEMA, Report, Tool};
use crate::report::Style;
use crate::report::diff::{self, Format};
use crate::vcs::WorkTree;

/// Arguments of `diff`.
#[derive(Debug, Args)]
pub struct Diff {
    /// `REV..REV`, `REV...REV` (from where the second parted from the first) or `REV` (with the working tree), then articles and folders; or two
    /// reports of `check --format json`
    #[arg(required = true, value_name = "REV..REV | A.json B.json")]
    pub what: Vec<PathBuf>,
    /// terminal, json or markdown (a comment for a pull request); FORMAT=PATH writes to a file; may be given several times
    #[arg(long, value_name = "FORMAT[=PATH]", default_value = "terminal")]
    pub format: Vec<String>,
    /// The day of the newer state (YYYY-MM-DD) [default: NOTEGATE_AS_OF, SOURCE_DATE_EPOCH, the day of its commit, today]. The older one is
    /// judged as of the day of its commit
    #[arg(long, value_name = "DATE")]
    pub as_of: Option<String>,
    /// Use this configuration file instead of the nearest lint.toml
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// A source snapshot (JSON) for articles that declare none
    #[arg(long, value_name = "FILE")]
    pub snapshot: Option<PathBuf>,
    /// The folder of packets, for sign-offs [default: `[packet] dir` of lint.toml]
    #[arg(long, value_name = "DIR")]
    pub packet: Option<PathBuf>,
    /// Hold the findings of this baseline [default: notegate-baseline.json beside lint.toml, else at the repository's root]
    #[arg(long, value_name = "FILE", conflicts_with = "no_baseline")]
    pub baseline: Option<PathBuf>,
    /// Hold nothing
    #[arg(long)]
    pub no_baseline: bool,
    /// Leave out files that match, also named ones
    #[arg(long, value_name = "PATTERN")]
    pub exclude: Vec<String>,
    /// The verdict from which the exit code is 1
    #[arg(long, value_enum, default_value_t = FailOn::Never)]
    pub fail_on: FailOn,
    /// What the verdict is made of
    #[arg(long, value_enum, value_name = "SCOPE", default_value_t = GateScope::Changed)]
    pub gate_scope: GateScope,
    /// Let drafts count too
    #[arg(long)]
    pub drafts: bool,
    /// Threads [default: one a core]
    #[arg(long, value_name = "N")]
    pub jobs: Option<usize>,
    /// When to write colours
    #[arg(long, value_enum, default_value_t = When::Auto)]
    pub color: When,
}

/// What is compared.
enum What<'d> {
    Reports(&'d Path, &'d Path),
    /// The older revision; the newer one, or the working tree; articles and folders.
    Revisions(String, Option<String>, Vec<PathBuf>),
}

/// Compares, and writes. Returns the exit code.
pub fn run(args: &Diff) -> Result<u8, Failure> {
    let outputs = outputs::formats(&args.format, Format::ALL, " of a diff", "markdown=comment.md")?;
    let comparison = match what(args)? {
        What::Reports(before, after) => {
            let (old, new) = (read(before)?, read(after)?);
            let names = (discover::reported(before), discover::reported(after));
            sides::reports((&names.0, &old), (&names.1, &new), args.gate_scope.scope(), args.drafts)
        }
        What::Revisions(before, after, paths) => revisions(args, &before, after.as_deref(), &paths)?,
    };
    let code = exit_code(&comparison, args.fail_on);
    let report =
        DiffReport { schema: DIFF_SCHEMA.to_owned(), tool: Tool { name: "notegate".to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() }, comparison };
    for (format, path) in outputs {
        let style = Style { color: path.is_none() && project::color(args.color), width: project::width(), verbose: false, quiet: false };
        let text = diff::render(&report, format, style);
        match path {
            None => super::print(&text)?,
            Some(path) => check::write_file(&path, |out: &mut dyn Write| out.write_all(text.as_bytes()))?,
        }
    }
    Ok(code)
}

/// What the arguments name.
fn what(args: &Diff) -> Result<What<'_>, Failure> {
    let is_report = |path: &Path| path.is_file() && path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("json"));
    match args.what.as_slice() {
        [before, after] if is_report(before) || is_report(after) => {
            for path in [before, after] {
                if !path.is_file() {
                    return Err(Failure::new(
                        format!("`{}` does not exist", discover::reported(path)),
                        "name two files that `notegate check --format json=FILE` wrote",
                    ));
                }
            }
            Ok(What::Reports(before, after))
        }
        [one] if is_report(one) => Err(Failure::new("one report has nothing to be compared with", "name two: `notegate diff before.json after.json`")),
        [first, paths @ ..] => {
            let Some(range) = first.to_str() else {
                return Err(Failure::new(format!("`{}` is no revision", discover::reported(first)), "write `notegate diff main..HEAD`"));
            };
            let or_head = |name: &str| if name.is_empty() { "HEAD".to_owned() } else { name.to_owned() };
            let paths = if paths.is_empty() { vec![PathBuf::from(".")] } else { paths.to_vec() };
            Ok(match (range.split_once("..."), range.split_once("..")) {
                (Some((before, after)), _) => What::Revisions(format!("{}...", or_head(before)), Some(or_head(after)), paths),
                (None, Some((before, after))) => What::Revisions(or_head(before), Some(or_head(after)), paths),
                (None, None) => What::Revisions(range.to_owned(), None, paths),
            })
        }
        [] => Err(Failure::new("there is nothing to compare", "write `notegate diff main..HEAD`, or name two reports")),
    }
}

/// Reads a report.
fn read(path: &Path) -> Result<Report, Failure> {
    let shown = discover::reported(path);
    let help = "name a file that `notegate check --format json=FILE` wrote";
    let text = project::text_file(path).map_err(|why| Failure::new(format!("the report `{shown}` could not be read: {why}"), help))?;
    let value: serde_json::Value = serde_json::from_str(&text).map_err(|error| Failure::new(format!("`{shown}` is no JSON: {error}"), help))?;
    match value.get("schema").and_then(serde_json::Value::as_str) {
        Some(REPORT_SCHEMA) => {}
        Some(other) => return Err(Failure::new(format!("`{shown}` is of the format `{other}`, and only `{REPORT_SCHEMA}` can be compared"), help)),
        None => return Err(Failure::new(format!("`{shown}` is no report: `schema` is missing"), help)),
    }
    serde_json::from_value(value)
        .map_err(|error| Failure::new(format!("the report `{shown}` cannot be read: {error}"), "write it anew with this version of notegate"))
}

/// Compares two revisions, or one and the working tree.
fn revisions(args: &Diff, before: &str, after: Option<&str>, paths: &[PathBuf]) -> Result<Comparison, Failure> {
    let given = project::as_of_given(args.as_of.as_deref())?;
    let old = Revision::find(before, after.unwrap_or("HEAD"))?;
    let new = after.map(|after| Revision::find(after, after)).transpose()?;
    refuse_paths(&old.files, paths)?;
    let as_of = match (given, &new) {
        (Some(given), _) => given,
        (None, Some(new)) => new.day,
        (None, None) => project::as_of(None)?,
    };
    let asked = Asked {
        paths,
        exclude: &args.exclude,
        config: args.config.as_deref(),
        snapshot: args.snapshot.as_deref(),
        baseline: args.baseline.as_deref(),
        no_baseline: args.no_baseline,
        jobs: args.jobs,
        scope: args.gate_scope.scope(),
        drafts: args.drafts,
    };
    let tree: Arc<dyn Tree> = match &new {
        Some(new) => Arc::clone(&new.files) as Arc<dyn Tree>,
        None => Arc::new(WorkTree),
    };
    for path in paths {
        if !(tree.is_file(path) || tree.is_dir(path) || old.files.is_file(path) || old.files.is_dir(path)) {
            let message = format!("`{}` is in neither of the two states", discover::reported(path));
            return Err(Failure::new(message, "check the spelling, or leave the path out to compare the current folder"));
        }
    }
    let project = Project::open_in(Arc::clone(&tree), args.config.as_deref())?.of_past(new.is_some());
    let present: Vec<PathBuf> = paths.iter().filter(|path| tree.is_file(path) || tree.is_dir(path)).cloned().collect();
    let found = check::find_in(&present, &args.exclude, &project, None)?;
    let first = paths.first().map_or(Path::new("."), PathBuf::as_path);
    let beside = corpus::beside(&args.exclude, &project, first, &found)?;
    let snapshot = check::given_snapshot(args.snapshot.as_deref(), paths, &project)?.map(|path| project::snapshot_in(&*tree, &path)).transpose()?;
    let keeping = Keeping::open(args.packet.as_deref(), args.config.as_deref(), &project, first)?;
    let sign_offs = |path: &str| keeping.as_ref().and_then(|keeping| keeping.held(&project, found.file(path)));
    let between: Vec<&str> = std::iter::once(old.commit.as_str()).chain(new.as_ref().map(|new| new.commit.as_str())).collect();
    let known = Known::of(old.repository.changes(&between)?);
    let judged: BTreeSet<PathBuf> = found.articles.iter().filter_map(|name| old.files.inside(found.file(name))).collect();
    let more = known.renamed.iter().filter(|(now, _)| judged.contains(*now)).map(|(_, before)| before.clone()).collect();
    let mut past = Past::read(&old, asked, &project, &more, None)?;
    past.trim(&old, &known, &*tree, (&found, &beside));
    let side = Side {
        name: new.as_ref().map_or("the working tree", |new| &new.name),
        commit: new.as_ref().map(|new| new.commit.as_str()),
        as_of,
        tree: &tree,
        project: &project,
        found: &found,
        beside: &beside,
        snapshot: snapshot.as_ref(),
    };
    let sides = Sides::new(asked, past.side(&old, &project, old.day.min(as_of)), side, &sign_offs);
    sides.check_baselines()?;
    let (before, after) = (sides.judge(Mix::OLD, past.articles(), true)?, sides.judge(Mix::of(&Input::ALL), &found.articles, true)?);
    let (mut comparison, _) = sides.compare(&before, &after, &known, &old.files)?;
    comparison.left_out.splice(0..0, past.left_out.iter().cloned());
    Ok(comparison)
}
