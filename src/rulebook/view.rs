//! The tokens of a document as rules see them: words looked up once, entries of several words found once, classes of tokens.

use std::cell::RefCell;
use std::ops::Range;

use super::context::{CueMemory, Cues};
use super::lexicon::{Bits, Lengths, LexiconId, Lexicons, MOST_LEXICONS, Standing, Vocabulary, WordId, form, holds, trait_of};
use super::pattern::Class;
use crate::document::Document;
use crate::document::token::{Sentence, Token, TokenKind, flag, gap};
use crate::span::offset;

/// What begins at a token, as bits.
mod bound {
    /// A clause.
    pub(super) const CLAUSE: u8 = 1;
    /// Perhaps a main clause: it stands behind a comma of a clause that began with an opening word ("If …, buy").
    pub(super) const MAIN: u8 = 1 << 1;
}

/// Whether a token is a number, or stands beside one.
pub(super) const fn is_figure(kind: TokenKind) -> bool {
    matches!(kind, TokenKind::Number | TokenKind::Currency | TokenKind::Emoji)
}

/// What of a rulebook is needed to look words up.
#[derive(Clone, Copy)]
pub struct Words<'r> {
    /// All words that rules know.
    pub vocabulary: &'r Vocabulary,
    /// All lexicons.
    pub lexicons: &'r Lexicons,
    /// Per word: whether it begins a clause that stands against the one before.
    pub contrast: &'r [bool],
    /// Words for per cent.
    pub percent: &'r [WordId],
    /// Cues of context operators.
    pub cues: &'r Cues,
}

/// What a sentence holds, to leave out patterns that cannot match.
#[derive(Clone, Copy, Debug)]
pub(super) struct Contents {
    /// Lexicons an entry of which begins in it; behind them [`ALWAYS`] and [`FIGURE`].
    lexicons: [u64; LANES],
    /// Its words, by number modulo 512 …
    many_words: Bits,
    /// … and modulo 64.
    pub words: u64,
    /// It holds a figure.
    pub figures: bool,
}

/// Tokens among which one entry of several words begins, on average: room is reserved by it.
const TOKENS_OF_AN_ENTRY: usize = 16;
/// Lanes of a set of lexicons, and one more.
const LANES: usize = MOST_LEXICONS / 64 + 1;
/// What stands for a lexicon that every sentence holds …
pub(super) const ALWAYS: LexiconId = MOST_LEXICONS as LexiconId;
/// … for one of figures …
pub(super) const FIGURE: LexiconId = ALWAYS + 1;
/// … and for one that no sentence holds.
pub(super) const NEVER: LexiconId = FIGURE + 1;

impl Contents {
    const NOTHING: Self = {
        let mut lexicons = [0; LANES];
        lexicons[LANES - 1] = 1;
        Self { lexicons, many_words: [0; 8], words: 0, figures: false }
    };

    fn add(&mut self, lexicons: &Bits) {
        self.lexicons.iter_mut().zip(lexicons).for_each(|(all, lane)| *all |= lane);
    }

    fn add_figure(&mut self) {
        self.figures = true;
        self.lexicons[LANES - 1] |= 1 << (FIGURE % 64);
    }

    /// Whether one of these words, given by number modulo 512, may stand in the sentence.
    #[inline]
    pub fn may_hold(&self, words: &Bits) -> bool {
        self.many_words.iter().zip(words).fold(0, |found, (held, wanted)| found | held & wanted) != 0
    }

    /// Whether an entry of the lexicon begins in the sentence; so for [`ALWAYS`], [`FIGURE`] and [`NEVER`].
    #[inline]
    pub fn holds(&self, id: LexiconId) -> bool {
        self.lexicons[usize::from(id / 64).min(LANES - 1)] >> (id % 64) & 1 == 1
    }
}

/// The tokens of a document as rules see them.
pub struct View<'d> {
    /// The document.
    pub document: &'d Document,
    /// Per token: the number of its word.
    pub words: Vec<WordId>,
    /// Per token: the number of its word, without a possessive ending, in the weights of `likeness.txt`.
    weighed: Vec<u16>,
    /// Per token: bits of [`bound`].
    bounds: Vec<u8>,
    /// Per sentence: what it holds.
    contents: Vec<Contents>,
    /// All lexicons.
    pub(super) lexicons: &'d Lexicons,
    /// Per token: 0, or the number of what begins there in [`Self::joined`], counted from 1.
    several: Vec<u32>,
    /// Where entries of several words begin: all lexicons an entry of which begins there, and those entries.
    joined: Vec<(Bits, Range<u32>)>,
    standing: Vec<Standing>,
    /// Numbers of percent words and of currency words.
    percent: &'d [WordId],
    currency: &'d dyn Fn(WordId) -> bool,
    /// Context operators found so far.
    pub(super) cues: RefCell<CueMemory>,
}

