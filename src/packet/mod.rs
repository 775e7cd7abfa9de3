//! The packet: the record of one review, and the report that holds the packets of a run. These types are the JSON format
//! `notegate.report/1`; fields are added freely and never renamed.

mod anchor;
pub mod comparison;
pub mod evidence;
pub mod file;
pub mod fix;
pub mod panels;
pub mod record;
pub mod rule;

use std::borrow::Cow;
use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::sign_off::SignOffRecord;

pub use fix::{EditRecord, FixRecord, Reach};
pub use rule::RuleRecord;

/// Name of the report format.
pub const REPORT_SCHEMA: &str = "notegate.report/1";

/// The report of a run.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Report {
    /// Always `notegate.report/1`.
    pub schema: String,
    /// What made the report.
    pub tool: Tool,
    /// The day the run judged against, `YYYY-MM-DD`.
    pub as_of: String,
    /// Digests of what was judged by.
    pub inputs: Inputs,
    /// Counts over all articles.
    pub summary: Summary,
    /// One packet an article, in path order.
    pub articles: Vec<Packet>,
    /// Groups of articles that share text.
    pub clusters: Vec<Cluster>,
    /// What is to be done about the waivers of `lint.toml` and the baseline. No article's verdict depends on it.
    #[serde(default)]
    pub notices: Vec<Notice>,
    /// What changed since another state; absent where the run was compared with none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comparison: Option<comparison::Comparison>,
    /// The rules that findings name, by id, for formats that describe them.
    #[serde(skip)]
    #[schemars(skip)]
    pub rules: Vec<RuleRecord>,
}

/// Something to be done that belongs to no article.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Notice {
    /// Its id, such as `waiver/unused` or `baseline/prunable`.
    pub rule: String,
    /// `warning` or `note`.
    pub severity: String,
    /// The file it is about.
    pub path: String,
    /// Line in that file, from 1.
    pub line: Option<u32>,
    /// What is the matter.
    pub message: String,
    /// What would clear it.
    pub help: String,
}

/// What made a report.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Tool {
    /// `notegate`.
    pub name: String,
    /// Its version.
    pub version: String,
}

/// Digests of what was judged by, each `sha256:` and 64 hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Inputs {
    /// Over the `lint.toml` files that counted, in path order.
    pub config: String,
    /// Over all rule files.
    pub rules: String,
}

/// Counts over all articles. Findings count where they are reported, waived ones apart.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct Summary {
    /// Judged articles.
    pub articles: usize,
    /// Gate pass.
    pub pass: usize,
    /// Gate limited.
    pub limited: usize,
    /// Gate fail.
    pub fail: usize,
    /// Findings and issues of severity error.
    pub errors: usize,
    /// Of severity warning.
    pub warnings: usize,
    /// Of severity note.
    pub notes: usize,
    /// Waived findings.
    pub waived: usize,
    /// Old findings that the baseline holds.
    #[serde(default)]
    pub held: usize,
    /// Drafts among the articles.
    pub drafts: usize,
    /// Files found and not judged (README and the like, layouts, excluded).
    pub skipped: usize,
}

/// The record of one review.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Packet {
    /// Path with `/`.
    pub path: String,
    /// SHA-256 of the file's bytes.
    pub sha256: String,
    /// SHA-256 of what was judged: LF line ends, no byte order mark, without notegate's own zones and keys.
    pub content_sha256: String,
    /// Title.
    pub title: Option<String>,
    /// Language tag; `und` where no rule pack fits.
    pub language: String,
    /// Content class (policy 3.4).
    pub class: String,
    /// Whether the author marked it as a draft.
    pub draft: bool,
    /// Words of the judged sections; of the body where there are none.
    pub words: u32,
    /// Problems of reading the article, its header or its snapshot.
    pub issues: Vec<FindingRecord>,
    /// All sections, in order.
    pub sections: Vec<SectionRecord>,
    /// The source snapshot, if there is one.
    pub snapshot: Option<SnapshotRecord>,
    /// Rows of the evidence packet. They describe and never gate.
    pub evidence: Vec<EvidenceRow>,
    /// The eleven checks, in their order.
    pub checks: Vec<CheckRecord>,
    /// The decision.
    pub gate: GateRecord,
    /// What the header says of its address: a slug, a path or a whole address.
    pub address: Option<String>,
    /// The day on which it expires, `YYYY-MM-DD`.
    pub expires: Option<String>,
    /// What a person decided about it, and whether that still holds; null where nobody did.
    pub sign_off: Option<SignOffRecord>,
    /// Whether the run keeps this packet: `kept`, `kept and signed`; null where it does not.
    pub kept: Option<String>,
}

/// A section.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct SectionRecord {
    /// Its heading.
    pub heading: String,
    /// Its words, heading included.
    pub words: u32,
    /// Line of the heading, from 1.
    pub line: u32,
    /// Whether it is judged for depth; reference lists and the like are only listed.
    pub judged: bool,
}

