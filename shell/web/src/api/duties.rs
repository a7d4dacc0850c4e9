//! `/customers/{customer}/duties`: what each party owes, when, done or late; and saying that it was done.

use app::life::{DutyReport, Life, TicketDuty};
use app::{Act, AppError};
use axum::extract;
use axum::response::Response;
use base::Because;
use engines::duties::{DutyState, Occurrence};
use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::json;
use terms::DutyProof;

use super::because::{Why, whys};
use super::life::{LifeRecorded, recorded};
use super::operation::Operation;
use super::reply::Reply;
use super::request::{At, Caller, Entity, Key, Parameters, permit};
use super::schema::{Bounded, answer, ask, key_of, words};
use super::tickets::limit;
use crate::http::State;

words! {
    /// Who owes it.
    Debtor ["provider", "customer", "subcontractor", "third_party"];
    /// How it stands: `unproved` is done without the proof agreed, `continuous` is owed at all times.
    DutyStanding ["done", "done_late", "unproved", "not_yet_due", "due_soon", "late", "continuous"];
    /// What shows that it was done.
    ProofWord [
        "document", "minutes", "certificate", "test_record", "attendance", "notice", "undertaking",
        "declaration",
    ];
}

answer! {
    /// One time a duty is owed.
    DutyRead {
        /// The clause's label.
        clause: String,
        /// Which of the clause's duties.
        what: String,
        /// As the contract calls it, in the contract's language.
        title: String,
        owed_by: Debtor,
        /// The proof that the contract asks for.
        proof: ProofWord,
        state: DutyStanding,
        /// The first day on which doing it counts.
        from: Date,
        /// The last day; `null` when it is owed at all times.
        due: Option<Date>,
        /// The exact limit, when it is counted in hours.
        limit: Option<Timestamp>,
        /// The day it was done.
        done: Option<Date>,
        /// Where the proof is.
        reference: Option<String>,
        /// What was given, when it is not the proof agreed.
        given: Option<ProofWord>,
        /// Days past the last day, when it is late or was done late.
        days_late: Option<u32>,
        /// Days left, when it is due soon.
        days_left: Option<u32>,
        /// The number of the ticket by which it was done, or of the one opened to do it.
        ticket: Option<u64>,
        reasons: Vec<Why>,
    }

    /// The duty of the contract that a ticket was opened to do.
    TicketDutyRead {
        /// The label of the clause that owes it.
        clause: String,
        /// Which of the clause's duties.
        what: String,
        /// As the contract calls it, in the contract's language.
        title: String,
        /// The proof that the contract asks for.
        proof: ProofWord,
        /// The time owed that it counts for; `null` where none is open.
        occurrence: Option<DutyRead>,
        /// The day it was done by this ticket.
        done: Option<Date>,
        /// Where the proof is.
        reference: Option<String>,
        reasons: Vec<Why>,
    }

    /// A page of the duties due in the contract year, and of those of before that are late.
    Duties {
        /// The contract's number.
        contract: String,
        at: Timestamp,
        /// By last day; those owed at all times come last.
        items: Vec<DutyRead>,
        /// Pass as `after` for the next page; `null` on the last one.
        next: Option<String>,
    }
}

ask! {
    /// Which duties, and from where.
    DutiesQuery {
        /// The contract's number; may be left out while one contract only is in force.
        contract: Option<String>,
        owed_by: Option<Debtor>,
        state: Option<DutyStanding>,
        /// 1 to 200; 50 if absent.
        limit: Option<u32>,
        /// The `next` of the page before.
        after: Option<String>,
    }

    /// A duty that was done, and where its proof is.
    DutyAsk {
        /// The contract's number; may be left out while one contract only is in force.
        contract: Option<String>,
        /// The label of the clause that owes it.
        clause: Bounded<1, 200>,
        /// Which of the clause's duties; may be left out when there is one.
        what: Option<String>,
        /// The day it was done: today or before.
        on: Date,
        proof: ProofWord,
        /// Where the proof is: `procès-verbal n° 7 du 3 novembre 2026`.
        reference: Bounded<1, 1_000>,
        /// What was renewed runs until then.
        valid_until: Option<Date>,
        /// The number of the ticket by which it was done, one that was opened to do it.
        ticket: Option<u64>,
    }
}

pub fn operations() -> Vec<Operation> {
    vec![
        Operation::get("/customers/{customer}/duties", "listDuties", "life", list)
            .about("Les obligations de l'année contractuelle", "The duties of the contract year")
            .query(DutiesQuery::properties)
            .gives::<Duties>(),
        Operation::post("/customers/{customer}/duties", "recordDuty", "life", record)
            .about("Consigner une obligation accomplie", "Record a duty done")
            .takes::<DutyAsk>(|| {
                let minutes = json!({
                    "clause": "comite-pilotage",
                    "on": "2026-06-01",
                    "proof": "minutes",
                    "reference": "procès-verbal n° 2 du 1er juin 2026",
                });
                vec![("minutes", minutes)]
            })
            .gives::<LifeRecorded>(),
    ]
}

