//! Panels that notegate itself wrote into a page, and how they are left out of judgement.
//!
//! A mark is no hiding place. A zone counts as notegate's own where all of this holds: what stands between the marks is what
//! notegate writes, cell by cell; and the text around it reads the same with the zone and without it, so that marks cannot
//! move text into or out of a comment, a code block or a hidden element. Which names may stand in the free cells, the caller
//! knows: it asks for them in [`OwnZone::names`]. Everything else is judged as the ordinary text it is.
//!
//! A page is read as if the zones had never been written: they are cut out before any format is parsed, and every place is moved
//! back to the file afterwards. So no reader of a format knows about them.

use std::borrow::Cow;
use std::sync::LazyLock;

use memchr::memmem::Finder;

use super::{Issue, Parsed};
use crate::panel::{self, Forms, MARKS, NEEDLE};
use crate::span::Span;

/// Id of the issue of a zone that is judged as ordinary text.
const EDITED: &str = "source/edited-panel";

/// What becomes of zones between notegate's marks.
#[derive(Clone, Copy, Debug)]
pub enum OwnZones<'f> {
    /// Left out where they hold nothing but these forms.
    LeftOut(&'f Forms),
    /// Judged like any text, for this reason.
    Judged(&'f str),
}

/// A zone that was left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnZone {
    /// Its lines, marks included, as a span of the file.
    pub span: Span,
    /// The names in its free cells.
    pub names: Vec<String>,
}

/// What stands between marks in one article.
#[derive(Default)]
pub(super) struct Found {
    pub zones: Vec<OwnZone>,
    pub issues: Vec<Issue>,
}

/// A line without its line end, and where it begins and ends in the file, line end included.
struct Line<'s> {
    text: &'s str,
    start: usize,
    end: usize,
}

impl Line<'_> {
    fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }

    /// The pair of marks that this line is one of, and whether it begins a zone.
    fn mark(&self) -> Option<(usize, bool)> {
        let text = self.text.trim();
        MARKS.iter().enumerate().find_map(|(pair, (begin, end))| (text == *begin).then_some((pair, true)).or_else(|| (text == *end).then_some((pair, false))))
    }
}

/// Looks for zones in the body, which begins at byte `body_start` of the file.
pub(super) fn find(text: &str, body_start: usize, own: OwnZones) -> Found {
    let mut found = Found::default();
    static MARK: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(NEEDLE));
    if MARK.find(&text.as_bytes()[body_start..]).is_none() {
        return found;
    }
    let lines = lines(text, body_start);
    let mut open: Option<(usize, usize)> = None;
    for (i, line) in lines.iter().enumerate() {
        match (line.mark(), open) {
            (Some((pair, true)), before) => {
                if let Some((_, begin)) = before {
                    found.edited(&lines[begin], "the panel that begins here has no end");
                }
                open = Some((pair, i));
            }
            (Some((pair, false)), Some((begun, begin))) if pair == begun => {
                open = None;
                found.zone(text, &lines, begin, i, own);
            }
            (Some((_, false)), _) => found.edited(line, "a panel ends here that did not begin"),
            (None, _) => {}
        }
    }
    if let Some((_, begin)) = open {
        found.edited(&lines[begin], "the panel that begins here has no end");
    }
    found
}

impl Found {
    fn edited(&mut self, line: &Line, detail: &str) {
        self.issues.push(Issue::new(EDITED, Span::of(line.start..line.start + line.text.len()), detail));
    }

    fn zone(&mut self, text: &str, lines: &[Line], begin: usize, end: usize, own: OwnZones) {
        let forms = match own {
            OwnZones::LeftOut(forms) => forms,
            OwnZones::Judged(why) => return self.edited(&lines[begin], why),
        };
        let region = &text[lines[begin].end..lines[end].start];
        let Some(names) = panel::read(region).and_then(|panels| forms.names(&panels)) else {
            return self.edited(&lines[begin], "it is not as notegate writes it");
        };
        // of two blank lines around a zone one came with it
        let blank = |i: Option<usize>| i.and_then(|i| lines.get(i)).is_some_and(Line::is_blank);
        let before = begin.checked_sub(1);
        let from = if blank(before) && (end + 1 == lines.len() || blank(Some(end + 1))) { before.unwrap_or(begin) } else { begin };
        self.zones.push(OwnZone { span: Span::of(lines[from].start..lines[end].end), names });
    }

    /// Gives up the zones: the text around them reads otherwise without them.
    pub(super) fn judge_all(&mut self) {
        for zone in self.zones.drain(..) {
            let detail = "it stands inside something else, and the text around it reads otherwise without it";
            self.issues.push(Issue::new(EDITED, zone.span, detail));
        }
    }
}

fn lines(text: &str, body_start: usize) -> Vec<Line<'_>> {
    let mut lines = Vec::new();
    let mut start = body_start;
    for piece in text[body_start..].split_inclusive('\n') {
        let end = start + piece.len();
        lines.push(Line { text: piece.trim_end_matches(['\n', '\r']), start, end });
        start = end;
    }
    lines
}

/// A text without some of its bytes, and the way back from its offsets to the file's.
pub(super) struct Cuts {
    /// For each cut, where it lies in the shorter text, and how many bytes were left out up to and with it.
    cuts: Vec<(u32, u32)>,
}

impl Cuts {
    pub fn new(zones: &[OwnZone]) -> Self {
        let mut gone = 0;
        let cuts = zones.iter().map(|zone| {
            let at = zone.span.start - gone;
            gone += zone.span.len();
            (at, gone)
        });
        Self { cuts: cuts.collect() }
    }

