//! What ties tickets together, who follows them, what is known of problems, and how long each was paused.

use crate::db::{Row, Tx, WriteTx};
use crate::schema::{Keep, Noun, Table};
use crate::{Result, StoreError, vals};
use base::id::{AccountId, TicketId};
use events::{ContentId, Link};

/// `merged_into` is the number of the ticket that goes on. A pause is open while it has no end.
///
/// Pauses of before are taken from the steps: a tag comes first in what a step is written as.
pub(crate) const TABLES: &str = "
    ALTER TABLE ticket ADD COLUMN merged_into INT;
    CREATE TABLE ticket_link (
        source BLOB NOT NULL,
        target BLOB NOT NULL,
        kind TEXT NOT NULL,
        seq INT NOT NULL,
        actor BLOB NOT NULL,
        PRIMARY KEY (source, kind, target));
    CREATE INDEX ticket_link_target ON ticket_link (target, seq);
    CREATE TABLE ticket_watcher (
        ticket BLOB NOT NULL,
        account BLOB NOT NULL,
        seq INT NOT NULL,
        PRIMARY KEY (ticket, account));
    CREATE TABLE known_error (
        ticket BLOB NOT NULL PRIMARY KEY,
        number INT NOT NULL,
        seq INT NOT NULL,
        at INT NOT NULL,
        actor BLOB NOT NULL,
        cause BLOB NOT NULL,
        workaround BLOB,
        open INT NOT NULL);
    CREATE INDEX known_error_open ON known_error (open, number);
    CREATE TABLE ticket_pause (
        ticket BLOB NOT NULL,
        seq INT NOT NULL,
        actor BLOB NOT NULL,
        since INT NOT NULL,
        until INT,
        PRIMARY KEY (ticket, seq));
    CREATE INDEX ticket_pause_since ON ticket_pause (since, actor);
    INSERT INTO ticket_pause (ticket, seq, actor, since, until)
        SELECT p.ticket, p.seq, p.actor, p.at, (SELECT MIN(r.at) FROM ticket_step r WHERE r.ticket = p.ticket
            AND r.seq > p.seq AND (r.step LIKE '{\"is\":\"resumed\"%' OR r.step LIKE '{\"is\":\"restored\"%'
            OR r.step LIKE '{\"is\":\"resolved\"%'))
        FROM ticket_step p WHERE p.step LIKE '{\"is\":\"paused\"%'";

/// A month counts the pauses that it found begun. One that lasts ends after every month.
pub(crate) const PAUSE_ENDS: &str = "
    CREATE INDEX ticket_pause_until ON ticket_pause ((COALESCE(until, 9223372036854775807)), since)";

pub(crate) const NOUN: Noun = Noun {
    name: "ticket.link",
    tables: &[
        Table { name: "ticket_link", keep: Keep::Journaled },
        Table { name: "ticket_watcher", keep: Keep::Journaled },
        Table { name: "known_error", keep: Keep::Journaled },
        Table { name: "ticket_pause", keep: Keep::Journaled },
    ],
    statements: STATEMENTS,
};

