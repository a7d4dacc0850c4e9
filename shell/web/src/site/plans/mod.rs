//! Planned tickets: the list, one of them, and the form that writes it.

mod form;

use std::collections::HashMap;
use std::sync::Arc;

use app::agreements::Agreement;
use app::plan::{self, Outcome, PlanLine, PlanPage, PlanWeighed, Standing, Suggested};
use app::ticket::{Catalogue, IdempotencyKey};
use app::{Act, App, AppError};
use axum::extract::{Path, Query, State as Shared};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use base::id::PlanId;
use base::{Because, Length};
use engines::recurrence::Occurrence;
use events::PassedBy;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Deserialize;
use terms::Terms;

use super::{Place, failed, fresh_key, place, requests, words};
use crate::design::{CustomerRef, Lang, format};
use crate::http::{CheckedForm, Failure, Reader, State, flash_cookie, html, see_other, with_cookie};
use crate::pages::plan::{Existing, Planned, Values, View, page};
use crate::pages::plans::{self, Line, Suggestion, Turn};
use crate::pages::shared::{Other, Refusal};

/// Plans, and past dates of one, on a page.
const ROWS: u32 = 30;

/// Where a list stands, and what a new plan starts from.
#[derive(Deserialize, Default)]
pub struct Asked {
    before: Option<i64>,
    contract: Option<String>,
    /// The label of the clause of a regular duty.
    duty: Option<String>,
    /// Which of the duties of that clause; the first if absent.
    what: Option<String>,
}

/// `GET /c/{customer}/plans`
pub async fn list(
    Shared(web): Shared<State>,
    reader: Reader,
    Path(slug): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let again = reader.clone();
    let before = asked.before.and_then(|place| u64::try_from(place).ok());
    let read = web.run(move |app| {
        let Place { permit, customer } = place(app, &again, &slug, Act::SeePlans)?;
        let several = app.vault(permit.customer())?.agreements()?.in_force(app.now()).len() > 1;
        let suggested = match again.principal.permit(Act::WritePlan, permit.customer()) {
            Ok(permit) => Some(app.plan_suggestions(&permit)?),
            Err(_) => None,
        };
        Ok((customer, several, app.plans(&permit, before, ROWS)?, suggested))
    });
    let (customer, several, (lines, next), suggested) = read.await.map_err(failed(&reader))?;
    let lang = reader.visitor.lang;
    let view = plans::View {
        plans: lines.iter().map(|l| line(l, &customer, several, lang)).collect(),
        may_write: suggested.is_some(),
        suggested: suggested.unwrap_or_default().iter().map(|s| suggestion(s, &customer, lang)).collect(),
        previous: before.map(|_| customer.path("/plans")),
        next: next.map(|place| customer.path(&format!("/plans?before={place}"))),
        customer: customer.clone(),
    };
    Ok(html(plans::page(&reader.shell(&web, Some(customer)), &view)))
}

fn line(line: &PlanLine, customer: &CustomerRef, several: bool, lang: Lang) -> Line {
    Line {
        href: customer.path(&format!("/plans/{}", line.id)),
        title: line.title.clone(),
        rhythm: line.rhythm.said(words::core(lang)),
        contract: several.then(|| line.contract.clone()),
        state: state(line),
        by: line.by.clone(),
        last: line.last.as_ref().map(|t| turn(t, &line.zone, customer, lang)),
    }
}

fn state(line: &PlanLine) -> plans::State {
    let local = |at: jiff::Timestamp| at.to_zoned(line.zone.clone());
    match line.standing {
        Standing::Runs { next } => plans::State::Next(local(next)),
        Standing::Held { since } => plans::State::Held(local(since)),
        Standing::Over => plans::State::Over,
        Standing::Ended { at } => plans::State::Ended(local(at)),
    }
}

/// A quarter of an hour later than its date, a ticket is said to be late: the server was stopped.
const LATE_SECONDS: i64 = 15 * 60;

fn turn(turn: &plan::Turn, zone: &TimeZone, customer: &CustomerRef, lang: Lang) -> Turn {
    let late = turn.at.duration_since(turn.due).as_secs() > LATE_SECONDS;
    Turn {
        due: turn.due.to_zoned(zone.clone()),
        late: late.then(|| turn.at.to_zoned(zone.clone())),
        became: match turn.became {
            Outcome::Opened(number) => Ok((number, customer.path(&format!("/tickets/{number}")))),
            Outcome::Passed(why) => Err(passed(why, turn.dates, lang)),
        },
    }
}

