//! Who knows which element of the perimeter, as it was told last.

use crate::db::{Row, Tx, WriteTx};
use crate::schema::{Keep, Noun, Table};
use crate::{Result, StoreError, vals};
use base::id::AccountId;
use events::{Element, Level, SkillsTold};
use std::collections::BTreeSet;

pub(crate) const TABLES: &str = "
    CREATE TABLE skill (
        element TEXT NOT NULL,
        person BLOB NOT NULL,
        level TEXT NOT NULL,
        PRIMARY KEY (element, person));
    CREATE TABLE skill_told (
        element TEXT NOT NULL PRIMARY KEY,
        seq INT NOT NULL,
        at INT NOT NULL,
        actor BLOB NOT NULL)";

pub(crate) const NOUN: Noun = Noun {
    name: "skills",
    tables: &[
        Table { name: "skill", keep: Keep::Journaled },
        Table { name: "skill_told", keep: Keep::Journaled },
    ],
    statements: STATEMENTS,
};

crate::statements! {
    FORGET = "DELETE FROM skill WHERE element = $1";
    ADD = "INSERT INTO skill (element, person, level) VALUES ($1, $2, $3)
        ON CONFLICT (element, person) DO UPDATE SET level = excluded.level";
    TELL = "INSERT INTO skill_told (element, seq, at, actor) VALUES ($1, $2, $3, $4)
        ON CONFLICT (element) DO UPDATE SET seq = excluded.seq, at = excluded.at, actor = excluded.actor";
    OF = "SELECT element, person, level FROM skill WHERE element = $1 ORDER BY person";
    ALL = "SELECT element, person, level FROM skill ORDER BY element, person";
    TOLD = "SELECT seq, at, actor FROM skill_told WHERE element = $1";
    EVER = "SELECT element FROM skill_told ORDER BY element";
}

/// Somebody knows an element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skill {
    pub element: Element,
    pub person: AccountId,
    pub level: Level,
}

/// When it was last told who knows an element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Told {
    /// The entry that told it.
    pub seq: u64,
    /// Microseconds UTC.
    pub at: i64,
    pub by: AccountId,
}

pub(crate) fn tell(tx: &mut WriteTx<'_>, seq: u64, e: &SkillsTold) -> Result<()> {
    let element = e.element.key();
    tx.exec(FORGET, vals![&element])?;
    for skilled in &e.people {
        tx.exec(ADD, vals![&element, skilled.person.0, skilled.level.key()])?;
    }
    tx.exec(TELL, vals![&element, seq, e.at, e.by.0]).map(drop)
}

/// Who knows an element.
pub fn of(tx: &mut dyn Tx, element: &Element) -> Result<Vec<Skill>> {
    tx.rows(OF, vals![element.key()])?.iter().map(row).collect()
}

/// Who knows what, element by element: as many rows as the perimeter has elements known by each.
pub fn all(tx: &mut dyn Tx) -> Result<Vec<Skill>> {
    tx.rows(ALL, &[])?.iter().map(row).collect()
}

/// When it was last told who knows an element.
pub fn told(tx: &mut dyn Tx, element: &Element) -> Result<Option<Told>> {
    let row = tx.opt_row(TOLD, vals![element.key()])?;
    row.map(|row| Ok(Told { seq: row.uint(0)?, at: row.int(1)?, by: AccountId(row.uuid(2)?) })).transpose()
}

/// The elements that somebody told who knows, be it that nobody does any more.
pub fn ever(tx: &mut dyn Tx) -> Result<BTreeSet<Element>> {
    tx.rows(EVER, &[])?.iter().map(element).collect()
}

fn row(row: &Row) -> Result<Skill> {
    let level = row.text(2)?;
    Ok(Skill {
        element: element(row)?,
        person: AccountId(row.uuid(1)?),
        level: Level::from_key(level).ok_or_else(|| unread(level))?,
    })
}

fn element(row: &Row) -> Result<Element> {
    let element = row.text(0)?;
    Element::parse(element).ok_or_else(|| unread(element))
}

fn unread(what: &str) -> StoreError {
    StoreError::Entry(format!("a skill “{what}”"))
}
