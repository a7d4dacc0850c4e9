//! The timer of each person: one at most over all customers, so it is kept where one query finds it.
//!
//! It is nothing yet: only the time it becomes is a fact, in the vault of its ticket.

use crate::db::{Tx, WriteTx};
use crate::schema::{Keep, Noun, Table};
use crate::{Result, vals};
use base::id::{AccountId, CustomerId};

pub(crate) const TABLES: &str = "
    CREATE TABLE timer (
        person BLOB NOT NULL PRIMARY KEY,
        vault BLOB NOT NULL,
        ticket INT NOT NULL,
        started INT NOT NULL)";

pub(crate) const NOUN: Noun =
    Noun { name: "timer", tables: &[Table { name: "timer", keep: Keep::Ephemeral }], statements: STATEMENTS };

crate::statements! {
    START = "INSERT INTO timer (person, vault, ticket, started) VALUES ($1, $2, $3, $4)
        ON CONFLICT (person) DO NOTHING";
    RUNNING = "SELECT vault, ticket, started FROM timer WHERE person = $1";
    STOP = "DELETE FROM timer WHERE person = $1 AND started = $2";
}

/// A timer that runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timer {
    pub customer: CustomerId,
    /// The ticket's number.
    pub ticket: u64,
    /// Microseconds UTC.
    pub started: i64,
}

/// Starts a person's timer; false, and nothing is changed, when one runs.
pub fn start(tx: &mut WriteTx<'_>, person: AccountId, timer: &Timer) -> Result<bool> {
    Ok(tx.exec(START, vals![person.0, timer.customer.0, timer.ticket, timer.started])? == 1)
}

pub fn running(tx: &mut dyn Tx, person: AccountId) -> Result<Option<Timer>> {
    let row = tx.opt_row(RUNNING, vals![person.0])?;
    row.map(|r| Ok(Timer { customer: CustomerId(r.uuid(0)?), ticket: r.uint(1)?, started: r.int(2)? }))
        .transpose()
}

/// Forgets the timer that a person started at this instant; another one, started since, runs on.
pub fn stop(tx: &mut WriteTx<'_>, person: AccountId, started: i64) -> Result<()> {
    tx.exec(STOP, vals![person.0, started]).map(drop)
}
