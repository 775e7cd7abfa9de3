//! The formats for other programs are what they claim to be: against their schemas where there is one, else read as their readers do.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod desk;
mod formats {
    pub mod hostile;
    pub mod runner;
}

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::LazyLock;

use desk::AS_OF;
use desk::decoded::Decoded;
use formats::{hostile, runner};
use notegate::packet::{FindingRecord, Report};
use notegate::report::{self, Format, Style};
use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::Value;

const STYLE: Style = Style { color: false, width: 100, verbose: false, quiet: false };

/// Articles of every kind, with excused findings, a baseline and fixes.
static HOSTILE: LazyLock<hostile::Run> = LazyLock::new(hostile::run);

fn rendered(format: Format) -> String {
    report::render(&HOSTILE.report, format, STYLE)
}

fn parsed(format: Format) -> Value {
    serde_json::from_str(&rendered(format)).unwrap()
}

fn schema(name: &str) -> Value {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/schemas").join(name)).unwrap();
    // a pattern of the published schema of SARIF closes a bracket that it never opens, which not every reader of patterns lets pass
    serde_json::from_str(&text.replace("[a-zA-Z]{2}]?$", "[a-zA-Z]{2}$")).unwrap()
}

fn faults(schema: &Value, instance: &Value) -> Vec<String> {
    let validator = jsonschema::validator_for(schema).unwrap();
    validator.iter_errors(instance).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

fn findings() -> impl Iterator<Item = (&'static str, &'static FindingRecord)> {
    HOSTILE.report.articles.iter().flat_map(|packet| packet.all_findings().map(|finding| (packet.path.as_str(), finding)))
}

fn list<'v>(value: &'v Value, pointer: &str) -> &'v Vec<Value> {
    value.pointer(pointer).and_then(Value::as_array).unwrap_or_else(|| panic!("no list at {pointer}"))
}

fn number(value: &Value, key: &str) -> usize {
    usize::try_from(value[key].as_u64().unwrap_or_else(|| panic!("no number `{key}` in {value}"))).unwrap()
}

#[test]
fn the_articles_hold_what_formats_must_carry() {
    let all: Vec<&FindingRecord> = findings().map(|(_, finding)| finding).collect();
    assert!(all.iter().any(|finding| !finding.related.is_empty()), "nothing is related");
    for by in hostile::EXCUSES {
        assert!(all.iter().any(|finding| finding.waived.as_ref().is_some_and(|waived| waived.by == *by)), "nothing is excused by {by}");
    }
    assert!(all.iter().any(|finding| finding.fix.is_some()), "nothing can be fixed");
    assert!(HOSTILE.report.articles.iter().any(|packet| !packet.issues.is_empty()));
    assert!(HOSTILE.report.articles.iter().any(|packet| packet.gate.status == "pass"));
    let statuses: BTreeSet<&str> = HOSTILE.report.articles.iter().flat_map(|packet| &packet.checks).map(|check| check.status.as_str()).collect();
    assert!(["pass", "limited", "fail", "error"].iter().all(|status| statuses.contains(status)), "{statuses:?}");
}

#[test]
fn no_format_prints_what_moves_or_hides_text() {
    for (format, name) in Format::ALL {
        let text = rendered(*format);
        let is_xml = ["junit", "checkstyle"].contains(name);
        let is_bad = |c: char| (c.is_control() && c != '\n') || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        let bad = text.chars().find(|c| is_bad(*c) || is_xml && matches!(c, '\u{fffe}' | '\u{ffff}'));
        assert_eq!(bad, None, "{name}");
        assert!(text.lines().all(|line| line.len() < 20_000), "{name} writes the long lines of articles out");
    }
}

#[test]
fn every_machine_format_holds_every_finding_and_why_it_is_excused() {
    for format in [Format::Json, Format::Sarif, Format::Checkstyle, Format::Rdjson, Format::Gitlab, Format::Jsonl, Format::Agent, Format::Junit] {
        let text = rendered(format);
        for (_, finding) in findings() {
            let rule = if format == Format::Checkstyle { finding.rule.replace('/', ".") } else { finding.rule.clone() };
            assert!(text.contains(&rule), "{format:?} does not name {rule}");
        }
        for waived in findings().filter_map(|(_, finding)| finding.waived.as_ref()) {
            assert!(text.contains(&waived.reason), "{format:?} does not say why: {}", waived.reason);
        }
    }
    assert!(rendered(Format::GithubSummary).contains("evidence is with the desk"));
}

