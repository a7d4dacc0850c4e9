//! What a month costs and what it gives back: fees, extras, penalties, VAT, what is left to pay.
//!
//! Conventions:
//! - The statement of a month shows *that month's* fees, extras and penalties. Fees due in advance are
//!   invoiced on its first day, before its changes are known: the adjustment lines are what the next
//!   invoice owes for it. Fees due in arrears, extras and penalties follow the end of the month.
//! - Each line is rounded once, by its own rule (M-34); VAT is computed for each rate on the sum of the
//!   rounded lines (EN 16931, BR-CO-17).
//! - An hour of lateness "started" is counted on the promise's own clock: open time past due, pauses
//!   left out. A case late by a night during which nobody works is late by no hour.
//! - A case, and its penalty, belong to the month in which its clock stops; an availability, and its
//!   penalty, to the month in which the period it is measured over ends.

mod caps;
mod extras;
mod fees;
pub mod hours;
pub mod late_payment;
mod line;
mod penalty;
pub mod revision;
mod spent;
mod statement;
pub mod termination;
pub mod time;
mod work_units;

#[cfg(test)]
mod tests;

pub use caps::{CapApplied, PastPenalty, cap};
pub use extras::{AgreedPrice, Done, PriceAsked, extras};
pub use fees::{fee_of, fees, monthly_fee};
pub use line::{InvoiceLine, LineKind, Share};
pub use penalty::{PenaltyLine, Shortfall, availability_penalties, penalties};
pub use revision::{IndexSeries, IndexValue};
pub use spent::{Spent, spent};
pub use statement::{MonthFacts, MonthStatement, VatLine, close, vat};
pub use work_units::{BookOrder, work_units};
