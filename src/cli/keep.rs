//! Packets that are kept: where they lie, what they are called, what goes into them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use clap::Args;

use super::check::Judged;
use super::fail::Failure;
use super::project::{self, Project};
use crate::attest::{PublicKey, SecretKey, canonical, sha256};
use crate::discover::{self, tree::Disk};
use crate::engine::BASELINE;
use crate::packet::file::{FileDigest, PacketFile, PacketInputs};
use crate::sign_off::{Held, SignOff};
use crate::store::{self, Kind, RealDisk, Store};

/// Environment variable that holds a signing key.
const KEY_VARIABLE: &str = "NOTEGATE_SIGNING_KEY";

/// Arguments of `check` about packets.
#[derive(Debug, Args)]
pub struct Keep {
    /// Keep a packet of each article in this folder [default: `[packet] dir` of lint.toml]
    #[arg(long, value_name = "DIR")]
    pub packet: Option<PathBuf>,
    /// Sign the packets that are kept
    #[arg(long)]
    pub attest: bool,
    /// The key to sign with, in a file [default: the variable NOTEGATE_SIGNING_KEY, which holds the key itself]
    #[arg(long, value_name = "FILE", requires = "attest")]
    pub key: Option<PathBuf>,
}

/// Tables that say nothing about how articles are judged: where things lie, and files that packets are bound to by themselves.
const NOT_JUDGING: &[&str] = &["discover.", "packet.", "index.", "rules.", "snapshot."];

/// Where the packets of a run lie.
pub struct Keeping {
    /// The folder.
    pub store: Store,
    /// The folder that paths in packets start from: that of the lint.toml above the working directory, else this itself.
    pub base: PathBuf,
    /// Keys whose signatures count where the configuration of an article names none: those given to the run, and those of the
    /// configuration above the working directory.
    pub trusted: Vec<PublicKey>,
    /// Those given to the run.
    given: Vec<PublicKey>,
    /// Digests of policies, by the policy and what else bears on it.
    policies: Mutex<BTreeMap<(usize, Option<String>), String>>,
}

impl Keeping {
    /// The folder of `--packet`, else of the configuration above the first path; `None` where packets are not kept.
    pub fn open(flag: Option<&Path>, config: Option<&Path>, project: &Project, first: &Path) -> Result<Option<Self>, Failure> {
        let loaded = project.of(first)?;
        let settings = loaded.config.packet();
        let folder = match (flag, &settings.dir) {
            (Some(folder), _) => folder.to_owned(),
            (None, Some(dir)) => dir.clone(),
            (None, None) => return Ok(None),
        };
        // not those of the first path: the order of paths must not decide whose word counts
        let above = project.of(Path::new("."))?;
        let trusted = public_keys(&above.config.packet().trusted_keys).map_err(|failure| failure.standing_at(above.config.names_at("packet.trusted-keys")))?;
        Ok(Some(Self { store: Store { folder }, base: base(config), trusted, given: Vec::new(), policies: Mutex::default() }))
    }

    /// The keys whose signatures count for an article.
    pub fn trusted_for(&self, project: &Project, file: &Path) -> Result<Vec<PublicKey>, Failure> {
        let loaded = project.of(file)?;
        let own = loaded.config.packet().trusted_keys;
        if own.is_empty() {
            return Ok(self.trusted.clone());
        }
        let keys = public_keys(&own).map_err(|failure| failure.standing_at(loaded.config.names_at("packet.trusted-keys")))?;
        Ok(keys.into_iter().chain(self.given.iter().cloned()).collect())
    }

    /// The same where configurations may be broken: nothing is read but keys.
    pub fn at(folder: &Path, config: Option<&Path>) -> Self {
        Self { store: Store { folder: folder.to_owned() }, base: base(config), trusted: Vec::new(), given: Vec::new(), policies: Mutex::default() }
    }

