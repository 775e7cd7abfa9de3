//! The disk: which files are articles, and their bytes (design, "The article").

pub mod tree;

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::fs::File;
use std::io::Read;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use globset::{Glob, GlobSet, GlobSetBuilder};
use ignore::WalkBuilder;
use thiserror::Error;

use crate::document::Format;
use tree::{Disk, Tree};

/// What was found.
#[derive(Debug)]
pub struct Found {
    /// Articles by their reported path, sorted, each once.
    pub articles: Vec<String>,
    /// Files that look like articles and are not judged.
    pub skipped: usize,
    /// Where an article lies whose reported path is not its path: names that are no Unicode text.
    places: BTreeMap<String, PathBuf>,
    /// What stands among the articles and cannot be read, and why.
    unread: BTreeMap<String, String>,
    /// The state of the files that it was found in.
    tree: Arc<dyn Tree>,
}

impl Default for Found {
    fn default() -> Self {
        Self { articles: Vec::new(), skipped: 0, places: BTreeMap::new(), unread: BTreeMap::new(), tree: Arc::new(Disk) }
    }
}

impl Found {
    /// The file of a reported path.
    #[must_use]
    pub fn file<'p>(&'p self, reported: &'p str) -> &'p Path {
        self.places.get(reported).map_or(Path::new(reported), PathBuf::as_path)
    }

    /// The bytes of an article.
    ///
    /// # Errors
    /// What the system says, in words.
    pub fn read(&self, reported: &str) -> Result<Vec<u8>, String> {
        match self.unread.get(reported) {
            Some(why) => Err(why.clone()),
            None => self.tree.read(self.file(reported)),
        }
    }

    /// The path of an article with its links followed.
    #[must_use]
    pub fn real(&self, reported: &str) -> Option<PathBuf> {
        self.tree.real(self.file(reported))
    }
}

/// Why a walk cannot begin.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum DiscoverError {
    /// A named path is not there.
    #[error("`{0}` does not exist")]
    Missing(String),
    /// A named file is no article.
    #[error("`{0}` is no article: notegate reads .md, .markdown, .mdx, .html, .htm and .txt")]
    NotAnArticle(String),
    /// An exclude pattern is broken.
    #[error("`{pattern}` is no path pattern: {reason}")]
    Pattern {
        /// The pattern.
        pattern: String,
        /// What is wrong with it.
        reason: String,
    },
}

/// Names that are documentation of a repository and no articles, in lower case and without ending.
const NOT_ARTICLES: &[&str] = &[
    "readme",
    "changelog",
    "license",
    "licence",
    "contributing",
    "code_of_conduct",
    "security",
    "requirements",
    "robots",
    "humans",
    "ads",
    "authors",
    "notice",
    "copying",
    "codeowners",
    "pull_request_template",
];
/// Folders that hold parts of pages and no articles.
const NOT_FOLDERS: &[&str] = &["layouts", "_layouts", "templates", "_templates", "includes", "_includes", "partials", "themes", "archetypes", "node_modules"];

/// Compiles path patterns: `news/**`, `*.draft.md`, `drafts/`.
///
/// # Errors
/// The first pattern that is broken.
pub fn patterns(written: &[String]) -> Result<GlobSet, DiscoverError> {
    let mut set = GlobSetBuilder::new();
    for pattern in written {
        let rooted = pattern.strip_prefix('/');
        let trimmed = rooted.unwrap_or(pattern).trim_start_matches("./");
        let folder = trimmed.trim_end_matches('/');
        let mut forms = vec![trimmed.to_owned(), format!("{folder}/**")];
        if rooted.is_none() {
            forms.extend([format!("**/{trimmed}"), format!("**/{folder}/**")]);
        }
        for form in forms {
            let glob = Glob::new(&form).map_err(|error| DiscoverError::Pattern { pattern: pattern.clone(), reason: error.kind().to_string() })?;
            set.add(glob);
        }
    }
    set.build().map_err(|error| DiscoverError::Pattern { pattern: written.join(", "), reason: error.to_string() })
}

/// Finds the articles under named paths. `excluded` is asked for every file, named ones too.
///
/// # Errors
/// A named path that does not exist or is no article.
pub fn find(paths: &[PathBuf], excluded: &dyn Fn(&Path) -> bool) -> Result<Found, DiscoverError> {
    find_in(&(Arc::new(Disk) as Arc<dyn Tree>), paths, excluded)
}

