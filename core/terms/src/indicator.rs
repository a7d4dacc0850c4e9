//! Figures that the parties follow: quality, accuracy, capacity, recovery; with a target or without.

use base::fraction::{self, Fraction};
use base::{Length, Money};
use serde::{Deserialize, Serialize};

use crate::commitment::Period;
use crate::penalty::PenaltyTax;

/// One indicator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Indicator {
    pub title: String,
    /// Where the figure comes from: `tickets`, `monitoring`, `survey`, `audit`, `process`, `declared`.
    pub source: String,
    /// How it is computed, in the parties' words.
    pub formula: String,
    pub unit: String,
    pub per: Period,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<IndicatorTarget>,
    /// Billed or deducted for each unit beyond the target (M-28).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price_beyond: Option<Money>,
    /// What that amount is for VAT; `None` when there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price_tax: Option<PenaltyTax>,
    /// A measure with a meaning of its own, besides the parties' formula.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub measures: Option<Measure>,
}

/// What an indicator measures, where the words of its formula are not left to the parties.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// From the order of a service to its first user.
    TimeToService,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "target", rename_all = "snake_case")]
pub enum IndicatorTarget {
    AtLeast {
        #[serde(with = "fraction::text")]
        value: Fraction,
    },
    AtMost {
        #[serde(with = "fraction::text")]
        value: Fraction,
    },
}

impl IndicatorTarget {
    pub fn met_by(self, figure: Fraction) -> bool {
        match self {
            IndicatorTarget::AtLeast { value } => figure >= value,
            IndicatorTarget::AtMost { value } => figure <= value,
        }
    }
}

/// How much may be lost and how long recovery may take, for a set of data or a service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recovery {
    /// Data sets, services or items.
    pub of: Vec<String>,
    /// Recovery point objective: the age of what is restored.
    pub point: Length,
    /// Recovery time objective.
    pub time: Length,
    /// Between two timed restore tests.
    pub tested_every: Length,
    /// Copies kept, and where, in the parties' words.
    pub copies: u32,
    pub offline_copy: bool,
    pub encrypted: bool,
    /// Between two backups; `None`: by something else than a backup.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub every: Option<Length>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub places: Vec<String>,
    /// How long copies are kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kept: Option<Length>,
}
