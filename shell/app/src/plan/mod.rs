//! Tickets that come back by themselves: plans, the dates that they give, and what became of each.
//!
//! A plan opens its tickets in the name of whoever wrote it last, with the rights that this person has on
//! the day: somebody who left opens nothing, and the plan waits, in sight, for somebody who answers for it.

mod turns;
mod write;

use base::Because;
use base::id::{AccountId, PlanId};
use engines::recurrence::{Dates, Occurrence, Rhythm};
use events::{PassedBy, PlanAbout};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use store::plan::{self, Became, Plan};
use store::{Tx, content};
use terms::{DutyDue, PartyRole};

use crate::access::{Act, Permit};
use crate::agreements::{Agreement, Agreements};
use crate::error::{AppError, Result};
use crate::instance::App;
use crate::ticket::{OpenTicket, Weighed};

pub(crate) use turns::{refused, stands};
pub use write::Written;

/// How late a date may still open its ticket: what is older was done otherwise, or is no longer worth it.
pub const OPENED_WITHIN: SignedDuration = SignedDuration::from_hours(7 * 24);
/// Dates shown before a plan is saved.
const SHOWN: usize = 6;

/// A plan to write.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WritePlan {
    /// The contract's number, when the customer has several in force.
    #[serde(default)]
    pub contract: Option<String>,
    pub title: String,
    #[serde(default)]
    pub description: String,
    pub about: PlanAbout,
    pub rhythm: Rhythm,
}

/// What a plan would do, were it saved now.
pub struct PlanWeighed {
    /// The first of its dates to come.
    pub dates: Vec<Because<Occurrence>>,
    /// What the contract would say of such a ticket today.
    pub ticket: Weighed,
}

/// How a plan stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It opens its next ticket then.
    Runs {
        next: Timestamp,
    },
    /// Whoever answers for it may open nothing for this customer any more.
    Held {
        since: Timestamp,
    },
    /// Its last date has come.
    Over,
    Ended {
        at: Timestamp,
    },
}

/// A plan as a list shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanLine {
    pub id: PlanId,
    /// The contract's number.
    pub contract: String,
    /// The contract's own.
    pub zone: jiff::tz::TimeZone,
    pub title: String,
    pub rhythm: Rhythm,
    pub standing: Standing,
    /// Who answers for it.
    pub by: String,
    pub last: Option<Turn>,
    /// Its place in the list.
    pub place: u64,
}

/// What became of a date, or of several that went by together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Turn {
    pub due: Timestamp,
    /// When it was decided.
    pub at: Timestamp,
    pub dates: u32,
    pub became: Outcome,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The number of the ticket.
    Opened(u64),
    Passed(PassedBy),
}

/// A plan whole.
pub struct PlanPage {
    pub line: PlanLine,
    pub description: String,
    pub about: PlanAbout,
    /// When it was last written.
    pub written: Timestamp,
    pub dates: Vec<Because<Occurrence>>,
    /// The last ones first.
    pub turns: Vec<Turn>,
    /// Those before this instant are on the next page.
    pub more: Option<i64>,
}

/// A regular duty of the provider's that a plan could carry out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggested {
    pub contract: String,
    pub clause: base::Provenance,
    /// What is done, by its name in the clause: one may hold several duties.
    pub what: String,
    pub title: String,
    /// Months or days between two, as the clause says.
    pub every: base::Length,
    pub first: Option<jiff::civil::Date>,
}

impl App {
    /// A page of a customer's plans, the last written first, under a place.
    pub fn plans(
        &self,
        permit: &Permit,
        before: Option<u64>,
        limit: u32,
    ) -> Result<(Vec<PlanLine>, Option<u64>)> {
        self.on_tickets(permit, Act::SeePlans)?;
        let vault = self.vault(permit.customer())?;
        let agreements = vault.agreements()?;
        let kept = agreements.clone();
        let mut read = vault.db.read::<_, AppError, _>(move |tx| {
            let names = crate::ticket::names(tx)?;
            let plans = plan::page(tx, before, limit.saturating_add(1))?;
            plans.into_iter().map(|p| Ok((line(tx, &kept, &p, &names)?, p.by))).collect::<Result<Vec<_>>>()
        })?;
        let more = read.len() > limit as usize;
        read.truncate(limit as usize);
        let lines = self.held(permit, read)?;
        let next = lines.last().filter(|_| more).map(|l| l.place);
        Ok((lines, next))
    }

    /// One plan, its dates to come, and what became of those before an instant.
    pub fn plan(&self, permit: &Permit, id: PlanId, before: Option<i64>, limit: u32) -> Result<PlanPage> {
        self.on_tickets(permit, Act::SeePlans)?;
        let vault = self.vault(permit.customer())?;
        let (agreements, now) = (vault.agreements()?, self.now());
        let kept = agreements.clone();
        let (plan, line, description, mut turns) = vault.db.read::<_, AppError, _>(move |tx| {
            let found = plan::by_id(tx, id)?.ok_or(AppError::NotFound)?;
            let names = crate::ticket::names(tx)?;
            let line = line(tx, &kept, &found, &names)?;
            let description = crate::desk::text(content::get(tx, found.description.0)?);
            let turns = plan::turns(tx, id, before, limit.saturating_add(1))?;
            Ok((found, line, description, turns))
        })?;
        let more = turns.len() > limit as usize;
        turns.truncate(limit as usize);
        let more = turns.last().filter(|_| more).map(|t| t.due);
        let agreement = agreements.by_id(plan.contract)?;
        let dates = if plan.ended.is_some() { Vec::new() } else { dates(agreement, &plan.rhythm, now)? };
        let mut line = self.held(permit, vec![(line, plan.by)])?;
        Ok(PlanPage {
            line: line.pop().ok_or(AppError::NotFound)?,
            description,
            about: plan.about,
            written: instant(plan.at)?,
            dates,
            turns: turns.iter().map(turn).collect::<Result<_>>()?,
            more,
        })
    }

