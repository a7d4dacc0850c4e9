//! Appending, inside a batch of the writer.

use super::{ADD_CHECKPOINT, ADD_ENTRY, ADD_TILE, HEAD, LEAVES, LogKey, MOVE_HEAD, TILES_BELOW};
use crate::db::{Conn, Dialect, Plain, Tx, WriteTx};
use crate::{Result, StoreError, vals};
use journal::envelope::{Envelope, VERSION};
use journal::tree::{Frontier, Hash, hex, leaf_hash};
use journal::{Checkpoint, tile};
use serde_json::Value;
use std::collections::BTreeMap;

/// An entry before the log gives it its place.
#[derive(Debug, Clone)]
pub struct Draft {
    /// When it happened, microseconds UTC; moved forward to the entry before if that is later.
    pub t_micros: i64,
    /// Noun before verb: `ticket.opened`.
    pub kind: String,
    /// A pseudonymous id, never a name or an e-mail.
    pub actor: String,
    /// What it is about, by role: `ticket` → id.
    pub subject: BTreeMap<String, String>,
    /// The contract version that governed: SHA-256 in lower-case hexadecimal.
    pub contract: Option<String>,
    /// The earlier entries that brought it about.
    pub causes: Vec<u64>,
    pub data: Value,
}

impl Draft {
    pub fn new(t_micros: i64, kind: &str, actor: &str, data: Value) -> Draft {
        let (kind, actor) = (kind.into(), actor.into());
        Draft { t_micros, kind, actor, subject: BTreeMap::new(), contract: None, causes: Vec::new(), data }
    }

    /// Adds what the entry is about.
    pub fn about(mut self, role: &str, id: impl ToString) -> Draft {
        self.subject.insert(role.into(), id.to_string());
        self
    }

    pub fn under(mut self, contract: Option<String>) -> Draft {
        self.contract = contract;
        self
    }

    pub fn because_of(mut self, causes: impl IntoIterator<Item = u64>) -> Draft {
        self.causes.extend(causes);
        self
    }
}

/// The log during one commit.
#[derive(Default)]
pub(crate) struct Batch {
    head: Option<Head>,
    appended: bool,
    /// Contents waiting for the entry that names them: name → commitment.
    waiting: BTreeMap<String, Hash>,
}

#[derive(Clone)]
struct Head {
    frontier: Frontier,
    t: i64,
    /// Checkpoints signed so far: the number of the next one.
    checkpoints: u64,
}

/// A point of a batch to come back to when a job is undone.
pub(crate) struct Mark {
    head: Option<Head>,
    appended: bool,
}

impl Batch {
    pub(crate) fn begin(conn: &mut dyn Conn) -> Result<Batch> {
        lock_head(conn)?;
        Ok(Batch::default())
    }

    pub(crate) fn mark(&self) -> Mark {
        Mark { head: self.head.clone(), appended: self.appended }
    }

    pub(crate) fn back_to(&mut self, mark: Mark) {
        *self = Batch { head: mark.head, appended: mark.appended, waiting: BTreeMap::new() };
    }

    /// Refuses a job that stored a content and then appended no entry naming it.
    pub(crate) fn settled(&self) -> Result<()> {
        match self.waiting.keys().next() {
            None => Ok(()),
            Some(name) => Err(StoreError::Entry(format!("the content « {name} » is named by no entry"))),
        }
    }

    /// Signs one checkpoint for all that the batch appended.
    pub(crate) fn seal(&mut self, conn: &mut dyn Conn, log: &LogKey) -> Result<()> {
        let Some(head) = self.head.as_ref().filter(|_| self.appended) else { return Ok(()) };
        let size = head.frontier.size();
        let checkpoint = Checkpoint::of(&log.origin, &head.frontier)
            .map_err(|e| StoreError::LogInconsistent(e.to_string()))?;
        conn.exec(MOVE_HEAD, vals![size, head.frontier.to_bytes(), head.t, head.checkpoints + 1])?;
        conn.exec(ADD_CHECKPOINT, vals![head.checkpoints, size, checkpoint.sign(&log.key)])?;
        Ok(())
    }

