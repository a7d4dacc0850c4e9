//! What a third party is not told of a ticket that it works on: what it is worth, and what the contract says.

use base::Because;
use engines::perimeter::price::Agreement as Agreed;
use engines::perimeter::{Admission, Decision, Work};
use events::{Approver, ChangeTold, Step};
use store::ticket::Ticket;

use super::TicketPage;
use super::change;
use crate::access::{Permit, Side};
use crate::error::{AppError, Refusal, Result};

/// A refusal as a third party reads it: without the articles behind it, and one and the same for
/// whatever waits for a price, had it declined, or comes to the maximum that was agreed to.
pub(crate) fn refusal(error: AppError) -> AppError {
    let AppError::Refused(refusal) = error else { return error };
    if refusal.code.starts_with("price.") || refusal.code == "time.maximum" {
        return AppError::refused(Refusal::new(
            "ticket.decision",
            "Ce travail attend une décision\u{a0}; adressez-vous au prestataire.",
            "This work waits for a decision; ask the provider.",
        ));
    }
    AppError::refused(Refusal { reasons: Vec::new(), ..*refusal })
}

impl TicketPage {
    /// The same ticket for a third party: when it is due, and neither what it is worth nor what the
    /// contract says.
    pub(super) fn without_the_contract(mut self, permit: &Permit) -> Result<TicketPage> {
        let terms = &self.agreement.version(&self.ticket.version)?.terms;
        let sees = |items: &[String]| change::in_sight(permit, self.agreement.id, terms, items);
        for entry in &mut self.entries {
            if let Step::Change { told: ChangeTold::Planned(plan) } = &mut entry.step {
                plan.items = sees(&plan.items);
            }
        }
        self.change = self.change.map(|change| change.without_the_contract(sees));
        self.delivery = self.delivery.map(|delivery| delivery.without_the_contract());
        self.defect = None;
        self.duty = None;
        withhold(&mut self.ticket);
        self.price = Because { value: Agreed::NotNeeded, reasons: Vec::new() };
        self.quotation = None;
        self.maximum = None;
        self.hours = self.hours.without_the_contract();
        self.diagnosis.reasons.clear();
        let told = Decision { work: Work::Unstated, admission: Admission::Accepted, ..self.decision.value };
        self.decision = Because { value: told, reasons: Vec::new() };
        self.levels.clear();
        self.clocks.iter_mut().for_each(|clock| clock.reasons.clear());
        Ok(self)
    }
}

/// What a third party is not told of a ticket: what the contract decided, and its price.
fn withhold(ticket: &mut Ticket) {
    ticket.price = None;
    ticket.cited.clear();
    ticket.admission = "accepted".to_owned();
}

pub(crate) fn for_reader(mut tickets: Vec<Ticket>, permit: &Permit) -> Vec<Ticket> {
    if permit.role().side() == Side::ThirdParty {
        tickets.iter_mut().for_each(withhold);
    }
    tickets
}

/// Told between the parties, not to a third one: prices, the contract's documents, and who else agreed.
pub(super) fn between_parties(step: &Step) -> bool {
    match step {
        Step::QuoteMade { .. } | Step::PriceAgreed { .. } | Step::PriceDeclined { .. } => true,
        Step::Change { told } => matches!(
            told,
            ChangeTold::Documented { .. }
                | ChangeTold::Informed { .. }
                | ChangeTold::Approved { by: Approver::ThirdParty { .. }, .. }
        ),
        Step::Delivery { told } => told.is_about_money(),
        Step::Escalated { .. } => true,
        _ => false,
    }
}
