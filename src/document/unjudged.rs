//! Words that somebody may read and that are not judged: sentences that stand in code, and what only browsers without scripts, video or
//! the like show. They are told, and decide nothing: code is no prose (policy 0.3), whoever reads the verdict should know of it all the same.

use super::Issue;
use super::token::count_words;
use crate::span::Span;

/// Names of languages that name none.
const NO_LANGUAGE: &[&str] = &["", "text", "txt", "plain", "plaintext", "none", "md", "markdown", "prose", "quote", "note"];
/// A sentence has so many words at least, and so many are told at least.
const SENTENCE: usize = 5;
const LEAST: u32 = 6;
/// Small words that sentences are held together by.
const SMALL: &[&str] = &[
    "the", "a", "an", "of", "to", "in", "is", "are", "was", "be", "been", "it", "that", "this", "you", "your", "we", "our", "and", "or", "but", "for", "on",
    "at", "by", "with", "as", "not", "should", "will", "would", "can", "must", "has", "have", "from", "now", "before", "after", "than", "if", "when", "i",
    "they", "their", "so", "do", "right",
];

/// What was met so far: the first place, and how many words in all.
#[derive(Debug, Default)]
pub(super) struct Unjudged {
    code: Option<(Span, u32)>,
    fallback: Option<(Span, u32)>,
}

impl Unjudged {
    /// Code that names no language.
    pub fn code(&mut self, text: &str, span: impl FnOnce() -> Span) {
        add(&mut self.code, prose_words(text), span);
    }

    /// What stands in an element for browsers that cannot show it.
    pub fn fallback(&mut self, text: &str, span: impl FnOnce() -> Span) {
        add(&mut self.fallback, words_outside_tags(text), span);
    }

    /// An issue for each kind that was met.
    pub fn issues(self) -> impl Iterator<Item = Issue> {
        [("source/prose-in-code", self.code, LEAST), ("source/fallback-text", self.fallback, 1)]
            .into_iter()
            .filter_map(|(id, met, least)| met.filter(|(_, words)| *words >= least).map(|(span, words)| Issue::new(id, span, words.to_string())))
    }
}

fn add(met: &mut Option<(Span, u32)>, words: u32, span: impl FnOnce() -> Span) {
    if words > 0 {
        let (_, all) = met.get_or_insert_with(|| (span(), 0));
        *all = all.saturating_add(words);
    }
}

/// Whether the words behind a fence name no language of code.
pub(super) fn names_no_language(info: &str) -> bool {
    let name = info.split([' ', '\t', ',', '{']).next().unwrap_or_default();
    NO_LANGUAGE.iter().any(|known| name.eq_ignore_ascii_case(known))
}

/// Whether a class names the language of code, as highlighters do.
pub(super) fn class_names_language(class: &str) -> bool {
    class.split_ascii_whitespace().any(|word| {
        let word = word.to_ascii_lowercase();
        let named = word.strip_prefix("language-").or_else(|| word.strip_prefix("lang-")).or_else(|| word.strip_prefix("brush:"));
        named.map_or_else(|| matches!(word.as_str(), "highlight" | "hljs" | "chroma" | "shiki" | "prettyprint"), |name| !names_no_language(name))
    })
}

/// Words of a piece of HTML that stand outside of its tags.
pub(super) fn words_outside_tags(html: &str) -> u32 {
    let mut words = 0;
    for (i, piece) in html.split('<').enumerate() {
        let text = if i == 0 { piece } else { piece.split_once('>').map_or("", |(_, text)| text) };
        words += count_words(text);
    }
    words
}

/// Words of the sentences in a text that is given as code.
fn prose_words(text: &str) -> u32 {
    let mut all = 0;
    let (mut words, mut plain, mut small) = (0, 0, 0);
    let mut end = |words: &mut usize, plain: &mut usize, small: &mut usize| {
        if *words >= SENTENCE && *plain * 10 >= *words * 9 && *small >= 2 && *small * 5 >= *words {
            all += crate::span::offset(*words);
        }
        (*words, *plain, *small) = (0, 0, 0);
    };
    for line in text.split('\n') {
        if line.trim().is_empty() {
            end(&mut words, &mut plain, &mut small);
        }
        for token in line.split_whitespace() {
            let bare = token
                .trim_matches(|c: char| matches!(c, '.' | ',' | ';' | ':' | '!' | '?' | '"' | '\'' | '(' | ')' | '\u{201c}' | '\u{201d}' | '\u{2019}' | '*'));
            let letters = bare.chars().all(|c| c.is_alphabetic() || matches!(c, '\'' | '\u{2019}' | '-'));
            let figure = || bare.trim_start_matches(['$', '\u{20ac}', '\u{a3}']).chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | '%'));
            words += 1;
            plain += usize::from(!bare.is_empty() && !bare.starts_with('-') && (letters || figure()));
            // `WHERE id IS NOT NULL`: in capitals they are the words of a language of code
            let capitals = bare.len() > 1 && bare.bytes().all(|byte| byte.is_ascii_uppercase());
            small += usize::from(!capitals && SMALL.iter().any(|known| bare.eq_ignore_ascii_case(known)));
            if token.ends_with(['.', '!', '?']) {
                end(&mut words, &mut plain, &mut small);
            }
        }
    }
    end(&mut words, &mut plain, &mut small);
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_are_told_from_code() {
        for prose in ["You should buy gold now, before the price rises.", "Gold trades at $2,412 right now, so\nyou should buy it before Friday!"] {
            assert!(prose_words(prose) >= LEAST, "{prose}");
        }
        for code in [
            "cargo install notegate --locked",
            "for line in text.split('\\n') { count(line); }",
            "SELECT name FROM users WHERE id IS NOT NULL ORDER BY name;",
            "date,bid,ask\n2026-05-17,2410,2414",
            "git commit -m 'say what the change is for'",
            "articles/x.md:12:5 error live-price/quoted-now",
            "fees = premium + spread  # to be paid once",
        ] {
            assert!(prose_words(code) < LEAST, "{code}");
        }
    }

    #[test]
    fn tags_are_no_words() {
        assert_eq!(words_outside_tags("<img src=\"a b c\"> Buy <b>gold</b> now."), 3);
        assert_eq!(words_outside_tags("<iframe src=x></iframe>"), 0);
    }
}
