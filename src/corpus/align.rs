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
    /// [`quick_hash`] of each sentence with its number, ascending.
    whole: Vec<(u64, u32)>,
    /// Word → number, open addressing.
    slots: Vec<(u32, u32)>,
    /// Number of each word.
    ids: Vec<u32>,
    /// A word that stands in one sentence again counts under a number of its own: the next one after each number.
    again: Vec<u32>,
    /// For every number the sentences that have it, one bit each, [`Self::width`] words a number.
    holders: Vec<u64>,
    width: usize,
    /// Where each word stands in the sentence at hand.
    masks: Vec<u64>,
    /// For each word the sentence in which it was last met, and the number that it counted under there.
    met: Vec<(u32, u32)>,
    sentences_met: u32,
    /// The other text, in the numbers of this one.
    other: Vec<u32>,
    /// What its sentences ask for, where it is a template.
    holes: Option<Holes>,
}

/// Words in common that two sentences need.
#[derive(Clone, Copy)]
struct Needs {
    words: u32,
    ratio: f64,
}

impl Needs {
    /// `many`: how often the texts double what is long already. Among very many sentences some are alike by chance: each must then have
    /// more in common.
    fn new(like: Likeness, many: u32) -> Self {
        Self { words: like.words + many, ratio: like.ratio + f64::from(many) * CHANCE_RATIO }
    }

    /// What sentences need that stand beside sentences in common.
    fn beside(self) -> Self {
        Self { ratio: self.ratio - ALLOWANCE, ..self }
    }

    /// By the words of the longer one.
    fn of(self, longer: usize) -> u32 {
        self.words.max(whole_words(longer.min(64) as f64 * self.ratio))
    }
}

/// What the sentences of a template ask of those of an article.
struct Holes {
    /// Words of the sentences that each was made of.
    lengths: Vec<u8>,
    /// Words that each needs at least, bit by bit for 64 sentences.
    least: Vec<[u64; PLANES]>,
}

/// Sentences of a template need this much more of their words than two articles of their sentences: the holes are gone already.
const OF_TEMPLATE: f64 = 0.1;
/// Changed sentences from which two articles are known to be near each other sentence by sentence.
const SEEDS: u32 = 3;
/// How far from a sentence in common others are looked for, what they may lack of the usual share, and the words in common that must not
/// stand all over the text.
const AROUND: usize = 3;
const ALLOWANCE: f64 = 0.15;
const TELLING: usize = 2;

/// No number.
const NONE: u32 = u32::MAX;
/// Bits of a count of words in common.
const PLANES: usize = 7;

impl<'t> Aligner<'t> {
    /// Makes a text ready.
    #[must_use]
    pub fn new(text: Text<'t>) -> Self {
        let text = shortened(text);
        let size = (text.words.len() * 2).next_power_of_two().max(16);
        let mut aligner = Self {
            starts: starts(text),
            whole: whole(text),
            text,
            slots: vec![(0, NONE); size],
            ids: Vec::with_capacity(text.words.len()),
            again: Vec::new(),
            holders: Vec::new(),
            width: text.lengths.len().div_ceil(64),
            masks: Vec::new(),
            met: Vec::new(),
            sentences_met: 0,
            other: Vec::new(),
            holes: None,
        };
        let mut count = 0;
        for word in text.words {
            let (at, mut id) = aligner.slot(*word);
            if id == NONE {
                aligner.slots[at] = (*word, count);
                id = count;
                count += 1;
            }
            aligner.ids.push(id);
        }
        aligner.masks = vec![0; count as usize];
        aligner.met = vec![(0, NONE); count as usize];
        aligner.again = vec![NONE; count as usize];
        aligner.holders = vec![0; count as usize * aligner.width];
        let ids = std::mem::take(&mut aligner.ids);
        for (sentence, range) in aligner.starts.windows(2).enumerate() {
            let (part, bit) = (sentence / 64, 1 << (sentence % 64));
            aligner.sentences_met += 1;
            for id in &ids[range[0] as usize..range[1] as usize] {
                let met = &mut aligner.met[*id as usize];
                let mut number = *id;
                if met.0 == aligner.sentences_met {
                    number = aligner.again[met.1 as usize];
                    if number == NONE {
                        number = aligner.again.len() as u32;
                        aligner.again[met.1 as usize] = number;
                        aligner.again.push(NONE);
                        aligner.holders.resize(aligner.again.len() * aligner.width, 0);
                    }
                }
                *met = (aligner.sentences_met, number);
                aligner.holders[number as usize * aligner.width + part] |= bit;
            }
        }
        aligner.ids = ids;
        aligner.holders.resize((aligner.again.len() + 1) * aligner.width, 0);
        aligner
    }

