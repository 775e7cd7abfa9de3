//! The baseline: findings that were there when an article was first judged, held so that later runs tell only what is new.
//!
//! A file of JSON, one entry a line and sorted, every line ending in a comma (`null` ends the list), so that two branches merge line by line
//! and a line that came twice does no harm. An entry is known by path, rule and fingerprint: no line number, no absolute path.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use serde::{Deserialize, Serialize};

use crate::document::token::is_ignorable;
use crate::finding::Severity;
use crate::packet::record::is_of_article;
use crate::packet::{FindingRecord, Packet, WaivedRecord};
use crate::strict_toml::Problem;

/// Name of the format.
pub const SCHEMA: &str = "notegate.baseline/1";
/// The name of the format without its version.
const FORMAT: &str = "notegate.baseline/";
/// How held findings name what holds them.
pub const BY: &str = "baseline";
/// Characters of an excerpt.
const EXCERPT: usize = 60;
const MARKS: [&str; 4] = ["<<<<<<<", "|||||||", "=======", ">>>>>>>"];

/// A finding that is held.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Entry {
    /// The article, from the folder of the baseline, with `/`.
    pub path: String,
    /// Full id of the rule.
    pub rule: String,
    /// What it is recognised by.
    pub fingerprint: String,
    /// `error` or `warning`: an error is not held by what was a warning.
    pub severity: String,
    /// The day since which it is held, `YYYY-MM-DD`.
    pub since: String,
    /// What stood there, for whoever reads the file.
    pub excerpt: String,
}

impl Entry {
    /// The entry of a finding of an article.
    #[must_use]
    pub fn of(path: &str, finding: &FindingRecord, since: &str) -> Self {
        let shown: String = finding.excerpt.chars().filter(|c| !is_ignorable(*c) && (!c.is_control() || c.is_whitespace())).collect();
        let shown = shown.split_whitespace().collect::<Vec<_>>().join(" ");
        let cut = shown.char_indices().nth(EXCERPT).map_or(shown.len(), |(at, _)| at);
        let excerpt = if cut < shown.len() { format!("{}\u{2026}", shown[..cut].trim_end()) } else { shown };
        Self {
            path: path.to_owned(),
            rule: finding.rule.clone(),
            fingerprint: finding.fingerprint.clone(),
            severity: finding.severity.clone(),
            since: since.to_owned(),
            excerpt,
        }
    }

    fn key(&self) -> (&str, &str, &str) {
        (&self.path, &self.rule, &self.fingerprint)
    }

    fn weighs(&self, finding: &FindingRecord) -> bool {
        Severity::parse(&self.severity) >= Severity::parse(&finding.severity)
    }
}

/// A baseline, read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Baseline {
    /// Sorted, each once.
    entries: Vec<Entry>,
}

#[derive(Deserialize)]
struct Head {
    schema: Option<String>,
}

#[derive(Deserialize)]
struct File {
    entries: Vec<Option<Entry>>,
}

/// Articles that lie elsewhere now: the path of today and the one of the baseline.
pub type Moves = BTreeMap<String, String>;

/// What a run tells a baseline about its articles.
pub struct Run<'r> {
    /// The path of a packet as the baseline writes it; `None` for articles that it does not speak for.
    pub key: &'r dyn Fn(&str) -> Option<String>,
    /// Whether an article of the baseline is not there any more.
    pub gone: &'r dyn Fn(&str) -> bool,
    /// Whether the run looked at everything in the folder where an article of the baseline would lie.
    pub covers: &'r dyn Fn(&str) -> bool,
    /// Whether a rule that says nothing in this run has nothing to say: one that compares articles needs all of them.
    pub heard: &'r dyn Fn(&str) -> bool,
}

