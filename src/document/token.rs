//! Tokens of the reading text, and what stands between them; `sentence` says where sentences end. Both in one pass.
//!
//! A token carries the hash of its folded form, so that any number of word lists can be asked about it without looking at
//! the text again. Folding touches tokens alone: the reading text itself stays as the reader sees it.

use std::borrow::Cow;
use std::ops::Range;

use super::fold::{eight, hash_at, hash_of_eight, is_plain_punctuation, letters};
pub use super::fold::{fold, fold_hash, is_ignorable};
use super::lookalike;
use super::plain_words::flags_of;
pub use super::words::{count_words, is_unspaced};
use crate::span::offset;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// Letters, also with inner apostrophes, hyphens and points.
    Word,
    /// Digits, with what joins them and any letters that follow at once (`2.4k`, `24k`, `2026-05-17`).
    Number,
    /// A currency sign.
    Currency,
    /// `%` or `‰`.
    Percent,
    /// `~ ≈ + − ± < > =`: signs that change what a number says.
    Sign,
    /// An emoji or another pictograph.
    Emoji,
    /// Code: read by people, matched by no rule.
    Code,
}

/// What stands between a token and the one before it, as bits.
pub mod gap {
    /// A comma.
    pub const COMMA: u16 = 1;
    /// A semicolon, a colon before a clause, a dash between clauses.
    pub const CLAUSE: u16 = 1 << 1;
    /// An opening or closing quotation mark.
    pub const QUOTE: u16 = 1 << 2;
    /// An opening bracket.
    pub const OPEN: u16 = 1 << 3;
    /// A closing bracket.
    pub const CLOSE: u16 = 1 << 4;
    /// White space.
    pub const SPACE: u16 = 1 << 5;
    /// A slash.
    pub const SLASH: u16 = 1 << 6;
    /// A colon.
    pub const COLON: u16 = 1 << 7;
    /// A full stop that ends no sentence (after an abbreviation).
    pub const STOP: u16 = 1 << 8;
    /// A closing quotation mark or one that can be either.
    pub const QUOTE_CLOSE: u16 = 1 << 9;
    /// A square bracket.
    pub const SQUARE: u16 = 1 << 10;
    /// The last double quotation mark opens.
    pub const OPENS: u16 = 1 << 11;
    /// A double quotation mark closes, before any that opens.
    pub const CLOSES: u16 = 1 << 12;
    /// The last single quotation mark opens.
    pub const OPENS_SINGLE: u16 = 1 << 13;
    /// A single quotation mark closes, or an apostrophe ends a word.
    pub const CLOSES_SINGLE: u16 = 1 << 14;
    /// What says where quotations begin and end.
    pub const QUOTATION: u16 = OPENS | CLOSES | OPENS_SINGLE | CLOSES_SINGLE;
}

/// Properties of a token, as bits.
pub mod flag {
    /// The first letter is upper case.
    pub const CAPITAL: u8 = 1;
    /// Every letter is upper case, and there are at least two.
    pub const UPPER: u8 = 1 << 1;
    /// It ends with `'s`.
    pub const POSSESSIVE: u8 = 1 << 2;
    /// It has characters beyond ASCII: compare it folded.
    pub const FOLDED: u8 = 1 << 3;
    /// It has lower-case letters.
    pub const LOWER: u8 = 1 << 4;
    /// A number with letters behind it.
    pub const SUFFIX: u8 = 1 << 5;
}

/// One word, number or sign of the reading text.
#[derive(Clone, Copy, Debug)]
pub struct Token {
    /// Where it begins in the reading text.
    pub start: u32,
    /// Where it ends.
    pub end: u32,
    /// Hash of its folded form, see [`fold_hash`].
    pub hash: u64,
    /// Hash of its folded form without a possessive ending; equal to `hash` where there is none.
    pub stem_hash: u64,
    /// Bits of [`gap`]: what stands before it since the token before.
    pub gap: u16,
    /// What it is.
    pub kind: TokenKind,
    /// Bits of [`flag`].
    pub flags: u8,
}

