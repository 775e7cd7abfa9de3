//! The template of a group: the words that most of its articles have, and the slots between them.

use rayon::prelude::*;

use super::Settings;
use super::align::{Aligner, Likeness, Text, common_places, sentence, sentence_hash, starts};
use crate::fingerprint::prose::Prose;
use crate::span::offset;

/// Articles among which the most typical one is looked for.
const MEDOID_SAMPLE: usize = 5;
/// Articles that a template is made of.
const SAMPLE: usize = 9;
/// Articles whose sentences are taken up in turn where the ones before lack them.
const CENTRES: usize = 4;
/// Articles by which slots are told to hold the same value.
const COMPARED_SLOTS: usize = 24;
/// A word of the template with where it stands.
#[derive(Clone, Copy, Debug)]
pub struct TemplateWord {
    /// Its hash.
    pub word: u32,
    /// An article that has it, as a number of the group's articles.
    pub article: u32,
    /// The word there.
    pub at: u32,
}

/// A sentence of the template: words, and slots before, between and behind them.
#[derive(Clone, Debug, Default)]
pub struct TemplateSentence {
    /// Its words.
    pub words: Vec<TemplateWord>,
    /// `gaps[i]` is the slot before word `i`; the last one stands behind all of them.
    pub gaps: Vec<Option<u32>>,
    /// Whether it is a heading, and whether it begins a block.
    pub marks: u8,
    /// Words of the sentences that it was made of, on the average.
    pub length: u8,
}

/// What stands in a slot of one article: words `from..to` of its prose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Filling {
    /// The slot.
    pub slot: u32,
    /// First word.
    pub from: u32,
    /// One past the last.
    pub to: u32,
}

/// An article against its template.
#[derive(Clone, Debug, Default)]
pub struct Member {
    /// The article.
    pub article: u32,
    /// Words of the template that it has.
    pub common: u32,
    /// Words that stand in its slots.
    pub filled: u32,
    /// Its words.
    pub words: u32,
    /// What stands in its slots, in order.
    pub fillings: Vec<Filling>,
    /// Sentences of the template that it has: number in the template, number in the article.
    pub sentences: Vec<(u32, u32)>,
}

impl Member {
    /// Share of its words that stand in sentences of the template, slots included.
    #[must_use]
    pub fn share(&self) -> f64 {
        f64::from(self.common + self.filled) / f64::from(self.words.max(1))
    }

    /// Share of its words that are the template's.
    #[must_use]
    pub fn template_share(&self) -> f64 {
        f64::from(self.common) / f64::from(self.words.max(1))
    }

    /// Share of its words that are neither the template's nor stand in a slot.
    #[must_use]
    pub fn own(&self) -> f64 {
        f64::from(self.words.saturating_sub(self.common + self.filled)) / f64::from(self.words.max(1))
    }
}

/// A template.
#[derive(Clone, Debug, Default)]
pub struct Template {
    /// Its sentences.
    pub sentences: Vec<TemplateSentence>,
    /// Its slots; those that hold the same value in every article are one.
    pub slots: u32,
    words: Vec<u32>,
    lengths: Vec<u8>,
    /// Where the words of each sentence begin, and where the last ones end.
    starts: Vec<u32>,
    /// Words of the sentences that its sentences were made of.
    made_of: Vec<u8>,
}

/// A sentence as the articles of the sample have it: article of the sample, sentence.
type Holders = Vec<(usize, usize)>;

