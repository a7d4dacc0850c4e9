//! The providers of identity that an account is tied to, as its owner sees them, and unties them.
//!
//! A tie is undone only where another way in stays: nobody is to shut themselves out by a press.

use events::SecurityAct;
use jiff::Timestamp;
use store::Tx;
use store::instance::{accounts, identities, passkeys, security, sessions, tokens};
use uuid::Uuid;

use super::super::passkeys::{MOST, RelyingParty};
use super::super::security::whence;
use super::super::sessions::{Proof, Session};
use super::super::{instant, real_now};
use super::unknown;
use crate::accounts::Client;
use crate::error::{AppError, Refusal, Result};
use crate::instance::App;

/// A provider of identity that an account is tied to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TiedIdentity {
    pub issuer: String,
    /// What its button says; `None` when it is not offered here any more, or not to this account.
    pub name: Option<String>,
    pub since: Timestamp,
    /// `None` when it let nobody in since this is kept.
    pub last_used: Option<Timestamp>,
    /// What would be left to come in by without it.
    pub left: Left,
}

/// The ways into an account beside one of its providers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Left {
    Another,
    /// None: nobody ever chose a password, and there is neither passkey nor other provider.
    Nothing,
    /// A password alone, where a second factor is owed: whoever guessed it could add theirs.
    OneFactor,
}

/// The way in of somebody whose password here would open nothing, or would be one more way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Elsewhere {
    /// The password of the firm's directory.
    Directory,
    /// The providers of identity that open the account, by name.
    Providers(Vec<String>),
}

/// What else lets in somebody, beside what a transaction reads.
pub(in crate::accounts) struct Ways {
    account: Uuid,
    /// The issuers of the providers that are served and open the account.
    issuers: Vec<String>,
    of_directory: bool,
    owes_factor: bool,
    site: Option<String>,
}

impl App {
    /// The providers that the account of a session is tied to, the oldest first. `site` is where passkeys
    /// are asked for: one made for another name opens nothing here.
    pub fn identities_of(&self, session: &Session, site: Option<&RelyingParty>) -> Result<Vec<TiedIdentity>> {
        let ways = self.ways_into(session, site)?;
        let names = self.openid.get().map_or(&[][..], |openid| &openid.services);
        self.instance.read(move |tx| {
            let mut shown = Vec::new();
            for tied in identities::of_account(tx, ways.account)? {
                let offered = ways.issuers.contains(&tied.issuer);
                let service = names.iter().find(|s| offered && s.settings.issuer == tied.issuer);
                shown.push(TiedIdentity {
                    left: ways.beside(tx, &tied.issuer)?,
                    name: service.map(|s| s.settings.name.clone()),
                    since: instant(tied.linked),
                    last_used: tied.used.map(instant),
                    issuer: tied.issuer,
                });
            }
            Ok(shown)
        })
    }

    /// Unties the account of a session from a provider; one that it is not tied to is not found. The other
    /// sessions and the tokens end: whoever came in by it may hold one.
    ///
    /// `identity.last` where it is the last way in.
    pub fn untie_identity(
        &self,
        session: &Session,
        _: &Proof,
        client: &Client,
        site: Option<&RelyingParty>,
        issuer: &str,
    ) -> Result<()> {
        let ways = self.ways_into(session, site)?;
        let (account, hash, issuer) = (session.principal.account, session.hash, issuer.to_owned());
        let words = [issuer.clone(), whence(client)].into_iter().filter(|part| !part.is_empty());
        let words = words.collect::<Vec<_>>().join(" · ");
        let told = self.security(SecurityAct::IdentityUntied, account.0, &words);
        self.instance.write::<_, AppError, _>(move |tx| {
            if !identities::remove(tx, account.0, &issuer)? {
                return Err(AppError::NotFound);
            }
            // Asked in the transaction: a passkey removed meanwhile by another window counts no more.
            if let Some(refusal) = refusal(ways.beside(tx, &issuer)?) {
                return Err(AppError::refused(refusal));
            }
            sessions::close_others(tx, account.0, &hash)?;
            tokens::revoke_account(tx, account.0)?;
            told.record(tx)
        })?;
        self.rights_changed(account);
        Ok(())
    }

