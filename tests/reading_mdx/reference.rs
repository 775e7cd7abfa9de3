//! The reference: what the syntax tree of the `markdown` crate shows of an MDX document. Knows nothing of notegate, so that an error of
//! ours cannot hide in it.

use markdown::mdast::{AttributeContent, AttributeValue, Node};
use markdown::{Constructs, MdxSignal, ParseOptions, to_mdast};

/// What a page shows, white space removed.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Shown {
    /// Everything but the footnotes, in reading order.
    pub flow: String,
    /// The footnotes, sorted.
    pub notes: Vec<String>,
}

/// A text without its white space.
pub fn squeeze(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

fn dialect() -> ParseOptions {
    let constructs = Constructs {
        gfm_footnote_definition: true,
        gfm_label_start_footnote: true,
        gfm_strikethrough: true,
        gfm_table: true,
        gfm_task_list_item: true,
        frontmatter: true,
        ..Constructs::mdx()
    };
    ParseOptions { constructs, gfm_strikethrough_single_tilde: true, mdx_esm_parse: Some(Box::new(module)), ..ParseOptions::mdx() }
}

/// Whether imports and exports are whole: a parser of JavaScript would go on over a blank line while something is open.
fn module(code: &str) -> MdxSignal {
    let count = |mark: &[char]| code.matches(mark).count();
    if count(&['{', '(', '[']) == count(&['}', ')', ']']) && count(&['`']) % 2 == 0 {
        MdxSignal::Ok
    } else {
        MdxSignal::Eof("unfinished".to_owned(), Box::new("test".to_owned()), Box::new("module".to_owned()))
    }
}

/// Why there is no reference for a document.
#[derive(Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It is no MDX.
    Refused(String),
    /// The reference broke down.
    BrokeDown,
}

/// What the reference shows of a document, or why it shows nothing.
pub fn shown(mdx: &str) -> Result<Shown, Refusal> {
    let parsed = std::panic::catch_unwind(|| to_mdast(mdx, &dialect()));
    let tree = parsed.map_err(|_| Refusal::BrokeDown)?.map_err(|message| Refusal::Refused(message.reason))?;
    let mut shown = Shown::default();
    let mut flow = String::new();
    let mut open: Vec<(&Node, bool)> = vec![(&tree, false)];
    // depth first, last child on top; a note's text goes to its note
    while let Some((node, note)) = open.pop() {
        let note = note || matches!(node, Node::FootnoteDefinition(_));
        if matches!(node, Node::FootnoteDefinition(_)) {
            shown.notes.push(String::new());
        }
        if is_hidden(node) {
            continue;
        }
        let text = squeeze(&own_text(node));
        match shown.notes.last_mut().filter(|_| note) {
            Some(last) => last.push_str(&text),
            None => flow.push_str(&text),
        }
        open.extend(node.children().into_iter().flatten().rev().map(|child| (child, note)));
    }
    shown.flow = flow;
    shown.notes.retain(|note| !note.is_empty());
    shown.notes.sort();
    Ok(shown)
}

fn own_text(node: &Node) -> String {
    match node {
        Node::Text(text) => text.value.clone(),
        Node::InlineCode(code) => code.value.clone(),
        Node::Code(code) => code.value.clone(),
        Node::MdxTextExpression(expression) => literal(&expression.value),
        Node::MdxFlowExpression(expression) => literal(&expression.value),
        _ => String::new(),
    }
}

/// What an expression of one string shows; other code shows what nobody can know here.
fn literal(code: &str) -> String {
    let code = code.trim();
    let Some(quote) = code.chars().next().filter(|quote| matches!(quote, '"' | '\'' | '`')) else { return String::new() };
    let Some(inner) = code[1..].strip_suffix(quote) else { return String::new() };
    if inner.contains([quote, '\\']) { String::new() } else { inner.to_owned() }
}

/// Elements of HTML that a page does not show, or shows as a control and not as text.
const UNSHOWN: &[&str] = &["script", "style", "template", "head", "title", "noscript", "iframe", "object", "svg", "textarea", "select"];

fn is_hidden(node: &Node) -> bool {
    let (name, attributes) = match node {
        Node::MdxJsxFlowElement(element) => (&element.name, &element.attributes),
        Node::MdxJsxTextElement(element) => (&element.name, &element.attributes),
        _ => return false,
    };
    let name = name.as_deref().unwrap_or_default();
    if !name.starts_with(|c: char| c.is_ascii_lowercase()) || name.contains('.') {
        return false;
    }
    UNSHOWN.contains(&name)
        || attributes.iter().any(|attribute| {
            let AttributeContent::Property(property) = attribute else { return false };
            let value = match &property.value {
                None => "true".to_owned(),
                Some(AttributeValue::Literal(value)) => value.clone(),
                Some(AttributeValue::Expression(expression)) => expression.value.clone(),
            };
            let value = squeeze(&value).replace(['\'', '"'], "");
            (property.name == "hidden" && value != "false") || (property.name == "style" && value.contains("display:none"))
        })
}
