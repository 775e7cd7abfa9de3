//! Every value in force with its origin: the default, a rule file, or the line of the file that says it.

use std::collections::BTreeMap;

use super::layer::default_roles;
use super::{BASELINE, Config, IndexSettings, JSX_PROSE, RENDERS, REVIEWER};
use crate::document::PageOptions;
use crate::finding::Severity;
use crate::rulebook::Rulebook;
use crate::strict_toml::{At, Param};

/// The origin of what no file says.
pub const DEFAULT: &str = "default";

/// A value in force, and where it comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effective {
    /// The key, parted by points.
    pub key: String,
    /// The value as TOML.
    pub value: String,
    /// `default`, `rules/<check>.toml`, or `lint.toml:<line>`.
    pub origin: String,
    /// Origins of the values that it takes the place of, the first one first; defaults are not among them.
    pub instead_of: Vec<String>,
}

/// Values by key, each with its origin; a later one takes the place of an earlier one.
#[derive(Default)]
struct Values(BTreeMap<String, (String, String, Vec<String>)>);

impl Values {
    fn put(&mut self, key: impl Into<String>, value: String, origin: impl Into<String>) {
        let entry = self.0.entry(key.into()).or_default();
        if !entry.1.is_empty() && entry.1 != DEFAULT && !entry.1.starts_with("rules/") {
            entry.2.push(entry.1.clone());
        }
        (entry.0, entry.1) = (value, origin.into());
    }

    fn usual(&mut self, key: &str, value: String) {
        self.put(key, value, DEFAULT);
    }
}

impl Config {
    /// Every effective value of an article with its origin, by key. `relative`: its path from the folder of the file that counts.
    #[must_use]
    pub fn effective(&self, relative: &str, rulebook: &Rulebook) -> Vec<Effective> {
        let mut values = Values::default();
        self.defaults(&mut values, rulebook);
        for file in &self.files {
            let text = |value: &At<String>| (quoted(&value.value), file.place(value.span.start));
            let texts = |value: &At<Vec<String>>| (list(&value.value), file.place(value.span.start));
            let of_file = [
                ("discover.exclude", file.exclude.as_ref().map(texts)),
                ("snapshot.file", file.snapshot.as_ref().map(text)),
                ("packet.dir", file.packet.dir.as_ref().map(text)),
                ("packet.trusted-keys", file.packet.trusted_keys.as_ref().map(texts)),
                ("index.base-url", file.index.base_url.as_ref().map(text)),
                ("index.url", file.index.url.as_ref().map(text)),
                ("index.root", file.index.root.as_ref().map(text)),
                ("corpus.paths", file.corpus.as_ref().map(texts)),
                ("baseline.file", file.baseline.as_ref().map(text)),
            ];
            for (key, value) in of_file {
                if let Some((value, origin)) = value {
                    values.put(key, value, origin);
                }
            }
            if let Some(files) = &file.rule_files {
                // what a file brings is added to what the files before it bring
                let before = self.rule_files().into_iter().take_while(|(_, owner)| owner.path != file.path).map(|(written, _)| written);
                let all: Vec<&String> = before.chain(&files.value).collect();
                values.put("rules.files", list(&all), file.place(files.span.start));
            }
            let seen = file.seen(relative);
            if let Some(series) = file.series.iter().rev().find(|series| series.paths.is_match(&seen)) {
                values.put("corpus.series", quoted(&series.reason), file.place(series.start));
            }
            for (key, value, place) in file.waivers.effective(&seen) {
                values.put(key, value, file.place(place));
            }
            for demand in file.front_matter.iter().filter(|demand| demand.is_for(&seen)) {
                let number = values.0.keys().filter(|key| key.starts_with("front-matter.")).count() + 1;
                values.put(format!("front-matter.{number}"), quoted(&demand.demand.as_text()), file.place(demand.start));
            }
            for layer in file.layers(&seen) {
                for (key, value, place) in layer.values() {
                    values.put(key, value, file.place(place));
                }
            }
        }
        values.0.into_iter().map(|(key, (value, origin, instead_of))| Effective { key, value, origin, instead_of }).collect()
    }

    fn defaults(&self, values: &mut Values, rulebook: &Rulebook) {
        values.usual("site.language", quoted("en"));
        values.usual("site.class", quoted("by the words of the article"));
        values.usual("site.reviewer", quoted(REVIEWER));
        values.usual("site.renders", list(RENDERS));
        values.usual("site.html-content", list(PageOptions::CONTENT));
        values.usual("site.html-skip", list(PageOptions::SKIP));
        values.usual("site.jsx-prose-attributes", list(JSX_PROSE));
        values.usual("gate.require-sign-off", list(&[""; 0]));
        values.usual("discover.exclude", list(&[""; 0]));
        let index = IndexSettings::default();
        values.usual("index.url", quoted(&index.url));
        values.usual("index.root", quoted(&index.root));
        values.usual("packet.trusted-keys", list(&[""; 0]));
        values.usual("rules.files", list(&[""; 0]));
        values.usual("corpus.paths", if self.files.is_empty() { list(&[""; 0]) } else { list(&["."]) });
        values.usual("baseline.file", quoted(BASELINE));
        values.put("waiver-terms.owner-and-expiry", list(&rulebook.waivers.owner_and_expiry), "rules/waivers.toml");
        values.put("waiver-terms.notice", quoted(&rulebook.waivers.notice), "rules/waivers.toml");
        for (role, keys) in default_roles(&rulebook.params) {
            values.put(format!("roles.{role}"), list(&keys), "rules/document.toml");
        }
        for (check, params) in rulebook.params.iter().filter(|(check, _)| *check != "document") {
            for (name, value) in params {
                values.put(format!("checks.{check}.{name}"), param_text(value), format!("rules/{check}.toml"));
            }
        }
    }
}

impl super::layer::Layer {
    /// Key, value as TOML and place of everything that it says.
    pub(super) fn values(&self) -> Vec<(String, String, usize)> {
        let mut all = Vec::new();
        let texts = [("site.language", &self.language), ("site.class", &self.class), ("site.reviewer", &self.reviewer)];
        all.extend(texts.into_iter().filter_map(|(key, value)| value.as_ref().map(|value| (key.to_owned(), quoted(&value.value), value.span.start))));
        let lists = [
            ("site.renders", &self.renders),
            ("site.html-content", &self.html_content),
            ("site.html-skip", &self.html_skip),
            ("site.jsx-prose-attributes", &self.jsx_prose_attributes),
            ("gate.require-sign-off", &self.require_sign_off),
        ];
        all.extend(lists.into_iter().filter_map(|(key, value)| value.as_ref().map(|value| (key.to_owned(), list(&value.value), value.span.start))));
        all.extend(self.roles.iter().map(|(role, keys)| (format!("roles.{role}"), list(&keys.value), keys.span.start)));
        all.extend(self.params.iter().map(|((check, name), value)| (format!("checks.{check}.{name}"), param_text(&value.value), value.span.start)));
        all.extend(self.at_most.iter().map(|(check, status)| (format!("checks.{check}.at-most"), quoted(status.value.as_str()), status.span.start)));
        let severity = |severity: Option<Severity>| quoted(severity.map_or("off", Severity::as_str));
        all.extend(self.severities.iter().map(|(rule, value)| (format!("severity.{}", quoted(rule)), severity(value.value), value.span.start)));
        all
    }
}

pub(super) fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

pub(super) fn list<T: AsRef<str>>(texts: &[T]) -> String {
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
