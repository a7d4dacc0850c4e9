//! Penalties and their caps. A judge may lower or raise them (Code civil, 1231-5).

use base::fraction::{self, Fraction};
use serde::{Deserialize, Serialize};

use crate::commitment::{Period, Promise};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Penalty {
    pub on: Promise,
    pub formula: PenaltyFormula,
    /// Of the base, for each step.
    #[serde(with = "fraction::text")]
    pub rate: Fraction,
    pub base: PenaltyBase,
    pub tax: PenaltyTax,
    pub sole_remedy: bool,
    /// Names of the phases in which the promise is measured and no penalty is due.
    pub suspended_in: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PenaltyFormula {
    /// One step for each hour started past the due instant, counted on the promise's own clock (M-10).
    StepPerHourStarted,
    /// One step for each case late, however late.
    PerCase,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PenaltyBase {
    /// The recurring fees, net of VAT, of the full month at the prices in force on the last day of the month.
    MonthlyFeeInForce,
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
}
