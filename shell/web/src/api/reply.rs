//! What a request that was done is answered.

use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, LOCATION};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

/// What never changes may be kept by the caller, and by nobody between.
const FOR_EVER: &str = "private, max-age=31536000, immutable";

/// An answer, its body already written.
#[derive(Debug)]
pub struct Reply {
    status: StatusCode,
    headers: Vec<(HeaderName, String)>,
    body: Vec<u8>,
}

impl Reply {
    /// 200, with a JSON value.
    pub fn json(value: &impl Serialize) -> Reply {
        let body = serde_json::to_vec(value).expect("invariant: answers are texts, numbers and lists");
        Reply::bytes("application/json", body)
    }

    /// 201: what was made, and where it is.
    pub fn created(value: &impl Serialize, location: String) -> Reply {
        Reply { status: StatusCode::CREATED, ..Reply::json(value) }.with(LOCATION, location)
    }

    /// 200, with bytes as they are.
    pub fn bytes(kind: &str, body: Vec<u8>) -> Reply {
        Reply { status: StatusCode::OK, headers: vec![(CONTENT_TYPE, kind.to_owned())], body }
    }

    /// It will never read otherwise; `tag` names its bytes.
    pub fn immutable(self, tag: Option<&str>) -> Reply {
        let reply = self.with(CACHE_CONTROL, FOR_EVER.to_owned());
        match tag {
            Some(tag) => reply.with(ETAG, format!("\"{tag}\"")),
            None => reply,
        }
    }

    fn with(mut self, name: HeaderName, value: String) -> Reply {
        self.headers.push((name, value));
        self
    }
}

impl IntoResponse for Reply {
    fn into_response(self) -> Response {
        let mut response = (self.status, self.body).into_response();
        let headers = response.headers_mut();
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        for (name, value) in self.headers {
            if let Ok(value) = HeaderValue::from_str(&value) {
                headers.insert(name, value);
            }
        }
        response
    }
}
