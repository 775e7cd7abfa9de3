//! Notes and the marks that lead to them, as the renderers of Markdown and publishing systems write them: a short mark that links to
//! an element of the same page (`<sup><a href="#fn1">1</a></sup>`, `role="doc-noteref"`), and the way back.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::names::is_heading;
use super::tree::{Kind, NONE, Tree};
use super::{Fragment, Tag, decoded};

/// Notes of a page.
#[derive(Debug, Default)]
pub(super) struct Notes {
    /// Elements that are notes, with their labels.
    pub definitions: BTreeMap<u32, String>,
    /// Marks that lead to one, with its label.
    pub marks: BTreeMap<u32, String>,
    /// Links that are signs and no words: the way back from a note, the permanent address of a heading.
    pub signs: BTreeSet<u32>,
}

/// Words of `class`, `role` and `epub:type` that say so.
const MARK_WORDS: &[&str] = &["doc-noteref", "noteref", "footnote-ref", "footnote", "footnote-reference", "footnoteref", "fnref", "reference"];
const NOTE_WORDS: &[&str] = &["doc-footnote", "doc-endnote", "footnote", "endnote", "rearnote"];
const LIST_WORDS: &[&str] = &["doc-endnotes", "footnotes", "endnotes", "footnote-list", "references-footnotes"];
const BACK_WORDS: &[&str] = &["doc-backlink", "footnote-backref", "footnote-back", "reversefootnote", "backref", "fn-backref"];
/// A mark is no longer than this, in bytes: a link with words in it is read.
const LONGEST_MARK: usize = 12;
/// Nodes a mark may be made of.
const MOST_NODES: usize = 12;

fn says(tag: &Tag, words: &[&str]) -> bool {
    ["role", "class", "epub:type", "data-type"].iter().any(|attribute| tag.has_word(attribute, words))
}

/// A link to a place on the same page.
struct Jump<'t> {
    mark: u32,
    tag: &'t Tag,
    target: &'t str,
    text: String,
    has_sup: bool,
}

/// Finds them.
pub(super) fn find(tree: &Tree, fragment: &Fragment) -> Notes {
    let mut notes = Notes::default();
    let (mut in_heading, mut in_list, mut in_sup) = (vec![false; tree.nodes.len()], vec![false; tree.nodes.len()], vec![false; tree.nodes.len()]);
    let mut jumps: Vec<Jump> = Vec::new();
    for at in 0..crate::span::offset(tree.nodes.len()) {
        let (i, parent) = (at as usize, tree.node(at).parent);
        if parent != NONE {
            let above = parent as usize;
            (in_heading[i], in_list[i], in_sup[i]) = (in_heading[above], in_list[above], in_sup[above]);
        }
        if let Some(tag) = tree.element(at) {
            in_heading[i] |= is_heading(&tag.name);
            in_list[i] |= says(tag, LIST_WORDS);
            in_sup[i] |= tag.name == "sup";
            let is_note = (tag.name == "li" && in_list[i]) || tag.has_word("role", NOTE_WORDS) || tag.has_word("epub:type", NOTE_WORDS);
            if is_note {
                notes.definitions.insert(at, tag.get("id").unwrap_or_default().to_owned());
            }
        } else if let (Kind::Mark(_), Some(tag)) = (&tree.node(at).kind, tree.tag(at))
            && tag.name == "a"
            && let Some(target) = tag.get("href").and_then(|href| href.trim().strip_prefix('#')).filter(|target| !target.is_empty())
            && let Some((text, has_sup)) = short_text(tree, at, fragment)
        {
            jumps.push(Jump { mark: at, tag, target, text, has_sup: has_sup || in_sup[i] });
        }
    }
    if jumps.is_empty() {
        return notes;
    }
    let ids = targets(tree, &jumps);
    for jump in jumps {
        let is_sign = !jump.text.trim().is_empty() && !jump.text.chars().any(char::is_alphanumeric);
        if is_sign && (in_heading[jump.mark as usize] || in_list[jump.mark as usize]) || (says(jump.tag, BACK_WORDS) && !has_words(&jump.text)) {
            notes.signs.insert(jump.mark);
            continue;
        }
        let is_mark = !has_words(&jump.text) && (jump.has_sup || says(jump.tag, MARK_WORDS) || jump.tag.get("data-footnote-ref").is_some());
        if let Some(note) = ids.get(jump.target).filter(|_| is_mark).and_then(|target| note_of(tree, *target, jump.tag.start)) {
            notes.definitions.insert(note, jump.target.to_owned());
            notes.marks.insert(jump.mark, jump.target.to_owned());
        }
    }
    notes
}

/// Whether a text holds words: two letters that stand together.
fn has_words(text: &str) -> bool {
    let mut letters = 0;
    text.chars().any(|c| {
        letters = if c.is_alphabetic() { letters + 1 } else { 0 };
        letters >= 2
    })
}

/// The text of a mark, and whether it holds `<sup>`; `None` where it is longer than a mark is.
fn short_text(tree: &Tree, mark: u32, fragment: &Fragment) -> Option<(String, bool)> {
    let mut text = String::new();
    let mut has_sup = false;
    let mut at = mark;
    for _ in 0..MOST_NODES {
        at = tree.following(at, 0)?;
        match &tree.node(at).kind {
            Kind::MarkEnd(of) if *of == mark => return Some((text, has_sup)),
            Kind::Text { range, .. } => {
                let written = fragment.slice(range.start as usize, range.end as usize)?;
                if written.len() > LONGEST_MARK * 4 {
                    return None;
                }
                text.push_str(&decoded(written));
                if text.trim().len() > LONGEST_MARK {
                    return None;
                }
            }
            Kind::Element(_) => {
                let name = tree.element(at)?.name.as_str();
                has_sup |= name == "sup";
                if !matches!(name, "sup" | "span" | "abbr") {
                    return None;
                }
            }
            Kind::Mark(_) | Kind::MarkEnd(_) => {}
        }
    }
    None
}

/// The elements that the links lead to, by id.
fn targets<'t>(tree: &'t Tree, jumps: &[Jump]) -> HashMap<&'t str, u32> {
    let wanted: BTreeSet<&str> = jumps.iter().map(|jump| jump.target).collect();
    let mut ids = HashMap::new();
    for at in 0..crate::span::offset(tree.nodes.len()) {
        let Some(tag) = tree.tag(at) else { continue };
        let id = tag.get("id").or_else(|| tag.get("name").filter(|_| tag.name == "a"));
        if let Some(id) = id.filter(|id| wanted.contains(id)) {
            ids.entry(id).or_insert(at);
        }
    }
    ids
}

/// The block that a mark at byte `from` leads to: the target, or what holds it. Not one that holds the mark itself.
fn note_of(tree: &Tree, target: u32, from: usize) -> Option<u32> {
    let mut at = target;
    for _ in 0..4 {
        if let Some(tag) = tree.element(at).filter(|tag| matches!(tag.name.as_str(), "li" | "dd" | "p" | "div" | "aside" | "td" | "blockquote")) {
            let holds_mark = tag.start <= from && from < tree.node(at).end as usize;
            return (!holds_mark).then_some(at);
        }
        at = tree.node(at).parent;
        if at == NONE {
            return None;
        }
    }
    None
}
