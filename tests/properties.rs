//! What must hold for every article, whatever stands in it (design, section 6): spans are true, the same bytes give the same
//! packet, line ends and byte order marks change nothing, and a finding never improves a status.
//!
//! Articles are put together of random blocks. The seed is fixed, so that a run says the same every time; to look further:
//! `PROPTEST_CASES=2000 PROPTEST_RNG_SEED=7 cargo test --test properties`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod desk;

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use desk::Desk;
use desk::decoded::Decoded;
use notegate::checks::CHECKS;
use notegate::document::token::{BlockWords, Tokenizer, count_words, is_unspaced};
use notegate::packet::{CheckRecord, FindingRecord, Packet};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{Config, RngSeed, TestCaseError};
use serde_json::{Value, json};

static DESK: LazyLock<Desk> = LazyLock::new(Desk::new);

/// A trade the reader is told to make, and as many words that say nothing: what differs between the two is the finding alone.
const TRIGGER: &str = "You should buy gold now.";
const NEUTRAL: &str = "Rain fell over the town.";
/// Checks that judge what single sentences say.
const LANGUAGE_CHECKS: &[&str] = &["live-price", "personalized-advice", "ymyl-boundary", "scaled-content"];
/// A check that breaks down is contained by the engine; these words of its packet say so.
const BROKEN: &[&str] = &["broke down", "defect of notegate"];

fn config(cases: u32) -> Config {
    let mut config = Config { cases, max_shrink_iters: 2000, failure_persistence: None, ..Config::default() };
    if let Ok(cases) = std::env::var("PROPTEST_CASES") {
        config.cases = cases.parse().unwrap();
    }
    if std::env::var_os("PROPTEST_RNG_SEED").is_none() {
        config.rng_seed = RngSeed::Fixed(20_260_517);
    }
    config
}

/// What words are made of, and what stands between them.
const COUNTED: &[&str] = &[
    "a",
    "B",
    "7",
    "42",
    "word",
    "U.S.",
    "e.g.",
    "don't",
    "x-ray",
    " ",
    " ",
    " ",
    "\n",
    "\t",
    "\u{a0}",
    "\u{2009}",
    "\u{202f}",
    ".",
    ",",
    "-",
    "--",
    "\u{2014}",
    "\u{2013}",
    "\u{2019}",
    "'",
    "\"",
    "(",
    ")",
    "[",
    "]",
    "$",
    "%",
    "+",
    "=",
    "/",
    ":",
    ";",
    "?",
    "!",
    "_",
    "&",
    "\u{ad}",
    "\u{200b}",
    "\u{feff}",
    "\u{e9}",
    "e\u{301}",
    "\u{c9}",
    "\u{df}",
    "\u{bd}",
    "\u{b2}",
    "\u{ff15}",
    "\u{ff0e}",
    "\u{20ac}",
    "\u{1f600}",
    "\u{4e2d}\u{6587}",
    "\u{e44}\u{e17}\u{e22}",
    "\u{3002}",
    "000",
    "\u{2026}",
    "...",
    "\u{2010}",
    "\u{661}",
    "\u{1d54f}",
];

// ── Articles ─────────────────────────────────────────────────────────────────────────────────────────────────────────

const WORDS: &[&str] = &[
    "the",
    "of",
    "and",
    "to",
    "a",
    "in",
    "is",
    "that",
    "for",
    "it",
    "on",
    "not",
    "you",
    "we",
    "desk",
    "copper",
    "gold",
    "ledger",
    "table",
    "warehouse",
    "price",
    "premium",
    "note",
    "field",
    "source",
    "snapshot",
    "reader",
    "check",
    "compare",
    "record",
    "if",
    "before",
    "never",
    "said",
    "analysts",
    "might",
    "percent",
    "2024",
    "May",
    "17",
    "$30",
    "2,412",
    "café",
    "naïve",
    "über",
    "金",
    "ราคา",
    "don't",
    "U.S.",
    "e.g.",
    "re-read",
    "24k",
    "50%",
    "✓",
    "🙂",
];

/// Sentences that raise rules of every check, and sentences that come close.
const SENTENCES: &[&str] = &[
    TRIGGER,
    NEUTRAL,
    "Gold is trading at $2,412 right now.",
    "Silver stood at $31.20 an ounce on 2026-05-16.",
    "The gold-silver ratio is 80:1 today.",
    "Copper rose 3% this week.",
    "Do not buy silver coins from a stranger.",
    "\u{201c}Buy gold today,\u{201d} said Jane Smith of Acme on 3 May 2024.",
    "Never write \"you should buy gold\" in a note.",
    "Returns are guaranteed, with zero risk.",
    "Experts agree that silver will double by 2027.",
    "Should you buy gold? Yes.",
    "Given your age, put 10% of your savings into gold.",
    "Studies show that 27% of holders sold.",
    "According to the Mint [1], 41% of coins were sold in 2023.",
    "In today's fast-paced world, it is important to note that metals matter.",
    "As an AI language model, I cannot say.",
    "TODO: write this part.",
    "Lorem ipsum dolor sit amet.",
    "[INSERT NAME HERE] keeps the record.",
    "Last reviewed: 2026-05-10.",
    "Updated 03/04/2026 by the desk.",
    "Use code GOLD10 at checkout.",
    "We may earn a commission when you buy through links on this page.",
    "This is market information, not investment advice.",
    "Write the source label in the second field of the worksheet and compare it with the invoice.",
    "A stock draw is the moment at which cathode leaves a reported shed, and the reported total says no more than that to anybody who reads it a year from now.",
    "Prices were $1,1 .5 or $28-$30; 10 : 1; 1'234.56; ½ ounce.",
];

