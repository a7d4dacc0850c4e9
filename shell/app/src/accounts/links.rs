//! One-time links: the invitation of a new person, and the way back in of one who lost a password.
//!
//! A link holds 256 random bits and serves once within three days, or half an hour when it was asked for from
//! the sign-in page; its hash is all that is kept. Whoever
//! makes it hands it over where no mail is exchanged; it is sent otherwise, and until it is used the letter's
//! queue holds it, sealed (ADR 0022).

use base::id::{AccountId, CustomerId};
use data_encoding::BASE64URL_NOPAD;
use events::SecurityAct;
use jiff::Timestamp;
use store::WriteTx;
use store::instance::{accounts, identities, links, mail, passkeys, recovery, sessions, tokens};

use super::attempts::Client;
use super::security::whence;
use super::{NewAccount, decode_token, forgotten, instant, password, real_now, token_hash};
use crate::access::{Act, InstancePermit, Role, Side};
use crate::error::{AppError, Refusal, Result};
use crate::instance::App;

/// How long a link waits.
const LIFE: i64 = 72 * 3600 * 1_000_000;
/// Characters of a name.
const LONGEST_NAME: usize = 120;

/// A person to invite.
#[derive(Debug, Clone)]
pub struct NewPerson {
    pub email: String,
    pub name: String,
    pub role: Role,
    /// For the customer's roles, and them only.
    pub customer: Option<CustomerId>,
}

/// What a link is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// The first password of a new account.
    Join,
    /// Another password; the second factor stays.
    Password,
    /// The same, asked for from the sign-in page by whoever knows the address: it stands beside the others.
    Asked,
    /// Another password, and second factor and passkeys are taken away: phone, codes and keys are lost.
    Everything,
}

impl Purpose {
    pub(super) fn key(self) -> &'static str {
        match self {
            Purpose::Join => "join",
            Purpose::Password => "password",
            Purpose::Asked => "asked",
            Purpose::Everything => "everything",
        }
    }

    fn from_key(key: &str) -> Option<Purpose> {
        let all = [Purpose::Join, Purpose::Password, Purpose::Asked, Purpose::Everything];
        all.into_iter().find(|p| p.key() == key)
    }
}

/// A link just made; shown once.
#[derive(Debug, Clone)]
pub struct Link {
    pub account: AccountId,
    /// What follows `/join/` in the address.
    pub code: String,
    pub until: Timestamp,
    /// A letter takes it to its person: nobody has to hand it over.
    pub mailed: bool,
}

/// Who a link is for, as whoever holds it may know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invited {
    pub email: String,
    pub name: String,
    pub purpose: Purpose,
    pub until: Timestamp,
    /// The account keeps its second factor: its code is asked at the next sign-in.
    pub has_second_factor: bool,
}

impl App {
    /// Adds an account that nobody can enter yet, with the link that lets its owner in and, where mail is
    /// exchanged, its letter: all of them or none.
    ///
    /// Slow on purpose (Argon2id); call it off the asynchronous threads.
    pub fn invite(&self, permit: &InstancePermit, person: &NewPerson) -> Result<Link> {
        permit.covers(Act::ManageAccounts)?;
        self.invite_by(Some(permit.by().account), person)
    }

    /// As [`App::invite`], for whoever holds the data folder.
    pub fn invite_as_operator(&self, person: &NewPerson) -> Result<Link> {
        self.invite_by(None, person)
    }

    fn invite_by(&self, by: Option<AccountId>, person: &NewPerson) -> Result<Link> {
        let (email, name) = (person.email.trim().to_lowercase(), person.name.trim());
        if name.is_empty() || name.chars().count() > LONGEST_NAME {
            return Err(AppError::invalid(
                "name",
                format!("un nom, de {LONGEST_NAME} caractères au plus"),
                format!("a name, of at most {LONGEST_NAME} characters"),
            ));
        }
        if (person.role.side() == Side::Customer) != person.customer.is_some() {
            return Err(AppError::invalid(
                "customer",
                "les rôles du client ont un client, les autres n’en ont pas",
                "the customer’s roles have a customer, the others have none",
            ));
        }
        // Nobody knows this one: the link alone opens the account.
        let unknown = BASE64URL_NOPAD.encode(&self.real_bytes::<32>());
        let new = NewAccount {
            email: &email,
            name,
            password: &unknown,
            role: person.role,
            customer: person.customer,
            totp_secret: None,
        };
        let (account, mut add) = self.to_add(&new, by)?;
        let (link, mut offer) = self.to_offer(account, Purpose::Join, by, "")?;
        self.instance.write::<_, AppError, _>(move |tx| {
            add(tx)?;
            offer(tx)
        })?;
        Ok(link)
    }

    /// A link for somebody who lost a password, or everything; the earlier ones no longer serve. Until it
    /// is used the account stays as it is.
    pub fn offer_recovery(
        &self,
        permit: &InstancePermit,
        account: AccountId,
        factor_lost: bool,
    ) -> Result<Link> {
        permit.covers(Act::ManageAccounts)?;
        self.recovery_by(Some(permit.by().account), account, factor_lost)
    }

    /// As [`App::offer_recovery`], for whoever holds the data folder.
    pub fn offer_recovery_as_operator(&self, account: AccountId, factor_lost: bool) -> Result<Link> {
        self.recovery_by(None, account, factor_lost)
    }

