//! Customers: creating one makes its vault.

use std::collections::HashMap;

use base::id::{AccountId, CustomerId};
use events::{ActorIntroduced, ContentId, CustomerCreated, Event, Side};
use sha2::{Digest, Sha256};
use store::instance::vaults;
use store::record::{Content, Stamp, record};
use store::{WriteTx, actor, idempotency, log};

use crate::access::{self, Act, InstancePermit, Principal};
use crate::error::{AppError, Result};
use crate::instance::App;
use crate::ticket::IdempotencyKey;

/// A customer to create.
#[derive(Debug, Clone)]
pub struct NewCustomer {
    /// `a-z 0-9 -`: stands in addresses and names the folder.
    pub slug: String,
    pub name: String,
}

impl App {
    /// Creates a customer and its vault, whose first entry says so.
    pub fn create_customer(&self, permit: &InstancePermit, new: &NewCustomer) -> Result<CustomerId> {
        let fresh = self.id(base::id::uuid_v7).to_string();
        self.create_customer_once(permit, &IdempotencyKey::parse(&fresh)?, new)
    }

    /// As [`App::create_customer`], once per key. The key is kept in the new vault with its first
    /// entry, so a retry also finishes what a crash cut between the instance and the vault.
    pub fn create_customer_once(
        &self,
        permit: &InstancePermit,
        key: &IdempotencyKey,
        new: &NewCustomer,
    ) -> Result<CustomerId> {
        permit.covers(Act::CreateCustomer)?;
        check_slug(&new.slug)?;
        if new.name.trim().is_empty() || new.name.chars().count() > 200 {
            return Err(AppError::invalid(
                "name",
                "le nom de la personne morale, 200 caractères au plus",
                "the legal person's name, 200 characters at most",
            ));
        }
        let row = self.vault_row(new)?;
        if row.name != new.name {
            return Err(taken());
        }
        let id = CustomerId(row.id);
        let vault = self.vault(id)?;
        let created = Event::CustomerCreated(CustomerCreated {
            customer: id,
            slug: new.slug.clone(),
            name: new.name.clone(),
        });
        let stamp = Stamp { at: self.micros(), actor: permit.by().account, contract: None };
        let stored_key = key.of(permit.by().account, "customer.create");
        let request: [u8; 32] = Sha256::digest(format!("{}/{}", new.slug, new.name)).into();
        vault.db.write::<_, AppError, _>(move |tx| {
            idempotency::once(tx, &stored_key, &request, stamp.at, |tx| {
                if log::size(tx)? > 0 {
                    return Err(taken());
                }
                record(tx, &stamp, &created, &[])?;
                Ok(id.bytes().to_vec())
            })
        })?;
        self.mark_dirty(id);
        Ok(id)
    }

    /// The instance's row of a slug, made if it is not there.
    fn vault_row(&self, new: &NewCustomer) -> Result<vaults::Vault> {
        let row = vaults::Vault {
            id: self.id(CustomerId::new).0,
            slug: new.slug.clone(),
            name: new.name.clone(),
            created: self.micros(),
        };
        self.instance.write::<_, AppError, _>(move |tx| {
            if let Some(known) = vaults::find(tx, &row.slug)? {
                return Ok(known);
            }
            vaults::add(tx, &row)?;
            Ok(row.clone())
        })
    }

    /// The display names of everyone who acted for a customer.
    pub fn actor_names(&self, customer: CustomerId) -> Result<HashMap<AccountId, String>> {
        self.vault(customer)?.db.read(crate::ticket::names)
    }

    /// What introduces a person to a vault, ready before the transaction since it needs randomness.
    pub(crate) fn introduction(&self, by: &Principal) -> Introduction {
        Introduction {
            actor: by.account,
            side: match by.role.side() {
                access::Side::Provider => Side::Provider,
                access::Side::Customer => Side::Customer,
                access::Side::ThirdParty => Side::ThirdParty,
            },
            role: by.role.key(),
            name: by.name.clone(),
            content: ContentId(self.id(base::id::uuid_v7)),
            salt: self.salt(),
        }
    }
}

/// The longest slug: the names made of it, a key's file and a schema, have 63 characters at most.
const LONGEST_SLUG: usize = 50;

/// A slug names a folder, a key and a log, and stands for the id in addresses: it may not read as
/// another customer's id, nor as the instance's own log.
fn check_slug(slug: &str) -> Result<()> {
    let apart = slug != "instance" && slug.parse::<CustomerId>().is_err();
    if apart && slug.len() <= LONGEST_SLUG && store::folder::check_name(slug).is_ok() {
        return Ok(());
    }
    Err(AppError::invalid(
        "slug",
        "lettres minuscules, chiffres et tirets, 50 au plus ; ni un identifiant, ni « instance »",
        "lower-case letters, digits and dashes, 50 at most; neither an id nor “instance”",
    ))
}

fn taken() -> AppError {
    AppError::invalid("slug", "ce nom court est déjà pris", "this short name is already taken")
}

/// A person about to act in a vault.
#[derive(Clone)]
pub(crate) struct Introduction {
    actor: AccountId,
    side: Side,
    role: &'static str,
    name: String,
    content: ContentId,
    salt: [u8; 32],
}

impl Introduction {
    /// Of the product itself, for what it does on its own.
    pub(crate) fn of_the_product(content: ContentId, salt: [u8; 32]) -> Introduction {
        let (actor, name) = (crate::ticket::PRODUCT, "Regisseur".to_owned());
        Introduction { actor, side: Side::System, role: "system", name, content, salt }
    }

    /// Whom it introduces.
    pub(crate) fn actor(&self) -> AccountId {
        self.actor
    }

    /// Records the person, the first time they act here.
    pub(crate) fn ensure(&self, tx: &mut WriteTx<'_>, at: i64) -> Result<()> {
        if actor::is_known(tx, self.actor)? {
            return Ok(());
        }
        let event = Event::ActorIntroduced(ActorIntroduced {
            actor: self.actor,
            side: self.side,
            role: self.role.to_owned(),
            name: self.content,
        });
        let name = Content {
            name: "name",
            id: self.content,
            salt: self.salt,
            bytes: self.name.clone().into_bytes(),
        };
        record(tx, &Stamp { at, actor: self.actor, contract: None }, &event, &[name])?;
        Ok(())
    }
}
