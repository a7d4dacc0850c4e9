//! Everybody's accounts, as the provider's administrator keeps them.

use base::id::{AccountId, CustomerId};
use events::SecurityAct;
use jiff::Timestamp;
use store::Tx;
use store::instance::{accounts, links, passkeys, security, sessions, tokens, vaults};
use uuid::Uuid;

use super::{instant, real_now, roles};
use crate::access::{Act, InstancePermit, Principal, Role};
use crate::error::{AppError, Refusal, Result};
use crate::instance::App;

/// An account in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountLine {
    pub account: AccountId,
    pub name: String,
    pub email: String,
    pub role: Role,
    pub customer: Option<(CustomerId, String)>,
    pub has_second_factor: bool,
    pub disabled: bool,
    /// As far back as the acts are kept.
    pub last_sign_in: Option<Timestamp>,
    /// Until when a link that was made waits to be used.
    pub link_until: Option<Timestamp>,
}

/// Where a page of accounts begins: the name and the id of the last one shown.
pub type After = (String, Uuid);

impl App {
    /// The accounts by name, after the key of the page before, and the key of the next one.
    pub fn accounts(
        &self,
        permit: &InstancePermit,
        after: Option<&After>,
        limit: u32,
    ) -> Result<(Vec<AccountLine>, Option<After>)> {
        permit.covers(Act::ManageAccounts)?;
        let (name, id) = after.cloned().unwrap_or_default();
        let now = real_now();
        self.instance.read(move |tx| {
            let mut found = accounts::page(tx, (&name, id), limit.saturating_add(1))?;
            let more = found.len() > limit as usize;
            found.truncate(limit as usize);
            let next = found.last().filter(|_| more).map(|last| (last.display_name.clone(), last.id));
            let lines = found.into_iter().map(|account| line(tx, account, now)).collect::<Result<_>>()?;
            Ok((lines, next))
        })
    }

    /// One of them.
    pub fn account_line(&self, permit: &InstancePermit, account: AccountId) -> Result<AccountLine> {
        permit.covers(Act::ManageAccounts)?;
        let now = real_now();
        self.instance.read(move |tx| {
            let found = accounts::by_id(tx, account.0)?.ok_or(AppError::NotFound)?;
            line(tx, found, now)
        })
    }

    /// Who has an e-mail; for the command line, which owns the folder.
    pub fn person_of(&self, email: &str) -> Result<Principal> {
        let email = email.trim().to_owned();
        let found = self.instance.read::<_, AppError, _>(move |tx| Ok(accounts::by_email(tx, &email)?))?;
        self.person(found.ok_or(AppError::NotFound)?)
    }

    /// Disables an account, whose sessions, tokens and links end at once, or enables it again.
    ///
    /// Refused for one's own account, code `account.own`, and for the last administrator, code
    /// `account.last`.
    pub fn disable_account(&self, permit: &InstancePermit, account: AccountId, disabled: bool) -> Result<()> {
        permit.covers(Act::ManageAccounts)?;
        if permit.by().account == account {
            return Err(AppError::refused(Refusal::new(
                "account.own",
                "On ne désactive pas son propre compte : demandez à un autre administrateur.",
                "One does not disable one’s own account: ask another administrator.",
            )));
        }
        self.disable_by(Some(permit.by().account), account, disabled)
    }

    /// As [`App::disable_account`], for whoever holds the data folder.
    pub fn disable_account_as_operator(&self, account: AccountId, disabled: bool) -> Result<()> {
        self.disable_by(None, account, disabled)
    }

    fn disable_by(&self, by: Option<AccountId>, account: AccountId, disabled: bool) -> Result<()> {
        let act = if disabled { SecurityAct::Disabled } else { SecurityAct::Enabled };
        let told = self.security(act, account.0, "").by(by);
        self.instance.write::<_, AppError, _>(move |tx| {
            let found = accounts::by_id(tx, account.0)?.ok_or(AppError::NotFound)?;
            if found.disabled == disabled {
                return Ok(());
            }
            let administers = found.role == Role::ProviderAdmin.key();
            if disabled && administers && accounts::count_live(tx, &found.role)? < 2 {
                return Err(AppError::refused(Refusal::new(
                    "account.last",
                    "C’est le dernier administrateur : personne ne pourrait plus ajouter de compte.",
                    "This is the last administrator: nobody could add an account any more.",
                )));
            }
            accounts::set_disabled(tx, account.0, disabled)?;
            if disabled {
                sessions::close_account(tx, account.0)?;
                tokens::revoke_account(tx, account.0)?;
                links::drop_of(tx, account.0)?;
            }
            told.record(tx)
        })?;
        self.rights_changed(account);
        Ok(())
    }

    /// Ends every session and revokes every token of an account.
    pub fn revoke_access(&self, permit: &InstancePermit, account: AccountId) -> Result<()> {
        permit.covers(Act::ManageAccounts)?;
        let told = self.security(SecurityAct::AccessRevoked, account.0, "").by(Some(permit.by().account));
        self.instance.write::<_, AppError, _>(move |tx| {
            accounts::by_id(tx, account.0)?.ok_or(AppError::NotFound)?;
            sessions::close_account(tx, account.0)?;
            tokens::revoke_account(tx, account.0)?;
            told.record(tx)
        })?;
        self.rights_changed(account);
        Ok(())
    }
}

fn line(tx: &mut dyn Tx, account: accounts::Account, now: i64) -> Result<AccountLine> {
    let last = security::last(tx, account.id, SecurityAct::SignedIn)?;
    let link = links::waiting(tx, account.id, now)?;
    let customer = match account.customer {
        Some(id) => vaults::by_id(tx, id)?.map(|vault| (CustomerId(id), vault.name)),
        None => None,
    };
    let has_second_factor = account.totp_sealed.is_some() || passkeys::any(tx, account.id)?;
    let disabled = account.disabled;
    Ok(AccountLine {
        account: AccountId(account.id),
        role: roles::role(&account.role)?,
        name: account.display_name,
        email: account.email,
        customer,
        has_second_factor,
        disabled,
        last_sign_in: last.map(instant),
        link_until: link.map(|link| instant(link.expires)),
    })
}
