//! Trying a draft on other cases than an incident: a call to the hotline, an outage, an order of work
//! units. The engines that will run the text decide, on facts that nobody recorded.

use base::Because;
use engines::availability::{self, AvailabilityResult, Outage, ServiceFacts, ServiceState};
use engines::billing::{PenaltyLine, availability_penalties};
use engines::calendar::ClockCache;
use engines::entitlement::work_units::{self, Delivered, WorkOrder, WorkUnitBook};
use engines::entitlement::{self, Admission, Call, Form, MeterState};
use engines::period::Span;
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use terms::availability::OutageOrigin;
use terms::{Dimension, Facts, History, MeterForm, Terms};

use super::check::Checked;
use crate::error::{AppError, Result};

/// A call to the hotline. Instants are local to the contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallCase {
    pub at: DateTime,
    pub minutes: u32,
    pub priority: Option<String>,
    /// Already taken from the meter in the period: tickets, or minutes.
    pub used: u32,
}

#[derive(Debug, Clone)]
pub struct CallTried {
    /// The meter before the call.
    pub before: Because<MeterState>,
    pub admission: Because<Admission>,
    /// In tickets or minutes, once it is served.
    pub left: u32,
}

/// An outage of a service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutageCase {
    pub service: String,
    pub from: DateTime,
    pub minutes: u32,
    pub state: ServiceState,
}

/// One availability promised for the service, as its period would end with that outage alone.
#[derive(Debug, Clone)]
pub struct OutageTried {
    pub measured: Because<AvailabilityResult>,
    /// Before any cap.
    pub penalties: Vec<Because<PenaltyLine>>,
}

/// Deliveries of one kind, ordered and delivered on one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderCase {
    /// The label of the book of work units.
    pub book: String,
    pub code: String,
    pub count: u32,
    pub on: Date,
}

#[derive(Debug, Clone)]
pub struct OrderTried {
    pub delivered: Because<Delivered>,
    /// The book once it is delivered.
    pub book: Because<WorkUnitBook>,
}

/// The most calls, or minutes, that a trial takes as already used.
const MOST_USED: u32 = 10_000;

/// What a call takes from the meter and costs; `None` when the text meters no call of this priority.
pub fn call(checked: &Checked, case: &CallCase) -> Result<Option<CallTried>> {
    let history = checked.history();
    let terms = in_force(&history, case.at.date(), "call_at")?;
    let at = instant(terms, case.at, "call_at")?;
    let mut facts = Facts { date: Some(case.at.date()), ..Facts::default() };
    if let Some(priority) = &case.priority {
        facts = facts.with(Dimension::Priority, priority.clone());
    }
    let Some(drawn) = entitlement::meter(terms, &facts) else { return Ok(None) };
    let label = drawn.pool.label().to_owned();
    let earlier = |minutes| Call {
        at,
        minutes,
        priority: None,
        ticket: None,
        meter: label.clone(),
        rule: None,
        roles: Vec::new(),
        under_warranty: false,
    };
    let used = case.used.min(MOST_USED);
    let Some(fresh) = entitlement::state_at(&history, &label, None, at) else { return Ok(None) };
    // A ticket is one call whatever it lasted; time is one call as long.
    let calls = match fresh.value.form {
        Form::Unlimited => Vec::new(),
        Form::TicketPack => vec![earlier(1); used as usize],
        Form::MaxHours if used == 0 => Vec::new(),
        Form::MaxHours => vec![earlier(used)],
    };
    let Some(before) = entitlement::ledger(&unweighed(&history), &label, &calls, at) else { return Ok(None) };
    let before = before.map(|ledger| ledger.state);
    let call = Call {
        priority: case.priority.clone(),
        rule: drawn.sharing().map(str::to_owned),
        ..earlier(case.minutes)
    };
    let admission = entitlement::admit(drawn, &before.value, &call);
    let bought = admission.value.charge().is_some_and(|c| c.new_pack);
    let taken = admission.value.charge().map_or(0, |c| c.taken);
    let left = match bought {
        false => before.value.left.saturating_sub(taken),
        true => entitlement::serve(&history, Some(&before.value), &call).map_or(0, |(after, _)| after.left),
    };
    Ok(Some(CallTried { before, admission, left }))
}