impl Token {
    /// Its range in the reading text.
    #[must_use]
    pub const fn range(&self) -> Range<u32> {
        self.start..self.end
    }

    /// Whether a bit of [`flag`] is set.
    #[must_use]
    pub const fn has(&self, bit: u8) -> bool {
        self.flags & bit != 0
    }

    /// Whether a bit of [`gap`] is set.
    #[must_use]
    pub const fn after(&self, bit: u16) -> bool {
        self.gap & bit != 0
    }
}

/// How a sentence ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Full stop, or the end of the block.
    Plain,
    /// Question mark.
    Question,
    /// Exclamation mark.
    Exclamation,
}

/// A sentence: a run of tokens inside one block.
#[derive(Clone, Debug)]
pub struct Sentence {
    /// Its tokens, as indices.
    pub tokens: Range<u32>,
    /// Its range in the reading text, from the first token to the closing mark.
    pub text: Range<u32>,
    /// The block it stands in.
    pub block: u32,
    /// How it ends.
    pub ending: Ending,
}

/// Tokens and sentences of a document.
#[derive(Debug, Default)]
pub struct Tokens {
    /// All tokens, in order.
    pub tokens: Vec<Token>,
    /// All sentences, in order.
    pub sentences: Vec<Sentence>,
}

/// The hash of a token that is no word.
const NO_WORD: u64 = 0;

pub(super) const SPACE: u8 = 0;
const LETTER: u8 = 1;
const DIGIT: u8 = 2;
const JOINER: u8 = 3;
pub(super) const PUNCT: u8 = 4;
const WIDE: u8 = 5;

pub(super) const CLASS: [u8; 256] = {
    let mut table = [PUNCT; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = match byte as u8 {
            b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c => SPACE,
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => LETTER,
            b'0'..=b'9' => DIGIT,
            b'\'' | b'-' | b'.' | b'&' => JOINER,
            0x80..=0xff => WIDE,
            _ => PUNCT,
        };
        byte += 1;
    }
    table
};

/// Bytes of text that a token and the space before it take at least, on average: only room is reserved by it.
const BYTES_PER_TOKEN: usize = 5;

/// Cuts reading text into tokens and sentences, block by block.
#[derive(Debug, Default)]
pub struct Tokenizer {
    pub(super) out: Tokens,
}

/// Where the tokenizer stands inside a block.
pub(super) struct Cursor {
    pub(super) sentence_first: usize,
    pub(super) gap: u16,
    /// A mark that may end the sentence, and where it ends.
    pub(super) mark: Option<(Ending, u32, bool)>,
    /// Words so far, see [`count_words`].
    words: u32,
    /// White space stands between the last word that was counted and here.
    pub(super) spaced: bool,
    /// A script that is written without spaces occurs.
    unspaced: bool,
    /// The range of the block, and whether it is mostly Latin, once somebody asked.
    range: Range<usize>,
    latin: Option<bool>,
}

impl Cursor {
    /// A quotation mark that opens.
    const fn opens(&mut self, bit: u16) {
        self.gap |= gap::QUOTE | bit;
    }

    /// One that closes: what was opened right before it held nothing.
    const fn closes(&mut self, opened: u16, bit: u16) {
        self.gap = self.gap & !opened | gap::QUOTE | bit;
    }
}

/// The words of a block as [`count_words`] counts them, inline code left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BlockWords {
    /// So many.
    Counted(u32),
    /// They must be counted: a script that is written without spaces occurs.
    Unspaced,
}

impl Tokenizer {
    /// A tokenizer with room for the tokens of a text of so many bytes.
    #[must_use]
    pub fn with_room_for(bytes: usize) -> Self {
        Self { out: Tokens { tokens: Vec::with_capacity(bytes / BYTES_PER_TOKEN), sentences: Vec::with_capacity(bytes / BYTES_PER_TOKEN / 8) } }
    }

