//! Visits on site, each as last reported, and its signature.

use crate::db::{Row, Tx, WriteTx};
use crate::schema::{Keep, Noun, Table};
use crate::{Result, StoreError, vals};
use base::id::{AccountId, ContractId, TicketId, VisitId};
use events::{ContentId, VisitReported, VisitSigned, VisitSigning};

pub(crate) const TABLES: &str = "
    CREATE TABLE visit (
        id BLOB NOT NULL PRIMARY KEY,
        ticket BLOB NOT NULL,
        place INT NOT NULL,
        contract BLOB NOT NULL,
        arrived INT NOT NULL,
        gone INT NOT NULL,
        report BLOB NOT NULL,
        hash TEXT NOT NULL,
        seq INT NOT NULL,
        at INT NOT NULL,
        actor BLOB NOT NULL,
        signed INT,
        how TEXT,
        signer BLOB,
        reserve BLOB,
        screen BLOB);
    CREATE UNIQUE INDEX visit_ticket ON visit (ticket, place)";

/// A signature may be drawn.
pub(crate) const DRAWING: &str = "ALTER TABLE visit ADD COLUMN drawing BLOB";

pub(crate) const NOUN: Noun =
    Noun { name: "visit", tables: &[Table { name: "visit", keep: Keep::Journaled }], statements: STATEMENTS };

crate::statements! {
    PUT = "INSERT INTO visit (id, ticket, place, contract, arrived, gone, report, hash, seq, at, actor)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $3, $9, $10) ON CONFLICT (id) DO UPDATE SET
        arrived = excluded.arrived, gone = excluded.gone, report = excluded.report, hash = excluded.hash,
        seq = excluded.seq, at = excluded.at, actor = excluded.actor";
    SIGN = "UPDATE visit SET signed = $2, how = $3, signer = $4, reserve = $5, screen = $6, drawing = $7
        WHERE id = $1";
    BY_ID = "SELECT id, ticket, contract, arrived, gone, report, hash, seq, at, actor, signed, how, signer,
        reserve, screen, drawing FROM visit WHERE id = $1";
    OF_TICKET = "SELECT id, ticket, contract, arrived, gone, report, hash, seq, at, actor, signed, how, signer,
        reserve, screen, drawing FROM visit WHERE ticket = $1 ORDER BY place LIMIT $2";
}

/// A visit as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visit {
    pub told: VisitReported,
    /// The entry of its last report.
    pub seq: u64,
    pub signed: Option<VisitSigned>,
}

pub(crate) fn report(tx: &mut WriteTx<'_>, seq: u64, e: &VisitReported) -> Result<()> {
    let p =
        vals![e.visit.0, e.ticket.0, seq, e.contract.0, e.arrived, e.left, e.report.0, &e.hash, e.at, e.by.0];
    tx.exec(PUT, p).map(drop)
}

pub(crate) fn sign(tx: &mut WriteTx<'_>, e: &VisitSigned) -> Result<()> {
    let p =
        vals![e.visit.0, e.at, e.how.key(), e.name.0, e.reserve.map(|r| r.0), e.by.0, e.drawing.map(|d| d.0)];
    tx.exec(SIGN, p).map(drop)
}

pub fn by_id(tx: &mut dyn Tx, visit: VisitId) -> Result<Option<Visit>> {
    tx.opt_row(BY_ID, vals![visit.0])?.as_ref().map(row).transpose()
}

/// The visits of a ticket, in the order in which they were first reported.
pub fn of_ticket(tx: &mut dyn Tx, ticket: TicketId, limit: u32) -> Result<Vec<Visit>> {
    tx.rows(OF_TICKET, vals![ticket.0, limit])?.iter().map(row).collect()
}

fn row(row: &Row) -> Result<Visit> {
    let told = VisitReported {
        visit: VisitId(row.uuid(0)?),
        ticket: TicketId(row.uuid(1)?),
        contract: ContractId(row.uuid(2)?),
        arrived: row.int(3)?,
        left: row.int(4)?,
        report: ContentId(row.uuid(5)?),
        hash: row.text(6)?.into(),
        at: row.int(8)?,
        by: AccountId(row.uuid(9)?),
    };
    let signed = row.opt_int(10)?.map(|at| signed(row, &told, at)).transpose()?;
    Ok(Visit { told, seq: row.uint(7)?, signed })
}

/// A report that is signed changes no more, so its hash is the one signed.
fn signed(row: &Row, told: &VisitReported, at: i64) -> Result<VisitSigned> {
    let how = VisitSigning::from_key(row.text(11)?)
        .ok_or_else(|| StoreError::Entry("a visit signed in an unknown way".to_owned()))?;
    Ok(VisitSigned {
        visit: told.visit,
        ticket: told.ticket,
        hash: told.hash.clone(),
        how,
        name: ContentId(row.uuid(12)?),
        reserve: row.opt_uuid(13)?.map(ContentId),
        drawing: row.opt_uuid(15)?.map(ContentId),
        at,
        by: AccountId(row.uuid(14)?),
    })
}
