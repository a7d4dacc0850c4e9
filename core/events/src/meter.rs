//! Calls counted against the hotline's meter.

use base::Money;
use base::id::{AccountId, CallId, ContractId, TicketId};
use serde::{Deserialize, Serialize};
use terms::CallTaker;

use crate::Micros;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallRecorded {
    pub call: CallId,
    pub contract: ContractId,
    pub ticket: Option<TicketId>,
    pub at: Micros,
    pub by: AccountId,
    /// How long it lasted, before any rounding.
    pub minutes: u32,
    pub priority: Option<String>,
    /// The label of the meter.
    pub meter: String,
    /// The label of the rule that served it, where it draws on the meter of another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// The roles of whoever took it, which a contract may weigh; of calls before they were noted, none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<CallTaker>,
    /// About a defect that was under the warranty of its delivery: it counts for nothing.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub under_warranty: bool,
    /// Tickets, or minutes once rounded and weighed.
    pub counted: u32,
    /// Paid by the meter as it stands.
    pub covered: bool,
    /// Billed for this call, net of VAT.
    pub price: Option<Money>,
    /// A further pack was bought for it.
    pub new_pack: bool,
}