fn passed(why: PassedBy, dates: u32, lang: Lang) -> String {
    let why = match why {
        PassedBy::Late => lang.t("plus de sept jours de retard", "more than seven days late"),
        PassedBy::Refused => lang.t(
            "refusé par le contrat, le journal dit pourquoi",
            "refused by the contract, the journal says why",
        ),
        PassedBy::NotInForce => lang.t("le contrat n’était pas en vigueur", "the contract was not in force"),
        PassedBy::Unfit => lang.t(
            "le contrat ne connaît plus ce qui est demandé, ou le texte a été effacé",
            "the contract no longer knows what is asked, or the text was erased",
        ),
    };
    match dates {
        1 => format!("{} {why}", lang.t("pas de ticket :", "no ticket:")),
        n => format!("{n} {} {why}", lang.t("dates sans ticket :", "dates without a ticket:")),
    }
}

fn suggestion(found: &Suggested, customer: &CustomerRef, lang: Lang) -> Suggestion {
    let query = |text: &str| format::query(text);
    Suggestion {
        title: found.title.clone(),
        every: every(found.every, lang),
        article: (
            words::short_article(&found.clause.article),
            customer.contract.as_ref().map(|_| words::clause_href(customer, &found.clause)),
        ),
        href: customer.path(&format!(
            "/plans/new?contract={}&duty={}&what={}",
            query(&found.contract),
            query(&found.clause.label),
            query(&found.what)
        )),
    }
}

/// « tous les 3 mois ».
fn every(length: Length, lang: Lang) -> String {
    let (count, fr, en) = match length {
        Length::Months(n) => (n, "mois", "months"),
        Length::Days(n) => (n, "jours", "days"),
        Length::WorkingDays(n) => (n, "jours ouvrés", "working days"),
        Length::Seconds(s) => (u32::try_from(s / 3600).unwrap_or_default(), "heures", "hours"),
    };
    match (lang, length, count) {
        (Lang::Fr, Length::Months(_), 1) => "chaque mois".to_owned(),
        (Lang::En, Length::Months(_), 1) => "every month".to_owned(),
        (Lang::Fr, Length::Months(_), n) if n % 12 == 0 && n > 12 => format!("tous les {} ans", n / 12),
        (Lang::Fr, Length::Months(_), 12) => "chaque année".to_owned(),
        (Lang::En, Length::Months(_), 12) => "every year".to_owned(),
        (Lang::Fr, _, n) => format!("tous les {n} {fr}"),
        (Lang::En, _, n) => format!("every {n} {en}"),
    }
}

/// `GET /c/{customer}/plans/new`
pub async fn new(
    Shared(web): Shared<State>,
    reader: Reader,
    Path(slug): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let start = Start {
        contract: asked.contract.unwrap_or_default(),
        duty: asked.duty.unwrap_or_default(),
        what: asked.what,
    };
    let view = blank(&web, &reader, slug, None, start, None).await?;
    Ok(html(page(&reader.shell(&web, Some(view.customer.clone())), &view)))
}

