//! `notegate verify`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::args::Check;
use super::check::{self, find_in};
use super::fail::Failure;
use super::keep::Keeping;
use super::project::{self, Project};
use crate::attest::canonical;
use crate::config::Chain;
use crate::discover::{self, tree::Disk};
use crate::packet::Tool;
use crate::packet::file::PacketFile;
use crate::report::printable;
use crate::store::Kind;
use crate::verify::{Evidence, State, VERIFY_SCHEMA, Verdict, VerifyReport, verify};

/// The check that compares articles with each other.
const COMPARING: &str = "scaled-content";
/// How a difference of the gate begins.
const GATE: &str = "gate";

/// Arguments of `verify`.
#[derive(Debug, Args)]
pub struct Verify {
    /// Articles and folders [default: `.`, and every article a packet is kept for]
    pub paths: Vec<PathBuf>,
    /// The folder of packets [default: `[packet] dir` of lint.toml]
    #[arg(long, value_name = "DIR")]
    pub packet: Option<PathBuf>,
    /// A public key whose signatures count; may be given several times, beside `[packet] trusted-keys` of lint.toml
    #[arg(long, value_name = "FILE", alias = "key")]
    pub trusted: Vec<PathBuf>,
    /// States that do not change the exit code
    #[arg(long, value_enum, value_delimiter = ',', value_name = "STATE")]
    pub permit: Vec<Permit>,
    /// Judge the articles again, as of the day of their packets, and compare
    #[arg(long)]
    pub rejudge: bool,
    /// terminal or json
    #[arg(long, value_enum, default_value_t = As::Terminal)]
    pub format: As,
    /// The day to verify on (YYYY-MM-DD) [default: NOTEGATE_AS_OF, SOURCE_DATE_EPOCH, today]
    #[arg(long, value_name = "DATE")]
    pub as_of: Option<String>,
    /// Use this configuration file instead of the nearest lint.toml
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

/// States that may be permitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Permit {
    /// No trusted key vouches for it
    Unsigned,
    /// The next review is due, or younger evidence lies beside the packet
    Stale,
    /// No packet is kept
    Missing,
}

/// How to write.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum As {
    /// For a person at a terminal
    Terminal,
    /// `notegate.verify/1`
    Json,
}

/// Verifies what is kept against what is there.
pub fn run(args: &Verify) -> Result<u8, Failure> {
    let as_of = project::as_of(args.as_of.as_deref())?;
    let first = args.paths.first().map_or(Path::new("."), PathBuf::as_path);
    let opened = Project::open(args.config.as_deref())
        .and_then(|project| Keeping::open(args.packet.as_deref(), args.config.as_deref(), &project, first).map(|keeping| (project, keeping)));
    // a configuration that cannot be read any more is a finding of the verification, as long as it is not needed to find the packets
    let (project, keeping) = match (opened, &args.packet) {
        (Ok((project, keeping)), _) => (Some(project), keeping),
        (Err(_), Some(folder)) if !args.trusted.is_empty() || args.permit.contains(&Permit::Unsigned) => {
            (None, Some(Keeping::at(folder, args.config.as_deref())))
        }
        (Err(failure), _) => return Err(failure),
    };
    let Some(mut keeping) = keeping else {
        return Err(Failure::new("there is no folder of packets", "name one with `--packet DIR`, or `[packet] dir` in lint.toml"));
    };
    keeping.trust(&args.trusted)?;
    if !keeping.store.folder.is_dir() {
        return Err(Failure::new(
            format!("the folder of packets `{}` does not exist", discover::reported(&keeping.store.folder)),
            "`notegate check --packet DIR` makes it",
        ));
    }
    let names = names(&args.paths, &keeping, project.as_ref())?;
    let lock = keeping.store.lock_shared();
    let mut packets = BTreeMap::new();
    let mut articles: Vec<Verdict> = Vec::new();
    for name in &names {
        let (verdict, packet) = one(&keeping, project.as_ref(), name, args.config.as_deref(), as_of);
        articles.push(verdict);
        packets.extend(packet.map(|packet| (name.clone(), packet)));
    }
    drop(lock);
    if args.rejudge {
        rejudge(args, &keeping, &packets, &mut articles)?;
    }
    let permitted = states(&args.permit);
    let accepted = articles.iter().all(|verdict| verdict.is_accepted(&permitted));
    let report = VerifyReport {
        schema: VERIFY_SCHEMA.to_owned(),
        tool: Tool { name: "notegate".to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() },
        as_of: as_of.to_string(),
        trusted: keeping.trusted.iter().map(crate::attest::PublicKey::id).collect(),
        permitted,
        accepted,
        articles,
    };
    match args.format {
        As::Json => super::print(&format!("{}\n", serde_json::to_string_pretty(&report).unwrap_or_default()))?,
        As::Terminal => super::print(&terminal(&report))?,
    }
    Ok(u8::from(!accepted))
}