    /// Reads one block: `text[range]` of the reading text. `code` are the ranges of inline code in it, ascending.
    ///
    /// Returns its words: they are counted on the way.
    pub fn block(&mut self, text: &str, range: Range<u32>, block: u32, code: &[Range<u32>]) -> BlockWords {
        let mut cursor = Cursor {
            sentence_first: self.out.tokens.len(),
            gap: 0,
            mark: None,
            words: 0,
            spaced: true,
            unspaced: false,
            range: range.start as usize..range.end as usize,
            latin: None,
        };
        let bytes = text.as_bytes();
        let end = range.end as usize;
        let mut at = range.start as usize;
        let mut code = code.iter().peekable();
        while at < end {
            if let Some(piece) = code.peek()
                && at >= piece.start as usize
            {
                let stop = (piece.end as usize).min(end);
                if stop > at {
                    self.before_token(text, &mut cursor, block, at, TokenKind::Code);
                    self.push(at..stop, NO_WORD, NO_WORD, cursor.gap, TokenKind::Code, 0);
                    cursor.gap = 0;
                    at = stop;
                }
                code.next();
                continue;
            }
            match CLASS[bytes[at] as usize] {
                SPACE => {
                    cursor.gap |= gap::SPACE;
                    cursor.spaced = true;
                    at += 1;
                }
                LETTER => {
                    let limit = code.peek().map_or(end, |piece| (piece.start as usize).min(end));
                    let read = self.plain_words(bytes, &mut cursor, at, limit);
                    if read > at {
                        at = read;
                    } else if bytes[at] == b'R' && is_rand(bytes, at, end) {
                        self.symbol(text, &mut cursor, block, at, TokenKind::Currency);
                        at += 1;
                    } else {
                        at = self.word(text, &mut cursor, block, at, end);
                    }
                }
                DIGIT => at = self.number(text, &mut cursor, block, at, end),
                WIDE => at = self.wide(text, &mut cursor, block, at, end),
                _ => at = self.mark(text, &mut cursor, block, at, end),
            }
        }
        self.close(&mut cursor, block, range.end);
        if cursor.unspaced { BlockWords::Unspaced } else { BlockWords::Counted(cursor.words) }
    }

    /// The tokens and sentences of all blocks read.
    #[must_use]
    pub fn finish(self) -> Tokens {
        self.out
    }

    /// Counts a token that holds a letter or digit: the first after white space is a word.
    pub(super) const fn count(cursor: &mut Cursor) {
        cursor.words += cursor.spaced as u32;
        cursor.spaced = false;
    }

    pub(super) fn push(&mut self, range: Range<usize>, hash: u64, stem_hash: u64, gap: u16, kind: TokenKind, flags: u8) {
        self.out.tokens.push(Token { start: offset(range.start), end: offset(range.end), hash, stem_hash, gap, kind, flags });
    }

    fn word(&mut self, text: &str, cursor: &mut Cursor, block: u32, start: usize, end: usize) -> usize {
        let bytes = text.as_bytes();
        // "USD2412": the code of a currency ends where its figure begins
        let end = if is_currency_code(bytes, start, end) { start + CODE } else { end };
        let mut stem_end = None;
        let mut at = start;
        // nearly all of a word are letters of ASCII: they are passed eight at a time
        let first = eight(bytes, start);
        let mut next = first;
        while let Some(eight_bytes) = next {
            let letters = letters(eight_bytes);
            at += letters;
            next = if letters == 8 { eight(bytes, at) } else { None };
        }
        at = at.min(end);
        while at < end {
            match CLASS[bytes[at] as usize] {
                LETTER | DIGIT => {}
                JOINER if joins(bytes, start, at, end) => {
                    if bytes[at] == b'\'' {
                        stem_end = ends_possessive(bytes, at, end).then_some(at);
                    }
                }
                WIDE if continues_word(text, at, end) => return self.wide_word(text, cursor, block, start, end),
                _ => break,
            }
            at += 1;
        }
        let (hash, small) = match first {
            Some(bytes) if at - start <= 8 => hash_of_eight(bytes, at - start),
            _ => hash_at(bytes, start, at),
        };
        let mut flags = if small { flag::LOWER } else { flags_of(&bytes[start..at]) };
        if stem_end.is_some() {
            flags |= flag::POSSESSIVE;
        }
        if small || bytes[start..at].iter().any(u8::is_ascii_alphanumeric) {
            Self::count(cursor);
        }
        self.before_token(text, cursor, block, start, TokenKind::Word);
        self.push(start..at, hash, stem_end.map_or(hash, |end| fold_hash(&text[start..end])), cursor.gap, TokenKind::Word, flags);
        cursor.gap = 0;
        at
    }

