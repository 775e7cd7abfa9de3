//! What of a configuration is for one article, and what is not.

use super::effective::quoted;
use super::{Config, File};

/// An entry of a list of tables that bears on an article, or does not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// `overrides`, `corpus.series`, `waivers` or `front-matter`.
    pub table: &'static str,
    /// Number of the file among the configuration's files, from the one that is extended last.
    pub file: usize,
    /// Its line, from 1.
    pub line: usize,
    /// The patterns of its paths; empty for all.
    pub patterns: Vec<String>,
    /// The first pattern that fits the article; `None` where none does, or where all articles fit.
    pub by: Option<String>,
    /// Whether it is for the article.
    pub fits: bool,
    /// What it says, in short.
    pub says: String,
}

impl Config {
    /// Every entry of every list, in the order in which they count.
    #[must_use]
    pub fn entries(&self, relative: &str) -> Vec<Entry> {
        self.files.iter().enumerate().flat_map(|(number, file)| file.entries(number, &file.seen(relative))).collect()
    }
}

impl File {
    fn entries(&self, number: usize, seen: &str) -> Vec<Entry> {
        let entry = |table, start, patterns: &[String], says| {
            let by = patterns.iter().find(|pattern| crate::discover::patterns(std::slice::from_ref(pattern)).is_ok_and(|set| set.is_match(seen))).cloned();
            Entry { table, file: number, line: self.line(start), patterns: patterns.to_vec(), fits: by.is_some() || patterns.is_empty(), by, says }
        };
        let mut all: Vec<Entry> = self
            .overrides
            .iter()
            .map(|one| {
                let values = one.layer.values();
                let says = values.iter().map(|(key, value, _)| format!("{key} = {value}")).collect::<Vec<_>>().join(", ");
                entry("overrides", one.start, &one.patterns, says)
            })
            .collect();
        all.extend(self.series.iter().map(|one| entry("corpus.series", one.start, &one.patterns, one.reason.clone())));
        all.extend(self.waivers.written.iter().map(|one| {
            let owner = one.owner.as_ref().map(|owner| format!(", owner {owner}")).unwrap_or_default();
            let expires = one.expires.map(|day| format!(", expires {day}")).unwrap_or_default();
            entry("waivers", one.start, &one.patterns, format!("{}: {}{owner}{expires}", one.rule.value, one.reason))
        }));
        all.extend(self.front_matter.iter().map(|one| {
            let classes = &one.demand.classes;
            let classes = if classes.is_empty() { String::new() } else { format!("of class {}: ", classes.join(", ")) };
            entry("front-matter", one.start, &one.patterns, format!("{classes}{}", one.demand.in_short()))
        }));
        all.sort_by_key(|entry| entry.line);
        all
    }

    /// Where the file is extended, for a person: the line of the `extends` that names the next one.
    #[must_use]
    pub fn extends(&self) -> Option<(String, usize)> {
        self.extends.as_ref().map(|written| (quoted(&written.value), self.line(written.span.start)))
    }
}
