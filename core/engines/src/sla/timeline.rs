//! What happened to a ticket, as the journal tells it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use terms::Facts;

/// A ticket's life as far as its clocks are concerned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timeline {
    /// As known at the opening; without a date, they are judged on the local day of the opening.
    pub facts: Facts,
    /// When it was declared.
    pub opened: Timestamp,
    /// In any order; steps at the same instant count in the order given.
    #[serde(default)]
    pub steps: Vec<Step>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    pub at: Timestamp,
    #[serde(flatten)]
    pub what: What,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum What {
    /// A named technician takes the ticket: that is a human act.
    TakenOver {
        actor: String,
    },
    /// A technician replies or works on it.
    FirstAct,
    /// The clock is asked to stop, for a reason that the contract lists under this label. It replaces
    /// the pause under way, if any.
    Paused {
        reason: String,
    },
    Resumed,
    /// The facts that hold from now on, all of them: a change of priority, of site, of kind.
    FactsChanged(Facts),
    /// The service is back, by a workaround or for good.
    Restored {
        workaround: bool,
    },
    Resolved,
    Reopened,
    Closed,
}

impl Timeline {
    pub fn new(opened: Timestamp, facts: Facts) -> Timeline {
        Timeline { facts, opened, steps: Vec::new() }
    }

    /// The same, with one more step.
    pub fn then(mut self, at: Timestamp, what: What) -> Timeline {
        self.steps.push(Step { at, what });
        self
    }
}
