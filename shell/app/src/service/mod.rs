//! Services: outages recorded and corrected, maintenance announced, and the availability they give.

use std::sync::Arc;

use base::id::{MaintenanceId, OutageId};
use engines::availability::{MaintenanceWindow, Measure, Outage, ServiceFacts, measures};
use engines::calendar::ClockCache;
use engines::period::{Span, month_key};
use events::{
    Event, MaintenanceAnnounced, MaintenanceCancelled, OutageCancelled, OutageCorrected, OutageOrigin,
    OutageRecorded, OutageTold, ServiceState,
};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use store::record::{Stamp, record};
pub use store::service::{Maintenance, Outage as Standing};
use store::{Tx, WriteTx, idempotency, month, service};

use crate::access::{Act, Permit};
use crate::agreements::Agreement;
use crate::error::{AppError, Refusal, Result};
use crate::instance::App;
use crate::ticket::IdempotencyKey;

/// An outage as it is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TellOutage {
    /// The contract's number, when several are in force.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contract: Option<String>,
    /// Items of the perimeter, or services that the contract names.
    pub items: Vec<String>,
    /// When a probe saw it.
    #[serde(default)]
    pub detected: Option<Timestamp>,
    /// When the customer declared it.
    #[serde(default)]
    pub declared: Option<Timestamp>,
    /// Absent: it goes on.
    #[serde(default)]
    pub ended: Option<Timestamp>,
    pub state: ServiceState,
    /// How many users it touched; absent: all.
    #[serde(default)]
    pub users: Option<u32>,
    pub origin: OutageOrigin,
}

/// A maintenance window to announce.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnnounceMaintenance {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contract: Option<String>,
    pub items: Vec<String>,
    pub from: Timestamp,
    pub until: Timestamp,
}

/// What was written down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Noted {
    /// Of the outage, or of the window.
    pub id: String,
    pub entry: u64,
}

/// The services of a contract over a month.
pub struct Services {
    pub agreement: Arc<Agreement>,
    pub at: Timestamp,
    /// The first day of the month.
    pub month: Date,
    /// Each availability promised, in the order of the contract.
    pub measures: Vec<Measure>,
    /// Those that touch the month, cancelled ones included.
    pub outages: Vec<service::Outage>,
    /// As the outages.
    pub maintenance: Vec<service::Maintenance>,
    /// The month is closed: its figures are final.
    pub closed: bool,
}

impl App {
    /// The availabilities of the month that holds `month`, of today's without it, and what they rest on.
    pub fn services(&self, permit: &Permit, number: Option<&str>, month: Option<Date>) -> Result<Services> {
        permit.covers(Act::SeeServices)?;
        let vault = self.vault(permit.customer())?;
        let now = self.now();
        let agreement = vault.agreements()?.choose(number, now)?.clone();
        let today = agreement.local_date(now);
        let span = Span::month(month.unwrap_or(today));
        let (from, to) = (agreement.midnight(span.first)?, agreement.midnight(span.next)?);
        let (as_of, on) = match to <= now {
            true => (None, span.last()),
            false => (Some(now), today.clamp(span.first, span.last())),
        };
        vault.db.read(move |tx| {
            let facts = facts(tx, &agreement, on, now)?;
            let measures = measures(&agreement.history, on, &facts, as_of, &mut ClockCache::new());
            let (from, to) = (from.as_microsecond(), to.as_microsecond());
            let outages = service::outages(tx, agreement.id, from, to)?;
            let maintenance = service::maintenance(tx, agreement.id, from, to)?;
            let key = month_key(span.first);
            let closed = month::all(tx, agreement.id)?.iter().any(|c| c.figures.month == key);
            Ok(Services { agreement, at: now, month: span.first, measures, outages, maintenance, closed })
        })
    }

    /// Writes an outage down.
    pub fn record_outage(&self, permit: &Permit, key: &IdempotencyKey, ask: &TellOutage) -> Result<Noted> {
        let id = self.id(OutageId::new);
        let told = self.told(ask)?;
        let number = ask.contract.clone();
        self.note(permit, key, "outage.record", ask, number.as_deref(), move |tx, noting| {
            known(noting.agreement, noting.at, &told.items)?;
            frozen(tx, noting.agreement, None, Some(&told))?;
            let event = OutageRecorded {
                outage: id,
                contract: noting.agreement.id,
                at: noting.at.as_microsecond(),
                by: noting.by,
                told: told.clone(),
            };
            Ok((id.to_string(), Event::OutageRecorded(event)))
        })
    }

