//! Who is told first of each level of escalation: read by both parties, said by the provider's contacts.

use std::collections::HashMap;

use app::levels::{AssignLevel, Line, Sheet};
use app::ticket::IdempotencyKey;
use app::{Act, App, AppError};
use axum::extract::{Path, Query, State as Shared};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::{Place, failed, fresh_key, place, rows, words};
use crate::design::{CustomerRef, Lang};
use crate::http::{CheckedForm, Failure, Reader, State, flash_cookie, html, see_other, with_cookie};
use crate::pages::levels::{All, Choosing, Level, OnLevel, One, View, page};
use crate::pages::shared::Refusal;

/// `GET /c/{customer}/escalation`
pub async fn list(
    Shared(web): Shared<State>,
    reader: Reader,
    Path(slug): Path<String>,
) -> Result<Response, Failure> {
    let again = reader.clone();
    let read = web.run(move |app| {
        let Place { permit, customer } = place(app, &again, &slug, Act::SeeContract)?;
        let keeps = again.principal.may_for(Act::KeepLevels, permit.customer());
        let several = app.vault(permit.customer())?.agreements()?.in_force(app.now()).len() > 1;
        Ok((customer, keeps, several, app.levels(&permit)?))
    });
    let (customer, keeps, several, lines) = read.await.map_err(failed(&reader))?;
    let lang = reader.visitor.lang;
    let levels = lines.iter().map(|line| level(line, &customer, keeps, lang)).collect();
    let view = View::All(All { customer: customer.clone(), levels, several });
    Ok(html(page(&reader.shell(&web, Some(customer)), &view)))
}

/// Somebody put on a level, for its page and the ticket's.
pub(super) fn on_level(person: &app::levels::OnLevel) -> OnLevel {
    OnLevel { name: person.name.clone(), reads: person.reads }
}

fn level(line: &Line, customer: &CustomerRef, keeps: bool, lang: Lang) -> Level {
    let of = serde_urlencoded::to_string([("contract", &line.contract), ("clause", &line.clause.label)]);
    Level {
        contract: line.contract.clone(),
        promise: rows::promise(line.promise),
        level: line.level,
        article: words::short_article(&line.clause.article),
        clause: words::clause_href(customer, &line.clause),
        says: line.says.get(words::core(lang)).to_owned(),
        people: line.people.iter().map(on_level).collect(),
        href: keeps.then(|| customer.path(&format!("/escalation/level?{}", of.unwrap_or_default()))),
    }
}

#[derive(Deserialize)]
pub struct Which {
    contract: String,
    clause: String,
}

/// `GET /c/{customer}/escalation/level`
pub async fn show(
    Shared(web): Shared<State>,
    reader: Reader,
    Path(slug): Path<String>,
    Query(which): Query<Which>,
) -> Result<Response, Failure> {
    drawn(&web, &reader, slug, which, None).await
}

async fn drawn(
    web: &State,
    reader: &Reader,
    slug: String,
    which: Which,
    refused: Option<Refusal>,
) -> Result<Response, Failure> {
    let again = reader.clone();
    let read = web.run(move |app| {
        let Place { permit, customer } = place(app, &again, &slug, Act::KeepLevels)?;
        Ok((customer, app.level_sheet(&permit, &which.contract, &which.clause)?))
    });
    let (customer, Sheet { line, candidates, since, told }) = read.await.map_err(failed(reader))?;
    let people = candidates.into_iter().map(|(person, put)| Choosing {
        id: person.id.to_string(),
        name: person.name,
        put,
    });
    let one = One {
        level: level(&line, &customer, false, reader.visitor.lang),
        of: (line.contract, line.clause.label),
        people: people.collect(),
        since,
        told: told.map(|(at, by)| (words::local(at), by)),
        key: fresh_key(),
        refused,
        customer: customer.clone(),
    };
    Ok(html(page(&reader.shell(web, Some(customer)), &View::One(Box::new(one)))))
}

/// `POST /c/{customer}/escalation/level`
pub async fn assign(
    Shared(web): Shared<State>,
    Path(slug): Path<String>,
    checked: CheckedForm<HashMap<String, String>>,
) -> Result<Response, Failure> {
    let CheckedForm { reader, form } = checked;
    let field = |name: &str| form.get(name).cloned().unwrap_or_default();
    let which = Which { contract: field("contract"), clause: field("clause") };
    let (again, whose) = (reader.clone(), slug.clone());
    let done = web.run(move |app| assigned(app, &again, &whose, &form)).await;
    let lang = reader.visitor.lang;
    let (status, refusal) = match done {
        Ok(()) => {
            let to = format!("/c/{slug}/escalation");
            return Ok(with_cookie(see_other(&to), &flash_cookie("levels-told")));
        }
        Err(AppError::Refused(refusal)) => (StatusCode::CONFLICT, words::refusal(&refusal, lang, None)),
        Err(AppError::Invalid(invalid)) => (StatusCode::UNPROCESSABLE_ENTITY, words::invalid(&invalid, lang)),
        Err(error) => return Err(failed(&reader)(error)),
    };
    // The list as it stands now: what somebody else said meanwhile is what there is to read again.
    let drawn = drawn(&web, &reader, slug, which, Some(refusal)).await?;
    Ok((status, drawn).into_response())
}

fn assigned(app: &App, reader: &Reader, slug: &str, form: &HashMap<String, String>) -> Result<(), AppError> {
    let Place { permit, .. } = place(app, reader, slug, Act::KeepLevels)?;
    let field = |name: &str| form.get(name).map_or("", String::as_str);
    let unknown = |_| AppError::invalid("people", "un choix de la liste", "a choice of the list");
    let mut people = Vec::new();
    for name in form.keys().filter_map(|name| name.strip_prefix("person-")) {
        people.push(name.parse().map_err(unknown)?);
    }
    // One order, whatever that of the fields: a form sent twice asks the same.
    people.sort_unstable();
    let ask = AssignLevel {
        contract: field("contract").to_owned(),
        clause: field("clause").to_owned(),
        people,
        since: field("since").parse().ok(),
    };
    app.assign_level(&permit, &IdempotencyKey::parse(field("key"))?, &ask).map(drop)
}
