//! What was ordered in work units, and when it was delivered: the book and the month's billing read it.
//!
//! Estimates, verdicts and what production asked for are steps of the ticket; only what is counted is here.

use crate::db::{Row, Tx, WriteTx};
use crate::schema::{Keep, Noun, Table};
use crate::{Result, StoreError, vals};
use base::id::{ContractId, TicketId};
use events::{DeliveryTold, TicketStepped};

/// `delivered_at` is the first presentation; what is presented again is not counted again.
pub(crate) const TABLES: &str = "
    CREATE TABLE work_order (
        ticket BLOB NOT NULL,
        code TEXT NOT NULL,
        contract BLOB NOT NULL,
        number INT NOT NULL,
        book TEXT NOT NULL,
        pieces INT NOT NULL,
        ordered_at INT NOT NULL,
        delivered_at INT,
        PRIMARY KEY (ticket, code));
    CREATE INDEX work_order_book ON work_order (contract, ordered_at, number, code)";

pub(crate) const NOUN: Noun = Noun {
    name: "ticket.delivery",
    tables: &[Table { name: "work_order", keep: Keep::Journaled }],
    statements: STATEMENTS,
};

crate::statements! {
    ADD = "INSERT INTO work_order (ticket, code, contract, number, book, pieces, ordered_at)
        SELECT id, $2, contract, $3, $4, $5, $6 FROM ticket WHERE id = $1";
    DROP_ORDERED = "DELETE FROM work_order WHERE ticket = $1 AND delivered_at IS NULL";
    DELIVER = "UPDATE work_order SET delivered_at = $2 WHERE ticket = $1 AND delivered_at IS NULL";
    OF_CONTRACT = "SELECT ticket, number, book, code, pieces, ordered_at, delivered_at FROM work_order
        WHERE contract = $1 AND ordered_at < $2 ORDER BY ordered_at, number, code";
}

/// Pieces of one kind ordered by one ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ordered {
    pub ticket: TicketId,
    pub number: u64,
    /// The label of the book.
    pub book: String,
    pub code: String,
    pub count: u32,
    /// Microseconds UTC.
    pub ordered: i64,
    pub delivered: Option<i64>,
}

fn ordered(row: &Row) -> Result<Ordered> {
    let count = row.int(4)?;
    Ok(Ordered {
        ticket: TicketId(row.uuid(0)?),
        number: row.uint(1)?,
        book: row.text(2)?.into(),
        code: row.text(3)?.into(),
        count: u32::try_from(count).map_err(|_| StoreError::Entry(format!("{count} pieces ordered")))?,
        ordered: row.int(5)?,
        delivered: row.opt_int(6)?,
    })
}

pub(super) fn tell(tx: &mut WriteTx<'_>, e: &TicketStepped, number: u64, told: &DeliveryTold) -> Result<()> {
    match told {
        DeliveryTold::Ordered { book, pieces, .. } => {
            tx.exec(DROP_ORDERED, vals![e.ticket.0])?;
            for piece in pieces {
                let p = vals![e.ticket.0, &piece.code, number, book, piece.count, e.at];
                tx.exec(ADD, p)?;
            }
            Ok(())
        }
        DeliveryTold::Declined { .. } => tx.exec(DROP_ORDERED, vals![e.ticket.0]).map(drop),
        DeliveryTold::Presented { .. } => tx.exec(DELIVER, vals![e.ticket.0, e.at]).map(drop),
        DeliveryTold::Estimated { .. }
        | DeliveryTold::Decided { .. }
        | DeliveryTold::Shown { .. }
        | DeliveryTold::InProduction => Ok(()),
    }
}

/// What a contract ordered before an instant, in order of time.
pub fn ordered_before(tx: &mut dyn Tx, contract: ContractId, before: i64) -> Result<Vec<Ordered>> {
    tx.rows(OF_CONTRACT, vals![contract.0, before])?.iter().map(ordered).collect()
}
