//! The running month in a few counts.

use engines::period::Span;
use jiff::civil::Date;
use store::ticket;

use crate::access::{Act, Permit};
use crate::error::{AppError, Result};
use crate::instance::App;

/// Counts of the running month, for whoever may see tickets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SoFar {
    /// The first day of the month.
    pub month: Date,
    pub opened: u64,
    pub resolved: u64,
    /// In time, out of those restored.
    pub restored_in_time: (u64, u64),
    /// In time, out of those taken over.
    pub taken_in_time: (u64, u64),
}

impl App {
    /// The running month in a few counts.
    pub fn month_so_far(&self, permit: &Permit) -> Result<SoFar> {
        self.on_tickets(permit, Act::SeeTickets)?;
        let vault = self.vault(permit.customer())?;
        let now = self.now();
        // Counts of every contract's tickets; the month is that of the first one's zone.
        let agreement = vault.agreements()?.contracts.first().cloned().ok_or(AppError::NotFound)?;
        let month = Span::month(agreement.local_date(now));
        let (from, to) = (agreement.midnight(month.first)?.as_microsecond(), now.as_microsecond() + 1);
        let scope = permit.scope();
        vault.db.read(move |tx| {
            Ok(SoFar {
                month: month.first,
                opened: ticket::opened_between(tx, scope, from, to)?,
                resolved: ticket::resolved_since(tx, scope, from)?,
                restored_in_time: ticket::stopped_count(tx, scope, terms::Promise::Restore, from, to)?,
                taken_in_time: ticket::stopped_count(tx, scope, terms::Promise::Respond, from, to)?,
            })
        })
    }

    /// How many tickets are not resolved.
    pub fn open_count(&self, permit: &Permit) -> Result<u64> {
        self.on_tickets(permit, Act::SeeTickets)?;
        let vault = self.vault(permit.customer())?;
        let scope = permit.scope();
        vault.db.read(move |tx| Ok(ticket::count_open(tx, scope)?.iter().map(|(_, n)| n).sum()))
    }
}