    /// A word with characters beyond ASCII, read character by character and folded.
    fn wide_word(&mut self, text: &str, cursor: &mut Cursor, block: u32, start: usize, end: usize) -> usize {
        let mut at = start;
        let mut chars = text[start..end].char_indices().peekable();
        while let Some((i, c)) = chars.next() {
            let joiner = matches!(c, '\'' | '-' | '.' | '&' | '\u{2019}' | '\u{2018}' | '\u{2010}' | '\u{2011}');
            let inner = joiner && i > 0 && chars.peek().is_some_and(|(_, next)| next.is_alphanumeric());
            if c.is_alphanumeric() || c == '_' || is_ignorable(c) || is_combining(c) || inner {
                at = start + i + c.len_utf8();
            } else {
                break;
            }
        }
        let word = &text[start..at];
        let Cursor { latin, range, .. } = &mut *cursor;
        let disguised = lookalike::plain(word, || *latin.get_or_insert_with(|| lookalike::is_mostly_latin(&text[range.clone()])));
        let folded = disguised.map_or_else(|| fold(word), Cow::Owned);
        if folded.is_empty() {
            return at;
        }
        let hash = fold_hash(&folded);
        let stem = folded.strip_suffix("'s").map(fold_hash);
        let mut flags = flag::FOLDED;
        if word.chars().find(|c| !is_ignorable(*c)).is_some_and(char::is_uppercase) {
            flags |= flag::CAPITAL;
        }
        if word.chars().any(char::is_lowercase) {
            flags |= flag::LOWER;
        } else if word.chars().filter(|c| c.is_uppercase()).count() >= 2 {
            flags |= flag::UPPER;
        }
        if stem.is_some() {
            flags |= flag::POSSESSIVE;
        }
        let kind = if folded.starts_with(|c: char| c.is_ascii_digit()) { TokenKind::Number } else { TokenKind::Word };
        if word.contains(char::is_alphanumeric) {
            Self::count(cursor);
        }
        cursor.unspaced |= word.contains(is_unspaced);
        self.before_token(text, cursor, block, start, kind);
        self.push(start..at, hash, stem.unwrap_or(hash), cursor.gap, kind, flags);
        cursor.gap = 0;
        at
    }

