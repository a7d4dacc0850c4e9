//! One small surface over two engines: values, rows, transactions.
//!
//! Statements are `&'static str`, so no text of a user can become SQL. The same text runs on SQLite
//! and PostgreSQL; placeholders are `$1`, `$2`… Three habits keep it so: sums are written
//! `CAST(SUM(x) AS BIGINT)`, instants and money are 64-bit integers, ids and hashes are blobs.

mod database;
mod job;
#[cfg(feature = "postgres")]
mod postgres;
mod readers;
mod sqlite;
mod value;
mod writer;

pub use database::{Database, FailStop, Mode, Options, Place};
pub use job::WriteTx;
pub use value::{Row, Val};

use crate::Result;

/// A transaction, whichever engine runs it.
pub trait Tx {
    /// All rows of a query.
    fn rows(&mut self, sql: &'static str, p: &[Val]) -> Result<Vec<Row>>;

    /// Runs a statement and gives the number of rows it changed.
    fn exec(&mut self, sql: &'static str, p: &[Val]) -> Result<u64>;

    /// The first row, or `None`.
    fn opt_row(&mut self, sql: &'static str, p: &[Val]) -> Result<Option<Row>> {
        Ok(self.rows(sql, p)?.into_iter().next())
    }

    /// The first row; its absence is an error.
    fn row(&mut self, sql: &'static str, p: &[Val]) -> Result<Row> {
        self.opt_row(sql, p)?.ok_or(crate::StoreError::NoRow(sql))
    }
}

/// Which engine is behind a connection; DDL and a few locks differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    Sqlite,
    Postgres,
}

/// What a transaction is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Intent {
    Read,
    Write,
}

/// A connection of one engine; everything above it is common.
pub(crate) trait Conn: Send {
    fn dialect(&self) -> Dialect;
    fn rows(&mut self, sql: &str, p: &[Val]) -> Result<Vec<Row>>;
    fn exec(&mut self, sql: &str, p: &[Val]) -> Result<u64>;
    /// Runs DDL, already written in the engine's own types.
    fn ddl(&mut self, sql: &str) -> Result<()>;
    /// Compiles a statement without running it.
    fn prepare(&mut self, sql: &str) -> Result<()>;
    fn begin(&mut self, intent: Intent) -> Result<()>;
    fn commit(&mut self) -> Result<()>;
    /// Undoes the open transaction, if there is one.
    fn rollback(&mut self) -> Result<()>;
    fn savepoint(&mut self) -> Result<()>;
    fn release(&mut self) -> Result<()>;
    fn rollback_to(&mut self) -> Result<()>;
    /// After a commit: moves a long write-ahead log into the database file.
    fn tidy(&mut self) -> Result<()>;
    /// Moves the whole write-ahead log into the database file and empties it.
    fn checkpoint(&mut self) -> Result<()>;
}

/// A bare transaction over a connection: reads, migrations, start-up checks.
pub(crate) struct Plain<'a>(pub &'a mut dyn Conn);

impl Tx for Plain<'_> {
    fn rows(&mut self, sql: &'static str, p: &[Val]) -> Result<Vec<Row>> {
        self.0.rows(sql, p)
    }

    fn exec(&mut self, sql: &'static str, p: &[Val]) -> Result<u64> {
        self.0.exec(sql, p)
    }
}
