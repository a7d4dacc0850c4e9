//! The closing of a month.

use base::Money;
use base::id::{AccountId, ContractId};
use serde::{Deserialize, Serialize};

use crate::Micros;

/// A month was closed: its figures, and the hash of the statement that explains each.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MonthClosed {
    pub contract: ContractId,
    /// `2026-08`.
    pub month: String,
    pub at: Micros,
    pub by: AccountId,
    pub version: String,
    /// SHA-256 of the statement's canonical bytes, kept beside.
    pub statement_hash: String,
    pub net: Money,
    pub vat: Money,
    pub gross: Money,
    pub penalty: Money,
    pub waived: Money,
    pub payable: Money,
}
