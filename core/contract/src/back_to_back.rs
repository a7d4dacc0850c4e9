//! Back to back: can each promise to the customer be kept with what is bought from subcontractors?
//!
//! The customer's contract names, for each subcontractor, the promises that rest on it; the subcontract
//! must then promise as much, at all the times at which the customer's contract runs. Places,
//! retention, notices and the exit are compared whether or not a promise rests on them, because they
//! bind the whole chain (law 75-1334; GDPR art. 28(4); Reg. (EU) 2022/2554, art. 30(2)(a)).

mod coverage;
mod promises;
mod security;
mod whole;

use engines::boundary;
use terms::boundary::Subcontractor;
use terms::{Party, PartyRole, Rule};

use crate::compile::Compiled;
use crate::diagnostic::Diagnostic;
use crate::source::{File, Span};

/// What the comparison says; `files` are the customer's contract's, then each subcontract's.
#[derive(Clone, Debug)]
pub struct BackToBack {
    pub diagnostics: Vec<Diagnostic>,
    pub files: Vec<File>,
}

impl BackToBack {
    /// Every promise can be kept with what is bought.
    pub fn holds(&self) -> bool {
        !self.diagnostics.iter().any(Diagnostic::is_error)
    }
}

/// Compares a customer's contract with the subcontracts it rests on.
pub fn back_to_back(customer: &Compiled, subcontracts: &[Compiled]) -> BackToBack {
    let mut files = customer.files.clone();
    let mut diagnostics = Vec::new();
    let mut met = Vec::new();
    for subcontract in subcontracts {
        let pair = Pair { customer, subcontract, first_file: files.len() };
        files.extend(subcontract.files.iter().cloned());
        // A text that does not compile promises nothing that could be compared.
        diagnostics.extend(subcontract.diagnostics.iter().filter(|d| d.is_error()).cloned().map(|mut d| {
            d.span.file += pair.first_file;
            d.related.iter_mut().for_each(|r| r.span.file += pair.first_file);
            d
        }));
        if let Some(link) = pair.link(&mut diagnostics) {
            met.push(link.subcontractor);
            promises::check(&pair, &link, &mut diagnostics);
            whole::check(&pair, &mut diagnostics);
            security::check(&pair, &mut diagnostics);
        }
    }
    unmet(customer, &met, &mut diagnostics);
    diagnostics.sort_by_key(|d| (d.span.file, d.span.start, d.code));
    BackToBack { diagnostics, files }
}

/// Both ends of a comparison.
struct Pair<'a> {
    customer: &'a Compiled,
    subcontract: &'a Compiled,
    /// Where the subcontract's files begin among all.
    first_file: usize,
}

impl<'a> Pair<'a> {
    /// The place of a clause of the customer's contract.
    fn here(&self, label: &str) -> Span {
        self.customer.clauses.iter().find(|c| c.label == label).map_or(Span::default(), |c| c.label_span)
    }

    /// The place of a field of the subcontract, or of its clause.
    fn there(&self, label: &str, field: &str) -> Span {
        let clause = self.subcontract.clauses.iter().find(|c| c.label == label);
        let span = clause.map_or(Span::default(), |c| c.place_of(field));
        Span { file: span.file + self.first_file, ..span }
    }

    /// The top of the subcontract, for what it does not say at all.
    fn nowhere(&self) -> Span {
        Span { file: self.first_file, start: 0, end: 3 }
    }

