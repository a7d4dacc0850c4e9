//! An open database: one writer, a few readers.

use super::job::{Emptying, Task};
use super::readers::Readers;
use super::sqlite::Sqlite;
use super::writer::{Setup, Writer};
use super::{Conn, Intent, Plain, Tx, WriteTx};
use crate::log::{self, LogKey};
use crate::schema::Schema;
use crate::{Result, StoreError, migrate};
use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, mpsc};
use std::time::Duration;

/// Where a database lives.
#[derive(Debug, Clone)]
pub enum Place {
    /// A file of the embedded engine; its folder exists.
    Sqlite(PathBuf),
    /// A schema of a server.
    #[cfg(feature = "postgres")]
    Postgres { url: String, schema: String },
}

impl Place {
    pub(crate) fn connect(&self, intent: Intent) -> Result<Box<dyn Conn>> {
        match self {
            Place::Sqlite(path) => Ok(Box::new(Sqlite::open(path, intent)?)),
            #[cfg(feature = "postgres")]
            Place::Postgres { url, schema } => {
                Ok(Box::new(super::postgres::Postgres::open(url, schema, intent)?))
            }
        }
    }
}

impl fmt::Display for Place {
    /// Never shows the server's URL: it may hold a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Sqlite(path) => write!(f, "{}", path.display()),
            #[cfg(feature = "postgres")]
            Place::Postgres { schema, .. } => write!(f, "PostgreSQL schema {schema}"),
        }
    }
}

/// What a database is opened for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Migrates, checks the log, writes.
    ReadWrite,
    /// Touches nothing, not even to migrate: for verification and inspection.
    ReadOnly,
}

/// Called with one clear line when the disk failed under a write; the default aborts the process.
pub type FailStop = Arc<dyn Fn(&str) + Send + Sync>;

/// How to open a database.
#[derive(Clone)]
pub struct Options {
    pub mode: Mode,
    /// Who signs the log; without it nothing can be appended.
    pub log: Option<LogKey>,
    /// Read connections at most.
    pub readers: usize,
    /// Jobs that may wait for the writer.
    pub waiting: usize,
    /// Jobs per commit at most.
    pub batch: usize,
    /// The writer's thread and connection end after this time without work.
    pub idle: Duration,
    pub fail_stop: FailStop,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            mode: Mode::ReadWrite,
            log: None,
            readers: 4,
            waiting: 1024,
            batch: 64,
            idle: Duration::from_secs(60),
            fail_stop: Arc::new(|line| {
                tracing::error!("{line}");
                eprintln!("{line}");
                std::process::abort();
            }),
        }
    }
}

/// An open database; clones share it.
#[derive(Clone)]
pub struct Database {
    inner: Arc<Inner>,
}

struct Inner {
    place: Place,
    writer: Option<Writer>,
    readers: Readers,
}

impl Database {
    /// Opens a database, migrates it to `schema`, and checks that its log agrees with itself.
    pub fn open(place: Place, schema: &Schema, options: Options) -> Result<Database> {
        let readers = Readers::new(place.clone(), options.readers);
        let writer = match options.mode {
            Mode::ReadOnly => None,
            Mode::ReadWrite => {
                let mut conn = place.connect(Intent::Write)?;
                migrate::run(conn.as_mut(), schema.migrations)?;
                log::check(conn.as_mut(), options.log.as_ref())?;
                Some(Writer::new(Setup {
                    place: place.clone(),
                    log: options.log,
                    waiting: options.waiting.max(1),
                    batch: options.batch.max(1),
                    idle: options.idle,
                    fail_stop: options.fail_stop,
                }))
            }
        };
        Ok(Database { inner: Arc::new(Inner { place, writer, readers }) })
    }

