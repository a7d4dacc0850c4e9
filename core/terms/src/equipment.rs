//! Hardware: when it is replaced rather than repaired, how many replacements are included, and the price after.

use base::Money;
use base::fraction::{self, Fraction};
use serde::{Deserialize, Serialize};

use crate::commitment::Period;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Equipment {
    /// The class of items, as the perimeter names it: `workstation`.
    pub class: String,
    /// Replaced when the repair costs more than this fraction of the value.
    #[serde(with = "fraction::text")]
    pub repair_limit: Fraction,
    /// Replaced when older than so many months, whatever the repair costs.
    pub max_age: Option<u32>,
    /// Replacements that the fee pays in each period.
    pub included: u32,
    pub per: Period,
    pub then_price: Money,
    pub mode: EquipmentMode,
    /// Who pays a repair; `None`: the contract does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repair: Option<Repair>,
}

/// What a repair costs the customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "paid", rename_all = "snake_case")]
pub enum Repair {
    Included,
    /// Included up to this much for each repair.
    Capped {
        most: Money,
    },
    /// Each at this price.
    Billed {
        price: Money,
    },
    /// Each on a quotation.
    Quoted,
}

/// Whose the hardware is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EquipmentMode {
    CustomerOwned,
    ProviderOwned,
    Leased,
}
