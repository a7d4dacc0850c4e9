//! The subcontractors whose people may be given a role, and keep what it opens: those that a contract names.
//!
//! The customer accepts each of them (loi n° 75-1334, art. 3); nobody is given a role as working for one that
//! waits for it. A third party that works for no subcontractor is the customer's own.

use std::sync::Arc;

use base::id::{ContractId, CustomerId};
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

    /// The contracts that name a subcontractor, as accepted by the customer by now. One that ended names it still: its
    /// tickets are there.
    pub(crate) fn naming(&self, customer: CustomerId, label: &str) -> Result<Vec<ContractId>> {
        let (vault, now) = (self.vault(customer)?, self.now());
        let agreements = vault.agreements()?;
        Ok(named_by(&agreements, label, now)?.into_iter().map(|agreement| agreement.id).collect())
    }
}

pub(crate) fn named_by<'a>(
    agreements: &'a Agreements,
    label: &str,
    now: Timestamp,
) -> Result<Vec<&'a Arc<Agreement>>> {
    let mut found = Vec::new();
    for agreement in &agreements.contracts {
        if of_contract(agreement, now)?.iter().any(|one| one.label == label && one.accepted) {
            found.push(agreement);
        }
    }
    Ok(found)
}

/// The label asked, once each contract that the role is for names it and the customer has accepted it there.
///
/// A role given for every contract reaches the tickets of each, those to start included: one that does not name the
/// subcontractor, or waits for its acceptance, would be opened by another's.
pub(crate) fn check(
    agreements: &Agreements,
    contract: Option<ContractId>,
    label: &str,
    now: Timestamp,
) -> Result<()> {
    let (mut named, mut without) = (Vec::new(), false);
    let reached =
        |a: &&Arc<Agreement>| contract.is_none_or(|id| id == a.id) && (a.runs_at(now) || a.starts_after(now));
    for agreement in agreements.contracts.iter().filter(reached) {
        let found = of_contract(agreement, now)?.into_iter().find(|one| one.label == label);
        without |= found.is_none();
        named.extend(found);
    }
    let Some(first) = named.first() else {
        return Err(AppError::invalid(
            "subcontract",
            format!("« {label} » n'est pas un sous-traitant du contrat"),
            format!("“{label}” is not a subcontractor of the contract"),
        ));
    };
    if let Some(waits) = named.iter().find(|one| !one.accepted) {
        let (name, number) = (&waits.name, &waits.contract);
        return Err(AppError::invalid(
            "subcontract",
            format!(
                "{name} n'est pas encore accepté par le client pour {number}\u{a0}: aucun accès d'ici là"
            ),
            format!("{name} is not accepted by the customer yet for {number}: no access until then"),
        ));
    }
    if without {
        let (name, number) = (&first.name, &first.contract);
        return Err(AppError::invalid(
            "contract",
            format!(
                "{name} n'est pas sous-traitant de tous les contrats\u{a0}: dites pour lequel, {number} par exemple"
            ),
            format!("{name} is not a subcontractor of every contract: say for which, {number} for one"),
        ));
    }
    Ok(())
}

fn of_contract(agreement: &Agreement, now: Timestamp) -> Result<Vec<Subcontracted>> {
    // One that starts later is read as it was signed.
    let terms = agreement.in_force(now).map_or(&agreement.latest().compiled.terms, |version| &version.terms);
    let today = agreement.local_date(now);
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
