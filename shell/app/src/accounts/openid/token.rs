//! Identity tokens: a JWT signed by the provider (OpenID Connect Core 1.0, 3.1.3.7; RFC 7515, 7517, 7518).
//!
//! The algorithm is that of the key, among three; `none` and shared secrets are not among them.

use data_encoding::BASE64URL_NOPAD;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, ED25519, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents, UnparsedPublicKey,
};
use serde::Deserialize;

/// How far the provider's clock may be from ours; seconds.
const DRIFT: i64 = 60;

/// The keys of a provider.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Keys {
    keys: Vec<Key>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Key {
    kid: Option<String>,
    kty: String,
    #[serde(rename = "use")]
    purpose: Option<String>,
    alg: Option<String>,
    crv: Option<String>,
    x: String,
    y: String,
    n: String,
    e: String,
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: Option<String>,
    /// Extensions that must be understood: we understand none.
    crit: Option<serde_json::Value>,
}

/// What a token says of the person.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Claims {
    iss: String,
    pub(super) sub: String,
    aud: Audience,
    azp: Option<String>,
    exp: i64,
    iat: i64,
    nonce: Option<String>,
    #[serde(flatten)]
    pub(super) address: Address,
    #[serde(default)]
    amr: Vec<String>,
    acr: Option<String>,
}

/// Their address, in the token or in what the provider says of them besides.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Address {
    email: Option<String>,
    #[serde(default)]
    email_verified: Verified,
}

/// Some providers write it as a text.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
enum Verified {
    Bool(bool),
    Text(String),
}

impl Default for Verified {
    fn default() -> Verified {
        Verified::Bool(false)
    }
}

#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Several(Vec<String>),
}

impl Address {
    /// Whether the provider says anything of an address.
    pub(super) fn is_said(&self) -> bool {
        self.email.is_some()
    }

    /// The address, in lower case, when the provider vouches for it.
    pub(super) fn verified(&self) -> Option<String> {
        let sure = match &self.email_verified {
            Verified::Bool(sure) => *sure,
            Verified::Text(text) => text == "true",
        };
        self.email.as_ref().filter(|_| sure).map(|email| email.trim().to_lowercase())
    }
}

impl Claims {
    /// Whether the provider says, in one of these words, that it asked for a second factor (RFC 8176).
    pub(super) fn is_strong(&self, words: &[String]) -> bool {
        self.amr.iter().chain(&self.acr).any(|said| words.contains(said))
    }
}

/// Why a token is not believed.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Wrong {
    /// Signed by a key that we do not know; the provider may have a new one.
    UnknownKey,
    /// For the log of whoever configured the provider.
    Said(&'static str),
}

/// What a token must be for.
pub(super) struct Expected<'a> {
    pub(super) issuer: &'a str,
    pub(super) client: &'a str,
    pub(super) nonce: &'a str,
    /// Seconds since 1970.
    pub(super) now: i64,
}

/// The claims of a token whose signature and bounds hold.
pub(super) fn verify(token: &str, keys: &Keys, expected: &Expected<'_>) -> Result<Claims, Wrong> {
    let unreadable = || Wrong::Said("the token cannot be read");
    let (signed, signature) = token.rsplit_once('.').ok_or_else(unreadable)?;
    let (header, claims) = signed.split_once('.').ok_or_else(unreadable)?;
    let decode = |part: &str| BASE64URL_NOPAD.decode(part.as_bytes()).map_err(|_| unreadable());
    let header: Header = serde_json::from_slice(&decode(header)?).map_err(|_| unreadable())?;
    if header.crit.is_some() {
        return Err(Wrong::Said("the token has extensions that must be understood"));
    }
    let signature = decode(signature)?;
    let mut candidates = keys.keys.iter().filter(|key| key.may_sign(&header)).peekable();
    if candidates.peek().is_none() {
        return Err(Wrong::UnknownKey);
    }
    if !candidates.any(|key| key.verifies(&header.alg, signed.as_bytes(), &signature).unwrap_or(false)) {
        return Err(Wrong::Said("the signature of the token does not hold"));
    }
    let claims: Claims = serde_json::from_slice(&decode(claims)?).map_err(|_| unreadable())?;
    let for_us = match &claims.aud {
        Audience::One(client) => client == expected.client,
        Audience::Several(clients) => {
            let named = clients.iter().any(|client| client == expected.client);
            named && (clients.len() == 1 || claims.azp.is_some())
        }
    };
    let said = |holds: bool, why| if holds { Ok(()) } else { Err(Wrong::Said(why)) };
    said(claims.iss == expected.issuer, "the token is of another issuer")?;
    said(for_us, "the token is for another client")?;
    said(
        claims.azp.as_deref().is_none_or(|azp| azp == expected.client),
        "the token was given to another client",
    )?;
    said(claims.exp > expected.now - DRIFT, "the token has expired")?;
    said(claims.iat < expected.now + DRIFT, "the token comes from the future: compare both clocks")?;
    said(claims.nonce.as_deref() == Some(expected.nonce), "the token answers another request")?;
    said(!claims.sub.is_empty() && claims.sub.len() <= 255, "the token names nobody")?;
    Ok(claims)
}

impl Key {
    fn may_sign(&self, header: &Header) -> bool {
        let kind = match header.alg.as_str() {
            "RS256" => self.kty == "RSA",
            "ES256" => self.kty == "EC" && self.crv.as_deref() == Some("P-256"),
            "EdDSA" => self.kty == "OKP" && self.crv.as_deref() == Some("Ed25519"),
            _ => false,
        };
        let named = header.kid.is_none() || self.kid == header.kid;
        let signs = self.purpose.as_deref().is_none_or(|purpose| purpose == "sig");
        kind && named && signs && self.alg.as_ref().is_none_or(|alg| *alg == header.alg)
    }

    fn verifies(&self, alg: &str, message: &[u8], signature: &[u8]) -> Option<bool> {
        let part = |text: &str| BASE64URL_NOPAD.decode(text.as_bytes()).ok();
        let done = match alg {
            "RS256" => RsaPublicKeyComponents { n: part(&self.n)?, e: part(&self.e)? }.verify(
                &RSA_PKCS1_2048_8192_SHA256,
                message,
                signature,
            ),
            "ES256" => {
                let point = [vec![4], part(&self.x)?, part(&self.y)?].concat();
                UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).verify(message, signature)
            }
            _ => UnparsedPublicKey::new(&ED25519, part(&self.x)?).verify(message, signature),
        };
        Some(done.is_ok())
    }
}
