//! Documents made up from a seed: the same seed makes the same document on every machine, so that a failure can be looked at.
//!
//! Where two renderers are known to part (`KNOWN` in the test), the generator keeps clear: a bare address has a space behind it,
//! tildes stand apart from stars, links hold no links, a task is parted from what follows by a blank line, a callout begins with words, a note is
//! cited behind a word.

/// Xorshift: enough for tests, and no crate that could change its numbers.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        // neighbouring seeds must not begin alike, and zero would stay zero
        Self((seed + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// A number below `limit`.
    pub fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap_or(0) % limit.max(1)
    }

    /// Once in `times`.
    pub fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    pub fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len())]
    }
}

const WORDS: &[&str] = &[
    "gold",
    "Silver",
    "copper",
    "the",
    "rose",
    "fell",
    "U.S.",
    "5%",
    "$2.5",
    "2026",
    "1,000.50",
    "don't",
    "naïve",
    "黄金",
    "Привет",
    "café",
    "e.g.",
    "x_y_z",
    "3*4",
    "a/b",
    "“quoted”",
    "co\u{ad}op",
    "no\u{a0}break",
    "ارتفع",
    "📈",
    "(aside)",
    "well-known",
    "end.",
    "why?",
    "so,",
];
/// Text that is markup, or nearly.
const SPICES: &[&str] = &[
    "&amp;",
    "&mdash;",
    "&#8212;",
    "&#x24;",
    "&nosuch;",
    "&",
    "\\*",
    "\\_",
    "\\[",
    "\\\\",
    "\\a",
    "<!-- note -->",
    "<br>",
    "<b>bold</b>",
    "<span class=\"x\">span</span>",
    "<span hidden>unseen</span>",
    "H<sub>2</sub>O",
    "<https://example.com/a?b=c&d=e>",
    "https://example.com/a-b?c=d&e=f ",
    "<desk@example.com>",
    "[named][ref]",
    "[ref][]",
    "[ref]",
    "[nobody]",
    "[x] y",
    "![alt *text*](i.png)",
    "![ref]",
    "*",
    "_",
    "**",
    "[",
    "]",
    "!",
    "<",
    ">",
];
/// Pieces of markup in any order, most of it broken.
const NOISE: &[&str] = &[
    "*", "**", "***", "_", "__", "`", "``", "[", "]", "(", ")", "](/x)", "![", "<", ">", "<b>", "</b>", "\\", "&", "&amp;", "#", "-", "+", "1.", "|", "\"",
    "'", ".", ",", ":", "=", "a", "b", "gold", "黄", "é", " ", " ", " ", "\n", "  \n", "\t",
];

/// Writes one document.
struct Writer {
    random: Random,
    notes: usize,
}

/// The document of a seed.
pub fn document(seed: u64) -> String {
    let mut writer = Writer { random: Random::new(seed), notes: 0 };
    let mut blocks: Vec<String> = (0..2 + writer.random.below(6)).map(|_| writer.block(2)).collect();
    blocks.push("[ref]: https://example.com/ref \"Reference\"".to_owned());
    for note in 1..=writer.notes {
        let text = writer.inlines(1).replace('\n', " ");
        let at = writer.random.below(blocks.len() + 1);
        blocks.insert(at, format!("[^n{note}]: {text}"));
    }
    let text = blocks.join("\n\n") + "\n";
    if writer.random.once_in(4) { text.replace('\n', "\r\n") } else { text }
}

/// A document of one to three paragraphs of noise.
pub fn noise(seed: u64) -> String {
    let mut random = Random::new(seed);
    let paragraphs: Vec<String> = (0..1 + random.below(3)).map(|_| (0..4 + random.below(24)).map(|_| random.pick(NOISE)).collect()).collect();
    paragraphs.join("\n\n") + "\n"
}

impl Writer {
    /// A block that may hold others `depth` deep.
    fn block(&mut self, depth: usize) -> String {
        match self.random.below(if depth > 0 { 14 } else { 9 }) {
            0 => self.heading(),
            1 => self.table(),
            2 => self.fence(),
            3 => format!("    {}\n      indented", self.words(4)),
            4 => self.html(),
            5 => self.random.pick(&["---", "***", "_ _ _"]).to_owned(),
            6..=8 => self.paragraph(),
            9 | 10 => self.quotation(depth),
            _ => self.list(depth),
        }
    }

    fn paragraph(&mut self) -> String {
        let text = self.inlines(2);
        if !self.random.once_in(5) {
            return text;
        }
        self.notes += 1;
        format!("{}[^n{}] {text}", self.words(2), self.notes)
    }

    fn heading(&mut self) -> String {
        let text = self.inlines(1).replace('\n', " ");
        match self.random.below(3) {
            0 => format!("{}\n{}", text.trim(), self.random.pick(&["===", "---"])),
            1 => format!("{} {text} ##", "#".repeat(1 + self.random.below(6))),
            _ => format!("{} {text}", "#".repeat(1 + self.random.below(6))),
        }
    }

