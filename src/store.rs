//! The folder of packets on the disk: which file belongs to which article, and how files are written so that nobody ever sees half of one.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

/// Most bytes of a file that are read.
const MOST: u64 = 64 << 20;

/// The files of an article.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The packet.
    Packet,
    /// The signed envelope around it.
    Envelope,
    /// The sign-off.
    SignOff,
}

impl Kind {
    /// What follows the article's path in the name of the file.
    #[must_use]
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Packet => ".packet.json",
            Self::Envelope => ".intoto.json",
            Self::SignOff => ".signoff.json",
        }
    }
}

/// The steps of writing a file. Tests put a disk in its place that dies at any of them.
pub trait Disk {
    /// Writes a new file and hands it to the disk for good.
    ///
    /// # Errors
    /// What the system says.
    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()>;
    /// Moves a file over another in one step.
    ///
    /// # Errors
    /// What the system says.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;
}

/// The disk.
#[derive(Clone, Copy, Debug, Default)]
pub struct RealDisk;

impl Disk for RealDisk {
    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let mut file = File::create(path)?;
        file.write_all(bytes)?;
        file.sync_all()
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)?;
        // the name is on the disk for good only when its folder is; not every system can say so
        if let Some(folder) = to.parent().and_then(|folder| File::open(folder).ok()) {
            let _ = folder.sync_all();
        }
        Ok(())
    }
}

/// The folder of packets.
#[derive(Clone, Debug)]
pub struct Store {
    /// Where it lies.
    pub folder: PathBuf,
}

/// Names that stand for something else in the folder, and what a name of that kind is written as itself.
const TAKEN: [(&str, &str); 2] = [("_up", "%5Fup"), ("_root", "%5Froot")];
/// Characters that some systems take for something else in a name, and the sign that they are written with. The sign comes first.
const SIGNS: [(char, &str); 3] = [('%', "%25"), (':', "%3A"), ('\\', "%5C")];

/// A part of a path as a name in the folder: two parts never have one name.
fn written(part: &str) -> String {
    if part == ".." {
        return "_up".to_owned();
    }
    if let Some((_, name)) = TAKEN.iter().find(|(taken, _)| *taken == part) {
        return (*name).to_owned();
    }
    // a percent sign that begins none of our signs stays: most names do
    let is_ours = |rest: &str| ["%25", "%3A", "%5C", "%5F"].iter().any(|sign| rest.starts_with(sign));
    let mut name = String::with_capacity(part.len());
    for (at, c) in part.char_indices() {
        match SIGNS.iter().find(|(sign, _)| *sign == c) {
            Some((_, written)) if c != '%' || is_ours(&part[at..]) => name.push_str(written),
            _ => name.push(c),
        }
    }
    name
}

/// The part of a path that a name in the folder stands for.
fn part(name: &str) -> String {
    if name == "_up" {
        return "..".to_owned();
    }
    if let Some((taken, _)) = TAKEN.iter().find(|(_, written)| *written == name) {
        return (*taken).to_owned();
    }
    SIGNS.iter().rev().fold(name.to_owned(), |name, (sign, written)| name.replace(written, &sign.to_string()))
}

impl Store {
    /// The file of an article. Its path is mirrored below the folder and never leaves it.
    #[must_use]
    pub fn file(&self, article: &str, kind: Kind) -> PathBuf {
        let mut path = self.folder.clone();
        if article.starts_with('/') {
            path.push("_root");
        }
        let parts: Vec<&str> = article.split('/').filter(|part| !part.is_empty() && *part != ".").collect();
        let last = parts.len().saturating_sub(1);
        for (i, part) in parts.into_iter().enumerate() {
            let plain = written(part);
            path.push(if i == last { format!("{plain}{}", kind.ending()) } else { plain });
        }
        path
    }

    /// The bytes of an article's file; `None` where there is none.
    ///
    /// # Errors
    /// What the system says of a file that is there.
    pub fn read(&self, article: &str, kind: Kind) -> io::Result<Option<Vec<u8>>> {
        read(&self.file(article, kind))
    }

