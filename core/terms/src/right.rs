//! Rights that a party may use: ending early, leaving after a change of control; with their triggers,
//! measured where they can be.

use base::Length;
use base::fraction::{self, Fraction};
use serde::{Deserialize, Serialize};

use crate::commitment::Period;
use crate::duty::Trigger;
use crate::party::PartyRole;

/// A right to end all or part of the contract, read by the engine `lifecycle`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Right {
    pub holder: Holder,
    pub trigger: RightTrigger,
    /// The contract's month from which it may be used, 1 for the first; `None`: from the start.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from_month: Option<u32>,
    /// How long after its trigger it may still be used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usable_within: Option<Length>,
    /// Between the notification and the end.
    pub notice: Length,
    /// How long the other party has to mend, from the formal notice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cure: Option<Length>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub compensation: Option<Compensation>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Holder {
    Customer,
    Provider,
    Either,
}

impl Holder {
    pub fn has(self, role: PartyRole) -> bool {
        match self {
            Holder::Either => matches!(role, PartyRole::Customer | PartyRole::Provider),
            Holder::Customer => role == PartyRole::Customer,
            Holder::Provider => role == PartyRole::Provider,
        }
    }
}

/// What opens a right.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "on", rename_all = "snake_case")]
pub enum RightTrigger {
    /// Nothing: for convenience.
    Will,
    /// A breach that is not mended within the cure period.
    Breach,
    /// Force majeure that lasts longer than this.
    ForceMajeure { longer_than: Length },
    /// An event that is told: change of control, lost certificate, insolvency…
    Event { event: Trigger },
    /// An authority or a court asks for it (Reg. (EU) 2022/2554, art. 28(7)).
    Authority,
    /// Measured: the objective of this label is below `under` in `times` periods of the last `of`.
    Missed {
        /// Label of an `objective` or `availability` clause.
        objective: String,
        #[serde(with = "fraction::text")]
        under: Fraction,
        per: Period,
        times: u32,
        of: u32,
    },
    /// Measured: the cap of penalties was reached in `times` months of the last `of`.
    CapReached { times: u32, of: u32 },
}

/// What ending early costs its holder (M-24).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Compensation {
    /// Of the fees that remained to the end of the period.
    #[serde(with = "fraction::text")]
    pub rate: Fraction,
    /// Subject to VAT at the rate of the fees.
    pub taxable: bool,
}