impl Baseline {
    /// A baseline of entries in any order, some perhaps twice: the longest held and the heavier of two stay.
    #[must_use]
    pub fn new(mut entries: Vec<Entry>) -> Self {
        entries.sort();
        let mut kept: Vec<Entry> = Vec::with_capacity(entries.len());
        for entry in entries {
            match kept.last_mut().filter(|last| last.key() == entry.key()) {
                Some(last) => {
                    if Severity::parse(&entry.severity) > Severity::parse(&last.severity) {
                        last.severity = entry.severity;
                    }
                    last.since = entry.since.min(std::mem::take(&mut last.since));
                }
                None => kept.push(entry),
            }
        }
        Self { entries: kept }
    }

    /// Reads a baseline.
    ///
    /// # Errors
    /// The first thing that is wrong, with its place: a merge that was not finished, no JSON, another format, an entry that holds nothing.
    pub fn read(text: &str) -> Result<Self, Problem> {
        let mut at = 0;
        for line in text.split_inclusive('\n') {
            let plain = line.trim_end();
            if MARKS.iter().any(|mark| plain == *mark || plain.strip_prefix(mark).is_some_and(|rest| rest.starts_with(' '))) {
                let help = "keep the lines of both sides, delete the marks, and run `notegate baseline update`; a line that stands twice does no harm";
                return Err(Problem {
                    span: at..at + plain.len(),
                    message: "the baseline holds a merge that was not finished".to_owned(),
                    help: Some(help.to_owned()),
                });
            }
            at += line.len();
        }
        let head: Head = serde_json::from_str(text).map_err(|error| syntax(text, &error))?;
        match head.schema.as_deref() {
            Some(SCHEMA) => {}
            Some(other) if other.starts_with(FORMAT) => {
                let message = format!("the baseline is of the format `{other}`, and this notegate reads `{SCHEMA}`");
                return Err(problem(text, other, message, "use the notegate that wrote it, or a newer one"));
            }
            _ => {
                let message = format!("this is no baseline: `\"schema\": \"{SCHEMA}\"` is missing");
                return Err(problem(text, "\"schema\"", message, "name a file that `notegate baseline create` wrote"));
            }
        }
        let file: File = serde_json::from_str(text).map_err(|error| syntax(text, &error))?;
        let entries: Vec<Entry> = file.entries.into_iter().flatten().collect();
        for entry in &entries {
            if let Some(why) = wrong(entry) {
                return Err(problem(text, &entry.fingerprint, why, "repair the line or delete it; `notegate baseline update` writes it anew"));
            }
        }
        Ok(Self::new(entries))
    }

    /// The file.
    #[must_use]
    pub fn write(&self) -> String {
        let mut out = format!("{{\n\"schema\": \"{SCHEMA}\",\n\"entries\": [\n");
        for entry in &self.entries {
            let _ = writeln!(out, "{},", serde_json::to_string(entry).unwrap_or_default());
        }
        out.push_str("null\n]\n}\n");
        out
    }

