//! One `lint.toml` as it is written. Paths and patterns in it start at its own folder, whoever extends it.

use std::path::{Path, PathBuf};

use globset::GlobSet;

use super::chain::Link;
use super::front_matter::{self, Schemas};
use super::layer::Layer;
use super::waivers::Waivers;
use super::{forms, index, packet};
use crate::discover;
use crate::rulebook::Rulebook;
use crate::strict_toml::{At, Problems, Table, parse};

/// Settings for some paths.
#[derive(Clone, Debug)]
pub(super) struct Override {
    pub paths: GlobSet,
    pub patterns: Vec<String>,
    pub layer: Layer,
    pub start: usize,
}

/// Articles that may follow one template.
#[derive(Clone, Debug)]
pub(super) struct Series {
    pub paths: GlobSet,
    pub patterns: Vec<String>,
    pub reason: String,
    pub start: usize,
}

/// A file of a configuration.
#[derive(Clone, Debug, Default)]
pub struct File {
    /// Its path, as it is read.
    pub path: PathBuf,
    /// Its text.
    pub text: String,
    /// Its path as seen from the folder of the file that counts, with `/`.
    pub name: String,
    /// The folder of the file that counts, as seen from its own.
    pub(super) prefix: String,
    pub(super) extended: bool,
    pub(super) extends: Option<At<String>>,
    pub(super) exclude: Option<At<Vec<String>>>,
    pub(super) excluded: GlobSet,
    pub(super) rule_files: Option<At<Vec<String>>>,
    pub(super) snapshot: Option<At<String>>,
    pub(super) index: index::Written,
    pub(super) packet: packet::Written,
    pub(super) corpus: Option<At<Vec<String>>>,
    pub(super) waivers: Waivers,
    pub(super) baseline: Option<At<String>>,
    pub(super) series: Vec<Series>,
    pub(super) front_matter: Vec<front_matter::Written>,
    /// Texts of the schema files that it names, by their paths as written.
    pub(super) schemas: Schemas,
    pub(super) base: Layer,
    pub(super) overrides: Vec<Override>,
}

impl File {
    /// Reads a file of a chain. `rulebook`: the rules, where they are known already.
    pub(super) fn read(link: &Link, rulebook: Option<&Rulebook>, problems: &Problems) -> Self {
        let mut file = Self {
            path: link.path.clone(),
            name: link.name.clone(),
            prefix: link.prefix.clone(),
            extended: link.extended,
            schemas: link.schemas.clone(),
            ..Self::default()
        };
        file.fill(&Table::root(&parse(&link.text, problems), problems), &link.text, rulebook);
        file.text.clone_from(&link.text);
        file
    }

    /// Reads every key. Run over nothing, it says what there is to read.
    pub(super) fn fill(&mut self, root: &Table, text: &str, rulebook: Option<&Rulebook>) {
        self.extends = root.text_as("extends", &forms::extends());
        self.base = Layer::read(root, rulebook);
        if let Some(discover) = root.table("discover") {
            self.exclude = discover.list_as("exclude", &forms::pattern());
            discover.finish();
        }
        if let Some(rules) = root.table("rules") {
            self.rule_files = rules.list_as("files", &forms::filled());
            rules.finish();
        }
        if let Some(snapshot) = root.table("snapshot") {
            self.snapshot = snapshot.text_as("file", &forms::filled());
            snapshot.finish();
        }
        self.index = index::read(root);
        self.packet = packet::read(root);
        if let Some(corpus) = root.table("corpus") {
            self.corpus = corpus.list_as("paths", &forms::filled());
            self.series = corpus.tables("series").iter().filter_map(series).collect();
            corpus.finish();
        }
        self.waivers = Waivers::read(root, text, rulebook);
        if let Some(baseline) = root.table("baseline") {
            self.baseline = baseline.text_as("file", &forms::filled());
            baseline.finish();
        }
        let line = |at: usize| text.get(..at).map_or(0, |before| before.matches('\n').count()) + 1;
        self.front_matter = front_matter::read(root, &self.schemas, &self.name, line);
        for table in root.tables("overrides") {
            let paths = forms::needed_paths(&table, "an override without `paths` applies to nothing", "news/**");
            let mut layer = Layer::read(&table, rulebook);
            if let Some(class) = table.text_as("class", &forms::class()) {
                layer.class = Some(class);
            }
            table.finish();
            self.overrides.extend(paths.map(|(paths, patterns)| Override { paths, patterns, layer, start: table.span().start }));
        }
        root.finish();
        self.excluded = self.exclude.as_ref().and_then(|exclude| discover::patterns(&exclude.value).ok()).unwrap_or_default();
    }

    /// The folder that its paths and patterns start at.
    #[must_use]
    pub fn folder(&self) -> PathBuf {
        self.path.parent().map_or_else(|| PathBuf::from("."), Path::to_owned)
    }

    /// A path from the folder of the file that counts, as it is seen from the folder of this one.
    #[must_use]
    pub fn seen(&self, relative: &str) -> String {
        if self.prefix.is_empty() {
            return relative.to_owned();
        }
        let mut parts: Vec<&str> = Vec::new();
        for part in self.prefix.split('/').chain(relative.split('/')) {
            match part {
                "" | "." => {}
                ".." if parts.last().is_some_and(|last| *last != "..") => drop(parts.pop()),
                part => parts.push(part),
            }
        }
        parts.join("/")
    }

    /// The line of a byte, from 1.
    #[must_use]
    pub fn line(&self, at: usize) -> usize {
        self.text[..at.min(self.text.len())].matches('\n').count() + 1
    }

    /// `lint.toml:12`.
    pub(super) fn place(&self, at: usize) -> String {
        format!("{}:{}", self.name, self.line(at))
    }
}

/// A `[[corpus.series]]`: without paths it allows nothing, and without a reason nobody knows why.
fn series(table: &Table) -> Option<Series> {
    let paths = forms::needed_paths(table, "a series without `paths` allows nothing", "releases/**");
    let reason = table.required_text_as("reason", &forms::words());
    table.finish();
    let (paths, patterns) = paths?;
    Some(Series { paths, patterns, reason: reason.value, start: table.span().start })
}
