//! What can be done to a ticket now, and the forms that ask for it.

use app::call::RecordCall;
use app::ticket::delivery::Defect;
use app::ticket::{IdempotencyKey, StepCommand, TicketPage, Tie};
use app::{Act, AppError};
use axum::extract::{Path, State as Shared};
use axum::response::Response;
use base::id::AccountId;
use engines::perimeter::Work;
use engines::perimeter::price::Agreement;
use jiff::civil::Date;
use serde::Deserialize;
use terms::Terms;

use super::super::{Place, failed, place, rows, words};
use super::relations;
use crate::design::components::Choice;
use crate::design::{CustomerRef, format};
use crate::http::{CheckedForm, Failure, Reader, State, flash_cookie, see_other, with_cookie};
use crate::pages::shared::TicketState;
use crate::pages::ticket as view;

/// What this reader may do now: their rights, and the ticket's state.
pub(super) fn acts(
    reader: &Reader,
    customer: &CustomerRef,
    terms: &Terms,
    found: &TicketPage,
) -> Vec<view::Act> {
    let lang = reader.visitor.lang;
    if found.merged {
        return Vec::new();
    }
    let (state, price) = (rows::state(&found.ticket), found.price.value);
    let quotation = found.quotation;
    let may = |act: Act| reader.may(customer, act);
    // Work in units is estimated and ordered with its delivery, and what is under warranty has no price.
    let priceless = super::in_units(found) || found.defect.as_ref().is_some_and(Defect::is_free);
    let mut acts =
        if priceless { Vec::new() } else { prices((reader, customer), terms, state, (price, quotation)) };
    // The maximum of work at a rate may be raised.
    let raised = !priceless
        && matches!(found.decision.value.work, Work::AtRate { .. })
        && matches!(price, Agreement::Agreed { .. })
        && !matches!(state, TicketState::Resolved | TicketState::Closed);
    if raised && may(Act::MakeQuote) {
        acts.push(view::Act::Quote { currency: terms.currency.code() });
    }
    if may(Act::WorkOnTicket) {
        match state {
            TicketState::New => acts.extend([view::Act::TakeOver, view::Act::Restore, view::Act::Resolve]),
            TicketState::Taken => acts.extend([view::Act::Restore, view::Act::Resolve]),
            TicketState::Paused => acts.extend([view::Act::Resume, view::Act::Restore, view::Act::Resolve]),
            TicketState::Restored => acts.push(view::Act::Resolve),
            TicketState::Resolved | TicketState::Closed => {}
        }
        // No work before its price is agreed; what was declined is closed without being done.
        if !found.allows_work() {
            acts.retain(|act| !matches!(act, view::Act::Restore));
        }
        if !found.allows_work() && price != Agreement::Declined {
            acts.retain(|act| !matches!(act, view::Act::Resolve));
        }
        if matches!(state, TicketState::New | TicketState::Taken) && !terms.pauses.is_empty() {
            let reasons =
                terms.pauses.iter().map(|p| Choice::new(p.label(), p.then.reason.clone())).collect();
            acts.push(view::Act::Pause { reasons });
        }
        if let Some(matrix) = terms.priorities.as_ref().map(|m| &m.then)
            && may(Act::SetPriority)
            && matches!(state, TicketState::New | TicketState::Taken | TicketState::Paused)
        {
            let named = |dimension: &str, list: &[String]| {
                let word = |v: &String| words::value(terms, dimension, v, lang);
                list.iter().map(|v| Choice::new(v.clone(), word(v))).collect()
            };
            acts.push(view::Act::Priority {
                impacts: named("impact", &matrix.impacts),
                urgencies: named("urgency", &matrix.urgencies),
            });
        }
    }
    // A quotation that nobody waits for is among the last things to think of.
    if !matches!(price, Agreement::QuoteAwaited | Agreement::Lapsed { .. })
        && let Some(at) = acts.iter().position(|act| matches!(act, view::Act::Quote { .. }))
    {
        let quote = acts.remove(at);
        acts.push(quote);
    }
    if may(Act::Reopen) && matches!(state, TicketState::Resolved | TicketState::Restored) {
        acts.push(view::Act::Reopen);
    }
    acts.extend(relations::acts(reader, customer, found, state));
    if may(Act::RecordCall) {
        acts.push(view::Act::Call);
    }
    if may(Act::Reply) {
        acts.push(view::Act::Reply);
    }
    if may(Act::WorkOnTicket) {
        acts.push(view::Act::Note);
    }
    acts
}

