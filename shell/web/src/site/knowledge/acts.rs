//! Publishing, reviewing, retiring and copying an article, and saying that it helped.

use app::ticket::IdempotencyKey;
use app::{Act, AppError};
use axum::extract::{Path, State as Shared};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use events::ArticleState;
use jiff::civil::Date;
use serde::Deserialize;

use super::super::{Place, failed, place, words};
use super::drawn;
use crate::http::{CheckedForm, Failure, State, flash_cookie, html, see_other, with_cookie};
use crate::pages::article;

#[derive(Deserialize)]
pub struct Sent {
    #[serde(default)]
    key: String,
    #[serde(default)]
    review_by: String,
    #[serde(default)]
    owner: String,
    /// The customer that it is copied to.
    #[serde(default)]
    to: String,
}

pub async fn act(
    Shared(web): Shared<State>,
    Path((slug, number, act)): Path<(String, u64, String)>,
    checked: CheckedForm<Sent>,
) -> Result<Response, Failure> {
    let CheckedForm { reader, form } = checked;
    let (again, to, what) = (reader.clone(), slug.clone(), act.clone());
    let done = web.run(move |app| {
        let key = IdempotencyKey::parse(&form.key)?;
        let Place { permit, .. } = if what == "copy" {
            place(app, &again, &to, Act::SeeKnowledge)?
        } else {
            place(app, &again, &to, Act::WriteKnowledge)?
        };
        match what.as_str() {
            "publish" => app.move_article(&permit, &key, number, ArticleState::Published)?,
            "retire" => app.move_article(&permit, &key, number, ArticleState::Retired)?,
            "review" => {
                let day: Date = form.review_by.trim().parse().map_err(|_| no_day())?;
                app.review_article(&permit, &key, number, day, Some(&form.owner))?
            }
            "copy" => {
                let there = place(app, &again, &form.to, Act::WriteKnowledge)?.permit;
                let copy = app.copy_article(&permit, &there, &key, number)?;
                return Ok(format!("/c/{}/knowledge/{}", form.to, copy.number));
            }
            _ => return Err(AppError::NotFound),
        };
        Ok(format!("/c/{to}/knowledge/{number}"))
    });
    match done.await {
        Ok(to) => Ok(with_cookie(see_other(&to), &flash_cookie(&format!("article-{act}")))),
        Err(error) => {
            let lang = reader.visitor.lang;
            let (refusal, status) = match &error {
                AppError::Refused(refused) => (words::refusal(refused, lang, None), StatusCode::CONFLICT),
                AppError::Invalid(invalid) => {
                    (words::invalid(invalid, lang), StatusCode::UNPROCESSABLE_ENTITY)
                }
                _ => return Err(failed(&reader)(error)),
            };
            let again = reader.clone();
            let read = web.run(move |app| drawn(app, &again, &slug, number, None, Some(refusal)));
            let view = read.await.map_err(failed(&reader))?;
            let shell = reader.shell(&web, Some(view.customer.clone()));
            Ok((status, html(article::page(&shell, &view))).into_response())
        }
    }
}

fn no_day() -> AppError {
    AppError::invalid(
        "review_by",
        "un jour à venir, par exemple 2027-06-30",
        "a day to come, for example 2027-06-30",
    )
}

#[derive(Deserialize)]
pub struct Helped {
    #[serde(default)]
    key: String,
    article: u64,
}

/// `POST …/tickets/{n}/helped`
pub async fn helped(
    Shared(web): Shared<State>,
    Path((slug, number)): Path<(String, u64)>,
    checked: CheckedForm<Helped>,
) -> Result<Response, Failure> {
    let CheckedForm { reader, form } = checked;
    let (again, to) = (reader.clone(), slug.clone());
    let done = web.run(move |app| {
        let Place { permit, .. } = place(app, &again, &to, Act::Reply)?;
        app.article_helped(&permit, &IdempotencyKey::parse(&form.key)?, form.article, number)
    });
    match done.await {
        // Said already: the page shows it.
        Ok(_) | Err(AppError::Refused(_)) => {
            let to = format!("/c/{slug}/tickets/{number}#knowledge");
            Ok(with_cookie(see_other(&to), &flash_cookie("article-helped")))
        }
        Err(error) => Err(failed(&reader)(error)),
    }
}
