//! Who signed each version of a contract, as the journal tells it.
//!
//! The rows of the screens keep what a version is; who bound each party, and what the gate still asked
//! for, is only in the entry of the signature, which nobody can word again.

use base::id::AccountId;
use events::{ContractSigned, Despite, Event};
use jiff::Timestamp;
use journal::envelope::Envelope;
use store::{Tx, actor, log};

use crate::access::{Act, Permit};
use crate::error::{AppError, Result};
use crate::instance::App;

/// The signature of one version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// 1 for the contract, then one for each amendment.
    pub version: u32,
    /// When the second party signed.
    pub at: Timestamp,
    /// The journal entry, which both parties' accounts share.
    pub entry: u64,
    /// One for each party, the provider's first.
    pub signers: Vec<Signer>,
    /// SHA-256 of the preparation file that was shown with the text, if one was.
    pub preparation: Option<String>,
    /// The codes of what the gate still asked for, and that the parties signed without.
    pub lacking: Vec<String>,
    /// Who said why they signed without it, and in which words.
    pub reasons: Vec<(String, String)>,
}

/// A person who bound a party.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signer {
    /// As this vault knows them; a name that was erased says so.
    pub name: String,
    pub provider: bool,
}

impl App {
    /// The signatures of a contract's versions, the first one first.
    pub fn signatures(&self, permit: &Permit, number: &str) -> Result<Vec<Signature>> {
        permit.covers(Act::SeeContract)?;
        let vault = self.vault(permit.customer())?;
        let agreement = vault.agreements()?.by_number(number)?.clone();
        vault.db.read(move |tx| {
            let names = crate::ticket::names(tx)?;
            let people = actor::all(tx)?;
            let signer = |id: &AccountId| Signer {
                name: names.get(id).cloned().unwrap_or_else(|| id.to_string()),
                provider: people.iter().any(|p| p.id == *id && p.side == "provider"),
            };
            let reason = |despite: &Despite| (signer(&despite.by).name, despite.reason.clone());
            let mut all = Vec::new();
            for text in &agreement.texts {
                let told = told(tx, text.row.seq)?;
                let mut signers: Vec<Signer> = told.signed_by.iter().map(signer).collect();
                signers.sort_by_key(|s| !s.provider);
                all.push(Signature {
                    version: text.row.version,
                    at: Timestamp::from_microsecond(told.signed).map_err(AppError::fault)?,
                    entry: text.row.seq,
                    signers,
                    preparation: told.preparation,
                    reasons: told.despite.iter().map(reason).collect(),
                    lacking: told.lacking,
                });
            }
            Ok(all)
        })
    }
}

/// What the entry of a signature says.
fn told(tx: &mut dyn Tx, seq: u64) -> Result<ContractSigned> {
    let entry = log::entries(tx, seq, 1)?.pop().filter(|e| e.seq == seq);
    let entry = entry.ok_or_else(|| AppError::fault(format!("there is no entry {seq}")))?;
    let envelope = Envelope::parse(&entry.bytes).map_err(AppError::fault)?;
    match Event::parse(&envelope.kind, &envelope.data).map_err(AppError::fault)? {
        Event::ContractSigned(signed) => Ok(signed),
        other => Err(AppError::fault(format!("entry {seq} is a {}, not a signature", other.kind()))),
    }
}
