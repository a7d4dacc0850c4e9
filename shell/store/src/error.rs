//! What can go wrong in the store, in words that name the place and the next step.
//!
//! Errors are the same for both engines: a caller that looks at [`SqlKind`] works on SQLite and on
//! PostgreSQL alike.

use std::path::PathBuf;

/// The result of every function of this crate.
pub type Result<T, E = StoreError> = std::result::Result<T, E>;

/// What an engine's failure means to a caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SqlKind {
    /// A unique, foreign-key, check or not-null rule refused the row.
    Constraint,
    /// Another connection held the database too long.
    Busy,
    /// The disk is full.
    Full,
    /// The operating system refused a read or a write.
    Io,
    /// A concurrent transaction won; the same job may simply run again.
    Retry,
    /// The connection to the server was lost.
    Connection,
    /// Anything else: wrong SQL, wrong types, a damaged file.
    Other,
}

/// A failure of the store.
#[derive(Debug, Clone, thiserror::Error)]
pub enum StoreError {
    /// The engine refused a statement.
    #[error("database: {detail}{}", in_statement(.sql))]
    Sql { kind: SqlKind, sql: String, detail: String },
    /// A column did not hold what the code expects.
    #[error("column {index}: expected {expected}, found {found}; the row was written by other code")]
    Column { index: usize, expected: &'static str, found: &'static str },
    /// A query that must give a row gave none.
    #[error("no row for: {0}")]
    NoRow(&'static str),
    /// A statement failed and the job went on as if nothing had happened; all of it was undone.
    #[error("a failed statement was ignored by the job, which was undone: {0}")]
    Swallowed(String),
    /// The job panicked; it was undone, the others of its batch were not.
    #[error("internal error, nothing was changed; reference {reference}")]
    Panicked { reference: String },
    /// The transaction that carried the job failed before its commit: nothing was written.
    #[error("nothing was written: {0}")]
    NotWritten(String),
    /// The commit failed half-way: the job may or may not be on disk.
    #[error("outcome unknown, retry with the same idempotency key: {0}")]
    OutcomeUnknown(String),
    /// More work is waiting than the queue takes.
    #[error("the write queue is full; retry in a moment")]
    QueueFull,
    /// The writer stopped after a failure of the disk.
    #[error("the writer stopped after a disk failure; restart the process")]
    Stopped,
    /// The database was opened for reading only.
    #[error("the database is open for reading only")]
    ReadOnly,
    /// The same idempotency key came with another request.
    #[error("idempotency key « {key} » was already used for another request")]
    Conflict { key: String },
    /// SQLite is older than the fix of the write-ahead-log reset bug.
    #[error("SQLite {found} loses acknowledged commits; 3.51.3 or later is needed")]
    OldSqlite { found: String },
    /// A pragma did not take.
    #[error("{path}: pragma {pragma} is {found}, not {wanted}")]
    Pragma { path: PathBuf, pragma: &'static str, wanted: String, found: String },
    /// The database was written by a newer program.
    #[error("migration {id} is unknown to this version; run a newer one")]
    NewerSchema { id: String },
    /// A migration already applied reads differently now.
    #[error("migration {id} was changed after it was applied; add a new migration instead")]
    MigrationChanged { id: String },
    /// The log in the database contradicts itself; nothing will be signed.
    #[error("refusing to sign: {0}; run `regisseur journal verify`")]
    LogInconsistent(String),
    /// Rows that the store never writes.
    #[error("the journal is damaged: {0}")]
    Damaged(String),
    /// An entry cannot be appended.
    #[error("journal entry refused: {0}")]
    Entry(String),
    /// The data folder cannot be used.
    #[error("{path}: {problem}")]
    Folder { path: PathBuf, problem: String },
    /// A name that would be unsafe as a file or schema name.
    #[error("« {0} » cannot name a vault: use a-z, 0-9 and dashes, 1 to 63 characters")]
    BadName(String),
}

impl StoreError {
    /// The kind of an engine's failure; `None` for the others.
    pub fn sql_kind(&self) -> Option<SqlKind> {
        match self {
            StoreError::Sql { kind, .. } => Some(*kind),
            _ => None,
        }
    }

    /// True when a uniqueness or reference rule refused the write.
    pub fn is_constraint(&self) -> bool {
        self.sql_kind() == Some(SqlKind::Constraint)
    }

    pub(crate) fn sql(kind: SqlKind, sql: &str, detail: impl ToString) -> StoreError {
        let sql = sql.split_whitespace().collect::<Vec<_>>().join(" ");
        StoreError::Sql { kind, sql, detail: detail.to_string() }
    }
}

fn in_statement(sql: &str) -> String {
    if sql.is_empty() { String::new() } else { format!(" (in: {sql})") }
}
