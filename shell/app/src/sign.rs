//! Signing a contract, or an amendment: the text is kept byte for byte and runs from then on.

use base::id::{AccountId, ContractId};
use contract::Compiled;
use contract::back_to_back::back_to_back;
use contract::gate::Gate;
use events::{ContractSigned, Despite, Event};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use store::record::{Stamp, record};
use store::{agreement, idempotency};

use crate::access::{Act, Permit};
use crate::agreements::{Agreements, rendered};
use crate::draft::sign::Standing;
use crate::error::{AppError, Refusal, Result};
use crate::instance::App;
use crate::ticket::IdempotencyKey;

/// A contract just signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signed {
    pub contract: ContractId,
    pub number: String,
    pub version: u32,
    pub version_hash: String,
    pub effective: Date,
    pub entry: u64,
}

/// What both parties were shown beside the text, and what they said of what it lacks.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Beside {
    /// The preparation file, in TOML; empty when there is none.
    pub preparation: String,
    /// The subcontracts that promises rest on: the name and the text of each.
    pub subcontracts: Vec<(String, String)>,
    pub despite: Vec<Despite>,
}

/// What the signature's gate says of a compiled text and of what stands beside it.
pub(crate) fn gate(compiled: &Compiled, beside: &Beside) -> Gate {
    let preparation = Some(beside.preparation.as_str()).filter(|p| !p.trim().is_empty());
    let bought: Vec<Compiled> =
        beside.subcontracts.iter().map(|(name, text)| contract::compile(name, text)).collect();
    contract::gate::signature(compiled, preparation.map(|text| (PREPARATION, text)))
        .and(back_to_back(compiled, &bought), compiled.files.len())
}

/// The name that remarks give the preparation file of a draft.
const PREPARATION: &str = "preparation.toml";

impl App {
    /// Signs a text for both parties: one permit from each side. An amendment names its contract.
    ///
    /// A text that does not compile is not signed, and says why; signing the same text twice is refused.
    pub fn sign_contract(
        &self,
        provider: &Permit,
        customer: &Permit,
        file: &str,
        text: &str,
    ) -> Result<Signed> {
        let fresh = self.id(base::id::uuid_v7).to_string();
        self.sign_contract_once(provider, customer, &IdempotencyKey::parse(&fresh)?, file, text)
    }

    /// As [`App::sign_contract`], once per key of the provider's signatory.
    pub fn sign_contract_once(
        &self,
        provider: &Permit,
        customer: &Permit,
        key: &IdempotencyKey,
        file: &str,
        text: &str,
    ) -> Result<Signed> {
        self.sign_prepared_once(provider, customer, key, file, text, &Beside::default())
    }

    /// As [`App::sign_contract_once`], with what both parties were shown beside the text.
    ///
    /// The journal keeps the hash of each, the codes of what the signature's gate still asked for, and
    /// why the parties signed without: they may, never without a trace.
    pub fn sign_prepared_once(
        &self,
        provider: &Permit,
        customer: &Permit,
        key: &IdempotencyKey,
        file: &str,
        text: &str,
        beside: &Beside,
    ) -> Result<Signed> {
        self.sign_standing(provider, customer, key, (file, text), beside, None)
    }

