//! The prose of an article as numbers: what the comparison of articles reads instead of the text. A word costs six bytes.

use crate::document::reading_text::Cursor;
use crate::document::section::SectionRole;
use crate::document::token::{Token, TokenKind, Tokenizer, flag, fold, fold_hash, is_unspaced};
use crate::document::{Document, Zone};
use crate::span::{Span, offset};
use unicode_segmentation::UnicodeSegmentation;

/// Words of a sentence at most: its positions are the bits of one machine word. Longer ones are cut.
pub const LONGEST_SENTENCE: usize = 60;

/// Properties of a sentence, as bits.
pub mod mark {
    /// It is a heading.
    pub const HEADING: u8 = 1;
    /// It begins a block.
    pub const BEGINS: u8 = 1 << 1;
    /// It stands in a section beside the argument: a disclaimer, a word about the author.
    pub const ASIDE: u8 = 1 << 2;
}

/// The words of an article in reading order, cut into sentences. Code, addresses, the reference list and the header are left out.
#[derive(Clone, Debug, Default)]
pub struct Prose {
    words: Box<[u32]>,
    lengths: Box<[u8]>,
    marks: Box<[u8]>,
    /// Where the words stand in the text of the file: for each the distance to the end of the one before, and its length.
    places: Box<[u8]>,
}

/// Bytes of the place of a word at most: two numbers of 34 bits, seven of them a byte.
const LONGEST_PLACE: usize = 10;

/// Collects words and sentences.
struct Writer {
    words: Vec<u32>,
    lengths: Vec<u8>,
    marks: Vec<u8>,
    places: Vec<u8>,
    /// Words of the open sentence, and their places: put to the others when it ends.
    open_words: [u32; LONGEST_SENTENCE],
    open_places: [u8; LONGEST_SENTENCE * LONGEST_PLACE],
    /// How many words that are, and how many bytes.
    open: usize,
    placed: usize,
    last_end: u32,
}

impl Writer {
    /// The words of a sentence. What is written of each is kept beside the loop: nearly all words are written there and then.
    fn sentence(&mut self, document: &Document, tokens: &[Token], cursor: &mut Cursor, marks: u8) {
        let (mut open, mut placed, mut last_end) = (self.open, self.placed, self.last_end);
        for token in tokens {
            match token.kind {
                TokenKind::Word | TokenKind::Number => {}
                _ => continue,
            }
            // what has a letter of a script without spaces is not ASCII
            let wide = token.has(flag::FOLDED).then(|| document.reading.slice(token.range())).filter(|text| text.contains(is_unspaced));
            let span = cursor.span(token.range());
            let (distance, length) = (span.start.wrapping_sub(last_end), span.len());
            // nearly always both are small: each is one byte
            if wide.is_none()
                && distance < 0x40
                && length < 0x80
                && let Some(word) = self.open_words.get_mut(open)
                && let Some(place) = self.open_places.get_mut(placed..placed + 2)
            {
                *word = short(token.hash);
                place.copy_from_slice(&[(distance as u8) << 1, length as u8]);
                (open, placed, last_end) = (open + 1, placed + 2, span.end);
                continue;
            }
            (self.open, self.placed, self.last_end) = (open, placed, last_end);
            match wide {
                Some(text) => unspaced(text, token, &mut |hash, range| self.word(hash, cursor.span(range), marks)),
                None => self.word(token.hash, span, marks),
            }
            (open, placed, last_end) = (self.open, self.placed, self.last_end);
        }
        (self.open, self.placed, self.last_end) = (open, placed, last_end);
    }

    fn word(&mut self, hash: u64, span: Span, marks: u8) {
        if self.open == LONGEST_SENTENCE {
            self.close(marks);
        }
        self.open_words[self.open] = short(hash);
        self.open += 1;
        self.put(zigzag(i64::from(span.start) - i64::from(self.last_end)));
        self.put(u64::from(span.len()));
        self.last_end = span.end;
    }

    /// A number of the place of a word.
    fn put(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.open_places[self.placed] = number as u8 | 0x80;
            self.placed += 1;
            number >>= 7;
        }
        self.open_places[self.placed] = number as u8;
        self.placed += 1;
    }

    /// Ends the sentence; one that has no words is none.
    fn close(&mut self, marks: u8) -> bool {
        let told = self.open > 0;
        if told {
            self.lengths.push(self.open as u8);
            self.marks.push(marks);
            self.words.extend_from_slice(&self.open_words[..self.open]);
            self.places.extend_from_slice(&self.open_places[..self.placed]);
            (self.open, self.placed) = (0, 0);
        }
        told
    }
}

