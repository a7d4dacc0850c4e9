//! Mail that waits to be sent, whom it is for, and the tokens that bring an answer to its ticket.
//!
//! No words of a ticket are kept here: what a message says is read in the vault when it is sent, so an
//! erased content is never posted. Only what exists nowhere else, a one-time link, is kept, sealed.

pub use super::outgoing::State;
use crate::db::{Row, Tx, WriteTx};
use crate::schema::{Keep, Noun, Table};
use crate::{Result, vals};
use uuid::Uuid;

pub(crate) const TABLES: &str = "
    CREATE TABLE mail_out (
        id BLOB NOT NULL PRIMARY KEY,
        account BLOB NOT NULL REFERENCES account (id),
        notice TEXT NOT NULL,
        vault BLOB REFERENCES vault (id),
        number INT,
        cause INT NOT NULL,
        sealed BLOB,
        digest INT NOT NULL CHECK (digest IN (0, 1)),
        state TEXT NOT NULL,
        attempts INT NOT NULL,
        next INT NOT NULL,
        created INT NOT NULL,
        moved INT NOT NULL,
        error TEXT);
    CREATE UNIQUE INDEX mail_out_cause ON mail_out (account, vault, number, notice, cause);
    CREATE INDEX mail_out_next ON mail_out (state, next, id);
    CREATE INDEX mail_out_moved ON mail_out (state, moved, id);
    CREATE INDEX mail_out_account ON mail_out (account, state, next);
    CREATE TABLE mail_person (
        account BLOB NOT NULL PRIMARY KEY REFERENCES account (id),
        lang TEXT NOT NULL,
        choices TEXT NOT NULL);
    CREATE TABLE mail_identity (
        vault BLOB NOT NULL PRIMARY KEY REFERENCES vault (id),
        name TEXT NOT NULL,
        signature TEXT NOT NULL);
    CREATE TABLE mail_thread (
        token TEXT NOT NULL PRIMARY KEY,
        vault BLOB NOT NULL REFERENCES vault (id),
        number INT NOT NULL,
        account BLOB NOT NULL REFERENCES account (id));
    CREATE UNIQUE INDEX mail_thread_of ON mail_thread (vault, number, account)";

pub(crate) const NOUN: Noun = Noun {
    name: "mail",
    tables: &[
        Table { name: "mail_out", keep: Keep::Ephemeral },
        Table { name: "mail_person", keep: Keep::Exported },
        Table { name: "mail_identity", keep: Keep::Exported },
        Table { name: "mail_thread", keep: Keep::Exported },
    ],
    statements: STATEMENTS,
};

/// A query of whole messages: its columns in the order that [`message`] reads them.
macro_rules! select_message {
    ($rest:literal) => {
        concat!(
            "SELECT id, account, notice, vault, number, cause, sealed, digest, state, attempts, next, created,
            moved, error FROM mail_out ",
            $rest
        )
    };
}

