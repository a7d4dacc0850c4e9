//! Passkeys: signing in, and proving who one is, by an authenticator (WebAuthn).
//!
//! A passkey is both factors: the device that holds it, and the gesture or the code that it asked for.
//! Staff who have one need no application of codes, and their password alone then opens nothing.

mod cbor;
mod challenge;
mod webauthn;

use base::id::AccountId;
use data_encoding::BASE64URL_NOPAD;
use events::SecurityAct;
use jiff::Timestamp;
use store::instance::{accounts, passkeys, sessions, tokens};
use uuid::Uuid;

use super::attempts::Client;
use super::openid::Left;
use super::security::whence;
use super::sessions::{Opened, Proof, Session};
use super::{instant, real_now};
use crate::error::{AppError, Refusal, Result};
use crate::instance::App;
use challenge::Ceremony;
use webauthn::{challenge_of, made, signed};

pub(crate) use challenge::Spent;
pub use webauthn::{ALGORITHMS, Assertion, Registration, RelyingParty};

/// Characters of the name of a passkey.
pub const LONGEST_NAME: usize = 80;
/// Passkeys of one account.
pub(super) const MOST: u32 = 20;

/// What a browser needs to make a passkey.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    pub challenge: String,
    /// Names the account for the authenticator, and tells nothing of its owner.
    pub user: String,
    /// The passkeys that the account has: an authenticator that holds one makes no other.
    pub held: Vec<String>,
}

/// What a browser needs to prove who is there with a passkey of this account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    pub challenge: String,
    /// Those that may answer; any that the person has, when there is none.
    pub held: Vec<String>,
}

/// A passkey as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldPasskey {
    pub id: Uuid,
    pub name: String,
    /// It may be on several devices of its owner; otherwise it never leaves one.
    pub copied: bool,
    /// The host name that it serves for.
    pub site: String,
    pub created: Timestamp,
    pub last_used: Option<Timestamp>,
}

impl App {
    /// What a browser needs to sign in with a passkey, whoever is there.
    pub fn ask_any_passkey(&self) -> Result<Ask> {
        Ok(Ask { challenge: self.challenge(&Ceremony::SignIn)?, held: Vec::new() })
    }

    /// What a browser needs for the person of a session to prove who they are; `None` without a passkey
    /// for this site.
    pub fn ask_passkey(&self, session: &Session, site: &RelyingParty) -> Result<Option<Ask>> {
        let held = self.credentials_of(session, site)?;
        if held.is_empty() {
            return Ok(None);
        }
        Ok(Some(Ask { challenge: self.challenge(&Ceremony::Prove(session))?, held }))
    }

    /// What a browser needs to make a passkey for the person of a session.
    pub fn offer_passkey(&self, session: &Session, site: &RelyingParty) -> Result<Offer> {
        Ok(Offer {
            challenge: self.challenge(&Ceremony::Add(session))?,
            user: BASE64URL_NOPAD.encode(session.principal.account.0.as_bytes()),
            held: self.credentials_of(session, site)?,
        })
    }

