//! From bytes to the document and the data it rests on: the article, its panels, its snapshot.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use memchr::memmem::Finder;

use super::{Desk, Run, SnapshotFault, snapshot_record};
use crate::checks::CHECKS;
use crate::document::own_zones::OwnZones;
use crate::document::section::SectionRole;
use crate::document::token::fold;
use crate::document::{Document, Format, Issue, ReadOptions, ShownKeys};
use crate::finding::Severity;
use crate::packet::panels;
use crate::panel::{self, Forms};
use crate::policy::Policy;
use crate::sign_off::Held;
use crate::snapshot::{Declared, Snapshot};
use crate::source::SourceText;
use crate::span::Span;

/// What the header of an article says about its data.
pub(super) struct Reading {
    /// The snapshot it declares.
    pub own: Option<Snapshot>,
    /// It declares one that could not be read.
    pub snapshot_broken: bool,
    /// Its scope line, if no rule has anything against it.
    pub scope: Option<String>,
    /// Problems of the snapshot.
    pub issues: Vec<Issue>,
}

/// Reads an article. Panels that notegate wrote into it are left out as long as their free cells hold the article's own names, and
/// those say nothing that a rule forbids.
pub(super) fn read(run: &Run, source: &SourceText, desk: &Desk) -> (Document, Reading) {
    let policy = desk.policy.as_ref();
    let format = Format::of(&source.path).unwrap_or(Format::Markdown);
    let document = read_with(source, format, policy, OwnZones::LeftOut(&forms(source, desk)));
    let mut issues = Vec::new();
    let (own, snapshot_broken) = snapshot(run, source, &document, &mut issues);
    let scope = document.front_matter.root.as_ref().and_then(|root| root.get("scope")).and_then(crate::document::front_matter::Node::text);
    let scope = scope.filter(|scope| is_harmless(run, desk, &[scope]));
    let record = own.as_ref().or(run.snapshot).map(snapshot_record);
    let refused = refusal(run, desk, &document, || {
        let mut names = panels::names(record.as_ref(), scope.as_deref(), &policy.reviewer);
        names.extend((run.sign_offs)(&source.path).iter().flat_map(Held::names).map(panel::text::cell));
        names
    });
    let document = match refused {
        Some(why) => read_with(source, format, policy, OwnZones::Judged(&why)),
        None => document,
    };
    (document, Reading { own, snapshot_broken, scope, issues })
}

/// What panels of notegate's own are recognised by. Most articles hold none, and need no forms.
pub(super) fn forms(source: &SourceText, desk: &Desk) -> Forms {
    static NEEDLE: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(panel::NEEDLE));
    if NEEDLE.find(source.text.as_bytes()).is_none() {
        return Forms::default();
    }
    panels::forms(CHECKS.iter().map(|check| (desk.rulebook.check(check.id).claim.as_str(), desk.rulebook.panel(check.id))))
}

/// Why the panels of a page must be judged after all, if they must. `known`: the names that they may show.
fn refusal(run: &Run, desk: &Desk, document: &Document, known: impl Fn() -> BTreeSet<String>) -> Option<String> {
    if document.own_zones.is_empty() {
        return None;
    }
    let known = known();
    let shown: BTreeSet<String> = document.own_zones.iter().flat_map(|zone| &zone.names).map(|name| panel::text::cell(name)).collect();
    if let Some(name) = shown.difference(&known).next() {
        return Some(format!("`{}` stands nowhere in the header or the source of the article", crate::source::shortened(name)));
    }
    let names: Vec<&str> = shown.iter().map(String::as_str).collect();
    (!is_harmless(run, desk, &names)).then(|| "a name in it says what an article may not say".to_owned())
}

pub(super) fn read_with(source: &SourceText, format: Format, policy: &Policy, own_zones: OwnZones) -> Document {
    let (references, closing) = (policy.list("source-transparency", "reference-titles"), policy.list("section-depth", "excluded-titles"));
    let role = |heading: &str| section_role(references, closing, heading);
    let options = ReadOptions {
        roles: &policy.roles,
        section_role: &role,
        renders: &policy.renders,
        shown_keys: ShownKeys { keys: policy.list("document", "shown-keys"), not_below: policy.list("document", "shown-keys-not-below") },
        own_zones,
        page: &policy.page,
        jsx_prose_attributes: &policy.jsx_prose_attributes,
    };
    Document::read(source, format, &options)
}