    fn number(&mut self, text: &str, cursor: &mut Cursor, block: u32, start: usize, end: usize) -> usize {
        let bytes = text.as_bytes();
        let digit = |i: usize| i < end && bytes[i].is_ascii_digit();
        // raised digits are one figure only among themselves: behind a plain one they are an exponent or the sign of a note
        let raised = text[start..end].starts_with(is_raised_digit);
        let is_digit = |c: char| is_full_width_digit(c) || raised && is_raised_digit(c);
        let mut at = start;
        let mut flags = 0;
        let mut wide = false;
        while at < end {
            let byte = bytes[at];
            let joins_digits = matches!(byte, b'.' | b',' | b'\'' | b':' | b'/' | b'-')
                && text[at + 1..end].trim_start_matches(is_ignorable).starts_with(|c: char| c.is_ascii_digit() || is_digit(c));
            if byte.is_ascii_digit() || joins_digits {
                at += 1;
            } else if flags & flag::SUFFIX == 0 && bytes[start].is_ascii_digit() && code_ends_figure(bytes, at, end) {
                break;
            } else if byte.is_ascii_alphabetic() && (bytes[at - 1].is_ascii_digit() || flags & flag::SUFFIX != 0) {
                flags |= flag::SUFFIX;
                at += 1;
            } else if byte == b'-' && at + 1 < end && bytes[at + 1].is_ascii_alphabetic() {
                // "50-day", "10-year", "401-k": one token, read as a word by nobody and as a number by who wants it
                flags |= flag::SUFFIX;
                at += 1;
            } else if byte >= 0x80 {
                let Some(c) = text[at..end].chars().next() else { break };
                let next = at + c.len_utf8();
                let grouping =
                    matches!(c, '\u{a0}' | '\u{202f}' | '\u{2009}' | '\u{2007}') && digit(next) && digit(next + 1) && digit(next + 2) && !digit(next + 3);
                let range = matches!(c, '\u{2010}'..='\u{2013}' | '\u{2019}') && digit(next);
                let full = is_digit(c) || (matches!(c, '\u{ff0c}' | '\u{ff0e}') && text[next..end].starts_with(is_full_width_digit));
                if grouping || range || full || c == KEYCAP || is_ignorable(c) {
                    wide = true;
                    cursor.words += u32::from(grouping);
                    at = next;
                } else {
                    break;
                }
            } else {
                break;
            }
        }
        let folded = fold(&text[start..at]);
        let hash = fold_hash(&folded);
        if wide {
            flags |= flag::FOLDED;
        }
        Self::count(cursor);
        self.before_token(text, cursor, block, start, TokenKind::Number);
        self.push(start..at, hash, hash, cursor.gap, TokenKind::Number, flags);
        cursor.gap = 0;
        at
    }

