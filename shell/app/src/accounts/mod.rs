//! Accounts, passwords, passkeys, second factors, sessions and tokens.
//!
//! These use the machine's clock whatever the business clock says.
//!
//! A session of the provider's staff without a second factor opens nothing but the enrolment of one,
//! and their tokens are not heard: [`Session::must_enrol`] and [`App::bearer`] say so, whatever the
//! surface. Only [`App::with_optional_second_factor`], which a demonstration asks for, waives it.

mod attempts;
mod common;
mod correspondents;
pub mod directory;
mod forgotten;
mod links;
pub mod openid;
pub mod passkeys;
mod password;
mod people;
pub mod roles;
mod second_factor;
mod security;
mod sessions;
mod tokens;

use base::id::{AccountId, CustomerId};
use data_encoding::BASE64URL_NOPAD;
use events::SecurityAct;
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use store::WriteTx;
use store::instance::{accounts, assignments};
use subtle::ConstantTimeEq;

use crate::access::{Principal, Role};
use crate::entropy;
use crate::error::{AppError, Result};
use crate::instance::App;

pub(crate) use attempts::Attempts;
pub use attempts::Client;
pub use links::{Invited, Link, NewPerson, Purpose};
pub use password::SHORTEST;
pub use people::{AccountLine, After};
pub use second_factor::Enrolment;
pub use security::ActLine;
pub(crate) use security::Notices;
pub use sessions::{OpenSession, Opened, Proof, Session};
pub use tokens::{IssuedToken, LONGEST_LABEL, LONGEST_LIFE_DAYS};

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

/// RFC 5321, 4.5.3.1.3, as corrected: in bytes.
const LONGEST_EMAIL: usize = 254;

impl App {
    /// Adds an account.
    pub fn add_account(&self, new: &NewAccount<'_>) -> Result<AccountId> {
        self.add_account_by(new, None)
    }

    fn add_account_by(&self, new: &NewAccount<'_>, by: Option<AccountId>) -> Result<AccountId> {
        let (id, add) = self.to_add(new, by)?;
        self.instance.write(add)?;
        Ok(id)
    }

    /// An account to add, and what adds it.
    fn to_add(
        &self,
        new: &NewAccount<'_>,
        by: Option<AccountId>,
    ) -> Result<(AccountId, impl FnMut(&mut WriteTx<'_>) -> Result<()> + Send + 'static)> {
        if !new.email.contains('@') || new.email.len() > LONGEST_EMAIL {
            return Err(AppError::invalid(
                "email",
                "adresse e-mail attendue",
                "an e-mail address is expected",
            ));
        }
        password::check_new(new.password, &[new.email, new.name])?;
        let id = self.id(AccountId::new);
        let totp_sealed = new.totp_secret.map(|secret| self.seal_totp(id, secret)).transpose()?;
        let account = accounts::Account {
            id: id.0,
            email: new.email.to_owned(),
            display_name: new.name.to_owned(),
            password_hash: password::hash(new.password, &self.salt())?,
            totp_sealed,
            role: new.role.key().to_owned(),
            customer: new.customer.map(|c| c.0),
            disabled: false,
            // As the role that comes with it: what pages date is of one clock, the business one.
            created: self.micros(),
        };
        let told = self.security(SecurityAct::Added, id.0, "").by(by);
        let home = roles::home(&account, new.role);
        let add = move |tx: &mut WriteTx<'_>| match accounts::add(tx, &account) {
            Err(e) if e.is_constraint() => Err(AppError::invalid(
                "email",
                "cette adresse a déjà un compte",
                "this address already has an account",
            )),
            done => {
                done?;
                home.iter().try_for_each(|home| assignments::add(tx, home))?;
                told.record(tx)
            }
        };
        Ok((id, add))
    }

    /// The person behind an account.
    pub fn principal(&self, id: AccountId) -> Result<Principal> {
        self.person(self.account(id)?)
    }

    fn account(&self, id: AccountId) -> Result<accounts::Account> {
        let account = self.instance.read::<_, AppError, _>(move |tx| Ok(accounts::by_id(tx, id.0)?))?;
        account.ok_or(AppError::Unauthenticated)
    }

    /// Secrets of people come from the system, whatever feeds the rest.
    fn real_bytes<const N: usize>(&self) -> [u8; N] {
        entropy::bytes(&entropy::Os)
    }
}

/// Compares what a form sent with the session's own value, in constant time.
pub fn csrf_matches(expected: &str, sent: &str) -> bool {
    expected.as_bytes().ct_eq(sent.as_bytes()).into()
}

/// A token holds 256 random bits, so a fast hash keeps it: there is nothing to guess.
fn token_hash(token: &[u8; 32]) -> [u8; 32] {
    Sha256::digest(token).into()
}

fn decode_token(token: &str) -> Option<[u8; 32]> {
    let bytes: [u8; 32] = BASE64URL_NOPAD.decode(token.as_bytes()).ok()?.try_into().ok()?;
    Some(token_hash(&bytes))
}

/// Microseconds UTC of the machine.
fn real_now() -> i64 {
    Timestamp::now().as_microsecond()
}

fn instant(micros: i64) -> Timestamp {
    Timestamp::from_microsecond(micros).unwrap_or(Timestamp::UNIX_EPOCH)
}
