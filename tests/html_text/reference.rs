//! The reference: what a browser shows of a page, from the tree that html5ever builds. Knows nothing of notegate, so that an error of
//! ours cannot hide in it.

use scraper::node::Element;
use scraper::{Html, Node};

/// Elements of which a browser shows no text, or shows a control.
const UNSHOWN: &[&str] = &[
    "audio", "canvas", "datalist", "head", "iframe", "meter", "noembed", "noframes", "noscript", "object", "progress", "rp", "script", "select", "style",
    "template", "textarea", "title", "video",
];
/// Parts of drawings and formulas that are not shown, or whose text stands where it is drawn and not in the line.
const UNDRAWN: &[&str] =
    &["annotation", "annotation-xml", "clippath", "defs", "desc", "filter", "marker", "mask", "metadata", "mi", "mn", "mo", "ms", "pattern", "symbol", "text"];
const HTML: &str = "http://www.w3.org/1999/xhtml";

/// The text of a page without its white space. A page without a doctype is read as if it had one: an article is put into a page that
/// has, and in the quirks mode of old pages a table does not end a paragraph.
pub fn shown(page: &str) -> String {
    let has_doctype = page.trim_start().get(..9).is_some_and(|start| start.eq_ignore_ascii_case("<!doctype"));
    let parsed = Html::parse_document(&if has_doctype { page.to_owned() } else { format!("<!doctype html>{page}") });
    let root = parsed.tree.root();
    let mut text = String::new();
    // for every open element: whether it takes a place, and whether it is visible
    let mut open = vec![(true, true)];
    let mut at = root;
    loop {
        open.push(*open.last().unwrap());
        match at.value() {
            Node::Element(element) => *open.last_mut().unwrap() = state(element, *open.last().unwrap()),
            Node::Text(written) if *open.last().unwrap() == (true, true) && !at.parent().is_some_and(|above| above.value().as_element().is_some_and(draws)) => {
                text.extend(written.chars().filter(|c| !c.is_whitespace()))
            }
            _ => {}
        }
        if let Some(child) = at.first_child() {
            at = child;
            continue;
        }
        loop {
            open.pop();
            if let Some(next) = at.next_sibling() {
                at = next;
                break;
            }
            match at.parent() {
                Some(parent) => at = parent,
                None => return text,
            }
        }
    }
}

/// Whether an element is of a drawing or formula and shows no text that stands right in it.
fn draws(element: &Element) -> bool {
    &*element.name.ns != HTML && !matches!(element.name(), "mtext" | "foreignObject")
}

/// Whether an element takes a place and is visible, where those around it do.
fn state(element: &Element, around: (bool, bool)) -> (bool, bool) {
    let name = element.name();
    let style = element.attr("style").unwrap_or_default();
    let hidden = element.attr("hidden").is_some_and(|value| !value.eq_ignore_ascii_case("until-found"));
    let shut = (name == "dialog" && element.attr("open").is_none()) || element.attr("popover").is_some();
    let undrawn = &*element.name.ns != HTML && UNDRAWN.contains(&name.to_ascii_lowercase().as_str());
    let placed = around.0 && !undrawn && !UNSHOWN.contains(&name) && !hidden && !shut && last(style, "display").as_deref() != Some("none");
    let visible = match last(style, "visibility").as_deref() {
        Some("hidden" | "collapse") => false,
        Some("visible") => true,
        _ => around.1,
    };
    (placed, visible)
}

/// The last value of a property; the styles in the documents are simple.
fn last(style: &str, property: &str) -> Option<String> {
    let style = style.to_ascii_lowercase();
    let values = style.split(';').filter_map(|declaration| declaration.split_once(':'));
    values.filter(|(key, _)| key.trim() == property).map(|(_, value)| value.replace("!important", "").trim().to_owned()).next_back()
}
