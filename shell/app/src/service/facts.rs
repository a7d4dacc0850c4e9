//! What the engine of availability reads, out of what the vault keeps.

use engines::availability::{MaintenanceWindow, Outage, ServiceFacts};
use engines::period::Span;
use jiff::Timestamp;
use jiff::civil::Date;
use store::{Tx, service};

use crate::agreements::Agreement;
use crate::error::{AppError, Result};

/// What the engine reads, over the periods that hold `on`: nothing known after `until`.
pub(crate) fn facts(
    tx: &mut dyn Tx,
    agreement: &Agreement,
    on: Date,
    until: Timestamp,
) -> Result<ServiceFacts> {
    let Some(version) = agreement.history.at(on) else { return Ok(ServiceFacts::default()) };
    if version.terms.availabilities.is_empty() {
        return Ok(ServiceFacts::default());
    }
    let year = Span::of(terms::commitment::Period::ContractYear, &version.terms, on);
    let first = year.first.min(Span::quarter(on).first);
    let next = year.next.max(Span::quarter(on).next);
    let (from, to) =
        (agreement.midnight(first)?.as_microsecond(), agreement.midnight(next)?.as_microsecond());
    let instant = |micros: i64| Timestamp::from_microsecond(micros).map_err(AppError::fault);
    let outages = service::outages(tx, agreement.id, from, to.min(until.as_microsecond()))?
        .into_iter()
        .filter(|o| !o.cancelled)
        .map(|o| {
            Ok(Outage {
                id: o.id.to_string(),
                items: o.told.items,
                detected: o.told.detected.map(instant).transpose()?,
                declared: o.told.declared.map(instant).transpose()?,
                ended: o.told.ended.map(instant).transpose()?,
                state: o.told.state,
                users: o.told.users,
                origin: o.told.origin,
            })
        })
        .collect::<Result<_>>()?;
    let maintenance = service::maintenance(tx, agreement.id, from, to)?
        .into_iter()
        .filter(|w| w.cancelled.is_none())
        .map(|w| w.announced)
        .filter(|w| w.at <= until.as_microsecond())
        .map(|w| {
            Ok(MaintenanceWindow {
                id: w.maintenance.to_string(),
                items: w.items,
                from: instant(w.from)?,
                until: instant(w.until)?,
                announced: instant(w.at)?,
            })
        })
        .collect::<Result<_>>()?;
    Ok(ServiceFacts { outages, maintenance })
}
