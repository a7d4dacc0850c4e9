//! What the contract covers: items and classes that are in, out or shared.

use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Coverage {
    In,
    Out,
    /// Run by a third party; the provider coordinates.
    Shared,
}

/// One statement about the perimeter. An item named beats its class.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PerimeterEntry {
    pub status: Coverage,
    /// The class it speaks of (`server`, `workstation`…); with items, their class.
    pub class: Option<String>,
    /// The items by name; empty: the whole class.
    pub items: Vec<String>,
    /// How many items of the class are covered, when counted rather than named.
    pub count: Option<u32>,
    /// The sites it holds for; empty: all.
    pub sites: Vec<String>,
    /// The third party that runs a shared item.
    pub third_party: Option<String>,
    /// Marked by the parties as needing care (personal data, payroll).
    pub sensitive: bool,
}
