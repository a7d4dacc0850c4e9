//! A provider of identity that can be told to lie, and who goes through it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use app::accounts::openid::{Arrival, OpenId, Provider, Request, Unheard};
use app::accounts::{Client, NewAccount};
use app::{App, AppError, Role};
use base::id::AccountId;
use data_encoding::BASE64URL_NOPAD;
use ring::rand::SystemRandom;
use ring::signature::{Ed25519KeyPair, KeyPair};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use testkit::Instance;

pub const PASSWORD: &str = "trois chevaux mangent des nouilles";
pub const ISSUER: &str = "https://login.exemple.fr";
pub const SITE: &str = "https://desk.exemple.fr";

/// What the provider answers; tests spoil it.
pub struct Lies {
    pub key: Ed25519KeyPair,
    pub header: Value,
    pub claims: Value,
    pub user: Value,
    /// Of the last departure, as a true provider remembers it.
    pub challenge: String,
    pub metadata: Value,
    /// It answers nothing to whoever brings a code.
    pub silent: bool,
}

#[derive(Clone)]
pub struct Fake(pub Arc<Mutex<Lies>>);

impl Fake {
    pub fn new() -> Fake {
        let document = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).unwrap();
        Fake(Arc::new(Mutex::new(Lies {
            key: Ed25519KeyPair::from_pkcs8(document.as_ref()).unwrap(),
            header: json!({"alg": "EdDSA", "kid": "one"}),
            claims: json!({}),
            user: json!({}),
            challenge: String::new(),
            metadata: json!({
                "issuer": ISSUER,
                "authorization_endpoint": format!("{ISSUER}/auth"),
                "token_endpoint": format!("{ISSUER}/token"),
                "jwks_uri": format!("{ISSUER}/keys"),
                "userinfo_endpoint": format!("{ISSUER}/me"),
            }),
            silent: false,
        })))
    }

    fn answer(&self, request: &Request<'_>) -> Result<Vec<u8>, Unheard> {
        let lies = self.0.lock().unwrap();
        let said = match request {
            Request::Get { url, .. } if url.ends_with("openid-configuration") => lies.metadata.clone(),
            Request::Get { url, .. } if url.ends_with("/keys") => json!({"keys": [{
                "kty": "OKP", "crv": "Ed25519", "kid": "one", "use": "sig",
                "x": BASE64URL_NOPAD.encode(lies.key.public_key().as_ref()),
            }]}),
            Request::Get { bearer: Some("access"), .. } => lies.user.clone(),
            Request::Post { .. } if lies.silent => return Err(Unheard::Silent("503".into())),
            Request::Post { form, basic: Some(("regisseur", "secret")), .. } => {
                let form: HashMap<&str, &str> = form.iter().copied().collect();
                let verifier = Sha256::digest(form["code_verifier"].as_bytes());
                if BASE64URL_NOPAD.encode(&verifier) != lies.challenge || form["code"] != "code" {
                    return Err(Unheard::Refused("400".into()));
                }
                assert_eq!(form["redirect_uri"], format!("{SITE}/sign-in/openid/maison/answer"));
                let part = |value: &Value| BASE64URL_NOPAD.encode(value.to_string().as_bytes());
                let signed = format!("{}.{}", part(&lies.header), part(&lies.claims));
                let signature = BASE64URL_NOPAD.encode(lies.key.sign(signed.as_bytes()).as_ref());
                json!({"access_token": "access", "token_type": "Bearer", "id_token": format!("{signed}.{signature}")})
            }
            other => return Err(Unheard::Silent(format!("{other:?}"))),
        };
        Ok(said.to_string().into_bytes())
    }
}

pub struct Flow {
    pub sealed: String,
    pub state: String,
    pub nonce: String,
}

pub fn provider(fake: &Fake, key: &str) -> Provider {
    let answers = fake.clone();
    Provider {
        key: key.into(),
        name: "La maison".into(),
        issuer: ISSUER.into(),
        client: "regisseur".into(),
        secret: Some("secret".into()),
        customer: None,
        domains: Vec::new(),
        second_factor: vec!["mfa".into()],
        fetch: Arc::new(move |request: &Request<'_>| answers.answer(request)),
    }
}

pub fn open(app: &App, fake: &Fake, set: impl FnOnce(&mut Provider)) {
    let mut provider = provider(fake, "maison");
    set(&mut provider);
    app.open_to(OpenId::new(SITE, vec![provider]));
}

/// Leaves, and prepares a true answer about this person.
pub fn depart(app: &App, fake: &Fake, subject: &str, email: &str) -> Flow {
    let departure = app.depart("maison", "/c").expect("the provider is there");
    let query = departure.url.split_once('?').unwrap().1;
    let asked: HashMap<&str, &str> = query.split('&').filter_map(|pair| pair.split_once('=')).collect();
    assert_eq!((asked["response_type"], asked["code_challenge_method"]), ("code", "S256"));
    let now = jiff::Timestamp::now().as_second();
    let mut lies = fake.0.lock().unwrap();
    lies.challenge = asked["code_challenge"].to_owned();
    lies.claims = json!({
        "iss": ISSUER, "sub": subject, "aud": "regisseur", "iat": now, "exp": now + 300,
        "nonce": asked["nonce"], "email": email, "email_verified": true,
    });
    Flow { sealed: departure.sealed, state: asked["state"].to_owned(), nonce: asked["nonce"].to_owned() }
}

pub fn arrive(app: &App, flow: &Flow) -> Result<Arrival, AppError> {
    app.arrive(&Client::default(), "maison", &flow.sealed, &flow.state, "code", None)
}

pub fn code_of<T>(answer: Result<T, AppError>) -> String {
    match answer {
        Ok(_) => "opened".into(),
        Err(AppError::Refused(refusal)) => refusal.code,
        Err(other) => other.to_string(),
    }
}

pub fn enters(app: &App, fake: &Fake, subject: &str, email: &str) -> String {
    code_of(arrive(app, &depart(app, fake, subject, email)))
}

pub fn add(app: &App, email: &str, role: Role, instance: &Instance) -> AccountId {
    let customer = (!role.is_provider()).then(|| instance.customer(&email.replace(['@', '.'], "-")));
    let new = NewAccount { email, name: "Anne Vidal", password: PASSWORD, role, customer, totp_secret: None };
    app.add_account(&new).expect("a new account")
}
