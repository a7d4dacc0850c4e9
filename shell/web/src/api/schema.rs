//! JSON Schemas made from the very types that are sent and received.
//!
//! [`answer!`] and [`ask!`] declare a type once: its fields, their documentation, how it is written or
//! read, and its schema. The document cannot describe a field that the type does not have.

use std::borrow::Cow;
use std::collections::BTreeMap;

use base::Bilingual;
use base::id::{
    AccountId, ArticleId, CallId, ContractId, CustomerId, FileId, MaintenanceId, OutageId, PlanId, TicketId,
    VisitId, WebhookId,
};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// What a value of the type looks like (JSON Schema 2020-12, the dialect of OpenAPI 3.1).
pub trait Schema {
    /// Whether a request may leave it out.
    const OPTIONAL: bool = false;

    /// The schema, or a reference to the component that holds it.
    fn schema(components: &mut Components) -> Value;
}

/// Makes the schema of a type.
pub type Make = fn(&mut Components) -> Value;

/// The named schemas of the document.
#[derive(Default)]
pub struct Components(BTreeMap<&'static str, Value>);

/// One property of an object.
pub struct Property {
    pub name: &'static str,
    pub about: &'static str,
    pub schema: Value,
    pub required: bool,
}

impl Components {
    /// Declares a component once, and refers to it.
    pub fn named(&mut self, name: &'static str, make: impl FnOnce(&mut Components) -> Value) -> Value {
        if !self.0.contains_key(name) {
            // Held before it is made: a type may contain itself.
            self.0.insert(name, Value::Null);
            let made = make(self);
            self.0.insert(name, made);
        }
        json!({ "$ref": format!("#/components/schemas/{name}") })
    }

    pub fn into_value(self) -> Value {
        json!(self.0)
    }

    /// The component that a reference names, by itself; those that it refers to are declared in `rest`.
    pub fn take(mut self, reference: &Value, rest: &mut Components) -> Value {
        let name = reference["$ref"].as_str().and_then(|path| path.rsplit('/').next());
        let taken = name.and_then(|name| self.0.remove(name)).unwrap_or_default();
        for (name, made) in self.0 {
            rest.0.entry(name).or_insert(made);
        }
        taken
    }
}

/// An object that has these properties and no other.
pub fn object(about: &str, properties: Vec<Property>) -> Value {
    let required: Vec<&str> = properties.iter().filter(|p| p.required).map(|p| p.name).collect();
    let mut map = serde_json::Map::new();
    for p in &properties {
        map.insert(p.name.to_owned(), described(p.schema.clone(), p.about));
    }
    let mut object = json!({
        "type": "object",
        "properties": map,
        "required": required,
        "additionalProperties": false,
    });
    if !about.trim().is_empty() {
        object["description"] = json!(about.trim());
    }
    object
}

fn described(mut schema: Value, about: &str) -> Value {
    if !about.trim().is_empty() {
        schema["description"] = json!(about.trim());
    }
    schema
}

/// Declares a type that is sent: every field is always there, `null` when there is nothing to say.
macro_rules! answer {
    ($($(#[doc = $doc:literal])+ $name:ident { $($(#[doc = $about:literal])* $field:ident: $ty:ty,)* })+) => {$(
        $(#[doc = $doc])+
        #[derive(Debug, Clone, serde::Serialize)]
        pub struct $name { $($(#[doc = $about])* pub $field: $ty,)* }

        impl $crate::api::schema::Schema for $name {
            fn schema(components: &mut $crate::api::schema::Components) -> serde_json::Value {
                components.named(stringify!($name), |_components| {
                    let properties = vec![$($crate::api::schema::Property {
                        name: stringify!($field),
                        about: concat!($($about),*),
                        schema: <$ty as $crate::api::schema::Schema>::schema(_components),
                        required: true,
                    }),*];
                    $crate::api::schema::object(concat!($($doc),+), properties)
                })
            }
        }
    )+};
}

/// Declares a type that is received: an unknown field is refused, an `Option` may be left out.
macro_rules! ask {
    ($($(#[doc = $doc:literal])+ $name:ident { $($(#[doc = $about:literal])* $field:ident: $ty:ty,)* })+) => {$(
        $(#[doc = $doc])+
        #[derive(Debug, Clone, serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct $name { $($(#[doc = $about])* pub $field: $ty,)* }

        impl $name {
            /// Its fields, one by one: the parameters of a query are declared so.
            pub fn properties(
                _components: &mut $crate::api::schema::Components,
            ) -> Vec<$crate::api::schema::Property> {
                vec![$($crate::api::schema::Property {
                    name: stringify!($field),
                    about: concat!($($about),*),
                    schema: <$ty as $crate::api::schema::Schema>::schema(_components),
                    required: !<$ty as $crate::api::schema::Schema>::OPTIONAL,
                }),*]
            }
        }

        impl $crate::api::schema::Schema for $name {
            fn schema(components: &mut $crate::api::schema::Components) -> serde_json::Value {
                components.named(stringify!($name), |components| {
                    $crate::api::schema::object(concat!($($doc),+), $name::properties(components))
                })
            }
        }
    )+};
}

/// Declares a text that takes one of a few values; another one received is refused.
macro_rules! words {
    ($($(#[doc = $doc:literal])+ $name:ident [$($word:literal),+ $(,)?];)+) => {$(
        $(#[doc = $doc])+
        #[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
        #[serde(transparent)]
        pub struct $name(std::borrow::Cow<'static, str>);

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let word = String::deserialize(deserializer)?;
                if [$($word),+].contains(&word.as_str()) {
                    return Ok($name(word.into()));
                }
                Err(serde::de::Error::unknown_variant(&word, &[$($word),+]))
            }
        }

        impl $name {
            #[allow(dead_code, reason = "words that are only asked for are read, never made")]
            pub fn of(word: impl Into<std::borrow::Cow<'static, str>>) -> $name {
                $name(word.into())
            }
        }

        impl $crate::api::schema::Schema for $name {
            fn schema(components: &mut $crate::api::schema::Components) -> serde_json::Value {
                components.named(stringify!($name), |_| serde_json::json!({
                    "type": "string",
                    "description": concat!($($doc),+).trim(),
                    "enum": [$($word),+],
                }))
            }
        }
    )+};
}

pub(crate) use {answer, ask, words};

/// A text of a bounded length; the use case checks it and says what is wrong in its own words.
#[derive(Debug, Clone, Deserialize)]
#[serde(transparent)]
pub struct Bounded<const MIN: usize, const MAX: usize>(pub String);

impl<const MIN: usize, const MAX: usize> Schema for Bounded<MIN, MAX> {
    fn schema(_: &mut Components) -> Value {
        json!({ "type": "string", "minLength": MIN, "maxLength": MAX })
    }
}

impl<T: Schema> Schema for Option<T> {
    const OPTIONAL: bool = true;

    fn schema(components: &mut Components) -> Value {
        let mut inner = T::schema(components);
        if inner.get("enum").is_none()
            && let Some(kind) = inner.get("type").and_then(Value::as_str).map(str::to_owned)
        {
            inner["type"] = json!([kind, "null"]);
            return inner;
        }
        json!({ "anyOf": [inner, { "type": "null" }] })
    }
}

impl<T: Schema> Schema for Vec<T> {
    fn schema(components: &mut Components) -> Value {
        json!({ "type": "array", "items": T::schema(components) })
    }
}

impl<T: Schema> Schema for BTreeMap<String, T> {
    fn schema(components: &mut Components) -> Value {
        json!({ "type": "object", "additionalProperties": T::schema(components) })
    }
}

macro_rules! plain {
    ($($ty:ty => $schema:expr;)+) => {$(
        impl Schema for $ty {
            fn schema(_: &mut Components) -> Value {
                $schema
            }
        }
    )+};
}

plain! {
    String => json!({ "type": "string" });
    Cow<'static, str> => json!({ "type": "string" });
    bool => json!({ "type": "boolean" });
    u64 => json!({ "type": "integer", "minimum": 0 });
    u32 => json!({ "type": "integer", "minimum": 0, "maximum": u32::MAX });
    i64 => json!({ "type": "integer" });
    Timestamp => json!({ "type": "string", "format": "date-time" });
    Date => json!({ "type": "string", "format": "date" });
    CustomerId => uuid();
    ContractId => uuid();
    TicketId => uuid();
    AccountId => uuid();
    ArticleId => uuid();
    CallId => uuid();
    OutageId => uuid();
    MaintenanceId => uuid();
    FileId => uuid();
    PlanId => uuid();
    VisitId => uuid();
    WebhookId => uuid();
}

fn uuid() -> Value {
    json!({ "type": "string", "format": "uuid" })
}

impl Schema for Bilingual {
    fn schema(components: &mut Components) -> Value {
        components.named("Text", |c| {
            let side =
                |name, about| Property { name, about, schema: json!({ "type": "string" }), required: true };
            let _ = c;
            object("A sentence in both languages.", vec![side("fr", "In French."), side("en", "In English.")])
        })
    }
}

/// An amount: never a floating-point number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Money {
    amount: String,
    currency: &'static str,
}

impl From<base::Money> for Money {
    fn from(money: base::Money) -> Money {
        let currency = money.currency.code();
        let amount = money.to_string();
        let amount = amount.split(' ').next().unwrap_or_default().to_owned();
        Money { amount, currency }
    }
}

impl Schema for Money {
    fn schema(components: &mut Components) -> Value {
        components.named("Money", |_| {
            let codes: Vec<&str> = base::Currency::ALL.into_iter().map(base::Currency::code).collect();
            let amount = json!({ "type": "string", "pattern": r"^-?[0-9]+\.[0-9]{2}$" });
            let mut schema = object(
                "An amount of money, as text: it is never a floating-point number.",
                vec![
                    Property { name: "amount", about: "With two decimals.", schema: amount, required: true },
                    Property {
                        name: "currency",
                        about: "ISO 4217.",
                        schema: json!({ "type": "string", "enum": codes }),
                        required: true,
                    },
                ],
            );
            schema["examples"] = json!([{ "amount": "2300.00", "currency": "EUR" }]);
            schema
        })
    }
}

/// An exact number: a decimal when it has one (`0.95`), else a fraction (`1/3`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Exact(String);

impl From<base::fraction::Fraction> for Exact {
    fn from(value: base::fraction::Fraction) -> Exact {
        for digits in 0..=6u32 {
            let scale = 10i128.pow(digits);
            if let Some(scaled) = value.numer().checked_mul(scale)
                && scaled % value.denom() == 0
            {
                let scaled = scaled / value.denom();
                let sign = if scaled < 0 { "-" } else { "" };
                let (whole, rest) = (scaled.abs() / scale, scaled.abs() % scale);
                return Exact(match digits {
                    0 => format!("{sign}{whole}"),
                    _ => format!("{sign}{whole}.{rest:0width$}", width = digits as usize),
                });
            }
        }
        Exact(format!("{}/{}", value.numer(), value.denom()))
    }
}

impl Schema for Exact {
    fn schema(components: &mut Components) -> Value {
        components.named("Exact", |_| {
            json!({
                "type": "string",
                "description": "An exact number: a decimal when it has one, else a fraction in lowest terms.",
                "pattern": r"^-?[0-9]+(\.[0-9]{1,6}|/[0-9]+)?$",
                "examples": ["0.95", "40", "1/3"],
            })
        })
    }
}

/// The key that serde gives to a value without fields: `not_started`.
pub fn key_of(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(Value::String(key)) => key,
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use base::fraction::Fraction;

    use super::*;

    #[test]
    fn numbers_are_exact_texts() {
        let exact = |n, d| Exact::from(Fraction::new(n, d)).0;
        assert_eq!(exact(19, 20), "0.95");
        assert_eq!(exact(40, 1), "40");
        assert_eq!(exact(-1, 2), "-0.5");
        assert_eq!(exact(1, 3), "1/3");
        let money = Money::from(base::Money::eur(-230_005));
        assert_eq!(serde_json::to_value(money).unwrap(), json!({ "amount": "-2300.05", "currency": "EUR" }));
    }
}
