//! Services: outages recorded and corrected, maintenance announced, and the availability they give.

mod facts;
mod maintenance;
mod outage;

use std::sync::Arc;

use engines::availability::{Measure, measures};
use engines::calendar::ClockCache;
use engines::period::{Span, month_key};
use events::Event;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use store::record::{Stamp, record};
pub use store::service::{Maintenance, Outage as Standing};
use store::{WriteTx, idempotency, month, service};

pub(crate) use self::facts::facts;
pub use self::maintenance::AnnounceMaintenance;
pub use self::outage::TellOutage;
use crate::access::{Act, Permit};
use crate::agreements::Agreement;
use crate::error::{AppError, Result};
use crate::instance::App;
use crate::ticket::IdempotencyKey;
use crate::today::KeptToday;

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
        vault.today(KeptToday::forget);
        serde_json::from_slice(&bytes).map_err(AppError::fault)
    }
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
