//! git, through its own program: which files a revision or the index holds, their bytes, and what changed between two states. Hooks hand
//! git's place on in variables (`GIT_DIR`, `GIT_INDEX_FILE`); they reach git as they are. Nothing here fetches anything.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::{OsStr, OsString};
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Component, Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Mutex;

use thiserror::Error;

use crate::discover::plainly;
use crate::discover::tree::{Disk, Tree};

/// Why git could not be asked.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum GitError {
    /// No program of that name.
    #[error("git is not installed, or not on the path")]
    Missing,
    /// Not inside a work tree.
    #[error("this folder belongs to no git repository with a working tree: {0}")]
    NoRepository(String),
    /// A revision that is not there, and the repository is whole.
    #[error("git knows no revision `{0}`")]
    Unknown(String),
    /// A revision that is not there, and the history was cut.
    #[error("git has no revision `{0}` here: this clone is shallow, its older history was not fetched")]
    Shallow(String),
    /// Anything else that git says.
    #[error("git failed: {0}")]
    Failed(String),
}

impl GitError {
    /// What to do next.
    #[must_use]
    pub const fn help(&self) -> &'static str {
        match self {
            Self::Missing => "install git, or check without `--staged` and `--since`",
            Self::NoRepository(_) => "run it inside a repository, or check without `--staged` and `--since`",
            Self::Unknown(_) => "`git log --oneline` shows revisions; a branch of the server is `origin/NAME` after `git fetch`",
            Self::Shallow(_) => "fetch more: `git fetch --deepen 100` or `git fetch --unshallow`; with actions/checkout set `fetch-depth: 0`",
            Self::Failed(_) => "try the same with git itself",
        }
    }
}

/// The repository around the working directory.
#[derive(Clone, Debug)]
pub struct Repository {
    /// Its uppermost folder.
    top: PathBuf,
}

/// The disk, and git's index where a repository is there.
#[derive(Clone, Copy, Debug, Default)]
pub struct WorkTree;

impl Tree for WorkTree {
    fn read(&self, path: &Path) -> Result<Vec<u8>, String> {
        Disk.read(path)
    }

    fn is_file(&self, path: &Path) -> bool {
        Disk.is_file(path)
    }

    fn is_dir(&self, path: &Path) -> bool {
        Disk.is_dir(path)
    }

    fn real(&self, path: &Path) -> Option<PathBuf> {
        Disk.real(path)
    }

    fn files(&self, folder: &Path) -> Option<Vec<PathBuf>> {
        Disk.files(folder)
    }

    /// Without git, and outside of a repository, there is nothing to ask: the walk of the disk is all.
    fn tracked(&self, folder: &Path) -> Vec<PathBuf> {
        let in_repository = std::path::absolute(folder).is_ok_and(|folder| folder.ancestors().any(|above| above.join(".git").exists()));
        if !in_repository {
            return Vec::new();
        }
        let list = ["ls-files", "-z", "--cached"].map(OsString::from);
        // a folder of another repository than the working directory's is asked from inside
        let inside = |command: &mut Command| {
            command.arg("-C").arg(folder).env_remove("GIT_DIR").env_remove("GIT_INDEX_FILE").env_remove("GIT_WORK_TREE");
        };
        let mut command = git();
        inside(&mut command);
        let Ok(output) = command.args(list).output() else { return Vec::new() };
        if !output.status.success() {
            return Vec::new();
        }
        output.stdout.split(|byte| *byte == 0).filter(|name| !name.is_empty()).map(|name| folder.join(path_of(name))).collect()
    }
}

/// How a file came to differ between two states.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Its path before, from the top; `None` where it is new.
    pub before: Option<PathBuf>,
    /// Its path after, from the top; `None` where it is gone.
    pub after: Option<PathBuf>,
    /// It stands unmerged in the index.
    pub unmerged: bool,
}

