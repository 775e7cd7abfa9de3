//! What was kept against what is there: article, inputs, packet, envelope, sign-off. Pure: bytes and keys go in, a verdict comes out.
//!
//! Nothing is taken on trust: every digest is made anew from bytes, and what cannot be read is a fault and never a crash.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::attest::{Envelope, Opened, PublicKey, Statement, canonical, sha256};
use crate::index_line;
use crate::packet::Tool;
use crate::packet::file::{FileDigest, PACKET_PREDICATE, PacketFile};
use crate::sign_off::SignOff;

/// Name of the format.
pub const VERIFY_SCHEMA: &str = "notegate.verify/1";

/// What may lie on the disk for one article.
pub struct Evidence<'e> {
    /// The article as packets name it.
    pub path: &'e str,
    /// Its bytes, or why they cannot be had.
    pub article: Result<Vec<u8>, String>,
    /// The packet.
    pub packet: Option<Vec<u8>>,
    /// The envelope around it.
    pub envelope: Option<Vec<u8>>,
    /// The sign-off.
    pub sign_off: Option<Vec<u8>>,
    /// The bytes of a configuration, rule or snapshot file as packets name it.
    pub input: &'e dyn Fn(&str) -> Result<Vec<u8>, String>,
    /// The configuration files that count for the article today, as packets name them.
    pub config_now: Vec<String>,
}

/// What is wrong with the evidence of an article, from worst to least.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Something is not what was recorded.
    Tampered,
    /// Something that is needed is not there.
    Missing,
    /// The record is whole and too old, or younger evidence lies beside it.
    Stale,
    /// No trusted key vouches for it.
    Unsigned,
    /// Nothing is wrong.
    Verified,
}

impl State {
    /// The word of reports and arguments.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Tampered => "tampered",
            Self::Missing => "missing",
            Self::Stale => "stale",
            Self::Unsigned => "unsigned",
            Self::Verified => "verified",
        }
    }
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Fault {
    /// How bad.
    pub state: State,
    /// `article`, `packet`, `configuration`, `rules`, `snapshot`, `baseline`, `envelope`, `signature`, `trusted-key`, `sign-off`, `age` or `judgement`.
    pub part: String,
    /// In words.
    pub message: String,
}

/// What verification says about an article.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Verdict {
    /// The article as packets name it.
    pub path: String,
    /// The worst of its faults; `verified` where there is none.
    pub state: State,
    /// What is wrong.
    pub faults: Vec<Fault>,
    /// Id of the trusted key that signed the packet.
    pub signed_by: Option<String>,
    /// The day of the packet, where it could be read.
    pub as_of: Option<String>,
    /// Its gate.
    pub gate: Option<String>,
    /// Its index approval.
    pub index: Option<String>,
}

/// What verification says about all articles: `notegate.verify/1`.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct VerifyReport {
    /// Always `notegate.verify/1`.
    pub schema: String,
    /// What made it.
    pub tool: Tool,
    /// The day of the verification.
    pub as_of: String,
    /// Ids of the trusted keys.
    pub trusted: Vec<String>,
    /// States that were permitted.
    pub permitted: Vec<State>,
    /// Whether every article is verified, or wrong in permitted ways only.
    pub accepted: bool,
    /// Articles in the order of their paths.
    pub articles: Vec<Verdict>,
}

impl Verdict {
    /// Adds a fault.
    pub fn add(&mut self, state: State, part: &str, message: impl Into<String>) {
        self.faults.push(Fault { state, part: part.to_owned(), message: message.into() });
        self.state = self.state.min(state);
    }

    /// Whether it is verified, or all that is wrong with it is permitted.
    #[must_use]
    pub fn is_accepted(&self, permitted: &[State]) -> bool {
        self.faults.iter().all(|fault| permitted.contains(&fault.state))
    }
}

