//! The dates of plans, as they come: each opens its ticket once, or says why it did not.
//!
//! The cursor of a plan moves in the transaction that opens the ticket, so a process that is killed opens
//! it before or after, never twice. What a stopped server missed opens at the next start, in the order of
//! the dates, if it is not older than [`OPENED_WITHIN`].

use std::collections::HashSet;

use base::id::{AccountId, CustomerId, PlanId};
use engines::recurrence::Dates;
use events::{Event, PassedBy, PlanPassed, PlanTurn};
use jiff::Timestamp;
use store::plan::{self, Plan};
use store::record::{Stamp, record};
use store::{Tx, WriteTx, content};

use super::{OPENED_WITHIN, instant, ticket};
use crate::access::{Act, Permit};
use crate::agreements::Agreement;
use crate::error::{AppError, Result};
use crate::instance::App;
use crate::ticket::{IdempotencyKey, Origin};
use crate::vault::VaultHandle;

/// Plans looked at in one go, and rounds over a vault: a bound on what one pass of the upkeep may take.
const AT_ONCE: u32 = 500;
const ROUNDS: u32 = 200;

impl App {
    /// Opens the tickets of the plans whose date has come, in the vaults in use. Cheap when none has. A vault
    /// that fails does not keep the others waiting; the first failure is told.
    pub fn open_planned(&self) -> Result<()> {
        let mut outcome = Ok(());
        for vault in self.open_vaults() {
            let opened = self.open_planned_of(&vault);
            outcome = outcome.and(opened);
        }
        outcome
    }

    fn open_planned_of(&self, vault: &VaultHandle) -> Result<()> {
        let mut held: HashSet<PlanId> = HashSet::new();
        for _ in 0..ROUNDS {
            let now = self.micros();
            let due = vault.db.read::<_, AppError, _>(move |tx| Ok(plan::due(tx, now, AT_ONCE)?))?;
            let due: Vec<Plan> = due.into_iter().filter(|p| !held.contains(&p.id)).collect();
            if due.is_empty() {
                return Ok(());
            }
            for plan in due {
                if !self.turn(vault, &plan)? {
                    held.insert(plan.id);
                }
            }
        }
        Ok(())
    }

    /// Whoever answers for a plan, if they may still open tickets for the customer.
    pub(super) fn answers(&self, by: AccountId, customer: CustomerId) -> Result<Option<Permit>> {
        let Some(person) = self.correspondent(by)? else { return Ok(None) };
        let Ok(permit) = person.permit(Act::OpenTicket, customer) else { return Ok(None) };
        if person.permit(Act::WritePlan, customer).is_err() || self.is_unbound(&permit)? {
            return Ok(None);
        }
        Ok(Some(permit))
    }