/// A state of the files that git holds.
#[derive(Debug)]
pub struct Recorded {
    top: PathBuf,
    /// What it is called in messages: `the index`, `revision main`.
    name: String,
    entries: BTreeMap<PathBuf, Entry>,
    folders: BTreeSet<PathBuf>,
    objects: Objects,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Entry {
    object: String,
    kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    File,
    Link,
    Submodule,
    Unmerged,
}

/// One running `git cat-file --batch`: starting a process for each file would take longer than judging it.
#[derive(Debug)]
struct Objects(Mutex<Option<Talk>>);

#[derive(Debug)]
struct Talk {
    child: Child,
    ask: ChildStdin,
    answer: BufReader<ChildStdout>,
}

/// Most links that are followed from one path.
const MOST_LINKS: usize = 40;
/// First bytes of a file that stands for another in Git LFS.
const LFS: &[u8] = b"version https://git-lfs.github.com/spec/";

fn git() -> Command {
    let mut command = Command::new("git");
    // a clone without all its objects would fetch them; notegate never touches the network
    command.env("GIT_NO_LAZY_FETCH", "1").env("GIT_OPTIONAL_LOCKS", "0").env("LC_ALL", "C").stdin(Stdio::null());
    command
}

fn ask(arguments: &[&OsStr]) -> Result<Vec<u8>, GitError> {
    let output = git().args(arguments).output().map_err(|error| started(&error))?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    Err(GitError::Failed(said(&output.stderr)))
}

fn started(error: &std::io::Error) -> GitError {
    if error.kind() == std::io::ErrorKind::NotFound { GitError::Missing } else { GitError::Failed(error.to_string()) }
}

/// What git said, on one line and without its own prefix.
fn said(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let line = text.lines().find(|line| !line.trim().is_empty()).unwrap_or("it gave no reason");
    line.trim_start_matches("fatal: ").to_owned()
}

fn words(texts: &[&str]) -> Vec<OsString> {
    texts.iter().map(OsString::from).collect()
}

fn ask_words(texts: &[&str]) -> Result<Vec<u8>, GitError> {
    let words = words(texts);
    ask(&words.iter().map(OsString::as_os_str).collect::<Vec<_>>())
}

#[cfg(unix)]
fn path_of(bytes: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt;
    PathBuf::from(OsStr::from_bytes(bytes))
}

#[cfg(not(unix))]
fn path_of(bytes: &[u8]) -> PathBuf {
    PathBuf::from(String::from_utf8_lossy(bytes).into_owned())
}

/// Whether a path of git's stays below the top: a made-up tree may say anything.
fn is_plain(path: &Path) -> bool {
    path.components().all(|part| matches!(part, Component::Normal(_)))
}

impl Repository {
    /// The repository around the working directory.
    ///
    /// # Errors
    /// There is no git, or no repository.
    pub fn here() -> Result<Self, GitError> {
        let up = match ask_words(&["rev-parse", "--show-cdup"]) {
            Ok(up) => up,
            Err(GitError::Failed(why)) => return Err(GitError::NoRepository(why)),
            Err(other) => return Err(other),
        };
        let up = path_of(up.strip_suffix(b"\n").unwrap_or(&up));
        let here = std::env::current_dir().map_err(|error| GitError::Failed(error.to_string()))?;
        Ok(Self { top: plainly(&here.join(up)) })
    }

    /// Its uppermost folder.
    #[must_use]
    pub fn top(&self) -> &Path {
        &self.top
    }

    /// The files of the index.
    ///
    /// # Errors
    /// What git says.
    pub fn index(&self) -> Result<Recorded, GitError> {
        let listed = ask_words(&["ls-files", "-s", "-z", "--full-name", "--", ":/"])?;
        let mut entries: BTreeMap<PathBuf, Entry> = BTreeMap::new();
        for line in listed.split(|byte| *byte == 0).filter(|line| !line.is_empty()) {
            // mode, object and stage, a tab, the path
            let Some((head, path)) = split(line) else { continue };
            let mut parts = head.split(' ');
            let (mode, object, stage) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
            let kind = if stage == "0" { kind(mode) } else { Kind::Unmerged };
            entries.insert(path, Entry { object: object.to_owned(), kind });
        }
        Ok(Recorded::new(&self.top, "the index".to_owned(), entries))
    }

