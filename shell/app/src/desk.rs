//! The desk: open work of all vaults by time left, kept in the instance and fed by the outboxes.

use std::collections::{HashMap, HashSet};
use std::sync::PoisonError;

use base::id::{AccountId, CustomerId, TicketId};
use journal::Checkpoint;
use serde::{Deserialize, Serialize};
use store::instance::{self, desk, vaults};
use store::ticket::{State, Ticket};
use store::{WriteTx, idempotency, log, outbox, ticket};
use uuid::Uuid;

use crate::access::{Act, InstancePermit};
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

/// Whose work the desk shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    Everyone,
    Mine,
}

impl App {
    /// Open tickets over all customers, soonest due first.
    pub fn desk(&self, permit: &InstancePermit, whose: Whose, limit: u32) -> Result<Vec<Line>> {
        permit.covers(Act::SeeDesk)?;
        // What cannot be written now, on a full disk, can still be read; the upkeep tells the trouble.
        let _ = self.pump();
        let me = permit.by().account.0;
        let whose = match whose {
            Whose::Everyone => desk::Whose::Everyone,
            Whose::Mine => desk::Whose::Assignee(me),
        };
        let lines =
            self.instance.read::<_, AppError, _>(move |tx| Ok(desk::page(tx, whose, None, limit)?))?;
        let mut by_vault: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
        for line in &lines {
            by_vault.entry(line.vault).or_default().push(line.ticket);
        }
        let mut shown: HashMap<Uuid, Line> = HashMap::new();
        for (vault, tickets) in by_vault {
            // A vault that cannot be read is a fault of its own, logged with its reference; the work of
            // the other customers goes on.
            for line in self.lines_of(CustomerId(vault), tickets).unwrap_or_default() {
                shown.insert(line.shown.ticket.id.0, line);
            }
        }
        Ok(lines.into_iter().filter_map(|l| shown.remove(&l.ticket)).collect())
    }

    fn lines_of(&self, customer: CustomerId, tickets: Vec<Uuid>) -> Result<Vec<Line>> {
        let vault = self.vault(customer)?;
        let (agreements, now) = (vault.agreements()?, self.now());
        let contract = agreements.contracts.first().map(|c| c.number.clone());
        let handle = vault.clone();
        let found = vault.db.read::<_, AppError, _>(move |tx| {
            let names = crate::ticket::names(tx)?;
            let mut rows = Vec::new();
            for id in tickets {
                rows.extend(ticket::by_id(tx, TicketId(id))?);
            }
            crate::ticket::shown(tx, &handle, &agreements, now, rows, &names)
        })?;
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
    /// have left messages on the way.
    pub fn mark_all_dirty(&self) -> Result<()> {
        self.customers()?.iter().for_each(|row| self.mark_dirty(CustomerId(row.id)));
        Ok(())
    }

    /// Tickets of every customer found by the words of their title: each vault is asked in turn.
    pub fn find_everywhere(&self, permit: &InstancePermit, query: &str, limit: u32) -> Result<Vec<Line>> {
        permit.covers(Act::SeeDesk)?;
        let mut lines = Vec::new();
        for row in self.customers()? {
            let id = CustomerId(row.id);
            let inside = permit.by().permit(Act::SeeTickets, id)?;
            let contract = self.vault(id)?.agreements()?.contracts.first().map(|c| c.number.clone());
            lines.extend(self.find_tickets(&inside, query, limit)?.into_iter().map(|shown| Line {
                customer: id,
                slug: row.slug.clone(),
                customer_name: row.name.clone(),
                contract: contract.clone(),
                shown,
            }));
        }
        lines.truncate(limit as usize);
        Ok(lines)
    }

    /// Carries the vaults' messages to the desk. Cheap when nothing waits. A vault that fails stays
    /// marked and does not keep the others waiting; the first failure is told.
    pub fn pump(&self) -> Result<()> {
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
            let carried = self.instance.write::<_, AppError, _>(move |tx| {
                // Somebody else carried them meanwhile, and maybe later ones that these would undo.
                if desk::cursor(tx, id.0)? != seen {
                    return Ok(false);
                }
                for (ticket, line) in &lines {
                    match line {
                        Some(line) => desk::put(tx, line)?,
                        None => desk::remove(tx, *ticket)?,
                    }
                }
                desk::set_cursor(tx, id.0, last)?;
                Ok(true)
            })?;
            if !carried {
                continue;
            }
            vault.db.write::<_, AppError, _>(move |tx| Ok(outbox::drop_through(tx, last)?))?;
        }
    }

    /// Forgets the desk and fills it again from the vaults' open tickets.
    pub fn rebuild_desk(&self) -> Result<()> {
        for row in self.customers()? {
            let id = CustomerId(row.id);
            let vault = self.vault(id)?;
            let open = vault.db.read::<_, AppError, _>(|tx| Ok(ticket::open_by_due(tx, u32::MAX >> 1)?))?;
            let lines: Vec<desk::Line> = open.iter().map(|t| desk_line(id, t)).collect();
            self.instance.write::<_, AppError, _>(move |tx| {
                desk::clear(tx, id.0)?;
                lines.iter().try_for_each(|l| desk::put(tx, l))?;
                Ok(())
            })?;
            self.mark_dirty(id);
        }
        self.pump()
    }

    /// Drops the idempotency keys of a month ago in the vaults in use: nobody retries that late.
    pub fn forget_old_keys(&self) -> Result<()> {
        let before = self.micros() - KEYS_KEPT;
        let mut outcome = Ok(());
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

/// The checkpoint in a note that this instance signed itself.
pub(crate) fn open_checkpoint(note: &str) -> Result<Checkpoint> {
    let text = note.split("\n\n").next().map(|t| format!("{t}\n")).unwrap_or_default();
    Checkpoint::parse(&text).map_err(AppError::fault)
}

/// A content as text; what was erased says so.
pub(crate) fn text(bytes: Option<Vec<u8>>) -> String {
    bytes.map_or_else(|| "[effacé · erased]".to_owned(), |b| String::from_utf8_lossy(&b).into_owned())
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
    };
    let open = line.state != State::Resolved.key();
    Ok((line.ticket, open.then_some(line)))
}
