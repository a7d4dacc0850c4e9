//! Who holds which role for a customer: read by both parties, given and ended by those who may.

mod list;

use base::id::{AccountId, ContractId};
use events::{Event, RoleEnded, RoleGiven};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use store::idempotency;
use store::instance::{accounts, assignments};
use store::record::{Stamp, record};
use uuid::Uuid;

use crate::access::{Act, Items, Permit, Role};
use crate::accounts::Proof;
use crate::accounts::roles::{self, NewRole};
use crate::agreements::Agreements;
use crate::error::{AppError, Refusal, Result};
use crate::instance::App;
use crate::subcontracted;
use crate::ticket::IdempotencyKey;
use crate::undertaking::Standing;

pub use list::{Page, Sought};

/// A role to give for a customer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GiveRole {
    /// The e-mail of an account: of this customer, of the provider or of a third party.
    pub email: String,
    /// The key of the role.
    pub role: String,
    /// The number of the only contract it is for; every contract without.
    #[serde(default)]
    pub contract: Option<String>,
    /// For a third party: items of the perimeter.
    #[serde(default)]
    pub items: Vec<String>,
    /// For a third party: classes of items.
    #[serde(default)]
    pub classes: Vec<String>,
    /// For a third party: the subcontract that it works under, as the contract labels it.
    #[serde(default)]
    pub subcontract: Option<String>,
}

/// What was written down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Given {
    /// The role as it is held.
    pub held: Uuid,
    /// The entry of the customer's journal.
    pub entry: u64,
}

/// Somebody who holds a role, or held it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonLine {
    pub held: Uuid,
    pub name: String,
    /// For the reader's own side, and for the provider.
    pub email: Option<String>,
    pub role: Role,
    /// The number of the only contract it is for.
    pub contract: Option<String>,
    pub about: Items,
    /// Under a subcontract, the numbers of the contracts that it reaches: those that name it now, as accepted.
    pub reaches: Option<Vec<String>>,
    /// For every customer of the provider.
    pub everywhere: bool,
    pub disabled: bool,
    pub given: Timestamp,
    /// `None` when it was given with the account, or from the command line.
    pub given_by: Option<String>,
    pub ended: Option<Timestamp>,
    pub ended_by: Option<String>,
    /// Whether the reader may end it.
    pub may_end: bool,
    /// The undertaking of confidentiality; `None` when no contract asks this person for one.
    pub undertaking: Option<Standing>,
}

impl App {
    /// Gives a role for the customer, never one that may do more than the giver's own.
    ///
    /// The journal tells it before it holds; a retry with the same key finishes what a crash cut.
    pub fn give_role(
        &self,
        permit: &Permit,
        _: &Proof,
        key: &IdempotencyKey,
        ask: &GiveRole,
    ) -> Result<Given> {
        permit.covers(Act::ManagePeople)?;
        let vault = self.vault(permit.customer())?;
        let agreements = vault.agreements()?;
        let new = self.role_asked(permit, &agreements, ask)?;
        self.check_role(&new)?;
        let request: [u8; 32] = Sha256::digest(serde_json::to_vec(ask).map_err(AppError::fault)?).into();
        let stored_key = key.of(permit.by().account, "role.give");
        let (held, at, by) = (self.id(base::id::uuid_v7), self.micros(), permit.by().account);
        let introduction = self.introduction(permit.by());
        let event = Event::RoleGiven(RoleGiven {
            held,
            person: new.account,
            role: new.role.key().to_owned(),
            contract: new.contract,
            items: new.about.items.clone(),
            classes: new.about.classes.clone(),
            subcontract: new.about.subcontract.clone(),
            at,
            by,
        });
        let stamp = Stamp { at, actor: by, contract: None };
        let bytes = vault.db.write::<_, AppError, _>(move |tx| {
            idempotency::once(tx, &stored_key, &request, at, |tx| {
                introduction.ensure(tx, at)?;
                let entry = record(tx, &stamp, &event, &[])?;
                serde_json::to_vec(&Given { held, entry }).map_err(AppError::fault)
            })
        })?;
        let given: Given = serde_json::from_slice(&bytes).map_err(AppError::fault)?;
        self.keep_role(given.held, &new, Some(by))?;
        self.mark_dirty(permit.customer());
        Ok(given)
    }

