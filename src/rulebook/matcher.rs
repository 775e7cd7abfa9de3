//! Which patterns a sentence brings into play: one pass over its tokens finds where a pattern could begin, and only there it is tried.

use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::Range;

use super::anchor::{FIGURES, FirstWords, MOST_ALTERNATIVES, Needs, Source, Wanted};
use super::lexicon::{Bits, LexiconId, Lexicons, Vocabulary, WordId, holds};
pub use super::machine::Match;
use super::machine::Thread;
use super::pattern::{Inst, Pattern};
pub use super::view::View;
use super::view::{ALWAYS, Contents, FIGURE, NEVER, is_figure};
pub use super::zones::REFERENCE_BIT;
use crate::document::Zone;
use crate::document::token::{Sentence, TokenKind, flag};
use crate::span::offset;

/// What must be known of a pattern to leave it alone; small, for all of them are looked at all the time.
#[derive(Clone, Copy, Debug)]
struct Head {
    /// Lexicons the sentence must hold an entry of, the rarest first.
    lexicons: [LexiconId; MOST_NEEDS],
    /// Where its own sets begin in [`Patterns::sets`], and how many they are.
    sets: (u32, u32),
    /// What its first token can be.
    first: Begins,
    /// How far behind its first token the anchor stands.
    reach: (u16, u16),
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
/// What the first token of a pattern can be: as a rule an entry of a lexicon, or a word.
#[derive(Clone, Copy, Debug)]
enum Begins {
    /// Entries of these lexicons, and these words; each list is filled up with its last, words also with 0.
    Few { lexicons: [LexiconId; 2], words: [WordId; 2] },
    /// Words alone.
    Words([WordId; 2]),
    /// A row of [`Patterns::firsts`].
    Row(u32),
}

impl Begins {
    /// The short form of a set, where it has one.
    fn few(sources: &[Source]) -> Option<Self> {
        let lexicons: Vec<LexiconId> = sources.iter().filter_map(|source| if let Source::Lexicon(id, _) = source { Some(*id) } else { None }).collect();
        let words: Vec<WordId> = sources.iter().filter_map(|source| if let Source::Word(word) = source { Some(*word) } else { None }).collect();
        let two = |words: &[WordId]| std::array::from_fn(|at| words.get(at).copied().unwrap_or(0));
        match (lexicons.as_slice(), words.len()) {
            ([], ..=2) => Some(Self::Words(two(&words))),
            ([only], ..=2) => Some(Self::Few { lexicons: [*only; 2], words: two(&words) }),
            ([first, second], ..=2) => Some(Self::Few { lexicons: [*first, *second], words: two(&words) }),
            _ => None,
        }
    }
}

/// Lexicons that are asked for where a pattern waits.
const FIRST_NEEDS: usize = 2;

/// A pattern that waits, with what is asked before it is looked at: most that wait for a word lack something else.
#[derive(Clone, Copy, Debug, Default)]
struct Waiting {
    /// Words the sentence must hold, by number modulo 64.
    words: u64,
    pattern: u32,
    lexicons: [LexiconId; FIRST_NEEDS],
}

impl Waiting {
    #[inline]
    fn may_match(&self, contents: &Contents) -> bool {
        let [first, second] = self.lexicons;
        // one branch for all of them: which of them fails is nothing that a processor could guess
        (contents.words & self.words == self.words) & contents.holds(first) & contents.holds(second)
    }
}

/// Alternatives of which a sentence must hold one.
#[derive(Clone, Copy, Debug)]
struct Set {
    /// Words, by number modulo 512.
    words: Bits,
    /// Lexicons, filled up with [`NEVER`].
    lexicons: [LexiconId; MOST_ALTERNATIVES],
}

impl Set {
    fn of(wanted: &Wanted) -> Self {
        let mut lexicons = wanted.lexicons.iter().copied().chain(wanted.figure.then_some(FIGURE));
        Self { words: wanted.words, lexicons: std::array::from_fn(|_| lexicons.next().unwrap_or(NEVER)) }
    }

    #[inline]
    fn may_stand(&self, contents: &Contents) -> bool {
        contents.may_hold(&self.words) || self.lexicons.iter().fold(false, |any, id| any | contents.holds(*id))
    }
}

/// The rarest lexicons that a sentence must hold an entry of.
fn rarest(needs: &Needs, lexicons: &Lexicons, vocabulary: &Vocabulary, known: &mut FirstWords) -> [LexiconId; MOST_NEEDS] {
    let mut all: Vec<(f64, LexiconId)> = needs.lexicons().map(|id| (known.often(id, lexicons, vocabulary), id)).collect();
    all.extend(needs.figure.then_some((FIGURES, FIGURE)));
    all.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    std::array::from_fn(|at| all.get(at).map_or(ALWAYS, |(_, id)| *id))
}

/// Lists of waiting patterns by word, in one piece.
#[derive(Debug, Default)]
struct ByWord {
    /// Words that have a list, as a bit set by number.
    any: Vec<u64>,
    /// Where the list of each word begins and ends.
    ranges: Vec<(u32, u32)>,
    patterns: Vec<Waiting>,
}

impl ByWord {
    /// Of pairs of word and pattern that come pattern by pattern.
    fn new(pairs: &[(WordId, u32)], words: usize, waiting: &[Waiting]) -> Self {
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
        let mut patterns = vec![Waiting::default(); pairs.len()];
        let mut any = vec![0; words.div_ceil(64)];
        for (word, pattern) in pairs {
            let (start, end) = &mut ranges[*word as usize];
            any[*word as usize / 64] |= 1 << (word % 64);
            // a pattern may wait for a word by several of its sources; its pairs stand together
            if *end == *start || patterns[*end as usize - 1].pattern != *pattern {
                patterns[*end as usize] = waiting[*pattern as usize];
                *end += 1;
            }
        }
        Self { any, ranges, patterns }
    }

