//! One operation of the API: its address, its handler and its description, in one place.
//!
//! The router and the document are both made from the list of these, so neither can lack what the
//! other has.

use axum::handler::Handler;
use axum::routing::{MethodRouter, get, post};
use serde_json::Value;

use super::schema::{Components, Make, Property, Schema};
use crate::http::State;

/// What a body holds.
pub enum Body {
    Json(Make),
    /// Text or bytes of this media type.
    Raw(&'static str),
}

/// A body that is received.
pub struct Received {
    pub schema: Make,
    pub required: bool,
    /// `application/json`, or what the bytes are.
    pub media: &'static str,
    pub examples: fn() -> Vec<(&'static str, Value)>,
}

const JSON: &str = "application/json";

/// An operation.
pub struct Operation {
    pub method: &'static str,
    /// Below `/api/v1`, as the document writes it: `{customer}` for a name, `{path}` at the end may
    /// hold several segments.
    pub path: &'static str,
    /// Unique, for generated clients.
    pub id: &'static str,
    pub tag: &'static str,
    /// One line in French, then in English.
    pub summary: (&'static str, &'static str),
    pub query: Option<fn(&mut Components) -> Vec<Property>>,
    pub receives: Option<Received>,
    pub status: u16,
    pub sends: Body,
    /// Readable without a token.
    pub open: bool,
    pub route: MethodRouter<State>,
}

impl Operation {
    /// A reading, which answers 200.
    pub fn get<H, T>(path: &'static str, id: &'static str, tag: &'static str, handler: H) -> Operation
    where
        H: Handler<T, State>,
        T: 'static,
    {
        Operation::new("get", path, id, tag, 200, get(handler))
    }

    /// A write, which answers 201 and wants an `Idempotency-Key`.
    pub fn post<H, T>(path: &'static str, id: &'static str, tag: &'static str, handler: H) -> Operation
    where
        H: Handler<T, State>,
        T: 'static,
    {
        Operation::new("post", path, id, tag, 201, post(handler))
    }

    fn new(
        method: &'static str,
        path: &'static str,
        id: &'static str,
        tag: &'static str,
        status: u16,
        route: MethodRouter<State>,
    ) -> Operation {
        Operation {
            method,
            path,
            id,
            tag,
            summary: ("", ""),
            query: None,
            receives: None,
            status,
            sends: Body::Json(|_| Value::Null),
            open: false,
            route,
        }
    }

    pub fn about(self, fr: &'static str, en: &'static str) -> Operation {
        Operation { summary: (fr, en), ..self }
    }

    pub fn query(self, properties: fn(&mut Components) -> Vec<Property>) -> Operation {
        Operation { query: Some(properties), ..self }
    }

    pub fn takes<T: Schema>(self, examples: fn() -> Vec<(&'static str, Value)>) -> Operation {
        Operation {
            receives: Some(Received { schema: T::schema, required: true, media: JSON, examples }),
            ..self
        }
    }

    /// As [`Operation::takes`], for a body that may be left out.
    pub fn may_take<T: Schema>(self, examples: fn() -> Vec<(&'static str, Value)>) -> Operation {
        Operation {
            receives: Some(Received { schema: T::schema, required: false, media: JSON, examples }),
            ..self
        }
    }

    /// Bytes as they are.
    pub fn takes_bytes(self) -> Operation {
        let schema: Make = |_| serde_json::json!({});
        let media = "application/octet-stream";
        Operation { receives: Some(Received { schema, required: true, media, examples: Vec::new }), ..self }
    }

    pub fn gives<T: Schema>(self) -> Operation {
        Operation { sends: Body::Json(T::schema), ..self }
    }

    pub fn gives_raw(self, media_type: &'static str) -> Operation {
        Operation { sends: Body::Raw(media_type), ..self }
    }

    /// Readable without a token.
    pub fn open(self) -> Operation {
        Operation { open: true, ..self }
    }
}
