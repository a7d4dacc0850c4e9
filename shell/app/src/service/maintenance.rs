//! Maintenance windows: announced before they begin, and given up before they begin.

use base::id::MaintenanceId;
use events::{Event, MaintenanceAnnounced, MaintenanceCancelled};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use store::service;

use super::{Noted, known};
use crate::access::Permit;
use crate::error::{AppError, Refusal, Result};
use crate::instance::App;
use crate::ticket::IdempotencyKey;

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

impl App {
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
}
