//! What a pattern can begin with, what it waits for, and what it cannot do without: all that lets most patterns be left alone
//! in most sentences.

use std::collections::BTreeMap;

use super::lexicon::{Bits, LexiconId, Lexicons, Vocabulary, WordId};
use super::pattern::{Class, Element, ways_of};

/// What a sentence must hold.
#[derive(Clone, Copy, Debug, Default)]
pub struct Needs {
    /// Lexicons of each of which an entry must begin in it.
    pub lexicons: Bits,
    /// Words, by number modulo 64.
    pub words: u64,
    /// A number.
    pub figure: bool,
}

/// A set of tokens: what a pattern can begin with, or what it waits for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct First {
    /// Words, as a bit set by number.
    pub set: Vec<u64>,
    /// A number, sign or currency.
    pub figure: bool,
    /// Anything.
    pub any: bool,
}

impl First {
    fn add_word(&mut self, word: WordId) {
        let at = word as usize / 64;
        if self.set.len() <= at {
            self.set.resize(at + 1, 0);
        }
        self.set[at] |= 1 << (word % 64);
    }

    fn add_all(&mut self, other: &[u64]) {
        if self.set.len() < other.len() {
            self.set.resize(other.len(), 0);
        }
        for (all, one) in self.set.iter_mut().zip(other) {
            *all |= one;
        }
    }

    /// The words of the set.
    pub fn words(&self) -> impl Iterator<Item = WordId> {
        self.set.iter().enumerate().filter(|(_, bits)| **bits != 0).flat_map(|(at, bits)| {
            let mut left = *bits;
            std::iter::from_fn(move || {
                let bit = left.trailing_zeros();
                (left != 0).then(|| {
                    left &= left - 1;
                    crate::span::offset(at * 64) + bit
                })
            })
        })
    }
}

/// First words of lexicons by form, with their joint frequency: made once for all patterns that ask.
#[derive(Debug, Default)]
pub struct FirstWords {
    known: BTreeMap<(LexiconId, u8), (Vec<u64>, f64)>,
}

impl FirstWords {
    fn of(&mut self, id: LexiconId, forms: u8, lexicons: &Lexicons, vocabulary: &Vocabulary) -> &(Vec<u64>, f64) {
        self.known.entry((id, forms)).or_insert_with(|| {
            let mut first = First::default();
            let mut cost = 0.0;
            for word in lexicons.first_words(id, forms) {
                first.add_word(word);
                cost += vocabulary.frequency(word);
            }
            (first.set, cost)
        })
    }
}

/// Collects what the first token can be. Returns whether the elements can match nothing at all.
pub(super) fn first_of(elements: &[Element], lexicons: &Lexicons, vocabulary: &mut Vocabulary, known: &mut FirstWords, first: &mut First) -> bool {
    for element in elements {
        let empty = match element {
            Element::Word(word) if !word.contains('-') => {
                first.add_word(vocabulary.intern(word));
                false
            }
            Element::Word(word) => {
                for way in ways_of(word) {
                    way.first().into_iter().for_each(|word| first.add_word(vocabulary.intern(word)));
                }
                false
            }
            Element::Lexicon(id, forms) => {
                first.add_all(&known.of(*id, *forms, lexicons, vocabulary).0);
                false
            }
            Element::Class(Class::Any | Class::Cap) | Element::Gap(_) => {
                first.any = true;
                false
            }
            Element::Class(_) => {
                first.figure = true;
                false
            }
            Element::Group(ways) => {
                let mut empty = false;
                for way in ways {
                    empty |= first_of(way, lexicons, vocabulary, known, first);
                }
                empty
            }
            Element::Optional(inner) => {
                first_of(std::slice::from_ref(inner), lexicons, vocabulary, known, first);
                true
            }
            Element::NotAhead(_) | Element::NotBehind(_) | Element::Mark(_) => true,
        };
        if !empty {
            return false;
        }
    }
    true
}

