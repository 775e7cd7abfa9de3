//! `lint.toml` as written → the policy of each article, every value with its origin. All that is wrong in a file is reported at once.
//!
//! A file may extend another. Each is read into a [`File`] of its own, and they are put one on the other, the one that counts last: its values
//! take the place of those before it, lists as a whole; what is a list of tables (`[[overrides]]`, `[[waivers]]`, `[[corpus.series]]`, `[[front-matter]]`) and
//! `[rules] files` adds up. Paths and patterns start at the folder of the file that says them.

mod chain;
mod effective;
mod explain;
mod file;
mod forms;
mod front_matter;
mod index;
mod layer;
mod packet;
pub mod schema;
mod waivers;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use globset::GlobSet;

use crate::discover;
use crate::document::Selector;
use crate::policy::{Parameters, Policy, PolicyWaiver, WaiverTerms};
use crate::rulebook::Rulebook;
use crate::strict_toml::{Asked, At, Problem, Problems, Table, parse};
pub use chain::{Chain, Link};
pub use effective::Effective;
pub use explain::Entry;
pub use file::File;
pub use index::IndexSettings;
use layer::{Layer, default_roles};
pub use packet::PacketSettings;

/// Name of the machine reviewer where the site gives none.
pub const REVIEWER: &str = "notegate deterministic content QA";
/// Front-matter roles that a site's template shows where the site says nothing (policy 3.2).
const RENDERS: &[&str] = &["title", "description", "author", "dates", "source"];

/// Attributes of JSX that components show to readers where the site says nothing.
const JSX_PROSE: &[&str] = &["title", "alt", "label", "description", "caption"];

/// Name of the baseline where the site gives none.
pub const BASELINE: &str = "notegate-baseline.json";

/// A configuration file that cannot be used.
#[derive(Debug)]
pub struct ConfigError {
    /// The file.
    pub path: String,
    /// Its text.
    pub text: String,
    /// All its problems, in order.
    pub problems: Vec<Problem>,
    /// Who names the file, where it is not the nearest one.
    pub named_by: Option<String>,
}

/// Policies by the digest of the rules they were made with, and by what of the file fits.
type Made = BTreeMap<(String, Vec<bool>), Arc<Policy>>;

/// A configuration, read.
#[derive(Debug, Default)]
pub struct Config {
    /// Path of the file that counts; `None` where no file was found.
    pub path: Option<PathBuf>,
    /// Its files; the one that counts is the last.
    files: Vec<File>,
    cache: Mutex<Made>,
}

impl Config {
    /// Reads a configuration file by itself, where the rules are not known yet: their names and parameters are taken as they are.
    ///
    /// # Errors
    /// Everything else that is wrong in it: syntax, unknown keys, wrong types, impossible values.
    pub fn read(path: &Path, text: String) -> Result<Self, ConfigError> {
        Self::alone(path, text, None)
    }

    /// Reads a configuration file by itself.
    ///
    /// # Errors
    /// Everything that is wrong in it: syntax, unknown keys, wrong types, impossible values.
    pub fn read_with(path: &Path, text: String, rulebook: &Rulebook) -> Result<Self, ConfigError> {
        Self::alone(path, text, Some(rulebook))
    }

    /// Reads it again with rules.
    ///
    /// # Errors
    /// As for [`Self::read_with`].
    pub fn check_params(mut self, rulebook: &Rulebook) -> Result<Self, ConfigError> {
        let text = self.files.pop().map(|file| file.text).unwrap_or_default();
        Self::read_with(&self.path.unwrap_or_default(), text, rulebook)
    }

    fn alone(path: &Path, text: String, rulebook: Option<&Rulebook>) -> Result<Self, ConfigError> {
        let (path, name) = (path.to_owned(), path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default());
        let link = Link { path, text, name, prefix: String::new(), extended: false, problems: Vec::new(), schemas: BTreeMap::new(), named_by: None };
        Self::of_chain(&Chain { files: vec![link] }, rulebook).map_err(|mut errors| errors.remove(0))
    }

