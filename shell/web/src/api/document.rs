//! `/openapi.json`: the API described by OpenAPI 3.1, from the operations themselves.

use std::sync::LazyLock;

use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use super::operation::{Body, Operation};
use super::problem::{Problem, title};
use super::reply::Reply;
use super::schema::{Components, Schema};
use super::{API, operations as all};

static DOCUMENT: LazyLock<Vec<u8>> =
    LazyLock::new(|| serde_json::to_vec(&document()).expect("invariant: JSON is JSON"));

/// Any JSON object: the document describes itself no further.
struct Anything;

impl Schema for Anything {
    fn schema(_: &mut Components) -> Value {
        json!({ "type": "object" })
    }
}

pub fn operations() -> Vec<Operation> {
    vec![
        Operation::get("/openapi.json", "getDocument", "document", show)
            .about("Cette description", "This description")
            .gives::<Anything>()
            .open(),
    ]
}

async fn show() -> Response {
    Reply::bytes("application/json", DOCUMENT.clone()).into_response()
}

/// The whole document.
pub fn document() -> Value {
    let mut components = Components::default();
    let problem = Problem::schema(&mut components);
    let mut paths: Map<String, Value> = Map::new();
    for operation in all() {
        let path = paths.entry(format!("{API}{}", operation.path)).or_insert_with(|| json!({}));
        path[operation.method] = describe(&operation, &mut components, &problem);
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Régisseur",
            "version": env!("CARGO_PKG_VERSION"),
            "summary": "Le contrat d'infogérance, exécuté. · The managed-IT contract, run.",
            "description": DESCRIPTION,
            "license": { "name": "EUPL-1.2", "identifier": "EUPL-1.2" },
        },
        "servers": [{ "url": "/" }],
        "tags": TAGS.map(|(name, about)| json!({ "name": name, "description": about })),
        "security": [{ "token": [] }],
        "paths": paths,
        "components": {
            "schemas": components.into_value(),
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "A token has the rights of the account it was issued to, as they are now.",
                },
            },
        },
    })
}

const DESCRIPTION: &str = "\
Instants are RFC 3339 in UTC, amounts are exact texts, identifiers are UUIDs, sentences come in French and \
English. `{customer}` is a slug or an id.\n\n\
Every POST carries an `Idempotency-Key`: the same key with the same request does nothing twice and gives the \
same answer; with another request it is refused (409).\n\n\
Failures are `application/problem+json` (RFC 9457), in French unless `Accept-Language` prefers English. A \
refusal by the contract is a 409 with the articles, and the journal entry when the refusal was recorded. What \
a token may not see is not found (404).";

const TAGS: [(&str, &str); 15] = [
    ("webhooks", "Webhooks · Webhooks"),
    ("imports", "Reprise de données · Bringing data in"),
    ("customers", "Clients · Customers"),
    ("contracts", "Contrats signés · Signed contracts"),
    ("tickets", "Tickets et leurs délais · Tickets and their clocks"),
    ("services", "Disponibilité et maintenance · Availability and maintenance"),
    ("life", "Obligations, échéances et événements · Duties, deadlines and events"),
    ("hotline", "Assistance et compteurs · Hotline and meters"),
    ("money", "Redevances, pénalités, mois · Fees, penalties, months"),
    ("journal", "Journal infalsifiable · Tamper-evident journal"),
    ("log", "Le journal au format C2SP · The journal in C2SP's format"),
    ("knowledge", "Base de connaissances · Knowledge base"),
    ("desk", "Travail ouvert · Open work"),
    ("search", "Recherche · Search"),
    ("document", "Description"),
];

fn describe(operation: &Operation, components: &mut Components, problem: &Value) -> Value {
    let (fr, en) = operation.summary;
    let mut described = json!({
        "operationId": operation.id,
        "tags": [operation.tag],
        "summary": fr,
        "description": format!("{en}."),
        "parameters": parameters(operation, components),
        "responses": responses(operation, components, problem),
    });
    if let Some(body) = &operation.receives {
        let examples: Map<String, Value> = (body.examples)()
            .into_iter()
            .map(|(name, value)| (name.to_owned(), json!({ "value": value })))
            .collect();
        described["requestBody"] = json!({
            "required": body.required,
            "content": { body.media: { "schema": (body.schema)(components), "examples": examples } },
        });
    }
    if operation.open {
        described["security"] = json!([]);
    }
    described
}

fn parameters(operation: &Operation, components: &mut Components) -> Vec<Value> {
    let names = operation.path.split('/').filter_map(|s| s.strip_prefix('{')?.strip_suffix('}'));
    let mut parameters: Vec<Value> = names.map(in_path).collect();
    let query = operation.query.map(|properties| properties(components)).unwrap_or_default();
    parameters.extend(query.into_iter().map(|p| {
        json!({ "name": p.name, "in": "query", "required": p.required, "description": p.about.trim(),
            "schema": not_null(p.schema) })
    }));
    if operation.method == "post" {
        parameters.push(json!({
            "name": "Idempotency-Key",
            "in": "header",
            "required": true,
            "description": "Fresh for each intention, the same for each retry: 1 to 200 visible ASCII characters.",
            "schema": { "type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$" },
            "example": "6f8f3b0e-6f0c-4b57-9a39-0a4d0f6a4f11",
        }));
    }
    if !operation.open {
        parameters.push(json!({
            "name": "Accept-Language",
            "in": "header",
            "required": false,
            "description": "The language of problems: `fr` or `en`.",
            "schema": { "type": "string" },
        }));
    }
    parameters
}

