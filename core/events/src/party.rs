//! The customer and the people who act.

use base::id::{AccountId, CustomerId};
use serde::{Deserialize, Serialize};

use crate::ContentId;

/// The vault's first entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomerCreated {
    pub customer: CustomerId,
    /// The short name in addresses: `ateliers-garonne`.
    pub slug: String,
    /// The legal person's name: public data, in the clear.
    pub name: String,
}

/// Which party a person acts for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    Provider,
    Customer,
    /// A subcontractor, or another provider of the customer's.
    ThirdParty,
    /// A job of the product itself: an automatic end of pause.
    System,
}

impl Side {
    pub fn key(self) -> &'static str {
        match self {
            Side::Provider => "provider",
            Side::Customer => "customer",
            Side::ThirdParty => "third_party",
            Side::System => "system",
        }
    }
}

/// A person first acts in this vault. The name is content, kept here so that an export is whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActorIntroduced {
    pub actor: AccountId,
    pub side: Side,
    pub role: String,
    pub name: ContentId,
}
