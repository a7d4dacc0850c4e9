//! What a database is made of: nouns, their tables, their statements, their migrations.

use crate::migrate::Migration;

/// What happens to a table's rows when a customer leaves or a projection is rebuilt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// Derived from journal entries; rebuilding must give the same rows.
    Journaled,
    /// Not in the journal, but part of an export.
    Exported,
    /// Only of use to this running instance.
    Ephemeral,
}

/// A table and its promise.
#[derive(Debug, Clone, Copy)]
pub struct Table {
    pub name: &'static str,
    pub keep: Keep,
}

/// One noun module: what it owns in the database.
#[derive(Debug, Clone, Copy)]
pub struct Noun {
    pub name: &'static str,
    pub tables: &'static [Table],
    /// Every statement the module runs, by the name of its constant.
    pub statements: &'static [(&'static str, &'static str)],
}

/// A whole database.
#[derive(Debug, Clone, Copy)]
pub struct Schema {
    pub nouns: &'static [&'static Noun],
    pub migrations: &'static [Migration],
}

/// Declares the statements of a noun module as constants, and lists them in `STATEMENTS` so that a
/// test compiles each one on both engines.
#[macro_export]
macro_rules! statements {
    ($($name:ident = $sql:expr;)+) => {
        $(const $name: &str = $sql;)+
        pub(crate) const STATEMENTS: &[(&str, &str)] = &[$((stringify!($name), $name)),+];
    };
}
