//! `/desk`: the provider's open work over all customers, soonest due first.

use app::Act;
use app::desk::{Line, Whose};
use axum::extract;
use axum::response::Response;
use base::id::CustomerId;
use jiff::Timestamp;

use super::operation::Operation;
use super::reply::Reply;
use super::request::{Caller, Parameters};
use super::schema::{answer, ask};
use super::tickets::{TicketLine, limit, line};
use crate::http::State;

answer! {
    /// One ticket of the desk.
    DeskLine {
        customer: CustomerId,
        slug: String,
        customer_name: String,
        ticket: TicketLine,
    }

    /// Open work, soonest due first.
    Desk {
        at: Timestamp,
        items: Vec<DeskLine>,
    }
}

ask! {
    /// Whose work.
    DeskQuery {
        /// Only the tickets that the asker has taken.
        mine: Option<bool>,
        /// 1 to 200; 50 if absent.
        limit: Option<u32>,
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
            let permit = who.permit_instance(Act::SeeDesk)?;
            let whose = if query.mine == Some(true) { Whose::Mine } else { Whose::Everyone };
            let lines = app.desk(&permit, whose, limit(query.limit)?)?;
            let now = app.now();
            let shown = |l: Line| DeskLine {
                customer: l.customer,
                slug: l.slug,
                customer_name: l.customer_name,
                ticket: line(l.shown, now),
            };
            Ok(Reply::json(&Desk { at: now, items: lines.into_iter().map(shown).collect() }))
        })
        .await
}
