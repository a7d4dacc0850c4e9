//! Work billed by time, and the budget it must fit.

use base::Money;
use base::fraction::{self, Fraction};
use serde::{Deserialize, Serialize};

use crate::commitment::Period;

/// The price of a profile's time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rate {
    /// `technician`, `engineer`…
    pub profile: String,
    pub title: String,
    pub price: Money,
    /// Minutes that the price buys: sixty for an hour, the length of the day for a day.
    pub minutes: u32,
    /// Time is rounded up to a multiple of so many minutes.
    pub round_up_to: u32,
    /// What the price is multiplied by at some hours; none fits: by one.
    pub weights: Vec<RateWeight>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RateWeight {
    pub hours: RateHours,
    /// When these hours are; `None`: the date says it of a Saturday and of a Sunday, and nothing does of others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<RateWhen>,
    #[serde(with = "fraction::text")]
    pub weight: Fraction,
}

/// When hours are those of a multiplier, judged at the instant the work began.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RateWhen {
    /// The calendar of this label is open.
    Within(String),
    /// It is closed.
    Outside(String),
    /// A public holiday of this calendar, by the days of its zone.
    HolidaysOf(String),
}

/// Hours whose work costs more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RateHours {
    Ordinary,
    Evening,
    Night,
    Saturday,
    Sunday,
    Holiday,
}

impl RateHours {
    pub const ALL: [RateHours; 6] = [
        RateHours::Ordinary,
        RateHours::Evening,
        RateHours::Night,
        RateHours::Saturday,
        RateHours::Sunday,
        RateHours::Holiday,
    ];

    pub fn key(self) -> &'static str {
        match self {
            RateHours::Ordinary => "ordinary",
            RateHours::Evening => "evening",
            RateHours::Night => "night",
            RateHours::Saturday => "saturday",
            RateHours::Sunday => "sunday",
            RateHours::Holiday => "holiday",
        }
    }

    pub fn from_key(key: &str) -> Option<RateHours> {
        RateHours::ALL.into_iter().find(|h| h.key() == key)
    }
}

/// A sum that spending of a period must not pass unnoticed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Budget {
    /// What it is for, in the parties' words.
    pub title: String,
    /// Without VAT.
    pub amount: Money,
    pub per: Period,
    /// Warn when this fraction is spent.
    #[serde(with = "fraction::text")]
    pub alert_at: Fraction,
    pub when_exceeded: WhenExceeded,
    /// What may be bought with it, priced; those chosen are to fit.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<BudgetOption>,
}

/// Something that a budget may pay for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BudgetOption {
    pub title: String,
    /// Without VAT, for one period of the budget.
    pub price: Money,
    pub chosen: bool,
}

impl Budget {
    /// What is left once the options chosen are paid; below zero when they do not fit.
    pub fn left(&self) -> Money {
        self.options.iter().filter(|o| o.chosen).fold(self.amount, |left, option| left - option.price)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WhenExceeded {
    /// Everybody is told, and the work goes on.
    Warn,
    /// The customer agrees first.
    Approve,
    /// Nothing more is ordered.
    Stop,
}
