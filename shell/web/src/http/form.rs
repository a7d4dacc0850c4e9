//! Forms: read once, their anti-forgery token compared, and for sensitive acts the person proved again.

use app::AppError;
use app::accounts::Proof;
use app::accounts::passkeys::{Assertion, RelyingParty};
use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use serde::de::DeserializeOwned;

use super::passkey::Signed;
use super::reader::{Entrant, Reader, from_elsewhere};
use super::reply::{Failure, html};
use super::state::State;
use crate::pages::passkeys::Ask;
use crate::pages::prove;

/// A form of a signed-in person, its anti-forgery token already compared.
pub struct CheckedForm<T> {
    pub reader: Reader,
    pub form: T,
}

/// The same, of a person who may still owe a second factor.
pub struct EntrantForm<T> {
    pub reader: Reader,
    pub form: T,
}

/// A form that does something sensitive: its person proved who they are less than five minutes ago.
///
/// Otherwise a page asks for the password, and carries the form along: its answer comes back here with
/// both, so that the act goes on where it stopped, nothing typed twice, and without script.
pub struct ProvenForm<T> {
    pub reader: Reader,
    pub form: T,
    pub proof: Proof,
}

/// The same, of a person who may still owe a second factor.
pub struct ProvenEntrantForm<T> {
    pub reader: Reader,
    pub form: T,
    pub proof: Proof,
}

/// What every form carries, and what the page that asks for a proof adds.
#[derive(serde::Deserialize)]
struct Common {
    #[serde(default)]
    csrf: String,
    proof_password: Option<String>,
    #[serde(default)]
    proof_code: String,
}

const PROOF_FIELDS: [&str; 3] = ["csrf", "proof_password", "proof_code"];

/// What proves who it is.
enum Given {
    Passkey(RelyingParty, Assertion),
    Password(String),
}

impl<T: DeserializeOwned> FromRequest<State> for CheckedForm<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, web: &State) -> Result<Self, Failure> {
        let (mut parts, body) = request.into_parts();
        let reader = Reader::from_request_parts(&mut parts, web).await?;
        let (bytes, _) = read(&reader, Request::from_parts(parts, body), web).await?;
        Ok(CheckedForm { form: parse(&reader, &bytes)?, reader })
    }
}

impl<T: DeserializeOwned> FromRequest<State> for EntrantForm<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, web: &State) -> Result<Self, Failure> {
        let (mut parts, body) = request.into_parts();
        let Entrant(reader) = Entrant::from_request_parts(&mut parts, web).await?;
        let (bytes, _) = read(&reader, Request::from_parts(parts, body), web).await?;
        Ok(EntrantForm { form: parse(&reader, &bytes)?, reader })
    }
}

impl<T: DeserializeOwned> FromRequest<State> for ProvenForm<T> {
    type Rejection = Response;

    async fn from_request(request: Request, web: &State) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let reader =
            Reader::from_request_parts(&mut parts, web).await.map_err(IntoResponse::into_response)?;
        let (reader, bytes, proof) = proven(reader, parts, body, web).await?;
        let form = parse(&reader, &bytes).map_err(IntoResponse::into_response)?;
        Ok(ProvenForm { reader, form, proof })
    }
}

impl<T: DeserializeOwned> FromRequest<State> for ProvenEntrantForm<T> {
    type Rejection = Response;

    async fn from_request(request: Request, web: &State) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let Entrant(reader) =
            Entrant::from_request_parts(&mut parts, web).await.map_err(IntoResponse::into_response)?;
        let (reader, bytes, proof) = proven(reader, parts, body, web).await?;
        let form = parse(&reader, &bytes).map_err(IntoResponse::into_response)?;
        Ok(ProvenEntrantForm { reader, form, proof })
    }
}

async fn read(reader: &Reader, request: Request, web: &State) -> Result<(Bytes, Common), Failure> {
    if from_elsewhere(request.headers()) {
        return Err(failed(reader)(AppError::NotFound));
    }
    let bytes = Bytes::from_request(request, web).await.map_err(|_| {
        failed(reader)(AppError::invalid(
            "form",
            "formulaire illisible ou trop long",
            "unreadable or too long a form",
        ))
    })?;
    let common: Common = parse(reader, &bytes)?;
    if !app::accounts::csrf_matches(&reader.csrf, &common.csrf) {
        return Err(failed(reader)(AppError::invalid(
            "csrf",
            "ce formulaire a expiré : rechargez la page",
            "this form has expired: reload the page",
        )));
    }
    Ok((bytes, common))
}

