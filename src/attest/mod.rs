//! Proof: canonical JSON (RFC 8785), Ed25519 keys, and signed envelopes (in-toto Statement v1 inside DSSE). Knows no packet.

pub mod envelope;
pub mod key;

use data_encoding::BASE64;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

pub use envelope::{Envelope, Opened, Statement, Subject};
pub use key::{PublicKey, SecretKey};

/// A value as canonical JSON: one line, keys in the order of RFC 8785, no line feed at the end.
#[must_use]
pub fn canonical(value: &impl Serialize) -> Vec<u8> {
    // the types of this crate have string keys and finite numbers, so this cannot fail
    serde_json_canonicalizer::to_vec(value).unwrap_or_default()
}

/// Reads canonical JSON.
///
/// # Errors
/// What is wrong, in words. A file that says the same in other bytes is refused: white space, order, repeated and unknown keys would all
/// escape a digest that is made over the meaning alone.
pub fn read_canonical<T: Serialize + DeserializeOwned>(bytes: &[u8]) -> Result<T, String> {
    let value: T = serde_json::from_slice(bytes).map_err(|error| format!("it is not of the form notegate writes ({error})"))?;
    if canonical(&value) == bytes { Ok(value) } else { Err("its bytes are not those that notegate writes".to_owned()) }
}

/// SHA-256 in lower-case hexadecimal.
#[must_use]
pub fn sha256(bytes: &[u8]) -> String {
    crate::source::hex(&Sha256::digest(bytes))
}

/// Base64 with padding, as DSSE writes it.
#[must_use]
pub fn base64(bytes: &[u8]) -> String {
    BASE64.encode(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn canonical_json_is_that_of_the_rfc() {
        // RFC 8785, section 3.2.2 and 3.2.3: numbers, strings, and keys ordered by UTF-16 units
        let value: serde_json::Value = serde_json::from_str(
            "{\"numbers\":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],\"string\":\"\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\\"\\/\",\"literals\":[null,true,false]}",
        )
        .unwrap_or_default();
        let expected = "{\"literals\":[null,true,false],\"numbers\":[333333333.3333333,1e+30,4.5,0.002,1e-27],\"string\":\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}";
        assert_eq!(String::from_utf8_lossy(&canonical(&value)), expected);
        let keys: serde_json::Value =
            serde_json::from_str("{\"\\u20ac\":1,\"\\r\":2,\"\\ufb33\":3,\"1\":4,\"\\ud83d\\ude00\":5,\"\\u0080\":6,\"\\u00f6\":7}").unwrap_or_default();
        assert_eq!(String::from_utf8_lossy(&canonical(&keys)), "{\"\\r\":2,\"1\":4,\"\u{80}\":6,\"ö\":7,\"€\":1,\"😀\":5,\"\u{fb33}\":3}");
    }

    #[test]
    fn other_bytes_for_the_same_value_are_refused() {
        assert!(read_canonical::<serde_json::Value>(b"{\"a\":1}").is_ok());
        for other in [&b"{\"a\": 1}"[..], b"{\"a\":1}\n", b"{\"a\":1.0}", b"{\"a\":0,\"a\":1}", b"{\"a\":\"\\u0041\"}"] {
            assert!(read_canonical::<serde_json::Value>(other).is_err());
        }
    }
}
