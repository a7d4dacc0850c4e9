//! Where facts are kept: vaults, the instance, their logs, the data folder.
//!
//! Invariants: one writer per database and no answer before its commit is on disk; a business row,
//! its journal entry and its outbox message are one transaction; the bytes that were hashed are the
//! bytes that are stored; no statement is built from a user's text. Nothing here knows a use case,
//! a permission or the web, and nothing here reads the clock: instants are arguments.
//!
//! # Adding a noun
//!
//! A noun is a module with its tables, its statements and its functions; [`outbox`] is the smallest
//! example. It has
//!
//! 1. `pub(crate) const TABLES`: DDL in portable types (`INT`, `TEXT`, `BLOB`, `SERIAL`);
//! 2. `pub(crate) const NOUN`: each table with its [`schema::Keep`], and `STATEMENTS`;
//! 3. `crate::statements! { BY_ID = "…"; }`: every SQL text, so that a test compiles it on both
//!    engines; no SQL is written elsewhere in the module;
//! 4. functions taking `&mut dyn Tx` to read and `&mut WriteTx` to write, giving typed rows.
//!
//! Then one line in `vault::NOUNS` and one at the end of `vault::MIGRATIONS`. A later change of the
//! tables is a new migration, never an edit. `tests/schema.rs` fails on what was forgotten.
//!
//! SQL that runs on both engines: placeholders `$1`, `$2`…; `CAST(SUM(x) AS BIGINT)`; upsert by
//! `ON CONFLICT … DO UPDATE SET a = excluded.a`; pages by row comparison, `(due, id) > ($1, $2)`.

pub mod actor;
pub mod agreement;
pub mod article;
pub mod blob;
pub mod call;
pub mod content;
pub mod db;
pub mod draft;
mod error;
pub mod escalation;
pub mod file;
pub mod folder;
pub mod idempotency;
pub mod import;
pub mod import_job;
pub mod instance;
pub mod life;
pub mod log;
pub mod migrate;
pub mod month;
pub mod outbox;
pub mod plan;
pub mod rebuild;
pub mod record;
pub mod roster;
pub mod satisfaction;
pub mod schema;
pub mod search;
pub mod service;
pub mod skills;
pub mod ticket;
pub mod time;
pub mod undertaking;
pub mod vault;
pub mod visit;
pub mod webhook;

pub use db::{Database, Mode, Options, Place, Row, Tx, Val, WriteTx};
pub use error::{Result, SqlKind, StoreError};
