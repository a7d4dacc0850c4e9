//! Everybody's accounts, for the provider's administrator.

use app::accounts::{AccountLine, After, NewPerson};
use app::{Act, AppError, InstancePermit, Role};
use axum::extract::{Path, Query, State as Shared};
use axum::http::header::{HOST, ORIGIN};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use base::id::AccountId;
use serde::Deserialize;

use super::{failed, security, words};
use crate::design::Lang;
use crate::http::{Failure, ProvenForm, Reader, State, flash_cookie, html, see_other, with_cookie};
use crate::pages::people::{All, Invite, Link, One, Person, View, page};

/// People of a page, and acts.
const ROWS: u32 = 50;
const ACTS: u32 = 20;

#[derive(Deserialize, Clone, Default)]
pub struct Asked {
    /// The last person of the page before.
    #[serde(default)]
    name: String,
    #[serde(default)]
    id: String,
    /// The entry of the last act of the page before.
    #[serde(default)]
    acts: String,
}

pub async fn list(
    Shared(web): Shared<State>,
    reader: Reader,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let view = all(&web, &reader, asked).await?;
    Ok(html(page(&reader.shell(&web, None), &View::All(view))))
}

async fn all(web: &State, reader: &Reader, asked: Asked) -> Result<All, Failure> {
    let (who, lang) = (reader.principal.clone(), reader.visitor.lang);
    let read = web.run(move |app| {
        let permit = app.permit_instance(&who, Act::ManageAccounts)?;
        let after: Option<After> = match asked.id.as_str() {
            "" => None,
            id => Some((asked.name.clone(), account(id)?.0)),
        };
        let (people, next) = app.accounts(&permit, after.as_ref(), ROWS)?;
        let before = asked.acts.parse().ok();
        let acts = app.security_acts(&permit, None, before, ACTS)?;
        let older = (acts.len() == ACTS as usize).then(|| acts.last().map(|last| last.entry)).flatten();
        let customers = app.customers()?.into_iter().map(|v| (v.slug, v.name)).collect();
        Ok((people, next, acts, older, customers))
    });
    let (people, next, acts, older, customers) = read.await.map_err(failed(reader))?;
    Ok(All {
        people: people.into_iter().map(|line| person(line, lang)).collect(),
        next: next.map(|(name, id)| format!("/people?name={}&id={id}", words::query_encode(&name))),
        invite: Invite {
            role: Role::Technician.key().to_owned(),
            roles: Role::ALL.map(|role| (role.key().to_owned(), words::role(role, lang))).to_vec(),
            customers,
            ..Invite::default()
        },
        link: None,
        acts: security::acts(acts, true, lang),
        older: older.map(|entry| format!("/people?acts={entry}#acts")),
    })
}

fn person(line: AccountLine, lang: Lang) -> Person {
    Person {
        id: line.account.to_string(),
        name: line.name,
        email: line.email,
        role: words::role(line.role, lang),
        customer: line.customer.map(|(_, name)| name),
        has_second_factor: line.has_second_factor,
        owes_second_factor: line.role.is_provider(),
        disabled: line.disabled,
        last_sign_in: line.last_sign_in.map(words::local),
        link_until: line.link_until.map(words::local),
    }
}

fn account(id: &str) -> Result<AccountId, AppError> {
    id.parse().map_err(|_| AppError::NotFound)
}

#[derive(Deserialize)]
pub struct Sent {
    #[serde(default)]
    name: String,
    #[serde(default)]
    email: String,
    #[serde(default)]
    role: String,
    #[serde(default)]
    customer: String,
}

pub async fn invite(
    Shared(web): Shared<State>,
    headers: HeaderMap,
    proven: ProvenForm<Sent>,
) -> Result<Response, Failure> {
    let ProvenForm { reader, form, .. } = proven;
    let who = reader.principal.clone();
    let asked = (form.name.clone(), form.email.clone(), form.role.clone(), form.customer.clone());
    let made = web.run_checking_password(move |app| {
        let permit = app.permit_instance(&who, Act::ManageAccounts)?;
        let (name, email, role, customer) = asked;
        let role = Role::from_key(&role).ok_or(AppError::NotFound)?;
        let customer = match customer.as_str() {
            "" => None,
            slug => Some(app.find_customer(slug)?),
        };
        app.invite(&permit, &NewPerson { email, name, role, customer })
    });
    match made.await {
        Ok(link) => {
            // The answer itself shows it: nothing keeps it for another page.
            let until = words::local(link.until);
            let link = Link { address: address(&headers, &link.code), until, mailed: link.mailed };
            let view = All { link: Some(link), ..all(&web, &reader, Asked::default()).await? };
            Ok(html(page(&reader.shell(&web, None), &View::All(view))))
        }
        Err(AppError::Invalid(invalid)) => {
            let mut view = all(&web, &reader, Asked::default()).await?;
            view.invite = Invite {
                name: form.name,
                email: form.email,
                role: form.role,
                customer: form.customer,
                problem: Some(words::sentence(&invalid, reader.visitor.lang)),
                ..view.invite
            };
            let body = html(page(&reader.shell(&web, None), &View::All(view)));
            Ok((StatusCode::UNPROCESSABLE_ENTITY, body).into_response())
        }
        Err(error) => Err(failed(&reader)(error)),
    }
}