    /// Reads the files of a chain. `rulebook`: the rules, where they are known already.
    ///
    /// # Errors
    /// Every file that is wrong, with everything that is wrong in it; the one that counts comes first.
    pub fn of_chain(chain: &Chain, rulebook: Option<&Rulebook>) -> Result<Self, Vec<ConfigError>> {
        let mut config = Self { path: chain.files.first().map(|first| first.path.clone()), ..Self::default() };
        let found: Vec<Problems> = chain.files.iter().map(|_| Problems::default()).collect();
        config.files = chain.files.iter().zip(&found).map(|(link, problems)| File::read(link, rulebook, problems)).rev().collect();
        if let Some(rulebook) = rulebook {
            let terms = config.waiver_terms(rulebook);
            for (file, problems) in config.files.iter().rev().zip(&found) {
                file.waivers.problems(rulebook, &terms, problems);
            }
        }
        let description = || rulebook.map(Self::describe).unwrap_or_default();
        let errors = chain.files.iter().zip(found).filter(|(link, problems)| !link.problems.is_empty() || !problems.is_empty()).map(|(link, problems)| {
            for problem in &link.problems {
                problems.add(problem.span.clone(), problem.message.clone(), problem.help.clone());
            }
            ConfigError {
                path: discover::reported(&link.path),
                text: link.text.clone(),
                problems: problems.into_sorted_with(&description()),
                named_by: link.named_by.clone(),
            }
        });
        let errors: Vec<ConfigError> = errors.collect();
        if errors.is_empty() { Ok(config) } else { Err(errors) }
    }

    /// Every key that may stand in a configuration file, with what belongs there: what the reader itself asks for.
    #[must_use]
    pub fn describe(rulebook: &Rulebook) -> Vec<Asked> {
        let problems = Problems::describing();
        File::default().fill(&Table::nothing(&problems), "", Some(rulebook));
        problems.into_asked()
    }

