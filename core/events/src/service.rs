//! Outages of services and maintenance announced: what availabilities are counted from.
//!
//! Nothing is edited: a correction tells the whole outage again, a cancellation says that there was none.

use base::id::{AccountId, ContractId, MaintenanceId, OutageId};
use serde::{Deserialize, Serialize};
pub use terms::availability::{OutageOrigin, ServiceState};

use crate::Micros;

/// What happened to a service, as somebody tells it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutageTold {
    /// The items of the perimeter, or the services, that it hit.
    pub items: Vec<String>,
    /// When a probe saw it; `None`: no probe did.
    pub detected: Option<Micros>,
    /// When the customer declared it; `None`: nobody did.
    pub declared: Option<Micros>,
    /// `None`: it goes on.
    pub ended: Option<Micros>,
    pub state: ServiceState,
    /// How many users it touched; `None`: all.
    pub users: Option<u32>,
    pub origin: OutageOrigin,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutageRecorded {
    pub outage: OutageId,
    pub contract: ContractId,
    pub at: Micros,
    pub by: AccountId,
    pub told: OutageTold,
}

/// The outage told again: it replaces what was told before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutageCorrected {
    pub outage: OutageId,
    pub contract: ContractId,
    pub at: Micros,
    pub by: AccountId,
    pub told: OutageTold,
}

/// There was no such outage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutageCancelled {
    pub outage: OutageId,
    pub contract: ContractId,
    pub at: Micros,
    pub by: AccountId,
}

/// A maintenance window, announced at the very instant of the entry: nobody announces in the past.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MaintenanceAnnounced {
    pub maintenance: MaintenanceId,
    pub contract: ContractId,
    pub at: Micros,
    pub by: AccountId,
    pub items: Vec<String>,
    pub from: Micros,
    pub until: Micros,
}

/// A window given up before it began: nothing of it leaves the agreed time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MaintenanceCancelled {
    pub maintenance: MaintenanceId,
    pub contract: ContractId,
    pub at: Micros,
    pub by: AccountId,
}