async fn list(
    extract::State(web): extract::State<State>,
    caller: Caller,
    At(customer): At<String>,
    Parameters(query): Parameters<DutiesQuery>,
) -> Response {
    caller
        .run(&web, move |app, who| {
            let permit = permit(app, who, &customer, Act::SeeContract)?;
            let most = limit(query.limit)?;
            let after = query.after.as_deref().map(position).transpose()?;
            let life = app.life(&permit, query.contract.as_deref())?;
            let wanted = |duty: &DutyRead| {
                query.owed_by.as_ref().is_none_or(|by| *by == duty.owed_by)
                    && query.state.as_ref().is_none_or(|state| *state == duty.state)
            };
            Ok(Reply::json(&page(life, wanted, after.as_deref(), most)))
        })
        .await
}

async fn record(
    extract::State(web): extract::State<State>,
    caller: Caller,
    Key(key): Key,
    At(customer): At<String>,
    body: Entity<DutyAsk>,
) -> Response {
    caller
        .run(&web, move |app, who| {
            let permit = permit(app, who, &customer, Act::RecordDuty)?;
            let ask = body.read()?;
            let unknown = || AppError::invalid("proof", "preuve inconnue", "unknown proof");
            let report = DutyReport {
                contract: ask.contract,
                label: ask.clause.0,
                what: ask.what,
                on: ask.on,
                proof: DutyProof::from_key(ask.proof.as_ref()).ok_or_else(unknown)?,
                reference: ask.reference.0,
                valid_until: ask.valid_until,
                ticket: ask.ticket,
            };
            Ok(recorded(app.record_duty(&permit, &key, &report)?, &customer, "duties"))
        })
        .await
}

/// The duties after a position, by position: what is recorded meanwhile moves none of the others.
fn page(life: Life, wanted: impl Fn(&DutyRead) -> bool, after: Option<&str>, most: u32) -> Duties {
    let mut all: Vec<(String, Because<Occurrence>)> = Vec::with_capacity(life.duties.len());
    for duty in life.duties {
        let of = position_of(&duty.value);
        // Two events of one day may each give rise to the same duty.
        let twins = all.iter().filter(|(p, _)| p.starts_with(&of)).count();
        all.push((format!("{of}{twins:04}"), duty));
    }
    all.sort_by(|(a, _), (b, _)| a.cmp(b));
    let later = all.into_iter().filter(|(at, _)| after.is_none_or(|after| at.as_str() > after));
    let mut shown = later.map(|(at, duty)| (at, DutyRead::from(duty))).filter(|(_, duty)| wanted(duty));
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    let items: Vec<(String, DutyRead)> = shown.by_ref().take(most).collect();
    let more = shown.next().is_some();
    Duties {
        contract: life.agreement.number.clone(),
        at: life.at,
        next: items.last().filter(|_| more).map(|(at, _)| at.clone()),
        items: items.into_iter().map(|(_, duty)| duty).collect(),
    }
}

/// Where a duty stands in the list: by its last day, then by its clause.
fn position_of(duty: &Occurrence) -> String {
    // Owed at all times: after every day that can be written.
    let on = duty.on.map_or_else(|| "d9999-99-99".to_owned(), |on| format!("d{on}"));
    format!("{on}/{}/{}/{}/", duty.label, duty.what, duty.from)
}

fn position(after: &str) -> Result<String, AppError> {
    let written = after.len() <= 500 && after.starts_with('d') && after.matches('/').count() == 4;
    if written {
        return Ok(after.to_owned());
    }
    Err(AppError::invalid(
        "after",
        "reprenez la valeur « next » de la page précédente",
        "pass the “next” of the page before",
    ))
}

impl From<TicketDuty> for TicketDutyRead {
    fn from(duty: TicketDuty) -> TicketDutyRead {
        let (done, reference) = duty.done.map(|done| (done.on, done.reference)).unzip();
        TicketDutyRead {
            clause: duty.of.clause,
            what: duty.of.what,
            title: duty.title,
            proof: ProofWord::of(duty.proof.key()),
            occurrence: duty.occurrence.map(DutyRead::from),
            done,
            reference,
            reasons: whys(duty.reasons),
        }
    }
}

impl From<Because<Occurrence>> for DutyRead {
    fn from(duty: Because<Occurrence>) -> DutyRead {
        let Because { value, reasons } = duty;
        let mut read = DutyRead {
            clause: value.label,
            what: value.what,
            title: value.title,
            owed_by: Debtor::of(key_of(&value.owed_by)),
            proof: ProofWord::of(value.proof.key()),
            state: DutyStanding::of("continuous"),
            from: value.from,
            due: value.on,
            limit: value.limit,
            done: None,
            reference: None,
            given: None,
            days_late: None,
            days_left: None,
            ticket: value.ticket,
            reasons: whys(reasons),
        };
        let word = match value.state {
            DutyState::Done { on, reference } => {
                (read.done, read.reference) = (Some(on), Some(reference));
                "done"
            }
            DutyState::DoneLate { on, days, reference } => {
                (read.done, read.reference, read.days_late) = (Some(on), Some(reference), Some(days));
                "done_late"
            }
            DutyState::Unproved { on, given } => {
                (read.done, read.given) = (Some(on), Some(ProofWord::of(given.key())));
                "unproved"
            }
            DutyState::DueSoon { days } => {
                read.days_left = Some(days);
                "due_soon"
            }
            DutyState::Late { days } => {
                read.days_late = Some(days);
                "late"
            }
            DutyState::NotYetDue => "not_yet_due",
            DutyState::Continuous => "continuous",
        };
        DutyRead { state: DutyStanding::of(word), ..read }
    }
}
