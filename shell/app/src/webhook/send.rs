//! What leaves the queue: deliveries to be posted, and what became of each.

use base::id::{CustomerId, WebhookId};
use events::{Event, Side, WebhookMoved, WebhookState, WebhookStopped};
use jiff::Timestamp;
use store::instance::mail;
use store::instance::notifications::Notification;
use store::instance::webhooks::{self, Delivery, State, Try};
use store::record::{Stamp, record};
use store::webhook::{Secret, Webhook};
use store::{content, webhook};
use uuid::Uuid;

use super::{Due, KEPT_MICROS, TEST, Target, Whose, sign};
use crate::access::Role;
use crate::error::{AppError, Result};
use crate::instance::App;
use crate::mail::Notice;

const SECOND: i64 = 1_000_000;
/// A delivery handed over is tried again after this long, should nothing be heard of it: a crash between
/// the receiver's answer and ours sends it twice, under the same identifier.
const LEASE: i64 = 60 * SECOND;
/// The wait after each failure, in seconds; past the last one, three days in all, it is given up.
const WAITS: [i64; 12] =
    [5, 300, 1_800, 7_200, 18_000, 36_000, 36_000, 36_000, 36_000, 36_000, 36_000, 36_000];
/// What waits and was not touched for as long as a delivery is tried is stale.
const STALE: i64 = 3 * 24 * 3600 * SECOND;
/// A receiver that has taken nothing for this long is given up.
const GIVE_UP: i64 = 5 * 24 * 3600 * SECOND;
/// The answer of a receiver that wants nothing more (RFC 9110, 15.5.11).
const GONE: u16 = 410;

/// A delivery ready to be posted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parcel {
    pub delivery: Uuid,
    pub target: Target,
    /// The headers of Standard Webhooks, with their values.
    pub headers: [(&'static str, String); 3],
    pub body: String,
}

/// What became of a parcel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The status of the answer; what else it said is not kept.
    Answered(u16),
    Failed(Failure),
}

/// Why there was no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Failure {
    /// The operator no longer lists the host, or not for this webhook.
    NotAllowed,
    /// No address has this name.
    Unresolved,
    /// The name leads to an address that the list does not open.
    NotPublic,
    /// Nobody listens, or the connection broke.
    Unreachable,
    /// The certificate is not the host's, or nobody trusted made it.
    Untrusted,
    /// Nothing came in time.
    TimedOut,
}

impl Failure {
    pub const ALL: [Failure; 6] = [
        Failure::NotAllowed,
        Failure::Unresolved,
        Failure::NotPublic,
        Failure::Unreachable,
        Failure::Untrusted,
        Failure::TimedOut,
    ];

    pub fn key(self) -> &'static str {
        match self {
            Failure::NotAllowed => "not_allowed",
            Failure::Unresolved => "unresolved",
            Failure::NotPublic => "not_public",
            Failure::Unreachable => "unreachable",
            Failure::Untrusted => "untrusted",
            Failure::TimedOut => "timed_out",
        }
    }

    pub fn from_key(key: &str) -> Option<Failure> {
        Failure::ALL.into_iter().find(|failure| failure.key() == key)
    }
}

impl Outcome {
    fn is_taken(self) -> bool {
        matches!(self, Outcome::Answered(200..=299))
    }
}

impl App {
    /// The webhooks that something waits for now, the longest waiting first.
    pub fn webhooks_due(&self, limit: u32) -> Result<Vec<Due>> {
        if self.webhooks.get().is_none() {
            return Ok(Vec::new());
        }
        let now = self.micros();
        let lines =
            self.instance.read::<_, AppError, _>(move |tx| Ok(webhooks::due_lines(tx, now, limit)?))?;
        let due = |(webhook, vault)| Due { webhook: WebhookId(webhook), customer: CustomerId(vault) };
        Ok(lines.into_iter().map(due).collect())
    }

    /// The host that a webhook is sent to; `None` once it is removed. Receivers that share one are kept from
    /// holding every sender.
    pub fn webhook_host(&self, due: Due) -> Result<Option<String>> {
        Ok(self.receiver(due)?.and_then(|(_, _, url)| super::egress::host(&url)))
    }

