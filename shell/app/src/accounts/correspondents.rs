//! The people that mail is exchanged with: accounts that may be written to, and be believed.

use std::collections::BTreeSet;

use base::id::{AccountId, CustomerId};
use store::Tx;
use store::instance::accounts;
use store::instance::assignments::{self, Held};

use super::roles::role;
use crate::access::{Principal, Role, Side};
use crate::error::{AppError, Result};
use crate::instance::App;

impl App {
    /// The person of an account; `None` when it is not there or is disabled.
    pub(crate) fn correspondent(&self, id: AccountId) -> Result<Option<Principal>> {
        let found = self.instance.read::<_, AppError, _>(move |tx| Ok(accounts::by_id(tx, id.0)?))?;
        found.filter(|a| !a.disabled).map(|a| self.person(a)).transpose()
    }

    /// The person of an address; `None` when nobody has it, or the account is disabled.
    pub(crate) fn correspondent_at(&self, email: &str) -> Result<Option<Principal>> {
        let email = email.to_owned();
        let found = self.instance.read::<_, AppError, _>(move |tx| Ok(accounts::by_email(tx, &email)?))?;
        found.filter(|a| !a.disabled).map(|a| self.person(a)).transpose()
    }

    /// Everybody who holds a role for a customer, there only or everywhere.
    pub(crate) fn correspondents(&self, role: Role, customer: CustomerId) -> Result<BTreeSet<AccountId>> {
        let read = move |tx: &mut dyn Tx| Ok(assignments::with_role(tx, customer.0, role.key())?);
        let held = self.instance.read::<_, AppError, _>(read)?;
        Ok(held.into_iter().map(AccountId).collect())
    }

    /// Everybody in use who is of no customer and holds a role for one or for every one, by name: the
    /// provider's people and third parties, with what they hold there and nothing else.
    pub(crate) fn staff_for(&self, customer: CustomerId) -> Result<Vec<Principal>> {
        Ok(self.people_for(customer)?.into_iter().filter(|person| person.customer.is_none()).collect())
    }

    /// The same with the customer's own people.
    pub(crate) fn people_for(&self, customer: CustomerId) -> Result<Vec<Principal>> {
        let held =
            self.instance.read::<_, AppError, _>(move |tx| Ok(assignments::of_people(tx, customer.0)?))?;
        self.held_by_person(held)
    }

    /// Those from among whom somebody of a side may choose, the customer's own for its people; `None` when they
    /// are more than `most`, who are counted before any is read.
    pub(crate) fn people_to_list(
        &self,
        customer: CustomerId,
        asker: Side,
        most: u32,
    ) -> Result<Option<Vec<Principal>>> {
        let own = asker == Side::Customer;
        let held = self.instance.read::<_, AppError, _>(move |tx| {
            if assignments::count_people(tx, customer.0, own, most.saturating_add(1))? > most.into() {
                return Ok(None);
            }
            let held = if own { assignments::of_own } else { assignments::of_people };
            Ok(Some(held(tx, customer.0)?))
        })?;
        held.map(|held| self.held_by_person(held)).transpose()
    }

    fn held_by_person(&self, held: Vec<Held>) -> Result<Vec<Principal>> {
        let mut people: Vec<Principal> = Vec::new();
        for one in held {
            let (account, held) = (AccountId(one.assignment.account), self.reaching(&one.assignment)?);
            match people.last_mut().filter(|person| person.account == account) {
                Some(person) => person.assignments.push(held),
                None => people.push(Principal {
                    account,
                    role: role(&one.home)?,
                    customer: one.of.map(CustomerId),
                    name: one.name,
                    email: one.email,
                    assignments: vec![held],
                }),
            }
        }
        Ok(people)
    }
}
