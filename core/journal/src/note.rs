//! C2SP signed-note v1.0.0 with Ed25519 signatures (type 0x01).

use std::collections::BTreeSet;
use std::fmt;

use data_encoding::{BASE64, HEXLOWER};
use ed25519_dalek::{Signature, Signer, VerifyingKey};
use sha2::{Digest, Sha256};

/// Signed-note asks for at least 16; a bound keeps a hostile note cheap to refuse.
const MAX_SIGNATURES: usize = 64;
const ED25519: u8 = 0x01;
/// An em dash, U+2014, and a space.
const SIGNATURE_PREFIX: &str = "— ";

/// A named Ed25519 key that signs. The seed is given; dropping the key wipes it; `Debug` shows the
/// public half only.
pub struct SigningKey {
    name: String,
    key: ed25519_dalek::SigningKey,
}

/// The public half, written as a *vkey*: `<name>+<8 hex digits of key id>+<base64(type || key)>`.
#[derive(Clone, PartialEq, Eq)]
pub struct VerifierKey {
    name: String,
    id: u32,
    key: VerifyingKey,
}

/// A note whose known signatures all hold, one at least.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened {
    /// What was signed, final newline included.
    pub text: String,
    /// The `(name, key id)` of each known key that signed, once each.
    pub verified: Vec<(String, u32)>,
    /// Signature lines of keys that were not given; nothing is known of them.
    pub unknown: usize,
}

/// Why a note, a key or a name is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    #[error("the text of a note ends with a newline and holds no other control character")]
    MalformedText,
    #[error("a note is a text, a blank line, then signature lines “— name base64”")]
    MalformedNote,
    #[error("the signature line {line} is malformed: “— name base64” was expected")]
    MalformedSignature { line: usize },
    #[error("the note carries more than {MAX_SIGNATURES} signatures")]
    TooManySignatures,
    #[error("the key name “{name}” is empty, or holds a space or a plus sign")]
    InvalidKeyName { name: String },
    #[error("this is not a verifier key “name+hash+base64” of type Ed25519 whose hash fits")]
    MalformedKey,
    #[error("two verifier keys share the name {name} and the id {id:08x}: keep one")]
    AmbiguousKey { name: String, id: u32 },
    #[error("the signature of {name} ({id:08x}) is wrong: the text or the signature was changed")]
    BadSignature { name: String, id: u32 },
    #[error("no known key signed this note: give the verifier key of the log")]
    Unsigned,
}

impl SigningKey {
    /// The key whose RFC 8032 seed is `seed`: 32 bytes of a good generator.
    pub fn from_seed(name: &str, seed: &[u8; 32]) -> Result<Self, NoteError> {
        check_name(name)?;
        Ok(SigningKey { name: name.to_owned(), key: ed25519_dalek::SigningKey::from_bytes(seed) })
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    /// The public half.
    pub fn verifier(&self) -> VerifierKey {
        VerifierKey::new(&self.name, self.key.verifying_key()).expect("the name was checked")
    }

    fn sign(&self, text: &str) -> String {
        let mut blob = self.verifier().id.to_be_bytes().to_vec();
        blob.extend_from_slice(&self.key.sign(text.as_bytes()).to_bytes());
        format!("{SIGNATURE_PREFIX}{} {}\n", self.name, BASE64.encode(&blob))
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({})", self.verifier())
    }
}

impl VerifierKey {
    fn new(name: &str, key: VerifyingKey) -> Result<Self, NoteError> {
        check_name(name)?;
        if key.is_weak() {
            return Err(NoteError::MalformedKey);
        }
        Ok(VerifierKey { name: name.to_owned(), id: key_id(name, &key), key })
    }

    /// Reads a vkey. The hash it states must be the one its name and key give.
    pub fn parse(vkey: &str) -> Result<Self, NoteError> {
        let mut parts = vkey.splitn(3, '+');
        let (Some(name), Some(id), Some(data)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(NoteError::MalformedKey);
        };
        let data = BASE64.decode(data.as_bytes()).map_err(|_| NoteError::MalformedKey)?;
        let [ED25519, key @ ..] = data.as_slice() else { return Err(NoteError::MalformedKey) };
        let key = <&[u8; 32]>::try_from(key).map_err(|_| NoteError::MalformedKey)?;
        let key = VerifyingKey::from_bytes(key).map_err(|_| NoteError::MalformedKey)?;
        let parsed = VerifierKey::new(name, key)?;
        if HEXLOWER.encode(&parsed.id.to_be_bytes()) != id {
            return Err(NoteError::MalformedKey);
        }
        Ok(parsed)
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    /// `SHA-256(name || 0x0A || 0x01 || key)[..4]`, big-endian.
    pub fn id(&self) -> u32 {
        self.id
    }

    fn holds(&self, text: &str, signature: &[u8]) -> bool {
        Signature::from_slice(signature)
            .and_then(|signature| self.key.verify_strict(text.as_bytes(), &signature))
            .is_ok()
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut data = vec![ED25519];
        data.extend_from_slice(self.key.as_bytes());
        write!(f, "{}+{:08x}+{}", self.name, self.id, BASE64.encode(&data))
    }
}

impl fmt::Debug for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VerifierKey({self})")
    }
}

