//! Lexicons and their forms, and the vocabulary that tells which lexicons a word belongs to.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::{BuildHasherDefault, Hasher};

use crate::document::token::{fold, fold_hash};

/// Number of a word in the vocabulary; 0 is every word that no rule knows.
pub type WordId = u32;
/// Number of a lexicon.
pub type LexiconId = u16;

/// Forms of an entry, as bits.
pub mod form {
    /// Base form of a verb, or a word that has no others.
    pub const BASE: u8 = 1;
    /// Third person.
    pub const S: u8 = 1 << 1;
    /// `-ing`.
    pub const ING: u8 = 1 << 2;
    /// Past and participle.
    pub const PAST: u8 = 1 << 3;
    /// A noun, singular or plural.
    pub const NOUN: u8 = 1 << 4;
    /// All of them.
    pub const ANY: u8 = 0xff;
}

/// Most lexicons a rulebook can have: membership is a bit set.
pub const MOST_LEXICONS: usize = 512;

/// A set of lexicons, or of words by their number modulo 64.
pub type Bits = [u64; 8];

/// A lexicon as written.
#[derive(Clone, Debug, Default)]
pub struct Written {
    /// Verbs: base, or `base > past, participle`.
    pub verbs: Vec<String>,
    /// Nouns: singular, or `singular > plural`.
    pub nouns: Vec<String>,
    /// Words taken as they stand.
    pub words: Vec<String>,
    /// Names of lexicons whose entries belong to this one too.
    pub include: Vec<String>,
}

/// Hashes folded words as the tokenizer does: no keys from outside get here, so that speed is all that counts.
#[derive(Debug)]
struct Folded(u64);

impl Default for Folded {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Hasher for Folded {
    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 29)
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = bytes.iter().fold(self.0, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3));
    }
}

/// All words that rules know.
#[derive(Debug, Default)]
pub struct Vocabulary {
    ids: HashMap<String, WordId, BuildHasherDefault<Folded>>,
    /// How often the word of each number stands in ten thousand words of English prose, roughly.
    often: Vec<f64>,
    /// Open addressing: (hash of the folded word, id); id 0 is an empty place.
    table: Vec<(u64, WordId)>,
    mask: usize,
}

impl Vocabulary {
    /// The number of a word, given a new one if need be. Folds it.
    pub fn intern(&mut self, word: &str) -> WordId {
        let folded = fold(word);
        if let Some(id) = self.ids.get(folded.as_ref()) {
            return *id;
        }
        if self.often.is_empty() {
            self.often.push(0.0);
        }
        let id = u32::try_from(self.often.len()).unwrap_or(u32::MAX);
        self.often.push(super::anchor::frequency(&folded));
        self.ids.insert(folded.into_owned(), id);
        id
    }

    /// How often the word of a number stands in ten thousand words, roughly.
    #[must_use]
    pub fn frequency(&self, id: WordId) -> f64 {
        self.often.get(id as usize).copied().unwrap_or_default()
    }

    /// How many words there are, word 0 included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ids.len() + 1
    }

    /// Whether no rule knows any word.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// Builds the table that [`Self::id_of`] looks into; to be called once, after the last word.
    pub fn freeze(&mut self) {
        let size = (self.ids.len() * 4).next_power_of_two().max(64);
        self.mask = size - 1;
        self.table = vec![(0, 0); size];
        let mut words: Vec<(&String, &WordId)> = self.ids.iter().collect();
        words.sort_by_key(|(_, id)| **id);
        for (word, id) in words {
            let hash = fold_hash(word);
            let mut at = place(hash) & self.mask;
            while self.table[at].1 != 0 {
                at = (at + 1) & self.mask;
            }
            self.table[at] = (hash, *id);
        }
    }

    /// The number of the word with this hash; 0 where no rule knows it.
    #[must_use]
    #[inline]
    pub fn id_of(&self, hash: u64) -> WordId {
        let mut at = place(hash) & self.mask;
        loop {
            let (known, id) = self.table[at];
            if id == 0 || known == hash {
                return id;
            }
            at = (at + 1) & self.mask;
        }
    }
}

/// FNV's low bits are weak for short words: mix the high ones in.
const fn place(hash: u64) -> usize {
    (hash ^ (hash >> 29)) as usize
}

/// An entry of several words.
#[derive(Clone, Debug)]
struct Several {
    words: Vec<WordId>,
    forms: u8,
}

