//! Every fact worth keeping, versioned: what the journal says happened in a vault.
//!
//! An event holds pseudonymous ids, decisions and figures. Names, titles and messages are not in it:
//! they are content beside the log, which the entry commits to and which can be erased.
//! Projections are functions of events alone, so that a rebuild gives the same rows.
//!
//! Invariant: nothing here decides. An event tells what an engine decided, and nothing reads a clock.

mod answers;
mod article;
mod change;
mod contract;
mod delivery;
mod escalation;
mod file;
mod import;
mod life;
mod meter;
mod month;
mod party;
mod plan;
mod privacy;
mod role;
mod roster;
mod satisfaction;
mod security;
mod service;
mod skills;
mod ticket;
mod time;
mod undertaking;
mod visit;
mod webhook;

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use answers::{in_plain_text, read_answers, written};
pub use article::{
    AboutItem, ArticleAbout, ArticleHelped, ArticleKind, ArticleMoved, ArticleReviewed, ArticleState,
    ArticleWritten, Audience, CopiedFrom,
};
pub use change::{Approver, ChangeModel, ChangeOutcome, ChangePlan, ChangeRisk, ChangeTold, Downtime};
pub use contract::{ContractSigned, Despite};
pub use delivery::{DeliveryTold, Piece, Verdict};
pub use engines::form::Answer;
pub use engines::recurrence::{ClosedDays, OnClosed, Rhythm, Unit};
pub use engines::skills::{Element, Level};
pub use escalation::LevelAssigned;
pub use file::FileAttached;
pub use import::{ImportSource, ImportedFrom, TicketImported};
pub use life::{DutyDone, LifeFact, LifeTold};
pub use meter::CallRecorded;
pub use month::MonthClosed;
pub use party::{ActorIntroduced, CustomerCreated, Side};
pub use plan::{DutyOf, PassedBy, PlanAbout, PlanEnded, PlanPassed, PlanTurn, PlanWritten};
pub use privacy::{Ground, PrivacyErased};
pub use role::{RoleEnded, RoleGiven};
pub use roster::{OnCallPeriod, RosterPublished};
pub use satisfaction::SatisfactionTold;
pub use security::{SecurityAct, SecurityData, SecurityTold};
pub use service::{
    MaintenanceAnnounced, MaintenanceCancelled, OutageCancelled, OutageCorrected, OutageOrigin,
    OutageRecorded, OutageTold, ServiceState,
};
pub use skills::{Skilled, SkillsTold};
pub use terms::{CallTaker, Dimension, DutyProof, Facts, Promise, Trigger};
pub use ticket::{ClockMark, Link, Silence, Step, TicketOpened, TicketRefused, TicketStepped, Visibility};
pub use time::{PaidBy, TimeCorrected, TimeEntered, TimeTold, WeekMoved, WeekState, WorkKind};
pub use undertaking::UndertakingSigned;
pub use visit::{VisitReported, VisitSigned, VisitSigning};
pub use webhook::{WebhookMoved, WebhookRotated, WebhookState, WebhookStopped, WebhookWritten};

/// Microseconds since 1970, UTC: the unit of every instant in the journal.
pub type Micros = i64;

