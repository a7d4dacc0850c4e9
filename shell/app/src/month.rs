//! Months: what the one running would come to, and closing one that has ended.

use base::Because;
use engines::billing::{self, Done, MonthFacts, MonthStatement, PastPenalty};
use engines::entitlement::{Call, MeterState};
use engines::objective::{self, Measured, Standing};
use engines::period::{Span, month_key};
use events::{Event, MonthClosed};
use jiff::Timestamp;
use jiff::civil::Date;
use sha2::{Digest, Sha256};
pub use store::month::Closed;
use store::record::{Stamp, record};
use store::{Tx, agreement as texts, call, idempotency, month, ticket};
use terms::{MeterForm, Terms};

use crate::access::{Act, Permit};
use crate::agreements::Agreement;
use crate::error::{AppError, Refusal, Result};
use crate::instance::App;
use crate::ticket::IdempotencyKey;

/// What the money page shows of one contract.
pub struct MoneyPage {
    pub agreement: std::sync::Arc<Agreement>,
    pub at: Timestamp,
    /// The running month as it would close now: provisional.
    pub running: Because<MonthStatement>,
    pub meters: Vec<Because<MeterState>>,
    /// For each meter, what was left after each day it was used, in units of the meter.
    pub burn_down: Vec<(String, Vec<(Date, u32)>)>,
    pub closed: Vec<Closed>,
    /// The first month that has ended and is not closed.
    pub next_to_close: Option<Date>,
}

impl MoneyPage {
    /// When so many are left, the contract asks for an alert.
    pub fn alert_at(&self, meter: &str) -> Option<u32> {
        let terms = &self.agreement.in_force(self.at).ok()?.terms;
        match terms.meters.iter().find(|m| m.label() == meter)?.then.form {
            MeterForm::TicketPack { alert_at, .. } | MeterForm::MaxHours { alert_at, .. } => Some(alert_at),
            MeterForm::Unlimited => None,
        }
    }
}

/// A month just closed, or closed before.
pub struct Statement {
    pub closed: Closed,
    pub statement: Because<MonthStatement>,
}

impl App {
    /// The money of a contract, as of now.
    pub fn money(&self, permit: &Permit, number: Option<&str>) -> Result<MoneyPage> {
        permit.covers(Act::SeeMoney)?;
        let vault = self.vault(permit.customer())?;
        let now = self.now();
        let agreement = vault.agreements()?.choose(number, now)?.clone();
        let today = agreement.local_date(now);
        let shared = agreement.clone();
        vault.db.read(move |tx| {
            let facts = facts(tx, &shared, today, Some(now))?;
            let running = billing::close(&shared.history, today, &facts);
            let closed = month::all(tx, shared.id)?;
            let meters = meters(&shared, &facts, now)?;
            let burn_down = meters.iter().map(|m| burn_down(&shared, &m.value, &facts.calls, now)).collect();
            let next_to_close = next_to_close(&shared, &closed, today);
            Ok(MoneyPage { agreement: shared, at: now, running, meters, burn_down, closed, next_to_close })
        })
    }

    /// Closes a month that has ended, the earliest first; its statement is kept with its hash journaled.
    pub fn close_month(
        &self,
        permit: &Permit,
        key: &IdempotencyKey,
        number: Option<&str>,
        month: Date,
    ) -> Result<Statement> {
        permit.covers(Act::CloseMonth)?;
        let vault = self.vault(permit.customer())?;
        let now = self.now();
        let agreement = vault.agreements()?.choose(number, now)?.clone();
        let (by, introduction) = (permit.by().account, self.introduction(permit.by()));
        let stored_key = key.of(by, "month.close");
        let request: [u8; 32] = Sha256::digest(format!("{}/{}", agreement.number, month_key(month))).into();
        let shared = agreement.clone();
        let hash = vault.db.write::<_, AppError, _>(move |tx| {
            idempotency::once(tx, &stored_key, &request, now.as_microsecond(), |tx| {
                let closed = month::all(tx, shared.id)?;
                check_turn(&shared, &closed, shared.local_date(now), month)?;
                introduction.ensure(tx, now.as_microsecond())?;
                let facts = facts(tx, &shared, Span::month(month).last(), None)?;
                let statement = billing::close(&shared.history, month, &facts);
                let bytes = serde_json::to_vec(&statement).map_err(AppError::fault)?;
                let hash = statement_hash(&bytes);
                texts::put_text(tx, &hash, &bytes)?;
                let value = &statement.value;
                let version = value.versions.last().cloned().unwrap_or_default();
                let event = Event::MonthClosed(MonthClosed {
                    contract: shared.id,
                    month: month_key(month),
                    at: now.as_microsecond(),
                    by,
                    version: version.clone(),
                    statement_hash: hash.clone(),
                    net: value.net,
                    vat: value.vat_total,
                    gross: value.gross,
                    penalty: value.penalty_due,
                    waived: value.waived,
                    payable: value.left_to_pay,
                });
                let stamp = Stamp { at: now.as_microsecond(), actor: by, contract: Some(version) };
                record(tx, &stamp, &event, &[])?;
                Ok(hash.into_bytes())
            })
        });
        drop(hash?);
        self.statement_of(&vault, &agreement, month)
    }

