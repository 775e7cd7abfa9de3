//! `notegate check`.

use std::collections::BTreeMap;
use std::io::{IsTerminal, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::args::{Check, FailOn};
use super::chosen;
use super::corpus;
use super::fail::Failure;
use super::fix;
use super::held::Held;
use super::keep::{self, Keeping};
use super::notices;
use super::outputs;
use super::project::{self, Project};
use super::since::{self, Since};
use super::staged::Staged;
use crate::discover::tree::Tree;
use crate::discover::{self, Found};
use crate::engine::{self, Among, Run, SnapshotFault};
use crate::packet::{Cluster, Inputs, Packet, REPORT_SCHEMA, Report, Summary, Tool};
use crate::report::{self, Format, Shown, Style};
use crate::snapshot::Snapshot;

/// Articles from which a progress bar helps.
const BAR_FROM: usize = 200;
/// Stack of a worker: deep nesting is walked iteratively, but parsers recurse a little.
const STACK: usize = 8 * 1024 * 1024;

/// What a run of `check` knows when the articles are judged.
pub struct Judged<'j> {
    /// The day.
    pub as_of: jiff::civil::Date,
    /// The packets, in path order.
    pub packets: &'j mut Vec<Packet>,
    /// The groups that they stand in.
    pub clusters: &'j [Cluster],
    /// Configurations and rules.
    pub project: &'j Project,
    /// Where packets are kept, if they are.
    pub keeping: Option<&'j Keeping>,
    /// The file of a reported path.
    pub file: &'j dyn Fn(&str) -> PathBuf,
    /// The snapshot file of a reported path.
    pub snapshot: &'j dyn Fn(&str) -> Option<PathBuf>,
    /// The baseline of a reported path.
    pub baseline: &'j dyn Fn(&str) -> Option<PathBuf>,
}

/// Judges articles and writes the reports. Returns the exit code.
pub fn run(args: &Check) -> Result<u8, Failure> {
    let key = if args.keep.attest { keep::secret_key(args.keep.key.as_deref())? } else { None };
    if args.keep.attest && key.is_none() {
        return Err(Failure::new(
            "there is no key to sign the packets with",
            "give one with `--key FILE` or in NOTEGATE_SIGNING_KEY; `notegate keygen` makes one",
        ));
    }
    judge_then(args, &|judged| {
        let Some(keeping) = judged.keeping else {
            return if key.is_none() {
                Ok(None)
            } else {
                Err(Failure::new("there are no packets to sign", "name a folder for them with `--packet DIR`, or `[packet] dir` in lint.toml"))
            };
        };
        // what is not on the disk, or not yet, cannot be vouched for
        if args.staged || args.diff || args.paths.iter().any(|path| path == Path::new("-")) {
            return Ok(None);
        }
        for packet in judged.packets.iter_mut() {
            packet.kept = Some(if key.is_some() { "kept and signed" } else { "kept" }.to_owned());
        }
        keeping.keep(judged, key.as_ref())?;
        Ok(None)
    })
}

