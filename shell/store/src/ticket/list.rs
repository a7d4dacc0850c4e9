//! Lists of tickets, by keys, so that the thousandth page costs what the first does.

use super::{NEVER, State, Ticket, ticket};
use crate::db::Tx;
use crate::schema::Noun;
use crate::{Result, vals};

pub(crate) const NOUN: Noun = Noun { name: "ticket.list", tables: &[], statements: STATEMENTS };

crate::statements! {
    ALL = select_ticket!("WHERE number < $1 ORDER BY number DESC LIMIT $2");
    BY_STATE = select_ticket!("WHERE state = $1 AND number < $2 ORDER BY number DESC LIMIT $3");
    BY_PRIORITY = select_ticket!("WHERE priority = $1 AND number < $2 ORDER BY number DESC LIMIT $3");
    BY_BOTH = select_ticket!("WHERE state = $1 AND priority = $2 AND number < $3 ORDER BY number DESC LIMIT $4");
    OPEN_BY_DUE = select_ticket!("WHERE state <> 'resolved' AND due < $1 ORDER BY due, number LIMIT $2");
    OPEN_IDLE = select_ticket!("WHERE state = $1 AND due = $2 ORDER BY number DESC LIMIT $3");
    COUNT_STATE = "SELECT COUNT(*) FROM ticket WHERE state = $1";
    WITH_OPERATION = select_ticket!("WHERE operation = $1 AND opened >= $2 AND opened < $3 ORDER BY opened, number");
    OPENED_BETWEEN = select_ticket!("WHERE opened >= $1 AND opened < $2 ORDER BY number");
    OPENED = "SELECT COUNT(*) FROM ticket WHERE opened >= $1 AND opened < $2";
    RESOLVED = "SELECT COUNT(*) FROM ticket WHERE state = 'resolved' AND updated >= $1";
}

/// Which tickets of a vault.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    pub state: Option<State>,
    pub priority: Option<String>,
}

/// A page and the key of the next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    pub tickets: Vec<Ticket>,
    /// Pass as `before` for the next page; `None` at the end.
    pub next: Option<u64>,
}

/// Newest first, those numbered under `before`, `limit` at most.
pub fn list(tx: &mut dyn Tx, filter: &Filter, before: Option<u64>, limit: u32) -> Result<Shown> {
    let before = before.map_or(i64::MAX, |n| i64::try_from(n).unwrap_or(i64::MAX));
    let ask = limit + 1;
    let rows = match (&filter.state, &filter.priority) {
        (None, None) => tx.rows(ALL, vals![before, ask])?,
        (Some(s), None) => tx.rows(BY_STATE, vals![s.key(), before, ask])?,
        (None, Some(p)) => tx.rows(BY_PRIORITY, vals![p, before, ask])?,
        (Some(s), Some(p)) => tx.rows(BY_BOTH, vals![s.key(), p, before, ask])?,
    };
    let mut tickets = rows.iter().map(ticket).collect::<Result<Vec<_>>>()?;
    let more = tickets.len() > limit as usize;
    tickets.truncate(limit as usize);
    let next = if more { tickets.last().map(|t| t.number) } else { None };
    Ok(Shown { tickets, next })
}

/// Tickets not resolved: those with something due, soonest first, then those with nothing due.
pub fn open_by_due(tx: &mut dyn Tx, limit: u32) -> Result<Vec<Ticket>> {
    let mut tickets =
        tx.rows(OPEN_BY_DUE, vals![NEVER, limit])?.iter().map(ticket).collect::<Result<Vec<_>>>()?;
    for state in [State::New, State::InProgress, State::Paused, State::Restored] {
        let room = limit.saturating_sub(u32::try_from(tickets.len()).unwrap_or(u32::MAX));
        let idle = tx.rows(OPEN_IDLE, vals![state.key(), NEVER, room])?;
        tickets.extend(idle.iter().map(ticket).collect::<Result<Vec<_>>>()?);
    }
    Ok(tickets)
}

/// How many tickets are in each open state, in the order of [`State::ALL`] without the last.
pub fn count_open(tx: &mut dyn Tx) -> Result<Vec<(State, u64)>> {
    State::ALL
        .into_iter()
        .filter(|s| *s != State::Resolved)
        .map(|s| Ok((s, tx.row(COUNT_STATE, vals![s.key()])?.uint(0)?)))
        .collect()
}

/// The tickets that asked for an operation and were opened in `[from, to)`, oldest first.
pub fn with_operation(tx: &mut dyn Tx, operation: &str, from: i64, to: i64) -> Result<Vec<Ticket>> {
    tx.rows(WITH_OPERATION, vals![operation, from, to])?.iter().map(ticket).collect()
}

/// The tickets opened in `[from, to)`, oldest first.
pub fn opened_in(tx: &mut dyn Tx, from: i64, to: i64) -> Result<Vec<Ticket>> {
    tx.rows(OPENED_BETWEEN, vals![from, to])?.iter().map(ticket).collect()
}

/// How many were opened in `[from, to)`.
pub fn opened_between(tx: &mut dyn Tx, from: i64, to: i64) -> Result<u64> {
    tx.row(OPENED, vals![from, to])?.uint(0)
}

/// How many are resolved and last moved at `from` or later.
pub fn resolved_since(tx: &mut dyn Tx, from: i64) -> Result<u64> {
    tx.row(RESOLVED, vals![from])?.uint(0)
}
