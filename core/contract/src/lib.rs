//! The contract compiler: from the text that the parties sign to the terms that engines run.
//!
//! `source` cuts the Markdown and its TOML blocks, `clauses` reads each kind, `compile` resolves
//! exceptions and checks the whole, `prose` fills in the figures, `example` runs the worked examples.
//!
//! Invariant: a text that compiles without error means one thing. Nothing is settled by the order of
//! lines, nothing unknown is ignored, and nothing here reads a file, a clock or the environment.

pub mod back_to_back;
mod clauses;
mod compile;
pub mod diagnostic;
pub mod diff;
pub mod document;
mod example;
mod explain;
mod format;
pub mod gate;
mod gather;
mod hash;
pub mod packs;
mod prose;
mod schema;
pub mod source;

use base::Bilingual;
use terms::Terms;

pub use clauses::read::scope;
pub use clauses::{Family, Field, KINDS, Kind, Mode, Presence, Run, Type, Word, kind};
pub use compile::{
    Arrangement, Compiled, FrontMatter, SECTORS, TRADES, compile, compile_amendment, compile_order,
};
pub use diagnostic::{Diagnostic, Severity};
pub use document::{Article, ArticleClause, ClauseState, Document};
pub use explain::{explain, is_code, read_back};
pub use format::{Formatted, Left, format};
pub use gather::{Subject, gather};
pub use hash::{stamped, terms_hash, text_hash, version_hash};
pub use schema::schema;

/// The sentence of one clause.
pub(crate) fn read_back_of(terms: &Terms, clauses: &[clauses::Clause], label: &str) -> Option<Bilingual> {
    let clause = clauses.iter().find(|c| c.label == label)?;
    (clause.kind.read_back)(label, terms)
}
