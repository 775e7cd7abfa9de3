//! Tags and their attributes, the content of elements inside code, and text as it is written there.

use std::ops::Range;

use super::super::super::html;
use super::super::tag::{Attribute, Element, Tag};
use super::{Action, Broken, Frame, FrameKind, Holder, Kind, NEVER_CLOSED, NO_MATCH, NO_TAG, Scanner, Written, begins_name, continues_name};

impl Scanner<'_> {
    pub(super) fn begins_element(&self) -> bool {
        self.char_at(self.at + 1).is_some_and(|c| begins_name(c) || c == '>')
    }

    /// The start of a tag, at its `<`.
    pub(super) fn begin_tag(&mut self, nested: bool) -> Result<(), Broken> {
        let start = self.at;
        self.at += 1;
        let closing = self.byte(self.at) == Some(b'/');
        if closing {
            self.at += 1;
            self.space()?;
        }
        let name = self.name();
        self.push(FrameKind::Tag(Box::new(Tag { name, closing, nested, attributes: Vec::new() })), start, false);
        Ok(())
    }

    /// A name of an element or attribute: `a`, `a-b`, `a.b.c`, `a:b`; empty where none stands.
    fn name(&mut self) -> String {
        let start = self.at;
        let rest = self.ground.text.get(start..self.limit).unwrap_or_default();
        let mut fresh = true;
        let mut end = 0;
        for (i, c) in rest.char_indices() {
            let goes_on = if fresh { begins_name(c) } else { continues_name(c) || matches!(c, '-' | '.' | ':') };
            if !goes_on {
                break;
            }
            fresh = matches!(c, '.' | ':');
            end = i + c.len_utf8();
        }
        self.at = start + end;
        rest[..end].to_owned()
    }

    /// The next attribute of a tag, or its end.
    pub(super) fn attributes(&mut self) -> Result<(), Broken> {
        self.space()?;
        let Some(FrameKind::Tag(tag)) = self.frames.last().map(|frame| &frame.kind) else { return Ok(()) };
        let (bare, closing) = (tag.name.is_empty() || tag.closing, tag.closing);
        match self.byte(self.at) {
            None => self.broken(NEVER_CLOSED),
            Some(b'>') => {
                self.at += 1;
                self.end_tag(false)
            }
            Some(b'/') if !bare || closing => {
                self.at += 1;
                self.space()?;
                if closing || self.byte(self.at) != Some(b'>') {
                    return self.broken(NO_TAG);
                }
                self.at += 1;
                self.end_tag(true)
            }
            _ if bare => self.broken(NO_TAG),
            Some(b'{') => {
                self.push(FrameKind::Expression(Holder::Spread), self.at, false);
                self.at += 1;
                Ok(())
            }
            _ if self.char_at(self.at).is_some_and(begins_name) => self.attribute(),
            _ => self.broken(NO_TAG),
        }
    }

    fn attribute(&mut self) -> Result<(), Broken> {
        let name = self.name();
        let behind = self.at;
        self.space()?;
        if self.byte(self.at) == Some(b'=') {
            self.at += 1;
            self.space()?;
            match self.byte(self.at) {
                Some(quote @ (b'"' | b'\'')) => {
                    let start = self.at + 1;
                    let Some(len) = memchr::memchr(quote, &self.ground.text.as_bytes()[start..self.limit]) else {
                        self.at = self.limit;
                        return self.broken(NEVER_CLOSED);
                    };
                    let from = self.out.len();
                    self.emit(start..start + len, Written::Entities);
                    let said = self.out.drain(from..).collect();
                    let mut attribute = Attribute::new(name, false);
                    attribute.take(said, self.ground, start..start + len, true);
                    self.at = start + len + 1;
                    self.add(attribute);
                    return Ok(());
                }
                Some(b'{') => {
                    self.add(Attribute::new(name, true));
                    self.push(FrameKind::Expression(Holder::Value), self.at, true);
                    self.at += 1;
                    return Ok(());
                }
                _ => return self.broken(NO_TAG),
            }
        }
        self.at = behind;
        self.add(Attribute::new(name, false));
        Ok(())
    }

    fn add(&mut self, attribute: Attribute) {
        if let Some(FrameKind::Tag(tag)) = self.frames.last_mut().map(|frame| &mut frame.kind) {
            tag.attributes.push(attribute);
        }
    }

    fn end_tag(&mut self, whole: bool) -> Result<(), Broken> {
        let Some(Frame { kind: FrameKind::Tag(tag), start, .. }) = self.frames.pop() else { return Ok(()) };
        let Tag { name, closing, nested, attributes } = *tag;
        if closing {
            if nested {
                match self.frames.pop().map(|frame| frame.kind) {
                    Some(FrameKind::Children(open)) if open == name => {}
                    _ => return self.broken("holds tags that do not match"),
                }
                self.value_ends();
            }
            if nested {
                self.out.push(Action::Close(name));
            } else {
                self.out.push(Action::Close(name.clone()));
                self.found = (Kind::Close, name);
            }
            return Ok(());
        }
        let element = Element::new(name.clone(), self.span(start..self.at), attributes, self.ground.prose);
        self.out.push(Action::Open(Box::new(element)));
        if whole {
            self.out.push(Action::Close(name.clone()));
            self.value_ends();
        }
        if nested && !whole {
            self.push(FrameKind::Children(name), start, true);
        } else if !nested {
            self.found = (if whole { Kind::Whole } else { Kind::Open }, name);
        }
        Ok(())
    }

    /// The text of an element inside code, up to a tag, an expression or the element's end.
    pub(super) fn children(&mut self) -> Result<(), Broken> {
        let start = self.at;
        let rest = &self.ground.text.as_bytes()[start..self.limit];
        let Some(len) = memchr::memchr3(b'<', b'{', b'}', rest) else {
            self.at = self.limit;
            return self.broken(NEVER_CLOSED);
        };
        self.emit(start..start + len, Written::Entities);
        self.at = start + len;
        match rest[len] {
            b'{' => {
                self.push(FrameKind::Expression(Holder::Child), self.at, true);
                self.at += 1;
                Ok(())
            }
            b'<' if self.begins_element() || self.byte(self.at + 1) == Some(b'/') => self.begin_tag(true),
            b'<' => self.broken(NO_TAG),
            _ => self.broken(NO_MATCH),
        }
    }

    /// Text that is read, decoded, with every piece at its own bytes.
    pub(super) fn emit(&mut self, range: Range<usize>, written: Written) {
        let mut run = range.start;
        let mut at = range.start;
        let bytes = self.ground.text.as_bytes();
        while at < range.end {
            let (end, action) = match bytes[at] {
                b'\n' | b'\r' => {
                    let end = self.behind_line_end(at).min(range.end);
                    (end, Action::Break(self.span(at..end)))
                }
                b'&' if written == Written::Entities => {
                    let raw = &self.ground.text[at..range.end];
                    let piece = &raw[..html::entity_len(raw)];
                    let decoded = if piece.ends_with(';') { html::decode_entity(piece) } else { piece.to_owned() };
                    if decoded == piece {
                        at += piece.len();
                        continue;
                    }
                    (at + piece.len(), Action::Text(Some(decoded), self.span(at..at + piece.len())))
                }
                b'\\' if written == Written::Escapes => {
                    let (decoded, len) = unescaped(&self.ground.text[at..range.end]);
                    let mut end = at + len;
                    if decoded.is_empty() && matches!(bytes.get(end.wrapping_sub(1)), Some(b'\n' | b'\r')) {
                        end = self.behind_line_end(at + 1).min(range.end);
                    }
                    (end, Action::Text(Some(decoded), self.span(at..end)))
                }
                _ => {
                    at += 1;
                    continue;
                }
            };
            if at > run {
                self.out.push(Action::Text(None, self.span(run..at)));
            }
            self.out.push(action);
            (at, run) = (end, end);
        }
        if range.end > run {
            self.out.push(Action::Text(None, self.span(run..range.end)));
        }
    }
}