    fn recovery_by(&self, by: Option<AccountId>, account: AccountId, factor_lost: bool) -> Result<Link> {
        let found = self.account(account).map_err(|_| AppError::NotFound)?;
        if found.disabled {
            return Err(AppError::refused(Refusal::new(
                "account.disabled",
                "Ce compte est désactivé : réactivez-le d’abord.",
                "This account is disabled: enable it first.",
            )));
        }
        let now = real_now();
        let waiting = self
            .instance
            .read::<_, AppError, _>(move |tx| Ok(links::waiting(tx, account.0, now)?))?
            .and_then(|link| Purpose::from_key(&link.purpose));
        let purpose = match waiting {
            // An invitation may wait beside what came in another way: a provider, a directory, a passkey.
            _ if factor_lost => Purpose::Everything,
            // Somebody who never came in has nothing to recover.
            Some(Purpose::Join) => Purpose::Join,
            _ => Purpose::Password,
        };
        let (link, offer) = self.to_offer(account, purpose, by, "")?;
        self.instance.write(offer)?;
        Ok(link)
    }

    /// A link, and what keeps it with the letter that takes it to its person.
    pub(super) fn to_offer(
        &self,
        account: AccountId,
        purpose: Purpose,
        by: Option<AccountId>,
        words: &str,
    ) -> Result<(Link, impl FnMut(&mut WriteTx<'_>) -> Result<()> + Send + 'static)> {
        let code = self.real_bytes::<32>();
        let (hash, now) = (token_hash(&code), real_now());
        let asked = purpose == Purpose::Asked;
        let life = if asked { forgotten::LIFE } else { LIFE };
        let kept = links::Link { account: account.0, purpose: purpose.key().to_owned(), expires: now + life };
        let act = match purpose {
            Purpose::Join => SecurityAct::Invited,
            Purpose::Password | Purpose::Asked | Purpose::Everything => SecurityAct::RecoveryOffered,
        };
        let told = self.security(act, account.0, words).by(by);
        let (code, until) = (BASE64URL_NOPAD.encode(&code), instant(kept.expires));
        let letter = self.letter_of_link(account, purpose, &code, until)?;
        let link = Link { account, code, until, mailed: letter.is_some() };
        let offer = move |tx: &mut WriteTx<'_>| {
            // Whoever knows an address must not end the link that an administrator made for it.
            match asked {
                true => links::add_beside(tx, &hash, &kept, now)?,
                false => links::add(tx, &hash, &kept, now)?,
            }
            if let Some(letter) = &letter {
                mail::push(tx, letter, letter.next)?;
            }
            told.record(tx)
        };
        Ok((link, offer))
    }

    /// Who a link is for; not found once it was used, is past, or never was.
    pub fn invited(&self, code: &str) -> Result<Invited> {
        let hash = decode_token(code).ok_or(AppError::NotFound)?;
        let now = real_now();
        let found = self.instance.read::<_, AppError, _>(move |tx| {
            let Some(link) = links::live(tx, &hash, now)? else { return Ok(None) };
            Ok(accounts::by_id(tx, link.account)?.map(|account| (link, account)))
        })?;
        let (link, account) = found.filter(|(_, a)| !a.disabled).ok_or(AppError::NotFound)?;
        let purpose = Purpose::from_key(&link.purpose).ok_or(AppError::NotFound)?;
        Ok(Invited {
            has_second_factor: account.totp_sealed.is_some() && purpose != Purpose::Everything,
            email: account.email,
            name: account.display_name,
            purpose,
            until: instant(link.expires),
        })
    }

    /// Takes the password that the holder of a link chose; the link, the sessions and the tokens of the
    /// account end, and so does its second factor if it was said to be lost.
    ///
    /// Slow on purpose (Argon2id); call it off the asynchronous threads.
    pub fn use_link(&self, client: &Client, code: &str, new: &str) -> Result<Invited> {
        let invited = self.invited(code)?;
        password::check_new(new, &[&invited.email, &invited.name])?;
        let hash = decode_token(code).ok_or(AppError::NotFound)?;
        let (password, now) = (password::hash(new, &self.real_bytes())?, real_now());
        let lost = invited.purpose == Purpose::Everything;
        let asked = self.instance.read::<_, AppError, _>(move |tx| Ok(links::live(tx, &hash, now)?))?;
        let account = asked.ok_or(AppError::NotFound)?.account;
        let told = self.security(SecurityAct::LinkUsed, account, &whence(client));
        self.instance.write::<_, AppError, _>(move |tx| {
            // Two uses of one link: the second finds it gone.
            let link = links::live(tx, &hash, now)?.ok_or(AppError::NotFound)?;
            links::drop_of(tx, link.account)?;
            accounts::set_password(tx, link.account, &password)?;
            if lost {
                accounts::set_totp(tx, link.account, None)?;
                recovery::replace(tx, link.account, &[])?;
                passkeys::drop_of(tx, link.account)?;
                identities::drop_of(tx, link.account)?;
            }
            sessions::close_account(tx, link.account)?;
            tokens::revoke_account(tx, link.account)?;
            told.record(tx)
        })?;
        Ok(invited)
    }
}
