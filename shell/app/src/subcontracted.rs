//! The subcontractors whose people may be given a role: those that a contract in force names.
//!
//! The customer accepts each of them (loi n° 75-1334, art. 3); one that waits for it has no access, whoever
//! would give it.

use base::id::ContractId;
use jiff::Timestamp;
use terms::boundary::Boundary;

use crate::access::{Act, Permit};
use crate::agreements::{Agreement, Agreements};
use crate::error::{AppError, Result};
use crate::instance::App;

/// A subcontractor of a contract in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subcontracted {
    /// As the contract labels it.
    pub label: String,
    /// Its name; its label where its party has none.
    pub name: String,
    /// The number of the customer's contract that names it.
    pub contract: String,
    /// The customer has accepted it by now.
    pub accepted: bool,
}

impl App {
    /// The subcontractors of the contracts in force, in the order of their texts.
    pub fn subcontracted(&self, permit: &Permit) -> Result<Vec<Subcontracted>> {
        permit.covers(Act::ManagePeople)?;
        let (vault, now) = (self.vault(permit.customer())?, self.now());
        let agreements = vault.agreements()?;
        let each = agreements.in_force(now).into_iter().map(|agreement| of_contract(agreement, now));
        Ok(each.collect::<Result<Vec<_>>>()?.concat())
    }
}

/// The label asked, once a contract that the role is for names it and the customer has accepted it.
pub(crate) fn check(
    agreements: &Agreements,
    contract: Option<ContractId>,
    label: &str,
    now: Timestamp,
) -> Result<()> {
    let mut found = Vec::new();
    for agreement in agreements.in_force(now).into_iter().filter(|a| contract.is_none_or(|id| id == a.id)) {
        found.extend(of_contract(agreement, now)?.into_iter().filter(|one| one.label == label));
    }
    match found.first() {
        None => Err(AppError::invalid(
            "subcontract",
            format!("« {label} » n'est pas un sous-traitant du contrat"),
            format!("“{label}” is not a subcontractor of the contract"),
        )),
        Some(one) if !found.iter().any(|one| one.accepted) => Err(AppError::invalid(
            "subcontract",
            format!("{} n'est pas encore accepté par le client\u{a0}: aucun accès d'ici là", one.name),
            format!("{} is not accepted by the customer yet: no access until then", one.name),
        )),
        Some(_) => Ok(()),
    }
}

fn of_contract(agreement: &Agreement, now: Timestamp) -> Result<Vec<Subcontracted>> {
    let (terms, today) = (&agreement.in_force(now)?.terms, agreement.local_date(now));
    let one = |boundary: &Boundary| match boundary {
        Boundary::Subcontractor(one) => {
            let party = terms.parties.iter().find(|party| party.label() == one.party);
            Some(Subcontracted {
                name: party.map_or_else(|| one.party.clone(), |party| party.then.name.clone()),
                label: one.party.clone(),
                contract: agreement.number.clone(),
                accepted: one.accepted.is_some_and(|day| day <= today),
            })
        }
        _ => None,
    };
    Ok(terms.boundaries.iter().filter_map(|rule| one(&rule.then)).collect())
}
