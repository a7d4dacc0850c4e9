//! What a caller hands to the writer, and the transaction in which it runs.

use super::{Conn, Row, Tx, Val};
use crate::log::{Batch, LogKey};
use crate::{Result, StoreError};
use std::sync::mpsc::SyncSender;

/// A write transaction: one job inside a batch.
///
/// A statement that fails dooms the job: SQLite could go on, PostgreSQL could not, and the store
/// behaves the same on both. Use `ON CONFLICT` where a conflict is expected.
pub struct WriteTx<'a> {
    pub(crate) conn: &'a mut dyn Conn,
    pub(crate) batch: &'a mut Batch,
    pub(crate) log: Option<&'a LogKey>,
    pub(super) failed: Option<StoreError>,
}

impl Tx for WriteTx<'_> {
    fn rows(&mut self, sql: &'static str, p: &[Val]) -> Result<Vec<Row>> {
        self.sound()?;
        let outcome = self.conn.rows(sql, p);
        self.note(outcome)
    }

    fn exec(&mut self, sql: &'static str, p: &[Val]) -> Result<u64> {
        self.sound()?;
        let outcome = self.conn.exec(sql, p);
        self.note(outcome)
    }
}

impl WriteTx<'_> {
    fn sound(&self) -> Result<()> {
        self.failed.clone().map_or(Ok(()), Err)
    }

    fn note<T>(&mut self, outcome: Result<T>) -> Result<T> {
        outcome.inspect_err(|e| self.failed = Some(e.clone()))
    }
}

/// A unit of work waiting for the writer.
pub(crate) trait Job: Send {
    /// Runs the work; true when it wants to be committed. May run again after a lost race.
    fn run(&mut self, tx: &mut WriteTx<'_>) -> bool;
    /// Replaces whatever the work answered.
    fn fail(&mut self, e: StoreError);
    /// Tells the caller, after the commit.
    fn answer(self: Box<Self>);
    /// Whether the write-ahead log must be emptied after the commit.
    fn empties_log(&self) -> bool {
        false
    }
}

/// The job made of a closure and of what to do with its outcome.
pub(crate) struct Task<F, D, T, E> {
    work: F,
    done: D,
    outcome: Option<Result<T, E>>,
}

impl<F, D, T, E> Task<F, D, T, E> {
    pub(crate) fn new(work: F, done: D) -> Task<F, D, T, E> {
        Task { work, done, outcome: None }
    }
}

impl<F, D, T, E> Job for Task<F, D, T, E>
where
    F: FnMut(&mut WriteTx<'_>) -> Result<T, E> + Send,
    D: FnOnce(Result<T, E>) + Send,
    T: Send,
    E: From<StoreError> + Send,
{
    fn run(&mut self, tx: &mut WriteTx<'_>) -> bool {
        let outcome = (self.work)(tx);
        let keep = outcome.is_ok();
        self.outcome = Some(outcome);
        keep
    }

    fn fail(&mut self, e: StoreError) {
        self.outcome = Some(Err(e.into()));
    }

    fn answer(self: Box<Self>) {
        (self.done)(self.outcome.expect("invariant: a job runs or fails before it answers"));
    }
}

/// The job that writes nothing and asks for an empty write-ahead log.
pub(crate) struct Emptying {
    done: SyncSender<Result<()>>,
    outcome: Result<()>,
}

impl Emptying {
    pub(crate) fn new(done: SyncSender<Result<()>>) -> Emptying {
        Emptying { done, outcome: Ok(()) }
    }
}

impl Job for Emptying {
    fn run(&mut self, _: &mut WriteTx<'_>) -> bool {
        self.outcome = Ok(());
        true
    }

    fn fail(&mut self, e: StoreError) {
        self.outcome = Err(e);
    }

    fn answer(self: Box<Self>) {
        // Nobody to tell if the caller is gone.
        let _ = self.done.send(self.outcome);
    }

    fn empties_log(&self) -> bool {
        true
    }
}