    /// Runs a job in the next batch and waits until it is on disk.
    ///
    /// The job may run more than once (a lost race on PostgreSQL), so it must not keep state between
    /// runs. Blocks; from async code use [`Database::write_with`]. Never call it from inside a job.
    pub fn write<T, E, F>(&self, job: F) -> Result<T, E>
    where
        F: FnMut(&mut WriteTx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let Some(writer) = &self.inner.writer else { return Err(StoreError::ReadOnly.into()) };
        let (tell, told) = mpsc::sync_channel(1);
        let done = move |outcome| {
            // The caller waits below; if it is gone, there is nobody to tell.
            let _ = tell.send(outcome);
        };
        writer.push(Box::new(Task::new(job, done)), true);
        told.recv()
            .unwrap_or_else(|_| Err(StoreError::OutcomeUnknown("the writer thread ended".into()).into()))
    }

    /// The same without blocking: `done` is called on the writer's thread after the commit, and must
    /// be quick (send on a channel). A full queue answers [`StoreError::QueueFull`] at once.
    pub fn write_with<T, E, F, D>(&self, job: F, done: D)
    where
        F: FnMut(&mut WriteTx<'_>) -> Result<T, E> + Send + 'static,
        D: FnOnce(Result<T, E>) + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        match &self.inner.writer {
            Some(writer) => writer.push(Box::new(Task::new(job, done)), false),
            None => done(Err(StoreError::ReadOnly.into())),
        }
    }

    /// Runs a read in one snapshot, on the caller's thread; sees every write answered before.
    pub fn read<T, E, F>(&self, f: F) -> Result<T, E>
    where
        F: FnOnce(&mut dyn Tx) -> Result<T, E> + Send,
        T: Send,
        E: From<StoreError> + Send,
    {
        match &self.inner.place {
            Place::Sqlite(_) => self.inner.readers.read(f),
            // The client drives its own runtime and panics on an async worker's thread.
            #[cfg(feature = "postgres")]
            Place::Postgres { .. } => std::thread::scope(|s| {
                let reading = s.spawn(|| self.inner.readers.read(f));
                reading.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
            }),
        }
    }

    /// A number that is another one after each write: what was read under it still stands while it is the same.
    /// Ask it before reading. `None` where others write too, so that nothing here can tell.
    pub fn writes(&self) -> Option<u64> {
        match (&self.inner.place, &self.inner.writer) {
            // The folder is locked for this process.
            (Place::Sqlite(_), Some(writer)) => Some(writer.commits()),
            _ => None,
        }
    }

    /// Empties the write-ahead log into the file: after an erasure, before a copy. Blocks.
    pub fn checkpoint(&self) -> Result<()> {
        let Some(writer) = &self.inner.writer else { return Err(StoreError::ReadOnly) };
        let (tell, told) = mpsc::sync_channel(1);
        writer.push(Box::new(Emptying::new(tell)), true);
        told.recv().unwrap_or(Err(StoreError::Stopped))
    }

    /// Where it lives.
    pub fn place(&self) -> &Place {
        &self.inner.place
    }

    /// Closes idle read connections; they open again when needed.
    pub fn rest(&self) {
        self.inner.readers.rest();
    }

    /// Compiles statements against the real tables; the error names the one that does not.
    pub fn prepare_all(&self, statements: impl IntoIterator<Item = &'static str>) -> Result<()> {
        let mut conn = self.inner.place.connect(Intent::Write)?;
        conn.begin(Intent::Read)?;
        let checked = statements.into_iter().try_for_each(|sql| conn.prepare(sql));
        conn.rollback()?;
        checked
    }

    /// The names of the tables that are really there.
    pub fn tables(&self) -> Result<Vec<String>> {
        let mut conn = self.inner.place.connect(Intent::Write)?;
        conn.begin(Intent::Read)?;
        let sql = migrate::tables_sql(conn.dialect());
        let rows = Plain(conn.as_mut()).rows(sql, &[])?;
        conn.rollback()?;
        rows.iter().map(|r| Ok(r.text(0)?.to_string())).collect()
    }
}
