//! Whom a ticket is written down for: one of the customer's people, who telephoned or met somebody.
//!
//! It is theirs from then on, as if they had opened it: their lists, their letters, their satisfaction. The
//! journal and the page say who wrote it down.

use base::id::ContractId;

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
        let reads = |person: &Principal| {
            let sees = person.permit(Act::SeeTickets, customer);
            sees.is_ok_and(|own| own.role().side() == Side::Customer)
        };
        let mut people: Vec<Principal> = self.people_for(customer)?.into_iter().filter(reads).collect();
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
        let found = self.requesters(permit)?.into_iter().find(|one| one.email.eq_ignore_ascii_case(email));
        let reads = |person: &Principal| {
            person.permit(Act::SeeTickets, permit.customer()).is_ok_and(|own| own.sees(contract))
        };
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
