//! Time billed at a rate: within the maximum that the customer agreed to, and in one month only.
//!
//! Time is billed once its person's week is approved: in the month it was spent in while that one is open, in
//! the first one to close afterwards otherwise. A week some of whose time was billed is reopened no more, so
//! that no month bills it again.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use base::id::{AccountId, TicketId};
use base::{Because, Money, Reason};
use engines::billing::Spent;
use engines::billing::time::spending;
use engines::perimeter::at_rate::{AtRate, at_rate};
use engines::period::{Span, month_key};
use events::{PaidBy, TimeTold, WeekState};
use jiff::Timestamp;
use jiff::civil::Date;
use store::month::Closed;
use store::ticket::{Stepped, Ticket};
use store::{Tx, month, ticket, time};
use terms::Terms;
use uuid::Uuid;

use crate::agreements::Agreement;
use crate::error::{AppError, Refusal, Result};
use crate::ticket::delivery::{self, Defect};
use crate::ticket::price;

/// The profile that the clause names; another one is refused.
pub(super) fn profile<'a>(at: &AtRate<'a>, asked: Option<&str>) -> Result<&'a str> {
    let rate = &at.rate.then;
    match asked {
        Some(asked) if asked != rate.profile => Err(AppError::invalid(
            "profile",
            format!("le profil de l'opération\u{a0}: {}", rate.profile),
            format!("the profile of the operation: {}", rate.profile),
        )),
        _ => Ok(&rate.profile),
    }
}

/// Refuses a charge that passes the maximum agreed to; what is left of it otherwise. A correction that does not
/// raise the charge of its entry passes nothing.
pub(super) fn within(
    tx: &mut dyn Tx,
    (at, most): (&AtRate<'_>, Option<Money>),
    ticket: &Ticket,
    (entry, charge): (Uuid, Money),
) -> Result<Vec<Reason>> {
    let Some(most) = most else { return Ok(Vec::new()) };
    let (zero, told) = (Money::zero(most.currency), time::of_ticket(tx, ticket.id)?);
    let before = charged(&told, Some(entry)).unwrap_or(zero);
    let was = told.iter().find(|t| t.entry == entry && t.paid_by == PaidBy::Rate).and_then(|t| t.worth);
    let Because { value, reasons } = spending(at, most, before, charge);
    if value.fits() || charge.is_zero() || was.is_some_and(|was| charge.cents <= was.cents) {
        return Ok(reasons);
    }
    let refusal = Refusal::new(
        "time.maximum",
        "Ce temps passerait le maximum que le Client a accepté\u{a0}: établissez un devis du nouveau maximum.",
        "This time would pass the maximum that the customer agreed to: make a quotation of the new one.",
    );
    Err(AppError::refused(refusal.because(reasons)))
}

/// What the time spent has come to on a ticket whose maximum is agreed to; nothing for other work.
pub(crate) fn so_far(
    terms: &Terms,
    ticket: &Ticket,
    steps: &[Stepped],
    (most, charged): (Option<Money>, Option<Money>),
) -> Vec<Reason> {
    let (Some(at), Some(most)) = (price::by_time(terms, ticket, steps), most) else {
        return Vec::new();
    };
    let zero = Money::zero(most.currency);
    spending(&at, most, charged.unwrap_or(zero), zero).reasons
}

/// What a ticket's time is billed, but for an entry; `None` when none is.
pub(crate) fn charged(told: &[TimeTold], but: Option<Uuid>) -> Option<Money> {
    let told = told.iter().filter(|t| t.paid_by == PaidBy::Rate && Some(t.entry) != but);
    told.filter_map(|t| t.worth).reduce(|sum, worth| sum + worth)
}

/// The time that the month of `on` bills, of what was spent before `to`.
pub(crate) fn of_month(
    tx: &mut dyn Tx,
    agreement: &Agreement,
    past: &[Closed],
    on: Date,
    to: i64,
) -> Result<Vec<Spent>> {
    let (mut spent, mut weeks, mut cases) = (Vec::new(), Weeks::default(), HashMap::new());
    for told in time::at_rate(tx, agreement.id, to)? {
        let worked = local(agreement, told.started)?;
        let Some(approved) = weeks.approved(tx, told.person, worked)? else { continue };
        if told.minutes == 0 || billed_in(past, worked, approved) != Span::month(on).first {
            continue;
        }
        let case: &Case = match cases.entry(told.ticket) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(unknown) => unknown.insert(case(tx, agreement, told.ticket)?),
        };
        if case.ordered {
            continue;
        }
        spent.push(Spent {
            ticket: case.ticket.number.to_string(),
            opened: local(agreement, case.ticket.opened)?,
            version: Some(case.ticket.version.clone()),
            facts: case.ticket.opening_facts.clone(),
            on: worked,
            minutes: told.minutes,
            hours: told.hours,
            warranty: case.warranty.clone(),
        });
    }
    Ok(spent)
}