    /// The next delivery of a webhook, to be told of with [`App::parcel_ended`]; one that is not is given
    /// again a minute later. `None` when nothing may leave now. One caller at a time for each webhook.
    pub fn next_parcel(&self, due: Due) -> Result<Option<Parcel>> {
        loop {
            let (id, now) = (due.webhook.0, self.micros());
            // Kept from everybody before anything can go wrong with it: a vault that cannot be read does
            // not have the same delivery taken up each second. It counts as a try once it was one: a
            // sender that dies, and a server that is stopped, take none away.
            let leased = self.instance.write::<_, AppError, _>(move |tx| {
                let first = webhooks::due(tx, id, now, 1)?.pop();
                if let Some(first) = &first {
                    webhooks::later(tx, first.new.id, now + LEASE, now)?;
                }
                webhooks::settle(tx, id)?;
                Ok(first)
            })?;
            let Some(delivery) = leased else { return Ok(None) };
            let Some((hook, secret, url)) = self.receiver(due)? else {
                self.end_delivery(delivery.new.id, State::Dropped)?;
                continue;
            };
            if hook.state != WebhookState::Active && delivery.new.kind != TEST {
                self.end_delivery(delivery.new.id, State::Dropped)?;
                continue;
            }
            let slug = &self.vault(due.customer)?.slug;
            let whose = Whose { customer: slug, side: hook.side };
            let target = self.webhooks.get().and_then(|egress| egress.target(&url, whose).ok());
            let Some(target) = target else {
                self.parcel_ended(delivery.new.id, Outcome::Failed(Failure::NotAllowed), 0)?;
                return Ok(None);
            };
            return self.parcel(due.webhook, &secret, target, delivery).map(Some);
        }
    }

    /// The webhook, its secret and its address; `None` once it is removed.
    fn receiver(&self, due: Due) -> Result<Option<(Webhook, Secret, String)>> {
        self.vault(due.customer)?.db.read(move |tx| {
            let (Some(hook), Some(secret)) =
                (webhook::by_id(tx, due.webhook)?, webhook::secret(tx, due.webhook)?)
            else {
                return Ok(None);
            };
            let url = crate::desk::text(content::get(tx, hook.url.0)?);
            Ok(Some((hook, secret, url)))
        })
    }

    fn parcel(&self, id: WebhookId, secret: &Secret, target: Target, delivery: Delivery) -> Result<Parcel> {
        let name = format!("msg_{}", delivery.new.id.simple());
        // By the machine's clock: a receiver compares it with its own.
        let seconds = Timestamp::now().as_second();
        let body = delivery.new.body;
        let secrets = self.webhook_secrets(id, secret)?;
        let signed: Vec<String> =
            secrets.iter().filter_map(|one| sign::signature(one, &name, seconds, &body)).collect();
        let headers = [
            ("webhook-id", name),
            ("webhook-timestamp", seconds.to_string()),
            ("webhook-signature", signed.join(" ")),
        ];
        Ok(Parcel { delivery: delivery.new.id, target, headers, body })
    }

    /// Takes what became of a parcel, and how many milliseconds it took.
    pub fn parcel_ended(&self, delivery: Uuid, outcome: Outcome, millis: u64) -> Result<()> {
        let now = self.micros();
        let known = self.instance.read::<_, AppError, _>(move |tx| Ok(webhooks::by_id(tx, delivery)?))?;
        let Some(known) = known else { return Ok(()) };
        let due = Due { webhook: WebhookId(known.new.webhook), customer: CustomerId(known.new.vault) };
        let is_test = known.new.kind == TEST;
        let failing = self.instance.write::<_, AppError, _>(move |tx| {
            let (status, failure) = match outcome {
                Outcome::Answered(status) => (Some(status), None),
                Outcome::Failed(failure) => (None, Some(failure.key().to_owned())),
            };
            webhooks::tried(tx, delivery, &Try { at: now, status, failure, millis })?;
            // A test that fails says nothing of the next event, and is not tried for days.
            let since = match is_test && !outcome.is_taken() {
                true => None,
                false => webhooks::note(tx, due.webhook.0, outcome.is_taken(), now)?,
            };
            match next_wait(&known, outcome) {
                Ok(state) => webhooks::end(tx, delivery, state, now)?,
                Err(wait) => webhooks::later(tx, delivery, now + wait, now)?,
            }
            webhooks::settle(tx, due.webhook.0)?;
            Ok(since)
        })?;
        if outcome == Outcome::Answered(GONE) {
            self.stop_webhook(due, WebhookStopped::Gone)?;
        } else if failing.is_some_and(|since| now - since >= GIVE_UP) {
            self.stop_webhook(due, WebhookStopped::Failing)?;
        }
        Ok(())
    }

