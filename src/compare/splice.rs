//! The words of one version of an article with the data of another: data is the `source` of the header and the digests that belong to it, and
//! everything else is words.

use std::ops::Range;

use crate::document::Format;
use crate::document::front_matter::{Entry, Node, plain_key};
use crate::document::roles::Origin;
use crate::engine::bare;
use crate::policy::Policy;
use crate::source::SourceText;

/// Keys beside the source that say what its file must be.
const DIGESTS: [&str; 2] = ["sourcesha256", "snapshotsha256"];

/// An article as far as it can be taken apart.
struct Parts {
    text: String,
    /// The bytes of its data, in order, with the plain keys they stand under.
    data: Vec<(String, Range<usize>)>,
    /// Where data goes that it does not have yet.
    end: usize,
    /// How its header is written: parts of headers of another kind cannot be put into it.
    kind: Option<u8>,
}

/// An article whose words are those of `words` and whose data is that of `data`. Where the two cannot be told apart, the words win.
#[must_use]
pub fn splice(path: &str, words: &[u8], data: &[u8], policy: &Policy) -> Vec<u8> {
    let (Some(words_in), Some(data_in)) = (parts(path, words, policy), parts(path, data, policy)) else { return words.to_vec() };
    if words_in.without_data() == data_in.without_data() {
        return data.to_vec();
    }
    if words_in.data_text() == data_in.data_text() {
        return words.to_vec();
    }
    match words_in.with(&data_in) {
        Some(text) => text.into_bytes(),
        None => words.to_vec(),
    }
}

/// Whether two versions of an article differ in their words, and in their data.
#[must_use]
pub fn differences(path: &str, before: &[u8], after: &[u8], policy: &Policy) -> (bool, bool) {
    match (parts(path, before, policy), parts(path, after, policy)) {
        (Some(before), Some(after)) => (before.without_data() != after.without_data(), before.data_text() != after.data_text()),
        _ => (before != after, false),
    }
}

fn parts(path: &str, bytes: &[u8], policy: &Policy) -> Option<Parts> {
    let source = SourceText::new(path.to_owned(), bytes.to_vec());
    if source.faults.iter().any(|fault| fault.kind.is_fatal()) {
        return None;
    }
    let document = bare(&source, Format::of(path)?, policy);
    let header = document.front_matter.span.range();
    let text = source.text.clone();
    let Some(root) = &document.front_matter.root else {
        return Some(Parts { text, data: Vec::new(), end: 0, kind: None });
    };
    let key = document.metadata.get("source").filter(|found| found.origin == Origin::FrontMatter).map(|found| found.key.clone());
    let kind = text.as_bytes().get(header.start).copied();
    let last = last_line(&text, &header);
    let mut data: Vec<(String, Range<usize>)> = Vec::new();
    if let Some(key) = key {
        data.push(("source".to_owned(), nested(&text, root, &key, last, kind)?));
    }
    for (at, entry) in root.entries().iter().enumerate().filter(|(_, entry)| DIGESTS.contains(&plain_key(&entry.key).as_ref())) {
        data.push((plain_key(&entry.key).into_owned(), extent(&text, root.entries(), at, entry, last, kind)?));
    }
    data.sort_by_key(|(_, range)| range.start);
    let apart = data.windows(2).all(|two| two[0].1.end <= two[1].1.start);
    apart.then_some(Parts { text, data, end: last, kind })
}

/// Where the line that closes the header begins; for a header in JSON, its closing bracket.
fn last_line(text: &str, header: &Range<usize>) -> usize {
    let written = text[header.clone()].trim_end();
    let close = written.rfind(if written.starts_with('{') { '}' } else { '\n' });
    header.start + close.map_or(0, |at| at + usize::from(!written.starts_with('{')))
}

/// The bytes of the entry under a path of keys.
fn nested(text: &str, root: &Node, path: &str, last: usize, kind: Option<u8>) -> Option<Range<usize>> {
    let mut node = root;
    let mut end = last;
    let mut keys = path.split('.').peekable();
    while let Some(key) = keys.next() {
        let entries = node.entries();
        let at = entries.iter().position(|entry| plain_key(&entry.key) == plain_key(key))?;
        let found = extent(text, entries, at, &entries[at], end, kind)?;
        if keys.peek().is_none() {
            return Some(found);
        }
        (node, end) = (&entries[at].node, found.end);
    }
    None
}

/// An entry reaches from its key to that of the next one: whole lines, or in JSON everything up to the next key.
fn extent(text: &str, entries: &[Entry], at: usize, entry: &Entry, end: usize, kind: Option<u8>) -> Option<Range<usize>> {
    let start = entry.key_span.range().start;
    let next = entries.get(at + 1).map(|next| next.key_span.range().start);
    if kind == Some(b'{') {
        return Some(start..next.unwrap_or(end)).filter(|range| range.start <= range.end);
    }
    let line = |at: usize| text[..at].rfind('\n').map_or(0, |feed| feed + 1);
    let is_first = |at: usize| text[line(at)..at].chars().all(|c| c.is_whitespace() || matches!(c, '[' | '"' | '\''));
    let to = next.map_or(end, line);
    (is_first(start) && next.is_none_or(is_first) && line(start) <= to).then(|| line(start)..to)
}

