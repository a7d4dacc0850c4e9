//! Lists of tickets, by keys, so that the thousandth page costs what the first does.
//!
//! A list is walked along one index, chosen by its most telling filter; the other filters are looked at
//! row by row, over [`EXAMINED`] rows at most. A page of a rare combination may so be short, or empty,
//! and still have a next one: what a page costs is bounded whatever is asked.

use super::filter::{Filter, Opener, Which};
use super::{About, NEVER, Scope, State, Strand, Ticket, ticket};
use crate::db::{Tx, Val};
use crate::schema::Noun;
use crate::{Result, StoreError, vals};

pub(crate) const NOUN: Noun = Noun { name: "ticket.list", tables: &[], statements: STATEMENTS };

/// A page of a walk by number, newest first: `$1` before, `$2` the last row to look at, `$3` how many,
/// then state, priority, kind and item, each empty for any, and what [`Strand::params`] and
/// [`Opener::params`] give.
macro_rules! by_number {
    ($along:literal) => {
        select_ticket!(
            "WHERE number < $1 AND number >= $2 AND ($4 = '' OR state = $4) AND ($5 = '' OR priority = $5)
            AND ($6 = '' OR kind = $6) AND ($7 = '' OR item = $7) AND ($8 = '' OR item_class = $8)
            AND (contract = $9 OR $9 = $10) AND ($11 = $10 OR (opened_by = $11) = ($12 = 1)) "
            $along " ORDER BY number DESC LIMIT $3"
        )
    };
}

/// The number of the last row of that walk to look at: `$1` before, `$2` how many rows on.
macro_rules! last_by_number {
    ($along:literal) => {
        concat!(
            "SELECT number FROM ticket WHERE number < $1 AND ",
            $along,
            " ORDER BY number DESC LIMIT 1 OFFSET $2"
        )
    };
}

/// A page of open tickets by due instant: after `$1, $2`, up to `$3, $4`, `$5` of them, then priority,
/// kind, item and what [`Strand::params`] and [`Opener::params`] give.
macro_rules! by_due {
    ($along:literal) => {
        select_ticket!(
            "WHERE open = 1 AND (due, number) > ($1, $2) AND (due, number) <= ($3, $4)
            AND ($6 = '' OR priority = $6) AND ($7 = '' OR kind = $7) AND ($8 = '' OR item = $8)
            AND ($9 = '' OR item_class = $9) AND (contract = $10 OR $10 = $11)
            AND ($12 = $11 OR (opened_by = $12) = ($13 = 1)) "
            $along " ORDER BY due, number LIMIT $5"
        )
    };
}

macro_rules! last_by_due {
    ($along:literal) => {
        concat!(
            "SELECT due, number FROM ticket WHERE open = 1 AND (due, number) > ($1, $2) ",
            $along,
            " ORDER BY due, number LIMIT 1 OFFSET $3"
        )
    };
}

crate::statements! {
    ALL = by_number!("");
    LAST_ALL = last_by_number!("number > 0");
    BY_STATE = by_number!("AND state = $13");
    BY_PRIORITY = by_number!("AND priority = $13");
    BY_KIND = by_number!("AND kind = $13");
    BY_KIND_AND_PRIORITY = by_number!("AND kind || ' ' || priority = $13");
    BY_ITEM = by_number!("AND item = $13");
    BY_CLASS = by_number!("AND item_class = $13");
    BY_ASSIGNEE = by_number!("AND assignee = $13");
    BY_OPENER = by_number!("AND opened_by = $13");
    LAST_BY_STATE = last_by_number!("state = $3");
    LAST_BY_PRIORITY = last_by_number!("priority = $3");
    LAST_BY_KIND = last_by_number!("kind = $3");
    LAST_BY_KIND_AND_PRIORITY = last_by_number!("kind || ' ' || priority = $3");
    LAST_BY_ITEM = last_by_number!("item = $3");
    LAST_BY_CLASS = last_by_number!("item_class = $3");
    LAST_BY_ASSIGNEE = last_by_number!("assignee = $3");
    LAST_BY_OPENER = last_by_number!("opened_by = $3");
    OPEN_BY_DUE = by_due!("");
    ASSIGNED_BY_DUE = by_due!("AND assignee = $14");
    OPENED_BY_DUE = by_due!("AND opened_by = $14");
    LAST_OPEN = last_by_due!("");
    LAST_ASSIGNED = last_by_due!("AND assignee = $4");
    LAST_OPENED = last_by_due!("AND opened_by = $4");
    COUNT_STATE = "SELECT COUNT(*) FROM ticket WHERE state = $1";
    WITH_OPERATION = select_ticket!("WHERE operation = $1 AND opened >= $2 AND opened < $3 AND merged_into IS NULL
        ORDER BY opened, number");
    OPENED_BETWEEN = select_ticket!("WHERE opened >= $1 AND opened < $2 AND merged_into IS NULL ORDER BY number");
    OPENED = "SELECT COUNT(*) FROM ticket WHERE opened >= $1 AND opened < $2";
    RESOLVED_SINCE = select_ticket!("WHERE state = 'resolved' AND updated >= $1");
    RESOLVED = "SELECT COUNT(*) FROM ticket WHERE state = 'resolved' AND updated >= $1";
}

/// Rows looked at for one page at most: some six milliseconds of them.
pub const EXAMINED: u32 = 1_500;

/// The last row that a page looked at: the next page starts after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// Of a list by number, newest first.
    Number(u64),
    /// Of a list by due instant: the instant in microseconds UTC, [`NEVER`] for none, then the number.
    Due(i64, u64),
}

