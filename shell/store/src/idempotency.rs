//! A write that is asked twice happens once.
//!
//! The answer is kept in the same transaction as the effect, so a retry after a crash or a lost
//! connection finds either both or neither.

use crate::db::{Tx, WriteTx};
use crate::schema::{Keep, Noun, Table};
use crate::{Result, StoreError, vals};

pub(crate) const TABLES: &str = "
    CREATE TABLE idempotency (
        key TEXT NOT NULL PRIMARY KEY,
        request_hash BLOB NOT NULL,
        answer BLOB NOT NULL,
        at INT NOT NULL);
    CREATE INDEX idempotency_at ON idempotency (at)";

pub(crate) const NOUN: Noun = Noun {
    name: "idempotency",
    tables: &[Table { name: "idempotency", keep: Keep::Ephemeral }],
    statements: STATEMENTS,
};

crate::statements! {
    KNOWN = "SELECT request_hash, answer FROM idempotency WHERE key = $1";
    REMEMBER = "INSERT INTO idempotency (key, request_hash, answer, at) VALUES ($1, $2, $3, $4)";
    FORGET = "DELETE FROM idempotency WHERE at < $1";
}

/// Runs `f` once per key: a repeat with the same request gives the stored answer, a repeat with
/// another request is [`StoreError::Conflict`].
///
/// The caller puts whatever must tell keys apart (the account, the route) into `key`. `now` is in
/// microseconds UTC and only serves [`forget`]. A failing `f` leaves no trace.
pub fn once<E: From<StoreError>>(
    tx: &mut WriteTx<'_>,
    key: &str,
    request_hash: &[u8; 32],
    now: i64,
    f: impl FnOnce(&mut WriteTx<'_>) -> Result<Vec<u8>, E>,
) -> Result<Vec<u8>, E> {
    if let Some(row) = tx.opt_row(KNOWN, vals![key])? {
        if row.blob(0)? != request_hash {
            return Err(StoreError::Conflict { key: key.into() }.into());
        }
        return Ok(row.blob(1)?.to_vec());
    }
    let answer = f(tx)?;
    tx.exec(REMEMBER, vals![key, request_hash, answer.as_slice(), now])?;
    Ok(answer)
}

/// Drops the keys first used before `before` (microseconds UTC); gives their number.
pub fn forget(tx: &mut WriteTx<'_>, before: i64) -> Result<u64> {
    tx.exec(FORGET, vals![before])
}