/// Verifies one article. Returns its packet too, where that is whole. `trusted`: the keys whose word counts; `as_of`: the day.
#[must_use]
pub fn verify(evidence: &Evidence, trusted: &[PublicKey], as_of: Date) -> (Verdict, Option<PacketFile>) {
    let mut verdict =
        Verdict { path: evidence.path.to_owned(), state: State::Verified, faults: Vec::new(), signed_by: None, as_of: None, gate: None, index: None };
    let Some(bytes) = &evidence.packet else {
        verdict.add(State::Missing, "packet", "no packet is kept for it: `notegate check --packet` writes one");
        return (verdict, None);
    };
    let packet = match PacketFile::read(bytes) {
        Ok(packet) if packet.article.path == evidence.path => packet,
        Ok(packet) => {
            verdict.add(State::Tampered, "packet", format!("it is the packet of `{}`", packet.article.path));
            return (verdict, None);
        }
        Err(why) => {
            verdict.add(State::Tampered, "packet", why);
            return (verdict, None);
        }
    };
    verdict.as_of = Some(packet.as_of.clone());
    verdict.gate = Some(packet.article.gate.status.clone());
    verdict.index = Some(packet.article.gate.index.clone());
    article(evidence, &packet, &mut verdict);
    inputs(evidence, &packet, &mut verdict);
    envelope(evidence, &packet, trusted, &mut verdict);
    sign_off(evidence, &packet, trusted, &mut verdict);
    age(&packet, as_of, &mut verdict);
    (verdict, Some(packet))
}

fn article(evidence: &Evidence, packet: &PacketFile, verdict: &mut Verdict) {
    match &evidence.article {
        Ok(bytes) if sha256(bytes) == packet.article.sha256 => {}
        Ok(bytes) if is_marked(bytes, &packet.article.sha256) => {
            let stated = std::str::from_utf8(bytes).ok().and_then(index_line::find);
            if let Some(line) = stated.filter(|line| line.is_approving() && line.decision != packet.article.gate.index) {
                let decided = &packet.article.gate.index;
                verdict.add(State::Tampered, "article", format!("its header says `{}: {}`, and the packet {decided}", index_line::KEY, line.decision));
            }
        }
        Ok(_) => verdict.add(State::Tampered, "article", "its bytes are not those that were judged"),
        Err(why) => verdict.add(State::Missing, "article", format!("the packet is kept, and the article cannot be read: {why}")),
    }
}

/// Whether nothing but the line of `index --write` differs from the bytes that were judged.
fn is_marked(bytes: &[u8], judged: &str) -> bool {
    std::str::from_utf8(bytes).is_ok_and(|text| index_line::others(text).any(|other| sha256(other.as_bytes()) == *judged))
}

fn inputs(evidence: &Evidence, packet: &PacketFile, verdict: &mut Verdict) {
    let kept = &packet.inputs;
    let all = [("configuration", &kept.config[..]), ("rules", &kept.rules[..]), ("snapshot", kept.snapshot.as_slice()), ("baseline", kept.baseline.as_slice())];
    for (part, FileDigest { path, sha256: recorded }) in all.into_iter().flat_map(|(part, files)| files.iter().map(move |file| (part, file))) {
        match (evidence.input)(path) {
            Ok(bytes) if sha256(&bytes) == *recorded => {}
            Ok(_) => verdict.add(State::Tampered, part, format!("`{path}` is not the file that the article was judged by")),
            Err(why) => verdict.add(State::Missing, part, format!("`{path}` cannot be read: {why}")),
        }
    }
    let recorded: Vec<&str> = kept.config.iter().map(|file| file.path.as_str()).collect();
    if recorded != evidence.config_now {
        let named = |paths: &[&str]| if paths.is_empty() { "no lint.toml".to_owned() } else { format!("`{}`", paths.join("`, `")) };
        let now: Vec<&str> = evidence.config_now.iter().map(String::as_str).collect();
        verdict.add(State::Tampered, "configuration", format!("{} counts today, the article was judged by {}", named(&now), named(&recorded)));
    }
}

