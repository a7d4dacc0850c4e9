//! The list of tickets as a file, with the filters of the page: written page by page as it is read.

use app::ticket::{Key, Shown, State as TicketState};
use app::{Act, AppError};
use axum::body::{Body, Bytes};
use axum::extract::{Path, Query, State as Shared};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use http_body_util::channel::{Channel, Sender};
use jiff::Timestamp;

use super::ticket_list::listed;
use super::{Place, csv, failed, place, rows, words};
use crate::design::Lang;
use crate::http::{Failure, Reader, State};
use crate::pages::tickets::Asked;

/// Rows read at once.
const ROWS: u32 = 500;
/// Pages written and not yet sent.
const AHEAD: usize = 2;

pub async fn csv(
    Shared(web): Shared<State>,
    reader: Reader,
    Path(slug): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    // The first page before anything is sent: whoever may not read it is answered as anywhere else.
    let (lines, next) = page(&web, &reader, &slug, &asked, None).await.map_err(failed(&reader))?;
    let day = words::local(web.app.now()).date();
    let name = format!("attachment; filename=\"tickets-{slug}-{day}.csv\"");
    let (mut sender, body) = Channel::<Bytes, AppError>::new(AHEAD);
    let first = format!("{}{}{lines}", csv::MARK, headings(reader.visitor.lang));
    tokio::spawn(async move {
        if sender.send_data(first.into()).await.is_ok() {
            rest(&web, &reader, &slug, &asked, next, sender).await;
        }
    });
    let headers = [(CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (CONTENT_DISPOSITION, name)];
    Ok((headers, Body::new(body)).into_response())
}

/// The pages after the first. A failure cuts the answer: a shorter file would pass for a whole one.
async fn rest(
    web: &State,
    reader: &Reader,
    slug: &str,
    asked: &Asked,
    mut next: Option<Key>,
    mut sender: Sender<Bytes, AppError>,
) {
    while let Some(key) = next {
        match page(web, reader, slug, asked, Some(key)).await {
            Ok((lines, after)) => {
                if sender.send_data(lines.into()).await.is_err() {
                    return;
                }
                next = after;
            }
            Err(error) => return sender.abort(error),
        }
    }
}

/// One page as lines, and the key of the next; the right to read is asked for again at each.
async fn page(
    web: &State,
    reader: &Reader,
    slug: &str,
    asked: &Asked,
    after: Option<Key>,
) -> Result<(String, Option<Key>), AppError> {
    let (reader, slug, asked) = (reader.clone(), slug.to_owned(), asked.clone());
    web.run(move |app| {
        let Place { permit, .. } = place(app, &reader, &slug, Act::SeeTickets)?;
        let (shown, next) = listed(app, &permit, &asked, after, ROWS)?;
        let agreements = app.vault(permit.customer())?.agreements()?;
        let mut lines = String::new();
        for s in &shown {
            let number = &agreements.by_id(s.ticket.contract)?.number;
            lines.push_str(&line(s, number, reader.visitor.lang));
        }
        Ok((lines, next))
    })
    .await
}

fn headings(lang: Lang) -> String {
    let all = [
        lang.t("Numéro", "Number"),
        lang.t("Titre", "Title"),
        lang.t("Nature", "Kind"),
        lang.t("Priorité", "Priority"),
        lang.t("État", "State"),
        lang.t("Élément", "Item"),
        lang.t("Site", "Site"),
        lang.t("Confié à", "Assigned to"),
        lang.t("Déclaré le", "Declared"),
        lang.t("Échéance", "Due"),
        lang.t("Dernière étape", "Last step"),
        lang.t("Résolu", "Resolved"),
        lang.t("Contrat", "Contract"),
    ];
    csv::line(all.map(String::from).iter().map(String::as_str))
}

fn line(shown: &Shown, contract: &str, lang: Lang) -> String {
    let t = &shown.ticket;
    let at = |micros: i64| {
        let instant = Timestamp::from_microsecond(micros).unwrap_or_default();
        words::in_zone(instant, &shown.zone).strftime("%Y-%m-%d %H:%M").to_string()
    };
    let resolved = match t.state {
        TicketState::Resolved => lang.t("oui", "yes"),
        _ => lang.t("non", "no"),
    };
    csv::line([
        t.number.to_string().as_str(),
        &shown.title,
        &words::fact(&t.kind, lang),
        &t.priority,
        &String::from(rows::state(t).word(lang)),
        t.item.as_deref().unwrap_or_default(),
        t.site.as_deref().unwrap_or_default(),
        shown.assignee.as_deref().unwrap_or_default(),
        &at(t.opened),
        &t.due.map(at).unwrap_or_default(),
        &at(t.updated),
        &String::from(resolved),
        contract,
    ])
}
