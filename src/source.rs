//! The bytes of one article: decoded, digested, with a line table. Knows nothing of formats.

mod hex;

use std::sync::OnceLock;

pub use hex::hex;
use sha2::{Digest, Sha256};

use crate::span::{Span, offset};

/// Bytes of a UTF-8 byte order mark.
const BOM: &str = "\u{feff}";

/// One article as it was read.
#[derive(Debug)]
pub struct SourceText {
    /// The path as it is reported: relative, with `/` on every system.
    pub path: String,
    /// The text. A lone carriage return is a line feed in it. Byte offsets in it are those of the file, unless the file had to be
    /// decoded: [`Self::file_span`] tells.
    pub text: String,
    /// What could not be read as text; empty for a sound file.
    pub faults: Vec<Fault>,
    /// SHA-256 of the file's bytes, in lower-case hexadecimal.
    pub sha256: String,
    /// SHA-256 of what is judged: as UTF-8, without byte order mark, line ends as LF.
    pub content_sha256: String,
    map: FileMap,
}

/// Something in the bytes that is not text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Where it stands in the text; the first place where there are several.
    pub span: Span,
    /// What it is.
    pub kind: FaultKind,
    /// How many places there are.
    pub count: usize,
}

/// The kinds of [`Fault`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// Bytes that are not UTF-8; the text has U+FFFD for them.
    InvalidUtf8,
    /// An unpaired surrogate or a lone last byte in UTF-16; the text has U+FFFD for it.
    InvalidUtf16,
    /// The file looks like UTF-16 without a byte order mark; nothing of it was judged.
    Utf16,
    /// A NUL byte stands in the text.
    Nul,
    /// The file is longer than 4 GiB; nothing of it was judged.
    TooLong,
}

impl FaultKind {
    /// Whether nothing of the file could be read.
    #[must_use]
    pub const fn is_fatal(self) -> bool {
        matches!(self, Self::Utf16 | Self::TooLong)
    }
}

/// From offsets in a decoded text to offsets in its file.
#[derive(Debug, Default)]
struct FileMap {
    /// In order, without gaps; empty where the offsets are the same.
    runs: Vec<Run>,
}

/// Characters that are all as long in the text, and all as long in the file.
#[derive(Clone, Copy, Debug)]
struct Run {
    text: u32,
    file: u32,
    /// Bytes of one character in the text.
    width: u8,
    /// Bytes of the same in the file.
    bytes: u8,
}

impl FileMap {
    /// Notes that what comes at `text` and `file` is `width` bytes long there and `bytes` bytes long here.
    fn push(&mut self, text: usize, file: usize, width: usize, bytes: usize) {
        let small = |length: usize| u8::try_from(length).unwrap_or(u8::MAX);
        let (width, bytes) = (small(width), small(bytes));
        if self.runs.last().is_none_or(|last| (last.width, last.bytes) != (width, bytes)) {
            self.runs.push(Run { text: offset(text), file: offset(file), width, bytes });
        }
    }

    fn file_at(&self, at: u32) -> u32 {
        let next = self.runs.partition_point(|run| run.text <= at);
        let Some(run) = next.checked_sub(1).map(|i| self.runs[i]) else { return at };
        run.file + (at - run.text) / u32::from(run.width) * u32::from(run.bytes)
    }
}

/// The result of decoding.
#[derive(Default)]
struct Decoded {
    text: String,
    faults: Vec<Fault>,
    map: FileMap,
    /// Whether the text is not byte for byte the file.
    changed: bool,
}

impl SourceText {
    /// Decodes the bytes of the file at `path`: UTF-8, or UTF-16 with a byte order mark. Never fails: what cannot be read is a
    /// [`Fault`], and the rest is text.
    #[must_use]
    pub fn new(path: String, bytes: Vec<u8>) -> Self {
        let sha256 = hex(&Sha256::digest(&bytes));
        let Decoded { text, faults, map, changed } = decode(bytes);
        let content_sha256 = match judged_bytes(&text) {
            Some(judged) => hex(&Sha256::digest(judged.as_bytes())),
            None if changed => hex(&Sha256::digest(text.as_bytes())),
            None => sha256.clone(),
        };
        Self { path, text, faults, sha256, content_sha256, map }
    }

