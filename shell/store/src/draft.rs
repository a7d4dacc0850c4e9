//! Texts being written: contracts, amendments and orders before anybody signs them.
//!
//! A draft binds nobody, so nothing of it is in the journal: it can be rewritten and thrown away. What
//! is signed goes into the journal from there, by the same door as a file.
//!
//! Texts attached to a draft are rows of the same table, under its identifier: the subcontracts that it
//! rests on, and the reason for which the first party signed it although something lacked.

use crate::db::{Row, Tx, WriteTx};
use crate::schema::{Keep, Noun, Table};
use crate::{Result, vals};
use base::id::AccountId;
use uuid::Uuid;

pub(crate) const TABLES: &str = "
    CREATE TABLE draft (
        id BLOB NOT NULL PRIMARY KEY,
        title TEXT NOT NULL,
        kind TEXT NOT NULL,
        base TEXT,
        text TEXT NOT NULL,
        preparation TEXT NOT NULL,
        version INT NOT NULL,
        created INT NOT NULL,
        created_by BLOB NOT NULL,
        saved INT NOT NULL,
        saved_by BLOB NOT NULL,
        agreed_hash TEXT,
        agreed_by BLOB,
        agreed INT,
        contract TEXT);
    CREATE INDEX draft_saved ON draft (saved, id)";

pub(crate) const NOUN: Noun =
    Noun { name: "draft", tables: &[Table { name: "draft", keep: Keep::Exported }], statements: STATEMENTS };

crate::statements! {
    ADD = "INSERT INTO draft (id, title, kind, base, text, preparation, version, created, created_by, saved,
        saved_by) VALUES ($1, $2, $3, $4, $5, $6, 1, $7, $8, $7, $8)";
    BY_ID = "SELECT id, title, kind, base, text, preparation, version, created, created_by, saved, saved_by,
        agreed_hash, agreed_by, agreed, contract FROM draft WHERE id = $1";
    PAGE = "SELECT id, title, kind, base, '', '', version, created, created_by, saved, saved_by, agreed_hash,
        agreed_by, agreed, contract FROM draft WHERE kind <> 'subcontract' AND kind <> 'reason'
        AND (saved, id) < ($1, $2) ORDER BY saved DESC, id DESC LIMIT $3";
    SAVE = "UPDATE draft SET title = $3, text = $4, preparation = $5, version = version + 1, saved = $6,
        saved_by = $7, agreed_hash = NULL, agreed_by = NULL, agreed = NULL
        WHERE id = $1 AND version = $2 AND contract IS NULL";
    AGREE = "UPDATE draft SET agreed_hash = $3, agreed_by = $4, agreed = $5
        WHERE id = $1 AND version = $2 AND contract IS NULL AND agreed_hash IS NULL";
    CLOSE = "UPDATE draft SET contract = $2 WHERE id = $1";
    REMOVE = "DELETE FROM draft WHERE id = $1 AND version = $2";
    ATTACH = "INSERT INTO draft (id, title, kind, base, text, preparation, version, created, created_by, saved,
        saved_by) VALUES ($1, $2, $3, $4, $5, '', 1, $6, $7, $6, $7) ON CONFLICT (id) DO UPDATE
        SET title = excluded.title, text = excluded.text, saved = excluded.saved, saved_by = excluded.saved_by";
    ATTACHED = "SELECT id, title, text, saved, saved_by FROM draft WHERE base = $1 AND kind = $2
        ORDER BY created, id";
    DETACH = "DELETE FROM draft WHERE id = $1 AND base = $2 AND kind = $3";
    DETACH_ALL = "DELETE FROM draft WHERE base = $1 AND kind = $2";
}

/// A draft as it was last saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    pub id: Uuid,
    pub title: String,
    /// `contract`, `amendment` or `order`.
    pub kind: String,
    /// The number of the contract that it amends, or orders under.
    pub base: Option<String>,
    /// Empty in a list.
    pub text: String,
    /// What the parties prepared before signing, as TOML; may be empty.
    pub preparation: String,
    /// 1 when it is made, one more at each save.
    pub version: u32,
    /// Microseconds UTC.
    pub created: i64,
    pub created_by: AccountId,
    pub saved: i64,
    pub saved_by: AccountId,
    /// The first party's signature, until the second's; saving another text takes it away.
    pub agreed: Option<Agreed>,
    /// The number of the contract it has become, once both parties have signed.
    pub contract: Option<String>,
}

/// One party has signed this text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agreed {
    /// Of the text that was signed.
    pub hash: String,
    pub by: AccountId,
    /// Microseconds UTC.
    pub at: i64,
}

/// What a text attached to a draft is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nature {
    /// A contract bought, that promises of the draft rest on.
    Subcontract,
    /// Why the first party signed although something mandatory lacked.
    Reason,
}

impl Nature {
    fn key(self) -> &'static str {
        match self {
            Nature::Subcontract => "subcontract",
            Nature::Reason => "reason",
        }
    }
}

/// A text attached to a draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attached {
    pub id: Uuid,
    /// The name of its file; of a reason, nothing.
    pub name: String,
    pub text: String,
    /// Microseconds UTC.
    pub at: i64,
    pub by: AccountId,
}