/// What a month reads of a ticket, once for all its time.
struct Case {
    ticket: Ticket,
    /// In units of a book, whose price pays for its time.
    ordered: bool,
    /// Why it is mended for nothing, as it is tied when the month is read.
    warranty: Option<Reason>,
}

fn case(tx: &mut dyn Tx, agreement: &Agreement, id: TicketId) -> Result<Case> {
    let ticket = ticket::by_id(tx, id)?.ok_or_else(no_ticket)?;
    let steps = ticket::steps(tx, id)?;
    let free = delivery::defect(tx, agreement, &ticket, &steps)?.filter(Defect::is_free);
    let warranty = free.and_then(|defect| defect.warranty.reasons.into_iter().next());
    Ok(Case { ticket, ordered: price::ordered(&steps), warranty })
}

fn no_ticket() -> AppError {
    AppError::fault("time of no ticket")
}

/// When weeks were approved, each read once.
#[derive(Default)]
struct Weeks(HashMap<(AccountId, Date), Option<i64>>);

impl Weeks {
    /// `None` while the week that holds the day is not approved.
    fn approved(&mut self, tx: &mut dyn Tx, person: AccountId, worked: Date) -> Result<Option<i64>> {
        let monday = base::week::monday(worked);
        if let Some(known) = self.0.get(&(person, monday)) {
            return Ok(*known);
        }
        let week = time::week(tx, person, monday)?.filter(|week| week.state == WeekState::Approved);
        let approved = week.map(|week| week.at);
        self.0.insert((person, monday), approved);
        Ok(approved)
    }
}

/// Refuses to reopen a week of which a closed month bills some time.
pub(super) fn refuse_billed(tx: &mut dyn Tx, agreement: &Agreement, told: &[TimeTold]) -> Result<()> {
    let (past, mut weeks) = (month::all(tx, agreement.id)?, Weeks::default());
    for told in told.iter().filter(|t| t.contract == agreement.id && t.paid_by == PaidBy::Rate) {
        let worked = local(agreement, told.started)?;
        let Some(approved) = weeks.approved(tx, told.person, worked)? else { continue };
        let key = month_key(billed_in(&past, worked, approved));
        if told.minutes > 0 && past.iter().any(|closed| closed.figures.month == key) {
            let ticket = ticket::by_id(tx, told.ticket)?.ok_or_else(no_ticket)?;
            let (number, terms) = (ticket.number, &agreement.version(&ticket.version)?.terms);
            let refusal = Refusal::new(
                "time.billed",
                format!(
                    "{key}, qui est clos, facture du temps de cette semaine, passé sur le ticket {number}\u{a0}: elle ne se rouvre plus."
                ),
                format!(
                    "{key}, which is closed, bills time of this week, spent on ticket {number}: it is reopened no more."
                ),
            );
            let at = at_rate(terms, &ticket.opening_facts);
            return Err(AppError::refused(refusal.because(at.iter().map(AtRate::reason).collect())));
        }
    }
    Ok(())
}

/// The instant of an approval, or of a closing, that follows those already written in its vault: which month
/// bills time follows from their order, whatever the clock was when each began.
pub(crate) fn after(last: Option<i64>, now: i64) -> i64 {
    last.map_or(now, |last| now.max(last.saturating_add(1)))
}

/// The first day of the month that bills time: the first one, from that of the work on, that did not close
/// before the approval.
fn billed_in(past: &[Closed], worked: Date, approved: i64) -> Date {
    let mut month = Span::month(worked);
    let closed_before = |month: Span| {
        let key = month_key(month.first);
        past.iter().any(|closed| closed.figures.month == key && closed.figures.at <= approved)
    };
    while closed_before(month) {
        month = Span::month(month.next);
    }
    month.first
}

fn local(agreement: &Agreement, at: i64) -> Result<Date> {
    Ok(agreement.local_date(Timestamp::from_microsecond(at).map_err(AppError::fault)?))
}
