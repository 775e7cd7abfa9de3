//! One sentence in every dress an author, an editor or an export can put on it. A reader reads the same words each time, so the
//! gate must say the same each time, and point at those words in the file. Where a reader does not read it, or reads it as an
//! example of what never to write, the gate must keep silent.
//!
//! Each case is judged with LF and with CRLF line ends.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod desk;
mod dress;

use desk::Desk;
use dress::{Case, SENTENCE, around, found, found_as, judge_appended, passing_article, silent, with};

fn line_breaks() -> Vec<Case> {
    vec![
        found("plain", SENTENCE),
        found("wrapped before the price", with(&[("at $", "at\n$")])),
        found("wrapped behind the price", with(&[("$2,412 right", "$2,412\nright")])),
        found("wrapped inside the live word", with(&[("right now", "right\nnow")])),
        found("wrapped before the trade", with(&[("should buy", "should\nbuy")])),
        found("wrapped behind the trade", with(&[("buy before", "buy\nbefore")])),
        found("one word a line", SENTENCE.replace(' ', "\n")),
        found("hard breaks", with(&[("at $", "at  \n$"), ("should buy", "should\\\nbuy")])),
        found("an HTML break", with(&[("at $", "at<br>$"), ("should buy", "should<br />buy")])),
        found("at the end of a paragraph", around("The table stays as it is. {}")),
        found("behind an abbreviation", around("The table follows Smith et al. {}")),
        found("as two sentences", "Gold is trading at $2,412 right now. You should buy before Friday."),
    ]
}

fn emphasis() -> Vec<Case> {
    vec![
        found("all bold", around("**{}**")),
        found("all italic", around("*{}*")),
        found("all italic with underscores", around("_{}_")),
        found("bold italic", around("***{}***")),
        found("bold words", with(&[("$2,412", "**$2,412**"), ("should buy", "**should** **buy**")])),
        found("italic trade", with(&[("buy", "*buy*")])),
        found_as("bold letters inside words", with(&[("trading", "tra**d**ing"), ("buy", "b**u**y")]), "$2,412", "b**u**y"),
        found_as("bold figure behind the sign", with(&[("$2,412", "$**2,412**")]), "$**2,412", "buy"),
        found("inserted and marked", with(&[("$2,412", "<ins>$2,412</ins>"), ("buy", "<mark>buy</mark>")])),
        found_as("HTML inside a word", with(&[("buy", "b<i>u</i>y")]), "$2,412", "b<i>u</i>y"),
        found_as("a comment inside a word", with(&[("buy", "b<!-- -->uy")]), "$2,412", "b<!-- -->uy"),
    ]
}

fn links() -> Vec<Case> {
    vec![
        found("a link around words", with(&[("you should buy", "[you should buy](https://metals.org.uk/desk)")])),
        found("links around single words", with(&[("$2,412", "[$2,412](/fix)"), ("buy", "[buy](/desk)")])),
        found("a link around everything", around("[{}](/desk)")),
        found("a reference link", format!("{}\n\n[desk]: https://metals.org.uk/desk", with(&[("should buy", "[should buy][desk]")]))),
        found("a shortcut reference", format!("{}\n\n[buy]: https://metals.org.uk/desk", with(&[("buy", "[buy]")]))),
        found("an HTML link", with(&[("should buy", "<a href=\"/desk\">should buy</a>")])),
        found("strong and link", with(&[("should buy", "**[should buy](/desk)**"), ("$2,412", "**[$2,412](/fix)**")])),
        found("strong, link and all of it", around("**[{}](/desk)**")),
    ]
}

