//! The journal entry: one JSON object in RFC 8785 canonical form, at most 65 535 bytes.
//!
//! An entry holds pseudonymous ids and keyed commitments only (see [`crate::commitment`]). The bytes
//! made here are stored, hashed and never made again: [`Envelope::parse`] serves verification, which
//! refuses any second spelling of the same entry.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::tile::MAX_ENTRY;

/// The envelope version written today.
pub const VERSION: u8 = 1;
/// The largest integer that every JSON reader keeps exact (RFC 7493, I-JSON): 2^53 − 1.
pub const MAX_INTEGER: i64 = (1 << 53) - 1;
/// Nesting allowed in `data`; readers of JSON commonly stop at 128.
const MAX_DEPTH: usize = 64;

/// One fact, as the journal keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Envelope {
    /// [`VERSION`].
    pub v: u8,
    /// The index of the leaf, from 0.
    pub seq: u64,
    /// The instant, in microseconds since 1970-01-01T00:00:00Z. Never less than the entry before.
    pub t: i64,
    /// What happened, noun before verb: `ticket.opened`. Lower-case letters, digits, `_` and `.`.
    pub kind: String,
    /// The pseudonymous id of who did it: never a name or an e-mail address.
    pub actor: String,
    /// What it is about, by role: `ticket` → id.
    pub subject: BTreeMap<String, String>,
    /// The SHA-256 of the contract version that governed, in lower-case hexadecimal; absent if none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contract: Option<String>,
    /// The earlier entries that brought this one about, by `seq`.
    pub causes: Vec<u64>,
    /// Commitments to content kept beside the journal: name → 64 hexadecimal digits.
    pub commitments: BTreeMap<String, String>,
    /// The fact itself. No floating point, no integer beyond ±[`MAX_INTEGER`].
    pub data: Value,
}

/// Why an entry cannot be written, or read back.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EnvelopeError {
    #[error("the entry is {0} bytes long, more than 65 535: keep the content beside and commit to its hash")]
    TooLong(usize),
    #[error("the entry version {0} is unknown to this program, which reads version 1")]
    Version(u8),
    #[error("{place}: the number {value} is not an integer; write amounts in minor units")]
    Float { place: String, value: String },
    #[error("{place}: the integer {value} is beyond ±9007199254740991; write it as text")]
    Integer { place: String, value: String },
    #[error("{place}: nested deeper than {MAX_DEPTH} levels")]
    TooDeep { place: String },
    #[error("{place}: “{value}” is not valid here; {expected} was expected")]
    Field { place: String, value: String, expected: &'static str },
    #[error("this is not a journal entry: {0}")]
    Json(String),
    #[error("the entry is readable but not in canonical form (RFC 8785): it was not written by the journal")]
    NotCanonical,
}

impl Envelope {
    /// The canonical bytes: what is stored and hashed.
    pub fn to_bytes(&self) -> Result<Vec<u8>, EnvelopeError> {
        self.check()?;
        let bytes =
            serde_json_canonicalizer::to_vec(self).map_err(|error| EnvelopeError::Json(error.to_string()))?;
        if bytes.len() > MAX_ENTRY {
            return Err(EnvelopeError::TooLong(bytes.len()));
        }
        Ok(bytes)
    }

    /// Reads stored bytes, refusing whatever [`Envelope::to_bytes`] would not have written, to the byte.
    pub fn parse(bytes: &[u8]) -> Result<Self, EnvelopeError> {
        if bytes.len() > MAX_ENTRY {
            return Err(EnvelopeError::TooLong(bytes.len()));
        }
        let envelope: Envelope =
            serde_json::from_slice(bytes).map_err(|error| EnvelopeError::Json(error.to_string()))?;
        if envelope.to_bytes()? != bytes {
            return Err(EnvelopeError::NotCanonical);
        }
        Ok(envelope)
    }

    fn check(&self) -> Result<(), EnvelopeError> {
        if self.v != VERSION {
            return Err(EnvelopeError::Version(self.v));
        }
        unsigned("seq", self.seq)?;
        if self.t.unsigned_abs() > MAX_INTEGER.unsigned_abs() {
            return Err(EnvelopeError::Integer { place: "t".into(), value: self.t.to_string() });
        }
        let kind = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_' || b == b'.';
        field("kind", &self.kind, "lower-case words joined by dots", |text| {
            !text.is_empty() && text.bytes().all(kind)
        })?;
        field("actor", &self.actor, "a pseudonymous id, without space or @", |text| {
            !text.is_empty() && !text.contains(|c: char| c == '@' || c.is_whitespace())
        })?;
        for cause in self.causes.iter().filter(|cause| **cause >= self.seq) {
            field("causes", &cause.to_string(), "an earlier entry", |_| false)?;
        }
        const SHA256: &str = "64 lower-case hexadecimal digits";
        if let Some(contract) = &self.contract {
            field("contract", contract, SHA256, is_sha256)?;
        }
        for (name, commitment) in self.commitments.iter().filter(|(_, hex)| !is_sha256(hex)) {
            field(&format!("commitments.{name}"), commitment, SHA256, is_sha256)?;
        }
        check_value(&|| "data".to_owned(), &self.data, 0)
    }
}

fn field(
    place: &str,
    value: &str,
    expected: &'static str,
    valid: impl Fn(&str) -> bool,
) -> Result<(), EnvelopeError> {
    if valid(value) {
        return Ok(());
    }
    Err(EnvelopeError::Field { place: place.to_owned(), value: value.to_owned(), expected })
}

fn is_sha256(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

fn unsigned(place: &str, value: u64) -> Result<(), EnvelopeError> {
    if value > MAX_INTEGER.unsigned_abs() {
        return Err(EnvelopeError::Integer { place: place.to_owned(), value: value.to_string() });
    }
    Ok(())
}

/// Refuses what JSON readers do not all read alike. The place is spelt out only for what is refused.
fn check_value(place: &dyn Fn() -> String, value: &Value, depth: usize) -> Result<(), EnvelopeError> {
    if depth > MAX_DEPTH {
        return Err(EnvelopeError::TooDeep { place: place() });
    }
    match value {
        Value::Null | Value::Bool(_) | Value::String(_) => Ok(()),
        Value::Number(number) => match number.as_i64() {
            Some(n) if n.unsigned_abs() <= MAX_INTEGER.unsigned_abs() => Ok(()),
            None if !number.is_u64() => {
                Err(EnvelopeError::Float { place: place(), value: number.to_string() })
            }
            _ => Err(EnvelopeError::Integer { place: place(), value: number.to_string() }),
        },
        Value::Array(items) => items
            .iter()
            .enumerate()
            .try_for_each(|(i, item)| check_value(&|| format!("{}[{i}]", place()), item, depth + 1)),
        Value::Object(fields) => fields
            .iter()
            .try_for_each(|(name, value)| check_value(&|| format!("{}.{name}", place()), value, depth + 1)),
    }
}
