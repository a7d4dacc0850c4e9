//! `/customers/{customer}/services`, `/outages` and `/maintenance`: availability, and what it rests on.

use std::str::FromStr;

use app::service::{AnnounceMaintenance, Maintenance, Noted, Services, Standing, TellOutage};
use app::{Act, App, AppError, Permit};
use axum::extract;
use axum::response::Response;
use base::id::{MaintenanceId, OutageId};
use engines::availability::{Measure, Note};
use events::{OutageOrigin, ServiceState};
use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::json;

use super::because::{Why, whys};
use super::money::first_day;
use super::operation::Operation;
use super::problem::Failure;
use super::reply::Reply;
use super::request::{At, Caller, Entity, Key, Parameters, permit};
use super::schema::{Exact, answer, ask, key_of, words};
use super::{API, instant};
use crate::http::State;

words! {
    /// What the service was during the outage.
    OutageState ["down", "degraded", "unknown"];
    /// On whose side it began.
    Origin ["provider", "customer", "third_party", "force_majeure"];
    /// Whether the target was kept.
    AvailabilityVerdict ["kept", "missed", "nothing_measured"];
    /// Whether the figure may still change.
    AvailabilityStanding ["provisional", "final"];
    /// Over which period it is promised.
    AvailabilityPeriod ["month", "quarter", "contract_year"];
}

ask! {
    /// Which services.
    ServicesQuery {
        /// The contract's number; may be left out while one contract only is in force.
        contract: Option<String>,
        /// `2026-08`; the running month without it.
        month: Option<String>,
    }

    /// An outage as somebody tells it; `detected` or `declared` is needed.
    OutageAsk {
        /// The contract's number; may be left out while one contract only is in force.
        contract: Option<String>,
        /// Items of the perimeter, or services that the contract names.
        items: Vec<String>,
        /// When a probe saw it.
        detected: Option<Timestamp>,
        /// When the customer declared it.
        declared: Option<Timestamp>,
        /// Left out: it goes on.
        ended: Option<Timestamp>,
        state: OutageState,
        /// How many users it touched; left out: all.
        users: Option<u32>,
        origin: Origin,
    }

    /// The end of an outage that goes on.
    EndAsk {
        contract: Option<String>,
        ended: Timestamp,
    }

    /// What is withdrawn, or given up.
    WithdrawAsk {
        /// The contract's number; may be left out while one contract only is in force.
        contract: Option<String>,
    }

    /// A maintenance window; it is announced at the very instant of the request.
    MaintenanceAsk {
        contract: Option<String>,
        items: Vec<String>,
        from: Timestamp,
        until: Timestamp,
    }
}

answer! {
    /// One availability promised, over the period that holds the month.
    AvailabilityRead {
        /// The clause's label.
        clause: String,
        service: String,
        per: AvailabilityPeriod,
        /// The first and the last day of the period that the contract covers.
        from: Date,
        to: Date,
        /// Seconds, or user-seconds, without the maintenance left out.
        agreed: Exact,
        /// Of these, what was lost, each second times its weight.
        lost: Exact,
        /// Seconds that announced maintenance took out.
        maintenance: Exact,
        /// Seconds left out because nobody measured.
        unmeasured: Exact,
        target: Exact,
        /// (agreed − lost) ÷ agreed; `null` when no time was agreed.
        reached: Option<Exact>,
        verdict: AvailabilityVerdict,
        standing: AvailabilityStanding,
        /// The outages that counted.
        outages: Vec<OutageId>,
        reasons: Vec<Why>,
        /// Why an outage or a window does not count.
        notes: Vec<NoteRead>,
    }

    /// A reason about one outage or one window.
    NoteRead {
        /// Its identifier.
        about: String,
        reason: Why,
    }

    /// An outage as it stands after its corrections.
    OutageRead {
        id: OutageId,
        items: Vec<String>,
        detected: Option<Timestamp>,
        declared: Option<Timestamp>,
        ended: Option<Timestamp>,
        state: OutageState,
        users: Option<u32>,
        origin: Origin,
        recorded: Timestamp,
        /// When it was last corrected, or withdrawn.
        changed: Option<Timestamp>,
        cancelled: bool,
    }

    /// A maintenance window as it was announced.
    MaintenanceRead {
        id: MaintenanceId,
        items: Vec<String>,
        from: Timestamp,
        until: Timestamp,
        announced: Timestamp,
        /// When it was given up.
        cancelled: Option<Timestamp>,
    }

    /// The services of a contract over a month.
    ServicesRead {
        /// The contract's number.
        contract: String,
        at: Timestamp,
        /// The first day of the month.
        month: Date,
        /// Its figures are final.
        closed: bool,
        availability: Vec<AvailabilityRead>,
        outages: Vec<OutageRead>,
        maintenance: Vec<MaintenanceRead>,
    }

    /// What was written down.
    NotedRead {
        /// Of the outage, or of the window.
        id: String,
        /// Its journal entry.
        entry: u64,
    }
}

