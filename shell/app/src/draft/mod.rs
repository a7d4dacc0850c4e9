//! Drafts: writing a contract, an amendment or an order before anybody signs it.
//!
//! A draft is a plain row of the customer's vault: the journal begins at the signature. Two people who
//! write at once never lose a text: a save names the version it started from, and is refused when
//! somebody saved another one since.

pub mod block;
pub mod check;
pub mod form;
mod rewrite;
pub mod sign;
pub mod simulate;
pub mod subcontracts;
pub mod templates;
pub mod trial;

use base::id::AccountId;
use jiff::Timestamp;
use serde::Serialize;
use sha2::{Digest, Sha256};
use store::{Tx, draft as rows, idempotency};
use uuid::Uuid;

use crate::access::{Act, Permit};
use crate::error::{AppError, Refusal, Result};
use crate::instance::App;
use crate::ticket::IdempotencyKey;

pub use check::{Checked, Named};
pub use subcontracts::Subcontract;

/// The longest title of a draft, in characters.
const LONGEST_TITLE: usize = 200;

/// What a text will be once signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Contract,
    /// Changes clauses of a signed contract.
    Amendment,
    /// A subsequent order under a signed contract: a contract of its own, that stands on the other.
    Order,
}

impl Kind {
    /// As stored and sent by forms.
    pub fn key(self) -> &'static str {
        match self {
            Kind::Contract => "contract",
            Kind::Amendment => "amendment",
            Kind::Order => "order",
        }
    }

    pub fn from_key(key: &str) -> Option<Kind> {
        [Kind::Contract, Kind::Amendment, Kind::Order].into_iter().find(|k| k.key() == key)
    }
}

/// A draft as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    pub id: Uuid,
    pub title: String,
    pub kind: Kind,
    /// The number of the contract that it amends.
    pub base: Option<String>,
    /// Empty in a list.
    pub text: String,
    /// TOML; may be empty.
    pub preparation: String,
    pub version: u32,
    pub saved: Timestamp,
    /// Who saved it last.
    pub saved_by: String,
    /// The signature of one party, while the other's is awaited.
    pub agreed: Option<sign::Agreed>,
    /// The number of the contract it has become.
    pub contract: Option<String>,
    /// The contracts bought that its promises rest on; left out of a list.
    pub subcontracts: Vec<Subcontract>,
}

/// A draft to begin.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NewDraft {
    pub title: String,
    pub kind: Kind,
    /// Of the contract it amends; `None` for a contract.
    pub base: Option<String>,
    pub text: String,
}

/// A draft to save, as the form was filled in from `version`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Save {
    pub version: u32,
    pub title: String,
    pub text: String,
    pub preparation: String,
}

/// The draft that an address names.
pub fn id(text: &str) -> Result<Uuid> {
    Uuid::try_parse(text).map_err(|_| AppError::NotFound)
}

/// When a draft was last saved, in microseconds UTC, and which one it is: a place in their list.
pub type Place = (i64, Uuid);

/// Whether a text can be a contract's number.
pub fn is_number(text: &str) -> bool {
    crate::sign::check_number(text).is_ok()
}

impl App {
    /// A page of the drafts of a customer, the last saved first, without their texts; and the place before which
    /// the next one begins.
    pub fn drafts(
        &self,
        permit: &Permit,
        before: Option<Place>,
        limit: u32,
    ) -> Result<(Vec<Shown>, Option<Place>)> {
        permit.covers(Act::SeeDrafts)?;
        let read = move |tx: &mut dyn Tx| Ok(rows::page(tx, before, limit.saturating_add(1))?);
        let mut rows = self.vault(permit.customer())?.db.read::<_, AppError, _>(read)?;
        let more = rows.len() > limit as usize;
        rows.truncate(limit as usize);
        let next = rows.last().filter(|_| more).map(|last| (last.saved, last.id));
        Ok((rows.into_iter().map(|row| self.shown(row)).collect::<Result<_>>()?, next))
    }

    pub fn read_draft(&self, permit: &Permit, id: Uuid) -> Result<Shown> {
        permit.covers(Act::SeeDrafts)?;
        let mut shown = self.shown(self.draft_row(permit, id)?)?;
        shown.subcontracts = self.subcontracts(permit, id)?;
        if let Some(agreed) = &mut shown.agreed {
            agreed.reason = self.first_reason(permit, id)?;
        }
        Ok(shown)
    }

    /// Begins a draft, once per key.
    pub fn create_draft(&self, permit: &Permit, key: &IdempotencyKey, new: &NewDraft) -> Result<Uuid> {
        permit.covers(Act::WriteDraft)?;
        let title = title(&new.title)?;
        bounded(&new.text)?;
        let vault = self.vault(permit.customer())?;
        let base = match (new.kind, &new.base) {
            (Kind::Contract, _) => None,
            (_, Some(number)) => Some(vault.agreements()?.by_number(number)?.number.clone()),
            (_, None) => {
                return Err(AppError::invalid(
                    "base",
                    "le contrat que ce texte modifie",
                    "the contract that this text amends",
                ));
            }
        };
        let row = rows::New {
            id: self.id(base::id::uuid_v7),
            title,
            kind: new.kind.key().to_owned(),
            base,
            text: new.text.clone(),
            preparation: String::new(),
            at: self.micros(),
            by: permit.by().account,
        };
        let request: [u8; 32] = Sha256::digest(serde_json::to_vec(new).map_err(AppError::fault)?).into();
        let stored_key = key.of(permit.by().account, "draft.create");
        let id = vault.db.write::<_, AppError, _>(move |tx| {
            idempotency::once(tx, &stored_key, &request, row.at, |tx| {
                rows::add(tx, &row)?;
                Ok(row.id.as_bytes().to_vec())
            })
        })?;
        Uuid::from_slice(&id).map_err(AppError::fault)
    }

