//! What is fuzzed: one function a target. Each takes any bytes and panics where a promise of the crate is broken: nothing panics, every
//! span lies in its text and on character boundaries, the same bytes give the same answer.
//!
//! `fuzz_targets/*.rs` hand these functions to libFuzzer; `tests/fuzz_targets.rs` runs them on any toolchain.

use std::path::Path;
use std::sync::{Arc, LazyLock};

use jiff::civil::{Date, date};
use notegate::config::Config;
use notegate::document::front_matter::{self, Node, Value};
use notegate::document::own_zones::OwnZones;
use notegate::document::section::SectionRole;
use notegate::document::{Document, Format, ReadOptions};
use notegate::engine::{self, Desk, Run, SnapshotFault};
use notegate::packet::{Inputs, Packet, REPORT_SCHEMA, Report, Summary, Tool};
use notegate::policy::Policy;
use notegate::report::{self, Style};
use notegate::rulebook::{Rulebook, SourceFile};
use notegate::source::{LineTable, SourceText};
use notegate::span::Span;
use notegate::strict_toml::Problem;

/// What takes any bytes.
pub type Target = fn(&[u8]);

/// The targets by name.
pub const ALL: &[(&str, Target)] = &[
    ("front_matter", front_matter),
    ("markdown", markdown),
    ("plain", plain),
    ("mdx", mdx),
    ("html", html),
    ("rule_file", rule_file),
    ("lint_toml", lint_toml),
    ("check", check),
];

const AS_OF: Date = date(2026, 5, 17);

static RULEBOOK: LazyLock<Arc<Rulebook>> = LazyLock::new(|| Arc::new(Rulebook::embedded().expect("the embedded rules are broken")));
static POLICY: LazyLock<Arc<Policy>> = LazyLock::new(|| Config::default().policy("", &RULEBOOK));

/// A header in YAML, TOML or JSON, as the first byte says.
pub fn front_matter(data: &[u8]) {
    let Some((kind, rest)) = data.split_first() else { return };
    let inner = String::from_utf8_lossy(rest);
    let text = match kind % 4 {
        0 => format!("---\n{inner}\n---\nWords.\n"),
        1 => format!("+++\n{inner}\n+++\nWords.\n"),
        2 => format!("{{{inner}}}\n\nWords.\n"),
        _ => inner.clone().into_owned(),
    };
    if kind % 4 == 3
        && let Ok(node) = front_matter::yaml(&text, 0)
    {
        nodes_are_inside(&text, &node);
    }
    document("a.txt", text.into_bytes());
}

/// A Markdown article.
pub fn markdown(data: &[u8]) {
    document("a.md", data.to_vec());
}

/// A plain text.
pub fn plain(data: &[u8]) {
    document("a.txt", data.to_vec());
}

/// An MDX article.
pub fn mdx(data: &[u8]) {
    document("a.mdx", data.to_vec());
}

/// An HTML page.
pub fn html(data: &[u8]) {
    document("a.html", data.to_vec());
}

/// A rule file of a house, alone.
pub fn rule_file(data: &[u8]) {
    let text = String::from_utf8_lossy(data).into_owned();
    let load = || Rulebook::load(vec![SourceFile { path: "house.toml".to_owned(), text: text.clone() }]);
    match (load(), load()) {
        (Ok(book), Ok(again)) => {
            assert_eq!(book.digest, again.digest);
            let source = SourceText::new("a.md".to_owned(), b"Never buy gold before 17 May 2026: it costs $2,400, or 5% more. Do not!\n".to_vec());
            let document = read(&source);
            let currency = |_| false;
            let view = book.view(&document, &currency);
            let scan = book.scan(&view);
            for hit in &scan.rules {
                assert!(hit.hit.start <= hit.hit.end && hit.hit.end as usize <= document.tokens.tokens.len());
            }
        }
        (Err(errors), Err(again)) => {
            for (error, other) in errors.iter().zip(&again) {
                assert_eq!(error.problems, other.problems);
                problems_are_inside(&text, &error.problems);
            }
        }
        _ => panic!("the same rule file was taken once and refused once"),
    }
}

