//! The time a figure is claimed for: dates and years around it, the past, a heading or table head that scopes it.

use super::{Figure, Finder, Mode, is_year};
use crate::date;
use crate::document::token::{Sentence, TokenKind, gap};
use crate::document::{Block, Zone};
use crate::rulebook::context::{Operator, Surroundings};
use crate::rulebook::matcher::{Match, View};

impl Finder<'_> {
    /// The time the claim is made for (policy 2.1): an explicit date beats everything, a heading or caption scopes what stands under it.
    pub(super) fn mode(&self, number: usize, sentence: &Sentence, block: &Block, figure: &Figure, around: &Surroundings, now: bool) -> Mode {
        let clause = self.view.clause(figure.tokens.start, sentence);
        let in_clause = self.clause.of(clause.clone(), || self.time_in(self.document.reading.slice(clause_range(self.view, &clause))));
        if let Some(mode) = in_clause.or_else(|| self.year_in(clause.clone(), figure).filter(|_| !self.is_nearer_now(&clause, figure))) {
            return mode;
        }
        let in_sentence = || self.whole.of(number, || self.time_in(self.document.reading.slice(sentence.text.clone())));
        let clause_now = self.says_now(number, clause.clone());
        if !clause_now && let Some(mode) = in_sentence().or_else(|| self.year_in(sentence.tokens.clone(), figure)) {
            return mode;
        }
        let hit = Match { start: figure.tokens.start, end: figure.tokens.end, from: figure.tokens.start, to: figure.tokens.end, content: 1 };
        if !now && around.ask(Operator::History, &hit) {
            return Mode::Historic;
        }
        if !clause_now && self.any(self.ids.price_month, number, sentence.tokens.clone()) {
            // "on 27 March of that year": the year was said before
            let told = |at: u32| at + 1 < sentence.tokens.end && matches!(self.word(at).as_ref(), "that" | "same") && self.word(at + 1) == "year";
            if sentence.tokens.clone().any(told) {
                return Mode::Historic;
            }
            return Mode::MonthWithoutYear;
        }
        if !now && self.history.is_history(number) {
            return Mode::Historic;
        }
        let past = !now && self.history.is_told(number);
        self.scope(sentence.block, block, past).unwrap_or(Mode::Live)
    }

    /// "from $12 in 2020 to $31 now", "a 1921 Morgan sells for $38 these days": of a year and a word for the present in one clause the
    /// nearer one speaks of the figure.
    fn is_nearer_now(&self, clause: &std::ops::Range<u32>, figure: &Figure) -> bool {
        let distance = |at: u32| if at < figure.tokens.start { figure.tokens.start - at } else { at.saturating_sub(figure.tokens.end) };
        let near = |wanted: &dyn Fn(u32) -> bool| clause.clone().filter(|at| !figure.tokens.contains(at) && wanted(*at)).map(distance).min();
        let year = near(&|at| is_year(self.word(at).trim_end_matches('s')));
        near(&|at| self.entry(self.ids.time_now, at) > 0).is_some_and(|now| year.is_none_or(|year| now < year))
    }

    /// A date written in a text.
    pub(super) fn time_in(&self, text: &str) -> Option<Mode> {
        let written = date::find_all(text).into_iter().find_map(|found| found.day.ok())?;
        if written.month_only {
            let past = date::days_between(written.date.last_of_month(), self.as_of) >= 30;
            return Some(if past { Mode::Historic } else { Mode::Dated(written.date.last_of_month().min(self.as_of)) });
        }
        Some(Mode::Dated(written.date))
    }

    /// A year before the as-of year, outside the figure itself.
    fn year_in(&self, range: std::ops::Range<u32>, figure: &Figure) -> Option<Mode> {
        let this_year = self.as_of.year();
        let mut year = None;
        for at in range.filter(|at| !figure.tokens.contains(at)) {
            let token = &self.view.tokens()[at as usize];
            // "mid-2016"
            let part_of = self.view.text(at).split_once('-').is_some_and(|(part, of)| is_year(of) && matches!(part, "mid" | "Mid" | "late" | "early" | "end"));
            if token.kind != TokenKind::Number && !part_of
                || (at > 0 && self.view.tokens()[at as usize - 1].kind == TokenKind::Currency && !token.after(gap::SPACE))
            {
                continue;
            }
            for part in self.word(at).split(['-', '/']) {
                let digits = part.trim_end_matches('s');
                if is_year(digits) {
                    year = digits.parse::<i16>().ok().max(year);
                }
            }
        }
        year.filter(|year| *year < this_year).map(|_| Mode::Historic)
    }

    /// Dates in the table's header or column head, in the caption or the line before, or in the nearest heading above.
    fn scope(&self, number: u32, block: &Block, told: bool) -> Option<Mode> {
        let document = self.document;
        let times = |blocks: &[u32]| blocks.iter().find_map(|i| self.time_or_year(document.block_text(document.block(*i)?)));
        if let Some(cell) = block.cell {
            let (head, before) = self.table_time.of(cell.table, || {
                let blocks = document.blocks.get(..number as usize).unwrap_or_default();
                let before = blocks.iter().rev().find(|other| other.cell.is_none_or(|other| other.table != cell.table));
                (times(self.places.blocks(cell.table, 0)), before.and_then(|before| self.time_or_year(document.block_text(before))))
            });
            let row = || self.row_time.of((cell.table, cell.row), || times(self.places.blocks(cell.table, cell.row)));
            if let Some(mode) = head.or_else(row).or(before) {
                return Some(mode);
            }
        }
        let heading = self.places.heading_above(number)?;
        let listed = block.cell.is_some() || block.zone == Zone::ListItem;
        let time = (listed || told).then(|| self.heading_time.of(heading, || times(&[heading]))).flatten();
        // in prose a heading dates what is told of the past, and nothing else
        time.filter(|mode| listed || matches!(mode, Mode::Historic))
    }

    fn time_or_year(&self, text: &str) -> Option<Mode> {
        self.time_in(text).or_else(|| {
            let year = text.split(|c: char| !c.is_ascii_digit()).filter(|part| is_year(part)).filter_map(|part| part.parse::<i16>().ok()).max()?;
            (year < self.as_of.year()).then_some(Mode::Historic)
        })
    }
}

fn clause_range(view: &View, clause: &std::ops::Range<u32>) -> std::ops::Range<u32> {
    let tokens = view.tokens();
    tokens[clause.start as usize].start..tokens[clause.end as usize - 1].end
}