/// Permitted states.
pub fn states(permit: &[Permit]) -> Vec<State> {
    let state = |permit: &Permit| match permit {
        Permit::Unsigned => State::Unsigned,
        Permit::Stale => State::Stale,
        Permit::Missing => State::Missing,
    };
    permit.iter().map(state).collect()
}

/// The articles to verify: those found under the paths, and those below them that evidence is kept for.
pub fn names(given: &[PathBuf], keeping: &Keeping, project: Option<&Project>) -> Result<BTreeSet<String>, Failure> {
    let paths = if given.is_empty() { vec![PathBuf::from(".")] } else { given.to_vec() };
    let there: Vec<PathBuf> = paths.iter().filter(|path| path.exists()).cloned().collect();
    let mut names = BTreeSet::new();
    if let Some(found) = project.map(|project| find_in(&there, &[], project, None)).transpose()? {
        names.extend(found.articles.iter().map(|path| keeping.name(found.file(path))));
    }
    let kept = keeping.store.kept().map_err(|error| Failure::new(format!("the folder of packets could not be listed: {error}"), "check its rights"))?;
    let below: Vec<String> = paths.iter().map(|path| keeping.name(path)).collect();
    let is_below = |name: &String| given.is_empty() || below.iter().any(|path| path.is_empty() || name == path || name.starts_with(&format!("{path}/")));
    names.extend(kept.into_iter().filter(is_below));
    if let Some(unknown) = paths.iter().find(|path| !path.exists() && !names.contains(&keeping.name(path))) {
        return Err(Failure::new(format!("`{}` does not exist, and no packet is kept for it", discover::reported(unknown)), "check the spelling"));
    }
    Ok(names)
}

/// Verifies one article.
pub fn one(keeping: &Keeping, project: Option<&Project>, name: &str, config: Option<&Path>, as_of: jiff::civil::Date) -> (Verdict, Option<PacketFile>) {
    let place = keeping.place(name);
    let kept = |kind: Kind| keeping.store.read(name, kind).unwrap_or_else(|error| Some(error.to_string().into_bytes()));
    let counts = config.map(Path::to_owned).or_else(|| discover::config_above(&Disk, place.parent().unwrap_or(Path::new("."))));
    let evidence = Evidence {
        path: name,
        article: discover::read(&place),
        packet: kept(Kind::Packet),
        envelope: kept(Kind::Envelope),
        sign_off: kept(Kind::SignOff),
        input: &|path| discover::read(&keeping.place(path)),
        config_now: counts.iter().flat_map(|path| config_files(path)).map(|path| keeping.name(&path)).collect(),
    };
    // a configuration that cannot be read names nobody, and nobody's word counts then
    let trusted = project.map_or_else(|| keeping.trusted.clone(), |project| keeping.trusted_for(project, &place).unwrap_or_default());
    verify(&evidence, &trusted, as_of)
}

/// The files of a configuration that may be broken, in the order of packets.
fn config_files(nearest: &Path) -> Vec<PathBuf> {
    match project::text_file(nearest) {
        Ok(text) => Chain::read(&Disk, nearest, text).inputs(),
        Err(_) => vec![nearest.to_owned()],
    }
}