/// Blocks of markup that end where they end: whatever follows is not touched by them.
const CLOSED: &[&str] = &[
    "---",
    "***",
    "- one\n- two\n  - three",
    "1. first\n2. second",
    "- [x] done",
    "> quoted words\n> over lines",
    "> > twice",
    "> [!NOTE]\n> A box.",
    "| a | b |\n| --- | --- |\n| gold | $2,400 |\n| 1 |",
    "| a |\n|---|",
    "```toml\nprice = 2400\n```",
    "~~~\nYou should buy silver.\n~~~",
    "    indented code",
    "a `code` b ``co`de`` c",
    "[link](https://www.amazon.com/dp/B000?tag=desk-20)",
    "[ref][label] and [label]\n\n[label]: https://metals.org.uk 'title'",
    "<https://metals.org.uk/a?b=c>",
    "https://metals.org.uk/x.",
    "![a chart of $2,400 gold](/a.png)",
    "A mark.[^n]\n\n[^n]: The note under it.",
    "&#36;2,412 &amp; &nbsp; &copy; &unknown; &#0; &#xD800;",
    "<p>Text <b>bold</b> &euro;5</p>",
    "<div hidden>\nYou should buy gold.\n</div>",
    "<!-- a comment -->",
    "<script>let x = '<p>';</script>",
    "<details><summary>More</summary>\n\nHidden words.\n\n</details>",
    "<table><tr><td>gold</td><td>$2,400</td></tr></table>",
    "a<br>b <span hidden>c</span> d",
    "<a href=\"https://x.test/?aff=1\" rel=\"sponsored\">offer</a>",
    "<p>one<p>two<li>three",
    "{{ price }} and {% if x %}words{% endif %} {# gone #}",
    "{{< note >}}\nInside a box.\n{{< /note >}}",
    "{% comment %}\nBuy gold.\n{% endcomment %}",
    "text {: .class }",
    ":::tip\n\nA tip.\n\n:::",
    "$$\nx = 1\n$$",
    "# Title\n## Section\n### Part",
    "Underlined\n===",
    "Underlined too\n---",
    "**bold *both* words** ~~struck~~ __x__",
    "**[Buy](/x) gold**",
    "hard  \nbreak\\\nagain",
    "\\$5 \\* \\[x\\]",
    "gold\u{ad}en zero\u{200b}width no\u{a0}break \u{202e}turned\u{202c}",
    "e\u{301}a\u{308} \u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467}",
    "$2,\u{a0}412 $\u{2060}5 \u{ff04}7",
];

/// Pieces that open something, or are no markup at all.
const OPEN: &[&str] = &[
    "<!-- never closed",
    "<div hidden>",
    "<script>",
    "<style>",
    "<p",
    "</div></p></table>",
    "<td>",
    "```",
    "~~~~",
    "{{",
    "}}",
    "{% comment %}",
    "{% raw",
    "%}",
    "$$",
    ":::",
    "[",
    "](",
    "[^",
    "[^x]:",
    "![",
    "**",
    "*",
    "`",
    "|",
    "| --- |",
    "> ",
    "- ",
    "---",
    "+++",
    "&",
    "&#",
    "&#x",
    "<![CDATA[",
    "<?php",
    "\\",
    "\u{feff}",
    "\u{0}",
    "\u{1}",
    "\u{b}",
    "\u{c}",
    "\u{85}",
    "\u{2028}",
    "\u{e000}\u{81}",
    "\t",
    "<a href='",
    "<img alt=\"$2,400 now",
    "<pre>",
    "## References\n\n1. A source.",
    "01",
    "02",
    "====",
    "….",
    "\"",
    "\u{201c}",
    "\u{201d}",
    "'",
];

/// JSX that ends where it ends.
const JSX: &[&str] = &[
    "import X from './x'",
    "export const meta = {\n  title: 'You should buy gold.',\n\n  n: [1],\n}",
    "<Note title=\"A note on gold\">Words **in** it.</Note>",
    "<Note\n  kind=\"x\"\n  on={() => { go('y') }}\n>\n\n- One line.\n- Another.\n\n</Note>",
    "<Steps>\n    1. One\n       <Image alt=\"$2,400 gold\" />\n    2. Two\n</Steps>",
    "{/* You should buy gold. */}",
    "{\"It\\u0073 so: \"} {`gold at ${price} now`}",
    "{open && <p>Gold &amp; silver, {'$2,400'}</p>}",
    "{rows.map((row) => (\n  <li key={row.id}>{row.name}: gold</li>\n))}",
    "<div hidden>\n\nYou should buy gold.\n\n</div>",
    "<p style={{ display: 'none' }}>You should buy gold.</p>",
    "<>a<b>b</b>{' '}<i\n>c</i></>",
    "> <Quote by={name}>\n> gold\n> </Quote>",
    "| <A>a</A> | {1} |\n| --- | --- |\n| b | <br /> |",
    "<details>\n<summary>More</summary>\n\nwords\n\n</details>",
    "<a href=\"https://x.test/?aff=1\" rel=\"sponsored\">offer</a>",
    "text `{` and `<b>` text",
];
/// JSX that opens something, or is none.
const OPEN_JSX: &[&str] = &[
    "<Note>",
    "</Note>",
    "<Note",
    "<b",
    "<b x=\"",
    "<b x={",
    "<b {...",
    "<>",
    "</>",
    "</",
    "{",
    "}",
    "{{",
    "{/*",
    "{\"",
    "{'",
    "{`",
    "{`${",
    "{(",
    "{[",
    "{a ?",
    "{x &&",
    "{<p>",
    "{<p>{",
    "{/a",
    "{x => {",
    "<!-- a",
    "<!-- a -->",
    "<https://x.test>",
    "<3",
    "a < b",
    "import gold",
    "import {",
    "export const x = `",
    "export default",
    "<script>",
    "<style>{`",
    "<br>",
    "\\{",
    "\\<",
    "<div hidden>",
    "<a.b:c-d ",
    "<é>",
    "{é}",
    "{\u{2028}",
    "{\"\\u{1F4C8}\\ud83d\\udcc8\\x24\\\n\"}",
    "&#x7b;",
    ":::",
    "$$",
    "[a](/x{",
    "`",
    "``",
];

