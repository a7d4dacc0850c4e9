//! Webhooks: where a customer's events are sent, outside the product.

use base::id::{AccountId, WebhookId};
use serde::{Deserialize, Serialize};

use crate::{ContentId, Micros, Side};

/// A webhook was written, or written again: its last wording stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebhookWritten {
    pub webhook: WebhookId,
    /// Whose it is: the customer's never hears what is internal to the provider.
    pub side: Side,
    /// What it hears, `ticket.opened`; sorted.
    pub kinds: Vec<String>,
    /// The address, which may hold a secret of the receiver's.
    pub url: ContentId,
    pub description: ContentId,
    pub at: Micros,
    pub by: AccountId,
}

/// A webhook was stopped, started again, or removed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebhookMoved {
    pub webhook: WebhookId,
    pub state: WebhookState,
    /// Why it stopped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<WebhookStopped>,
    pub at: Micros,
    /// `None` when the product did it by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<AccountId>,
}

/// Where a webhook stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WebhookState {
    Active,
    /// Hears nothing until somebody starts it again.
    Suspended,
    Removed,
}

impl WebhookState {
    pub fn key(self) -> &'static str {
        match self {
            WebhookState::Active => "active",
            WebhookState::Suspended => "suspended",
            WebhookState::Removed => "removed",
        }
    }

    pub fn from_key(key: &str) -> Option<WebhookState> {
        [WebhookState::Active, WebhookState::Suspended, WebhookState::Removed]
            .into_iter()
            .find(|state| state.key() == key)
    }
}

/// Why a webhook was stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WebhookStopped {
    /// Somebody asked for it.
    Asked,
    /// Its receiver failed for days.
    Failing,
    /// Its receiver answered that it is gone (RFC 9110, 15.5.11).
    Gone,
}

impl WebhookStopped {
    pub fn key(self) -> &'static str {
        match self {
            WebhookStopped::Asked => "asked",
            WebhookStopped::Failing => "failing",
            WebhookStopped::Gone => "gone",
        }
    }

    pub fn from_key(key: &str) -> Option<WebhookStopped> {
        [WebhookStopped::Asked, WebhookStopped::Failing, WebhookStopped::Gone]
            .into_iter()
            .find(|why| why.key() == key)
    }
}

/// A webhook has a new secret; the one before goes on signing beside it for a while.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebhookRotated {
    pub webhook: WebhookId,
    /// When the secret before stops signing.
    pub until: Micros,
    pub at: Micros,
    pub by: AccountId,
}