mod sarif {
    use super::*;

    #[test]
    fn it_is_valid() {
        assert_eq!(faults(&schema("sarif-2.1.0.schema.json"), &parsed(Format::Sarif)), Vec::<String>::new());
    }

    #[test]
    fn the_schema_can_say_no() {
        let mut broken = parsed(Format::Sarif);
        broken["runs"][0]["results"][0]["level"] = "catastrophe".into();
        assert!(!faults(&schema("sarif-2.1.0.schema.json"), &broken).is_empty());
    }

    #[test]
    fn every_reference_leads_where_it_says() {
        let log = parsed(Format::Sarif);
        let run = &log["runs"][0];
        let (rules, artifacts) = (list(run, "/tool/driver/rules"), list(run, "/artifacts"));
        let results = list(run, "/results");
        assert_eq!(results.len(), findings().count());
        for result in results {
            let rule = &rules[number(result, "ruleIndex")];
            assert_eq!(rule["id"], result["ruleId"]);
            assert!(rule["help"]["text"].as_str().is_some_and(|text| text.len() > 20) && rule["defaultConfiguration"]["level"].is_string());
            let place = &result["locations"][0]["physicalLocation"]["artifactLocation"];
            assert_eq!(artifacts[number(place, "index")]["location"]["uri"], place["uri"]);
        }
        for notice in list(run, "/invocations/0/toolExecutionNotifications").iter().filter(|notice| notice["descriptor"].is_object()) {
            let described = &list(run, "/tool/driver/notifications")[number(&notice["descriptor"], "index")];
            assert_eq!(described["id"], notice["descriptor"]["id"]);
        }
        assert_eq!(run["invocations"][0]["executionSuccessful"], true);
        let to_mend = list(run, "/invocations/0/toolConfigurationNotifications");
        assert_eq!(to_mend.iter().map(|notice| notice["descriptor"]["id"].as_str().unwrap()).collect::<Vec<_>>(), ["waiver/unused"]);
        let place = &to_mend[0]["locations"][0]["physicalLocation"];
        assert_eq!((&place["artifactLocation"]["uri"], &place["region"]["startLine"]), (&"lint.toml".into(), &7.into()));
    }

    #[test]
    fn regions_are_the_text_they_quote_in_bytes_characters_lines_and_columns() {
        let log = parsed(Format::Sarif);
        let mut quoted = 0;
        for (result, (path, _)) in list(&log, "/runs/0/results").iter().zip(findings()) {
            let region = &result["locations"][0]["physicalLocation"]["region"];
            let Some(snippet) = region["snippet"]["text"].as_str() else { continue };
            quoted += 1;
            let bytes = HOSTILE.bytes(path);
            let decoded = Decoded::new(bytes);
            let start = number(region, "byteOffset");
            assert_eq!(decoded.slice(start, start + number(region, "byteLength")).as_deref(), Some(snippet), "{path}");
            let place = decoded.place(start);
            assert_eq!((number(region, "startLine"), number(region, "startColumn")), (place.0 as usize, place.1 as usize), "{path}");
            let text = decoded.slice(0, bytes.len()).unwrap().trim_start_matches('\u{feff}').to_owned();
            let chars: String = text.chars().skip(number(region, "charOffset")).take(number(region, "charLength")).collect();
            assert_eq!(chars, snippet, "{path}");
        }
        assert!(quoted > 10);
    }