crate::statements! {
    PUSH = "INSERT INTO mail_out (id, account, notice, vault, number, cause, sealed, digest, state, attempts,
        next, created, moved) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'waiting', 0, $9, $10, $10)
        ON CONFLICT DO NOTHING";
    BY_ID = select_message!("WHERE id = $1");
    DUE = select_message!("WHERE state = 'waiting' AND next <= $1 ORDER BY next, id LIMIT $2");
    DIGEST = select_message!(
        "WHERE account = $1 AND state = 'waiting' AND next <= $2 AND digest = 1 ORDER BY next LIMIT $3"
    );
    PAGE = select_message!("WHERE state = $1 AND (moved, id) < ($2, $3) ORDER BY moved DESC, id DESC LIMIT $4");
    COUNT = "SELECT COUNT(*) FROM mail_out WHERE state = $1";
    TRY = "UPDATE mail_out SET attempts = attempts + 1, next = $2, moved = $3 WHERE id = $1 AND state = 'waiting'";
    LATER = "UPDATE mail_out SET next = $2, moved = $3, error = $4 WHERE id = $1 AND state = 'waiting'";
    END = "UPDATE mail_out SET state = $2, moved = $3, error = $4, sealed = NULL WHERE id = $1";
    AGAIN = "UPDATE mail_out SET state = 'waiting', attempts = 0, next = $2, created = $2, moved = $2
        WHERE id = $1 AND state = 'failed'";
    FORGET_SENT = "DELETE FROM mail_out WHERE state = 'sent' AND moved < $1";
    FORGET_DROPPED = "DELETE FROM mail_out WHERE state = 'dropped' AND moved < $1";
    FORGET_FAILED = "DELETE FROM mail_out WHERE state = 'failed' AND moved < $1";
    PERSON = "SELECT lang, choices FROM mail_person WHERE account = $1";
    SET_PERSON = "INSERT INTO mail_person (account, lang, choices) VALUES ($1, $2, $3)
        ON CONFLICT (account) DO UPDATE SET lang = excluded.lang, choices = excluded.choices";
    IDENTITY = "SELECT name, signature FROM mail_identity WHERE vault = $1";
    SET_IDENTITY = "INSERT INTO mail_identity (vault, name, signature) VALUES ($1, $2, $3)
        ON CONFLICT (vault) DO UPDATE SET name = excluded.name, signature = excluded.signature";
    THREAD = "SELECT vault, number, account FROM mail_thread WHERE token = $1";
    TOKEN = "SELECT token FROM mail_thread WHERE vault = $1 AND number = $2 AND account = $3";
    ADD_TOKEN = "INSERT INTO mail_thread (token, vault, number, account) VALUES ($1, $2, $3, $4)";
}

/// A message to put in the queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct New {
    pub id: Uuid,
    pub account: Uuid,
    /// The caller's own name of what it tells.
    pub notice: String,
    /// The ticket it is about, by its vault and number.
    pub ticket: Option<(Uuid, u64)>,
    /// With the person, the ticket and the notice, tells a message from another: the journal entry.
    pub cause: i64,
    pub sealed: Option<Vec<u8>>,
    /// Waits for the others of its day.
    pub digest: bool,
    /// When it may leave, microseconds UTC.
    pub next: i64,
}

/// A message of the queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    pub new: New,
    pub state: State,
    pub attempts: u32,
    /// Microseconds UTC.
    pub created: i64,
    /// When it was last tried or ended.
    pub moved: i64,
    /// What the last try answered.
    pub error: Option<String>,
}

fn message(row: &Row) -> Result<Message> {
    let ticket = match (row.opt_uuid(3)?, row.opt_int(4)?) {
        (Some(vault), Some(_)) => Some((vault, row.uint(4)?)),
        _ => None,
    };
    let new = New {
        id: row.uuid(0)?,
        account: row.uuid(1)?,
        notice: row.text(2)?.into(),
        ticket,
        cause: row.int(5)?,
        sealed: row.opt_blob(6)?.map(<[u8]>::to_vec),
        digest: row.bool(7)?,
        next: row.int(10)?,
    };
    Ok(Message {
        new,
        state: State::from_key(row.text(8)?),
        attempts: u32::try_from(row.int(9)?).unwrap_or(u32::MAX),
        created: row.int(11)?,
        moved: row.int(12)?,
        error: row.opt_text(13)?.map(str::to_owned),
    })
}

/// Puts a message in the queue; nothing when the same person was told the same thing already.
pub fn push(tx: &mut WriteTx<'_>, m: &New, now: i64) -> Result<bool> {
    let (vault, number) = m.ticket.unzip();
    let p =
        vals![m.id, m.account, &m.notice, vault, number, m.cause, m.sealed.clone(), m.digest, m.next, now];
    Ok(tx.exec(PUSH, p)? == 1)
}

pub fn by_id(tx: &mut dyn Tx, id: Uuid) -> Result<Option<Message>> {
    tx.opt_row(BY_ID, vals![id])?.as_ref().map(message).transpose()
}

/// What may leave now, the longest waiting first.
pub fn due(tx: &mut dyn Tx, now: i64, limit: u32) -> Result<Vec<Message>> {
    tx.rows(DUE, vals![now, limit])?.iter().map(message).collect()
}