/// All lexicons, compiled.
#[derive(Debug, Default)]
pub struct Lexicons {
    names: BTreeMap<String, LexiconId>,
    /// Per word: the lexicons it belongs to by itself, with forms.
    single: Vec<Vec<(LexiconId, u8)>>,
    /// Per first word: entries of several words with their lexicon, longest first.
    several: Vec<Vec<(LexiconId, Several)>>,
    /// Per word: the lexicons an entry of which it begins.
    begins: Vec<Bits>,
    /// Per word: the lexicons it is an entry of by itself, in any form.
    alone: Vec<Bits>,
    /// Per word: the lexicons an entry of several words of which it begins.
    leads: Vec<Bits>,
    /// Per lexicon: the words that begin an entry, with the forms of those entries.
    first_words: Vec<BTreeMap<WordId, u8>>,
}

impl Lexicons {
    /// Compiles the written lexicons. Names that are included and do not exist must have been reported before.
    #[must_use]
    pub fn compile(written: &BTreeMap<String, Written>, vocabulary: &mut Vocabulary) -> Self {
        let mut lexicons = Self::default();
        for name in written.keys().take(MOST_LEXICONS) {
            let id = u16::try_from(lexicons.names.len()).unwrap_or(u16::MAX);
            lexicons.names.insert(name.clone(), id);
        }
        lexicons.first_words = vec![BTreeMap::new(); lexicons.names.len()];
        for (name, id) in lexicons.names.clone() {
            let mut entries = BTreeMap::new();
            collect(&name, written, &mut BTreeSet::new(), &mut entries);
            for (entry, forms) in entries {
                for spelling in spellings(&entry) {
                    lexicons.add(id, &spelling, forms, vocabulary);
                }
            }
        }
        for entries in &mut lexicons.several {
            entries
                .sort_by(|(a_lexicon, a), (b_lexicon, b)| a_lexicon.cmp(b_lexicon).then(b.words.len().cmp(&a.words.len())).then_with(|| a.words.cmp(&b.words)));
        }
        lexicons
    }

    fn add(&mut self, id: LexiconId, entry: &str, forms: u8, vocabulary: &mut Vocabulary) {
        let words: Vec<WordId> = entry.split_whitespace().map(|word| vocabulary.intern(word)).collect();
        let Some(&first) = words.first() else { return };
        *self.first_words[id as usize].entry(first).or_default() |= forms;
        let most = words.iter().max().map_or(0, |word| *word as usize + 1);
        if self.single.len() < most {
            self.single.resize_with(most, Vec::new);
            self.several.resize_with(most, Vec::new);
        }
        if words.len() > 1 {
            self.several[first as usize].push((id, Several { words, forms }));
            return;
        }
        let memberships = &mut self.single[first as usize];
        match memberships.iter_mut().find(|(known, _)| *known == id) {
            Some((_, known)) => *known |= forms,
            None => memberships.push((id, forms)),
        }
    }

    /// Fills the per-word bit sets; to be called once the vocabulary is complete.
    pub fn freeze(&mut self, vocabulary: &Vocabulary) {
        self.begins = vec![[0; 8]; vocabulary.len()];
        self.single.resize_with(vocabulary.len(), Vec::new);
        self.several.resize_with(vocabulary.len(), Vec::new);
        self.alone = vec![[0; 8]; vocabulary.len()];
        self.leads = vec![[0; 8]; vocabulary.len()];
        for (id, words) in self.first_words.iter().enumerate() {
            for word in words.keys() {
                self.begins[*word as usize][id / 64] |= 1 << (id % 64);
            }
        }
        for (word, memberships) in self.single.iter().enumerate() {
            for (id, _) in memberships {
                self.alone[word][*id as usize / 64] |= 1 << (id % 64);
            }
        }
        for (word, entries) in self.several.iter().enumerate() {
            for (id, _) in entries {
                self.leads[word][*id as usize / 64] |= 1 << (id % 64);
            }
        }
    }

    /// The number of a lexicon.
    #[must_use]
    pub fn id(&self, name: &str) -> Option<LexiconId> {
        self.names.get(name).copied()
    }

