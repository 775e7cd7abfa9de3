//! What each tag does to the tree: the rules of the HTML standard, section 13.2.6, by the place a tag comes at.

use html5gum::State;

use super::super::lexer::Sink;
use super::super::names::{BREAK_OUT, CLOSED_WHOLE, CLOSES_P, Traits, is_heading, is_metadata, is_table_part};
use super::super::{Tag, VOID};
use super::{Grower, Kind, Mode, NONE};

impl Grower<'_> {
    /// Whether only the root or the head is open, before any body.
    fn is_before_body(&self) -> bool {
        self.body == NONE && (self.stack.len() == 1 || (self.stack.len() == 2 && self.top().node == self.head))
    }

    /// A start tag before the body. Returns the tag where it belongs to the body.
    fn start_before_body(&mut self, tag: Tag) -> Result<Option<State>, Tag> {
        match tag.name.as_str() {
            "head" => {
                if self.head == NONE {
                    self.push(tag, false, false);
                    self.head = self.top().node;
                }
                Ok(None)
            }
            "body" => {
                self.pop_to(1);
                self.push(tag, false, false);
                self.body = self.top().node;
                Ok(None)
            }
            "frameset" | "frame" => Ok(None),
            name if is_metadata(name) => {
                if self.stack.len() == 1 {
                    self.push(Tag::named("head"), false, false);
                    self.head = self.top().node;
                }
                Ok(self.insert(tag, false))
            }
            name if is_table_part(name) => {
                self.ensure_body();
                Ok(None)
            }
            _ => {
                self.ensure_body();
                Err(tag)
            }
        }
    }

    /// Puts an element of HTML where the tree is now. Returns how its content is read.
    fn insert(&mut self, tag: Tag, foster: bool) -> Option<State> {
        let name = tag.name.clone();
        if VOID.contains(&name.as_str()) || matches!(name.as_str(), "basefont" | "bgsound" | "keygen" | "frame") {
            self.leaf(tag, foster, false);
            return None;
        }
        self.push(tag, foster, false);
        let state = match name.as_str() {
            "textarea" | "title" => State::RcData,
            "script" => State::ScriptData,
            "style" | "xmp" | "iframe" | "noembed" | "noframes" | "noscript" => State::RawText,
            "plaintext" => State::PlainText,
            _ => return None,
        };
        self.raw = true;
        Some(state)
    }

    /// A start tag inside SVG or MathML. Returns the tag where it is one of HTML.
    fn start_foreign(&mut self, tag: Tag) -> Option<Tag> {
        let top = self.top();
        let name = tag.name.as_str();
        let in_math_text = matches!(self.top_name(), "mi" | "mo" | "mn" | "ms" | "mtext") && matches!(name, "mglyph" | "malignmark");
        if !top.traits.has(Traits::FOREIGN) || (top.traits.has(Traits::HOLDS_HTML) && !in_math_text) {
            return Some(tag);
        }
        let is_font = name == "font" && ["color", "face", "size"].iter().any(|key| tag.get(key).is_some());
        if BREAK_OUT.contains(&name) || is_font {
            self.pop_to(top.html as usize + 1);
            return Some(tag);
        }
        if tag.self_closing {
            self.leaf(tag, false, true);
        } else {
            self.push(tag, false, true);
        }
        None
    }

    /// Clears the way for a part of a table. Returns whether it may stand there.
    fn make_room(&mut self, name: &str) -> bool {
        let boundary = self.top().table;
        let Some(table) = self.open_at("table", boundary) else { return false };
        let row = |grower: &Self| grower.open_at("tr", boundary);
        let group = |grower: &Self| ["tbody", "thead", "tfoot"].iter().filter_map(|name| grower.open_at(name, boundary)).max();
        match name {
            "td" | "th" => {
                if let Some(row) = row(self) {
                    self.pop_to(row + 1);
                } else {
                    self.make_room("tr");
                    self.push(Tag::named("tr"), false, false);
                }
            }
            "tr" => match group(self) {
                Some(group) => self.pop_to(group + 1),
                None => {
                    self.pop_to(table + 1);
                    self.push(Tag::named("tbody"), false, false);
                }
            },
            _ => self.pop_to(table + 1),
        }
        true
    }

    fn text_node(&mut self, from: usize, to: usize) {
        let Some(text) = self.text.get(from..to) else { return };
        let blank = text.bytes().all(|byte| byte.is_ascii_whitespace() || byte == 0);
        if self.is_before_body() {
            if blank {
                return;
            }
            self.ensure_body();
        }
        let place = self.place(!blank);
        self.add(
            Kind::Text { range: crate::span::offset(from)..crate::span::offset(to), raw: self.raw && !matches!(self.top_name(), "title" | "textarea") },
            &place,
            false,
        );
    }

    /// A start tag inside the body.
    fn start_in_body(&mut self, tag: Tag, foster: bool) -> Option<State> {
        let name = tag.name.clone();
        let name = name.as_str();
        if CLOSES_P.contains(&name) {
            match name {
                "form" if self.form != NONE => return None,
                "li" | "dd" | "dt" => {
                    let stop = self.top().item as usize;
                    let open = self.names[self.stack[stop].name as usize].text.as_str();
                    let is_same = if name == "li" { open == "li" } else { matches!(open, "dd" | "dt") };
                    if is_same && !self.stack[stop].traits.has(Traits::FOREIGN) {
                        self.pop_to(stop);
                    }
                }
                _ => {}
            }
            self.close_p();
            if is_heading(name) && is_heading(self.top_name()) {
                self.pop_to(self.stack.len() - 1);
            }
            let state = self.insert(tag, foster);
            if name == "form" {
                self.form = self.top().node;
            }
            return state;
        }
        match name {
            "html" => self.merge(0, tag),
            // in a template before any body there is none to take its attributes
            "body" if self.body != NONE => self.merge(self.body, tag),
            "body" => {}
            "head" | "frameset" | "frame" => {}
            "image" => self.leaf(Tag { name: "img".to_owned(), ..tag }, foster, false),
            "button" => {
                self.close("button");
                return self.insert(tag, foster);
            }
            "a" | "nobr" => {
                self.close_format(name);
                return self.insert(tag, foster);
            }
            "option" | "optgroup" => {
                if self.top_name() == "option" {
                    self.pop_to(self.stack.len() - 1);
                }
                return self.insert(tag, foster);
            }
            "rb" | "rtc" | "rp" | "rt" => {
                if self.in_scope("ruby").is_some() && matches!(self.top_name(), "rb" | "rt" | "rp" | "rtc") {
                    self.pop_to(self.stack.len() - 1);
                }
                return self.insert(tag, foster);
            }
            "svg" | "math" if tag.self_closing => self.leaf(tag, foster, true),
            "svg" | "math" => self.push(tag, foster, true),
            _ if is_table_part(name) => {}
            _ => return self.insert(tag, foster),
        }
        None
    }

    /// A start tag inside `<select>`. Returns the tag where it ends the selection.
    fn start_in_select(&mut self, tag: Tag) -> Result<Option<State>, Option<Tag>> {
        let leave = |grower: &mut Self| {
            let at = grower.open_at("select", 0).unwrap_or(1);
            grower.pop_to(at);
        };
        match tag.name.as_str() {
            "option" | "optgroup" | "script" | "template" => Ok(self.start_in_body(tag, false)),
            "select" => {
                leave(self);
                Err(None)
            }
            "input" | "keygen" | "textarea" => {
                leave(self);
                Err(Some(tag))
            }
            name if (is_table_part(name) || name == "table") && self.open_at("table", self.top().table).is_some() => {
                leave(self);
                Err(Some(tag))
            }
            _ => Err(None),
        }
    }

    /// An end tag inside SVG or MathML. Returns whether it was meant for one of these.
    fn end_foreign(&mut self, name: &str) -> bool {
        let top = self.top();
        if !top.traits.has(Traits::FOREIGN) {
            return false;
        }
        if matches!(name, "p" | "br") {
            self.pop_to(top.html as usize + 1);
            return false;
        }
        let plain = top.plain;
        let found = self.known[1].get(name).and_then(|id| self.names[*id as usize].open.last().copied());
        match found.filter(|at| *at > plain) {
            Some(at) => {
                self.pop_to(at as usize);
                true
            }
            None => false,
        }
    }

    fn end_in_body(&mut self, name: &str) {
        match name {
            "html" | "body" | "head" => {}
            "p" => {
                if self.open_at("p", self.top().button).is_none() {
                    self.push(Tag::named("p"), true, false);
                }
                self.close_p();
            }
            "br" => self.leaf(Tag { start: self.at as usize, end: self.at as usize, ..Tag::named("br") }, true, false),
            "li" => {
                if let Some(at) = self.open_at("li", self.top().list) {
                    self.pop_to(at);
                }
            }
            "form" => {
                self.form = NONE;
                let Some(form) = self.in_scope("form") else { return };
                while self.stack.len() > form + 1 && matches!(self.top_name(), "dd" | "dt" | "li" | "optgroup" | "option" | "p" | "rb" | "rp" | "rt" | "rtc") {
                    self.pop_to(self.stack.len() - 1);
                }
                match self.in_scope("form") {
                    Some(at) if self.stack.len() == at + 1 => self.pop_to(at),
                    // blocks that are open in it stay open
                    Some(at) => self.kill(at),
                    None => {}
                }
            }
            "template" | "select" => {
                if let Some(at) = self.open_at(name, 0) {
                    self.pop_to(at);
                }
            }
            _ if is_heading(name) => {
                let open = ["h1", "h2", "h3", "h4", "h5", "h6"].iter().filter_map(|heading| self.in_scope(heading)).max();
                if let Some(at) = open {
                    self.pop_to(at);
                }
            }
            "table" | "tbody" | "thead" | "tfoot" | "tr" | "td" | "th" | "caption" => {
                if let Some(at) = self.open_at(name, self.top().table) {
                    self.pop_to(at);
                }
            }
            "dd" | "dt" => {
                self.close(name);
            }
            _ if CLOSED_WHOLE.contains(&name) => {
                self.close(name);
            }
            _ if Traits::of(name).has(Traits::FORMAT) => self.close_format(name),
            _ => {
                if let Some(at) = self.open_at(name, self.top().special) {
                    self.pop_to(at);
                }
            }
        }
    }
}

