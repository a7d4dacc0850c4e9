//! Whom a ticket is written down for: one of the customer's people, who telephoned or met somebody.
//!
//! It is theirs from then on, as if they had opened it: their lists, their letters, their satisfaction. The
//! journal and the page say who wrote it down.

use base::id::{ContractId, CustomerId};

use crate::access::{Act, Permit, Principal, Side};
use crate::error::{AppError, Result};
use crate::instance::App;

impl App {
    /// The customer's people whom somebody of the provider's may write a ticket down for; nobody for others.
    pub fn requesters(&self, permit: &Permit) -> Result<Vec<Principal>> {
        self.on_tickets(permit, Act::OpenTicket)?;
        if !permit.role().is_provider() {
            return Ok(Vec::new());
        }
        let customer = permit.customer();
        let mut people = self.people_for(customer)?;
        people.retain(|person| may_ask(person, customer));
        people.sort_by(|a, b| (&a.name, &a.email).cmp(&(&b.name, &b.email)));
        Ok(people)
    }

    /// Whom this address is of, among them, once they may read the tickets of the contract.
    pub(super) fn requester(
        &self,
        permit: &Permit,
        contract: ContractId,
        email: Option<&str>,
    ) -> Result<Option<Principal>> {
        let Some(email) = email.map(str::trim).filter(|email| !email.is_empty()) else { return Ok(None) };
        self.on_tickets(permit, Act::OpenTicket)?;
        let customer = permit.customer();
        let found = match permit.role().is_provider() {
            true => self.correspondent_at(email)?.filter(|person| may_ask(person, customer)),
            false => None,
        };
        let reads =
            |person: &Principal| person.permit(Act::SeeTickets, customer).is_ok_and(|own| own.sees(contract));
        let found = found.filter(reads).ok_or_else(|| {
            AppError::invalid(
                "requester",
                "une personne du client qui lit ces tickets, dite par le prestataire",
                "somebody of the customer’s who reads these tickets, told by the provider",
            )
        })?;
        Ok(Some(found))
    }
}

/// Whether it is one of the customer's people, who reads tickets there.
fn may_ask(person: &Principal, customer: CustomerId) -> bool {
    let own = person.customer.is_none_or(|own| own == customer);
    let sees = person.permit(Act::SeeTickets, customer);
    own && sees.is_ok_and(|own| own.role().side() == Side::Customer)
}
