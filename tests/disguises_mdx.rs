//! The sentence in the dresses of MDX: in children, attributes and strings of JSX, between tags, across lines. What readers see is
//! found at its bytes; what is only code is left alone; and what cannot be parsed holds the article back and swallows nothing.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod desk;
mod dress;

use std::fmt::Write;

use desk::Desk;
use dress::{Case, SENTENCE, around, found, found_as, judge_appended, passing_article, silent, with};
use notegate::document::{LinkKind, Zone};
use notegate::packet::Packet;
use notegate::source::SourceText;

const NAME: &str = "copper-ledger-workflow.mdx";

/// Every word in something; `{}` stands for the word.
fn each_word(frame: &str, between: &str) -> String {
    SENTENCE.split(' ').map(|word| frame.replace("{}", word)).collect::<Vec<_>>().join(between)
}

fn children() -> Vec<Case> {
    vec![
        found("plain", SENTENCE),
        found("between component tags in a line", around("<Callout>{}</Callout>")),
        found("between component tags on their lines", around("<Callout>\n{}\n</Callout>")),
        found("with blank lines", around("<Callout type=\"note\">\n\n{}\n\n</Callout>")),
        found("indented by two", around("<Callout>\n  {}\n</Callout>")),
        found("indented by four, where Markdown would see code", around("<Callout>\n\n    {}\n\n</Callout>")),
        found("indented by eight", around("<Tabs>\n    <Tab>\n        {}\n    </Tab>\n</Tabs>")),
        found("indented by tabs", around("<Tabs>\n\t<Tab>\n\t\t{}\n\t</Tab>\n</Tabs>")),
        found("indented without any JSX", around("    {}")),
        found("in nested components", around("<A><B.C><D>{}</D></B.C></A>")),
        found("in a fragment", around("<>{}</>")),
        found("in a fragment on its lines", around("<>\n{}\n</>")),
        found("in a paragraph of JSX", around("<p className=\"lead\">{}</p>")),
        found("in a paragraph over lines", "<p>\n  Gold is trading at\n  $2,412 right now,\n  so you should buy\n  before Friday.\n</p>"),
        found("in a list item of JSX", around("<ul>\n  <li>{}</li>\n</ul>")),
        found("in a heading of JSX", around("<h3>{}</h3>")),
        found("in a quotation of JSX", around("<blockquote>\n{}\n</blockquote>")),
        found("in a table of JSX", around("<table>\n  <tbody>\n    <tr>\n      <td>{}</td>\n    </tr>\n  </tbody>\n</table>")),
        found("in a collapsed element", around("<details>\n  <summary>More</summary>\n  {}\n</details>")),
        found("in a component with a dot", around("<Layout.Note>\n{}\n</Layout.Note>")),
        found(
            "in an element with many attributes",
            around("<Note\n  kind=\"info\"\n  data-x={1 > 0}\n  onClick={() => { go({ to: '/x' }); }}\n  {...rest}\n>\n{}\n</Note>"),
        ),
        found("in a component that says it is hidden", around("<Panel hidden>{}</Panel>")),
        found("in an element that is not hidden", around("<div hidden={false}>{}</div>")),
        found("in an element with some style", around("<div style={{display: 'block', color: \"red\"}}>{}</div>")),
        found("in a card inside a grid", around("<Grid>\n  <Card>\n\n  - One line.\n  - {}\n\n  </Card>\n</Grid>")),
    ]
}

