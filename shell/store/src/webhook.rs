//! Webhooks of a customer, and the secrets that sign what they are sent.
//!
//! The journal tells who wrote which and when; the address is content beside it. Secrets are in no entry:
//! they stand here, sealed by whoever opened the vault.

use crate::db::{Row, Tx, WriteTx};
use crate::schema::{Keep, Noun, Table};
use crate::{Result, StoreError, vals};
use base::id::{AccountId, WebhookId};
use events::{ContentId, Side, WebhookMoved, WebhookState, WebhookStopped, WebhookWritten};

pub(crate) const TABLES: &str = "
    CREATE TABLE webhook (
        id BLOB NOT NULL PRIMARY KEY,
        place INT NOT NULL,
        seq INT NOT NULL,
        side TEXT NOT NULL,
        kinds TEXT NOT NULL,
        url BLOB NOT NULL,
        description BLOB NOT NULL,
        state TEXT NOT NULL,
        why TEXT,
        at INT NOT NULL,
        actor BLOB NOT NULL,
        moved INT NOT NULL);
    CREATE UNIQUE INDEX webhook_place ON webhook (place);
    CREATE INDEX webhook_state ON webhook (state, place);
    CREATE TABLE webhook_secret (
        webhook BLOB NOT NULL PRIMARY KEY,
        entry INT NOT NULL,
        sealed BLOB NOT NULL,
        made INT NOT NULL,
        previous BLOB,
        previous_until INT)";

pub(crate) const NOUN: Noun = Noun {
    name: "webhook",
    tables: &[
        Table { name: "webhook", keep: Keep::Journaled },
        Table { name: "webhook_secret", keep: Keep::Exported },
    ],
    statements: STATEMENTS,
};

/// A query of whole webhooks: its columns in the order that [`row`] reads them.
macro_rules! select_webhook {
    ($rest:literal) => {
        concat!(
            "SELECT id, place, seq, side, kinds, url, description, state, why, at, actor, moved FROM webhook ",
            $rest
        )
    };
}

crate::statements! {
    PUT = "INSERT INTO webhook (id, place, seq, side, kinds, url, description, state, at, actor, moved)
        VALUES ($1, $2, $2, $3, $4, $5, $6, 'active', $7, $8, $7) ON CONFLICT (id) DO UPDATE SET
        seq = excluded.seq, kinds = excluded.kinds, url = excluded.url, description = excluded.description,
        at = excluded.at, actor = excluded.actor";
    MOVE = "UPDATE webhook SET state = $2, why = $3, moved = $4 WHERE id = $1";
    REMOVE = "DELETE FROM webhook WHERE id = $1";
    BY_ID = select_webhook!("WHERE id = $1");
    ALL = select_webhook!("ORDER BY place");
    IN_STATE = select_webhook!("WHERE state = $1 ORDER BY place");
    SECRET = "SELECT sealed, made, previous, previous_until, entry FROM webhook_secret WHERE webhook = $1";
    SET_SECRET = "INSERT INTO webhook_secret (webhook, sealed, made, previous, previous_until, entry)
        VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (webhook) DO UPDATE SET sealed = excluded.sealed,
        entry = excluded.entry, made = excluded.made, previous = excluded.previous, previous_until = excluded.previous_until";
    FORGET_SECRET = "DELETE FROM webhook_secret WHERE webhook = $1";
}

/// A webhook as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Webhook {
    pub id: WebhookId,
    /// The entry that first wrote it: it hears nothing from before.
    pub place: u64,
    /// The entry of its last wording.
    pub seq: u64,
    pub side: Side,
    pub kinds: Vec<String>,
    pub url: ContentId,
    pub description: ContentId,
    pub state: WebhookState,
    /// Why it is suspended.
    pub why: Option<WebhookStopped>,
    /// When it was last written; microseconds UTC, as the next.
    pub at: i64,
    pub by: AccountId,
    /// When it was last stopped or started.
    pub moved: i64,
}