/// Whether texts that a page shows and no check reads hold no link, no price and nothing that a rule finds.
fn is_harmless(run: &Run, desk: &Desk, texts: &[&str]) -> bool {
    // a first paragraph of ours keeps a text from being read as a header
    let page = format!("Names.\n\n{}\n", texts.join("\n\n"));
    let source = SourceText::new("names.txt".to_owned(), page.into_bytes());
    let rulebook = desk.rulebook.as_ref();
    let document = read_with(&source, Format::Plain, &desk.policy, OwnZones::Judged("a name is no page"));
    let currency = |word| rulebook.is_currency(word);
    let view = rulebook.view(&document, &currency);
    document.links.is_empty()
        && rulebook.scan(&view).rules.iter().all(|hit| hit.severity == Severity::Note)
        && crate::price::find(&document, &view, rulebook, &desk.policy, run.as_of).is_empty()
}

/// What a section is for, by its heading: numbers and punctuation at the ends do not count, `*` at the end of an entry stands for the rest.
fn section_role(references: &[String], closing: &[String], heading: &str) -> SectionRole {
    let folded = fold(heading).into_owned();
    let plain = folded.trim_matches(|c: char| !c.is_alphabetic());
    let initial = plain.as_bytes().first().copied();
    let fits = |entry: &String| {
        // most entries are told apart by their first letter
        let first = entry.as_bytes().first().copied();
        (first == initial || first == Some(b'*')) && entry.strip_suffix('*').map_or_else(|| entry == plain, |start| plain.starts_with(start))
    };
    if references.iter().any(fits) {
        SectionRole::References
    } else if closing.iter().any(fits) {
        SectionRole::Closing
    } else {
        SectionRole::Body
    }
}

/// The snapshot an article declares, and whether it declared one that could not be read.
fn snapshot(run: &Run, source: &SourceText, document: &Document, issues: &mut Vec<Issue>) -> (Option<Snapshot>, bool) {
    let found = document.metadata.get("source");
    match Snapshot::declared(found.map(|found| &found.node), issues) {
        Declared::None => (None, false),
        Declared::Block(snapshot) => (Some(snapshot), false),
        Declared::File(path, span) => match (run.load_snapshot)(&source.path, &path) {
            Ok(bytes) => from_file(&bytes, &path, span, document, issues),
            Err(fault) => {
                let (id, detail) = match fault {
                    SnapshotFault::OutsideProject => ("snapshot/outside-project", format!("`{path}`")),
                    SnapshotFault::Unreadable(why) => ("snapshot/unreadable", format!("`{path}`: {why}")),
                };
                issues.push(Issue::new(id, span, detail));
                (None, true)
            }
        },
    }
}

/// A JSON snapshot file, checked against the SHA-256 that the header states beside it.
fn from_file(bytes: &[u8], path: &str, span: Span, document: &Document, issues: &mut Vec<Issue>) -> (Option<Snapshot>, bool) {
    use sha2::{Digest, Sha256};
    let digest = crate::source::hex(&Sha256::digest(bytes));
    let root = document.front_matter.root.as_ref();
    let stated = root.and_then(|root| root.get("source_sha256").or_else(|| root.get("snapshot_sha256"))).and_then(crate::document::front_matter::Node::text);
    if let Some(stated) = stated.filter(|stated| !stated.eq_ignore_ascii_case(&digest)) {
        issues.push(Issue::new("snapshot/hash-mismatch", span, format!("`{path}` has SHA-256 {digest}, the header states {stated}")));
        return (None, true);
    }
    let text = match crate::source::text_of(bytes.to_vec()) {
        Ok(text) => text,
        Err(why) => {
            issues.push(Issue::new("snapshot/unreadable", span, format!("`{path}`: {why}")));
            return (None, true);
        }
    };
    let mut own = Vec::new();
    let parsed = crate::document::front_matter::yaml(&text, 0).map(|node| Snapshot::from_node(&node, &mut own));
    match parsed {
        Ok(mut snapshot) if text.trim_start().starts_with('{') => {
            // places inside the file mean nothing in the article: point at its name
            issues.extend(own.into_iter().map(|issue| Issue { span, ..issue }));
            snapshot.span = span;
            snapshot.sha256 = Some(digest);
            (Some(snapshot), false)
        }
        Ok(_) => {
            issues.push(Issue::new("snapshot/unreadable", span, format!("`{path}` is not a JSON object")));
            (None, true)
        }
        Err(problem) => {
            issues.push(Issue::new("snapshot/unreadable", span, format!("`{path}` is not JSON: {}", problem.detail)));
            (None, true)
        }
    }
}
