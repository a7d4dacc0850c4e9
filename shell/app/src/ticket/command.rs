//! What somebody asks to be done to a ticket, the right it takes and the words it holds.

use base::Money;
use base::id::AccountId;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::change::ChangeCommand;
use super::delivery::DeliveryCommand;
use super::relate::Tie;
use crate::access::Act;

/// What somebody does to a ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case", deny_unknown_fields)]
pub enum StepCommand {
    /// The asker becomes the ticket's technician.
    TakeOver,
    /// The same of a ticket that nobody has: a list may have been drawn before somebody took it.
    TakeFree,
    /// Somebody who may work on the ticket is handed it.
    Assign {
        to: AccountId,
    },
    /// Seen by both parties.
    Reply {
        body: String,
    },
    /// Seen by the provider's people only.
    Note {
        body: String,
    },
    Pause {
        /// The label of one of the contract's reasons.
        reason: String,
        /// What proves it, when the clause asks for a written trace.
        #[serde(default)]
        proof: Option<String>,
    },
    Resume,
    /// By a new impact and urgency, or the priority itself.
    ChangePriority {
        #[serde(default)]
        priority: Option<String>,
        #[serde(default)]
        impact: Option<String>,
        #[serde(default)]
        urgency: Option<String>,
        why: String,
    },
    /// The service is back.
    Restore {
        #[serde(default)]
        workaround: bool,
        note: String,
        /// What was found to be wrong, if it is not on the ticket yet.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        diagnosis: Option<String>,
    },
    Resolve {
        note: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        diagnosis: Option<String>,
    },
    Reopen {
        why: String,
    },
    /// The provider asks a price, net of VAT, for work that the fee does not pay.
    Quote {
        price: Money,
        /// The last day it holds.
        #[serde(default)]
        until: Option<Date>,
        /// What would be done for it.
        body: String,
    },
    AgreePrice {
        /// As the asker read it.
        price: Money,
        /// The journal entry of the quotation answered; `None` for the price of a clause.
        #[serde(default)]
        quotation: Option<u64>,
        /// Where the customer wrote it: asked of the provider, who writes it down.
        #[serde(default)]
        reference: Option<String>,
    },
    DeclinePrice {
        why: String,
        /// As for an agreement.
        #[serde(default)]
        quotation: Option<u64>,
    },
    /// What was found to be wrong, before it is mended. Both parties read it.
    Diagnose {
        body: String,
    },
    /// Ties the ticket to another of the same customer.
    Link {
        tie: Tie,
        ticket: u64,
    },
    Unlink {
        tie: Tie,
        ticket: u64,
    },
    /// Closes the ticket for the one of the same matter that was declared before it.
    Merge {
        into: u64,
        why: String,
    },
    /// The cause of a problem is known. Both parties read it.
    KnownError {
        cause: String,
        /// How to do without the remedy meanwhile.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        workaround: Option<String>,
    },
    /// Of a ticket that is a change.
    Change {
        change: ChangeCommand,
    },
    /// Of a ticket of application maintenance.
    Delivery {
        delivery: DeliveryCommand,
    },
    /// The asker follows the ticket.
    Watch,
    Unwatch,
    /// A colleague who may read the ticket follows it.
    WatchFor {
        /// Their account, or its address.
        who: String,
    },
    /// Somebody else follows it no more.
    UnwatchFor {
        who: AccountId,
    },
}

impl StepCommand {
    /// The right it takes.
    pub fn act(&self) -> Act {
        match self {
            // What one is told of is one's own: those who only read follow too.
            StepCommand::Watch | StepCommand::Unwatch => Act::SeeTickets,
            StepCommand::Reply { .. } | StepCommand::WatchFor { .. } | StepCommand::UnwatchFor { .. } => {
                Act::Reply
            }
            StepCommand::Reopen { .. } => Act::Reopen,
            StepCommand::Quote { .. } => Act::MakeQuote,
            StepCommand::AgreePrice { .. } | StepCommand::DeclinePrice { .. } => Act::AgreePrice,
            StepCommand::ChangePriority { .. } => Act::SetPriority,
            StepCommand::Assign { .. } => Act::AssignTicket,
            StepCommand::Change { change } => change.act(),
            StepCommand::Delivery { delivery } => delivery.act(),
            StepCommand::TakeOver
            | StepCommand::TakeFree
            | StepCommand::Note { .. }
            | StepCommand::Pause { .. }
            | StepCommand::Resume
            | StepCommand::Restore { .. }
            | StepCommand::Resolve { .. }
            | StepCommand::Diagnose { .. } => Act::WorkOnTicket,
            StepCommand::Link { .. }
            | StepCommand::Unlink { .. }
            | StepCommand::Merge { .. }
            | StepCommand::KnownError { .. } => Act::RelateTickets,
        }
    }

    /// It asks a price in money, or answers one.
    pub(super) fn is_about_a_price(&self) -> bool {
        matches!(
            self,
            StepCommand::Quote { .. } | StepCommand::AgreePrice { .. } | StepCommand::DeclinePrice { .. }
        )
    }

    /// Its words, by the names under which the entry commits to them; the first is what it is about.
    pub(super) fn texts(&self) -> Vec<(&'static str, &str)> {
        match self {
            StepCommand::Reply { body }
            | StepCommand::Note { body }
            | StepCommand::Diagnose { body }
            | StepCommand::Quote { body, .. } => vec![("body", body)],
            StepCommand::Pause { proof, .. } => proof.iter().map(|p| ("proof", p.as_str())).collect(),
            StepCommand::AgreePrice { reference, .. } => {
                reference.iter().map(|r| ("reference", r.as_str())).collect()
            }
            StepCommand::ChangePriority { why, .. }
            | StepCommand::Reopen { why }
            | StepCommand::Merge { why, .. }
            | StepCommand::DeclinePrice { why, .. } => vec![("why", why)],
            StepCommand::Restore { note, diagnosis, .. } | StepCommand::Resolve { note, diagnosis } => {
                with("note", note, "diagnosis", diagnosis)
            }
            StepCommand::Change { change } => change.texts(),
            StepCommand::Delivery { delivery } => delivery.texts(),
            StepCommand::KnownError { cause, workaround } => with("cause", cause, "workaround", workaround),
            StepCommand::TakeOver
            | StepCommand::TakeFree
            | StepCommand::Assign { .. }
            | StepCommand::Resume
            | StepCommand::Link { .. }
            | StepCommand::Unlink { .. }
            | StepCommand::Watch
            | StepCommand::Unwatch
            | StepCommand::WatchFor { .. }
            | StepCommand::UnwatchFor { .. } => Vec::new(),
        }
    }
}

fn with<'a>(
    name: &'static str,
    text: &'a str,
    second: &'static str,
    more: &'a Option<String>,
) -> Vec<(&'static str, &'a str)> {
    let mut texts = vec![(name, text)];
    texts.extend(more.as_deref().map(|more| (second, more)));
    texts
}
