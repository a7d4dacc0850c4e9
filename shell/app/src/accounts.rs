//! Accounts, passwords, second factors, sessions and tokens.
//!
//! These use the machine's clock whatever the business clock says.

use std::collections::HashMap;
use std::sync::PoisonError;

use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use base::id::{AccountId, CustomerId};
use data_encoding::BASE64URL_NOPAD;
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use store::instance::{accounts, sessions, tokens};
use subtle::ConstantTimeEq;
use totp_rs::{Builder, Secret};

use crate::access::{Principal, Role};
use crate::entropy;
use crate::error::{AppError, Result};
use crate::instance::App;

const IDLE: i64 = 12 * 3600 * 1_000_000;
const ABSOLUTE: i64 = 7 * 24 * 3600 * 1_000_000;
const SEEN_EVERY: i64 = 60 * 1_000_000;

/// An account to add.
pub struct NewAccount<'a> {
    pub email: &'a str,
    pub name: &'a str,
    pub password: &'a str,
    pub role: Role,
    pub customer: Option<CustomerId>,
    /// A base32 secret for time-based codes.
    pub totp_secret: Option<&'a str>,
}

/// A session just opened: the token goes to the browser, its hash stays.
pub struct Opened {
    pub token: String,
    pub principal: Principal,
}

/// A live session.
pub struct Session {
    pub principal: Principal,
    /// What forms must send back.
    pub csrf: String,
}

/// Failures of sign-in by e-mail: five, then a minute's wait.
#[derive(Default)]
pub(crate) struct Attempts(HashMap<String, (u32, i64)>);

/// RFC 5321, 4.5.3.1.3, as corrected: in bytes.
const LONGEST_EMAIL: usize = 254;

const FAILURES: u32 = 5;
const WAIT: i64 = 60 * 1_000_000;

impl Attempts {
    fn blocked(&self, email: &str, now: i64) -> bool {
        self.0.get(email).is_some_and(|(count, last)| *count >= FAILURES && now - last < WAIT)
    }

    fn failed(&mut self, email: &str, now: i64) {
        // Bounded: names tried at random must not fill the memory.
        if self.0.len() > 10_000 {
            self.0.retain(|_, (_, last)| now - *last < WAIT);
        }
        let entry = self.0.entry(email.to_owned()).or_insert((0, now));
        let count = if now - entry.1 > WAIT { 1 } else { entry.0 + 1 };
        *entry = (count, now);
    }
}

impl App {
    /// Adds an account.
    pub fn add_account(&self, new: &NewAccount<'_>) -> Result<AccountId> {
        if !new.email.contains('@') || new.email.len() > LONGEST_EMAIL {
            return Err(AppError::invalid(
                "email",
                "adresse e-mail attendue",
                "an e-mail address is expected",
            ));
        }
        if new.password.chars().count() < 12 {
            return Err(AppError::invalid(
                "password",
                "douze caractères au moins",
                "at least twelve characters",
            ));
        }
        let id = self.id(AccountId::new);
        let context = format!("totp/{id}");
        let totp_sealed = match new.totp_secret {
            Some(secret) => {
                Some(self.kek.seal(self.settings.entropy.as_ref(), &context, secret.as_bytes())?)
            }
            None => None,
        };
        let account = accounts::Account {
            id: id.0,
            email: new.email.to_owned(),
            display_name: new.name.to_owned(),
            password_hash: hash_password(new.password, &self.salt())?,
            totp_sealed,
            role: new.role.key().to_owned(),
            customer: new.customer.map(|c| c.0),
            disabled: false,
            created: real_now(),
        };
        self.instance.write::<_, AppError, _>(move |tx| match accounts::add(tx, &account) {
            Err(e) if e.is_constraint() => Err(AppError::invalid(
                "email",
                "cette adresse a déjà un compte",
                "this address already has an account",
            )),
            done => Ok(done?),
        })?;
        Ok(id)
    }

    /// The person behind an account.
    pub fn principal(&self, id: AccountId) -> Result<Principal> {
        let account = self.instance.read::<_, AppError, _>(move |tx| Ok(accounts::by_id(tx, id.0)?))?;
        principal(account.ok_or(AppError::Unauthenticated)?)
    }

