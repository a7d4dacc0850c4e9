//! Open work of all vaults by next due instant: a projection fed by the vaults' outboxes.
//!
//! It can be dropped and rebuilt. It holds no title and no text: the vaults do.

use crate::db::{Row, Tx, WriteTx};
use crate::schema::{Keep, Noun, Table};
use crate::ticket::{About, Strand};
use crate::{Result, vals};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// More lines than a desk has.
const ANY: u32 = 1 << 30;

pub(crate) const TABLES: &str = "
    CREATE TABLE desk (
        ticket BLOB NOT NULL PRIMARY KEY,
        vault BLOB NOT NULL REFERENCES vault (id),
        number INT NOT NULL,
        kind TEXT NOT NULL,
        priority TEXT NOT NULL,
        state TEXT NOT NULL,
        due INT NOT NULL,
        assignee BLOB);
    CREATE INDEX desk_due ON desk (due, ticket);
    CREATE INDEX desk_assignee ON desk (assignee, due, ticket);
    CREATE INDEX desk_vault ON desk (vault, due, ticket);
    CREATE TABLE desk_cursor (
        vault BLOB NOT NULL PRIMARY KEY REFERENCES vault (id),
        seq INT NOT NULL)";

/// What a line is about, for those who may see some items or some contracts only, and the walk by state.
/// Lines written before have no contract; [`stale`] tells, and a rebuild fills them.
pub(crate) const FACETS: &str = "
    ALTER TABLE desk ADD COLUMN contract BLOB;
    ALTER TABLE desk ADD COLUMN item TEXT;
    ALTER TABLE desk ADD COLUMN item_class TEXT;
    CREATE INDEX desk_state ON desk (state, due, ticket);
    CREATE INDEX desk_contract ON desk (contract, due, ticket)";

/// In the order that the load of a team is added up in, with all that it reads.
pub(crate) const LOADED: &str = "CREATE INDEX desk_load ON desk (assignee, vault, state, due)";

/// A query of whole lines: its columns in the order that [`line`] reads them, then the rest of it.
macro_rules! select_line {
    ($($rest:literal)+) => {
        concat!(
            "SELECT ticket, vault, number, kind, priority, state, due, assignee, contract, item, item_class
            FROM desk WHERE (due, ticket) > ($1, $2) ",
            $($rest),+,
            " ORDER BY due, ticket LIMIT $3"
        )
    };
}

pub(crate) const NOUN: Noun = Noun {
    name: "desk",
    tables: &[
        Table { name: "desk", keep: Keep::Ephemeral },
        Table { name: "desk_cursor", keep: Keep::Ephemeral },
    ],
    statements: STATEMENTS,
};

crate::statements! {
    PUT = "INSERT INTO desk (ticket, vault, number, kind, priority, state, due, assignee, contract, item, item_class)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
        ON CONFLICT (ticket) DO UPDATE SET kind = excluded.kind, priority = excluded.priority,
        state = excluded.state, due = excluded.due, assignee = excluded.assignee, contract = excluded.contract,
        item = excluded.item, item_class = excluded.item_class";
    REMOVE = "DELETE FROM desk WHERE ticket = $1";
    CLEAR = "DELETE FROM desk WHERE vault = $1";
    STALE = "SELECT 1 FROM desk WHERE contract IS NULL LIMIT 1";
    PAGE = select_line!("");
    PAGE_OF_ASSIGNEE = select_line!("AND assignee = $4");
    PAGE_UNASSIGNED = select_line!("AND assignee IS NULL");
    PAGE_BEFORE = select_line!("AND due < $4");
    PAGE_IN_STATE = select_line!("AND state = $4");
    PAGE_OF_VAULT = select_line!("AND vault = $4");
    PAGE_WITHIN = select_line!(
        "AND vault = $4 AND (contract = $5 OR $5 = $6) AND ($7 = '' OR item = $7) AND ($8 = '' OR item_class = $8)
            AND ($9 = '' OR state = $9) AND (due < $10 OR $11 = 1) AND (assignee = $12 OR $12 = $6)
            AND ($13 = 0 OR assignee IS NULL)"
    );
    COUNT = "SELECT COUNT(*) FROM desk";
    COUNT_OF_ASSIGNEE = "SELECT COUNT(*) FROM desk WHERE assignee = $1";
    COUNT_UNASSIGNED = "SELECT COUNT(*) FROM desk WHERE assignee IS NULL";
    COUNT_BEFORE = "SELECT COUNT(*) FROM desk WHERE due < $1";
    COUNT_IN_STATE = "SELECT COUNT(*) FROM desk WHERE state = $1";
    COUNT_OF_VAULT = "SELECT COUNT(*) FROM desk WHERE vault = $1";
    LOAD = "SELECT assignee, vault, state, COUNT(*), COUNT(CASE WHEN due < $1 THEN 1 END),
        COUNT(CASE WHEN due >= $1 AND due < $2 THEN 1 END), MIN(due)
        FROM desk GROUP BY assignee, vault, state";
    CURSOR = "SELECT seq FROM desk_cursor WHERE vault = $1";
    SET_CURSOR = "INSERT INTO desk_cursor (vault, seq) VALUES ($1, $2)
        ON CONFLICT (vault) DO UPDATE SET seq = excluded.seq";
}

