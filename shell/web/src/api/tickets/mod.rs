//! `/customers/{customer}/tickets`: opening, listing, showing, and every step after.

mod open;
mod show;
mod steps;

use app::ticket::{Filter, Shown, State as TicketState};
use app::{Act, AppError};
use axum::extract;
use axum::response::Response;
use base::id::{ContractId, TicketId};
use jiff::Timestamp;

use super::instant;
use super::operation::Operation;
use super::reply::Reply;
use super::request::{At, Caller, Parameters, permit};
use super::schema::{Money, answer, ask, words};
use crate::http::State;

words! {
    /// Where a ticket stands.
    TicketStanding ["new", "in_progress", "paused", "restored", "resolved"];
    /// Where the thing concerned stands in the perimeter; `shared`: a third party runs it.
    Coverage ["in", "out", "shared"];
    /// What was asked for.
    TicketKind ["incident", "service_request"];
    /// On what terms the request was taken in.
    AdmissionWord ["accepted", "priced", "needs_quote"];
    /// What is promised.
    PromiseWord ["respond", "restore", "resolve", "escalate", "quote", "deliver", "answer"];
}

answer! {
    /// A ticket, in a list.
    TicketLine {
        id: TicketId,
        /// Counted from 1 for each customer.
        number: u64,
        title: String,
        kind: TicketKind,
        priority: String,
        state: TicketStanding,
        coverage: Coverage,
        admission: AdmissionWord,
        /// Agreed before the work, net of VAT, when the request is priced.
        price: Option<Money>,
        opened: Timestamp,
        /// The next due instant of a clock that runs.
        due: Option<Timestamp>,
        /// What is due then.
        due_promise: Option<PromiseWord>,
        /// Past that instant.
        overdue: bool,
        /// The label of the pause in force.
        pause: Option<String>,
        assignee: Option<String>,
        updated: Timestamp,
        contract: ContractId,
        /// The hash of the contract version it opened under, which it keeps.
        version: String,
        /// The journal entry that opened it.
        entry: u64,
    }

    /// A page of tickets, newest first.
    Tickets {
        items: Vec<TicketLine>,
        /// Pass as `after` for the next page; `null` on the last one.
        next: Option<String>,
    }
}

ask! {
    /// Which tickets, and from where.
    TicketsQuery {
        /// 1 to 200; 50 if absent.
        limit: Option<u32>,
        /// The `next` of the page before.
        after: Option<String>,
        state: Option<TicketStanding>,
        /// A priority of the contract's matrix.
        priority: Option<String>,
    }
}

pub fn operations() -> Vec<Operation> {
    let mut all = vec![
        Operation::get("/customers/{customer}/tickets", "listTickets", "tickets", list)
            .about("Les tickets, du plus récent au plus ancien", "Tickets, newest first")
            .query(TicketsQuery::properties)
            .gives::<Tickets>(),
    ];
    all.extend(open::operations());
    all.extend(show::operations());
    all.extend(steps::operations());
    all
}

async fn list(
    extract::State(web): extract::State<State>,
    caller: Caller,
    At(customer): At<String>,
    Parameters(query): Parameters<TicketsQuery>,
) -> Response {
    caller
        .run(&web, move |app, who| {
            let permit = permit(app, who, &customer, Act::SeeTickets)?;
            let limit = limit(query.limit)?;
            let before = query.after.as_deref().map(position).transpose()?;
            let state = query.state.and_then(|s| TicketState::from_key(s.as_ref()));
            let filter = Filter { state, priority: query.priority };
            let (shown, next) = app.tickets(&permit, &filter, before, limit)?;
            let now = app.now();
            let items = shown.into_iter().map(|s| line(s, now)).collect();
            Ok(Reply::json(&Tickets { items, next: next.map(|n| format!("t{n}")) }))
        })
        .await
}

/// 1 to 200, 50 if absent.
pub fn limit(asked: Option<u32>) -> Result<u32, AppError> {
    match asked {
        None => Ok(50),
        Some(n) if (1..=200).contains(&n) => Ok(n),
        Some(_) => Err(AppError::invalid("limit", "de 1 à 200", "1 to 200")),
    }
}

fn position(after: &str) -> Result<u64, AppError> {
    let number = after.strip_prefix('t').filter(|n| n.len() <= 18).and_then(|n| n.parse().ok());
    number.ok_or_else(|| {
        AppError::invalid(
            "after",
            "reprenez la valeur « next » de la page précédente",
            "pass the “next” of the page before",
        )
    })
}

/// The number in an address; what no ticket can have is not found.
fn number(text: &str) -> Result<u64, AppError> {
    let plain = !text.starts_with('+');
    text.parse::<u32>().ok().filter(|_| plain).map(u64::from).ok_or(AppError::NotFound)
}

pub fn line(shown: Shown, now: Timestamp) -> TicketLine {
    let t = shown.ticket;
    let due = t.due.map(instant);
    TicketLine {
        id: t.id,
        number: t.number,
        title: shown.title,
        kind: TicketKind::of(t.kind),
        priority: t.priority,
        state: TicketStanding::of(t.state.key()),
        coverage: Coverage::of(t.coverage),
        admission: AdmissionWord::of(t.admission),
        price: t.price.map(Money::from),
        opened: instant(t.opened),
        due,
        due_promise: t.due_promise.map(|p| PromiseWord::of(p.key())),
        overdue: due.is_some_and(|due| due < now),
        pause: t.pause,
        assignee: shown.assignee,
        updated: instant(t.updated),
        contract: t.contract,
        version: t.version,
        entry: t.seq,
    }
}
