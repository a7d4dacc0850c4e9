//! Writing a plan, writing it again, ending it.

use base::id::PlanId;
use engines::perimeter::Admission;
use engines::recurrence::{Dates, LONGEST};
use events::{ContentId, Event, PlanEnded, PlanWritten};
use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use store::record::{Content, Stamp, record};
use store::{Tx, idempotency, plan};

use super::{OPENED_WITHIN, WritePlan};
use crate::access::{Act, Permit};
use crate::agreements::Agreement;
use crate::error::{AppError, Refusal, Result};
use crate::instance::App;
use crate::ticket::IdempotencyKey;

/// So many plans at most may run for a customer.
const MOST: u64 = 500;

/// What was written down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Written {
    pub plan: PlanId,
    /// The entry of the customer's journal.
    pub entry: u64,
}

impl App {
    /// Writes a plan, or, with its id, writes it again: whoever does then answers for it. Once per key.
    pub fn write_plan(
        &self,
        permit: &Permit,
        key: &IdempotencyKey,
        id: Option<PlanId>,
        ask: &WritePlan,
    ) -> Result<Written> {
        let weighed = self.weigh_plan(permit, ask)?;
        if weighed.ticket.decision.value.admission == Admission::Refused {
            return Err(AppError::refused(
                Refusal::new(
                    "perimeter.refused",
                    "Le contrat ne couvre pas ce ticket\u{a0}: il serait refusé à chaque date.",
                    "The contract does not cover this ticket: it would be refused on each date.",
                )
                .because(weighed.ticket.decision.reasons),
            ));
        }
        let (vault, now, by) = (self.vault(permit.customer())?, self.now(), permit.by().account);
        let agreement = weighed.ticket.agreement;
        let first = weighed.dates.first().map(|o| o.value.at);
        let content = |name, text: &str| Content {
            name,
            id: ContentId(self.id(base::id::uuid_v7)),
            salt: self.salt(),
            bytes: text.trim().as_bytes().to_vec(),
        };
        let contents = [content("title", &ask.title), content("description", &ask.description)];
        let (fresh, introduction) = (self.id(PlanId::new), self.introduction(permit.by()));
        let request = serde_json::to_vec(&(id, ask)).map_err(AppError::fault)?;
        let request: [u8; 32] = Sha256::digest(request).into();
        let stored_key = key.of(by, "plan.write");
        let (ask, at) = (ask.clone(), now.as_microsecond());
        let bytes = vault.db.write::<_, AppError, _>(move |tx| {
            idempotency::once(tx, &stored_key, &request, at, |tx| {
                introduction.ensure(tx, at)?;
                let next = next(tx, id, &ask, first, now)?;
                let version = agreement.in_force(now)?.hash.clone();
                let event = Event::PlanWritten(PlanWritten {
                    plan: id.unwrap_or(fresh),
                    contract: agreement.id,
                    title: contents[0].id,
                    description: contents[1].id,
                    about: ask.about.clone(),
                    rhythm: ask.rhythm.clone(),
                    next: Some(next),
                    at,
                    by,
                });
                let stamp = Stamp { at, actor: by, contract: Some(version) };
                let entry = record(tx, &stamp, &event, &contents)?;
                serde_json::to_vec(&Written { plan: id.unwrap_or(fresh), entry }).map_err(AppError::fault)
            })
        })?;
        self.mark_dirty(permit.customer());
        serde_json::from_slice(&bytes).map_err(AppError::fault)
    }

    /// Ends a plan: it opens nothing any more. What it opened stays.
    pub fn end_plan(&self, permit: &Permit, key: &IdempotencyKey, id: PlanId) -> Result<Written> {
        self.on_tickets(permit, Act::WritePlan)?;
        let (vault, at, by) = (self.vault(permit.customer())?, self.micros(), permit.by().account);
        let request: [u8; 32] = Sha256::digest(id.bytes()).into();
        let (stored_key, introduction) = (key.of(by, "plan.end"), self.introduction(permit.by()));
        let bytes = vault.db.write::<_, AppError, _>(move |tx| {
            idempotency::once(tx, &stored_key, &request, at, |tx| {
                let found = plan::by_id(tx, id)?.ok_or(AppError::NotFound)?;
                if found.ended.is_some() {
                    return Err(ended());
                }
                introduction.ensure(tx, at)?;
                let stamp = Stamp { at, actor: by, contract: None };
                let event = Event::PlanEnded(PlanEnded { plan: id, at, by });
                let entry = record(tx, &stamp, &event, &[])?;
                serde_json::to_vec(&Written { plan: id, entry }).map_err(AppError::fault)
            })
        })?;
        self.mark_dirty(permit.customer());
        serde_json::from_slice(&bytes).map_err(AppError::fault)
    }
}

