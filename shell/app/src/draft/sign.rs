//! From a draft to a contract: each party signs in a session of its own, on the hash that it was shown.
//!
//! The first signature waits in the draft, where saving another text takes it away. The second one
//! signs for both: the journal then holds one entry with both accounts.

use events::Despite;
use jiff::Timestamp;
use store::draft::{self as rows, Nature};
use store::{Tx, WriteTx};
use uuid::Uuid;

use super::Kind;
use super::check::{Checked, beside, file_name};
use super::subcontracts::{content_id, lacking};
use crate::access::{Act, Permit, Principal};
use crate::agreements::rendered;
use crate::error::{AppError, Refusal, Result};
use crate::instance::App;
use crate::sign::{Beside, Signed};
use crate::ticket::IdempotencyKey;

/// The length of a reason, in characters: a word is none, and the other party must read it.
pub const SHORTEST_REASON: usize = 10;
pub const LONGEST_REASON: usize = 2000;

/// One party's signature, as those who read the draft see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agreed {
    /// Of the text signed.
    pub hash: String,
    pub name: String,
    pub provider: bool,
    pub at: Timestamp,
    /// Why they signed although something mandatory lacked, if it did; left out of a list.
    pub reason: Option<String>,
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
    /// Signs the draft that the signatory was shown: its version, which counts what stands beside the text
    /// too (the preparation, the subcontracts), and the hash of its text.
    ///
    /// Refused when either has changed since, when it does not compile, and when the party of this
    /// signatory has already signed it. What the gate alone asks for (a mandatory clause, a piece of the
    /// preparation, a promise that no subcontract keeps) is refused until the signatory says in words,
    /// `despite`, why they sign without it: the law lets parties do so, never without knowing.
    pub fn sign_draft(
        &self,
        permit: &Permit,
        key: &IdempotencyKey,
        id: Uuid,
        (version, hash): (u32, &str),
        despite: &str,
    ) -> Result<Outcome> {
        permit.covers(Act::SignContract)?;
        let row = self.draft_row(permit, id)?;
        if let Some(number) = &row.contract {
            return Err(signed_already(number));
        }
        if row.version != version || contract::text_hash(&row.text) != hash {
            return Err(changed());
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
        let subcontracts = self.subcontracts(permit, id)?;
        let gate = checked.gate(&row.preparation, &subcontracts);
        let reason = match gate.is_open() {
            true => None,
            false if despite.trim().is_empty() => return Err(lacking(&gate)),
            false => Some(in_words(despite)?),
        };
        let first = match row.agreed.clone() {
            Some(agreed) if agreed.hash == hash => Some((self.principal(agreed.by)?, agreed)),
            _ => None,
        };
        match first {
            Some((other, _)) if same_side(&other, permit.by()) => Err(waiting(&other)),
            Some((other, agreed)) => {
                let own = reason.map(|reason| Despite { by: permit.by().account, reason });
                let first =
                    self.first_reason(permit, id)?.map(|reason| Despite { by: other.account, reason });
                let beside = Beside {
                    despite: first.into_iter().chain(own).collect(),
                    ..beside(&row.preparation, &subcontracts)
                };
                self.countersign(permit, key, &Standing { row, agreed }, &other, &file, &beside)
            }
            None => {
                crate::sign::signable(&agreements, &file, &row.text)?;
                self.agree(permit, &row, hash, reason)
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
            reason: None,
        })
    }

    /// Why the first party signed although something lacked, while the other's signature is awaited.
    pub(super) fn first_reason(&self, permit: &Permit, id: Uuid) -> Result<Option<String>> {
        let vault = self.vault(permit.customer())?;
        let mut kept =
            vault.db.read::<_, AppError, _>(move |tx| Ok(rows::attached(tx, id, Nature::Reason)?))?;
        Ok(kept.pop().map(|reason| reason.text))
    }

    fn agree(
        &self,
        permit: &Permit,
        row: &rows::Draft,
        hash: &str,
        reason: Option<String>,
    ) -> Result<Outcome> {
        let agreed = rows::Agreed { hash: hash.to_owned(), by: permit.by().account, at: self.micros() };
        let (id, version) = (row.id, row.version);
        let reason = reason.map(|text| rows::Attached {
            id: content_id(id, Nature::Reason, &text),
            name: String::new(),
            text,
            at: agreed.at,
            by: agreed.by,
        });
        let kept = self.vault(permit.customer())?.db.write::<_, AppError, _>(move |tx| {
            let kept = rows::agree(tx, id, version, &agreed)?;
            if let (true, Some(reason)) = (kept, &reason) {
                rows::attach(tx, id, Nature::Reason, reason)?;
            }
            Ok(kept)
        })?;
        // Saved, signed or thrown away meanwhile.
        if kept { Ok(Outcome::First) } else { Err(changed()) }
    }

    /// The second signature. The first signatory's right is checked again: it may have been withdrawn; and
    /// their signature within the transaction, where the draft is closed too.
    fn countersign(
        &self,
        permit: &Permit,
        key: &IdempotencyKey,
        standing: &Standing,
        other: &Principal,
        file: &str,
        beside: &Beside,
    ) -> Result<Outcome> {
        let theirs = other.permit(Act::SignContract, permit.customer())?;
        let (provider, customer) =
            if permit.by().role.is_provider() { (permit, &theirs) } else { (&theirs, permit) };
        let text = &standing.row.text;
        let signed = self.sign_standing(provider, customer, key, (file, text), beside, Some(standing))?;
        Ok(Outcome::Both(signed))
    }

    fn close_draft(&self, permit: &Permit, id: Uuid, number: &str) -> Result<()> {
        let number = number.to_owned();
        let vault = self.vault(permit.customer())?;
        vault.db.write::<_, AppError, _>(move |tx| Ok(rows::close(tx, id, &number)?))
    }
}

/// The draft as the second signatory was shown it, with the first signature.
#[derive(Clone)]
pub(crate) struct Standing {
    row: rows::Draft,
    agreed: rows::Agreed,
}

impl Standing {
    /// Refuses once anything of it has changed: saved, thrown away, signed, or signed anew by another.
    pub(crate) fn check(&self, tx: &mut dyn Tx) -> Result<()> {
        let now = rows::by_id(tx, self.row.id)?;
        let same = |now: &rows::Draft| {
            now.version == self.row.version
                && now.text == self.row.text
                && now.agreed.as_ref() == Some(&self.agreed)
                && now.contract.is_none()
        };
        if now.as_ref().is_some_and(same) { Ok(()) } else { Err(changed()) }
    }

    pub(crate) fn close(&self, tx: &mut WriteTx<'_>, number: &str) -> Result<()> {
        Ok(rows::close(tx, self.row.id, number)?)
    }
}

fn changed() -> AppError {
    AppError::refused(Refusal::new(
        "draft.changed",
        "Le texte, ou ce qui l'accompagne, a changé depuis que vous l'avez lu\u{a0}: relisez-le, puis signez.",
        "The text, or what stands beside it, has changed since you read it: read it again, then sign.",
    ))
}

/// A reason that the other party can read: blanks at both ends are not part of it.
fn in_words(reason: &str) -> Result<String> {
    let reason = reason.trim();
    if (SHORTEST_REASON..=LONGEST_REASON).contains(&reason.chars().count()) {
        return Ok(reason.to_owned());
    }
    Err(AppError::invalid(
        "despite",
        format!(
            "dites pourquoi vous signez sans l'attendre, en {SHORTEST_REASON} à {LONGEST_REASON} caractères"
        ),
        format!("say why you sign without it, in {SHORTEST_REASON} to {LONGEST_REASON} characters"),
    ))
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