impl<'d> View<'d> {
    /// Looks every token up, once.
    #[must_use]
    pub fn new(document: &'d Document, rules: Words<'d>, currency: &'d dyn Fn(WordId) -> bool) -> Self {
        let Words { vocabulary, lexicons, contrast, percent, cues } = rules;
        let tokens = &document.tokens.tokens;
        let mut words: Vec<WordId> = Vec::with_capacity(tokens.len());
        let mut weighed: Vec<u16> = Vec::with_capacity(tokens.len());
        for token in tokens {
            let (mut word, mut number) = vocabulary.find(token.hash);
            if token.stem_hash != token.hash {
                let stem = vocabulary.find(token.stem_hash);
                (word, number) = (if word == 0 { stem.0 } else { word }, stem.1);
            }
            words.push(if token.kind == TokenKind::Code { 0 } else { word });
            weighed.push(number);
        }
        let begins_clause = |token: &Token, word: WordId| token.after(gap::CLAUSE) || contrast[word as usize];
        let bounds = tokens.iter().zip(&words).map(|(token, word)| if begins_clause(token, *word) { bound::CLAUSE } else { 0 }).collect();
        let several = vec![0; words.len()];
        let contents = vec![Contents::NOTHING; document.tokens.sentences.len()];
        let (joined, standing) = (Vec::with_capacity(tokens.len() / TOKENS_OF_AN_ENTRY), Vec::with_capacity(tokens.len() / TOKENS_OF_AN_ENTRY));
        let cues = RefCell::new(CueMemory::new(cues));
        let mut view = Self { document, words, weighed, bounds, contents, lexicons, several, joined, standing, percent, currency, cues };
        view.read_sentences();
        view
    }

    /// Entries of several words, what each sentence holds, and where main clauses begin.
    fn read_sentences(&mut self) {
        let opening = self.lexicons.id("opening");
        let mut found = Vec::new();
        for (number, sentence) in self.document.tokens.sentences.iter().enumerate() {
            self.read_sentence(number, sentence, &mut found);
            if let Some(opening) = opening.filter(|id| self.contents[number].holds(*id)) {
                self.find_mains(sentence, opening);
            }
        }
    }

    fn find_mains(&mut self, sentence: &Sentence, opening: LexiconId) {
        let mut began = sentence.tokens.start;
        while began < sentence.tokens.end {
            let rest = &self.bounds[began as usize + 1..sentence.tokens.end as usize];
            let end = began + 1 + offset(rest.iter().position(|bounds| bounds & bound::CLAUSE != 0).unwrap_or(rest.len()));
            let opens = |at: u32| at < end && holds(self.begins(at), opening);
            // "So if …": one word may stand before the opening one
            if opens(began) || opens(began + 1) {
                let clause = began as usize + 1..end as usize;
                for (bounds, token) in self.bounds[clause.clone()].iter_mut().zip(&self.document.tokens.tokens[clause]) {
                    if token.after(gap::COMMA) {
                        *bounds |= bound::MAIN;
                    }
                }
            }
            began = end;
        }
    }

    /// Whether a main clause may begin at the token, behind the comma of an opening one.
    #[must_use]
    #[inline]
    pub fn starts_main(&self, index: u32) -> bool {
        self.bounds[index as usize] & bound::MAIN != 0
    }

