//! The text of a paragraph: what is code or an address in it stays as it is, and every tag and expression leaves a mark.

use super::{Action, Broken, Found, Masker, TEXT_MARK, lines};

impl Masker<'_> {
    /// A line of a paragraph, at `at`, that begins with what was found already.
    pub(super) fn paragraph(&mut self, start: usize, at: usize, matched: usize, fresh: bool, found: Vec<(usize, Found)>) -> usize {
        if !self.paragraph {
            self.new_leaf();
        }
        if !fresh {
            self.prefix(matched, start);
        }
        self.paragraph = true;
        let mut behind = at;
        for (from, one) in found {
            self.copy(behind..from);
            behind = one.end;
            self.insert(from, one, Some(self.leaf));
        }
        self.inline(behind)
    }

    /// Copies text up to the end of its line, without tags and expressions. Returns where the next line begins.
    pub(super) fn inline(&mut self, from: usize) -> usize {
        let bytes = self.text.as_bytes();
        let (mut at, mut run, mut end) = (from, from, self.line_end(from));
        loop {
            at = at.max(self.verbatim).min(end);
            let Some(i) = bytes[at..end].iter().position(|byte| matches!(byte, b'\\' | b'`' | b'[' | b']' | b'<' | b'{')) else {
                self.copy(run..end);
                return end;
            };
            at += i;
            match bytes[at] {
                b'\\' => at += 1 + usize::from(bytes.get(at + 1).is_some_and(u8::is_ascii_punctuation)),
                b'`' => at = self.code(at),
                b'[' => {
                    self.brackets.push(at > run && bytes[at - 1] == b'!');
                    at += 1;
                }
                b']' => at = self.behind_bracket(at, end),
                _ => {
                    self.copy(run..at);
                    at = self.tag_in_line(at);
                    run = at;
                    end = self.line_end(at.max(end - 1));
                }
            }
        }
    }

    /// Behind a closing bracket, and behind the address of the link or image that ends with it: braces in one are no expressions.
    fn behind_bracket(&mut self, at: usize, end: usize) -> usize {
        let Some(image) = self.brackets.pop() else { return at + 1 };
        let inert = !image && self.brackets.len() < self.around_link;
        self.around_link = self.around_link.min(self.brackets.len());
        let address = if inert || self.byte(at + 1) != Some(b'(') { None } else { lines::resource(&self.text[at + 1..end]) };
        if address.is_some() && !image {
            self.around_link = self.brackets.len();
        }
        at + 1 + address.unwrap_or(0)
    }

    /// A tag or expression inside a line: where the text goes on.
    pub(super) fn tag_in_line(&mut self, at: usize) -> usize {
        if self.byte(at) == Some(b'<') && self.byte(at + 1).is_none_or(|byte| byte.is_ascii_whitespace()) {
            return self.as_text(at);
        }
        let limit = self.blank_end(at);
        match self.scan(at, limit) {
            Ok(found) => {
                let end = found.end;
                self.insert(at, found, Some(self.leaf));
                end
            }
            Err(broken) => {
                let detail = self.detail(at, &broken);
                self.issue(self.span(at..at + 1), detail);
                self.as_text(at)
            }
        }
    }

    /// A brace or bracket that is read as itself.
    fn as_text(&mut self, at: usize) -> usize {
        if self.byte(at) == Some(b'<') {
            // as it stands, Markdown would look for HTML in it
            let span = self.span(at..at + 1);
            self.mark(TEXT_MARK, at..at + 1, vec![Action::Text(None, span)], false);
        } else {
            self.copy(at..at + 1);
        }
        at + 1
    }

    fn detail(&self, at: usize, broken: &Broken) -> String {
        if self.byte(at) == Some(b'{') {
            return format!("`{{` opens an expression that {}: it is read as text. A brace that readers see is written `\\{{`", broken.why);
        }
        let rest = &self.text[at..];
        let shown: String = rest.chars().take_while(|c| !c.is_whitespace()).take(24).collect();
        if rest.starts_with("<http") {
            return format!("`{shown}` is no link in MDX: write `[…](…)`");
        }
        format!("`{shown}` opens a tag that {}: it is read as text. A bracket that readers see is written `\\<`", broken.why)
    }

    /// Behind the code that begins at a run of backticks; behind the run itself where it begins none.
    fn code(&mut self, at: usize) -> usize {
        let bytes = self.text.as_bytes();
        let end = self.leaf_end(at);
        if at >= self.ticks_end {
            self.ticks.clear();
            let mut from = at;
            while let Some(i) = memchr::memchr(b'`', &bytes[from..end]) {
                let len = bytes[from + i..end].iter().take_while(|byte| **byte == b'`').count();
                self.ticks.entry(len).or_default().push(from + i);
                from += i + len;
            }
            self.ticks_end = end;
        }
        let len = bytes[at..end].iter().take_while(|byte| **byte == b'`').count();
        let behind = at + len.max(1);
        let runs = self.ticks.get(&len).map_or(&[][..], Vec::as_slice);
        let close = runs.get(runs.partition_point(|run| *run < behind));
        close.map_or(behind, |close| {
            self.verbatim = close + len;
            self.verbatim
        })
    }

    /// Where the paragraph around `at` ends at a blank line.
    fn blank_end(&mut self, at: usize) -> usize {
        if at >= self.blank_end {
            let mut line = self.line_end(at);
            while line < self.text.len() {
                let next = self.line_end(line);
                if lines::is_blank(lines::unquoted(&self.text[line..next])) {
                    break;
                }
                line = next;
            }
            self.blank_end = line;
        }
        self.blank_end
    }

    /// Where it ends at anything.
    fn leaf_end(&mut self, at: usize) -> usize {
        let last = self.blank_end(at);
        if at >= self.leaf_end {
            let mut line = self.line_end(at).min(last);
            while line < last {
                let next = self.line_end(line);
                if lines::interrupts(lines::unquoted(&self.text[line..next])) {
                    break;
                }
                line = next;
            }
            self.leaf_end = line;
        }
        self.leaf_end
    }
}

/// Whether an expression is one comment and nothing else: `{/* … */}`.
pub(super) fn is_comment(expression: &str) -> bool {
    let inner = expression.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).unwrap_or_default().trim();
    inner.strip_prefix("/*").and_then(|rest| rest.find("*/").map(|end| end + 2 == rest.len())) == Some(true)
}
