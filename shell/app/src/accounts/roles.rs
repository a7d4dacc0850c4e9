//! The roles that accounts hold, as they are kept: everywhere, for a customer, a contract or items.

use base::id::{AccountId, ContractId, CustomerId};
use store::instance::{accounts, assignments};
use uuid::Uuid;

use crate::access::{Assignment, Items, Principal, Role, Side};
use crate::error::{AppError, Result};
use crate::instance::App;

/// A role to give.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRole {
    pub account: AccountId,
    pub role: Role,
    /// `None` for every customer.
    pub customer: Option<CustomerId>,
    /// `None` for every contract of the customer.
    pub contract: Option<ContractId>,
    pub about: Items,
}

/// Roles that one account holds at once, at most.
pub const MOST: usize = 50;
/// Items and classes of one role, at most: each is a question to the database.
pub const MOST_ITEMS: usize = 50;
const LONGEST_KEY: usize = 120;

impl App {
    /// Gives a role, from the command line that owns the folder.
    pub fn assign(&self, new: &NewRole) -> Result<Uuid> {
        let id = self.id(base::id::uuid_v7);
        self.keep_role(id, new, None)?;
        Ok(id)
    }

    /// Ends a role, from the command line that owns the folder; one that has ended is not found.
    pub fn unassign(&self, id: Uuid) -> Result<()> {
        let at = self.micros();
        let ended =
            self.instance.write::<_, AppError, _>(move |tx| Ok(assignments::end(tx, id, at, None)?))?;
        if ended { Ok(()) } else { Err(AppError::NotFound) }
    }

    pub(crate) fn keep_role(&self, id: Uuid, new: &NewRole, by: Option<AccountId>) -> Result<()> {
        self.check_role(new)?;
        let about = if new.about == Items::default() {
            String::new()
        } else {
            serde_json::to_string(&new.about).map_err(AppError::fault)?
        };
        let row = assignments::Assignment {
            id,
            account: new.account.0,
            role: new.role.key().to_owned(),
            customer: new.customer.map(|c| c.0),
            contract: new.contract.map(|c| c.0),
            about,
            given: self.micros(),
            given_by: by.map(|by| by.0),
            ended: None,
            ended_by: None,
        };
        self.instance.write::<_, AppError, _>(move |tx| {
            // A retry finds what the first try kept.
            if assignments::by_id(tx, row.id)?.is_some() {
                return Ok(());
            }
            Ok(assignments::add(tx, &row)?)
        })?;
        self.rights_changed(new.account);
        Ok(())
    }

    /// Refuses what may not be given, whoever gives it.
    pub(crate) fn check_role(&self, new: &NewRole) -> Result<()> {
        check(&self.account(new.account)?, new)?;
        let account = new.account.0;
        let held = self.instance.read::<_, AppError, _>(move |tx| Ok(assignments::held(tx, account)?))?;
        if held.len() < MOST {
            return Ok(());
        }
        Err(AppError::invalid(
            "account",
            format!("{MOST} rôles déjà\u{a0}: mettez fin à ceux qui ne servent plus"),
            format!("{MOST} roles already: end those no longer used"),
        ))
    }

    pub(crate) fn drop_role(&self, id: Uuid, by: AccountId) -> Result<()> {
        let at = self.micros();
        let found = self.instance.write::<_, AppError, _>(move |tx| {
            assignments::end(tx, id, at, Some(by.0))?;
            Ok(assignments::by_id(tx, id)?)
        })?;
        found.into_iter().for_each(|held| self.rights_changed(AccountId(held.account)));
        Ok(())
    }

    /// The person of an account, with the roles that it holds now.
    pub(crate) fn person(&self, account: accounts::Account) -> Result<Principal> {
        let id = account.id;
        let held = self.instance.read::<_, AppError, _>(move |tx| Ok(assignments::held(tx, id)?))?;
        Ok(Principal {
            account: AccountId(account.id),
            role: role(&account.role)?,
            customer: account.customer.map(CustomerId),
            name: account.display_name,
            email: account.email,
            assignments: held.iter().map(|row| self.reaching(row)).collect::<Result<_>>()?,
        })
    }
}