/// The source snapshot.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct SnapshotRecord {
    /// Capture day.
    pub captured: Option<String>,
    /// Label of the data source.
    pub name: Option<String>,
    /// Provider.
    pub provider: Option<String>,
    /// Method.
    pub method: Option<String>,
    /// SHA-256 of the snapshot file; null for a block in the article.
    pub sha256: Option<String>,
    /// Ids of its prices.
    pub prices: Vec<String>,
    /// Keys of its ratios.
    pub ratios: Vec<String>,
    /// The same ratios with their names.
    pub ratio_fields: Vec<RatioRecord>,
}

/// A ratio of the source snapshot.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RatioRecord {
    /// Its key, such as `primary`.
    pub key: String,
    /// Its name, such as `gold/silver`.
    pub name: String,
    /// The value, where one is recorded.
    pub value: Option<f64>,
}

/// A row of the evidence packet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct EvidenceRow {
    /// `scope`, `snapshot`, `source-snapshot`, `article-body`, `price-scope` or `ratio-scope`.
    pub id: Cow<'static, str>,
    /// What a person reads.
    pub label: Cow<'static, str>,
    /// `pass`, `limited`, `source_scoped`, `not-applicable` or `fail`.
    pub status: Cow<'static, str>,
    /// The value.
    pub value: Cow<'static, str>,
}

/// What one check says.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct CheckRecord {
    /// Its id.
    pub id: String,
    /// The claim it vouches for.
    pub claim: String,
    /// `pass`, `limited`, `fail`, `not-applicable` or `error`.
    pub status: String,
    /// What it looked at.
    pub evidence: String,
    /// The evidence as panels show it: figures and fixed words alone.
    pub panel: String,
    /// Its figures.
    pub facts: Map<String, Value>,
    /// What it found, in the order of the text.
    pub findings: Vec<FindingRecord>,
    /// It could not judge all of the text, and the evidence says why.
    #[serde(skip)]
    #[schemars(skip)]
    pub unread: bool,
}

/// A finding.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct FindingRecord {
    /// Full id, `check/rule`.
    pub rule: String,
    /// `error`, `warning` or `note`.
    pub severity: String,
    /// What is wrong here.
    pub message: String,
    /// Why the desk cares.
    pub why: String,
    /// What would clear it.
    pub help: String,
    /// Line, from 1.
    pub line: u32,
    /// Column in Unicode scalar values, from 1.
    pub column: u32,
    /// Line of the end.
    pub end_line: u32,
    /// Column of the end, exclusive.
    pub end_column: u32,
    /// Bytes of the file, half open.
    pub span: SpanRecord,
    /// The text at the span, shortened to 160 characters.
    pub excerpt: String,
    /// Other places.
    pub related: Vec<RelatedRecord>,
    /// `author`, `clock` or `snapshot`.
    pub cause: String,
    /// Context operators that were seen and did not excuse it.
    pub operators: Vec<String>,
    /// The waiver that excuses it; null where none does.
    pub waived: Option<WaivedRecord>,
    /// Stable across reflow, line ends and moves of the file.
    pub fingerprint: String,
    /// What `--fix` writes to clear it; null where nothing can be written that surely keeps the meaning.
    pub fix: Option<FixRecord>,
    /// How it changed since another state; absent where the run was compared with none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change: Option<comparison::Change>,
    /// The fingerprint without the headings above and the count of equal ones: what moves inside its article keeps it.
    #[serde(skip)]
    #[schemars(skip)]
    pub moves: String,
    /// Whether anything may excuse it (policy 7.3).
    #[serde(skip)]
    #[schemars(skip)]
    pub excusable: bool,
    /// The lines around it, for reporters that show them.
    #[serde(skip)]
    #[schemars(skip)]
    pub window: Window,
    /// Its place as other programs count it; `None` where the text was not at hand.
    #[serde(skip)]
    #[schemars(skip)]
    pub reach: Option<Reach>,
}

/// Bytes of the file, half open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SpanRecord {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

/// Another place that belongs to a finding.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct RelatedRecord {
    /// Path of the article it is in.
    pub path: String,
    /// Line, from 1.
    pub line: u32,
    /// Bytes of that file.
    pub span: SpanRecord,
    /// What is there.
    pub message: String,
}

/// What excuses a finding: a waiver, or the baseline that holds it. An excused error counts as limited, never as pass.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct WaivedRecord {
    /// Where it stands: `comment`, `front-matter`, `lint.toml` or `baseline`.
    pub by: String,
    /// Its reason.
    pub reason: String,
    /// Who answers for it.
    pub owner: Option<String>,
    /// The last day it holds, `YYYY-MM-DD`.
    pub expires: Option<String>,
    /// The day since which a baseline holds it, `YYYY-MM-DD`.
    pub since: Option<String>,
    /// The line it stands in, in the article or in `lint.toml`; null for a baseline.
    #[serde(default)]
    pub line: Option<u32>,
    /// The file that says it, where it is one that `lint.toml` extends: its path from there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
}

