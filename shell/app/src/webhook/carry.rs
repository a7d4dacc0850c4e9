//! From an event to the queue: told in the vault's transaction, carried with what the desk learns.

use std::collections::BTreeMap;

use base::id::{CustomerId, TicketId, WebhookId};
use events::{Side, TicketStepped};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use store::instance::{desk, webhooks};
use store::ticket::Ticket;
use store::webhook::Webhook;
use store::{Tx, WriteTx, outbox, ticket, webhook};
use uuid::Uuid;

use super::kind::{self, is_internal};
use crate::agreements::Agreements;
use crate::error::{AppError, Result};
use crate::instance::App;
use crate::vault::VaultHandle;

const TOPIC: &str = "webhook";
/// Open tickets looked at for what is due.
const LOOKED_AT: u32 = 1_000;
/// Who has to act is told this long before a clock runs out; the same as by mail.
const SOON_MICROS: i64 = 3600 * 1_000_000;
/// A clock that ran out longer ago than this is not news: the server was stopped.
const LATE_MICROS: i64 = 24 * 3600 * 1_000_000;

/// A webhook that something waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Due {
    pub webhook: WebhookId,
    pub customer: CustomerId,
}

/// What a vault tells its webhooks of something that happened.
#[derive(Serialize, Deserialize)]
struct Told {
    webhooks: Vec<WebhookId>,
    kind: String,
    cause: String,
    at: i64,
    data: Map<String, Value>,
}

/// Writes, in the vault's transaction, that the webhooks that asked for it must be told.
fn tell(tx: &mut WriteTx<'_>, kind: &str, cause: String, at: i64, data: Map<String, Value>) -> Result<()> {
    let webhooks: Vec<WebhookId> =
        webhook::active(tx)?.into_iter().filter(|hook| hears(hook, kind)).map(|hook| hook.id).collect();
    if webhooks.is_empty() {
        return Ok(());
    }
    let told = Told { webhooks, kind: kind.to_owned(), cause, at, data };
    Ok(outbox::push(tx, TOPIC, &serde_json::to_string(&told).map_err(AppError::fault)?)?)
}

/// Whether a webhook asked for a kind, and is of the side that may know of it.
fn hears(hook: &Webhook, kind: &str) -> bool {
    hook.kinds.iter().any(|k| k == kind) && (hook.side == Side::Provider || !is_internal(kind))
}

pub(crate) fn tell_opened(tx: &mut WriteTx<'_>, contract: &str, ticket: &Ticket, entry: u64) -> Result<()> {
    let mut data = of_ticket(contract, ticket);
    data.insert("articles".to_owned(), json!(ticket.cited));
    data.insert("entry".to_owned(), json!(entry));
    tell(tx, kind::OPENED, cause(kind::OPENED, entry), ticket.opened, data)
}

pub(crate) fn tell_step(
    tx: &mut WriteTx<'_>,
    contract: &str,
    ticket: &Ticket,
    stepped: &TicketStepped,
    entry: u64,
) -> Result<()> {
    let Some(kind) = kind::of(&stepped.step) else { return Ok(()) };
    let mut data = of_ticket(contract, ticket);
    data.insert("entry".to_owned(), json!(entry));
    tell(tx, kind, cause(kind, entry), stepped.at, data)
}

pub(crate) fn tell_month(
    tx: &mut WriteTx<'_>,
    contract: &str,
    month: &str,
    entry: u64,
    at: i64,
) -> Result<()> {
    let data = object(json!({ "contract": contract, "month": month, "entry": entry }));
    tell(tx, kind::CLOSED, cause(kind::CLOSED, entry), at, data)
}

/// The contract's own text, or an amendment's, by the hash of the version that it makes.
pub(crate) fn tell_signature(
    tx: &mut WriteTx<'_>,
    contract: &str,
    version: &str,
    entry: u64,
    at: i64,
) -> Result<()> {
    let data = object(json!({ "contract": contract, "version": version, "entry": entry }));
    tell(tx, kind::SIGNED, cause(kind::SIGNED, entry), at, data)
}

fn cause(kind: &str, entry: u64) -> String {
    format!("{kind}/{entry}")
}

