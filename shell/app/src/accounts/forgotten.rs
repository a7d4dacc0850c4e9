//! A password forgotten: whoever has the address is sent a link, and nobody learns whether there is an account.
//!
//! What is asked here is answered before it is done, in one sentence whatever the address (ADR 0052). The
//! link replaces the password alone: a second factor is asked as before.

use sha2::{Digest, Sha256};
use store::instance::{accounts, links, mail};
use uuid::Uuid;

use super::attempts::Client;
use super::links::Purpose;
use super::real_now;
use super::security::whence;
use super::sessions::tried;
use crate::error::{AppError, Result};
use crate::instance::App;

/// How long a link asked for by oneself waits: while it does, asking again sends nothing.
pub(super) const LIFE: i64 = 30 * 60 * 1_000_000;
const DAY: i64 = 24 * 3600 * 1_000_000;

impl App {
    /// Whether a link can be asked for: it leaves by mail.
    pub fn sends_links(&self) -> bool {
        self.mail_settings().is_some()
    }

    /// Whether another link may be asked for with this address, from there; each time counts. By what was
    /// typed and where, whether or not there is an account.
    pub fn may_ask_link(&self, client: &Client, email: &str) -> bool {
        let (email, now) = (tried(email), real_now());
        let mut asked = self.links_asked.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if asked.wait(&email, client, now) > 0 {
            return false;
        }
        asked.failed(&email, client, now);
        true
    }

    /// Sends the owner of an address a link to choose another password, once in half an hour; to whoever
    /// comes in otherwise, how they do, once a day. Nothing leaves where there is no account in use.
    pub fn forgot_password(&self, client: &Client, email: &str) -> Result<()> {
        if !self.sends_links() {
            return Ok(());
        }
        let email = tried(email);
        let found = self.instance.read::<_, AppError, _>(move |tx| Ok(accounts::by_email(tx, &email)?))?;
        match found.filter(|account| !account.disabled) {
            Some(account) if self.enters_elsewhere(&account)?.is_some() => self.tell_the_way(account.id),
            Some(account) => self.send_link(client, account.id),
            None => Ok(()),
        }
    }

    fn send_link(&self, client: &Client, account: Uuid) -> Result<()> {
        let now = real_now();
        // Nobody asked to be known: the words say where it was asked from, and no person is named.
        let words = whence(client);
        let (_, mut offer) = self.to_offer(base::id::AccountId(account), Purpose::Asked, None, &words)?;
        self.instance.write::<_, AppError, _>(move |tx| match links::asked(tx, account, now)? {
            true => Ok(()),
            false => offer(tx),
        })
    }

    fn tell_the_way(&self, account: Uuid) -> Result<()> {
        let now = real_now();
        // One identifier a day: the queue takes a message once, and keeps it for months.
        let day: [u8; 32] = Sha256::digest(format!("the way in of {account}, day {}", now / DAY)).into();
        let id = uuid::Builder::from_random_bytes(day[..16].try_into().expect("sixteen bytes")).into_uuid();
        let Some(letter) = self.letter_of_the_way(id, account, now + LIFE)? else { return Ok(()) };
        self.instance.write::<_, AppError, _>(move |tx| Ok(mail::push(tx, &letter, letter.next).map(drop)?))
    }
}