    #[test]
    fn uris_are_encoded_and_lead_back_to_the_paths() {
        let log = parsed(Format::Sarif);
        for (artifact, packet) in list(&log, "/runs/0/artifacts").iter().zip(&HOSTILE.report.articles) {
            let uri = artifact["location"]["uri"].as_str().unwrap();
            assert!(uri.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~/%".contains(&byte)), "{uri}");
            assert_eq!(percent_encoding::percent_decode_str(uri).decode_utf8().unwrap(), packet.path);
            assert_eq!(artifact["location"]["uriBaseId"], "%SRCROOT%");
        }
    }

    #[test]
    fn excuses_are_suppressions_and_a_baseline_marks_all_results() {
        let log = parsed(Format::Sarif);
        for (result, (_, finding)) in list(&log, "/runs/0/results").iter().zip(findings()) {
            let suppressions = result["suppressions"].as_array().unwrap();
            assert_eq!(suppressions.len(), usize::from(finding.waived.is_some()));
            let by = finding.waived.as_ref().map(|waived| waived.by.as_str());
            let kind = match by {
                Some("comment" | "front-matter") => Some("inSource"),
                Some(_) => Some("external"),
                None => None,
            };
            assert_eq!(suppressions.first().and_then(|one| one["kind"].as_str()), kind);
            assert_eq!(suppressions.first().and_then(|one| one["justification"].as_str()), finding.waived.as_ref().map(|waived| waived.reason.as_str()));
            assert_eq!(result["baselineState"], if by == Some("baseline") { "unchanged" } else { "new" });
            assert_eq!(result["level"], finding.severity.as_str());
        }
    }

    #[test]
    fn without_a_baseline_nothing_is_said_of_one() {
        let text = report::render(&HOSTILE.without_excuses(), Format::Sarif, STYLE);
        assert!(!text.contains("baselineState"));
    }

    #[test]
    fn absolute_paths_and_paths_above_have_no_base() {
        let mut report = HOSTILE.report.clone();
        report.articles.truncate(3);
        for (packet, path) in report.articles.iter_mut().zip(["/srv/a b.md", "../c.md", "C:/d.md"]) {
            packet.path = path.to_owned();
        }
        let log: Value = serde_json::from_str(&report::render(&report, Format::Sarif, STYLE)).unwrap();
        let uris: Vec<&Value> = list(&log, "/runs/0/artifacts").iter().map(|artifact| &artifact["location"]).collect();
        let told: Vec<&str> = uris.iter().map(|location| location["uri"].as_str().unwrap()).collect();
        assert_eq!(told, ["file:///srv/a%20b.md", "../c.md", "file:///C:/d.md"]);
        assert!(uris.iter().all(|location| location["uriBaseId"].is_null()));
    }
}

/// Elements of an XML text, each with its depth, attributes and text, read by a reader of XML.
fn elements(xml: &str) -> Vec<(String, BTreeMap<String, String>, String)> {
    let mut reader = Reader::from_str(xml);
    reader.config_mut().check_end_names = true;
    let mut found: Vec<(String, BTreeMap<String, String>, String)> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    loop {
        match reader.read_event().unwrap() {
            Event::Start(tag) => {
                open.push(found.len());
                found.push(element(&tag));
            }
            Event::Empty(tag) => found.push(element(&tag)),
            Event::End(_) => drop(open.pop().unwrap()),
            Event::Text(text) => {
                if let Some(at) = open.last() {
                    found[*at].2.push_str(&text);
                }
            }
            Event::GeneralRef(name) => {
                let shown = match &*name {
                    "amp" => "&",
                    "lt" => "<",
                    "gt" => ">",
                    "quot" => "\"",
                    "apos" => "'",
                    other => panic!("&{other};"),
                };
                found[*open.last().unwrap()].2.push_str(shown);
            }
            Event::Eof => break,
            _ => {}
        }
    }
    assert!(open.is_empty());
    found
}

fn element(tag: &quick_xml::events::BytesStart) -> (String, BTreeMap<String, String>, String) {
    let attributes = tag.attributes().map(Result::unwrap);
    let read = attributes.map(|attribute| (attribute.key.as_ref().to_owned(), quick_xml::escape::unescape(&attribute.value).unwrap().into_owned()));
    (tag.name().as_ref().to_owned(), read.collect(), String::new())
}

mod junit {
    use super::*;

