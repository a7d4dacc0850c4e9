//! Supervision: the availabilities of a month, and what the provider's staff write about services.

mod acts;
mod fill;

use app::Act;
use axum::extract::{Path, Query, State as Shared};
use axum::response::Response;
use serde::Deserialize;

use super::money::parse_month;
use super::{Place, failed, fresh_key, place};
use crate::http::{Failure, Reader, State, html};
use crate::pages::monitoring::page;

pub use acts::{announce, change, give_up, record};

#[derive(Deserialize)]
pub struct Asked {
    /// `2026-08`; this month without it.
    month: Option<String>,
}

pub async fn show(
    Shared(web): Shared<State>,
    reader: Reader,
    Path(slug): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let again = reader.clone();
    let read = web.run(move |app| {
        let Place { permit, customer } = place(app, &again, &slug, Act::SeeServices)?;
        let month = asked.month.as_deref().map(parse_month).transpose()?;
        let services = app.services(&permit, customer.contract.as_deref(), month)?;
        let names = app.actor_names(permit.customer())?;
        Ok((customer, services, names))
    });
    let (customer, services, names) = read.await.map_err(failed(&reader))?;
    let key = reader.may(&customer, Act::RecordOutage).then(fresh_key);
    let name = |id: &base::id::AccountId| names.get(id).cloned().unwrap_or_default();
    let view = fill::view(&services, &customer, key, &name, reader.visitor.lang);
    Ok(html(page(&reader.shell(&web, Some(customer)), &view)))
}
