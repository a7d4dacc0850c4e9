//! The desk: open work of all vaults by time left, kept in the instance and fed by the outboxes.

use std::collections::{HashMap, HashSet};
use std::sync::PoisonError;

use base::id::{AccountId, ContractId, CustomerId, TicketId};
use journal::Checkpoint;
use serde::{Deserialize, Serialize};
use store::instance::{self, desk, mail, vaults, webhooks};
use store::ticket::{Filter, Scope, State, Ticket};
use store::{WriteTx, idempotency, log, outbox, ticket};
use uuid::Uuid;

use crate::access::{Act, InstancePermit};
use crate::agreements::Agreements;
use crate::error::{AppError, Result};
use crate::instance::App;
use crate::ticket::Shown;
use crate::vault::VaultHandle;

const TOPIC: &str = "desk";
const BATCH: u32 = 500;
/// How long an idempotency key is remembered, in microseconds: thirty days.
const KEYS_KEPT: i64 = 30 * 24 * 3600 * 1_000_000;

/// What a vault tells the desk about a ticket.
#[derive(Serialize, Deserialize)]
struct Told {
    ticket: TicketId,
    number: u64,
    kind: String,
    priority: String,
    state: String,
    due: Option<i64>,
    assignee: Option<AccountId>,
    // Absent from what was written before lines had them.
    #[serde(default)]
    contract: Option<ContractId>,
    #[serde(default)]
    item: Option<String>,
    #[serde(default)]
    item_class: Option<String>,
}

/// Writes, in the vault's transaction, what the desk must learn of a ticket.
pub(crate) fn tell(tx: &mut WriteTx<'_>, t: &Ticket) -> Result<()> {
    let told = Told {
        ticket: t.id,
        number: t.number,
        kind: t.kind.clone(),
        priority: t.priority.clone(),
        state: t.state.key().to_owned(),
        due: t.due,
        assignee: t.assignee,
        contract: Some(t.contract),
        item: t.item.clone(),
        item_class: t.item_class.clone(),
    };
    let payload = serde_json::to_string(&told).map_err(AppError::fault)?;
    Ok(outbox::push(tx, TOPIC, &payload)?)
}

/// A line of the desk, with the title read from the vault.
pub struct Line {
    pub customer: CustomerId,
    pub slug: String,
    pub customer_name: String,
    /// Its main contract, for the links.
    pub contract: Option<String>,
    pub shown: Shown,
}

/// Which open tickets the desk shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Which {
    All,
    /// Those that the asker has taken over.
    Mine,
    /// Those that nobody has taken over.
    Unassigned,
    /// Those past their next due instant.
    Late,
    Paused,
    /// Those of somebody.
    Of(AccountId),
    /// Those due before so many seconds from now, late ones first.
    Within(i64),
}

impl Which {
    /// Those that are counted for everybody.
    pub const ALL: [Which; 5] = [Which::All, Which::Mine, Which::Unassigned, Which::Late, Which::Paused];

    fn lines(self, me: AccountId, now: i64) -> desk::Which {
        match self {
            Which::All => desk::Which::All,
            Which::Mine => desk::Which::Assignee(me.0),
            Which::Unassigned => desk::Which::Unassigned,
            Which::Late => desk::Which::Before(now),
            Which::Paused => desk::Which::InState(State::Paused.key()),
            Which::Of(who) => desk::Which::Assignee(who.0),
            Which::Within(seconds) => {
                desk::Which::Before(now.saturating_add(seconds.saturating_mul(1_000_000)))
            }
        }
    }
}

/// The last line of a page of the desk: the next page starts after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key {
    /// Microseconds UTC; `i64::MAX` when nothing is due.
    pub due: i64,
    pub ticket: TicketId,
}

impl Key {
    /// As an address carries it.
    pub fn text(self) -> String {
        format!("d{}.{}", self.due, self.ticket)
    }

    /// `None` for anything that [`Key::text`] does not give.
    pub fn parse(text: &str) -> Option<Key> {
        let (due, ticket) = text.strip_prefix('d')?.split_once('.')?;
        Some(Key { due: due.parse().ok()?, ticket: ticket.parse().ok()? })
    }
}

/// A page of the desk.
pub struct Page {
    pub lines: Vec<Line>,
    /// `None` on the last page. There may be fewer lines than asked for before it: a vault that cannot be
    /// read gives none.
    pub next: Option<Key>,
    /// Whether a vault could not be read: its lines are missing.
    pub partial: bool,
}

/// Where a search over customers stands: the customer and the number of the last ticket shown.
pub type Found = (CustomerId, u64);

