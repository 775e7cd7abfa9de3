//! Which part of a page is the article: what is shown at all, what is the page's furniture, and where the main content begins.

use super::super::build::FALLBACK;
use super::names::Style;
use super::tree::{Kind, NONE, Tree};
use super::{DRAWN, Tag, is_undrawn};

/// A way to name elements: `article`, `.entry-content`, `#post`, `[role=main]`, and these together: `div.post[role=main]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selector {
    name: Option<String>,
    /// Attribute, and the value it holds; `None`: any value. For `class` one of its words.
    attributes: Vec<(String, Option<String>)>,
}

impl Selector {
    /// Reads a selector.
    ///
    /// # Errors
    /// What in it is no selector, in words.
    pub fn parse(written: &str) -> Result<Self, String> {
        let mut selector = Self { name: None, attributes: Vec::new() };
        let word = |text: &str| text.find(|c: char| !(c.is_alphanumeric() || matches!(c, '-' | '_' | ':'))).unwrap_or(text.len());
        let mut rest = written.trim();
        let name = word(rest);
        if name > 0 {
            selector.name = Some(rest[..name].to_ascii_lowercase());
            rest = &rest[name..];
        }
        while let Some(mark) = rest.chars().next() {
            let inner = &rest[mark.len_utf8()..];
            let len = word(inner);
            let attribute = match mark {
                '.' | '#' if len > 0 => {
                    rest = &inner[len..];
                    (if mark == '.' { "class" } else { "id" }.to_owned(), Some(inner[..len].to_owned()))
                }
                '[' => {
                    let Some((body, behind)) = inner.split_once(']') else { return Err(format!("`{written}` has a `[` without its `]`")) };
                    rest = behind;
                    let (key, value) = body.split_once('=').map_or((body, None), |(key, value)| (key, Some(value)));
                    if key.trim().is_empty() || word(key.trim()) < key.trim().len() {
                        return Err(format!("`{written}` names no attribute in `[…]`"));
                    }
                    (key.trim().to_ascii_lowercase(), value.map(|value| value.trim().trim_matches(['"', '\'']).to_owned()))
                }
                _ => return Err(format!("`{written}` is no element, `.class`, `#id` or `[attribute=value]`")),
            };
            selector.attributes.push(attribute);
        }
        if selector.name.is_none() && selector.attributes.is_empty() {
            return Err("an empty text names no element".to_owned());
        }
        Ok(selector)
    }

    fn fits(&self, tag: &Tag) -> bool {
        self.name.as_deref().is_none_or(|name| name == tag.name)
            && self.attributes.iter().all(|(key, wanted)| {
                tag.get(key).is_some_and(|value| match wanted.as_deref() {
                    None => true,
                    Some(wanted) if matches!(key.as_str(), "class" | "role" | "rel") => {
                        value.split_ascii_whitespace().any(|word| word.eq_ignore_ascii_case(wanted))
                    }
                    Some(wanted) => value.trim() == wanted,
                })
            })
    }

    /// The name, where there is nothing else.
    fn bare(&self) -> Option<&str> {
        self.name.as_deref().filter(|_| self.attributes.is_empty())
    }
}

/// Where a page holds its article.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageOptions {
    /// Elements that hold the article, best first.
    pub content: Vec<Selector>,
    /// Elements that are no part of an article.
    pub skip: Vec<Selector>,
}

impl PageOptions {
    /// Elements that hold the article where the site says nothing.
    pub const CONTENT: &'static [&'static str] = &["article", "main", "[role=main]"];
    /// Elements that are no part of it where the site says nothing.
    pub const SKIP: &'static [&'static str] =
        &["nav", "header", "footer", "aside", "[role=navigation]", "[role=banner]", "[role=contentinfo]", "[role=search]"];

    /// Options from selectors; those that are none are left out (`config` refuses them).
    #[must_use]
    pub fn new<T: AsRef<str>>(content: &[T], skip: &[T]) -> Self {
        let read = |texts: &[T]| texts.iter().filter_map(|text| Selector::parse(text.as_ref()).ok()).collect();
        Self { content: read(content), skip: read(skip) }
    }
}

impl Default for PageOptions {
    fn default() -> Self {
        Self::new(Self::CONTENT, Self::SKIP)
    }
}

/// What is known of a node.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Look {
    /// It and all in it take no place on the page.
    pub gone: bool,
    /// It is invisible; what is in it may be visible again.
    pub veiled: bool,
    /// It is furniture of the page, or stands in some.
    pub skipped: bool,
    /// It stands in a drawing, a formula or a selection, and in no text of it.
    drawing: bool,
    /// It stands in an element that is shown only where another cannot be.
    fallback: bool,
    /// It stands in a script, a style sheet or a template.
    code: bool,
    /// It stands in a `<template>`.
    pub inert: bool,
    /// It stands in an `<article>`.
    in_article: bool,
    /// It stands in sectioning content: a header in there belongs to it.
    in_section: bool,
    /// Characters of text in it that readers see, links left out, furniture left out.
    text: u32,
}