/// What is told of a ticket: how it stands, under names that a program follows, and nothing that anybody
/// wrote.
fn of_ticket(contract: &str, ticket: &Ticket) -> Map<String, Value> {
    object(json!({
        "contract": contract,
        "ticket": ticket.number,
        "kind": ticket.kind,
        "priority": ticket.priority,
        "state": ticket.state.key(),
        "opened": text(ticket.opened),
        "due": ticket.due.map(text),
        "promise": ticket.due_promise.map(|promise| promise.key()),
        "merged_into": ticket.merged_into,
    }))
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

fn text(micros: i64) -> String {
    Timestamp::from_microsecond(micros).unwrap_or_default().to_string()
}

/// What is sent, to the byte.
pub(super) fn body(kind: &str, at: i64, customer: &str, data: Map<String, Value>) -> String {
    let mut all = object(json!({ "customer": customer }));
    all.extend(data);
    json!({ "type": kind, "timestamp": text(at), "data": all }).to_string()
}

impl App {
    /// The deliveries that a vault's messages make; none while nothing leaves.
    pub(crate) fn deliveries_of(
        &self,
        vault: &VaultHandle,
        messages: &[outbox::Message],
    ) -> Result<Vec<webhooks::New>> {
        let mut all = Vec::new();
        if self.webhooks.get().is_none() {
            return Ok(all);
        }
        for (place, message) in (0_u16..).zip(messages.iter().filter(|m| m.topic == TOPIC)) {
            let told: Told = serde_json::from_str(&message.payload).map_err(AppError::fault)?;
            let body = body(&told.kind, told.at, &vault.slug, told.data);
            all.extend(told.webhooks.iter().map(|hook| webhooks::New {
                id: self.id(|millis, random| in_order(millis, random, place)),
                webhook: hook.0,
                vault: vault.id.0,
                kind: told.kind.clone(),
                cause: told.cause.clone(),
                body: body.clone(),
            }));
        }
        Ok(all)
    }

    /// Tells webhooks of the clocks that run out within the hour, and of those that ran out, once for each
    /// due instant.
    pub(crate) fn tell_webhooks_what_is_due(&self) -> Result<()> {
        if self.webhooks.get().is_none() {
            return Ok(());
        }
        let now = self.micros();
        let (late, soon) = self.instance.read::<_, AppError, _>(move |tx| {
            let mut between = |from: i64, to: i64| {
                let key = Some((from, Uuid::nil()));
                desk::page(tx, &desk::Reach::All, &desk::Which::Before(to), key, LOOKED_AT)
            };
            Ok((between(now - LATE_MICROS, now)?, between(now, now + SOON_MICROS)?))
        })?;
        let mut by_vault: BTreeMap<Uuid, Vec<(&str, desk::Line)>> = BTreeMap::new();
        let late = late.into_iter().map(|line| (kind::BREACHED, line));
        for (kind, line) in late.chain(soon.into_iter().map(|line| (kind::DUE_SOON, line))) {
            by_vault.entry(line.vault).or_default().push((kind, line));
        }
        let mut outcome = Ok(());
        for (vault, lines) in by_vault {
            // A vault that cannot be read does not keep the others waiting.
            outcome = outcome.and(self.tell_due(CustomerId(vault), lines, now));
        }
        outcome
    }

    fn tell_due(&self, customer: CustomerId, lines: Vec<(&str, desk::Line)>, now: i64) -> Result<()> {
        let vault = self.vault(customer)?;
        let agreements = vault.agreements()?;
        let slug = vault.slug.clone();
        let lines: Vec<(String, TicketId, i64)> = lines
            .into_iter()
            .map(|(kind, line)| (kind.to_owned(), TicketId(line.ticket), line.due))
            .collect();
        let found = vault.db.read::<_, AppError, _>(move |tx| {
            let hooks = webhook::active(tx)?;
            let mut found = Vec::new();
            for (kind, id, due) in lines {
                // A webhook is not told of what ran out before it listened.
                let told: Vec<&Webhook> =
                    hooks.iter().filter(|hook| hears(hook, &kind) && due >= hook.moved).collect();
                if !told.is_empty()
                    && let Some((number, body)) = of_due(tx, &agreements, (&kind, id, due), &slug)?
                {
                    let cause = format!("{kind}/{number}/{due}");
                    found.extend(told.iter().map(|h| (h.id.0, kind.clone(), cause.clone(), body.clone())));
                }
            }
            Ok(found)
        })?;
        let new = |(webhook, kind, cause, body)| webhooks::New {
            id: self.id(base::id::uuid_v7),
            webhook,
            vault: customer.0,
            kind,
            cause,
            body,
        };
        let found: Vec<webhooks::New> = found.into_iter().map(new).collect();
        let fresh = self.instance.read::<_, AppError, _>(move |tx| {
            let mut fresh = Vec::new();
            for one in found {
                if !webhooks::is_known(tx, one.webhook, &one.cause)? {
                    fresh.push(one);
                }
            }
            Ok(fresh)
        })?;
        if fresh.is_empty() {
            return Ok(());
        }
        self.instance.write::<_, AppError, _>(move |tx| {
            fresh.iter().try_for_each(|one| webhooks::push(tx, one, now).map(drop))?;
            Ok(())
        })
    }
}

/// An identifier that sorts after those of the same instant with a smaller place: what happened first leaves
/// first (RFC 9562, 6.2, method 1).
fn in_order(millis: u64, random: &[u8; 10], place: u16) -> Uuid {
    let mut bytes = *random;
    bytes[..2].copy_from_slice(&place.to_be_bytes());
    base::id::uuid_v7(millis, &bytes)
}

/// The number of a ticket and what is told of it, if that instant is still the one it waits for.
fn of_due(
    tx: &mut dyn Tx,
    agreements: &Agreements,
    (kind, id, due): (&str, TicketId, i64),
    customer: &str,
) -> Result<Option<(u64, String)>> {
    let Some(ticket) = ticket::by_id(tx, id)?.filter(|t| t.due == Some(due)) else { return Ok(None) };
    let contract = agreements.by_id(ticket.contract)?.number.clone();
    Ok(Some((ticket.number, body(kind, due, customer, of_ticket(&contract, &ticket)))))
}