fn markdown() -> Vec<Case> {
    vec![
        found("a list inside a component", around("<Callout>\n\n- One line.\n- {}\n\n</Callout>")),
        found("a component inside a list item", around("- <Callout>{}</Callout>")),
        found("a component on the lines of a list item", around("- One line.\n\n  <Callout>\n    {}\n  </Callout>\n- Another.")),
        found("a numbered list indented in a component", around("<Steps>\n    1. One line.\n    2. {}\n</Steps>")),
        found("a quotation inside a component", around("<Callout>\n> {}\n</Callout>")),
        found("a component inside a quotation", around("> <Callout>\n> {}\n> </Callout>")),
        found("a component over lines of a quotation", around("> <Callout\n>   kind=\"a\"\n> >\n> {}\n> </Callout>")),
        found("a heading inside a component", around("<Section>\n### {}\n</Section>")),
        found("a table inside a component", around("<Figure>\n\n| Note | Day |\n| --- | --- |\n| {} | 3 |\n\n</Figure>")),
        found("a table indented in a component", around("<Figure>\n    | Note | Day |\n    | --- | --- |\n    | {} | 3 |\n</Figure>")),
        found("an element in a table cell", around("| Note | Day |\n| --- | --- |\n| <Mark>{}</Mark> | 3 |")),
        found(
            "strong and links inside a component",
            with(&[("Gold", "<Note>Gold"), ("$2,412", "**$2,412**"), ("should buy", "[should buy](/desk)"), ("Friday.", "Friday.</Note>")]),
        ),
        found("strong around an element", with(&[("$2,412", "**<Price>$2,412</Price>**"), ("buy", "*<b>buy</b>*")])),
        found("a footnote", around("The line is kept.[^kept]\n\n[^kept]: <span>{}</span>")),
        found("an alternative text of Markdown", around("![{}](/chart.png)")),
        found("an admonition", around(":::note\n\n{}\n\n:::")),
        found("the title of an admonition", around(":::tip {}\n\nThe box has a line.\n\n:::")),
        found("behind an import", around("import X from './x'\n\n{}")),
        found("behind an export over blank lines", around("export const x = {\n  a: 1,\n\n  b: [2],\n}\n\n{}")),
        found("between two comments", around("{/* a */}\n{}\n{/* b */}")),
        found("behind a lone backtick", around("A lone ` stays. {} <X a={b} />")),
        found("behind code that holds a brace", around("The key `{` opens. {} The key `}` closes.")),
        found("behind code that holds a tag", around("The tag `<Note>` opens. {}")),
        found("behind an escaped brace and bracket", around("A brace \\{ and a bracket \\< stay. {}")),
        found("beside a smaller sign", around("One < two. {}")),
        found("between braces of an address", around("[one](/a{b) {} [two](/c}d)")),
        found_as("an entity", with(&[("$", "&#36;")]), "&#36;2,412", "buy"),
    ]
}

fn pieces() -> Vec<Case> {
    vec![
        found("spans around every word", each_word("<span>{}</span>", " ")),
        found("components around every word", each_word("<Hl>{}</Hl>", " ")),
        found("components around every word, one a line", each_word("<Hl>{}</Hl>", "\n")),
        found("a string for every word", each_word("{\"{}\"}", " ")),
        found("a string for every word, one a line", each_word("{'{}'}", "\n")),
        found("a string for every word, with a space of its own", each_word("{\"{} \"}", "")),
        found("a component with a string for every word", each_word("<Hl>{\"{}\"}</Hl>", " ")),
        found(
            "inline elements inside the sentence",
            with(&[("$2,412", "<strong>$2,412</strong>"), ("should", "<em>should</em>"), ("buy", "<Term id=\"buy\">buy</Term>")]),
        ),
        found("elements on lines of their own", with(&[("$2,412", "\n<b>\n$2,412\n</b>\n"), ("buy", "\n<i>\nbuy\n</i>\n")])),
        found_as("an element inside a word", with(&[("buy", "b<i>u</i>y")]), "$2,412", "b<i>u</i>y"),
        found_as("a comment inside a word", with(&[("buy", "b{/* x */}uy")]), "$2,412", "b{/* x */}uy"),
        found_as("a string inside a word", with(&[("buy", "b{\"u\"}y")]), "$2,412", "b{\"u\"}y"),
        found("a comment inside the sentence", with(&[("should", "{/* \"x\" */} should")])),
        found("a comment on a line of its own", with(&[("should", "\n{/* x */}\nshould")])),
        found("a comment over lines", with(&[("should", "{/*\n x \n*/}should")])),
        found("spaces as the formatter writes them", with(&[("at $2,412", "at{\" \"}\n<b>$2,412</b>{\" \"}\n"), ("should buy", "should{' '}\nbuy")])),
        found("breaks", with(&[("at $", "at<br />$"), ("should buy", "should <br/> buy")])),
        found("figures from nowhere", with(&[("should", "{\"\"} should {count}"), ("right", "{/**/} right")])),
        found("a link around words", with(&[("should buy", "<a href=\"/desk\">should buy</a>")])),
        found("a component link", with(&[("should buy", "<Link to={'/desk'}>should buy</Link>")])),
        found("an element over lines inside the sentence", with(&[("$2,412", "<Price\n  of=\"gold\"\n  at={now()}\n>$2,412</Price>")])),
    ]
}

