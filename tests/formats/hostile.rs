//! A run over articles of every kind, with names and texts that formats stumble over.

use std::fs;
use std::path::Path;

use notegate::packet::{EditRecord, FindingRecord, FixRecord, Inputs, Notice, Packet, REPORT_SCHEMA, Report, Summary, Tool, WaivedRecord};

use crate::desk::{AS_OF, Desk};

/// A path with everything that a property of a workflow command escapes, and what a URI does.
pub const PATH: &str = "notes/50%, a: b \u{e9}.md";
/// What excuses findings.
pub const EXCUSES: &[&str] = &["comment", "front-matter", "lint.toml", "baseline"];

pub struct Run {
    pub report: Report,
    files: Vec<(&'static str, Vec<u8>)>,
}

impl Run {
    /// The bytes of an article.
    pub fn bytes(&self, path: &str) -> &[u8] {
        &self.files.iter().find(|(name, _)| *name == path).unwrap().1
    }

    /// Whether an article is UTF-8 whose lines end in line feeds.
    pub fn is_plain(&self, path: &str) -> bool {
        let bytes = self.bytes(path);
        std::str::from_utf8(bytes).is_ok_and(|text| !text.replace("\r\n", "\n").contains('\r'))
    }

    pub fn without_excuses(&self) -> Report {
        let mut report = self.report.clone();
        each_finding(&mut report, |finding| finding.waived = None);
        report
    }

    /// The same articles with everything excused that a waiver can excuse.
    pub fn all_excused(&self) -> Report {
        let mut report = self.report.clone();
        report.articles.iter_mut().for_each(excuse);
        report
    }
}

fn each_finding(report: &mut Report, change: impl Fn(&mut FindingRecord)) {
    for packet in &mut report.articles {
        packet.issues.iter_mut().chain(packet.checks.iter_mut().flat_map(|check| &mut check.findings)).for_each(&change);
    }
}

/// An article whose findings are all excused, each in another way.
fn excuse(packet: &mut Packet) {
    for (i, finding) in packet.checks.iter_mut().flat_map(|check| &mut check.findings).enumerate() {
        finding.waived = Some(WaivedRecord {
            by: EXCUSES[i % EXCUSES.len()].to_owned(),
            reason: "evidence is with the desk, see 100% of it".to_owned(),
            owner: Some("desk@example.org".to_owned()),
            expires: Some("2026-12-31".to_owned()),
            since: (i % EXCUSES.len() == 3).then(|| "2026-01-02".to_owned()),
            line: None,
            file: None,
        });
    }
    for check in packet.checks.iter_mut().filter(|check| check.status == "fail") {
        check.status = "limited".to_owned();
    }
    if packet.gate.row == 2 {
        (packet.gate.status, packet.gate.row, packet.gate.index) = ("limited".to_owned(), 3, "held".to_owned());
    }
}

fn fixture(name: &str) -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/gate").join(name)).unwrap()
}

fn utf16(text: &str) -> Vec<u8> {
    std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
}

/// Paths and bytes.
fn files() -> Vec<(&'static str, Vec<u8>)> {
    let bad = "Buy silver today, it is $31.40 an ounce and you cannot lose.";
    let shared = "The ledger of the harbour yard lists every lot that came in over the quay, with its weight, its moisture and the name of whoever sampled it before noon.";
    let hostile = format!(
        "---\ntitle: \"\\e[31mred\\u202e ]]> <b>|x|</b> `code` [a](https://example.org) @desk #1\"\ndate: \"]]> \\e[2J\\u202e \\uFFFE\\uFFFF <img src=x> [a](https://example.org)\"\n---\n\n\
         {bad} \u{1b}[31m\u{202e}]]>\u{7}\n\n<!-- ::error::no -->\n::error file=x::{bad}\n"
    );
    vec![
        (PATH, format!("---\ndate: \"100%, or: so\"\n---\n\n\u{e9}\u{1d54f} {bad}\r\n\r\n{shared}\n").into_bytes()),
        ("notes/hostile.md", hostile.into_bytes()),
        ("notes/long.md", format!("{} {bad}\n", "word \u{e9} ".repeat(20_000)).into_bytes()),
        ("notes/marked.md", format!("\u{feff}{bad}\r\n\r\n{shared}\r\n").into_bytes()),
        ("notes/old.md", format!("First.\r{bad}\r").into_bytes()),
        ("notes/wide.md", utf16(&format!("\u{1f600} {bad}\n\n{shared}\n"))),
        ("notes/unmarked.md", utf16(bad).split_off(2)),
        ("notes/header.md", b"---\ntitle: \"open\n---\n\nText.\n".to_vec()),
        ("notes/latin.md", b"Caf\xe9 prices are up.\n".to_vec()),
        ("notes/page.mdx", format!("{bad}\n\n<Note>\n\nnever closed {{\n").into_bytes()),
        (
            "notes/deutsch.md",
            "Der Hafen ist heute geschlossen, und die Waage wird erst am Montag wieder geeicht. Das ist der Grund f\u{fc}r die Liste.\n".repeat(5).into_bytes(),
        ),
        ("notes/pass.md", fixture("pass/copper-ledger-workflow.md")),
        ("notes/fail.md", fixture("fail/buy-command-and-live-price.md")),
        ("notes/excused.md", fixture("fail/buy-command-and-live-price.md")),
        ("notes/empty.md", Vec::new()),
    ]
}

/// Judges them all, excuses one article and gives one finding a fix.
pub fn run() -> Run {
    let files = files();
    let mut packets = Desk::new().judge_all(&files);
    packets.iter_mut().filter(|packet| packet.path == "notes/excused.md").for_each(excuse);
    for packet in packets.iter_mut().filter(|packet| packet.path == PATH) {
        let finding = packet.checks.iter_mut().flat_map(|check| &mut check.findings).find(|finding| finding.line > 4).unwrap();
        let edit = EditRecord {
            span: finding.span,
            line: finding.line,
            column: finding.column,
            end_line: finding.end_line,
            end_column: finding.end_column,
            text: "100%, or: \"]]>\"".to_owned(),
            reach: finding.reach,
        };
        finding.fix = Some(FixRecord { description: "writes something else".to_owned(), edits: vec![edit] });
    }
    let mut summary = Summary { articles: packets.len(), ..Summary::default() };
    for packet in &packets {
        match packet.gate.status.as_str() {
            "pass" => summary.pass += 1,
            "limited" => summary.limited += 1,
            _ => summary.fail += 1,
        }
        for finding in packet.all_findings() {
            match (finding.waived.is_some(), finding.severity.as_str()) {
                (true, _) => summary.waived += 1,
                (false, "error") => summary.errors += 1,
                (false, "warning") => summary.warnings += 1,
                _ => summary.notes += 1,
            }
        }
    }
    let report = Report {
        schema: REPORT_SCHEMA.to_owned(),
        tool: Tool { name: "notegate".to_owned(), version: "0.1.0".to_owned() },
        as_of: AS_OF.to_string(),
        inputs: Inputs { config: "sha256:0".to_owned(), rules: "sha256:0".to_owned() },
        summary,
        articles: packets,
        clusters: Vec::new(),
        notices: vec![Notice {
            rule: "waiver/unused".to_owned(),
            severity: "warning".to_owned(),
            path: "lint.toml".to_owned(),
            line: Some(7),
            message: "the waiver of `live-price/unsupported` excuses nothing: 100 %, done\u{202e}".to_owned(),
            help: "Delete it.".to_owned(),
        }],
        comparison: None,
        rules: Vec::new(),
    };
    Run { report, files }
}
