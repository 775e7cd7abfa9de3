//! What a run finds around it: configuration, rules, the day, the terminal.

use std::collections::{BTreeMap, HashMap};
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use jiff::civil::Date;

use super::args::When;
use super::fail::Failure;
use super::own_rules::OwnRules;
use crate::config::{Chain, Config};
use crate::discover;
use crate::discover::tree::{Disk, Tree};
use crate::document::front_matter;
use crate::engine::Desk;
use crate::rulebook::Rulebook;
use crate::snapshot::Snapshot;
use crate::vcs::WorkTree;

/// A configuration with the rules it brings.
#[derive(Debug)]
pub struct Loaded {
    /// The configuration.
    pub config: Config,
    /// The rules.
    pub rulebook: Arc<Rulebook>,
}

/// What the files of one folder have in common.
#[derive(Debug)]
struct Place {
    loaded: Arc<Loaded>,
    /// The folder's path from that of the configuration, as patterns see it.
    below: String,
}

/// A configuration, or why there is none.
type Outcome = Result<Arc<Loaded>, Failure>;

/// All configurations of a run: the one that counts for an article is the nearest to it.
#[derive(Debug)]
pub struct Project {
    /// The state of the files that everything is read from.
    pub tree: Arc<dyn Tree>,
    /// Nothing of the working tree counts beside it: it is a state of the past.
    pub is_past: bool,
    given: Option<Arc<Loaded>>,
    /// The embedded rules, for configurations that add none; compiled once.
    plain: Arc<Rulebook>,
    own: OwnRules,
    /// What was loaded, or why not: a broken file is read once.
    nearest: Mutex<BTreeMap<Option<PathBuf>, Outcome>>,
    folders: Mutex<BTreeMap<PathBuf, Option<PathBuf>>>,
    /// What was found for the first file of each folder: a corpus has very many files in few folders.
    places: Mutex<HashMap<PathBuf, Arc<Place>>>,
}

impl Project {
    /// A project; `given` is the file named on the command line.
    pub fn open(given: Option<&Path>) -> Result<Self, Failure> {
        Self::open_in(Arc::new(WorkTree), given)
    }

    /// The same project in a state of the past; the rules that come with notegate are not compiled again.
    pub fn in_state(&self, tree: Arc<dyn Tree>, given: Option<&Path>) -> Result<Self, Failure> {
        Self::with(tree, Arc::clone(&self.plain), true, given)
    }

    /// A project in a state of the files.
    pub fn open_in(tree: Arc<dyn Tree>, given: Option<&Path>) -> Result<Self, Failure> {
        Self::with(tree, Arc::new(Rulebook::embedded()?), false, given)
    }

    fn with(tree: Arc<dyn Tree>, plain: Arc<Rulebook>, is_past: bool, given: Option<&Path>) -> Result<Self, Failure> {
        let mut project = Self {
            tree,
            is_past,
            given: None,
            plain,
            own: OwnRules::default(),
            nearest: Mutex::default(),
            folders: Mutex::default(),
            places: Mutex::default(),
        };
        if let Some(path) = given {
            project.given = Some(Arc::new(project.load(Some(path), true)?));
        }
        Ok(project)
    }

    /// The project as one of the past, or of today.
    pub fn of_past(self, is_past: bool) -> Self {
        Self { is_past, ..self }
    }

    /// The configuration that counts for a path.
    pub fn of(&self, path: &Path) -> Result<Arc<Loaded>, Failure> {
        if let Some(given) = &self.given {
            return Ok(Arc::clone(given));
        }
        let folder = if self.tree.is_dir(path) { path } else { path.parent().unwrap_or_else(|| Path::new("")) };
        let file = {
            let mut folders = self.folders.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            folders.entry(folder.to_owned()).or_insert_with(|| discover::config_above(&*self.tree, folder)).clone()
        };
        let mut nearest = self.nearest.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(loaded) = nearest.get(&file) {
            return loaded.clone();
        }
        let loaded = self.load(file.as_deref(), false).map(Arc::new);
        nearest.insert(file, loaded.clone());
        loaded
    }

    /// The same for a path that is no folder, and that path as the patterns of the configuration see it.
    pub fn of_file(&self, file: &Path) -> Result<(Arc<Loaded>, String), Failure> {
        let parts = file.parent().zip(file.file_name().map(|name| discover::reported(Path::new(name))));
        if let Some((folder, name)) = &parts
            && let Some(place) = self.places.lock().unwrap_or_else(std::sync::PoisonError::into_inner).get(*folder)
        {
            return Ok((Arc::clone(&place.loaded), [&place.below, name.as_str()].concat()));
        }
        let loaded = self.of(file)?;
        let relative = relative(&loaded.config, file);
        if let Some((folder, name)) = &parts
            && let Some(below) = relative.strip_suffix(name)
        {
            let place = Place { loaded: Arc::clone(&loaded), below: below.to_owned() };
            self.places.lock().unwrap_or_else(std::sync::PoisonError::into_inner).insert((*folder).to_owned(), Arc::new(place));
        }
        Ok((loaded, relative))
    }