    /// The same without its digests, which stay empty: for a text that is looked at and not judged.
    #[must_use]
    pub fn undigested(path: String, bytes: Vec<u8>) -> Self {
        let Decoded { text, faults, map, .. } = decode(bytes);
        Self { path, text, faults, sha256: String::new(), content_sha256: String::new(), map }
    }

    /// `content_sha256` of what is left of the text after something was cut out of it.
    #[must_use]
    pub fn content_sha256_of(left: &str) -> String {
        hex(&Sha256::digest(judged_bytes(left).as_deref().unwrap_or(left).as_bytes()))
    }

    /// Byte length of the byte order mark at the start of the text, 0 or 3.
    #[must_use]
    pub fn bom_len(&self) -> usize {
        if self.text.starts_with(BOM) { BOM.len() } else { 0 }
    }

    /// The text at a span; empty where the span does not lie on character boundaries of this text.
    #[must_use]
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(span.range()).unwrap_or_default()
    }

    /// The bytes of the file that a span of the text was read from.
    #[must_use]
    pub fn file_span(&self, span: Span) -> Span {
        Span::new(self.map.file_at(span.start), self.map.file_at(span.end))
    }
}

/// The text of a file that is no article (a configuration, a rule file, a snapshot): UTF-8 or UTF-16, without byte order mark.
///
/// # Errors
/// What is wrong with the bytes, in words: such a file is taken whole or not at all.
pub fn text_of(bytes: Vec<u8>) -> Result<String, String> {
    let decoded = decode(bytes);
    let fault = decoded.faults.iter().find(|fault| fault.kind != FaultKind::Nul);
    match fault {
        None => Ok(decoded.text.strip_prefix(BOM).map(str::to_owned).unwrap_or(decoded.text)),
        Some(fault) => {
            let line = LineTable::new(&decoded.text).place(&decoded.text, fault.span.start).line;
            Err(match fault.kind {
                FaultKind::InvalidUtf8 => format!("line {line} is not UTF-8 text"),
                FaultKind::InvalidUtf16 => format!("line {line} is not UTF-16 text"),
                FaultKind::Utf16 => "it looks like UTF-16 without a byte order mark".to_owned(),
                FaultKind::TooLong | FaultKind::Nul => "it is longer than 4 GiB".to_owned(),
            })
        }
    }
}

fn decode(bytes: Vec<u8>) -> Decoded {
    let little = bytes.starts_with(&[0xff, 0xfe]);
    let too_long = |most: u32| u32::try_from(bytes.len()).map_or(true, |len| len > most);
    // a byte that is no text becomes three
    if too_long(u32::MAX) || (too_long(u32::MAX / 3) && std::str::from_utf8(&bytes).is_err()) {
        return Decoded { faults: vec![Fault { span: Span::default(), kind: FaultKind::TooLong, count: 1 }], ..Decoded::default() };
    }
    let mut decoded = if little || bytes.starts_with(&[0xfe, 0xff]) {
        utf16(&bytes, little)
    } else {
        match String::from_utf8(bytes) {
            Ok(text) => Decoded { text, ..Decoded::default() },
            Err(error) => lossy(error.as_bytes()),
        }
    };
    let nuls = memchr::memchr_iter(0, decoded.text.as_bytes()).count();
    if let Some(at) = memchr::memchr(0, decoded.text.as_bytes()) {
        // every second byte of English in UTF-16 is NUL
        let kind = if nuls * 4 >= decoded.text.len() { FaultKind::Utf16 } else { FaultKind::Nul };
        decoded.faults.push(Fault { span: Span::of(at..at + 1), kind, count: nuls });
    }
    end_lines(&mut decoded);
    decoded
}

