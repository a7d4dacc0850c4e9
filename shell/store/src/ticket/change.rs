//! The plans of changes that stand, by the instant their window begins: the schedule reads them.
//!
//! Approvals, reviews and documents are steps of the ticket; only what lists and collisions need is here.

use crate::db::{Row, Tx, WriteTx};
use crate::schema::{Keep, Noun, Table};
use crate::{Result, StoreError, vals};
use base::id::TicketId;
use events::{ChangeModel, ChangeTold, TicketStepped};

/// `state` is `planned`, `refused`, `started`, or how it ended.
pub(crate) const TABLES: &str = "
    CREATE TABLE change_plan (
        ticket BLOB NOT NULL PRIMARY KEY,
        number INT NOT NULL,
        seq INT NOT NULL,
        model TEXT NOT NULL,
        items TEXT NOT NULL,
        from_at INT NOT NULL,
        until_at INT NOT NULL,
        downtime_minutes INT NOT NULL,
        state TEXT NOT NULL);
    CREATE INDEX change_plan_from ON change_plan (from_at, number)";

pub(crate) const NOUN: Noun = Noun {
    name: "ticket.change",
    tables: &[Table { name: "change_plan", keep: Keep::Journaled }],
    statements: STATEMENTS,
};

crate::statements! {
    PLAN = "INSERT INTO change_plan (ticket, number, seq, model, items, from_at, until_at, downtime_minutes, state)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'planned') ON CONFLICT (ticket) DO UPDATE SET seq = excluded.seq,
        model = excluded.model, items = excluded.items, from_at = excluded.from_at, until_at = excluded.until_at,
        downtime_minutes = excluded.downtime_minutes, state = excluded.state";
    MOVE = "UPDATE change_plan SET state = $2 WHERE ticket = $1";
    DROP_PLANNED = "UPDATE change_plan SET state = 'refused' WHERE ticket = $1 AND state = 'planned'";
    FROM = "SELECT ticket, number, seq, model, items, from_at, until_at, downtime_minutes, state FROM change_plan
        WHERE (from_at, number) > ($1, $2) ORDER BY from_at, number LIMIT $3";
    STANDING = "SELECT ticket, number, seq, model, items, from_at, until_at, downtime_minutes, state FROM change_plan
        WHERE from_at >= $1 AND from_at < $2 AND until_at > $3 AND state IN ('planned', 'started')
        ORDER BY from_at, number LIMIT $4";
    WITHIN = "SELECT ticket, number, seq, model, items, from_at, until_at, downtime_minutes, state FROM change_plan
        WHERE from_at >= $1 AND from_at < $2 AND until_at > $3 AND state <> 'refused'
        ORDER BY from_at, number LIMIT $4";
}

/// The plan of a change that stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    pub ticket: TicketId,
    pub number: u64,
    /// The entry that planned it.
    pub seq: u64,
    pub model: ChangeModel,
    pub items: Vec<String>,
    /// Microseconds UTC.
    pub from: i64,
    pub until: i64,
    pub downtime_minutes: u32,
    /// `planned`, `refused`, `started`, `succeeded`, `rolled_back`, `failed`.
    pub state: String,
}

/// No window lasts longer, so that those that touch an instant are found near it.
pub const LONGEST_MICROS: i64 = 31 * 24 * 3_600 * 1_000_000;

/// Plans compared with one window at most.
const COMPARED: u32 = 200;

fn planned(row: &Row) -> Result<Planned> {
    let wrong = |what: &str| StoreError::Entry(format!("the plan of a change: {what:?}"));
    let (model, items) = (row.text(3)?, row.text(4)?);
    Ok(Planned {
        ticket: TicketId(row.uuid(0)?),
        number: row.uint(1)?,
        seq: row.uint(2)?,
        model: ChangeModel::from_key(model).ok_or_else(|| wrong(model))?,
        items: serde_json::from_str(items).map_err(|_| wrong(items))?,
        from: row.int(5)?,
        until: row.int(6)?,
        downtime_minutes: u32::try_from(row.int(7)?).map_err(|_| wrong("downtime"))?,
        state: row.text(8)?.into(),
    })
}

pub(super) fn tell(
    tx: &mut WriteTx<'_>,
    seq: u64,
    e: &TicketStepped,
    number: u64,
    told: &ChangeTold,
) -> Result<()> {
    let state = match told {
        ChangeTold::Planned(plan) => {
            let items = super::to_json(&plan.items);
            let p = vals![
                e.ticket.0,
                number,
                seq,
                plan.model.key(),
                items,
                plan.from,
                plan.until,
                plan.downtime_minutes
            ];
            return tx.exec(PLAN, p).map(drop);
        }
        // What has begun is under way or over, whatever the customer says of it afterwards.
        ChangeTold::Refused { .. } => return tx.exec(DROP_PLANNED, vals![e.ticket.0]).map(drop),
        ChangeTold::Started { .. } => "started",
        ChangeTold::Ended { outcome, .. } => outcome.key(),
        ChangeTold::Approved { .. }
        | ChangeTold::Informed { .. }
        | ChangeTold::Documented { .. }
        | ChangeTold::Reviewed { .. } => return Ok(()),
    };
    tx.exec(MOVE, vals![e.ticket.0, state]).map(drop)
}

/// A change merged into another ticket does not take place by itself.
pub(super) fn merged(tx: &mut WriteTx<'_>, ticket: TicketId) -> Result<()> {
    tx.exec(DROP_PLANNED, vals![ticket.0]).map(drop)
}

/// Plans after this instant and number, whatever became of them, the soonest first.
pub fn from(tx: &mut dyn Tx, after: (i64, u64), limit: u32) -> Result<Vec<Planned>> {
    tx.rows(FROM, vals![after.0, after.1, limit])?.iter().map(planned).collect()
}

/// Plans still to be carried out, or under way, whose window touches `[from, until)`.
pub fn standing(tx: &mut dyn Tx, from: i64, until: i64) -> Result<Vec<Planned>> {
    let p = vals![from.saturating_sub(LONGEST_MICROS), until, from, COMPARED];
    tx.rows(STANDING, p)?.iter().map(planned).collect()
}

/// Plans not given up whose window touches `[from, until)`, those carried out included; `limit` at most.
pub fn within(tx: &mut dyn Tx, from: i64, until: i64, limit: u32) -> Result<Vec<Planned>> {
    let p = vals![from.saturating_sub(LONGEST_MICROS), until, from, limit];
    tx.rows(WITHIN, p)?.iter().map(planned).collect()
}
