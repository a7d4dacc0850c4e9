//! What was dealt with in another tool before this one.

use base::id::AccountId;
use serde::{Deserialize, Serialize};

use crate::{ContentId, Micros};

/// The tool that a file comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImportSource {
    Glpi,
    Itop,
    /// A file made by hand, or by a tool of another name.
    Csv,
}

impl ImportSource {
    pub const ALL: [ImportSource; 3] = [ImportSource::Glpi, ImportSource::Itop, ImportSource::Csv];

    pub fn key(self) -> &'static str {
        match self {
            ImportSource::Glpi => "glpi",
            ImportSource::Itop => "itop",
            ImportSource::Csv => "csv",
        }
    }

    /// What it is called, in every language.
    pub fn name(self) -> &'static str {
        match self {
            ImportSource::Glpi => "GLPI",
            ImportSource::Itop => "iTop",
            ImportSource::Csv => "CSV",
        }
    }

    pub fn from_key(key: &str) -> Option<ImportSource> {
        ImportSource::ALL.into_iter().find(|source| source.key() == key)
    }
}

/// Where a ticket was before: one number of one tool comes once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportedFrom {
    pub source: ImportSource,
    pub number: String,
    /// When it was declared there.
    pub declared: Micros,
}

/// A matter that was over in the other tool is kept to be read. It is no ticket: the contract measures
/// nothing of what was done elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketImported {
    pub from: ImportedFrom,
    /// When it was over there.
    pub over: Micros,
    /// What it was about, who asked and who did it.
    pub words: ContentId,
    pub at: Micros,
    pub by: AccountId,
}
