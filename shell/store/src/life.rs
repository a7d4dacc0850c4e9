//! Duties done, and what happened to contracts.

use base::id::{AccountId, ContractId, TicketId};
use events::{ContentId, DutyDone, DutyOf, LifeFact, LifeTold, TicketOpened};

use crate::db::{Row, Tx, WriteTx};
use crate::schema::{Keep, Noun, Table};
use crate::{Result, StoreError, vals};

pub(crate) const TABLES: &str = "
    CREATE TABLE duty_done (
        id BLOB NOT NULL PRIMARY KEY,
        contract BLOB NOT NULL,
        label TEXT NOT NULL,
        what TEXT NOT NULL,
        done_on TEXT NOT NULL,
        proof TEXT NOT NULL,
        reference BLOB NOT NULL,
        valid_until TEXT,
        actor BLOB NOT NULL);
    CREATE INDEX duty_done_contract ON duty_done (contract, done_on, id);
    CREATE TABLE life_told (
        id BLOB NOT NULL PRIMARY KEY,
        contract BLOB NOT NULL,
        fact TEXT NOT NULL,
        detail TEXT,
        at INT NOT NULL,
        about BLOB NOT NULL,
        actor BLOB NOT NULL);
    CREATE INDEX life_told_contract ON life_told (contract, at, id)";

/// The clause that a request was made under.
pub(crate) const CLAUSE: &str = "ALTER TABLE life_told ADD COLUMN clause TEXT";

/// The tickets opened to do a duty, and those by which one was done.
pub(crate) const TICKETS: &str = "
    CREATE TABLE duty_ticket (
        ticket BLOB NOT NULL PRIMARY KEY,
        number INT NOT NULL,
        contract BLOB NOT NULL,
        label TEXT NOT NULL,
        what TEXT NOT NULL);
    CREATE INDEX duty_ticket_contract ON duty_ticket (contract, number);
    ALTER TABLE duty_done ADD COLUMN ticket BLOB;
    CREATE INDEX duty_done_ticket ON duty_done (ticket)";

pub(crate) const NOUN: Noun = Noun {
    name: "life",
    tables: &[
        Table { name: "duty_done", keep: Keep::Journaled },
        Table { name: "duty_ticket", keep: Keep::Journaled },
        Table { name: "life_told", keep: Keep::Journaled },
    ],
    statements: STATEMENTS,
};

crate::statements! {
    ADD_DONE = "INSERT INTO duty_done (id, contract, label, what, done_on, proof, reference, valid_until, actor,
        ticket) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    DONE_OF = "SELECT id, contract, label, what, done_on, proof, reference, valid_until, actor, ticket
        FROM duty_done WHERE contract = $1 ORDER BY done_on, id";
    DONE_BY = "SELECT 1 FROM duty_done WHERE ticket = $1 LIMIT 1";
    ADD_TICKET = "INSERT INTO duty_ticket (ticket, number, contract, label, what) VALUES ($1, $2, $3, $4, $5)";
    TICKETS_OF = "SELECT ticket, number, label, what FROM duty_ticket WHERE contract = $1 ORDER BY number";
    OF_TICKET = "SELECT label, what FROM duty_ticket WHERE ticket = $1";
    ADD_TOLD = "INSERT INTO life_told (id, contract, fact, detail, at, about, actor, clause)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    TOLD_OF = "SELECT id, contract, fact, detail, at, about, actor, clause FROM life_told
        WHERE contract = $1 ORDER BY at, id";
}

pub(crate) fn done(tx: &mut WriteTx<'_>, e: &DutyDone) -> Result<()> {
    let (on, until) = (e.on.to_string(), e.valid_until.map(|d| d.to_string()));
    let proof = e.proof.key();
    let p = vals![
        e.done,
        e.contract.0,
        &e.label,
        &e.what,
        on,
        proof,
        e.reference.0,
        until.as_deref(),
        e.by.0,
        e.ticket.map(|ticket| ticket.0)
    ];
    tx.exec(ADD_DONE, p).map(drop)
}

