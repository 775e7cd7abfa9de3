//! Runs compiled patterns over the tokens of a document: one pass finds where a pattern could begin, and only there it is tried.

use super::anchor::First;
use super::lexicon::{Bits, Lengths, Lexicons, Vocabulary, WordId};
use super::pattern::{Class, Inst, Pattern};
use crate::document::token::{Sentence, Token, TokenKind, flag, gap};
use crate::document::{Document, Zone};

/// Most steps one attempt may take: patterns are small, so that this only bounds what hostile text can cost.
const MOST_STEPS: u32 = 4_000;
/// Most alternatives that wait at once.
const MOST_WAITING: usize = 256;

/// A match of one pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Match {
    /// First token.
    pub start: u32,
    /// One past the last token.
    pub end: u32,
    /// First token of the reported part.
    pub from: u32,
    /// One past its last token.
    pub to: u32,
    /// Bit `i`: token `start + i` was matched by a word or lexicon, not skipped in a gap.
    pub content: u64,
}

/// The tokens of a document as rules see them.
pub struct View<'d> {
    /// The document.
    pub document: &'d Document,
    /// Per token: the number of its word.
    pub words: Vec<WordId>,
    /// Per token: whether a clause begins at it.
    breaks: Vec<bool>,
    /// Numbers of percent words and of currency words.
    percent: &'d [WordId],
    currency: &'d dyn Fn(WordId) -> bool,
}

impl<'d> View<'d> {
    /// Looks every token up, once.
    #[must_use]
    pub fn new(document: &'d Document, vocabulary: &Vocabulary, contrast: &[bool], percent: &'d [WordId], currency: &'d dyn Fn(WordId) -> bool) -> Self {
        let words: Vec<WordId> = document
            .tokens
            .tokens
            .iter()
            .map(|token| {
                if token.kind == TokenKind::Code {
                    return 0;
                }
                let id = vocabulary.id_of(token.hash);
                if id == 0 && token.stem_hash != token.hash { vocabulary.id_of(token.stem_hash) } else { id }
            })
            .collect();
        let breaks = document.tokens.tokens.iter().zip(&words).map(|(token, word)| token.after(gap::CLAUSE) || contrast[*word as usize]).collect();
        Self { document, words, breaks, percent, currency }
    }

