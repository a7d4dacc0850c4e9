//! What stands beside the open work of today, over the customers whose vaults are in use: who is on call now,
//! the duties of the provider that are late or end today, the windows of maintenance and of changes.
//!
//! It is shown on a page that everybody opens: a vault is read again only when something was written in it, or
//! its day is over, and none is opened for it. One that cannot be read is left to the pages of its customer.

use std::sync::Arc;

use base::id::{AccountId, CustomerId};
use engines::change::Stage;
use engines::duties::DutyState;
use engines::period::Span;
use jiff::{SignedDuration, Timestamp, ToSpan, Zoned};
use store::service;
use store::ticket::Scope;
use terms::{PartyRole, Terms};

use crate::access::{Act, InstancePermit, Principal};
use crate::agreements::Agreement;
use crate::error::{AppError, Result};
use crate::instance::App;
use crate::ticket::change;
use crate::vault::VaultHandle;
use crate::{life, roster};

/// What was read serves so long, whatever was written since: tickets are written all day, and most of it says
/// nothing here. Who publishes a roster or does a duty is shown it at once ([`KeptToday::forget`]).
const KEPT: SignedDuration = SignedDuration::from_mins(2);

/// What stands beside the open work.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Today {
    /// Those whose turn ends first, first.
    pub on_call: Vec<OnCallNow>,
    /// Late duties first, the oldest before; then windows by their beginning; then the duties of today.
    pub dated: Vec<Dated>,
}

/// Somebody who can be reached now, and for which customers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OnCallNow {
    pub person: AccountId,
    pub name: String,
    /// As a contract gives it among its contacts.
    pub phone: Option<String>,
    /// In the zone of the contract.
    pub until: Zoned,
    /// Slug and name.
    pub customers: Vec<(String, String)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dated {
    pub slug: String,
    pub customer: String,
    pub what: What,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// A duty of the provider's; so many days late, zero when it ends today.
    Duty {
        title: String,
        late: u32,
    },
    Maintenance {
        items: Vec<String>,
        from: Zoned,
        until: Zoned,
    },
    Change {
        number: u64,
        title: String,
        from: Zoned,
        until: Zoned,
    },
}

impl What {
    fn place(&self) -> (u8, i64) {
        match self {
            What::Duty { late: 0, .. } => (2, 0),
            What::Duty { late, .. } => (0, -i64::from(*late)),
            What::Maintenance { from, .. } | What::Change { from, .. } => (1, from.timestamp().as_second()),
        }
    }
}

/// What a vault holds of a day.
#[derive(Debug, Default)]
struct OfDay {
    turns: Vec<Turn>,
    duties: Vec<What>,
    maintenance: Vec<What>,
    changes: Vec<What>,
}

#[derive(Debug)]
struct Turn {
    person: AccountId,
    name: String,
    phone: Option<String>,
    from: Timestamp,
    until: Zoned,
}

/// What was read of a vault, and how long it serves.
#[derive(Default)]
pub(crate) struct KeptToday(Option<Read>);

struct Read {
    at: Timestamp,
    /// The first midnight of its contracts.
    ends: Timestamp,
    /// How many versions of contracts there were before, and the number of the last write.
    versions: u64,
    writes: Option<u64>,
    day: Arc<OfDay>,
}

impl KeptToday {
    pub fn forget(&mut self) {
        self.0 = None;
    }

    fn known(&self, now: Timestamp, versions: u64, writes: Option<u64>) -> Option<Arc<OfDay>> {
        let read = self.0.as_ref()?;
        // On a server that others write to, no number tells.
        let still = writes.is_some() && read.writes == writes;
        let fresh = still || now.duration_since(read.at) < KEPT;
        let serves = now >= read.at && now < read.ends && read.versions == versions && fresh;
        serves.then(|| read.day.clone())
    }
}

impl App {
    /// What stands beside the open work of the asker, of the customers whose every contract is theirs to read.
    pub fn today(&self, permit: &InstancePermit) -> Result<Today> {
        permit.covers(Act::SeeDesk)?;
        let (mut today, now, by) = (Today::default(), self.now(), permit.by());
        for vault in self.open_vaults() {
            let whole = |act| by.permit(act, vault.id).is_ok_and(|inside| *inside.scope() == Scope::All);
            let (roster, contract) = (whole(Act::SeeRoster), whole(Act::SeeContract));
            if !roster && !contract {
                continue;
            }
            let Ok(day) = self.day_of(&vault, now) else { continue };
            if roster {
                let on = day.turns.iter().filter(|t| t.from <= now && now < t.until.timestamp());
                on.for_each(|turn| today.reach(turn, &vault));
            }
            if contract {
                let duties = day.duties.iter().filter(|_| by.may_for(Act::RecordDuty, vault.id));
                let changes = if self.reads_changes(by, vault.id, &day) { &day.changes[..] } else { &[] };
                let all = duties.chain(&day.maintenance).chain(changes);
                today.dated.extend(all.map(|what| Dated {
                    slug: vault.slug.clone(),
                    customer: vault.name.clone(),
                    what: what.clone(),
                }));
            }
        }
        today.on_call.sort_by(|a, b| (a.until.timestamp(), &a.name).cmp(&(b.until.timestamp(), &b.name)));
        today.dated.sort_by_cached_key(|one| (one.what.place(), one.customer.clone()));
        Ok(today)
    }