impl Key {
    /// In the order of its list, least first.
    fn place(self) -> (i64, u64) {
        match self {
            Key::Number(number) => (0, u64::MAX - number),
            Key::Due(due, number) => (due, number),
        }
    }

    /// As an address carries it: `t412`, or `d1790000000000000.412`.
    pub fn text(self) -> String {
        match self {
            Key::Number(number) => format!("t{number}"),
            Key::Due(due, number) => format!("d{due}.{number}"),
        }
    }

    /// `None` for anything that [`Key::text`] does not give.
    pub fn parse(text: &str) -> Option<Key> {
        let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit()) && !text.is_empty();
        let number =
            |text: &str| text.parse::<i64>().ok().filter(|_| digits(text)).and_then(|n| n.try_into().ok());
        match text.split_at_checked(1)? {
            ("t", rest) => Some(Key::Number(number(rest)?)),
            ("d", rest) => {
                let (due, after) = rest.split_once('.')?;
                let due = due.parse().ok().filter(|_| digits(due.strip_prefix('-').unwrap_or(due)))?;
                Some(Key::Due(due, number(after)?))
            }
            _ => None,
        }
    }
}

/// A page and the key of the next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    pub tickets: Vec<Ticket>,
    /// Pass as `after` for the next page; `None` at the end. There may be one after an empty page.
    pub next: Option<Key>,
}

/// The tickets in scope after `after` that the filter lets through, `limit` at most, in the order that
/// [`Which`] says. A key of the other order starts from the beginning.
pub fn list(
    tx: &mut dyn Tx,
    scope: &Scope,
    filter: &Filter,
    after: Option<Key>,
    limit: u32,
) -> Result<Shown> {
    match scope {
        Scope::All => along(tx, &Strand::ALL, filter, after, limit),
        Scope::Only(strands) => {
            let pages = strands.iter().map(|strand| along(tx, strand, filter, after, limit));
            Ok(woven(pages.collect::<Result<_>>()?, filter, limit))
        }
    }
}

/// A page of one strand.
fn along(tx: &mut dyn Tx, strand: &Strand, filter: &Filter, after: Option<Key>, limit: u32) -> Result<Shown> {
    let Some(filter) = &strand.narrow(filter) else { return Ok(Shown { tickets: Vec::new(), next: None }) };
    match filter.which {
        Which::All => newest(tx, strand, filter, None, after, limit),
        Which::In(state) => newest(tx, strand, filter, Some(state), after, limit),
        Which::Open => soonest(tx, strand, filter, (NEVER, i64::MAX), after, limit),
        Which::Late(at) => soonest(tx, strand, filter, (at.saturating_sub(1), i64::MAX), after, limit),
    }
}

/// One page out of those of the strands: as far as every strand was looked at, each ticket once.
fn woven(pages: Vec<Shown>, filter: &Filter, limit: u32) -> Shown {
    let key: fn(&Ticket) -> Key = match filter.which {
        Which::All | Which::In(_) => |t| Key::Number(t.number),
        Which::Open | Which::Late(_) => |t| Key::Due(t.due.unwrap_or(NEVER), t.number),
    };
    let looked = pages.iter().filter_map(|page| page.next).min_by_key(|next| next.place());
    let mut tickets: Vec<Ticket> = pages.into_iter().flat_map(|page| page.tickets).collect();
    tickets.sort_by_key(|t| key(t).place());
    tickets.dedup_by_key(|t| t.number);
    tickets.retain(|t| looked.is_none_or(|looked| key(t).place() <= looked.place()));
    cut(tickets, limit, looked, key)
}