    fn end_delivery(&self, delivery: Uuid, state: State) -> Result<()> {
        let now = self.micros();
        self.instance.write::<_, AppError, _>(move |tx| Ok(webhooks::end(tx, delivery, state, now)?))
    }

    /// Stops a webhook whose receiver is gone or failed for days, and tells those who keep it.
    fn stop_webhook(&self, due: Due, why: WebhookStopped) -> Result<()> {
        let (vault, at) = (self.vault(due.customer)?, self.micros());
        let stopped = vault.db.write::<_, AppError, _>(move |tx| {
            let running = webhook::by_id(tx, due.webhook)?.filter(|hook| hook.state == WebhookState::Active);
            let Some(hook) = running else { return Ok(None) };
            let state = WebhookState::Suspended;
            let moved = WebhookMoved { webhook: hook.id, state, why: Some(why), at, by: None };
            let stamp = Stamp { at, actor: hook.by, contract: None };
            Ok(Some((record(tx, &stamp, &Event::WebhookMoved(moved), &[])?, hook)))
        })?;
        let Some((entry, hook)) = stopped else { return Ok(()) };
        self.mark_dirty(due.customer);
        let lines = self.told_of_a_stop(due, &hook, entry)?;
        // Letters too, where mail is exchanged; what they say is read when they leave.
        let letter = |line: &Notification| mail::New {
            id: self.id(base::id::uuid_v7),
            account: line.account,
            notice: line.notice.clone(),
            ticket: Some((line.vault, line.number)),
            cause: line.cause,
            sealed: None,
            digest: false,
            next: at,
        };
        let letters: Vec<mail::New> =
            self.mail.get().map(|_| lines.iter().map(letter).collect()).unwrap_or_default();
        let heard = self.instance.write::<_, AppError, _>(move |tx| {
            webhooks::drop_waiting(tx, due.webhook.0, at)?;
            letters.iter().try_for_each(|one| mail::push(tx, one, at).map(drop))?;
            crate::notifications::keep(tx, &lines)
        })?;
        self.tell_people(heard);
        Ok(())
    }

    /// The provider's managers, and the customer's administrators when it is the customer's.
    fn told_of_a_stop(&self, due: Due, hook: &Webhook, entry: u64) -> Result<Vec<Notification>> {
        let mut roles = vec![Role::ProviderAdmin, Role::ServiceManager, Role::DeputyManager];
        if hook.side == Side::Customer {
            roles.extend([Role::CustomerAdmin, Role::CustomerDirector, Role::CustomerManager]);
        }
        let line = |person: base::id::AccountId| Notification {
            id: self.id(base::id::uuid_v7),
            account: person.0,
            vault: due.customer.0,
            // It is about no ticket.
            number: 0,
            notice: Notice::Webhook.key().to_owned(),
            cause: i64::try_from(entry).unwrap_or(i64::MAX),
            at: self.micros(),
            seen: false,
        };
        Ok(self.any_of(&roles, due.customer)?.into_iter().map(line).collect())
    }

    /// Drops what waited since before sending stopped, days ago: the server was down, or started without a
    /// list of hosts. A receiver would take it for what happens now. It stays in the log, whence it can be
    /// sent again. Gives how many there were; called at the start.
    pub fn drop_stale_deliveries(&self) -> Result<u64> {
        let now = self.micros();
        self.instance.write::<_, AppError, _>(move |tx| Ok(webhooks::drop_stale(tx, now - STALE, now)?))
    }

    /// Forgets what was sent a month ago.
    pub fn forget_old_deliveries(&self) -> Result<()> {
        let before = self.micros() - KEPT_MICROS;
        self.instance.write::<_, AppError, _>(move |tx| Ok(webhooks::forget(tx, before)?))
    }
}

/// How a delivery ended by a try, or how long it waits before the next, in microseconds.
fn next_wait(delivery: &Delivery, outcome: Outcome) -> std::result::Result<State, i64> {
    if outcome.is_taken() {
        return Ok(State::Sent);
    }
    let before = usize::try_from(delivery.attempts).unwrap_or(usize::MAX);
    match WAITS.get(before) {
        Some(seconds) if delivery.new.kind != TEST && outcome != Outcome::Answered(GONE) => {
            Err(seconds * SECOND)
        }
        _ => Ok(State::Failed),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_delivery_is_tried_for_three_days() {
        let hours = WAITS.iter().sum::<i64>() / 3600;
        assert!((72..96).contains(&hours), "{hours}");
        assert!(WAITS.windows(2).all(|w| w[0] <= w[1]));
    }
}
