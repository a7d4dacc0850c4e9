//! The ground everything stands on: exact money, durations, identifiers, provenance and reasons.
//!
//! Invariant: nothing here reads a clock, a random source, a file or the environment. What varies is
//! an argument, so anyone can compute the same result again.

pub mod duration;
pub mod fraction;
pub mod id;
pub mod lang;
pub mod money;
pub mod party_id;
pub mod reason;
pub mod week;

pub use duration::Length;
pub use fraction::{Fraction, Rounding, RoundingMode};
pub use lang::{Bilingual, Lang};
pub use money::{Currency, Money};
pub use reason::{Because, Provenance, Reason};