    /// Keeps a passkey that a browser has just made. For staff who had no second factor it is one: their
    /// other sessions and their tokens end.
    pub fn add_passkey(
        &self,
        session: &Session,
        _: &Proof,
        site: &RelyingParty,
        name: &str,
        sent: &Registration,
    ) -> Result<()> {
        let name = name.trim();
        if name.is_empty() || name.chars().count() > LONGEST_NAME {
            return Err(AppError::invalid(
                "name",
                format!("donnez-lui un nom, de {LONGEST_NAME} caractères au plus"),
                format!("give it a name, of at most {LONGEST_NAME} characters"),
            ));
        }
        let ceremony = Ceremony::Add(session);
        let challenge = challenge_of(&sent.client_data).filter(|sent| self.awaits(&ceremony, sent));
        let challenge = challenge.ok_or_else(not_made)?;
        let made = made(site, sent).ok_or_else(not_made)?;
        if !self.spend(&ceremony, &challenge) {
            return Err(not_made());
        }
        let key = passkeys::Passkey {
            id: self.id(base::id::uuid_v7),
            account: session.principal.account.0,
            credential: made.credential,
            public_key: made.public_key,
            site: site.id.clone(),
            name: name.to_owned(),
            counter: made.counter,
            copied: made.may_be_copied,
            created: real_now(),
            used: None,
        };
        let (hash, first_factor) = (session.hash, session.must_enrol);
        let told = self.security(SecurityAct::PasskeyAdded, key.account, name).about(key.id.to_string());
        self.instance.write::<_, AppError, _>(move |tx| {
            if passkeys::of_account(tx, key.account, MOST)?.len() >= MOST as usize {
                return Err(AppError::invalid(
                    "name",
                    format!("{MOST} clés d’accès déjà : retirez celles qui ne servent plus"),
                    format!("{MOST} passkeys already: remove those no longer used"),
                ));
            }
            match passkeys::add(tx, &key) {
                Err(e) if e.is_constraint() => return Err(not_made()),
                done => done?,
            }
            if first_factor {
                sessions::close_others(tx, key.account, &hash)?;
                tokens::revoke_account(tx, key.account)?;
                sessions::prove(tx, &hash, key.created, true)?;
            }
            told.record(tx)
        })
    }

    /// The passkeys of the person of a session, the oldest first.
    pub fn passkeys_of(&self, session: &Session) -> Result<Vec<HeldPasskey>> {
        let held = self.keys_held(session.principal.account)?;
        Ok(held
            .into_iter()
            .map(|key| HeldPasskey {
                id: key.id,
                name: key.name,
                copied: key.copied,
                site: key.site,
                created: instant(key.created),
                last_used: key.used.map(instant),
            })
            .collect())
    }

    /// Removes a passkey of the person of a session; another's is not found. Their other sessions and
    /// their tokens end. Staff left without a second factor reach nothing but its enrolment.
    ///
    /// `passkey.last` where it is the last way in, from `site`.
    pub fn remove_passkey(
        &self,
        session: &Session,
        _: &Proof,
        site: Option<&RelyingParty>,
        id: &str,
    ) -> Result<()> {
        let ways = self.ways_into(session, site)?;
        let id = Uuid::parse_str(id).map_err(|_| AppError::NotFound)?;
        let account = session.principal.account;
        let named =
            self.keys_held(account)?.into_iter().find(|key| key.id == id).ok_or(AppError::NotFound)?;
        let (hash, proved, keeps_one) = (session.hash, session.proved, session.has_second_factor);
        let told = self.security(SecurityAct::PasskeyRemoved, account.0, &named.name).about(id.to_string());
        self.instance.write::<_, AppError, _>(move |tx| {
            let before = ways.all(tx)?;
            if !passkeys::remove(tx, id, account.0)? {
                return Err(AppError::NotFound);
            }
            if before != Left::Nothing && ways.all(tx)? == Left::Nothing {
                return Err(AppError::refused(last_way_in()));
            }
            // It may be in other hands: what it opened ends, and without any factor left nothing counts here.
            sessions::close_others(tx, account.0, &hash)?;
            tokens::revoke_account(tx, account.0)?;
            if !keeps_one && !passkeys::any(tx, account.0)? {
                sessions::prove(tx, &hash, proved, false)?;
            }
            told.record(tx)
        })?;
        self.rights_changed(account);
        Ok(())
    }

    /// Signs in the person whom the authenticator names; both factors are then given.
    ///
    /// One answer whatever is wrong.
    pub fn sign_in_with_passkey(
        &self,
        client: &Client,
        site: &RelyingParty,
        sent: &Assertion,
    ) -> Result<Opened> {
        let (account, key) = self.asserted(&Ceremony::SignIn, client, site, sent)?;
        // Nobody said who they are: the authenticator must.
        if sent.user != account.id.as_bytes() {
            return Err(AppError::Unauthenticated);
        }
        let token = self.open_session(&account, client, real_now(), true, &key.name)?;
        Ok(Opened { token, principal: self.person(account)? })
    }

