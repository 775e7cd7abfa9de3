//! The sign-off: a named person's decision about one state of an article, and whether it still holds.
//!
//! A sign-off is bound to the judged content, the snapshot, the policy and the findings that were accepted. It is current while all of
//! these are as they were; a finding that went away since does no harm, a new one voids it.

use std::collections::BTreeSet;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::attest::{Envelope, Opened, PublicKey, SecretKey, Statement, canonical, read_canonical, sha256};

/// Name of the format.
pub const SIGN_OFF_SCHEMA: &str = "notegate.sign-off/1";
/// Predicate type of a signed one.
pub const SIGN_OFF_PREDICATE: &str = "urn:notegate:sign-off:1";

/// A sign-off as it lies beside the packets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SignOff {
    /// Always `notegate.sign-off/1`.
    pub schema: String,
    /// The decision.
    pub decision: SignedDecision,
    /// SHA-256 of the canonical form of the decision.
    pub sha256: String,
    /// The decision as a signed statement, where a key was given.
    pub envelope: Option<Envelope>,
}

/// What a person decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SignedDecision {
    /// Path of the article.
    pub article: String,
    /// Who.
    pub by: String,
    /// In which role.
    pub role: Option<String>,
    /// In their words.
    pub note: Option<String>,
    /// The day, `YYYY-MM-DD`.
    pub signed_at: String,
    /// The last day it holds, `YYYY-MM-DD`.
    pub expires: Option<String>,
    /// SHA-256 of the judged content.
    pub content_sha256: String,
    /// SHA-256 of the snapshot file; null where it is a block of the article or there is none.
    pub snapshot_sha256: Option<String>,
    /// Digest of the policy with its rules.
    pub policy_sha256: String,
    /// The findings that were accepted.
    pub accepted: Vec<Accepted>,
    /// Checks that were limited.
    pub limited: Vec<String>,
    /// Who signed off before, oldest first.
    pub earlier: Vec<Earlier>,
}

/// An accepted finding.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Accepted {
    /// Its fingerprint.
    pub fingerprint: String,
    /// Its rule.
    pub rule: String,
}

/// A sign-off that another one followed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Earlier {
    /// Who.
    pub by: String,
    /// When.
    pub signed_at: String,
    /// SHA-256 of that decision.
    pub sha256: String,
}

/// What a review says about the sign-off of its article.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SignOffRecord {
    /// `current`, `void`, `expired`, `unsigned` (trusted keys are asked for, and none of them signed it) or `broken`.
    pub state: String,
    /// Who signed off; empty where the file cannot be read.
    pub by: String,
    /// In which role.
    pub role: Option<String>,
    /// The day.
    pub signed_at: String,
    /// The last day it holds.
    pub expires: Option<String>,
    /// SHA-256 of the decision.
    pub sha256: String,
    /// What changed since, or what is wrong, in words; empty while it is current.
    pub changed: Vec<String>,
}

/// A sign-off with what is needed to judge it.
#[derive(Clone, Debug)]
pub struct Held {
    /// The sign-off, or why it cannot be read.
    pub sign_off: Result<SignOff, String>,
    /// Digest of the policy that counts now.
    pub policy_sha256: String,
    /// Why it does not count although it is whole: no trusted key signed it.
    pub refused: Option<String>,
}

/// The state of an article now.
#[derive(Clone, Debug)]
pub struct Now<'n> {
    /// The day.
    pub as_of: Date,
    /// SHA-256 of the judged content.
    pub content_sha256: &'n str,
    /// SHA-256 of the snapshot file.
    pub snapshot_sha256: Option<&'n str>,
    /// Its findings of weight: errors and warnings.
    pub findings: BTreeSet<Accepted>,
    /// Checks that are limited.
    pub limited: Vec<&'n str>,
}

impl SignOff {
    /// Seals a decision.
    #[must_use]
    pub fn new(decision: SignedDecision, key: Option<&SecretKey>) -> Self {
        let digest = sha256(&canonical(&decision));
        let envelope = key.map(|key| Envelope::sign(&statement(&decision), key));
        Self { schema: SIGN_OFF_SCHEMA.to_owned(), decision, sha256: digest, envelope }
    }