    /// `given`: the file is named on the command line.
    fn load(&self, path: Option<&Path>, given: bool) -> Result<Loaded, Failure> {
        let Some(path) = path else {
            return Ok(Loaded { config: Config::default(), rulebook: Arc::clone(&self.plain) });
        };
        let shown = discover::reported(path);
        let text = text_in(&*self.tree, path)
            .map_err(|why| Failure::new(format!("`{shown}` could not be read: {why}"), "check its path and rights, and save it as UTF-8"))?;
        let mut chain = Chain::read(&*self.tree, path, text);
        if let Some(first) = chain.files.first_mut().filter(|_| given) {
            first.named_by = Some("it is named by `--config`".to_owned());
        }
        match self.own.of(&*self.tree, &chain) {
            Ok(None) => Ok(Loaded { config: config(&chain, Some(&self.plain))?, rulebook: Arc::clone(&self.plain) }),
            Ok(Some(rulebook)) => Ok(Loaded { config: config(&chain, Some(&rulebook))?, rulebook }),
            // without its rules, their names and parameters cannot be looked at; everything else can
            Err(failure) => Err(match config(&chain, None) {
                Ok(_) => failure,
                Err(error) => error.and(failure),
            }),
        }
    }

    /// What an article is judged by. Configurations were all loaded while the articles were found, so this cannot fail any more;
    /// if a file vanished since, the defaults judge.
    pub fn desk(&self, path: &Path) -> Desk {
        match self.of(path) {
            Ok(loaded) => {
                let relative = relative(&loaded.config, path);
                Desk { policy: loaded.config.policy(&relative, &loaded.rulebook), rulebook: Arc::clone(&loaded.rulebook) }
            }
            Err(_) => Desk { policy: Config::default().policy(&discover::reported(path), &self.plain), rulebook: Arc::clone(&self.plain) },
        }
    }

    /// The same for a path that is no folder.
    pub fn desk_of_file(&self, file: &Path) -> Desk {
        match self.of_file(file) {
            Ok((loaded, relative)) => Desk { policy: loaded.config.policy(&relative, &loaded.rulebook), rulebook: Arc::clone(&loaded.rulebook) },
            Err(_) => self.desk(file),
        }
    }

    /// What an article is judged by where there is no configuration at all.
    pub fn plain_desk(&self) -> Desk {
        Desk { policy: Config::default().policy("", &self.plain), rulebook: Arc::clone(&self.plain) }
    }

    /// Every set of rules that was asked for, at least the shipped ones.
    pub fn rulebooks(&self) -> Vec<Arc<Rulebook>> {
        let nearest = self.nearest.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let loaded = self.given.iter().chain(nearest.values().flatten()).map(|loaded| Arc::clone(&loaded.rulebook));
        std::iter::once(Arc::clone(&self.plain)).chain(loaded).collect()
    }

    /// The series that an article belongs to, by its reason.
    pub fn series(&self, path: &Path) -> Option<String> {
        let loaded = self.of(path).ok()?;
        loaded.config.series(&relative(&loaded.config, path))
    }

    /// The same for a path that is no folder.
    pub fn series_of_file(&self, file: &Path) -> Option<String> {
        let (loaded, relative) = self.of_file(file).ok()?;
        loaded.config.series(&relative)
    }

    /// Digest over all configuration files of the run, and over the rules.
    pub fn digests(&self) -> (String, String) {
        use sha2::{Digest, Sha256};
        let nearest = self.nearest.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let all: Vec<&Arc<Loaded>> = self.given.iter().chain(nearest.values().flatten()).collect();
        let mut config = Sha256::new();
        let mut rules: Vec<&str> = Vec::new();
        for loaded in all {
            for text in loaded.config.texts() {
                config.update(text.as_bytes());
                config.update([0]);
            }
            rules.push(&loaded.rulebook.digest);
        }
        rules.sort_unstable();
        rules.dedup();
        let rules = match rules.as_slice() {
            [] => self.plain.digest.clone(),
            [one] => (*one).to_owned(),
            several => crate::source::hex(&Sha256::digest(several.join(" ").as_bytes())),
        };
        (format!("sha256:{}", crate::source::hex(&config.finalize())), format!("sha256:{rules}"))
    }
}

