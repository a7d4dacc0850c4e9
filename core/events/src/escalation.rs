//! Who is put on the levels of escalation of a contract.

use base::id::{AccountId, ContractId};
use serde::{Deserialize, Serialize};

use crate::Micros;

/// The provider said who a level of escalation tells first, all of them; nobody: whom the clause itself
/// leads to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LevelAssigned {
    pub contract: ContractId,
    /// The label of the clause.
    pub clause: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub people: Vec<AccountId>,
    pub at: Micros,
    pub by: AccountId,
}
