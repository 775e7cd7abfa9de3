//! Context operators: what the words around a match do to it (policy 0.4). The cues are data; how far each reaches is here.

use std::collections::HashMap;
use std::rc::Rc;

use super::lexicon::{Lexicons, form, holds};
use super::matcher::{Match, Patterns, Search, View};
pub use super::operator::{CueKind, Operator};
use crate::document::Zone;
use crate::document::token::{Ending, Sentence, gap};

/// Tokens a negation reaches to its right.
const NEGATION_REACH: u32 = 10;
/// Tokens between a subordinating cue and what it governs.
const SUBORDINATE_REACH: u32 = 4;
/// Tokens between a word about words and the words it is about.
const MENTION_REACH: u32 = 6;
/// Tokens that may stand before what adopts the sentence before: "And that is our advice".
const ADOPTION_REACH: u32 = 3;

/// All cues, compiled.
pub type Cues = Patterns<CueKind>;

/// The cues of a sentence, in the order of the rule files and then of the text.
type Found = Rc<[(CueKind, Match)]>;

/// What was found in the sentences that were looked at, and the room to look at more.
#[derive(Debug)]
pub struct CueMemory {
    search: Search,
    known: HashMap<usize, Found>,
}

impl CueMemory {
    /// Nothing looked at yet.
    #[must_use]
    pub fn new(cues: &Cues) -> Self {
        Self { search: Search::new(cues), known: HashMap::new() }
    }

    fn of(&mut self, view: &View, cues: &Cues, number: usize) -> Found {
        if let Some(found) = self.known.get(&number) {
            return Rc::clone(found);
        }
        let mut found = Vec::new();
        self.search.sentence(view, cues, number, |i, kind, hit| found.push((i, kind, hit)));
        found.sort_by_key(|(i, _, hit)| (*i, hit.start));
        let found: Found = found.into_iter().map(|(_, kind, hit)| (kind, hit)).collect();
        self.known.insert(number, Rc::clone(&found));
        found
    }
}

/// The surroundings of one sentence, found when the first match in it asks.
pub struct Surroundings<'v, 'd> {
    view: &'v View<'d>,
    lexicons: &'v Lexicons,
    all: &'v Cues,
    sentence: &'v Sentence,
    /// Index of the sentence in the document.
    at: usize,
    cues: Found,
}

impl<'v, 'd> Surroundings<'v, 'd> {
    /// Finds the cues of a sentence.
    #[must_use]
    pub fn new(view: &'v View<'d>, lexicons: &'v Lexicons, all: &'v Cues, at: usize) -> Self {
        let sentence = &view.document.tokens.sentences[at];
        let cues = view.cues.borrow_mut().of(view, all, at);
        Self { view, lexicons, all, sentence, at, cues }
    }

    fn of(&self, operator: Operator) -> impl Iterator<Item = &Match> {
        self.kinds(CueKind::Of(operator))
    }

    fn kinds(&self, wanted: CueKind) -> impl Iterator<Item = &Match> {
        self.cues.iter().filter(move |(kind, _)| *kind == wanted).map(|(_, hit)| hit)
    }

    /// Words about words, those that reject them included.
    fn mentions(&self) -> impl Iterator<Item = &Match> {
        self.cues.iter().filter(|(kind, _)| matches!(kind, CueKind::Of(Operator::Mention) | CueKind::Repudiation)).map(|(_, hit)| hit)
    }

    /// Whether the match lies in a compound: "buy time", "hold a meeting".
    #[must_use]
    pub fn in_compound(&self, hit: &Match) -> bool {
        self.cues.iter().filter(|(kind, _)| *kind == CueKind::Compound).any(|(_, cue)| {
            (hit.from..hit.to.max(hit.from + 1)).filter(|i| i - hit.start < 64 && hit.content >> (i - hit.start) & 1 == 1).any(|i| {
                // compounds of pronouns or articles alone would clear anything: the covered token must be a trigger
                cue.start <= i && i < cue.end && self.is_trigger(i)
            })
        })
    }

    fn is_trigger(&self, at: u32) -> bool {
        ["trade", "instrument"].iter().any(|name| self.lexicons.id(name).is_some_and(|id| holds(self.view.begins(at), id))) || self.view.text(at).len() > 3
    }

