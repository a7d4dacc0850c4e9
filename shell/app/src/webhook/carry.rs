//! From an event to the queue: told in the vault's transaction, carried with what the desk learns.

use base::id::{CustomerId, WebhookId};
use events::{ClockMark, Side, TicketStepped};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use store::instance::webhooks;
use store::ticket::Ticket;
use store::webhook::Webhook;
use store::{WriteTx, outbox, webhook};
use uuid::Uuid;

use super::due::{self, Moved};
use super::kind::{self, is_internal};
use crate::error::{AppError, Result};
use crate::instance::App;
use crate::vault::VaultHandle;

const TOPIC: &str = "webhook";

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

/// Something that happened, as webhooks are told of it.
pub(super) struct Happened<'a> {
    pub kind: &'a str,
    /// With the webhook, tells it from another.
    pub cause: String,
    /// Microseconds UTC, as the next.
    pub at: i64,
    pub data: Map<String, Value>,
    /// Those that have listened since then only are told; `None`: all.
    pub since: Option<i64>,
}

/// Writes, in the vault's transaction, that the webhooks that asked for it must be told.
pub(super) fn tell(tx: &mut WriteTx<'_>, what: Happened<'_>) -> Result<()> {
    let listens = |hook: &Webhook| what.since.is_none_or(|since| since >= hook.moved);
    let active = webhook::active(tx)?.into_iter();
    let webhooks: Vec<WebhookId> =
        active.filter(|hook| hears(hook, what.kind) && listens(hook)).map(|hook| hook.id).collect();
    if webhooks.is_empty() {
        return Ok(());
    }
    let told = Told { webhooks, kind: what.kind.to_owned(), cause: what.cause, at: what.at, data: what.data };
    Ok(outbox::push(tx, TOPIC, &serde_json::to_string(&told).map_err(AppError::fault)?)?)
}

/// What is told of an entry of the journal.
fn of_entry(kind: &str, entry: u64, at: i64, data: Map<String, Value>) -> Happened<'_> {
    Happened { kind, cause: format!("{kind}/{entry}"), at, data, since: None }
}

/// Whether a webhook asked for a kind, and is of the side that may know of it.
pub(super) fn hears(hook: &Webhook, kind: &str) -> bool {
    hook.kinds.iter().any(|k| k == kind) && (hook.side == Side::Provider || !is_internal(kind))
}

/// A ticket was opened, with these clocks.
pub(crate) fn tell_opened(
    tx: &mut WriteTx<'_>,
    contract: &str,
    ticket: &Ticket,
    clocks: &[ClockMark],
    (entry, now): (u64, i64),
) -> Result<()> {
    let mut data = of_ticket(contract, ticket);
    data.insert("articles".to_owned(), json!(ticket.cited));
    data.insert("entry".to_owned(), json!(entry));
    tell(tx, of_entry(kind::OPENED, entry, ticket.opened, data))?;
    due::tell_breaches(tx, contract, ticket, Moved { before: &[], after: clocks, now })
}

/// A step was taken; `before` are the clocks as they stood.
pub(crate) fn tell_step(
    tx: &mut WriteTx<'_>,
    contract: &str,
    ticket: &Ticket,
    (stepped, before): (&TicketStepped, &[ClockMark]),
    (entry, now): (u64, i64),
) -> Result<()> {
    due::tell_breaches(tx, contract, ticket, Moved { before, after: &stepped.clocks, now })?;
    let Some(kind) = kind::of(&stepped.step) else { return Ok(()) };
    let mut data = of_ticket(contract, ticket);
    data.insert("entry".to_owned(), json!(entry));
    tell(tx, of_entry(kind, entry, stepped.at, data))
}

pub(crate) fn tell_month(
    tx: &mut WriteTx<'_>,
    contract: &str,
    month: &str,
    entry: u64,
    at: i64,
) -> Result<()> {
    let data = object(json!({ "contract": contract, "month": month, "entry": entry }));
    tell(tx, of_entry(kind::CLOSED, entry, at, data))
}

/// A meter came to the threshold of its clause.
pub(crate) fn tell_meter(
    tx: &mut WriteTx<'_>,
    contract: &str,
    clause: &str,
    entry: u64,
    at: i64,
) -> Result<()> {
    let data = object(json!({ "contract": contract, "clause": clause, "entry": entry }));
    tell(tx, of_entry(kind::LOW, entry, at, data))
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
    tell(tx, of_entry(kind::SIGNED, entry, at, data))
}

/// What is told of a ticket: how it stands, under names that a program follows, and nothing that anybody
/// wrote.
pub(super) fn of_ticket(contract: &str, ticket: &Ticket) -> Map<String, Value> {
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

pub(super) fn text(micros: i64) -> String {
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
}

/// An identifier that sorts after those of the same instant with a smaller place: what happened first leaves
/// first (RFC 9562, 6.2, method 1).
fn in_order(millis: u64, random: &[u8; 10], place: u16) -> Uuid {
    let mut bytes = *random;
    bytes[..2].copy_from_slice(&place.to_be_bytes());
    base::id::uuid_v7(millis, &bytes)
}