    /// Takes the date of a plan that has come; false when nobody answers for it.
    fn turn(&self, vault: &VaultHandle, plan: &Plan) -> Result<bool> {
        let (agreements, now) = (vault.agreements()?, self.now());
        let agreement = agreements.by_id(plan.contract)?;
        let due = instant(plan.next.ok_or(AppError::NotFound)?)?;
        let bound = now.checked_sub(OPENED_WITHIN).map_err(AppError::fault)?;
        if due < bound {
            let (dates, next) = gone_by(agreement, plan, (due, bound), now)?;
            return self.pass(vault, plan, (due, dates, next), PassedBy::Late);
        }
        let next = after(agreement, plan, due, now)?;
        if !agreements.in_force(now).iter().any(|running| running.id == plan.contract) {
            return self.pass(vault, plan, (due, 1, next), PassedBy::NotInForce);
        }
        let Some(permit) = self.answers(plan.by, vault.id)? else { return Ok(false) };
        let (title, description) = (plan.title, plan.description);
        let words = vault.db.read::<_, AppError, _>(move |tx| {
            Ok((content::get(tx, title.0)?, content::get(tx, description.0)?))
        })?;
        let (Some(title), Some(description)) = words else {
            return self.pass(vault, plan, (due, 1, next), PassedBy::Unfit);
        };
        let ask = ticket(
            agreement,
            crate::desk::text(Some(title)),
            crate::desk::text(Some(description)),
            &plan.about,
        );
        let turn =
            PlanTurn { plan: plan.id, due: due.as_microsecond(), next: next.map(Timestamp::as_microsecond) };
        let key = IdempotencyKey::parse(&format!("{}.{}.{}", plan.id, plan.seq, turn.due))?;
        match self.open_from(&permit, &key, &ask, Origin::Plan(turn)) {
            Ok(_) => Ok(true),
            // Signed meanwhile for, or rewritten by somebody: looked at again at the next pass.
            Err(error) if error.is_undertaking_owed() => Ok(false),
            Err(AppError::Refused(refusal)) if refusal.entry.is_some() => Ok(true),
            Err(AppError::Invalid(_) | AppError::Refused(_)) => {
                self.pass(vault, plan, (due, 1, next), PassedBy::Unfit)
            }
            Err(AppError::NotFound) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Writes down that dates went by without a ticket.
    fn pass(
        &self,
        vault: &VaultHandle,
        plan: &Plan,
        (due, dates, next): (Timestamp, u32, Option<Timestamp>),
        why: PassedBy,
    ) -> Result<bool> {
        let stamp = Stamp { at: self.micros(), actor: plan.by, contract: None };
        let event = PlanPassed {
            plan: plan.id,
            due: due.as_microsecond(),
            dates,
            why,
            next: next.map(Timestamp::as_microsecond),
            at: stamp.at,
        };
        vault.db.write::<_, AppError, _>(move |tx| {
            if stands(tx, event.plan, event.due)? {
                record(tx, &stamp, &Event::PlanPassed(event.clone()), &[])?;
            }
            Ok(())
        })?;
        self.mark_dirty(vault.id);
        Ok(true)
    }
}

/// Whether a date is still the next one of its plan: it was not written again, ended or taken meanwhile.
pub(crate) fn stands(tx: &mut dyn Tx, plan: PlanId, due: i64) -> Result<bool> {
    Ok(plan::by_id(tx, plan)?.is_some_and(|plan| plan.ended.is_none() && plan.next == Some(due)))
}

/// Writes down that the contract refused the ticket of a date, in the transaction of the refusal.
pub(crate) fn refused(tx: &mut WriteTx<'_>, stamp: &Stamp, turn: &PlanTurn) -> Result<()> {
    let event = PlanPassed {
        plan: turn.plan,
        due: turn.due,
        dates: 1,
        why: PassedBy::Refused,
        next: turn.next,
        at: stamp.at,
    };
    record(tx, stamp, &Event::PlanPassed(event), &[])?;
    Ok(())
}

fn after(
    agreement: &Agreement,
    plan: &Plan,
    instant: Timestamp,
    now: Timestamp,
) -> Result<Option<Timestamp>> {
    let version = agreement.in_force(now).map(|version| &version.terms);
    let terms = version.unwrap_or(&agreement.latest().compiled.terms);
    let dates = Dates::new(terms, &plan.rhythm, now).map_err(AppError::fault)?;
    Ok(dates.after(instant).map(|o| o.value.at))
}

/// How many dates are too old, and the first one that is not.
fn gone_by(
    agreement: &Agreement,
    plan: &Plan,
    (due, bound): (Timestamp, Timestamp),
    now: Timestamp,
) -> Result<(u32, Option<Timestamp>)> {
    let version = agreement.in_force(now).map(|version| &version.terms);
    let terms = version.unwrap_or(&agreement.latest().compiled.terms);
    let dates = Dates::new(terms, &plan.rhythm, now).map_err(AppError::fault)?;
    let (mut count, mut last) = (1, due);
    while let Some(next) = dates.after(last).map(|o| o.value.at) {
        if next >= bound {
            return Ok((count, Some(next)));
        }
        (count, last) = (count + 1, next);
    }
    Ok((count, None))
}