/// What can be said of the price.
fn prices(
    (reader, customer): (&Reader, &CustomerRef),
    terms: &Terms,
    state: TicketState,
    (price, quotation): (Agreement, Option<u64>),
) -> Vec<view::Act> {
    let lang = reader.visitor.lang;
    let mut acts = Vec::new();
    if matches!(state, TicketState::Resolved | TicketState::Closed) {
        return acts;
    }
    if reader.may(customer, Act::AgreePrice) {
        if let Agreement::Awaited { price, .. } = price {
            acts.push(view::Act::AgreePrice {
                price: price.to_string(),
                quotation,
                shown: format!("{} {}", format::money(price.cents, lang), lang.t("HT", "excl. VAT")),
                reference: reader.principal.role.is_provider(),
            });
        }
        if matches!(price, Agreement::Awaited { .. } | Agreement::Lapsed { .. }) {
            acts.push(view::Act::DeclinePrice { quotation, asked: true });
        }
    }
    if reader.may(customer, Act::MakeQuote) && !matches!(price, Agreement::Agreed { .. }) {
        acts.push(view::Act::Quote { currency: terms.currency.code() });
    }
    // Before any price there is none to decline: the work is given up, after the quotation was thought of.
    if reader.may(customer, Act::AgreePrice) && price == Agreement::QuoteAwaited {
        acts.push(view::Act::DeclinePrice { quotation, asked: false });
    }
    acts
}

#[derive(Deserialize)]
pub struct Sent {
    #[serde(default)]
    key: String,
    #[serde(default)]
    text: String,
    /// The account that a ticket is handed to, or that is to follow it, which may be said by its address.
    #[serde(default)]
    to: String,
    /// `team` to come back to the page of the team.
    #[serde(default)]
    back: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    impact: String,
    #[serde(default)]
    urgency: String,
    #[serde(default)]
    minutes: String,
    #[serde(default)]
    workaround: String,
    #[serde(default)]
    price: String,
    #[serde(default)]
    currency: String,
    #[serde(default)]
    until: String,
    /// The entry of the quotation that an answer is to.
    #[serde(default)]
    quotation: Option<u64>,
    #[serde(default)]
    diagnosis: String,
    #[serde(default)]
    tie: String,
    #[serde(default)]
    ticket: String,
    /// Whether the list showed that nobody had the ticket.
    #[serde(default)]
    free: String,
    #[serde(default)]
    cause: String,
    #[serde(default)]
    around: String,
}

/// What an act's form asks of the use cases.
enum Asked {
    Step(StepCommand),
    Call(RecordCall),
}

pub async fn act(
    Shared(web): Shared<State>,
    Path((slug, number, name)): Path<(String, u64, String)>,
    checked: CheckedForm<Sent>,
) -> Result<Response, Failure> {
    let CheckedForm { reader, form } = checked;
    let asked = asked(&name, &form, number).map_err(failed(&reader))?;
    let (again, to) = (reader.clone(), slug.clone());
    let back = match form.back.as_str() {
        "team" => "/team".to_owned(),
        // The list that it was done from.
        list if !list.is_empty() && words::safe_back(list) == list => list.to_owned(),
        _ => format!("/c/{slug}/tickets/{number}"),
    };
    let done = web.run(move |app| {
        let key = IdempotencyKey::parse(&form.key)?;
        match asked {
            Asked::Step(command) => {
                let Place { permit, .. } = place(app, &again, &to, command.act())?;
                app.step_ticket(&permit, &key, number, &command, None).map(drop)
            }
            Asked::Call(call) => {
                let Place { permit, .. } = place(app, &again, &to, Act::RecordCall)?;
                app.record_call(&permit, &key, &call).map(drop)
            }
        }
    });
    done.await.map_err(failed(&reader))?;
    Ok(with_cookie(see_other(&back), &flash_cookie(&name)))
}

