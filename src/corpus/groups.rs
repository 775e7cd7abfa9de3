//! Which candidates are one template: verdicts on pairs, and the groups that they make.

use rayon::prelude::*;

use super::Settings;
use super::align::{Aligner, Alignment, Text};
use super::join::Candidate;
use crate::fingerprint::prose::Prose;

/// What two articles have in common.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Verdict {
    /// Words of the sentences that both have, as a share of the shorter article.
    pub share: f64,
    /// Those in sentences that are the same word for word.
    pub verbatim: f64,
    /// Sentences in common that are not.
    pub changed: u32,
}

/// What a verdict says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// The same text.
    NearDuplicate,
    /// One template.
    Template,
    /// Neither: some sentences at most.
    Apart,
}

impl Verdict {
    /// The verdict of an alignment of texts of so many words.
    #[must_use]
    pub fn new(found: &Alignment, a: usize, b: usize) -> Self {
        let shorter = a.min(b).max(1) as f64;
        Self { share: f64::from(found.covered) / shorter, verbatim: f64::from(found.verbatim) / shorter, changed: found.changed }
    }

    /// What it says. A footer is common word for word, a template has holes: that parts them without a list of footers.
    #[must_use]
    pub fn relation(self, settings: &Settings) -> Relation {
        if self.verbatim >= settings.near_duplicate {
            Relation::NearDuplicate
        } else if self.share >= settings.link && self.changed >= settings.changed {
            Relation::Template
        } else {
            Relation::Apart
        }
    }
}

/// The best that was seen of an article's likeness to another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Nearest {
    /// The other article.
    pub article: u32,
    /// What they have in common.
    pub verdict: Verdict,
}

/// Sets of articles that grow together.
pub struct Union(Vec<u32>);

impl Union {
    /// Every article alone.
    #[must_use]
    pub fn new(articles: usize) -> Self {
        Self((0..articles as u32).collect())
    }

    /// The number that stands for an article's set.
    pub fn find(&mut self, mut at: u32) -> u32 {
        while self.0[at as usize] != at {
            let above = self.0[self.0[at as usize] as usize];
            self.0[at as usize] = above;
            at = above;
        }
        at
    }

    /// Joins two sets; the lower number stands for both. False where they were one.
    pub fn join(&mut self, a: u32, b: u32) -> bool {
        let (a, b) = (self.find(a), self.find(b));
        if a != b {
            self.0[a.max(b) as usize] = a.min(b);
        }
        a != b
    }
}

/// Pairs of one article that are compared in one go: the first article of a large template stands in thousands of pairs.
const AT_ONCE: usize = 64;

/// What is known of the articles while they are compared.
pub struct Groups<'f> {
    texts: &'f [&'f Prose],
    settings: &'f Settings,
    /// The sets.
    pub union: Union,
    /// The nearest neighbour seen of each article.
    pub nearest: Vec<Option<Nearest>>,
    /// Pairs that were compared.
    pub compared: usize,
}

impl<'f> Groups<'f> {
    /// Articles that nothing is known of.
    #[must_use]
    pub fn new(texts: &'f [&'f Prose], settings: &'f Settings) -> Self {
        Self { texts, settings, union: Union::new(texts.len()), nearest: vec![None; texts.len()], compared: 0 }
    }

    /// Compares candidates, most common keys first, until every one of them was compared or lies inside one set.
    ///
    /// A round takes the pairs that would connect the sets if all of them held: few of the candidates of a template are ever compared,
    /// and the pairs of a round can be compared at once without changing what comes out.
    pub fn decide(&mut self, mut candidates: Vec<Candidate>) {
        while !candidates.is_empty() {
            let mut hoped = Union(self.union.0.clone());
            let mut round = Vec::new();
            let mut later = Vec::new();
            for pair in candidates {
                if self.union.find(pair.a) == self.union.find(pair.b) {
                    continue;
                }
                if hoped.join(pair.a, pair.b) {
                    round.push(pair);
                } else {
                    later.push(pair);
                }
            }
            let verdicts = self.verdicts(&round);
            self.compared += round.len();
            for (pair, verdict) in round.iter().zip(verdicts) {
                self.see(pair.a, pair.b, verdict);
                self.see(pair.b, pair.a, verdict);
                if verdict.relation(self.settings) != Relation::Apart {
                    self.union.join(pair.a, pair.b);
                }
            }
            candidates = later;
        }
    }

    fn verdicts(&self, round: &[Candidate]) -> Vec<Verdict> {
        // an article is made ready once for all of its pairs that stand together
        let mut order: Vec<u32> = (0..round.len() as u32).collect();
        order.sort_unstable_by_key(|i| (round[*i as usize].a, round[*i as usize].b));
        let pairs_of_one = order.chunk_by(|i, j| round[*i as usize].a == round[*j as usize].a);
        let groups: Vec<&[u32]> = pairs_of_one.flat_map(|group| group.chunks(AT_ONCE)).collect();
        let found: Vec<Vec<(u32, Verdict)>> = groups
            .into_par_iter()
            .map(|group| {
                let a = self.texts[round[group[0] as usize].a as usize];
                let mut aligner = Aligner::new(Text::from(a));
                group
                    .iter()
                    .map(|i| {
                        let b = self.texts[round[*i as usize].b as usize];
                        let alignment = aligner.align(Text::from(b), self.settings.like);
                        (*i, Verdict::new(&alignment, a.words().len(), b.words().len()))
                    })
                    .collect()
            })
            .collect();
        let mut verdicts = vec![Verdict::default(); round.len()];
        for (i, verdict) in found.into_iter().flatten() {
            verdicts[i as usize] = verdict;
        }
        verdicts
    }

    /// Keeps what is nearest.
    fn see(&mut self, of: u32, other: u32, verdict: Verdict) {
        let slot = &mut self.nearest[of as usize];
        let closer = slot.is_none_or(|before| (verdict.share, before.article) > (before.verdict.share, other));
        if closer {
            *slot = Some(Nearest { article: other, verdict });
        }
    }

    /// The sets of several articles, each ascending.
    pub fn sets(&mut self) -> Vec<Vec<u32>> {
        let mut all: Vec<(u32, u32)> = (0..self.texts.len() as u32).map(|article| (self.union.find(article), article)).collect();
        all.sort_unstable();
        all.chunk_by(|a, b| a.0 == b.0).filter(|set| set.len() > 1).map(|set| set.iter().map(|(_, article)| *article).collect()).collect()
    }
}