    /// Signs in: e-mail, password, and the code when the account has a second factor.
    ///
    /// Slow on purpose (Argon2id); call it off the asynchronous threads. One answer for every wrong
    /// combination, and the same work done, so that nobody learns which e-mails exist.
    pub fn sign_in(&self, email: &str, password: &str, code: Option<&str>) -> Result<Opened> {
        let principal = self.authenticate(email, password, code)?;
        let token = self.open_session(principal.account, real_now())?;
        Ok(Opened { token, principal })
    }

    /// Who these credentials are of, without opening a session: a second person signing beside the first.
    ///
    /// As slow, as silent and as guarded as [`App::sign_in`].
    pub fn authenticate(&self, email: &str, password: &str, code: Option<&str>) -> Result<Principal> {
        // No account has a longer one; what failed is remembered, so it must be short.
        let email: String = email.trim().to_lowercase().chars().take(LONGEST_EMAIL + 1).collect();
        let now = real_now();
        if self.attempts.lock().unwrap_or_else(PoisonError::into_inner).blocked(&email, now) {
            return Err(AppError::Busy);
        }
        let asked = email.clone();
        let account = self.instance.read::<_, AppError, _>(move |tx| Ok(accounts::by_email(tx, &asked)?))?;
        let account = account.filter(|a| !a.disabled);
        let hash = account.as_ref().map_or(NOBODY, |a| a.password_hash.as_str());
        let right = verify_password(password, hash);
        let passed = match account {
            Some(a) if right && self.second_factor(&a, code, now)? => Some(a),
            _ => None,
        };
        let Some(account) = passed else {
            self.attempts.lock().unwrap_or_else(PoisonError::into_inner).failed(&email, now);
            return Err(AppError::Unauthenticated);
        };
        principal(account)
    }

    fn second_factor(&self, account: &accounts::Account, code: Option<&str>, now: i64) -> Result<bool> {
        let Some(sealed) = &account.totp_sealed else { return Ok(true) };
        let Some(code) = code.map(str::trim).filter(|c| !c.is_empty()) else { return Ok(false) };
        let secret = self.kek.unseal(&format!("totp/{}", AccountId(account.id)), sealed)?;
        let secret = String::from_utf8(secret).map_err(AppError::fault)?;
        let secret = Secret::try_from_base32(&secret).map_err(AppError::fault)?;
        let totp = Builder::new().with_secret(secret).build().map_err(AppError::fault)?;
        let seconds = u64::try_from(now / 1_000_000).unwrap_or_default();
        let Some(step) = totp.check(code, seconds) else { return Ok(false) };
        // RFC 6238, 5.2: a code is accepted once.
        let (id, step) = (account.id, i64::try_from(step).unwrap_or(i64::MAX));
        self.instance.write::<_, AppError, _>(move |tx| Ok(accounts::use_totp(tx, id, step)?))
    }

    fn open_session(&self, account: AccountId, now: i64) -> Result<String> {
        let (token, csrf) = (self.real_bytes(), self.real_bytes());
        let session = sessions::Session {
            token_hash: token_hash(&token),
            account: account.0,
            csrf: csrf.to_vec(),
            created: now,
            last_seen: now,
            expires: now + IDLE,
        };
        self.instance.write::<_, AppError, _>(move |tx| {
            sessions::close_expired(tx, now)?;
            Ok(sessions::open(tx, &session)?)
        })?;
        Ok(BASE64URL_NOPAD.encode(&token))
    }

    /// The session of a browser's token; `None` when it is unknown, expired or its account disabled.
    pub fn session(&self, token: &str) -> Result<Option<Session>> {
        let Some(hash) = decode_token(token) else { return Ok(None) };
        let now = real_now();
        let found = self.instance.read::<_, AppError, _>(move |tx| {
            let Some(session) = sessions::live(tx, &hash, now)? else { return Ok(None) };
            Ok(accounts::by_id(tx, session.account)?.map(|a| (session, a)))
        })?;
        let Some((session, account)) = found.filter(|(_, a)| !a.disabled) else { return Ok(None) };
        if now - session.last_seen > SEEN_EVERY {
            let expires = (now + IDLE).min(session.created + ABSOLUTE);
            let seen = move |tx: &mut store::WriteTx<'_>| Ok(sessions::seen(tx, &hash, now, expires)?);
            // On a full disk people can still read: the session ends when it said it would.
            let _ = self.instance.write::<_, AppError, _>(seen);
        }
        Ok(Some(Session { principal: principal(account)?, csrf: BASE64URL_NOPAD.encode(&session.csrf) }))
    }

