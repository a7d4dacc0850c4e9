//! `/customers/{customer}/plans`: tickets that come back by themselves.

use app::plan::{Outcome, PlanLine, Standing, Turn, WritePlan, Written};
use app::{Act, AppError};
use axum::extract;
use axum::response::Response;
use base::id::PlanId;
use base::{Because, Bilingual, Lang};
use engines::recurrence::Occurrence;
use events::{ClosedDays, DutyOf, OnClosed, PlanAbout, Rhythm, Unit};
use jiff::Timestamp;
use jiff::civil::{Date, Time};
use serde_json::json;

use super::API;
use super::because::{Why, whys};
use super::operation::Operation;
use super::reply::Reply;
use super::request::{At, Caller, Entity, Key, Parameters, permit};
use super::schema::{Bounded, answer, ask, words};
use super::tickets::{TicketKind, limit, number, unknown_key};
use crate::http::State;

words! {
    /// What is counted between two dates.
    RhythmUnit ["days", "weeks", "months"];
    /// What becomes of a date that falls on a closed day of the calendar: `next` puts it off to the next open day.
    ClosedDay ["skip", "next"];
    /// How a plan stands: `held` waits for somebody who may open tickets, `over` has no date left.
    PlanStanding ["runs", "held", "over", "ended"];
    /// Why a date opened no ticket: `late` is more than seven days late, `unfit` that the contract no longer
    /// knows what is asked.
    PassedWord ["late", "refused", "not_in_force", "unfit"];
}

answer! {
    /// What became of a date, or of several that went by together.
    PlanTurnRead {
        due: Timestamp,
        /// When it was decided: later than `due` where the server was stopped.
        at: Timestamp,
        /// How many dates.
        dates: u32,
        /// The number of the ticket.
        ticket: Option<u64>,
        /// Why there is none.
        passed: Option<PassedWord>,
    }

    /// A plan in a list.
    PlanRead {
        id: PlanId,
        /// The contract's number.
        contract: String,
        title: String,
        /// How often it comes back, in words.
        rhythm: Bilingual,
        state: PlanStanding,
        /// When its next ticket opens, or was to.
        next: Option<Timestamp>,
        /// Who answers for it: its tickets open in their name.
        by: String,
        last: Option<PlanTurnRead>,
    }

    /// Plans, the last written first.
    Plans {
        items: Vec<PlanRead>,
        /// Pass as `after` for the next page; `null` on the last one.
        next: Option<String>,
    }

    /// A date to come.
    PlanDate {
        at: Timestamp,
        /// The day it falls on before it is put off.
        nominal: Date,
        /// Why it is put off.
        reasons: Vec<Why>,
    }

    /// The duty that the tickets of a plan do.
    PlanDutyRead {
        /// The label of the clause that owes it.
        clause: String,
        /// Which of the clause's duties.
        what: String,
    }

    /// A plan whole.
    PlanWhole {
        plan: PlanRead,
        /// Markdown.
        description: String,
        /// The label of the clause whose duty its tickets do, and which of its duties.
        duty: Option<PlanDutyRead>,
        /// The first dates to come.
        dates: Vec<PlanDate>,
        /// What became of the last ones, the latest first.
        turns: Vec<PlanTurnRead>,
    }

    /// What was written down.
    PlanDone {
        id: PlanId,
        /// Its journal entry.
        entry: u64,
    }
}

ask! {
    /// How many, and from where.
    PlansQuery {
        /// 1 to 200; 50 if absent.
        limit: Option<u32>,
        /// The `next` of the page before.
        after: Option<String>,
    }

    /// A duty of the contract, which tickets do.
    DutyName {
        /// The label of the clause that owes it.
        clause: Bounded<1, 200>,
        /// Which of the clause's duties.
        what: Bounded<1, 200>,
    }

    /// A ticket that comes back. The values are those that the contract declares.
    PlanAsk {
        /// The contract's number, when several are in force.
        contract: Option<String>,
        title: Bounded<1, 200>,
        description: Option<Bounded<0, 20_000>>,
        kind: Option<TicketKind>,
        priority: Option<String>,
        level: Option<String>,
        service: Option<String>,
        site: Option<String>,
        item: Option<String>,
        item_class: Option<String>,
        operation: Option<String>,
        /// 1 to 366.
        every: u32,
        unit: RhythmUnit,
        /// The first date, from which the others are counted.
        first: Date,
        /// The last day on which a date may fall.
        until: Option<Date>,
        /// Wall time in the contract's zone, `08:30`.
        at: Bounded<5, 8>,
        /// The label of a calendar of the contract's; with `closed_days`.
        calendar: Option<String>,
        closed_days: Option<ClosedDay>,
        /// The regular duty of the provider's that its tickets do.
        duty: Option<DutyName>,
    }
}