    /// Makes a template ready. `lengths`: words of the sentences that each of its sentences was made of.
    #[must_use]
    pub fn of_template(text: Text<'t>, lengths: &[u8], like: Likeness) -> Self {
        let mut aligner = Self::new(text);
        let mut least = vec![[0u64; PLANES]; aligner.width];
        for (i, words) in aligner.text.lengths.iter().enumerate() {
            let needed = of_template(*words, 1, 1, like).min((1 << PLANES) - 1);
            for (bit, plane) in least[i / 64].iter_mut().enumerate() {
                *plane |= u64::from(needed >> bit & 1) << (i % 64);
            }
        }
        aligner.holes = Some(Holes { lengths: lengths.to_vec(), least });
        aligner
    }

    /// The slot of a word, and its number; [`NONE`] where it has none.
    #[inline]
    fn slot(&self, word: u32) -> (usize, u32) {
        let mask = self.slots.len() - 1;
        let mut at = word as usize & mask;
        loop {
            let (known, number) = self.slots[at];
            if number == NONE || known == word {
                return (at, number);
            }
            at = (at + 1) & mask;
        }
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
        if self.holes.is_none() {
            self.verbatim(other, &other_starts, &mut taken_a, &mut taken_b, &mut found);
        }
        if taken_a.iter().any(|taken| !taken) && taken_b.iter().any(|taken| !taken) {
            self.changed(other, &other_starts, like, &mut taken_a, &mut taken_b, &mut found);
        }
        found.matches.sort_unstable_by_key(|pair| (pair.b, pair.a));
        found
    }

    /// Sentences that are the same word for word.
    fn verbatim(&self, other: Text, other_starts: &[u32], taken_a: &mut [bool], taken_b: &mut [bool], found: &mut Alignment) {
        for (j, taken) in taken_b.iter_mut().enumerate().filter(|(_, taken)| !**taken) {
            let theirs = sentence(other, other_starts, j);
            let hash = quick_hash(theirs);
            let from = self.whole.partition_point(|(other, _)| *other < hash);
            let same = self.whole[from..].iter().take_while(|(other, _)| *other == hash).map(|(_, i)| *i as usize);
            for i in same {
                if taken_a[i] || sentence(self.text, &self.starts, i) != theirs {
                    continue;
                }
                let common = theirs.len() as u32;
                (taken_a[i], *taken) = (true, true);
                found.matches.push(Matched { a: i as u32, b: j as u32, common, verbatim: true });
                found.common += common;
                found.covered += common;
                found.verbatim += common;
                break;
            }
        }
    }

