//! Whole pages: the same article says the same in Markdown and in HTML, the article is found among the frame of its site, tables and
//! notes are what they are for a reader, what a page says of itself fills its roles, and nothing hostile stops the reader.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod desk;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use comrak::{Options, markdown_to_html};
use desk::Desk;
use notegate::config::Config;
use notegate::document::roles::Origin;
use notegate::document::{Document, LinkKind, PageOptions, Zone};
use notegate::packet::Packet;
use notegate::policy::Policy;
use notegate::source::SourceText;

static DESK: LazyLock<Desk> = LazyLock::new(Desk::new);

fn document(text: &str) -> Document {
    DESK.document(&SourceText::new("page.html".to_owned(), text.as_bytes().to_vec()))
}

fn tidy(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The blocks of a page as zone and text.
fn blocks(text: &str) -> Vec<(Zone, String)> {
    let document = document(text);
    document.blocks.iter().map(|block| (block.zone, tidy(document.block_text(block)))).collect()
}

fn texts(text: &str) -> Vec<String> {
    blocks(text).into_iter().map(|(_, text)| text).collect()
}

// ── Markdown and HTML ────────────────────────────────────────────────────────────────────────────────────────────────

fn dialect() -> Options<'static> {
    let mut options = Options::default();
    options.extension.table = true;
    options.extension.strikethrough = true;
    options.extension.tasklist = true;
    options.extension.footnotes = true;
    options.extension.alerts = true;
    options.render.r#unsafe = true;
    options
}

/// The two forms of an article in HTML; its header stays as it is.
fn forms(article: &str) -> [String; 2] {
    let fences = [("---\n", "\n---\n"), ("+++\n", "\n+++\n"), ("{\n", "\n}\n")];
    let fence = fences.iter().find(|(open, _)| article.starts_with(open)).map(|(_, close)| *close);
    let body = fence.and_then(|close| article.find(close).map(|at| at + close.len())).unwrap_or(0);
    let (header, body) = article.split_at(body);
    let html = markdown_to_html(body, &dialect());
    let page = format!(
        "{header}<!doctype html>\n<html><head><meta charset=utf-8></head>\n<body>\n<header><nav><a href=/>Home</a></nav></header>\n<main><article>\n{html}\n\
         </article></main>\n<aside><h2>More</h2><p>Other notes.</p></aside>\n<footer><p>You should buy gold now.</p></footer>\n</body></html>\n"
    );
    [format!("{header}\n{html}"), page]
}

/// What must be the same in every form.
fn verdict(packet: &Packet) -> Vec<String> {
    let checks = packet.checks.iter().map(|check| format!("{} {}", check.id, check.status));
    let sections = packet.sections.iter().map(|section| format!("{} {} {}", section.heading, section.words, section.judged));
    checks.chain(sections).chain([format!("{} words, gate {}", packet.words, packet.gate.status)]).collect()
}

fn articles(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
            if entry.path().is_dir() {
                folders.push(entry.path());
            } else if entry.path().extension().is_some_and(|ending| ending == "md") {
                found.push(entry.path());
            }
        }
    }
    found.sort();
    found
}

/// Fixtures that are not the same in HTML, and why.
const OTHERWISE: &[(&str, &str)] = &[(
    "disclosed-markdown-links-with-own-fee-arithmetic.md",
    "HTML has a place for `rel=\"sponsored\"`, and a paying link without it is a warning; Markdown has none",
)];

