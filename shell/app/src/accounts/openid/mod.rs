//! Signing in through a provider of identity (OpenID Connect: code flow, PKCE, state and nonce).
//!
//! The provider proves who somebody is; what they may do is ours alone. It opens accounts that are there,
//! and makes none: the first time by an address that it vouches for, then by its own name of the person.
//! What waits between two requests is sealed and kept by the browser that began.

mod provider;
mod tied;
mod token;
mod vouched;

use base::id::AccountId;
use data_encoding::BASE64URL_NOPAD;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::attempts::Client;
use super::second_factor::percent;
use super::sessions::Opened;
use super::{instant, real_now};
use crate::entropy;
use crate::error::{AppError, Refusal, Result};
use crate::instance::App;
use token::{Claims, Expected, Wrong, verify};
use vouched::{Tie, Vouched};

pub(crate) use provider::Service;
pub use provider::{Fetch, Provider, Request, Unheard};
pub(crate) use tied::Elsewhere;
pub use tied::{Left, TiedIdentity};

/// How long somebody may take at their provider's, and to type a code after it.
const LIFE: i64 = 10 * 60 * 1_000_000;
const FLOW: &str = "openid-flow";
const CODE: &str = "openid-code";

/// The providers of an instance.
pub struct OpenId {
    /// The address of the site, without its last slash.
    pub site: String,
    pub(crate) services: Vec<Service>,
}

impl OpenId {
    pub fn new(site: &str, providers: Vec<Provider>) -> OpenId {
        let services = providers.into_iter().map(Service::new).collect();
        OpenId { site: site.trim_end_matches('/').to_owned(), services }
    }
}

/// Where a browser is sent, and what it brings back with the answer.
#[derive(Debug, Clone)]
pub struct Departure {
    pub url: String,
    /// For a cookie of this browser, ten minutes.
    pub sealed: String,
}

/// What came of the answer.
pub enum Arrival {
    Opened {
        opened: Opened,
        /// Where the person was going.
        back: String,
    },
    /// The provider asked for no second factor, and the account has one: its code comes with this.
    CodeWanted { sealed: String },
}

#[derive(Serialize, Deserialize)]
struct Flow {
    provider: String,
    state: String,
    nonce: String,
    verifier: String,
    back: String,
    made: i64,
}

#[derive(Serialize, Deserialize)]
struct Waiting {
    account: AccountId,
    issuer: String,
    tie: Option<Tie>,
    means: String,
    back: String,
    made: i64,
}

#[derive(Deserialize)]
struct Tokens {
    access_token: String,
    id_token: String,
}

impl App {
    /// Lets people in through these providers; once, before anybody is served.
    pub fn open_to(&self, openid: OpenId) {
        // A second call would be a fault of ours; the first holds.
        let _ = self.openid.set(openid);
    }

    /// The providers that the sign-in page offers: key and name.
    pub fn providers(&self) -> Vec<(String, String)> {
        let services = self.openid.get().map_or(&[][..], |openid| &openid.services);
        services.iter().map(|s| (s.settings.key.clone(), s.settings.name.clone())).collect()
    }

    /// Sends a browser to a provider. It may wait for the network.
    pub fn depart(&self, provider: &str, back: &str) -> Result<Departure> {
        let (openid, service) = self.service(provider)?;
        let (metadata, _) = service.known()?;
        let random = || BASE64URL_NOPAD.encode(&self.real_bytes::<32>());
        let flow = Flow {
            provider: provider.to_owned(),
            state: random(),
            nonce: random(),
            verifier: random(),
            back: back.chars().take(500).collect(),
            made: real_now(),
        };
        let challenge = BASE64URL_NOPAD.encode(&Sha256::digest(flow.verifier.as_bytes()));
        let asked = [
            ("response_type", "code"),
            ("client_id", service.settings.client.as_str()),
            ("redirect_uri", &redirect(openid, provider)),
            ("scope", "openid email"),
            ("state", &flow.state),
            ("nonce", &flow.nonce),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ];
        let asked: Vec<String> =
            asked.iter().map(|(name, value)| format!("{name}={}", percent(value))).collect();
        let at = &metadata.authorization_endpoint;
        let joint = if at.contains('?') { '&' } else { '?' };
        Ok(Departure { url: format!("{at}{joint}{}", asked.join("&")), sealed: self.sealed(FLOW, &flow)? })
    }

