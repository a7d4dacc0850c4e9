//! What the page of a change and the API read of it.

use base::{Because, Reason};
use engines::change::{self, Downtime, Impact, Owed, Stage, Standing};
use events::{ChangePlan, ChangeTold, Step};
use jiff::Timestamp;
use jiff::civil::Date;
use store::ticket::{Stepped, Ticket};
use store::{Tx, content, ticket};
use terms::Terms;

use super::super::TicketPage;
use super::{Work, in_sight, instant, plan_of, planned, told};
use crate::access::Permit;
use crate::desk::text;
use crate::error::Result;

/// A change as it stands.
#[derive(Debug, Clone)]
pub struct ChangePage {
    pub standing: Standing,
    pub plan: Option<PlanTold>,
    /// What was interrupted, beside what the plan foresaw; `None` until it has ended.
    pub downtime: Option<Downtime>,
    /// What the plan brings with it: an interruption that counts, a notice not kept.
    pub notes: Vec<Reason>,
    /// What else it touches; `None` while nothing is planned.
    pub impact: Option<Because<Impact>>,
    /// Who of those to be told was told of the plan that stands, in the order in which it was recorded.
    pub informed: Vec<InformedTold>,
    /// The documents of the contract, in its order.
    pub documents: Vec<Filed>,
    /// Other changes whose window meets this one on the same items, by number.
    pub collisions: Vec<u64>,
}

/// The plan that stands, with its words.
#[derive(Debug, Clone)]
pub struct PlanTold {
    /// Its journal entry, which an approval names.
    pub entry: u64,
    pub announced: Timestamp,
    pub from: Timestamp,
    pub until: Timestamp,
    pub regularised_by: Option<Timestamp>,
    pub told: ChangePlan,
    pub work: String,
    pub test: String,
    pub rollback: String,
}

/// Those outside who were told of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InformedTold {
    pub who: String,
    pub on: Date,
    pub means: String,
}

/// A document that the contract keeps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filed {
    pub document: String,
    /// Which version, or why nothing changes in it; `None` while it is missing.
    pub reference: Option<String>,
}

/// What is read of a change in the page's own transaction.
pub(in super::super) struct Read {
    words: Option<(String, String, String)>,
    filed: Vec<(String, String)>,
    informed: Vec<InformedTold>,
    collisions: Vec<u64>,
}

/// The words of the plan that stands, the documents filed and the collisions in sight.
pub(in super::super) fn read(
    tx: &mut dyn Tx,
    permit: &Permit,
    terms: &Terms,
    ticket: &Ticket,
    steps: &[Stepped],
) -> Result<Read> {
    let mut word = |id: events::ContentId| -> Result<String> { Ok(text(content::get(tx, id.0)?)) };
    let words = match planned(steps) {
        Some((_, _, plan)) => Some((word(plan.work)?, word(plan.test)?, word(plan.rollback)?)),
        None => None,
    };
    // Another plan is to be told of again.
    let standing = planned(steps).map_or(0, |(entry, ..)| entry);
    let (mut filed, mut informed) = (Vec::new(), Vec::new());
    for step in steps {
        if let Step::Change { told: ChangeTold::Informed { who, on, means } } = &step.step
            && step.seq > standing
        {
            informed.push(InformedTold { who: who.clone(), on: *on, means: word(*means)? });
        }
        if let Step::Change { told: ChangeTold::Documented { document, reference } } = &step.step {
            filed.push((document.clone(), word(*reference)?));
        }
    }
    let collisions = match planned(steps) {
        Some((_, _, plan)) => collisions(tx, permit, terms, ticket, plan)?,
        None => Vec::new(),
    };
    Ok(Read { words, filed, informed, collisions })
}

/// Changes to come or under way that touch one of the same items at the same time.
fn collisions(
    tx: &mut dyn Tx,
    permit: &Permit,
    terms: &Terms,
    own: &Ticket,
    plan: &ChangePlan,
) -> Result<Vec<u64>> {
    let items = in_sight(permit, own.contract, terms, &plan.items);
    let mut numbers = Vec::new();
    for other in ticket::change::standing(tx, plan.from, plan.until)? {
        if other.ticket == own.id || !other.items.iter().any(|item| items.contains(item)) {
            continue;
        }
        if ticket::by_id(tx, other.ticket)?.is_some_and(|t| permit.scope().lets(&t)) {
            numbers.push(other.number);
        }
    }
    Ok(numbers)
}

/// The change that the ticket is; `None` for a ticket of another kind.
pub(in super::super) fn page(work: &Work<'_>, read: Read, now: Timestamp) -> Result<Option<ChangePage>> {
    if !work.is_change() {
        return Ok(None);
    }
    let change = told(work.steps)?;
    let standing = work.standing(&change, now);
    let mut filed = read.filed;
    let documents = change::documents(work.terms).into_iter().map(|listed| {
        let of = |(name, _): &(String, String)| *name == listed.value;
        let reference = filed.iter().rposition(of).map(|place| filed.swap_remove(place).1);
        Filed { document: listed.value, reference }
    });
    let mut page = ChangePage {
        documents: documents.collect(),
        standing,
        plan: None,
        downtime: change.downtime,
        notes: Vec::new(),
        impact: None,
        informed: read.informed,
        collisions: read.collisions,
    };
    if let (Some((entry, at, plan)), Some((words, test, rollback))) = (planned(work.steps), read.words) {
        let engine = plan_of(plan, at)?;
        let facts = &work.ticket.opening_facts;
        page.notes = work.vault.with_clocks(|clocks| change::weigh(work.terms, facts, &engine, clocks)).notes;
        if page.standing.regularisation_refused {
            page.notes.push(change::regularisation_refused());
        }
        page.notes.extend(change.downtime.and_then(Downtime::warning));
        page.impact = Some(change::impact(work.terms, &plan.items));
        page.plan = Some(PlanTold {
            entry,
            announced: instant(at)?,
            from: engine.from,
            until: engine.until,
            regularised_by: engine.regularised_by,
            told: plan.clone(),
            work: words,
            test,
            rollback,
        });
    }
    Ok(Some(page))
}

/// What the end of a change interrupted, beside what the plan of then foresaw; `None` for another step.
pub fn interrupted(page: &TicketPage, told: &ChangeTold) -> Option<Downtime> {
    let ChangeTold::Ended { downtime, .. } = told else { return None };
    let mut foreseen = 0;
    for entry in &page.entries {
        match &entry.step {
            Step::Change { told: ChangeTold::Planned(plan) } => foreseen = plan.downtime_minutes,
            Step::Change { told: this } if this == told => break,
            _ => {}
        }
    }
    super::measured(foreseen, downtime.as_ref()).ok()
}

impl ChangePage {
    /// The same for a third party: what is done to its items and when, and nothing of what the contract
    /// says, nor of whom else it asks.
    pub(in super::super) fn without_the_contract(
        mut self,
        sees: impl Fn(&[String]) -> Vec<String>,
    ) -> ChangePage {
        let standing = &mut self.standing;
        standing.to_close.clear();
        // What is awaited shows in the stage, and from whom is between the parties.
        if standing.stage == Stage::Awaited {
            standing.to_start.clear();
        }
        standing.awaited.clear();
        standing.owed = Because::new(Owed::default(), Vec::new());
        standing.to_start.iter_mut().for_each(|reason| reason.cites = None);
        if let Some(plan) = &mut self.plan {
            plan.told.items = sees(&plan.told.items);
        }
        self.notes.clear();
        self.impact = None;
        self.informed.clear();
        self.documents.clear();
        self
    }
}
