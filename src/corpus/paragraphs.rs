//! Whole paragraphs that stand in several places, word for word.

use std::collections::BTreeMap;

use crate::finding::Related;
use crate::fingerprint::{Fingerprint, Paragraph};
use crate::span::Span;

/// A paragraph that stands elsewhere too.
#[derive(Clone, Debug)]
pub struct Shared<'f> {
    /// The paragraph in this article.
    pub paragraph: &'f Paragraph,
    /// How often it stands in the run, this place included.
    pub count: usize,
    /// The other places: those of this article first, then other articles in path order; at most [`MOST_RELATED`].
    pub related: Vec<Related>,
}

/// Places named with one finding.
pub const MOST_RELATED: usize = 5;

/// Paragraphs of a run by their hash.
#[derive(Debug, Default)]
pub struct Paragraphs {
    /// Hash → (article, paragraph), in path order.
    places: BTreeMap<u64, Vec<(u32, u32)>>,
}

impl Paragraphs {
    /// Indexes the fingerprints of a run, which are in path order.
    #[must_use]
    pub fn new(fingerprints: &[Fingerprint]) -> Self {
        let mut all: Vec<(u64, u32, u32)> = fingerprints
            .iter()
            .enumerate()
            .flat_map(|(article, fingerprint)| {
                let article = crate::span::offset(article);
                fingerprint.paragraphs.iter().enumerate().map(move |(i, paragraph)| (paragraph.hash, article, crate::span::offset(i)))
            })
            .collect();
        all.sort_unstable();
        let mut places = BTreeMap::new();
        for group in all.chunk_by(|a, b| a.0 == b.0).filter(|group| group.len() > 1) {
            places.insert(group[0].0, group.iter().map(|(_, article, i)| (*article, *i)).collect());
        }
        Self { places }
    }

    /// Where the paragraphs of one article stand that at least so many articles have.
    #[must_use]
    pub fn common(&self, fingerprints: &[Fingerprint], article: usize, least: usize) -> Vec<Span> {
        let many = |paragraph: &&Paragraph| {
            let places = self.places.get(&paragraph.hash).map_or(&[][..], Vec::as_slice);
            // in path order: those of one article stand together
            places.chunk_by(|a, b| a.0 == b.0).take(least).count() >= least
        };
        fingerprints[article].paragraphs.iter().filter(many).map(|paragraph| paragraph.span).collect()
    }

    /// The paragraphs of one article that stand elsewhere too; the first of several in one article speaks for all of them.
    #[must_use]
    pub fn shared<'f>(&self, fingerprints: &'f [Fingerprint], article: usize) -> Vec<Shared<'f>> {
        let own = crate::span::offset(article);
        let mut told = std::collections::BTreeSet::new();
        let mut shared = Vec::new();
        for paragraph in &fingerprints[article].paragraphs {
            let Some(places) = self.places.get(&paragraph.hash).filter(|_| told.insert(paragraph.hash)) else { continue };
            let here = |place: &&(u32, u32)| place.0 == own;
            let related = places.iter().filter(here).skip(1).chain(places.iter().filter(|place| !here(place))).take(MOST_RELATED).map(|(other, i)| {
                let fingerprint = &fingerprints[*other as usize];
                let twin = &fingerprint.paragraphs[*i as usize];
                Related {
                    path: (*other != own).then(|| fingerprint.path.clone()),
                    span: twin.span,
                    line: twin.start.line,
                    message: "the same paragraph".to_owned(),
                }
            });
            shared.push(Shared { paragraph, count: places.len(), related: related.collect() });
        }
        shared
    }
}
