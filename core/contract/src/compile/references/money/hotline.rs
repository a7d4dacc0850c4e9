//! Hotlines that weigh calls or share a meter: one condition a weight, whole weights on a pack, and a meter
//! that is there to be shared.

use base::fraction::Fraction;
use terms::{Calendar, Terms};

use crate::clauses::hotline::CONDITIONS;
use crate::clauses::{Clause, Fields};
use crate::compile::Compiler;
use crate::diagnostic::{Diagnostic, MOST_REMARKS};
use crate::source::{Span, Value};

pub(super) fn check(c: &Compiler, found: &mut Vec<Diagnostic>) {
    let already = found.len();
    for clause in c.clauses.iter().filter(|k| k.is("hotline")) {
        if found.len() - already > MOST_REMARKS {
            return;
        }
        let pool = shared(clause, &c.clauses, found);
        // What an exception inherits is told where it is written, unless it counts them otherwise.
        let written = |name: &str| clause.own.iter().any(|e| e.key == name);
        if ["weights", "form", "of", "when_empty", "pack_tickets"].into_iter().any(written) {
            weights(clause, pool.unwrap_or(clause), &c.terms, found);
        }
    }
}

/// The clause whose meter this one draws on, if it may.
fn shared<'a>(clause: &Clause, all: &'a [Clause], found: &mut Vec<Diagnostic>) -> Option<&'a Clause> {
    let label = clause.text("form").filter(|form| *form == "shared").and(clause.text("of"))?;
    let pool = all.iter().find(|k| k.label == label && k.is("hotline"))?;
    let (fr, en) = match pool.text("form") {
        Some("shared") if pool.label == clause.label => (
            "cette clause partagerait son propre compteur".to_owned(),
            "this clause would share its own meter".to_owned(),
        ),
        Some("shared") => (
            format!("« {label} » n'a pas de compteur à elle : elle partage celui d'une autre"),
            format!("“{label}” has no meter of its own: it shares another's"),
        ),
        Some("unlimited") => (
            format!("« {label} » est illimitée : elle n'a rien à partager"),
            format!("“{label}” is unlimited: it has nothing to share"),
        ),
        _ => return Some(pool),
    };
    let meters =
        all.iter().filter(|k| k.is("hotline") && matches!(k.text("form"), Some("ticket_pack" | "max_hours")));
    let known: Vec<String> = meters.map(|k| format!("\"{}\"", k.label)).collect();
    let (help_fr, help_en) = match known.is_empty() {
        true => (
            "donnez un compteur à l'une : form = \"ticket_pack\" ou \"max_hours\"".to_owned(),
            "give one of them a meter: form = \"ticket_pack\" or \"max_hours\"".to_owned(),
        ),
        false => {
            let known = known.join(", ");
            (format!("écrivez of = l'un de : {known}"), format!("write of = one of: {known}"))
        }
    };
    found.push(
        Diagnostic::error("E-HOTLINE-SHARED", clause.place_of("of"), fr, en)
            .related(pool.label_span, "la clause nommée", "the clause named")
            .help(help_fr, help_en),
    );
    None
}

/// `meter` is the clause that says what is counted: this one, or the one that it shares.
fn weights(clause: &Clause, meter: &Clause, terms: &Terms, found: &mut Vec<Diagnostic>) {
    let rows = clause.value("weights").and_then(Value::as_array).unwrap_or_default();
    let mut said: Vec<(&str, &str)> = Vec::new();
    for (row, f) in rows.iter().zip(Fields::new(clause).tables("weights")) {
        let conditions: Vec<&str> = CONDITIONS.iter().copied().filter(|name| f.has(name)).collect();
        match conditions[..] {
            [one] => {
                let value = f.value(one).and_then(Value::as_text).unwrap_or_default();
                if said.contains(&(one, value)) {
                    found.push(twice(row.span));
                }
                said.push((one, value));
                if one == "holidays_of" && without_holidays(terms, value) {
                    found.push(never(value, f.value(one).map_or(row.span, |v| v.span)));
                }
            }
            _ => found.push(conditions_of(row.span, &conditions)),
        }
        if let (Some(weight), Some(place)) = (f.decimal("weight"), f.value("weight")) {
            found.extend(whole(meter, weight, place.span));
        }
    }
}

