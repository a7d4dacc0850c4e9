//! Real tickets judged again, as if other terms had been in force.

use std::collections::BTreeMap;

use base::{Because, Length};
use engines::calendar::ClockCache;
use engines::objective::{self, Measured};
use engines::perimeter::{self, Admission, Decision};
use engines::sla::{self, Clock, SlaError, Timeline, Verdict};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use terms::{Dimension, Facts, History, Promise, Terms, Version};

use crate::compile::Compiled;
use crate::hash::{stamped, version_hash};

/// A real ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// As the parties number it.
    pub ticket: String,
    /// The hash of the version it opened under.
    pub version: String,
    pub timeline: Timeline,
    /// How many times its operation had been done in the period when it opened.
    pub used_before: u32,
}

/// A ticket that the two readings decide differently.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TicketChange {
    pub ticket: String,
    pub opened: Timestamp,
    /// The facts at the opening, as each side reads them: a priority may be worked out otherwise.
    pub facts: (Facts, Facts),
    /// Whether and how it is taken in, when that changes.
    pub admission: Option<Admissions>,
    /// The promises of which the rule, the due instant or the verdict changes.
    pub promises: Vec<PromiseChange>,
}

/// What the perimeter says on each side.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Admissions {
    pub before: Because<Decision>,
    pub after: Because<Decision>,
}

/// One promise on each side; `None` where nothing of the kind is promised. Never both.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PromiseChange {
    pub promise: Promise,
    pub round: u32,
    pub before: Option<Judged>,
    pub after: Option<Judged>,
}

/// What one reading says of a promise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Judged {
    /// The commitment's label.
    pub label: String,
    pub target: Length,
    pub due: Option<Timestamp>,
    pub stopped: Option<Timestamp>,
    pub verdict: Verdict,
    /// Past due on the promise's own clock.
    pub late_seconds: i64,
}

/// The versions of a contract as if `candidate` had been in force from `from` on.
///
/// Versions that took effect earlier stay; tickets opened before keep them, as under any amendment.
pub fn as_if(history: &History, candidate: &Compiled, from: Date) -> History {
    let texts: Vec<&str> = candidate.files.iter().map(|f| f.text.as_str()).collect();
    let hash = version_hash(&texts);
    let earlier = |v: &&Version| v.effective < from && v.hash != hash;
    let mut versions: Vec<Version> = history.versions.iter().filter(earlier).cloned().collect();
    let terms = stamped(candidate.terms.clone(), &hash);
    versions.push(Version { hash, effective: from, terms });
    History { versions }
}

/// The tickets as the versions of `history` measure them at `at`: one case for each promise and round.
///
/// A ticket opened since the newest version is judged by it; an older one keeps the version it opened
/// under, as under any amendment. Clocks still running are left out unless they are late.
pub fn judge(
    history: &History,
    cases: &[Case],
    at: Timestamp,
    cache: &mut ClockCache,
) -> Result<Vec<Measured>, SlaError> {
    let mut out = Vec::new();
    for case in cases {
        let Some(pinned) = Pinned::new(history, case) else { continue };
        for clock in sla::values(history, &pinned.version.hash, &pinned.timeline, at, cache)? {
            out.extend(measured(case, &pinned, &clock, at));
        }
    }
    Ok(out)
}

/// The tickets that `after` decides otherwise than `before`, at `at`.
pub fn tickets(
    before: &History,
    after: &History,
    cases: &[Case],
    at: Timestamp,
    cache: &mut ClockCache,
) -> Result<Vec<TicketChange>, SlaError> {
    let mut out = Vec::new();
    for case in cases {
        let (Some(a), Some(b)) = (Pinned::new(before, case), Pinned::new(after, case)) else { continue };
        let admission = admission(case, &a, &b);
        let old = sla::values(before, &a.version.hash, &a.timeline, at, cache)?;
        let new = sla::values(after, &b.version.hash, &b.timeline, at, cache)?;
        let promises = promises(&old, &new);
        if admission.is_some() || !promises.is_empty() {
            out.push(TicketChange {
                ticket: case.ticket.clone(),
                opened: case.timeline.opened,
                facts: (a.timeline.facts, b.timeline.facts),
                admission,
                promises,
            });
        }
    }
    Ok(out)
}

/// A ticket under the version that would have been in force when it opened.
struct Pinned<'a> {
    version: &'a Version,
    timeline: Timeline,
}

