//! MDX made up from a seed: the same seed makes the same document on every machine.

use crate::random::Random;

const WORDS: &[&str] = &[
    "gold",
    "Silver",
    "copper",
    "the",
    "rose",
    "U.S.",
    "5%",
    "$2.5",
    "2026",
    "don't",
    "naïve",
    "黄金",
    "café",
    "x_y_z",
    "a/b",
    "📈",
    "(aside)",
    "end.",
    "why?",
    "&amp;",
    "&#36;5",
    "a &mdash; b",
    "\\{",
    "\\<",
    "\\*",
    "1 < 2",
    "2 > 1",
    "}",
];
/// Components, elements, and what hides.
const NAMES: &[&str] = &["Note", "Card", "a.b", "div", "section", "aside", "Tabs.Item", "", "p", "span"];
const INLINE: &[&str] = &["b", "span", "em", "Term", "x.y", "", "a", "code", "A-b"];
const ATTRIBUTES: &[&str] = &[
    "",
    "",
    " kind=\"x\"",
    " data-x='a \"b\"'",
    " n={1}",
    " on={() => go({ to: 'x' })}",
    " {...rest}",
    " open",
    " style={{ color: 'red' }}",
    " x={`a ${b} c`}",
    "\n  wide\n  n={[1, 2]}\n",
    " t={a > 1 ? 'b' : 'c'}",
    " xlink:href=\"#a\"",
];
const EXPRESSIONS: &[&str] = &[
    "{\"gold rose\"}",
    "{'silver'}",
    "{`the text`}",
    "{/* a comment */}",
    "{price}",
    "{a.b.c(1, 'x')}",
    "{1 + 2}",
    "{ \" spaced \" }",
    "{x => x}",
    "{rows.map((row) => row.name)}",
    "{}",
    "{[1, 2, 3].length}",
    "{a?.b ?? c}",
    "{/x{2}y/.test(z)}",
    "{{ a: 1 }.a}",
];
const MODULES: &[&str] = &[
    "import X from './x'",
    "import { a, b } from \"c\"\nimport * as d from 'd'",
    "export const a = 1",
    "export const meta = {\n  title: 'x',\n\n  tags: ['a'],\n}",
    "export default function Layout({ children }) {\n  return children\n}",
    "import './style.css'",
];
/// Pieces in any order, most of them broken.
const NOISE: &[&str] = &[
    "<b>",
    "</b>",
    "<Note>",
    "</Note>",
    "<x =",
    "/>",
    "<>",
    "</>",
    "<",
    ">",
    "{",
    "}",
    "{x}",
    "{\"a\"}",
    "{/* c */}",
    "\"",
    "'",
    "`",
    "``",
    "*",
    "**",
    "_",
    "[",
    "]",
    "](/x)",
    "\\",
    "a",
    "gold",
    "é",
    "=",
    " ",
    " ",
    " ",
    "\n",
    "\n",
    "\n\n",
    "> ",
    "- ",
    "  ",
    "    ",
    "<br />",
    "<a href=\"x\">",
    "</a>",
    "\n\nimport X from 'x'\n\n",
    "{a && b}",
];

struct Writer {
    random: Random,
    notes: usize,
}

/// The document of a seed; MDX takes it.
pub fn document(seed: u64) -> String {
    let mut writer = Writer { random: Random::new(seed), notes: 0 };
    let mut blocks: Vec<String> = Vec::new();
    for _ in 0..2 + writer.random.below(6) {
        if writer.random.once_in(6) {
            blocks.push(writer.random.pick(MODULES).to_owned());
        }
        blocks.push(writer.block(3));
    }
    for note in 1..=writer.notes {
        blocks.push(format!("[^n{note}]: A note on {}", writer.words(3)));
    }
    let text = blocks.join("\n\n") + "\n";
    if writer.random.once_in(4) { text.replace('\n', "\r\n") } else { text }
}

/// A document of noise.
pub fn noise(seed: u64) -> String {
    let mut random = Random::new(seed);
    (0..3 + random.below(22)).map(|_| random.pick(NOISE)).collect::<String>() + "\n"
}

impl Writer {
    fn block(&mut self, depth: usize) -> String {
        match self.random.below(if depth > 0 { 16 } else { 8 }) {
            0 => format!("{} {}", "#".repeat(1 + self.random.below(6)), self.inlines(1).replace('\n', " ")),
            1 => self.table(),
            2 => format!("```{}\n<Note> {{ {}\n\n  }} </b>\n```", self.random.pick(&["", "jsx"]), self.words(2)),
            3 => self.random.pick(&["***", "_ _ _"]).to_owned(),
            4 => self.random.pick(EXPRESSIONS).to_owned(),
            5..=7 => self.paragraph(),
            8 => self.quotation(depth),
            9 | 10 => self.list(depth),
            11 => self.hidden(depth),
            _ => self.element(depth),
        }
    }

