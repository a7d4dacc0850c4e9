//! Change enablement: what a change still lacks to be planned, begun and closed, and which article says so.
//!
//! A *standard* change is one whose operation the contract takes in beforehand; a *normal* one waits for
//! its approvals; an *emergency* begins before them and is approved after the fact, by an instant told
//! when it is planned. The contract gives the approvals, the notices, the windows and the documents; where
//! it says nothing, the convention here is stated as such, without an article.

mod approvals;
mod downtime;
mod impact;
mod record;
mod weigh;

#[cfg(test)]
mod tests;

use base::Bilingual;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use approvals::{Approval, Demand, Owed, owed};
pub use downtime::Downtime;
pub use impact::{Impact, Informed, impact};
pub use record::{Stage, Standing, documents, regularisation_refused, standing};
pub use weigh::{Weighed, weigh};

/// How a change is authorised (ITIL 4, change enablement).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Model {
    /// Authorised beforehand: its operation is in the contract.
    Standard,
    Normal,
    /// Begins at once, and is approved after the fact.
    Emergency,
}

impl Model {
    pub const ALL: [Model; 3] = [Model::Standard, Model::Normal, Model::Emergency];

    pub fn key(self) -> &'static str {
        match self {
            Model::Standard => "standard",
            Model::Normal => "normal",
            Model::Emergency => "emergency",
        }
    }

    pub fn from_key(key: &str) -> Option<Model> {
        Model::ALL.into_iter().find(|m| m.key() == key)
    }

    pub fn name(self) -> Bilingual {
        let (fr, en) = match self {
            Model::Standard => ("changement standard", "standard change"),
            Model::Normal => ("changement normal", "normal change"),
            Model::Emergency => ("changement urgent", "emergency change"),
        };
        Bilingual::new(fr, en)
    }
}

/// What may go wrong, as who plans it sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Risk {
    Low,
    Medium,
    High,
}

impl Risk {
    pub const ALL: [Risk; 3] = [Risk::Low, Risk::Medium, Risk::High];

    pub fn key(self) -> &'static str {
        match self {
            Risk::Low => "low",
            Risk::Medium => "medium",
            Risk::High => "high",
        }
    }

    pub fn from_key(key: &str) -> Option<Risk> {
        Risk::ALL.into_iter().find(|r| r.key() == key)
    }

    pub fn name(self) -> Bilingual {
        let (fr, en) = match self {
            Risk::Low => ("risque faible", "low risk"),
            Risk::Medium => ("risque moyen", "medium risk"),
            Risk::High => ("risque élevé", "high risk"),
        };
        Bilingual::new(fr, en)
    }
}

/// How it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Succeeded,
    /// What was there before was put back.
    RolledBack,
    Failed,
}

impl Outcome {
    pub const ALL: [Outcome; 3] = [Outcome::Succeeded, Outcome::RolledBack, Outcome::Failed];

    pub fn key(self) -> &'static str {
        match self {
            Outcome::Succeeded => "succeeded",
            Outcome::RolledBack => "rolled_back",
            Outcome::Failed => "failed",
        }
    }

    pub fn from_key(key: &str) -> Option<Outcome> {
        Outcome::ALL.into_iter().find(|o| o.key() == key)
    }

    pub fn name(self) -> Bilingual {
        let (fr, en) = match self {
            Outcome::Succeeded => ("réussi", "successful"),
            Outcome::RolledBack => ("annulé par retour arrière", "rolled back"),
            Outcome::Failed => ("échoué", "failed"),
        };
        Bilingual::new(fr, en)
    }
}

/// What is to be done, where and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    pub model: Model,
    /// The items touched, by the names of the perimeter, or the services that it names.
    pub items: Vec<String>,
    pub from: Timestamp,
    pub until: Timestamp,
    /// When the customer was told.
    pub announced: Timestamp,
    /// The interruption foreseen, in minutes; zero for none.
    pub downtime_minutes: u32,
    /// The provider accepts that the interruption counts against the availability promised.
    pub counted: bool,
    /// By when an emergency is approved after the fact; `None` for the other models.
    pub regularised_by: Option<Timestamp>,
}

/// All that is known of a change, of the plan that stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Change {
    /// `None` while nothing is planned.
    pub plan: Option<Plan>,
    /// Those given to that plan; another plan waits for its own.
    pub approvals: Vec<Approval>,
    pub refused: bool,
    pub started: Option<Timestamp>,
    pub ended: Option<Outcome>,
    /// What was interrupted; `None` until it has ended.
    pub downtime: Option<Downtime>,
    /// The documents of the contract brought up to date, or found to need nothing.
    pub documents: Vec<String>,
    /// What was learnt is written down.
    pub reviewed: bool,
}