impl App {
    /// Open tickets over all customers, soonest due first, after `after`.
    pub fn desk(
        &self,
        permit: &InstancePermit,
        which: Which,
        after: Option<Key>,
        limit: u32,
    ) -> Result<Page> {
        permit.covers(Act::SeeDesk)?;
        // What cannot be written now, on a full disk, can still be read; the upkeep tells the trouble.
        let _ = self.pump();
        let which = which.lines(permit.by().account, self.micros());
        let after = after.map(|key| (key.due, key.ticket.0));
        let reach = permit.reach();
        let mut lines = self.instance.read::<_, AppError, _>(move |tx| {
            Ok(desk::page(tx, reach, &which, after, limit.saturating_add(1))?)
        })?;
        let more = lines.len() > limit as usize;
        lines.truncate(limit as usize);
        let last = lines.last().filter(|_| more);
        let next = last.map(|l| Key { due: l.due, ticket: TicketId(l.ticket) });
        let mut by_vault: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
        for line in &lines {
            by_vault.entry(line.vault).or_default().push(line.ticket);
        }
        let mut shown: HashMap<Uuid, Line> = HashMap::new();
        let mut partial = false;
        for (vault, tickets) in by_vault {
            // A vault that cannot be read is a fault of its own, logged with its reference; the work of
            // the other customers goes on.
            let found = self.lines_of(permit, CustomerId(vault), tickets);
            partial |= found.is_err();
            for line in found.unwrap_or_default() {
                shown.insert(line.shown.ticket.id.0, line);
            }
        }
        Ok(Page { lines: lines.into_iter().filter_map(|l| shown.remove(&l.ticket)).collect(), next, partial })
    }

    /// How many open tickets there are of each sort, over all customers, in the order of [`Which::ALL`].
    pub fn desk_counts(&self, permit: &InstancePermit) -> Result<Vec<(Which, u64)>> {
        permit.covers(Act::SeeDesk)?;
        // As for its lines: they are counted as they would be listed now.
        let _ = self.pump();
        let (me, now, reach) = (permit.by().account, self.micros(), permit.reach());
        self.instance.read(move |tx| {
            Which::ALL.into_iter().map(|w| Ok((w, desk::count(tx, reach, &w.lines(me, now))?))).collect()
        })
    }

    fn lines_of(
        &self,
        permit: &InstancePermit,
        customer: CustomerId,
        tickets: Vec<Uuid>,
    ) -> Result<Vec<Line>> {
        // The desk knows what to show; the vault, asked again, knows how the tickets stand now.
        let inside = permit.by().permit(Act::SeeTickets, customer)?;
        let vault = self.vault(customer)?;
        let (agreements, now) = (vault.agreements()?, self.now());
        let contract = main_contract(permit, &agreements, customer);
        let handle = vault.clone();
        let unbound = self.is_unbound(&inside)?;
        let mut found = vault.db.read::<_, AppError, _>(move |tx| {
            let names = crate::ticket::names(tx)?;
            let mut rows = Vec::new();
            for id in tickets {
                rows.extend(ticket::by_id(tx, TicketId(id))?.filter(|t| inside.scope().lets(t)));
            }
            let rows = crate::ticket::for_reader(rows, &inside);
            crate::ticket::shown(tx, &handle, &agreements, now, rows, &names)
        })?;
        if unbound {
            found.iter_mut().for_each(withhold);
        }
        let line = |shown| Line {
            customer,
            slug: vault.slug.clone(),
            customer_name: vault.name.clone(),
            contract: contract.clone(),
            shown,
        };
        Ok(found.into_iter().map(line).collect())
    }

    /// Lets the next [`App::pump`] look into every vault: after a start, a process that was killed may
    /// have left messages on the way. A desk filled by an older version is filled again.
    pub fn mark_all_dirty(&self) -> Result<()> {
        if self.instance.read::<_, AppError, _>(|tx| Ok(desk::stale(tx)?))? {
            self.rebuild_desk()?;
        }
        let customers = self.customers()?;
        customers.iter().for_each(|row| self.mark_dirty(CustomerId(row.id)));
        // The words of tickets that an older version wrote down.
        customers.iter().try_for_each(|row| self.fill_search(CustomerId(row.id)))
    }

