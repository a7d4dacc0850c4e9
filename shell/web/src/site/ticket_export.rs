//! The list of tickets as a file, with the filters of the page, read page by page.

use app::ticket::{Key, Shown, State as TicketState};
use app::{Act, AppError};
use axum::body::{Body, Bytes};
use axum::extract::{Path, Query, State as Shared};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use http_body_util::channel::{Channel, Sender};
use jiff::Timestamp;

use super::sheet::xlsx::{self, Book};
use super::sheet::{Cell, csv};
use super::ticket_list::listed;
use super::{Place, failed, place, rows, words};
use crate::design::Lang;
use crate::http::{Failure, Reader, State};
use crate::pages::tickets::Asked;

/// Rows read at once.
const ROWS: u32 = 500;
/// Pages written and not yet sent.
const AHEAD: usize = 2;

const WORKBOOK: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// The list as text, sent as it is read.
pub async fn csv(
    Shared(web): Shared<State>,
    reader: Reader,
    Path(slug): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    // The first page before anything is sent: whoever may not read it is answered as anywhere else.
    let (first, next) = page(&web, &reader, &slug, &asked, None).await.map_err(failed(&reader))?;
    let name = name(&web, &slug, "csv");
    let (mut sender, body) = Channel::<Bytes, AppError>::new(AHEAD);
    let headings = headings(reader.visitor.lang).map(Cell::Text);
    let first = format!("{}{}{}", csv::MARK, csv::line(&headings), lines(&first));
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
            Ok((cells, after)) => {
                if sender.send_data(lines(&cells).into()).await.is_err() {
                    return;
                }
                next = after;
            }
            Err(error) => return sender.abort(error),
        }
    }
}

fn lines(rows: &[Vec<Cell>]) -> String {
    rows.iter().map(|cells| csv::line(cells)).collect()
}

/// The list as a workbook: built whole, then sent, so it has a bound.
pub async fn xlsx(
    Shared(web): Shared<State>,
    reader: Reader,
    Path(slug): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let book = workbook(&web, &reader, &slug, &asked).await.map_err(failed(&reader))?;
    let headers = [(CONTENT_TYPE, WORKBOOK.to_owned()), (CONTENT_DISPOSITION, name(&web, &slug, "xlsx"))];
    Ok((headers, book).into_response())
}

async fn workbook(web: &State, reader: &Reader, slug: &str, asked: &Asked) -> Result<Vec<u8>, AppError> {
    let mut book = Book::new("Tickets", &headings(reader.visitor.lang)).map_err(AppError::fault)?;
    let mut from = None;
    loop {
        let (rows, next) = page(web, reader, slug, asked, from).await?;
        for cells in &rows {
            if book.rows() == xlsx::MOST {
                return Err(too_long());
            }
            book.row(cells).map_err(AppError::fault)?;
        }
        match next {
            Some(key) => from = Some(key),
            None => break,
        }
    }
    web.run(move |_| book.finish().map_err(AppError::fault)).await
}

fn too_long() -> AppError {
    let most = xlsx::MOST;
    AppError::invalid(
        "list",
        format!("un classeur contient au plus {most} tickets : filtrez la liste, ou prenez le fichier CSV"),
        format!("a workbook holds {most} tickets at most: filter the list, or take the CSV file"),
    )
}

fn name(web: &State, slug: &str, extension: &str) -> String {
    let day = words::local(web.app.now()).date();
    format!("attachment; filename=\"tickets-{slug}-{day}.{extension}\"")
}

/// One page as cells, and the key of the next; the right to read is asked for again at each.
async fn page(
    web: &State,
    reader: &Reader,
    slug: &str,
    asked: &Asked,
    after: Option<Key>,
) -> Result<(Vec<Vec<Cell>>, Option<Key>), AppError> {
    let (reader, slug, asked) = (reader.clone(), slug.to_owned(), asked.clone());
    web.run(move |app| {
        let Place { permit, .. } = place(app, &reader, &slug, Act::SeeTickets)?;
        let (shown, next) = listed(app, &permit, &asked, after, ROWS)?;
        let agreements = app.vault(permit.customer())?.agreements()?;
        let mut rows = Vec::with_capacity(shown.len());
        for s in &shown {
            let number = &agreements.by_id(s.ticket.contract)?.number;
            rows.push(cells(s, number, reader.visitor.lang));
        }
        Ok((rows, next))
    })
    .await
}

fn headings(lang: Lang) -> [String; 13] {
    [
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
    ]
    .map(String::from)
}

fn cells(shown: &Shown, contract: &str, lang: Lang) -> Vec<Cell> {
    let t = &shown.ticket;
    let at = |micros: i64| {
        let instant = Timestamp::from_microsecond(micros).unwrap_or_default();
        Cell::At(words::in_zone(instant, &shown.zone).datetime())
    };
    let resolved = match t.state {
        TicketState::Resolved => lang.t("oui", "yes"),
        _ => lang.t("non", "no"),
    };
    vec![
        Cell::Number(t.number),
        Cell::text(&shown.title),
        Cell::text(words::fact(&t.kind, lang)),
        Cell::text(&t.priority),
        Cell::text(rows::state(t).word(lang)),
        Cell::maybe(t.item.as_deref()),
        Cell::maybe(t.site.as_deref()),
        Cell::maybe(shown.assignee.as_deref()),
        at(t.opened),
        t.due.map_or(Cell::Empty, at),
        at(t.updated),
        Cell::text(resolved),
        Cell::text(contract),
    ]
}
