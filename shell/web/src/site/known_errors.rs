//! A customer's known errors.

use app::Act;
use axum::extract::{Path, Query, State as Shared};
use axum::response::Response;
use serde::Deserialize;

use super::{Place, failed, place, words};
use crate::http::{Failure, Reader, State, html};
use crate::pages::known_errors::{KnownError, View, page};

const ROWS: u32 = 20;

#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    settled: String,
    before: Option<u64>,
}

pub async fn show(
    Shared(web): Shared<State>,
    reader: Reader,
    Path(slug): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let (again, open, before) = (reader.clone(), asked.settled != "1", asked.before);
    let read = web.run(move |app| {
        let Place { permit, customer } = place(app, &again, &slug, Act::SeeTickets)?;
        Ok((customer, app.known_errors(&permit, open, before, ROWS)?))
    });
    let (customer, (lines, next)) = read.await.map_err(failed(&reader))?;
    let address = |before: Option<u64>| {
        let settled = (!open).then(|| "settled=1".to_owned());
        let query: Vec<String> = settled.into_iter().chain(before.map(|n| format!("before={n}"))).collect();
        customer.path(&format!("/known-errors?{}", query.join("&")))
    };
    let view = View {
        open,
        errors: lines
            .into_iter()
            .map(|line| KnownError {
                number: line.known.number,
                href: customer.path(&format!("/tickets/{}", line.known.number)),
                title: line.known.title,
                cause: line.known.cause,
                workaround: line.known.workaround,
                item: line.item,
                caused: line.caused,
                by: line.known.by,
                at: words::local(line.known.at),
            })
            .collect(),
        previous: before.map(|_| address(None)),
        next: next.map(|number| address(Some(number))),
        customer: customer.clone(),
    };
    Ok(html(page(&reader.shell(&web, Some(customer)), &view)))
}