/// The decision on an article.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct GateRecord {
    /// `pass`, `limited` or `fail`.
    pub status: String,
    /// Row of the decision table, 1 to 6.
    pub row: u8,
    /// Ids of the checks and issues that decided, then `waiver of RULE` and `baseline (N held)` where what they excuse still counts.
    pub because: Vec<String>,
    /// `review-incomplete`, `changes-required`, `machine-reviewed` or `human-reviewed`.
    pub review_status: String,
    /// `approved`, `approved-with-limits`, `held`, `blocked` or `withheld`.
    pub index: String,
    /// Who reviewed: the person whose sign-off counts, else the machine's name.
    pub reviewer: String,
    /// The day of the sign-off, else the as-of day.
    pub reviewed_at: String,
    /// Findings that waivers excuse.
    #[serde(default)]
    pub waived: usize,
    /// Old findings that the baseline holds.
    #[serde(default)]
    pub held: usize,
}

/// A group of articles that share text.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Cluster {
    /// Stable id.
    pub id: String,
    /// `template-swap`, `near-duplicate` …
    pub kind: String,
    /// Paths.
    pub articles: Vec<String>,
    /// Shared share of the words.
    pub shared: f64,
    /// The common text with `{slots}`.
    pub template: String,
    /// What differs.
    pub slots: Vec<Slot>,
    /// The reason of the series that all of them belong to, which allows it.
    pub series: Option<String>,
    /// The articles one by one.
    pub members: Vec<ClusterMember>,
}

/// An article of a cluster.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct ClusterMember {
    /// Its path.
    pub path: String,
    /// Its words.
    pub words: u32,
    /// Share of them in sentences of the template, slots included.
    pub shared: f64,
    /// Share that is neither the template's nor in a slot. What no other article looked at has counts as its own.
    pub own: f64,
    /// The nearest neighbour that was seen.
    pub nearest: Option<NearestRecord>,
    /// Its text, piece by piece, for reports that show it.
    #[serde(skip)]
    #[schemars(skip)]
    pub text: Vec<TextPiece>,
}

/// A piece of an article beside its template.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TextPiece {
    /// What it says.
    pub text: String,
    /// What it is.
    pub kind: PieceKind,
    /// Whether a paragraph begins with it.
    pub begins: bool,
    /// Whether it is part of a heading.
    pub heading: bool,
}

/// What a piece of an article is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum PieceKind {
    /// The template's.
    Template,
    /// Fills a slot of this name.
    Slot(String),
    /// Differs from the template inside one of its sentences.
    Changed,
    /// The article's own.
    #[default]
    Own,
}

/// Name of the format of a comparison.
pub const CORPUS_SCHEMA: &str = "notegate.corpus/1";

/// The comparison of articles: `notegate.corpus/1`.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct CorpusReport {
    /// Always `notegate.corpus/1`.
    pub schema: String,
    /// What made the report.
    pub tool: Tool,
    /// Digests of what was compared by.
    pub inputs: Inputs,
    /// Articles that were read.
    pub articles: usize,
    /// Those long enough to be compared.
    pub compared: usize,
    /// The article that was asked about, if one was.
    pub like: Option<String>,
    /// The groups.
    pub clusters: Vec<Cluster>,
    /// Every article with its nearest neighbour, in path order.
    pub neighbours: Vec<Neighbour>,
}

/// An article among the others.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Neighbour {
    /// Its path.
    pub path: String,
    /// Its words.
    pub words: u32,
    /// The cluster it stands in, by its id.
    pub cluster: Option<String>,
    /// Share of its words that no template has.
    pub own: f64,
    /// The nearest neighbour that was seen.
    pub nearest: Option<NearestRecord>,
}

/// A neighbour.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct NearestRecord {
    /// Its path.
    pub path: String,
    /// Words of the sentences that both have, as a share of the shorter article.
    pub share: f64,
}

/// What differs between the articles of a cluster.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Slot {
    /// Its name.
    pub name: String,
    /// Path → what stands there. Of a very large group those of the first articles.
    pub values: BTreeMap<String, String>,
}

/// The lines around a finding, at most a few hundred characters, cut out while the text was at hand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Window {
    /// The lines.
    pub text: String,
    /// Line number of the first one, from 1.
    pub first_line: u32,
    /// Characters left out at the start of the first line.
    pub left_out: u32,
    /// Byte range of the finding in `text`.
    pub mark: (usize, usize),
}

impl Packet {
    /// All findings, issues first.
    pub fn all_findings(&self) -> impl Iterator<Item = &FindingRecord> {
        self.issues.iter().chain(self.checks.iter().flat_map(|check| check.findings.iter()))
    }
}