    /// Writes an article's file, if its bytes are new. Whoever reads meanwhile, and whenever this ends, there is the old file or the new one.
    /// Says whether it wrote.
    ///
    /// # Errors
    /// What the system says.
    pub fn write(&self, disk: &dyn Disk, article: &str, kind: Kind, bytes: &[u8]) -> io::Result<bool> {
        let path = self.file(article, kind);
        if read(&path).ok().flatten().is_some_and(|old| old == bytes) {
            return Ok(false);
        }
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        // writers hold the lock, so that one name is enough and what a killed one left is written over
        let mut name = path.file_name().unwrap_or_default().to_os_string();
        name.push(".part");
        let part = path.with_file_name(name);
        disk.write(&part, bytes)?;
        disk.rename(&part, &path)?;
        Ok(true)
    }

    /// Waits until nobody else writes here. The lock ends with the value, and with the process.
    ///
    /// # Errors
    /// What the system says.
    pub fn lock(&self) -> io::Result<File> {
        fs::create_dir_all(&self.folder)?;
        let file = File::options().create(true).truncate(false).write(true).open(self.folder.join(".lock"))?;
        file.lock()?;
        Ok(file)
    }

    /// Waits until nobody writes here. A folder that cannot be locked, because it may only be read, is read as it is.
    #[must_use]
    pub fn lock_shared(&self) -> Option<File> {
        let file = File::open(self.folder.join(".lock")).ok()?;
        file.lock_shared().ok().map(|()| file)
    }

    /// Articles for which a packet, an envelope or a sign-off is kept, by the names that the files state, sorted.
    ///
    /// # Errors
    /// A folder that cannot be listed.
    pub fn kept(&self) -> io::Result<Vec<String>> {
        let mut found = std::collections::BTreeSet::new();
        let mut folders = vec![(self.folder.clone(), String::new())];
        while let Some((folder, prefix)) = folders.pop() {
            for entry in fs::read_dir(&folder)? {
                let entry = entry?;
                let name = entry.file_name().to_string_lossy().into_owned();
                let path = format!("{prefix}{name}");
                if entry.file_type()?.is_dir() {
                    folders.push((entry.path(), format!("{path}/")));
                } else if let Some(article) = [Kind::Packet, Kind::Envelope, Kind::SignOff].iter().find_map(|kind| path.strip_suffix(kind.ending())) {
                    let (rooted, inner) = article.strip_prefix("_root/").map_or((false, article), |inner| (true, inner));
                    let plain = inner.split('/').map(part).collect::<Vec<_>>().join("/");
                    found.insert(if rooted { format!("/{plain}") } else { plain });
                }
            }
        }
        Ok(found.into_iter().collect())
    }
}

/// The bytes of a regular file of bearable size; `None` where there is none.
///
/// # Errors
/// What the system says.
pub fn read(path: &Path) -> io::Result<Option<Vec<u8>>> {
    let metadata = match fs::metadata(path) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    if !metadata.is_file() || metadata.len() > MOST {
        return Err(io::Error::other("it is no regular file, or too long"));
    }
    let mut bytes = Vec::new();
    File::open(path)?.take(MOST).read_to_end(&mut bytes)?;
    Ok(Some(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_articles_have_one_file_and_each_is_known_by_its_file() {
        let store = Store { folder: PathBuf::from("packets") };
        let names = [
            "x:y.md",
            "x_y.md",
            "x%3Ay.md",
            "x%253Ay.md",
            "x%y.md",
            "a\\b.md",
            "a/b.md",
            "../b.md",
            "_up/b.md",
            "/b.md",
            "_root/b.md",
            "%5Froot/b.md",
            "up_/b.md",
            "a_up/b.md",
            "100%25.md",
        ];
        let mut files: Vec<PathBuf> = names.iter().map(|name| store.file(name, Kind::Packet)).collect();
        for (name, file) in names.iter().zip(&files) {
            let inner = file.strip_prefix("packets").unwrap_or(file).to_string_lossy().replace('\\', "/");
            let kept = inner.strip_suffix(".packet.json").unwrap_or_default();
            let (rooted, kept) = kept.strip_prefix("_root/").map_or((false, kept), |kept| (true, kept));
            let plain = kept.split('/').map(part).collect::<Vec<_>>().join("/");
            assert_eq!(if rooted { format!("/{plain}") } else { plain }, *name);
        }
        files.sort();
        files.dedup();
        assert_eq!(files.len(), names.len());
    }
}
