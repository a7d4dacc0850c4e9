//! Who is put on which level of escalation, as it was said last.

use crate::db::{Row, Tx, WriteTx};
use crate::schema::{Keep, Noun, Table};
use crate::{Result, vals};
use base::id::{AccountId, ContractId};
use events::LevelAssigned;

pub(crate) const TABLES: &str = "
    CREATE TABLE level_person (
        contract BLOB NOT NULL,
        clause TEXT NOT NULL,
        person BLOB NOT NULL,
        PRIMARY KEY (contract, clause, person));
    CREATE TABLE level_assigned (
        contract BLOB NOT NULL,
        clause TEXT NOT NULL,
        seq INT NOT NULL,
        at INT NOT NULL,
        actor BLOB NOT NULL,
        PRIMARY KEY (contract, clause))";

pub(crate) const NOUN: Noun = Noun {
    name: "escalation",
    tables: &[
        Table { name: "level_person", keep: Keep::Journaled },
        Table { name: "level_assigned", keep: Keep::Journaled },
    ],
    statements: STATEMENTS,
};

crate::statements! {
    FORGET = "DELETE FROM level_person WHERE contract = $1 AND clause = $2";
    ADD = "INSERT INTO level_person (contract, clause, person) VALUES ($1, $2, $3)
        ON CONFLICT (contract, clause, person) DO NOTHING";
    ASSIGN = "INSERT INTO level_assigned (contract, clause, seq, at, actor) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (contract, clause) DO UPDATE SET seq = excluded.seq, at = excluded.at, actor = excluded.actor";
    OF = "SELECT person FROM level_person WHERE contract = $1 AND clause = $2 ORDER BY person";
    ALL = "SELECT contract, clause, person FROM level_person ORDER BY contract, clause, person";
    ASSIGNED = "SELECT seq, at, actor FROM level_assigned WHERE contract = $1 AND clause = $2";
}

/// Somebody is told of a level first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    pub contract: ContractId,
    /// The label of the clause.
    pub clause: String,
    pub person: AccountId,
}

/// When it was last said who is put on a level.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Assigned {
    /// The entry that said it.
    pub seq: u64,
    /// Microseconds UTC.
    pub at: i64,
    pub by: AccountId,
}

pub(crate) fn assign(tx: &mut WriteTx<'_>, seq: u64, e: &LevelAssigned) -> Result<()> {
    tx.exec(FORGET, vals![e.contract.0, &e.clause])?;
    for person in &e.people {
        tx.exec(ADD, vals![e.contract.0, &e.clause, person.0])?;
    }
    tx.exec(ASSIGN, vals![e.contract.0, &e.clause, seq, e.at, e.by.0]).map(drop)
}

/// Who is put on a level.
pub fn of(tx: &mut dyn Tx, contract: ContractId, clause: &str) -> Result<Vec<AccountId>> {
    tx.rows(OF, vals![contract.0, clause])?.iter().map(|row| Ok(AccountId(row.uuid(0)?))).collect()
}

/// Who is put on the levels of every contract: as many rows as people named on each.
pub fn all(tx: &mut dyn Tx) -> Result<Vec<Placed>> {
    let placed = |row: &Row| {
        Ok(Placed {
            contract: ContractId(row.uuid(0)?),
            clause: row.text(1)?.into(),
            person: AccountId(row.uuid(2)?),
        })
    };
    tx.rows(ALL, &[])?.iter().map(placed).collect()
}

/// When it was last said who is put on a level.
pub fn assigned(tx: &mut dyn Tx, contract: ContractId, clause: &str) -> Result<Option<Assigned>> {
    let row = tx.opt_row(ASSIGNED, vals![contract.0, clause])?;
    row.map(|row| Ok(Assigned { seq: row.uint(0)?, at: row.int(1)?, by: AccountId(row.uuid(2)?) }))
        .transpose()
}
