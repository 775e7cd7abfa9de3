//! Patterns: the notation of `docs/rule-language.md`, parsed and compiled to a small program.

use super::anchor::{First, FirstWords, Needs, Reach, Wanted, anchor_and_wanted, first_of, needs};
use super::lexicon::{LexiconId, Lexicons, Names, Vocabulary, WordId, form};

/// A class of tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Class {
    /// A number.
    Number,
    /// A number with a percent sign or word.
    Percent,
    /// An amount with currency.
    Money,
    /// A year 1000-2199.
    Year,
    /// A written date.
    Date,
    /// `$ABC`, `(NYSE: ABC)`.
    Ticker,
    /// A capitalised word that does not begin the sentence.
    Cap,
    /// An emoji.
    Emoji,
    /// Any token.
    Any,
}

impl Class {
    fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "number" => Self::Number,
            "percent" => Self::Percent,
            "money" => Self::Money,
            "year" => Self::Year,
            "date" => Self::Date,
            "ticker" => Self::Ticker,
            "cap" => Self::Cap,
            "emoji" => Self::Emoji,
            "any" => Self::Any,
            _ => return None,
        })
    }
}

/// One step of a compiled pattern.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub enum Inst {
    /// That word.
    Word(WordId),
    /// One of these words, sorted.
    OneOf(Box<[WordId]>),
    /// An entry of the lexicon in one of the forms.
    Lexicon(LexiconId, u8),
    /// A token of the class.
    Class(Class),
    /// Any tokens, as few as will do.
    Gap(u16),
    /// Try the first way, then the second.
    Split(usize, usize),
    /// Of many ways, try those that the next word can begin.
    Choice(Box<Choice>),
    /// Go on there.
    Jump(usize),
    /// The next token does not begin the sub-program that ends at the given place.
    NotAhead(usize),
    /// The token before is not this.
    NotBehind(Box<Inst>),
    /// Start of a clause.
    ClauseStart,
    /// Start of a clause, or of the main clause behind an opening one.
    MainStart,
    /// Start of the sentence.
    SentenceStart,
    /// End of a clause.
    ClauseEnd,
    /// End of the sentence.
    SentenceEnd,
    /// A clause break may be crossed here.
    Break,
    /// The reported part begins here.
    Open,
    /// The reported part ends here.
    Close,
    /// Done.
    Match,
}

/// Ways of a group by the words that they begin with. They are steps that follow each other, each with a way to the next.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub struct Choice {
    /// Words, sorted, each with the step of the first way that it begins.
    words: Vec<(WordId, usize)>,
    /// The step of the first way that begins with something else.
    other: Option<usize>,
    /// The step behind all ways, for what is none of them.
    pub otherwise: usize,
}

impl Choice {
    /// The first way that may match where this is the next word; `None` stands for the end of the sentence.
    #[must_use]
    #[inline]
    pub fn of(&self, word: Option<WordId>) -> Option<usize> {
        let known = word.and_then(|word| self.words.binary_search_by_key(&word, |(known, _)| *known).ok()).map(|at| self.words[at].1);
        match (known, self.other) {
            (Some(known), Some(other)) => Some(known.min(other)),
            (known, other) => known.or(other),
        }
    }
}

/// A compiled pattern.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub struct Pattern {
    /// Its steps.
    pub program: Vec<Inst>,
    /// What a sentence must hold for it to match at all.
    pub needs: Needs,
    /// Sets of which it must hold one each, besides what the pattern waits for.
    pub wanted: Vec<Wanted>,
    /// What its first token can be.
    pub first: First,
    /// The rarest thing it cannot match without: it is tried only in sentences that hold it.
    pub anchor: First,
    /// How far behind its first token the anchor stands.
    pub reach: Reach,
    /// It can only begin where a clause begins.
    pub at_clause_start: bool,
    /// … or where a main clause does behind an opening one.
    pub at_main_start: bool,
    /// It begins with its anchor: where the anchor stands, and nowhere else, it is tried.
    pub direct: bool,
}

/// A parsed element.
#[derive(Clone, Debug)]
pub(super) enum Element {
    Word(WordId),
    /// A word with a hyphen: the ways a text can spell it, each a sequence of words.
    Spelt(Vec<Vec<WordId>>),
    Lexicon(LexiconId, u8),
    Class(Class),
    Gap(u16),
    Group(Box<Ways>),
    Optional(Box<Element>),
    NotAhead(Box<Element>),
    NotBehind(Box<Element>),
    Mark(Inst),
}