/// Judges again what packets say was judged, each as of its own day.
fn rejudge(args: &Verify, keeping: &Keeping, packets: &BTreeMap<String, PacketFile>, verdicts: &mut [Verdict]) -> Result<(), Failure> {
    let snapshot_of = |packet: &PacketFile| packet.inputs.snapshot.as_ref().map(|file| keeping.place(&file.path)).filter(|path| path.is_file());
    let runs: BTreeSet<(&str, Option<PathBuf>)> = packets.values().map(|packet| (packet.as_of.as_str(), snapshot_of(packet))).collect();
    for (day, snapshot) in runs {
        let of_run = packets.iter().filter(|(_, packet)| packet.as_of == day && snapshot_of(packet) == snapshot);
        let of_run: Vec<PathBuf> = of_run.map(|(name, _)| from_here(keeping.place(name))).filter(|path| path.is_file()).collect();
        if of_run.is_empty() {
            continue;
        }
        let again = std::sync::Mutex::new(Vec::new());
        // a snapshot that was given to a run is given to it again; one that an article names goes before it anyway
        let check = Check::of(&of_run, args.config.as_deref(), Some(day), snapshot.as_deref(), Some(&keeping.store.folder));
        let judged = check.and_then(|check| {
            check::judge_then(&check, &|judged| {
                let named = judged.packets.iter().map(|packet| (keeping.name(&(judged.file)(&packet.path)), packet.clone()));
                again.lock().unwrap_or_else(std::sync::PoisonError::into_inner).extend(named);
                Ok(Some(0))
            })
        });
        if let Err(failure) = judged {
            // what one packet names must not keep the others from being verified
            let names: BTreeSet<String> = of_run.iter().map(|path| keeping.name(path)).collect();
            for verdict in verdicts.iter_mut().filter(|verdict| names.contains(&verdict.path)) {
                verdict.add(State::Missing, "judgement", format!("it cannot be judged again: {}", failure.message()));
            }
            continue;
        }
        for (name, mut now) in again.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner) {
            let (Some(kept), Some(verdict)) = (packets.get(&name), verdicts.iter_mut().find(|verdict| verdict.path == name)) else { continue };
            now.path.clone_from(&name);
            now.kept.clone_from(&kept.article.kept);
            let what = differences(kept, &now);
            if !what.is_empty() {
                // what it is compared with are other articles, and they may come, go and change
                let compared = what.iter().all(|what| what == COMPARING || what.starts_with(GATE)) && what.iter().any(|what| what == COMPARING);
                let same_rules = kept.tool.version == env!("CARGO_PKG_VERSION");
                let state = if same_rules && !compared { State::Tampered } else { State::Stale };
                let why = if compared { "the articles it is compared with are others now" } else { "it comes out otherwise" };
                verdict.add(state, "judgement", format!("judged again, {why}: {}", what.join(", ")));
            }
        }
    }
    Ok(())
}

/// A path as a person standing here would give it: articles are told apart by the paths they are given by.
fn from_here(path: PathBuf) -> PathBuf {
    let here = std::path::absolute(".").unwrap_or_default();
    path.strip_prefix(here).map(Path::to_owned).unwrap_or(path)
}

/// What of a review comes out otherwise. Paths in texts depend on the folder a run is started in, and are left aside.
fn differences(kept: &PacketFile, now: &crate::packet::Packet) -> Vec<String> {
    let old = &kept.article;
    let mut what = Vec::new();
    if canonical(&old.gate) != canonical(&now.gate) {
        what.push(format!("{GATE} {} (row {}) and now {} (row {})", old.gate.status, old.gate.row, now.gate.status, now.gate.row));
    }
    for (check, other) in old.checks.iter().zip(&now.checks) {
        let marks = |check: &crate::packet::CheckRecord| {
            check.findings.iter().map(|finding| (finding.fingerprint.clone(), finding.severity.clone())).collect::<Vec<_>>()
        };
        if check.status != other.status || canonical(&check.facts) != canonical(&other.facts) || marks(check) != marks(other) {
            what.push(check.id.clone());
        }
    }
    if old.content_sha256 != now.content_sha256 || old.sections.len() != now.sections.len() || canonical(&old.evidence) != canonical(&now.evidence) {
        what.push("content".to_owned());
    }
    what
}

fn terminal(report: &VerifyReport) -> String {
    let mut out = String::new();
    for verdict in &report.articles {
        let gate = match (&verdict.gate, &verdict.index, &verdict.as_of) {
            (Some(gate), Some(index), Some(day)) => format!("  packet of {day}: gate {gate}, index {index}"),
            _ => String::new(),
        };
        let key = verdict.signed_by.as_ref().map(|key| format!(", signed by {key}")).unwrap_or_default();
        out.push_str(&format!("{:<9} {}{gate}{key}\n", verdict.state.as_str(), verdict.path));
        for fault in &verdict.faults {
            out.push_str(&format!("          {} ({}): {}\n", fault.part, fault.state.as_str(), fault.message));
        }
    }
    let count = |state: State| report.articles.iter().filter(|verdict| verdict.state == state).count();
    let counts: Vec<String> = [State::Verified, State::Stale, State::Tampered, State::Unsigned, State::Missing]
        .into_iter()
        .map(|state| format!("{} {}", count(state), state.as_str()))
        .collect();
    let articles = if report.articles.len() == 1 { "1 article".to_owned() } else { format!("{} articles", report.articles.len()) };
    out.push_str(&format!("{articles} on {}: {}\n", report.as_of, counts.join(", ")));
    printable(&out)
}