/// One fact of a vault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    CustomerCreated(CustomerCreated),
    ActorIntroduced(ActorIntroduced),
    ContractSigned(ContractSigned),
    TicketOpened(TicketOpened),
    TicketRefused(TicketRefused),
    TicketStepped(TicketStepped),
    CallRecorded(CallRecorded),
    OutageRecorded(OutageRecorded),
    OutageCorrected(OutageCorrected),
    OutageCancelled(OutageCancelled),
    MaintenanceAnnounced(MaintenanceAnnounced),
    MaintenanceCancelled(MaintenanceCancelled),
    MonthClosed(MonthClosed),
    DutyDone(DutyDone),
    LifeTold(LifeTold),
    TimeEntered(TimeEntered),
    TimeCorrected(TimeCorrected),
    WeekMoved(WeekMoved),
    FileAttached(FileAttached),
    PrivacyErased(PrivacyErased),
    RoleGiven(RoleGiven),
    RoleEnded(RoleEnded),
    ArticleWritten(ArticleWritten),
    ArticleMoved(ArticleMoved),
    ArticleReviewed(ArticleReviewed),
    ArticleHelped(ArticleHelped),
    UndertakingSigned(UndertakingSigned),
    RosterPublished(RosterPublished),
    PlanWritten(PlanWritten),
    PlanPassed(PlanPassed),
    PlanEnded(PlanEnded),
    SatisfactionTold(SatisfactionTold),
    TicketImported(TicketImported),
    SkillsTold(SkillsTold),
    LevelAssigned(LevelAssigned),
    VisitReported(VisitReported),
    VisitSigned(VisitSigned),
    WebhookWritten(WebhookWritten),
    WebhookMoved(WebhookMoved),
    WebhookRotated(WebhookRotated),
}

/// Why an entry's kind and data are not an event of this version.
#[derive(Debug, thiserror::Error)]
pub enum EventError {
    #[error("unknown kind of entry: {0}")]
    UnknownKind(String),
    #[error("the data of a {kind} entry cannot be read: {source}")]
    Data { kind: String, source: serde_json::Error },
}