fn strings() -> Vec<Case> {
    vec![
        found("in double quotes", around("{\"{}\"}")),
        found("in single quotes", around("{'{}'}")),
        found("in a template literal", around("{`{}`}")),
        found("in a template literal over lines", around("{`\n  {}\n`}")),
        found("wrapped in a template literal", format!("{{`{}`}}", SENTENCE.replace(' ', "\n"))),
        found("in a template literal with holes", with(&[("Gold", "{`Gold"), ("right", "${x ? '' : y} right"), ("Friday.", "Friday.`}")])),
        found("in a hole of a template literal", around("{`A line. ${'{}'}`}")),
        found("in a string inside a component", around("<Callout>{\"{}\"}</Callout>")),
        found("in a string on its line in a component", around("<Callout>\n  {\"{}\"}\n</Callout>")),
        found("in a string inside a paragraph", around("A line and {\"{}\"}")),
        found("in a string in parentheses", around("{(\"{}\")}")),
        found("in joined strings", "{\"Gold is trading at \" + \"$2,412 right now, \" + 'so you should buy before Friday.'}"),
        found("behind a condition", around("{open && \"{}\"}")),
        found("behind a default", around("{note ?? \"{}\"}")),
        found("in a branch of a choice", around("{open ? \"{}\" : \"A line.\"}")),
        found("in the other branch", around("{a === \"b\" ? \"A line.\" : `{}`}")),
        found("in a list of strings", around("{[\"A line. \", \"{}\"]}")),
        found_as("with an escape", with(&[("Gold", "{\"Gold"), ("buy", "b\\u0075y"), ("$", "\\x24"), ("Friday.", "Friday.\"}")]), "\\x242,412", "b\\u0075y"),
        found("behind an escaped quote", with(&[("Gold", "{'It\\'s so. Gold"), ("Friday.", "Friday.'}")])),
        found("in an element behind a condition", around("{open && <p>{}</p>}")),
        found("in an element of a loop", around("{rows.map((row, i) => (\n  <li key={i}>\n    {row.name}: {}\n  </li>\n))}")),
        found("in an element with a string of a loop", around("{rows.map(row => <li>{\"{}\"}</li>)}")),
        found("in elements of a choice", around("{open ? (\n  <Note>{}</Note>\n) : (\n  <Note>A line.</Note>\n)}")),
        found("in an element of a function", around("{(() => {\n  const x = 1;\n  return <p>{}</p>;\n})()}")),
        found_as(
            "with an entity in an element of code",
            with(&[("Gold", "{x && <p>Gold"), ("$", "&dollar;"), ("Friday.", "Friday.</p>}")]),
            "&dollar;2,412",
            "buy",
        ),
        found("with a nested element of code", with(&[("Gold", "{x && <p>Gold"), ("$2,412", "<b>$2,412</b>"), ("Friday.", "Friday.</p>}")])),
    ]
}

fn attributes() -> Vec<Case> {
    vec![
        found("a title", around("<Callout title=\"{}\" />")),
        found("a title in single quotes", around("<Callout title='{}'>A line.</Callout>")),
        found("a title in braces", around("<Callout title={\"{}\"} />")),
        found("a title in a template literal", around("<Callout title={`{}`} />")),
        found("a title over lines", format!("<Callout\n  kind=\"x\"\n  title=\"{}\"\n/>", SENTENCE.replace(", ", ",\n  "))),
        found("a label", around("<Tab label=\"{}\">\n\nA line.\n\n</Tab>")),
        found("a description", around("<Card description=\"{}\" href=\"/x\" />")),
        found("a caption", around("<Figure src=\"/a.png\" caption=\"{}\" />")),
        found("an alternative text", around("<img src=\"/a.png\" alt=\"{}\" />")),
        found("an alternative text of a component", around("<Image src={img} alt={'{}'} />")),
        found("an alternative text inside a line", around("The chart <img alt=\"{}\" src={src} /> has a line.")),
        found("a title of an element of HTML", around("<abbr title=\"{}\">line</abbr>")),
        found("a title behind a choice", around("<Callout title={open ? \"A line.\" : \"{}\"} />")),
        found("a title inside a list item", around("- <Callout title=\"{}\" />")),
        found("a title in a table cell", around("| Note | Day |\n| --- | --- |\n| <Tip title=\"{}\" /> | 3 |")),
        found("a title in code", around("{open && <Callout title=\"{}\" />}")),
        found("an element in an attribute", around("<Tooltip content={<p>{}</p>}>line</Tooltip>")),
        found_as("a title with an entity", around("<Callout title=\"{}\" />").replace('$', "&#36;"), "&#36;2,412", "buy"),
    ]
}

