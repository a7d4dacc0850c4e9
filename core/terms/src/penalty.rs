//! Penalties and their caps. A judge may lower or raise them (Code civil, 1231-5).

use base::fraction::{self, Fraction};
use serde::{Deserialize, Serialize};

use crate::commitment::{Period, Promise};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Penalty {
    pub on: Breach,
    /// The label of the availability missed; `None` for a promise with a clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<String>,
    pub formula: PenaltyFormula,
    /// Percentage points of each step, as a fraction of one: 1/1000 for a tenth of a point. `None` for
    /// the formulas that have no such step, or whose name says it.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "optional")]
    pub step: Option<Fraction>,
    /// Of the base, for each step.
    #[serde(with = "fraction::text")]
    pub rate: Fraction,
    pub base: PenaltyBase,
    /// The labels of the fees that make the base, when it is theirs alone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub base_of: Vec<String>,
    pub tax: PenaltyTax,
    pub sole_remedy: bool,
    /// Names of the phases in which the promise is measured and no penalty is due.
    pub suspended_in: Vec<String>,
}

impl Penalty {
    /// The percentage points of a step, as a fraction of one; `None` when steps are not points.
    pub fn points(&self) -> Option<Fraction> {
        match self.formula {
            PenaltyFormula::StepPerTenthOfPointStarted => Some(Fraction::new(1, 1000)),
            PenaltyFormula::StepPerPointsStarted => self.step,
            PenaltyFormula::StepPerHourStarted | PenaltyFormula::PerCase => None,
        }
    }
}

/// What was not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "&'static str", try_from = "String")]
pub enum Breach {
    /// A promise with a clock.
    Promise(Promise),
    Availability,
}

impl Breach {
    pub fn key(self) -> &'static str {
        match self {
            Breach::Promise(promise) => promise.key(),
            Breach::Availability => "availability",
        }
    }

    pub fn promise(self) -> Option<Promise> {
        match self {
            Breach::Promise(promise) => Some(promise),
            Breach::Availability => None,
        }
    }
}

impl From<Breach> for &'static str {
    fn from(breach: Breach) -> &'static str {
        breach.key()
    }
}

impl TryFrom<String> for Breach {
    type Error = String;

    fn try_from(key: String) -> Result<Breach, String> {
        match Promise::from_key(&key) {
            Some(promise) => Ok(Breach::Promise(promise)),
            None if key == "availability" => Ok(Breach::Availability),
            None => Err(format!("{key:?} is neither a promise nor an availability")),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PenaltyFormula {
    /// One step for each hour started past the due instant, counted on the promise's own clock (M-10).
    StepPerHourStarted,
    /// One step for each case late, however late; for each period missed, of an availability.
    PerCase,
    /// One step for each tenth of a percentage point started below the availability promised (M-11).
    StepPerTenthOfPointStarted,
    /// The same, the step being the clause's own number of points.
    StepPerPointsStarted,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PenaltyBase {
    /// The recurring fees, net of VAT, of the full month at the prices in force on the last day of the month.
    MonthlyFeeInForce,
    /// The same, of the fees that the clause names alone.
    NamedFees,
}

/// How a penalty meets VAT (M-14, M-15).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PenaltyTax {
    /// Damages, outside VAT, set off against what is payable.
    Indemnity,
    /// A lower price, so a lower VAT base.
    PriceReduction,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PenaltyCap {
    pub per: Period,
    #[serde(with = "fraction::text")]
    pub rate: Fraction,
    /// `Month`: of the monthly fee; `ContractYear`: of twelve times the monthly fee.
    pub base: PenaltyBase,
    /// The labels of the fees that make the base, when it is theirs alone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub base_of: Vec<String>,
}

/// Serde for a fraction that may be absent.
mod optional {
    use super::Fraction;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub fn serialize<S: Serializer>(value: &Option<Fraction>, serializer: S) -> Result<S::Ok, S::Error> {
        match value {
            Some(value) => serializer.collect_str(value),
            None => serializer.serialize_none(),
        }
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Fraction>, D::Error> {
        let text = Option::<String>::deserialize(deserializer)?;
        let parsed =
            text.map(|t| t.parse().map_err(|_| D::Error::custom(format!("{t:?} is not a fraction n/d"))));
        parsed.transpose()
    }
}