/// A `lint.toml`.
pub fn lint_toml(data: &[u8]) {
    let text = String::from_utf8_lossy(data).into_owned();
    let load = || Config::read_with(Path::new("lint.toml"), text.clone(), &RULEBOOK);
    match (load(), load()) {
        (Ok(config), Ok(_)) => {
            if config.rule_files().is_empty() {
                let _ = config.policy("news/a.md", &RULEBOOK);
            }
        }
        (Err(error), Err(again)) => {
            assert!(!error.problems.is_empty());
            assert_eq!(error.problems, again.problems);
            problems_are_inside(&text, &error.problems);
        }
        _ => panic!("the same lint.toml was taken once and refused once"),
    }
}

/// Bytes to a report in every format. The first byte names the format of the article.
pub fn check(data: &[u8]) {
    let Some((kind, rest)) = data.split_first() else { return };
    let name = ["a.md", "a.md", "a.md", "a.txt", "a.html", "a.mdx", "a.md", "a.txt"][usize::from(kind % 8)];
    let packet = judge(name, rest);
    if kind.is_multiple_of(32) {
        assert_eq!(serde_json::to_string(&packet).ok(), serde_json::to_string(&judge(name, rest)).ok(), "the same bytes, two packets");
    }
    packet_is_sound(&packet, rest);
    rendered(packet);
}

fn document(name: &str, bytes: Vec<u8>) {
    let source = SourceText::new(name.to_owned(), bytes);
    let document = read(&source);
    document_is_sound(&source, &document);
    if source.text.len().is_multiple_of(8) {
        let again = read(&source);
        assert_eq!(document.reading.as_str(), again.reading.as_str());
        assert_eq!(document.issues, again.issues);
        assert_eq!(document.blocks.len(), again.blocks.len());
    }
}

fn read(source: &SourceText) -> Document {
    let role = |heading: &str| if heading == "References" { SectionRole::References } else { SectionRole::Body };
    let own_zones = OwnZones::Judged("the bare document is read");
    let options = ReadOptions {
        roles: &POLICY.roles,
        section_role: &role,
        renders: &POLICY.renders,
        shown_keys: notegate::document::ShownKeys { keys: POLICY.list("document", "shown-keys"), not_below: POLICY.list("document", "shown-keys-not-below") },
        page: &POLICY.page,
        own_zones,
        jsx_prose_attributes: &POLICY.jsx_prose_attributes,
    };
    Document::read(source, Format::of(&source.path).unwrap_or(Format::Markdown), &options)
}

fn inside(text: &str, span: Span, what: &str) {
    assert!(text.get(span.range()).is_some(), "{what} at {span:?} of {}", text.len());
}

fn document_is_sound(source: &SourceText, document: &Document) {
    let text = source.text.as_str();
    for issue in &document.issues {
        inside(text, issue.span, issue.id);
    }
    for fault in &source.faults {
        inside(text, fault.span, "a fault");
    }
    if let Some(root) = &document.front_matter.root {
        nodes_are_inside(text, root);
    }
    let reading = document.reading.as_str();
    let mut end = 0;
    for block in &document.blocks {
        assert!(block.text.start >= end && reading.get(block.text.start as usize..block.text.end as usize).is_some(), "block at {:?}", block.text);
        end = block.text.end;
        inside(text, document.source_span(block.text.clone()), "a block");
    }
    let mut last = 0;
    for token in &document.tokens.tokens {
        assert!(token.start >= last && token.end > token.start, "token at {:?}", token.range());
        last = token.end;
        assert!(reading.get(token.start as usize..token.end as usize).is_some(), "token at {:?}", token.range());
        inside(text, document.source_span(token.range()), "a token");
    }
    let mut next = 0;
    for sentence in &document.tokens.sentences {
        assert!(sentence.tokens.start == next && sentence.tokens.end > next, "sentence of {:?} behind {next}", sentence.tokens);
        next = sentence.tokens.end;
        assert!(document.block(sentence.block).is_some());
    }
    assert_eq!(next as usize, document.tokens.tokens.len(), "every token stands in a sentence");
    for link in &document.links {
        inside(text, link.source, "a link");
        assert!(reading.get(link.text.start as usize..link.text.end as usize).is_some(), "link text at {:?}", link.text);
    }
    document.citations.iter().for_each(|citation| inside(text, citation.source, "a citation"));
    document.entries.iter().for_each(|entry| inside(text, entry.source, "an entry"));
    document.templates.iter().for_each(|tag| inside(text, *tag, "a template tag"));
}

