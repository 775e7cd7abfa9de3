//! Lexicons and their forms, and the vocabulary that tells which lexicons a word belongs to.

use std::collections::{BTreeMap, HashMap};
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

    /// Takes in the words of another vocabulary. Returns its numbers as they are here, by number.
    pub fn absorb(&mut self, other: Self) -> Vec<WordId> {
        let mut words: Vec<(WordId, String)> = other.ids.into_iter().map(|(word, id)| (id, word)).collect();
        words.sort_unstable();
        std::iter::once(0).chain(words.into_iter().map(|(_, word)| self.intern(&word))).collect()
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

/// An entry: a run of [`Lexicons::words`].
#[derive(Clone, Copy, Debug)]
struct Entry {
    start: u32,
    length: u32,
    forms: u8,
}

/// An entry of several words, as one of a lexicon.
#[derive(Clone, Copy, Debug)]
struct Several {
    entry: Entry,
    lexicon: LexiconId,
}

/// An entry of several words that stands in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Standing {
    /// Its lexicon.
    pub lexicon: LexiconId,
    /// Its words.
    pub length: u8,
    /// Its forms.
    pub forms: u8,
}

/// The numbers of lexicons by name.
#[derive(Clone, Debug, Default)]
pub struct Names(BTreeMap<String, LexiconId>);

impl Names {
    /// Numbers the written lexicons.
    #[must_use]
    pub fn of(written: &BTreeMap<String, Written>) -> Self {
        Self(written.keys().take(MOST_LEXICONS).cloned().zip(0..).collect())
    }

    /// The number of a lexicon.
    #[must_use]
    pub fn id(&self, name: &str) -> Option<LexiconId> {
        self.0.get(name).copied()
    }

