//! The shape of each type of value: what it must look like, and the error that shows a model of it.

use base::fraction::{Fraction, parse_percent};
use base::party_id::{FrenchVat, Iban, Lei, PartyIdError, Siren, Siret};
use base::{Length, Money};
use jiff::civil::Date;
use terms::Opening;

use super::{Field, Type, meant};
use crate::clauses::calendar::{day_range, openings};
use crate::diagnostic::{Diagnostic, suggestion};
use crate::source::{Node, Value};

type Out = Vec<Diagnostic>;

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
        (Type::Text | Type::Calendar, Node::Text(text)) if text.trim().is_empty() => {
            wrong_type(field, value, out)
        }
        (Type::Text | Type::Calendar, Node::Text(_))
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
        (Type::Zone, Node::Text(text)) => zone(text, value, out),
        (Type::Choice(words), Node::Text(text)) => choice(field, words, text, value, out),
        (Type::Choices(words), Node::Array(values)) if !values.is_empty() => {
            each(values, |v| match v.as_text() {
                Some(text) => choice(field, words, text, v, out),
                None => wrong_type(field, v, out),
            })
        }
        (Type::Dates, Node::Array(values)) => dates(field, values, out),
        // No item would read as the whole class.
        (Type::Names, Node::Array(values)) if values.is_empty() && field.name == "items" => {
            wrong_type(field, value, out)
        }
        (Type::Texts | Type::Names | Type::Calendars, Node::Array(values)) => texts(field, values, out),
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

fn length(field: &Field, text: &str, value: &Value, out: &mut Out) {
    let fits = match (field.ty, Length::parse(text)) {
        (
            _,
            Err(_) | Ok(Length::Seconds(0) | Length::Days(0) | Length::WorkingDays(0) | Length::Months(0)),
        ) if !(field.name == "alert_below" && text.starts_with('0')) => false,
        (Type::Months, Ok(l)) => matches!(l, Length::Months(_)),
        (Type::ClockTime, Ok(l)) => matches!(l, Length::Seconds(_)),
        (_, parsed) => parsed.is_ok(),
    };
    if fits {
        return;
    }
    let near = meant::length(text).filter(|near| match (field.ty, Length::parse(near)) {
        (Type::Months, Ok(l)) => matches!(l, Length::Months(n) if n > 0),
        (Type::ClockTime, Ok(l)) => matches!(l, Length::Seconds(s) if s > 0),
        (_, parsed) => near != text && parsed.is_ok(),
    });
    let near = near.map(|near| format!("\"{near}\""));
    let (fr, en) = match field.ty {
        _ if near.is_some() => (near.as_deref().unwrap_or(""), near.as_deref().unwrap_or("")),
        Type::Months => ("\"36 months\" ou \"3 years\"", "\"36 months\" or \"3 years\""),
        Type::ClockTime => ("\"15 min\" ou \"4 h\"", "\"15 min\" or \"4 h\""),
        _ => (
            "\"30 min\", \"4 h\", \"4 h 30 min\", \"5 working_days\", \"10 days\" ou \"3 months\"",
            "\"30 min\", \"4 h\", \"4 h 30 min\", \"5 working_days\", \"10 days\" or \"3 months\"",
        ),
    };
    out.push(
        Diagnostic::error(
            "E-LENGTH-SHAPE",
            value.span,
            format!("« {text} » n'est pas une durée qui convienne ici"),
            format!("“{text}” is not a length of time that fits here"),
        )
        .help(format!("écrivez {fr}"), format!("write {en}")),
    );
}

fn money(text: &str, value: &Value, out: &mut Out) {
    let (code, fr, en) = match Money::parse(text) {
        Ok(amount) if amount.cents > 0 && meant::two_decimals(text) => return,
        Ok(amount) if amount.cents > 0 => (
            "E-MONEY-SHAPE",
            format!("« {text} » a plus de deux décimales"),
            format!("“{text}” has more than two decimals"),
        ),
        Ok(_) => (
            "E-MONEY-SIGN",
            "un prix est supérieur à zéro".to_owned(),
            "a price is more than zero".to_owned(),
        ),
        Err(why) => (
            "E-MONEY-SHAPE",
            format!("« {text} » n'est pas un montant"),
            format!("“{text}” is not an amount: {why}"),
        ),
    };
    let (help_fr, help_en) = match meant::money(text) {
        Some(near) => (format!("écrivez \"{near}\""), format!("write \"{near}\"")),
        None => (
            "un montant s'écrit \"2300.00 EUR\" : un point décimal, une espace, EUR, CHF, GBP ou USD"
                .to_owned(),
            "an amount is written \"2300.00 EUR\": a decimal point, a space, EUR, CHF, GBP or USD".to_owned(),
        ),
    };
    out.push(Diagnostic::error(code, value.span, fr, en).help(help_fr, help_en));
}