fn characters() -> Vec<Case> {
    vec![
        found_as("a decimal entity", with(&[("$", "&#36;")]), "&#36;2,412", "buy"),
        found_as("a hexadecimal entity", with(&[("$", "&#x24;")]), "&#x24;2,412", "buy"),
        found_as("a named entity", with(&[("$", "&dollar;")]), "&dollar;2,412", "buy"),
        found_as("an entity for a letter", with(&[("buy", "b&#117;y")]), "$2,412", "b&#117;y"),
        found("no-break entities", SENTENCE.replace(' ', "&nbsp;")),
        found("no-break spaces", SENTENCE.replace(' ', "\u{a0}")),
        found("narrow no-break spaces", with(&[("at $", "at\u{202f}$"), ("should buy", "should\u{202f}buy")])),
        found("tabs", SENTENCE.replace(' ', "\t")),
        found_as("soft hyphens", with(&[("trading", "tra\u{ad}ding"), ("buy", "bu\u{ad}y")]), "$2,412", "bu\u{ad}y"),
        found_as("soft hyphen entities", with(&[("trading", "tra&shy;ding"), ("buy", "bu&shy;y")]), "$2,412", "bu&shy;y"),
        found_as("a zero-width space inside the trade", with(&[("buy", "b\u{200b}uy")]), "$2,412", "b\u{200b}uy"),
        found_as("a zero-width space inside the figure", with(&[("$2,412", "$2,\u{200b}412")]), "$2,\u{200b}412", "buy"),
        found_as("a word joiner behind the sign", with(&[("$2,412", "$\u{2060}2,412")]), "$\u{2060}2,412", "buy"),
        found_as("a direction mark", with(&[("buy", "bu\u{200e}y")]), "$2,412", "bu\u{200e}y"),
        found_as("full-width letters", with(&[("buy", "ｂｕｙ")]), "$2,412", "ｂｕｙ"),
        found_as("a full-width figure", with(&[("$2,412", "＄２，４１２")]), "＄２，４１２", "buy"),
        found_as("a Greek letter inside the trade", with(&[("buy", "b\u{3c5}y")]), "$2,412", "b\u{3c5}y"),
        found_as("a Cyrillic letter inside the trade", with(&[("buy", "bu\u{443}")]), "$2,412", "bu\u{443}"),
        found_as("Cyrillic letters beside it", with(&[("should", "sh\u{43e}uld"), ("you", "\u{443}\u{43e}u")]), "$2,412", "buy"),
        found_as("an Armenian letter", with(&[("buy", "b\u{57d}y")]), "$2,412", "b\u{57d}y"),
        found_as("mathematical letters", with(&[("buy", "\u{1d41b}\u{1d42e}\u{1d432}")]), "$2,412", "\u{1d41b}\u{1d42e}\u{1d432}"),
        found_as("small capitals", with(&[("buy", "\u{299}\u{1d1c}\u{28f}")]), "$2,412", "\u{299}\u{1d1c}\u{28f}"),
        found_as("letters in boxes", with(&[("buy", "\u{1f171}\u{1f184}\u{1f188}")]), "$2,412", "\u{1f171}\u{1f184}\u{1f188}"),
        found_as("lines under letters", with(&[("buy", "b\u{332}u\u{332}y\u{332}")]), "$2,412", "b\u{332}u\u{332}y\u{332}"),
        found_as("raised digits behind the sign", with(&[("$2,412", "$\u{b2}\u{2074}\u{b9}\u{b2}")]), "$\u{b2}\u{2074}\u{b9}\u{b2}", "buy"),
        found_as("digits on keys", with(&[("$2,412", "$2\u{fe0f}\u{20e3}4\u{fe0f}\u{20e3}1\u{fe0f}\u{20e3}2\u{fe0f}\u{20e3}")]), "2\u{fe0f}\u{20e3}4", "buy"),
        found_as("a code right before the figure", with(&[("$2,412", "USD2,412")]), "USD2,412", "buy"),
        found_as("a code right behind the figure", with(&[("$2,412", "2,412USD")]), "2,412USD", "buy"),
        found("an escaped sign", with(&[("$2", "\\$2")])),
        found("upper case", SENTENCE.to_uppercase()).trade("BUY"),
        found("lower case", SENTENCE.to_lowercase()),
        found("curly quotes around nothing", around("\u{201c}\u{201d} {}")),
        found("curly quotes around nothing inside", with(&[("right", "\u{201c}\u{201d} right"), ("you", "\u{2018}\u{2019} you")])),
        found("straight quotes around nothing", with(&[("right", "\"\" right")])),
        found("one word in quotes", with(&[("buy", "\u{201c}buy\u{201d}")])),
        found("quoted, and nobody said it", around("\u{201c}{}\u{201d}")),
        found("a template tag inside", with(&[("should buy", "should {{ break }} buy")])),
        // a template tag never spans a blank line: what stands between is prose
        found("braces that are no tag", around("{{\n\n{}\n\n}}")),
    ]
}

