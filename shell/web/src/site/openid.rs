//! Signing in through a provider of identity: leaving, coming back, and the code that may be wanted then.

use app::AppError;
use app::accounts::openid::Arrival;
use axum::Form;
use axum::extract::{Path, Query, State as Shared};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::sign_in::{Back, entered, refused};
use super::words;
use crate::http::{
    Failure, State, Visitor, from_elsewhere, html, openid_cookie, openid_of, see_other, with_cookie,
};
use crate::pages::sign_in_code::{self, Problem};

pub async fn leave(
    Shared(web): Shared<State>,
    visitor: Visitor,
    Path(provider): Path<String>,
    Query(asked): Query<Back>,
) -> Response {
    let back = words::safe_back(&asked.back).to_owned();
    match web.run_asking_elsewhere(move |app| app.depart(&provider, &back)).await {
        Ok(departure) => with_cookie(see_other(&departure.url), &openid_cookie(&departure.sealed)),
        Err(error) => not_entered(&web, visitor, error),
    }
}

#[derive(Deserialize)]
pub struct Answer {
    #[serde(default)]
    state: String,
    code: Option<String>,
    iss: Option<String>,
}

/// The provider sends the browser back here; what it brings is believed only with the cookie of the
/// departure, so it needs no other proof.
pub async fn arrive(
    Shared(web): Shared<State>,
    visitor: Visitor,
    Path(provider): Path<String>,
    headers: HeaderMap,
    Query(answer): Query<Answer>,
) -> Response {
    let response = answered(&web, visitor, provider, &headers, answer).await;
    with_cookie(response, &openid_cookie(""))
}

async fn answered(
    web: &State,
    visitor: Visitor,
    provider: String,
    headers: &HeaderMap,
    answer: Answer,
) -> Response {
    // Given up at the provider's, or refused there: it has said why.
    let Some(code) = answer.code else { return see_other("/sign-in") };
    let (sealed, client) = (openid_of(headers).to_owned(), visitor.client.clone());
    let arrived = web.run_asking_elsewhere(move |app| {
        app.arrive(&client, &provider, &sealed, &answer.state, &code, answer.iss.as_deref())
    });
    match arrived.await {
        Ok(Arrival::Opened { opened, back }) => entered(web, opened, &back).await,
        Ok(Arrival::CodeWanted { sealed }) => {
            let view = sign_in_code::View { sealed, problem: None };
            html(sign_in_code::page(&visitor.shell(), &view))
        }
        Err(error) => not_entered(web, visitor, error),
    }
}

#[derive(Deserialize)]
pub struct Code {
    #[serde(default)]
    sealed: String,
    #[serde(default)]
    code: String,
}

pub async fn code(
    Shared(web): Shared<State>,
    visitor: Visitor,
    headers: HeaderMap,
    Form(sent): Form<Code>,
) -> Response {
    if from_elsewhere(&headers) {
        return Failure { visitor: Box::new(visitor), error: AppError::NotFound }.into_response();
    }
    let (client, sealed) = (visitor.client.clone(), sent.sealed.clone());
    let problem = match web.run(move |app| app.arrive_with_code(&client, &sent.sealed, &sent.code)).await {
        Ok((opened, back)) => return entered(&web, opened, &back).await,
        Err(AppError::Unauthenticated) => Problem::Wrong,
        Err(AppError::Busy) => Problem::Locked,
        Err(error) => return not_entered(&web, visitor, error),
    };
    let view = sign_in_code::View { sealed, problem: Some(problem) };
    (StatusCode::FORBIDDEN, html(sign_in_code::page(&visitor.shell(), &view))).into_response()
}

/// The sign-in page again, with why the provider opened nothing.
fn not_entered(web: &State, visitor: Visitor, error: AppError) -> Response {
    match error {
        AppError::Refused(refusal) => {
            let why = refusal.text.get(visitor.core_lang()).to_owned();
            refused(web, &visitor, why)
        }
        AppError::Busy => super::sign_in::again(
            web,
            &visitor,
            String::new(),
            crate::pages::sign_in::Problem::Locked { minutes: 1 },
        ),
        error => Failure { visitor: Box::new(visitor), error }.into_response(),
    }
}