/// The note: `text`, a blank line, one signature line per key in the order given.
///
/// Refuses a text that does not end with a newline or holds a control character, and no key at all.
pub fn sign(text: &str, keys: &[&SigningKey]) -> Result<String, NoteError> {
    check_text(text)?;
    if keys.is_empty() {
        return Err(NoteError::Unsigned);
    }
    let mut note = format!("{text}\n");
    for key in keys {
        note.push_str(&key.sign(text));
    }
    Ok(note)
}

/// Reads a note and checks it against the keys one trusts.
///
/// A wrong signature of a known key refuses the whole note; signatures of unknown keys are counted.
pub fn open(note: &str, keys: &[VerifierKey]) -> Result<Opened, NoteError> {
    check_keys(keys)?;
    check_text(note).map_err(|_| NoteError::MalformedNote)?;
    let blank = note.rfind("\n\n").ok_or(NoteError::MalformedNote)?;
    let (text, signatures) = (&note[..blank + 1], &note[blank + 2..]);
    if signatures.is_empty() {
        return Err(NoteError::MalformedNote);
    }
    let (mut verified, mut unknown) = (Vec::new(), 0);
    for (i, line) in signatures.lines().enumerate() {
        if i == MAX_SIGNATURES {
            return Err(NoteError::TooManySignatures);
        }
        let (name, id, signature) =
            signature_line(line).ok_or(NoteError::MalformedSignature { line: i + 1 })?;
        let Some(key) = keys.iter().find(|key| key.name == name && key.id == id) else {
            unknown += 1;
            continue;
        };
        let signer = (name.to_owned(), id);
        if !key.holds(text, &signature) {
            return Err(NoteError::BadSignature { name: signer.0, id });
        }
        if !verified.contains(&signer) {
            verified.push(signer);
        }
    }
    if verified.is_empty() {
        return Err(NoteError::Unsigned);
    }
    Ok(Opened { text: text.to_owned(), verified, unknown })
}

fn signature_line(line: &str) -> Option<(&str, u32, Vec<u8>)> {
    let (name, blob) = line.strip_prefix(SIGNATURE_PREFIX)?.split_once(' ')?;
    check_name(name).ok()?;
    let blob = BASE64.decode(blob.as_bytes()).ok()?;
    let (id, signature) = blob.split_first_chunk::<4>()?;
    if signature.is_empty() {
        return None;
    }
    Some((name, u32::from_be_bytes(*id), signature.to_vec()))
}

fn key_id(name: &str, key: &VerifyingKey) -> u32 {
    let digest: [u8; 32] = Sha256::new()
        .chain_update(name)
        .chain_update([b'\n', ED25519])
        .chain_update(key.as_bytes())
        .finalize()
        .into();
    u32::from_be_bytes([digest[0], digest[1], digest[2], digest[3]])
}

fn check_name(name: &str) -> Result<(), NoteError> {
    if name.is_empty() || name.contains(|c: char| c.is_whitespace() || c.is_control() || c == '+') {
        return Err(NoteError::InvalidKeyName { name: name.to_owned() });
    }
    Ok(())
}

fn check_keys(keys: &[VerifierKey]) -> Result<(), NoteError> {
    let mut seen = BTreeSet::new();
    match keys.iter().find(|key| !seen.insert((&key.name, key.id))) {
        Some(key) => Err(NoteError::AmbiguousKey { name: key.name.clone(), id: key.id }),
        None => Ok(()),
    }
}

fn check_text(text: &str) -> Result<(), NoteError> {
    if !text.ends_with('\n') || text.contains(|c: char| c < ' ' && c != '\n') {
        return Err(NoteError::MalformedText);
    }
    Ok(())
}
