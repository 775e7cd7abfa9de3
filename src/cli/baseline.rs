//! `notegate baseline`: writes down what is wrong today, so that later runs tell what is new.

use std::path::{Path, PathBuf};

use super::args::{Baseline as Args, BaselineCommand as Command};
use super::check::{find_in, given_snapshot, in_pool, snapshot_file, write_file};
use super::corpus;
use super::fail::Failure;
use super::held::{self, Held};
use super::notices::shown;
use super::project::{self, Project};
use crate::baseline::{Baseline, is_holdable};
use crate::engine::{self, Among, Run};
use crate::packet::Packet;

/// Creates, updates or prunes a baseline.
pub fn run(command: &Command) -> Result<u8, Failure> {
    let args = match command {
        Command::Create(args) | Command::Update(args) | Command::Prune(args) => args,
    };
    let as_of = project::as_of(args.as_of.as_deref())?;
    let project = Project::open(args.config.as_deref())?;
    let first = args.paths.first().map_or(Path::new("."), PathBuf::as_path);
    let path = match &args.baseline {
        Some(path) => path.clone(),
        None => held::place(&project, first)?.path,
    };
    let file_name = shown(&path);
    if matches!(command, Command::Create(_)) && path.exists() {
        return Err(Failure::new(
            format!("there is a baseline already: `{file_name}`"),
            "`notegate baseline update` adds what is new and drops what was fixed",
        ));
    }
    let found = find_in(&args.paths, &args.exclude, &project, None)?;
    let file = |path: &str| found.file(path).to_owned();
    let whole = args.exclude.is_empty();
    let old = if matches!(command, Command::Create(_)) {
        Held::fresh(&path, &found.articles, &file, &args.paths, whole)
    } else {
        Held::open(&project, Some(&path), false, &found.articles, &file, &args.paths, whole)?
    };
    if let Some(article) = old.outside(&found.articles) {
        let help = "name the paths that belong to it, or another file with `--baseline FILE`";
        return Err(Failure::new(format!("`{article}` lies outside of the folder of the baseline `{file_name}`"), help));
    }
    let packets = judge(args, &project, &found, &old, as_of)?;
    let packets: Vec<&Packet> = packets.iter().collect();
    let since = as_of.to_string();
    let before = old.only(|baseline, _, _| baseline.entries().len()).unwrap_or(0);
    let new = old.only(|baseline, moves, run| match command {
        Command::Prune(_) => baseline.pruned(&packets, moves, run),
        Command::Create(_) | Command::Update(_) => baseline.updated(&packets, moves, run, &since),
    });
    let new = new.unwrap_or_default();
    let pruned = old.only(|baseline, moves, run| baseline.prunable(&packets, moves, run).len()).unwrap_or(0);
    write_file(&path, |out| std::io::Write::write_all(out, new.write().as_bytes()))?;
    super::print(&summary(&file_name, before, pruned, &new, &packets)).map(|()| 0)
}

fn judge(args: &Args, project: &Project, found: &crate::discover::Found, held: &Held, as_of: jiff::civil::Date) -> Result<Vec<Packet>, Failure> {
    let first = args.paths.first().map_or(Path::new("."), PathBuf::as_path);
    let given = given_snapshot(args.snapshot.as_deref(), &args.paths, project)?;
    let snapshot = given.as_deref().map(|path| project::snapshot_in(&*project.tree, path)).transpose()?;
    let beside = corpus::beside(&args.exclude, project, first, found)?;
    let is_beside = |path: &str| beside.articles.binary_search_by(|other| other.as_str().cmp(path)).is_ok();
    let file = |path: &str| if is_beside(path) { beside.file(path).to_owned() } else { found.file(path).to_owned() };
    let load = |path: &str| if is_beside(path) { beside.read(path) } else { found.read(path) };
    let load_snapshot = |article: &str, snapshot: &str| snapshot_file(project, &file(article), snapshot).map(|(_, bytes)| bytes);
    let desk = |path: &str| project.desk_of_file(&file(path));
    let series = |path: &str| project.series_of_file(&file(path));
    let common = project.desk(&corpus::place(first));
    let among = Among { beside: &beside.articles, desk: &common, series: &series };
    let run = Run { as_of, desk: &desk, load: &load, load_snapshot: &load_snapshot, snapshot: snapshot.as_ref(), progress: &|| {}, sign_offs: &|_| None };
    let (packets, _) = in_pool(args.jobs, || engine::run_held(&run, &found.articles, &among, &mut |packets| held.hold(packets)))?;
    Ok(packets)
}

fn summary(path: &str, before: usize, pruned: usize, new: &Baseline, packets: &[&Packet]) -> String {
    let left: Vec<String> = packets
        .iter()
        .flat_map(|packet| packet.all_findings().filter(|finding| !is_holdable(finding) && finding.severity != "note").map(move |finding| (packet, finding)))
        .map(|(packet, finding)| format!("  {}:{} {}\n", packet.path, finding.line, finding.rule))
        .collect();
    let count = new.entries().len();
    let are = |count: usize| if count == 1 { "1 finding is".to_owned() } else { format!("{count} findings are") };
    let mut out = format!("{path}: {} held ({} new, {pruned} dropped)\n", are(count), (count + pruned).saturating_sub(before));
    if !left.is_empty() {
        out.push_str(&format!("{} not, for nobody may excuse them (`notegate explain RULE` says why):\n", are(left.len())));
        out.extend(left.iter().take(20).cloned());
        if left.len() > 20 {
            out.push_str(&format!("  and {} more\n", left.len() - 20));
        }
    }
    crate::report::printable(&out)
}
