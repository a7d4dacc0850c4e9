//! The last days of the warranties of what a contract ordered.

use std::collections::BTreeSet;

use base::Reason;
use base::id::TicketId;
use engines::calendar::ClockCache;
use engines::delivery::{Delivery, standing};
use engines::kinds::Kind;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use store::ticket::Ticket;
use store::{Tx, ticket};

use super::{from_steps, instant};
use crate::agreements::Agreement;
use crate::error::{AppError, Result};

/// A warranty that ends.
#[derive(Debug, Clone)]
pub struct WarrantyEnd {
    /// The delivery's ticket.
    pub ticket: Ticket,
    /// The first instant after it.
    pub until: Timestamp,
    pub reasons: Vec<Reason>,
}

impl WarrantyEnd {
    pub fn last_day(&self, agreement: &Agreement) -> Date {
        let just_before = self.until.saturating_sub(SignedDuration::from_secs(1));
        just_before.map_or(Date::MAX, |at| agreement.local_date(at))
    }
}

/// The warranties of what a contract ordered that end in `(from, until]`, as its deliveries stand at `now`.
///
/// What is delivered without having been ordered from a book is part of the fee, and has no end told.
pub(crate) fn ends(
    tx: &mut dyn Tx,
    agreement: &Agreement,
    (from, until): (Timestamp, Timestamp),
    now: Timestamp,
) -> Result<Vec<WarrantyEnd>> {
    let orders = ticket::delivery::ordered_before(tx, agreement.id, now.as_microsecond() + 1)?;
    // A ticket orders several kinds of the catalogue at once.
    let delivered: BTreeSet<TicketId> =
        orders.into_iter().filter(|o| o.delivered.is_some()).map(|o| o.ticket).collect();
    let (mut all, mut clocks) = (Vec::new(), ClockCache::new());
    for of in delivered {
        let ticket = ticket::by_id(tx, of)?.ok_or(AppError::NotFound)?;
        let Some(kind) = Kind::from_key(&ticket.kind) else { continue };
        let terms = &agreement.version(&ticket.version)?.terms;
        let delivery = Delivery::new(kind, instant(ticket.opened)?, false);
        let delivery = from_steps(delivery, &ticket::steps(tx, of)?)?;
        let standing = standing(terms, &delivery, now, &mut clocks);
        let Some(end) = standing.warranty_until.filter(|end| *end > from && *end <= until) else { continue };
        let reasons = standing.reasons.into_iter().filter(|r| r.code == "delivery.warranty").collect();
        all.push(WarrantyEnd { ticket, until: end, reasons });
    }
    Ok(all)
}