crate::statements! {
    ADD = "INSERT INTO ticket_link (source, target, kind, seq, actor) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (source, kind, target) DO NOTHING";
    REMOVE = "DELETE FROM ticket_link WHERE source = $1 AND kind = $2 AND target = $3";
    FROM = "SELECT source, target, kind, seq FROM ticket_link WHERE source = $1 ORDER BY seq";
    TO = "SELECT source, target, kind, seq FROM ticket_link WHERE target = $1 ORDER BY seq LIMIT $2";
    WATCH = "INSERT INTO ticket_watcher (ticket, account, seq) VALUES ($1, $2, $3)
        ON CONFLICT (ticket, account) DO NOTHING";
    UNWATCH = "DELETE FROM ticket_watcher WHERE ticket = $1 AND account = $2";
    WATCHERS = "SELECT account FROM ticket_watcher WHERE ticket = $1 ORDER BY seq, account";
    KNOW = "INSERT INTO known_error (ticket, number, seq, at, actor, cause, workaround, open)
        VALUES ($1, $2, $3, $4, $5, $6, $7, 1) ON CONFLICT (ticket) DO UPDATE SET seq = excluded.seq,
        at = excluded.at, actor = excluded.actor, cause = excluded.cause, workaround = excluded.workaround";
    SETTLE = "UPDATE known_error SET open = $2 WHERE ticket = $1";
    KNOWN = "SELECT ticket, number, seq, at, actor, cause, workaround, open FROM known_error WHERE ticket = $1";
    KNOWN_OPEN = "SELECT ticket, number, seq, at, actor, cause, workaround, open FROM known_error
        WHERE open = $1 AND number < $2 ORDER BY number DESC LIMIT $3";
    PAUSE = "INSERT INTO ticket_pause (ticket, seq, actor, since, until) VALUES ($1, $2, $3, $4, NULL)";
    RESUME = "UPDATE ticket_pause SET until = $2 WHERE ticket = $1 AND until IS NULL";
    PAUSES = "SELECT since, until FROM ticket_pause WHERE ticket = $1 ORDER BY seq";
    PAUSED_BY = "SELECT actor, COUNT(*), SUM(CASE WHEN COALESCE(until, $3) > $2 THEN $2 ELSE COALESCE(until, $3) END
        - since) FROM ticket_pause WHERE since >= $1 AND since < $2 GROUP BY actor ORDER BY actor";
    PAUSED_SINCE = "SELECT actor, COUNT(*), SUM(CASE WHEN COALESCE(until, $3) > $2 THEN $2 ELSE COALESCE(until, $3) END
        - $1) FROM ticket_pause WHERE COALESCE(until, 9223372036854775807) > $1 AND since < $1
        GROUP BY actor ORDER BY actor";
    FORGET_CLOCKS = "DELETE FROM ticket_clock WHERE ticket = $1";
}

/// One tie, read « source … target ».
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Linked {
    pub source: TicketId,
    pub target: TicketId,
    pub link: Link,
    /// The entry that made it.
    pub seq: u64,
}

/// What is known of a problem's cause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    pub ticket: TicketId,
    pub number: u64,
    pub seq: u64,
    /// Microseconds UTC.
    pub at: i64,
    pub by: AccountId,
    pub cause: ContentId,
    pub workaround: Option<ContentId>,
    /// The problem is not resolved yet.
    pub open: bool,
}

/// What somebody paused in a span.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PausedBy {
    pub who: AccountId,
    pub pauses: u64,
    /// Real time, one that still lasts counted up to the instant asked.
    pub seconds: i64,
}

fn linked(row: &Row) -> Result<Linked> {
    let kind = row.text(2)?;
    let link = Link::from_key(kind)
        .ok_or_else(|| StoreError::Entry(format!("« {kind} » is not a tie between tickets")))?;
    Ok(Linked { source: TicketId(row.uuid(0)?), target: TicketId(row.uuid(1)?), link, seq: row.uint(3)? })
}

fn known_row(row: &Row) -> Result<Known> {
    Ok(Known {
        ticket: TicketId(row.uuid(0)?),
        number: row.uint(1)?,
        seq: row.uint(2)?,
        at: row.int(3)?,
        by: AccountId(row.uuid(4)?),
        cause: ContentId(row.uuid(5)?),
        workaround: row.opt_uuid(6)?.map(ContentId),
        open: row.int(7)? == 1,
    })
}

/// The ties of a ticket, those that it makes first; of those that lead to it, `most` at most.
pub fn of_ticket(tx: &mut dyn Tx, ticket: TicketId, most: u32) -> Result<Vec<Linked>> {
    let mut all = tx.rows(FROM, vals![ticket.0])?;
    all.extend(tx.rows(TO, vals![ticket.0, most])?);
    all.iter().map(linked).collect()
}

/// The ties that a ticket makes.
pub fn from(tx: &mut dyn Tx, ticket: TicketId) -> Result<Vec<Linked>> {
    tx.rows(FROM, vals![ticket.0])?.iter().map(linked).collect()
}

pub(crate) fn add(
    tx: &mut WriteTx<'_>,
    seq: u64,
    source: TicketId,
    link: Link,
    target: TicketId,
    by: AccountId,
) -> Result<()> {
    tx.exec(ADD, vals![source.0, target.0, link.key(), seq, by.0]).map(drop)
}