    /// Tickets of every customer found by the words of their texts, customer after customer, newest
    /// first, after `after` = the customer and the number of the last one seen. Each vault is asked in
    /// turn; the key of the next page comes with the lines.
    pub fn find_everywhere(
        &self,
        permit: &InstancePermit,
        query: &str,
        after: Option<Found>,
        limit: u32,
    ) -> Result<(Vec<Line>, Option<Found>)> {
        permit.covers(Act::SeeDesk)?;
        let mut lines: Vec<Line> = Vec::new();
        let all = self.customers()?;
        let from = after.and_then(|(id, _)| all.iter().position(|row| row.id == id.0)).unwrap_or(0);
        for row in all.iter().skip(from) {
            let id = CustomerId(row.id);
            let before = after.filter(|(customer, _)| *customer == id).map(|(_, number)| number);
            let room = limit - u32::try_from(lines.len()).unwrap_or(limit).min(limit);
            // Somebody may hold a role for some customers only.
            let Ok(inside) = permit.by().permit(Act::SeeTickets, id) else { continue };
            // Words found would tell what the undertaking is signed for.
            if self.is_unbound(&inside)? {
                continue;
            }
            let contract = main_contract(permit, &*self.vault(id)?.agreements()?, id);
            let (found, next) = self.find_tickets(&inside, query, &Filter::default(), before, room)?;
            lines.extend(found.into_iter().map(|shown| Line {
                customer: id,
                slug: row.slug.clone(),
                customer_name: row.name.clone(),
                contract: contract.clone(),
                shown,
            }));
            if let Some(next) = next {
                return Ok((lines, Some((id, next))));
            }
        }
        Ok((lines, None))
    }

    /// Carries the vaults' messages to the desk. Cheap when nothing waits. A vault that fails stays
    /// marked and does not keep the others waiting; the first failure is told.
    pub fn pump(&self) -> Result<()> {
        // A vault's mark is taken before its messages are carried. Whoever found no mark and went on would
        // not see what they had just done.
        let _one_at_a_time = self.carrying.lock().unwrap_or_else(PoisonError::into_inner);
        let waiting: HashSet<CustomerId> =
            std::mem::take(&mut *self.dirty.lock().unwrap_or_else(PoisonError::into_inner));
        let mut outcome = Ok(());
        for id in waiting {
            let pumped = self.pump_vault(id);
            if pumped.is_err() {
                self.mark_dirty(id);
            }
            outcome = outcome.and(pumped);
        }
        outcome
    }

    fn pump_vault(&self, id: CustomerId) -> Result<()> {
        let vault = self.vault(id)?;
        loop {
            let seen = self.instance.read::<_, AppError, _>(move |tx| Ok(desk::cursor(tx, id.0)?))?;
            let messages = vault.db.read::<_, AppError, _>(move |tx| Ok(outbox::after(tx, seen, BATCH)?))?;
            let Some(last) = messages.last().map(|m| m.seq) else { return Ok(()) };
            let lines: Vec<(Uuid, Option<desk::Line>)> = messages
                .iter()
                .filter(|m| m.topic == TOPIC)
                .map(|m| read_told(id, &m.payload))
                .collect::<Result<_>>()?;
            for message in messages.iter().filter(|m| m.topic == TOPIC) {
                let told: Told = serde_json::from_str(&message.payload).map_err(AppError::fault)?;
                vault.alarms().touch(told.number);
            }
            let (told, now) = (self.told_by(&vault, &messages)?, self.micros());
            let deliveries = self.deliveries_of(&vault, &messages)?;
            let (letters, notifications) = (self.letters_of(&told)?, self.notifications_of(&told)?);
            let carried = self.instance.write::<_, AppError, _>(move |tx| {
                // Somebody else carried them meanwhile, and maybe later ones that these would undo.
                if desk::cursor(tx, id.0)? != seen {
                    return Ok(None);
                }
                for (ticket, line) in &lines {
                    match line {
                        Some(line) => desk::put(tx, line)?,
                        None => desk::remove(tx, *ticket)?,
                    }
                }
                letters.iter().try_for_each(|letter| mail::push(tx, letter, now).map(drop))?;
                deliveries.iter().try_for_each(|one| webhooks::push(tx, one, now).map(drop))?;
                let heard = crate::notifications::keep(tx, &notifications)?;
                desk::set_cursor(tx, id.0, last)?;
                Ok(Some(heard))
            })?;
            let Some(heard) = carried else { continue };
            self.tell_people(heard);
            vault.db.write::<_, AppError, _>(move |tx| Ok(outbox::drop_through(tx, last)?))?;
        }
    }

    /// Forgets the desk and fills it again from the vaults' open tickets.
    pub fn rebuild_desk(&self) -> Result<()> {
        for row in self.customers()? {
            let id = CustomerId(row.id);
            let vault = self.vault(id)?;
            // The vault is read inside the write: what is carried to the desk meanwhile comes before or
            // after it, never between.
            self.instance.write::<_, AppError, _>(move |tx| {
                let open = vault.db.read::<_, AppError, _>(|tx| Ok(ticket::open_by_due(tx, &Scope::All)?))?;
                desk::clear(tx, id.0)?;
                open.iter().try_for_each(|t| desk::put(tx, &desk_line(id, t)))?;
                Ok(())
            })?;
            self.mark_dirty(id);
        }
        self.pump()
    }

