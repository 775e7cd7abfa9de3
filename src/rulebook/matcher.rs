//! Which patterns a sentence brings into play: one pass over its tokens finds where a pattern could begin, and only there it is tried.

use std::collections::HashMap;
use std::ops::Range;

use super::anchor::{FirstWords, Source};
use super::lexicon::{Bits, LexiconId, Lexicons, Vocabulary, WordId, holds};
pub use super::machine::Match;
use super::machine::Thread;
use super::pattern::{Inst, Pattern};
pub use super::view::View;
use crate::document::Zone;
use crate::document::token::{Sentence, TokenKind, flag};
use crate::span::offset;

/// What a sentence holds, to leave out patterns that cannot match.
#[derive(Clone, Copy, Debug, Default)]
struct Contents {
    lexicons: Bits,
    words: u64,
    figures: bool,
}

impl Contents {
    /// Reads the tokens of a sentence.
    fn of(view: &View, sentence: &Sentence) -> Self {
        let mut contents = Self::default();
        for i in sentence.tokens.start as usize..sentence.tokens.end as usize {
            let word = view.words[i];
            if word != 0 {
                contents.words |= 1 << (word % 64);
                let begins = view.begins(offset(i));
                for (all, lane) in contents.lexicons.iter_mut().zip(begins) {
                    *all |= lane;
                }
            }
            contents.figures |= is_figure(view, i);
        }
        contents
    }

    /// Whether a pattern can match in a sentence that holds this.
    #[inline]
    fn allow(&self, head: &Head) -> bool {
        self.words & head.words == head.words
            && (self.figures || !head.figure)
            && head.lexicons.iter().all(|id| *id == NO_LEXICON || holds(&self.lexicons, *id))
    }
}

fn is_figure(view: &View, at: usize) -> bool {
    matches!(view.tokens()[at].kind, TokenKind::Number | TokenKind::Currency | TokenKind::Emoji)
}

/// What must be known of a pattern to leave it alone; small, for all of them are looked at all the time.
#[derive(Clone, Copy, Debug)]
struct Head {
    /// Words the sentence must hold, by number modulo 64.
    words: u64,
    /// Lexicons it must hold an entry of.
    lexicons: [LexiconId; MOST_NEEDS],
    /// What its first token can be: a row of [`Patterns::firsts`].
    first: u32,
    /// How far behind its first token the anchor stands.
    reach: (u16, u16),
    /// The sentence must hold a figure.
    figure: bool,
    /// The first token can be a figure.
    first_figure: bool,
    /// The first token can be anything.
    first_any: bool,
    at_clause_start: bool,
    at_main_start: bool,
    /// It begins with its anchor.
    direct: bool,
}

/// Lexicons that are asked for before a pattern is tried.
const MOST_NEEDS: usize = 4;
/// No lexicon: their numbers end far below.
const NO_LEXICON: LexiconId = LexiconId::MAX;

/// Lists of pattern numbers by word, in one piece.
#[derive(Debug, Default)]
struct ByWord {
    /// Where the list of each word begins and ends.
    ranges: Vec<(u32, u32)>,
    patterns: Vec<u32>,
}

impl ByWord {
    /// Of pairs of word and pattern that come pattern by pattern.
    fn new(pairs: &[(WordId, u32)], words: usize) -> Self {
        let mut ranges = vec![(0u32, 0u32); words];
        for (word, _) in pairs {
            ranges[*word as usize].1 += 1;
        }
        let mut start = 0;
        for range in &mut ranges {
            let count = range.1;
            *range = (start, start);
            start += count;
        }
        let mut patterns = vec![0; pairs.len()];
        for (word, pattern) in pairs {
            let (start, end) = &mut ranges[*word as usize];
            // a pattern may wait for a word by several of its sources; its pairs stand together
            if *end == *start || patterns[*end as usize - 1] != *pattern {
                patterns[*end as usize] = *pattern;
                *end += 1;
            }
        }
        Self { ranges, patterns }
    }

    #[inline]
    fn of(&self, word: WordId) -> &[u32] {
        let (start, end) = self.ranges[word as usize];
        &self.patterns[start as usize..end as usize]
    }
}

