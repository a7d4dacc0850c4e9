//! Who may do what: roles, acts, and the proof that a right was checked.
//!
//! A use case takes a [`Permit`], which only [`Principal::permit`] makes; forgetting the check does
//! not compile. Without a rule that allows, the answer is no.
//!
//! A person holds assignments: a role everywhere, for one customer, for one of its contracts, or, for a
//! third party, about some items. A permit says which tickets it is good for ([`Permit::scope`]), and
//! every read of tickets takes it.

mod named;
mod role;

use std::collections::BTreeSet;

use base::id::{AccountId, ContractId, CustomerId};
use events::{CallTaker, Dimension, Facts};
use serde::{Deserialize, Serialize};
use store::instance::desk::Reach;
use store::search::Sees;
use store::ticket::{About, Scope, Strand};
use uuid::Uuid;

use crate::error::{AppError, Result};

pub use role::{Act, Role, Side};

/// Who is asking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Principal {
    pub account: AccountId,
    /// The role that the account was made with: it tells the side of the person, and nothing of rights.
    pub role: Role,
    /// The customer that the account was made for; `None` for the provider's staff and third parties.
    pub customer: Option<CustomerId>,
    pub name: String,
    pub email: String,
    /// What the person may do, where, and about what.
    pub assignments: Vec<Assignment>,
}

/// A role that somebody holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assignment {
    pub id: Uuid,
    pub role: Role,
    /// `None` for every customer; the provider's staff only.
    pub customer: Option<CustomerId>,
    /// `None` for every contract of the customer.
    pub contract: Option<ContractId>,
    pub about: Items,
    /// Under a subcontract, the contracts that name it now, as accepted by the customer; it reaches no other.
    pub named_by: Option<Vec<ContractId>>,
}

/// What a third party works on, by the keys of the contract's perimeter. Others have none: they see all.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Items {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub classes: Vec<String>,
    /// The subcontract that it works under, as the contract labels it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subcontract: Option<String>,
}

impl Assignment {
    /// Of a role for a customer, or everywhere, and about everything.
    pub fn whole(id: Uuid, role: Role, customer: Option<CustomerId>) -> Assignment {
        Assignment { id, role, customer, contract: None, about: Items::default(), named_by: None }
    }

    /// Whether the role may, as it is held. What a subcontractor spends is the provider's time; what another
    /// third party spends is between it and the customer, and is no time of this contract.
    fn bears(&self, act: Act) -> bool {
        let subcontracted = self.role.side() != Side::ThirdParty || self.about.subcontract.is_some();
        let of_it = act.allowed_to(self.role) && (act != Act::EnterTime || subcontracted);
        of_it && !self.contracts().is_empty()
    }

    fn allows(&self, act: Act, customer: CustomerId) -> bool {
        let reaches = match self.customer {
            Some(own) => own == customer,
            None => self.role.is_provider(),
        };
        reaches && self.bears(act) && (self.contract.is_none() || act.is_of_a_contract())
    }

    /// The contracts that it is for, `None` for every one; none at all where no contract names its subcontract any
    /// more.
    fn contracts(&self) -> Vec<Option<ContractId>> {
        let Some(named_by) = &self.named_by else { return vec![self.contract] };
        let own = |id: &&ContractId| self.contract.is_none_or(|only| only == **id);
        named_by.iter().filter(own).copied().map(Some).collect()
    }

    /// The tickets that it is good for; `None` for all of the customer's.
    fn strands(&self) -> Option<Vec<Strand>> {
        if self.role.side() == Side::ThirdParty {
            let items = self.about.items.iter().cloned().map(About::Item);
            let about: Vec<About> =
                items.chain(self.about.classes.iter().cloned().map(About::Class)).collect();
            let of = |contract| about.iter().cloned().map(move |about| Strand { contract, about });
            return Some(self.contracts().into_iter().flat_map(of).collect());
        }
        self.contract.map(|contract| vec![Strand { contract: Some(contract), about: About::Anything }])
    }
}

impl Principal {
    /// The proof that this principal may do `act` for `customer`.
    ///
    /// Somebody who holds nothing for a customer learns nothing: as if it did not exist.
    pub fn permit(&self, act: Act, customer: CustomerId) -> Result<Permit> {
        let held: Vec<&Assignment> = self.assignments.iter().filter(|a| a.allows(act, customer)).collect();
        let Some(first) = held.first() else { return Err(AppError::NotFound) };
        let strands: Option<Vec<Vec<Strand>>> = held.iter().map(|a| a.strands()).collect();
        let scope = strands.map_or(Scope::All, |strands| Scope::Only(strands.concat()));
        Ok(Permit { act, customer, role: first.role, scope, by: self.clone() })
    }

