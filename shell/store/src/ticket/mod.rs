//! Tickets: what screens read, all of it derived from the journal.

/// A query of whole tickets: its columns in the order that [`ticket`] reads them, then the rest of it.
macro_rules! select_ticket {
    ($($rest:literal)+) => {
        concat!(
            "SELECT id, number, contract, version, kind, priority, operation, facts, title, description, state,
            coverage, admission, price_cents, currency, cited, opened, opened_by, assignee, pause, due,
            due_promise, updated, seq, opening_facts, used_before, item, item_class, site, merged_into,
            answers, recorded_by FROM ticket ",
            $($rest),+
        )
    };
}

pub(crate) mod agreed;
pub(crate) mod asked;
pub mod change;
pub mod delivery;
mod filter;
pub mod link;
pub(crate) mod list;
pub(crate) mod project;
pub(crate) mod scope;

pub use agreed::agreed_between;
pub use asked::may_ask;
pub use filter::{Filter, Opener, Which};
pub use list::{
    EXAMINED, Key, Shown, count_open, list, open_by_due, opened_between, opened_in, resolved_since,
    with_operation,
};
pub(crate) use project::{open, step};
pub use scope::{About, Scope, Strand};

use crate::db::{Row, Tx};
use crate::schema::{Keep, Noun, Table};
use crate::{Result, StoreError, vals};
use base::Money;
use base::id::{AccountId, ContractId, TicketId};
use events::{ClockMark, ContentId, Facts, Promise, Step};

pub(crate) const TABLES: &str = "
    CREATE TABLE ticket (
        id BLOB NOT NULL PRIMARY KEY,
        number INT NOT NULL UNIQUE,
        contract BLOB NOT NULL,
        version TEXT NOT NULL,
        kind TEXT NOT NULL,
        priority TEXT NOT NULL,
        operation TEXT,
        facts TEXT NOT NULL,
        opening_facts TEXT NOT NULL,
        used_before INT NOT NULL,
        title BLOB NOT NULL,
        description BLOB NOT NULL,
        state TEXT NOT NULL,
        coverage TEXT NOT NULL,
        admission TEXT NOT NULL,
        price_cents INT,
        currency TEXT,
        cited TEXT NOT NULL,
        opened INT NOT NULL,
        opened_by BLOB NOT NULL,
        assignee BLOB,
        pause TEXT,
        due INT NOT NULL,
        due_promise TEXT,
        updated INT NOT NULL,
        seq INT NOT NULL);
    CREATE INDEX ticket_state ON ticket (state, number);
    CREATE INDEX ticket_priority ON ticket (priority, number);
    CREATE INDEX ticket_due ON ticket (due, number);
    CREATE INDEX ticket_operation ON ticket (operation, opened);
    CREATE INDEX ticket_opened ON ticket (opened);
    CREATE INDEX ticket_moved ON ticket (state, updated);
    CREATE TABLE ticket_step (
        ticket BLOB NOT NULL,
        seq INT NOT NULL,
        at INT NOT NULL,
        actor BLOB NOT NULL,
        step TEXT NOT NULL,
        PRIMARY KEY (ticket, seq));
    CREATE TABLE ticket_clock (
        ticket BLOB NOT NULL,
        promise TEXT NOT NULL,
        round INT NOT NULL,
        label TEXT NOT NULL,
        due INT,
        stopped INT,
        late_seconds INT NOT NULL,
        PRIMARY KEY (ticket, promise, round));
    CREATE INDEX ticket_clock_stopped ON ticket_clock (stopped)";

/// Clocks that run, by due instant, and clocks that stopped, in one index: a partial one would fit
/// better, but SQLite prefers the equality on `stopped`.
pub(crate) const RUNNING: &str = "
    DROP INDEX ticket_clock_stopped;
    CREATE INDEX ticket_clock_stopped ON ticket_clock (stopped, due)";

/// What lists filter by, out of the facts, and one index for each way that a list is walked.
///
/// `open` says what the state means for lists, so that a new state changes no statement. The indexes
/// by due instant hold open tickets only: resolved ones, by far the most, would all be there as due
/// « never », and looking for an open one among them took 373 ms at 100 000 tickets. Kind and priority
/// are one text because SQLite, without statistics, takes the index on the kind alone otherwise.
pub(crate) const FACETS: &str = "
    ALTER TABLE ticket ADD COLUMN item TEXT;
    ALTER TABLE ticket ADD COLUMN item_class TEXT;
    ALTER TABLE ticket ADD COLUMN site TEXT;
    ALTER TABLE ticket ADD COLUMN open INT NOT NULL DEFAULT 1;
    UPDATE ticket SET item = CAST(facts AS JSON) -> 'values' ->> 'item',
        item_class = CAST(facts AS JSON) -> 'values' ->> 'item_class',
        site = CAST(facts AS JSON) -> 'values' ->> 'site',
        open = CASE state WHEN 'resolved' THEN 0 ELSE 1 END;
    DROP INDEX ticket_due;
    CREATE INDEX ticket_due ON ticket (due, number) WHERE open = 1;
    CREATE INDEX ticket_assigned_due ON ticket (assignee, due, number) WHERE open = 1;
    CREATE INDEX ticket_assignee ON ticket (assignee, number);
    CREATE INDEX ticket_kind ON ticket (kind, number);
    CREATE INDEX ticket_kind_priority ON ticket ((kind || ' ' || priority), number);
    CREATE INDEX ticket_item ON ticket (item, number) WHERE item IS NOT NULL;
    CREATE INDEX ticket_item_class ON ticket (item_class, number) WHERE item_class IS NOT NULL";

