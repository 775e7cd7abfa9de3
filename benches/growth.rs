//! Hostile articles, each doubled three times: what the check costs must double with them, and no more.
//!
//! `cargo bench --bench growth` prints the time of each size and the factor a doubling; `cargo bench --bench growth -- tables` only
//! those whose name holds the word. A factor well above 2 where the times are long means that something walks in a square.

#![allow(clippy::print_stdout, clippy::panic, reason = "a bench prints figures and stops when it cannot measure")]

use std::fmt::Write;
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::civil::date;
use notegate::config::Config;
use notegate::engine::{Desk, Run, SnapshotFault, run};
use notegate::rulebook::Rulebook;

/// Bytes of the smallest article of each kind, where `NOTEGATE_GROWTH_KB` does not say.
const SMALLEST_KB: usize = 256;
const DOUBLINGS: usize = 3;
/// Times below are noise, and a factor above this, of longer ones, is marked.
const NOISE: Duration = Duration::from_millis(50);
const SUSPECT: f64 = 2.6;

/// How an article grows.
enum Shape {
    /// A piece, again and again.
    Piece(&'static str),
    /// The same in a file of another format.
    In(&'static str, &'static str),
    /// Pieces with their number.
    Counted(&'static str, fn(usize) -> String, &'static str),
    /// Something opened n times, and closed n times.
    Nested(&'static str, &'static str),
    /// The same in a file of another format.
    NestedIn(&'static str, &'static str, &'static str),
}
use Shape::{Counted, In, Nested, NestedIn, Piece};

/// The kinds. Pieces without a line feed make one line.
const SHAPES: &[(&str, Shape)] = &[
    ("words", Piece("ledger ")),
    ("one word", Piece("a")),
    ("one word of wide letters", Piece("\u{e9}")),
    ("letters without spaces", Piece("\u{91d1}")),
    ("sentences", Piece("The desk keeps a ledger of copper. ")),
    ("paragraphs", Piece("The desk keeps a ledger of copper.\n\n")),
    ("lines", Piece("a b\n")),
    ("lines of CR", Piece("a b\r")),
    ("blank lines", Piece("\n")),
    ("triggers in a line", Piece("You should buy gold now. ")),
    ("triggers in paragraphs", Piece("You should buy gold now.\n\n")),
    ("triggers without a full stop", Piece("you should buy gold now and ")),
    ("prices in a line", Piece("Gold is trading at $2,412 right now. ")),
    ("amounts without a sentence", Piece("$1 ")),
    ("per cent", Piece("5% ")),
    ("dates", Piece("May 17, 2026 ")),
    ("numbers", Piece("1,000 ")),
    ("ratios", Piece("The gold-silver ratio is 80:1 today. ")),
    ("statements that need a source", Counted("", |i| format!("Studies show that {i}% of holders sold. "), "\n")),
    ("speech", Piece("\u{201c}Buy gold today,\u{201d} said Jane. ")),
    ("quotation marks never closed", Piece("\"you should buy gold ")),
    ("placeholders", Piece("[INSERT NAME HERE] ")),
    ("filler", Piece("In today's fast-paced world, ")),
    (
        "repeated paragraphs",
        Piece("A stock draw is the moment at which cathode leaves a reported shed, and the reported total says no more than that to anybody.\n\n"),
    ),
    ("headings", Counted("", |i| format!("## Part {i}\n\nYou should buy gold.\n\n"), "")),
    ("a long heading", Piece("# You should buy gold now. ")),
    ("links", Piece("[a](https://x.test/b) ")),
    ("paid links", Piece("[a](https://www.amazon.com/dp/B000?tag=desk-20) ")),
    ("addresses", Piece("https://x.test/a ")),
    ("images", Piece("![a chart](/a.png) ")),
    ("definitions", Counted("", |i| format!("[l{i}]: https://x.test/{i}\n"), "\n[l1]\n")),
    ("footnotes", Counted("", |i| format!("A[^n{i}]\n\n[^n{i}]: text\n\n"), "")),
    ("footnote marks", Piece("[^a]")),
    ("references", Counted("Text [1].\n\n## References\n\n", |i| format!("{i}. Source, https://x.test/{i}\n"), "")),
    ("table rows", Counted("| a | b |\n|---|---|\n", |i| format!("| gold | ${i} |\n"), "")),
    ("table columns", Nested("", "columns")),
    ("short rows under many columns", Nested("", "short rows")),
    ("list items", Piece("- You should buy gold now.\n")),
    ("nested quotations", Piece("> ")),
    ("nested lists", Piece("- ")),
    ("nested lists, then blank lines", Nested("- ", "\n")),
    ("nested quotations, then lazy lines", Nested("> ", "\na")),
    ("nested footnotes", Nested("[^a]: ", "\n")),
    ("square brackets", Nested("[", "]")),
    ("links in links", Nested("[", "](b)")),
    ("images in images", Nested("![", "](b)")),
    ("open brackets", Piece("[")),
    ("open links", Piece("[a](<b")),
    ("open angles", Piece("<")),
    ("emphasis", Nested("*a **b ", "** c*")),
    ("emphasis never closed", Piece("*a __b ")),
    ("stars", Piece("a**b")),
    ("backticks", Piece("` ``")),
    ("code", Piece("`a` ")),
    ("code over lines", Nested("`a\n", "")),
    ("fences", Piece("```\na\n```\n")),
    ("unclosed fences", Piece("````a\n```\n")),
    ("entities", Piece("&amp; ")),
    ("bad entities", Piece("&#xd800;&a")),
    ("inline tags", Piece("<b>a</b> ")),
    ("inline tags never closed", Piece("<b>a ")),
    ("end tags alone", Nested("<div>\n", "</span>\n")),
    ("divisions", Nested("<div>\n", "</div>\n")),
    ("list items of HTML", Piece("<li>\n\na\n\n")),
    ("attributes", Nested("<a b=\"c\" ", "d=\"e\" ")),
    ("comments never closed", Piece("<!-- a ")),
    ("instructions never closed", Piece("<? a ")),
    ("sections never closed", Piece("<![CDATA[ a ")),
    ("template tags in a line", Piece("{{ a }} ")),
    ("template tags in lines", Piece("{% a %}\n")),
    ("template tags never closed", Piece("{{ a ")),
    ("template comments never closed", Piece("{% comment %}")),
    ("keys of a header", Counted("---\n", |i| format!("key{i}: value\n"), "---\n\nText.\n")),
    ("a list in a header", Counted("---\ntags:\n", |i| format!("  - v{i}\n"), "---\n\nText.\n")),
    ("an unclosed header", Counted("---\n", |i| format!("key{i}: value\n"), "")),
    ("aliases", Counted("---\na: &a x\nb: [", |_| "*a, ".to_owned(), "x]\n---\n\nText.\n")),
    ("brackets in a header", Counted("---\na: ", |_| "[".to_owned(), "\n---\n\nText.\n")),
    ("keys of a TOML header", Counted("+++\n", |i| format!("key{i} = 1\n"), "+++\n\nText.\n")),
    ("faults of a TOML header", Counted("+++\n", |_| "a = \n".to_owned(), "+++\n\nText.\n")),
    ("a JSON header", Counted("{\"a\": 1", |i| format!(", \"k{i}\": {i}"), "}\n\nText.\n")),
    ("prices of a snapshot", Nested("", "prices")),
    ("plain lines", In("txt", "a b\n")),
    ("plain paragraphs", In("txt", "You should buy gold now.\n\n")),
    ("plain numbers", In("txt", "01\n\nTitle\n\n")),
    ("plain titles", In("txt", "Title\n=====\n")),
    ("plain lists", In("txt", "- a\n")),
    ("elements of a page", In("html", "<p>You should buy <b>gold</b> now.</p>\n")),
    ("open elements of a page", In("html", "<div>")),
    ("links of HTML never closed", Piece("<a href>word ")),
    ("links of HTML inside each other", Nested("<a href=\"https://x.test/p\">word ", "</a>")),
    ("paid links inside each other", Nested("<a href=\"https://www.amazon.com/dp/B000?tag=desk-20\">word ", "</a>")),
    ("elements around triggers", Nested("<span>You should buy gold now. ", "</span>")),
    ("annotations", Piece("<ruby>gold<rt>you should buy</ruby> ")),
    ("annotations never closed", Piece("<rt>a ")),
    ("signs of notes", Piece("gold<sup>1</sup> ")),
    ("highlights", Piece("==gold== ")),
    ("highlights never closed", Piece("==gold ")),
    ("attributes behind words", Piece("[gold]{.a} ")),
    ("callouts", Piece("> [!tip]- You should buy gold.\n\n")),
    ("code of a template language", Piece("{% highlight a %}\nb\n{% endhighlight %}\n")),
    ("code of a template language never closed", Piece("{% highlight a %} ")),
    ("template tags between fences", Piece("{{ a b }}\n\n```\n{{ c d }}\n```\n\n")),
    ("nested elements of a page", NestedIn("html", "<div>", "</div>")),
    ("nested elements of a page with triggers", NestedIn("html", "<div>You should buy gold now. ", "</div>")),
    ("nested elements of a line with triggers", NestedIn("html", "<span>You should buy gold now. ", "</span>")),
    ("nested links of a page", NestedIn("html", "<a href=\"https://x.test/p\">word ", "</a>")),
    ("nested tables of a page", NestedIn("html", "<table><tr><td>a", "</table>")),
    ("nested formatting of a page", NestedIn("html", "<b>a", "</b>")),
    ("links of a page", In("html", "<a href=\"https://x.test/b\">a</a> ")),
    ("empty links of a page", In("html", "<a href>a</a> ")),
    ("paid links of a page", In("html", "<a href=\"https://www.amazon.com/dp/B000?tag=desk-20\">a</a> ")),
    ("links of a page never closed", In("html", "<a href=\"https://x.test/b\">a ")),
    ("formatting of a page never closed", In("html", "<b>a ")),
    ("formatting of a page that ends with its paragraphs", In("html", "<p><b>a ")),
    ("crossed formatting of a page", In("html", "<b><i>a</b>b</i> ")),
    ("paragraphs of a page never closed", In("html", "<p>You should buy gold now.")),
    ("tags of a page never closed", In("html", "<p class=\"a")),
    ("attributes of a page", NestedIn("html", "<p a=\"b\" ", "c='d' ")),
    ("elements with attributes of a page", In("html", "<p a=\"b\" c='d' style=\"color: red\" e>a</p> ")),
    ("styles of a page", NestedIn("html", "<p style=\"", "a:b;")),
    ("comments of a page never closed", In("html", "<!-- a ")),
    ("cells of a page", In("html", "<td>$2 <th>a ")),
    ("rows of a page", In("html", "<table><tr><td rowspan=9 colspan=9>a<td>$2</table>")),
    ("text in tables of a page", In("html", "<table>a<tr>b ")),
    ("templates of a page", In("html", "<template><body>a ")),
    ("selections of a page", In("html", "<select><option>a ")),
    ("notes of a page", In("html", "<sup><a href='#a'>1</a></sup><li id=a>b ")),
    ("end tags of a page", In("html", "</p></b></a></div>")),
    ("entities of a page", In("html", "&amp;&#36;&nbspa")),
    ("scripts of a page", In("html", "<script>a</script>b ")),
    ("vector graphics of a page", In("html", "<svg><g><p>a ")),
    ("nested elements of MDX", NestedIn("mdx", "<A>", "</A>")),
    ("nested elements of MDX on their lines", NestedIn("mdx", "<A>\n", "</A>\n")),
    ("nested elements of MDX with triggers", NestedIn("mdx", "<A>You should buy gold now. ", "</A>")),
    ("nested links of MDX", NestedIn("mdx", "<a href=\"https://x.test/p\">word ", "</a>")),
    ("nested expressions of MDX", NestedIn("mdx", "{<A>", "</A>}")),
    ("nested brackets of MDX", NestedIn("mdx", "{f(", ")}")),
    ("nested templates of MDX", NestedIn("mdx", "{`${", "}`}")),
    ("attributes of MDX", In("mdx", "<A b=\"c\" d={e} {...f} /> ")),
    ("attributes of one tag of MDX", NestedIn("mdx", "<A b=\"c\" ", "d={e} ")),
    ("tags of MDX never closed", In("mdx", "<A b=\"c\" ")),
    ("attribute values of MDX never closed", In("mdx", "<A b=\"c> ")),
    ("strings of MDX", In("mdx", "{\"You should buy gold now.\"} ")),
    ("choices of MDX", In("mdx", "{a ? \"b\" : <C>d</C>} ")),
    ("templates of MDX never closed", In("mdx", "{`a ")),
    ("strings of MDX never closed", In("mdx", "{\"a ")),
    ("comments of MDX", In("mdx", "{/* a */} ")),
    ("comments of MDX never closed", In("mdx", "{/* a ")),
    ("imports of MDX", In("mdx", "import A from './a'\n\n")),
    ("exports of MDX", In("mdx", "export const a = {\n  b: 1,\n\n}\n\n")),
    ("exports of MDX never closed", In("mdx", "export const a = {\n\n")),
    ("end tags of MDX", In("mdx", "</A> ")),
    ("crossed tags of MDX", In("mdx", "<A><B></A></B> ")),
    ("links of MDX", In("mdx", "[a](https://x.test/b) <a href=\"/x\">b</a> ")),
    ("quoted elements of MDX", In("mdx", "> <A>\n> b\n> </A>\n\n")),
    ("elements of MDX", In("mdx", "<A>b</A>\n\n")),
    ("open elements of MDX", In("mdx", "<A>")),
    ("expressions of MDX", In("mdx", "{a} ")),
    ("open braces of MDX", In("mdx", "{")),
];

fn article(shape: &Shape, bytes: usize) -> (&'static str, String) {
    match shape {
        Piece(piece) => ("md", format!("# Copper\n\n{}\n", piece.repeat(bytes / piece.len()))),
        In(format, piece) => (format, piece.repeat(bytes / piece.len())),
        Counted(before, piece, after) => {
            let mut text = (*before).to_owned();
            let mut i = 0;
            while text.len() < bytes {
                text.push_str(&piece(i));
                i += 1;
            }
            text.push_str(after);
            ("md", text)
        }
        Nested("", kind) => ("md", special(kind, bytes)),
        Nested(open, close) => ("md", nested(open, close, bytes)),
        NestedIn(format, open, close) => (format, nested(open, close, bytes)),
    }
}

fn nested(open: &str, close: &str, bytes: usize) -> String {
    let count = bytes / (open.len() + close.len());
    format!("{}a{}\n", open.repeat(count), close.repeat(count))
}

fn special(kind: &str, bytes: usize) -> String {
    match kind {
        "columns" => {
            let count = bytes / 15;
            format!("|{}\n|{}\n|{}\n", " a |".repeat(count), " - |".repeat(count), " $2,40 |".repeat(count))
        }
        "short rows" => {
            let count = bytes / 14;
            format!("|{}\n|{}\n{}", " a |".repeat(count), " - |".repeat(count), "| $2 |\n".repeat(count))
        }
        _ => {
            let mut text = "---\nsource:\n  captured: 2026-05-17\n  prices:\n".to_owned();
            let count = bytes / 90;
            for i in 0..count {
                let _ = writeln!(text, "    - {{id: p{i}, instrument: gold, value: {i}.5, currency: USD}}");
            }
            text.push_str("---\n\n");
            for i in 0..count {
                let _ = writeln!(text, "Gold is at ${i}.5 now.\n");
            }
            text
        }
    }
}

fn main() {
    let only: Vec<String> = std::env::args().skip(1).filter(|arg| !arg.starts_with('-')).collect();
    let smallest = std::env::var("NOTEGATE_GROWTH_KB").ok().and_then(|size| size.parse().ok()).unwrap_or(SMALLEST_KB) << 10;
    let rulebook = Arc::new(Rulebook::embedded().unwrap_or_else(|_| panic!("the embedded rules are broken")));
    let policy = Config::default().policy("", &rulebook);
    let desk = Desk { policy, rulebook };
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).stack_size(8 << 20).build().unwrap_or_else(|error| panic!("{error}"));
    let mut suspects = Vec::new();
    for (name, shape) in SHAPES.iter().filter(|(name, _)| only.is_empty() || only.iter().any(|word| name.contains(word.as_str()))) {
        let times: Vec<Duration> = (0..=DOUBLINGS)
            .map(|doubling| {
                let (format, text) = article(shape, smallest << doubling);
                (0..2).map(|_| pool.install(|| judge(&desk, format, &text))).min().unwrap_or_default()
            })
            .collect();
        let factors: Vec<f64> = times.windows(2).map(|pair| pair[1].as_secs_f64() / pair[0].as_secs_f64().max(1e-6)).collect();
        let suspect = times.windows(2).zip(&factors).any(|(pair, factor)| pair[0] >= NOISE && *factor > SUSPECT);
        let shown: Vec<String> = times.iter().map(|time| format!("{:>8.1} ms", time.as_secs_f64() * 1e3)).collect();
        let factors: Vec<String> = factors.iter().map(|factor| format!("{factor:>5.2}")).collect();
        println!("{name:<36} {}   x {}{}", shown.join(" "), factors.join(" "), if suspect { "  <- more than its length" } else { "" });
        if suspect {
            suspects.push(*name);
        }
    }
    println!("\n{} kinds grow faster than their length: {}", suspects.len(), suspects.join(", "));
}

fn judge(desk: &Desk, format: &str, text: &str) -> Duration {
    let load = |_: &str| Ok(text.as_bytes().to_vec());
    let of = |_: &str| desk.clone();
    let snapshot = |_: &str, _: &str| Err(SnapshotFault::OutsideProject);
    let job = Run { as_of: date(2026, 5, 17), desk: &of, load: &load, load_snapshot: &snapshot, snapshot: None, progress: &|| {}, sign_offs: &|_| None };
    let started = Instant::now();
    std::hint::black_box(run(&job, &[format!("article.{format}")]));
    started.elapsed()
}