    /// Ends a role of the customer's; one's own may not be, lest nobody be left who can give one.
    pub fn end_role(&self, permit: &Permit, _: &Proof, key: &IdempotencyKey, held: &str) -> Result<Given> {
        permit.covers(Act::ManagePeople)?;
        let held = Uuid::parse_str(held).map_err(|_| AppError::NotFound)?;
        let customer = permit.customer();
        let found = self.instance.read::<_, AppError, _>(move |tx| Ok(assignments::by_id(tx, held)?))?;
        let row = found.filter(|row| row.customer == Some(customer.0)).ok_or(AppError::NotFound)?;
        let role = roles::assignment(&row)?.role;
        if row.account == permit.by().account.0 {
            return Err(AppError::refused(Refusal::new(
                "role.own",
                "On ne met pas fin à son propre rôle\u{a0}: demandez à une autre personne.",
                "One does not end one’s own role: ask somebody else.",
            )));
        }
        refuse_beyond(permit.role(), role)?;
        let vault = self.vault(customer)?;
        let stored_key = key.of(permit.by().account, "role.end");
        let request: [u8; 32] = Sha256::digest(held.as_bytes()).into();
        let (at, by) = (self.micros(), permit.by().account);
        let introduction = self.introduction(permit.by());
        let over = row.ended.is_some();
        let person = AccountId(row.account);
        let event = Event::RoleEnded(RoleEnded { held, person, role: role.key().to_owned(), at, by });
        let stamp = Stamp { at, actor: by, contract: None };
        let bytes = vault.db.write::<_, AppError, _>(move |tx| {
            idempotency::once(tx, &stored_key, &request, at, |tx| {
                // Only a retry, which is told what the first try did, gets here once it is over.
                if over {
                    return Err(AppError::NotFound);
                }
                introduction.ensure(tx, at)?;
                let entry = record(tx, &stamp, &event, &[])?;
                serde_json::to_vec(&Given { held, entry }).map_err(AppError::fault)
            })
        })?;
        self.drop_role(held, by)?;
        self.mark_dirty(customer);
        serde_json::from_slice(&bytes).map_err(AppError::fault)
    }

    fn role_asked(&self, permit: &Permit, agreements: &Agreements, ask: &GiveRole) -> Result<NewRole> {
        let role = Role::from_key(&ask.role)
            .ok_or_else(|| AppError::invalid("role", "rôle inconnu", "unknown role"))?;
        refuse_beyond(permit.role(), role)?;
        let email = ask.email.trim().to_owned();
        let account = self.instance.read::<_, AppError, _>(move |tx| Ok(accounts::by_email(tx, &email)?))?;
        // Another customer's people are as nobody, whoever asks.
        let near = |a: &accounts::Account| a.customer.is_none_or(|own| own == permit.customer().0);
        let own = |a: &accounts::Account| permit.role().is_provider() || a.customer.is_some();
        let account = account.filter(|a| near(a) && own(a) && !a.disabled).ok_or_else(|| {
            AppError::invalid(
                "email",
                "aucun compte d'ici n'a cette adresse\u{a0}: invitez d'abord la personne",
                "no account here has this address: invite the person first",
            )
        })?;
        let contract = match ask.contract.as_deref().filter(|number| !number.is_empty()) {
            Some(number) => {
                let unknown = |_| AppError::invalid("contract", "contrat inconnu", "unknown contract");
                Some(agreements.by_number(number).map_err(unknown)?.id)
            }
            None => None,
        };
        known_items(agreements, contract, ask)?;
        let subcontract = ask.subcontract.clone().filter(|label| !label.trim().is_empty());
        if let Some(label) = &subcontract {
            subcontracted::check(agreements, contract, label, self.now())?;
        }
        let about = Items { items: ask.items.clone(), classes: ask.classes.clone(), subcontract };
        Ok(NewRole {
            account: AccountId(account.id),
            role,
            customer: Some(permit.customer()),
            contract,
            about,
        })
    }

    /// The roles that the holder of a permit may give here, in the order of [`Role::ALL`].
    pub fn roles_to_give(&self, permit: &Permit) -> Result<Vec<Role>> {
        permit.covers(Act::ManagePeople)?;
        Ok(Role::ALL.into_iter().filter(|role| permit.role().covers(*role)).collect())
    }
}

/// Nobody gives or ends what goes beyond their own rights: not even in two steps.
fn refuse_beyond(giver: Role, role: Role) -> Result<()> {
    if giver.covers(role) {
        return Ok(());
    }
    Err(AppError::refused(Refusal::new(
        "role.beyond",
        "Ce rôle permet davantage que le vôtre\u{a0}: vous ne pouvez ni le donner ni le retirer.",
        "This role may do more than yours: you can neither give it nor end it.",
    )))
}

/// An item that the perimeter does not name would hide every ticket without a word.
fn known_items(agreements: &Agreements, contract: Option<ContractId>, ask: &GiveRole) -> Result<()> {
    let named = agreements.contracts.iter().filter(|c| contract.is_none_or(|only| only == c.id));
    let rules: Vec<_> = named.flat_map(|c| &c.latest().compiled.terms.perimeter).collect();
    let unknown = |name: &'static str, key: &str| {
        AppError::invalid(
            name,
            format!("« {key} » n'est pas au périmètre du contrat"),
            format!("“{key}” is not in the contract's perimeter"),
        )
    };
    if let Some(item) = ask.items.iter().find(|&item| !rules.iter().any(|r| r.then.items.contains(item))) {
        return Err(unknown("items", item));
    }
    let is_class = |class: &String| rules.iter().any(|r| r.then.class.as_ref() == Some(class));
    match ask.classes.iter().find(|class| !is_class(class)) {
        Some(class) => Err(unknown("classes", class)),
        None => Ok(()),
    }
}
