//! `/customers/{customer}/review`: the half-year that the parties look at together.

use app::review::{Half, Review};
use app::{Act, AppError};
use axum::extract;
use axum::response::Response;
use engines::duties::{DutyState, Occurrence};
use jiff::Timestamp;
use jiff::civil::Date;
use terms::Promise;

use super::because::{Why, whys};
use super::calls::Meter;
use super::money::Statement;
use super::operation::Operation;
use super::reply::Reply;
use super::request::{At, Caller, Parameters, permit};
use super::schema::{answer, ask, words};
use crate::http::State;

words! {
    /// What was promised of a ticket.
    ReviewPromise ["respond", "restore", "resolve"];
}

answer! {
    /// What was promised and what was kept.
    ReviewKept {
        promise: ReviewPromise,
        /// In time.
        kept: u64,
        /// In all.
        all: u64,
    }

    /// A promise that was kept late.
    ReviewLate {
        ticket: u64,
        promise: ReviewPromise,
        /// Past due on the promise's own clock.
        seconds: i64,
        /// The label of the clause that promised it.
        clause: Option<String>,
    }

    /// Tickets opened of a kind.
    ReviewKind {
        kind: String,
        opened: u64,
    }

    /// A meeting that the contract asks for.
    ReviewMeeting {
        /// The clause's label.
        clause: String,
        title: String,
        /// The last day.
        due: Option<Date>,
        /// The day it was held.
        held: Option<Date>,
        /// Where its minutes are.
        minutes: Option<String>,
        reasons: Vec<Why>,
    }

    /// Six months of a contract, the present one counted, or the half-year asked for.
    ReviewRead {
        /// The contract's number.
        contract: String,
        at: Timestamp,
        /// The half-years that may be asked for, the last one first.
        halves: Vec<String>,
        from: Date,
        /// The last day looked at.
        until: Date,
        today: Date,
        /// Tickets opened.
        opened: u64,
        kinds: Vec<ReviewKind>,
        kept: Vec<ReviewKept>,
        /// The latest first, thirty at most; none for those who do not see tickets.
        late: Vec<ReviewLate>,
        /// Answers to the question of satisfaction, and their average mark in hundredths.
        answers: u64,
        mean_hundredths: Option<u64>,
        /// Duties that are late now.
        provider_late: u64,
        customer_late: u64,
        /// The meetings of the contract year, or of the half-year asked for, by day.
        meetings: Vec<ReviewMeeting>,
        /// The months closed in that time, as they were, by month; `null` for those who do not see money.
        months: Option<Vec<Statement>>,
        /// As they stood on the last day looked at; none for those who do not see meters.
        meters: Vec<Meter>,
    }
}

ask! {
    /// Of which contract.
    ReviewQuery {
        /// The contract's number; may be left out while one contract only is in force.
        contract: Option<String>,
        /// `2026-1` for the first half of 2026; the last six months when left out.
        half: Option<String>,
    }
}

pub fn operations() -> Vec<Operation> {
    vec![
        Operation::get("/customers/{customer}/review", "readReview", "contracts", read)
            .about(
                "La revue de partenariat\u{a0}: six mois d'un contrat",
                "The partnership review: six months of a contract",
            )
            .query(ReviewQuery::properties)
            .gives::<ReviewRead>(),
    ]
}

async fn read(
    extract::State(web): extract::State<State>,
    caller: Caller,
    At(customer): At<String>,
    Parameters(query): Parameters<ReviewQuery>,
) -> Response {
    caller
        .run(&web, move |app, who| {
            let permit = permit(app, who, &customer, Act::SeeContract)?;
            let half = match &query.half {
                Some(text) => Some(Half::parse(text).ok_or(AppError::NotFound)?),
                None => None,
            };
            Ok(Reply::json(&fill(app.review(&permit, query.contract.as_deref(), half)?)))
        })
        .await
}

fn fill(review: Review) -> ReviewRead {
    let count = |of: usize| u64::try_from(of).unwrap_or(u64::MAX);
    ReviewRead {
        contract: review.agreement.number.clone(),
        at: review.at,
        halves: review.halves.iter().map(Half::to_string).collect(),
        from: review.from,
        until: review.until,
        today: review.today,
        opened: review.opened,
        kinds: review.kinds.into_iter().map(|(kind, opened)| ReviewKind { kind, opened }).collect(),
        late: review
            .late_tickets
            .iter()
            .filter_map(|late| {
                let clause = late.clause.as_ref().map(|clause| clause.label.clone());
                let (ticket, seconds) = (late.number, late.seconds);
                Some(ReviewLate { ticket, promise: word(late.promise)?, seconds, clause })
            })
            .collect(),
        kept: review
            .kept
            .into_iter()
            .filter_map(|(promise, kept, all)| Some(ReviewKept { promise: word(promise)?, kept, all }))
            .collect(),
        answers: review.satisfaction.answers(),
        mean_hundredths: review.satisfaction.mean_hundredths(),
        provider_late: count(review.late.0),
        customer_late: count(review.late.1),
        meetings: review.meetings.into_iter().map(|m| meeting(m.value, whys(m.reasons))).collect(),
        months: review.months.map(|months| months.into_iter().map(Statement::from).collect()),
        meters: review.meters.into_iter().map(Meter::from).collect(),
    }
}

fn word(promise: Promise) -> Option<ReviewPromise> {
    let word = match promise {
        Promise::Respond => "respond",
        Promise::Restore => "restore",
        Promise::Resolve => "resolve",
        _ => return None,
    };
    Some(ReviewPromise::of(word))
}

fn meeting(of: Occurrence, reasons: Vec<Why>) -> ReviewMeeting {
    let (held, minutes) = match of.state {
        DutyState::Done { on, reference } | DutyState::DoneLate { on, reference, .. } => {
            (Some(on), Some(reference))
        }
        DutyState::Unproved { on, .. } => (Some(on), None),
        _ => (None, None),
    };
    ReviewMeeting { clause: of.label, title: of.title, due: of.on, held, minutes, reasons }
}
