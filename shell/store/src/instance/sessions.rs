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

/// What the account page and the second factor need to know of a session. Older ones say too little:
/// they end, and their owners sign in again.
pub(crate) const PROOFS: &str = "
    DELETE FROM session;
    ALTER TABLE session ADD COLUMN device TEXT NOT NULL DEFAULT '';
    ALTER TABLE session ADD COLUMN strong INT NOT NULL DEFAULT 0;
    ALTER TABLE session ADD COLUMN proved INT NOT NULL DEFAULT 0";

crate::statements! {
    OPEN = "INSERT INTO session (token_hash, account, csrf, created, last_seen, expires, device, strong,
        proved) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    LIVE = "SELECT token_hash, account, csrf, created, last_seen, expires, device, strong, proved
        FROM session WHERE token_hash = $1 AND expires > $2";
    OF_ACCOUNT = "SELECT token_hash, account, csrf, created, last_seen, expires, device, strong, proved
        FROM session WHERE account = $1 AND expires > $2 ORDER BY last_seen DESC, token_hash LIMIT $3";
    PROVE = "UPDATE session SET proved = $2, strong = $3 WHERE token_hash = $1";
    CLOSE_OTHERS = "DELETE FROM session WHERE account = $1 AND token_hash <> $2";
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
    /// The browser and its system, in a few words.
    pub device: String,
    /// A second factor was given in it.
    pub strong: bool,
    /// When the person last proved who they are.
    pub proved: i64,
}

fn session(row: &Row) -> Result<Session> {
    Ok(Session {
        token_hash: row.bytes(0)?,
        account: row.uuid(1)?,
        csrf: row.blob(2)?.to_vec(),
        created: row.int(3)?,
        last_seen: row.int(4)?,
        expires: row.int(5)?,
        device: row.text(6)?.into(),
        strong: row.bool(7)?,
        proved: row.int(8)?,
    })
}

pub fn open(tx: &mut WriteTx<'_>, s: &Session) -> Result<()> {
    let p = vals![
        s.token_hash,
        s.account,
        s.csrf.as_slice(),
        s.created,
        s.last_seen,
        s.expires,
        &s.device,
        s.strong,
        s.proved
    ];
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

/// The live sessions of an account, the last seen first, at most `limit`.
pub fn of_account(tx: &mut dyn Tx, account: Uuid, now: i64, limit: u32) -> Result<Vec<Session>> {
    tx.rows(OF_ACCOUNT, vals![account, now, i64::from(limit)])?.iter().map(session).collect()
}

/// The person has just proved who they are, with a second factor if `strong`.
pub fn prove(tx: &mut WriteTx<'_>, token_hash: &[u8; 32], now: i64, strong: bool) -> Result<()> {
    tx.exec(PROVE, vals![token_hash, now, strong]).map(drop)
}

/// Ends every session of an account but one.
pub fn close_others(tx: &mut WriteTx<'_>, account: Uuid, kept: &[u8; 32]) -> Result<u64> {
    tx.exec(CLOSE_OTHERS, vals![account, kept])
}

pub fn close_expired(tx: &mut WriteTx<'_>, now: i64) -> Result<u64> {
    tx.exec(CLOSE_EXPIRED, vals![now])
}
