//! The check at opening: a log that contradicts itself is not signed any further.
//!
//! It is cheap (the last entry, the head, the last checkpoint); the whole log is re-derived by the
//! verifier.

use super::append::lock_head;
use super::{HEAD, LAST_CHECKPOINT, LAST_ENTRY, LogKey, START_HEAD};
use crate::db::{Conn, Intent, Plain, Tx};
use crate::{Result, StoreError, vals};
use journal::Checkpoint;
use journal::tree::{Frontier, leaf_hash};

/// Starts the head of a new log, or compares head, last entry and last checkpoint of an old one.
pub(crate) fn check(conn: &mut dyn Conn, log: Option<&LogKey>) -> Result<()> {
    let Some(log) = log else { return Ok(()) };
    conn.begin(Intent::Write)?;
    match compare(conn, log) {
        Ok(()) => conn.commit(),
        Err(e) => {
            conn.rollback()?;
            Err(e)
        }
    }
}

fn compare(conn: &mut dyn Conn, log: &LogKey) -> Result<()> {
    // First of all, so that two nodes that open a new log meet here, and not later half-way.
    let fresh = conn.exec(START_HEAD, vals![&log.origin, Vec::new(), i64::MIN])? == 1;
    lock_head(conn)?;
    let last = conn.rows(LAST_ENTRY, &[])?.into_iter().next();
    let note = conn.rows(LAST_CHECKPOINT, &[])?.into_iter().next();
    if fresh && (last.is_some() || note.is_some()) {
        return Err(wrong("the head of the log is missing, its entries are not".into()));
    }
    let head = Plain(conn).row(HEAD, &[])?;
    let (origin, size) = (head.text(0)?, head.uint(1)?);
    if origin != log.origin {
        return Err(wrong(format!("this is the log {origin}, opened as {}", log.origin)));
    }
    let entries = match &last {
        Some(row) if leaf_hash(row.blob(1)?) != row.bytes::<32>(2)? => {
            return Err(wrong(format!("entry {} does not have the hash kept with it", row.uint(0)?)));
        }
        Some(row) => row.uint(0)? + 1,
        None => 0,
    };
    if entries != size {
        return Err(wrong(format!("the head says {size} entries, the last one makes {entries}")));
    }
    let frontier = Frontier::from_bytes(size, head.blob(2)?).map_err(|e| wrong(e.to_string()))?;
    let Some(note) = note else {
        return if size == 0 {
            Ok(())
        } else {
            Err(wrong(format!("no checkpoint signs its {size} entries")))
        };
    };
    if note.uint(2)? + 1 != head.uint(4)? {
        return Err(wrong(format!(
            "the head counts {} checkpoints, the last is number {}",
            head.uint(4)?,
            note.uint(2)?
        )));
    }
    let signed = Checkpoint::open(note.text(1)?, &log.origin, &[log.key.verifier()])
        .map_err(|e| wrong(format!("the checkpoint of size {}: {e}", size)))?;
    if signed.size() != size || *signed.root() != frontier.root() {
        return Err(wrong(format!(
            "the last checkpoint signs {} entries with another root or size than the head's {size}",
            signed.size()
        )));
    }
    Ok(())
}

fn wrong(what: String) -> StoreError {
    StoreError::LogInconsistent(what)
}
