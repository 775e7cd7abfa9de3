//! A finding as it is reported: place, excerpt, window and fingerprint, made while the text is at hand.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::anchor::{Anchors, Place as Words, written_words};
use super::{EditRecord, FindingRecord, FixRecord, Reach, RelatedRecord, SpanRecord, Window};
use crate::document::Document;
use crate::finding::{Anchor, Finding, Fix};
use crate::fingerprint::Paragraph;
use crate::source::{LineTable, Place, SourceText, hex, shortened};
use crate::span::{Span, offset};

/// Most characters of a line shown on either side of a finding; reporters that draw lines break on longer ones.
const AROUND: usize = 120;

/// Makes records of the findings of one article.
pub struct Recorder<'s> {
    source: &'s SourceText,
    lines: &'s LineTable,
    /// The parsed article, where it is at hand.
    document: Option<&'s Document>,
    /// Its words by place, once the first finding asks.
    anchors: Option<Anchors<'s>>,
    /// How often a rule met the same words in the same place.
    seen: BTreeMap<(String, Words), u32>,
}

impl<'s> Recorder<'s> {
    /// A recorder over an article; without its document, findings are recognised by what their makers give, else by the bytes.
    #[must_use]
    pub const fn new(source: &'s SourceText, lines: &'s LineTable, document: Option<&'s Document>) -> Self {
        Self { source, lines, document, anchors: None, seen: BTreeMap::new() }
    }

    /// The record of a finding.
    pub fn record(&mut self, finding: &Finding) -> FindingRecord {
        let text = &self.source.text;
        let span = within(text, finding.span);
        let (start, end) = (self.lines.place(text, span.start), self.lines.place(text, span.end));
        let matched = self.source.slice(span);
        let (fingerprint, moves) = self.fingerprint(finding, matched, span);
        FindingRecord {
            related: finding.related.iter().map(|related| self.related(related)).collect(),
            fingerprint,
            moves,
            window: window(text, span, self.lines),
            reach: Some(self.reach(span)),
            ..record(finding, self.source.file_span(span), (start, end), shortened(matched))
        }
    }

    /// The record of a fix of this article.
    #[must_use]
    pub fn fix(&self, fix: &Fix) -> FixRecord {
        let edits = fix.edits.iter().map(|edit| {
            let span = within(&self.source.text, edit.span);
            let (start, end) = (self.lines.place(&self.source.text, span.start), self.lines.place(&self.source.text, span.end));
            let in_file = self.source.file_span(span);
            EditRecord {
                span: SpanRecord { start: in_file.start, end: in_file.end },
                line: start.line,
                column: start.column,
                end_line: end.line,
                end_column: end.column,
                text: edit.text.clone(),
                reach: Some(self.reach(span)),
            }
        });
        FixRecord { description: fix.description.clone(), edits: edits.collect() }
    }

    fn reach(&self, span: Span) -> Reach {
        let (source, lines) = (self.source, self.lines);
        // a byte order mark is one character of the text and none of the article
        let marked = u32::from(source.bom_len() > 0);
        let chars = |at: u32| offset(lines.chars_between(&source.text, 0, at)).saturating_sub(marked);
        let column = |at: u32| at - lines.start_of(lines.place(&source.text, at).line) + 1;
        Reach { chars: (chars(span.start), chars(span.end)), columns: (column(span.start), column(span.end)) }
    }

    fn related(&self, related: &crate::finding::Related) -> RelatedRecord {
        // a place in another article was counted in its own file already
        let own = related.path.is_none();
        let span = if own { self.source.file_span(related.span) } else { related.span };
        RelatedRecord {
            path: related.path.clone().unwrap_or_else(|| self.source.path.clone()),
            line: if own && related.line == 0 { self.lines.place(&self.source.text, related.span.start).line } else { related.line },
            span: SpanRecord { start: span.start, end: span.end },
            message: related.message.clone(),
        }
    }

    /// Rule, words, sentence, headings and occurrence: no line numbers and no path, so that reflow and moves change nothing. Beside it the same
    /// without headings and occurrence, empty for what is about an article as a whole.
    fn fingerprint(&mut self, finding: &Finding, written: &str, span: Span) -> (String, String) {
        let words = match (&finding.anchor, self.document) {
            (Anchor::Article, _) => Words::default(),
            (Anchor::Given(words), _) => Words { words: words.clone(), ..Words::default() },
            (Anchor::Words, None) => Words { words: written_words(written), ..Words::default() },
            (Anchor::Words, Some(document)) => self.anchors.get_or_insert_with(|| Anchors::new(document)).place(span, written),
        };
        let key = (finding.rule.clone(), words);
        let occurrence = self.seen.get(&key).copied().unwrap_or(0);
        let whole = fingerprint(&[&key.0, &key.1.words, &key.1.sentence, &key.1.path, &occurrence.to_string()]);
        let moves = if key.1.words.is_empty() { String::new() } else { fingerprint(&[&key.0, &key.1.words, &key.1.sentence]) };
        self.seen.insert(key, occurrence + 1);
        (whole, moves)
    }
}

