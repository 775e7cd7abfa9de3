//! JSON Lines (`notegate.lines/1`): the report cut into lines, so that a program can read it as it comes and `grep` finds its way.

use std::io::{self, Write};

use schemars::JsonSchema;
use serde::Serialize;

use super::json;
use crate::packet::{Cluster, FindingRecord, GateRecord, Inputs, Packet, Report, Summary, Tool};

/// Name of the format.
const SCHEMA: &str = "notegate.lines/1";

/// One line.
#[derive(Serialize, JsonSchema)]
#[serde(tag = "type", rename_all = "kebab-case")]
enum Line<'r> {
    /// The first line: what was judged by, and the counts.
    Run { schema: &'static str, tool: &'r Tool, as_of: &'r str, inputs: &'r Inputs, summary: &'r Summary },
    /// An article; the lines of its findings follow.
    Article {
        path: &'r str,
        sha256: &'r str,
        content_sha256: &'r str,
        title: Option<&'r str>,
        language: &'r str,
        class: &'r str,
        draft: bool,
        words: u32,
        gate: &'r GateRecord,
        checks: Vec<Check<'r>>,
    },
    /// A finding of the article above.
    Finding {
        path: &'r str,
        /// The check that found it; null for a problem of reading.
        check: Option<&'r str>,
        #[serde(flatten)]
        finding: &'r FindingRecord,
    },
    /// A group of articles that share text; the last lines.
    Cluster {
        #[serde(flatten)]
        cluster: &'r Cluster,
    },
}

/// What a check says.
#[derive(Serialize, JsonSchema)]
struct Check<'r> {
    id: &'r str,
    status: &'r str,
    evidence: &'r str,
}

/// Writes the report.
pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let Report { tool, as_of, inputs, summary, .. } = report;
    json::compact(&Line::Run { schema: SCHEMA, tool, as_of, inputs, summary }, out)?;
    for packet in &report.articles {
        json::compact(&article(packet), out)?;
        let path = packet.path.as_str();
        for finding in &packet.issues {
            json::compact(&Line::Finding { path, check: None, finding }, out)?;
        }
        for check in &packet.checks {
            for finding in &check.findings {
                json::compact(&Line::Finding { path, check: Some(&check.id), finding }, out)?;
            }
        }
    }
    report.clusters.iter().try_for_each(|cluster| json::compact(&Line::Cluster { cluster }, out))
}

fn article(packet: &Packet) -> Line<'_> {
    Line::Article {
        path: &packet.path,
        sha256: &packet.sha256,
        content_sha256: &packet.content_sha256,
        title: packet.title.as_deref(),
        language: &packet.language,
        class: &packet.class,
        draft: packet.draft,
        words: packet.words,
        gate: &packet.gate,
        checks: packet.checks.iter().map(|check| Check { id: &check.id, status: &check.status, evidence: &check.evidence }).collect(),
    }
}

/// The JSON Schema of a line, made from the types.
#[must_use]
pub fn schema() -> String {
    let schema = schemars::schema_for!(Line);
    let mut text = serde_json::to_string_pretty(&schema).unwrap_or_default();
    text.push('\n');
    text
}