fn conditions_of(place: Span, there: &[&str]) -> Diagnostic {
    let (fr, en) = match there.is_empty() {
        true => {
            ("cette majoration ne dit pas quand elle s'applique", "this weight does not say when it applies")
        }
        false => ("cette majoration a plusieurs conditions", "this weight has several conditions"),
    };
    Diagnostic::error("E-HOTLINE-WEIGHT", place, fr, en).help(
        "écrivez une condition par ligne, parmi within, outside, holidays_of, role, priority\u{a0}: la plus forte s'applique",
        "write one condition a line, among within, outside, holidays_of, role, priority: the greatest applies",
    )
}

fn twice(place: Span) -> Diagnostic {
    Diagnostic::error(
        "E-HOTLINE-WEIGHT",
        place,
        "cette condition a déjà une majoration",
        "this condition has a weight already",
    )
    .help("gardez une seule ligne pour cette condition", "keep one line for this condition")
}

/// A pack is counted in whole tickets, and a call buys one pack at most.
fn whole(meter: &Clause, weight: Fraction, place: Span) -> Option<Diagnostic> {
    if meter.text("form") != Some("ticket_pack") {
        return None;
    }
    if !weight.is_integer() {
        let up = weight.ceil().to_integer();
        return Some(
            Diagnostic::error(
                "E-HOTLINE-WHOLE",
                place,
                "un carnet se compte en tickets entiers\u{a0}: ce coefficient n'en donne pas",
                "a pack is counted in whole tickets: this weight does not give any",
            )
            .help(
                format!("écrivez weight = \"{up}\", ou comptez les appels en durée, form = \"max_hours\""),
                format!("write weight = \"{up}\", or count calls in time, form = \"max_hours\""),
            ),
        );
    }
    let pack = Fields::new(meter)
        .integer("pack_tickets")
        .filter(|_| meter.text("when_empty") == Some("new_pack"))?;
    (weight > Fraction::from_integer(i128::from(pack))).then(|| {
        Diagnostic::error(
            "E-HOTLINE-WHOLE",
            place,
            format!("un appel compterait pour plus que le carnet racheté, de {pack} tickets"),
            format!("a call would count for more than the pack bought, of {pack} tickets"),
        )
        .help(
            format!("écrivez weight = \"{pack}\" au plus, ou un carnet plus grand dans pack_tickets"),
            format!("write weight = \"{pack}\" at most, or a larger pack in pack_tickets"),
        )
    })
}

pub(super) fn without_holidays(terms: &Terms, label: &str) -> bool {
    let mut named =
        terms.calendars.iter().filter(|c| c.label() == label || c.exception_to.as_deref() == Some(label));
    let known = terms.calendars.iter().any(|c| c.label() == label);
    known && !named.any(|c| has_holidays(&c.then))
}

fn has_holidays(calendar: &Calendar) -> bool {
    match calendar {
        Calendar::Weekly(weekly) => !weekly.holidays.is_empty(),
        Calendar::Intersection(of) | Calendar::Union(of) => of.iter().any(has_holidays),
        Calendar::Complement(of) => has_holidays(of),
        Calendar::Versions(of) => of.iter().any(|v| has_holidays(&v.calendar)),
    }
}

fn never(label: &str, place: Span) -> Diagnostic {
    Diagnostic::warning(
        "W-HOTLINE-HOLIDAYS",
        place,
        format!("« {label} » ne liste aucun jour férié\u{a0}: cette majoration ne s'appliquerait jamais"),
        format!("“{label}” lists no public holiday: this weight would never apply"),
    )
    .help(
        "nommez un calendrier qui a des holidays, ou listez-les dans celui-ci",
        "name a calendar that has holidays, or list them in this one",
    )
}
