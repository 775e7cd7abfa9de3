//! HTML bytes into tags and runs of text, each with its place. What a tag means for the bytes behind it (`<script>`, `<title>`) is
//! asked of the tree, because only the tree knows whether the tag counts there.

use std::convert::Infallible;

use html5gum::{Emitter, Error, State, Tokenizer};

use super::{Tag, lossy};
use crate::span::Span;

/// What takes the tokens.
pub(super) trait Sink {
    /// A start tag. Returns how the text behind it is read, where not as usual.
    fn start(&mut self, tag: Tag) -> Option<State>;
    /// An end tag, with the byte behind it.
    fn end(&mut self, name: &str, end: usize);
    /// Text between tags, as it is written.
    fn text(&mut self, from: usize, to: usize);
    /// A comment, signs around it included.
    fn comment(&mut self, from: usize, to: usize);
    /// A comment or tag that begins here and is never closed: browsers drop all that follows.
    fn cut(&mut self, what: &'static str, at: usize);
    /// Whether the innermost element is one of SVG or MathML.
    fn is_foreign(&self) -> bool;
}

/// Reads a text to its end.
pub(super) fn read(text: &str, sink: &mut impl Sink) {
    let lexer = Lexer {
        text,
        sink,
        at: 0,
        tag_start: 0,
        read: 0,
        kind: Kind::None,
        tag: Tag::default(),
        last_start: Vec::new(),
        name: Vec::new(),
        value: Vec::new(),
        value_span: (0, 0),
    };
    for _ in Tokenizer::new_with_emitter(super::unwound(text).as_ref(), lexer) {}
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    None,
    Start,
    End,
}

struct Lexer<'t, S> {
    text: &'t str,
    sink: &'t mut S,
    /// Bytes the tokenizer has consumed.
    at: usize,
    /// Where the last `<` stands that could begin a tag.
    tag_start: usize,
    /// Everything before this byte has been handed on.
    read: usize,
    kind: Kind,
    tag: Tag,
    last_start: Vec<u8>,
    /// Name of the attribute that is being read, and its value.
    name: Vec<u8>,
    value: Vec<u8>,
    value_span: (usize, usize),
}

impl<S: Sink> Lexer<'_, S> {
    /// Hands on the text up to `end`, and goes on behind `next`.
    fn flush(&mut self, end: usize, next: usize) {
        if end > self.read {
            self.sink.text(self.read, end);
        }
        self.read = next.max(self.read);
    }

    fn finish_attribute(&mut self) {
        if self.name.is_empty() {
            return;
        }
        let (from, to) = self.value_span;
        let to = to.clamp(from, self.text.len());
        // the tokenizer may have looked one byte ahead, into a character
        let to = (from..=to).rev().find(|at| self.text.is_char_boundary(*at)).unwrap_or(from);
        if self.kind == Kind::Start {
            self.tag.attributes.push((lossy(&self.name), lossy(&self.value), Span::of(from..to)));
        }
        self.name.clear();
        self.value.clear();
    }
}

impl<S: Sink> Emitter for Lexer<'_, S> {
    type Token = Infallible;

    fn move_position(&mut self, by: isize) {
        self.at = self.at.saturating_add_signed(by);
    }

    fn set_last_start_tag(&mut self, last: Option<&[u8]>) {
        self.last_start = last.unwrap_or_default().to_vec();
    }

    fn emit_eof(&mut self) {
        self.flush(self.text.len(), self.text.len());
    }

    fn emit_error(&mut self, error: Error) {
        match error {
            // `</>` is nothing at all
            Error::MissingEndTagName => self.flush(self.tag_start, self.at),
            Error::EofInTag => {
                self.flush(self.tag_start, self.text.len());
                self.sink.cut("a tag", self.tag_start);
            }
            Error::EofInComment => {
                self.flush(self.tag_start, self.text.len());
                self.sink.cut("a comment", self.tag_start);
            }
            _ => {}
        }
    }

    fn pop_token(&mut self) -> Option<Infallible> {
        None
    }

    fn emit_string(&mut self, _: &[u8]) {}

    fn init_start_tag(&mut self) {
        self.kind = Kind::Start;
        self.tag = Tag { start: self.tag_start, ..Tag::default() };
    }

    fn init_end_tag(&mut self) {
        self.kind = Kind::End;
        self.tag = Tag { start: self.tag_start, ..Tag::default() };
    }

    fn init_comment(&mut self) {}

    fn emit_current_tag(&mut self) -> Option<State> {
        self.finish_attribute();
        self.flush(self.tag.start, self.at);
        let mut tag = std::mem::take(&mut self.tag);
        tag.end = self.at.min(self.text.len());
        match self.kind {
            Kind::Start => {
                self.last_start.clear();
                self.last_start.extend_from_slice(tag.name.as_bytes());
                self.sink.start(tag)
            }
            Kind::End => {
                self.sink.end(&tag.name, tag.end);
                None
            }
            Kind::None => None,
        }
    }

    fn emit_current_comment(&mut self) {
        // `<!…` and `<?…` that are never closed come without an error
        if self.read < self.text.len() && self.at >= self.text.len() && !self.text.ends_with('>') {
            self.sink.cut("a comment", self.tag_start);
        }
        let end = self.at.min(self.text.len());
        if self.text.get(self.tag_start..end).is_some_and(|text| text.starts_with("<!--")) {
            self.sink.comment(self.tag_start, end);
        }
        self.flush(self.tag_start, self.at);
    }

    fn emit_current_doctype(&mut self) {
        self.flush(self.tag_start, self.at);
    }

    fn set_self_closing(&mut self) {
        self.tag.self_closing = true;
    }

    fn set_force_quirks(&mut self) {}

    fn push_tag_name(&mut self, name: &[u8]) {
        self.tag.name.push_str(&String::from_utf8_lossy(name));
    }

    fn push_comment(&mut self, _: &[u8]) {}

    fn push_doctype_name(&mut self, _: &[u8]) {}

    fn init_doctype(&mut self) {}

    fn init_attribute(&mut self) {
        self.finish_attribute();
    }

    fn init_attribute_value(&mut self) {
        self.value_span = (self.at, self.at);
    }

    fn push_attribute_name(&mut self, name: &[u8]) {
        if self.name.is_empty() {
            self.value_span = (self.at, self.at);
        }
        self.name.extend_from_slice(name);
    }

    fn push_attribute_value(&mut self, value: &[u8]) {
        self.value.extend_from_slice(value);
        self.value_span.1 = self.at;
    }

    fn set_doctype_public_identifier(&mut self, _: &[u8]) {}

    fn set_doctype_system_identifier(&mut self, _: &[u8]) {}

    fn push_doctype_public_identifier(&mut self, _: &[u8]) {}

    fn push_doctype_system_identifier(&mut self, _: &[u8]) {}

    fn start_open_tag(&mut self) {
        self.tag_start = self.at.saturating_sub(1);
    }

    fn current_is_appropriate_end_tag_token(&mut self) -> bool {
        self.kind == Kind::End && !self.last_start.is_empty() && self.last_start == self.tag.name.as_bytes()
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&mut self) -> bool {
        self.sink.is_foreign()
    }
}
