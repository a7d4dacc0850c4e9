//! Webhooks: a customer's events, sent signed to the addresses that somebody chose.
//!
//! What is sent names things and holds no words of people: whoever receives it asks the API for the rest,
//! with rights of their own. What a vault tells goes through its outbox with the event that caused it, and
//! waits in the instance's queue until its receiver took it. Nothing here opens a socket; and nothing
//! leaves for a host that the operator did not list.

mod address;
mod carry;
mod due;
mod egress;
mod kind;
mod send;
mod sign;
mod view;
mod write;

use std::time::Duration;

pub use address::Network;
pub use carry::Due;
pub(crate) use carry::{tell_meter, tell_month, tell_opened, tell_signature, tell_step};
pub(crate) use egress::host;
pub use egress::{Allowed, Egress, Target, Whose};
pub use events::{WebhookState, WebhookStopped};
pub use kind::{KINDS, TEST, is_internal, known};
pub use send::{Failure, Outcome, Parcel};
pub use sign::{signature, verify};
pub use store::instance::webhooks::State;
pub use view::{Attempt, Before, DeliveryLine, WebhookLine, WebhookPage};
pub use write::{Made, Rotated, WriteWebhook};

use events::Side;

use crate::access::{Act, Permit};
use crate::error::Result;
use crate::instance::App;

/// Webhooks of each party for one customer, at most: neither takes the other's place.
pub const MOST: usize = 20;
/// How long a receiver may take to answer.
pub const PATIENCE: Duration = Duration::from_secs(15);
/// How long the secret before goes on signing beside a new one, in microseconds: a day.
const BOTH_SIGN: i64 = 24 * 3600 * 1_000_000;
/// How long what ended stays in the log, in microseconds: thirty days.
const KEPT_MICROS: i64 = 30 * 24 * 3600 * 1_000_000;

impl App {
    /// Lets webhooks reach these hosts from now on; what happened before is not told. Only the first call
    /// counts.
    pub fn send_webhooks_to(&self, egress: Egress) {
        let _ = self.webhooks.set(egress);
    }

    /// The hosts that the reader's webhooks of a customer may reach, as the operator wrote them; `None` while
    /// nothing leaves. The customer's people are told nothing of what is open to the provider only.
    pub fn webhook_hosts(&self, permit: &Permit) -> Result<Option<Vec<String>>> {
        permit.covers(Act::ManageWebhooks)?;
        let vault = self.vault(permit.customer())?;
        let side = if permit.role().is_provider() { Side::Provider } else { Side::Customer };
        let whose = Whose { customer: &vault.slug, side };
        Ok(self.webhooks.get().map(|egress| egress.hosts(whose)))
    }
}
