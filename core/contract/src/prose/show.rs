//! A field's value in the words of the contract's language: « quatre heures », « 2 300,00 € ».

use base::fraction::parse_percent;
use base::{Lang, Length, Money, lang};
use terms::Dimension;

use crate::clauses::calendar::{openings, week_days};
use crate::clauses::{Field, Kind, Type, texts};
use crate::compile::Compiler;
use crate::source::{Node, Value};

pub(super) fn value(c: &Compiler, kind: &Kind, field: &Field, value: &Value) -> String {
    let lang = c.lang();
    let text = value.as_text().unwrap_or_default();
    match field.ty {
        Type::Length | Type::Months | Type::ClockTime => {
            Length::parse(text).map_or_else(|_| text.to_owned(), |l| l.in_words(lang))
        }
        Type::Money => Money::parse(text).map_or_else(|_| text.to_owned(), |m| m.show(lang)),
        Type::Percent | Type::Rate => {
            parse_percent(text).map_or_else(|| text.to_owned(), |p| lang::percent(lang, p))
        }
        Type::Decimal => text.replace('.', lang.t(",", ".")),
        Type::Choice(_) => kind.word(lang, text).into_owned(),
        Type::Choices(_) => {
            list(lang, texts(value).iter().map(|w| kind.word(lang, w).into_owned()).collect())
        }
        Type::Texts | Type::Calendars | Type::Labels(_) | Type::Countries => {
            list(lang, named(c, field, texts(value)))
        }
        Type::Names => list(lang, names(value)),
        Type::Titles => list(lang, names(value)),
        Type::Week => week_days(lang, value).join(lang.t("\u{202f}; ", "; ")),
        Type::Openings => openings(value).iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
        Type::Dates => list(lang, dates(lang, value)),
        _ => plain(lang, value),
    }
}

/// A value within a table: `small_sample.below`, `exceptions.2026-12-24`, `sites.tls`; or within a list of
/// tables, counted from one as an article counts its steps: `steps.1.within`.
pub(super) fn inner(c: &Compiler, kind: &Kind, field: &Field, value: &Value, path: &str) -> Option<String> {
    let (key, rest) = path.split_once('.').unwrap_or((path, ""));
    if let Type::Tables(fields) = field.ty {
        let nth = value.as_array()?.get(key.parse::<usize>().ok()?.checked_sub(1)?)?;
        return Some(self::value(c, kind, fields.iter().find(|f| f.name == rest)?, nth.get(rest)?));
    }
    let found = value.get(key)?;
    match field.ty {
        Type::Table(fields) => Some(self::value(c, kind, fields.iter().find(|f| f.name == key)?, found)),
        Type::DatedOpenings => {
            Some(openings(found).iter().map(ToString::to_string).collect::<Vec<_>>().join(", "))
        }
        Type::Cells => found.get(rest)?.as_text().map(str::to_owned),
        _ if rest.is_empty() => Some(plain(c.lang(), found)),
        _ => None,
    }
}

fn plain(lang: Lang, value: &Value) -> String {
    match &value.node {
        Node::Text(text) | Node::Other(text) => text.clone(),
        Node::Integer(n) => lang::integer(lang, *n),
        Node::Flag(true) => lang.t("oui", "yes").to_owned(),
        Node::Flag(false) => lang.t("non", "no").to_owned(),
        Node::Date(date) => lang::date(lang, *date),
        Node::DateTime(at) => {
            format!("{} {} {}", lang::date(lang, at.date()), lang.t("à", "at"), lang::time(lang, at.time()))
        }
        Node::Array(values) => list(lang, values.iter().map(|v| plain(lang, v)).collect()),
        Node::Table(entries) => {
            list(lang, entries.iter().map(|e| format!("{} = {}", e.key, plain(lang, &e.value))).collect())
        }
    }
}

fn dates(lang: Lang, value: &Value) -> Vec<String> {
    value.as_array().unwrap_or_default().iter().map(|v| plain(lang, v)).collect()
}

fn names(value: &Value) -> Vec<String> {
    match value.as_table() {
        Some(entries) => entries.iter().map(|e| e.value.as_text().unwrap_or(&e.key).to_owned()).collect(),
        None => texts(value),
    }
}

fn named(c: &Compiler, field: &Field, values: Vec<String>) -> Vec<String> {
    let dimension = match field.name {
        "sites" => Dimension::Site,
        "priorities" | "never_refused" | "not_counted" => Dimension::Priority,
        _ => return values,
    };
    values.into_iter().map(|v| c.terms.name_of(dimension.key(), &v).to_owned()).collect()
}

fn list(lang: Lang, words: Vec<String>) -> String {
    match &words[..] {
        [] => lang.t("aucun", "none").to_owned(),
        [one] => one.clone(),
        [head @ .., tail] => format!("{}{}{tail}", head.join(", "), lang.t(" et ", " and ")),
    }
}
