//! What a rule says of a sentence does not hang on how the sentence is written down: every hit and miss sentence of every rule is
//! dressed up, and the verdict stays.
//!
//! Many sentences stand in one article, each between neutral paragraphs, so that the whole takes seconds.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod desk;

use std::collections::BTreeSet;

use desk::Desk;
use notegate::cases::sentence::article_of;
use notegate::source::SourceText;
use rayon::prelude::*;

/// Between two sentences: far enough that no operator reaches from one to the other.
const BETWEEN: &str = "\n\nThe clerk winds the clock.\n\nThe kettle stands on the stove.\n\nThe door of the hall is green.\n\n";

/// A way to write a sentence down; `None` where the sentence cannot be written so.
type Dress = fn(&str) -> Option<String>;

/// The dresses, each with the one whose verdict it must keep.
const DRESSES: &[(&str, Dress, Dress)] = &[
    ("bold word", bold, plain),
    ("emphasis inside a word", split_by_emphasis, plain),
    ("soft wraps", wrapped, plain),
    ("curly quotes", curly, plain),
    ("entities", entities, plain),
    ("no-break spaces", no_break, plain),
    ("zero-width spaces", zero_width, plain),
    ("inline HTML", inline_html, plain),
    ("HTML paragraph", html_paragraph, plain),
    ("list item", list_item, plain),
    ("numbered item", numbered_item, plain),
    ("table cell", cell, first_cell),
    ("upper-case heading", upper_heading, heading),
    ("neutral neighbours", neighbours, plain),
];

/// Sentences whose verdict may change, each with its reason.
const EXCEPTIONS: &[(&str, &str, &str)] = &[
    ("upper-case heading", "The label says mixed.", CAPITALS),
    ("upper-case heading", "That said, the record stays open.", CAPITALS),
    ("upper-case heading", "Use code style for field names.", CAPITALS),
    ("upper-case heading", "Updated prices arrive each hour.", CAPITALS),
    ("upper-case heading", "The share's label is cheap paper.", CAPITALS),
    ("upper-case heading", "Nothing beats a written quote.", CAPITALS),
    ("upper-case heading", "The page has a long way to go.", CAPITALS),
];
/// Why a rule that looks for a name judges a line of capitals otherwise.
const CAPITALS: &str = "where everything is capital, a name cannot be told from a word";

fn words(text: &str) -> Vec<&str> {
    text.split(' ').collect()
}

fn is_plain_word(word: &str) -> bool {
    word.len() >= 4 && word.bytes().all(|byte| byte.is_ascii_alphabetic())
}

/// Sentences of one paragraph, without a prefix and without markup of their own.
fn is_prose(case: &str) -> bool {
    let prefix = case.split_once(": ").is_some_and(|(prefix, _)| ["H", "Q", "T", "C", "FM"].contains(&prefix));
    !prefix && !case.contains(" ¶ ") && !case.contains(['*', '_', '`', '[', '<', '>', '|', '#', '\\', '{', '&', '~']) && !case.contains("://")
}

fn plain(case: &str) -> Option<String> {
    is_prose(case).then(|| article_of(case))
}

/// The middle word that is a plain one, rewritten.
fn middle(case: &str, change: impl Fn(&str) -> String) -> Option<String> {
    let words = words(case);
    let plain: Vec<usize> = (0..words.len()).filter(|i| is_plain_word(words[*i])).collect();
    let chosen = *plain.get(plain.len() / 2)?;
    let changed: Vec<String> = words.iter().enumerate().map(|(i, word)| if i == chosen { change(word) } else { (*word).to_owned() }).collect();
    is_prose(case).then(|| changed.join(" "))
}

/// Every plain word, rewritten.
fn each(case: &str, change: impl Fn(&str) -> String) -> Option<String> {
    let changed: Vec<String> = words(case).iter().map(|word| if is_plain_word(word) { change(word) } else { (*word).to_owned() }).collect();
    is_prose(case).then(|| changed.join(" "))
}

fn bold(case: &str) -> Option<String> {
    middle(case, |word| format!("**{word}**"))
}

fn split_by_emphasis(case: &str) -> Option<String> {
    middle(case, |word| format!("{}*{}*{}", &word[..1], &word[1..3], &word[3..]))
}

