//! The provider's customers, and for whom of them a ticket is opened.

use app::Act;
use axum::extract::State as Shared;
use axum::response::Response;
use base::id::CustomerId;

use super::{failed, place};
use crate::http::{Failure, Reader, State, html, see_other};
use crate::pages::customers::{Line, View, page};
use crate::pages::new_ticket_for;

/// `GET /c`
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

/// `GET /tickets/new`: straight to the form for whoever has one customer.
pub async fn choose(Shared(web): Shared<State>, reader: Reader) -> Result<Response, Failure> {
    let who = reader.principal.clone();
    let read = web.run(move |app| {
        // The customer's people are never shown who else is one.
        if who.customer.is_none() {
            app.permit_instance(&who, Act::SeeDesk)?;
        }
        let mut customers = app.customers()?;
        customers.retain(|vault| who.may_for(Act::OpenTicket, CustomerId(vault.id)));
        Ok(customers)
    });
    let customers = read.await.map_err(failed(&reader))?;
    if let [one] = customers.as_slice() {
        return Ok(see_other(&format!("/c/{}/tickets/new", one.slug)));
    }
    let lines = customers.into_iter().map(|v| new_ticket_for::Line { slug: v.slug, name: v.name }).collect();
    let view = new_ticket_for::View { customers: lines };
    Ok(html(new_ticket_for::page(&reader.shell(&web, None), &view)))
}
