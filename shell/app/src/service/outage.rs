//! Outages: recorded, corrected, ended and cancelled, except in the months that are closed.

use base::id::OutageId;
use engines::period::Span;
use events::{
    Event, OutageCancelled, OutageCorrected, OutageOrigin, OutageRecorded, OutageTold, ServiceState,
};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use store::{Tx, month, service};

use super::{Noted, known};
use crate::access::Permit;
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

impl App {
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
            return Err(AppError::invalid(
                "ended",
                "une date qui n'est pas à venir",
                "a date that is not to come",
            ));
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
                return Err(AppError::invalid(
                    field,
                    "une date qui n'est pas à venir",
                    "a date that is not to come",
                ));
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
}

fn ends_before() -> AppError {
    AppError::invalid("ended", "elle finit avant de commencer", "it ends before it begins")
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