    /// Sentences with holes: the best pairs first.
    ///
    /// A common subsequence is never longer than the words in common in any order, and those are counted for 64 sentences at once:
    /// every word of a sentence adds the bits of its holders to counters that lie bit by bit in machine words.
    fn changed(&mut self, other: Text, other_starts: &[u32], like: Likeness, taken_a: &mut [bool], taken_b: &mut [bool], found: &mut Alignment) {
        let mut numbers = std::mem::take(&mut self.other);
        numbers.clear();
        numbers.extend(other.words.iter().map(|word| self.slot(*word).1));
        let many = (self.text.lengths.len().max(other.lengths.len()) / MANY_SENTENCES).checked_ilog2().map_or(0, |log| log + 1);
        let needs = Needs::new(like, many);
        let mut open = vec![0u64; self.width];
        for (i, _) in taken_a.iter().enumerate().filter(|(_, taken)| !**taken) {
            open[i / 64] |= 1 << (i % 64);
        }
        let mut pairs: Vec<(u32, u32, u32)> = Vec::new();
        let mut counted: Vec<usize> = Vec::with_capacity(64);
        for (j, _) in taken_b.iter().enumerate().filter(|(_, taken)| !**taken) {
            let theirs = &numbers[other_starts[j] as usize..other_starts[j + 1] as usize];
            let least = needs.of(theirs.len());
            // most sentences have too few words of this text to be like any of it
            let known = theirs.iter().filter(|id| **id != NONE).count() as u32;
            if known < like.words || self.holes.is_none() && known < least {
                continue;
            }
            self.sentences_met += 1;
            counted.clear();
            for id in theirs.iter().filter(|id| **id != NONE) {
                let met = &mut self.met[*id as usize];
                let number = match met.1 {
                    _ if met.0 != self.sentences_met => *id,
                    NONE => NONE,
                    before => self.again[before as usize],
                };
                *met = (self.sentences_met, number);
                if number != NONE {
                    counted.push(number as usize * self.width);
                }
            }
            if (counted.len() as u32) < like.words || self.holes.is_none() && (counted.len() as u32) < least {
                continue;
            }
            let all: [u64; PLANES] = std::array::from_fn(|bit| if least >> bit & 1 == 1 { u64::MAX } else { 0 });
            // filled up with a number that no sentence has
            counted.resize(counted.len().next_multiple_of(4), self.again.len() * self.width);
            let mut ready = false;
            for (part, open) in open.iter().enumerate() {
                let planes = counts(&self.holders, &counted, part);
                let mut enough = at_least(&planes, self.holes.as_ref().map_or(&all, |holes| &holes.least[part])) & open;
                while enough != 0 {
                    let bit = enough.trailing_zeros();
                    enough &= enough - 1;
                    let i = part * 64 + bit as usize;
                    let length = usize::from(self.text.lengths[i]);
                    let least = match &self.holes {
                        None => needs.of(length.max(theirs.len())),
                        Some(holes) => of_template(length as u8, theirs.len() as u32, u32::from(holes.lengths[i]), like),
                    };
                    if planes.iter().rev().fold(0, |count, plane| count << 1 | (plane >> bit & 1) as u32) < least {
                        continue;
                    }
                    if !ready {
                        ready = true;
                        for (at, id) in theirs.iter().enumerate().filter(|(_, id)| **id != NONE) {
                            self.masks[*id as usize] |= 1 << (at & 63);
                        }
                    }
                    let ours = &self.ids[self.starts[i] as usize..self.starts[i + 1] as usize];
                    let common = longest_common(&self.masks, theirs.len() as u32, ours);
                    if common >= least {
                        pairs.push((common, i as u32, j as u32));
                    }
                }
            }
            if ready {
                for id in theirs.iter().filter(|id| **id != NONE) {
                    self.masks[*id as usize] = 0;
                }
            }
        }
        take(pairs, self.text, other, taken_a, taken_b, found);
        found.changed = found.matches.iter().filter(|pair| !pair.verbatim).count() as u32;
        if self.holes.is_none() && found.changed >= SEEDS {
            let against = Against { numbers: &numbers, starts: other_starts };
            let pairs = self.around(&against, needs.beside(), taken_a, taken_b, found);
            take(pairs, self.text, other, taken_a, taken_b, found);
        }
        self.other = numbers;
    }

