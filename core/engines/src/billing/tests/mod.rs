//! The oracle's money cases, by their ids, then what must hold for any month.

mod availability;
mod fees;
mod penalties;
mod properties;
mod statements;

use jiff::civil::Date;
use terms::{Dimension, Facts, Promise};

use super::*;
use crate::fixture::facts;
use crate::objective::{Clock, Measured};

/// A restoration that missed, `late_minutes` late on its clock.
fn late(ticket: &str, priority: &str, on: Date, late_minutes: i64) -> Measured {
    Measured {
        ticket: ticket.to_owned(),
        promise: Promise::Restore,
        facts: Facts { date: Some(on), ..facts(&[(Dimension::Priority, priority)]) },
        version: "v1".to_owned(),
        on,
        met: false,
        late_seconds: late_minutes * 60,
        late_wall_seconds: late_minutes * 60,
        clock: Clock::Stopped,
        round: 1,
        penalised_steps: 0,
    }
}

fn with_cases(cases: Vec<Measured>) -> MonthFacts {
    MonthFacts { cases, ..MonthFacts::default() }
}
