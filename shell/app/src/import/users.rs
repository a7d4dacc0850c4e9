//! People and equipment of another tool: accounts to invite, and a perimeter to compare.

use base::Bilingual;
use base::id::CustomerId;
use jiff::Timestamp;
use store::instance::accounts;

use super::{Remark, Source, items, people};
use crate::access::{Act, InstancePermit, Permit, Role, Side};
use crate::accounts::{Link, NewPerson};
use crate::error::{AppError, Result};
use crate::instance::App;

/// What became of a file of people.
#[derive(Debug)]
pub struct People {
    pub invited: Vec<Invited>,
    /// Those who had an account for this customer.
    pub known: usize,
    pub remarks: Vec<Remark>,
    pub left: Vec<String>,
}

#[derive(Debug)]
pub struct Invited {
    pub email: String,
    pub name: String,
    /// `None` in a preview.
    pub link: Option<Link>,
}

/// Whose an address is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    Nobody,
    /// Somebody's of the customer.
    Here,
    Elsewhere,
}

pub(super) fn elsewhere() -> Bilingual {
    Bilingual::new(
        "cette adresse a un compte, qui n’est pas de ce client",
        "this address has an account, which is not of this customer",
    )
}

impl Invited {
    /// Until when the link serves.
    pub fn until(&self) -> Option<Timestamp> {
        self.link.as_ref().map(|link| link.until)
    }
}

impl App {
    /// Invites the people of a file for a customer, with a role of the customer's; in a preview, nobody.
    ///
    /// An address comes once: who has an account for the customer keeps it as it is, and an address that is
    /// somebody's elsewhere is told and left.
    pub fn import_people(
        &self,
        permit: &InstancePermit,
        (customer, role): (CustomerId, Role),
        (source, file): (Source, &[u8]),
        preview: bool,
    ) -> Result<People> {
        permit.covers(Act::ManageAccounts)?;
        if role.side() != Side::Customer {
            return Err(AppError::invalid("role", "un rôle du client", "a role of the customer’s"));
        }
        let people::Read { rows, mut remarks, left } = people::read(source, file)?;
        let (mut invited, mut known) = (Vec::new(), 0);
        for row in rows {
            match self.standing_of(customer, &row.email)? {
                Standing::Here => known += 1,
                Standing::Elsewhere => {
                    remarks.push(Remark { line: row.line, text: elsewhere(), advice: None, fault: true });
                }
                Standing::Nobody => {
                    let person = NewPerson {
                        email: row.email.clone(),
                        name: row.name.clone(),
                        role,
                        customer: Some(customer),
                    };
                    let link = if preview { None } else { Some(self.invite(permit, &person)?) };
                    invited.push(Invited { email: row.email, name: row.name, link });
                }
            }
        }
        remarks.sort_by_key(|remark| remark.line);
        Ok(People { invited, known, remarks, left })
    }

    /// Whose an address is.
    pub(super) fn standing_of(&self, customer: CustomerId, email: &str) -> Result<Standing> {
        let email = email.to_owned();
        let found = self.instance.read::<_, AppError, _>(move |tx| Ok(accounts::by_email(tx, &email)?))?;
        Ok(match found {
            None => Standing::Nobody,
            Some(account) if account.customer == Some(customer.0) => Standing::Here,
            Some(_) => Standing::Elsewhere,
        })
    }

    /// Sets the equipment of a file against the perimeter of a contract in force. Nothing is written: a
    /// perimeter is signed.
    pub fn compare_items(
        &self,
        permit: &Permit,
        contract: Option<&str>,
        (source, file): (Source, &[u8]),
    ) -> Result<(items::Compared, Vec<Remark>)> {
        permit.covers(Act::SeeContract)?;
        let (vault, now) = (self.vault(permit.customer())?, self.now());
        let agreement = vault.agreements()?.choose(contract, now)?.clone();
        let read = items::read(source, file)?;
        Ok((items::compare(&agreement.in_force(now)?.terms, &read.rows), read.remarks))
    }
}