    /// The names of all lexicons.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.names.keys().map(String::as_str)
    }

    /// The lexicons an entry of which begins with this word.
    #[must_use]
    #[inline]
    pub fn begins(&self, word: WordId) -> &Bits {
        &self.begins[word as usize]
    }

    /// The lexicons that this word is an entry of by itself.
    #[must_use]
    #[inline]
    pub fn alone(&self, word: WordId) -> &Bits {
        &self.alone[word as usize]
    }

    /// The words that begin an entry of the lexicon in one of the forms.
    pub fn first_words(&self, id: LexiconId, forms: u8) -> impl Iterator<Item = WordId> {
        self.first_words[id as usize].iter().filter(move |(_, known)| **known & forms != 0).map(|(word, _)| *word)
    }

    /// Whether the word by itself is an entry of the lexicon in one of the forms.
    #[must_use]
    #[inline]
    pub fn is_entry(&self, id: LexiconId, forms: u8, word: WordId) -> bool {
        if let Some(bits) = self.alone.get(word as usize) {
            if bits[id as usize / 64] >> (id % 64) & 1 == 0 {
                return false;
            }
            if forms == form::ANY {
                return true;
            }
        }
        self.single.get(word as usize).is_some_and(|memberships| memberships.iter().any(|(known, has)| *known == id && has & forms != 0))
    }

    /// Token counts of the entries of the lexicon that begin at the word `first`, longest first; `next(i)` gives the word `i` tokens further on.
    #[inline]
    pub fn lengths(&self, id: LexiconId, forms: u8, first: WordId, next: impl Fn(usize) -> Option<WordId>) -> Lengths {
        let mut lengths = Lengths::default();
        if self.begins[first as usize][id as usize / 64] >> (id % 64) & 1 == 0 {
            return lengths;
        }
        if self.leads[first as usize][id as usize / 64] >> (id % 64) & 1 == 0 {
            if self.is_entry(id, forms, first) {
                lengths.push(1);
            }
            return lengths;
        }
        let entries = &self.several[first as usize];
        let from = entries.partition_point(|(lexicon, _)| *lexicon < id);
        for (_, entry) in entries[from..].iter().take_while(|(lexicon, _)| *lexicon == id) {
            let fits = entry.forms & forms != 0 && entry.words.iter().enumerate().skip(1).all(|(i, word)| next(i) == Some(*word));
            if fits {
                lengths.push(entry.words.len());
            }
        }
        if self.is_entry(id, forms, first) {
            lengths.push(1);
        }
        lengths
    }
}

/// Token counts, longest first, each once; entries that share a beginning are few.
#[derive(Clone, Copy, Debug, Default)]
pub struct Lengths {
    counts: [u8; 8],
    used: usize,
}

impl Lengths {
    fn push(&mut self, count: usize) {
        let count = u8::try_from(count).unwrap_or(u8::MAX);
        if self.used < self.counts.len() && !self.counts[..self.used].contains(&count) {
            self.counts[self.used] = count;
            self.used += 1;
        }
    }

    /// The counts.
    #[must_use]
    pub fn as_slice(&self) -> &[u8] {
        &self.counts[..self.used]
    }
}

/// All entries of a lexicon and of what it includes, with their forms.
fn collect(name: &str, written: &BTreeMap<String, Written>, seen: &mut BTreeSet<String>, out: &mut BTreeMap<String, u8>) {
    let Some(lexicon) = written.get(name).filter(|_| seen.insert(name.to_owned())) else { return };
    let mut add = |entry: String, forms: u8| *out.entry(entry).or_default() |= forms;
    for verb in &lexicon.verbs {
        for (entry, forms) in verb_forms(verb) {
            add(entry, forms);
        }
    }
    for noun in &lexicon.nouns {
        for entry in noun_forms(noun) {
            add(entry, form::NOUN);
        }
    }
    for word in &lexicon.words {
        add(word.trim().to_lowercase(), form::BASE);
    }
    for other in &lexicon.include {
        collect(other, written, seen, out);
    }
}

/// A hyphen in an entry also stands for a space.
pub(super) fn spellings(entry: &str) -> Vec<String> {
    let mut all = vec![entry.to_owned()];
    if entry.contains('-') {
        all.push(entry.replace('-', " "));
    }
    all
}

