//! What a front-matter key means: the roles of the systems in `policy.md` 3.1 and 5.7. Which keys stand for a role is data.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::Issue;
use super::front_matter::{FrontMatter, Node, Value, plain_key};
use super::token::fold_hash;
use crate::date;
use crate::span::Span;

/// Key paths (parted by points) for each role, first non-empty wins inside a role; roles are never merged.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RoleTable {
    keys: BTreeMap<String, Paths>,
}

/// The key paths of a role.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Paths {
    all: Vec<KeyPath>,
    /// [`bit`] of the first key of each: a header that has none of them does not fill the role.
    firsts: u64,
}

/// A key path as written, and as it is compared.
#[derive(Clone, Debug, PartialEq, Eq)]
struct KeyPath {
    written: String,
    plain: Vec<String>,
    /// Hash of the first of them: a header has few keys, and is asked for very many.
    first: u64,
}

/// One of 64 bits for the hash of a key.
const fn bit(hash: u64) -> u64 {
    1 << (hash >> 58)
}

impl RoleTable {
    /// Every role with its key paths as written.
    pub fn all(&self) -> impl Iterator<Item = (&str, Vec<&str>)> {
        self.keys.iter().map(|(role, paths)| (role.as_str(), paths.all.iter().map(|path| path.written.as_str()).collect()))
    }

    /// Sets the key paths of a role, in order of preference.
    pub fn set(&mut self, role: &str, keys: &[String]) {
        let paths = keys.iter().map(|key| {
            let plain: Vec<String> = key.split('.').map(|part| plain_key(part).into_owned()).collect();
            KeyPath { written: key.clone(), first: plain.first().map_or(0, |first| fold_hash(first)), plain }
        });
        let all: Vec<KeyPath> = paths.collect();
        let firsts = all.iter().fold(0, |bits, path| bits | bit(path.first));
        self.keys.insert(role.to_owned(), Paths { all, firsts });
    }
}

/// Where an article says what it says of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// In its front matter, which the site's template may show to readers.
    FrontMatter,
    /// In the head of a page (`<meta>`, `<title>`, `<html lang>`), which the page does not show.
    Head,
    /// In JSON-LD, which only machines read.
    JsonLd,
}

/// Roles whose values are dates: two that differ are told, because nobody can say which of them counts.
const DATES: &[&str] = &["published", "modified", "reviewed", "expiry"];

/// A value found for a role.
#[derive(Clone, Debug)]
pub struct Found {
    /// Where the article says it.
    pub origin: Origin,
    /// The key path it was found under.
    pub key: String,
    /// The value.
    pub node: Node,
}

/// The roles that the header of one article fills.
#[derive(Clone, Debug, Default)]
pub struct Metadata {
    roles: BTreeMap<String, Found>,
}

impl Metadata {
    /// Looks up every role of the table in the header.
    #[must_use]
    pub fn read(front_matter: &FrontMatter, table: &RoleTable) -> Self {
        let mut metadata = Self::default();
        if let Some(root) = &front_matter.root {
            metadata.roles = look_up(root, Origin::FrontMatter, table).map(|(role, found)| (role.clone(), found)).collect();
        }
        metadata
    }

    /// Adds the roles that another table of the article fills and no earlier one does. Two dates of one role that are different
    /// days are an issue: roles are never merged in silence (policy 3.1).
    pub(super) fn add(&mut self, root: &Node, origin: Origin, table: &RoleTable, issues: &mut Vec<Issue>) {
        for (role, found) in look_up(root, origin, table) {
            let Some(known) = self.roles.get(role) else {
                self.roles.insert(role.clone(), found);
                continue;
            };
            if DATES.contains(&role.as_str())
                && let (Some(first), Some(second)) = (known.node.text(), found.node.text())
                && let (Ok(one), Ok(other)) = (date::parse(&first), date::parse(&second))
                && one.date != other.date
                && !is_one_moment(&first, &second)
            {
                let detail = format!("the {role} date is {first} under `{}` and {second} under `{}`", known.key, found.key);
                issues.push(Issue::new("source/dates-differ", found.node.span, detail));
            }
        }
    }