    /// The month whose turn it is to close, as it would be closed now; `None` for any other.
    ///
    /// Nobody should freeze figures they have not read.
    pub fn draft(
        &self,
        permit: &Permit,
        number: Option<&str>,
        month: Date,
    ) -> Result<Option<Because<MonthStatement>>> {
        permit.covers(Act::SeeMoney)?;
        let vault = self.vault(permit.customer())?;
        let now = self.now();
        let agreement = vault.agreements()?.choose(number, now)?.clone();
        vault.db.read(move |tx| {
            let closed = month::all(tx, agreement.id)?;
            let next = next_to_close(&agreement, &closed, agreement.local_date(now));
            if next.map(month_key) != Some(month_key(month)) {
                return Ok(None);
            }
            let facts = facts(tx, &agreement, Span::month(month).last(), None)?;
            Ok(Some(billing::close(&agreement.history, month, &facts)))
        })
    }

    /// The statement of a closed month, as it was closed.
    pub fn statement(&self, permit: &Permit, number: Option<&str>, month: Date) -> Result<Statement> {
        permit.covers(Act::SeeMoney)?;
        let vault = self.vault(permit.customer())?;
        let agreement = vault.agreements()?.choose(number, self.now())?.clone();
        self.statement_of(&vault, &agreement, month)
    }

    fn statement_of(
        &self,
        vault: &crate::VaultHandle,
        agreement: &Agreement,
        month: Date,
    ) -> Result<Statement> {
        let (id, wanted) = (agreement.id, month_key(month));
        vault.db.read(move |tx| {
            let closed = month::all(tx, id)?.into_iter().find(|c| c.figures.month == wanted);
            let closed = closed.ok_or(AppError::NotFound)?;
            let bytes = texts::text(tx, &closed.figures.statement_hash)?
                .ok_or_else(|| AppError::fault(format!("the statement of {wanted} is missing")))?;
            if statement_hash(&bytes) != closed.figures.statement_hash {
                return Err(AppError::fault(format!("the statement of {wanted} is not the one journaled")));
            }
            let statement = serde_json::from_slice(&bytes).map_err(AppError::fault)?;
            Ok(Statement { closed, statement })
        })
    }
}

/// Refuses to date an act in a month already closed: its statement is final, so what the act brings
/// about would be billed, or owed as a penalty, in no month at all.
pub(crate) fn still_open(tx: &mut dyn Tx, agreement: &Agreement, at: Timestamp) -> Result<()> {
    let key = month_key(agreement.local_date(at));
    if month::all(tx, agreement.id)?.iter().all(|closed| closed.figures.month != key) {
        return Ok(());
    }
    Err(AppError::refused(Refusal::new(
        "month.closed",
        format!(
            "{key} est clos : rien ne peut plus y être daté. Consignez l'acte maintenant, et dites quand il eut lieu."
        ),
        format!(
            "{key} is closed: nothing can be dated in it any more. Record the act now, and say when it took place."
        ),
    )))
}

/// What the journal names a statement by.
pub(crate) fn statement_hash(bytes: &[u8]) -> String {
    journal::tree::hex(&<[u8; 32]>::from(Sha256::digest(bytes)))
}

/// Months are closed in order, once each, after they have ended: the caps of a contract year count
/// what was due before.
fn check_turn(agreement: &Agreement, closed: &[Closed], today: Date, month: Date) -> Result<()> {
    let key = month_key(month);
    if closed.iter().any(|c| c.figures.month == key) {
        return Err(AppError::refused(Refusal::new(
            "month.closed",
            format!("{key} est déjà clos."),
            format!("{key} is already closed."),
        )));
    }
    match next_to_close(agreement, closed, today) {
        Some(next) if month_key(next) == key => Ok(()),
        Some(next) => Err(AppError::refused(Refusal::new(
            "month.order",
            format!("Les mois se closent dans l'ordre : le prochain est {}.", month_key(next)),
            format!("Months are closed in order: the next is {}.", month_key(next)),
        ))),
        None => Err(AppError::refused(Refusal::new(
            "month.running",
            format!("{key} n'est pas terminé : rien n'est à clore."),
            format!("{key} has not ended: there is nothing to close."),
        ))),
    }
}

fn next_to_close(agreement: &Agreement, closed: &[Closed], today: Date) -> Option<Date> {
    let term = agreement.history.versions.first()?.terms.term.as_ref()?;
    let mut span = Span::month(term.then.start);
    for _ in 0..closed.len() {
        span = Span::month(span.next);
    }
    (span.next <= today).then_some(span.first)
}

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
    Ok(MonthFacts {
        cases,
        operations: operations(tx, agreement, terms, from, to)?,
        calls: calls(tx, agreement, terms, to)?,
        penalties_paid: past
            .iter()
            .filter_map(past_penalty)
            .filter(|p| p.month < on.first_of_month())
            .collect(),
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
    })
}

