//! Deliveries of application maintenance: estimated in work units and ordered, delivered, verified step by
//! step, put in production, under warranty.
//!
//! Each act is a step of the ticket's one timeline. What silence decides is written nowhere: the engine
//! says it of the facts, today as years later.

mod ends;
mod tell;
mod view;
mod warranty;

use base::Reason;
use engines::delivery::{self, Delivery, Estimate, Given, Stage, Standing, Verification, standing};
use engines::kinds::Kind;
use events::{DeliveryTold, Piece, Step, Verdict};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use store::ticket::Stepped;
use terms::{Rule, WorkUnits};

pub use ends::WarrantyEnd;
pub(crate) use ends::ends;
pub(super) use tell::{may_close, not_by_a_price, tell};
pub(crate) use view::orders;
pub use view::{BookNow, DeliveryPage, EstimateTold};
pub(super) use view::{page, read};
pub use warranty::Defect;
pub(crate) use warranty::defect;
pub(super) use warranty::{free_of_price, may_be_defect};

use super::work::Work;
use crate::access::Act;
use crate::error::{AppError, Result};

/// What somebody does to a delivery.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "snake_case", deny_unknown_fields)]
pub enum DeliveryCommand {
    /// The provider estimates it in units of the book.
    Estimate {
        pieces: Vec<Piece>,
        /// The last day it may be ordered.
        #[serde(default)]
        until: Option<Date>,
        /// What would be done.
        body: String,
    },
    /// The customer orders what was estimated.
    Order {
        /// The journal entry of the estimate as it was read.
        estimate: u64,
        /// Where the customer wrote it: asked of the provider, who writes it down.
        #[serde(default)]
        reference: Option<String>,
    },
    /// The customer declines the estimate, or withdraws the order before anything was delivered.
    Decline {
        #[serde(default)]
        estimate: Option<u64>,
        why: String,
    },
    /// It is there to be verified; again after a refusal.
    Present {
        note: String,
    },
    /// The customer says how a step of the acceptance came out.
    Decide {
        /// The journal entry of the delivery verified.
        presented: u64,
        step: String,
        verdict: Verdict,
        /// The reserves, or why it is refused: asked for both.
        #[serde(default)]
        note: Option<String>,
        /// As for an order.
        #[serde(default)]
        reference: Option<String>,
    },
    /// Something that production asks for is there.
    Show {
        need: String,
        reference: String,
    },
    Produce,
}

impl DeliveryCommand {
    pub(super) fn act(&self) -> Act {
        match self {
            DeliveryCommand::Estimate { .. } => Act::MakeQuote,
            DeliveryCommand::Order { .. } | DeliveryCommand::Decline { .. } => Act::AgreePrice,
            DeliveryCommand::Decide { .. } => Act::AcceptDelivery,
            DeliveryCommand::Present { .. } | DeliveryCommand::Show { .. } | DeliveryCommand::Produce => {
                Act::WorkOnTicket
            }
        }
    }

    pub(super) fn texts(&self) -> Vec<(&'static str, &str)> {
        match self {
            DeliveryCommand::Estimate { body, .. } => vec![("body", body)],
            DeliveryCommand::Order { reference, .. } => {
                reference.iter().map(|r| ("reference", r.as_str())).collect()
            }
            DeliveryCommand::Decline { why, .. } => vec![("why", why)],
            DeliveryCommand::Present { note } => vec![("note", note)],
            DeliveryCommand::Decide { note, reference, .. } => {
                let note = note.iter().map(|n| ("note", n.as_str()));
                note.chain(reference.iter().map(|r| ("reference", r.as_str()))).collect()
            }
            DeliveryCommand::Show { reference, .. } => vec![("reference", reference)],
            DeliveryCommand::Produce => Vec::new(),
        }
    }
}

/// The kind of a ticket of maintenance; `None` for any other ticket.
fn kind(work: &Work<'_>) -> Option<Kind> {
    let key = work.ticket.opening_facts.get(events::Dimension::Kind)?;
    Kind::from_key(key).filter(|kind| kind.is_maintenance())
}

/// What the steps tell the engine.
fn told(work: &Work<'_>, kind: Kind, at: Timestamp) -> Result<Delivery> {
    let units = book(work, kind, work.agreement.local_date(at)).is_some();
    from_steps(Delivery::new(kind, instant(work.ticket.opened)?, units), work.steps)
}

fn from_steps(mut delivery: Delivery, steps: &[Stepped]) -> Result<Delivery> {
    for s in steps {
        let Step::Delivery { told } = &s.step else { continue };
        let at = instant(s.at)?;
        match told {
            DeliveryTold::Estimated { pieces, until, .. } => {
                delivery.estimate = Some(Estimate { pieces: pieces.clone(), made: at, until: *until });
                (delivery.in_units, delivery.declined) = (true, false);
            }
            DeliveryTold::Ordered { .. } => delivery.ordered = Some(at),
            DeliveryTold::Declined { .. } => {
                (delivery.ordered, delivery.declined) = (None, true);
            }
            DeliveryTold::Presented { .. } => {
                delivery.presented.push(at);
                delivery.verdicts.clear();
                delivery.shown.clear();
                delivery.production = None;
            }
            DeliveryTold::Decided { step, verdict, .. } => {
                delivery.verdicts.push(Given { step: step.clone(), verdict: *verdict, at });
            }
            DeliveryTold::Shown { need, .. } => delivery.shown.push(need.clone()),
            DeliveryTold::InProduction => delivery.production = Some(at),
        }
    }
    Ok(delivery)
}

/// The book that a ticket's work is ordered from on a day: the one of its own version, as the contract in
/// force has it. A ticket opened before there was one goes on at a price, and so does one whose book is gone.
fn book<'a>(work: &Work<'a>, kind: Kind, on: Date) -> Option<&'a Rule<WorkUnits>> {
    let own = delivery::book_of(work.terms, kind)?;
    let terms = &work.agreement.history.at(on)?.terms;
    terms.work_units.iter().find(|rule| rule.label() == own.label())
}

fn stands(work: &Work<'_>, delivery: &Delivery, at: Timestamp) -> Standing {
    work.vault.with_clocks(|clocks| standing(work.terms, delivery, at, clocks))
}

/// The step of an acceptance that runs, and the article that says what silence means at its end.
pub(super) fn accepting(work: &Work<'_>, at: Timestamp) -> Result<Option<(Verification, Vec<Reason>)>> {
    let Some(kind) = kind(work) else { return Ok(None) };
    let Standing { stage, mut steps, mut reasons, .. } = stands(work, &told(work, kind, at)?, at);
    let Stage::Accepting(nth) = stage else { return Ok(None) };
    if nth >= steps.len() {
        return Ok(None);
    }
    reasons.retain(|reason| reason.code == "delivery.step");
    Ok(Some((steps.swap_remove(nth), reasons)))
}

/// The entry of the last estimate, and of the last presentation.
fn last(work: &Work<'_>, of: impl Fn(&DeliveryTold) -> bool) -> Option<u64> {
    let told = |s: &&Stepped| matches!(&s.step, Step::Delivery { told } if of(told));
    work.steps.iter().rev().find(told).map(|s| s.seq)
}

fn instant(micros: i64) -> Result<Timestamp> {
    Timestamp::from_microsecond(micros).map_err(AppError::fault)
}