/// What an escape sequence stands for, and its length; the text begins with the backslash.
fn unescaped(raw: &str) -> (String, usize) {
    let Some(next) = raw[1..].chars().next() else { return (String::new(), 1) };
    let hex = |from: usize, len: usize| raw.get(from..from + len).and_then(|digits| u32::from_str_radix(digits, 16).ok());
    let shown = |code: u32| char::from_u32(code).map(String::from);
    let plain = 1 + next.len_utf8();
    match next {
        '\r' if raw[2..].starts_with('\n') => (String::new(), 3),
        '\n' | '\r' | '\u{2028}' | '\u{2029}' => (String::new(), plain),
        'n' | 't' | 'r' | 'v' | 'f' | 'b' => (" ".to_owned(), 2),
        'x' => hex(2, 2).and_then(shown).map_or_else(|| ("x".to_owned(), 2), |text| (text, 4)),
        'u' if raw[2..].starts_with('{') => {
            let digits = raw[3..].bytes().take(8).take_while(u8::is_ascii_hexdigit).count();
            let closed = raw[3 + digits..].starts_with('}');
            hex(3, digits).filter(|_| closed).and_then(shown).map_or_else(|| ("u".to_owned(), 2), |text| (text, 4 + digits))
        }
        'u' => {
            let Some(first) = hex(2, 4) else { return ("u".to_owned(), 2) };
            if let Some(text) = shown(first) {
                return (text, 6);
            }
            // two halves of a character beyond the first 65,536
            let second = raw.get(6..8).filter(|mark| *mark == "\\u").and_then(|_| hex(8, 4)).filter(|second| (0xdc00..0xe000).contains(second));
            let joined = second.filter(|_| first < 0xdc00).and_then(|second| shown(0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00)));
            joined.map_or_else(|| ("\u{fffd}".to_owned(), 6), |text| (text, 12))
        }
        other => (other.to_string(), plain),
    }
}
