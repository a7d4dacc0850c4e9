//! Who is on call: read by both parties, published by the provider's contacts.

use std::collections::HashMap;

use app::roster::{Board as Read, Candidate, PublishRoster, Turn as Turned};
use app::ticket::IdempotencyKey;
use app::{Act, App, AppError};
use axum::extract::{Path, State as Shared};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use base::Because;
use engines::roster::{Found, Shift};
use jiff::tz::TimeZone;

use super::{Place, failed, fresh_key, place, typed, words};
use crate::design::components::Choice;
use crate::design::{CustomerRef, Lang};
use crate::http::{CheckedForm, Failure, Reader, State, flash_cookie, html, see_other, with_cookie};
use crate::pages::on_call::{Board, Breach, Form, RowTyped, Turn, View, page};
use crate::pages::shared::Refusal;

/// Lines of the form: two months of weeks.
const ROWS: usize = 8;

pub async fn show(
    Shared(web): Shared<State>,
    reader: Reader,
    Path(slug): Path<String>,
) -> Result<Response, Failure> {
    let (view, _) = read(&web, &reader, slug).await?;
    Ok(html(page(&reader.shell(&web, Some(view.customer.clone())), &view)))
}

/// The page with blank forms, and who may be put on call.
async fn read(web: &State, reader: &Reader, slug: String) -> Result<(View, Vec<Candidate>), Failure> {
    let again = reader.clone();
    let read = web.run(move |app| {
        let Place { permit, customer } = place(app, &again, &slug, Act::SeeRoster)?;
        let candidates = match again.principal.permit(Act::PublishRoster, permit.customer()) {
            Ok(permit) => Some(app.on_call_candidates(&permit)?),
            Err(_) => None,
        };
        Ok((customer, app.on_call(&permit)?, candidates))
    });
    let (customer, boards, candidates): (CustomerRef, Vec<Read>, Option<Vec<Candidate>>) =
        read.await.map_err(failed(reader))?;
    let lang = reader.visitor.lang;
    let form = candidates.as_ref().map(|all| Form {
        key: fresh_key(),
        people: [Choice::new("", lang.t("Choisir…", "Choose…"))]
            .into_iter()
            .chain(all.iter().map(|c| Choice::new(c.id.to_string(), c.name.clone())))
            .collect(),
        rows: vec![RowTyped::default(); ROWS],
        ..Form::default()
    });
    let boards = boards.iter().map(|b| board(b, &customer, form.clone())).collect();
    Ok((View { customer, boards, refused: None }, candidates.unwrap_or_default()))
}

fn board(read: &Read, customer: &CustomerRef, form: Option<Form>) -> Board {
    Board {
        contract: read.contract.clone(),
        article: (
            words::short_article(&read.clause.article),
            customer.contract.as_ref().map(|_| words::clause_href(customer, &read.clause)),
        ),
        label: read.clause.label.clone(),
        now: read.now.iter().map(|t| turn(t, &read.zone)).collect(),
        promised: read.promised,
        to_come: read.to_come.iter().map(|t| turn(t, &read.zone)).collect(),
        form,
    }
}

fn turn(turn: &Turned, zone: &TimeZone) -> Turn {
    Turn {
        name: turn.name.clone(),
        from: turn.from.to_zoned(zone.clone()),
        until: turn.until.to_zoned(zone.clone()),
    }
}

/// What came of a form.
enum Done {
    Published,
    Weighed(Vec<Because<Found>>),
}

/// Weighs a roster, or publishes it.
pub async fn send(
    Shared(web): Shared<State>,
    Path(slug): Path<String>,
    checked: CheckedForm<HashMap<String, String>>,
) -> Result<Response, Failure> {
    let CheckedForm { reader, form } = checked;
    let (again, whose, sent) = (reader.clone(), slug.clone(), form.clone());
    let done = web.run(move |app| publish(app, &again, &whose, &sent)).await;
    let lang = reader.visitor.lang;
    let (status, found, refused) = match done {
        Ok(Done::Published) => {
            let to = format!("/c/{slug}/on-call");
            return Ok(with_cookie(see_other(&to), &flash_cookie("roster-published")));
        }
        Ok(Done::Weighed(found)) => (StatusCode::OK, Some(found), None),
        // What stands in the way is shown where it is confirmed.
        Err(AppError::Invalid(invalid)) => {
            (StatusCode::UNPROCESSABLE_ENTITY, None, Some(words::invalid(&invalid, lang)))
        }
        Err(AppError::Refused(refusal)) => {
            (StatusCode::CONFLICT, None, Some(words::refusal(&refusal, lang, None)))
        }
        Err(error) => return Err(failed(&reader)(error)),
    };
    let status = match &found {
        Some(all) if !all.is_empty() && field(&form, "do") == "publish" => StatusCode::CONFLICT,
        _ => status,
    };
    let view = typed_again(&web, &reader, slug, &form, found, refused).await?;
    let drawn = html(page(&reader.shell(&web, Some(view.customer.clone())), &view));
    Ok((status, drawn).into_response())
}

