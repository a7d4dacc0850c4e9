//! API tokens: 32 random bytes in the caller's hands, their SHA-256 here.

use crate::db::{Row, Tx, WriteTx};
use crate::schema::{Keep, Noun, Table};
use crate::{Result, vals};
use uuid::Uuid;

pub(crate) const TABLES: &str = "
    CREATE TABLE api_token (
        token_hash BLOB NOT NULL PRIMARY KEY,
        id BLOB NOT NULL UNIQUE,
        label TEXT NOT NULL,
        role TEXT NOT NULL,
        customer BLOB REFERENCES vault (id),
        account BLOB REFERENCES account (id),
        created INT NOT NULL)";

pub(crate) const NOUN: Noun = Noun {
    name: "tokens",
    tables: &[Table { name: "api_token", keep: Keep::Ephemeral }],
    statements: STATEMENTS,
};

/// An end and a last use.
pub(crate) const LIFE: &str = "
    ALTER TABLE api_token ADD COLUMN expires INT;
    ALTER TABLE api_token ADD COLUMN last_used INT;
    CREATE INDEX api_token_account ON api_token (account, created)";

crate::statements! {
    ADD = "INSERT INTO api_token (token_hash, id, label, role, customer, account, created, expires)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    BY_HASH = "SELECT token_hash, id, label, role, customer, account, created, expires, last_used
        FROM api_token WHERE token_hash = $1";
    ALL = "SELECT token_hash, id, label, role, customer, account, created, expires, last_used
        FROM api_token ORDER BY created, id";
    OF_ACCOUNT = "SELECT token_hash, id, label, role, customer, account, created, expires, last_used
        FROM api_token WHERE account = $1 ORDER BY created, id LIMIT $2";
    USED = "UPDATE api_token SET last_used = $2 WHERE id = $1";
    REVOKE_OWN = "DELETE FROM api_token WHERE id = $1 AND account = $2";
    REVOKE_ACCOUNT = "DELETE FROM api_token WHERE account = $1";
    REVOKE = "DELETE FROM api_token WHERE id = $1";
}

/// A token as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    pub token_hash: [u8; 32],
    pub id: Uuid,
    /// What it is for, in its owner's words.
    pub label: String,
    pub role: String,
    /// The only vault it opens; `None` for the provider's.
    pub customer: Option<Uuid>,
    /// Whose rights bound it, if it was issued to a person.
    pub account: Option<Uuid>,
    /// Microseconds UTC, as the next two.
    pub created: i64,
    /// `None` for a token that lasts until it is revoked.
    pub expires: Option<i64>,
    /// To the hour or so.
    pub last_used: Option<i64>,
}

fn token(row: &Row) -> Result<Token> {
    Ok(Token {
        token_hash: row.bytes(0)?,
        id: row.uuid(1)?,
        label: row.text(2)?.into(),
        role: row.text(3)?.into(),
        customer: row.opt_uuid(4)?,
        account: row.opt_uuid(5)?,
        created: row.int(6)?,
        expires: row.opt_int(7)?,
        last_used: row.opt_int(8)?,
    })
}

pub fn add(tx: &mut WriteTx<'_>, t: &Token) -> Result<()> {
    let p = vals![t.token_hash, t.id, &t.label, &t.role, t.customer, t.account, t.created, t.expires];
    tx.exec(ADD, p).map(drop)
}

pub fn by_hash(tx: &mut dyn Tx, token_hash: &[u8; 32]) -> Result<Option<Token>> {
    tx.opt_row(BY_HASH, vals![token_hash])?.as_ref().map(token).transpose()
}

pub fn all(tx: &mut dyn Tx) -> Result<Vec<Token>> {
    tx.rows(ALL, &[])?.iter().map(token).collect()
}

/// False if there was no such token.
pub fn revoke(tx: &mut WriteTx<'_>, id: Uuid) -> Result<bool> {
    Ok(tx.exec(REVOKE, vals![id])? == 1)
}

/// The tokens of an account, the oldest first, at most `limit`.
pub fn of_account(tx: &mut dyn Tx, account: Uuid, limit: u32) -> Result<Vec<Token>> {
    tx.rows(OF_ACCOUNT, vals![account, i64::from(limit)])?.iter().map(token).collect()
}

/// Notes that a token was used; callers do so once an hour, not at each request.
pub fn used(tx: &mut WriteTx<'_>, id: Uuid, now: i64) -> Result<()> {
    tx.exec(USED, vals![id, now]).map(drop)
}

/// Revokes a token of this account; false if it has no such token.
pub fn revoke_own(tx: &mut WriteTx<'_>, id: Uuid, account: Uuid) -> Result<bool> {
    Ok(tx.exec(REVOKE_OWN, vals![id, account])? == 1)
}

/// Revokes every token of an account.
pub fn revoke_account(tx: &mut WriteTx<'_>, account: Uuid) -> Result<u64> {
    tx.exec(REVOKE_ACCOUNT, vals![account])
}