    /// As [`App::prove`], by a passkey of the person of a session.
    pub fn prove_with_passkey(
        &self,
        session: &Session,
        client: &Client,
        site: &RelyingParty,
        sent: &Assertion,
    ) -> Result<()> {
        let (account, _) = self.asserted(&Ceremony::Prove(session), client, site, sent)?;
        if account.id != session.principal.account.0 {
            return Err(AppError::Unauthenticated);
        }
        let (hash, now) = (session.hash, real_now());
        self.instance.write::<_, AppError, _>(move |tx| Ok(sessions::prove(tx, &hash, now, true)?))
    }

    /// Whether a password is not enough for this account, though it has no application of codes: staff
    /// who have a passkey.
    pub(super) fn is_by_passkey_only(&self, account: &accounts::Account) -> Result<bool> {
        if account.totp_sealed.is_some() || !self.wants_second_factor(&self.person(account.clone())?) {
            return Ok(false);
        }
        let id = account.id;
        self.instance.read(move |tx| Ok(passkeys::any(tx, id)?))
    }

    /// Whose signature this is, if it is worth anything. An address has the same limits as for passwords;
    /// an account has none: a signature cannot be guessed, and nobody may hold its owner back with false ones.
    fn asserted(
        &self,
        ceremony: &Ceremony<'_>,
        client: &Client,
        site: &RelyingParty,
        sent: &Assertion,
    ) -> Result<(accounts::Account, passkeys::Passkey)> {
        let now = real_now();
        if self.attempts().wait_there(client, now) > 0 {
            return Err(AppError::Busy);
        }
        let credential = sent.credential.clone();
        let found = self.instance.read::<_, AppError, _>(move |tx| {
            let Some(key) = passkeys::by_credential(tx, &credential)? else { return Ok(None) };
            Ok(accounts::by_id(tx, key.account)?.map(|account| (account, key)))
        })?;
        let found = found.filter(|(account, key)| !account.disabled && key.site == site.id);
        let challenge = challenge_of(&sent.client_data).filter(|sent| self.awaits(ceremony, sent));
        let (Some((account, key)), Some(challenge)) = (found, challenge) else {
            return self.not_heard(client, now);
        };
        let held = signed(site, &key.public_key, sent).filter(|signed| signed.may_be_copied == key.copied);
        let Some(signed) = held.filter(|_| self.spend(ceremony, &challenge)) else {
            return self.not_heard(client, now);
        };
        let (id, words) = (key.id, format!("{} · {}", key.name, whence(client)));
        let back =
            self.security(SecurityAct::PasskeyRefused, account.id, &words).by(None).about(id.to_string());
        let counted = self.instance.write::<_, AppError, _>(move |tx| {
            let counted = passkeys::use_once(tx, id, signed.counter, now)?;
            if !counted {
                back.record(tx)?;
            }
            Ok(counted)
        })?;
        if !counted {
            return self.not_heard(client, now);
        }
        Ok((account, key))
    }

    fn not_heard<T>(&self, client: &Client, now: i64) -> Result<T> {
        self.attempts().failed_there(client, now);
        Err(AppError::Unauthenticated)
    }

    fn keys_held(&self, account: AccountId) -> Result<Vec<passkeys::Passkey>> {
        self.instance.read(move |tx| Ok(passkeys::of_account(tx, account.0, MOST)?))
    }

    fn credentials_of(&self, session: &Session, site: &RelyingParty) -> Result<Vec<String>> {
        let held = self.keys_held(session.principal.account)?;
        let here = held.iter().filter(|key| key.site == site.id);
        Ok(here.map(|key| BASE64URL_NOPAD.encode(&key.credential)).collect())
    }
}

fn last_way_in() -> Refusal {
    Refusal::new(
        "passkey.last",
        "C’est votre seule façon d’entrer : ajoutez d’abord une autre clé d’accès, ou demandez à un administrateur un lien pour choisir un mot de passe.",
        "It is your only way in: add another passkey first, or ask an administrator for a link to choose a password.",
    )
}

fn not_made() -> AppError {
    AppError::invalid(
        "passkey",
        "cette clé d’accès n’a pas pu être ajoutée : rechargez la page et recommencez",
        "this passkey could not be added: reload the page and start again",
    )
}