/// What a month counts of one promise, without reading a clock: among 195 000 that stopped in it, one count took
/// 400 ms.
pub(crate) const STOPPED_BY_PROMISE: &str = "
    CREATE INDEX ticket_clock_month ON ticket_clock (promise, stopped, late_seconds) WHERE stopped IS NOT NULL";

/// A person's own tickets come first on their page.
pub(crate) const OPENER: &str = "
    CREATE INDEX ticket_opener_due ON ticket (opened_by, due, number) WHERE open = 1;
    CREATE INDEX ticket_opener ON ticket (opened_by, number)";

/// The answers to the contract's form, where a request had one.
pub(crate) const ANSWERS: &str = "ALTER TABLE ticket ADD COLUMN answers BLOB";

/// Who wrote it down for the person that it is of.
pub(crate) const RECORDED: &str = "ALTER TABLE ticket ADD COLUMN recorded_by BLOB";

pub(crate) const NOUN: Noun = Noun {
    name: "ticket",
    tables: &[
        Table { name: "ticket", keep: Keep::Journaled },
        Table { name: "ticket_step", keep: Keep::Journaled },
        Table { name: "ticket_clock", keep: Keep::Journaled },
    ],
    statements: STATEMENTS,
};

crate::statements! {
    LAST_NUMBER = "SELECT number FROM ticket ORDER BY number DESC LIMIT 1";
    BY_NUMBER = select_ticket!("WHERE number = $1");
    BY_ID = select_ticket!("WHERE id = $1");
    AFTER = select_ticket!("WHERE number > $1 ORDER BY number LIMIT $2");
    BETWEEN = select_ticket!("WHERE number >= $1 AND number < $2 AND open >= $3 ORDER BY number LIMIT $4");
    STEPS = "SELECT seq, at, actor, step FROM ticket_step WHERE ticket = $1 ORDER BY seq";
    CLOCKS = "SELECT promise, label, due, stopped, late_seconds, round FROM ticket_clock
        WHERE ticket = $1 ORDER BY promise, round";
    STOPPED_BETWEEN = "SELECT c.promise, c.label, c.due, c.stopped, c.late_seconds, c.round, t.id, t.number, t.facts,
        t.contract, t.version FROM ticket_clock c JOIN ticket t ON t.id = c.ticket
        WHERE c.stopped >= $1 AND c.stopped < $2 ORDER BY t.number, c.promise";
    STOPPED_COUNT = "SELECT COUNT(*) FILTER (WHERE late_seconds = 0), COUNT(*) FROM ticket_clock
        WHERE stopped >= $1 AND stopped < $2 AND promise = $3";
    OVERDUE = "SELECT c.promise, c.label, c.due, c.stopped, c.late_seconds, c.round, t.id, t.number, t.facts,
        t.contract, t.version FROM ticket_clock c JOIN ticket t ON t.id = c.ticket
        WHERE c.stopped IS NULL AND c.due < $1 ORDER BY t.number, c.promise";
    RUNNING_OUT = "SELECT c.promise, c.label, c.due, c.stopped, c.late_seconds, c.round, t.id, t.number, t.facts,
        t.contract, t.version FROM ticket_clock c JOIN ticket t ON t.id = c.ticket
        WHERE c.stopped IS NULL AND c.due >= $1 AND c.due < $2 AND t.open = 1 ORDER BY c.due";
}

/// Sorts after every instant: nothing is due.
pub const NEVER: i64 = i64::MAX;