fn nodes_are_inside(text: &str, root: &Node) {
    let mut open = vec![root];
    while let Some(node) = open.pop() {
        inside(text, node.span, "a value of the header");
        match &node.value {
            Value::List(items) => open.extend(items),
            Value::Table(entries) => {
                for entry in entries {
                    inside(text, entry.key_span, "a key of the header");
                    open.push(&entry.node);
                }
            }
            _ => {}
        }
    }
}

fn problems_are_inside(text: &str, problems: &[Problem]) {
    for problem in problems {
        assert!(text.get(problem.span.clone()).is_some(), "{} at {:?}", problem.message, problem.span);
        assert!(!problem.message.is_empty());
    }
}

fn judge(name: &str, bytes: &[u8]) -> Packet {
    let desk = |_: &str| Desk { policy: Arc::clone(&POLICY), rulebook: Arc::clone(&RULEBOOK) };
    let load = |_: &str| Ok(bytes.to_vec());
    let snapshot = |_: &str, _: &str| Err(SnapshotFault::Unreadable("no such file".to_owned()));
    let run = Run { as_of: AS_OF, desk: &desk, load: &load, load_snapshot: &snapshot, snapshot: None, progress: &|| {}, sign_offs: &|_| None };
    engine::run(&run, &[name.to_owned()]).remove(0)
}

fn packet_is_sound(packet: &Packet, bytes: &[u8]) {
    let broken =
        packet.checks.iter().any(|check| check.evidence.contains("broke down")) || packet.issues.iter().any(|issue| issue.message.contains("broke down"));
    assert!(!broken, "something broke down: {:?}", packet.issues);
    let text = std::str::from_utf8(bytes).ok().filter(|text| !text.contains('\r'));
    for finding in packet.all_findings() {
        let (start, end) = (finding.span.start as usize, finding.span.end as usize);
        assert!(start <= end && end <= bytes.len(), "{} at {start}..{end} of {}", finding.rule, bytes.len());
        let Some(text) = text else { continue };
        let Some(found) = text.get(start..end) else { panic!("{} at {start}..{end} splits a character", finding.rule) };
        let folded = found.split_whitespace().collect::<Vec<_>>().join(" ");
        let shown = finding.excerpt.trim_end_matches('\u{2026}');
        assert!(folded.starts_with(shown), "{} shows `{}` for `{folded}`", finding.rule, finding.excerpt);
        let place = LineTable::new(text).place(text, finding.span.start);
        assert_eq!((finding.line, finding.column), (place.line, place.column));
    }
    let held = packet.issues.iter().any(|issue| issue.severity == "error");
    assert!(!held || packet.gate.row == 1, "an issue did not close the gate");
}

fn rendered(packet: Packet) {
    let report = Report {
        schema: REPORT_SCHEMA.to_owned(),
        tool: Tool { name: "notegate".to_owned(), version: String::new() },
        as_of: AS_OF.to_string(),
        inputs: Inputs { config: String::new(), rules: String::new() },
        summary: Summary::default(),
        articles: vec![packet],
        clusters: Vec::new(),
        notices: Vec::new(),
        comparison: None,
        rules: Vec::new(),
    };
    for (format, name) in report::Format::ALL {
        let text = report::render(&report, *format, Style { color: false, width: 80, verbose: true, quiet: false });
        let unsafe_char = |c: char| (c.is_control() && c != '\n') || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        assert!(!text.contains(unsafe_char), "{name} prints a character that moves or hides text");
    }
}