/// What must be in a sentence for the pattern to match at all.
pub(super) fn needs(elements: &[Element], vocabulary: &mut Vocabulary, all: &mut Needs) {
    for element in elements {
        match element {
            Element::Word(word) if !word.contains('-') => all.words |= 1 << (vocabulary.intern(word) % 64),
            Element::Lexicon(id, _) => all.lexicons[*id as usize / 64] |= 1 << (id % 64),
            Element::Class(Class::Number | Class::Percent | Class::Money | Class::Year | Class::Date) => all.figure = true,
            Element::Group(ways) => {
                let of_way = |way: &Vec<Element>, vocabulary: &mut Vocabulary| {
                    let mut own = Needs::default();
                    needs(way, vocabulary, &mut own);
                    own
                };
                let mut ways = ways.iter();
                let Some(first) = ways.next() else { continue };
                let mut common = of_way(first, vocabulary);
                for way in ways {
                    let own = of_way(way, vocabulary);
                    common = Needs {
                        lexicons: std::array::from_fn(|i| common.lexicons[i] & own.lexicons[i]),
                        words: common.words & own.words,
                        figure: common.figure && own.figure,
                    };
                }
                all.lexicons.iter_mut().zip(common.lexicons).for_each(|(all, one)| *all |= one);
                all.words |= common.words;
                all.figure |= common.figure;
            }
            _ => {}
        }
    }
}

/// How often a word stands in ten thousand words of English prose, roughly: only the order matters, for the choice of an anchor.
pub(super) fn frequency(word: &str) -> f64 {
    if word.len() > 9 {
        return RARE;
    }
    const COMMON: &[(&str, f64)] = &[
        ("the", 600.0),
        ("of", 300.0),
        ("and", 290.0),
        ("to", 270.0),
        ("a", 230.0),
        ("in", 200.0),
        ("is", 110.0),
        ("that", 100.0),
        ("for", 95.0),
        ("it", 90.0),
        ("on", 75.0),
        ("with", 70.0),
        ("as", 70.0),
        ("be", 65.0),
        ("this", 60.0),
        ("are", 60.0),
        ("by", 55.0),
        ("at", 50.0),
        ("not", 50.0),
        ("from", 50.0),
        ("or", 50.0),
        ("an", 40.0),
        ("you", 60.0),
        ("your", 30.0),
        ("was", 60.0),
        ("have", 40.0),
        ("has", 35.0),
        ("had", 25.0),
        ("but", 40.0),
        ("we", 40.0),
        ("its", 30.0),
        ("can", 30.0),
        ("will", 25.0),
        ("their", 25.0),
        ("they", 35.0),
        ("which", 25.0),
        ("when", 25.0),
        ("if", 25.0),
        ("one", 25.0),
        ("all", 25.0),
        ("more", 20.0),
        ("than", 18.0),
        ("no", 18.0),
        ("so", 18.0),
        ("up", 15.0),
        ("out", 15.0),
        ("our", 15.0),
        ("what", 18.0),
        ("how", 12.0),
        ("do", 18.0),
        ("does", 8.0),
        ("may", 10.0),
        ("should", 10.0),
        ("would", 15.0),
        ("could", 12.0),
        ("there", 18.0),
        ("i", 40.0),
        ("he", 30.0),
        ("she", 20.0),
        ("his", 25.0),
        ("were", 25.0),
        ("been", 18.0),
        ("who", 15.0),
        ("other", 14.0),
        ("some", 14.0),
        ("any", 12.0),
        ("into", 14.0),
        ("only", 12.0),
        ("also", 10.0),
        ("most", 10.0),
        ("each", 9.0),
        ("about", 14.0),
        ("these", 13.0),
        ("then", 10.0),
        ("them", 12.0),
        ("over", 10.0),
        ("same", 9.0),
        ("new", 12.0),
        ("year", 10.0),
        ("time", 12.0),
        ("make", 9.0),
        ("use", 10.0),
        ("get", 9.0),
        ("take", 8.0),
        ("see", 8.0),
        ("now", 9.0),
        ("two", 11.0),
        ("first", 10.0),
        ("high", 5.0),
        ("price", 12.0),
        ("gold", 12.0),
        ("silver", 8.0),
        ("metal", 6.0),
        ("metals", 6.0),
        ("market", 8.0),
        ("just", 8.0),
        ("before", 8.0),
        ("after", 8.0),
        ("because", 8.0),
        ("must", 7.0),
        ("like", 10.0),
        ("such", 9.0),
        ("where", 8.0),
        ("through", 8.0),
        ("between", 7.0),
        ("many", 8.0),
        ("own", 6.0),
        ("under", 5.0),
        ("per", 5.0),
        ("us", 8.0),
        ("my", 12.0),
        ("me", 10.0),
        ("every", 6.0),
        ("never", 5.0),
        ("even", 7.0),
        ("much", 7.0),
        ("while", 6.0),
        ("until", 4.0),
        ("without", 5.0),
        ("still", 6.0),
        ("both", 6.0),
        ("note", 4.0),
        ("record", 3.0),
        ("date", 3.0),
        ("position", 4.0),
        ("exposure", 3.0),
        ("set", 4.0),
        ("keep", 4.0),
        ("spread", 3.0),
        ("value", 4.0),
        ("s", 5.0),
        ("percent", 5.0),
        ("dollar", 3.0),
        ("dollars", 3.0),
    ];
    COMMON.iter().find(|(common, _)| *common == word).map_or(RARE, |(_, often)| *often)
}