/// A ticket as its projection holds it; instants are microseconds UTC.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ticket {
    pub id: TicketId,
    pub number: u64,
    pub contract: ContractId,
    /// The version it opened under.
    pub version: String,
    pub kind: String,
    pub priority: String,
    pub operation: Option<String>,
    /// The item of the perimeter that it is about, its class, and the site; as the facts say now.
    pub item: Option<String>,
    pub item_class: Option<String>,
    pub site: Option<String>,
    /// As they are now.
    pub facts: Facts,
    /// As they were when it opened.
    pub opening_facts: Facts,
    /// How many times its operation had been asked for in the period when it was decided.
    pub used_before: u32,
    pub title: ContentId,
    pub description: ContentId,
    /// The answers to the contract's form, where it had one.
    pub answers: Option<ContentId>,
    pub state: State,
    pub coverage: String,
    pub admission: String,
    pub price: Option<Money>,
    pub cited: Vec<String>,
    pub opened: i64,
    /// Whoever it is of: who opened it, or whom somebody wrote it down for.
    pub opened_by: AccountId,
    /// Who wrote it down for them, when it is somebody else.
    pub recorded_by: Option<AccountId>,
    pub assignee: Option<AccountId>,
    /// The label of the pause in force.
    pub pause: Option<String>,
    /// The next due instant of a running clock; `None` when none runs.
    pub due: Option<i64>,
    pub due_promise: Option<Promise>,
    pub updated: i64,
    /// The entry that opened it.
    pub seq: u64,
    /// The number of the ticket that deals with its matter.
    pub merged_into: Option<u64>,
}

/// Where a ticket stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum State {
    New,
    InProgress,
    Paused,
    /// The service is back, the cause is not dealt with yet.
    Restored,
    Resolved,
}

impl State {
    pub const ALL: [State; 5] =
        [State::New, State::InProgress, State::Paused, State::Restored, State::Resolved];

    pub fn key(self) -> &'static str {
        match self {
            State::New => "new",
            State::InProgress => "in_progress",
            State::Paused => "paused",
            State::Restored => "restored",
            State::Resolved => "resolved",
        }
    }

    /// Whether work on it may go on: what the lists of open tickets and the desk hold.
    pub fn is_open(self) -> bool {
        match self {
            State::New | State::InProgress | State::Paused | State::Restored => true,
            State::Resolved => false,
        }
    }

    pub fn from_key(key: &str) -> Option<State> {
        State::ALL.into_iter().find(|s| s.key() == key)
    }
}

/// One step of a ticket's life.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stepped {
    /// Its journal entry.
    pub seq: u64,
    pub at: i64,
    pub by: AccountId,
    pub step: Step,
}

/// A clock of some ticket, with what a month's results need of the ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Measured {
    pub ticket: TicketId,
    pub number: u64,
    pub facts: Facts,
    pub contract: ContractId,
    pub version: String,
    pub clock: ClockMark,
}

/// The ticket of a number; one that is out of scope is not found.
pub fn by_number(tx: &mut dyn Tx, scope: &Scope, number: u64) -> Result<Option<Ticket>> {
    // Numbers come from addresses: one past what a column holds is no ticket's.
    let Ok(number) = i64::try_from(number) else { return Ok(None) };
    let found = tx.opt_row(BY_NUMBER, vals![number])?.as_ref().map(ticket).transpose()?;
    Ok(found.filter(|t| scope.lets(t)))
}

/// The ticket that another row names, whatever its scope.
pub fn by_id(tx: &mut dyn Tx, id: TicketId) -> Result<Option<Ticket>> {
    tx.opt_row(BY_ID, vals![id.0])?.as_ref().map(ticket).transpose()
}

/// The tickets after a number, in their order, whatever their scope; `limit` at most.
pub(crate) fn after(tx: &mut dyn Tx, number: u64, limit: u32) -> Result<Vec<Ticket>> {
    tx.rows(AFTER, vals![number, limit])?.iter().map(ticket).collect()
}

/// The tickets numbered in `[from, to)`, in their order, whatever their scope; `limit` at most.
pub fn numbered(tx: &mut dyn Tx, from: u64, to: u64, only_open: bool, limit: u32) -> Result<Vec<Ticket>> {
    tx.rows(BETWEEN, vals![from, to, i64::from(only_open), limit])?.iter().map(ticket).collect()
}

/// The number the next ticket takes. Only the vault's one writer asks.
pub fn next_number(tx: &mut dyn Tx) -> Result<u64> {
    Ok(tx.opt_row(LAST_NUMBER, &[])?.map(|r| r.uint(0)).transpose()?.unwrap_or(0) + 1)
}

pub fn steps(tx: &mut dyn Tx, ticket: TicketId) -> Result<Vec<Stepped>> {
    tx.rows(STEPS, vals![ticket.0])?
        .iter()
        .map(|r| {
            Ok(Stepped { seq: r.uint(0)?, at: r.int(1)?, by: AccountId(r.uuid(2)?), step: json(r.text(3)?)? })
        })
        .collect()
}

pub fn clocks(tx: &mut dyn Tx, ticket: TicketId) -> Result<Vec<ClockMark>> {
    tx.rows(CLOCKS, vals![ticket.0])?.iter().map(mark).collect()
}

