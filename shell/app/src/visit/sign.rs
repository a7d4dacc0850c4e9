//! The signature of a visit's report: by the customer's person, or by whoever was met, on the screen of the
//! person who was there.

use base::id::VisitId;
use events::{ContentId, Event, VisitSigned, VisitSigning};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use store::record::{Content, Stamp, record};
use store::{idempotency, ticket};

use super::{Drawing, LONGEST_NAME, LONGEST_TEXT, is_line, unsigned};
use crate::access::{Act, Permit, Side};
use crate::error::{AppError, Refusal, Result};
use crate::instance::App;
use crate::news::What;
use crate::ticket::IdempotencyKey;

/// A signature to record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignVisit {
    /// Of the report that was read.
    pub hash: String,
    /// What the signer does not agree with.
    #[serde(default)]
    pub reserve: Option<String>,
    /// As it was drawn on the screen.
    #[serde(default)]
    pub drawing: Option<Drawing>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedVisit {
    pub visit: VisitId,
    pub entry: u64,
}

impl App {
    /// Signs a report for the customer, in one's own name.
    ///
    /// Refused to the provider's people (`visit.not_yours`), for another text than the one that stands
    /// (`visit.changed`), and once it is signed (`visit.signed`).
    pub fn sign_visit(
        &self,
        permit: &Permit,
        key: &IdempotencyKey,
        (number, visit): (u64, VisitId),
        ask: &SignVisit,
    ) -> Result<SignedVisit> {
        self.on_tickets(permit, Act::Reply)?;
        if permit.role().side() != Side::Customer {
            return Err(AppError::refused(Refusal::new(
                "visit.not_yours",
                "Une personne du client signe le compte rendu\u{a0}; sur place, sur votre écran.",
                "Somebody of the customer signs the report; on site, on your screen.",
            )));
        }
        let name = permit.by().name.clone();
        self.sign_as(permit, key, (number, visit), ask, (VisitSigning::SignedIn, &name))
    }

    /// Records the signature that whoever was met gave on the asker's screen, under the name they typed.
    pub fn sign_visit_on_screen(
        &self,
        permit: &Permit,
        key: &IdempotencyKey,
        (number, visit): (u64, VisitId),
        ask: &SignVisit,
        name: &str,
    ) -> Result<SignedVisit> {
        self.on_tickets(permit, Act::WorkOnTicket)?;
        if !is_line(name, 2) {
            return Err(AppError::invalid(
                "name",
                format!("le nom de qui signe, en {LONGEST_NAME}\u{a0}caractères au plus"),
                format!("the name of whoever signs, in {LONGEST_NAME} characters at most"),
            ));
        }
        self.sign_as(permit, key, (number, visit), ask, (VisitSigning::OnScreen, name))
    }

    fn sign_as(
        &self,
        permit: &Permit,
        key: &IdempotencyKey,
        (number, visit): (u64, VisitId),
        ask: &SignVisit,
        (how, name): (VisitSigning, &str),
    ) -> Result<SignedVisit> {
        let (vault, at, by) = (self.vault(permit.customer())?, self.micros(), permit.by().account);
        let request = serde_json::to_vec(&(number, visit, ask, how, name)).map_err(AppError::fault)?;
        let request: [u8; 32] = Sha256::digest(request).into();
        let (stored_key, scope) = (key.of(by, "visit.sign"), permit.scope().clone());
        let introduction = self.introduction(permit.by());
        let mut texts = vec![self.text("name", name, LONGEST_TEXT)?];
        let (name, mut reserve, mut drawing) = (texts[0].id, None, None);
        if let Some(words) = ask.reserve.as_deref().filter(|words| !words.trim().is_empty()) {
            texts.push(self.text("reserve", words, LONGEST_TEXT)?);
            reserve = texts.last().map(|text| text.id);
        }
        if let Some(drawn) = &ask.drawing {
            drawn.check()?;
            let bytes = serde_json::to_vec(drawn).map_err(AppError::fault)?;
            let id = ContentId(self.id(base::id::uuid_v7));
            texts.push(Content { name: "drawing", id, salt: self.salt(), bytes });
            drawing = Some(id);
        }
        let hash = ask.hash.clone();
        let bytes = vault.db.write::<_, AppError, _>(move |tx| {
            idempotency::once(tx, &stored_key, &request, at, |tx| {
                let ticket = ticket::by_number(tx, &scope, number)?.ok_or(AppError::NotFound)?;
                let found = unsigned(tx, visit, ticket.id)?;
                if found.told.hash != hash {
                    return Err(changed());
                }
                introduction.ensure(tx, at)?;
                let event = VisitSigned {
                    visit,
                    ticket: ticket.id,
                    hash: hash.clone(),
                    how,
                    name,
                    reserve,
                    drawing,
                    at,
                    by,
                };
                let stamp = Stamp { at, actor: by, contract: Some(ticket.version.clone()) };
                let entry = record(tx, &stamp, &Event::VisitSigned(event), &texts)?;
                serde_json::to_vec(&SignedVisit { visit, entry }).map_err(AppError::fault)
            })
        })?;
        self.mark_dirty(permit.customer());
        self.tell_news(&vault, Some(number), What::Ticket);
        serde_json::from_slice(&bytes).map_err(AppError::fault)
    }
}

fn changed() -> AppError {
    AppError::refused(Refusal::new(
        "visit.changed",
        "Le compte rendu a changé depuis que vous l’avez lu\u{a0}: relisez-le.",
        "The report changed since you read it: read it again.",
    ))
}
