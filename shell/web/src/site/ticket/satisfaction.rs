//! What whoever asked for a ticket thought of it.

use app::satisfaction::{Standing, TellSatisfaction};
use app::ticket::IdempotencyKey;
use app::{Act, AppError};
use axum::extract::{Path, State as Shared};
use axum::response::Response;
use serde::Deserialize;

use super::super::{Place, failed, fresh_key, place, words};
use crate::http::{CheckedForm, Failure, State, flash_cookie, see_other, with_cookie};
use crate::pages::ticket::satisfaction::{Satisfaction, Told};

#[derive(Deserialize)]
pub struct Sent {
    #[serde(default)]
    key: String,
    #[serde(default)]
    score: String,
    #[serde(default)]
    words: String,
}

/// As the page of the ticket shows it.
pub(super) fn drawn(standing: &Standing, zone: &str) -> Satisfaction {
    Satisfaction {
        told: standing.told.as_ref().map(|told| Told {
            score: told.score,
            words: told.words.clone(),
            by: told.by.clone(),
            at: words::in_zone(told.at, zone),
        }),
        asked: standing.may_until.map(|until| (words::in_zone(until, zone), fresh_key())),
    }
}

/// `POST …/tickets/{n}/satisfaction`
pub async fn tell(
    Shared(web): Shared<State>,
    Path((slug, number)): Path<(String, u64)>,
    checked: CheckedForm<Sent>,
) -> Result<Response, Failure> {
    let CheckedForm { reader, form } = checked;
    let (again, to) = (reader.clone(), slug.clone());
    let done = web.run(move |app| {
        let Place { permit, .. } = place(app, &again, &to, Act::Reply)?;
        let score = form.score.parse();
        let ask = TellSatisfaction {
            score: score
                .map_err(|_| AppError::invalid("score", "une note de 1 à 5", "a mark from 1 to 5"))?,
            words: Some(form.words.replace("\r\n", "\n")),
        };
        app.tell_satisfaction(&permit, &IdempotencyKey::parse(&form.key)?, number, &ask)
    });
    done.await.map_err(failed(&reader))?;
    let to = format!("/c/{slug}/tickets/{number}#satisfaction");
    Ok(with_cookie(see_other(&to), &flash_cookie("satisfaction-told")))
}