    /// Asks an operator about a match.
    #[must_use]
    pub fn ask(&self, operator: Operator, hit: &Match) -> bool {
        match operator {
            Operator::Negation => self.negated(hit),
            Operator::Question => self.asked(hit),
            Operator::Hypothetical => self.supposed(hit),
            Operator::Generic => self.third_person(hit),
            Operator::Mention => self.mentioned(hit) && !self.adopted(hit),
            Operator::AttributionNamed => self.attributed(hit) && self.is_dated() && self.is_cited() && !self.adopted(hit),
            Operator::AttributionUnsourced => self.attributed(hit) && !self.adopted(hit),
            Operator::AttributionVague => self.of(operator).any(|cue| outside(cue, hit)) && !self.adopted(hit),
            Operator::Quotation => {
                self.quoted(hit)
                    && !self.adopted(hit)
                    && (self.of(Operator::AttributionNamed).any(|cue| outside(cue, hit))
                        || self.near(|near| near.of(Operator::AttributionNamed).next().is_some()))
            }
            Operator::Disclaimer => self.of(operator).any(|cue| outside(cue, hit)),
            Operator::Subordinate => {
                self.of(operator).any(|cue| cue.end <= trigger(hit) && trigger(hit) - cue.end <= SUBORDINATE_REACH && self.same_clause(cue, hit))
            }
            Operator::Process => self.of(operator).any(|cue| cue.start >= hit.from && outside(cue, hit)),
            Operator::History => self.is_past(hit),
            Operator::Definition => self.of(operator).any(|cue| outside(cue, hit) && self.same_clause(cue, hit)),
            Operator::TwoSided => self.of(operator).next().is_some(),
            Operator::Cited => self.is_cited(),
        }
    }

    fn same_clause(&self, cue: &Match, hit: &Match) -> bool {
        let clause = self.view.clause(hit.from, self.sentence);
        cue.start >= clause.start && cue.start < clause.end.max(hit.to)
    }

    fn negated(&self, hit: &Match) -> bool {
        self.of(Operator::Negation).any(|cue| {
            outside(cue, hit)
                && cue.start < trigger(hit)
                && trigger(hit).saturating_sub(cue.end) <= NEGATION_REACH
                && self.same_clause(cue, hit)
                && !self.starts_anew(cue, hit)
        })
    }

    /// "Without a pension, you should buy gold": behind a comma somebody is spoken to anew, or the match itself begins, and what was
    /// negated before it stays there.
    fn starts_anew(&self, cue: &Match, hit: &Match) -> bool {
        let speaks = |at: u32| ["reader", "house"].iter().any(|name| self.lexicons.id(name).is_some_and(|id| holds(self.view.begins(at), id)));
        // "Unlike shares, bonds are free of all risk": what opens the clause reaches as far as its comma
        let opens = self.lexicons.id("opening").is_some_and(|id| holds(self.view.begins(cue.start), id)) && self.view.starts_clause(cue.start, self.sentence);
        (cue.end..hit.from.saturating_add(1).min(self.sentence.tokens.end))
            .any(|at| self.view.tokens()[at as usize].after(gap::COMMA) && (at == hit.from || (opens || speaks(at)) && self.view.starts_main(at)))
    }

    /// Asked, and not answered by what follows (policy 0.4, Q).
    fn asked(&self, hit: &Match) -> bool {
        let document = self.view.document;
        let heading = document.block(self.sentence.block).is_some_and(|block| matches!(block.zone, Zone::Heading | Zone::Title));
        let opens = self.cues.iter().any(|(kind, cue)| *kind == CueKind::QuestionWord && cue.start == self.sentence.tokens.start);
        if self.sentence.ending == Ending::Question {
            return !self.answered();
        }
        heading && opens && hit.from > self.sentence.tokens.start
    }

    fn answered(&self) -> bool {
        let sentences = &self.view.document.tokens.sentences;
        let trade = self.lexicons.id("trade");
        (self.at + 1..sentences.len().min(self.at + 3)).any(|i| {
            let next = Surroundings::new(self.view, self.lexicons, self.all, i);
            let first = next.sentence.tokens.start;
            let answer = next.cues.iter().any(|(kind, cue)| *kind == CueKind::Answer && cue.start <= first + 1);
            let command = trade.is_some_and(|id| self.lexicons.is_entry(id, form::BASE, self.view.words[first as usize]));
            answer || (command && sentences[i].tokens.len() <= 6)
        })
    }

    /// Inside the conditional clause, or anywhere behind a word that marks an example. What the reader should do is supposed only inside of
    /// the clause that supposes: "suppose inflation rises: you should buy gold" is advice all the same (policy 0.4, HYP).
    fn supposed(&self, hit: &Match) -> bool {
        let comma = |cue: &Match| (cue.end..hit.from + 1).find(|i| self.view.tokens()[*i as usize].after(gap::COMMA | gap::CLAUSE));
        let supposes = self.of(Operator::Hypothetical).any(|cue| {
            if !outside(cue, hit) {
                return cue.start < trigger(hit);
            }
            if cue.start > hit.from {
                return false;
            }
            let conditional = matches!(
                self.view.text(cue.start).to_ascii_lowercase().as_str(),
                "if" | "when" | "whenever" | "once" | "unless" | "should" | "were" | "had" | "until" | "while" | "where" | "as" | "the"
            );
            let asks =
                matches!(self.view.text(cue.end - 1).to_ascii_lowercase().as_str(), "if" | "when" | "whether" | "how" | "what" | "which" | "why" | "where");
            if conditional || asks && cue.end - cue.start > 1 || self.directs(hit) {
                return comma(cue).is_none_or(|comma| comma > trigger(hit));
            }
            true
        });
        let example = |cue: &Match| if outside(cue, hit) { cue.start <= hit.from && !self.directs(hit) } else { cue.start < trigger(hit) };
        supposes || self.kinds(CueKind::Example).any(example) && !self.adopted(hit)
    }

