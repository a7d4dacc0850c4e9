//! Changes: planned against the contract, approved by whom it says, carried out in their window, measured,
//! documented and reviewed.
//!
//! A change is a ticket; each act on it is a step of the ticket's one timeline. An interruption that is
//! foreseen is announced as maintenance in the transaction that plans it, and one that was measured is
//! recorded as an outage in the transaction that ends it, so that availability follows from the same facts
//! as everything else.

mod beside;
mod schedule;
mod tell;
mod view;

use base::Reason;
use base::id::ContractId;
use engines::change::{self, Approval, Change, Downtime, Plan, Standing};
use engines::kinds::Kind;
use events::{Approver, ChangeModel, ChangeOutcome, ChangePlan, ChangeRisk, ChangeTold, Step};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use store::ticket::Stepped;
use terms::Terms;

pub(super) use beside::beside;
pub(crate) use schedule::dated;
pub use schedule::{ChangeLine, DatedChange, WhenChange, read_key, written_key};
pub(super) use tell::{may_close, tell};
pub use view::{ChangePage, Filed, InformedTold, PlanTold, interrupted};
pub(super) use view::{page, read};

use super::work::Work;
use crate::access::{Act, Permit};
use crate::error::{AppError, Result};

/// What somebody does to a change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "snake_case", deny_unknown_fields)]
pub enum ChangeCommand {
    /// Plans it, or plans it otherwise: approvals given to the plan before are void.
    Plan(Box<PlanChange>),
    /// The customer agrees to the plan; or a third party does, as the provider writes down.
    Approve {
        /// The journal entry of the plan as it was read.
        plan: u64,
        #[serde(default)]
        third_party: Option<String>,
        /// The label of the contract's contact who agreed, when the provider writes it down.
        #[serde(default)]
        contact: Option<String>,
        /// Where it was written: asked of the provider.
        #[serde(default)]
        reference: Option<String>,
    },
    /// The customer refuses the plan.
    Refuse {
        plan: u64,
        why: String,
    },
    /// The provider renounces.
    GiveUp {
        why: String,
    },
    Start,
    /// It is over, one way or the other; the interruption as it was measured.
    End {
        outcome: ChangeOutcome,
        note: String,
        #[serde(default)]
        down_from: Option<Timestamp>,
        #[serde(default)]
        down_until: Option<Timestamp>,
    },
    /// Those outside whom the plan touches were told of it.
    Inform {
        /// As the plan's impact names them.
        who: String,
        /// The day they were told.
        on: Date,
        /// By which means, and where that can be seen.
        means: String,
    },
    /// One of the contract's documents is up to date.
    Document {
        document: String,
        /// Which version, or why nothing changes in it.
        reference: String,
    },
    Review {
        body: String,
    },
}

/// A plan to make.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanChange {
    pub model: ChangeModel,
    pub risk: ChangeRisk,
    /// By the names of the contract: items of the perimeter, or services that it promises.
    pub items: Vec<String>,
    pub from: Timestamp,
    pub until: Timestamp,
    /// The interruption foreseen; zero for none.
    #[serde(default)]
    pub downtime_minutes: u32,
    /// The provider accepts that the interruption counts against the availability promised.
    #[serde(default)]
    pub counted: bool,
    /// By when an emergency is approved after the fact.
    #[serde(default)]
    pub regularised_by: Option<Timestamp>,
    pub work: String,
    pub test: String,
    pub rollback: String,
}

impl ChangeCommand {
    pub(super) fn act(&self) -> Act {
        match self {
            ChangeCommand::Approve { .. } | ChangeCommand::Refuse { .. } => Act::ApproveChange,
            ChangeCommand::Plan(_)
            | ChangeCommand::GiveUp { .. }
            | ChangeCommand::Start
            | ChangeCommand::End { .. }
            | ChangeCommand::Inform { .. }
            | ChangeCommand::Document { .. }
            | ChangeCommand::Review { .. } => Act::PlanChange,
        }
    }

    pub(super) fn texts(&self) -> Vec<(&'static str, &str)> {
        match self {
            ChangeCommand::Plan(plan) => {
                vec![("work", &plan.work), ("test", &plan.test), ("rollback", &plan.rollback)]
            }
            ChangeCommand::Approve { reference, .. } => {
                reference.iter().map(|r| ("reference", r.as_str())).collect()
            }
            ChangeCommand::Refuse { why, .. } | ChangeCommand::GiveUp { why } => vec![("why", why)],
            ChangeCommand::Start => Vec::new(),
            ChangeCommand::End { note, .. } => vec![("note", note)],
            ChangeCommand::Inform { means, .. } => vec![("means", means)],
            ChangeCommand::Document { reference, .. } => vec![("reference", reference)],
            ChangeCommand::Review { body } => vec![("body", body)],
        }
    }
}

