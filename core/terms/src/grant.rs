//! Who may reach a system, for what kind of act, and under which conditions: read by the access engine.

use base::Length;
use serde::{Deserialize, Serialize};

/// One permission; the guard of its rule says on which items, sites, roles and countries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    pub act: AccessAct,
    /// The calendar in which the session may take place; `None`: at any time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours: Option<String>,
    /// An open ticket is needed.
    pub ticket: bool,
    /// A diagnosis recorded on the same ticket is needed.
    pub diagnosis: bool,
    /// How many people of the customer must approve.
    pub approvals: u32,
    /// The user at the machine must agree.
    pub user_consent: bool,
    pub longest: Length,
    pub recorded: bool,
    pub transfer_out: Transfer,
    pub transfer_in: Transfer,
    /// Countries from which the person may connect; empty: those of `data_location` for the purpose.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub from_countries: Vec<String>,
    /// How many people of the customer must approve outside these hours; `None`: nothing opens then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approvals_outside: Option<u32>,
    /// Roles of the customer's contacts who may approve; empty: any person it has entitled.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub approvers: Vec<String>,
    /// Rings of a distribution, in order; empty for other acts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rings: Vec<Ring>,
    /// A distribution can be undone: the version before can be put back.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub rollback: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccessAct {
    /// Looking without changing: supervision, reading logs.
    Diagnosis,
    /// Changing, after a diagnosis.
    Maintenance,
    /// Updating software through the agent.
    Distribution,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Transfer {
    Denied,
    /// Each transfer is approved by the customer.
    Approved,
    Allowed,
}

/// A group of machines that receives an update before the next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ring {
    pub name: String,
    /// How many machines; `None`: all that remain.
    pub machines: Option<u32>,
    /// How long it is watched before the next ring.
    pub watch: Option<Length>,
}

/// What the machine a session starts from must be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Posture {
    pub disk_encrypted: bool,
    /// The oldest missing patch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub patched_within: Option<Length>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub screen_locks_within: Option<Length>,
    pub second_factor: bool,
    pub managed: bool,
    /// Protected against malicious software, with signatures up to date.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub antimalware: bool,
}