impl Sink for Grower<'_> {
    fn comment(&mut self, from: usize, to: usize) {
        self.tree.comments.push(crate::span::offset(from)..crate::span::offset(to));
    }

    fn start(&mut self, tag: Tag) -> Option<State> {
        self.raw = false;
        self.at = crate::span::offset(tag.start);
        self.start_tag(tag)
    }

    fn end(&mut self, name: &str, end: usize) {
        self.raw = false;
        self.at = crate::span::offset(end);
        if self.end_foreign(name) {
            return;
        }
        if self.is_before_body() {
            match name {
                "head" => self.pop_to(1),
                "template" => self.end_in_body(name),
                "body" | "html" | "br" => {
                    self.ensure_body();
                    self.end_in_body(name);
                }
                _ => {}
            }
            return;
        }
        if self.top().mode == Mode::Select && !matches!(name, "select" | "option" | "optgroup" | "template") {
            let is_part = matches!(name, "caption" | "table" | "tbody" | "tfoot" | "thead" | "tr" | "td" | "th");
            let ends_table = is_part && self.open_at(name, self.top().table).is_some();
            if !ends_table && !matches!(self.top_name(), "script" | "style" | "textarea") {
                return;
            }
        }
        self.end_in_body(name);
    }

    fn text(&mut self, from: usize, to: usize) {
        self.at = crate::span::offset(to);
        self.text_node(from, to);
    }

    fn cut(&mut self, what: &'static str, at: usize) {
        if self.tree.cut.is_none() {
            self.tree.cut = Some((what, crate::span::offset(at)));
        }
    }

    fn is_foreign(&self) -> bool {
        self.top().traits.has(Traits::FOREIGN)
    }
}

