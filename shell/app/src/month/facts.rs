//! What happened, gathered from the vault as the billing engine reads it.

use std::collections::BTreeSet;

use engines::billing::{AgreedPrice, Done, MonthFacts, PastPenalty, PriceAsked};
use engines::entitlement::Call;
use engines::objective::{self, Measured};
use engines::period::Span;
use events::{Link, Step};
use jiff::Timestamp;
use jiff::civil::Date;
use store::month::Closed;
use store::ticket::Stepped;
use store::{Tx, call, month, ticket};
use terms::Terms;
use terms::penalty::Breach;

use crate::agreements::Agreement;
use crate::error::{AppError, Result};
use crate::ticket::delivery::{self, Defect};

/// What happened, as the engine reads it: every case of the longest period that holds `on`.
pub(crate) fn facts(
    tx: &mut dyn Tx,
    agreement: &Agreement,
    on: Date,
    as_of: Option<Timestamp>,
) -> Result<MonthFacts> {
    let terms = &agreement.history.at(on).ok_or(AppError::NotFound)?.terms;
    let year = Span::of(terms::commitment::Period::ContractYear, terms, on);
    let first = year.first.min(Span::quarter(on).first);
    let month_end = agreement.midnight(Span::month(on).next)?;
    let until = as_of.map_or(month_end, |at| at.min(month_end));
    // A reading sees what happened at its own instant; a month ends before the next one begins.
    let to = as_of.map_or(i64::MAX, |at| at.as_microsecond() + 1).min(month_end.as_microsecond());
    let from = agreement.midnight(first)?.as_microsecond();
    let mut cases: Vec<Measured> = ticket::stopped_between(tx, from, to)?
        .iter()
        .filter(|m| m.contract == agreement.id)
        .map(|m| measured(agreement, m, until))
        .collect::<Result<_>>()?;
    if as_of.is_some() {
        let running = ticket::overdue(tx, to)?;
        for m in running.iter().filter(|m| m.contract == agreement.id) {
            cases.push(measured(agreement, m, until)?);
        }
    }
    let past = month::all(tx, agreement.id)?;
    charged_before(tx, &past, on.first_of_month(), &mut cases)?;
    let time = crate::time::of_month(tx, agreement, &past, on, to)?;
    Ok(MonthFacts {
        cases,
        operations: operations(tx, agreement, terms, from, to)?,
        calls: calls(tx, agreement, terms, to)?,
        work_orders: delivery::orders(tx, agreement, to)?,
        time,
        penalties_paid: past
            .iter()
            .filter_map(past_penalty)
            .filter(|p| p.month < on.first_of_month())
            .collect(),
        // No index is recorded yet: a revision due is told to wait for its values.
        indices: Vec::new(),
        services: crate::service::facts(tx, agreement, on, until)?,
        as_of,
    })
}

fn measured(agreement: &Agreement, m: &ticket::Measured, until: Timestamp) -> Result<Measured> {
    let stopped = m.clock.stopped.map(Timestamp::from_microsecond).transpose().map_err(AppError::fault)?;
    let on = agreement.local_date(stopped.unwrap_or(until));
    let end = stopped.unwrap_or(until).as_microsecond();
    let wall = m.clock.due.map_or(0, |due| (end - due).max(0) / 1_000_000);
    let late = m.clock.late_seconds;
    Ok(Measured {
        ticket: m.number.to_string(),
        promise: m.clock.promise,
        facts: m.facts.clone(),
        version: m.version.clone(),
        on,
        met: if stopped.is_some() { late == 0 } else { wall == 0 },
        late_seconds: late,
        late_wall_seconds: wall,
        clock: if stopped.is_some() { objective::Clock::Stopped } else { objective::Clock::Running },
        round: m.clock.round,
        penalised_steps: 0,
    })
}

/// Tells the late cases what statements of earlier months charged for the same clock: it had stopped
/// then, and was reopened after the closing.
fn charged_before(tx: &mut dyn Tx, past: &[Closed], month: Date, cases: &mut [Measured]) -> Result<()> {
    let mut late: Vec<&mut Measured> = cases.iter_mut().filter(|c| !c.met && c.on >= month).collect();
    if late.is_empty() {
        return Ok(());
    }
    for closed in past.iter().filter(|c| past_penalty(c).is_some_and(|p| p.month < month)) {
        if closed.figures.penalty.is_zero() && closed.figures.waived.is_zero() {
            continue;
        }
        let statement = super::kept_statement(tx, closed)?;
        for line in statement.value.penalties.iter().map(|line| &line.value) {
            let same = |c: &Measured| {
                (Some(c.ticket.as_str()), Breach::Promise(c.promise), c.round)
                    == (line.ticket.as_deref(), line.on, line.round)
            };
            if let Some(case) = late.iter_mut().find(|c| same(c)) {
                case.penalised_steps += line.steps;
            }
        }
    }
    Ok(())
}