/// Lines of a header, sound and broken.
const HEADER: &[&str] = &[
    "title: Copper draws",
    "title: \"You should buy gold\"",
    "title: 'it''s'",
    "title: \"a \\u20ac\\n b\"",
    "description: >\n  folded words\n  over lines",
    "description: |\n  kept\n  lines",
    "author: Harbour Desk",
    "author: admin",
    "authors: [A, B]",
    "date: 2026-05-11",
    "date: 2027-01-01",
    "lastmod: 2024-02-30",
    "last_reviewed: 2026-05-17",
    "last_reviewed: 17 May 2026",
    "class: live-market",
    "class: general",
    "lang: de",
    "lang: en-GB",
    "draft: true",
    "noindex: true",
    "robots: {index: false}",
    "canonical: https://other.test/x",
    "affiliate: true",
    "source:\n  provider: desk\n  captured: 2026-05-17\n  prices:\n    - {id: gold, instrument: gold, value: 2412, currency: USD, unit: oz}\n  ratios: {primary: gold-silver ratio}",
    "source: snapshot.json",
    "source: ../../etc/passwd",
    "source: 5",
    "title: one",
    "x: [1, 2",
    "y: {a: b",
    "  odd: indent",
    "plain words",
    "? complex",
    "tags: &a [b]\nmore: *a",
    "# comment",
    "\ttab: 1",
    "n: 1.10",
    "z: ~",
    "é: ü",
];

fn words() -> impl Strategy<Value = String> {
    vec(select(WORDS), 1..14).prop_map(|words| words.join(" "))
}

fn sentence() -> impl Strategy<Value = String> {
    prop_oneof![2 => words().prop_map(|words| format!("{words}.")), 3 => select(SENTENCES).prop_map(str::to_owned)]
}

/// A sentence in some dress.
fn dressed() -> impl Strategy<Value = String> {
    let frames = ["{}", "{}", "**{}**", "*{}*", "[{}](/x)", "<span>{}</span>", "\u{201c}{}\u{201d}", "\"{}\"", "({})", "`{}`", "~~{}~~"];
    (sentence(), select(frames.to_vec()), any::<bool>())
        .prop_map(|(sentence, frame, wrapped)| frame.replace("{}", &if wrapped { sentence.replace(' ', "\n") } else { sentence }))
}

fn paragraph() -> impl Strategy<Value = String> {
    (vec(dressed(), 1..5), select(vec![" ", "\n", "  \n"])).prop_map(|(sentences, between)| sentences.join(between))
}

fn headed() -> impl Strategy<Value = String> {
    (1..5usize, dressed()).prop_map(|(level, text)| format!("{} {}", "#".repeat(level), text.replace('\n', " ")))
}

/// Sentences in list items, cells and quotes.
fn placed() -> impl Strategy<Value = String> {
    let frames = [
        "- {}",
        "2) {}",
        "> {}",
        "> [!TIP]\n> {}",
        "| {} | 1 |\n| --- | --- |\n| {} | 2 |",
        "<p>{}</p>",
        "<td>{}</td>",
        "<!-- {} -->",
        "```\n{}\n```",
        "[^1]: {}",
    ];
    (sentence(), select(frames.to_vec())).prop_map(|(sentence, frame)| frame.replace("{}", &sentence))
}

fn closed_block() -> impl Strategy<Value = String> {
    prop_oneof![4 => paragraph(), 2 => headed(), 2 => placed(), 3 => select(CLOSED).prop_map(str::to_owned)]
}

fn any_block() -> impl Strategy<Value = String> {
    prop_oneof![8 => closed_block(), 2 => select(OPEN).prop_map(str::to_owned), 1 => "\\PC{0,30}", 1 => (select(OPEN), sentence()).prop_map(|(open, sentence)| format!("{open}{sentence}"))]
}

/// A text in UTF-16 with its byte order mark.
fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(bytes).collect()
}

fn header(lines: impl Strategy<Value = Vec<&'static str>>) -> impl Strategy<Value = String> {
    lines.prop_map(|lines| if lines.is_empty() { String::new() } else { format!("---\n{}\n---\n\n", lines.join("\n")) })
}

/// An article of blocks that close what they open.
fn closed_article() -> impl Strategy<Value = String> {
    let sound = vec![
        vec![],
        vec!["title: Copper draws"],
        vec!["author: Harbour Desk", "date: 2026-05-11", "last_reviewed: 2026-05-17"],
        vec!["class: live-market"],
        vec!["draft: true"],
    ];
    (header(select(sound)), vec(closed_block(), 0..9)).prop_map(|(header, blocks)| format!("{header}{}\n", blocks.join("\n\n")))
}

/// An article of anything. Line feeds only, so that other line ends can be made of it.
fn article() -> impl Strategy<Value = String> {
    let lines = prop_oneof![3 => Just(Vec::new()), 4 => vec(select(HEADER), 1..6)];
    let parts = (header(lines), vec(any_block(), 0..10), select(vec!["\n\n", "\n\n", "\n", " "]), select(vec!["", "\n", "\n\n"]));
    parts.prop_map(|(header, blocks, between, end)| format!("{header}{}{end}", blocks.join(between)).replace('\r', ""))
}

/// A sentence in JSX.
fn jsx_dressed() -> impl Strategy<Value = String> {
    let frames = [
        "<Note>{}</Note>",
        "<Note>\n{}\n</Note>",
        "<p>\n    {}\n</p>",
        "{\"{}\"}",
        "{`{}`}",
        "<A title=\"{}\" />",
        "{x && <b>{}</b>}",
        "{/* {} */}",
        "<A b=\"{}\" />",
        "- <A>{}</A>",
        "<b>{}",
        "{}</b>",
        "{ {} }",
    ];
    (sentence(), select(frames.to_vec()), any::<bool>())
        .prop_map(|(sentence, frame, wrapped)| frame.replace("{}", &if wrapped { sentence.replace(' ', "\n") } else { sentence }))
}

