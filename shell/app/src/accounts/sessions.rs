//! Signing in, and the sessions that it opens.

use std::sync::{MutexGuard, PoisonError};

use base::id::AccountId;
use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use events::SecurityAct;
use jiff::Timestamp;
use store::instance::{accounts, passkeys, sessions};

use super::attempts::{Attempts, Client};
use super::security::whence;
use super::{LONGEST_EMAIL, decode_token, instant, password, real_now, token_hash};
use crate::access::Principal;
use crate::error::{AppError, Result};
use crate::instance::App;

const IDLE: i64 = 12 * 3600 * 1_000_000;
const ABSOLUTE: i64 = 7 * 24 * 3600 * 1_000_000;
const SEEN_EVERY: i64 = 60 * 1_000_000;
/// How long a proof of who one is serves sensitive acts.
const PROOF: i64 = 5 * 60 * 1_000_000;
/// Sessions shown to their owner.
const SHOWN: u32 = 100;

/// A session just opened: the token goes to the browser, its hash stays.
pub struct Opened {
    pub token: String,
    pub principal: Principal,
}

/// A live session.
#[derive(Debug, Clone)]
pub struct Session {
    pub principal: Principal,
    /// What forms must send back.
    pub csrf: String,
    /// The account has an application of codes, and this session gave both factors.
    pub has_second_factor: bool,
    /// The account has a passkey.
    pub has_passkey: bool,
    /// True for the provider's staff without either, whose provider of identity asked for no second factor:
    /// only their enrolment may be reached.
    pub must_enrol: bool,
    /// True for the provider's staff with a passkey and no application of codes: a password proves nothing.
    pub by_passkey_only: bool,
    pub(super) hash: [u8; 32],
    /// Both factors were given in it.
    strong: bool,
    pub(super) proved: i64,
}

/// Proof that whoever asks proved who they are less than five minutes ago: by [`Session::recent_proof`],
/// or, for a command, by [`Proof::of_the_operator`].
#[derive(Debug)]
pub struct Proof(());

impl Proof {
    /// Of whoever runs a command on the data folder: they hold its keys, and no session has more to prove.
    pub fn of_the_operator() -> Proof {
        Proof(())
    }
}

/// A session as its owner sees it among theirs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenSession {
    /// Names it for [`App::end_session`]; opens nothing.
    pub id: String,
    pub device: String,
    pub opened: Timestamp,
    /// To the minute.
    pub last_seen: Timestamp,
    /// The one that asks.
    pub current: bool,
}

impl Session {
    /// `None` when the person must prove who they are again.
    pub fn recent_proof(&self) -> Option<Proof> {
        (real_now() - self.proved < PROOF).then_some(Proof(()))
    }
}

impl App {
    /// Signs in from nowhere in particular; see [`App::sign_in_from`].
    pub fn sign_in(&self, email: &str, password: &str, code: Option<&str>) -> Result<Opened> {
        self.sign_in_from(&Client::default(), email, password, code)
    }

    /// Signs in: e-mail, password, and the code when the account has a second factor.
    ///
    /// Slow on purpose (Argon2id); call it off the asynchronous threads. One answer for every wrong
    /// combination, and the same work done, so that nobody learns which e-mails exist.
    pub fn sign_in_from(
        &self,
        client: &Client,
        email: &str,
        password: &str,
        code: Option<&str>,
    ) -> Result<Opened> {
        let account = self.credentials(client, email, password, code, None)?;
        let strong = account.totp_sealed.is_some();
        let token = self.open_session(&account, client, real_now(), strong, "")?;
        Ok(Opened { token, principal: self.person(account)? })
    }

    /// Who these credentials are of, without opening a session: a second person signing beside the first.
    ///
    /// As slow, as silent and as guarded as [`App::sign_in`]. Staff without a second factor are not heard.
    pub fn authenticate(
        &self,
        client: &Client,
        email: &str,
        password: &str,
        code: Option<&str>,
    ) -> Result<Principal> {
        let account = self.credentials(client, email, password, code, None)?;
        let has_second_factor = account.totp_sealed.is_some();
        let principal = self.person(account)?;
        if self.wants_second_factor(&principal) && !has_second_factor {
            return Err(AppError::Unauthenticated);
        }
        Ok(principal)
    }

    /// Minutes before another try of this account is heard from there; zero when it is heard now.
    pub fn sign_in_wait(&self, client: &Client, email: &str) -> i64 {
        let wait = self.attempts().wait(&tried(email), client, real_now());
        wait.div_euclid(60_000_000) + i64::from(wait.rem_euclid(60_000_000) > 0)
    }

