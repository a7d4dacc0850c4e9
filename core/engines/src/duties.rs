//! Duties: what is due, by whom, with which proof; done, due soon, or late.
//!
//! An occurrence is one time a duty is owed. Occurrences are derived from the terms and from what
//! happened; nothing plans them ahead, so an amendment changes what is due and leaves what was done.

pub(crate) mod plan;
mod say;

use base::{Because, Length};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use terms::{Duty, DutyDue, DutyProof, Facts, PartyRole, Rule, Terms, Trigger};

use crate::calendar::CalendarError;
use crate::period::Span;

/// Something that duties count from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Happened {
    pub trigger: Trigger,
    /// When; for a planned thing (a change of place, a maintenance), when it is planned.
    pub at: Timestamp,
    /// What it was, for the reader: a ticket, a letter.
    pub about: String,
    /// The clause that it starts the duties of: a request is one of something. `None`: of every clause that
    /// counts from such a thing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clause: Option<String>,
}

/// A duty done once, with its proof.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Done {
    pub label: String,
    /// The duty's own name; a clause may owe several.
    pub what: String,
    pub on: Date,
    pub proof: DutyProof,
    /// The document, the minutes, the certificate.
    pub reference: String,
    /// What was renewed runs until then.
    pub valid_until: Option<Date>,
    /// The number of the ticket by which it was done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket: Option<u64>,
}

/// A ticket opened to do a duty, which nothing proves yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnderWay {
    pub label: String,
    pub what: String,
    pub ticket: u64,
}

/// One time a duty is owed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Occurrence {
    pub label: String,
    pub what: String,
    pub title: String,
    pub owed_by: PartyRole,
    pub proof: DutyProof,
    /// The first local day on which doing it counts for this occurrence.
    pub from: Date,
    /// The last local day; `None`: owed at all times.
    pub on: Option<Date>,
    /// The exact limit, when it is counted in hours.
    pub limit: Option<Timestamp>,
    pub state: DutyState,
    /// The number of the ticket by which it was done, or of the one that is to do it.
    pub ticket: Option<u64>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum DutyState {
    Done {
        on: Date,
        reference: String,
    },
    /// Done, after its day.
    DoneLate {
        on: Date,
        days: u32,
        reference: String,
    },
    /// Done in time, and what was given is not the proof that the contract asks for.
    Unproved {
        on: Date,
        given: DutyProof,
    },
    NotYetDue,
    /// Within the alert that the contract sets, or the last thirtieth of its time.
    DueSoon {
        days: u32,
    },
    Late {
        days: u32,
    },
    /// Owed at all times, shown as declared.
    Continuous,
}

impl DutyState {
    pub fn is_late(&self) -> bool {
        matches!(self, DutyState::Late { .. })
    }

    pub fn is_open(&self) -> bool {
        matches!(self, DutyState::NotYetDue | DutyState::DueSoon { .. } | DutyState::Late { .. })
    }
}

/// What is known of the life of the contract.
#[derive(Clone, Debug, Default)]
pub struct DutyFacts {
    pub happened: Vec<Happened>,
    pub done: Vec<Done>,
    /// In the order in which they were opened.
    pub under_way: Vec<UnderWay>,
}

/// The occurrences of every duty that are due in `span`, or late before it, as seen at `at`.
///
/// In the order of the contract, each duty's by date. An occurrence whose day is before the contract's
/// first is not owed. What an exception owes is owed instead of what it excepts, never beside it.
pub fn occurrences(
    terms: &Terms,
    facts: &DutyFacts,
    span: Span,
    at: Timestamp,
) -> Result<Vec<Because<Occurrence>>, CalendarError> {
    let mut out = Vec::new();
    for rule in &terms.duties {
        out.extend(occurrences_of(terms, rule, facts, span, at)?);
    }
    Ok(out)
}

/// As [`occurrences`], of one clause of these terms: of the facts, only its own are looked at.
pub fn occurrences_of(
    terms: &Terms,
    rule: &Rule<Duty>,
    facts: &DutyFacts,
    span: Span,
    at: Timestamp,
) -> Result<Vec<Because<Occurrence>>, CalendarError> {
    let zone = crate::calendar::zone(&terms.zone)?;
    let today = at.to_zoned(zone.clone()).date();
    let mut owed = plan::owed(terms, rule, facts, span, &zone, today)?;
    owed.retain(|o| governs(terms, rule, o.about.as_ref().map_or(o.on.unwrap_or(today), |_| o.from)));
    Ok(settle(rule, owed, facts, span, at, &zone))
}

/// The clause that this one is an exception to, from exception to exception; itself when it is none.
fn general<'a>(terms: &'a Terms, label: &'a str) -> &'a str {
    let mut current = label;
    // The compiler refuses cycles; the bound keeps a hostile import finite.
    for _ in 0..32 {
        let rule = terms.duties.iter().find(|r| r.label() == current);
        let Some(above) = rule.and_then(|r| r.exception_to.as_deref()) else { break };
        current = above;
    }
    current
}

