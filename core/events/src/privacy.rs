//! Personal content that was erased.

use base::id::AccountId;
use serde::{Deserialize, Serialize};

use crate::{ContentId, Micros};

/// Why content may be erased: the entry that authorises it says so for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ground {
    /// The person asked, or withdrew their consent (GDPR, article 17, 1).
    Request,
    /// The time for which it could be kept is over (GDPR, article 5, 1 e).
    Retention,
    /// It should never have been written here: another's data, a secret typed in the wrong field.
    Mistake,
}

impl Ground {
    pub const ALL: [Ground; 3] = [Ground::Request, Ground::Retention, Ground::Mistake];

    pub fn key(self) -> &'static str {
        match self {
            Ground::Request => "request",
            Ground::Retention => "retention",
            Ground::Mistake => "mistake",
        }
    }

    pub fn from_key(key: &str) -> Option<Ground> {
        Ground::ALL.into_iter().find(|ground| ground.key() == key)
    }
}

/// Contents were erased with their salts. The entries that commit to them stay, and still verify.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrivacyErased {
    pub at: Micros,
    pub by: AccountId,
    pub ground: Ground,
    /// The entries whose contents may be gone: what a verifier accepts.
    pub seqs: Vec<u64>,
    pub contents: Vec<ContentId>,
}
