//! The reference: what a browser shows of the page that comrak makes of a document. Knows nothing of notegate, so that an error of
//! ours cannot hide in it.

use comrak::{Options, markdown_to_html};
use html5gum::{DefaultEmitter, StartTag, Token, Tokenizer};

/// What a page shows, white space removed.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Shown {
    /// Everything but the footnotes, in reading order.
    pub flow: String,
    /// The footnotes, sorted: a renderer collects them at the end in the order of their marks, an author writes them anywhere.
    pub notes: Vec<String>,
}

impl Shown {
    pub fn new(flow: String, mut notes: Vec<String>) -> Self {
        notes.retain(|note| !note.is_empty());
        notes.sort();
        Self { flow, notes }
    }
}

/// A text without its white space.
pub fn squeeze(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// What the reference shows of a document.
pub fn shown(markdown: &str) -> Shown {
    let html = markdown_to_html(markdown, &dialect());
    let mut emitter = DefaultEmitter::default();
    emitter.naively_switch_states(true);
    let mut page = Page::default();
    for token in Tokenizer::new_with_emitter(html.as_str(), emitter).flatten() {
        page.token(token);
    }
    Shown::new(page.flow, page.notes)
}

/// CommonMark, GFM, and the dashes that fence front matter off.
fn dialect() -> Options<'static> {
    let mut options = Options::default();
    options.extension.table = true;
    options.extension.strikethrough = true;
    options.extension.autolink = true;
    options.extension.tasklist = true;
    options.extension.footnotes = true;
    options.extension.alerts = true;
    options.extension.front_matter_delimiter = Some("---".to_owned());
    options.render.r#unsafe = true;
    options
}

/// Elements that a page does not show, or shows as a control and not as text.
const UNSHOWN: &[&str] = &["script", "style", "template", "head", "title", "noscript", "iframe", "object", "svg", "textarea", "select"];
const VOID: &[&str] = &["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"];
/// Elements whose start ends an open paragraph (HTML standard, tree construction, "in body").
const ENDS_PARAGRAPH: &[&str] = &[
    "address",
    "article",
    "aside",
    "blockquote",
    "center",
    "details",
    "dialog",
    "dir",
    "div",
    "dl",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hgroup",
    "hr",
    "li",
    "main",
    "menu",
    "nav",
    "ol",
    "p",
    "pre",
    "search",
    "section",
    "summary",
    "table",
    "ul",
];
/// What comrak writes around the text: the title it gives to an alert, footnote marks, arrows that lead back.
const MADE_UP: &[&str] = &["markdown-alert-title", "footnote-ref", "footnote-backref"];

struct Element {
    name: String,
    unshown: bool,
    note: bool,
}

/// A page while its tokens arrive.
#[derive(Default)]
struct Page {
    open: Vec<Element>,
    flow: String,
    notes: Vec<String>,
}

impl Page {
    fn token(&mut self, token: Token) {
        match token {
            Token::StartTag(tag) => self.start(&tag),
            Token::EndTag(tag) => self.end(&String::from_utf8_lossy(&tag.name)),
            Token::String(text) => self.text(&String::from_utf8_lossy(&text)),
            Token::Comment(_) | Token::Doctype(_) | Token::Error(_) => {}
        }
    }

    fn start(&mut self, tag: &StartTag<()>) {
        let name = String::from_utf8_lossy(&tag.name).into_owned();
        if ENDS_PARAGRAPH.contains(&name.as_str()) {
            self.end_paragraph();
        }
        if VOID.contains(&name.as_str()) {
            return;
        }
        let note = name == "li" && attribute(tag, "id").is_some_and(|id| id.starts_with("fn-"));
        if note {
            self.notes.push(String::new());
        }
        self.open.push(Element { unshown: is_unshown(&name, tag), name, note });
    }

    /// A paragraph cannot hold a block: the block's start ends it, with whatever is open inside it.
    fn end_paragraph(&mut self) {
        let scope = self.open.iter().rposition(|element| ["td", "th", "caption", "table", "button"].contains(&element.name.as_str()));
        let paragraph = self.open.iter().rposition(|element| element.name == "p");
        if let Some(i) = paragraph.filter(|i| scope.is_none_or(|scope| scope < *i)) {
            self.open.truncate(i);
        }
    }

    fn end(&mut self, name: &str) {
        if let Some(i) = self.open.iter().rposition(|element| element.name == name) {
            self.open.truncate(i);
        }
    }

    fn text(&mut self, text: &str) {
        if self.open.iter().any(|element| element.unshown) {
            return;
        }
        let inside_note = self.open.iter().any(|element| element.note);
        match self.notes.last_mut().filter(|_| inside_note) {
            Some(note) => note.push_str(&squeeze(text)),
            None => self.flow.push_str(&squeeze(text)),
        }
    }
}

fn is_unshown(name: &str, tag: &StartTag<()>) -> bool {
    let style = squeeze(&attribute(tag, "style").unwrap_or_default().to_lowercase());
    let class = attribute(tag, "class").unwrap_or_default();
    UNSHOWN.contains(&name)
        || attribute(tag, "hidden").is_some()
        || style.contains("display:none")
        || style.contains("visibility:hidden")
        || MADE_UP.contains(&class.as_str())
}

fn attribute(tag: &StartTag<()>, name: &str) -> Option<String> {
    tag.attributes.get(name.as_bytes()).map(|value| String::from_utf8_lossy(value).into_owned())
}
