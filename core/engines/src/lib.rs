//! The engines: plain functions from terms and facts to a result and its reasons.
//!
//! Invariant: nothing here reads a clock, a file, a socket or a database, nor the text of a contract.
//! The same terms and facts give the same result everywhere, so the customer can decide again.

pub mod availability;
pub mod billing;
pub mod boundary;
pub mod calendar;
pub mod catalogue;
pub mod change;
pub mod channels;
pub mod delivery;
pub mod diagnosis;
pub mod duties;
pub mod entitlement;
pub mod equipment;
pub mod form;
pub mod kinds;
pub mod legal;
pub mod lifecycle;
pub mod sla;
pub mod tender;
pub mod total_cost;

mod in_force;
pub mod objective;
pub mod perimeter;
pub mod period;
pub mod process;
pub mod recurrence;
pub mod roster;
mod say;
pub mod skills;

#[cfg(test)]
mod fixture;
