//! Availability promised for a service: what is agreed time, what is lost time, and the share to keep.
//!
//! Availability is (agreed time − lost time) ÷ agreed time (NF EN 13306, inside the agreed hours only).
//! Two honest readings of the same month differ by far more than the margin that is promised, so each
//! of them is a field here, and none is a habit of the engine.

use base::Length;
use base::fraction::{self, Fraction};
use serde::{Deserialize, Serialize};

use crate::commitment::Period;

/// The availability of one service, over one period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Availability {
    /// The service, in the parties' words: « ERP ».
    pub service: String,
    /// What it is made of, by the names of the perimeter; the service is down when any of them is.
    pub items: Vec<String>,
    /// The label of the calendar of agreed time; see `Terms::calendar`.
    pub calendar: String,
    /// Compared exactly with the availability reached, before any rounding (AV-02).
    #[serde(with = "fraction::text")]
    pub target: Fraction,
    pub per: Period,
    pub counted_in: CountedIn,
    /// What a second of degraded service counts for: 1/2 for 50 % (AV-10).
    #[serde(with = "fraction::text")]
    pub degraded: Fraction,
    pub starts: DowntimeStart,
    pub maintenance: Maintenance,
    pub unknown: Unknown,
    /// Outages of these origins are written down and do not count.
    pub not_counted: Vec<OutageOrigin>,
}

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "basis", rename_all = "snake_case")]
pub enum CountedIn {
    /// Seconds of the service.
    Time,
    /// Seconds of each user: an outage counts for the users it touches (AV-14).
    UserMinutes { users: u32 },
}

/// The instant from which an outage counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DowntimeStart {
    /// A probe saw it. An outage that no probe saw does not count.
    Detection,
    /// The customer declared it. An outage that nobody declared does not count.
    Declaration,
    /// The first of the two.
    Earlier,
}

/// What announced maintenance does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Maintenance {
    /// It is agreed time like any other.
    Counted,
    /// It leaves agreed time and lost time alike (AV-04), within these limits; what exceeds them counts.
    Excluded {
        /// Between the announcement and the window; shorter, nothing is excluded.
        notice: Length,
        /// Seconds of agreed time excluded at most in a calendar month; `None`: no limit.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        most_per_month: Option<i64>,
        /// The label of the calendar outside which nothing is excluded: « le dimanche de 1 h à 5 h ».
        #[serde(default, skip_serializing_if = "Option::is_none")]
        within: Option<String>,
    },
}

/// What time without any measure is. Without a rule, a provider could stop measuring to pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unknown {
    Up,
    Down,
    /// It leaves agreed time and lost time alike, but where an outage is known.
    Excluded,
}

/// On whose side an outage began, as the record of it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OutageOrigin {
    Provider,
    Customer,
    ThirdParty,
    /// Code civil, 1218.
    ForceMajeure,
}

impl OutageOrigin {
    pub const ALL: [OutageOrigin; 4] = [
        OutageOrigin::Provider,
        OutageOrigin::Customer,
        OutageOrigin::ThirdParty,
        OutageOrigin::ForceMajeure,
    ];

    pub fn key(self) -> &'static str {
        match self {
            OutageOrigin::Provider => "provider",
            OutageOrigin::Customer => "customer",
            OutageOrigin::ThirdParty => "third_party",
            OutageOrigin::ForceMajeure => "force_majeure",
        }
    }

    pub fn from_key(key: &str) -> Option<OutageOrigin> {
        OutageOrigin::ALL.into_iter().find(|o| o.key() == key)
    }
}

/// What the service was during the outage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ServiceState {
    Down,
    Degraded,
    /// Nobody measured it.
    Unknown,
}

impl ServiceState {
    pub const ALL: [ServiceState; 3] = [ServiceState::Down, ServiceState::Degraded, ServiceState::Unknown];

    pub fn key(self) -> &'static str {
        match self {
            ServiceState::Down => "down",
            ServiceState::Degraded => "degraded",
            ServiceState::Unknown => "unknown",
        }
    }

    pub fn from_key(key: &str) -> Option<ServiceState> {
        ServiceState::ALL.into_iter().find(|s| s.key() == key)
    }
}
