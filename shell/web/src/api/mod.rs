//! REST, `/api/v1`: the use cases of the pages, for programs.
//!
//! Each noun is a module with its operations; [`Operation`] holds the address, the handler and the
//! description of one, and both the router and the OpenAPI document are made from their list.
//! JSON in and out, bearer tokens, an `Idempotency-Key` on every write, problems as RFC 9457.

mod answers;
mod articles;
mod because;
mod calls;
mod catalogue;
mod changes;
mod contracts;
mod customers;
mod desk;
mod document;
mod duties;
mod files;
mod history;
mod imports;
mod journal;
mod levels;
mod life;
mod money;
mod on_call;
mod operation;
mod plans;
mod problem;
mod reply;
mod request;
mod review;
mod satisfaction;
mod schema;
mod search;
mod services;
mod skills;
mod tickets;
mod time;
mod visits;
mod webhooks;

use axum::Router;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;

use crate::http::State;
pub use operation::Operation;
use problem::{Failure, lang};

/// Where it stands.
pub const API: &str = "/api/v1";

/// Every operation, in the order of the document.
pub fn operations() -> Vec<Operation> {
    let mut all = customers::operations();
    all.extend(contracts::operations());
    all.extend(tickets::operations());
    all.extend(changes::operations());
    all.extend(files::operations());
    all.extend(visits::operations());
    all.extend(time::operations());
    all.extend(answers::operations());
    all.extend(calls::operations());
    all.extend(catalogue::operations());
    all.extend(services::operations());
    all.extend(on_call::operations());
    all.extend(levels::operations());
    all.extend(skills::operations());
    all.extend(plans::operations());
    all.extend(satisfaction::operations());
    all.extend(review::operations());
    all.extend(webhooks::operations());
    all.extend(imports::operations());
    all.extend(history::operations());
    all.extend(duties::operations());
    all.extend(life::operations());
    all.extend(money::operations());
    all.extend(journal::operations());
    all.extend(articles::operations());
    all.extend(desk::operations());
    all.extend(search::operations());
    all.extend(document::operations());
    all
}

/// The routes, to be nested under [`API`]; addresses and methods that do not exist are problems too.
pub fn router() -> Router<State> {
    let mut router = Router::new();
    for operation in operations() {
        let path = operation.path.replace("/{path}", "/{*path}");
        router = router.route(&path, operation.route);
    }
    router.method_not_allowed_fallback(no_method).fallback(no_route)
}

async fn no_route(headers: HeaderMap) -> Response {
    Failure::NoRoute.problem(lang(&headers)).into_response()
}

async fn no_method(headers: HeaderMap) -> Response {
    Failure::Method.problem(lang(&headers)).into_response()
}

/// Microseconds UTC, as the store keeps them.
fn instant(micros: i64) -> Timestamp {
    Timestamp::from_microsecond(micros).unwrap_or(Timestamp::UNIX_EPOCH)
}
