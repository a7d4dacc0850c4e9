//! Availability: agreed time, lost time, and whether enough of it was kept.
//!
//! Availability is (agreed − lost) ÷ agreed, in exact fractions, compared with the target before any
//! rounding. Agreed time is the open time of the clause's calendar, month by local month, less the
//! maintenance that the contract excludes; lost time is the union of the outages inside it, the worse
//! weight winning where they overlap. What excluded maintenance covers leaves both sides.
//!
//! Conventions that no clause may change:
//! - The clause in force on the last day of the period governs the whole of it. Agreed time of each
//!   day is read in the version in force that day, so that an amendment of the hours counts from its
//!   date, and a clause that an amendment adds promises nothing before.
//! - Before the closing, the figure is what the period would give if nothing more happened: agreed
//!   time is that of the whole period, and an outage that goes on is counted up to the reading.

mod agreed;
mod count;
pub mod exchange;
mod explain;
mod known;
mod maintenance;

use base::fraction::{self, Fraction};
use base::{Because, Reason};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use terms::availability::{CountedIn, OutageOrigin};
use terms::commitment::Period;
use terms::{Availability, History, Rule, Terms};

pub use count::{Count, Loss, count};
pub use terms::availability::ServiceState;

use crate::calendar::ClockCache;
use crate::in_force::{binding, in_force};
use crate::objective::{Standing, Verdict};
use crate::period::Span;

/// An outage as the journal tells it, corrections applied.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outage {
    /// The identifier it was recorded under.
    pub id: String,
    /// The items, or the services, that it hit.
    pub items: Vec<String>,
    /// When a probe saw it; `None`: no probe did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detected: Option<Timestamp>,
    /// When the customer declared it; `None`: nobody did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub declared: Option<Timestamp>,
    /// `None`: it goes on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<Timestamp>,
    pub state: ServiceState,
    /// How many users it touched; `None`: all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub users: Option<u32>,
    pub origin: OutageOrigin,
}

/// A maintenance window as it was announced.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MaintenanceWindow {
    pub id: String,
    pub items: Vec<String>,
    pub from: Timestamp,
    pub until: Timestamp,
    /// When the customer was told.
    pub announced: Timestamp,
}

/// What is known of the services, over at least the periods asked about.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceFacts {
    pub outages: Vec<Outage>,
    pub maintenance: Vec<MaintenanceWindow>,
}

impl ServiceFacts {
    pub fn is_empty(&self) -> bool {
        self.outages.is_empty() && self.maintenance.is_empty()
    }
}

/// The clauses that promise the availability of one of these items, or of the service so named.
pub fn promised<'a>(terms: &'a Terms, items: &'a [String]) -> impl Iterator<Item = &'a Rule<Availability>> {
    terms.availabilities.iter().filter(move |rule| known::about(&rule.then, items))
}

/// Why a planned window would count as lost time under a clause that promises the availability of what it
/// touches; empty when it would not.
pub fn counted_against(terms: &Terms, window: &MaintenanceWindow, clocks: &mut ClockCache) -> Vec<Reason> {
    let rules = promised(terms, &window.items);
    rules.flat_map(|rule| maintenance::shortfalls(terms, rule, window, clocks)).collect()
}

/// One clause of availability over its period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AvailabilityResult {
    /// The clause's label.
    pub clause: String,
    pub service: String,
    pub per: Period,
    /// The part of the period that the contract covers.
    pub period: Span,
    /// Seconds, or user-seconds, that the service was to be there: maintenance excluded is out of it.
    #[serde(with = "fraction::text")]
    pub agreed: Fraction,
    /// Of these, what was lost, each second times its weight.
    #[serde(with = "fraction::text")]
    pub lost: Fraction,
    /// Seconds of open time that announced maintenance took out.
    #[serde(with = "fraction::text")]
    pub maintenance: Fraction,
    /// Seconds of open time left out because nobody measured.
    #[serde(with = "fraction::text")]
    pub unmeasured: Fraction,
    /// The users counted, when seconds are user-seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub users: Option<u32>,
    #[serde(with = "fraction::text")]
    pub target: Fraction,
    pub verdict: Verdict,
    pub standing: Standing,
    /// The outages that counted, in order of time.
    pub outages: Vec<String>,
}

impl AvailabilityResult {
    /// (agreed − lost) ÷ agreed; `None` when no time was agreed.
    pub fn reached(&self) -> Option<Fraction> {
        reached(self.agreed, self.lost)
    }

