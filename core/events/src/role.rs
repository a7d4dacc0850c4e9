//! Who was given which role for a customer, and when it ended.

use base::id::{AccountId, ContractId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::Micros;

/// A person was given a role for the customer of this vault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleGiven {
    /// The role as it is held: what [`RoleEnded`] names.
    pub held: Uuid,
    pub person: AccountId,
    /// The key of the role.
    pub role: String,
    /// `None` for every contract of the customer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contract: Option<ContractId>,
    /// The items and classes of items of the perimeter that a third party works on, by their keys.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub classes: Vec<String>,
    /// The subcontractor that a third party works for, as the contract labels it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subcontract: Option<String>,
    pub at: Micros,
    pub by: AccountId,
}

/// A role given here ended: nothing is allowed by it any more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleEnded {
    pub held: Uuid,
    pub person: AccountId,
    /// The key of the role.
    pub role: String,
    pub at: Micros,
    pub by: AccountId,
}
