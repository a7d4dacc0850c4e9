//! A line of the month's statement, as the invoice will show it.

use base::fraction::{self, Fraction};
use base::{Bilingual, Money};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LineKind {
    /// A fee, for the month or the days it was in force.
    Fee,
    /// More or fewer units from a day of the month on.
    Adjustment,
    /// Work beyond what the fee includes.
    Extra,
    /// A penalty that the contract calls a price reduction: it lowers the VAT base (M-15).
    PriceReduction,
}

/// Days counted over the days of the month, by the contract's proration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share {
    pub days: u32,
    pub of: u32,
}

impl Share {
    pub const WHOLE: Share = Share { days: 1, of: 1 };

    pub fn is_whole(self) -> bool {
        self.days == self.of
    }

    pub fn exact(self) -> Fraction {
        Fraction::new(i128::from(self.days), i128::from(self.of.max(1)))
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvoiceLine {
    pub kind: LineKind,
    /// The label of the clause that prices it; `quotation` for work agreed to without one.
    pub clause: String,
    pub title: Bilingual,
    /// The days served, both included.
    pub from: Date,
    pub to: Date,
    /// Negative for a credit: an invoice may not show a negative unit price (EN 16931, BR-27).
    #[serde(with = "fraction::text")]
    pub quantity: Fraction,
    pub unit: String,
    pub unit_price: Money,
    /// `None`: the whole month, or nothing to do with days.
    pub share: Option<Share>,
    /// Without VAT, rounded.
    pub net: Money,
    #[serde(with = "fraction::text")]
    pub vat_rate: Fraction,
    /// The numbers of the tickets whose work it bills, in order; none for a fee. Statements kept before have none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tickets: Vec<String>,
}
