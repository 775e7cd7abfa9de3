//! The fuzz targets on any toolchain: every input of `fuzz/corpus`, and inputs made of fragments of each language, mutated.
//!
//! A few hundred runs a target, the same on every machine. To run longer, in release:
//! `NOTEGATE_FUZZ_RUNS=1000000 NOTEGATE_FUZZ_SEED=7 cargo test --release --test fuzz_targets -- --nocapture --test-threads 1`.
//! What breaks a target is written to `target/tmp`, its path is told, and it belongs into `fuzz/corpus/<target>`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on has failed")]

#[path = "../fuzz/targets.rs"]
mod targets;

use std::fs;
use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

/// Runs of a target in an ordinary test.
const RUNS: u64 = 300;
/// Longest input that is made, in bytes.
const LONGEST: usize = 600;
/// Inputs kept to be changed further.
const KEPT: usize = 256;

/// A small generator of numbers: the same on every machine.
struct Seed(u64);

impl Seed {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from((self.next() >> 33) % limit.max(1) as u64).unwrap()
    }

    fn pick<'a>(&mut self, list: &[&'a str]) -> &'a str {
        list[self.below(list.len())]
    }
}

const PROSE: &[&str] = &[
    "You should buy gold now. ",
    "Gold is trading at $2,412 right now. ",
    "words ",
    "the ",
    "not ",
    "if ",
    "$28-$30",
    "5% ",
    "May 17, 2026 ",
    "17/05/2026",
    "2024-02-30",
    "[INSERT NAME HERE] ",
    "[1]",
    "According to the Mint, ",
    "\u{201c}",
    "\u{201d}",
    "\"",
    "caf\u{e9} ",
    "\u{91d1}",
    "\u{202e}",
    "\u{ad}",
    "\u{200b}",
    "\u{feff}",
    "\0",
    "\r",
    "\r\n",
    "\n",
    "\n\n",
    " ",
    "\t",
    ". ",
    "? ",
    "\u{1f468}\u{200d}\u{1f469}",
    "e\u{301}",
    "\u{e000}",
    "\u{81}",
    "\u{1f}",
    "\u{fffd}",
    "1'234.56 ",
    "10:1 ",
    "U.S. ",
    "https://x.test/?tag=a-20 ",
    "\u{2028}",
];
const MARKUP: &[&str] = &[
    "# ",
    "## ",
    "> ",
    "- ",
    "* ",
    "1. ",
    "    ",
    "```",
    "~~~\n",
    "`",
    "``",
    "**",
    "*",
    "_",
    "~~",
    "[",
    "]",
    "(",
    ")",
    "](",
    "![",
    "[^a]",
    "[^a]: ",
    "[a]: /b 'c'\n",
    "| a | b |\n|---|---|\n",
    "|",
    "\\",
    "---\n",
    "===\n",
    "<https://a.b>",
    "&amp;",
    "&#36;",
    "&#xd800;",
    "&",
    "&#0;",
    "{{ a }}",
    "{{",
    "}}",
    "{% a %}",
    "{% comment %}",
    "{% endcomment %}",
    "{#",
    ":::a\n",
    "$$\n",
    "[!NOTE]\n",
    "[x] ",
    "{: .a }",
    "  \n",
    "\\\n",
];
const HTML: &[&str] = &[
    "<p>",
    "</p>",
    "<div>",
    "</div>",
    "<div hidden>",
    "<span>",
    "<b>",
    "</b>",
    "<li>",
    "<ul>",
    "<table>",
    "<tr>",
    "<td>",
    "</table>",
    "<script>",
    "</script>",
    "<style>",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "<?a ",
    "?>",
    "<a href=\"/x\" rel=sponsored>",
    "</a>",
    "<img alt=\"a\nb &amp; c\">",
    "<br>",
    "<pre>",
    "<code>",
    "<details>",
    "<summary>",
    "<template>",
    "<svg>",
    "<title>",
    "<h2>",
    "<blockquote>",
    "<html><head>",
    "<body>",
    "<!doctype html>",
    "<p",
    " a='",
    "\">",
    "<textarea>",
    "<select>",
    "</",
    "<meta name=author content=\"A\">",
    "<time datetime=2026-05-17>",
];
const MDX: &[&str] = &[
    "import A from './a'\n\n",
    "export const a = 1\n\n",
    "export const b = { c: `d` }\n",
    "{a}",
    "{/* no */}",
    "{`b`}",
    "{",
    "}",
    "<A>",
    "</A>",
    "<A b={c} />",
    "<A b=\"d\">",
    "<>",
    "</>",
    "{'</A>'}",
    "<A.B />",
    "{...c}",
];
const HEADER: &[&str] = &[
    "title: ",
    "a: b\n",
    "date: 2026-05-11\n",
    "source:\n",
    "  prices:\n",
    "    - {id: x, value: 2, currency: USD}\n",
    "- ",
    "  ",
    "\n",
    "[",
    "]",
    "{",
    "}",
    ", ",
    ": ",
    "\"",
    "'",
    "|\n",
    ">\n",
    "&a ",
    "*a",
    "!!str ",
    "~",
    "# c\n",
    "? ",
    "\\u20ac",
    "\t",
    "1.10",
    "0x1f",
    "true",
    "= ",
    "a.b = 1\n",
    "[a]\n",
    "[[a]]\n",
    "\"\"\"",
    "'''",
    "2026-05-17T10:00:00Z",
    "<<: *a\n",
    "---\n",
    "...\n",
    "+++\n",
    "%YAML 1.2\n",
    "\"k\": ",
    "null",
    "\u{e9}",
    "\u{feff}",
    "-1e999",
];
const LINT: &[&str] = &[
    "[site]\n",
    "class = \"ymyl-evergreen\"\n",
    "[discover]\n",
    "exclude = [\"drafts/\"]\n",
    "[checks.freshness]\n",
    "pass-within = \"90 days\"\n",
    "limited-within = \"1 year\"\n",
    "[severity]\n",
    "\"live-price/unsupported\" = \"note\"\n",
    "[[overrides]]\n",
    "paths = [\"news/**\"]\n",
    "[checks.live-price]\n",
    "tolerance-pct = 0.5\n",
    "[roles]\n",
    "title = [\"headline\"]\n",
    "[rules]\n",
    "files = []\n",
    "[snapshot]\n",
    "file = \"a.json\"\n",
    "at-most = \"limited\"\n",
    "\"",
    "'",
    "[",
    "]",
    "=",
    "\n",
    "#",
    ".",
    "{",
    "}",
    ",",
    "**",
    "[a-",
    "9999999999 days",
    "-1",
    "1e999",
    "true",
    "\u{e9}",
    "\"\"\"",
    "[gate]\n",
    "unknown = 1\n",
];
const RULES: &[&str] = &[
    "[check]\nid = \"ymyl-boundary\"\n",
    "[lexicon.a]\n",
    "words = [\"gold\", \"silver coin\"]\n",
    "verbs = [\"buy\", \"take profits > took profits\"]\n",
    "nouns = [\"price\"]\n",
    "include = [\"a\"]\n",
    "[[rule]]\n",
    "id = \"x\"\n",
    "severity = \"error\"\n",
    "patterns = [\"",
    "\"]\n",
    "message = \"m {match}\"\n",
    "why = \"w\"\n",
    "help = \"h\"\n",
    "hit = [\"Buy gold\"]\n",
    "miss = [\"No\"]\n",
    "{a}",
    "{a:base,past}",
    "..3 ",
    "..",
    "( a | b )",
    "(",
    ")",
    "|",
    "?",
    "!",
    "<!",
    "^ ",
    "^^",
    "$",
    ";",
    "[ ",
    "] ",
    "<money>",
    "<number>",
    "gold ",
    "a-b ",
    "zones = [\"heading\"]\n",
    "excuse = [\"negation\"]\n",
    "soften = [\"question\"]\n",
    "[[facet]]\n",
    "name = \"f\"\n",
    "[[cue]]\n",
    "of = \"negation\"\n",
    "[params]\n",
    "n = 1\n",
    "[[message]]\n",
    "\n",
    "\"",
    "not ",
    "% ",
];

