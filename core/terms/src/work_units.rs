//! Work units: a book bought for each contract year, spent on deliveries by kind and complexity.

use base::Money;
use base::fraction::{self, Fraction};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkUnits {
    pub catalogue: Vec<WorkUnitKind>,
    /// Units bought for each contract year.
    pub bought: u32,
    pub unit_price: Money,
    /// The most that goes over to the next contract year, as a fraction of what was bought.
    #[serde(with = "fraction::text")]
    pub carry_over: Fraction,
    /// Months after which units carried over are lost.
    pub carried_for: u32,
    pub price_at: PriceAt,
    /// Warn when this fraction of the book is spent.
    #[serde(with = "fraction::text")]
    pub alert_at: Fraction,
}

/// A line of the catalogue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkUnitKind {
    /// `S`, `M`, `C`, `TC`…
    pub code: String,
    pub title: String,
    /// Units that one delivery of this kind spends.
    #[serde(with = "fraction::text")]
    pub weight: Fraction,
}

/// The day whose price is paid (M-27).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PriceAt {
    Order,
    Delivery,
}
