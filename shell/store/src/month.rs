//! Closed months.

use crate::db::{Row, Tx, WriteTx};
use crate::schema::{Keep, Noun, Table};
use crate::{Result, vals};
use base::Money;
use base::id::{AccountId, ContractId};
use events::MonthClosed;

pub(crate) const TABLES: &str = "
    CREATE TABLE closed_month (
        contract BLOB NOT NULL,
        month TEXT NOT NULL,
        at INT NOT NULL,
        actor BLOB NOT NULL,
        version TEXT NOT NULL,
        statement_hash TEXT NOT NULL,
        currency TEXT NOT NULL,
        net_cents INT NOT NULL,
        vat_cents INT NOT NULL,
        gross_cents INT NOT NULL,
        penalty_cents INT NOT NULL,
        waived_cents INT NOT NULL,
        payable_cents INT NOT NULL,
        seq INT NOT NULL,
        PRIMARY KEY (contract, month))";

pub(crate) const NOUN: Noun = Noun {
    name: "month",
    tables: &[Table { name: "closed_month", keep: Keep::Journaled }],
    statements: STATEMENTS,
};

crate::statements! {
    ADD = "INSERT INTO closed_month (contract, month, at, actor, version, statement_hash, currency, net_cents,
        vat_cents, gross_cents, penalty_cents, waived_cents, payable_cents, seq)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";
    ALL = "SELECT contract, month, at, actor, version, statement_hash, currency, net_cents, vat_cents,
        gross_cents, penalty_cents, waived_cents, payable_cents, seq FROM closed_month
        WHERE contract = $1 ORDER BY month";
    LAST = "SELECT MAX(at) FROM closed_month";
}

/// A closed month and the entry that closed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closed {
    pub figures: MonthClosed,
    pub seq: u64,
}

fn closed(row: &Row) -> Result<Closed> {
    let currency = crate::call::currency(row.text(6)?);
    let money = |index| -> Result<Money> { Ok(Money { cents: row.int(index)?, currency }) };
    Ok(Closed {
        figures: MonthClosed {
            contract: ContractId(row.uuid(0)?),
            month: row.text(1)?.into(),
            at: row.int(2)?,
            by: AccountId(row.uuid(3)?),
            version: row.text(4)?.into(),
            statement_hash: row.text(5)?.into(),
            net: money(7)?,
            vat: money(8)?,
            gross: money(9)?,
            penalty: money(10)?,
            waived: money(11)?,
            payable: money(12)?,
        },
        seq: row.uint(13)?,
    })
}

pub(crate) fn add(tx: &mut WriteTx<'_>, seq: u64, e: &MonthClosed) -> Result<()> {
    let p = vals![
        e.contract.0,
        &e.month,
        e.at,
        e.by.0,
        &e.version,
        &e.statement_hash,
        e.net.currency.code(),
        e.net.cents,
        e.vat.cents,
        e.gross.cents,
        e.penalty.cents,
        e.waived.cents,
        e.payable.cents,
        seq
    ];
    tx.exec(ADD, p).map(drop)
}

/// The closed months of a contract, oldest first.
pub fn all(tx: &mut dyn Tx, contract: ContractId) -> Result<Vec<Closed>> {
    tx.rows(ALL, vals![contract.0])?.iter().map(closed).collect()
}

/// When a month was last closed, of any contract of the vault.
pub fn last_closed(tx: &mut dyn Tx) -> Result<Option<i64>> {
    tx.row(LAST, vals![])?.opt_int(0)
}
