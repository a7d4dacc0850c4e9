//! Who is told as the time of a promise runs out, level after level.

use base::Length;
use base::fraction::{self, Fraction};
use serde::{Deserialize, Serialize};

use crate::commitment::Promise;

/// One level of escalation of one promise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Escalation {
    pub promise: Promise,
    /// 1 for the first people told.
    pub level: u32,
    pub alarm: Alarm,
    /// The labels of the contacts told, of either party.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contacts: Vec<String>,
    /// Who else is told, whoever they are on the day.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<Also>,
}

/// When a level is reached, on the promise's own clock: its calendar, and its pauses left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "when", rename_all = "snake_case")]
pub enum Alarm {
    /// So much of the delay is gone: above 0, and 1 when all of it is.
    Share {
        #[serde(with = "fraction::text")]
        of_delay: Fraction,
    },
    /// So long after the clock started; it may be past the due instant.
    After { length: Length },
}

/// Somebody whom no clause names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Also {
    /// Who works on the ticket.
    Assignee,
    /// Who is on call at that instant, by the roster.
    OnCall,
}
