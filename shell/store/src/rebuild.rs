//! Projections rebuilt from the journal, and compared with what the vault holds.
//!
//! The entries are applied by the very function that recording uses, in a scratch database that is
//! thrown away; then each journaled table must hold the same rows on both sides. A row changed by
//! other means than an event shows up here, with its table.

use crate::db::{Database, WriteTx};
use crate::schema::{Keep, Noun, Table};
use crate::{Options, Place, Result, StoreError, log, record, vals, vault};
use base::Bilingual;
use events::Event;
use journal::envelope::Envelope;
use std::path::Path;

pub(crate) const NOUN: Noun = Noun { name: "rebuild", tables: &[], statements: STATEMENTS };

crate::statements! {
    ACTORS = "SELECT * FROM actor ORDER BY id LIMIT $1 OFFSET $2";
    CONTRACTS = "SELECT * FROM contract_version ORDER BY contract, version LIMIT $1 OFFSET $2";
    TICKETS = "SELECT * FROM ticket ORDER BY id LIMIT $1 OFFSET $2";
    STEPS = "SELECT * FROM ticket_step ORDER BY ticket, seq LIMIT $1 OFFSET $2";
    AGREED = "SELECT * FROM ticket_agreed ORDER BY ticket, seq LIMIT $1 OFFSET $2";
    CLOCKS = "SELECT * FROM ticket_clock ORDER BY ticket, promise, round LIMIT $1 OFFSET $2";
    CALLS = "SELECT * FROM call ORDER BY id LIMIT $1 OFFSET $2";
    DONE = "SELECT * FROM duty_done ORDER BY id LIMIT $1 OFFSET $2";
    TOLD = "SELECT * FROM life_told ORDER BY id LIMIT $1 OFFSET $2";
    OUTAGES = "SELECT * FROM outage ORDER BY id LIMIT $1 OFFSET $2";
    MAINTENANCE = "SELECT * FROM maintenance ORDER BY id LIMIT $1 OFFSET $2";
    FILES = "SELECT * FROM file ORDER BY id LIMIT $1 OFFSET $2";
    TIME = "SELECT * FROM time_entry ORDER BY id LIMIT $1 OFFSET $2";
    WEEKS = "SELECT * FROM time_week ORDER BY person, week LIMIT $1 OFFSET $2";
    LINKS = "SELECT * FROM ticket_link ORDER BY source, kind, target LIMIT $1 OFFSET $2";
    WATCHERS = "SELECT * FROM ticket_watcher ORDER BY ticket, account LIMIT $1 OFFSET $2";
    KNOWN = "SELECT * FROM known_error ORDER BY ticket LIMIT $1 OFFSET $2";
    CHANGES = "SELECT * FROM change_plan ORDER BY ticket LIMIT $1 OFFSET $2";
    PAUSES = "SELECT * FROM ticket_pause ORDER BY ticket, seq LIMIT $1 OFFSET $2";
    ARTICLES = "SELECT * FROM article ORDER BY id LIMIT $1 OFFSET $2";
    ARTICLE_VERSIONS = "SELECT * FROM article_version ORDER BY article, version LIMIT $1 OFFSET $2";
    ARTICLE_ABOUT = "SELECT * FROM article_about ORDER BY facet, name, number LIMIT $1 OFFSET $2";
    ARTICLE_HELP = "SELECT * FROM article_help ORDER BY article, ticket LIMIT $1 OFFSET $2";
    UNDERTAKINGS = "SELECT * FROM undertaking ORDER BY person, text LIMIT $1 OFFSET $2";
    PLANS = "SELECT * FROM plan ORDER BY place LIMIT $1 OFFSET $2";
    IMPORTED = "SELECT * FROM imported ORDER BY source, number LIMIT $1 OFFSET $2";
    VISITS = "SELECT * FROM visit ORDER BY ticket, place LIMIT $1 OFFSET $2";
    SKILLS = "SELECT * FROM skill ORDER BY element, person LIMIT $1 OFFSET $2";
    SKILLS_TOLD = "SELECT * FROM skill_told ORDER BY element LIMIT $1 OFFSET $2";
    LEVEL_PEOPLE = "SELECT * FROM level_person ORDER BY contract, clause, person LIMIT $1 OFFSET $2";
    LEVELS_ASSIGNED = "SELECT * FROM level_assigned ORDER BY contract, clause LIMIT $1 OFFSET $2";
    PLAN_TURNS = "SELECT * FROM plan_turn ORDER BY plan, due LIMIT $1 OFFSET $2";
    SATISFACTION = "SELECT * FROM satisfaction ORDER BY ticket LIMIT $1 OFFSET $2";
    ROSTERS = "SELECT * FROM roster ORDER BY seq LIMIT $1 OFFSET $2";
    WEBHOOKS = "SELECT * FROM webhook ORDER BY place LIMIT $1 OFFSET $2";
    MONTHS = "SELECT * FROM closed_month ORDER BY contract, month LIMIT $1 OFFSET $2";
}