fn places() -> Vec<Case> {
    vec![
        found("in a list item", around("- {}")),
        found("in a numbered item", around("1. {}")),
        found("in a task", around("- [ ] {}")),
        found("in a nested item", around("- One line.\n  - {}")),
        found("in a block quote", around("> {}")),
        found("wrapped in a block quote", "> Gold is trading at $2,412\n> right now, so you should\n> buy before Friday."),
        found("on a lazy line of a quote", "> Gold is trading at $2,412 right now,\nso you should buy before Friday."),
        found("in a quote in a quote", around("> > {}")),
        found("in a list in a quote", around("> - {}")),
        found("in an HTML quote", around("<blockquote>{}</blockquote>")),
        found("in a table cell", around("| Note | Day |\n| --- | --- |\n| {} | 3 |")),
        found("in the head of a table", around("| {} | Day |\n| --- | --- |\n| a line | 3 |")),
        found("in an HTML table", around("<table><tr><td>{}</td><td>3</td></tr></table>")),
        found("in a heading", around("### {}")),
        found("in a heading without a full stop", format!("### {}", SENTENCE.trim_end_matches('.'))),
        found("in a heading underlined", around("{}\n---")),
        found("in an upper-case heading", format!("### {}", SENTENCE.trim_end_matches('.').to_uppercase())).trade("BUY"),
        found("in an HTML heading", around("<h3>{}</h3>")),
        found("in a footnote", around("The line is kept.[^kept]\n\n[^kept]: {}")),
        found(
            "in a paragraph of HTML",
            "<p>Gold is <span>trading</span> at <span class=\"figure\">$2,412</span> right now, so <em>you</em> <span>should</span> <b>buy</b> before Friday.</p>",
        ),
        found("in a wrapped paragraph of HTML", "<p class=\"lead\">\n  Gold is trading at\n  $2,412 right now, so you should\n  buy before Friday.\n</p>"),
        found("in Markdown inside HTML", around("<div class=\"box\">\n\n{}\n\n</div>")),
        found("in a callout", around("> [!WARNING]\n> {}")),
        found("in an admonition", around(":::note\n\n{}\n\n:::")),
        found("in the title of an admonition", around(":::note {}\n\nThe box has a line.\n\n:::")),
        found("in something collapsed", around("<details><summary>More</summary>\n\n{}\n\n</details>")),
        found("in a caption", around("<figure><figcaption>{}</figcaption></figure>")),
        found("in an alternative text", around("![{}](/chart.png)")),
        found("in a definition list", around("<dl><dt>Metal</dt><dd>{}</dd></dl>")),
        found("behind an open backtick", around("A lone ` stays a sign. {}")),
        found("between two comments", around("<!-- a -->\n\n{}\n\n<!-- b -->")),
    ]
}

