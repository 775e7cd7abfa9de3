//! SARIF 2.1.0, for code scanning and the viewers of editors.

use std::collections::BTreeMap;
use std::io::{self, Write};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};
use serde_sarif::sarif;

use super::printable::one_line;
use super::{json, machine};
use crate::packet::{FindingRecord, FixRecord, Notice, Packet, RelatedRecord, Report, RuleRecord, SpanRecord};

/// Where the published schema is found.
const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";
/// What all paths are relative to.
const ROOT: &str = "%SRCROOT%";
/// The name of the fingerprint, with the version of how it is made.
const FINGERPRINT: &str = "notegateFinding/v1";
/// Prefix of issues about what is written for notegate, not for readers.
const CONFIGURATION: &str = "waiver/";
/// Bytes of a path that stand in a URI as they are.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');

/// Writes the report.
pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    json::indented(&Log::new(report).written(), out)
}

/// A report on its way to SARIF.
struct Log<'r> {
    report: &'r Report,
    rules: BTreeMap<&'r str, RuleRecord>,
    /// Places in the lists of the run.
    rule_at: BTreeMap<&'r str, i64>,
    notice_at: BTreeMap<&'r str, i64>,
    artifact_at: BTreeMap<&'r str, i64>,
    /// A baseline held something, so that every result is new or was there before.
    compared: bool,
}

impl<'r> Log<'r> {
    fn new(report: &'r Report) -> Self {
        let rules = machine::rules(report);
        let rule_at = rules.keys().copied().zip(0..).collect();
        let noticed: BTreeMap<&str, ()> = report.articles.iter().flat_map(|packet| &packet.issues).map(|issue| (issue.rule.as_str(), ())).collect();
        let notice_at = noticed.into_keys().zip(0..).collect();
        let artifact_at = report.articles.iter().map(|packet| packet.path.as_str()).zip(0..).collect();
        let compared = report.articles.iter().flat_map(Packet::all_findings).any(is_held);
        Self { report, rules, rule_at, notice_at, artifact_at, compared }
    }

    fn written(&self) -> sarif::Sarif {
        sarif::Sarif { schema: Some(SCHEMA.to_owned()), inline_external_properties: None, properties: None, runs: vec![self.run()], version: json!("2.1.0") }
    }

    fn run(&self) -> sarif::Run {
        let report = self.report;
        let described = |id: &&'r str| self.rules.get(*id).map(descriptor);
        let driver = sarif::ToolComponent::builder()
            .name(one_line(&report.tool.name))
            .version(one_line(&report.tool.version))
            .semantic_version(one_line(&report.tool.version))
            .rules(self.rules.values().map(descriptor).collect::<Vec<_>>())
            .notifications(self.notice_at.keys().filter_map(described).collect::<Vec<_>>())
            .build();
        let base = sarif::ArtifactLocation { description: Some(text("the folder that notegate ran in")), ..Default::default() };
        let mut run = sarif::Run::builder()
            .tool(sarif::Tool::builder().driver(driver).build())
            .results(report.articles.iter().flat_map(|packet| packet.all_findings().map(move |finding| self.result(packet, finding))).collect::<Vec<_>>())
            .artifacts(report.articles.iter().map(|packet| self.artifact(packet)).collect::<Vec<_>>())
            .invocations(vec![self.invocation()])
            .column_kind(json!("unicodeCodePoints"))
            .language("en")
            .automation_details(sarif::RunAutomationDetails { id: Some("notegate/".to_owned()), ..Default::default() })
            .properties(bag([
                ("asOf", json!(report.as_of)),
                ("config", json!(report.inputs.config)),
                ("rules", json!(report.inputs.rules)),
                ("summary", json!(report.summary)),
            ]))
            .build();
        run.original_uri_base_ids = Some([(ROOT.to_owned(), base)].into());
        run
    }

