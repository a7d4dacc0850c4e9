//! The web surface: pages and API over the use cases, and the design the pages are drawn with.
//!
//! Nothing here decides: handlers translate a request into a use case and its result into a page or a
//! document. Nothing here knows the store, and no page knows a use case.

pub mod api;
pub mod design;
pub mod http;
pub mod live;
pub mod pages;
mod site;

use std::sync::Arc;
use std::time::Duration;

use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::middleware::from_fn;
use axum::routing::get;
use axum::{Extension, Router};
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::timeout::TimeoutLayer;

/// The largest form taken.
const LARGEST_BODY: usize = 64 * 1024;

/// A contract is at most 1 MiB; a form spells most accents with six characters.
const LARGEST_CONTRACT: usize = 4 * 1024 * 1024;

/// The files sent with one message, and its text.
const LARGEST_MESSAGE: usize = app::file::AT_ONCE * app::file::LARGEST as usize + 1024 * 1024;

/// As long as that takes over 4 Mbit/s.
const LONGEST_UPLOAD: Duration = Duration::from_secs(450);

/// Everything served over HTTP.
pub fn router(web: Arc<http::Web>) -> Router {
    let hub = live::Hub::of(&web.app);
    Router::new()
        .merge(site::router().layer(RequestBodyLimitLayer::new(LARGEST_BODY)))
        .merge(
            site::signing()
                .layer(DefaultBodyLimit::max(LARGEST_CONTRACT))
                .layer(RequestBodyLimitLayer::new(LARGEST_CONTRACT)),
        )
        // The API has its own limits, answered as problems; a contract to sign is larger than a form.
        .nest(api::API, api::router())
        .route("/healthz", get(healthz))
        .fallback(site::not_found)
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, Duration::from_secs(30)))
        .merge(
            site::writing()
                .layer(DefaultBodyLimit::max(LARGEST_MESSAGE))
                .layer(RequestBodyLimitLayer::new(LARGEST_MESSAGE))
                .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, LONGEST_UPLOAD)),
        )
        // Outside the time limits: a stream lasts as long as its session.
        .merge(site::streaming().layer(Extension(hub)))
        // Outermost: every answer says what a browser may do with it, those of the layers too.
        .layer(from_fn(http::secure))
        .with_state(web)
}

/// Ready: the instance database answers. Without it nothing can be served.
async fn healthz(axum::extract::State(web): axum::extract::State<http::State>) -> (StatusCode, &'static str) {
    match web.run(|app| app.customers().map(drop)).await {
        Ok(()) => (StatusCode::OK, "ready\n"),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "not ready\n"),
    }
}
