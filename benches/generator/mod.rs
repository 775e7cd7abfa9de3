//! Varied articles from a seed: desk notes with front matter, sections, lists, tables, links, code and footnotes.

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

const SUBJECTS: &[&str] = &[
    "the refiner",
    "a warehouse",
    "the harbour office",
    "this worksheet",
    "the mill",
    "a buyer",
    "the desk",
    "the auditor",
    "the assay",
    "our ledger",
    "the vault",
    "a miner",
    "the exchange",
    "the reader",
    "the shipping agent",
    "the cathode stock",
    "the smelter",
    "a dealer",
    "the tanker",
    "an archive",
];
const VERBS: &[&str] = &[
    "records",
    "compares",
    "checks",
    "moves",
    "weighs",
    "reports",
    "keeps",
    "opens",
    "closes",
    "measures",
    "explains",
    "delays",
    "prices",
    "confirms",
    "lists",
    "holds",
    "settles",
    "questions",
    "repeats",
    "files",
];
const OBJECTS: &[&str] = &[
    "the spread",
    "two invoices",
    "a settlement date",
    "the premium",
    "its storage fee",
    "the delivery window",
    "every alert",
    "an old quote",
    "the inventory",
    "a second source",
    "the route",
    "the tolerance band",
    "a margin note",
    "the moisture figure",
    "the lot number",
    "an exit lane",
    "the ratio",
    "a trigger",
    "the custody form",
    "the timestamp",
];
const ADVERBS: &[&str] = &[
    "slowly",
    "before noon",
    "without comment",
    "in the second column",
    "at the weekly review",
    "by hand",
    "after the audit",
    "beside the label",
    "under a new heading",
    "in plain words",
    "at the counter",
    "twice a year",
    "with some delay",
    "on paper",
];
const CLAUSES: &[&str] = &[
    "because the old figure cannot be found",
    "while the yard is closed",
    "although nobody asked",
    "when the label goes stale",
    "so that a later reader can follow",
    "if the tanker is late",
    "unless the clerk objects",
    "which changes the next step",
    "and the reason is written down",
    "but the total stays the same",
];
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
    let mut out = format!(
        "---\ntitle: \"How {} {} {} ({number})\"\ndescription: A note on {}.\nauthor: Harbour Street Desk\ndate: 2026-04-{:02}\nlast_reviewed: 2026-05-{:02}\ntopic: yard {}\nsource:\n  name: Harbour reference set\n  provider: harbour-local\n  method: written by hand\n  captured: 2026-05-{:02}\n  prices: {{}}\n---\n\n",
        seed.pick(SUBJECTS),
        seed.pick(VERBS),
        seed.pick(OBJECTS),
        seed.pick(OBJECTS),
        1 + seed.below(28),
        10 + seed.below(7),
        seed.below(900),
        1 + seed.below(9),
    );
    while out.len() < size {
        out.push_str(&format!("## {} {} {}\n\n", capitalised(seed.pick(SUBJECTS)), seed.pick(VERBS), seed.pick(OBJECTS)));
        for _ in 0..3 + seed.below(4) {
            block(seed, &mut out, ascii);
        }
    }
    out.push_str("## References\n\n1. Harbour Street Desk, yard ledger, 2019, https://pubs.usgs.gov/ledger/2019, accessed 2026-05-01.\n");
    out
}

fn block(seed: &mut Seed, out: &mut String, ascii: bool) {
    match seed.below(12) {
        0 => {
            for _ in 0..3 + seed.below(3) {
                out.push_str("- ");
                sentence(seed, out, ascii);
                out.push('\n');
            }
        }
        1 => {
            out.push_str("| lot | weight | note |\n| --- | --- | --- |\n");
            for _ in 0..2 + seed.below(3) {
                out.push_str(&format!("| {} | {} kg | {} |\n", seed.below(999), seed.below(5000), seed.pick(ADVERBS)));
            }
        }
        2 => out.push_str("```\nweigh(lot, twice = true)\n```\n"),
        3 => {
            out.push_str("> ");
            sentence(seed, out, ascii);
            out.push('\n');
        }
        _ => {
            for i in 0..3 + seed.below(4) {
                if i > 0 {
                    out.push(if seed.below(3) == 0 { '\n' } else { ' ' });
                }
                sentence(seed, out, ascii);
            }
            out.push('\n');
        }
    }
    out.push('\n');
}

fn sentence(seed: &mut Seed, out: &mut String, ascii: bool) {
    if seed.below(9) == 0 {
        out.push_str(seed.pick(TAILS));
        return;
    }
    out.push_str(&capitalised(seed.pick(SUBJECTS)));
    out.push(' ');
    if seed.below(8) == 0 {
        out.push_str(&format!("**{}**", seed.pick(VERBS)));
    } else {
        out.push_str(seed.pick(VERBS));
    }
    out.push(' ');
    if seed.below(14) == 0 {
        out.push_str(&format!("[{}](https://www.usgs.gov/yard/{})", seed.pick(OBJECTS), seed.below(5000)));
    } else {
        out.push_str(seed.pick(OBJECTS));
    }
    if seed.below(2) == 0 {
        out.push(' ');
        out.push_str(seed.pick(ADVERBS));
    }
    if seed.below(3) == 0 {
        out.push_str(", ");
        out.push_str(seed.pick(CLAUSES));
    }
    if !ascii && seed.below(12) == 0 {
        out.push_str(" \u{2014} ");
        out.push_str(seed.pick(WIDE));
    }
    out.push('.');
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
