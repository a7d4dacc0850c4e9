//! « Et si un P1 était déclaré vendredi à 22 h ? » : the engines that will run the text, on a case of one's own.

use std::collections::{BTreeMap, BTreeSet};

use base::{Because, Reason};
use engines::billing::{self, PenaltyLine};
use engines::calendar::ClockCache;
use engines::objective::{self, Measured, Standing};
use engines::perimeter::{self, Decision};
use engines::sla::{self, Clock, Timeline, Verdict, What};
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use terms::{Dimension, Facts, History, Terms};

use super::check::Checked;
use crate::error::{AppError, Result};

/// A case to try. Instants are local to the contract.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Case {
    pub facts: BTreeMap<Dimension, String>,
    pub declared: DateTime,
    pub taken_over: Option<DateTime>,
    /// The label of a pause, its beginning, its end if it has one.
    pub paused: Option<(String, DateTime, Option<DateTime>)>,
    pub restored: Option<DateTime>,
    /// How many times the operation was already done in its period.
    pub used: u32,
}

/// What the text says of a case.
#[derive(Debug, Clone)]
pub struct Simulated {
    /// The contract's own zone, in which instants are told.
    pub zone: TimeZone,
    /// Whether the text itself governs the case; otherwise what it amends still does, on that day.
    pub governed: bool,
    pub decision: Because<Decision>,
    pub clocks: Vec<Because<Clock>>,
    /// What the cases that are late cost, before any cap.
    pub penalties: Vec<Because<PenaltyLine>>,
    /// Why the priority is what it is, when impact and urgency gave it.
    pub priority: Option<Because<String>>,
}

/// The values that a case may take in each dimension, as the text names them; empty ones left out.
pub fn choices(terms: &Terms) -> Vec<(Dimension, Vec<String>)> {
    let mut known: BTreeMap<Dimension, Vec<String>> = BTreeMap::new();
    let mut add = |dimension: Dimension, values: &mut dyn Iterator<Item = String>| {
        let list = known.entry(dimension).or_default();
        for value in values {
            if !list.contains(&value) {
                list.push(value);
            }
        }
    };
    if let Some(matrix) = terms.priorities.as_ref().map(|r| &r.then) {
        add(Dimension::Priority, &mut matrix.priorities.iter().cloned());
        add(Dimension::Impact, &mut matrix.impacts.iter().cloned());
        add(Dimension::Urgency, &mut matrix.urgencies.iter().cloned());
    }
    add(Dimension::Site, &mut terms.parties.iter().flat_map(|p| p.then.sites.iter().cloned()));
    for entry in &terms.perimeter {
        add(Dimension::ItemClass, &mut entry.then.class.iter().cloned());
        add(Dimension::Item, &mut entry.then.items.iter().cloned());
    }
    add(Dimension::Operation, &mut terms.operations.iter().map(|r| r.then.operation.clone()));
    let guards = terms
        .commitments
        .iter()
        .map(|r| &r.when)
        .chain(terms.calendars.iter().map(|r| &r.when))
        .chain(terms.penalties.iter().map(|r| &r.when))
        .chain(terms.operations.iter().map(|r| &r.when))
        .chain(terms.meters.iter().map(|r| &r.when));
    for guard in guards {
        for (dimension, values) in &guard.values {
            let sorted: BTreeSet<String> = values.clone();
            add(*dimension, &mut sorted.into_iter());
        }
    }
    Dimension::ALL
        .into_iter()
        .filter_map(|d| Some((d, known.remove(&d).filter(|v| !v.is_empty())?)))
        .collect()
}