/// The ways of a group. Most of them are one word.
#[derive(Clone, Debug, Default)]
pub(super) struct Ways {
    /// Those that are one word.
    pub(super) words: Vec<WordId>,
    /// All others, in their order.
    pub(super) others: Vec<Vec<Element>>,
}

/// A pattern that was read and not compiled.
#[derive(Clone, Debug)]
pub struct Parsed {
    elements: Vec<Element>,
    at_clause_start: bool,
    at_main_start: bool,
}

/// Reads a pattern. Its words are given numbers of `vocabulary`.
///
/// # Errors
/// What is wrong with the notation, in words; the byte offset is that of the element.
pub fn parse(written: &str, names: &Names, vocabulary: &mut Vocabulary) -> Result<Parsed, (usize, String)> {
    let words = lex(written)?;
    nesting(&words)?;
    let mut parser = Parser { words: &words, at: 0, names, vocabulary };
    let elements = parser.sequence(false)?;
    if parser.at < words.len() {
        return Err((words[parser.at].0, "`)` closes nothing".to_owned()));
    }
    let starts_soft = elements.iter().find(|element| !matches!(element, Element::Mark(_) | Element::NotBehind(_) | Element::NotAhead(_)));
    let at_clause_start = matches!(elements.first(), Some(Element::Mark(Inst::ClauseStart | Inst::MainStart | Inst::SentenceStart)));
    let at_main_start = matches!(elements.first(), Some(Element::Mark(Inst::MainStart)));
    if starts_soft.is_none() || (matches!(starts_soft, Some(Element::Gap(_))) && !at_clause_start) {
        return Err((0, "a pattern must begin with a word, lexicon, class or group".to_owned()));
    }
    if first_of(&elements, &mut First::default()) {
        return Err((0, "every element is optional: the pattern would match nothing".to_owned()));
    }
    Ok(Parsed { elements, at_clause_start, at_main_start })
}

impl Parsed {
    /// Gives words the numbers of another vocabulary: `numbers[old]` is the new one.
    pub fn renumber(&mut self, numbers: &[WordId]) {
        self.elements.iter_mut().for_each(|element| renumber(element, numbers));
    }

    /// Compiles it.
    #[must_use]
    pub fn compile(&self, lexicons: &Lexicons, vocabulary: &Vocabulary, known: &mut FirstWords) -> Pattern {
        let elements = &self.elements;
        let mut program = Vec::with_capacity(elements.len() + 1);
        emit_sequence(elements, &mut program);
        program.push(Inst::Match);
        let mut first = First::default();
        first_of(elements, &mut first);
        let mut needed = Needs::default();
        needs(elements, &mut needed);
        let (anchor, wanted) = anchor_and_wanted(elements, lexicons, vocabulary, known);
        let (anchor, reach) = match anchor {
            Some(anchor) => (anchor.waits_for, anchor.reach),
            None => (First { any: true, ..First::default() }, Reach::default()),
        };
        let (first, anchor) = (first.in_order(), anchor.in_order());
        let Self { at_clause_start, at_main_start, .. } = *self;
        let direct = !at_clause_start && !anchor.any && !anchor.figure && anchor == first && reach == Reach::default();
        Pattern { program, needs: needed, wanted, first, anchor, reach, at_clause_start, at_main_start, direct }
    }
}

fn renumber(element: &mut Element, numbers: &[WordId]) {
    match element {
        Element::Word(word) => *word = numbers[*word as usize],
        Element::Spelt(ways) => ways.iter_mut().flatten().for_each(|word| *word = numbers[*word as usize]),
        Element::Group(ways) => {
            ways.words.iter_mut().for_each(|word| *word = numbers[*word as usize]);
            ways.others.iter_mut().flatten().for_each(|element| renumber(element, numbers));
        }
        Element::Optional(inner) | Element::NotAhead(inner) | Element::NotBehind(inner) => renumber(inner, numbers),
        Element::Lexicon(..) | Element::Class(_) | Element::Gap(_) | Element::Mark(_) => {}
    }
}

