//! The time of a visit, entered with its report: what was spent there, and the travel.

use events::WorkKind;
use jiff::Timestamp;

use super::{Reported, TellVisit};
use crate::access::{Act, Permit};
use crate::error::{AppError, Result};
use crate::instance::App;
use crate::ticket::IdempotencyKey;
use crate::time::TellTime;

/// The asker's permit to enter time; an invalid field `hours` without it. A third party's
/// is what it enters on the ticket: the rates that a report names are not its own.
pub(super) fn may(permit: &Permit) -> Result<Permit> {
    let refused = || {
        AppError::invalid(
            "hours",
            "le temps d’une visite n’est saisi que par le prestataire",
            "only the provider enters the time of a visit",
        )
    };
    if !permit.role().is_provider() {
        return Err(refused());
    }
    permit.by().permit(Act::EnterTime, permit.customer()).map_err(|error| match error {
        AppError::NotFound => refused(),
        other => other,
    })
}

impl App {
    /// Enters the time of a visit, each part once: the key of the report says which. Without the time there
    /// the travel is not entered either: what is left to be entered is then all of it, or the travel.
    pub(super) fn count(
        &self,
        permit: &Permit,
        key: &IdempotencyKey,
        number: u64,
        ask: &TellVisit,
        done: &mut Reported,
    ) -> Result<()> {
        let there = (WorkKind::OnSite, minutes(ask), ask.arrived);
        // Travel, there and back, is told as begun so long before the arrival.
        let travel = (WorkKind::Travel, ask.travel, before(ask.arrived, ask.travel)?);
        for (kind, minutes, started) in [there, travel].into_iter().filter(|(_, minutes, _)| *minutes > 0) {
            let (profile, hours) = (ask.profile.clone(), ask.hours);
            let told = TellTime { minutes, started: Some(started), kind, hours, profile, comment: None };
            match self.enter_time(permit, &key.part(kind.key()), number, &told) {
                Ok(entered) => {
                    done.time.push(entered);
                    continue;
                }
                Err(AppError::Refused(refusal)) => done.uncounted = Some(refusal.text),
                Err(AppError::Invalid(invalid)) => done.uncounted = Some(invalid.text),
                Err(error) => return Err(error),
            }
            break;
        }
        Ok(())
    }
}

/// Whole minutes there.
pub(super) fn minutes(ask: &TellVisit) -> u32 {
    let seconds = ask.left.duration_since(ask.arrived).as_secs();
    u32::try_from(seconds / 60).unwrap_or(0)
}

fn before(at: Timestamp, minutes: u32) -> Result<Timestamp> {
    let span = jiff::SignedDuration::from_mins(i64::from(minutes));
    at.checked_sub(span).map_err(AppError::fault)
}
