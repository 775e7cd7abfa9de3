//! What a pattern can begin with, what it waits for, and what it cannot do without: all that lets most patterns be left alone
//! in most sentences.

use super::lexicon::{Bits, LexiconId, Lexicons, Vocabulary, WordId, form};
use super::pattern::{Class, Element, Ways};
use crate::span::offset;

/// What a sentence must hold.
#[derive(Clone, Copy, Debug, Default, serde::Serialize, serde::Deserialize)]
pub struct Needs {
    /// Lexicons of each of which an entry must begin in it.
    pub lexicons: Bits,
    /// Words, by number modulo 64.
    pub words: u64,
    /// A number.
    pub figure: bool,
}

impl Needs {
    /// The lexicons.
    pub(super) fn lexicons(&self) -> impl Iterator<Item = LexiconId> {
        (0..).zip(self.lexicons).flat_map(|(at, mut bits): (u16, u64)| {
            std::iter::from_fn(move || {
                let bit = (bits != 0).then(|| bits.trailing_zeros() as u16)?;
                bits &= bits - 1;
                Some(at * 64 + bit)
            })
        })
    }
}

/// Something a token can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub enum Source {
    /// That word.
    Word(WordId),
    /// A word that begins an entry of the lexicon in one of the forms.
    Lexicon(LexiconId, u8),
}

/// A set of tokens: what a pattern can begin with, or what it waits for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct First {
    /// Words, by where they come from.
    pub sources: Vec<Source>,
    /// A number, sign or currency.
    pub figure: bool,
    /// Anything.
    pub any: bool,
}

impl First {
    /// The same set, its sources in order and each once, so that equal sets can be told.
    #[must_use]
    pub(super) fn in_order(mut self) -> Self {
        self.sources.sort_unstable();
        self.sources.dedup();
        self
    }
}

/// First words of lexicons by form, with their joint frequency: made once for all patterns that ask.
#[derive(Debug, Default)]
pub struct FirstWords {
    /// Lexicon by lexicon what was asked for; few are asked for in several forms.
    known: Vec<Vec<FormsOf>>,
}

#[derive(Debug)]
struct FormsOf {
    forms: u8,
    words: Vec<WordId>,
    often: f64,
}

impl FirstWords {
    fn of(&mut self, id: LexiconId, forms: u8, lexicons: &Lexicons, vocabulary: &Vocabulary) -> &FormsOf {
        let id_at = usize::from(id);
        if self.known.len() <= id_at {
            self.known.resize_with(id_at + 1, Vec::new);
        }
        let known = &mut self.known[id_at];
        let at = known.iter().position(|one| one.forms == forms).unwrap_or_else(|| {
            let words: Vec<WordId> = lexicons.first_words(id, forms).collect();
            let often = words.iter().map(|word| vocabulary.frequency(*word)).sum();
            known.push(FormsOf { forms, words, often });
            known.len() - 1
        });
        &known[at]
    }

    /// How often an entry of a lexicon begins, in ten thousand words.
    pub(super) fn often(&mut self, id: LexiconId, lexicons: &Lexicons, vocabulary: &Vocabulary) -> f64 {
        self.of(id, form::ANY, lexicons, vocabulary).often
    }

    /// Calls back for every word of a source.
    pub(super) fn each(&mut self, source: Source, lexicons: &Lexicons, vocabulary: &Vocabulary, call: impl FnMut(WordId)) {
        match source {
            Source::Word(word) => std::iter::once(word).for_each(call),
            Source::Lexicon(id, forms) => self.of(id, forms, lexicons, vocabulary).words.iter().copied().for_each(call),
        }
    }
}

