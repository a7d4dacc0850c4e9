//! Time spent on tickets, and the weekly sheets that approve it.

use base::Money;
use base::id::{AccountId, ContractId, TicketId};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use terms::rates::RateHours;
use uuid::Uuid;

use crate::{ContentId, Micros};

/// Where the time was spent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WorkKind {
    Remote,
    OnSite,
    Travel,
}

impl WorkKind {
    pub const ALL: [WorkKind; 3] = [WorkKind::Remote, WorkKind::OnSite, WorkKind::Travel];

    pub fn key(self) -> &'static str {
        match self {
            WorkKind::Remote => "remote",
            WorkKind::OnSite => "on_site",
            WorkKind::Travel => "travel",
        }
    }

    pub fn from_key(key: &str) -> Option<WorkKind> {
        WorkKind::ALL.into_iter().find(|k| k.key() == key)
    }
}

/// Who pays for the time, as the contract decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaidBy {
    /// The fee.
    Fee,
    /// The fee, within what it pays of a metered operation.
    Allowance,
    /// The price that the customer agreed to before the work.
    AgreedPrice,
    /// The warranty of the delivery whose defect it mends.
    Warranty,
    /// The customer, by the time spent.
    Rate,
}

/// Some time that a person spent on a ticket, whole: a correction replaces it.
///
/// In the clear: whoever may read the entries of the journal, the customer's managers included, reads
/// who (by id), when and how long. Only the comment is beside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimeTold {
    pub entry: Uuid,
    pub ticket: TicketId,
    pub contract: ContractId,
    pub person: AccountId,
    pub started: Micros,
    /// As spent; zero in a correction withdraws it.
    pub minutes: u32,
    pub kind: WorkKind,
    pub hours: RateHours,
    /// The profile of the contract's rates, if one was named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    /// As the contract decided when it was entered.
    pub paid_by: PaidBy,
    /// Rounded up by the rate of the profile.
    pub counted: u32,
    /// What it is worth at that rate, net of VAT: what is billed for it, when the rate pays.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub worth: Option<Money>,
    /// For the provider's people only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<ContentId>,
}

/// Time was entered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimeEntered {
    pub time: TimeTold,
    pub by: AccountId,
}

/// An entry was replaced, before its week was approved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimeCorrected {
    pub time: TimeTold,
    pub why: ContentId,
    pub by: AccountId,
}

/// Where a person's week stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WeekState {
    /// The person says that it is complete.
    Submitted,
    /// Nothing of it changes any more.
    Approved,
    /// Given back to its person.
    Returned,
    /// Approved, and given back all the same.
    Reopened,
}

impl WeekState {
    pub fn key(self) -> &'static str {
        match self {
            WeekState::Submitted => "submitted",
            WeekState::Approved => "approved",
            WeekState::Returned => "returned",
            WeekState::Reopened => "reopened",
        }
    }

    pub fn from_key(key: &str) -> Option<WeekState> {
        [WeekState::Submitted, WeekState::Approved, WeekState::Returned, WeekState::Reopened]
            .into_iter()
            .find(|s| s.key() == key)
    }
}

/// A person's week of time for this customer was submitted, approved, given back or reopened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WeekMoved {
    pub person: AccountId,
    /// Its Monday.
    pub week: Date,
    pub state: WeekState,
    /// Why it is given back or reopened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<ContentId>,
    pub at: Micros,
    pub by: AccountId,
}
