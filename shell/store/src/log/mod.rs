//! The transparency log of a database: entries as hashed, full tiles, every signed checkpoint.
//!
//! Writers append through [`WriteTx::append`](crate::WriteTx::append); one checkpoint is signed per
//! commit that appended anything, in the same transaction, and all are kept: so a verifier can name
//! the first wrong entry even when entry and hash were rewritten together.

mod append;
mod check;
mod verify;

pub(crate) use append::Batch;
pub use append::Draft;
pub(crate) use check::check;
pub use verify::{ContentFinding, Erasure, Fault, Verified, verify, verify_in};

use crate::db::Tx;
use crate::schema::{Keep, Noun, Table};
use crate::{Result, StoreError, vals};
use journal::Envelope;
use journal::note::SigningKey;
use std::sync::Arc;

pub(crate) const TABLES: &str = "
    CREATE TABLE journal_head (
        id INT NOT NULL PRIMARY KEY CHECK (id = 1),
        origin TEXT NOT NULL,
        size INT NOT NULL,
        frontier BLOB NOT NULL,
        t INT NOT NULL,
        checkpoints INT NOT NULL);
    CREATE TABLE journal_entry (
        seq INT NOT NULL PRIMARY KEY CHECK (seq >= 0),
        bytes BLOB NOT NULL,
        leaf BLOB NOT NULL);
    CREATE TABLE journal_tile (
        level INT NOT NULL,
        idx INT NOT NULL,
        hashes BLOB NOT NULL,
        PRIMARY KEY (level, idx));
    CREATE TABLE journal_checkpoint (
        number INT NOT NULL PRIMARY KEY CHECK (number >= 0),
        size INT NOT NULL UNIQUE,
        note TEXT NOT NULL)";

pub(crate) const NOUN: Noun = Noun {
    name: "log",
    tables: &[
        Table { name: "journal_head", keep: Keep::Journaled },
        Table { name: "journal_entry", keep: Keep::Exported },
        Table { name: "journal_tile", keep: Keep::Journaled },
        Table { name: "journal_checkpoint", keep: Keep::Exported },
        Table { name: "schema_migration", keep: Keep::Ephemeral },
    ],
    statements: STATEMENTS,
};

crate::statements! {
    HEAD = "SELECT origin, size, frontier, t, checkpoints FROM journal_head WHERE id = 1";
    HEAD_SIZE = "SELECT size FROM journal_head WHERE id = 1";
    START_HEAD = "INSERT INTO journal_head (id, origin, size, frontier, t, checkpoints) VALUES (1, $1, 0, $2, $3, 0)
        ON CONFLICT (id) DO NOTHING";
    MOVE_HEAD = "UPDATE journal_head SET size = $1, frontier = $2, t = $3, checkpoints = $4 WHERE id = 1";
    ADD_ENTRY = "INSERT INTO journal_entry (seq, bytes, leaf) VALUES ($1, $2, $3)";
    LAST_ENTRY = "SELECT seq, bytes, leaf FROM journal_entry ORDER BY seq DESC LIMIT 1";
    ENTRIES = "SELECT seq, bytes, leaf FROM journal_entry WHERE seq >= $1 ORDER BY seq LIMIT $2";
    LEAVES = "SELECT leaf FROM journal_entry WHERE seq >= $1 AND seq < $2 ORDER BY seq";
    ADD_TILE = "INSERT INTO journal_tile (level, idx, hashes) VALUES ($1, $2, $3)";
    TILE = "SELECT hashes FROM journal_tile WHERE level = $1 AND idx = $2";
    TILES_BELOW = "SELECT hashes FROM journal_tile WHERE level = $1 AND idx >= $2 AND idx < $3 ORDER BY idx";
    ADD_CHECKPOINT = "INSERT INTO journal_checkpoint (number, size, note) VALUES ($1, $2, $3)";
    LAST_CHECKPOINT = "SELECT size, note, number FROM journal_checkpoint ORDER BY number DESC LIMIT 1";
    CHECKPOINTS_STORED = "SELECT number, size, note FROM journal_checkpoint WHERE number >= $1
        ORDER BY number LIMIT $2";
    NEGATIVE = "SELECT seq FROM journal_entry WHERE seq < 0
        UNION ALL SELECT number FROM journal_checkpoint WHERE number < 0 LIMIT 1";
    CHECKPOINTS = "SELECT size, note FROM journal_checkpoint WHERE size > $1 ORDER BY size LIMIT $2";
}

/// Who signs a log, and its name.
#[derive(Clone, Debug)]
pub struct LogKey {
    /// A URL without scheme, unique to this log.
    pub origin: String,
    pub key: Arc<SigningKey>,
}

/// An entry as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub seq: u64,
    /// The canonical envelope: exactly what was hashed.
    pub bytes: Vec<u8>,
    pub leaf: [u8; 32],
}

/// Number of entries.
pub fn size(tx: &mut dyn Tx) -> Result<u64> {
    tx.opt_row(HEAD_SIZE, &[])?.map_or(Ok(0), |r| r.uint(0))
}

/// Entries from `seq` on, `limit` at most.
pub fn entries(tx: &mut dyn Tx, seq: u64, limit: u32) -> Result<Vec<Entry>> {
    let rows = tx.rows(ENTRIES, vals![seq, limit])?;
    rows.iter()
        .map(|r| Ok(Entry { seq: r.uint(0)?, bytes: r.blob(1)?.to_vec(), leaf: r.bytes(2)? }))
        .collect()
}

/// When an entry was written: the instant inside it, microseconds UTC, which nobody can choose.
pub fn recorded_at(tx: &mut dyn Tx, seq: u64) -> Result<i64> {
    let entry = entries(tx, seq, 1)?.pop().filter(|e| e.seq == seq);
    let entry = entry.ok_or_else(|| StoreError::Entry(format!("there is no entry {seq}")))?;
    let envelope =
        Envelope::parse(&entry.bytes).map_err(|e| StoreError::Entry(format!("entry {seq}: {e}")))?;
    Ok(envelope.t)
}

/// The newest signed checkpoint: size and note; `None` while the log is empty.
pub fn latest(tx: &mut dyn Tx) -> Result<Option<(u64, String)>> {
    tx.opt_row(LAST_CHECKPOINT, &[])?.map(|r| Ok((r.uint(0)?, r.text(1)?.to_string()))).transpose()
}

/// Signed checkpoints of more than `size` entries, smallest first, `limit` at most.
pub fn checkpoints(tx: &mut dyn Tx, size: u64, limit: u32) -> Result<Vec<(u64, String)>> {
    let rows = tx.rows(CHECKPOINTS, vals![size, limit])?;
    rows.iter().map(|r| Ok((r.uint(0)?, r.text(1)?.to_string()))).collect()
}

/// The 8192 bytes of a full tile of hashes; `None` if it is not full yet.
pub fn tile(tx: &mut dyn Tx, level: u8, index: u64) -> Result<Option<Vec<u8>>> {
    let row = tx.opt_row(TILE, vals![i64::from(level), index])?;
    row.map(|r| Ok(r.blob(0)?.to_vec())).transpose()
}
