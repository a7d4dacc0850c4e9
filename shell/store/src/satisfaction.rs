//! What people thought of the work: at most one answer for each ticket, the last one standing.

use crate::db::{Row, Tx, WriteTx};
use crate::schema::{Keep, Noun, Table};
use crate::ticket::State;
use crate::{Result, vals};
use base::id::{AccountId, ContractId, TicketId};
use events::{ContentId, SatisfactionTold};

pub(crate) const TABLES: &str = "
    CREATE TABLE satisfaction (
        ticket BLOB NOT NULL PRIMARY KEY,
        contract BLOB NOT NULL,
        score INT NOT NULL,
        words BLOB,
        first INT NOT NULL,
        at INT NOT NULL,
        actor BLOB NOT NULL);
    CREATE INDEX satisfaction_first ON satisfaction (first, contract, score)";

pub(crate) const NOUN: Noun = Noun {
    name: "satisfaction",
    tables: &[Table { name: "satisfaction", keep: Keep::Journaled }],
    statements: STATEMENTS,
};

crate::statements! {
    PUT = "INSERT INTO satisfaction (ticket, contract, score, words, first, at, actor)
        VALUES ($1, $2, $3, $4, $5, $5, $6) ON CONFLICT (ticket) DO UPDATE SET score = excluded.score,
        words = excluded.words, at = excluded.at, actor = excluded.actor";
    OF = "SELECT score, words, first, at, actor FROM satisfaction WHERE ticket = $1";
    BETWEEN = "SELECT contract, score, COUNT(*) FROM satisfaction WHERE first >= $1 AND first < $2
        GROUP BY contract, score";
    AWAITED = "SELECT t.number FROM ticket t WHERE t.state = $1 AND t.updated >= $2
        AND t.merged_into IS NULL AND (t.opened_by = $3
            OR EXISTS (SELECT 1 FROM ticket_watcher w WHERE w.ticket = t.id AND w.account = $3)
            AND NOT EXISTS (SELECT 1 FROM actor a WHERE a.id = t.opened_by AND a.side = 'customer'))
        AND NOT EXISTS (SELECT 1 FROM satisfaction s WHERE s.ticket = t.id)
        ORDER BY t.updated DESC LIMIT $4";
}

/// An answer as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Satisfaction {
    /// 1 to 5.
    pub score: u8,
    pub words: Option<ContentId>,
    /// When it was first given; microseconds UTC, as the next.
    pub first: i64,
    pub at: i64,
    pub by: AccountId,
}

/// How many answers of one score about the tickets of one contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count {
    pub contract: ContractId,
    pub score: u8,
    pub answers: u64,
}

pub(crate) fn tell(tx: &mut WriteTx<'_>, e: &SatisfactionTold) -> Result<()> {
    let words = e.words.map(|id| id.0);
    tx.exec(PUT, vals![e.ticket.0, e.contract.0, i64::from(e.score), words, e.at, e.by.0]).map(drop)
}

/// What was answered about a ticket.
pub fn of_ticket(tx: &mut dyn Tx, ticket: TicketId) -> Result<Option<Satisfaction>> {
    let row = tx.opt_row(OF, vals![ticket.0])?;
    row.map(|row| {
        Ok(Satisfaction {
            score: score(&row, 0)?,
            words: row.opt_uuid(1)?.map(ContentId),
            first: row.int(2)?,
            at: row.int(3)?,
            by: AccountId(row.uuid(4)?),
        })
    })
    .transpose()
}

/// The answers first given in `[from, to)`, counted by contract and score.
pub fn between(tx: &mut dyn Tx, from: i64, to: i64) -> Result<Vec<Count>> {
    let count = |row: &Row| {
        Ok(Count { contract: ContractId(row.uuid(0)?), score: score(row, 1)?, answers: row.uint(2)? })
    };
    tx.rows(BETWEEN, vals![from, to])?.iter().map(count).collect()
}

/// The numbers of the resolved tickets that somebody opened, or follows where nobody of the customer's opened
/// them, on which something happened since an instant and about which nothing was answered; the last that
/// moved first.
pub fn awaited(tx: &mut dyn Tx, who: AccountId, since: i64, limit: u32) -> Result<Vec<u64>> {
    let rows = tx.rows(AWAITED, vals![State::Resolved.key(), since, who.0, limit])?;
    rows.iter().map(|row| row.uint(0)).collect()
}

fn score(row: &Row, column: usize) -> Result<u8> {
    Ok(u8::try_from(row.int(column)?).unwrap_or_default())
}
