//! Filters of a customer's list of tickets that somebody gave a name: for themselves, or for their side.

use crate::db::{Row, Tx, WriteTx};
use crate::schema::{Keep, Noun, Table};
use crate::{Result, vals};
use uuid::Uuid;

/// `shared` names the side that sees it: `provider`, `customer`, `third_party`, or `none` for its owner
/// alone.
pub(crate) const TABLES: &str = "
    CREATE TABLE saved_view (
        id BLOB NOT NULL PRIMARY KEY,
        account BLOB NOT NULL REFERENCES account (id),
        vault BLOB NOT NULL REFERENCES vault (id),
        name TEXT NOT NULL,
        query TEXT NOT NULL,
        shared TEXT NOT NULL,
        created INT NOT NULL,
        UNIQUE (account, vault, name));
    CREATE INDEX saved_view_shared ON saved_view (vault, shared, created)";

pub(crate) const NOUN: Noun = Noun {
    name: "saved_views",
    tables: &[Table { name: "saved_view", keep: Keep::Ephemeral }],
    statements: STATEMENTS,
};

crate::statements! {
    PUT = "INSERT INTO saved_view (id, account, vault, name, query, shared, created)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT (account, vault, name) DO UPDATE SET query = excluded.query, shared = excluded.shared";
    SEEN = "SELECT v.id, v.account, v.name, v.query, v.shared, a.display_name FROM saved_view v
        JOIN account a ON a.id = v.account
        WHERE v.vault = $1 AND (v.account = $2 OR v.shared = $3)
        ORDER BY v.created, v.id LIMIT $4";
    COUNT = "SELECT COUNT(*) FROM saved_view WHERE account = $1 AND vault = $2 AND name <> $3";
    DROP = "DELETE FROM saved_view WHERE id = $1 AND account = $2 AND vault = $3";
}

/// A view as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedView {
    pub id: Uuid,
    pub account: Uuid,
    pub name: String,
    /// The filters, as the query of an address.
    pub query: String,
    pub shared: String,
    /// The owner's name.
    pub owner: String,
}

fn view(row: &Row) -> Result<SavedView> {
    Ok(SavedView {
        id: row.uuid(0)?,
        account: row.uuid(1)?,
        name: row.text(2)?.into(),
        query: row.text(3)?.into(),
        shared: row.text(4)?.into(),
        owner: row.text(5)?.into(),
    })
}

/// Keeps a view; one of the same owner and name for this customer is replaced.
pub fn put(tx: &mut WriteTx<'_>, vault: Uuid, v: &SavedView, now: i64) -> Result<()> {
    tx.exec(PUT, vals![v.id, v.account, vault, &v.name, &v.query, &v.shared, now]).map(drop)
}

/// Somebody's views of a customer and those of their side, the oldest first, at most `limit`.
pub fn seen(tx: &mut dyn Tx, vault: Uuid, account: Uuid, side: &str, limit: u32) -> Result<Vec<SavedView>> {
    tx.rows(SEEN, vals![vault, account, side, i64::from(limit)])?.iter().map(view).collect()
}

/// How many views somebody keeps of a customer, but for that of this name.
pub fn others(tx: &mut dyn Tx, vault: Uuid, account: Uuid, name: &str) -> Result<u64> {
    let row = tx.opt_row(COUNT, vals![account, vault, name])?;
    row.map_or(Ok(0), |row| row.int(0).map(|n| u64::try_from(n).unwrap_or_default()))
}

/// Drops a view of its owner's; false if there was none.
pub fn drop_own(tx: &mut WriteTx<'_>, vault: Uuid, account: Uuid, id: Uuid) -> Result<bool> {
    Ok(tx.exec(DROP, vals![id, account, vault])? == 1)
}