    fn head(&mut self, conn: &mut dyn Conn) -> Result<&mut Head> {
        if self.head.is_none() {
            let row = Plain(conn).row(HEAD, &[])?;
            let frontier = Frontier::from_bytes(row.uint(1)?, row.blob(2)?)
                .map_err(|e| StoreError::LogInconsistent(e.to_string()))?;
            self.head = Some(Head { frontier, t: row.int(3)?, checkpoints: row.uint(4)? });
        }
        Ok(self.head.as_mut().expect("invariant: the head was just read"))
    }
}

/// On a server, takes the log's head before anything is read: appends are then ordered whichever node
/// runs them, and every statement that follows sees what was committed before.
pub(super) fn lock_head(conn: &mut dyn Conn) -> Result<()> {
    if conn.dialect() == Dialect::Postgres {
        conn.rows("SELECT size FROM journal_head WHERE id = 1 FOR UPDATE", &[])?;
    }
    Ok(())
}

impl WriteTx<'_> {
    /// Appends an entry and gives its sequence number.
    ///
    /// The contents stored by [`crate::content::put`] since the last entry become its commitments.
    pub fn append(&mut self, draft: Draft) -> Result<u64> {
        if self.log.is_none() {
            return Err(StoreError::Entry("this database was opened without a signing key".into()));
        }
        let (seq, t) = self.next_entry()?;
        let t = t.max(draft.t_micros);
        let waiting = std::mem::take(&mut self.batch.waiting);
        let envelope = Envelope {
            v: VERSION,
            seq,
            t,
            kind: draft.kind,
            actor: draft.actor,
            subject: draft.subject,
            contract: draft.contract,
            causes: draft.causes,
            commitments: waiting.into_iter().map(|(name, hash)| (name, hex(&hash))).collect(),
            data: draft.data,
        };
        let bytes = envelope.to_bytes().map_err(|e| StoreError::Entry(e.to_string()))?;
        let leaf = leaf_hash(&bytes);
        self.exec(ADD_ENTRY, vals![seq, bytes, leaf])?;
        let head = self.batch.head(self.conn)?;
        head.frontier.push(leaf);
        head.t = t;
        self.batch.appended = true;
        self.fill_tiles(seq + 1)?;
        Ok(seq)
    }

    /// The sequence number of the next entry, and the least instant it may carry.
    pub(crate) fn next_entry(&mut self) -> Result<(u64, i64)> {
        let head = self.batch.head(self.conn)?;
        Ok((head.frontier.size(), head.t))
    }

    pub(crate) fn await_entry(&mut self, name: &str, commitment: Hash) -> Result<()> {
        if self.batch.waiting.insert(name.into(), commitment).is_some() {
            return Err(StoreError::Entry(format!("two contents « {name} » for one entry")));
        }
        Ok(())
    }

    /// Keeps the tiles that the entry before `size` has filled; most often none.
    fn fill_tiles(&mut self, size: u64) -> Result<()> {
        let mut filled = size;
        for level in 0u8.. {
            if !filled.is_multiple_of(tile::WIDTH) {
                break;
            }
            let (start, end) = (filled - tile::WIDTH, filled);
            let mut hashes = Vec::with_capacity(tile::FULL_BYTES);
            if level == 0 {
                for row in self.rows(LEAVES, vals![start, end])? {
                    hashes.extend_from_slice(row.blob(0)?);
                }
            } else {
                for row in self.rows(TILES_BELOW, vals![i64::from(level) - 1, start, end])? {
                    let below = tile::full_hashes(row.blob(0)?);
                    let below = below.ok_or_else(|| broken_tile(level - 1))?;
                    hashes.extend_from_slice(&tile::root_of_full(below));
                }
            }
            if hashes.len() != tile::FULL_BYTES {
                return Err(broken_tile(level));
            }
            filled /= tile::WIDTH;
            self.exec(ADD_TILE, vals![i64::from(level), filled - 1, hashes])?;
        }
        Ok(())
    }
}

fn broken_tile(level: u8) -> StoreError {
    StoreError::LogInconsistent(format!("hashes of tiles of level {level} are missing"))
}
