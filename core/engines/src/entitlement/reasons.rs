//! The sentences of the meter.

use base::lang::{date, elapsed};
use base::{Fraction, Lang, Reason};
use terms::{CallWeight, Meter, MeterForm, Rule, Terms, WeighedWhen, WhenEmpty};

use super::charge::{among, rounded};
use super::state::{Form, MeterState};
use super::{Admission, Call, Charge, Drawn, weight};
use crate::say::{cite, figure, plural, say};

/// Why a call is served, at what price, or refused.
pub(super) fn of(drawn: Drawn<'_>, state: &MeterState, call: &Call, admission: &Admission) -> Vec<Reason> {
    let (rule, pool, priority) = (drawn.rule, drawn.pool, call.priority.as_deref());
    let Some(charge) = admission.charge() else {
        return vec![refused(drawn, state)];
    };
    let mut reasons = Vec::new();
    if call.under_warranty {
        // The clause of the warranty says why, not that of the meter.
        return reasons;
    }
    if among(&rule.then.not_counted, priority) {
        return vec![not_counted(rule, priority.unwrap_or_default())];
    }
    if charge.counted > 0 {
        reasons.extend(rounding(pool, call.minutes));
        reasons.extend(weight(drawn, state, call, charge));
    }
    if let Some(label) = drawn.sharing().filter(|_| state.form != Form::Unlimited) {
        reasons.push(shared(rule, label, pool.label()));
    }
    reasons.push(match () {
        () if state.form == Form::Unlimited => unlimited(pool),
        () if charge.covered => covered(pool, state, charge),
        () if charge.new_pack => new_pack(pool),
        () => beyond(pool, state, charge),
    });
    if !charge.covered && charge.price.is_none() && among(&rule.then.never_refused, priority) {
        reasons.push(never_refused(rule, priority.unwrap_or_default()));
    }
    reasons
}

/// Where the meter stands.
pub(super) fn of_state(meter: &Rule<Meter>, state: &MeterState) -> Vec<Reason> {
    if state.form == Form::Unlimited {
        return vec![unlimited(meter)];
    }
    let mut reasons = vec![cite("meter.state", meter, |lang| {
        let (first, last) = (date(lang, state.period.first), date(lang, state.period.last()));
        let sum = sum(lang, state);
        let (used, left) = (amount(lang, state, state.used), amount(lang, state, state.left));
        lang.t(
            format!("Du {first} au {last} : {sum}, {used} pris, reste {left}."),
            format!("From {first} to {last}: {sum}, {used} taken, {left} left."),
        )
    })];
    if let Some(lot) = state.lots.first() {
        reasons.push(cite("meter.carried", meter, |lang| {
            let (left, day) = (amount(lang, state, lot.left), date(lang, lot.expires));
            lang.t(
                format!(
                    "Reportés et pris d'abord\u{a0}: {left}, perdus s'ils ne sont pas pris avant le {day}."
                ),
                format!("Carried over and taken first: {left}, lost unless taken before {day}."),
            )
        }));
    }
    if state.expired > 0 {
        reasons.push(cite("meter.expired", meter, |lang| {
            let expired = amount(lang, state, state.expired);
            lang.t(
                format!("Reportés et perdus faute d'avoir été pris à temps\u{a0}: {expired}."),
                format!("Carried over and lost, not having been taken in time: {expired}."),
            )
        }));
    }
    if state.alert {
        reasons.push(cite("meter.alert", meter, |lang| {
            let left = amount(lang, state, state.left);
            lang.t(
                format!("Seuil d'alerte atteint : il reste {left}."),
                format!("Alert threshold reached: {left} left."),
            )
        }));
    }
    if let Some(day) = state.forecast_empty_on.filter(|_| state.left > 0) {
        reasons.push(cite("meter.forecast", meter, |lang| {
            let day = date(lang, day);
            lang.t(
                format!("Au rythme de la période, le compteur sera vide le {day}."),
                format!("At the period's rate, the meter will be empty on {day}."),
            )
        }));
    }
    reasons
}

fn sum(lang: Lang, state: &MeterState) -> String {
    let mut text = lang.t(
        format!("{} compris", amount(lang, state, state.included)),
        format!("{} included", amount(lang, state, state.included)),
    );
    if state.carried > 0 {
        let carried = amount(lang, state, state.carried);
        text += &lang.t(format!(" + {carried} de report"), format!(" + {carried} carried over"));
    }
    if state.bought > 0 {
        let bought = amount(lang, state, state.bought);
        text += &lang.t(format!(" + {bought} achetés"), format!(" + {bought} bought"));
    }
    text
}