    /// The address of a page that names none: its file's name, or its folder's where the file is an index. A page nearly always says
    /// where it stands itself (`rel=canonical`), so that only another name there sends search engines elsewhere.
    pub(super) fn add_address(&mut self, path: &str) {
        let Some(canonical) = self.roles.get("canonical").filter(|found| found.origin != Origin::FrontMatter) else { return };
        let mut parts = path.rsplit('/').map(|part| part.rsplit_once('.').map_or(part, |(stem, _)| stem)).filter(|part| *part != "index");
        let name = parts.next().filter(|name| !name.is_empty()).map(str::to_owned).or_else(|| canonical.node.text());
        if let Some(name) = name {
            let node = Node { value: Value::Text(name), span: canonical.node.span };
            self.roles.entry("slug".to_owned()).or_insert(Found { origin: Origin::Head, key: "file name".to_owned(), node });
        }
    }

    /// Moves the places of what stands outside the front matter.
    pub(super) fn relocate(&mut self, moved: impl Fn(Span) -> Span) {
        let mut left: Vec<&mut Node> = self.roles.values_mut().filter(|found| found.origin != Origin::FrontMatter).map(|found| &mut found.node).collect();
        while let Some(node) = left.pop() {
            node.span = moved(node.span);
            match &mut node.value {
                Value::List(items) => left.extend(items),
                Value::Table(entries) => left.extend(entries.iter_mut().map(|entry| &mut entry.node)),
                _ => {}
            }
        }
    }

    /// What was found for a role.
    #[must_use]
    pub fn get(&self, role: &str) -> Option<&Found> {
        self.roles.get(role)
    }

    /// The text of a role: of a scalar, or of the first item or `name` of what it holds.
    #[must_use]
    pub fn text(&self, role: &str) -> Option<String> {
        first_text(&self.get(role)?.node)
    }

    /// All texts of a role: one for a scalar, one an item for a list.
    #[must_use]
    pub fn texts(&self, role: &str) -> Vec<String> {
        let Some(found) = self.get(role) else { return Vec::new() };
        if found.node.items().is_empty() { first_text(&found.node).into_iter().collect() } else { found.node.items().iter().filter_map(first_text).collect() }
    }

    /// A truth value: `true`, `yes`, `1`; `None` where the role is not filled.
    #[must_use]
    pub fn truth(&self, role: &str) -> Option<bool> {
        let text = self.text(role)?.to_lowercase();
        match text.as_str() {
            "true" | "yes" | "on" | "1" => Some(true),
            "false" | "no" | "off" | "0" => Some(false),
            _ => None,
        }
    }
}

/// The roles that a table fills.
fn look_up<'t>(root: &Node, origin: Origin, table: &'t RoleTable) -> impl Iterator<Item = (&'t String, Found)> {
    // of two keys that are one but for case and hyphens the first counts
    let entries: Vec<(u64, Cow<str>, &Node)> =
        root.entries().iter().map(|entry| (plain_key(&entry.key), &entry.node)).map(|(key, node)| (fold_hash(&key), key, node)).collect();
    let met = entries.iter().fold(0u64, |met, (hash, ..)| met | bit(*hash));
    table.keys.iter().filter(move |(_, paths)| paths.firsts & met != 0).filter_map(move |(role, paths)| {
        let find = |path: &KeyPath| {
            if bit(path.first) & met == 0 {
                return None;
            }
            let (first, rest) = path.plain.split_first()?;
            let (.., node) = entries.iter().find(|(hash, key, _)| *hash == path.first && key == first)?;
            rest.iter().try_fold(*node, |node, key| node.get(key)).filter(|node| !node.is_empty())
        };
        let (path, node) = paths.all.iter().find_map(|path| Some((path, find(path)?)))?;
        Some((role, Found { origin, key: path.written.clone(), node: node.clone() }))
    })
}

/// Whether two texts name one moment in different zones.
fn is_one_moment(first: &str, second: &str) -> bool {
    let moment = |text: &str| text.trim().parse::<jiff::Timestamp>().ok();
    moment(first).is_some_and(|first| moment(second) == Some(first))
}

fn first_text(node: &Node) -> Option<String> {
    node.text()
        .or_else(|| node.items().first().and_then(first_text))
        .or_else(|| ["name", "title", "url", "id"].iter().find_map(|key| node.get(key).and_then(Node::text)))
}
