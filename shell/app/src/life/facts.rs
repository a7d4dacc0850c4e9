//! What happened, gathered from the vault as the engines of duties and rights read it.

use std::collections::HashMap;

use base::Money;
use base::id::TicketId;
use engines::duties::{Done, DutyFacts, Happened, UnderWay};
use engines::lifecycle::{LifeFacts, PeriodFigure};
use engines::objective::{self, Standing};
use engines::period::Span;
use events::{DutyOf, LifeFact};
use jiff::Timestamp;
use jiff::civil::Date;
use store::life::DutyTicket;
use store::ticket::{State, Ticket};
use store::{Tx, life, month, ticket};
use terms::Terms;

use super::words;
use crate::agreements::Agreement;
use crate::error::{AppError, Result};

pub(super) fn duties(tx: &mut dyn Tx, agreement: &Agreement) -> Result<DutyFacts> {
    gathered(tx, agreement, None)
}

/// The same for one duty: what was proved of others, and the tickets that do them, are not read.
pub(super) fn of_duty(tx: &mut dyn Tx, agreement: &Agreement, duty: &DutyOf) -> Result<DutyFacts> {
    gathered(tx, agreement, Some(duty))
}

fn gathered(tx: &mut dyn Tx, agreement: &Agreement, only: Option<&DutyOf>) -> Result<DutyFacts> {
    let wanted = |clause: &str, what: &str| only.is_none_or(|of| of.clause == clause && of.what == what);
    let mut facts = DutyFacts::default();
    for told in life::all_told(tx, agreement.id)? {
        if let LifeFact::Event { trigger } = told.fact {
            let at = Timestamp::from_microsecond(told.at).map_err(AppError::fault)?;
            let about = words(tx, told.about)?;
            facts.happened.push(Happened { trigger, at, about, clause: told.clause });
        }
    }
    let mut opened = life::duty_tickets(tx, agreement.id)?;
    opened.retain(|of| wanted(&of.duty.clause, &of.duty.what));
    let mut waiting: HashMap<TicketId, u64> = opened.iter().map(|t| (t.ticket, t.number)).collect();
    for done in life::all_done(tx, agreement.id)?.into_iter().filter(|d| wanted(&d.label, &d.what)) {
        facts.done.push(Done {
            ticket: done.ticket.and_then(|ticket| waiting.remove(&ticket)),
            label: done.label,
            what: done.what,
            on: done.on,
            proof: done.proof,
            reference: words(tx, done.reference)?,
            valid_until: done.valid_until,
        });
    }
    let mut beside: Vec<usize> =
        (0..facts.done.len()).filter(|at| facts.done[*at].ticket.is_none()).collect();
    for of in opened.into_iter().filter(|of| waiting.contains_key(&of.ticket)) {
        let row = ticket::by_id(tx, of.ticket)?.ok_or_else(|| AppError::fault("a ticket that is kept"))?;
        // What was merged is done with the ticket that it was merged into.
        if row.merged_into.is_none() && !proved_beside((&facts.done, &mut beside), &of, &row, agreement)? {
            let (label, what) = (of.duty.clause, of.duty.what);
            facts.under_way.push(UnderWay { label, what, ticket: of.number });
        }
    }
    Ok(facts)
}

/// Whether the duty was proved without its ticket while that one was open or since, so that, resolved, it is
/// waited for no longer: it would stand before the tickets of the next times. Each proof given beside stands for
/// one ticket.
fn proved_beside(
    (done, beside): (&[Done], &mut Vec<usize>),
    of: &DutyTicket,
    row: &Ticket,
    agreement: &Agreement,
) -> Result<bool> {
    if row.state != State::Resolved {
        return Ok(false);
    }
    let opened = agreement.local_date(Timestamp::from_microsecond(row.opened).map_err(AppError::fault)?);
    let its = |d: &Done| d.label == of.duty.clause && d.what == of.duty.what && d.on >= opened;
    let found = beside.iter().position(|at| its(&done[*at]));
    found.map(|at| beside.remove(at));
    Ok(found.is_some())
}

/// Told facts, figures of the periods that are over, and months whose cap was reached.
pub(super) fn life(tx: &mut dyn Tx, agreement: &Agreement, now: Timestamp) -> Result<LifeFacts> {
    let terms = &agreement.in_force(now)?.terms;
    let today = agreement.local_date(now);
    let mut facts = LifeFacts { monthly_fees: monthly_fees(terms, today), ..LifeFacts::default() };
    for told in life::all_told(tx, agreement.id)? {
        let at = Timestamp::from_microsecond(told.at).map_err(AppError::fault)?;
        let on = agreement.local_date(at);
        match told.fact {
            LifeFact::Event { trigger } => facts.events.push((trigger, on)),
            LifeFact::Breach => facts.breaches.push(on),
            LifeFact::BreachesMended => facts.breaches.retain(|b| *b > on),
            LifeFact::ForceMajeureBegan => facts.force_majeure_since = Some(on),
            LifeFact::ForceMajeureEnded => facts.force_majeure_since = None,
            LifeFact::AuthorityAsked => facts.authority = Some(on),
            LifeFact::NoticeGiven { last } => facts.ends = Some(last),
        }
    }
    for closed in month::all(tx, agreement.id)? {
        if !closed.figures.waived.is_zero() {
            let first: Date = format!("{}-01", closed.figures.month).parse().map_err(AppError::fault)?;
            facts.capped_months.push(Span::month(first).last());
        }
    }
    if terms.rights.iter().any(|r| matches!(r.then.trigger, terms::RightTrigger::Missed { .. })) {
        facts.figures = figures(tx, agreement, today)?;
    }
    Ok(facts)
}

/// The figure of each objective in each of its periods that is over, from the contract's start.
///
/// A period without a case has no figure: nothing was promised, so nothing was missed.
fn figures(tx: &mut dyn Tx, agreement: &Agreement, today: Date) -> Result<Vec<PeriodFigure>> {
    let mut out = Vec::new();
    let Some(first) = agreement.history.versions.first() else { return Ok(out) };
    let mut month = Span::month(first.effective);
    while month.next <= today {
        let terms = &agreement.history.at(month.last()).ok_or(AppError::NotFound)?.terms;
        let ends_here = |span: Span| span.last() == month.last();
        let over: Vec<_> = terms
            .objectives
            .iter()
            .filter(|r| ends_here(Span::of(r.then.per, terms, month.last())))
            .map(|r| r.label().to_owned())
            .collect();
        if !over.is_empty() {
            let gathered = crate::month::facts(tx, agreement, month.last(), None)?;
            for result in objective::results(terms, month.last(), &gathered.cases, Standing::Final) {
                if let Some(reached) =
                    result.value.reached().filter(|_| over.contains(&result.value.objective))
                {
                    let (label, period) = (result.value.objective.clone(), result.value.period);
                    out.push(PeriodFigure { label, period, reached });
                }
            }
        }
        month = Span::month(month.next);
    }
    Ok(out)
}

/// The recurring fees of a whole month, net of VAT, at today's prices.
fn monthly_fees(terms: &Terms, today: Date) -> Option<Money> {
    let mut total: Option<Money> = None;
    for rule in terms
        .prices
        .iter()
        .filter(|r| r.when.from.is_none_or(|f| f <= today) && r.when.until.is_none_or(|u| today <= u))
    {
        let amount = rule.then.unit_price.cents.checked_mul(i64::from(rule.then.quantity))?;
        let cents = total.map_or(0, |t| t.cents).checked_add(amount)?;
        total = Some(Money { cents, currency: rule.then.unit_price.currency });
    }
    total
}
