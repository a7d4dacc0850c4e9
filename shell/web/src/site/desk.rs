//! `GET /`: the desk, over all customers.

use app::Act;
use app::desk::{Line, Whose};
use app::ticket::State as TicketState;
use axum::extract::{Query, State as Shared};
use axum::response::Response;
use serde::Deserialize;

use super::{failed, rows};
use crate::design::CustomerRef;
use crate::http::{Failure, Reader, State, html, see_other};
use crate::pages::desk::{Filter, View, page};

#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    show: String,
    #[serde(default, alias = "q")]
    query: String,
}

/// Rows shown at most; the counts tell the rest.
const ROWS: usize = 60;
/// Lines looked at to fill and count the filters.
const LOOKED_AT: u32 = 500;

pub async fn show(
    Shared(web): Shared<State>,
    reader: Reader,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    if let Some(customer) = reader.principal.customer {
        // The customer's people have one customer: their first page is its own.
        let slug =
            web.run(move |app| Ok(app.vault(customer)?.slug.clone())).await.map_err(failed(&reader))?;
        return Ok(see_other(&format!("/c/{slug}")));
    }
    let filter = Filter::ALL.into_iter().find(|f| f.code() == asked.show).unwrap_or(Filter::All);
    let query = asked.query.trim().to_owned();
    let me = reader.principal.account;
    let (who, words) = (reader.principal.clone(), query.clone());
    let lines = web.run(move |app| {
        let permit = who.permit_instance(Act::SeeDesk)?;
        if words.is_empty() {
            return app.desk(&permit, Whose::Everyone, LOOKED_AT);
        }
        app.find_everywhere(&permit, &words, LOOKED_AT)
    });
    let lines = lines.await.map_err(failed(&reader))?;
    let holds = |filter: Filter, line: &Line| {
        let ticket = &line.shown.ticket;
        match filter {
            Filter::Mine => ticket.assignee == Some(me),
            Filter::All => true,
            Filter::Unassigned => ticket.assignee.is_none(),
            Filter::Late => line.shown.next.as_ref().is_some_and(|n| n.left_seconds < 0),
            Filter::Paused => ticket.state == TicketState::Paused,
        }
    };
    let counts =
        Filter::ALL.into_iter().map(|f| (f, lines.iter().filter(|l| holds(f, l)).count() as u64)).collect();
    let rows = lines
        .iter()
        .filter(|l| holds(filter, l))
        .take(ROWS)
        .map(|l| rows::row(&customer(l), &l.shown))
        .collect();
    let view = View { filter, query, counts, rows, more: None, waiting: Vec::new() };
    Ok(html(page(&reader.shell(&web, None), &view)))
}

fn customer(line: &Line) -> CustomerRef {
    CustomerRef { slug: line.slug.clone(), name: line.customer_name.clone(), contract: line.contract.clone() }
}