impl Look {
    /// Whether a reader sees its text.
    pub const fn is_seen(self) -> bool {
        !self.gone && !self.veiled
    }

    /// Whether some browsers show its text instead of an element.
    pub const fn is_fallback(self) -> bool {
        self.fallback && !self.code && !self.skipped
    }
}

/// The main content of a page.
#[derive(Debug, Default)]
pub(super) struct Content {
    /// What is read, in order; none stands inside another.
    pub roots: Vec<u32>,
    /// The first text that a reader sees outside of them and of all furniture, and how many words there are.
    pub outside: Option<(u32, usize)>,
}

/// Looks at every node once, from the root down.
pub(super) fn looks(tree: &Tree, text: &str, options: &PageOptions) -> Vec<Look> {
    let mut looks: Vec<Look> = Vec::with_capacity(tree.nodes.len());
    for (at, node) in tree.nodes.iter().enumerate() {
        let above = if node.parent == NONE { Look::default() } else { looks[node.parent as usize] };
        let mut look = Look { text: 0, ..above };
        if let Kind::Element(tag) = node.kind {
            let tag = &tree.tags[tag as usize];
            let style = tag.get("style").map(Style::read).unwrap_or_default();
            look.drawing = match tag.name.as_str() {
                name if node.foreign => !DRAWN.contains(&name),
                // of a selection the options are shown
                "select" => true,
                "option" => false,
                _ => above.drawing,
            };
            look.gone |= if node.foreign { is_undrawn(tag) } else { tag.is_hidden_on_a_page() };
            look.fallback |= FALLBACK.contains(&tag.name.as_str());
            look.code |= matches!(tag.name.as_str(), "script" | "style" | "template");
            look.veiled = style.veil().unwrap_or(look.veiled);
            look.inert |= tag.name == "template" && !tag.is_shown_template();
            look.skipped |= is_furniture(tag, above, options);
            look.in_article |= tag.name == "article";
            look.in_section |= matches!(tag.name.as_str(), "article" | "main" | "section");
        }
        if matches!(node.kind, Kind::Text { .. }) {
            look.gone |= look.drawing;
        }
        debug_assert!(node.parent == NONE || (node.parent as usize) < at, "parents come first");
        looks.push(look);
    }
    read_header_of_the_only_h1(tree, &mut looks);
    count(tree, text, &mut looks);
    looks
}

/// Headers and footers belong to what they stand in (HTML, section 4.3): in an article, a section or `<main>` they are content (the
/// headline, the byline, the notes), outside they are the site's. The same for asides, but in an article only: `<main>` often holds
/// the side bar.
fn is_furniture(tag: &Tag, above: Look, options: &PageOptions) -> bool {
    options.skip.iter().filter(|selector| selector.fits(tag)).any(|selector| match selector.bare() {
        Some("header" | "footer") => !above.in_section,
        Some("aside") => !above.in_article,
        _ => true,
    })
}

/// A header of the page that holds its only `<h1>` holds the headline, and is read; what is furniture inside it stays out.
fn read_header_of_the_only_h1(tree: &Tree, looks: &mut [Look]) {
    let is_h1 = |at: usize| tree.element(crate::span::offset(at)).is_some_and(|tag| tag.name == "h1") && looks[at].is_seen();
    let mut headings = (0..tree.nodes.len()).filter(|at| is_h1(*at));
    let (Some(only), None) = (headings.next(), headings.next()) else { return };
    let mut at = crate::span::offset(only);
    let mut header = None;
    while at != NONE {
        match tree.element(at).map(|tag| tag.name.as_str()) {
            Some("nav" | "aside" | "footer") => return,
            Some("header") => header = Some(at),
            _ => {}
        }
        at = tree.node(at).parent;
    }
    let Some(header) = header.filter(|at| looks[*at as usize].skipped) else { return };
    let mut within = Some(header);
    while let Some(at) = within {
        let name = tree.element(at).map(|tag| tag.name.as_str());
        if matches!(name, Some("nav" | "aside" | "footer" | "form")) {
            within = tree.behind(at, header);
            continue;
        }
        looks[at as usize].skipped = false;
        within = tree.following(at, header);
    }
}