    /// The entries, sorted.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    fn of(&self, path: &str) -> &[Entry] {
        let from = self.entries.partition_point(|entry| entry.path.as_str() < path);
        let to = self.entries.partition_point(|entry| entry.path.as_str() <= path);
        &self.entries[from..to]
    }

    fn find(&self, path: &str, finding: &FindingRecord) -> Option<&Entry> {
        let of = self.of(path);
        let at = of.binary_search_by(|entry| (entry.rule.as_str(), entry.fingerprint.as_str()).cmp(&(finding.rule.as_str(), finding.fingerprint.as_str())));
        at.ok().map(|at| &of[at])
    }

    /// Marks the findings that are held, and says which articles were found to have moved.
    pub fn hold(&self, packets: &mut [&mut Packet], run: &Run) -> Moves {
        let moves = self.moves(packets, run);
        for packet in packets {
            let Some(key) = (run.key)(&packet.path) else { continue };
            let path = moves.get(&key).unwrap_or(&key);
            if self.of(path).is_empty() {
                continue;
            }
            for finding in packet.issues.iter_mut().chain(packet.checks.iter_mut().flat_map(|check| check.findings.iter_mut())) {
                if !is_holdable(finding) || finding.waived.is_some() {
                    continue;
                }
                let Some(entry) = self.find(path, finding).filter(|entry| entry.weighs(finding)) else { continue };
                finding.waived = Some(WaivedRecord {
                    by: BY.to_owned(),
                    reason: "it was there before".to_owned(),
                    owner: None,
                    expires: None,
                    since: Some(entry.since.clone()),
                    line: None,
                    file: None,
                });
            }
        }
        moves
    }

    /// Articles without entries that say what an article said which is gone.
    fn moves(&self, packets: &[&mut Packet], run: &Run) -> Moves {
        let keys: Vec<Option<String>> = packets.iter().map(|packet| (run.key)(&packet.path)).collect();
        let here: BTreeSet<&str> = keys.iter().flatten().map(String::as_str).collect();
        if keys.iter().flatten().all(|key| !self.of(key).is_empty()) {
            return Moves::new();
        }
        let mut lost: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
        let mut lost_paths: BTreeSet<&str> = BTreeSet::new();
        for group in self.entries.chunk_by(|a, b| a.path == b.path) {
            let path = group[0].path.as_str();
            if here.contains(path) || !(run.gone)(path) {
                continue;
            }
            lost_paths.insert(path);
            for entry in group.iter().filter(|entry| !is_of_article(&entry.rule, &entry.fingerprint)) {
                lost.entry((&entry.rule, &entry.fingerprint)).or_default().push(path);
            }
        }
        let mut by_name: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for path in &lost_paths {
            by_name.entry(name(path)).or_default().push(path);
        }
        // the more both say, the likelier it is the same article
        let mut likely: Vec<(std::cmp::Reverse<usize>, &str, &str)> = Vec::new();
        for (packet, key) in packets.iter().zip(&keys) {
            let Some(key) = key.as_deref().filter(|key| self.of(key).is_empty()) else { continue };
            let mut shared: BTreeMap<&str, usize> = BTreeMap::new();
            for finding in packet.all_findings() {
                for path in lost.get(&(finding.rule.as_str(), finding.fingerprint.as_str())).into_iter().flatten() {
                    *shared.entry(path).or_default() += 1;
                }
            }
            for path in by_name.get(name(key)).into_iter().flatten() {
                shared.entry(path).or_default();
            }
            likely.extend(shared.into_iter().map(|(path, count)| (std::cmp::Reverse(count), key, path)));
        }
        likely.sort_unstable();
        let mut moves = Moves::new();
        let mut taken: BTreeSet<&str> = BTreeSet::new();
        for (_, key, path) in likely {
            if !moves.contains_key(key) && taken.insert(path) {
                moves.insert(key.to_owned(), path.to_owned());
            }
        }
        moves
    }

    /// Entries that hold nothing any more: what they held was fixed, or its article deleted. Of articles that a run did not see, or could
    /// not read, nothing is said.
    #[must_use]
    pub fn prunable(&self, packets: &[&Packet], moves: &Moves, run: &Run) -> Vec<&Entry> {
        let mut seen: BTreeMap<String, &Packet> = BTreeMap::new();
        for packet in packets {
            if let Some(key) = (run.key)(&packet.path) {
                seen.insert(moves.get(&key).cloned().unwrap_or(key), packet);
            }
        }
        let mut prunable = Vec::new();
        for group in self.entries.chunk_by(|a, b| a.path == b.path) {
            let path = group[0].path.as_str();
            let Some(packet) = seen.get(path) else {
                if (run.gone)(path) && (run.covers)(path) {
                    prunable.extend(group);
                }
                continue;
            };
            let found: BTreeSet<(&str, &str)> = packet.all_findings().map(|finding| (finding.rule.as_str(), finding.fingerprint.as_str())).collect();
            let silent = unheard(packet);
            prunable.extend(group.iter().filter(|entry| {
                let check = entry.rule.split('/').next().unwrap_or_default();
                !found.contains(&(entry.rule.as_str(), entry.fingerprint.as_str()))
                    && !silent.contains(check)
                    && !silent.contains("")
                    && (run.heard)(&entry.rule)
            }));
        }
        prunable
    }

    /// The baseline without the entries that hold nothing, and with moved articles under their new paths.
    #[must_use]
    pub fn pruned(&self, packets: &[&Packet], moves: &Moves, run: &Run) -> Self {
        let gone: BTreeSet<&Entry> = self.prunable(packets, moves, run).into_iter().collect();
        let back: BTreeMap<&str, &str> = moves.iter().map(|(new, old)| (old.as_str(), new.as_str())).collect();
        let kept = self.entries.iter().filter(|entry| !gone.contains(entry)).map(|entry| {
            let path = back.get(entry.path.as_str()).map_or_else(|| entry.path.clone(), |path| (*path).to_owned());
            Entry { path, ..entry.clone() }
        });
        Self::new(kept.collect())
    }

    /// The pruned baseline with everything that a run found and nothing excuses, held since `since`.
    #[must_use]
    pub fn updated(&self, packets: &[&Packet], moves: &Moves, run: &Run, since: &str) -> Self {
        let mut entries = self.pruned(packets, moves, run).entries;
        for packet in packets {
            let Some(key) = (run.key)(&packet.path) else { continue };
            let new = packet.all_findings().filter(|finding| is_holdable(finding) && finding.waived.is_none());
            entries.extend(new.map(|finding| Entry::of(&key, finding, since)));
        }
        Self::new(entries)
    }
}