/// Compiled patterns with what they belong to, and the index that tells which of them a token brings into play: each waits for
/// the rarest thing it cannot do without, and is tried only where that thing is near enough.
#[derive(Debug)]
pub struct Patterns<T> {
    owners: Vec<T>,
    programs: Vec<Box<[Inst]>>,
    heads: Vec<Head>,
    /// Sets of first words as rows of `width` numbers; equal sets share a row.
    firsts: Vec<u64>,
    width: usize,
    by_word: ByWord,
    by_figure: Vec<u32>,
    always: Vec<u32>,
}

impl<T> Default for Patterns<T> {
    fn default() -> Self {
        Self {
            owners: Vec::new(),
            programs: Vec::new(),
            heads: Vec::new(),
            firsts: Vec::new(),
            width: 0,
            by_word: ByWord::default(),
            by_figure: Vec::new(),
            always: Vec::new(),
        }
    }
}

impl<T: Copy> Patterns<T> {
    /// Indexes patterns by their anchors.
    #[must_use]
    pub fn new(patterns: Vec<(T, Pattern)>, lexicons: &Lexicons, vocabulary: &Vocabulary, known: &mut FirstWords) -> Self {
        let mut all = Self { width: vocabulary.len().div_ceil(64), ..Self::default() };
        let mut waiting: Vec<(WordId, u32)> = Vec::new();
        let mut rows: HashMap<Vec<Source>, u32> = HashMap::new();
        for (i, (owner, pattern)) in patterns.into_iter().enumerate() {
            let i = offset(i);
            let Pattern { program, needs, first, anchor, reach, at_clause_start, at_main_start, direct } = pattern;
            if anchor.any {
                all.always.push(i);
            } else {
                anchor.sources.iter().for_each(|source| known.each(*source, lexicons, vocabulary, |word| waiting.push((word, i))));
                if anchor.figure {
                    all.by_figure.push(i);
                }
            }
            let mut needed = [NO_LEXICON; MOST_NEEDS];
            needed.iter_mut().zip(needs.lexicons()).for_each(|(slot, id)| *slot = id);
            let next = offset(rows.len());
            // where a pattern begins with what it waits for, nobody asks what it can begin with
            let sources = if direct { Vec::new() } else { first.sources };
            let row = *rows.entry(sources).or_insert_with_key(|sources| {
                let from = all.firsts.len();
                all.firsts.resize(from + all.width, 0);
                let row = &mut all.firsts[from..];
                sources.iter().for_each(|source| known.each(*source, lexicons, vocabulary, |word| row[word as usize / 64] |= 1 << (word % 64)));
                next
            });
            let head = Head {
                words: needs.words,
                lexicons: needed,
                first: row,
                reach: (u16::try_from(reach.least).unwrap_or(0), u16::try_from(reach.most).unwrap_or(u16::MAX)),
                figure: needs.figure,
                first_figure: first.figure,
                first_any: first.any,
                at_clause_start,
                at_main_start,
                direct,
            };
            all.owners.push(owner);
            all.programs.push(program.into_boxed_slice());
            all.heads.push(head);
        }
        all.by_word = ByWord::new(&waiting, vocabulary.len());
        all
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.owners.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.owners.is_empty()
    }

    /// Whether a pattern can begin at a token.
    #[inline]
    fn can_begin(&self, head: &Head, view: &View, at: u32) -> bool {
        let word = view.words[at as usize];
        head.first_any
            || self.firsts[head.first as usize * self.width + word as usize / 64] >> (word % 64) & 1 == 1
            || head.first_figure && {
                let token = &view.tokens()[at as usize];
                matches!(token.kind, TokenKind::Number | TokenKind::Currency | TokenKind::Emoji) || token.has(flag::UPPER)
            }
    }
}

/// How far a pattern has been tried in a sentence.
#[derive(Clone, Copy, Debug, Default)]
struct Progress {
    /// The sentence, by number of the search.
    round: u32,
    /// The first token it has not been tried at; none is left where the sentence lacks something it needs.
    next: u32,
}