/// What was asked for in `[from, to)`, and what was agreed to then, whenever it was asked for.
fn operations(
    tx: &mut dyn Tx,
    agreement: &Agreement,
    terms: &Terms,
    from: i64,
    to: i64,
) -> Result<Vec<Done>> {
    // An operation may have several clauses: its tickets are read once.
    let names: BTreeSet<&str> = terms.operations.iter().map(|rule| rule.then.operation.as_str()).collect();
    let mut tickets = ticket::agreed_between(tx, from, to)?;
    for operation in names {
        tickets.extend(ticket::with_operation(tx, operation, from, to)?);
    }
    let mut seen = BTreeSet::new();
    tickets.retain(|t| t.contract == agreement.id && seen.insert(t.number));
    tickets.sort_by_key(|t| (t.opened, t.number));
    let mut done = Vec::new();
    for t in tickets {
        let steps = ticket::steps(tx, t.id)?;
        let free = delivery::defect(tx, agreement, &t, &steps)?.filter(Defect::is_free);
        if was_tied(&steps) && !steps.iter().any(|s| matches!(s.step, Step::PriceAgreed { .. })) {
            continue;
        }
        let agreed = match sold(&steps, agreement, &t, to)? {
            Sold::No => continue,
            Sold::ByTheClause => None,
            Sold::Agreed(agreed) => Some(agreed),
        };
        let at = Timestamp::from_microsecond(t.opened).map_err(AppError::fault)?;
        done.push(Done {
            operation: t.operation,
            on: agreement.local_date(at),
            version: Some(t.version),
            agreed,
            warranty: free.and_then(|defect| defect.warranty.reasons.into_iter().next()),
            facts: t.opening_facts,
            reference: t.number.to_string(),
        });
    }
    Ok(done)
}

/// Whether it was tied to the delivery whose defect it was told to be, and is no more. What was told free then is
/// not billed, nor taken from the allowance that other tickets were told to be within.
fn was_tied(steps: &[Stepped]) -> bool {
    let mut ties = steps.iter().filter_map(|s| match s.step {
        Step::Linked { link: Link::DefectOf, .. } => Some(true),
        Step::Unlinked { link: Link::DefectOf, .. } => Some(false),
        _ => None,
    });
    ties.next_back() == Some(false)
}

/// Whether a ticket's work was to be done before an instant.
enum Sold {
    No,
    /// Its clause says what it costs, if anything.
    ByTheClause,
    Agreed(AgreedPrice),
}

/// What has a price is done, and billed, once the customer agreed to it, as it was agreed.
fn sold(steps: &[Stepped], agreement: &Agreement, t: &ticket::Ticket, to: i64) -> Result<Sold> {
    let said: Vec<&Stepped> = steps.iter().filter(|s| about_price(&s.step)).collect();
    let done = matches!(t.state, ticket::State::Restored | ticket::State::Resolved);
    // Done without a word on its price: before answers were asked for. What was said later than `to` is a
    // word too, and bills it then.
    if said.is_empty() && t.price.is_some() && done {
        return Ok(Sold::ByTheClause);
    }
    let quoted = said.iter().any(|s| s.at < to && matches!(s.step, Step::QuoteMade { .. }));
    match said.iter().rev().find(|s| s.at < to) {
        Some(Stepped { at, step: Step::PriceAgreed { price, .. }, .. }) => {
            let at = Timestamp::from_microsecond(*at).map_err(AppError::fault)?;
            let asked = if quoted { PriceAsked::Quotation } else { PriceAsked::Clause };
            Ok(Sold::Agreed(AgreedPrice { on: agreement.local_date(at), price: *price, asked }))
        }
        // More was asked for than the fee pays, and was not agreed to: the rest is done on the fee.
        _ if t.price.is_none() => Ok(Sold::ByTheClause),
        _ => Ok(Sold::No),
    }
}

fn about_price(step: &Step) -> bool {
    matches!(step, Step::PriceAgreed { .. } | Step::PriceDeclined { .. } | Step::QuoteMade { .. })
}

/// Every call of a contract's meters before `to`, in order of time.
pub(crate) fn calls(tx: &mut dyn Tx, agreement: &Agreement, terms: &Terms, to: i64) -> Result<Vec<Call>> {
    let mut calls = Vec::new();
    for meter in &terms.meters {
        // A line of the statement leads to its tickets, which people know by their numbers.
        let numbers = call::numbers(tx, agreement.id, meter.label(), to)?;
        for recorded in call::between(tx, agreement.id, meter.label(), i64::MIN, to)? {
            let number = recorded.ticket.and_then(|ticket| numbers.get(&ticket).copied());
            calls.push(crate::call::as_call(&recorded, number)?);
        }
    }
    calls.sort_by_key(|c| c.at);
    Ok(calls)
}

fn past_penalty(closed: &Closed) -> Option<PastPenalty> {
    let month = format!("{}-01", closed.figures.month).parse().ok()?;
    Some(PastPenalty { month, payable: closed.figures.penalty })
}