pub fn operations() -> Vec<Operation> {
    let sample = || {
        let told = json!({ "items": ["srv-erp"], "detected": "2026-08-12T07:30:00Z", "state": "down", "origin": "provider" });
        vec![("probe", told)]
    };
    vec![
        Operation::get("/customers/{customer}/services", "listServices", "services", list)
            .about("Les disponibilités d'un mois et ce qui les fonde", "The availabilities of a month, and what they rest on")
            .query(ServicesQuery::properties)
            .gives::<ServicesRead>(),
        Operation::post("/customers/{customer}/outages", "recordOutage", "services", record)
            .about("Consigner une interruption", "Record an outage")
            .takes::<OutageAsk>(sample)
            .gives::<NotedRead>(),
        Operation::post("/customers/{customer}/outages/{outage}/end", "endOutage", "services", end)
            .about("Consigner la fin d'une interruption", "Record the end of an outage")
            .takes::<EndAsk>(|| vec![("end", json!({ "ended": "2026-08-12T08:45:00Z" }))])
            .gives::<NotedRead>(),
        Operation::post("/customers/{customer}/outages/{outage}/correct", "correctOutage", "services", correct)
            .about("Redire une interruption en entier", "Tell an outage again, whole")
            .takes::<OutageAsk>(sample)
            .gives::<NotedRead>(),
        Operation::post("/customers/{customer}/outages/{outage}/cancel", "cancelOutage", "services", cancel)
            .about("Retirer une interruption qui n'a pas eu lieu", "Withdraw an outage that never was")
            .may_take::<WithdrawAsk>(|| vec![("only", json!({}))])
            .gives::<NotedRead>(),
        Operation::post("/customers/{customer}/maintenance", "announceMaintenance", "services", announce)
            .about("Annoncer une maintenance", "Announce maintenance")
            .takes::<MaintenanceAsk>(|| {
                let window = json!({ "items": ["ERP"], "from": "2026-08-25T07:00:00Z", "until": "2026-08-25T09:00:00Z" });
                vec![("window", window)]
            })
            .gives::<NotedRead>(),
        Operation::post("/customers/{customer}/maintenance/{window}/cancel", "cancelMaintenance", "services", give_up)
            .about("Annuler une maintenance avant son début", "Cancel maintenance before it begins")
            .may_take::<WithdrawAsk>(|| vec![("only", json!({}))])
            .gives::<NotedRead>(),
    ]
}

async fn list(
    extract::State(web): extract::State<State>,
    caller: Caller,
    At(customer): At<String>,
    Parameters(query): Parameters<ServicesQuery>,
) -> Response {
    caller
        .run(&web, move |app, who| {
            let permit = permit(app, who, &customer, Act::SeeServices)?;
            let month = query.month.as_deref().map(first_day).transpose()?;
            let services = app.services(&permit, query.contract.as_deref(), month)?;
            Ok(Reply::json(&ServicesRead::from(services)))
        })
        .await
}

async fn record(
    extract::State(web): extract::State<State>,
    caller: Caller,
    Key(key): Key,
    At(customer): At<String>,
    body: Entity<OutageAsk>,
) -> Response {
    note(web, caller, customer, move |app, permit| {
        Ok(app.record_outage(permit, &key, &told(body.read()?)?)?)
    })
    .await
}

async fn end(
    extract::State(web): extract::State<State>,
    caller: Caller,
    Key(key): Key,
    At((customer, outage)): At<(String, String)>,
    body: Entity<EndAsk>,
) -> Response {
    note(web, caller, customer, move |app, permit| {
        let ask = body.read()?;
        Ok(app.end_outage(permit, &key, ask.contract.as_deref(), id(&outage)?, ask.ended)?)
    })
    .await
}

async fn correct(
    extract::State(web): extract::State<State>,
    caller: Caller,
    Key(key): Key,
    At((customer, outage)): At<(String, String)>,
    body: Entity<OutageAsk>,
) -> Response {
    note(web, caller, customer, move |app, permit| {
        Ok(app.correct_outage(permit, &key, id(&outage)?, &told(body.read()?)?)?)
    })
    .await
}

async fn cancel(
    extract::State(web): extract::State<State>,
    caller: Caller,
    Key(key): Key,
    At((customer, outage)): At<(String, String)>,
    body: Option<Entity<WithdrawAsk>>,
) -> Response {
    note(web, caller, customer, move |app, permit| {
        let contract = contract(body)?;
        Ok(app.cancel_outage(permit, &key, contract.as_deref(), id(&outage)?)?)
    })
    .await
}

