//! What waits to be sent to webhooks, each try of it, and how each receiver stands.
//!
//! A body names things and holds no words of people: identifiers, states, instants. The address and the
//! secret are in the vault and read when a delivery leaves.

pub use super::outgoing::State;
use crate::db::{Row, Tx, WriteTx};
use crate::schema::{Keep, Noun, Table};
use crate::{Result, vals};
use uuid::Uuid;

/// What stands for « nothing waits »: an instant that never comes, so that one index holds all lines.
const NEVER: i64 = i64::MAX;

pub(crate) const TABLES: &str = "
    CREATE TABLE webhook_line (
        webhook BLOB NOT NULL PRIMARY KEY,
        vault BLOB NOT NULL REFERENCES vault (id),
        next INT NOT NULL,
        failing_since INT);
    CREATE INDEX webhook_line_next ON webhook_line (next);
    CREATE TABLE webhook_out (
        id BLOB NOT NULL PRIMARY KEY,
        webhook BLOB NOT NULL,
        vault BLOB NOT NULL REFERENCES vault (id),
        kind TEXT NOT NULL,
        cause TEXT NOT NULL,
        body TEXT NOT NULL,
        state TEXT NOT NULL,
        attempts INT NOT NULL,
        next INT NOT NULL,
        created INT NOT NULL,
        moved INT NOT NULL);
    CREATE UNIQUE INDEX webhook_out_cause ON webhook_out (webhook, cause);
    CREATE INDEX webhook_out_next ON webhook_out (webhook, state, next, id);
    CREATE INDEX webhook_out_created ON webhook_out (webhook, created, id);
    CREATE INDEX webhook_out_moved ON webhook_out (moved);
    CREATE TABLE webhook_try (
        delivery BLOB NOT NULL,
        place INT NOT NULL,
        at INT NOT NULL,
        status INT,
        failure TEXT,
        millis INT NOT NULL,
        PRIMARY KEY (delivery, place));
    CREATE INDEX webhook_try_at ON webhook_try (at)";

pub(crate) const NOUN: Noun = Noun {
    name: "webhooks",
    tables: &[
        Table { name: "webhook_line", keep: Keep::Ephemeral },
        Table { name: "webhook_out", keep: Keep::Ephemeral },
        Table { name: "webhook_try", keep: Keep::Ephemeral },
    ],
    statements: STATEMENTS,
};

/// A query of whole deliveries: its columns in the order that [`delivery`] reads them.
macro_rules! select_delivery {
    ($rest:literal) => {
        concat!(
            "SELECT id, webhook, vault, kind, cause, body, state, attempts, next, created, moved
            FROM webhook_out ",
            $rest
        )
    };
}

crate::statements! {
    PUSH = "INSERT INTO webhook_out (id, webhook, vault, kind, cause, body, state, attempts, next, created, moved)
        VALUES ($1, $2, $3, $4, $5, $6, 'waiting', 0, $7, $7, $7) ON CONFLICT DO NOTHING";
    CALL = "INSERT INTO webhook_line (webhook, vault, next) VALUES ($1, $2, $3)
        ON CONFLICT (webhook) DO UPDATE SET next = excluded.next WHERE webhook_line.next > excluded.next";
    DUE_LINES = "SELECT webhook, vault FROM webhook_line WHERE next <= $1 ORDER BY next LIMIT $2";
    DUE = select_delivery!("WHERE webhook = $1 AND state = 'waiting' AND next <= $2 ORDER BY next, id LIMIT $3");
    NEXT = "SELECT next FROM webhook_out WHERE webhook = $1 AND state = 'waiting' ORDER BY next, id LIMIT 1";
    SET_NEXT = "UPDATE webhook_line SET next = $2 WHERE webhook = $1";
    KNOWN = "SELECT id FROM webhook_out WHERE webhook = $1 AND cause = $2";
    BY_ID = select_delivery!("WHERE id = $1");
    PAGE = select_delivery!("WHERE webhook = $1 AND (created, id) < ($2, $3) ORDER BY created DESC, id DESC LIMIT $4");
    COUNT_TRY = "UPDATE webhook_out SET attempts = attempts + 1 WHERE id = $1";
    LATER = "UPDATE webhook_out SET next = $2, moved = $3 WHERE id = $1 AND state = 'waiting'";
    END = "UPDATE webhook_out SET state = $2, moved = $3 WHERE id = $1";
    AGAIN = "UPDATE webhook_out SET state = 'waiting', attempts = 0, next = $2, moved = $2
        WHERE id = $1 AND state <> 'waiting'";
    DROP_WAITING = "UPDATE webhook_out SET state = 'dropped', moved = $2
        WHERE webhook = $1 AND state = 'waiting'";
    DROP_STALE = "UPDATE webhook_out SET state = 'dropped', moved = $2 WHERE moved < $1 AND state = 'waiting'";
    TRIED = "INSERT INTO webhook_try (delivery, place, at, status, failure, millis)
        VALUES ($1, $2, $3, $4, $5, $6)";
    LAST_TRY = "SELECT COALESCE(MAX(place), 0) FROM webhook_try WHERE delivery = $1";
    TRIES = "SELECT at, status, failure, millis FROM webhook_try WHERE delivery = $1 ORDER BY place";
    FAILING = "SELECT failing_since FROM webhook_line WHERE webhook = $1";
    FAILED = "UPDATE webhook_line SET failing_since = $2 WHERE webhook = $1 AND failing_since IS NULL";
    WELL = "UPDATE webhook_line SET failing_since = NULL WHERE webhook = $1 AND failing_since IS NOT NULL";
    FORGET = "DELETE FROM webhook_out WHERE moved < $1 AND state <> 'waiting'";
    FORGET_TRIES = "DELETE FROM webhook_try WHERE at < $1";
}

