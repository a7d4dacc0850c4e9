//! Browser sessions. The token itself is never kept, only its SHA-256.

use crate::db::{Row, Tx, WriteTx};
use crate::schema::{Keep, Noun, Table};
use crate::{Result, vals};
use uuid::Uuid;

pub(crate) const TABLES: &str = "
    CREATE TABLE session (
        token_hash BLOB NOT NULL PRIMARY KEY,
        account BLOB NOT NULL REFERENCES account (id),
        csrf BLOB NOT NULL,
        created INT NOT NULL,
        last_seen INT NOT NULL,
        expires INT NOT NULL);
    CREATE INDEX session_account ON session (account);
    CREATE INDEX session_expires ON session (expires)";

pub(crate) const NOUN: Noun = Noun {
    name: "sessions",
    tables: &[Table { name: "session", keep: Keep::Ephemeral }],
    statements: STATEMENTS,
};

crate::statements! {
    OPEN = "INSERT INTO session (token_hash, account, csrf, created, last_seen, expires)
        VALUES ($1, $2, $3, $4, $5, $6)";
    LIVE = "SELECT token_hash, account, csrf, created, last_seen, expires FROM session
        WHERE token_hash = $1 AND expires > $2";
    SEEN = "UPDATE session SET last_seen = $2, expires = $3 WHERE token_hash = $1";
    CLOSE = "DELETE FROM session WHERE token_hash = $1";
    CLOSE_ACCOUNT = "DELETE FROM session WHERE account = $1";
    CLOSE_EXPIRED = "DELETE FROM session WHERE expires <= $1";
}

/// A session; instants are microseconds UTC.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    pub token_hash: [u8; 32],
    pub account: Uuid,
    /// What forms must send back.
    pub csrf: Vec<u8>,
    pub created: i64,
    pub last_seen: i64,
    pub expires: i64,
}

fn session(row: &Row) -> Result<Session> {
    Ok(Session {
        token_hash: row.bytes(0)?,
        account: row.uuid(1)?,
        csrf: row.blob(2)?.to_vec(),
        created: row.int(3)?,
        last_seen: row.int(4)?,
        expires: row.int(5)?,
    })
}

pub fn open(tx: &mut WriteTx<'_>, s: &Session) -> Result<()> {
    let p = vals![s.token_hash, s.account, s.csrf.as_slice(), s.created, s.last_seen, s.expires];
    tx.exec(OPEN, p).map(drop)
}

/// The session of a token, unless it has expired at `now`.
pub fn live(tx: &mut dyn Tx, token_hash: &[u8; 32], now: i64) -> Result<Option<Session>> {
    tx.opt_row(LIVE, vals![token_hash, now])?.as_ref().map(session).transpose()
}

/// Moves the end of a session; callers do so once a minute, not at each request.
pub fn seen(tx: &mut WriteTx<'_>, token_hash: &[u8; 32], now: i64, expires: i64) -> Result<()> {
    tx.exec(SEEN, vals![token_hash, now, expires]).map(drop)
}

pub fn close(tx: &mut WriteTx<'_>, token_hash: &[u8; 32]) -> Result<()> {
    tx.exec(CLOSE, vals![token_hash]).map(drop)
}

/// Ends every session of an account: after a password change, or when it is disabled.
pub fn close_account(tx: &mut WriteTx<'_>, account: Uuid) -> Result<u64> {
    tx.exec(CLOSE_ACCOUNT, vals![account])
}

pub fn close_expired(tx: &mut WriteTx<'_>, now: i64) -> Result<u64> {
    tx.exec(CLOSE_EXPIRED, vals![now])
}
