//! Waivers in comments: what they say, and for which part of the text.

use std::collections::BTreeMap;

use super::place::Places;
use super::{By, FORM, Found, Judge, Written, day};
use crate::document::{Document, Issue};
use crate::panel;
use crate::source::SourceText;
use crate::span::Span;

const HERE: &str = "notegate-ignore";
const START: &str = "notegate-ignore-start";
const END: &str = "notegate-ignore-end";
/// What somebody may have written who meant a waiver.
const MEANT: &[&str] = &["ignor", "ingor", "ignroe", "disable", "waive", "suppress", "enable", "skip"];

/// What a comment says.
enum Said<'c> {
    Here(&'c str),
    Start(&'c str),
    End(&'c str),
    /// It speaks to notegate, and cannot be understood.
    Unknown(&'c str),
}

/// A range that was begun.
struct Open {
    written: Option<Written>,
    span: Span,
}

/// Reads the waivers of the comments.
pub(super) fn read(source: &SourceText, document: &Document, judge: &Judge, found: &mut Found) {
    let mut places: Option<Places> = None;
    let mut open: Vec<Option<Open>> = Vec::new();
    // for each rule the ranges begun for it, so that an end need not look through all of them
    let mut of_rule: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for span in &document.comments {
        let Some(said) = said(inner(source.slice(*span))) else { continue };
        match said {
            Said::Unknown(word) => malformed(found, *span, format!("`{word}` is none of `{HERE}`, `{START}` and `{END}`")),
            Said::Here(text) => match written(text) {
                Ok(written) => {
                    let reach = places.get_or_insert_with(|| Places::new(source, document)).next(*span);
                    let before = found.waivers.len();
                    judge.admit(&written, By::Comment, *span, Some(reach), found);
                    if written.rules.len() == 1 {
                        for waiver in &mut found.waivers[before..] {
                            waiver.removable = removable(&source.text, *span);
                        }
                    }
                }
                Err(why) => malformed(found, *span, why),
            },
            Said::Start(text) => {
                let written = written(text).map_err(|why| malformed(found, *span, why)).ok();
                for rule in written.iter().flat_map(|written| &written.rules) {
                    of_rule.entry(rule.clone()).or_default().push(open.len());
                }
                open.push(Some(Open { written, span: *span }));
            }
            Said::End(text) => {
                let rule = text.split(':').next().unwrap_or_default().trim();
                let last = if rule.is_empty() { pop_any(&mut open) } else { pop_of(of_rule.get_mut(rule), &mut open) };
                match last {
                    Some(Open { written: Some(written), span: start }) => {
                        let reach = Span::new(start.end, span.start.max(start.end));
                        judge.admit(&written, By::Comment, start, Some(reach), found);
                    }
                    Some(Open { written: None, .. }) => {}
                    None => malformed(found, *span, format!("no `{START}`{} is open here", if rule.is_empty() { String::new() } else { format!(" {rule}") })),
                }
            }
        }
    }
    for open in open.into_iter().flatten() {
        // one that cannot be read was told already
        if let Some(written) = &open.written {
            found.issues.push(Issue::new("waiver/unclosed", open.span, written.rules.iter().map(|rule| format!("`{rule}`")).collect::<Vec<_>>().join(", ")));
        }
    }
}

fn malformed(found: &mut Found, span: Span, detail: impl Into<String>) {
    found.issues.push(Issue::new("waiver/malformed", span, detail));
}

/// The range that was begun last.
fn pop_any(open: &mut Vec<Option<Open>>) -> Option<Open> {
    while let Some(last) = open.pop() {
        if last.is_some() {
            return last;
        }
    }
    None
}

/// The range that was begun last for a rule. Its place stays empty.
fn pop_of(begun: Option<&mut Vec<usize>>, open: &mut [Option<Open>]) -> Option<Open> {
    let begun = begun?;
    while let Some(number) = begun.pop() {
        if let Some(found) = open.get_mut(number).and_then(Option::take) {
            return Some(found);
        }
    }
    None
}

/// A comment with the white space that would make a hard line break of what stands before it. One that begins a line of text stays: what
/// stands behind it is read as HTML, and would not be without it. Its line stays too: an empty one parts what a comment parts.
fn removable(text: &str, comment: Span) -> Option<Span> {
    let (before, behind) = (text.get(..comment.start as usize)?, text.get(comment.end as usize..)?);
    let begins = before.rsplit(['\n', '\r']).next().unwrap_or_default().trim().is_empty();
    let ends = behind.split(['\n', '\r']).next().unwrap_or_default().trim().is_empty();
    match (begins, ends) {
        (true, false) => None,
        (true, true) | (false, false) => Some(comment),
        (false, true) => Some(Span::new(crate::span::offset(before.trim_end_matches([' ', '\t']).len()), comment.end)),
    }
}

/// What stands between the signs of a comment.
fn inner(comment: &str) -> &str {
    if let Some(rest) = comment.strip_prefix("<!--") {
        return rest.trim_end_matches('>').trim_end_matches('!').trim_end_matches("--").trim();
    }
    let braces = comment.trim_start_matches('{').trim_end_matches('}').trim();
    braces.strip_prefix("/*").and_then(|rest| rest.strip_suffix("*/")).unwrap_or(braces).trim()
}

/// What a comment says to notegate; `None` for all others.
fn said(comment: &str) -> Option<Said<'_>> {
    if !comment.get(..8).is_some_and(|word| word.eq_ignore_ascii_case("notegate")) || comment.starts_with(panel::NEEDLE) {
        return None;
    }
    let end = comment.find(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '_')).unwrap_or(comment.len());
    let (word, rest) = comment.split_at(end);
    if rest.is_empty() || rest.starts_with(char::is_whitespace) || (rest.starts_with(':') && word != "notegate") {
        match word {
            HERE => return Some(Said::Here(rest)),
            START => return Some(Said::Start(rest)),
            END => return Some(Said::End(rest)),
            _ => {}
        }
    }
    let first = comment.split_whitespace().take(2).collect::<Vec<_>>().join(" ").to_lowercase();
    let near = [HERE, START, END].iter().any(|known| strsim::damerau_levenshtein(&word.to_lowercase(), known) <= 3);
    let shown = comment.split_whitespace().next().unwrap_or_default();
    (near || MEANT.iter().any(|meant| first.contains(meant))).then_some(Said::Unknown(shown))
}

/// `RULE[, RULE]: reason owner=… expires=…`.
fn written(text: &str) -> Result<Written, String> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let Some((rules, rest)) = text.split_once(':') else {
        return Err(format!("between the rule and the reason belongs a colon: `{FORM}`"));
    };
    let rules: Vec<String> = rules.split(',').map(|rule| rule.trim().to_owned()).filter(|rule| !rule.is_empty()).collect();
    if rules.is_empty() {
        return Err(format!("it names no rule: `{FORM}`"));
    }
    if let Some(rule) = rules.iter().find(|rule| rule.contains(' ')) {
        return Err(format!("`{rule}` is more than one word; several rules are parted by commas, and a colon stands before the reason"));
    }
    let mut said = Behind::default();
    said.read(rest.trim())?;
    if !said.reason.chars().any(char::is_alphabetic) {
        return Err(format!("it gives no reason: `{FORM}`"));
    }
    Ok(Written { rules, reason: said.reason, owner: said.owner, expires: said.expires })
}