/// `take profits > took profits, taken profits`, or a regular verb whose first word is inflected.
fn verb_forms(written: &str) -> Vec<(String, u8)> {
    let lower = written.to_lowercase();
    let (base, past) = lower.split_once('>').map_or((lower.trim(), None), |(base, past)| (base.trim(), Some(past)));
    let (first, rest) = base.split_once(' ').map_or((base, String::new()), |(first, rest)| (first, format!(" {rest}")));
    let mut forms = vec![(base.to_owned(), form::BASE), (format!("{}{rest}", third_person(first)), form::S), (format!("{}{rest}", ing(first)), form::ING)];
    match past {
        Some(past) => forms.extend(past.split(',').map(|past| (past.trim().to_owned(), form::PAST))),
        None => forms.push((format!("{}{rest}", regular_past(first)), form::PAST)),
    }
    forms
}

fn noun_forms(written: &str) -> Vec<String> {
    let lower = written.to_lowercase();
    if let Some((singular, plural)) = lower.split_once('>') {
        let mut forms = vec![singular.trim().to_owned()];
        forms.extend(plural.split(',').map(|plural| plural.trim().to_owned()));
        return forms;
    }
    let singular = lower.trim();
    vec![singular.to_owned(), plural(singular)]
}

fn is_vowel(c: char) -> bool {
    matches!(c, 'a' | 'e' | 'i' | 'o' | 'u')
}

fn plural(word: &str) -> String {
    third_person(word)
}

fn third_person(word: &str) -> String {
    let before_y = word.strip_suffix('y').filter(|stem| stem.chars().last().is_some_and(|c| !is_vowel(c)));
    if let Some(stem) = before_y {
        return format!("{stem}ies");
    }
    if word.ends_with('s')
        || word.ends_with('x')
        || word.ends_with('z')
        || word.ends_with("ch")
        || word.ends_with("sh")
        || (word.ends_with('o') && word.len() <= 3)
    {
        return format!("{word}es");
    }
    format!("{word}s")
}

/// Whether the last consonant doubles: one syllable, consonant-vowel-consonant.
fn doubles(word: &str) -> bool {
    let chars: Vec<char> = word.chars().collect();
    let [.., a, b, c] = chars.as_slice() else { return false };
    let syllables = chars.iter().enumerate().filter(|(i, c)| is_vowel(**c) && (*i == 0 || !is_vowel(chars[i - 1]))).count();
    syllables == 1 && !is_vowel(*a) && is_vowel(*b) && !is_vowel(*c) && !matches!(c, 'w' | 'x' | 'y')
}

fn doubled(word: &str) -> String {
    let last = word.chars().last().filter(|_| doubles(word));
    last.map_or_else(|| word.to_owned(), |last| format!("{word}{last}"))
}

fn ing(word: &str) -> String {
    if let Some(stem) = word.strip_suffix("ie") {
        return format!("{stem}ying");
    }
    match word.strip_suffix('e').filter(|stem| !stem.ends_with('e') && stem.len() > 1) {
        Some(stem) => format!("{stem}ing"),
        None => format!("{}ing", doubled(word)),
    }
}

fn regular_past(word: &str) -> String {
    let before_y = word.strip_suffix('y').filter(|stem| stem.chars().last().is_some_and(|c| !is_vowel(c)));
    if let Some(stem) = before_y {
        return format!("{stem}ied");
    }
    if word.ends_with('e') { format!("{word}d") } else { format!("{}ed", doubled(word)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forms(verb: &str) -> Vec<String> {
        verb_forms(verb).into_iter().map(|(form, _)| form).collect()
    }

    #[test]
    fn verbs_take_their_forms() {
        assert_eq!(forms("trim"), ["trim", "trims", "trimming", "trimmed"]);
        assert_eq!(forms("buy > bought"), ["buy", "buys", "buying", "bought"]);
        assert_eq!(forms("get out of > got out of, gotten out of"), ["get out of", "gets out of", "getting out of", "got out of", "gotten out of"]);
        assert_eq!(forms("carry"), ["carry", "carries", "carrying", "carried"]);
        assert_eq!(forms("unload"), ["unload", "unloads", "unloading", "unloaded"]);
        assert_eq!(forms("accumulate"), ["accumulate", "accumulates", "accumulating", "accumulated"]);
        assert_eq!(forms("purchase"), ["purchase", "purchases", "purchasing", "purchased"]);
    }

    #[test]
    fn nouns_take_their_plural() {
        assert_eq!(noun_forms("commodity"), ["commodity", "commodities"]);
        assert_eq!(noun_forms("box"), ["box", "boxes"]);
        assert_eq!(noun_forms("index > indices"), ["index", "indices"]);
    }
}
