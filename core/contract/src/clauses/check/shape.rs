//! The shape of each type of value: what it must look like, and the error that shows a model of it.

use std::collections::BTreeSet;

use base::party_id::{FrenchVat, Iban, Lei, PartyIdError, Siren, Siret};
use jiff::civil::Date;
use terms::Opening;

use super::amounts::{decimal, length, money, percent};
use super::hours::{openings_of, week};
use super::{Field, Type, meant};
use crate::diagnostic::{Diagnostic, nearest, suggestion_of};
use crate::source::{Node, Value};

pub(super) type Out = Vec<Diagnostic>;

/// A value of this type, as it is written.
pub(super) fn model(ty: Type) -> String {
    let text = match ty {
        Type::Text => "\"…\"",
        Type::Email => "\"nom@exemple.fr\"",
        Type::Siren => "\"000000125\"",
        Type::Siret => "\"00000012500013\"",
        Type::Vat => "\"FR96000000125\"",
        Type::Lei => "\"FICT00HORIZONATL0177\"",
        Type::Iban => "\"FR7630006000011234567890189\"",
        Type::Integer(least) => return least.max(1).to_string(),
        Type::Flag => "false",
        Type::Length => "\"4 h\"",
        Type::Months => "\"36 months\"",
        Type::ClockTime => "\"15 min\"",
        Type::Money => "\"24.00 EUR\"",
        Type::Percent => "\"95 %\"",
        Type::Rate => "\"20 %\"",
        Type::Zone => "\"Europe/Paris\"",
        Type::Date => "2026-03-01",
        Type::Dates => "[2026-05-01, 2026-05-08]",
        Type::Choice(words) => return format!("\"{}\"", words.first().unwrap_or(&"")),
        Type::Choices(words) => return format!("[\"{}\"]", words.first().unwrap_or(&"")),
        Type::Texts => "[\"P1\", \"P2\"]",
        Type::Names => "[\"tls\", \"str\"]",
        Type::Titles => "{ P1 = \"Critique\" }",
        Type::Calendar => "\"ho\"",
        Type::Calendars => "[\"ho\", \"site\"]",
        Type::Label(_) => "\"etiquette\"",
        Type::Labels(_) => "[\"etiquette\"]",
        Type::Country => "\"FR\"",
        Type::Countries => "[\"FR\"]",
        Type::Decimal => "\"2.5\"",
        Type::Time => "\"14:30\"",
        Type::Week => "{ mon-fri = [\"09:00-12:30\", \"14:00-18:00\"] }",
        Type::Openings => "[\"09:00-12:00\"]",
        Type::DatedOpenings => "{ 2026-12-24 = [\"09:00-12:00\"] }",
        Type::Cells => "{ site = { blocking = \"P1\" } }",
        Type::Table(fields) => return format!("{{ {} }}", fields_model(fields)),
        Type::Tables(fields) => return format!("[{{ {} }}]", fields_model(fields)),
    };
    text.to_owned()
}

fn fields_model(fields: &[Field]) -> String {
    fields.iter().map(|f| format!("{} = {}", f.name, model(f.ty))).collect::<Vec<_>>().join(", ")
}

pub(super) fn wrong_type(field: &Field, value: &Value, out: &mut Out) {
    let model = model(field.ty);
    let empty = value.as_text().is_some_and(|t| t.trim().is_empty())
        || value.as_array().is_some_and(<[Value]>::is_empty);
    let (fr, en) = if empty {
        (format!("« {} » est vide", field.name), format!("“{}” is empty", field.name))
    } else {
        (
            format!("« {} » ne s'écrit pas ainsi", field.name),
            format!("“{}” is not written like this", field.name),
        )
    };
    out.push(
        Diagnostic::error("E-FIELD-TYPE", value.span, fr, en)
            .help(format!("écrivez par exemple {model}"), format!("write for instance {model}")),
    );
}