/// Whether a baseline may hold a finding: what a waiver may excuse, and what weighs anything (policy 7.3).
#[must_use]
pub fn is_holdable(finding: &FindingRecord) -> bool {
    finding.excusable && finding.severity != "note"
}

/// Checks that could not be made on an article, as far as its packet says it; `""` for all of them.
fn unheard(packet: &Packet) -> BTreeSet<&str> {
    let mut silent: BTreeSet<&str> = BTreeSet::new();
    if packet.issues.iter().any(|issue| issue.severity == "error") {
        silent.insert("");
    }
    for check in &packet.checks {
        let says_why = check.findings.iter().any(|finding| finding.severity != "note");
        if check.status == "error" || (check.status == "limited" && !says_why) {
            silent.insert(&check.id);
        }
    }
    silent
}

fn name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// What is wrong with an entry.
fn wrong(entry: &Entry) -> Option<String> {
    let Entry { path, rule, fingerprint, severity, since, .. } = entry;
    let absolute = path.starts_with('/') || path.get(1..3).is_some_and(|drive| matches!(drive, ":/" | ":\\"));
    if path.is_empty() || absolute {
        return Some(format!("`{path}` is no path from the folder of the baseline"));
    }
    if !rule.contains('/') {
        return Some(format!("`{rule}` is no rule"));
    }
    if fingerprint.len() < 16 || !fingerprint.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Some(format!("`{fingerprint}` is no fingerprint"));
    }
    if !matches!(severity.as_str(), "error" | "warning") {
        return Some(format!("`{severity}` is neither `error` nor `warning`"));
    }
    crate::waiver::day(since).is_none().then(|| format!("`{since}` is no day"))
}

/// A problem at the first place where a text stands.
fn problem(text: &str, at: &str, message: String, help: &str) -> Problem {
    let start = text.find(at).filter(|_| !at.is_empty()).unwrap_or(0);
    Problem { span: start..(start + at.len()).min(text.len()), message, help: Some(help.to_owned()) }
}

fn syntax(text: &str, error: &serde_json::Error) -> Problem {
    let start: usize = text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
    let mut at = (start + error.column().saturating_sub(1)).min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    let what = error.to_string();
    let what = what.split(" at line ").next().unwrap_or(&what);
    let help = "write it anew with `notegate baseline create`, or take the last version from git; every entry stands on a line of its own that ends in a comma";
    Problem { span: at..at, message: format!("the baseline cannot be read: {what}"), help: Some(help.to_owned()) }
}
