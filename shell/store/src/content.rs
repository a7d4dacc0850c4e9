//! Personal content beside the log: named by an entry through a keyed commitment, erasable.
//!
//! The entry keeps only the commitment. Erasing removes content and salt; the entry still verifies,
//! and the row says which later entry authorised it.

use crate::db::{Row, Tx, WriteTx};
use crate::schema::{Keep, Noun, Table};
use crate::{Result, vals};
use journal::commitment::commit;
use journal::tree::Hash;
use uuid::Uuid;

pub(crate) const TABLES: &str = "
    CREATE TABLE content (
        id BLOB NOT NULL PRIMARY KEY,
        seq INT NOT NULL,
        name TEXT NOT NULL,
        salt BLOB,
        bytes BLOB,
        erased_by INT,
        CHECK ((salt IS NULL) = (bytes IS NULL)),
        CHECK ((bytes IS NULL) = (erased_by IS NOT NULL)));
    CREATE UNIQUE INDEX content_entry ON content (seq, name)";

pub(crate) const NOUN: Noun = Noun {
    name: "content",
    tables: &[Table { name: "content", keep: Keep::Exported }],
    statements: STATEMENTS,
};

crate::statements! {
    PUT = "INSERT INTO content (id, seq, name, salt, bytes) VALUES ($1, $2, $3, $4, $5)";
    GET = "SELECT bytes FROM content WHERE id = $1";
    ERASE = "UPDATE content SET salt = NULL, bytes = NULL, erased_by = $2
        WHERE id = $1 AND erased_by IS NULL";
    PRESENT = "SELECT id, name, bytes FROM content WHERE seq = $1 AND erased_by IS NULL ORDER BY name";
    OF_ENTRIES = "SELECT seq, name, salt, bytes, erased_by FROM content
        WHERE seq >= $1 AND seq < $2 ORDER BY seq, name";
}

/// The kind of the entries that authorise an erasure; their `data.seqs` lists the entries whose
/// contents go.
pub const ERASED: &str = "privacy.erased";

/// Stores a content for the next entry of this job, which will carry the commitment under `name`.
///
/// `salt` is 32 fresh random bytes. The job fails if it appends no entry afterwards.
pub fn put(tx: &mut WriteTx<'_>, id: Uuid, name: &str, salt: &[u8; 32], bytes: &[u8]) -> Result<Hash> {
    let (seq, _) = tx.next_entry()?;
    let commitment = commit(salt, bytes);
    tx.await_entry(name, commitment)?;
    tx.exec(PUT, vals![id, seq, name, salt, bytes])?;
    Ok(commitment)
}

/// The content; `None` if it was erased or never existed.
pub fn get(tx: &mut dyn Tx, id: Uuid) -> Result<Option<Vec<u8>>> {
    let row = tx.opt_row(GET, vals![id])?;
    Ok(row.as_ref().map(|r| r.opt_blob(0)).transpose()?.flatten().map(<[u8]>::to_vec))
}

/// Erases a content under the [`ERASED`] entry `erased_by` that authorises it; false if it was already gone.
///
/// The bytes leave the file with the transaction, and the write-ahead log with the next
/// [`Database::checkpoint`](crate::Database::checkpoint).
pub fn erase(tx: &mut WriteTx<'_>, id: Uuid, erased_by: u64) -> Result<bool> {
    Ok(tx.exec(ERASE, vals![id, erased_by])? == 1)
}

/// A content that is still there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Present {
    pub id: Uuid,
    /// What its entry calls it: `title`, `body`.
    pub name: String,
    pub bytes: Vec<u8>,
}

/// The contents of an entry that were not erased.
pub fn present(tx: &mut dyn Tx, seq: u64) -> Result<Vec<Present>> {
    let present =
        |row: &Row| Ok(Present { id: row.uuid(0)?, name: row.text(1)?.into(), bytes: row.blob(2)?.to_vec() });
    tx.rows(PRESENT, vals![seq])?.iter().map(present).collect()
}

/// A content as the verifier needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    pub seq: u64,
    pub name: String,
    pub state: State,
}

/// Whether a content is still there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    Present {
        salt: Vec<u8>,
        bytes: Vec<u8>,
    },
    /// Gone, under the entry named.
    Erased {
        by: u64,
    },
}

fn held(row: &Row) -> Result<Held> {
    let state = match row.opt_int(4)? {
        Some(_) => State::Erased { by: row.uint(4)? },
        None => State::Present { salt: row.blob(2)?.to_vec(), bytes: row.blob(3)?.to_vec() },
    };
    Ok(Held { seq: row.uint(0)?, name: row.text(1)?.into(), state })
}

/// The contents named by the entries `from..to`, in their order.
pub fn of_entries(tx: &mut dyn Tx, from: u64, to: u64) -> Result<Vec<Held>> {
    tx.rows(OF_ENTRIES, vals![from, to])?.iter().map(held).collect()
}