    /// The tokens.
    #[must_use]
    pub fn tokens(&self) -> &'d [Token] {
        &self.document.tokens.tokens
    }

    /// The text of a token.
    #[must_use]
    pub fn text(&self, index: u32) -> &'d str {
        self.tokens().get(index as usize).map_or("", |token| self.document.reading.slice(token.range()))
    }

    /// Whether a clause begins at the token (inside its sentence).
    #[must_use]
    pub fn breaks_before(&self, index: u32) -> bool {
        self.breaks[index as usize]
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
    pub fn clause(&self, index: u32, sentence: &Sentence) -> std::ops::Range<u32> {
        let start = (sentence.tokens.start..=index).rev().find(|i| *i == sentence.tokens.start || self.breaks_before(*i)).unwrap_or(index);
        let end = (index + 1..sentence.tokens.end).find(|i| self.breaks_before(*i)).unwrap_or(sentence.tokens.end);
        start..end
    }

    /// Token count of the class at a position; `None` where it is not one.
    fn class(&self, class: Class, at: u32, sentence: &Sentence) -> Option<u32> {
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
                (next.kind == TokenKind::Percent || self.percent.contains(&self.words[at as usize + 1])).then_some(2)
            }
            Class::Money => self.money(at, sentence),
            Class::Year => {
                let text = self.text(at);
                let four = number && text.len() >= 4 && text.as_bytes()[..4].iter().all(u8::is_ascii_digit);
                (four && (text.len() == 4 || text == format!("{}s", &text[..4])) && ("1000".."2200").contains(&&text[..4])).then_some(1)
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

    /// Tries a pattern at a token; `waiting` is room for the ways still to be tried.
    fn run_with(&self, pattern: &Pattern, lexicons: &Lexicons, at: u32, sentence: &Sentence, waiting: &mut Vec<Thread>) -> Option<Match> {
        waiting.clear();
        let mut machine = Machine { view: self, lexicons, sentence, start: at, steps: 0 };
        if let [Inst::Lexicon(id, forms), Inst::Match] = pattern.program.as_slice() {
            // a lexicon alone: no machine is needed
            let length = machine.lengths(*id, *forms, at).as_slice().first().copied().map(u32::from)?;
            return Some(Match { start: at, end: at + length, from: at, to: at + length, content: u64::MAX >> (64 - length.min(64)) });
        }
        machine.run(&pattern.program, 0, at, waiting)
    }
}

/// One way that is still to be tried.
#[derive(Clone, Copy, Debug)]
struct Thread {
    pc: usize,
    at: u32,
    from: u32,
    to: u32,
    content: u64,
    /// The next token may stand behind a clause break.
    crossing: bool,
}

struct Machine<'v, 'd> {
    view: &'v View<'d>,
    lexicons: &'v Lexicons,
    sentence: &'v Sentence,
    start: u32,
    steps: u32,
}

impl Machine<'_, '_> {
    /// Whether the token at `at` can be taken without crossing the end of a clause.
    fn open(&self, thread: &Thread) -> bool {
        thread.at < self.sentence.tokens.end && (thread.at == self.start || thread.crossing || !self.view.breaks_before(thread.at))
    }

    /// Runs from a step; ways that were waiting before are left alone.
    fn run(&mut self, program: &[Inst], pc: usize, at: u32, waiting: &mut Vec<Thread>) -> Option<Match> {
        const UNSET: u32 = u32::MAX;
        let floor = waiting.len();
        waiting.push(Thread { pc, at, from: UNSET, to: UNSET, content: 0, crossing: false });
        while waiting.len() > floor
            && let Some(mut thread) = waiting.pop()
        {
            loop {
                self.steps += 1;
                if self.steps > MOST_STEPS || waiting.len() > MOST_WAITING {
                    waiting.truncate(floor);
                    return None;
                }
                let Some(inst) = program.get(thread.pc) else { break };
                match inst {
                    Inst::Match => {
                        waiting.truncate(floor);
                        return Some(Match {
                            start: self.start,
                            end: thread.at,
                            from: if thread.from == UNSET { self.start } else { thread.from },
                            to: if thread.to == UNSET { thread.at } else { thread.to },
                            content: thread.content,
                        });
                    }
                    Inst::Word(word) => {
                        if !self.open(&thread) || self.view.words[thread.at as usize] != *word {
                            break;
                        }
                        self.take(&mut thread, 1);
                    }
                    Inst::OneOf(words) => {
                        if !self.open(&thread) || words.binary_search(&self.view.words[thread.at as usize]).is_err() {
                            break;
                        }
                        self.take(&mut thread, 1);
                    }
                    Inst::Lexicon(id, forms) => {
                        if !self.open(&thread) {
                            break;
                        }
                        let lengths = self.lengths(*id, *forms, thread.at);
                        let Some((first, rest)) = lengths.as_slice().split_first() else { break };
                        for length in rest.iter().rev() {
                            let mut other = thread;
                            self.take(&mut other, u32::from(*length));
                            waiting.push(other);
                        }
                        self.take(&mut thread, u32::from(*first));
                    }
                    Inst::Class(class) => {
                        if !self.open(&thread) {
                            break;
                        }
                        let Some(length) = self.view.class(*class, thread.at, self.sentence) else { break };
                        self.take(&mut thread, length);
                    }
                    Inst::Gap(most) => {
                        // fewest tokens first: the longer ways wait, longest at the bottom; ways whose next step cannot be taken are not kept
                        let mut reach = 0;
                        let mut longer = thread;
                        longer.pc += 1;
                        while reach < *most && self.open(&longer) {
                            longer.at += 1;
                            longer.crossing = false;
                            reach += 1;
                        }
                        for back in 0..reach {
                            let at = longer.at - u32::from(back);
                            if self.could(program, longer.pc, at, 0) {
                                waiting.push(Thread { at, ..longer });
                            }
                        }
                        thread.pc += 1;
                        if !self.could(program, thread.pc, thread.at, 0) {
                            break;
                        }
                    }
                    Inst::Split(first, second) => {
                        waiting.push(Thread { pc: *second, ..thread });
                        thread.pc = *first;
                    }
                    Inst::Jump(to) => thread.pc = *to,
                    Inst::NotAhead(after) => {
                        let there = thread.at < self.sentence.tokens.end && self.run(program, thread.pc + 1, thread.at, waiting).is_some();
                        if there {
                            break;
                        }
                        thread.pc = *after;
                    }
                    Inst::NotBehind(inst) => {
                        if self.behind(inst, thread.at) {
                            break;
                        }
                        thread.pc += 1;
                    }
                    Inst::ClauseStart => {
                        if thread.at >= self.sentence.tokens.end || !self.view.starts_clause(thread.at, self.sentence) {
                            break;
                        }
                        thread.crossing = true;
                        thread.pc += 1;
                    }
                    Inst::SentenceStart => {
                        if thread.at != self.sentence.tokens.start {
                            break;
                        }
                        thread.pc += 1;
                    }
                    Inst::ClauseEnd => {
                        if thread.at < self.sentence.tokens.end && !self.view.breaks_before(thread.at) {
                            break;
                        }
                        thread.pc += 1;
                    }
                    Inst::SentenceEnd => {
                        if thread.at < self.sentence.tokens.end {
                            break;
                        }
                        thread.pc += 1;
                    }
                    Inst::Break => {
                        thread.crossing = true;
                        thread.pc += 1;
                    }
                    Inst::Open => {
                        thread.from = thread.at;
                        thread.pc += 1;
                    }
                    Inst::Close => {
                        thread.to = thread.at;
                        thread.pc += 1;
                    }
                }
            }
        }
        None
    }

    /// Whether a step could be taken at a token, as far as a look at that token tells.
    #[inline]
    fn could(&self, program: &[Inst], pc: usize, at: u32, depth: u8) -> bool {
        match program.get(pc) {
            Some(Inst::Word(_) | Inst::OneOf(_) | Inst::Lexicon(..) | Inst::Class(_)) if at >= self.sentence.tokens.end => false,
            Some(Inst::Word(word)) => self.view.words[at as usize] == *word,
            Some(Inst::OneOf(words)) => words.binary_search(&self.view.words[at as usize]).is_ok(),
            Some(Inst::Lexicon(id, _)) => self.lexicons.begins(self.view.words[at as usize])[*id as usize / 64] >> (id % 64) & 1 == 1,
            Some(Inst::Open | Inst::Close) => self.could(program, pc + 1, at, depth),
            Some(Inst::Jump(to)) => self.could(program, *to, at, depth),
            Some(Inst::Split(first, second)) if depth < 12 => self.could(program, *first, at, depth + 1) || self.could(program, *second, at, depth + 1),
            _ => true,
        }
    }

    fn take(&self, thread: &mut Thread, count: u32) {
        for i in 0..count {
            let bit = thread.at + i - self.start;
            if bit < 64 {
                thread.content |= 1 << bit;
            }
        }
        thread.at += count;
        thread.crossing = false;
        thread.pc += 1;
    }

    fn lengths(&self, id: u16, forms: u8, at: u32) -> Lengths {
        let word = self.view.words[at as usize];
        self.lexicons.lengths(id, forms, word, |i| {
            let next = at as usize + i;
            let inside = next < self.sentence.tokens.end as usize && !self.view.breaks_before(u32::try_from(next).unwrap_or(u32::MAX));
            inside.then(|| self.view.words[next])
        })
    }

    /// Whether the token before `at` is what the step asks for.
    fn behind(&self, inst: &Inst, at: u32) -> bool {
        if at == self.sentence.tokens.start {
            return false;
        }
        let before = at - 1;
        match inst {
            Inst::Word(word) => self.view.words[before as usize] == *word,
            Inst::OneOf(words) => words.binary_search(&self.view.words[before as usize]).is_ok(),
            Inst::Lexicon(id, forms) => self.lexicons.is_entry(*id, *forms, self.view.words[before as usize]),
            Inst::Class(class) => self.view.class(*class, before, self.sentence) == Some(1),
            _ => false,
        }
    }
}

/// What a sentence holds, to leave out patterns that cannot match.
#[derive(Clone, Copy, Debug, Default)]
pub struct Contents {
    lexicons: Bits,
    words: u64,
    figures: bool,
}

impl Contents {
    /// Reads the tokens of a sentence.
    #[must_use]
    pub fn of(view: &View, lexicons: &Lexicons, sentence: &Sentence) -> Self {
        let mut contents = Self::default();
        for i in sentence.tokens.start as usize..sentence.tokens.end as usize {
            let word = view.words[i];
            if word != 0 {
                contents.words |= 1 << (word % 64);
                for (all, one) in contents.lexicons.iter_mut().zip(lexicons.begins(word)) {
                    *all |= one;
                }
            }
            contents.figures |= matches!(view.tokens()[i].kind, TokenKind::Number | TokenKind::Currency | TokenKind::Emoji);
        }
        contents
    }

    /// Whether the pattern can match in a sentence that holds this.
    #[must_use]
    #[inline]
    pub fn allow(&self, pattern: &Pattern) -> bool {
        let needs = &pattern.needs;
        self.words & needs.words == needs.words
            && (self.figures || !needs.figure)
            && self.lexicons.iter().zip(needs.lexicons).all(|(has, needs)| has & needs == needs)
    }
}

/// Which patterns a token brings into play: each pattern waits for the rarest thing it cannot do without.
#[derive(Debug, Default)]
pub struct Index {
    by_word: Vec<Vec<u32>>,
    /// Patterns that begin with their anchor.
    direct: Vec<Vec<u32>>,
    by_figure: Vec<u32>,
    always: Vec<u32>,
}

impl Index {
    /// Indexes patterns by their anchors; the number handed out is the position in the list.
    pub fn new<'p>(patterns: impl Iterator<Item = &'p Pattern>, words: usize) -> Self {
        let mut index = Self { by_word: vec![Vec::new(); words], direct: vec![Vec::new(); words], ..Self::default() };
        for (i, pattern) in patterns.enumerate() {
            let i = crate::span::offset(i);
            let anchor = &pattern.anchor;
            if anchor.any {
                index.always.push(i);
                continue;
            }
            let by_word = if pattern.direct { &mut index.direct } else { &mut index.by_word };
            for word in anchor.words() {
                by_word[word as usize].push(i);
            }
            if anchor.figure {
                index.by_figure.push(i);
            }
        }
        index
    }
}

