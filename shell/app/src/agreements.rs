//! The contracts of a vault, compiled from the texts that were signed.

use std::sync::OnceLock;

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
use crate::search::Words;

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
    /// Of the last text: made at the first search.
    words: OnceLock<Words>,
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
        // An order may have been given an identifier that comes before its master's.
        let mut orders: Vec<(SignedVersion, String)> = Vec::new();
        for row in rows {
            let text = signed_text(tx, &row)?;
            let known = contracts.iter().any(|c| c.id == row.contract);
            if !known && (orders.iter().any(|(o, _)| o.contract == row.contract) || is_order(&row, &text)) {
                orders.push((row, text));
            } else {
                add(&mut contracts, row, text)?;
            }
        }
        for (row, text) in orders {
            add(&mut contracts, row, text)?;
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

/// The text of a version, which must be the one that was signed.
fn signed_text(tx: &mut dyn Tx, row: &SignedVersion) -> Result<String> {
    let bytes = agreement::text(tx, &row.text_hash)?
        .ok_or_else(|| StoreError::Entry(format!("the text {} is missing", row.text_hash)))?;
    let text = String::from_utf8(bytes).map_err(AppError::fault)?;
    if contract::text_hash(&text) != row.text_hash {
        return Err(AppError::fault(format!(
            "{} version {}: the text kept is not the text signed",
            row.number, row.version
        )));
    }
    Ok(text)
}

/// Whether a first text stands on an overarching contract.
fn is_order(row: &SignedVersion, text: &str) -> bool {
    // A cheap look first: few texts are orders.
    text.contains("order_of") && contract::compile(&row.file, text).front_matter.order_of.is_some()
}

/// Compiles a version after those of its contract, or an order over its master, and keeps it.
fn add(contracts: &mut Vec<Agreement>, row: SignedVersion, text: String) -> Result<()> {
    let current = contracts.iter().position(|c| c.id == row.contract);
    let compiled = match current {
        Some(at) => contract::compile_amendment(&contracts[at].latest().compiled, &row.file, &text),
        None => first_text(contracts, &row, &text)?,
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
        Some(at) => contracts[at].push(version, signed),
        None => contracts.push(Agreement::first(version, signed)?),
    }
    Ok(())
}

/// A contract's own text; an order's over its master as it was when the order was signed, which the
/// name of the order's version tells.
fn first_text(contracts: &[Agreement], row: &SignedVersion, text: &str) -> Result<Compiled> {
    let alone = contract::compile(&row.file, text);
    let Some(number) = &alone.front_matter.order_of else { return Ok(alone) };
    let master = contracts.iter().find(|c| c.number == *number);
    let under = master.and_then(|master| {
        let names = |at: &usize| master.order_hash(*at, text) == row.version_hash;
        (0..master.texts.len()).find(names).map(|at| &master.texts[at].compiled)
    });
    let under = under.ok_or_else(|| {
        AppError::fault(format!("{}: the version of {number} that it stands on is not here", row.number))
    })?;
    Ok(contract::compile_order(under, &row.file, text))
}

impl Agreement {
    /// The name of an order's version under the version of this contract at a place: of the texts of
    /// both, so the order names the master that it was signed under.
    pub(crate) fn order_hash(&self, at: usize, order: &str) -> String {
        let texts: Vec<&str> =
            self.texts[..=at].iter().map(|t| t.text.as_str()).chain(std::iter::once(order)).collect();
        contract::version_hash(&texts)
    }

    fn first(version: Version, signed: SignedText) -> Result<Agreement> {
        let zone = TimeZone::get(&version.terms.zone).map_err(AppError::fault)?;
        Ok(Agreement {
            id: signed.row.contract,
            number: signed.row.number.clone(),
            title: signed.row.title.clone(),
            history: History { versions: vec![version] },
            texts: vec![signed],
            zone,
            words: OnceLock::new(),
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
            words: OnceLock::new(),
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

    /// The words of what is looked through, in the last text.
    pub(crate) fn words(&self) -> &Words {
        self.words.get_or_init(|| Words::of(&self.latest().compiled))
    }

    /// Whether it is signed and its term is still to come.
    pub(crate) fn starts_after(&self, at: Timestamp) -> bool {
        let term = self.latest().compiled.terms.term.as_ref();
        term.is_some_and(|term| term.then.start > self.local_date(at))
    }

    /// Whether its term holds this instant; a tacit renewal goes on until somebody gives notice.
    pub(crate) fn runs_at(&self, at: Timestamp) -> bool {
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
