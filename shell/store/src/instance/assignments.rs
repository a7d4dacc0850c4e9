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

/// Who may act for a customer is a list in which one goes on from a place, those who no longer may another one;
/// what an account holds is asked at each request, whatever it held before.
pub(crate) const BY_END: &str = "
    DROP INDEX assignment_account;
    CREATE INDEX assignment_holder ON assignment (account, given, id) WHERE ended IS NULL;
    CREATE INDEX assignment_held ON assignment (customer, given, id) WHERE ended IS NULL;
    CREATE INDEX assignment_ended ON assignment (customer, ended, id) WHERE ended IS NOT NULL";

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
    EVER = "SELECT account FROM assignment WHERE customer = $1
        UNION SELECT account FROM assignment WHERE customer IS NULL";
    HELD_HERE = select_assignment!("WHERE customer = $1 AND ended IS NULL AND (given, id) > ($2, $3)
        ORDER BY given, id LIMIT $4");
    HELD_EVERYWHERE = select_assignment!("WHERE customer IS NULL AND ended IS NULL AND (given, id) > ($1, $2)
        ORDER BY given, id LIMIT $3");
    ENDED_HERE = select_assignment!("WHERE customer = $1 AND ended IS NOT NULL AND (ended, id) < ($2, $3)
        ORDER BY ended DESC, id DESC LIMIT $4");
    WITH_ROLE = "SELECT DISTINCT account FROM assignment
        WHERE customer = $1 AND ended IS NULL AND role = $2
        UNION SELECT account FROM assignment WHERE customer IS NULL AND ended IS NULL AND role = $2";
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

/// The accounts that hold, or held, a role for a customer or for every one, each once.
pub fn ever(tx: &mut dyn Tx, customer: Uuid) -> Result<Vec<Uuid>> {
    tx.rows(EVER, vals![customer])?.iter().map(|row| row.uuid(0)).collect()
}

/// Those held for a customer, or for every one without, after a place of that list, the oldest first.
pub fn held_for(
    tx: &mut dyn Tx,
    customer: Option<Uuid>,
    after: (i64, Uuid),
    limit: u32,
) -> Result<Vec<Assignment>> {
    let rows = match customer {
        Some(customer) => tx.rows(HELD_HERE, vals![customer, after.0, after.1, limit])?,
        None => tx.rows(HELD_EVERYWHERE, vals![after.0, after.1, limit])?,
    };
    rows.iter().map(assignment).collect()
}

/// Those for a customer that ended, before a place of that list, the last to end first.
pub fn ended_for(
    tx: &mut dyn Tx,
    customer: Uuid,
    before: (i64, Uuid),
    limit: u32,
) -> Result<Vec<Assignment>> {
    tx.rows(ENDED_HERE, vals![customer, before.0, before.1, limit])?.iter().map(assignment).collect()
}

/// The accounts that hold a role for a customer, or for every one.
pub fn with_role(tx: &mut dyn Tx, customer: Uuid, role: &str) -> Result<Vec<Uuid>> {
    tx.rows(WITH_ROLE, vals![customer, role])?.iter().map(|row| row.uuid(0)).collect()
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