/// The link as the reader's browser names this site: its form said where it comes from.
fn address(headers: &HeaderMap, code: &str) -> String {
    let text = |name| headers.get(name).and_then(|value: &axum::http::HeaderValue| value.to_str().ok());
    let site = match (text(ORIGIN), text(HOST)) {
        (Some(origin), _) if origin != "null" => origin.to_owned(),
        (_, Some(host)) => format!("https://{host}"),
        _ => String::new(),
    };
    format!("{site}/join/{code}")
}

pub async fn show(
    Shared(web): Shared<State>,
    reader: Reader,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let view = one(&web, &reader, id).await?;
    Ok(html(page(&reader.shell(&web, None), &View::One(view))))
}

async fn one(web: &State, reader: &Reader, id: String) -> Result<One, Failure> {
    let (who, lang) = (reader.principal.clone(), reader.visitor.lang);
    let read = web.run(move |app| {
        let permit = app.permit_instance(&who, Act::ManageAccounts)?;
        let id = account(&id)?;
        Ok((app.account_line(&permit, id)?, app.security_acts(&permit, Some(id), None, ACTS)?))
    });
    let (line, acts) = read.await.map_err(failed(reader))?;
    Ok(One {
        own: line.account == reader.principal.account,
        person: person(line, lang),
        link: None,
        problem: None,
        acts: security::acts(acts, false, lang),
    })
}

#[derive(Deserialize)]
pub struct Nothing {}

/// What a form did: a link to show, or nothing more than done.
enum Done {
    Link(app::accounts::Link),
    Flash(&'static str),
}

pub async fn change(
    Shared(web): Shared<State>,
    Path((id, act)): Path<(String, String)>,
    headers: HeaderMap,
    proven: ProvenForm<Nothing>,
) -> Result<Response, Failure> {
    let ProvenForm { reader, .. } = proven;
    let (who, whose) = (reader.principal.clone(), id.clone());
    let done = web.run(move |app| {
        let permit = app.permit_instance(&who, Act::ManageAccounts)?;
        did(app, &permit, account(&whose)?, &act)
    });
    let (link, problem) = match done.await {
        Ok(Done::Flash(flash)) => {
            return Ok(with_cookie(see_other(&format!("/people/{id}")), &flash_cookie(flash)));
        }
        Ok(Done::Link(link)) => {
            let address = address(&headers, &link.code);
            (Some(Link { address, until: words::local(link.until), mailed: link.mailed }), None)
        }
        Err(AppError::Refused(refusal)) => {
            (None, Some(refusal.text.get(words::core(reader.visitor.lang)).to_owned()))
        }
        Err(error) => return Err(failed(&reader)(error)),
    };
    let status = if problem.is_some() { StatusCode::CONFLICT } else { StatusCode::OK };
    let view = One { link, problem, ..one(&web, &reader, id).await? };
    Ok((status, html(page(&reader.shell(&web, None), &View::One(view)))).into_response())
}

fn did(app: &app::App, permit: &InstancePermit, whose: AccountId, act: &str) -> Result<Done, AppError> {
    let offer = |factor_lost| app.offer_recovery(permit, whose, factor_lost).map(Done::Link);
    match act {
        "recover" => offer(false),
        "recover-all" => offer(true),
        "revoke" => app.revoke_access(permit, whose).map(|()| Done::Flash("access-revoked")),
        "disable" => app.disable_account(permit, whose, true).map(|()| Done::Flash("account-disabled")),
        "enable" => app.disable_account(permit, whose, false).map(|()| Done::Flash("account-enabled")),
        _ => Err(AppError::NotFound),
    }
}
