//! Open work of all vaults by next due instant: a projection fed by the vaults' outboxes.
//!
//! It can be dropped and rebuilt. It holds no title and no text: the vaults do.

use crate::db::{Row, Tx, WriteTx};
use crate::schema::{Keep, Noun, Table};
use crate::{Result, vals};
use uuid::Uuid;

pub(crate) const TABLES: &str = "
    CREATE TABLE desk (
        ticket BLOB NOT NULL PRIMARY KEY,
        vault BLOB NOT NULL REFERENCES vault (id),
        number INT NOT NULL,
        kind TEXT NOT NULL,
        priority TEXT NOT NULL,
        state TEXT NOT NULL,
        due INT NOT NULL,
        assignee BLOB);
    CREATE INDEX desk_due ON desk (due, ticket);
    CREATE INDEX desk_assignee ON desk (assignee, due, ticket);
    CREATE INDEX desk_vault ON desk (vault, due, ticket);
    CREATE TABLE desk_cursor (
        vault BLOB NOT NULL PRIMARY KEY REFERENCES vault (id),
        seq INT NOT NULL)";

pub(crate) const NOUN: Noun = Noun {
    name: "desk",
    tables: &[
        Table { name: "desk", keep: Keep::Ephemeral },
        Table { name: "desk_cursor", keep: Keep::Ephemeral },
    ],
    statements: STATEMENTS,
};

crate::statements! {
    PUT = "INSERT INTO desk (ticket, vault, number, kind, priority, state, due, assignee)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        ON CONFLICT (ticket) DO UPDATE SET kind = excluded.kind, priority = excluded.priority,
        state = excluded.state, due = excluded.due, assignee = excluded.assignee";
    REMOVE = "DELETE FROM desk WHERE ticket = $1";
    CLEAR = "DELETE FROM desk WHERE vault = $1";
    COUNT = "SELECT COUNT(*) FROM desk";
    PAGE = "SELECT ticket, vault, number, kind, priority, state, due, assignee FROM desk
        WHERE (due, ticket) > ($1, $2) ORDER BY due, ticket LIMIT $3";
    PAGE_OF_ASSIGNEE = "SELECT ticket, vault, number, kind, priority, state, due, assignee FROM desk
        WHERE assignee = $1 AND (due, ticket) > ($2, $3) ORDER BY due, ticket LIMIT $4";
    PAGE_OF_VAULT = "SELECT ticket, vault, number, kind, priority, state, due, assignee FROM desk
        WHERE vault = $1 AND (due, ticket) > ($2, $3) ORDER BY due, ticket LIMIT $4";
    CURSOR = "SELECT seq FROM desk_cursor WHERE vault = $1";
    SET_CURSOR = "INSERT INTO desk_cursor (vault, seq) VALUES ($1, $2)
        ON CONFLICT (vault) DO UPDATE SET seq = excluded.seq";
}

/// One line of the desk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub ticket: Uuid,
    pub vault: Uuid,
    /// The ticket's number in its vault.
    pub number: i64,
    pub kind: String,
    pub priority: String,
    pub state: String,
    /// Microseconds UTC; `i64::MAX` when nothing is due (paused, no promise), so it sorts last.
    pub due: i64,
    pub assignee: Option<Uuid>,
}

/// Whose work to list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    Everyone,
    Assignee(Uuid),
    Vault(Uuid),
}

fn line(row: &Row) -> Result<Line> {
    Ok(Line {
        ticket: row.uuid(0)?,
        vault: row.uuid(1)?,
        number: row.int(2)?,
        kind: row.text(3)?.into(),
        priority: row.text(4)?.into(),
        state: row.text(5)?.into(),
        due: row.int(6)?,
        assignee: row.opt_uuid(7)?,
    })
}

/// Adds or replaces a line.
pub fn put(tx: &mut WriteTx<'_>, l: &Line) -> Result<()> {
    let p = vals![l.ticket, l.vault, l.number, &l.kind, &l.priority, &l.state, l.due, l.assignee];
    tx.exec(PUT, p).map(drop)
}

/// Takes a ticket off the desk: it is closed.
pub fn remove(tx: &mut WriteTx<'_>, ticket: Uuid) -> Result<()> {
    tx.exec(REMOVE, vals![ticket]).map(drop)
}

/// Takes all of a vault's lines off, before a rebuild.
pub fn clear(tx: &mut WriteTx<'_>, vault: Uuid) -> Result<()> {
    tx.exec(CLEAR, vals![vault]).map(drop)
}

/// Number of lines.
pub fn count(tx: &mut dyn Tx) -> Result<u64> {
    tx.row(COUNT, &[])?.uint(0)
}

/// Lines by due instant after `after` = (due, ticket) of the last line seen, or from the start.
pub fn page(tx: &mut dyn Tx, whose: Whose, after: Option<(i64, Uuid)>, limit: u32) -> Result<Vec<Line>> {
    let (due, ticket) = after.unwrap_or((i64::MIN, Uuid::nil()));
    let rows = match whose {
        Whose::Everyone => tx.rows(PAGE, vals![due, ticket, limit])?,
        Whose::Assignee(who) => tx.rows(PAGE_OF_ASSIGNEE, vals![who, due, ticket, limit])?,
        Whose::Vault(vault) => tx.rows(PAGE_OF_VAULT, vals![vault, due, ticket, limit])?,
    };
    rows.iter().map(line).collect()
}

/// The last message of a vault's outbox already on the desk; 0 at first.
pub fn cursor(tx: &mut dyn Tx, vault: Uuid) -> Result<i64> {
    Ok(tx.opt_row(CURSOR, vals![vault])?.map(|r| r.int(0)).transpose()?.unwrap_or(0))
}

/// Remembers, in the transaction that applied them, how far the messages were applied.
pub fn set_cursor(tx: &mut WriteTx<'_>, vault: Uuid, seq: i64) -> Result<()> {
    tx.exec(SET_CURSOR, vals![vault, seq]).map(drop)
}