    /// Reads one, and checks it against its own digest and envelope.
    ///
    /// # Errors
    /// What is wrong, in words.
    pub fn read(bytes: &[u8]) -> Result<Self, String> {
        let read: Self = read_canonical(bytes)?;
        if read.schema != SIGN_OFF_SCHEMA {
            return Err(format!("it is of the form `{}`, which this version does not know", read.schema));
        }
        if read.sha256 != sha256(&canonical(&read.decision)) {
            return Err("its content is not what its own digest says".to_owned());
        }
        if let Some(envelope) = &read.envelope {
            let signed: Statement<SignedDecision> = envelope.statement().map_err(|why| format!("its envelope: {why}"))?;
            if canonical(&signed) != canonical(&statement(&read.decision)) {
                return Err("its envelope speaks of another decision".to_owned());
            }
        }
        Ok(read)
    }

    /// Why no trusted key vouches for it; `None` where one does.
    #[must_use]
    pub fn distrust(&self, trusted: &[PublicKey]) -> Option<String> {
        let Some(envelope) = &self.envelope else { return Some("it is not signed with a key".to_owned()) };
        match envelope.open(trusted) {
            Opened::Signed(_) => None,
            Opened::Unknown(id) => Some(format!("it is signed by an unknown key ({id})")),
            Opened::Broken(part, why) => Some(format!("its {part} is broken: {why}")),
        }
    }
}

/// What an envelope around a decision holds.
fn statement(decision: &SignedDecision) -> Statement<SignedDecision> {
    Statement::new(&decision.article, &[("contentSha256", &decision.content_sha256)], SIGN_OFF_PREDICATE, decision.clone())
}

impl Held {
    /// Names that panels of this article may show.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let decision = self.sign_off.as_ref().ok().map(|sign_off| &sign_off.decision);
        decision.into_iter().flat_map(|decision| std::iter::once(decision.by.as_str()).chain(decision.earlier.iter().map(|earlier| earlier.by.as_str())))
    }

    /// Whether it holds now, and if not, what changed.
    #[must_use]
    pub fn record(&self, now: &Now) -> SignOffRecord {
        let sign_off = match &self.sign_off {
            Ok(sign_off) => sign_off,
            Err(why) => {
                return SignOffRecord {
                    state: "broken".to_owned(),
                    by: String::new(),
                    role: None,
                    signed_at: String::new(),
                    expires: None,
                    sha256: String::new(),
                    changed: vec![format!("the file of the sign-off was changed: {why}")],
                };
            }
        };
        let decision = &sign_off.decision;
        let mut changed = Vec::new();
        if decision.content_sha256 != now.content_sha256 {
            changed.push("the text or its header was edited".to_owned());
        }
        if decision.snapshot_sha256.as_deref() != now.snapshot_sha256 {
            changed.push("the snapshot is another".to_owned());
        }
        if decision.policy_sha256 != self.policy_sha256 {
            changed.push("the policy or its rules are others".to_owned());
        }
        let known: BTreeSet<&str> = decision.accepted.iter().map(|accepted| accepted.fingerprint.as_str()).collect();
        changed.extend(
            now.findings.iter().filter(|finding| !known.contains(finding.fingerprint.as_str())).map(|finding| format!("new finding: {}", finding.rule)),
        );
        changed.extend(now.limited.iter().filter(|check| !decision.limited.iter().any(|known| known == *check)).map(|check| format!("{check} became limited")));
        let today = now.as_of.to_string();
        // days as YYYY-MM-DD compare as texts
        if decision.signed_at > today {
            changed.push(format!("it was given on {}, after the day that is judged", decision.signed_at));
        }
        let expired = decision.expires.as_ref().is_some_and(|last| *last < today);
        let state = if !changed.is_empty() {
            "void"
        } else if expired {
            "expired"
        } else if self.refused.is_some() {
            "unsigned"
        } else {
            "current"
        };
        if expired {
            changed.push(format!("it held until {}", decision.expires.as_deref().unwrap_or_default()));
        }
        changed.extend(self.refused.clone());
        SignOffRecord {
            state: state.to_owned(),
            by: decision.by.clone(),
            role: decision.role.clone(),
            signed_at: decision.signed_at.clone(),
            expires: decision.expires.clone(),
            sha256: sign_off.sha256.clone(),
            changed,
        }
    }
}
