//! Calls counted against the hotline's meter.

use base::Money;
use base::id::{AccountId, CallId, ContractId, TicketId};
use serde::{Deserialize, Serialize};

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
    /// Tickets, or minutes once rounded, taken from the meter.
    pub counted: u32,
    /// Paid by the meter as it stands.
    pub covered: bool,
    /// Billed for this call, net of VAT.
    pub price: Option<Money>,
    /// A further pack was bought for it.
    pub new_pack: bool,
}
