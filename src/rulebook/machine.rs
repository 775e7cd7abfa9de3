//! Runs the program of one pattern at one token.

use super::lexicon::{WordId, holds};
use super::pattern::Inst;
use super::view::View;
use crate::document::token::Sentence;

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

impl View<'_> {
    /// Tries a pattern at a token; `waiting` is room for the ways still to be tried.
    pub(super) fn run(&self, program: &[Inst], at: u32, sentence: &Sentence, waiting: &mut Vec<Thread>) -> Option<Match> {
        waiting.clear();
        let mut machine = Machine { view: self, sentence, start: at, steps: 0 };
        if let [Inst::Lexicon(id, forms), Inst::Match] = program {
            // a lexicon alone: no machine is needed
            let length = self.lengths(*id, *forms, at).as_slice().first().copied().map(u32::from)?;
            return Some(Match { start: at, end: at + length, from: at, to: at + length, content: u64::MAX >> (64 - length.min(64)) });
        }
        machine.run(program, 0, at, waiting)
    }
}

/// One way that is still to be tried.
#[derive(Clone, Copy, Debug)]
pub(super) struct Thread {
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
                        let lengths = self.view.lengths(*id, *forms, thread.at);
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
                        let (mut first, mut second) = (*first, *second);
                        // of many alternatives few can be taken: what a look tells to be none does not wait
                        loop {
                            thread.pc = second;
                            if self.could(program, first, thread.at, 0) {
                                waiting.push(thread);
                                thread.pc = first;
                                break;
                            }
                            let Some(Inst::Split(next, after)) = program.get(second) else { break };
                            (first, second) = (*next, *after);
                        }
                    }
                    Inst::Choice(choice) => match choice.of(self.word(thread.at)) {
                        Some(way) => {
                            if self.could(program, choice.otherwise, thread.at, 0) {
                                waiting.push(Thread { pc: choice.otherwise, ..thread });
                            }
                            thread.pc = way;
                        }
                        None => thread.pc = choice.otherwise,
                    },
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
                    Inst::MainStart => {
                        let starts =
                            thread.at < self.sentence.tokens.end && (self.view.starts_clause(thread.at, self.sentence) || self.view.starts_main(thread.at));
                        if !starts {
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

    /// The word of a token of the sentence.
    #[inline]
    fn word(&self, at: u32) -> Option<WordId> {
        (at < self.sentence.tokens.end).then(|| self.view.words[at as usize])
    }

    /// Whether a step could be taken at a token, as far as a look at that token tells.
    #[inline]
    fn could(&self, program: &[Inst], pc: usize, at: u32, depth: u8) -> bool {
        match program.get(pc) {
            Some(Inst::Word(_) | Inst::OneOf(_) | Inst::Lexicon(..) | Inst::Class(_)) if at >= self.sentence.tokens.end => false,
            Some(Inst::Word(word)) => self.view.words[at as usize] == *word,
            Some(Inst::OneOf(words)) => words.binary_search(&self.view.words[at as usize]).is_ok(),
            Some(Inst::Lexicon(id, _)) => holds(self.view.begins(at), *id),
            Some(Inst::Open | Inst::Close) => self.could(program, pc + 1, at, depth),
            Some(Inst::Jump(to)) => self.could(program, *to, at, depth),
            Some(Inst::Choice(choice)) if depth < 12 => {
                let way = choice.of(self.word(at));
                way.is_some_and(|way| self.could(program, way, at, depth + 1)) || self.could(program, choice.otherwise, at, depth + 1)
            }
            // there is no such step
            None => false,
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

    /// Whether the token before `at` is what the step asks for.
    fn behind(&self, inst: &Inst, at: u32) -> bool {
        if at == self.sentence.tokens.start {
            return false;
        }
        let before = at - 1;
        match inst {
            Inst::Word(word) => self.view.words[before as usize] == *word,
            Inst::OneOf(words) => words.binary_search(&self.view.words[before as usize]).is_ok(),
            Inst::Lexicon(id, forms) => self.view.lexicons.is_entry(*id, *forms, self.view.words[before as usize]),
            Inst::Class(class) => self.view.class(*class, before, self.sentence) == Some(1),
            _ => false,
        }
    }
}