    pub fn sign_out(&self, token: &str) -> Result<()> {
        let Some(hash) = decode_token(token) else { return Ok(()) };
        self.instance.write::<_, AppError, _>(move |tx| Ok(sessions::close(tx, &hash)?))
    }

    /// Issues an API token with the rights of an account; shown once.
    pub fn add_token(&self, account: AccountId, label: &str) -> Result<String> {
        let principal = self.principal(account)?;
        let token = self.real_bytes();
        let row = tokens::Token {
            token_hash: token_hash(&token),
            id: self.id(base::id::uuid_v7),
            label: label.to_owned(),
            role: principal.role.key().to_owned(),
            customer: principal.customer.map(|c| c.0),
            account: Some(account.0),
            created: real_now(),
        };
        self.instance.write::<_, AppError, _>(move |tx| Ok(tokens::add(tx, &row)?))?;
        Ok(BASE64URL_NOPAD.encode(&token))
    }

    /// Who a bearer token speaks for: its account's rights as they are now.
    pub fn bearer(&self, token: &str) -> Result<Principal> {
        let hash = decode_token(token).ok_or(AppError::Unauthenticated)?;
        let account = self.instance.read::<_, AppError, _>(move |tx| {
            let Some(token) = tokens::by_hash(tx, &hash)? else { return Ok(None) };
            let Some(account) = token.account else { return Ok(None) };
            Ok(accounts::by_id(tx, account)?)
        })?;
        principal(account.filter(|a| !a.disabled).ok_or(AppError::Unauthenticated)?)
    }

    /// Secrets of people come from the system, whatever feeds the rest.
    fn real_bytes(&self) -> [u8; 32] {
        entropy::bytes(&entropy::Os)
    }
}

/// Compares what a form sent with the session's own value, in constant time.
pub fn csrf_matches(expected: &str, sent: &str) -> bool {
    expected.as_bytes().ct_eq(sent.as_bytes()).into()
}

fn principal(account: accounts::Account) -> Result<Principal> {
    let role = Role::from_key(&account.role).ok_or_else(|| {
        AppError::fault(format!("account {} has the unknown role {}", account.id, account.role))
    })?;
    Ok(Principal {
        account: AccountId(account.id),
        role,
        customer: account.customer.map(CustomerId),
        name: account.display_name,
        email: account.email,
    })
}

/// OWASP's first choice for Argon2id: 19 MiB, two passes, one lane; also the library's default.
fn hash_password(password: &str, salt: &[u8; 32]) -> Result<String> {
    let hash = Argon2::default().hash_password_with_salt(password.as_bytes(), &salt[..16]);
    Ok(hash.map_err(AppError::fault)?.to_string())
}

fn verify_password(password: &str, hash: &str) -> bool {
    PasswordHash::new(hash)
        .is_ok_and(|parsed| Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok())
}

/// The hash of a random password nobody has: what unknown e-mails are checked against.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$AAECAwQFBgcICQoLDA0ODw$YqxVbzS9SHXm8nCOlv9d2VHQb0UBhYkBO7pJpwpOkrs";

fn token_hash(token: &[u8; 32]) -> [u8; 32] {
    Sha256::digest(token).into()
}

fn decode_token(token: &str) -> Option<[u8; 32]> {
    let bytes: [u8; 32] = BASE64URL_NOPAD.decode(token.as_bytes()).ok()?.try_into().ok()?;
    Some(token_hash(&bytes))
}

fn real_now() -> i64 {
    Timestamp::now().as_microsecond()
}

#[cfg(test)]
mod tests {
    use super::*;

    // Were it unreadable or cheaper, the time of an answer would tell which e-mails exist.
    #[test]
    fn nobody_s_hash_costs_what_a_real_one_does() {
        let real = hash_password("une phrase assez longue", &[7; 32]).expect("a password is hashed");
        let (real, nobody) = (PasswordHash::new(&real).unwrap(), PasswordHash::new(NOBODY).unwrap());
        assert_eq!((real.algorithm, real.version), (nobody.algorithm, nobody.version));
        assert_eq!(real.params.as_str(), nobody.params.as_str());
        let lengths = |h: &PasswordHash| (h.salt.map(|s| s.len()), h.hash.map(|h| h.len()));
        assert_eq!(lengths(&real), lengths(&nobody));
        assert!(verify_password("une phrase assez longue", &real.to_string()));
        assert!(!verify_password("une phrase assez longue", NOBODY));
    }
}
