//! The packet as a file: `notegate.packet/1`, canonical JSON with the digests of all it rests on and of itself.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Cluster, Packet, Tool, WaivedRecord};
use crate::attest::{Envelope, SecretKey, Statement, canonical, read_canonical, sha256};

/// Name of the format.
pub const PACKET_SCHEMA: &str = "notegate.packet/1";
/// Predicate type of an attested packet.
pub const PACKET_PREDICATE: &str = "urn:notegate:packet:1";

/// The packet of one article as it is kept.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct PacketFile {
    /// Always `notegate.packet/1`.
    pub schema: String,
    /// What made it.
    pub tool: Tool,
    /// The day the article was judged against, `YYYY-MM-DD`.
    pub as_of: String,
    /// The review, as the JSON report has it.
    pub article: Packet,
    /// The groups of articles of one template that it stands in.
    pub clusters: Vec<Cluster>,
    /// What it was judged by.
    pub inputs: PacketInputs,
    /// Findings that are excused, and by whom.
    pub waivers: Vec<WaiverInPacket>,
    /// The last day before the next review is due, `YYYY-MM-DD`; null where nothing dates the article.
    pub next_review_due: Option<String>,
    /// The day since which the judged content is as it is, as far as packets were kept.
    pub content_since: String,
    /// SHA-256 of the canonical form of all the rest.
    pub sha256: String,
}

/// Digests of what an article was judged by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PacketInputs {
    /// The `lint.toml` that counted; empty where there is none.
    pub config: Vec<FileDigest>,
    /// The repository's own rule files.
    pub rules: Vec<FileDigest>,
    /// Over all rules, the shipped ones included.
    pub rulebook: String,
    /// Over the policy as resolved for this article, with its rules.
    pub policy: String,
    /// The snapshot file; null for a block in the article, and where there is none.
    pub snapshot: Option<FileDigest>,
    /// The baseline; null where it holds none of the findings.
    pub baseline: Option<FileDigest>,
}

/// A file by its path and SHA-256.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FileDigest {
    /// Path with `/`, as packets name files.
    pub path: String,
    /// SHA-256 of its bytes.
    pub sha256: String,
}

/// An excused finding.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct WaiverInPacket {
    /// Its rule.
    pub rule: String,
    /// Its fingerprint.
    pub fingerprint: String,
    /// What excuses it.
    pub waived: WaivedRecord,
}

impl PacketFile {
    /// The packet of a review. `before`: the packet it follows, which says since when the content is as it is.
    #[must_use]
    pub fn new(article: Packet, clusters: Vec<Cluster>, inputs: PacketInputs, as_of: &str, before: Option<&Self>) -> Self {
        let waivers = article
            .all_findings()
            .filter_map(|finding| {
                Some(WaiverInPacket { rule: finding.rule.clone(), fingerprint: finding.fingerprint.clone(), waived: finding.waived.clone()? })
            })
            .collect();
        let fact =
            |name: &str| article.checks.iter().find(|check| check.id == "freshness").and_then(|check| check.facts.get(name)?.as_str()).map(str::to_owned);
        let since = before.filter(|before| before.article.content_sha256 == article.content_sha256).map(|before| before.content_since.clone());
        let mut file = Self {
            schema: PACKET_SCHEMA.to_owned(),
            tool: Tool { name: "notegate".to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() },
            as_of: as_of.to_owned(),
            next_review_due: fact("review_ends"),
            content_since: since.unwrap_or_else(|| as_of.to_owned()),
            article,
            clusters,
            inputs,
            waivers,
            sha256: String::new(),
        };
        file.sha256 = file.own_digest();
        file
    }

    fn own_digest(&self) -> String {
        let mut value = serde_json::to_value(self).unwrap_or_default();
        if let Some(fields) = value.as_object_mut() {
            fields.remove("sha256");
        }
        sha256(&canonical(&value))
    }

    /// Its bytes.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        canonical(self)
    }

    /// Reads a packet, and checks it against its own digest.
    ///
    /// # Errors
    /// What is wrong, in words.
    pub fn read(bytes: &[u8]) -> Result<Self, String> {
        let mut value: serde_json::Value = read_canonical(bytes)?;
        let stated = value.as_object_mut().and_then(|fields| fields.remove("sha256"));
        let Some(serde_json::Value::String(stated)) = stated else { return Err("it states no digest of its own".to_owned()) };
        if stated != sha256(&canonical(&value)) {
            return Err("its content is not what its own digest says".to_owned());
        }
        let schema = value.get("schema").and_then(serde_json::Value::as_str).unwrap_or_default().to_owned();
        if schema != PACKET_SCHEMA {
            return Err(format!("it is of the form `{schema}`, which this version does not know"));
        }
        if let Some(fields) = value.as_object_mut() {
            fields.insert("sha256".to_owned(), stated.into());
        }
        serde_json::from_value(value).map_err(|error| format!("it was written by another version of notegate ({error}); `notegate check --packet` renews it"))
    }

    /// The statement that an envelope around it holds: the article's bytes are the subject.
    #[must_use]
    pub fn statement(&self) -> Statement<&Self> {
        Statement::new(&self.article.path, &[("sha256", &self.article.sha256)], PACKET_PREDICATE, self)
    }

    /// The signed envelope.
    #[must_use]
    pub fn attest(&self, key: &SecretKey) -> Envelope {
        Envelope::sign(&self.statement(), key)
    }
}
