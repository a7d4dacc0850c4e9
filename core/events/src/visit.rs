//! Visits on site: the report of what was done there, and who signed it.

use base::id::{AccountId, ContractId, TicketId, VisitId};
use serde::{Deserialize, Serialize};

use crate::{ContentId, Micros};

/// A visit was reported, or, until it is signed, reported again: its last report stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VisitReported {
    pub visit: VisitId,
    pub ticket: TicketId,
    pub contract: ContractId,
    pub arrived: Micros,
    pub left: Micros,
    /// What was done, with which parts, and who was met.
    pub report: ContentId,
    /// SHA-256 of the report's bytes, which hold a random word: what a signature is given for, and what
    /// tells nothing once the report is erased.
    pub hash: String,
    pub at: Micros,
    /// Who was there.
    pub by: AccountId,
}

/// How a report was signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VisitSigning {
    /// By the customer's person, signed in.
    SignedIn,
    /// By whoever was met, on the screen of the person who was there.
    OnScreen,
}

impl VisitSigning {
    pub fn key(self) -> &'static str {
        match self {
            VisitSigning::SignedIn => "signed_in",
            VisitSigning::OnScreen => "on_screen",
        }
    }

    pub fn from_key(key: &str) -> Option<VisitSigning> {
        [VisitSigning::SignedIn, VisitSigning::OnScreen].into_iter().find(|how| how.key() == key)
    }
}

/// The report was signed for the customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VisitSigned {
    pub visit: VisitId,
    pub ticket: TicketId,
    /// Of the report that was read.
    pub hash: String,
    pub how: VisitSigning,
    /// The name of whoever signed.
    pub name: ContentId,
    /// What they do not agree with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reserve: Option<ContentId>,
    /// The signature as it was drawn on the screen, where it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drawing: Option<ContentId>,
    pub at: Micros,
    /// The account on whose screen it was signed: the signer's own, or that of the person who was there.
    pub by: AccountId,
}
