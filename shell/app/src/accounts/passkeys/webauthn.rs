//! What an authenticator says, read and verified (W3C Web Authentication, level 3, 7.1 and 7.2).
//!
//! The model of the authenticator is not asked: its attestation, which would tell it, is not read.
//! The person must have been verified by it each time, by a gesture or a code: having the device is one
//! factor, and this is the other.

use data_encoding::BASE64URL_NOPAD;
use ring::signature::{
    ECDSA_P256_SHA256_ASN1, ED25519, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents, UnparsedPublicKey,
};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::cbor::{self, Value};

/// The algorithms that we verify, by their COSE numbers, the preferred first: ES256, EdDSA, RS256.
pub const ALGORITHMS: [i64; 3] = [-7, -8, -257];
/// Bytes; WebAuthn, 4.
const LONGEST_CREDENTIAL: usize = 1023;
/// Bytes of a public key that is kept; the longest that we verify, RSA of 8192 bits, takes half of it.
const LONGEST_KEY: usize = 2048;

/// Flags of the authenticator's data (6.1).
const PRESENT: u8 = 0x01;
const VERIFIED: u8 = 0x04;
const MAY_BE_COPIED: u8 = 0x08;
const IS_COPIED: u8 = 0x10;
const HAS_KEY: u8 = 0x40;

/// The site that passkeys are made for and asked by, as the browser names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RelyingParty {
    /// A host name, without port.
    pub id: String,
    /// The origins that its pages may have: scheme, name and port.
    pub origins: Vec<String>,
}

impl RelyingParty {
    /// Of the name that a request was sent to, once it is known to be one of ours. `None` for an address:
    /// passkeys are for names.
    pub fn of_host(host: &str) -> Option<RelyingParty> {
        let host = host.to_ascii_lowercase();
        let id = match host.rsplit_once(':') {
            Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => name,
            _ => &host,
        };
        let is_name = id.parse::<std::net::IpAddr>().is_err() && !id.starts_with('[') && !id.is_empty();
        // Without TLS, browsers trust this machine only.
        let plain = (id == "localhost").then(|| format!("http://{}", host.trim_end_matches(":80")));
        let origins = [Some(format!("https://{}", host.trim_end_matches(":443"))), plain];
        is_name.then(|| RelyingParty { id: id.to_owned(), origins: origins.into_iter().flatten().collect() })
    }
}

/// What a browser sends back of a new passkey.
#[derive(Debug, Clone, Default)]
pub struct Registration {
    pub client_data: Vec<u8>,
    pub attestation: Vec<u8>,
}

/// What a browser sends back of a passkey that signed.
#[derive(Debug, Clone, Default)]
pub struct Assertion {
    pub credential: Vec<u8>,
    pub client_data: Vec<u8>,
    pub authenticator_data: Vec<u8>,
    pub signature: Vec<u8>,
    /// Whom the authenticator keeps it for: the identifier that we gave it.
    pub user: Vec<u8>,
}

/// A passkey that has just been made.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Made {
    pub(super) credential: Vec<u8>,
    pub(super) public_key: Vec<u8>,
    pub(super) counter: u32,
    pub(super) may_be_copied: bool,
}

/// A signature that holds.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Signed {
    pub(super) counter: u32,
    pub(super) may_be_copied: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ClientData {
    #[serde(rename = "type")]
    kind: String,
    challenge: String,
    origin: String,
    #[serde(default)]
    cross_origin: bool,
}

/// The challenge that a browser answered, whatever else its answer is worth.
pub(super) fn challenge_of(client_data: &[u8]) -> Option<Vec<u8>> {
    let said: ClientData = serde_json::from_slice(client_data).ok()?;
    BASE64URL_NOPAD.decode(said.challenge.as_bytes()).ok()
}

/// Reads a new passkey (7.1); its challenge is the caller's to compare.
pub(super) fn made(site: &RelyingParty, sent: &Registration) -> Option<Made> {
    said_here(site, &sent.client_data, "webauthn.create")?;
    let (attestation, rest) = cbor::read(&sent.attestation)?;
    let data = Data::read(attestation.named("authData")?.bytes()?, site)?;
    let (credential, public_key) = data.key.filter(|_| rest.is_empty())?;
    PublicKey::read(public_key)?;
    Some(Made {
        credential: credential.to_vec(),
        public_key: public_key.to_vec(),
        counter: data.counter,
        may_be_copied: data.may_be_copied,
    })
}