/// UTF-16 behind its byte order mark.
fn utf16(bytes: &[u8], little: bool) -> Decoded {
    let mut decoded = Decoded { text: String::with_capacity(bytes.len()), changed: true, ..Decoded::default() };
    let body = &bytes[2..];
    let units = body.chunks_exact(2).map(|pair| if little { u16::from_le_bytes([pair[0], pair[1]]) } else { u16::from_be_bytes([pair[0], pair[1]]) });
    let mut at = 2;
    let mut bad: Vec<usize> = Vec::new();
    for read in char::decode_utf16(units) {
        let c = read.unwrap_or_else(|_| {
            bad.push(decoded.text.len());
            char::REPLACEMENT_CHARACTER
        });
        let length = c.len_utf16() * 2;
        decoded.map.push(decoded.text.len(), at, c.len_utf8(), length);
        decoded.text.push(c);
        at += length;
    }
    if body.len() % 2 == 1 {
        bad.push(decoded.text.len());
        decoded.map.push(decoded.text.len(), at, char::REPLACEMENT_CHARACTER.len_utf8(), 1);
        decoded.text.push(char::REPLACEMENT_CHARACTER);
    }
    decoded.faults.extend(fault(FaultKind::InvalidUtf16, &bad));
    decoded
}

/// UTF-8 with bytes between that are none.
fn lossy(bytes: &[u8]) -> Decoded {
    let mut decoded = Decoded { text: String::with_capacity(bytes.len()), changed: true, ..Decoded::default() };
    let mut at = 0;
    let mut bad: Vec<usize> = Vec::new();
    for chunk in bytes.utf8_chunks() {
        if !chunk.valid().is_empty() {
            decoded.map.push(decoded.text.len(), at, 1, 1);
            decoded.text.push_str(chunk.valid());
            at += chunk.valid().len();
        }
        if !chunk.invalid().is_empty() {
            bad.push(decoded.text.len());
            decoded.map.push(decoded.text.len(), at, char::REPLACEMENT_CHARACTER.len_utf8(), chunk.invalid().len());
            decoded.text.push(char::REPLACEMENT_CHARACTER);
            at += chunk.invalid().len();
        }
    }
    decoded.faults.extend(fault(FaultKind::InvalidUtf8, &bad));
    decoded
}

/// One fault for all places of a kind.
fn fault(kind: FaultKind, places: &[usize]) -> Option<Fault> {
    let first = *places.first()?;
    Some(Fault { span: Span::of(first..first + char::REPLACEMENT_CHARACTER.len_utf8()), kind, count: places.len() })
}

/// Makes a carriage return without its line feed a line feed: to every reader behind, lines then end as on any system.
fn end_lines(decoded: &mut Decoded) {
    let bytes = decoded.text.as_bytes();
    let lone: Vec<usize> = memchr::memchr_iter(b'\r', bytes).filter(|at| bytes.get(at + 1) != Some(&b'\n')).collect();
    if lone.is_empty() {
        return;
    }
    let mut bytes = std::mem::take(&mut decoded.text).into_bytes();
    for at in lone {
        bytes[at] = b'\n';
    }
    decoded.text = String::from_utf8(bytes).unwrap_or_default();
    decoded.changed = true;
}

/// The judged form of the text where it differs from the file's bytes.
fn judged_bytes(text: &str) -> Option<String> {
    let body = text.strip_prefix(BOM).unwrap_or(text);
    if memchr::memchr(b'\r', body.as_bytes()).is_some() {
        return Some(body.replace("\r\n", "\n"));
    }
    (body.len() != text.len()).then(|| body.to_owned())
}

/// Where a byte offset stands for a person: both count from 1, columns in Unicode scalar values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Line; LF, CRLF and a lone CR each end one.
    pub line: u32,
    /// Column.
    pub column: u32,
}