/// Counts the text of every node, from the leaves up.
fn count(tree: &Tree, text: &str, looks: &mut [Look]) {
    let mut linked = vec![false; tree.nodes.len()];
    let mut at = Some(0);
    let mut open = 0_u32;
    while let Some(node) = at {
        match tree.node(node).kind {
            Kind::Mark(tag) if tree.tags[tag as usize].name == "a" => open += 1,
            Kind::MarkEnd(mark) if tree.tag(mark).is_some_and(|tag| tag.name == "a") => open = open.saturating_sub(1),
            _ => linked[node as usize] = open > 0,
        }
        at = tree.following(node, 0);
    }
    for at in (0..tree.nodes.len()).rev() {
        let node = &tree.nodes[at];
        if let Kind::Text { range, .. } = &node.kind
            && !linked[at]
            && looks[at].is_seen()
            && !looks[at].skipped
        {
            let bytes = text.get(range.start as usize..range.end as usize).unwrap_or_default().bytes();
            looks[at].text = crate::span::offset(bytes.filter(|byte| !byte.is_ascii_whitespace()).count());
        }
        if node.parent != NONE {
            looks[node.parent as usize].text = looks[node.parent as usize].text.saturating_add(looks[at].text);
        }
    }
}

/// An element must hold at least one part in so many of the page's text to be its content: a page whose only `<article>` is a teaser
/// in the side column has its text elsewhere.
const LEAST_SHARE: u32 = 4;
/// Of several elements, the largest is the content, and every other that is at least one part in so many as large: pages are cut into
/// several articles, and a teaser is shorter than what it leads to.
const TEASER_SHARE: u32 = 3;

/// Finds the main content: for each selector in turn the outermost visible elements outside of furniture, as long as they hold
/// enough of the page's text; else the body.
pub(super) fn find(tree: &Tree, looks: &[Look], text: &str, options: &PageOptions) -> Content {
    let body = tree.body();
    let all = looks[body as usize].text;
    for selector in &options.content {
        let candidates = outermost(tree, looks, body, selector);
        let largest = candidates.iter().map(|at| looks[*at as usize].text).max().unwrap_or(0);
        let chosen: Vec<u32> = candidates.into_iter().filter(|at| looks[*at as usize].text.saturating_mul(TEASER_SHARE) >= largest).collect();
        let held: u32 = chosen.iter().map(|at| looks[*at as usize].text).fold(0, u32::saturating_add);
        if held > 0 && held >= all / LEAST_SHARE {
            let inside = inside(tree, &chosen);
            let mut roots = chosen;
            if let Some(headline) = headline_before(tree, looks, body, &inside) {
                roots.insert(0, headline);
            }
            let outside = outside(tree, looks, text, body, &inside, &roots);
            return Content { roots, outside };
        }
    }
    Content { roots: vec![body], outside: None }
}

fn outermost(tree: &Tree, looks: &[Look], body: u32, selector: &Selector) -> Vec<u32> {
    let mut found = Vec::new();
    let mut at = Some(body);
    while let Some(node) = at {
        let look = looks[node as usize];
        let fits = tree.element(node).is_some_and(|tag| selector.fits(tag));
        if fits && !look.gone && !look.skipped {
            found.push(node);
        }
        at = if fits || look.gone || look.skipped { tree.behind(node, body) } else { tree.following(node, body) };
    }
    found
}

/// Which nodes are one of these, or stand in one.
fn inside(tree: &Tree, roots: &[u32]) -> Vec<bool> {
    let mut inside = vec![false; tree.nodes.len()];
    for root in roots {
        inside[*root as usize] = true;
    }
    for (at, node) in tree.nodes.iter().enumerate().filter(|(_, node)| node.parent != NONE) {
        inside[at] = inside[at] || inside[node.parent as usize];
    }
    inside
}

/// The headline of the page where it stands before the content and the content has none.
fn headline_before(tree: &Tree, looks: &[Look], body: u32, inside: &[bool]) -> Option<u32> {
    let mut found = None;
    let mut before = true;
    let mut at = Some(body);
    while let Some(node) = at {
        let look = looks[node as usize];
        before &= !inside[node as usize];
        if tree.element(node).is_some_and(|tag| tag.name == "h1") && look.is_seen() && !look.skipped {
            if inside[node as usize] {
                return None;
            }
            found = found.or(Some(node).filter(|_| before));
        }
        at = tree.following(node, body);
    }
    found
}

/// Text that a reader sees beside the content: its first node, and its words.
fn outside(tree: &Tree, looks: &[Look], text: &str, body: u32, inside: &[bool], roots: &[u32]) -> Option<(u32, usize)> {
    let mut first = None;
    let mut words = 0;
    let mut at = Some(body);
    while let Some(node) = at {
        let look = looks[node as usize];
        // the headline is the only root that `inside` does not know
        if inside[node as usize] || roots.first() == Some(&node) || look.gone || look.skipped {
            at = tree.behind(node, body);
            continue;
        }
        if let Kind::Text { range, .. } = &tree.node(node).kind
            && look.is_seen()
        {
            let here = text.get(range.start as usize..range.end as usize).unwrap_or_default();
            let count = here.split_whitespace().filter(|word| word.chars().any(char::is_alphanumeric)).count();
            if count > 0 {
                first = first.or(Some(node));
                words += count;
            }
        }
        at = tree.following(node, body);
    }
    first.map(|node| (node, words))
}
