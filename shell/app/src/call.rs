//! Calls to the hotline, counted against the contract's meter.

use base::fraction::{self, Fraction};
use base::id::{AccountId, CallId};
use base::{Because, Money, Reason};
use engines::entitlement::{self, Admission, Call, Ledger};
use events::{CallRecorded, CallTaker, Dimension, Event, Facts};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use store::record::{Stamp, record};
use store::ticket::Scope;
use store::{Tx, WriteTx, call, idempotency, ticket};

use crate::access::{Act, Permit};
use crate::agreements::Agreement;
use crate::customer::Introduction;
use crate::error::{AppError, Refusal, Result};
use crate::instance::App;
use crate::news::What;
use crate::ticket::IdempotencyKey;
use crate::ticket::delivery::{self, Defect};

/// A call that was taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordCall {
    pub minutes: u32,
    /// The ticket it was about.
    #[serde(default)]
    pub ticket: Option<u64>,
    /// The contract's number, when several are in force and the call is about no ticket.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contract: Option<String>,
    /// When it began, if not now.
    #[serde(default)]
    pub at: Option<Timestamp>,
}

/// What the call took from the meter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recorded {
    pub id: CallId,
    pub meter: String,
    pub covered: bool,
    /// Tickets, or minutes once rounded and weighed.
    pub counted: u32,
    /// What the call was multiplied by.
    #[serde(with = "fraction::text", default = "fraction::one")]
    pub weight: Fraction,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<Money>,
    pub new_pack: bool,
    /// What is left after it.
    pub left: u32,
    pub reasons: Vec<Reason>,
    pub entry: u64,
}

impl App {
    /// Records a call: counted, priced or refused by the meter as it stands at that moment.
    pub fn record_call(&self, permit: &Permit, key: &IdempotencyKey, ask: &RecordCall) -> Result<Recorded> {
        self.on_tickets(permit, Act::RecordCall)?;
        if ask.minutes == 0 || ask.minutes > 24 * 60 {
            return Err(AppError::invalid("minutes", "de 1 à 1 440 minutes", "1 to 1,440 minutes"));
        }
        let vault = self.vault(permit.customer())?;
        let now = self.now();
        let at = ask.at.unwrap_or(now);
        if at > now {
            return Err(AppError::invalid(
                "at",
                "une date qui n'est pas à venir",
                "a date that is not to come",
            ));
        }
        let request: [u8; 32] = Sha256::digest(serde_json::to_vec(ask).map_err(AppError::fault)?).into();
        let stored_key = key.of(permit.by().account, "call.record");
        let (id, introduction) = (self.id(CallId::new), self.introduction(permit.by()));
        let taker = Taker { by: permit.by().account, roles: permit.call_takers() };
        // A call about a ticket counts under the ticket's contract.
        let of_ticket = match ask.ticket {
            Some(number) => {
                vault.db.read::<_, AppError, _>(|tx| Ok(ticket::by_number(tx, permit.scope(), number)?))?
            }
            None => None,
        };
        let of_ticket = of_ticket.map(|t| t.contract);
        loop {
            let agreements = vault.agreements()?;
            let agreement = match of_ticket {
                Some(contract) => agreements.by_id(contract)?.clone(),
                None => agreements.choose(ask.contract.as_deref(), at)?.clone(),
            };
            let count = agreements.count;
            let about = ask.ticket;
            let (stored_key, introduction, ask) = (stored_key.clone(), introduction.clone(), ask.clone());
            let taker = taker.clone();
            let answer = vault.db.write::<_, AppError, _>(move |tx| {
                if store::agreement::count(tx)? != count {
                    return Ok(None);
                }
                let done = idempotency::once(tx, &stored_key, &request, now.as_microsecond(), |tx| {
                    let recorded = take(tx, &agreement, id, &taker, &introduction, &ask, at, now)?;
                    serde_json::to_vec(&recorded).map_err(AppError::fault)
                })?;
                Ok(Some(done))
            })?;
            // A contract was signed in between: count by it.
            let Some(bytes) = answer else {
                vault.forget_agreements();
                continue;
            };
            self.mark_dirty(permit.customer());
            self.tell_news(&vault, None, What::Meter);
            if let Some(number) = about {
                self.tell_news(&vault, Some(number), What::Ticket);
            }
            return serde_json::from_slice(&bytes).map_err(AppError::fault);
        }
    }
}

/// Whoever took the call.
#[derive(Clone)]
struct Taker {
    by: AccountId,
    roles: Vec<CallTaker>,
}

