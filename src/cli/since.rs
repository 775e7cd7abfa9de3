//! `check --since`: the articles of a run compared with those of a revision.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::{Args, ValueEnum};
use jiff::civil::Date;

use super::args::{Check, FailOn};
use super::check;
use super::corpus;
use super::fail::Failure;
use super::project::{self, Project};
use super::sides::{Asked, Known, Side, Sides, SignOffs};
use crate::compare::{Mix, Scope};
use crate::discover::tree::Tree;
use crate::discover::{self, Found};
use crate::document::Format;
use crate::packet::Packet;
use crate::packet::comparison::{Comparison, LeftOut};
use crate::snapshot::Snapshot;
use crate::vcs::{Recorded, Repository, WorkTree};

/// Arguments of `check` about a comparison.
#[derive(Debug, Args)]
pub struct SinceArgs {
    /// Compare with a git revision: tell what is new, fixed and moved since, and why, and fail only on what is new (`main...` compares with where the branch began)
    #[arg(long, value_name = "REV")]
    pub since: Option<String>,
    /// What makes the exit code [default: changed with --since, all without]
    #[arg(long, value_enum, value_name = "SCOPE", requires = "since")]
    pub gate_scope: Option<GateScope>,
}

/// What makes the exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum GateScope {
    /// What is new or worse; not what the clock alone did to an article that nobody touched
    Changed,
    /// The gates of all articles
    All,
}

impl GateScope {
    /// The scope of a comparison.
    pub const fn scope(self) -> Scope {
        match self {
            Self::Changed => Scope::Changed,
            Self::All => Scope::All,
        }
    }
}

/// A revision, and git around it.
pub struct Revision {
    /// The repository.
    pub repository: Repository,
    /// What the revision was called.
    pub name: String,
    /// Its commit.
    pub commit: String,
    /// Its files.
    pub files: Arc<Recorded>,
    /// The day on which it was committed.
    pub day: Date,
}

impl Revision {
    /// A revision by its name. `REV...` is the commit at which the branch of `head` began.
    pub fn find(name: &str, head: &str) -> Result<Self, Failure> {
        let repository = Repository::here()?;
        let commit = match name.strip_suffix("...") {
            Some(base) => repository.merge_base(base, head)?,
            None => repository.commit(name)?,
        };
        let day = day(repository.time_of(&commit)?)?;
        let files = Arc::new(repository.revision(&commit)?.called(format!("revision {name}")));
        Ok(Self { repository, name: name.to_owned(), commit, files, day })
    }
}

fn day(seconds: i64) -> Result<Date, Failure> {
    let moment = jiff::Timestamp::from_second(seconds)
        .map_err(|error| Failure::new(format!("the time of the commit is none: {error}"), "look at it with `git show`"))?;
    Ok(moment.to_zoned(jiff::tz::TimeZone::UTC).date())
}

/// Refuses paths that no revision knows.
pub fn refuse_paths(files: &Recorded, paths: &[PathBuf]) -> Result<(), Failure> {
    if paths.iter().any(|path| path == Path::new("-")) {
        return Err(Failure::new("standard input cannot be compared with a revision", "leave out `-`, or `--since`"));
    }
    if let Some(path) = paths.iter().find(|path| files.inside(path).is_none()) {
        let message = format!("`{}` lies outside of the repository, and has no past in it", discover::reported(path));
        return Err(Failure::new(message, "name paths of the repository, or run notegate inside the one that holds it"));
    }
    if let Some((path, submodule)) = paths.iter().find_map(|path| Some((path, files.submodule(path)?))) {
        let message = format!("`{}` belongs to the submodule `{}`, which has a history of its own", discover::reported(path), discover::reported(&submodule));
        return Err(Failure::new(message, "run notegate inside the submodule"));
    }
    Ok(())
}

/// The articles of a revision, ready to be judged.
pub struct Past {
    project: Option<Project>,
    tree: Arc<dyn Tree>,
    found: Found,
    beside: Found,
    snapshot: Option<Snapshot>,
    /// What is to be known about it.
    pub left_out: Vec<LeftOut>,
}

