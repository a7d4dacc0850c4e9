//! What people thought of the work: at most one answer for each ticket, the last one standing.

use crate::db::{Row, Tx, WriteTx};
use crate::schema::{Keep, Noun, Table};
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

/// Whom a resolved ticket is of, and what somebody follows. Looked for among all that moved in thirty days, it took
/// 456 ms to find nothing in 95 000.
pub(crate) const WALKS: &str = "
    CREATE INDEX ticket_opener_moved ON ticket (opened_by, updated) WHERE open = 0;
    CREATE INDEX ticket_watcher_account ON ticket_watcher (account, seq)";

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
    BAD = "SELECT ticket, score, first FROM satisfaction WHERE first >= $1 AND score <= $2
        ORDER BY first DESC LIMIT $3";
    OPENED = "SELECT number, updated FROM ticket t WHERE open = 0 AND opened_by = $1 AND updated >= $2
        AND merged_into IS NULL AND NOT EXISTS (SELECT 1 FROM satisfaction s WHERE s.ticket = t.id)
        ORDER BY updated DESC LIMIT $3";
    FOLLOWED = "SELECT t.number, t.updated FROM ticket_watcher w JOIN ticket t ON t.id = w.ticket
        WHERE w.account = $1 AND t.open = 0 AND t.updated >= $2 AND t.merged_into IS NULL
        AND NOT EXISTS (SELECT 1 FROM actor a WHERE a.id = t.opened_by AND a.side = 'customer')
        AND NOT EXISTS (SELECT 1 FROM satisfaction s WHERE s.ticket = t.id)
        ORDER BY t.updated DESC LIMIT $3";
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

/// A mark at most so high.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bad {
    pub ticket: TicketId,
    pub score: u8,
    /// When it was first given; microseconds UTC.
    pub first: i64,
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

/// The marks at most so high first given since an instant, the latest first.
pub fn bad(tx: &mut dyn Tx, most: u8, since: i64, limit: u32) -> Result<Vec<Bad>> {
    let bad =
        |row: &Row| Ok(Bad { ticket: TicketId(row.uuid(0)?), score: score(row, 1)?, first: row.int(2)? });
    tx.rows(BAD, vals![since, i64::from(most), limit])?.iter().map(bad).collect()
}

/// The numbers of the resolved tickets that somebody opened, or follows where nobody of the customer's opened
/// them, on which something happened since an instant and about which nothing was answered; the last that
/// moved first.
pub fn awaited(tx: &mut dyn Tx, who: AccountId, since: i64, limit: u32) -> Result<Vec<u64>> {
    let mut found = Vec::new();
    for statement in [OPENED, FOLLOWED] {
        for row in tx.rows(statement, vals![who.0, since, limit])? {
            found.push((row.int(1)?, row.uint(0)?));
        }
    }
    found.sort_unstable_by(|a, b| b.cmp(a));
    found.truncate(limit as usize);
    Ok(found.into_iter().map(|(_, number)| number).collect())
}

fn score(row: &Row, column: usize) -> Result<u8> {
    Ok(u8::try_from(row.int(column)?).unwrap_or_default())
}