/// Everything of a person's day that may leave now, together.
pub fn digest(tx: &mut dyn Tx, account: Uuid, now: i64, limit: u32) -> Result<Vec<Message>> {
    tx.rows(DIGEST, vals![account, now, limit])?.iter().map(message).collect()
}

/// Messages in a state, last moved first, before this instant and id.
pub fn page(tx: &mut dyn Tx, state: State, before: (i64, Uuid), limit: u32) -> Result<Vec<Message>> {
    tx.rows(PAGE, vals![state.key(), before.0, before.1, limit])?.iter().map(message).collect()
}

pub fn count(tx: &mut dyn Tx, state: State) -> Result<u64> {
    tx.row(COUNT, vals![state.key()])?.uint(0)
}

/// Counts a try, and keeps the message from another one before `again`; false if it waits no more.
pub fn try_now(tx: &mut WriteTx<'_>, id: Uuid, again: i64, now: i64) -> Result<bool> {
    Ok(tx.exec(TRY, vals![id, again, now])? == 1)
}

/// The try failed; the next is at `next`.
pub fn later(tx: &mut WriteTx<'_>, id: Uuid, next: i64, now: i64, error: &str) -> Result<()> {
    tx.exec(LATER, vals![id, next, now, error]).map(drop)
}

/// The message waits no more; what was sealed with it goes.
pub fn end(tx: &mut WriteTx<'_>, id: Uuid, state: State, now: i64, error: Option<&str>) -> Result<()> {
    tx.exec(END, vals![id, state.key(), now, error]).map(drop)
}

/// Tries a failed message afresh; false if it has not failed.
pub fn again(tx: &mut WriteTx<'_>, id: Uuid, now: i64) -> Result<bool> {
    Ok(tx.exec(AGAIN, vals![id, now])? == 1)
}

/// Forgets what ended before `before`, microseconds UTC.
pub fn forget(tx: &mut WriteTx<'_>, before: i64) -> Result<()> {
    for statement in [FORGET_SENT, FORGET_DROPPED, FORGET_FAILED] {
        tx.exec(statement, vals![before])?;
    }
    Ok(())
}

/// A person's language and choices, as the caller wrote them.
pub fn person(tx: &mut dyn Tx, account: Uuid) -> Result<Option<(String, String)>> {
    let row = tx.opt_row(PERSON, vals![account])?;
    row.map(|r| Ok((r.text(0)?.to_owned(), r.text(1)?.to_owned()))).transpose()
}

pub fn set_person(tx: &mut WriteTx<'_>, account: Uuid, lang: &str, choices: &str) -> Result<()> {
    tx.exec(SET_PERSON, vals![account, lang, choices]).map(drop)
}

/// The name that a customer's mail is sent under, and its signature.
pub fn identity(tx: &mut dyn Tx, vault: Uuid) -> Result<Option<(String, String)>> {
    let row = tx.opt_row(IDENTITY, vals![vault])?;
    row.map(|r| Ok((r.text(0)?.to_owned(), r.text(1)?.to_owned()))).transpose()
}

pub fn set_identity(tx: &mut WriteTx<'_>, vault: Uuid, name: &str, signature: &str) -> Result<()> {
    tx.exec(SET_IDENTITY, vals![vault, name, signature]).map(drop)
}

/// The vault, the ticket's number and the person that a token was made for.
pub fn thread(tx: &mut dyn Tx, token: &str) -> Result<Option<(Uuid, u64, Uuid)>> {
    let row = tx.opt_row(THREAD, vals![token])?;
    row.map(|r| Ok((r.uuid(0)?, r.uint(1)?, r.uuid(2)?))).transpose()
}

/// The token of a person in a ticket; `fresh` becomes it when there is none.
pub fn token(tx: &mut WriteTx<'_>, ticket: (Uuid, u64), account: Uuid, fresh: &str) -> Result<String> {
    if let Some(row) = tx.opt_row(TOKEN, vals![ticket.0, ticket.1, account])? {
        return Ok(row.text(0)?.to_owned());
    }
    tx.exec(ADD_TOKEN, vals![fresh, ticket.0, ticket.1, account])?;
    Ok(fresh.to_owned())
}
