//! Templates of answers: texts that the provider's people begin their messages with.
//!
//! One belongs to every customer or to one of them. They are tools of whoever writes: what was sent is in
//! the ticket, and the journal of a vault knows nothing of them.

use crate::db::{Row, Tx, WriteTx};
use crate::schema::{Keep, Noun, Table};
use crate::{Result, vals};
use uuid::Uuid;

/// `vault` is the nil UUID for those of every customer.
pub(crate) const TABLES: &str = "
    CREATE TABLE answer_template (
        id BLOB NOT NULL PRIMARY KEY,
        vault BLOB NOT NULL,
        name TEXT NOT NULL,
        fr TEXT NOT NULL,
        en TEXT NOT NULL,
        account BLOB NOT NULL REFERENCES account (id),
        written INT NOT NULL);
    CREATE UNIQUE INDEX answer_template_name ON answer_template (vault, name)";

pub(crate) const NOUN: Noun = Noun {
    name: "answers",
    tables: &[Table { name: "answer_template", keep: Keep::Ephemeral }],
    statements: STATEMENTS,
};

crate::statements! {
    ADD = "INSERT INTO answer_template (id, vault, name, fr, en, account, written)
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    CHANGE = "UPDATE answer_template SET name = $3, fr = $4, en = $5, account = $6, written = $7
        WHERE id = $1 AND vault = $2";
    OF = "SELECT t.id, t.vault, t.name, t.fr, t.en, t.written, a.display_name FROM answer_template t
        JOIN account a ON a.id = t.account WHERE t.vault = $1 ORDER BY t.name LIMIT $2";
    BY_ID = "SELECT t.id, t.vault, t.name, t.fr, t.en, t.written, a.display_name FROM answer_template t
        JOIN account a ON a.id = t.account WHERE t.id = $1";
    COUNT = "SELECT COUNT(*) FROM answer_template WHERE vault = $1";
    DROP = "DELETE FROM answer_template WHERE id = $1 AND vault = $2";
}

/// A template as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnswerTemplate {
    pub id: Uuid,
    /// Of every customer when absent.
    pub vault: Option<Uuid>,
    pub name: String,
    /// Markdown; empty where it has no wording in this language.
    pub fr: String,
    pub en: String,
    /// Microseconds UTC.
    pub written: i64,
    /// The name of whoever wrote it last.
    pub by: String,
}

fn key(vault: Option<Uuid>) -> Uuid {
    vault.unwrap_or_default()
}

fn template(row: &Row) -> Result<AnswerTemplate> {
    Ok(AnswerTemplate {
        id: row.uuid(0)?,
        vault: Some(row.uuid(1)?).filter(|vault| !vault.is_nil()),
        name: row.text(2)?.into(),
        fr: row.text(3)?.into(),
        en: row.text(4)?.into(),
        written: row.int(5)?,
        by: row.text(6)?.into(),
    })
}

/// Adds a template; a name already taken there is a constraint's error.
pub fn add(tx: &mut WriteTx<'_>, t: &AnswerTemplate, account: Uuid) -> Result<()> {
    tx.exec(ADD, vals![t.id, key(t.vault), &t.name, &t.fr, &t.en, account, t.written]).map(drop)
}

/// Writes a template again; false if there is none of this id there.
pub fn change(tx: &mut WriteTx<'_>, t: &AnswerTemplate, account: Uuid) -> Result<bool> {
    Ok(tx.exec(CHANGE, vals![t.id, key(t.vault), &t.name, &t.fr, &t.en, account, t.written])? == 1)
}

/// The templates of every customer, or those of one, by name, at most `limit`.
pub fn of(tx: &mut dyn Tx, vault: Option<Uuid>, limit: u32) -> Result<Vec<AnswerTemplate>> {
    tx.rows(OF, vals![key(vault), limit])?.iter().map(template).collect()
}

pub fn by_id(tx: &mut dyn Tx, id: Uuid) -> Result<Option<AnswerTemplate>> {
    tx.opt_row(BY_ID, vals![id])?.as_ref().map(template).transpose()
}

/// How many there are.
pub fn count(tx: &mut dyn Tx, vault: Option<Uuid>) -> Result<u64> {
    let row = tx.opt_row(COUNT, vals![key(vault)])?;
    row.map_or(Ok(0), |row| row.int(0).map(|n| u64::try_from(n).unwrap_or_default()))
}

/// Drops a template; false if there is none of this id there.
pub fn remove(tx: &mut WriteTx<'_>, vault: Option<Uuid>, id: Uuid) -> Result<bool> {
    Ok(tx.exec(DROP, vals![id, key(vault)])? == 1)
}
