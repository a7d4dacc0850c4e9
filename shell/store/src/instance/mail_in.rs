//! Mail that came, once each, and what became of it; what waits for a decision is kept whole, apart from
//! what a list of it shows, so that no list reads whole mails.

use crate::db::{Row, Tx, WriteTx};
use crate::schema::{Keep, Noun, Table};
use crate::{Result, vals};
use uuid::Uuid;

pub(crate) const TABLES: &str = "
    CREATE TABLE mail_in (
        id BLOB NOT NULL PRIMARY KEY,
        identity BLOB NOT NULL UNIQUE,
        message_id TEXT NOT NULL,
        sender TEXT NOT NULL,
        received INT NOT NULL,
        fate TEXT NOT NULL,
        why TEXT NOT NULL,
        account BLOB,
        vault BLOB,
        number INT,
        kept BLOB);
    CREATE INDEX mail_in_fate ON mail_in (fate, received, id);
    CREATE INDEX mail_in_sender ON mail_in (sender, received);
    CREATE INDEX mail_in_received ON mail_in (received);
    CREATE INDEX mail_in_ticket ON mail_in (vault, number, account);
    CREATE TABLE mail_block (
        address TEXT NOT NULL PRIMARY KEY,
        at INT NOT NULL,
        account BLOB NOT NULL)";

/// Who decides, or decided, of a mail that waited, and when they set about it.
pub(crate) const DECISIONS: &str = "
    ALTER TABLE mail_in ADD COLUMN decided_by BLOB;
    ALTER TABLE mail_in ADD COLUMN decided INT";

/// What is kept goes to a table of its own. `size` is of what is kept: a mail waits while it has one.
pub(crate) const APART: &str = "
    CREATE TABLE mail_kept (
        mail BLOB NOT NULL PRIMARY KEY,
        bytes BLOB NOT NULL);
    INSERT INTO mail_kept (mail, bytes) SELECT id, kept FROM mail_in WHERE kept IS NOT NULL;
    ALTER TABLE mail_in ADD COLUMN size INT;
    ALTER TABLE mail_in ADD COLUMN subject TEXT;
    ALTER TABLE mail_in ADD COLUMN words TEXT;
    ALTER TABLE mail_in ADD COLUMN files TEXT;
    UPDATE mail_in SET size = LENGTH(kept), subject = '', words = '', files = '[]' WHERE kept IS NOT NULL;
    ALTER TABLE mail_in DROP COLUMN kept";

pub(crate) const NOUN: Noun = Noun {
    name: "mail.in",
    tables: &[
        Table { name: "mail_in", keep: Keep::Ephemeral },
        Table { name: "mail_kept", keep: Keep::Ephemeral },
        Table { name: "mail_block", keep: Keep::Exported },
    ],
    statements: STATEMENTS,
};

/// A query of whole rows without what is kept, in the order that [`mail`] reads them.
macro_rules! select_mail {
    ($rest:literal) => {
        concat!(
            "SELECT id, identity, message_id, sender, received, fate, why, account, vault, number, decided_by,
            subject, words, files FROM mail_in ",
            $rest
        )
    };
}