/// Byte offsets at which the lines of a text begin. Made only for articles that have something to report.
#[derive(Debug)]
pub struct LineTable {
    starts: Vec<u32>,
    /// Characters before every [`STEP`]th byte; made when a place far along a line asks, so that a line of any length is counted once.
    counts: OnceLock<Vec<u32>>,
}

/// Bytes between two counts of characters.
const STEP: usize = 1024;
/// Bytes of a line, on average: room is reserved by it.
const BYTES_OF_A_LINE: usize = 32;

/// Characters that begin in these bytes.
fn count_chars(bytes: &[u8]) -> usize {
    // few enough at once for their number to be a byte: so they are counted many at a time
    let count = |few: &[u8]| few.iter().fold(0u8, |count, byte| count + u8::from(byte & 0xc0 != 0x80));
    bytes.chunks(usize::from(u8::MAX)).map(|few| usize::from(count(few))).sum()
}

impl LineTable {
    /// The line table of a text.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut starts = Vec::with_capacity(bytes.len() / BYTES_OF_A_LINE + 1);
        starts.push(0);
        for at in memchr::memchr2_iter(b'\n', b'\r', bytes) {
            if bytes[at] == b'\n' || bytes.get(at + 1) != Some(&b'\n') {
                starts.push(offset(at + 1));
            }
        }
        Self { starts, counts: OnceLock::new() }
    }

    /// The place of a byte offset in the text the table was made of.
    #[must_use]
    pub fn place(&self, text: &str, at: u32) -> Place {
        let line = self.starts.partition_point(|start| *start <= at).max(1);
        let start = self.starts[line - 1];
        let bom = usize::from(line == 1 && at as usize >= BOM.len() && text.starts_with(BOM));
        Place { line: offset(line), column: offset(self.chars_between(text, start, at) - bom + 1) }
    }

    /// Number of characters between two byte offsets of the text the table was made of.
    #[must_use]
    pub fn chars_between(&self, text: &str, from: u32, to: u32) -> usize {
        let bytes = text.as_bytes();
        let (from, to) = ((from as usize).min(bytes.len()), (to as usize).min(bytes.len()));
        if to < from + STEP {
            return count_chars(bytes.get(from..to).unwrap_or_default());
        }
        let counts = self.counts.get_or_init(|| {
            let sums = bytes.chunks(STEP).scan(0, |sum, chunk| {
                *sum += count_chars(chunk);
                Some(offset(*sum))
            });
            std::iter::once(0).chain(sums).collect()
        });
        let before = |at: usize| counts[at / STEP] as usize + count_chars(&bytes[at / STEP * STEP..at]);
        before(to) - before(from)
    }

    /// Byte offset at which a line (from 1) begins.
    #[must_use]
    pub fn start_of(&self, line: u32) -> u32 {
        self.starts.get(line.saturating_sub(1) as usize).copied().unwrap_or(0)
    }

    /// Byte offset at which a line (from 1) ends, its line end left out.
    #[must_use]
    pub fn end_of(&self, text: &str, line: u32) -> u32 {
        let next = self.starts.get(line as usize).map_or(text.len(), |start| *start as usize);
        let whole = text.get(self.start_of(line) as usize..next).unwrap_or_default();
        offset(next - (whole.len() - whole.trim_end_matches(['\n', '\r']).len()))
    }
}

/// Longest excerpt, in characters.
const EXCERPT: usize = 160;

/// At most 160 characters, white space folded.
#[must_use]
pub fn shortened(text: &str) -> String {
    let mut out = String::with_capacity(text.len().min(EXCERPT * 2));
    let mut left = EXCERPT;
    for word in text.split_whitespace() {
        let gap = usize::from(!out.is_empty());
        if left < gap + 1 {
            out.push('\u{2026}');
            break;
        }
        if gap > 0 {
            out.push(' ');
        }
        left -= gap;
        let count = word.chars().count();
        if count > left {
            out.extend(word.chars().take(left));
            out.push('\u{2026}');
            break;
        }
        out.push_str(word);
        left -= count;
    }
    out
}
