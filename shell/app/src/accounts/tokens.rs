//! API tokens: what programs sign in with.

use base::id::AccountId;
use data_encoding::BASE64URL_NOPAD;
use events::SecurityAct;
use jiff::Timestamp;
use store::instance::{accounts, passkeys, tokens};
use uuid::Uuid;

use super::sessions::{Proof, Session};
use super::{decode_token, instant, real_now, token_hash};
use crate::access::Principal;
use crate::error::{AppError, Result};
use crate::instance::App;

/// Characters of what a token is said to be for.
pub const LONGEST_LABEL: usize = 80;
/// How long a token stands for the proof that its owner gave to make it.
const PROOF: i64 = DAY;
/// Days that a token made in the browser may live.
pub const LONGEST_LIFE_DAYS: u16 = 365;
const DAY: i64 = 24 * 3600 * 1_000_000;
const USED_EVERY: i64 = 3600 * 1_000_000;
/// Tokens of one account, and how many are shown.
const MOST: u32 = 50;

/// A token as its owner sees it: never the token itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssuedToken {
    pub id: Uuid,
    pub label: String,
    pub created: Timestamp,
    pub expires: Option<Timestamp>,
    /// To the hour.
    pub last_used: Option<Timestamp>,
}

impl App {
    /// Issues an API token with the rights of an account, that lasts until it is revoked; shown once.
    ///
    /// For the command line, which owns the folder. Refused to staff without a second factor.
    pub fn add_token(&self, account: AccountId, label: &str) -> Result<String> {
        self.issue(account, label, None)
    }

    /// Issues an API token to the person of a session who has just proved who they are; shown once.
    pub fn issue_token(&self, session: &Session, _: &Proof, label: &str, days: u16) -> Result<String> {
        let label = label.trim();
        if label.is_empty() || label.chars().count() > LONGEST_LABEL {
            return Err(AppError::invalid(
                "label",
                format!("dites à quoi sert le jeton, en {LONGEST_LABEL} caractères au plus"),
                format!("say what the token is for, in at most {LONGEST_LABEL} characters"),
            ));
        }
        if days == 0 || days > LONGEST_LIFE_DAYS {
            return Err(AppError::invalid(
                "days",
                format!("de 1 à {LONGEST_LIFE_DAYS} jours"),
                format!("from 1 to {LONGEST_LIFE_DAYS} days"),
            ));
        }
        if self.tokens_of(session)?.len() >= usize::try_from(MOST).unwrap_or(usize::MAX) {
            return Err(AppError::invalid(
                "label",
                format!("{MOST} jetons déjà : révoquez ceux qui ne servent plus"),
                format!("{MOST} tokens already: revoke those no longer used"),
            ));
        }
        self.issue(session.principal.account, label, Some(real_now() + i64::from(days) * DAY))
    }

    fn issue(&self, account: AccountId, label: &str, expires: Option<i64>) -> Result<String> {
        let found = self.account(account)?;
        let has_second_factor = found.totp_sealed.is_some()
            || self.instance.read::<_, AppError, _>(move |tx| Ok(passkeys::any(tx, account.0)?))?;
        let principal = self.person(found)?;
        if self.wants_second_factor(&principal) && !has_second_factor {
            return Err(AppError::SecondFactorMissing);
        }
        let token = self.real_bytes::<32>();
        let row = tokens::Token {
            token_hash: token_hash(&token),
            id: self.id(base::id::uuid_v7),
            label: label.to_owned(),
            role: principal.role.key().to_owned(),
            customer: principal.customer.map(|c| c.0),
            account: Some(account.0),
            created: real_now(),
            expires,
            last_used: None,
        };
        let told = self.security(SecurityAct::TokenMade, account.0, label).about(row.id.to_string());
        self.instance.write::<_, AppError, _>(move |tx| {
            tokens::add(tx, &row)?;
            told.record(tx)
        })?;
        Ok(BASE64URL_NOPAD.encode(&token))
    }

    /// The tokens of the person of a session that still serve, the oldest first.
    pub fn tokens_of(&self, session: &Session) -> Result<Vec<IssuedToken>> {
        let account = session.principal.account.0;
        let now = real_now();
        let all =
            self.instance.read::<_, AppError, _>(move |tx| Ok(tokens::of_account(tx, account, MOST)?))?;
        Ok(all
            .into_iter()
            .filter(|token| token.expires.is_none_or(|end| end > now))
            .map(|token| IssuedToken {
                id: token.id,
                label: token.label,
                created: instant(token.created),
                expires: token.expires.map(instant),
                last_used: token.last_used.map(instant),
            })
            .collect())
    }

    /// Revokes a token of the person of a session, at once; another's is not found.
    pub fn revoke_token(&self, session: &Session, id: &str) -> Result<()> {
        let id = Uuid::parse_str(id).map_err(|_| AppError::NotFound)?;
        let account = session.principal.account.0;
        let told = self.security(SecurityAct::TokenRevoked, account, "").about(id.to_string());
        let revoked = self.instance.write::<_, AppError, _>(move |tx| {
            let revoked = tokens::revoke_own(tx, id, account)?;
            if revoked {
                told.record(tx)?;
            }
            Ok(revoked)
        })?;
        if revoked { Ok(()) } else { Err(AppError::NotFound) }
    }

    /// Whether a token was made within the day, by its owner who had just proved who they are: what cannot be
    /// taken back is done by no older one (ADR 0041).
    pub fn token_is_of_the_day(&self, token: &str) -> Result<bool> {
        let Some(hash) = decode_token(token) else { return Ok(false) };
        let made = self.instance.read::<_, AppError, _>(move |tx| Ok(tokens::by_hash(tx, &hash)?))?;
        Ok(made.is_some_and(|token| real_now() - token.created < PROOF))
    }

    /// Who a bearer token speaks for: its account's rights as they are now.
    pub fn bearer(&self, token: &str) -> Result<Principal> {
        let hash = decode_token(token).ok_or(AppError::Unauthenticated)?;
        let now = real_now();
        let found = self.instance.read::<_, AppError, _>(move |tx| {
            let Some(token) = tokens::by_hash(tx, &hash)? else { return Ok(None) };
            let Some(account) = token.account else { return Ok(None) };
            let has_passkey = passkeys::any(tx, account)?;
            Ok(accounts::by_id(tx, account)?.map(|account| (token, account, has_passkey)))
        })?;
        let live = |t: &tokens::Token| t.expires.is_none_or(|end| end > now);
        let (token, account, has_passkey) =
            found.filter(|(t, a, _)| live(t) && !a.disabled).ok_or(AppError::Unauthenticated)?;
        let has_second_factor = account.totp_sealed.is_some() || has_passkey;
        let principal = self.person(account)?;
        if self.wants_second_factor(&principal) && !has_second_factor {
            return Err(AppError::SecondFactorMissing);
        }
        if token.last_used.is_none_or(|last| now - last > USED_EVERY) {
            // On a full disk, or in a folder only looked at, the token still serves.
            let used = move |tx: &mut store::WriteTx<'_>| Ok(tokens::used(tx, token.id, now)?);
            let _ = self.instance.write::<_, AppError, _>(used);
        }
        Ok(principal)
    }
}