/// A delivery to put in the queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct New {
    pub id: Uuid,
    pub webhook: Uuid,
    pub vault: Uuid,
    /// `ticket.opened`.
    pub kind: String,
    /// With the webhook, tells a delivery from another.
    pub cause: String,
    /// What is sent, to the byte.
    pub body: String,
}

/// A delivery of the queue. Instants are in microseconds UTC.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    pub new: New,
    pub state: State,
    /// Tries that were made since it was put in the queue, or sent again.
    pub attempts: u32,
    pub next: i64,
    pub created: i64,
    /// When it was last handed over, tried or ended.
    pub moved: i64,
}

/// A try of a delivery, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Try {
    /// Microseconds UTC.
    pub at: i64,
    /// What the receiver answered.
    pub status: Option<u16>,
    /// Why there was no answer: the caller's own name of it.
    pub failure: Option<String>,
    pub millis: u64,
}

/// Puts a delivery in the queue; nothing when the webhook was told the same already.
pub fn push(tx: &mut WriteTx<'_>, d: &New, now: i64) -> Result<bool> {
    let p = vals![d.id, d.webhook, d.vault, &d.kind, &d.cause, &d.body, now];
    let new = tx.exec(PUSH, p)? == 1;
    if new {
        tx.exec(CALL, vals![d.webhook, d.vault, now])?;
    }
    Ok(new)
}

/// Whether a webhook was told of this already.
pub fn is_known(tx: &mut dyn Tx, webhook: Uuid, cause: &str) -> Result<bool> {
    Ok(tx.opt_row(KNOWN, vals![webhook, cause])?.is_some())
}

/// The webhooks that something waits for, and their vaults, the longest waiting first.
pub fn due_lines(tx: &mut dyn Tx, now: i64, limit: u32) -> Result<Vec<(Uuid, Uuid)>> {
    tx.rows(DUE_LINES, vals![now, limit])?.iter().map(|r| Ok((r.uuid(0)?, r.uuid(1)?))).collect()
}

/// What may leave now for a webhook, the longest waiting first.
pub fn due(tx: &mut dyn Tx, webhook: Uuid, now: i64, limit: u32) -> Result<Vec<Delivery>> {
    tx.rows(DUE, vals![webhook, now, limit])?.iter().map(delivery).collect()
}

/// Finds again when something next waits for a webhook.
pub fn settle(tx: &mut WriteTx<'_>, webhook: Uuid) -> Result<()> {
    let next = tx.opt_row(NEXT, vals![webhook])?.map(|r| r.int(0)).transpose()?.unwrap_or(NEVER);
    tx.exec(SET_NEXT, vals![webhook, next]).map(drop)
}

pub fn by_id(tx: &mut dyn Tx, id: Uuid) -> Result<Option<Delivery>> {
    tx.opt_row(BY_ID, vals![id])?.as_ref().map(delivery).transpose()
}

