//! Answers: pages, redirections, and what a failure looks like to a person.

use app::AppError;
use axum::http::header::{LOCATION, SET_COOKIE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use maud::Markup;

use super::cookies;
use super::reader::Visitor;
use crate::pages::errors;
use crate::site::words;

/// A page; a notice it may have shown is taken away.
pub fn html(page: Markup) -> Response {
    with_cookie(Html(page.into_string()).into_response(), &cookies::flash_cookie(""))
}

/// After a form: the browser goes to a page, which reloads without asking again (RFC 9110, 15.4.4).
pub fn see_other(to: &str) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    let to = HeaderValue::from_str(to).unwrap_or(HeaderValue::from_static("/"));
    response.headers_mut().insert(LOCATION, to);
    response
}

pub fn with_cookie(mut response: Response, cookie: &str) -> Response {
    if let Ok(value) = HeaderValue::from_str(cookie) {
        response.headers_mut().append(SET_COOKIE, value);
    }
    response
}

/// What went wrong, and for whom.
pub struct Failure {
    pub visitor: Box<Visitor>,
    pub error: AppError,
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let lang = self.visitor.lang;
        let in_customer = customer_of(&self.visitor.path);
        let (status, view) = match self.error {
            AppError::Unauthenticated => {
                let back = words::query_encode(&self.visitor.path);
                return see_other(&format!("/sign-in?back={back}"));
            }
            AppError::SecondFactorMissing => return see_other("/account/second-factor"),
            AppError::NotFound => (StatusCode::NOT_FOUND, errors::View::NotFound),
            // Nothing else of the customer's tickets is shown before it is signed.
            AppError::Refused(refusal) if refusal.code == "undertaking.owed" && in_customer.is_some() => {
                let back = words::query_encode(&self.visitor.path);
                let slug = in_customer.unwrap_or_default();
                return see_other(&format!("/c/{slug}/undertaking?back={back}"));
            }
            AppError::Refused(refusal) => {
                (StatusCode::CONFLICT, errors::View::Refused(words::refusal(&refusal, lang, None)))
            }
            AppError::Invalid(invalid) if invalid.field == "csrf" => {
                (StatusCode::FORBIDDEN, errors::View::StaleForm { back: self.visitor.path.clone() })
            }
            AppError::Invalid(invalid) => {
                let refusal = words::invalid(&invalid, lang);
                (StatusCode::UNPROCESSABLE_ENTITY, errors::View::Refused(refusal))
            }
            AppError::DoesNotCompile { fr, en } => {
                let refusal = words::plain_refusal(
                    lang.t("Le contrat ne compile pas.", "The contract does not compile.").into(),
                    match lang {
                        crate::design::Lang::Fr => fr,
                        crate::design::Lang::En => en,
                    },
                );
                (StatusCode::UNPROCESSABLE_ENTITY, errors::View::Refused(refusal))
            }
            AppError::IdempotencyConflict => {
                (StatusCode::CONFLICT, errors::View::StaleForm { back: self.visitor.path.clone() })
            }
            AppError::Busy => {
                let text = lang.t("Trop de demandes à la fois.", "Too many requests at once.");
                let advice = lang.t("Réessayez dans une minute.", "Try again in a minute.");
                (
                    StatusCode::TOO_MANY_REQUESTS,
                    errors::View::Refused(words::plain_refusal(text.into(), advice.into())),
                )
            }
            AppError::OutcomeUnknown => (
                StatusCode::SERVICE_UNAVAILABLE,
                errors::View::Fault { reference: "outcome-unknown".to_owned() },
            ),
            AppError::Fault { reference } => {
                (StatusCode::INTERNAL_SERVER_ERROR, errors::View::Fault { reference })
            }
        };
        let shell = self.visitor.shell();
        (status, Html(errors::page(&shell, &view).into_string())).into_response()
    }
}

/// The customer whose pages an address is one of, as the address spells it.
fn customer_of(path: &str) -> Option<String> {
    let rest = path.split('?').next()?.strip_prefix("/c/")?;
    rest.split('/').next().filter(|slug| !slug.is_empty()).map(str::to_owned)
}