impl Template {
    /// The template of some articles. `texts` are all articles, `members` the numbers of the group's.
    #[must_use]
    pub fn of(texts: &[&Prose], members: &[u32], settings: &Settings) -> Self {
        let sample = sampled(texts, members, settings);
        let starts: Vec<Vec<u32>> = sample.iter().map(|article| starts(Text::from(texts[*article as usize]))).collect();
        let mut free: Vec<Vec<bool>> = sample.iter().map(|article| vec![true; texts[*article as usize].lengths().len()]).collect();
        let mut template = Self::default();
        let mut centre = 0;
        for _ in 0..CENTRES.min(sample.len()) {
            let mut aligner = Aligner::new(Text::from(texts[sample[centre] as usize]));
            let mut holders: Vec<Holders> = vec![Vec::new(); free[centre].len()];
            for other in (0..sample.len()).filter(|other| *other != centre) {
                let (of_a, of_b) = (&free[centre], &free[other]);
                let found = aligner.align_where(Text::from(texts[sample[other] as usize]), settings.like, &|i| of_a[i], &|j| of_b[j]);
                for pair in found.matches {
                    holders[pair.a as usize].push((other, pair.b as usize));
                }
            }
            for (number, mut holders) in holders.into_iter().enumerate() {
                if holders.is_empty() {
                    continue;
                }
                holders.insert(0, (centre, number));
                let sentences: Vec<&[u32]> =
                    holders.iter().map(|(who, number)| sentence(Text::from(texts[sample[*who] as usize]), &starts[*who], *number)).collect();
                let places: Vec<(u32, u32)> = holders.iter().map(|(who, number)| (sample[*who], starts[*who][*number])).collect();
                let marks = texts[sample[centre] as usize].marks()[number];
                template.sentences.extend(consensus(&sentences, &places, marks));
                for (who, number) in holders {
                    free[who][number] = false;
                }
            }
            free[centre].fill(false);
            // next the one with the most words that no template sentence holds
            let left = |who: usize| -> usize {
                let lengths = texts[sample[who] as usize].lengths();
                free[who].iter().zip(lengths).filter(|(free, _)| **free).map(|(_, length)| usize::from(*length)).sum()
            };
            centre = (0..sample.len()).max_by_key(|who| (left(*who), std::cmp::Reverse(*who))).unwrap_or(0);
            if left(centre) == 0 {
                break;
            }
        }
        template.settle();
        template
    }

    /// Numbers the slots and lays the words out for comparing.
    fn settle(&mut self) {
        self.slots = 0;
        (self.words, self.lengths, self.made_of) = Default::default();
        for sentence in &mut self.sentences {
            for gap in sentence.gaps.iter_mut().filter(|gap| gap.is_some()) {
                *gap = Some(self.slots);
                self.slots += 1;
            }
            self.words.extend(sentence.words.iter().map(|word| word.word));
            self.lengths.push(sentence.words.len() as u8);
            self.made_of.push(sentence.length);
        }
        self.starts = starts(self.text());
    }

