//! The undertaking of confidentiality that a contract asks of whoever reaches its customer's tickets.

use app::ticket::IdempotencyKey;
use app::undertaking::Article;
use app::{Act, AppError};
use axum::extract::{Path, Query, State as Shared};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::{Place, failed, fresh_key, place, words};
use crate::design::{CustomerRef, Lang};
use crate::http::{Failure, ProvenForm, Reader, State, flash_cookie, html, see_other, with_cookie};
use crate::pages::shared::Refusal;
use crate::pages::undertaking::{Passage, View, page};

#[derive(Deserialize)]
pub struct Asked {
    /// The page that was wanted.
    #[serde(default)]
    back: String,
}

pub async fn show(
    Shared(web): Shared<State>,
    reader: Reader,
    Path(slug): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let back = wanted(&slug, &asked.back);
    let view = read(&web, &reader, slug, back, None).await?;
    if view.passages.is_empty() {
        return Ok(see_other(&view.back));
    }
    Ok(html(page(&reader.shell(&web, Some(view.customer.clone())), &view)))
}

/// The page of this customer's that was wanted, or its tickets.
fn wanted(slug: &str, back: &str) -> String {
    let back = words::safe_back(back);
    let home = format!("/c/{slug}");
    let inside = back == home || back.strip_prefix(&home).is_some_and(|rest| rest.starts_with('/'));
    if inside { back.to_owned() } else { format!("{home}/tickets") }
}

async fn read(
    web: &State,
    reader: &Reader,
    slug: String,
    back: String,
    refused: Option<Refusal>,
) -> Result<View, Failure> {
    let again = reader.clone();
    let owed = web.run(move |app| {
        let Place { permit, customer } = place(app, &again, &slug, Act::SeeTickets)?;
        Ok((customer, app.undertakings_owed(&permit)?))
    });
    let (customer, owed): (CustomerRef, Vec<Article>) = owed.await.map_err(failed(reader))?;
    let passage = |article: Article| Passage {
        contract: article.number,
        title: article.title,
        html: article.html,
        lang: match article.language {
            base::Lang::Fr => Lang::Fr,
            base::Lang::En => Lang::En,
        },
        text: article.text,
    };
    Ok(View {
        customer,
        name: reader.principal.name.clone(),
        passages: owed.into_iter().map(passage).collect(),
        key: fresh_key(),
        back,
        refused,
    })
}

#[derive(Deserialize)]
pub struct Sent {
    key: String,
    /// The hashes of the articles shown, separated by commas.
    texts: String,
    #[serde(default)]
    wanted: String,
}

pub async fn sign(
    Shared(web): Shared<State>,
    Path(slug): Path<String>,
    proven: ProvenForm<Sent>,
) -> Result<Response, Failure> {
    // An open session is not a signature: whoever signs proves again who they are.
    let ProvenForm { reader, form, .. } = proven;
    let (again, whose, back) = (reader.clone(), slug.clone(), wanted(&slug, &form.wanted));
    let done = web.run(move |app| {
        let Place { permit, .. } = place(app, &again, &whose, Act::SeeTickets)?;
        let shown: Vec<String> = form.texts.split(',').map(str::to_owned).collect();
        app.sign_undertakings(&permit, &IdempotencyKey::parse(&form.key)?, &shown)
    });
    match done.await {
        Ok(_) => Ok(with_cookie(see_other(&back), &flash_cookie("undertaking-signed"))),
        Err(AppError::Refused(refusal)) => {
            let refused = words::refusal(&refusal, reader.visitor.lang, None);
            let view = read(&web, &reader, slug, back, Some(refused)).await?;
            let drawn = html(page(&reader.shell(&web, Some(view.customer.clone())), &view));
            Ok((StatusCode::CONFLICT, drawn).into_response())
        }
        Err(error) => Err(failed(&reader)(error)),
    }
}