    /// What is missing of the target, as a fraction of one: 29/10000 for 99.21 % of 99.50 %. Zero when kept.
    pub fn short(&self) -> Fraction {
        let zero = Fraction::from_integer(0);
        self.reached().map_or(zero, |reached| (self.target - reached).max(zero))
    }

    /// What may be lost in the period without missing the target, in the unit of `agreed`.
    pub fn allowance(&self) -> Fraction {
        self.agreed * (Fraction::from_integer(1) - self.target)
    }
}

fn reached(agreed: Fraction, lost: Fraction) -> Option<Fraction> {
    (agreed > Fraction::from_integer(0)).then(|| (agreed - lost) / agreed)
}

/// A result with the spans it was counted on, for those who draw or check it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Measure {
    pub result: Because<AvailabilityResult>,
    pub count: Count,
    /// Why an outage of the period does not count, or a window of maintenance leaves nothing out, by its
    /// identifier.
    pub notes: Vec<Note>,
}

/// A reason about one outage, or about one window of maintenance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// The identifier it was recorded under.
    pub about: String,
    pub reason: Reason,
}

/// Each availability promised, over the period that holds `on`, in the order of the contract.
///
/// `as_of` is the instant of a reading before the closing; a final reading still gives provisional
/// figures for a period that ends after `on`. Empty where no contract is in force.
pub fn measures(
    history: &History,
    on: Date,
    facts: &ServiceFacts,
    as_of: Option<Timestamp>,
    clocks: &mut ClockCache,
) -> Vec<Measure> {
    let Some(terms) = binding(history, on) else { return Vec::new() };
    in_force(&terms.availabilities, on)
        .into_iter()
        .filter_map(|rule| measure(history, rule, on, facts, as_of, clocks))
        .collect()
}

/// `None` when the calendar cannot be compiled, which the contract's compiler refuses.
fn measure(
    history: &History,
    rule: &Rule<Availability>,
    on: Date,
    facts: &ServiceFacts,
    as_of: Option<Timestamp>,
    clocks: &mut ClockCache,
) -> Option<Measure> {
    let clause = &rule.then;
    let terms = binding(history, on)?;
    let whole = Span::of(clause.per, terms, on);
    let agreed = agreed::of(history, rule, whole, clocks)?;
    let standing =
        if as_of.is_some() || on < agreed.period.last() { Standing::Provisional } else { Standing::Final };
    let mut told = maintenance::Told::default();
    let maintained = maintenance::excluded(terms, rule, &facts.maintenance, &agreed, clocks, &mut told)?;
    let known = known::losses(clause, &facts.outages, &agreed, as_of);
    let unmeasured = known::unmeasured(clause, &facts.outages, &agreed, as_of, &known);
    let users = match clause.counted_in {
        CountedIn::Time => None,
        CountedIn::UserMinutes { users } => Some(users),
    };
    let out: Vec<_> = maintained.iter().chain(&unmeasured).copied().collect();
    let losses: Vec<Loss> = known.iter().map(|k| k.loss).collect();
    let count = count(&agreed.open, &out, &losses);
    let times = Fraction::from_integer(i128::from(users.unwrap_or(1)));
    let (agreed_time, lost) = (count.agreed() * times, count.lost() * times);
    let verdict = match reached(agreed_time, lost) {
        None => Verdict::NothingMeasured,
        // Exact: 99.899955 % prints as 99.90 % and is a breach of 99.90 % (AV-02).
        Some(reached) if reached >= clause.target => Verdict::Kept,
        Some(_) => Verdict::Missed,
    };
    let left_out = |spans: &[count::Micros]| count::seconds(count::overlap(&agreed.open, spans));
    let value = AvailabilityResult {
        clause: rule.label().to_owned(),
        service: clause.service.clone(),
        per: clause.per,
        period: agreed.period,
        agreed: agreed_time,
        lost,
        maintenance: left_out(&maintained),
        unmeasured: left_out(&unmeasured),
        users,
        target: clause.target,
        verdict,
        standing,
        outages: known.iter().filter(|k| k.touches(&count)).map(|k| k.id.clone()).collect(),
    };
    let spared = explain::spared(rule, &facts.outages, &agreed);
    let reasons = explain::reasons(rule, &value, &known, &count, &agreed, told.reasons, &spared);
    let harmless = explain::harmless(rule, &known, &count, &agreed);
    let notes = told.notes.into_iter().chain(spared).chain(harmless).collect();
    Some(Measure { result: Because::new(value, reasons), count, notes })
}
