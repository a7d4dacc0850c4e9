//! One-time links that let a person choose a password. Only the SHA-256 of what is in the link is kept.

use crate::db::{Row, Tx, WriteTx};
use crate::schema::{Keep, Noun, Table};
use crate::{Result, vals};
use uuid::Uuid;

pub(crate) const TABLES: &str = "
    CREATE TABLE account_link (
        hash BLOB NOT NULL PRIMARY KEY,
        account BLOB NOT NULL REFERENCES account (id),
        purpose TEXT NOT NULL,
        expires INT NOT NULL);
    CREATE INDEX account_link_account ON account_link (account);
    CREATE INDEX account_link_expires ON account_link (expires)";

pub(crate) const NOUN: Noun = Noun {
    name: "links",
    tables: &[Table { name: "account_link", keep: Keep::Ephemeral }],
    statements: STATEMENTS,
};

crate::statements! {
    ADD = "INSERT INTO account_link (hash, account, purpose, expires) VALUES ($1, $2, $3, $4)";
    LIVE = "SELECT account, purpose, expires FROM account_link WHERE hash = $1 AND expires > $2";
    WAITING = "SELECT account, purpose, expires FROM account_link WHERE account = $1 AND expires > $2
        AND purpose <> 'asked'";
    ASKED = "SELECT 1 FROM account_link WHERE account = $1 AND expires > $2 AND purpose = 'asked' LIMIT 1";
    DROP_OF = "DELETE FROM account_link WHERE account = $1";
    DROP_EXPIRED = "DELETE FROM account_link WHERE expires <= $1";
}

/// A link that still serves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    pub account: Uuid,
    /// The caller's own name of what it is for.
    pub purpose: String,
    /// Microseconds UTC.
    pub expires: i64,
}

fn link(row: &Row) -> Result<Link> {
    Ok(Link { account: row.uuid(0)?, purpose: row.text(1)?.into(), expires: row.int(2)? })
}

/// Adds a link; the earlier ones of the account, and all those past, no longer serve.
pub fn add(tx: &mut WriteTx<'_>, hash: &[u8; 32], link: &Link, now: i64) -> Result<()> {
    tx.exec(DROP_OF, vals![link.account])?;
    tx.exec(DROP_EXPIRED, vals![now])?;
    tx.exec(ADD, vals![hash, link.account, &link.purpose, link.expires]).map(drop)
}

/// The link of this hash, unless it is past.
pub fn live(tx: &mut dyn Tx, hash: &[u8; 32], now: i64) -> Result<Option<Link>> {
    tx.opt_row(LIVE, vals![hash, now])?.as_ref().map(link).transpose()
}

/// Adds a link that its own account asked for, `asked` by its purpose: the others still serve.
pub fn add_beside(tx: &mut WriteTx<'_>, hash: &[u8; 32], link: &Link, now: i64) -> Result<()> {
    tx.exec(DROP_EXPIRED, vals![now])?;
    tx.exec(ADD, vals![hash, link.account, &link.purpose, link.expires]).map(drop)
}

/// Whether an account has a link that it asked for itself, and has not used yet.
pub fn asked(tx: &mut dyn Tx, account: Uuid, now: i64) -> Result<bool> {
    Ok(tx.opt_row(ASKED, vals![account, now])?.is_some())
}

/// The link that somebody made for an account and that was not used yet: it has one at most.
pub fn waiting(tx: &mut dyn Tx, account: Uuid, now: i64) -> Result<Option<Link>> {
    tx.opt_row(WAITING, vals![account, now])?.as_ref().map(link).transpose()
}

/// Every link of an account no longer serves.
pub fn drop_of(tx: &mut WriteTx<'_>, account: Uuid) -> Result<()> {
    tx.exec(DROP_OF, vals![account]).map(drop)
}
