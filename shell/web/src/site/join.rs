//! What a one-time link opens. Nobody is signed in yet: who holds the link is who it was given to.

use app::AppError;
use app::accounts::{Invited, Purpose, SHORTEST};
use axum::Form;
use axum::extract::{Path, State as Shared};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::words;
use crate::http::{Failure, State, Visitor, from_elsewhere, html};
use crate::pages::join::{Choose, View, page};

pub async fn show(
    Shared(web): Shared<State>,
    visitor: Visitor,
    Path(code): Path<String>,
) -> Result<Response, Failure> {
    let asked = code.clone();
    let invited = web.run(move |app| app.invited(&asked)).await.map_err(failed(&visitor))?;
    Ok(html(page(&visitor.shell(), &View::Choose(choose(code, invited, None)))))
}

#[derive(Deserialize)]
pub struct Chosen {
    #[serde(default)]
    new: String,
}

pub async fn take(
    Shared(web): Shared<State>,
    visitor: Visitor,
    headers: HeaderMap,
    Path(code): Path<String>,
    Form(sent): Form<Chosen>,
) -> Result<Response, Failure> {
    if from_elsewhere(&headers) {
        return Err(failed(&visitor)(AppError::NotFound));
    }
    // A code made up does not take the turn of those who check a password.
    let asked = code.clone();
    let invited = web.run(move |app| app.invited(&asked)).await.map_err(failed(&visitor))?;
    let (client, asked) = (visitor.client.clone(), code.clone());
    let used = web.run_checking_password(move |app| app.use_link(&client, &asked, &sent.new)).await;
    match used {
        Ok(done) => {
            let view = View::Done { has_second_factor: done.has_second_factor };
            Ok(html(page(&visitor.shell(), &view)))
        }
        Err(AppError::Invalid(invalid)) => {
            let text = words::sentence(&invalid, visitor.lang);
            let view = View::Choose(choose(code, invited, Some(text)));
            Ok((StatusCode::UNPROCESSABLE_ENTITY, html(page(&visitor.shell(), &view))).into_response())
        }
        Err(error) => Err(failed(&visitor)(error)),
    }
}

fn choose(code: String, invited: Invited, problem: Option<String>) -> Choose {
    Choose {
        code,
        email: invited.email,
        name: invited.name,
        first: invited.purpose == Purpose::Join,
        factor_goes: invited.purpose == Purpose::Everything,
        until: words::local(invited.until),
        shortest_password: SHORTEST,
        problem,
    }
}

fn failed(visitor: &Visitor) -> impl FnOnce(AppError) -> Failure + use<> {
    let visitor = Box::new(visitor.clone());
    |error| Failure { visitor, error }
}
