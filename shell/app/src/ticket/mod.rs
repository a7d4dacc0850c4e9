//! Tickets: opening one, and every step after.

mod alarms;
mod ask;
mod assign;
pub mod awaited;
mod case;
pub mod change;
mod clockwork;
mod command;
pub mod delivery;
mod escalate;
mod follow;
mod form;
mod list;
mod mention;
mod merge;
mod open;
mod outsider;
pub(crate) mod price;
mod recompute;
mod relate;
mod requester;
mod rules;
mod severity;
mod step;
mod view;
mod work;

use std::collections::HashMap;

use base::id::AccountId;
use serde::{Deserialize, Serialize};
use store::{Tx, actor, content};

pub(crate) use alarms::Alarms;
pub use ask::{Catalogue, ClockWeighed, Offer, PriorityWeighed, Weighed};
pub(crate) use ask::{Decided, decide};
pub use assign::Assignee;
pub(crate) use case::Origin;
pub use clockwork::{Next, timeline};
pub use command::StepCommand;
pub(crate) use escalate::PRODUCT;
pub use escalate::{LevelShown, LevelTold};
pub(crate) use follow::was_taken_off;
pub use follow::{Followable, Watcher};
pub use form::{Asked, Form};
pub use list::Shown;
pub(crate) use list::shown;
pub use open::{NewTie, OpenTicket, Opened};
pub(crate) use outsider::{for_reader, refusal as outsider_refusal};
pub use recompute::{Differing, Recomputed};
pub use relate::{KnownError, KnownLine, Relation, Tie};
pub use step::Stepped;
pub use store::ticket::{Filter, Key, Opener, State, Ticket, Which};
pub use view::{CallLine, Entry, TicketPage, TimeLine};

use crate::access::{Permit, Side};
use crate::error::{AppError, Result};

/// The filter, for the reader's own tickets alone: what one of the customer's people declared, what
/// anybody else has taken over.
pub fn own(filter: Filter, permit: &Permit) -> Filter {
    let reader = permit.by().account;
    match permit.role().side() {
        Side::Customer => Filter { opener: Opener::Only(reader), ..filter },
        Side::Provider | Side::ThirdParty => Filter { assignee: Some(reader), ..filter },
    }
}

/// The key that makes a retried write happen once: chosen by the caller, fresh for each intention.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdempotencyKey(String);

impl IdempotencyKey {
    /// 1 to 200 printable ASCII characters.
    pub fn parse(text: &str) -> Result<IdempotencyKey> {
        let plain = text.bytes().all(|b| b.is_ascii_graphic());
        if text.is_empty() || text.len() > 200 || !plain {
            return Err(AppError::invalid(
                "Idempotency-Key",
                "1 à 200 caractères ASCII visibles, par exemple un UUID neuf pour chaque intention",
                "1 to 200 visible ASCII characters, for example a fresh UUID for each intention",
            ));
        }
        Ok(IdempotencyKey(text.to_owned()))
    }

    /// A key of its own for a part of what is asked under this one.
    pub(crate) fn part(&self, name: &str) -> IdempotencyKey {
        IdempotencyKey(format!("{}/{name}", self.0))
    }

    /// The key as stored: two accounts, or two routes, never meet.
    pub(crate) fn of(&self, account: AccountId, route: &str) -> String {
        format!("{account}/{route}/{}", self.0)
    }
}

/// Clocks start and stop at the instants acts are dated: what somebody dates to the past can be owed a
/// penalty at once. The provider writes down late what it was told; its customers act now.
pub(crate) fn only_the_provider_dates(field: &str) -> AppError {
    AppError::invalid(
        field,
        "seul le prestataire consigne après coup ; laissez cette date vide",
        "only the provider writes things down afterwards; leave this date out",
    )
}

/// The display names of everyone who acted in a vault.
pub(crate) fn names(tx: &mut dyn Tx) -> Result<HashMap<AccountId, String>> {
    actor::all(tx)?.into_iter().map(|a| Ok((a.id, crate::desk::text(content::get(tx, a.name.0)?)))).collect()
}
