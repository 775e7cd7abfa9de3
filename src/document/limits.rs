//! What no person writes and would cost more than its length to read: containers nested hundreds deep, sentences of thousands of words.
//! Both are read all the same, in a plainer way, and an issue says from where on.

use std::borrow::Cow;
use std::ops::Range;

use super::template::FILL_1;
use super::token::{Ending, Sentence, Tokens, gap};
use super::{Issue, ReadingText};
use crate::span::{Span, offset};

/// Deepest nesting of lists, quotations and footnotes. Every line of a page is set against all that is open above it.
const DEEPEST: usize = 100;
/// Column from which nothing can open a list any more: deep nesting by indentation.
const FURTHEST: usize = 1000;
/// Longest sentence in tokens. Each match in a sentence is set against all of it.
const LONGEST: u32 = 500;

/// Overwrites the markers of containers that are nested too deep, byte for byte, in `body`, which begins at byte `base` of its text.
pub(super) fn flatten<'b>(body: Cow<'b, str>, base: usize, issues: &mut Vec<Issue>) -> Cow<'b, str> {
    let mut too_deep: Vec<Range<usize>> = Vec::new();
    let mut at = 0;
    for end in memchr::memchr_iter(b'\n', body.as_bytes()).map(|at| at + 1).chain([body.len()]) {
        markers(&body.as_bytes()[at..end], at, &mut too_deep);
        at = end;
    }
    let Some(first) = too_deep.first() else { return body };
    let detail = format!("lists or quotations are nested more than {DEEPEST} deep here");
    issues.push(Issue::new("source/deep-nesting", Span::of(base + first.start..base + first.end), detail));
    let mut out = String::with_capacity(body.len());
    let mut from = 0;
    for marker in too_deep {
        out.push_str(&body[from..marker.start]);
        out.extend(marker.clone().map(|_| FILL_1));
        from = marker.end;
    }
    out.push_str(&body[from..]);
    Cow::Owned(out)
}

/// Adds the markers at the start of a line, which begins at `start`, that are nested too deep.
fn markers(bytes: &[u8], start: usize, too_deep: &mut Vec<Range<usize>>) {
    let (mut at, mut depth) = (0, 0);
    loop {
        at += bytes[at..].iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        let Some(len) = marker(&bytes[at..]) else { return };
        depth += 1;
        if depth == DEEPEST + 1 && is_rule(&bytes[at..]) {
            return;
        }
        if depth > DEEPEST || at > FURTHEST {
            too_deep.push(start + at..start + at + len);
        }
        at += len;
    }
}

/// Length of the marker of a quotation, list item or footnote that the bytes begin with.
fn marker(bytes: &[u8]) -> Option<usize> {
    let ends = |at: usize| bytes.get(at).is_none_or(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n'));
    match bytes.first()? {
        b'>' => Some(1),
        b'-' | b'+' | b'*' => ends(1).then_some(1),
        b'0'..=b'9' => {
            let digits = bytes.iter().take(9).take_while(|byte| byte.is_ascii_digit()).count();
            (matches!(bytes.get(digits), Some(b'.' | b')')) && ends(digits + 1)).then_some(digits + 1)
        }
        b'[' if bytes.get(1) == Some(&b'^') => {
            let label = bytes.iter().take(1000).position(|byte| *byte == b']')?;
            (bytes.get(label + 1) == Some(&b':') && bytes[..label].is_ascii()).then_some(label + 2)
        }
        _ => None,
    }
}

/// A line of one mark, repeated, parts what stands above from what stands below.
fn is_rule(rest: &[u8]) -> bool {
    let mark = rest.first().copied().unwrap_or_default();
    matches!(mark, b'-' | b'*') && rest.iter().all(|byte| *byte == mark || byte.is_ascii_whitespace())
}

/// Cuts sentences that run on without an end, at a clause where there is one.
pub(super) fn cut_sentences(tokens: &mut Tokens, reading: &ReadingText, issues: &mut Vec<Issue>) {
    if tokens.sentences.iter().all(|sentence| length(sentence) <= LONGEST) {
        return;
    }
    let mut out: Vec<Sentence> = Vec::with_capacity(tokens.sentences.len());
    let mut first: Option<Span> = None;
    for sentence in std::mem::take(&mut tokens.sentences) {
        let mut rest = sentence;
        while length(&rest) > LONGEST {
            let limit = rest.tokens.start + LONGEST;
            let clause = (limit - LONGEST / 2..limit).rev().find(|at| tokens.tokens[*at as usize].after(gap::COMMA | gap::CLAUSE));
            let cut = clause.unwrap_or(limit);
            let (end, next) = (tokens.tokens[cut as usize - 1].end, tokens.tokens[cut as usize].start);
            first.get_or_insert_with(|| reading.source_span(rest.text.start..end));
            out.push(Sentence { tokens: rest.tokens.start..cut, text: rest.text.start..end, block: rest.block, ending: Ending::Plain });
            rest = Sentence { tokens: cut..rest.tokens.end, text: next..rest.text.end, ..rest };
        }
        out.push(rest);
    }
    tokens.sentences = out;
    if let Some(span) = first {
        issues.push(Issue::new("source/long-sentence", span, format!("a sentence runs on for more than {LONGEST} words")));
    }
}

fn length(sentence: &Sentence) -> u32 {
    offset(sentence.tokens.len())
}
