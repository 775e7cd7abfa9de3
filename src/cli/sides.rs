//! Two states of the same articles, judged as they are and in every mix of the two.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::civil::Date;

use super::check;
use super::corpus;
use super::fail::Failure;
use super::held::Held as Baselines;
use super::project::{self, Loaded, Project};
use crate::compare::{self, Cause, Causes, Input, Mix, Pair, Results, Scope, splice};
use crate::discover::tree::Tree;
use crate::discover::{self, Found};
use crate::document::Format;
use crate::engine::{self, Among, Desk, Run, is_compared};
use crate::packet::comparison::{Change, Comparison, LeftOut, SideRecord};
use crate::packet::{Inputs, Packet, Report};
use crate::sign_off::Held;
use crate::snapshot::Snapshot;
use crate::vcs::{self, Recorded};

/// What both states are asked for.
#[derive(Clone, Copy)]
pub struct Asked<'a> {
    /// Articles and folders.
    pub paths: &'a [PathBuf],
    /// Patterns of files that are left out.
    pub exclude: &'a [String],
    /// The configuration that was named.
    pub config: Option<&'a Path>,
    /// The snapshot that was named.
    pub snapshot: Option<&'a Path>,
    /// The baseline that was named.
    pub baseline: Option<&'a Path>,
    /// Nothing is held.
    pub no_baseline: bool,
    /// Threads.
    pub jobs: Option<usize>,
    /// What the verdict is made of.
    pub scope: Scope,
    /// Whether drafts count.
    pub drafts: bool,
}

/// A state of the articles.
#[derive(Clone, Copy)]
pub struct Side<'s> {
    /// What it is called.
    pub name: &'s str,
    /// Its commit, where it is one.
    pub commit: Option<&'s str>,
    /// The day it is judged by.
    pub as_of: Date,
    /// Where its files are read.
    pub tree: &'s Arc<dyn Tree>,
    /// Its configurations and rules.
    pub project: &'s Project,
    /// Its articles.
    pub found: &'s Found,
    /// Those that it compares with besides.
    pub beside: &'s Found,
    /// The snapshot given for all of it.
    pub snapshot: Option<&'s Snapshot>,
}

/// The sign-off of an article of the newer state.
pub type SignOffs<'s> = dyn Fn(&str) -> Option<Held> + Sync + 's;

/// What git says about the two states.
#[derive(Debug, Default)]
pub struct Known {
    /// Where an article was before, by where it is now; from the top of the repository.
    pub renamed: BTreeMap<PathBuf, PathBuf>,
    /// Files that are deleted, from the top of the repository.
    pub deleted: BTreeSet<PathBuf>,
    /// Whether an article of any kind differs.
    pub is_any_article: bool,
}

impl Known {
    /// Reads what git lists as changes.
    pub fn of(changes: Vec<vcs::Change>) -> Self {
        let mut known = Self::default();
        for change in changes {
            let is_article = |path: &Option<PathBuf>| path.as_deref().is_some_and(|path| Format::of(&discover::reported(path)).is_some());
            known.is_any_article |= is_article(&change.before) || is_article(&change.after);
            match (change.before, change.after) {
                (Some(before), None) => drop(known.deleted.insert(before)),
                (Some(before), Some(after)) if before != after => drop(known.renamed.insert(after, before)),
                _ => {}
            }
        }
        known
    }
}

impl Side<'_> {
    fn record(&self) -> SideRecord {
        let (config, rules) = self.project.digests();
        SideRecord { name: self.name.to_owned(), commit: self.commit.map(str::to_owned), as_of: self.as_of.to_string(), inputs: Inputs { config, rules } }
    }

    fn is_beside(&self, path: &str) -> bool {
        self.beside.articles.binary_search_by(|other| other.as_str().cmp(path)).is_ok()
    }

    fn file<'p>(&'p self, path: &'p str) -> &'p Path {
        if self.is_beside(path) { self.beside.file(path) } else { self.found.file(path) }
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        if self.is_beside(path) { self.beside.read(path) } else { self.found.read(path) }
    }
}

