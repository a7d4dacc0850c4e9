//! The second factor: time-based codes (RFC 6238), and the recovery codes that replace a lost phone.

use base::id::AccountId;
use data_encoding::{BASE32_NOPAD, BASE64URL_NOPAD};
use events::SecurityAct;
use sha2::{Digest, Sha256};
use store::instance::{accounts, passkeys, recovery, sessions, tokens};
use totp_rs::{Builder, Secret};

use super::attempts::Client;
use super::real_now;
use super::security::whence;
use super::sessions::{Proof, Session};
use crate::access::{Principal, Side};
use crate::error::{AppError, Refusal, Result};
use crate::instance::App;

/// How long a secret that was shown waits for its first code.
const SHOWN_FOR: i64 = 15 * 60 * 1_000_000;
const RECOVERY_CODES: usize = 10;
/// Bytes of a recovery code: with 80 random bits a fast hash keeps it.
const CODE_BYTES: usize = 10;

/// A secret to put in an authenticator, not yet the account's.
#[derive(Debug, Clone)]
pub struct Enrolment {
    /// Base32, to type in.
    pub secret: String,
    /// `otpauth://`, to scan.
    pub uri: String,
    /// What [`App::confirm_second_factor`] wants back: the secret, sealed for this account.
    pub sealed: String,
}

impl App {
    /// The same instance, its staff free to work without a second factor: for a demonstration, whose
    /// accounts are nobody's. Never of a folder that serves people.
    #[must_use]
    pub fn with_optional_second_factor(mut self) -> App {
        self.second_factor_optional = true;
        self
    }

    /// Whether this instance lets staff work without a second factor, which its sign-in page must say.
    pub fn second_factor_is_optional(&self) -> bool {
        self.second_factor_optional
    }

    /// The provider's staff and third parties reach several customers: they owe a second factor on every
    /// path.
    pub(super) fn wants_second_factor(&self, who: &Principal) -> bool {
        who.role.side() != Side::Customer && !self.second_factor_optional
    }

    /// A new secret for an account that has none. Nothing is kept before its first code.
    pub fn begin_second_factor(&self, session: &Session) -> Result<Enrolment> {
        let account = session.principal.account;
        refuse_if_present(&self.account(account)?)?;
        let secret = BASE32_NOPAD.encode(&self.real_bytes::<20>());
        let until = real_now() + SHOWN_FOR;
        let sealed =
            self.kek.seal(&crate::entropy::Os, &pending(account), format!("{until} {secret}").as_bytes())?;
        let label = percent(&session.principal.email);
        Ok(Enrolment {
            uri: format!("otpauth://totp/Regisseur:{label}?secret={secret}&issuer=Regisseur"),
            sealed: BASE64URL_NOPAD.encode(&sealed),
            secret,
        })
    }

    /// The enrolment shown before, from what was sealed then: a wrong code does not change the secret.
    pub fn resume_second_factor(&self, session: &Session, sealed: &str) -> Result<Enrolment> {
        let secret = self.pending_secret(session.principal.account, sealed)?;
        let label = percent(&session.principal.email);
        Ok(Enrolment {
            uri: format!("otpauth://totp/Regisseur:{label}?secret={secret}&issuer=Regisseur"),
            sealed: sealed.to_owned(),
            secret,
        })
    }

    /// Takes the secret as the account's second factor once its authenticator gives the right code, and
    /// gives the recovery codes, shown once. The other sessions and the tokens of the account end: they
    /// never gave it.
    pub fn confirm_second_factor(
        &self,
        session: &Session,
        _: &Proof,
        sealed: &str,
        code: &str,
    ) -> Result<Vec<String>> {
        let account = session.principal.account;
        refuse_if_present(&self.account(account)?)?;
        let secret = self.pending_secret(account, sealed)?;
        let now = real_now();
        let step = step_of(&secret, code, now)?.ok_or_else(|| {
            AppError::invalid(
                "code",
                "ce code n’est pas celui du moment ; vérifiez l’heure du téléphone",
                "this is not the code of the moment; check the phone’s time",
            )
        })?;
        let kept = self.seal_totp(account, &secret)?;
        let (codes, hashes) = self.new_codes();
        let (id, hash) = (account.0, session.hash);
        let told = self.security(SecurityAct::FactorAdded, id, "");
        self.instance.write::<_, AppError, _>(move |tx| {
            accounts::set_totp(tx, id, Some(&kept))?;
            accounts::use_totp(tx, id, step)?;
            recovery::replace(tx, id, &hashes)?;
            sessions::close_others(tx, id, &hash)?;
            tokens::revoke_account(tx, id)?;
            sessions::prove(tx, &hash, now, true)?;
            told.record(tx)
        })?;
        Ok(codes)
    }

    /// Takes the second factor away, its owner giving the password and a code again. The other sessions
    /// and the tokens end; staff then reach nothing but the enrolment of another one.
    ///
    /// Slow on purpose (Argon2id); call it off the asynchronous threads.
    pub fn remove_second_factor(
        &self,
        session: &Session,
        client: &Client,
        password: &str,
        code: &str,
    ) -> Result<()> {
        self.prove(session, client, password, Some(code))?;
        let (id, hash) = (session.principal.account.0, session.hash);
        let (told, proved) = (self.security(SecurityAct::FactorRemoved, id, &whence(client)), real_now());
        self.instance.write::<_, AppError, _>(move |tx| {
            // Without any factor left, this session gave none that counts.
            let strong = passkeys::any(tx, id)?;
            sessions::prove(tx, &hash, proved, strong)?;
            accounts::set_totp(tx, id, None)?;
            recovery::replace(tx, id, &[])?;
            sessions::close_others(tx, id, &hash)?;
            tokens::revoke_account(tx, id)?;
            told.record(tx)
        })
    }

