//! On-call rosters as they were published; which one stands when is the engine's to say.

use crate::db::{Row, Tx, WriteTx};
use crate::schema::{Keep, Noun, Table};
use crate::{Result, StoreError, vals};
use base::id::{AccountId, ContractId};
use events::{ContentId, RosterPublished};

pub(crate) const TABLES: &str = "
    CREATE TABLE roster (
        id BLOB NOT NULL PRIMARY KEY,
        seq INT NOT NULL,
        contract BLOB NOT NULL,
        label TEXT NOT NULL,
        until_at INT NOT NULL,
        periods TEXT NOT NULL,
        exceptional BLOB,
        confirmed TEXT NOT NULL,
        at INT NOT NULL,
        actor BLOB NOT NULL);
    CREATE INDEX roster_contract ON roster (contract, until_at, seq)";

pub(crate) const NOUN: Noun = Noun {
    name: "roster",
    tables: &[Table { name: "roster", keep: Keep::Journaled }],
    statements: STATEMENTS,
};

crate::statements! {
    ADD = "INSERT INTO roster (id, seq, contract, label, until_at, periods, exceptional, confirmed, at, actor)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    LASTING = "SELECT id, contract, label, periods, exceptional, confirmed, at, actor FROM roster
        WHERE contract = $1 AND until_at > $2 ORDER BY seq";
}

pub(crate) fn publish(tx: &mut WriteTx<'_>, seq: u64, e: &RosterPublished) -> Result<()> {
    let seq = i64::try_from(seq).map_err(|_| StoreError::Entry("the journal is full".to_owned()))?;
    let until = e.periods.iter().map(|p| p.until).max().unwrap_or(e.at);
    let json =
        |value: serde_json::Result<String>| value.map_err(|error| StoreError::Entry(error.to_string()));
    let periods = json(serde_json::to_string(&e.periods))?;
    let confirmed = json(serde_json::to_string(&e.confirmed))?;
    let exceptional = e.exceptional.map(|id| id.0);
    let p =
        vals![e.roster, seq, e.contract.0, &e.label, until, periods, exceptional, confirmed, e.at, e.by.0];
    tx.exec(ADD, p).map(drop)
}

/// The rosters of a contract with a period that ends after an instant, as they were published.
pub fn lasting(tx: &mut dyn Tx, contract: ContractId, after: i64) -> Result<Vec<RosterPublished>> {
    tx.rows(LASTING, vals![contract.0, after])?.iter().map(row).collect()
}

fn row(row: &Row) -> Result<RosterPublished> {
    let unread = |error: serde_json::Error| StoreError::Entry(error.to_string());
    Ok(RosterPublished {
        roster: row.uuid(0)?,
        contract: ContractId(row.uuid(1)?),
        label: row.text(2)?.into(),
        periods: serde_json::from_str(row.text(3)?).map_err(unread)?,
        exceptional: row.opt_uuid(4)?.map(ContentId),
        confirmed: serde_json::from_str(row.text(5)?).map_err(unread)?,
        at: row.int(6)?,
        by: AccountId(row.uuid(7)?),
    })
}