impl Work<'_> {
    fn is_change(&self) -> bool {
        Kind::from_key(&self.ticket.kind) == Some(Kind::Change)
    }

    fn standing(&self, change: &Change, at: Timestamp) -> Standing {
        self.vault.with_clocks(|clocks| change::standing(self.terms, change, at, clocks))
    }
}

/// By when an approval is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Until {
    /// The change begins then, with the approval.
    Begins(Timestamp),
    /// It may have begun: it is an emergency.
    Regularised(Timestamp),
}

/// What the customer has to approve of a change, with the articles, and by when: before its window begins, or for an
/// emergency by the instant that its plan says.
pub(super) fn to_approve(work: &Work<'_>, at: Timestamp) -> Result<Option<(Until, Vec<Reason>)>> {
    let Some((_, _, plan)) = planned(work.steps).filter(|_| work.is_change()) else { return Ok(None) };
    let until = match plan.regularised_by {
        Some(by) => Until::Regularised(instant(by)?),
        None => Until::Begins(instant(plan.from)?),
    };
    let mut standing = work.standing(&told(work.steps)?, at);
    if !standing.may_be_refused() {
        return Ok(None);
    }
    // What a third party has to say is asked of it by the provider.
    standing.awaited.retain(|reason| reason.code != "change.third_party_missing");
    Ok((!standing.awaited.is_empty()).then_some((until, standing.awaited)))
}

/// Of the items of a plan, those that a reader works on: all of them for the parties.
pub(super) fn in_sight(
    permit: &Permit,
    contract: ContractId,
    terms: &Terms,
    items: &[String],
) -> Vec<String> {
    let class = |item: &String| {
        let entries = || terms.perimeter.iter().map(|rule| &rule.then);
        let named = entries().find(|e| e.class.is_some() && e.items.contains(item));
        let whole = || entries().find(|e| e.items.is_empty() && e.class.as_ref() == Some(item));
        named.or_else(whole).and_then(|e| e.class.as_deref())
    };
    items.iter().filter(|item| permit.sees_item(contract, item, class(item))).cloned().collect()
}

/// The plan that stands and the entry that made it.
pub(crate) fn planned(steps: &[Stepped]) -> Option<(u64, i64, &ChangePlan)> {
    steps.iter().rev().find_map(|s| match &s.step {
        Step::Change { told: ChangeTold::Planned(plan) } => Some((s.seq, s.at, plan)),
        _ => None,
    })
}

/// What the steps tell the engine.
fn told(steps: &[Stepped]) -> Result<Change> {
    let mut change = Change::default();
    let mut standing = 0;
    for s in steps {
        let Step::Change { told } = &s.step else { continue };
        match told {
            ChangeTold::Planned(plan) => {
                let documents = std::mem::take(&mut change.documents);
                let plan = Some(plan_of(plan, s.at)?);
                change = Change { plan, documents, ..Change::default() };
                standing = s.seq;
            }
            ChangeTold::Approved { plan, by, .. } if *plan == standing => {
                change.approvals.push(match by {
                    Approver::Customer { contact } => {
                        Approval::Customer { person: s.by.to_string(), contact: contact.clone() }
                    }
                    Approver::ThirdParty { name } => Approval::ThirdParty { name: name.clone() },
                });
            }
            ChangeTold::Approved { .. } => {}
            ChangeTold::Refused { .. } => change.refused = true,
            ChangeTold::Started { .. } => change.started = Some(instant(s.at)?),
            ChangeTold::Ended { outcome, downtime, .. } => {
                let foreseen = change.plan.as_ref().map_or(0, |plan| plan.downtime_minutes);
                change.ended = Some(*outcome);
                change.downtime = Some(measured(foreseen, downtime.as_ref())?);
            }
            ChangeTold::Documented { document, .. } => change.documents.push(document.clone()),
            // Telling those outside is recorded; no clause lets the work wait for it.
            ChangeTold::Informed { .. } => {}
            ChangeTold::Reviewed { .. } => change.reviewed = true,
        }
    }
    Ok(change)
}

/// What was interrupted, beside what was foreseen.
fn measured(foreseen_minutes: u32, down: Option<&events::Downtime>) -> Result<Downtime> {
    let spell = match down {
        Some(down) => Some((instant(down.from)?, instant(down.until)?)),
        None => None,
    };
    Ok(Downtime::new(foreseen_minutes, spell))
}

fn plan_of(plan: &ChangePlan, announced: i64) -> Result<Plan> {
    Ok(Plan {
        model: plan.model,
        items: plan.items.clone(),
        from: instant(plan.from)?,
        until: instant(plan.until)?,
        announced: instant(announced)?,
        downtime_minutes: plan.downtime_minutes,
        counted: plan.counted,
        regularised_by: plan.regularised_by.map(instant).transpose()?,
    })
}

fn instant(micros: i64) -> Result<Timestamp> {
    Timestamp::from_microsecond(micros).map_err(AppError::fault)
}
