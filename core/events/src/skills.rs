//! Who knows which element of the perimeter.

use base::id::AccountId;
use engines::skills::{Element, Level};
use serde::{Deserialize, Serialize};

use crate::Micros;

/// The provider told who knows an element, all of them: whoever is left out does not, or no longer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SkillsTold {
    pub element: Element,
    pub people: Vec<Skilled>,
    pub at: Micros,
    pub by: AccountId,
}

/// Somebody knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Skilled {
    pub person: AccountId,
    pub level: Level,
}
