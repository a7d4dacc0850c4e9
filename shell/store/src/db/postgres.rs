//! The scale-out engine: a schema of a PostgreSQL server, through the synchronous client.
//!
//! The client drives a runtime of its own and panics on an async worker's thread, so it is only
//! used on the writer's thread and on reading threads.

use super::{Conn, Dialect, Intent, Row, Val};
use crate::{Result, SqlKind, StoreError};
use postgres::types::{FromSql, IsNull, ToSql, Type, private::BytesMut, to_sql_checked};
use postgres::{Client, NoTls, Statement, error::SqlState};
use std::collections::HashMap;
use std::error::Error;

pub(crate) struct Postgres {
    client: Client,
    schema: String,
    /// Statements live as long as the connection; their texts are a fixed, small set.
    prepared: HashMap<String, Statement>,
    open: bool,
}

impl Postgres {
    pub(crate) fn open(url: &str, schema: &str, intent: Intent) -> Result<Postgres> {
        let name = schema_name(schema)?;
        let mut client = Client::connect(url, NoTls).map_err(|e| failure("connect", e))?;
        let setting = "SET synchronous_commit = on; SET client_min_messages = warning";
        client.batch_execute(setting).map_err(|e| failure(setting, e))?;
        if intent == Intent::Write {
            let create = format!("CREATE SCHEMA IF NOT EXISTS {name}");
            client.batch_execute(&create).or_else(|e| match e.code() {
                // Two connections may create it at the same moment; the loser sees the winner's.
                Some(&SqlState::UNIQUE_VIOLATION | &SqlState::DUPLICATE_SCHEMA) => Ok(()),
                _ => Err(failure(&create, e)),
            })?;
        }
        Ok(Postgres { client, schema: name, prepared: HashMap::new(), open: false })
    }

    fn statement(&mut self, sql: &str) -> Result<Statement> {
        if let Some(known) = self.prepared.get(sql) {
            return Ok(known.clone());
        }
        let statement = self.client.prepare(sql).map_err(|e| failure(sql, e))?;
        self.prepared.insert(sql.to_string(), statement.clone());
        Ok(statement)
    }

    fn simple(&mut self, sql: &str) -> Result<()> {
        self.client.batch_execute(sql).map_err(|e| failure(sql, e))
    }
}

/// A schema name needs no quotes once dashes are underscores; nothing else can be in it.
fn schema_name(schema: &str) -> Result<String> {
    crate::folder::check_name(schema)?;
    Ok(format!("\"{}\"", schema.replace('-', "_")))
}

impl Conn for Postgres {
    fn dialect(&self) -> Dialect {
        Dialect::Postgres
    }

    fn rows(&mut self, sql: &str, p: &[Val]) -> Result<Vec<Row>> {
        let statement = self.statement(sql)?;
        check_count(sql, &statement, p)?;
        let found = self.client.query(&statement, &refs(p)).map_err(|e| failure(sql, e))?;
        found
            .iter()
            .map(|row| {
                let values = (0..row.len()).map(|i| row.try_get::<_, Val>(i).map_err(|e| failure(sql, e)));
                Ok(Row::new(values.collect::<Result<_>>()?))
            })
            .collect()
    }

    fn exec(&mut self, sql: &str, p: &[Val]) -> Result<u64> {
        let statement = self.statement(sql)?;
        check_count(sql, &statement, p)?;
        self.client.execute(&statement, &refs(p)).map_err(|e| failure(sql, e))
    }

    fn ddl(&mut self, sql: &str) -> Result<()> {
        self.simple(sql)
    }

    fn prepare(&mut self, sql: &str) -> Result<()> {
        self.statement(sql).map(drop)
    }

    fn begin(&mut self, intent: Intent) -> Result<()> {
        let mode = match intent {
            Intent::Read => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
            // The head of the log is locked first, so each statement sees all that came before.
            Intent::Write => "BEGIN ISOLATION LEVEL READ COMMITTED",
        };
        self.open = true;
        self.simple(&format!("{mode}; SET LOCAL search_path = {}", self.schema))
    }