/// `GET /c/{customer}/plans/{plan}`
pub async fn show(
    Shared(web): Shared<State>,
    reader: Reader,
    Path((slug, plan)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let id = identifier(&plan).map_err(failed(&reader))?;
    let view = blank(&web, &reader, slug, Some((id, asked.before)), Start::default(), None).await?;
    Ok(html(page(&reader.shell(&web, Some(view.customer.clone())), &view)))
}

fn identifier(text: &str) -> Result<PlanId, AppError> {
    text.parse().map_err(|_| AppError::NotFound)
}

/// What a plan that is not written yet starts from.
#[derive(Clone, Default)]
struct Start {
    contract: String,
    duty: String,
    what: Option<String>,
}

/// All that the page of a plan is made of.
struct Read {
    customer: CustomerRef,
    page: Option<PlanPage>,
    /// For those who may write.
    choices: Option<(Catalogue, Terms, Vec<Other>)>,
    start: Option<Suggested>,
    today: Date,
}

/// The page, as the plan is written or as it was typed.
async fn blank(
    web: &State,
    reader: &Reader,
    slug: String,
    plan: Option<(PlanId, Option<i64>)>,
    start: Start,
    typed: Option<Values>,
) -> Result<View, Failure> {
    let again = reader.clone();
    let contract = typed.as_ref().map_or(start.contract, |v| v.contract.clone());
    let read = web.run(move |app| {
        // Who may not write a new one has nothing to look at.
        let act = if plan.is_some() { Act::SeePlans } else { Act::WritePlan };
        let Place { permit, customer } = place(app, &again, &slug, act)?;
        let page = match plan {
            Some((id, before)) => Some(app.plan(&permit, id, before, ROWS)?),
            None => None,
        };
        let ended = page.as_ref().is_some_and(|p| matches!(p.line.standing, Standing::Ended { .. }));
        let write = again.principal.permit(Act::WritePlan, permit.customer()).ok().filter(|_| !ended);
        let contract = page.as_ref().map_or(contract, |p| p.line.contract.clone());
        let start = match &write {
            Some(write) if page.is_none() => {
                let found = app.plan_suggestions(write)?;
                let asked = |s: &Suggested| start.what.as_ref().is_none_or(|what| s.what == *what);
                let of_clause = |s: &Suggested| s.clause.label == start.duty && s.contract == contract;
                found.into_iter().find(|s| of_clause(s) && asked(s))
            }
            _ => None,
        };
        let choices = match write {
            Some(_) => choices(app, &again, permit.customer(), &contract)?,
            None => None,
        };
        let today = words::local(app.now()).date();
        Ok(Read { customer, page, choices, start, today })
    });
    let read = read.await.map_err(failed(reader))?;
    Ok(view(read, typed, plan.map(|(id, _)| id), reader.visitor.lang))
}

/// What the contract lets one choose; none where no contract is in force.
fn choices(
    app: &App,
    reader: &Reader,
    customer: base::id::CustomerId,
    contract: &str,
) -> Result<Option<(Catalogue, Terms, Vec<Other>)>, AppError> {
    let permit = reader.principal.permit(Act::OpenTicket, customer)?;
    let (now, agreements) = (app.now(), app.vault(customer)?.agreements()?);
    let running = agreements.in_force(now);
    if running.is_empty() {
        return Ok(None);
    }
    let catalogue = app.request_catalogue(&permit, Some(contract).filter(|c| !c.is_empty()))?;
    let number = &catalogue.agreement.number;
    let tab = |a: &&Arc<Agreement>| Other { number: a.number.clone(), current: a.number == *number };
    let contracts = running.iter().filter(|_| running.len() > 1).map(tab).collect();
    let terms = catalogue.agreement.in_force(now)?.terms.clone();
    Ok(Some((catalogue, terms, contracts)))
}

fn view(read: Read, typed: Option<Values>, id: Option<PlanId>, lang: Lang) -> View {
    let Read { customer, page, choices, start, today } = read;
    let values = match (typed, &page) {
        (Some(typed), _) => typed,
        (None, Some(page)) => form::written(page),
        (None, None) => form::fresh(start.as_ref(), today),
    };
    let action = match id {
        Some(id) => customer.path(&format!("/plans/{id}")),
        None => customer.path("/plans"),
    };
    let (form, contracts) = match choices {
        Some((catalogue, terms, contracts)) => {
            let values = Values { contract: catalogue.agreement.number.clone(), ..values };
            (Some(form::form(&customer, (&catalogue, &terms), values, action.clone(), lang)), contracts)
        }
        None => (None, Vec::new()),
    };
    let zone = page.as_ref().map(|p| p.line.zone.clone());
    let dates = page.as_ref().map(|p| planned(&p.dates, zone.as_ref(), &customer, lang)).unwrap_or_default();
    let plan = page.map(|page| existing(&page, &customer, (&action, form.is_some()), lang));
    View { plan, form, dates, weighed: None, contracts, refused: None, customer }
}

fn existing(page: &PlanPage, customer: &CustomerRef, (at, may): (&str, bool), lang: Lang) -> Existing {
    let line = &page.line;
    Existing {
        title: line.title.clone(),
        description: page.description.clone(),
        rhythm: line.rhythm.said(words::core(lang)),
        state: state(line),
        by: line.by.clone(),
        written: page.written.to_zoned(line.zone.clone()),
        turns: page.turns.iter().map(|t| turn(t, &line.zone, customer, lang)).collect(),
        more: page.more.map(|before| format!("{at}?before={before}")),
        end: may.then(|| (format!("{at}/end"), fresh_key())),
    }
}

fn planned(
    dates: &[Because<Occurrence>],
    zone: Option<&TimeZone>,
    customer: &CustomerRef,
    lang: Lang,
) -> Vec<Planned> {
    let one = |date: &Because<Occurrence>| {
        let at = match zone {
            Some(zone) => date.value.at.to_zoned(zone.clone()),
            None => words::local(date.value.at),
        };
        let reasons = words::reasons(&date.reasons, Some(customer), lang);
        Planned { at, put_off: (!reasons.is_empty()).then_some((date.value.nominal, reasons)) }
    };
    dates.iter().map(one).collect()
}

/// `POST /c/{customer}/plans`
pub async fn write(
    Shared(web): Shared<State>,
    Path(slug): Path<String>,
    checked: CheckedForm<HashMap<String, String>>,
) -> Result<Response, Failure> {
    save(web, slug, None, checked).await
}

/// `POST /c/{customer}/plans/{plan}`
pub async fn rewrite(
    Shared(web): Shared<State>,
    Path((slug, plan)): Path<(String, String)>,
    checked: CheckedForm<HashMap<String, String>>,
) -> Result<Response, Failure> {
    let id = identifier(&plan).map_err(failed(&checked.reader))?;
    save(web, slug, Some(id), checked).await
}

/// Weighs a plan, or writes it: the page comes back with its dates, or with what to change.
async fn save(
    web: State,
    slug: String,
    id: Option<PlanId>,
    checked: CheckedForm<HashMap<String, String>>,
) -> Result<Response, Failure> {
    let CheckedForm { reader, form } = checked;
    let values = form::typed(&form);
    let (again, whose, sent) = (reader.clone(), slug.clone(), form.clone());
    let asked = values.clone();
    let done = web.run(move |app| {
        let Place { permit, .. } = place(app, &again, &whose, Act::WritePlan)?;
        // Somebody who guesses an identifier learns nothing from the form.
        if let Some(id) = id {
            app.plan(&again.principal.permit(Act::SeePlans, permit.customer())?, id, None, 1)?;
        }
        let ask = form::ask(&asked)?;
        if field(&sent, "do") == "weigh" {
            return app.weigh_plan(&permit, &ask).map(Some);
        }
        app.write_plan(&permit, &IdempotencyKey::parse(field(&sent, "key"))?, id, &ask)?;
        Ok(None)
    });
    let lang = reader.visitor.lang;
    let (status, weighed, refused): (StatusCode, Option<PlanWeighed>, Option<Refusal>) = match done.await {
        Ok(None) => {
            let to = format!("/c/{slug}/plans");
            return Ok(with_cookie(see_other(&to), &flash_cookie("plan-written")));
        }
        Ok(Some(weighed)) => (StatusCode::OK, Some(weighed), None),
        Err(AppError::Invalid(invalid)) => {
            (StatusCode::UNPROCESSABLE_ENTITY, None, Some(words::invalid(&invalid, lang)))
        }
        Err(AppError::Refused(refusal)) if !refusal.code.starts_with("undertaking") => {
            (StatusCode::CONFLICT, None, Some(words::refusal(&refusal, lang, None)))
        }
        Err(error) => return Err(failed(&reader)(error)),
    };
    let plan = id.map(|id| (id, None));
    let mut view = blank(&web, &reader, slug, plan, Start::default(), Some(values)).await?;
    if let Some(found) = &weighed {
        let zone = found.ticket.agreement.zone();
        view.dates = planned(&found.dates, Some(zone), &view.customer, lang);
        view.weighed = Some(requests::weighed(&found.ticket, false, &view.customer, lang));
    }
    view.refused = refused;
    let drawn = html(page(&reader.shell(&web, Some(view.customer.clone())), &view));
    Ok((status, drawn).into_response())
}

/// `POST /c/{customer}/plans/{plan}/end`
pub async fn end(
    Shared(web): Shared<State>,
    Path((slug, plan)): Path<(String, String)>,
    checked: CheckedForm<HashMap<String, String>>,
) -> Result<Response, Failure> {
    let CheckedForm { reader, form } = checked;
    let (again, whose) = (reader.clone(), slug.clone());
    let done = web.run(move |app| {
        let Place { permit, .. } = place(app, &again, &whose, Act::WritePlan)?;
        let key = IdempotencyKey::parse(field(&form, "key"))?;
        app.end_plan(&permit, &key, identifier(&plan)?).map(drop)
    });
    done.await.map_err(failed(&reader))?;
    Ok(with_cookie(see_other(&format!("/c/{slug}/plans")), &flash_cookie("plan-ended")))
}

fn field<'a>(form: &'a HashMap<String, String>, name: &str) -> &'a str {
    form.get(name).map_or("", String::as_str)
}
