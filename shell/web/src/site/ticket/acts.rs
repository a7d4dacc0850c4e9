//! What can be done to a ticket now, and the forms that ask for it.

use app::call::RecordCall;
use app::ticket::{IdempotencyKey, StepCommand};
use app::{Act, AppError};
use axum::extract::{Path, State as Shared};
use axum::response::Response;
use serde::Deserialize;
use terms::Terms;

use super::super::{Place, failed, place, words};
use crate::design::Lang;
use crate::design::components::Choice;
use crate::http::{CheckedForm, Failure, Reader, State, flash_cookie, see_other, with_cookie};
use crate::pages::shared::TicketState;
use crate::pages::ticket as view;

/// What this reader may do now: their rights, and the ticket's state.
pub(super) fn acts(reader: &Reader, terms: &Terms, state: TicketState, lang: Lang) -> Vec<view::Act> {
    let may = |act: Act| reader.principal.may(act);
    let mut acts = Vec::new();
    if may(Act::WorkOnTicket) {
        match state {
            TicketState::New => acts.extend([view::Act::TakeOver, view::Act::Restore, view::Act::Resolve]),
            TicketState::Taken => acts.extend([view::Act::Restore, view::Act::Resolve]),
            TicketState::Paused => acts.extend([view::Act::Resume, view::Act::Restore, view::Act::Resolve]),
            TicketState::Restored => acts.push(view::Act::Resolve),
            TicketState::Resolved | TicketState::Closed => {}
        }
        if matches!(state, TicketState::New | TicketState::Taken) && !terms.pauses.is_empty() {
            let reasons =
                terms.pauses.iter().map(|p| Choice::new(p.label(), p.then.reason.clone())).collect();
            acts.push(view::Act::Pause { reasons });
        }
        if let Some(matrix) = terms.priorities.as_ref().map(|m| &m.then)
            && matches!(state, TicketState::New | TicketState::Taken | TicketState::Paused)
        {
            let named =
                |list: &[String]| list.iter().map(|v| Choice::new(v.clone(), words::fact(v, lang))).collect();
            acts.push(view::Act::Priority {
                impacts: named(&matrix.impacts),
                urgencies: named(&matrix.urgencies),
            });
        }
    }
    if may(Act::Reopen) && matches!(state, TicketState::Resolved | TicketState::Restored) {
        acts.push(view::Act::Reopen);
    }
    if may(Act::RecordCall) {
        acts.push(view::Act::Call);
    }
    if may(Act::Reply) {
        acts.push(view::Act::Reply);
    }
    if may(Act::WorkOnTicket) {
        acts.push(view::Act::Note);
    }
    acts
}

#[derive(Deserialize)]
pub struct Sent {
    #[serde(default)]
    key: String,
    #[serde(default)]
    text: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    impact: String,
    #[serde(default)]
    urgency: String,
    #[serde(default)]
    minutes: String,
    #[serde(default)]
    workaround: String,
}

/// What an act's form asks of the use cases.
enum Asked {
    Step(StepCommand),
    Call(RecordCall),
}

pub async fn act(
    Shared(web): Shared<State>,
    Path((slug, number, name)): Path<(String, u64, String)>,
    checked: CheckedForm<Sent>,
) -> Result<Response, Failure> {
    let CheckedForm { reader, form } = checked;
    let asked = asked(&name, &form, number).map_err(failed(&reader))?;
    let (again, to) = (reader.clone(), slug.clone());
    let done = web.run(move |app| {
        let key = IdempotencyKey::parse(&form.key)?;
        match asked {
            Asked::Step(command) => {
                let Place { permit, .. } = place(app, &again, &to, command.act())?;
                app.step_ticket(&permit, &key, number, &command, None).map(drop)
            }
            Asked::Call(call) => {
                let Place { permit, .. } = place(app, &again, &to, Act::RecordCall)?;
                app.record_call(&permit, &key, &call).map(drop)
            }
        }
    });
    done.await.map_err(failed(&reader))?;
    Ok(with_cookie(see_other(&format!("/c/{slug}/tickets/{number}")), &flash_cookie(&name)))
}

fn asked(name: &str, form: &Sent, number: u64) -> Result<Asked, AppError> {
    let text = form.text.clone();
    let some = |text: &String| Some(text.clone()).filter(|t| !t.trim().is_empty());
    Ok(Asked::Step(match name {
        "take-over" => StepCommand::TakeOver,
        "reply" => StepCommand::Reply { body: text },
        "note" => StepCommand::Note { body: text },
        "pause" => StepCommand::Pause { reason: form.reason.clone(), proof: some(&form.text) },
        "resume" => StepCommand::Resume,
        "priority" => StepCommand::ChangePriority {
            priority: None,
            impact: some(&form.impact),
            urgency: some(&form.urgency),
            why: text,
        },
        "restore" => StepCommand::Restore { workaround: !form.workaround.is_empty(), note: text },
        "resolve" => StepCommand::Resolve { note: text },
        "reopen" => StepCommand::Reopen { why: text },
        "call" => {
            let minutes = form.minutes.trim().parse().map_err(|_| {
                AppError::invalid("minutes", "un nombre entier de minutes", "a whole number of minutes")
            })?;
            return Ok(Asked::Call(RecordCall { minutes, ticket: Some(number), contract: None, at: None }));
        }
        _ => return Err(AppError::NotFound),
    }))
}