pub(super) fn check(field: &Field, value: &Value, out: &mut Out) {
    match (field.ty, &value.node) {
        (Type::Text | Type::Calendar | Type::Label(_), Node::Text(text)) if text.trim().is_empty() => {
            wrong_type(field, value, out)
        }
        (Type::Text | Type::Calendar | Type::Label(_), Node::Text(_))
        | (Type::Flag, Node::Flag(_))
        | (Type::Date, Node::Date(_)) => {}
        (Type::Email, Node::Text(text))
            if text.split_once('@').is_some_and(|(a, b)| !a.is_empty() && b.contains('.')) => {}
        (Type::Siren, Node::Text(t)) => {
            party_id("E-PARTIES-SIREN", "SIREN", Siren::parse(t).err(), value, out)
        }
        (Type::Siret, Node::Text(t)) => {
            party_id("E-PARTIES-SIRET", "SIRET", Siret::parse(t).err(), value, out)
        }
        (Type::Vat, Node::Text(t)) => party_id("E-PARTIES-VAT", "TVA", FrenchVat::parse(t).err(), value, out),
        (Type::Lei, Node::Text(t)) => party_id("E-PARTIES-LEI", "LEI", Lei::parse(t).err(), value, out),
        (Type::Iban, Node::Text(t)) => party_id("E-PARTIES-IBAN", "IBAN", Iban::parse(t).err(), value, out),
        (Type::Integer(least), Node::Integer(n)) => integer(field, least, *n, value, out),
        (Type::Length | Type::Months | Type::ClockTime, Node::Text(text)) => length(field, text, value, out),
        (Type::Money, Node::Text(text)) => money(text, value, out),
        (Type::Percent | Type::Rate, Node::Text(text)) => percent(field, text, value, out),
        (Type::Country, Node::Text(text)) => country(text, value, out),
        (Type::Countries, Node::Array(values)) if !values.is_empty() => each(values, |v| match v.as_text() {
            Some(text) => country(text, v, out),
            None => wrong_type(field, v, out),
        }),
        (Type::Decimal, Node::Text(text)) => decimal(text, value, out),
        (Type::Time, Node::Text(text)) if Opening::parse(text, "24:00").is_some() => {}
        (Type::Zone, Node::Text(text)) => zone(text, value, out),
        (Type::Choice(words), Node::Text(text)) => choice(field, words, text, value, out),
        (Type::Choices(words), Node::Array(values)) if !values.is_empty() => {
            let mut seen = BTreeSet::new();
            each(values, |v| match v.as_text() {
                Some(text) if words.contains(&text) && !seen.insert(text.to_owned()) => twice(text, v, out),
                Some(text) => choice(field, words, text, v, out),
                None => wrong_type(field, v, out),
            })
        }
        (Type::Dates, Node::Array(values)) => dates(field, values, out),
        // No item would read as the whole class.
        (Type::Names, Node::Array(values)) if values.is_empty() && field.name == "items" => {
            wrong_type(field, value, out)
        }
        (Type::Texts | Type::Names | Type::Calendars | Type::Labels(_), Node::Array(values)) => {
            texts(field, values, out)
        }
        (Type::Names | Type::Titles, Node::Table(entries)) => {
            each(entries, |e| {
                if e.value.as_text().is_none() {
                    wrong_type(field, &e.value, out)
                }
            });
        }
        (Type::Week, Node::Table(_)) => week(field, value, out),
        (Type::Openings, Node::Array(_)) => openings_of(field, value, out),
        (Type::DatedOpenings, Node::Table(entries)) => each(entries, |e| {
            if e.key.parse::<Date>().is_err() {
                wrong_type(field, &Value { span: e.key_span, node: Node::Text(e.key.clone()) }, out);
            }
            openings_of(field, &e.value, out);
        }),
        (Type::Cells, Node::Table(rows)) => each(rows, |row| match row.value.as_table() {
            Some(cells) => each(cells, |c| {
                if c.value.as_text().is_none() {
                    wrong_type(field, &c.value, out)
                }
            }),
            None => wrong_type(field, &row.value, out),
        }),
        _ => wrong_type(field, value, out),
    }
}

fn each<T>(values: &[T], f: impl FnMut(&T)) {
    values.iter().for_each(f);
}

fn party_id(code: &'static str, name: &str, wrong: Option<PartyIdError>, value: &Value, out: &mut Out) {
    let (fr, en, help_fr, help_en) = match wrong {
        None => return,
        Some(PartyIdError::Check) => (
            format!("ce numéro {name} est faux : sa clé de contrôle ne correspond pas"),
            format!("this {name} number is wrong: its check digit does not match"),
            "un chiffre a été mal recopié : relisez-le sur l'extrait Kbis ou le RIB".to_owned(),
            "a digit was mistyped: read it again on the company's papers".to_owned(),
        ),
        Some(PartyIdError::Shape(shape)) => (
            format!("ce numéro {name} n'a pas la bonne forme"),
            format!("this {name} number has the wrong shape"),
            match code {
                "E-PARTIES-SIREN" => "un SIREN a neuf chiffres : \"000000125\"".to_owned(),
                "E-PARTIES-SIRET" => "un SIRET a quatorze chiffres : \"00000012500013\"".to_owned(),
                "E-PARTIES-VAT" => "FR, deux chiffres, puis le SIREN : \"FR96000000125\"".to_owned(),
                "E-PARTIES-LEI" => "un LEI a vingt lettres capitales et chiffres".to_owned(),
                _ => "un IBAN français a vingt-sept caractères et commence par FR".to_owned(),
            },
            format!("expected {shape}"),
        ),
    };
    out.push(Diagnostic::error(code, value.span, fr, en).help(help_fr, help_en));
}

