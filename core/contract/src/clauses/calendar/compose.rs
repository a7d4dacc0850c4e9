//! Calendars made of others, by their labels; and the holidays that a year of the contract lacks.

use std::collections::{BTreeMap, BTreeSet};

use terms::Calendar;

use crate::clauses::Clause;
use crate::compile::Compiler;
use crate::diagnostic::{Diagnostic, MOST_REMARKS, nearest, suggestion};
use crate::source::{MAX_NESTING, Node, Span, Value};

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
    let all = std::mem::take(&mut c.clauses);
    let clauses: Calendars<'_> =
        all.iter().filter(|k| k.is("calendar")).map(|k| (k.label.as_str(), k)).collect();
    named(&clauses, &mut c.diagnostics);
    put_in_place(c, &clauses);
    c.clauses = all;
}

/// The clauses of calendars, by their labels.
type Calendars<'a> = BTreeMap<&'a str, &'a Clause>;

/// The members that compositions name are calendars, and without exceptions.
fn named(clauses: &Calendars<'_>, found: &mut Vec<Diagnostic>) {
    let exceptions: BTreeMap<&str, &Clause> =
        clauses.values().rev().filter_map(|k| Some((k.exception_to.as_ref()?.0.as_str(), *k))).collect();
    let mut errors = 0;
    for clause in clauses.values() {
        for (label, span) in members(clause) {
            // Each remark is an error and compares its word with many: a thousand are enough.
            if label != ALWAYS && !clauses.contains_key(label) && errors < MOST_REMARKS {
                errors += 1;
                found.push(unknown(label, span, clauses.keys().copied()));
            }
            if let Some(exception) = exceptions.get(label) {
                found.push(left_out(label, span, exception));
            }
        }
    }
}

fn put_in_place(c: &mut Compiler, clauses: &Calendars<'_>) {
    let simple: BTreeMap<String, Calendar> =
        c.terms.calendars.iter().map(|r| (r.label().to_owned(), r.then.clone())).collect();
    let zone = c.terms.zone.clone();
    let mut days = MOST_DAYS;
    for i in 0..c.terms.calendars.len() {
        let label = c.terms.calendars[i].label().to_owned();
        let mut path = Vec::new();
        if matches!(c.terms.calendars[i].then, Calendar::Weekly(_)) {
            continue;
        }
        let mut most = Most { members: MOST_MEMBERS, days: &mut days };
        match place(&label, clauses, &simple, &zone, &mut path, &mut most) {
            Ok(Some(calendar)) => c.terms.calendars[i].then = calendar,
            Ok(None) if most.members == 0 || path.len() >= MAX_NESTING => c.push(too_many(&label, clauses)),
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
/// How many days all compositions may list together: a year of holidays, composed thousands of times, is
/// copied as many times.
const MOST_DAYS: usize = 200_000;

/// What may still be composed.
struct Most<'a> {
    /// Of one calendar.
    members: usize,
    /// Of the whole contract.
    days: &'a mut usize,
}

fn too_many(label: &str, clauses: &Calendars<'_>) -> Diagnostic {
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

pub(crate) fn unknown<'a>(
    label: &str,
    span: Span,
    known: impl Iterator<Item = &'a str> + Clone,
) -> Diagnostic {
    // « 24/7 » is not the label of anyone's calendar.
    let always = nearest(label, [ALWAYS]);
    let help = suggestion(label, always.into_iter().chain(known));
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
    clauses: &Calendars<'_>,
    simple: &BTreeMap<String, Calendar>,
    zone: &str,
    path: &mut Vec<String>,
    most: &mut Most<'_>,
) -> Result<Option<Calendar>, Span> {
    if label == ALWAYS && !clauses.contains_key(label) {
        return Ok(Some(Calendar::always(zone)));
    }
    let (Some(clause), Some(calendar)) = (clauses.get(label), simple.get(label)) else { return Ok(None) };
    if let Calendar::Weekly(weekly) = calendar {
        let listed = 1 + weekly.holidays.len() + weekly.closed.len() + weekly.exceptions.len();
        if listed > *most.days {
            most.members = 0;
            return Ok(None);
        }
        *most.days -= listed;
        return Ok(Some(calendar.clone()));
    }
    // A tree of calendars that each name another twice would double at every level.
    most.members = most.members.saturating_sub(1);
    if most.members == 0 || path.len() >= MAX_NESTING {
        return Ok(None);
    }
    path.push(label.to_owned());
    let mut of = Vec::new();
    for (member, span) in members(clause) {
        if path.iter().any(|p| p == member) {
            return if path[0] == member { Err(span) } else { Ok(None) };
        }
        match place(member, clauses, simple, zone, path, most)? {
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

/// So many years without holidays are named; a contract may run for thousands.
const MOST_YEARS: usize = 12;

fn year(value: &Value) -> Option<i16> {
    match value.node {
        Node::Date(date) => Some(date.year()),
        _ => None,
    }
}

/// Warns of a year of the contract in which a calendar that lists holidays lists none.
pub(crate) fn check_years(c: &mut Compiler) {
    let Some(term) = &c.terms.term else { return };
    let (first, last) = (term.then.start.year(), term.then.end().map_or(term.then.start.year(), |d| d.year()));
    let mut found = Vec::new();
    for clause in c.clauses.iter().filter(|k| k.is("calendar")) {
        let Some(written) = clause.own.iter().find(|e| e.key == "holidays") else { continue };
        let dates = written.value.as_array().unwrap_or_default();
        if dates.is_empty() {
            continue;
        }
        let listed: BTreeSet<i16> = dates.iter().filter_map(year).collect();
        let mut missing = (first..=last).filter(|y| !listed.contains(y));
        let shown: Vec<String> = missing.by_ref().take(MOST_YEARS).map(|y| y.to_string()).collect();
        if !shown.is_empty() {
            let more = if missing.next().is_some() { ", …" } else { "" };
            let years = format!("{}{more}", shown.join(", "));
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