/// Cuts a pattern into words: brackets and bars stand for themselves also without spaces.
fn lex(written: &str) -> Result<Vec<(usize, &str)>, (usize, String)> {
    // nearly all patterns are ASCII, and there are very many of them
    if written.is_ascii() { lex_chars(written, written.bytes().map(char::from).enumerate()) } else { lex_chars(written, written.char_indices()) }
}

fn lex_chars(written: &str, chars: impl Iterator<Item = (usize, char)>) -> Result<Vec<(usize, &str)>, (usize, String)> {
    let mut words: Vec<(usize, &str)> = Vec::with_capacity(written.len() / 4);
    let mut from: Option<usize> = None;
    let mut depth = 0;
    for (i, c) in chars {
        if from.is_some() && c.is_ascii_alphanumeric() {
            continue;
        }
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        let alone = depth == 0 && matches!(c, '(' | ')' | '|' | '[' | ']');
        if (c.is_whitespace() && depth == 0 || alone)
            && let Some(start) = from.take()
        {
            words.push((start, &written[start..i]));
        }
        if alone {
            words.push((i, &written[i..=i]));
        } else if c == '?' && from.is_none() && depth == 0 && matches!(words.last(), Some((_, ")"))) {
            words.push((i, "?"));
        } else if !c.is_whitespace() || depth > 0 {
            from.get_or_insert(i);
        }
    }
    if let Some(start) = from {
        words.push((start, &written[start..]));
    }
    if depth != 0 {
        return Err((0, "a `{` is not closed".to_owned()));
    }
    Ok(words)
}

/// Deepest nesting of groups and exclamation marks: the compiler calls itself for each.
const DEEPEST: usize = 20;

/// Refuses patterns that nest deeper than anybody can read.
fn nesting(words: &[(usize, &str)]) -> Result<(), (usize, String)> {
    let (mut groups, mut marks) = (0usize, 0usize);
    for (place, word) in words {
        match *word {
            "(" => groups += 1,
            ")" => groups = groups.saturating_sub(1),
            _ => {}
        }
        marks = if matches!(*word, "!" | "<!") { marks + 1 } else { 0 };
        let own = if word.len() > DEEPEST { word.bytes().filter(|byte| matches!(byte, b'!' | b'?' | b'<')).count() } else { 0 };
        if groups.max(marks).max(own) > DEEPEST {
            return Err((*place, format!("groups and `!` are nested more than {DEEPEST} deep here")));
        }
    }
    Ok(())
}

struct Parser<'p> {
    words: &'p [(usize, &'p str)],
    at: usize,
    names: &'p Names,
    vocabulary: &'p mut Vocabulary,
}

