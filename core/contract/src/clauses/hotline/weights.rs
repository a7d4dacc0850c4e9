//! What a call counts more for: one condition and one figure a line.

use base::Lang;
use terms::{CallTaker, CallWeight, Terms, WeighedWhen};

use crate::clauses::read::{figure, list};
use crate::clauses::{Field, Fields, Type};

/// The people who take calls, by the keys of their roles.
const TAKERS: &[&str] = &[
    "provider_admin",
    "service_manager",
    "deputy_manager",
    "dispatcher",
    "technician",
    "developer",
    "system_manager",
];

/// Of which each line has exactly one.
pub(crate) const CONDITIONS: &[&str] = &["within", "outside", "holidays_of", "role", "priority"];

pub(super) const FIELDS: &[Field] = &[
    Field::optional(
        "within",
        Type::Calendar,
        "appels commencés aux heures de ce calendrier",
        "calls begun in the hours of this calendar",
    ),
    Field::optional(
        "outside",
        Type::Calendar,
        "appels commencés hors des heures de ce calendrier",
        "calls begun outside the hours of this calendar",
    ),
    Field::optional(
        "holidays_of",
        Type::Calendar,
        "appels commencés un jour férié de ce calendrier",
        "calls begun on a public holiday of this calendar",
    ),
    Field::optional(
        "role",
        Type::Choice(TAKERS),
        "appels pris par une personne de ce rôle",
        "calls taken by a person of this role",
    ),
    Field::optional("priority", Type::Text, "appels de cette priorité", "calls of this priority"),
    Field::required(
        "weight",
        Type::Decimal,
        "coefficient ; entier pour un carnet",
        "what the call is multiplied by; whole for a pack",
    ),
];

/// `None` when a line has no condition or several, or no figure: that has been reported.
pub(super) fn compile(f: &Fields<'_>) -> Option<Vec<CallWeight>> {
    f.tables("weights").iter().map(|row| Some(CallWeight { when: condition(row)?, weight: row.decimal("weight")? })).collect()
}

fn condition(row: &Fields<'_>) -> Option<WeighedWhen> {
    let mut said = CONDITIONS.iter().filter(|name| row.has(name));
    let (Some(name), None) = (said.next(), said.next()) else { return None };
    let text = row.text(name)?;
    Some(match *name {
        "within" => WeighedWhen::Within(text),
        "outside" => WeighedWhen::Outside(text),
        "holidays_of" => WeighedWhen::HolidaysOf(text),
        "role" => WeighedWhen::Role(CallTaker::from_key(&text)?),
        _ => WeighedWhen::Priority(text),
    })
}

/// « un appel compte × 1,5 aux heures du calendrier « nuit » et × 2 … »; `None` when nothing is weighed.
pub(super) fn read_back(lang: Lang, weights: &[CallWeight], terms: &Terms) -> Option<String> {
    let each: Vec<String> = weights
        .iter()
        .map(|w| {
            let when = match &w.when {
                WeighedWhen::Within(label) => lang.t(
                    format!("s'il commence aux heures du calendrier « {label} »"),
                    format!("when it begins in the hours of the calendar “{label}”"),
                ),
                WeighedWhen::Outside(label) => lang.t(
                    format!("s'il commence hors des heures du calendrier « {label} »"),
                    format!("when it begins outside the hours of the calendar “{label}”"),
                ),
                WeighedWhen::HolidaysOf(label) => lang.t(
                    format!("s'il commence un jour férié du calendrier « {label} »"),
                    format!("when it begins on a public holiday of the calendar “{label}”"),
                ),
                WeighedWhen::Role(role) => {
                    let name = role.name(lang);
                    lang.t(format!("s'il est pris par {name}"), format!("when it is taken by {name}"))
                }
                WeighedWhen::Priority(priority) => {
                    let name = terms.name_of("priority", priority);
                    lang.t(format!("s'il est de priorité {name}"), format!("when its priority is {name}"))
                }
            };
            format!("× {} {when}", figure(lang, w.weight))
        })
        .collect();
    let words: Vec<&str> = each.iter().map(String::as_str).collect();
    let (all, one) = (list(lang, &words), words.len() == 1);
    (!words.is_empty()).then(|| match one {
        true => lang.t(format!("un appel compte {all}"), format!("a call counts {all}")),
        false => lang.t(
            format!("un appel compte {all}, le plus fort de ces coefficients s'appliquant seul"),
            format!("a call counts {all}, the greatest of these weights applying alone"),
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_roles_that_a_text_may_write_are_those_of_the_terms() {
        assert_eq!(TAKERS, CallTaker::ALL.map(CallTaker::key));
    }
}
