//! A state of the files: as they lie on the disk, or as something else remembers them. Whoever judges a state reads through it and through
//! nothing else, so that no file of another state slips in.

use std::fmt::Debug;
use std::path::{Path, PathBuf};

/// A state of the files. Paths are those of the working directory, whether the files lie there or not.
pub trait Tree: Debug + Send + Sync {
    /// The bytes of a file.
    ///
    /// # Errors
    /// Why they cannot be had, in words.
    fn read(&self, path: &Path) -> Result<Vec<u8>, String>;
    /// Whether there is such a file, links followed.
    fn is_file(&self, path: &Path) -> bool;
    /// Whether there is such a folder, links followed.
    fn is_dir(&self, path: &Path) -> bool;
    /// The path with its links followed; `None` where nothing is there.
    fn real(&self, path: &Path) -> Option<PathBuf>;
    /// The files below a folder, hidden ones left out, each as the folder's path and the rest; `None` where they are found by walking the disk.
    fn files(&self, folder: &Path) -> Option<Vec<PathBuf>>;
    /// The files below a folder that are kept in a repository, whatever `.gitignore` says of them; none where nothing is known.
    fn tracked(&self, _folder: &Path) -> Vec<PathBuf> {
        Vec::new()
    }
}

/// The disk as it is.
#[derive(Clone, Copy, Debug, Default)]
pub struct Disk;

impl Tree for Disk {
    fn read(&self, path: &Path) -> Result<Vec<u8>, String> {
        super::read(path)
    }

    fn is_file(&self, path: &Path) -> bool {
        // pipes and devices are there too; reading them says what they are
        std::fs::metadata(path).is_ok_and(|metadata| !metadata.is_dir())
    }

    fn is_dir(&self, path: &Path) -> bool {
        path.is_dir()
    }

    fn real(&self, path: &Path) -> Option<PathBuf> {
        std::fs::canonicalize(path).ok()
    }

    fn files(&self, _folder: &Path) -> Option<Vec<PathBuf>> {
        None
    }
}