    /// The place in the file of the byte at an offset of the shorter text.
    fn offset(&self, at: u32) -> u32 {
        let before = self.cuts.partition_point(|(cut, _)| *cut <= at);
        at + before.checked_sub(1).map_or(0, |i| self.cuts[i].1)
    }

    /// The span in the file of a span of the shorter text: from its first byte to its last.
    pub fn span(&self, span: Span) -> Span {
        let start = self.offset(span.start);
        if span.is_empty() {
            return Span::new(start, start);
        }
        Span::new(start, self.offset(span.end - 1) + 1)
    }

    /// The first cut that lies inside a span of the shorter text, not at its ends.
    pub fn inside(&self, span: Span) -> Option<u32> {
        let next = self.cuts.partition_point(|(cut, _)| *cut <= span.start);
        self.cuts.get(next).map(|(cut, _)| *cut).filter(|cut| *cut < span.end)
    }
}

/// The text without the zones; borrowed where there are none.
pub(crate) fn without<'s>(text: &'s str, zones: &[OwnZone]) -> Cow<'s, str> {
    if zones.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for zone in zones {
        out.push_str(&text[at..zone.span.start as usize]);
        at = zone.span.end as usize;
    }
    out.push_str(&text[at..]);
    Cow::Owned(out)
}

/// Whether a body reads the same with its zones (`with`, what lies in them aside) and without them. Both in places of the file.
pub(super) fn read_alike(with: &Parsed, without: &Parsed, zones: &[OwnZone]) -> bool {
    let outside = |span: Span| {
        let next = zones.partition_point(|zone| zone.span.end <= span.start);
        zones.get(next).is_none_or(|zone| !zone.span.contains(span))
    };
    let blocks = |parsed: &Parsed| {
        let reading = &parsed.built.reading;
        let blocks = parsed.built.blocks.iter().map(|block| {
            let cell = block.cell.map(|cell| (cell.row, cell.column));
            // the space of a line end behind a block is not read
            let text = reading.slice(block.text.clone()).trim_end();
            let range = block.text.start..block.text.start + crate::span::offset(text.len());
            (reading.source_span(range), block.zone, block.level, block.collapsed, cell, text.to_owned())
        });
        blocks.filter(|block| outside(block.0)).collect::<Vec<_>>()
    };
    let marks = |parsed: &Parsed| {
        let marks = parsed.built.marks.iter().map(|mark| (parsed.built.reading.source_span(mark.text.clone()), mark.kind));
        marks.filter(|mark| outside(mark.0)).collect::<Vec<_>>()
    };
    let links = |parsed: &Parsed| {
        let links = parsed.built.links.iter().map(|link| (link.source, link.kind, link.destination.clone(), link.rel.clone(), link.visible));
        links.filter(|link| outside(link.0)).collect::<Vec<_>>()
    };
    let others = |parsed: &Parsed| {
        let citations = parsed.built.citations.iter().map(|citation| (citation.source, citation.label.clone()));
        let entries = parsed.entries.iter().map(|entry| (entry.source, entry.label.clone()));
        let issues = parsed.built.issues.iter().map(|issue| (issue.span, issue.id.to_owned()));
        let tags = parsed.tags.iter().chain(&parsed.built.comments).map(|tag| (*tag, String::new()));
        citations.chain(entries).chain(issues).chain(tags).filter(|(span, _)| outside(*span)).collect::<Vec<_>>()
    };
    blocks(with) == blocks(without) && marks(with) == marks(without) && links(with) == links(without) && others(with) == others(without)
}

impl Parsed {
    /// Moves every place to where it stands in the file.
    pub(super) fn relocate(&mut self, cuts: &Cuts) {
        let built = &mut self.built;
        built.reading.relocate(cuts);
        let links = built.links.iter_mut().map(|link| &mut link.source);
        let citations = built.citations.iter_mut().map(|citation| &mut citation.source);
        let issues = built.issues.iter_mut().map(|issue| &mut issue.span);
        let entries = self.entries.iter_mut().map(|entry| &mut entry.source);
        if let Some(metadata) = &mut self.metadata {
            metadata.relocate(|span| cuts.span(span));
        }
        for span in links.chain(citations).chain(issues).chain(entries).chain(self.tags.iter_mut()).chain(built.comments.iter_mut()) {
            *span = cuts.span(*span);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::reading_text::ReadingText;

    #[test]
    fn places_are_moved_behind_what_was_cut_out() {
        let zones = [Span::new(4, 10), Span::new(12, 13)].map(|span| OwnZone { span, names: Vec::new() });
        assert_eq!(without("abc\n<zone>de.fg", &zones), "abc\ndefg");
        let cuts = Cuts::new(&zones);
        // one exact run over both cuts
        let mut reading = ReadingText::default();
        reading.push_exact("abc\ndefg", 0);
        reading.relocate(&cuts);
        let places = |ranges: [(u32, u32); 6]| ranges.map(|(from, to)| reading.source_span(from..to)).map(|span| (span.start, span.end));
        assert_eq!(places([(0, 3), (0, 4), (4, 6), (4, 5), (6, 8), (0, 8)]), [(0, 3), (0, 4), (10, 12), (10, 11), (13, 15), (0, 15)]);
        assert_eq!(cuts.span(Span::new(4, 4)), Span::new(10, 10));
    }
}