    #[test]
    fn its_counts_are_those_of_its_elements_and_of_the_checks() {
        let all = elements(&rendered(Format::Junit));
        let count = |name: &str| all.iter().filter(|(element, ..)| element == name).count();
        let (_, root, _) = &all[0];
        assert_eq!(count("testsuite"), HOSTILE.report.articles.len());
        assert_eq!(count("testcase"), HOSTILE.report.articles.len() * 12);
        assert_eq!(root["tests"], count("testcase").to_string());
        assert_eq!(root["failures"], count("failure").to_string());
        assert_eq!(root["errors"], count("error").to_string());
        let sum =
            |key: &str| all.iter().filter(|(element, ..)| element == "testsuite").map(|(_, suite, _)| suite[key].parse::<usize>().unwrap()).sum::<usize>();
        for (key, element) in [("tests", "testcase"), ("failures", "failure"), ("errors", "error"), ("skipped", "skipped")] {
            assert_eq!(sum(key), count(element), "{key}");
        }
        let failed = HOSTILE.report.articles.iter().flat_map(|packet| &packet.checks).filter(|check| check.status == "fail").count();
        assert_eq!(count("failure"), failed);
        assert!(failed > 0 && count("skipped") > 0 && count("error") > 0);
    }

    #[test]
    fn what_is_excused_never_fails() {
        let excused = HOSTILE.all_excused();
        let all = elements(&report::render(&excused, Format::Junit, STYLE));
        assert!(all.iter().all(|(element, ..)| element != "failure"));
    }

    #[test]
    fn text_of_articles_survives() {
        let all = elements(&rendered(Format::Junit));
        assert!(all.iter().any(|(_, attributes, text)| text.contains("]]>") || attributes.values().any(|value| value.contains("]]>"))));
        assert!(all.iter().any(|(_, attributes, _)| attributes.values().any(|value| value == hostile::PATH)));
    }
}

mod checkstyle {
    use super::*;

    #[test]
    fn every_finding_stands_under_its_file() {
        let all = elements(&rendered(Format::Checkstyle));
        assert_eq!(all[0].0, "checkstyle");
        let files: Vec<&str> = all.iter().filter(|(element, ..)| element == "file").map(|(_, attributes, _)| attributes["name"].as_str()).collect();
        let paths: Vec<&str> = HOSTILE.report.articles.iter().map(|packet| packet.path.as_str()).collect();
        assert_eq!(files, paths);
        let errors: Vec<_> = all.iter().filter(|(element, ..)| element == "error").map(|(_, attributes, _)| attributes).collect();
        let mut unjudged = 0;
        let mut told = findings().peekable();
        for error in errors {
            let Some((_, finding)) = told
                .next_if(|(_, finding)| format!("notegate.{}", finding.rule.replace('/', ".")) == error["source"] && finding.line.to_string() == error["line"])
            else {
                assert!(error["message"].starts_with("not all of the article was judged"), "{error:?}");
                unjudged += 1;
                continue;
            };
            let severity = if finding.waived.is_some() || finding.severity == "note" { "info" } else { finding.severity.as_str() };
            assert_eq!(error["severity"], severity);
            assert_eq!(error["column"], finding.column.to_string());
        }
        assert!(told.next().is_none() && unjudged > 0);
    }
}

mod rdjson {
    use super::*;

    #[test]
    fn it_is_valid() {
        assert_eq!(faults(&schema("rdjson.schema.json"), &parsed(Format::Rdjson)), Vec::<String>::new());
    }

    /// The bytes of UTF-8 between two places, as reviewdog counts them.
    fn at(text: &str, place: &Value) -> usize {
        let line = text.split_inclusive('\n').take(number(place, "line") - 1).map(str::len).sum::<usize>();
        line + number(place, "column") - 1
    }

    #[test]
    fn columns_are_bytes_of_utf_8() {
        let report = parsed(Format::Rdjson);
        let mut held = 0;
        for diagnostic in list(&report, "/diagnostics") {
            let path = diagnostic["location"]["path"].as_str().unwrap();
            let range = &diagnostic["location"]["range"];
            let Some((_, finding)) = findings()
                .find(|(other, finding)| *other == path && finding.rule == diagnostic["code"]["value"] && u64::from(finding.line) == range["start"]["line"])
            else {
                assert!(diagnostic["message"].as_str().unwrap().starts_with("not all"), "{diagnostic}");
                continue;
            };
            if range["end"]["column"].is_null() || !HOSTILE.is_plain(path) {
                continue;
            }
            let text = std::str::from_utf8(HOSTILE.bytes(path)).unwrap();
            let (start, end) = (at(text, &range["start"]), at(text, &range["end"]));
            let ours = findings()
                .filter(|(other, one)| *other == path && one.rule == finding.rule)
                .any(|(_, one)| (one.span.start as usize, one.span.end as usize) == (start, end));
            assert!(ours, "{diagnostic}");
            held += 1;
        }
        assert!(held > 10);
    }

