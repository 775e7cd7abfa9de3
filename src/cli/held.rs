//! The baselines of a run: found beside the configuration, and asked about the articles.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use super::fail::Failure;
use super::notices::{covers, notice};
use super::project::{self, Project};
use crate::baseline::{Baseline, Moves, Run};
use crate::config::BASELINE;
use crate::discover;
use crate::discover::tree::{Disk, Tree};
use crate::engine;
use crate::packet::{Notice, Packet};
use crate::rulebook::Rulebook;

/// Entries named in one notice.
const NAMED: usize = 3;

/// A baseline and where it lies.
struct File {
    path: PathBuf,
    folder: PathBuf,
    baseline: Baseline,
    moves: Mutex<Moves>,
    /// Where the articles lie that it is about.
    tree: Arc<dyn Tree>,
}

/// The baselines of a run.
pub struct Held<'r> {
    files: Vec<File>,
    /// By article: which baseline, and the article's path in it.
    articles: BTreeMap<String, (usize, String)>,
    /// Paths the run was given, and whether it left nothing out.
    named: &'r [PathBuf],
    whole: bool,
}

impl<'r> Held<'r> {
    /// Finds and reads the baselines of the articles of a run. `given`: the one named on the command line.
    pub fn open(
        project: &Project,
        given: Option<&Path>,
        off: bool,
        articles: &[String],
        file: &dyn Fn(&str) -> PathBuf,
        named: &'r [PathBuf],
        whole: bool,
    ) -> Result<Self, Failure> {
        let mut held = Self { files: Vec::new(), articles: BTreeMap::new(), named, whole };
        if off {
            return Ok(held);
        }
        let mut numbers: BTreeMap<PathBuf, usize> = BTreeMap::new();
        let mut of_folder: BTreeMap<PathBuf, Option<PathBuf>> = BTreeMap::new();
        if let Some(given) = given {
            numbers.insert(given.to_owned(), 0);
            held.files.push(read(project, given)?);
        }
        for article in articles {
            let path = file(article);
            let baseline = match given {
                Some(given) => Some(given.to_owned()),
                None => {
                    let folder = path.parent().unwrap_or_else(|| Path::new("")).to_owned();
                    match of_folder.get(&folder) {
                        Some(known) => known.clone(),
                        None => {
                            let found = place(project, &path)?;
                            let found = if found.named || is_there(project, &found.path) { Some(found.path) } else { None };
                            of_folder.insert(folder, found.clone());
                            found
                        }
                    }
                }
            };
            let Some(baseline) = baseline else { continue };
            let number = match numbers.get(&baseline) {
                Some(number) => *number,
                None => {
                    held.files.push(read(project, &baseline)?);
                    numbers.insert(baseline, held.files.len() - 1);
                    held.files.len() - 1
                }
            };
            if let Some(key) = key(&held.files[number].folder, &path) {
                held.articles.insert(article.clone(), (number, key));
            }
        }
        Ok(held)
    }

    /// The baseline that counts for an article.
    pub fn file_of(&self, article: &str) -> Option<PathBuf> {
        self.articles.get(article).map(|(number, _)| self.files[*number].path.clone())
    }

    fn run<T>(&self, number: usize, ask: impl FnOnce(&File, &Run) -> T) -> T {
        let file = &self.files[number];
        let key = |path: &str| self.articles.get(path).filter(|(of, _)| *of == number).map(|(_, key)| key.clone());
        let gone = |path: &str| !file.tree.is_file(&file.folder.join(path));
        let seen = |path: &str| self.whole && covers(self.named, file.folder.join(path).parent().unwrap_or(&file.folder));
        let all = self.whole && covers(self.named, &file.folder);
        let heard = |rule: &str| all || !engine::is_compared(rule);
        ask(file, &Run { key: &key, gone: &gone, covers: &seen, heard: &heard })
    }

    /// Marks what is held.
    pub fn hold(&self, packets: &mut [&mut Packet]) {
        for number in 0..self.files.len() {
            self.run(number, |file, run| {
                let moves = file.baseline.hold(packets, run);
                *file.moves.lock().unwrap_or_else(PoisonError::into_inner) = moves;
            });
        }
    }

    /// What is to be done about the baselines.
    pub fn notices(&self, packets: &[Packet], rulebook: &Rulebook) -> Vec<Notice> {
        let packets: Vec<&Packet> = packets.iter().collect();
        let mut notices = Vec::new();
        for number in 0..self.files.len() {
            self.run(number, |file, run| {
                let moves = file.moves.lock().unwrap_or_else(PoisonError::into_inner);
                let prunable = file.baseline.prunable(&packets, &moves, run);
                let told = prunable.iter().take(NAMED).map(|entry| format!("{} {}", entry.path, entry.rule)).collect();
                notices.extend(many(rulebook, "baseline/prunable", prunable.len(), told, &file.path));
                let refused: Vec<String> = packets
                    .iter()
                    .filter_map(|packet| Some((packet, (run.key)(&packet.path)?)))
                    .flat_map(|(packet, key)| {
                        let path = moves.get(&key).cloned().unwrap_or(key);
                        let entries: Vec<(&str, &str)> = file
                            .baseline
                            .entries()
                            .iter()
                            .filter(|entry| entry.path == path)
                            .map(|entry| (entry.rule.as_str(), entry.fingerprint.as_str()))
                            .collect();
                        let refused =
                            packet.all_findings().filter(move |finding| !finding.excusable && entries.contains(&(&finding.rule, &finding.fingerprint)));
                        refused.map(|finding| format!("{}:{} {}", packet.path, finding.line, finding.rule)).collect::<Vec<_>>()
                    })
                    .collect();
                let count = refused.len();
                notices.extend(many(rulebook, "baseline/not-held", count, refused.into_iter().take(NAMED).collect(), &file.path));
            });
        }
        notices
    }

