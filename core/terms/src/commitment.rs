//! Promises with a clock: what starts and stops it, the target, the pauses, the policies, the objective.

use std::collections::BTreeMap;

use base::fraction::{self, Fraction};
use base::{Bilingual, Length};
use serde::{Deserialize, Serialize};

/// What is promised. GTI is `Respond`; the two readings of GTR are two promises.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Promise {
    Respond,
    Restore,
    Resolve,
    Escalate,
    Quote,
    Deliver,
    Answer,
}

impl Promise {
    pub const ALL: [Promise; 7] = [
        Promise::Respond,
        Promise::Restore,
        Promise::Resolve,
        Promise::Escalate,
        Promise::Quote,
        Promise::Deliver,
        Promise::Answer,
    ];

    pub fn key(self) -> &'static str {
        match self {
            Promise::Respond => "respond",
            Promise::Restore => "restore",
            Promise::Resolve => "resolve",
            Promise::Escalate => "escalate",
            Promise::Quote => "quote",
            Promise::Deliver => "deliver",
            Promise::Answer => "answer",
        }
    }

    pub fn from_key(key: &str) -> Option<Promise> {
        Promise::ALL.into_iter().find(|p| p.key() == key)
    }

    /// « prise en charge », “response”.
    pub fn name(self) -> Bilingual {
        let (fr, en) = match self {
            Promise::Respond => ("prise en charge", "response"),
            Promise::Restore => ("rétablissement", "restoration"),
            Promise::Resolve => ("résolution", "resolution"),
            Promise::Escalate => ("escalade", "escalation"),
            Promise::Quote => ("devis", "quotation"),
            Promise::Deliver => ("livraison", "delivery"),
            Promise::Answer => ("réponse", "answer"),
        };
        Bilingual::new(fr, en)
    }
}

/// The event that starts the clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StartEvent {
    /// The ticket is declared, by whatever channel.
    Declared,
    /// A technician first takes it over.
    TakenOver,
}

/// The event that stops the clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StopEvent {
    /// The first act of a named technician; an automatic acknowledgement is not one.
    FirstHumanAct,
    /// The service is back, a workaround included.
    ServiceRestored,
    /// The cause is dealt with and the ticket resolved.
    Resolved,
}

/// What an amendment does to the clock of a ticket already open (C11; SLA-049, SLA-050).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AmendmentPolicy {
    /// The ticket keeps the terms it opened under.
    FrozenAtOpen,
    /// Calendars change on the amendment's date, for open tickets too.
    EffectiveDated,
}

/// What a change of priority does (SLA-061, SLA-062).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PriorityChangePolicy {
    /// The new target counts from the opening.
    RetargetFromOpen,
    /// The new target counts from the change.
    RestartAtChange,
}

/// What reopening does (SLA-038).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReopenPolicy {
    /// The clock goes on from where it stopped: the time spent resolved does not count.
    Resume,
    /// As if it had never stopped: the time spent resolved counts.
    CountThrough,
    /// A new clock from the reopening.
    Restart,
}

/// A promise with a clock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Commitment {
    pub promise: Promise,
    pub within: Length,
    /// The label of the calendar its time is counted on; see `Terms::calendar` for exceptions to it.
    pub calendar: String,
    pub starts: StartEvent,
    pub stops: StopEvent,
    pub on_amendment: AmendmentPolicy,
    pub on_priority_change: PriorityChangePolicy,
    pub on_reopen: ReopenPolicy,
    /// How long after the stop a reopening is the same case; later, a new clock starts. `None`: always the same.
    pub reopen_within: Option<Length>,
}

/// The period results are counted over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Period {
    Month,
    /// Civil quarters.
    Quarter,
    /// From the contract's start, twelve months at a time.
    ContractYear,
}

/// The rate of promises that must be kept over a period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Objective {
    pub promise: Promise,
    /// Compared exactly with kept / measured, before any rounding (C10).
    #[serde(with = "fraction::text")]
    pub rate: Fraction,
    pub per: Period,
    /// Under `below` measured cases, the objective is met with at most `allowed_misses` misses.
    pub small_sample: Option<SmallSample>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SmallSample {
    pub below: u32,
    pub allowed_misses: u32,
}

/// A reason for which the clock may stop; its label is the reason's name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PauseRule {
    /// In the parties' words: « Attente d'une réponse du Client ».
    pub reason: String,
    /// The promises whose clock it stops.
    pub stops: Vec<Promise>,
    /// A written trace is asked for when it begins.
    pub proof: PauseProof,
    /// The pause ends by itself after this long, in real time; `None`: when somebody resumes.
    pub ends_after: Option<Length>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PauseProof {
    #[default]
    None,
    /// The message or the document that proves it must be quoted.
    Written,
}

/// Impact × urgency → priority.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriorityMatrix {
    /// Highest first, as is each list below.
    pub priorities: Vec<String>,
    pub impacts: Vec<String>,
    pub urgencies: Vec<String>,
    /// impact → urgency → priority; the compiler has checked that every pair is there.
    pub cells: BTreeMap<String, BTreeMap<String, String>>,
}

impl PriorityMatrix {
    pub fn priority(&self, impact: &str, urgency: &str) -> Option<&str> {
        self.cells.get(impact)?.get(urgency).map(String::as_str)
    }
}
