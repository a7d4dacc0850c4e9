//! The hotline's meters, and calls written down in one line.

use app::call::RecordCall;
use app::meters::{Counted, Metered as Read};
use app::ticket::IdempotencyKey;
use app::{Act, App, AppError};
use axum::extract::{Path, Query, State as Shared};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use base::Provenance;
use engines::entitlement::Form;
use jiff::Timestamp;
use serde::Deserialize;

use super::money::{Burnt, chosen, meter, tabs};
use super::{Place, failed, fresh_key, place, words};
use crate::design::{CustomerRef, Lang, format};
use crate::http::{CheckedForm, Failure, Reader, State, flash_cookie, html, see_other, with_cookie};
use crate::pages::meters::{Call, Clause, Metered, View, page};
use crate::pages::new_call;
use crate::pages::shared::Refusal;

/// Calls on a page.
const ROWS: usize = 50;

#[derive(Deserialize, Default)]
pub struct Asked {
    contract: Option<String>,
    before: Option<i64>,
}

pub async fn show(
    Shared(web): Shared<State>,
    reader: Reader,
    Path(slug): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let again = reader.clone();
    let read = web.run(move |app| {
        let Place { permit, customer } = place(app, &again, &slug, Act::SeeMeters)?;
        let agreements = app.vault(permit.customer())?.agreements()?;
        let number = chosen(&agreements, &customer, asked.contract.as_deref())?;
        let meters = app.meters(&permit, number.as_deref(), asked.before, ROWS)?;
        let others = tabs(&agreements, &meters.agreement);
        Ok((customer, meters, others))
    });
    let (customer, meters, others) = read.await.map_err(failed(&reader))?;
    let lang = reader.visitor.lang;
    let agreement = &meters.agreement;
    let draw = |m: &Read| {
        let burnt = Burnt { days: &m.burn_down, alert_at: m.alert_at, at: meters.at };
        let earlier = |at: i64| {
            let contract = format::query(&agreement.number);
            customer.path(&format!("/meters?contract={contract}&before={at}"))
        };
        let state = &m.state.value;
        Metered {
            label: state.meter.clone(),
            meter: meter(&m.state, &burnt, agreement, &customer, lang),
            alert: state.alert,
            served: state.calls,
            lots: state.lots.iter().map(|lot| (amount(state.form, lot.left, lang), lot.expires)).collect(),
            shared_by: m.drawn_by.iter().map(|from| clause(from, &customer)).collect(),
            packs_bought: state.packs_bought,
            calls: m
                .calls
                .iter()
                .map(|c| call(c, state.form, &agreement.latest().compiled.terms.zone, &customer, lang))
                .collect(),
            next: m.next.map(earlier),
        }
    };
    let view = View {
        contract: agreement.number.clone(),
        others,
        meters: meters.meters.iter().map(draw).collect(),
        may_record: reader.may(&customer, Act::RecordCall),
        customer: customer.clone(),
    };
    Ok(html(page(&reader.shell(&web, Some(customer)), &view)))
}

fn clause(from: &Provenance, customer: &CustomerRef) -> Clause {
    Clause {
        article: words::short_article(&from.article),
        label: from.label.clone(),
        href: words::clause_href(customer, from),
    }
}

fn call(counted: &Counted, form: Form, zone: &str, customer: &CustomerRef, lang: Lang) -> Call {
    let charge = &counted.charge.value;
    let at = Timestamp::from_microsecond(counted.call.at).unwrap_or_default();
    Call {
        at: words::in_zone(at, zone),
        by: counted.by.clone(),
        minutes: i64::from(counted.call.minutes),
        ticket: counted.ticket.map(|n| (n, customer.path(&format!("/tickets/{n}")))),
        counted: amount(form, charge.counted, lang),
        weight: (charge.weight != base::fraction::one()).then(|| words::decimal(charge.weight, lang)),
        covered: charge.covered,
        price_cents: charge.price.map(|p| p.cents),
        because: counted
            .charge
            .reasons
            .iter()
            .map(|r| r.text.get(words::core(lang)))
            .collect::<Vec<_>>()
            .join(" "),
        clauses: counted.charge.cited().into_iter().map(|from| clause(from, customer)).collect(),
    }
}

/// « 12 tickets », « 0 h 30 ».
fn amount(form: Form, count: u32, lang: Lang) -> String {
    match form {
        Form::MaxHours => format::minutes(i64::from(count), lang),
        _ if count < 2 => format!("{count} ticket"),
        _ => format!("{count} tickets"),
    }
}

/// Whose call the form begins with.
#[derive(Deserialize, Default)]
pub struct From {
    #[serde(default)]
    customer: String,
}

pub async fn form(
    Shared(web): Shared<State>,
    reader: Reader,
    Query(from): Query<From>,
) -> Result<Response, Failure> {
    let line = if from.customer.is_empty() { String::new() } else { format!("{} ", from.customer) };
    let view = blank(&web, &reader, line, None).await?;
    Ok(html(new_call::page(&reader.shell(&web, None), &view)))
}

