//! `lint.toml` as written → the policy of each article, every value with its origin. All that is wrong in a file is reported at once.

mod forms;
mod index;
mod layer;
mod packet;
pub mod schema;
pub mod waivers;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use globset::GlobSet;

use crate::discover;
use crate::document::{PageOptions, Selector};
use crate::finding::Severity;
use crate::policy::Policy;
use crate::rulebook::Rulebook;
use crate::strict_toml::{Asked, At, Param, Problem, Problems, Table, parse};
use layer::{Layer, default_roles};

pub use index::IndexSettings;
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
}

/// Where an effective value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effective {
    /// The key, parted by points.
    pub key: String,
    /// The value as TOML.
    pub value: String,
    /// `default`, `rules/<check>.toml`, or `lint.toml:<line>`.
    pub origin: String,
}

/// Settings for some paths.
#[derive(Clone, Debug)]
struct Override {
    paths: GlobSet,
    layer: Layer,
}

/// Articles that may follow one template.
#[derive(Clone, Debug)]
struct Series {
    paths: GlobSet,
    reason: String,
}

/// A configuration, read.
#[derive(Debug, Default)]
pub struct Config {
    /// Its path; `None` where no file was found.
    pub path: Option<PathBuf>,
    /// Its text.
    pub text: String,
    /// Patterns of `[discover] exclude`, relative to the file.
    pub exclude: Vec<String>,
    /// Rule files of the repository, relative to the file.
    pub rule_files: Vec<At<String>>,
    /// The snapshot for all articles, relative to the file.
    pub snapshot: Option<String>,
    /// What the addresses of articles are.
    pub index: IndexSettings,
    /// Where packets are kept.
    pub packet: PacketSettings,
    /// Folders and files that every run compares with, relative to the file. `None`, where it does not say: everything below it.
    pub corpus: Option<Vec<String>>,
    /// Waivers and what they must say.
    pub waivers: waivers::Waivers,
    /// The baseline, relative to the file.
    pub baseline: Option<String>,
    series: Vec<Series>,
    base: Layer,
    overrides: Vec<Override>,
    cache: Mutex<BTreeMap<Vec<bool>, Arc<Policy>>>,
}

impl Config {
    /// Reads a configuration file where the rules are not known yet: their names and parameters are taken as they are.
    ///
    /// # Errors
    /// Everything else that is wrong in it: syntax, unknown keys, wrong types, impossible values.
    pub fn read(path: &Path, text: String) -> Result<Self, ConfigError> {
        Self::parse(path, text, None)
    }

    /// Reads a configuration file.
    ///
    /// # Errors
    /// Everything that is wrong in it: syntax, unknown keys, wrong types, impossible values.
    pub fn read_with(path: &Path, text: String, rulebook: &Rulebook) -> Result<Self, ConfigError> {
        Self::parse(path, text, Some(rulebook))
    }

    /// Reads it again with rules.
    ///
    /// # Errors
    /// As for [`Self::read_with`].
    pub fn check_params(self, rulebook: &Rulebook) -> Result<Self, ConfigError> {
        Self::read_with(&self.path.unwrap_or_default(), self.text, rulebook)
    }

    /// `[rules] files` of a configuration that may be broken, in order.
    #[must_use]
    pub fn rule_files_of(text: &str) -> Vec<At<String>> {
        let problems = Problems::default();
        let parsed = parse(text, &problems);
        let rules = Table::root(&parsed, &problems).table("rules");
        rules.and_then(|rules| rules.texts_as("files", &forms::filled())).unwrap_or_default()
    }

    /// Every key that may stand in a configuration file, with what belongs there: what the reader itself asks for.
    #[must_use]
    pub fn describe(rulebook: &Rulebook) -> Vec<Asked> {
        let problems = Problems::describing();
        Self::default().fill(&Table::nothing(&problems), "", Some(rulebook));
        problems.into_asked()
    }

    fn parse(path: &Path, text: String, rulebook: Option<&Rulebook>) -> Result<Self, ConfigError> {
        let problems = Problems::default();
        let mut config = Self { path: Some(path.to_owned()), ..Self::default() };
        config.fill(&Table::root(&parse(&text, &problems), &problems), &text, rulebook);
        if let Some(rulebook) = rulebook {
            config.waivers.problems(rulebook, &problems);
        }
        if problems.is_empty() {
            config.text = text;
            return Ok(config);
        }
        let description = rulebook.map(Self::describe).unwrap_or_default();
        Err(ConfigError { path: discover::reported(path), text, problems: problems.into_sorted_with(&description) })
    }