fn in_path(name: &str) -> Value {
    let (about, schema, example) = match name {
        "customer" => ("The slug or the id.", json!({ "type": "string" }), json!("ateliers-garonne")),
        "month" => (
            "The month.",
            json!({ "type": "string", "pattern": "^[0-9]{4}-(0[1-9]|1[0-2])$" }),
            json!("2026-08"),
        ),
        "path" => (
            "Below `tile/`; its slashes are written as they are.",
            json!({ "type": "string" }),
            json!("0/000.p/12"),
        ),
        // A ticket's or a contract's: told apart by the address.
        _ => ("As the parties number it.", json!({ "type": "string" }), json!("1")),
    };
    json!({ "name": name, "in": "path", "required": true, "description": about, "schema": schema,
        "example": example })
}

/// A parameter left out is absent, never null.
fn not_null(mut schema: Value) -> Value {
    if let Some([kind, _]) = schema["anyOf"].as_array().map(Vec::as_slice) {
        return kind.clone();
    }
    if let Some([kind, _]) = schema["type"].as_array().map(Vec::as_slice) {
        let kind = kind.clone();
        schema["type"] = kind;
    }
    schema
}

fn responses(operation: &Operation, components: &mut Components, problem: &Value) -> Value {
    let mut responses = Map::new();
    let content = match &operation.sends {
        Body::Json(schema) => json!({ "application/json": { "schema": schema(components) } }),
        Body::Raw(kind) => {
            let binary = !kind.starts_with("text/");
            let schema = if binary { json!({}) } else { json!({ "type": "string" }) };
            let mut content = Map::new();
            content.insert((*kind).to_owned(), json!({ "schema": schema }));
            Value::Object(content)
        }
    };
    let mut done = json!({ "description": operation.summary.1, "content": content });
    if operation.status == 201 {
        done["headers"] = json!({
            "Location": { "description": "Where it is.", "schema": { "type": "string", "format": "uri-reference" } },
        });
    }
    responses.insert(operation.status.to_string(), done);
    for status in failures(operation) {
        let mut failed = json!({
            "description": title(status, base::Lang::En),
            "content": { "application/problem+json": { "schema": problem } },
        });
        match status {
            403 => failed["description"] = json!(NOT_OPEN_YET),
            401 => failed["headers"] = header("WWW-Authenticate", "Bearer."),
            429 | 503 => failed["headers"] = header("Retry-After", "Seconds."),
            _ => {}
        }
        responses.insert(status.to_string(), failed);
    }
    Value::Object(responses)
}

fn header(name: &str, about: &str) -> Value {
    let mut headers = Map::new();
    headers.insert(name.to_owned(), json!({ "description": about, "schema": { "type": "string" } }));
    Value::Object(headers)
}

/// What a 403 tells.
const NOT_OPEN_YET: &str = "Access not open yet: `second_factor.missing`, or `undertaking.owed` while the \
    token's person has not signed, on the site, the undertaking of confidentiality that the article cited asks for.";

/// The statuses that an operation may fail with.
fn failures(operation: &Operation) -> Vec<u16> {
    if operation.open {
        return vec![];
    }
    // A reading is refused too, when no contract is in force to read.
    let mut statuses = vec![401, 403, 404, 409, 422, 429, 500, 503];
    if operation.method == "post" {
        statuses.extend([400, 413, 415]);
    }
    statuses
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_operation_is_described_once_in_two_languages() {
        let operations = all();
        let ids: BTreeSet<&str> = operations.iter().map(|o| o.id).collect();
        assert_eq!(ids.len(), operations.len());
        for operation in &operations {
            let (fr, en) = operation.summary;
            assert!(!fr.is_empty() && !en.is_empty(), "{}", operation.id);
            assert!(TAGS.iter().any(|(tag, _)| *tag == operation.tag), "{}", operation.id);
            assert_eq!(operation.method == "post", operation.receives.is_some(), "{}", operation.id);
        }
    }

    #[test]
    fn every_reference_leads_somewhere() {
        let document = document();
        let mut references = BTreeSet::new();
        collect(&document, &mut references);
        assert!(references.len() > 20);
        for reference in references {
            let pointer = reference.trim_start_matches('#');
            assert!(document.pointer(pointer).is_some_and(Value::is_object), "{reference}");
        }
    }

    fn collect(value: &Value, into: &mut BTreeSet<String>) {
        match value {
            Value::Object(map) => {
                if let Some(Value::String(reference)) = map.get("$ref") {
                    into.insert(reference.clone());
                }
                map.values().for_each(|v| collect(v, into));
            }
            Value::Array(items) => items.iter().for_each(|v| collect(v, into)),
            _ => {}
        }
    }
}