fn integer(field: &Field, least: i64, n: i64, value: &Value, out: &mut Out) {
    if (least..=i64::from(u32::MAX)).contains(&n) {
        return;
    }
    let (fr, en) = if n < least {
        (format!("« {} » vaut au moins {least}", field.name), format!("“{}” is at least {least}", field.name))
    } else {
        (format!("« {} » est trop grand", field.name), format!("“{}” is too large", field.name))
    };
    out.push(Diagnostic::error("E-FIELD-RANGE", value.span, fr, en).help(
        format!("écrivez un nombre entier à partir de {least}"),
        format!("write a whole number from {least}"),
    ));
}

/// Two capitals: the shape of ISO 3166-1 alpha-2.
fn country(text: &str, value: &Value, out: &mut Out) {
    if text.len() == 2 && text.bytes().all(|b| b.is_ascii_uppercase()) {
        return;
    }
    let near = meant::country(text).unwrap_or("FR");
    out.push(
        Diagnostic::error(
            "E-COUNTRY-CODE",
            value.span,
            format!("« {text} » n'est pas un code de pays"),
            format!("“{text}” is not a country code"),
        )
        .help(
            format!("écrivez deux capitales, norme ISO 3166-1 : \"{near}\""),
            format!("write two capitals, ISO 3166-1: \"{near}\""),
        ),
    );
}

fn zone(text: &str, value: &Value, out: &mut Out) {
    if engines::calendar::zone(text).is_ok() {
        return;
    }
    let bundled = jiff::tz::TimeZoneDatabase::bundled();
    let near: Vec<String> = bundled.available().map(|n| n.to_string()).collect();
    let near = crate::diagnostic::nearest(text, near.iter().map(String::as_str)).unwrap_or("Europe/Paris");
    out.push(
        Diagnostic::error(
            "E-CALENDAR-ZONE",
            value.span,
            format!("« {text} » n'est pas un fuseau horaire"),
            format!("“{text}” is not a time zone"),
        )
        .help(
            format!("écrivez un nom IANA, par exemple \"{near}\""),
            format!("write an IANA name, for instance \"{near}\""),
        ),
    );
}

fn choice(field: &Field, words: &'static [&'static str], text: &str, value: &Value, out: &mut Out) {
    if words.contains(&text) {
        return;
    }
    let near = nearest(text, words.iter().copied()).or_else(|| meant::word(text, words));
    let help = suggestion_of(text, near, words.iter().copied());
    out.push(
        Diagnostic::error(
            "E-FIELD-CHOICE",
            value.span,
            format!("« {text} » n'est pas une valeur de « {} »", field.name),
            format!("“{text}” is not a value of “{}”", field.name),
        )
        .help(help.fr, help.en),
    );
}

fn texts(field: &Field, values: &[Value], out: &mut Out) {
    let mut seen = BTreeSet::new();
    for value in values {
        match value.as_text() {
            Some(text) if !seen.insert(text) => twice(text, value, out),
            Some(_) => {}
            None => wrong_type(field, value, out),
        }
    }
}

fn dates(field: &Field, values: &[Value], out: &mut Out) {
    let mut seen = BTreeSet::new();
    for value in values {
        match &value.node {
            Node::Date(date) if !seen.insert(*date) => {
                twice(&date.to_string(), value, out);
            }
            Node::Date(_) => {}
            _ => wrong_type(field, value, out),
        }
    }
}

fn twice(text: &str, value: &Value, out: &mut Out) {
    out.push(
        Diagnostic::warning(
            "W-FIELD-TWICE",
            value.span,
            format!("« {text} » est écrit deux fois dans cette liste"),
            format!("“{text}” is written twice in this list"),
        )
        .help("retirez l'un des deux", "remove one of them"),
    );
}
