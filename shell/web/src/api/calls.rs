//! `/customers/{customer}/calls` and `/meters`: the hotline, counted.

use app::call::{RecordCall, Recorded};
use app::meters::{Counted, Metered};
use app::{Act, AppError};
use axum::extract;
use axum::response::Response;
use base::Because;
use base::id::CallId;
use engines::entitlement::MeterState;
use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::json;

use super::API;
use super::because::{Why, whys};
use super::money::ContractQuery;
use super::operation::Operation;
use super::reply::Reply;
use super::request::{At, Caller, Entity, Key, Parameters, permit};
use super::schema::{Components, Exact, Money, Schema, answer, ask, key_of, words};
use super::tickets::{limit, unknown_key};
use crate::http::State;

words! {
    /// What a meter counts: nothing, tickets, or minutes.
    MeterForm ["unlimited", "ticket_pack", "max_hours"];
}

/// 1 to 1 440.
#[derive(Debug, Clone, Copy, serde::Deserialize)]
#[serde(transparent)]
pub struct Minutes(u32);

impl Schema for Minutes {
    fn schema(_: &mut Components) -> serde_json::Value {
        json!({ "type": "integer", "minimum": 1, "maximum": 1440 })
    }
}

ask! {
    /// A call that was taken.
    CallAsk {
        minutes: Minutes,
        /// The number of the ticket it was about.
        ticket: Option<u32>,
        /// The contract's number, when several are in force and the call is about no ticket.
        contract: Option<String>,
        /// When it began, if not now.
        at: Option<Timestamp>,
    }
}

ask! {
    /// Which calls, and from where.
    CallsQuery {
        /// The contract's number; may be left out while one contract only is in force.
        contract: Option<String>,
        /// The label of the meter; may be left out while the contract has one only.
        meter: Option<String>,
        /// 1 to 200; 50 if absent. Calls of one instant come together.
        limit: Option<u32>,
        /// The `next` of the page before.
        after: Option<String>,
    }
}

answer! {
    /// What a call took from the meter.
    CallAnswer {
        id: CallId,
        /// The label of the meter.
        meter: String,
        /// Wholly paid by the meter as it stood.
        covered: bool,
        /// Tickets, or minutes once rounded and weighed.
        counted: u32,
        /// What the call was multiplied by: at night, on a public holiday, for who took it.
        weight: Exact,
        /// Billed for this call, net of VAT.
        price: Option<Money>,
        /// A further pack was bought for it.
        new_pack: bool,
        /// What is left after it.
        left: u32,
        reasons: Vec<Why>,
        /// Its journal entry.
        entry: u64,
    }

    /// A call that was taken, and what it took from its meter.
    CallRead {
        id: CallId,
        at: Timestamp,
        by: String,
        /// How long it lasted, before any rounding.
        minutes: u32,
        /// The number of the ticket that it was about.
        ticket: Option<u64>,
        /// Wholly paid by the meter as it stood.
        covered: bool,
        /// Tickets, or minutes once rounded and weighed.
        counted: u32,
        /// What the call was multiplied by: at night, on a public holiday, for who took it.
        weight: Exact,
        /// Billed for this call, net of VAT.
        price: Option<Money>,
        /// A further pack was bought for it.
        new_pack: bool,
        reasons: Vec<Why>,
    }

    /// A page of the calls of a meter's period, newest first.
    CallList {
        /// The contract's number.
        contract: String,
        /// The label of the meter.
        meter: String,
        items: Vec<CallRead>,
        /// Pass as `after` for the next page; `null` on the last one.
        next: Option<String>,
    }

    /// A meter, in tickets or in minutes.
    Meter {
        /// Its label.
        meter: String,
        form: MeterForm,
        /// The first and the last day of the period.
        from: Date,
        to: Date,
        included: u32,
        /// Come over from the period before.
        carried: u32,
        /// In packs bought during the period.
        bought: u32,
        packs_bought: u32,
        used: u32,
        left: u32,
        /// Out of pack, or beyond.
        beyond: u32,
        calls: u32,
        /// For the period, net of VAT.
        billed: Money,
        /// No more is left than the clause's threshold.
        alert: bool,
        /// At the rate of the period so far.
        forecast_empty_on: Option<Date>,
        reasons: Vec<Why>,
    }

    /// The meters of a contract.
    Meters {
        /// The contract's number.
        contract: String,
        at: Timestamp,
        items: Vec<Meter>,
    }
}

pub fn operations() -> Vec<Operation> {
    vec![
        Operation::post("/customers/{customer}/calls", "recordCall", "hotline", record)
            .about("Enregistrer un appel à l'assistance", "Record a call to the hotline")
            .takes::<CallAsk>(|| vec![("call", json!({ "minutes": 12, "ticket": 1 }))])
            .gives::<CallAnswer>(),
        Operation::get("/customers/{customer}/calls", "listCalls", "hotline", list)
            .about(
                "Les appels comptés par un compteur, et ce que chacun a pris",
                "The calls that a meter counted, and what each took",
            )
            .query(CallsQuery::properties)
            .gives::<CallList>(),
        Operation::get("/customers/{customer}/meters", "listMeters", "hotline", meters)
            .about("Les compteurs, maintenant", "The meters, as of now")
            .query(ContractQuery::properties)
            .gives::<Meters>(),
    ]
}

