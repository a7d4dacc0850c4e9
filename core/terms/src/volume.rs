//! Prices by volume, and what errors beyond a tolerance cost.

use base::Money;
use base::fraction::{self, Fraction, RoundingMode};
use serde::{Deserialize, Serialize};

use crate::penalty::PenaltyTax;

/// A price for each unit processed in a month, by bands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VolumeBands {
    /// `payslip`, `invoice`, `library`…
    pub unit: String,
    pub title: String,
    /// Billed at least so many each month.
    pub minimum: u32,
    pub bands: Vec<Band>,
    pub scheme: BandScheme,
    /// Warn when this fraction of a band is reached.
    #[serde(with = "fraction::text")]
    pub alert_at: Fraction,
    #[serde(with = "fraction::text")]
    pub vat: Fraction,
}

/// Units up to a number, at a price each; bands are in order, the last one open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Band {
    /// Included; `None`: without end.
    pub up_to: Option<u32>,
    pub unit_price: Money,
}

/// Which units a band prices.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BandScheme {
    /// Those within it: 1 000 at the first price, the rest at the second (M-29).
    Graduated,
    /// All of them, at the price of the band that the total falls in.
    AllUnits,
}

/// How exact the work must be, and the price of each error beyond.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accuracy {
    /// The label of the volume that errors are counted in.
    pub of: String,
    /// Errors tolerated, as a fraction of the volume.
    #[serde(with = "fraction::text")]
    pub tolerance: Fraction,
    /// How the tolerated number becomes whole: 0.3 % of 850 is 2.55, so 2 or 3.
    pub tolerated_rounding: RoundingMode,
    pub price_per_excess: Money,
    pub tax: PenaltyTax,
}
