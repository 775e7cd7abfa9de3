//! Price claims: amounts, moves and ratios of a market that a text states, with the time they are stated for (policy 2).
//!
//! Finds and classifies; what the snapshot says to them is the check's business.

mod figure;
mod history;
mod ids;
mod number;
mod pairs;
mod places;
mod rates;
mod sums;
mod time;
mod words;

use figure::Figure;
pub use figure::is_year;
pub use history::History;
use ids::Ids;
use jiff::civil::Date;
use places::{Last, Places};

use crate::document::token::{Ending, Sentence, TokenKind, flag, fold, gap};
use crate::document::{Block, Cell, Document, Zone};
use crate::policy::Policy;
use crate::rulebook::Rulebook;
use crate::rulebook::context::{Operator, Surroundings};
use crate::rulebook::lexicon::{LexiconId, holds};
use crate::rulebook::matcher::{Match, View};

const CHECK: &str = "live-price";
/// Tokens of a head of a table, or of a line above one.
const HEAD: usize = 20;
/// Tokens between a weak predicate ("is", "at", "buy") and an amount of what has no quoted price of its own ("a fund", "a share").
const NEAR: u32 = 6;
/// What kind of figure is claimed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A price or level.
    Level,
    /// A change in money.
    Move,
    /// A change in per cent.
    MovePercent,
    /// A change in basis points.
    MovePoints,
    /// A ratio of two prices.
    Ratio,
    /// A yield, premium or share of the market, in per cent.
    Rate,
}

/// How the figure is said to relate to the market.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparator {
    /// It is that, exactly.
    Equal,
    /// It is that, roughly.
    About,
    /// It is more.
    Above,
    /// It is less.
    Below,
}

/// The time a claim is made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// The present, or no time at all.
    Live,
    /// A day.
    Dated(Date),
    /// A month without its year.
    MonthWithoutYear,
    /// The past, by year, month or decade.
    Historic,
}

/// One claim.
#[derive(Clone, Debug)]
pub struct PriceClaim {
    /// What is claimed.
    pub kind: Kind,
    /// How.
    pub comparator: Comparator,
    /// The figure; per cent and points as written.
    pub value: f64,
    /// The upper end, where two are given.
    pub upper: Option<f64>,
    /// One unit of the last digit shown, in the figure's own scale.
    pub step: f64,
    /// The same with trailing zeros taken as rounding.
    pub coarse_step: f64,
    /// ISO 4217 code.
    pub currency: Option<String>,
    /// Unit of measure, folded.
    pub unit: Option<String>,
    /// What it is a price of, by its canonical name.
    pub instrument: Option<String>,
    /// The time it is made for.
    pub mode: Mode,
    /// Whether the verb says down.
    pub falling: bool,
    /// A citation stands in the sentence.
    pub cited: bool,
    /// Tokens of the figure with its sign and unit.
    pub tokens: std::ops::Range<u32>,
    /// The sentence, as an index.
    pub sentence: usize,
}

/// Lists of the policy: names of instruments and currencies.
struct Tables<'p> {
    aliases: &'p [String],
    currencies: &'p [String],
    /// Codes that pairs are made of.
    codes: &'p [String],
}

impl Tables<'_> {
    /// The right side of the pair `left = right` in a list.
    fn right<'l>(list: &'l [String], left: &str) -> Option<&'l str> {
        list.iter().filter_map(|pair| pair.split_once('=')).find(|(known, _)| known.trim_end() == left).map(|(_, right)| right.trim_start())
    }

    fn canonical(&self, name: &str) -> String {
        let folded = fold(name).replace(['-', '/'], " ");
        let plain = folded.trim_end_matches("'s").trim();
        Self::right(self.aliases, plain).unwrap_or(plain).to_owned()
    }

    /// ISO code and factor of a currency sign, word or code.
    fn currency(&self, written: &str) -> Option<(String, f64)> {
        if let Some(code) = Self::right(self.currencies, &fold(written)) {
            let (code, parts) = code.split_once('/').unwrap_or((code, "1"));
            return Some((code.to_owned(), 1.0 / parts.parse::<f64>().unwrap_or(1.0)));
        }
        (written.len() == 3 && written.bytes().all(|byte| byte.is_ascii_uppercase())).then(|| (written.to_owned(), 1.0))
    }
}