fn wrapped(case: &str) -> Option<String> {
    let words = words(case);
    // a line that begins with a figure or a mark could be a list, a heading or a rule
    let breaks = |i: usize| i > 0 && i.is_multiple_of(2) && words[i].starts_with(|c: char| c.is_alphabetic() || c == '$' || c == '"');
    let text = words
        .iter()
        .enumerate()
        .map(|(i, word)| {
            format!(
                "{}{word}",
                if breaks(i) {
                    "\n"
                } else if i == 0 {
                    ""
                } else {
                    " "
                }
            )
        })
        .collect();
    is_prose(case).then_some(text)
}

fn curly(case: &str) -> Option<String> {
    let mut open = false;
    let text: String = case
        .chars()
        .map(|c| match c {
            '\'' => '\u{2019}',
            '"' => {
                open = !open;
                if open { '\u{201c}' } else { '\u{201d}' }
            }
            other => other,
        })
        .collect();
    (is_prose(case) && text != case).then_some(text)
}

fn entities(case: &str) -> Option<String> {
    let text = each(case, |word| format!("{}&#{};{}", &word[..1], u32::from(word.as_bytes()[1]), &word[2..]))?;
    Some(text.replace('\'', "&rsquo;").replace('$', "&dollar;").replace('%', "&percnt;").replace('\u{20ac}', "&euro;"))
}

fn no_break(case: &str) -> Option<String> {
    let words = words(case);
    let figure = |word: &str| word.contains(|c: char| c.is_ascii_digit());
    // between figures a no-break space groups digits: that is another number
    let text = words.iter().enumerate().fold(String::new(), |text, (i, word)| {
        let gap = if i == 0 {
            ""
        } else if figure(word) && figure(words[i - 1]) {
            " "
        } else {
            "\u{a0}"
        };
        text + gap + word
    });
    is_prose(case).then_some(text)
}

fn zero_width(case: &str) -> Option<String> {
    each(case, |word| format!("{}\u{200b}{}", &word[..2], &word[2..]))
}

fn inline_html(case: &str) -> Option<String> {
    middle(case, |word| format!("<span class=\"mark\">{}</span><i>{}</i>", &word[..2], &word[2..]))
}

fn html_paragraph(case: &str) -> Option<String> {
    middle(case, |word| format!("<b>{word}</b>")).map(|text| format!("<p>{text}</p>"))
}

fn list_item(case: &str) -> Option<String> {
    is_prose(case).then(|| format!("- {case}"))
}

fn numbered_item(case: &str) -> Option<String> {
    is_prose(case).then(|| format!("1. {case}"))
}

/// Cells are compared with cells: what a rule may not say of tables it says of none.
fn first_cell(case: &str) -> Option<String> {
    is_prose(case).then(|| article_of(&format!("T: {case}")))
}

fn cell(case: &str) -> Option<String> {
    let text = middle(case, |word| format!("**{word}**"))?;
    Some(format!("| Line | Remark |\n| --- | --- |\n| kettle | {text} |\n"))
}

fn heading(case: &str) -> Option<String> {
    is_prose(case).then(|| article_of(&format!("H: {case}")))
}

fn upper_heading(case: &str) -> Option<String> {
    is_prose(case).then(|| format!("## {}", case.to_uppercase()))
}

fn neighbours(case: &str) -> Option<String> {
    let ends = case.ends_with(['.', '!', '?']) && !case.ends_with("...");
    (is_prose(case) && ends).then(|| format!("The clerk winds the clock. {case} The kettle stands on the stove."))
}