/// The fragments that inputs of a target are made of.
fn fragments(target: &str) -> Vec<&'static [&'static str]> {
    match target {
        "front_matter" => vec![HEADER, HEADER, PROSE],
        "plain" => vec![PROSE, MARKUP],
        "mdx" => vec![MDX, MARKUP, PROSE, HTML],
        "html" => vec![HTML, HTML, PROSE],
        "rule_file" => vec![RULES],
        "lint_toml" => vec![LINT],
        "check" => vec![PROSE, PROSE, MARKUP, HTML, HEADER],
        _ => vec![MARKUP, MARKUP, PROSE, HTML],
    }
}

fn corpus(target: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(target);
    let mut files: Vec<PathBuf> = fs::read_dir(folder).map(|entries| entries.map(|entry| entry.unwrap().path()).collect()).unwrap_or_default();
    files.sort();
    files.iter().map(|file| fs::read(file).unwrap()).collect()
}

/// A new input: fragments put together, or an earlier input changed.
fn input(seed: &mut Seed, lists: &[&[&str]], kept: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = Vec::new();
    if kept.is_empty() || seed.below(2) == 0 {
        let fenced = seed.below(6) == 0;
        bytes.push(u8::try_from(seed.below(256)).unwrap());
        if fenced {
            bytes.extend(b"---\n");
        }
        for _ in 0..1 + seed.below(24) {
            let list = lists[seed.below(lists.len())];
            bytes.extend(seed.pick(list).as_bytes());
            if fenced && seed.below(8) == 0 {
                bytes.extend(b"\n---\n");
            }
        }
        if seed.below(3) > 0 {
            return bytes;
        }
    } else {
        bytes.extend(&kept[seed.below(kept.len())]);
    }
    for _ in 0..1 + seed.below(4) {
        let at = seed.below(bytes.len() + 1);
        match seed.below(6) {
            0 if at < bytes.len() => bytes[at] = u8::try_from(seed.below(256)).unwrap(),
            1 => drop(bytes.drain(at..(at + seed.below(20)).min(bytes.len()))),
            2 => {
                let piece = bytes[at..(at + 1 + seed.below(20)).min(bytes.len())].repeat(1 + seed.below(8));
                bytes.splice(at..at, piece);
            }
            3 if !kept.is_empty() => {
                let other = &kept[seed.below(kept.len())];
                let from = seed.below(other.len() + 1);
                bytes.truncate(at);
                bytes.extend(&other[from..]);
            }
            4 if seed.below(40) == 0 => {
                // the same in UTF-16
                let text = String::from_utf8_lossy(&bytes).into_owned();
                bytes = std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
            }
            _ => {
                let list = lists[seed.below(lists.len())];
                let piece = seed.pick(list);
                bytes.splice(at..at, piece.bytes());
            }
        }
    }
    bytes.truncate(LONGEST);
    bytes
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|written| written.parse().unwrap())
}

