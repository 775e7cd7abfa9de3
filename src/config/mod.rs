//! `lint.toml` as written → the policy of each article, every value with its origin. All that is wrong in a file is reported at once.

mod index;
mod packet;
pub mod waivers;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use globset::GlobSet;

use crate::checks::CHECKS;
use crate::classify::CLASSES;
use crate::discover;
use crate::document::{PageOptions, Selector};
use crate::finding::Severity;
use crate::outcome::Status;
use crate::policy::{Params, Policy};
use crate::rulebook::Rulebook;
use crate::strict_toml::{At, Param, Problem, Problems, Table, nearest_help, parse};

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

/// The keys that may stand at the top, under `[[overrides]]`, or both.
#[derive(Clone, Debug, Default)]
struct Layer {
    language: Option<At<String>>,
    class: Option<At<String>>,
    reviewer: Option<At<String>>,
    renders: Option<Vec<At<String>>>,
    html_content: Option<Vec<At<String>>>,
    html_skip: Option<Vec<At<String>>>,
    jsx_prose_attributes: Option<Vec<At<String>>>,
    roles: BTreeMap<String, Vec<At<String>>>,
    require_sign_off: Option<Vec<At<String>>>,
    params: BTreeMap<(String, String), At<Param>>,
    at_most: BTreeMap<String, At<Status>>,
    severities: BTreeMap<String, At<Option<Severity>>>,
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
    /// Reads a configuration file.
    ///
    /// # Errors
    /// Everything that is wrong in it: syntax, unknown keys, wrong types, impossible values. Parameters of checks are looked at by
    /// [`Self::check_params`], once the repository's own rules are known.
    pub fn read(path: &Path, text: String) -> Result<Self, ConfigError> {
        let (config, problems) = Self::parse(path, text);
        config.or_problems(problems)
    }

    /// The same, and the parameters of checks at once where the file brings no rules of its own.
    ///
    /// # Errors
    /// As for [`Self::read`] and [`Self::check_params`].
    pub fn read_with(path: &Path, text: String, rulebook: &Rulebook) -> Result<Self, ConfigError> {
        let (config, problems) = Self::parse(path, text);
        if config.rule_files.is_empty() {
            config.param_problems(rulebook, &problems);
        }
        config.or_problems(problems)
    }

    fn parse(path: &Path, text: String) -> (Self, Problems) {
        let problems = Problems::default();
        let mut config = Self { path: Some(path.to_owned()), ..Self::default() };
        {
            let parsed = parse(&text, &problems);
            let root = Table::root(&parsed, &problems);
            config.base = layer(&root);
            if let Some(discover) = root.table("discover") {
                config.exclude = globs(&discover, "exclude");
                discover.finish();
            }
            if let Some(rules) = root.table("rules") {
                config.rule_files = rules.texts("files").unwrap_or_default();
                rules.finish();
            }
            if let Some(snapshot) = root.table("snapshot") {
                config.snapshot = snapshot.text("file").map(|file| file.value);
                snapshot.finish();
            }
            config.index = index::read(&root);
            config.packet = packet::read(&root);
            if let Some(corpus) = root.table("corpus") {
                config.corpus = corpus.texts("paths").map(|paths| paths.into_iter().map(|path| path.value).collect());
                for table in corpus.tables("series") {
                    config.series.extend(series(&table));
                }
                corpus.finish();
            }
            config.waivers = waivers::Waivers::read(&root, &text);
            if let Some(baseline) = root.table("baseline") {
                config.baseline = baseline.text("file").map(|file| file.value);
                baseline.finish();
            }
            for table in root.tables("overrides") {
                let paths = globs(&table, "paths");
                if paths.is_empty() {
                    table.problem(table.span(), "an override without `paths` applies to nothing", Some("write `paths = [\"news/**\"]`".to_owned()));
                }
                let layer = layer(&table);
                table.finish();
                if let Ok(paths) = discover::patterns(&paths) {
                    config.overrides.push(Override { paths, layer });
                }
            }
            root.finish();
        }
        config.text = text;
        (config, problems)
    }

    fn or_problems(self, problems: Problems) -> Result<Self, ConfigError> {
        let problems = problems.into_sorted();
        if problems.is_empty() {
            return Ok(self);
        }
        Err(ConfigError { path: self.path.as_deref().map(discover::reported).unwrap_or_default(), text: self.text, problems })
    }

    /// Compares the parameters of `[checks.<id>]` and the rule ids of `[severity]` with the rulebook.
    ///
    /// # Errors
    /// Every key the rules do not know, and every value of another type than theirs.
    pub fn check_params(self, rulebook: &Rulebook) -> Result<Self, ConfigError> {
        let problems = Problems::default();
        self.param_problems(rulebook, &problems);
        self.or_problems(problems)
    }

