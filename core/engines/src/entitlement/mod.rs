//! The hotline's meter: unlimited, a pack of tickets, or a maximum of hours; several rules may draw on one.
//!
//! The meter is replayed from the calls, in order, so its state and the price of each call are one
//! computation: [`ledger`] tells where the meter stands and what every call cost, [`serve`] is one step
//! of it, [`admit`] says what the next one would. Each call is counted under the clause in force on its day; an amendment in the
//! middle of a period moves the allowance from its day on and never changes what was already counted.
//!
//! A call counts for its minutes, at least the minimum, rounded up, then weighed, then up to the whole
//! minute: in that order, in exact arithmetic. The weight is that of the rule which serves the call; the
//! rest is the meter's, be it shared.
//!
//! Conservation: included + carried + bought = used + left + expired, whatever happens.

mod charge;
mod reasons;
mod state;
pub mod volume;
mod weight;
pub mod work_units;

#[cfg(test)]
mod tests;

use base::Money;
use base::fraction::{self, Fraction};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use terms::{CallTaker, Facts, Meter, Rule, Terms, governing};

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
    /// The label of the rule that served it, where that rule draws on the meter of another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// The roles of whoever took it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<CallTaker>,
    /// About a defect mended under warranty: it takes nothing from any meter.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub under_warranty: bool,
}

/// A rule of the hotline, and the rule of the meter that its calls count on: itself, or the one it shares.
#[derive(Clone, Copy, Debug)]
pub struct Drawn<'a> {
    pub terms: &'a Terms,
    pub rule: &'a Rule<Meter>,
    pub pool: &'a Rule<Meter>,
}

impl<'a> Drawn<'a> {
    /// `None` when it shares a meter that there is not.
    pub fn by(terms: &'a Terms, rule: &'a Rule<Meter>) -> Option<Drawn<'a>> {
        let pool = match rule.then.pool() {
            Some(label) => own_meter(terms, label)?,
            None => rule,
        };
        Some(Drawn { terms, rule, pool })
    }

    /// The label of the rule, where it is not that of the meter.
    pub fn sharing(&self) -> Option<&'a str> {
        (self.rule.label() != self.pool.label()).then(|| self.rule.label())
    }
}

/// The rule of this label, when it has a meter of its own.
pub(crate) fn own_meter<'a>(terms: &'a Terms, label: &str) -> Option<&'a Rule<Meter>> {
    terms.meters.iter().find(|r| r.label() == label && r.then.pool().is_none())
}

/// The rules that draw on this meter, its own first.
pub fn drawing<'a>(terms: &'a Terms, label: &str) -> Vec<&'a Rule<Meter>> {
    let shares = terms.meters.iter().filter(|r| r.then.pool() == Some(label));
    own_meter(terms, label).into_iter().chain(shares).collect()
}

/// What one call takes from the meter and costs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Charge {
    /// Wholly paid by the meter as it stood.
    pub covered: bool,
    /// Tickets, or minutes once rounded and weighed.
    pub counted: u32,
    /// What it was multiplied by.
    #[serde(with = "fraction::text", default = "fraction::one", skip_serializing_if = "is_one")]
    pub weight: Fraction,
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

fn is_one(weight: &Fraction) -> bool {
    *weight == fraction::one()
}

/// The rule that serves a call with these facts, and the meter it counts on; `None` when the contract meters
/// nothing.
pub fn meter<'a>(terms: &'a Terms, facts: &Facts) -> Option<Drawn<'a>> {
    Drawn::by(terms, governing(terms.meters.iter(), facts)?)
}