impl Parser<'_> {
    fn sequence(&mut self, inside: bool) -> Result<Vec<Element>, (usize, String)> {
        let mut elements = Vec::new();
        self.rest(inside, &mut elements)?;
        Ok(elements)
    }

    /// The elements of a sequence from here on.
    fn rest(&mut self, inside: bool, elements: &mut Vec<Element>) -> Result<(), (usize, String)> {
        while let Some((place, word)) = self.words.get(self.at) {
            if *word == ")" || inside && *word == "|" {
                break;
            }
            if *word == "|" {
                return Err((*place, "`|` belongs inside a group `( … | … )`".to_owned()));
            }
            let element = self.element()?;
            elements.push(element);
        }
        Ok(())
    }

    fn element(&mut self) -> Result<Element, (usize, String)> {
        let Some((place, word)) = self.words.get(self.at).copied() else {
            let last = self.words.last().map_or(0, |(place, _)| *place);
            return Err((last, "`!` stands before nothing".to_owned()));
        };
        self.at += 1;
        let element = match word {
            // nearly everything is a plain word
            word if word.bytes().all(|byte| byte.is_ascii_alphanumeric()) => Element::Word(self.vocabulary.intern(word)),
            "(" => self.group(place)?,
            "[" => Element::Mark(Inst::Open),
            "]" => Element::Mark(Inst::Close),
            "^" => Element::Mark(Inst::ClauseStart),
            "^," => Element::Mark(Inst::MainStart),
            "^^" => Element::Mark(Inst::SentenceStart),
            "$" => Element::Mark(Inst::ClauseEnd),
            "$$" => Element::Mark(Inst::SentenceEnd),
            ";" => Element::Mark(Inst::Break),
            "!" => {
                let inner = self.element()?;
                return Ok(Element::NotAhead(Box::new(inner)));
            }
            "<!" => {
                let inner = self.element()?;
                return Ok(Element::NotBehind(Box::new(inner)));
            }
            other => self.simple(place, other)?,
        };
        if matches!(self.words.get(self.at), Some((_, "?"))) {
            self.at += 1;
            return Ok(Element::Optional(Box::new(element)));
        }
        Ok(element)
    }

    fn group(&mut self, place: usize) -> Result<Element, (usize, String)> {
        let mut ways = Ways::default();
        loop {
            let ended = |parser: &Self| matches!(parser.words.get(parser.at), Some((_, "|" | ")")));
            if ended(self) || self.at >= self.words.len() {
                return Err((place, "an alternative of this group is empty".to_owned()));
            }
            match self.element()? {
                Element::Word(word) if ended(self) => ways.words.push(word),
                first => {
                    let mut way = vec![first];
                    self.rest(true, &mut way)?;
                    ways.others.push(way);
                }
            }
            match self.words.get(self.at).map(|(_, word)| *word) {
                Some("|") => self.at += 1,
                Some(")") => {
                    self.at += 1;
                    return Ok(Element::Group(Box::new(ways)));
                }
                _ => return Err((place, "a `(` is not closed".to_owned())),
            }
        }
    }

    fn simple(&mut self, place: usize, word: &str) -> Result<Element, (usize, String)> {
        if let Some(rest) = word.strip_prefix("<!") {
            return Ok(Element::NotBehind(Box::new(self.simple(place, rest)?)));
        }
        if let Some(rest) = word.strip_prefix('!') {
            return Ok(Element::NotAhead(Box::new(self.simple(place, rest)?)));
        }
        if word.len() > 1
            && let Some(rest) = word.strip_suffix('?')
        {
            return Ok(Element::Optional(Box::new(self.simple(place, rest)?)));
        }
        if let Some(rest) = word.strip_prefix("..") {
            let most = if rest.is_empty() { 3 } else { rest.parse().ok().ok_or_else(|| (place, format!("`{word}` is no gap: write `..` or `..5`")))? };
            return Ok(Element::Gap(most));
        }
        if let Some(inner) = word.strip_prefix('{') {
            return self.lexicon(place, inner.trim_end_matches('}'));
        }
        if let Some(inner) = word.strip_prefix('<') {
            let name = inner.trim_end_matches('>');
            return Class::parse(name).map(Element::Class).ok_or_else(|| (place, format!("there is no token class `<{name}>`")));
        }
        let pictograph = word.chars().all(|c| !c.is_ascii());
        if !word.chars().any(char::is_alphanumeric) && !pictograph && !matches!(word, "%" | "+" | "&" | "/") {
            return Err((place, format!("`{word}` is no element of the rule language")));
        }
        // interning folds, which takes care of upper case
        let whole = self.vocabulary.intern(word);
        if !word.contains('-') {
            return Ok(Element::Word(whole));
        }
        let parts = word.split('-').filter(|part| !part.is_empty()).map(|part| self.vocabulary.intern(part)).collect();
        Ok(Element::Spelt(vec![vec![whole], parts]))
    }

    fn lexicon(&self, place: usize, inner: &str) -> Result<Element, (usize, String)> {
        let (name, forms) = inner.split_once(':').map_or((inner, None), |(name, forms)| (name, Some(forms)));
        let id = self.names.id(name.trim()).ok_or_else(|| {
            let known: Vec<&str> = self.names.all().collect();
            let nearest = crate::strict_toml::nearest_help(name.trim(), &known);
            let hint = if nearest.starts_with("did you mean") { format!(": {nearest}") } else { String::new() };
            (place, format!("there is no lexicon `{name}`{hint}"))
        })?;
        let Some(forms) = forms else { return Ok(Element::Lexicon(id, form::ANY)) };
        let mut bits = 0;
        for name in forms.split(',') {
            bits |= match name.trim() {
                "base" => form::BASE,
                "s" => form::S,
                "ing" => form::ING,
                "past" => form::PAST,
                "noun" => form::NOUN,
                other => return Err((place, format!("there is no form `{other}`: write base, s, ing, past or noun"))),
            };
        }
        Ok(Element::Lexicon(id, bits))
    }
}

fn emit_sequence(elements: &[Element], program: &mut Vec<Inst>) {
    for element in elements {
        emit(element, program);
    }
}