/// Judges articles, and does something with the packets before they are reported. Where that gives an exit code, nothing is reported.
pub fn judge_then(args: &Check, then: &dyn Fn(&mut Judged) -> Result<Option<u8>, Failure>) -> Result<u8, Failure> {
    let formats = outputs::formats(&args.format, Format::ALL, "", "json=report.json")?;
    let formats: Vec<Output> = formats.into_iter().map(|(format, path)| Output { format, path }).collect();
    fix::allowed(args)?;
    let as_of = project::as_of(args.as_of.as_deref())?;
    let staged = args.staged.then(Staged::read).transpose()?;
    let since = Since::open(args)?;
    let project = match &staged {
        Some(staged) => Project::open_in(Arc::clone(&staged.index) as Arc<dyn Tree>, args.config.as_deref())?,
        None => Project::open(args.config.as_deref())?,
    };
    let stdin = if staged.is_some() { None } else { standard_input(args)? };
    let found = match &staged {
        Some(staged) => {
            let mut found = find_in(&staged.named(&args.paths)?, &args.exclude, &project, None)?;
            staged.keep(&mut found)?;
            found
        }
        None => find(args, &project, stdin.as_ref())?,
    };
    spare_inputs(&formats, found.articles.iter().map(|article| found.file(article)))?;
    chosen::known(args, &project)?;
    let given = given_snapshot(args.snapshot.as_deref(), &args.paths, &project)?;
    let snapshot = given.as_deref().map(|path| given_in(&project, args, path)).transpose()?;
    let keeping = Keeping::open(args.keep.packet.as_deref(), args.config.as_deref(), &project, args.paths.first().map_or(Path::new("."), PathBuf::as_path))?;
    let bar = bar(found.articles.len(), args);
    let beside = corpus::beside(&args.exclude, &project, args.paths.first().map_or(Path::new("."), PathBuf::as_path), &found)?;
    let file = |path: &str| {
        if beside.articles.binary_search_by(|other| other.as_str().cmp(path)).is_ok() { beside.file(path).to_owned() } else { found.file(path).to_owned() }
    };
    let load = |path: &str| match &stdin {
        Some((name, bytes)) if name == path => Ok(bytes.clone()),
        _ if beside.articles.binary_search_by(|other| other.as_str().cmp(path)).is_ok() => beside.read(path),
        _ => found.read(path),
    };
    let snapshots: Mutex<BTreeMap<String, PathBuf>> = Mutex::default();
    let load_snapshot = |article: &str, snapshot: &str| {
        let (path, bytes) = snapshot_file(&project, &file(article), snapshot)?;
        snapshots.lock().unwrap_or_else(std::sync::PoisonError::into_inner).insert(article.to_owned(), path);
        Ok(bytes)
    };
    let sign_offs = |path: &str| keeping.as_ref().and_then(|keeping| keeping.held(&project, &file(path)));
    let desk = |path: &str| project.desk_of_file(&file(path));
    let series = |path: &str| project.series_of_file(&file(path));
    let common = project.desk(&corpus::place(args.paths.first().map_or(Path::new("."), PathBuf::as_path)));
    let among = Among { beside: &beside.articles, desk: &common, series: &series };
    let progress = || {
        if let Some(bar) = &bar {
            bar.inc(1);
        }
    };
    let whole = args.exclude.is_empty();
    let held = Held::open(&project, args.baseline.as_deref(), args.no_baseline, &found.articles, &file, &args.paths, whole)?;
    let run = Run { as_of, desk: &desk, load: &load, load_snapshot: &load_snapshot, snapshot: snapshot.as_ref(), progress: &progress, sign_offs: &sign_offs };
    let judged = in_pool(args.jobs, || engine::run_held(&run, &found.articles, &among, &mut |packets| held.hold(packets)))?;
    if let Some(bar) = &bar {
        bar.finish_and_clear();
    }
    let again = |changed: &fix::Changed| {
        let load = |path: &str| changed.bytes(path).map_or_else(|| load(path), |bytes| Ok(bytes.to_vec()));
        in_pool(args.jobs, || engine::run_held(&Run { load: &load, progress: &|| {}, ..run }, &found.articles, &among, &mut |packets| held.hold(packets)))
    };
    let alone = |path: &str, bytes: &[u8]| {
        let load = |_: &str| Ok(bytes.to_vec());
        in_pool(args.jobs, || engine::run(&Run { load: &load, progress: &|| {}, ..run }, &[path.to_owned()]).pop())
    };
    let (mut packets, clusters) = fix::run(args, &fix::Desk { judge: &again, alone: &alone, load: &load, file: &file }, judged)?;
    let named_snapshots = snapshots.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    let snapshot_of = |path: &str| named_snapshots.get(path).or(given.as_ref()).cloned();
    let done = then(&mut Judged {
        as_of,
        packets: &mut packets,
        clusters: &clusters,
        project: &project,
        keeping: keeping.as_ref(),
        file: &file,
        snapshot: &snapshot_of,
        baseline: &|path| held.file_of(path),
    })?;
    if let Some(code) = done {
        return Ok(code);
    }
    let now = since::Now { as_of, project: &project, found: &found, beside: &beside, snapshot: snapshot.as_ref(), sign_offs: &sign_offs };
    let comparison = since.map(|since| since.compare(args, &now, &mut packets)).transpose()?;
    let code = comparison.as_ref().map_or_else(|| exit_code(&packets, args), |comparison| since::exit_code(comparison, args.fail_on));
    let mut notices = notices::of_waivers(&project, &packets, &file, &args.paths, whole, as_of);
    notices.extend(held.notices(&packets, &common.rulebook));
    notices.extend(notices::of_drafts(&packets, &common.rulebook, args));
    let (config, rules) = project.digests();
    let named = outputs::rules(&packets, &|path| project.desk(&file(path)).rulebook);
    let report = Report {
        schema: REPORT_SCHEMA.to_owned(),
        tool: Tool { name: "notegate".to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() },
        as_of: as_of.to_string(),
        inputs: Inputs { config, rules },
        summary: summarise(&packets, found.skipped),
        articles: packets,
        clusters,
        rules: named,
        notices,
        comparison,
    };
    let report = Shown { select: args.select.clone(), ignore: args.ignore.clone() }.filtered(report);
    // the diff took the place of the report
    let outputs: Vec<Output> = formats.into_iter().filter(|output| !args.diff || output.path.is_some()).collect();
    write(&report, &outputs, args)?;
    // the process ends here: giving the rules back to the allocator first would only take time
    std::mem::forget(project);
    Ok(code)
}