pub(crate) fn remove(tx: &mut WriteTx<'_>, source: TicketId, link: Link, target: TicketId) -> Result<()> {
    tx.exec(REMOVE, vals![source.0, link.key(), target.0]).map(drop)
}

/// Who follows a ticket, in the order in which they began.
pub fn watchers(tx: &mut dyn Tx, ticket: TicketId) -> Result<Vec<AccountId>> {
    tx.rows(WATCHERS, vals![ticket.0])?.iter().map(|r| Ok(AccountId(r.uuid(0)?))).collect()
}

pub(crate) fn watch(tx: &mut WriteTx<'_>, seq: u64, ticket: TicketId, who: &[AccountId]) -> Result<()> {
    for account in who {
        tx.exec(WATCH, vals![ticket.0, account.0, seq])?;
    }
    Ok(())
}

pub(crate) fn unwatch(tx: &mut WriteTx<'_>, ticket: TicketId, who: AccountId) -> Result<()> {
    tx.exec(UNWATCH, vals![ticket.0, who.0]).map(drop)
}

/// What is known of a problem; `None` while its cause is looked for.
pub fn known(tx: &mut dyn Tx, ticket: TicketId) -> Result<Option<Known>> {
    tx.opt_row(KNOWN, vals![ticket.0])?.as_ref().map(known_row).transpose()
}

/// Known errors, newest problem first, under the number `before`; those settled if not `open`.
pub fn known_errors(tx: &mut dyn Tx, open: bool, before: Option<u64>, limit: u32) -> Result<Vec<Known>> {
    let before = before.and_then(|n| i64::try_from(n).ok()).unwrap_or(i64::MAX);
    tx.rows(KNOWN_OPEN, vals![i64::from(open), before, limit])?.iter().map(known_row).collect()
}

pub(crate) fn know(
    tx: &mut WriteTx<'_>,
    seq: u64,
    e: &events::TicketStepped,
    number: u64,
    cause: ContentId,
    workaround: Option<ContentId>,
) -> Result<()> {
    let p = vals![e.ticket.0, number, seq, e.at, e.by.0, cause.0, workaround.map(|w| w.0)];
    tx.exec(KNOW, p).map(drop)
}

/// A problem is resolved, or open again.
pub(crate) fn settle(tx: &mut WriteTx<'_>, ticket: TicketId, open: bool) -> Result<()> {
    tx.exec(SETTLE, vals![ticket.0, i64::from(open)]).map(drop)
}

pub(crate) fn pause(tx: &mut WriteTx<'_>, seq: u64, e: &events::TicketStepped) -> Result<()> {
    tx.exec(PAUSE, vals![e.ticket.0, seq, e.by.0, e.at]).map(drop)
}

pub(crate) fn resume(tx: &mut WriteTx<'_>, e: &events::TicketStepped) -> Result<()> {
    tx.exec(RESUME, vals![e.ticket.0, e.at]).map(drop)
}

/// How long a ticket was paused in all, in seconds of real time, as of `at` in microseconds.
pub fn paused_seconds(tx: &mut dyn Tx, ticket: TicketId, at: i64) -> Result<i64> {
    let mut total = 0;
    for row in tx.rows(PAUSES, vals![ticket.0])? {
        total += (row.opt_int(1)?.unwrap_or(at) - row.int(0)?).max(0);
    }
    Ok(total / 1_000_000)
}

/// What lies in `[from, to)` of the pauses, by whoever asked for them: those begun before, then those begun there. One
/// that lasts is counted up to `at`.
pub fn paused_by(tx: &mut dyn Tx, from: i64, to: i64, at: i64) -> Result<Vec<PausedBy>> {
    let mut all = Vec::new();
    for sql in [PAUSED_SINCE, PAUSED_BY] {
        for r in tx.rows(sql, vals![from, to, at])? {
            let seconds = r.opt_int(2)?.unwrap_or(0) / 1_000_000;
            all.push(PausedBy { who: AccountId(r.uuid(0)?), pauses: r.uint(1)?, seconds });
        }
    }
    Ok(all)
}

/// A ticket merged into another is no longer measured.
pub(crate) fn forget_clocks(tx: &mut WriteTx<'_>, ticket: TicketId) -> Result<()> {
    tx.exec(FORGET_CLOCKS, vals![ticket.0]).map(drop)
}