async fn blank(
    web: &State,
    reader: &Reader,
    line: String,
    refusal: Option<Refusal>,
) -> Result<new_call::View, Failure> {
    let who = reader.principal.clone();
    let customers = web.run(move |app| {
        app.permit_instance(&who, Act::RecordCall)?;
        Ok(app.customers()?.iter().map(|v| (v.slug.clone(), v.name.clone())).collect())
    });
    let customers = customers.await.map_err(failed(reader))?;
    Ok(new_call::View { line, customers, key: fresh_key(), refusal })
}

#[derive(Deserialize)]
pub struct Sent {
    #[serde(default)]
    key: String,
    #[serde(default)]
    line: String,
}

pub async fn record(Shared(web): Shared<State>, checked: CheckedForm<Sent>) -> Result<Response, Failure> {
    let CheckedForm { reader, form } = checked;
    let (again, line) = (reader.clone(), form.line.clone());
    let done = web.run(move |app| {
        app.permit_instance(&again.principal, Act::RecordCall)?;
        let key = IdempotencyKey::parse(&form.key)?;
        let said = Said::parse(&form.line)?;
        let slug = customer_of(app, &said)?;
        let Place { permit, .. } = place(app, &again, &slug, Act::RecordCall)?;
        let ask = RecordCall {
            minutes: said.minutes,
            ticket: said.ticket,
            contract: said.contract.map(str::to_owned),
            at: None,
        };
        app.record_call(&permit, &key, &ask).map(|_| slug)
    });
    let lang = reader.visitor.lang;
    let refusal = match done.await {
        Ok(slug) => return Ok(with_cookie(see_other(&format!("/c/{slug}/meters")), &flash_cookie("call"))),
        Err(AppError::Invalid(invalid)) => words::invalid(&invalid, lang),
        Err(AppError::Refused(refused)) => words::refusal(&refused, lang, None),
        Err(error) => return Err(failed(&reader)(error)),
    };
    let view = blank(&web, &reader, line, Some(refusal)).await?;
    let page = new_call::page(&reader.shell(&web, None), &view);
    Ok((StatusCode::UNPROCESSABLE_ENTITY, html(page)).into_response())
}

/// « garonne 12 #417 »: words of the customer's name, whole minutes, a ticket, a contract's number.
#[derive(Debug, PartialEq, Eq)]
struct Said<'a> {
    name: Vec<&'a str>,
    minutes: u32,
    ticket: Option<u64>,
    contract: Option<&'a str>,
}

impl<'a> Said<'a> {
    fn parse(line: &'a str) -> Result<Said<'a>, AppError> {
        let wrong = || {
            AppError::invalid(
                "line",
                "le nom du client puis les minutes : « garonne 12 »",
                "the customer’s name, then the minutes: “garonne 12”",
            )
        };
        let (mut name, mut minutes, mut ticket, mut contract) = (Vec::new(), None, None, None);
        for word in line.split_whitespace() {
            if let Some(number) = word.strip_prefix('#') {
                ticket = Some(number.parse().map_err(|_| wrong())?);
            } else if word.bytes().all(|b| b.is_ascii_digit()) {
                minutes = Some(word.parse().map_err(|_| wrong())?);
            } else if word.starts_with("CTR-") {
                contract = Some(word);
            } else {
                name.push(word);
            }
        }
        match (name.is_empty(), minutes) {
            (false, Some(minutes)) => Ok(Said { name, minutes, ticket, contract }),
            _ => Err(wrong()),
        }
    }
}

/// The customer whose short name is what was typed, else the only one whose name holds all its words.
fn customer_of(app: &App, said: &Said<'_>) -> Result<String, AppError> {
    let all = app.customers()?;
    let typed = said.name.join(" ").to_lowercase();
    if let Some(exact) = all.iter().find(|v| v.slug == typed || v.name.to_lowercase() == typed) {
        return Ok(exact.slug.clone());
    }
    let holds = |text: &str, word: &str| text.to_lowercase().contains(&word.to_lowercase());
    let found: Vec<_> =
        all.iter().filter(|v| said.name.iter().all(|w| holds(&v.name, w) || holds(&v.slug, w))).collect();
    match found[..] {
        [one] => Ok(one.slug.clone()),
        [] => Err(AppError::invalid(
            "line",
            format!("aucun client ne répond à «\u{a0}{typed}\u{a0}»"),
            format!("no customer answers to “{typed}”"),
        )),
        _ => {
            let names: Vec<&str> = found.iter().map(|v| v.name.as_str()).collect();
            let names = names.join(", ");
            Err(AppError::invalid(
                "line",
                format!("plusieurs clients répondent à «\u{a0}{typed}\u{a0}»\u{a0}: {names}"),
                format!("several customers answer to “{typed}”: {names}"),
            ))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_is_read_from_one_line() {
        let said = Said::parse(" Ateliers garonne 12 #417 CTR-2026-001 ").unwrap();
        assert_eq!(said.name, ["Ateliers", "garonne"]);
        assert_eq!((said.minutes, said.ticket, said.contract), (12, Some(417), Some("CTR-2026-001")));
        assert_eq!(Said::parse("12 garonne").unwrap().minutes, 12);
        for wrong in ["", "garonne", "12", "garonne #12", "garonne 12 #x", "garonne 99999999999"] {
            assert!(Said::parse(wrong).is_err(), "{wrong}");
        }
    }
}
