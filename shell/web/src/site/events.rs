//! `GET /events`: what happens, to a page that stands open.

use std::sync::Arc;

use axum::extract::{Extension, Query, State as Shared};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use crate::http::{Failure, Reader, State, from_elsewhere};
use crate::live::{self, Hub};

#[derive(Deserialize)]
pub struct Asked {
    /// The last event that the page saw; browsers say it in a header when they come back by themselves.
    #[serde(default)]
    after: String,
}

/// A stream of events, for as long as the session lasts. Who is not signed in is answered plainly: a
/// browser follows a redirection, finds a page, and comes back for ever.
pub async fn show(
    Shared(web): Shared<State>,
    Extension(hub): Extension<Arc<Hub>>,
    headers: HeaderMap,
    Query(asked): Query<Asked>,
    reader: Result<Reader, Failure>,
) -> Response {
    let Ok(reader) = reader else { return StatusCode::UNAUTHORIZED.into_response() };
    if from_elsewhere(&headers) {
        return StatusCode::FORBIDDEN.into_response();
    }
    let seen = headers.get("last-event-id").and_then(|v| v.to_str().ok()).unwrap_or(&asked.after);
    let Some(body) = live::open(&web, &hub, reader.session, seen.parse().ok()) else {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    };
    // A proxy that gathers pieces would keep the events.
    let unbuffered = (HeaderName::from_static("x-accel-buffering"), "no");
    let kind = (CONTENT_TYPE, "text/event-stream");
    ([kind, (CACHE_CONTROL, "no-store"), unbuffered], body).into_response()
}
