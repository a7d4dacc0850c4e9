//! The hotline's meter: unlimited, a pack of tickets, or a maximum of hours.

use base::Money;
use serde::{Deserialize, Serialize};

use crate::commitment::Period;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meter {
    pub form: MeterForm,
    /// Priorities that are served whatever the meter says.
    pub never_refused: Vec<String>,
    /// Calls of these priorities do not count.
    pub not_counted: Vec<String>,
    /// The calendar of its opening hours.
    pub hours: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "form", rename_all = "snake_case")]
pub enum MeterForm {
    Unlimited,
    TicketPack {
        tickets: u32,
        per: Period,
        /// Warn when so many are left.
        alert_at: u32,
        when_empty: WhenEmpty,
        /// Left out of the bytes when lost, as in the first signed texts.
        #[serde(default, skip_serializing_if = "Leftover::is_lost")]
        leftover: Leftover,
    },
    MaxHours {
        /// Minutes included in each period.
        minutes: u32,
        per: Period,
        /// Each call is rounded up to a multiple of so many minutes.
        round_up_to: u32,
        carry_over: CarryOver,
        alert_at: u32,
        /// Price of an hour beyond; `None`: calls beyond are refused.
        hour_price: Option<Money>,
    },
}

/// What happens to the tickets of a pack that are left at the end of its period, those of packs bought
/// in it included.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "leftover", rename_all = "snake_case")]
pub enum Leftover {
    #[default]
    Lost,
    /// They go on, and are lost so many months after the end of that period.
    Carried { expires_after: u32 },
}

impl Leftover {
    pub fn is_lost(&self) -> bool {
        *self == Leftover::Lost
    }
}

/// What happens to the unused part at the end of a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CarryOver {
    Lost,
    NextPeriod,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "when_empty", rename_all = "snake_case")]
pub enum WhenEmpty {
    /// Each further ticket is billed.
    PerTicket { price: Money },
    /// A further pack is bought as a whole (M-20).
    NewPack { tickets: u32, price: Money },
    /// Calls are refused, but for the priorities never refused.
    Refuse,
}
