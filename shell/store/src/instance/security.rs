//! Security acts: an entry of the instance's log each, and a row to list them by.

use crate::db::{Row, Tx, WriteTx};
use crate::log::Draft;
use crate::record::Content;
use crate::schema::{Keep, Noun, Table};
use crate::{Result, StoreError, content, vals};
use base::id::AccountId;
use events::{ContentId, SecurityAct, SecurityData, SecurityTold};
use uuid::Uuid;

pub(crate) const TABLES: &str = "
    CREATE TABLE security_act (
        seq INT NOT NULL PRIMARY KEY,
        account BLOB NOT NULL,
        actor BLOB,
        at INT NOT NULL,
        kind TEXT NOT NULL,
        object TEXT,
        words BLOB);
    CREATE INDEX security_account ON security_act (account, seq);
    CREATE INDEX security_kind ON security_act (account, kind, at)";

pub(crate) const NOUN: Noun = Noun {
    name: "security",
    tables: &[Table { name: "security_act", keep: Keep::Journaled }],
    statements: STATEMENTS,
};

crate::statements! {
    ADD = "INSERT INTO security_act (seq, account, actor, at, kind, object, words)
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    ALL = "SELECT seq, account, actor, at, kind, object, words FROM security_act
        WHERE seq < $1 ORDER BY seq DESC LIMIT $2";
    OF_ACCOUNT = "SELECT seq, account, actor, at, kind, object, words FROM security_act
        WHERE account = $1 AND seq < $2 ORDER BY seq DESC LIMIT $3";
    LAST = "SELECT at FROM security_act WHERE account = $1 AND kind = $2 ORDER BY at DESC LIMIT 1";
}

/// An act as the table holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// Its entry in the instance's log.
    pub seq: u64,
    pub told: SecurityTold,
}

fn told(row: &Row) -> Result<Told> {
    let kind = row.text(4)?;
    let act = SecurityAct::from_kind(kind)
        .ok_or_else(|| StoreError::Damaged(format!("unknown kind of security act: {kind}")))?;
    let data = SecurityData {
        account: AccountId(row.uuid(1)?),
        by: row.opt_uuid(2)?.map(AccountId),
        at: row.int(3)?,
        object: row.opt_text(5)?.map(str::to_owned),
        words: row.opt_uuid(6)?.map(ContentId),
    };
    Ok(Told { seq: row.uint(0)?, told: SecurityTold { act, data } })
}

/// Writes an act: its words beside the log, its entry, its row; gives the entry's number.
pub fn record(tx: &mut WriteTx<'_>, told: &SecurityTold, words: Option<&Content>) -> Result<u64> {
    if let Some(words) = words {
        content::put(tx, words.id.0, words.name, &words.salt, &words.bytes)?;
    }
    let data = &told.data;
    let value = serde_json::to_value(data).map_err(|e| StoreError::Entry(e.to_string()))?;
    let actor = data.by.map_or_else(|| "operator".to_owned(), |by| by.to_string());
    let draft = Draft::new(data.at, told.act.kind(), &actor, value).about("account", data.account);
    let seq = tx.append(draft)?;
    let p = vals![
        seq,
        data.account.0,
        data.by.map(|by| by.0),
        data.at,
        told.act.kind(),
        data.object.clone(),
        data.words.map(|words| words.0)
    ];
    tx.exec(ADD, p)?;
    Ok(seq)
}

/// The acts of everybody under an entry, or the newest ones; the newest first.
pub fn all(tx: &mut dyn Tx, before: Option<u64>, limit: u32) -> Result<Vec<Told>> {
    tx.rows(ALL, vals![before.unwrap_or(i64::MAX as u64), limit])?.iter().map(told).collect()
}

/// The acts about one account, likewise.
pub fn of_account(tx: &mut dyn Tx, account: Uuid, before: Option<u64>, limit: u32) -> Result<Vec<Told>> {
    let p = vals![account, before.unwrap_or(i64::MAX as u64), limit];
    tx.rows(OF_ACCOUNT, p)?.iter().map(told).collect()
}

/// When an account last did this; microseconds UTC.
pub fn last(tx: &mut dyn Tx, account: Uuid, act: SecurityAct) -> Result<Option<i64>> {
    tx.opt_row(LAST, vals![account, act.kind()])?.map(|row| row.int(0)).transpose()
}