crate::statements! {
    ADD = "INSERT INTO mail_in (id, identity, message_id, sender, received, fate, why, account, vault, number,
        subject, words, files, size) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
        ON CONFLICT DO NOTHING";
    KEEP = "INSERT INTO mail_kept (mail, bytes) VALUES ($1, $2)";
    BY_IDENTITY = select_mail!("WHERE identity = $1");
    BY_ID = select_mail!("WHERE id = $1");
    PAGE = select_mail!("WHERE fate = $1 AND (received, id) < ($2, $3) ORDER BY received DESC, id DESC LIMIT $4");
    WEIGHT = "SELECT COUNT(*), CAST(COALESCE(SUM(size), 0) AS BIGINT) FROM mail_in WHERE fate = $1";
    COUNT_OF = "SELECT COUNT(*) FROM mail_in WHERE sender = $1 AND received > $2 AND account IS NOT NULL";
    COUNT_UNSURE = "SELECT COUNT(*) FROM mail_in WHERE sender = $1 AND received > $2 AND account IS NULL";
    OPENED = "SELECT message_id FROM mail_in WHERE vault = $1 AND number = $2 AND account = $3 AND fate = 'opened'
        LIMIT 1";
    KEPT = "SELECT bytes FROM mail_kept WHERE mail = $1";
    DROP_KEPT = "DELETE FROM mail_kept WHERE mail = $1";
    CLAIM = "UPDATE mail_in SET decided_by = $2, decided = $3
        WHERE id = $1 AND size IS NOT NULL AND (decided IS NULL OR decided < $4)";
    SETTLE = "UPDATE mail_in SET fate = $4, why = $5, account = $6, vault = $7, number = $8,
        subject = NULL, words = NULL, files = NULL, size = NULL
        WHERE id = $1 AND size IS NOT NULL AND decided_by = $2 AND decided = $3";
    WAIT = "UPDATE mail_in SET why = $4, decided_by = NULL, decided = NULL
        WHERE id = $1 AND size IS NOT NULL AND decided_by = $2 AND decided = $3";
    FORGET_KEPT = "DELETE FROM mail_kept WHERE mail IN (SELECT id FROM mail_in WHERE received < $1)";
    FORGET = "DELETE FROM mail_in WHERE received < $1";
    BLOCKED = "SELECT 1 FROM mail_block WHERE address = $1";
    BLOCK = "INSERT INTO mail_block (address, at, account) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
}

/// A mail that came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    pub id: Uuid,
    /// Tells a mail from any other, however it came.
    pub identity: [u8; 32],
    /// Empty when it had none.
    pub message_id: String,
    pub sender: String,
    /// Microseconds UTC.
    pub received: i64,
    /// The caller's own name of what became of it.
    pub fate: String,
    pub why: String,
    /// Whose it was found to be.
    pub account: Option<Uuid>,
    pub ticket: Option<(Uuid, u64)>,
    /// Who decided of it, if it waited.
    pub decided_by: Option<Uuid>,
    /// While it waits.
    pub says: Option<Says>,
}

/// What whoever decides of a mail reads of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Says {
    pub subject: String,
    pub text: String,
    /// The names of its files.
    pub files: Vec<String>,
}

/// Somebody's hold on a mail that waits, while they decide: one at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claim {
    pub by: Uuid,
    /// Microseconds UTC.
    pub at: i64,
}

fn mail(row: &Row) -> Result<Mail> {
    let says = match (row.opt_text(11)?, row.opt_text(12)?, row.opt_text(13)?) {
        (Some(subject), Some(text), Some(files)) => {
            let files = serde_json::from_str(files)
                .map_err(|_| crate::StoreError::Entry("mail_in.files cannot be read".into()))?;
            Some(Says { subject: subject.to_owned(), text: text.to_owned(), files })
        }
        _ => None,
    };
    let ticket = match (row.opt_uuid(8)?, row.opt_int(9)?) {
        (Some(vault), Some(_)) => Some((vault, row.uint(9)?)),
        _ => None,
    };
    Ok(Mail {
        id: row.uuid(0)?,
        identity: row.bytes(1)?,
        message_id: row.text(2)?.into(),
        sender: row.text(3)?.into(),
        received: row.int(4)?,
        fate: row.text(5)?.into(),
        why: row.text(6)?.into(),
        account: row.opt_uuid(7)?,
        ticket,
        decided_by: row.opt_uuid(10)?,
        says,
    })
}

/// Adds a mail, and what is kept of it until somebody decides; false if it was there.
pub fn add(tx: &mut WriteTx<'_>, m: &Mail, kept: Option<&[u8]>) -> Result<bool> {
    let (vault, number) = m.ticket.unzip();
    let says = m.says.as_ref();
    let files = says.map(|s| serde_json::Value::from(s.files.clone()).to_string());
    let p = vals![
        m.id,
        m.identity,
        &m.message_id,
        &m.sender,
        m.received,
        &m.fate,
        &m.why,
        m.account,
        vault,
        number,
        says.map(|s| s.subject.as_str()),
        says.map(|s| s.text.as_str()),
        files,
        kept.map(|bytes| i64::try_from(bytes.len()).unwrap_or(i64::MAX))
    ];
    let added = tx.exec(ADD, p)? == 1;
    if let Some(bytes) = kept.filter(|_| added) {
        tx.exec(KEEP, vals![m.id, bytes])?;
    }
    Ok(added)
}