/// How the two versions of an article differ.
#[derive(Clone, Copy, Default)]
struct Versions {
    words: bool,
    data: bool,
}

/// Two states and what lies between them.
pub struct Sides<'s> {
    asked: Asked<'s>,
    before: Side<'s>,
    after: Side<'s>,
    sign_offs: &'s SignOffs<'s>,
    /// Path of an article on the other side, by its path here.
    partners: (BTreeMap<String, String>, BTreeMap<String, String>),
    /// How the versions differ, by the path now.
    versions: BTreeMap<String, Versions>,
}

impl<'s> Sides<'s> {
    /// Two states of which nothing is known yet.
    pub fn new(asked: Asked<'s>, before: Side<'s>, after: Side<'s>, sign_offs: &'s SignOffs<'s>) -> Self {
        Self { asked, before, after, sign_offs, partners: Default::default(), versions: BTreeMap::new() }
    }

    fn side(&self, mix: Mix, input: Input) -> &Side<'s> {
        if mix.is_new(input) { &self.after } else { &self.before }
    }

    /// The path that an article has on the other side than this.
    fn partner(&self, is_new: bool, path: &str) -> Option<&String> {
        if is_new { self.partners.0.get(path) } else { self.partners.1.get(path) }
    }

    /// The path of an article in the newer state.
    fn now<'p>(&'p self, is_new: bool, path: &'p str) -> &'p str {
        if is_new { path } else { self.partner(false, path).map_or(path, String::as_str) }
    }

    /// The bytes of an article whose words are those of one state and whose data may be that of the other.
    fn bytes(&self, mix: Mix, path: &str) -> Result<Vec<u8>, String> {
        let (words, data) = (self.side(mix, Input::Author), self.side(mix, Input::Snapshot));
        let (is_new, is_new_data) = (mix.is_new(Input::Author), mix.is_new(Input::Snapshot));
        let versions = self.versions.get(self.now(is_new, path)).copied().unwrap_or_default();
        let Some(other) = self.partner(is_new, path).filter(|_| is_new != is_new_data && versions.data) else { return words.read(path) };
        if !versions.words {
            return data.read(other);
        }
        let policy = words.project.desk(words.file(path)).policy;
        Ok(splice::splice(path, &words.read(path)?, &data.read(other)?, &policy))
    }

    /// Judges articles of a mix, `named` by their paths there. With `all`, they stand among all others of the state.
    pub fn judge(&self, mix: Mix, named: &[String], all: bool) -> Result<Vec<Packet>, Failure> {
        if named.is_empty() {
            return Ok(Vec::new());
        }
        let (author, data) = (self.side(mix, Input::Author), self.side(mix, Input::Snapshot));
        let (settings, rules) = (self.side(mix, Input::Configuration).project, self.side(mix, Input::Rules).project);
        let is_new = mix.is_new(Input::Author);
        let made = |settings: &Loaded, relative: &str, rules: &Loaded| {
            let policy = settings.config.policy(relative, &rules.rulebook);
            Desk { policy, rulebook: Arc::clone(&rules.rulebook) }
        };
        let desk = |path: &str| match (settings.of_file(author.file(path)), rules.of_file(author.file(path))) {
            (Ok((settings, relative)), Ok((rules, _))) => made(&settings, &relative, &rules),
            _ => author.project.desk(author.file(path)),
        };
        let load = |path: &str| self.bytes(mix, path);
        let load_snapshot = |article: &str, file: &str| {
            let here = if is_new == mix.is_new(Input::Snapshot) { article } else { self.partner(is_new, article).map_or(article, String::as_str) };
            check::snapshot_file_in(&**data.tree, data.project, data.file(here), file).map(|(_, bytes)| bytes)
        };
        let series = |path: &str| settings.series_of_file(author.file(path));
        let sign_offs = |path: &str| (self.sign_offs)(self.now(is_new, path));
        let others: Vec<String> = if all {
            let wanted: BTreeSet<&String> = named.iter().collect();
            let rest: BTreeSet<&String> = author.found.articles.iter().chain(&author.beside.articles).filter(|path| !wanted.contains(path)).collect();
            rest.into_iter().cloned().collect()
        } else {
            Vec::new()
        };
        let first = self.asked.paths.first().map_or(Path::new("."), PathBuf::as_path);
        let folder = corpus::place(first);
        let common = match (settings.of(&folder), rules.of(&folder)) {
            (Ok(settings), Ok(rules)) => made(&settings, &project::relative(&settings.config, &folder), &rules),
            _ => author.project.desk(&folder),
        };
        let among = Among { beside: &others, desk: &common, series: &series };
        let as_of = self.side(mix, Input::Clock).as_of;
        let run = Run { as_of, desk: &desk, load: &load, load_snapshot: &load_snapshot, snapshot: data.snapshot, progress: &|| {}, sign_offs: &sign_offs };
        let held = self.baselines(settings, author).ok();
        check::in_pool(self.asked.jobs, || {
            engine::run_held(&run, named, &among, &mut |packets| {
                if let Some(held) = &held {
                    held.hold(packets);
                }
            })
            .0
        })
    }

    /// Says what is wrong with the baselines of the newer state.
    pub fn check_baselines(&self) -> Result<(), Failure> {
        self.baselines(self.after.project, &self.after).map(drop)
    }

    /// What holds the findings of a state.
    fn baselines(&self, settings: &Project, author: &Side) -> Result<Baselines<'s>, Failure> {
        let file = |path: &str| author.file(path).to_owned();
        let Asked { paths, baseline, no_baseline, exclude, .. } = self.asked;
        Baselines::open(settings, baseline, no_baseline, &author.found.articles, &file, paths, exclude.is_empty())
    }

    /// Compares the two states; the changes of the findings of `after`, article by article, come beside.
    pub fn compare(
        mut self,
        before: &[Packet],
        after: &[Packet],
        known: &Known,
        recorded: &Recorded,
    ) -> Result<(Comparison, BTreeMap<usize, Vec<Change>>), Failure> {
        let place = |side: &Side, path: &str| recorded.inside(side.file(path));
        let old: BTreeMap<PathBuf, &str> = before.iter().filter_map(|packet| Some((place(&self.before, &packet.path)?, packet.path.as_str()))).collect();
        let renames: BTreeMap<String, String> = after
            .iter()
            .filter_map(|packet| Some((packet.path.clone(), (*old.get(known.renamed.get(&place(&self.after, &packet.path)?)?)?).to_owned())))
            .collect();
        let mut left_out = Vec::new();
        // a baseline of the past that cannot be read holds nothing
        if let Err(failure) = self.baselines(self.before.project, &self.before) {
            left_out.push(LeftOut { path: self.before.name.to_owned(), why: format!("{}: nothing of then is held", failure.first()) });
        }
        let is_unread = |packet: &Packet| packet.issues.iter().any(|issue| issue.rule == "source/unreadable");
        let mut pairs = compare::pairs::pairs(before, after, &renames);
        pairs.retain_mut(|pair| match (pair.before, pair.after) {
            (Some(old), Some(new)) if is_unread(&before[old]) && !is_unread(&after[new]) => {
                let issue = before[old].issues.iter().find(|issue| issue.rule == "source/unreadable").map(|issue| issue.message.clone());
                let why = format!("its past cannot be read ({}), so that it counts as it stands", issue.unwrap_or_default());
                left_out.push(LeftOut { path: after[new].path.clone(), why });
                false
            }
            (None, Some(number)) => {
                let file = self.after.file(&after[number].path);
                if let Some(submodule) = recorded.submodule(file).or_else(|| submodule_of(recorded, file)) {
                    let shown = discover::reported(&submodule);
                    let why = format!("it belongs to the submodule `{shown}`, which has a history of its own; it counts as it stands: run notegate inside the submodule to compare it");
                    left_out.push(LeftOut { path: after[number].path.clone(), why });
                    return false;
                }
                // it was there, and the configuration of then left it out
                if self.before.tree.is_file(file) {
                    pair.presence = Input::Configuration;
                }
                true
            }
            _ => true,
        });
        for pair in &pairs {
            if let (Some(old), Some(new)) = (pair.before, pair.after) {
                self.partners.0.insert(after[new].path.clone(), before[old].path.clone());
                self.partners.1.insert(before[old].path.clone(), after[new].path.clone());
            }
        }
        self.versions = self.read_versions(&pairs, before, after);
        let differs = self.differs(&pairs, before, after, known);
        let mut failed = None;
        let mut judge = |mix: Mix, wanted: &[usize]| match self.judge_pairs(mix, wanted, &pairs, before, after) {
            Ok(packets) => packets,
            Err(failure) => {
                failed.get_or_insert(failure);
                wanted.iter().map(|_| None).collect()
            }
        };
        let results = Results {
            before,
            after,
            pairs: &pairs,
            sides: (self.before.record(), self.after.record()),
            scope: self.asked.scope,
            drafts: self.asked.drafts,
            left_out,
        };
        let compared = compare::compare(results, Causes::Judged(&differs, &mut judge));
        match failed {
            Some(failure) => Err(failure),
            None => Ok(compared),
        }
    }

    fn read_versions(&self, pairs: &[Pair], before: &[Packet], after: &[Packet]) -> BTreeMap<String, Versions> {
        let touched = pairs.iter().filter(|pair| pair.is_touched);
        let of = |pair: &Pair| {
            let (old, new) = (&before[pair.before?].path, &after[pair.after?].path);
            let (one, other) = (self.before.read(old).ok()?, self.after.read(new).ok()?);
            let policy = self.after.project.desk(self.after.file(new)).policy;
            let (words, data) = splice::differences(new, &one, &other, &policy);
            Some((new.clone(), Versions { words, data }))
        };
        touched.filter_map(of).collect()
    }

    /// What the two states were judged by that is not the same.
    fn differs(&self, pairs: &[Pair], before: &[Packet], after: &[Packet], known: &Known) -> Vec<Input> {
        let both = || pairs.iter().filter_map(|pair| Some((&before[pair.before?], &after[pair.after?])));
        let loaded = |side: &Side, path: &str| side.project.of(side.file(path)).ok();
        let differ = |ask: &dyn Fn(&Loaded) -> String| {
            both().any(|(old, new)| loaded(&self.before, &old.path).map(|loaded| ask(&loaded)) != loaded(&self.after, &new.path).map(|loaded| ask(&loaded)))
        };
        let snapshot = |packet: &Packet| packet.snapshot.as_ref().and_then(|snapshot| serde_json::to_string(snapshot).ok());
        let is_one_sided = pairs.iter().any(|pair| pair.before.is_none() || pair.after.is_none() || pair.is_renamed);
        let held = |side: &Side| self.baselines(side.project, side).ok();
        let is_held_alike = match (held(&self.before), held(&self.after)) {
            (Some(before), Some(after)) => before.is_same(&after),
            (before, after) => before.is_none() == after.is_none(),
        };
        let all = [
            (Input::Author, is_one_sided || known.is_any_article || self.versions.values().any(|versions| versions.words)),
            (Input::Clock, self.before.as_of != self.after.as_of),
            (Input::Rules, differ(&|loaded| loaded.rulebook.digest.clone())),
            (
                Input::Snapshot,
                self.before.snapshot != self.after.snapshot
                    || self.versions.values().any(|versions| versions.data)
                    || both().any(|(old, new)| snapshot(old) != snapshot(new)),
            ),
            (Input::Configuration, !is_held_alike || differ(&|loaded| loaded.config.texts().collect::<Vec<_>>().join("\0"))),
        ];
        all.into_iter().filter(|(_, differs)| *differs).map(|(input, _)| input).collect()
    }

    /// Judges pairs in a mix: those that share text with others stand among all of them.
    fn judge_pairs(&self, mix: Mix, wanted: &[usize], pairs: &[Pair], before: &[Packet], after: &[Packet]) -> Result<Vec<Option<Packet>>, Failure> {
        let is_new = mix.is_new(Input::Author);
        let packet = |pair: &Pair| if is_new { pair.after.map(|number| &after[number]) } else { pair.before.map(|number| &before[number]) };
        let shares = |packet: &Packet| packet.all_findings().any(|finding| is_compared(&finding.rule));
        let is_shared = |pair: &Pair| pair.before.is_some_and(|number| shares(&before[number])) || pair.after.is_some_and(|number| shares(&after[number]));
        let mut judged: BTreeMap<String, Packet> = BTreeMap::new();
        for all in [true, false] {
            let wanted = wanted.iter().map(|number| &pairs[*number]).filter(|pair| is_shared(pair) == all);
            let named: BTreeSet<String> = wanted.filter_map(|pair| Some(packet(pair)?.path.clone())).collect();
            let named: Vec<String> = named.into_iter().collect();
            judged.extend(self.judge(mix, &named, all)?.into_iter().map(|packet| (packet.path.clone(), packet)));
        }
        Ok(wanted.iter().map(|number| packet(&pairs[*number]).and_then(|packet| judged.get(&packet.path)).cloned()).collect())
    }
}

