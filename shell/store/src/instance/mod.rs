//! The instance database: what crosses customers.
//!
//! Accounts, sessions, tokens, the list of vaults and the desk. Its own log takes the vaults'
//! checkpoints, so that one witness covers every vault, and what people did to accounts and rights.

pub mod accounts;
pub mod answers;
pub mod assignments;
pub mod desk;
pub mod desk_views;
pub mod identities;
pub mod links;
pub mod mail;
pub mod mail_in;
pub mod notifications;
mod outgoing;
pub mod passkeys;
pub mod recovery;
pub mod saved_views;
pub mod security;
pub mod sessions;
pub mod timers;
pub mod tokens;
pub mod vaults;
pub mod webhooks;

use crate::db::WriteTx;
use crate::log::Draft;
use crate::migrate::Migration;
use crate::schema::{Noun, Schema};
use crate::{Result, content, idempotency, log};
use journal::Checkpoint;
use journal::tree::hex;
use serde_json::json;
use uuid::Uuid;

/// The whole instance database.
pub const SCHEMA: Schema = Schema { nouns: NOUNS, migrations: MIGRATIONS };

const NOUNS: &[&Noun] = &[
    &log::NOUN,
    &content::NOUN,
    &idempotency::NOUN,
    &vaults::NOUN,
    &accounts::NOUN,
    &sessions::NOUN,
    &tokens::NOUN,
    &desk::NOUN,
    &recovery::NOUN,
    &timers::NOUN,
    &security::NOUN,
    &links::NOUN,
    &assignments::NOUN,
    &saved_views::NOUN,
    &answers::NOUN,
    &mail::NOUN,
    &mail_in::NOUN,
    &passkeys::NOUN,
    &notifications::NOUN,
    &identities::NOUN,
    &webhooks::NOUN,
    &desk_views::NOUN,
];

const MIGRATIONS: &[Migration] = &[
    Migration { id: "0001-journal", sql: log::TABLES },
    Migration { id: "0002-content", sql: content::TABLES },
    Migration { id: "0003-idempotency", sql: idempotency::TABLES },
    Migration { id: "0004-vaults", sql: vaults::TABLES },
    Migration { id: "0005-accounts", sql: accounts::TABLES },
    Migration { id: "0006-sessions", sql: sessions::TABLES },
    Migration { id: "0007-tokens", sql: tokens::TABLES },
    Migration { id: "0008-desk", sql: desk::TABLES },
    Migration { id: "0009-desk-facets", sql: desk::FACETS },
    Migration { id: "0010-sessions", sql: sessions::PROOFS },
    Migration { id: "0010-tokens", sql: tokens::LIFE },
    Migration { id: "0010-recovery", sql: recovery::TABLES },
    Migration { id: "0011-timer", sql: timers::TABLES },
    Migration { id: "0012-security", sql: security::TABLES },
    Migration { id: "0012-links", sql: links::TABLES },
    Migration { id: "0012-accounts", sql: accounts::BY_NAME },
    Migration { id: "0013-assignments", sql: assignments::TABLES },
    Migration { id: "0014-saved-views", sql: saved_views::TABLES },
    Migration { id: "0015-mail", sql: mail::TABLES },
    Migration { id: "0016-mail-in", sql: mail_in::TABLES },
    Migration { id: "0017-mail-in", sql: mail_in::DECISIONS },
    Migration { id: "0018-mail-in", sql: mail_in::APART },
    Migration { id: "0019-desk-load", sql: desk::LOADED },
    Migration { id: "0020-passkeys", sql: passkeys::TABLES },
    Migration { id: "0021-answers", sql: answers::TABLES },
    Migration { id: "0022-notifications", sql: notifications::TABLES },
    Migration { id: "0023-identities", sql: identities::TABLES },
    Migration { id: "0024-webhooks", sql: webhooks::TABLES },
    Migration { id: "0025-identities", sql: identities::USED },
    Migration { id: "0026-vaults", sql: vaults::BY_NAME },
    Migration { id: "0027-assignments", sql: assignments::BY_END },
    Migration { id: "0028-desk-views", sql: desk_views::TABLES },
];

/// The least time between two entries about the same vault.
const BETWEEN_MICROS: i64 = 60_000_000;

/// Enters a vault's checkpoint in the instance log, at most once a minute and only if it grew.
///
/// Gives the entry's sequence number, or `None` if nothing was due; the caller asks again later
/// with the then newest checkpoint. `now` is in microseconds UTC.
pub fn note_checkpoint(
    tx: &mut WriteTx<'_>,
    vault: Uuid,
    checkpoint: &Checkpoint,
    now: i64,
) -> Result<Option<u64>> {
    if let Some((size, at)) = vaults::noted(tx, vault)?
        && (checkpoint.size() <= size || now < at.saturating_add(BETWEEN_MICROS))
    {
        return Ok(None);
    }
    let data = json!({
        "origin": checkpoint.origin(), "size": checkpoint.size(), "root": hex(checkpoint.root()),
    });
    let seq = tx.append(Draft::new(now, "vault.checkpoint", "instance", data).about("vault", vault))?;
    vaults::note(tx, vault, checkpoint.size(), now)?;
    Ok(Some(seq))
}
