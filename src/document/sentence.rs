//! Where sentences end: a mark may end one, and what comes before and behind it decides.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::fold::Hashed;
use super::token::{Cursor, Ending, Sentence, TokenKind, Tokenizer, flag, fold, fold_hash, gap};
use crate::span::offset;

/// Abbreviations whose point never ends a sentence when anything but a sentence opener follows.
const ABBREVIATIONS: &[&str] = &[
    "a.m", "al", "approx", "apr", "assn", "aug", "ave", "bros", "ca", "cf", "ch", "cie", "co", "col", "corp", "dec", "dept", "dr", "ed", "eds", "eg", "e.g",
    "eq", "est", "etc", "feb", "fig", "figs", "fl", "ft", "gen", "gov", "govt", "ie", "i.e", "inc", "intl", "jan", "jr", "jul", "jun", "llc", "ltd", "mar",
    "max", "min", "misc", "mr", "mrs", "ms", "mt", "no", "nos", "nov", "oct", "oz", "p", "p.m", "para", "plc", "pp", "prof", "pts", "pty", "r.i.p", "rd",
    "ref", "rep", "rev", "sec", "sen", "sep", "sept", "sq", "sr", "st", "tel", "u.k", "u.n", "u.s", "u.s.a", "univ", "v", "vol", "vols", "vs", "e.u", "d.c",
    "ph.d", "lbs", "lb", "yr", "yrs", "mo", "hr", "hrs", "n.b", "ad", "bc",
];
/// The same by the hashes that tokens carry.
static ABBREVIATED: LazyLock<HashSet<u64, Hashed>> = LazyLock::new(|| ABBREVIATIONS.iter().map(|word| fold_hash(word)).collect());
/// Bytes of the longest of them: a look at the length spares most words the list.
const LONGEST_ABBREVIATION: usize = 6;
/// Abbreviations after which a name follows: their point ends no sentence whatever comes.
const TITLES: &[&str] =
    &["dr", "mr", "mrs", "ms", "prof", "st", "vs", "v", "e.g", "eg", "i.e", "ie", "cf", "gen", "gov", "sen", "rep", "rev", "fig", "figs", "approx", "ca", "mt"];
/// Words that, capitalised after an abbreviation, begin a new sentence.
const OPENERS: &[&str] = &[
    "a", "after", "all", "also", "although", "an", "and", "another", "as", "at", "because", "before", "both", "but", "by", "do", "each", "every", "few", "for",
    "from", "he", "her", "here", "his", "how", "however", "i", "if", "in", "it", "its", "last", "many", "most", "my", "neither", "no", "nobody", "none", "not",
    "nothing", "now", "of", "on", "once", "one", "only", "or", "other", "our", "she", "since", "so", "some", "still", "such", "that", "the", "their", "then",
    "there", "these", "they", "this", "those", "to", "today", "two", "under", "until", "we", "what", "when", "where", "whether", "which", "while", "who",
    "why", "with", "without", "yet", "you", "your",
];

impl Tokenizer {
    /// Decides, at the token that follows a closing mark, whether the sentence ended there.
    #[inline(always)]
    pub(super) fn before_token(&mut self, text: &str, cursor: &mut Cursor, block: u32, start: usize, kind: TokenKind) {
        // no mark stands before most tokens
        if let Some(mark) = cursor.mark.take() {
            self.behind_mark(text, cursor, block, start, kind, mark);
        }
    }

    fn behind_mark(&mut self, text: &str, cursor: &mut Cursor, block: u32, start: usize, kind: TokenKind, (ending, mark_end, sure): (Ending, u32, bool)) {
        let unspaced = || text[..start].trim_end().ends_with(['\u{3002}', '\u{ff01}', '\u{ff1f}', '\u{ff0e}']);
        let spaced = cursor.gap & (gap::SPACE | gap::QUOTE_CLOSE | gap::CLOSE) != 0 || unspaced();
        let first = self.out.tokens.len() == cursor.sentence_first;
        let speaker = cursor.gap & gap::QUOTE_CLOSE != 0 && text[start..].starts_with(char::is_lowercase);
        let ends = !first && spaced && !speaker && (sure || self.stop_ends(text, cursor, start, kind));
        if ends {
            self.end_sentence(cursor, block, mark_end, ending);
            // where quotations begin and end is no matter of sentences
            let quotation = cursor.gap & gap::QUOTATION;
            cursor.gap = quotation | (cursor.gap & (gap::QUOTE | gap::OPEN)) & if cursor.gap & gap::QUOTE_CLOSE != 0 { !gap::QUOTE } else { !0 };
        } else {
            cursor.gap |= gap::STOP;
            if sure {
                cursor.gap |= gap::CLAUSE;
            }
        }
    }

    /// Whether a full stop (or an ellipsis) before the token at `start` ends the sentence.
    fn stop_ends(&self, text: &str, cursor: &Cursor, start: usize, kind: TokenKind) -> bool {
        let Some(last) = self.out.tokens.last() else { return false };
        let written = &text[last.start as usize..last.end as usize];
        let next = text[start..].chars().next().unwrap_or(' ');
        if last.kind == TokenKind::Number && self.out.tokens.len() == cursor.sentence_first + 1 && last.end - last.start <= 3 {
            return false; // "3. Compare the two columns": the number of a list item
        }
        let is_word = last.kind == TokenKind::Word;
        if is_word {
            // nearly every word is ASCII, and as it stands tells what its folded form would
            let word = if last.has(flag::FOLDED) { fold(written) } else { written.into() };
            let initial = last.has(flag::CAPITAL) && word.chars().nth(1).is_none();
            let listed = || word.len() <= LONGEST_ABBREVIATION && ABBREVIATED.contains(&last.hash);
            if initial || word.contains('.') || listed() {
                return abbreviation_ends(text, start, &fold(written), next);
            }
            if next.is_lowercase() {
                return word.chars().nth(3).is_some() && !is_pause(&text[..start]);
            }
            return kind != TokenKind::Number || !word.eq_ignore_ascii_case("no");
        }
        !next.is_lowercase()
    }

    pub(super) fn end_sentence(&mut self, cursor: &mut Cursor, block: u32, end: u32, ending: Ending) {
        let first = cursor.sentence_first;
        let last = self.out.tokens.len();
        if last > first {
            let text = self.out.tokens[first].start..end.max(self.out.tokens[last - 1].end);
            self.out.sentences.push(Sentence { tokens: offset(first)..offset(last), text, block, ending });
        }
        cursor.sentence_first = last;
    }

    pub(super) fn close(&mut self, cursor: &mut Cursor, block: u32, end: u32) {
        let (ending, mark_end) = cursor.mark.map_or((Ending::Plain, None), |(ending, at, _)| (ending, Some(at)));
        let last = self.out.tokens.last().map_or(end, |token| token.end);
        self.end_sentence(cursor, block, mark_end.unwrap_or(last), ending);
    }
}

/// Whether the point of an abbreviation before the token at `start` ends the sentence as well.
fn abbreviation_ends(text: &str, start: usize, word: &str, next: char) -> bool {
    if TITLES.contains(&word) || !next.is_uppercase() {
        return false;
    }
    if word == "no" || word == "nos" {
        return !next.is_ascii_digit();
    }
    let end = text[start..].find(|c: char| !c.is_alphanumeric()).map_or(text.len(), |i| start + i);
    OPENERS.contains(&fold(&text[start..end]).as_ref())
}

/// Whether a text ends in a pause.
fn is_pause(text: &str) -> bool {
    let text = text.trim_end();
    text.ends_with('\u{2026}') || text.ends_with("..")
}
