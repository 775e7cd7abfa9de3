//! Varied articles from a seed: desk notes with front matter, sections, lists, tables, links, code and footnotes. Each has its own few hundred
//! words out of a language of thousands, as articles of different subjects do, in sentences of many shapes: no two share a sentence by more
//! than accident, so that comparing them costs what it costs for articles that have nothing to do with each other.

/// A small generator of numbers: the same on every machine.
struct Seed(u64);

impl Seed {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit.max(1) as u64) as usize
    }

    fn pick<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words[self.below(words.len())]
    }
}

/// Words of every article.
const DETERMINERS: &[&str] = &["the", "a", "this", "its", "every", "another", "our", "their", "no", "each", "that", "some"];
const PREPOSITIONS: &[&str] =
    &["of", "in", "on", "for", "with", "under", "beside", "after", "before", "without", "from", "between", "through", "against", "about"];
const JOINTS: &[&str] =
    &["because", "while", "although", "when", "so that", "if", "unless", "which means that", "and", "but", "until", "as", "whereas", "since"];
const OPENINGS: &[&str] =
    &["In practice", "As a rule", "Most of the time", "By then", "Even so", "For a start", "At the counter", "On paper", "In that case", "Two years later"];
/// Words of the desk, which the rules look at: every article has a few of them.
const DESK_NOUNS: &[&str] = &[
    "price",
    "premium",
    "spread",
    "market",
    "dealer",
    "buyer",
    "seller",
    "metal",
    "silver",
    "copper",
    "gold",
    "fund",
    "fee",
    "source",
    "report",
    "reader",
    "quote",
    "account",
    "interest",
    "review",
    "author",
    "data",
    "table",
    "risk",
    "share",
    "rate",
    "inventory",
    "supply",
    "demand",
    "contract",
    "invoice",
];
const DESK_VERBS: &[&str] =
    &["checks", "compares", "prices", "sells", "buys", "holds", "reports", "explains", "moves", "rises", "falls", "reviews", "records", "offers"];
const SYLLABLES: &[&str] = &[
    "ba", "cor", "den", "fil", "gra", "hol", "ister", "jun", "kel", "lam", "mor", "nev", "ol", "pra", "quil", "ran", "sel", "tor", "um", "vel", "wen", "yar",
    "zin", "ash", "bel", "cha", "dri", "el", "fen", "gil", "ham", "ing", "ket", "lor", "mis", "nal", "ost", "pel", "rim", "sto", "tam", "ur", "van", "wis",
];
/// Words of the language besides those above; an article uses a few hundred of them.
const LANGUAGE: usize = 9000;
const NOUNS: usize = 160;
const VERBS: usize = 70;
const ADJECTIVES: usize = 60;

/// The words of one article.
struct Vocabulary {
    nouns: Vec<String>,
    verbs: Vec<String>,
    adjectives: Vec<String>,
}

impl Vocabulary {
    fn new(seed: &mut Seed) -> Self {
        let mut words =
            |count: usize, ending: &str| (0..count).map(|_| format!("{}{ending}", word(seed.below(LANGUAGE).min(seed.below(LANGUAGE))))).collect::<Vec<_>>();
        let (mut nouns, mut verbs, adjectives) = (words(NOUNS, ""), words(VERBS, "s"), words(ADJECTIVES, "ic"));
        nouns.extend((0..12).map(|_| seed.pick(DESK_NOUNS).to_owned()));
        verbs.extend((0..8).map(|_| seed.pick(DESK_VERBS).to_owned()));
        Self { nouns, verbs, adjectives }
    }

    /// Frequent words are few: the smaller of two draws.
    fn draw<'a>(seed: &mut Seed, words: &'a [String]) -> &'a str {
        &words[seed.below(words.len()).min(seed.below(words.len()))]
    }

    fn noun(&self, seed: &mut Seed) -> &str {
        Self::draw(seed, &self.nouns)
    }

    fn verb(&self, seed: &mut Seed) -> &str {
        Self::draw(seed, &self.verbs)
    }

    /// `the prastic velcor`, two to five words.
    fn group(&self, seed: &mut Seed, out: &mut String) {
        out.push_str(seed.pick(DETERMINERS));
        out.push(' ');
        if seed.below(3) == 0 {
            out.push_str(Self::draw(seed, &self.adjectives));
            out.push(' ');
        }
        out.push_str(self.noun(seed));
        if seed.below(4) == 0 {
            out.push(' ');
            out.push_str(seed.pick(PREPOSITIONS));
            out.push(' ');
            out.push_str(self.noun(seed));
        }
    }
}

/// A word of the language by its number: the first ones, which are drawn most often, have one syllable, most have two, the last three.
fn word(number: usize) -> String {
    let n = SYLLABLES.len();
    let (a, b, c) = (number % n, number / n % n, number / n / n);
    let at = |at: usize, there: bool| if there { SYLLABLES[at % n] } else { "" };
    format!("{}{}{}", SYLLABLES[a], at(b, b + c > 0), at(a + b + c, c > 3))
}

