//! The hotline's meter: unlimited, a pack of tickets, or a maximum of hours.
//!
//! The meter is replayed from the calls, in order, so its state and the price of each call are one
//! computation: [`ledger`] tells where the meter stands and what every call cost, [`serve`] is one step
//! of it, [`admit`] says what the next one would. Each call is counted under the clause in force on its day; an amendment in the
//! middle of a period moves the allowance from its day on and never changes what was already counted.
//!
//! Conservation: included + carried + bought = used + left + expired, whatever happens.

mod charge;
mod reasons;
mod state;
pub mod volume;
pub mod work_units;

#[cfg(test)]
mod tests;

use base::{Because, Money};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use terms::{Dimension, Facts, Meter, Rule, Terms, governing};

pub use charge::admit;
pub use state::{Charged, Form, Ledger, Lot, MeterState, charges, ledger, serve, state_at};

/// A call to the hotline that was served.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Call {
    pub at: Timestamp,
    /// How long it lasted, before any rounding.
    pub minutes: u32,
    pub priority: Option<String>,
    /// The ticket it belongs to, as the parties number it.
    pub ticket: Option<String>,
    /// The label of the meter it counts on.
    pub meter: String,
}

/// What one call takes from the meter and costs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Charge {
    /// Wholly paid by the meter as it stood.
    pub covered: bool,
    /// Tickets, or minutes once rounded.
    pub counted: u32,
    /// The part of `counted` taken from the meter, a pack just bought included; the rest is beyond.
    pub taken: u32,
    /// Billed for this call, net of VAT.
    pub price: Option<Money>,
    /// A further pack was bought for it.
    pub new_pack: bool,
}

/// Whether the meter serves a call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "admission", rename_all = "snake_case")]
pub enum Admission {
    Served(Charge),
    /// The meter is empty, the clause refuses calls then, and this priority is not exempt.
    Refused,
}

impl Admission {
    pub fn charge(&self) -> Option<&Charge> {
        match self {
            Admission::Served(charge) => Some(charge),
            Admission::Refused => None,
        }
    }
}

/// The meter that a call with these facts counts on; `None` when the contract meters nothing.
pub fn meter<'a>(terms: &'a Terms, facts: &Facts) -> Option<&'a Rule<Meter>> {
    governing(terms.meters.iter(), facts)
}

/// [`admit`] from the facts of a ticket, of which the priority alone matters here.
pub fn admit_facts(
    meter: &Rule<Meter>,
    state: &MeterState,
    facts: &Facts,
    minutes: u32,
) -> Because<Admission> {
    admit(meter, state, facts.get(Dimension::Priority), minutes)
}