    /// The run itself: it ended well, else there were no report. What was hard to read is told.
    fn invocation(&self) -> sarif::Invocation {
        let of_packet = |packet: &'r Packet| {
            let issues = packet.issues.iter().map(move |issue| (issue.rule.starts_with(CONFIGURATION), self.notice(packet, issue)));
            issues.chain(machine::unread(packet).map(move |unread| (false, self.unread(packet, &unread))))
        };
        let (configuration, execution): (Vec<_>, Vec<_>) = self.report.articles.iter().flat_map(of_packet).partition(|(configuration, _)| *configuration);
        let plain = |notices: Vec<(bool, sarif::Notification)>| notices.into_iter().map(|(_, notice)| notice).collect::<Vec<_>>();
        // what is to be mended in waivers and baselines is a matter of configuration too
        let to_mend = self.report.notices.iter().map(|notice| self.to_mend(notice));
        sarif::Invocation::builder()
            .execution_successful(true)
            .tool_configuration_notifications(plain(configuration).into_iter().chain(to_mend).collect::<Vec<_>>())
            .tool_execution_notifications(plain(execution))
            .build()
    }

    fn notice(&self, packet: &Packet, issue: &FindingRecord) -> sarif::Notification {
        let descriptor =
            sarif::ReportingDescriptorReference { id: Some(issue.rule.clone()), index: self.notice_at.get(issue.rule.as_str()).copied(), ..Default::default() };
        sarif::Notification::builder()
            .descriptor(descriptor)
            .level(json!(machine::weight(issue)))
            .locations(vec![self.location(&packet.path, Some(region(issue)))])
            .message(text(&issue.message))
            .build()
    }

    fn to_mend(&self, notice: &Notice) -> sarif::Notification {
        let region = notice.line.map(|line| sarif::Region { start_line: Some(i64::from(line)), ..Default::default() });
        sarif::Notification::builder()
            .descriptor(sarif::ReportingDescriptorReference { id: Some(notice.rule.clone()), ..Default::default() })
            .level(json!(notice.severity))
            .locations(vec![self.location(&notice.path, region)])
            .message(text(&format!("{} {}", notice.message, notice.help)))
            .build()
    }

    fn unread(&self, packet: &Packet, unread: &machine::Unread) -> sarif::Notification {
        sarif::Notification::builder()
            .level(json!(unread.severity))
            .locations(vec![self.location(&packet.path, None)])
            .message(text(&format!("{}: {}", unread.check, unread.message)))
            .build()
    }

    fn artifact(&self, packet: &Packet) -> sarif::Artifact {
        let is_read = packet.issues.iter().all(|issue| issue.rule != "source/unreadable");
        sarif::Artifact {
            location: Some(self.artifact_location(&packet.path)),
            hashes: is_read.then(|| [("sha-256".to_owned(), packet.sha256.clone())].into()),
            roles: Some(vec![json!("analysisTarget")]),
            properties: Some(bag([
                ("gate", json!(packet.gate.status)),
                ("row", json!(packet.gate.row)),
                ("index", json!(packet.gate.index)),
                ("because", json!(packet.gate.because)),
                ("contentSha256", json!(packet.content_sha256)),
            ])),
            ..Default::default()
        }
    }

    fn result(&self, packet: &Packet, finding: &FindingRecord) -> sarif::Result {
        let mut result = sarif::Result::builder()
            .rule_id(finding.rule.clone())
            .message(text(&finding.message))
            .locations(vec![self.location(&packet.path, Some(region(finding)))])
            .properties(bag([
                ("cause", json!(finding.cause)),
                ("why", json!(finding.why)),
                ("help", json!(finding.help)),
                ("operators", json!(finding.operators)),
            ]))
            .build();
        result.rule_index = self.rule_at.get(finding.rule.as_str()).copied();
        result.level = Some(match finding.severity.as_str() {
            "error" => sarif::ResultLevel::Error,
            "warning" => sarif::ResultLevel::Warning,
            _ => sarif::ResultLevel::Note,
        });
        if !finding.fingerprint.is_empty() {
            result.partial_fingerprints = Some([(FINGERPRINT.to_owned(), finding.fingerprint.clone())].into());
        }
        if !finding.related.is_empty() {
            result.related_locations = Some(finding.related.iter().zip(1..).map(|(related, id)| self.related(related, id)).collect());
        }
        if let Some(change) = &finding.change {
            let state = match change.state.as_str() {
                "new" => "new",
                "worse" | "better" => "updated",
                _ => "unchanged",
            };
            result.baseline_state = Some(json!(state));
        } else if self.compared {
            result.baseline_state = Some(json!(if is_held(finding) { "unchanged" } else { "new" }));
        }
        // an empty list says that suppressions were looked for
        result.suppressions = Some(suppression(finding).into_iter().collect());
        result.fixes = finding.fix.as_ref().map(|fix| vec![self.fix(&packet.path, fix)]);
        result
    }

    fn related(&self, related: &RelatedRecord, id: i64) -> sarif::Location {
        let region = sarif::Region { start_line: Some(i64::from(related.line.max(1))), ..bytes(related.span) };
        sarif::Location { id: Some(id), message: Some(text(&related.message)), ..self.location(&related.path, Some(region)) }
    }

    fn fix(&self, path: &str, fix: &FixRecord) -> sarif::Fix {
        let replacements = fix.edits.iter().map(|edit| {
            let deleted = sarif::Region {
                start_line: Some(i64::from(edit.line)),
                start_column: Some(i64::from(edit.column)),
                end_line: Some(i64::from(edit.end_line)),
                end_column: Some(i64::from(edit.end_column)),
                ..bytes(edit.span)
            };
            let inserted = sarif::ArtifactContent { text: Some(edit.text.clone()), ..Default::default() };
            sarif::Replacement::builder().deleted_region(deleted).inserted_content(inserted).build()
        });
        let change = sarif::ArtifactChange::builder().artifact_location(self.artifact_location(path)).replacements(replacements.collect::<Vec<_>>()).build();
        sarif::Fix::builder().description(text(&fix.description)).artifact_changes(vec![change]).build()
    }

    fn location(&self, path: &str, region: Option<sarif::Region>) -> sarif::Location {
        let place = sarif::PhysicalLocation { artifact_location: Some(self.artifact_location(path)), region, ..Default::default() };
        sarif::Location { physical_location: Some(place), ..Default::default() }
    }

    fn artifact_location(&self, path: &str) -> sarif::ArtifactLocation {
        let (uri, is_relative) = uri(path);
        sarif::ArtifactLocation {
            uri: Some(uri),
            uri_base_id: is_relative.then(|| ROOT.to_owned()),
            index: self.artifact_at.get(path).copied(),
            ..Default::default()
        }
    }
}

