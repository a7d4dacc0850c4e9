//! The dates of a business process for one period, and what a late input of the customer does to them.
//!
//! Lateness is open time on the process's calendar between the date at which an input was due and the
//! instant at which it came. Each later step that the contract says moves is due later by that same open
//! time; the steps that do not (a legal date, a bank's) stay. An input that comes early moves nothing.

mod plan;

use base::lang::{date_time, elapsed};
use base::{Because, Lang, Reason};
use jiff::civil::Date;
use jiff::{Timestamp, Zoned};
use terms::service::{Process, ProcessStep};
use terms::{Calendar, Facts, PartyRole, Rule, Terms};

use crate::calendar::{CalendarError, ClockCache, Pauses, ServiceClock};
use crate::say::cite;

/// When the customer's input for a step came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received {
    /// The name of the step.
    pub step: String,
    pub at: Timestamp,
}

/// A step of a period, dated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepDate {
    pub name: String,
    pub by: PartyRole,
    /// As the contract dates it, in the calendar's zone.
    pub planned: Zoned,
    /// Once late inputs are counted.
    pub due: Zoned,
    /// Open seconds by which late inputs moved it.
    pub moved_seconds: i64,
    /// An input that it waits for has not come: it may still move.
    pub provisional: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProcessError {
    #[error(
        "the process {process:?} is counted on the calendar {calendar:?}, which the contract does not define"
    )]
    UnknownCalendar { process: String, calendar: String },
    #[error(transparent)]
    Calendar(#[from] CalendarError),
    #[error("the step {step:?} cannot be dated in the period of {period}")]
    NoDate { step: String, period: Date },
    #[error("the process has no step {step:?} of the customer's")]
    UnknownStep { step: String },
}

/// The dates of the period that holds `period`, as of `at`, in the order of the contract's steps.
///
/// `received`: the customer's inputs that have come, at most one for each step. An input that is due and
/// has not come by `at` is counted late up to `at`, and what it moves is provisional.
pub fn dates(
    terms: &Terms,
    process: &Rule<Process>,
    period: Date,
    received: &[Received],
    at: Timestamp,
    cache: &mut ClockCache,
) -> Result<Because<Vec<StepDate>>, ProcessError> {
    known(process, received)?;
    let calendar = calendar(terms, &process.then)?;
    let around = plan::period_start(period).to_zoned(jiff::tz::TimeZone::UTC);
    let clock = cache.clock(&calendar, around.map_or(at, |z| z.timestamp()))?;
    let mut run = Run { process, clock: &clock, moved: 0, waiting: false, reasons: Vec::new() };
    let mut out = Vec::new();
    for step in &process.then.steps {
        let came = received.iter().find(|r| r.step == step.name).map(|r| r.at);
        out.push(run.step(step, period, came, at)?);
    }
    Ok(Because::new(out, run.reasons))
}

fn known(process: &Rule<Process>, received: &[Received]) -> Result<(), ProcessError> {
    let of_customer =
        |name: &str| process.then.steps.iter().any(|s| s.name == name && s.by == PartyRole::Customer);
    match received.iter().find(|r| !of_customer(&r.step)) {
        Some(stray) => Err(ProcessError::UnknownStep { step: stray.step.clone() }),
        None => Ok(()),
    }
}

fn calendar(terms: &Terms, process: &Process) -> Result<Calendar, ProcessError> {
    match terms.calendar(&process.calendar, &Facts::default()) {
        Some(rule) => Ok(rule.then.clone()),
        None if process.calendar == "24x7" => Ok(Calendar::always(&*terms.zone)),
        None => Err(ProcessError::UnknownCalendar {
            process: process.process.clone(),
            calendar: process.calendar.clone(),
        }),
    }
}

/// What has been found while going through the steps in order.
struct Run<'a> {
    process: &'a Rule<Process>,
    clock: &'a ServiceClock,
    /// Open seconds by which later steps move.
    moved: i64,
    /// An input that is due has not come.
    waiting: bool,
    reasons: Vec<Reason>,
}

impl Run<'_> {
    fn step(
        &mut self,
        step: &ProcessStep,
        period: Date,
        came: Option<Timestamp>,
        at: Timestamp,
    ) -> Result<StepDate, ProcessError> {
        let no_date = || ProcessError::NoDate { step: step.name.clone(), period };
        let planned = plan::planned(step, period, self.clock).ok_or_else(no_date)?;
        let moved = if step.moves_with_input { self.moved } else { 0 };
        let due = self.clock.due(planned.timestamp(), moved, &Pauses::default()).ok_or_else(no_date)?;
        let due = due.to_zoned(self.clock.zone().clone());
        let provisional = self.waiting && step.moves_with_input;
        if moved > 0 {
            self.reasons.push(self.move_of(step, &planned, &due, moved));
        }
        if step.by == PartyRole::Customer {
            self.input(step, &due, moved, came, at);
        }
        let (name, by) = (step.name.clone(), step.by);
        Ok(StepDate { name, by, planned, due, moved_seconds: moved, provisional })
    }

    /// Counts the customer's lateness on a step whose date is known. A step that has moved already adds its
    /// own lateness; one that had not overlaps with what came before, and the longer of the two counts.
    fn input(&mut self, step: &ProcessStep, due: &Zoned, moved: i64, came: Option<Timestamp>, at: Timestamp) {
        let until = came.unwrap_or(at);
        let late = self.clock.elapsed(due.timestamp(), until, &Pauses::default());
        self.waiting |= came.is_none() && due.timestamp() <= at;
        if late > 0 {
            self.moved = self.moved.max(moved + late);
            self.reasons.push(self.lateness(step, due, came, late));
        }
    }

    fn lateness(&self, step: &ProcessStep, due: &Zoned, came: Option<Timestamp>, late: i64) -> Reason {
        let zone = self.clock.zone().clone();
        let came = came.map(|c| c.to_zoned(zone));
        cite("process.input_late", self.process, |lang| {
            let (name, due, late) = (&step.name, date_time(lang, due), elapsed(lang, late));
            match &came {
                Some(came) => {
                    let came = date_time(lang, came);
                    lang.t(
                        format!("« {name} », attendu du Client le {due}, a été reçu le {came}, soit {late} de retard en heures ouvertes."),
                        format!("“{name}”, due from the Customer on {due}, came on {came}: {late} late in open hours."),
                    )
                }
                None => lang.t(
                    format!("« {name} », attendu du Client le {due}, n'est pas encore reçu, soit {late} de retard à ce jour en heures ouvertes."),
                    format!("“{name}”, due from the Customer on {due}, has not come yet: {late} late so far in open hours."),
                ),
            }
        })
    }

    fn move_of(&self, step: &ProcessStep, planned: &Zoned, due: &Zoned, moved: i64) -> Reason {
        cite("process.moved", self.process, |lang: Lang| {
            let (name, moved) = (&step.name, elapsed(lang, moved));
            let (planned, due) = (date_time(lang, planned), date_time(lang, due));
            lang.t(
                format!(
                    "« {name} », prévu le {planned}, est reporté de {moved} en heures ouvertes, au {due}."
                ),
                format!("“{name}”, planned on {planned}, moves by {moved} in open hours, to {due}."),
            )
        })
    }
}

#[cfg(test)]
mod tests;