fn parse<T: DeserializeOwned>(reader: &Reader, bytes: &Bytes) -> Result<T, Failure> {
    serde_urlencoded::from_bytes(bytes).map_err(|e| {
        failed(reader)(AppError::invalid(
            "form",
            format!("formulaire illisible : {e}"),
            format!("unreadable form: {e}"),
        ))
    })
}

async fn proven(
    reader: Reader,
    parts: Parts,
    body: axum::body::Body,
    web: &State,
) -> Result<(Reader, Bytes, Proof), Response> {
    let path = parts.uri.path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string);
    let request = Request::from_parts(parts, body);
    let (bytes, common) = read(&reader, request, web).await.map_err(IntoResponse::into_response)?;
    if let Some(proof) = reader.session.recent_proof() {
        return Ok((reader, bytes, proof));
    }
    let signed: Signed = parse(&reader, &bytes).map_err(IntoResponse::into_response)?;
    let given = match (reader.visitor.site.clone().zip(signed.read()), common.proof_password) {
        (Some((site, signed)), _) => Given::Passkey(site, signed),
        (None, Some(password)) => Given::Password(password),
        (None, None) => return Err(ask(&reader, web, path, &bytes, None).await),
    };
    let (again, token) = (reader.clone(), reader.visitor.token.clone().unwrap_or_default());
    let (session, client) = (again.session, again.visitor.client);
    let now = move |app: &app::App| app.session(&token)?.ok_or(AppError::Unauthenticated);
    let done = match given {
        // A signature is checked in no time, whatever the directory does.
        Given::Passkey(site, signed) => {
            let proved = web.run(move |app| {
                app.prove_with_passkey(&session, &client, &site, &signed)?;
                now(app)
            });
            proved.await
        }
        Given::Password(password) => {
            let proved = web.run_checking_password_of(&reader.principal.email, move |app| {
                app.prove(&session, &client, &password, Some(&common.proof_code))?;
                now(app)
            });
            proved.await
        }
    };
    let problem = match done {
        Ok(session) => match session.recent_proof() {
            Some(proof) => return Ok((Reader { session, ..reader }, bytes, proof)),
            None => prove::Problem::Wrong,
        },
        Err(AppError::Unauthenticated) => prove::Problem::Wrong,
        Err(AppError::Busy) => prove::Problem::Locked,
        Err(error) => return Err(failed(&reader)(error).into_response()),
    };
    Err(ask(&reader, web, path, &bytes, Some(problem)).await)
}

/// The page that asks who it is, with the whole form in it.
async fn ask(
    reader: &Reader,
    web: &State,
    path: String,
    bytes: &Bytes,
    problem: Option<prove::Problem>,
) -> Response {
    let sent: Vec<(String, String)> = serde_urlencoded::from_bytes(bytes).unwrap_or_default();
    let proves = |name: &str| PROOF_FIELDS.contains(&name) || Signed::FIELDS.contains(&name);
    let session = reader.session.clone();
    let passkey = match reader.visitor.site.clone() {
        Some(site) => {
            let id = site.id.clone();
            let asked = web.run(move |app| app.ask_passkey(&session, &site)).await.ok().flatten();
            asked.map(|ask| Ask { challenge: ask.challenge, site: id, held: ask.held })
        }
        None => None,
    };
    let view = prove::View {
        action: path,
        fields: sent.into_iter().filter(|(name, _)| !proves(name)).collect(),
        wants_code: reader.session.has_second_factor,
        wants_password: !(reader.session.by_passkey_only && passkey.is_some()),
        passkey,
        problem,
    };
    (StatusCode::FORBIDDEN, html(prove::page(&reader.shell(web, None), &view))).into_response()
}

fn failed(reader: &Reader) -> impl FnOnce(AppError) -> Failure + use<> {
    let visitor = Box::new(reader.visitor.clone());
    |error| Failure { visitor, error }
}
