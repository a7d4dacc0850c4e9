//! Checks the fields of a clause against its kind's table: unknown keys, types, shapes, what is missing.

mod amounts;
mod hours;
mod meant;
mod shape;

use super::{Clause, Field, Merged, Origin, Presence, Type};
use crate::diagnostic::{Diagnostic, nearest, suggestion};
use crate::source::{Entry, Node, Span, Value};

/// Reports everything wrong with the fields of a clause whose `merged` fields are filled in.
pub(crate) fn check(clause: &Clause, out: &mut Vec<Diagnostic>) {
    let table = clause.kind.fields;
    unknown_keys(&clause.own, table, out);
    for entry in &clause.own {
        let Some(field) = table.iter().find(|f| f.name == entry.key) else { continue };
        if !applies(field, &clause.merged) && chosen(field, clause) {
            unused(field, entry.key_span, out);
        }
        value(field, &entry.value, out);
    }
    for field in table.iter().filter(|f| f.presence == Presence::Required && applies(f, &clause.merged)) {
        let misspelt = || misspelt(&clause.own, table).any(|name| name == field.name);
        if !clause.merged.iter().any(|m| m.entry.key == field.name) && !misspelt() {
            missing(field, clause.label_span, "then", out);
        }
    }
}

/// Fills a clause's fields: its own, then those of the clause it excepts, then the defaults.
pub(crate) fn merge(own: &[Entry], table: &'static [Field], parent: Option<&Clause>) -> Vec<Merged> {
    let mut merged: Vec<Merged> =
        own.iter().map(|e| Merged { entry: e.clone(), origin: Origin::Own }).collect();
    let has = |merged: &[Merged], key: &str| merged.iter().any(|m| m.entry.key == key);
    if let Some(parent) = parent {
        for inherited in parent.merged.iter().filter(|m| m.origin != Origin::Default) {
            if !has(&merged, &inherited.entry.key) {
                let origin = match &inherited.origin {
                    Origin::Inherited(label) => Origin::Inherited(label.clone()),
                    _ => Origin::Inherited(parent.label.clone()),
                };
                merged.push(Merged { entry: inherited.entry.clone(), origin });
            }
        }
    }
    for field in table {
        if !has(&merged, field.name)
            && applies(field, &merged)
            && let Some(value) = field.default_value()
        {
            let entry = Entry { key: field.name.to_owned(), key_span: Span::default(), value };
            merged.push(Merged { entry, origin: Origin::Default });
        }
    }
    // An exception that changes the form leaves behind the fields of the other form.
    let kept: Vec<bool> = merged
        .iter()
        .map(|m| {
            let field = table.iter().find(|f| f.name == m.entry.key);
            m.origin == Origin::Own || field.is_none_or(|f| applies(f, &merged))
        })
        .collect();
    let mut kept = kept.into_iter();
    merged.retain(|_| kept.next().unwrap_or(true));
    merged
}

/// Whether the field it depends on has one of the values it asks for.
fn applies(field: &Field, merged: &[Merged]) -> bool {
    let Some((other, values)) = field.when else { return true };
    merged
        .iter()
        .find(|m| m.entry.key == other)
        .and_then(|m| m.entry.value.as_text())
        .is_some_and(|v| values.contains(&v))
}

/// Whether the field it depends on has a value that there is: otherwise that is what is wrong.
fn chosen(field: &Field, clause: &Clause) -> bool {
    let Some((other, _)) = field.when else { return true };
    let words = clause.kind.field(other).map(|f| f.ty);
    match (words, clause.value(other).and_then(Value::as_text)) {
        (Some(Type::Choice(words)), Some(text)) => words.contains(&text),
        _ => true,
    }
}

/// The fields that unknown keys were meant to be.
fn misspelt<'a>(entries: &'a [Entry], table: &'a [Field]) -> impl Iterator<Item = &'a str> {
    entries
        .iter()
        .filter(|e| !table.iter().any(|f| f.name == e.key))
        .filter_map(|e| nearest(&e.key, table.iter().map(|f| f.name)))
}

fn unknown_keys(entries: &[Entry], table: &[Field], out: &mut Vec<Diagnostic>) {
    for entry in entries.iter().filter(|e| !table.iter().any(|f| f.name == e.key)) {
        let help = suggestion(&entry.key, table.iter().map(|f| f.name));
        out.push(
            Diagnostic::error(
                "E-FIELD-UNKNOWN",
                entry.key_span,
                format!("la clé « {} » n'existe pas ici", entry.key),
                format!("there is no key “{}” here", entry.key),
            )
            .help(help.fr, help.en),
        );
    }
}

fn unused(field: &Field, span: Span, out: &mut Vec<Diagnostic>) {
    let Some((other, values)) = field.when else { return };
    let values = values.join(", ");
    out.push(
        Diagnostic::error(
            "E-FIELD-UNUSED",
            span,
            format!("« {} » n'a de sens que si {other} vaut {values}", field.name),
            format!("“{}” only has a meaning when {other} is {values}", field.name),
        )
        .help(
            format!("retirez {}, ou changez {other}", field.name),
            format!("remove {}, or change {other}", field.name),
        ),
    );
}

fn missing(field: &Field, place: Span, table: &str, out: &mut Vec<Diagnostic>) {
    let model = shape::model(field.ty);
    out.push(
        Diagnostic::error(
            field.missing.unwrap_or("E-FIELD-MISSING"),
            place,
            format!("il manque « {} » : {}", field.name, field.fr),
            format!("“{}” is missing: {}", field.name, field.en),
        )
        .help(
            format!("ajoutez dans {table} : {} = {model}", field.name),
            format!("add to {table}: {} = {model}", field.name),
        ),
    );
}

/// A table within a field, or a file, with fields of its own.
pub(crate) fn nested(
    entries: &[Entry],
    place: Span,
    name: &str,
    table: &'static [Field],
    out: &mut Vec<Diagnostic>,
) {
    unknown_keys(entries, table, out);
    for field in table {
        let applies = applies_within(field, entries, table);
        match entries.iter().find(|e| e.key == field.name) {
            Some(entry) => {
                if applies == Some(false) {
                    unused(field, entry.key_span, out);
                }
                value(field, &entry.value, out);
            }
            None if misspelt(entries, table).any(|name| name == field.name) => {}
            None if field.presence == Presence::Required && applies == Some(true) => {
                missing(field, place, name, out);
            }
            None => {}
        }
    }
}

/// Whether the field of the table that it depends on has one of the values it asks for; `None` when that one
/// has no value that there is: that is what is wrong.
fn applies_within(field: &Field, entries: &[Entry], table: &[Field]) -> Option<bool> {
    let Some((other, values)) = field.when else { return Some(true) };
    let given = entries.iter().find(|e| e.key == other)?.value.as_text()?;
    let words = table.iter().find(|f| f.name == other).map(|f| f.ty);
    match words {
        Some(Type::Choice(words)) if !words.contains(&given) => None,
        _ => Some(values.contains(&given)),
    }
}

fn value(field: &Field, given: &Value, out: &mut Vec<Diagnostic>) {
    match (field.ty, &given.node) {
        (Type::Table(table), Node::Table(entries)) => nested(entries, given.span, field.name, table, out),
        (Type::Tables(table), Node::Array(values)) => {
            for one in values {
                match &one.node {
                    Node::Table(entries) => nested(entries, one.span, field.name, table, out),
                    _ => shape::wrong_type(field, one, out),
                }
            }
        }
        _ => shape::check(field, given, out),
    }
}