    /// New recovery codes, shown once; the old ones no longer serve.
    pub fn renew_recovery_codes(&self, session: &Session, _: &Proof) -> Result<Vec<String>> {
        if !session.has_second_factor {
            return Err(AppError::NotFound);
        }
        let (codes, hashes) = self.new_codes();
        let id = session.principal.account.0;
        let told = self.security(SecurityAct::RecoveryCodesRenewed, id, "");
        self.instance.write::<_, AppError, _>(move |tx| {
            recovery::replace(tx, id, &hashes)?;
            told.record(tx)
        })?;
        Ok(codes)
    }

    /// How many recovery codes the person of a session has left.
    pub fn recovery_codes_left(&self, session: &Session) -> Result<u64> {
        let id = session.principal.account.0;
        self.instance.read(move |tx| Ok(recovery::left(tx, id)?))
    }

    /// Whether the second factor is given, or none is asked of this account. A code serves once.
    pub(super) fn second_factor(
        &self,
        account: &accounts::Account,
        client: &Client,
        code: Option<&str>,
        now: i64,
    ) -> Result<bool> {
        let Some(sealed) = &account.totp_sealed else { return Ok(!self.is_by_passkey_only(account)?) };
        let Some(code) = code.map(str::trim).filter(|c| !c.is_empty()) else { return Ok(false) };
        let id = account.id;
        if let Some(hash) = recovery_hash(code) {
            let told = self.security(SecurityAct::RecoveryCodeUsed, id, &whence(client));
            return self.instance.write::<_, AppError, _>(move |tx| {
                let spent = recovery::spend(tx, id, &hash)?;
                if spent {
                    told.record(tx)?;
                }
                Ok(spent)
            });
        }
        let secret = self.kek.unseal(&format!("totp/{}", AccountId(id)), sealed)?;
        let secret = String::from_utf8(secret).map_err(AppError::fault)?;
        let Some(step) = step_of(&secret, code, now)? else { return Ok(false) };
        // RFC 6238, 5.2: a code is accepted once.
        self.instance.write::<_, AppError, _>(move |tx| Ok(accounts::use_totp(tx, id, step)?))
    }

    pub(super) fn seal_totp(&self, account: AccountId, secret: &str) -> Result<Vec<u8>> {
        self.kek.seal(self.settings.entropy.as_ref(), &format!("totp/{account}"), secret.as_bytes())
    }

    fn pending_secret(&self, account: AccountId, sealed: &str) -> Result<String> {
        let stale = || {
            AppError::invalid(
                "sealed",
                "ce secret n’est plus valable : rechargez la page pour en avoir un autre",
                "this secret is no longer valid: reload the page to get another",
            )
        };
        let sealed = BASE64URL_NOPAD.decode(sealed.as_bytes()).map_err(|_| stale())?;
        let opened = self.kek.unseal(&pending(account), &sealed).map_err(|_| stale())?;
        let text = String::from_utf8(opened).map_err(|_| stale())?;
        let (until, secret) = text.split_once(' ').ok_or_else(stale)?;
        let until: i64 = until.parse().map_err(|_| stale())?;
        if real_now() < until { Ok(secret.to_owned()) } else { Err(stale()) }
    }

    fn new_codes(&self) -> (Vec<String>, Vec<[u8; 32]>) {
        (0..RECOVERY_CODES)
            .map(|_| {
                let text = BASE32_NOPAD.encode(&self.real_bytes::<CODE_BYTES>());
                let hash: [u8; 32] = Sha256::digest(text.as_bytes()).into();
                let groups: Vec<&str> = (0..4).map(|n| &text[4 * n..4 * n + 4]).collect();
                (groups.join("-"), hash)
            })
            .unzip()
    }
}

fn refuse_if_present(account: &accounts::Account) -> Result<()> {
    if account.totp_sealed.is_none() {
        return Ok(());
    }
    Err(AppError::refused(Refusal::new(
        "second_factor.present",
        "Ce compte a déjà un second facteur : retirez-le d’abord.",
        "This account already has a second factor: remove it first.",
    )))
}

/// The context that a secret not yet confirmed is sealed under; not the one it is kept under.
fn pending(account: AccountId) -> String {
    format!("totp-pending/{account}")
}

/// The hash of what looks like a recovery code: sixteen letters and digits, whatever the dashes and the case.
fn recovery_hash(code: &str) -> Option<[u8; 32]> {
    let text: String =
        code.chars().filter(|c| !matches!(c, '-' | ' ')).map(|c| c.to_ascii_uppercase()).collect();
    let bytes = BASE32_NOPAD.decode(text.as_bytes()).ok()?;
    (bytes.len() == CODE_BYTES).then(|| Sha256::digest(text.as_bytes()).into())
}

/// The time step that a code is of, the neighbouring ones included.
fn step_of(secret: &str, code: &str, now: i64) -> Result<Option<i64>> {
    let secret = Secret::try_from_base32(secret).map_err(AppError::fault)?;
    let totp = Builder::new().with_secret(secret).build().map_err(AppError::fault)?;
    let seconds = u64::try_from(now / 1_000_000).unwrap_or_default();
    let code: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    Ok(totp.check(&code, seconds).map(|step| i64::try_from(step).unwrap_or(i64::MAX)))
}

/// Percent-encoding of what stands in a path (RFC 3986, 2.3).
pub(super) fn percent(text: &str) -> String {
    text.bytes()
        .map(|b| match b {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(b).to_string(),
            other => format!("%{other:02X}"),
        })
        .collect()
}
