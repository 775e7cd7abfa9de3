//! Elements of JSX: what their attributes say to a reader, where they lead, whether they hide.

use std::ops::Range;

use super::super::Zone;
use super::super::html;
use super::scan::{Action, Ground};
use crate::span::Span;

/// A piece of text and the bytes it stands for; `None`: it is read as it stands there.
pub(super) type Piece = (Option<String>, Span);
/// Text beside the flow.
pub(super) type Aside = (Zone, Vec<Piece>);
/// A destination, its `rel`, and where it stands.
pub(super) type Target = (String, Option<String>, Span);

/// An element as it is opened.
#[derive(Debug)]
pub(super) struct Element {
    /// Its name; empty for a fragment.
    pub name: String,
    /// Its start tag.
    pub span: Span,
    /// Where it leads, if it is a link.
    pub link: Option<Target>,
    /// No reader sees what is in it.
    pub hidden: bool,
    /// Texts of its attributes.
    pub asides: Vec<Aside>,
    /// Links of elements that stand in its attributes.
    pub links: Vec<Target>,
    /// It never ends, so that nothing is known to stand in it.
    pub unclosed: bool,
}

/// A tag while it is read.
#[derive(Debug)]
pub(super) struct Tag {
    pub name: String,
    pub closing: bool,
    /// Inside code: the content is scanned with it.
    pub nested: bool,
    pub attributes: Vec<Attribute>,
}

/// An attribute with what it says.
#[derive(Debug)]
pub(super) struct Attribute {
    name: String,
    /// Whether the value stands in braces.
    braced: bool,
    /// The value as written, without quotation marks or braces.
    raw: String,
    /// The value, where it is one string.
    literal: Option<String>,
    /// Its strings that are shown if the attribute is.
    strings: Vec<Piece>,
    asides: Vec<Aside>,
    links: Vec<Target>,
}

impl Attribute {
    pub fn new(name: String, braced: bool) -> Self {
        Self { name, braced, raw: String::new(), literal: None, strings: Vec::new(), asides: Vec::new(), links: Vec::new() }
    }

    /// Takes what the value says: strings of its own, and the text of elements in it. `alone`: it is one value, no choice or sum.
    pub fn take(&mut self, said: Vec<Action>, ground: Ground, written: Range<usize>, alone: bool) {
        let raw = ground.text.get(written).unwrap_or_default().trim();
        raw.clone_into(&mut self.raw);
        let mut literal = String::new();
        let mut inner: Vec<Piece> = Vec::new();
        // depth of the elements around, and of those among them that hide
        let (mut depth, mut hidden) = (0_u32, Vec::new());
        for action in said {
            match action {
                Action::Open(mut element) => {
                    depth += 1;
                    if element.hidden {
                        hidden.push(depth);
                    }
                    if hidden.is_empty() {
                        self.asides.append(&mut element.asides);
                        self.links.append(&mut element.links);
                        self.links.extend(element.link.take());
                    }
                }
                Action::Close(_) => {
                    if hidden.last() == Some(&depth) {
                        hidden.pop();
                    }
                    depth = depth.saturating_sub(1);
                }
                Action::Text(decoded, span) if depth == 0 => {
                    literal.push_str(decoded.as_deref().unwrap_or_else(|| ground.slice(span)));
                    self.strings.push((decoded, span));
                }
                Action::Break(span) if depth == 0 => self.strings.push((Some(" ".to_owned()), span)),
                Action::Text(decoded, span) if hidden.is_empty() => inner.push((decoded, span)),
                Action::Break(span) if hidden.is_empty() => inner.push((Some(" ".to_owned()), span)),
                Action::Text(..) | Action::Break(_) | Action::Nothing => {}
            }
        }
        if !inner.is_empty() {
            self.asides.push((Zone::Paragraph, inner));
        }
        let quoted = !self.braced || raw.starts_with(['"', '\'', '`']);
        self.literal = Some(literal).filter(|_| alone && quoted);
    }

    /// The value as an address: a string, or else the code that makes it, in its braces.
    fn address(&self) -> String {
        self.literal.clone().unwrap_or_else(|| format!("{{{}}}", self.raw))
    }

    /// Whether the element is hidden by this attribute. Code that may say either way hides nothing.
    fn is_hiding(&self) -> bool {
        !self.braced || self.raw == "true" || self.literal.is_some()
    }

    /// The value as a style sheet would say it: `{display: 'none'}` is `display:none`.
    fn style(&self) -> String {
        // the members of an object are the declarations of a style sheet, parted otherwise
        let object = self.raw.trim_start().starts_with('{');
        let plain = self.raw.chars().filter(|c| !matches!(c, '"' | '\'' | '`' | '{' | '}'));
        plain.map(|c| if object && c == ',' { ';' } else { c }).collect()
    }
}

/// What the names of attributes hold whose address pays the site.
const PAYS: &str = "affiliate";

impl Element {
    /// An element with its attributes; texts of those that are named in `prose` are read.
    pub fn new(name: String, span: Span, attributes: Vec<Attribute>, prose: &[String]) -> Self {
        let known = |attribute: &&Attribute, name: &str| attribute.name == name;
        let component = is_component(&name);
        let get = |wanted: &str| attributes.iter().find(|attribute| known(attribute, wanted));
        let style = get("style").map(Attribute::style);
        let hidden = !component && html::is_hidden(&name, get("hidden").is_some_and(Attribute::is_hiding), style.as_deref());
        let leads = name == "a" || (component && !name.is_empty());
        let target = get("href").or_else(|| get("to").filter(|_| component)).map(Attribute::address);
        let rel = get("rel").map(Attribute::address);
        // `<a name="list" />` marks a place to link to: it leads to itself, not nowhere
        let place = || get("name").or_else(|| get("id")).map(Attribute::address).filter(|place| !place.is_empty()).map(|place| format!("#{place}"));
        let target = if name == "a" { target.or_else(place).or(Some(String::new())) } else { target };
        let link = target.filter(|_| leads).map(|target| (target, rel, span));
        let mut element = Self { name, span, link, hidden, asides: Vec::new(), links: Vec::new(), unclosed: false };
        for mut attribute in attributes {
            // React shows `children` as it shows what stands between the tags
            let read = attribute.name == "children" || prose.iter().any(|name| name.eq_ignore_ascii_case(&attribute.name));
            if read && !attribute.strings.is_empty() {
                let zone = if attribute.name.eq_ignore_ascii_case("alt") { Zone::Alt } else { Zone::Caption };
                element.asides.push((zone, attribute.strings));
            }
            // `affiliateUrl="…"`: the component's own word for a link that pays
            let pays = component && attribute.name.to_ascii_lowercase().contains(PAYS);
            if let Some(address) = attribute.literal.as_ref().filter(|address| pays && address.contains(['/', '.'])) {
                element.links.push((address.clone(), Some(PAYS.to_owned()), span));
            }
            element.asides.append(&mut attribute.asides);
            element.links.append(&mut attribute.links);
        }
        element
    }
}

/// Whether a name is a component's: `Note`, `motion.div`. The others are elements of HTML.
pub(super) fn is_component(name: &str) -> bool {
    name.contains('.') || !name.starts_with(|c: char| c.is_ascii_lowercase())
}