fn amount(lang: Lang, state: &MeterState, count: u32) -> String {
    match state.form {
        Form::MaxHours if count == 0 => lang.t("0 min", "0 min").to_owned(),
        Form::MaxHours => elapsed(lang, i64::from(count) * 60),
        _ => format!("{count} {}", plural(lang, count, "ticket", "tickets")),
    }
}

fn refused(drawn: Drawn<'_>, state: &MeterState) -> Reason {
    cite("meter.refused", drawn.pool, |lang| {
        let never = drawn.rule.then.never_refused.join(", ");
        let next = date(lang, state.period.next);
        let (fr, en) = if never.is_empty() {
            (String::new(), String::new())
        } else {
            (format!(" ; {never} toujours servis"), format!("; {never} always served"))
        };
        lang.t(
            format!(
                "Le compteur est vide et le contrat refuse alors les appels{fr}. Il se remplit le {next}."
            ),
            format!(
                "The meter is empty and the contract then refuses calls{en}. It is filled again on {next}."
            ),
        )
    })
}

fn rounding(pool: &Rule<Meter>, minutes: u32) -> Option<Reason> {
    let MeterForm::MaxHours { minimum, round_up_to, .. } = pool.then.form else { return None };
    let rounded = rounded(&pool.then.form, minutes);
    Some(cite("meter.rounding", pool, |lang| {
        let least = match minimum {
            least if least > minutes => {
                lang.t(format!(", comptées pour {least} au moins"), format!(", counted as {least} at least"))
            }
            _ => String::new(),
        };
        lang.t(
            format!(
                "{minutes} min d'appel{least}, par tranches de {round_up_to} min commencées : {rounded} min."
            ),
            format!("{minutes} min of call{least}, by {round_up_to} min begun: {rounded} min."),
        )
    }))
}

/// « Appel commencé à 22 h 10, hors des heures du calendrier « ho » : 15 × 1,5 = 22,5 min, comptées 23. »
fn weight(drawn: Drawn<'_>, state: &MeterState, call: &Call, charge: &Charge) -> Option<Reason> {
    let (by, several) = weight::of(drawn, call)?;
    let base = match state.form {
        Form::MaxHours => rounded(&drawn.pool.then.form, call.minutes),
        Form::TicketPack | Form::Unlimited => 1,
    };
    let exact = Fraction::from_integer(i128::from(base)) * by.weight;
    Some(cite("meter.weight", drawn.rule, |lang| {
        let why = condition(lang, drawn.terms, by, call);
        let (weight, shown) = (figure(lang, by.weight), figure(lang, exact));
        let counted = charge.counted;
        let up = match exact.is_integer() {
            true => String::new(),
            false => lang.t(format!(", comptées {counted}"), format!(", counted as {counted}")),
        };
        let unit = match state.form {
            Form::MaxHours => "min",
            _ => plural(lang, counted, "ticket", "tickets"),
        };
        let greatest = match several {
            true => lang.t(
                " De plusieurs coefficients, le plus fort s'applique seul.",
                " Of several weights, the greatest applies alone.",
            ),
            false => "",
        };
        lang.t(
            format!("{why}\u{a0}: {base} × {weight} = {shown} {unit}{up}.{greatest}"),
            format!("{why}: {base} × {weight} = {shown} {unit}{up}.{greatest}"),
        )
    }))
}