    /// A provider lets in a person whom it is tied to; not if they were untied while a code was awaited.
    pub(super) fn note_use(&self, issuer: String, account: &accounts::Account, name: &str) -> Result<()> {
        let (id, now) = (account.id, real_now());
        let tied =
            self.instance.write::<_, AppError, _>(move |tx| Ok(identities::used(tx, id, &issuer, now)?))?;
        if tied { Ok(()) } else { Err(unknown(name)) }
    }

    /// How somebody comes in to whom a password of ours is of no use: the directory's people, staff whom a
    /// provider lets in, and whoever never chose a password and has a provider.
    pub(crate) fn enters_elsewhere(&self, account: &accounts::Account) -> Result<Option<Elsewhere>> {
        if self.is_of_directory(&account.email) {
            return Ok(Some(Elsewhere::Directory));
        }
        let services = self.openid.get().map_or(&[][..], |openid| &openid.services);
        let opens: Vec<_> = services.iter().filter(|service| self.may_open(service, account)).collect();
        let id = account.id;
        let (tied, chose) = self.instance.read::<_, AppError, _>(move |tx| {
            Ok((identities::of_account(tx, id)?, chose_password(tx, id)?))
        })?;
        let tied = opens.into_iter().filter(|s| tied.iter().any(|t| t.issuer == s.settings.issuer));
        let names: Vec<String> = tied.map(|service| service.settings.name.clone()).collect();
        let only = !names.is_empty() && (!chose || self.is_by_provider_only(account)?);
        Ok(only.then_some(Elsewhere::Providers(names)))
    }

    pub(in crate::accounts) fn ways_into(
        &self,
        session: &Session,
        site: Option<&RelyingParty>,
    ) -> Result<Ways> {
        let account = self.account(session.principal.account)?;
        let services = self.openid.get().map_or(&[][..], |openid| &openid.services);
        let opens = services.iter().filter(|service| self.may_open(service, &account));
        Ok(Ways {
            issuers: opens.map(|service| service.settings.issuer.clone()).collect(),
            of_directory: self.is_of_directory(&account.email),
            owes_factor: self.wants_second_factor(&session.principal),
            site: site.map(|site| site.id.clone()),
            account: account.id,
        })
    }
}

impl Ways {
    /// What there is of them.
    pub(in crate::accounts) fn all(&self, tx: &mut dyn Tx) -> Result<Left> {
        self.beside(tx, "")
    }

    /// What is left of them without this provider.
    fn beside(&self, tx: &mut dyn Tx, issuer: &str) -> Result<Left> {
        let id = self.account;
        let keys = passkeys::of_account(tx, id, MOST)?;
        let by_key = keys.iter().any(|key| Some(&key.site) == self.site.as_ref());
        let others = identities::of_account(tx, id)?;
        let by_other = others.iter().any(|t| t.issuer != issuer && self.issuers.contains(&t.issuer));
        if by_key || by_other {
            return Ok(Left::Another);
        }
        let has_factor = accounts::by_id(tx, id)?.is_some_and(|account| account.totp_sealed.is_some());
        Ok(match self.of_directory || chose_password(tx, id)? {
            true if !self.owes_factor || has_factor => Left::Another,
            true => Left::OneFactor,
            false => Left::Nothing,
        })
    }
}

/// Whether somebody knows a password of this account: an invitation gives it one that nobody does, until
/// its link is used.
fn chose_password(tx: &mut dyn Tx, account: Uuid) -> Result<bool> {
    for act in [SecurityAct::LinkUsed, SecurityAct::PasswordChanged] {
        if security::last(tx, account, act)?.is_some() {
            return Ok(true);
        }
    }
    Ok(security::last(tx, account, SecurityAct::Invited)?.is_none())
}

fn refusal(left: Left) -> Option<Refusal> {
    let (fr, en) = match left {
        Left::Another => return None,
        Left::Nothing => (
            "C’est votre seule façon d’entrer : ajoutez d’abord une clé d’accès, ou demandez à un administrateur un lien pour choisir un mot de passe.",
            "It is your only way in: add a passkey first, or ask an administrator for a link to choose a password.",
        ),
        Left::OneFactor => (
            "Il ne vous resterait qu’un mot de passe, qui seul n’ouvre rien à qui doit deux facteurs : ajoutez d’abord une application de codes ou une clé d’accès.",
            "Only a password would be left, which alone opens nothing to whoever owes two factors: add an application of codes or a passkey first.",
        ),
    };
    Some(Refusal::new("identity.last", fr, en))
}
