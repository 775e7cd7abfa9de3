//! What a comparison got right, against the truth of the generator.

use std::collections::{BTreeMap, BTreeSet};

use super::{Kind, Made, Truth};

/// Figures of one corpus.
#[derive(Clone, Debug, Default)]
pub struct Score {
    pub articles: usize,
    /// Templated articles, and how many of them stand in a group with another of their template.
    pub templated: usize,
    pub caught: usize,
    /// Articles of nobody's template, and how many of them stand in any group.
    pub independent: usize,
    pub caught_wrongly: usize,
    /// Pairs of one template, those found, and pairs found that are of no template.
    pub pairs: usize,
    pub pairs_found: usize,
    pub pairs_wrong: usize,
    /// B-cubed over templated articles and independent ones.
    pub b_precision: f64,
    pub b_recall: f64,
    pub groups: usize,
}

impl Score {
    pub fn recall(&self) -> f64 {
        share(self.caught, self.templated)
    }

    pub fn pair_recall(&self) -> f64 {
        share(self.pairs_found, self.pairs)
    }
}

pub fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 1.0 } else { part as f64 / whole as f64 }
}

/// Scores groups of article numbers against the truth.
pub fn score(truths: &[Truth], groups: &[Vec<usize>]) -> Score {
    let mut group_of = vec![None; truths.len()];
    for (number, group) in groups.iter().enumerate() {
        for article in group {
            group_of[*article] = Some(number);
        }
    }
    let mut score = Score { articles: truths.len(), groups: groups.len(), ..Score::default() };
    // sizes of true classes, of groups, and of what they have in common
    let mut true_size: BTreeMap<Truth, usize> = BTreeMap::new();
    let mut common: BTreeMap<(usize, Truth), usize> = BTreeMap::new();
    for (article, truth) in truths.iter().enumerate() {
        *true_size.entry(*truth).or_default() += 1;
        if let Some(group) = group_of[article] {
            *common.entry((group, *truth)).or_default() += 1;
        }
    }
    let choose = |count: usize| count * count.saturating_sub(1) / 2;
    score.pairs = true_size.iter().filter(|(truth, _)| matches!(truth, Truth::Template(_))).map(|(_, size)| choose(*size)).sum();
    score.pairs_found = common.iter().filter(|((_, truth), _)| matches!(truth, Truth::Template(_))).map(|(_, size)| choose(*size)).sum();
    for (number, group) in groups.iter().enumerate() {
        let right: usize = common
            .range((number, Truth::Template(0))..=(number, Truth::Independent))
            .filter(|((_, truth), _)| matches!(truth, Truth::Template(_) | Truth::News(_)))
            .map(|(_, size)| choose(*size))
            .sum();
        score.pairs_wrong += choose(group.len()) - right;
    }
    let (mut precision, mut recall, mut counted) = (0.0, 0.0, 0.0);
    for (article, truth) in truths.iter().enumerate() {
        let group = group_of[article];
        let same = group.map_or(1, |group| common.get(&(group, *truth)).copied().unwrap_or(1));
        let size = group.map_or(1, |group| groups[group].len());
        match truth {
            Truth::Template(_) => {
                score.templated += 1;
                score.caught += usize::from(group.is_some() && same > 1);
                recall += same as f64 / true_size[truth] as f64;
                precision += same as f64 / size as f64;
            }
            Truth::News(_) => continue,
            Truth::Series | Truth::Independent => {
                score.independent += 1;
                score.caught_wrongly += usize::from(group.is_some());
                recall += 1.0;
                precision += 1.0 / size as f64;
            }
        }
        counted += 1.0;
    }
    score.b_precision = precision / f64::max(counted, 1.0);
    score.b_recall = recall / f64::max(counted, 1.0);
    score
}

/// Words of one kind: right, told, and true.
#[derive(Clone, Copy, Debug, Default)]
pub struct Counts {
    pub right: usize,
    pub told: usize,
    pub truly: usize,
}

impl Counts {
    pub fn f1(&self) -> f64 {
        let (precision, recall) = (share(self.right, self.told), share(self.right, self.truly));
        if precision + recall == 0.0 { 0.0 } else { 2.0 * precision * recall / (precision + recall) }
    }

    pub fn precision(&self) -> f64 {
        share(self.right, self.told)
    }

    pub fn recall(&self) -> f64 {
        share(self.right, self.truly)
    }
}

/// How well an explanation names the words.
#[derive(Clone, Debug, Default)]
pub struct Words {
    pub template: Counts,
    pub slots: Counts,
    /// Sum of the differences between the told and the true share of template words.
    pub error: f64,
    pub articles: usize,
}

impl Words {
    /// Adds an article: starts of the words told to be the template's, and of those told to stand in slots. Footers count neither way.
    pub fn add(&mut self, made: &Made, template: &BTreeSet<usize>, slots: &BTreeSet<usize>) {
        let (mut told, mut truly, mut words) = (0, 0, 0);
        for (kind, range) in &made.words {
            if *kind == Kind::Footer {
                continue;
            }
            words += 1;
            let as_template = template.contains(&range.start);
            let as_slot = slots.contains(&range.start);
            told += usize::from(as_template);
            truly += usize::from(*kind == Kind::Template);
            self.template.told += usize::from(as_template);
            self.template.truly += usize::from(*kind == Kind::Template);
            self.template.right += usize::from(as_template && *kind == Kind::Template);
            self.slots.told += usize::from(as_slot);
            self.slots.truly += usize::from(*kind == Kind::Slot);
            self.slots.right += usize::from(as_slot && *kind == Kind::Slot);
        }
        self.error += (share(told, words) - share(truly, words)).abs();
        self.articles += 1;
    }

    pub fn share_error(&self) -> f64 {
        self.error / self.articles.max(1) as f64
    }
}