    /// Trusts more keys.
    pub fn trust(&mut self, files: &[PathBuf]) -> Result<(), Failure> {
        for file in files {
            self.trusted.push(public_key(file)?);
            self.given.push(public_key(file)?);
        }
        Ok(())
    }

    /// What packets call a file.
    pub fn name(&self, file: &Path) -> String {
        let absolute = discover::absolute(file);
        discover::reported(absolute.strip_prefix(&self.base).unwrap_or(&absolute))
    }

    /// The file that packets call so.
    pub fn place(&self, name: &str) -> PathBuf {
        self.base.join(name)
    }

    /// The digest of the policy of an article, with its rules.
    pub fn policy(&self, project: &Project, file: &Path) -> String {
        let desk = project.desk(file);
        let key = (std::sync::Arc::as_ptr(&desk.policy) as usize, project.series(file));
        let mut policies = self.policies.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        policies
            .entry(key)
            .or_insert_with(|| {
                let Ok(loaded) = project.of(file) else { return String::new() };
                let values = loaded.config.effective(&project::relative(&loaded.config, file), &loaded.rulebook);
                let judging =
                    values.into_iter().filter(|value| !NOT_JUDGING.iter().any(|table| value.key.starts_with(table))).map(|value| (value.key, value.value));
                sha256(&canonical(&(judging.collect::<BTreeMap<_, _>>(), &loaded.rulebook.digest)))
            })
            .clone()
    }

    /// The sign-off of an article.
    pub fn held(&self, project: &Project, file: &Path) -> Option<Held> {
        let name = self.name(file);
        let bytes = match self.store.read(&name, Kind::SignOff) {
            Ok(bytes) => Ok(bytes?),
            Err(error) => Err(error.to_string()),
        };
        let sign_off = bytes.and_then(|bytes| SignOff::read(&bytes)).and_then(|sign_off| {
            if sign_off.decision.article == name { Ok(sign_off) } else { Err(format!("it is the sign-off of `{}`", sign_off.decision.article)) }
        });
        let refused = match self.trusted_for(project, file) {
            Ok(trusted) => sign_off.as_ref().ok().filter(|_| !trusted.is_empty()).and_then(|sign_off| sign_off.distrust(&trusted)),
            Err(failure) => Some(failure.message()),
        };
        Some(Held { sign_off, policy_sha256: self.policy(project, file), refused })
    }

    /// Digests of what an article was judged by. `snapshot`: its snapshot file; `baseline`: the file that holds findings of it.
    fn inputs(&self, project: &Project, file: &Path, snapshot: Option<&Path>, baseline: Option<&Path>) -> Result<PacketInputs, Failure> {
        let loaded = project.of(file)?;
        let digest = |path: &Path| -> Result<FileDigest, Failure> {
            let bytes = discover::read(path).map_err(|why| {
                Failure::new(
                    format!("`{}` could not be read again for the packet: {why}", discover::reported(path)),
                    "do not move files while articles are judged",
                )
            })?;
            Ok(FileDigest { path: self.name(path), sha256: sha256(&bytes) })
        };
        let config = loaded.config.inputs().iter().map(|path| digest(path)).collect::<Result<_, _>>()?;
        let rules = loaded.config.rule_files().iter().map(|(rule, file)| digest(&file.folder().join(rule))).collect::<Result<_, _>>()?;
        let snapshot = snapshot.map(digest).transpose()?;
        let baseline = baseline.map(digest).transpose()?;
        Ok(PacketInputs { config, rules, rulebook: loaded.rulebook.digest.clone(), policy: self.policy(project, file), snapshot, baseline })
    }

