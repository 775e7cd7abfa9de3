//! Two texts, sentence against sentence, in any order: what they have in common word for word, and with holes.

use crate::fingerprint::prose::Prose;

/// Sentences of one text that are compared: what a book holds beyond is left out, so that two books cost no more.
const MOST_SENTENCES: usize = 2_000;

/// Sentences from which a text counts as very long; every doubling beyond asks for one more word in common, and for more of the sentence.
const MANY_SENTENCES: usize = 100;
const CHANCE_RATIO: f64 = 0.04;

/// When two sentences are the same one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Likeness {
    /// Words in common, in order, at least this share of the longer sentence.
    pub ratio: f64,
    /// And at least so many.
    pub words: u32,
}

/// A text as words and the lengths of its sentences.
#[derive(Clone, Copy, Debug)]
pub struct Text<'t> {
    /// Hashes of the words.
    pub words: &'t [u32],
    /// Words of each sentence, at most 64.
    pub lengths: &'t [u8],
}

impl<'t> From<&'t Prose> for Text<'t> {
    fn from(prose: &'t Prose) -> Self {
        Self { words: prose.words(), lengths: prose.lengths() }
    }
}

/// A sentence of one text with its like in the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Matched {
    /// Sentence of the first text.
    pub a: u32,
    /// Sentence of the second.
    pub b: u32,
    /// Words in common, in order.
    pub common: u32,
    /// Whether they are the same word for word.
    pub verbatim: bool,
}

/// What two texts have in common.
#[derive(Clone, Debug, Default)]
pub struct Alignment {
    /// The sentences, each at most once.
    pub matches: Vec<Matched>,
    /// Words in common, in order, inside them.
    pub common: u32,
    /// Words of these sentences, counted in the shorter of each two.
    pub covered: u32,
    /// Those of sentences that are the same word for word.
    pub verbatim: u32,
    /// Sentences that are not.
    pub changed: u32,
}

/// One text made ready to be compared with many.
pub struct Aligner<'t> {
    text: Text<'t>,
    starts: Vec<u32>,
    signatures: Vec<u64>,
    /// Hash of each sentence with its number, ascending.
    whole: Vec<(u64, u32)>,
    /// Word → number, open addressing.
    slots: Vec<(u32, u32)>,
    /// Number of each word.
    ids: Vec<u32>,
    /// Where each word stands in the sentence at hand.
    masks: Vec<u64>,
    /// The other text, in the numbers of this one.
    other: Vec<u32>,
}

impl<'t> Aligner<'t> {
    /// Makes a text ready.
    #[must_use]
    pub fn new(text: Text<'t>) -> Self {
        let text = shortened(text);
        let size = (text.words.len() * 2).next_power_of_two().max(16);
        let mut aligner = Self {
            starts: starts(text),
            signatures: signatures(text),
            whole: whole(text),
            text,
            slots: vec![(0, u32::MAX); size],
            ids: Vec::with_capacity(text.words.len()),
            masks: Vec::new(),
            other: Vec::new(),
        };
        let mut count = 0;
        for word in text.words {
            let at = aligner.slot(*word);
            if aligner.slots[at].1 == u32::MAX {
                aligner.slots[at] = (*word, count);
                count += 1;
            }
            let id = aligner.slots[at].1;
            aligner.ids.push(id);
        }
        // one more for words that this text does not have: they stand nowhere
        aligner.masks = vec![0; count as usize + 1];
        aligner
    }

    fn slot(&self, word: u32) -> usize {
        let mask = self.slots.len() - 1;
        let mut at = word as usize & mask;
        while self.slots[at].1 != u32::MAX && self.slots[at].0 != word {
            at = (at + 1) & mask;
        }
        at
    }

    /// Compares another text with this one.
    pub fn align(&mut self, other: Text, like: Likeness) -> Alignment {
        self.align_where(other, like, &|_| true, &|_| true)
    }

