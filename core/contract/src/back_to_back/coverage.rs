//! Whether one calendar is open at all the times another is, over the life of a contract.

use engines::calendar::ServiceClock;
use jiff::civil::Date;
use jiff::{Timestamp, tz::TimeZone};
use terms::{Calendar, Facts, Terms};

/// The calendars that a label may mean: the one of that label and the exceptions to it.
fn meant(terms: &Terms, label: &str) -> Vec<Calendar> {
    let mut out: Vec<Calendar> = terms
        .calendars
        .iter()
        .filter(|r| r.label() == label || r.exception_to.as_deref() == Some(label))
        .map(|r| r.then.clone())
        .collect();
    if out.is_empty() && label == "24x7" {
        out.push(Calendar::always(terms.zone.clone()));
    }
    out
}

/// The first instant of the customer's contract at which its calendar is open and the other is not.
///
/// `None`: none within the contract's term, or a calendar is not known, which was reported elsewhere.
pub(super) fn gap(customer: &Terms, label: &str, bought: &Terms, other: &str) -> Option<Timestamp> {
    let term = &customer.term.as_ref()?.then;
    let zone = TimeZone::get(&customer.zone).ok()?;
    let instant = |date: Date| date.to_zoned(zone.clone()).ok().map(|z| z.timestamp());
    let (from, to) = (instant(term.start)?, instant(term.end()?.tomorrow().ok()?)?);
    let there = bought
        .calendar(other, &Facts::default())
        .map(|r| r.then.clone())
        .or_else(|| meant(bought, other).pop())?;
    let there = ServiceClock::new(&there, from).ok()?;
    meant(customer, label)
        .iter()
        .filter_map(|here| first_gap(&ServiceClock::new(here, from).ok()?, &there, from, to))
        .min()
}

/// Both are lists of intervals in order, so one walk finds the first instant that is in one alone.
fn first_gap(here: &ServiceClock, there: &ServiceClock, from: Timestamp, to: Timestamp) -> Option<Timestamp> {
    let mut open = there.intervals(from, to).peekable();
    for (begin, end) in here.intervals(from, to) {
        let mut at = begin;
        while at < end {
            while open.next_if(|(_, close)| *close <= at).is_some() {}
            match open.peek() {
                Some((opens, close)) if *opens <= at => at = *close,
                _ => return Some(at),
            }
        }
    }
    None
}
