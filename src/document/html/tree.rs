//! HTML tokens → a tree, by the rules browsers follow for tags that are missing, crossed or out of place, so that text stands where
//! readers see it. No rule here looks through the open elements one by one: what a rule asks for is kept with each of them, so that
//! the time is linear whatever is nested.
//!
//! Where it differs from browsers on purpose: `<b>` and the other formatting elements are marks from one place to another and no
//! containers, and one that its paragraph ends is not opened again in the next. Nothing can then be hidden, or be taken for code,
//! by a tag that somebody forgot to close three paragraphs earlier.

mod rules;

use std::collections::HashMap;
use std::ops::Range;

use super::Tag;
use super::lexer;
use super::names::Traits;

/// Open elements that the end of a mark looks through; deeper, it only ends.
const MOST_LIFTED: usize = 64;
/// No node.
pub(super) const NONE: u32 = u32::MAX;

/// What a node is.
#[derive(Clone, Debug)]
pub(super) enum Kind {
    /// An element; its tag is `tags[…]`.
    Element(u32),
    /// Where a formatting element begins.
    Mark(u32),
    /// Where the mark of this node ends.
    MarkEnd(u32),
    /// Text, as bytes of the text that was read; `raw`: without entities.
    Text { range: Range<u32>, raw: bool },
}

/// A node of the tree.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub kind: Kind,
    pub parent: u32,
    pub first: u32,
    pub last: u32,
    pub previous: u32,
    pub next: u32,
    /// One past its last byte.
    pub end: u32,
    /// Whether something closed it before the end of the file did.
    pub closed: bool,
    /// Whether it is of SVG or MathML.
    pub foreign: bool,
}

/// A page, parsed.
#[derive(Debug, Default)]
pub(super) struct Tree {
    /// Parents come before their children; the first is `<html>`.
    pub nodes: Vec<Node>,
    pub tags: Vec<Tag>,
    /// The first comment or tag that is never closed, and where it begins.
    pub cut: Option<(&'static str, u32)>,
    /// Comments, signs around them included.
    pub comments: Vec<Range<u32>>,
    body: u32,
}

impl Tree {
    /// Parses a text.
    pub fn read(text: &str) -> Self {
        let mut grower = Grower::new(text);
        lexer::read(text, &mut grower);
        grower.finish()
    }

    /// The body; where there is none, the root.
    pub const fn body(&self) -> u32 {
        self.body
    }

    /// A node.
    pub fn node(&self, at: u32) -> &Node {
        &self.nodes[at as usize]
    }

    /// The tag of an element or of the beginning of a mark.
    pub fn tag(&self, at: u32) -> Option<&Tag> {
        match &self.node(at).kind {
            Kind::Element(tag) | Kind::Mark(tag) => Some(&self.tags[*tag as usize]),
            Kind::MarkEnd(_) | Kind::Text { .. } => None,
        }
    }

    /// The tag of an element of HTML; `None` for anything else.
    pub fn element(&self, at: u32) -> Option<&Tag> {
        let node = self.node(at);
        matches!(node.kind, Kind::Element(_)).then(|| self.tag(at)).flatten().filter(|_| !node.foreign)
    }

    /// The node behind this one in reading order, children first, as long as it lies inside `root`.
    pub fn following(&self, at: u32, root: u32) -> Option<u32> {
        let node = self.node(at);
        if node.first != NONE { Some(node.first) } else { self.behind(at, root) }
    }

    /// The node behind this one and all that is in it.
    pub fn behind(&self, mut at: u32, root: u32) -> Option<u32> {
        while at != root {
            let node = self.node(at);
            if node.next != NONE {
                return Some(node.next);
            }
            at = node.parent;
        }
        None
    }
}

/// What the innermost table, selection or template makes of tags.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    Body,
    Table,
    Cell,
    Select,
}

