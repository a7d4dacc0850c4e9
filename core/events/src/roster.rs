//! On-call rosters.

use base::id::{AccountId, ContractId};
use serde::{Deserialize, Serialize};

use crate::{ContentId, Micros};

/// The provider told who can be reached when; it stands alone over the time that it spans.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RosterPublished {
    pub roster: uuid::Uuid,
    pub contract: ContractId,
    /// The label of the clause that asks for it.
    pub label: String,
    pub periods: Vec<OnCallPeriod>,
    /// Why it comes late, where circumstances are exceptional.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exceptional: Option<ContentId>,
    /// What it does not keep, and was published in spite of: codes of the engine, each with the instant
    /// and the person it is about.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub confirmed: Vec<String>,
    pub at: Micros,
    pub by: AccountId,
}

/// Somebody can be reached, from an instant to another, which is left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OnCallPeriod {
    pub person: AccountId,
    pub from: Micros,
    pub until: Micros,
}
