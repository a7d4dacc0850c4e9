//! The schedule of changes: what is to come, in order of time, with what collides.

use base::id::{ContractId, MaintenanceId};
use engines::change::Stage;
use events::ChangeModel;
use jiff::Timestamp;
use store::ticket::Scope;
use store::{Tx, content, ticket};

use super::{Work, in_sight, instant, planned, told};
use crate::access::{Act, Permit};
use crate::agreements::Agreements;
use crate::desk::text;
use crate::error::Result;
use crate::instance::App;
use crate::vault::VaultHandle;

/// Windows read at once for a calendar.
const DATED: u32 = 500;

/// A change on a calendar.
#[derive(Debug, Clone)]
pub struct DatedChange {
    pub number: u64,
    pub title: String,
    pub contract: ContractId,
    pub from: Timestamp,
    pub until: Timestamp,
    pub stage: Stage,
    /// The maintenance announced with it.
    pub maintenance: Option<MaintenanceId>,
}

/// The changes not given up whose window touches `[from, until)`, within a scope.
pub(crate) fn dated(
    tx: &mut dyn Tx,
    (vault, agreements): (&VaultHandle, &Agreements),
    scope: &Scope,
    (from, until): (Timestamp, Timestamp),
    now: Timestamp,
) -> Result<Vec<DatedChange>> {
    let mut all = Vec::new();
    for plan in ticket::change::within(tx, from.as_microsecond(), until.as_microsecond(), DATED)? {
        let seen = ticket::by_id(tx, plan.ticket)?.filter(|t| scope.lets(t));
        let Some(row) = seen else { continue };
        let (agreement, steps) = (agreements.by_id(row.contract)?, ticket::steps(tx, row.id)?);
        let terms = &agreement.version(&row.version)?.terms;
        let work = Work { vault, agreement, terms, ticket: &row, steps: &steps };
        all.push(DatedChange {
            number: plan.number,
            title: text(content::get(tx, row.title.0)?),
            contract: row.contract,
            from: instant(plan.from)?,
            until: instant(plan.until)?,
            stage: work.standing(&told(&steps)?, now).stage,
            maintenance: planned(&steps).and_then(|(_, _, plan)| plan.maintenance),
        });
    }
    Ok(all)
}

/// A change of the schedule.
#[derive(Debug, Clone)]
pub struct ChangeLine {
    pub number: u64,
    pub title: String,
    pub model: ChangeModel,
    pub items: Vec<String>,
    pub from: Timestamp,
    pub until: Timestamp,
    pub downtime_minutes: u32,
    /// `planned`, `refused`, `started`, or how it ended.
    pub state: String,
    /// Others in sight whose window meets this one on the same items.
    pub collisions: Vec<u64>,
    /// The zone of its contract, in which its window is read.
    pub zone: String,
}

/// From where the schedule is read: an instant in microseconds UTC, and a ticket's number.
pub type WhenChange = (i64, u64);

/// The same as an address holds it: `1782291600000000.14`.
pub fn written_key((at, number): WhenChange) -> String {
    format!("{at}.{number}")
}

/// Reads what [`written_key`] wrote; `None` for anything else.
pub fn read_key(text: &str) -> Option<WhenChange> {
    let (at, number) = text.split_once('.')?;
    let number: u32 = number.parse().ok()?;
    Some((at.parse().ok()?, u64::from(number)))
}

impl App {
    /// Changes whose window begins after `after`, the soonest first, `limit` at most, and the key of the
    /// next page.
    pub fn changes(
        &self,
        permit: &Permit,
        after: WhenChange,
        limit: u32,
    ) -> Result<(Vec<ChangeLine>, Option<WhenChange>)> {
        self.on_tickets(permit, Act::SeeTickets)?;
        let vault = self.vault(permit.customer())?;
        let (agreements, scope) = (vault.agreements()?, permit.scope());
        vault.db.read(move |tx| {
            let (mut lines, mut key) = (Vec::new(), after);
            // One more than shown says whether there is a next page: counted in scope, as the lines are.
            let wanted = (limit as usize).saturating_add(1);
            while lines.len() < wanted {
                let read = ticket::change::from(tx, key, limit.saturating_add(1))?;
                let Some(last) = read.last() else { break };
                key = (last.from, last.number);
                for plan in read {
                    let seen = ticket::by_id(tx, plan.ticket)?.filter(|t| scope.lets(t));
                    let Some(row) = seen else { continue };
                    let agreement = agreements.by_id(row.contract)?;
                    let items =
                        in_sight(permit, row.contract, &agreement.version(&row.version)?.terms, &plan.items);
                    let mut collisions = Vec::new();
                    if matches!(plan.state.as_str(), "planned" | "started") {
                        for other in ticket::change::standing(tx, plan.from, plan.until)? {
                            let meets = other.ticket != plan.ticket
                                && other.items.iter().any(|item| items.contains(item));
                            if meets && ticket::by_id(tx, other.ticket)?.is_some_and(|t| scope.lets(&t)) {
                                collisions.push(other.number);
                            }
                        }
                    }
                    lines.push(ChangeLine {
                        number: plan.number,
                        title: text(content::get(tx, row.title.0)?),
                        model: plan.model,
                        items,
                        from: instant(plan.from)?,
                        until: instant(plan.until)?,
                        downtime_minutes: plan.downtime_minutes,
                        state: plan.state,
                        collisions,
                        zone: agreement.latest().compiled.terms.zone.clone(),
                    });
                }
            }
            let more = lines.len() >= wanted;
            lines.truncate(limit as usize);
            let next = lines.last().filter(|_| more).map(|line| (line.from.as_microsecond(), line.number));
            Ok((lines, next))
        })
    }
}
