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

/// Whose the address of somebody of a file is.
#[derive(Debug)]
pub(super) enum Standing {
    /// Nobody's yet: they can be invited.
    New(NewPerson),
    /// Somebody's of the customer.
    Here,
    /// Somebody else's: what is said of it.
    Elsewhere(Bilingual),
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
            match self.standing_of(customer, role, &row)? {
                Standing::Here => known += 1,
                Standing::Elsewhere(Bilingual { fr, en }) => remarks.push(Remark::fault(row.line, fr, en)),
                Standing::New(person) => {
                    let link = if preview { None } else { Some(self.invite(permit, &person)?) };
                    invited.push(Invited { email: row.email, name: row.name, link });
                }
            }
        }
        remarks.sort_by_key(|remark| remark.line);
        Ok(People { invited, known, remarks, left })
    }

    /// Whose the address of somebody of a file is; with the role that they would get.
    pub(super) fn standing_of(
        &self,
        customer: CustomerId,
        role: Role,
        row: &people::Row,
    ) -> Result<Standing> {
        let email = row.email.clone();
        let found = self.instance.read::<_, AppError, _>(move |tx| Ok(accounts::by_email(tx, &email)?))?;
        let (email, name) = (row.email.clone(), row.name.clone());
        Ok(match found {
            None => Standing::New(NewPerson { email, name, role, customer: Some(customer) }),
            Some(account) if account.customer == Some(customer.0) => Standing::Here,
            Some(_) => Standing::Elsewhere(Bilingual::new(
                "cette adresse a un compte, qui n’est pas de ce client",
                "this address has an account, which is not of this customer",
            )),
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
        let read = items::read(source, file)?;
        Ok((self.against_perimeter(permit, contract, &read.rows)?, read.remarks))
    }

    /// Equipment against the perimeter of a contract in force, which may be named when there are several.
    pub(super) fn against_perimeter(
        &self,
        permit: &Permit,
        contract: Option<&str>,
        rows: &[items::Row],
    ) -> Result<items::Compared> {
        let now = self.now();
        let agreement = self.vault(permit.customer())?.agreements()?.choose(contract, now)?.clone();
        Ok(items::compare(&agreement.in_force(now)?.terms, rows))
    }
}