pub fn by_identity(tx: &mut dyn Tx, identity: &[u8; 32]) -> Result<Option<Mail>> {
    tx.opt_row(BY_IDENTITY, vals![identity])?.as_ref().map(mail).transpose()
}

pub fn by_id(tx: &mut dyn Tx, id: Uuid) -> Result<Option<Mail>> {
    tx.opt_row(BY_ID, vals![id])?.as_ref().map(mail).transpose()
}

/// Those of a fate, last received first, before this instant and id.
pub fn page(tx: &mut dyn Tx, fate: &str, before: (i64, Uuid), limit: u32) -> Result<Vec<Mail>> {
    tx.rows(PAGE, vals![fate, before.0, before.1, limit])?.iter().map(mail).collect()
}

/// How many are of a fate, and the bytes kept of them together.
pub fn weight(tx: &mut dyn Tx, fate: &str) -> Result<(u64, u64)> {
    let row = tx.row(WEIGHT, vals![fate])?;
    Ok((row.uint(0)?, row.uint(1)?))
}

/// How many came from an address after an instant: those that were somebody's, or those that only said so.
pub fn count_of(tx: &mut dyn Tx, sender: &str, after: i64, sure: bool) -> Result<u64> {
    tx.row(if sure { COUNT_OF } else { COUNT_UNSURE }, vals![sender, after])?.uint(0)
}

/// The identifier of the mail by which this person opened a ticket.
pub fn opened(tx: &mut dyn Tx, ticket: (Uuid, u64), account: Uuid) -> Result<Option<String>> {
    let row = tx.opt_row(OPENED, vals![ticket.0, ticket.1, account])?;
    row.map(|r| Ok(r.text(0)?.to_owned())).transpose()
}

/// What is kept of a mail that waits.
pub fn kept(tx: &mut dyn Tx, id: Uuid) -> Result<Option<Vec<u8>>> {
    tx.opt_row(KEPT, vals![id])?.map(|r| Ok(r.blob(0)?.to_vec())).transpose()
}

/// Takes hold of a mail that waits; false if none waits, or if somebody took hold of it since `free`, in
/// microseconds UTC. An older hold is that of a program that stopped.
pub fn claim(tx: &mut WriteTx<'_>, id: Uuid, claim: Claim, free: i64) -> Result<bool> {
    Ok(tx.exec(CLAIM, vals![id, claim.by, claim.at, free])? == 1)
}

/// What became of a mail held; what was kept of it goes. False if it is not held so any more.
pub fn settle(tx: &mut WriteTx<'_>, m: &Mail, claim: Claim) -> Result<bool> {
    let (vault, number) = m.ticket.unzip();
    let p = vals![m.id, claim.by, claim.at, &m.fate, &m.why, m.account, vault, number];
    let settled = tx.exec(SETTLE, p)? == 1;
    if settled {
        tx.exec(DROP_KEPT, vals![m.id])?;
    }
    Ok(settled)
}

/// A mail held waits again, for this reason, and is free.
pub fn wait(tx: &mut WriteTx<'_>, id: Uuid, why: &str, claim: Claim) -> Result<()> {
    tx.exec(WAIT, vals![id, claim.by, claim.at, why]).map(drop)
}

/// Forgets the mail received before an instant, what waits too.
pub fn forget(tx: &mut WriteTx<'_>, before: i64) -> Result<()> {
    tx.exec(FORGET_KEPT, vals![before])?;
    tx.exec(FORGET, vals![before]).map(drop)
}

pub fn is_blocked(tx: &mut dyn Tx, address: &str) -> Result<bool> {
    Ok(tx.opt_row(BLOCKED, vals![address])?.is_some())
}

/// Nothing is taken from this address any more.
pub fn block(tx: &mut WriteTx<'_>, address: &str, at: i64, by: Uuid) -> Result<()> {
    tx.exec(BLOCK, vals![address, at, by]).map(drop)
}