    /// Texts of everything that it was read from, in the order of [`Self::inputs`].
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        self.files.iter().flat_map(|file| std::iter::once(file.text.as_str()).chain(file.schemas.values().map(|text| text.as_deref().unwrap_or_default())))
    }

    /// Its files; the one that counts is the last.
    #[must_use]
    pub fn files(&self) -> &[File] {
        &self.files
    }

    /// `[rules] files` of a file that may be broken, in order.
    #[must_use]
    pub fn rule_files_of(text: &str) -> Vec<At<String>> {
        let problems = Problems::default();
        let parsed = parse(text, &problems);
        let rules = Table::root(&parsed, &problems).table("rules");
        rules.and_then(|rules| rules.texts_as("files", &forms::filled())).unwrap_or_default()
    }

    /// Everything that it was read from, the file that counts last.
    #[must_use]
    pub fn inputs(&self) -> Vec<PathBuf> {
        let of_file = |file: &File| {
            let schemas: Vec<PathBuf> = file.schemas.keys().map(|path| discover::absolute(&file.folder().join(path))).collect();
            std::iter::once(file.path.clone()).chain(schemas).collect::<Vec<_>>()
        };
        self.files.iter().flat_map(of_file).collect()
    }

    /// The folder of the file that counts.
    #[must_use]
    pub fn folder(&self) -> PathBuf {
        self.path.as_deref().and_then(Path::parent).map_or_else(|| PathBuf::from("."), Path::to_owned)
    }

    /// The folder of the project: that of the outermost of its files that lies above the one that counts, or beside it.
    #[must_use]
    pub fn project(&self) -> PathBuf {
        let above = self.files.iter().filter(|file| !file.prefix.split('/').any(|part| part == ".."));
        above.max_by_key(|file| file.prefix.split('/').filter(|part| !part.is_empty()).count()).map_or_else(|| self.folder(), File::folder)
    }

    fn last<'c, T>(&'c self, pick: impl Fn(&'c File) -> Option<T>) -> Option<T> {
        self.files.iter().rev().find_map(pick)
    }

    /// A path that a file names, from its folder.
    fn path_of(&self, pick: impl Fn(&File) -> Option<&At<String>>) -> Option<PathBuf> {
        self.last(|file| pick(file).map(|written| file.folder().join(&written.value)))
    }

    /// Whether `[discover] exclude` leaves an article out. `relative`: its path from the folder of the file that counts.
    #[must_use]
    pub fn excludes(&self, relative: &str) -> bool {
        self.last(|file| file.exclude.as_ref().map(|_| file)).is_some_and(|file| file.excluded.is_match(file.seen(relative)))
    }

    /// Rule files of the repository as they are written, each with the file that names it.
    #[must_use]
    pub fn rule_files(&self) -> Vec<(&String, &File)> {
        self.files.iter().flat_map(|file| file.rule_files.iter().flat_map(|files| &files.value).map(move |written| (written, file))).collect()
    }

    /// The snapshot for all articles.
    #[must_use]
    pub fn snapshot(&self) -> Option<PathBuf> {
        self.path_of(|file| file.snapshot.as_ref())
    }

    /// The baseline, where one is named.
    #[must_use]
    pub fn baseline(&self) -> Option<PathBuf> {
        self.path_of(|file| file.baseline.as_ref())
    }

    /// Where a value stands that names files: the file of the configuration, and the bytes in it.
    #[must_use]
    pub fn names_at(&self, key: &str) -> Option<(&File, std::ops::Range<usize>)> {
        self.last(|file| {
            let span = match key {
                "snapshot.file" => file.snapshot.as_ref().map(|at| &at.span),
                "packet.trusted-keys" => file.packet.trusted_keys.as_ref().map(|at| &at.span),
                "corpus.paths" => file.corpus.as_ref().map(|at| &at.span),
                _ => None,
            };
            span.map(|span| (file, span.clone()))
        })
    }

    /// Folders and files that every run compares with. `None`, where no file says: the project.
    #[must_use]
    pub fn corpus(&self) -> Option<Vec<PathBuf>> {
        self.last(|file| file.corpus.as_ref().map(|paths| paths.value.iter().map(|path| file.folder().join(path)).collect()))
    }

    /// What the addresses of articles are.
    #[must_use]
    pub fn index(&self) -> IndexSettings {
        self.files.iter().fold(IndexSettings::default(), |settings, file| file.index.over(settings))
    }

    /// Where packets are kept.
    #[must_use]
    pub fn packet(&self) -> PacketSettings {
        let keys = |file: &File| Some(file.packet.trusted_keys.as_ref()?.value.iter().map(|key| file.folder().join(key)).collect());
        PacketSettings { dir: self.path_of(|file| file.packet.dir.as_ref()), trusted_keys: self.last(keys).unwrap_or_default() }
    }

    /// What waivers must say.
    #[must_use]
    pub fn waiver_terms(&self, rulebook: &Rulebook) -> WaiverTerms {
        let owned = self.last(|file| file.waivers.owner_and_expiry.as_ref().map(|checks| checks.value.clone()));
        let notice = self.last(|file| file.waivers.notice.as_ref().map(|notice| notice.value.clone()));
        WaiverTerms {
            owner_and_expiry: owned.unwrap_or_else(|| rulebook.waivers.owner_and_expiry.clone()),
            notice: crate::date::duration(notice.as_ref().unwrap_or(&rulebook.waivers.notice)).unwrap_or_default(),
        }
    }

    /// The reason of the series that an article belongs to; `relative` is its path from the folder of the file that counts. The last one that fits counts.
    #[must_use]
    pub fn series(&self, relative: &str) -> Option<String> {
        self.last(|file| {
            let seen = file.seen(relative);
            file.series.iter().rev().find(|series| series.paths.is_match(&seen)).map(|series| series.reason.clone())
        })
    }

    /// The policy of an article; `relative` is its path from the folder of the file that counts.
    #[must_use]
    pub fn policy(&self, relative: &str, rulebook: &Rulebook) -> Arc<Policy> {
        let fits: Vec<bool> = self.files.iter().flat_map(|file| file.fits(&file.seen(relative))).collect();
        let mut cache = self.cache.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let key = (rulebook.digest.clone(), fits);
        if let Some(policy) = cache.get(&key) {
            return Arc::clone(policy);
        }
        let policy = Arc::new(self.resolve(relative, rulebook));
        cache.insert(key, Arc::clone(&policy));
        policy
    }

    fn resolve(&self, relative: &str, rulebook: &Rulebook) -> Policy {
        let mut policy = Policy {
            reviewer: REVIEWER.to_owned(),
            renders: RENDERS.iter().map(|role| (*role).to_owned()).collect(),
            jsx_prose_attributes: JSX_PROSE.iter().map(|name| (*name).to_owned()).collect(),
            params: Parameters::of(&rulebook.params),
            waiver_terms: self.waiver_terms(rulebook),
            ..Policy::default()
        };
        for (role, keys) in default_roles(&rulebook.params) {
            policy.roles.set(&role, &keys);
        }
        for file in &self.files {
            let seen = file.seen(relative);
            policy.front_matter.extend(file.front_matter.iter().filter(|demand| demand.is_for(&seen)).map(|demand| Arc::clone(&demand.demand)));
            policy.waivers.extend(file.waivers.of(&seen, file.as_extended()));
            file.layers(&seen).for_each(|layer| layer.apply(&mut policy));
        }
        policy
    }
}