impl Past {
    /// Reads a revision as the newer state was read. `more`: articles besides those under the paths, from the top of the repository.
    /// `only`: no others than these and `more`, by their paths of today.
    pub fn read(revision: &Revision, asked: Asked, now: &Project, more: &BTreeSet<PathBuf>, only: Option<&[String]>) -> Result<Self, Failure> {
        let tree: Arc<dyn Tree> = Arc::clone(&revision.files) as Arc<dyn Tree>;
        let is_there = |path: &Path| tree.is_file(path) || tree.is_dir(path);
        let named: Vec<PathBuf> = match only {
            Some(only) => only.iter().map(PathBuf::from).collect(),
            None => asked.paths.to_vec(),
        };
        let mut paths: Vec<PathBuf> = named.into_iter().filter(|path| is_there(path)).collect();
        let is_article = |path: &&PathBuf| Format::of(&discover::reported(path)).is_some();
        paths.extend(more.iter().filter(is_article).map(|inside| near(revision.repository.top(), inside)).filter(|path| tree.is_file(path)));
        let mut left_out = Vec::new();
        let note = |left_out: &mut Vec<LeftOut>, path: &str, why: String| left_out.push(LeftOut { path: path.to_owned(), why });
        // a configuration that is named and was not there yet judges both states as it is now
        let config = asked.config.filter(|path| tree.is_file(path));
        if let Some(path) = asked.config.filter(|_| config.is_none()) {
            note(
                &mut left_out,
                &discover::reported(path),
                format!("it is not in revision {}: the articles of then are judged by the one of now", revision.name),
            );
        }
        let own = if asked.config.is_some() && config.is_none() { None } else { Some(now.in_state(Arc::clone(&tree), config)) };
        let opened = own.map(|own| own.and_then(|project| find(&tree, &project, asked.exclude, &paths).map(|found| (project, found))));
        let (project, found) = match opened {
            Some(Ok((project, found))) => (Some(project), found),
            Some(Err(failure)) => {
                let why =
                    format!("its configuration cannot be used ({}): the articles of then are judged by the configuration and rules of now", failure.first());
                note(&mut left_out, &format!("revision {}", revision.name), why);
                (None, find(&tree, now, asked.exclude, &paths)?)
            }
            None => (None, find(&tree, now, asked.exclude, &paths)?),
        };
        let settings = project.as_ref().unwrap_or(now);
        let first = asked.paths.first().map_or(Path::new("."), PathBuf::as_path);
        let beside = if project.is_some() { corpus::beside(asked.exclude, settings, first, &found).unwrap_or_default() } else { Found::default() };
        let given = check::given_snapshot(asked.snapshot, asked.paths, settings)?.filter(|path| tree.is_file(path));
        let snapshot = match given.as_deref().map(|path| project::snapshot_in(&*tree, path)).transpose() {
            Ok(snapshot) => snapshot,
            Err(failure) => {
                note(&mut left_out, &format!("revision {}", revision.name), format!("{}: its articles are judged without it", failure.first()));
                None
            }
        };
        Ok(Self { project, tree, found, beside, snapshot, left_out })
    }

    /// Leaves out what the newer state does not see and git does not call deleted: nothing can be said about it, nor about what others had in
    /// common with it.
    pub fn trim(&mut self, revision: &Revision, known: &Known, tree: &dyn Tree, now: (&Found, &Found)) {
        let inside = |found: &Found, name: &str| revision.files.inside(found.file(name));
        let seen: BTreeSet<PathBuf> = [now.0, now.1].iter().flat_map(|found| found.articles.iter().filter_map(|name| inside(found, name))).collect();
        let later: BTreeMap<&PathBuf, &PathBuf> = known.renamed.iter().map(|(after, before)| (before, after)).collect();
        for (found, is_told) in [(&mut self.found, true), (&mut self.beside, false)] {
            let articles = std::mem::take(&mut found.articles);
            let kept = articles.into_iter().filter(|name| {
                let Some(place) = inside(found, name) else { return true };
                if seen.contains(&place) || known.deleted.contains(&place) {
                    return true;
                }
                let why = match later.get(&place) {
                    Some(after) if seen.contains(*after) => return true,
                    Some(after) => format!("it lies at `{}` now, which this run does not judge", discover::reported(after)),
                    None if tree.is_file(found.file(name)) => {
                        "it is there, and this run does not judge it (an exclude, `.gitignore`, or another configuration)".to_owned()
                    }
                    None => "git has it and the folder does not (a sparse checkout, or a submodule): nothing is said about it".to_owned(),
                };
                if is_told {
                    self.left_out.push(LeftOut { path: name.clone(), why });
                }
                false
            });
            found.articles = kept.collect();
        }
    }

    /// It as one of two sides.
    pub fn side<'s>(&'s self, revision: &'s Revision, now: &'s Project, as_of: Date) -> Side<'s> {
        Side {
            name: &revision.name,
            commit: Some(&revision.commit),
            as_of,
            tree: &self.tree,
            project: self.project.as_ref().unwrap_or(now),
            found: &self.found,
            beside: &self.beside,
            snapshot: self.snapshot.as_ref(),
        }
    }

    /// The articles.
    pub fn articles(&self) -> &[String] {
        &self.found.articles
    }
}

