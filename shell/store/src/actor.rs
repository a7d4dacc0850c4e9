//! The people who act in a vault: ids, sides, roles; names are content.

use crate::db::{Tx, WriteTx};
use crate::schema::{Keep, Noun, Table};
use crate::{Result, StoreError, vals};
use base::id::AccountId;
use events::{ActorIntroduced, ContentId};

pub(crate) const TABLES: &str = "
    CREATE TABLE actor (
        id BLOB NOT NULL PRIMARY KEY,
        side TEXT NOT NULL,
        role TEXT NOT NULL,
        name BLOB NOT NULL)";

pub(crate) const NOUN: Noun =
    Noun { name: "actor", tables: &[Table { name: "actor", keep: Keep::Journaled }], statements: STATEMENTS };

crate::statements! {
    PUT = "INSERT INTO actor (id, side, role, name) VALUES ($1, $2, $3, $4)
        ON CONFLICT (id) DO UPDATE SET side = excluded.side, role = excluded.role, name = excluded.name";
    KNOWN = "SELECT 1 FROM actor WHERE id = $1";
    ALL = "SELECT id, side, role, name FROM actor ORDER BY id";
}

/// A person as this vault knows them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    pub id: AccountId,
    /// `provider`, `customer`, `system`.
    pub side: String,
    pub role: String,
    pub name: ContentId,
}

pub(crate) fn introduce(tx: &mut WriteTx<'_>, e: &ActorIntroduced) -> Result<()> {
    tx.exec(PUT, vals![e.actor.0, e.side.key(), &e.role, e.name.0]).map(drop)
}

pub fn is_known(tx: &mut dyn Tx, id: AccountId) -> Result<bool> {
    Ok(tx.opt_row(KNOWN, vals![id.0])?.is_some())
}

pub fn all(tx: &mut dyn Tx) -> Result<Vec<Actor>> {
    tx.rows(ALL, &[])?
        .iter()
        .map(|r| {
            Ok::<_, StoreError>(Actor {
                id: AccountId(r.uuid(0)?),
                side: r.text(1)?.into(),
                role: r.text(2)?.into(),
                name: ContentId(r.uuid(3)?),
            })
        })
        .collect()
}