    /// The files of a revision, and its full name.
    ///
    /// # Errors
    /// An unknown revision, or one that a shallow clone lacks.
    pub fn revision(&self, name: &str) -> Result<Recorded, GitError> {
        let commit = self.commit(name)?;
        let listed = ask_words(&["ls-tree", "-r", "-z", "--full-tree", &commit])?;
        let mut entries = BTreeMap::new();
        for line in listed.split(|byte| *byte == 0).filter(|line| !line.is_empty()) {
            // mode, type and object, a tab, the path
            let Some((head, path)) = split(line) else { continue };
            let mut parts = head.split(' ');
            let (mode, object) = (parts.next().unwrap_or_default(), parts.nth(1).unwrap_or_default());
            entries.insert(path, Entry { object: object.to_owned(), kind: kind(mode) });
        }
        Ok(Recorded::new(&self.top, format!("revision {name}"), entries))
    }

    /// The full name of a revision's commit.
    ///
    /// # Errors
    /// As for [`Self::revision`].
    pub fn commit(&self, name: &str) -> Result<String, GitError> {
        let wanted = format!("{name}^{{commit}}");
        match ask_words(&["rev-parse", "--verify", "--quiet", "--end-of-options", &wanted]) {
            Ok(commit) => Ok(String::from_utf8_lossy(&commit).trim().to_owned()),
            Err(GitError::Failed(_)) => {
                let shallow = ask_words(&["rev-parse", "--is-shallow-repository"])?;
                Err(if shallow.starts_with(b"true") { GitError::Shallow(name.to_owned()) } else { GitError::Unknown(name.to_owned()) })
            }
            Err(other) => Err(other),
        }
    }

    /// The commit at which two revisions parted.
    ///
    /// # Errors
    /// As for [`Self::revision`]; and the two have nothing in common, or what they have was not fetched.
    pub fn merge_base(&self, one: &str, other: &str) -> Result<String, GitError> {
        let (first, second) = (self.commit(one)?, self.commit(other)?);
        match ask_words(&["merge-base", &first, &second]) {
            Ok(base) => Ok(String::from_utf8_lossy(&base).trim().to_owned()),
            Err(GitError::Failed(_)) => {
                let name = format!("{one}...{other}");
                let shallow = ask_words(&["rev-parse", "--is-shallow-repository"])?;
                Err(if shallow.starts_with(b"true") { GitError::Shallow(name) } else { GitError::Failed(format!("`{one}` and `{other}` have no common past")) })
            }
            Err(other) => Err(other),
        }
    }

    /// When a commit was made, in seconds since 1970.
    ///
    /// # Errors
    /// What git says.
    pub fn time_of(&self, commit: &str) -> Result<i64, GitError> {
        let said = ask_words(&["show", "-s", "--format=%ct", commit, "--"])?;
        let text = String::from_utf8_lossy(&said);
        text.trim().parse().map_err(|_| GitError::Failed(format!("`{}` is no time of a commit", text.trim())))
    }

    /// What is staged: the differences between the last commit and the index. Before the first commit, everything.
    ///
    /// # Errors
    /// What git says.
    pub fn staged(&self) -> Result<Vec<Change>, GitError> {
        let base = match self.commit("HEAD") {
            Ok(commit) => commit,
            Err(GitError::Unknown(_) | GitError::Shallow(_)) => {
                let empty = ask_words(&["hash-object", "-t", "tree", "--stdin"])?;
                String::from_utf8_lossy(&empty).trim().to_owned()
            }
            Err(other) => return Err(other),
        };
        self.changes(&["--cached", &base])
    }

