//! The hotline's meters as they stand now, and the calls that they counted: the same figures for both parties.

use std::collections::HashMap;
use std::sync::Arc;

use base::id::TicketId;
use base::{Because, Provenance};
use engines::entitlement::{self, Charge, MeterState};
use events::CallRecorded;
use jiff::Timestamp;
use jiff::civil::Date;
use store::{Tx, call, ticket};

use crate::access::{Act, Permit};
use crate::agreements::Agreement;
use crate::error::{AppError, Result};
use crate::instance::App;

/// The meters of one contract.
pub struct Meters {
    pub agreement: Arc<Agreement>,
    pub at: Timestamp,
    pub meters: Vec<Metered>,
}

/// A meter, and the calls of its period.
pub struct Metered {
    pub state: Because<MeterState>,
    /// The rules whose calls count on it, its own first.
    pub drawn_by: Vec<Provenance>,
    /// What was left after each day it was used, in units of the meter.
    pub burn_down: Vec<(Date, u32)>,
    /// When no more than so many are left, the contract asks for an alert.
    pub alert_at: Option<u32>,
    /// Newest first.
    pub calls: Vec<Counted>,
    /// The key of the next page: calls before this instant.
    pub next: Option<i64>,
}

/// A call and what it took.
pub struct Counted {
    pub call: CallRecorded,
    pub by: String,
    /// The number of the ticket it was about.
    pub ticket: Option<u64>,
    pub charge: Because<Charge>,
}

impl App {
    /// The meters of a contract and the calls of their period, `limit` at most, those before the instant
    /// `before` (microseconds) if one is given.
    pub fn meters(
        &self,
        permit: &Permit,
        number: Option<&str>,
        before: Option<i64>,
        limit: usize,
    ) -> Result<Meters> {
        permit.covers(Act::SeeMeters)?;
        let vault = self.vault(permit.customer())?;
        let at = self.now();
        let agreement = vault.agreements()?.choose(number, at)?.clone();
        let shared = agreement.clone();
        let meters = vault.db.read::<_, AppError, _>(move |tx| {
            let terms = &shared.in_force(at)?.terms;
            let calls = crate::month::calls(tx, &shared, terms, at.as_microsecond() + 1)?;
            let names = crate::ticket::names(tx)?;
            let mut meters = Vec::new();
            for ledger in crate::month::ledgers(&shared, &calls, at)? {
                let (ledger, reasons) = (ledger.value, ledger.reasons);
                let (_, burn_down) = crate::month::burn_down(&shared, &ledger.state, &calls, at);
                let period = ledger.state.period;
                let from = shared.midnight(period.first)?.as_microsecond();
                let recorded =
                    call::between(tx, shared.id, &ledger.state.meter, from, at.as_microsecond() + 1)?;
                let counted = paired(recorded, ledger.charges);
                let (page, next) = page(counted, before, limit);
                let calls = page
                    .into_iter()
                    .map(|(call, charge)| {
                        let by = names.get(&call.by).cloned().unwrap_or_else(|| call.by.to_string());
                        Ok(Counted { by, ticket: number_of(tx, call.ticket)?, charge, call })
                    })
                    .collect::<Result<Vec<_>>>()?;
                let rules = entitlement::drawing(terms, &ledger.state.meter);
                meters.push(Metered {
                    drawn_by: rules.into_iter().map(|rule| rule.from.clone()).collect(),
                    alert_at: crate::month::alert_at(&shared, at, &ledger.state.meter),
                    burn_down,
                    calls,
                    next,
                    state: Because::new(ledger.state, reasons),
                });
            }
            Ok(meters)
        })?;
        Ok(Meters { agreement, at, meters })
    }
}

fn number_of(tx: &mut dyn Tx, id: Option<TicketId>) -> Result<Option<u64>> {
    let Some(id) = id else { return Ok(None) };
    Ok(ticket::by_id(tx, id)?.map(|t| t.number))
}

/// Each call recorded in the period with what the ledger says it took. Among calls of one instant that are
/// counted alike, whose order is not that of their writing, each has the charge that it was told.
fn paired(
    recorded: Vec<CallRecorded>,
    charges: Vec<engines::entitlement::Charged>,
) -> Vec<(CallRecorded, Because<Charge>)> {
    let mut by_call: HashMap<_, Vec<Because<Charge>>> = HashMap::new();
    for (call, charge) in charges.into_iter().rev() {
        let key = (call.at.as_microsecond(), call.minutes, call.priority, call.rule, call.roles);
        by_call.entry(key).or_default().push(charge);
    }
    recorded
        .into_iter()
        .filter_map(|call| {
            let (priority, rule, roles) = (call.priority.clone(), call.rule.clone(), call.roles.clone());
            let charges = by_call.get_mut(&(call.at, call.minutes, priority, rule, roles))?;
            let told = charges.iter().rposition(|c| is_told(&call, &c.value));
            let charge = match told {
                Some(place) => charges.remove(place),
                None => charges.pop()?,
            };
            Some((call, charge))
        })
        .collect()
}

/// The charge is the one that whoever took the call was told.
fn is_told(call: &CallRecorded, charge: &Charge) -> bool {
    (call.covered, call.counted, call.price) == (charge.covered, charge.counted, charge.price)
}

/// The calls before an instant, newest first; a page ends between two instants, never within one.
fn page<T>(
    mut calls: Vec<(CallRecorded, T)>,
    before: Option<i64>,
    limit: usize,
) -> (Vec<(CallRecorded, T)>, Option<i64>) {
    calls.reverse();
    calls.retain(|(call, _)| before.is_none_or(|before| call.at < before));
    let last = limit.checked_sub(1).and_then(|i| calls.get(i)).map(|(call, _)| call.at);
    let Some(last) = last else { return (calls, None) };
    let more = calls.iter().any(|(call, _)| call.at < last);
    calls.retain(|(call, _)| call.at >= last);
    (calls, more.then_some(last))
}
