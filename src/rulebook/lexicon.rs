//! Lexicons and their forms: which lexicons a word belongs to, and which entries of several words it begins.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

pub use super::vocabulary::Vocabulary;
use crate::document::fold::Hashed;
use crate::document::token::fold_hash;

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

/// What is asked of every word of a text, as bits: answers that stand closer together than the tables they are made of.
pub mod trait_of {
    /// It is an entry of a lexicon by itself.
    pub const LISTED: u8 = 1;
    /// It is the first of an entry of several words …
    pub const FIRST: u8 = 1 << 1;
    /// … or the second.
    pub const SECOND: u8 = 1 << 2;
    /// It is an entry of a lexicon by which languages are told.
    pub const LANGUAGE: u8 = 1 << 3;
    /// The same of content classes.
    pub const CLASS: u8 = 1 << 4;
}

/// Beginnings of the names of lexicons that have a trait of their own.
const NAMED_TRAITS: [(&str, u8); 2] = [("language-", trait_of::LANGUAGE), ("class-", trait_of::CLASS)];

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

/// An entry: a run of [`Lexicons::words`].
#[derive(Clone, Copy, Debug, serde::Serialize, serde::Deserialize)]
struct Entry {
    start: u32,
    length: u32,
    forms: u8,
}

/// An entry of several words, as one of a lexicon.
#[derive(Clone, Copy, Debug, serde::Serialize, serde::Deserialize)]
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
#[derive(Clone, Debug, Default, serde::Serialize, serde::Deserialize)]
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
#[derive(Debug, Default, serde::Serialize, serde::Deserialize)]
pub struct Lexicons {
    names: Names,
    /// The same by the hash of the name: articles ask for many by name.
    #[serde(skip)]
    by_name: HashMap<u64, (String, LexiconId), Hashed>,
    /// The words of all entries.
    words: Vec<WordId>,
    /// Word, lexicon and forms of all entries of one word, sorted; per word, where its own begin.
    single: Vec<(WordId, LexiconId, u8)>,
    #[serde(skip)]
    single_starts: Vec<u32>,
    /// Entries of several words by their words; per first word, where its own begin.
    several: Vec<Several>,
    #[serde(skip)]
    several_starts: Vec<u32>,
    /// The second word of each of them: what they are looked up by stands together.
    #[serde(skip)]
    second_words: Vec<WordId>,
    /// Per first word: the second words of its entries, by number modulo 64.
    #[serde(skip)]
    seconds: Vec<u64>,
    /// Per word: bits of [`trait_of`].
    #[serde(skip)]
    traits: Vec<u8>,
    /// Per word: the lexicons it is an entry of by itself, in any form.
    #[serde(skip)]
    alone: Vec<Bits>,
    /// Per lexicon: the words that begin an entry, each once, with the forms of those entries.
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
        let mut room = String::new();
        for lexicon in written.values().take(MOST_LEXICONS) {
            let mut entries = Vec::new();
            forms_of(lexicon, &mut room, &mut |entry, forms| {
                let mut add = |words: &mut dyn Iterator<Item = &str>| {
                    let start = crate::span::offset(lexicons.words.len());
                    lexicons.words.extend(words.map(|word| vocabulary.intern(word)));
                    let length = crate::span::offset(lexicons.words.len()) - start;
                    if length > 0 {
                        entries.push(Entry { start, length, forms });
                    }
                };
                if entry.is_ascii() {
                    add(&mut entry.split_ascii_whitespace());
                } else {
                    add(&mut entry.split_whitespace());
                }
                // a hyphen also stands for a space
                if entry.contains('-') {
                    add(&mut entry.split(|c: char| c == '-' || c.is_whitespace()).filter(|word| !word.is_empty()));
                }
            });
            own.push(entries);
        }
        // of each word: the lexicon whose first words it was last put among, and its place there
        let mut met: Vec<(LexiconId, u32)> = vec![(LexiconId::MAX, 0); vocabulary.len()];
        for (id, name) in (0..).zip(written.keys().take(MOST_LEXICONS)) {
            let mut first_words: Vec<(WordId, u8)> = Vec::new();
            let mut longest = 1;
            for from in with_included(name, written) {
                let Some(number) = lexicons.id(from) else { continue };
                for entry in &own[number as usize] {
                    let first = lexicons.words[entry.start as usize];
                    match met[first as usize] {
                        (of, place) if of == id => first_words[place as usize].1 |= entry.forms,
                        _ => {
                            met[first as usize] = (id, crate::span::offset(first_words.len()));
                            first_words.push((first, entry.forms));
                        }
                    }
                    longest = longest.max(entry.length);
                    if entry.length > 1 {
                        lexicons.several.push(Several { entry: *entry, lexicon: id });
                    } else {
                        lexicons.single.push((first, id, entry.forms));
                    }
                }
            }
            lexicons.first_words.push(first_words);
            lexicons.longest.push(longest);
        }
        // what is put in order when notegate is built is in order when it starts
        let mut several = std::mem::take(&mut lexicons.several);
        lexicons.sort_several(&mut several);
        lexicons.several = several;
        lexicons
    }

    /// Puts entries in the order of their words.
    fn sort_several(&self, several: &mut [Several]) {
        several.sort_by(|a, b| self.words_of(&a.entry).cmp(self.words_of(&b.entry)).then(a.lexicon.cmp(&b.lexicon)));
    }

    /// Fills the per-word tables; to be called once the vocabulary is complete.
    pub fn freeze(&mut self, vocabulary: &Vocabulary) {
        let words = vocabulary.len();
        self.by_name = self.names.0.iter().map(|(name, id)| (fold_hash(name), (name.clone(), *id))).collect();
        // rows come lexicon by lexicon: sorted by word they stay so, and rows that differ in nothing but the form stand together
        let (mut single, _) = by_word(words, &self.single, |(word, ..)| *word);
        single.dedup_by(|later, first| {
            let same = (later.0, later.1) == (first.0, first.1);
            first.2 |= if same { later.2 } else { 0 };
            same
        });
        self.single = single;
        self.single_starts = starts(words, self.single.iter().map(|(word, ..)| *word));
        self.alone = vec![[0; 8]; words];
        for (word, id, _) in &self.single {
            self.alone[*word as usize][*id as usize / 64] |= 1 << (id % 64);
        }
        let (mut several, starts) = by_word(words, &self.several, |one| self.words[one.entry.start as usize]);
        for of_word in starts.windows(2).filter(|range| range[1] - range[0] > 1) {
            self.sort_several(&mut several[of_word[0] as usize..of_word[1] as usize]);
        }
        self.several_starts = starts;
        self.seconds = vec![0; words];
        self.traits = vec![0; words];
        let named = |id: LexiconId, name: &str| NAMED_TRAITS.iter().find(|(start, _)| name.starts_with(start)).map(|(_, bit)| (id, *bit));
        let named: Vec<(LexiconId, u8)> = self.names.0.iter().filter_map(|(name, id)| named(*id, name)).collect();
        for (word, id, _) in &self.single {
            let own = named.iter().find(|(named, _)| named == id).map_or(0, |(_, bit)| *bit);
            self.traits[*word as usize] |= trait_of::LISTED | own;
        }
        for one in &several {
            if let [first, second, ..] = *self.words_of(&one.entry) {
                self.seconds[first as usize] |= 1 << (second % 64);
                self.traits[first as usize] |= trait_of::FIRST;
                self.traits[second as usize] |= trait_of::SECOND;
            }
        }
        self.second_words = several.iter().map(|one| self.words_of(&one.entry).get(1).copied().unwrap_or(0)).collect();
        self.several = several;
    }

    fn words_of(&self, entry: &Entry) -> &[WordId] {
        &self.words[entry.start as usize..(entry.start + entry.length) as usize]
    }

    /// The number of a lexicon.
    #[must_use]
    pub fn id(&self, name: &str) -> Option<LexiconId> {
        match self.by_name.get(&fold_hash(name)) {
            Some((known, id)) if known == name => Some(*id),
            _ => self.names.id(name),
        }
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

    /// What a word has of [`trait_of`], as bits.
    #[must_use]
    #[inline]
    pub fn traits(&self, word: WordId) -> u8 {
        self.traits[word as usize]
    }

    /// Whether a word has a trait of [`trait_of`].
    #[must_use]
    #[inline]
    pub fn has(&self, word: WordId, one: u8) -> bool {
        self.traits(word) & one != 0
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
            && self.has(*second, trait_of::SECOND)
            && self.seconds[*first as usize] >> (second % 64) & 1 == 1
        {
            self.all_standing(words, found);
        }
    }

    fn all_standing(&self, words: &[WordId], found: &mut Vec<Standing>) {
        let from = found.len();
        let (first, second) = (words[0] as usize, words[1]);
        let range = self.several_starts[first] as usize..self.several_starts[first + 1] as usize;
        let (entries, seconds) = (&self.several[range.clone()], &self.second_words[range]);
        let start = seconds.partition_point(|known| *known < second);
        for (one, _) in entries[start..].iter().zip(&seconds[start..]).take_while(|(_, known)| **known == second) {
            if words.starts_with(self.words_of(&one.entry)) {
                found.push(Standing { lexicon: one.lexicon, length: u8::try_from(one.entry.length).unwrap_or(u8::MAX), forms: one.entry.forms });
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

/// Rows by their words, those of one word in the order they came in, and where the rows of each word begin.
fn by_word<R: Copy>(words: usize, rows: &[R], word: impl Fn(&R) -> WordId) -> (Vec<R>, Vec<u32>) {
    let starts = starts(words, rows.iter().map(&word));
    let Some(first) = rows.first() else { return (Vec::new(), starts) };
    let mut next = starts.clone();
    let mut sorted = vec![*first; rows.len()];
    for row in rows {
        let place = &mut next[word(row) as usize];
        sorted[*place as usize] = *row;
        *place += 1;
    }
    (sorted, starts)
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

/// Calls back for every entry of a lexicon itself, in lower case, with its forms. `room` is where forms are written.
fn forms_of(lexicon: &Written, room: &mut String, call: &mut dyn FnMut(&str, u8)) {
    lexicon.verbs.iter().for_each(|verb| verb_forms(verb, room, call));
    lexicon.nouns.iter().for_each(|noun| noun_forms(noun, room, call));
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

/// A form of a word: a stem, a letter that is doubled behind it, and an ending.
struct Inflected<'w>(&'w str, Option<char>, &'static str);

impl Inflected<'_> {
    /// Calls back with the form and what stands behind it.
    fn tell(&self, rest: &str, forms: u8, room: &mut String, call: &mut dyn FnMut(&str, u8)) {
        room.clear();
        room.push_str(self.0);
        room.extend(self.1);
        room.push_str(self.2);
        room.push_str(rest);
        call(room, forms);
    }
}

fn lower(written: &str) -> Cow<'_, str> {
    if written.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase()) { Cow::Borrowed(written) } else { Cow::Owned(written.to_lowercase()) }
}

/// `take profits > took profits, taken profits`, or a regular verb whose first word is inflected.
fn verb_forms(written: &str, room: &mut String, call: &mut dyn FnMut(&str, u8)) {
    let lower = lower(written);
    let (base, past) = lower.split_once('>').map_or((lower.trim(), None), |(base, past)| (base.trim(), Some(past)));
    let (first, rest) = base.split_at(base.find(' ').unwrap_or(base.len()));
    call(base, form::BASE);
    third_person(first).tell(rest, form::S, room, call);
    ing(first).tell(rest, form::ING, room, call);
    match past {
        Some(past) => past.split(',').for_each(|past| call(past.trim(), form::PAST)),
        None => regular_past(first).tell(rest, form::PAST, room, call),
    }
}

fn noun_forms(written: &str, room: &mut String, call: &mut dyn FnMut(&str, u8)) {
    let lower = lower(written);
    if let Some((singular, plural)) = lower.split_once('>') {
        call(singular.trim(), form::NOUN);
        plural.split(',').for_each(|plural| call(plural.trim(), form::NOUN));
        return;
    }
    let singular = lower.trim();
    call(singular, form::NOUN);
    // a plural is made as the third person of a verb is
    third_person(singular).tell("", form::NOUN, room, call);
}

fn is_vowel(c: char) -> bool {
    matches!(c, 'a' | 'e' | 'i' | 'o' | 'u')
}

/// The word without a `y` behind a consonant.
fn before_y(word: &str) -> Option<&str> {
    word.strip_suffix('y').filter(|stem| stem.chars().last().is_some_and(|c| !is_vowel(c)))
}

fn third_person(word: &str) -> Inflected<'_> {
    if let Some(stem) = before_y(word) {
        return Inflected(stem, None, "ies");
    }
    let hisses = word.ends_with(['s', 'x', 'z']) || word.ends_with("ch") || word.ends_with("sh") || (word.ends_with('o') && word.len() <= 3);
    Inflected(word, None, if hisses { "es" } else { "s" })
}

/// The last consonant where it doubles: one syllable, consonant-vowel-consonant.
fn doubled(word: &str) -> Option<char> {
    let mut last = word.chars().rev();
    let (c, b, a) = (last.next()?, last.next()?, last.next()?);
    let mut before = false;
    let syllables = word.chars().filter(|c| !std::mem::replace(&mut before, is_vowel(*c)) && is_vowel(*c)).count();
    (syllables == 1 && !is_vowel(a) && is_vowel(b) && !is_vowel(c) && !matches!(c, 'w' | 'x' | 'y')).then_some(c)
}

fn ing(word: &str) -> Inflected<'_> {
    if let Some(stem) = word.strip_suffix("ie") {
        return Inflected(stem, None, "ying");
    }
    match word.strip_suffix('e').filter(|stem| !stem.ends_with('e') && stem.len() > 1) {
        Some(stem) => Inflected(stem, None, "ing"),
        None => Inflected(word, doubled(word), "ing"),
    }
}

fn regular_past(word: &str) -> Inflected<'_> {
    if let Some(stem) = before_y(word) {
        return Inflected(stem, None, "ied");
    }
    if word.ends_with('e') { Inflected(word, None, "d") } else { Inflected(word, doubled(word), "ed") }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Forms = fn(&str, &mut String, &mut dyn FnMut(&str, u8));

    fn listed(of: Forms, word: &str) -> Vec<String> {
        let mut all = Vec::new();
        of(word, &mut String::new(), &mut |form, _| all.push(form.to_owned()));
        all
    }

    fn forms(verb: &str) -> Vec<String> {
        listed(verb_forms, verb)
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
        assert_eq!(listed(noun_forms, "commodity"), ["commodity", "commodities"]);
        assert_eq!(listed(noun_forms, "box"), ["box", "boxes"]);
        assert_eq!(listed(noun_forms, "index > indices"), ["index", "indices"]);
    }
}
