//! The same sentence in every dress that HTML has for it, in a fragment and in a whole page. What a reader of the page sees is found,
//! at the bytes that hold its words; what nobody sees, or what is no part of the article, is left alone.
//!
//! Each case is judged with LF and with CRLF line ends.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod desk;
mod dress;

use comrak::{Options, markdown_to_html};
use desk::Desk;
use dress::{Case, SENTENCE, around, found, found_as, passing_article, silent, with};

/// Header and body of the article that passes, the body as HTML.
fn parts() -> (String, String) {
    let article = passing_article();
    let body = article.find("\n---\n").unwrap() + 5;
    let mut options = Options::default();
    options.extension.table = true;
    options.extension.footnotes = true;
    options.render.r#unsafe = true;
    (article[..body].to_owned(), markdown_to_html(&article[body..], &options))
}

/// What stands before the case and behind it.
fn frames() -> [(&'static str, String, String); 3] {
    let (header, body) = parts();
    let before = format!(
        "{header}<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>Copper Cathode Stock Draws: A Ledger Workflow</title>\n\
         <style>nav {{ color: red }}</style>\n</head>\n<body>\n<header class=\"site\"><a href=\"/\">Harbour Street</a><nav><ul><li><a href=\"/desk\">Desk</a></ul></nav></header>\n\
         <main>\n<article>\n<header><h1>Copper Cathode Stock Draws</h1></header>\n{body}\n"
    );
    let behind = "\n</article>\n<aside>Other notes of the desk.</aside>\n</main>\n<footer>Harbour Street Desk</footer>\n</body>\n</html>\n";
    let bare = format!("{header}<body>\n<nav>Desk</nav>\n{body}\n");
    [
        ("in a fragment", format!("{header}\n{body}\n"), "\n".to_owned()),
        ("in a page", before, behind.to_owned()),
        ("in a bare body", bare, "\n<footer>The desk</footer>\n".to_owned()),
    ]
}

fn judge_all(cases: &[Case]) -> String {
    let desk = Desk::new();
    let mut wrong = String::new();
    for (name, before, behind) in frames() {
        let told = dress::judge_all(cases, &|case, end| {
            let before = before.replace('\n', end);
            let file = format!("{before}{}{}", case.text.replace('\n', end), behind.replace('\n', end));
            (desk.judge("copper-ledger-workflow.html", file.as_str()), file, before.len())
        });
        if !told.is_empty() {
            wrong.push_str(&format!("── {name}\n{told}"));
        }
    }
    wrong
}

fn p(text: &str) -> String {
    format!("<p>{text}</p>")
}

fn inline() -> Vec<Case> {
    let each = |tag: &str, end: &str| p(&SENTENCE.split(' ').map(|word| format!("<{tag}>{word}</{end}>")).collect::<Vec<_>>().join(" "));
    vec![
        found("plain", p(SENTENCE)),
        found("without a paragraph", SENTENCE),
        found("a span around every word", each("span class=\"w\"", "span")),
        found("a font around every word", each("FONT color=red", "FONT")),
        found(
            "bold and links around words",
            p(&with(&[("$2,412", "<b>$2,412</b>"), ("should buy", "<a href=\"/desk\">should</a> <strong><em>buy</em></strong>")])),
        ),
        found("a link around everything", p(&around("<a href=\"/x\">{}</a>"))),
        found("nested five deep", p(&around("<b><i><u><span><small>{}</small></span></u></i></b>"))),
        found("crossed formatting", p(&with(&[("trading at", "<b>trading <i>at</b>"), ("should buy", "should</i> buy")]))),
        found("keys and typewriter letters", p(&with(&[("$2,412", "<tt>$2,412</tt>"), ("buy", "<kbd>buy</kbd>")]))),
        found(
            "marked, inserted, abbreviated",
            p(&with(&[("$2,412", "<mark>$2,412</mark>"), ("should", "<ins>should</ins>"), ("buy", "<abbr title='b > u'>buy</abbr>")])),
        ),
        found_as("tags inside words", p(&with(&[("trading", "tra<span>d</span>ing"), ("buy", "b<i>u</i>y")])), "$2,412", "b<i>u</i>y"),
        found_as("a tag behind the sign", p(&with(&[("$2,412", "$<b>2,412</b>")])), "$<b>2,412", "buy"),
        found_as("a comment inside a word", p(&with(&[("buy", "b<!-- x -->uy")])), "$2,412", "b<!-- x -->uy"),
        found("comments between words", p(&SENTENCE.replace(' ', " <!-- you > me --> "))),
        found("other things that are comments", p(&with(&[("right", "<?x y ?>right"), ("should", "<!x>should"), ("you", "</ x>you"), ("buy", "</>buy")]))),
        found("a section of data", p(&with(&[("should", "<![CDATA[x]]>should")]))),
        found("breaks", p(&with(&[("at $", "at<br>$"), ("should buy", "should<BR />buy")]))),
        found_as("a place to break inside words", p(&with(&[("trading", "tra<wbr>ding"), ("buy", "b<wbr>uy")])), "$2,412", "b<wbr>uy"),
        found("a picture between words", p(&with(&[("should buy", "should <img src=\"/x.png\" alt=\"\"> buy")]))),
        found("attributes with signs inside", p(&with(&[("should", "<span title=\"a > b\" data-x='</p>'>should</span>")]))),
        found("a script between words", p(&with(&[("should", "<script>let x = '</p>';</script>should")]))),
        found("hidden words between words", p(&with(&[("should", "<span hidden>not</span> should"), ("right", "<i style=\"display:none\">x</i>right")]))),
        found("a hidden block between words", around("<div>{}</div>").replace("should buy", "should <div hidden>never</div> buy")),
        found("odd elements", p(&with(&[("should", "<my-word>should</my-word>"), ("$2,412", "<o:p>$2,412</o:p>")]))),
        found("aria-hidden", p(&around("<span aria-hidden=\"true\">{}</span>"))),
        found("as a button", around("<button>{}</button>")),
        found("as a label", around("<label for=\"x\">{} <input id=\"x\"></label>")),
        found(
            "blocks shown as lines",
            with(&[("trading at", "<div style=\"display: inline\">trading at</div>"), ("should", "<div style='display:inline-block'>should</div>")]),
        ),
        found("as two sentences", "<p>Gold is trading at $2,412 right now. <span>You</span> should <b>buy</b> before Friday.</p>"),
    ]
}

fn characters() -> Vec<Case> {
    vec![
        found_as("a decimal entity", p(&with(&[("$", "&#36;")])), "&#36;2,412", "buy"),
        found_as("a hexadecimal entity", p(&with(&[("$", "&#X24;")])), "&#X24;2,412", "buy"),
        found_as("a named entity", p(&with(&[("$", "&dollar;")])), "&dollar;2,412", "buy"),
        found_as("an entity with zeros before it", p(&with(&[("$", "&#000036;")])), "&#000036;2,412", "buy"),
        found_as("an entity without a semicolon", p(&with(&[("buy before", "buy&nbspbefore"), ("$2,412", "&#x24\u{2060}2,412")])), "&#x24\u{2060}2,412", "buy"),
        found_as("an entity for a letter", p(&with(&[("buy", "b&#117;y")])), "$2,412", "b&#117;y"),
        found_as("every letter of the trade", p(&with(&[("buy", "&#98;&#117;&#121;")])), "$2,412", "&#98;&#117;&#121;"),
        found_as("a comma as an entity", p(&with(&[("$2,412", "$2&comma;412")])), "$2&comma;412", "buy"),
        found("no-break entities", p(&SENTENCE.replace(' ', "&nbsp;"))),
        found("thin spaces", p(&SENTENCE.replace(' ', "&thinsp;"))),
        found("no-break spaces", p(&SENTENCE.replace(' ', "\u{a0}"))),
        found_as("soft hyphens", p(&with(&[("trading", "tra&shy;ding"), ("buy", "bu&shy;y")])), "$2,412", "bu&shy;y"),
        found_as("zero-width spaces", p(&with(&[("buy", "b&#8203;uy"), ("$2,412", "$2,\u{200b}412")])), "$2,\u{200b}412", "b&#8203;uy"),
        found_as("zero-width joiners", p(&with(&[("buy", "b&zwj;uy")])), "$2,412", "b&zwj;uy"),
        found_as("a direction mark", p(&with(&[("buy", "bu&lrm;y")])), "$2,412", "bu&lrm;y"),
        found_as("full-width letters", p(&with(&[("buy", "ｂｕｙ")])), "$2,412", "ｂｕｙ"),
        found("one word a line", p(&SENTENCE.replace(' ', "\n"))),
        found("tabs and blank lines", p(&SENTENCE.replace(' ', "\n\n\t"))),
        found("upper case", p(&SENTENCE.to_uppercase())).trade("BUY"),
        found("curly quotes as entities", p(&around("&ldquo;{}&rdquo;"))),
    ]
}

fn places() -> Vec<Case> {
    vec![
        found("upper-case tags", around("<DIV><P>{}</P></DIV>")),
        found("a paragraph that is not closed", around("<p>One line.<p>{}<p>Another line.")),
        found("items that are not closed", around("<ul><li>One line.<li>{}<li>Another line.</ul>")),
        found("a nested item", around("<ol><li>One<ul><li>{}</ul></ol>")),
        found("a definition", around("<dl><dt>Metal<dd>{}<dt>Other</dl>")),
        found("a term", around("<dl><dt>{}</dt><dd>Metal</dd></dl>")),
        found("a cell", around("<table><tr><th>Note<th>Day<tr><td>{}<td>3</table>")),
        found("a cell with a paragraph", around("<table><tbody><tr><td><p>{}</p></td><td>3</td></tr></tbody></table>")),
        found("the head of a table", around("<table><thead><tr><th>{}</th><th>Day</th></tr></thead><tr><td>a line</td><td>3</td></tr></table>")),
        found("the caption of a table", around("<table><caption>{}</caption><tr><td>a</td><td>3</td></tr></table>")),
        found("the foot of a table", around("<table><tfoot><tr><td>{}</td></tr></tfoot></table>")),
        found("a table in a table", around("<table><tr><td><table><tr><td>{}</table></table>")),
        found("a layout table", around("<table width=600><tr><td><font face=Arial>{}</font></td></tr></table>")),
        found("text misplaced in a table", around("<table>{}<tr><td>a</td></tr></table>")),
        found("a figure's caption", around("<figure><img src=x alt=''><figcaption>{}</figcaption></figure>")),
        found("an alternative text", around("<p><img src=\"/chart.png\" alt=\"{}\"></p>")),
        found("an alternative text over lines", around("<img src=x alt='{}'>").replace("right now, so", "right\nnow, so")),
        found("a heading", around("<h3>{}</h3>")),
        found("a heading of ARIA", around("<div role=\"heading\" aria-level=\"3\">{}</div>")),
        found("a block quote", around("<blockquote><p>{}</p></blockquote>")),
        found("a quote in a quote", around("<blockquote><blockquote>{}</blockquote></blockquote>")),
        found("details", around("<details><summary>More</summary><p>{}</p></details>")),
        found("a summary", around("<details><summary>{}</summary><p>More</p></details>")),
        found("a callout", around("<div class=\"admonition note\"><p>{}</p></div>")),
        found("a note of ARIA", around("<aside role=\"note\"><p>{}</p></aside>").replace("aside", "section")),
        found("a fieldset", around("<fieldset><legend>{}</legend></fieldset>")),
        found("an address", around("<address>{}</address>")),
        found("a centred line", around("<center>{}</center>")),
        found("a marquee", around("<marquee>{}</marquee>")),
        found("a dialogue that is open", around("<dialog open>{}</dialog>")),
        found(
            "a footnote",
            around("<p>The line is kept.<sup><a href=\"#fn1\" id=\"ref1\">1</a></sup></p><ol><li id=\"fn1\">{} <a href=\"#ref1\">↩</a></li></ol>"),
        ),
        found("words on a mark that is none", p(&around("<sup><a href=\"#fn2\">{}</a></sup>"))),
        found("a header inside the article", around("<section><header>{}</header></section>")),
        found("a footer inside the article", around("<section><footer>{}</footer></section>")),
        found("display that is overruled", around("<p style=\"display:none;display:block\">{}</p>")),
        found("display that is no value", around("<p style=\"display:nonesuch\">{}</p>")),
        found("a property that only looks like it", around("<p style=\"--x-display:none\">{}</p>")),
        found("a comment inside the style", around("<p style=\"dis/**/play:none\">{}</p>")),
        found("visible in the invisible", around("<div style=\"visibility:hidden\"><p style=\"visibility:visible\">{}</p></div>")),
        found("hidden until found", around("<div hidden=\"until-found\">{}</div>")),
        found("small, pale and far away", around("<p style=\"font-size:1px;color:#fff;position:absolute;left:-9999px\">{}</p>")),
        found("behind a hidden paragraph", around("<p hidden>x<p>{}")),
        found("behind a hidden item", around("<ul><li hidden>x<li>{}</ul>")),
        found("behind a span that its paragraph ends", around("<p>a<span hidden>b</p><p>{}</p>")),
        found("behind code that its paragraph ends", around("<p>a <code>b<p>{}</p>")),
        found("behind code that is crossed", around("<code><p>a</code>{}</p>")),
        found("behind hidden formatting that its paragraph ends", around("<p>a<b hidden>b</p><p>{}</p>")),
        found("a block lifted out of a hidden span", around("<b><span hidden><div></b>{}</div></span>")),
        found("behind vector graphics", around("<svg><title>x</title><g><path d='x'/></svg>{}")),
        found("breaking out of vector graphics", around("<svg><g><p>{}</p>")),
        found("behind a style in vector graphics", around("<svg><style></svg><p>{}</p>")),
        found("in a text field", around("<textarea>{}</textarea>")),
        found("in a text field left open", around("<textarea>{}")),
        found("in a selection", around("<select><option>One<option>{}</select>")),
        found("as the label of an option", around("<select><option label=\"{}\">One</select>")),
        found("in a field", around("<input value=\"{}\">")),
        found("drawn", around("<svg><text x=1>{}</text></svg>")),
        found("drawn in lines", with_lines("<svg><text>{}</text></svg>")),
        found("as the title of a drawing", around("<svg><title>{}</title><path d='x'/></svg>")),
        found("as HTML in a drawing", around("<svg><foreignObject><p>{}</p></foreignObject></svg>")),
        found("as the words of a formula", around("<math><mtext>{}</mtext></math>")),
        found("behind a selection", around("<select><option>a</select><p>{}</p>")),
        found("behind a script that closes", around("<script>// <!-- </script><p>{}</p>")),
        found("plaintext in a list", around("<ul><li>{}</li></ul><p>One line.")),
        found("an example in quotes that nobody gave", p(&around("&quot;&quot; {}"))),
        found("the words of a button in an attribute", around("<form><input type=\"submit\" value=\"{}\"></form>")),
        found("the words of an area", around("<map name=m><area alt=\"{}\" href=/x></map>")),
        found("the words for an image of AMP", around("<amp-img alt=\"{}\" src=/x></amp-img>")),
        found("a template that is shown", around("<x-note><template shadowrootmode=\"open\"><p>{}</p></template></x-note>")),
        found("behind a body inside a template", around("<template><body class=x><p>a</p></template><p>{}</p>")),
        found("under an annotation", p(&with(&[("should", "<ruby>should<rp>(</rp><rt>must</rt><rp>)</rp></ruby>")]))),
        found("under an annotation without ends", p(&with(&[("should", "<ruby>should<rp>(<rt>must<rp>)</ruby>")]))),
        found("with signs of notes that are no links", p(&with(&[("$2,412", "$2,412<sup class=ref>1</sup>"), ("should", "should<sup>2</sup>")]))),
        found("with letters of a typewriter", p(&with(&[("should", "<tt>should</tt>"), ("buy", "<kbd>buy</kbd>")]))),
        found("between stray ends", around("</section></span></table>{}</b></i>")),
    ]
}

fn unread() -> Vec<Case> {
    vec![
        silent("code", around("<pre><code>{}</code></pre>")),
        silent("preformatted", around("<pre>{}</pre>")),
        silent("code in a line", around("<p>The line <code>{}</code> stays in the test file.</p>")),
        silent("sample output", around("<p>It prints <samp>{}</samp> and stops.</p>")),
        silent("a comment", around("<!-- {} -->")),
        silent("a comment with tags", around("<!-- <p>{}</p>\n -- > -->")),
        silent("a script", around("<script>\nlet x = \"{}\";\n</script>")),
        silent("a module", around("<SCRIPT type=module>/* <p>{}</p> */</SCRIPT>")),
        silent("a style", around("<style>p::before {{ content: \"{}\" }}</style>").replace("{{", "{").replace("}}", "}")),
        silent("a template", around("<template><p>{}</p></template>")),
        silent("JSON-LD", around("<script type=\"application/ld+json\">{\"@type\": \"Article\", \"articleBody\": \"{}\", \"description\": \"{}\"}</script>")),
        silent("a hidden element", around("<p hidden>{}</p>")),
        silent("a hidden element, spelt otherwise", around("<P HIDDEN=\"hidden\">{}</P>")),
        silent("what is inside a hidden element", around("<div hidden><section><p>{}</p></section></div>")),
        silent("not displayed", around("<div style=\"display: none\">{}</div>")),
        silent("not displayed, spelt otherwise", around("<div STYLE='color:red; DISPLAY : None !important'>{}</div>")),
        silent("not displayed, with an escape", around("<div style=\"d\\69splay:none\">{}</div>")),
        silent("invisible", around("<div style=\"visibility:hidden\"><p>{}</p></div>")),
        silent("a dialogue", around("<dialog>{}</dialog>")),
        silent("a popover", around("<div popover>{}</div>")),
        silent("noscript", around("<noscript><p>{}</p></noscript>")),
        silent("a frame", around("<iframe src=\"x\">{}</iframe>")),
        silent("an object", around("<object data=\"x\">{}</object>")),
        silent("what vector graphics only define", around("<svg><defs><text>{}</text></defs></svg>")),
        silent("the signs of a formula", around("<math><mi>{}</mi></math>")),
        silent("a video", around("<video><p>{}</p></video>")),
        silent("a destination", around("<p><a href=\"/x?q={}\">The table</a> stays.</p>")),
        silent("an attribute of data", around("<p data-note=\"{}\">The table stays.</p>")),
        silent("a title attribute", around("<p title=\"{}\">The table stays.</p>")),
        silent("an empty field's hint", around("<p><input placeholder=\"{}\"></p>")),
        silent("navigation inside the article", around("<nav><ul><li><a href=\"/x\">{}</a></li></ul></nav>")),
        silent("navigation of ARIA", around("<div role=\"navigation\">{}</div>")),
        silent("an example of what never to write", p(&around("Never write &ldquo;{}&rdquo; in a note."))),
    ]
}

#[test]
fn the_article_passes_before_anything_is_added() {
    let desk = Desk::new();
    for (name, before, behind) in frames() {
        for end in ["\n", "\r\n"] {
            let packet = desk.judge("copper-ledger-workflow.html", format!("{before}{behind}").replace('\n', end));
            assert_eq!((packet.gate.status.as_str(), packet.gate.index.as_str()), ("pass", "approved"), "{name}: {:?}", packet.gate.because);
        }
    }
}

#[test]
fn no_dress_hides_the_sentence() {
    let cases: Vec<Case> = [inline(), characters(), places()].into_iter().flatten().collect();
    let wrong = judge_all(&cases);
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn what_nobody_reads_as_said_is_left_alone() {
    let wrong = judge_all(&unread());
    assert!(wrong.is_empty(), "\n{wrong}");
}

/// The frame of the site is not judged, and its text is no part of the article.
#[test]
fn the_frame_of_the_page_is_left_alone() {
    let (desk, [_, page, bare]) = (Desk::new(), frames());
    let places = [
        (&page, "Other notes of the desk."),
        (&page, "<footer>Harbour Street Desk"),
        (&page, "<li><a href=\"/desk\">Desk"),
        (&page, "<a href=\"/\">Harbour Street"),
        (&bare, "<nav>Desk"),
        (&bare, "<footer>The desk"),
    ];
    for ((_, before, behind), place) in places {
        let file = format!("{before}{behind}").replacen(place, &format!("{place} {SENTENCE}"), 1);
        assert!(file.contains(SENTENCE), "{place}");
        let packet = desk.judge("copper-ledger-workflow.html", file);
        assert_eq!((packet.gate.status.as_str(), packet.gate.index.as_str()), ("pass", "approved"), "{place}: {:?}", packet.gate.because);
    }
}

/// What search engines and social networks show of the page is read like a title.
#[test]
fn what_others_show_of_the_page_is_read() {
    let (desk, [_, (_, before, behind), _]) = (Desk::new(), frames());
    for element in [
        around("<meta name=\"description\" content=\"{}\">"),
        around("<META CONTENT='{}' NAME=Description>"),
        around("<meta property=\"og:title\" content=\"{}\">"),
        around("<meta property=\"og:description\" content=\"{}\">"),
        around("<meta name=\"twitter:description\" content=\"{}\">"),
    ] {
        let file = format!("{before}{behind}").replacen("<style>", &format!("{element}<style>"), 1);
        let packet = desk.judge("copper-ledger-workflow.html", file.as_str());
        let start = file.find(SENTENCE).unwrap();
        let told = dress::is_pointed_at(&packet, dress::PRICE_CHECKS, &file, &(start..start + SENTENCE.len()), "$2,412");
        assert!(told, "{element}: {}", dress::told(&packet, &file));
    }
    let title = format!("{before}{behind}").replacen("<title>", &format!("<title>{SENTENCE} "), 1);
    assert_eq!(desk.judge("copper-ledger-workflow.html", title).gate.status, "fail");
}

/// The sentence in a frame, each half in a line of its own of a drawing.
fn with_lines(frame: &str) -> String {
    let lines = SENTENCE.replacen("right now, so", "right</tspan><tspan x=0 dy=12>now, so", 1);
    frame.replace("{}", &format!("<tspan x=0>{lines}</tspan>"))
}

/// A gate, and the id and first words of what is told, where the sentence stands in code or where only some browsers show it.
#[test]
fn words_that_are_not_judged_are_told() {
    let (desk, base) = (desk::Desk::new(), dress::passing_article());
    for (name, text, gate, told) in [
        ("a fence", "```\n{}\n```", "pass", Some(("source/prose-in-code", "13 words"))),
        ("a fence of text", "```text\n{}\n```", "pass", Some(("source/prose-in-code", "13 words"))),
        ("indented code", "    {}", "pass", Some(("source/prose-in-code", "13 words"))),
        ("code in a line", "See `{}` here.", "pass", Some(("source/prose-in-code", "13 words"))),
        ("preformatted HTML", "<pre>{}</pre>", "pass", Some(("source/prose-in-code", "13 words"))),
        ("code of a language", "```rust\n// {}\n```", "pass", None),
        ("code of a language in HTML", "<pre><code class=\"language-rust\">// {}</code></pre>", "pass", None),
        ("for browsers without scripts", "<noscript>{}</noscript>", "pass", Some(("source/fallback-text", "13 words"))),
        ("for browsers without video", "<video src=x><p>{}</p></video>", "pass", Some(("source/fallback-text", "13 words"))),
        (
            "a frame with its page",
            "<iframe srcdoc=\"<p>{}</p>\"></iframe>",
            "limited",
            Some(("source/unread-body", "`<iframe srcdoc>` begins here and shows 13 words")),
        ),
    ] {
        let packet = desk.judge("article.md", format!("{base}\n{}\n", text.replace("{}", SENTENCE)));
        assert_eq!(packet.gate.status, gate, "{name}");
        let issues: Vec<(&str, &str)> = packet.issues.iter().map(|issue| (issue.rule.as_str(), issue.message.as_str())).collect();
        match told {
            Some((id, words)) => assert!(issues.iter().any(|(rule, message)| *rule == id && message.starts_with(words)), "{name}: {issues:?}"),
            None => assert!(issues.is_empty(), "{name}: {issues:?}"),
        }
    }
}
