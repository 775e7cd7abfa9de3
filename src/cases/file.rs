//! Case files: Markdown with fenced blocks `cases <family>`, one case a line, blocks `article <check> <status>`, and at most one
//! block `snapshot`.

use std::ops::Range;

use jiff::civil::Date;

use crate::checks::CHECKS;
use crate::document::front_matter::{self, Node};
use crate::snapshot::Snapshot;
use crate::strict_toml::{Problem, Problems, nearest_help};

/// What a case must come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// `+`: a warning or an error.
    Found,
    /// `~`: a warning and no error.
    Limited,
    /// `-`: nothing above a note.
    Silent,
}

impl Mark {
    /// The sign in a case file.
    #[must_use]
    pub const fn sign(self) -> &'static str {
        match self {
            Self::Found => "+",
            Self::Limited => "~",
            Self::Silent => "-",
        }
    }
}

/// One case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Labelled {
    /// Its family; of a whole article the check it is about.
    pub family: String,
    /// What it must come to.
    pub mark: Mark,
    /// The text, with its zone prefix.
    pub text: String,
    /// Its line in the file, from 1.
    pub line: usize,
    /// Of a whole article, what it is called and how.
    pub article: Option<Whole>,
}

/// What a whole article has besides its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Whole {
    /// Its file name: the ending says the format.
    pub name: String,
    /// The remark behind its block, by which it is reported.
    pub remark: String,
}

impl Labelled {
    /// The case in one line, for a report.
    #[must_use]
    pub fn shown(&self) -> &str {
        match &self.article {
            Some(whole) if whole.remark.is_empty() => self.text.lines().find(|line| !line.trim_matches('-').is_empty()).unwrap_or_default(),
            Some(whole) => &whole.remark,
            None => &self.text,
        }
    }
}

/// A case file that was read.
#[derive(Clone, Debug)]
pub struct CaseFile {
    /// Its path, as reported.
    pub path: String,
    /// All cases, in order.
    pub cases: Vec<Labelled>,
    /// The day its cases are judged by, if it states one.
    pub as_of: Option<Date>,
    /// The snapshot its cases are judged beside, if it states one.
    pub snapshot: Option<Snapshot>,
}

/// What is wrong in a case file.
#[derive(Debug)]
pub struct CaseFileError {
    /// Its path, as reported.
    pub path: String,
    /// Its text.
    pub text: String,
    /// All problems, in order.
    pub problems: Vec<Problem>,
}

/// A fenced block being read.
enum Block {
    Cases(String),
    Article(Labelled),
    Snapshot(Range<usize>),
    Other,
}

/// The fence of a block: its character, its length, and what follows.
fn fence(line: &str) -> Option<(char, usize, &str)> {
    let text = line.trim_start_matches(' ');
    let mark = text.chars().next().filter(|c| matches!(c, '`' | '~'))?;
    let length = text.chars().take_while(|c| *c == mark).count();
    (length >= 3 && line.len() - text.len() <= 3).then(|| (mark, length, text[length..].trim()))
}

impl CaseFile {
    /// Reads a case file. `families` are the names that a block may have.
    ///
    /// # Errors
    /// Everything that is wrong with it: unknown families, lines without a mark, a snapshot that cannot be read, no case at all.
    pub fn read(path: &str, text: &str, families: &[&str]) -> Result<Self, CaseFileError> {
        let problems = Problems::default();
        let mut file = Self { path: path.to_owned(), cases: Vec::new(), as_of: None, snapshot: None };
        let mut open: Option<(char, usize, Block)> = None;
        let mut at = 0;
        for (number, whole) in text.split_inclusive('\n').enumerate() {
            let place = at..at + whole.trim_end().len();
            at += whole.len();
            let line = whole.trim_end();
            match &mut open {
                None => {
                    if let Some((mark, length, info)) = fence(line) {
                        open = Some((mark, length, opened(info, number + 1, &place, at, families, &problems)));
                    }
                }
                Some((mark, length, block)) => {
                    if fence(line).is_some_and(|(other, count, rest)| other == *mark && count >= *length && rest.is_empty()) {
                        match open.take() {
                            Some((_, _, Block::Snapshot(span))) => file.take_snapshot(text, span, &problems),
                            Some((_, _, Block::Article(article))) => file.cases.push(article),
                            _ => {}
                        }
                        continue;
                    }
                    match block {
                        Block::Cases(family) => file.cases.extend(case(line, family, number + 1, &place, &problems)),
                        Block::Article(article) => article.text.push_str(whole),
                        Block::Snapshot(span) => span.end = at,
                        Block::Other => {}
                    }
                }
            }
        }
        let mut found = problems.into_sorted();
        if found.is_empty() && file.cases.is_empty() {
            found.push(Problem {
                span: 0..text.lines().next().unwrap_or_default().len(),
                message: "there is no case in this file".to_owned(),
                help: Some("write cases into a fenced block that begins with ```cases and a family; see docs/case-files.md".to_owned()),
            });
        }
        if found.is_empty() { Ok(file) } else { Err(CaseFileError { path: path.to_owned(), text: text.to_owned(), problems: found }) }
    }

