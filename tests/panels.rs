//! Panels in pages: written back, they change nothing; edited or misused, they hide nothing.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod desk;

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use desk::{AS_OF, Desk};
use ignore::WalkBuilder;
use notegate::packet::{Inputs, Packet, Report, Summary, Tool};
use notegate::panel::{self, Panels, Row};
use notegate::report::{self, Format, Style};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::RngSeed;
use serde_json::{Value, json};

static DESK: LazyLock<Desk> = LazyLock::new(Desk::new);

const MARKUPS: [Format; 2] = [Format::PanelsMarkdown, Format::PanelsHtml];
const ADVICE: &str = "You should buy gold now.";
/// An article that passes; its name on disk and here.
const CLEAN: &str = "fixtures/gate/pass/copper-ledger-workflow.md";

fn clean() -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(CLEAN)).unwrap()
}

fn report_of(packets: Vec<Packet>) -> Report {
    Report {
        schema: String::new(),
        tool: Tool { name: String::new(), version: String::new() },
        as_of: AS_OF.to_string(),
        inputs: Inputs { config: String::new(), rules: String::new() },
        summary: Summary::default(),
        articles: packets,
        clusters: Vec::new(),
        rules: Vec::new(),
        notices: Vec::new(),
        comparison: None,
    }
}

/// What `--format` writes for one article.
fn panels(packet: &Packet, markup: Format) -> String {
    report::render(&report_of(vec![packet.clone()]), markup, Style { color: false, width: 100, verbose: false, quiet: false })
}

fn panels_of(text: &str, markup: Format) -> String {
    panels(&DESK.judge("note.md", text), markup)
}

/// The packet as JSON, as it would be had `bytes` bytes on `lines` lines not been inserted at byte `at`, before line `line`.
fn as_if_not_inserted(packet: &Packet, at: u64, bytes: u64, line: u64, lines: u64) -> Value {
    let mut value = serde_json::to_value(packet).unwrap();
    value["sha256"] = json!("");
    let mut open = vec![&mut value];
    while let Some(value) = open.pop() {
        match value {
            Value::Object(entries) => {
                for (key, value) in entries.iter_mut() {
                    let moved = match (key.as_str(), value.as_u64()) {
                        ("line" | "end_line", Some(has)) if has >= line + lines => Some(has - lines),
                        ("start", Some(has)) if has >= at + bytes => Some(has - bytes),
                        ("end", Some(has)) if has > at + bytes => Some(has - bytes),
                        _ => None,
                    };
                    match moved {
                        Some(moved) => *value = json!(moved),
                        None => open.push(value),
                    }
                }
            }
            Value::Array(items) => open.extend(items),
            _ => {}
        }
    }
    value
}

/// Writes the panels of an article into it before byte `at`, and says where the next result differs.
fn changes(name: &str, text: &str, at: usize, markup: Format, blank_lines: bool) -> Option<String> {
    let line_end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let before = DESK.judge(name, text);
    let mut panels = panels(&before, markup);
    if blank_lines {
        // of a page that has a blank line before the place, as between two paragraphs
        panels.push('\n');
    }
    let panels = panels.replace('\n', line_end);
    let page = format!("{}{panels}{}", &text[..at], &text[at..]);
    let after = DESK.judge(name, page);
    let line = text[..at].matches('\n').count() as u64 + 1;
    let plain = as_if_not_inserted(&before, 0, 0, u64::MAX, 0);
    let after = as_if_not_inserted(&after, at as u64, panels.len() as u64, line, panels.matches('\n').count() as u64);
    (plain != after).then(|| {
        let texts = [&plain, &after].map(|value| serde_json::to_string_pretty(value).unwrap());
        let lines = texts[0].lines().zip(texts[1].lines()).filter(|(a, b)| a != b).take(3);
        lines.map(|(a, b)| format!("{name} {markup:?}: {a} → {b}\n")).collect()
    })
}

