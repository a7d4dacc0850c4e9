//! The prices that customers agreed to, by the instant they did: a month's statement starts from there,
//! since the ticket may have been opened in any month before.

use super::Ticket;
use crate::db::{Tx, WriteTx};
use crate::schema::{Keep, Noun, Table};
use crate::{Result, vals};
use base::id::TicketId;

/// What was agreed before this table stands in the steps, whose text begins with what they are.
pub(crate) const TABLES: &str = r#"
    CREATE TABLE ticket_agreed (
        ticket BLOB NOT NULL,
        seq INT NOT NULL,
        at INT NOT NULL,
        PRIMARY KEY (ticket, seq));
    CREATE INDEX ticket_agreed_at ON ticket_agreed (at);
    INSERT INTO ticket_agreed (ticket, seq, at)
        SELECT ticket, seq, at FROM ticket_step WHERE step LIKE '{"is":"price_agreed"%'"#;

pub(crate) const NOUN: Noun = Noun {
    name: "ticket.agreed",
    tables: &[Table { name: "ticket_agreed", keep: Keep::Journaled }],
    statements: STATEMENTS,
};

crate::statements! {
    ADD = "INSERT INTO ticket_agreed (ticket, seq, at) VALUES ($1, $2, $3)";
    BETWEEN = select_ticket!("WHERE id IN (SELECT ticket FROM ticket_agreed WHERE at >= $1 AND at < $2)
        ORDER BY opened, number");
}

pub(super) fn add(tx: &mut WriteTx<'_>, ticket: TicketId, seq: u64, at: i64) -> Result<()> {
    tx.exec(ADD, vals![ticket.0, seq, at]).map(drop)
}

/// The tickets whose price was agreed in `[from, to)`, the oldest first; instants in microseconds UTC.
pub fn agreed_between(tx: &mut dyn Tx, from: i64, to: i64) -> Result<Vec<Ticket>> {
    tx.rows(BETWEEN, vals![from, to])?.iter().map(super::ticket).collect()
}
