//! A desk for tests: the embedded rules, the default policy, and short ways to judge a text.

#![allow(dead_code, reason = "each test file uses its part")]

pub mod decoded;

use std::sync::Arc;

use jiff::civil::{Date, date};
use notegate::cases::sentence;
pub use notegate::cases::sentence::article_of;
use notegate::config::Config;
use notegate::document::{Document, Format};
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
        engine::bare(source, Format::of(&source.path).unwrap_or(Format::Markdown), &self.policy)
    }

    /// Whether a rule (or facet) matches in a sentence of a rule file.
    pub fn raises(&self, rule: &str, case: &str, facet: bool) -> bool {
        let source = SourceText::new("case.md".to_owned(), article_of(case).into_bytes());
        let document = self.document(&source);
        sentence::raises(&self.rulebook, &document, rule, facet)
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
        let run = Run { as_of: AS_OF, desk: &desk, load: &load, load_snapshot: &load_snapshot, snapshot: None, progress: &|| {}, sign_offs: &|_| None };
        let mut paths: Vec<String> = files.iter().map(|(name, _)| (*name).to_owned()).collect();
        paths.sort();
        engine::run(&run, &paths)
    }
}