impl Parts {
    fn without_data(&self) -> String {
        let mut at = 0;
        let mut out = String::with_capacity(self.text.len());
        for (_, range) in &self.data {
            out.push_str(&self.text[at..range.start]);
            at = range.end;
        }
        out + &self.text[at..]
    }

    fn data_text(&self) -> Vec<(&str, &str)> {
        let mut all: Vec<(&str, &str)> =
            self.data.iter().map(|(key, range)| (key.as_str(), self.text[range.clone()].trim_end_matches([' ', '\n', '\r', '\t', ',']))).collect();
        all.sort_unstable();
        all
    }

    /// These words with the data of another version.
    fn with(&self, other: &Self) -> Option<String> {
        if self.kind != other.kind {
            return None;
        }
        let mut edits: Vec<(Range<usize>, &str)> = Vec::new();
        for (key, range) in &self.data {
            let theirs = other.data.iter().find(|(other, _)| other == key).map_or("", |(_, range)| &other.text[range.clone()]);
            edits.push((range.clone(), theirs));
        }
        let own = |key: &String| self.data.iter().any(|(own, _)| own == key);
        edits.extend(other.data.iter().filter(|(key, _)| !own(key)).map(|(_, range)| (self.end..self.end, &other.text[range.clone()])));
        // commas between entries of JSON stand behind all but the last
        let is_json = self.kind == Some(b'{');
        if is_json
            && edits.iter().any(|(range, theirs)| {
                theirs.is_empty() || range.is_empty() || self.text[range.clone()].trim_end().ends_with(',') != theirs.trim_end().ends_with(',')
            })
        {
            return None;
        }
        edits.sort_by_key(|(range, _)| range.start);
        let mut at = 0;
        let mut out = String::with_capacity(self.text.len());
        for (range, theirs) in edits {
            out.push_str(&self.text[at..range.start]);
            out.push_str(theirs);
            at = range.end;
        }
        out.push_str(&self.text[at..]);
        Some(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::rulebook::Rulebook;

    fn spliced(words: &str, data: &str) -> String {
        let rulebook = Rulebook::embedded().unwrap_or_else(|_| unreachable!("the rules load"));
        let policy = Config::default().policy("a.md", &rulebook);
        String::from_utf8(splice("a.md", words.as_bytes(), data.as_bytes(), &policy)).unwrap()
    }

    #[test]
    fn words_and_data_are_put_together_in_every_kind_of_header() {
        let cases = [
            // both changed: YAML
            (
                "---\ntitle: Old\nsource:\n  name: One\n  prices: []\nauthor: A\n---\nOld words.\n",
                "---\ntitle: New\nsource:\n  name: Two\n---\nNew words.\n",
                "---\ntitle: Old\nsource:\n  name: Two\nauthor: A\n---\nOld words.\n",
            ),
            // a file and the digest that belongs to it
            (
                "---\nsource: a.json\nsource_sha256: aa\ntitle: Old\n---\nOld.\n",
                "---\ntitle: New\nsource: a.json\nsource_sha256: bb\n---\nNew.\n",
                "---\nsource: a.json\nsource_sha256: bb\ntitle: Old\n---\nOld.\n",
            ),
            // data that was not there
            ("---\ntitle: Old\n---\nOld.\n", "---\nsource:\n  name: Two\ntitle: New\n---\nNew.\n", "---\ntitle: Old\nsource:\n  name: Two\n---\nOld.\n"),
            // data that is gone
            ("---\ntitle: Old\nsource: {name: One}\n---\nOld.\n", "---\ntitle: New\n---\nNew.\n", "---\ntitle: Old\n---\nOld.\n"),
            // TOML
            (
                "+++\ntitle = \"Old\"\n[source]\nname = \"One\"\n[source.ratios]\nprimary = \"a/b\"\n[params]\nx = 1\n+++\nOld.\n",
                "+++\ntitle = \"New\"\n[source]\nname = \"Two\"\n[params]\nx = 1\n+++\nNew.\n",
                "+++\ntitle = \"Old\"\n[source]\nname = \"Two\"\n[params]\nx = 1\n+++\nOld.\n",
            ),
            // JSON
            (
                "{\"title\": \"Old\", \"source\": {\"name\": \"One\"}, \"author\": \"A\"}\n\nOld.\n",
                "{\"title\": \"New\", \"source\": {\"name\": \"Two\"}, \"author\": \"A\"}\n\nNew.\n",
                "{\"title\": \"Old\", \"source\": {\"name\": \"Two\"}, \"author\": \"A\"}\n\nOld.\n",
            ),
            // only words changed, only data changed
            ("---\nsource: {name: One}\n---\nOld.\n", "---\nsource: {name: One}\n---\nNew.\n", "---\nsource: {name: One}\n---\nOld.\n"),
            ("---\nsource: {name: One}\n---\nOld.\n", "---\nsource: {name: Two}\n---\nOld.\n", "---\nsource: {name: Two}\n---\nOld.\n"),
            // headers of two kinds, and none
            ("---\nsource: {name: One}\n---\nOld.\n", "+++\nsource = {name = \"Two\"}\n+++\nNew.\n", "---\nsource: {name: One}\n---\nOld.\n"),
            ("Old.\n", "New.\n", "Old.\n"),
        ];
        for (words, data, expected) in cases {
            assert_eq!(spliced(words, data), expected, "{words}{data}");
        }
    }
}