    /// Its words as a text.
    fn text(&self) -> Text<'_> {
        Text { words: &self.words, lengths: &self.lengths }
    }

    /// Number of its words.
    #[must_use]
    pub fn len(&self) -> usize {
        self.words.len()
    }

    /// Whether it has none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// A name that stays the same while the template does.
    #[must_use]
    pub fn id(&self) -> u64 {
        let mut at = 0;
        let mut hashes: Vec<u64> = Vec::with_capacity(self.lengths.len());
        for length in &self.lengths {
            hashes.push(sentence_hash(&self.words[at..at + usize::from(*length)]));
            at += usize::from(*length);
        }
        hashes.sort_unstable();
        hashes.into_iter().fold(0, |id, hash| (id ^ hash).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29))
    }

    /// Every article against the template.
    #[must_use]
    pub fn members(&self, texts: &[&Prose], members: &[u32], settings: &Settings) -> Vec<Member> {
        // the words that vary are gone already: a shorter piece says as much
        let like = Likeness { words: settings.like.words.min(3), ..settings.like };
        let chunk = members.len().div_ceil(rayon::current_num_threads() * 4).max(8);
        let parts: Vec<Vec<Member>> = members
            .par_chunks(chunk)
            .map(|part| {
                let mut aligner = Aligner::of_template(self.text(), &self.made_of, like);
                part.iter().map(|article| self.member(&mut aligner, texts[*article as usize], *article, like)).collect()
            })
            .collect();
        parts.into_iter().flatten().collect()
    }

    fn member(&self, aligner: &mut Aligner, text: &Prose, article: u32, like: Likeness) -> Member {
        let found = aligner.align(Text::from(text), like);
        let starts = starts(Text::from(text));
        let mut member = Member { article, words: offset(text.words().len()), ..Member::default() };
        for pair in &found.matches {
            let ours = &self.sentences[pair.a as usize];
            let theirs = sentence(Text::from(text), &starts, pair.b as usize);
            let words = sentence(self.text(), &self.starts, pair.a as usize);
            let places = common_places(words, theirs);
            member.common += places.len() as u32;
            member.filled += (theirs.len() - places.len()) as u32;
            member.sentences.push((pair.a, pair.b));
            let start = starts[pair.b as usize];
            let mut before: (usize, usize) = (0, 0);
            let ends = places.iter().map(|(i, j)| (usize::from(*i), usize::from(*j))).chain([(words.len(), theirs.len())]);
            for (i, j) in ends {
                // the words of the article between two words of the template that it has: they fill the first slot there
                if j > before.1
                    && let Some(slot) = (before.0..=i).find_map(|gap| ours.gaps[gap])
                {
                    member.fillings.push(Filling { slot, from: start + before.1 as u32, to: start + j as u32 });
                }
                before = (i + 1, j + 1);
                before.0 = before.0.min(words.len());
            }
        }
        member
    }

    /// Makes one slot of those that hold the same value in every article, and renumbers the fillings.
    pub fn merge_slots(&mut self, texts: &[&Prose], members: &mut [Member]) {
        let compared = spread(members.len(), COMPARED_SLOTS);
        let slots = self.slots as usize;
        let mut values: Vec<Vec<u64>> = vec![vec![0; compared.len()]; slots];
        for (column, number) in compared.iter().enumerate() {
            let member = &members[*number];
            let words = texts[member.article as usize].words();
            for filling in &member.fillings {
                values[filling.slot as usize][column] = sentence_hash(&words[filling.from as usize..filling.to as usize]) | 1;
            }
        }
        let mut groups: Vec<Vec<u64>> = Vec::new();
        let mut of: Vec<u32> = Vec::with_capacity(slots);
        for column in &values {
            // a gap that holds values and never two different ones where both are known is the same slot
            let same = groups.iter().position(|group| {
                let mut first = None;
                let mut varied = false;
                for (a, b) in group.iter().zip(column).filter(|(a, b)| **a != 0 && **b != 0) {
                    if a != b {
                        return false;
                    }
                    varied |= *first.get_or_insert(*a) != *a;
                }
                varied
            });
            match same {
                Some(group) => {
                    for (value, more) in groups[group].iter_mut().zip(column) {
                        *value = if *value == 0 { *more } else { *value };
                    }
                    of.push(group as u32);
                }
                None => {
                    of.push(groups.len() as u32);
                    groups.push(column.clone());
                }
            }
        }
        for gap in self.sentences.iter_mut().flat_map(|sentence| sentence.gaps.iter_mut()).flatten() {
            *gap = of[*gap as usize];
        }
        for filling in members.iter_mut().flat_map(|member| member.fillings.iter_mut()) {
            filling.slot = of[filling.slot as usize];
        }
        self.slots = groups.len() as u32;
    }
}

/// Numbers below `count`, spread evenly over it.
fn spread(count: usize, most: usize) -> Vec<usize> {
    if count <= most { (0..count).collect() } else { (0..most).map(|i| i * (count - 1) / (most - 1)).collect() }
}

/// The most typical of a group first, then others spread over it.
fn sampled(texts: &[&Prose], members: &[u32], settings: &Settings) -> Vec<u32> {
    if members.len() <= 2 {
        return members.to_vec();
    }
    let few: Vec<u32> = spread(members.len(), MEDOID_SAMPLE).into_iter().map(|i| members[i]).collect();
    let mut sums = vec![0u32; few.len()];
    for (i, a) in few.iter().enumerate() {
        let mut aligner = Aligner::new(Text::from(texts[*a as usize]));
        for (j, b) in few.iter().enumerate().skip(i + 1) {
            let common = aligner.align(Text::from(texts[*b as usize]), settings.like).common;
            sums[i] += common;
            sums[j] += common;
        }
    }
    let best = (0..few.len()).max_by_key(|i| (sums[*i], std::cmp::Reverse(*i))).unwrap_or(0);
    let medoid = few[best];
    let mut sample = vec![medoid];
    sample.extend(spread(members.len(), SAMPLE).into_iter().map(|i| members[i]).filter(|article| *article != medoid).take(SAMPLE - 1));
    sample
}