/// The plain numbers among some tokens of a document, as far as they are numbers.
#[must_use]
pub fn numbers_in(document: &Document, tokens: std::ops::Range<u32>) -> Vec<f64> {
    let all = &document.tokens.tokens;
    let numbers = all.get(tokens.start as usize..tokens.end as usize).unwrap_or_default().iter().filter(|token| token.kind == TokenKind::Number);
    numbers
        .filter_map(|token| number::parse_number(document.reading.slice(token.start..token.end)))
        .filter(|number| number.upper.is_none())
        .map(|number| number.value)
        .collect()
}

/// All price claims of a document.
#[must_use]
pub fn find(document: &Document, view: &View, rulebook: &Rulebook, policy: &Policy, as_of: Date) -> Vec<PriceClaim> {
    let tables =
        Tables { aliases: policy.list(CHECK, "instrument-aliases"), currencies: policy.list(CHECK, "currencies"), codes: policy.list(CHECK, "pair-codes") };
    let finder = Finder {
        ids: Ids::new(rulebook.lexicons()),
        document,
        view,
        rulebook,
        tables,
        as_of,
        places: Places::new(document),
        clause: Last::default(),
        whole: Last::default(),
        dates: Last::default(),
        history: History::new(document, view, rulebook, as_of),
        row: Last::default(),
        column: Last::default(),
        quoted: Last::default(),
        unit: Last::default(),
        row_time: Last::default(),
        table_time: Last::default(),
        heading_time: Last::default(),
        example: Last::default(),
    };
    let mut claims = Vec::new();
    for (number, sentence) in document.tokens.sentences.iter().enumerate() {
        let Some(block) = document.block(sentence.block) else { continue };
        if block.entry || !finder.may_hold_figure(number) || !sentence.tokens.clone().any(|at| finder.may_be_figure(at)) {
            continue;
        }
        finder.sentence(number, sentence, block, &mut claims);
    }
    claims
}

struct Finder<'f> {
    ids: Ids,
    document: &'f Document,
    view: &'f View<'f>,
    rulebook: &'f Rulebook,
    tables: Tables<'f>,
    as_of: Date,
    places: Places<'f>,
    // what was asked last: figures of one clause, sentence, row or table ask the same
    clause: Last<std::ops::Range<u32>, Option<Mode>>,
    whole: Last<usize, Option<Mode>>,
    history: History<'f>,
    dates: Last<u32, Vec<std::ops::Range<u32>>>,
    row: Last<(u32, u32), bool>,
    column: Last<(u32, u32), bool>,
    quoted: Last<(u32, u32), bool>,
    unit: Last<(u32, u32), Option<String>>,
    row_time: Last<(u32, u32), Option<Mode>>,
    table_time: Last<u32, (Option<Mode>, Option<Mode>)>,
    heading_time: Last<u32, Option<Mode>>,
    example: Last<u32, (bool, Option<usize>)>,
}

