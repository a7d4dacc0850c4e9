//! An act on a change or on a delivery, as a form sends it. What a rule refuses comes back in its form.

use app::ticket::{IdempotencyKey, StepCommand};
use app::{Act, App, AppError, Permit};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::super::window::Ends;
use super::super::{Place, failed, place, words};
use super::{Look, drawn};
use crate::http::{CheckedForm, Failure, State, flash_cookie, see_other, with_cookie};
use crate::pages::ticket::Undone;

/// What a form sent: pairs, as a field may be sent several times, or bear in its name what it is about.
#[derive(Clone, Deserialize)]
#[serde(transparent)]
pub struct Sent(Vec<(String, String)>);

impl Sent {
    /// The value of a field; empty when it was not sent.
    pub(super) fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value.trim())
    }

    pub(super) fn own(&self, name: &str) -> String {
        self.get(name).to_owned()
    }

    /// `None` for a field that is empty, or was not sent.
    pub(super) fn some(&self, name: &str) -> Option<String> {
        Some(self.own(name)).filter(|text| !text.is_empty())
    }

    /// All values of a field.
    pub(super) fn all(&self, name: &str) -> Vec<String> {
        self.0.iter().filter(|(field, _)| field == name).map(|(_, value)| value.clone()).collect()
    }

    /// The fields whose names begin so: the rest of the name, and the value.
    pub(super) fn beginning<'a>(&'a self, start: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.0.iter().filter_map(move |(field, value)| Some((field.strip_prefix(start)?, value.trim())))
    }
}

/// What the ticket is for the act: it names the flash that follows.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Of {
    Change,
    Delivery,
}

/// An act that was not done, with what was sent for it.
pub(super) struct Tried {
    pub(super) act: String,
    pub(super) form: Sent,
    refusal: crate::pages::shared::Refusal,
}

impl Tried {
    /// As the page shows it.
    pub(super) fn undone(self) -> Undone {
        Undone { act: self.act, refusal: self.refusal, sent: self.form.0 }
    }
}

/// Does the act, and returns to the ticket; or draws the ticket again with the refusal and what was typed.
pub(super) async fn step(
    web: &State,
    (slug, number, name): (String, u64, String),
    checked: CheckedForm<Sent>,
    of: Of,
    asked: fn(&App, &Permit, u64, &str, &Sent) -> Result<StepCommand, AppError>,
) -> Result<Response, Failure> {
    let CheckedForm { reader, form } = checked;
    let (again, to, told, sent) = (reader.clone(), slug.clone(), name.clone(), form.clone());
    let done = web.run(move |app| {
        let Place { permit: see, .. } = place(app, &again, &to, Act::SeeTickets)?;
        let key = IdempotencyKey::parse(sent.get("key"))?;
        let command = asked(app, &see, number, &told, &sent)?;
        let Place { permit, .. } = place(app, &again, &to, command.act())?;
        app.step_ticket(&permit, &key, number, &command, None).map(drop)
    });
    let (status, refusal) = match done.await {
        Ok(()) => {
            let part = if of == Of::Change { "change" } else { "delivery" };
            let flash = flash_cookie(&format!("{part}-{name}"));
            return Ok(with_cookie(see_other(&format!("/c/{slug}/tickets/{number}")), &flash));
        }
        Err(error) => words::told_back(error, reader.visitor.lang).map_err(failed(&reader))?,
    };
    let tried = Tried { act: name, form, refusal };
    let page =
        drawn(web, &reader, (slug, number), Ends::default(), Some(Look::Tried(Box::new(tried)))).await?;
    Ok((status, page).into_response())
}
