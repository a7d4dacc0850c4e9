//! `GET /c`: the provider's customers.

use app::Act;
use axum::extract::State as Shared;
use axum::response::Response;
use base::id::CustomerId;

use super::{failed, place};
use crate::http::{Failure, Reader, State, html};
use crate::pages::customers::{Line, View, page};

pub async fn list(Shared(web): Shared<State>, reader: Reader) -> Result<Response, Failure> {
    let again = reader.clone();
    let read = web.run(move |app| {
        app.permit_instance(&again.principal, Act::SeeDesk)?;
        let mut rows = Vec::new();
        for vault in app.customers()? {
            // Some hold a role for some customers only.
            if !again.principal.may_for(Act::SeeTickets, CustomerId(vault.id)) {
                continue;
            }
            let here = place(app, &again, &vault.slug, Act::SeeTickets)?;
            rows.push(Line { open: app.open_count(&here.permit)?, customer: here.customer });
        }
        Ok(rows)
    });
    let rows = read.await.map_err(failed(&reader))?;
    Ok(html(page(&reader.shell(&web, None), &View { rows })))
}
