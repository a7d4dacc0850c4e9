//! Which roles each account holds: everywhere, for a customer, for one of its contracts, or for items.

use crate::db::{Row, Tx, WriteTx};
use crate::schema::{Keep, Noun, Table};
use crate::{Result, vals};
use uuid::Uuid;

/// The accounts from before had one role each: it becomes their first assignment, under the account's own
/// identifier.
pub(crate) const TABLES: &str = "
    CREATE TABLE assignment (
        id BLOB NOT NULL PRIMARY KEY,
        account BLOB NOT NULL REFERENCES account (id),
        role TEXT NOT NULL,
        customer BLOB REFERENCES vault (id),
        contract BLOB,
        about TEXT NOT NULL,
        given INT NOT NULL,
        given_by BLOB,
        ended INT,
        ended_by BLOB);
    CREATE INDEX assignment_account ON assignment (account, given);
    CREATE INDEX assignment_customer ON assignment (customer, given);
    INSERT INTO assignment (id, account, role, customer, contract, about, given, given_by, ended, ended_by)
        SELECT id, id, role, customer, NULL, '', created, NULL, NULL, NULL FROM account";

pub(crate) const NOUN: Noun = Noun {
    name: "assignments",
    tables: &[Table { name: "assignment", keep: Keep::Exported }],
    statements: STATEMENTS,
};

/// A query of whole assignments: its columns in the order that [`assignment`] reads them, then the rest.
macro_rules! select_assignment {
    ($rest:literal) => {
        concat!(
            "SELECT id, account, role, customer, contract, about, given, given_by, ended, ended_by
            FROM assignment ",
            $rest
        )
    };
}

/// A query of the roles that accounts in use hold, with whoever holds them: its columns in the order that
/// [`held_by`] reads them, then the rest.
macro_rules! select_held {
    ($rest:literal) => {
        concat!(
            "SELECT s.id, s.account, s.role, s.customer, s.contract, s.about, s.given, s.given_by, s.ended,
            s.ended_by, a.role, a.display_name, a.email, a.customer
            FROM assignment s JOIN account a ON a.id = s.account
            WHERE s.ended IS NULL AND a.disabled = 0 ",
            $rest
        )
    };
}

crate::statements! {
    ADD = "INSERT INTO assignment (id, account, role, customer, contract, about, given, given_by, ended, ended_by)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, NULL, NULL)";
    BY_ID = select_assignment!("WHERE id = $1");
    HELD = select_assignment!("WHERE account = $1 AND ended IS NULL ORDER BY given, id");
    OF_CUSTOMER = select_assignment!("WHERE customer = $1 ORDER BY given, id");
    EVERYWHERE = select_assignment!("WHERE customer IS NULL ORDER BY given, id");
    OF_PEOPLE = select_held!("AND (s.customer = $1 OR s.customer IS NULL) AND (a.customer = $1 OR a.customer IS NULL)
        ORDER BY a.display_name, a.id, s.given, s.id");
    OF_OWN = select_held!("AND s.customer = $1 AND a.customer = $1 ORDER BY a.display_name, a.id, s.given, s.id");
    COUNT_PEOPLE = "SELECT COUNT(*) FROM (SELECT DISTINCT s.account FROM assignment s
        JOIN account a ON a.id = s.account
        WHERE s.ended IS NULL AND a.disabled = 0 AND (s.customer = $1 OR s.customer IS NULL)
            AND (a.customer = $1 OR a.customer IS NULL) LIMIT $2) AS few";
    COUNT_OWN = "SELECT COUNT(*) FROM (SELECT DISTINCT s.account FROM assignment s
        JOIN account a ON a.id = s.account
        WHERE s.ended IS NULL AND a.disabled = 0 AND s.customer = $1 AND a.customer = $1 LIMIT $2) AS few";
    END = "UPDATE assignment SET ended = $2, ended_by = $3 WHERE id = $1 AND ended IS NULL";
}

