//! The list of vaults, and what the instance log last said of each.

use crate::db::{Row, Tx, WriteTx};
use crate::schema::{Keep, Noun, Table};
use crate::{Result, vals};
use uuid::Uuid;

pub(crate) const TABLES: &str = "
    CREATE TABLE vault (
        id BLOB NOT NULL PRIMARY KEY,
        slug TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL,
        created INT NOT NULL);
    CREATE TABLE vault_checkpoint (
        vault BLOB NOT NULL PRIMARY KEY REFERENCES vault (id),
        size INT NOT NULL,
        at INT NOT NULL)";

/// Lists go through customers by name.
pub(crate) const BY_NAME: &str = "CREATE INDEX vault_name ON vault (name, id)";

pub(crate) const NOUN: Noun = Noun {
    name: "vaults",
    tables: &[
        Table { name: "vault", keep: Keep::Exported },
        Table { name: "vault_checkpoint", keep: Keep::Journaled },
    ],
    statements: STATEMENTS,
};

crate::statements! {
    ADD = "INSERT INTO vault (id, slug, name, created) VALUES ($1, $2, $3, $4)";
    RENAME = "UPDATE vault SET name = $2 WHERE id = $1";
    ALL = "SELECT id, slug, name, created FROM vault ORDER BY name, id";
    PAGE = "SELECT id, slug, name, created FROM vault WHERE (name, id) > ($1, $2) ORDER BY name, id LIMIT $3";
    BY_ID = "SELECT id, slug, name, created FROM vault WHERE id = $1";
    BY_SLUG = "SELECT id, slug, name, created FROM vault WHERE slug = $1";
    NOTED = "SELECT size, at FROM vault_checkpoint WHERE vault = $1";
    NOTE = "INSERT INTO vault_checkpoint (vault, size, at) VALUES ($1, $2, $3)
        ON CONFLICT (vault) DO UPDATE SET size = excluded.size, at = excluded.at";
}

/// A customer's vault, as the instance knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vault {
    pub id: Uuid,
    /// Names the folder or the schema, and stands in URLs.
    pub slug: String,
    /// The customer's name.
    pub name: String,
    /// Microseconds UTC.
    pub created: i64,
}

fn vault(row: &Row) -> Result<Vault> {
    Ok(Vault { id: row.uuid(0)?, slug: row.text(1)?.into(), name: row.text(2)?.into(), created: row.int(3)? })
}

/// Adds a vault; a slug already taken is a constraint error.
pub fn add(tx: &mut WriteTx<'_>, v: &Vault) -> Result<()> {
    crate::folder::check_name(&v.slug)?;
    tx.exec(ADD, vals![v.id, &v.slug, &v.name, v.created]).map(drop)
}

/// Changes the displayed name.
pub fn rename(tx: &mut WriteTx<'_>, id: Uuid, name: &str) -> Result<()> {
    tx.exec(RENAME, vals![id, name]).map(drop)
}

/// All vaults by name.
pub fn all(tx: &mut dyn Tx) -> Result<Vec<Vault>> {
    tx.rows(ALL, &[])?.iter().map(vault).collect()
}

/// Those after a name and its vault, by name.
pub fn page(tx: &mut dyn Tx, after: (&str, Uuid), limit: u32) -> Result<Vec<Vault>> {
    tx.rows(PAGE, vals![after.0, after.1, limit])?.iter().map(vault).collect()
}

pub fn by_id(tx: &mut dyn Tx, id: Uuid) -> Result<Option<Vault>> {
    tx.opt_row(BY_ID, vals![id])?.as_ref().map(vault).transpose()
}

/// By slug, or by id written as text: what `{customer}` means in URLs and on the command line.
pub fn find(tx: &mut dyn Tx, slug_or_id: &str) -> Result<Option<Vault>> {
    if let Some(row) = tx.opt_row(BY_SLUG, vals![slug_or_id])? {
        return vault(&row).map(Some);
    }
    match Uuid::parse_str(slug_or_id) {
        Ok(id) => by_id(tx, id),
        Err(_) => Ok(None),
    }
}

/// Size and time (microseconds UTC) of the vault's checkpoint last entered in the instance log.
pub fn noted(tx: &mut dyn Tx, id: Uuid) -> Result<Option<(u64, i64)>> {
    tx.opt_row(NOTED, vals![id])?.map(|r| Ok((r.uint(0)?, r.int(1)?))).transpose()
}

pub(crate) fn note(tx: &mut WriteTx<'_>, id: Uuid, size: u64, at: i64) -> Result<()> {
    tx.exec(NOTE, vals![id, size, at]).map(drop)
}
