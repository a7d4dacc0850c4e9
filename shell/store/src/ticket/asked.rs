//! The open tickets on which the customer may have something to answer: a price, a change to approve, a delivery
//! to accept.
//!
//! Whether an answer is awaited on a day is the engines' to say, from the steps and the contract. To ask it of every
//! open ticket would cost what is open; of most, nothing was ever asked.

use super::Ticket;
use crate::db::{Tx, WriteTx};
use crate::schema::Noun;
use crate::{Result, vals};
use base::id::TicketId;
use events::{Step, TicketOpened};

/// What was opened before is marked from its rows and its steps, whose text begins with what they are.
pub(crate) const TABLES: &str = r#"
    ALTER TABLE ticket ADD COLUMN asks INT NOT NULL DEFAULT 0;
    UPDATE ticket SET asks = 1 WHERE admission NOT IN ('accepted', 'refused') OR id IN (
        SELECT ticket FROM ticket_step WHERE step LIKE '{"is":"quote_made"%' OR step LIKE '{"is":"change"%'
        OR step LIKE '{"is":"delivery"%');
    CREATE INDEX ticket_asks ON ticket (due, number) WHERE asks = 1 AND open = 1"#;

pub(crate) const NOUN: Noun = Noun { name: "ticket.asked", tables: &[], statements: STATEMENTS };

crate::statements! {
    MARK = "UPDATE ticket SET asks = 1 WHERE id = $1 AND asks = 0";
    OPEN = select_ticket!("WHERE asks = 1 AND open = 1 ORDER BY due, number");
}

pub(super) fn opened(tx: &mut WriteTx<'_>, e: &TicketOpened) -> Result<()> {
    match e.admission.as_str() {
        "accepted" | "refused" => Ok(()),
        _ => tx.exec(MARK, vals![e.ticket.0]).map(drop),
    }
}

pub(super) fn stepped(tx: &mut WriteTx<'_>, ticket: TicketId, step: &Step) -> Result<()> {
    match step {
        Step::QuoteMade { .. } | Step::Change { .. } | Step::Delivery { .. } => {
            tx.exec(MARK, vals![ticket.0]).map(drop)
        }
        _ => Ok(()),
    }
}

/// Of the open tickets, those on which something was asked of the customer once; the soonest due first.
pub fn may_ask(tx: &mut dyn Tx) -> Result<Vec<Ticket>> {
    tx.rows(OPEN, vals![])?.iter().map(super::ticket).collect()
}