    /// The proof for an act that is about the provider's whole instance.
    ///
    /// Somebody who holds a role for some customers only may look at their desk and their week there, and
    /// do nothing else that is about all.
    pub fn permit_instance(&self, act: Act) -> Result<InstancePermit> {
        let held: Vec<&Assignment> = self.assignments.iter().filter(|a| a.bears(act)).collect();
        let everywhere = held.iter().any(|a| a.customer.is_none() && a.role.is_provider());
        if !everywhere {
            if held.is_empty() || !act.is_of_ones_own() {
                return Err(AppError::NotFound);
            }
            let strands = held.iter().filter_map(|a| Some((a.customer?.0, a.strands())));
            let strands = strands.flat_map(|(customer, strands)| {
                let all = || vec![Strand { contract: None, about: About::Anything }];
                strands.unwrap_or_else(all).into_iter().map(move |strand| (customer, strand))
            });
            return Ok(InstancePermit { act, reach: Reach::Only(strands.collect()), by: self.clone() });
        }
        Ok(InstancePermit { act, reach: Reach::All, by: self.clone() })
    }

    /// Whether the person may do it somewhere: what a page shows a way to.
    pub fn may(&self, act: Act) -> bool {
        self.assignments.iter().any(|a| a.bears(act))
    }

    /// Whether the person may do it for a customer.
    pub fn may_for(&self, act: Act, customer: CustomerId) -> bool {
        self.assignments.iter().any(|a| a.allows(act, customer))
    }

    /// The customers for whom the person may do it, each once; `None` when it is for every one.
    pub(crate) fn customers_of(&self, act: Act) -> Option<Vec<CustomerId>> {
        let mut few = Vec::new();
        for held in &self.assignments {
            match held.customer {
                None if held.role.is_provider() && held.contract.is_none() && held.bears(act) => return None,
                Some(customer) if held.allows(act, customer) && !few.contains(&customer) => {
                    few.push(customer)
                }
                _ => {}
            }
        }
        Some(few)
    }

    /// The same person with the one role that the account was made with, and nothing else.
    #[must_use]
    pub fn at_home(mut self) -> Principal {
        self.assignments = vec![Assignment::whole(self.account.0, self.role, self.customer)];
        self
    }
}

/// Proof that an act was allowed for one customer.
#[derive(Debug, Clone)]
pub struct Permit {
    act: Act,
    customer: CustomerId,
    role: Role,
    scope: Scope,
    by: Principal,
}

impl Permit {
    pub fn customer(&self) -> CustomerId {
        self.customer
    }

    pub fn by(&self) -> &Principal {
        &self.by
    }

    /// The role by which it is allowed.
    pub fn role(&self) -> Role {
        self.role
    }

    /// The roles by which the person may take the customer's calls, each once.
    pub(crate) fn call_takers(&self) -> Vec<CallTaker> {
        let held = self.by.assignments.iter().filter(|a| a.allows(Act::RecordCall, self.customer));
        let roles: BTreeSet<CallTaker> = held.filter_map(|a| CallTaker::from_key(a.role.key())).collect();
        roles.into_iter().collect()
    }

    /// The tickets that it is good for: every read of tickets takes it.
    pub fn scope(&self) -> &Scope {
        &self.scope
    }

    /// Which texts of these tickets may be read under it.
    pub(crate) fn sees_texts(&self) -> Sees {
        match self.role.side() {
            Side::Provider => Sees::Everything,
            Side::Customer => Sees::AsCustomer,
            Side::ThirdParty => Sees::AsThirdParty,
        }
    }

    /// Whether the contract's rules and figures may be looked at under it.
    pub fn sees(&self, contract: ContractId) -> bool {
        match &self.scope {
            Scope::All => true,
            Scope::Only(strands) => strands.iter().any(|s| s.contract.is_none_or(|only| only == contract)),
        }
    }

    /// Whether tickets about an item of a contract's perimeter may be seen under it.
    pub fn sees_item(&self, contract: ContractId, item: &str, class: Option<&str>) -> bool {
        let facts = Facts::default().with(Dimension::Item, item);
        let facts = class.map_or(facts.clone(), |class| facts.with(Dimension::ItemClass, class));
        self.scope.lets_facts(contract, &facts)
    }

    /// Use cases state which act they need; another permit is a defect of the caller.
    pub(crate) fn covers(&self, act: Act) -> Result<()> {
        if self.act == act { Ok(()) } else { Err(AppError::NotFound) }
    }
}

/// Proof that an act was allowed on the instance.
#[derive(Debug, Clone)]
pub struct InstancePermit {
    act: Act,
    reach: Reach,
    by: Principal,
}

impl InstancePermit {
    pub fn by(&self) -> &Principal {
        &self.by
    }

    /// The lines of the desk that it is good for.
    pub(crate) fn reach(&self) -> &Reach {
        &self.reach
    }

    pub(crate) fn covers(&self, act: Act) -> Result<()> {
        if self.act == act { Ok(()) } else { Err(AppError::NotFound) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A contract weighs a call by the role of whoever took it: a role that it could not name would weigh nothing.
    #[test]
    fn whoever_may_record_a_call_has_a_role_that_contracts_name() {
        for role in Role::ALL {
            let named = CallTaker::from_key(role.key()).is_some();
            assert_eq!(Act::RecordCall.allowed_to(role), named, "{}", role.key());
        }
    }
}
