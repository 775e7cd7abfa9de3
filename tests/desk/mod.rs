//! A desk for tests: the embedded rules, the default policy, and short ways to judge a text.

#![allow(dead_code)] // each test file uses its part

pub mod decoded;

use std::sync::Arc;

use jiff::civil::{Date, date};
use notegate::config::Config;
use notegate::document::own_zones::OwnZones;
use notegate::document::section::SectionRole;
use notegate::document::{Document, Format, ReadOptions};
use notegate::engine::{self, Run, SnapshotFault};
use notegate::packet::Packet;
use notegate::policy::Policy;
use notegate::rulebook::Rulebook;
use notegate::source::SourceText;

/// The day all tests judge against.
pub const AS_OF: Date = date(2026, 5, 17);

pub struct Desk {
    pub rulebook: Arc<Rulebook>,
    pub policy: Arc<Policy>,
}

impl Desk {
    pub fn new() -> Self {
        let rulebook = Rulebook::embedded().unwrap_or_else(|errors| {
            let told: Vec<String> = errors
                .iter()
                .flat_map(|error| error.problems.iter().map(|problem| format!("{}: {} {:?}", error.file.path, problem.message, problem.help)))
                .collect();
            panic!("{}", told.join("\n"))
        });
        let rulebook = Arc::new(rulebook);
        let policy = Config::default().policy("", &rulebook);
        Self { rulebook, policy }
    }

    /// Parses a text as the engine does.
    pub fn document(&self, source: &SourceText) -> Document {
        let list = |name: &str, entries: &str| self.policy.list(name, entries).to_vec();
        let (references, closing) = (list("source-transparency", "reference-titles"), list("section-depth", "excluded-titles"));
        let role = |heading: &str| {
            let heading = heading.trim().to_lowercase();
            if references.contains(&heading) {
                SectionRole::References
            } else if closing.contains(&heading) {
                SectionRole::Closing
            } else {
                SectionRole::Body
            }
        };
        let options = ReadOptions {
            roles: &self.policy.roles,
            section_role: &role,
            renders: &self.policy.renders,
            page: &self.policy.page,
            own_zones: OwnZones::Judged("a test reads the bare document"),
            jsx_prose_attributes: &self.policy.jsx_prose_attributes,
        };
        Document::read(source, Format::of(&source.path).unwrap_or(Format::Markdown), &options)
    }

    /// Whether a rule (or facet) matches in a sentence of a rule file.
    pub fn raises(&self, rule: &str, case: &str, facet: bool) -> bool {
        let source = SourceText::new("case.md".to_owned(), article_of(case).into_bytes());
        let document = self.document(&source);
        let currency = |word| self.rulebook.is_currency(word);
        let view = self.rulebook.view(&document, &currency);
        let scan = self.rulebook.scan(&view);
        if facet {
            return scan
                .facets
                .iter()
                .chain(self.rulebook.ask(&view, rule.split('/').next().unwrap()).facets.iter())
                .any(|hit| self.rulebook.facets[hit.facet].name == rule);
        }
        scan.rules.iter().any(|hit| self.rulebook.rules[hit.rule].id == rule && !hit.cited)
    }

    /// Judges one text under a name.
    pub fn judge(&self, name: &str, text: impl Into<Vec<u8>>) -> Packet {
        self.judge_all(&[(name, text.into())]).remove(0)
    }

    /// Judges several texts as one run.
    pub fn judge_all(&self, files: &[(&str, Vec<u8>)]) -> Vec<Packet> {
        self.judge_with(files, &|_| Err("no such file".to_owned()))
    }

    /// Judges texts beside snapshot files.
    pub fn judge_with(&self, files: &[(&str, Vec<u8>)], snapshot: &(dyn Fn(&str) -> Result<Vec<u8>, String> + Sync)) -> Vec<Packet> {
        let load = |path: &str| files.iter().find(|(name, _)| *name == path).map(|(_, bytes)| bytes.clone()).ok_or_else(|| "no such file".to_owned());
        let load_snapshot = |_: &str, file: &str| snapshot(file).map_err(SnapshotFault::Unreadable);
        let desk = |_: &str| engine::Desk { policy: Arc::clone(&self.policy), rulebook: Arc::clone(&self.rulebook) };
        let run = Run { as_of: AS_OF, desk: &desk, load: &load, load_snapshot: &load_snapshot, snapshot: None, progress: &|| {} };
        let mut paths: Vec<String> = files.iter().map(|(name, _)| (*name).to_owned()).collect();
        paths.sort();
        engine::run(&run, &paths)
    }
}

/// A sentence of a rule file or case list as an article: `H: ` a heading, `Q: ` a quotation, `T: ` a table row, `C: ` code, `FM: key: ` a value of the header.
pub fn article_of(case: &str) -> String {
    let paragraphs: Vec<String> = case
        .split(" ¶ ")
        .map(|part| {
            if let Some(rest) = part.strip_prefix("H: ") {
                format!("## {rest}")
            } else if let Some(rest) = part.strip_prefix("Q: ") {
                format!("> {rest}")
            } else if let Some(rest) = part.strip_prefix("T: ") {
                let row = if rest.starts_with('|') { rest.to_owned() } else { format!("| {rest} |") };
                let columns = row.matches('|').count().saturating_sub(1).max(1);
                format!("|{}\n|{}\n{row}", " |".repeat(columns), " --- |".repeat(columns))
            } else if let Some(rest) = part.strip_prefix("C: ") {
                format!("```\n{rest}\n```")
            } else if let Some(rest) = part.strip_prefix("FM: ") {
                let (key, value) = rest.split_once(": ").unwrap_or(("description", rest));
                format!("---\n{key}: {}\n---", serde_json::to_string(value).unwrap_or_default())
            } else {
                part.to_owned()
            }
        })
        .collect();
    paragraphs.join("\n\n") + "\n"
}
