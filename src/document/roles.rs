//! What a front-matter key means: the roles of the systems in `policy.md` 3.1 and 5.7. Which keys stand for a role is data.

use std::collections::BTreeMap;

use super::front_matter::{FrontMatter, Node, plain_key};

/// Key paths (parted by points) for each role, first non-empty wins inside a role; roles are never merged.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RoleTable {
    keys: BTreeMap<String, Vec<KeyPath>>,
}

/// A key path as written, and as it is compared.
#[derive(Clone, Debug, PartialEq, Eq)]
struct KeyPath {
    written: String,
    plain: Vec<String>,
}

impl RoleTable {
    /// Sets the key paths of a role, in order of preference.
    pub fn set(&mut self, role: &str, keys: &[String]) {
        let paths = keys.iter().map(|key| KeyPath { written: key.clone(), plain: key.split('.').map(plain_key).collect() });
        self.keys.insert(role.to_owned(), paths.collect());
    }
}

/// A value found for a role.
#[derive(Clone, Debug)]
pub struct Found {
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
        let Some(root) = &front_matter.root else { return Self::default() };
        let entries: Vec<(String, &Node)> = root.entries().iter().map(|entry| (plain_key(&entry.key), &entry.node)).collect();
        let find = |path: &KeyPath| {
            let (first, rest) = path.plain.split_first()?;
            let (_, node) = entries.iter().find(|(key, _)| key == first)?;
            rest.iter().try_fold(*node, |node, key| node.get(key)).filter(|node| !node.is_empty())
        };
        let roles = table.keys.iter().filter_map(|(role, keys)| {
            let (path, node) = keys.iter().find_map(|path| Some((path, find(path)?)))?;
            Some((role.clone(), Found { key: path.written.clone(), node: node.clone() }))
        });
        Self { roles: roles.collect() }
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

fn first_text(node: &Node) -> Option<String> {
    node.text()
        .or_else(|| node.items().first().and_then(first_text))
        .or_else(|| ["name", "title", "url", "id"].iter().find_map(|key| node.get(key).and_then(Node::text)))
}
