//! Signing in and out, and the two preferences.

use app::AppError;
use app::accounts::Opened;
use axum::Form;
use axum::extract::{Query, State as Shared};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::words;
use crate::http::{
    EntrantForm, Failure, State, Visitor, clear_session, flash_cookie, html, preference, see_other,
    session_cookie, with_cookie,
};
use crate::pages::sign_in::{DemoAccount, Problem, View, locked, page};

#[derive(Deserialize)]
pub struct Back {
    #[serde(default)]
    pub(super) back: String,
}

pub async fn form(Shared(web): Shared<State>, visitor: Visitor, Query(asked): Query<Back>) -> Response {
    let signed_in = match visitor.token.clone() {
        Some(token) => web.run(move |app| app.session(&token)).await.ok().flatten().is_some(),
        None => false,
    };
    if signed_in {
        return see_other(words::safe_back(&asked.back));
    }
    let problem = visitor.token.is_some().then_some(Problem::Expired);
    let view = view(&web, &visitor, String::new(), asked.back, problem);
    html(page(&visitor.shell(), &view))
}

fn view(web: &State, visitor: &Visitor, email: String, back: String, problem: Option<Problem>) -> View {
    let demo_accounts = web
        .demo
        .iter()
        .map(|a| DemoAccount { role: words::role(a.role, visitor.lang), email: a.email.clone() })
        .collect();
    let without_second_factor = web.app.second_factor_is_optional();
    let passkey = super::passkeys::ask_anyone(web, visitor);
    let providers = web.app.providers();
    let sends_links = web.app.sends_links();
    View {
        email,
        back,
        problem,
        demo_accounts,
        without_second_factor,
        passkey,
        providers,
        sends_links,
        refusal: None,
    }
}

#[derive(Deserialize)]
pub struct SignIn {
    #[serde(default)]
    email: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    code: String,
    #[serde(default)]
    back: String,
}

/// No anti-forgery token exists before a session does: browsers must say that the form is ours.
pub async fn enter(
    Shared(web): Shared<State>,
    visitor: Visitor,
    headers: HeaderMap,
    Form(sent): Form<SignIn>,
) -> Response {
    if crate::http::from_elsewhere(&headers) {
        return Failure { visitor: Box::new(visitor), error: AppError::NotFound }.into_response();
    }
    let (email, password, code) = (sent.email.clone(), sent.password, sent.code);
    let with_code = !code.trim().is_empty();
    let client = visitor.client.clone();
    let entered = web.run_checking_password_of(&sent.email, move |app| {
        app.sign_in_from(&client, &email, &password, Some(&code))
    });
    let entered = entered.await;
    let problem = match entered {
        Ok(opened) => return self::entered(&web, opened, &sent.back).await,
        Err(AppError::Unauthenticated) if with_code => Problem::WrongCode,
        Err(AppError::Unauthenticated) => Problem::WrongCredentials,
        Err(AppError::Busy) => Problem::Locked { minutes: wait(&web, &visitor, &sent.email) },
        Err(error) => return Failure { visitor: Box::new(visitor), error }.into_response(),
    };
    let view = view(&web, &visitor, sent.email, sent.back, Some(problem));
    (StatusCode::FORBIDDEN, html(page(&visitor.shell(), &view))).into_response()
}

/// Minutes before the password of this address is heard again; zero when it is only that too many come at once.
fn wait(web: &State, visitor: &Visitor, email: &str) -> i64 {
    web.app.sign_in_wait(&visitor.client, email)
}

/// The answer to a signature whose password is not heard yet.
pub(super) fn not_heard(web: &State, visitor: &Visitor, email: &str) -> (String, StatusCode) {
    (locked(wait(web, visitor, email), visitor.lang), StatusCode::TOO_MANY_REQUESTS)
}

/// The first page of somebody whose session has just opened.
pub(super) async fn entered(web: &State, opened: Opened, back: &str) -> Response {
    let to = match (words::safe_back(back), opened.principal.customer) {
        ("/", Some(customer)) => {
            let slug = web.run(move |app| Ok(app.vault(customer)?.slug.clone())).await;
            slug.map_or_else(|_| "/".to_owned(), |slug| format!("/c/{slug}"))
        }
        (back, _) => back.to_owned(),
    };
    with_cookie(see_other(&to), &session_cookie(&opened.token))
}

/// The form once more, with what was wrong.
pub(super) fn again(web: &State, visitor: &Visitor, back: String, problem: Problem) -> Response {
    let view = view(web, visitor, String::new(), back, Some(problem));
    (StatusCode::FORBIDDEN, html(page(&visitor.shell(), &view))).into_response()
}

/// The form once more, with why a provider of identity opened nothing.
pub(super) fn refused(web: &State, visitor: &Visitor, why: String) -> Response {
    let view = View { refusal: Some(why), ..view(web, visitor, String::new(), String::new(), None) };
    (StatusCode::FORBIDDEN, html(page(&visitor.shell(), &view))).into_response()
}

#[derive(Deserialize)]
pub struct Nothing {}

/// Open to somebody who still owes a second factor.
pub async fn leave(Shared(web): Shared<State>, checked: EntrantForm<Nothing>) -> Response {
    if let Some(token) = checked.reader.visitor.token.clone()
        && let Err(error) = web.run(move |app| app.sign_out(&token)).await
    {
        return Failure { visitor: Box::new(checked.reader.visitor), error }.into_response();
    }
    let response = with_cookie(see_other("/sign-in"), &clear_session());
    with_cookie(response, &flash_cookie("signed-out"))
}

#[derive(Deserialize)]
pub struct Preferences {
    lang: Option<String>,
    theme: Option<String>,
    #[serde(default)]
    back: String,
}

/// Changes nothing but this browser's own cookies, so it needs no session; only known words are kept.
pub async fn prefer(headers: HeaderMap, visitor: Visitor, Form(wanted): Form<Preferences>) -> Response {
    if crate::http::from_elsewhere(&headers) {
        return Failure { visitor: Box::new(visitor), error: AppError::NotFound }.into_response();
    }
    let mut response = see_other(words::safe_back(&wanted.back));
    if let Some(lang) = wanted.lang.as_deref().filter(|l| matches!(*l, "fr" | "en")) {
        response = with_cookie(response, &preference("lang", lang));
    }
    if let Some(theme) = wanted.theme.as_deref().filter(|t| matches!(*t, "auto" | "light" | "dark")) {
        response = with_cookie(response, &preference("theme", theme));
    }
    response
}
