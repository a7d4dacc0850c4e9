//! Who knows what: read by both parties, told by the provider's contacts.

use std::collections::HashMap;

use app::skills::{Board, Line as Read, Sheet as ReadSheet, TellSkills};
use app::ticket::IdempotencyKey;
use app::{Act, App, AppError};
use axum::extract::{Path, Query, State as Shared};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use engines::skills::{Cover, Element, Level};
use events::Skilled;
use serde::Deserialize;

use super::{Place, failed, fresh_key, place, words};
use crate::design::{CustomerRef, Lang};
use crate::http::{CheckedForm, Failure, Reader, State, flash_cookie, html, see_other, with_cookie};
use crate::pages::shared::Refusal;
use crate::pages::skill_sheet::{Choosing, Sheet, page as sheet_page};
use crate::pages::skills::{Line, Person, Promise, View, page};

/// Elements of a page.
const ROWS: u32 = 50;

#[derive(Deserialize, Default)]
pub struct Asked {
    after: Option<String>,
}

/// `GET /c/{customer}/skills`
pub async fn list(
    Shared(web): Shared<State>,
    reader: Reader,
    Path(slug): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let (again, after) = (reader.clone(), asked.after.clone());
    let read = web.run(move |app| {
        let Place { permit, customer } = place(app, &again, &slug, Act::SeeSkills)?;
        let keeps = again.principal.may_for(Act::KeepSkills, permit.customer());
        let several = app.vault(permit.customer())?.agreements()?.in_force(app.now()).len() > 1;
        Ok((customer, keeps, several, app.skills(&permit, after.as_deref(), ROWS)?))
    });
    let (customer, keeps, several, board) = read.await.map_err(failed(&reader))?;
    let view = view(board, &customer, (keeps, several), asked.after.is_some(), reader.visitor.lang);
    Ok(html(page(&reader.shell(&web, Some(customer)), &view)))
}

fn view(
    board: Board,
    customer: &CustomerRef,
    (keeps, several): (bool, bool),
    later: bool,
    lang: Lang,
) -> View {
    let at = |place: &str| customer.path(&format!("/skills?{}", query("after", place)));
    let promise = |(contract, clause, people): &(String, base::Provenance, u32)| Promise {
        contract: contract.clone(),
        article: words::short_article(&clause.article),
        href: customer.contract.as_ref().map(|_| words::clause_href(customer, clause)),
        people: *people,
    };
    let people = board.people.into_iter().filter(|p| !later && p.known > 0).map(|p| Person {
        name: p.name,
        known: p.known as u64,
        led: p.led as u64,
        alone: p.alone as u64,
    });
    View {
        promised: board.promised.iter().map(promise).collect(),
        total: board.total as u64,
        short: board.short as u64,
        lines: board.lines.iter().map(|l| line(l, customer, keeps, lang)).collect(),
        several,
        people: people.collect(),
        previous: later.then(|| customer.path("/skills")),
        next: board.next.as_deref().map(at),
        customer: customer.clone(),
    }
}

fn line(line: &Read, customer: &CustomerRef, keeps: bool, lang: Lang) -> Line {
    let cover = &line.cover.value;
    let of = query("of", &cover.element.key());
    Line {
        name: name(cover, lang),
        href: keeps.then(|| customer.path(&format!("/skills/element?{of}"))),
        contract: line.contract.clone(),
        people: line.people.iter().map(|k| (k.name.clone(), k.level == Level::Leads)).collect(),
        known: cover.known,
        wanted: cover.wanted,
        reasons: words::reasons(&line.cover.reasons, Some(customer), lang),
    }
}

/// An item is named as its own label says; a class is a noun that begins a line.
fn name(cover: &Cover, lang: Lang) -> String {
    let name = cover.name.get(words::core(lang));
    match cover.element {
        Element::Item(_) => name.to_owned(),
        Element::Class(_) => words::capital(name),
    }
}

#[derive(Deserialize)]
pub struct Which {
    of: String,
}

/// `GET /c/{customer}/skills/element`
pub async fn element(
    Shared(web): Shared<State>,
    reader: Reader,
    Path(slug): Path<String>,
    Query(which): Query<Which>,
) -> Result<Response, Failure> {
    drawn(&web, &reader, slug, which.of, None).await
}

