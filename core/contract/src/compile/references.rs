//! What clauses say of one another: calendars, promises, phases, priorities, sites, currencies.

mod availability;
mod certificates;
mod labels;
mod law;
mod levels;
mod licences;
mod money;
mod money_and_dates;
mod parties;
mod perimeter;
mod places;
mod rights;
mod security;
mod services;
mod subcontractors;

use std::collections::{BTreeMap, BTreeSet};

use base::Provenance;
use terms::{Calendar, Dimension, Guard, Rule};

use super::Compiler;
use super::guards::{Declared, undeclared};
use crate::clauses::calendar::compose::{ALWAYS, unknown};
use crate::clauses::{Clause, commitment};
use crate::diagnostic::{Diagnostic, MOST_REMARKS, suggestion};
use crate::source::{Node, Span, Value};

pub(super) fn check(c: &mut Compiler) {
    calendars(c);
    let mut found = Vec::new();
    labels::check(&c.clauses, &mut found);
    promises(&c.clauses, &mut found);
    phases(&c.clauses, &mut found);
    listed(&c.clauses, &mut found);
    availability::check(&c.clauses, &mut found);
    perimeter::check(&c.clauses, &mut found);
    money_and_dates::check(c, &mut found);
    money::check(c, &mut found);
    parties::check(c, &mut found);
    levels::check(&c.clauses, &mut found);
    rights::check(&c.clauses, &mut found);
    services::check(&c.clauses, &mut found);
    places::check(&c.clauses, &mut found);
    subcontractors::check(&c.clauses, &mut found);
    security::check(&c.clauses, &mut found);
    law::check(c, &mut found);
    licences::check(&c.clauses, &mut found);
    certificates::check(&c.clauses, &mut found);
    c.diagnostics.extend(found);
}

/// The texts of a field written on this very clause, with their places.
fn own_texts<'a>(clause: &'a Clause, field: &str) -> Vec<(&'a str, &'a Value)> {
    let Some(entry) = clause.own.iter().find(|e| e.key == field) else { return Vec::new() };
    match &entry.value.node {
        Node::Text(text) => vec![(text.as_str(), &entry.value)],
        Node::Array(values) => values.iter().filter_map(|v| Some((v.as_text()?, v))).collect(),
        _ => Vec::new(),
    }
}

/// The texts of some fields in the rows of a table written on this very clause.
fn own_rows<'a>(clause: &'a Clause, table: &str, fields: &[&str]) -> Vec<(&'a str, &'a Value)> {
    let entry = clause.own.iter().find(|e| e.key == table);
    let rows = entry.and_then(|e| e.value.as_array()).unwrap_or_default();
    let cells = |row: &'a Value| fields.iter().filter_map(|field| row.get(field)).collect::<Vec<_>>();
    rows.iter().flat_map(cells).filter_map(|value| Some((value.as_text()?, value))).collect()
}

/// The names of a field written on this very clause, as a list or as the keys of a table.
fn own_names(clause: &Clause, field: &str) -> Vec<(String, Span)> {
    let Some(entry) = clause.own.iter().find(|e| e.key == field) else { return Vec::new() };
    match &entry.value.node {
        Node::Array(values) => {
            values.iter().filter_map(|v| Some((v.as_text()?.to_owned(), v.span))).collect()
        }
        Node::Table(entries) => entries.iter().map(|e| (e.key.clone(), e.key_span)).collect(),
        _ => Vec::new(),
    }
}

/// Calendars that promises and hotlines name; `24x7` needs no clause and is added when used.
fn calendars(c: &mut Compiler) {
    let known: BTreeMap<&str, &Clause> =
        c.clauses.iter().filter(|k| k.is("calendar")).map(|k| (k.label.as_str(), k)).collect();
    let mut found = Vec::new();
    let mut first_use: Option<Provenance> = None;
    for clause in c.clauses.iter().filter(|k| !k.is("calendar")) {
        let maintenance = own_texts(clause, "maintenance_calendar");
        let weighed = own_rows(clause, "weights", &["within", "outside", "holidays_of"]);
        for (label, value) in own_texts(clause, "calendar").into_iter().chain(maintenance).chain(weighed) {
            match known.get(label) {
                Some(calendar) if calendar.exception_to.is_some() => {
                    found.push(exception_named(label, value, calendar))
                }
                Some(_) => {}
                None if label == ALWAYS => {
                    first_use.get_or_insert_with(|| c.provenance(clause));
                }
                None if found.len() > MOST_REMARKS => {}
                None => found.push(unknown(label, value.span, known.keys().copied())),
            }
        }
    }
    if let Some(from) = first_use {
        let from = Provenance { label: ALWAYS.to_owned(), ..from };
        let then = Calendar::always(c.terms.zone.clone());
        c.terms.calendars.push(Rule { from, when: Guard::default(), exception_to: None, then });
    }
    c.diagnostics.extend(found);
}