/// Finds articles in a state; the first configuration that cannot be used ends it.
fn find(tree: &Arc<dyn Tree>, project: &Project, exclude: &[String], paths: &[PathBuf]) -> Result<Found, Failure> {
    let flag = discover::patterns(exclude)?;
    let trouble = std::sync::Mutex::new(None);
    let excluded = |path: &Path| {
        flag.is_match(discover::reported(path))
            || match project.of_file(path) {
                Ok((loaded, relative)) => loaded.config.excludes(&relative),
                Err(failure) => {
                    trouble.lock().unwrap_or_else(std::sync::PoisonError::into_inner).get_or_insert(failure);
                    true
                }
            }
    };
    let found = discover::find_in(tree, paths, &excluded)?;
    match trouble.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner) {
        Some(failure) => Err(failure),
        None => Ok(found),
    }
}

/// A path from the top of the repository, as it is seen from the working directory.
fn near(top: &Path, inside: &Path) -> PathBuf {
    let absolute = top.join(inside);
    let Ok(here) = std::env::current_dir() else { return absolute };
    let shared = here.components().zip(absolute.components()).take_while(|(one, other)| one == other).count();
    let up = here.components().skip(shared).map(|_| std::path::Component::ParentDir);
    up.chain(absolute.components().skip(shared)).collect()
}

/// `--since` of a run of `check`.
pub struct Since {
    revision: Revision,
    scope: Scope,
}

/// The state of a run of `check` that is compared.
pub struct Now<'n> {
    /// The day.
    pub as_of: Date,
    /// Configurations and rules.
    pub project: &'n Project,
    /// Its articles.
    pub found: &'n Found,
    /// Those that it compares with besides.
    pub beside: &'n Found,
    /// The snapshot given for all of it.
    pub snapshot: Option<&'n Snapshot>,
    /// Sign-offs of its articles.
    pub sign_offs: &'n SignOffs<'n>,
}

impl Since {
    /// The revision that a run is compared with, if it is; whatever is wrong with it is told before anything is judged.
    pub fn open(args: &Check) -> Result<Option<Self>, Failure> {
        let Some(name) = &args.since.since else { return Ok(None) };
        let revision = Revision::find(name, "HEAD")?;
        refuse_paths(&revision.files, &args.paths)?;
        Ok(Some(Self { revision, scope: args.since.gate_scope.unwrap_or(GateScope::Changed).scope() }))
    }

    /// Compares what was judged with the revision, and writes on each finding how it changed.
    pub fn compare(&self, args: &Check, now: &Now, packets: &mut [Packet]) -> Result<Comparison, Failure> {
        let asked = Asked {
            paths: &args.paths,
            exclude: &args.exclude,
            config: args.config.as_deref(),
            snapshot: args.snapshot.as_deref(),
            baseline: args.baseline.as_deref(),
            no_baseline: args.no_baseline,
            jobs: args.jobs,
            scope: self.scope,
            drafts: args.drafts,
        };
        let between: &[&str] = if args.staged { &["--cached", &self.revision.commit] } else { &[&self.revision.commit] };
        let known = Known::of(self.revision.repository.changes(between)?);
        let judged: BTreeSet<PathBuf> = now.found.articles.iter().filter_map(|name| self.revision.files.inside(now.found.file(name))).collect();
        let more = known.renamed.iter().filter(|(now, _)| judged.contains(*now)).map(|(_, before)| before.clone()).collect();
        let only = args.staged.then_some(now.found.articles.as_slice());
        let mut past = Past::read(&self.revision, asked, now.project, &more, only)?;
        let tree = if args.staged { Arc::clone(&now.project.tree) } else { Arc::new(WorkTree) };
        past.trim(&self.revision, &known, &*tree, (now.found, now.beside));
        let after = Side {
            name: if args.staged { "the index" } else { "the working tree" },
            commit: None,
            as_of: now.as_of,
            tree: &tree,
            project: now.project,
            found: now.found,
            beside: now.beside,
            snapshot: now.snapshot,
        };
        let before = past.side(&self.revision, now.project, self.revision.day.min(now.as_of));
        let sides = Sides::new(asked, before, after, now.sign_offs);
        let old = sides.judge(Mix::OLD, past.articles(), true)?;
        let (mut comparison, changes) = sides.compare(&old, packets, &known, &self.revision.files)?;
        comparison.left_out.splice(0..0, past.left_out.iter().cloned());
        for (number, changes) in changes {
            let packet = &mut packets[number];
            let findings = packet.issues.iter_mut().chain(packet.checks.iter_mut().flat_map(|check| check.findings.iter_mut()));
            for (finding, change) in findings.zip(changes) {
                finding.change = Some(change);
            }
        }
        Ok(comparison)
    }
}

/// The exit code that a comparison asks for.
pub fn exit_code(comparison: &Comparison, fail_on: FailOn) -> u8 {
    u8::from(match fail_on {
        FailOn::Fail => comparison.verdict == "fail",
        FailOn::Limited => comparison.verdict != "pass",
        FailOn::Never => false,
    })
}