    /// The same for some sentences of each side.
    pub fn align_where(&mut self, other: Text, like: Likeness, of_a: &dyn Fn(usize) -> bool, of_b: &dyn Fn(usize) -> bool) -> Alignment {
        let other = shortened(other);
        let mut found = Alignment::default();
        let mut taken_a = vec![false; self.text.lengths.len()];
        let mut taken_b = vec![false; other.lengths.len()];
        for (i, taken) in taken_a.iter_mut().enumerate() {
            *taken = u32::from(self.text.lengths[i]) < like.words || !of_a(i);
        }
        for (j, taken) in taken_b.iter_mut().enumerate() {
            *taken = u32::from(other.lengths[j]) < like.words || !of_b(j);
        }
        let other_starts = starts(other);
        self.verbatim(other, &other_starts, &mut taken_a, &mut taken_b, &mut found);
        if taken_a.iter().any(|taken| !taken) && taken_b.iter().any(|taken| !taken) {
            self.changed(other, &other_starts, like, &mut taken_a, &mut taken_b, &mut found);
        }
        found.matches.sort_unstable_by_key(|pair| (pair.b, pair.a));
        found
    }

    /// Sentences that are the same word for word.
    fn verbatim(&self, other: Text, other_starts: &[u32], taken_a: &mut [bool], taken_b: &mut [bool], found: &mut Alignment) {
        let theirs = whole(other);
        let (mut i, mut j) = (0, 0);
        while i < self.whole.len() && j < theirs.len() {
            let (a, b) = (self.whole[i], theirs[j]);
            if a.0 < b.0 || (a.0 == b.0 && taken_a[a.1 as usize]) {
                i += 1;
            } else if b.0 < a.0 || taken_b[b.1 as usize] {
                j += 1;
            } else {
                (i, j) = (i + 1, j + 1);
                let ours = sentence(self.text, &self.starts, a.1 as usize);
                if ours != sentence(other, other_starts, b.1 as usize) {
                    continue;
                }
                let common = ours.len() as u32;
                (taken_a[a.1 as usize], taken_b[b.1 as usize]) = (true, true);
                found.matches.push(Matched { a: a.1, b: b.1, common, verbatim: true });
                found.common += common;
                found.covered += common;
                found.verbatim += common;
            }
        }
    }

    /// Sentences with holes: the best pairs first.
    fn changed(&mut self, other: Text, other_starts: &[u32], like: Likeness, taken_a: &mut [bool], taken_b: &mut [bool], found: &mut Alignment) {
        let unknown = self.masks.len() as u32 - 1;
        let mut numbers = std::mem::take(&mut self.other);
        numbers.clear();
        numbers.extend(other.words.iter().map(|word| self.slots[self.slot(*word)].1.min(unknown)));
        let open: Vec<(u32, u8, u64)> =
            signatures(other).into_iter().enumerate().filter(|(j, _)| !taken_b[*j]).map(|(j, signature)| (j as u32, other.lengths[j], signature)).collect();
        // among very many sentences some are alike by chance: each must then have more in common
        let many = (self.text.lengths.len().max(other.lengths.len()) / MANY_SENTENCES).checked_ilog2().map_or(0, |log| log + 1);
        let ratio = like.ratio + f64::from(many) * CHANCE_RATIO;
        let needed: Vec<u32> = (0..=64).map(|longer| (like.words + many).max((f64::from(longer) * ratio).ceil() as u32)).collect();
        let mut pairs: Vec<(u32, u32, u32)> = Vec::new();
        for (i, length) in self.text.lengths.iter().enumerate() {
            if taken_a[i] {
                continue;
            }
            let signature = self.signatures[i];
            let ids = &self.ids[self.starts[i] as usize..self.starts[i + 1] as usize];
            let mut ready = false;
            for (j, other_length, other_signature) in &open {
                let least = needed[usize::from(*length.max(other_length)).min(64)];
                // two bits of the signature may be one and a word may stand twice: half of the words needed is a safe sign
                if u32::from(*length.min(other_length)) < least || (signature & other_signature).count_ones() * 2 < least {
                    continue;
                }
                if !ready {
                    ready = true;
                    for (at, id) in ids.iter().enumerate() {
                        self.masks[*id as usize] |= 1 << at;
                    }
                }
                let start = other_starts[*j as usize] as usize;
                let common = longest_common(&self.masks, ids.len() as u32, &numbers[start..start + usize::from(*other_length)]);
                if common >= least {
                    pairs.push((common, i as u32, *j));
                }
            }
            if ready {
                for id in ids {
                    self.masks[*id as usize] = 0;
                }
            }
        }
        self.other = numbers;
        pairs.sort_unstable_by_key(|(common, i, j)| (std::cmp::Reverse(*common), *i, *j));
        for (common, i, j) in pairs {
            if taken_a[i as usize] || taken_b[j as usize] {
                continue;
            }
            (taken_a[i as usize], taken_b[j as usize]) = (true, true);
            found.matches.push(Matched { a: i, b: j, common, verbatim: false });
            found.common += common;
            found.covered += u32::from(self.text.lengths[i as usize].min(other.lengths[j as usize]));
            found.changed += 1;
        }
    }
}