/// Collects what the first token can be. Returns whether the elements can match nothing at all.
pub(super) fn first_of(elements: &[Element], first: &mut First) -> bool {
    for element in elements {
        let empty = match element {
            Element::Word(word) => {
                first.sources.push(Source::Word(*word));
                false
            }
            Element::Spelt(ways) => {
                first.sources.extend(ways.iter().filter_map(|way| way.first()).map(|word| Source::Word(*word)));
                false
            }
            Element::Lexicon(id, forms) => {
                first.sources.push(Source::Lexicon(*id, *forms));
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
                first.sources.extend(ways.words.iter().map(|word| Source::Word(*word)));
                let mut empty = false;
                for way in &ways.others {
                    empty |= first_of(way, first);
                }
                empty
            }
            Element::Optional(inner) => {
                first_of(std::slice::from_ref(inner), first);
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
pub(super) fn needs(elements: &[Element], all: &mut Needs) {
    for element in elements {
        match element {
            Element::Word(word) => all.words |= 1 << (word % 64),
            Element::Lexicon(id, _) => all.lexicons[*id as usize / 64] |= 1 << (id % 64),
            Element::Class(Class::Number | Class::Percent | Class::Money | Class::Year | Class::Date) => all.figure = true,
            Element::Group(ways) => {
                // of several words only what their numbers have in common is needed
                let of_words = ways.words.iter().map(|word| 1u64 << (word % 64)).reduce(|a, b| a & b).map(|words| Needs { words, ..Needs::default() });
                let of_others = ways.others.iter().map(|way| {
                    let mut own = Needs::default();
                    needs(way, &mut own);
                    own
                });
                let common = of_words.into_iter().chain(of_others).reduce(|a, b| Needs {
                    lexicons: std::array::from_fn(|i| a.lexicons[i] & b.lexicons[i]),
                    words: a.words & b.words,
                    figure: a.figure && b.figure,
                });
                if let Some(common) = common {
                    all.lexicons.iter_mut().zip(common.lexicons).for_each(|(all, one)| *all |= one);
                    all.words |= common.words;
                    all.figure |= common.figure;
                }
            }
            _ => {}
        }
    }
}

/// How often a word stands in ten thousand words of English prose, roughly: only the order matters, for the choice of an anchor.
/// Sorted by word.
const COMMON: &[(&str, f64)] = &[
    ("a", 230.0),
    ("about", 14.0),
    ("after", 8.0),
    ("all", 25.0),
    ("also", 10.0),
    ("an", 40.0),
    ("and", 290.0),
    ("any", 12.0),
    ("are", 60.0),
    ("as", 70.0),
    ("at", 50.0),
    ("be", 65.0),
    ("because", 8.0),
    ("been", 18.0),
    ("before", 8.0),
    ("between", 7.0),
    ("both", 6.0),
    ("but", 40.0),
    ("by", 55.0),
    ("can", 30.0),
    ("could", 12.0),
    ("date", 3.0),
    ("do", 18.0),
    ("does", 8.0),
    ("dollar", 3.0),
    ("dollars", 3.0),
    ("each", 9.0),
    ("even", 7.0),
    ("every", 6.0),
    ("exposure", 3.0),
    ("first", 10.0),
    ("for", 95.0),
    ("from", 50.0),
    ("get", 9.0),
    ("gold", 12.0),
    ("had", 25.0),
    ("has", 35.0),
    ("have", 40.0),
    ("he", 30.0),
    ("high", 5.0),
    ("his", 25.0),
    ("how", 12.0),
    ("i", 40.0),
    ("if", 25.0),
    ("in", 200.0),
    ("into", 14.0),
    ("is", 110.0),
    ("it", 90.0),
    ("its", 30.0),
    ("just", 8.0),
    ("keep", 4.0),
    ("like", 10.0),
    ("make", 9.0),
    ("many", 8.0),
    ("market", 8.0),
    ("may", 10.0),
    ("me", 10.0),
    ("metal", 6.0),
    ("metals", 6.0),
    ("more", 20.0),
    ("most", 10.0),
    ("much", 7.0),
    ("must", 7.0),
    ("my", 12.0),
    ("never", 5.0),
    ("new", 12.0),
    ("no", 18.0),
    ("not", 50.0),
    ("note", 4.0),
    ("now", 9.0),
    ("of", 300.0),
    ("on", 75.0),
    ("one", 25.0),
    ("only", 12.0),
    ("or", 50.0),
    ("other", 14.0),
    ("our", 15.0),
    ("out", 15.0),
    ("over", 10.0),
    ("own", 6.0),
    ("per", 5.0),
    ("percent", 5.0),
    ("position", 4.0),
    ("price", 12.0),
    ("record", 3.0),
    ("s", 5.0),
    ("same", 9.0),
    ("see", 8.0),
    ("set", 4.0),
    ("she", 20.0),
    ("should", 10.0),
    ("silver", 8.0),
    ("so", 18.0),
    ("some", 14.0),
    ("spread", 3.0),
    ("still", 6.0),
    ("such", 9.0),
    ("take", 8.0),
    ("than", 18.0),
    ("that", 100.0),
    ("the", 600.0),
    ("their", 25.0),
    ("them", 12.0),
    ("then", 10.0),
    ("there", 18.0),
    ("these", 13.0),
    ("they", 35.0),
    ("this", 60.0),
    ("through", 8.0),
    ("time", 12.0),
    ("to", 270.0),
    ("two", 11.0),
    ("under", 5.0),
    ("until", 4.0),
    ("up", 15.0),
    ("us", 8.0),
    ("use", 10.0),
    ("value", 4.0),
    ("was", 60.0),
    ("we", 40.0),
    ("were", 25.0),
    ("what", 18.0),
    ("when", 25.0),
    ("where", 8.0),
    ("which", 25.0),
    ("while", 6.0),
    ("who", 15.0),
    ("will", 25.0),
    ("with", 70.0),
    ("without", 5.0),
    ("would", 15.0),
    ("year", 10.0),
    ("you", 60.0),
    ("your", 30.0),
];

/// The same for a word that is not common.
const RARE: f64 = 0.7;

/// How often a figure stands in ten thousand tokens.
pub(super) const FIGURES: f64 = 250.0;

/// How often a word stands in ten thousand words.
pub(super) fn frequency(word: &str) -> f64 {
    COMMON.binary_search_by(|(common, _)| (*common).cmp(word)).map_or(RARE, |at| COMMON[at].1)
}

/// How many tokens, at least and at most.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Reach {
    /// At least.
    pub least: u32,
    /// At most.
    pub most: u32,
}

impl Reach {
    const fn new(least: u32, most: u32) -> Self {
        Self { least, most }
    }

    const fn then(self, next: Self) -> Self {
        Self { least: self.least + next.least, most: self.most + next.most }
    }

    fn or(self, other: Self) -> Self {
        Self { least: self.least.min(other.least), most: self.most.max(other.most) }
    }
}

/// How many tokens an element takes.
fn length(element: &Element, lexicons: &Lexicons) -> Reach {
    match element {
        Element::Word(_) => Reach::new(1, 1),
        Element::Spelt(ways) => ways.iter().map(|way| offset(way.len())).map(|count| Reach::new(count, count)).reduce(Reach::or).unwrap_or_default(),
        Element::Lexicon(id, _) => Reach::new(1, lexicons.longest(*id)),
        Element::Class(Class::Percent | Class::Money | Class::Ticker) => Reach::new(1, 3),
        Element::Class(_) => Reach::new(1, 1),
        Element::Gap(most) => Reach::new(0, u32::from(*most)),
        Element::Group(ways) => {
            let of_words = (!ways.words.is_empty()).then_some(Reach::new(1, 1));
            of_words.into_iter().chain(ways.others.iter().map(|way| length_of(way, lexicons))).reduce(Reach::or).unwrap_or_default()
        }
        Element::Optional(inner) => Reach::new(0, length(inner, lexicons).most),
        Element::NotAhead(_) | Element::NotBehind(_) | Element::Mark(_) => Reach::default(),
    }
}

fn length_of(elements: &[Element], lexicons: &Lexicons) -> Reach {
    elements.iter().fold(Reach::default(), |all, element| all.then(length(element, lexicons)))
}

/// What a pattern waits for: the rarest thing it cannot do without.
pub(super) struct Anchor {
    cost: f64,
    pub(super) waits_for: First,
    /// How far behind the first token of a match it stands.
    pub(super) reach: Reach,
}

impl Anchor {
    fn at_once(cost: f64, sources: Vec<Source>) -> Self {
        Self { cost, waits_for: First { sources, ..First::default() }, reach: Reach::default() }
    }
}

/// Alternatives of which a sentence must hold one.
#[derive(Clone, Debug, Default, serde::Serialize, serde::Deserialize)]
pub struct Wanted {
    /// Words, by number modulo 512.
    pub words: Bits,
    /// Lexicons of one of which an entry must begin in it.
    pub lexicons: Vec<LexiconId>,
    /// Or a number.
    pub figure: bool,
}

/// Most sets of alternatives that are asked for before a pattern is tried.
const MOST_WANTED: usize = 3;
/// Longer lists of lexicons are not asked for.
pub(super) const MOST_ALTERNATIVES: usize = 4;

impl Wanted {
    /// Of what a pattern could wait for; `None` where that can be anything, or too much, or is asked for anyway.
    fn of(first: &First) -> Option<Self> {
        let mut all = Self { figure: first.figure, ..Self::default() };
        for source in &first.sources {
            match source {
                Source::Word(word) => all.words[*word as usize / 64 % 8] |= 1 << (word % 64),
                Source::Lexicon(id, _) if all.lexicons.contains(id) => {}
                Source::Lexicon(id, _) => all.lexicons.push(*id),
            }
        }
        let no_words = first.sources.iter().all(|source| matches!(source, Source::Lexicon(..)));
        let asked = no_words && all.lexicons.len() + usize::from(all.figure) < 2;
        (!first.any && !asked && all.lexicons.len() + usize::from(all.figure) <= MOST_ALTERNATIVES).then_some(all)
    }
}

/// The rarest mandatory element; of a group, the union of the rarest of each way.
pub(super) fn anchor_of(elements: &[Element], lexicons: &Lexicons, vocabulary: &Vocabulary, known: &mut FirstWords) -> Option<Anchor> {
    anchor_and_others(elements, lexicons, vocabulary, known, &mut Vec::new())
}

/// The same, and all that it was chosen among.
fn anchor_and_others(elements: &[Element], lexicons: &Lexicons, vocabulary: &Vocabulary, known: &mut FirstWords, others: &mut Vec<Anchor>) -> Option<Anchor> {
    let mut best: Option<Anchor> = None;
    let mut before = Reach::default();
    for element in elements {
        let candidate = match element {
            Element::Word(word) => Some(Anchor::at_once(vocabulary.frequency(*word), vec![Source::Word(*word)])),
            Element::Spelt(ways) => {
                let words: Vec<Source> = ways.iter().filter_map(|way| way.first()).map(|word| Source::Word(*word)).collect();
                let cost = ways.iter().filter_map(|way| way.first()).map(|word| vocabulary.frequency(*word)).sum();
                Some(Anchor::at_once(cost, words))
            }
            Element::Lexicon(id, forms) => Some(Anchor::at_once(known.of(*id, *forms, lexicons, vocabulary).often, vec![Source::Lexicon(*id, *forms)])),
            Element::Class(Class::Any | Class::Cap) => None,
            // a ticker in brackets holds no figure
            Element::Class(Class::Ticker) => Some(Anchor { cost: FIGURES * 2.0, waits_for: First { any: true, ..First::default() }, reach: Reach::default() }),
            // a currency may stand before its figure
            Element::Class(_) => Some(Anchor { cost: FIGURES, waits_for: First { figure: true, ..First::default() }, reach: Reach::new(0, 2) }),
            Element::Group(ways) => group_anchor(ways, lexicons, vocabulary, known),
            Element::Gap(_) | Element::Optional(_) | Element::NotAhead(_) | Element::NotBehind(_) | Element::Mark(_) => None,
        };
        if let Some(anchor) = candidate {
            let anchor = Anchor { reach: before.then(anchor.reach), ..anchor };
            if best.as_ref().is_none_or(|known| anchor.cost < known.cost) {
                others.extend(best.replace(anchor));
            } else {
                others.push(anchor);
            }
        }
        before = before.then(length(element, lexicons));
    }
    best
}

/// What a pattern waits for, and the rarest of what else it cannot do without.
pub(super) fn anchor_and_wanted(elements: &[Element], lexicons: &Lexicons, vocabulary: &Vocabulary, known: &mut FirstWords) -> (Option<Anchor>, Vec<Wanted>) {
    let mut others = Vec::new();
    let anchor = anchor_and_others(elements, lexicons, vocabulary, known, &mut others);
    others.sort_by(|a, b| a.cost.total_cmp(&b.cost));
    (anchor, others.iter().filter_map(|other| Wanted::of(&other.waits_for)).take(MOST_WANTED).collect())
}

fn group_anchor(ways: &Ways, lexicons: &Lexicons, vocabulary: &Vocabulary, known: &mut FirstWords) -> Option<Anchor> {
    let often = ways.words.iter().map(|word| vocabulary.frequency(*word)).sum();
    let mut union = (!ways.words.is_empty()).then(|| Anchor::at_once(often, ways.words.iter().map(|word| Source::Word(*word)).collect()));
    for way in &ways.others {
        let anchor = anchor_of(way, lexicons, vocabulary, known)?;
        union = Some(match union {
            None => anchor,
            Some(mut all) => {
                all.cost += anchor.cost;
                all.waits_for.sources.extend(anchor.waits_for.sources);
                all.waits_for.figure |= anchor.waits_for.figure;
                all.waits_for.any |= anchor.waits_for.any;
                all.reach = all.reach.or(anchor.reach);
                all
            }
        });
    }
    union
}