/// An open element.
struct Open {
    node: u32,
    name: u32,
    traits: Traits,
    mode: Mode,
    /// A mark that has ended while elements inside it are open.
    dead: bool,
    /// A mark that was put before its table.
    fostered: bool,
    /// The innermost entry at or below this one, as an index, that is …
    /// … the container of what comes next, …
    home: u32,
    /// … a boundary of scope, of `</p>`, of `</li>`, of table parts, …
    scope: u32,
    button: u32,
    list: u32,
    table: u32,
    /// … special, special to list items, …
    special: u32,
    item: u32,
    /// … of HTML, …
    plain: u32,
    /// … of HTML, or of SVG and holding HTML.
    html: u32,
}

/// A name that has come up, and where it is open, outermost first.
struct Name {
    text: String,
    traits: Traits,
    open: Vec<u32>,
}

struct Grower<'t> {
    text: &'t str,
    tree: Tree,
    stack: Vec<Open>,
    names: Vec<Name>,
    /// Their numbers by name: `<title>` of SVG is not `<title>` of HTML.
    known: [HashMap<String, u32>; 2],
    head: u32,
    body: u32,
    form: u32,
    /// Inside an element whose content is bytes and no markup.
    raw: bool,
    /// One past the last byte that was handed on.
    at: u32,
}

/// Where a node is put.
struct Place {
    parent: u32,
    before: u32,
}

impl<'t> Grower<'t> {
    fn new(text: &'t str) -> Self {
        let mut grower = Self {
            text,
            tree: Tree { body: NONE, ..Tree::default() },
            stack: Vec::new(),
            names: Vec::new(),
            known: [HashMap::new(), HashMap::new()],
            head: NONE,
            body: NONE,
            form: NONE,
            raw: false,
            at: 0,
        };
        grower.push(Tag::named("html"), false, false);
        grower
    }

    fn finish(mut self) -> Tree {
        self.at = crate::span::offset(self.text.len());
        let open: Vec<u32> = self.stack.iter().filter(|open| !open.dead).map(|open| open.node).collect();
        self.pop_to(0);
        for node in open {
            self.tree.nodes[node as usize].closed = false;
        }
        self.tree.body = if self.body == NONE { 0 } else { self.body };
        self.tree
    }

    fn name(&mut self, name: &str, foreign: bool) -> u32 {
        let known = &mut self.known[usize::from(foreign)];
        if let Some(found) = known.get(name) {
            return *found;
        }
        let id = crate::span::offset(self.names.len());
        let traits = if foreign { Traits::of_foreign(name) } else { Traits::of(name) };
        self.names.push(Name { text: name.to_owned(), traits, open: Vec::new() });
        known.insert(name.to_owned(), id);
        id
    }

    fn top(&self) -> &Open {
        &self.stack[self.stack.len() - 1]
    }

    fn top_name(&self) -> &str {
        &self.names[self.top().name as usize].text
    }

    /// Index of the innermost open element of HTML with this name, if it lies at or above `boundary`.
    fn open_at(&self, name: &str, boundary: u32) -> Option<usize> {
        let id = self.known[0].get(name)?;
        self.names[*id as usize].open.last().filter(|at| **at >= boundary).map(|at| *at as usize)
    }

    fn in_scope(&self, name: &str) -> Option<usize> {
        self.open_at(name, self.top().scope)
    }

    /// Closes everything from an index up.
    fn pop_to(&mut self, index: usize) {
        while self.stack.len() > index {
            let Some(open) = self.stack.pop() else { break };
            if !open.dead {
                self.names[open.name as usize].open.pop();
                self.end_node(&open);
            }
        }
        while self.stack.last().is_some_and(|open| open.dead) {
            self.stack.pop();
        }
    }

    fn end_node(&mut self, open: &Open) {
        if open.traits.has(Traits::FORMAT) {
            self.end_mark(open.node, open.fostered);
        }
        let node = &mut self.tree.nodes[open.node as usize];
        node.end = self.at;
        node.closed = true;
    }

    fn end_mark(&mut self, mark: u32, fostered: bool) {
        let place = self.place(fostered);
        self.add(Kind::MarkEnd(mark), &place, false);
    }

