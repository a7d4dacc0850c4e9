//! `/customers/{customer}/tickets`: opening, listing, showing, and every step after.

mod change;
mod clocks;
mod decision;
mod delivery;
mod levels;
mod open;
mod show;
mod steps;

use std::str::FromStr;

use app::ticket::{Filter, Key, Shown, State as TicketState, Which, own};
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
    /// Where tickets stand, or what that means.
    TicketSieve ["open", "late", "new", "in_progress", "paused", "restored", "resolved"];
    /// Where the thing concerned stands in the perimeter; `shared`: a third party runs it.
    Coverage ["in", "out", "shared"];
    /// What was asked for.
    TicketKind ["incident", "service_request", "functional_support", "problem", "change", "corrective", "preventive",
        "evolutive", "adaptive"];
    /// How a ticket stands to another.
    TieWord ["relates", "duplicate_of", "duplicated_by", "caused_by", "causes", "blocks", "blocked_by", "split_from",
        "split_into", "child_of", "parent_of", "defect_of", "has_defect"];
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

    /// A page of tickets, newest first; open or late ones soonest due first.
    Tickets {
        items: Vec<TicketLine>,
        /// Pass as `after` for the next page; `null` on the last one. A page may be short, or empty, and
        /// have a next one: a rare combination of filters is looked for among some hundreds of tickets at a time.
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
        /// `open`: not resolved; `late`: past their due instant.
        state: Option<TicketSieve>,
        /// A priority of the contract's matrix.
        priority: Option<String>,
        kind: Option<TicketKind>,
        /// An item of the perimeter, by its key.
        item: Option<String>,
        /// Only the asker's own tickets: those taken over, or, for the customer's people, declared.
        mine: Option<bool>,
        /// A number, or words of its texts: newest first.
        search: Option<String>,
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
            let after = match &query.after {
                Some(text) => Some(Key::parse(text).ok_or_else(unknown_key)?),
                None => None,
            };
            let filter = Filter {
                which: match query.state.as_ref().map(AsRef::as_ref) {
                    Some("open") => Which::Open,
                    Some("late") => Which::Late(app.now().as_microsecond()),
                    Some(key) => TicketState::from_key(key).map_or(Which::All, Which::In),
                    None => Which::All,
                },
                priority: query.priority,
                kind: query.kind.map(|k| k.as_ref().to_owned()),
                item: query.item,
                ..Filter::default()
            };
            let filter = if query.mine == Some(true) { own(filter, &permit) } else { filter };
            let (shown, next) = match &query.search {
                Some(words) => {
                    let before = match after {
                        Some(Key::Number(number)) => Some(number),
                        Some(Key::Due(..)) => return Err(unknown_key().into()),
                        None => None,
                    };
                    let (found, next) = app.find_tickets(&permit, words, &filter, before, limit)?;
                    (found, next.map(Key::Number))
                }
                None => app.tickets(&permit, &filter, after, limit)?,
            };
            let now = app.now();
            let items = shown.into_iter().map(|s| line(s, now)).collect();
            Ok(Reply::json(&Tickets { items, next: next.map(Key::text) }))
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

/// Two values, as a page gives its end.
pub fn pair<A: FromStr, B: FromStr>(after: Option<&str>) -> Result<Option<(A, B)>, AppError> {
    after.map(|text| crate::http::pair(text).ok_or_else(unknown_key)).transpose()
}

/// The lines after one of a list that is read whole, and the identifier of the last of them if others follow.
pub fn page_of<T>(
    mut all: Vec<T>,
    id: impl Fn(&T) -> String,
    after: Option<&str>,
    limit: u32,
) -> Result<(Vec<T>, Option<String>), AppError> {
    if let Some(after) = after {
        let last = all.iter().position(|line| id(line) == after).ok_or_else(unknown_key)?;
        all.drain(..=last);
    }
    let more = all.len() > limit as usize;
    all.truncate(limit as usize);
    let next = all.last().filter(|_| more).map(id);
    Ok((all, next))
}

/// A place in a list that no page of it gave.
pub fn unknown_key() -> AppError {
    AppError::invalid(
        "after",
        "reprenez la valeur « next » de la page précédente",
        "pass the “next” of the page before",
    )
}

/// The number in an address; what no ticket can have is not found.
pub(in crate::api) fn number(text: &str) -> Result<u64, AppError> {
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
