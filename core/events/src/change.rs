//! What happens to a change: planned, approved, refused, begun, ended, documented, reviewed.

use base::id::{MaintenanceId, OutageId};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

pub use engines::change::{Model as ChangeModel, Outcome as ChangeOutcome, Risk as ChangeRisk};

use crate::{ContentId, Micros};

/// What happened to a change, as a step of its ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum ChangeTold {
    /// Another plan takes the place of the one before, and waits for approvals of its own.
    Planned(ChangePlan),
    Approved {
        /// The entry of the plan approved.
        plan: u64,
        by: Approver,
        /// Where it was written, when somebody else writes it down.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reference: Option<ContentId>,
    },
    /// By either party; by the provider, it is given up.
    Refused {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        plan: Option<u64>,
        why: ContentId,
    },
    Started {
        plan: u64,
    },
    Ended {
        outcome: ChangeOutcome,
        note: ContentId,
        /// The interruption as it was measured; `None` when there was none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        downtime: Option<Downtime>,
    },
    /// Somebody outside whom the plan touches was told of it.
    Informed {
        /// As the contract names them: « visiteurs du site web ».
        who: String,
        /// The day they were told.
        on: Date,
        /// By which means, and where that can be seen.
        means: ContentId,
    },
    /// A document of the contract brought up to date, or found to need nothing.
    Documented {
        document: String,
        reference: ContentId,
    },
    /// What was learnt.
    Reviewed {
        body: ContentId,
    },
}

/// What is to be done, how it is tried and undone, where and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangePlan {
    pub model: ChangeModel,
    pub risk: ChangeRisk,
    /// By the names of the contract.
    pub items: Vec<String>,
    pub from: Micros,
    pub until: Micros,
    /// The interruption foreseen; zero for none.
    pub downtime_minutes: u32,
    /// The provider accepts that the interruption counts against the availability promised.
    pub counted: bool,
    /// By when an emergency is approved after the fact.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub regularised_by: Option<Micros>,
    /// The window announced with it, when an interruption of a promised service is foreseen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub maintenance: Option<MaintenanceId>,
    /// What is done, and why.
    pub work: ContentId,
    pub test: ContentId,
    pub rollback: ContentId,
}

/// Who agreed to a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "side", rename_all = "snake_case")]
pub enum Approver {
    Customer {
        /// The label of the contract's contact, where the person is one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        contact: Option<String>,
    },
    ThirdParty {
        /// As the contract's perimeter names it.
        name: String,
    },
}

/// An interruption that was measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Downtime {
    pub from: Micros,
    pub until: Micros,
    /// The outage recorded with it; `None` when no availability is promised for these items.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outage: Option<OutageId>,
}

impl ChangeTold {
    pub(crate) const KINDS: [&'static str; 8] = [
        "change.planned",
        "change.approved",
        "change.refused",
        "change.started",
        "change.ended",
        "change.documented",
        "change.reviewed",
        "change.informed",
    ];

    pub fn kind(&self) -> &'static str {
        let place = match self {
            ChangeTold::Planned(_) => 0,
            ChangeTold::Approved { .. } => 1,
            ChangeTold::Refused { .. } => 2,
            ChangeTold::Started { .. } => 3,
            ChangeTold::Ended { .. } => 4,
            ChangeTold::Documented { .. } => 5,
            ChangeTold::Reviewed { .. } => 6,
            ChangeTold::Informed { .. } => 7,
        };
        ChangeTold::KINDS[place]
    }

    /// Its words, the first being what it is about.
    pub fn contents(&self) -> Vec<ContentId> {
        match self {
            ChangeTold::Planned(plan) => vec![plan.work, plan.test, plan.rollback],
            ChangeTold::Approved { reference, .. } => reference.iter().copied().collect(),
            ChangeTold::Refused { why, .. } => vec![*why],
            ChangeTold::Started { .. } => Vec::new(),
            ChangeTold::Ended { note, .. } => vec![*note],
            ChangeTold::Informed { means, .. } => vec![*means],
            ChangeTold::Documented { reference, .. } => vec![*reference],
            ChangeTold::Reviewed { body } => vec![*body],
        }
    }
}