    /// Drops the idempotency keys of a month ago, in the instance and the vaults in use: nobody retries that
    /// late.
    pub fn forget_old_keys(&self) -> Result<()> {
        let before = self.micros() - KEYS_KEPT;
        let mut outcome =
            self.instance.write::<_, AppError, _>(move |tx| Ok(idempotency::forget(tx, before).map(drop)?));
        for vault in self.open_vaults() {
            let forgotten =
                vault.db.write::<_, AppError, _>(move |tx| Ok(idempotency::forget(tx, before).map(drop)?));
            outcome = outcome.and(forgotten);
        }
        outcome
    }

    /// Enters the latest checkpoints of the vaults in use in the instance's log, those that grew, once
    /// a minute each. A vault that fails does not keep the others waiting; the first failure is told.
    pub fn note_checkpoints(&self) -> Result<()> {
        let mut outcome = Ok(());
        for vault in self.open_vaults() {
            let noted = self.note_checkpoint(&vault);
            outcome = outcome.and(noted);
        }
        outcome
    }

    fn note_checkpoint(&self, vault: &VaultHandle) -> Result<()> {
        let Some((size, note)) = vault.db.read::<_, AppError, _>(|tx| Ok(log::latest(tx)?))? else {
            return Ok(());
        };
        let (id, now) = (vault.id.0, self.micros());
        let known = self.instance.read::<_, AppError, _>(move |tx| Ok(vaults::noted(tx, id)?))?;
        if known.is_some_and(|(noted, _)| noted >= size) {
            return Ok(());
        }
        let checkpoint = open_checkpoint(&note)?;
        self.instance.write::<_, AppError, _>(move |tx| {
            instance::note_checkpoint(tx, id, &checkpoint, now)?;
            Ok(())
        })
    }
}

/// The first contract, for the links of those who may follow them.
pub(crate) fn main_contract(
    permit: &InstancePermit,
    agreements: &Agreements,
    customer: CustomerId,
) -> Option<String> {
    let first = agreements.contracts.first().filter(|_| permit.by().may_for(Act::SeeContract, customer));
    first.map(|contract| contract.number.clone())
}

/// The checkpoint in a note that this instance signed itself.
pub(crate) fn open_checkpoint(note: &str) -> Result<Checkpoint> {
    let text = note.split("\n\n").next().map(|t| format!("{t}\n")).unwrap_or_default();
    Checkpoint::parse(&text).map_err(AppError::fault)
}

/// A content as text; what was erased says so.
pub(crate) fn text(bytes: Option<Vec<u8>>) -> String {
    bytes.map_or_else(|| "[effacé · erased]".to_owned(), |b| String::from_utf8_lossy(&b).into_owned())
}

/// In place of a title, before the undertaking is signed.
pub const WITHHELD: &str = "Engagement à signer · Undertaking to sign";

/// Leaves of a line what its work needs to be planned, for somebody who has not signed the undertaking
/// of confidentiality: a number, a priority, a deadline.
fn withhold(shown: &mut Shown) {
    shown.title = WITHHELD.to_owned();
    shown.assignee = None;
    shown.ticket.item = None;
    shown.ticket.site = None;
    shown.ticket.item_class = None;
    shown.ticket.operation = None;
    shown.ticket.facts = events::Facts::default();
}

fn desk_line(customer: CustomerId, t: &Ticket) -> desk::Line {
    desk::Line {
        ticket: t.id.0,
        vault: customer.0,
        number: i64::try_from(t.number).unwrap_or(i64::MAX),
        kind: t.kind.clone(),
        priority: t.priority.clone(),
        state: t.state.key().to_owned(),
        due: t.due.unwrap_or(i64::MAX),
        assignee: t.assignee.map(|a| a.0),
        contract: Some(t.contract.0),
        item: t.item.clone(),
        item_class: t.item_class.clone(),
    }
}

fn read_told(customer: CustomerId, payload: &str) -> Result<(Uuid, Option<desk::Line>)> {
    let told: Told = serde_json::from_str(payload).map_err(AppError::fault)?;
    let line = desk::Line {
        ticket: told.ticket.0,
        vault: customer.0,
        number: i64::try_from(told.number).unwrap_or(i64::MAX),
        kind: told.kind,
        priority: told.priority,
        state: told.state,
        due: told.due.unwrap_or(i64::MAX),
        assignee: told.assignee.map(|a| a.0),
        contract: told.contract.map(|c| c.0),
        item: told.item,
        item_class: told.item_class,
    };
    let open = State::from_key(&line.state).is_none_or(State::is_open);
    Ok((line.ticket, open.then_some(line)))
}
