//! The life of one promise on one ticket: which rule governs, when its clock starts and stops.

use jiff::Timestamp;
use terms::commitment::{PriorityChangePolicy, ReopenPolicy, StartEvent, StopEvent};
use terms::rule::Rule;
use terms::{Commitment, Facts, History, Promise, Terms, Version};

use super::calendars::{self, Hours};
use super::measure::after;
use super::{SlaError, Step, Timeline, What};
use crate::calendar::{ClockCache, zone};

/// A ticket under the version of the contract it opened under.
pub(super) struct Case<'a> {
    history: &'a History,
    index: usize,
    pub timeline: &'a Timeline,
    /// Up to `at`, in order.
    pub steps: Vec<&'a Step>,
    pub at: Timestamp,
    /// The facts of the opening, dated.
    opening: Facts,
}

impl<'a> Case<'a> {
    pub fn new(
        history: &'a History,
        version: &str,
        timeline: &'a Timeline,
        at: Timestamp,
    ) -> Result<Case<'a>, SlaError> {
        let index = history
            .versions
            .iter()
            .position(|v| v.hash == version)
            .ok_or_else(|| SlaError::UnknownVersion(version.to_owned()))?;
        let mut steps: Vec<&Step> = timeline.steps.iter().filter(|step| step.at <= at).collect();
        steps.sort_by_key(|step| step.at);
        let opening = dated(&history.versions[index].terms, timeline, &timeline.facts);
        Ok(Case { history, index, timeline, steps, at, opening })
    }

    pub fn version(&self) -> &'a Version {
        &self.history.versions[self.index]
    }

    pub fn terms(&self) -> &'a Terms {
        &self.version().terms
    }

    /// The amendments that took effect after the ticket's version.
    pub fn later_versions(&self) -> &'a [Version] {
        &self.history.versions[self.index + 1..]
    }

    fn dated(&self, facts: &Facts) -> Facts {
        dated(self.terms(), self.timeline, facts)
    }
}

/// Guards with dates judge a ticket on the local day it was opened.
fn dated(terms: &Terms, timeline: &Timeline, facts: &Facts) -> Facts {
    let mut facts = facts.clone();
    if facts.date.is_none() {
        facts.date = zone(&terms.zone).ok().map(|tz| timeline.opened.to_zoned(tz).date());
    }
    facts
}

/// One round of a promise.
pub(super) struct Run<'a> {
    pub round: u32,
    pub rule: &'a Rule<Commitment>,
    pub facts: Facts,
    /// The opening or the reopening that began the round.
    pub begun: Timestamp,
    pub start: Option<Timestamp>,
    pub stop: Option<Timestamp>,
    /// Spans between a stop and the reopening that resumed the clock.
    pub settled: Vec<(Timestamp, Timestamp)>,
    pub turns: Vec<Turn<'a>>,
}

/// What a policy decided.
pub(super) enum Turn<'a> {
    /// Another rule governs; `was` is `None` when nothing was promised before.
    Changed { at: Timestamp, was: Option<&'a Rule<Commitment>>, policy: PriorityChangePolicy },
    /// Reopened, and the same clock went on.
    GoesOn { at: Timestamp, stopped: Timestamp, policy: ReopenPolicy },
    /// Reopened, and this round began; `too_late`: because the case had been settled for too long.
    Afresh { at: Timestamp, stopped: Timestamp, too_late: bool },
}

/// The rounds of a promise, oldest first; none when nothing is promised.
pub(super) fn runs<'a>(
    case: &Case<'a>,
    promise: Promise,
    cache: &mut ClockCache,
) -> Result<Vec<Run<'a>>, SlaError> {
    // Most of the promises that exist are in no contract at all.
    if !case.terms().commitments.iter().any(|rule| rule.then.promise == promise) {
        return Ok(Vec::new());
    }
    let mut walk =
        Walk { case, promise, facts: case.opening.clone(), taken_over: None, past: Vec::new(), run: None };
    walk.open();
    for step in &case.steps {
        walk.step(step, cache)?;
    }
    walk.past.extend(walk.run);
    Ok(walk.past)
}

struct Walk<'c, 'a> {
    case: &'c Case<'a>,
    promise: Promise,
    facts: Facts,
    taken_over: Option<Timestamp>,
    past: Vec<Run<'a>>,
    run: Option<Run<'a>>,
}