impl Prose {
    /// The prose of a document.
    #[must_use]
    pub fn of(document: &Document) -> Self {
        let all = &document.tokens.tokens;
        let mut cursor = document.reading.cursor();
        let room = all.len();
        let sentences = document.tokens.sentences.len();
        let mut writer = Writer {
            words: Vec::with_capacity(room),
            lengths: Vec::with_capacity(sentences),
            marks: Vec::with_capacity(sentences),
            places: Vec::with_capacity(room * 2 + 16),
            open_words: [0; LONGEST_SENTENCE],
            open_places: [0; LONGEST_SENTENCE * LONGEST_PLACE],
            open: 0,
            placed: 0,
            last_end: 0,
        };
        let mut block_before = u32::MAX;
        for sentence in &document.tokens.sentences {
            let Some(block) = document.block(sentence.block) else { continue };
            let prose = matches!(block.zone, Zone::Heading | Zone::Paragraph | Zone::ListItem | Zone::Cell | Zone::Quote | Zone::Callout | Zone::Caption);
            let role = document.role_of(block);
            if !prose || role == SectionRole::References {
                continue;
            }
            let mut marks = if block.zone == Zone::Heading { mark::HEADING } else { 0 };
            if role == SectionRole::Closing {
                marks |= mark::ASIDE;
            }
            if block_before != sentence.block {
                marks |= mark::BEGINS;
            }
            writer.sentence(document, &all[sentence.tokens.start as usize..sentence.tokens.end as usize], &mut cursor, marks);
            if writer.close(marks) {
                block_before = sentence.block;
            }
        }
        Self { words: writer.words.into(), lengths: writer.lengths.into(), marks: writer.marks.into(), places: writer.places.into() }
    }

    /// Hashes of the folded words.
    #[must_use]
    pub fn words(&self) -> &[u32] {
        &self.words
    }

    /// Number of words of each sentence.
    #[must_use]
    pub fn lengths(&self) -> &[u8] {
        &self.lengths
    }

    /// Bits of [`mark`] of each sentence.
    #[must_use]
    pub fn marks(&self) -> &[u8] {
        &self.marks
    }

    /// Where the words stand in the text of the file.
    #[must_use]
    pub fn places(&self) -> Vec<Span> {
        let mut rest = self.places.iter().copied();
        let mut end = 0i64;
        let mut spans = Vec::with_capacity(self.words.len());
        for _ in 0..self.words.len() {
            let start = end + unzigzag(take(&mut rest));
            end = start + take(&mut rest) as i64;
            spans.push(Span::new(start.max(0) as u32, end.max(0) as u32));
        }
        spans
    }
}

/// Hashes of the words of a few texts, sorted, each once.
#[must_use]
pub fn words_of(text: &str) -> Vec<u32> {
    let mut tokenizer = Tokenizer::with_room_for(text.len());
    tokenizer.block(text, 0..offset(text.len()), 0, &[]);
    let tokens = tokenizer.finish();
    let mut words = Vec::with_capacity(tokens.tokens.len());
    for token in tokens.tokens.iter().filter(|token| matches!(token.kind, TokenKind::Word | TokenKind::Number)) {
        let piece = &text[token.start as usize..token.end as usize];
        if piece.contains(is_unspaced) {
            unspaced(piece, token, &mut |hash, _| words.push(short(hash)));
        } else {
            words.push(short(token.hash));
        }
    }
    words.sort_unstable();
    words.dedup();
    words
}

/// The words of a piece that is written without spaces, each with its range in the reading text.
fn unspaced(text: &str, token: &Token, word: &mut dyn FnMut(u64, std::ops::Range<u32>)) {
    for (at, piece) in text.unicode_word_indices() {
        let start = token.start + offset(at);
        word(fold_hash(&fold(piece)), start..start + offset(piece.len()));
    }
}

/// The hash of a word as prose keeps it.
#[must_use]
pub const fn short(hash: u64) -> u32 {
    // the low half of an FNV hash alone is weak in its upper bits
    let mixed = hash.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed >> 32) as u32
}

const fn zigzag(number: i64) -> u64 {
    ((number << 1) ^ (number >> 63)) as u64
}

const fn unzigzag(number: u64) -> i64 {
    (number >> 1) as i64 ^ -((number & 1) as i64)
}

fn take(bytes: &mut impl Iterator<Item = u8>) -> u64 {
    let mut number = 0;
    for shift in (0..63).step_by(7) {
        let Some(byte) = bytes.next() else { break };
        number |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            break;
        }
    }
    number
}
