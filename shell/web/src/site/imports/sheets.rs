//! What became of the lines of an import, and what is to be said of a file, as CSV.

use app::Act;
use axum::extract::{Path, State as Shared};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

use super::{identifier, lang_of};
use crate::design::Lang;
use crate::http::{Failure, Reader, State, reading};
use crate::site::sheet::{Cell, csv};
use crate::site::{Place, failed, place, words};

/// Lines of a report written at once.
const PAGE: u32 = 2_000;

/// `GET …/report.csv`: what became of each line.
pub async fn report(
    Shared(web): Shared<State>,
    reader: Reader,
    Path((slug, id)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let id = identifier(&id).map_err(failed(&reader))?;
    let (again, lang) = (reader.clone(), reader.visitor.lang);
    let text = web.run(move |app| {
        let Place { permit, .. } = place(app, &again, &slug, Act::Import)?;
        let headings = match lang {
            Lang::Fr => ["Ligne", "Numéro", "Résultat", "Ticket", "Pourquoi"],
            Lang::En => ["Line", "Number", "Outcome", "Ticket", "Why"],
        };
        let mut text = format!("{}{}", csv::MARK, csv::line(&headings.map(Cell::text)));
        let mut after = None;
        loop {
            let (lines, next) = app.import_report(&permit, id, None, after, PAGE)?;
            for told in lines {
                let fate = fate_word(&told.fate, lang);
                let ticket = told.ticket.map_or(Cell::Empty, |number| Cell::Text(number.to_string()));
                let why = Cell::Text(lang_of(lang, told.fr, told.en));
                let line = Cell::Text(told.line.to_string());
                text += &csv::line(&[line, Cell::Text(told.number), Cell::Text(fate), ticket, why]);
            }
            match next {
                Some(next) => after = Some(next),
                None => return Ok(text),
            }
        }
    });
    Ok(sheet(text.await.map_err(failed(&reader))?, "report"))
}

/// What became of a line, in a word.
fn fate_word(fate: &str, lang: Lang) -> String {
    let word = match fate {
        "made" => lang.t("créé", "created"),
        "kept" => lang.t("gardé pour être lu", "kept to be read"),
        "known" => lang.t("déjà là", "already there"),
        "skipped" => lang.t("laissé de côté", "left out"),
        _ => lang.t("réserve", "reserve"),
    };
    word.into()
}

/// `GET …/remarks.csv`: every error and reserve of a file that waits.
pub async fn remarks(
    Shared(web): Shared<State>,
    reader: Reader,
    Path((slug, id)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let id = identifier(&id).map_err(failed(&reader))?;
    let (again, lang) = (reader.clone(), reader.visitor.lang);
    let text = web.run(move |app| {
        let Place { permit, .. } = place(app, &again, &slug, Act::Import)?;
        // Of what is run, its report tells.
        let remarks = reading::look(app, &permit, id)?.1.map(|found| found.remarks).unwrap_or_default();
        let headings = match lang {
            Lang::Fr => ["Ligne", "Suite", "Ce qui ne va pas", "Que faire"],
            Lang::En => ["Line", "Outcome", "What is wrong", "What to do"],
        };
        let mut text = format!("{}{}", csv::MARK, csv::line(&headings.map(Cell::text)));
        let core = words::core(lang);
        for remark in &remarks {
            let outcome = fate_word(if remark.fault { "skipped" } else { "note" }, lang);
            let advice = remark.advice.as_ref().map(|text| text.get(core).to_owned()).unwrap_or_default();
            let cells = [remark.line.to_string(), outcome, remark.said(core), advice];
            text += &csv::line(&cells.map(Cell::Text));
        }
        Ok(text)
    });
    Ok(sheet(text.await.map_err(failed(&reader))?, "remarks"))
}

fn sheet(text: String, name: &str) -> Response {
    let kind = (CONTENT_TYPE, "text/csv; charset=utf-8".to_owned());
    let disposition = (CONTENT_DISPOSITION, format!("attachment; filename=\"import-{name}.csv\""));
    ([kind, disposition], text).into_response()
}