impl App {
    /// A role as it reaches now: under a subcontract, no further than the contracts that name it. A later contract
    /// that does not, an amendment that ends it, close what the role opened; a vault that cannot be read opens
    /// nothing of it.
    pub(super) fn reaching(&self, row: &assignments::Assignment) -> Result<Assignment> {
        let mut held = assignment(row)?;
        if let (Some(label), Some(customer)) = (&held.about.subcontract, held.customer) {
            held.named_by = Some(self.naming(customer, label).unwrap_or_default());
        }
        Ok(held)
    }

    /// Fails where the vault that says how far a role of this person reaches cannot be read. What is thrown away
    /// because nobody may read it any more asks this first: a moment's trouble ends no role.
    pub(crate) fn roles_are_known(&self, who: AccountId) -> Result<()> {
        let held = self.instance.read::<_, AppError, _>(move |tx| Ok(assignments::held(tx, who.0)?))?;
        for row in &held {
            let held = assignment(row)?;
            if let (Some(label), Some(customer)) = (&held.about.subcontract, held.customer) {
                self.naming(customer, label)?;
            }
        }
        Ok(())
    }
}

/// The role that a new account begins with; a third party has none before it is told its items.
pub(super) fn home(account: &accounts::Account, role: Role) -> Option<assignments::Assignment> {
    (role.side() != Side::ThirdParty).then(|| assignments::Assignment {
        id: account.id,
        account: account.id,
        role: role.key().to_owned(),
        customer: account.customer,
        contract: None,
        about: String::new(),
        given: account.created,
        given_by: None,
        ended: None,
        ended_by: None,
    })
}

pub(crate) fn assignment(row: &assignments::Assignment) -> Result<Assignment> {
    let about = if row.about.is_empty() {
        Items::default()
    } else {
        serde_json::from_str(&row.about).map_err(AppError::fault)?
    };
    Ok(Assignment {
        id: row.id,
        role: role(&row.role)?,
        customer: row.customer.map(CustomerId),
        contract: row.contract.map(ContractId),
        about,
        named_by: None,
    })
}

/// The role of a key that was kept.
pub(super) fn role(key: &str) -> Result<Role> {
    Role::from_key(key).ok_or_else(|| AppError::fault(format!("« {key} » is not a role")))
}

/// A role goes to an account of its own side; who it is for, and about what, must be told as its side asks.
fn check(account: &accounts::Account, new: &NewRole) -> Result<()> {
    if role(&account.role)?.side() != new.role.side() {
        return Err(AppError::invalid(
            "role",
            "ce rôle n'est pas du côté de ce compte (prestataire, client ou tiers)",
            "this role is not on that account's side (provider, customer or third party)",
        ));
    }
    if new.customer.is_none() && (new.role.side() != Side::Provider || new.contract.is_some()) {
        return Err(AppError::invalid("customer", "dites pour quel client", "say for which customer"));
    }
    let (items, classes) = (&new.about.items, &new.about.classes);
    let third_party = new.role.side() == Side::ThirdParty;
    let told = !items.is_empty() || !classes.is_empty();
    if third_party != told || (!third_party && new.about != Items::default()) {
        return Err(AppError::invalid(
            "items",
            "un tiers, et lui seul, se voit nommer ses éléments ou ses familles d'éléments",
            "a third party, and no other, is told its items or classes of items",
        ));
    }
    let short = |key: &String| !key.trim().is_empty() && key.chars().count() <= LONGEST_KEY;
    let labels = new.about.subcontract.as_ref();
    if items.len() + classes.len() > MOST_ITEMS || !items.iter().chain(classes).chain(labels).all(short) {
        return Err(AppError::invalid(
            "items",
            format!("{MOST_ITEMS} noms au plus, de {LONGEST_KEY} caractères au plus"),
            format!("at most {MOST_ITEMS} names, of at most {LONGEST_KEY} characters"),
        ));
    }
    Ok(())
}