impl<'a> Walk<'_, 'a> {
    fn open(&mut self) {
        let opened = self.case.timeline.opened;
        if let Some(rule) = self.governing() {
            let start = (rule.then.starts == StartEvent::Declared).then_some(opened);
            self.run = Some(self.round(rule, opened, start));
        }
    }

    fn governing(&self) -> Option<&'a Rule<Commitment>> {
        self.case.terms().commitment(self.promise, &self.facts)
    }

    fn round(&self, rule: &'a Rule<Commitment>, begun: Timestamp, start: Option<Timestamp>) -> Run<'a> {
        Run {
            round: self.past.last().map_or(1, |last| last.round + 1),
            rule,
            facts: self.facts.clone(),
            begun,
            start,
            stop: None,
            settled: Vec::new(),
            turns: Vec::new(),
        }
    }

    fn step(&mut self, step: &Step, cache: &mut ClockCache) -> Result<(), SlaError> {
        match &step.what {
            What::Paused { .. } | What::Resumed => {}
            What::FactsChanged(facts) => {
                self.facts = self.case.dated(facts);
                self.regovern(step.at);
            }
            What::Reopened => self.reopen(step.at, cache)?,
            What::TakenOver { .. } | What::FirstAct => self.act(step),
            // Nobody restores or resolves what nobody has taken.
            What::Restored { .. } | What::Resolved | What::Closed => self.act(step),
        }
        Ok(())
    }

    fn act(&mut self, step: &Step) {
        if !matches!(step.what, What::FirstAct) {
            self.taken_over.get_or_insert(step.at);
        }
        let Some(run) = self.run.as_mut().filter(|run| run.stop.is_none()) else { return };
        if run.start.is_none() {
            run.start = self.taken_over;
        }
        if stops(run.rule.then.stops, &step.what) {
            run.start.get_or_insert(step.at);
            run.stop = Some(step.at);
        }
    }

    /// Applies the facts of now to the clock, if it has not stopped.
    fn regovern(&mut self, at: Timestamp) {
        let rule = self.governing();
        let Some(mut run) = self.run.take() else {
            self.run = rule.map(|rule| self.newly_promised(rule, at));
            return;
        };
        if run.stop.is_some() {
            self.run = Some(run);
            return;
        }
        // Without a rule nothing is promised any more, and the clock goes.
        let Some(rule) = rule else { return };
        if !self.same_clock(&run, rule) {
            let policy = rule.then.on_priority_change;
            run.turns.push(Turn::Changed { at, was: Some(run.rule), policy });
            run.rule = rule;
            if policy == PriorityChangePolicy::RestartAtChange && run.start.is_some() {
                run.start = Some(at);
                run.settled.clear();
            }
        }
        run.facts = self.facts.clone();
        self.run = Some(run);
    }

    fn newly_promised(&self, rule: &'a Rule<Commitment>, at: Timestamp) -> Run<'a> {
        let policy = rule.then.on_priority_change;
        let origin = match rule.then.starts {
            StartEvent::Declared => Some(self.case.timeline.opened),
            StartEvent::TakenOver => self.taken_over,
        };
        let start = match policy {
            PriorityChangePolicy::RetargetFromOpen => origin,
            PriorityChangePolicy::RestartAtChange => origin.map(|_| at),
        };
        let mut run = self.round(rule, self.case.timeline.opened, start);
        run.turns.push(Turn::Changed { at, was: None, policy });
        run
    }

    /// The same promise counted on the same hours: nothing has changed for this clock.
    fn same_clock(&self, run: &Run<'a>, rule: &Rule<Commitment>) -> bool {
        let calendar = |rule: &Rule<Commitment>, facts| {
            self.case.terms().calendar(&rule.then.calendar, facts).map(Rule::label)
        };
        run.rule.label() == rule.label() && calendar(run.rule, &run.facts) == calendar(rule, &self.facts)
    }

    fn reopen(&mut self, at: Timestamp, cache: &mut ClockCache) -> Result<(), SlaError> {
        let Some(run) = self.run.as_ref() else { return Ok(()) };
        let Some(stopped) = run.stop else { return Ok(()) };
        let policy = run.rule.then.on_reopen;
        let too_late = match run.rule.then.reopen_within {
            Some(within) => {
                let Hours { clock, .. } = calendars::hours(self.case, run.rule, &run.facts, cache)?;
                after(&clock, stopped, within).is_some_and(|limit| limit < at)
            }
            None => false,
        };
        if too_late || policy == ReopenPolicy::Restart {
            self.afresh(at, stopped, too_late);
        } else if run.rule.then.stops != StopEvent::FirstHumanAct {
            // A first act stays made; what was restored or resolved no longer is.
            let run = self.run.as_mut().expect("the run was looked at above");
            run.stop = None;
            if policy == ReopenPolicy::Resume {
                run.settled.push((stopped, at));
            }
            run.turns.push(Turn::GoesOn { at, stopped, policy });
            self.regovern(at);
        }
        Ok(())
    }

    fn afresh(&mut self, at: Timestamp, stopped: Timestamp, too_late: bool) {
        self.past.extend(self.run.take());
        self.taken_over = None;
        if let Some(rule) = self.governing() {
            let start = (rule.then.starts == StartEvent::Declared).then_some(at);
            let mut run = self.round(rule, at, start);
            run.turns.push(Turn::Afresh { at, stopped, too_late });
            self.run = Some(run);
        }
    }
}

/// Whether an event stops the clock; what resolves also restores, and both are acts.
fn stops(event: StopEvent, what: &What) -> bool {
    let rank = match what {
        What::TakenOver { .. } | What::FirstAct => 1,
        What::Restored { .. } => 2,
        What::Resolved | What::Closed => 3,
        _ => 0,
    };
    let needed = match event {
        StopEvent::FirstHumanAct => 1,
        StopEvent::ServiceRestored => 2,
        StopEvent::Resolved => 3,
    };
    rank >= needed
}