/// What stands behind the colon.
#[derive(Default)]
struct Behind {
    reason: String,
    owner: Option<String>,
    expires: Option<jiff::civil::Date>,
}

impl Behind {
    fn read(&mut self, text: &str) -> Result<(), String> {
        let mut rest = text;
        while !rest.is_empty() {
            let word = rest.split(' ').next().unwrap_or_default();
            let behind = rest[word.len()..].trim_start();
            match word.split_once('=') {
                Some(("owner", value)) => rest = self.owner(value, &rest["owner=".len()..])?,
                Some(("expires", value)) => {
                    let value = value.trim_matches(['"', '\'']);
                    let value = value.trim_end_matches([',', ';', '.']);
                    let Some(day) = day(value) else { return Err(format!("`expires={value}` is no day: write `expires=YYYY-MM-DD`")) };
                    if self.expires.replace(day).is_some() {
                        return Err("it ends on two days".to_owned());
                    }
                    rest = behind;
                }
                Some((key, _)) if is_near(key) => return Err(format!("`{key}=` is none of `owner=` and `expires=`")),
                _ => {
                    if !self.reason.is_empty() {
                        self.reason.push(' ');
                    }
                    self.reason.push_str(word);
                    rest = behind;
                }
            }
        }
        Ok(())
    }

