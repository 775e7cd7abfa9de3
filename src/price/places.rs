//! Where things stand that many figures ask for: words of a long sentence, cells of a row, the heading above. Found once, so that an
//! article of figures costs no more than its length.

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::ops::Range;

use crate::document::{Cell, Document, Zone};
use crate::rulebook::lexicon::LexiconId;

/// Ranges of at most as many tokens are searched word by word.
pub(super) const SHORT: usize = 24;

/// The answer to the last question of a kind.
#[derive(Debug)]
pub(super) struct Last<K, V>(RefCell<Option<(K, V)>>);

impl<K, V> Default for Last<K, V> {
    fn default() -> Self {
        Self(RefCell::new(None))
    }
}

impl<K: PartialEq, V: Clone> Last<K, V> {
    /// The answer to a question: the last one where it is the same.
    pub fn of(&self, key: K, answer: impl FnOnce() -> V) -> V {
        if let Some((known, answer)) = &*self.0.borrow()
            && *known == key
        {
            return answer.clone();
        }
        let answer = answer();
        *self.0.borrow_mut() = Some((key, answer.clone()));
        answer
    }
}

/// Entries of lexicons in one sentence: its first token, and per lexicon the tokens at which an entry begins.
type Entries = (u32, Vec<(LexiconId, Vec<u32>)>);

/// Places in one document.
#[derive(Debug)]
pub(super) struct Places<'d> {
    document: &'d Document,
    tables: OnceCell<Tables>,
    /// Indices of headings.
    headings: OnceCell<Vec<u32>>,
    entries: RefCell<Entries>,
}

/// Rows of tables, by table and row.
#[derive(Debug)]
struct Tables {
    /// Blocks of each row, in order.
    rows: BTreeMap<(u32, u32), Vec<u32>>,
    /// Sentences of each row, in order.
    sentences: BTreeMap<(u32, u32), Vec<usize>>,
}

impl Tables {
    fn new(document: &Document) -> Self {
        let mut tables = Self { rows: BTreeMap::new(), sentences: BTreeMap::new() };
        for (i, block) in document.blocks.iter().enumerate() {
            if let Some(cell) = block.cell {
                tables.rows.entry((cell.table, cell.row)).or_default().push(crate::span::offset(i));
            }
        }
        for (number, sentence) in document.tokens.sentences.iter().enumerate().filter(|_| !tables.rows.is_empty()) {
            if let Some(cell) = document.block(sentence.block).and_then(|block| block.cell) {
                tables.sentences.entry((cell.table, cell.row)).or_default().push(number);
            }
        }
        tables
    }
}

impl<'d> Places<'d> {
    /// Looks through a document, once something is asked.
    pub const fn new(document: &'d Document) -> Self {
        Self { document, tables: OnceCell::new(), headings: OnceCell::new(), entries: RefCell::new((u32::MAX, Vec::new())) }
    }

    fn tables(&self) -> &Tables {
        self.tables.get_or_init(|| Tables::new(self.document))
    }

    /// Blocks of a row.
    pub fn blocks(&self, table: u32, row: u32) -> &[u32] {
        self.tables().rows.get(&(table, row)).map_or(&[], Vec::as_slice)
    }

    /// Sentences of the row of a cell.
    pub fn sentences(&self, cell: Cell) -> &[usize] {
        self.tables().sentences.get(&(cell.table, cell.row)).map_or(&[], Vec::as_slice)
    }

    /// The line or caption right above a table.
    pub fn above(&self, table: u32) -> Option<u32> {
        let first = self.tables().rows.range((table, 0)..).next().filter(|((of, _), _)| *of == table).and_then(|(_, blocks)| blocks.first().copied());
        first.and_then(|first| first.checked_sub(1)).filter(|above| self.document.block(*above).is_some_and(|block| block.cell.is_none()))
    }

    /// The nearest heading before a block.
    pub fn heading_above(&self, block: u32) -> Option<u32> {
        let headings = self.headings.get_or_init(|| {
            let all = self.document.blocks.iter().enumerate();
            all.filter(|(_, block)| block.zone == Zone::Heading).map(|(i, _)| crate::span::offset(i)).collect()
        });
        let before = headings.partition_point(|heading| *heading < block);
        before.checked_sub(1).map(|i| headings[i])
    }

    /// Whether an entry of a lexicon begins in a range of a sentence's tokens. `begins` is asked once a token.
    pub fn any_entry(&self, id: LexiconId, sentence: Range<u32>, range: &Range<u32>, begins: impl Fn(u32) -> bool) -> bool {
        let mut entries = self.entries.borrow_mut();
        if entries.0 != sentence.start {
            *entries = (sentence.start, Vec::new());
        }
        let known = entries.1.iter().position(|(known, _)| *known == id).unwrap_or_else(|| {
            entries.1.push((id, sentence.filter(|at| begins(*at)).collect()));
            entries.1.len() - 1
        });
        let found = &entries.1[known].1;
        found.get(found.partition_point(|at| *at < range.start)).is_some_and(|at| *at < range.end)
    }
}
