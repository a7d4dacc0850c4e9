//! The JSON schema (2020-12) of blocks, for editors and for the web form, from the kinds' own tables.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};
use terms::Dimension;

use crate::clauses::{Field, KINDS, Kind, Presence, Type};

/// One schema: a block of any kind, in its `TOML` read as JSON.
pub fn schema() -> Value {
    let kinds: Map<String, Value> = KINDS.iter().map(|k| (k.name.to_owned(), block(k))).collect();
    let any: Vec<Value> = KINDS.iter().map(|k| json!({ "$ref": format!("#/$defs/{}", k.name) })).collect();
    let mut defs = kinds;
    defs.insert("when".to_owned(), when());
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:regisseur:contract:1",
        "title": "regisseur contract block, semantics 1",
        "oneOf": any,
        "$defs": defs,
    })
}

fn block(kind: &Kind) -> Value {
    let mut properties = json!({
        "kind": { "const": kind.name },
        "label": { "type": "string", "description": "étiquette, unique dans le contrat / label, unique in the contract" },
        "then": then(kind),
        "replace": { "type": "string", "description": "avenant : la clause remplacée / amendment: the clause it replaces" },
    });
    if kind.guarded {
        properties["exception_to"] =
            json!({ "type": "string", "description": "la règle exceptée / the rule it excepts" });
        properties["when"] = json!({ "$ref": "#/$defs/when" });
        properties["default"] = json!({ "const": "none" });
    }
    json!({
        "title": kind.name,
        "description": format!("{} / {}", kind.doc.0, kind.doc.1),
        "type": "object",
        "properties": properties,
        "required": ["kind", "label", "then"],
        "additionalProperties": false,
        "allOf": [needed(kind)],
    })
}

fn then(kind: &Kind) -> Value {
    let mut out = table(kind.fields);
    if let Some(object) = out.as_object_mut() {
        object.remove("required");
    }
    out
}

/// What a base clause must set; an exception inherits it.
fn needed(kind: &Kind) -> Value {
    let conditions: BTreeSet<_> = kind.fields.iter().filter_map(|f| f.when).collect();
    let conditions: Vec<Value> = conditions
        .into_iter()
        .filter(|when| !required(kind.fields, Some(*when)).is_empty())
        .map(|(field, values)| {
            json!({
                "if": { "properties": { field: { "enum": values } }, "required": [field] },
                "then": { "required": required(kind.fields, Some((field, values))) },
            })
        })
        .collect();
    let mut then = json!({ "required": required(kind.fields, None) });
    if !conditions.is_empty() {
        then["allOf"] = Value::Array(conditions);
    }
    json!({
        "if": { "not": { "required": ["exception_to"] } },
        "then": { "properties": { "then": then } },
    })
}

fn required(fields: &[Field], when: Option<(&str, &[&str])>) -> Vec<&'static str> {
    fields.iter().filter(|f| f.presence == Presence::Required && f.when == when).map(|f| f.name).collect()
}

fn table(fields: &[Field]) -> Value {
    let properties: Map<String, Value> = fields.iter().map(|f| (f.name.to_owned(), field(f))).collect();
    json!({
        "type": "object",
        "properties": properties,
        "required": required(fields, None),
        "additionalProperties": false,
    })
}

fn field(field: &Field) -> Value {
    let mut out = of_type(field.ty);
    out["description"] = json!(format!("{} / {}", field.fr, field.en));
    if let Some(value) = field.default_value() {
        out["default"] = plain(&value);
    }
    out
}

fn plain(value: &crate::source::Value) -> Value {
    use crate::source::Node;
    match &value.node {
        Node::Text(text) | Node::Other(text) => json!(text),
        Node::Integer(n) => json!(n),
        Node::Flag(flag) => json!(flag),
        Node::Date(date) => json!(date.to_string()),
        Node::DateTime(at) => json!(at.to_string()),
        Node::Array(values) => values.iter().map(plain).collect(),
        Node::Table(entries) => entries.iter().map(|e| (e.key.clone(), plain(&e.value))).collect(),
    }
}