impl Finder<'_> {
    fn word(&self, at: u32) -> std::borrow::Cow<'_, str> {
        fold(self.view.text(at))
    }

    fn kind(&self, at: u32, sentence: &Sentence) -> Option<TokenKind> {
        sentence.tokens.contains(&at).then(|| self.view.tokens()[at as usize].kind)
    }

    fn entry(&self, lexicon: Option<LexiconId>, at: u32) -> u32 {
        lexicon.map_or(0, |id| self.view.entry_at(id, at))
    }

    /// Whether an entry of the lexicon begins anywhere in a range of tokens.
    fn any(&self, lexicon: Option<LexiconId>, number: usize, mut range: std::ops::Range<u32>) -> bool {
        let Some(id) = lexicon.filter(|_| range.len() > places::SHORT) else { return range.any(|at| self.entry(lexicon, at) > 0) };
        let sentence = self.document.tokens.sentences[number].tokens.clone();
        self.places.any_entry(id, sentence, &range, |at| self.entry(lexicon, at) > 0)
    }

    /// Whether words in a range tie it to the moment of reading. "Just" does not, where it says how far or why ("just under $30").
    fn says_now(&self, number: usize, range: std::ops::Range<u32>) -> bool {
        let of_degree = [self.ids.price_above, self.ids.price_below, self.ids.price_approx, self.ids.price_just];
        let first = self.document.tokens.sentences[number].tokens.start;
        let is_degree = |at: u32| at > first && self.word(at) == "just" && of_degree.into_iter().any(|list| self.entry(list, at + 1) > 0);
        self.any(self.ids.time_now, number, range.clone()) && range.into_iter().any(|at| self.entry(self.ids.time_now, at) > 0 && !is_degree(at))
    }

    /// Whether a figure may begin or stand anywhere in a sentence: one look tells of most that none does.
    fn may_hold_figure(&self, number: usize) -> bool {
        self.view.holds_figure(number) || [self.ids.price_number_word, self.ids.currency_word].into_iter().flatten().any(|id| self.view.holds(number, id))
    }

    /// Whether a figure may begin at a token or stand right before it: what no sentence without one is looked at for.
    fn may_be_figure(&self, at: u32) -> bool {
        self.view.tokens()[at as usize].kind == TokenKind::Number || self.counts(at) || self.rulebook.is_currency(self.view.words[at as usize])
    }

    /// Whether a word that counts begins at a token.
    fn counts(&self, at: u32) -> bool {
        self.ids.price_number_word.is_some_and(|id| holds(self.view.begins(at), id))
    }

    /// Whether a look tells that no figure begins at a token: it is a word that neither counts nor stands before a sign or number.
    fn is_plain(&self, sentence: &Sentence, at: u32) -> bool {
        let token = &self.view.tokens()[at as usize];
        let says_nothing = |at: u32| at >= sentence.tokens.end || !self.counts(at) && !self.view.text(at).contains('-');
        token.kind == TokenKind::Word
            && !token.has(flag::FOLDED)
            && !matches!(self.kind(at + 1, sentence), Some(TokenKind::Currency | TokenKind::Number))
            && says_nothing(at)
            // behind an article the next word may begin a figure
            && (token.end - token.start > 2 || says_nothing(at + 1))
    }

    fn sentence(&self, number: usize, sentence: &Sentence, block: &Block, claims: &mut Vec<PriceClaim>) {
        let mut around: Option<Surroundings> = None;
        let mut at = sentence.tokens.start;
        while at < sentence.tokens.end {
            let Some(figure) = (!self.is_plain(sentence, at)).then(|| self.figure(number, sentence, at)).flatten() else {
                at += 1;
                continue;
            };
            at = figure.tokens.end.max(at + 1);
            let around = around.get_or_insert_with(|| self.rulebook.surroundings(self.view, number));
            if let Some(claim) = self.claim(number, sentence, block, figure, around) {
                claims.push(claim);
            }
        }
    }

    /// Turns a figure into a claim, or leaves it where it is no statement about a market.
    fn claim(&self, number: usize, sentence: &Sentence, block: &Block, figure: Figure, around: &Surroundings) -> Option<PriceClaim> {
        let clause = self.view.clause(figure.tokens.start, sentence);
        let hit = Match { start: figure.tokens.start, end: figure.tokens.end, from: figure.tokens.start, to: figure.tokens.end, content: 1 };
        let cell = block.cell.is_some();
        let (instrument, generic) = self.instrument(number, sentence, block, &figure.tokens, self.unit_after(&figure, sentence).is_some(), &clause).unzip();
        let generic = generic.unwrap_or(false);
        let now = self.says_now(number, sentence.tokens.clone());
        let kind = self.kind_of(number, &figure, &clause, sentence, instrument.is_some())?;
        let rated = || matches!(kind, Kind::Rate) && self.is_market_rate(number, &figure, &clause);
        let traded = self.is_traded(number, &figure, &clause);
        if !self.is_multiple(&figure) && !traded && !rated() && self.is_not_market(number, &figure, &clause, sentence)
            || self.row_is_not_market(block)
            || self.is_sum(number, &figure, &clause, sentence)
        {
            return None;
        }
        let named = instrument.is_some() || figure.pair;
        let near = self.any(self.ids.price_noun, number, clause.clone()) || self.unit_after(&figure, sentence).is_some() || traded;
        // of a fund or a share only what is said right beside the amount puts a price on it
        let reach =
            if generic && !near { figure.tokens.start.saturating_sub(NEAR).max(clause.start)..(figure.tokens.end + 2).min(clause.end) } else { clause.clone() };
        let placed = cell || matches!(block.zone, Zone::Heading | Zone::Title);
        let predicate = self.any(self.ids.price_predicate, number, reach) || now || placed && (near || !generic);
        let adjacent = figure.currency.is_some() && self.ends_at(self.ids.price_quoted, &figure, &clause);
        let labelled = figure.pair
            || adjacent
            || self.view.tokens()[figure.tokens.start as usize].after(gap::COLON)
            || (named && sentence.tokens.len() <= 4)
            || named && figure.tokens.start > clause.start && matches!(self.view.text(figure.tokens.start - 1), "=" | "\u{2248}")
            || named && self.text_before(figure.tokens.start).trim_end().ends_with('=');
        let quoted = figure.currency.is_some() && self.column_is_quoted(block);
        let market = match kind {
            Kind::Level => {
                (named || near || now) && (predicate || labelled)
                    || quoted
                    || self.is_exchange(number, &figure, &clause)
                    || self.is_ticker_label(&figure, sentence)
            }
            Kind::Move | Kind::MovePercent | Kind::MovePoints => (named || near || self.moves_company(number, &figure, &clause)) && (predicate || cell),
            Kind::Ratio if self.is_multiple(&figure) => traded && (now || named || !self.is_common(&clause)),
            Kind::Ratio => {
                (predicate || labelled) && !self.any(self.ids.price_other_ratio, number, sentence.tokens.clone()) && !around.ask(Operator::Definition, &hit)
            }
            Kind::Rate => {
                let usual = self.any(self.ids.price_usually, number, clause.clone());
                now || self.any(self.ids.price_state_verb, number, clause.clone()) || traded && !usual || self.is_market_rate(number, &figure, &clause)
            }
        };
        if !market || (cell && (!named || generic) && !near && !quoted) {
            return None;
        }
        if self.is_of_any(number, &figure, &clause) || self.is_cleared(number, sentence, block, &hit, around, &clause) {
            return None;
        }
        let mode = self.mode(number, sentence, block, &figure, around, now);
        let falling = self.any(self.ids.fall_verb, number, clause.clone()) || self.any(self.ids.price_fall_word, number, clause.clone());
        Some(PriceClaim {
            kind,
            comparator: self.comparator(number, &figure, &clause),
            value: figure.value,
            upper: figure.upper,
            step: figure.step,
            coarse_step: figure.coarse_step,
            currency: figure.currency.clone(),
            unit: self.unit_after(&figure, sentence).or_else(|| self.unit_before(&figure, &clause)).or_else(|| self.unit_in_row(block)),
            instrument,
            mode,
            falling,
            cited: around.is_cited(),
            tokens: figure.tokens,
            sentence: number,
        })
    }

    /// Percentages are moves, rates or nothing of a market; amounts beside a verb of moving are moves.
    fn kind_of(&self, number: usize, figure: &Figure, clause: &std::ops::Range<u32>, sentence: &Sentence, named: bool) -> Option<Kind> {
        let start = figure.tokens.start;
        if self.is_limit(figure, clause) || figure.kind == Kind::MovePercent && self.is_comparison(number, figure, sentence) {
            return None;
        }
        if figure.kind == Kind::MovePercent && self.is_over_another(figure, clause) {
            return Some(Kind::Rate);
        }
        let before = start.saturating_sub(4).max(clause.start)..start;
        let moves = self.any(self.ids.price_move_verb, number, before.clone()) || self.any(self.ids.price_move_word, number, before.clone());
        let after = figure.tokens.end..(figure.tokens.end + 2).min(sentence.tokens.end);
        // a share said in words was found beside a word that moves or compares
        let said = figure.kind == Kind::MovePercent
            && self.view.tokens()[start as usize].kind == TokenKind::Word
            && self.view.tokens()[figure.tokens.end as usize - 1].kind == TokenKind::Word
            && !matches!(self.word(figure.tokens.end - 1).as_ref(), "cent" | "percent" | "pct" | "pc");
        let up = said || self.any(self.ids.price_move_word, number, after);
        // "has edged up to 3.7%": where a move ends is a level
        let arrives = start > clause.start && self.word(start - 1) == "to";
        match figure.kind {
            Kind::MovePercent if !named && self.is_own(figure, clause) => None,
            Kind::MovePercent if self.any(self.ids.price_rate_noun, number, clause.clone()) => Some(Kind::Rate),
            // "the ten-year closed at 4.41%": where it stands, and not how far it went
            Kind::MovePercent if moves && !figure_signed(self.view, start) && start > clause.start && self.word(start - 1) == "at" => Some(Kind::Rate),
            Kind::MovePercent if named && self.any(self.ids.price_rate_verb, number, before.clone()) => Some(Kind::Rate),
            Kind::MovePercent | Kind::MovePoints if (!moves || arrives) && self.is_market_rate(number, figure, clause) => Some(Kind::Rate),
            Kind::MovePercent if !moves && self.is_product_rate(number, figure, clause) => Some(Kind::Rate),
            Kind::MovePercent | Kind::MovePoints | Kind::Move if self.is_possible(number, figure, clause) => None,
            Kind::MovePercent if self.view.tokens()[start as usize].after(gap::OPEN) && !figure_signed(self.view, start) => None,
            Kind::MovePercent if self.is_threshold(figure, clause) => None,
            Kind::MovePercent | Kind::MovePoints if moves || up || figure_signed(self.view, start) => Some(figure.kind),
            Kind::MovePercent | Kind::MovePoints => None,
            Kind::Level if !arrives && self.any(self.ids.price_change_verb, number, start.saturating_sub(2).max(clause.start)..start) => Some(Kind::Move),
            other => Some(other),
        }
    }

    /// Fees, thresholds, face values and the like are amounts of money and no prices (policy 2.1).
    fn is_not_market(&self, number: usize, figure: &Figure, clause: &std::ops::Range<u32>, sentence: &Sentence) -> bool {
        // what stands before a colon or in a short line names the figure behind it: "Annual premium: £400"
        let named = sentence.tokens.len() <= 12 || self.view.tokens()[clause.start as usize].after(gap::COLON);
        let from = if named { sentence.tokens.start } else { clause.start };
        // the figure's own words ("basis points") are no name for it
        let before = figure.tokens.start.saturating_sub(10).max(from)..figure.tokens.start;
        let behind = figure.tokens.end..(figure.tokens.end + 4).min(clause.end);
        let non_market = self.any(self.ids.price_non_market, number, before) || self.any(self.ids.price_non_market, number, behind);
        let asserted = self.any(self.ids.price_noun_strong, number, clause.clone()) || self.says_now(number, clause.clone());
        let after = figure.tokens.end;
        // "a $50 Eagle", "37.5 % pure", "500 HKD notes"
        let capital = |at: u32| self.view.tokens()[at as usize].has(crate::document::token::flag::CAPITAL);
        let titled = self.kind(after, sentence) == Some(TokenKind::Word)
            && !self.view.tokens()[after as usize].after(gap::COMMA | gap::CLAUSE)
            && (capital(after) && self.entry(self.ids.instrument, after) > 0 || self.entry(self.ids.price_counted, after) > 0);
        (non_market && !asserted) || titled
    }

    /// A table row whose other cells name a fee, a face value or the like; a column whose head does, or one of sums that somebody pays,
    /// saves or owns.
    fn row_is_not_market(&self, block: &Block) -> bool {
        let Some(cell) = block.cell else { return false };
        let sentences = &self.document.tokens.sentences;
        let row = self.row.of((cell.table, cell.row), || {
            self.places.sentences(cell).iter().any(|number| self.any(self.ids.price_non_market, *number, sentences[*number].tokens.clone()))
        });
        row || self.column.of((cell.table, cell.column), || {
            let head = self.places.sentences(Cell { row: 0, ..cell });
            let above =
                head.iter().filter(|number| self.document.block(sentences[**number].block).and_then(|block| block.cell) == Some(Cell { row: 0, ..cell }));
            let other = [self.ids.price_non_market, self.ids.price_column_of_sums];
            cell.row > 0 && above.into_iter().any(|number| other.into_iter().any(|id| self.any(id, *number, sentences[*number].tokens.clone())))
        })
    }

    /// A column of a table whose head, or the line above the table, speaks of bids and offers or of money by weight: "£ a tonne".
    fn column_is_quoted(&self, block: &Block) -> bool {
        let Some(cell) = block.cell.filter(|cell| cell.row > 0 && cell.column > 0) else { return false };
        let sentences = &self.document.tokens.sentences;
        let by_weight = |tokens: &std::ops::Range<u32>| {
            tokens.clone().skip(1).any(|at| {
                let by = self.view.tokens()[at as usize].after(gap::SLASH) || matches!(self.word(at - 1).as_ref(), "a" | "an" | "per");
                by && self.entry(self.ids.price_weight, at) > 0
            })
        };
        let quotes = |number: &usize| {
            let tokens = &sentences[*number].tokens;
            tokens.len() <= HEAD && (self.any(self.ids.price_quote_head, *number, tokens.clone()) || by_weight(tokens))
        };
        self.quoted.of((cell.table, cell.column), || {
            let in_column =
                |number: &&usize| self.document.block(sentences[**number].block).and_then(|block| block.cell).is_some_and(|head| head.column == cell.column);
            let above = self.places.above(cell.table).into_iter().flat_map(|block| {
                let from = sentences.partition_point(|sentence| sentence.block < block);
                (from..sentences.len()).take_while(move |i| sentences[*i].block == block)
            });
            self.places.sentences(Cell { row: 0, ..cell }).iter().filter(in_column).any(quotes) || above.into_iter().any(|number| quotes(&number))
        })
    }

    /// Supposed, asked, mentioned or defined: no claim (policy 2.1).
    fn is_cleared(&self, number: usize, sentence: &Sentence, block: &Block, hit: &Match, around: &Surroundings, clause: &std::ops::Range<u32>) -> bool {
        // "If it were at 3,000 …, but it is at 2,412 now": what was supposed ends where the present is set against it
        let told = clause.start > sentence.tokens.start && self.says_now(number, clause.clone());
        let from = if told { clause.start } else { sentence.tokens.start };
        // "Were it to drop": elsewhere the word is the past of being
        let supposed = self.word(sentence.tokens.start) == "were";
        let hypothetical =
            supposed || self.any(self.ids.price_suppose, number, from..hit.start) || self.any(self.ids.price_hypothetical_noun, number, clause.clone());
        if hypothetical || sentence.ending == Ending::Question && around.ask(Operator::Question, hit) {
            return true;
        }
        if matches!(block.zone, Zone::Heading | Zone::Title) && around.ask(Operator::Question, hit) {
            return true;
        }
        // what the house makes its own is said, however it is introduced
        let clause_now = self.says_now(number, clause.clone()) || around.adopted(hit);
        if self.in_example(number, sentence, clause_now) || !clause_now && self.any(self.ids.price_forecast, number, clause.start..hit.start) {
            return true;
        }
        let whole = Match { start: sentence.tokens.start, content: 1, ..*hit };
        around.ask(Operator::Mention, hit)
            || around.ask(Operator::Negation, hit)
            || around.ask(Operator::Hypothetical, &Match { start: hit.start, ..whole }) && !clause_now
    }

    fn comparator(&self, number: usize, figure: &Figure, clause: &std::ops::Range<u32>) -> Comparator {
        let before = figure.tokens.start.saturating_sub(3).max(clause.start)..figure.tokens.start;
        let sign = figure.tokens.start.checked_sub(1).filter(|at| *at >= clause.start).map(|at| self.word(at).into_owned());
        // "stands above spot by $2.60": what is above is not the figure
        if sign.as_deref() == Some("by") {
            return Comparator::Equal;
        }
        if self.any(self.ids.price_above, number, before.clone()) || matches!(sign.as_deref(), Some(">")) {
            Comparator::Above
        } else if self.any(self.ids.price_below, number, before.clone()) || matches!(sign.as_deref(), Some("<")) {
            Comparator::Below
        } else if self.any(self.ids.price_approx, number, before) || matches!(sign.as_deref(), Some("~" | "\u{2248}")) {
            Comparator::About
        } else {
            Comparator::Equal
        }
    }

    /// "an ounce", "per gram", "/oz", "a tonne", "USD/ozt".
    fn unit_after(&self, figure: &Figure, sentence: &Sentence) -> Option<String> {
        if let Some(unit) = self.units_after(figure, sentence) {
            return Some(unit);
        }
        for at in figure.tokens.end..figure.tokens.end + 2 {
            self.kind(at, sentence)?;
            let length = self.entry(self.ids.unit, at);
            let joined = self.view.tokens()[at as usize].after(gap::SLASH);
            let previous = self.word(at.saturating_sub(1));
            if length > 0 && (joined || matches!(previous.as_ref(), "a" | "an" | "per" | "the" | "each")) {
                return Some((at..at + length).map(|i| self.word(i).into_owned()).collect::<Vec<_>>().join(" "));
            }
        }
        None
    }

    /// "per 10 grams", "for 100 oz".
    fn units_after(&self, figure: &Figure, sentence: &Sentence) -> Option<String> {
        let at = figure.tokens.end;
        let (count, unit) = (at + 1, at + 2);
        let counted =
            self.kind(at, sentence).is_some() && matches!(self.word(at).as_ref(), "per" | "for") && self.kind(count, sentence) == Some(TokenKind::Number);
        let length = if counted && self.kind(unit, sentence).is_some() { self.entry(self.ids.unit, unit) } else { 0 };
        (length > 0).then(|| (count..unit + length).map(|i| self.word(i).into_owned()).collect::<Vec<_>>().join(" "))
    }

    /// "a gram of gold came to", "1 oz gold =": the measure stands before what is measured.
    fn unit_before(&self, figure: &Figure, clause: &std::ops::Range<u32>) -> Option<String> {
        (clause.start..figure.tokens.start).rev().find_map(|at| {
            let length = self.entry(self.ids.unit, at + 1);
            let behind = at + 1 + length;
            let counts = length > 0 && behind < figure.tokens.start && matches!(self.word(at).as_ref(), "a" | "an" | "one" | "1" | "each" | "per");
            let of = || self.word(behind) == "of" || self.entry(self.ids.price_instrument, behind) > 0;
            (counts && of()).then(|| (at + 1..behind).map(|i| self.word(i).into_owned()).collect::<Vec<_>>().join(" "))
        })
    }

    /// The unit that a cell of the same table row holds alone.
    fn unit_in_row(&self, block: &Block) -> Option<String> {
        let cell = block.cell?;
        let sentences = &self.document.tokens.sentences;
        self.unit.of((cell.table, cell.row), || {
            self.places.sentences(cell).iter().find_map(|number| {
                let other = &sentences[*number];
                let length = self.entry(self.ids.unit, other.tokens.start);
                (length > 0 && length == other.tokens.end - other.tokens.start)
                    .then(|| other.tokens.clone().map(|i| self.word(i).into_owned()).collect::<Vec<_>>().join(" "))
            })
        })
    }

    /// What the figure is a price of, in its clause, else in the sentence, the sentence before, the row, the heading; and whether that is
    /// a kind of thing ("a fund") that has no price of its own.
    fn instrument(
        &self,
        number: usize,
        sentence: &Sentence,
        block: &Block,
        figure: &std::ops::Range<u32>,
        measured: bool,
        clause: &std::ops::Range<u32>,
    ) -> Option<(String, bool)> {
        // the measure behind a figure ("a pound") is no pound that is traded
        let measure = figure.end..figure.end + if measured { 3 } else { 0 };
        let inside = |range: std::ops::Range<u32>, nearest: u32| {
            let mut found: Option<(u32, u32, u32)> = None;
            let mut named: Option<(u32, u32, u32)> = None;
            let mut at = range.start;
            while at < range.end {
                let length = self.entry(self.ids.price_instrument, at);
                // "a dollar" of a figure is no dollar that is traded
                if length > 0 && !(at < figure.end && figure.start < at + length) && !measure.contains(&at) {
                    let distance = nearest.abs_diff(at);
                    if found.is_none_or(|(_, _, best)| distance < best) {
                        found = Some((at, length, distance));
                    }
                    let kind = self.entry(self.ids.price_generic, at + length - 1) == 1 || matches!(self.word(at).as_ref(), "rounds" | "spot");
                    if !kind && named.is_none_or(|(_, _, best)| distance < best) {
                        named = Some((at, length, distance));
                    }
                }
                at += length.max(1);
            }
            // "gold coins": the thing by its name, and whether the nearest word for it is a kind of thing
            found.map(|(at, length, _)| {
                let (from, count, _) = named.unwrap_or((at, length, 0));
                let text = (from..from + count).map(|i| self.view.text(i)).collect::<Vec<_>>().join(" ");
                (self.tables.canonical(&text), self.entry(self.ids.price_generic, at + length - 1) == 1)
            })
        };
        if let Some(name) = inside(clause.clone(), figure.start).or_else(|| inside(sentence.tokens.clone(), figure.start)) {
            return Some(name);
        }
        let sentences = &self.document.tokens.sentences;
        if let Some(cell) = block.cell {
            let row = sentences[..number].iter().rev().take(12).find(|other| {
                self.document
                    .block(other.block)
                    .and_then(|block| block.cell)
                    .is_some_and(|other| other.table == cell.table && other.row == cell.row && other.column == 0)
            });
            return row.and_then(|other| inside(other.tokens.clone(), other.tokens.start));
        }
        let previous = number.checked_sub(1).filter(|i| sentences[*i].block == sentence.block)?;
        let pronoun = self.any(self.ids.price_pronoun, number, sentence.tokens.start..(sentence.tokens.start + 2).min(sentence.tokens.end));
        pronoun.then(|| inside(sentences[previous].tokens.clone(), sentences[previous].tokens.start)).flatten()
    }
}

/// A plus or minus sign right before the figure.
fn figure_signed(view: &View, at: u32) -> bool {
    at > 0 && view.tokens()[at as usize - 1].kind == TokenKind::Sign && matches!(view.text(at - 1), "+" | "-" | "\u{2212}")
}
