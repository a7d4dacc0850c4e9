//! What is dated for a customer: duties, last days, maintenance announced, changes, ends of acceptances and warranties, who is on call.

use std::sync::Arc;

use base::id::ContractId;
use engines::kinds::Kind;
use engines::period::Span;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use store::{content, service};

use crate::access::{Act, Permit};
use crate::agreements::Agreement;
use crate::desk::text;
use crate::error::Result;
use crate::instance::App;
use crate::life::{self, Life};
use crate::roster::{self, Turn};
use crate::ticket::awaited::{Asks, Awaited, awaited};
use crate::ticket::change::{self, DatedChange};
use crate::ticket::delivery::{self, WarrantyEnd};

/// The dates of one contract.
pub struct Dates {
    pub agreement: Arc<Agreement>,
    /// Its last days as they stand, and its duties of the days asked for.
    pub life: Life,
    /// The windows that touch the days asked for and were not given up.
    pub maintenance: Vec<service::Maintenance>,
}

/// What people planned for a customer.
#[derive(Debug, Default)]
pub struct Planned {
    /// With the zone of the contract that each is of; empty for who may not read tickets.
    pub changes: Vec<(DatedChange, TimeZone)>,
    /// The ends of the steps of acceptances that run, at which silence decides; of the same readers.
    pub acceptances: Vec<(Awaited, TimeZone)>,
    /// The last days of the warranties of deliveries, each with the title of its ticket; of the same readers.
    pub warranties: Vec<(Date, WarrantyEnd, String)>,
    /// As the rosters stand, one over the other; empty for who may not read them.
    pub on_call: Vec<OnCall>,
}

/// Who is on call under one clause.
#[derive(Debug)]
pub struct OnCall {
    pub contract: ContractId,
    pub zone: TimeZone,
    pub turns: Vec<Turn>,
}

impl App {
    /// The changes and the on-call periods that touch the days from `first` to the day before `next`, as far
    /// as the reader of the contract may read tickets and rosters.
    pub fn planned(&self, permit: &Permit, first: Date, next: Date) -> Result<Planned> {
        permit.covers(Act::SeeContract)?;
        let (vault, now, by) = (self.vault(permit.customer())?, self.now(), permit.by());
        let tickets = by.permit(Act::SeeTickets, permit.customer()).ok();
        let tickets = match tickets {
            // What is read of tickets waits for the undertaking, here as on their own pages.
            Some(tickets) if self.is_unbound(&tickets)? => None,
            other => other,
        };
        let reads_rosters = by.may_for(Act::SeeRoster, permit.customer());
        let agreements = vault.agreements()?;
        let mut spans = Vec::new();
        // Those that are over too: what was planned under them in those days was.
        for agreement in &agreements.contracts {
            spans.push((agreement.midnight(first)?, agreement.midnight(next)?));
        }
        let ends = |spans: &[(Timestamp, Timestamp)]| {
            Some((spans.iter().map(|s| s.0).min()?, spans.iter().map(|s| s.1).max()?))
        };
        let Some((from, until)) = ends(&spans) else { return Ok(Planned::default()) };
        let handle = vault.clone();
        vault.db.read(move |tx| {
            let mut planned = Planned::default();
            if let Some(tickets) = tickets {
                let of = (&*handle, &*agreements);
                for one in change::dated(tx, of, tickets.scope(), (from, until), now)? {
                    let zone = agreements.by_id(one.contract)?.zone().clone();
                    planned.changes.push((one, zone));
                }
                let maintained = |kind: Option<Kind>| kind.is_some_and(Kind::is_maintenance);
                for one in awaited(tx, of, tickets.scope(), &maintained, now)? {
                    let ends = one.until.filter(|at| *at > from && *at <= until);
                    if ends.is_some() && matches!(one.asks, Asks::Acceptance(_)) {
                        let zone = agreements.by_id(one.contract)?.zone().clone();
                        planned.acceptances.push((one, zone));
                    }
                }
                for agreement in &agreements.contracts {
                    for end in delivery::ends(tx, agreement, (from, until), now)? {
                        if tickets.scope().lets(&end.ticket) {
                            let title = text(content::get(tx, end.ticket.title.0)?);
                            planned.warranties.push((end.last_day(agreement), end, title));
                        }
                    }
                }
            }
            if reads_rosters {
                let names = crate::ticket::names(tx)?;
                for agreement in &agreements.contracts {
                    planned.on_call.extend(roster::during(tx, agreement, (from, until), &names)?);
                }
            }
            Ok(planned)
        })
    }

    /// The dates of each contract in force, with the maintenance from `first` to the day before `next`.
    pub fn dates(&self, permit: &Permit, first: Date, next: Date) -> Result<Vec<Dates>> {
        permit.covers(Act::SeeContract)?;
        let vault = self.vault(permit.customer())?;
        let now = self.now();
        let agreements = vault.agreements()?;
        let mut all = Vec::new();
        for agreement in agreements.in_force(now) {
            let (agreement, until) = (agreement.clone(), agreement.midnight(next)?.as_microsecond());
            let from = agreement.midnight(first)?.as_microsecond();
            all.push(vault.db.read::<_, crate::AppError, _>(move |tx| {
                let life = life::read(tx, agreement.clone(), now, Some(Span { first, next }))?;
                let mut maintenance = service::maintenance(tx, agreement.id, from, until)?;
                maintenance.retain(|window| window.cancelled.is_none());
                Ok(Dates { agreement, life, maintenance })
            })?);
        }
        Ok(all)
    }
}