/// The folder of a submodule, as the disk shows it, that a file lies in.
fn submodule_of(recorded: &Recorded, file: &Path) -> Option<PathBuf> {
    let is_below = |folder: &&Path| recorded.inside(folder).is_some_and(|inside| !inside.as_os_str().is_empty());
    file.ancestors()
        .skip(1)
        .filter(|folder| !folder.as_os_str().is_empty())
        .take_while(is_below)
        .find(|folder| folder.join(".git").exists())
        .map(Path::to_owned)
}

/// Compares two reports by what they state.
#[must_use]
pub fn reports(before: (&str, &Report), after: (&str, &Report), scope: Scope, drafts: bool) -> Comparison {
    let ((old_name, old), (new_name, new)) = (before, after);
    let side = |name: &str, report: &Report| SideRecord { name: name.to_owned(), commit: None, as_of: report.as_of.clone(), inputs: report.inputs.clone() };
    let around = compare::digests::around(old, new);
    let mut left_out = Vec::new();
    if old.tool.version != new.tool.version {
        let why = format!("it was made by notegate {}, the other by {}: what differs between the two is counted as rules", old.tool.version, new.tool.version);
        left_out.push(LeftOut { path: old_name.to_owned(), why });
    }
    let mut pairs = compare::pairs::pairs(&old.articles, &new.articles, &BTreeMap::new());
    pairs.retain(|pair| {
        if let (Some(number), None) = (pair.before, pair.after) {
            let why = format!("it is not in {new_name}: deleted, renamed and edited, or not judged; nothing is said about its findings");
            left_out.push(LeftOut { path: old.articles[number].path.clone(), why });
        }
        pair.after.is_some()
    });
    let of = |pair: &Pair| -> Vec<Input> {
        let packet = |report: &'_ Report, number: Option<usize>| number.and_then(|number| report.articles.get(number)).cloned();
        compare::digests::of_article(packet(old, pair.before).as_ref(), packet(new, pair.after).as_ref(), &around)
    };
    let mut differs: Vec<Input> = pairs.iter().flat_map(of).chain(around.iter().copied()).collect();
    differs.sort_unstable();
    differs.dedup();
    let cause = |pair: &Pair| -> Cause { compare::digests::cause(&of(pair)) };
    let results =
        Results { before: &old.articles, after: &new.articles, pairs: &pairs, sides: (side(old_name, old), side(new_name, new)), scope, drafts, left_out };
    compare::compare(results, Causes::Stated(&cause, &differs)).0
}
