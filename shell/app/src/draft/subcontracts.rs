//! The contracts bought that a draft rests on: the provider gives their texts, and the gate compares
//! each promise to the customer with what is bought.

use jiff::Timestamp;
use sha2::{Digest, Sha256};
use store::draft::{self as rows, Nature};
use uuid::Uuid;

use super::bounded;
use crate::access::{Act, Permit};
use crate::error::{AppError, Refusal, Result};
use crate::instance::App;

/// How many a draft holds: more are not read on the day of signing.
const MOST: usize = 20;

/// The longest name of a text, in characters.
const LONGEST_NAME: usize = 120;

/// A subcontract's text, held by a draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subcontract {
    pub id: Uuid,
    /// As remarks on it call it.
    pub name: String,
    pub text: String,
    /// SHA-256 of the text, lower-case hex.
    pub hash: String,
    pub at: Timestamp,
}

impl App {
    /// Gives a draft the text of a subcontract, over the version of the draft that was shown; gives the
    /// new version. The same text given twice is held once, under its last name.
    ///
    /// A first signature goes: what its signatory was shown has changed.
    pub fn attach_subcontract(
        &self,
        permit: &Permit,
        id: Uuid,
        version: u32,
        name: &str,
        text: &str,
    ) -> Result<u32> {
        permit.covers(Act::WriteDraft)?;
        let name = fits(name, text)?;
        let attached = rows::Attached {
            id: content_id(id, Nature::Subcontract, text),
            name,
            text: text.to_owned(),
            at: self.micros(),
            by: permit.by().account,
        };
        let held = self.subcontracts(permit, id)?;
        if held.len() >= MOST && held.iter().all(|s| s.id != attached.id) {
            return Err(AppError::invalid(
                "subcontract_text",
                format!("un texte tient {MOST} sous-contrats au plus"),
                format!("a text holds {MOST} subcontracts at most"),
            ));
        }
        self.move_on(permit, id, version, move |tx| {
            rows::attach(tx, id, Nature::Subcontract, &attached)?;
            Ok(())
        })
    }

    /// Takes the text of a subcontract away; as [`App::attach_subcontract`] otherwise.
    pub fn detach_subcontract(&self, permit: &Permit, id: Uuid, version: u32, attached: Uuid) -> Result<u32> {
        permit.covers(Act::WriteDraft)?;
        self.move_on(permit, id, version, move |tx| {
            rows::detach(tx, id, Nature::Subcontract, attached)?;
            Ok(())
        })
    }

    pub(super) fn subcontracts(&self, permit: &Permit, id: Uuid) -> Result<Vec<Subcontract>> {
        let vault = self.vault(permit.customer())?;
        let held =
            vault.db.read::<_, AppError, _>(move |tx| Ok(rows::attached(tx, id, Nature::Subcontract)?))?;
        let one = |held: rows::Attached| {
            Ok(Subcontract {
                id: held.id,
                hash: contract::text_hash(&held.text),
                name: held.name,
                text: held.text,
                at: Timestamp::from_microsecond(held.at).map_err(AppError::fault)?,
            })
        };
        held.into_iter().map(one).collect()
    }

    /// Changes what is attached and makes it another version of the same text, in one write.
    fn move_on(
        &self,
        permit: &Permit,
        id: Uuid,
        version: u32,
        mut change: impl FnMut(&mut store::WriteTx<'_>) -> Result<()> + Send + 'static,
    ) -> Result<u32> {
        let (at, by) = (self.micros(), permit.by().account);
        let moved = self.vault(permit.customer())?.db.write::<_, AppError, _>(move |tx| {
            let found = rows::by_id(tx, id)?.ok_or(AppError::NotFound)?;
            let same = rows::Change {
                title: found.title.clone(),
                text: found.text.clone(),
                preparation: found.preparation.clone(),
                at,
                by,
            };
            if !rows::save(tx, id, version, &same)? {
                return Ok(Err(found));
            }
            change(tx)?;
            Ok(Ok(version + 1))
        })?;
        moved.or_else(|other| Err(self.lost(&other)?))
    }
}

/// The identifier of a text within a draft, from its content (RFC 9562, version 8).
pub(super) fn content_id(draft: Uuid, nature: Nature, text: &str) -> Uuid {
    let mut hash = Sha256::new();
    hash.update(draft.as_bytes());
    hash.update([match nature {
        Nature::Subcontract => 0,
        Nature::Reason => 1,
    }]);
    hash.update(text.as_bytes());
    let digest: [u8; 32] = hash.finalize().into();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

/// Whether a draft can hold this text under this name; gives the name, a line that remarks can quote.
pub fn fits(name: &str, text: &str) -> Result<String> {
    bounded(text)?;
    if text.trim().is_empty() {
        return Err(AppError::invalid(
            "subcontract_text",
            "le texte du sous-contrat est vide",
            "the text of the subcontract is empty",
        ));
    }
    let name = name.trim();
    let quotable =
        !name.is_empty() && name.chars().count() <= LONGEST_NAME && !name.chars().any(char::is_control);
    if quotable {
        return Ok(name.to_owned());
    }
    Err(AppError::invalid(
        "subcontract_name",
        format!("donnez au sous-contrat un nom de 1 à {LONGEST_NAME} caractères"),
        format!("give the subcontract a name of 1 to {LONGEST_NAME} characters"),
    ))
}

/// What the gate asks for, told to whoever would sign without saying why.
pub(super) fn lacking(gate: &contract::gate::Gate) -> AppError {
    let errors = gate.diagnostics.iter().filter(|d| d.is_error());
    let reasons: Vec<base::Reason> = errors
        .map(|d| {
            let line = |lang| {
                let (message, help) = (d.message.get(lang), d.help.get(lang));
                if help.is_empty() { message.to_owned() } else { format!("{message} ({help})") }
            };
            base::Reason::new(d.code, line(base::Lang::Fr), line(base::Lang::En))
        })
        .collect();
    let list = |lang| reasons.iter().map(|r| r.text.get(lang)).collect::<Vec<_>>().join("\n");
    let (fr, en) = (list(base::Lang::Fr), list(base::Lang::En));
    let refusal = Refusal::new(
        "draft.gate",
        format!(
            "Il manque à ce texte ce qui suit : complétez-le, ou dites pourquoi vous signez sans l'attendre.\n{fr}"
        ),
        format!("This text lacks what follows: complete it, or say why you sign without it.\n{en}"),
    );
    AppError::refused(refusal.because(reasons))
}