    /// Where the next node is put. `foster`: it does not belong into a table.
    fn place(&self, foster: bool) -> Place {
        let Some(top) = self.stack.last() else { return Place { parent: 0, before: NONE } };
        let home = &self.stack[top.home as usize];
        if home.fostered || (foster && home.traits.has(Traits::TABLISH)) {
            return self.before_table();
        }
        Place { parent: home.node, before: NONE }
    }

    /// In front of the innermost table.
    fn before_table(&self) -> Place {
        let table = self.open_at("table", 0);
        let template = self.open_at("template", 0);
        match (table, template) {
            (Some(table), Some(template)) if template > table => Place { parent: self.stack[template].node, before: NONE },
            (Some(table), _) => {
                let node = self.stack[table].node;
                Place { parent: self.tree.node(node).parent, before: node }
            }
            _ => Place { parent: self.stack[0].node, before: NONE },
        }
    }

    fn add(&mut self, kind: Kind, place: &Place, foreign: bool) -> u32 {
        let at = crate::span::offset(self.tree.nodes.len());
        self.tree.nodes.push(Node { kind, parent: NONE, first: NONE, last: NONE, previous: NONE, next: NONE, end: self.at, closed: true, foreign });
        if at > 0 {
            self.attach(at, place);
        }
        at
    }

    fn attach(&mut self, at: u32, place: &Place) {
        let nodes = &mut self.tree.nodes;
        let previous = if place.before == NONE { nodes[place.parent as usize].last } else { nodes[place.before as usize].previous };
        match place.before {
            NONE => nodes[place.parent as usize].last = at,
            before => nodes[before as usize].previous = at,
        }
        match previous {
            NONE => nodes[place.parent as usize].first = at,
            _ => nodes[previous as usize].next = at,
        }
        let node = &mut nodes[at as usize];
        (node.parent, node.previous, node.next) = (place.parent, previous, place.before);
    }

    fn keep(&mut self, tag: Tag) -> u32 {
        self.tree.tags.push(tag);
        crate::span::offset(self.tree.tags.len() - 1)
    }

    /// An element without content.
    fn leaf(&mut self, tag: Tag, foster: bool, foreign: bool) {
        let place = self.place(foster);
        let tag = self.keep(tag);
        self.add(Kind::Element(tag), &place, foreign);
    }

    /// An element that stays open.
    fn push(&mut self, tag: Tag, foster: bool, foreign: bool) {
        let name = self.name(&tag.name, foreign);
        let traits = self.names[name as usize].traits;
        let place = self.place(foster);
        let fostered = traits.has(Traits::FORMAT) && place.before != NONE;
        let kept = self.keep(tag);
        let kind = if traits.has(Traits::FORMAT) { Kind::Mark(kept) } else { Kind::Element(kept) };
        let node = self.add(kind, &place, foreign);
        self.open(node, name, fostered);
    }

    /// Puts an element or mark on the stack.
    fn open(&mut self, node: u32, name: u32, fostered: bool) {
        let Name { text, traits, .. } = &self.names[name as usize];
        let (traits, foreign) = (*traits, traits.has(Traits::FOREIGN));
        let index = crate::span::offset(self.stack.len());
        let below = self.stack.last();
        let or = |own: bool, of: fn(&Open) -> u32| if own { index } else { below.map_or(0, of) };
        let mode = match text.as_str() {
            _ if foreign => below.map_or(Mode::Body, |open| open.mode),
            "table" | "tbody" | "tfoot" | "thead" | "tr" => Mode::Table,
            "td" | "th" | "caption" => Mode::Cell,
            "select" => Mode::Select,
            "template" | "html" => Mode::Body,
            _ => below.map_or(Mode::Body, |open| open.mode),
        };
        let open = Open {
            node,
            name,
            traits,
            mode,
            dead: false,
            fostered,
            home: or(!traits.has(Traits::FORMAT) || fostered, |open| open.home),
            scope: or(traits.has(Traits::SCOPE), |open| open.scope),
            button: or(traits.has(Traits::BUTTON), |open| open.button),
            list: or(traits.has(Traits::LIST), |open| open.list),
            table: or(traits.has(Traits::TABLE), |open| open.table),
            special: or(traits.has(Traits::SPECIAL), |open| open.special),
            item: or(traits.has(Traits::ITEM_STOP), |open| open.item),
            plain: or(!foreign, |open| open.plain),
            html: or(!foreign || traits.has(Traits::HOLDS_HTML), |open| open.html),
        };
        self.names[name as usize].open.push(index);
        self.stack.push(open);
    }