fn publish(app: &App, reader: &Reader, slug: &str, form: &HashMap<String, String>) -> Result<Done, AppError> {
    let Place { permit, .. } = place(app, reader, slug, Act::PublishRoster)?;
    let key = IdempotencyKey::parse(field(form, "key"))?;
    let agreements = app.vault(permit.customer())?.agreements()?;
    let zone = agreements.choose(Some(field(form, "contract")), app.now())?.zone().clone();
    let exceptional = field(form, "exceptional").trim();
    let accepted = !field(form, "accept").is_empty();
    let ask = PublishRoster {
        contract: field(form, "contract").to_owned(),
        label: field(form, "label").to_owned(),
        periods: periods(form, &zone)?,
        exceptional: (!exceptional.is_empty()).then(|| exceptional.to_owned()),
        confirmed: if accepted {
            field(form, "found").split(',').map(str::to_owned).collect()
        } else {
            Vec::new()
        },
    };
    if field(form, "do") == "publish" {
        return match app.publish_roster(&permit, &key, &ask) {
            Ok(_) => Ok(Done::Published),
            Err(AppError::Refused(refusal)) if refusal.code == "roster.unconfirmed" => {
                app.weigh_roster(&permit, &ask).map(Done::Weighed)
            }
            Err(error) => Err(error),
        };
    }
    app.weigh_roster(&permit, &ask).map(Done::Weighed)
}

fn field<'a>(form: &'a HashMap<String, String>, name: &str) -> &'a str {
    form.get(name).map_or("", String::as_str)
}

fn rows(form: &HashMap<String, String>) -> Vec<RowTyped> {
    let at = |name: &str, row: usize| field(form, &format!("{name}-{row}")).to_owned();
    (0..ROWS)
        .map(|row| RowTyped { person: at("person", row), from: at("from", row), until: at("until", row) })
        .collect()
}

/// The lines that were filled in, in the contract's zone; half a line is an oversight.
fn periods(form: &HashMap<String, String>, zone: &TimeZone) -> Result<Vec<Shift>, AppError> {
    let half = || {
        AppError::invalid(
            "periods",
            "chaque période a une personne, un début et une fin",
            "each period has a person, a beginning and an end",
        )
    };
    let instant =
        |name: &str, text: &str| typed::instant(name, text, zone).and_then(|at| at.ok_or_else(half));
    let filled = rows(form).into_iter().filter(|row| *row != RowTyped::default());
    let shift = |row: RowTyped| {
        let person = row.person.parse().map_err(|_| half())?;
        Ok(Shift { person, from: instant("from", &row.from)?, until: instant("until", &row.until)? })
    };
    filled.map(shift).collect()
}

/// The page again, with what was typed and what was found of it.
async fn typed_again(
    web: &State,
    reader: &Reader,
    slug: String,
    form: &HashMap<String, String>,
    found: Option<Vec<Because<Found>>>,
    refused: Option<Refusal>,
) -> Result<View, Failure> {
    let (mut view, candidates) = read(web, reader, slug).await?;
    let (customer, lang) = (view.customer.clone(), reader.visitor.lang);
    let name = |found: &Found| {
        let person = candidates.iter().find(|c| Some(c.id) == found.person);
        person.map(|c| c.name.clone())
    };
    let found: Option<Vec<Breach>> =
        found.map(|all| all.iter().map(|f| breach(f, name(&f.value), &customer, lang)).collect());
    let chosen = |b: &&mut Board| b.contract == field(form, "contract") && b.label == field(form, "label");
    if let Some(Form { rows: lines, exceptional, found: weighed, .. }) =
        view.boards.iter_mut().find(chosen).and_then(|b| b.form.as_mut())
    {
        *lines = rows(form);
        *exceptional = field(form, "exceptional").to_owned();
        *weighed = found;
    }
    view.refused = refused;
    Ok(view)
}

fn breach(found: &Because<Found>, who: Option<String>, customer: &CustomerRef, lang: Lang) -> Breach {
    Breach { key: found.value.key(), who, reasons: words::reasons(&found.reasons, Some(customer), lang) }
}
