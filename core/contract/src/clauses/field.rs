//! What a kind of clause may say: the one table from which reading, checking, schema, form and help come.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::KINDS;
use crate::source::Value;
use crate::source::value;

/// One field of `then`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    pub name: &'static str,
    pub ty: Type,
    pub presence: Presence,
    /// Only meaningful when another field has one of these values.
    pub when: Option<(&'static str, &'static [&'static str])>,
    /// The diagnostic when it is missing, for a field that has one of its own; `None`: `E-FIELD-MISSING`.
    pub missing: Option<&'static str>,
    pub fr: &'static str,
    pub en: &'static str,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// Moves money or time, or names something: must be written on a base clause.
    Required,
    Optional,
    /// Written in TOML; `contract explain` prints it.
    Default(&'static str),
}

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    Text,
    Email,
    Siren,
    Siret,
    Vat,
    Lei,
    Iban,
    /// At least so many.
    Integer(i64),
    Flag,
    /// `"4 h"`, `"5 working_days"`.
    Length,
    /// A length in months or years.
    Months,
    /// A length in hours and minutes.
    ClockTime,
    /// `"24.00 EUR"`, more than zero.
    Money,
    /// `"95 %"`, above 0 and at most 100.
    Percent,
    /// A VAT rate: from 0 to 100 %.
    Rate,
    /// An IANA name.
    Zone,
    Date,
    Dates,
    Choice(&'static [&'static str]),
    Choices(&'static [&'static str]),
    Texts,
    /// Names alone, `["tls", "str"]`, or with a title each, `{ tls = "Toulouse" }`.
    Names,
    /// Texts by name: `{ P1 = "Critique" }`.
    Titles,
    /// The label of a calendar.
    Calendar,
    Calendars,
    /// The label of a clause of one of these kinds; none named: of any kind.
    Label(&'static [&'static str]),
    Labels(&'static [&'static str]),
    /// ISO 3166-1 alpha-2, `"FR"`.
    Country,
    Countries,
    /// A figure without unit, more than zero, at most six decimals: `"0.97975"`, `"2.5"`.
    Decimal,
    /// `"14:30"`.
    Time,
    /// `{ mon-fri = ["09:00-12:30", "14:00-18:00"] }`.
    Week,
    /// `["09:00-12:00"]`.
    Openings,
    /// `{ 2026-12-24 = ["09:00-12:00"] }`.
    DatedOpenings,
    /// `{ site = { blocking = "P1" } }`.
    Cells,
    /// A table, or tables, with fields of their own.
    Table(&'static [Field]),
    Tables(&'static [Field]),
}

impl Field {
    const fn new(
        name: &'static str,
        ty: Type,
        presence: Presence,
        fr: &'static str,
        en: &'static str,
    ) -> Field {
        Field { name, ty, presence, when: None, missing: None, fr, en }
    }

    pub const fn required(name: &'static str, ty: Type, fr: &'static str, en: &'static str) -> Field {
        Field::new(name, ty, Presence::Required, fr, en)
    }

    pub const fn optional(name: &'static str, ty: Type, fr: &'static str, en: &'static str) -> Field {
        Field::new(name, ty, Presence::Optional, fr, en)
    }

    pub const fn default(
        name: &'static str,
        ty: Type,
        default: &'static str,
        fr: &'static str,
        en: &'static str,
    ) -> Field {
        Field::new(name, ty, Presence::Default(default), fr, en)
    }

    /// Makes the field meaningful only with these values of another.
    pub const fn when(mut self, field: &'static str, values: &'static [&'static str]) -> Field {
        self.when = Some((field, values));
        self
    }

    /// Gives the field a diagnostic of its own when it is missing.
    pub const fn missing(mut self, code: &'static str) -> Field {
        self.missing = Some(code);
        self
    }

    /// The default as a value, without a place of its own.
    pub(crate) fn default_value(&self) -> Option<Value> {
        let Presence::Default(text) = self.presence else { return None };
        DEFAULTS.get(text).cloned().or_else(|| read(text))
    }
}

/// The defaults of every kind, read once: a contract of 400 clauses asks for some 2 000 of them.
static DEFAULTS: LazyLock<BTreeMap<&'static str, Value>> = LazyLock::new(|| {
    let texts = KINDS.iter().flat_map(|k| k.fields).filter_map(|f| match f.presence {
        Presence::Default(text) => Some(text),
        _ => None,
    });
    texts.filter_map(|text| Some((text, read(text)?))).collect()
});

fn read(text: &str) -> Option<Value> {
    let (entries, _) = value::parse(&format!("v = {text}"), 0, 0);
    entries.into_iter().next().map(|e| Value { span: Default::default(), ..e.value })
}
