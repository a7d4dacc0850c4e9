//! The hotline's meters, as they stand and as they went down.

use base::Because;
use engines::billing::MonthFacts;
use engines::entitlement::{Call, Ledger, MeterState};
use jiff::Timestamp;
use jiff::civil::Date;

use crate::agreements::Agreement;
use crate::error::Result;

pub(crate) fn meters(
    agreement: &Agreement,
    facts: &MonthFacts,
    now: Timestamp,
) -> Result<Vec<Because<MeterState>>> {
    let ledgers = ledgers(agreement, &facts.calls, now)?;
    Ok(ledgers.into_iter().map(|ledger| ledger.map(|l| l.state)).collect())
}

/// The meters of the contract in force, with what each call took: every page of either party reads these.
/// A rule that draws on the meter of another has none of its own.
pub(crate) fn ledgers(agreement: &Agreement, calls: &[Call], now: Timestamp) -> Result<Vec<Because<Ledger>>> {
    let terms = &agreement.in_force(now)?.terms;
    Ok(terms
        .meters
        .iter()
        .filter_map(|m| engines::entitlement::ledger(&agreement.history, m.label(), calls, now))
        .collect())
}

/// What was left of a meter at the end of each day of its period that it was used, and now.
pub(crate) fn burn_down(
    agreement: &Agreement,
    meter: &MeterState,
    calls: &[Call],
    now: Timestamp,
) -> (String, Vec<(Date, u32)>) {
    let mut left = meter.included + meter.carried + meter.bought;
    let mut days = vec![(meter.period.first, left)];
    let charges = engines::entitlement::ledger(&agreement.history, &meter.meter, calls, now);
    for (call, charge) in charges.map(|l| l.value.charges).unwrap_or_default() {
        let day = agreement.local_date(call.at);
        if !meter.period.contains(day) {
            continue;
        }
        left = left.saturating_sub(charge.value.taken);
        match days.last_mut() {
            Some((last, so_far)) if *last == day => *so_far = left,
            _ => days.push((day, left)),
        }
    }
    days.push((agreement.local_date(now), left));
    days.dedup_by_key(|(day, _)| *day);
    (meter.meter.clone(), days)
}
