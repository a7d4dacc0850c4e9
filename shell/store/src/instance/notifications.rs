//! What each person was told of, as their own page lists it: the same as mail tells, kept ninety days.
//!
//! A line names a ticket and holds no words: the title is read in the vault, with the rights of that moment.

use crate::db::{Row, Tx, WriteTx};
use crate::schema::{Keep, Noun, Table};
use crate::{Result, vals};
use uuid::Uuid;

pub(crate) const TABLES: &str = "
    CREATE TABLE notification (
        id BLOB NOT NULL PRIMARY KEY,
        account BLOB NOT NULL REFERENCES account (id),
        vault BLOB NOT NULL REFERENCES vault (id),
        number INT NOT NULL,
        notice TEXT NOT NULL,
        cause INT NOT NULL,
        at INT NOT NULL,
        seen INT NOT NULL CHECK (seen IN (0, 1)));
    CREATE UNIQUE INDEX notification_cause ON notification (account, vault, number, notice, cause);
    CREATE INDEX notification_account ON notification (account, at, id);
    CREATE INDEX notification_unread ON notification (account, seen, at, id);
    CREATE INDEX notification_at ON notification (at)";

pub(crate) const NOUN: Noun = Noun {
    name: "notifications",
    tables: &[Table { name: "notification", keep: Keep::Ephemeral }],
    statements: STATEMENTS,
};

crate::statements! {
    PUSH = "INSERT INTO notification (id, account, vault, number, notice, cause, at, seen)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING";
    PAGE = "SELECT id, account, vault, number, notice, cause, at, seen FROM notification
        WHERE account = $1 AND (at, id) < ($2, $3) ORDER BY at DESC, id DESC LIMIT $4";
    UNREAD_PAGE = "SELECT id, account, vault, number, notice, cause, at, seen FROM notification
        WHERE account = $1 AND seen = 0 AND (at, id) < ($2, $3) ORDER BY at DESC, id DESC LIMIT $4";
    UNREAD = "SELECT COUNT(*) FROM
        (SELECT 1 FROM notification WHERE account = $1 AND seen = 0 LIMIT $2) counted";
    READ_ONE = "UPDATE notification SET seen = 1 WHERE id = $1 AND account = $2";
    READ_OF_TICKET = "UPDATE notification SET seen = 1
        WHERE account = $1 AND vault = $2 AND number = $3 AND seen = 0";
    READ_THROUGH = "UPDATE notification SET seen = 1 WHERE account = $1 AND seen = 0 AND (at, id) <= ($2, $3)";
    DROP = "DELETE FROM notification WHERE id = $1 AND account = $2";
    FORGET = "DELETE FROM notification WHERE at < $1";
}

/// What somebody was told of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notification {
    pub id: Uuid,
    pub account: Uuid,
    pub vault: Uuid,
    /// The ticket's number in the vault.
    pub number: u64,
    /// The caller's own name of what is told.
    pub notice: String,
    /// With the person, the ticket and the notice, tells one from another: the journal entry.
    pub cause: i64,
    /// When it happened, microseconds UTC.
    pub at: i64,
    pub seen: bool,
}

fn notification(row: &Row) -> Result<Notification> {
    Ok(Notification {
        id: row.uuid(0)?,
        account: row.uuid(1)?,
        vault: row.uuid(2)?,
        number: row.uint(3)?,
        notice: row.text(4)?.into(),
        cause: row.int(5)?,
        at: row.int(6)?,
        seen: row.bool(7)?,
    })
}

/// Tells somebody; false when they were told the same already.
pub fn push(tx: &mut WriteTx<'_>, n: &Notification) -> Result<bool> {
    let p = vals![n.id, n.account, n.vault, n.number, &n.notice, n.cause, n.at, n.seen];
    Ok(tx.exec(PUSH, p)? == 1)
}

/// What somebody was told before this instant and id, the latest first; only what is unread, if asked.
pub fn page(
    tx: &mut dyn Tx,
    account: Uuid,
    unread: bool,
    before: (i64, Uuid),
    limit: u32,
) -> Result<Vec<Notification>> {
    let sql = if unread { UNREAD_PAGE } else { PAGE };
    tx.rows(sql, vals![account, before.0, before.1, limit])?.iter().map(notification).collect()
}

/// How much somebody has not read, counted no further than `most`: every page asks, whoever is behind.
pub fn unread(tx: &mut dyn Tx, account: Uuid, most: u64) -> Result<u64> {
    tx.row(UNREAD, vals![account, most])?.uint(0)
}

/// Marks one of somebody's own as read; false if it is not theirs.
pub fn read_one(tx: &mut WriteTx<'_>, account: Uuid, id: Uuid) -> Result<bool> {
    Ok(tx.exec(READ_ONE, vals![id, account])? == 1)
}

/// Marks everything of a ticket as read; gives how many were not.
pub fn read_of_ticket(tx: &mut WriteTx<'_>, account: Uuid, vault: Uuid, number: u64) -> Result<u64> {
    tx.exec(READ_OF_TICKET, vals![account, vault, number])
}

/// Marks everything up to this one as read: what came since stays unread.
pub fn read_through(tx: &mut WriteTx<'_>, account: Uuid, last: (i64, Uuid)) -> Result<u64> {
    tx.exec(READ_THROUGH, vals![account, last.0, last.1])
}

/// Forgets one of somebody's own.
pub fn drop_one(tx: &mut WriteTx<'_>, account: Uuid, id: Uuid) -> Result<()> {
    tx.exec(DROP, vals![id, account]).map(drop)
}

/// Forgets what happened before `before`, microseconds UTC.
pub fn forget(tx: &mut WriteTx<'_>, before: i64) -> Result<u64> {
    tx.exec(FORGET, vals![before])
}