    pub(super) fn attempts(&self) -> MutexGuard<'_, Attempts> {
        self.attempts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// `within` is the session of whoever proves again who they are: they came in already, by the way that
    /// is theirs.
    fn credentials(
        &self,
        client: &Client,
        email: &str,
        password: &str,
        code: Option<&str>,
        within: Option<&Session>,
    ) -> Result<accounts::Account> {
        let email = tried(email);
        let now = real_now();
        if self.attempts().wait(&email, client, now) > 0 {
            return Err(AppError::Busy);
        }
        let asked = email.clone();
        let account = self.instance.read::<_, AppError, _>(move |tx| Ok(accounts::by_email(tx, &asked)?))?;
        let account = account.filter(|a| !a.disabled);
        let hash = account.as_ref().map_or(password::NOBODY, |a| a.password_hash.as_str());
        let says = self.directory_says(&email, password);
        let right = says.unwrap_or_else(|| password::verify(password, hash));
        match account {
            Some(account)
                if right
                    && (within.is_some() || !self.is_by_provider_only(&account)?)
                    && self.second_factor(&account, client, code, now)? =>
            {
                self.attempts().succeeded(&email, client);
                Ok(account)
            }
            account => {
                self.failed(account.as_ref(), &email, client, now);
                Err(AppError::Unauthenticated)
            }
        }
    }

    /// The person of a session proves again who they are: password, and code if they have a second factor.
    ///
    /// Slow on purpose, as [`App::sign_in`]. Sensitive acts are then heard for five minutes.
    pub fn prove(
        &self,
        session: &Session,
        client: &Client,
        password: &str,
        code: Option<&str>,
    ) -> Result<()> {
        let account = self.credentials(client, &session.principal.email, password, code, Some(session))?;
        if account.id != session.principal.account.0 {
            return Err(AppError::Unauthenticated);
        }
        let strong = session.strong || account.totp_sealed.is_some();
        let (hash, now) = (session.hash, real_now());
        self.instance.write::<_, AppError, _>(move |tx| Ok(sessions::prove(tx, &hash, now, strong)?))
    }

    /// Counts a wrong try; the owner of the account, if it is one, reads when others must wait.
    pub(super) fn failed(&self, account: Option<&accounts::Account>, email: &str, client: &Client, now: i64) {
        let held = self.attempts().failed(email, client, now);
        if let Some(account) = account.filter(|_| held) {
            self.note_act(self.security(SecurityAct::SignInHeld, account.id, &whence(client)).by(None));
        }
    }

    /// `strong` once both factors are given; `means` names what they were given with, for the owner.
    pub(super) fn open_session(
        &self,
        account: &accounts::Account,
        client: &Client,
        now: i64,
        strong: bool,
        means: &str,
    ) -> Result<String> {
        let (token, csrf) = (self.real_bytes::<32>(), self.real_bytes::<32>());
        let words = [means.to_owned(), whence(client)].into_iter().filter(|part| !part.is_empty());
        let words = words.collect::<Vec<_>>().join(" · ");
        let session = sessions::Session {
            token_hash: token_hash(&token),
            account: account.id,
            csrf: csrf.to_vec(),
            created: now,
            last_seen: now,
            expires: now + IDLE,
            device: client.device.chars().take(80).collect(),
            strong,
            proved: now,
        };
        let told = self.security(SecurityAct::SignedIn, account.id, &words);
        self.instance.write::<_, AppError, _>(move |tx| {
            sessions::close_expired(tx, now)?;
            sessions::open(tx, &session)?;
            told.record(tx)
        })?;
        Ok(BASE64URL_NOPAD.encode(&token))
    }

    /// The session of a browser's token; `None` when it is unknown, expired or its account disabled, or
    /// when the account has a second factor that this session never gave. A passkey is one for staff; for
    /// the customer's people it is one more way in.
    pub fn session(&self, token: &str) -> Result<Option<Session>> {
        let Some(hash) = decode_token(token) else { return Ok(None) };
        self.session_of(hash, true)
    }

    /// As [`App::session`], for a page that asks again by itself: nobody was seen at it, and the session
    /// ends when it would have.
    pub fn session_unseen(&self, token: &str) -> Result<Option<Session>> {
        let Some(hash) = decode_token(token) else { return Ok(None) };
        self.session_of(hash, false)
    }