fn envelope(evidence: &Evidence, packet: &PacketFile, trusted: &[PublicKey], verdict: &mut Verdict) {
    let Some(bytes) = &evidence.envelope else {
        return verdict.add(State::Unsigned, "envelope", "the packet is not signed: its digests show damage, and not who made it");
    };
    let envelope = match Envelope::read(bytes) {
        Ok(envelope) => envelope,
        Err(why) => return verdict.add(State::Tampered, "envelope", why),
    };
    let signer = match envelope.open(trusted) {
        Opened::Broken(part, why) => return verdict.add(State::Tampered, part, why),
        Opened::Unknown(id) => {
            let given: Vec<String> = trusted.iter().map(|key| format!("{} is {}", key.name, key.id())).collect();
            let given = if given.is_empty() { "no trusted key is given".to_owned() } else { format!("of the trusted keys, {}", given.join(", ")) };
            return verdict.add(State::Unsigned, "trusted-key", format!("the envelope is signed by an unknown key ({id}); {given}"));
        }
        Opened::Signed(id) => id,
    };
    let signed: Statement<serde_json::Value> = match envelope.statement() {
        Ok(statement) => statement,
        Err(why) => return verdict.add(State::Tampered, "envelope", format!("its payload: {why}")),
    };
    if signed.predicate_type != PACKET_PREDICATE || canonical(&signed) != canonical(&packet.statement()) {
        return verdict.add(
            State::Unsigned,
            "envelope",
            "it was signed around another packet of this article: `notegate check --attest` signs the present one",
        );
    }
    verdict.signed_by = Some(signer);
}

fn sign_off(evidence: &Evidence, packet: &PacketFile, trusted: &[PublicKey], verdict: &mut Verdict) {
    let recorded = packet.article.sign_off.as_ref();
    let Some(bytes) = &evidence.sign_off else {
        if let Some(recorded) = recorded {
            verdict.add(State::Missing, "sign-off", format!("the packet rests on a sign-off by {}, and its file is gone", recorded.by));
        }
        return;
    };
    let read = match SignOff::read(bytes) {
        Ok(read) if read.decision.article == evidence.path => read,
        Ok(read) => return verdict.add(State::Tampered, "sign-off", format!("it is the sign-off of `{}`", read.decision.article)),
        Err(why) => return verdict.add(State::Tampered, "sign-off", why),
    };
    match recorded {
        Some(recorded) if recorded.sha256 == read.sha256 => {}
        _ => verdict.add(State::Stale, "sign-off", "it was given after the packet was written: `notegate check --packet` takes it in"),
    }
    match read.envelope.as_ref().map(|envelope| envelope.open(trusted)) {
        Some(Opened::Broken(_, why)) => verdict.add(State::Tampered, "sign-off", format!("its signature: {why}")),
        Some(Opened::Unknown(id)) => verdict.add(State::Unsigned, "trusted-key", format!("the sign-off is signed by an unknown key ({id})")),
        None if !trusted.is_empty() => verdict.add(State::Unsigned, "sign-off", "it is not signed with a key"),
        _ => {}
    }
}

fn age(packet: &PacketFile, as_of: Date, verdict: &mut Verdict) {
    // days as YYYY-MM-DD compare as texts
    let today = as_of.to_string();
    if let Some(due) = packet.next_review_due.as_ref().filter(|due| **due < today) {
        verdict.add(State::Stale, "age", format!("the next review was due on {due}"));
    }
    if packet.as_of.parse::<Date>().is_err() {
        verdict.add(State::Tampered, "packet", format!("its day, `{}`, is no date", packet.as_of));
    } else if packet.as_of > today {
        verdict.add(State::Stale, "age", format!("the packet is of {}, after the day of this verification", packet.as_of));
    }
    let expired = packet.article.sign_off.as_ref().filter(|sign_off| sign_off.state == "current").and_then(|sign_off| sign_off.expires.as_ref());
    if let Some(last) = expired.filter(|last| **last < today) {
        verdict.add(State::Stale, "sign-off", format!("it held until {last}"));
    }
}