fn operations(
    tx: &mut dyn Tx,
    agreement: &Agreement,
    terms: &Terms,
    from: i64,
    to: i64,
) -> Result<Vec<Done>> {
    let mut done = Vec::new();
    for rule in &terms.operations {
        for t in ticket::with_operation(tx, &rule.then.operation, from, to)? {
            if t.contract != agreement.id {
                continue;
            }
            let at = Timestamp::from_microsecond(t.opened).map_err(AppError::fault)?;
            done.push(Done {
                operation: rule.then.operation.clone(),
                on: agreement.local_date(at),
                facts: t.opening_facts.clone(),
                reference: t.number.to_string(),
            });
        }
    }
    Ok(done)
}

fn calls(tx: &mut dyn Tx, agreement: &Agreement, terms: &Terms, to: i64) -> Result<Vec<Call>> {
    let mut calls = Vec::new();
    for meter in &terms.meters {
        for recorded in call::between(tx, agreement.id, meter.label(), i64::MIN, to)? {
            calls.push(crate::call::as_call(&recorded)?);
        }
    }
    calls.sort_by_key(|c| c.at);
    Ok(calls)
}

pub(crate) fn meters(
    agreement: &Agreement,
    facts: &MonthFacts,
    now: Timestamp,
) -> Result<Vec<Because<MeterState>>> {
    let terms = &agreement.in_force(now)?.terms;
    Ok(terms
        .meters
        .iter()
        .filter(|m| m.exception_to.is_none())
        .filter_map(|m| engines::entitlement::ledger(&agreement.history, m.label(), &facts.calls, now))
        .map(|ledger| ledger.map(|l| l.state))
        .collect())
}

/// What was left of a meter at the end of each day of its period that it was used, and now.
fn burn_down(
    agreement: &Agreement,
    meter: &MeterState,
    calls: &[Call],
    now: Timestamp,
) -> (String, Vec<(Date, u32)>) {
    let mut left = meter.included + meter.carried + meter.bought;
    let mut days = vec![(meter.period.first, left)];
    let charges = engines::entitlement::ledger(&agreement.history, &meter.meter, calls, now);
    for (call, charge) in charges.map(|l| l.value.charges).unwrap_or_default() {
        let day = agreement.local_date(call.at);
        if !meter.period.contains(day) {
            continue;
        }
        left = left.saturating_sub(charge.value.taken);
        match days.last_mut() {
            Some((last, so_far)) if *last == day => *so_far = left,
            _ => days.push((day, left)),
        }
    }
    days.push((agreement.local_date(now), left));
    days.dedup_by_key(|(day, _)| *day);
    (meter.meter.clone(), days)
}

fn past_penalty(closed: &Closed) -> Option<PastPenalty> {
    let month = format!("{}-01", closed.figures.month).parse().ok()?;
    Some(PastPenalty { month, payable: closed.figures.penalty })
}

/// The standing a statement is shown with.
pub fn is_final(statement: &MonthStatement) -> bool {
    statement.standing == Standing::Final
}

/// Counts of the running month, for whoever may see tickets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SoFar {
    /// The first day of the month.
    pub month: Date,
    pub opened: u64,
    pub resolved: u64,
    /// In time, out of those restored.
    pub restored_in_time: (u64, u64),
    /// In time, out of those taken over.
    pub taken_in_time: (u64, u64),
}

impl App {
    /// The running month in a few counts.
    pub fn month_so_far(&self, permit: &Permit) -> Result<SoFar> {
        permit.covers(Act::SeeTickets)?;
        let vault = self.vault(permit.customer())?;
        let now = self.now();
        let agreement = vault.agreements()?.choose(None, now)?.clone();
        let month = Span::month(agreement.local_date(now));
        let (from, to) = (agreement.midnight(month.first)?.as_microsecond(), now.as_microsecond() + 1);
        vault.db.read(move |tx| {
            let stopped = ticket::stopped_between(tx, from, to)?;
            let count = |promise: terms::Promise| {
                let of: Vec<_> = stopped.iter().filter(|m| m.clock.promise == promise).collect();
                let kept = of.iter().filter(|m| m.clock.late_seconds == 0).count();
                (kept as u64, of.len() as u64)
            };
            Ok(SoFar {
                month: month.first,
                opened: ticket::opened_between(tx, from, to)?,
                resolved: ticket::resolved_since(tx, from)?,
                restored_in_time: count(terms::Promise::Restore),
                taken_in_time: count(terms::Promise::Respond),
            })
        })
    }

    /// How many tickets are not resolved.
    pub fn open_count(&self, permit: &Permit) -> Result<u64> {
        permit.covers(Act::SeeTickets)?;
        let vault = self.vault(permit.customer())?;
        vault.db.read(|tx| Ok(ticket::count_open(tx)?.iter().map(|(_, n)| n).sum()))
    }
}