fn unread() -> Vec<Case> {
    vec![
        silent("an import", "import Gold from './Gold is trading at $2,412 right now, so you should buy before Friday.'"),
        silent("an export", around("export const meta = {\n  title: \"{}\",\n}")),
        silent("an export over blank lines", around("export const meta = {\n\n  title: \"{}\",\n\n}")),
        silent("a template literal in an export", around("export const text = `\n\n{}\n\n`")),
        silent("a comment", around("{/* {} */}")),
        silent("a comment over lines", around("{/*\n\n{}\n\n*/}")),
        silent("a comment to the end of its line", around("{\n  // {}\n}")),
        silent("a comment inside a line", around("The table {/* {} */} stays.")),
        silent("a comment in a tag", around("<Note /* {} */ kind=\"x\" />")),
        silent("a class", around("<Note className=\"{}\">A line.</Note>")),
        silent("data", around("<Note data-text=\"{}\" data-more={'{}'}>A line.</Note>")),
        silent("an address", around("<a href=\"/?q={}\">A line</a>")),
        silent("other attributes", around("<Note id=\"{}\" key=\"{}\" kind={`{}`} name='{}' />")),
        silent("an argument of a call", around("{track(\"{}\")}")),
        silent("an argument of a call in an attribute", around("<Note onClick={() => track(\"{}\")} title={t(\"{}\")} />")),
        silent("an argument of a call behind a condition", around("{open && track(`{}`)}")),
        silent("a key of an object", around("<Note title={map({\"{}\": 1})} />")),
        silent("a value of an object", around("<Note rows={[{ text: \"{}\" }]} />")),
        silent("a property", around("{texts[\"{}\"]}")),
        silent("a property behind a question mark", around("{texts?.[\"{}\"]}")),
        silent("a comparison", around("{mode === \"{}\" && <b>A line.</b>}")),
        silent("a comparison the other way round", around("{\"{}\" !== mode && <b>A line.</b>}")),
        silent("a condition", around("{(\"{}\" in texts) ? <b>A line.</b> : null}")),
        silent("a regular expression", around("{/{}/.test(x)}")),
        silent("a tagged template", around("{css`{}`}")),
        silent("a spread", around("<Note {...{ text: \"{}\" }} />")),
        silent("a fenced code block", around("```\n{}\n```")),
        silent("a code block in a component", around("<CodeBlock>\n\n    ~~~text\n    {}\n    ~~~\n\n</CodeBlock>")),
        silent("a code block with braces and tags", around("```jsx\n<Note>{ \"{}\" }\n```")),
        silent("inline code", around("The line `{}` stays in the test file.")),
        silent("inline code in a component", around("<Note>The line `<b>{ {}` stays.</Note>")),
        silent("an element of code", around("The line <code>{}</code> stays.")),
        silent("preformatted", around("<pre>{`{}`}</pre>")),
        silent("mathematics", around("$$\n\\text{{}}\n$$")),
        silent("a script", around("<script>\n{}\n</script>")),
        silent("a script in a string", around("<script>{`{}`}</script>")),
        silent("a style sheet", around("<style>{`/* {} */`}</style>")),
        silent("a template", around("<template>\n{}\n</template>")),
        silent("a hidden element", around("<p hidden>{}</p>")),
        silent("a hidden element on its lines", around("<div hidden>\n\n{}\n\n</div>")),
        silent("a hidden paragraph on its lines", around("<p hidden>\n{}\n</p>")),
        silent("hidden in braces", around("<div hidden={true}>{}</div>")),
        silent("an element that is not displayed", around("<div style={{display:'none'}}>{}</div>")),
        silent("an element that is not displayed, otherwise", around("<div style={{ color: \"red\", \"display\": \"none\" }}>\n\n- {}\n\n</div>")),
        silent("a style as in HTML", around("<div style=\"display: none\">{}</div>")),
        silent("hidden inside a list item", around("- <span hidden>{}</span> a line")),
        silent("hidden on the lines of a list item", around("- <div hidden>\n\n  {}\n\n  </div>\n- A line.")),
        silent("hidden inside a quotation", around("> <div hidden>\n> {}\n> </div>")),
        silent("hidden between list items", around("- A line.\n<div hidden>\n- {}\n</div>")),
        silent("hidden in code", around("{open && <p hidden>{} {\"{}\"}</p>}")),
        silent("hidden in an attribute", around("<Tip content={<b hidden>{}</b>}>line</Tip>")),
        silent("a title of a hidden element", around("<img hidden alt=\"{}\" />")),
        silent("as an example of what never to write", around("<Note>Never write \"{}\" in a note.</Note>")),
    ]
}

