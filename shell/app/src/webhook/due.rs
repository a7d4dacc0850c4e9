//! Clocks that run out, told to webhooks once for each promise and due instant.
//!
//! The upkeep finds those that run out as time goes by. What somebody's act brings about is told with the
//! act: a clock that it stops too late before the upkeep has come by, and one that it puts in the past, as
//! the end of a pause, another priority or a late declaration do.

use std::sync::Arc;

use base::id::TicketId;
use events::{ClockMark, Promise};
use serde_json::{Map, Value, json};
use store::instance::webhooks;
use store::ticket::{Measured, Ticket};
use store::webhook::Webhook;
use store::{WriteTx, ticket, webhook};
use uuid::Uuid;

use super::carry::{Happened, body, hears, of_ticket, tell, text};
use super::kind::{BREACHED, DUE_SOON};
use crate::error::{AppError, Result};
use crate::instance::App;
use crate::vault::VaultHandle;

/// Who has to act is told this long before a clock runs out; the same as by mail.
const SOON_MICROS: i64 = 3600 * 1_000_000;
/// A clock that ran out longer ago than this while nobody was looking is not news: a week. The queue remembers
/// for longer what was told.
const LATE_MICROS: i64 = 7 * 24 * 3600 * 1_000_000;

/// The clocks of a ticket before an act and after it, and when it was written down.
pub(super) struct Moved<'a> {
    pub before: &'a [ClockMark],
    pub after: &'a [ClockMark],
    pub now: i64,
}

impl Moved<'_> {
    /// The due instant of a clock that the act shows to have run out, and whether it stood so before: the
    /// act stopped it then. What went on running is the upkeep's to tell.
    fn ran_out(&self, clock: &ClockMark) -> Option<(i64, bool)> {
        let due = clock.due?;
        let is_late = match clock.stopped {
            Some(_) => clock.late_seconds > 0,
            None => due < self.now,
        };
        let same = |b: &&ClockMark| (b.promise, b.round) == (clock.promise, clock.round);
        let before = self.before.iter().find(same);
        let stood = before.is_some_and(|b| b.due == Some(due));
        let was_over = before.is_some_and(|b| b.stopped.is_some());
        let shows = match stood {
            true => clock.stopped.is_some() && due >= self.now - LATE_MICROS,
            false => true,
        };
        (is_late && shows && !was_over).then_some((due, stood))
    }
}

/// Tells, in the transaction of an act, of the clocks that it shows to have run out.
pub(super) fn tell_breaches(
    tx: &mut WriteTx<'_>,
    contract: &str,
    ticket: &Ticket,
    moved: Moved<'_>,
) -> Result<()> {
    for clock in moved.after {
        let Some((due, stood)) = moved.ran_out(clock) else { continue };
        let happened = Happened {
            kind: BREACHED,
            cause: cause(BREACHED, ticket.number, clock.promise, due),
            at: due,
            data: of_clock(contract, ticket, clock.promise, due),
            // A webhook is not told of what ran out before it listened.
            since: stood.then_some(due),
        };
        tell(tx, happened)?;
    }
    Ok(())
}

fn cause(kind: &str, ticket: u64, promise: Promise, due: i64) -> String {
    format!("{kind}/{ticket}/{}/{due}", promise.key())
}

/// The ticket as it stands, with the promise and the instant that are told of: another may be due sooner.
fn of_clock(contract: &str, ticket: &Ticket, promise: Promise, due: i64) -> Map<String, Value> {
    let mut data = of_ticket(contract, ticket);
    data.insert("due".to_owned(), json!(text(due)));
    data.insert("promise".to_owned(), json!(promise.key()));
    data
}

/// A clock that a webhook may have to be told of.
struct Told {
    webhook: Uuid,
    kind: &'static str,
    cause: String,
    ticket: TicketId,
    promise: Promise,
    due: i64,
}

impl Told {
    fn of(hook: &Webhook, kind: &'static str, found: &Measured, due: i64) -> Told {
        let promise = found.clock.promise;
        let cause = cause(kind, found.number, promise, due);
        Told { webhook: hook.id.0, kind, cause, ticket: found.ticket, promise, due }
    }
}

impl App {
    /// Tells webhooks of the clocks that run out within the hour, and of those that ran out, in the vaults
    /// in use. A vault that fails does not keep the others waiting; the first failure is told.
    pub(crate) fn tell_webhooks_what_is_due(&self) -> Result<()> {
        let mut outcome = Ok(());
        if self.webhooks.get().is_some() {
            for vault in self.open_vaults() {
                outcome = outcome.and(self.tell_due(&vault));
            }
        }
        outcome
    }

    fn tell_due(&self, vault: &Arc<VaultHandle>) -> Result<()> {
        let now = self.micros();
        let found = vault.db.read::<_, AppError, _>(move |tx| {
            let hooks = webhook::active(tx)?;
            let mut found = Vec::new();
            for (kind, from, to) in [(BREACHED, now - LATE_MICROS, now), (DUE_SOON, now, now + SOON_MICROS)] {
                let hooks: Vec<&Webhook> = hooks.iter().filter(|hook| hears(hook, kind)).collect();
                if hooks.is_empty() {
                    continue;
                }
                for clock in ticket::running_out(tx, from, to)? {
                    let Some(due) = clock.clock.due else { continue };
                    // A webhook is not told of what ran out before it listened.
                    let told = hooks.iter().filter(|hook| due >= hook.moved);
                    found.extend(told.map(|hook| Told::of(hook, kind, &clock, due)));
                }
            }
            Ok(found)
        })?;
        if found.is_empty() {
            return Ok(());
        }
        let fresh = self.instance.read::<_, AppError, _>(move |tx| {
            let mut fresh = Vec::new();
            for one in found {
                if !webhooks::is_known(tx, one.webhook, &one.cause)? {
                    fresh.push(one);
                }
            }
            Ok(fresh)
        })?;
        if fresh.is_empty() {
            return Ok(());
        }
        let new = self.deliveries_of_clocks(vault, fresh)?;
        self.instance.write::<_, AppError, _>(move |tx| {
            new.iter().try_for_each(|one| webhooks::push(tx, one, now).map(drop))?;
            Ok(())
        })
    }

    fn deliveries_of_clocks(&self, vault: &Arc<VaultHandle>, told: Vec<Told>) -> Result<Vec<webhooks::New>> {
        let (agreements, slug) = (vault.agreements()?, vault.slug.clone());
        let told = vault.db.read::<_, AppError, _>(move |tx| {
            let mut bodies = Vec::new();
            for one in told {
                let Some(ticket) = ticket::by_id(tx, one.ticket)? else { continue };
                let contract = &agreements.by_id(ticket.contract)?.number;
                let data = of_clock(contract, &ticket, one.promise, one.due);
                bodies.push((body(one.kind, one.due, &slug, data), one));
            }
            Ok(bodies)
        })?;
        let new = |(body, one): (String, Told)| webhooks::New {
            id: self.id(base::id::uuid_v7),
            webhook: one.webhook,
            vault: vault.id.0,
            kind: one.kind.to_owned(),
            cause: one.cause,
            body,
        };
        Ok(told.into_iter().map(new).collect())
    }
}