fn unread() -> Vec<Case> {
    vec![
        silent("in a fenced code block", around("```\n{}\n```")),
        silent("in a code block with a language", around("~~~text\n{}\n~~~")),
        silent("in an indented code block", around("    {}")),
        silent("in code inside a list", around("- One line:\n\n  ```\n  {}\n  ```")),
        silent("in inline code", around("The line `{}` stays in the test file.")),
        silent("in HTML code", around("<pre><code>{}</code></pre>")),
        silent("in a comment", around("<!-- {} -->")),
        silent("in a comment over lines", "<!--\nGold is trading at $2,412 right now,\n\nso you should buy before Friday.\n-->"),
        silent("in a comment inside a line", around("The table <!-- {} --> stays.")),
        silent("in a script", around("<script>\n{}\n</script>")),
        silent("in a style sheet", around("<style>\n/* {} */\n</style>")),
        silent("in a hidden element", around("<p hidden>{}</p>")),
        silent("in an element that is not displayed", around("<div style=\"display: none\">{}</div>")),
        silent("in Markdown inside a hidden element", around("<div hidden>\n\n{}\n\n</div>")),
        silent("in a template comment", around("{% comment %}{}{% endcomment %}")),
        silent("as an example of what never to write", around("Never write \"{}\" in a note.")),
        silent("as such an example in curly quotes", around("Never write \u{201c}{}\u{201d} in a note.")),
        silent("as such an example, wrapped", "Never write \"Gold is trading at $2,412 right now,\nso you should buy before Friday.\" in a note."),
    ]
}

/// A heading of sources excuses entries of a list, no sentences.
fn under_sources() -> Vec<Case> {
    vec![
        found("prose under notes", around("## Notes\n\n{}")),
        found("prose under sources, wrapped", format!("## Sources\n\n{}", with(&[("trading at", "trading\nat")]))),
        found("prose with a short link", around("## References\n\nAs [the desk](https://metals.org.uk/desk) has it: {}")),
        found("a sentence as an item", around("## Further reading\n\n- {}")),
        found("a quotation of nobody", around("## Endnotes\n\n> {}")),
        silent("a title as a link", around("## References\n\n- [{}](https://metals.org.uk/desk)")),
        silent("a title in quotation marks", around("## Sources\n\n- Metals desk: \u{201c}{}\u{201d}")),
        silent("a numbered entry", around("## Notes\n\n[1] Metals desk. {}")),
        silent("an entry with its year", around("## Bibliography\n\nMetals desk (2024). {} Quarterly of the desk.")),
        silent("an entry with its address", around("## Works cited\n\nMetals desk, {} https://metals.org.uk/desk")),
    ]
}

#[test]
fn the_article_passes_before_anything_is_added() {
    let desk = Desk::new();
    for end in ["\n", "\r\n"] {
        let packet = desk.judge("copper-ledger-workflow.md", passing_article().replace('\n', end));
        assert_eq!((packet.gate.status.as_str(), packet.gate.index.as_str()), ("pass", "approved"));
    }
}

#[test]
fn no_dress_hides_the_sentence() {
    let cases: Vec<Case> = [line_breaks(), emphasis(), links(), characters(), places()].into_iter().flatten().collect();
    let wrong = judge_appended("copper-ledger-workflow.md", &cases);
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn what_nobody_reads_as_said_is_left_alone() {
    let wrong = judge_appended("copper-ledger-workflow.md", &unread());
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn a_heading_of_sources_excuses_entries_alone() {
    let wrong = judge_appended("copper-ledger-workflow.md", &under_sources());
    assert!(wrong.is_empty(), "\n{wrong}");
}

/// A character that shows letters from right to left makes a reader read other words than stand there.
#[test]
fn text_that_is_turned_round_limits() {
    let (desk, base) = (desk::Desk::new(), dress::passing_article());
    let packet = desk.judge("article.md", format!("{base}\n\u{202e}.yadirF erofeb yub dluohs uoy\u{202c}\n"));
    let issue = packet.issues.iter().find(|issue| issue.rule == "source/reordered-text").expect("it is told");
    assert!(issue.message.starts_with("a hidden character shows 5 words"), "{}", issue.message);
    assert_eq!(packet.gate.status, "limited");
    // marks of direction around words of another script turn nothing round
    let packet = desk.judge("article.md", format!("{base}\nThe Hebrew word \u{2067}\u{5d6}\u{5d4}\u{5d1}\u{2069} is kept as it is.\n"));
    assert!(packet.issues.is_empty(), "{:?}", packet.issues);
}