/// The same in a state of the files.
///
/// # Errors
/// As for [`find`].
pub fn find_in(tree: &Arc<dyn Tree>, paths: &[PathBuf], excluded: &dyn Fn(&Path) -> bool) -> Result<Found, DiscoverError> {
    let mut articles: BTreeMap<String, PathBuf> = BTreeMap::new();
    let mut skipped = BTreeSet::new();
    let mut unread = BTreeMap::new();
    // one walk without links meets every file once, under one name
    let mut has_other_names = paths.len() > 1;
    for path in paths {
        let shown = reported(path);
        let is_folder = tree.is_dir(path);
        if !is_folder && !tree.is_file(path) {
            return Err(DiscoverError::Missing(shown));
        }
        if !is_folder {
            if Format::of(&shown).is_none() {
                return Err(DiscoverError::NotAnArticle(shown));
            }
            if excluded(path) {
                skipped.insert(shown);
            } else {
                articles.insert(shown, path.clone());
            }
            continue;
        }
        if let Some(files) = tree.files(path) {
            has_other_names = true;
            for file in files {
                let shown = reported(&file);
                if Format::of(&shown).is_none() || !tree.is_file(&file) {
                    continue;
                }
                if is_other(&file, path) || excluded(&file) {
                    skipped.insert(shown);
                } else {
                    articles.insert(shown, file);
                }
            }
            continue;
        }
        let mut met: Vec<(String, PathBuf)> = Vec::new();
        for entry in WalkBuilder::new(path).require_git(false).follow_links(false).build() {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    // a folder that cannot be listed may hold articles: it is told as one that cannot be read
                    if let Some((place, why)) = place_of(&error) {
                        unread.insert(reported(place), why);
                    }
                    continue;
                }
            };
            let file = entry.path();
            let shown = reported(file);
            // links to folders may lead round in a circle and are not followed
            let is_folder = entry.file_type().is_some_and(|kind| kind.is_dir() || kind.is_symlink() && file.is_dir());
            has_other_names |= entry.path_is_symlink();
            if is_folder || Format::of(&shown).is_none() {
                continue;
            }
            if is_other(file, path) || excluded(file) {
                skipped.insert(shown);
                continue;
            }
            met.push((shown, entry.into_path()));
        }
        add(&mut articles, met, &mut unread);
        // what is tracked is published, though `.gitignore` names it: git itself does not look at that file for what it keeps
        for file in tree.tracked(path) {
            let shown = reported(&file);
            let is_hidden = file.strip_prefix(path).unwrap_or(&file).components().any(|part| part.as_os_str().as_encoded_bytes().starts_with(b"."));
            if is_hidden || Format::of(&shown).is_none() || articles.contains_key(&shown) || skipped.contains(&shown) || !tree.is_file(&file) {
                continue;
            }
            if is_other(&file, path) || excluded(&file) {
                skipped.insert(shown);
            } else {
                articles.insert(shown, file);
            }
        }
    }
    skipped.retain(|path| !articles.contains_key(path));
    // one file under two names is one article, under the name that comes first
    if has_other_names {
        let mut files = BTreeSet::new();
        articles.retain(|_, path| files.insert(tree.real(path).unwrap_or_else(|| path.clone())));
    }
    let mut places = BTreeMap::new();
    let mut names: Vec<String> = Vec::with_capacity(articles.len());
    for (shown, path) in articles {
        if path.to_str().is_none() && !shown.is_empty() {
            places.insert(shown.clone(), path);
        }
        names.push(shown);
    }
    if !unread.is_empty() {
        names.extend(unread.keys().cloned());
        names.sort_unstable();
        names.dedup();
    }
    Ok(Found { articles: names, skipped: skipped.len(), places, unread, tree: Arc::clone(tree) })
}

/// Adds files that were met on a walk, by their reported paths. Two that cannot be told apart by them are told.
fn add(articles: &mut BTreeMap<String, PathBuf>, mut met: Vec<(String, PathBuf)>, unread: &mut BTreeMap<String, String>) {
    // very many files are put in order at less cost than one after the other
    met.sort_by(|one, other| one.0.cmp(&other.0));
    if articles.is_empty() && met.windows(2).all(|two| two[0].0 != two[1].0) {
        *articles = met.into_iter().collect();
        return;
    }
    for (shown, file) in met {
        match articles.entry(shown) {
            Entry::Occupied(known) if reported_plainly(known.get()) != reported_plainly(&file) => {
                unread.insert(format!("{} (another)", known.key()), "its name cannot be told from that of another file".to_owned());
            }
            Entry::Occupied(mut known) => *known.get_mut() = file,
            Entry::Vacant(free) => {
                free.insert(file);
            }
        }
    }
}

/// The path that an error of walking is about, with the system's words.
fn place_of(error: &ignore::Error) -> Option<(&Path, String)> {
    match error {
        ignore::Error::WithPath { path, err } => Some((path, err.to_string())),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => place_of(err),
        _ => None,
    }
}

/// A path without `.` parts, to tell two of them apart.
fn reported_plainly(path: &Path) -> PathBuf {
    path.components().filter(|part| *part != Component::CurDir).collect()
}

