//! `--staged`: the index is judged, not the working tree.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::fail::Failure;
use crate::discover::tree::{Disk, Tree};
use crate::discover::{self, Found};
use crate::vcs::{GitError, Recorded, Repository};

/// What is staged, and the index it stands in.
#[derive(Debug)]
pub struct Staged {
    /// The index.
    pub index: Arc<Recorded>,
    /// Staged paths, from the top of the repository.
    paths: BTreeSet<PathBuf>,
    /// Those with a merge conflict.
    unmerged: BTreeSet<PathBuf>,
}

impl From<GitError> for Failure {
    fn from(error: GitError) -> Self {
        Self::new(error.to_string(), error.help())
    }
}

impl Staged {
    /// What is staged in the repository around the working directory.
    pub fn read() -> Result<Self, Failure> {
        let repository = Repository::here()?;
        let changes = repository.staged()?;
        let unmerged = changes.iter().filter(|change| change.unmerged).filter_map(|change| change.after.clone()).collect();
        let paths = changes.into_iter().filter_map(|change| change.after).collect();
        Ok(Self { index: Arc::new(repository.index()?), paths, unmerged })
    }

    /// The named paths that the index knows. One that is only in the working tree holds nothing staged; one that is nowhere stays, and is told.
    pub fn named(&self, paths: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
        if paths.iter().any(|path| path == Path::new("-")) {
            return Err(Failure::new("standard input cannot be staged", "leave out `-`, or `--staged`"));
        }
        if let Some((path, submodule)) = paths.iter().find_map(|path| Some((path, self.index.submodule(path)?))) {
            let message =
                format!("`{}` belongs to the submodule `{}`, which has an index of its own", discover::reported(path), discover::reported(&submodule));
            return Err(Failure::new(message, "run notegate inside the submodule"));
        }
        if let Some(path) = paths.iter().find(|path| self.index.inside(path).is_none()) {
            let message = format!("`{}` lies outside of the repository, and cannot be staged in it", discover::reported(path));
            return Err(Failure::new(message, "name paths of the repository, or leave out `--staged`"));
        }
        let is_known = |path: &&PathBuf| self.index.is_file(path) || self.index.is_dir(path) || !(Disk.is_file(path) || Disk.is_dir(path));
        Ok(paths.iter().filter(is_known).cloned().collect())
    }

    /// Leaves only staged articles.
    pub fn keep(&self, found: &mut Found) -> Result<(), Failure> {
        let place = |name: &str| self.index.inside(found.file(name));
        let conflicts: Vec<&str> =
            found.articles.iter().filter(|name| place(name).is_some_and(|path| self.unmerged.contains(&path))).map(String::as_str).collect();
        if !conflicts.is_empty() {
            let message = format!("merge conflicts are not resolved in: {}", conflicts.join(", "));
            return Err(Failure::new(message, "resolve them and `git add` the articles, then check again"));
        }
        let staged: Vec<String> = found.articles.iter().filter(|name| place(name).is_some_and(|path| self.paths.contains(&path))).cloned().collect();
        found.articles = staged;
        Ok(())
    }
}