ask! {
    /// Nothing more needs to be said.
    PlanEndAsk {}
}

pub fn operations() -> Vec<Operation> {
    vec![
        Operation::get("/customers/{customer}/plans", "listPlans", "tickets", list)
            .about("Les tickets planifiés", "Planned tickets")
            .query(PlansQuery::properties)
            .gives::<Plans>(),
        Operation::post("/customers/{customer}/plans", "writePlan", "tickets", write)
            .about("Planifier un ticket", "Plan a ticket")
            .takes::<PlanAsk>(|| vec![("weekly", example())])
            .gives::<PlanDone>(),
        Operation::get("/customers/{customer}/plans/{plan}", "readPlan", "tickets", show)
            .about("Un ticket planifié, ses dates", "A planned ticket and its dates")
            .gives::<PlanWhole>(),
        Operation::post("/customers/{customer}/plans/{plan}", "rewritePlan", "tickets", rewrite)
            .about("Réécrire une planification et en répondre", "Write a plan again and answer for it")
            .takes::<PlanAsk>(|| vec![("weekly", example())])
            .gives::<PlanDone>(),
        Operation::post("/customers/{customer}/plans/{plan}/end", "endPlan", "tickets", end)
            .about("Arrêter une planification", "End a plan")
            .may_take::<PlanEndAsk>(|| vec![("end", json!({}))])
            .gives::<PlanDone>(),
    ]
}

fn example() -> serde_json::Value {
    json!({
        "title": "Contrôle des sauvegardes", "kind": "service_request", "every": 1, "unit": "weeks",
        "first": "2026-07-06", "at": "08:30", "calendar": "ho", "closed_days": "next",
    })
}

async fn list(
    extract::State(web): extract::State<State>,
    caller: Caller,
    At(customer): At<String>,
    Parameters(query): Parameters<PlansQuery>,
) -> Response {
    caller
        .run(&web, move |app, who| {
            let permit = permit(app, who, &customer, Act::SeePlans)?;
            let before = match &query.after {
                Some(text) => Some(number(text).map_err(|_| unknown_key())?),
                None => None,
            };
            let (lines, next) = app.plans(&permit, before, limit(query.limit)?)?;
            let items = lines.iter().map(read).collect();
            Ok(Reply::json(&Plans { items, next: next.map(|place| place.to_string()) }))
        })
        .await
}

async fn show(
    extract::State(web): extract::State<State>,
    caller: Caller,
    At((customer, plan)): At<(String, String)>,
) -> Response {
    caller
        .run(&web, move |app, who| {
            let permit = permit(app, who, &customer, Act::SeePlans)?;
            let page = app.plan(&permit, id(&plan)?, None, 50)?;
            Ok(Reply::json(&PlanWhole {
                plan: read(&page.line),
                description: page.description,
                duty: page.about.duty.map(|of| PlanDutyRead { clause: of.clause, what: of.what }),
                dates: page.dates.into_iter().map(date).collect(),
                turns: page.turns.iter().map(turn).collect(),
            }))
        })
        .await
}

async fn write(
    extract::State(web): extract::State<State>,
    caller: Caller,
    Key(key): Key,
    At(customer): At<String>,
    body: Entity<PlanAsk>,
) -> Response {
    caller
        .run(&web, move |app, who| {
            let permit = permit(app, who, &customer, Act::WritePlan)?;
            let done = app.write_plan(&permit, &key, None, &asked(body.read()?)?)?;
            Ok(written(&customer, done))
        })
        .await
}

async fn rewrite(
    extract::State(web): extract::State<State>,
    caller: Caller,
    Key(key): Key,
    At((customer, plan)): At<(String, String)>,
    body: Entity<PlanAsk>,
) -> Response {
    caller
        .run(&web, move |app, who| {
            let permit = permit(app, who, &customer, Act::WritePlan)?;
            let id = id(&plan)?;
            let done = app.write_plan(&permit, &key, Some(id), &asked(body.read()?)?)?;
            Ok(written(&customer, done))
        })
        .await
}