    #[test]
    fn a_suggestion_is_what_fix_writes() {
        let report = parsed(Format::Rdjson);
        let mut suggested = 0;
        for diagnostic in list(&report, "/diagnostics") {
            for suggestion in diagnostic["suggestions"].as_array().into_iter().flatten() {
                let path = diagnostic["location"]["path"].as_str().unwrap();
                let text = std::str::from_utf8(HOSTILE.bytes(path)).unwrap();
                let (start, end) = (at(text, &suggestion["range"]["start"]), at(text, &suggestion["range"]["end"]));
                let fixes = findings().filter(|(other, _)| *other == path).filter_map(|(_, finding)| finding.fix.as_ref());
                let mut edits = fixes.flat_map(|fix| &fix.edits);
                assert!(
                    edits.any(
                        |edit| (edit.span.start as usize, edit.span.end as usize, edit.text.as_str()) == (start, end, suggestion["text"].as_str().unwrap())
                    )
                );
                suggested += 1;
            }
        }
        assert!(suggested > 0);
    }
}

mod gitlab {
    use super::*;

    #[test]
    fn it_is_valid_and_no_fingerprint_stands_twice() {
        let report = parsed(Format::Gitlab);
        assert_eq!(faults(&schema("gitlab-code-quality.schema.json"), &report), Vec::<String>::new());
        let fingerprints: Vec<&str> = report.as_array().unwrap().iter().map(|one| one["fingerprint"].as_str().unwrap()).collect();
        assert_eq!(fingerprints.iter().collect::<BTreeSet<_>>().len(), fingerprints.len());
        assert!(fingerprints.len() >= findings().count());
    }

    #[test]
    fn what_is_excused_weighs_nothing() {
        let report: Value = serde_json::from_str(&report::render(&HOSTILE.all_excused(), Format::Gitlab, STYLE)).unwrap();
        // problems of reading cannot be excused
        let can_be = |name: &str| name.contains('/') && !["source/", "front-matter/"].iter().any(|prefix| name.starts_with(prefix));
        let excused: Vec<&Value> = report.as_array().unwrap().iter().filter(|one| can_be(one["check_name"].as_str().unwrap())).collect();
        assert!(excused.len() > 10 && excused.iter().all(|one| one["severity"] == "info"), "{excused:?}");
    }
}

mod github {
    use super::*;

    #[test]
    fn the_runner_reads_back_what_was_meant() {
        let text = rendered(Format::Github);
        let commands: Vec<runner::Command> = text.lines().filter_map(runner::parse).collect();
        assert!(commands.iter().any(|command| command.properties["file"] == hostile::PATH), "{text}");
        for command in &commands {
            assert!(["error", "warning", "notice"].contains(&command.name.as_str()));
            let line: u32 = command.properties["line"].parse().unwrap();
            let found =
                findings().find(|(path, finding)| *path == command.properties["file"] && finding.rule == command.properties["title"] && finding.line == line);
            let Some((_, finding)) = found else {
                assert!(command.message.starts_with("not all of the article"), "{command:?}");
                continue;
            };
            assert!(command.message.contains("\nto clear it: "), "{command:?}");
            let weight = if finding.waived.is_some() || finding.severity == "note" { "notice" } else { finding.severity.as_str() };
            assert_eq!(command.name, weight, "{command:?}");
        }
        assert!(commands.iter().any(|command| command.message.contains("100%, or: ")), "{text}");
    }

    #[test]
    fn ten_of_a_kind_are_shown_and_the_others_counted() {
        let text = rendered(Format::Github);
        let of = |name: &str| text.lines().filter_map(runner::parse).filter(|command| command.name == name).count();
        let summary = &HOSTILE.report.summary;
        assert!(summary.errors > 10, "{summary:?}");
        assert_eq!(of("error"), 10);
        assert!(of("warning") <= 10 && of("notice") <= 10);
        assert!(text.contains(&format!("{} more errors", HOSTILE.report.summary.errors - 10)), "{text}");
    }

