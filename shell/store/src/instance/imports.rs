//! The imports that are under way, one of each customer: what a process that starts takes up again.

use crate::db::{Tx, WriteTx};
use crate::schema::{Keep, Noun, Table};
use crate::{Result, vals};
use base::id::CustomerId;
use uuid::Uuid;

pub(crate) const TABLES: &str = "
    CREATE TABLE import_run (
        vault BLOB NOT NULL PRIMARY KEY,
        job BLOB NOT NULL)";

pub(crate) const NOUN: Noun = Noun {
    name: "import_run",
    tables: &[Table { name: "import_run", keep: Keep::Ephemeral }],
    statements: STATEMENTS,
};

crate::statements! {
    ADD = "INSERT INTO import_run (vault, job) VALUES ($1, $2) ON CONFLICT (vault) DO UPDATE SET job = excluded.job";
    ALL = "SELECT vault, job FROM import_run ORDER BY vault";
    REMOVE = "DELETE FROM import_run WHERE vault = $1 AND job = $2";
}

/// Asks that an import of a customer be run; it takes the place of the one before.
pub fn add(tx: &mut WriteTx<'_>, customer: CustomerId, job: Uuid) -> Result<()> {
    tx.exec(ADD, vals![customer.0, job]).map(drop)
}

/// Those that are to be run.
pub fn all(tx: &mut dyn Tx) -> Result<Vec<(CustomerId, Uuid)>> {
    tx.rows(ALL, &[])?.iter().map(|row| Ok((CustomerId(row.uuid(0)?), row.uuid(1)?))).collect()
}

/// It is over, or stopped.
pub fn remove(tx: &mut WriteTx<'_>, customer: CustomerId, job: Uuid) -> Result<()> {
    tx.exec(REMOVE, vals![customer.0, job]).map(drop)
}
