//! The hours of a calendar: days of the week, openings, and what may not overlap.

use terms::Opening;

use super::shape::{Out, wrong_type};
use super::{Field, meant};
use crate::clauses::calendar::{day_range, openings};
use crate::diagnostic::Diagnostic;
use crate::source::Value;

pub(super) fn week(field: &Field, value: &Value, out: &mut Out) {
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

pub(super) fn openings_of(field: &Field, value: &Value, out: &mut Out) {
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