    /// As [`App::sign_prepared_once`]: for a draft, if it still stands as it was shown; it is closed in the
    /// same transaction.
    pub(crate) fn sign_standing(
        &self,
        provider: &Permit,
        customer: &Permit,
        key: &IdempotencyKey,
        (file, text): (&str, &str),
        beside: &Beside,
        draft: Option<&Standing>,
    ) -> Result<Signed> {
        provider.covers(Act::SignContract)?;
        customer.covers(Act::SignContract)?;
        both_sides(provider, customer)?;
        let vault = self.vault(provider.customer())?;
        let signers = [provider.by().account, customer.by().account];
        let introductions = [self.introduction(provider.by()), self.introduction(customer.by())];
        let (fresh_id, now) = (self.id(ContractId::new), self.micros());
        let (file, text) = (file.to_owned(), text.to_owned());
        let (beside, draft) = (beside.clone(), draft.cloned());
        let stored_key = key.of(signers[0], "contract.sign");
        let asked = serde_json::to_vec(&(signers[1], &file, &text, &beside)).map_err(AppError::fault)?;
        let request: [u8; 32] = Sha256::digest(asked).into();
        let signed = vault.db.write::<_, AppError, _>(move |tx| {
            idempotency::once(tx, &stored_key, &request, now, |tx| {
                if let Some(draft) = &draft {
                    draft.check(tx)?;
                }
                let agreements = Agreements::load(tx)?;
                let prepared = prepare(&agreements, fresh_id, &file, &text, &beside)?;
                if let Ok(agreement) = agreements.by_id(prepared.contract) {
                    // What it changes in a closed month would show in no statement.
                    let effect = agreement.midnight(prepared.effective)?;
                    crate::month::still_open(tx, agreement, effect)?;
                }
                for person in &introductions {
                    person.ensure(tx, now)?;
                }
                agreement::put_text(tx, &prepared.text_hash, text.as_bytes())?;
                if let Some(hash) = &prepared.preparation {
                    agreement::put_text(tx, hash, beside.preparation.as_bytes())?;
                }
                for (hash, (_, text)) in prepared.subcontracts.iter().zip(&beside.subcontracts) {
                    agreement::put_text(tx, hash, text.as_bytes())?;
                }
                let event = prepared.event(&file, now, &signers);
                let version = Some(prepared.version_hash.clone());
                let stamp = Stamp { at: now, actor: signers[0], contract: version };
                let entry = record(tx, &stamp, &Event::ContractSigned(event), &[])?;
                crate::webhook::tell_signature(tx, &prepared.number, &prepared.version_hash, entry, now)?;
                if prepared.version > 1 {
                    let agreement = Agreements::load(tx)?.by_id(prepared.contract)?.clone();
                    crate::mail::tell_signed(tx, &agreement, &prepared.version_hash, (signers[0], now))?;
                }
                if let Some(draft) = &draft {
                    draft.close(tx, &prepared.number)?;
                }
                serde_json::to_vec(&prepared.signed(entry)).map_err(AppError::fault)
            })
        });
        vault.forget_agreements();
        self.mark_dirty(provider.customer());
        serde_json::from_slice(&signed?).map_err(AppError::fault)
    }
}

fn both_sides(provider: &Permit, customer: &Permit) -> Result<()> {
    let right = provider.by().role.is_provider()
        && !customer.by().role.is_provider()
        && provider.customer() == customer.customer();
    if right {
        return Ok(());
    }
    Err(AppError::refused(Refusal::new(
        "contract.signatures",
        "Il faut la signature d'un représentant de chaque partie.",
        "A representative of each party must sign.",
    )))
}

/// Whether a text could be signed now: it compiles, and has its place after the others.
pub(crate) fn signable(agreements: &Agreements, file: &str, text: &str) -> Result<()> {
    // Nothing is kept of it: any identifier does.
    prepare(agreements, ContractId::new(0, &[0; 10]), file, text, &Beside::default()).map(drop)
}

/// A text that compiles and has its place after the others.
struct Prepared {
    contract: ContractId,
    number: String,
    title: String,
    version: u32,
    effective: Date,
    text_hash: String,
    version_hash: String,
    terms_hash: String,
    semantics: u32,
    preparation: Option<String>,
    subcontracts: Vec<String>,
    lacking: Vec<String>,
    despite: Vec<Despite>,
}

fn prepare(
    agreements: &Agreements,
    fresh: ContractId,
    file: &str,
    text: &str,
    beside: &Beside,
) -> Result<Prepared> {
    let (mut prepared, compiled) = read(agreements, fresh, file, text)?;
    let gate = gate(&compiled, beside);
    let preparation = Some(&beside.preparation).filter(|p| !p.trim().is_empty());
    prepared.preparation = preparation.map(|p| contract::text_hash(p));
    prepared.subcontracts = beside.subcontracts.iter().map(|(_, text)| contract::text_hash(text)).collect();
    prepared.lacking = gate.diagnostics.iter().filter(|d| d.is_error()).map(|d| d.code.to_owned()).collect();
    prepared.despite = beside.despite.clone();
    prepared.lacking.sort_unstable();
    prepared.lacking.dedup();
    Ok(prepared)
}

fn read(agreements: &Agreements, fresh: ContractId, file: &str, text: &str) -> Result<(Prepared, Compiled)> {
    let text_hash = contract::text_hash(text);
    let alone = contract::compile(file, text);
    let front = &alone.front_matter;
    match (front.amends.clone(), front.order_of.clone()) {
        (None, None) => {
            let version_hash = contract::version_hash(&[text]);
            first(agreements, fresh, text_hash, version_hash, valid(alone)?)
        }
        (None, Some(number)) => {
            let master = agreements.by_number(&number).map_err(|_| not_signed_here("order_of", &number))?;
            let version_hash = master.order_hash(master.texts.len() - 1, text);
            let order = contract::compile_order(&master.latest().compiled, file, text);
            first(agreements, fresh, text_hash, version_hash, valid(order)?)
        }
        (Some(number), _) => {
            let agreement = agreements.by_number(&number).map_err(|_| not_signed_here("amends", &number))?;
            if agreement.texts.iter().any(|t| t.row.text_hash == text_hash) {
                return Err(already(&number));
            }
            let compiled = valid(contract::compile_amendment(&agreement.latest().compiled, file, text))?;
            let effective = compiled.front_matter.effective.ok_or_else(|| {
                AppError::invalid("effective", "date d'effet attendue", "a date of effect is expected")
            })?;
            let last = agreement.history.latest().map(|v| v.effective).unwrap_or(effective);
            if effective < last {
                return Err(AppError::invalid(
                    "effective",
                    format!("l'avenant précédent prend effet le {last} : celui-ci ne peut le précéder"),
                    format!("the amendment before takes effect on {last}: this one cannot come before it"),
                ));
            }
            // Of all the texts it is read with: the master's too, for an order.
            let files = agreement.latest().compiled.files.iter().map(|f| f.text.as_str());
            let texts: Vec<&str> = files.chain(std::iter::once(text)).collect();
            let version_hash = contract::version_hash(&texts);
            let version = agreement.latest().row.version + 1;
            let prepared =
                Prepared::new(agreement.id, version, effective, text_hash, version_hash, &compiled);
            Ok((prepared, compiled))
        }
    }
}

