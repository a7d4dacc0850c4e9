//! Two versions of a contract compared: their text, what they decide, and the money that moves.
//!
//! `replay` judges real tickets again under other terms, and `money` closes a real month again.
//!
//! Invariant: nothing here reads a vault. Facts are given, and the same two texts always give the same
//! comparison.

mod money;
mod replay;

pub use money::{Figures, Money, Moved, Side, money};
pub use replay::{Admissions, Case, Judged, PromiseChange, TicketChange, as_if, judge, tickets};
