//! What the compiler says of a text being written, read with the contract it amends if it amends one.

use std::sync::Arc;

use base::Lang;
use contract::{Compiled, Diagnostic, Severity};
use jiff::civil::Date;
use terms::boundary::Subcontractor;
use terms::{History, PartyRole};

use super::Kind;
use super::subcontracts::Subcontract;
use crate::access::{Act, Permit};
use crate::agreements::{Agreement, version};
use crate::error::Result;
use crate::instance::App;
use crate::sign::Beside;

/// A text and everything the compiler makes of it.
pub struct Checked {
    /// The whole version: of an amendment, the contract as it would stand.
    pub compiled: Compiled,
    /// Index in `compiled.files` of the text itself; those before are what it amends.
    pub file: usize,
    pub kind: Kind,
    /// The contract it amends, or the overarching one it orders under.
    pub base: Option<Arc<Agreement>>,
    pub text: String,
}

impl App {
    /// Compiles a text as the draft of this kind. Nothing is kept.
    pub fn check_draft(
        &self,
        permit: &Permit,
        kind: Kind,
        base: Option<&str>,
        text: &str,
    ) -> Result<Checked> {
        permit.covers(Act::SeeDrafts)?;
        let base = match base {
            Some(number) => Some(self.vault(permit.customer())?.agreements()?.by_number(number)?.clone()),
            None => None,
        };
        Ok(Checked::of(kind, base, text))
    }
}

/// The name a text goes by until it is signed, and is kept under then.
pub(super) fn file_name(kind: Kind, base: Option<&Agreement>) -> String {
    let order = base.map_or(0, |b| b.texts.len());
    match kind {
        Kind::Contract => "contrat.md".to_owned(),
        Kind::Amendment => format!("avenant-{order}.md"),
        Kind::Order => format!("commande-{order}.md"),
    }
}

/// A subcontractor that a text names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named<'a> {
    pub name: String,
    /// The labels of the promises that rest on it.
    pub relied_on_for: Vec<String>,
    /// It works for another subcontractor, whose contract answers for it.
    pub below: bool,
    /// Its contract, if the draft holds it.
    pub text: Option<&'a Subcontract>,
}

/// What stands beside a draft, as the signature's gate reads it.
pub(super) fn beside(preparation: &str, subcontracts: &[Subcontract]) -> Beside {
    Beside {
        preparation: preparation.to_owned(),
        subcontracts: subcontracts.iter().map(|s| (s.name.clone(), s.text.clone())).collect(),
        despite: Vec::new(),
    }
}

impl Checked {
    pub(super) fn of(kind: Kind, base: Option<Arc<Agreement>>, text: &str) -> Checked {
        let name = file_name(kind, base.as_deref());
        let compiled = match &base {
            Some(base) if kind == Kind::Order => {
                contract::compile_order(&base.latest().compiled, &name, text)
            }
            Some(base) => contract::compile_amendment(&base.latest().compiled, &name, text),
            None => contract::compile(&name, text),
        };
        let file = compiled.files.len() - 1;
        Checked { compiled, file, kind, base, text: text.to_owned() }
    }

    /// What stands between this text, prepared so, and its signature: the errors, then what was only a
    /// remark while it was written, what its preparation file lacks, and each promise that these
    /// subcontracts cannot keep.
    pub fn gate(&self, preparation: &str, subcontracts: &[Subcontract]) -> contract::gate::Gate {
        crate::sign::gate(&self.compiled, &beside(preparation, subcontracts))
    }

    /// The subcontractors that the text names, each with the one of these texts that is its contract.
    pub fn named<'a>(&self, subcontracts: &'a [Subcontract]) -> Vec<Named<'a>> {
        let terms = &self.compiled.terms;
        let sellers: Vec<(&Subcontract, Compiled)> =
            subcontracts.iter().map(|s| (s, contract::compile(&s.name, &s.text))).collect();
        let one = |sub: &Subcontractor| {
            let party = terms.parties.iter().find(|p| p.label() == sub.party).map(|p| &p.then);
            let sells = |bought: &Compiled| {
                let seller = bought.terms.party(PartyRole::Provider).map(|p| &p.then);
                seller
                    .zip(party)
                    .is_some_and(|(a, b)| a.name == b.name || (a.siren.is_some() && a.siren == b.siren))
            };
            Named {
                name: party.map_or_else(|| sub.party.clone(), |p| p.name.clone()),
                relied_on_for: sub.relied_on_for.clone(),
                below: sub.works_for.is_some(),
                text: sellers.iter().find(|(_, bought)| sells(bought)).map(|(s, _)| *s),
            }
        };
        engines::boundary::chain(terms).map(|(_, sub)| one(sub)).collect()
    }

    /// What keeps the text from running at all.
    pub fn missing(&self) -> impl Iterator<Item = &Diagnostic> {
        self.compiled.diagnostics.iter().filter(|d| d.severity == Severity::Error)
    }

    pub fn is_signable(&self) -> bool {
        self.missing().next().is_none()
    }

    /// The line of a place of the text itself, from 1; `None`: in what it amends.
    pub fn line(&self, span: contract::source::Span) -> Option<u32> {
        (span.file == self.file).then(|| self.compiled.files[span.file].position(span.start).line)
    }

    /// The contract that this text changes: `None` of a contract, and of an order, which has its own life.
    pub fn amended(&self) -> Option<&Arc<Agreement>> {
        self.base.as_ref().filter(|_| self.kind != Kind::Order)
    }

    /// The contract through time with this text as its last version.
    pub fn history(&self) -> History {
        let (front, terms) = (&self.compiled.front_matter, &self.compiled.terms);
        let start = terms.term.as_ref().map(|t| t.then.start);
        let effective = front.effective.or(start).unwrap_or(Date::MIN);
        let mut history = self.amended().map(|b| b.history.clone()).unwrap_or_default();
        let hash = contract::text_hash(&self.text);
        history.versions.push(version(&hash, effective, &self.compiled));
        history
    }

    /// The diagnostics as a terminal shows them.
    pub fn rendered(&self, lang: Lang) -> String {
        let style = contract::diagnostic::Style::default();
        contract::diagnostic::render_all(&self.compiled.files, &self.compiled.diagnostics, lang, style)
    }
}