    /// Tells an outage again: its end, or what was wrong. What was told before stays in the journal.
    pub fn correct_outage(
        &self,
        permit: &Permit,
        key: &IdempotencyKey,
        id: OutageId,
        ask: &TellOutage,
    ) -> Result<Noted> {
        let told = self.told(ask)?;
        let number = ask.contract.clone();
        self.note(permit, key, "outage.correct", &(id, ask), number.as_deref(), move |tx, noting| {
            known(noting.agreement, noting.at, &told.items)?;
            let before = standing(tx, noting.agreement, id)?;
            frozen(tx, noting.agreement, Some(&before.told), Some(&told))?;
            let event = OutageCorrected {
                outage: id,
                contract: noting.agreement.id,
                at: noting.at.as_microsecond(),
                by: noting.by,
                told: told.clone(),
            };
            Ok((id.to_string(), Event::OutageCorrected(event)))
        })
    }

    /// Gives the end of an outage that goes on; what was told of it otherwise stays.
    pub fn end_outage(
        &self,
        permit: &Permit,
        key: &IdempotencyKey,
        number: Option<&str>,
        id: OutageId,
        ended: Timestamp,
    ) -> Result<Noted> {
        if ended > self.now() {
            return Err(AppError::invalid("ended", "dans l'avenir", "in the future"));
        }
        self.note(permit, key, "outage.end", &(id, number, ended), number, move |tx, noting| {
            let before = standing(tx, noting.agreement, id)?;
            if ended.as_microsecond() <= service::began(&before.told) {
                return Err(ends_before());
            }
            let told = OutageTold { ended: Some(ended.as_microsecond()), ..before.told.clone() };
            frozen(tx, noting.agreement, Some(&before.told), Some(&told))?;
            let (at, by) = (noting.at.as_microsecond(), noting.by);
            let event = OutageCorrected { outage: id, contract: noting.agreement.id, at, by, told };
            Ok((id.to_string(), Event::OutageCorrected(event)))
        })
    }

    /// Says that there was no such outage.
    pub fn cancel_outage(
        &self,
        permit: &Permit,
        key: &IdempotencyKey,
        number: Option<&str>,
        id: OutageId,
    ) -> Result<Noted> {
        self.note(permit, key, "outage.cancel", &(id, number), number, move |tx, noting| {
            let before = standing(tx, noting.agreement, id)?;
            frozen(tx, noting.agreement, Some(&before.told), None)?;
            let (at, by) = (noting.at.as_microsecond(), noting.by);
            let event = OutageCancelled { outage: id, contract: noting.agreement.id, at, by };
            Ok((id.to_string(), Event::OutageCancelled(event)))
        })
    }

    /// Announces a maintenance window, now: an announcement is never dated back.
    pub fn announce_maintenance(
        &self,
        permit: &Permit,
        key: &IdempotencyKey,
        ask: &AnnounceMaintenance,
    ) -> Result<Noted> {
        if ask.until <= ask.from {
            return Err(AppError::invalid(
                "until",
                "elle finit avant de commencer",
                "it ends before it begins",
            ));
        }
        let id = self.id(MaintenanceId::new);
        let (number, window) = (ask.contract.clone(), ask.clone());
        self.note(permit, key, "maintenance.announce", ask, number.as_deref(), move |_, noting| {
            known(noting.agreement, noting.at, &window.items)?;
            if window.from < noting.at {
                return Err(AppError::refused(Refusal::new(
                    "maintenance.begun",
                    "Cette maintenance a déjà commencé : elle ne peut plus être annoncée.",
                    "This maintenance has begun: it can no longer be announced.",
                )));
            }
            let event = MaintenanceAnnounced {
                maintenance: id,
                contract: noting.agreement.id,
                at: noting.at.as_microsecond(),
                by: noting.by,
                items: window.items.clone(),
                from: window.from.as_microsecond(),
                until: window.until.as_microsecond(),
            };
            Ok((id.to_string(), Event::MaintenanceAnnounced(event)))
        })
    }