    /// Sentences around those in common: what stands beside them in both texts and has telling words in common is the same sentence, also
    /// where less is left of it.
    fn around(&mut self, against: &Against, needs: Needs, taken_a: &[bool], taken_b: &[bool], found: &Alignment) -> Vec<(u32, u32, u32)> {
        let many = (self.text.lengths.len() / 16).max(1) as u32;
        let mut like_of = vec![NONE; taken_b.len()];
        for pair in &found.matches {
            like_of[pair.b as usize] = pair.a;
        }
        let mut pairs = Vec::new();
        let mut near: Vec<usize> = Vec::new();
        for j in (0..taken_b.len()).filter(|j| !taken_b[*j]) {
            near.clear();
            for i in like_of[j.saturating_sub(AROUND)..(j + AROUND + 1).min(like_of.len())].iter().filter(|i| **i != NONE) {
                let i = *i as usize;
                near.extend((i.saturating_sub(AROUND)..(i + AROUND + 1).min(taken_a.len())).filter(|i| !taken_a[*i]));
            }
            near.sort_unstable();
            near.dedup();
            let theirs = &against.numbers[against.starts[j] as usize..against.starts[j + 1] as usize];
            for i in &near {
                let ours = &self.ids[self.starts[*i] as usize..self.starts[*i + 1] as usize];
                let places = common_places(ours, theirs);
                let telling = places.iter().filter(|(at, _)| {
                    let id = ours[usize::from(*at)] as usize;
                    let holders = &self.holders[id * self.width..(id + 1) * self.width];
                    holders.iter().map(|bits| bits.count_ones()).sum::<u32>() <= many
                });
                if places.len() as u32 >= needs.of(ours.len().max(theirs.len())) && telling.count() >= TELLING {
                    pairs.push((places.len() as u32, *i as u32, j as u32));
                }
            }
        }
        pairs
    }
}

/// The other text as the words of this one.
struct Against<'a> {
    /// The numbers of its words in this text.
    numbers: &'a [u32],
    /// Where its sentences begin in them, and the end.
    starts: &'a [u32],
}

/// Takes the best pairs of sentences first, each sentence once.
fn take(mut pairs: Vec<(u32, u32, u32)>, text: Text, other: Text, taken_a: &mut [bool], taken_b: &mut [bool], found: &mut Alignment) {
    pairs.sort_unstable_by_key(|(common, i, j)| (std::cmp::Reverse(*common), *i, *j));
    for (common, i, j) in pairs {
        if taken_a[i as usize] || taken_b[j as usize] {
            continue;
        }
        (taken_a[i as usize], taken_b[j as usize]) = (true, true);
        found.matches.push(Matched { a: i, b: j, common, verbatim: false });
        found.common += common;
        found.covered += u32::from(text.lengths[i as usize].min(other.lengths[j as usize]));
    }
}

/// Words that a sentence of an article must have of one of a template, by the words of the template, of the article, and of the sentences
/// that the template was made of.
fn of_template(words: u8, theirs: u32, made_of: u32, like: Likeness) -> u32 {
    let longer = f64::from(theirs) / f64::from(made_of.max(1));
    like.words.max(whole_words(f64::from(words) * (like.ratio + OF_TEMPLATE) * longer.max(1.0)))
}

/// A share of words, rounded up: without the call that rounding is on older processors.
const fn whole_words(share: f64) -> u32 {
    let whole = share as u32;
    if share > whole as f64 { whole.saturating_add(1) } else { whole }
}

/// Counts for 64 sentences how many of some numbers they have; bit by bit from the lowest. `numbers`: where the holders of each begin, a
/// multiple of four of them.
fn counts(holders: &[u64], numbers: &[usize], part: usize) -> [u64; PLANES] {
    let add = |a: u64, b: u64, c: u64| (a ^ b ^ c, (a & b) | ((a ^ b) & c));
    let of = |number: usize| holders.get(number + part).copied().unwrap_or(0);
    let mut planes = [0u64; PLANES];
    for four in numbers.chunks_exact(4) {
        let (ones, first) = add(planes[0], of(four[0]), of(four[1]));
        let (ones, second) = add(ones, of(four[2]), of(four[3]));
        let (twos, mut carry) = add(planes[1], first, second);
        (planes[0], planes[1]) = (ones, twos);
        for plane in &mut planes[2..] {
            (*plane, carry) = (*plane ^ carry, *plane & carry);
        }
    }
    planes
}