/// The clauses whose duties count from such a thing, in the order of the contract, without exceptions to
/// one another.
pub fn counted_from(terms: &Terms, trigger: Trigger) -> Vec<&str> {
    let mut out: Vec<&str> = Vec::new();
    for rule in &terms.duties {
        let (DutyDue::Within { of, .. } | DutyDue::Before { of, .. }) = rule.then.due else { continue };
        let label = general(terms, rule.label());
        if of == trigger && !out.contains(&label) {
            out.push(label);
        }
    }
    out
}

/// Whether this clause, and no exception to it, says what is owed on a day.
///
/// An exception restates the whole clause, so its duties stand for all of the clause it excepts. What is
/// told of an event is its day: a guard that asks for more (a priority, a site) does not hold, and the
/// general clause governs.
fn governs(terms: &Terms, rule: &Rule<Duty>, day: Date) -> bool {
    let facts = Facts { date: Some(day), ..Facts::default() };
    let excepted = |label: &str| {
        let mut exceptions = terms.duties.iter().filter(|r| r.exception_to.as_deref() == Some(label));
        exceptions.any(|r| r.when.holds(&facts))
    };
    let mut current = rule;
    // The compiler refuses cycles; the bound keeps a hostile import finite.
    for _ in 0..32 {
        let Some(parent) = current.exception_to.as_deref() else { break };
        if !current.when.holds(&facts) {
            return false;
        }
        let Some(above) = terms.duties.iter().find(|r| r.label() == parent) else { break };
        current = above;
    }
    !excepted(rule.label())
}

/// Gives each occurrence what was done for it: in order, the earliest that was open then. A ticket under way
/// goes to the occurrence that it would be counted for, were it done today.
fn settle(
    rule: &Rule<Duty>,
    owed: Vec<plan::Owed>,
    facts: &DutyFacts,
    span: Span,
    at: Timestamp,
    zone: &TimeZone,
) -> Vec<Because<Occurrence>> {
    let duty = &rule.then;
    let today = at.to_zoned(zone.clone()).date();
    let mut done: Vec<&Done> =
        facts.done.iter().filter(|d| d.label == rule.label() && d.what == duty.what).collect();
    done.sort_by_key(|d| d.on);
    let of_duty = |ticket: &&UnderWay| ticket.label == rule.label() && ticket.what == duty.what;
    let mut under_way = facts.under_way.iter().filter(of_duty).map(|ticket| ticket.ticket);
    let mut out = Vec::new();
    for owed in owed {
        let found = done.iter().position(|d| d.on >= owed.from && d.on <= today);
        let proof = found.map(|i| done.remove(i));
        let ticket = match proof {
            Some(done) => done.ticket,
            None if owed.on.is_some() && owed.from <= today => under_way.next(),
            None => None,
        };
        let state = state(duty, &owed, proof, today, at);
        let kept = match owed.on {
            None => true,
            // A late one stays in sight until it is done, whatever span is asked for.
            Some(on) => span.contains(on) || on < span.first && state.is_late(),
        };
        if kept {
            let value = Occurrence {
                label: rule.label().to_owned(),
                what: duty.what.clone(),
                title: duty.title.clone(),
                owed_by: duty.owed_by,
                proof: duty.proof,
                from: owed.from,
                on: owed.on,
                limit: owed.limit,
                state,
                ticket,
            };
            let reasons = say::reasons(rule, &owed, &value, zone);
            out.push(Because::new(value, reasons));
        }
    }
    out
}

fn state(duty: &Duty, owed: &plan::Owed, done: Option<&Done>, today: Date, at: Timestamp) -> DutyState {
    let Some(on) = owed.on else { return DutyState::Continuous };
    match done {
        Some(done) if done.on > on => {
            DutyState::DoneLate { on: done.on, days: days(on, done.on), reference: done.reference.clone() }
        }
        Some(done) if done.proof != duty.proof && duty.proof != DutyProof::Declaration => {
            DutyState::Unproved { on: done.on, given: done.proof }
        }
        Some(done) => DutyState::Done { on: done.on, reference: done.reference.clone() },
        None if today > on || owed.limit.is_some_and(|limit| at > limit) => {
            DutyState::Late { days: days(on, today) }
        }
        None if soon(duty, owed, on, today) => DutyState::DueSoon { days: days(today, on) },
        None => DutyState::NotYetDue,
    }
}

fn soon(duty: &Duty, owed: &plan::Owed, on: Date, today: Date) -> bool {
    let alert = match duty.alert_before {
        Some(Length::Seconds(s)) => u32::try_from(s / 86_400).unwrap_or(0),
        Some(Length::Days(n)) | Some(Length::WorkingDays(n)) => n,
        Some(Length::Months(n)) => n.saturating_mul(30),
        None => (days(owed.from, on) / 30).max(7),
    };
    days(today, on) <= alert
}

/// Days from one to the other; zero when the second is not after the first.
fn days(from: Date, to: Date) -> u32 {
    u32::try_from(from.duration_until(to).as_hours() / 24).unwrap_or(0)
}

/// The local day that holds the last instant before or at this one.
fn day_of(at: Timestamp, zone: &TimeZone) -> Date {
    at.to_zoned(zone.clone()).date()
}

/// A length in real hours from an instant.
fn after(at: Timestamp, seconds: i64) -> Option<Timestamp> {
    at.checked_add(SignedDuration::from_secs(seconds)).ok()
}

#[cfg(test)]
mod tests;
