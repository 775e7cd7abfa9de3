//! Byte spans: the only way a place in a file is named inside the crate. Lines and columns are made of them at the edge.

/// A half-open range of byte offsets into one source text. Where a file had to be decoded, `SourceText::file_span` makes bytes of the
/// file of it, when a finding is recorded.
///
/// Offsets are `u32`: a source text is at most 4 GiB, which `source` enforces.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The span of bytes `start..end`.
    #[must_use]
    pub const fn new(start: u32, end: u32) -> Self {
        Self { start, end }
    }

    /// The span of a `usize` range; offsets past 4 GiB are cut off there.
    #[must_use]
    pub fn of(range: std::ops::Range<usize>) -> Self {
        Self { start: offset(range.start), end: offset(range.end) }
    }

    /// The span as a range for slicing.
    #[must_use]
    pub const fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }

    /// Number of bytes.
    #[must_use]
    pub const fn len(self) -> u32 {
        self.end - self.start
    }

    /// Whether no byte is covered.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.start >= self.end
    }

    /// Whether the two spans share a byte.
    #[must_use]
    pub const fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// Whether `other` lies within this span.
    #[must_use]
    pub const fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }
}

/// Spans that are asked for overlaps, in any number.
#[derive(Debug, Default)]
pub struct Spans {
    /// By start, each with the furthest end of all up to it.
    ordered: Vec<Span>,
}

impl Spans {
    /// Orders spans. Empty ones overlap nothing.
    #[must_use]
    pub fn new(spans: impl Iterator<Item = Span>) -> Self {
        let mut ordered: Vec<Span> = spans.filter(|span| !span.is_empty()).collect();
        ordered.sort_unstable();
        let mut furthest = 0;
        for span in &mut ordered {
            furthest = furthest.max(span.end);
            span.end = furthest;
        }
        Self { ordered }
    }

    /// Whether one of them shares a byte with `span`.
    #[must_use]
    pub fn overlap(&self, span: Span) -> bool {
        let before = self.ordered.partition_point(|other| other.start < span.end);
        before.checked_sub(1).is_some_and(|i| span.start < self.ordered[i].end)
    }
}

/// An offset as it is stored: source texts are at most 4 GiB long.
#[must_use]
pub fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}
