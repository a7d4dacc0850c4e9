//! The embedded engine: bundled SQLite, write-ahead log, `synchronous=FULL`.
//!
//! Versions before 3.51.3 can lose acknowledged commits when a checkpoint races a log reset, so the
//! version is asserted at every open. The database file is never opened by other means: POSIX drops
//! a process's locks when any of its descriptors on the file is closed.

use super::{Conn, Dialect, Intent, Row, Val};
use crate::{Result, SqlKind, StoreError};
use rusqlite::hooks::Wal;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, ErrorCode, OpenFlags, Statement, ToSql};
use std::fs::OpenOptions;
use std::io::ErrorKind;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};

/// The first release of the 3.51 line without the log reset bug.
const OLDEST: i32 = 3_051_003;

/// Statements kept compiled per connection.
const CACHED: usize = 128;

/// Pages in the write-ahead log after which it is moved into the file: 4 MiB.
const LONG_LOG: i32 = 1000;

pub(crate) struct Sqlite {
    conn: Connection,
    /// Pages in the write-ahead log after the last commit.
    log_pages: Arc<AtomicI32>,
}

impl Sqlite {
    pub(crate) fn open(path: &Path, intent: Intent) -> Result<Sqlite> {
        if rusqlite::version_number() < OLDEST {
            return Err(StoreError::OldSqlite { found: rusqlite::version().into() });
        }
        let flags = OpenFlags::SQLITE_OPEN_NO_MUTEX
            | match intent {
                Intent::Write => OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE,
                // A reader of a write-ahead log must still be able to create its shared memory;
                // query_only keeps it from writing.
                Intent::Read => OpenFlags::SQLITE_OPEN_READ_WRITE,
            };
        if intent == Intent::Write {
            make_private(path)?;
        }
        let mut conn = Connection::open_with_flags(path, flags)
            .map_err(|e| StoreError::Folder { path: path.into(), problem: e.to_string() })?;
        conn.set_prepared_statement_cache_capacity(CACHED);
        configure(&conn, path, intent)?;
        let log_pages = Arc::new(AtomicI32::new(0));
        if intent == Intent::Write {
            let seen = log_pages.clone();
            let hook = move |_: &mut Wal, pages| {
                seen.store(pages, Ordering::Relaxed);
                Ok(())
            };
            conn.wal_hook(Some(hook)).map_err(|e| failure("wal_hook", e))?;
        }
        Ok(Sqlite { conn, log_pages })
    }
}

/// Makes a new database readable by its owner only, whatever the umask and the folder allow; SQLite
/// gives its log and shared memory the same mode.
///
/// A file that exists is not opened here: closing it would drop SQLite's locks.
fn make_private(path: &Path) -> Result<()> {
    match OpenOptions::new().write(true).create_new(true).mode(0o600).open(path) {
        Ok(_) => Ok(()),
        Err(e) if e.kind() == ErrorKind::AlreadyExists => Ok(()),
        Err(e) => Err(StoreError::Folder { path: path.into(), problem: format!("cannot be created: {e}") }),
    }
}

/// Sets each pragma and reads it back: SQLite ignores silently what it does not know.
fn configure(conn: &Connection, path: &Path, intent: Intent) -> Result<()> {
    let cache = match intent {
        Intent::Write => "-2048",
        Intent::Read => "-1024",
    };
    let mut pragmas = vec![
        ("busy_timeout", "5000", "5000"),
        ("synchronous", "FULL", "2"),
        ("foreign_keys", "ON", "1"),
        ("trusted_schema", "OFF", "0"),
        ("cell_size_check", "ON", "1"),
        ("secure_delete", "ON", "1"),
        ("mmap_size", "0", "0"),
        // What a savepoint may have to put back is kept as pages of the database: in a file, it would stand
        // in a folder that all programs share, and each write of some size would make one.
        ("temp_store", "MEMORY", "2"),
        // SQLite's own would hide a failed sync of the database file; see `tidy`.
        ("wal_autocheckpoint", "0", "0"),
        ("cache_size", cache, cache),
    ];
    match intent {
        Intent::Write => pragmas.insert(1, ("journal_mode", "WAL", "wal")),
        Intent::Read => pragmas.push(("query_only", "ON", "1")),
    }
    for (pragma, set, wanted) in pragmas {
        conn.pragma_update_and_check(None, pragma, set, |_| Ok(()))
            .or_else(|e| if e == rusqlite::Error::QueryReturnedNoRows { Ok(()) } else { Err(e) })
            .map_err(|e| failure(pragma, e))?;
        let found = conn
            .pragma_query_value(None, pragma, |r| Ok(as_text(r.get_ref(0)?)))
            .map_err(|e| failure(pragma, e))?;
        if found != wanted {
            let path = path.into();
            return Err(StoreError::Pragma { path, pragma, wanted: wanted.into(), found });
        }
    }
    Ok(())
}

fn as_text(v: ValueRef<'_>) -> String {
    match v {
        ValueRef::Integer(i) => i.to_string(),
        ValueRef::Text(t) => String::from_utf8_lossy(t).to_lowercase(),
        other => format!("{other:?}"),
    }
}

impl Conn for Sqlite {
    fn dialect(&self) -> Dialect {
        Dialect::Sqlite
    }