/// A path as the patterns of a configuration see it: from the folder of the file that counts, with `/`.
pub fn relative(config: &Config, path: &Path) -> String {
    discover::from_folder(&discover::absolute(&config.folder()), &discover::absolute(path))
}

fn config(chain: &Chain, rulebook: Option<&Rulebook>) -> Result<Config, Failure> {
    Config::of_chain(chain, rulebook).map_err(Failure::from)
}

/// A snapshot from a file of JSON.
pub fn snapshot(path: &Path) -> Result<Snapshot, Failure> {
    snapshot_in(&Disk, path)
}

/// The same in a state of the files.
pub fn snapshot_in(tree: &dyn Tree, path: &Path) -> Result<Snapshot, Failure> {
    use sha2::{Digest, Sha256};
    let shown = discover::reported(path);
    let bytes = tree
        .read(path)
        .map_err(|error| Failure::new(format!("the snapshot `{shown}` could not be read: {error}"), "check `--snapshot` or `[snapshot] file`"))?;
    let text = crate::source::text_of(bytes.clone())
        .map_err(|why| Failure::new(format!("the snapshot `{shown}` could not be read: {why}"), "save the file as UTF-8"))?;
    let help = "a snapshot is a JSON object with name, provider, method, captured, prices and ratios";
    let node = front_matter::yaml(&text, 0).map_err(|problem| Failure::new(format!("the snapshot `{shown}` is not JSON: {}", problem.detail), help))?;
    let mut issues = Vec::new();
    let mut snapshot = Snapshot::from_node(&node, &mut issues);
    if let Some(issue) = issues.first() {
        return Err(Failure::new(format!("the snapshot `{shown}`: {}", issue.detail), help));
    }
    if node.entries().is_empty() {
        return Err(Failure::new(format!("the snapshot `{shown}` is not a JSON object"), help));
    }
    snapshot.sha256 = Some(crate::source::hex(&Sha256::digest(&bytes)));
    snapshot.span = crate::span::Span::default();
    Ok(snapshot)
}

/// The text of a file, decoded.
pub fn text_file(path: &Path) -> Result<String, String> {
    text_in(&Disk, path)
}

/// The same in a state of the files.
pub fn text_in(tree: &dyn Tree, path: &Path) -> Result<String, String> {
    crate::source::text_of(tree.read(path)?)
}

/// The as-of date: flag, `NOTEGATE_AS_OF`, `SOURCE_DATE_EPOCH`, today.
pub fn as_of(flag: Option<&str>) -> Result<Date, Failure> {
    Ok(as_of_given(flag)?.unwrap_or_else(|| jiff::Zoned::now().date()))
}

/// The same where a day is given; `None` where today would count.
pub fn as_of_given(flag: Option<&str>) -> Result<Option<Date>, Failure> {
    let read = |name: &str, text: &str| {
        crate::date::parse(text)
            .ok()
            .filter(|day| !day.month_only)
            .map(|day| day.date)
            .ok_or_else(|| Failure::new(format!("{name} `{text}` is no date"), "write it as YYYY-MM-DD"))
    };
    if let Some(flag) = flag {
        return read("--as-of", flag).map(Some);
    }
    if let Some(text) = std::env::var("NOTEGATE_AS_OF").ok().filter(|text| !text.trim().is_empty()) {
        return read("NOTEGATE_AS_OF", &text).map(Some);
    }
    if let Some(text) = std::env::var("SOURCE_DATE_EPOCH").ok().filter(|text| !text.trim().is_empty()) {
        let seconds = text.trim().parse::<i64>().ok().and_then(|seconds| jiff::Timestamp::from_second(seconds).ok());
        return seconds
            .map(|at| Some(at.to_zoned(jiff::tz::TimeZone::UTC).date()))
            .ok_or_else(|| Failure::new(format!("SOURCE_DATE_EPOCH `{text}` is no time"), "give seconds since 1970, or `--as-of YYYY-MM-DD`"));
    }
    Ok(None)
}

/// Whether standard output gets colours.
pub fn color(when: When) -> bool {
    match when {
        When::Always => true,
        When::Never => false,
        When::Auto => wanted(std::io::stdout().is_terminal()),
    }
}

/// Whether standard error gets colours.
pub fn stderr_color() -> bool {
    wanted(std::io::stderr().is_terminal())
}

fn wanted(terminal: bool) -> bool {
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    if set("NO_COLOR") {
        return false;
    }
    if let Some(force) = std::env::var_os("FORCE_COLOR") {
        return force != "0";
    }
    terminal && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
}

/// Columns to fill: `COLUMNS`, else the terminal's, else 100.
pub fn width() -> usize {
    let given = std::env::var("COLUMNS").ok().and_then(|columns| columns.trim().parse().ok()).filter(|columns| *columns > 0);
    given.unwrap_or(100)
}
