//! Views of the desk that somebody gave a name, for themselves alone.

use crate::db::{Row, Tx, WriteTx};
use crate::schema::{Keep, Noun, Table};
use crate::{Result, vals};
use uuid::Uuid;

pub(crate) const TABLES: &str = "
    CREATE TABLE desk_view (
        id BLOB NOT NULL PRIMARY KEY,
        account BLOB NOT NULL REFERENCES account (id),
        name TEXT NOT NULL,
        query TEXT NOT NULL,
        created INT NOT NULL,
        UNIQUE (account, name));
    CREATE INDEX desk_view_order ON desk_view (account, created, id)";

pub(crate) const NOUN: Noun = Noun {
    name: "desk_views",
    tables: &[Table { name: "desk_view", keep: Keep::Ephemeral }],
    statements: STATEMENTS,
};

crate::statements! {
    PUT = "INSERT INTO desk_view (id, account, name, query, created) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (account, name) DO UPDATE SET query = excluded.query";
    OF = "SELECT id, name, query FROM desk_view WHERE account = $1 ORDER BY created, id LIMIT $2";
    COUNT = "SELECT COUNT(*) FROM desk_view WHERE account = $1 AND name <> $2";
    DROP = "DELETE FROM desk_view WHERE id = $1 AND account = $2";
}

/// A view as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeskView {
    pub id: Uuid,
    pub name: String,
    /// What is looked for, as the query of an address.
    pub query: String,
}

fn view(row: &Row) -> Result<DeskView> {
    Ok(DeskView { id: row.uuid(0)?, name: row.text(1)?.into(), query: row.text(2)?.into() })
}

/// Keeps a view; one of the same owner and name is replaced.
pub fn put(tx: &mut WriteTx<'_>, account: Uuid, v: &DeskView, now: i64) -> Result<()> {
    tx.exec(PUT, vals![v.id, account, &v.name, &v.query, now]).map(drop)
}

/// Somebody's views, the oldest first, at most `limit`.
pub fn of(tx: &mut dyn Tx, account: Uuid, limit: u32) -> Result<Vec<DeskView>> {
    tx.rows(OF, vals![account, i64::from(limit)])?.iter().map(view).collect()
}

/// How many views somebody keeps, but for that of this name.
pub fn others(tx: &mut dyn Tx, account: Uuid, name: &str) -> Result<u64> {
    tx.row(COUNT, vals![account, name])?.uint(0)
}

/// Drops a view of its owner's; false if there was none.
pub fn drop_own(tx: &mut WriteTx<'_>, account: Uuid, id: Uuid) -> Result<bool> {
    Ok(tx.exec(DROP, vals![id, account])? == 1)
}
