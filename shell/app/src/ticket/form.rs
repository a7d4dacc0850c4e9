//! The form of a request: its questions, and its answers weighed against the contract that it opens under.

use base::Bilingual;
use engines::form::{self, Answer};
use engines::kinds::Kind;
use events::{Dimension, Facts};
use store::{Tx, content};
use terms::{Question, Terms};

use super::OpenTicket;
use super::case::{Origin, case};
use crate::access::{Act, Permit};
use crate::error::{AppError, Result};
use crate::instance::App;

/// The form of a request, under the contract in force.
pub struct Form {
    pub questions: Vec<Asked>,
    /// What is wrong with the answers given, by the names of their fields (`answers.NAME`).
    pub unfit: Vec<(String, Bilingual)>,
}

/// A question, and what it lets one choose.
pub struct Asked {
    pub question: Question,
    /// Each value with its words; empty where one writes.
    pub choices: Vec<(String, Bilingual)>,
}

impl App {
    /// What the contract asks of a request as it is written so far, and all that is wrong with its answers
    /// were it sent now. Nothing is written.
    pub fn request_form(&self, permit: &Permit, ask: &OpenTicket) -> Result<Form> {
        self.on_tickets(permit, Act::OpenTicket)?;
        let vault = self.vault(permit.customer())?;
        let now = self.now();
        // Another field may be wrong: the form still comes back with what was typed.
        let ask = &match self.split(&vault, permit, ask) {
            Err(AppError::Invalid(_)) => ask.clone(),
            split => split?,
        };
        let agreement = vault.agreements()?.choose(ask.contract.as_deref(), now)?.clone();
        let (opened, facts) = match case(&agreement, permit, ask, (now, Origin::Person)) {
            Err(AppError::Invalid(_)) => (now, said(ask, agreement.local_date(now))),
            case => case?,
        };
        let terms = &agreement.in_force(opened)?.terms;
        let questions = form::questions(terms, &facts);
        let unfit = form::answers(terms, &questions, &ask.answers, true).err().unwrap_or_default();
        let choices = |question: Question| Asked { choices: form::choices(terms, &question), question };
        Ok(Form {
            questions: questions.into_iter().map(choices).collect(),
            unfit: unfit.into_iter().map(|u| (field(&u.name), u.text)).collect(),
        })
    }
}

/// What is asked for, as it was said.
fn said(ask: &OpenTicket, today: jiff::civil::Date) -> Facts {
    let kind = ask.kind.as_deref().unwrap_or(Kind::Incident.key());
    let facts = Facts { date: Some(today), ..Facts::default() }.with(Dimension::Kind, kind);
    let named = [(Dimension::Service, &ask.service), (Dimension::Operation, &ask.operation)];
    named.into_iter().fold(facts, |facts, (dimension, name)| match name {
        Some(name) => facts.with(dimension, name),
        None => facts,
    })
}

/// The field of an answer, as errors name it.
fn field(name: &str) -> String {
    format!("answers.{name}")
}

/// The answers of what is asked for, by the terms in force when it opens; `None` without any.
///
/// A plan, a mail and what comes from another tool have nobody to ask again: what they do not answer is left
/// out. What is wrong first is named `answers.NAME`.
pub(super) fn answered(
    terms: &Terms,
    facts: &Facts,
    ask: &OpenTicket,
    origin: &Origin,
) -> Result<Option<Vec<Answer>>> {
    let questions = form::questions(terms, facts);
    let somebody = *origin == Origin::Person;
    let answers = form::answers(terms, &questions, &ask.answers, somebody).map_err(|unfit| {
        let first = unfit.into_iter().next().map(|u| (field(&u.name), u.text));
        let (field, text) = first.unwrap_or_default();
        AppError::invalid(&field, text.fr, text.en)
    })?;
    Ok(Some(answers).filter(|answers| !answers.is_empty()))
}

/// The answers of a ticket, with the words of their questions as they were; none once they are erased.
pub(super) fn of_ticket(tx: &mut dyn Tx, ticket: &store::ticket::Ticket) -> Result<Vec<Answer>> {
    let Some(id) = ticket.answers else { return Ok(Vec::new()) };
    Ok(content::get(tx, id.0)?.map(|bytes| events::read_answers(&bytes)).unwrap_or_default())
}
