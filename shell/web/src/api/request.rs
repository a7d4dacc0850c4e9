//! What every request goes through: who asks, with which key, which body and which parameters.
//!
//! Only the form is checked here. The token is looked up off the asynchronous threads, with the use
//! case, and the body is read after the rights: a stranger learns nothing from the errors.

use std::marker::PhantomData;

use app::ticket::IdempotencyKey;
use app::{Act, App, AppError, Permit, Principal};
use axum::RequestPartsExt;
use axum::body::{Bytes, HttpBody};
use axum::extract::rejection::PathRejection;
use axum::extract::{FromRequest, FromRequestParts, OptionalFromRequest, Path, Query, Request};
use axum::http::HeaderMap;
use axum::http::header::{AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use base::Lang;
use http_body_util::BodyExt;
use serde::de::DeserializeOwned;

use super::problem::{Failure, Problem, lang};
use super::reply::Reply;
use crate::http::State;

/// The longest body, but for contracts.
pub const BODY: usize = 64 * 1024;
/// A contract has at most 1 MiB, which JSON may double.
pub const CONTRACT: usize = 2 * 1024 * 1024;

/// A program with a token, and the language it reads.
pub struct Caller {
    token: String,
    lang: Lang,
}

impl Caller {
    /// Runs one request off the asynchronous threads, the answer written there too.
    pub async fn run(
        self,
        web: &State,
        f: impl FnOnce(&App, &Principal) -> Result<Reply, Failure> + Send + 'static,
    ) -> Response {
        let Caller { token, lang } = self;
        let done = web
            .run(move |app| {
                let who = match app.bearer(&token) {
                    Ok(who) => who,
                    Err(error) => return Ok(Err(Failure::App(error))),
                };
                Ok(f(app, &who))
            })
            .await;
        match done.map_err(Failure::App).and_then(|inner| inner) {
            Ok(reply) => reply.into_response(),
            Err(failure) => failure.problem(lang).into_response(),
        }
    }
}

/// Receives a body piece by piece, off the asynchronous threads, in one of the turns to send files.
pub async fn receive<U: Send + 'static, T: Send + 'static>(
    web: &State,
    request: Request,
    mut upload: U,
    write: fn(&mut U, &[u8]) -> Result<(), AppError>,
    finish: impl FnOnce(U) -> Result<T, AppError> + Send + 'static,
) -> Result<T, AppError> {
    let _turn = crate::http::upload::turn()?;
    let mut body = request.into_body();
    while let Some(frame) = body.frame().await {
        let cut = |e: axum::Error| {
            AppError::invalid(
                "body",
                format!("le corps n’est pas arrivé en entier ({e})"),
                format!("the body did not arrive whole ({e})"),
            )
        };
        let Ok(piece) = frame.map_err(cut)?.into_data() else { continue };
        upload = web.run(move |_| write(&mut upload, &piece).map(|()| upload)).await?;
    }
    web.run(move |_| finish(upload)).await
}

/// The proof that this principal may do `act` for the customer of an address.
pub fn permit(app: &App, who: &Principal, customer: &str, act: Act) -> Result<Permit, AppError> {
    app.permit(who, act, app.find_customer(customer)?)
}

impl Caller {
    /// Decides one thing before a body is read in pieces.
    pub async fn first<T: Send + 'static>(
        &self,
        web: &State,
        f: impl FnOnce(&App, &Principal) -> Result<T, AppError> + Send + 'static,
    ) -> Result<T, Problem> {
        let token = self.token.clone();
        let done = web.run(move |app| app.bearer(&token).and_then(|who| f(app, &who))).await;
        done.map_err(|error| self.problem(error))
    }

    /// What tells whether its token was made within the day, where an act cannot be taken back.
    pub fn freshness(&self) -> impl FnOnce(&App) -> Result<bool, AppError> + Send + 'static {
        let token = self.token.clone();
        move |app| app.token_is_of_the_day(&token)
    }

    /// The language it reads.
    pub fn lang(&self) -> Lang {
        self.lang
    }

    /// A failure, in the caller's language.
    pub fn problem(&self, error: AppError) -> Problem {
        Failure::App(error).problem(self.lang)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Caller, Problem> {
        let lang = lang(&parts.headers);
        match bearer(&parts.headers) {
            Some(token) => Ok(Caller { token: token.to_owned(), lang }),
            None => Err(Failure::App(AppError::Unauthenticated).problem(lang)),
        }
    }
}

/// RFC 6750, 2.1; the scheme's case does not matter (RFC 9110, 11.1).
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// The key that makes a retried write happen once.
pub struct Key(pub IdempotencyKey);

impl<S: Send + Sync> FromRequestParts<S> for Key {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Key, Problem> {
        let sent = parts.headers.get("idempotency-key").and_then(|v| v.to_str().ok());
        let key = sent.and_then(|text| IdempotencyKey::parse(text).ok());
        key.map(Key).ok_or_else(|| Failure::KeyMissing.problem(lang(&parts.headers)))
    }
}

