//! What is looked for once a day in each vault, and told ahead: each thing once to each person, by its cause.

use std::sync::Arc;

use base::id::AccountId;
use sha2::{Digest, Sha256};

use super::Notice;
use super::queue::Telling;
use crate::error::Result;
use crate::instance::App;
use crate::vault::VaultHandle;

/// What is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Look {
    /// The last days of its contracts.
    Deadlines,
    /// What silence decides.
    Silences,
    /// The articles to be read again.
    Reviews,
    /// What an amendment that takes effect brings to its threshold.
    Amendments,
}

impl Look {
    const ALL: [Look; 4] = [Look::Deadlines, Look::Silences, Look::Reviews, Look::Amendments];

    fn notice(self) -> Notice {
        match self {
            Look::Deadlines => Notice::Deadline,
            Look::Silences => Notice::Waiting,
            Look::Reviews => Notice::Review,
            Look::Amendments => Notice::Meter,
        }
    }
}

/// Somebody to be told.
pub(super) struct ToTell {
    pub person: AccountId,
    /// The ticket it is about, or [`super::aside::NO_TICKET`].
    pub number: u64,
    /// See [`cause_of`].
    pub cause: i64,
}

impl App {
    /// Tells, in the vaults in use, what each look finds. One that fails does not keep the others waiting, and
    /// is taken again at the next turn; the first failure is said.
    pub(super) fn tell_what_the_day_brings(&self) -> Result<()> {
        let mut outcome = Ok(());
        for look in Look::ALL {
            for vault in self.open_vaults() {
                outcome = outcome.and(self.tell_daily(&vault, look));
            }
        }
        outcome
    }

    fn tell_daily(&self, vault: &Arc<VaultHandle>, look: Look) -> Result<()> {
        let now = self.now();
        // A version signed today brings last days of its own.
        let versions = if look == Look::Deadlines { vault.agreements()?.count } else { 0 };
        let seen = (now.to_zoned(jiff::tz::TimeZone::UTC).date(), versions);
        if vault.looks().get(&look) == Some(&seen) {
            return Ok(());
        }
        let found = match look {
            Look::Deadlines => self.deadlines_to_tell(vault)?,
            Look::Silences => self.silences_to_tell(vault)?,
            Look::Reviews => self.reviews_to_tell(vault)?,
            // The vault tells it itself, webhooks too.
            Look::Amendments => self.tell_amendments(vault).map(|()| Vec::new())?,
        };
        if !found.is_empty() {
            let at = now.as_microsecond();
            let telling = |ToTell { person, number, cause }| Telling {
                person,
                notice: look.notice(),
                ticket: (vault.id.0, number),
                cause,
                at,
                own: false,
            };
            self.tell_them(&found.into_iter().map(telling).collect::<Vec<_>>(), at)?;
        }
        vault.looks().insert(look, seen);
        Ok(())
    }
}

/// What tells a notice from another of the same ticket, where no journal entry does.
pub(super) fn cause_of(words: &str) -> i64 {
    let hash = Sha256::digest(words);
    let mut first = [0; 8];
    first.copy_from_slice(&hash[..8]);
    i64::from_be_bytes(first) & i64::MAX
}
