//! The part of a text that a comment before or inside it speaks for.

use std::collections::BTreeMap;

use crate::document::{Document, Zone};
use crate::source::SourceText;
use crate::span::Span;

/// A block in the file.
struct Place {
    span: Span,
    zone: Zone,
    table: Option<u32>,
}

/// The blocks of an article in the order of the file.
pub(super) struct Places<'s> {
    source: &'s SourceText,
    places: Vec<Place>,
    /// The last byte of each table.
    table_ends: BTreeMap<u32, u32>,
}

impl<'s> Places<'s> {
    pub fn new(source: &'s SourceText, document: &Document) -> Self {
        let mut places: Vec<Place> = document
            .blocks
            .iter()
            .map(|block| Place { span: document.source_span(block.text.clone()), zone: block.zone, table: block.cell.map(|cell| cell.table) })
            .filter(|place| !place.span.is_empty())
            .collect();
        places.sort_by_key(|place| place.span);
        let mut table_ends = BTreeMap::new();
        for place in &places {
            if let Some(table) = place.table {
                let end = table_ends.entry(table).or_insert(0);
                *end = place.span.end.max(*end);
            }
        }
        Self { source, places, table_ends }
    }

    /// What a comment speaks for: the block it stands in or closes on its line, else the next one. A table is one block.
    pub fn next(&self, comment: Span) -> Span {
        let behind = self.places.partition_point(|place| place.span.start < comment.end);
        if let Some(before) = behind.checked_sub(1) {
            let place = &self.places[before];
            let gap = self.gap(place.span.end, comment.start);
            if comment.start < place.span.end || gap.is_some_and(|gap| !gap.contains(['\n', '\r']) && gap.trim().is_empty()) {
                // signs before the words (`[` of a link) belong to the block too
                let start = before.checked_sub(1).map_or(place.span.start, |other| self.places[other].span.end.min(place.span.start));
                return Span::new(start, place.span.end);
            }
        }
        let Some(place) = self.places.get(behind) else { return Span::new(comment.end, comment.end) };
        let mut end = place.span.end;
        // inside a cell, the comment speaks for the cell
        let beside = self.gap(comment.end, place.span.start).is_some_and(|gap| !gap.contains(['\n', '\r', '<', '|']));
        if let Some(table) = place.table.filter(|_| !beside) {
            end = self.table_ends.get(&table).copied().unwrap_or(end).max(end);
        }
        // the words of an image stand before the paragraph that holds it
        if place.zone == Zone::Alt
            && let Some(next) = self.places.get(behind + 1)
            && self.gap(end, next.span.start).is_some_and(|gap| gap.matches('\n').count() < 2)
        {
            end = next.span.end.max(end);
        }
        Span::new(comment.end, end)
    }

    fn gap(&self, from: u32, to: u32) -> Option<&str> {
        self.source.text.get(from as usize..to as usize)
    }
}
