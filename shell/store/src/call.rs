//! Calls counted against the hotline's meter.

use std::collections::HashMap;

use crate::db::{Row, Tx, WriteTx};
use crate::schema::{Keep, Noun, Table};
use crate::{Result, vals};
use base::id::{AccountId, CallId, ContractId, TicketId};
use base::{Currency, Money};
use events::{CallRecorded, CallTaker};

pub(crate) const TABLES: &str = "
    CREATE TABLE call (
        id BLOB NOT NULL PRIMARY KEY,
        contract BLOB NOT NULL,
        ticket BLOB,
        at INT NOT NULL,
        actor BLOB NOT NULL,
        minutes INT NOT NULL,
        priority TEXT,
        meter TEXT NOT NULL,
        counted INT NOT NULL,
        covered INT NOT NULL,
        price_cents INT,
        currency TEXT,
        new_pack INT NOT NULL);
    CREATE INDEX call_at ON call (contract, meter, at, id);
    CREATE INDEX call_ticket ON call (ticket, at)";

/// The rule that served the call, where it draws on another's meter, and the roles of whoever took it, with
/// a space between them.
pub(crate) const SERVED_BY: &str = "
    ALTER TABLE call ADD COLUMN rule TEXT;
    ALTER TABLE call ADD COLUMN roles TEXT NOT NULL DEFAULT ''";

pub(crate) const UNDER_WARRANTY: &str = "ALTER TABLE call ADD COLUMN under_warranty INT NOT NULL DEFAULT 0";

pub(crate) const NOUN: Noun =
    Noun { name: "call", tables: &[Table { name: "call", keep: Keep::Journaled }], statements: STATEMENTS };

crate::statements! {
    ADD = "INSERT INTO call (id, contract, ticket, at, actor, minutes, priority, meter, counted, covered,
        price_cents, currency, new_pack, rule, roles, under_warranty)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)";
    BETWEEN = "SELECT id, contract, ticket, at, actor, minutes, priority, meter, counted, covered, price_cents,
        currency, new_pack, rule, roles, under_warranty FROM call WHERE contract = $1 AND meter = $2 AND at >= $3 AND at < $4 ORDER BY at, id";
    NUMBERS = "SELECT call.ticket, ticket.number FROM call JOIN ticket ON ticket.id = call.ticket
        WHERE call.contract = $1 AND call.meter = $2 AND call.at < $3";
    OF_TICKET = "SELECT id, contract, ticket, at, actor, minutes, priority, meter, counted, covered, price_cents,
        currency, new_pack, rule, roles, under_warranty FROM call WHERE ticket = $1 ORDER BY at, id";
}

fn call(row: &Row) -> Result<CallRecorded> {
    let small = |index| -> Result<u32> { Ok(u32::try_from(row.int(index)?).unwrap_or(u32::MAX)) };
    Ok(CallRecorded {
        call: CallId(row.uuid(0)?),
        contract: ContractId(row.uuid(1)?),
        ticket: row.opt_uuid(2)?.map(TicketId),
        at: row.int(3)?,
        by: AccountId(row.uuid(4)?),
        minutes: small(5)?,
        priority: row.opt_text(6)?.map(str::to_owned),
        meter: row.text(7)?.into(),
        counted: small(8)?,
        covered: row.bool(9)?,
        price: match row.opt_int(10)? {
            Some(cents) => Some(Money { cents, currency: currency(row.text(11)?) }),
            None => None,
        },
        new_pack: row.bool(12)?,
        rule: row.opt_text(13)?.map(str::to_owned),
        roles: row.text(14)?.split_whitespace().filter_map(CallTaker::from_key).collect(),
        under_warranty: row.bool(15)?,
    })
}

/// The currency of a code that this program wrote.
pub(crate) fn currency(code: &str) -> Currency {
    Currency::ALL.into_iter().find(|c| c.code() == code).unwrap_or_default()
}

pub(crate) fn add(tx: &mut WriteTx<'_>, e: &CallRecorded) -> Result<()> {
    let roles = e.roles.iter().map(|role| role.key()).collect::<Vec<_>>().join(" ");
    let p = vals![
        e.call.0,
        e.contract.0,
        e.ticket.map(|t| t.0),
        e.at,
        e.by.0,
        e.minutes,
        e.priority.as_deref(),
        &e.meter,
        e.counted,
        e.covered,
        e.price.map(|p| p.cents),
        e.price.map(|p| p.currency.code()),
        e.new_pack,
        e.rule.as_deref(),
        roles,
        e.under_warranty
    ];
    tx.exec(ADD, p).map(drop)
}

/// The calls of a meter in `[from, to)`, oldest first.
pub fn between(
    tx: &mut dyn Tx,
    contract: ContractId,
    meter: &str,
    from: i64,
    to: i64,
) -> Result<Vec<CallRecorded>> {
    tx.rows(BETWEEN, vals![contract.0, meter, from, to])?.iter().map(call).collect()
}

/// The numbers of the tickets that the calls of a meter before an instant were about.
pub fn numbers(
    tx: &mut dyn Tx,
    contract: ContractId,
    meter: &str,
    to: i64,
) -> Result<HashMap<TicketId, u64>> {
    let rows = tx.rows(NUMBERS, vals![contract.0, meter, to])?;
    rows.iter().map(|row| Ok((TicketId(row.uuid(0)?), row.uint(1)?))).collect()
}

pub fn of_ticket(tx: &mut dyn Tx, ticket: TicketId) -> Result<Vec<CallRecorded>> {
    tx.rows(OF_TICKET, vals![ticket.0])?.iter().map(call).collect()
}
