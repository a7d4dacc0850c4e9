//! How the open work lies: by person, by customer, and what runs out soon.

use std::collections::HashMap;

use base::id::{AccountId, CustomerId};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp, ToSpan};
use store::instance::{accounts, desk};
use store::ticket::{Scope, State, link};

use crate::access::{Act, InstancePermit, Permit};
use crate::error::{AppError, Result};
use crate::instance::App;
use crate::live::{LeftOut, WhyLeftOut};

/// Some open tickets: of one person, for one customer, in one state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Load {
    /// `None` for those that nobody has.
    pub who: Option<AccountId>,
    /// Empty for nobody.
    pub name: String,
    pub customer: CustomerId,
    pub slug: String,
    pub customer_name: String,
    pub state: State,
    pub open: u64,
    /// Past their next due instant.
    pub late: u64,
    /// Due from now to the end of the time asked about.
    pub soon: u64,
    /// The next due instant of them all; `None` when nothing is due.
    pub next: Option<Timestamp>,
}

/// How long somebody's pauses lasted, within a month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pauses {
    pub who: AccountId,
    pub name: String,
    pub pauses: u64,
    /// Real time, one that still lasts counted up to now.
    pub seconds: i64,
}

impl App {
    /// What each person's pauses took of a month, whenever they began, over the customers whose every ticket is within reach
    /// of the asker; the longest first, and the customers whose vault could not be read. The month is counted
    /// in each customer's own zone.
    pub fn pauses(&self, permit: &InstancePermit, month: Date) -> Result<(Vec<Pauses>, Vec<LeftOut>)> {
        permit.covers(Act::SeeTeam)?;
        let next = month.checked_add(1.month()).map_err(AppError::fault)?;
        let (mut sums, mut left_out) = (HashMap::<AccountId, (u64, i64)>::new(), Vec::new());
        for row in self.customers()? {
            let customer = CustomerId(row.id);
            let inside = permit.by().permit(Act::SeeTeam, customer);
            // A sum over a whole vault would tell of contracts that are not the asker's.
            let Some(inside) = inside.ok().filter(|p| *p.scope() == Scope::All) else { continue };
            let Ok(found) = self.paused_inside(&inside, (month, next)) else {
                left_out.push(LeftOut::of(row, WhyLeftOut::Failing));
                continue;
            };
            for one in found {
                let sum = sums.entry(one.who).or_default();
                *sum = (sum.0 + one.pauses, sum.1 + one.seconds);
            }
        }
        let people = self.instance.read::<_, AppError, _>(|tx| Ok(accounts::all(tx)?))?;
        let names: HashMap<_, _> = people.into_iter().map(|a| (a.id, a.display_name)).collect();
        let name = |who: AccountId| names.get(&who.0).cloned().unwrap_or_default();
        let mut all: Vec<Pauses> = sums
            .into_iter()
            .map(|(who, (pauses, seconds))| Pauses { who, name: name(who), pauses, seconds })
            .collect();
        all.sort_by(|a, b| (b.seconds, &a.name).cmp(&(a.seconds, &b.name)));
        Ok((all, left_out))
    }

    /// One customer's; none for whoever owes its undertaking.
    fn paused_inside(&self, inside: &Permit, (month, next): (Date, Date)) -> Result<Vec<link::PausedBy>> {
        if self.is_unbound(inside)? {
            return Ok(Vec::new());
        }
        let (vault, now) = (self.vault(inside.customer())?, self.micros());
        let agreements = vault.agreements()?;
        let Some(agreement) = agreements.contracts.first() else { return Ok(Vec::new()) };
        let (from, to) = (agreement.midnight(month)?, agreement.midnight(next)?);
        let (from, to) = (from.as_microsecond(), to.as_microsecond());
        vault.db.read(move |tx| Ok(link::paused_by(tx, from, to, now)?))
    }

    /// The name of somebody who works on tickets, as the desk shows it to whoever works there.
    pub fn colleague(&self, permit: &InstancePermit, who: AccountId) -> Result<Option<String>> {
        permit.covers(Act::SeeDesk)?;
        let found = self.instance.read::<_, AppError, _>(move |tx| Ok(accounts::by_id(tx, who.0)?))?;
        let Some(account) = found else { return Ok(None) };
        // A third party knows its own people by the tickets that they share, and nobody else.
        if !permit.by().may(Act::SeeTeam) && permit.by().account != who {
            return Ok(None);
        }
        let name = account.display_name.clone();
        Ok(self.person(account)?.may(Act::WorkOnTicket).then_some(name))
    }

    /// The open work within reach of the asker, as it is now: what is late, and what is due within `time`.
    pub fn load(&self, permit: &InstancePermit, time: SignedDuration) -> Result<Vec<Load>> {
        permit.covers(Act::SeeTeam)?;
        // What cannot be written now, on a full disk, can still be read; the upkeep tells the trouble.
        let _ = self.pump();
        let now = self.micros();
        let until = now.saturating_add(i64::try_from(time.as_micros()).unwrap_or(i64::MAX));
        let reach = permit.reach();
        let (groups, people) = self
            .instance
            .read::<_, AppError, _>(move |tx| Ok((desk::load(tx, reach, now, until)?, accounts::all(tx)?)))?;
        let names: HashMap<_, _> = people.into_iter().map(|a| (a.id, a.display_name)).collect();
        let customers: HashMap<_, _> =
            self.customers()?.into_iter().map(|row| (row.id, (row.slug, row.name))).collect();
        let load = |group: desk::Load| {
            let (slug, customer_name) = customers.get(&group.vault).cloned()?;
            Some(Load {
                who: group.assignee.map(AccountId),
                name: group.assignee.and_then(|who| names.get(&who).cloned()).unwrap_or_default(),
                customer: CustomerId(group.vault),
                slug,
                customer_name,
                state: State::from_key(&group.state)?,
                open: group.open,
                late: group.late,
                soon: group.soon,
                next: (group.next != i64::MAX)
                    .then(|| Timestamp::from_microsecond(group.next).ok())
                    .flatten(),
            })
        };
        Ok(groups.into_iter().filter_map(load).collect())
    }
}