impl Event {
    /// The kind as the entry spells it: noun, dot, past verb.
    pub fn kind(&self) -> &'static str {
        match self {
            Event::CustomerCreated(_) => "customer.created",
            Event::ActorIntroduced(_) => "actor.introduced",
            Event::ContractSigned(_) => "contract.signed",
            Event::TicketOpened(_) => "ticket.opened",
            Event::TicketRefused(_) => "ticket.refused",
            Event::TicketStepped(stepped) => stepped.step.kind(),
            Event::CallRecorded(_) => "call.recorded",
            Event::OutageRecorded(_) => "outage.recorded",
            Event::OutageCorrected(_) => "outage.corrected",
            Event::OutageCancelled(_) => "outage.cancelled",
            Event::MaintenanceAnnounced(_) => "maintenance.announced",
            Event::MaintenanceCancelled(_) => "maintenance.cancelled",
            Event::MonthClosed(_) => "month.closed",
            Event::DutyDone(_) => "duty.done",
            Event::LifeTold(_) => "contract.life_told",
            Event::TimeEntered(_) => "time.entered",
            Event::TimeCorrected(_) => "time.corrected",
            Event::WeekMoved(e) => match e.state {
                WeekState::Submitted => "week.submitted",
                WeekState::Approved => "week.approved",
                WeekState::Returned => "week.returned",
                WeekState::Reopened => "week.reopened",
            },
            Event::FileAttached(_) => "file.attached",
            Event::PrivacyErased(_) => "privacy.erased",
            Event::RoleGiven(_) => "role.given",
            Event::RoleEnded(_) => "role.ended",
            Event::ArticleWritten(_) => "article.written",
            Event::ArticleMoved(e) => match e.state {
                ArticleState::Retired => "article.retired",
                // Nothing goes back to being a draft.
                ArticleState::Draft | ArticleState::Published => "article.published",
            },
            Event::ArticleReviewed(_) => "article.reviewed",
            Event::ArticleHelped(_) => "article.helped",
            Event::UndertakingSigned(_) => "undertaking.signed",
            Event::RosterPublished(_) => "roster.published",
            Event::PlanWritten(_) => "plan.written",
            Event::PlanPassed(_) => "plan.passed",
            Event::PlanEnded(_) => "plan.ended",
            Event::SatisfactionTold(_) => "satisfaction.told",
            Event::TicketImported(_) => "ticket.imported",
            Event::SkillsTold(_) => "skills.told",
            Event::LevelAssigned(_) => "escalation.assigned",
            Event::VisitReported(_) => "visit.reported",
            Event::VisitSigned(_) => "visit.signed",
            Event::WebhookWritten(_) => "webhook.written",
            Event::WebhookMoved(e) => match e.state {
                WebhookState::Active => "webhook.started",
                WebhookState::Suspended => "webhook.suspended",
                WebhookState::Removed => "webhook.removed",
            },
            Event::WebhookRotated(_) => "webhook.rotated",
        }
    }

    /// The entry's data: whole numbers and text only, as the canonical form asks.
    pub fn data(&self) -> Value {
        let value = match self {
            Event::CustomerCreated(e) => serde_json::to_value(e),
            Event::ActorIntroduced(e) => serde_json::to_value(e),
            Event::ContractSigned(e) => serde_json::to_value(e),
            Event::TicketOpened(e) => serde_json::to_value(e),
            Event::TicketRefused(e) => serde_json::to_value(e),
            Event::TicketStepped(e) => serde_json::to_value(e),
            Event::CallRecorded(e) => serde_json::to_value(e),
            Event::OutageRecorded(e) => serde_json::to_value(e),
            Event::OutageCorrected(e) => serde_json::to_value(e),
            Event::OutageCancelled(e) => serde_json::to_value(e),
            Event::MaintenanceAnnounced(e) => serde_json::to_value(e),
            Event::MaintenanceCancelled(e) => serde_json::to_value(e),
            Event::MonthClosed(e) => serde_json::to_value(e),
            Event::DutyDone(e) => serde_json::to_value(e),
            Event::LifeTold(e) => serde_json::to_value(e),
            Event::TimeEntered(e) => serde_json::to_value(e),
            Event::TimeCorrected(e) => serde_json::to_value(e),
            Event::WeekMoved(e) => serde_json::to_value(e),
            Event::FileAttached(e) => serde_json::to_value(e),
            Event::PrivacyErased(e) => serde_json::to_value(e),
            Event::RoleGiven(e) => serde_json::to_value(e),
            Event::RoleEnded(e) => serde_json::to_value(e),
            Event::ArticleWritten(e) => serde_json::to_value(e),
            Event::ArticleMoved(e) => serde_json::to_value(e),
            Event::ArticleReviewed(e) => serde_json::to_value(e),
            Event::ArticleHelped(e) => serde_json::to_value(e),
            Event::UndertakingSigned(e) => serde_json::to_value(e),
            Event::RosterPublished(e) => serde_json::to_value(e),
            Event::PlanWritten(e) => serde_json::to_value(e),
            Event::PlanPassed(e) => serde_json::to_value(e),
            Event::PlanEnded(e) => serde_json::to_value(e),
            Event::SatisfactionTold(e) => serde_json::to_value(e),
            Event::TicketImported(e) => serde_json::to_value(e),
            Event::SkillsTold(e) => serde_json::to_value(e),
            Event::LevelAssigned(e) => serde_json::to_value(e),
            Event::VisitReported(e) => serde_json::to_value(e),
            Event::VisitSigned(e) => serde_json::to_value(e),
            Event::WebhookWritten(e) => serde_json::to_value(e),
            Event::WebhookMoved(e) => serde_json::to_value(e),
            Event::WebhookRotated(e) => serde_json::to_value(e),
        };
        value.expect("an event is made of text, whole numbers, lists and maps with text keys")
    }

    /// Reads an entry back: peeks at the kind, then parses one type.
    pub fn parse(kind: &str, data: &Value) -> Result<Event, EventError> {
        Ok(match kind {
            "customer.created" => Event::CustomerCreated(read(kind, data)?),
            "actor.introduced" => Event::ActorIntroduced(read(kind, data)?),
            "contract.signed" => Event::ContractSigned(read(kind, data)?),
            "ticket.opened" => Event::TicketOpened(read(kind, data)?),
            "ticket.refused" => Event::TicketRefused(read(kind, data)?),
            "call.recorded" => Event::CallRecorded(read(kind, data)?),
            "outage.recorded" => Event::OutageRecorded(read(kind, data)?),
            "outage.corrected" => Event::OutageCorrected(read(kind, data)?),
            "outage.cancelled" => Event::OutageCancelled(read(kind, data)?),
            "maintenance.announced" => Event::MaintenanceAnnounced(read(kind, data)?),
            "maintenance.cancelled" => Event::MaintenanceCancelled(read(kind, data)?),
            "month.closed" => Event::MonthClosed(read(kind, data)?),
            "duty.done" => Event::DutyDone(read(kind, data)?),
            "contract.life_told" => Event::LifeTold(read(kind, data)?),
            "time.entered" => Event::TimeEntered(read(kind, data)?),
            "time.corrected" => Event::TimeCorrected(read(kind, data)?),
            "week.submitted" | "week.approved" | "week.returned" | "week.reopened" => {
                Event::WeekMoved(read(kind, data)?)
            }
            "file.attached" => Event::FileAttached(read(kind, data)?),
            "privacy.erased" => Event::PrivacyErased(read(kind, data)?),
            "role.given" => Event::RoleGiven(read(kind, data)?),
            "role.ended" => Event::RoleEnded(read(kind, data)?),
            "article.written" => Event::ArticleWritten(read(kind, data)?),
            "article.published" | "article.retired" => Event::ArticleMoved(read(kind, data)?),
            "article.reviewed" => Event::ArticleReviewed(read(kind, data)?),
            "article.helped" => Event::ArticleHelped(read(kind, data)?),
            "undertaking.signed" => Event::UndertakingSigned(read(kind, data)?),
            "roster.published" => Event::RosterPublished(read(kind, data)?),
            "plan.written" => Event::PlanWritten(read(kind, data)?),
            "plan.passed" => Event::PlanPassed(read(kind, data)?),
            "plan.ended" => Event::PlanEnded(read(kind, data)?),
            "satisfaction.told" => Event::SatisfactionTold(read(kind, data)?),
            "ticket.imported" => Event::TicketImported(read(kind, data)?),
            "skills.told" => Event::SkillsTold(read(kind, data)?),
            "escalation.assigned" => Event::LevelAssigned(read(kind, data)?),
            "visit.reported" => Event::VisitReported(read(kind, data)?),
            "visit.signed" => Event::VisitSigned(read(kind, data)?),
            "webhook.written" => Event::WebhookWritten(read(kind, data)?),
            "webhook.started" | "webhook.suspended" | "webhook.removed" => {
                Event::WebhookMoved(read(kind, data)?)
            }
            "webhook.rotated" => Event::WebhookRotated(read(kind, data)?),
            _ if [&Step::KINDS[..], &ChangeTold::KINDS, &DeliveryTold::KINDS]
                .iter()
                .any(|k| k.contains(&kind)) =>
            {
                Event::TicketStepped(read(kind, data)?)
            }
            _ => return Err(EventError::UnknownKind(kind.to_owned())),
        })
    }

    /// The ids the entry is about, for finding the entries of one ticket or contract.
    pub fn subject(&self) -> BTreeMap<String, String> {
        let pairs: Vec<(&str, String)> = match self {
            Event::CustomerCreated(e) => vec![("customer", e.customer.to_string())],
            Event::PrivacyErased(_) | Event::TicketImported(_) => Vec::new(),
            Event::RoleGiven(e) => {
                let contract = e.contract.map(|c| ("contract", c.to_string()));
                [("person", e.person.to_string())].into_iter().chain(contract).collect()
            }
            Event::RoleEnded(e) => vec![("person", e.person.to_string())],
            // Not the ticket that it comes from: what is forgotten of a ticket is what was written there.
            Event::ArticleWritten(e) => vec![("article", e.article.to_string())],
            Event::ArticleMoved(e) => vec![("article", e.article.to_string())],
            Event::ArticleReviewed(e) => vec![("article", e.article.to_string())],
            Event::ArticleHelped(e) => {
                vec![("article", e.article.to_string()), ("ticket", e.ticket.to_string())]
            }
            Event::UndertakingSigned(e) => {
                vec![("contract", e.contract.to_string()), ("person", e.person.to_string())]
            }
            Event::RosterPublished(e) => {
                vec![("contract", e.contract.to_string()), ("roster", e.roster.to_string())]
            }
            Event::PlanWritten(e) => {
                vec![("contract", e.contract.to_string()), ("plan", e.plan.to_string())]
            }
            Event::SkillsTold(e) => vec![("element", e.element.key())],
            Event::LevelAssigned(e) => vec![("clause", e.clause.clone())],
            Event::PlanPassed(e) => vec![("plan", e.plan.to_string())],
            Event::PlanEnded(e) => vec![("plan", e.plan.to_string())],
            Event::SatisfactionTold(e) => {
                vec![("contract", e.contract.to_string()), ("ticket", e.ticket.to_string())]
            }
            Event::ActorIntroduced(e) => vec![("actor", e.actor.to_string())],
            Event::ContractSigned(e) => vec![("contract", e.contract.to_string())],
            Event::TicketOpened(e) => {
                let plan = e.plan.map(|turn| ("plan", turn.plan.to_string()));
                let own = [("contract", e.contract.to_string()), ("ticket", e.ticket.to_string())];
                own.into_iter().chain(plan).collect()
            }
            Event::TicketRefused(e) => vec![("contract", e.contract.to_string())],
            Event::TicketStepped(e) => vec![("ticket", e.ticket.to_string())],
            Event::VisitReported(e) => {
                vec![("ticket", e.ticket.to_string()), ("visit", e.visit.to_string())]
            }
            Event::VisitSigned(e) => {
                vec![("ticket", e.ticket.to_string()), ("visit", e.visit.to_string())]
            }
            Event::WebhookWritten(WebhookWritten { webhook, .. })
            | Event::WebhookMoved(WebhookMoved { webhook, .. })
            | Event::WebhookRotated(WebhookRotated { webhook, .. }) => vec![("webhook", webhook.to_string())],
            Event::CallRecorded(e) => {
                let ticket = e.ticket.map(|t| ("ticket", t.to_string()));
                [("call", e.call.to_string())].into_iter().chain(ticket).collect()
            }
            Event::DutyDone(e) => vec![("contract", e.contract.to_string())],
            Event::LifeTold(e) => vec![("contract", e.contract.to_string())],
            Event::TimeEntered(TimeEntered { time, .. })
            | Event::TimeCorrected(TimeCorrected { time, .. }) => {
                vec![("ticket", time.ticket.to_string()), ("time", time.entry.to_string())]
            }
            Event::WeekMoved(e) => vec![("person", e.person.to_string()), ("week", e.week.to_string())],
            Event::FileAttached(e) => vec![("file", e.file.to_string()), ("ticket", e.ticket.to_string())],
            Event::OutageRecorded(e) => {
                vec![("contract", e.contract.to_string()), ("outage", e.outage.to_string())]
            }
            Event::OutageCorrected(e) => {
                vec![("contract", e.contract.to_string()), ("outage", e.outage.to_string())]
            }
            Event::OutageCancelled(e) => {
                vec![("contract", e.contract.to_string()), ("outage", e.outage.to_string())]
            }
            Event::MaintenanceAnnounced(e) => {
                vec![("contract", e.contract.to_string()), ("maintenance", e.maintenance.to_string())]
            }
            Event::MaintenanceCancelled(e) => {
                vec![("contract", e.contract.to_string()), ("maintenance", e.maintenance.to_string())]
            }
            Event::MonthClosed(e) => vec![("contract", e.contract.to_string()), ("month", e.month.clone())],
        };
        pairs.into_iter().map(|(name, id)| (name.to_owned(), id)).collect()
    }
}

fn read<T: DeserializeOwned>(kind: &str, data: &Value) -> Result<T, EventError> {
    T::deserialize(data).map_err(|source| EventError::Data { kind: kind.to_owned(), source })
}

/// A pointer to content beside the log: the entry's commitment of this name binds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ContentId(pub uuid::Uuid);