/// A format and where it goes.
struct Output {
    format: Format,
    path: Option<PathBuf>,
}

/// Refuses to write a report over what the run reads.
fn spare_inputs<'a>(outputs: &[Output], articles: impl Iterator<Item = &'a Path>) -> Result<(), Failure> {
    let files: Vec<(PathBuf, &Path)> = outputs.iter().filter_map(|output| output.path.as_deref()).map(|path| (discover::absolute(path), path)).collect();
    let refused = |path: &Path, what: &str| {
        Err(Failure::new(format!("the report would be written over `{}`, {what}", discover::reported(path)), "give it a file of its own"))
    };
    if let Some((_, path)) = files.iter().find(|(file, _)| file.file_name().is_some_and(|name| name == "lint.toml")) {
        return refused(path, "a configuration");
    }
    if files.is_empty() {
        return Ok(());
    }
    for article in articles.map(discover::absolute) {
        if let Some((_, path)) = files.iter().find(|(file, _)| *file == article) {
            return refused(path, "an article of this run");
        }
    }
    Ok(())
}

/// Name and bytes of standard input, where `-` is one of the paths.
fn standard_input(args: &Check) -> Result<Option<(String, Vec<u8>)>, Failure> {
    if !args.paths.iter().any(|path| path == Path::new("-")) {
        return Ok(None);
    }
    let name = args.stdin_filename.clone().unwrap_or_else(|| "stdin.md".to_owned());
    if crate::document::Format::of(&name).is_none() {
        return Err(Failure::new(format!("`{name}` names no format"), "end `--stdin-filename` with .md, .markdown, .mdx, .html, .htm or .txt"));
    }
    let mut bytes = Vec::new();
    std::io::stdin()
        .lock()
        .read_to_end(&mut bytes)
        .map_err(|error| Failure::new(format!("standard input could not be read: {error}"), "pipe an article in, or name its file"))?;
    Ok(Some((name, bytes)))
}

/// Finds the articles, and loads the configuration of each on the way, so that a broken one is told before anything is judged.
fn find(args: &Check, project: &Project, stdin: Option<&(String, Vec<u8>)>) -> Result<Found, Failure> {
    let paths: Vec<PathBuf> = args.paths.iter().filter(|path| *path != Path::new("-")).cloned().collect();
    find_in(&paths, &args.exclude, project, stdin)
}