/// Whether a file found by walking is one of the usual others.
fn is_other(file: &Path, root: &Path) -> bool {
    let is_one_of = |names: &[&str], name: &OsStr| {
        let name = name.to_string_lossy();
        // nearly all names are ASCII, and are compared as they stand
        if name.is_ascii() { names.iter().any(|other| other.eq_ignore_ascii_case(&name)) } else { names.contains(&name.to_lowercase().as_str()) }
    };
    let below = file.strip_prefix(root).unwrap_or(file);
    file.file_stem().is_some_and(|stem| is_one_of(NOT_ARTICLES, stem))
        || below.parent().is_some_and(|folders| folders.components().any(|part| matches!(part, Component::Normal(name) if is_one_of(NOT_FOLDERS, name))))
}

/// A path as it is reported: `/` on every system, no `./` at the start. Bytes of a name that are no text are written `\xff`.
#[must_use]
pub fn reported(path: &Path) -> String {
    let mut text = String::new();
    for chunk in path.as_os_str().as_encoded_bytes().utf8_chunks() {
        text.push_str(chunk.valid());
        for byte in chunk.invalid() {
            text.push_str(&format!("\\x{byte:02x}"));
        }
    }
    if std::path::MAIN_SEPARATOR != '/' {
        text = text.replace(std::path::MAIN_SEPARATOR, "/");
    }
    let mut shown = text.as_str();
    while let Some(rest) = shown.strip_prefix("./") {
        shown = rest.trim_start_matches('/');
    }
    shown.to_owned()
}

/// Room behind the bytes of a file: reading meets its end there, and need not grow.
const ROOM: usize = 64;

/// The bytes of a file.
///
/// # Errors
/// What the system says, in words.
pub fn read(path: &Path) -> Result<Vec<u8>, String> {
    let metadata = std::fs::metadata(path).map_err(|error| error.to_string())?;
    // reading a pipe or a device may never end
    if !metadata.is_file() {
        return Err(if metadata.is_dir() { "it is a folder" } else { "it is no regular file" }.to_owned());
    }
    // the length is known: the file is not asked for it again, nor for what is behind its end. Files that the system makes up say 0
    let mut bytes = Vec::new();
    let most = if metadata.len() == 0 { u64::MAX } else { metadata.len() };
    let length = usize::try_from(metadata.len()).unwrap_or(usize::MAX);
    bytes.try_reserve_exact(length.saturating_add(ROOM)).map_err(|_| std::io::Error::from(std::io::ErrorKind::OutOfMemory).to_string())?;
    let file = File::open(path).map_err(|error| error.to_string())?;
    file.take(most).read_to_end(&mut bytes).map_err(|error| error.to_string())?;
    Ok(bytes)
}

/// The nearest `lint.toml` at or above a folder.
#[must_use]
pub fn config_above(tree: &dyn Tree, folder: &Path) -> Option<PathBuf> {
    // a folder that `..` leads out of is not above what it leads to
    absolute(folder).ancestors().map(|folder| folder.join("lint.toml")).find(|file| tree.is_file(file))
}

/// A snapshot path resolved against the article's folder; `None` where it leaves the project.
#[must_use]
pub fn inside_project(tree: &dyn Tree, project: &Path, article: &Path, snapshot: &str) -> Option<PathBuf> {
    let folder = article.parent().unwrap_or_else(|| Path::new(""));
    let wanted = Path::new(snapshot);
    if wanted.is_absolute() {
        return None;
    }
    let project = tree.real(project)?;
    let target = folder.join(wanted);
    let resolved = tree.real(&target).unwrap_or_else(|| plainly(&std::path::absolute(&target).unwrap_or_else(|_| target.clone())));
    resolved.starts_with(&project).then_some(target)
}

/// A path from the root of the disk, without `.` and `..`.
#[must_use]
pub fn absolute(path: &Path) -> PathBuf {
    let path = if path.as_os_str().is_empty() { Path::new(".") } else { path };
    plainly(&std::path::absolute(path).unwrap_or_else(|_| path.to_owned()))
}

/// A path as seen from a folder, with `/`; `..` where it lies outside, nothing for the folder itself. Both from the root of the disk.
#[must_use]
pub fn from_folder(folder: &Path, path: &Path) -> String {
    let (from, to): (Vec<Component>, Vec<Component>) = (folder.components().collect(), path.components().collect());
    let shared = from.iter().zip(&to).take_while(|(one, other)| one == other).count();
    let up = from[shared..].iter().map(|_| "..".to_owned());
    let down = to[shared..].iter().map(|part| reported(Path::new(part)));
    up.chain(down).collect::<Vec<_>>().join("/")
}

/// A path without `.` and `..`, as it is written.
#[must_use]
pub fn plainly(path: &Path) -> PathBuf {
    path.components().fold(PathBuf::new(), |mut plain, part| {
        match part {
            Component::ParentDir => drop(plain.pop()),
            Component::CurDir => {}
            part => plain.push(part),
        }
        plain
    })
}
