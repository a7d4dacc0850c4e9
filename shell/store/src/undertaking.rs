//! Who signed which undertaking of confidentiality.

use crate::db::{Row, Tx, WriteTx};
use crate::schema::{Keep, Noun, Table};
use crate::{Result, vals};
use base::id::{AccountId, ContractId};
use events::UndertakingSigned;

pub(crate) const TABLES: &str = "
    CREATE TABLE undertaking (
        person BLOB NOT NULL,
        text TEXT NOT NULL,
        contract BLOB NOT NULL,
        label TEXT NOT NULL,
        version TEXT NOT NULL,
        at INT NOT NULL,
        PRIMARY KEY (person, text))";

pub(crate) const NOUN: Noun = Noun {
    name: "undertaking",
    tables: &[Table { name: "undertaking", keep: Keep::Journaled }],
    statements: STATEMENTS,
};

crate::statements! {
    ADD = "INSERT INTO undertaking (person, text, contract, label, version, at)
        VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (person, text) DO NOTHING";
    OF = "SELECT person, text, contract, label, version, at FROM undertaking WHERE person = $1 ORDER BY text";
    ALL = "SELECT person, text, contract, label, version, at FROM undertaking ORDER BY person, text";
}

pub(crate) fn sign(tx: &mut WriteTx<'_>, e: &UndertakingSigned) -> Result<()> {
    tx.exec(ADD, vals![e.person.0, &e.text, e.contract.0, &e.label, &e.version, e.at]).map(drop)
}

/// What one person signed.
pub fn of(tx: &mut dyn Tx, person: AccountId) -> Result<Vec<UndertakingSigned>> {
    tx.rows(OF, vals![person.0])?.iter().map(signed).collect()
}

/// What everybody signed, by person.
pub fn all(tx: &mut dyn Tx) -> Result<Vec<UndertakingSigned>> {
    tx.rows(ALL, &[])?.iter().map(signed).collect()
}

fn signed(row: &Row) -> Result<UndertakingSigned> {
    Ok(UndertakingSigned {
        person: AccountId(row.uuid(0)?),
        text: row.text(1)?.into(),
        contract: ContractId(row.uuid(2)?),
        label: row.text(3)?.into(),
        version: row.text(4)?.into(),
        at: row.int(5)?,
    })
}
