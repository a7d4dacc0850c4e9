//! Whom a provider of identity vouches for: its own name of a person, and the account that it opens.

use crate::db::{Tx, WriteTx};
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

pub(crate) const NOUN: Noun = Noun {
    name: "identities",
    tables: &[Table { name: "identity", keep: Keep::Exported }],
    statements: STATEMENTS,
};

crate::statements! {
    ADD = "INSERT INTO identity (issuer, subject, account, linked) VALUES ($1, $2, $3, $4)";
    ACCOUNT = "SELECT account FROM identity WHERE issuer = $1 AND subject = $2";
    OF = "SELECT subject FROM identity WHERE account = $1 AND issuer = $2";
    DROP_OF = "DELETE FROM identity WHERE account = $1";
}

/// Ties a person of an issuer to an account; a constraint error if either is tied already. `now` is in
/// microseconds UTC.
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

/// Unties an account from every issuer.
pub fn drop_of(tx: &mut WriteTx<'_>, account: Uuid) -> Result<u64> {
    tx.exec(DROP_OF, vals![account])
}
