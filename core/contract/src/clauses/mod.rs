//! The kinds of clause: one module each, one line below. Everything a kind is stands in its module:
//! its fields, an example that compiles, what it compiles to and how it reads back.

mod check;
mod field;
mod fields;
mod read;

use base::Bilingual;
use terms::Terms;

use crate::compile::Compiler;

pub(crate) use check::{check, merge};
pub use field::{Field, Presence, Type};
pub use fields::Fields;
pub(crate) use fields::{Clause, Merged, Origin, texts};

/// A kind of clause.
pub struct Kind {
    pub name: &'static str,
    /// What it is for, in French and in English.
    pub doc: (&'static str, &'static str),
    /// A block that compiles.
    pub example: &'static str,
    pub mode: Mode,
    /// Whether it takes `when` and `exception_to`.
    pub guarded: bool,
    pub fields: &'static [Field],
    /// Adds its term; `None` when a field it needs was wrong, which has been reported.
    pub(crate) compile: fn(&Fields<'_>, &mut Compiler) -> Option<()>,
    /// What the machine will do, from the terms alone; `None` when the label is not there.
    pub read_back: fn(&str, &Terms) -> Option<Bilingual>,
}

/// How clauses of a kind live together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// All hold at once.
    Additive,
    /// Two with the same values of these fields must not hold at once.
    Exclusive(&'static [&'static str]),
    /// Each label is its own; only exceptions to the same one exclude each other.
    ByLabel,
}

impl Kind {
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|f| f.name == name)
    }
}

impl std::fmt::Debug for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Kind({})", self.name)
    }
}

macro_rules! clauses {
    ($($kind:ident,)*) => {
        $(pub(crate) mod $kind;)*

        /// Every kind, in the order in which they compile.
        pub static KINDS: &[&Kind] = &[$(&$kind::KIND),*];
    };
}

clauses! {
    parties,
    contacts,
    term,
    calendar,
    priority_matrix,
    commitment,
    objective,
    pause,
    perimeter,
    operations,
    hotline,
    fee,
    penalty,
    penalty_cap,
}

/// The kind of this name.
pub fn kind(name: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|k| k.name == name).copied()
}