    /// What a sentence holds. Most tokens begin no entry of several words, and what begins at one is found once for all rules.
    fn read_sentence(&mut self, number: usize, sentence: &Sentence, found: &mut Vec<Standing>) {
        let Self { document, words, bounds, contents, lexicons, several, joined, standing, .. } = self;
        let contents = &mut contents[number];
        let range = sentence.tokens.start as usize..sentence.tokens.end as usize;
        let (tokens, words, bounds) = (&document.tokens.tokens[range.clone()], &words[range.clone()], &bounds[range.clone()]);
        let mut figures = false;
        // an entry ends where its clause ends
        let mut end = words.len();
        for (at, ((token, word), bounds)) in tokens.iter().zip(words).zip(bounds).enumerate().rev() {
            if *word != 0 {
                contents.many_words[*word as usize / 64 % 8] |= 1 << (word % 64);
                let traits = lexicons.traits(*word);
                if traits & trait_of::LISTED != 0 {
                    contents.add(lexicons.alone(*word));
                }
                if traits & trait_of::FIRST != 0 {
                    found.clear();
                    lexicons.standing(&words[at..end], found);
                    if !found.is_empty() {
                        let mut bits = *lexicons.alone(*word);
                        found.iter().for_each(|one| bits[one.lexicon as usize / 64] |= 1 << (one.lexicon % 64));
                        contents.add(&bits);
                        let from = offset(standing.len());
                        standing.extend(&*found);
                        joined.push((bits, from..offset(standing.len())));
                        several[range.start + at] = offset(joined.len());
                    }
                }
            }
            figures |= is_figure(token.kind);
            if bounds & bound::CLAUSE != 0 {
                end = at;
            }
        }
        contents.words = contents.many_words.iter().fold(0, |words, lane| words | lane);
        if figures {
            contents.add_figure();
        }
    }

    /// What a sentence holds.
    #[inline]
    pub(super) fn contents(&self, sentence: usize) -> &Contents {
        &self.contents[sentence]
    }

    /// Whether an entry of a lexicon begins anywhere in the sentence of a number.
    #[must_use]
    #[inline]
    pub fn holds(&self, sentence: usize, id: LexiconId) -> bool {
        self.contents[sentence].holds(id)
    }

    /// Whether a number, a currency or a pictograph stands in the sentence of a number.
    #[must_use]
    #[inline]
    pub fn holds_figure(&self, sentence: usize) -> bool {
        self.contents[sentence].figures
    }

    /// The lexicons an entry of which begins at a token.
    #[must_use]
    #[inline]
    pub fn begins(&self, at: u32) -> &Bits {
        match self.several[at as usize] {
            0 => self.lexicons.alone(self.words[at as usize]),
            number => &self.joined[number as usize - 1].0,
        }
    }

    /// Token counts of the entries of a lexicon, in one of the forms, that begin at a token, longest first.
    #[must_use]
    #[inline]
    pub fn lengths(&self, id: LexiconId, forms: u8, at: u32) -> Lengths {
        let mut lengths = Lengths::default();
        if !holds(self.begins(at), id) {
            return lengths;
        }
        if self.several[at as usize] != 0 {
            let range = &self.joined[self.several[at as usize] as usize - 1].1;
            for one in &self.standing[range.start as usize..range.end as usize] {
                if one.lexicon == id && one.forms & forms != 0 {
                    lengths.push(one.length);
                }
            }
        }
        if self.lexicons.is_entry(id, forms, self.words[at as usize]) {
            lengths.push(1);
        }
        lengths
    }

    /// Token count of the longest entry of a lexicon that begins at a token; 0 where none does.
    #[must_use]
    #[inline]
    pub fn entry_at(&self, id: LexiconId, at: u32) -> u32 {
        self.lengths(id, form::ANY, at).as_slice().first().map_or(0, |length| u32::from(*length))
    }