async fn end(
    extract::State(web): extract::State<State>,
    caller: Caller,
    Key(key): Key,
    At((customer, plan)): At<(String, String)>,
    body: Option<Entity<PlanEndAsk>>,
) -> Response {
    caller
        .run(&web, move |app, who| {
            let permit = permit(app, who, &customer, Act::WritePlan)?;
            body.map(|body| body.read()).transpose()?;
            Ok(written(&customer, app.end_plan(&permit, &key, id(&plan)?)?))
        })
        .await
}

fn id(text: &str) -> Result<PlanId, AppError> {
    text.parse().map_err(|_| AppError::NotFound)
}

fn written(customer: &str, done: Written) -> Reply {
    let path = format!("{API}/customers/{customer}/plans/{}", done.plan);
    Reply::created(&PlanDone { id: done.plan, entry: done.entry }, path)
}

fn read(line: &PlanLine) -> PlanRead {
    let (state, next) = match line.standing {
        Standing::Runs { next } => ("runs", Some(next)),
        Standing::Held { since } => ("held", Some(since)),
        Standing::Over => ("over", None),
        Standing::Ended { .. } => ("ended", None),
    };
    PlanRead {
        id: line.id,
        contract: line.contract.clone(),
        title: line.title.clone(),
        rhythm: Bilingual::new(line.rhythm.said(Lang::Fr), line.rhythm.said(Lang::En)),
        state: PlanStanding::of(state),
        next,
        by: line.by.clone(),
        last: line.last.as_ref().map(turn),
    }
}

fn turn(turn: &Turn) -> PlanTurnRead {
    let (ticket, passed) = match turn.became {
        Outcome::Opened(number) => (Some(number), None),
        Outcome::Passed(why) => (None, Some(PassedWord::of(why.key()))),
    };
    PlanTurnRead { due: turn.due, at: turn.at, dates: turn.dates, ticket, passed }
}

fn date(date: Because<Occurrence>) -> PlanDate {
    PlanDate { at: date.value.at, nominal: date.value.nominal, reasons: whys(date.reasons) }
}

impl From<DutyName> for DutyOf {
    fn from(of: DutyName) -> DutyOf {
        DutyOf { clause: of.clause.0, what: of.what.0 }
    }
}

fn asked(ask: PlanAsk) -> Result<WritePlan, AppError> {
    let every = u16::try_from(ask.every)
        .map_err(|_| AppError::invalid("every", "un nombre de 1 à 366", "a number from 1 to 366"))?;
    let unit = Unit::from_key(ask.unit.as_ref()).ok_or(AppError::NotFound)?;
    let at: Time =
        ask.at.0.parse().map_err(|_| AppError::invalid("at", "une heure, 08:30", "an hour, 08:30"))?;
    let closed = match (ask.calendar, ask.closed_days.as_ref().and_then(|w| OnClosed::from_key(w.as_ref()))) {
        (Some(calendar), Some(then)) => Some(ClosedDays { calendar, then }),
        (None, None) => None,
        _ => {
            return Err(AppError::invalid(
                "calendar",
                "un calendrier et ce que font ses jours fermés vont ensemble",
                "a calendar and what its closed days do go together",
            ));
        }
    };
    Ok(WritePlan {
        contract: ask.contract,
        title: ask.title.0,
        description: ask.description.map(|text| text.0).unwrap_or_default(),
        about: PlanAbout {
            kind: ask.kind.map(|k| k.as_ref().to_owned()),
            priority: ask.priority,
            level: ask.level,
            service: ask.service,
            site: ask.site,
            item: ask.item,
            item_class: ask.item_class,
            operation: ask.operation,
            duty: ask.duty.map(DutyOf::from),
        },
        rhythm: Rhythm { every, unit, first: ask.first, until: ask.until, at, closed },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_is_a_plan_and_half_a_calendar_is_none() {
        let read = |value: serde_json::Value| asked(serde_json::from_value(value).unwrap());
        let mut example = example();
        assert_eq!(read(example.clone()).unwrap().rhythm.at, jiff::civil::time(8, 30, 0, 0));
        example.as_object_mut().unwrap().remove("closed_days");
        assert!(matches!(read(example), Err(AppError::Invalid(i)) if i.field == "calendar"));
    }
}