/// The same for a word that is not common.
const RARE: f64 = 0.7;

/// How often a figure stands in ten thousand tokens.
const FIGURES: f64 = 250.0;

/// One thing a pattern can wait for.
#[derive(Clone, Copy)]
pub(super) enum Source {
    Word(WordId),
    Lexicon(LexiconId, u8),
    Figure,
    Any,
}

impl Source {
    pub(super) fn fill(self, anchor: &mut First, lexicons: &Lexicons, vocabulary: &Vocabulary, known: &mut FirstWords) {
        match self {
            Self::Word(word) => anchor.add_word(word),
            Self::Lexicon(id, forms) => anchor.add_all(&known.of(id, forms, lexicons, vocabulary).0),
            Self::Figure => anchor.figure = true,
            Self::Any => anchor.any = true,
        }
    }
}

/// The rarest mandatory element with its cost; of a group, the union of the rarest of each way.
pub(super) fn anchor_of(elements: &[Element], lexicons: &Lexicons, vocabulary: &mut Vocabulary, known: &mut FirstWords) -> Option<(f64, Vec<Source>)> {
    let mut best: Option<(f64, Vec<Source>)> = None;
    for element in elements {
        let candidate = match element {
            Element::Word(word) if !word.contains('-') => {
                let id = vocabulary.intern(word);
                Some((vocabulary.frequency(id), vec![Source::Word(id)]))
            }
            Element::Word(word) => {
                let words: Vec<WordId> = ways_of(word).iter().filter_map(|way| way.first()).map(|word| vocabulary.intern(word)).collect();
                let cost = words.iter().map(|word| vocabulary.frequency(*word)).sum();
                Some((cost, words.into_iter().map(Source::Word).collect()))
            }
            Element::Lexicon(id, forms) => Some((known.of(*id, *forms, lexicons, vocabulary).1, vec![Source::Lexicon(*id, *forms)])),
            Element::Class(Class::Any | Class::Cap) => None,
            // a ticker in brackets holds no figure
            Element::Class(Class::Ticker) => Some((FIGURES * 2.0, vec![Source::Any])),
            Element::Class(_) => Some((FIGURES, vec![Source::Figure])),
            Element::Group(ways) => group_anchor(ways, lexicons, vocabulary, known),
            Element::Gap(_) | Element::Optional(_) | Element::NotAhead(_) | Element::NotBehind(_) | Element::Mark(_) => None,
        };
        if let Some((cost, sources)) = candidate
            && best.as_ref().is_none_or(|(known, _)| cost < *known)
        {
            best = Some((cost, sources));
        }
    }
    best
}

fn group_anchor(ways: &[Vec<Element>], lexicons: &Lexicons, vocabulary: &mut Vocabulary, known: &mut FirstWords) -> Option<(f64, Vec<Source>)> {
    let mut union = (0.0, Vec::new());
    for way in ways {
        let (cost, sources) = anchor_of(way, lexicons, vocabulary, known)?;
        union.0 += cost;
        union.1.extend(sources);
    }
    Some(union)
}