/// Which of 64 counters, bit by bit from the lowest, hold at least what others do.
fn at_least(planes: &[u64; PLANES], least: &[u64; PLANES]) -> u64 {
    let (mut more, mut same) = (0, u64::MAX);
    for (plane, least) in planes.iter().zip(least).rev() {
        more |= same & plane & !least;
        same &= !(plane ^ least);
    }
    more | same
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
    let shorter = a.len().min(b.len());
    let before = (0..shorter).take_while(|i| a[*i] == b[*i]).count();
    let behind = (0..shorter - before).take_while(|i| a[a.len() - 1 - i] == b[b.len() - 1 - i]).count();
    let mut places: Vec<(u8, u8)> = Vec::with_capacity(shorter);
    places.extend((0..before).map(|i| (i as u8, i as u8)));
    between(&a[before..a.len() - behind], &b[before..b.len() - behind], before, &mut places);
    places.extend((0..behind).rev().map(|i| ((a.len() - 1 - i) as u8, (b.len() - 1 - i) as u8)));
    places
}

/// The same for what stands between a common beginning and a common end.
fn between(a: &[u32], b: &[u32], offset: usize, places: &mut Vec<(u8, u8)>) {
    if a.is_empty() || b.is_empty() {
        return;
    }
    // sentences of an article are short enough for what needs no allocation
    let (mut few, mut many) = ([u64::MAX; 64], Vec::new());
    let rows: &mut [u64] = if b.len() < few.len() {
        &mut few
    } else {
        many.resize(b.len() + 1, u64::MAX);
        &mut many
    };
    let mut row = u64::MAX;
    for (word, after) in b.iter().zip(&mut rows[1..]) {
        let mask = a.iter().enumerate().fold(0u64, |mask, (at, other)| mask | u64::from(other == word) << (at & 63));
        let hits = row & mask;
        row = row.wrapping_add(hits) | (row - hits);
        *after = row;
    }
    let length = |i: usize, j: usize| {
        let below = if i >= 64 { u64::MAX } else { (1u64 << i) - 1 };
        (!rows[j] & below).count_ones()
    };
    let (mut i, mut j) = (a.len().min(64), b.len());
    let first = places.len();
    while i > 0 && j > 0 {
        if a[i - 1] == b[j - 1] {
            (i, j) = (i - 1, j - 1);
            places.push(((offset + i) as u8, (offset + j) as u8));
        } else if length(i - 1, j) >= length(i, j - 1) {
            i -= 1;
        } else {
            j -= 1;
        }
    }
    places[first..].reverse();
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

fn whole(text: Text) -> Vec<(u64, u32)> {
    let mut at = 0;
    let mut all: Vec<(u64, u32)> = text
        .lengths
        .iter()
        .enumerate()
        .map(|(number, length)| {
            let words = &text.words[at..at + usize::from(*length)];
            at += usize::from(*length);
            (quick_hash(words), number as u32)
        })
        .collect();
    all.sort_unstable();
    all
}

/// What the word at each place of a sentence is multiplied by: odd, their bits in no order.
const FACTORS: [u32; 64] = {
    let mut factors = [0; 64];
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut at = 0;
    while at < factors.len() {
        state = state.wrapping_mul(0xd134_2543_de82_ef95).wrapping_add(1);
        factors[at] = (state >> 32) as u32 | 1;
        at += 1;
    }
    factors
};

/// A hash of a sentence whose words do not wait for each other. It only proposes: who finds two alike compares their words.
fn quick_hash(words: &[u32]) -> u64 {
    let each = words.iter().zip(&FACTORS).map(|(word, factor)| u64::from(*word).wrapping_mul(u64::from(*factor)));
    each.fold(words.len() as u64, u64::wrapping_add)
}

/// Hash over the words of a sentence.
#[must_use]
pub fn sentence_hash(words: &[u32]) -> u64 {
    words.iter().fold(words.len() as u64, |hash, word| (hash.rotate_left(23) ^ u64::from(*word)).wrapping_mul(0x9e37_79b9_7f4a_7c15))
}
