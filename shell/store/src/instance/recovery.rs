//! Recovery codes: what replaces a lost second factor, once each. Only their SHA-256 is kept.

use crate::db::{Tx, WriteTx};
use crate::schema::{Keep, Noun, Table};
use crate::{Result, vals};
use uuid::Uuid;

pub(crate) const TABLES: &str = "
    CREATE TABLE recovery_code (
        account BLOB NOT NULL REFERENCES account (id),
        code_hash BLOB NOT NULL,
        PRIMARY KEY (account, code_hash))";

pub(crate) const NOUN: Noun = Noun {
    name: "recovery",
    tables: &[Table { name: "recovery_code", keep: Keep::Ephemeral }],
    statements: STATEMENTS,
};

crate::statements! {
    ADD = "INSERT INTO recovery_code (account, code_hash) VALUES ($1, $2)";
    DROP_ALL = "DELETE FROM recovery_code WHERE account = $1";
    SPEND = "DELETE FROM recovery_code WHERE account = $1 AND code_hash = $2";
    COUNT = "SELECT COUNT(*) FROM recovery_code WHERE account = $1";
}

/// Replaces the codes of an account; none is left with an empty list.
pub fn replace(tx: &mut WriteTx<'_>, account: Uuid, hashes: &[[u8; 32]]) -> Result<()> {
    tx.exec(DROP_ALL, vals![account])?;
    hashes.iter().try_for_each(|hash| tx.exec(ADD, vals![account, hash]).map(drop))
}

/// Spends a code; false if the account has no such code left.
pub fn spend(tx: &mut WriteTx<'_>, account: Uuid, hash: &[u8; 32]) -> Result<bool> {
    Ok(tx.exec(SPEND, vals![account, hash])? == 1)
}

/// How many codes are left.
pub fn left(tx: &mut dyn Tx, account: Uuid) -> Result<u64> {
    let row = tx.opt_row(COUNT, vals![account])?;
    row.map_or(Ok(0), |row| row.int(0).map(|n| u64::try_from(n).unwrap_or_default()))
}