    /// The dates that a plan would have, and what the contract would say of its ticket. Nothing is written.
    pub fn weigh_plan(&self, permit: &Permit, ask: &WritePlan) -> Result<PlanWeighed> {
        self.on_tickets(permit, Act::WritePlan)?;
        let (vault, now) = (self.vault(permit.customer())?, self.now());
        let agreement = vault.agreements()?.choose(ask.contract.as_deref(), now)?.clone();
        write::check(&agreement, ask, now)?;
        let opening = permit.by().permit(Act::OpenTicket, permit.customer())?;
        let ticket = self.weigh_ticket(&opening, &ask.ticket(&agreement))?;
        Ok(PlanWeighed { dates: dates(&agreement, &ask.rhythm, now)?, ticket })
    }

    /// The regular duties of the contracts in force that the provider owes, as plans to write: the
    /// preventive plan of the maintenance, a report, a rehearsal.
    pub fn plan_suggestions(&self, permit: &Permit) -> Result<Vec<Suggested>> {
        self.on_tickets(permit, Act::WritePlan)?;
        let (vault, now) = (self.vault(permit.customer())?, self.now());
        let agreements = vault.agreements()?;
        let mut found = Vec::new();
        for agreement in agreements.in_force(now) {
            for rule in &agreement.in_force(now)?.terms.duties {
                let DutyDue::Every { period, first } = rule.then.due else { continue };
                if rule.then.owed_by != PartyRole::Provider {
                    continue;
                }
                found.push(Suggested {
                    contract: agreement.number.clone(),
                    clause: rule.from.clone(),
                    what: rule.then.what.clone(),
                    title: rule.then.title.clone(),
                    every: period,
                    first,
                });
            }
        }
        Ok(found)
    }

    /// Says of each plan whether whoever answers for it still may.
    fn held(&self, permit: &Permit, read: Vec<(PlanLine, AccountId)>) -> Result<Vec<PlanLine>> {
        let now = self.now();
        let mut lines = Vec::with_capacity(read.len());
        for (mut line, by) in read {
            if let Standing::Runs { next } = line.standing
                && self.answers(by, permit.customer())?.is_none()
            {
                line.standing = Standing::Held { since: next.min(now) };
            }
            lines.push(line);
        }
        Ok(lines)
    }
}

impl WritePlan {
    /// The ticket that each of its dates opens.
    fn ticket(&self, agreement: &Agreement) -> OpenTicket {
        ticket(agreement, self.title.clone(), self.description.clone(), &self.about)
    }
}

fn ticket(agreement: &Agreement, title: String, description: String, about: &PlanAbout) -> OpenTicket {
    OpenTicket {
        title,
        description,
        kind: about.kind.clone(),
        priority: about.priority.clone(),
        level: about.level.clone(),
        service: about.service.clone(),
        site: about.site.clone(),
        item: about.item.clone(),
        item_class: about.item_class.clone(),
        operation: about.operation.clone(),
        duty: about.duty.clone(),
        contract: Some(agreement.number.clone()),
        ..OpenTicket::default()
    }
}

fn dates(agreement: &Agreement, rhythm: &Rhythm, now: Timestamp) -> Result<Vec<Because<Occurrence>>> {
    // A contract that has ended gives no date: what its last version says is enough to know which.
    let terms = &agreement.latest().compiled.terms;
    let terms = agreement.in_force(now).map_or(terms, |version| &version.terms);
    Ok(Dates::new(terms, rhythm, now).map_err(AppError::fault)?.following(now, SHOWN))
}

fn line(
    tx: &mut dyn Tx,
    agreements: &Agreements,
    found: &Plan,
    names: &std::collections::HashMap<AccountId, String>,
) -> Result<PlanLine> {
    let agreement = agreements.by_id(found.contract)?;
    let last = plan::turns(tx, found.id, None, 1)?.first().map(turn).transpose()?;
    let standing = match (found.ended, found.next) {
        (Some(at), _) => Standing::Ended { at: instant(at)? },
        (None, Some(next)) => Standing::Runs { next: instant(next)? },
        (None, None) => Standing::Over,
    };
    Ok(PlanLine {
        id: found.id,
        contract: agreement.number.clone(),
        zone: agreement.zone().clone(),
        title: crate::desk::text(content::get(tx, found.title.0)?),
        rhythm: found.rhythm.clone(),
        standing,
        by: names.get(&found.by).cloned().unwrap_or_default(),
        last,
        place: found.place,
    })
}

fn turn(turn: &plan::Turn) -> Result<Turn> {
    let became = match turn.became {
        Became::Ticket { number, .. } => Outcome::Opened(number),
        Became::Nothing(why) => Outcome::Passed(why),
    };
    Ok(Turn { due: instant(turn.due)?, at: instant(turn.at)?, dates: turn.dates, became })
}

fn instant(micros: i64) -> Result<Timestamp> {
    Timestamp::from_microsecond(micros).map_err(AppError::fault)
}