/// The same for any paths.
pub fn find_in(paths: &[PathBuf], exclude: &[String], project: &Project, stdin: Option<&(String, Vec<u8>)>) -> Result<Found, Failure> {
    let trouble: Mutex<Option<Failure>> = Mutex::default();
    let note = |failure: Failure| {
        let mut all = trouble.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        *all = Some(match all.take() {
            Some(known) => known.and(failure),
            None => failure,
        });
    };
    let found = find_noting(paths, exclude, project, stdin, &note)?;
    match trouble.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner) {
        Some(failure) => Err(failure),
        None => Ok(found),
    }
}

/// The same, without what belongs to a broken configuration, which is noted.
pub fn find_noting(
    paths: &[PathBuf],
    exclude: &[String],
    project: &Project,
    stdin: Option<&(String, Vec<u8>)>,
    note: &dyn Fn(Failure),
) -> Result<Found, Failure> {
    let flag = discover::patterns(exclude)?;
    let excluded = |path: &Path| {
        if !flag.is_empty() && flag.is_match(discover::reported(path)) {
            return true;
        }
        match project.of_file(path) {
            Ok((loaded, relative)) => loaded.config.excludes(&relative),
            Err(failure) => {
                note(failure);
                true
            }
        }
    };
    let mut found = discover::find_in(&project.tree, paths, &excluded)?;
    if let Some((name, _)) = stdin.filter(|(name, _)| !excluded(Path::new(name))) {
        found.articles.push(name.clone());
        found.articles.sort();
        found.articles.dedup();
    }
    Ok(found)
}

/// Reads the snapshot of a run; what is wrong with one that the configuration names is told there.
fn given_in(project: &Project, args: &Check, path: &Path) -> Result<Snapshot, Failure> {
    let read = project::snapshot_in(&*project.tree, path);
    if args.snapshot.is_some() {
        return read;
    }
    let loaded = project.of(args.paths.first().map_or(Path::new("."), PathBuf::as_path))?;
    read.map_err(|failure| failure.standing_at(loaded.config.names_at("snapshot.file")))
}

/// The snapshot of `--snapshot`, else of the configuration above the first path.
pub fn given_snapshot(given: Option<&Path>, paths: &[PathBuf], project: &Project) -> Result<Option<PathBuf>, Failure> {
    let configured = || -> Result<Option<PathBuf>, Failure> {
        let first = paths.first().map_or(Path::new("."), PathBuf::as_path);
        let loaded = project.of(first)?;
        Ok(loaded.config.snapshot())
    };
    match given {
        Some(path) => Ok(Some(path.to_owned())),
        None => configured(),
    }
}

/// The path and bytes of a snapshot file that an article names, if it lies in the project.
pub fn snapshot_file(project: &Project, article: &Path, file: &str) -> Result<(PathBuf, Vec<u8>), SnapshotFault> {
    snapshot_file_in(&*project.tree, project, article, file)
}

/// The same in a state of the files that need not be the one of the configuration.
pub fn snapshot_file_in(tree: &dyn Tree, project: &Project, article: &Path, file: &str) -> Result<(PathBuf, Vec<u8>), SnapshotFault> {
    let loaded = project.of(article).ok();
    let root = loaded.and_then(|loaded| loaded.config.path.is_some().then(|| loaded.config.project()));
    let root = root
        .or_else(|| repository_above(article))
        .unwrap_or_else(|| article.parent().filter(|folder| !folder.as_os_str().is_empty()).map_or_else(|| PathBuf::from("."), Path::to_owned));
    let path = discover::inside_project(tree, &root, article, file).ok_or(SnapshotFault::OutsideProject)?;
    let bytes = tree.read(&path).map_err(SnapshotFault::Unreadable)?;
    Ok((path, bytes))
}

/// The folder with `.git` at or above an article.
fn repository_above(article: &Path) -> Option<PathBuf> {
    let absolute = std::path::absolute(article).ok()?;
    absolute.ancestors().skip(1).find(|folder| folder.join(".git").exists()).map(Path::to_owned)
}

