//! The sentence as the dialects of Markdown and MDX dress it, beyond what CommonMark knows: callouts of any name, attributes behind words,
//! highlights, annotations, signs of notes, digits of other shapes. And code that template languages mark.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod desk;
mod dress;

use desk::Desk;
use dress::{Case, around, found, found_as, judge_appended, silent, with};

/// What Markdown and MDX share.
fn both() -> Vec<Case> {
    vec![
        found("in a callout of any name, folded, behind its title", around("> [!tip]- Read this\n> {}")),
        found("in the title of such a callout", around("> [!quote]+ {}\n> The words of a desk.")),
        found("in a callout of two words", around("> [!read me] Read this\n>\n> {}")),
        found("in a callout inside a list", around("- One line.\n\n  > [!info] Read this\n  > {}")),
        found("under an annotation", with(&[("should", "<ruby>should<rp>(</rp><rt>must</rt><rp>)</rp></ruby>")])),
        found("under annotations without brackets", with(&[("should buy", "<ruby>should<rt>must</rt> buy<rt>get</rt></ruby>")])),
        found("with the sign of a note behind a word", with(&[("should", "should<sup>2</sup>")])),
        found("with the sign of a note behind the price", with(&[("$2,412", "$2,412<sup>1</sup>"), ("you", "you<sup>\u{2020}</sup>")])),
        found(
            "with signs that are links",
            with(&[("$2,412", "$2,412<sup><a href=\"#fn1\">1</a></sup>"), ("should", "should<sup><a href=\"#fn2\">2, 3</a></sup>")]),
        ),
        found("with letters of a typewriter", with(&[("should", "<tt>should</tt>"), ("buy", "<kbd>buy</kbd>")])),
        found_as("with digits of mathematics", with(&[("$2,412", "$\u{1d7d0},\u{1d7d2}\u{1d7cf}\u{1d7d0}")]), "$\u{1d7d0},\u{1d7d2}\u{1d7cf}\u{1d7d0}", "buy"),
        found_as("with one such digit", with(&[("$2,412", "$2,41\u{1d7d0}")]), "$2,41\u{1d7d0}", "buy"),
    ]
}

fn markdown() -> Vec<Case> {
    vec![
        found("a link with attributes", with(&[("should", "[should](/desk){target=_blank}")])),
        found("a link with quoted attributes", with(&[("should", "[should](/desk){target=\"_blank\" rel=\"noopener nofollow\" .x}")])),
        found("words with attributes", with(&[("$2,412", "[$2,412]{.mark}"), ("should", "*should*{#a .b}")])),
        found("highlighted", with(&[("$2,412", "==$2,412=="), ("should buy", "==should buy==")])),
        found("highlighted between the words", with(&[("should", "==should=="), ("buy", "(==buy==)")])),
        found("marked as added", with(&[("$2,412", "++$2,412++"), ("should", "++should++")])),
        found("behind code of a template language", around("{% highlight text %}\na\n{% endhighlight %}\n\n{}")),
        found("where such code never ends", around("{% highlight text %}\n\n{}")),
        found("the words of an area", around("<map name=\"m\"><area alt=\"{}\" href=\"/x\"></map>")),
        found("the words on a button", around("<input type=\"submit\" value=\"{}\">")),
        silent("the value of a field that is hidden", around("<input type=\"hidden\" value=\"{}\">")),
        silent("the words for an image that is hidden", around("<img hidden alt=\"{}\" src=\"/a.png\">")),
        found("a template that is shown", around("<x-note><template shadowrootmode=\"open\"><p>{}</p></template></x-note>")),
        silent("in code of Liquid", around("{% highlight text %}\n{}\n\n{}\n{% endhighlight %}")),
        silent("in code of Hugo", around("{{< highlight go \"linenos=table\" >}}\n{}\n{{< /highlight >}}")),
        silent("a template that is hidden", around("<template shadowrootmode=\"open\" hidden><p>{}</p></template>")),
        silent("in an attribute of words", around("The [line](/desk){data-note=\"{}\"} is kept.")),
    ]
}

fn mdx() -> Vec<Case> {
    vec![
        found("given as children", around("<Note children=\"{}\" />")),
        found("given as children in braces", around("<Note children={`{}`} />")),
        found("given as an element", around("<Note children={<p>{}</p>} />")),
    ]
}

fn wrong(name: &str, cases: &[Case]) {
    let told = judge_appended(name, cases);
    assert!(told.is_empty(), "\n{told}");
}

#[test]
fn dialects_of_markdown_hide_nothing() {
    wrong("copper-ledger-workflow.md", &both());
    wrong("copper-ledger-workflow.md", &markdown());
}

#[test]
fn the_same_in_mdx() {
    wrong("copper-ledger-workflow.mdx", &both());
    wrong("copper-ledger-workflow.mdx", &mdx());
}

/// A raised digit behind a price is no digit of the price, and one behind a number or a unit is an exponent.
#[test]
fn raised_digits_are_signs_or_exponents() {
    let desk = Desk::new();
    for name in ["a.md", "a.mdx", "a.html"] {
        for (written, read) in [
            ("<p>At $2,412<sup>1</sup> now.</p>", "At $2,412 now."),
            ("<p>At 5%<sup>2,3</sup> now.</p>", "At 5% now."),
            ("<p>It fell.<sup>*</sup> It rose.</p>", "It fell. It rose."),
            ("<p>An area of 4 m<sup>2</sup> here.</p>", "An area of 4 m2 here."),
            ("<p>Some 10<sup>6</sup> here.</p>", "Some 106 here."),
            ("<p>The 4<sup>th</sup> day.</p>", "The 4th day."),
        ] {
            let document = desk.document(&notegate::source::SourceText::new(name.to_owned(), written.as_bytes().to_vec()));
            assert_eq!(document.reading.as_str().trim(), read, "{name}: {written}");
        }
    }
}

/// Equal signs and braces that are no marks stay what they are.
#[test]
fn signs_that_mark_nothing_are_read() {
    let desk = Desk::new();
    for text in [
        "Where a == b and b == c, a == c.",
        "C++ is not C, and C++ is not C#.",
        "See [the note](/x) {and this}.",
        "See [the note](/x){and this}.",
        "The set *x*{1} is small.",
        "One ==sign alone.",
        "A ==first sign\n\nand a last== one.",
    ] {
        let document = desk.document(&notegate::source::SourceText::new("a.md".to_owned(), text.as_bytes().to_vec()));
        let plain: String = text.replace("[the note](/x)", "the note").replace("*x*", "x").split_whitespace().collect();
        let read: String = document.reading.as_str().split_whitespace().collect();
        assert_eq!(read, plain);
    }
}