    /// The differences between a revision and the working tree, or between two revisions.
    ///
    /// # Errors
    /// What git says.
    pub fn changes(&self, between: &[&str]) -> Result<Vec<Change>, GitError> {
        let fixed = ["diff", "--raw", "-z", "-M", "--no-color", "--no-ext-diff", "--no-textconv", "--no-relative", "--ignore-submodules=all"];
        let all: Vec<&str> = fixed.iter().chain(between).copied().chain(["--"]).collect();
        let listed = ask_words(&all)?;
        let mut parts = listed.split(|byte| *byte == 0).filter(|part| !part.is_empty());
        let mut changes = Vec::new();
        while let Some(head) = parts.next() {
            let status = head.rsplit(|byte| *byte == b' ').next().and_then(|status| status.first()).copied().unwrap_or_default();
            let Some(first) = parts.next().map(path_of) else { break };
            let unmerged = status == b'U';
            changes.push(match status {
                b'A' => Change { before: None, after: Some(first), unmerged },
                b'D' => Change { before: Some(first), after: None, unmerged },
                b'R' | b'C' => {
                    let Some(second) = parts.next().map(path_of) else { break };
                    Change { before: Some(first), after: Some(second), unmerged }
                }
                _ => Change { before: Some(first.clone()), after: Some(first), unmerged },
            });
        }
        Ok(changes)
    }
}

fn split(line: &[u8]) -> Option<(String, PathBuf)> {
    let tab = memchr::memchr(b'\t', line)?;
    let path = path_of(&line[tab + 1..]);
    is_plain(&path).then(|| (String::from_utf8_lossy(&line[..tab]).into_owned(), path))
}

fn kind(mode: &str) -> Kind {
    match mode {
        "120000" => Kind::Link,
        "160000" => Kind::Submodule,
        _ => Kind::File,
    }
}

impl Recorded {
    fn new(top: &Path, name: String, entries: BTreeMap<PathBuf, Entry>) -> Self {
        let mut folders = BTreeSet::from([PathBuf::new()]);
        for path in entries.keys() {
            for folder in path.ancestors().skip(1) {
                if !folders.insert(folder.to_owned()) {
                    break;
                }
            }
        }
        Self { top: top.to_owned(), name, entries, folders, objects: Objects(Mutex::new(None)) }
    }

    /// The same under another name for messages.
    #[must_use]
    pub fn called(self, name: String) -> Self {
        Self { name, ..self }
    }

    /// A path from the top of the repository; `None` where it lies outside.
    #[must_use]
    pub fn inside(&self, path: &Path) -> Option<PathBuf> {
        let absolute = plainly(&std::path::absolute(path).ok()?);
        if let Ok(inside) = absolute.strip_prefix(&self.top) {
            return Some(inside.to_owned());
        }
        // the way to the repository may lead over a link
        let top = self.top.canonicalize().ok()?;
        let (real, rest) = absolute.ancestors().find_map(|above| Some((above.canonicalize().ok()?, absolute.strip_prefix(above).ok()?.to_owned())))?;
        real.join(rest).strip_prefix(&top).ok().map(Path::to_owned)
    }

    /// The submodule that a path lies in or is.
    #[must_use]
    pub fn submodule(&self, path: &Path) -> Option<PathBuf> {
        let inside = self.inside(path)?;
        inside.ancestors().find(|above| self.entries.get(*above).is_some_and(|entry| entry.kind == Kind::Submodule)).map(Path::to_owned)
    }

    /// Where a path from the top leads, links followed; `None` where the way breaks off or leaves the repository.
    fn followed(&self, inside: &Path) -> Option<PathBuf> {
        let mut left: Vec<PathBuf> = parts(inside);
        let mut at = PathBuf::new();
        let mut links = 0;
        while let Some(part) = left.pop() {
            match part.as_os_str().to_str() {
                Some(".") => continue,
                Some("..") => {
                    if !at.pop() {
                        return None;
                    }
                    continue;
                }
                _ => at.push(part),
            }
            let Some(entry) = self.entries.get(&at).filter(|entry| entry.kind == Kind::Link) else { continue };
            links += 1;
            let target = path_of(&self.objects.read(&entry.object).ok()?);
            if links > MOST_LINKS || target.is_absolute() {
                return None;
            }
            at.pop();
            left.extend(parts(&target));
        }
        Some(at)
    }
}

/// The parts of a path, last first.
fn parts(path: &Path) -> Vec<PathBuf> {
    path.components().rev().map(|part| PathBuf::from(part.as_os_str())).collect()
}

impl Tree for Recorded {
    fn read(&self, path: &Path) -> Result<Vec<u8>, String> {
        let Some(inside) = self.inside(path) else { return Disk.read(path) };
        let missing = || format!("it is not in {}", self.name);
        let inside = self.followed(&inside).ok_or_else(missing)?;
        if let Some(submodule) = inside.ancestors().find(|above| self.entries.get(*above).is_some_and(|entry| entry.kind == Kind::Submodule)) {
            return Err(format!("it lies in the submodule `{}`, which has a history of its own", crate::discover::reported(submodule)));
        }
        let entry = self.entries.get(&inside).ok_or_else(missing)?;
        if entry.kind == Kind::Unmerged {
            return Err("it has a merge conflict that is not resolved".to_owned());
        }
        let bytes = self.objects.read(&entry.object)?;
        if bytes.starts_with(LFS) {
            return Err(format!("{} holds a pointer of Git LFS, not the file itself", self.name));
        }
        Ok(bytes)
    }

