//! Outages of services and announced maintenance, as they stand after their corrections.

use crate::db::{Row, Tx, WriteTx};
use crate::schema::{Keep, Noun, Table};
use crate::{Result, StoreError, vals};
use base::id::{AccountId, ContractId, MaintenanceId, OutageId};
use events::{
    MaintenanceAnnounced, MaintenanceCancelled, OutageCancelled, OutageCorrected, OutageOrigin,
    OutageRecorded, OutageTold, ServiceState,
};

pub(crate) const TABLES: &str = "
    CREATE TABLE outage (
        id BLOB NOT NULL PRIMARY KEY,
        contract BLOB NOT NULL,
        recorded INT NOT NULL,
        actor BLOB NOT NULL,
        changed INT,
        cancelled INT NOT NULL,
        items TEXT NOT NULL,
        began INT NOT NULL,
        detected INT,
        declared INT,
        ended INT,
        state TEXT NOT NULL,
        users INT,
        origin TEXT NOT NULL);
    CREATE INDEX outage_began ON outage (contract, began, id);
    CREATE TABLE maintenance (
        id BLOB NOT NULL PRIMARY KEY,
        contract BLOB NOT NULL,
        announced INT NOT NULL,
        actor BLOB NOT NULL,
        items TEXT NOT NULL,
        from_at INT NOT NULL,
        until_at INT NOT NULL);
    CREATE INDEX maintenance_from ON maintenance (contract, from_at, id)";

pub(crate) const CANCELLED: &str = "ALTER TABLE maintenance ADD COLUMN cancelled INT";

pub(crate) const NOUN: Noun = Noun {
    name: "service",
    tables: &[
        Table { name: "outage", keep: Keep::Journaled },
        Table { name: "maintenance", keep: Keep::Journaled },
    ],
    statements: STATEMENTS,
};

crate::statements! {
    ADD_OUTAGE = "INSERT INTO outage (id, contract, recorded, actor, cancelled, items, began, detected, declared,
        ended, state, users, origin) VALUES ($1, $2, $3, $4, 0, $5, $6, $7, $8, $9, $10, $11, $12)";
    CORRECT_OUTAGE = "UPDATE outage SET changed = $2, items = $3, began = $4, detected = $5, declared = $6,
        ended = $7, state = $8, users = $9, origin = $10 WHERE id = $1";
    CANCEL_OUTAGE = "UPDATE outage SET changed = $2, cancelled = 1 WHERE id = $1";
    OUTAGES = "SELECT id, contract, recorded, actor, changed, cancelled, items, detected, declared, ended, state,
        users, origin FROM outage WHERE contract = $1 AND began < $3 AND (ended IS NULL OR ended > $2)
        ORDER BY began, id";
    OUTAGE = "SELECT id, contract, recorded, actor, changed, cancelled, items, detected, declared, ended, state,
        users, origin FROM outage WHERE id = $1";
    ADD_MAINTENANCE = "INSERT INTO maintenance (id, contract, announced, actor, items, from_at, until_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    CANCEL_MAINTENANCE = "UPDATE maintenance SET cancelled = $2 WHERE id = $1";
    MAINTENANCE = "SELECT id, contract, announced, actor, items, from_at, until_at, cancelled FROM maintenance
        WHERE contract = $1 AND from_at < $3 AND until_at > $2 ORDER BY from_at, id";
    WINDOW = "SELECT id, contract, announced, actor, items, from_at, until_at, cancelled FROM maintenance
        WHERE id = $1";
}

/// An outage as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outage {
    pub id: OutageId,
    pub contract: ContractId,
    /// When it was first recorded, and by whom.
    pub recorded: i64,
    pub by: AccountId,
    /// When it was last corrected, or cancelled.
    pub changed: Option<i64>,
    pub cancelled: bool,
    pub told: OutageTold,
}

/// A maintenance window as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Maintenance {
    pub announced: MaintenanceAnnounced,
    /// When it was given up.
    pub cancelled: Option<i64>,
}

/// When an outage began, whoever noticed it: what the use cases require is there.
pub fn began(told: &OutageTold) -> i64 {
    [told.detected, told.declared].into_iter().flatten().min().unwrap_or(i64::MAX)
}

fn items(text: &str) -> Result<Vec<String>> {
    serde_json::from_str(text).map_err(|e| StoreError::Entry(format!("items: {e}")))
}

fn listed(items: &[String]) -> Result<String> {
    serde_json::to_string(items).map_err(|e| StoreError::Entry(format!("items: {e}")))
}

