//! Timers: one runs for a person at a time; it is kept on disk, and becomes an entry when it stops.

use base::id::CustomerId;
use events::WorkKind;
use jiff::Timestamp;
use store::{ticket, time};
use terms::rates::RateHours;

use super::{Entered, LONGEST, TellTime, Timer};
use crate::access::{Act, Permit};
use crate::error::{AppError, Refusal, Result};
use crate::instance::App;
use crate::ticket::{IdempotencyKey, price};

/// The timer of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Running {
    pub customer: CustomerId,
    pub slug: String,
    /// The ticket's number.
    pub ticket: u64,
    pub started: Timestamp,
}

impl App {
    /// Where the asker's timer runs, over all customers.
    pub fn timer(&self, who: &crate::Principal) -> Result<Option<Running>> {
        let (account, timers) = (who.account, self.customers()?);
        for row in timers {
            let customer = CustomerId(row.id);
            // Another customer's people learn nothing: only the permit opens a vault.
            if who.permit(Act::EnterTime, customer).is_err() {
                continue;
            }
            let vault = self.vault(customer)?;
            let found = vault.db.read::<_, AppError, _>(move |tx| {
                let Some(timer) = time::running(tx, account)? else { return Ok(None) };
                Ok(ticket::by_id(tx, timer.ticket)?.map(|t| (t.number, timer.started)))
            })?;
            if let Some((ticket, started)) = found {
                let started = Timestamp::from_microsecond(started).map_err(AppError::fault)?;
                return Ok(Some(Running { customer, slug: vault.slug.clone(), ticket, started }));
            }
        }
        Ok(None)
    }

    /// Starts the asker's timer on a ticket whose work may be done.
    pub fn start_timer(&self, permit: &Permit, number: u64) -> Result<()> {
        permit.covers(Act::EnterTime)?;
        if let Some(running) = self.timer(permit.by())? {
            let (ticket, slug) = (running.ticket, running.slug);
            return Err(AppError::refused(Refusal::new(
                "time.running",
                format!(
                    "Votre chronomètre court déjà, sur le ticket {ticket} de {slug}\u{a0}: arrêtez-le d'abord."
                ),
                format!("Your timer already runs, on ticket {ticket} of {slug}: stop it first."),
            )));
        }
        let vault = self.vault(permit.customer())?;
        let (agreements, now, by) = (vault.agreements()?, self.now(), permit.by().account);
        vault.db.write::<_, AppError, _>(move |tx| {
            let row = ticket::by_number(tx, number)?.ok_or(AppError::NotFound)?;
            let agreement = agreements.by_id(row.contract)?;
            let terms = &agreement.version(&row.version)?.terms;
            let steps = ticket::steps(tx, row.id)?;
            price::before_work(price::standing(terms, &row, &steps, agreement.local_date(now)))?;
            // One writer per vault: two starts at once meet here, and the second finds the first.
            if time::running(tx, by)?.is_none() {
                time::start(tx, by, row.id, now.as_microsecond())?;
            }
            Ok(())
        })
    }

    /// Stops the asker's timer and enters the time, a minute at least.
    pub fn stop_timer(
        &self,
        permit: &Permit,
        key: &IdempotencyKey,
        kind: WorkKind,
        hours: RateHours,
        comment: Option<String>,
    ) -> Result<Entered> {
        permit.covers(Act::EnterTime)?;
        let nothing = || {
            AppError::refused(Refusal::new(
                "time.stopped",
                "Aucun chronomètre ne court chez ce client.",
                "No timer runs for this customer.",
            ))
        };
        let running = self.timer(permit.by())?.filter(|r| r.customer == permit.customer());
        let running = running.ok_or_else(nothing)?;
        let minutes = self.now().duration_since(running.started).as_secs().max(60).div_euclid(60);
        let minutes = u32::try_from(minutes).unwrap_or(LONGEST).min(LONGEST);
        let ask = TellTime { minutes, started: None, kind, hours, profile: None, comment };
        self.enter_as(permit, key, running.ticket, &ask, Timer::Stopped)
    }
}