fn bar(articles: usize, args: &Check) -> Option<ProgressBar> {
    if articles < BAR_FROM || args.quiet || !std::io::stderr().is_terminal() || std::env::var_os("CI").is_some() {
        return None;
    }
    let bar = ProgressBar::with_draw_target(Some(articles as u64), ProgressDrawTarget::stderr());
    let style = ProgressStyle::with_template("{bar:30} {pos}/{len} articles").ok()?;
    bar.set_style(style);
    Some(bar)
}

pub fn in_pool<T: Send>(jobs: Option<usize>, work: impl FnOnce() -> T + Send) -> Result<T, Failure> {
    if jobs == Some(0) {
        return Err(Failure::new("`--jobs 0` would do nothing", "give at least 1, or leave the flag out"));
    }
    let mut pool = rayon::ThreadPoolBuilder::new().stack_size(STACK);
    if let Some(jobs) = jobs {
        pool = pool.num_threads(jobs);
    }
    let pool = pool.build().map_err(|error| Failure::new(format!("no threads could be started: {error}"), "try `--jobs 1`"))?;
    Ok(pool.install(work))
}

/// The verdict, from all findings and before any display filter. Drafts count only when asked.
fn exit_code(packets: &[Packet], args: &Check) -> u8 {
    let counts = |packet: &&Packet| args.drafts || !packet.draft;
    let bad = packets.iter().filter(counts).any(|packet| match args.fail_on {
        FailOn::Fail => packet.gate.status == "fail",
        FailOn::Limited => packet.gate.status != "pass",
        FailOn::Never => false,
    });
    u8::from(bad)
}

fn summarise(packets: &[Packet], skipped: usize) -> Summary {
    let mut summary = Summary { articles: packets.len(), skipped, ..Summary::default() };
    for packet in packets {
        match packet.gate.status.as_str() {
            "pass" => summary.pass += 1,
            "limited" => summary.limited += 1,
            _ => summary.fail += 1,
        }
        summary.drafts += usize::from(packet.draft);
        for finding in packet.all_findings() {
            if let Some(waived) = &finding.waived {
                *(if waived.by == engine::BASELINE { &mut summary.held } else { &mut summary.waived }) += 1;
                continue;
            }
            match finding.severity.as_str() {
                "error" => summary.errors += 1,
                "warning" => summary.warnings += 1,
                _ => summary.notes += 1,
            }
        }
    }
    summary
}

fn write(report: &Report, outputs: &[Output], args: &Check) -> Result<(), Failure> {
    for output in outputs {
        let style = Style { color: output.path.is_none() && project::color(args.color), width: project::width(), verbose: args.verbose, quiet: args.quiet };
        let report = |out: &mut dyn Write| report::write(report, output.format, style, out);
        match &output.path {
            None => super::print_with(report)?,
            Some(path) => write_file(path, report)?,
        }
    }
    outputs::job_summary(report, outputs.iter().map(|output| output.format), Style { color: false, width: 100, verbose: false, quiet: false })
}

/// Writes beside the target and moves it there: a killed run leaves the old file or the new one.
pub fn write_file(path: &Path, report: impl Fn(&mut dyn Write) -> std::io::Result<()>) -> Result<(), Failure> {
    let shown = discover::reported(path);
    let failed = |error: std::io::Error| Failure::new(format!("`{shown}` could not be written: {error}"), "check that its folder exists and may be written to");
    let mut name = path.file_name().unwrap_or_default().to_os_string();
    name.push(format!(".{}.part", std::process::id()));
    let part = path.with_file_name(name);
    let mut file = std::io::BufWriter::new(std::fs::File::create(&part).map_err(failed)?);
    let written = report(&mut file).and_then(|()| file.flush()).and_then(|()| file.get_ref().sync_all()).and_then(|()| std::fs::rename(&part, path));
    written.map_err(|error| {
        let _ = std::fs::remove_file(&part);
        failed(error)
    })
}