#[test]
fn an_article_says_the_same_in_markdown_and_in_html() {
    let mut wrong = Vec::new();
    let paths = articles(&Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures"));
    assert!(paths.len() >= 100, "{} fixtures", paths.len());
    for path in &paths {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let folder = path.parent().unwrap().to_owned();
        let snapshot = |file: &str| fs::read(folder.join(file)).map_err(|error| error.to_string());
        let Ok(article) = fs::read_to_string(path) else { continue };
        let judge = |name: &str, text: &str| DESK.judge_with(&[(name, text.as_bytes().to_vec())], &snapshot).remove(0);
        let markdown = verdict(&judge(&name, &article));
        for (form, text) in ["fragment", "page"].iter().zip(forms(&article)) {
            let html = verdict(&judge(&name.replace(".md", ".html"), &text));
            let differ: Vec<String> = markdown.iter().zip(&html).filter(|(a, b)| a != b).map(|(a, b)| format!("{a} / {b}")).collect();
            let same = differ.is_empty() && markdown.len() == html.len();
            let known = OTHERWISE.iter().any(|(known, _)| *known == name);
            if same == known {
                wrong.push(format!("{name} as a {form}: {} lines / {} lines; {}", markdown.len(), html.len(), differ.join("; ")));
            }
        }
    }
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
}

// ── The article among the frame of its site ─────────────────────────────────────────────────────────────────────────

const LONG: &str = "The desk writes every draw of the ledger down on the day on which it was reported and keeps the old line beside it.";

#[test]
fn the_article_is_found() {
    let cases: &[(&str, &str, &[&str])] = &[
        ("an article in main", "<main><p>Crumbs</p><article><p>LONG</p></article><p>Share</p></main>", &["LONG"]),
        ("main alone", "<nav>Home</nav><main><p>LONG</p></main><footer>End</footer>", &["LONG"]),
        ("main by its role", "<div>Top</div><div role=main><p>LONG</p></div>", &["LONG"]),
        ("the body", "<header>Site</header><nav>Home</nav><div><p>LONG</p></div><aside>Ads</aside><footer>End</footer>", &["LONG"]),
        (
            "a byline in the article's header",
            "<header>Site</header><article><header><h1>Title</h1><p>By the desk</p></header><p>LONG</p><footer>Notes</footer></article>",
            &["Title", "By the desk", "LONG", "Notes"],
        ),
        ("navigation in the article", "<article><nav>Contents</nav><p>LONG</p></article>", &["LONG"]),
        ("an aside in the article", "<article><p>LONG</p><aside>Mind this</aside></article>", &["LONG", "Mind this"]),
        ("a side bar in main", "<main><p>LONG</p><aside>Ads</aside></main>", &["LONG"]),
        ("the headline in the site's header", "<header><nav>Home</nav><h1>Title</h1></header><div><p>LONG</p></div>", &["Title", "LONG"]),
        ("the headline before the article", "<main><h1>Title</h1><p>Share</p><article><p>LONG</p></article></main>", &["Title", "LONG"]),
        ("the site's name as a headline", "<header><h1>Site</h1></header><div><h1>Title</h1><p>LONG</p></div>", &["Title", "LONG"]),
        (
            "teasers",
            "<article><p>LONG LONG LONG LONG</p></article><article><h3><a href=x>Another note</a></h3><p>Short.</p></article>",
            &["LONG LONG LONG LONG"],
        ),
        ("a page in parts", "<article><p>LONG</p></article><article><p>LONG LONG</p></article>", &["LONG", "LONG LONG"]),
        (
            "a teaser beside a long text",
            "<div><p>LONG LONG LONG LONG LONG LONG</p></div><article>Short.</article>",
            &["LONG LONG LONG LONG LONG LONG", "Short."],
        ),
        (
            "a teaser beside main",
            "<main><p>LONG LONG LONG LONG LONG LONG</p><article>Short.</article></main><p>x</p>",
            &["LONG LONG LONG LONG LONG LONG", "Short."],
        ),
        ("an article that is hidden", "<article hidden>LONG</article><main><p>LONG</p></main>", &["LONG"]),
        ("an article in an aside", "<aside><article>LONG</article></aside><div>LONG</div>", &["LONG"]),
        ("an empty article", "<article></article><p>LONG</p>", &["LONG"]),
        ("an article in an article", "<article><p>LONG</p><article><p>LONG</p></article></article>", &["LONG", "LONG"]),
        ("nothing but a frame", "<nav>Home</nav><footer>End</footer>", &[]),
    ];
    let mut wrong = Vec::new();
    for (name, page, expected) in cases {
        let read = texts(&page.replace("LONG", LONG));
        let expected: Vec<String> = expected.iter().map(|text| text.replace("LONG", LONG)).collect();
        if read != expected {
            wrong.push(format!("{name}: {read:?}, wanted {expected:?}"));
        }
    }
    assert!(wrong.is_empty(), "{} pages:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn what_is_left_out_is_told() {
    let packet = DESK.judge("page.html", format!("<main><p>Seven words that are not read here.</p><article><p>{LONG}</p></article></main><nav>Home</nav>"));
    let note = packet.issues.iter().find(|issue| issue.rule == "source/outside-content").unwrap();
    assert_eq!((note.severity.as_str(), note.excerpt.as_str()), ("note", "Seven words that are not read here."));
    assert!(note.message.starts_with("7 words"), "{}", note.message);
}

#[test]
fn what_is_never_closed_limits() {
    for (page, at) in [
        ("<p>Gold</p><div hidden><p>rose</p>", "<"),
        ("<p>Gold</p><!-- rose", "<"),
        ("<p>Gold</p><script>let x = 1;", "<"),
        ("<p>Gold</p><p class=\"rose", "<"),
        ("<p>Gold</p><?php rose", "<"),
    ] {
        let document = document(page);
        let issue = document.issues.iter().find(|issue| issue.id == "source/unread-body").unwrap_or_else(|| panic!("{page}: no issue"));
        assert_eq!(issue.span.start, 11, "{page}");
        assert_eq!(&page[issue.span.range()], at);
    }
    for page in [
        "<p>Gold<p hidden>rose",
        "<p>Gold</p><div hidden>x</div>",
        "<body><p>Gold",
        "<p>Gold <!-- x -->",
        "<p>Gold</p><textarea>rose",
        "<p>Gold</p><svg><text>rose",
    ] {
        assert!(document(page).issues.is_empty(), "{page}");
    }
}

#[test]
fn the_site_may_say_where_its_articles_are() {
    let page =
        format!("<div class='share big'>Share</div><div class='entry-content x'><p>{LONG}</p><div id=box>Box</div></div><div role=main>Other words here</div>");
    let config = "[site]\nhtml-content = [\"div.entry-content\"]\nhtml-skip = [\".share\", \"#box\"]\n";
    let mut desk = Desk::new();
    desk.policy = Config::read(Path::new("lint.toml"), config.to_owned()).unwrap().policy("page.html", &desk.rulebook);
    let document = desk.document(&SourceText::new("page.html".to_owned(), page.into_bytes()));
    let read: Vec<&str> = document.blocks.iter().map(|block| document.block_text(block)).collect();
    assert_eq!(read, [LONG]);
    let wrong = Config::read(Path::new("lint.toml"), "[site]\nhtml-content = [\"main > p\", \"[x\"]\nhtml-skip = [\"\"]\n".to_owned()).unwrap_err();
    assert_eq!(wrong.problems.len(), 3, "{:?}", wrong.problems);
}

// ── Zones, tables, notes, links ─────────────────────────────────────────────────────────────────────────────────────

#[test]
fn blocks_stand_in_their_zones() {
    let cases: &[(&str, &[(Zone, &str)])] = &[
        ("<h2>Gold</h2><p>rose<br>again", &[(Zone::Heading, "Gold"), (Zone::Paragraph, "rose again")]),
        ("<ul><li>a<li><p>b</ul>", &[(Zone::ListItem, "a"), (Zone::ListItem, "b")]),
        ("<blockquote><p>a<ul><li>b</ul></blockquote>c", &[(Zone::Quote, "a"), (Zone::Quote, "b"), (Zone::Paragraph, "c")]),
        ("<div class='admonition tip'><p>a</div><div role=note>b</div>", &[(Zone::Callout, "a"), (Zone::Callout, "b")]),
        ("<figure><img src=x alt='a b'><figcaption>c</figcaption></figure>", &[(Zone::Alt, "a b"), (Zone::Caption, "c")]),
        ("<p>a <img src=x alt=b> c", &[(Zone::Paragraph, "a c"), (Zone::Alt, "b")]),
        ("<pre>a\n  b</pre><p>c <code>d</code>", &[(Zone::Code, "a b"), (Zone::Paragraph, "c d")]),
        ("<div role=heading aria-level=3>a</div>b", &[(Zone::Heading, "a"), (Zone::Paragraph, "b")]),
        ("<dl><dt>a<dd>b</dl>", &[(Zone::ListItem, "a"), (Zone::ListItem, "b")]),
        ("<span style='display:block'>a</span><span style='display:block'>b</span>", &[(Zone::Paragraph, "a"), (Zone::Paragraph, "b")]),
        ("<button>a</button> <label>b</label>", &[(Zone::Paragraph, "a b")]),
        ("<h2>Gold <a class=headerlink href='#gold'>¶</a></h2>", &[(Zone::Heading, "Gold")]),
    ];
    for (page, expected) in cases {
        let expected: Vec<(Zone, String)> = expected.iter().map(|(zone, text)| (*zone, (*text).to_owned())).collect();
        assert_eq!(blocks(page), expected, "{page}");
    }
}

#[test]
fn a_reader_must_open_details() {
    let document = document("<details><summary>a</summary><p>b</p></details><details open><p>c</p></details><p>d</p>");
    let collapsed: Vec<(&str, bool)> = document.blocks.iter().map(|block| (document.block_text(block), block.collapsed)).collect();
    assert_eq!(collapsed, [("a", false), ("b", true), ("c", false), ("d", false)]);
}

#[test]
fn cells_know_their_row_and_column() {
    type Place = (&'static str, u32, u32, u32);
    let cases: &[(&str, &[Place])] = &[
        ("<table><tr><th>a<th>b<tr><td>c<td>d</table>", &[("a", 0, 0, 0), ("b", 0, 0, 1), ("c", 0, 1, 0), ("d", 0, 1, 1)]),
        ("<table><tr><td colspan=2>a<td>b<tr><td>c<td>d<td>e</table>", &[("a", 0, 0, 0), ("b", 0, 0, 2), ("c", 0, 1, 0), ("d", 0, 1, 1), ("e", 0, 1, 2)]),
        ("<table><tr><td rowspan=2>a<td>b<tr><td>c<tr><td>d</table>", &[("a", 0, 0, 0), ("b", 0, 0, 1), ("c", 0, 1, 1), ("d", 0, 2, 0)]),
        ("<table><tr><td>a<table><tr><td>b</table>c<td>d</table>", &[("a", 0, 0, 0), ("b", 1, 0, 0), ("c", 0, 0, 0), ("d", 0, 0, 1)]),
        ("<table><thead><tr><th>a</thead><tbody><tr><td>b</table><table><tr><td>c</table>", &[("a", 0, 0, 0), ("b", 0, 1, 0), ("c", 1, 0, 0)]),
    ];
    for (page, expected) in cases {
        let document = document(page);
        let cells: Vec<(&str, u32, u32, u32)> = document
            .blocks
            .iter()
            .map(|block| {
                let cell = block.cell.unwrap();
                (document.block_text(block), cell.table, cell.row, cell.column)
            })
            .collect();
        assert_eq!(cells, *expected, "{page}");
    }
    let captioned = document("<table><caption>a</caption><tr><td>b</table>");
    assert_eq!(captioned.blocks.iter().map(|block| (block.zone, block.cell.is_some())).collect::<Vec<_>>(), [(Zone::Caption, false), (Zone::Cell, true)]);
}

#[test]
fn notes_and_their_marks_are_told_apart_from_words() {
    for page in [
        "<p>Gold rose<sup><a href='#fn1'>1</a></sup> again.</p><ol><li id=fn1>A note. <a href='#r' role=doc-backlink>↩</a></ol>",
        "<p>Gold rose<a href='#fn1' role=doc-noteref>[1]</a> again.</p><section role=doc-endnotes><ol><li id=fn1><p>A note. <a href='#x'>↩︎</a></p></ol></section>",
        "<p>Gold rose<a id=r href='#fn1' class=footnote-ref><sup>1</sup></a> again.</p><div class=footnotes><hr><ol><li id='fn1'><p>A note.<a href='#r' class=footnote-back>&#8617;</a></p></li></ol></div>",
    ] {
        let document = document(page);
        let read: Vec<(Zone, String)> = document.blocks.iter().map(|block| (block.zone, tidy(document.block_text(block)))).collect();
        assert_eq!(read, [(Zone::Paragraph, "Gold rose again.".to_owned()), (Zone::Footnote, "A note.".to_owned())], "{page}");
        assert_eq!(document.citations.len(), 1, "{page}");
        assert_eq!(document.citations[0].label, "fn1");
        let notes: Vec<&str> = document.entries.iter().filter(|entry| entry.footnote).map(|entry| entry.label.as_str()).collect();
        assert_eq!(notes, ["fn1"], "{page}");
    }
    for page in [
        "<p>Gold <sup><a href='#x'>rose again</a></sup></p><p id=x>A note.</p>",
        "<p>Gold <sup><a href='#nowhere'>1</a></sup></p><p id=x>A note.</p>",
        "<p id=x>Gold <sup><a href='#x'>1</a></sup></p><p>A note.</p>",
    ] {
        let document = document(page);
        assert!(document.citations.is_empty() && document.entries.is_empty(), "{page}");
        assert!(document.reading.as_str().contains("Gold rose again") || document.reading.as_str().contains("Gold 1"), "{page}");
    }
}

#[test]
fn links_have_their_words_destination_and_bytes() {
    let page = "<p>See <a href=' /x?a=1&amp;b=2 ' rel='sponsored nofollow'>the <b>desk</b></a> and <img src='/y.png' alt=z>.</p><p hidden><a href=/h>h</a></p>";
    let document = document(page);
    let links: Vec<_> = document
        .links
        .iter()
        .map(|link| {
            (link.kind, link.destination.as_str(), link.rel.as_deref(), document.reading.slice(link.text.clone()), &page[link.source.range()], link.visible)
        })
        .collect();
    assert_eq!(
        links,
        [
            (
                LinkKind::Html,
                "/x?a=1&b=2",
                Some("sponsored nofollow"),
                "the desk",
                "<a href=' /x?a=1&amp;b=2 ' rel='sponsored nofollow'>the <b>desk</b></a>",
                true
            ),
            (LinkKind::Image, "/y.png", None, "", "<img src='/y.png' alt=z>", true),
            (LinkKind::Html, "/h", None, "", "<a href=/h>h</a>", false),
        ]
    );
}

// ── What a page says of itself ──────────────────────────────────────────────────────────────────────────────────────

const HEAD: &str = r##"<!doctype html><html lang="en-GB"><head>
<title>Reading the Bid &amp; the Ask | Harbour Street</title>
<meta name="description" content="How a bid is read.">
<meta name="author" content="Harbour Street Desk">
<meta name="generator" content="Hugo 0.120">
<meta property="article:published_time" content="2026-05-01T08:00:00+00:00">
<meta property="article:modified_time" content="2026-05-10">
<meta property="og:url" content="https://harbour.example/notes/reading-the-bid/">
<meta name="DC.date" content="2026-05-01">
<meta name="robots" content="index, follow"><meta name="googlebot" content="noindex">
<link rel="stylesheet canonical" href="https://harbour.example/notes/reading-the-bid/">
<script type="application/ld+json">{"@context": "https://schema.org", "@graph": [
  {"@type": "Organization", "name": "Harbour Street", "description": "Not the article."},
  {"@type": "Person", "@id": "#reviewer", "name": "Assay Lane Review Desk"},
  {"@type": "WebPage", "lastReviewed": "2026-05-12", "reviewedBy": {"@id": "#reviewer"}},
  {"@type": ["NewsArticle"], "headline": "Reading the Bid", "author": [{"@type": "Person", "name": "Assay Lane"}], "datePublished": "2026-05-01", "expires": "2027-01-01"}
]}</script></head>"##;

#[test]
fn a_page_fills_its_roles() {
    let page = format!("{HEAD}<body><article><p>{LONG}</p></article></body></html>");
    let document = document(&page);
    let expected: &[(&str, &str, Origin)] = &[
        ("title", "Reading the Bid & the Ask | Harbour Street", Origin::Head),
        ("description", "How a bid is read.", Origin::Head),
        ("author", "Harbour Street Desk", Origin::Head),
        ("published", "2026-05-01T08:00:00+00:00", Origin::Head),
        ("modified", "2026-05-10", Origin::Head),
        ("language", "en-GB", Origin::Head),
        ("robots", "noindex", Origin::Head),
        ("canonical", "https://harbour.example/notes/reading-the-bid/", Origin::Head),
        ("slug", "https://harbour.example/notes/reading-the-bid/", Origin::Head),
        ("reviewed", "2026-05-12", Origin::JsonLd),
        ("reviewer", "Assay Lane Review Desk", Origin::JsonLd),
        ("expiry", "2027-01-01", Origin::JsonLd),
    ];
    for (role, value, origin) in expected {
        let found = document.metadata.get(role).unwrap_or_else(|| panic!("{role} is not filled"));
        assert_eq!((document.metadata.text(role).as_deref(), found.origin), (Some(*value), *origin), "{role}");
        if *role != "title" && *role != "reviewer" {
            assert!(page[found.node.span.range()].contains(value), "{role}: {:?}", &page[found.node.span.range()]);
        }
    }
    assert!(document.metadata.get("method").is_none(), "the program that wrote the page is no method");
    assert!(document.issues.is_empty(), "{:?}", document.issues);
    let titles: Vec<String> = document.blocks.iter().filter(|block| block.zone == Zone::Title).map(|block| document.block_text(block).to_owned()).collect();
    assert_eq!(titles, ["Reading the Bid & the Ask | Harbour Street", "How a bid is read."]);
}

#[test]
fn front_matter_wins_and_two_dates_are_told() {
    let page = format!("---\ntitle: Own\ndate: 2026-05-01\nlast_reviewed: 2026-05-11\n---\n{HEAD}<body><article><p>{LONG}</p></article></body></html>");
    let document = document(&page);
    assert_eq!(document.metadata.text("title").as_deref(), Some("Own"));
    assert_eq!(document.metadata.text("reviewed").as_deref(), Some("2026-05-11"));
    assert_eq!(document.metadata.text("modified").as_deref(), Some("2026-05-10"));
    let told: Vec<(&str, &str)> = document.issues.iter().map(|issue| (issue.id, &page[issue.span.range()])).collect();
    assert_eq!(told, [("source/dates-differ", "\"2026-05-12\"")]);
}

#[test]
fn a_date_that_only_machines_read_is_not_visible() {
    let body = |line: &str| format!("{HEAD}<body><article><p>{line}</p><p>{LONG}</p></article></body></html>");
    let findings = |line: &str| -> Vec<String> {
        let packet = DESK.judge("reading-the-bid.html", body(line));
        packet.checks.iter().find(|check| check.id == "freshness").unwrap().findings.iter().map(|finding| finding.rule.clone()).collect()
    };
    assert!(findings("By the desk.").contains(&"freshness/not-visible".to_owned()));
    assert!(findings("Last reviewed: 2026-05-12").is_empty());
    assert!(findings("Last reviewed: <time datetime=\"2026-05-12\">Tuesday, 12 May</time>").is_empty());
    assert!(findings("Last reviewed: <time datetime=\"2026-05-10\">Sunday, 10 May</time>").contains(&"freshness/visible-date-differs".to_owned()));
}

#[test]
fn an_author_can_withhold_a_page() {
    let judge = |head: &str| DESK.judge("reading-the-bid.html", format!("<html lang=en><head>{head}</head><body><p>{LONG}</p>")).gate.index;
    let plain = judge("<title>x</title>");
    for head in [
        "<meta name=robots content='noindex, nofollow'>",
        "<META NAME=ROBOTS CONTENT=NOINDEX>",
        "<meta name=robots content=all><meta name=googlebot content=none>",
        "<link rel=canonical href='https://elsewhere.example/another-note/'>",
    ] {
        let packet = DESK.judge("reading-the-bid.html", passing(head));
        assert_eq!(packet.gate.index, "withheld", "{head}");
    }
    for head in [
        "<link rel=canonical href='https://harbour.example/notes/copper-ledger-workflow/'>",
        "<link rel=canonical href='https://harbour.example/notes/copper-ledger-workflow.html'>",
    ] {
        assert_eq!(DESK.judge("copper-ledger-workflow.html", passing(head)).gate.index, "approved", "{head}");
    }
    assert_eq!(plain, "blocked");
}

/// The passing article as a page with something in its head.
fn passing(head: &str) -> String {
    let article = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/gate/pass/copper-ledger-workflow.md")).unwrap();
    forms(&article)[1].replacen("<meta charset=utf-8>", head, 1)
}

#[test]
fn broken_json_ld_is_told_and_stops_nothing() {
    let document = document(&format!("<script type=application/ld+json>{{\"@type\": </script><p>{LONG}</p>"));
    assert_eq!(document.issues.iter().map(|issue| issue.id).collect::<Vec<_>>(), ["source/json-ld"]);
    let escaped =
        "<script type=application/ld+json>{\"@type\": \"Article\", \"headline\": \"Up \\ud83d\\ude00\", \"datePublished\": \"2026-05-01\"}</script><p>x";
    assert_eq!(self::document(escaped).metadata.text("published").as_deref(), Some("2026-05-01"));
}

#[test]
fn template_tags_are_read_in_pages_and_not_in_their_sources() {
    assert_eq!(texts("---\nx: 1\n---\n<p>Gold {{ price }} rose {% if x %}again{% endif %}</p>"), ["Gold rose again"]);
    assert_eq!(texts("<p>Gold {{ price }} rose</p>"), ["Gold {{ price }} rose"]);
}

// ── Nothing hostile stops the reader ────────────────────────────────────────────────────────────────────────────────

#[test]
fn hostile_pages_are_read() {
    let many = |piece: &str, count: usize| piece.repeat(count);
    let deep = 100_000;
    let pages: Vec<(&str, String)> = vec![
        ("nested blocks", many("<div>", deep)),
        ("nested blocks with stray ends", many("<div>", deep) + &many("</section>", deep)),
        ("nested formatting", many("<b>", deep) + &many("</i>", deep)),
        ("crossed formatting", many("<b><i>x</b>", deep)),
        ("formatting and blocks", many("<b><div>", deep) + &many("</b>", deep)),
        ("formatting, spans and blocks", many("<b><span><div>", deep / 10) + &many("</b>", deep / 10)),
        ("spans and items", many("<span>", deep) + &many("<li></li>", deep)),
        ("nested items", many("<ul><li>", deep)),
        ("nested quotes", many("<blockquote>", deep)),
        ("nested tables", many("<table><tr><td>", deep / 4)),
        ("tables in tables", many("<table>x", deep)),
        ("a table of many columns", format!("<table><tr>{}<tr>{}</table>", many("<td rowspan=3 colspan=9>x", 20_000), many("<td>y", 20_000))),
        ("rows that reach down", format!("<table>{}", many("<tr><td rowspan=65534 colspan=1000>x", deep / 10))),
        ("graphics", many("<svg><g>", deep) + &many("</x>", deep)),
        ("graphics with HTML", many("<svg><foreignObject><p>", deep / 2)),
        ("stray ends", many("</p></div></b></table>", deep)),
        ("links", many("<a href=#x>1</a>", deep) + "<p id=x>y"),
        ("headlines", many("<h1>x</h1>", deep)),
        ("articles", many("<article>words</article>", deep)),
        ("metadata", (0..20_000).map(|i| format!("<meta name=n{i} content=x>")).collect()),
        ("attributes", format!("<p {}>x", (0..20_000).map(|i| format!("a{i}=x ")).collect::<String>())),
        ("one long line", many("Gold rose & fell. ", 20_000)),
        ("signs", many("<", deep) + &many("&", deep)),
        ("entities", many("&amp&#0;&#xD800;", deep / 4)),
        ("comments", many("<!--", deep)),
        ("deep JSON-LD", format!("<script type=application/ld+json>{}</script>x", many("[", 50_000))),
        ("styles", format!("<p style='{}'>x", many("display:none;", 20_000))),
        ("forms", many("<form><div></form>", deep)),
        ("selections", many("<select><option>", deep)),
        ("names", (0..20_000).map(|i| format!("<x{i}>y</x{i}>")).collect()),
    ];
    for (name, page) in pages {
        let document = document(&page);
        for block in &document.blocks {
            assert!(page.get(document.source_span(block.text.clone()).range()).is_some(), "{name}");
        }
    }
}

#[test]
fn the_default_options_are_the_ones_of_the_policy() {
    assert_eq!(DESK.policy.page, PageOptions::default());
    assert_eq!(Policy::default().page, PageOptions::default());
}