    /// Who is who: the subcontract's customer is the contract's provider, and its provider is one of the
    /// subcontractors that the contract names.
    fn link(&self, out: &mut Vec<Diagnostic>) -> Option<Link<'a>> {
        let number = &self.customer.terms.contract;
        let front = &self.subcontract.front_matter;
        // A subcontract made for an overarching contract serves its orders.
        let master = self.customer.front_matter.order_of.as_ref();
        let serves = |named: &String| named == number || Some(named) == master;
        if !front.subcontract_of.as_ref().is_some_and(serves) {
            out.push(
                Diagnostic::error(
                    "E-BACK-CONTRACT",
                    self.nowhere(),
                    format!("ce texte n'est pas un sous-contrat de {number}"),
                    format!("this text is not a subcontract of {number}"),
                )
                .help(
                    format!("écrivez subcontract_of = \"{number}\" dans son en-tête"),
                    format!("write subcontract_of = \"{number}\" in its front matter"),
                ),
            );
            return None;
        }
        let provider = self.customer.terms.party(PartyRole::Provider)?;
        let buyer = self.subcontract.terms.party(PartyRole::Customer);
        if !buyer.is_some_and(|b| same(&b.then, &provider.then)) {
            out.push(self.stranger(buyer, &provider.then.name, ("le client", "the customer")));
            return None;
        }
        let seller = self.subcontract.terms.party(PartyRole::Provider);
        let party = self
            .customer
            .terms
            .parties
            .iter()
            .filter(|p| p.then.role == PartyRole::Subcontractor)
            .find(|p| seller.is_some_and(|s| same(&s.then, &p.then)));
        let entry = party.and_then(|party| {
            boundary::chain(&self.customer.terms).find(|(_, sub)| sub.party == party.label())
        });
        let Some((rule, subcontractor)) = entry else {
            out.push(self.stranger(seller, number, ("le sous-traitant", "the subcontractor")));
            return None;
        };
        Some(Link { clause: rule.label(), subcontractor })
    }

    fn stranger(&self, party: Option<&Rule<Party>>, wanted: &str, (fr, en): (&str, &str)) -> Diagnostic {
        let name = party.map_or("?", |p| p.then.name.as_str());
        let place = party.map_or(self.nowhere(), |p| self.there(p.label(), "name"));
        Diagnostic::error(
            "E-BACK-PARTY",
            place,
            format!("{fr} de ce sous-contrat, {name}, n'est pas connu comme tel de {wanted}"),
            format!("{en} of this subcontract, {name}, is not known as such to {wanted}"),
        )
        .help(
            "le client du sous-contrat est le prestataire du contrat ; son prestataire y est cité par une clause subcontracting",
            "the subcontract's customer is the contract's provider; its provider is named there by a clause subcontracting",
        )
    }
}

/// The entry of the customer's contract that a subcontract answers.
struct Link<'a> {
    /// The label of the clause that holds the entry.
    clause: &'a str,
    subcontractor: &'a Subcontractor,
}

/// The same company: by its number when both have one, else by name.
fn same(a: &Party, b: &Party) -> bool {
    match (&a.siren, &b.siren, &a.lei, &b.lei) {
        (Some(a), Some(b), _, _) => a == b,
        (_, _, Some(a), Some(b)) => a == b,
        _ => a.name == b.name,
    }
}

/// Promises that rest on a subcontractor whose contract was not given.
fn unmet(customer: &Compiled, met: &[&Subcontractor], out: &mut Vec<Diagnostic>) {
    for (rule, sub) in boundary::chain(&customer.terms) {
        let seen = met.iter().any(|m| m.party == sub.party);
        // A subcontractor of a subcontractor answers to the subcontract above it.
        if seen || sub.relied_on_for.is_empty() || sub.works_for.is_some() {
            continue;
        }
        let span = customer
            .clauses
            .iter()
            .find(|c| c.label == rule.label())
            .map_or(Span::default(), |c| c.label_span);
        let (party, promises) = (&sub.party, sub.relied_on_for.join(", "));
        out.push(
            Diagnostic::error(
                "E-BACK-ABSENT",
                span,
                format!("{promises} repose sur « {party} », dont le sous-contrat n'est pas donné"),
                format!("{promises} rests on “{party}”, whose subcontract was not given"),
            )
            .help("donnez son texte par --subcontract FICHIER", "give its text with --subcontract FILE"),
        );
    }
}