fn condition(lang: Lang, terms: &Terms, by: &CallWeight, call: &Call) -> String {
    // The hour that the calendar reads, which may be another than the contract's own.
    let local = |label: &str| {
        let calendar = terms.calendars.iter().find(|c| c.label() == label)?;
        let zone = crate::calendar::zone(calendar.then.zone()?).ok()?;
        Some(zone.to_datetime(call.at))
    };
    let hour = |label: &str| {
        local(label).map_or_else(String::new, |at| {
            let hour = base::lang::time(lang, at.time());
            lang.t(format!(" à {hour}"), format!(" at {hour}"))
        })
    };
    match &by.when {
        WeighedWhen::Within(label) => lang.t(
            format!("Appel commencé{}, aux heures du calendrier « {label} »", hour(label)),
            format!("Call begun{}, in the hours of the calendar “{label}”", hour(label)),
        ),
        WeighedWhen::Outside(label) => lang.t(
            format!("Appel commencé{}, hors des heures du calendrier « {label} »", hour(label)),
            format!("Call begun{}, outside the hours of the calendar “{label}”", hour(label)),
        ),
        WeighedWhen::HolidaysOf(label) => {
            let day = local(label).map_or_else(String::new, |at| {
                let day = date(lang, at.date());
                lang.t(format!(" le {day}"), format!(" on {day}"))
            });
            lang.t(
                format!("Appel commencé{day}, jour férié du calendrier « {label} »"),
                format!("Call begun{day}, a public holiday of the calendar “{label}”"),
            )
        }
        WeighedWhen::Role(role) => {
            let name = role.name(lang);
            lang.t(format!("Appel pris par {name}"), format!("Call taken by {name}"))
        }
        WeighedWhen::Priority(priority) => {
            lang.t(format!("Appel de priorité {priority}"), format!("Call of priority {priority}"))
        }
    }
}

fn shared(rule: &Rule<Meter>, label: &str, pool: &str) -> Reason {
    cite("meter.shared", rule, |lang| {
        lang.t(
            format!("« {label} » compte sur le compteur « {pool} »."),
            format!("“{label}” counts on the meter “{pool}”."),
        )
    })
}

fn not_counted(meter: &Rule<Meter>, priority: &str) -> Reason {
    cite("meter.not_counted", meter, |lang| {
        lang.t(
            format!("Les appels de priorité {priority} ne sont pas décomptés."),
            format!("Calls of priority {priority} are not counted."),
        )
    })
}

fn unlimited(meter: &Rule<Meter>) -> Reason {
    cite("meter.unlimited", meter, |lang| {
        lang.t("Hotline illimitée : rien n'est décompté.", "Unlimited hotline: nothing is counted.")
            .to_owned()
    })
}

fn covered(meter: &Rule<Meter>, state: &MeterState, charge: &Charge) -> Reason {
    cite("meter.covered", meter, |lang| {
        let (taken, left) =
            (amount(lang, state, charge.taken), amount(lang, state, state.left - charge.taken));
        lang.t(
            format!("Compris : {taken} pris au compteur, reste {left}."),
            format!("Included: {taken} taken from the meter, {left} left."),
        )
    })
}

fn new_pack(meter: &Rule<Meter>) -> Reason {
    cite("meter.new_pack", meter, |lang| {
        let MeterForm::TicketPack { when_empty: WhenEmpty::NewPack { tickets, price }, .. } = meter.then.form
        else {
            return String::new();
        };
        let price = price.show(lang);
        lang.t(
            format!("Carnet épuisé : un nouveau carnet de {tickets} tickets est acquis à {price} HT."),
            format!("Pack exhausted: a new pack of {tickets} tickets is bought at {price} net."),
        )
    })
}

fn beyond(meter: &Rule<Meter>, state: &MeterState, charge: &Charge) -> Reason {
    let beyond = charge.counted - charge.taken;
    cite("meter.beyond", meter, |lang| {
        let over = amount(lang, state, beyond);
        let price = match (&meter.then.form, charge.price) {
            (MeterForm::MaxHours { hour_price: Some(hour), .. }, Some(price)) => {
                let (hour, price) = (hour.show(lang), price.show(lang));
                lang.t(
                    format!("{beyond}/60 h × {hour} = {price} HT"),
                    format!("{beyond}/60 h × {hour} = {price} net"),
                )
            }
            (_, Some(price)) => {
                lang.t(format!("{} HT", price.show(Lang::Fr)), format!("{} net", price.show(Lang::En)))
            }
            (_, None) => lang.t("non facturé".to_owned(), "not billed".to_owned()),
        };
        lang.t(
            format!("Compteur épuisé : {over} au-delà, {price}."),
            format!("Meter exhausted: {over} beyond, {price}."),
        )
    })
}

fn never_refused(meter: &Rule<Meter>, priority: &str) -> Reason {
    cite("meter.never_refused", meter, |lang| {
        lang.t(
            format!("La priorité {priority} n'est jamais refusée."),
            format!("Priority {priority} is never refused."),
        )
    })
}

pub(super) fn served_all_the_same() -> Reason {
    say("meter.served", |lang| {
        lang.t(
            "L'appel a été servi alors que le compteur le refusait : il est noté, non facturé.",
            "The call was served although the meter refused it: it is noted, not billed.",
        )
        .to_owned()
    })
}