    #[test]
    fn the_job_summary_is_appended_to_the_file_that_github_names() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("summary.md");
        fs::write(&file, "before\n").unwrap();
        let run = |format: &str| {
            let mut command = Command::new(env!("CARGO_BIN_EXE_notegate"));
            command.current_dir(env!("CARGO_MANIFEST_DIR")).env("GITHUB_STEP_SUMMARY", &file);
            command.args(["check", "--as-of", &AS_OF.to_string(), "--format", format, "fixtures/gate/fail"]).output().unwrap()
        };
        assert_eq!(run("concise").status.code(), Some(1));
        assert_eq!(fs::read_to_string(&file).unwrap(), "before\n");
        let output = run("github");
        assert_eq!(output.status.code(), Some(1));
        let summary = fs::read_to_string(&file).unwrap();
        assert_eq!(summary.strip_prefix("before\n").unwrap(), String::from_utf8(run("github-summary").stdout).unwrap());
        assert!(summary.contains("| fixtures/gate/fail/buy-command-and-live-price.md | fail | blocked |"), "{summary}");
    }

    #[test]
    fn no_text_of_an_article_is_markup_of_the_summary() {
        let summary = rendered(Format::GithubSummary);
        let html = comrak::markdown_to_html(
            &summary,
            &comrak::Options { extension: comrak::options::Extension { table: true, autolink: true, ..Default::default() }, ..Default::default() },
        );
        let rows = html.matches("<tr>").count();
        assert_eq!(rows, HOSTILE.report.articles.len() + 1, "{summary}");
        assert!(!html.contains("<a ") && !html.contains("<img") && !html.contains("<!--") && !html.contains("<code"), "{html}");
    }
}

mod jsonl {
    use super::*;

    #[test]
    fn every_line_is_valid_and_nothing_of_the_findings_is_lost() {
        let schema: Value = serde_json::from_str(&report::lines_schema()).unwrap();
        let validator = jsonschema::validator_for(&schema).unwrap();
        let lines: Vec<Value> = rendered(Format::Jsonl).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        for line in &lines {
            let faults: Vec<String> = validator.iter_errors(line).map(|error| error.to_string()).collect();
            assert!(faults.is_empty(), "{line}: {faults:?}");
        }
        assert_eq!(lines[0]["schema"], "notegate.lines/1");
        let told: Vec<&Value> = lines.iter().filter(|line| line["type"] == "finding").collect();
        assert_eq!(told.len(), findings().count());
        for (line, (path, finding)) in told.iter().zip(findings()) {
            let mut own = line.as_object().unwrap().clone();
            assert_eq!(own.remove("path").unwrap(), path);
            own.remove("type");
            own.remove("check");
            assert_eq!(Value::Object(own), serde_json::to_value(finding).unwrap());
        }
        assert_eq!(lines.iter().filter(|line| line["type"] == "article").count(), HOSTILE.report.articles.len());
    }
}

mod agent {
    use super::*;

    #[test]
    fn a_line_a_finding_and_one_an_article() {
        let text = rendered(Format::Agent);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[0], "notegate agent/1 as-of=2026-05-17");
        for packet in &HOSTILE.report.articles {
            assert!(lines.iter().any(|line| line.contains(&format!(" gate={} row={} index={}", packet.gate.status, packet.gate.row, packet.gate.index))));
        }
        assert_eq!(lines.iter().filter(|line| line.contains(" | clear: ")).count(), findings().count());
        assert_eq!(lines.last().unwrap().split(' ').next(), Some("total"));
    }
}

#[test]
fn a_report_without_articles_is_one_in_every_format() {
    let empty = Report { articles: Vec::new(), clusters: Vec::new(), rules: Vec::new(), summary: Default::default(), ..HOSTILE.report.clone() };
    for (format, name) in Format::ALL {
        let text = report::render(&empty, *format, STYLE);
        match format {
            Format::Sarif => assert_eq!(faults(&schema("sarif-2.1.0.schema.json"), &serde_json::from_str(&text).unwrap()), Vec::<String>::new()),
            Format::Rdjson => assert_eq!(faults(&schema("rdjson.schema.json"), &serde_json::from_str(&text).unwrap()), Vec::<String>::new()),
            Format::Gitlab => assert_eq!(text, "[]\n"),
            Format::Junit | Format::Checkstyle => assert_eq!(elements(&text).len(), 1, "{name}"),
            _ => {}
        }
    }
}
