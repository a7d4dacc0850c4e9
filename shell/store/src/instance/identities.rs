//! Whom a provider of identity vouches for: its own name of a person, and the account that it opens.

use crate::db::{Row, Tx, WriteTx};
use crate::schema::{Keep, Noun, Table};
use crate::{Result, vals};
use uuid::Uuid;

/// One of a provider's people for each account: an address that somebody else was given opens nothing.
pub(crate) const TABLES: &str = "
    CREATE TABLE identity (
        issuer TEXT NOT NULL,
        subject TEXT NOT NULL,
        account BLOB NOT NULL REFERENCES account (id),
        linked INT NOT NULL,
        PRIMARY KEY (issuer, subject));
    CREATE UNIQUE INDEX identity_account ON identity (account, issuer)";

/// When each last let its person in; not known of those tied before it was kept.
pub(crate) const USED: &str = "ALTER TABLE identity ADD COLUMN used INT";

pub(crate) const NOUN: Noun = Noun {
    name: "identities",
    tables: &[Table { name: "identity", keep: Keep::Exported }],
    statements: STATEMENTS,
};

crate::statements! {
    ADD = "INSERT INTO identity (issuer, subject, account, linked, used) VALUES ($1, $2, $3, $4, $4)";
    ACCOUNT = "SELECT account FROM identity WHERE issuer = $1 AND subject = $2";
    OF = "SELECT subject FROM identity WHERE account = $1 AND issuer = $2";
    OF_ACCOUNT = "SELECT issuer, linked, used FROM identity WHERE account = $1 ORDER BY linked, issuer";
    USED_NOW = "UPDATE identity SET used = $3 WHERE account = $1 AND issuer = $2";
    REMOVE = "DELETE FROM identity WHERE account = $1 AND issuer = $2";
    DROP_OF = "DELETE FROM identity WHERE account = $1";
}

/// An issuer that an account is tied to; instants are microseconds UTC.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tied {
    pub issuer: String,
    pub linked: i64,
    /// `None` when it has not let anybody in since this is kept.
    pub used: Option<i64>,
}

/// Ties a person of an issuer to an account, whom it lets in; a constraint error if either is tied already.
/// `now` is in microseconds UTC.
pub fn link(tx: &mut WriteTx<'_>, issuer: &str, subject: &str, account: Uuid, now: i64) -> Result<()> {
    tx.exec(ADD, vals![issuer, subject, account, now]).map(drop)
}

/// The account of a person of an issuer.
pub fn account(tx: &mut dyn Tx, issuer: &str, subject: &str) -> Result<Option<Uuid>> {
    tx.opt_row(ACCOUNT, vals![issuer, subject])?.map(|row| row.uuid(0)).transpose()
}

/// Whom of an issuer an account is tied to.
pub fn of(tx: &mut dyn Tx, account: Uuid, issuer: &str) -> Result<Option<String>> {
    tx.opt_row(OF, vals![account, issuer])?.map(|row| Ok(row.text(0)?.into())).transpose()
}

/// The issuers that an account is tied to, the oldest first.
pub fn of_account(tx: &mut dyn Tx, account: Uuid) -> Result<Vec<Tied>> {
    let tied =
        |row: &Row| Ok(Tied { issuer: row.text(0)?.into(), linked: row.int(1)?, used: row.opt_int(2)? });
    tx.rows(OF_ACCOUNT, vals![account])?.iter().map(tied).collect()
}

/// An issuer lets in the person of an account; false if they are not tied.
pub fn used(tx: &mut WriteTx<'_>, account: Uuid, issuer: &str, now: i64) -> Result<bool> {
    Ok(tx.exec(USED_NOW, vals![account, issuer, now])? == 1)
}

/// Unties an account from an issuer; false if it was not tied.
pub fn remove(tx: &mut WriteTx<'_>, account: Uuid, issuer: &str) -> Result<bool> {
    Ok(tx.exec(REMOVE, vals![account, issuer])? == 1)
}

/// Unties an account from every issuer.
pub fn drop_of(tx: &mut WriteTx<'_>, account: Uuid) -> Result<u64> {
    tx.exec(DROP_OF, vals![account])
}
