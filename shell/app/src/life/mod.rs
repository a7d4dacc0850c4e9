//! The contract's life: its last days for notice, the rights that are open, the duties that are due,
//! and recording that a duty was done or that something happened.

mod facts;
mod record;
mod ticket;

use std::sync::Arc;

use base::Because;
use engines::duties::{self, Occurrence};
use engines::lifecycle::{self, Deadline, RightState};
use engines::period::Span;
use jiff::Timestamp;
use jiff::civil::Date;
use store::{Tx, content};

use crate::access::{Act, Permit};
use crate::agreements::Agreement;
use crate::error::{AppError, Result};
use crate::instance::App;

pub use record::{DutyReport, LifeReport, Recorded};
pub use ticket::{TicketDuty, may_be_done_by_tickets};
pub(crate) use ticket::{check, of_ticket};

/// What the page of duties shows of one contract.
pub struct Life {
    pub agreement: Arc<Agreement>,
    pub at: Timestamp,
    pub today: Date,
    pub deadlines: Vec<Because<Deadline>>,
    pub rights: Vec<Because<RightState>>,
    /// Due within the contract year, or the days asked for, and those of before that are late.
    pub duties: Vec<Because<Occurrence>>,
    /// What was told, last first, in words.
    pub told: Vec<Told>,
}

/// Something that was told of the contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    pub fact: events::LifeFact,
    pub at: Timestamp,
    pub about: String,
    /// The clause whose duties it starts, if it named one.
    pub clause: Option<String>,
}

impl App {
    /// The life of a contract, as of now.
    pub fn life(&self, permit: &Permit, number: Option<&str>) -> Result<Life> {
        permit.covers(Act::SeeContract)?;
        let vault = self.vault(permit.customer())?;
        let now = self.now();
        let agreement = vault.agreements()?.choose(number, now)?.clone();
        let (scope, unbound) = (permit.scope(), self.is_unbound(permit)?);
        vault.db.read(move |tx| {
            let mut life = read(tx, agreement, now, None)?;
            // What a duty leads to is shown to whoever may read that ticket.
            for owed in &mut life.duties {
                if let Some(number) = owed.value.ticket
                    && (unbound || store::ticket::by_number(tx, scope, number)?.is_none())
                {
                    owed.value.ticket = None;
                }
            }
            Ok(life)
        })
    }

    /// The same, for whoever holds the data folder.
    pub fn life_of(&self, customer: &str, number: Option<&str>) -> Result<Life> {
        let vault = self.vault(self.find_customer(customer)?)?;
        let now = self.now();
        let agreement = vault.agreements()?.choose(number, now)?.clone();
        vault.db.read(move |tx| read(tx, agreement, now, None))
    }
}

/// The life of a contract, in a transaction already open; its duties are those due in `span`, by default the
/// contract year of now, and those of before that are late.
pub(crate) fn read(
    tx: &mut dyn Tx,
    agreement: Arc<Agreement>,
    now: Timestamp,
    span: Option<Span>,
) -> Result<Life> {
    let today = agreement.local_date(now);
    let terms = &agreement.in_force(now)?.terms;
    let life = facts::life(tx, &agreement, now)?;
    let duty_facts = facts::duties(tx, &agreement)?;
    let span = span.unwrap_or_else(|| Span::of(terms::commitment::Period::ContractYear, terms, today));
    let duties = duties::occurrences(terms, &duty_facts, span, now).map_err(AppError::fault)?;
    let deadlines = lifecycle::deadlines(terms, today, life.ends);
    let rights = lifecycle::rights(terms, &life, today);
    let mut told = Vec::new();
    for row in store::life::all_told(tx, agreement.id)?.iter().rev() {
        told.push(Told {
            fact: row.fact,
            at: Timestamp::from_microsecond(row.at).map_err(AppError::fault)?,
            about: words(tx, row.about)?,
            clause: row.clause.clone(),
        });
    }
    Ok(Life { at: now, today, deadlines, rights, duties, told, agreement })
}

/// Content beside the log; erased content says so.
fn words(tx: &mut dyn Tx, id: events::ContentId) -> Result<String> {
    let bytes = content::get(tx, id.0)?.unwrap_or_else(|| "(effacé)".into());
    String::from_utf8(bytes).map_err(AppError::fault)
}