    /// The names of all lexicons.
    pub fn all(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

/// All lexicons, compiled.
#[derive(Debug, Default)]
pub struct Lexicons {
    names: Names,
    /// The words of all entries.
    words: Vec<WordId>,
    /// Word, lexicon and forms of all entries of one word, sorted; per word, where its own begin.
    single: Vec<(WordId, LexiconId, u8)>,
    single_starts: Vec<u32>,
    /// Entries of several words by their words; per first word, where its own begin.
    several: Vec<Several>,
    several_starts: Vec<u32>,
    /// Per first word: the second words of its entries, by number modulo 64.
    seconds: Vec<u64>,
    /// Words that are second in any entry, as a bit set by number.
    is_second: Vec<u64>,
    /// Per word: the lexicons it is an entry of by itself, in any form.
    alone: Vec<Bits>,
    /// Per lexicon: the words that begin an entry, with the forms of those entries, sorted.
    first_words: Vec<Vec<(WordId, u8)>>,
    /// Per lexicon: words of its longest entry.
    longest: Vec<u32>,
}

impl Lexicons {
    /// Compiles the written lexicons. Names that are included and do not exist must have been reported before.
    #[must_use]
    pub fn compile(written: &BTreeMap<String, Written>, vocabulary: &mut Vocabulary) -> Self {
        let mut lexicons = Self { names: Names::of(written), ..Self::default() };
        let mut own: Vec<Vec<Entry>> = Vec::new();
        for lexicon in written.values().take(MOST_LEXICONS) {
            let mut entries = Vec::new();
            forms_of(lexicon, |entry, forms| {
                let mut add = |words: &mut dyn Iterator<Item = &str>| {
                    let start = crate::span::offset(lexicons.words.len());
                    lexicons.words.extend(words.map(|word| vocabulary.intern(word)));
                    let length = crate::span::offset(lexicons.words.len()) - start;
                    if length > 0 {
                        entries.push(Entry { start, length, forms });
                    }
                };
                add(&mut entry.split_whitespace());
                // a hyphen also stands for a space
                if entry.contains('-') {
                    add(&mut entry.split(|c: char| c == '-' || c.is_whitespace()).filter(|word| !word.is_empty()));
                }
            });
            own.push(entries);
        }
        for (id, name) in (0..).zip(written.keys().take(MOST_LEXICONS)) {
            let mut first_words = Vec::new();
            let mut longest = 1;
            for from in with_included(name, written) {
                let Some(number) = lexicons.id(from) else { continue };
                for entry in &own[number as usize] {
                    let first = lexicons.words[entry.start as usize];
                    first_words.push((first, entry.forms));
                    longest = longest.max(entry.length);
                    if entry.length > 1 {
                        lexicons.several.push(Several { entry: *entry, lexicon: id });
                    } else {
                        lexicons.single.push((first, id, entry.forms));
                    }
                }
            }
            lexicons.first_words.push(merged(first_words, |(word, _)| *word, |(_, forms), (_, more)| *forms |= more));
            lexicons.longest.push(longest);
        }
        lexicons
    }

    /// Fills the per-word tables; to be called once the vocabulary is complete.
    pub fn freeze(&mut self, vocabulary: &Vocabulary) {
        let words = vocabulary.len();
        self.single = merged(std::mem::take(&mut self.single), |(word, id, _)| (*word, *id), |(.., forms), (.., more)| *forms |= more);
        self.single_starts = starts(words, self.single.iter().map(|(word, ..)| *word));
        self.alone = vec![[0; 8]; words];
        for (word, id, _) in &self.single {
            self.alone[*word as usize][*id as usize / 64] |= 1 << (id % 64);
        }
        let mut several = std::mem::take(&mut self.several);
        several.sort_by(|a, b| self.words_of(&a.entry).cmp(self.words_of(&b.entry)).then(a.lexicon.cmp(&b.lexicon)));
        self.several_starts = starts(words, several.iter().map(|one| self.words[one.entry.start as usize]));
        self.seconds = vec![0; words];
        self.is_second = vec![0; words.div_ceil(64)];
        for one in &several {
            if let [first, second, ..] = *self.words_of(&one.entry) {
                self.seconds[first as usize] |= 1 << (second % 64);
                self.is_second[second as usize / 64] |= 1 << (second % 64);
            }
        }
        self.several = several;
    }

    fn words_of(&self, entry: &Entry) -> &[WordId] {
        &self.words[entry.start as usize..(entry.start + entry.length) as usize]
    }

    /// The number of a lexicon.
    #[must_use]
    pub fn id(&self, name: &str) -> Option<LexiconId> {
        self.names.id(name)
    }

    /// Words of the longest entry of a lexicon.
    #[must_use]
    pub fn longest(&self, id: LexiconId) -> u32 {
        self.longest[id as usize]
    }

    /// The lexicons that this word is an entry of by itself.
    #[must_use]
    #[inline]
    pub fn alone(&self, word: WordId) -> &Bits {
        &self.alone[word as usize]
    }

    /// The words that begin an entry of the lexicon in one of the forms.
    pub fn first_words(&self, id: LexiconId, forms: u8) -> impl Iterator<Item = WordId> {
        self.first_words[id as usize].iter().filter(move |(_, known)| known & forms != 0).map(|(word, _)| *word)
    }

    /// Whether the word by itself is an entry of the lexicon in one of the forms.
    #[must_use]
    #[inline]
    pub fn is_entry(&self, id: LexiconId, forms: u8, word: WordId) -> bool {
        holds(&self.alone[word as usize], id) && (forms == form::ANY || self.has_form(id, forms, word))
    }

    fn has_form(&self, id: LexiconId, forms: u8, word: WordId) -> bool {
        let range = self.single_starts[word as usize] as usize..self.single_starts[word as usize + 1] as usize;
        self.single[range].iter().any(|(_, known, has)| *known == id && has & forms != 0)
    }

    /// Appends the entries of several words that begin with the first of these words, by lexicon and then longest first.
    #[inline]
    pub fn standing(&self, words: &[WordId], found: &mut Vec<Standing>) {
        if let [first, second, ..] = words
            && (self.seconds[*first as usize] & self.is_second[*second as usize / 64]) >> (second % 64) & 1 == 1
        {
            self.all_standing(words, found);
        }
    }

    fn all_standing(&self, words: &[WordId], found: &mut Vec<Standing>) {
        let from = found.len();
        let (first, second) = (words[0] as usize, words[1]);
        let entries = &self.several[self.several_starts[first] as usize..self.several_starts[first + 1] as usize];
        let start = entries.partition_point(|one| self.words_of(&one.entry)[1] < second);
        for one in &entries[start..] {
            let entry = self.words_of(&one.entry);
            if entry[1] != second {
                break;
            }
            if words.starts_with(entry) {
                found.push(Standing { lexicon: one.lexicon, length: u8::try_from(entry.len()).unwrap_or(u8::MAX), forms: one.entry.forms });
            }
        }
        found[from..].sort_unstable_by_key(|one| (one.lexicon, std::cmp::Reverse(one.length)));
    }
}

/// Where the rows of each word begin among rows that are sorted by word, and one more for the end.
fn starts(words: usize, rows: impl Iterator<Item = WordId>) -> Vec<u32> {
    let mut starts = vec![0; words + 1];
    rows.for_each(|word| starts[word as usize + 1] += 1);
    for i in 0..words {
        starts[i + 1] += starts[i];
    }
    starts
}

/// Rows sorted by key, those of equal key made one.
fn merged<R, K: Ord>(mut rows: Vec<R>, key: impl Fn(&R) -> K, join: impl Fn(&mut R, &R)) -> Vec<R> {
    rows.sort_unstable_by_key(&key);
    rows.dedup_by(|later, first| {
        let same = key(later) == key(first);
        if same {
            join(first, later);
        }
        same
    });
    rows
}

/// Whether a set holds a lexicon.
#[must_use]
#[inline]
pub const fn holds(bits: &Bits, id: LexiconId) -> bool {
    bits[id as usize / 64] >> (id % 64) & 1 == 1
}

/// Token counts, longest first, each once; entries that share a beginning are few.
#[derive(Clone, Copy, Debug, Default)]
pub struct Lengths {
    counts: [u8; 8],
    used: usize,
}

impl Lengths {
    /// Adds a count, if it is new.
    pub fn push(&mut self, count: u8) {
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

/// Calls back for every entry of a lexicon itself, in lower case, with its forms.
fn forms_of(lexicon: &Written, mut call: impl FnMut(&str, u8)) {
    lexicon.verbs.iter().flat_map(|verb| verb_forms(verb)).for_each(|(entry, forms)| call(&entry, forms));
    lexicon.nouns.iter().flat_map(|noun| noun_forms(noun)).for_each(|entry| call(&entry, form::NOUN));
    lexicon.words.iter().for_each(|word| call(word, form::BASE));
}

/// A lexicon and all it includes, directly or not, each once.
fn with_included<'w>(name: &'w str, written: &'w BTreeMap<String, Written>) -> Vec<&'w str> {
    let mut all = vec![name];
    let mut at = 0;
    while let Some(name) = all.get(at) {
        if let Some(lexicon) = written.get(*name) {
            for other in &lexicon.include {
                if !all.contains(&other.as_str()) {
                    all.push(other);
                }
            }
        }
        at += 1;
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