/// Deliveries of a webhook made before this instant and id, the latest first.
pub fn page(tx: &mut dyn Tx, webhook: Uuid, before: (i64, Uuid), limit: u32) -> Result<Vec<Delivery>> {
    tx.rows(PAGE, vals![webhook, before.0, before.1, limit])?.iter().map(delivery).collect()
}

/// The delivery is left alone until `next`: somebody has it under way, or its try failed.
pub fn later(tx: &mut WriteTx<'_>, id: Uuid, next: i64, now: i64) -> Result<()> {
    tx.exec(LATER, vals![id, next, now]).map(drop)
}

/// The delivery waits no more.
pub fn end(tx: &mut WriteTx<'_>, id: Uuid, state: State, now: i64) -> Result<()> {
    tx.exec(END, vals![id, state.key(), now]).map(drop)
}

/// Tries a delivery that ended afresh, under the same id; false if it waits already.
pub fn again(tx: &mut WriteTx<'_>, d: &New, now: i64) -> Result<bool> {
    let again = tx.exec(AGAIN, vals![d.id, now])? == 1;
    tx.exec(CALL, vals![d.webhook, d.vault, now])?;
    Ok(again)
}

/// What waits for a webhook waits no more.
pub fn drop_waiting(tx: &mut WriteTx<'_>, webhook: Uuid, now: i64) -> Result<()> {
    tx.exec(DROP_WAITING, vals![webhook, now])?;
    tx.exec(SET_NEXT, vals![webhook, NEVER]).map(drop)
}

/// What nobody has touched since `before` waits no more; gives how many there were.
pub fn drop_stale(tx: &mut WriteTx<'_>, before: i64, now: i64) -> Result<u64> {
    tx.exec(DROP_STALE, vals![before, now])
}

/// Counts a try that was made, and keeps it beside the others; its place is after the last one, since the first ones may be forgotten.
pub fn tried(tx: &mut WriteTx<'_>, delivery: Uuid, t: &Try) -> Result<()> {
    let (place, status) = (tx.row(LAST_TRY, vals![delivery])?.uint(0)? + 1, t.status.map(u32::from));
    tx.exec(TRIED, vals![delivery, place, t.at, status, t.failure.clone(), t.millis])?;
    tx.exec(COUNT_TRY, vals![delivery]).map(drop)
}

/// The tries of a delivery, the first one first.
pub fn tries(tx: &mut dyn Tx, delivery: Uuid) -> Result<Vec<Try>> {
    let one = |r: &Row| {
        Ok(Try {
            at: r.int(0)?,
            status: r.opt_int(1)?.and_then(|s| u16::try_from(s).ok()),
            failure: r.opt_text(2)?.map(str::to_owned),
            millis: r.uint(3)?,
        })
    };
    tx.rows(TRIES, vals![delivery])?.iter().map(one).collect()
}

/// Since when nothing was taken by a webhook's receiver.
pub fn failing_since(tx: &mut dyn Tx, webhook: Uuid) -> Result<Option<i64>> {
    Ok(tx.opt_row(FAILING, vals![webhook])?.map(|r| r.opt_int(0)).transpose()?.flatten())
}

/// Notes that a receiver failed or took something; gives since when it has been failing.
pub fn note(tx: &mut WriteTx<'_>, webhook: Uuid, well: bool, now: i64) -> Result<Option<i64>> {
    if well {
        tx.exec(WELL, vals![webhook])?;
        return Ok(None);
    }
    tx.exec(FAILED, vals![webhook, now])?;
    failing_since(tx, webhook)
}

/// Forgets what ended before `before`, microseconds UTC.
pub fn forget(tx: &mut WriteTx<'_>, before: i64) -> Result<()> {
    tx.exec(FORGET, vals![before])?;
    tx.exec(FORGET_TRIES, vals![before]).map(drop)
}

fn delivery(row: &Row) -> Result<Delivery> {
    let new = New {
        id: row.uuid(0)?,
        webhook: row.uuid(1)?,
        vault: row.uuid(2)?,
        kind: row.text(3)?.into(),
        cause: row.text(4)?.into(),
        body: row.text(5)?.into(),
    };
    Ok(Delivery {
        new,
        state: State::from_key(row.text(6)?),
        attempts: u32::try_from(row.int(7)?).unwrap_or(u32::MAX),
        next: row.int(8)?,
        created: row.int(9)?,
        moved: row.int(10)?,
    })
}