/// The names in an address.
pub struct At<T>(pub T);

impl<S, T> FromRequestParts<S> for At<T>
where
    S: Send + Sync,
    T: DeserializeOwned + Send + 'static,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<At<T>, Problem> {
        let names: Result<Path<T>, PathRejection> = parts.extract().await;
        match names {
            Ok(Path(names)) => Ok(At(names)),
            Err(_) => Err(Failure::App(AppError::NotFound).problem(lang(&parts.headers))),
        }
    }
}

/// The parameters of a query; an unknown one is refused.
pub struct Parameters<T>(pub T);

impl<S, T> FromRequestParts<S> for Parameters<T>
where
    S: Send + Sync,
    T: DeserializeOwned,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Parameters<T>, Problem> {
        match Query::<T>::try_from_uri(&parts.uri) {
            Ok(Query(parameters)) => Ok(Parameters(parameters)),
            Err(rejection) => {
                let text = rejection.body_text();
                let why = text.rsplit_once("string: ").map_or(text.as_str(), |(_, why)| why);
                let (field, why) = named(why, "query");
                Err(Failure::Unfit { field, why }.problem(lang(&parts.headers)))
            }
        }
    }
}

/// `limit: invalid digit` and ``unknown field `x`, …`` name the field they are about.
fn named(why: &str, otherwise: &str) -> (String, String) {
    let quoted = why
        .strip_prefix("unknown field `")
        .or_else(|| why.strip_prefix("missing field `"))
        .or_else(|| why.strip_prefix("duplicate field `"))
        .and_then(|rest| rest.split_once('`'));
    if let Some((field, _)) = quoted {
        return (field.to_owned(), why.to_owned());
    }
    match why.split_once(": ") {
        Some((field, rest)) if !field.contains(' ') => (field.to_owned(), rest.to_owned()),
        _ => (otherwise.to_owned(), why.to_owned()),
    }
}

/// A JSON body, at most `LIMIT` bytes, not read yet.
pub struct Entity<T, const LIMIT: usize = BODY> {
    bytes: Bytes,
    _is: PhantomData<fn() -> T>,
}

impl<S: Send + Sync, T, const LIMIT: usize> FromRequest<S> for Entity<T, LIMIT> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let lang = lang(request.headers());
        let failed = |failure: Failure| failure.problem(lang);
        if !is_json(request.headers()) {
            return Err(failed(Failure::MediaType));
        }
        let declared = request.headers().get(CONTENT_LENGTH).and_then(|v| v.to_str().ok());
        if declared.and_then(|d| d.parse::<u64>().ok()).is_some_and(|d| d > LIMIT as u64) {
            return Err(failed(Failure::TooLarge { limit: LIMIT }));
        }
        match axum::body::to_bytes(request.into_body(), LIMIT).await {
            Ok(bytes) => Ok(Entity { bytes, _is: PhantomData }),
            Err(error) => {
                let inner = error.into_inner();
                let too_large = inner.downcast_ref::<http_body_util::LengthLimitError>().is_some();
                Err(failed(if too_large { Failure::TooLarge { limit: LIMIT } } else { Failure::CutShort }))
            }
        }
    }
}

impl<S: Send + Sync, T, const LIMIT: usize> OptionalFromRequest<S> for Entity<T, LIMIT> {
    type Rejection = Problem;

    /// `None` when the request says that it has no body.
    async fn from_request(request: Request, state: &S) -> Result<Option<Self>, Problem> {
        if request.body().is_end_stream() {
            return Ok(None);
        }
        <Self as FromRequest<S>>::from_request(request, state).await.map(Some)
    }
}

impl<T: DeserializeOwned, const LIMIT: usize> Entity<T, LIMIT> {
    /// The value, or what is wrong with it and where.
    pub fn read(&self) -> Result<T, Failure> {
        let mut json = serde_json::Deserializer::from_slice(&self.bytes);
        let value = serde_path_to_error::deserialize(&mut json).map_err(|error| {
            let path = error.path().to_string();
            unfit(error.into_inner(), if path == "." { "body" } else { &path })
        })?;
        json.end().map_err(|error| unfit(error, "body"))?;
        Ok(value)
    }
}

/// What serde_json says of a value, as a problem about a field.
pub fn unfit(error: serde_json::Error, field: &str) -> Failure {
    if error.is_data() {
        let text = error.to_string();
        let why = text.split(" at line ").next().unwrap_or(&text);
        let (field, why) = named(why, field);
        return Failure::Unfit { field, why };
    }
    Failure::Malformed { line: error.line(), column: error.column() }
}

fn is_json(headers: &HeaderMap) -> bool {
    let Some(kind) = headers.get(CONTENT_TYPE).and_then(|v| v.to_str().ok()) else { return false };
    kind.split(';').next().is_some_and(|essence| essence.trim().eq_ignore_ascii_case("application/json"))
}
