//! Headers of every answer: what a browser may do with it.

use axum::extract::Request;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, SET_COOKIE, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;

use super::reader::is_by_itself;

/// Nothing from elsewhere, nothing inline, no frame (OWASP ASVS 5.0, 3.4.3 and 3.4.6).
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; \
    font-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Adds them; pages are never kept by caches, assets say otherwise themselves.
pub async fn secure(request: Request, next: Next) -> Response {
    let by_itself = is_by_itself(request.headers());
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    if by_itself {
        // The notice that the next page will show is not this one's to take away.
        headers.remove(SET_COOKIE);
    }
    // A file that somebody attached says more: nothing of it may run.
    headers.entry(CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(POLICY));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    let opener = HeaderName::from_static("cross-origin-opener-policy");
    headers.insert(opener, HeaderValue::from_static("same-origin"));
    let resource = HeaderName::from_static("cross-origin-resource-policy");
    headers.insert(resource, HeaderValue::from_static("same-origin"));
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}