/// A search through sentences; keeps its room from one to the next.
#[derive(Debug)]
pub struct Search {
    progress: Vec<Progress>,
    round: u32,
    waiting: Vec<Thread>,
}

impl Search {
    /// A search for these patterns.
    #[must_use]
    pub fn new<T: Copy>(patterns: &Patterns<T>) -> Self {
        Self { progress: vec![Progress::default(); patterns.len()], round: 0, waiting: Vec::new() }
    }

    /// Calls back for every match in a sentence, with the number of the pattern and what it belongs to; in no order that means anything.
    pub fn sentence<T: Copy>(&mut self, view: &View, patterns: &Patterns<T>, sentence: &Sentence, mut call: impl FnMut(usize, T, Match)) {
        self.round += 1;
        let contents = Contents::of(view, sentence);
        let tokens = &sentence.tokens;
        for i in &patterns.always {
            self.attempt(view, patterns, sentence, &contents, *i, tokens.start..tokens.end, &mut call);
        }
        for at in tokens.clone() {
            let word = view.words[at as usize];
            let waiting_for_word = if word == 0 { &[] } else { patterns.by_word.of(word) };
            let waiting_for_figure = if contents.figures && is_figure(view, at as usize) { patterns.by_figure.as_slice() } else { &[] };
            for i in waiting_for_word.iter().chain(waiting_for_figure) {
                let (least, most) = patterns.heads[*i as usize].reach;
                let starts = at.saturating_sub(u32::from(most)).max(tokens.start)..(at + 1).saturating_sub(u32::from(least));
                self.attempt(view, patterns, sentence, &contents, *i, starts, &mut call);
            }
        }
    }

    /// Tries a pattern at those of the tokens at which it was not tried before.
    #[inline]
    #[allow(clippy::too_many_arguments, reason = "the inner loop: a struct of references made for every word would cost what it is to spare")]
    fn attempt<T: Copy>(
        &mut self,
        view: &View,
        patterns: &Patterns<T>,
        sentence: &Sentence,
        contents: &Contents,
        number: u32,
        starts: Range<u32>,
        call: &mut impl FnMut(usize, T, Match),
    ) {
        let number = number as usize;
        let head = &patterns.heads[number];
        let progress = &mut self.progress[number];
        if progress.round != self.round {
            *progress = Progress { round: self.round, next: if contents.allow(head) { 0 } else { u32::MAX } };
        }
        let starts = starts.start.max(progress.next)..starts.end;
        if starts.is_empty() {
            return;
        }
        progress.next = starts.end;
        for at in starts {
            if !head.direct && !patterns.can_begin(head, view, at)
                || head.at_clause_start && !(view.starts_clause(at, sentence) || head.at_main_start && view.starts_main(at))
            {
                continue;
            }
            if let Some(hit) = view.run(&patterns.programs[number], at, sentence, &mut self.waiting) {
                call(number, patterns.owners[number], hit);
            }
        }
    }
}

/// Zones as bits.
#[must_use]
pub const fn zone_bit(zone: Zone) -> u16 {
    match zone {
        Zone::Title => 1,
        Zone::Heading => 1 << 1,
        Zone::Paragraph | Zone::ListItem | Zone::Callout | Zone::Caption | Zone::Alt | Zone::Footnote => 1 << 2,
        Zone::Cell => 1 << 3,
        Zone::Quote => 1 << 4,
        Zone::Code => 1 << 6,
    }
}

/// The bit of the reference list, which is a place and not a zone of the document.
pub const REFERENCE_BIT: u16 = 1 << 5;

/// Zones by the names rules use.
#[must_use]
pub fn zone_named(name: &str) -> Option<u16> {
    Some(match name {
        "title" => 1,
        "heading" => 1 << 1,
        "body" => 1 << 2,
        "table" => 1 << 3,
        "quote" => 1 << 4,
        "reference" => REFERENCE_BIT,
        _ => return None,
    })
}

/// The zones of a rule that names none.
pub const DEFAULT_ZONES: u16 = 0b1_1111;
