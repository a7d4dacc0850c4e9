//! Passkeys: public keys whose private half stays with the person (WebAuthn). Nothing here is secret.

use crate::db::{Row, Tx, WriteTx};
use crate::schema::{Keep, Noun, Table};
use crate::{Result, vals};
use uuid::Uuid;

pub(crate) const TABLES: &str = "
    CREATE TABLE passkey (
        id BLOB NOT NULL PRIMARY KEY,
        account BLOB NOT NULL REFERENCES account (id),
        credential BLOB NOT NULL UNIQUE,
        public_key BLOB NOT NULL,
        site TEXT NOT NULL,
        name TEXT NOT NULL,
        counter INT NOT NULL,
        copied INT NOT NULL CHECK (copied IN (0, 1)),
        created INT NOT NULL,
        used INT);
    CREATE INDEX passkey_account ON passkey (account, created, id)";

pub(crate) const NOUN: Noun = Noun {
    name: "passkeys",
    tables: &[Table { name: "passkey", keep: Keep::Exported }],
    statements: STATEMENTS,
};

crate::statements! {
    ADD = "INSERT INTO passkey (id, account, credential, public_key, site, name, counter, copied, created)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    BY_CREDENTIAL = "SELECT id, account, credential, public_key, site, name, counter, copied, created, used
        FROM passkey WHERE credential = $1";
    OF_ACCOUNT = "SELECT id, account, credential, public_key, site, name, counter, copied, created, used
        FROM passkey WHERE account = $1 ORDER BY created, id LIMIT $2";
    ANY = "SELECT id FROM passkey WHERE account = $1 LIMIT 1";
    USE = "UPDATE passkey SET counter = $2, used = $3
        WHERE id = $1 AND (counter < $2 OR (counter = 0 AND $2 = 0))";
    REMOVE = "DELETE FROM passkey WHERE id = $1 AND account = $2";
    DROP_OF = "DELETE FROM passkey WHERE account = $1";
}

/// A passkey; instants are microseconds UTC.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passkey {
    pub id: Uuid,
    pub account: Uuid,
    /// The authenticator's own name of it.
    pub credential: Vec<u8>,
    /// A COSE key (RFC 9052, 7), as the authenticator gave it.
    pub public_key: Vec<u8>,
    /// The host name that it was made for, and that alone may ask for it.
    pub site: String,
    /// What its owner calls it.
    pub name: String,
    /// How many times it signed, as it last said; zero for those that do not count.
    pub counter: u32,
    /// It may be copied to other devices of its owner; this never changes.
    pub copied: bool,
    pub created: i64,
    pub used: Option<i64>,
}

fn passkey(row: &Row) -> Result<Passkey> {
    Ok(Passkey {
        id: row.uuid(0)?,
        account: row.uuid(1)?,
        credential: row.blob(2)?.to_vec(),
        public_key: row.blob(3)?.to_vec(),
        site: row.text(4)?.into(),
        name: row.text(5)?.into(),
        counter: u32::try_from(row.int(6)?).unwrap_or(u32::MAX),
        copied: row.bool(7)?,
        created: row.int(8)?,
        used: row.opt_int(9)?,
    })
}

/// Adds a passkey; one already known is a constraint error.
pub fn add(tx: &mut WriteTx<'_>, key: &Passkey) -> Result<()> {
    let p = vals![
        key.id,
        key.account,
        key.credential.as_slice(),
        key.public_key.as_slice(),
        &key.site,
        &key.name,
        i64::from(key.counter),
        key.copied,
        key.created
    ];
    tx.exec(ADD, p).map(drop)
}

/// The passkey that an authenticator names.
pub fn by_credential(tx: &mut dyn Tx, credential: &[u8]) -> Result<Option<Passkey>> {
    tx.opt_row(BY_CREDENTIAL, vals![credential])?.as_ref().map(passkey).transpose()
}

/// The passkeys of an account, the oldest first, at most `limit`.
pub fn of_account(tx: &mut dyn Tx, account: Uuid, limit: u32) -> Result<Vec<Passkey>> {
    tx.rows(OF_ACCOUNT, vals![account, i64::from(limit)])?.iter().map(passkey).collect()
}

/// Whether an account has a passkey.
pub fn any(tx: &mut dyn Tx, account: Uuid) -> Result<bool> {
    Ok(tx.opt_row(ANY, vals![account])?.is_some())
}

/// Takes the counter of a use; false if it did not grow, unless the passkey does not count at all.
pub fn use_once(tx: &mut WriteTx<'_>, id: Uuid, counter: u32, now: i64) -> Result<bool> {
    Ok(tx.exec(USE, vals![id, i64::from(counter), now])? == 1)
}

/// Removes a passkey of this account; false if it is not theirs.
pub fn remove(tx: &mut WriteTx<'_>, id: Uuid, account: Uuid) -> Result<bool> {
    Ok(tx.exec(REMOVE, vals![id, account])? == 1)
}

/// Removes every passkey of an account.
pub fn drop_of(tx: &mut WriteTx<'_>, account: Uuid) -> Result<u64> {
    tx.exec(DROP_OF, vals![account])
}
