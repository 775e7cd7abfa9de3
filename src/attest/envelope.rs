//! in-toto Statement v1 inside a DSSE v1 envelope.

use data_encoding::BASE64;
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::{PublicKey, SecretKey, canonical, read_canonical};

/// Type of every statement.
const STATEMENT: &str = "https://in-toto.io/Statement/v1";
/// Type of every payload.
pub const PAYLOAD: &str = "application/vnd.in-toto+json";

/// What is said (`predicate`) about what (`subject`).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Statement<P> {
    /// Always the statement type of in-toto v1.
    #[serde(rename = "_type")]
    pub kind: String,
    /// One article.
    pub subject: Vec<Subject>,
    /// What the predicate is.
    #[serde(rename = "predicateType")]
    pub predicate_type: String,
    /// The predicate.
    pub predicate: P,
}

/// A file by its name and digest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    /// Path with `/`.
    pub name: String,
    /// Digests by algorithm.
    pub digest: std::collections::BTreeMap<String, String>,
}

impl<P> Statement<P> {
    /// A statement about one file. `digests`: algorithm and hexadecimal digits.
    pub fn new(name: &str, digests: &[(&str, &str)], predicate_type: &str, predicate: P) -> Self {
        let digest = digests.iter().map(|(kind, digits)| ((*kind).to_owned(), (*digits).to_owned())).collect();
        Self { kind: STATEMENT.to_owned(), subject: vec![Subject { name: name.to_owned(), digest }], predicate_type: predicate_type.to_owned(), predicate }
    }
}

/// A signed payload (DSSE).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Envelope {
    /// The payload in base64.
    pub payload: String,
    /// Its media type.
    #[serde(rename = "payloadType")]
    pub payload_type: String,
    /// Signatures over the pre-authentication encoding.
    pub signatures: Vec<EnvelopeSignature>,
}

/// A signature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct EnvelopeSignature {
    /// Which key.
    pub keyid: String,
    /// The signature in base64.
    pub sig: String,
}

/// What an envelope says about itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Opened {
    /// Signed by a trusted key: its id.
    Signed(String),
    /// Signed, by a key that is not among the trusted ones: the id it states.
    Unknown(String),
    /// Says to be signed by a trusted key and is not: the part that is wrong, and how.
    Broken(&'static str, String),
}

/// The bytes that DSSE signs: "DSSEv1", then type and payload, each after its length.
fn pae(kind: &str, payload: &[u8]) -> Vec<u8> {
    let mut out = format!("DSSEv1 {} {kind} {} ", kind.len(), payload.len()).into_bytes();
    out.extend_from_slice(payload);
    out
}

impl Envelope {
    /// Signs a statement.
    #[must_use]
    pub fn sign<P: Serialize>(statement: &Statement<P>, key: &SecretKey) -> Self {
        let payload = canonical(statement);
        let sig = BASE64.encode(&key.sign(&pae(PAYLOAD, &payload)));
        Self { payload: BASE64.encode(&payload), payload_type: PAYLOAD.to_owned(), signatures: vec![EnvelopeSignature { keyid: key.public().id(), sig }] }
    }

    /// Reads an envelope, in canonical JSON whoever made it.
    ///
    /// # Errors
    /// What is wrong, in words.
    pub fn read(bytes: &[u8]) -> Result<Self, String> {
        read_canonical(bytes)
    }

    /// Looks for a signature of a trusted key.
    #[must_use]
    pub fn open(&self, trusted: &[PublicKey]) -> Opened {
        if self.payload_type != PAYLOAD {
            return Opened::Broken("envelope", format!("its payload type is `{}`", self.payload_type));
        }
        let Ok(payload) = BASE64.decode(self.payload.as_bytes()) else { return Opened::Broken("envelope", "its payload is no base64".to_owned()) };
        let [signature] = self.signatures.as_slice() else { return Opened::Broken("envelope", "it does not hold exactly one signature".to_owned()) };
        let Ok(bytes) = BASE64.decode(signature.sig.as_bytes()) else { return Opened::Broken("signature", "it is no base64".to_owned()) };
        let message = pae(&self.payload_type, &payload);
        let signer = trusted.iter().find(|key| key.signed(&message, &bytes));
        let named = trusted.iter().find(|key| !signature.keyid.is_empty() && key.is_called(&signature.keyid));
        match (signer, named) {
            (Some(key), _) if key.is_called(&signature.keyid) => Opened::Signed(key.id()),
            (Some(key), _) => Opened::Broken("envelope", format!("it names the key `{}` and is signed by {}", signature.keyid, key.id())),
            (None, Some(key)) => Opened::Broken("signature", format!("it does not fit the payload and the key {}", key.id())),
            (None, None) => Opened::Unknown(signature.keyid.clone()),
        }
    }

    /// The statement inside, in canonical bytes.
    ///
    /// # Errors
    /// What is wrong, in words.
    pub fn statement<P: Serialize + DeserializeOwned>(&self) -> Result<Statement<P>, String> {
        let payload = BASE64.decode(self.payload.as_bytes()).map_err(|_| "its payload is no base64".to_owned())?;
        read_canonical(&payload)
    }
}