/// A ticket was opened to do a duty.
pub(crate) fn opened(tx: &mut WriteTx<'_>, duty: &DutyOf, e: &TicketOpened) -> Result<()> {
    let p = vals![e.ticket.0, e.number, e.contract.0, &duty.clause, &duty.what];
    tx.exec(ADD_TICKET, p).map(drop)
}

pub(crate) fn told(tx: &mut WriteTx<'_>, e: &LifeTold) -> Result<()> {
    let (fact, detail) = e.fact.words();
    let p =
        vals![e.told, e.contract.0, fact, detail.as_deref(), e.at, e.about.0, e.by.0, e.clause.as_deref()];
    tx.exec(ADD_TOLD, p).map(drop)
}

/// The duties of a contract that were done, by day.
pub fn all_done(tx: &mut dyn Tx, contract: ContractId) -> Result<Vec<DutyDone>> {
    tx.rows(DONE_OF, vals![contract.0])?.iter().map(done_row).collect()
}

/// What was told of a contract, by instant.
pub fn all_told(tx: &mut dyn Tx, contract: ContractId) -> Result<Vec<LifeTold>> {
    tx.rows(TOLD_OF, vals![contract.0])?.iter().map(told_row).collect()
}

/// A ticket opened to do a duty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DutyTicket {
    pub ticket: TicketId,
    pub number: u64,
    pub duty: DutyOf,
}

/// The tickets opened to do the duties of a contract, the oldest first.
pub fn duty_tickets(tx: &mut dyn Tx, contract: ContractId) -> Result<Vec<DutyTicket>> {
    let rows = tx.rows(TICKETS_OF, vals![contract.0])?;
    let read = |row: &Row| {
        let duty = DutyOf { clause: row.text(2)?.into(), what: row.text(3)?.into() };
        Ok(DutyTicket { ticket: TicketId(row.uuid(0)?), number: row.uint(1)?, duty })
    };
    rows.iter().map(read).collect()
}

/// The duty that a ticket was opened to do.
pub fn duty_of(tx: &mut dyn Tx, ticket: TicketId) -> Result<Option<DutyOf>> {
    let row = tx.opt_row(OF_TICKET, vals![ticket.0])?;
    row.map(|row| Ok(DutyOf { clause: row.text(0)?.into(), what: row.text(1)?.into() })).transpose()
}

/// Whether a duty was recorded as done by a ticket.
pub fn is_done_by(tx: &mut dyn Tx, ticket: TicketId) -> Result<bool> {
    Ok(tx.opt_row(DONE_BY, vals![ticket.0])?.is_some())
}

fn done_row(row: &Row) -> Result<DutyDone> {
    Ok(DutyDone {
        done: row.uuid(0)?,
        contract: ContractId(row.uuid(1)?),
        label: row.text(2)?.into(),
        what: row.text(3)?.into(),
        on: day(row.text(4)?)?,
        proof: proof(row.text(5)?)?,
        reference: ContentId(row.uuid(6)?),
        valid_until: row.opt_text(7)?.map(day).transpose()?,
        ticket: row.opt_uuid(9)?.map(TicketId),
        by: AccountId(row.uuid(8)?),
    })
}

/// A day, as it was written.
fn day<T: std::str::FromStr>(text: &str) -> Result<T> {
    text.parse().map_err(|_| StoreError::Entry(format!("{text} is not a day")))
}

fn proof(text: &str) -> Result<events::DutyProof> {
    events::DutyProof::from_key(text).ok_or_else(|| StoreError::Entry(format!("{text} is not a proof")))
}

fn told_row(row: &Row) -> Result<LifeTold> {
    let (fact, detail) = (row.text(2)?, row.opt_text(3)?);
    let fact = LifeFact::from_words(fact, detail)
        .ok_or_else(|| StoreError::Entry(format!("{fact} is not a fact of a contract's life")))?;
    Ok(LifeTold {
        told: row.uuid(0)?,
        contract: ContractId(row.uuid(1)?),
        fact,
        at: row.int(4)?,
        about: ContentId(row.uuid(5)?),
        clause: row.opt_text(7)?.map(str::to_owned),
        by: AccountId(row.uuid(6)?),
    })
}