impl File {
    /// Its layers for an article, as seen from its folder; later ones count more.
    fn layers<'f>(&'f self, seen: &'f str) -> impl Iterator<Item = &'f Layer> {
        std::iter::once(&self.base).chain(self.overrides.iter().filter(move |other| other.paths.is_match(seen)).map(|other| &other.layer))
    }

    /// Its name, where it is one that another extends.
    #[must_use]
    pub fn as_extended(&self) -> Option<&str> {
        self.extended.then_some(self.name.as_str())
    }

    /// Its waivers with the articles that each is for.
    pub fn waivers(&self) -> impl Iterator<Item = (PolicyWaiver, &GlobSet)> {
        self.waivers.all(self.as_extended())
    }

    /// Its tables that are for some paths, except waivers: the name of the table, its patterns, its first byte, and the articles.
    pub fn for_paths(&self) -> impl Iterator<Item = (&'static str, &[String], usize, &GlobSet)> {
        let overrides = self.overrides.iter().map(|one| ("overrides", one.patterns.as_slice(), one.start, &one.paths));
        let series = self.series.iter().map(|one| ("corpus.series", one.patterns.as_slice(), one.start, &one.paths));
        let demands = self.front_matter.iter().filter_map(|one| Some(("front-matter", one.patterns.as_slice(), one.start, one.paths.as_ref()?)));
        overrides.chain(series).chain(demands)
    }

    /// What of it is for an article: everything that makes its policy another than that of its neighbours.
    fn fits(&self, seen: &str) -> Vec<bool> {
        self.overrides
            .iter()
            .map(|other| other.paths.is_match(seen))
            .chain(self.waivers.fits(seen))
            .chain(self.front_matter.iter().map(|demand| demand.is_for(seen)))
            .collect()
    }
}

impl Layer {
    fn apply(&self, policy: &mut Policy) {
        let text = |slot: &mut Option<String>, value: &Option<At<String>>| {
            if let Some(value) = value {
                *slot = Some(value.value.clone());
            }
        };
        let texts = |slot: &mut Vec<String>, value: &Option<At<Vec<String>>>| {
            if let Some(value) = value {
                slot.clone_from(&value.value);
            }
        };
        let selectors = |slot: &mut Vec<Selector>, value: &Option<At<Vec<String>>>| {
            if let Some(value) = value {
                *slot = value.value.iter().filter_map(|text| Selector::parse(text).ok()).collect();
            }
        };
        text(&mut policy.language, &self.language);
        text(&mut policy.class, &self.class);
        if let Some(reviewer) = &self.reviewer {
            policy.reviewer.clone_from(&reviewer.value);
        }
        texts(&mut policy.renders, &self.renders);
        selectors(&mut policy.page.content, &self.html_content);
        selectors(&mut policy.page.skip, &self.html_skip);
        texts(&mut policy.jsx_prose_attributes, &self.jsx_prose_attributes);
        texts(&mut policy.require_sign_off, &self.require_sign_off);
        for (role, keys) in &self.roles {
            policy.roles.set(role, &keys.value);
        }
        for ((check, name), value) in &self.params {
            policy.params.set(check, name, value.value.clone());
        }
        policy.at_most.extend(self.at_most.iter().map(|(check, status)| (check.clone(), status.value)));
        policy.severities.extend(self.severities.iter().map(|(rule, severity)| (rule.clone(), severity.value)));
    }
}