/// Verifies a signature (7.2); its challenge, its owner and its counter are the caller's to compare.
pub(super) fn signed(site: &RelyingParty, public_key: &[u8], sent: &Assertion) -> Option<Signed> {
    said_here(site, &sent.client_data, "webauthn.get")?;
    let data = Data::read(&sent.authenticator_data, site)?;
    let over = [sent.authenticator_data.as_slice(), &Sha256::digest(&sent.client_data)].concat();
    let holds = PublicKey::read(public_key)?.verifies(&over, &sent.signature);
    holds.then_some(Signed { counter: data.counter, may_be_copied: data.may_be_copied })
}

/// The browser answered for this very site, in a page of its own.
fn said_here(site: &RelyingParty, client_data: &[u8], kind: &str) -> Option<()> {
    let said: ClientData = serde_json::from_slice(client_data).ok()?;
    let ours = site.origins.contains(&said.origin) && !said.cross_origin;
    (said.kind == kind && ours).then_some(())
}

/// The authenticator's data, of a person who was there and was verified.
struct Data<'a> {
    counter: u32,
    may_be_copied: bool,
    /// A credential and its public key, when it was just made.
    key: Option<(&'a [u8], &'a [u8])>,
}

impl<'a> Data<'a> {
    fn read(bytes: &'a [u8], site: &RelyingParty) -> Option<Data<'a>> {
        let (hash, rest) = bytes.split_at_checked(32)?;
        let (&[flags], rest) = rest.split_first_chunk::<1>()?;
        let (counter, rest) = rest.split_first_chunk::<4>()?;
        let for_us: bool = Sha256::digest(site.id.as_bytes()).as_slice().ct_eq(hash).into();
        let has = |flag: u8| flags & flag != 0;
        if !for_us || !has(PRESENT) || !has(VERIFIED) || (has(IS_COPIED) && !has(MAY_BE_COPIED)) {
            return None;
        }
        let key = if has(HAS_KEY) { Some(attested(rest)?) } else { None };
        Some(Data { counter: u32::from_be_bytes(*counter), may_be_copied: has(MAY_BE_COPIED), key })
    }
}

/// The credential and its key; the model of the authenticator, and extensions that follow, are not read.
fn attested(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (_model, rest) = bytes.split_at_checked(16)?;
    let (length, rest) = rest.split_first_chunk::<2>()?;
    let (credential, rest) = rest.split_at_checked(usize::from(u16::from_be_bytes(*length)))?;
    let (_, after) = cbor::read(rest)?;
    let key = &rest[..rest.len() - after.len()];
    let fits = (1..=LONGEST_CREDENTIAL).contains(&credential.len()) && key.len() <= LONGEST_KEY;
    fits.then_some((credential, key))
}

/// A COSE key of an algorithm that we know (RFC 9053, 7; RFC 8230, 4).
enum PublicKey<'a> {
    /// An uncompressed point.
    Es256(Vec<u8>),
    Ed25519(&'a [u8]),
    Rs256 {
        modulus: &'a [u8],
        exponent: &'a [u8],
    },
}

impl<'a> PublicKey<'a> {
    fn read(bytes: &'a [u8]) -> Option<PublicKey<'a>> {
        let (key, rest) = cbor::read(bytes)?;
        if !rest.is_empty() {
            return None;
        }
        let number = |at: i64| key.at(at).and_then(Value::int);
        let part = |at: i64| key.at(at).and_then(Value::bytes);
        let point = |at: i64| part(at).filter(|bytes| bytes.len() == 32);
        match (number(1)?, number(3)?) {
            (2, -7) if number(-1)? == 1 => Some(PublicKey::Es256([&[4], point(-2)?, point(-3)?].concat())),
            (1, -8) if number(-1)? == 6 => Some(PublicKey::Ed25519(point(-2)?)),
            (3, -257) => Some(PublicKey::Rs256 { modulus: part(-1)?, exponent: part(-2)? }),
            _ => None,
        }
    }

    fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        let done = match self {
            PublicKey::Es256(point) => {
                UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, point).verify(message, signature)
            }
            PublicKey::Ed25519(key) => UnparsedPublicKey::new(&ED25519, key).verify(message, signature),
            PublicKey::Rs256 { modulus, exponent } => RsaPublicKeyComponents { n: modulus, e: exponent }
                .verify(&RSA_PKCS1_2048_8192_SHA256, message, signature),
        };
        done.is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_is_a_name_and_plain_http_is_for_this_machine() {
        let site = |host: &str| RelyingParty::of_host(host).map(|site| (site.id, site.origins.join(" ")));
        let some = |id: &str, origins: &str| Some((id.to_owned(), origins.to_owned()));
        assert_eq!(site("localhost:8080"), some("localhost", "https://localhost:8080 http://localhost:8080"));
        assert_eq!(site("Desk.Exemple.fr"), some("desk.exemple.fr", "https://desk.exemple.fr"));
        assert_eq!(site("desk.exemple.fr:8443"), some("desk.exemple.fr", "https://desk.exemple.fr:8443"));
        for address in ["127.0.0.1:80", "[::1]:8080", "192.0.2.1", "", ":80"] {
            assert_eq!(site(address), None, "{address}");
        }
    }