    fn paragraph(&mut self) -> String {
        // a paragraph begins with a word: tags alone on its first line would be lines of tags
        let text = format!("{} {}", self.random.pick(&["Gold", "The", "“Quoted”"]), self.inlines(2));
        if !self.random.once_in(6) {
            return text;
        }
        self.notes += 1;
        format!("Words[^n{}] {text}", self.notes)
    }

    fn element(&mut self, depth: usize) -> String {
        let name = self.random.pick(NAMES);
        let attributes = if name.is_empty() { "" } else { self.random.pick(ATTRIBUTES) };
        if self.random.once_in(6) && !name.is_empty() {
            return format!("<{name}{attributes} />");
        }
        let blocks: Vec<String> = (0..1 + self.random.below(2)).map(|_| self.block(depth - 1)).collect();
        let gap = if self.random.once_in(2) { "\n\n" } else { "\n" };
        // a table or fence without a blank line before the end tag is fine, and so is indentation
        let inner = blocks.join("\n\n");
        let inner = if self.random.once_in(3) { indented(&inner, self.random.pick(&["  ", "    ", "\t"])) } else { inner };
        format!("<{name}{attributes}>{gap}{inner}{gap}</{name}>")
    }

    fn hidden(&mut self, depth: usize) -> String {
        let inner = self.block(depth - 1);
        match self.random.below(4) {
            0 => format!("<div hidden>\n\n{inner}\n\n</div>"),
            1 => format!("<section style={{{{ display: 'none' }}}}>\n\n{inner}\n\n</section>"),
            2 => format!("<template>\n\n{inner}\n\n</template>"),
            _ => "<style>{`.a { color: red }`}</style>".to_owned(),
        }
    }

    fn table(&mut self) -> String {
        let columns = 1 + self.random.below(3);
        let rule: String = (0..columns).map(|_| " --- |").collect();
        let mut rows = vec![self.row(columns), format!("|{rule}")];
        for _ in 0..self.random.below(3) {
            rows.push(self.row(columns));
        }
        rows.join("\n")
    }

    fn row(&mut self, cells: usize) -> String {
        let cells: String = (0..cells).map(|_| format!(" {} |", self.inlines(1).replace('\n', " ").replace('|', "\\|"))).collect();
        format!("|{cells}")
    }

    fn quotation(&mut self, depth: usize) -> String {
        let inner = self.block(depth - 1);
        prefixed(&inner, "> ", "> ")
    }

    fn list(&mut self, depth: usize) -> String {
        let ordered = self.random.once_in(3);
        let items: Vec<String> = (0..1 + self.random.below(3))
            .map(|i| {
                let mark = if ordered { format!("{}. ", i + 1) } else { "- ".to_owned() };
                let mut inner = self.paragraph();
                if self.random.once_in(3) {
                    inner = format!("{inner}\n\n{}", self.block(depth - 1));
                }
                prefixed(&inner, &mark, &" ".repeat(mark.len()))
            })
            .collect();
        items.join(if self.random.once_in(2) { "\n\n" } else { "\n" })
    }

    fn inlines(&mut self, depth: usize) -> String {
        let mut text = String::new();
        for i in 0..1 + self.random.below(6) {
            if i > 0 {
                text.push_str(self.random.pick(&[" ", " ", " ", "\nand ", ", "]));
            }
            text.push_str(&self.inline(depth));
        }
        text
    }

    fn inline(&mut self, depth: usize) -> String {
        match self.random.below(if depth > 0 { 14 } else { 7 }) {
            0..=4 => self.random.pick(WORDS).to_owned(),
            5 => self.random.pick(EXPRESSIONS).to_owned(),
            6 => format!("`{} {{ <b>`", self.words(1)),
            7 => format!("**{}**", self.words(2)),
            8 => format!("[{}](/x{{y}} \"t\")", self.inlines(depth - 1)),
            9 => format!("![{}](i.png)", self.words(2)),
            10 => format!("<br{}/>", self.random.pick(&["", " "])),
            _ => {
                let name = self.random.pick(INLINE);
                let attributes = if name.is_empty() { "" } else { self.random.pick(ATTRIBUTES) };
                format!("<{name}{}>{}</{name}>", attributes.replace('\n', " "), self.inlines(depth - 1))
            }
        }
    }

    fn words(&mut self, count: usize) -> String {
        let plain = ["gold", "silver", "rose", "fell", "in", "May"];
        (0..1 + self.random.below(count)).map(|_| self.random.pick(&plain)).collect::<Vec<_>>().join(" ")
    }
}

fn indented(text: &str, by: &str) -> String {
    text.split('\n').map(|line| if line.is_empty() { String::new() } else { format!("{by}{line}") }).collect::<Vec<_>>().join("\n")
}

fn prefixed(text: &str, first: &str, rest: &str) -> String {
    let lines = text.split('\n').enumerate().map(|(i, line)| {
        let before = if i == 0 { first } else { rest };
        if line.is_empty() { before.trim_end().to_owned() } else { format!("{before}{line}") }
    });
    lines.collect::<Vec<_>>().join("\n")
}