/// The first version of a contract, or of an order.
fn first(
    agreements: &Agreements,
    fresh: ContractId,
    text_hash: String,
    version_hash: String,
    compiled: Compiled,
) -> Result<(Prepared, Compiled)> {
    let number = &compiled.terms.contract;
    check_number(number)?;
    if agreements.contracts.iter().any(|c| c.number == *number) {
        return Err(already(number));
    }
    let start = compiled.terms.term.as_ref().map(|t| t.then.start).ok_or_else(|| {
        AppError::invalid("term", "le contrat n'a pas d'article de durée", "the contract has no term clause")
    })?;
    Ok((Prepared::new(fresh, 1, start, text_hash, version_hash, &compiled), compiled))
}

fn not_signed_here(field: &str, number: &str) -> AppError {
    AppError::invalid(
        field,
        format!("le contrat {number} n'est pas signé ici"),
        format!("the contract {number} is not signed here"),
    )
}

fn valid(compiled: Compiled) -> Result<Compiled> {
    if !compiled.is_valid() {
        let (fr, en) = rendered(&compiled);
        return Err(AppError::DoesNotCompile { fr, en });
    }
    Ok(compiled)
}

/// The longest number of a contract.
const LONGEST_NUMBER: usize = 64;

/// A contract's number stands in addresses, in file names and in what people quote.
pub(crate) fn check_number(number: &str) -> Result<()> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    let fit = number.len() <= LONGEST_NUMBER
        && number.starts_with(|c: char| c.is_ascii_alphanumeric())
        && number.chars().all(plain);
    if fit {
        return Ok(());
    }
    Err(AppError::invalid(
        "contract",
        "un numéro de contrat s'écrit en lettres sans accent, chiffres, points et tirets, 64 au plus",
        "a contract's number is written with unaccented letters, digits, dots and dashes, 64 at most",
    ))
}

fn already(number: &str) -> AppError {
    AppError::refused(Refusal::new(
        "contract.already_signed",
        format!("{number} est déjà signé : signez un avenant pour le changer."),
        format!("{number} is already signed: sign an amendment to change it."),
    ))
}

impl Prepared {
    fn new(
        contract: ContractId,
        version: u32,
        effective: Date,
        text_hash: String,
        version_hash: String,
        compiled: &Compiled,
    ) -> Prepared {
        Prepared {
            contract,
            number: compiled.terms.contract.clone(),
            title: compiled.terms.title.clone(),
            version,
            effective,
            text_hash,
            version_hash,
            terms_hash: contract::terms_hash(&compiled.terms),
            semantics: compiled.terms.semantics,
            preparation: None,
            subcontracts: Vec::new(),
            lacking: Vec::new(),
            despite: Vec::new(),
        }
    }

    fn event(&self, file: &str, signed: i64, by: &[AccountId]) -> ContractSigned {
        ContractSigned {
            contract: self.contract,
            number: self.number.clone(),
            version: self.version,
            title: self.title.clone(),
            text_hash: self.text_hash.clone(),
            file: file.to_owned(),
            version_hash: self.version_hash.clone(),
            terms_hash: self.terms_hash.clone(),
            semantics: self.semantics,
            signed,
            effective: self.effective,
            signed_by: by.to_vec(),
            preparation: self.preparation.clone(),
            lacking: self.lacking.clone(),
            despite: self.despite.clone(),
            subcontracts: self.subcontracts.clone(),
        }
    }

    fn signed(&self, entry: u64) -> Signed {
        Signed {
            contract: self.contract,
            number: self.number.clone(),
            version: self.version,
            version_hash: self.version_hash.clone(),
            effective: self.effective,
            entry,
        }
    }
}