fn asked(name: &str, form: &Sent, number: u64) -> Result<Asked, AppError> {
    let text = form.text.clone();
    let some = |text: &String| Some(text.clone()).filter(|t| !t.trim().is_empty());
    Ok(Asked::Step(match name {
        "take-over" if !form.free.is_empty() => StepCommand::TakeFree,
        "take-over" => StepCommand::TakeOver,
        "assign" => StepCommand::Assign { to: account(form)? },
        "reply" => StepCommand::Reply { body: text },
        "note" => StepCommand::Note { body: text },
        "pause" => StepCommand::Pause { reason: form.reason.clone(), proof: some(&form.text) },
        "resume" => StepCommand::Resume,
        "priority" => StepCommand::ChangePriority {
            priority: None,
            impact: some(&form.impact),
            urgency: some(&form.urgency),
            why: text,
        },
        "restore" => StepCommand::Restore {
            workaround: !form.workaround.is_empty(),
            note: text,
            diagnosis: some(&form.diagnosis),
        },
        "resolve" => StepCommand::Resolve { note: text, diagnosis: some(&form.diagnosis) },
        "diagnose" => StepCommand::Diagnose { body: text },
        "known-error" => {
            StepCommand::KnownError { cause: form.cause.clone(), workaround: some(&form.around) }
        }
        "link" => StepCommand::Link { tie: tie(form)?, ticket: other(form)? },
        "unlink" => StepCommand::Unlink { tie: tie(form)?, ticket: other(form)? },
        "merge" => StepCommand::Merge { into: other(form)?, why: text },
        "watch" => StepCommand::Watch,
        "unwatch" => StepCommand::Unwatch,
        "watch-for" => StepCommand::WatchFor { who: form.to.clone() },
        "unwatch-for" => StepCommand::UnwatchFor { who: account(form)? },
        "reopen" => StepCommand::Reopen { why: text },
        "quote" => StepCommand::Quote {
            price: amount(&format!("{} {}", form.price, form.currency))?,
            until: day(&form.until)?,
            body: text,
        },
        "agree-price" => StepCommand::AgreePrice {
            price: amount(&form.price)?,
            quotation: form.quotation,
            reference: some(&form.text),
        },
        "decline-price" => StepCommand::DeclinePrice { why: text, quotation: form.quotation },
        "call" => {
            let minutes = form.minutes.trim().parse().map_err(|_| {
                AppError::invalid("minutes", "un nombre entier de minutes", "a whole number of minutes")
            })?;
            return Ok(Asked::Call(RecordCall { minutes, ticket: Some(number), contract: None, at: None }));
        }
        _ => return Err(AppError::NotFound),
    }))
}

fn account(form: &Sent) -> Result<AccountId, AppError> {
    let wrong = |_| AppError::invalid("to", "une personne de la liste", "a person of the list");
    form.to.parse().map_err(wrong)
}

fn tie(form: &Sent) -> Result<Tie, AppError> {
    Tie::from_key(&form.tie)
        .ok_or_else(|| AppError::invalid("tie", "un lien de la liste", "a tie of the list"))
}

fn other(form: &Sent) -> Result<u64, AppError> {
    let number = form.ticket.trim().trim_start_matches('#').parse();
    number.map_err(|_| AppError::invalid("ticket", "le numéro d'un ticket", "the number of a ticket"))
}

/// « 480,00 EUR » as people write it: a comma or a point, spaces between the thousands.
fn amount(text: &str) -> Result<base::Money, AppError> {
    let text = text.trim();
    let (number, code) = text.rsplit_once(' ').unwrap_or((text, ""));
    let number: String = number.chars().filter(|c| !c.is_whitespace()).collect();
    base::Money::parse(&format!("{} {code}", number.replace(',', ".")))
        .map_err(|_| AppError::invalid("price", "un montant : 480,00", "an amount: 480.00"))
}

fn day(text: &str) -> Result<Option<Date>, AppError> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let wrong = |_| AppError::invalid("until", "une date : 2026-11-30", "a date: 2026-11-30");
    text.parse().map(Some).map_err(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_as_people_write_them() {
        for text in ["480 EUR", "480,00 EUR", " 480.00 EUR", "480,0 EUR"] {
            assert_eq!(amount(text).unwrap(), base::Money::eur(48_000), "{text}");
        }
        assert_eq!(amount("1\u{202f}250,50 EUR").unwrap(), base::Money::eur(125_050));
        for text in ["", "EUR", "beaucoup EUR", "480,123 EUR", "480 XYZ"] {
            assert!(amount(text).is_err(), "{text}");
        }
    }
}