    /// Anything that begins with a byte beyond ASCII.
    fn wide(&mut self, text: &str, cursor: &mut Cursor, block: u32, at: usize, end: usize) -> usize {
        let Some(c) = text[at..end].chars().next() else { return end };
        let next = at + c.len_utf8();
        if !is_plain_punctuation(c) && c.is_alphabetic() || is_combining(c) {
            return self.wide_word(text, cursor, block, at, end);
        }
        // "$²⁴¹²": raised digits behind a sign of currency are its amount
        let is_amount = || cursor.gap == 0 && self.out.tokens.last().is_some_and(|token| token.kind == TokenKind::Currency);
        if is_full_width_digit(c) || is_raised_digit(c) && is_amount() {
            return self.number(text, cursor, block, at, end);
        }
        if is_ignorable(c) {
            if text[next..end].starts_with(char::is_alphabetic) && cursor.gap == 0 && !self.out.tokens.is_empty() && cursor.mark.is_none() {
                return self.wide_word(text, cursor, block, at, end);
            }
            return next;
        }
        if c.is_whitespace() {
            cursor.gap |= gap::SPACE;
            cursor.spaced = true;
            return next;
        }
        cursor.unspaced |= is_unspaced(c);
        if !is_plain_punctuation(c) && c.is_alphanumeric() {
            Self::count(cursor);
        }
        match c {
            '\u{2014}' | '\u{2015}' | '\u{2e3a}' => cursor.gap |= gap::CLAUSE,
            '\u{2013}' => {
                if cursor.gap & gap::SPACE != 0 && text[next..end].starts_with(char::is_whitespace) {
                    cursor.gap |= gap::CLAUSE;
                }
            }
            '\u{201e}' | '\u{ab}' | '\u{300c}' => cursor.opens(gap::OPENS),
            // the mark that opens an English quotation closes a German one
            '\u{201c}' => {
                let opening = cursor.gap & (gap::SPACE | gap::OPEN | gap::CLAUSE | gap::OPENS_SINGLE) != 0 || self.out.tokens.len() == cursor.sentence_first;
                cursor.gap |= gap::QUOTE;
                if opening { cursor.opens(gap::OPENS) } else { cursor.closes(gap::OPENS, gap::CLOSES) }
            }
            '\u{2018}' | '\u{201a}' => cursor.opens(gap::OPENS_SINGLE),
            '\u{201d}' | '\u{bb}' | '\u{300d}' => {
                cursor.gap |= gap::QUOTE_CLOSE;
                cursor.closes(gap::OPENS, gap::CLOSES);
            }
            '\u{2019}' => {
                cursor.gap |= gap::QUOTE_CLOSE;
                cursor.closes(gap::OPENS_SINGLE, gap::CLOSES_SINGLE);
            }
            '\u{3002}' | '\u{ff0e}' => cursor.mark = Some((Ending::Plain, offset(next), true)),
            '\u{ff1f}' => cursor.mark = Some((Ending::Question, offset(next), true)),
            '\u{ff01}' => cursor.mark = Some((Ending::Exclamation, offset(next), true)),
            '\u{2026}' => cursor.mark = Some((Ending::Plain, offset(next), false)),
            '\u{3001}' | '\u{ff0c}' => cursor.gap |= gap::COMMA,
            '\u{2022}' | '\u{b7}' => cursor.gap |= gap::CLAUSE,
            _ => {
                let kind = match c {
                    '\u{ff04}' | '\u{ffe0}' | '\u{ffe1}' | '\u{ffe5}' | '\u{a2}'..='\u{a5}' | '\u{20a0}'..='\u{20cf}' | '\u{e3f}' => TokenKind::Currency,
                    '\u{2030}' | '\u{ff05}' => TokenKind::Percent,
                    '\u{2212}' | '\u{b1}' | '\u{2248}' | '\u{2264}' | '\u{2265}' | '\u{2243}' => TokenKind::Sign,
                    '\u{bc}'..='\u{be}' | '\u{2150}'..='\u{215e}' => TokenKind::Number,
                    _ if is_emoji(c) => TokenKind::Emoji,
                    _ => return next,
                };
                let hash = fold_hash(&fold(&text[at..next]));
                self.before_token(text, cursor, block, at, kind);
                self.push(at..next, hash, hash, cursor.gap, kind, flag::FOLDED);
                cursor.gap = 0;
            }
        }
        next
    }

