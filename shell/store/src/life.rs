//! Duties done, and what happened to contracts.

use base::id::{AccountId, ContractId};
use events::{ContentId, DutyDone, LifeFact, LifeTold};

use crate::db::{Row, Tx, WriteTx};
use crate::schema::{Keep, Noun, Table};
use crate::{Result, StoreError, vals};

pub(crate) const TABLES: &str = "
    CREATE TABLE duty_done (
        id BLOB NOT NULL PRIMARY KEY,
        contract BLOB NOT NULL,
        label TEXT NOT NULL,
        what TEXT NOT NULL,
        done_on TEXT NOT NULL,
        proof TEXT NOT NULL,
        reference BLOB NOT NULL,
        valid_until TEXT,
        actor BLOB NOT NULL);
    CREATE INDEX duty_done_contract ON duty_done (contract, done_on, id);
    CREATE TABLE life_told (
        id BLOB NOT NULL PRIMARY KEY,
        contract BLOB NOT NULL,
        fact TEXT NOT NULL,
        detail TEXT,
        at INT NOT NULL,
        about BLOB NOT NULL,
        actor BLOB NOT NULL);
    CREATE INDEX life_told_contract ON life_told (contract, at, id)";

/// The clause that a request was made under.
pub(crate) const CLAUSE: &str = "ALTER TABLE life_told ADD COLUMN clause TEXT";

pub(crate) const NOUN: Noun = Noun {
    name: "life",
    tables: &[
        Table { name: "duty_done", keep: Keep::Journaled },
        Table { name: "life_told", keep: Keep::Journaled },
    ],
    statements: STATEMENTS,
};

crate::statements! {
    ADD_DONE = "INSERT INTO duty_done (id, contract, label, what, done_on, proof, reference, valid_until, actor)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    DONE_OF = "SELECT id, contract, label, what, done_on, proof, reference, valid_until, actor FROM duty_done
        WHERE contract = $1 ORDER BY done_on, id";
    ADD_TOLD = "INSERT INTO life_told (id, contract, fact, detail, at, about, actor, clause)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    TOLD_OF = "SELECT id, contract, fact, detail, at, about, actor, clause FROM life_told
        WHERE contract = $1 ORDER BY at, id";
}

pub(crate) fn done(tx: &mut WriteTx<'_>, e: &DutyDone) -> Result<()> {
    let (on, until) = (e.on.to_string(), e.valid_until.map(|d| d.to_string()));
    let proof = e.proof.key();
    let p =
        vals![e.done, e.contract.0, &e.label, &e.what, on, proof, e.reference.0, until.as_deref(), e.by.0];
    tx.exec(ADD_DONE, p).map(drop)
}

pub(crate) fn told(tx: &mut WriteTx<'_>, e: &LifeTold) -> Result<()> {
    let (fact, detail) = e.fact.words();
    let p =
        vals![e.told, e.contract.0, fact, detail.as_deref(), e.at, e.about.0, e.by.0, e.clause.as_deref()];
    tx.exec(ADD_TOLD, p).map(drop)
}

/// The duties of a contract that were done, by day.
pub fn all_done(tx: &mut dyn Tx, contract: ContractId) -> Result<Vec<DutyDone>> {
    tx.rows(DONE_OF, vals![contract.0])?.iter().map(done_row).collect()
}

/// What was told of a contract, by instant.
pub fn all_told(tx: &mut dyn Tx, contract: ContractId) -> Result<Vec<LifeTold>> {
    tx.rows(TOLD_OF, vals![contract.0])?.iter().map(told_row).collect()
}

fn done_row(row: &Row) -> Result<DutyDone> {
    Ok(DutyDone {
        done: row.uuid(0)?,
        contract: ContractId(row.uuid(1)?),
        label: row.text(2)?.into(),
        what: row.text(3)?.into(),
        on: day(row.text(4)?)?,
        proof: proof(row.text(5)?)?,
        reference: ContentId(row.uuid(6)?),
        valid_until: row.opt_text(7)?.map(day).transpose()?,
        by: AccountId(row.uuid(8)?),
    })
}

/// A day, as it was written.
fn day<T: std::str::FromStr>(text: &str) -> Result<T> {
    text.parse().map_err(|_| StoreError::Entry(format!("{text} is not a day")))
}

fn proof(text: &str) -> Result<events::DutyProof> {
    events::DutyProof::from_key(text).ok_or_else(|| StoreError::Entry(format!("{text} is not a proof")))
}

fn told_row(row: &Row) -> Result<LifeTold> {
    let (fact, detail) = (row.text(2)?, row.opt_text(3)?);
    let fact = LifeFact::from_words(fact, detail)
        .ok_or_else(|| StoreError::Entry(format!("{fact} is not a fact of a contract's life")))?;
    Ok(LifeTold {
        told: row.uuid(0)?,
        contract: ContractId(row.uuid(1)?),
        fact,
        at: row.int(4)?,
        about: ContentId(row.uuid(5)?),
        clause: row.opt_text(7)?.map(str::to_owned),
        by: AccountId(row.uuid(6)?),
    })
}
