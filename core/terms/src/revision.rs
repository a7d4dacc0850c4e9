//! Price revision by an index: which values are compared, how the result is rounded, what it moves.
//!
//! Nothing here knows an index's values: the series is given to the engine, with its dates and source.

use base::Rounding;
use base::fraction::{self, Fraction};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// P1 = P0 × (fixed + variable × S1 / S0), at each anniversary.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceRevision {
    /// The index's name, as the series given to the engine bears it.
    pub index: String,
    /// The part of the price that the index does not move, as a fraction of one; zero for P0 × S1 / S0.
    #[serde(with = "fraction::text")]
    pub fixed: Fraction,
    /// The part that it moves; `fixed + variable = 1`, which the compiler checks.
    #[serde(with = "fraction::text")]
    pub variable: Fraction,
    /// The day S0 is read on: as a rule that of the signature.
    pub base_on: Date,
    pub s0: IndexPick,
    pub s1: IndexPick,
    /// The day of the first revision; the others follow every `every` months.
    pub first_on: Date,
    pub every: u32,
    pub reference: RevisionReference,
    pub direction: RevisionDirection,
    /// The most the coefficient may rise, as a fraction: 3/100.
    #[serde(with = "fraction::optional_text", default, skip_serializing_if = "Option::is_none")]
    pub cap: Option<Fraction>,
    /// The most it may fall.
    #[serde(with = "fraction::optional_text", default, skip_serializing_if = "Option::is_none")]
    pub floor: Option<Fraction>,
    /// `None`: the coefficient stays exact, and the amount alone is rounded (M-01).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub coefficient_rounding: Option<Rounding>,
    pub amount_rounding: Rounding,
    pub apply_to: ApplyTo,
    /// What to do when S0 belongs to the series that came before the index was rebased (M-08).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<IndexLink>,
    pub covers: Vec<RevisedPrices>,
    /// Labels of the fees it moves; empty: all.
    pub fees: Vec<String>,
}

/// Which value of the series is read for a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IndexPick {
    /// The latest month published by that day, the day itself included.
    LastPublished,
    /// The month that holds the day, whenever it is published.
    OfMonth,
}

/// What each revision starts from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RevisionReference {
    /// P0 and S0 stay those of the signature; a cap bounds the whole movement since then.
    Signature,
    /// P0 and S0 are those of the revision before; a cap bounds each step.
    Previous,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RevisionDirection {
    Reciprocal,
    /// Never down. Courts have struck such a clause out for that part.
    UpOnly,
}

/// What is multiplied and rounded (M-04: nine cents apart on forty seats).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ApplyTo {
    /// Each unit price, rounded, then multiplied by the quantity.
    Unit,
    /// Each line: quantity times unit price times coefficient, rounded.
    Line,
    /// The sum of the fees, rounded once.
    Total,
}

/// A rebased index and the coefficient that links it to the series before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IndexLink {
    pub method: LinkMethod,
    /// Published with the new series: 0.97975 for Syntec since August 2022.
    #[serde(with = "fraction::text")]
    pub value: Fraction,
}

/// The three readings found in practice, 46.54 apart on 1 000.00 (M-08).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LinkMethod {
    /// S0 is converted to the new base: S0 × coefficient.
    ConvertBase,
    Ignore,
    /// S1 is multiplied by the coefficient.
    ApplyToNew,
}

/// The families of prices that a clause revises.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RevisedPrices {
    /// Recurring fees.
    Fees,
    /// Prices beyond an allowance or a meter.
    Extras,
    /// Work units.
    WorkUnits,
    /// Day and hour rates.
    Rates,
    /// Prices by volume.
    Volumes,
}

impl PriceRevision {
    /// The days of revision up to `until`, included, in order.
    pub fn anniversaries(&self, until: Date) -> impl Iterator<Item = Date> {
        let (first, every) = (self.first_on, i64::from(self.every.max(1)));
        (0..)
            .map_while(move |n: i64| {
                first.checked_add(jiff::Span::new().try_months(n.checked_mul(every)?).ok()?).ok()
            })
            .take_while(move |day| *day <= until)
    }
}