fn of_type(ty: Type) -> Value {
    let text = |pattern: &str| json!({ "type": "string", "pattern": pattern });
    let array = |items: Value| json!({ "type": "array", "items": items });
    let opening = || text("^[0-2][0-9]:[0-5][0-9](:[0-5][0-9])?-[0-2][0-9]:[0-5][0-9](:[0-5][0-9])?$");
    match ty {
        Type::Text | Type::Calendar | Type::Label(_) | Type::Zone => {
            json!({ "type": "string", "minLength": 1 })
        }
        Type::Email => json!({ "type": "string", "format": "email" }),
        Type::Siren => text("^([0-9] ?){9}$"),
        Type::Siret => text("^([0-9] ?){14}$"),
        Type::Vat => text("^FR ?([0-9] ?){11}$"),
        Type::Lei => text("^[A-Z0-9]{20}$"),
        Type::Iban => text("^[A-Z]{2}[0-9]{2}[A-Z0-9 ]{11,42}$"),
        Type::Integer(least) => json!({ "type": "integer", "minimum": least }),
        Type::Flag => json!({ "type": "boolean" }),
        Type::Length => {
            text("^[0-9]+ (s|min|h|working_days?|days?|weeks?|months?|years?)$|^[0-9]+ h [0-5]?[0-9] min$")
        }
        Type::Months => text("^[0-9]+ (months?|years?)$"),
        Type::ClockTime => text("^[0-9]+ (s|min|h)$|^[0-9]+ h [0-5]?[0-9] min$"),
        Type::Money => text("^[0-9]+(\\.[0-9]{1,2})? (EUR|CHF|GBP|USD)$"),
        Type::Percent | Type::Rate => text("^[0-9]+(\\.[0-9]+)? ?%$"),
        Type::Decimal => text("^[0-9]{1,6}(\\.[0-9]{1,6})?$"),
        Type::Date => json!({ "type": "string", "format": "date" }),
        Type::Dates => array(json!({ "type": "string", "format": "date" })),
        Type::Choice(words) => json!({ "enum": words }),
        Type::Choices(words) => json!({ "type": "array", "minItems": 1, "items": { "enum": words } }),
        Type::Texts | Type::Calendars | Type::Labels(_) => array(json!({ "type": "string" })),
        Type::Country => text("^[A-Z]{2}$"),
        Type::Countries => {
            json!({ "type": "array", "minItems": 1, "items": { "type": "string", "pattern": "^[A-Z]{2}$" } })
        }
        Type::Time => text("^[0-2][0-9]:[0-5][0-9]$"),
        Type::Names => {
            json!({ "anyOf": [array(json!({ "type": "string" })), named(json!({ "type": "string" }))] })
        }
        Type::Titles => named(json!({ "type": "string" })),
        Type::Week => json!({
            "type": "object",
            "patternProperties": { "^(mon|tue|wed|thu|fri|sat|sun)(-(mon|tue|wed|thu|fri|sat|sun))?$": array(opening()) },
            "additionalProperties": false,
        }),
        Type::Openings => array(opening()),
        Type::DatedOpenings => named(array(opening())),
        Type::Cells => named(named(json!({ "type": "string" }))),
        Type::Table(fields) => table(fields),
        Type::Tables(fields) => array(table(fields)),
    }
}

fn named(values: Value) -> Value {
    json!({ "type": "object", "additionalProperties": values })
}

fn when() -> Value {
    let value = json!({
        "anyOf": [
            { "type": "string" },
            { "type": "array", "minItems": 1, "items": { "type": "string" } },
        ]
    });
    let mut properties: Map<String, Value> =
        Dimension::ALL.iter().map(|d| (d.key().to_owned(), value.clone())).collect();
    for key in ["from", "until"] {
        properties.insert(key.to_owned(), json!({ "type": "string", "format": "date" }));
    }
    json!({ "type": "object", "properties": properties, "additionalProperties": false })
}