async fn record(
    extract::State(web): extract::State<State>,
    caller: Caller,
    Key(key): Key,
    At(customer): At<String>,
    body: Entity<CallAsk>,
) -> Response {
    caller
        .run(&web, move |app, who| {
            let permit = permit(app, who, &customer, Act::RecordCall)?;
            let ask = body.read()?;
            let ask = RecordCall {
                minutes: ask.minutes.0,
                ticket: ask.ticket.map(u64::from),
                contract: ask.contract,
                at: ask.at,
            };
            let answer = CallAnswer::from(app.record_call(&permit, &key, &ask)?);
            Ok(Reply::created(&answer, format!("{API}/customers/{customer}/meters")))
        })
        .await
}

async fn list(
    extract::State(web): extract::State<State>,
    caller: Caller,
    At(customer): At<String>,
    Parameters(query): Parameters<CallsQuery>,
) -> Response {
    caller
        .run(&web, move |app, who| {
            let permit = permit(app, who, &customer, Act::SeeMeters)?;
            let after = query.after.as_deref().map(|text| text.parse::<i64>().map_err(|_| unknown_key()));
            let most = usize::try_from(limit(query.limit)?).map_err(AppError::fault)?;
            let page = app.meters(&permit, query.contract.as_deref(), after.transpose()?, most)?;
            let contract = page.agreement.number.clone();
            let found = chosen(page.meters, query.meter.as_deref())?;
            let items = found.calls.into_iter().map(call).collect::<Result<_, AppError>>()?;
            let meter = found.state.value.meter;
            Ok(Reply::json(&CallList { contract, meter, items, next: found.next.map(|at| at.to_string()) }))
        })
        .await
}

/// The meter of a label, or the only one.
fn chosen(mut all: Vec<Metered>, label: Option<&str>) -> Result<Metered, AppError> {
    match label {
        Some(label) => all.into_iter().find(|m| m.state.value.meter == label).ok_or(AppError::NotFound),
        None if all.len() > 1 => {
            Err(AppError::invalid("meter", "plusieurs compteurs : dites lequel", "several meters: say which"))
        }
        None => all.pop().ok_or(AppError::NotFound),
    }
}

fn call(of: Counted) -> Result<CallRead, AppError> {
    let charge = of.charge.value;
    Ok(CallRead {
        id: of.call.call,
        at: Timestamp::from_microsecond(of.call.at).map_err(AppError::fault)?,
        by: of.by,
        minutes: of.call.minutes,
        ticket: of.ticket,
        covered: charge.covered,
        counted: charge.counted,
        weight: charge.weight.into(),
        price: charge.price.map(Money::from),
        new_pack: charge.new_pack,
        reasons: whys(of.charge.reasons),
    })
}

async fn meters(
    extract::State(web): extract::State<State>,
    caller: Caller,
    At(customer): At<String>,
    Parameters(query): Parameters<ContractQuery>,
) -> Response {
    caller
        .run(&web, move |app, who| {
            let permit = permit(app, who, &customer, Act::SeeMeters)?;
            let page = app.meters(&permit, query.contract.as_deref(), None, 0)?;
            let items = page.meters.into_iter().map(|m| Meter::from(m.state)).collect();
            Ok(Reply::json(&Meters { contract: page.agreement.number.clone(), at: page.at, items }))
        })
        .await
}

impl From<Recorded> for CallAnswer {
    fn from(recorded: Recorded) -> CallAnswer {
        CallAnswer {
            id: recorded.id,
            meter: recorded.meter,
            covered: recorded.covered,
            counted: recorded.counted,
            weight: recorded.weight.into(),
            price: recorded.price.map(Money::from),
            new_pack: recorded.new_pack,
            left: recorded.left,
            reasons: whys(recorded.reasons),
            entry: recorded.entry,
        }
    }
}

impl From<Because<MeterState>> for Meter {
    fn from(Because { value: state, reasons }: Because<MeterState>) -> Meter {
        Meter {
            meter: state.meter,
            form: MeterForm::of(key_of(&state.form)),
            from: state.period.first,
            to: state.period.last(),
            included: state.included,
            carried: state.carried,
            bought: state.bought,
            packs_bought: state.packs_bought,
            used: state.used,
            left: state.left,
            beyond: state.beyond,
            calls: state.calls,
            billed: state.billed.into(),
            alert: state.alert,
            forecast_empty_on: state.forecast_empty_on,
            reasons: whys(reasons),
        }
    }
}