    fn is_file(&self, path: &Path) -> bool {
        let Some(inside) = self.inside(path) else { return Disk.is_file(path) };
        self.followed(&inside).is_some_and(|inside| self.entries.get(&inside).is_some_and(|entry| matches!(entry.kind, Kind::File | Kind::Unmerged)))
    }

    fn is_dir(&self, path: &Path) -> bool {
        let Some(inside) = self.inside(path) else { return Disk.is_dir(path) };
        self.followed(&inside).is_some_and(|inside| self.folders.contains(&inside))
    }

    fn real(&self, path: &Path) -> Option<PathBuf> {
        let Some(inside) = self.inside(path) else { return Disk.real(path) };
        let inside = self.followed(&inside)?;
        (self.entries.contains_key(&inside) || self.folders.contains(&inside)).then(|| self.top.join(inside))
    }

    fn files(&self, folder: &Path) -> Option<Vec<PathBuf>> {
        let Some(inside) = self.inside(folder) else { return Disk.files(folder) };
        let inside = self.followed(&inside)?;
        let is_hidden = |path: &Path| path.components().any(|part| part.as_os_str().as_encoded_bytes().starts_with(b"."));
        let below = self.entries.range(inside.clone()..).take_while(|(path, _)| path.starts_with(&inside));
        let files = below.filter(|(_, entry)| entry.kind != Kind::Submodule).filter_map(|(path, _)| path.strip_prefix(&inside).ok());
        Some(files.filter(|rest| !rest.as_os_str().is_empty() && !is_hidden(rest)).map(|rest| folder.join(rest)).collect())
    }
}

impl Objects {
    /// The bytes of an object.
    fn read(&self, object: &str) -> Result<Vec<u8>, String> {
        let mut talk = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let talk = match &mut *talk {
            Some(talk) => talk,
            none => none.insert(Talk::begin()?),
        };
        talk.read(object).map_err(|error| format!("git could not read it: {error}"))
    }
}

impl Talk {
    fn begin() -> Result<Self, String> {
        let broken = || "git could not be asked for it".to_owned();
        let mut child = git()
            .args(["cat-file", "--batch"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| started(&error).to_string())?;
        let ask = child.stdin.take().ok_or_else(broken)?;
        let answer = BufReader::new(child.stdout.take().ok_or_else(broken)?);
        Ok(Self { child, ask, answer })
    }

    fn read(&mut self, object: &str) -> std::io::Result<Vec<u8>> {
        writeln!(self.ask, "{object}")?;
        self.ask.flush()?;
        // object, type and size; or the object and `missing`
        let mut head = String::new();
        self.answer.read_line(&mut head)?;
        let size = head.trim_end().rsplit(' ').next().and_then(|size| size.parse::<u64>().ok());
        let Some(size) = size else { return Err(std::io::Error::other("this clone lacks its bytes")) };
        let mut bytes = Vec::new();
        let mut body = (&mut self.answer).take(size);
        body.read_to_end(&mut bytes)?;
        let mut end = [0];
        self.answer.read_exact(&mut end)?;
        Ok(bytes)
    }
}

impl Drop for Talk {
    fn drop(&mut self) {
        // it reads a pipe of ours and has nothing to lose
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
