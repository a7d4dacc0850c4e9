//! Tickets: opened, refused, and each step after.

use base::Money;
use base::id::{AccountId, ContractId, MessageId, TicketId};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use terms::{Facts, Promise};

use crate::{ChangeTold, ContentId, DeliveryTold, DutyOf, ImportedFrom, Micros, PlanTurn};

/// A clock as the engine gave it after a step; the projections read these, and a verifier decides again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClockMark {
    pub promise: Promise,
    /// 1, and one more each time a reopening started the promise afresh.
    pub round: u32,
    /// The rule that governs.
    pub label: String,
    pub due: Option<Micros>,
    pub stopped: Option<Micros>,
    /// Seconds past due on the promise's own clock when it stopped; zero while it runs or if it was kept.
    pub late_seconds: i64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketOpened {
    pub ticket: TicketId,
    /// Counted from 1 in each vault.
    pub number: u64,
    pub contract: ContractId,
    /// The version in force when it opened, which it keeps.
    pub version: String,
    /// When it was declared, which may be before it was written down.
    pub opened: Micros,
    pub by: AccountId,
    pub facts: Facts,
    /// `in`, `out`, `shared`.
    pub coverage: String,
    /// `accepted`, `priced`, `needs_quote`.
    pub admission: String,
    pub price: Option<Money>,
    /// How many times its operation had been asked for in the period when it was decided.
    pub used_before: u32,
    /// `Article 5 – Périmètre [serveurs]`: the clauses that decided.
    pub cited: Vec<String>,
    pub title: ContentId,
    pub description: ContentId,
    /// What the contract's questions were answered, as [`crate::written`] writes it; `None` where it asked none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answers: Option<ContentId>,
    pub clocks: Vec<ClockMark>,
    /// The date of the plan that opened it; nobody else did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan: Option<PlanTurn>,
    /// The duty of the provider's that it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duty: Option<DutyOf>,
    /// The other tool that it was open in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub imported: Option<ImportedFrom>,
    /// Whom `by` wrote it down for: one of the customer's people, who telephoned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requester: Option<AccountId>,
}

/// The contract refused to take a request in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketRefused {
    pub contract: ContractId,
    pub version: String,
    pub by: AccountId,
    pub facts: Facts,
    pub cited: Vec<String>,
    pub title: ContentId,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketStepped {
    pub ticket: TicketId,
    pub at: Micros,
    pub by: AccountId,
    pub step: Step,
    pub clocks: Vec<ClockMark>,
}

/// Who may read a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Visibility {
    Public,
    /// The provider's people only.
    Internal,
}

/// Why nobody is told of a level of escalation that a clock came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Silence {
    /// The clock had stopped when the product came to tell it: there is nothing left to hasten.
    Stopped,
    /// The clock had come to it in another tool, before the ticket was brought in from there.
    Imported,
}

/// How a ticket stands to another: « this one … that one ».
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Link {
    Relates,
    /// The same matter, told again.
    DuplicateOf,
    /// The other is the problem, or the change, that brought this one about.
    CausedBy,
    Blocks,
    /// One declaration held two matters.
    SplitFrom,
    ChildOf,
    /// A defect of what the other delivered, which its warranty may cover.
    DefectOf,
}

impl Link {
    pub const ALL: [Link; 7] = [
        Link::Relates,
        Link::DuplicateOf,
        Link::CausedBy,
        Link::Blocks,
        Link::SplitFrom,
        Link::ChildOf,
        Link::DefectOf,
    ];

    pub fn key(self) -> &'static str {
        match self {
            Link::Relates => "relates",
            Link::DuplicateOf => "duplicate_of",
            Link::CausedBy => "caused_by",
            Link::Blocks => "blocks",
            Link::SplitFrom => "split_from",
            Link::ChildOf => "child_of",
            Link::DefectOf => "defect_of",
        }
    }

    pub fn from_key(key: &str) -> Option<Link> {
        Link::ALL.into_iter().find(|link| link.key() == key)
    }
}