    /// Whether the match says what the reader should do.
    fn directs(&self, hit: &Match) -> bool {
        let names = |name: &str| self.lexicons.id(name).is_some_and(|id| (hit.start..hit.end).any(|i| holds(self.view.begins(i), id)));
        names("reader") && names("obligation")
    }

    fn third_person(&self, hit: &Match) -> bool {
        let clause = self.view.clause(hit.from, self.sentence);
        let names = |name: &str| {
            self.lexicons.id(name).is_some_and(|id| clause.clone().take_while(|i| *i < hit.to.max(hit.from + 1)).any(|i| holds(self.view.begins(i), id)))
        };
        self.of(Operator::Generic).any(|cue| cue.start >= clause.start && cue.start < trigger(hit)) && !names("reader") && !names("obligation")
    }

    /// Whether the house makes the match its own, in this sentence or the next ("… is our advice", "We agree."): a quotation launders
    /// nothing (policy 0.3). What rejects the words ("never write …") stands against it.
    #[must_use]
    pub fn adopted(&self, hit: &Match) -> bool {
        let rejected = || {
            let clause = self.view.clause(hit.from, self.sentence);
            self.kinds(CueKind::Repudiation).any(|cue| self.is_own(cue))
                || self.of(Operator::Negation).any(|cue| self.is_own(cue) && cue.start >= clause.start && cue.end <= hit.from)
        };
        let here = self.kinds(CueKind::Adoption).any(|cue| outside(cue, hit) && self.adopts(cue));
        (here || self.next_adopts()) && !rejected()
    }

    fn next_adopts(&self) -> bool {
        let sentences = &self.view.document.tokens.sentences;
        sentences.get(self.at + 1).filter(|next| next.block == self.sentence.block).is_some_and(|next| {
            let opens = next.tokens.start + ADOPTION_REACH;
            let next = Surroundings::new(self.view, self.lexicons, self.all, self.at + 1);
            next.kinds(CueKind::Adoption).any(|cue| cue.start <= opens && next.adopts(cue))
        })
    }

    /// Whether a cue stands outside of quotation marks: said, not quoted.
    fn is_own(&self, cue: &Match) -> bool {
        !self.view.document.lookup.is_quoted(cue.start)
    }

    /// Whether a cue of adoption is said, and neither asked nor denied nor supposed.
    fn adopts(&self, cue: &Match) -> bool {
        let clause = self.view.clause(cue.start, self.sentence);
        let doubts = |doubt: &Match| self.is_own(doubt) && doubt.start >= clause.start && doubt.start < cue.end && doubt.end <= cue.start + 2;
        self.is_own(cue)
            && self.sentence.ending != Ending::Question
            && !self.of(Operator::Negation).any(doubts)
            && !self.of(Operator::Hypothetical).any(|doubt| doubts(doubt) && doubt.start <= cue.start)
    }

    fn mentioned(&self, hit: &Match) -> bool {
        let cue = |reach: u32| {
            self.mentions().any(|cue| {
                outside(cue, hit) && if cue.end <= hit.from { hit.from - cue.end <= reach } else { cue.start.saturating_sub(hit.to) <= MENTION_REACH }
            })
        };
        if self.view.document.lookup.is_quoted(hit.from) {
            cue(u32::MAX) || self.kinds(CueKind::Hearsay).any(|cue| self.is_own(cue)) || self.near_before_mentions()
        } else if self.emphasised(hit) {
            cue(MENTION_REACH) || self.near_before_mentions()
        } else {
            // in a block quotation only what leads to it speaks of words: what stands beside the match is quoted too
            self.mention_directly_before(hit) || self.quoted(hit) && self.introduced()
        }
    }

    /// Whether the words before a block quotation say that words follow ("Scammers write things like:").
    fn introduced(&self) -> bool {
        let sentences = &self.view.document.tokens.sentences;
        let mut before = self.at;
        while before > 0 && sentences[before].block == self.sentence.block {
            before -= 1;
        }
        let leads = before < self.at && sentences[before].block != self.sentence.block;
        leads && Surroundings::new(self.view, self.lexicons, self.all, before).mentions().any(|cue| cue.end + MENTION_REACH >= sentences[before].tokens.end)
    }