/// One line of the desk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub ticket: Uuid,
    pub vault: Uuid,
    /// The ticket's number in its vault.
    pub number: i64,
    pub kind: String,
    pub priority: String,
    pub state: String,
    /// Microseconds UTC; `i64::MAX` when nothing is due (paused, no promise), so it sorts last.
    pub due: i64,
    pub assignee: Option<Uuid>,
    /// The contract that it was opened under; `None` on a line from before lines had one.
    pub contract: Option<Uuid>,
    pub item: Option<String>,
    pub item_class: Option<String>,
}

/// Which lines of the desk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Which {
    All,
    Assignee(Uuid),
    /// Those that nobody has taken over.
    Unassigned,
    /// Those due before an instant, in microseconds UTC.
    Before(i64),
    /// Those in a state of tickets, by its key.
    InState(&'static str),
    Vault(Uuid),
}

/// The lines that somebody may see.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Reach {
    #[default]
    All,
    /// Those of a vault that one of its strands lets through, for each of these.
    Only(Vec<(Uuid, Strand)>),
}

/// The place of a line: the next page starts after it.
pub type Place = (i64, Uuid);

fn line(row: &Row) -> Result<Line> {
    Ok(Line {
        ticket: row.uuid(0)?,
        vault: row.uuid(1)?,
        number: row.int(2)?,
        kind: row.text(3)?.into(),
        priority: row.text(4)?.into(),
        state: row.text(5)?.into(),
        due: row.int(6)?,
        assignee: row.opt_uuid(7)?,
        contract: row.opt_uuid(8)?,
        item: row.opt_text(9)?.map(str::to_owned),
        item_class: row.opt_text(10)?.map(str::to_owned),
    })
}

/// Adds or replaces a line.
pub fn put(tx: &mut WriteTx<'_>, l: &Line) -> Result<()> {
    let p = vals![
        l.ticket,
        l.vault,
        l.number,
        &l.kind,
        &l.priority,
        &l.state,
        l.due,
        l.assignee,
        l.contract,
        l.item.as_deref(),
        l.item_class.as_deref()
    ];
    tx.exec(PUT, p).map(drop)
}

/// Takes a ticket off the desk: it is closed.
pub fn remove(tx: &mut WriteTx<'_>, ticket: Uuid) -> Result<()> {
    tx.exec(REMOVE, vals![ticket]).map(drop)
}

/// Takes all of a vault's lines off, before a rebuild.
pub fn clear(tx: &mut WriteTx<'_>, vault: Uuid) -> Result<()> {
    tx.exec(CLEAR, vals![vault]).map(drop)
}

/// Whether some line was written before lines had all their columns: the desk wants a rebuild.
pub fn stale(tx: &mut dyn Tx) -> Result<bool> {
    Ok(tx.opt_row(STALE, &[])?.is_some())
}

/// How many lines there are of those within reach.
pub fn count(tx: &mut dyn Tx, reach: &Reach, which: &Which) -> Result<u64> {
    if let Reach::Only(strands) = reach {
        // A line may be in two strands: it counts once.
        let mut seen = BTreeSet::new();
        for (vault, strand) in strands {
            seen.extend(within(tx, (*vault, strand), which, None, ANY)?.into_iter().map(|l| l.ticket));
        }
        return Ok(seen.len() as u64);
    }
    let row = match which {
        Which::All => tx.row(COUNT, &[]),
        Which::Assignee(who) => tx.row(COUNT_OF_ASSIGNEE, vals![*who]),
        Which::Unassigned => tx.row(COUNT_UNASSIGNED, &[]),
        Which::Before(at) => tx.row(COUNT_BEFORE, vals![*at]),
        Which::InState(state) => tx.row(COUNT_IN_STATE, vals![*state]),
        Which::Vault(vault) => tx.row(COUNT_OF_VAULT, vals![*vault]),
    };
    row?.uint(0)
}