/// Runs a case on a text that compiles.
pub fn simulate(checked: &Checked, case: &Case) -> Result<Simulated> {
    let history = checked.history();
    let zone = TimeZone::get(&checked.compiled.terms.zone).map_err(AppError::fault)?;
    let instant = |local: DateTime| zone.to_zoned(local).map(|z| z.timestamp()).map_err(|_| beyond());
    let declared = instant(case.declared)?;
    let date = case.declared.date();
    let version = history.at(date).ok_or(AppError::NotFound)?;
    let (facts, priority) = facts(&version.terms, case);
    let mut timeline = Timeline::new(declared, facts.clone());
    for (local, what) in steps(case) {
        timeline = timeline.then(instant(local)?, what);
    }
    timeline.steps.sort_by_key(|s| s.at);
    let last = timeline.steps.last().map_or(declared, |s| s.at).max(declared);
    let mut cache = ClockCache::new();
    let clocks = sla::clocks(&history, &version.hash, &timeline, last, &mut cache)
        .map_err(|e| AppError::invalid("simulation", e.to_string(), e.to_string()))?;
    Ok(Simulated {
        governed: Some(&version.hash) == history.latest().map(|v| &v.hash),
        decision: perimeter::decide(&version.terms, &facts, case.used),
        penalties: penalties(&history, &version.hash, &facts, &clocks, &zone),
        clocks,
        priority,
        zone,
    })
}

fn beyond() -> AppError {
    AppError::invalid("declared", "une date que le calendrier connaît", "a date that the calendar knows")
}

fn facts(terms: &Terms, case: &Case) -> (Facts, Option<Because<String>>) {
    let mut facts = Facts { date: Some(case.declared.date()), values: case.facts.clone() };
    // An item is of the class that the perimeter lists it in.
    let class = |item: &str| {
        let entry = terms.perimeter.iter().find(|r| r.then.items.iter().any(|i| i == item))?;
        entry.then.class.clone()
    };
    if let (Some(class), None) = (facts.get(Dimension::Item).and_then(class), facts.get(Dimension::ItemClass))
    {
        facts = facts.with(Dimension::ItemClass, class);
    }
    let (impact, urgency) = (facts.get(Dimension::Impact), facts.get(Dimension::Urgency));
    let (None, Some(rule), Some(impact), Some(urgency)) =
        (facts.get(Dimension::Priority), &terms.priorities, impact, urgency)
    else {
        return (facts, None);
    };
    let Some(priority) = rule.then.priority(impact, urgency).map(str::to_owned) else { return (facts, None) };
    let reason = Reason::new(
        "priority.matrix",
        format!("Impact « {impact} », urgence « {urgency} » : priorité {priority}."),
        format!("Impact “{impact}”, urgency “{urgency}”: priority {priority}."),
    );
    let because = Because::new(priority.clone(), vec![reason.citing(&rule.from)]);
    (facts.with(Dimension::Priority, priority), Some(because))
}

fn steps(case: &Case) -> Vec<(DateTime, What)> {
    let mut steps = Vec::new();
    if let Some(at) = case.taken_over {
        steps.push((at, What::TakenOver { actor: "simulation".to_owned() }));
        steps.push((at, What::FirstAct));
    }
    if let Some((reason, from, until)) = &case.paused {
        steps.push((*from, What::Paused { reason: reason.clone() }));
        steps.extend(until.map(|at| (at, What::Resumed)));
    }
    if let Some(at) = case.restored {
        steps.push((at, What::Restored { workaround: false }));
        steps.push((at, What::Resolved));
    }
    steps
}

/// The penalties of the clocks that stopped late, as the month would be closed with this one case.
fn penalties(
    history: &History,
    version: &str,
    facts: &Facts,
    clocks: &[Because<Clock>],
    zone: &TimeZone,
) -> Vec<Because<PenaltyLine>> {
    let local = |at: Timestamp| at.to_zoned(zone.clone()).date();
    let missed = clocks.iter().map(|c| &c.value).filter(|c| c.verdict == Verdict::Missed);
    missed
        .flat_map(|clock| {
            let Some(on) = clock.stopped.map(local) else { return Vec::new() };
            let case = Measured {
                ticket: String::new(),
                promise: clock.promise,
                facts: facts.clone(),
                version: version.to_owned(),
                on,
                met: false,
                late_seconds: clock.late_seconds,
                late_wall_seconds: clock.late_wall_seconds,
                clock: objective::Clock::Stopped,
                round: clock.round,
                penalised_steps: 0,
            };
            billing::penalties(history, on, std::slice::from_ref(&case), Standing::Final)
        })
        .collect()
}