    /// Takes what a provider answered to the browser that `sealed` is of. It may wait for the network.
    ///
    /// `sign_in.unknown` when it vouches for nobody who has an account here that it may open. An answer that
    /// the provider does not recognise counts as a failure of its address; its own silence does not.
    pub fn arrive(
        &self,
        client: &Client,
        provider: &str,
        sealed: &str,
        state: &str,
        code: &str,
        issuer: Option<&str>,
    ) -> Result<Arrival> {
        let now = real_now();
        if self.attempts().wait_there(client, now) > 0 {
            return Err(AppError::Busy);
        }
        let (openid, service) = self.service(provider)?;
        let flow: Flow = self.unsealed(FLOW, sealed).ok_or_else(too_late)?;
        let same: bool = flow.state.as_bytes().ct_eq(state.as_bytes()).into();
        if !same || flow.provider != provider || now >= flow.made + LIFE {
            self.attempts().failed_there(client, now);
            return Err(too_late());
        }
        let (metadata, _) = service.known()?;
        // RFC 9207: the answer of one provider is not taken for another's.
        let from_it = match issuer {
            Some(issuer) => issuer == service.settings.issuer,
            None => !metadata.authorization_response_iss_parameter_supported,
        };
        let not_believed = || {
            self.attempts().failed_there(client, now);
            service.unreachable()
        };
        if !from_it {
            return Err(not_believed());
        }
        let tokens = service.exchange(&metadata, code, &flow.verifier, &redirect(openid, provider));
        let tokens: Tokens = tokens.map_err(|why| match why {
            Unheard::Refused(_) => not_believed(),
            Unheard::Silent(_) => service.unreachable(),
        })?;
        let Some(claims) = self.claims(service, &tokens.id_token, &flow.nonce)? else {
            return Err(not_believed());
        };
        let means = service.settings.name.clone();
        let found = self.vouched_for(service, &claims, &tokens.access_token)?;
        let Some(Vouched { account, issuer, tie }) = found else {
            self.attempts().failed_there(client, now);
            return Err(unknown(&means));
        };
        let strong = claims.is_strong(&service.settings.second_factor);
        if !strong && account.totp_sealed.is_some() {
            let waiting =
                Waiting { account: AccountId(account.id), issuer, tie, means, back: flow.back, made: now };
            return Ok(Arrival::CodeWanted { sealed: self.sealed(CODE, &waiting)? });
        }
        if !strong && self.is_by_passkey_only(&account)? {
            return Err(AppError::refused(Refusal::new(
                "sign_in.passkey",
                "Ce fournisseur n’a pas demandé de second facteur : entrez avec votre clé d’accès.",
                "This provider asked for no second factor: come in with your passkey.",
            )));
        }
        let opened = self.let_in(Vouched { account, issuer, tie }, client, strong, &means)?;
        Ok(Arrival::Opened { opened, back: flow.back })
    }

    /// The code of somebody whom a provider has vouched for; within the attempts of their password.
    pub fn arrive_with_code(&self, client: &Client, sealed: &str, code: &str) -> Result<(Opened, String)> {
        let waiting: Waiting = self.unsealed(CODE, sealed).ok_or_else(too_late)?;
        let now = real_now();
        if now >= waiting.made + LIFE {
            return Err(too_late());
        }
        let account = self.account(waiting.account)?;
        if self.attempts().wait(&account.email, client, now) > 0 {
            return Err(AppError::Busy);
        }
        if account.disabled || !self.second_factor(&account, client, Some(code), now)? {
            self.failed(Some(&account), &account.email, client, now);
            return Err(AppError::Unauthenticated);
        }
        self.attempts().succeeded(&account.email, client);
        let strong = account.totp_sealed.is_some();
        let vouched = Vouched { account, issuer: waiting.issuer, tie: waiting.tie };
        Ok((self.let_in(vouched, client, strong, &waiting.means)?, waiting.back))
    }

    /// Whoever is let in has given all that is asked of them: what the provider calls them is tied then only.
    fn let_in(&self, vouched: Vouched, client: &Client, strong: bool, means: &str) -> Result<Opened> {
        let Vouched { account, issuer, tie } = vouched;
        match tie {
            Some(tie) => self.tie(tie, &account, client, means)?,
            None => self.note_use(issuer, &account, means)?,
        }
        let token = self.open_session(&account, client, real_now(), strong, means)?;
        Ok(Opened { token, principal: self.person(account)? })
    }

    /// What a token says; `None` when it is not to be believed.
    fn claims(&self, service: &Service, token: &str, nonce: &str) -> Result<Option<Claims>> {
        let expected = Expected {
            issuer: &service.settings.issuer,
            client: &service.settings.client,
            nonce,
            now: instant(real_now()).as_second(),
        };
        let claims = match verify(token, &service.known()?.1, &expected) {
            Err(Wrong::UnknownKey) => verify(token, &service.known_again()?.1, &expected),
            done => done,
        };
        let warn = |wrong: &Wrong| tracing::warn!("sign-in: {}: {wrong:?}", service.settings.issuer);
        Ok(claims.inspect_err(warn).ok())
    }

    fn service(&self, key: &str) -> Result<(&OpenId, &Service)> {
        let openid = self.openid.get().ok_or(AppError::NotFound)?;
        let service = openid.services.iter().find(|s| s.settings.key == key).ok_or(AppError::NotFound)?;
        Ok((openid, service))
    }

    fn sealed(&self, context: &str, what: &impl Serialize) -> Result<String> {
        let text = serde_json::to_vec(what).map_err(AppError::fault)?;
        Ok(BASE64URL_NOPAD.encode(&self.kek.seal(&entropy::Os, context, &text)?))
    }

    fn unsealed<T: serde::de::DeserializeOwned>(&self, context: &str, sealed: &str) -> Option<T> {
        let bytes = BASE64URL_NOPAD.decode(sealed.as_bytes()).ok()?;
        serde_json::from_slice(&self.kek.opened(context, &bytes)?).ok()
    }
}

/// Where the provider sends the browser back; registered with it to the letter.
fn redirect(openid: &OpenId, provider: &str) -> String {
    format!("{}/sign-in/openid/{provider}/answer", openid.site)
}

fn too_late() -> AppError {
    AppError::refused(Refusal::new(
        "sign_in.late",
        "Cette connexion a trop attendu, ou a commencé dans un autre navigateur. Recommencez.",
        "This sign-in waited too long, or began in another browser. Start again.",
    ))
}

fn unknown(name: &str) -> AppError {
    AppError::refused(Refusal::new(
        "sign_in.unknown",
        format!(
            "{name} vous reconnaît, mais n’ouvre aucun compte ici. Demandez à votre administrateur d’en inviter un à votre adresse."
        ),
        format!(
            "{name} knows you, but opens no account here. Ask your administrator to invite one at your address."
        ),
    ))
}