    fn fill(&mut self, root: &Table, text: &str, rulebook: Option<&Rulebook>) {
        self.base = Layer::read(root, rulebook);
        if let Some(discover) = root.table("discover") {
            self.exclude = forms::patterns(&discover, "exclude");
            discover.finish();
        }
        if let Some(rules) = root.table("rules") {
            self.rule_files = rules.texts_as("files", &forms::filled()).unwrap_or_default();
            rules.finish();
        }
        if let Some(snapshot) = root.table("snapshot") {
            self.snapshot = snapshot.text_as("file", &forms::filled()).map(|file| file.value);
            snapshot.finish();
        }
        self.index = index::read(root);
        self.packet = packet::read(root);
        if let Some(corpus) = root.table("corpus") {
            self.corpus = forms::values(corpus.texts_as("paths", &forms::filled()));
            for table in corpus.tables("series") {
                self.series.extend(series(&table));
            }
            corpus.finish();
        }
        self.waivers = waivers::Waivers::read(root, text);
        if let Some(baseline) = root.table("baseline") {
            self.baseline = baseline.text_as("file", &forms::filled()).map(|file| file.value);
            baseline.finish();
        }
        for table in root.tables("overrides") {
            let paths = forms::needed_paths(&table, "an override without `paths` applies to nothing", "news/**");
            let mut layer = Layer::read(&table, rulebook);
            if let Some(class) = table.text_as("class", &forms::class()) {
                layer.class = Some(class);
            }
            table.finish();
            self.overrides.extend(paths.map(|paths| Override { paths, layer }));
        }
        root.finish();
    }

    /// The folder that paths in the file are relative to.
    #[must_use]
    pub fn folder(&self) -> PathBuf {
        self.path.as_deref().and_then(Path::parent).map_or_else(|| PathBuf::from("."), Path::to_owned)
    }

    /// The reason of the series that an article belongs to; `relative` is its path from the file's folder. The last one that fits counts.
    #[must_use]
    pub fn series(&self, relative: &str) -> Option<String> {
        self.series.iter().rev().find(|series| series.paths.is_match(relative)).map(|series| series.reason.clone())
    }

    /// The policy of an article; `relative` is its path from the file's folder.
    #[must_use]
    pub fn policy(&self, relative: &str, rulebook: &Rulebook) -> Arc<Policy> {
        let fits: Vec<bool> = self.overrides.iter().map(|other| other.paths.is_match(relative)).chain(self.waivers.fits(relative)).collect();
        let mut cache = self.cache.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(policy) = cache.get(&fits) {
            return Arc::clone(policy);
        }
        let policy = Arc::new(self.resolve(&fits, rulebook));
        cache.insert(fits, Arc::clone(&policy));
        policy
    }

    fn layers<'c>(&'c self, fits: &'c [bool]) -> impl Iterator<Item = &'c Layer> {
        std::iter::once(&self.base).chain(self.overrides.iter().zip(fits).filter(|(_, fits)| **fits).map(|(other, _)| &other.layer))
    }

    fn resolve(&self, fits: &[bool], rulebook: &Rulebook) -> Policy {
        let mut policy = Policy {
            reviewer: REVIEWER.to_owned(),
            renders: RENDERS.iter().map(|role| (*role).to_owned()).collect(),
            jsx_prose_attributes: JSX_PROSE.iter().map(|name| (*name).to_owned()).collect(),
            params: rulebook.params.clone(),
            waiver_terms: self.waivers.terms(rulebook),
            waivers: self.waivers.policy(&fits[self.overrides.len()..]),
            ..Policy::default()
        };
        for (role, keys) in default_roles(&rulebook.params) {
            policy.roles.set(&role, &keys);
        }
        for layer in self.layers(fits) {
            let set = |slot: &mut Option<String>, value: &Option<At<String>>| {
                if let Some(value) = value {
                    *slot = Some(value.value.clone());
                }
            };
            set(&mut policy.language, &layer.language);
            set(&mut policy.class, &layer.class);
            if let Some(reviewer) = &layer.reviewer {
                policy.reviewer.clone_from(&reviewer.value);
            }
            if let Some(renders) = &layer.renders {
                policy.renders.clone_from(&renders.value);
            }
            let selectors = |texts: &At<Vec<String>>| texts.value.iter().filter_map(|text| Selector::parse(text).ok()).collect();
            if let Some(content) = &layer.html_content {
                policy.page.content = selectors(content);
            }
            if let Some(skip) = &layer.html_skip {
                policy.page.skip = selectors(skip);
            }
            if let Some(attributes) = &layer.jsx_prose_attributes {
                policy.jsx_prose_attributes.clone_from(&attributes.value);
            }
            if let Some(classes) = &layer.require_sign_off {
                policy.require_sign_off.clone_from(&classes.value);
            }
            for (role, keys) in &layer.roles {
                policy.roles.set(role, &keys.value);
            }
            for ((check, name), value) in &layer.params {
                policy.params.entry(check.clone()).or_default().insert(name.clone(), value.value.clone());
            }
            policy.at_most.extend(layer.at_most.iter().map(|(check, status)| (check.clone(), status.value)));
            policy.severities.extend(layer.severities.iter().map(|(rule, severity)| (rule.clone(), severity.value)));
        }
        policy
    }