/// Each projection and the statement that reads it in order of its key.
const PROJECTIONS: &[(&str, &str)] = &[
    ("actor", ACTORS),
    ("contract_version", CONTRACTS),
    ("ticket", TICKETS),
    ("ticket_step", STEPS),
    ("ticket_clock", CLOCKS),
    ("ticket_agreed", AGREED),
    ("call", CALLS),
    ("outage", OUTAGES),
    ("maintenance", MAINTENANCE),
    ("closed_month", MONTHS),
    ("duty_done", DONE),
    ("life_told", TOLD),
    ("time_entry", TIME),
    ("time_week", WEEKS),
    ("file", FILES),
    ("ticket_link", LINKS),
    ("ticket_watcher", WATCHERS),
    ("known_error", KNOWN),
    ("ticket_pause", PAUSES),
    ("change_plan", CHANGES),
    ("article", ARTICLES),
    ("article_version", ARTICLE_VERSIONS),
    ("article_about", ARTICLE_ABOUT),
    ("article_help", ARTICLE_HELP),
    ("undertaking", UNDERTAKINGS),
    ("roster", ROSTERS),
    ("plan", PLANS),
    ("satisfaction", SATISFACTION),
    ("plan_turn", PLAN_TURNS),
    ("imported", IMPORTED),
    ("visit", VISITS),
    ("webhook", WEBHOOKS),
    ("skill", SKILLS),
    ("skill_told", SKILLS_TOLD),
    ("level_person", LEVEL_PEOPLE),
    ("level_assigned", LEVELS_ASSIGNED),
];

const BATCH: u32 = 2_000;

/// The first row of a table that is not what the journal says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    pub table: &'static str,
    /// Its place in the order of the table's key, from 1.
    pub row: u64,
}

impl Difference {
    pub fn sentence(&self) -> Bilingual {
        let (table, row) = (self.table, self.row);
        Bilingual::new(
            format!("la table {table}, ligne {row}, n'est pas celle que donne le journal"),
            format!("table {table}, row {row}, is not what the journal gives"),
        )
    }
}

/// Compares every projection of a vault with a rebuild in `scratch`, a folder that exists and is empty.
pub fn compare(vault: &Database, scratch: &Path) -> Result<Vec<Difference>> {
    let place = Place::Sqlite(scratch.join("rebuild.db"));
    let rebuilt = Database::open(place, &vault::SCHEMA, Options { readers: 1, ..Options::default() })?;
    replay(vault, &rebuilt)?;
    let mut differences = Vec::new();
    for (table, sql) in PROJECTIONS {
        if let Some(row) = first_difference(vault, &rebuilt, sql)? {
            differences.push(Difference { table, row });
        }
    }
    Ok(differences)
}

/// The projections that are compared: every journaled table of the vault but the log's own.
pub fn projections() -> Vec<&'static str> {
    PROJECTIONS.iter().map(|(table, _)| *table).collect()
}

/// The journaled tables that a schema declares outside the log.
pub fn journaled(tables: impl Iterator<Item = Table>) -> Vec<&'static str> {
    tables.filter(|t| t.keep == Keep::Journaled && !t.name.starts_with("journal")).map(|t| t.name).collect()
}

fn replay(vault: &Database, rebuilt: &Database) -> Result<()> {
    let mut next = 0;
    loop {
        let entries = vault.read::<_, StoreError, _>(move |tx| log::entries(tx, next, BATCH))?;
        let Some(last) = entries.last().map(|e| e.seq) else { return Ok(()) };
        rebuilt.write::<_, StoreError, _>(move |tx| {
            entries.iter().try_for_each(|entry| apply(tx, entry.seq, &entry.bytes))
        })?;
        next = last + 1;
    }
}

fn apply(tx: &mut WriteTx<'_>, seq: u64, bytes: &[u8]) -> Result<()> {
    let unreadable = |e: String| StoreError::Entry(format!("entry {seq}: {e}"));
    let envelope = Envelope::parse(bytes).map_err(|e| unreadable(e.to_string()))?;
    let event = Event::parse(&envelope.kind, &envelope.data).map_err(|e| unreadable(e.to_string()))?;
    record::apply(tx, seq, &event)
}

fn first_difference(a: &Database, b: &Database, sql: &'static str) -> Result<Option<u64>> {
    let mut offset = 0u64;
    loop {
        let page = |db: &Database| db.read::<_, StoreError, _>(move |tx| tx.rows(sql, vals![BATCH, offset]));
        let (left, right) = (page(a)?, page(b)?);
        let same = left.iter().zip(&right).take_while(|(x, y)| x == y).count();
        if same < left.len().max(right.len()) {
            return Ok(Some(offset + same as u64 + 1));
        }
        if left.is_empty() {
            return Ok(None);
        }
        offset += left.len() as u64;
    }
}
