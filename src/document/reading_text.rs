//! The reading text: what a reader reads, in one string, with an exact map back to the bytes of the file.

use std::ops::Range;

use super::own_zones::Cuts;
use crate::span::{Span, offset};

/// A run of reading text and the source bytes it stands for.
#[derive(Clone, Copy, Debug)]
struct Segment {
    /// Where the run begins in the reading text; it ends where the next one begins.
    at: u32,
    source: Span,
    /// Whether the bytes are the same, so that offsets inside the run correspond one to one.
    exact: bool,
}

/// Bytes of prose that a run takes, roughly: only room is reserved by it.
const BYTES_PER_SEGMENT: usize = 64;

/// What a reader reads, and where each piece stands in the source.
#[derive(Debug, Default)]
pub struct ReadingText {
    text: String,
    segments: Vec<Segment>,
}

impl ReadingText {
    /// An empty text with room for so many bytes.
    #[must_use]
    pub(super) fn with_room_for(bytes: usize) -> Self {
        Self { text: String::with_capacity(bytes), segments: Vec::with_capacity(bytes / BYTES_PER_SEGMENT) }
    }

    /// The whole text. Blocks are parted by a line feed.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Length in bytes, which is also where the next piece will begin.
    #[must_use]
    pub fn len(&self) -> u32 {
        offset(self.text.len())
    }

    /// Whether nothing is there to be read.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// A piece of the text; empty where the range is not one of it.
    #[must_use]
    pub fn slice(&self, range: Range<u32>) -> &str {
        self.text.get(range.start as usize..range.end as usize).unwrap_or_default()
    }

    /// Appends bytes that stand in the source as they are read.
    pub(super) fn push_exact(&mut self, piece: &str, source_start: u32) {
        if piece.is_empty() {
            return;
        }
        let at = self.len();
        let source = Span::new(source_start, source_start + offset(piece.len()));
        let joins = self.segments.last().is_some_and(|last| last.exact && last.source.end == source_start);
        match self.segments.last_mut() {
            Some(last) if joins => last.source.end = source.end,
            _ => self.segments.push(Segment { at, source, exact: true }),
        }
        self.text.push_str(piece);
    }

    /// Appends text that stands for other bytes in the source: a decoded entity, a line break read as a space.
    pub(super) fn push_for(&mut self, piece: &str, source: Span) {
        if piece.is_empty() {
            return;
        }
        self.segments.push(Segment { at: self.len(), source, exact: false });
        self.text.push_str(piece);
    }

    /// The source bytes that a range of the reading text stands for. The result lies on character boundaries of the source.
    ///
    /// A range that begins or ends inside a decoded entity takes the whole entity.
    #[must_use]
    pub fn source_span(&self, range: Range<u32>) -> Span {
        if self.segments.is_empty() {
            return Span::default();
        }
        let first = self.segment_at(range.start);
        let start = if first.exact { first.source.start + (range.start - first.at) } else { first.source.start };
        if range.end <= range.start {
            return Span::new(start, start);
        }
        let last = self.segment_at(range.end - 1);
        let end = if last.exact { last.source.start + (range.end - last.at) } else { last.source.end };
        Span::new(start.min(last.source.end), end.max(start))
    }

    /// A reader of places that go forward.
    #[must_use]
    pub const fn cursor(&self) -> Cursor<'_> {
        Cursor { reading: self, at: 0, run: 0..0, source: 0 }
    }

    /// The text in the order of the file.
    #[must_use]
    pub fn by_source(&self) -> BySource<'_> {
        let mut order: Vec<usize> = (0..self.segments.len()).collect();
        order.sort_by_key(|number| (self.segments[*number].source, *number));
        BySource { reading: self, order }
    }

    /// Moves every place to where it stands in the file that the text was cut from.
    pub(super) fn relocate(&mut self, cuts: &Cuts) {
        let mut moved = Vec::with_capacity(self.segments.len() + 1);
        for segment in &self.segments {
            let mut rest = *segment;
            // the bytes of an exact run lie apart in the file where something was cut out between them
            while let Some(cut) = cuts.inside(rest.source).filter(|_| rest.exact) {
                moved.push(Segment { source: cuts.span(Span::new(rest.source.start, cut)), ..rest });
                rest.at += cut - rest.source.start;
                rest.source.start = cut;
            }
            moved.push(Segment { source: cuts.span(rest.source), ..rest });
        }
        self.segments = moved;
    }

    fn segment_at(&self, at: u32) -> &Segment {
        // what was read last is asked for most
        if let Some(last) = self.segments.last().filter(|last| last.at <= at) {
            return last;
        }
        let index = self.segments.partition_point(|segment| segment.at <= at);
        &self.segments[index.saturating_sub(1)]
    }
}

/// The pieces of a reading text in the order of the file: what is read at a place there.
pub struct BySource<'r> {
    reading: &'r ReadingText,
    order: Vec<usize>,
}

/// Pieces before a place that are asked whether they reach into it: pieces overlap where one value is shown twice, and seldom.
const REACHING: usize = 8;

impl BySource<'_> {
    /// The ranges of the reading text that stand for bytes of a span, in the order of the file; no more of them than it takes to
    /// pass `most` bytes.
    #[must_use]
    pub fn at(&self, span: Span, most: usize) -> Vec<Range<u32>> {
        let segments = &self.reading.segments;
        let here = self.order.partition_point(|number| segments[*number].source.start < span.start);
        let mut pieces = Vec::new();
        let mut bytes = 0;
        for number in &self.order[here.saturating_sub(REACHING)..] {
            let segment = &segments[*number];
            if segment.source.start >= span.end || bytes > most {
                break;
            }
            if segment.source.end <= span.start {
                continue;
            }
            let end = segments.get(number + 1).map_or(self.reading.len(), |next| next.at);
            let piece = if segment.exact {
                let inside = |at: u32| segment.at + (at.clamp(segment.source.start, segment.source.end) - segment.source.start);
                inside(span.start)..inside(span.end).min(end)
            } else {
                segment.at..end
            };
            bytes += piece.len();
            pieces.push(piece);
        }
        pieces
    }
}

/// Reads places that go forward, each without a search from the start.
pub struct Cursor<'r> {
    reading: &'r ReadingText,
    at: usize,
    /// The run that was last read from, as far as its bytes are those of the file, and where they begin there.
    run: Range<u32>,
    source: u32,
}

impl Cursor<'_> {
    /// What [`ReadingText::source_span`] answers; ranges that begin after the one before are answered at once.
    #[inline]
    pub fn span(&mut self, range: Range<u32>) -> Span {
        if self.run.start <= range.start && range.start < range.end && range.end <= self.run.end {
            let start = self.source + (range.start - self.run.start);
            return Span::new(start, start + (range.end - range.start));
        }
        self.find(range)
    }

    fn find(&mut self, range: Range<u32>) -> Span {
        let segments = &self.reading.segments;
        while segments.get(self.at + 1).is_some_and(|next| next.at <= range.start) {
            self.at += 1;
        }
        if let Some(here) = segments.get(self.at).filter(|here| here.exact) {
            self.run = here.at..segments.get(self.at + 1).map_or(u32::MAX, |next| next.at);
            self.source = here.source.start;
            if here.at <= range.start && range.start < range.end && range.end <= self.run.end {
                let start = self.source + (range.start - here.at);
                return Span::new(start, start + (range.end - range.start));
            }
        }
        self.reading.source_span(range)
    }
}
