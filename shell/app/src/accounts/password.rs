//! Passwords: what may be one, how it is kept, how it is changed.

use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use events::SecurityAct;
use store::instance::{accounts, sessions, tokens};

use super::attempts::Client;
use super::common;
use super::security::whence;
use super::sessions::Session;
use crate::error::{AppError, Result};
use crate::instance::App;

/// Characters. NIST SP 800-63B-4, 3.1.1.2: fifteen for a password that may stand alone; no rule of
/// composition, no change on a date.
pub const SHORTEST: usize = 15;
/// Bytes; the same norm wants 64 characters at least.
const LONGEST: usize = 1024;

/// Refuses a new password that is too short, too long, or that a guesser would try; `own` are the
/// account's own words.
pub(super) fn check_new(password: &str, own: &[&str]) -> Result<()> {
    if password.chars().count() < SHORTEST {
        return Err(AppError::invalid(
            "password",
            "quinze caractères au moins ; une courte phrase convient",
            "at least fifteen characters; a short sentence will do",
        ));
    }
    if password.len() > LONGEST {
        return Err(AppError::invalid("password", "1024 octets au plus", "at most 1024 bytes"));
    }
    if common::is_guessable(password, own) {
        return Err(AppError::invalid(
            "password",
            "ce mot de passe est de ceux que l'on essaie d'abord ; prenez plusieurs mots sans rapport",
            "this password is among those tried first; take several unrelated words",
        ));
    }
    Ok(())
}

impl App {
    /// Changes the password of the person of a session, who gives the current one; their other sessions and
    /// their tokens end.
    ///
    /// Slow on purpose (Argon2id), twice; call it off the asynchronous threads.
    pub fn change_password(
        &self,
        session: &Session,
        client: &Client,
        current: &str,
        new: &str,
    ) -> Result<()> {
        let account = self.account(session.principal.account)?;
        if self.is_of_directory(&account.email) {
            return Err(AppError::invalid(
                "current",
                "votre mot de passe est celui de l’annuaire de votre maison : changez-le là",
                "your password is that of your firm’s directory: change it there",
            ));
        }
        self.check_password(&account, client, current)?;
        check_new(new, &[&account.email, &account.display_name])?;
        let (id, kept, password) = (account.id, session.hash, hash(new, &self.real_bytes())?);
        let told = self.security(SecurityAct::PasswordChanged, id, &whence(client));
        self.instance.write::<_, AppError, _>(move |tx| {
            accounts::set_password(tx, id, &password)?;
            sessions::close_others(tx, id, &kept)?;
            tokens::revoke_account(tx, id)?;
            told.record(tx)
        })
    }

    /// The right password of this account, within the attempts allowed.
    pub(super) fn check_password(
        &self,
        account: &accounts::Account,
        client: &Client,
        password: &str,
    ) -> Result<()> {
        let now = super::real_now();
        if self.attempts().wait(&account.email, client, now) > 0 {
            return Err(AppError::Busy);
        }
        if account.disabled || !verify(password, &account.password_hash) {
            self.failed(Some(account), &account.email, client, now);
            return Err(AppError::Unauthenticated);
        }
        Ok(())
    }
}

/// OWASP's first choice for Argon2id: 19 MiB, two passes, one lane; also the library's default.
pub(super) fn hash(password: &str, salt: &[u8; 32]) -> Result<String> {
    let hash = Argon2::default().hash_password_with_salt(password.as_bytes(), &salt[..16]);
    Ok(hash.map_err(AppError::fault)?.to_string())
}

pub(super) fn verify(password: &str, hash: &str) -> bool {
    // No account has a longer one; refused before the costly work, whoever asks.
    password.len() <= LONGEST
        && PasswordHash::new(hash)
            .is_ok_and(|parsed| Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok())
}

/// The hash of a random password nobody has: what unknown e-mails are checked against.
pub(super) const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$AAECAwQFBgcICQoLDA0ODw$YqxVbzS9SHXm8nCOlv9d2VHQb0UBhYkBO7pJpwpOkrs";

#[cfg(test)]
mod tests {
    use super::*;

    // Were it unreadable or cheaper, the time of an answer would tell which e-mails exist.
    #[test]
    fn nobody_s_hash_costs_what_a_real_one_does() {
        let real = hash("une phrase assez longue", &[7; 32]).expect("a password is hashed");
        let (real, nobody) = (PasswordHash::new(&real).unwrap(), PasswordHash::new(NOBODY).unwrap());
        assert_eq!((real.algorithm, real.version), (nobody.algorithm, nobody.version));
        assert_eq!(real.params.as_str(), nobody.params.as_str());
        let lengths = |h: &PasswordHash| (h.salt.map(|s| s.len()), h.hash.map(|h| h.len()));
        assert_eq!(lengths(&real), lengths(&nobody));
        assert!(verify("une phrase assez longue", &real.to_string()));
        assert!(!verify("une phrase assez longue", NOBODY));
    }
}