    fn rows(&mut self, sql: &str, p: &[Val]) -> Result<Vec<Row>> {
        let mut statement = self.conn.prepare_cached(sql).map_err(|e| failure(sql, e))?;
        bind(&mut statement, sql, p)?;
        let width = statement.column_count();
        let mut found = Vec::new();
        let mut rows = statement.raw_query();
        while let Some(row) = rows.next().map_err(|e| failure(sql, e))? {
            let values = (0..width).map(|i| {
                let value = row.get_ref(i).map_err(|e| failure(sql, e))?;
                own(i, value)
            });
            found.push(Row::new(values.collect::<Result<_>>()?));
        }
        Ok(found)
    }

    fn exec(&mut self, sql: &str, p: &[Val]) -> Result<u64> {
        let mut statement = self.conn.prepare_cached(sql).map_err(|e| failure(sql, e))?;
        bind(&mut statement, sql, p)?;
        let changed = statement.raw_execute().map_err(|e| failure(sql, e))?;
        Ok(changed as u64)
    }

    fn ddl(&mut self, sql: &str) -> Result<()> {
        self.conn.execute_batch(sql).map_err(|e| failure(sql, e))
    }

    fn prepare(&mut self, sql: &str) -> Result<()> {
        self.conn.prepare_cached(sql).map(drop).map_err(|e| failure(sql, e))
    }

    fn begin(&mut self, intent: Intent) -> Result<()> {
        self.exec(
            match intent {
                Intent::Read => "BEGIN",
                Intent::Write => "BEGIN IMMEDIATE",
            },
            &[],
        )
        .map(drop)
    }

    fn commit(&mut self) -> Result<()> {
        self.exec("COMMIT", &[]).map(drop)
    }

    fn rollback(&mut self) -> Result<()> {
        // After a full disk or an I/O error SQLite has already rolled back.
        if self.conn.is_autocommit() {
            return Ok(());
        }
        self.exec("ROLLBACK", &[]).map(drop)
    }

    fn savepoint(&mut self) -> Result<()> {
        self.exec("SAVEPOINT job", &[]).map(drop)
    }

    fn release(&mut self) -> Result<()> {
        self.exec("RELEASE job", &[]).map(drop)
    }

    fn rollback_to(&mut self) -> Result<()> {
        self.exec("ROLLBACK TO job", &[])?;
        self.release()
    }

    fn tidy(&mut self) -> Result<()> {
        if self.log_pages.swap(0, Ordering::Relaxed) < LONG_LOG {
            return Ok(());
        }
        // A reader may hold part of it; the next commit tries again.
        self.rows("PRAGMA wal_checkpoint(PASSIVE)", &[]).map(drop)
    }

    fn checkpoint(&mut self) -> Result<()> {
        let row = self.rows("PRAGMA wal_checkpoint(TRUNCATE)", &[])?;
        match row.first().map(|r| r.int(0)).transpose()? {
            Some(0) | None => Ok(()),
            Some(_) => Err(StoreError::sql(SqlKind::Busy, "wal_checkpoint", "a reader holds the log")),
        }
    }
}

/// Binds by the number in the name: `$2` may come before `$1` in the text.
fn bind(statement: &mut Statement<'_>, sql: &str, p: &[Val]) -> Result<()> {
    let count = statement.parameter_count();
    if count != p.len() {
        let detail = format!("{} values for {count} placeholders", p.len());
        return Err(StoreError::sql(SqlKind::Other, sql, detail));
    }
    for index in 1..=count {
        let number = statement.parameter_name(index).and_then(|n| n.strip_prefix('$')?.parse::<usize>().ok());
        let value = number.and_then(|n| p.get(n.checked_sub(1)?));
        let Some(value) = value else {
            return Err(StoreError::sql(SqlKind::Other, sql, "placeholders must be $1, $2…, without a gap"));
        };
        statement.raw_bind_parameter(index, value).map_err(|e| failure(sql, e))?;
    }
    Ok(())
}

impl ToSql for Val {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Val::Null => ValueRef::Null,
            Val::Int(v) => ValueRef::Integer(*v),
            Val::Text(v) => ValueRef::Text(v.as_bytes()),
            Val::Blob(v) => ValueRef::Blob(v),
        }))
    }
}

fn own(index: usize, value: ValueRef<'_>) -> Result<Val> {
    Ok(match value {
        ValueRef::Null => Val::Null,
        ValueRef::Integer(v) => Val::Int(v),
        ValueRef::Text(v) => Val::Text(String::from_utf8(v.to_vec()).map_err(|_| StoreError::Column {
            index,
            expected: "UTF-8",
            found: "other bytes",
        })?),
        ValueRef::Blob(v) => Val::Blob(v.to_vec()),
        ValueRef::Real(_) => {
            return Err(StoreError::Column { index, expected: "an integer", found: "a float" });
        }
    })
}

fn failure(sql: &str, e: rusqlite::Error) -> StoreError {
    let kind = match e.sqlite_error_code() {
        Some(ErrorCode::ConstraintViolation) => SqlKind::Constraint,
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => SqlKind::Busy,
        Some(ErrorCode::DiskFull) => SqlKind::Full,
        Some(ErrorCode::SystemIoFailure) => SqlKind::Io,
        _ => SqlKind::Other,
    };
    StoreError::sql(kind, sql, e)
}