const TAILS: &[&str] = &[
    "It is a small thing.",
    "Nobody can tell in advance.",
    "That is the whole procedure.",
    "The rest follows from it.",
    "In 2019 the same yard kept three ledgers.",
    "The form costs $4.50 to file.",
    "About 12 percent of the lots were weighed twice [1].",
    "What happens to the second copy?",
    "See the table below.",
    "The note is general information, not advice.",
];
const WIDE: &[&str] = &["caf\u{e9}", "Z\u{fc}rich", "na\u{ef}ve", "\u{20ac}12", "\u{201c}as found\u{201d}", "S\u{e3}o Paulo", "\u{a3}7", "it\u{2019}s"];

/// Articles of about `size` bytes each until `bytes` are reached, by name in order.
pub fn articles(seed: u64, bytes: usize, size: usize, ascii: bool) -> Vec<(String, String)> {
    let mut seed = Seed(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    let mut made = 0;
    let mut all = Vec::new();
    while made < bytes {
        let text = article(&mut seed, size, ascii, all.len());
        made += text.len();
        all.push((format!("article-{:06}.md", all.len()), text));
    }
    all
}

fn article(seed: &mut Seed, size: usize, ascii: bool, number: usize) -> String {
    let words = Vocabulary::new(seed);
    let mut out = format!(
        "---\ntitle: \"How the {} {} {} ({number})\"\ndescription: A note on {}.\nauthor: Harbour Street Desk\ndate: 2026-04-{:02}\nlast_reviewed: 2026-05-{:02}\ntopic: {}\nsource:\n  name: Harbour reference set\n  provider: harbour-local\n  method: written by hand\n  captured: 2026-05-{:02}\n  prices: {{}}\n---\n\n",
        words.noun(seed),
        words.verb(seed),
        words.noun(seed),
        words.noun(seed),
        1 + seed.below(28),
        10 + seed.below(7),
        words.noun(seed),
        1 + seed.below(9),
    );
    while out.len() < size {
        let mut heading = String::new();
        words.group(seed, &mut heading);
        out.push_str(&format!("## {} {} {}\n\n", capitalised(&heading), words.verb(seed), words.noun(seed)));
        for _ in 0..3 + seed.below(4) {
            block(seed, &words, &mut out, ascii);
        }
    }
    out.push_str("## References\n\n1. Harbour Street Desk, yard ledger, 2019, https://pubs.usgs.gov/ledger/2019, accessed 2026-05-01.\n");
    out
}

fn block(seed: &mut Seed, words: &Vocabulary, out: &mut String, ascii: bool) {
    match seed.below(12) {
        0 => {
            for _ in 0..3 + seed.below(3) {
                out.push_str("- ");
                sentence(seed, words, out, ascii);
                out.push('\n');
            }
        }
        1 => {
            out.push_str(&format!("| {} | weight | note |\n| --- | --- | --- |\n", words.noun(seed)));
            for _ in 0..2 + seed.below(3) {
                out.push_str(&format!("| {} | {} kg | {} {} |\n", seed.below(999), seed.below(5000), words.verb(seed), words.noun(seed)));
            }
        }
        2 => out.push_str(&format!("```\nweigh({}, twice = true)\n```\n", words.noun(seed))),
        3 => {
            out.push_str("> ");
            sentence(seed, words, out, ascii);
            out.push('\n');
        }
        _ => {
            for i in 0..3 + seed.below(4) {
                if i > 0 {
                    out.push(if seed.below(3) == 0 { '\n' } else { ' ' });
                }
                sentence(seed, words, out, ascii);
            }
            out.push('\n');
        }
    }
    out.push('\n');
}

fn sentence(seed: &mut Seed, words: &Vocabulary, out: &mut String, ascii: bool) {
    if seed.below(40) == 0 {
        out.push_str(seed.pick(TAILS));
        return;
    }
    let mut text = String::new();
    if seed.below(8) == 0 {
        text.push_str(seed.pick(OPENINGS));
        text.push_str(", ");
    }
    clause(seed, words, &mut text);
    for _ in 0..[0, 0, 1, 1, 2][seed.below(5)] {
        text.push_str(if seed.below(2) == 0 { ", " } else { " " });
        text.push_str(seed.pick(JOINTS));
        text.push(' ');
        clause(seed, words, &mut text);
    }
    if !ascii && seed.below(12) == 0 {
        text.push_str(" \u{2014} ");
        text.push_str(seed.pick(WIDE));
    }
    out.push_str(&capitalised(&text));
    out.push('.');
}

fn clause(seed: &mut Seed, words: &Vocabulary, out: &mut String) {
    words.group(seed, out);
    out.push(' ');
    if seed.below(12) == 0 {
        out.push_str(&format!("**{}**", words.verb(seed)));
    } else {
        out.push_str(words.verb(seed));
    }
    out.push(' ');
    if seed.below(20) == 0 {
        out.push_str(&format!("[{}](https://www.usgs.gov/yard/{})", words.noun(seed), seed.below(5000)));
    } else {
        words.group(seed, out);
    }
    if seed.below(2) == 0 {
        out.push(' ');
        out.push_str(seed.pick(PREPOSITIONS));
        out.push(' ');
        words.group(seed, out);
    }
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