    /// A name in quotation marks, or all words up to the next key. Returns what stands behind it.
    fn owner<'t>(&mut self, first: &str, rest: &'t str) -> Result<&'t str, String> {
        let quoted = first.chars().next().filter(|c| matches!(c, '"' | '\''));
        let (name, behind) = match quoted.and_then(|mark| rest[1..].split_once(mark)) {
            Some((name, behind)) => (name, behind),
            None => rest.split_at(rest.find(" expires=").or_else(|| rest.find(" owner=")).unwrap_or(rest.len())),
        };
        let name = name.trim();
        if !name.chars().any(char::is_alphanumeric) {
            return Err("`owner=` names nobody".to_owned());
        }
        if self.owner.replace(name.to_owned()).is_some() {
            return Err("it names two owners".to_owned());
        }
        Ok(behind.trim_start())
    }
}

/// Whether a key is meant to be one of ours.
fn is_near(key: &str) -> bool {
    let key = key.to_lowercase();
    matches!(key.as_str(), "expiry" | "until" | "expire" | "end" | "ends" | "by" | "who" | "reason")
        || ["owner", "expires"].iter().any(|known| strsim::damerau_levenshtein(&key, known) <= 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rules, reason, owner and last day.
    type Told = (Vec<String>, String, Option<String>, Option<String>);

    fn told(text: &str) -> Result<Told, String> {
        written(text).map(|found| (found.rules, found.reason, found.owner, found.expires.map(|day| day.to_string())))
    }

    #[test]
    fn a_waiver_is_read_as_it_is_written() {
        let some = |text: &str| Some(text.to_owned());
        let one = vec!["a/b".to_owned()];
        let cases = [
            ("a/b: it is so", (one.clone(), "it is so", None, None)),
            ("a/b : it\n  is so owner=desk expires=2026-07-01", (one.clone(), "it is so", some("desk"), some("2026-07-01"))),
            ("a/b: so owner=Harbour Street Desk expires=2026-07-01", (one.clone(), "so", some("Harbour Street Desk"), some("2026-07-01"))),
            ("a/b: so expires=2026-07-01 owner=Harbour Street Desk", (one.clone(), "so", some("Harbour Street Desk"), some("2026-07-01"))),
            ("a/b: owner=\"The Desk\" expires=2026-07-01. quoted", (one.clone(), "quoted", some("The Desk"), some("2026-07-01"))),
            ("a/b: the ratio is x=3: agreed", (one, "the ratio is x=3: agreed", None, None)),
            ("a/b, c/d: both", (vec!["a/b".to_owned(), "c/d".to_owned()], "both", None, None)),
        ];
        for (text, (rules, reason, owner, expires)) in cases {
            assert_eq!(told(text), Ok((rules, reason.to_owned(), owner, expires)), "{text}");
        }
    }

    #[test]
    fn what_is_no_waiver_is_told() {
        for text in [
            "",
            "a/b",
            ": it is so",
            "a/b:",
            "a/b: owner=desk expires=2026-07-01",
            "a/b c/d: two",
            "a/b: so expires=soon",
            "a/b: so expires=2026-7-1",
            "a/b: so expires=2026-02-30",
            "a/b: so expires=2026-07-01 expires=2026-07-02",
            "a/b: so owner=",
            "a/b: so owner=x expires=2026-07-01 owner=y",
            "a/b: so until=2026-07-01",
            "a/b: so ownr=desk",
        ] {
            assert!(told(text).is_err(), "{text}: {:?}", told(text));
        }
    }

    #[test]
    fn only_what_speaks_to_notegate_is_listened_to() {
        for text in ["", "note", "notegate is what checks this page", "notegate:panels begin", "\u{e9}notegate-ignore"] {
            assert!(said(text).is_none(), "{text}");
        }
        for text in [
            "notegate-ignore-next a/b: c",
            "notegate-disable a/b",
            "notegate ignore a/b: c",
            "Notegate-Ignore a/b: c",
            "notegate_ignore a/b: c",
            "notegate-ingore a/b: c",
        ] {
            assert!(matches!(said(text), Some(Said::Unknown(_))), "{text}");
        }
        assert!(matches!(said("notegate-ignore a/b: c"), Some(Said::Here(" a/b: c"))));
        assert!(matches!(said("notegate-ignore-end"), Some(Said::End(""))));
    }
}