/// A draft to keep.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct New {
    pub id: Uuid,
    pub title: String,
    pub kind: String,
    pub base: Option<String>,
    pub text: String,
    pub preparation: String,
    pub at: i64,
    pub by: AccountId,
}

/// Another text for a draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    pub title: String,
    pub text: String,
    pub preparation: String,
    pub at: i64,
    pub by: AccountId,
}

fn draft(row: &Row) -> Result<Draft> {
    let agreed = match (row.opt_text(11)?, row.opt_uuid(12)?, row.opt_int(13)?) {
        (Some(hash), Some(by), Some(at)) => Some(Agreed { hash: hash.into(), by: AccountId(by), at }),
        _ => None,
    };
    Ok(Draft {
        id: row.uuid(0)?,
        title: row.text(1)?.into(),
        kind: row.text(2)?.into(),
        base: row.opt_text(3)?.map(str::to_owned),
        text: row.text(4)?.into(),
        preparation: row.text(5)?.into(),
        version: u32::try_from(row.int(6)?).unwrap_or(u32::MAX),
        created: row.int(7)?,
        created_by: AccountId(row.uuid(8)?),
        saved: row.int(9)?,
        saved_by: AccountId(row.uuid(10)?),
        agreed,
        contract: row.opt_text(14)?.map(str::to_owned),
    })
}

pub fn add(tx: &mut WriteTx<'_>, n: &New) -> Result<()> {
    let p = vals![n.id, &n.title, &n.kind, n.base.as_deref(), &n.text, &n.preparation, n.at, n.by.0];
    tx.exec(ADD, p).map(drop)
}

pub fn by_id(tx: &mut dyn Tx, id: Uuid) -> Result<Option<Draft>> {
    let found = tx.opt_row(BY_ID, vals![id])?.as_ref().map(draft).transpose()?;
    // What is attached to a draft is not one.
    Ok(found.filter(|d| ![Nature::Subcontract, Nature::Reason].iter().any(|n| n.key() == d.kind)))
}

/// The texts of this nature attached to a draft, in the order they came.
pub fn attached(tx: &mut dyn Tx, draft: Uuid, nature: Nature) -> Result<Vec<Attached>> {
    let rows = tx.rows(ATTACHED, vals![draft.to_string(), nature.key()])?;
    let one = |row: &Row| -> Result<Attached> {
        Ok(Attached {
            id: row.uuid(0)?,
            name: row.text(1)?.into(),
            text: row.text(2)?.into(),
            at: row.int(3)?,
            by: AccountId(row.uuid(4)?),
        })
    };
    rows.iter().map(one).collect()
}

/// Attaches a text to a draft, in the place of the one of the same identifier.
pub fn attach(tx: &mut WriteTx<'_>, draft: Uuid, nature: Nature, a: &Attached) -> Result<()> {
    let p = vals![a.id, &a.name, nature.key(), draft.to_string(), &a.text, a.at, a.by.0];
    tx.exec(ATTACH, p).map(drop)
}

/// Takes a text of this nature away. False when the draft has none of this identifier.
pub fn detach(tx: &mut WriteTx<'_>, draft: Uuid, nature: Nature, id: Uuid) -> Result<bool> {
    Ok(tx.exec(DETACH, vals![id, draft.to_string(), nature.key()])? == 1)
}

/// Drafts without their texts, the last saved first, before a place of that list.
pub fn page(tx: &mut dyn Tx, before: Option<(i64, Uuid)>, limit: u32) -> Result<Vec<Draft>> {
    let (saved, id) = before.unwrap_or((i64::MAX, Uuid::max()));
    tx.rows(PAGE, vals![saved, id, limit])?.iter().map(draft).collect()
}

/// Replaces the text that `version` names. False when somebody saved another since, when it is signed,
/// or when it is gone: nothing is then changed.
pub fn save(tx: &mut WriteTx<'_>, id: Uuid, version: u32, c: &Change) -> Result<bool> {
    let p = vals![id, version, &c.title, &c.text, &c.preparation, c.at, c.by.0];
    let saved = tx.exec(SAVE, p)? == 1;
    if saved {
        // The signature goes, and its reason with it.
        tx.exec(DETACH_ALL, vals![id.to_string(), Nature::Reason.key()])?;
    }
    Ok(saved)
}

/// Keeps the first party's signature. False as for [`save`], and when one stands already.
pub fn agree(tx: &mut WriteTx<'_>, id: Uuid, version: u32, a: &Agreed) -> Result<bool> {
    Ok(tx.exec(AGREE, vals![id, version, &a.hash, a.by.0, a.at])? == 1)
}

/// Both parties have signed: the draft is the contract of this number, and is not written any more.
pub fn close(tx: &mut WriteTx<'_>, id: Uuid, contract: &str) -> Result<()> {
    tx.exec(CLOSE, vals![id, contract]).map(drop)
}

/// Throws a draft away, with what is attached to it. False when somebody saved another text since.
pub fn remove(tx: &mut WriteTx<'_>, id: Uuid, version: u32) -> Result<bool> {
    let removed = tx.exec(REMOVE, vals![id, version])? == 1;
    if removed {
        for nature in [Nature::Subcontract, Nature::Reason] {
            tx.exec(DETACH_ALL, vals![id.to_string(), nature.key()])?;
        }
    }
    Ok(removed)
}