fn run(name: &str) {
    let (_, target) = targets::ALL.iter().find(|(known, _)| *known == name).unwrap();
    let one = |bytes: &[u8]| {
        if catch_unwind(AssertUnwindSafe(|| target(bytes))).is_err() {
            let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{:08x}", crc(bytes)));
            fs::write(&file, bytes).unwrap();
            panic!("{name} broke down on {}: {:?}", file.display(), String::from_utf8_lossy(bytes));
        }
    };
    corpus(name).iter().for_each(|bytes| one(bytes));
    let runs = number("NOTEGATE_FUZZ_RUNS").unwrap_or(RUNS);
    let mut seed = Seed(number("NOTEGATE_FUZZ_SEED").unwrap_or(20_260_517).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    let lists = fragments(name);
    let mut kept = corpus(name);
    let started = std::time::Instant::now();
    for run in 1..=runs {
        let bytes = input(&mut seed, &lists, &kept);
        one(&bytes);
        // any input may lead further: which are kept is left to chance, so that the run is the same everywhere
        if kept.len() < KEPT {
            kept.push(bytes);
        } else if seed.below(8) == 0 {
            let at = seed.below(KEPT);
            kept[at] = bytes;
        }
        if runs > RUNS && (run % 50_000 == 0 || run == runs) {
            // written at once, so that a run that is stopped has told how far it came
            let mut out = std::io::stdout().lock();
            let _ = writeln!(out, "{name}: {run} runs, {:.0} a second", run as f64 / started.elapsed().as_secs_f64()).and_then(|()| out.flush());
        }
    }
}

/// A short name for an input.
fn crc(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193))
}

#[test]
fn front_matter() {
    run("front_matter");
}

#[test]
fn markdown() {
    run("markdown");
}

#[test]
fn plain() {
    run("plain");
}

#[test]
fn mdx() {
    run("mdx");
}

#[test]
fn html() {
    run("html");
}

#[test]
fn rule_file() {
    run("rule_file");
}

#[test]
fn lint_toml() {
    run("lint_toml");
}

#[test]
fn check() {
    run("check");
}

/// A target that nobody runs, or a manifest that forgets one.
#[test]
fn every_target_has_its_file_and_its_entry() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz");
    let manifest = fs::read_to_string(root.join("Cargo.toml")).unwrap();
    for (name, _) in targets::ALL {
        let file = fs::read_to_string(root.join("fuzz_targets").join(format!("{name}.rs"))).unwrap();
        assert!(file.contains(&format!("targets::{name}(data)")), "{name}");
        assert!(manifest.contains(&format!("path = \"fuzz_targets/{name}.rs\"")), "{name}");
    }
    assert_eq!(manifest.matches("[[bin]]").count(), targets::ALL.len());
}