/// A role that an account holds, or held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assignment {
    pub id: Uuid,
    pub account: Uuid,
    /// The caller's own name of the role.
    pub role: String,
    /// `None` for every customer.
    pub customer: Option<Uuid>,
    /// `None` for every contract of the customer.
    pub contract: Option<Uuid>,
    /// The caller's own text of what it is about; empty for everything.
    pub about: String,
    /// Microseconds UTC.
    pub given: i64,
    /// The account that gave it; `None` for the instance's own command line.
    pub given_by: Option<Uuid>,
    /// Microseconds UTC; `None` while it is held.
    pub ended: Option<i64>,
    pub ended_by: Option<Uuid>,
}

/// A role that is held, with whoever holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    pub assignment: Assignment,
    /// The role that the account was made with.
    pub home: String,
    pub name: String,
    pub email: String,
    /// The customer that the account was made for.
    pub of: Option<Uuid>,
}

fn assignment(row: &Row) -> Result<Assignment> {
    Ok(Assignment {
        id: row.uuid(0)?,
        account: row.uuid(1)?,
        role: row.text(2)?.into(),
        customer: row.opt_uuid(3)?,
        contract: row.opt_uuid(4)?,
        about: row.text(5)?.into(),
        given: row.int(6)?,
        given_by: row.opt_uuid(7)?,
        ended: row.opt_int(8)?,
        ended_by: row.opt_uuid(9)?,
    })
}

fn held_by(row: &Row) -> Result<Held> {
    Ok(Held {
        assignment: assignment(row)?,
        home: row.text(10)?.into(),
        name: row.text(11)?.into(),
        email: row.text(12)?.into(),
        of: row.opt_uuid(13)?,
    })
}

/// Gives a role; [`Assignment::ended`] is not looked at.
pub fn add(tx: &mut WriteTx<'_>, a: &Assignment) -> Result<()> {
    let p = vals![a.id, a.account, &a.role, a.customer, a.contract, &a.about, a.given, a.given_by];
    tx.exec(ADD, p).map(drop)
}

pub fn by_id(tx: &mut dyn Tx, id: Uuid) -> Result<Option<Assignment>> {
    tx.opt_row(BY_ID, vals![id])?.as_ref().map(assignment).transpose()
}

/// What an account holds now, the oldest first.
pub fn held(tx: &mut dyn Tx, account: Uuid) -> Result<Vec<Assignment>> {
    tx.rows(HELD, vals![account])?.iter().map(assignment).collect()
}

/// Those for a customer, ended ones too, the oldest first.
pub fn of_customer(tx: &mut dyn Tx, customer: Uuid) -> Result<Vec<Assignment>> {
    tx.rows(OF_CUSTOMER, vals![customer])?.iter().map(assignment).collect()
}

/// Those for every customer, ended ones too, the oldest first.
pub fn everywhere(tx: &mut dyn Tx) -> Result<Vec<Assignment>> {
    tx.rows(EVERYWHERE, &[])?.iter().map(assignment).collect()
}

/// What the accounts in use, of a customer or of none, hold for it or for every customer, in one query: person
/// after person by name, the oldest role first.
pub fn of_people(tx: &mut dyn Tx, customer: Uuid) -> Result<Vec<Held>> {
    tx.rows(OF_PEOPLE, vals![customer])?.iter().map(held_by).collect()
}

/// The same, of the customer's own accounts.
pub fn of_own(tx: &mut dyn Tx, customer: Uuid) -> Result<Vec<Held>> {
    tx.rows(OF_OWN, vals![customer])?.iter().map(held_by).collect()
}

/// How many accounts [`of_people`] tells of, or [`of_own`] when only those are `own`; `most` at most.
pub fn count_people(tx: &mut dyn Tx, customer: Uuid, own: bool, most: u32) -> Result<u64> {
    tx.row(if own { COUNT_OWN } else { COUNT_PEOPLE }, vals![customer, most])?.uint(0)
}

/// Ends one; false if it had ended already.
pub fn end(tx: &mut WriteTx<'_>, id: Uuid, at: i64, by: Option<Uuid>) -> Result<bool> {
    Ok(tx.exec(END, vals![id, at, by])? == 1)
}