    /// The tokens.
    #[must_use]
    pub fn tokens(&self) -> &'d [Token] {
        &self.document.tokens.tokens
    }

    /// The number of the word of a token in the weights of `likeness.txt`; [`NO_NUMBER`](super::vocabulary::NO_NUMBER) where they do not know it.
    #[inline]
    pub(super) fn weighed(&self, at: u32) -> u16 {
        self.weighed[at as usize]
    }

    /// The text of a token.
    #[must_use]
    pub fn text(&self, index: u32) -> &'d str {
        self.tokens().get(index as usize).map_or("", |token| self.document.reading.slice(token.range()))
    }

    /// Whether a clause begins at the token (inside its sentence).
    #[must_use]
    #[inline]
    pub fn breaks_before(&self, index: u32) -> bool {
        self.bounds[index as usize] & bound::CLAUSE != 0
    }

    /// Whether a clause or sentence begins at the token. List markers and pictographs at the start do not count.
    #[must_use]
    pub fn starts_clause(&self, index: u32, sentence: &Sentence) -> bool {
        let first = sentence.tokens.start;
        if index == first || self.breaks_before(index) {
            return true;
        }
        self.tokens()[first as usize..index as usize].iter().enumerate().all(|(i, token)| {
            matches!(token.kind, TokenKind::Emoji | TokenKind::Sign)
                || (i == 0 && token.kind == TokenKind::Number && (self.tokens()[first as usize + 1].gap & (gap::STOP | gap::CLOSE)) != 0)
        })
    }

    /// The clause of a token: the range of tokens around it without a clause break.
    #[must_use]
    pub fn clause(&self, index: u32, sentence: &Sentence) -> Range<u32> {
        let start = (sentence.tokens.start..=index).rev().find(|i| *i == sentence.tokens.start || self.breaks_before(*i)).unwrap_or(index);
        let end = (index + 1..sentence.tokens.end).find(|i| self.breaks_before(*i)).unwrap_or(sentence.tokens.end);
        start..end
    }

    /// Token count of the class at a position; `None` where it is not one.
    pub(super) fn class(&self, class: Class, at: u32, sentence: &Sentence) -> Option<u32> {
        let tokens = self.tokens();
        let token = tokens.get(at as usize)?;
        let next = (at + 1 < sentence.tokens.end).then(|| &tokens[at as usize + 1]);
        let number = token.kind == TokenKind::Number;
        match class {
            Class::Any => Some(1),
            Class::Number => number.then_some(1),
            Class::Emoji => (token.kind == TokenKind::Emoji).then_some(1),
            Class::Cap => (token.kind == TokenKind::Word && token.has(flag::CAPITAL) && at > sentence.tokens.start).then_some(1),
            Class::Percent => {
                let next = next.filter(|_| number)?;
                let is = |i: u32, word: &str| i < sentence.tokens.end && crate::document::token::fold(self.text(i)) == word;
                if is(at + 1, "per") && is(at + 2, "cent") {
                    return Some(3);
                }
                (next.kind == TokenKind::Percent || self.percent.contains(&self.words[at as usize + 1])).then_some(2)
            }
            Class::Money => self.money(at, sentence),
            Class::Year => {
                let text = self.text(at);
                let four = number && text.len() >= 4 && text.as_bytes()[..4].iter().all(u8::is_ascii_digit);
                (four && matches!(&text[4..], "" | "s") && ("1000".."2200").contains(&&text[..4])).then_some(1)
            }
            Class::Date => number.then(|| crate::date::parse(self.text(at)).is_ok().then_some(1)).flatten(),
            Class::Ticker => self.ticker(at, sentence),
        }
    }

    fn money(&self, at: u32, sentence: &Sentence) -> Option<u32> {
        let tokens = self.tokens();
        let kind = |i: u32| (i < sentence.tokens.end).then(|| tokens[i as usize].kind);
        let currency_word = |i: u32| i < sentence.tokens.end && (self.currency)(self.words[i as usize]);
        let mut i = at;
        if tokens[i as usize].kind == TokenKind::Word && tokens[i as usize].has(flag::UPPER) && kind(i + 1) == Some(TokenKind::Currency) {
            i += 1; // US$
        }
        if kind(i) == Some(TokenKind::Currency) && kind(i + 1) == Some(TokenKind::Number) {
            return Some(i + 2 - at);
        }
        if kind(at) == Some(TokenKind::Number) && (kind(at + 1) == Some(TokenKind::Currency) || currency_word(at + 1)) {
            return Some(2);
        }
        if kind(at) == Some(TokenKind::Number) && self.text(at).strip_suffix('p').is_some_and(|digits| digits.ends_with(|c: char| c.is_ascii_digit())) {
            return Some(1); // 412p
        }
        let code = currency_word(at) && tokens[at as usize].has(flag::UPPER);
        (code && kind(at + 1) == Some(TokenKind::Number)).then_some(2)
    }

    fn ticker(&self, at: u32, sentence: &Sentence) -> Option<u32> {
        let tokens = self.tokens();
        let symbol = |i: u32| {
            i < sentence.tokens.end
                && tokens[i as usize].kind == TokenKind::Word
                && tokens[i as usize].has(flag::UPPER)
                && (2..=5).contains(&(tokens[i as usize].end - tokens[i as usize].start))
        };
        if tokens[at as usize].kind == TokenKind::Currency && symbol(at + 1) && !tokens[at as usize + 1].after(gap::SPACE) {
            return Some(2);
        }
        (symbol(at) && tokens[at as usize].after(gap::OPEN) && symbol(at + 1) && tokens[at as usize + 1].after(gap::COLON)).then_some(2)
    }
}
