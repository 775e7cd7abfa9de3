//! Text of articles made fit for one cell.

/// Characters that move, hide or reorder what is shown.
#[must_use]
pub fn is_unsafe(c: char) -> bool {
    (c.is_control() && c != '\n' && c != '\t')
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{61c}' | '\u{2028}' | '\u{2029}' | '\u{feff}')
}

/// A text on one line, white space folded, with what must not be obeyed made visible as `\u{…}`.
#[must_use]
pub fn cell(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split(|c: char| c.is_whitespace() && !is_unsafe(c) || matches!(c, '\r')).filter(|word| !word.is_empty()) {
        if !out.is_empty() {
            out.push(' ');
        }
        for c in word.chars() {
            if is_unsafe(c) {
                out.extend(c.escape_unicode());
            } else {
                out.push(c);
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::cell;

    #[test]
    fn a_cell_is_one_line_that_hides_nothing() {
        assert_eq!(cell(" a\r\nb\t \u{a0}c "), "a b c");
        assert_eq!(cell("gold \u{202e}won\u{1b}[2J"), "gold \\u{202e}won\\u{1b}[2J");
    }
}
