//! Time spent on tickets, and the weeks that approve it.

use base::Money;
use base::id::{AccountId, ContractId, TicketId};
use events::{ContentId, PaidBy, TimeTold, WeekMoved, WeekState, WorkKind};
use jiff::civil::Date;

use crate::db::{Row, Tx, WriteTx};
use crate::schema::{Keep, Noun, Table};
use crate::{Result, StoreError, vals};

pub(crate) const TABLES: &str = "
    CREATE TABLE time_entry (
        id BLOB NOT NULL PRIMARY KEY,
        ticket BLOB NOT NULL,
        contract BLOB NOT NULL,
        person BLOB NOT NULL,
        started INT NOT NULL,
        minutes INT NOT NULL,
        kind TEXT NOT NULL,
        hours TEXT NOT NULL,
        profile TEXT,
        paid_by TEXT NOT NULL,
        counted INT NOT NULL,
        worth_cents INT,
        currency TEXT,
        comment BLOB);
    CREATE INDEX time_entry_person ON time_entry (person, started, id);
    CREATE INDEX time_entry_ticket ON time_entry (ticket, started, id);
    CREATE TABLE time_week (
        person BLOB NOT NULL,
        week TEXT NOT NULL,
        state TEXT NOT NULL,
        at INT NOT NULL,
        actor BLOB NOT NULL,
        PRIMARY KEY (person, week));
    CREATE TABLE timer (
        person BLOB NOT NULL PRIMARY KEY,
        ticket BLOB NOT NULL,
        started INT NOT NULL)";

/// Why a week was given back or reopened.
pub(crate) const WHY: &str = "ALTER TABLE time_week ADD COLUMN why BLOB";

/// What a month bills is found by who pays for it.
pub(crate) const PAID_BY: &str =
    "CREATE INDEX time_entry_paid_by ON time_entry (contract, paid_by, started, id)";

/// A person's timer is the instance's: it took a look into every vault to find it here.
pub(crate) const TIMER_GONE: &str = "DROP TABLE timer";

pub(crate) const NOUN: Noun = Noun {
    name: "time",
    tables: &[
        Table { name: "time_entry", keep: Keep::Journaled },
        Table { name: "time_week", keep: Keep::Journaled },
    ],
    statements: STATEMENTS,
};

macro_rules! select_time {
    ($rest:literal) => {
        concat!(
            "SELECT id, ticket, contract, person, started, minutes, kind, hours, profile, paid_by, counted,
            worth_cents, currency, comment FROM time_entry ",
            $rest
        )
    };
}

crate::statements! {
    PUT = "INSERT INTO time_entry (id, ticket, contract, person, started, minutes, kind, hours, profile, paid_by,
        counted, worth_cents, currency, comment) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
        ON CONFLICT (id) DO UPDATE SET started = excluded.started, minutes = excluded.minutes,
        kind = excluded.kind, hours = excluded.hours, profile = excluded.profile, paid_by = excluded.paid_by,
        counted = excluded.counted, worth_cents = excluded.worth_cents, currency = excluded.currency,
        comment = excluded.comment";
    BY_ID = select_time!("WHERE id = $1");
    OF_TICKET = select_time!("WHERE ticket = $1 ORDER BY started, id");
    OF_PERSON = select_time!("WHERE person = $1 AND started >= $2 AND started < $3 ORDER BY started, id");
    AT_RATE = select_time!("WHERE contract = $1 AND paid_by = $2 AND started < $3 ORDER BY started, id");
    PEOPLE = "SELECT DISTINCT person FROM time_entry WHERE started >= $1 AND started < $2";
    MOVE_WEEK = "INSERT INTO time_week (person, week, state, at, actor, why) VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (person, week) DO UPDATE SET state = excluded.state, at = excluded.at, actor = excluded.actor,
        why = excluded.why";
    SUBMITTED = "SELECT person, week FROM time_week WHERE state = $1 ORDER BY week, person";
    LAST_IN = "SELECT MAX(at) FROM time_week WHERE state = $1";
    WEEK = "SELECT person, week, state, at, actor, why FROM time_week WHERE person = $1 AND week = $2";
}

pub(crate) fn put(tx: &mut WriteTx<'_>, e: &TimeTold) -> Result<()> {
    let p = vals![
        e.entry,
        e.ticket.0,
        e.contract.0,
        e.person.0,
        e.started,
        e.minutes,
        e.kind.key(),
        word(&e.hours),
        e.profile.as_deref(),
        word(&e.paid_by),
        e.counted,
        e.worth.map(|w| w.cents),
        e.worth.map(|w| w.currency.code()),
        e.comment.map(|c| c.0)
    ];
    tx.exec(PUT, p).map(drop)
}