impl<'a> Pinned<'a> {
    fn new(history: &'a History, case: &Case) -> Option<Pinned<'a>> {
        let newest = history.latest()?;
        let opened = engines::period::local_date(&newest.terms, case.timeline.opened);
        let version = history.at(opened)?;
        // A ticket of a version that this history still has keeps it, whatever the dates say.
        let version = history.by_hash(&case.version).filter(|_| opened < newest.effective).unwrap_or(version);
        let mut timeline = case.timeline.clone();
        reread(&version.terms, &mut timeline.facts);
        for step in &mut timeline.steps {
            if let sla::What::FactsChanged(facts) = &mut step.what {
                reread(&version.terms, facts);
            }
        }
        Some(Pinned { version, timeline })
    }
}

/// Works the priority out again where the person said an impact and an urgency; one given outright stays.
fn reread(terms: &Terms, facts: &mut Facts) {
    let (Some(impact), Some(urgency)) = (facts.get(Dimension::Impact), facts.get(Dimension::Urgency)) else {
        return;
    };
    let matrix = terms.priorities.as_ref().map(|rule| &rule.then);
    if let Some(priority) = matrix.and_then(|m| m.priority(impact, urgency)).map(str::to_owned) {
        facts.values.insert(Dimension::Priority, priority);
    }
}

fn measured(case: &Case, pinned: &Pinned<'_>, clock: &Clock, at: Timestamp) -> Option<Measured> {
    let running = match clock.verdict {
        Verdict::Met | Verdict::Missed => false,
        Verdict::Late => true,
        Verdict::NotStarted | Verdict::Running | Verdict::Paused => return None,
    };
    let terms = &pinned.version.terms;
    let changed = pinned.timeline.steps.iter().rev().find_map(|step| match &step.what {
        sla::What::FactsChanged(facts) => Some(facts),
        _ => None,
    });
    let mut facts = changed.unwrap_or(&pinned.timeline.facts).clone();
    facts.date = facts.date.or(Some(engines::period::local_date(terms, pinned.timeline.opened)));
    Some(Measured {
        ticket: case.ticket.clone(),
        promise: clock.promise,
        facts,
        version: pinned.version.hash.clone(),
        on: engines::period::local_date(terms, clock.stopped.unwrap_or(at)),
        met: clock.late_seconds == 0 && !running,
        late_seconds: clock.late_seconds,
        late_wall_seconds: clock.late_wall_seconds,
        clock: if running { objective::Clock::Running } else { objective::Clock::Stopped },
        round: clock.round,
        penalised_steps: 0,
    })
}

fn admission(case: &Case, a: &Pinned<'_>, b: &Pinned<'_>) -> Option<Admissions> {
    let before = perimeter::decide(&a.version.terms, &a.timeline.facts, case.used_before);
    let after = perimeter::decide(&b.version.terms, &b.timeline.facts, case.used_before);
    (before.value != after.value).then_some(Admissions { before, after })
}

fn promises(before: &[Clock], after: &[Clock]) -> Vec<PromiseChange> {
    let mut all: BTreeMap<(Promise, u32), (Option<Judged>, Option<Judged>)> = BTreeMap::new();
    for clock in before {
        all.entry((clock.promise, clock.round)).or_default().0 = Some(judged(clock));
    }
    for clock in after {
        all.entry((clock.promise, clock.round)).or_default().1 = Some(judged(clock));
    }
    all.into_iter()
        .filter(|(_, (before, after))| !alike(before.as_ref(), after.as_ref()))
        .map(|((promise, round), (before, after))| PromiseChange { promise, round, before, after })
        .collect()
}

/// A rule renamed, with the same effect on this ticket, is no difference.
fn alike(a: Option<&Judged>, b: Option<&Judged>) -> bool {
    let facts = |j: &Judged| (j.due, j.stopped, j.verdict, j.late_seconds);
    a.map(facts) == b.map(facts)
}

fn judged(clock: &Clock) -> Judged {
    Judged {
        label: clock.label.clone(),
        target: clock.target,
        due: clock.due,
        stopped: clock.stopped,
        verdict: clock.verdict,
        late_seconds: clock.late_seconds,
    }
}

impl Admissions {
    /// Refused on one side and not on the other.
    pub fn turns(&self) -> bool {
        (self.before.value.admission == Admission::Refused)
            != (self.after.value.admission == Admission::Refused)
    }
}
