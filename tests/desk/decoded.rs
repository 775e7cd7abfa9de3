//! A file decoded slowly and plainly, character by character, to set spans and places against.

/// The characters of a file, each with the bytes it stands in.
pub struct Decoded {
    chars: Vec<(char, usize, usize)>,
    len: usize,
}

impl Decoded {
    /// UTF-16 where its byte order mark stands at the start, else UTF-8. What is neither is U+FFFD.
    pub fn new(bytes: &[u8]) -> Self {
        let chars = match bytes {
            [0xff, 0xfe, ..] => utf16(bytes, u16::from_le_bytes),
            [0xfe, 0xff, ..] => utf16(bytes, u16::from_be_bytes),
            _ => utf8(bytes),
        };
        Self { chars, len: bytes.len() }
    }

    /// The text at a range of bytes; nothing where the range splits a character.
    pub fn slice(&self, start: usize, end: usize) -> Option<String> {
        let edge = |at: usize| at == self.len || at == 0 || self.chars.iter().any(|(_, start, end)| *start == at || *end == at);
        let inside = self.chars.iter().filter(|(_, from, to)| start <= *from && *to <= end);
        (start <= end && edge(start) && edge(end)).then(|| inside.map(|(c, ..)| *c).collect())
    }

    /// Line and column of a byte, both from 1: LF, CRLF and a lone CR end a line, and a byte order mark takes no column.
    pub fn place(&self, at: usize) -> (u32, u32) {
        let (mut line, mut column) = (1, 1);
        for (i, (c, start, _)) in self.chars.iter().enumerate().take_while(|(_, (_, start, _))| *start < at) {
            let next = self.chars.get(i + 1).map(|(c, ..)| *c);
            if *c == '\n' || (*c == '\r' && next != Some('\n')) {
                (line, column) = (line + 1, 1);
            } else if !(*start == 0 && *c == '\u{feff}') {
                column += 1;
            }
        }
        (line, column)
    }
}

fn utf8(bytes: &[u8]) -> Vec<(char, usize, usize)> {
    let mut chars = Vec::new();
    let mut at = 0;
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            chars.push((c, at, at + c.len_utf8()));
            at += c.len_utf8();
        }
        if !chunk.invalid().is_empty() {
            chars.push(('\u{fffd}', at, at + chunk.invalid().len()));
            at += chunk.invalid().len();
        }
    }
    chars
}

fn utf16(bytes: &[u8], unit: impl Fn([u8; 2]) -> u16) -> Vec<(char, usize, usize)> {
    let unit_at = |at: usize| bytes.get(at..at + 2).map(|pair| unit([pair[0], pair[1]]));
    let mut chars = Vec::new();
    let mut at = 2;
    while at < bytes.len() {
        let (c, len) = match (unit_at(at), unit_at(at + 2)) {
            (None, _) => ('\u{fffd}', 1),
            (Some(high @ 0xd800..=0xdbff), Some(low @ 0xdc00..=0xdfff)) => {
                let code = 0x10000 + (u32::from(high - 0xd800) << 10) + u32::from(low - 0xdc00);
                (char::from_u32(code).unwrap_or('\u{fffd}'), 4)
            }
            (Some(one), _) => (char::from_u32(u32::from(one)).unwrap_or('\u{fffd}'), 2),
        };
        chars.push((c, at, at + len));
        at += len;
    }
    chars
}