pub(crate) fn move_week(tx: &mut WriteTx<'_>, e: &WeekMoved) -> Result<()> {
    let why = e.why.map(|why| why.0);
    tx.exec(MOVE_WEEK, vals![e.person.0, e.week.to_string(), e.state.key(), e.at, e.by.0, why]).map(drop)
}

pub fn by_id(tx: &mut dyn Tx, id: uuid::Uuid) -> Result<Option<TimeTold>> {
    tx.opt_row(BY_ID, vals![id])?.as_ref().map(told).transpose()
}

/// What was spent on a ticket, in order of time; what was withdrawn has no minutes.
pub fn of_ticket(tx: &mut dyn Tx, ticket: TicketId) -> Result<Vec<TimeTold>> {
    tx.rows(OF_TICKET, vals![ticket.0])?.iter().map(told).collect()
}

/// What a person spent in `[from, to)`, in order of time.
pub fn of_person(tx: &mut dyn Tx, person: AccountId, from: i64, to: i64) -> Result<Vec<TimeTold>> {
    tx.rows(OF_PERSON, vals![person.0, from, to])?.iter().map(told).collect()
}

/// What was spent at a rate under a contract before `to`, in order of time; what was withdrawn has no minutes.
pub fn at_rate(tx: &mut dyn Tx, contract: ContractId, to: i64) -> Result<Vec<TimeTold>> {
    tx.rows(AT_RATE, vals![contract.0, word(&PaidBy::Rate), to])?.iter().map(told).collect()
}

/// Who spent time in `[from, to)`.
pub fn people(tx: &mut dyn Tx, from: i64, to: i64) -> Result<Vec<AccountId>> {
    tx.rows(PEOPLE, vals![from, to])?.iter().map(|r| Ok(AccountId(r.uuid(0)?))).collect()
}

/// The weeks that their people submitted and nobody settled yet, the oldest first.
pub fn submitted(tx: &mut dyn Tx) -> Result<Vec<(AccountId, Date)>> {
    let week = |text: &str| text.parse().map_err(|_| unknown("week", Ok(text)));
    tx.rows(SUBMITTED, vals![WeekState::Submitted.key()])?
        .iter()
        .map(|row| Ok((AccountId(row.uuid(0)?), week(row.text(1)?)?)))
        .collect()
}

/// When the last of the weeks that stand approved was.
pub fn last_approved(tx: &mut dyn Tx) -> Result<Option<i64>> {
    tx.row(LAST_IN, vals![WeekState::Approved.key()])?.opt_int(0)
}

/// Where a person's week stands; `None` until it is submitted.
pub fn week(tx: &mut dyn Tx, person: AccountId, week: Date) -> Result<Option<WeekMoved>> {
    let row = tx.opt_row(WEEK, vals![person.0, week.to_string()])?;
    row.map(|r| {
        Ok(WeekMoved {
            person,
            week,
            state: WeekState::from_key(r.text(2)?).ok_or_else(|| unknown("state of a week", r.text(2)))?,
            at: r.int(3)?,
            by: AccountId(r.uuid(4)?),
            why: r.opt_uuid(5)?.map(ContentId),
        })
    })
    .transpose()
}

fn told(row: &Row) -> Result<TimeTold> {
    let small = |index| -> Result<u32> { Ok(u32::try_from(row.int(index)?).unwrap_or(u32::MAX)) };
    Ok(TimeTold {
        entry: row.uuid(0)?,
        ticket: TicketId(row.uuid(1)?),
        contract: ContractId(row.uuid(2)?),
        person: AccountId(row.uuid(3)?),
        started: row.int(4)?,
        minutes: small(5)?,
        kind: WorkKind::from_key(row.text(6)?).ok_or_else(|| unknown("kind of work", row.text(6)))?,
        hours: read(row.text(7)?)?,
        profile: row.opt_text(8)?.map(str::to_owned),
        paid_by: read(row.text(9)?)?,
        counted: small(10)?,
        worth: match row.opt_int(11)? {
            Some(cents) => Some(Money { cents, currency: crate::call::currency(row.text(12)?) }),
            None => None,
        },
        comment: row.opt_uuid(13)?.map(ContentId),
    })
}

/// The word of an enumeration of the events, as its entry spells it.
fn word(value: &impl serde::Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}

fn read<T: serde::de::DeserializeOwned>(word: &str) -> Result<T> {
    serde_json::from_value(serde_json::Value::String(word.to_owned()))
        .map_err(|e| StoreError::Entry(format!("a column cannot be read: {e}")))
}

fn unknown(what: &str, word: Result<&str>) -> StoreError {
    StoreError::Entry(format!("« {} » is not a {what}", word.unwrap_or_default()))
}
