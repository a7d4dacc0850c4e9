//! What came from another tool: the tickets opened here for it, and the history kept to be read.

use crate::db::{Row, Tx, WriteTx};
use crate::schema::{Keep, Noun, Table};
use crate::{Result, StoreError, vals};
use base::id::{AccountId, TicketId};
use events::{ContentId, ImportSource, ImportedFrom, TicketImported, TicketOpened};
use uuid::Uuid;

/// `listed` is when it was declared, for the history; what is open here is in the lists of tickets.
pub(crate) const TABLES: &str = "
    CREATE TABLE imported (
        source TEXT NOT NULL,
        number TEXT NOT NULL,
        place INT NOT NULL,
        declared INT NOT NULL,
        listed INT,
        over INT,
        words BLOB,
        ticket BLOB,
        at INT NOT NULL,
        actor BLOB NOT NULL,
        PRIMARY KEY (source, number));
    CREATE UNIQUE INDEX imported_listed ON imported (listed, place);
    CREATE INDEX imported_ticket ON imported (ticket)";

pub(crate) const NOUN: Noun = Noun {
    name: "imported",
    tables: &[Table { name: "imported", keep: Keep::Journaled }],
    statements: STATEMENTS,
};

crate::statements! {
    ADD = "INSERT INTO imported (source, number, place, declared, listed, over, words, ticket, at, actor)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    IS_KNOWN = "SELECT place FROM imported WHERE source = $1 AND number = $2";
    HISTORY = "SELECT source, number, place, declared, over, words, at, actor FROM imported
        WHERE (listed, place) < ($1, $2) ORDER BY listed DESC, place DESC LIMIT $3";
    AT = "SELECT source, number, place, declared, over, words, at, actor FROM imported
        WHERE place = $1 AND listed IS NOT NULL";
    AFTER = "SELECT source, number, place, declared, over, words, at, actor FROM imported
        WHERE place > $1 AND listed IS NOT NULL ORDER BY place LIMIT $2";
    TICKET_OF = "SELECT ticket.number FROM imported JOIN ticket ON ticket.id = imported.ticket
        WHERE imported.source = $1 AND imported.number = $2";
    OF_TICKET = "SELECT source, number, declared FROM imported WHERE ticket = $1";
}

/// A matter of the history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    pub from: ImportedFrom,
    /// Its entry, and with the instant it was declared its place in the list.
    pub place: u64,
    pub over: i64,
    pub words: ContentId,
    pub at: i64,
    pub by: AccountId,
}

pub(crate) fn keep(tx: &mut WriteTx<'_>, seq: u64, e: &TicketImported) -> Result<()> {
    let from = &e.from;
    let p = vals![
        from.source.key(),
        &from.number,
        seq,
        from.declared,
        from.declared,
        e.over,
        e.words.0,
        None::<Uuid>,
        e.at,
        e.by.0
    ];
    tx.exec(ADD, p).map(drop)
}

pub(crate) fn opened(tx: &mut WriteTx<'_>, seq: u64, from: &ImportedFrom, e: &TicketOpened) -> Result<()> {
    let none = None::<i64>;
    let p = vals![
        from.source.key(),
        &from.number,
        seq,
        from.declared,
        none,
        none,
        None::<Uuid>,
        e.ticket.0,
        e.opened,
        e.by.0
    ];
    tx.exec(ADD, p).map(drop)
}

/// Whether a number of a tool came already.
pub fn is_known(tx: &mut dyn Tx, source: ImportSource, number: &str) -> Result<bool> {
    Ok(tx.opt_row(IS_KNOWN, vals![source.key(), number])?.is_some())
}

/// The history, the last declared first, before a key: the instant it was declared and its place.
pub fn history(tx: &mut dyn Tx, before: Option<(i64, u64)>, limit: u32) -> Result<Vec<Imported>> {
    let (declared, place) = before.unwrap_or((i64::MAX, 0));
    tx.rows(HISTORY, vals![declared, place, limit])?.iter().map(row).collect()
}

/// A matter of the history, by its entry.
pub fn history_at(tx: &mut dyn Tx, place: u64) -> Result<Option<Imported>> {
    tx.opt_row(AT, vals![place])?.as_ref().map(row).transpose()
}

/// The history in the order of its entries, after one.
pub fn history_after(tx: &mut dyn Tx, place: u64, limit: u32) -> Result<Vec<Imported>> {
    tx.rows(AFTER, vals![place, limit])?.iter().map(row).collect()
}

/// The number of the ticket that a number of a tool opened; `None` when it is kept to be read, or never came.
pub fn ticket_of(tx: &mut dyn Tx, source: ImportSource, number: &str) -> Result<Option<u64>> {
    tx.opt_row(TICKET_OF, vals![source.key(), number])?.map(|row| row.uint(0)).transpose()
}

/// Where a ticket was before.
pub fn of_ticket(tx: &mut dyn Tx, ticket: TicketId) -> Result<Option<ImportedFrom>> {
    let row = tx.opt_row(OF_TICKET, vals![ticket.0])?;
    row.map(|row| from(&row, row.int(2)?)).transpose()
}

fn row(row: &Row) -> Result<Imported> {
    Ok(Imported {
        from: from(row, row.int(3)?)?,
        place: row.uint(2)?,
        over: row.int(4)?,
        words: ContentId(row.uuid(5)?),
        at: row.int(6)?,
        by: AccountId(row.uuid(7)?),
    })
}

fn from(row: &Row, declared: i64) -> Result<ImportedFrom> {
    let source = ImportSource::from_key(row.text(0)?)
        .ok_or_else(|| StoreError::Entry("a ticket of an unknown tool".to_owned()))?;
    Ok(ImportedFrom { source, number: row.text(1)?.into(), declared })
}
