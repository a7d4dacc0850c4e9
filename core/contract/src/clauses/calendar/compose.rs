//! Calendars made of others, by their labels; and the holidays that a year of the contract lacks.

use std::collections::BTreeMap;

use terms::Calendar;

use crate::clauses::Clause;
use crate::compile::Compiler;
use crate::diagnostic::{Diagnostic, nearest, suggestion};
use crate::source::{MAX_NESTING, Node, Span};

/// The calendar that is always there: day and night.
pub(crate) const ALWAYS: &str = "24x7";

/// A composition, its members still to be put in place by [`resolve`].
pub(super) fn read(form: &str) -> Calendar {
    match form {
        "intersection" => Calendar::Intersection(Vec::new()),
        "union" => Calendar::Union(Vec::new()),
        _ => Calendar::Complement(Box::new(Calendar::Union(Vec::new()))),
    }
}

/// The labels a composed calendar names, with their places.
fn members(clause: &Clause) -> Vec<(&str, Span)> {
    let Some(value) = super::COMPOSITIONS.into_iter().find_map(|n| clause.value(n)) else { return Vec::new() };
    match &value.node {
        Node::Text(label) => vec![(label.as_str(), value.span)],
        Node::Array(values) => {
            values.iter().filter_map(|v| Some((v.as_text()?, v.span))).collect()
        }
        _ => Vec::new(),
    }
}

/// Puts the calendars that compositions name in their place; reports unknown labels and cycles.
pub(crate) fn resolve(c: &mut Compiler) {
    let clauses: BTreeMap<String, Clause> = c
        .clauses
        .iter()
        .filter(|k| k.is("calendar"))
        .map(|k| (k.label.clone(), k.clone()))
        .collect();
    let exceptions: BTreeMap<&str, &Clause> =
        clauses.values().rev().filter_map(|k| Some((k.exception_to.as_ref()?.0.as_str(), k))).collect();
    for clause in clauses.values() {
        for (label, span) in members(clause) {
            if label != ALWAYS && !clauses.contains_key(label) {
                c.push(unknown(label, span, &clauses));
            }
            if let Some(exception) = exceptions.get(label) {
                c.push(left_out(label, span, exception));
            }
        }
    }
    let simple: BTreeMap<String, Calendar> =
        c.terms.calendars.iter().map(|r| (r.label().to_owned(), r.then.clone())).collect();
    let zone = c.terms.zone.clone();
    for i in 0..c.terms.calendars.len() {
        let label = c.terms.calendars[i].label().to_owned();
        let mut path = Vec::new();
        let mut budget = MOST_MEMBERS;
        match place(&label, &clauses, &simple, &zone, &mut path, &mut budget) {
            Ok(Some(calendar)) => c.terms.calendars[i].then = calendar,
            Ok(None) if budget == 0 || path.len() >= MAX_NESTING => c.push(too_many(&label, &clauses)),
            Ok(None) => {}
            Err(at) => c.push(
                Diagnostic::error(
                    "E-CALENDAR-CYCLE",
                    at,
                    format!("le calendrier « {label} » se définit par lui-même"),
                    format!("the calendar “{label}” is defined by itself"),
                )
                .help("retirez-le de sa propre composition", "take it out of its own composition"),
            ),
        }
    }
}

/// How many compositions one calendar may come down to.
const MOST_MEMBERS: usize = 1000;

fn too_many(label: &str, clauses: &BTreeMap<String, Clause>) -> Diagnostic {
    Diagnostic::error(
        "E-CALENDAR-FORM",
        clauses.get(label).map_or_else(Span::default, |k| k.label_span),
        format!("le calendrier « {label} » en compose trop d'autres, les uns dans les autres"),
        format!("the calendar “{label}” is made of too many others, within one another"),
    )
    .help(
        format!("au plus {MAX_NESTING} niveaux : écrivez ses horaires par week"),
        format!("{MAX_NESTING} levels at most: write its hours with week"),
    )
}

