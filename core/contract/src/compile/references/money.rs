//! What the money clauses get wrong without a word being ill-typed.

mod hotline;
mod meters;
mod payment;
mod rates;
mod revision;
mod volumes;

use crate::compile::Compiler;
use crate::diagnostic::Diagnostic;

pub(super) fn check(c: &Compiler, found: &mut Vec<Diagnostic>) {
    revision::check(c, found);
    payment::check(&c.clauses, found);
    meters::check(&c.clauses, found);
    hotline::check(c, found);
    rates::check(c, found);
    volumes::check(&c.clauses, found);
}