    fn take_snapshot(&mut self, text: &str, span: Range<usize>, problems: &Problems) {
        if self.snapshot.is_some() {
            problems.add(span, "a second snapshot", Some("a case file is judged beside one snapshot; put these cases into a file of their own".to_owned()));
            return;
        }
        match front_matter::yaml(&text[span.clone()], 0) {
            Ok(node) => match of_node(&node) {
                Ok((as_of, snapshot)) => {
                    self.as_of = as_of.or(snapshot.captured);
                    self.snapshot = Some(snapshot);
                }
                Err(why) => problems.add(span, why, Some("write it as the `source:` block of an article".to_owned())),
            },
            Err(issue) => problems.add(span, format!("the snapshot cannot be read: {}", issue.detail), None),
        }
    }
}

/// The day (`as-of`) and the snapshot that a node holds; the error says what is wrong.
pub fn of_node(node: &Node) -> Result<(Option<Date>, Snapshot), String> {
    let as_of = match node.get("as-of").and_then(Node::text) {
        None => None,
        Some(written) => Some(crate::date::parse(&written).map_err(|_| format!("`as-of: {written}` is no date"))?.date),
    };
    let mut issues = Vec::new();
    let snapshot = Snapshot::from_node(node, &mut issues);
    match issues.first() {
        Some(issue) => Err(issue.detail.clone()),
        None => Ok((as_of, snapshot)),
    }
}

/// What a block is by the words behind its fence. Words behind ` ## ` are a remark.
fn opened(info: &str, number: usize, place: &Range<usize>, next: usize, families: &[&str], problems: &Problems) -> Block {
    let (said, remark) = info.split_once("##").unwrap_or((info, ""));
    let mut words = said.split_whitespace();
    match words.next() {
        Some("snapshot") => Block::Snapshot(next..next),
        Some("cases") => {
            let family = words.next().unwrap_or_default();
            if !families.contains(&family) {
                let help = format!("the families are {}; {}", families.join(", "), nearest_help(family, families));
                problems.add(place.clone(), format!("there is no family `{family}`"), Some(help));
            }
            Block::Cases(family.to_owned())
        }
        Some("article") => {
            let check = words.next().unwrap_or_default();
            let checks: Vec<&str> = CHECKS.iter().map(|check| check.id).collect();
            if !checks.contains(&check) {
                let help = format!("the checks are {}; {}", checks.join(", "), nearest_help(check, &checks));
                problems.add(place.clone(), format!("there is no check `{check}`"), Some(help));
            }
            let status = words.next().unwrap_or_default();
            let mark = match status {
                "pass" => Mark::Silent,
                "limited" => Mark::Limited,
                "fail" => Mark::Found,
                _ => {
                    let help = nearest_help(status, &["pass", "limited", "fail"]);
                    problems.add(place.clone(), format!("`{status}` is no status of an article"), Some(help));
                    Mark::Silent
                }
            };
            let name = words.next().unwrap_or("article.md").to_owned();
            let whole = Whole { name, remark: remark.trim().to_owned() };
            Block::Article(Labelled { family: check.to_owned(), mark, text: String::new(), line: number, article: Some(whole) })
        }
        _ => Block::Other,
    }
}

/// One line of a block; a blank one is nothing.
fn case(line: &str, family: &str, number: usize, place: &Range<usize>, problems: &Problems) -> Option<Labelled> {
    if line.trim().is_empty() {
        return None;
    }
    let mark = match line.as_bytes() {
        [b'+', b' ', ..] => Mark::Found,
        [b'~', b' ', ..] => Mark::Limited,
        [b'-', b' ', ..] => Mark::Silent,
        _ => {
            problems.add(place.clone(), "a case begins with `+ `, `~ ` or `- `", Some("a case stands in one line; ` ¶ ` parts its paragraphs".to_owned()));
            return None;
        }
    };
    // a remark is the last thing of a line, so that ` ## ` inside an earlier quotation stays text only before another
    let text = line[2..].rsplit_once(" ## ").map_or(&line[2..], |(text, _)| text).trim();
    Some(Labelled { family: family.to_owned(), mark, text: text.to_owned(), line: number, article: None })
}
