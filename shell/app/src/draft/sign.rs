//! From a draft to a contract: each party signs in a session of its own, on the hash that it was shown.
//!
//! The first signature waits in the draft, where saving another text takes it away. The second one
//! signs for both: the journal then holds one entry with both accounts.

use jiff::Timestamp;
use store::draft as rows;
use uuid::Uuid;

use super::Kind;
use super::check::{Checked, file_name};
use crate::access::{Act, Permit, Principal};
use crate::agreements::rendered;
use crate::error::{AppError, Refusal, Result};
use crate::instance::App;
use crate::sign::Signed;
use crate::ticket::IdempotencyKey;

/// One party's signature, as those who read the draft see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agreed {
    /// Of the text signed.
    pub hash: String,
    pub name: String,
    pub provider: bool,
    pub at: Timestamp,
}

/// What a signature did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The other party's signature is awaited.
    First,
    /// Both have signed; it runs.
    Both(Signed),
}

impl App {
    /// Signs the text of a draft, whose hash is the one the signatory was shown.
    ///
    /// Refused when the text has changed since, when it does not compile, and when the party of this
    /// signatory has already signed it. What the gate alone asks for (a mandatory clause, a piece of the
    /// preparation) is refused until the signatory says with `despite` that they sign without it: the law
    /// lets parties do so, never without knowing.
    pub fn sign_draft(
        &self,
        permit: &Permit,
        key: &IdempotencyKey,
        id: Uuid,
        hash: &str,
        despite: bool,
    ) -> Result<Outcome> {
        permit.covers(Act::SignContract)?;
        let row = self.draft_row(permit, id)?;
        if let Some(number) = &row.contract {
            return Err(signed_already(number));
        }
        if contract::text_hash(&row.text) != hash {
            return Err(AppError::refused(Refusal::new(
                "draft.changed",
                "Le texte a changé depuis que vous l'avez lu : relisez-le, puis signez.",
                "The text has changed since you read it: read it again, then sign.",
            )));
        }
        let kind = Kind::from_key(&row.kind).ok_or(AppError::NotFound)?;
        let agreements = self.vault(permit.customer())?.agreements()?;
        // Signed, and the process stopped before the draft was told.
        let known = |a: &&std::sync::Arc<crate::agreements::Agreement>| {
            a.texts.iter().any(|t| t.row.text_hash == hash)
        };
        if let Some(agreement) = agreements.contracts.iter().find(known) {
            self.close_draft(permit, id, &agreement.number)?;
            return Err(signed_already(&agreement.number));
        }
        let base = row.base.as_deref().map(|n| agreements.by_number(n).cloned()).transpose()?;
        let file = file_name(kind, base.as_deref());
        let checked = Checked::of(kind, base, &row.text);
        if !checked.is_signable() {
            let (fr, en) = rendered(&checked.compiled);
            return Err(AppError::DoesNotCompile { fr, en });
        }
        if !despite && !checked.gate(&row.preparation).is_open() {
            return Err(AppError::refused(Refusal::new(
                "draft.gate",
                "Il manque à ce texte ce que la liste ci-dessus énumère : complétez-le, ou dites que vous signez malgré cela.",
                "This text lacks what the list above names: complete it, or say that you sign despite it.",
            )));
        }
        let first = match &row.agreed {
            Some(agreed) if agreed.hash == hash => Some(self.principal(agreed.by)?),
            _ => None,
        };
        match first {
            Some(other) if same_side(&other, permit.by()) => Err(waiting(&other)),
            Some(other) => self.countersign(permit, key, &row, &other, &file),
            None => {
                crate::sign::signable(&agreements, &file, &row.text)?;
                self.agree(permit, &row, hash)
            }
        }
    }

    pub(super) fn agreed(&self, agreed: &rows::Agreed) -> Result<Agreed> {
        let by = self.principal(agreed.by)?;
        Ok(Agreed {
            hash: agreed.hash.clone(),
            provider: by.role.is_provider(),
            name: by.name,
            at: Timestamp::from_microsecond(agreed.at).map_err(AppError::fault)?,
        })
    }

    fn agree(&self, permit: &Permit, row: &rows::Draft, hash: &str) -> Result<Outcome> {
        let agreed = rows::Agreed { hash: hash.to_owned(), by: permit.by().account, at: self.micros() };
        let (id, version) = (row.id, row.version);
        let kept = self
            .vault(permit.customer())?
            .db
            .write::<_, AppError, _>(move |tx| Ok(rows::agree(tx, id, version, &agreed)?))?;
        if kept { Ok(Outcome::First) } else { Err(AppError::IdempotencyConflict) }
    }

    /// The second signature. The first signatory's right is checked again: it may have been withdrawn.
    fn countersign(
        &self,
        permit: &Permit,
        key: &IdempotencyKey,
        row: &rows::Draft,
        other: &Principal,
        file: &str,
    ) -> Result<Outcome> {
        let theirs = other.permit(Act::SignContract, permit.customer())?;
        let (provider, customer) =
            if permit.by().role.is_provider() { (permit, &theirs) } else { (&theirs, permit) };
        let signed =
            self.sign_prepared_once(provider, customer, key, file, &row.text, Some(&row.preparation))?;
        self.close_draft(permit, row.id, &signed.number)?;
        Ok(Outcome::Both(signed))
    }

    fn close_draft(&self, permit: &Permit, id: Uuid, number: &str) -> Result<()> {
        let number = number.to_owned();
        let vault = self.vault(permit.customer())?;
        vault.db.write::<_, AppError, _>(move |tx| Ok(rows::close(tx, id, &number)?))
    }
}

fn same_side(one: &Principal, other: &Principal) -> bool {
    one.role.is_provider() == other.role.is_provider()
}

fn waiting(first: &Principal) -> AppError {
    AppError::refused(Refusal::new(
        "draft.waiting",
        format!(
            "{} a déjà signé ce texte pour votre partie : l'autre partie doit signer à son tour.",
            first.name
        ),
        format!("{} has already signed this text for your party: the other party must now sign.", first.name),
    ))
}

fn signed_already(number: &str) -> AppError {
    AppError::refused(Refusal::new(
        "draft.signed",
        format!("Ce texte est déjà signé : il est le contrat {number}."),
        format!("This text is already signed: it is contract {number}."),
    ))
}
