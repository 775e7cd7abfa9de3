//! `notegate sign-off`.

use std::path::PathBuf;

use clap::Args;

use super::args::Check;
use super::check::{self, Judged};
use super::fail::Failure;
use super::{keep, project};
use crate::engine::weighty;
use crate::packet::Packet;
use crate::panel::text::is_unsafe;
use crate::policy::Policy;
use crate::sign_off::{Earlier, SignOff, SignedDecision};
use crate::store::{Kind, RealDisk};

/// Longest name, in characters.
const LONGEST_NAME: usize = 100;
const CHECK: &str = "who-how-review";

/// Arguments of `sign-off`.
#[derive(Debug, Args)]
pub struct Give {
    /// The article
    pub article: PathBuf,
    /// Who signs off: the name of a person
    #[arg(long, value_name = "NAME")]
    pub by: String,
    /// In which role
    #[arg(long)]
    pub role: Option<String>,
    /// What the person has to say about it
    #[arg(long)]
    pub note: Option<String>,
    /// The last day it holds (YYYY-MM-DD)
    #[arg(long, value_name = "DATE")]
    pub expires: Option<String>,
    /// Sign it with the key in this file [default: the variable NOTEGATE_SIGNING_KEY, which holds the key itself]
    #[arg(long, value_name = "FILE")]
    pub key: Option<PathBuf>,
    /// The folder of packets [default: `[packet] dir` of lint.toml]
    #[arg(long, value_name = "DIR")]
    pub packet: Option<PathBuf>,
    /// Use this configuration file instead of the nearest lint.toml
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// A source snapshot (JSON) for an article that declares none
    #[arg(long, value_name = "FILE")]
    pub snapshot: Option<PathBuf>,
    /// The day (YYYY-MM-DD) [default: NOTEGATE_AS_OF, SOURCE_DATE_EPOCH, today]
    #[arg(long, value_name = "DATE")]
    pub as_of: Option<String>,
}

/// Records a person's decision. 1: the article fails, and cannot be signed off.
pub fn run(args: &Give) -> Result<u8, Failure> {
    if !args.article.is_file() {
        return Err(Failure::new(format!("`{}` is no article", crate::discover::reported(&args.article)), "name one article; every sign-off is about one"));
    }
    let check =
        Check::of(std::slice::from_ref(&args.article), args.config.as_deref(), args.as_of.as_deref(), args.snapshot.as_deref(), args.packet.as_deref())?;
    check::judge_then(&check, &|judged| give(args, judged).map(Some))
}

fn give(args: &Give, judged: &mut Judged) -> Result<u8, Failure> {
    let Some(keeping) = judged.keeping else {
        return Err(Failure::new("there is no folder to keep the sign-off in", "name one with `--packet DIR`, or `[packet] dir` in lint.toml"));
    };
    let [packet] = judged.packets.as_slice() else {
        return Err(Failure::new("the article is excluded from judgement", "take it out of `[discover] exclude` in lint.toml"));
    };
    let file = (judged.file)(&packet.path);
    let by = name(&args.by, &judged.project.desk(&file).policy)?;
    let expires = args.expires.as_deref().map(|text| project::as_of(Some(text))).transpose()?;
    if expires.is_some_and(|last| last < judged.as_of) {
        return Err(Failure::new(format!("`--expires` is before {}, the day of the sign-off", judged.as_of), "give a day that is still to come"));
    }
    if packet.gate.status == "fail" {
        let because = packet.gate.because.join(", ");
        Failure::new(
            format!("`{}` fails, and nobody can sign off a failure: row {} because {because}", packet.path, packet.gate.row),
            format!("`notegate check {}` says what to change", packet.path),
        )
        .show();
        return Ok(1);
    }
    let key = keep::secret_key(args.key.as_deref())?;
    let failed = |error: std::io::Error| Failure::new(format!("the sign-off could not be kept: {error}"), "check the folder of packets");
    let _lock = keeping.store.lock().map_err(failed)?;
    let article = keeping.name(&file);
    let before = keeping.store.read(&article, Kind::SignOff).map_err(failed)?;
    let before = before.map(|bytes| {
        SignOff::read(&bytes).map_err(|why| {
            Failure::new(
                format!("the sign-off that is there already was changed: {why}"),
                "look into it first; delete the file when you know what happened to it",
            )
        })
    });
    let earlier = before.transpose()?.map(|before| {
        let last = Earlier { by: before.decision.by.clone(), signed_at: before.decision.signed_at.clone(), sha256: before.sha256.clone() };
        before.decision.earlier.into_iter().chain([last]).collect()
    });
    let decision = SignedDecision {
        article: article.clone(),
        by,
        role: args.role.clone(),
        note: args.note.clone(),
        signed_at: judged.as_of.to_string(),
        expires: expires.map(|day| day.to_string()),
        content_sha256: packet.content_sha256.clone(),
        snapshot_sha256: packet.snapshot.as_ref().and_then(|snapshot| snapshot.sha256.clone()),
        policy_sha256: keeping.policy(judged.project, &file),
        accepted: weighty(packet).into_iter().collect(),
        limited: packet.checks.iter().filter(|check| check.status == "limited").map(|check| check.id.clone()).collect(),
        earlier: earlier.unwrap_or_default(),
    };
    let sign_off = SignOff::new(decision, key.as_ref());
    keeping.store.write(&RealDisk, &article, Kind::SignOff, &crate::attest::canonical(&sign_off)).map_err(failed)?;
    told(packet, &sign_off, key.is_some())?;
    Ok(0)
}

fn told(packet: &Packet, sign_off: &SignOff, signed: bool) -> Result<(), Failure> {
    let decision = &sign_off.decision;
    let mut text = format!("{} is signed off by {}, {}\n", packet.path, decision.by, decision.signed_at);
    for accepted in packet.all_findings().filter(|finding| finding.severity != "note") {
        text.push_str(&format!("  accepted: line {}: {} ({})\n", accepted.line, accepted.message, accepted.rule));
    }
    text.push_str(if signed { "signed with a key\n" } else { "not signed with a key\n" });
    text.push_str("`notegate check --packet` takes it into the packet\n");
    super::print(&crate::report::printable(&text))
}

/// The name of a person. Machines and nobody sign nothing.
fn name(given: &str, policy: &Policy) -> Result<String, Failure> {
    let name = given.split_whitespace().collect::<Vec<_>>().join(" ");
    let help = "give the name of the person who read the article and answers for it: `--by \"Your Name\"`";
    if !name.chars().any(char::is_alphabetic) || name.chars().count() > LONGEST_NAME || given.chars().any(|c| is_unsafe(c) || c == '\n') {
        return Err(Failure::new(format!("`{given}` is no name"), help));
    }
    let lower = name.to_lowercase();
    let nobody = policy.list(CHECK, "not-who").iter().any(|nobody| nobody.to_lowercase() == lower);
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).collect();
    let machine =
        policy.list(CHECK, "machine-words").iter().any(|word| words.contains(&word.as_str()) || (word.contains(' ') && lower.contains(word.as_str())));
    if nobody || machine || lower == policy.reviewer.to_lowercase() {
        return Err(Failure::new(format!("`{name}` names no person, and a machine signs nothing off"), help));
    }
    Ok(name)
}