/// When the plan as it is now written opens its next ticket. The dates of one that waited for somebody to
/// answer for it are not lost: they open now, those that are not too old.
fn next(
    tx: &mut dyn Tx,
    id: Option<PlanId>,
    ask: &WritePlan,
    first: Option<Timestamp>,
    now: Timestamp,
) -> Result<i64> {
    let Some(first) = first else {
        return Err(AppError::invalid(
            "until",
            "aucune date ne viendrait\u{a0}: voyez la fin et les jours fermés",
            "no date would come: see the end and the closed days",
        ));
    };
    let first = first.as_microsecond();
    let Some(id) = id else {
        if plan::running(tx)? >= MOST {
            return Err(AppError::refused(Refusal::new(
                "plan.too_many",
                format!("Ce client a déjà {MOST}\u{a0}tickets planifiés."),
                format!("This customer already has {MOST} planned tickets."),
            )));
        }
        return Ok(first);
    };
    let old = plan::by_id(tx, id)?.ok_or(AppError::NotFound)?;
    if old.ended.is_some() {
        return Err(ended());
    }
    let bound = now.checked_sub(OPENED_WITHIN).map_err(AppError::fault)?.as_microsecond();
    let waiting = old.next.filter(|next| *next >= bound && *next <= first && old.rhythm == ask.rhythm);
    Ok(waiting.unwrap_or(first))
}

fn ended() -> AppError {
    AppError::refused(Refusal::new("plan.ended", "Cette planification est terminée.", "This plan has ended."))
}

/// Checks the shape of a plan under the contract as it is now; the contract checks the ticket.
pub(super) fn check(agreement: &Agreement, ask: &WritePlan, now: Timestamp) -> Result<()> {
    let title = ask.title.trim().chars().count();
    if title == 0 || title > 200 {
        return Err(AppError::invalid(
            "title",
            "un titre de 1 à 200 caractères",
            "a title of 1 to 200 characters",
        ));
    }
    if ask.description.chars().count() > 20_000 {
        return Err(AppError::invalid(
            "description",
            "20\u{202f}000 caractères au plus",
            "at most 20,000 characters",
        ));
    }
    let rhythm = &ask.rhythm;
    if rhythm.every == 0 || rhythm.every > LONGEST {
        return Err(AppError::invalid("every", "un nombre de 1 à 366", "a number from 1 to 366"));
    }
    if rhythm.until.is_some_and(|until| until < rhythm.first) {
        return Err(AppError::invalid(
            "until",
            "la fin est après le début",
            "the end is after the beginning",
        ));
    }
    let (today, years) = (agreement.local_date(now), 10.years());
    let far = today.checked_add(years).is_ok_and(|end| rhythm.first > end)
        || today.checked_sub(years).is_ok_and(|start| rhythm.first < start);
    if far {
        return Err(AppError::invalid("first", "à moins de dix ans d'ici", "within ten years from now"));
    }
    if let Some(duty) = &ask.about.duty {
        crate::life::check(&agreement.in_force(now)?.terms, duty)?;
    }
    if let Some(closed) = &rhythm.closed {
        let terms = &agreement.in_force(now)?.terms;
        let known = terms.calendars.iter().any(|r| r.label() == closed.calendar && r.exception_to.is_none());
        if !known {
            return Err(AppError::invalid(
                "calendar",
                "un calendrier du contrat",
                "a calendar of the contract",
            ));
        }
        // What cannot be compiled is found now, not on the night of the first date.
        Dates::new(terms, rhythm, now).map_err(AppError::fault)?;
    }
    Ok(())
}