/// An exception is reached through the calendar it excepts, by its guard.
fn exception_named(label: &str, value: &Value, calendar: &Clause) -> Diagnostic {
    let base = calendar.exception_to.as_ref().map_or("", |(l, _)| l.as_str());
    Diagnostic::error(
        "E-CALENDAR-EXCEPTION",
        value.span,
        format!("« {label} » est une exception à « {base} » : il s'applique de lui-même"),
        format!("“{label}” is an exception to “{base}”: it applies by itself"),
    )
    .help(format!("écrivez \"{base}\""), format!("write \"{base}\""))
}

/// A penalty, an objective or a pause on a promise that nobody makes.
fn promises(clauses: &[Clause], found: &mut Vec<Diagnostic>) {
    let made: BTreeSet<&str> =
        clauses.iter().filter(|k| k.is("commitment")).filter_map(|k| k.text("promise")).collect();
    for (kind, field, code) in [
        ("penalty", "on", "E-PENALTY-PROMISE"),
        ("objective", "promise", "E-OBJECTIVE-PROMISE"),
        ("pause", "stops", "E-PAUSE-PROMISE"),
        ("escalation", "promise", "E-ESCALATION-PROMISE"),
    ] {
        for clause in clauses.iter().filter(|k| k.is(kind)) {
            let known = commitment::PROMISES;
            for (promise, value) in own_texts(clause, field) {
                if known.contains(&promise) && !made.contains(promise) {
                    let help = suggestion(promise, made.iter().copied());
                    found.push(
                        Diagnostic::error(
                            code,
                            value.span,
                            format!("personne ne promet « {promise} » dans ce contrat"),
                            format!("nobody promises “{promise}” in this contract"),
                        )
                        .help(
                            format!("ajoutez une clause commitment, ou changez ce mot ; {}", help.fr),
                            format!("add a clause commitment, or change this word; {}", help.en),
                        ),
                    );
                }
            }
        }
    }
}

fn phases(clauses: &[Clause], found: &mut Vec<Diagnostic>) {
    let phases: BTreeSet<&str> = clauses
        .iter()
        .filter(|k| k.is("term"))
        .filter_map(|k| k.value("phases")?.as_array())
        .flatten()
        .filter_map(|p| p.get("name")?.as_text())
        .collect();
    for clause in clauses.iter().filter(|k| k.is("penalty")) {
        for (phase, value) in own_texts(clause, "suspended_in") {
            if !phases.contains(phase) {
                let help = suggestion(phase, phases.iter().copied());
                found.push(
                    Diagnostic::error(
                        "E-PENALTY-PHASE",
                        value.span,
                        format!("le contrat n'a pas de phase « {phase} »"),
                        format!("the contract has no phase “{phase}”"),
                    )
                    .help(help.fr, help.en),
                );
            }
        }
    }
}

/// Priorities of a hotline and sites of a perimeter are declared elsewhere.
fn listed(clauses: &[Clause], found: &mut Vec<Diagnostic>) {
    let declared = Declared::of(clauses);
    let mut errors = 0;
    for (kind, field, dimension, code) in [
        ("hotline", "never_refused", Dimension::Priority, "E-HOTLINE-PRIORITY"),
        ("hotline", "not_counted", Dimension::Priority, "E-HOTLINE-PRIORITY"),
        ("hotline", "weights", Dimension::Priority, "E-HOTLINE-PRIORITY"),
        ("perimeter", "sites", Dimension::Site, "E-PERIMETER-SITE"),
        ("place_of_delivery", "sites", Dimension::Site, "E-PLACE-SITE"),
        ("place_of_delivery", "moved_equipment", Dimension::Item, "E-PLACE-ITEM"),
        ("elementary_service", "covers", Dimension::ItemClass, "E-SERVICE-CLASS"),
    ] {
        let Some(known) = declared.values(dimension) else { continue };
        for clause in clauses.iter().filter(|k| k.is(kind)) {
            let texts = match field {
                "weights" => own_rows(clause, field, &["priority"]),
                field => own_texts(clause, field),
            };
            let unknown = texts.into_iter().filter(|(w, _)| !known.contains(*w));
            // Each remark is an error and compares its word with many: a thousand are enough.
            for (word, value) in unknown.take(MOST_REMARKS.saturating_sub(errors)) {
                errors += 1;
                found.push(undeclared(code, dimension, word, value.span, known));
            }
        }
    }
}
