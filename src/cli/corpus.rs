//! `notegate corpus`, and what other commands compare with.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};

use jiff::civil::date;

use super::args::Corpus;
use super::check;
use super::fail::Failure;
use super::outputs;
use super::project::Project;
use crate::discover::{self, Found};
use crate::engine::{Among, Run, SnapshotFault, compare};
use crate::packet::{CORPUS_SCHEMA, CorpusReport, Inputs, Tool};
use crate::report::corpus::{self, Format};

/// Compares articles and writes the reports. Returns the exit code.
pub fn run(args: &Corpus) -> Result<u8, Failure> {
    let outputs = outputs::formats(&args.format, Format::ALL, " of a comparison", "html=corpus.html")?;
    let project = Project::open(args.config.as_deref())?;
    let first = args.paths.first().or(args.like.as_ref()).map_or(Path::new("."), PathBuf::as_path);
    let mut paths = if args.paths.is_empty() { configured(&project, first)? } else { args.paths.clone() };
    if paths.is_empty() {
        paths.push(PathBuf::from("."));
    }
    paths.extend(args.like.clone());
    let found = check::find_in(&paths, &args.exclude, &project, None)?;
    let like = args.like.as_deref().map(|path| name_of(&found, path)).transpose()?;
    let desk = |path: &str| project.desk_of_file(found.file(path));
    let load = |path: &str| found.read(path);
    let series = |path: &str| project.series_of_file(found.file(path));
    let common = project.desk(&place(first));
    let no_snapshot = |_: &str, _: &str| Err(SnapshotFault::OutsideProject);
    // nothing here has an age: the day is never asked for
    let run = Run { as_of: date(2000, 1, 1), desk: &desk, load: &load, load_snapshot: &no_snapshot, snapshot: None, progress: &|| {}, sign_offs: &|_| None };
    let among = Among { beside: &found.articles, desk: &common, series: &series };
    let wants_texts = outputs.iter().any(|(format, _)| *format == Format::Html);
    let values = outputs.iter().map(|(format, _)| format.values()).max().unwrap_or_default();
    let report = check::in_pool(args.jobs, || {
        let mut compared = compare::all(&run, &among, values);
        let asked = |path: &str| like.as_deref().is_none_or(|like| like == path);
        let mut clusters = compared.records(&asked);
        if wants_texts {
            compared.add_texts(&run, &mut clusters);
        }
        // of all articles only lists of all tell something
        let lists_all = outputs.iter().any(|(format, _)| *format != Format::Terminal);
        let neighbours = if lists_all || like.is_some() { compared.neighbours(&asked) } else { Vec::new() };
        let (config, rules) = project.digests();
        let report = CorpusReport {
            schema: CORPUS_SCHEMA.to_owned(),
            tool: Tool { name: "notegate".to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() },
            inputs: Inputs { config, rules },
            articles: compared.fingerprints.len(),
            compared: compared.comparison.as_ref().map_or(0, |comparison| comparison.compared),
            like: like.clone(),
            clusters,
            neighbours,
        };
        // the process ends soon: giving a large comparison back to the allocator first would only take time
        std::mem::forget(compared);
        report
    })?;
    for (format, path) in outputs {
        let text = |out: &mut dyn Write| corpus::write(&report, format, out);
        match path {
            None => super::print_with(text)?,
            Some(path) => check::write_file(&path, text)?,
        }
    }
    std::mem::forget((report, project));
    Ok(0)
}

/// The name under which an article was found, also where it was found by another path.
fn name_of(found: &Found, path: &Path) -> Result<String, Failure> {
    let shown = discover::reported(path);
    let target = std::fs::canonicalize(path).ok();
    let same = |name: &&String| **name == shown || target.is_some() && std::fs::canonicalize(found.file(name)).ok() == target;
    let failed = || Failure::new(format!("`{shown}` is left out by an exclude pattern"), "look at `[discover] exclude` and `--exclude`");
    found.articles.iter().find(same).cloned().ok_or_else(failed)
}

/// `[corpus] paths` of the configuration that counts for a path, seen from the working directory; where it names none, its folder, if the
/// path lies in it.
fn configured(project: &Project, path: &Path) -> Result<Vec<PathBuf>, Failure> {
    let loaded = project.of(path)?;
    let folder = loaded.config.project();
    let here = std::env::current_dir().unwrap_or_default();
    let near = |path: &Path| {
        let near = path.strip_prefix(&here).unwrap_or(path);
        if near.as_os_str().is_empty() { PathBuf::from(".") } else { near.to_owned() }
    };
    // a file given by name may lie anywhere: only articles below it are its project
    let real = |path: &Path| std::fs::canonicalize(path).or_else(|_| std::path::absolute(path)).ok();
    let inside = || real(path).zip(real(&near(&folder))).is_some_and(|(path, folder)| path.starts_with(folder));
    Ok(match loaded.config.corpus() {
        Some(paths) => paths.iter().map(|path| near(path)).collect(),
        None if loaded.config.path.is_some() && inside() => vec![near(&folder)],
        None => Vec::new(),
    })
}

/// The articles that a run on `found` compares with besides: those of `[corpus] paths` that it does not judge itself.
pub fn beside(exclude: &[String], project: &Project, first: &Path, found: &Found) -> Result<Found, Failure> {
    let paths = configured(project, first)?;
    if paths.is_empty() {
        return Ok(Found::default());
    }
    // what a broken configuration elsewhere is about is compared with nothing: this run is not about it
    let others = check::find_noting(&paths, exclude, project, None, &drop);
    let loaded = project.of(first)?;
    let mut others = others.map_err(|failure| failure.standing_at(loaded.config.names_at("corpus.paths")))?;
    let real = |found: &Found, name: &String| found.real(name);
    let judged: BTreeSet<PathBuf> = found.articles.iter().filter_map(|name| real(found, name)).collect();
    let names: Vec<String> = others
        .articles
        .iter()
        .filter(|name| !found.articles.contains(name) && real(&others, name).is_none_or(|path| !judged.contains(&path)))
        .cloned()
        .collect();
    others.articles = names;
    Ok(others)
}

/// A place whose policy holds for the comparison as a whole: the folder of a path, which no pattern for single articles is about.
pub fn place(path: &Path) -> PathBuf {
    if path.is_dir() { path.to_owned() } else { path.parent().map_or_else(|| PathBuf::from("."), Path::to_owned) }
}