    fn table(&mut self) -> String {
        let columns = 1 + self.random.below(4);
        let rule: String = (0..columns).map(|_| format!(" {} |", self.random.pick(&["---", ":--", "--:", ":-:"]))).collect();
        let mut rows = vec![self.row(columns), format!("|{rule}")];
        for _ in 0..self.random.below(4) {
            let cells = self.random.below(columns + 2);
            rows.push(self.row(cells.max(1)));
        }
        rows.join("\n")
    }

    fn row(&mut self, cells: usize) -> String {
        let cells: String = (0..cells).map(|_| format!(" {} |", self.inlines(1).replace('\n', " ").replace('|', "\\|"))).collect();
        format!("|{cells}")
    }

    fn fence(&mut self) -> String {
        let fence = self.random.pick(&["```", "~~~~", "```` "]).trim();
        format!("{fence}{}\n{}\n\n  *{}* &amp; <b>\n{fence}", self.random.pick(&["", "rust", " x y"]), self.words(3), self.words(2))
    }

    fn html(&mut self) -> String {
        let words = self.words(3);
        let inner = self.inlines(1);
        match self.random.below(8) {
            0 => format!("<div>\n{words} &amp; <b>more</b>\n</div>"),
            1 => format!("<div>\n\n{inner}\n\n</div>"),
            2 => format!("<details>\n<summary>{words}</summary>\n\n{inner}\n\n</details>"),
            3 => format!("<p align=\"center\">{words}</p>"),
            4 => format!("<!-- {words}\n\nnot read -->"),
            5 => format!("<script>\nlet a = \"{words}\";\n\nlet b;\n</script>"),
            6 => format!("<div hidden>\n\n{inner}\n\n</div>"),
            _ => format!("<table><tr><td>{words}</td><td>&copy;</td></tr></table>"),
        }
    }

    fn quotation(&mut self, depth: usize) -> String {
        let mut inner: Vec<String> = (0..1 + self.random.below(3)).map(|_| self.block(depth - 1)).collect();
        if self.random.once_in(2) {
            inner.insert(0, format!("[!{}]\n{}", self.random.pick(&["NOTE", "warning"]), self.words(4)));
        }
        prefix(&inner.join("\n\n"), "> ", "> ")
    }

    fn list(&mut self, depth: usize) -> String {
        let ordered = self.random.once_in(3);
        let first = self.random.below(12);
        let tasks = self.random.once_in(4);
        let gap = if tasks || self.random.once_in(3) { "\n\n" } else { "\n" };
        let items: Vec<String> = (0..1 + self.random.below(4))
            .map(|i| {
                let mark = if ordered { format!("{}. ", first + i) } else { "- ".to_owned() };
                let task = if tasks { self.random.pick(&["[ ] ", "[x] "]) } else { "" };
                let mut inner = format!("{task}{}", self.inlines(1));
                if self.random.once_in(3) {
                    inner = format!("{inner}{gap}{}", self.block(depth - 1));
                }
                prefix(&inner, &mark, &" ".repeat(mark.len()))
            })
            .collect();
        items.join(gap)
    }

    /// Words and markup, on one line or several, with markup `depth` deep.
    fn inlines(&mut self, depth: usize) -> String {
        let mut text = String::new();
        for i in 0..1 + self.random.below(7) {
            if i > 0 {
                text.push_str(self.random.pick(&[" ", " ", " ", " ", "\n", "  \n", "\\\n", "", ", "]));
            }
            text.push_str(&self.inline(depth));
        }
        text
    }

    fn inline(&mut self, depth: usize) -> String {
        match self.random.below(if depth > 0 { 17 } else { 8 }) {
            0..=5 => self.random.pick(WORDS).to_owned(),
            6 | 7 => self.random.pick(SPICES).to_owned(),
            8 | 9 => self.wrapped(depth, &["*", "_", "**", "__", "***"]),
            10 => format!("un{}able", self.wrapped(depth, &["*", "**", "_"])),
            11 => format!("[*{}* {}](/x \"title\")", self.words(2), self.code()),
            12 => self.code(),
            13 => format!("![{}](i.png)", self.inlines(depth - 1)),
            14 => format!(" ~~{} {} {}~~ ", self.words(1), self.inlines(depth - 1), self.words(1)),
            15 => format!("<em>{}</em>", self.inlines(depth - 1)),
            _ => self.words(3),
        }
    }

    fn wrapped(&mut self, depth: usize, marks: &[&str]) -> String {
        let mark = self.random.pick(marks);
        format!("{mark}{}{mark}", self.inlines(depth - 1))
    }

    fn code(&mut self) -> String {
        let words = self.words(2);
        match self.random.below(3) {
            0 => format!("`` {words} ` x ``"),
            _ => format!("`{words}`"),
        }
    }

    fn words(&mut self, count: usize) -> String {
        let words: Vec<&str> = (0..1 + self.random.below(count)).map(|_| self.random.pick(WORDS)).collect();
        words.join(" ")
    }
}

/// Every line with a prefix; blank lines keep only what is needed to stay inside.
fn prefix(text: &str, first: &str, rest: &str) -> String {
    let lines: Vec<String> = text
        .split('\n')
        .enumerate()
        .map(|(i, line)| {
            let before = if i == 0 { first } else { rest };
            if line.is_empty() { before.trim_end().to_owned() } else { format!("{before}{line}") }
        })
        .collect();
    lines.join("\n")
}