    /// Gives up a window before it begins.
    pub fn cancel_maintenance(
        &self,
        permit: &Permit,
        key: &IdempotencyKey,
        number: Option<&str>,
        id: MaintenanceId,
    ) -> Result<Noted> {
        self.note(permit, key, "maintenance.cancel", &(id, number), number, move |tx, noting| {
            let window = service::window_by_id(tx, id)?
                .filter(|w| w.announced.contract == noting.agreement.id)
                .ok_or(AppError::NotFound)?;
            let at = noting.at.as_microsecond();
            if window.cancelled.is_some() {
                return Err(AppError::refused(Refusal::new(
                    "maintenance.cancelled",
                    "Cette maintenance a déjà été annulée.",
                    "This maintenance has been cancelled already.",
                )));
            }
            // What began was done, or not, under an announcement that the customer relied on.
            if window.announced.from <= at {
                return Err(AppError::refused(Refusal::new(
                    "maintenance.begun",
                    "Cette maintenance a déjà commencé : elle ne peut plus être annulée.",
                    "This maintenance has begun: it can no longer be cancelled.",
                )));
            }
            let (contract, by) = (noting.agreement.id, noting.by);
            let event = MaintenanceCancelled { maintenance: id, contract, at, by };
            Ok((id.to_string(), Event::MaintenanceCancelled(event)))
        })
    }

    /// The outage that the form or the request tells, checked on its own.
    fn told(&self, ask: &TellOutage) -> Result<OutageTold> {
        let now = self.now();
        let Some(began) = [ask.detected, ask.declared].into_iter().flatten().min() else {
            return Err(AppError::invalid(
                "detected",
                "dites quand une sonde l'a vue, ou quand le Client l'a déclarée",
                "say when a probe saw it, or when the customer declared it",
            ));
        };
        for (field, at) in [("detected", ask.detected), ("declared", ask.declared), ("ended", ask.ended)] {
            if at.is_some_and(|at| at > now) {
                return Err(AppError::invalid(field, "dans l'avenir", "in the future"));
            }
        }
        if ask.ended.is_some_and(|ended| ended <= began) {
            return Err(ends_before());
        }
        let micros = |at: Option<Timestamp>| at.map(Timestamp::as_microsecond);
        Ok(OutageTold {
            items: ask.items.clone(),
            detected: micros(ask.detected),
            declared: micros(ask.declared),
            ended: micros(ask.ended),
            state: ask.state,
            users: ask.users,
            origin: ask.origin,
        })
    }

    /// One act on services: checked, recorded and answered once for its key.
    fn note<A: Serialize>(
        &self,
        permit: &Permit,
        key: &IdempotencyKey,
        verb: &str,
        ask: &A,
        number: Option<&str>,
        decide: impl Fn(&mut WriteTx<'_>, &Noting<'_>) -> Result<(String, Event)> + Send + 'static,
    ) -> Result<Noted> {
        permit.covers(Act::RecordOutage)?;
        let vault = self.vault(permit.customer())?;
        let (at, by) = (self.now(), permit.by().account);
        let agreement = vault.agreements()?.choose(number, at)?.clone();
        let request: [u8; 32] = Sha256::digest(serde_json::to_vec(ask).map_err(AppError::fault)?).into();
        let (stored_key, introduction) = (key.of(by, verb), self.introduction(permit.by()));
        let bytes = vault.db.write::<_, AppError, _>(move |tx| {
            idempotency::once(tx, &stored_key, &request, at.as_microsecond(), |tx| {
                let (id, event) = decide(tx, &Noting { agreement: &agreement, at, by })?;
                introduction.ensure(tx, at.as_microsecond())?;
                let version = agreement.in_force(at)?.hash.clone();
                let stamp = Stamp { at: at.as_microsecond(), actor: by, contract: Some(version) };
                let entry = record(tx, &stamp, &event, &[])?;
                serde_json::to_vec(&Noted { id, entry }).map_err(AppError::fault)
            })
        })?;
        serde_json::from_slice(&bytes).map_err(AppError::fault)
    }
}

fn ends_before() -> AppError {
    AppError::invalid("ended", "elle finit avant de commencer", "it ends before it begins")
}

/// Who notes what, under which contract.
struct Noting<'a> {
    agreement: &'a Agreement,
    at: Timestamp,
    by: base::id::AccountId,
}

