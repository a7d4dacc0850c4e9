//! A fuzzer of contracts: texts made from real ones by mistakes that go deep, and what must hold of each.
//!
//! `mutate` makes the texts, `target` runs the compiler on one and says what went wrong, `reduce` makes a
//! text that goes wrong smaller. Everything follows from a seed.

pub mod mutate;
pub mod reduce;
pub mod seeds;
pub mod target;