    /// ASCII punctuation.
    fn mark(&mut self, text: &str, cursor: &mut Cursor, block: u32, at: usize, end: usize) -> usize {
        let bytes = text.as_bytes();
        let next = at + 1;
        match bytes[at] {
            b'.' => {
                if next < end && bytes[next] == b'.' {
                    let dots = bytes[at..end].iter().take_while(|byte| **byte == b'.').count();
                    cursor.mark = Some((Ending::Plain, offset(at + dots), false));
                    return at + dots;
                }
                if next < end && bytes[next].is_ascii_digit() && cursor.gap & gap::SPACE != 0 {
                    return next; // ".5"
                }
                match cursor.mark {
                    Some((ending, _, sure)) => cursor.mark = Some((ending, offset(next), sure)),
                    None => cursor.mark = Some((Ending::Plain, offset(next), false)),
                }
            }
            b'?' => cursor.mark = Some((Ending::Question, offset(next), true)),
            b'!' => {
                let ending = if matches!(cursor.mark, Some((Ending::Question, ..))) { Ending::Question } else { Ending::Exclamation };
                cursor.mark = Some((ending, offset(next), true));
            }
            b',' => cursor.gap |= gap::COMMA,
            b';' => cursor.gap |= gap::CLAUSE,
            b':' => cursor.gap |= gap::CLAUSE | gap::COLON,
            b'-' => {
                let double = next < end && bytes[next] == b'-';
                let spaced = cursor.gap & gap::SPACE != 0 && (next >= end || CLASS[bytes[next] as usize] == SPACE);
                if double || spaced {
                    cursor.gap |= gap::CLAUSE;
                } else if next < end && bytes[next].is_ascii_digit() {
                    self.sign(text, cursor, block, at);
                }
            }
            b'"' => {
                let opening = cursor.gap & gap::SPACE != 0 || self.out.tokens.len() == cursor.sentence_first;
                if opening && !(next >= end || CLASS[bytes[next] as usize] == SPACE) {
                    cursor.opens(gap::OPENS);
                } else {
                    cursor.gap |= gap::QUOTE_CLOSE;
                    cursor.closes(gap::OPENS, gap::CLOSES);
                }
            }
            b'\'' => {
                // "the '90s", "the dealers' price"
                let opening = cursor.gap & (gap::SPACE | gap::OPEN | gap::OPENS) != 0 || self.out.tokens.len() == cursor.sentence_first;
                if opening && next < end && !matches!(CLASS[bytes[next] as usize], SPACE | DIGIT) {
                    cursor.opens(gap::OPENS_SINGLE);
                } else {
                    cursor.closes(gap::OPENS_SINGLE, gap::CLOSES_SINGLE);
                }
            }
            b'(' => cursor.gap |= gap::OPEN,
            b'[' => cursor.gap |= gap::OPEN | gap::SQUARE,
            b')' => cursor.gap |= gap::CLOSE,
            b']' => cursor.gap |= gap::CLOSE | gap::SQUARE,
            b'/' => cursor.gap |= gap::SLASH,
            b'$' => self.symbol(text, cursor, block, at, TokenKind::Currency),
            b'%' => self.symbol(text, cursor, block, at, TokenKind::Percent),
            b'~' | b'+' | b'<' | b'>' | b'=' => self.sign(text, cursor, block, at),
            _ => {}
        }
        next
    }

    fn sign(&mut self, text: &str, cursor: &mut Cursor, block: u32, at: usize) {
        self.symbol(text, cursor, block, at, TokenKind::Sign);
    }

    fn symbol(&mut self, text: &str, cursor: &mut Cursor, block: u32, at: usize, kind: TokenKind) {
        let hash = fold_hash(&text[at..=at]);
        self.before_token(text, cursor, block, at, kind);
        self.push(at..at + 1, hash, hash, cursor.gap, kind, 0);
        cursor.gap = 0;
    }
}

/// Whether an `R` is the sign of the rand: an amount stands right behind it, and it is no name of a thing such as `R134a`, `R2` or `R-18`.
fn is_rand(bytes: &[u8], at: usize, end: usize) -> bool {
    let figure = bytes[at + 1..end].iter().take_while(|byte| byte.is_ascii_digit() || matches!(**byte, b'.' | b',')).count();
    let written = &bytes[at + 1..at + 1 + figure];
    let parted = written.windows(3).any(|three| three[0].is_ascii_digit() && !three[1].is_ascii_digit() && three[2].is_ascii_digit());
    let after = bytes.get(at + 1 + figure).copied().filter(|_| at + 1 + figure < end).unwrap_or(b' ');
    written.first().is_some_and(u8::is_ascii_digit) && (parted || figure >= 3) && !after.is_ascii_alphanumeric() && !matches!(after, b'-' | b'_')
}

/// Length of the code of a currency.
const CODE: usize = 3;
/// Codes that are written right before or behind a figure.
const CODES: [&[u8; CODE]; 24] = [
    b"USD", b"EUR", b"GBP", b"CHF", b"JPY", b"CNY", b"INR", b"CAD", b"AUD", b"NZD", b"ZAR", b"HKD", b"SGD", b"SEK", b"NOK", b"DKK", b"BRL", b"MXN", b"KRW",
    b"AED", b"TRY", b"PLN", b"THB", b"RUB",
];