    /// "scammers say …", "never write …": the cue stands right before, without quotation marks.
    fn mention_directly_before(&self, hit: &Match) -> bool {
        self.mentions().any(|cue| cue.end <= hit.from && hit.from - cue.end <= 2 && cue.end - cue.start >= 2)
    }

    fn near_before_mentions(&self) -> bool {
        self.at > 0
            && self.view.document.tokens.sentences[self.at - 1].block == self.sentence.block
            && Surroundings::new(self.view, self.lexicons, self.all, self.at - 1)
                .mentions()
                .next()
                .is_some_and(|cue| cue.end + 3 >= self.view.document.tokens.sentences[self.at - 1].tokens.end)
    }

    fn emphasised(&self, hit: &Match) -> bool {
        let tokens = self.view.tokens();
        let (start, end) = (tokens[hit.from as usize].start, tokens[hit.to.max(hit.from + 1) as usize - 1].end);
        self.view.document.lookup.is_emphasised(start..end)
    }

    /// Whether the match stands inside quotation marks, or in a block quotation.
    #[must_use]
    pub fn quoted(&self, hit: &Match) -> bool {
        let document = self.view.document;
        let Some(block) = document.block(self.sentence.block) else { return false };
        if block.zone == Zone::Quote {
            return true;
        }
        document.lookup.is_quoted(hit.from)
    }

    fn attributed(&self, hit: &Match) -> bool {
        self.of(Operator::AttributionNamed).any(|cue| outside(cue, hit) || cue.start < hit.from)
    }

    fn near(&self, test: impl Fn(&Surroundings) -> bool) -> bool {
        let sentences = &self.view.document.tokens.sentences;
        [self.at.wrapping_sub(1), self.at + 1]
            .into_iter()
            .filter(|i| sentences.get(*i).is_some_and(|near| near.block == self.sentence.block))
            .any(|i| test(&Surroundings::new(self.view, self.lexicons, self.all, i)))
    }

    fn is_dated(&self) -> bool {
        let text = self.view.document.reading.slice(self.sentence.text.clone());
        !crate::date::find_all(text).is_empty() || self.has_year()
    }

    fn has_year(&self) -> bool {
        self.sentence.tokens.clone().any(|i| is_year(self.view.text(i)))
    }

    fn is_past(&self, hit: &Match) -> bool {
        self.of(Operator::History).any(|cue| self.same_clause(cue, hit) || outside(cue, hit))
    }

    /// "Never write that …": the sentence opens by rejecting the statement that follows.
    #[must_use]
    pub fn rejects_statement(&self) -> bool {
        let tokens = &self.sentence.tokens;
        self.kinds(CueKind::Repudiation).any(|cue| cue.start == tokens.start && cue.end < tokens.end && self.view.text(cue.end).eq_ignore_ascii_case("that"))
    }

    /// `[1]`, a footnote mark, a link, `(Name, 2026)` in the sentence.
    #[must_use]
    pub fn is_cited(&self) -> bool {
        is_cited(self.view, self.sentence)
    }
}

/// Whether a sentence carries a citation: `[1]`, a footnote mark, a link, `(Name, 2026)`.
#[must_use]
pub fn is_cited(view: &View, sentence: &Sentence) -> bool {
    view.document.lookup.is_cited(sentence.text.clone()) || sentence.tokens.clone().any(|at| bracket_number(view, at) || author_year(view, sentence, at))
}

fn bracket_number(view: &View, at: u32) -> bool {
    view.tokens()[at as usize].after(gap::SQUARE) && view.text(at).bytes().all(|byte| byte.is_ascii_digit() || byte == b',' || byte == b'-')
}

/// `(Author, Year)`: an opening bracket, a capitalised word, a year.
fn author_year(view: &View, sentence: &Sentence, at: u32) -> bool {
    let token = &view.tokens()[at as usize];
    token.after(gap::OPEN) && token.has(crate::document::token::flag::CAPITAL) && (at + 1..sentence.tokens.end.min(at + 6)).any(|i| is_year(view.text(i)))
}

fn is_year(text: &str) -> bool {
    text.len() == 4 && (text.starts_with('1') || text.starts_with("20") || text.starts_with("21")) && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The first token of the reported part that a word or lexicon took.
fn trigger(hit: &Match) -> u32 {
    (hit.from..hit.to.max(hit.from + 1)).find(|i| i - hit.start < 64 && hit.content >> (i - hit.start) & 1 == 1).unwrap_or(hit.from)
}

/// Cues that lie inside the reported part are part of what is said.
fn outside(cue: &Match, hit: &Match) -> bool {
    cue.end <= hit.from || cue.start >= hit.to.max(hit.from + 1)
}
