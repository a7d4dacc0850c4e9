//! Webhooks as those who keep them see them, and the log of what they were sent.

use std::collections::HashMap;

use base::id::{AccountId, WebhookId};
use events::{Side, WebhookState, WebhookStopped};
use jiff::Timestamp;
use serde_json::Value;
use store::instance::webhooks::{self, State};
use store::webhook::Webhook;
use store::{Tx, content, webhook};
use uuid::Uuid;

use super::write::{is_own, own};
use crate::access::{Act, Permit};
use crate::desk::text;
use crate::error::{AppError, Result};
use crate::instance::App;

/// Where a page of deliveries ends: the next begins before it.
pub type Before = (i64, Uuid);

/// A webhook as a list shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookLine {
    pub id: WebhookId,
    pub url: String,
    pub description: String,
    pub side: Side,
    pub kinds: Vec<String>,
    pub state: WebhookState,
    /// Why it is suspended.
    pub why: Option<WebhookStopped>,
    /// When it was last stopped or started.
    pub moved: Timestamp,
    /// When it was last written, and by whom.
    pub at: Timestamp,
    pub by: String,
    /// Since when its receiver takes nothing.
    pub failing_since: Option<Timestamp>,
}

/// One webhook, and a page of its log, the latest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookPage {
    pub line: WebhookLine,
    pub secret_made: Timestamp,
    /// Until when the secret before signs too.
    pub both_until: Option<Timestamp>,
    pub deliveries: Vec<DeliveryLine>,
    pub next: Option<Before>,
}

/// A delivery, and each of its tries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryLine {
    pub id: Uuid,
    pub kind: String,
    /// The ticket that it is about.
    pub ticket: Option<u64>,
    pub created: Timestamp,
    pub state: State,
    /// When it is tried next, if it waits.
    pub next: Timestamp,
    pub attempts: Vec<Attempt>,
}

/// A try: what was answered, never the answer's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    pub at: Timestamp,
    pub status: Option<u16>,
    /// A key of [`super::Failure`].
    pub failure: Option<String>,
    pub millis: u64,
}

impl App {
    /// The webhooks of a customer that the reader may keep, in the order in which they were written.
    pub fn webhooks(&self, permit: &Permit) -> Result<Vec<WebhookLine>> {
        self.on_tickets(permit, Act::ManageWebhooks)?;
        let (vault, whose) = (self.vault(permit.customer())?, permit.clone());
        let lines = vault.db.read::<_, AppError, _>(move |tx| {
            let names = crate::ticket::names(tx)?;
            let all = webhook::all(tx)?;
            all.iter().filter(|hook| is_own(&whose, hook)).map(|hook| line(tx, hook, &names)).collect()
        })?;
        self.with_health(lines)
    }

    /// One of them, with what it was sent before an instant and id.
    pub fn webhook(
        &self,
        permit: &Permit,
        id: WebhookId,
        before: Option<Before>,
        limit: u32,
    ) -> Result<WebhookPage> {
        self.on_tickets(permit, Act::ManageWebhooks)?;
        // What cannot be carried now comes later; the upkeep tells the trouble.
        let _ = self.pump();
        let (vault, whose, now) = (self.vault(permit.customer())?, permit.clone(), self.micros());
        let (found, secret) = vault.db.read::<_, AppError, _>(move |tx| {
            let names = crate::ticket::names(tx)?;
            let hook = own(tx, &whose, id)?;
            Ok((line(tx, &hook, &names)?, webhook::secret(tx, id)?.ok_or(AppError::NotFound)?))
        })?;
        let line = self.with_health(vec![found])?.pop().ok_or(AppError::NotFound)?;
        let before = before.unwrap_or((i64::MAX, Uuid::max()));
        let (deliveries, next) = self.instance.read::<_, AppError, _>(move |tx| {
            let mut rows = webhooks::page(tx, id.0, before, limit.saturating_add(1))?;
            let more = rows.len() > limit as usize;
            rows.truncate(limit as usize);
            let next = rows.last().filter(|_| more).map(|d| (d.created, d.new.id));
            let lines: Result<Vec<_>> = rows.iter().map(|row| delivery(tx, row)).collect();
            Ok((lines?, next))
        })?;
        let both_until = secret.previous.filter(|(_, until)| *until > now).map(|(_, until)| at(until));
        Ok(WebhookPage { line, secret_made: at(secret.made), both_until, deliveries, next })
    }

    fn with_health(&self, mut lines: Vec<WebhookLine>) -> Result<Vec<WebhookLine>> {
        self.instance.read::<_, AppError, _>(move |tx| {
            for line in &mut lines {
                line.failing_since = webhooks::failing_since(tx, line.id.0)?.map(at);
            }
            Ok(lines)
        })
    }
}

fn line(tx: &mut dyn Tx, hook: &Webhook, names: &HashMap<AccountId, String>) -> Result<WebhookLine> {
    Ok(WebhookLine {
        id: hook.id,
        url: text(content::get(tx, hook.url.0)?),
        description: text(content::get(tx, hook.description.0)?),
        side: hook.side,
        kinds: hook.kinds.clone(),
        state: hook.state,
        why: hook.why,
        moved: at(hook.moved),
        at: at(hook.at),
        by: names.get(&hook.by).cloned().unwrap_or_default(),
        failing_since: None,
    })
}

fn delivery(tx: &mut dyn Tx, row: &webhooks::Delivery) -> Result<DeliveryLine> {
    let body: Value = serde_json::from_str(&row.new.body).unwrap_or_default();
    let attempt =
        |t: webhooks::Try| Attempt { at: at(t.at), status: t.status, failure: t.failure, millis: t.millis };
    Ok(DeliveryLine {
        id: row.new.id,
        kind: row.new.kind.clone(),
        ticket: body["data"]["ticket"].as_u64(),
        created: at(row.created),
        state: row.state,
        next: at(row.next),
        attempts: webhooks::tries(tx, row.new.id)?.into_iter().map(attempt).collect(),
    })
}

fn at(micros: i64) -> Timestamp {
    Timestamp::from_microsecond(micros).unwrap_or_default()
}