/// The clocks that stopped in `[from, to)`: the cases whose result is known in that span.
pub fn stopped_between(tx: &mut dyn Tx, from: i64, to: i64) -> Result<Vec<Measured>> {
    tx.rows(STOPPED_BETWEEN, vals![from, to])?.iter().map(measured).collect()
}

/// Of the clocks of a promise that stopped in `[from, to)`, in scope: how many in time, and how many.
pub fn stopped_count(
    tx: &mut dyn Tx,
    scope: &Scope,
    promise: Promise,
    from: i64,
    to: i64,
) -> Result<(u64, u64)> {
    if *scope == Scope::All {
        let row = tx.row(STOPPED_COUNT, vals![from, to, promise.key()])?;
        return Ok((row.uint(0)?, row.uint(1)?));
    }
    let mut stopped = stopped_between(tx, from, to)?;
    stopped.retain(|m| m.clock.promise == promise && scope.lets_facts(m.contract, &m.facts));
    let kept = stopped.iter().filter(|m| m.clock.late_seconds == 0).count();
    Ok((kept as u64, stopped.len() as u64))
}

/// The clocks still running past their due instant at `at`.
pub fn overdue(tx: &mut dyn Tx, at: i64) -> Result<Vec<Measured>> {
    tx.rows(OVERDUE, vals![at])?.iter().map(measured).collect()
}

/// The running clocks of open tickets whose due instant is in `[from, to)`, soonest first.
pub fn running_out(tx: &mut dyn Tx, from: i64, to: i64) -> Result<Vec<Measured>> {
    tx.rows(RUNNING_OUT, vals![from, to])?.iter().map(measured).collect()
}

fn measured(row: &Row) -> Result<Measured> {
    Ok(Measured {
        ticket: TicketId(row.uuid(6)?),
        number: row.uint(7)?,
        facts: json(row.text(8)?)?,
        contract: ContractId(row.uuid(9)?),
        version: row.text(10)?.into(),
        clock: mark(row)?,
    })
}

fn mark(row: &Row) -> Result<ClockMark> {
    Ok(ClockMark {
        promise: promise(row.text(0)?)?,
        label: row.text(1)?.into(),
        due: row.opt_int(2)?,
        stopped: row.opt_int(3)?,
        late_seconds: row.int(4)?,
        round: u32::try_from(row.int(5)?).unwrap_or(u32::MAX),
    })
}

fn ticket(row: &Row) -> Result<Ticket> {
    let due = row.int(20)?;
    Ok(Ticket {
        id: TicketId(row.uuid(0)?),
        number: row.uint(1)?,
        contract: ContractId(row.uuid(2)?),
        version: row.text(3)?.into(),
        kind: row.text(4)?.into(),
        priority: row.text(5)?.into(),
        operation: row.opt_text(6)?.map(str::to_owned),
        item: row.opt_text(26)?.map(str::to_owned),
        item_class: row.opt_text(27)?.map(str::to_owned),
        site: row.opt_text(28)?.map(str::to_owned),
        facts: json(row.text(7)?)?,
        opening_facts: json(row.text(24)?)?,
        used_before: u32::try_from(row.int(25)?).unwrap_or(u32::MAX),
        title: ContentId(row.uuid(8)?),
        description: ContentId(row.uuid(9)?),
        state: state(row.text(10)?)?,
        coverage: row.text(11)?.into(),
        admission: row.text(12)?.into(),
        price: match row.opt_int(13)? {
            Some(cents) => Some(Money { cents, currency: crate::call::currency(row.text(14)?) }),
            None => None,
        },
        cited: json(row.text(15)?)?,
        opened: row.int(16)?,
        opened_by: AccountId(row.uuid(17)?),
        assignee: row.opt_uuid(18)?.map(AccountId),
        pause: row.opt_text(19)?.map(str::to_owned),
        due: (due != NEVER).then_some(due),
        due_promise: row.opt_text(21)?.map(promise).transpose()?,
        updated: row.int(22)?,
        seq: row.uint(23)?,
        merged_into: row.opt_int(29)?.and_then(|n| u64::try_from(n).ok()),
        answers: row.opt_uuid(30)?.map(ContentId),
        recorded_by: row.opt_uuid(31)?.map(AccountId),
    })
}

pub(crate) fn state(key: &str) -> Result<State> {
    State::from_key(key).ok_or_else(|| StoreError::Entry(format!("« {key} » is not a state of a ticket")))
}

pub(crate) fn promise(key: &str) -> Result<Promise> {
    Promise::from_key(key).ok_or_else(|| StoreError::Entry(format!("« {key} » is not a promise")))
}

fn json<T: serde::de::DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|e| StoreError::Entry(format!("a column cannot be read: {e}")))
}

/// The JSON of a value made of text, whole numbers, lists and maps with text keys.
pub(crate) fn to_json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).expect("invariant: maps of events have text keys")
}
