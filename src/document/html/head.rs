//! What a page says of itself to machines: `<title>`, `<meta>`, `<link rel=canonical>`, `<html lang>` and JSON-LD, as tables whose
//! keys are looked up like those of front matter (policy 3.1). None of it is shown on the page.

use std::collections::{BTreeMap, BTreeSet};

use super::super::front_matter::{Entry, Node, Value, plain_key, yaml};
use super::super::roles::Origin;
use super::super::template::is_fill;
use super::super::{Issue, Metadata, RoleTable};
use super::content::Look;
use super::tree::{Kind, NONE, Tree};
use super::{Fragment, Tag, decoded};
use crate::span::Span;

/// What the head of a page says.
#[derive(Debug, Default)]
pub struct Head {
    /// Tables in the order in which they are asked: elements of the head, then JSON-LD objects.
    tables: Vec<(Origin, Node)>,
    /// Texts that search engines and social networks show, each with its place, each once.
    pub shown: Vec<(String, Span)>,
    /// JSON-LD that cannot be read.
    issues: Vec<Issue>,
}

/// Names of `<meta>` that mean something else than the key of that name in front matter: the program that wrote the HTML is not the
/// method by which the article was made.
const NOT_ROLES: &[&str] = &["generator", "viewport", "theme-color"];
/// Names whose text is shown to people: in results of a search, in what is shared.
const SHOWN: &[&str] = &["description", "og:title", "og:description", "twitter:title", "twitter:description"];
/// Robots that the site may speak to one by one.
const ROBOTS: &[&str] = &["robots", "googlebot", "bingbot"];

/// Collects what the page says of itself.
pub(super) fn read(tree: &Tree, looks: &[Look], fragment: &Fragment) -> Head {
    let mut head = Head::default();
    let mut entries: Vec<Entry> = Vec::new();
    let mut keys: BTreeSet<String> = BTreeSet::new();
    // the first of a name counts; says whether this is one
    let mut put = |key: &str, value: &str, span: Span| {
        let value: String = value.chars().filter(|c| !is_fill(*c)).collect();
        let is_first = !value.trim().is_empty() && keys.insert(key.to_owned());
        if is_first {
            entries.push(Entry { key: key.to_owned(), key_span: span, node: Node { value: Value::Text(value), span } });
        }
        is_first
    };
    let mut json: Vec<Node> = Vec::new();
    if let Some(lang) = tree.tag(0).and_then(|tag| attribute(tag, "lang", fragment)) {
        put("lang", &lang.0, lang.1);
    }
    let mut titled = false;
    for at in (0..crate::span::offset(tree.nodes.len())).filter(|at| !looks[*at as usize].inert) {
        let Some(tag) = tree.element(at) else { continue };
        match tag.name.as_str() {
            "title" if !titled => {
                titled = true;
                if let Some((text, span)) = text_of(tree, at, fragment) {
                    put("title", &text, span);
                    head.show(&text, span);
                }
            }
            "meta" => {
                let Some((content, span)) = attribute(tag, "content", fragment) else { continue };
                let names = ["name", "property", "itemprop"].iter().filter_map(|key| tag.get(key));
                for name in names.flat_map(str::split_ascii_whitespace) {
                    let name = name.to_lowercase();
                    if NOT_ROLES.contains(&name.as_str()) {
                        continue;
                    }
                    let says_no = |text: &str| text.to_lowercase().split([',', ' ']).any(|word| matches!(word, "noindex" | "none"));
                    let is_first = match name.as_str() {
                        // what any of them is told to leave out is left out
                        robot if ROBOTS.contains(&robot) => put(if says_no(&content) { "robots" } else { "robots:else" }, &content, span),
                        // a point parts a key from the key inside it, and these have none inside
                        _ => put(&name.replace('.', ":"), &content, span),
                    };
                    if is_first && SHOWN.contains(&name.as_str()) {
                        head.show(&content, span);
                    }
                }
            }
            "link" if tag.get("rel").is_some_and(|rel| rel.split_ascii_whitespace().any(|word| word.eq_ignore_ascii_case("canonical"))) => {
                if let Some((href, span)) = attribute(tag, "href", fragment) {
                    put("canonical", &href, span);
                }
            }
            "script" if tag.get("type").is_some_and(|kind| kind.trim().to_ascii_lowercase().starts_with("application/ld+json")) => {
                head.json_ld(tree, at, fragment, &mut json);
            }
            _ => {}
        }
    }
    if !entries.is_empty() {
        let span = entries[0].node.span;
        head.tables.push((Origin::Head, Node { value: Value::Table(entries), span }));
    }
    head.tables.extend(articles(json).into_iter().map(|node| (Origin::JsonLd, node)));
    head
}

impl Head {
    /// Adds the roles that the page fills to those of the front matter, which wins.
    pub fn fill(&mut self, metadata: &mut Metadata, roles: &RoleTable, issues: &mut Vec<Issue>) {
        issues.append(&mut self.issues);
        for (origin, table) in &self.tables {
            metadata.add(table, *origin, roles, issues);
        }
    }

    fn show(&mut self, text: &str, span: Span) {
        let text: String = text.chars().filter(|c| !is_fill(*c)).collect();
        let text = text.trim();
        if !text.is_empty() && self.shown.iter().all(|(known, _)| known != text) {
            self.shown.push((text.to_owned(), span));
        }
    }