/// Each name is an item or a service of an availability: anything else would count for nothing, unseen.
fn known(agreement: &Agreement, at: Timestamp, items: &[String]) -> Result<()> {
    let clauses = &agreement.in_force(at)?.terms.availabilities;
    let names =
        |name: &String| clauses.iter().any(|r| r.then.service == *name || r.then.items.contains(name));
    match items.iter().find(|item| !names(item)) {
        None if items.is_empty() => {
            Err(AppError::invalid("items", "au moins un élément", "at least one item"))
        }
        None => Ok(()),
        Some(item) => Err(AppError::invalid(
            "items",
            format!("« {item} » n'est d'aucune disponibilité promise"),
            format!("“{item}” is of no availability promised"),
        )),
    }
}

fn standing(tx: &mut dyn Tx, agreement: &Agreement, id: OutageId) -> Result<service::Outage> {
    let outage = service::by_id(tx, id)?.filter(|o| o.contract == agreement.id).ok_or(AppError::NotFound)?;
    if outage.cancelled {
        return Err(AppError::refused(Refusal::new(
            "outage.cancelled",
            "Cette interruption a été annulée : consignez-en une nouvelle.",
            "This outage was cancelled: record a new one.",
        )));
    }
    Ok(outage)
}

/// Refuses what would change the part of an outage that lies in closed months: their figures are final.
///
/// An outage that still ran when a month was closed may be given its end afterwards.
fn frozen(
    tx: &mut dyn Tx,
    agreement: &Agreement,
    before: Option<&OutageTold>,
    after: Option<&OutageTold>,
) -> Result<()> {
    let Some(last) = month::all(tx, agreement.id)?.into_iter().map(|c| c.figures.month).max() else {
        return Ok(());
    };
    let first: Date = format!("{last}-01").parse().map_err(AppError::fault)?;
    let open = agreement.midnight(Span::month(first).next)?.as_microsecond();
    let closed = |told: Option<&OutageTold>| {
        let told = told.filter(|t| service::began(t) < open)?;
        let ended = Some(told.ended.map_or(open, |ended| ended.min(open)));
        Some(OutageTold { ended, ..told.clone() })
    };
    if closed(before) == closed(after) {
        return Ok(());
    }
    Err(AppError::refused(Refusal::new(
        "month.closed",
        format!(
            "{last} est clos : sa disponibilité est arrêtée, rien de ce qui précède sa fin ne change plus."
        ),
        format!("{last} is closed: its availability is final, nothing before its end changes any more."),
    )))
}

/// What the engine reads, over the periods that hold `on`: nothing known after `until`.
pub(crate) fn facts(
    tx: &mut dyn Tx,
    agreement: &Agreement,
    on: Date,
    until: Timestamp,
) -> Result<ServiceFacts> {
    let Some(version) = agreement.history.at(on) else { return Ok(ServiceFacts::default()) };
    if version.terms.availabilities.is_empty() {
        return Ok(ServiceFacts::default());
    }
    let year = Span::of(terms::commitment::Period::ContractYear, &version.terms, on);
    let first = year.first.min(Span::quarter(on).first);
    let next = year.next.max(Span::quarter(on).next);
    let (from, to) =
        (agreement.midnight(first)?.as_microsecond(), agreement.midnight(next)?.as_microsecond());
    let instant = |micros: i64| Timestamp::from_microsecond(micros).map_err(AppError::fault);
    let outages = service::outages(tx, agreement.id, from, to.min(until.as_microsecond()))?
        .into_iter()
        .filter(|o| !o.cancelled)
        .map(|o| {
            Ok(Outage {
                id: o.id.to_string(),
                items: o.told.items,
                detected: o.told.detected.map(instant).transpose()?,
                declared: o.told.declared.map(instant).transpose()?,
                ended: o.told.ended.map(instant).transpose()?,
                state: o.told.state,
                users: o.told.users,
                origin: o.told.origin,
            })
        })
        .collect::<Result<_>>()?;
    let maintenance = service::maintenance(tx, agreement.id, from, to)?
        .into_iter()
        .filter(|w| w.cancelled.is_none())
        .map(|w| w.announced)
        .filter(|w| w.at <= until.as_microsecond())
        .map(|w| {
            Ok(MaintenanceWindow {
                id: w.maintenance.to_string(),
                items: w.items,
                from: instant(w.from)?,
                until: instant(w.until)?,
                announced: instant(w.at)?,
            })
        })
        .collect::<Result<_>>()?;
    Ok(ServiceFacts { outages, maintenance })
}