/// Whether a word begins with the code of a currency and goes on with a figure.
fn is_currency_code(bytes: &[u8], start: usize, end: usize) -> bool {
    bytes.get(start + CODE).is_some_and(u8::is_ascii_digit)
        && start + CODE < end
        && CODES.iter().any(|code| bytes[start..].starts_with(*code))
        && !bytes[start + CODE..end].iter().find(|byte| !byte.is_ascii_digit() && !matches!(**byte, b'.' | b',')).is_some_and(u8::is_ascii_alphabetic)
}

/// Whether the code of a currency stands behind a figure: "2412USD".
fn code_ends_figure(bytes: &[u8], at: usize, end: usize) -> bool {
    at + CODE <= end && CODES.iter().any(|code| bytes[at..].starts_with(*code)) && !bytes[at + CODE..end].first().is_some_and(u8::is_ascii_alphanumeric)
}

/// Whether a joiner at `at` stands inside a word.
fn joins(bytes: &[u8], start: usize, at: usize, end: usize) -> bool {
    if at == start || at + 1 >= end {
        return false;
    }
    let next = bytes[at + 1];
    match bytes[at] {
        b'.' => {
            // "U.S.", "e.g.", "example.com", but not "end.Next"
            let single = at == start + 1 || bytes[at - 2] == b'.';
            (next.is_ascii_lowercase() || next.is_ascii_digit() || (single && next.is_ascii_uppercase())) && bytes[at - 1].is_ascii_alphanumeric()
        }
        b'&' => next.is_ascii_alphabetic(),
        _ => next.is_ascii_alphanumeric() || next >= 0x80,
    }
}

fn ends_possessive(bytes: &[u8], at: usize, end: usize) -> bool {
    matches!(bytes.get(at + 1), Some(b's' | b'S')) && !(at + 2 < end && (bytes[at + 2].is_ascii_alphanumeric() || bytes[at + 2] == b'-'))
}

/// Whether the character at `at`, beyond ASCII, belongs to the word that came before it.
fn continues_word(text: &str, at: usize, end: usize) -> bool {
    let mut chars = text[at..end].chars();
    let Some(c) = chars.next() else { return false };
    if !is_plain_punctuation(c) && c.is_alphanumeric() || is_combining(c) || is_ignorable(c) {
        return true;
    }
    matches!(c, '\u{2019}' | '\u{2018}' | '\u{2010}' | '\u{2011}') && chars.next().is_some_and(char::is_alphanumeric)
}

/// Digits of other shapes: full width, bold and the like of mathematics, segmented. Folding makes plain ones of them.
const fn is_full_width_digit(c: char) -> bool {
    matches!(c, '\u{ff10}'..='\u{ff19}' | '\u{1d7ce}'..='\u{1d7ff}' | '\u{1fbf0}'..='\u{1fbf9}')
}

/// Digits raised, lowered or in circles.
const fn is_raised_digit(c: char) -> bool {
    matches!(c, '\u{b2}' | '\u{b3}' | '\u{b9}' | '\u{2070}' | '\u{2074}'..='\u{2079}' | '\u{2080}'..='\u{2089}' | '\u{2460}'..='\u{2468}' | '\u{24ea}')
}

/// The box of a key around a digit.
const KEYCAP: char = '\u{20e3}';

const fn is_combining(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{1ab0}'..='\u{1aff}' | '\u{20d0}'..='\u{20ff}' | '\u{900}'..='\u{903}' | '\u{93a}'..='\u{94f}' | '\u{e31}' | '\u{e34}'..='\u{e3a}' | '\u{e47}'..='\u{e4e}' | '\u{3099}' | '\u{309a}')
}

const fn is_emoji(c: char) -> bool {
    matches!(c, '\u{2600}'..='\u{27bf}' | '\u{1f300}'..='\u{1faff}' | '\u{2b50}' | '\u{2b06}')
}
