//! `/desk`: the provider's open work over all customers, soonest due first.

use app::Act;
use app::desk::{Key, Line, Which};
use axum::extract;
use axum::response::Response;
use base::id::CustomerId;
use jiff::Timestamp;

use super::operation::Operation;
use super::reply::Reply;
use super::request::{Caller, Parameters};
use super::schema::{answer, ask, words};
use super::tickets::{TicketLine, limit, line, unknown_key};
use crate::http::State;

words! {
    /// Which open tickets: all, those that the asker has taken, those that nobody has, those past their
    /// due instant, those suspended.
    DeskShow ["all", "mine", "unassigned", "late", "paused"];
}

answer! {
    /// One ticket of the desk.
    DeskLine {
        customer: CustomerId,
        slug: String,
        customer_name: String,
        ticket: TicketLine,
    }

    /// How many open tickets there are of each sort, over all customers.
    DeskCounts {
        all: u64,
        mine: u64,
        unassigned: u64,
        late: u64,
        paused: u64,
    }

    /// A page of open work, soonest due first.
    Desk {
        at: Timestamp,
        items: Vec<DeskLine>,
        /// Pass as `after` for the next page; `null` on the last one.
        next: Option<String>,
        counts: DeskCounts,
    }
}

ask! {
    /// Whose work.
    DeskQuery {
        /// Only the tickets that the asker has taken: the same as `show=mine`.
        mine: Option<bool>,
        /// `all` if absent.
        show: Option<DeskShow>,
        /// 1 to 200; 50 if absent.
        limit: Option<u32>,
        /// The `next` of the page before.
        after: Option<String>,
    }
}

pub fn operations() -> Vec<Operation> {
    vec![
        Operation::get("/desk", "getDesk", "desk", desk)
            .about("Le travail ouvert, le plus urgent d'abord", "Open work, soonest due first")
            .query(DeskQuery::properties)
            .gives::<Desk>(),
    ]
}

async fn desk(
    extract::State(web): extract::State<State>,
    caller: Caller,
    Parameters(query): Parameters<DeskQuery>,
) -> Response {
    caller
        .run(&web, move |app, who| {
            let permit = app.permit_instance(who, Act::SeeDesk)?;
            let which = match query.show.as_ref().map(AsRef::as_ref) {
                None | Some("all") if query.mine == Some(true) => Which::Mine,
                Some("mine") => Which::Mine,
                Some("unassigned") => Which::Unassigned,
                Some("late") => Which::Late,
                Some("paused") => Which::Paused,
                _ => Which::All,
            };
            let after = match &query.after {
                Some(text) => Some(Key::parse(text).ok_or_else(unknown_key)?),
                None => None,
            };
            let page = app.desk(&permit, which, after, limit(query.limit)?)?;
            let counts = app.desk_counts(&permit)?;
            let count = |which: Which| counts.iter().find(|(w, _)| *w == which).map_or(0, |(_, n)| *n);
            let now = app.now();
            let shown = |l: Line| DeskLine {
                customer: l.customer,
                slug: l.slug,
                customer_name: l.customer_name,
                ticket: line(l.shown, now),
            };
            Ok(Reply::json(&Desk {
                at: now,
                items: page.lines.into_iter().map(shown).collect(),
                next: page.next.map(Key::text),
                counts: DeskCounts {
                    all: count(Which::All),
                    mine: count(Which::Mine),
                    unassigned: count(Which::Unassigned),
                    late: count(Which::Late),
                    paused: count(Which::Paused),
                },
            }))
        })
        .await
}
