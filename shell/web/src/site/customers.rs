//! The provider's customers, and for whom of them a ticket is opened.

use app::customers::Sought;
use app::{Act, AppError};
use axum::extract::{Query, State as Shared};
use axum::response::Response;
use serde::Deserialize;

use super::{failed, place, words};
use crate::http::{Failure, Reader, State, html, see_other};
use crate::pages::customers::{Line, View, page};
use crate::pages::new_ticket_for;

/// Customers of a page: what each has open is read in its own vault.
const ROWS: usize = 30;

#[derive(Deserialize, Default, Clone)]
pub struct Asked {
    /// What was typed to find one.
    #[serde(default)]
    q: String,
    /// The last customer of the page before.
    after: Option<String>,
}

impl Asked {
    fn sought(&self) -> Sought {
        Sought { words: self.q.clone(), after: self.after.clone() }
    }

    fn is_first(&self) -> bool {
        self.after.is_none()
    }

    /// The address of the first page, from another one.
    fn first(&self, path: &str) -> Option<String> {
        let query = words::query_encode(&self.q);
        (!self.is_first())
            .then(|| if query.is_empty() { path.to_owned() } else { format!("{path}?q={query}") })
    }

    fn next(&self, path: &str, last: Option<String>) -> Option<String> {
        let query = words::query_encode(&self.q);
        let kept = if query.is_empty() { query } else { format!("q={query}&") };
        last.map(|last| format!("{path}?{kept}after={last}"))
    }
}

/// `GET /c`
pub async fn list(
    Shared(web): Shared<State>,
    reader: Reader,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let (again, sought) = (reader.clone(), asked.sought());
    let read = web.run(move |app| {
        app.permit_instance(&again.principal, Act::SeeDesk)?;
        let (some, next) = app.customers_for(&again.principal, Act::SeeTickets, &sought, ROWS)?;
        let line = |slug: &str| {
            let here = place(app, &again, slug, Act::SeeTickets)?;
            // Nothing of the work is told before the undertaking is signed, and the others are no less to be read.
            let open = match app.open_count(&here.permit) {
                Err(error) if error.is_undertaking_owed() => None,
                count => Some(count?),
            };
            Ok(Line { open, customer: here.customer })
        };
        let rows = some.iter().map(|vault| line(&vault.slug)).collect::<Result<Vec<_>, AppError>>()?;
        Ok((rows, next))
    });
    let (rows, next) = read.await.map_err(failed(&reader))?;
    let view = View { rows, first: asked.first("/c"), next: asked.next("/c", next), query: asked.q };
    Ok(html(page(&reader.shell(&web, None), &view)))
}

/// `GET /tickets/new`: straight to the form when there is one customer, or one of the name that was typed.
pub async fn choose(
    Shared(web): Shared<State>,
    reader: Reader,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    const PATH: &str = "/tickets/new";
    let (who, sought) = (reader.principal.clone(), asked.sought());
    let read = web.run(move |app| {
        // The customer's people are never shown who else is one.
        if who.customer.is_none() {
            app.permit_instance(&who, Act::SeeDesk)?;
        }
        app.customers_for(&who, Act::OpenTicket, &sought, ROWS)
    });
    let (customers, next) = read.await.map_err(failed(&reader))?;
    if let [one] = customers.as_slice()
        && asked.is_first()
    {
        return Ok(see_other(&format!("/c/{}/tickets/new", one.slug)));
    }
    let lines = customers.into_iter().map(|v| new_ticket_for::Line { slug: v.slug, name: v.name }).collect();
    let (first, next) = (asked.first(PATH), asked.next(PATH, next));
    let view = new_ticket_for::View { customers: lines, query: asked.q, first, next };
    Ok(html(new_ticket_for::page(&reader.shell(&web, None), &view)))
}
