//! What an act on a change writes beside it: the window announced, the window given up, the outage measured.

use events::{
    ChangeTold, Event, MaintenanceAnnounced, MaintenanceCancelled, OutageOrigin, OutageRecorded, OutageTold,
    ServiceState,
};
use jiff::Timestamp;
use store::record::{Stamp, record};
use store::{WriteTx, service};

use super::tell::promised;
use super::{Work, planned, told};
use crate::error::Result;

/// Writes what follows from an act, in its transaction. `work` is the change as it was before.
pub(in super::super) fn beside(
    tx: &mut WriteTx<'_>,
    stamp: &Stamp,
    work: &Work<'_>,
    act: &ChangeTold,
    now: Timestamp,
) -> Result<()> {
    match act {
        ChangeTold::Planned(plan) => {
            withdraw(tx, stamp, work, now)?;
            let Some(maintenance) = plan.maintenance else { return Ok(()) };
            let event = MaintenanceAnnounced {
                maintenance,
                contract: work.agreement.id,
                at: now.as_microsecond(),
                by: stamp.actor,
                items: promised(work, &plan.items),
                from: plan.from,
                until: plan.until,
            };
            record(tx, stamp, &Event::MaintenanceAnnounced(event), &[])?;
        }
        // What has begun goes on in the window that was announced, approved or not.
        ChangeTold::Refused { .. } if told(work.steps)?.started.is_some() => {}
        ChangeTold::Refused { .. } => withdraw(tx, stamp, work, now)?,
        ChangeTold::Ended { downtime: Some(down), .. } => {
            let (Some(outage), Some((_, _, plan))) = (down.outage, planned(work.steps)) else {
                return Ok(());
            };
            let told = OutageTold {
                items: promised(work, &plan.items),
                detected: Some(down.from),
                // The provider tells it to the customer, who need not declare it again.
                declared: Some(down.from),
                ended: Some(down.until),
                state: ServiceState::Down,
                users: None,
                origin: OutageOrigin::Provider,
            };
            let (contract, at) = (work.agreement.id, now.as_microsecond());
            let event = OutageRecorded { outage, contract, at, by: stamp.actor, told };
            record(tx, stamp, &Event::OutageRecorded(event), &[])?;
        }
        ChangeTold::Ended { downtime: None, .. }
        | ChangeTold::Approved { .. }
        | ChangeTold::Started { .. }
        | ChangeTold::Informed { .. }
        | ChangeTold::Documented { .. }
        | ChangeTold::Reviewed { .. } => {}
    }
    Ok(())
}

/// Gives up the window of the plan before, unless it has begun: the customer relied on it.
fn withdraw(tx: &mut WriteTx<'_>, stamp: &Stamp, work: &Work<'_>, now: Timestamp) -> Result<()> {
    let Some(maintenance) = planned(work.steps).and_then(|(_, _, plan)| plan.maintenance) else {
        return Ok(());
    };
    let at = now.as_microsecond();
    let window = service::window_by_id(tx, maintenance)?;
    if window.is_none_or(|w| w.cancelled.is_some() || w.announced.from <= at) {
        return Ok(());
    }
    let event = MaintenanceCancelled { maintenance, contract: work.agreement.id, at, by: stamp.actor };
    record(tx, stamp, &Event::MaintenanceCancelled(event), &[])?;
    Ok(())
}
