//! Multipliers of rates: one for the same hours, which one calendar at most says, and a clause that leaves it to
//! whoever enters the time is told so.

use std::collections::BTreeSet;

use terms::Terms;

use super::hotline::without_holidays;
use crate::clauses::rates::WHEN;
use crate::clauses::{Clause, Fields};
use crate::compile::Compiler;
use crate::diagnostic::{Diagnostic, MOST_REMARKS};
use crate::source::{Span, Value};

pub(super) fn check(c: &Compiler, found: &mut Vec<Diagnostic>) {
    let already = found.len();
    for clause in c.clauses.iter().filter(|k| k.is("rates")) {
        // What an exception inherits is told where it is written.
        if found.len() - already <= MOST_REMARKS && clause.own.iter().any(|e| e.key == "weights") {
            weights(clause, &c.terms, found);
        }
    }
}

fn weights(clause: &Clause, terms: &Terms, found: &mut Vec<Diagnostic>) {
    let rows = clause.value("weights").and_then(Value::as_array).unwrap_or_default();
    let mut hours: BTreeSet<&str> = BTreeSet::new();
    for (row, f) in rows.iter().zip(Fields::new(clause).tables("weights")) {
        let Some(value) = row.get("hours") else { continue };
        let these = value.as_text().unwrap_or_default();
        if !hours.insert(these) {
            found.push(twice(value.span));
        }
        let said: Vec<&str> = WHEN.iter().copied().filter(|name| f.has(name)).collect();
        match said[..] {
            [] if matches!(these, "evening" | "night" | "holiday") => found.push(unsaid(these, value.span)),
            [] => {}
            ["holidays_of"] => {
                let label = f.value("holidays_of").and_then(Value::as_text).unwrap_or_default();
                if without_holidays(terms, label) {
                    found.push(never(label, f.value("holidays_of").map_or(row.span, |v| v.span)));
                }
            }
            [_] => {}
            _ => found.push(several(row.span)),
        }
    }
}

fn twice(place: Span) -> Diagnostic {
    Diagnostic::error(
        "E-RATES-WEIGHT",
        place,
        "ces heures ont déjà une majoration",
        "these hours have a multiplier already",
    )
    .help("gardez une seule ligne pour ces heures", "keep one line for these hours")
}

fn several(place: Span) -> Diagnostic {
    Diagnostic::error(
        "E-RATES-WEIGHT",
        place,
        "cette majoration dit ses heures de plusieurs façons",
        "this multiplier gives its hours in several ways",
    )
    .help(
        "gardez une seule de ces clés : within, outside, holidays_of",
        "keep one of these keys: within, outside, holidays_of",
    )
}

fn unsaid(hours: &str, place: Span) -> Diagnostic {
    let key = if hours == "holiday" { "holidays_of" } else { "within" };
    Diagnostic::advice(
        "A-RATES-HOURS",
        place,
        "rien ne dit quand sont ces heures : qui saisit le temps les choisirait",
        "nothing says when these hours are: whoever enters the time would choose them",
    )
    .help(
        format!("nommez un calendrier : {key} = \"…\" ; l'instant où le travail commence décidera alors"),
        format!("name a calendar: {key} = \"…\"; the instant when the work begins then decides"),
    )
}

fn never(label: &str, place: Span) -> Diagnostic {
    Diagnostic::warning(
        "W-RATES-HOLIDAYS",
        place,
        format!("« {label} » ne liste aucun jour férié : cette majoration ne s'appliquerait jamais"),
        format!("“{label}” lists no public holiday: this multiplier would never apply"),
    )
    .help(
        "nommez un calendrier qui a des holidays, ou listez-les dans celui-ci",
        "name a calendar that has holidays, or list them in this one",
    )
}