    fn param_problems(&self, rulebook: &Rulebook, problems: &Problems) {
        self.waivers.problems(rulebook, problems);
        for layer in std::iter::once(&self.base).chain(self.overrides.iter().map(|other| &other.layer)) {
            for ((check, name), value) in &layer.params {
                check_param(rulebook, check, name, value, problems);
            }
            for (rule, severity) in &layer.severities {
                let known: Vec<&str> =
                    rulebook.rules.iter().map(|rule| rule.id.as_str()).chain(rulebook.messages().map(|message| message.id.as_str())).collect();
                if !known.contains(&rule.as_str()) {
                    let nearest = nearest_help(rule, &known);
                    let help = if nearest.starts_with("did you") { nearest } else { "`notegate rules` lists them".to_owned() };
                    problems.add(severity.span.clone(), format!("there is no rule `{rule}`"), Some(help));
                }
            }
        }
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
            let values = |texts: &Vec<At<String>>| texts.iter().map(|text| text.value.clone()).collect::<Vec<_>>();
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
                policy.renders = values(renders);
            }
            let selectors = |texts: &Vec<At<String>>| texts.iter().filter_map(|text| Selector::parse(&text.value).ok()).collect();
            if let Some(content) = &layer.html_content {
                policy.page.content = selectors(content);
            }
            if let Some(skip) = &layer.html_skip {
                policy.page.skip = selectors(skip);
            }
            if let Some(attributes) = &layer.jsx_prose_attributes {
                policy.jsx_prose_attributes = values(attributes);
            }
            if let Some(classes) = &layer.require_sign_off {
                policy.require_sign_off = values(classes);
            }
            for (role, keys) in &layer.roles {
                policy.roles.set(role, &values(keys));
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
            let texts = |texts: &[At<String>]| list(&texts.iter().map(|text| text.value.as_str()).collect::<Vec<_>>());
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
                    put(key, texts(value), self.place(value.first().map_or(0, |first| first.span.start)));
                }
            }
            for (role, keys) in &layer.roles {
                put(&format!("roles.{role}"), texts(keys), self.place(keys.first().map_or(0, |first| first.span.start)));
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

/// `role-…` parameters of `rules/document.toml`.
fn default_roles(params: &Params) -> BTreeMap<String, Vec<String>> {
    let document = params.get("document");
    document
        .into_iter()
        .flatten()
        .filter_map(|(name, value)| match (name.strip_prefix("role-"), value) {
            (Some(role), Param::List(keys)) => Some((role.to_owned(), keys.clone())),
            _ => None,
        })
        .collect()
}

fn globs(table: &Table, key: &str) -> Vec<String> {
    table
        .texts(key)
        .unwrap_or_default()
        .into_iter()
        .filter_map(|pattern| match discover::patterns(std::slice::from_ref(&pattern.value)) {
            Ok(_) => Some(pattern.value),
            Err(error) => {
                table.problem(pattern.span, error.to_string(), None);
                None
            }
        })
        .collect()
}

/// A `[[corpus.series]]`: without paths it allows nothing, and without a reason nobody knows why.
fn series(table: &Table) -> Option<Series> {
    let paths = globs(table, "paths");
    let reason = table.required_text("reason");
    if paths.is_empty() {
        table.problem(table.span(), "a series without `paths` allows nothing", Some("write `paths = [\"releases/**\"]`".to_owned()));
    }
    table.finish();
    let paths = discover::patterns(&paths).ok()?;
    Some(Series { paths, reason: reason.value })
}

fn layer(root: &Table) -> Layer {
    let mut layer = Layer::default();
    if let Some(site) = root.table("site") {
        layer.language = site.text("language");
        layer.class = site.text("class").inspect(|class| check_class(&site, class));
        layer.reviewer = site.text("reviewer");
        layer.renders = site.texts("renders");
        layer.html_content = site.texts("html-content").inspect(|texts| check_selectors(&site, texts));
        layer.html_skip = site.texts("html-skip").inspect(|texts| check_selectors(&site, texts));
        layer.jsx_prose_attributes = site.texts("jsx-prose-attributes");
        site.finish();
    }
    if let Some(class) = root.path().starts_with("overrides").then(|| root.text("class")).flatten() {
        check_class(root, &class);
        layer.class = Some(class);
    }
    if let Some(gate) = root.table("gate") {
        layer.require_sign_off = gate.texts("require-sign-off");
        for class in layer.require_sign_off.iter().flatten() {
            check_class(&gate, class);
        }
        gate.finish();
    }
    if let Some(roles) = root.table("roles") {
        for name in roles.names() {
            if let Some(keys) = roles.texts(&name.value) {
                layer.roles.insert(name.value, keys);
            }
        }
    }
    if let Some(severity) = root.table("severity") {
        for name in severity.names() {
            let Some(word) = severity.text(&name.value) else { continue };
            let value = if word.value == "off" { Some(None) } else { Severity::parse(&word.value).map(Some) };
            match value {
                Some(value) => drop(layer.severities.insert(name.value, At { value, span: name.span })),
                None => severity.problem(word.span, format!("`{}` is no severity", word.value), Some("write error, warning, note or off".to_owned())),
            }
        }
    }
    if let Some(checks) = root.table("checks") {
        let ids: Vec<&str> = CHECKS.iter().map(|check| check.id).collect();
        for name in checks.names() {
            if !ids.contains(&name.value.as_str()) {
                checks.problem(name.span.clone(), format!("there is no check `{}`", name.value), Some(nearest_help(&name.value, &ids)));
                let _ = checks.table(&name.value);
                continue;
            }
            if let Some(check) = checks.table(&name.value) {
                check_layer(&check, &name.value, &mut layer);
            }
        }
    }
    layer
}

fn check_class(table: &Table, class: &At<String>) {
    if !CLASSES.contains(&class.value.as_str()) {
        table.problem(class.span.clone(), format!("there is no content class `{}`", class.value), Some(nearest_help(&class.value, CLASSES)));
    }
}

fn check_selectors(table: &Table, texts: &[At<String>]) {
    for text in texts {
        if let Err(why) = Selector::parse(&text.value) {
            table.problem(text.span.clone(), why, Some("write `article`, `.entry-content`, `#post` or `[role=main]`".to_owned()));
        }
    }
}

fn check_layer(table: &Table, check: &str, layer: &mut Layer) {
    for name in table.names() {
        if name.value == "at-most" {
            let Some(word) = table.text("at-most") else { continue };
            let status = match word.value.as_str() {
                "pass" => Status::Pass,
                "limited" => Status::Limited,
                "fail" => Status::Fail,
                other => {
                    table.problem(word.span, format!("`{other}` is no ceiling"), Some("write pass, limited or fail".to_owned()));
                    continue;
                }
            };
            layer.at_most.insert(check.to_owned(), At { value: status, span: word.span });
        } else if let Some(value) = table.param(&name.value) {
            layer.params.insert((check.to_owned(), name.value), At { value: value.value, span: name.span });
        }
    }
}

fn check_param(rulebook: &Rulebook, check: &str, name: &str, value: &At<Param>, problems: &Problems) {
    let none = BTreeMap::new();
    let known = rulebook.params.get(check).unwrap_or(&none);
    let own_window = check == "freshness" && matches!(name, "pass-within" | "limited-within");
    let is_duration = own_window || (check == "freshness" && (name.starts_with("window-") || name == "future-tolerance" || name == "regulated-grace"));
    if is_duration && (own_window || known.contains_key(name)) {
        if !matches!(&value.value, Param::Text(text) if crate::date::duration(text).is_some()) {
            problems.add(
                value.span.clone(),
                format!("`checks.{check}.{name}` is no duration"),
                Some("write `\"90 days\"`, `\"6 months\"` or `\"1 year\"`".to_owned()),
            );
        }
        return;
    }
    let Some(default) = known.get(name) else {
        let mut names: Vec<&str> = known.keys().map(String::as_str).collect();
        names.push("at-most");
        if check == "freshness" {
            names.extend(["pass-within", "limited-within"]);
        }
        problems.add(value.span.clone(), format!("unknown key `checks.{check}.{name}`"), Some(nearest_help(name, &names)));
        return;
    };
    let kind = |param: &Param| match param {
        Param::Number(_) => "a number",
        Param::Text(_) => "a text",
        Param::Truth(_) => "`true` or `false`",
        Param::List(_) => "a list of texts",
    };
    if std::mem::discriminant(default) != std::mem::discriminant(&value.value) {
        problems.add(value.span.clone(), format!("`checks.{check}.{name}` is {}, where {} belongs", kind(&value.value), kind(default)), None);
    } else if matches!(&value.value, Param::Number(number) if *number < 0.0 || !number.is_finite()) {
        problems.add(value.span.clone(), format!("`checks.{check}.{name}` is below zero"), Some(format!("the default is {}", param_text(default))));
    }
}
