//! The bytes of one article: decoded, digested, with a line table. Knows nothing of formats.

use sha2::{Digest, Sha256};

use crate::span::Span;

/// Bytes of a UTF-8 byte order mark.
const BOM: &str = "\u{feff}";

/// One article as it was read.
#[derive(Debug)]
pub struct SourceText {
    /// The path as it is reported: relative, with `/` on every system.
    pub path: String,
    /// The text. Byte offsets in it are byte offsets in the file.
    pub text: String,
    /// What could not be read as text; empty for a sound file.
    pub faults: Vec<Fault>,
    /// SHA-256 of the file's bytes, in lower-case hexadecimal.
    pub sha256: String,
    /// SHA-256 of what is judged: without byte order mark, line ends as LF.
    pub content_sha256: String,
}

/// Something in the bytes that is not text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Where it stands.
    pub span: Span,
    /// What it is.
    pub kind: FaultKind,
}

/// The kinds of [`Fault`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// The bytes are not UTF-8; nothing of the file was judged.
    InvalidUtf8,
    /// The file begins with the byte order mark of UTF-16; nothing of it was judged.
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
        !matches!(self, Self::Nul)
    }
}

impl SourceText {
    /// Decodes the bytes of the file at `path`. Never fails: what cannot be read is a [`Fault`]; of bytes that are not UTF-8 the text keeps the sound beginning.
    #[must_use]
    pub fn new(path: String, bytes: Vec<u8>) -> Self {
        let sha256 = hex(&Sha256::digest(&bytes));
        let (text, faults) = decode(bytes);
        let content_sha256 = judged_bytes(&text).map_or_else(|| sha256.clone(), |judged| hex(&Sha256::digest(judged.as_bytes())));
        Self { path, text, faults, sha256, content_sha256 }
    }

    /// `content_sha256` of what is left of the text after something was cut out of it.
    #[must_use]
    pub fn content_sha256_of(left: &str) -> String {
        hex(&Sha256::digest(judged_bytes(left).as_deref().unwrap_or(left).as_bytes()))
    }

    /// Byte length of the byte order mark at the start, 0 or 3.
    #[must_use]
    pub fn bom_len(&self) -> usize {
        if self.text.starts_with(BOM) { BOM.len() } else { 0 }
    }

    /// The text at a span; empty where the span does not lie on character boundaries of this text.
    #[must_use]
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(span.range()).unwrap_or_default()
    }
}

fn decode(bytes: Vec<u8>) -> (String, Vec<Fault>) {
    let whole = Span::of(0..bytes.len());
    if u32::try_from(bytes.len()).is_err() {
        return (String::new(), vec![Fault { span: Span::default(), kind: FaultKind::TooLong }]);
    }
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return (String::new(), vec![Fault { span: whole, kind: FaultKind::Utf16 }]);
    }
    match String::from_utf8(bytes) {
        Ok(text) => {
            let faults = memchr::memchr(0, text.as_bytes()).map(|at| Fault { span: Span::of(at..at + 1), kind: FaultKind::Nul }).into_iter().collect();
            (text, faults)
        }
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            let span = Span::of(at..at + error.utf8_error().error_len().unwrap_or(1));
            let mut bytes = error.into_bytes();
            bytes.truncate(at);
            (String::from_utf8(bytes).unwrap_or_default(), vec![Fault { span, kind: FaultKind::InvalidUtf8 }])
        }
    }
}

/// The judged form of the text where it differs from the file's bytes.
fn judged_bytes(text: &str) -> Option<String> {
    let body = text.strip_prefix(BOM).unwrap_or(text);
    if memchr::memchr(b'\r', body.as_bytes()).is_some() {
        return Some(body.replace("\r\n", "\n").replace('\r', "\n"));
    }
    (body.len() != text.len()).then(|| body.to_owned())
}

/// Lower-case hexadecimal digits of a digest.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
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
}

impl LineTable {
    /// The line table of a text.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut starts = vec![0];
        for at in memchr::memchr2_iter(b'\n', b'\r', bytes) {
            if bytes[at] == b'\n' || bytes.get(at + 1) != Some(&b'\n') {
                starts.push(crate::span::offset(at + 1));
            }
        }
        Self { starts }
    }

    /// The place of a byte offset in the text the table was made of.
    #[must_use]
    pub fn place(&self, text: &str, at: u32) -> Place {
        let line = self.starts.partition_point(|start| *start <= at).max(1);
        let start = self.starts[line - 1] as usize;
        let before = text.get(start..at as usize).unwrap_or_default();
        let bom = usize::from(line == 1 && before.starts_with(BOM));
        Place { line: crate::span::offset(line), column: crate::span::offset(before.chars().count() - bom + 1) }
    }

    /// Byte offset at which a line (from 1) begins.
    #[must_use]
    pub fn start_of(&self, line: u32) -> u32 {
        self.starts.get(line.saturating_sub(1) as usize).copied().unwrap_or(0)
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
