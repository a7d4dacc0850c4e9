//! The delivery whose defect a ticket mends, and whether that is free.
//!
//! The tie is a fact, which either party may state; what it is worth is the engine's, by the clause of
//! acceptance that the delivery's own ticket keeps.

use base::Because;
use base::id::TicketId;
use engines::calendar::ClockCache;
use engines::delivery::{Delivery, Warranty, warranty};
use engines::kinds::Kind;
use events::{DeliveryTold, Link, Step};
use store::ticket::{Stepped, Ticket};
use store::{Tx, ticket};

use super::{from_steps, instant};
use crate::agreements::Agreement;
use crate::error::{AppError, Refusal, Result};

/// A ticket that mends a defect of a delivery.
#[derive(Debug, Clone)]
pub struct Defect {
    /// The number of the delivery's ticket.
    pub delivery: u64,
    pub warranty: Because<Warranty>,
}

impl Defect {
    pub fn is_free(&self) -> bool {
        self.warranty.value.is_free()
    }
}

/// The delivery whose defect this ticket is; `None` when it is tied to none.
pub(crate) fn defect(
    tx: &mut dyn Tx,
    agreement: &Agreement,
    mending: &Ticket,
    steps: &[Stepped],
) -> Result<Option<Defect>> {
    let Some(of) = tied(steps) else { return Ok(None) };
    let delivered = ticket::by_id(tx, of)?.ok_or(AppError::NotFound)?;
    let Some(kind) = Kind::from_key(&delivered.kind) else { return Ok(None) };
    let terms = &agreement.version(&delivered.version)?.terms;
    // Whether it was ordered in units says nothing of its acceptance.
    let delivery = Delivery::new(kind, instant(delivered.opened)?, false);
    let delivery = from_steps(delivery, &ticket::steps(tx, delivered.id)?)?;
    let named = format!("n°\u{a0}{}", delivered.number);
    let found = instant(mending.opened)?;
    // One ticket in many is tied so: its calendar is compiled for itself.
    let warranty = warranty(terms, &delivery, &named, found, &mut ClockCache::new());
    Ok(Some(Defect { delivery: delivered.number, warranty }))
}

fn tied(steps: &[Stepped]) -> Option<TicketId> {
    steps.iter().fold(None, |tied, s| match &s.step {
        Step::Linked { link: Link::DefectOf, ticket, .. } => Some(*ticket),
        Step::Unlinked { link: Link::DefectOf, .. } => None,
        _ => tied,
    })
}

/// Refuses to call a ticket the defect of what the other did not deliver, or not to it.
pub(in super::super) fn may_be_defect(tx: &mut dyn Tx, mending: &Ticket, delivered: &Ticket) -> Result<()> {
    let number = delivered.number;
    if Kind::from_key(&mending.kind) != Some(Kind::Corrective) {
        return Err(refused(
            "warranty.kind",
            "Seul un ticket de maintenance corrective est l'anomalie d'une livraison.".to_owned(),
            "Only a ticket of corrective maintenance is the defect of a delivery.".to_owned(),
        ));
    }
    if mending.contract != delivered.contract {
        return Err(refused(
            "warranty.contract",
            format!("Le n°\u{a0}{number} est livré au titre d'un autre contrat."),
            format!("Number {number} is delivered under another contract."),
        ));
    }
    let presented = |s: &Stepped| {
        matches!(&s.step, Step::Delivery { told: DeliveryTold::Presented { .. } }) && s.at <= mending.opened
    };
    if !ticket::steps(tx, delivered.id)?.iter().any(presented) {
        return Err(refused(
            "warranty.delivery",
            format!("Le n°\u{a0}{number} n'avait rien livré quand cette anomalie a été déclarée."),
            format!("Number {number} had delivered nothing when this defect was declared."),
        ));
    }
    if tied(&ticket::steps(tx, mending.id)?).is_some() {
        return Err(refused(
            "warranty.tied",
            "Ce ticket est déjà l'anomalie d'une livraison\u{a0}: retirez d'abord ce lien.".to_owned(),
            "This ticket is the defect of a delivery already: remove that link first.".to_owned(),
        ));
    }
    Ok(())
}

/// Refuses to ask a price, or to answer one, for what is mended under warranty.
pub(in super::super) fn free_of_price(defect: Option<&Defect>) -> Result<()> {
    match defect.filter(|defect| defect.is_free()) {
        None => Ok(()),
        Some(defect) => Err(AppError::refused(
            Refusal::new(
                "price.warranty",
                "Cette correction est sous garantie\u{a0}: elle n'a pas de prix. Ce qui s'y ajoute se demande dans un autre ticket.",
                "This correction is under warranty: it has no price. What comes on top is asked for in another ticket.",
            )
            .because(defect.warranty.reasons.clone()),
        )),
    }
}

fn refused(code: &str, fr: String, en: String) -> AppError {
    AppError::refused(Refusal::new(code, fr, en))
}
