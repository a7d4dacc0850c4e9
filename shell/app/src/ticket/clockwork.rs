//! From a ticket's rows to the engine's timeline, and from its clocks to the marks an entry carries.

use base::id::AccountId;
use base::{Because, Length};
use engines::calendar::{ClockCache, Pauses};
use engines::kinds;
use engines::sla::{self, Clock, Timeline, What};
use events::{ChangeTold, ClockMark, DeliveryTold, Facts, Promise, Step, Visibility};
use jiff::Timestamp;
use store::ticket::{State, Stepped, Ticket};
use terms::Calendar;

use crate::agreements::Agreement;
use crate::error::{AppError, Result};
use crate::vault::VaultHandle;

/// The timeline of a ticket that has just been declared.
pub(super) fn fresh(facts: &Facts, opened: Timestamp) -> Timeline {
    Timeline { facts: facts.clone(), opened, steps: Vec::new() }
}

/// What the engine needs to know of a ticket's life. `ticket.facts` are those of now; the engine wants
/// those of the opening, which the first change of priority replaced.
pub fn timeline(ticket: &Ticket, steps: &[Stepped]) -> Result<Timeline> {
    let opened = Timestamp::from_microsecond(ticket.opened).map_err(AppError::fault)?;
    let mut timeline = fresh(&ticket.opening_facts, opened);
    for s in steps {
        let at = Timestamp::from_microsecond(s.at).map_err(AppError::fault)?;
        push(&mut timeline, at, s.by, &s.step);
    }
    Ok(timeline)
}

/// Adds a step, if the clocks care about it.
pub(super) fn push(timeline: &mut Timeline, at: Timestamp, by: AccountId, step: &Step) {
    let what = match step {
        Step::TakenOver { .. } => What::TakenOver { actor: by.to_string() },
        Step::Replied { visibility: Visibility::Internal, .. } => return,
        Step::Replied { visibility: Visibility::Public, by_provider: true, .. } => What::FirstAct,
        Step::Replied { .. } => return,
        // Waiting for an agreement stops nothing by itself: only a reason that the contract lists does.
        Step::QuoteMade { .. } | Step::PriceAgreed { .. } | Step::PriceDeclined { .. } => return,
        // « Premier acte de diagnostic ou de traitement »: whoever writes a diagnosis has begun.
        Step::Diagnosed { .. } => What::FirstAct,
        // So has whoever plans a change, or begins it; what the customer answers is no act of the provider.
        Step::Change { told: ChangeTold::Planned(_) | ChangeTold::Started { .. } }
        | Step::Delivery { told: DeliveryTold::Estimated { .. } | DeliveryTold::Presented { .. } } => {
            What::FirstAct
        }
        // The promise is that somebody takes it over; being named is not yet an act.
        Step::Assigned { .. }
        | Step::Linked { .. }
        | Step::Unlinked { .. }
        | Step::Merged { .. }
        | Step::Absorbed { .. }
        | Step::KnownError { .. }
        | Step::Change { .. }
        | Step::Delivery { .. }
        | Step::Watched { .. }
        | Step::Unwatched { .. }
        | Step::Escalated { .. } => return,
        Step::Paused { reason, .. } => What::Paused { reason: reason.clone() },
        Step::Resumed => What::Resumed,
        Step::Reprioritised { facts, .. } => What::FactsChanged(facts.clone()),
        Step::Restored { workaround, .. } => What::Restored { workaround: *workaround },
        Step::Resolved { .. } => What::Resolved,
        Step::Reopened { .. } => What::Reopened,
    };
    timeline.steps.push(sla::Step { at, what });
}

/// The clocks at an instant, with every reason.
pub(crate) fn clocks(
    vault: &VaultHandle,
    agreement: &Agreement,
    version: &str,
    timeline: &Timeline,
    at: Timestamp,
) -> Result<Vec<Because<Clock>>> {
    let clocks = vault
        .with_clocks(|cache| sla::clocks(&agreement.history, version, timeline, at, cache))
        .map_err(AppError::fault)?;
    let terms = &agreement.version(version)?.terms;
    let measured = |c: &Because<Clock>| kinds::is_measured(terms, &timeline.facts, c.value.promise);
    Ok(clocks.into_iter().filter(measured).collect())
}

/// The clocks as an entry carries them.
pub(crate) fn marks(
    vault: &VaultHandle,
    agreement: &Agreement,
    version: &str,
    timeline: &Timeline,
    at: Timestamp,
) -> Result<Vec<ClockMark>> {
    vault.with_clocks(|cache| marks_with(cache, agreement, version, timeline, at))
}

/// The same with calendars of the caller's own: many tickets are worked out side by side.
pub(super) fn marks_with(
    cache: &mut ClockCache,
    agreement: &Agreement,
    version: &str,
    timeline: &Timeline,
    at: Timestamp,
) -> Result<Vec<ClockMark>> {
    let clocks = sla::values(&agreement.history, version, timeline, at, cache).map_err(AppError::fault)?;
    let terms = &agreement.version(version)?.terms;
    let measured = |c: &&Clock| kinds::is_measured(terms, &timeline.facts, c.promise);
    Ok(clocks.iter().filter(measured).map(mark).collect())
}

/// What a list shows of a ticket's next clock, without its steps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Next {
    pub promise: Promise,
    pub due: Timestamp,
    pub target_seconds: i64,
    /// Time left on the promise's own clock; negative when late.
    pub left_seconds: i64,
    pub paused: bool,
}

/// The clock that runs out first, from what the projection already knows: the due instant stands, so
/// what is left is the open time until then. `None` when nothing runs or days are counted.
pub(crate) fn next(
    vault: &VaultHandle,
    agreement: &Agreement,
    ticket: &Ticket,
    at: Timestamp,
) -> Result<Option<Next>> {
    let (Some(promise), Some(due)) = (ticket.due_promise, ticket.due) else { return Ok(None) };
    let due = Timestamp::from_microsecond(due).map_err(AppError::fault)?;
    let terms = &agreement.version(&ticket.version)?.terms;
    let Some(rule) = terms.commitment(promise, &ticket.facts) else { return Ok(None) };
    // Days and months pass day and night; the engine counts them so.
    let counted = matches!(rule.then.within, Length::Seconds(_) | Length::WorkingDays(_));
    let calendar = match terms.calendar(&rule.then.calendar, &ticket.facts).filter(|_| counted) {
        Some(rule) => rule.then.clone(),
        None => Calendar::always(terms.zone.clone()),
    };
    let clock = vault.with_clocks(|cache| cache.clock(&calendar, at)).map_err(AppError::fault)?;
    // Working days have no length of their own: what they last is what the calendar opens until due.
    let opened = Timestamp::from_microsecond(ticket.opened).map_err(AppError::fault)?;
    let target_seconds =
        rule.then.within.as_seconds().unwrap_or_else(|| clock.elapsed(opened, due, &Pauses::NONE));
    let left_seconds = if at <= due {
        clock.elapsed(at, due, &Pauses::NONE)
    } else {
        -clock.elapsed(due, at, &Pauses::NONE)
    };
    let paused = ticket.state == State::Paused;
    Ok(Some(Next { promise, due, target_seconds, left_seconds, paused }))
}

fn mark(clock: &Clock) -> ClockMark {
    ClockMark {
        promise: clock.promise,
        round: clock.round,
        label: clock.label.clone(),
        due: clock.due.map(Timestamp::as_microsecond),
        stopped: clock.stopped.map(Timestamp::as_microsecond),
        late_seconds: if clock.stopped.is_some() { clock.late_seconds } else { 0 },
    }
}