    fn commit(&mut self) -> Result<()> {
        self.open = false;
        // COMMIT of a transaction that failed unnoticed answers ROLLBACK, without an error; the
        // savepoints before it would have failed, so that cannot be.
        self.simple("COMMIT")
    }

    fn rollback(&mut self) -> Result<()> {
        if std::mem::take(&mut self.open) { self.simple("ROLLBACK") } else { Ok(()) }
    }

    fn savepoint(&mut self) -> Result<()> {
        self.simple("SAVEPOINT job")
    }

    fn release(&mut self) -> Result<()> {
        self.simple("RELEASE SAVEPOINT job")
    }

    fn rollback_to(&mut self) -> Result<()> {
        self.simple("ROLLBACK TO SAVEPOINT job; RELEASE SAVEPOINT job")
    }

    fn tidy(&mut self) -> Result<()> {
        Ok(())
    }

    fn checkpoint(&mut self) -> Result<()> {
        // The server's own business.
        Ok(())
    }
}

fn refs(p: &[Val]) -> Vec<&(dyn ToSql + Sync)> {
    p.iter().map(|v| v as &(dyn ToSql + Sync)).collect()
}

fn check_count(sql: &str, statement: &Statement, p: &[Val]) -> Result<()> {
    let count = statement.params().len();
    if count == p.len() {
        return Ok(());
    }
    let detail = format!("{} values for {count} placeholders", p.len());
    Err(StoreError::sql(SqlKind::Other, sql, detail))
}

impl ToSql for Val {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match (self, ty) {
            (Val::Null, _) => Ok(IsNull::Yes),
            (Val::Int(v), &Type::INT8) => v.to_sql(ty, out),
            (Val::Int(v), &Type::INT4) => i32::try_from(*v)?.to_sql(ty, out),
            (Val::Text(v), _) if <&str as ToSql>::accepts(ty) => v.as_str().to_sql(ty, out),
            (Val::Blob(v), &Type::BYTEA) => v.as_slice().to_sql(ty, out),
            _ => Err(format!("a value of another type was given for {ty}").into()),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

impl<'a> FromSql<'a> for Val {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> Result<Val, Box<dyn Error + Sync + Send>> {
        Ok(match *ty {
            Type::INT8 => Val::Int(i64::from_sql(ty, raw)?),
            Type::INT4 => Val::Int(i32::from_sql(ty, raw)?.into()),
            // SQLite has no booleans: a comparison gives 0 or 1 there.
            Type::BOOL => Val::Int(bool::from_sql(ty, raw)?.into()),
            Type::BYTEA => Val::Blob(Vec::from_sql(ty, raw)?),
            _ if <&str as FromSql>::accepts(ty) => Val::Text(String::from_sql(ty, raw)?),
            _ => return Err(format!("type {ty} is not portable; cast it to BIGINT, TEXT or BYTEA").into()),
        })
    }

    fn from_sql_null(_: &Type) -> Result<Val, Box<dyn Error + Sync + Send>> {
        Ok(Val::Null)
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

fn failure(sql: &str, e: postgres::Error) -> StoreError {
    let kind = match e.code() {
        Some(&SqlState::T_R_SERIALIZATION_FAILURE | &SqlState::T_R_DEADLOCK_DETECTED) => SqlKind::Retry,
        Some(&SqlState::DISK_FULL) => SqlKind::Full,
        Some(&SqlState::IO_ERROR) => SqlKind::Io,
        Some(state) if state.code().starts_with("23") => SqlKind::Constraint,
        Some(state) if state.code().starts_with("08") || state.code().starts_with("57P") => {
            SqlKind::Connection
        }
        None if e.is_closed() || e.as_db_error().is_none() && is_io(&e) => SqlKind::Connection,
        _ => SqlKind::Other,
    };
    // The client's own text says only "db error"; the server's says what and where.
    let detail = match e.as_db_error() {
        Some(db) => format!("{}: {}", db.code().code(), db.message()),
        None => e.source().map_or_else(|| e.to_string(), |s| format!("{e}: {s}")),
    };
    StoreError::sql(kind, sql, detail)
}

fn is_io(e: &postgres::Error) -> bool {
    e.source().is_some_and(|s| s.is::<std::io::Error>())
}
