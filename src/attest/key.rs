//! Ed25519 keys as PEM (PKCS#8, SPKI), the form that other tools read and write. A key that is not written byte for byte as such tools
//! write it is refused: a changed byte must never pass for the same key.

use data_encoding::BASE64;
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};

/// DER in front of the 32 bytes of a public key (RFC 8410).
const SPKI: [u8; 12] = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];
/// DER in front of the 32 bytes of a secret key (RFC 8410, version 1).
const PKCS8: [u8; 16] = [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];
const PUBLIC: &str = "PUBLIC KEY";
const PRIVATE: &str = "PRIVATE KEY";

/// A key that checks signatures.
#[derive(Clone, Debug)]
pub struct PublicKey {
    key: VerifyingKey,
    /// Name for people: the file it was read from.
    pub name: String,
}

/// A key that signs. Shows nothing of itself.
pub struct SecretKey(SigningKey);

impl std::fmt::Debug for SecretKey {
    fn fmt(&self, out: &mut std::fmt::Formatter) -> std::fmt::Result {
        out.write_str("SecretKey")
    }
}

fn pem(label: &str, der: &[u8]) -> String {
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", BASE64.encode(der))
}

/// The 32 bytes of a key; `None` for anything but the exact form.
fn unpem(text: &str, label: &str, prefix: &[u8]) -> Option<[u8; 32]> {
    let text = if text.contains("\r\n") && text.matches('\n').count() == text.matches("\r\n").count() { text.replace("\r\n", "\n") } else { text.to_owned() };
    let body = text.strip_prefix(&format!("-----BEGIN {label}-----\n"))?.split('\n').next()?;
    let der = BASE64.decode(body.as_bytes()).ok()?;
    let written = pem(label, &der);
    if text != written && text != written.trim_end() {
        return None;
    }
    der.strip_prefix(prefix)?.try_into().ok()
}

impl PublicKey {
    /// Reads a PEM of `BEGIN PUBLIC KEY`. `name`: what to call it.
    ///
    /// # Errors
    /// What is wrong, in words.
    pub fn read(name: &str, bytes: &[u8]) -> Result<Self, String> {
        let raw = std::str::from_utf8(bytes).ok().and_then(|text| unpem(text, PUBLIC, &SPKI));
        let raw = raw.ok_or("it is no Ed25519 public key in PEM form, or was changed")?;
        let key = VerifyingKey::from_bytes(&raw).map_err(|_| "it holds no point of the curve: it was changed")?;
        Ok(Self { key, name: name.to_owned() })
    }

    /// `sha256:` and the digest of the key's SPKI form, which names it in envelopes.
    #[must_use]
    pub fn id(&self) -> String {
        format!("sha256:{}", super::sha256(&self.der()))
    }

    /// Whether a `keyid` names this key: our own name, its digits alone, the name that securesystemslib gives it, or none at all. A name is no
    /// proof; it is held to one of these so that a changed one is seen.
    #[must_use]
    pub fn is_called(&self, keyid: &str) -> bool {
        let other = format!("{{\"keytype\":\"ed25519\",\"keyval\":{{\"public\":\"{}\"}},\"scheme\":\"ed25519\"}}", crate::source::hex(self.key.as_bytes()));
        keyid.is_empty() || keyid == self.id() || keyid == super::sha256(&self.der()) || keyid == super::sha256(other.as_bytes())
    }

    fn der(&self) -> Vec<u8> {
        SPKI.iter().chain(self.key.as_bytes()).copied().collect()
    }

    /// As PEM.
    #[must_use]
    pub fn pem(&self) -> String {
        pem(PUBLIC, &self.der())
    }

    /// Whether a signature over a message is this key's. Small-order keys and signatures with another spelling are refused.
    #[must_use]
    pub fn signed(&self, message: &[u8], signature: &[u8]) -> bool {
        Signature::from_slice(signature).is_ok_and(|signature| self.key.verify_strict(message, &signature).is_ok())
    }
}

impl SecretKey {
    /// A key of 32 random bytes.
    #[must_use]
    pub fn of_seed(seed: &[u8; 32]) -> Self {
        Self(SigningKey::from_bytes(seed))
    }

    /// Reads a PEM of `BEGIN PRIVATE KEY`.
    ///
    /// # Errors
    /// That it is no such key; nothing of it is repeated.
    pub fn read(text: &str) -> Result<Self, String> {
        let text = if text.contains('\n') { text.to_owned() } else { text.replace("\\n", "\n") };
        let raw = unpem(&text, PRIVATE, &PKCS8).ok_or("it is no Ed25519 private key in PKCS#8 PEM form (`-----BEGIN PRIVATE KEY-----`)")?;
        Ok(Self::of_seed(&raw))
    }

    /// As PEM.
    #[must_use]
    pub fn pem(&self) -> String {
        let der: Vec<u8> = PKCS8.iter().chain(self.0.as_bytes()).copied().collect();
        pem(PRIVATE, &der)
    }

    /// The key that checks its signatures.
    #[must_use]
    pub fn public(&self) -> PublicKey {
        PublicKey { key: self.0.verifying_key(), name: String::new() }
    }

    /// The 64 bytes of a signature.
    #[must_use]
    pub fn sign(&self, message: &[u8]) -> Vec<u8> {
        self.0.sign(message).to_bytes().to_vec()
    }
}

#[cfg(test)]
mod tests {
    use super::SecretKey;

    #[test]
    fn a_key_answers_to_its_names() {
        let key = SecretKey::of_seed(&[7; 32]).public();
        // as securesystemslib 1.6 names it
        assert!(key.is_called("bfe1a83869e5bf574e3ff3acbb83f840de84a990d10059f3096f0bf4f2b90c10"));
        assert!(key.is_called(&key.id()) && key.is_called(""));
        assert!(!key.is_called("bfe1a83869e5bf574e3ff3acbb83f840de84a990d10059f3096f0bf4f2b90c11"));
    }
}