/// The template of one sentence: the words that most of its forms have, in the order of the first; a gap that most fill with the same
/// words takes them up. `places`: article and first word of each form.
fn consensus(forms: &[&[u32]], places: &[(u32, u32)], marks: u8) -> Option<TemplateSentence> {
    let first = forms[0];
    let aligned: Vec<Vec<(u8, u8)>> = forms[1..].iter().map(|form| common_places(first, form)).collect();
    let mut votes = vec![1u32; first.len()];
    for pairs in &aligned {
        for (i, _) in pairs {
            votes[usize::from(*i)] += 1;
        }
    }
    let most = |votes: u32| votes * 2 > forms.len() as u32;
    let kept: Vec<usize> = (0..first.len()).filter(|i| if forms.len() == 2 { votes[*i] == 2 } else { most(votes[*i]) }).collect();
    // place of every kept word in every form, row by row; none where the form lacks it
    let mut places_of: Vec<Option<usize>> = Vec::with_capacity(forms.len() * kept.len());
    places_of.extend(kept.iter().map(|i| Some(*i)));
    for pairs in &aligned {
        // both ascend
        let mut pairs = pairs.iter().map(|(a, b)| (usize::from(*a), usize::from(*b))).peekable();
        for i in &kept {
            while pairs.next_if(|(a, _)| a < i).is_some() {}
            places_of.push(pairs.next_if(|(a, _)| a == i).map(|(_, b)| b));
        }
    }
    let length = forms.iter().map(|form| form.len()).sum::<usize>() / forms.len();
    let mut out = TemplateSentence { marks, length: length as u8, ..TemplateSentence::default() };
    (out.words, out.gaps) = (Vec::with_capacity(first.len()), Vec::with_capacity(first.len() + 1));
    let mut open = false;
    let mut fillings: Vec<(usize, usize, usize)> = Vec::with_capacity(forms.len());
    for gap in 0..=kept.len() {
        // what each form that has both ends of the gap holds in it
        fillings.clear();
        for (who, form) in forms.iter().enumerate() {
            let row = who * kept.len();
            let from = if gap == 0 { Some(0) } else { places_of[row + gap - 1].map(|at| at + 1) };
            let to = if gap == kept.len() { Some(form.len()) } else { places_of[row + gap] };
            if let (Some(from), Some(to)) = (from, to)
                && from <= to
            {
                fillings.push((who, from, to));
            }
        }
        let best = commonest(forms, &fillings);
        let mut taken_up = None;
        if let Some((count, filling)) = best {
            let (who, from, to) = filling;
            if count * 2 > fillings.len() && (count > 1 || fillings.len() == 1) && fillings.len() > 1 {
                if to > from {
                    taken_up = Some((who, from, to));
                }
                open = count < fillings.len() && to == from && varied(&fillings, count);
            } else {
                open = true;
            }
        }
        if let Some((who, from, to)) = taken_up {
            out.gaps.push(None);
            for (at, word) in (from..).zip(&forms[who][from..to]) {
                out.words.push(TemplateWord { word: *word, article: places[who].0, at: places[who].1 + at as u32 });
                if at + 1 < to {
                    out.gaps.push(None);
                }
            }
            out.gaps.push(None);
        } else {
            out.gaps.push(open.then_some(0));
        }
        if let Some(i) = kept.get(gap) {
            out.words.push(TemplateWord { word: first[*i], article: places[0].0, at: places[0].1 + *i as u32 });
        }
        open = false;
    }
    (out.words.len() >= 2 && out.words.len() <= 64 && out.gaps.len() == out.words.len() + 1).then_some(out)
}

/// What most of the fillings of a gap hold, as the first of them and how many they are; of two as common the one that comes first.
fn commonest(forms: &[&[u32]], fillings: &[(usize, usize, usize)]) -> Option<(usize, (usize, usize, usize))> {
    let first = *fillings.first()?;
    // most gaps are none: the words stand side by side in every form
    if fillings.iter().all(|(_, from, to)| from == to) {
        return Some((fillings.len(), first));
    }
    let held = |(who, from, to): &(usize, usize, usize)| &forms[*who][*from..*to];
    let mut best = (0, first);
    for (at, filling) in fillings.iter().enumerate() {
        // one that was met before is not more common than it was
        let left = fillings.len() - at;
        if left <= best.0 {
            break;
        }
        let count = fillings[at..].iter().filter(|other| held(other) == held(filling)).count();
        if count > best.0 {
            best = (count, *filling);
        }
    }
    Some(best)
}

/// Whether a gap that most leave empty is still a slot: a third of the forms put something there.
fn varied(fillings: &[(usize, usize, usize)], empty: usize) -> bool {
    (fillings.len() - empty) * 3 >= fillings.len() && fillings.len() > 2
}