    /// Keeps the packets of a run, signed where a key is given.
    pub fn keep(&self, judged: &Judged, key: Option<&SecretKey>) -> Result<(), Failure> {
        let (project, as_of) = (judged.project, judged.as_of.to_string());
        let failed = |error: std::io::Error| {
            Failure::new(
                format!("packets could not be kept in `{}`: {error}", discover::reported(&self.store.folder)),
                "check that the folder may be written to, and name another with `--packet`",
            )
        };
        let _lock = self.store.lock().map_err(failed)?;
        for packet in judged.packets.iter() {
            let place = (judged.file)(&packet.path);
            let mut article = packet.clone();
            article.path = self.name(&place);
            let before = self.store.read(&article.path, Kind::Packet).map_err(failed)?.and_then(|bytes| PacketFile::read(&bytes).ok());
            if let Some(other) = before.as_ref().map(|before| &before.article.path).filter(|other| **other != article.path) {
                return Err(Failure::new(
                    format!("the packets of `{}` and `{other}` would be one file on this disk", article.path),
                    "rename one of the articles: their names must differ in more than upper and lower case",
                ));
            }
            let of_article = judged.clusters.iter().filter(|cluster| cluster.articles.contains(&packet.path)).cloned().collect();
            let snapshot = packet.snapshot.as_ref().filter(|snapshot| snapshot.sha256.is_some()).and_then(|_| (judged.snapshot)(&packet.path));
            let is_held = packet.all_findings().filter_map(|finding| finding.waived.as_ref()).any(|waived| waived.by == BASELINE);
            let baseline = if is_held { (judged.baseline)(&packet.path) } else { None };
            let inputs = self.inputs(project, &place, snapshot.as_deref(), baseline.as_deref())?;
            let kept = PacketFile::new(article, of_article, inputs, &as_of, before.as_ref());
            let name = &kept.article.path;
            self.store.write(&RealDisk, name, Kind::Packet, &kept.bytes()).map_err(failed)?;
            if let Some(key) = key {
                self.store.write(&RealDisk, name, Kind::Envelope, &canonical(&kept.attest(key))).map_err(failed)?;
            }
        }
        Ok(())
    }
}

/// The folder that paths in packets start from.
fn base(config: Option<&Path>) -> PathBuf {
    let given = config.and_then(|config| std::path::absolute(config).ok()).and_then(|config| config.parent().map(Path::to_owned));
    let above = || discover::config_above(&Disk, Path::new(".")).and_then(|config| config.parent().map(Path::to_owned));
    let base = given.or_else(above).or_else(|| std::path::absolute(".").ok()).unwrap_or_default();
    discover::plainly(&base)
}

fn public_keys(files: &[PathBuf]) -> Result<Vec<PublicKey>, Failure> {
    files.iter().map(|file| public_key(file)).collect()
}

/// A trusted public key.
fn public_key(path: &Path) -> Result<PublicKey, Failure> {
    let shown = discover::reported(path);
    let help = "give the file that `notegate keygen` wrote beside the key, ending in .pub";
    let bytes = store::read(path)
        .map_err(|error| error.to_string())
        .and_then(|bytes| bytes.ok_or_else(|| "it does not exist".to_owned()))
        .map_err(|why| Failure::new(format!("the trusted public key `{shown}` could not be read: {why}"), help))?;
    PublicKey::read(&shown, &bytes).map_err(|why| Failure::new(format!("the trusted public key `{shown}` cannot be used: {why}"), help))
}

/// The key to sign with: of a file, else of the environment; `None` where there is neither. Nothing of it is ever shown.
pub fn secret_key(file: Option<&Path>) -> Result<Option<SecretKey>, Failure> {
    let help = "make a key with `notegate keygen FILE`";
    let (what, text) = match file {
        Some(path) => {
            let shown = discover::reported(path);
            let text = project::text_file(path).map_err(|why| Failure::new(format!("the signing key `{shown}` could not be read: {why}"), help))?;
            (format!("the signing key `{shown}`"), text)
        }
        None => match std::env::var(KEY_VARIABLE).ok().filter(|text| !text.trim().is_empty()) {
            Some(text) => (format!("the signing key in {KEY_VARIABLE}"), text),
            None => return Ok(None),
        },
    };
    SecretKey::read(&text).map(Some).map_err(|why| Failure::new(format!("{what} cannot be used: {why}"), help))
}