async fn drawn(
    web: &State,
    reader: &Reader,
    slug: String,
    of: String,
    refused: Option<Refusal>,
) -> Result<Response, Failure> {
    let again = reader.clone();
    let read = web.run(move |app| {
        let Place { permit, customer } = place(app, &again, &slug, Act::KeepSkills)?;
        let element = Element::parse(&of).ok_or(AppError::NotFound)?;
        Ok((customer, app.skill_sheet(&permit, &element)?))
    });
    let (customer, read) = read.await.map_err(failed(reader))?;
    let sheet = sheet(read, customer.clone(), refused, reader.visitor.lang);
    Ok(html(sheet_page(&reader.shell(web, Some(customer)), &sheet)))
}

fn sheet(read: ReadSheet, customer: CustomerRef, refused: Option<Refusal>, lang: Lang) -> Sheet {
    let cover = &read.line.cover;
    let people = read.candidates.into_iter().map(|(person, level)| Choosing {
        id: person.id.to_string(),
        name: person.name,
        level: level.map(Level::key).unwrap_or_default().to_owned(),
    });
    Sheet {
        name: name(&cover.value, lang),
        of: cover.value.element.key(),
        people: people.collect(),
        since: read.since,
        told: read.told.map(|(at, by)| (words::local(at), by)),
        reasons: words::reasons(&cover.reasons, Some(&customer), lang),
        key: fresh_key(),
        refused,
        customer,
    }
}

/// `POST /c/{customer}/skills/element`
pub async fn tell(
    Shared(web): Shared<State>,
    Path(slug): Path<String>,
    checked: CheckedForm<HashMap<String, String>>,
) -> Result<Response, Failure> {
    let CheckedForm { reader, form } = checked;
    let of = form.get("of").cloned().unwrap_or_default();
    let (again, whose) = (reader.clone(), slug.clone());
    let done = web.run(move |app| told(app, &again, &whose, &form)).await;
    let lang = reader.visitor.lang;
    let (status, refusal) = match done {
        Ok(()) => {
            let to = format!("/c/{slug}/skills");
            return Ok(with_cookie(see_other(&to), &flash_cookie("skills-told")));
        }
        Err(AppError::Refused(refusal)) => (StatusCode::CONFLICT, words::refusal(&refusal, lang, None)),
        Err(AppError::Invalid(invalid)) => (StatusCode::UNPROCESSABLE_ENTITY, words::invalid(&invalid, lang)),
        Err(error) => return Err(failed(&reader)(error)),
    };
    // The list as it stands now: what somebody else noted meanwhile is what there is to read again.
    let drawn = drawn(&web, &reader, slug, of, Some(refusal)).await?;
    Ok((status, drawn).into_response())
}

fn told(app: &App, reader: &Reader, slug: &str, form: &HashMap<String, String>) -> Result<(), AppError> {
    let Place { permit, .. } = place(app, reader, slug, Act::KeepSkills)?;
    let field = |name: &str| form.get(name).map_or("", String::as_str);
    let unknown = || AppError::invalid("people", "un choix de la liste", "a choice of the list");
    let mut people = Vec::new();
    for (name, level) in form.iter().filter(|(_, level)| !level.is_empty()) {
        let Some(person) = name.strip_prefix("person-") else { continue };
        let person = person.parse().map_err(|_| unknown())?;
        people.push(Skilled { person, level: Level::from_key(level).ok_or_else(unknown)? });
    }
    // One order, whatever that of the fields: a form sent twice asks the same.
    people.sort_by_key(|skilled| skilled.person);
    let element = Element::parse(field("of")).ok_or(AppError::NotFound)?;
    let ask = TellSkills { element, people, since: field("since").parse().ok() };
    app.tell_skills(&permit, &IdempotencyKey::parse(field("key"))?, &ask).map(drop)
}

/// A value asked for in an address.
fn query(name: &str, value: &str) -> String {
    serde_urlencoded::to_string([(name, value)]).unwrap_or_default()
}