/// A composition takes a calendar as it is by itself.
fn left_out(label: &str, span: Span, exception: &Clause) -> Diagnostic {
    Diagnostic::warning(
        "W-CALENDAR-COMPOSED",
        span,
        format!("« {label} » est pris ici sans ses exceptions"),
        format!("“{label}” is taken here without its exceptions"),
    )
    .related(exception.label_span, "une exception laissée de côté", "an exception left out")
    .help(
        "écrivez la même exception au calendrier composé, s'il doit la suivre",
        "write the same exception to the composed calendar, if it is to follow it",
    )
}

pub(crate) fn unknown(label: &str, span: Span, known: &BTreeMap<String, Clause>) -> Diagnostic {
    // « 24/7 » is not the label of anyone's calendar.
    let always = nearest(label, [ALWAYS]);
    let help = suggestion(label, always.into_iter().chain(known.keys().map(String::as_str)));
    Diagnostic::error(
        "E-CALENDAR-UNKNOWN",
        span,
        format!("aucun calendrier ne s'appelle « {label} »"),
        format!("no calendar is called “{label}”"),
    )
    .help(help.fr, help.en)
}

/// The calendar of a label with its members in place; `Err`: where it names itself.
fn place(
    label: &str,
    clauses: &BTreeMap<String, Clause>,
    simple: &BTreeMap<String, Calendar>,
    zone: &str,
    path: &mut Vec<String>,
    budget: &mut usize,
) -> Result<Option<Calendar>, Span> {
    if label == ALWAYS && !clauses.contains_key(label) {
        return Ok(Some(Calendar::always(zone)));
    }
    let (Some(clause), Some(calendar)) = (clauses.get(label), simple.get(label)) else { return Ok(None) };
    if matches!(calendar, Calendar::Weekly(_)) {
        return Ok(Some(calendar.clone()));
    }
    // A tree of calendars that each name another twice would double at every level.
    *budget = budget.saturating_sub(1);
    if *budget == 0 || path.len() >= MAX_NESTING {
        return Ok(None);
    }
    path.push(label.to_owned());
    let mut of = Vec::new();
    for (member, span) in members(clause) {
        if path.iter().any(|p| p == member) {
            return if path[0] == member { Err(span) } else { Ok(None) };
        }
        match place(member, clauses, simple, zone, path, budget)? {
            Some(calendar) => of.push(calendar),
            None => return Ok(None),
        }
    }
    path.pop();
    Ok(Some(match calendar {
        Calendar::Intersection(_) => Calendar::Intersection(of),
        Calendar::Union(_) => Calendar::Union(of),
        _ => match of.pop() {
            Some(other) => Calendar::Complement(Box::new(other)),
            None => return Ok(None),
        },
    }))
}

/// Warns of a year of the contract in which a calendar that lists holidays lists none.
pub(crate) fn check_years(c: &mut Compiler) {
    let Some(term) = &c.terms.term else { return };
    let (first, last) = (term.then.start.year(), term.then.end().map_or(term.then.start.year(), |d| d.year()));
    let mut found = Vec::new();
    for clause in c.clauses.iter().filter(|k| k.is("calendar")) {
        let Some(written) = clause.own.iter().find(|e| e.key == "holidays") else { continue };
        let dates = written.value.as_array().unwrap_or_default();
        let listed = |year: i16| dates.iter().any(|v| matches!(v.node, Node::Date(d) if d.year() == year));
        if dates.is_empty() {
            continue;
        }
        let missing: Vec<String> = (first..=last).filter(|y| !listed(*y)).map(|y| y.to_string()).collect();
        if !missing.is_empty() {
            let years = missing.join(", ");
            found.push(
                Diagnostic::warning(
                    "W-CALENDAR-HOLIDAYS",
                    written.key_span,
                    format!("aucun jour férié n'est énuméré pour {years}, que le contrat couvre"),
                    format!("no holiday is listed for {years}, which the contract covers"),
                )
                .help(
                    "énumérez les jours fériés de chaque année : c'est la liste signée qui fait foi",
                    "list the holidays of each year: the signed list is the one that counts",
                ),
            );
        }
    }
    c.diagnostics.extend(found);
}