/// An article with JSX in it, most of it sound.
fn jsx_article() -> impl Strategy<Value = String> {
    let block = prop_oneof![
        3 => any_block(),
        4 => select(JSX).prop_map(str::to_owned),
        4 => jsx_dressed(),
        2 => select(OPEN_JSX).prop_map(str::to_owned),
        2 => vec(prop_oneof![select(OPEN_JSX), select(OPEN)], 1..6).prop_map(|pieces| pieces.concat()),
        1 => (select(OPEN_JSX), sentence()).prop_map(|(open, sentence)| format!("{open}{sentence}")),
    ];
    let indents = select(vec!["", "", "  ", "    ", "\t", "> ", "- "]);
    let parts = (vec((block, indents), 0..8), select(vec!["\n\n", "\n\n", "\n", " "]), select(vec!["", "\n"]));
    parts.prop_map(|(blocks, between, end)| {
        let blocks: Vec<String> = blocks.into_iter().map(|(block, indent)| format!("{indent}{}", block.replace('\n', &format!("\n{indent}")))).collect();
        format!("{}{end}", blocks.join(between)).replace('\r', "")
    })
}

fn name() -> impl Strategy<Value = &'static str> {
    select(vec!["notes/a.md", "notes/a.md", "notes/a.txt", "notes/a.mdx"])
}

// ── What a packet must be ────────────────────────────────────────────────────────────────────────────────────────────

type Verdict = Result<(), TestCaseError>;

fn json(packets: &[Packet]) -> String {
    serde_json::to_string(packets).unwrap()
}

/// Everything a packet promises about itself, against the bytes it is about.
fn sound(packet: &Packet, bytes: &[u8]) -> Verdict {
    let told = json(std::slice::from_ref(packet));
    prop_assert!(
        BROKEN.iter().all(|words| !told.contains(words)),
        "something broke down: {:?} {:?}",
        packet.issues,
        packet.checks.iter().map(|check| &check.evidence).collect::<Vec<_>>()
    );
    let ids: Vec<&str> = packet.checks.iter().map(|check| check.id.as_str()).collect();
    prop_assert_eq!(ids, CHECKS.iter().map(|check| check.id).collect::<Vec<_>>());
    for check in &packet.checks {
        check_is_sound(check)?;
    }
    gate_follows(packet)?;
    let file = Decoded::new(bytes);
    for finding in packet.all_findings() {
        finding_is_true(finding, &file, bytes.len(), &packet.path)?;
    }
    Ok(())
}

/// A check always answers, with evidence, and is never better than what it found.
fn check_is_sound(check: &CheckRecord) -> Verdict {
    prop_assert!(!check.claim.is_empty() && !check.evidence.is_empty(), "{} says nothing", check.id);
    let worst = check
        .findings
        .iter()
        .map(|finding| match finding.severity.as_str() {
            "error" => 2,
            "warning" => 1,
            _ => 0,
        })
        .max()
        .unwrap_or(0);
    prop_assert!(rank(&check.status) >= worst, "{} is {} with {:?}", check.id, check.status, check.findings);
    let starts: Vec<u32> = check.findings.iter().map(|finding| finding.span.start).collect();
    prop_assert!(starts.is_sorted(), "findings of {} are not in the order of the text: {starts:?}", check.id);
    Ok(())
}

/// A status from best to worst.
fn rank(status: &str) -> usize {
    match status {
        "pass" | "not-applicable" => 0,
        "limited" => 1,
        "fail" => 2,
        "error" => 3,
        other => panic!("`{other}` is no status"),
    }
}

/// The table of the design, section 4, for a policy that demands no sign-off and an article that has none.
fn gate_follows(packet: &Packet) -> Verdict {
    let has_issue = |severity: &str| packet.issues.iter().any(|issue| issue.severity == severity);
    let worst = packet.checks.iter().map(|check| rank(&check.status)).max().unwrap_or(3);
    let (row, status, review, index) = match worst {
        _ if has_issue("error") => (1, "fail", "review-incomplete", "blocked"),
        3 => (1, "fail", "review-incomplete", "blocked"),
        2 => (2, "fail", "changes-required", "blocked"),
        1 => (3, "limited", "machine-reviewed", "held"),
        _ if has_issue("warning") => (3, "limited", "machine-reviewed", "held"),
        _ => (6, "pass", "machine-reviewed", "approved"),
    };
    let gate = &packet.gate;
    prop_assert_eq!((gate.row, gate.status.as_str(), gate.review_status.as_str()), (row, status, review));
    let withheld = gate.because.iter().any(|why| why.starts_with("author setting"));
    prop_assert_eq!(gate.index.as_str(), if withheld && row > 2 { "withheld" } else { index });
    prop_assert_eq!(gate.because.is_empty(), row == 6 && !withheld, "{:?}", &gate.because);
    Ok(())
}

/// Span, line, column and excerpt of a finding, computed anew.
fn finding_is_true(finding: &FindingRecord, file: &Decoded, len: usize, path: &str) -> Verdict {
    if finding.rule == "source/utf16" {
        return Ok(()); // nothing of the file was judged
    }
    let (start, end) = (finding.span.start as usize, finding.span.end as usize);
    prop_assert!(start <= end && end <= len, "{} at {start}..{end} of {len}", finding.rule);
    let Some(text) = file.slice(start, end) else { return Err(TestCaseError::fail(format!("{} at {start}..{end} splits a character", finding.rule))) };
    prop_assert_eq!((finding.line, finding.column), file.place(start), "start of {}", &finding.rule);
    prop_assert_eq!((finding.end_line, finding.end_column), file.place(end), "end of {}", &finding.rule);
    let folded = text.split_whitespace().collect::<Vec<_>>().join(" ");
    // where exactly a long text is cut is the business of `excerpts_are_shortened_at_every_length`
    let is_excerpt = match finding.excerpt.strip_suffix('\u{2026}') {
        Some(shown) if finding.excerpt != folded => folded.starts_with(shown) && shown.chars().count() > 150,
        _ => finding.excerpt == folded,
    };
    prop_assert!(is_excerpt, "{} shows `{}` for `{folded}`", finding.rule, finding.excerpt);
    for related in finding.related.iter().filter(|related| related.path == path) {
        prop_assert!(file.slice(related.span.start as usize, related.span.end as usize).is_some(), "{} refers to {:?}", finding.rule, related.span);
        prop_assert_eq!(related.line, file.place(related.span.start as usize).0, "a place that {} refers to", &finding.rule);
    }
    Ok(())
}