/// What signs what a webhook is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Secret {
    pub sealed: Vec<u8>,
    /// The entry that told of it.
    pub entry: u64,
    /// Microseconds UTC, as the next.
    pub made: i64,
    /// The one before, and when it stops signing.
    pub previous: Option<(Vec<u8>, i64)>,
}

pub(crate) fn write(tx: &mut WriteTx<'_>, seq: u64, e: &WebhookWritten) -> Result<()> {
    let kinds = serde_json::to_string(&e.kinds).map_err(|error| StoreError::Entry(error.to_string()))?;
    let p = vals![e.webhook.0, seq, e.side.key(), kinds, e.url.0, e.description.0, e.at, e.by.0];
    tx.exec(PUT, p).map(drop)
}

pub(crate) fn set_state(tx: &mut WriteTx<'_>, e: &WebhookMoved) -> Result<()> {
    if e.state == WebhookState::Removed {
        return tx.exec(REMOVE, vals![e.webhook.0]).map(drop);
    }
    let why = e.why.map(WebhookStopped::key);
    tx.exec(MOVE, vals![e.webhook.0, e.state.key(), why, e.at]).map(drop)
}

pub fn by_id(tx: &mut dyn Tx, id: WebhookId) -> Result<Option<Webhook>> {
    tx.opt_row(BY_ID, vals![id.0])?.as_ref().map(row).transpose()
}

/// All of the customer's, in the order in which they were first written. The caller keeps them few.
pub fn all(tx: &mut dyn Tx) -> Result<Vec<Webhook>> {
    tx.rows(ALL, vals![])?.iter().map(row).collect()
}

/// Those that hear.
pub fn active(tx: &mut dyn Tx) -> Result<Vec<Webhook>> {
    tx.rows(IN_STATE, vals![WebhookState::Active.key()])?.iter().map(row).collect()
}

pub fn secret(tx: &mut dyn Tx, id: WebhookId) -> Result<Option<Secret>> {
    let row = tx.opt_row(SECRET, vals![id.0])?;
    row.map(|r| {
        let previous = r.opt_blob(2)?.map(<[u8]>::to_vec).zip(r.opt_int(3)?);
        Ok(Secret { sealed: r.blob(0)?.to_vec(), entry: r.uint(4)?, made: r.int(1)?, previous })
    })
    .transpose()
}

pub fn set_secret(tx: &mut WriteTx<'_>, id: WebhookId, secret: &Secret) -> Result<()> {
    let (previous, until) = secret.previous.clone().unzip();
    let p = vals![id.0, secret.sealed.clone(), secret.made, previous, until, secret.entry];
    tx.exec(SET_SECRET, p).map(drop)
}

pub fn forget_secret(tx: &mut WriteTx<'_>, id: WebhookId) -> Result<()> {
    tx.exec(FORGET_SECRET, vals![id.0]).map(drop)
}

fn row(row: &Row) -> Result<Webhook> {
    let unread = |what: &str| StoreError::Entry(format!("a webhook of an unknown {what}"));
    let side = match row.text(3)? {
        "provider" => Side::Provider,
        "customer" => Side::Customer,
        _ => return Err(unread("side")),
    };
    let why = row.opt_text(8)?;
    Ok(Webhook {
        id: WebhookId(row.uuid(0)?),
        place: row.uint(1)?,
        seq: row.uint(2)?,
        side,
        kinds: serde_json::from_str(row.text(4)?).map_err(|error| StoreError::Entry(error.to_string()))?,
        url: ContentId(row.uuid(5)?),
        description: ContentId(row.uuid(6)?),
        state: WebhookState::from_key(row.text(7)?).ok_or_else(|| unread("state"))?,
        why: why.map(|key| WebhookStopped::from_key(key).ok_or_else(|| unread("end"))).transpose()?,
        at: row.int(9)?,
        by: AccountId(row.uuid(10)?),
        moved: row.int(11)?,
    })
}