    /// Whether another run holds the same.
    pub fn is_same(&self, other: &Held) -> bool {
        let all = |held: &Held| held.files.iter().map(|file| (file.path.clone(), file.baseline.clone())).collect::<BTreeMap<_, _>>();
        all(self) == all(other)
    }

    /// Asks the one baseline that a command works on.
    pub fn only<T>(&self, ask: impl FnOnce(&Baseline, &Moves, &Run) -> T) -> Option<T> {
        (!self.files.is_empty()).then(|| self.run(0, |file, run| ask(&file.baseline, &file.moves.lock().unwrap_or_else(PoisonError::into_inner), run)))
    }

    /// The same for a baseline that is not written yet.
    pub fn fresh(path: &Path, articles: &[String], file: &dyn Fn(&str) -> PathBuf, named: &'r [PathBuf], whole: bool) -> Self {
        let folder = folder_of(path);
        let keys = articles.iter().filter_map(|article| Some((article.clone(), (0, key(&folder, &file(article))?))));
        Self {
            articles: keys.collect(),
            files: vec![File { path: path.to_owned(), folder, baseline: Baseline::default(), moves: Mutex::default(), tree: Arc::new(Disk) }],
            named,
            whole,
        }
    }

    /// Articles that lie outside of the folder of the baseline.
    pub fn outside<'a>(&self, articles: &'a [String]) -> Option<&'a String> {
        articles.iter().find(|article| !self.articles.contains_key(*article))
    }
}

fn many(rulebook: &Rulebook, id: &str, count: usize, named: Vec<String>, path: &Path) -> Option<Notice> {
    if count == 0 {
        return None;
    }
    let more = if count > named.len() { format!(" and {} more", count - named.len()) } else { String::new() };
    notice(rulebook, id, &format!("{count} ({}{more})", named.join(", ")), path, None)
}

/// Where the baseline of an article lies, or would.
pub struct Place {
    /// Its path.
    pub path: PathBuf,
    /// The configuration names it, so that it must be there.
    pub named: bool,
}

/// The place that `[baseline] file` names; else the nearest baseline from the folder of the configuration (without one, of the article) up to the
/// root of the repository; else beside the configuration, at the root of the repository, or in the current folder.
pub fn place(project: &Project, article: &Path) -> Result<Place, Failure> {
    let loaded = project.of(article)?;
    let config = loaded.config.path.as_ref().map(|_| loaded.config.folder());
    if let Some(path) = loaded.config.baseline() {
        return Ok(Place { path, named: true });
    }
    let own = if article.is_dir() { article } else { article.parent().unwrap_or_else(|| Path::new("")) };
    let start = config.clone().unwrap_or_else(|| own.to_owned());
    let absolute = std::path::absolute(if start.as_os_str().is_empty() { Path::new(".") } else { &start }).unwrap_or(start);
    let root = absolute.ancestors().find(|folder| folder.join(".git").exists());
    // without a repository, the project ends where the outermost file that counts lies
    let end = discover::absolute(&loaded.config.project());
    let root = root.or_else(|| absolute.ancestors().find(|folder| config.is_some() && *folder == end));
    for folder in absolute.ancestors().take(if root.is_some() { usize::MAX } else { 1 }) {
        if is_there(project, &folder.join(BASELINE)) {
            return Ok(Place { path: folder.join(BASELINE), named: false });
        }
        if Some(folder) == root {
            break;
        }
    }
    let folder = config.or_else(|| root.map(Path::to_owned)).unwrap_or_else(|| PathBuf::from("."));
    Ok(Place { path: folder.join(BASELINE), named: false })
}

/// Whether a baseline is there. One that nobody staged holds what is staged, and none of today holds what was.
fn is_there(project: &Project, path: &Path) -> bool {
    project.tree.is_file(path) || !project.is_past && path.is_file()
}

/// Reads a baseline; every trouble with it is one of the run.
fn read(project: &Project, path: &Path) -> Result<File, Failure> {
    let shown = super::notices::shown(path);
    let help = "write it with `notegate baseline create`, or leave it out with `--no-baseline`";
    let text = project::text_in(&*project.tree, path)
        .or_else(|why| if project.is_past { Err(why) } else { project::text_file(path) })
        .map_err(|why| Failure::new(format!("the baseline `{shown}` could not be read: {why}"), help))?;
    let baseline = Baseline::read(&text).map_err(|problem| Failure::at(&shown, &text, problem))?;
    Ok(File { path: path.to_owned(), folder: folder_of(path), baseline, moves: Mutex::default(), tree: Arc::clone(&project.tree) })
}

fn folder_of(path: &Path) -> PathBuf {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).map_or_else(|| PathBuf::from("."), Path::to_owned)
}

/// The path of an article from a folder, with `/`; `None` where it lies outside.
fn key(folder: &Path, article: &Path) -> Option<String> {
    let plain = |path: &Path| {
        let absolute = std::path::absolute(path).ok()?;
        // `a/../b` is b
        let mut parts = PathBuf::new();
        for part in absolute.components() {
            match part {
                std::path::Component::ParentDir => drop(parts.pop()),
                other => parts.push(other),
            }
        }
        Some(parts)
    };
    let (folder, article) = (plain(folder)?, plain(article)?);
    article.strip_prefix(&folder).ok().map(discover::reported)
}
