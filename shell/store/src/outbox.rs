//! Messages written with their cause, carried out later.
//!
//! A vault's outbox feeds the instance (the desk). The reader keeps its own cursor beside what it
//! did with the message, so a crash between reading and [`drop_through`] repeats nothing.

use crate::db::{Tx, WriteTx};
use crate::schema::{Keep, Noun, Table};
use crate::{Result, vals};

pub(crate) const TABLES: &str = "
    CREATE TABLE outbox (
        seq SERIAL,
        topic TEXT NOT NULL,
        payload TEXT NOT NULL)";

pub(crate) const NOUN: Noun = Noun {
    name: "outbox",
    tables: &[Table { name: "outbox", keep: Keep::Ephemeral }],
    statements: STATEMENTS,
};

crate::statements! {
    PUSH = "INSERT INTO outbox (topic, payload) VALUES ($1, $2)";
    AFTER = "SELECT seq, topic, payload FROM outbox WHERE seq > $1 ORDER BY seq LIMIT $2";
    DROP_THROUGH = "DELETE FROM outbox WHERE seq <= $1";
}

/// One waiting message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Grows, never used twice; may have gaps.
    pub seq: i64,
    pub topic: String,
    /// JSON.
    pub payload: String,
}

/// Adds a message to the transaction.
pub fn push(tx: &mut WriteTx<'_>, topic: &str, payload: &str) -> Result<()> {
    tx.exec(PUSH, vals![topic, payload]).map(drop)
}

/// The messages after `seq`, oldest first, `limit` at most.
pub fn after(tx: &mut dyn Tx, seq: i64, limit: u32) -> Result<Vec<Message>> {
    let rows = tx.rows(AFTER, vals![seq, limit])?;
    rows.iter()
        .map(|r| Ok(Message { seq: r.int(0)?, topic: r.text(1)?.into(), payload: r.text(2)?.into() }))
        .collect()
}

/// Removes the messages up to `seq`, once they are carried out.
pub fn drop_through(tx: &mut WriteTx<'_>, seq: i64) -> Result<u64> {
    tx.exec(DROP_THROUGH, vals![seq])
}