/// Length of the longest common subsequence, one machine word a step (Hyyrö).
fn longest_common(masks: &[u64], length: u32, other: &[u32]) -> u32 {
    let mut row = u64::MAX;
    for id in other {
        let hits = row & masks[*id as usize];
        row = row.wrapping_add(hits) | (row - hits);
    }
    let whole = if length >= 64 { u64::MAX } else { (1 << length) - 1 };
    (!row & whole).count_ones()
}

/// The places of a longest common subsequence of two sentences, ascending.
#[must_use]
pub fn common_places(a: &[u32], b: &[u32]) -> Vec<(u8, u8)> {
    let mut rows = Vec::with_capacity(b.len() + 1);
    let mut row = u64::MAX;
    rows.push(row);
    for word in b {
        let mask = a.iter().enumerate().fold(0u64, |mask, (at, other)| mask | u64::from(other == word) << (at & 63));
        let hits = row & mask;
        row = row.wrapping_add(hits) | (row - hits);
        rows.push(row);
    }
    let length = |i: usize, j: usize| {
        let below = if i >= 64 { u64::MAX } else { (1u64 << i) - 1 };
        (!rows[j] & below).count_ones()
    };
    let (mut i, mut j) = (a.len().min(64), b.len());
    let mut places = Vec::new();
    while i > 0 && j > 0 {
        if a[i - 1] == b[j - 1] {
            (i, j) = (i - 1, j - 1);
            places.push((i as u8, j as u8));
        } else if length(i - 1, j) >= length(i, j - 1) {
            i -= 1;
        } else {
            j -= 1;
        }
    }
    places.reverse();
    places
}

/// Where each sentence begins, and where the last one ends.
#[must_use]
pub fn starts(text: Text) -> Vec<u32> {
    let mut at = 0;
    let mut starts = Vec::with_capacity(text.lengths.len() + 1);
    starts.push(0);
    for length in text.lengths {
        at += u32::from(*length);
        starts.push(at);
    }
    starts
}

/// The words of one sentence.
#[must_use]
pub fn sentence<'t>(text: Text<'t>, starts: &[u32], number: usize) -> &'t [u32] {
    &text.words[starts[number] as usize..starts[number + 1] as usize]
}

fn shortened(text: Text) -> Text {
    if text.lengths.len() <= MOST_SENTENCES {
        return text;
    }
    let lengths = &text.lengths[..MOST_SENTENCES];
    let words = lengths.iter().map(|length| usize::from(*length)).sum();
    Text { words: &text.words[..words], lengths }
}

/// One bit a word: sentences without common bits have no common words.
fn signatures(text: Text) -> Vec<u64> {
    let mut at = 0;
    text.lengths
        .iter()
        .map(|length| {
            let words = &text.words[at..at + usize::from(*length)];
            at += usize::from(*length);
            words.iter().fold(0, |bits, word| bits | 1 << (word >> 26))
        })
        .collect()
}

fn whole(text: Text) -> Vec<(u64, u32)> {
    let mut at = 0;
    let mut all: Vec<(u64, u32)> = text
        .lengths
        .iter()
        .enumerate()
        .map(|(number, length)| {
            let words = &text.words[at..at + usize::from(*length)];
            at += usize::from(*length);
            (sentence_hash(words), number as u32)
        })
        .collect();
    all.sort_unstable();
    all
}

/// Hash over the words of a sentence.
#[must_use]
pub fn sentence_hash(words: &[u32]) -> u64 {
    words.iter().fold(words.len() as u64, |hash, word| (hash.rotate_left(23) ^ u64::from(*word)).wrapping_mul(0x9e37_79b9_7f4a_7c15))
}