/// What happened to an open ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Step {
    TakenOver {
        assignee: AccountId,
    },
    /// Handed to somebody by another; what they have not taken over stays so.
    Assigned {
        assignee: AccountId,
    },
    Replied {
        message: MessageId,
        visibility: Visibility,
        /// Written by a named person of the provider: the act that a response time waits for.
        by_provider: bool,
        body: ContentId,
        /// People named in it, who may all read it.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        mentions: Vec<AccountId>,
    },
    Paused {
        reason: String,
        proof: Option<ContentId>,
    },
    Resumed,
    Reprioritised {
        facts: Facts,
        why: ContentId,
    },
    Restored {
        workaround: bool,
        note: ContentId,
        /// What was found to be wrong, when it is written down with the remedy.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        diagnosis: Option<ContentId>,
    },
    Resolved {
        note: ContentId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        diagnosis: Option<ContentId>,
    },
    Reopened {
        why: ContentId,
    },
    /// The provider asks a price, net of VAT, for the work that the text describes.
    QuoteMade {
        price: Money,
        /// The last day it holds.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Date>,
        body: ContentId,
    },
    /// The customer agreed to the price that stood.
    PriceAgreed {
        price: Money,
        /// The entry of the quotation agreed to; `None` for the price of a clause.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        quotation: Option<u64>,
        /// Where the customer wrote it, when the provider writes it down.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reference: Option<ContentId>,
    },
    PriceDeclined {
        why: ContentId,
        /// As for an agreement.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        quotation: Option<u64>,
    },
    /// What was found to be wrong.
    Diagnosed {
        body: ContentId,
    },
    /// This ticket stands so to another of the same vault, whose number is repeated for readers.
    Linked {
        link: Link,
        ticket: TicketId,
        number: u64,
    },
    Unlinked {
        link: Link,
        ticket: TicketId,
        number: u64,
    },
    /// The same matter as another ticket declared before it, where it is dealt with from now on. Its own
    /// promises are no longer measured: the other's run since the first declaration.
    Merged {
        into: TicketId,
        number: u64,
        why: ContentId,
    },
    /// The other end of a merge.
    Absorbed {
        from: TicketId,
        number: u64,
        /// Those who followed the other ticket, and who had declared it.
        watchers: Vec<AccountId>,
    },
    /// The cause of a problem is known, and how to do without its remedy.
    KnownError {
        cause: ContentId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        workaround: Option<ContentId>,
    },
    /// Of a change only.
    Change {
        told: ChangeTold,
    },
    /// Of application maintenance only.
    Delivery {
        told: DeliveryTold,
    },
    Watched {
        who: AccountId,
    },
    Unwatched {
        who: AccountId,
    },
    /// A promise's clock came to a level of escalation; the product itself tells the people.
    Escalated {
        promise: Promise,
        /// The round of the promise's clock.
        round: u32,
        level: u32,
        /// The label of the clause.
        clause: String,
        /// When the clock came to it, before the step that says so.
        reached: Micros,
        /// Whom it was told to; nobody when no account answers to what the clause says, and when it is only
        /// recorded.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        told: Vec<AccountId>,
        /// Why it is recorded and told to nobody.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        silence: Option<Silence>,
    },
}

impl Step {
    pub(crate) const KINDS: [&'static str; 21] = [
        "ticket.taken_over",
        "ticket.assigned",
        "ticket.replied",
        "ticket.paused",
        "ticket.resumed",
        "ticket.reprioritised",
        "ticket.restored",
        "ticket.resolved",
        "ticket.reopened",
        "quote.made",
        "price.agreed",
        "price.declined",
        "ticket.diagnosed",
        "ticket.linked",
        "ticket.unlinked",
        "ticket.merged",
        "ticket.absorbed",
        "problem.known",
        "ticket.watched",
        "ticket.unwatched",
        "ticket.escalated",
    ];

    pub fn kind(&self) -> &'static str {
        match self {
            Step::TakenOver { .. } => "ticket.taken_over",
            Step::Assigned { .. } => "ticket.assigned",
            Step::Replied { .. } => "ticket.replied",
            Step::Paused { .. } => "ticket.paused",
            Step::Resumed => "ticket.resumed",
            Step::Reprioritised { .. } => "ticket.reprioritised",
            Step::Restored { .. } => "ticket.restored",
            Step::Resolved { .. } => "ticket.resolved",
            Step::Reopened { .. } => "ticket.reopened",
            Step::QuoteMade { .. } => "quote.made",
            Step::PriceAgreed { .. } => "price.agreed",
            Step::PriceDeclined { .. } => "price.declined",
            Step::Diagnosed { .. } => "ticket.diagnosed",
            Step::Linked { .. } => "ticket.linked",
            Step::Unlinked { .. } => "ticket.unlinked",
            Step::Merged { .. } => "ticket.merged",
            Step::Absorbed { .. } => "ticket.absorbed",
            Step::KnownError { .. } => "problem.known",
            Step::Change { told } => told.kind(),
            Step::Delivery { told } => told.kind(),
            Step::Watched { .. } => "ticket.watched",
            Step::Unwatched { .. } => "ticket.unwatched",
            Step::Escalated { .. } => "ticket.escalated",
        }
    }
}