#[test]
fn the_article_passes_before_anything_is_added() {
    let desk = Desk::new();
    for end in ["\n", "\r\n"] {
        let packet = desk.judge(NAME, passing_article().replace('\n', end));
        assert_eq!((packet.gate.status.as_str(), packet.gate.index.as_str()), ("pass", "approved"));
        assert!(packet.issues.is_empty(), "{:?}", packet.issues);
    }
}

#[test]
fn no_dress_of_jsx_hides_the_sentence() {
    let cases: Vec<Case> = [children(), markdown(), pieces(), strings(), attributes()].into_iter().flatten().collect();
    let wrong = judge_appended(NAME, &cases);
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn code_is_no_prose() {
    let wrong = judge_appended(NAME, &unread());
    assert!(wrong.is_empty(), "\n{wrong}");
}

/// What MDX would refuse, and the text of the file that the issue must point at.
const BROKEN: &[(&str, &str, &str)] = &[
    ("an open brace", "A line with { in it.", "{"),
    ("an open brace at the start of a line", "{open", "{"),
    ("an open brace before a closed one", "{ open\n\nA line.\n\n{x}", "{"),
    ("braces around prose", "{\n\nA line of prose stands here.\n\n}", "{"),
    ("an open string", "{\"open}", "{"),
    ("an open template literal", "{`open}", "{"),
    ("an open comment", "{/* open", "{"),
    ("an open element", "<Note>\n\nA line.", "<Note>"),
    ("an open element in a line", "A <b>line.", "<b>"),
    ("an open hidden element", "<div hidden>\n\nA line.", "<div hidden>"),
    ("an open script", "<script>\n\nA line.", "<script>"),
    ("an element closed twice", "<b>A line.</b></b>", "</b>"),
    ("an element never opened", "</Note>", "</Note>"),
    ("elements that overlap", "<Note><b>A line.</Note></b>", "<b>"),
    ("an element closed in another paragraph", "A <b>line.\n\nAnother</b> line.", "<b>"),
    ("an open tag", "<Note kind=\"x\"\n\nA line.", "<"),
    ("an open attribute", "<Note kind=\"x>\n\nA line.", "<"),
    ("an open expression in a tag", "<Note kind={x>\n\nA line.", "<"),
    ("an element left open in code", "{open && <p>A line.}", "{"),
    ("an autolink", "See <https://metals.org.uk/a>.", "<"),
    ("a comment of HTML", "<!-- a line -->", "<!--"),
    ("a number behind a bracket", "A line <3 of it.", "<"),
    ("a break without its end", "A<br>line.", "<br>"),
    ("an import that is prose", "import duties stay as they are.", "import"),
    ("an import with prose below", "import X from './x'\nA line of prose stands here.", "A line of prose stands here."),
    ("an export that never ends", "export const x = {\n  a: 1,\n\nA line.", "export"),
];

/// Whether a text check that would pass is limited.
fn is_limited(packet: &Packet) -> bool {
    packet
        .checks
        .iter()
        .filter(|check| ["live-price", "personalized-advice", "ymyl-boundary"].contains(&check.id.as_str()))
        .all(|check| check.status == "limited")
}

#[test]
fn what_cannot_be_parsed_is_limited_and_swallows_nothing() {
    let (desk, base) = (Desk::new(), passing_article());
    let mut wrong = String::new();
    for (name, text, place) in BROKEN {
        for end in ["\n", "\r\n"] {
            let file = format!("{base}\n{text}\n").replace('\n', end);
            let packet = desk.judge(NAME, file.as_str());
            let issues: Vec<&str> = packet.issues.iter().map(|issue| &file[issue.span.start as usize..issue.span.end as usize]).collect();
            if packet.gate.row != 3 || !is_limited(&packet) || !issues.contains(place) {
                let _ = writeln!(wrong, "{name}: row {}, because {:?}, issues at {issues:?}", packet.gate.row, packet.gate.because);
            }
            for more in [format!("{SENTENCE}\n"), format!("## A heading\n\n<p>{SENTENCE}</p>\n"), format!("    {SENTENCE}\n")] {
                let file = format!("{base}\n{text}\n\n{more}").replace('\n', end);
                let packet = desk.judge(NAME, file.as_str());
                let trades: Vec<&str> = packet
                    .all_findings()
                    .filter(|finding| finding.severity == "error")
                    .map(|finding| &file[finding.span.start as usize..finding.span.end as usize])
                    .collect();
                if packet.gate.row != 2 || !trades.iter().any(|trade| trade.contains("buy")) || !trades.iter().any(|price| price.contains("$2,412")) {
                    let _ = writeln!(wrong, "{name}, with {more:?} behind it: row {}, found {trades:?}", packet.gate.row);
                }
            }
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn links_of_jsx_are_links() {
    let text = "See <a href=\"https://one.test/a?b=c&amp;d\" rel=\"sponsored nofollow\">one</a>, <Link to=\"/two\">two</Link>, <Button href={'/three'} rel={\"ugc\"}>three</Button>\n\
        and <Link href={url(3)}>four</Link>.\n\n<Card title=\"Five\" href=\"/five\" />\n\n{x && <a href=\"/six\">six</a>}\n\n<Tip text={<a href=\"/seven\">seven</a>}>t</Tip>\n\n<link href=\"/none.css\" />\n\n<a href=\"/eight\">\n  eight\n</a>\n";
    let source = SourceText::new("a.mdx".to_owned(), text.as_bytes().to_vec());
    let document = Desk::new().document(&source);
    let links: Vec<(&str, Option<&str>, &str)> = document
        .links
        .iter()
        .map(|link| {
            assert_eq!(link.kind, LinkKind::Html);
            assert!(source.slice(link.source).starts_with('<'), "{:?}", source.slice(link.source));
            (link.destination.as_str(), link.rel.as_deref(), document.reading.slice(link.text.clone()).trim())
        })
        .collect();
    let wanted = [
        ("https://one.test/a?b=c&d", Some("sponsored nofollow"), "one"),
        ("/two", None, "two"),
        ("/three", Some("ugc"), "three"),
        ("{url(3)}", None, "four"),
        ("/five", None, ""),
        ("/six", None, "six"),
        ("/seven", None, ""),
        ("/eight", None, "eight"),
    ];
    assert_eq!(links, wanted);
}

#[test]
fn blocks_of_jsx_have_their_zones() {
    let text = "<h2>Title</h2>\n\n<ul><li>Item</li></ul>\n\n<blockquote>\n  Quoted\n</blockquote>\n\n<details>\n<summary>More</summary>\n\nInside\n\n</details>\n\n<Note title=\"Beside\">In a *component*</Note>\n\n<img alt=\"Seen\" />\n\n<table><tr><td>Cell</td></tr></table>\n";
    let source = SourceText::new("a.mdx".to_owned(), text.as_bytes().to_vec());
    let document = Desk::new().document(&source);
    let blocks: Vec<(Zone, u8, bool, &str)> =
        document.blocks.iter().map(|block| (block.zone, block.level, block.collapsed, document.block_text(block).trim())).collect();
    let wanted = [
        (Zone::Heading, 2, false, "Title"),
        (Zone::ListItem, 0, false, "Item"),
        (Zone::Quote, 0, false, "Quoted"),
        (Zone::Paragraph, 0, true, "More"),
        (Zone::Paragraph, 0, true, "Inside"),
        (Zone::Paragraph, 0, false, "In a component"),
        (Zone::Caption, 0, false, "Beside"),
        (Zone::Alt, 0, false, "Seen"),
        (Zone::Cell, 0, false, "Cell"),
    ];
    assert_eq!(blocks, wanted);
    assert!(document.issues.is_empty(), "{:?}", document.issues);
}

/// The article as somebody moves it to MDX: imports, wrappers, comments, elements of JSX in place of Markdown's.
fn converted(article: &str) -> String {
    let (_, body) = article.split_once("\n---\n").unwrap();
    let header = &article[..article.len() - body.len()];
    let mut section = 0;
    let mut out =
        format!("{header}\nimport {{ Section, Note }} from '@/components'\n\nexport const layout = {{\n  wide: true,\n}}\n\n{{/* from the ledger */}}\n");
    for block in body.split("\n\n") {
        let block = block.trim_matches('\n');
        if let Some(heading) = block.strip_prefix("## ") {
            section += 1;
            if section > 1 {
                out.push_str("</Section>\n\n");
            }
            let written = if section % 2 == 0 { format!("<h2>{heading}</h2>") } else { format!("    ## {heading} {{#part-{section}}}") };
            let _ = write!(out, "<Section\n  number={{{section}}}\n  data-name=\"part\"\n>\n\n{written}\n\n");
        } else if block.starts_with(['|', '-', '>', '#', '1', '`', '<']) {
            let _ = write!(out, "{block}\n\n");
        } else {
            let words = block.replacen(" the ", " <em>the</em> ", 1).replacen(" and ", "{' and '}", 1);
            let _ = write!(out, "  <>\n    {words}\n  </>\n\n");
        }
    }
    if section > 0 {
        out.push_str("</Section>\n");
    }
    out
}

#[test]
fn an_article_says_the_same_in_markdown_and_in_mdx() {
    let desk = Desk::new();
    let article = passing_article();
    let told = |packet: &Packet| {
        let sections: Vec<(String, u32)> = packet.sections.iter().map(|section| (section.heading.clone(), section.words)).collect();
        let statuses: Vec<(String, String)> = packet.checks.iter().map(|check| (check.id.clone(), check.status.clone())).collect();
        (packet.title.clone(), packet.words, sections, statuses, packet.gate.status.clone(), packet.gate.index.clone(), packet.issues.len())
    };
    let wanted = told(&desk.judge("copper-ledger-workflow.md", article.as_str()));
    assert_eq!(told(&desk.judge(NAME, article.as_str())), wanted, "as it is");
    let mdx = converted(&article);
    assert!(mdx.contains("<em>") && mdx.contains("<h2>") && mdx.contains("{' and '}"));
    assert_eq!(told(&desk.judge(NAME, mdx.as_str())), wanted, "converted:\n{mdx}");
    assert_eq!(told(&desk.judge(NAME, mdx.replace('\n', "\r\n"))), wanted, "converted, with CRLF");
}

/// Nesting and openings by the thousand: nothing recurses, the article is judged, and what stands behind is read or the article is held.
#[test]
fn hostile_nesting_is_judged() {
    let desk = Desk::new();
    let many = |piece: &str| piece.repeat(10_000);
    let nested = [
        format!("{}gold{}", many("<div>\n"), many("</div>\n")),
        format!("{}gold{}", many("<B>"), many("</B>")),
        format!("{}gold{}", many("{<B>"), many("</B>}")),
        format!("{}1{}", many("<B c={"), many("} />")),
        format!("{}1{}", many("{[("), many(")]}")),
    ];
    let open =
        ["{", "<", "[", "<B>", "{<B>", "<B c={", "<B c=\"", "{`${", "{/*", "\n{", "\n<B>", "](", "](a (", "- ", "\nexport const a = {\n", "a ` ", "<!--"]
            .map(many);
    for text in nested.into_iter().chain(open) {
        let name: String = text.chars().take(12).collect();
        let packet = desk.judge("a.mdx", format!("{text}\n\n{SENTENCE}\n"));
        let told = ["source/broken-mdx", "source/long-sentence", "source/deep-nesting"];
        assert!(packet.issues.iter().all(|issue| told.contains(&issue.rule.as_str())) && packet.issues.len() <= 23, "{name:?}: {} issues", packet.issues.len());
        assert!(packet.all_findings().any(|finding| finding.rule.starts_with("live-price/")), "{name:?}: the sentence behind it is not read");
    }
}
