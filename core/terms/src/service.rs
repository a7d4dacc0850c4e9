//! The service as a tree of elementary services, and the places where they are rendered.

use serde::{Deserialize, Serialize};

use crate::party::PartyRole;
use crate::question::Question;

/// One elementary service (S-049): what it covers, who owns it, where it is rendered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Service {
    /// Short name, used by guards on `service`.
    pub service: String,
    pub title: String,
    /// The service it is part of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part_of: Option<String>,
    /// `fleet`, `project`, `security`, `training`, `hosting`, `application`, `process`, `support`.
    pub family: String,
    /// `build`, `audit` or `run`.
    pub nature: String,
    /// How it is rendered, in the parties' words (S-063).
    pub manner: String,
    /// `on_site`, `remote`, `provider_datacentre`, `cloud`.
    pub places: Vec<String>,
    pub owner: PartyRole,
    /// Classes of items it covers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub covers: Vec<String>,
    /// Label of the fee that pays for it; `None`: that of the service it is part of, else a flat fee if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fee: Option<String>,
    /// Labels of the promises that set its levels.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub promises: Vec<String>,
    /// What whoever asks for it is asked.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ask: Vec<Question>,
}

/// One step of accepting a delivery: VABF, VSR, warranty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AcceptanceStep {
    pub name: String,
    pub lasts: base::Length,
    /// What the customer's silence at its end means.
    pub silence: crate::boundary::Silence,
}

/// How deliveries are accepted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acceptance {
    /// What is delivered: `evolution`, `correction`, `project`, `all`; several are joined by « , ».
    pub of: String,
    pub steps: Vec<AcceptanceStep>,
    /// Defects found in this time after the last step are mended without charge.
    pub warranty: base::Length,
    /// Mending under warranty is counted all the same: work units, tickets.
    pub warranty_counted: bool,
    /// What has a delivery refused, in the parties' words.
    pub refused_if: String,
    /// Where acceptance takes place, in the parties' words; `None`: apart from production.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub environment: Option<String>,
    /// What is asked for before production: `accepted`, `rollback_tested`, `anonymised_data`,
    /// `documentation`, `sources`.
    pub production_needs: Vec<String>,
}

/// One step of a business process, with its cut-off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProcessStep {
    pub name: String,
    pub by: PartyRole,
    /// Day of the month, 1 to 31; past its end, the last day.
    pub day: u32,
    /// Local time, in seconds from midnight.
    pub time: u32,
    /// Months after the period: 0 in it, 1 in the next.
    pub month_offset: u32,
    /// So many working days before that day.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub working_days_before: u32,
    /// What becomes of it when that day is closed.
    pub on_closed_day: ClosedDay,
    /// Late input of the customer moves it by the same working time.
    pub moves_with_input: bool,
}

/// What a date does that falls on a day on which the calendar is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClosedDay {
    /// It stays: a legal date, a bank's.
    Stays,
    PreviousOpenDay,
    NextOpenDay,
}

fn is_zero(n: &u32) -> bool {
    *n == 0
}

/// A business process run by the provider.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Process {
    pub process: String,
    pub title: String,
    pub calendar: String,
    pub steps: Vec<ProcessStep>,
    pub deliverables: Vec<String>,
}