fn percent(field: &Field, text: &str, value: &Value, out: &mut Out) {
    let (zero, one) = (Fraction::from_integer(0), Fraction::from_integer(1));
    let (code, fr, en) = match parse_percent(text) {
        Some(p) if p <= one && (p > zero || p == zero && field.ty == Type::Rate) => return,
        Some(_) => (
            "E-PERCENT-RANGE",
            format!("« {text} » n'est pas entre 0 et 100 %"),
            format!("“{text}” is not between 0 and 100%"),
        ),
        None => (
            "E-PERCENT-SHAPE",
            format!("« {text} » n'est pas un pourcentage"),
            format!("“{text}” is not a percentage"),
        ),
    };
    let (help_fr, help_en) = match meant::percent(text).filter(|_| code == "E-PERCENT-SHAPE") {
        Some(near) => (format!("écrivez \"{near}\""), format!("write \"{near}\"")),
        None => ("écrivez par exemple \"99.5 %\"".to_owned(), "write for instance \"99.5 %\"".to_owned()),
    };
    out.push(Diagnostic::error(code, value.span, fr, en).help(help_fr, help_en));
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
    let help = suggestion(text, words.iter().copied());
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
    for (i, value) in values.iter().enumerate() {
        match value.as_text() {
            Some(text) if values[..i].iter().any(|v| v.as_text() == Some(text)) => twice(text, value, out),
            Some(_) => {}
            None => wrong_type(field, value, out),
        }
    }
}

fn dates(field: &Field, values: &[Value], out: &mut Out) {
    for (i, value) in values.iter().enumerate() {
        match &value.node {
            Node::Date(date) if values[..i].iter().any(|v| v.node == value.node) => {
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

fn week(field: &Field, value: &Value, out: &mut Out) {
    let entries = value.as_table().unwrap_or_default();
    let mut days: [Vec<Opening>; 7] = Default::default();
    for entry in entries {
        let Some(range) = day_range(&entry.key) else {
            let near = |write: &str, then: &str| {
                meant::days(&entry.key).map_or_else(String::new, |days| format!("{write} {days}{then}"))
            };
            out.push(
                Diagnostic::error(
                    "E-CALENDAR-DAY",
                    entry.key_span,
                    format!("« {} » n'est pas un jour", entry.key),
                    format!("“{}” is not a day", entry.key),
                )
                .help(
                    format!(
                        "{}jours : mon, tue, wed, thu, fri, sat, sun ; du lundi au vendredi : mon-fri",
                        near("écrivez", " ; ")
                    ),
                    format!(
                        "{}days: mon, tue, wed, thu, fri, sat, sun; Monday to Friday: mon-fri",
                        near("write", "; ")
                    ),
                ),
            );
            continue;
        };
        openings_of(field, &entry.value, out);
        let across = range.clone().any(|day| {
            openings(&entry.value)
                .iter()
                .any(|o| days[day].iter().any(|p| o.open < p.close && p.open < o.close))
        });
        if across {
            overlap(&entry.value, out);
        }
        range.for_each(|day| days[day].extend(openings(&entry.value)));
    }
}

fn openings_of(field: &Field, value: &Value, out: &mut Out) {
    let Some(values) = value.as_array() else { return wrong_type(field, value, out) };
    for one in values {
        match one.as_text().map(Opening::parse_span) {
            Some(Some(_)) => {}
            _ => out.push(no_opening(one)),
        }
    }
    if openings(value).windows(2).any(|w| w[1].open < w[0].close) {
        overlap(value, out);
    }
}

fn no_opening(one: &Value) -> Diagnostic {
    let (help_fr, help_en) = match one.as_text().and_then(meant::opening) {
        Some(near) => (format!("écrivez \"{near}\""), format!("write \"{near}\"")),
        None => (
            "écrivez \"09:00-12:30\" ; une nuit s'écrit en deux plages, \"22:00-24:00\" puis \"00:00-06:00\" le lendemain".to_owned(),
            "write \"09:00-12:30\"; a night takes two openings, \"22:00-24:00\" then \"00:00-06:00\" the next day".to_owned(),
        ),
    };
    Diagnostic::error(
        "E-CALENDAR-OPENING",
        one.span,
        "cette plage ne se lit pas, ou finit avant de commencer",
        "this opening cannot be read, or ends before it starts",
    )
    .help(help_fr, help_en)
}

fn overlap(value: &Value, out: &mut Out) {
    out.push(
        Diagnostic::error(
            "E-CALENDAR-OVERLAP",
            value.span,
            "deux plages du même jour se chevauchent",
            "two openings of the same day overlap",
        )
        .help("réunissez-les en une seule plage", "join them into one opening"),
    );
}
