//! What the money clauses get wrong without a word being ill-typed.

mod revision;

use crate::compile::Compiler;
use crate::diagnostic::Diagnostic;

pub(super) fn check(c: &Compiler, found: &mut Vec<Diagnostic>) {
    revision::check(c, found);
}