/// Fixtures by folder, sorted.
fn fixtures(folder: &str) -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let walk = WalkBuilder::new(root.join("fixtures").join(folder)).build().map(Result::unwrap);
    let mut paths: Vec<_> = walk.map(|entry| entry.into_path()).filter(|path| path.extension().is_some_and(|ending| ending == "md")).collect();
    paths.sort();
    paths.iter().filter_map(|path| Some((path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/"), fs::read_to_string(path).ok()?))).collect()
}

/// The places before every heading of level 2 that follows a blank line.
fn middles(text: &str) -> Vec<usize> {
    text.match_indices("\n## ").map(|(at, _)| at + 1).filter(|at| text[..*at].ends_with("\n\n") || text[..*at].ends_with("\n\r\n")).collect()
}

#[test]
fn panels_at_the_end_change_nothing_in_the_next_result() {
    let all = fixtures("");
    assert!(all.len() > 100);
    let changed: Vec<String> = all.iter().enumerate().filter_map(|(i, (name, text))| changes(name, text, text.len(), MARKUPS[i % 2], false)).collect();
    assert!(changed.is_empty(), "{} of {}:\n{}", changed.len(), all.len(), changed.concat());
}

#[test]
fn panels_in_the_middle_change_nothing_in_the_next_result() {
    let mut tried = 0;
    let mut changed = Vec::new();
    for (name, text) in fixtures("gate") {
        for text in [text.clone(), text.replace('\n', "\r\n")] {
            let places = middles(&text);
            let place = places.get(places.len() / 2).copied();
            for at in place.into_iter().chain([text.len()]) {
                for (markup, blank_lines) in MARKUPS.into_iter().flat_map(|markup| [(markup, false), (markup, true)]) {
                    if at == text.len() && blank_lines {
                        continue;
                    }
                    tried += 1;
                    changed.extend(changes(&name, &text, at, markup, blank_lines));
                }
            }
        }
    }
    assert!(changed.is_empty() && tried > 50, "{} of {tried}:\n{}", changed.len(), changed.concat());
}

#[test]
fn panels_may_be_stale_reindented_or_marked_as_mdx_marks() {
    let text = clean();
    let page = |panels: String| format!("{text}\n{panels}");
    let markdown = panels_of(&text, Format::PanelsMarkdown);
    let padded = markdown.replace("| --- |", "|   ------   |").replace("| Field | ", "| Field     | ");
    let mdx = markdown
        .replace("<!-- notegate:panels begin -->", "{/* notegate:panels begin */}")
        .replace("<!-- notegate:panels end -->", "{/* notegate:panels end */}");
    let html = panels_of(&text, Format::PanelsHtml);
    let indented = html.replace("\n<", "\n  <");
    let stale = html.replace("2026-05-17", "2025-11-30").replace("6 sections", "17 sections").replace(">pass</td>", ">limited</td>");
    assert_ne!(stale, html);
    let plain = as_if_not_inserted(&DESK.judge("note.md", text.as_str()), 0, 0, u64::MAX, 0);
    for panels in [padded, mdx, indented, stale] {
        let after = as_if_not_inserted(&DESK.judge("note.md", page(panels.clone())), 0, 0, u64::MAX, 0);
        assert!(plain == after, "{:?} in\n{panels}", after["issues"]);
    }
    // the article was edited after its panels were written
    let edited = DESK.judge("note.md", page(html).replacen("\n## ", "\nOne more line of plain text.\n\n## ", 1));
    assert!(edited.issues.is_empty());
    assert_eq!(edited.sections.len(), DESK.judge("note.md", text).sections.len());
}

/// Whether the page is judged for the advice in it, and its marks are told.
fn is_seen(page: &str) -> Result<(), String> {
    let packet = DESK.judge("note.md", page);
    let found = packet.checks.iter().any(|check| ["personalized-advice", "ymyl-boundary"].contains(&check.id.as_str()) && check.status == "fail");
    let told = packet.issues.iter().any(|issue| issue.rule == "source/edited-panel");
    if found && told { Ok(()) } else { Err(format!("found: {found}, told: {told}")) }
}

#[test]
fn a_mark_is_no_hiding_place() {
    let text = clean();
    let (markdown, html) = (panels_of(&text, Format::PanelsMarkdown), panels_of(&text, Format::PanelsHtml));
    let (begin, end) = ("<!-- notegate:panels begin -->", "<!-- notegate:panels end -->");
    let swap = |panels: &str, from: &str, to: &str| {
        assert!(panels.contains(from), "`{from}` is not in the panels");
        panels.replacen(from, to, 1)
    };
    let cell = format!("{ADVICE} |");
    let pages = [
        ("bare text between marks", format!("{begin}\n\n{ADVICE}\n\n{end}\n")),
        ("a sentence before the tables", swap(&markdown, "## How", &format!("{ADVICE}\n\n## How"))),
        ("a sentence behind the tables", swap(&markdown, &format!("\n{end}"), &format!("\n{ADVICE}\n\n{end}"))),
        ("a sentence in a heading", swap(&markdown, "### Source ledger", &format!("### Source ledger {ADVICE}"))),
        ("a row more", swap(&markdown, "| Reviewed at", &format!("| Note | {cell}\n| Reviewed at"))),
        ("a column more", swap(&html, ">pass</td></tr>", &format!(">pass</td><td>{ADVICE}</td></tr>"))),
        ("a name", swap(&markdown, "| Reviewer | notegate deterministic content QA |", &format!("| Reviewer | {cell}"))),
        ("a name beside the real one", swap(&markdown, "| Data source | ", &format!("| Data source | {ADVICE} "))),
        ("a status", swap(&markdown, "| pass |", &format!("| {cell}"))),
        ("a date", swap(&markdown, "| Reviewed at | 2026-05-17 |", &format!("| Reviewed at | {cell}"))),
        ("a claim", swap(&markdown, "| Source freshness", &format!("| {ADVICE} Source freshness"))),
        ("a piece of evidence", swap(&markdown, " task sentences;", &format!(" task sentences; {ADVICE};"))),
        ("another heading", swap(&html, "How this note was checked", ADVICE)),
        ("a caption", swap(&html, "Snapshot data for this note", ADVICE)),
        ("an element", swap(&html, "</section>", &format!("<p>{ADVICE}</p></section>"))),
        ("text between tags", swap(&html, "<tbody>", &format!("<tbody> {ADVICE}"))),
        ("a cell of HTML", swap(&html, "notegate deterministic content QA", ADVICE)),
        ("an end that is missing", format!("{begin}\n\n{ADVICE}\n")),
        ("a begin before the begin", format!("{begin}\n\n{ADVICE}\n\n{markdown}")),
        ("an end behind the end", format!("{markdown}\n{ADVICE}\n\n{end}\n")),
        ("marks of two kinds", swap(&markdown, end, &format!("{{/* notegate:panels end */}}\n\n{ADVICE}\n\n{end}"))),
        ("a comment that the mark ends", format!("<!--\n{markdown}\n{ADVICE}\n\n-->\n")),
        ("a hidden paragraph that the panels end", format!("<p hidden>\n{html}{ADVICE}\n")),
        ("a paragraph that the panels part", format!("You should\n{markdown}buy gold now.\n\n{ADVICE}\n")),
    ];
    let hidden: Vec<String> = pages.iter().filter_map(|(what, zone)| Some(format!("{what}: {}\n", is_seen(&format!("{text}\n{zone}")).err()?))).collect();
    assert!(hidden.is_empty(), "{}", hidden.concat());
}

#[test]
fn a_name_in_the_header_is_no_hiding_place_either() {
    let text = clean();
    for (what, page) in [
        ("data source", text.replacen("  name: ", &format!("  name: \"{ADVICE}\" # "), 1)),
        ("provider", text.replacen("  provider: ", &format!("  provider: \"{ADVICE}\" # "), 1)),
        ("link", text.replacen("  name: ", "  name: \"see https://gold.example/?ref=desk\" # ", 1)),
        ("price", text.replacen("  name: ", "  name: \"gold trades at $2,345 now\" # ", 1)),
    ] {
        assert_ne!(page, text, "{what}");
        let panels = panels_of(&page, Format::PanelsMarkdown);
        let after = DESK.judge("note.md", format!("{page}\n{panels}"));
        assert!(after.issues.iter().any(|issue| issue.rule == "source/edited-panel"), "{what}");
    }
    // a harmless name, and none of the article
    let panels = panels_of(&text, Format::PanelsMarkdown).replace("Harbour Street reference set", "Quay Street reference set");
    let after = DESK.judge("note.md", format!("{text}\n{panels}"));
    assert!(after.issues.iter().any(|issue| issue.message.contains("`Quay Street reference set` stands nowhere")), "{:?}", after.issues);
    // an author's scope line that gives advice is not shown at all
    let scope = "scope: \"Evergreen industrial-metals educational article. No live price claim.\"";
    assert!(text.contains(scope));
    let page = text.replacen(scope, &format!("scope: \"{ADVICE}\""), 1);
    assert!(!panels_of(&page, Format::PanelsHtml).contains(ADVICE));
    let page = text.replacen(scope, "scope: \"Notes on one metal. No live price claim.\"", 1);
    assert!(panels_of(&page, Format::PanelsHtml).contains("Notes on one metal. No live price claim."));
}

#[test]
fn hostile_names_stay_in_their_cells() {
    let hostile = r#"a|b **c** <i>d</i> {{ e }} [f](g) & "h" \ `i` {% j %} </td></section> w_x _y_ &amp; --> */}"#;
    let header = format!("  name: {}\n  label: ", serde_json::to_string(&format!("{hostile}\u{202e}\u{7}")).unwrap());
    let text = clean().replacen("  name: ", &header, 1);
    let packet = DESK.judge("note.md", text.as_str());
    let shown = format!("{hostile}\\u{{202e}}\\u{{7}}");
    let mut options = comrak::Options::default();
    options.extension.table = true;
    options.extension.autolink = true;
    options.render.r#unsafe = true;
    for markup in MARKUPS {
        let written = panels(&packet, markup);
        // the page as a browser gets it
        let page = comrak::markdown_to_html(&written, &options);
        let cell = html_escape(&shown);
        let row = page
            .lines()
            .find(|line| line.contains("a|b") || line.contains("a&#124;b"))
            .unwrap_or_default()
            .replace("&#39;", "'")
            .replace("&#123;", "{")
            .replace("&#125;", "}");
        assert!(row.contains(&format!(">{cell}</td>")), "{markup:?}: {row}\n{cell}");
        assert!(!written.contains("{{") && !written.contains("{%") && !written.contains('\u{202e}') && !written.contains('\u{7}'));
        assert_eq!(changes("note.md", &text, text.len(), markup, false), None);
    }
}

#[test]
fn odd_names_are_names() {
    let text = clean();
    for name in ["", " a ", "a; b", "none supplied", "a, captured 2026-05-17", "{name}", "- | ---", "Ratios recorded: x", "\u{3000}\u{200b}é"] {
        let quoted = serde_json::to_string(name).unwrap();
        let page =
            text.replacen("  name: ", &format!("  name: {quoted}\n  unused: "), 1).replacen("  provider: ", &format!("  provider: {quoted}\n  other: "), 1);
        let page = page.replacen("    primary: ", &format!("    secondary: {quoted}\n    primary: "), 1);
        assert_eq!(page.matches(&quoted).count(), 3, "{name}");
        for markup in MARKUPS {
            assert_eq!(changes("note.md", &page, page.len(), markup, false), None, "{name}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, rng_seed: RngSeed::Fixed(20_260_517), ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_is_read_back(texts in vec(any::<String>(), 2 * panel::COUNT), statuses in vec(select(&panel::STATUSES[..]), panel::COUNT)) {
        let rows = |i: usize| {
            let (label, value) = (&texts[2 * i], &texts[2 * i + 1]);
            // the panels of the packet and of the claims have statuses
            vec![if i == 1 || i == 2 { Row::judged(label, statuses[i], value) } else { Row::new(label, value) }; 2]
        };
        let panels = Panels { key: String::new(), tables: std::array::from_fn(rows) };
        prop_assert_eq!(panel::read(&panel::markdown::write(&panels)), Some(panels.clone()));
        let panels = Panels { key: "0123456789ab".to_owned(), ..panels };
        prop_assert_eq!(panel::read(&panel::html::write(&panels)), Some(panels));
    }
}

fn html_escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[test]
fn what_the_panels_leave_out_is_in_no_digest() {
    let text = clean();
    let page = format!("{text}\n{}", panels_of(&text, Format::PanelsMarkdown));
    let (before, after) = (DESK.judge("note.md", text.as_str()), DESK.judge("note.md", page.as_str()));
    assert_ne!(before.sha256, after.sha256);
    assert_eq!(before.content_sha256, after.content_sha256);
    let edited = DESK.judge("note.md", page.replacen("## Source", "## Sources", 1).replace("How this note", "How that note"));
    assert_ne!(edited.content_sha256, after.content_sha256);
}

#[test]
fn panels_of_many_articles_are_told_apart() {
    let text = clean();
    let packets = DESK.judge_all(&[("a--b>.md", text.clone().into_bytes()), ("c.mdx", text.into_bytes())]);
    let written = report::render(&report_of(packets), Format::PanelsMarkdown, Style { color: false, width: 100, verbose: false, quiet: false });
    assert!(written.starts_with("<!-- notegate:article a--b&gt;.md -->\n<!-- notegate:panels begin -->\n"), "{written}");
    assert!(written.contains("\n\n{/* notegate:article c.mdx */}\n{/* notegate:panels begin */}\n"));
    assert_eq!(written.matches("notegate:panels end").count(), 2);
}

/// Of one article in each format: panels before a heading that stands right behind a note, and at the end.
#[test]
fn panels_change_nothing_in_any_format_and_behind_notes() {
    let note = "The desk keeps the line.[^kept]\n\n[^kept]: A note of the desk.\n\n## Closing the ledger\n";
    let text = clean().replacen("## Closing the ledger\n", note, 1);
    assert!(text.contains(note));
    let body = text.find("\n---\n").unwrap() + 5;
    let mut options = comrak::Options::default();
    options.extension.footnotes = true;
    let page = format!("{}<article>\n{}</article>\n", &text[..body], comrak::markdown_to_html(&text[body..], &options));
    let mut changed = Vec::new();
    for (name, text, mark) in [("note.md", &text, "## Closing"), ("note.mdx", &text, "## Closing"), ("note.html", &page, "<h2>Closing")] {
        for text in [text.clone(), text.replace('\n', "\r\n")] {
            let end = text.find("</article>").unwrap_or(text.len());
            for at in [text.find(mark).unwrap(), end] {
                let markups = MARKUPS.into_iter().filter(|markup| !name.ends_with("html") || *markup == Format::PanelsHtml);
                changed.extend(markups.filter_map(|markup| changes(name, &text, at, markup, at != end && !name.ends_with("html"))));
            }
        }
    }
    assert!(changed.is_empty(), "{}", changed.concat());
}
