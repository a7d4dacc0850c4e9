//! Recurring prices.

use base::fraction::{self, Fraction};
use base::{Money, Rounding};
use serde::{Deserialize, Serialize};

/// A recurring fee: a quantity of units at a unit price, each month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Price {
    /// `seat`, `server`, `flat`…
    pub unit: String,
    /// What the invoice line says.
    pub title: String,
    pub quantity: u32,
    pub unit_price: Money,
    pub due: Due,
    pub proration: Proration,
    /// As a fraction: 1/5 for 20 %.
    #[serde(with = "fraction::text")]
    pub vat: Fraction,
    /// Applied once to each invoice line.
    pub rounding: Rounding,
}

/// When a period is invoiced.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Due {
    InAdvance,
    InArrears,
}

/// How a month begun or ended midway is counted (M-16 to M-18).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Proration {
    /// Days present over days of the month.
    ActualDays,
    /// Days present, the 31st not counted and February filled, over thirty.
    ThirtyDayMonth,
    /// A month begun is due.
    WholeMonth,
}