/// For each text, whether its rule or facet matches in it.
fn raised(desk: &Desk, texts: &[(&str, bool, String)]) -> Vec<bool> {
    let mut page = String::from("The hall opens at nine.");
    let mut starts = Vec::with_capacity(texts.len());
    for (.., text) in texts {
        page.push_str(BETWEEN);
        starts.push(page.len());
        page.push_str(text.trim_end());
    }
    page.push_str(BETWEEN);
    let source = SourceText::new("case.md".to_owned(), page.into_bytes());
    let document = desk.document(&source);
    let currency = |word| desk.rulebook.is_currency(word);
    let view = desk.rulebook.view(&document, &currency);
    let scan = desk.rulebook.scan(&view);
    let place = |sentence: usize| {
        let start = document.source_span(document.tokens.sentences[sentence].text.clone()).start as usize;
        starts.partition_point(|at| *at <= start).checked_sub(1)
    };
    let mut seen: BTreeSet<(usize, &str)> = BTreeSet::new();
    for hit in scan.rules.iter().filter(|hit| !hit.cited) {
        seen.extend(place(hit.sentence).map(|at| (at, desk.rulebook.rules[hit.rule].id.as_str())));
    }
    let checks: BTreeSet<&str> = texts.iter().filter(|(_, facet, _)| *facet).filter_map(|(rule, ..)| rule.split('/').next()).collect();
    let asked: Vec<_> = checks.iter().flat_map(|check| desk.rulebook.ask(&view, check).facets).collect();
    for hit in scan.facets.iter().chain(&asked) {
        seen.extend(place(hit.sentence).map(|at| (at, desk.rulebook.facets[hit.facet].name.as_str())));
    }
    texts.iter().enumerate().map(|(at, (rule, ..))| seen.contains(&(at, *rule))).collect()
}

#[test]
fn a_dress_changes_no_verdict() {
    let desk = Desk::new();
    let cases: Vec<_> = desk.rulebook.cases().collect();
    let told: Vec<(usize, Vec<String>)> = DRESSES
        .par_iter()
        .map(|(name, dress, bare)| {
            let dressed: Vec<_> = cases.iter().filter_map(|case| Some((case, bare(case.text)?, dress(case.text)?))).collect();
            let before: Vec<_> = dressed.iter().map(|(case, bare, _)| (case.rule, case.facet, bare.clone())).collect();
            let after: Vec<_> = dressed.iter().map(|(case, _, text)| (case.rule, case.facet, text.clone())).collect();
            let verdicts = raised(&desk, &before).into_iter().zip(raised(&desk, &after));
            let changed = verdicts.zip(&dressed).filter(|((before, after), _)| before != after);
            let excepted = |text: &str| EXCEPTIONS.iter().any(|(dress, sentence, _)| dress == name && *sentence == text);
            let wrong = changed
                .filter(|(_, (case, ..))| !excepted(case.text))
                .map(|((before, _), (case, _, text))| format!("{name}: {} is {} no more\n    {text}", case.rule, if before { "found" } else { "left alone" }))
                .collect();
            (dressed.len(), wrong)
        })
        .collect();
    let wrong: Vec<String> = told.iter().flat_map(|(_, wrong)| wrong.iter().cloned()).collect();
    assert!(wrong.is_empty(), "{} sentences:\n{}", wrong.len(), wrong.join("\n"));
    // nearly every sentence is prose: a dress that fits few would prove little
    for ((name, ..), (count, _)) in DRESSES.iter().zip(&told) {
        assert!(*count * 2 > cases.len() || *name == "curly quotes", "{name} fits {count} of {} sentences", cases.len());
    }
}

#[test]
fn every_exception_is_needed() {
    let desk = Desk::new();
    for (name, sentence, reason) in EXCEPTIONS {
        let (_, dress, bare) = DRESSES.iter().find(|(known, ..)| known == name).unwrap();
        let case = desk.rulebook.cases().find(|case| case.text == *sentence).unwrap_or_else(|| panic!("no rule has the sentence `{sentence}`"));
        let verdict = |text: String| raised(&desk, &[(case.rule, case.facet, text)])[0];
        assert_ne!(verdict(bare(sentence).unwrap()), verdict(dress(sentence).unwrap()), "{sentence}: {reason}");
    }
}

#[test]
fn the_bare_sentences_do_what_they_say_in_one_article_too() {
    let desk = Desk::new();
    let cases: Vec<_> = desk.rulebook.cases().filter(|case| plain(case.text).is_some()).collect();
    let texts: Vec<_> = cases.iter().map(|case| (case.rule, case.facet, plain(case.text).unwrap())).collect();
    let wrong: Vec<&str> = raised(&desk, &texts).into_iter().zip(&cases).filter(|(found, case)| *found != case.hit).map(|(_, case)| case.text).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}