#[expect(clippy::too_many_arguments, reason = "one call, each a plain fact of it")]
fn take(
    tx: &mut WriteTx<'_>,
    agreement: &Agreement,
    id: CallId,
    taker: &Taker,
    introduction: &Introduction,
    ask: &RecordCall,
    at: Timestamp,
    now: Timestamp,
) -> Result<Recorded> {
    crate::month::still_open(tx, agreement, at)?;
    let version = agreement.in_force(at)?;
    let about = match ask.ticket {
        Some(number) => Some(ticket::by_number(tx, &Scope::All, number)?.ok_or_else(|| {
            AppError::invalid("ticket", format!("pas de ticket {number}"), format!("no ticket {number}"))
        })?),
        None => None,
    };
    let facts = Facts { date: Some(agreement.local_date(at)), ..Facts::default() };
    let facts = about.as_ref().map_or(facts, |t| t.facts.clone());
    let drawn = entitlement::meter(&version.terms, &facts).ok_or_else(|| {
        AppError::refused(Refusal::new(
            "hotline.none",
            "Le contrat ne comporte pas de hotline à compter.",
            "The contract has no hotline to meter.",
        ))
    })?;
    // Rules that share draw on one meter: all that is left is read and taken in this one transaction.
    let label = drawn.pool.label().to_owned();
    let ledger = standing(tx, agreement, &label, at)?
        .ok_or_else(|| AppError::fault(format!("no meter {label} on {at}")))?;
    let free = match &about {
        Some(about) => {
            let steps = ticket::steps(tx, about.id)?;
            delivery::defect(tx, agreement, about, &steps)?.filter(Defect::is_free)
        }
        None => None,
    };
    let call = Call {
        at,
        minutes: ask.minutes,
        priority: facts.get(Dimension::Priority).map(str::to_owned),
        ticket: about.as_ref().map(|t| t.number.to_string()),
        meter: label.clone(),
        rule: drawn.sharing().map(str::to_owned),
        roles: taker.roles.clone(),
        under_warranty: free.is_some(),
    };
    let Because { value, mut reasons } = entitlement::admit(drawn, &ledger.value.state, &call);
    reasons.extend(free.into_iter().flat_map(|defect| defect.warranty.reasons));
    let Admission::Served(charge) = value else {
        let refusal = Refusal::new(
            "hotline.empty",
            "Le compteur de la hotline est épuisé et le contrat refuse les appels au-delà.",
            "The hotline's meter is empty and the contract refuses further calls.",
        );
        return Err(AppError::refused(refusal.because(reasons)));
    };
    introduction.ensure(tx, now.as_microsecond())?;
    let event = CallRecorded {
        call: id,
        contract: agreement.id,
        ticket: about.as_ref().map(|t| t.id),
        at: at.as_microsecond(),
        by: taker.by,
        minutes: ask.minutes,
        priority: call.priority,
        meter: label.clone(),
        rule: call.rule,
        roles: call.roles,
        under_warranty: call.under_warranty,
        counted: charge.counted,
        covered: charge.covered,
        price: charge.price,
        new_pack: charge.new_pack,
    };
    let stamp = Stamp { at: now.as_microsecond(), actor: taker.by, contract: Some(version.hash.clone()) };
    let entry = record(tx, &stamp, &Event::CallRecorded(event), &[])?;
    let after = standing(tx, agreement, &label, at)?;
    // What a late call does to a period that is over warns nobody.
    let comes_there = after.as_ref().is_some_and(|l| {
        let state = &l.value.state;
        state.alert && !ledger.value.state.alert && state.period.contains(agreement.local_date(now))
    });
    if comes_there {
        crate::mail::tell_aside(tx, crate::mail::Aside::Meter { contract: agreement.id }, entry, taker.by)?;
        crate::webhook::tell_meter(tx, &agreement.number, &label, entry, now.as_microsecond())?;
    }
    Ok(Recorded {
        id,
        meter: label,
        covered: charge.covered,
        counted: charge.counted,
        weight: charge.weight,
        price: charge.price,
        new_pack: charge.new_pack,
        left: after.map_or(0, |l| l.value.state.left),
        reasons,
        entry,
    })
}

/// Where the meter stands for a call of this instant: with every call of its period, those that began
/// later too, for what they were told they took from it cannot be given twice.
fn standing(
    tx: &mut dyn Tx,
    agreement: &Agreement,
    label: &str,
    at: Timestamp,
) -> Result<Option<Because<Ledger>>> {
    let Some(then) = ledger(tx, agreement, label, at)? else { return Ok(None) };
    let end = agreement.midnight(then.value.state.period.next)?.as_microsecond();
    let later = call::between(tx, agreement.id, label, at.as_microsecond() + 1, end)?;
    match later.last() {
        None => Ok(Some(then)),
        Some(last) => {
            let last = Timestamp::from_microsecond(last.at).map_err(AppError::fault)?;
            ledger(tx, agreement, label, last)
        }
    }
}

/// Where a meter stands at an instant, with every call of its contract up to then.
pub(crate) fn ledger(
    tx: &mut dyn Tx,
    agreement: &Agreement,
    label: &str,
    at: Timestamp,
) -> Result<Option<Because<Ledger>>> {
    let calls: Vec<Call> = call::between(tx, agreement.id, label, i64::MIN, at.as_microsecond() + 1)?
        .iter()
        .map(|recorded| as_call(recorded, None))
        .collect::<Result<_>>()?;
    Ok(entitlement::ledger(&agreement.history, label, &calls, at))
}

/// A call as the engine reads it. Only the month names the ticket that it was about: a meter counts it alike.
pub(crate) fn as_call(recorded: &CallRecorded, ticket: Option<u64>) -> Result<Call> {
    Ok(Call {
        at: Timestamp::from_microsecond(recorded.at).map_err(AppError::fault)?,
        minutes: recorded.minutes,
        priority: recorded.priority.clone(),
        ticket: ticket.map(|number| number.to_string()),
        meter: recorded.meter.clone(),
        rule: recorded.rule.clone(),
        roles: recorded.roles.clone(),
        under_warranty: recorded.under_warranty,
    })
}