impl Grower<'_> {
    fn start_tag(&mut self, tag: Tag) -> Option<State> {
        let tag = self.start_foreign(tag)?;
        if tag.name == "html" {
            self.merge(0, tag);
            return None;
        }
        let mut tag = tag;
        if self.is_before_body() {
            match self.start_before_body(tag) {
                Ok(state) => return state,
                Err(left) => tag = left,
            }
        }
        // each turn closes something, so that there are no more turns than open elements
        loop {
            match self.top().mode {
                Mode::Select => match self.start_in_select(tag) {
                    Ok(state) => return state,
                    Err(None) => return None,
                    Err(Some(left)) => tag = left,
                },
                Mode::Cell => {
                    let cell = ["td", "th", "caption"].iter().filter_map(|name| self.open_at(name, self.top().table)).max();
                    match cell.filter(|_| is_table_part(&tag.name)) {
                        Some(cell) => self.pop_to(cell),
                        None => return self.start_in_body(tag, false),
                    }
                }
                Mode::Table => match tag.name.as_str() {
                    "col" | "colgroup" => {
                        self.make_room("tbody");
                        return None;
                    }
                    "table" => match self.open_at("table", self.top().table) {
                        Some(at) => self.pop_to(at),
                        None => return self.start_in_body(tag, true),
                    },
                    "style" | "script" | "template" => return self.insert(tag, false),
                    name if is_table_part(name) => {
                        let name = name.to_owned();
                        return if self.make_room(&name) { self.insert(tag, false) } else { None };
                    }
                    _ => return self.start_in_body(tag, true),
                },
                Mode::Body => return self.start_in_body(tag, false),
            }
        }
    }
}