    /// Saves a text over the version it was written from; gives the new version. The same text sent
    /// twice is saved once. Of two people who save, the second is refused and the first's text stays.
    pub fn save_draft(&self, permit: &Permit, id: Uuid, save: &Save) -> Result<u32> {
        permit.covers(Act::WriteDraft)?;
        bounded(&save.text)?;
        let change = rows::Change {
            title: title(&save.title)?,
            text: save.text.clone(),
            preparation: save.preparation.clone(),
            at: self.micros(),
            by: permit.by().account,
        };
        let version = save.version;
        let held = self.vault(permit.customer())?.db.write::<_, AppError, _>(move |tx| {
            let found = rows::by_id(tx, id)?.ok_or(AppError::NotFound)?;
            if same(&found, &change) {
                return Ok(Ok(found.version));
            }
            if rows::save(tx, id, version, &change)? {
                return Ok(Ok(version + 1));
            }
            Ok(Err(found))
        })?;
        held.or_else(|other| Err(self.lost(&other)?))
    }

    /// Throws a draft away, if nobody saved another text since.
    pub fn delete_draft(&self, permit: &Permit, id: Uuid, version: u32) -> Result<()> {
        permit.covers(Act::WriteDraft)?;
        let held = self.vault(permit.customer())?.db.write::<_, AppError, _>(move |tx| {
            let found = rows::by_id(tx, id)?.ok_or(AppError::NotFound)?;
            Ok(if rows::remove(tx, id, version)? { None } else { Some(found) })
        })?;
        match held {
            None => Ok(()),
            Some(other) => Err(self.lost(&other)?),
        }
    }

    pub(crate) fn draft_row(&self, permit: &Permit, id: Uuid) -> Result<rows::Draft> {
        let row =
            self.vault(permit.customer())?.db.read::<_, AppError, _>(move |tx| Ok(rows::by_id(tx, id)?));
        row?.ok_or(AppError::NotFound)
    }

    fn shown(&self, row: rows::Draft) -> Result<Shown> {
        let agreed = row.agreed.as_ref().map(|a| self.agreed(a)).transpose()?;
        Ok(Shown {
            id: row.id,
            title: row.title,
            kind: Kind::from_key(&row.kind)
                .ok_or_else(|| AppError::fault(format!("a draft of the unknown kind {}", row.kind)))?,
            base: row.base,
            text: row.text,
            preparation: row.preparation,
            version: row.version,
            saved: Timestamp::from_microsecond(row.saved).map_err(AppError::fault)?,
            saved_by: self.name_of(row.saved_by)?,
            agreed,
            contract: row.contract,
            subcontracts: Vec::new(),
        })
    }

    pub(crate) fn name_of(&self, account: AccountId) -> Result<String> {
        match self.principal(account) {
            Ok(person) => Ok(person.name),
            Err(AppError::Unauthenticated) => Ok(String::new()),
            Err(error) => Err(error),
        }
    }

    /// Somebody saved meanwhile: who, and which version now stands.
    fn lost(&self, other: &rows::Draft) -> Result<AppError> {
        if let Some(contract) = &other.contract {
            return Ok(AppError::refused(Refusal::new(
                "draft.signed",
                format!(
                    "Ce texte est signé : il est le contrat {contract}. Pour le changer, préparez un avenant."
                ),
                format!(
                    "This text is signed: it is contract {contract}. To change it, prepare an amendment."
                ),
            )));
        }
        let (who, version) = (self.name_of(other.saved_by)?, other.version);
        Ok(AppError::refused(Refusal::new(
            "draft.conflict",
            format!(
                "{who} a enregistré entre-temps la version {version} de ce texte : le vôtre n'est pas enregistré."
            ),
            format!("{who} has meanwhile saved version {version} of this text: yours is not saved."),
        )))
    }
}

fn same(found: &rows::Draft, change: &rows::Change) -> bool {
    found.text == change.text && found.title == change.title && found.preparation == change.preparation
}

fn title(text: &str) -> Result<String> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > LONGEST_TITLE {
        return Err(AppError::invalid(
            "title",
            "un titre de 1 à 200 caractères",
            "a title of 1 to 200 characters",
        ));
    }
    Ok(text.to_owned())
}

/// The compiler reads no longer text.
fn bounded(text: &str) -> Result<()> {
    if text.len() > contract::source::MAX_BYTES {
        return Err(AppError::invalid("text", "un texte de 1 Mio au plus", "a text of at most 1 MiB"));
    }
    Ok(())
}
