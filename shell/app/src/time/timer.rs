//! Timers: one runs for a person at a time, over all customers; it is kept on disk, and becomes an entry
//! when it stops.

use base::id::CustomerId;
use events::WorkKind;
use jiff::Timestamp;
use store::instance::timers::{self, Timer};
use store::{idempotency, ticket, time};
use terms::rates::RateHours;

use super::{Entered, LONGEST, TellTime, enter, for_reader, hash};
use crate::Principal;
use crate::access::{Act, Permit};
use crate::error::{AppError, Refusal, Result};
use crate::instance::App;
use crate::news::What;
use crate::ticket::{IdempotencyKey, delivery, price};

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
    pub fn timer(&self, who: &Principal) -> Result<Option<Running>> {
        let account = who.account;
        let found = self.instance.read::<_, AppError, _>(move |tx| Ok(timers::running(tx, account)?))?;
        let Some(Timer { customer, ticket, started }) = found else { return Ok(None) };
        // Whoever may not enter time there any more learns nothing of it.
        if who.permit(Act::EnterTime, customer).is_err() {
            return Ok(None);
        }
        let started = Timestamp::from_microsecond(started).map_err(AppError::fault)?;
        Ok(Some(Running { customer, slug: self.vault(customer)?.slug.clone(), ticket, started }))
    }

    /// Starts the asker's timer on a ticket whose work may be done. On the ticket where it runs, nothing
    /// happens: the button was pressed twice.
    pub fn start_timer(&self, permit: &Permit, number: u64) -> Result<()> {
        self.on_tickets(permit, Act::EnterTime)?;
        let vault = self.vault(permit.customer())?;
        let (agreements, now, by) = (vault.agreements()?, self.now(), permit.by().account);
        let scope = permit.scope();
        vault.db.read::<_, AppError, _>(move |tx| {
            let row = ticket::by_number(tx, scope, number)?.ok_or(AppError::NotFound)?;
            let agreement = agreements.by_id(row.contract)?;
            let terms = &agreement.version(&row.version)?.terms;
            let steps = ticket::steps(tx, row.id)?;
            let defect = delivery::defect(tx, agreement, &row, &steps)?;
            let said = (&steps[..], defect.as_ref());
            let standing = price::standing(terms, &row, said, agreement.local_date(now));
            let allowed = price::before_work(standing, price::maximum(terms, &row, &steps));
            allowed.map_err(|error| for_reader(permit, error))
        })?;
        let timer = Timer { customer: permit.customer(), ticket: number, started: now.as_microsecond() };
        let before = self.instance.read::<_, AppError, _>(move |tx| Ok(timers::running(tx, by)?))?;
        // One that runs where the person may enter no time any more becomes no entry, nor holds this one back.
        let closed = before.filter(|b| permit.by().permit(Act::EnterTime, b.customer).is_err());
        let closed = closed.map(|b| b.started);
        let running = self.instance.write::<_, AppError, _>(move |tx| {
            if let Some(begun) = closed {
                timers::stop(tx, by, begun)?;
            }
            timers::start(tx, by, &timer)?;
            Ok(timers::running(tx, by)?)
        })?;
        match running {
            Some(other) if (other.customer, other.ticket) != (timer.customer, timer.ticket) => {
                let (ticket, customer) = (other.ticket, self.vault(other.customer)?.name.clone());
                Err(AppError::refused(Refusal::new(
                    "time.running",
                    format!(
                        "Votre chronomètre court déjà, sur le ticket {ticket} du client {customer}\u{a0}: arrêtez-le d'abord."
                    ),
                    format!("Your timer already runs, on ticket {ticket} of {customer}: stop it first."),
                )))
            }
            _ => Ok(()),
        }
    }

    /// Stops the asker's timer and enters the time from its start, a minute at least and a day at most.
    ///
    /// A timer becomes one entry: a retry, or a second press, is told what the first one entered.
    pub fn stop_timer(
        &self,
        permit: &Permit,
        key: &IdempotencyKey,
        kind: WorkKind,
        hours: Option<RateHours>,
        comment: Option<String>,
    ) -> Result<Entered> {
        self.on_tickets(permit, Act::EnterTime)?;
        let (by, vault) = (permit.by().account, self.vault(permit.customer())?);
        let request = hash(&(kind, hours, &comment))?;
        let stored_key = key.of(by, "time.stop");
        let Some(running) = self.timer(permit.by())?.filter(|r| r.customer == permit.customer()) else {
            // It may be a retry, whose timer the first try has stopped.
            let at = self.micros();
            let known = vault.db.write::<_, AppError, _>(move |tx| {
                idempotency::once(tx, &stored_key, &request, at, |_| Err(not_running()))
            })?;
            let known: Entered = serde_json::from_slice(&known).map_err(AppError::fault)?;
            let entry = known.entry;
            let told = vault.db.read::<_, AppError, _>(move |tx| Ok(time::by_id(tx, entry)?))?;
            let minutes = told.ok_or(AppError::NotFound)?.minutes;
            return Ok(known.for_reader(permit, minutes));
        };
        let (now, begun) = (self.now(), running.started.as_microsecond());
        let minutes = now.duration_since(running.started).as_secs().max(60).div_euclid(60);
        let minutes = u32::try_from(minutes).unwrap_or(LONGEST).min(LONGEST);
        // Less than a minute ago, and a minute at least: it began that minute ago.
        let started = running.started.min(now - jiff::SignedDuration::from_mins(i64::from(minutes)));
        let ask = TellTime { minutes, started: Some(started), kind, hours, profile: None, comment };
        let ready = self.time_ready(permit, &ask)?;
        self.refuse_approved(by, permit.customer(), started)?;
        let (agreements, scope) = (vault.agreements()?, permit.scope().clone());
        let bytes = vault.db.write::<_, AppError, _>(move |tx| {
            let at = ready.now.as_microsecond();
            idempotency::once(tx, &stored_key, &request, at, |tx| {
                // Two presses at once have a key each: the timer itself is the second one.
                let (timer, same) = (format!("{by}/timer/{begun}"), hash(&running.ticket)?);
                idempotency::once(tx, &timer, &same, at, |tx| {
                    let ticket = ticket::by_number(tx, &scope, running.ticket)?.ok_or(AppError::NotFound)?;
                    let agreement = agreements.by_id(ticket.contract)?;
                    let entered = enter(tx, agreement, &ticket, &ready)?;
                    serde_json::to_vec(&entered).map_err(AppError::fault)
                })
            })
        });
        let bytes = bytes.map_err(|error| for_reader(permit, error))?;
        // After a crash in between, it still runs, and stopping it again enters nothing more.
        self.instance.write::<_, AppError, _>(move |tx| Ok(timers::stop(tx, by, begun)?))?;
        self.tell_news(&vault, Some(running.ticket), What::Internal);
        let entered: Entered = serde_json::from_slice(&bytes).map_err(AppError::fault)?;
        Ok(entered.for_reader(permit, minutes))
    }

    /// Forgets the asker's timer: it ran for nothing, or where no time can be entered any more.
    pub fn discard_timer(&self, permit: &Permit) -> Result<()> {
        permit.covers(Act::EnterTime)?;
        let by = permit.by().account;
        let running = self.timer(permit.by())?.filter(|r| r.customer == permit.customer());
        let begun = running.ok_or_else(not_running)?.started.as_microsecond();
        self.instance.write::<_, AppError, _>(move |tx| Ok(timers::stop(tx, by, begun)?))
    }
}

fn not_running() -> AppError {
    AppError::refused(Refusal::new(
        "time.stopped",
        "Aucun chronomètre ne court chez ce client.",
        "No timer runs for this customer.",
    ))
}