/// A search through sentences: what it has tried is kept by sentence, so that every pattern is looked at once in each.
#[derive(Debug)]
pub struct Search {
    /// Per pattern: the last sentence it was a candidate in.
    seen: Vec<u32>,
    round: u32,
    candidates: Vec<u32>,
    /// Pattern and token of every place where a pattern begins with its anchor.
    places: Vec<(u32, u32)>,
    starts: Vec<u32>,
    waiting: Vec<Thread>,
}

impl Search {
    /// A search over that many patterns.
    #[must_use]
    pub fn new(patterns: usize) -> Self {
        Self { seen: vec![0; patterns], round: 0, candidates: Vec::new(), places: Vec::new(), starts: Vec::new(), waiting: Vec::new() }
    }

    /// Calls back for every match in a sentence, by pattern and then by place.
    pub fn sentence<'p>(
        &mut self,
        view: &View,
        lexicons: &Lexicons,
        index: &Index,
        sentence: &Sentence,
        pattern: impl Fn(usize) -> &'p Pattern,
        mut call: impl FnMut(usize, Match),
    ) {
        self.gather(view, index, sentence);
        if self.candidates.is_empty() && self.places.is_empty() {
            return;
        }
        let contents = Contents::of(view, lexicons, sentence);
        let places = std::mem::take(&mut self.places);
        for (i, at) in &places {
            let pattern = pattern(*i as usize);
            if contents.allow(pattern)
                && let Some(hit) = view.run_with(pattern, lexicons, *at, sentence, &mut self.waiting)
            {
                call(*i as usize, hit);
            }
        }
        self.places = places;
        self.candidates.retain(|i| contents.allow(pattern(*i as usize)));
        self.candidates.sort_unstable();
        self.starts.clear();
        let candidates = std::mem::take(&mut self.candidates);
        for i in &candidates {
            let number = *i as usize;
            let pattern = pattern(number);
            if pattern.at_clause_start {
                if self.starts.is_empty() {
                    self.starts.extend(sentence.tokens.clone().filter(|at| view.starts_clause(*at, sentence)));
                }
                for at in &self.starts {
                    if pattern.first.allows(view, *at)
                        && let Some(hit) = view.run_with(pattern, lexicons, *at, sentence, &mut self.waiting)
                    {
                        call(number, hit);
                    }
                }
                continue;
            }
            for at in sentence.tokens.clone() {
                if pattern.first.allows(view, at)
                    && let Some(hit) = view.run_with(pattern, lexicons, at, sentence, &mut self.waiting)
                {
                    call(number, hit);
                }
            }
        }
        self.candidates = candidates;
    }

    fn gather(&mut self, view: &View, index: &Index, sentence: &Sentence) {
        self.round += 1;
        self.candidates.clear();
        self.places.clear();
        let (seen, round, candidates) = (&mut self.seen, self.round, &mut self.candidates);
        let mut add = |patterns: &[u32]| {
            for i in patterns {
                if std::mem::replace(&mut seen[*i as usize], round) != round {
                    candidates.push(*i);
                }
            }
        };
        add(&index.always);
        let mut figures = false;
        for at in sentence.tokens.start as usize..sentence.tokens.end as usize {
            let word = view.words[at];
            if word != 0 {
                add(&index.by_word[word as usize]);
                self.places.extend(index.direct[word as usize].iter().map(|i| (*i, crate::span::offset(at))));
            }
            figures |= matches!(view.tokens()[at].kind, TokenKind::Number | TokenKind::Currency | TokenKind::Emoji);
        }
        if figures {
            add(&index.by_figure);
        }
    }
}

impl First {
    /// Whether a pattern that begins so can begin at the token.
    #[inline]
    fn allows(&self, view: &View, at: u32) -> bool {
        if self.any {
            return true;
        }
        let word = view.words[at as usize];
        if word != 0 && self.set.get(word as usize / 64).is_some_and(|bits| bits >> (word % 64) & 1 == 1) {
            return true;
        }
        self.figure && {
            let token = &view.tokens()[at as usize];
            matches!(token.kind, TokenKind::Number | TokenKind::Currency | TokenKind::Emoji) || token.has(flag::UPPER)
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