/// A walk along one index, and the search of the last row to look at.
struct Walk {
    page: &'static str,
    last: &'static str,
    along: Option<Val>,
    /// How many filters the index alone answers.
    answers: usize,
}

impl Walk {
    /// By number: whoever works on it or declared it tells most, then the item, then a state that tickets pass through.
    fn by_number(filter: &Filter, strand: &Strand, state: Option<State>) -> Walk {
        let walk = |page, last, along: Val| Walk { page, last, along: Some(along), answers: 1 };
        if let Some(who) = filter.assignee {
            return walk(BY_ASSIGNEE, LAST_BY_ASSIGNEE, who.0.into());
        }
        if let Opener::Only(who) = filter.opener {
            return walk(BY_OPENER, LAST_BY_OPENER, who.0.into());
        }
        if let Some(item) = &filter.item {
            return walk(BY_ITEM, LAST_BY_ITEM, item.into());
        }
        if let About::Class(class) = &strand.about {
            return walk(BY_CLASS, LAST_BY_CLASS, class.into());
        }
        if let Some(passing) = state.filter(|s| s.is_open()) {
            return walk(BY_STATE, LAST_BY_STATE, passing.key().into());
        }
        match (&filter.kind, &filter.priority, state) {
            (Some(kind), Some(priority), _) => {
                let both = format!("{kind} {priority}").into();
                Walk { answers: 2, ..walk(BY_KIND_AND_PRIORITY, LAST_BY_KIND_AND_PRIORITY, both) }
            }
            (None, Some(priority), _) => walk(BY_PRIORITY, LAST_BY_PRIORITY, priority.into()),
            (Some(kind), None, _) => walk(BY_KIND, LAST_BY_KIND, kind.into()),
            (None, None, Some(state)) => walk(BY_STATE, LAST_BY_STATE, state.key().into()),
            (None, None, None) => Walk { page: ALL, last: LAST_ALL, along: None, answers: 0 },
        }
    }
}

fn newest(
    tx: &mut dyn Tx,
    strand: &Strand,
    filter: &Filter,
    state: Option<State>,
    after: Option<Key>,
    limit: u32,
) -> Result<Shown> {
    let before = match after {
        Some(Key::Number(number)) => i64::try_from(number).unwrap_or(i64::MAX),
        Some(Key::Due(..)) | None => i64::MAX,
    };
    let walk = Walk::by_number(filter, strand, state);
    let mut last = None;
    // Without a filter that is looked at row by row, every row of the walk is one of the page's.
    if filter.others(strand) + usize::from(state.is_some()) > walk.answers {
        let mut p = vals![before, EXAMINED - 1].to_vec();
        p.extend(walk.along.clone());
        last = tx.opt_row(walk.last, &p)?.map(|r| r.int(0)).transpose()?;
    }
    let mut p = vals![before, last.unwrap_or(i64::MIN), limit + 1, state.map_or("", State::key)].to_vec();
    p.extend([&filter.priority, &filter.kind, &filter.item].map(any));
    p.extend(strand.params());
    p.extend(filter.opener.params());
    p.extend(walk.along);
    let rows = tx.rows(walk.page, &p)?;
    let tickets = rows.iter().map(ticket).collect::<Result<Vec<_>>>()?;
    let looked = last.and_then(|n| u64::try_from(n).ok()).map(Key::Number);
    Ok(cut(tickets, limit, looked, |t| Key::Number(t.number)))
}