    #[test]
    fn a_key_that_is_kept_has_a_bound_whatever_stands_beside_its_numbers() {
        let attested_of = |padding: u16| {
            // {99: bytes}, after a model, and a credential of one byte.
            let head = [[0; 16].as_slice(), &[0, 1, 7], &[0xa1, 0x18, 0x63, 0x59]].concat();
            [head.as_slice(), &padding.to_be_bytes(), &vec![0; usize::from(padding)]].concat()
        };
        assert_eq!(attested(&attested_of(2042)).map(|(_, key)| key.len()), Some(2048));
        assert_eq!(attested(&attested_of(2043)), None);
    }

    // The two others sign in tests/passkeys.rs; this one was made elsewhere, once, over « regisseur ».
    const MODULUS: &str = "3SBFGlhhZXemQx1JfYtw9pdK7cnaBN5xzg5_8LEu0XxG1DGpm_sB9inkDBXDp_cdTfPu_fq-NrMxdI-_7ABrboz-bN\
         To61yojOjc6b3P2jiAnLDnlh521LMRzBuFL1kUX4q5dkqqlYIqRMnIMfpWvHoPX3O5a26j1u3KNcqY3oGZiB6TmyLx\
         BT_nFfkm2DTTVZ_lKZ6GF4oO56b66IMlGzAVxi1gIQ7NkWOe0W17XFsWOMAIsaFx8BSg4qIhKX5P5h299xsQO_TdQa\
         5fY2yQchqLIpQCFYLaUJ5FK2EVg2JiJ8kJ4pqujRUW3cP-w6eygOaHGum0T6GjvpJCMPXBaQ";
    const SIGNATURE: &str = "0a5GRsTJqyKkZWomvo4BCZ3hjcCKDPkFaSRFKIWKCkb8whZHXnU6eqMXzUedLNbAD-Y5JazmrL9u-QlCTHHYZl8MJf\
         6SkXTBTTG_i5ecvwck1cvXiwbSPtCTXoQVDfn7RP3qtnUn1pwseHyk3JpfeTpOlSb07gdoH0_fazkiWNOv0MZT0Npu\
         K1-vy9rMessdxx2zfZV0ZwgQPQ4wvKxu-H_DosZb9syUMP_OTEuIHBX2u-SdehZm2hwP1LQyWtJGeqXXWAwzYKnxeS\
         Yn2IqfUHJwaWI3OBHcG2O-XgXJ7BOeZ1POPBr-lUzD5ezi2AvGW12_JhOlDVU8MIvHS88TlQ";

    #[test]
    fn an_rsa_key_of_an_older_authenticator_verifies() {
        let decode = |text: &str| BASE64URL_NOPAD.decode(text.as_bytes()).unwrap();
        let (modulus, signature) = (decode(MODULUS), decode(SIGNATURE));
        // {1: 3, 3: -257, -1: modulus, -2: 65537}
        let mut key = vec![0xa4, 0x01, 0x03, 0x03, 0x39, 0x01, 0x00, 0x20, 0x59, 0x01, 0x00];
        key.extend(modulus);
        key.extend([0x21, 0x43, 0x01, 0x00, 0x01]);
        let read = PublicKey::read(&key).expect("a key");
        assert!(read.verifies(b"regisseur", &signature) && !read.verifies(b"Regisseur", &signature));
        key[6] = 0x01;
        assert!(PublicKey::read(&key).is_none(), "another algorithm");
    }
}