    fn close_p(&mut self) {
        if let Some(at) = self.open_at("p", self.top().button) {
            self.pop_to(at);
        }
    }

    /// Closes a name where it is in scope. Returns whether it was.
    fn close(&mut self, name: &str) -> bool {
        let found = self.in_scope(name);
        if let Some(at) = found {
            self.pop_to(at);
        }
        found.is_some()
    }

    /// Ends the innermost mark of a name.
    fn close_format(&mut self, name: &str) {
        let Some(at) = self.in_scope(name) else { return };
        if self.stack.len() == at + 1 {
            return self.pop_to(at);
        }
        let is_plain = |open: &Open| !open.dead && !open.traits.has(Traits::SPECIAL) && !open.traits.has(Traits::FORMAT);
        let above = &self.stack[at + 1..];
        if above.len() <= MOST_LIFTED && above.iter().any(is_plain) {
            return self.lift(at);
        }
        // what is open above it may cross its end
        let (mark, fostered) = (self.stack[at].node, self.stack[at].fostered);
        self.kill(at);
        self.end_mark(mark, fostered);
    }

    /// Takes an entry out that is not the innermost one; what is open in it stays open.
    fn kill(&mut self, at: usize) {
        let Open { node, name, .. } = self.stack[at];
        self.stack[at].dead = true;
        self.names[name as usize].open.pop();
        let node = &mut self.tree.nodes[node as usize];
        node.end = self.at;
        node.closed = true;
    }

    /// Ends a mark and the plain elements inside it; the blocks inside stay open and are taken out of the plain elements. So browsers
    /// do ("adoption agency"), and so a block shows that stands in a hidden `<span>` whose `<b>` has ended.
    fn lift(&mut self, at: usize) {
        let entries: Vec<Open> = self.stack.drain(at..).collect();
        for open in entries.iter().rev().filter(|open| !open.dead) {
            self.names[open.name as usize].open.pop();
        }
        let mut kept = Vec::new();
        for (i, open) in entries.into_iter().enumerate().filter(|(_, open)| !open.dead) {
            let is_plain = !open.traits.has(Traits::SPECIAL) && !open.traits.has(Traits::FORMAT);
            if i == 0 || is_plain {
                self.end_node(&open);
            } else {
                kept.push(open);
            }
        }
        for open in kept {
            if !open.traits.has(Traits::FORMAT) {
                let place = self.place(true);
                self.move_node(open.node, &place);
            }
            self.open(open.node, open.name, open.fostered);
        }
        while self.stack.last().is_some_and(|open| open.dead) {
            self.stack.pop();
        }
    }

    /// Moves a node to another place, where it does not stand there already.
    fn move_node(&mut self, at: u32, place: &Place) {
        let Node { parent, previous, next, .. } = *self.tree.node(at);
        if parent == place.parent {
            return;
        }
        match previous {
            NONE => self.tree.nodes[parent as usize].first = next,
            _ => self.tree.nodes[previous as usize].next = next,
        }
        match next {
            NONE => self.tree.nodes[parent as usize].last = previous,
            _ => self.tree.nodes[next as usize].previous = previous,
        }
        self.attach(at, place);
    }

    fn ensure_body(&mut self) {
        if self.body == NONE {
            self.pop_to(1);
            self.push(Tag::named("body"), false, false);
            self.body = self.top().node;
        }
    }

    /// Attributes of a second `<html>` or `<body>` count where the first has none of the name.
    fn merge(&mut self, node: u32, tag: Tag) {
        if let Kind::Element(kept) = self.tree.node(node).kind {
            self.tree.tags[kept as usize].attributes.extend(tag.attributes);
        }
    }
}
