//! A list of tickets as a file, a customer's or the desk's, with the filters of the page, read page by page.

use app::ticket::{Key, Shown, State as TicketState};
use app::{Act, App, AppError};
use axum::body::{Body, Bytes};
use axum::extract::{Path, Query, State as Shared};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use http_body_util::channel::{Channel, Sender};
use jiff::Timestamp;

use super::sheet::xlsx::{self, Book};
use super::sheet::{Cell, csv};
use super::ticket_list::listed;
use super::{Place, desk, failed, place, rows, words};
use crate::design::Lang;
use crate::http::{Failure, Reader, State};
use crate::pages::tickets::Asked;

/// Rows read at once.
const ROWS: u32 = 500;
/// Pages written and not yet sent.
const AHEAD: usize = 2;

const WORKBOOK: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// Which list is sent.
#[derive(Clone)]
enum List {
    /// A customer's, by its slug.
    Of(String, Asked),
    /// Over all customers.
    Desk(desk::Asked),
}

impl List {
    fn headings(&self, lang: Lang) -> Vec<String> {
        let own = headings(lang);
        match self {
            List::Of(..) => own.to_vec(),
            List::Desk(_) => std::iter::once(lang.t("Client", "Customer").into()).chain(own).collect(),
        }
    }

    fn name(&self, web: &State, extension: &str) -> String {
        let day = words::local(web.app.now()).date();
        match self {
            List::Of(slug, _) => format!("attachment; filename=\"tickets-{slug}-{day}.{extension}\""),
            List::Desk(_) => format!("attachment; filename=\"tickets-{day}.{extension}\""),
        }
    }

    /// One page as cells, and where the next begins; the right to read is asked for again at each.
    fn page(
        &self,
        app: &App,
        reader: &Reader,
        after: &str,
    ) -> Result<(Vec<Vec<Cell>>, Option<String>), AppError> {
        let lang = reader.visitor.lang;
        match self {
            List::Of(slug, asked) => {
                let Place { permit, .. } = place(app, reader, slug, Act::SeeTickets)?;
                let (shown, next) = listed(app, &permit, asked, Key::parse(after), ROWS)?;
                let agreements = app.vault(permit.customer())?.agreements()?;
                let mut rows = Vec::with_capacity(shown.len());
                for s in &shown {
                    rows.push(cells(s, &agreements.by_id(s.ticket.contract)?.number, lang));
                }
                Ok((rows, next.map(Key::text)))
            }
            List::Desk(asked) => {
                let permit = app.permit_instance(&reader.principal, Act::SeeDesk)?;
                let (lines, next) = asked.wanted().whole(app, &permit, after, ROWS)?;
                let mut rows = Vec::with_capacity(lines.len());
                for line in &lines {
                    let agreements = app.vault(line.customer)?.agreements()?;
                    let number = &agreements.by_id(line.shown.ticket.contract)?.number;
                    let mut row = vec![Cell::text(&line.customer_name)];
                    row.extend(cells(&line.shown, number, lang));
                    rows.push(row);
                }
                Ok((rows, next))
            }
        }
    }
}

pub async fn csv(
    Shared(web): Shared<State>,
    reader: Reader,
    Path(slug): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    as_text(web, reader, List::Of(slug, asked)).await
}

pub async fn desk_csv(
    Shared(web): Shared<State>,
    reader: Reader,
    Query(asked): Query<desk::Asked>,
) -> Result<Response, Failure> {
    as_text(web, reader, List::Desk(asked)).await
}

pub async fn xlsx(
    Shared(web): Shared<State>,
    reader: Reader,
    Path(slug): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    as_workbook(web, reader, List::Of(slug, asked)).await
}

pub async fn desk_xlsx(
    Shared(web): Shared<State>,
    reader: Reader,
    Query(asked): Query<desk::Asked>,
) -> Result<Response, Failure> {
    as_workbook(web, reader, List::Desk(asked)).await
}

/// The list as text, sent as it is read.
async fn as_text(web: State, reader: Reader, list: List) -> Result<Response, Failure> {
    // The first page before anything is sent: whoever may not read it is answered as anywhere else.
    let (first, next) = page(&web, &reader, &list, String::new()).await.map_err(failed(&reader))?;
    let name = list.name(&web, "csv");
    let (mut sender, body) = Channel::<Bytes, AppError>::new(AHEAD);
    let headings: Vec<Cell> = list.headings(reader.visitor.lang).into_iter().map(Cell::Text).collect();
    let first = format!("{}{}{}", csv::MARK, csv::line(&headings), lines(&first));
    tokio::spawn(async move {
        if sender.send_data(first.into()).await.is_ok() {
            rest(&web, &reader, &list, next, sender).await;
        }
    });
    let headers = [(CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (CONTENT_DISPOSITION, name)];
    Ok((headers, Body::new(body)).into_response())
}

/// The pages after the first. A failure cuts the answer: a shorter file would pass for a whole one.
async fn rest(
    web: &State,
    reader: &Reader,
    list: &List,
    mut next: Option<String>,
    mut sender: Sender<Bytes, AppError>,
) {
    while let Some(after) = next {
        match page(web, reader, list, after).await {
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
async fn as_workbook(web: State, reader: Reader, list: List) -> Result<Response, Failure> {
    let book = workbook(&web, &reader, &list).await.map_err(failed(&reader))?;
    let headers = [(CONTENT_TYPE, WORKBOOK.to_owned()), (CONTENT_DISPOSITION, list.name(&web, "xlsx"))];
    Ok((headers, book).into_response())
}

async fn workbook(web: &State, reader: &Reader, list: &List) -> Result<Vec<u8>, AppError> {
    let mut book = Book::new("Tickets", &list.headings(reader.visitor.lang)).map_err(AppError::fault)?;
    let mut from = Some(String::new());
    while let Some(after) = from {
        let (rows, next) = page(web, reader, list, after).await?;
        for cells in &rows {
            if book.rows() == xlsx::MOST {
                return Err(too_long());
            }
            book.row(cells).map_err(AppError::fault)?;
        }
        from = next;
    }
    web.run(move |_| book.finish().map_err(AppError::fault)).await
}

async fn page(
    web: &State,
    reader: &Reader,
    list: &List,
    after: String,
) -> Result<(Vec<Vec<Cell>>, Option<String>), AppError> {
    let (reader, list) = (reader.clone(), list.clone());
    web.run(move |app| list.page(app, &reader, &after)).await
}

fn too_long() -> AppError {
    let most = xlsx::MOST;
    AppError::invalid(
        "list",
        format!("un classeur contient au plus {most} tickets : filtrez la liste, ou prenez le fichier CSV"),
        format!("a workbook holds {most} tickets at most: filter the list, or take the CSV file"),
    )
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