fn soonest(
    tx: &mut dyn Tx,
    strand: &Strand,
    filter: &Filter,
    until: (i64, i64),
    after: Option<Key>,
    limit: u32,
) -> Result<Shown> {
    let (due, number) = match after {
        Some(Key::Due(due, number)) => (due, i64::try_from(number).unwrap_or(i64::MAX)),
        Some(Key::Number(_)) | None => (i64::MIN, 0),
    };
    let (page, sql, who) = match (filter.assignee, filter.opener) {
        (Some(who), _) => (ASSIGNED_BY_DUE, LAST_ASSIGNED, Some(who)),
        (None, Opener::Only(who)) => (OPENED_BY_DUE, LAST_OPENED, Some(who)),
        (None, _) => (OPEN_BY_DUE, LAST_OPEN, None),
    };
    let who: Option<Val> = who.map(|who| who.0.into());
    let mut last = None;
    if filter.others(strand) > usize::from(who.is_some()) {
        let mut p = vals![due, number, EXAMINED - 1].to_vec();
        p.extend(who.clone());
        let row = tx.opt_row(sql, &p)?;
        let place = row.map(|r| Ok::<_, StoreError>((r.int(0)?, r.int(1)?))).transpose()?;
        last = place.filter(|place| *place < until);
    }
    let (due_until, number_until) = last.unwrap_or(until);
    let mut p = vals![due, number, due_until, number_until, limit + 1].to_vec();
    p.extend([&filter.priority, &filter.kind, &filter.item].map(any));
    p.extend(strand.params());
    p.extend(filter.opener.params());
    p.extend(who);
    let rows = tx.rows(page, &p)?;
    let tickets = rows.iter().map(ticket).collect::<Result<Vec<_>>>()?;
    let looked = last.and_then(|(due, number)| Some(Key::Due(due, u64::try_from(number).ok()?)));
    Ok(cut(tickets, limit, looked, |t| Key::Due(t.due.unwrap_or(NEVER), t.number)))
}

/// A filter that is left out, as the statements read it.
fn any(value: &Option<String>) -> Val {
    value.as_deref().unwrap_or_default().into()
}

/// A page of `limit` of one row more, or of what was found up to `looked`.
fn cut(mut tickets: Vec<Ticket>, limit: u32, looked: Option<Key>, key: fn(&Ticket) -> Key) -> Shown {
    let more = tickets.len() > limit as usize;
    tickets.truncate(limit as usize);
    let next = if more { tickets.last().map(key) } else { looked };
    Shown { tickets, next }
}

/// All tickets in scope that are open, soonest due first, then those with nothing due.
pub fn open_by_due(tx: &mut dyn Tx, scope: &Scope) -> Result<Vec<Ticket>> {
    let filter = Filter { which: Which::Open, ..Filter::default() };
    let (mut open, mut after) = (Vec::new(), None);
    loop {
        let page = list(tx, scope, &filter, after, EXAMINED)?;
        open.extend(page.tickets);
        after = page.next;
        if after.is_none() {
            return Ok(open);
        }
    }
}

/// How many tickets in scope are in each open state, in the order of [`State::ALL`].
pub fn count_open(tx: &mut dyn Tx, scope: &Scope) -> Result<Vec<(State, u64)>> {
    let states = State::ALL.into_iter().filter(|s| s.is_open());
    if *scope == Scope::All {
        return states.map(|s| Ok((s, tx.row(COUNT_STATE, vals![s.key()])?.uint(0)?))).collect();
    }
    let open = open_by_due(tx, scope)?;
    Ok(states.map(|s| (s, open.iter().filter(|t| t.state == s).count() as u64)).collect())
}

/// The tickets that asked for an operation and were opened in `[from, to)`, oldest first; what was merged
/// into another was asked once.
pub fn with_operation(tx: &mut dyn Tx, operation: &str, from: i64, to: i64) -> Result<Vec<Ticket>> {
    tx.rows(WITH_OPERATION, vals![operation, from, to])?.iter().map(ticket).collect()
}

/// The tickets opened in `[from, to)`, oldest first, but those merged into another.
pub fn opened_in(tx: &mut dyn Tx, from: i64, to: i64) -> Result<Vec<Ticket>> {
    tx.rows(OPENED_BETWEEN, vals![from, to])?.iter().map(ticket).collect()
}

/// How many in scope were opened in `[from, to)`.
pub fn opened_between(tx: &mut dyn Tx, scope: &Scope, from: i64, to: i64) -> Result<u64> {
    if *scope == Scope::All {
        return tx.row(OPENED, vals![from, to])?.uint(0);
    }
    Ok(opened_in(tx, from, to)?.iter().filter(|t| scope.lets(t)).count() as u64)
}

/// How many in scope are resolved and last moved at `from` or later.
pub fn resolved_since(tx: &mut dyn Tx, scope: &Scope, from: i64) -> Result<u64> {
    if *scope == Scope::All {
        return tx.row(RESOLVED, vals![from])?.uint(0);
    }
    let rows = tx.rows(RESOLVED_SINCE, vals![from])?;
    let resolved = rows.iter().map(ticket).collect::<Result<Vec<_>>>()?;
    Ok(resolved.iter().filter(|t| scope.lets(t)).count() as u64)
}