fn emit(element: &Element, program: &mut Vec<Inst>) {
    match element {
        Element::Word(word) => program.push(Inst::Word(*word)),
        Element::Spelt(ways) => drop(emit_ways(ways, program, |way, program| program.extend(way.iter().map(|word| Inst::Word(*word))))),
        Element::Lexicon(id, forms) => program.push(Inst::Lexicon(*id, *forms)),
        Element::Class(class) => program.push(Inst::Class(*class)),
        Element::Gap(most) => program.push(Inst::Gap(*most)),
        Element::Group(ways) => emit_group(ways, program),
        Element::Optional(inner) => {
            let split = program.len();
            program.push(Inst::Match);
            emit(inner, program);
            program[split] = Inst::Split(split + 1, program.len());
        }
        Element::NotAhead(inner) => {
            let start = program.len();
            program.push(Inst::Match);
            emit(inner, program);
            program.push(Inst::Match);
            program[start] = Inst::NotAhead(program.len());
        }
        Element::NotBehind(inner) => {
            let mut single = Vec::new();
            emit(inner, &mut single);
            if let Some(inst) = single.into_iter().next() {
                program.push(Inst::NotBehind(Box::new(inst)));
            }
        }
        Element::Mark(inst) => program.push(inst.clone()),
    }
}

/// The single words of a group are one step; what has several words is tried before them, so that the longer way wins.
fn emit_group(ways: &Ways, program: &mut Vec<Inst>) {
    let others = &ways.others;
    if ways.words.is_empty() {
        let before = program.len();
        program.extend((others.len() >= MANY_WAYS).then_some(Inst::Match));
        let starts = emit_ways(others, program, |way, program| emit_sequence(way, program));
        if others.len() >= MANY_WAYS {
            program[before] = choice(others, &starts, NOWHERE);
        }
        return;
    }
    let mut words = ways.words.clone();
    words.sort_unstable();
    words.dedup();
    let mut end = None;
    if !others.is_empty() {
        let split = program.len();
        program.push(Inst::Match);
        let starts = emit_ways(others, program, |way, program| emit_sequence(way, program));
        end = Some(program.len());
        program.push(Inst::Match);
        program[split] = if others.len() < MANY_WAYS { Inst::Split(split + 1, program.len()) } else { choice(others, &starts, program.len()) };
    }
    program.push(Inst::OneOf(words.into_boxed_slice()));
    if let Some(end) = end {
        program[end] = Inst::Jump(program.len());
    }
}

/// Ways from which they are looked up by their first words.
const MANY_WAYS: usize = 3;
/// No step: what comes here does not match. As large on every machine, for programs are made where notegate is built.
const NOWHERE: usize = u32::MAX as usize;

/// A choice between ways that begin at these steps.
fn choice(ways: &[Vec<Element>], starts: &[usize], otherwise: usize) -> Inst {
    let mut words: Vec<(WordId, usize)> = Vec::new();
    let mut other = None;
    for (way, start) in ways.iter().zip(starts) {
        match way.first() {
            Some(Element::Word(word)) => words.push((*word, *start)),
            Some(Element::Spelt(spellings)) if spellings.iter().all(|words| !words.is_empty()) => {
                words.extend(spellings.iter().filter_map(|words| words.first()).map(|word| (*word, *start)))
            }
            _ => other = other.or(Some(*start)),
        }
    }
    // of the ways that begin with one word the first stays
    words.sort_unstable();
    words.dedup_by_key(|(word, _)| *word);
    Inst::Choice(Box::new(Choice { words, other, otherwise }))
}

/// Alternatives, tried in their order. Returns where each begins.
fn emit_ways<W>(ways: &[W], program: &mut Vec<Inst>, emit_way: impl Fn(&W, &mut Vec<Inst>)) -> Vec<usize> {
    let mut jumps = Vec::new();
    let mut starts = Vec::with_capacity(ways.len());
    for (i, way) in ways.iter().enumerate() {
        let split = program.len();
        starts.push(split);
        let last = i + 1 == ways.len();
        if !last {
            program.push(Inst::Match);
        }
        emit_way(way, program);
        if !last {
            jumps.push(program.len());
            program.push(Inst::Match);
            program[split] = Inst::Split(split + 1, program.len());
        }
    }
    let end = program.len();
    for jump in jumps {
        program[jump] = Inst::Jump(end);
    }
    starts
}