/// A packet without what must differ when bytes are added or taken away that nobody reads. White space in texts is folded: that
/// no line end stands in them is the business of `no_message_breaks_its_line`.
fn but_for_bytes(packet: &Packet) -> Value {
    fn strip(value: &mut Value) {
        match value {
            Value::Object(map) => {
                map.remove("span");
                map.remove("sha256");
                map.values_mut().for_each(strip);
            }
            Value::Array(items) => items.iter_mut().for_each(strip),
            Value::String(text) => *text = text.split_whitespace().collect::<Vec<_>>().join(" "),
            _ => {}
        }
    }
    let mut value = serde_json::to_value(packet).unwrap();
    strip(&mut value);
    value
}

/// What of a packet differs from another, for a message that can be read.
fn differences(a: &Value, b: &Value, at: &str, out: &mut String) {
    match (a, b) {
        (Value::Object(a), Value::Object(b)) => {
            for key in a.keys().chain(b.keys().filter(|key| !a.contains_key(*key))) {
                differences(a.get(key).unwrap_or(&Value::Null), b.get(key).unwrap_or(&Value::Null), &format!("{at}/{key}"), out);
            }
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            for (i, (a, b)) in a.iter().zip(b).enumerate() {
                differences(a, b, &format!("{at}/{i}"), out);
            }
        }
        _ if a != b => {
            let _ = writeln!(out, "{at}: {a} became {b}");
        }
        _ => {}
    }
}

fn alike(a: &Packet, b: &Packet) -> Verdict {
    let mut told = String::new();
    differences(&but_for_bytes(a), &but_for_bytes(b), "", &mut told);
    prop_assert!(told.is_empty(), "{told}");
    Ok(())
}

/// Checks of which the second is better than the first, and the gate, one line each.
fn improved(before: &Packet, after: &Packet) -> Vec<String> {
    let pairs = before.checks.iter().zip(&after.checks).filter(|(before, after)| rank(&after.status) < rank(&before.status));
    let mut better: Vec<String> = pairs
        .map(|(before, after)| format!("{} went from {} ({}) to {} ({})", before.id, before.status, before.evidence, after.status, after.evidence))
        .collect();
    if after.gate.row > before.gate.row {
        better.push(format!("the gate went from row {} to row {}", before.gate.row, after.gate.row));
    }
    better
}

fn findings_of<'p>(packet: &'p Packet, checks: &[&str]) -> Vec<(&'p str, u32, u32)> {
    let of = packet.checks.iter().filter(|check| checks.contains(&check.id.as_str()));
    of.flat_map(|check| &check.findings).map(|finding| (finding.rule.as_str(), finding.span.start, finding.span.end)).collect()
}

// ── Properties ───────────────────────────────────────────────────────────────────────────────────────────────────────