    fn json_ld(&mut self, tree: &Tree, at: u32, fragment: &Fragment, found: &mut Vec<Node>) {
        let child = tree.node(at).first;
        if child == NONE {
            return;
        }
        let Kind::Text { range, .. } = &tree.node(child).kind else { return };
        let Some(written) = fragment.slice(range.start as usize, range.end as usize) else { return };
        let start = range.start as usize + (written.len() - written.trim_start().len());
        let body = written.trim();
        // a template that writes the JSON: what it will say is not known
        if body.is_empty() || body.contains(is_fill) {
            return;
        }
        let place = fragment.span(start, start + body.len());
        match yaml(body, place.start) {
            Ok(node) => found.push(node),
            // JSON writes some characters as YAML does not: then every value stands at the whole
            Err(problem) => match serde_json::from_str(body) {
                Ok(value) => found.push(from_json(value, place)),
                Err(_) => self.issues.push(Issue::new("source/json-ld", problem.span, problem.detail)),
            },
        }
    }
}

/// The value of an attribute with its place in the file.
fn attribute(tag: &Tag, name: &str, fragment: &Fragment) -> Option<(String, Span)> {
    let (_, value, span) = tag.attributes.iter().find(|(key, ..)| key == name)?;
    let value = value.trim();
    (!value.is_empty()).then(|| (value.to_owned(), fragment.span(span.start as usize, span.end as usize)))
}

/// The text of an element that holds nothing else, white space folded, with its place in the file.
fn text_of(tree: &Tree, at: u32, fragment: &Fragment) -> Option<(String, Span)> {
    let child = tree.node(at).first;
    if child == NONE {
        return None;
    }
    let Kind::Text { range, .. } = &tree.node(child).kind else { return None };
    let written = fragment.slice(range.start as usize, range.end as usize)?;
    let start = range.start as usize + (written.len() - written.trim_start().len());
    let span = fragment.span(start, start + written.trim().len());
    let text = decoded(written).split_whitespace().collect::<Vec<_>>().join(" ");
    (!text.is_empty()).then_some((text, span))
}

/// A JSON value whose places are not known; `serde_json` lets none nest deeper than 128.
fn from_json(value: serde_json::Value, span: Span) -> Node {
    let value = match value {
        serde_json::Value::Null => Value::Null,
        serde_json::Value::Bool(yes) => Value::Bool(yes),
        serde_json::Value::Number(number) => Value::Number(number.as_f64().unwrap_or_default(), number.to_string()),
        serde_json::Value::String(text) => Value::Text(text),
        serde_json::Value::Array(items) => Value::List(items.into_iter().map(|item| from_json(item, span)).collect()),
        serde_json::Value::Object(entries) => {
            Value::Table(entries.into_iter().map(|(key, value)| Entry { key, key_span: span, node: from_json(value, span) }).collect())
        }
    };
    Node { value, span }
}

/// The objects that speak of the article: articles first, then the pages that hold them. Names that stand as `@id` are looked up.
fn articles(roots: Vec<Node>) -> Vec<Node> {
    let mut objects: Vec<Node> = Vec::new();
    for root in roots {
        let graph = root.path("@graph").map(|graph| if graph.items().is_empty() { vec![graph.clone()] } else { graph.items().to_vec() });
        let items = root.items().to_vec();
        if root.get("@type").is_some() {
            objects.push(root);
        }
        objects.extend(items);
        objects.extend(graph.unwrap_or_default());
    }
    let names: BTreeMap<String, Node> = objects.iter().filter_map(|object| Some((object.get("@id")?.text()?, object.get("name")?.clone()))).collect();
    let rank = |object: &Node| {
        let kind = object.get("@type")?;
        let kinds: Vec<String> = if kind.items().is_empty() { kind.text().into_iter().collect() } else { kind.items().iter().filter_map(Node::text).collect() };
        let is = |endings: &[&str]| kinds.iter().any(|kind| endings.iter().any(|ending| kind.ends_with(ending)));
        if is(&["Article", "Posting", "Report", "Review", "HowTo", "Recipe", "CreativeWork"]) {
            Some(0)
        } else if is(&["WebPage", "FAQPage"]) {
            Some(1)
        } else {
            None
        }
    };
    let mut ranked: Vec<(i32, Node)> = objects.iter().filter_map(|object| Some((rank(object)?, object.clone()))).collect();
    ranked.sort_by_key(|(rank, _)| *rank);
    ranked.into_iter().map(|(_, object)| with_names(object, &names)).collect()
}

/// People and organisations that are only pointed at get the name that stands elsewhere in the graph.
fn with_names(mut object: Node, names: &BTreeMap<String, Node>) -> Node {
    let Value::Table(entries) = &mut object.value else { return object };
    let name = |node: &mut Node| {
        if let Some(id) = node.get("@id").and_then(Node::text)
            && node.get("name").is_none()
            && let Some(name) = names.get(&id)
        {
            node.value = name.value.clone();
        }
    };
    for entry in entries.iter_mut().filter(|entry| matches!(plain_key(&entry.key).as_ref(), "author" | "creator" | "reviewedby" | "editor")) {
        if let Value::List(items) = &mut entry.node.value {
            items.iter_mut().for_each(name);
        } else {
            name(&mut entry.node);
        }
    }
    object
}