    /// Every effective value of an article with its origin, by key.
    #[must_use]
    pub fn effective(&self, relative: &str, rulebook: &Rulebook) -> Vec<Effective> {
        let fits: Vec<bool> = self.overrides.iter().map(|other| other.paths.is_match(relative)).collect();
        let mut values: BTreeMap<String, (String, String)> = BTreeMap::new();
        let mut put = |key: &str, value: String, origin: String| drop(values.insert(key.to_owned(), (value, origin)));
        let default = || "default".to_owned();
        put("site.language", quoted("en"), default());
        put("site.class", quoted("by the words of the article"), default());
        put("site.reviewer", quoted(REVIEWER), default());
        put("site.renders", list(RENDERS), default());
        put("site.html-content", list(PageOptions::CONTENT), default());
        put("site.html-skip", list(PageOptions::SKIP), default());
        put("site.jsx-prose-attributes", list(JSX_PROSE), default());
        put("gate.require-sign-off", "[]".to_owned(), default());
        put("discover.exclude", list(&self.exclude), if self.exclude.is_empty() { default() } else { self.file_name() });
        let project = if self.path.is_some() { list(&["."]) } else { list(&[""; 0]) };
        put("corpus.paths", self.corpus.as_ref().map_or(project, |paths| list(paths)), if self.corpus.is_none() { default() } else { self.file_name() });
        if let Some(reason) = self.series(relative) {
            put("corpus.series", quoted(&reason), self.file_name());
        }
        put("baseline.file", quoted(self.baseline.as_deref().unwrap_or(BASELINE)), if self.baseline.is_none() { default() } else { self.file_name() });
        for (key, value, place) in self.waivers.effective(relative, rulebook) {
            put(&key, value, place.map_or_else(|| "rules/waivers.toml".to_owned(), |place| self.place(place)));
        }
        for (role, keys) in default_roles(&rulebook.params) {
            put(&format!("roles.{role}"), list(&keys), "rules/document.toml".to_owned());
        }
        for (check, params) in rulebook.params.iter().filter(|(check, _)| *check != "document") {
            for (name, value) in params {
                put(&format!("checks.{check}.{name}"), param_text(value), format!("rules/{check}.toml"));
            }
        }
        for layer in self.layers(&fits) {
            for (key, value) in [("site.language", &layer.language), ("site.class", &layer.class), ("site.reviewer", &layer.reviewer)] {
                if let Some(value) = value {
                    put(key, quoted(&value.value), self.place(value.span.start));
                }
            }
            let lists = [
                ("site.renders", &layer.renders),
                ("site.html-content", &layer.html_content),
                ("site.html-skip", &layer.html_skip),
                ("site.jsx-prose-attributes", &layer.jsx_prose_attributes),
                ("gate.require-sign-off", &layer.require_sign_off),
            ];
            for (key, value) in lists {
                if let Some(value) = value {
                    put(key, list(&value.value), self.place(value.span.start));
                }
            }
            for (role, keys) in &layer.roles {
                put(&format!("roles.{role}"), list(&keys.value), self.place(keys.span.start));
            }
            for ((check, name), value) in &layer.params {
                put(&format!("checks.{check}.{name}"), param_text(&value.value), self.place(value.span.start));
            }
            for (check, status) in &layer.at_most {
                put(&format!("checks.{check}.at-most"), quoted(status.value.as_str()), self.place(status.span.start));
            }
            for (rule, severity) in &layer.severities {
                put(&format!("severity.{}", quoted(rule)), quoted(severity.value.map_or("off", Severity::as_str)), self.place(severity.span.start));
            }
        }
        values.into_iter().map(|(key, (value, origin))| Effective { key, value, origin }).collect()
    }

    fn file_name(&self) -> String {
        self.path.as_deref().and_then(Path::file_name).map_or_else(|| "lint.toml".to_owned(), |name| name.to_string_lossy().into_owned())
    }

    fn place(&self, at: usize) -> String {
        let line = self.text[..at.min(self.text.len())].matches('\n').count() + 1;
        format!("{}:{line}", self.file_name())
    }
}

fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

fn list<T: AsRef<str>>(texts: &[T]) -> String {
    toml::Value::Array(texts.iter().map(|text| toml::Value::String(text.as_ref().to_owned())).collect()).to_string()
}

fn param_text(param: &Param) -> String {
    match param {
        Param::Number(number) => number.to_string(),
        Param::Text(text) => quoted(text),
        Param::Truth(yes) => yes.to_string(),
        Param::List(texts) => list(texts),
    }
}

/// A `[[corpus.series]]`: without paths it allows nothing, and without a reason nobody knows why.
fn series(table: &Table) -> Option<Series> {
    let paths = forms::needed_paths(table, "a series without `paths` allows nothing", "releases/**");
    let reason = table.required_text_as("reason", &forms::words());
    table.finish();
    Some(Series { paths: paths?, reason: reason.value })
}