async fn announce(
    extract::State(web): extract::State<State>,
    caller: Caller,
    Key(key): Key,
    At(customer): At<String>,
    body: Entity<MaintenanceAsk>,
) -> Response {
    note(web, caller, customer, move |app, permit| {
        let MaintenanceAsk { contract, items, from, until } = body.read()?;
        let ask = AnnounceMaintenance { contract, items, from, until };
        Ok(app.announce_maintenance(permit, &key, &ask)?)
    })
    .await
}

async fn give_up(
    extract::State(web): extract::State<State>,
    caller: Caller,
    Key(key): Key,
    At((customer, window)): At<(String, String)>,
    body: Option<Entity<WithdrawAsk>>,
) -> Response {
    note(web, caller, customer, move |app, permit| {
        let contract = contract(body)?;
        Ok(app.cancel_maintenance(permit, &key, contract.as_deref(), id(&window)?)?)
    })
    .await
}

/// One act on services, by whoever may record them; the body is read by `act`, after the rights.
async fn note(
    web: State,
    caller: Caller,
    customer: String,
    act: impl FnOnce(&App, &Permit) -> Result<Noted, Failure> + Send + 'static,
) -> Response {
    caller
        .run(&web, move |app, who| {
            let permit = permit(app, who, &customer, Act::RecordOutage)?;
            let noted = act(app, &permit)?;
            let answer = NotedRead { id: noted.id, entry: noted.entry };
            Ok(Reply::created(&answer, format!("{API}/customers/{customer}/services")))
        })
        .await
}

/// The contract that a withdrawal names, if it says anything.
fn contract(body: Option<Entity<WithdrawAsk>>) -> Result<Option<String>, Failure> {
    Ok(body.map(|body| body.read()).transpose()?.and_then(|ask| ask.contract))
}

fn id<T: FromStr>(text: &str) -> Result<T, AppError> {
    text.parse().map_err(|_| AppError::NotFound)
}

fn told(ask: OutageAsk) -> Result<TellOutage, AppError> {
    let unfit = |field| AppError::invalid(field, "mot inconnu", "unknown word");
    Ok(TellOutage {
        contract: ask.contract,
        items: ask.items,
        detected: ask.detected,
        declared: ask.declared,
        ended: ask.ended,
        state: ServiceState::from_key(ask.state.as_ref()).ok_or_else(|| unfit("state"))?,
        users: ask.users,
        origin: OutageOrigin::from_key(ask.origin.as_ref()).ok_or_else(|| unfit("origin"))?,
    })
}

impl From<Services> for ServicesRead {
    fn from(services: Services) -> ServicesRead {
        ServicesRead {
            contract: services.agreement.number.clone(),
            at: services.at,
            month: services.month,
            closed: services.closed,
            availability: services.measures.into_iter().map(AvailabilityRead::from).collect(),
            outages: services.outages.into_iter().map(OutageRead::from).collect(),
            maintenance: services.maintenance.into_iter().map(MaintenanceRead::from).collect(),
        }
    }
}

impl From<Measure> for AvailabilityRead {
    fn from(measure: Measure) -> AvailabilityRead {
        let result = measure.result.value;
        AvailabilityRead {
            per: AvailabilityPeriod::of(key_of(&result.per)),
            from: result.period.first,
            to: result.period.last(),
            agreed: result.agreed.into(),
            lost: result.lost.into(),
            maintenance: result.maintenance.into(),
            unmeasured: result.unmeasured.into(),
            target: result.target.into(),
            reached: result.reached().map(Exact::from),
            verdict: AvailabilityVerdict::of(key_of(&result.verdict)),
            standing: AvailabilityStanding::of(key_of(&result.standing)),
            outages: result.outages.iter().filter_map(|id| id.parse().ok()).collect(),
            clause: result.clause,
            service: result.service,
            reasons: whys(measure.result.reasons),
            notes: measure.notes.into_iter().map(NoteRead::from).collect(),
        }
    }
}

impl From<Note> for NoteRead {
    fn from(note: Note) -> NoteRead {
        NoteRead { about: note.about, reason: note.reason.into() }
    }
}

impl From<Standing> for OutageRead {
    fn from(outage: Standing) -> OutageRead {
        let told = outage.told;
        OutageRead {
            id: outage.id,
            items: told.items,
            detected: told.detected.map(instant),
            declared: told.declared.map(instant),
            ended: told.ended.map(instant),
            state: OutageState::of(told.state.key()),
            users: told.users,
            origin: Origin::of(told.origin.key()),
            recorded: instant(outage.recorded),
            changed: outage.changed.map(instant),
            cancelled: outage.cancelled,
        }
    }
}

impl From<Maintenance> for MaintenanceRead {
    fn from(window: Maintenance) -> MaintenanceRead {
        let told = window.announced;
        MaintenanceRead {
            id: told.maintenance,
            items: told.items,
            from: instant(told.from),
            until: instant(told.until),
            announced: instant(told.at),
            cancelled: window.cancelled.map(instant),
        }
    }
}