fn outage(row: &Row) -> Result<Outage> {
    let word = |what: &str, word: &str| StoreError::Entry(format!("{what}: {word:?}"));
    let (state, origin) = (row.text(10)?, row.text(12)?);
    Ok(Outage {
        id: OutageId(row.uuid(0)?),
        contract: ContractId(row.uuid(1)?),
        recorded: row.int(2)?,
        by: AccountId(row.uuid(3)?),
        changed: row.opt_int(4)?,
        cancelled: row.bool(5)?,
        told: OutageTold {
            items: items(row.text(6)?)?,
            detected: row.opt_int(7)?,
            declared: row.opt_int(8)?,
            ended: row.opt_int(9)?,
            state: ServiceState::from_key(state).ok_or_else(|| word("state", state))?,
            users: row.opt_int(11)?.map(|n| u32::try_from(n).unwrap_or(u32::MAX)),
            origin: OutageOrigin::from_key(origin).ok_or_else(|| word("origin", origin))?,
        },
    })
}

pub(crate) fn record(tx: &mut WriteTx<'_>, e: &OutageRecorded) -> Result<()> {
    let (t, items) = (&e.told, listed(&e.told.items)?);
    let p = vals![
        e.outage.0,
        e.contract.0,
        e.at,
        e.by.0,
        items.as_str(),
        began(t),
        t.detected,
        t.declared,
        t.ended,
        t.state.key(),
        t.users,
        t.origin.key()
    ];
    tx.exec(ADD_OUTAGE, p).map(drop)
}

pub(crate) fn correct(tx: &mut WriteTx<'_>, e: &OutageCorrected) -> Result<()> {
    let (t, items) = (&e.told, listed(&e.told.items)?);
    let p = vals![
        e.outage.0,
        e.at,
        items.as_str(),
        began(t),
        t.detected,
        t.declared,
        t.ended,
        t.state.key(),
        t.users,
        t.origin.key()
    ];
    tx.exec(CORRECT_OUTAGE, p).map(drop)
}

pub(crate) fn cancel(tx: &mut WriteTx<'_>, e: &OutageCancelled) -> Result<()> {
    tx.exec(CANCEL_OUTAGE, vals![e.outage.0, e.at]).map(drop)
}

pub(crate) fn announce(tx: &mut WriteTx<'_>, e: &MaintenanceAnnounced) -> Result<()> {
    let items = listed(&e.items)?;
    let p = vals![e.maintenance.0, e.contract.0, e.at, e.by.0, items.as_str(), e.from, e.until];
    tx.exec(ADD_MAINTENANCE, p).map(drop)
}

pub(crate) fn give_up(tx: &mut WriteTx<'_>, e: &MaintenanceCancelled) -> Result<()> {
    tx.exec(CANCEL_MAINTENANCE, vals![e.maintenance.0, e.at]).map(drop)
}

/// The outages of a contract that touch `[from, to)`, cancelled ones included, oldest first.
pub fn outages(tx: &mut dyn Tx, contract: ContractId, from: i64, to: i64) -> Result<Vec<Outage>> {
    tx.rows(OUTAGES, vals![contract.0, from, to])?.iter().map(outage).collect()
}

/// One outage; `None` when there is none of that id.
pub fn by_id(tx: &mut dyn Tx, id: OutageId) -> Result<Option<Outage>> {
    tx.rows(OUTAGE, vals![id.0])?.iter().map(outage).next().transpose()
}

/// The maintenance windows of a contract that touch `[from, to)`, those given up included, in order of time.
pub fn maintenance(tx: &mut dyn Tx, contract: ContractId, from: i64, to: i64) -> Result<Vec<Maintenance>> {
    tx.rows(MAINTENANCE, vals![contract.0, from, to])?.iter().map(window).collect()
}

/// One window; `None` when there is none of that id.
pub fn window_by_id(tx: &mut dyn Tx, id: MaintenanceId) -> Result<Option<Maintenance>> {
    tx.rows(WINDOW, vals![id.0])?.iter().map(window).next().transpose()
}

fn window(row: &Row) -> Result<Maintenance> {
    let announced = MaintenanceAnnounced {
        maintenance: MaintenanceId(row.uuid(0)?),
        contract: ContractId(row.uuid(1)?),
        at: row.int(2)?,
        by: AccountId(row.uuid(3)?),
        items: items(row.text(4)?)?,
        from: row.int(5)?,
        until: row.int(6)?,
    };
    Ok(Maintenance { announced, cancelled: row.opt_int(7)? })
}
