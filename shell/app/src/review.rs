//! The partnership review: what the parties look at together twice a year, and the meetings that the
//! contract asks for.
//!
//! Nothing is kept here: a review held is a duty done, with its minutes, and the figures are those that the
//! other pages give.

use std::sync::Arc;

use base::Because;
use engines::duties::Occurrence;
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use store::ticket::{About, Scope, Strand};
use store::{satisfaction, ticket};
use terms::{DutyProof, PartyRole, Promise};

use crate::access::{Act, Permit};
use crate::agreements::Agreement;
use crate::error::{AppError, Result};
use crate::instance::App;
use crate::satisfaction::Month;

/// Months looked back on, the present one counted.
const MONTHS: i64 = 6;

/// Half a year of a contract.
pub struct Review {
    pub agreement: Arc<Agreement>,
    pub at: Timestamp,
    /// The first day looked at, and the present one.
    pub from: Date,
    pub today: Date,
    pub opened: u64,
    /// What was promised, in time and in all: taken over, restored, resolved.
    pub kept: [(Promise, u64, u64); 3],
    /// What people thought; `month` is the first day looked at.
    pub satisfaction: Month,
    /// Duties that are late now, of the provider and of the customer.
    pub late: (usize, usize),
    /// The meetings of the contract year, proved by minutes, by day.
    pub meetings: Vec<Because<Occurrence>>,
}

impl App {
    /// The last six months of a contract, and its meetings.
    pub fn review(&self, permit: &Permit, number: Option<&str>) -> Result<Review> {
        permit.covers(Act::SeeContract)?;
        let life = self.life(permit, number)?;
        let (agreement, now) = (life.agreement, life.at);
        let present = life.today.first_of_month();
        let from = present.checked_sub((MONTHS - 1).months()).map_err(AppError::fault)?;
        let (start, end) = (agreement.midnight(from)?.as_microsecond(), now.as_microsecond() + 1);
        let contract = agreement.id;
        let vault = self.vault(permit.customer())?;
        let (opened, kept, marks) = vault.db.read::<_, AppError, _>(move |tx| {
            let own = Scope::Only(vec![Strand { contract: Some(contract), about: About::Anything }]);
            let stopped = ticket::stopped_between(tx, start, end)?;
            let count = |promise: Promise| {
                let of = stopped.iter().filter(|m| m.contract == contract && m.clock.promise == promise);
                let (kept, all) =
                    of.fold((0, 0), |(kept, all), m| (kept + u64::from(m.clock.late_seconds == 0), all + 1));
                (promise, kept, all)
            };
            let mut marks = [0; 5];
            for count in satisfaction::between(tx, start, end)? {
                let mark = marks.get_mut(usize::from(count.score).wrapping_sub(1));
                if let Some(mark) = mark.filter(|_| count.contract == contract) {
                    *mark += count.answers;
                }
            }
            let kept = [Promise::Respond, Promise::Restore, Promise::Resolve].map(count);
            Ok((ticket::opened_between(tx, &own, start, end)?, kept, marks))
        })?;
        let late = |customer: bool| {
            let theirs = |o: &&Because<Occurrence>| (o.value.owed_by == PartyRole::Customer) == customer;
            life.duties.iter().filter(theirs).filter(|o| o.value.state.is_late()).count()
        };
        let late = (late(false), late(true));
        let mut meetings = life.duties;
        meetings.retain(|o| o.value.proof == DutyProof::Minutes);
        Ok(Review {
            agreement,
            at: now,
            from,
            today: life.today,
            opened,
            kept,
            satisfaction: Month { month: from, marks },
            late,
            meetings,
        })
    }
}