    /// What is said of a ticket waits for the undertaking, here as on its own page.
    fn reads_changes(&self, by: &Principal, customer: CustomerId, day: &OfDay) -> bool {
        let tickets = by.permit(Act::SeeTickets, customer).ok().filter(|p| *p.scope() == Scope::All);
        !day.changes.is_empty() && tickets.is_some_and(|p| self.is_unbound(&p).is_ok_and(|unbound| !unbound))
    }

    fn day_of(&self, vault: &Arc<VaultHandle>, now: Timestamp) -> Result<Arc<OfDay>> {
        let agreements = vault.agreements()?;
        // Counted before anything is read: what is written meanwhile has it read again.
        let (versions, writes) = (agreements.count, vault.db.writes());
        if let Some(day) = vault.today(|kept| kept.known(now, versions, writes)) {
            return Ok(day);
        }
        let (handle, shared) = (vault.clone(), agreements.clone());
        let (mut day, ends) = vault.db.read::<_, AppError, _>(move |tx| {
            let (mut day, mut ends) = (OfDay::default(), Timestamp::MAX);
            let names = crate::ticket::names(tx)?;
            for agreement in shared.in_force(now) {
                let first = agreement.local_date(now);
                let next = first.saturating_add(1.day());
                let (from, until) = (agreement.midnight(first)?, agreement.midnight(next)?);
                ends = ends.min(until);
                for on_call in roster::during(tx, agreement, (now, until), &names)? {
                    day.turns.extend(on_call.turns.iter().map(|turn| of_turn(turn, agreement)));
                }
                let life = life::read(tx, agreement.clone(), now, Some(Span { first, next }))?;
                day.duties.extend(life.duties.iter().filter_map(|owed| of_duty(&owed.value, first)));
                for window in
                    service::maintenance(tx, agreement.id, from.as_microsecond(), until.as_microsecond())?
                {
                    day.maintenance.extend(of_window(window, agreement));
                }
                let of = (&*handle, &*shared);
                for one in change::dated(tx, of, &Scope::All, (from, until), now)? {
                    day.changes.extend(of_change(one, agreement));
                }
            }
            Ok((day, ends))
        })?;
        self.find_phones(&mut day.turns, &agreements.in_force(now), now)?;
        let day = Arc::new(day);
        let read = Read { at: now, ends, versions, writes, day: day.clone() };
        vault.today(|kept| kept.0 = Some(read));
        Ok(day)
    }

    /// The telephone that a contract gives for the address of somebody's account.
    fn find_phones(&self, turns: &mut [Turn], contracts: &[&Arc<Agreement>], now: Timestamp) -> Result<()> {
        let terms: Vec<&Terms> =
            contracts.iter().filter_map(|c| Some(&c.in_force(now).ok()?.terms)).collect();
        for turn in turns {
            let email = self.principal(turn.person)?.email;
            let contacts = terms.iter().flat_map(|t| &t.contacts).map(|rule| &rule.then);
            let theirs = contacts.filter(|c| c.of == PartyRole::Provider).find(|c| {
                c.phone.is_some() && c.email.as_ref().is_some_and(|given| given.eq_ignore_ascii_case(&email))
            });
            turn.phone = theirs.and_then(|c| c.phone.clone());
        }
        Ok(())
    }
}

impl Today {
    /// One line for each person and each end of a turn, whatever the number of customers.
    fn reach(&mut self, turn: &Turn, vault: &VaultHandle) {
        let customer = (vault.slug.clone(), vault.name.clone());
        let same =
            |on: &&mut OnCallNow| on.person == turn.person && on.until.timestamp() == turn.until.timestamp();
        match self.on_call.iter_mut().find(same) {
            Some(on) => {
                on.phone = on.phone.take().or_else(|| turn.phone.clone());
                if !on.customers.contains(&customer) {
                    on.customers.push(customer);
                }
            }
            None => self.on_call.push(OnCallNow {
                person: turn.person,
                name: turn.name.clone(),
                phone: turn.phone.clone(),
                until: turn.until.clone(),
                customers: vec![customer],
            }),
        }
    }
}

fn of_turn(turn: &roster::Turn, agreement: &Agreement) -> Turn {
    Turn {
        person: turn.person,
        name: turn.name.clone(),
        phone: None,
        from: turn.from,
        until: turn.until.to_zoned(agreement.zone().clone()),
    }
}

fn of_duty(owed: &engines::duties::Occurrence, today: jiff::civil::Date) -> Option<What> {
    let late = match owed.state {
        DutyState::Late { days } => days.max(1),
        DutyState::DueSoon { .. } | DutyState::NotYetDue if owed.on == Some(today) => 0,
        _ => return None,
    };
    (owed.owed_by == PartyRole::Provider).then(|| What::Duty { title: owed.title.clone(), late })
}

fn of_window(window: service::Maintenance, agreement: &Agreement) -> Option<What> {
    let at = |micros| Timestamp::from_microsecond(micros).map(|at| at.to_zoned(agreement.zone().clone()));
    let (from, until) = (at(window.announced.from).ok()?, at(window.announced.until).ok()?);
    let items = window.announced.items;
    window.cancelled.is_none().then_some(What::Maintenance { items, from, until })
}

/// Of its own contract only, where a customer has several; not one that was refused or is over.
fn of_change(change: change::DatedChange, agreement: &Agreement) -> Option<What> {
    let awaited = !matches!(change.stage, Stage::Refused | Stage::Ended(_));
    let (number, title) = (change.number, change.title);
    let (from, until) = (change.from, change.until);
    let zoned = |at: Timestamp| at.to_zoned(agreement.zone().clone());
    (awaited && change.contract == agreement.id).then(|| What::Change {
        number,
        title,
        from: zoned(from),
        until: zoned(until),
    })
}
