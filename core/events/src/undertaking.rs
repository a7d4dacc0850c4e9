//! Undertakings of confidentiality, which people sign one by one.

use base::id::{AccountId, ContractId};
use serde::{Deserialize, Serialize};

use crate::Micros;

/// Somebody of the provider's side read an article of confidentiality and undertook to keep it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UndertakingSigned {
    pub person: AccountId,
    pub contract: ContractId,
    /// The label of the clause that asks for it.
    pub label: String,
    /// The hash of the version in force, whose article was read.
    pub version: String,
    /// SHA-256 of the article as it was shown, lower-case hex: its title, an empty line, its prose.
    pub text: String,
    pub at: Micros,
}
