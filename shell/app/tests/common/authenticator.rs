//! An authenticator in software, for tests: it makes a passkey and signs with it.
#![allow(dead_code, reason = "each test file uses its own part of this")]

use app::accounts::passkeys::{Assertion, Registration};
use data_encoding::BASE64URL_NOPAD;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair};
use sha2::{Digest, Sha256};

enum Key {
    P256(EcdsaKeyPair),
    Ed25519(Ed25519KeyPair),
}

/// An authenticator with one credential, and the browser around it; fields are what tests spoil.
pub struct Authenticator {
    key: Key,
    credential: Vec<u8>,
    pub user: Vec<u8>,
    pub counter: u32,
    pub counting: bool,
    /// Present, verified.
    pub flags: u8,
    pub origin: String,
    pub site: String,
}

impl Authenticator {
    /// On P-256, or else Ed25519.
    pub fn at(site: &str, p256: bool) -> Authenticator {
        let random = SystemRandom::new();
        let key = if p256 {
            let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &random).unwrap();
            let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, document.as_ref(), &random);
            Key::P256(pair.unwrap())
        } else {
            let document = Ed25519KeyPair::generate_pkcs8(&random).unwrap();
            Key::Ed25519(Ed25519KeyPair::from_pkcs8(document.as_ref()).unwrap())
        };
        let mut credential = vec![0; 16];
        ring::rand::SecureRandom::fill(&random, &mut credential).unwrap();
        Authenticator {
            key,
            credential,
            user: Vec::new(),
            counter: 1,
            counting: true,
            flags: 0x05,
            origin: format!("https://{site}"),
            site: site.to_owned(),
        }
    }

    fn client_data(&self, kind: &str, challenge: &str) -> Vec<u8> {
        let said = serde_json::json!({
            "type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": false,
        });
        said.to_string().into_bytes()
    }

    fn data(&self, flags: u8) -> Vec<u8> {
        let hash = Sha256::digest(self.site.as_bytes());
        let counter = if self.counting { self.counter } else { 0 };
        [hash.as_slice(), &[flags], &counter.to_be_bytes()].concat()
    }

    fn cose(&self) -> Vec<u8> {
        match &self.key {
            Key::P256(pair) => {
                let point = pair.public_key().as_ref();
                let start = [0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20];
                [start.as_slice(), &point[1..33], &[0x22, 0x58, 0x20], &point[33..]].concat()
            }
            Key::Ed25519(pair) => {
                let start = [0xa4, 0x01, 0x01, 0x03, 0x27, 0x20, 0x06, 0x21, 0x58, 0x20];
                [start.as_slice(), pair.public_key().as_ref()].concat()
            }
        }
    }

    /// Makes the credential that it was asked for.
    pub fn register(&mut self, challenge: &str, user: &str) -> Registration {
        self.user = BASE64URL_NOPAD.decode(user.as_bytes()).unwrap();
        let length = u16::try_from(self.credential.len()).unwrap().to_be_bytes();
        let data =
            [&self.data(self.flags | 0x40), [0; 16].as_slice(), &length, &self.credential, &self.cose()];
        let data = data.concat();
        let mut attestation = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x59".to_vec();
        attestation.extend(u16::try_from(data.len()).unwrap().to_be_bytes());
        attestation.extend(data);
        Registration { client_data: self.client_data("webauthn.create", challenge), attestation }
    }

    /// Signs what it was asked.
    pub fn sign(&mut self, challenge: &str) -> Assertion {
        self.counter += 1;
        let client_data = self.client_data("webauthn.get", challenge);
        let authenticator_data = self.data(self.flags);
        let over = [authenticator_data.as_slice(), &Sha256::digest(&client_data)].concat();
        let signature = match &self.key {
            Key::P256(pair) => pair.sign(&SystemRandom::new(), &over).unwrap().as_ref().to_vec(),
            Key::Ed25519(pair) => pair.sign(&over).as_ref().to_vec(),
        };
        let (credential, user) = (self.credential.clone(), self.user.clone());
        Assertion { credential, client_data, authenticator_data, signature, user }
    }
}
