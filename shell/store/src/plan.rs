//! Plans that open tickets, and what became of each of their dates.

use crate::db::{Row, Tx, WriteTx};
use crate::schema::{Keep, Noun, Table};
use crate::{Result, StoreError, vals};
use base::id::{AccountId, ContractId, PlanId, TicketId};
use events::{
    ContentId, PassedBy, PlanAbout, PlanEnded, PlanPassed, PlanTurn, PlanWritten, Rhythm, TicketOpened,
};
use uuid::Uuid;

/// What stands for « no more »: an instant that never comes, so that one index holds them all.
const NEVER: i64 = i64::MAX;

pub(crate) const TABLES: &str = "
    CREATE TABLE plan (
        id BLOB NOT NULL PRIMARY KEY,
        place INT NOT NULL,
        seq INT NOT NULL,
        contract BLOB NOT NULL,
        title BLOB NOT NULL,
        description BLOB NOT NULL,
        about TEXT NOT NULL,
        rhythm TEXT NOT NULL,
        next INT NOT NULL,
        at INT NOT NULL,
        actor BLOB NOT NULL,
        ended INT);
    CREATE INDEX plan_next ON plan (next);
    CREATE UNIQUE INDEX plan_place ON plan (place);
    CREATE TABLE plan_turn (
        plan BLOB NOT NULL,
        due INT NOT NULL,
        at INT NOT NULL,
        dates INT NOT NULL,
        ticket BLOB,
        number INT,
        why TEXT,
        PRIMARY KEY (plan, due));
    CREATE INDEX plan_turn_ticket ON plan_turn (ticket)";

pub(crate) const NOUN: Noun = Noun {
    name: "plan",
    tables: &[
        Table { name: "plan", keep: Keep::Journaled },
        Table { name: "plan_turn", keep: Keep::Journaled },
    ],
    statements: STATEMENTS,
};

crate::statements! {
    PUT = "INSERT INTO plan (id, place, seq, contract, title, description, about, rhythm, next, at, actor)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (id) DO UPDATE SET seq = excluded.seq,
        contract = excluded.contract, title = excluded.title, description = excluded.description,
        about = excluded.about, rhythm = excluded.rhythm, next = excluded.next, at = excluded.at,
        actor = excluded.actor";
    MOVE = "UPDATE plan SET next = $2 WHERE id = $1";
    END = "UPDATE plan SET next = $2, ended = $3 WHERE id = $1";
    TURN = "INSERT INTO plan_turn (plan, due, at, dates, ticket, number, why)
        VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (plan, due) DO UPDATE SET at = excluded.at,
        dates = excluded.dates, ticket = excluded.ticket, number = excluded.number, why = excluded.why";
    BY_ID = "SELECT id, place, seq, contract, title, description, about, rhythm, next, at, actor, ended
        FROM plan WHERE id = $1";
    DUE = "SELECT id, place, seq, contract, title, description, about, rhythm, next, at, actor, ended
        FROM plan WHERE next <= $1 ORDER BY next LIMIT $2";
    PAGE = "SELECT id, place, seq, contract, title, description, about, rhythm, next, at, actor, ended
        FROM plan WHERE place < $1 ORDER BY place DESC LIMIT $2";
    TURNS = "SELECT due, at, dates, ticket, number, why FROM plan_turn
        WHERE plan = $1 AND due < $2 ORDER BY due DESC LIMIT $3";
    RUNNING = "SELECT COUNT(*) FROM plan WHERE next < $1";
    OF_TICKET = "SELECT plan, due FROM plan_turn WHERE ticket = $1";
}

/// A plan as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    pub id: PlanId,
    /// The entry that first wrote it: its place in the list.
    pub place: u64,
    /// The entry of its last wording.
    pub seq: u64,
    pub contract: ContractId,
    pub title: ContentId,
    pub description: ContentId,
    pub about: PlanAbout,
    pub rhythm: Rhythm,
    /// Microseconds UTC; `None` when none comes any more.
    pub next: Option<i64>,
    /// When it was last written.
    pub at: i64,
    pub by: AccountId,
    pub ended: Option<i64>,
}

/// What became of a date of a plan, or of several that went by together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Turn {
    pub due: i64,
    pub at: i64,
    pub dates: u32,
    pub became: Became,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Became {
    Ticket { id: TicketId, number: u64 },
    Nothing(PassedBy),
}

pub(crate) fn write(tx: &mut WriteTx<'_>, seq: u64, e: &PlanWritten) -> Result<()> {
    let p = vals![
        e.plan.0,
        seq,
        seq,
        e.contract.0,
        e.title.0,
        e.description.0,
        json(&e.about)?,
        json(&e.rhythm)?,
        e.next.unwrap_or(NEVER),
        e.at,
        e.by.0
    ];
    tx.exec(PUT, p).map(drop)
}

