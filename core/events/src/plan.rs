//! Plans: tickets that come back by themselves.

use base::id::{AccountId, ContractId, PlanId};
use serde::{Deserialize, Serialize};

use crate::{ContentId, Micros, Rhythm};

/// A plan was written, or written again: its last wording stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanWritten {
    pub plan: PlanId,
    pub contract: ContractId,
    pub title: ContentId,
    pub description: ContentId,
    pub about: PlanAbout,
    pub rhythm: Rhythm,
    /// When its next ticket opens; none comes any more where it is absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<Micros>,
    pub at: Micros,
    /// Whoever answers for it: its tickets open in their name and with their rights.
    pub by: AccountId,
}

/// What its tickets are about: names of the contract's, as whoever opens a ticket chooses them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanAbout {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priority: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item_class: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operation: Option<String>,
    /// The duty that its tickets do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duty: Option<DutyOf>,
}

/// A duty of the contract, which a ticket does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DutyOf {
    /// The label of the clause that owes it.
    pub clause: String,
    /// Which of the clause's duties.
    pub what: String,
}

/// The date of a plan that opened a ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanTurn {
    pub plan: PlanId,
    /// When it was to open. The ticket opens later where the server was stopped.
    pub due: Micros,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<Micros>,
}

/// Dates of a plan went by without a ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanPassed {
    pub plan: PlanId,
    /// The first of them.
    pub due: Micros,
    /// How many.
    pub dates: u32,
    pub why: PassedBy,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<Micros>,
    pub at: Micros,
}

/// Why a date of a plan opened no ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PassedBy {
    /// The server was stopped too long, or nobody answered for the plan.
    Late,
    /// The contract refused: the refusal is the entry before.
    Refused,
    /// The contract was not in force.
    NotInForce,
    /// The contract no longer knows what it is about, or its words were erased.
    Unfit,
}

impl PassedBy {
    pub const ALL: [PassedBy; 4] = [PassedBy::Late, PassedBy::Refused, PassedBy::NotInForce, PassedBy::Unfit];

    pub fn key(self) -> &'static str {
        match self {
            PassedBy::Late => "late",
            PassedBy::Refused => "refused",
            PassedBy::NotInForce => "not_in_force",
            PassedBy::Unfit => "unfit",
        }
    }

    pub fn from_key(key: &str) -> Option<PassedBy> {
        PassedBy::ALL.into_iter().find(|why| why.key() == key)
    }
}

/// A plan opens nothing any more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanEnded {
    pub plan: PlanId,
    pub at: Micros,
    pub by: AccountId,
}
