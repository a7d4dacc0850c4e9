//! What people thought of the work.

use base::id::{AccountId, ContractId, TicketId};
use serde::{Deserialize, Serialize};

use crate::{ContentId, Micros};

/// Whoever asked for the work of a ticket said what they thought of it; the last time stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SatisfactionTold {
    pub ticket: TicketId,
    pub number: u64,
    pub contract: ContractId,
    /// 1, not at all satisfied, to 5, wholly.
    pub score: u8,
    /// Why, in their own words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words: Option<ContentId>,
    pub at: Micros,
    pub by: AccountId,
}