    /// A session as it stands now; `None` once it has ended.
    pub fn session_still(&self, session: &Session) -> Result<Option<Session>> {
        self.session_of(session.hash, false)
    }

    fn session_of(&self, hash: [u8; 32], present: bool) -> Result<Option<Session>> {
        let now = real_now();
        let found = self.instance.read::<_, AppError, _>(move |tx| {
            let Some(session) = sessions::live(tx, &hash, now)? else { return Ok(None) };
            let has_passkey = passkeys::any(tx, session.account)?;
            Ok(accounts::by_id(tx, session.account)?.map(|a| (session, a, has_passkey)))
        })?;
        let Some((session, account, has_passkey)) = found.filter(|(_, a, _)| !a.disabled) else {
            return Ok(None);
        };
        let has_second_factor = account.totp_sealed.is_some();
        let principal = self.person(account)?;
        let wanted = self.wants_second_factor(&principal);
        if !session.strong && (has_second_factor || (wanted && has_passkey)) {
            return Ok(None);
        }
        if present && now - session.last_seen > SEEN_EVERY {
            let expires = (now + IDLE).min(session.created + ABSOLUTE);
            let seen = move |tx: &mut store::WriteTx<'_>| Ok(sessions::seen(tx, &hash, now, expires)?);
            // On a full disk people can still read: the session ends when it said it would.
            let _ = self.instance.write::<_, AppError, _>(seen);
        }
        Ok(Some(Session {
            must_enrol: wanted && !has_second_factor && !has_passkey && !session.strong,
            strong: session.strong,
            by_passkey_only: wanted && !has_second_factor && has_passkey,
            has_second_factor,
            has_passkey,
            principal,
            csrf: BASE64URL_NOPAD.encode(&session.csrf),
            hash,
            proved: session.proved,
        }))
    }

    pub fn sign_out(&self, token: &str) -> Result<()> {
        let Some(hash) = decode_token(token) else { return Ok(()) };
        let now = real_now();
        let account = self.instance.write::<_, AppError, _>(move |tx| {
            let session = sessions::live(tx, &hash, now)?;
            sessions::close(tx, &hash)?;
            Ok(session.map(|s| AccountId(s.account)))
        })?;
        account.into_iter().for_each(|account| self.rights_changed(account));
        Ok(())
    }

    /// The live sessions of the person of this one, the last seen first; a hundred at most.
    pub fn sessions_of(&self, session: &Session) -> Result<Vec<OpenSession>> {
        let account = session.principal.account;
        let all = self.live_sessions(account)?;
        Ok(all
            .into_iter()
            .map(|s| OpenSession {
                id: public_id(&s.token_hash),
                device: s.device,
                opened: instant(s.created),
                last_seen: instant(s.last_seen),
                current: s.token_hash == session.hash,
            })
            .collect())
    }

    /// Ends one session of the same person; another's is not found.
    pub fn end_session(&self, session: &Session, id: &str) -> Result<()> {
        let all = self.live_sessions(session.principal.account)?;
        let named = all.into_iter().find(|s| public_id(&s.token_hash) == id).ok_or(AppError::NotFound)?;
        self.instance.write::<_, AppError, _>(move |tx| Ok(sessions::close(tx, &named.token_hash)?))?;
        self.rights_changed(session.principal.account);
        Ok(())
    }

    /// Ends every session of the same person but this one.
    pub fn end_other_sessions(&self, session: &Session) -> Result<u64> {
        let (account, kept) = (session.principal.account.0, session.hash);
        let told = self.security(SecurityAct::SessionsEnded, account, "");
        let ended = self.instance.write::<_, AppError, _>(move |tx| {
            told.record(tx)?;
            Ok(sessions::close_others(tx, account, &kept)?)
        })?;
        self.rights_changed(session.principal.account);
        Ok(ended)
    }

    fn live_sessions(&self, account: AccountId) -> Result<Vec<sessions::Session>> {
        let now = real_now();
        self.instance.read(move |tx| Ok(sessions::of_account(tx, account.0, now, SHOWN)?))
    }
}

/// No account has a longer address; what failed is remembered, so it must be short.
pub(super) fn tried(email: &str) -> String {
    email.trim().to_lowercase().chars().take(LONGEST_EMAIL + 1).collect()
}

/// Half of the hash of 256 random bits: it names the session, and nothing leads from it to the token.
fn public_id(hash: &[u8; 32]) -> String {
    HEXLOWER.encode(&hash[..16])
}