/// The same texts with calls that count for what they last: what a trial takes as used has been counted.
fn unweighed(history: &History) -> History {
    let mut history = history.clone();
    for meter in history.versions.iter_mut().flat_map(|v| &mut v.terms.meters) {
        meter.then.weights.clear();
        if let MeterForm::MaxHours { minimum, round_up_to, .. } = &mut meter.then.form {
            (*minimum, *round_up_to) = (0, 1);
        }
    }
    history
}

/// What an outage does to each availability of its service, and what that costs.
pub fn outage(checked: &Checked, case: &OutageCase) -> Result<Vec<OutageTried>> {
    let history = checked.history();
    let day = case.from.date();
    let terms = in_force(&history, day, "outage_at")?;
    let from = instant(terms, case.from, "outage_at")?;
    let ended = from
        .checked_add(jiff::SignedDuration::from_mins(i64::from(case.minutes)))
        .map_err(|_| unknown_date("outage_at"))?;
    let facts = ServiceFacts {
        outages: vec![Outage {
            id: "simulation".to_owned(),
            items: vec![case.service.clone()],
            detected: Some(from),
            declared: Some(from),
            ended: Some(ended),
            state: case.state,
            users: None,
            origin: OutageOrigin::Provider,
        }],
        maintenance: Vec::new(),
    };
    let mut clocks = ClockCache::new();
    let mut tried: Vec<OutageTried> = Vec::new();
    // A clause measures its own period: its result is the one of that period's last day.
    let mut last_days: Vec<Date> = terms
        .availabilities
        .iter()
        .filter(|rule| rule.then.service == case.service)
        .map(|rule| last_bound(terms, Span::of(rule.then.per, terms, day)))
        .collect();
    last_days.sort_unstable();
    last_days.dedup();
    for last in last_days {
        for measure in availability::measures(&history, last, &facts, None, &mut clocks) {
            let measured = measure.result;
            let again = tried.iter().any(|t| t.measured.value.clause == measured.value.clause);
            if again || measured.value.service != case.service || !ends(terms, &measured.value, last) {
                continue;
            }
            let penalties = availability_penalties(&history, last, std::slice::from_ref(&measured));
            tried.push(OutageTried { measured, penalties });
        }
    }
    Ok(tried)
}

/// The last day of a period on which the contract still runs.
fn last_bound(terms: &Terms, span: Span) -> Date {
    let end = terms.term.as_ref().filter(|t| !matches!(t.then.renewal, terms::Renewal::Tacit { .. }));
    let end = end.and_then(|t| t.then.end());
    end.map_or(span.last(), |end| span.last().min(end))
}

/// Whether this day is the last of the period that the result is about.
fn ends(terms: &Terms, result: &AvailabilityResult, last: Date) -> bool {
    last_bound(terms, Span::of(result.per, terms, last)) == last
}

/// What a delivery spends and is worth; `None` when the text has no such book, or no such kind.
pub fn order(checked: &Checked, case: &OrderCase) -> Result<Option<OrderTried>> {
    let history = checked.history();
    in_force(&history, case.on, "order_on")?;
    let order = WorkOrder {
        reference: case.code.clone(),
        code: case.code.clone(),
        count: case.count,
        ordered: case.on,
        delivered: Some(case.on),
        ticket: None,
    };
    let Some(ledger) = work_units::book(&history, &case.book, &[order], case.on) else { return Ok(None) };
    let delivered = ledger.value.deliveries.first().cloned();
    Ok(delivered.map(|delivered| OrderTried { delivered, book: ledger.map(|l| l.book) }))
}

fn in_force<'a>(history: &'a History, day: Date, field: &str) -> Result<&'a Terms> {
    let begun = |terms: &Terms| terms.term.as_ref().is_none_or(|t| t.then.start <= day);
    let version = history.at(day).filter(|version| begun(&version.terms)).ok_or_else(|| {
        AppError::invalid(
            field,
            "ce jour-là, le contrat n'est pas commencé : choisissez une date après son début",
            "on that day the contract has not begun: choose a date after its start",
        )
    })?;
    Ok(&version.terms)
}

fn instant(terms: &Terms, local: DateTime, field: &str) -> Result<Timestamp> {
    let zone = TimeZone::get(&terms.zone).map_err(AppError::fault)?;
    zone.to_zoned(local).map(|z| z.timestamp()).map_err(|_| unknown_date(field))
}

fn unknown_date(field: &str) -> AppError {
    AppError::invalid(field, "une date que le calendrier connaît", "a date that the calendar knows")
}
