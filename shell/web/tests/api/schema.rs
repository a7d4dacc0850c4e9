//! A small reader of JSON Schema: the keywords that the document uses, and a failure for any other.

use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::Value;

use crate::server::Answer;

/// Fails unless the document describes this answer; gives `GET /path status`, as it names it.
pub fn compare(document: &Value, method: &str, path: &str, answer: &Answer) -> String {
    let status = answer.status.as_u16();
    let Some((template, operation)) = operation(document, method, path) else {
        assert!([404, 405].contains(&status), "{method} {path} is not described, and answered {status}");
        return format!("{method} ? {status}");
    };
    let place = format!("{method} {template} {status}");
    let described = &operation["responses"][status.to_string()];
    assert!(described.is_object(), "{place} is not described: {:#}", answer.json);
    let media = answer.header("content-type").split(';').next().unwrap_or_default().trim().to_owned();
    let content = &described["content"][&media];
    assert!(content.is_object(), "{place}: {media} is not described");
    if media.ends_with("json") {
        check(document, &content["schema"], &answer.json, &place);
    }
    for (name, _) in described["headers"].as_object().into_iter().flatten() {
        assert!(!answer.header(&name.to_lowercase()).is_empty(), "{place}: no {name}");
    }
    place
}

/// The template that an address matches, and what the document says of it.
fn operation<'a>(document: &'a Value, method: &str, path: &str) -> Option<(&'a str, &'a Value)> {
    let paths = document["paths"].as_object()?;
    let found = paths.iter().find(|(template, operations)| {
        let template = template.strip_prefix("/api/v1").unwrap_or(template);
        operations.get(method.to_lowercase()).is_some() && matches(template, path)
    });
    found.map(|(template, operations)| (template.as_str(), &operations[method.to_lowercase()]))
}

fn matches(template: &str, path: &str) -> bool {
    let (mut wanted, mut given) = (template.split('/'), path.split('/'));
    loop {
        match (wanted.next(), given.next()) {
            (None, None) => return true,
            (Some("{path}"), Some(_)) => return true,
            (Some(w), Some(g)) if w == g || (w.starts_with('{') && !g.is_empty()) => {}
            _ => return false,
        }
    }
}

/// Fails at the first value that is not as described.
pub fn check(document: &Value, schema: &Value, value: &Value, place: &str) {
    if let Err(why) = valid(document, schema, value, place) {
        panic!("{why}\n{value:#}");
    }
}

pub fn valid(document: &Value, schema: &Value, value: &Value, place: &str) -> Result<(), String> {
    let fail = |why: String| Err(format!("{place}: {why}"));
    let rules = schema.as_object().ok_or_else(|| format!("{place}: not a schema: {schema}"))?;
    for (keyword, rule) in rules {
        match keyword.as_str() {
            "description" | "examples" | "title" => {}
            "$ref" => {
                let pointer = rule.as_str().unwrap_or_default().trim_start_matches('#');
                let target = document.pointer(pointer).ok_or_else(|| format!("{place}: no {pointer}"))?;
                valid(document, target, value, place)?;
            }
            "type" => {
                let kinds = rule.as_array().cloned().unwrap_or_else(|| vec![rule.clone()]);
                if !kinds.iter().any(|kind| is(kind, value)) {
                    return fail(format!("{value} is not {rule}"));
                }
            }
            "const" if rule == value => {}
            "enum" if rule.as_array().is_some_and(|list| list.contains(value)) => {}
            "const" | "enum" => return fail(format!("{value} is not {rule}")),
            "properties" => {
                for (name, rule) in rule.as_object().into_iter().flatten() {
                    if let Some(inner) = value.get(name) {
                        valid(document, rule, inner, &format!("{place}.{name}"))?;
                    }
                }
            }
            "required" => {
                for name in rule.as_array().into_iter().flatten().filter_map(Value::as_str) {
                    if value.is_object() && value.get(name).is_none() {
                        return fail(format!("no {name}"));
                    }
                }
            }
            "additionalProperties" => {
                for (name, inner) in value.as_object().into_iter().flatten() {
                    if rules.get("properties").is_some_and(|p| p.get(name).is_some()) {
                        continue;
                    }
                    match rule {
                        Value::Bool(false) => return fail(format!("{name} is not described")),
                        rule => valid(document, rule, inner, &format!("{place}.{name}"))?,
                    }
                }
            }
            "items" => {
                for (i, inner) in value.as_array().into_iter().flatten().enumerate() {
                    valid(document, rule, inner, &format!("{place}[{i}]"))?;
                }
            }
            "anyOf" | "oneOf" => {
                let list = rule.as_array().map(Vec::as_slice).unwrap_or_default();
                let held = list.iter().filter(|s| valid(document, s, value, place).is_ok()).count();
                if held == 0 || (keyword == "oneOf" && held > 1) {
                    return fail(format!("{held} of {keyword} hold for {value}"));
                }
            }
            "minimum" if value.as_i64().zip(rule.as_i64()).is_some_and(|(v, r)| v < r) => {
                return fail(format!("{value} is under {rule}"));
            }
            "maximum" if value.as_i64().zip(rule.as_i64()).is_some_and(|(v, r)| v > r) => {
                return fail(format!("{value} is over {rule}"));
            }
            "minLength" if length(value) < rule.as_u64() => return fail("too short".to_owned()),
            "maxLength" if length(value) > rule.as_u64() && length(value).is_some() => {
                return fail("too long".to_owned());
            }
            "format" => {
                if value.as_str().is_some_and(|text| !formatted(rule, text)) {
                    return fail(format!("{value} is not a {rule}"));
                }
            }
            // Read by schemathesis; the amounts and numbers have tests of their own.
            "minimum" | "maximum" | "minLength" | "maxLength" | "pattern" => {}
            other => return fail(format!("unknown keyword {other}")),
        }
    }
    Ok(())
}

fn is(kind: &Value, value: &Value) -> bool {
    match kind.as_str() {
        Some("string") => value.is_string(),
        Some("integer") => value.is_i64() || value.is_u64(),
        Some("boolean") => value.is_boolean(),
        Some("object") => value.is_object(),
        Some("array") => value.is_array(),
        Some("null") => value.is_null(),
        _ => false,
    }
}

fn length(value: &Value) -> Option<u64> {
    value.as_str().map(|text| text.chars().count() as u64)
}

fn formatted(format: &Value, text: &str) -> bool {
    match format.as_str() {
        Some("date-time") => text.ends_with('Z') && text.parse::<Timestamp>().is_ok(),
        Some("date") => text.parse::<Date>().is_ok(),
        Some("uuid") => text.parse::<base::id::TicketId>().is_ok() && text.len() == 36,
        Some("uri-reference") => !text.contains(' '),
        _ => false,
    }
}
