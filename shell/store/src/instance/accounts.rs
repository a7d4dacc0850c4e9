//! The people and programs that sign in.

use crate::db::{Row, Tx, WriteTx};
use crate::schema::{Keep, Noun, Table};
use crate::{Result, vals};
use uuid::Uuid;

pub(crate) const TABLES: &str = "
    CREATE TABLE account (
        id BLOB NOT NULL PRIMARY KEY,
        email TEXT NOT NULL UNIQUE,
        display_name TEXT NOT NULL,
        password_hash TEXT NOT NULL,
        totp_sealed BLOB,
        totp_step INT NOT NULL,
        role TEXT NOT NULL,
        customer BLOB REFERENCES vault (id),
        disabled INT NOT NULL CHECK (disabled IN (0, 1)),
        created INT NOT NULL)";

/// The list of people is read page by page.
pub(crate) const BY_NAME: &str = "CREATE INDEX account_name ON account (display_name, id)";

pub(crate) const NOUN: Noun = Noun {
    name: "accounts",
    tables: &[Table { name: "account", keep: Keep::Exported }],
    statements: STATEMENTS,
};

crate::statements! {
    ADD = "INSERT INTO account (id, email, display_name, password_hash, totp_sealed, totp_step, role,
        customer, disabled, created) VALUES ($1, $2, $3, $4, $5, 0, $6, $7, $8, $9)";
    BY_ID = "SELECT id, email, display_name, password_hash, totp_sealed, role, customer, disabled, created
        FROM account WHERE id = $1";
    BY_EMAIL = "SELECT id, email, display_name, password_hash, totp_sealed, role, customer, disabled, created
        FROM account WHERE email = $1";
    ALL = "SELECT id, email, display_name, password_hash, totp_sealed, role, customer, disabled, created
        FROM account ORDER BY display_name, id";
    PAGE = "SELECT id, email, display_name, password_hash, totp_sealed, role, customer, disabled, created
        FROM account WHERE (display_name, id) > ($1, $2) ORDER BY display_name, id LIMIT $3";
    COUNT_LIVE = "SELECT COUNT(*) FROM account WHERE role = $1 AND disabled = 0";
    SET_PASSWORD = "UPDATE account SET password_hash = $2 WHERE id = $1";
    SET_TOTP = "UPDATE account SET totp_sealed = $2, totp_step = 0 WHERE id = $1";
    SET_DISABLED = "UPDATE account SET disabled = $2 WHERE id = $1";
    USE_TOTP = "UPDATE account SET totp_step = $2 WHERE id = $1 AND totp_step < $2";
}

/// An account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    pub id: Uuid,
    /// Compared without case: kept in lower case.
    pub email: String,
    pub display_name: String,
    /// Argon2id, in its own text format.
    pub password_hash: String,
    /// The second factor's secret, sealed by the caller.
    pub totp_sealed: Option<Vec<u8>>,
    /// The caller's own name of the role.
    pub role: String,
    /// The only vault it may see; `None` for the provider's staff.
    pub customer: Option<Uuid>,
    pub disabled: bool,
    /// Microseconds UTC.
    pub created: i64,
}

fn account(row: &Row) -> Result<Account> {
    Ok(Account {
        id: row.uuid(0)?,
        email: row.text(1)?.into(),
        display_name: row.text(2)?.into(),
        password_hash: row.text(3)?.into(),
        totp_sealed: row.opt_blob(4)?.map(<[u8]>::to_vec),
        role: row.text(5)?.into(),
        customer: row.opt_uuid(6)?,
        disabled: row.bool(7)?,
        created: row.int(8)?,
    })
}

/// Adds an account; an e-mail already taken is a constraint error.
pub fn add(tx: &mut WriteTx<'_>, a: &Account) -> Result<()> {
    let email = a.email.to_lowercase();
    let p = vals![
        a.id,
        email,
        &a.display_name,
        &a.password_hash,
        a.totp_sealed.clone(),
        &a.role,
        a.customer,
        a.disabled,
        a.created
    ];
    tx.exec(ADD, p).map(drop)
}

pub fn by_id(tx: &mut dyn Tx, id: Uuid) -> Result<Option<Account>> {
    tx.opt_row(BY_ID, vals![id])?.as_ref().map(account).transpose()
}

/// By e-mail, whatever its case.
pub fn by_email(tx: &mut dyn Tx, email: &str) -> Result<Option<Account>> {
    tx.opt_row(BY_EMAIL, vals![email.to_lowercase()])?.as_ref().map(account).transpose()
}

/// All accounts by name.
pub fn all(tx: &mut dyn Tx) -> Result<Vec<Account>> {
    tx.rows(ALL, &[])?.iter().map(account).collect()
}

/// The accounts after this name and id, by name; `limit` at most.
pub fn page(tx: &mut dyn Tx, after: (&str, Uuid), limit: u32) -> Result<Vec<Account>> {
    tx.rows(PAGE, vals![after.0, after.1, limit])?.iter().map(account).collect()
}

/// How many accounts of a role are not disabled.
pub fn count_live(tx: &mut dyn Tx, role: &str) -> Result<u64> {
    tx.row(COUNT_LIVE, vals![role])?.uint(0)
}

pub fn set_password(tx: &mut WriteTx<'_>, id: Uuid, password_hash: &str) -> Result<()> {
    tx.exec(SET_PASSWORD, vals![id, password_hash]).map(drop)
}

/// Sets or removes the second factor.
pub fn set_totp(tx: &mut WriteTx<'_>, id: Uuid, sealed: Option<&[u8]>) -> Result<()> {
    tx.exec(SET_TOTP, vals![id, sealed]).map(drop)
}

/// Spends a code's time step; false if that step or a later one was spent, so no code works twice.
pub fn use_totp(tx: &mut WriteTx<'_>, id: Uuid, step: i64) -> Result<bool> {
    Ok(tx.exec(USE_TOTP, vals![id, step])? == 1)
}

pub fn set_disabled(tx: &mut WriteTx<'_>, id: Uuid, disabled: bool) -> Result<()> {
    tx.exec(SET_DISABLED, vals![id, disabled]).map(drop)
}
