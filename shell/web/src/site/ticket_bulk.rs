//! One act on the tickets ticked in a list. Each is a step of its own, with its own entry and its own
//! refusal: what one ticket does not allow holds none of the others back.

use app::ticket::{IdempotencyKey, StepCommand};
use app::{Act, AppError};
use axum::extract::{Path, State as Shared};
use axum::response::Response;

use super::{Place, failed, place, words};
use crate::http::{CheckedForm, Failure, State, html};
use crate::pages::bulk::{Outcome, View, page, word};
use crate::pages::shared::Refusal;

/// Tickets at once; a page of the list shows fewer.
const MOST: usize = 100;

/// The form: tickets come as `t=417`, as many times as there are.
#[derive(Default)]
struct Sent {
    key: String,
    act: String,
    text: String,
    diagnosis: String,
    /// Whom to hand the tickets to.
    to: String,
    priority: String,
    back: String,
    tickets: Vec<u64>,
}

impl Sent {
    fn read(pairs: Vec<(String, String)>) -> Result<Sent, AppError> {
        let mut sent = Sent::default();
        for (name, value) in pairs {
            match name.as_str() {
                "key" => sent.key = value,
                "do" => sent.act = value,
                "text" => sent.text = value,
                "diagnosis" => sent.diagnosis = value,
                "to" => sent.to = value,
                "priority" => sent.priority = value,
                "back" => sent.back = value,
                "t" => sent.tickets.push(value.parse().map_err(|_| AppError::NotFound)?),
                _ => {}
            }
        }
        sent.tickets.sort_unstable();
        sent.tickets.dedup();
        if sent.tickets.len() > MOST {
            return Err(AppError::invalid(
                "t",
                format!("au plus {MOST} tickets à la fois"),
                format!("at most {MOST} tickets at once"),
            ));
        }
        Ok(sent)
    }

    fn command(&self) -> Result<StepCommand, AppError> {
        let text = self.text.clone();
        let some = |text: &String| Some(text.clone()).filter(|t| !t.trim().is_empty());
        Ok(match self.act.as_str() {
            "take-over" => StepCommand::TakeOver,
            "reply" => StepCommand::Reply { body: text },
            "note" => StepCommand::Note { body: text },
            // What was wrong is no copy of what was done: whether it may be left out is each contract's to say.
            "resolve" => StepCommand::Resolve { note: text, diagnosis: some(&self.diagnosis) },
            "assign" => StepCommand::Assign {
                to: self.to.parse().map_err(|_| {
                    AppError::invalid("to", "une personne de la liste", "a person of the list")
                })?,
            },
            "priority" => StepCommand::ChangePriority {
                priority: some(&self.priority),
                impact: None,
                urgency: None,
                why: text,
            },
            _ => return Err(AppError::NotFound),
        })
    }
}

pub async fn act(
    Shared(web): Shared<State>,
    Path(slug): Path<String>,
    checked: CheckedForm<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let CheckedForm { reader, form } = checked;
    let sent = Sent::read(form).map_err(failed(&reader))?;
    let lang = reader.visitor.lang;
    let again = reader.clone();
    let (name, back) = (sent.act.clone(), words::safe_back(&sent.back).to_owned());
    let done = web.run(move |app| {
        // Who may not read the list learns nothing of its tickets.
        let Place { customer, .. } = place(app, &again, &slug, Act::SeeTickets)?;
        let command = sent.command()?;
        let Place { permit, .. } = place(app, &again, &slug, command.act())?;
        let mut outcomes = Vec::with_capacity(sent.tickets.len());
        for &number in &sent.tickets {
            let key = IdempotencyKey::parse(&format!("{}-{number}", sent.key))?;
            let refused = match app.step_ticket(&permit, &key, number, &command, None) {
                Ok(_) => None,
                Err(AppError::Refused(refused)) => Some(words::refusal(&refused, lang, Some(&customer))),
                Err(AppError::Invalid(invalid)) => Some(words::invalid(&invalid, lang)),
                Err(AppError::NotFound) => Some(missing(lang)),
                Err(error) => return Err(error),
            };
            outcomes.push(Outcome { number, refused });
        }
        Ok((customer, outcomes))
    });
    let (customer, outcomes) = done.await.map_err(failed(&reader))?;
    let view = View { customer: customer.clone(), act: word(&name, lang), outcomes, back };
    Ok(html(page(&reader.shell(&web, Some(customer)), &view)))
}

fn missing(lang: crate::design::Lang) -> Refusal {
    words::plain_refusal(
        lang.t("Ce ticket n’existe pas.", "There is no such ticket.").to_string(),
        String::new(),
    )
}