/// The date of a plan that opened a ticket.
pub(crate) fn opened(tx: &mut WriteTx<'_>, turn: &PlanTurn, e: &TicketOpened) -> Result<()> {
    tx.exec(TURN, vals![turn.plan.0, turn.due, e.opened, 1u32, e.ticket.0, e.number, None::<&str>])?;
    advance(tx, turn.plan, turn.next)
}

pub(crate) fn pass(tx: &mut WriteTx<'_>, e: &PlanPassed) -> Result<()> {
    tx.exec(TURN, vals![e.plan.0, e.due, e.at, e.dates, None::<Uuid>, None::<i64>, e.why.key()])?;
    advance(tx, e.plan, e.next)
}

pub(crate) fn end(tx: &mut WriteTx<'_>, e: &PlanEnded) -> Result<()> {
    tx.exec(END, vals![e.plan.0, NEVER, e.at]).map(drop)
}

fn advance(tx: &mut WriteTx<'_>, plan: PlanId, next: Option<i64>) -> Result<()> {
    tx.exec(MOVE, vals![plan.0, next.unwrap_or(NEVER)]).map(drop)
}

pub fn by_id(tx: &mut dyn Tx, plan: PlanId) -> Result<Option<Plan>> {
    tx.opt_row(BY_ID, vals![plan.0])?.as_ref().map(row).transpose()
}

/// Plans with a date at an instant or before, the oldest date first.
pub fn due(tx: &mut dyn Tx, now: i64, limit: u32) -> Result<Vec<Plan>> {
    tx.rows(DUE, vals![now, limit])?.iter().map(row).collect()
}

/// Plans in the order in which they were first written, the last one first, under a place.
pub fn page(tx: &mut dyn Tx, before: Option<u64>, limit: u32) -> Result<Vec<Plan>> {
    let before = before.and_then(|place| i64::try_from(place).ok()).unwrap_or(NEVER);
    tx.rows(PAGE, vals![before, limit])?.iter().map(row).collect()
}

/// How many plans have a date to come: neither ended nor past their last one.
pub fn running(tx: &mut dyn Tx) -> Result<u64> {
    Ok(tx.opt_row(RUNNING, vals![NEVER])?.map(|row| row.uint(0)).transpose()?.unwrap_or_default())
}

/// What became of the dates of a plan before an instant, the last one first.
pub fn turns(tx: &mut dyn Tx, plan: PlanId, before: Option<i64>, limit: u32) -> Result<Vec<Turn>> {
    tx.rows(TURNS, vals![plan.0, before.unwrap_or(NEVER), limit])?.iter().map(turn).collect()
}

/// The plan that opened a ticket, and the date of it.
pub fn of_ticket(tx: &mut dyn Tx, ticket: TicketId) -> Result<Option<(PlanId, i64)>> {
    let row = tx.opt_row(OF_TICKET, vals![ticket.0])?;
    row.map(|row| Ok((PlanId(row.uuid(0)?), row.int(1)?))).transpose()
}

fn row(row: &Row) -> Result<Plan> {
    Ok(Plan {
        id: PlanId(row.uuid(0)?),
        place: row.uint(1)?,
        seq: row.uint(2)?,
        contract: ContractId(row.uuid(3)?),
        title: ContentId(row.uuid(4)?),
        description: ContentId(row.uuid(5)?),
        about: serde_json::from_str(row.text(6)?).map_err(unread)?,
        rhythm: serde_json::from_str(row.text(7)?).map_err(unread)?,
        next: Some(row.int(8)?).filter(|next| *next != NEVER),
        at: row.int(9)?,
        by: AccountId(row.uuid(10)?),
        ended: row.opt_int(11)?,
    })
}

fn turn(row: &Row) -> Result<Turn> {
    let why = |key: &str| {
        PassedBy::from_key(key).ok_or_else(|| StoreError::Entry(format!("a date passed for “{key}”")))
    };
    let became = match row.opt_uuid(3)? {
        Some(id) => Became::Ticket { id: TicketId(id), number: row.uint(4)? },
        None => Became::Nothing(why(row.text(5)?)?),
    };
    let dates = u32::try_from(row.int(2)?).unwrap_or(u32::MAX);
    Ok(Turn { due: row.int(0)?, at: row.int(1)?, dates, became })
}

fn json<T: serde::Serialize>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(unread)
}

fn unread(error: serde_json::Error) -> StoreError {
    StoreError::Entry(error.to_string())
}
