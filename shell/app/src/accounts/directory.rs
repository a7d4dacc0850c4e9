//! Passwords that a directory of the firm checks, instead of ours.
//!
//! For the addresses of its domains the directory alone says whether a password is right; ours is not
//! looked at, so that somebody who left it cannot come in by an old one. It gives no right, and no account.

use std::sync::Arc;

use crate::instance::App;

/// What the directory says of an address and a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    Right,
    /// Wrong, or nobody, or several: it does not say which.
    Wrong,
}

/// Asks the directory, which this crate does not; an error is one sentence for the log.
pub type Check = dyn Fn(&str, &str) -> Result<Verdict, String> + Send + Sync;

/// A directory.
#[derive(Clone)]
pub struct Directory {
    /// The domains of the addresses that are its own, in lower case.
    pub domains: Vec<String>,
    pub check: Arc<Check>,
}

impl App {
    /// Has passwords of these domains checked by a directory; once, before anybody is served.
    pub fn check_passwords_with(&self, directory: Directory) {
        // A second call would be a fault of ours; the first holds.
        let _ = self.directory.set(directory);
    }

    /// Whether the directory, rather than we, knows the password of this address.
    pub fn is_of_directory(&self, email: &str) -> bool {
        self.directory_of(email).is_some()
    }

    /// What the directory says; `None` for the addresses that are not its own. It is asked whether or not
    /// there is an account, so that the time of an answer tells nothing. Silent, it opens nothing.
    pub(super) fn directory_says(&self, email: &str, password: &str) -> Option<bool> {
        let directory = self.directory_of(email)?;
        // RFC 4513, 5.1.2: a bind without a password succeeds, and proves nothing.
        if password.is_empty() {
            return Some(false);
        }
        let said = (directory.check)(email, password);
        Some(said.inspect_err(|e| tracing::warn!("sign-in: directory: {e}")) == Ok(Verdict::Right))
    }

    fn directory_of(&self, email: &str) -> Option<&Directory> {
        let (_, domain) = email.rsplit_once('@')?;
        self.directory.get().filter(|d| d.domains.iter().any(|own| own.eq_ignore_ascii_case(domain)))
    }
}