/// The fingerprint of a finding that is told by these words alone.
#[must_use]
pub fn of_words(rule: &str, words: &str) -> String {
    fingerprint(&[rule, words])
}

/// Whether a fingerprint is that of a finding about an article as a whole, which says nothing of which article it was.
#[must_use]
pub fn is_of_article(rule: &str, of: &str) -> bool {
    fingerprint(&[rule, "", "", "", "0"]) == of
}

/// A digest over parts, each with its length: none can imitate two.
fn fingerprint(parts: &[&str]) -> String {
    let mut digest = Sha256::new();
    for part in parts {
        digest.update((part.len() as u64).to_le_bytes());
        digest.update(part.as_bytes());
    }
    hex(&digest.finalize()[..12])
}

/// A span that lies in the text and on character boundaries.
fn within(text: &str, span: Span) -> Span {
    let clamp = |at: u32| {
        let mut at = (at as usize).min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        offset(at)
    };
    let start = clamp(span.start);
    Span::new(start, clamp(span.end).max(start))
}

/// The line the finding begins on, cut to a few hundred characters around it. A finding over several lines is shown to the end of its first.
#[must_use]
pub fn window(text: &str, span: Span, lines: &LineTable) -> Window {
    let place = lines.place(text, span.start);
    let (start, end) = (span.start as usize, span.end as usize);
    let line_start = lines.start_of(place.line) as usize;
    let line_end = (lines.end_of(text, place.line) as usize).max(start);
    let mark_end = end.min(line_end).max(start);
    let from = text[line_start..start].char_indices().rev().nth(AROUND - 1).map_or(line_start, |(i, _)| line_start + i);
    let shown_end = text[start..mark_end].char_indices().nth(2 * AROUND).map_or(mark_end, |(i, _)| start + i);
    let to = text[shown_end..line_end].char_indices().nth(AROUND).map_or(line_end, |(i, _)| shown_end + i);
    Window {
        text: text[from..to].to_owned(),
        first_line: place.line,
        left_out: offset(lines.chars_between(text, offset(line_start), offset(from))),
        mark: (start - from, shown_end - from),
    }
}

/// The record of a finding about a paragraph whose text is no longer at hand: its fingerprint kept what is shown. `path`: its article.
#[must_use]
pub fn of_paragraph(finding: &Finding, paragraph: &Paragraph, path: &str) -> FindingRecord {
    let excerpt = paragraph.excerpt();
    let related = finding.related.iter().map(|related| RelatedRecord {
        path: related.path.clone().unwrap_or_else(|| path.to_owned()),
        line: related.line,
        span: SpanRecord { start: related.span.start, end: related.span.end },
        message: related.message.clone(),
    });
    FindingRecord {
        related: related.collect(),
        fingerprint: fingerprint(&[&finding.rule, &format!("{:016x}", paragraph.hash), &paragraph.words.to_string()]),
        window: Window { text: excerpt.clone(), first_line: paragraph.start.line, left_out: paragraph.start.column - 1, mark: (0, excerpt.len()) },
        ..record(finding, finding.span, (paragraph.start, paragraph.end), excerpt)
    }
}

/// What every record holds, whether the text is at hand or not.
fn record(finding: &Finding, span: Span, (start, end): (Place, Place), excerpt: String) -> FindingRecord {
    FindingRecord {
        rule: finding.rule.clone(),
        severity: finding.severity.as_str().to_owned(),
        message: finding.message.clone(),
        why: finding.why.clone(),
        help: finding.help.clone(),
        line: start.line,
        column: start.column,
        end_line: end.line,
        end_column: end.column,
        span: SpanRecord { start: span.start, end: span.end },
        excerpt,
        related: Vec::new(),
        cause: finding.cause.as_str().to_owned(),
        operators: finding.operators.iter().map(|name| (*name).to_owned()).collect(),
        waived: None,
        excusable: false,
        fingerprint: String::new(),
        fix: None,
        change: None,
        moves: String::new(),
        window: Window::default(),
        reach: None,
    }
}