/// The URI of a reported path, and whether it lies below the folder of the run.
fn uri(path: &str) -> (String, bool) {
    let encoded = |path: &str| utf8_percent_encode(path, PLAIN).to_string();
    let drive = path.as_bytes().get(1) == Some(&b':') && path.as_bytes()[0].is_ascii_alphabetic();
    if drive {
        return (format!("file:///{}:{}", &path[..1], encoded(&path[2..])), false);
    }
    if path.starts_with('/') {
        return (format!("file://{}", encoded(path)), false);
    }
    (encoded(path), path != ".." && !path.starts_with("../"))
}

fn is_held(finding: &FindingRecord) -> bool {
    finding.waived.as_ref().is_some_and(|waived| waived.by == "baseline")
}

fn suppression(finding: &FindingRecord) -> Option<sarif::Suppression> {
    let waived = finding.waived.as_ref()?;
    let kind = if matches!(waived.by.as_str(), "comment" | "front-matter") { "inSource" } else { "external" };
    let suppression = sarif::Suppression::builder().kind(json!(kind)).status(json!("accepted")).justification(one_line(&waived.reason)).properties(bag([
        ("by", json!(waived.by)),
        ("owner", json!(waived.owner)),
        ("expires", json!(waived.expires)),
        ("since", json!(waived.since)),
    ]));
    Some(suppression.build())
}

fn region(finding: &FindingRecord) -> sarif::Region {
    let mut region = sarif::Region {
        start_line: Some(i64::from(finding.line.max(1))),
        start_column: Some(i64::from(finding.column.max(1))),
        end_line: Some(i64::from(finding.end_line.max(1))),
        end_column: Some(i64::from(finding.end_column.max(1))),
        ..bytes(finding.span)
    };
    if let Some(reach) = finding.reach {
        let length = i64::from(reach.chars.1) - i64::from(reach.chars.0);
        region.char_offset = Some(i64::from(reach.chars.0));
        region.char_length = Some(length);
        let shown = finding.window.text.get(finding.window.mark.0..finding.window.mark.1).unwrap_or_default();
        // the window ends with its line: a longer finding is not quoted in part
        if length > 0 && i64::try_from(shown.chars().count()) == Ok(length) {
            region.snippet = Some(sarif::ArtifactContent { text: Some(shown.to_owned()), ..Default::default() });
        }
    }
    region
}

fn bytes(span: SpanRecord) -> sarif::Region {
    sarif::Region { byte_offset: Some(i64::from(span.start)), byte_length: Some(i64::from(span.end.saturating_sub(span.start))), ..Default::default() }
}

fn descriptor(rule: &RuleRecord) -> sarif::ReportingDescriptor {
    let check = rule.id.split('/').next().unwrap_or_default();
    let said = |text: String| sarif::MultiformatMessageString { text, markdown: None, properties: None };
    let (why, help) = (machine::open(&rule.why), machine::open(&rule.help));
    let full = if rule.claim.is_empty() { why.clone() } else { format!("{why}. The claim: {}", one_line(&rule.claim)) };
    sarif::ReportingDescriptor::builder()
        .id(rule.id.clone())
        .short_description(said(machine::open(&rule.says)))
        .full_description(said(full))
        .help(said(format!("Why it matters: {why}. To clear it: {help}.")))
        .default_configuration(sarif::ReportingConfiguration { level: Some(json!(rule.severity)), ..Default::default() })
        .properties(sarif::PropertyBag { tags: Some(vec![check.to_owned()]), additional_properties: BTreeMap::new() })
        .build()
}

fn bag<const N: usize>(entries: [(&str, Value); N]) -> sarif::PropertyBag {
    let entries = entries.into_iter().filter(|(_, value)| !value.is_null()).map(|(key, value)| (key.to_owned(), value));
    sarif::PropertyBag { tags: None, additional_properties: entries.collect() }
}

/// A plain message. Viewers make links of `[words](target)`, also of those that an article holds.
fn text(words: &str) -> sarif::Message {
    let line = one_line(words);
    let safe = if line.contains("](") { line.replace('\\', "\\\\").replace('[', "\\[").replace(']', "\\]") } else { line };
    sarif::Message { text: Some(safe), ..Default::default() }
}