proptest! {
    #![proptest_config(config(96))]

    #[test]
    fn any_bytes_are_judged(bytes in vec(any::<u8>(), 0..300), name in select(vec!["a.md", "a.txt", "a.html", "a.mdx", "a", "a.MD"])) {
        let packet = DESK.judge(name, bytes.clone());
        sound(&packet, &bytes)?;
    }

    #[test]
    fn any_text_is_judged(text in any::<String>(), header in any::<bool>(), name in name()) {
        let text = if header { format!("---\n{text}\n---\n{text}") } else { text };
        let packet = DESK.judge(name, text.as_str());
        sound(&packet, text.as_bytes())?;
    }

    #[test]
    fn damaged_articles_are_judged(text in article(), damage in vec((any::<prop::sample::Index>(), any::<u8>()), 1..6), name in name()) {
        let mut bytes = text.into_bytes();
        bytes.push(b'\n');
        for (at, byte) in damage {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        let packet = DESK.judge(name, bytes.clone());
        sound(&packet, &bytes)?;
    }
}

proptest! {
    #![proptest_config(config(96))]

    #[test]
    fn every_packet_is_sound(text in article(), name in name()) {
        let packet = DESK.judge(name, text.as_str());
        sound(&packet, text.as_bytes())?;
    }

    #[test]
    fn line_ends_change_nothing(text in article(), name in name()) {
        let (lf, crlf) = (DESK.judge(name, text.as_str()), DESK.judge(name, text.replace('\n', "\r\n")));
        sound(&crlf, text.replace('\n', "\r\n").as_bytes())?;
        alike(&lf, &crlf)?;
    }

    #[test]
    fn a_byte_order_mark_changes_nothing(text in article(), name in name()) {
        prop_assume!(!text.starts_with('\u{feff}'));
        let marked = format!("\u{feff}{text}");
        let (plain, with_mark) = (DESK.judge(name, text.as_str()), DESK.judge(name, marked.as_str()));
        sound(&with_mark, marked.as_bytes())?;
        alike(&plain, &with_mark)?;
    }

    #[test]
    fn utf16_is_read_as_utf8_is(text in article(), name in name(), crlf in any::<bool>()) {
        // a text of NUL bytes alone is taken for UTF-16 that lacks its mark
        let text = text.replace('\0', "");
        prop_assume!(!text.starts_with('\u{feff}'));
        let text = if crlf { text.replace('\n', "\r\n") } else { text };
        let plain = DESK.judge(name, text.as_str());
        for bytes in [utf16(&text, u16::to_le_bytes), utf16(&text, u16::to_be_bytes)] {
            let packet = DESK.judge(name, bytes.clone());
            sound(&packet, &bytes)?;
            alike(&plain, &packet)?;
            prop_assert_eq!(&packet.content_sha256, &plain.content_sha256);
        }
    }

    #[test]
    fn lone_carriage_returns_end_lines(text in article(), name in name()) {
        let bytes = text.replace('\n', "\r");
        let (lf, cr) = (DESK.judge(name, text.as_str()), DESK.judge(name, bytes.as_str()));
        sound(&cr, bytes.as_bytes())?;
        alike(&lf, &cr)?;
        prop_assert_eq!(lf.content_sha256, cr.content_sha256);
    }

    #[test]
    fn what_is_no_text_hides_nothing(text in closed_article(), name in name(), wide in any::<bool>()) {
        let plain = format!("{text}\n{TRIGGER}\n");
        let bytes = if wide { [utf16(&text, u16::to_le_bytes), vec![0x00, 0xd8, b'\n', 0], utf16(&plain[text.len()..], u16::to_le_bytes).split_off(2)].concat() } else { [text.as_bytes(), b"\xe9\xff\n", &plain.as_bytes()[text.len()..]].concat() };
        let packet = DESK.judge(name, bytes.clone());
        sound(&packet, &bytes)?;
        prop_assert!(packet.issues.iter().any(|issue| issue.rule.starts_with("source/invalid-utf")));
        let seen = findings_of(&packet, &["personalized-advice", "ymyl-boundary"]).iter().any(|(_, start, _)| *start as usize > text.len());
        prop_assert!(seen, "no finding behind the bytes that are no text");
        prop_assert_eq!((packet.gate.status.as_str(), packet.gate.row), ("fail", 1));
    }

    #[test]
    fn a_finding_never_improves_a_status(text in article(), name in name()) {
        let last = text.trim_end();
        let (before, after) = (DESK.judge(name, format!("{last} {NEUTRAL}\n")), DESK.judge(name, format!("{last} {TRIGGER}\n")));
        let better = improved(&before, &after);
        prop_assert!(better.is_empty(), "{}", better.join("\n"));
    }

    #[test]
    fn a_paragraph_after_anything_closed_is_read(text in closed_article(), name in name()) {
        let text = format!("{text}\n{TRIGGER}\n");
        let packet = DESK.judge(name, text.as_str());
        let place = text.len() - TRIGGER.len() - 1;
        let seen = findings_of(&packet, &["personalized-advice", "ymyl-boundary"]).into_iter().any(|(_, start, end)| start as usize >= place && text[start as usize..end as usize].contains("buy"));
        prop_assert!(seen, "no finding on the last paragraph");
        prop_assert_eq!((packet.gate.status.as_str(), packet.gate.index.as_str()), ("fail", "blocked"));
    }

    #[test]
    fn code_says_nothing(text in closed_article()) {
        let (before, after) = (DESK.judge("a.md", text.as_str()), DESK.judge("a.md", format!("{text}\n~~~~\n{TRIGGER}\n\nGold is trading at $2,412 right now.\n~~~~\n")));
        prop_assert_eq!(findings_of(&before, LANGUAGE_CHECKS), findings_of(&after, LANGUAGE_CHECKS));
    }
}

proptest! {
    #![proptest_config(config(2000))]

    /// Words are counted while tokens are cut; the count is that of the pieces between white space.
    #[test]
    fn words_are_counted_once_and_right(pieces in vec(select(COUNTED), 0..40)) {
        let text = pieces.concat();
        let mut tokenizer = Tokenizer::with_room_for(text.len());
        if let BlockWords::Counted(words) = tokenizer.block(&text, 0..u32::try_from(text.len()).unwrap(), 0, &[]) {
            prop_assert_eq!(words, count_words(&text), "in {:?}", text);
        } else {
            prop_assert!(text.contains(is_unspaced), "in {:?}", text);
        }
    }
}

proptest! {
    #![proptest_config(config(128))]

    #[test]
    fn jsx_is_judged_and_line_ends_change_nothing(text in jsx_article()) {
        let (lf, crlf) = (DESK.judge("a.mdx", text.as_str()), DESK.judge("a.mdx", text.replace('\n', "\r\n")));
        sound(&lf, text.as_bytes())?;
        sound(&crlf, text.replace('\n', "\r\n").as_bytes())?;
        alike(&lf, &crlf)?;
    }

    #[test]
    fn a_paragraph_after_any_jsx_is_read_or_the_article_is_held(text in jsx_article()) {
        let text = format!("{text}\n\n{TRIGGER}\n");
        let packet = DESK.judge("a.mdx", text.as_str());
        let place = text.len() - TRIGGER.len() - 1;
        let seen = findings_of(&packet, &["personalized-advice", "ymyl-boundary"]).into_iter().any(|(_, start, end)| start as usize >= place && text[start as usize..end as usize].contains("buy"));
        // text that something balanced took for code, or that stands in an open fence, may be unread; then nothing may pass
        prop_assert!(seen || packet.gate.status != "pass", "no finding on the last paragraph, and the gate passes");
    }
}

proptest! {
    #![proptest_config(config(32))]

    #[test]
    fn the_same_bytes_give_the_same_packets(texts in vec((article(), name()), 1..5), turn in any::<prop::sample::Index>()) {
        let names: Vec<String> = texts.iter().enumerate().map(|(i, (_, name))| format!("{}/{name}", (i * 7 + 3) % 10)).collect();
        let files: Vec<(&str, Vec<u8>)> = names.iter().zip(&texts).map(|(name, (text, _))| (name.as_str(), text.clone().into_bytes())).collect();
        let once = DESK.judge_all(&files);
        let told = json(&once);
        prop_assert_eq!(&json(&DESK.judge_all(&files)), &told, "judged again");
        for threads in [1, 2] {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            prop_assert_eq!(&json(&pool.install(|| DESK.judge_all(&files))), &told, "with {} threads", threads);
        }
        let mut turned = files.clone();
        turned.rotate_left(turn.index(files.len()));
        turned.reverse();
        prop_assert_eq!(&json(&DESK.judge_all(&turned)), &told, "in another order");
        for packet in &once {
            let (_, bytes) = files.iter().find(|(name, _)| *name == packet.path).unwrap();
            sound(packet, bytes)?;
        }
    }
}

// ── Pages of HTML ────────────────────────────────────────────────────────────────────────────────────────────────────

/// Frames of HTML that end where they end; `{}` is a sentence.
const PAGE_FRAMES: &[&str] = &[
    "<p>{}</p>",
    "<P CLASS=x>{}</P>",
    "<p><b>{}</b></p>",
    "<h2>{}</h2>",
    "<ul><li>{}<li>{}</ul>",
    "<blockquote><p>{}</p></blockquote>",
    "<table><caption>{}</caption><tr><th>{}<th>b<tr><td>{}<td>$2,400</table>",
    "<figure><img src=x alt=\"{}\"><figcaption>{}</figcaption></figure>",
    "<details><summary>More</summary>{}</details>",
    "<dl><dt>a<dd>{}</dl>",
    "<div class=\"admonition\">{}</div>",
    "<pre><code>{}</code></pre>",
    "<!-- {} -->",
    "<div hidden>{}</div>",
    "<script>let x = \"{}\";</script>",
    "<nav>{}</nav>",
    "<section><header><h3>Part</h3></header>{}</section>",
    "<p>Last reviewed: <time datetime=\"2026-05-10\">10 May</time></p>",
    "<p>Kept.<sup><a href=\"#n1\">1</a></sup></p><ol><li id=n1>{}</ol>",
    "<p><a href=\"https://x.test/?aff=1\" rel=sponsored>{}</a></p>",
    "<p>&#36;2,412 &amp; &nbsp; &copy &#xD800; &#0; &nosuch;</p>",
    "<select><option>{}</select>",
    "<svg><text>{}</text></svg>",
    "<div style=\"visibility:hidden\">{}<p style=\"visibility:visible\">{}</p></div>",
    "<article><h1>Title</h1><p>{}</p></article>",
    "<main><p>{}</p></main>",
];
/// Pieces that open something, close nothing, or are no markup.
const PAGE_PIECES: &[&str] = &[
    "<p>",
    "<div>",
    "</div>",
    "<b>",
    "</b>",
    "<i><span>",
    "</span>",
    "<table>",
    "<tr>",
    "<td>",
    "</table>",
    "<li>",
    "<a href=x>",
    "</a>",
    "<div hidden>",
    "<!--",
    "-->",
    "<script>",
    "</script>",
    "<svg>",
    "</svg>",
    "<select>",
    "<textarea>",
    "<plaintext>",
    "<p class=\"",
    "<![CDATA[",
    "]]>",
    "</",
    "<",
    "&",
    "&#x",
    "\0",
    "<html hidden>",
    "<body class=x>",
    "<article>",
    "</article>",
    "<header>",
    "<aside>",
    "<title>T</title>",
    "<meta name=date content=2026-05-01>",
    "<meta property=og:title content='A &amp; B'>",
    "<script type=application/ld+json>{\"@type\": \"Article\", \"dateModified\": \"2026-05-02\"}</script>",
    "<script type=application/ld+json>{</script>",
    "<link rel=canonical href=https://x.test/y>",
];

fn closed_page_block() -> impl Strategy<Value = String> {
    (select(PAGE_FRAMES), sentence()).prop_map(|(frame, sentence)| frame.replace("{}", &sentence))
}

fn closed_page() -> impl Strategy<Value = String> {
    let heads = vec!["", "---\ntitle: Copper draws\ndate: 2026-05-11\n---\n", "<!doctype html>\n<html lang=en><head><title>Copper</title></head>\n<body>\n"];
    (select(heads), vec(closed_page_block(), 0..9)).prop_map(|(head, blocks)| format!("{head}{}\n", blocks.join("\n")))
}

fn any_page() -> impl Strategy<Value = String> {
    let block = prop_oneof![3 => closed_page_block(), 3 => select(PAGE_PIECES).prop_map(str::to_owned), 2 => sentence(), 1 => "\\PC{0,20}"];
    (closed_page(), vec(block, 0..12), select(vec!["\n", "", " "]))
        .prop_map(|(page, blocks, between)| format!("{page}{}", blocks.join(between)).replace('\r', ""))
}

proptest! {
    #![proptest_config(config(96))]

    #[test]
    fn every_page_is_sound(text in any_page()) {
        sound(&DESK.judge("notes/a.html", text.as_str()), text.as_bytes())?;
    }

    #[test]
    fn line_ends_and_marks_change_nothing_in_a_page(text in any_page()) {
        let plain = DESK.judge("notes/a.html", text.as_str());
        for other in [text.replace('\n', "\r\n"), format!("\u{feff}{text}")] {
            let packet = DESK.judge("notes/a.html", other.as_str());
            sound(&packet, other.as_bytes())?;
            alike(&plain, &packet)?;
        }
    }

    #[test]
    fn a_finding_never_improves_a_page(text in closed_page()) {
        let judge = |sentence: &str| DESK.judge("notes/a.html", format!("{text}<p>{sentence}</p>\n"));
        let better = improved(&judge(NEUTRAL), &judge(TRIGGER));
        prop_assert!(better.is_empty(), "{}", better.join("\n"));
    }

    #[test]
    fn a_paragraph_in_the_article_of_a_page_is_read(text in closed_page(), frame in any::<bool>()) {
        prop_assume!(!text.contains("<article>") && !text.contains("<main>"));
        let page = if frame { format!("{text}<article><p>{}</p><p>{TRIGGER}</p></article>", "Copper is red. ".repeat(200)) } else { format!("{text}<p>{TRIGGER}</p>") };
        let packet = DESK.judge("notes/a.html", page.as_str());
        let place = page.rfind(TRIGGER).unwrap();
        let seen = findings_of(&packet, &["personalized-advice", "ymyl-boundary"]).into_iter().any(|(_, start, end)| start as usize >= place && page[start as usize..end as usize].contains("buy"));
        prop_assert!(seen, "no finding on the last paragraph");
    }
}

// ── Cases that need no chance ────────────────────────────────────────────────────────────────────────────────────────

#[test]
fn there_are_eleven_checks() {
    assert_eq!(CHECKS.len(), 11);
}

/// What is cut off at 160 characters must be cut off there wherever the words end.
#[test]
fn excerpts_are_shortened_at_every_length() {
    let mut wrong = Vec::new();
    for length in 150..170 {
        for text in ["é".repeat(length), format!("{} end", "é".repeat(length - 4)), format!("{} e", "é".repeat(length - 2))] {
            let shown = notegate::source::shortened(&text);
            let plain = shown.trim_end_matches('\u{2026}');
            let cut = text.chars().count() > 160;
            if !text.starts_with(plain) || plain.chars().count() > 160 || cut != shown.ends_with('\u{2026}') {
                wrong.push(format!("{} characters became {}", text.chars().count(), shown.chars().count()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// A paragraph that two articles share is shown as it stands in each file, markup and all.
#[test]
fn shared_paragraphs_are_shown_as_they_stand() {
    let long = SENTENCES.iter().max_by_key(|sentence| sentence.len()).unwrap();
    let texts = [(*long).to_owned(), long.replace("stock", "**stock**"), long.replace(' ', "\n"), format!("{long} {long}")];
    let mut wrong = Vec::new();
    for text in texts {
        let packets = DESK.judge_all(&[("a.md", text.clone().into_bytes()), ("b.md", text.clone().into_bytes())]);
        let shared = packets[0].all_findings().filter(|finding| finding.rule == "scaled-content/identical-paragraph").count();
        assert_eq!(shared, 1, "{text}");
        wrong.extend(packets.iter().filter_map(|packet| sound(packet, text.as_bytes()).err()).map(|error| error.to_string()));
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// The finding about bytes that are no text points at the first of them.
#[test]
fn bytes_that_are_no_text_are_pointed_at() {
    let packet = DESK.judge("a.md", b"# Title\n\nOne line.\n\xff\xfe rest\n".to_vec());
    let issue = packet.issues.iter().find(|issue| issue.rule == "source/invalid-utf8").unwrap();
    assert_eq!(json!([issue.span.start, issue.span.end, issue.line, issue.column]), json!([19, 20, 4, 1]));
    let half = [utf16("# Title\n\nOne", u16::to_le_bytes), vec![0x00, 0xdc], utf16("\nrest\n", u16::to_le_bytes).split_off(2), vec![0]].concat();
    let packet = DESK.judge("a.md", half);
    let issue = packet.issues.iter().find(|issue| issue.rule == "source/invalid-utf16").unwrap();
    assert_eq!(json!([issue.span.start, issue.span.end, issue.line, issue.column]), json!([26, 28, 3, 4]));
    assert!(issue.message.contains("2 places"), "{}", issue.message);
}

/// A message is one line, in a terminal and in a log, also where the words it is about stand on two.
#[test]
fn no_message_breaks_its_line() {
    let mut wrong = Vec::new();
    for sentence in SENTENCES {
        for end in ["\n", "\r\n"] {
            let packet = DESK.judge("a.md", sentence.replace(' ', end));
            let texts = packet.all_findings().flat_map(|finding| [&finding.message, &finding.why, &finding.help, &finding.excerpt]);
            let evidence = packet.checks.iter().map(|check| &check.evidence);
            wrong.extend(texts.chain(evidence).filter(|text| text.contains(['\n', '\r'])).map(|text| text.escape_debug().to_string()));
        }
    }
    wrong.dedup();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Where two ways to end a line once made a difference.
#[test]
fn line_ends_change_nothing_here_either() {
    let texts = [
        // inline code over lines
        "a ```\n[INSERT NAME HERE] keeps the record.\n``` ```toml\nprice = 2400\n```",
        "a `gold\nnow` [INSERT NAME\nHERE]",
        "`[INSERT\nNAME\nHERE]\nkeeps\nthe\nrecord.`",
        // a blank line inside braces: no template tag
        "{{\n\nYou should buy gold now.\n\n}}",
        // an attribute over lines
        "<img src=\"/a.png\" alt=\"Gold costs\n$2,400 now\">",
        // code that begins with a blank line, and is the first block
        "~~~~\n\nthe.\n~~~~",
        // an issue about a whole line of the header
        "---\nclass: general\nclass: general\n---\n\nA line.",
        // words that a message repeats
        "Use\ncode\nGOLD10\nat\ncheckout.",
    ];
    let judge = |text: &str| DESK.judge("a.md", text);
    let verdicts = texts.map(|text| (text, alike(&judge(text), &judge(&text.replace('\n', "\r\n")))));
    let wrong: Vec<String> = verdicts.into_iter().filter_map(|(text, verdict)| verdict.err().map(|error| format!("{text:?}:\n{error}"))).collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

fn fixtures(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        match entry.extension().and_then(|ending| ending.to_str()) {
            None => found.extend(fixtures(&entry)),
            Some("md" | "txt") => found.push(entry),
            Some(_) => {}
        }
    }
    found.sort();
    found
}

/// Whole articles, with line ends and byte order marks of other systems, and with a finding more.
#[test]
fn the_same_holds_for_every_fixture() {
    let mut wrong = String::new();
    let mut tell = |path: &Path, what: &str, verdict: Verdict| {
        if let Err(error) = verdict {
            let _ = writeln!(wrong, "{}: {what}: {error}", path.display());
        }
    };
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    for path in fixtures(&root) {
        let text = fs::read_to_string(&path).unwrap();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let shown = path.strip_prefix(&root).unwrap();
        let plain = DESK.judge(&name, text.as_str());
        tell(shown, "as it is", sound(&plain, text.as_bytes()));
        tell(shown, "with CRLF", alike(&plain, &DESK.judge(&name, text.replace('\n', "\r\n"))));
        tell(shown, "with CR", alike(&plain, &DESK.judge(&name, text.replace('\n', "\r"))));
        let wide = utf16(&text, u16::to_be_bytes);
        let read = DESK.judge(&name, wide.clone());
        tell(shown, "in UTF-16", sound(&read, &wide).and_then(|()| alike(&plain, &read)));
        tell(shown, "with a byte order mark", alike(&plain, &DESK.judge(&name, format!("\u{feff}{text}"))));
        let added = DESK.judge(&name, format!("{} {TRIGGER}\n", text.trim_end()));
        let better = improved(&plain, &added);
        tell(shown, "with a finding more", if better.is_empty() { Ok(()) } else { Err(TestCaseError::fail(better.join("; "))) });
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}
