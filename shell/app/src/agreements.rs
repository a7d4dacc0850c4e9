//! The contracts of a vault, compiled from the texts that were signed.

use base::Lang;
use base::id::ContractId;
use contract::Compiled;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use store::agreement::{self, SignedVersion};
use store::{StoreError, Tx};
use terms::{History, Version};

use crate::error::{AppError, Refusal, Result};

/// All contracts of a vault.
pub struct Agreements {
    pub contracts: Vec<std::sync::Arc<Agreement>>,
    /// How many versions were read: compared in each write with what is signed.
    pub(crate) count: u64,
}

/// One contract, all its versions.
pub struct Agreement {
    pub id: ContractId,
    pub number: String,
    pub title: String,
    pub history: History,
    pub texts: Vec<SignedText>,
    zone: TimeZone,
}

/// A signed text and its reading.
#[derive(Clone)]
pub struct SignedText {
    pub row: SignedVersion,
    pub compiled: Compiled,
    pub text: String,
}

impl Agreements {
    /// Reads the signed texts and compiles them. What is signed compiled once; if it does not now,
    /// or gives other terms, the program reads it otherwise than it did: a fault, never a guess.
    pub(crate) fn load(tx: &mut dyn Tx) -> Result<Agreements> {
        let rows = agreement::all(tx)?;
        let count = agreement::count(tx)?;
        let mut contracts: Vec<Agreement> = Vec::new();
        for row in rows {
            let bytes = agreement::text(tx, &row.text_hash)?
                .ok_or_else(|| StoreError::Entry(format!("the text {} is missing", row.text_hash)))?;
            let text = String::from_utf8(bytes).map_err(AppError::fault)?;
            if contract::text_hash(&text) != row.text_hash {
                return Err(AppError::fault(format!(
                    "{} version {}: the text kept is not the text signed",
                    row.number, row.version
                )));
            }
            let current = contracts.iter_mut().find(|c| c.id == row.contract);
            let compiled = match &current {
                Some(agreement) => {
                    let base =
                        &agreement.texts.last().expect("invariant: a contract has a first text").compiled;
                    contract::compile_amendment(base, &row.file, &text)
                }
                None => contract::compile(&row.file, &text),
            };
            if contract::terms_hash(&compiled.terms) != row.terms_hash {
                return Err(AppError::fault(format!(
                    "{} version {}: the text now compiles to other terms than those signed",
                    row.number, row.version
                )));
            }
            let effective: Date = row.effective.parse().map_err(AppError::fault)?;
            let version = version(&row.version_hash, effective, &compiled);
            let signed = SignedText { row, compiled, text };
            match current {
                Some(agreement) => agreement.push(version, signed),
                None => contracts.push(Agreement::first(version, signed)?),
            }
        }
        let contracts = contracts.into_iter().map(std::sync::Arc::new).collect();
        Ok(Agreements { contracts, count })
    }

    /// The contract named, or the only one in force at an instant.
    pub fn choose(&self, number: Option<&str>, at: Timestamp) -> Result<&std::sync::Arc<Agreement>> {
        if let Some(number) = number {
            let found = self.contracts.iter().find(|c| c.number == number);
            return found.ok_or_else(|| {
                let known: Vec<&str> = self.contracts.iter().map(|c| c.number.as_str()).collect();
                let known = known.join(", ");
                AppError::invalid(
                    "contract",
                    format!("pas de contrat {number} ; contrats : {known}"),
                    format!("no contract {number}; contracts: {known}"),
                )
            });
        }
        let running: Vec<_> = self.contracts.iter().filter(|c| c.runs_at(at)).collect();
        match running[..] {
            [one] => Ok(one),
            [] => Err(AppError::refused(Refusal::new(
                "contract.none",
                "Aucun contrat n'est en vigueur à cette date.",
                "No contract is in force on that date.",
            ))),
            _ => Err(AppError::invalid(
                "contract",
                "plusieurs contrats sont en vigueur : dites lequel",
                "several contracts are in force: say which",
            )),
        }
    }

    /// The contracts in force at an instant, in the order they were first signed.
    pub fn in_force(&self, at: Timestamp) -> Vec<&std::sync::Arc<Agreement>> {
        self.contracts.iter().filter(|c| c.runs_at(at)).collect()
    }

    pub fn by_id(&self, id: ContractId) -> Result<&std::sync::Arc<Agreement>> {
        self.contracts.iter().find(|c| c.id == id).ok_or(AppError::NotFound)
    }

    pub fn by_number(&self, number: &str) -> Result<&std::sync::Arc<Agreement>> {
        self.contracts.iter().find(|c| c.number == number).ok_or(AppError::NotFound)
    }
}

impl Agreement {
    fn first(version: Version, signed: SignedText) -> Result<Agreement> {
        let zone = TimeZone::get(&version.terms.zone).map_err(AppError::fault)?;
        Ok(Agreement {
            id: signed.row.contract,
            number: signed.row.number.clone(),
            title: signed.row.title.clone(),
            history: History { versions: vec![version] },
            texts: vec![signed],
            zone,
        })
    }

    fn push(&mut self, version: Version, signed: SignedText) {
        self.history.versions.push(version);
        self.texts.push(signed);
    }

    /// The same contract with other versions: what a month would have come to under them.
    pub(crate) fn under(&self, history: History) -> Agreement {
        Agreement {
            id: self.id,
            number: self.number.clone(),
            title: self.title.clone(),
            history,
            texts: self.texts.clone(),
            zone: self.zone.clone(),
        }
    }

    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// The contract's local day at an instant.
    pub fn local_date(&self, at: Timestamp) -> Date {
        at.to_zoned(self.zone.clone()).date()
    }

    /// The instant a local day begins.
    pub fn midnight(&self, date: Date) -> Result<Timestamp> {
        Ok(date.to_zoned(self.zone.clone()).map_err(AppError::fault)?.timestamp())
    }

    pub fn in_force(&self, at: Timestamp) -> Result<&Version> {
        self.history.at(self.local_date(at)).ok_or(AppError::NotFound)
    }

    pub fn version(&self, hash: &str) -> Result<&Version> {
        self.history
            .by_hash(hash)
            .ok_or_else(|| AppError::fault(format!("no version {hash} of {}", self.number)))
    }

    pub fn latest(&self) -> &SignedText {
        self.texts.last().expect("invariant: a contract has a first text")
    }

    /// Whether its term holds this instant; a tacit renewal goes on until somebody gives notice.
    fn runs_at(&self, at: Timestamp) -> bool {
        let date = self.local_date(at);
        let Some(version) = self.history.at(date) else { return false };
        let Some(term) = version.terms.term.as_ref().map(|t| &t.then) else { return true };
        let renewed = matches!(term.renewal, terms::Renewal::Tacit { .. });
        term.start <= date && (renewed || term.end().is_none_or(|end| date <= end))
    }
}

pub(crate) fn version(hash: &str, effective: Date, compiled: &Compiled) -> Version {
    Version { hash: hash.to_owned(), effective, terms: contract::stamped(compiled.terms.clone(), hash) }
}

/// The diagnostics of a text, both languages: what a signature that is refused shows.
pub(crate) fn rendered(compiled: &Compiled) -> (String, String) {
    let style = contract::diagnostic::Style::default();
    let text = |lang| contract::diagnostic::render_all(&compiled.files, &compiled.diagnostics, lang, style);
    (text(Lang::Fr), text(Lang::En))
}
