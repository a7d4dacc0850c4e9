//! A provider of identity: how it is configured, what it says of itself, and what it is asked.

use std::sync::{Arc, Mutex, PoisonError};

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::token::Keys;
use crate::accounts::real_now;
use crate::error::{AppError, Refusal, Result};

/// How long what a provider says of itself is believed without asking again.
const FRESH: i64 = 10 * 60 * 1_000_000;
/// The least time between two askings, so that a provider that is down, or a false key, costs little.
const PATIENCE: i64 = 15 * 1_000_000;

/// What is asked of a provider over the network; the answer is the body of a success, or why there is none.
#[derive(Debug)]
pub enum Request<'a> {
    Get { url: &'a str, bearer: Option<&'a str> },
    Post { url: &'a str, form: &'a [(&'a str, &'a str)], basic: Option<(&'a str, &'a str)> },
}

/// Why a provider gave nothing, in one sentence for the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unheard {
    /// It heard what it was asked, and refuses it.
    Refused(String),
    /// It does not answer, or not as it should: whoever asks is not to blame.
    Silent(String),
}

/// Opens the socket, which this crate does not: bounded in time and in size, no redirection followed.
pub type Fetch = dyn Fn(&Request<'_>) -> std::result::Result<Vec<u8>, Unheard> + Send + Sync;

/// A provider as it is configured.
#[derive(Clone)]
pub struct Provider {
    /// Names it in addresses: letters, digits and dashes.
    pub key: String,
    /// What people call it.
    pub name: String,
    pub issuer: String,
    pub client: String,
    /// `None` for a public client, which PKCE alone protects.
    pub secret: Option<String>,
    /// The slug of the only customer whose people it vouches for; `None` for everybody.
    pub customer: Option<String>,
    /// The domains of addresses that it vouches for; any when empty.
    pub domains: Vec<String>,
    /// The words, in `amr` or `acr`, by which it says that it asked for a second factor.
    pub second_factor: Vec<String>,
    pub fetch: Arc<Fetch>,
}

/// What a provider says of itself (OpenID Connect Discovery 1.0, 3).
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Metadata {
    issuer: String,
    pub(super) authorization_endpoint: String,
    pub(super) token_endpoint: String,
    jwks_uri: String,
    pub(super) userinfo_endpoint: Option<String>,
    #[serde(default)]
    token_endpoint_auth_methods_supported: Vec<String>,
    #[serde(default)]
    pub(super) authorization_response_iss_parameter_supported: bool,
}

impl Metadata {
    fn endpoints(&self) -> impl Iterator<Item = &str> {
        let always = [&self.authorization_endpoint, &self.token_endpoint, &self.jwks_uri];
        always.into_iter().chain(&self.userinfo_endpoint).map(String::as_str)
    }
}

#[derive(Default)]
struct Known {
    asked: i64,
    read: i64,
    said: Option<(Metadata, Keys)>,
}

/// A provider in service.
pub(crate) struct Service {
    pub(super) settings: Provider,
    known: Mutex<Known>,
}

impl Service {
    pub(crate) fn new(settings: Provider) -> Service {
        Service { settings, known: Mutex::default() }
    }

    /// What it says of itself, as it was read in the last ten minutes.
    pub(super) fn known(&self) -> Result<(Metadata, Keys)> {
        self.known_since(real_now() - FRESH)
    }

    /// The same, read again because a key is not among those that we know.
    pub(super) fn known_again(&self) -> Result<(Metadata, Keys)> {
        self.known_since(real_now())
    }

    fn known_since(&self, since: i64) -> Result<(Metadata, Keys)> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let now = real_now();
        if (known.said.is_none() || known.read < since) && now - known.asked >= PATIENCE {
            known.asked = now;
            if let Some(said) = self.read_all() {
                (known.read, known.said) = (now, Some(said));
            }
        }
        // What it said before still serves while it does not answer.
        known.said.clone().ok_or_else(|| self.unreachable())
    }

    fn read_all(&self) -> Option<(Metadata, Keys)> {
        let issuer = &self.settings.issuer;
        let url = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
        let metadata: Metadata = self.ask(&Request::Get { url: &url, bearer: None }).ok()?;
        if metadata.issuer != *issuer {
            tracing::warn!("sign-in: {issuer} calls itself {}", metadata.issuer);
            return None;
        }
        // What one asks a private issuer stays private, whatever it says of itself.
        let private = |url: &str| url.starts_with("https://");
        if private(issuer) && !metadata.endpoints().all(private) {
            tracing::warn!("sign-in: {issuer} names an address that is not https");
            return None;
        }
        let keys = self.ask(&Request::Get { url: &metadata.jwks_uri, bearer: None }).ok()?;
        Some((metadata, keys))
    }

    /// The token that a code is exchanged for (RFC 6749, 4.1.3; RFC 7636).
    pub(super) fn exchange<T: DeserializeOwned>(
        &self,
        metadata: &Metadata,
        code: &str,
        verifier: &str,
        redirect: &str,
    ) -> std::result::Result<T, Unheard> {
        let methods = &metadata.token_endpoint_auth_methods_supported;
        let has = |name: &str| methods.iter().any(|method| method == name);
        // Basic is the default where nothing is said (Discovery, 3).
        let in_body = has("client_secret_post") && !has("client_secret_basic");
        let (client, secret) = (self.settings.client.as_str(), self.settings.secret.as_deref());
        let mut form = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", redirect),
            ("code_verifier", verifier),
            ("client_id", client),
        ];
        form.extend(secret.filter(|_| in_body).map(|secret| ("client_secret", secret)));
        let basic = secret.filter(|_| !in_body).map(|secret| (client, secret));
        self.ask(&Request::Post { url: &metadata.token_endpoint, form: &form, basic })
    }

    pub(super) fn ask<T: DeserializeOwned>(&self, request: &Request<'_>) -> std::result::Result<T, Unheard> {
        let said = (self.settings.fetch)(request);
        let read =
            said.and_then(|body| serde_json::from_slice(&body).map_err(|e| Unheard::Silent(e.to_string())));
        read.inspect_err(|unheard| {
            let (Unheard::Refused(why) | Unheard::Silent(why)) = unheard;
            tracing::warn!("sign-in: {}: {why}", self.settings.issuer);
        })
    }

    pub(super) fn unreachable(&self) -> AppError {
        let name = &self.settings.name;
        AppError::refused(Refusal::new(
            "sign_in.unreachable",
            format!(
                "{name} ne répond pas comme il le devrait. Réessayez dans un instant, ou entrez par la page de connexion si vous avez ici une clé d’accès, ou un mot de passe et un second facteur."
            ),
            format!(
                "{name} does not answer as it should. Try again in a moment, or come in by the sign-in page if you have a passkey here, or a password and a second factor."
            ),
        ))
    }
}
