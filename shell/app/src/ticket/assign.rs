//! Handing a ticket to somebody: who may be given it, and what it says.

use base::id::{AccountId, CustomerId};
use events::Step;
use store::instance::desk;
use store::ticket::{Scope, State, Ticket};

use super::mention::Mentioned;
use super::rules::require;
use super::step::Ready;
use crate::access::{Act, Permit};
use crate::error::{AppError, Refusal, Result};
use crate::instance::App;

/// Somebody who works on a customer's tickets.
#[derive(Debug, Clone)]
pub struct Assignee {
    pub account: AccountId,
    pub name: String,
    /// Open tickets that they have already, over all customers.
    pub open: u64,
    scope: Scope,
}

impl Assignee {
    /// Whether this ticket may be theirs: a third party has its own items only.
    pub fn may_take(&self, ticket: &Ticket) -> bool {
        self.scope.lets(ticket)
    }
}

impl App {
    /// Who may be handed a customer's tickets, by name.
    pub fn assignees(&self, permit: &Permit) -> Result<Vec<Assignee>> {
        permit.covers(Act::AssignTicket)?;
        let mut found = Vec::new();
        // Nobody of a customer's works on tickets.
        for person in self.staff_for(permit.customer())? {
            let Ok(works) = person.permit(Act::WorkOnTicket, permit.customer()) else { continue };
            let (id, name) = (person.account.0, person.name);
            let open = self.instance.read::<_, AppError, _>(move |tx| {
                Ok(desk::count(tx, &desk::Reach::All, &desk::Which::Assignee(id))?)
            })?;
            found.push(Assignee { account: AccountId(id), name, open, scope: works.scope().clone() });
        }
        Ok(found)
    }

    /// Somebody to be handed a ticket, ready before the transaction; `None` if they work there no more.
    pub(super) fn assignee(&self, customer: CustomerId, to: AccountId) -> Result<Option<Mentioned>> {
        let Some(person) = self.correspondent(to)? else { return Ok(None) };
        let Ok(works) = person.permit(Act::WorkOnTicket, customer) else { return Ok(None) };
        let (scope, introduction) = (works.scope().clone(), self.introduction(&person));
        Ok(Some(Mentioned { who: to, scope, introduction }))
    }
}

/// The step that hands a ticket over. Its state stays: the response time waits for the act of whoever works
/// on it, not for the dispatcher's.
pub(super) fn assign(ticket: &Ticket, ready: &Ready) -> Result<Step> {
    require(ticket.state != State::Resolved, ticket.state, "confier à quelqu’un", "assign")?;
    let person = ready.assignee.as_ref().filter(|p| p.scope.lets(ticket)).ok_or_else(|| {
        AppError::invalid(
            "to",
            "une personne qui peut travailler sur ce ticket",
            "somebody who may work on this ticket",
        )
    })?;
    if ticket.assignee == Some(person.who) {
        return Err(AppError::refused(Refusal::new(
            "ticket.assigned",
            "Le ticket est déjà confié à cette personne.",
            "The ticket is already assigned to this person.",
        )));
    }
    Ok(Step::Assigned { assignee: person.who })
}
