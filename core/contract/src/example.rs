//! Worked examples: the contract's own tests, which a lawyer can read.

use crate::compile::Compiler;
use crate::source::Source;

pub(crate) fn check(_: &mut Compiler, _: &Source) {}
