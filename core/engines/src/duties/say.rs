//! Why an occurrence is due, and how it stands.

use base::lang::{date, date_time};
use base::{Lang, Reason};
use jiff::tz::TimeZone;
use terms::{Duty, DutyDue, Rule};

use super::plan::Owed;
use super::{DutyState, Occurrence};
use crate::say::{cite, plural, say};

pub(super) fn reasons(rule: &Rule<Duty>, owed: &Owed, value: &Occurrence, zone: &TimeZone) -> Vec<Reason> {
    let mut reasons = vec![cite("duty.due", rule, |lang| due(lang, rule, owed, zone))];
    if let Some(text) = state(&value.state, Lang::Fr).zip(state(&value.state, Lang::En)) {
        reasons.push(Reason::new("duty.state", text.0, text.1));
    }
    if let DutyState::Unproved { given, .. } = &value.state {
        reasons.push(say("duty.proof", |lang| {
            let (given, asked) = (given.name(), value.proof.name());
            lang.t(
                format!("Le contrat demande {} ; il a été donné {}.", asked.fr, given.fr),
                format!("The contract asks for {}; what was given is {}.", asked.en, given.en),
            )
        }));
    }
    reasons
}

fn due(lang: Lang, rule: &Rule<Duty>, owed: &Owed, zone: &TimeZone) -> String {
    let title = capital(&rule.then.title);
    let Some(on) = owed.on else {
        return lang.t(format!("{title} : dû à tout moment."), format!("{title}: owed at all times."));
    };
    let limit = match owed.limit {
        Some(limit) => date_time(lang, &limit.to_zoned(zone.clone())),
        None => date(lang, on),
    };
    let about = owed.about.as_ref().map_or_else(String::new, |about| format!(" ({about})"));
    match &rule.then.due {
        DutyDue::Within { length, of } => {
            let (length, of) = (length.in_words(lang), of.name());
            lang.t(
                format!("{title} : {length} à compter {}{about}, soit jusqu'au {limit}.", of.fr),
                format!("{title}: {length} from {}{about}, that is until {limit}.", of.en),
            )
        }
        DutyDue::Before { length, of } => {
            let (length, of) = (length.in_words(lang), of.name());
            lang.t(
                format!("{title} : {length} avant la date {}{about}, soit jusqu'au {limit}.", of.fr),
                format!("{title}: {length} before {}{about}, that is until {limit}.", of.en),
            )
        }
        DutyDue::Renew { .. } => lang.t(
            format!("{title} : ce qui est détenu expire le {limit}."),
            format!("{title}: what is held expires on {limit}."),
        ),
        DutyDue::PerYear { .. } => lang.t(
            format!("{title} : dû dans l'année contractuelle, qui finit le {limit}."),
            format!("{title}: due within the contract year, which ends on {limit}."),
        ),
        _ => {
            lang.t(format!("{title} : à faire au plus tard le {limit}."), format!("{title}: due by {limit}."))
        }
    }
}

fn state(state: &DutyState, lang: Lang) -> Option<String> {
    let days = |n: u32| format!("{n} {}", plural(lang, n, lang.t("jour", "day"), lang.t("jours", "days")));
    Some(match state {
        DutyState::Done { on, reference } => {
            let on = date(lang, *on);
            lang.t(format!("Fait le {on} ({reference})."), format!("Done on {on} ({reference})."))
        }
        DutyState::DoneLate { on, days: late, reference } => {
            let (on, late) = (date(lang, *on), days(*late));
            lang.t(
                format!("Fait le {on}, avec {late} de retard ({reference})."),
                format!("Done on {on}, {late} late ({reference})."),
            )
        }
        DutyState::Unproved { on, .. } => {
            let on = date(lang, *on);
            lang.t(
                format!("Dit fait le {on}, sans la preuve convenue."),
                format!("Said to be done on {on}, without the proof agreed."),
            )
        }
        DutyState::Late { days: 0 } => {
            lang.t("Le délai est dépassé.".to_owned(), "The limit has passed.".to_owned())
        }
        DutyState::Late { days: late } => {
            let late = days(*late);
            lang.t(format!("En retard de {late}."), format!("{late} late."))
        }
        DutyState::DueSoon { days: left } => {
            let left = days(*left);
            lang.t(format!("Il reste {left}."), format!("{left} left."))
        }
        DutyState::NotYetDue | DutyState::Continuous => return None,
    })
}

/// Titles are written to follow « doit » : an article first, in lower case.
fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |c| c.to_uppercase().collect::<String>() + chars.as_str())
}