    #[inline]
    fn of(&self, word: WordId) -> &[Waiting] {
        if self.any.get(word as usize / 64).is_none_or(|words| words >> (word % 64) & 1 == 0) {
            return &[];
        }
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
    /// What else each of them cannot do without, pattern by pattern.
    sets: Vec<Set>,
    /// Sets of first words as rows of `width` numbers; equal sets share a row.
    firsts: Vec<u64>,
    width: usize,
    by_word: ByWord,
    by_figure: Vec<Waiting>,
    always: Vec<Waiting>,
}

impl<T> Default for Patterns<T> {
    fn default() -> Self {
        Self {
            owners: Vec::new(),
            programs: Vec::new(),
            heads: Vec::new(),
            sets: Vec::new(),
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
        let mut pairs: Vec<(WordId, u32)> = Vec::new();
        let mut all_waiting: Vec<Waiting> = Vec::with_capacity(patterns.len());
        let mut rows: HashMap<Vec<Source>, u32> = HashMap::new();
        for (i, (owner, pattern)) in patterns.into_iter().enumerate() {
            let i = offset(i);
            let Pattern { program, needs, wanted, first, anchor, reach, at_clause_start, at_main_start, direct } = pattern;
            let needed = rarest(&needs, lexicons, vocabulary, known);
            // the lexicon that it waits for itself is there, as a rule
            let waits_for = if let [Source::Lexicon(id, _)] = anchor.sources.as_slice() { *id } else { ALWAYS };
            let mut others = needed.iter().copied().filter(|id| *id != waits_for);
            let waiting = Waiting { words: needs.words, pattern: i, lexicons: std::array::from_fn(|_| others.next().unwrap_or(ALWAYS)) };
            all_waiting.push(waiting);
            if anchor.any {
                all.always.push(waiting);
            } else {
                anchor.sources.iter().for_each(|source| known.each(*source, lexicons, vocabulary, |word| pairs.push((word, i))));
                if anchor.figure {
                    all.by_figure.push(waiting);
                }
            }
            let next = offset(rows.len());
            // where a pattern begins with what it waits for, nobody asks what it can begin with
            let sources = if direct { Vec::new() } else { first.sources };
            let few = Begins::few(&sources);
            let row = || {
                *rows.entry(sources).or_insert_with_key(|sources| {
                    let from = all.firsts.len();
                    all.firsts.resize(from + all.width, 0);
                    let row = &mut all.firsts[from..];
                    sources.iter().for_each(|source| known.each(*source, lexicons, vocabulary, |word| row[word as usize / 64] |= 1 << (word % 64)));
                    next
                })
            };
            let first_token = few.unwrap_or_else(|| Begins::Row(row()));
            let sets = (offset(all.sets.len()), offset(wanted.len()));
            all.sets.extend(wanted.iter().map(Set::of));
            let head = Head {
                lexicons: needed,
                sets,
                first: first_token,
                reach: (u16::try_from(reach.least).unwrap_or(0), u16::try_from(reach.most).unwrap_or(u16::MAX)),
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
        all.by_word = ByWord::new(&pairs, vocabulary.len(), &all_waiting);
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

    /// Whether a sentence may hold all that a pattern cannot do without.
    #[inline]
    fn may_match(&self, head: &Head, contents: &Contents) -> bool {
        let (from, count) = (head.sets.0 as usize, head.sets.1 as usize);
        head.lexicons.iter().fold(true, |all, id| all & contents.holds(*id)) && self.sets[from..from + count].iter().all(|set| set.may_stand(contents))
    }

    /// Whether a pattern can begin at a token.
    #[inline]
    fn can_begin(&self, head: &Head, view: &View, at: u32) -> bool {
        let word = view.words[at as usize];
        let known = || match &head.first {
            Begins::Few { lexicons: [first, second], words } => {
                let begins = view.begins(at);
                holds(begins, *first) || holds(begins, *second) || words.contains(&word)
            }
            Begins::Words(words) => words.contains(&word),
            Begins::Row(row) => self.firsts[*row as usize * self.width + word as usize / 64] >> (word % 64) & 1 == 1,
        };
        head.first_any
            || word != 0 && known()
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

/// What a search needs room for: as much as there are patterns, and the same for every article.
#[derive(Debug, Default)]
struct Room {
    progress: Vec<Progress>,
    /// Number of the sentence at hand among all that were searched with this room.
    round: u32,
    waiting: Vec<Thread>,
}

thread_local! {
    /// Rooms of searches that are over.
    static ROOMS: RefCell<Vec<Room>> = const { RefCell::new(Vec::new()) };
}

/// A search through sentences; keeps its room from one to the next.
#[derive(Debug)]
pub struct Search {
    room: Room,
}

impl Drop for Search {
    fn drop(&mut self) {
        let room = std::mem::take(&mut self.room);
        // where the thread ends, so does the room
        let _ = ROOMS.try_with(|rooms| rooms.borrow_mut().push(room));
    }
}

impl Search {
    /// A search for these patterns.
    #[must_use]
    pub fn new<T: Copy>(patterns: &Patterns<T>) -> Self {
        let mut room = ROOMS.with_borrow_mut(Vec::pop).unwrap_or_default();
        if room.progress.len() < patterns.len() {
            room.progress.resize(patterns.len(), Progress::default());
        }
        Self { room }
    }

    /// No pattern was tried in the next sentence.
    fn next_round(&mut self) {
        let Room { progress, round, .. } = &mut self.room;
        *round = round.wrapping_add(1);
        if *round == 0 {
            progress.fill(Progress::default());
            *round = 1;
        }
    }

    /// Calls back for every match in the sentence of a number, with the number of the pattern and what it belongs to; in no order that means
    /// anything.
    pub fn sentence<T: Copy>(&mut self, view: &View, patterns: &Patterns<T>, number: usize, mut call: impl FnMut(usize, T, Match)) {
        self.next_round();
        let sentence = &view.document.tokens.sentences[number];
        let contents = view.contents(number);
        let tokens = &sentence.tokens;
        for waiting in patterns.always.iter().filter(|waiting| waiting.may_match(contents)) {
            if self.is_open(patterns, contents, waiting.pattern) {
                self.attempt(view, patterns, sentence, waiting.pattern, tokens.start..tokens.end, &mut call);
            }
        }
        let range = tokens.start as usize..tokens.end as usize;
        let by_figure: &[Waiting] = if contents.figures { &patterns.by_figure } else { &[] };
        // token by token: a pattern is never tried behind where it was tried
        for (at, (word, token)) in (tokens.start..).zip(view.words[range.clone()].iter().zip(&view.tokens()[range])) {
            self.try_waiting(view, patterns, sentence, contents, patterns.by_word.of(*word), at, &mut call);
            if !by_figure.is_empty() && is_figure(token.kind) {
                self.try_waiting(view, patterns, sentence, contents, by_figure, at, &mut call);
            }
        }
    }

    /// Tries what waits for a token.
    #[inline]
    #[allow(clippy::too_many_arguments, reason = "the inner loop: a struct of references made for every word would cost what it is to spare")]
    fn try_waiting<T: Copy>(
        &mut self,
        view: &View,
        patterns: &Patterns<T>,
        sentence: &Sentence,
        contents: &Contents,
        all: &[Waiting],
        at: u32,
        call: &mut impl FnMut(usize, T, Match),
    ) {
        for waiting in all {
            if waiting.may_match(contents) && self.is_open(patterns, contents, waiting.pattern) {
                let (least, most) = patterns.heads[waiting.pattern as usize].reach;
                let starts = at.saturating_sub(u32::from(most)).max(sentence.tokens.start)..(at + 1).saturating_sub(u32::from(least));
                self.attempt(view, patterns, sentence, waiting.pattern, starts, call);
            }
        }
    }

    /// Whether there is anything to try a pattern at in this sentence: asked once, where it is first met.
    #[inline]
    fn is_open<T: Copy>(&mut self, patterns: &Patterns<T>, contents: &Contents, number: u32) -> bool {
        let Room { progress, round, .. } = &mut self.room;
        let progress = &mut progress[number as usize];
        if progress.round != *round {
            let open = patterns.may_match(&patterns.heads[number as usize], contents);
            *progress = Progress { round: *round, next: if open { 0 } else { u32::MAX } };
        }
        progress.next != u32::MAX
    }

    /// Tries an open pattern at those of the tokens at which it was not tried before.
    fn attempt<T: Copy>(
        &mut self,
        view: &View,
        patterns: &Patterns<T>,
        sentence: &Sentence,
        number: u32,
        starts: Range<u32>,
        call: &mut impl FnMut(usize, T, Match),
    ) {
        let number = number as usize;
        let head = &patterns.heads[number];
        let Room { progress, waiting, .. } = &mut self.room;
        let progress = &mut progress[number];
        let starts = starts.start.max(progress.next)..starts.end;
        if starts.is_empty() {
            return;
        }
        progress.next = starts.end;
        for at in starts {
            if head.at_clause_start && !(view.starts_clause(at, sentence) || head.at_main_start && view.starts_main(at))
                || !head.direct && !patterns.can_begin(head, view, at)
            {
                continue;
            }
            if let Some(hit) = view.run(&patterns.programs[number], at, sentence, waiting) {
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
