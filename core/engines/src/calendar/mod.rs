//! Service hours compiled to instants: elapsed time, due instants and working days on a calendar.
//!
//! A calendar is compiled over a window into sorted, disjoint spans of UTC time with their running
//! totals, so that "how much open time" and "when is it used up" are binary searches. Membership is
//! the oracle's rule C2: an instant is open when its local date and time are inside an opening, and
//! time is physical. Openings are laid over each stretch of constant offset of the zone and clipped to
//! it, so the missing hour counts nothing and the repeated hour counts twice, whatever the size and the
//! date of the shift.
//!
//! Instants are exact to the microsecond inside; seconds are floored only when they are shown (C7).

mod cache;
mod clock;
mod compile;
mod compiled;
pub mod exchange;
mod membership;
mod pauses;
pub(crate) mod spans;

pub use cache::ClockCache;
pub use clock::ServiceClock;
pub use compile::zone;
pub use compiled::CompiledCalendar;
pub use membership::{holiday_at, open_at};
pub use pauses::Pauses;

/// Why a calendar cannot be compiled.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CalendarError {
    #[error("unknown time zone {zone:?}: write an IANA name such as \"Europe/Paris\"")]
    UnknownZone { zone: String },
    #[error("a composed calendar needs at least one calendar to compose")]
    NothingToCompose,
    #[error("the local date and time {at} cannot be placed in the zone {zone}")]
    OutOfRange { at: String, zone: String },
}
