//! Challenges: what an authenticator signs, once, within ten minutes, for one ceremony.
//!
//! A challenge is its own record, sealed by the folder's key: whoever asks for a million of them takes no
//! memory. Those that served are remembered until they are past; a true signature is needed to be there.

use std::collections::HashMap;
use std::sync::{MutexGuard, PoisonError};

use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use sha2::{Digest, Sha256};

use crate::accounts::{Session, real_now};
use crate::entropy;
use crate::error::Result;
use crate::instance::App;

/// As long as the browser waits for a gesture, and the time to read the page before.
const LIFE: i64 = 10 * 60 * 1_000_000;

/// What a challenge is for: it is worth nothing for anything else.
pub(super) enum Ceremony<'a> {
    SignIn,
    Add(&'a Session),
    Prove(&'a Session),
}

impl Ceremony<'_> {
    fn context(&self) -> String {
        match self {
            Ceremony::SignIn => "passkey-sign-in".to_owned(),
            Ceremony::Add(session) => format!("passkey-add/{}", HEXLOWER.encode(&session.hash)),
            Ceremony::Prove(session) => format!("passkey-prove/{}", HEXLOWER.encode(&session.hash)),
        }
    }
}

/// The challenges that served, until they are past.
pub(crate) struct Spent {
    /// Those made before this process began may have served: they are not heard.
    since: i64,
    until: HashMap<[u8; 32], i64>,
}

impl Default for Spent {
    fn default() -> Spent {
        Spent { since: real_now(), until: HashMap::new() }
    }
}

impl App {
    /// A fresh challenge, in base64url.
    pub(super) fn challenge(&self, ceremony: &Ceremony<'_>) -> Result<String> {
        let made = real_now().to_be_bytes();
        Ok(BASE64URL_NOPAD.encode(&self.kek.seal(&entropy::Os, &ceremony.context(), &made)?))
    }

    /// Whether this is a challenge of ours, for this, still waiting.
    pub(super) fn awaits(&self, ceremony: &Ceremony<'_>, challenge: &[u8]) -> bool {
        let spent = self.spent();
        !spent.until.contains_key(&name(challenge)) && self.made(ceremony, challenge, spent.since).is_some()
    }

    /// Takes a challenge for the only time; false if another was faster.
    pub(super) fn spend(&self, ceremony: &Ceremony<'_>, challenge: &[u8]) -> bool {
        let now = real_now();
        let mut spent = self.spent();
        spent.until.retain(|_, until| *until > now);
        let Some(made) = self.made(ceremony, challenge, spent.since) else { return false };
        spent.until.insert(name(challenge), made + LIFE).is_none()
    }

    fn made(&self, ceremony: &Ceremony<'_>, challenge: &[u8], since: i64) -> Option<i64> {
        let opened = self.kek.opened(&ceremony.context(), challenge)?;
        let made = i64::from_be_bytes(opened.try_into().ok()?);
        (made >= since && real_now() < made + LIFE).then_some(made)
    }

    fn spent(&self) -> MutexGuard<'_, Spent> {
        self.spent.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn name(challenge: &[u8]) -> [u8; 32] {
    Sha256::digest(challenge).into()
}