/// Lines within reach by due instant, after a place or from the start.
pub fn page(
    tx: &mut dyn Tx,
    reach: &Reach,
    which: &Which,
    after: Option<Place>,
    limit: u32,
) -> Result<Vec<Line>> {
    if let Reach::Only(strands) = reach {
        let mut lines = Vec::new();
        for (vault, strand) in strands {
            lines.extend(within(tx, (*vault, strand), which, after, limit)?);
        }
        lines.sort_by_key(|l| (l.due, l.ticket));
        lines.dedup_by_key(|l| l.ticket);
        lines.truncate(limit as usize);
        return Ok(lines);
    }
    let (due, ticket) = after.unwrap_or((i64::MIN, Uuid::nil()));
    let rows = match which {
        Which::All => tx.rows(PAGE, vals![due, ticket, limit]),
        Which::Assignee(who) => tx.rows(PAGE_OF_ASSIGNEE, vals![due, ticket, limit, *who]),
        Which::Unassigned => tx.rows(PAGE_UNASSIGNED, vals![due, ticket, limit]),
        Which::Before(at) => tx.rows(PAGE_BEFORE, vals![due, ticket, limit, *at]),
        Which::InState(state) => tx.rows(PAGE_IN_STATE, vals![due, ticket, limit, *state]),
        Which::Vault(vault) => tx.rows(PAGE_OF_VAULT, vals![due, ticket, limit, *vault]),
    };
    rows?.iter().map(line).collect()
}

/// The lines of one strand, in the order of [`page`].
fn within(
    tx: &mut dyn Tx,
    (vault, strand): (Uuid, &Strand),
    which: &Which,
    after: Option<Place>,
    limit: u32,
) -> Result<Vec<Line>> {
    if matches!(which, Which::Vault(only) if *only != vault) {
        return Ok(Vec::new());
    }
    let (due, ticket) = after.unwrap_or((i64::MIN, Uuid::nil()));
    let contract = strand.contract.map_or(Uuid::nil(), |c| c.0);
    let (item, class) = match &strand.about {
        About::Anything => ("", ""),
        About::Item(item) => (item.as_str(), ""),
        About::Class(class) => ("", class.as_str()),
    };
    let state = if let Which::InState(state) = which { *state } else { "" };
    // Nothing due is the latest of all, and due before no instant.
    let (before, never) = if let Which::Before(at) = which { (*at, 0) } else { (i64::MAX, 1) };
    let assignee = if let Which::Assignee(who) = which { *who } else { Uuid::nil() };
    let nobody = i64::from(*which == Which::Unassigned);
    let p = vals![
        due,
        ticket,
        limit,
        vault,
        contract,
        Uuid::nil(),
        item,
        class,
        state,
        before,
        never,
        assignee,
        nobody
    ];
    tx.rows(PAGE_WITHIN, p)?.iter().map(line).collect()
}

/// Open tickets of one person, for one customer, in one state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Load {
    /// `None` for those that nobody has.
    pub assignee: Option<Uuid>,
    pub vault: Uuid,
    pub state: String,
    pub open: u64,
    /// Those due before the first instant.
    pub late: u64,
    /// Those due from the first instant to the second.
    pub soon: u64,
    /// The first due of them all; `i64::MAX` when nothing is due.
    pub next: i64,
}

/// The open tickets within reach, gathered by person, customer and state, in that order.
pub fn load(tx: &mut dyn Tx, reach: &Reach, now: i64, until: i64) -> Result<Vec<Load>> {
    let mut load = match reach {
        Reach::All => tx.rows(LOAD, vals![now, until])?.iter().map(gathered).collect::<Result<Vec<_>>>()?,
        Reach::Only(_) => {
            let lines = page(tx, reach, &Which::All, None, ANY)?;
            gather(&lines, now, until)
        }
    };
    load.sort_by(|a, b| (a.assignee, a.vault, &a.state).cmp(&(b.assignee, b.vault, &b.state)));
    Ok(load)
}

fn gathered(row: &Row) -> Result<Load> {
    Ok(Load {
        assignee: row.opt_uuid(0)?,
        vault: row.uuid(1)?,
        state: row.text(2)?.into(),
        open: row.uint(3)?,
        late: row.uint(4)?,
        soon: row.uint(5)?,
        next: row.int(6)?,
    })
}

fn gather(lines: &[Line], now: i64, until: i64) -> Vec<Load> {
    let mut groups: BTreeMap<(Option<Uuid>, Uuid, &str), Load> = BTreeMap::new();
    for l in lines {
        let group = groups.entry((l.assignee, l.vault, &l.state)).or_insert_with(|| Load {
            assignee: l.assignee,
            vault: l.vault,
            state: l.state.clone(),
            open: 0,
            late: 0,
            soon: 0,
            next: i64::MAX,
        });
        group.open += 1;
        group.late += u64::from(l.due < now);
        group.soon += u64::from(l.due >= now && l.due < until);
        group.next = group.next.min(l.due);
    }
    groups.into_values().collect()
}

/// The last message of a vault's outbox already on the desk; 0 at first.
pub fn cursor(tx: &mut dyn Tx, vault: Uuid) -> Result<i64> {
    Ok(tx.opt_row(CURSOR, vals![vault])?.map(|r| r.int(0)).transpose()?.unwrap_or(0))
}

/// Remembers, in the transaction that applied them, how far the messages were applied.
pub fn set_cursor(tx: &mut WriteTx<'_>, vault: Uuid, seq: i64) -> Result<()> {
    tx.exec(SET_CURSOR, vals![vault, seq]).map(drop)
}
