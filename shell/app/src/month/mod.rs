//! Months: what the one running would come to, and closing one that has ended.

mod facts;
mod meters;
mod so_far;

use base::Because;
use engines::billing::{self, MonthStatement};
use engines::entitlement::MeterState;
use engines::period::{Span, month_key};
use events::{Event, MonthClosed};
use jiff::Timestamp;
use jiff::civil::Date;
use sha2::{Digest, Sha256};
pub use store::month::Closed;
use store::record::{Stamp, record};
use store::{Tx, agreement as texts, idempotency, month};
use terms::MeterForm;

use crate::access::{Act, Permit};
use crate::agreements::Agreement;
use crate::error::{AppError, Refusal, Result};
use crate::instance::App;
use crate::ticket::IdempotencyKey;

pub(crate) use facts::{calls, facts};
pub(crate) use meters::{burn_down, ledgers, meters};
pub use so_far::SoFar;

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
        alert_at(&self.agreement, self.at, meter)
    }
}

/// How many left call for an alert, in the contract in force at an instant.
pub fn alert_at(agreement: &Agreement, at: Timestamp, meter: &str) -> Option<u32> {
    let terms = &agreement.in_force(at).ok()?.terms;
    match terms.meters.iter().find(|m| m.label() == meter)?.then.form {
        MeterForm::TicketPack { alert_at, .. } | MeterForm::MaxHours { alert_at, .. } => Some(alert_at),
        MeterForm::Unlimited | MeterForm::Shared { .. } => None,
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
        let agreements = vault.agreements()?;
        let (agreement, count) = (agreements.choose(number, now)?.clone(), agreements.count);
        let (by, introduction) = (permit.by().account, self.introduction(permit.by()));
        let stored_key = key.of(by, "month.close");
        let request: [u8; 32] = Sha256::digest(format!("{}/{}", agreement.number, month_key(month))).into();
        let shared = agreement.clone();
        let hash = vault.db.write::<_, AppError, _>(move |tx| {
            idempotency::once(tx, &stored_key, &request, now.as_microsecond(), |tx| {
                // What is frozen here is frozen for good: never by terms that were just amended.
                if texts::count(tx)? != count {
                    return Err(AppError::Busy);
                }
                let closed = month::all(tx, shared.id)?;
                check_turn(&shared, &closed, shared.local_date(now), month)?;
                introduction.ensure(tx, now.as_microsecond())?;
                let at = crate::time::after(store::time::last_approved(tx)?, now.as_microsecond());
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
                    at,
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
                let stamp = Stamp { at, actor: by, contract: Some(version) };
                let entry = record(tx, &stamp, &event, &[])?;
                crate::webhook::tell_month(tx, &shared.number, &month_key(month), entry, stamp.at)?;
                Ok(hash.into_bytes())
            })
        });
        if matches!(hash, Err(AppError::Busy)) {
            vault.forget_agreements();
        }
        drop(hash?);
        self.mark_dirty(permit.customer());
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
            let statement = kept_statement(tx, &closed)?;
            Ok(Statement { closed, statement })
        })
    }
}

/// The statement of a closed month, the very bytes that the journal names.
pub(crate) fn kept_statement(tx: &mut dyn Tx, closed: &Closed) -> Result<Because<MonthStatement>> {
    let (month, hash) = (&closed.figures.month, &closed.figures.statement_hash);
    let bytes = texts::text(tx, hash)?
        .ok_or_else(|| AppError::fault(format!("the statement of {month} is missing")))?;
    if statement_hash(&bytes) != *hash {
        return Err(AppError::fault(format!("the statement of {month} is not the one journaled")));
    }
    serde_json::from_slice(&bytes).map_err(AppError::fault)
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

/// The first month of a contract that has ended and is not closed.
pub(crate) fn next_to_close(agreement: &Agreement, closed: &[Closed], today: Date) -> Option<Date> {
    let term = agreement.history.versions.first()?.terms.term.as_ref()?;
    let mut span = Span::month(term.then.start);
    for _ in 0..closed.len() {
        span = Span::month(span.next);
    }
    (span.next <= today).then_some(span.first)
}
